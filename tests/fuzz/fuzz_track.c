/* SPDX-License-Identifier: MIT */
/* Any sequence of segments and calls through flow, track, trace and ladder:
 * relations point backwards, states are RFC 9293's, every row has its labels,
 * a ladder fed piece by piece, or in slices, ends as one that is fed at once, so
 * does that of a set of conversations, with its lanes, bars and picture, and folds
 * open and close where they are.
 */
#include <string.h>

#include "events.h"
#include "fuzz.h"
#include "pktladder/scene.h"
#include "pktladder/text.h"

static void
event_check(const Trace *trace, guint32 index)
{
	const Event *event = trace_event(trace, index);

	g_assert_cmpuint(event->state, <, N_TCP_STATES);
	g_assert_cmpuint(event->state_server, <, N_TCP_STATES);
	if (event->kind == EVENT_PACKET) {
		guint32 frame = trace_frame(trace, index);

		g_assert_cmpuint(event->relation, <, frame);
		g_assert_cmpuint(trace_event_of_frame(trace, frame), ==, index);
	}
}

static void
text_check(const char *text)
{
	g_autofree char *escaped = text_escape(text, -1);

	g_assert_cmpstr(text, ==, escaped);
}

static void
row_check(const Ladder *one, const Ladder *two, guint32 index)
{
	LadderRow row = ladder_row(one, index), other = ladder_row(two, index);

	g_assert_cmpuint(row.kind, ==, other.kind);
	g_assert_cmpuint(row.from, ==, other.from);
	g_assert_cmpuint(row.to_right, ==, other.to_right);
	g_assert_cmpmem(row.lane, sizeof row.lane, other.lane, sizeof other.lane);
	g_assert_cmpuint(row.event, ==, other.event);
	g_assert_cmpint(row.time_ns, ==, other.time_ns);
	g_assert_cmpmem(row.cell, sizeof row.cell, other.cell, sizeof other.cell);
	for (guint level = 0; level < LADDER_LABEL_LEVELS; level++) {
		g_autofree char *label = ladder_label(one, &row, level);
		g_autofree char *left = ladder_cell_text(one, &row, SIDE_CLIENT, level);
		g_autofree char *right = ladder_cell_text(one, &row, SIDE_SERVER, level);

		if (label)
			text_check(label);
		if (left)
			text_check(left);
		if (right)
			text_check(right);
	}
	ladder_row_role(one, &row);
}

static void
ladders_check(const Ladder *one, const Ladder *two)
{
	g_assert_cmpuint(ladder_length(one), ==, ladder_length(two));
	g_assert_cmpuint(ladder_final_length(one), ==, ladder_final_length(two));
	for (guint32 i = 0; i < ladder_length(one); i++)
		row_check(one, two, i);
}

/* In slices, and nothing is skipped that is in the selection. */
static void
slices_check(const Trace *trace, const Selection *selection, guint n_events)
{
	g_autoptr(Ladder) whole = ladder_new(trace, *selection);
	g_autoptr(Ladder) sliced = ladder_new(trace, *selection);
	guint32 within = 0;

	ladder_update(whole);
	while (ladder_update_slice(sliced, n_events))
		g_assert_false(ladder_is_whole(sliced));
	g_assert_true(ladder_is_whole(sliced));
	ladders_check(whole, sliced);
	for (guint32 i = 0; i < trace_length(trace); i++)
		within += selection_within(selection, trace, i);
	if (ladder_hides_setup(whole)) /* calls that only set sockets up, as known when they came */
		g_assert_cmpuint(whole->within, <=, within);
	else
		g_assert_cmpuint(whole->within, ==, within);
}

static void
places_check(const Ladder *ladder)
{
	for (guint32 i = 0; i < ladder_length(ladder); i++)
		g_assert_cmpuint(ladder_row_of(ladder, ladder_row(ladder, i).event), ==, i);
}

