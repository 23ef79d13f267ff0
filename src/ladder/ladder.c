/* Theory of operation: see ladder.h for what shares a row.
 *
 * Rows are kept in the least that tells them. As long as every event is in view
 * and none is a call, row n is event n and nothing is kept (EACH_EVENT); from
 * where some are left out, a list of events is (EVENT_LIST): millions of packets
 * cost nothing or four bytes each. Calls share rows and draw bars, so from the
 * first call on rows are whole and kept (WHOLE_ROWS), and `places` maps events
 * to them. Rows that are there stay as they were kept: no event is taken in twice.
 *
 * A call between its entry and its return is in `open`, and has a bar (bars.c),
 * which a return that turns out not to have blocked takes back. Which lanes a row
 * is about follows from its conversation.
 */
#include "bars.h"
#include "fins.h"
#include "fold.h"
#include "lanes.h"

/* A call that lasted longer was waiting, whatever came in between
 * (shared/SOCKET-CALLS.md: a traced call that does not block costs 15 to 60 us). */
#define BLOCKED_NS (1000 * 1000)

typedef struct {
	guint32 event; /* of its entry */
	guint32 row;
	guint32 bar;
} OpenCall;

/* Where an event is: a row, or EVENT_NONE. */
typedef struct {
	guint32 event;
	guint32 row;
} Place;

/* A row as it is kept: 40 bytes. */
typedef struct {
	guint32 conversation : 24; /* whose lanes; CONVERSATION_NONE: none's */
	guint32 kind : 8;	   /* LadderRowKind */
	guint32 event;
	gint64 time_ns;
	LadderCell cell[2]; /* without bars */
} Row;

typedef enum { EACH_EVENT, EVENT_LIST, WHOLE_ROWS } Keeping;

struct _Ladder {
	const Trace *trace;
	Selection selection;
	Lanes *lanes; /* NULL: client and server */
	Keeping keeping; /* of the next row */
	guint32 taken;	 /* events of the trace looked at */
	guint32 goal;	 /* how many it had at the latest update */
	guint32 within, left_out; /* of those, in the selection; and held back by its filter */
	guint32 held_back[2];	  /* by Side: behind its last packet that was */
	guint32 each;	 /* EACH_EVENT: rows */
	GArray *list;	 /* EVENT_LIST: guint32, ascending; the rows after those */
	GArray *rows;	 /* WHOLE_ROWS: Row; the rows after those: counted from here below */
	GArray *places;	 /* WHOLE_ROWS: Place, ascending */
	GArray *open;	 /* OpenCall */
	BarIndex *bars;	 /* of the rows */
	gint64 latest_ns; /* time of the latest event of the selection */
	FoldIndex *folds; /* NULL: nothing folds */
	LadderLabels labels;
	FinIndex *fins; /* empty until it is asked for */
};

Ladder *
ladder_new(const Trace *trace, Selection selection)
{
	Ladder *ladder = g_new0(Ladder, 1);

	ladder->trace = trace;
	ladder->selection = selection;
	conversation_set_ref(selection.set);
	filter_ref(selection.filter);
	if (selection.set)
		ladder->lanes = lanes_new(trace, selection.set);
	ladder->list = g_array_new(FALSE, FALSE, sizeof(guint32));
	ladder->rows = g_array_new(FALSE, FALSE, sizeof(Row));
	ladder->places = g_array_new(FALSE, FALSE, sizeof(Place));
	ladder->open = g_array_new(FALSE, FALSE, sizeof(OpenCall));
	ladder->fins = fin_index_new();
	ladder->bars = bar_index_new();
	if (selection.fold)
		ladder->folds = fold_index_new();
	return ladder;
}

void
ladder_free(Ladder *ladder)
{
	if (!ladder)
		return;
	g_array_unref(ladder->list);
	g_array_unref(ladder->rows);
	g_array_unref(ladder->places);
	g_array_unref(ladder->open);
	bar_index_free(ladder->bars);
	lanes_free(ladder->lanes);
	fold_index_free(ladder->folds);
	endpoint_names_unref(ladder->labels.names);
	fin_index_free(ladder->fins);
	conversation_set_unref(ladder->selection.set);
	filter_unref(ladder->selection.filter);
	g_free(ladder);
}

static Row *
row_at(const Ladder *ladder, guint32 index)
{
	return &g_array_index(ladder->rows, Row, index);
}

static Row *
row_last(const Ladder *ladder)
{
	return ladder->rows->len > 0 ? row_at(ladder, ladder->rows->len - 1) : NULL;
}

