/* SPDX-License-Identifier: MIT */
/* ladder_private.h - what a ladder, its words and its details are made of. Pure. */
#pragma once

#include "pktladder/detail.h"
#include "pktladder/trace.h"

/* ---- lanes.c: the endpoints of a set of conversations, or the programs, side by side ----
 *
 * Which lanes there are, and in which order, ladder.h says. Made once, at a cost of one look into a
 * hash table for each end of a conversation; then a conversation's two lanes are found among the
 * set's by halving. */

/* A participant, by the first of the conversations' ends that are its own: endpoints are not
 * copied. Which ends have a lane in common is for lanes_new() alone to say: today those of
 * one endpoint, and a program with several endpoints would be no more than another key. */
typedef struct {
	guint32 conversation;
	guint8 side;   /* Side */
	guint8 server; /* of some conversation */
} Lane;

typedef struct _Lanes {
	const ConversationSet *set; /* NULL: the lanes are programs, as they were given */
	const Trace *trace;
	GArray *lanes; /* Lane */
	GArray *of;    /* guint32: by place in the set, then by Side */
} Lanes;

/* Both must outlive the lanes; the set is not empty. */
Lanes *lanes_new(const Trace *trace, const ConversationSet *set);
/* The programs of the trace. Where one of them talks to itself, the server's end of that stands on
 * a lane behind them all, as soon as lanes_take() is told of it. */
Lanes *lanes_new_programs(const Trace *trace);
void lanes_take(Lanes *lanes, guint32 conversation);
void lanes_free(Lanes *lanes);

/* By Side, of a conversation of the set; of another one the first and the last lane.
 * `lanes` NULL: of no set, which has two, client and server. */
void lanes_of(const Lanes *lanes, guint32 conversation, guint32 lane[2]);
/* Of a row of that conversation, which the event has begun: a program's call is its own, whatever
 * the conversation is. */
void lanes_of_row(const Lanes *lanes, guint32 conversation, const Event *event, guint32 lane[2]);

/* ---- bars.c: the bars of blocked calls, which pass through a row ---- */

typedef struct _BarIndex BarIndex;

BarIndex *bar_index_new(void);
void bar_index_free(BarIndex *index);

/* A bar: which one it is of all and of its lane. */
typedef struct {
	guint32 index, lane, number;
} Bar;

/* Rows begin and end bars in their order: of each lane, no row before one that did
 * so already. A bar is open until it ends; taken back, it has never been. */
Bar bar_index_begin(BarIndex *index, guint32 lane, guint32 row);
void bar_index_end(BarIndex *index, Bar bar, guint32 row);
void bar_index_take_back(BarIndex *index, Bar bar);
/* The rows of all bars that began after that one move up by one; none has ended there. */
void bar_index_move_up(BarIndex *index, Bar bar);

/* LadderSpan of all that stand, in the order in which they began. The caller frees. */
GArray *bar_index_spans(const BarIndex *index, guint32 rows);

/* What the bars of a lane are on a row (LADDER_BAR_*), of `rows` that there are by
 * now: one that begins on the last row may yet be taken back, and is not seen. */
guint8 bar_index_part(const BarIndex *index, guint32 lane, guint32 row, guint32 rows);

/* ---- call_rows.c: a ladder's rows from its first call on: which events share one ----
 *
 * What shares a row, ladder.h says. Rows are kept whole, and `places` maps events to them; rows
 * that are there stay as they were kept, but for the last ones. A call between its entry and its
 * return is in `open`, and has a bar, which a return that turns out not to have waited takes back.
 */

/* A row of the ladder as it is kept, without bars: 40 bytes. */
typedef struct {
	guint32 conversation : 24; /* whose lanes; CONVERSATION_NONE: none's */
	guint32 kind : 8;          /* LadderRowKind */
	guint32 event;
	gint64 time_ns;
	LadderCell cell[2];
} Row;

/* With nothing beside it. */
static inline Row
row_new(LadderRowKind kind, guint32 index, const Event *event, guint32 conversation)
{
	return (Row){ .kind = kind,
		      .conversation = conversation,
		      .event = index,
		      .time_ns = event->time_ns,
		      .cell = { { EVENT_NONE, EVENT_NONE }, { EVENT_NONE, EVENT_NONE } } };
}

/* Makes a row that packet's arrow; what stands beside it stays. */
static inline void
row_make_arrow(Row *row, guint32 index, const Event *event)
{
	row->kind = ROW_ARROW;
	row->conversation = event->conversation;
	row->event = index;
	row->time_ns = event->time_ns;
	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
		if (event->state_changed & 1 << side)
			row->cell[side].state = event_state(event, side);
}

/* A row that is nothing but one event, which is no call: a packet's arrow, or a note. */
static inline Row
row_of_event(guint32 index, const Event *event)
{
	Row row = row_new(ROW_NOTE, index, event, CONVERSATION_NONE);

	if (event->kind == EVENT_PACKET && event->conversation != CONVERSATION_NONE)
		row_make_arrow(&row, index, event);
	return row;
}

/* Nothing begins or returns on that side. */
static inline gboolean
row_side_is_free(const Row *row, Side side)
{
	return row->cell[side].entry == EVENT_NONE && row->cell[side].result == EVENT_NONE;
}

