/* SPDX-License-Identifier: MIT */
/* Theory of operation. Rows are kept in the least that tells them. As long as every event is in
 * view and none is a call, row n is event n and nothing is kept (EACH_EVENT); from where some are
 * left out, a list of events is (EVENT_LIST): millions of packets cost nothing or four bytes each.
 * Calls share rows and draw bars, so from the first call on rows are whole and kept (WHOLE_ROWS,
 * call_rows.c). Rows that are there stay as they were kept: no event is taken in twice. Which lanes
 * a row is about follows from its conversation. */
#include "ladder_private.h"

#include <string.h>

#include "pktladder/sorted.h"
#include "pktladder/timestamp.h"

/* How the next row is kept. */
typedef enum { EACH_EVENT, EVENT_LIST, WHOLE_ROWS } Keeping;

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
	ladder->whole = call_rows_new(trace, selection.set, ladder->lanes);
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
	call_rows_free(ladder->whole);
	g_clear_pointer(&ladder->lanes, lanes_free);
	g_clear_pointer(&ladder->folds, fold_index_free);
	g_clear_pointer(&ladder->labels.names, g_hash_table_unref);
	conversation_set_unref(ladder->selection.set);
	filter_unref(ladder->selection.filter);
	g_free(ladder);
}

/* Lanes of more than two programs are known with their first call, before which nothing else comes
 * of them. */
static void
programs_take(Ladder *ladder, const Event *event)
{
	if (!ladder->lanes && event->kind == EVENT_CALL && trace_n_programs(ladder->trace) > 2 &&
	    ladder->selection.conversation == CONVERSATION_NONE)
		ladder->whole->lanes = ladder->lanes = lanes_new_programs(ladder->trace);
	if (ladder->lanes && !ladder->lanes->set && event->kind == EVENT_PACKET &&
	    event->conversation != CONVERSATION_NONE)
		lanes_take(ladder->lanes, event->conversation);
}

gboolean
ladder_hides_setup(const Ladder *ladder)
{
	return ladder->selection.setup == SETUP_HIDDEN ||
	       (ladder->selection.setup == SETUP_BY_LANES && ladder_n_lanes(ladder) > 2);
}

/* Whether the event is a call that only sets a socket up, and is left out: with the socket() that
 * came to nothing. */
static gboolean
setup_hide(Ladder *ladder, const Event *event)
{
	if (event->kind != EVENT_CALL || !ladder_hides_setup(ladder) ||
	    !trace_call_sets_up(ladder->trace, event))
		return FALSE;
	call_rows_unmake(ladder->whole, trace_call(ladder->trace, event));
	return TRUE;
}

static void
event_add(Ladder *ladder, guint32 index)
{
	const Event *event = trace_event(ladder->trace, index);
	const Filter *filter = ladder->selection.filter;

	programs_take(ladder, event);
	ladder->whole->hides_idle = ladder_hides_setup(ladder);
	gboolean within = selection_within(&ladder->selection, ladder->trace, index) &&
			  !setup_hide(ladder, event);
	gboolean in_view = within && (!filter || filter_match(filter, ladder->trace, index));
	if (in_view && event->kind == EVENT_CALL)
		ladder->keeping = WHOLE_ROWS;
	else if (!in_view && ladder->keeping == EACH_EVENT)
		ladder->keeping = EVENT_LIST;
	if (in_view && ladder->keeping == WHOLE_ROWS)
		call_rows_take(ladder->whole, index, event);
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
		ladder->whole->held_back[event->from] = index + 1;
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
	return plain_length(ladder) + ladder->whole->kept->len;
}

static guint32
unfolded_final(const Ladder *ladder)
{
	guint32 length = ladder_unfolded_length(ladder), final = length > 0 ? length - 1 : 0;

	return MIN(final,
		   plain_length(ladder) + call_rows_changing(ladder->whole, ladder->latest_ns));
}

static void
row_send(LadderRow *row, Side from)
{
	row->from = from;
	row->to_right = row->lane[from] < row->lane[!from];
}

