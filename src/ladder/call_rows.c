/* SPDX-License-Identifier: MIT */
#include "call_rows.h"

#include <errno.h>

#include "pktladder/sorted.h"
#include "pktladder/timestamp.h"

/* A call that lasted longer was waiting, whatever came in between: a traced call that does
 * not block takes 15 to 60 us. */
#define BLOCKED_NS (1000 * 1000)

/* A call between its entry and its return. */
typedef struct {
	guint32 row;
	gint64 time_ns;
	Bar bar;
} OpenCall;

/* Where an event is: a row, or EVENT_NONE. */
typedef struct {
	guint32 event;
	guint32 row;
} Place;

CallRows *
call_rows_new(const Trace *trace, ConversationSet *set, const Lanes *lanes)
{
	CallRows *rows = g_new0(CallRows, 1);

	rows->trace = trace;
	rows->set = set;
	rows->lanes = lanes;
	rows->kept = g_array_new(FALSE, FALSE, sizeof(Row));
	rows->places = g_array_new(FALSE, FALSE, sizeof(Place));
	rows->open = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	rows->young = g_array_new(FALSE, FALSE, sizeof(guint32));
	rows->arrows = g_array_new(FALSE, TRUE, sizeof(guint32));
	rows->bars = bar_index_new();
	return rows;
}

void
call_rows_free(CallRows *rows)
{
	g_array_unref(rows->kept);
	g_array_unref(rows->places);
	g_hash_table_unref(rows->open);
	g_array_unref(rows->young);
	g_array_unref(rows->arrows);
	bar_index_free(rows->bars);
	g_free(rows);
}

static Row *
row_at(const CallRows *rows, guint32 index)
{
	return &g_array_index(rows->kept, Row, index);
}

static Row *
row_last(const CallRows *rows)
{
	return rows->kept->len > 0 ? row_at(rows, rows->kept->len - 1) : NULL;
}

static guint32
lane_find(const CallRows *rows, guint32 conversation, Side side)
{
	guint32 lane[2];

	lanes_of(rows->lanes, conversation, lane);
	return lane[side];
}

static Row *
row_add(CallRows *rows, LadderRowKind kind, guint32 index, const Event *event)
{
	guint32 found = CONVERSATION_NONE; /* of the selection's */

	if (event->kind == EVENT_CALL && rows->set)
		found = conversation_set_call(rows->set, rows->trace, event);
	Row row =
	    row_new(kind, index, event, found != CONVERSATION_NONE ? found : event->conversation);
	g_array_append_val(rows->kept, row);
	return row_last(rows);
}

static Place *
place_find(const CallRows *rows, guint32 event)
{
	guint at = SORTED_BEFORE(rows->places, Place, event, event);

	if (at == rows->places->len)
		return NULL;
	Place *place = &g_array_index(rows->places, Place, at);
	return place->event == event ? place : NULL;
}

static void
event_place(CallRows *rows, guint32 event, guint32 row)
{
	Place place = { event, row };

	g_array_append_val(rows->places, place);
}

/* The last row, where it is a call's entry that has just caused this packet. */
static Row *
row_of_cause(CallRows *rows, const Event *packet)
{
	Row *row = row_last(rows);

	if (!row || row->kind != ROW_CALLS)
		return NULL;
	const LadderCell *cell = &row->cell[packet->from];
	/* What it caused may be what the filter has left out. */
	if (cell->entry == EVENT_NONE || cell->result != EVENT_NONE ||
	    rows->held_back[packet->from] > cell->entry || !row_side_is_free(row, !packet->from))
		return NULL;
	if (lane_find(rows, row->conversation, packet->from) !=
	    lane_find(rows, packet->conversation, packet->from))
		return NULL;
	CallEffect effect =
	    call_effect(trace_call(rows->trace, trace_event(rows->trace, cell->entry))->name);
	return effect == CALL_SENDS || effect == CALL_SIGNALS ? row : NULL;
}

static void
entry_take(CallRows *rows, guint32 index, const Event *event)
{
	Row *row = row_add(rows, ROW_CALLS, index, event);
	OpenCall call = { .row = rows->kept->len - 1, .time_ns = event->time_ns };

	row->cell[event->from].entry = index;
	event_place(rows, index, call.row);
	/* The end of a process is a moment, not a wait. */
	if (trace_call(rows->trace, event)->name == CALL_EXIT)
		return;
	call.bar =
	    bar_index_begin(rows->bars, lane_find(rows, row->conversation, event->from), call.row);
	g_hash_table_insert(rows->open, GUINT_TO_POINTER(index), g_memdup2(&call, sizeof call));
	g_array_append_val(rows->young, index);
}