/* Which conversation of the selection an event belongs to: that of a listening
 * socket's call the first one that it concerns. */
static guint32
conversation_of(const Ladder *ladder, const Event *event)
{
	const ConversationSet *set = ladder->selection.set;

	if (event->kind != EVENT_CALL || conversation_set_has(set, event->conversation))
		return event->conversation;
	for (guint i = 0; i < conversation_set_length(set); i++) {
		guint32 index = conversation_set_get(set, i);

		if (trace_event_in(ladder->trace, event, index))
			return index;
	}
	return event->conversation;
}

static void
lanes_find(const Ladder *ladder, guint32 conversation, guint32 lane[2])
{
	if (ladder->lanes) {
		lanes_of(ladder->lanes, conversation, lane);
	} else {
		lane[SIDE_CLIENT] = 0;
		lane[SIDE_SERVER] = 1;
	}
}

static guint32
lane_find(const Ladder *ladder, guint32 conversation, Side side)
{
	guint32 lane[2];

	lanes_find(ladder, conversation, lane);
	return lane[side];
}

static Row *
row_add(Ladder *ladder, LadderRowKind kind, guint32 index)
{
	const Event *event = trace_event(ladder->trace, index);
	Row row = { .kind = kind,
		    .conversation = conversation_of(ladder, event),
		    .event = index,
		    .time_ns = event->time_ns,
		    .cell = { { EVENT_NONE, EVENT_NONE }, { EVENT_NONE, EVENT_NONE } } };

	g_array_append_val(ladder->rows, row);
	bar_index_add_row(ladder->bars);
	return row_last(ladder);
}

/* Events and places begin with a guint32. */
static int
event_compare(gconstpointer a, gconstpointer b)
{
	guint32 one = *(const guint32 *)a, two = *(const guint32 *)b;

	return one < two ? -1 : one > two;
}

static Place *
place_find(const Ladder *ladder, guint32 event)
{
	guint found;

	if (!g_array_binary_search(ladder->places, &event, event_compare, &found))
		return NULL;
	return &g_array_index(ladder->places, Place, found);
}

static void
event_place(Ladder *ladder, guint32 event, guint32 row)
{
	Place place = { event, row };

	g_array_append_val(ladder->places, place);
}

/* Calls that make their side send: a segment that follows at once is theirs. */
static gboolean
call_sends(CallName name)
{
	switch (name) {
	case CALL_CONNECT:
	case CALL_SEND:
	case CALL_SENDTO:
	case CALL_SENDMSG:
	case CALL_SENDMMSG:
	case CALL_WRITE:
	case CALL_WRITEV:
	case CALL_SENDFILE:
	case CALL_SPLICE:
	case CALL_SHUTDOWN:
	case CALL_CLOSE:
	case CALL_EXIT:
		return TRUE;
	default:
		return FALSE;
	}
}

/* The last row, where it is a call's entry that has just caused this packet. */
static Row *
row_of_cause(Ladder *ladder, const Event *packet)
{
	Row *row = row_last(ladder);
	const LadderCell *cell;
	const CallRecord *call;

	if (!row || row->kind != ROW_CALLS)
		return NULL;
	cell = &row->cell[packet->from];
	/* What it caused may be what the filter has left out. */
	if (cell->entry == EVENT_NONE || cell->result != EVENT_NONE ||
	    ladder->held_back[packet->from] > cell->entry ||
	    row->cell[!packet->from].entry != EVENT_NONE ||
	    row->cell[!packet->from].result != EVENT_NONE)
		return NULL;
	if (lane_find(ladder, row->conversation, packet->from) !=
	    lane_find(ladder, packet->conversation, packet->from))
		return NULL;
	call = trace_call(ladder->trace, trace_event(ladder->trace, cell->entry));
	return call_sends(call->name) ? row : NULL;
}

static void
row_make_arrow(Row *row, guint32 index, const Event *event)
{
	row->kind = ROW_ARROW;
	row->conversation = event->conversation;
	row->event = index;
	row->time_ns = event->time_ns;
	if (event->state_changed & 1 << SIDE_CLIENT)
		row->cell[SIDE_CLIENT].state = event->state;
	if (event->state_changed & 1 << SIDE_SERVER)
		row->cell[SIDE_SERVER].state = event->state_server;
}

