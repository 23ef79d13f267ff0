/* SPDX-License-Identifier: MIT */
/* graph.h - what a plot shows of a time, as series of values in columns: the
 * time-sequence graph, RTT, throughput, bytes in flight. Where that stands on
 * paper or screen, the painters say (plot_figure.h, plot_screen.h). Pure.
 *
 * A graph is of one direction: what `side` sent, and what the peer acknowledged
 * of it. Conventions are those of tcptrace and xplot.
 */
#pragma once

#include "pktladder/grid.h"
#include "pktladder/plot.h"
#include "pktladder/verdict.h"

typedef enum {
	PLOT_SEQUENCE,   /* time-sequence graph; TCP only, as RTT and bytes in flight are */
	PLOT_RTT,        /* of each segment, measured at the ACK that answers it */
	PLOT_THROUGHPUT, /* payload a second, of all and of what is new */
	PLOT_FLIGHT,     /* bytes sent and not yet acknowledged, and the peer's window */
	N_PLOT_KINDS
} PlotKind;

typedef enum {
	PLOT_UNIT_TIME,     /* ns */
	PLOT_UNIT_SEQUENCE, /* relative sequence numbers */
	PLOT_UNIT_BYTES,
	PLOT_UNIT_RATE, /* bits a second */
} PlotUnit;

typedef struct {
	const char *id;    /* "sequence" */
	const char *title; /* msgid */
	const char *brief; /* msgid, one or two words */
	PlotUnit unit;     /* of its y axis */
} PlotKindInfo;
extern const PlotKindInfo plot_kinds[N_PLOT_KINDS];

/* Ticks at `first` and every `step`, which is 1, 2 or 5 times a power of ten. */
typedef struct {
	gint64 low, high; /* what is shown */
	gint64 first, step;
	guint n; /* ticks, at most `most` of plot_axis(); one at the least */
	PlotUnit unit;
} PlotAxis;

/* Both are as far apart as plot_whole() says at the most. */
PlotAxis plot_axis(gint64 low, gint64 high, guint most, PlotUnit unit);

/* A tick's text, with its unit: "1.5 s", "200 kB", "10 Mbit/s"; all ticks of an
 * axis have the same unit and decimals. The caller frees. */
char *plot_axis_text(const PlotAxis *axis, gint64 value, gboolean ascii);

/* The text of a value, with four digits: "1.234 ms", "14.48 kB". The caller frees. */
char *plot_value_text(gint64 value, PlotUnit unit, gboolean ascii);

typedef enum {
	SERIES_WINDOW, /* the peer's window; in the time-sequence graph ACK + window */
	SERIES_ACK,
	SERIES_SACK,
	SERIES_DATA,
	SERIES_AGAIN, /* retransmissions, what came out of order, keep-alives */
	SERIES_RTT,
	SERIES_THROUGHPUT,
	SERIES_GOODPUT, /* without retransmissions */
	SERIES_FLIGHT,
	N_SERIES
} SeriesKind;

typedef enum { SHAPE_BARS, SHAPE_STEPS, SHAPE_POINTS } SeriesShape;

typedef struct {
	SeriesShape shape;
	Role role;
	gboolean dashed;
	const char *class; /* in SVG; several */
	const char *name;  /* msgid */
} SeriesInfo;
extern const SeriesInfo series_infos[N_SERIES];

/* The values of a series in one column. STEPS: from `low` to `high`, and on from `last`. */
typedef struct {
	guint column;
	gint64 low, high, last;
} PlotItem;

/* An event of the conversation, written at its place. */
typedef enum {
	MARK_SYN,
	MARK_FIN,
	MARK_RST,
	MARK_VERDICTS, /* from here on the verdicts in their order in the legend: MARK_OF() */
	N_MARKS = MARK_VERDICTS + N_PLAIN_VERDICTS
} MarkKind;
#define MARK_OF(verdict) (MARK_VERDICTS + verdict_infos[__builtin_ctz(verdict)].mark_place)
G_STATIC_ASSERT(N_MARKS <= 32);

typedef struct {
	const char *text; /* "R" */
	const char *name; /* msgid */
	gboolean problem;
	gboolean often; /* comes in runs: some of them are enough */
	gboolean below; /* its place is below the value, else above it */
} MarkInfo;
MarkInfo mark_info(guint kind);

typedef struct {
	guint column;
	gint64 value;
	guint8 kind; /* MarkKind */
} PlotMark;

typedef struct _PlotGraph {
	PlotKind kind;
	Side side;
	gint64 from_ns, to_ns;
	guint n;                  /* columns between them */
	PlotRange value;          /* what the y axis has to show; never empty */
	gint64 bin_ns;            /* of throughput */
	GArray *series[N_SERIES]; /* PlotItem, by column; empty where there is none */
	GArray *marks;            /* PlotMark, the most important first */
	guint32 marks_named;      /* those that a legend has to explain: bits 1 << MarkKind */
	gboolean window_above;    /* it is so large that it is not in the picture */
	const char *nothing;      /* msgid: why there is nothing to show; NULL: there is */
} PlotGraph;

/* From when to when all of a plot is, with a margin. */
void plot_whole(const Plot *plot, gint64 *from_ns, gint64 *to_ns);

/* The graph of a time in n columns, 8 to 4096. Making it costs by n alone. The
 * times are as far apart as plot_whole() says at the most. */
PlotGraph *plot_graph_new(const Plot *plot, PlotKind kind, Side side, gint64 from_ns, gint64 to_ns,
			  guint n);
void plot_graph_free(PlotGraph *graph);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlotGraph, plot_graph_free)

/* The column of a time; n where it is outside. */
guint plot_graph_column(const PlotGraph *graph, gint64 time_ns);

/* An entry of a legend. */
typedef struct {
	gboolean is_mark;
	guint kind;       /* MarkKind, or SeriesKind */
	const char *name; /* translated: "ACK + window: above the picture"; static */
} PlotLegend;

/* PlotLegend: the series that the graph has, and the marks that need a name. The caller frees. */
GArray *plot_legend(const Plot *plot, const PlotGraph *graph);

/* "127.0.0.1:50796 -> 127.0.0.1:5000", with the arrow that the glyphs have. The caller frees. */
char *plot_direction_text(const Plot *plot, Side side, gboolean ascii);