/* The row on which a blocked call's return stands: the last one where it is
 * an arrow of its conversation with nothing beside it on that side, or its own
 * entry's; else a new one, also for a call that waited until its time was over, or a
 * signal came. */
static guint32
row_of_result(CallRows *rows, const OpenCall *call, guint32 index, const Event *event)
{
	guint32 last = rows->kept->len - 1;
	const Row *row = row_last(rows);
	const CallRecord *record = trace_call(rows->trace, event);
	gboolean in_vain = call_errno(record) == EINTR ||
			   (call_effect(record->name) == CALL_WAITS && record->result == 0);

	if (call->row == last && !(in_vain && row->kind == ROW_CALLS))
		return last;
	/* Whether the packet on this row can have kept or woken the call: it belongs
	 * to the same conversation, as that is known by the call's return. */
	if (row_side_is_free(row, event->from) &&
	    (row->kind == ROW_ARROW && event->conversation != CONVERSATION_NONE &&
	     trace_event(rows->trace, row->event)->conversation == event->conversation))
		return last;
	row_add(rows, ROW_CALLS, index, event);
	return last + 1;
}

static void
result_put(CallRows *rows, guint32 row, guint32 index, const Event *event)
{
	LadderCell *cell = &row_at(rows, row)->cell[event->from];

	cell->result = index;
	if (event->state_changed & 1 << event->from)
		cell->state = event_state(event, event->from);
	event_place(rows, index, row);
}

static void
return_take(CallRows *rows, guint32 index, const Event *event)
{
	const CallRecord *record = trace_call(rows->trace, event);
	guint32 entry = trace_call_entry(rows->trace, event), row;
	const OpenCall *call = g_hash_table_lookup(rows->open, GUINT_TO_POINTER(entry));

	if (record->name == CALL_EXIT && !event->state_changed)
		return;
	if (!call) {
		row_add(rows, ROW_CALLS, index, event);
		result_put(rows, rows->kept->len - 1, index, event);
		return;
	}
	/* The call blocked where it took its time, or a packet that can have kept or woken it has
	 * come since; else its bar is taken back, and the result stands beside the entry. */
	row = call->row;
	if (timestamp_between(call->time_ns, event->time_ns) > BLOCKED_NS ||
	    (event->conversation < rows->arrows->len &&
	     g_array_index(rows->arrows, guint32, event->conversation) > row)) {
		row = row_of_result(rows, call, index, event);
	} else if (call_effect(record->name) == CALL_WAITS && row == rows->kept->len - 1) {
		/* A wait that found something at once says nothing: its row goes again. */
		place_find(rows, entry)->row = EVENT_NONE;
		g_array_set_size(rows->kept, row);
		row = EVENT_NONE;
	}
	if (row == call->row || row == EVENT_NONE)
		bar_index_take_back(rows->bars, call->bar);
	else
		bar_index_end(rows->bars, call->bar, row);
	if (row != EVENT_NONE)
		result_put(rows, row, index, event);
	g_hash_table_remove(rows->open, GUINT_TO_POINTER(entry));
}

void
call_rows_take(CallRows *rows, guint32 index, const Event *event)
{
	if (event->kind == EVENT_PACKET && event->conversation != CONVERSATION_NONE) {
		Row *row = row_of_cause(rows, event) ?: row_add(rows, ROW_ARROW, index, event);

		row_make_arrow(row, index, event);
		if (event->conversation >= rows->arrows->len)
			g_array_set_size(rows->arrows, event->conversation + 1);
		g_array_index(rows->arrows, guint32, event->conversation) = rows->kept->len;
		event_place(rows, index, rows->kept->len - 1);
	} else if (event->kind != EVENT_CALL) {
		row_add(rows, ROW_NOTE, index, event);
		event_place(rows, index, rows->kept->len - 1);
	} else if (trace_call(rows->trace, event)->phase == CALL_ENTRY) {
		entry_take(rows, index, event);
	} else {
		return_take(rows, index, event);
	}
}

/* Calls are young in the order of their rows: once the first of them has returned or
 * has waited for long, it is never asked about again. */
guint32
call_rows_changing(CallRows *rows, gint64 now_ns)
{
	for (; rows->young_at < rows->young->len; rows->young_at++) {
		guint32 entry = g_array_index(rows->young, guint32, rows->young_at);
		const OpenCall *call = g_hash_table_lookup(rows->open, GUINT_TO_POINTER(entry));

		if (call && timestamp_between(call->time_ns, now_ns) <= BLOCKED_NS)
			return call->row;
	}
	g_array_set_size(rows->young, 0);
	rows->young_at = 0;
	return rows->kept->len;
}

guint32
call_rows_find(const CallRows *rows, guint32 event)
{
	const Place *place = place_find(rows, event);

	return place ? place->row : EVENT_NONE;
}