static void
packet_take(Ladder *ladder, guint32 index, const Event *event)
{
	Row *row;

	if (event->conversation == CONVERSATION_NONE) {
		row_add(ladder, ROW_NOTE, index);
		event_place(ladder, index, ladder->rows->len - 1);
		return;
	}
	row = row_of_cause(ladder, event);
	if (!row)
		row = row_add(ladder, ROW_ARROW, index);
	row_make_arrow(row, index, event);
	event_place(ladder, index, ladder->rows->len - 1);
}

static void
entry_take(Ladder *ladder, guint32 index, const Event *event)
{
	Row *row = row_add(ladder, ROW_CALLS, index);
	OpenCall call = { .event = index, .row = ladder->rows->len - 1 };

	row->cell[event->from].entry = index;
	event_place(ladder, index, call.row);
	/* The end of a process is a moment, not a wait. */
	if (trace_call(ladder->trace, event)->name == CALL_EXIT)
		return;
	call.bar = bar_index_begin(ladder->bars, lane_find(ladder, row->conversation, event->from));
	g_array_append_val(ladder->open, call);
}

/* Takes the call whose entry is `entry` out of those that are open. */
static gboolean
open_take(Ladder *ladder, guint32 entry, OpenCall *call)
{
	for (guint i = ladder->open->len; i > 0; i--) {
		*call = g_array_index(ladder->open, OpenCall, i - 1);
		if (call->event != entry)
			continue;
		g_array_remove_index(ladder->open, i - 1);
		return TRUE;
	}
	return FALSE;
}

/* Whether the packet on this row can have kept or woken the call: it belongs
 * to the same conversation, as that is known by the call's return. */
static gboolean
row_concerns(const Ladder *ladder, const Row *row, const Event *call)
{
	return row->kind == ROW_ARROW && call->conversation != CONVERSATION_NONE &&
	       trace_event(ladder->trace, row->event)->conversation == call->conversation;
}

static gboolean
call_blocked(const Ladder *ladder, const OpenCall *call, const Event *result)
{
	const Event *entry = trace_event(ladder->trace, call->event);

	if (result->time_ns - entry->time_ns > BLOCKED_NS)
		return TRUE;
	for (guint32 i = call->row; i < ladder->rows->len; i++) {
		if (row_concerns(ladder, row_at(ladder, i), result))
			return TRUE;
	}
	return FALSE;
}

/* A wait that found something at once says nothing: its row goes again. */
static gboolean
wait_forget(Ladder *ladder, const OpenCall *call, const CallRecord *record)
{
	if (!call_is_wait(record->name) || call->row != ladder->rows->len - 1)
		return FALSE;
	place_find(ladder, call->event)->row = EVENT_NONE;
	g_array_set_size(ladder->rows, call->row);
	bar_index_cut_rows(ladder->bars, call->row);
	return TRUE;
}

/* The row on which a blocked call's return stands: the last one where it is
 * an arrow of its conversation with nothing beside it on that side, or its own
 * entry's; else a new one. */
static guint32
row_of_result(Ladder *ladder, const OpenCall *call, guint32 index, const Event *event)
{
	guint32 last = ladder->rows->len - 1;
	const LadderCell *cell = &row_last(ladder)->cell[event->from];

	if (call->row == last)
		return last;
	if (cell->entry == EVENT_NONE && cell->result == EVENT_NONE &&
	    row_concerns(ladder, row_last(ladder), event))
		return last;
	row_add(ladder, ROW_CALLS, index);
	return last + 1;
}

static void
result_put(Ladder *ladder, guint32 row, guint32 index, const Event *event)
{
	LadderCell *cell = &row_at(ladder, row)->cell[event->from];

	cell->result = index;
	if (event->state_changed & 1 << event->from)
		cell->state = event->from == SIDE_CLIENT ? event->state : event->state_server;
	event_place(ladder, index, row);
}

static void
return_take(Ladder *ladder, guint32 index, const Event *event)
{
	const CallRecord *record = trace_call(ladder->trace, event);
	guint32 entry = trace_call_entry(ladder->trace, event);
	OpenCall call;
	guint32 row;

	if (record->name == CALL_EXIT)
		return;
	if (entry == EVENT_NONE || !open_take(ladder, entry, &call)) {
		row_add(ladder, ROW_CALLS, index);
		result_put(ladder, ladder->rows->len - 1, index, event);
		return;
	}
	/* Where it did not block, its bar is taken back, and the result stands beside the entry. */
	row = call.row;
	if (call_blocked(ladder, &call, event))
		row = row_of_result(ladder, &call, index, event);
	else if (wait_forget(ladder, &call, record))
		row = EVENT_NONE;
	bar_index_end(ladder->bars, call.bar, row == EVENT_NONE ? call.row : row);
	if (row != EVENT_NONE)
		result_put(ladder, row, index, event);
}