/* A row by its place without folds; cell[].bar is left NONE. */
static LadderRow
row_without_bars(const Ladder *ladder, guint32 index)
{
	guint32 plain = plain_length(ladder), event;
	Row kept;

	if (index >= plain) {
		kept = g_array_index(ladder->whole->kept, Row, index - plain);
	} else {
		event = index < ladder->each
			    ? index
			    : g_array_index(ladder->list, guint32, index - ladder->each);
		kept = row_of_event(event, trace_event(ladder->trace, event));
	}
	LadderRow row = { .kind = kept.kind,
			  .event = kept.event,
			  .time_ns = kept.time_ns,
			  .cell = { kept.cell[0], kept.cell[1] } };

	lanes_of_row(ladder->lanes, kept.conversation, trace_event(ladder->trace, kept.event),
		     row.lane);
	if (row.kind == ROW_ARROW)
		row_send(&row, trace_event(ladder->trace, row.event)->from);
	return row;
}

static guint8
bar_part(const Ladder *ladder, guint32 index, guint32 lane)
{
	return bar_index_part(ladder->whole->bars, lane, index - plain_length(ladder),
			      ladder->whole->kept->len);
}

LadderRow
ladder_unfolded_row(const Ladder *ladder, guint32 index)
{
	guint32 plain = plain_length(ladder);

	g_assert(index < ladder_unfolded_length(ladder));
	LadderRow row = row_without_bars(ladder, index);
	for (Side side = SIDE_CLIENT; index >= plain && side <= SIDE_SERVER; side++)
		row.cell[side].bar = bar_part(ladder, index, row.lane[side]);
	return row;
}

GArray *
ladder_bars(const Ladder *ladder, guint32 index, const LadderRow *row, guint32 first, guint32 end)
{
	GArray *bars = g_array_new(FALSE, FALSE, sizeof(LadderBar));
	guint32 at = ladder_unfolded_index(ladder, index, FALSE);

	for (guint32 lane = first; at >= plain_length(ladder) && lane < end; lane++) {
		LadderBar bar = { lane, lane == row->lane[0]   ? row->cell[0].bar
					: lane == row->lane[1] ? row->cell[1].bar
							       : bar_part(ladder, at, lane) };

		if (bar.part != LADDER_BAR_NONE)
			g_array_append_val(bars, bar);
	}
	return bars;
}

/* Rows with calls do not fold, but those before them. */
static guint32
row_of_whole(const Ladder *ladder, guint32 whole)
{
	guint32 row = plain_length(ladder) + whole;

	return ladder->folds ? fold_index_visible(ladder->folds, row) : row;
}

GArray *
ladder_spans(const Ladder *ladder)
{
	GArray *spans = bar_index_spans(ladder->whole->bars, ladder->whole->kept->len);

	for (guint i = 0; i < spans->len; i++) {
		LadderSpan *span = &g_array_index(spans, LadderSpan, i);

		span->first = row_of_whole(ladder, span->first);
		if (span->last != EVENT_NONE)
			span->last = row_of_whole(ladder, span->last);
	}
	return spans;
}

/* Folds what has become final. A wait that is forgotten gives back the row before it, too. */
static void
folds_update(Ladder *ladder)
{
	guint32 final = unfolded_final(ladder);

	if (ladder->keeping == WHOLE_ROWS)
		final -= MIN(final, 1);
	while (ladder->folds->taken < final) {
		LadderRow row = row_without_bars(ladder, ladder->folds->taken);

		fold_index_take(ladder->folds, ladder->trace, &row);
	}
}

