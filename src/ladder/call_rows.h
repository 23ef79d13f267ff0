/* SPDX-License-Identifier: MIT */
/* call_rows.h - a ladder's rows from its first call on: which events share one. Pure.
 *
 * Theory of operation: see ladder.h for what shares a row. Rows are kept whole, and
 * `places` maps events to them; rows that are there stay as they were kept, but
 * for the last ones. A call between its entry and its return is in `open`, and has
 * a bar (bars.h), which a return that turns out not to have waited takes back.
 */
#pragma once

#include "bars.h"
#include "lanes.h"
#include "pktladder/trace.h"

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