/* Into whole rows. */
static void
event_take(Ladder *ladder, guint32 index, const Event *event)
{
	switch ((EventKind)event->kind) {
	case EVENT_PACKET:
		packet_take(ladder, index, event);
		break;
	case EVENT_CALL:
		if (trace_call(ladder->trace, event)->phase == CALL_ENTRY)
			entry_take(ladder, index, event);
		else
			return_take(ladder, index, event);
		break;
	case EVENT_DROPS:
	case EVENT_NOTE:
		row_add(ladder, ROW_NOTE, index);
		event_place(ladder, index, ladder->rows->len - 1);
	}
}

static void
event_add(Ladder *ladder, guint32 index)
{
	const Event *event = trace_event(ladder->trace, index);
	const Filter *filter = ladder->selection.filter;
	gboolean within = selection_within(&ladder->selection, ladder->trace, index);
	gboolean in_view = within && (!filter || filter_match(filter, ladder->trace, index));

	if (in_view && event->kind == EVENT_CALL)
		ladder->keeping = WHOLE_ROWS;
	else if (!in_view && ladder->keeping == EACH_EVENT)
		ladder->keeping = EVENT_LIST;
	if (in_view && ladder->keeping == WHOLE_ROWS)
		event_take(ladder, index, event);
	else if (in_view && ladder->keeping == EVENT_LIST)
		g_array_append_val(ladder->list, index);
	else if (in_view)
		ladder->each++;
	if (!within)
		return;
	ladder->latest_ns = MAX(ladder->latest_ns, event->time_ns);
	ladder->within++;
	ladder->left_out += !in_view;
	if (!in_view && event->kind == EVENT_PACKET)
		ladder->held_back[event->from] = index + 1;
}

/* Rows that are one event each: the whole ones come after them. */
static guint32
plain_length(const Ladder *ladder)
{
	return ladder->each + ladder->list->len;
}

guint32
ladder_unfolded_length(const Ladder *ladder)
{
	return plain_length(ladder) + ladder->rows->len;
}

static guint32
unfolded_final(const Ladder *ladder)
{
	guint32 length = ladder_unfolded_length(ladder), final = length > 0 ? length - 1 : 0;

	for (guint i = 0; i < ladder->open->len; i++) {
		const OpenCall *call = &g_array_index(ladder->open, OpenCall, i);
		gint64 entry_ns = trace_event(ladder->trace, call->event)->time_ns;

		if (ladder->latest_ns - entry_ns <= BLOCKED_NS)
			final = MIN(final, plain_length(ladder) + call->row);
	}
	return final;
}

/* A row that is nothing but one event. */
static Row
row_of_event(const Ladder *ladder, guint32 index)
{
	const Event *event = trace_event(ladder->trace, index);
	Row row = { .kind = ROW_NOTE,
		    .conversation = CONVERSATION_NONE,
		    .event = index,
		    .time_ns = event->time_ns,
		    .cell = { { EVENT_NONE, EVENT_NONE }, { EVENT_NONE, EVENT_NONE } } };

	if (event->kind == EVENT_PACKET && event->conversation != CONVERSATION_NONE)
		row_make_arrow(&row, index, event);
	return row;
}

static Row
row_get(const Ladder *ladder, guint32 index)
{
	if (index < ladder->each)
		return row_of_event(ladder, index);
	if (index < plain_length(ladder))
		return row_of_event(ladder,
				    g_array_index(ladder->list, guint32, index - ladder->each));
	return *row_at(ladder, index - plain_length(ladder));
}

static void
row_send(LadderRow *row, Side from)
{
	row->from = from;
	row->to_right = row->lane[from] < row->lane[!from];
}

static void
cell_add_bar(guint32 lane, guint8 part, gpointer data)
{
	LadderRow *row = data;

	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		if (row->lane[side] == lane)
			row->cell[side].bar |= part;
	}
}

LadderRow
ladder_unfolded_row(const Ladder *ladder, guint32 index)
{
	Row kept;
	LadderRow row;

	g_assert(index < ladder_unfolded_length(ladder));
	kept = row_get(ladder, index);
	row = (LadderRow){ .kind = kept.kind,
			   .event = kept.event,
			   .time_ns = kept.time_ns,
			   .cell = { kept.cell[0], kept.cell[1] } };
	lanes_find(ladder, kept.conversation, row.lane);
	if (row.kind == ROW_ARROW)
		row_send(&row, trace_event(ladder->trace, row.event)->from);
	if (index >= plain_length(ladder))
		bar_index_row(ladder->bars, index - plain_length(ladder), cell_add_bar, &row);
	return row;
}

