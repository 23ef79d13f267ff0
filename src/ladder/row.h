/* row.h - a row of the ladder as it is kept, without bars. Pure. */
#pragma once

#include "pktladder/ladder.h"

/* 40 bytes. */
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

/* It becomes that packet's arrow; what stands beside it stays. */
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
