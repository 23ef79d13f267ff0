/* Theory of operation: see ladder.h for what shares a row.
 *
 * Rows are kept in the least that tells them. As long as every event is in view
 * and none is a call, row n is event n and nothing is kept (EACH_EVENT); where
 * some are left out, a list of events is (EVENT_LIST): millions of packets cost
 * nothing or four bytes each. Calls share rows and draw bars, so from the first
 * call on rows are whole and kept (WHOLE_ROWS); what came before is taken in
 * again. `row_of` then maps events to rows.
 *
 * A call between its entry and its return is in `open`; every row that is
 * appended meanwhile counts one more bar on its side, so that a return that
 * turns out not to have blocked can take its bar back.
 */
#include "fins.h"
#include "fold.h"

/* A call that lasted longer was waiting, whatever came in between
 * (shared/SOCKET-CALLS.md: a traced call that does not block costs 15 to 60 us). */
#define BLOCKED_NS (1000 * 1000)

typedef struct {
	guint32 event; /* of its entry */
	guint32 row;
	guint8 side;
} OpenCall;

typedef enum { EACH_EVENT, EVENT_LIST, WHOLE_ROWS } Keeping;

struct _Ladder {
	const Trace *trace;
	Selection selection;
	guint n_others[2]; /* by Side */
	Keeping keeping;
	guint32 taken;	 /* events of the trace looked at */
	guint32 within, left_out; /* of those, in the selection; and held back by its filter */
	guint32 held_back[2];	  /* by Side: behind its last packet that was */
	GArray *list;	 /* EVENT_LIST: guint32, ascending */
	GArray *rows;	 /* WHOLE_ROWS: LadderRow */
	GArray *row_of;	 /* WHOLE_ROWS: guint32, by event */
	GArray *open;	 /* OpenCall */
	gint64 latest_ns; /* time of the latest event taken */
	FoldIndex *folds; /* NULL: nothing folds */
	LadderLabels labels;
	FinIndex *fins; /* empty until it is asked for */
};

static guint
endpoint_hash(gconstpointer endpoint)
{
	const guint8 *bytes = endpoint;
	guint hash = 5381;

	for (gsize i = 0; i < sizeof(Endpoint); i++)
		hash = hash * 33 + bytes[i];
	return hash;
}

static gboolean
endpoint_same(gconstpointer a, gconstpointer b)
{
	return endpoint_equal(a, b);
}

static guint
others_count(const Trace *trace, const ConversationSet *set, Side side)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(endpoint_hash, endpoint_same);

	for (guint i = 0; i < conversation_set_length(set); i++) {
		guint32 index = conversation_set_get(set, i);

		g_hash_table_add(
		    seen, (gpointer)&flow_table_get(trace_flows(trace), index)->endpoint[side]);
	}
	return g_hash_table_size(seen) - MIN(g_hash_table_size(seen), 1);
}

guint
ladder_n_others(const Ladder *ladder, Side side)
{
	return ladder->n_others[side];
}

Ladder *
ladder_new(const Trace *trace, Selection selection)
{
	Ladder *ladder = g_new0(Ladder, 1);

	ladder->trace = trace;
	ladder->selection = selection;
	conversation_set_ref(selection.set);
	filter_ref(selection.filter);
	for (Side side = SIDE_CLIENT; selection.set && side <= SIDE_SERVER; side++)
		ladder->n_others[side] = others_count(trace, selection.set, side);
	ladder->list = g_array_new(FALSE, FALSE, sizeof(guint32));
	ladder->rows = g_array_new(FALSE, FALSE, sizeof(LadderRow));
	ladder->row_of = g_array_new(FALSE, FALSE, sizeof(guint32));
	ladder->open = g_array_new(FALSE, FALSE, sizeof(OpenCall));
	ladder->fins = fin_index_new();
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
	g_array_unref(ladder->row_of);
	g_array_unref(ladder->open);
	fold_index_free(ladder->folds);
	endpoint_names_unref(ladder->labels.names);
	fin_index_free(ladder->fins);
	conversation_set_unref(ladder->selection.set);
	filter_unref(ladder->selection.filter);
	g_free(ladder);
}

static LadderRow *
row_at(const Ladder *ladder, guint32 index)
{
	return &g_array_index(ladder->rows, LadderRow, index);
}

static LadderRow *
row_last(const Ladder *ladder)
{
	return ladder->rows->len > 0 ? row_at(ladder, ladder->rows->len - 1) : NULL;
}