static int
bar_compare(gconstpointer a, gconstpointer b)
{
	const LadderBar *one = a, *other = b;

	return one->lane < other->lane ? -1 : one->lane > other->lane;
}

static void
bars_add(guint32 lane, guint8 part, gpointer data)
{
	LadderBar bar = { lane, part };

	g_array_append_val((GArray *)data, bar);
}

GArray *
ladder_bars(const Ladder *ladder, guint32 index)
{
	GArray *bars = g_array_new(FALSE, FALSE, sizeof(LadderBar));
	guint32 row = ladder_unfolded_index(ladder, index, FALSE);
	guint n = 0;

	if (row < plain_length(ladder))
		return bars;
	bar_index_row(ladder->bars, row - plain_length(ladder), bars_add, bars);
	g_array_sort(bars, bar_compare);
	for (guint i = 0; i < bars->len; i++) {
		LadderBar *last = n > 0 ? &g_array_index(bars, LadderBar, n - 1) : NULL;
		LadderBar bar = g_array_index(bars, LadderBar, i);

		if (last && last->lane == bar.lane)
			last->part |= bar.part;
		else
			g_array_index(bars, LadderBar, n++) = bar;
	}
	g_array_set_size(bars, n);
	return bars;
}

/* A wait that is forgotten gives back the row before it, too. */
static void
folds_update(Ladder *ladder)
{
	guint32 final = unfolded_final(ladder);

	if (ladder->keeping == WHOLE_ROWS)
		final -= MIN(final, 1);
	while (fold_index_taken(ladder->folds) < final) {
		LadderRow row = ladder_unfolded_row(ladder, fold_index_taken(ladder->folds));

		fold_index_take(ladder->folds, ladder->trace, &row);
	}
}

/* To the next event that may be in view; FALSE where that is the one it has come to. */
static gboolean
skip(Ladder *ladder, guint32 first, guint32 end)
{
	guint32 next;

	if (ladder->taken >= first && ladder->taken < end)
		return FALSE;
	next = trace_next_other(ladder->trace, ladder->taken);
	if (ladder->taken < first)
		next = MIN(next, first);
	if (next == ladder->taken)
		return FALSE;
	ladder->taken = next;
	if (ladder->keeping == EACH_EVENT)
		ladder->keeping = EVENT_LIST;
	return TRUE;
}

gboolean
ladder_update_slice(Ladder *ladder, guint n_events)
{
	guint32 first, end;

	ladder->goal = trace_length(ladder->trace);
	selection_span(&ladder->selection, ladder->trace, &first, &end);
	for (guint i = 0; i < n_events && ladder->taken < ladder->goal; i++) {
		if (skip(ladder, first, end))
			continue;
		event_add(ladder, ladder->taken++);
		if (ladder->folds)
			folds_update(ladder);
	}
	return !ladder_is_whole(ladder);
}

void
ladder_update(Ladder *ladder)
{
	while (ladder_update_slice(ladder, G_MAXUINT))
		;
}

gboolean
ladder_is_whole(const Ladder *ladder)
{
	return ladder->taken >= ladder->goal;
}

guint32
ladder_taken(const Ladder *ladder)
{
	return ladder->taken;
}

guint
ladder_progress(const Ladder *ladder)
{
	return ladder->goal > 0 ? (guint64)ladder->taken * 100 / ladder->goal : 100;
}

guint32
ladder_length(const Ladder *ladder)
{
	guint32 length = ladder_unfolded_length(ladder);

	return ladder->folds ? fold_index_length(ladder->folds, length) : length;
}

guint32
ladder_final_length(const Ladder *ladder)
{
	return ladder->folds ? fold_index_final(ladder->folds) : unfolded_final(ladder);
}

guint32
ladder_unfolded_index(const Ladder *ladder, guint32 row, gboolean last)
{
	const FoldRun *run = NULL;
	guint32 index = ladder->folds ? fold_index_row(ladder->folds, row, &run) : row;

	return run && last ? run->last : index;
}