/* Every second fold is opened, and closed again; another ladder keeps it open. */
static void
opening_check(const Trace *trace, const Selection *selection)
{
	g_autoptr(Ladder) closed = ladder_new(trace, *selection);
	g_autoptr(Ladder) opened = ladder_new(trace, *selection);
	g_autoptr(Ladder) kept = ladder_new(trace, *selection);
	g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(guint32));

	ladder_update(closed);
	ladder_update(opened);
	for (guint32 i = 0, folds = 0; i < ladder_length(opened); i++) {
		LadderRow row = ladder_row(opened, i);

		if (row.kind != ROW_FOLD || folds++ % 2)
			continue;
		g_assert_true(ladder_fold_toggle(opened, i));
		g_assert_cmpint(ladder_row(opened, i).kind, ==, ROW_ARROW);
		g_array_append_val(events, row.event);
	}
	places_check(opened);
	ladder_keep_folds(kept, opened);
	while (ladder_update_slice(kept, 3))
		;
	ladders_check(opened, kept);
	for (guint i = 0; i < events->len; i++) {
		guint32 row = ladder_row_of(opened, g_array_index(events, guint32, i));

		g_assert_true(ladder_fold_toggle(opened, row + 1));
	}
	ladders_check(opened, closed);
}

/* All conversations that there are, as marked ones. */
static Ladder *
set_ladder(const Trace *trace, gboolean hide_calls, gboolean fold)
{
	g_autoptr(GArray) indices = g_array_new(FALSE, FALSE, sizeof(guint32));
	Selection selection = { .conversation = CONVERSATION_NONE,
				.hide_calls = hide_calls,
				.fold = fold };
	Ladder *ladder;

	for (guint32 i = 0; i < flow_table_length(trace_flows(trace)); i++)
		g_array_append_val(indices, i);
	selection.set = conversation_set_new((guint32 *)indices->data, indices->len);
	ladder = ladder_new(trace, selection);
	conversation_set_unref(selection.set);
	return ladder;
}

/* A call is found among conversations as if each were looked at. */
static void
set_calls_check(const Trace *trace, ConversationSet *set)
{
	for (guint32 i = 0; i < trace_length(trace); i++) {
		const Event *event = trace_event(trace, i);
		guint32 expected = event->conversation;

		if (event->kind != EVENT_CALL)
			continue;
		if (!conversation_set_has(set, expected))
			expected = CONVERSATION_NONE;
		for (guint at = 0;
		     expected == CONVERSATION_NONE && at < conversation_set_length(set); at++) {
			if (trace_event_in(trace, event, conversation_set_get(set, at)))
				expected = conversation_set_get(set, at);
		}
		g_assert_cmpuint(conversation_set_call(set, trace, event), ==, expected);
	}
}

/* A row's lanes are there, and its cells' bars are those of its lanes. */
static void
lanes_check(const Ladder *ladder, guint32 index)
{
	LadderRow row = ladder_row(ladder, index);
	g_autoptr(GArray) bars = ladder_bars(ladder, index, &row, 0, ladder_n_lanes(ladder));
	guint8 part[2] = { LADDER_BAR_NONE, LADDER_BAR_NONE };

	for (guint side = 0; side < 2; side++)
		g_assert_cmpuint(row.lane[side], <, ladder_n_lanes(ladder));
	g_assert_cmpuint(row.lane[0], !=, row.lane[1]);
	for (guint i = 0; i < bars->len; i++) {
		LadderBar bar = g_array_index(bars, LadderBar, i);

		g_assert_cmpuint(bar.lane, <, ladder_n_lanes(ladder));
		g_assert_true(bar.part != LADDER_BAR_NONE);
		g_assert_true(i == 0 || g_array_index(bars, LadderBar, i - 1).lane < bar.lane);
		for (guint side = 0; side < 2; side++) {
			if (row.lane[side] == bar.lane)
				part[side] = bar.part;
		}
	}
	for (guint side = 0; side < 2; side++)
		g_assert_cmpuint(row.cell[side].bar, ==, part[side]);
}

/* Nothing leaves the picture: a column beside it and the rows below stay empty. */
static void
picture_check(const Ladder *ladder, guint width, guint first_lane)
{
	SceneOptions options = { .layout =
				     scene_layout(width, TRUE, SCENE_TIME_START,
						  SCENE_DELTA_PREVIOUS, ladder_n_lanes(ladder)),
				 .n_rows = MIN(ladder_length(ladder), 40),
				 .selected_row = EVENT_NONE };
	g_autoptr(Grid) grid = grid_new(MAX(options.n_rows, 3) + 1, width + 1);

	scene_layout_scroll(&options.layout, first_lane);
	scene_rows_paint(ladder, &options, grid, 0, 0);
	for (guint i = 0; i < grid->rows * grid->columns; i++) {
		if (i % grid->columns == width || i / grid->columns >= options.n_rows)
			g_assert_cmpuint(grid->cells[i].character, ==, ' ');
	}
	options.glyphs = GLYPHS_ASCII;
	scene_head_paint(ladder, &options, grid, 0, 0);
}