/* One bar more or less through a row; the flag follows the count. */
static void
cell_pass(LadderCell *cell, int change)
{
	cell->bars += change;
	if (cell->bars > 0)
		cell->bar |= LADDER_BAR_THROUGH;
	else
		cell->bar &= ~LADDER_BAR_THROUGH;
}

static LadderRow *
row_add(Ladder *ladder, LadderRowKind kind, guint32 event)
{
	LadderRow row = { .kind = kind,
			  .event = event,
			  .time_ns = trace_event(ladder->trace, event)->time_ns,
			  .cell = { { EVENT_NONE, EVENT_NONE }, { EVENT_NONE, EVENT_NONE } } };

	for (guint i = 0; i < ladder->open->len; i++) {
		const OpenCall *call = &g_array_index(ladder->open, OpenCall, i);

		cell_pass(&row.cell[call->side], +1);
		row_at(ladder, call->row)->cell[call->side].bar |= LADDER_BAR_START;
	}
	g_array_append_val(ladder->rows, row);
	return row_last(ladder);
}

static void
event_place(Ladder *ladder, guint32 event, guint32 row)
{
	g_array_index(ladder->row_of, guint32, event) = row;
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
static LadderRow *
row_of_cause(Ladder *ladder, const Event *packet)
{
	LadderRow *row = row_last(ladder);
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
	call = trace_call(ladder->trace, trace_event(ladder->trace, cell->entry));
	return call_sends(call->name) ? row : NULL;
}

static void
row_make_arrow(LadderRow *row, guint32 index, const Event *event)
{
	row->kind = ROW_ARROW;
	row->event = index;
	row->time_ns = event->time_ns;
	row->to_right = event->from == SIDE_CLIENT;
	if (event->state_changed & 1 << SIDE_CLIENT)
		row->cell[SIDE_CLIENT].state = event->state;
	if (event->state_changed & 1 << SIDE_SERVER)
		row->cell[SIDE_SERVER].state = event->state_server;
}

static void
packet_take(Ladder *ladder, guint32 index, const Event *event)
{
	LadderRow *row;

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
	LadderRow *row = row_add(ladder, ROW_CALLS, index);
	OpenCall call = { .event = index, .row = ladder->rows->len - 1, .side = event->from };

	row->cell[event->from].entry = index;
	event_place(ladder, index, call.row);
	/* The end of a process is a moment, not a wait. */
	if (trace_call(ladder->trace, event)->name != CALL_EXIT)
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
row_concerns(const Ladder *ladder, const LadderRow *row, const Event *call)
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

/* It did not block: its bar is taken back, and the result stands beside the entry. */
static void
bar_take_back(Ladder *ladder, const OpenCall *call)
{
	row_at(ladder, call->row)->cell[call->side].bar &= ~LADDER_BAR_START;
	for (guint32 i = call->row + 1; i < ladder->rows->len; i++)
		cell_pass(&row_at(ladder, i)->cell[call->side], -1);
}

/* A wait that found something at once says nothing: its row goes again. */
static gboolean
wait_forget(Ladder *ladder, const OpenCall *call, const CallRecord *record)
{
	if (!call_is_wait(record->name) || call->row != ladder->rows->len - 1)
		return FALSE;
	event_place(ladder, call->event, EVENT_NONE);
	g_array_set_size(ladder->rows, call->row);
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
	/* The new row counts the bars still open; this one ends in it. */
	cell_pass(&row_last(ladder)->cell[call->side], +1);
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
bar_end(Ladder *ladder, const OpenCall *call, guint32 row)
{
	LadderCell *cell = &row_at(ladder, row)->cell[call->side];

	if (row == call->row)
		return;
	row_at(ladder, call->row)->cell[call->side].bar |= LADDER_BAR_START;
	cell_pass(cell, -1);
	cell->bar |= LADDER_BAR_END;
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
	if (!call_blocked(ladder, &call, event)) {
		if (wait_forget(ladder, &call, record))
			return;
		bar_take_back(ladder, &call);
		result_put(ladder, call.row, index, event);
		return;
	}
	row = row_of_result(ladder, &call, index, event);
	bar_end(ladder, &call, row);
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

static void event_add(Ladder *ladder, guint32 index);

/* The first call: rows are whole from now on, those before it too. */
static void
keep_whole_rows(Ladder *ladder, guint32 until)
{
	ladder->keeping = WHOLE_ROWS;
	ladder->within = ladder->left_out = 0;
	ladder->held_back[SIDE_CLIENT] = ladder->held_back[SIDE_SERVER] = 0;
	for (guint32 i = 0; i < until; i++)
		event_add(ladder, i);
	g_array_set_size(ladder->list, 0);
}

/* The first event that is left out: the rows before it are one event each. */
static void
keep_list(Ladder *ladder, guint32 until)
{
	ladder->keeping = EVENT_LIST;
	for (guint32 i = 0; i < until; i++)
		g_array_append_val(ladder->list, i);
}

static void
event_add(Ladder *ladder, guint32 index)
{
	const Event *event = trace_event(ladder->trace, index);
	const Filter *filter = ladder->selection.filter;
	gboolean within = selection_within(&ladder->selection, ladder->trace, index);
	gboolean in_view = within && (!filter || filter_match(filter, ladder->trace, index));
	guint32 nowhere = EVENT_NONE;

	ladder->latest_ns = MAX(ladder->latest_ns, event->time_ns);
	if (in_view && event->kind == EVENT_CALL && ladder->keeping != WHOLE_ROWS)
		keep_whole_rows(ladder, index);
	else if (!in_view && ladder->keeping == EACH_EVENT)
		keep_list(ladder, index);
	if (ladder->keeping == WHOLE_ROWS)
		g_array_append_val(ladder->row_of, nowhere);
	else if (ladder->keeping == EVENT_LIST && in_view)
		g_array_append_val(ladder->list, index);
	if (ladder->keeping == WHOLE_ROWS && in_view)
		event_take(ladder, index, event);
	ladder->within += within;
	ladder->left_out += within && !in_view;
	if (within && !in_view && event->kind == EVENT_PACKET)
		ladder->held_back[event->from] = index + 1;
}

guint32
ladder_unfolded_length(const Ladder *ladder)
{
	switch (ladder->keeping) {
	case EACH_EVENT:
		return ladder->taken;
	case EVENT_LIST:
		return ladder->list->len;
	case WHOLE_ROWS:
		break;
	}
	return ladder->rows->len;
}

static guint32
unfolded_final(const Ladder *ladder)
{
	guint32 length = ladder_unfolded_length(ladder), final = length > 0 ? length - 1 : 0;

	for (guint i = 0; i < ladder->open->len; i++) {
		const OpenCall *call = &g_array_index(ladder->open, OpenCall, i);
		gint64 entry_ns = trace_event(ladder->trace, call->event)->time_ns;

		if (ladder->latest_ns - entry_ns <= BLOCKED_NS)
			final = MIN(final, call->row);
	}
	return final;
}

/* A row that is nothing but one event. */
static LadderRow
row_of_event(const Ladder *ladder, guint32 index)
{
	const Event *event = trace_event(ladder->trace, index);
	LadderRow row = { .kind = ROW_NOTE,
			  .event = index,
			  .time_ns = event->time_ns,
			  .cell = { { EVENT_NONE, EVENT_NONE }, { EVENT_NONE, EVENT_NONE } } };

	if (event->kind == EVENT_PACKET && event->conversation != CONVERSATION_NONE)
		row_make_arrow(&row, index, event);
	return row;
}

LadderRow
ladder_unfolded_row(const Ladder *ladder, guint32 index)
{
	g_assert(index < ladder_unfolded_length(ladder));
	switch (ladder->keeping) {
	case EACH_EVENT:
		return row_of_event(ladder, index);
	case EVENT_LIST:
		return row_of_event(ladder, g_array_index(ladder->list, guint32, index));
	case WHOLE_ROWS:
		break;
	}
	return *row_at(ladder, index);
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

void
ladder_update(Ladder *ladder)
{
	while (ladder->taken < trace_length(ladder->trace)) {
		event_add(ladder, ladder->taken++);
		if (ladder->folds)
			folds_update(ladder);
	}
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
		row.to_right = run->to_right;
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

static int
event_compare(gconstpointer a, gconstpointer b)
{
	guint32 one = *(const guint32 *)a, two = *(const guint32 *)b;

	return one < two ? -1 : one > two;
}

static guint32
unfolded_row_of(const Ladder *ladder, guint32 event)
{
	guint found;

	if (event >= ladder->taken)
		return EVENT_NONE;
	switch (ladder->keeping) {
	case EACH_EVENT:
		return event;
	case EVENT_LIST:
		return g_array_binary_search(ladder->list, &event, event_compare, &found) ? found
											  : EVENT_NONE;
	case WHOLE_ROWS:
		break;
	}
	return g_array_index(ladder->row_of, guint32, event);
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