LadderRow
ladder_row(const Ladder *ladder, guint32 index)
{
	const FoldRun *run = NULL;
	guint32 first = ladder->folds ? fold_index_row(ladder->folds, index, &run) : index;
	LadderRow row = ladder_unfolded_row(ladder, first);

	if (run) {
		row.kind = ROW_FOLD;
		row_send(&row, run->from);
	}
	return row;
}

LadderFold
ladder_fold(const Ladder *ladder, const LadderRow *row)
{
	const FoldRun *run = NULL;
	guint32 last;

	fold_index_row(ladder->folds, ladder_row_of(ladder, row->event), &run);
	g_assert(run);
	last = ladder_unfolded_row(ladder, run->last).event;
	return (LadderFold){ .first = row->event,
			     .last = last,
			     .segments = run->segments,
			     .acks = run->last - run->first + 1 - run->segments,
			     .bytes = run->bytes,
			     .duration_ns = (gint64)((guint64)trace_event(ladder->trace, last)->time_ns -
						     (guint64)row->time_ns) };
}

gboolean
ladder_fold_toggle(Ladder *ladder, guint32 row)
{
	g_assert(row < ladder_length(ladder));
	return ladder->folds &&
	       fold_index_toggle(ladder->folds, ladder_unfolded_index(ladder, row, FALSE));
}

void
ladder_keep_folds(Ladder *ladder, const Ladder *older)
{
	if (ladder->folds && older->folds)
		fold_index_keep(ladder->folds, older->folds);
}

void
ladder_set_labels(Ladder *ladder, const LadderLabels *labels)
{
	endpoint_names_ref(labels->names);
	endpoint_names_unref(ladder->labels.names);
	ladder->labels = *labels;
}

const LadderLabels *
ladder_labels(const Ladder *ladder)
{
	return &ladder->labels;
}

const FinIndex *
ladder_fins(const Ladder *ladder)
{
	fin_index_update(ladder->fins, ladder->trace);
	return ladder->fins;
}

guint
ladder_n_lanes(const Ladder *ladder)
{
	return ladder->lanes ? lanes_length(ladder->lanes) : 2;
}

gboolean
ladder_lane_is_server(const Ladder *ladder, guint lane)
{
	return ladder->lanes ? lanes_is_server(ladder->lanes, lane) : lane == SIDE_SERVER;
}

/* The first conversation in view names client and server. */
const Conversation *
ladder_lane_conversation(const Ladder *ladder, guint lane, Side *side)
{
	const FlowTable *flows = trace_flows(ladder->trace);
	guint32 index = ladder->selection.conversation;

	if (ladder->lanes)
		return lanes_conversation(ladder->lanes, lane, side);
	*side = lane;
	if (index == CONVERSATION_NONE)
		index = 0;
	return index < flow_table_length(flows) ? flow_table_get(flows, index) : NULL;
}

const Trace *
ladder_trace(const Ladder *ladder)
{
	return ladder->trace;
}

Selection
ladder_selection(const Ladder *ladder)
{
	return ladder->selection;
}

guint32
ladder_left_out(const Ladder *ladder, guint32 *of)
{
	*of = ladder->within;
	return ladder->left_out;
}

static guint32
unfolded_row_of(const Ladder *ladder, guint32 event)
{
	const Place *place;
	guint found;

	if (event < ladder->each)
		return event;
	if (g_array_binary_search(ladder->list, &event, event_compare, &found))
		return ladder->each + found;
	place = place_find(ladder, event);
	return place && place->row != EVENT_NONE ? plain_length(ladder) + place->row : EVENT_NONE;
}

guint32
ladder_row_of(const Ladder *ladder, guint32 event)
{
	guint32 row = unfolded_row_of(ladder, event);

	return row != EVENT_NONE && ladder->folds ? fold_index_visible(ladder->folds, row) : row;
}

static void
events_insert(guint32 *events, guint *n, guint32 event)
{
	guint at = *n;

	for (guint i = 0; i < *n; i++) {
		if (events[i] == event)
			return;
	}
	while (at > 0 && events[at - 1] > event) {
		events[at] = events[at - 1];
		at--;
	}
	events[at] = event;
	(*n)++;
}

guint
ladder_row_events(const LadderRow *row, guint32 events[LADDER_ROW_EVENTS])
{
	guint n = 0;

	events_insert(events, &n, row->event);
	for (int side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		if (row->cell[side].entry != EVENT_NONE)
			events_insert(events, &n, row->cell[side].entry);
		if (row->cell[side].result != EVENT_NONE)
			events_insert(events, &n, row->cell[side].result);
	}
	return n;
}
