/* SPDX-License-Identifier: MIT */
/* summary.h - the conversations of a trace as a table: columns, order, filter. Pure.
 *
 * Theory of operation. The table is a list of conversation indices in the order in which they are
 * shown; the texts are made when they are asked for, so that showing a page costs the same for ten
 * conversations and for a million.
 *
 * Conversations that are new are put at the end; they, and the ones whose values have changed, come
 * to their places when the list is made anew. That is done at once where they are few, and else
 * each time when the trace has grown by an eighth, when nothing more comes, and when filter or
 * order change. It is sliced: one summary_update() puts SUMMARY_SLICE conversations through the
 * filter at most, and sorts a bounded number; until the new list is whole, and in order,
 * the old one stands.
 */
#pragma once

#include "pktladder/types.h"

typedef enum {
	SUMMARY_NUMBER,
	SUMMARY_PROTOCOL,
	SUMMARY_STREAM,
	SUMMARY_CLIENT,
	SUMMARY_SERVER,
	SUMMARY_STATE,
	SUMMARY_PACKETS,
	SUMMARY_CLIENT_PACKETS,
	SUMMARY_SERVER_PACKETS,
	SUMMARY_CLIENT_BYTES,
	SUMMARY_SERVER_BYTES,
	SUMMARY_START,
	SUMMARY_EPOCH,
	SUMMARY_DURATION,
	SUMMARY_RTT,
	SUMMARY_RETRANSMISSIONS,
	SUMMARY_RESETS,
	SUMMARY_ZERO_WINDOWS,
	SUMMARY_COPIES,
	SUMMARY_FRAGMENTS,
	SUMMARY_ACTIVITY,
	N_SUMMARY_COLUMNS
} SummaryColumn;

/* What a column holds. */
typedef enum {
	SUMMARY_TEXT,
	SUMMARY_COUNT,   /* a number */
	SUMMARY_BYTES,   /* a number */
	SUMMARY_TIME,    /* ns; a point */
	SUMMARY_SPAN,    /* ns; how long */
	SUMMARY_BUCKETS, /* Conversation.activity */
} SummaryKind;

typedef struct {
	const char *id;    /* for scripts and --sort */
	const char *title; /* msgid; short: it stands over the column */
	const char *what;  /* msgid: what it is */
	SummaryKind kind;
	guint8 width;   /* that it needs on a screen: its texts, and its title and an arrow */
	guint8 rank;    /* the lower, the longer it stays where a screen is narrow */
	gboolean right; /* aligned */
} SummaryColumnInfo;
extern const SummaryColumnInfo summary_columns[N_SUMMARY_COLUMNS];

#define SUMMARY_SCRIPTS_ONLY 255 /* a rank: never on a screen */

/* By id; N_SUMMARY_COLUMNS where there is none such. */
SummaryColumn summary_column_find(const char *id);

/* How it is written. */
typedef enum {
	SUMMARY_UTF8,
	SUMMARY_ASCII,
	SUMMARY_RAW, /* for scripts: English words, whole numbers, seconds with 9 decimals, "" for
			none */
} SummaryStyle;

/* Its owner may read the first part. */
typedef struct {
	const Trace *trace;
	GArray *
	    rows; /* guint32: conversations that pass the filter, in order; until the next update */
	guint generation; /* changes whenever a row may have got another conversation */

	SummaryColumn column;
	gboolean descending;
	char *filter;              /* case-folded; "" none */
	gboolean any_kind;         /* the filter could be part of a number's text */
	GArray *next;              /* guint32: what will take the place of `rows` */
	struct _SummarySort *sort; /* on where one is under way */
	guint32 taken;
	guint32 made_at; /* packets of the trace when `rows` was begun */
	guint32 next_at; /* the same of `next` */
	gboolean making;
	gboolean unsorted;   /* the order has changed */
	gboolean unfiltered; /* the filter has changed */
	gboolean has_ipv6;
	GString *text; /* for matching */
} Summary;

/* The trace must outlive it. In the order of the conversations' beginning, unfiltered. */
Summary *summary_new(const Trace *trace);
void summary_free(Summary *summary);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Summary, summary_free)

/* Both take effect by and by, in summary_update(). The order is stable. `filter` is text that
 * some column's text has in it, whatever the case; "" lets all pass. */
void summary_set_order(Summary *summary, SummaryColumn column, gboolean descending);
void summary_set_filter(Summary *summary, const char *filter);

/* Takes in what is new. `final`: the trace does not grow any more. TRUE where
 * more is to be done at once. */
#define SUMMARY_SLICE 4096
gboolean summary_update(Summary *summary, gboolean final);
/* How many of a hundred are done, while summary_update() returns TRUE. */
guint summary_progress(const Summary *summary);

/* The conversation on a row, which there is. */
guint32 summary_get(const Summary *summary, guint32 row);
/* The row of a conversation, EVENT_NONE where it is filtered out. Looks at all of them. */
guint32 summary_row_of(const Summary *summary, guint32 conversation);

/* The text of a column; harmless, translated unless raw. */
void summary_append(const Summary *summary, guint32 conversation, SummaryColumn column,
		    SummaryStyle style, GString *text);
/* The number that the column holds, by its kind; SUMMARY_NONE where there is none. */
#define SUMMARY_NONE G_MININT64
gint64 summary_value(const Summary *summary, guint32 conversation, SummaryColumn column);

/* Whether it is a sign of trouble: a reset, a retransmission, no answer... */
gboolean summary_is_problem(const Summary *summary, guint32 conversation, SummaryColumn column);

typedef struct {
	guint n;
	SummaryColumn column[N_SUMMARY_COLUMNS];
	guint width[N_SUMMARY_COLUMNS];
} SummaryFit;

/* The columns that `width` has room for, each with a space before it, with `always` among them.
 * needed[]: the width that each column needs; NULL: what it needs usually, and what is left over
 * goes to the endpoints. */
SummaryFit summary_fit(const Summary *summary, guint width, SummaryColumn always,
		       const guint *needed);