gboolean
ladder_update_slice(Ladder *ladder, guint n_events)
{
	guint32 first, end;

	ladder->goal = trace_length(ladder->trace);
	selection_span(&ladder->selection, ladder->trace, &first, &end);
	for (guint i = 0; i < n_events && ladder->taken < ladder->goal; i++) {
		/* Where no packet can be in view, to the next event that is none. */
		if (ladder->taken < first || ladder->taken >= end) {
			guint32 next = trace_next_other(ladder->trace, ladder->taken);

			if (ladder->taken < first)
				next = MIN(next, first);
			if (next > ladder->taken) {
				ladder->taken = next;
				ladder->keeping = MAX(ladder->keeping, EVENT_LIST);
				continue;
			}
		}
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

guint
ladder_progress(const Ladder *ladder)
{
	return ladder->goal > 0 ? (guint64)ladder->taken * 100 / ladder->goal : 100;
}

guint32
ladder_length(const Ladder *ladder)
{
	guint32 length = ladder_unfolded_length(ladder);

	return ladder->folds ? fold_index_visible(ladder->folds, length) : length;
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

	fold_index_row(ladder->folds, ladder_row_of(ladder, row->event), &run);
	g_assert(run);
	guint32 last = ladder_unfolded_row(ladder, run->last).event;
	return (LadderFold){ .first = row->event,
			     .last = last,
			     .segments = run->segments,
			     .acks = run->last - run->first + 1 - run->segments,
			     .bytes = run->bytes,
			     .duration_ns = timestamp_between(
				 row->time_ns, trace_event(ladder->trace, last)->time_ns) };
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
	if (labels->names)
		g_hash_table_ref(labels->names);
	g_clear_pointer(&ladder->labels.names, g_hash_table_unref);
	ladder->labels = *labels;
}

guint
ladder_n_lanes(const Ladder *ladder)
{
	return ladder->lanes ? ladder->lanes->lanes->len : 2;
}

gboolean
ladder_lane_is_server(const Ladder *ladder, guint lane)
{
	return ladder->lanes ? g_array_index(ladder->lanes->lanes, Lane, lane).server
			     : lane == SIDE_SERVER;
}

/* The conversation of the first of some rows that has one: those up from `row`, else those down
 * from the first. */
guint32
ladder_conversation_at(const Ladder *ladder, guint32 row)
{
	gboolean down = row == EVENT_NONE;
	guint32 length = ladder_length(ladder), at = down ? 0 : row;

	if (ladder->selection.conversation != CONVERSATION_NONE)
		return ladder->selection.conversation;
	for (guint n = 0; n < LADDER_CONVERSATION_NEAR && at < length; n++, at += down ? 1 : -1) {
		guint32 event = ladder_row(ladder, at).event;
		guint32 index = trace_event(ladder->trace, event)->conversation;

		if (index != CONVERSATION_NONE)
			return index;
	}
	return down ? CONVERSATION_NONE : ladder_conversation_at(ladder, EVENT_NONE);
}

guint32
ladder_conversation_shown(const Ladder *ladder, guint32 conversation)
{
	const Selection *selection = &ladder->selection;

	/* The first conversation's labels do not change when a second one comes. */
	return selection->conversation == CONVERSATION_NONE &&
		       (conversation > 0 || conversation_set_length(selection->set) > 1)
		   ? conversation
		   : CONVERSATION_NONE;
}

const Conversation *
ladder_lane_conversation(const Ladder *ladder, guint32 row, guint lane, Side *side)
{
	const FlowTable *flows = trace_flows(ladder->trace);
	if (ladder->lanes && !ladder->lanes->set) {
		*side = SIDE_CLIENT;
		return NULL;
	}
	const Lane *on = ladder->lanes ? &g_array_index(ladder->lanes->lanes, Lane, lane) : NULL;
	guint32 index = on ? on->conversation : ladder_conversation_at(ladder, row);

	*side = on ? on->side : lane;
	if (index == CONVERSATION_NONE)
		index = 0;
	return index < flow_table_length(flows) ? flow_table_get(flows, index) : NULL;
}

guint32
ladder_row_of(const Ladder *ladder, guint32 event)
{
	const GArray *list = ladder->list;
	guint at = sorted_before(list->data, list->len, sizeof event, 0, event);
	guint32 row;

	if (event < ladder->each) {
		row = event;
	} else if (at < list->len && g_array_index(list, guint32, at) == event) {
		row = ladder->each + at;
	} else {
		row = call_rows_find(ladder->whole, event);
		row = row != EVENT_NONE ? plain_length(ladder) + row : EVENT_NONE;
	}
	return row != EVENT_NONE && ladder->folds ? fold_index_visible(ladder->folds, row) : row;
}

guint
ladder_row_events(const LadderRow *row, guint32 events[LADDER_ROW_EVENTS])
{
	const LadderCell *cell = row->cell;
	const guint32 all[LADDER_ROW_EVENTS] = { row->event, cell[0].entry, cell[0].result,
						 cell[1].entry, cell[1].result };
	guint n = 0;

	for (guint i = 0; i < LADDER_ROW_EVENTS; i++) {
		guint at = n;

		while (at > 0 && events[at - 1] > all[i])
			at--;
		if (all[i] == EVENT_NONE || (at > 0 && events[at - 1] == all[i]))
			continue;
		memmove(events + at + 1, events + at, (n++ - at) * sizeof *events);
		events[at] = all[i];
	}
	return n;
}
