/* SPDX-License-Identifier: MIT */
#include "ladder_private.h"

#include <errno.h>

#include "pktladder/sorted.h"
#include "pktladder/timestamp.h"

/* The rows of a call that has not returned by then are final: it is taken to wait. No call that
 * does its work alone takes that long. */
#define SETTLED_NS (250 * 1000 * 1000)

/* Where nobody has counted (CALL_WAIT_UNKNOWN), a call that lasted longer was waiting, whatever
 * came in between: a traced call that does not wait takes 15 to 60 us. */
#define BLOCKED_NS (1000 * 1000)

/* So long after a call its segment is looked for, and so many rows further down: those of other
 * calls that came in between. */
#define CAUSE_NS   (10 * 1000 * 1000)
#define CAUSE_ROWS 8

/* A call between its entry and its return. */
typedef struct {
	guint32 row;
	guint32 began; /* its row at first: none before that can change for it */
	gint64 time_ns;
	Bar bar; /* its lane EVENT_NONE: none */
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
	rows->idle = g_hash_table_new(NULL, NULL);
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
	g_hash_table_unref(rows->idle);
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

/* On which lane that side of a row stands that the event has begun. */
static guint32
lane_find(const CallRows *rows, guint32 conversation, const Event *event, Side side)
{
	guint32 lane[2];

	lanes_of_row(rows->lanes, conversation, event, lane);
	return lane[side];
}

static guint32
row_lane(const CallRows *rows, const Row *row, Side side)
{
	return lane_find(rows, row->conversation, trace_event(rows->trace, row->event), side);
}

/* Whose lanes the event's row is in: of a call, the selection's that it may belong to. */
static guint32
conversation_find(const CallRows *rows, const Event *event)
{
	guint32 found = CONVERSATION_NONE;

	if (event->kind == EVENT_CALL && rows->set)
		found = conversation_set_call(rows->set, rows->trace, event);
	return found != CONVERSATION_NONE ? found : event->conversation;
}

static Row *
row_add(CallRows *rows, LadderRowKind kind, guint32 index, const Event *event)
{
	Row row = row_new(kind, index, event, conversation_find(rows, event));

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

static CallEffect
effect_of(const CallRecord *record)
{
	return call_passes(record) ? CALL_NOTHING : call_effect(record->name);
}

static gboolean
may_send(const CallRecord *record)
{
	const CallEffect effect = effect_of(record);

	return effect == CALL_SENDS || effect == CALL_SIGNALS || effect == CALL_CLOSES;
}

/* Whether the row is a call's entry that may have caused this packet. */
static gboolean
is_cause(const CallRows *rows, const Row *row, const Event *packet)
{
	const LadderCell *cell = &row->cell[packet->from];

	/* What it caused may be what the filter has left out. */
	if (row->kind != ROW_CALLS || cell->entry == EVENT_NONE || cell->result != EVENT_NONE ||
	    rows->held_back[packet->from] > cell->entry || !row_side_is_free(row, !packet->from))
		return FALSE;
	if (row_lane(rows, row, packet->from) !=
	    lane_find(rows, packet->conversation, packet, packet->from))
		return FALSE;
	const Event *entry = trace_event(rows->trace, cell->entry);
	const CallRecord *call = trace_call(rows->trace, entry);
	/* a socket of no conversation, yet, has nothing to close */
	return may_send(call) &&
	       (entry->conversation == packet->conversation ||
		(entry->conversation == CONVERSATION_NONE &&
		 (call->wait == CALL_WAIT_UNKNOWN || effect_of(call) != CALL_CLOSES)));
}

/* Whether the row may stand above a call that was entered before it: no bar ends on it, and nothing
 * that the call's own conversation did. */
static gboolean
lets_sink(const CallRows *rows, const Row *row, const Event *packet)
{
	if (row->kind == ROW_ARROW && row->conversation == packet->conversation)
		return FALSE;
	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		const LadderCell *cell = &row->cell[side];
		if (cell->result != EVENT_NONE &&
		    trace_call_entry(rows->trace, trace_event(rows->trace, cell->result)) !=
			cell->entry)
			return FALSE;
	}
	return row->kind != ROW_NOTE;
}

/* The row of the call's entry becomes the last one, and those below it move up. */
static void
row_sink(CallRows *rows, OpenCall *call)
{
	const guint32 from = call->row, last = rows->kept->len - 1;
	const Row row = *row_at(rows, from);
	guint32 earliest = row.event; /* event on these rows: of one that sank itself, its entry */
	guint first = rows->places->len;

	for (guint32 at = from + 1; at <= last; at++) {
		const Row *below = row_at(rows, at);
		for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
			earliest = MIN(earliest, below->cell[side].entry);
		if (below->kind == ROW_ARROW &&
		    g_array_index(rows->arrows, guint32, below->conversation) == at + 1)
			g_array_index(rows->arrows, guint32, below->conversation) = at;
		if (rows->last_arrow == at + 1)
			rows->last_arrow = at;
		*row_at(rows, at - 1) = *below;
	}
	*row_at(rows, last) = row;
	while (first > 0 && g_array_index(rows->places, Place, first - 1).event >= earliest)
		first--;
	for (guint i = first; i < rows->places->len; i++) {
		Place *place = &g_array_index(rows->places, Place, i);
		OpenCall *open = g_hash_table_lookup(rows->open, GUINT_TO_POINTER(place->event));
		if (place->row == EVENT_NONE || place->row < from)
			continue;
		place->row = place->row == from ? last : place->row - 1;
		if (open && open != call)
			open->began = MAX(open->began - 1, from);
		if (open)
			open->row = place->row;
	}
	bar_index_take_back(rows->bars, call->bar);
	bar_index_move_up(rows->bars, call->bar);
	call->bar = bar_index_begin(rows->bars, call->bar.lane, last);
}

/* The last row, where it is the entry of the call that has caused this packet, which other calls
 * may have followed. Where nobody has counted, no call has. */
static Row *
row_of_cause(CallRows *rows, const Event *packet)
{
	guint32 at = rows->kept->len;

	for (guint n = 0; at > 0 && n < CAUSE_ROWS; n++, at--) {
		const Row *row = row_at(rows, at - 1);
		if (is_cause(rows, row, packet)) {
			const guint32 entry = row->cell[packet->from].entry;
			OpenCall *call = g_hash_table_lookup(rows->open, GUINT_TO_POINTER(entry));
			if (at == rows->kept->len)
				return row_last(rows);
			if (!call || call->bar.lane == EVENT_NONE ||
			    trace_call(rows->trace, trace_event(rows->trace, entry))->wait ==
				CALL_WAIT_UNKNOWN ||
			    timestamp_between(call->time_ns, packet->time_ns) > CAUSE_NS)
				return NULL;
			row_sink(rows, call);
			return row_last(rows);
		}
		if (!lets_sink(rows, row, packet))
			return NULL;
	}
	return NULL;
}

/* Whether both are the same moment of one call, told of two sockets. */
static gboolean
is_same(const CallRecord *one, const CallRecord *other)
{
	return one->phase == other->phase && one->name == other->name && one->tid == other->tid &&
	       one->time_ns == other->time_ns;
}

/* The row in the event's lane of what was taken in just before, where that is the same of another
 * socket: a process that ends, and whatever closes many descriptors, is told of each. Else
 * EVENT_NONE. */
static guint32
row_of_same(const CallRows *rows, const Event *event)
{
	guint32 lane = EVENT_NONE;

	if (effect_of(trace_call(rows->trace, event)) == CALL_WAITS)
		return EVENT_NONE; /* tells of its first socket alone */
	for (guint i = rows->places->len; i > 0; i--) {
		const Place *place = &g_array_index(rows->places, Place, i - 1);
		const Event *before = trace_event(rows->trace, place->event);
		if (before->kind != EVENT_CALL ||
		    !is_same(trace_call(rows->trace, before), trace_call(rows->trace, event)))
			break;
		if (lane == EVENT_NONE)
			lane = lane_find(rows, conversation_find(rows, event), event, event->from);
		if (place->row != EVENT_NONE && before->from == event->from &&
		    row_lane(rows, row_at(rows, place->row), event->from) == lane)
			return place->row;
	}
	return EVENT_NONE;
}

static guint32
row_add_at(CallRows *rows, guint32 index, const Event *event)
{
	row_add(rows, ROW_CALLS, index, event);
	return rows->kept->len - 1;
}

/* The thread's wait in vain goes on in this one, whose row and bar are that one's. */
static gboolean
idle_goes_on(CallRows *rows, guint32 index, const CallRecord *record)
{
	const gpointer tid = GINT_TO_POINTER(record->tid);
	const guint32 idle = GPOINTER_TO_UINT(g_hash_table_lookup(rows->idle, tid));
	const gboolean goes_on = idle > 0 && effect_of(record) == CALL_WAITS;
	OpenCall *call =
	    idle > 0 ? g_hash_table_lookup(rows->open, GUINT_TO_POINTER(idle - 1)) : NULL;

	if (!call)
		return FALSE;
	g_hash_table_remove(rows->idle, tid);
	if (goes_on) {
		OpenCall *again = g_memdup2(call, sizeof *call);
		g_hash_table_insert(rows->open, GUINT_TO_POINTER(index), again);
		event_place(rows, index, call->row);
	} else if (call->bar.lane != EVENT_NONE) { /* up to the row that begins now */
		bar_index_end(rows->bars, call->bar, rows->kept->len);
	}
	g_hash_table_remove(rows->open, GUINT_TO_POINTER(idle - 1));
	return goes_on;
}

/* What came of a wait says nothing, since its time was over: TRUE, and its bar goes on. */
static gboolean
idle_return(CallRows *rows, guint32 entry, const CallRecord *record)
{
	if (!rows->hides_idle || effect_of(record) != CALL_WAITS || record->result != 0 ||
	    !g_hash_table_contains(rows->open, GUINT_TO_POINTER(entry)))
		return FALSE;
	g_hash_table_insert(rows->idle, GINT_TO_POINTER(record->tid), GUINT_TO_POINTER(entry + 1));
	return TRUE;
}

void
call_rows_unmake(CallRows *rows, const CallRecord *closes)
{
	const Row *row = row_last(rows);
	const guint32 entry =
	    row ? row->cell[trace_event(rows->trace, row->event)->from].entry : EVENT_NONE;

	if (closes->name != CALL_CLOSE || closes->socket == 0 || !row || row->kind != ROW_CALLS ||
	    entry == EVENT_NONE)
		return;
	const CallRecord *made = trace_call(rows->trace, trace_event(rows->trace, entry));
	if (made->name != CALL_SOCKET || made->socket != closes->socket)
		return;
	for (guint i = rows->places->len; i > 0; i--) {
		Place *place = &g_array_index(rows->places, Place, i - 1);
		if (place->row != rows->kept->len - 1)
			break;
		place->row = EVENT_NONE;
	}
	g_array_set_size(rows->kept, rows->kept->len - 1);
}

static void
entry_take(CallRows *rows, guint32 index, const Event *event)
{
	if (idle_goes_on(rows, index, trace_call(rows->trace, event)))
		return;
	const guint32 same = row_of_same(rows, event);
	const CallName name = trace_call(rows->trace, event)->name;
	OpenCall call = { .time_ns = event->time_ns, .bar.lane = EVENT_NONE };

	if (same != EVENT_NONE) {
		event_place(rows, index, same);
		return;
	}
	call.row = call.began = row_add_at(rows, index, event);
	Row *row = row_at(rows, call.row);
	row->cell[event->from].entry = index;
	event_place(rows, index, call.row);
	/* The end of a process is a moment, not a wait; and work is none. */
	if (name == CALL_PROCESS)
		return;
	if (name != CALL_EXIT)
		call.bar = bar_index_begin(rows->bars, row_lane(rows, row, event->from), call.row);
	g_hash_table_insert(rows->open, GUINT_TO_POINTER(index), g_memdup2(&call, sizeof call));
	g_array_append_val(rows->young, index);
}

/* Nothing that came made it return: its time was over, a signal ended it, or its thread ended. */
static gboolean
is_in_vain(const CallRecord *record)
{
	const int error = call_errno(record);
	const gboolean counted = record->wait != CALL_WAIT_UNKNOWN;

	return error == EINTR || record->result == CALL_CUT_OFF ||
	       (counted && (error == EAGAIN || error == ETIMEDOUT)) ||
	       (effect_of(record) == CALL_WAITS && record->result == 0);
}

/* An arrow stands below the row that may be of the call's conversation. */
static gboolean
has_arrow_below(const CallRows *rows, const Event *event, guint32 row)
{
	if (event->conversation == CONVERSATION_NONE)
		return rows->last_arrow > row + 1;
	return event->conversation < rows->arrows->len &&
	       g_array_index(rows->arrows, guint32, event->conversation) > row + 1;
}

/* Whether the call waited: it slept, or it is a connect() whose handshake lies inside it, which on
 * loopback does not sleep. */
static gboolean
call_waited(const CallRows *rows, const OpenCall *call, const Event *event,
	    const CallRecord *record)
{
	const gint64 lasted_ns = timestamp_between(call->time_ns, event->time_ns);
	const int error = call_errno(record);

	if (record->name == CALL_EXIT)
		return FALSE;
	if (record->wait == CALL_WAIT_UNKNOWN)
		return lasted_ns > BLOCKED_NS ||
		       (event->conversation < rows->arrows->len &&
			g_array_index(rows->arrows, guint32, event->conversation) > call->row);
	return record->wait == CALL_WAIT_SLEPT || lasted_ns > SETTLED_NS ||
	       (record->name == CALL_CONNECT && error != EINPROGRESS && error != EALREADY &&
		record->transport == TRANSPORT_TCP && event->conversation != CONVERSATION_NONE &&
		has_arrow_below(rows, event, call->row));
}

/* Whether the call's socket may be that end of the conversation, as far as it tells. */
static gboolean
is_end_of(const Conversation *conversation, Side side, const CallRecord *record)
{
	const Endpoint *end = &conversation->endpoint[side];

	return record->transport == conversation->transport &&
	       (endpoint_equal(&record->local, end) ||
		(endpoint_is_any(&record->local) && record->local.port == end->port));
}

/* Whether the packet can be what a receive returned: of datagrams, that is the one of its length.
 */
static gboolean
is_received(const Event *packet, const Event *event, const CallRecord *record)
{
	if (record->transport != TRANSPORT_UDP || effect_of(record) != CALL_RECEIVES ||
	    record->name == CALL_RECVMMSG || record->result < 0 ||
	    packet->packet_kind == KIND_FRAGMENT)
		return TRUE;
	return packet->from != event->from &&
	       (packet->length == record->result || record->result == record->size);
}

/* Whether the packet on the row can have kept or woken the call: it is of the same conversation, as
 * that is known by the call's return, or of one that the socket may have. */
static gboolean
row_concerns(const CallRows *rows, const Row *row, const Event *event, const CallRecord *record)
{
	const gboolean told = event->conversation != CONVERSATION_NONE;

	if (row->kind != ROW_ARROW || !row_side_is_free(row, event->from))
		return FALSE;
	const Event *packet = trace_event(rows->trace, row->event);
	if (record->wait == CALL_WAIT_UNKNOWN)
		return told && packet->conversation == event->conversation;
	return is_received(packet, event, record) &&
	       (told ? packet->conversation == event->conversation
		     : is_end_of(flow_table_get(trace_flows(rows->trace), packet->conversation),
				 event->from, record));
}

/* The row on which the return of a call stands that something came to: the last one where it is an
 * arrow that concerns it with nothing beside it on that side; else a new one. Where nobody has
 * counted, it may be the entry's. */
static guint32
row_of_result(CallRows *rows, const OpenCall *call, guint32 index, const Event *event)
{
	const guint32 last = rows->kept->len - 1;
	const Row *row = row_last(rows);
	const CallRecord *record = trace_call(rows->trace, event);
	const gboolean in_vain = is_in_vain(record), counted = record->wait != CALL_WAIT_UNKNOWN;

	if (!counted && call->row == last && !(in_vain && row->kind == ROW_CALLS))
		return last;
	if (call->row != last && !(counted && in_vain) && row_concerns(rows, row, event, record))
		return last;
	return row_add_at(rows, index, event);
}

/* Whether the call, as its return at that event tells, has ended its socket. */
static gboolean
is_end(const CallRows *rows, guint32 index)
{
	return trace_call(rows->trace, trace_event(rows->trace, index))->last == CALL_LAST_YES;
}

/* A state that stands there already keeps its place. Of one call's results, that of a socket
 * which it ended tells most. */
static void
result_put(CallRows *rows, guint32 row, guint32 index, const Event *event)
{
	const gboolean changes = event->state_changed & 1 << event->from;
	LadderCell *cell = &row_at(rows, row)->cell[event->from];

	if (changes && cell->state != TCP_STATE_UNKNOWN) {
		cell = &row_add(rows, ROW_CALLS, index, event)->cell[event->from];
		row = rows->kept->len - 1;
	}
	if (changes)
		cell->state = event_state(event, event->from);
	if (changes || cell->result == EVENT_NONE ||
	    (is_end(rows, index) && !is_end(rows, cell->result)))
		cell->result = index;
	event_place(rows, index, row);
}

/* Whether a call that did not wait returned below its entry's row nevertheless: what it took, or
 * sent, stands in between. */
static gboolean
returns_below(const CallRows *rows, const OpenCall *call, const Event *event,
	      const CallRecord *record)
{
	if (record->wait == CALL_WAIT_UNKNOWN || effect_of(record) == CALL_NOTHING ||
	    is_in_vain(record) || !has_arrow_below(rows, event, call->row))
		return FALSE;
	if (may_send(record))
		return event->conversation != CONVERSATION_NONE &&
		       row_at(rows, call->row)->kind != ROW_ARROW;
	return TRUE;
}

static void
return_take(CallRows *rows, guint32 index, const Event *event)
{
	const CallRecord *record = trace_call(rows->trace, event);
	guint32 entry = trace_call_entry(rows->trace, event), row;
	const OpenCall *call = g_hash_table_lookup(rows->open, GUINT_TO_POINTER(entry));

	if (record->name == CALL_PROCESS ||
	    idle_return(rows, entry, record)) /* its row tells all */
		return;
	if (!call) {
		row = row_of_same(rows, event);
		if (row == EVENT_NONE) {
			row_add(rows, ROW_CALLS, index, event);
			row = rows->kept->len - 1;
		}
		result_put(rows, row, index, event);
		return;
	}
	/* A call that did not wait has no bar, and its result stands beside the entry as a rule. */
	row = call->row;
	gboolean waited = call_waited(rows, call, event, record);
	if (waited || returns_below(rows, call, event, record)) {
		row = row_of_result(rows, call, index, event);
	} else if (effect_of(record) == CALL_WAITS && row == rows->kept->len - 1) {
		/* A wait that found something at once says nothing: its row goes again. */
		place_find(rows, entry)->row = EVENT_NONE;
		g_array_set_size(rows->kept, row);
		row = EVENT_NONE;
	}
	if (call->bar.lane != EVENT_NONE && (!waited || row == call->row))
		bar_index_take_back(rows->bars, call->bar);
	else if (call->bar.lane != EVENT_NONE)
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
		rows->last_arrow = rows->kept->len;
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

/* Calls are young in the order in which their rows began: once the first of them has returned or
 * has waited for long, it is never asked about again. */
guint32
call_rows_changing(CallRows *rows, gint64 now_ns)
{
	for (; rows->young_at < rows->young->len; rows->young_at++) {
		guint32 entry = g_array_index(rows->young, guint32, rows->young_at);
		const OpenCall *call = g_hash_table_lookup(rows->open, GUINT_TO_POINTER(entry));

		if (call && timestamp_between(call->time_ns, now_ns) <= SETTLED_NS)
			return call->began;
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