/* Its owner may read `kept` and `bars`; rows stay where they are until the next event is taken in.
 */
typedef struct _CallRows {
	const Trace *trace;
	ConversationSet *set; /* NULL: every conversation */
	const Lanes *lanes;
	GArray *kept;       /* Row */
	GArray *places;     /* Place, ascending */
	GHashTable *open;   /* event of the entry to OpenCall */
	GArray *young;      /* guint32: entries, of whose calls some may still turn out not to have
			       waited */
	guint young_at;     /* those before it cannot */
	GArray *arrows;     /* guint32: by conversation, behind the row of its last arrow; 0 none */
	guint32 last_arrow; /* the same of all */
	BarIndex *bars;
	gboolean hides_idle; /* a wait in vain goes on in its thread's next one, */
	GHashTable *idle;    /* tid to the event of its entry, until that comes */
	/* By Side: behind its last packet that the filter held back. A call before that may have
	 * caused it, and no packet that comes after it. */
	guint32 held_back[2];
} CallRows;

/* All must outlive it; the set's lanes: NULL both, client and server. */
CallRows *call_rows_new(const Trace *trace, ConversationSet *set, const Lanes *lanes);
void call_rows_free(CallRows *rows);

/* Takes in the next event that is in view: number `index` of the trace. */
void call_rows_take(CallRows *rows, guint32 index, const Event *event);

/* A call that is not taken in closes the socket: where the last row is the socket() that made it,
 * it goes. */
void call_rows_unmake(CallRows *rows, const CallRecord *closes);

/* The first that the return of a call may still change, at that time, which must not
 * go backwards; how many there are where none can. */
guint32 call_rows_changing(CallRows *rows, gint64 now_ns);
/* On which row an event is; EVENT_NONE where it is on none. */
guint32 call_rows_find(const CallRows *rows, guint32 event);

/* ---- fold.c: which of a ladder's rows fold into one: an index of runs ---- */

/* A run of data and ACKs. Rows are counted in the ladder as it is without folds,
 * `visible` with them. */
typedef struct {
	guint32 first, last;
	guint32 visible;  /* were all folds closed */
	guint32 event;    /* of the first row */
	guint32 segments; /* with data; the others are ACKs */
	guint64 bytes;
	guint32 conversation;
	guint8 from; /* Side that sends the data; of ACKs alone, the first one */
} FoldRun;

/* Its owner may read `taken`. */
typedef struct _FoldIndex {
	GArray *runs;   /* FoldRun */
	GArray *opened; /* Opened, ascending */
	GArray *kept;   /* guint32, ascending: events; a run with one of them opens */
	guint kept_at;  /* the first that may still come */
	guint32 taken;  /* rows */
	gboolean open;  /* `run` may go on */
	FoldRun run;    /* the latest; from its fourth row on a copy of the last of `runs` */
} FoldIndex;

FoldIndex *fold_index_new(void);
void fold_index_free(FoldIndex *index);

/* Takes in the next row, which may not change any more; its bars do not matter. */
void fold_index_take(FoldIndex *index, const Trace *trace, const LadderRow *row);

/* Visible rows below this do not change any more. */
guint32 fold_index_final(const FoldIndex *index);
/* Opens the run that a row is in, or closes it; FALSE where it is in none. */
gboolean fold_index_toggle(FoldIndex *index, guint32 row);
/* What is open in `older` will be so here. */
void fold_index_keep(FoldIndex *index, const FoldIndex *older);
/* Where a row is visible; so of a number of rows, how many are visible. */
guint32 fold_index_visible(const FoldIndex *index, guint32 row);
/* Which row stands there; of a fold the first one, and `run`, else NULL. */
guint32 fold_index_row(const FoldIndex *index, guint32 visible, const FoldRun **run);

/* ---- label_*.c: the styles of labels, one file each, and what they share ---- */

/* A packet that is to be labelled. */
typedef struct {
	const Ladder *ladder;
	const Event *event;
	guint32 index;        /* of the event */
	const Packet *packet; /* NULL: its bytes are not at hand, or were not asked for */
	const Facts *facts;   /* of the same */
} LabelPacket;

/* Appends the label, level 0 whole; only for levels below its style's. */
typedef void LabelWrite(GString *label, const LabelPacket *packet, guint level);

LabelWrite label_plain, label_stevens, label_rfc9293, label_wireshark;

/* Behind "seq=", " ack=" and the like: the numbers as they were asked for (the first
 * one so many further on); an absolute one that is not known is "?". */
void label_append_seq(GString *label, const char *before, const LabelPacket *packet, guint32 more);
void label_append_ack(GString *label, const char *before, const LabelPacket *packet);

/* The names of the flags that are set, in the order of the names. */
typedef struct {
	guint16 flag;
	const char *name;
} FlagName;
void label_append_flags(GString *label, guint16 flags, const FlagName *names, guint n,
			const char *separator);

/* " (retransmission)", from level 4 on " !"; " [truncated]". */
void label_append_remarks(GString *label, const Event *event, guint level);

/* ---- detail.c ---- */

/* Adds a line, escaped. */
void detail_add(GPtrArray *lines, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* detail_headers.c: the packet's headers, and what is wrong with it. */
void detail_headers(GPtrArray *lines, const Trace *trace, guint32 index, const Packet *packet,
		    const Facts *facts);
