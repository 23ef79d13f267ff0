/* SPDX-License-Identifier: MIT */
/* plot_private.h - what a plot is inside. */
#pragma once

#include "pktladder/graph.h"

/* A span of each level above is the union of so many below it. */
#define PLOT_FAN_OUT   8
#define PLOT_FAN_SHIFT 3
#define PLOT_LEVELS    8

typedef struct _PlotLine {
	GArray *level[PLOT_LEVELS]; /* PlotSpan; level 0: the spans */
	PlotSpan before;            /* a window's plot: what came earlier */
	GArray *sacks;              /* PlotSack */
	guint sack_stride, sack_skipped;
	guint per_span;         /* packets */
	gint64 base;            /* the latest sequence number, not wrapped */
	gint64 sent;            /* the highest one after what it sent */
	gboolean scale_unknown; /* of its windows: no handshake was seen */
} PlotLine;

/* The question that a plot was asked, without padding: compared as bytes. */
typedef struct {
	gint64 from_ns, to_ns;
	guint n;
	guint32 packets; /* of the plot then */
} PlotWanted;

/* The answer of plot_columns() for one side. */
typedef struct {
	PlotWanted wanted;
	PlotSpan *spans, before; /* spans NULL: nothing was asked yet */
} PlotColumns;

/* Answers of the last time, which change nothing that is looked at. */
typedef struct _PlotKept {
	PlotColumns columns[2]; /* by Side: whatever graph is made of them */
	PlotWanted wanted;      /* what plot_graph_get() was asked, and gave; NULL: nothing yet */
	struct _PlotGraph *graph;
	struct _Canvas *drawn;                 /* that graph; NULL: not yet */
	void (*clear)(struct _PlotKept *kept); /* frees both; NULL: there is nothing */
} PlotKept;

static inline PlotSpan *
span_at(const PlotLine *line, guint level, guint index)
{
	return &g_array_index(line->level[level], PlotSpan, index);
}

PlotSpan plot_span_empty(void);
void plot_span_join(PlotSpan *span, const PlotSpan *other);