/* A ladder of marked conversations, made when there were some of the events: what a
 * call belongs to may be learned later, so that only packets come out the same. */
static void
set_check(Trace *trace, Ladder *calls_stepwise, Ladder *packets_stepwise, guint width)
{
	ConversationSet *set = packets_stepwise->selection.set;
	Selection selection = { .conversation = CONVERSATION_NONE, .hide_calls = TRUE, .set = set };
	g_autoptr(Ladder) packets = ladder_new(trace, selection);
	g_autoptr(Ladder) calls = set_ladder(trace, FALSE, FALSE);
	g_autoptr(Ladder) folded = set_ladder(trace, FALSE, TRUE);

	set_calls_check(trace, set);
	ladder_update(packets);
	ladder_update(calls);
	ladder_update(folded);
	g_assert_cmpuint(ladder_n_lanes(packets), ==, ladder_n_lanes(packets_stepwise));
	g_assert_cmpuint(ladder_length(packets), ==, ladder_length(packets_stepwise));
	for (guint32 i = 0; i < ladder_length(packets); i++) {
		row_check(packets, packets_stepwise, i);
		lanes_check(packets, i);
	}
	for (guint32 i = 0; i < ladder_length(calls); i++) {
		row_check(calls, calls, i);
		lanes_check(calls, i);
	}
	for (guint32 i = 0; i < ladder_length(folded); i++)
		lanes_check(folded, i);
	for (guint32 i = 0; i < ladder_length(calls_stepwise); i++)
		lanes_check(calls_stepwise, i);
	picture_check(calls, width, width % 3);
	picture_check(packets, width, width % 5);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(Ladder) stepwise = ladder_new(trace, SELECTION_ALL);
	g_autoptr(Ladder) whole = ladder_new(trace, SELECTION_ALL);
	Selection folds = { .conversation = CONVERSATION_NONE, .fold = TRUE };
	g_autoptr(Ladder) folded_stepwise = ladder_new(trace, folds);
	g_autoptr(Ladder) folded = ladder_new(trace, folds);
	g_autoptr(ConversationSet) set = conversation_set_new((const guint32[]){ 2, 1 }, 2);
	g_autoptr(Filter) filter = filter_new("length > 40 or syn", NULL);
	Selection selections[] = {
		SELECTION_ALL,
		SELECTION_ALL,
		{ .conversation = 0 },
		{ .conversation = 1 },
		{ .conversation = 0, .hide_calls = TRUE },
		{ .conversation = 1, .filter = filter },
		{ .conversation = CONVERSATION_NONE, .set = set },
		{ .conversation = CONVERSATION_NONE, .set = set, .filter = filter },
	};
	g_autoptr(Ladder) set_calls = NULL, set_packets = NULL;
	guint width = size > 0 ? SCENE_MIN_WIDTH + data[size - 1] : SCENE_MIN_WIDTH;
	EventClock clock = { .time_ns = 1000, .shift = 4 };

	for (; size >= EVENT_BYTES; data += EVENT_BYTES, size -= EVENT_BYTES) {
		event_add(trace, data, &clock);
		ladder_update(stepwise);
		ladder_update(folded_stepwise);
		if (!set_calls && flow_table_length(trace_flows(trace)) >= 2) {
			set_calls = set_ladder(trace, FALSE, FALSE);
			set_packets = set_ladder(trace, TRUE, FALSE);
		}
		if (set_calls) {
			ladder_update(set_calls);
			ladder_update(set_packets);
		}
	}
	ladder_update(whole);
	ladder_update(folded);
	for (guint32 i = 0; i < trace_length(trace); i++)
		event_check(trace, i);
	ladders_check(whole, stepwise);
	ladders_check(folded, folded_stepwise);
	places_check(folded);
	for (guint32 i = 0; i < G_N_ELEMENTS(selections); i++) {
		guint needs = selections[i].set ? 3 : (selections[i].conversation + 1) & 0xff;

		if (flow_table_length(trace_flows(trace)) < needs)
			continue;
		selections[i].fold = i & 1;
		slices_check(trace, &selections[i], 1 + i);
	}
	opening_check(trace, &folds);
	if (set_calls)
		set_check(trace, set_calls, set_packets, width);
	return 0;
}
