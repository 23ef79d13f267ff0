/* SPDX-License-Identifier: MIT */
/* The list of conversations on the screen. */
#include <string.h>

#include "tui_view.h"

/* #0 and #1 TCP, closed; #2 UDP; #3 TCP with trouble. */
static void
tell_four(Story *story)
{
	story_tcp_demo(story);
	story->port[SIDE_CLIENT]++;
	story_wait(story, 1000 * 1000);
	story_tcp_demo(story);
	story->port[SIDE_CLIENT]++;
	story_wait(story, 1000 * 1000);
	story_udp(story, SIDE_CLIENT, 12);
	story->port[SIDE_CLIENT] = 60000;
	story_wait(story, 1000 * 1000);
	story_tcp(story, SIDE_CLIENT, TCP_SYN, 0);
	story_tcp(story, SIDE_SERVER, TCP_SYN | TCP_ACK, 0);
	story_tcp(story, SIDE_CLIENT, TCP_ACK, 0);
	story_tcp(story, SIDE_CLIENT, TCP_PSH | TCP_ACK, 500);
	story_wait(story, 300 * 1000 * 1000);
	story_tcp_again(story, SIDE_CLIENT, TCP_PSH | TCP_ACK, 500);
	story_tcp(story, SIDE_SERVER, TCP_RST | TCP_ACK, 0);
}

static void
tell_many(Story *story)
{
	for (guint i = 0; i < 500; i++) {
		story->port[SIDE_CLIENT] = 1000 + i;
		story_udp(story, SIDE_CLIENT, i % 50);
	}
}

/* More than are sorted at once. */
static void
tell_thousands(Story *story)
{
	for (guint i = 0; i < 10000; i++) {
		story->port[SIDE_CLIENT] = 1000 + i;
		story_udp(story, SIDE_CLIENT, i % 50);
	}
}

/* What came is known to the model. */
static void
refresh(View *view)
{
	view->model.n_conversations = flow_table_length(trace_flows(view->story.trace));
	ladder_update(view->ladder);
	tui_settle(&view->state, &view->model);
}

static void
open_list(View *view, guint rows, guint columns, void (*tell)(Story *))
{
	view_open(view, rows, columns, tell);
	view->model.live = FALSE;
	type(view, 'l');
	g_assert_true(view->state.list);
}

static void
type_text(View *view, const char *text)
{
	for (; *text; text++)
		type(view, *text);
}

/* The conversation on row `row` of the screen's list. */
static guint32
row_at(const View *view, guint32 row)
{
	return summary_get(view->summary, row);
}

/* ---- opening and closing ---- */

static void
test_toggle(void)
{
	static const TuiInput closers[] = {
		{ .key = TUI_KEY_CHARACTER, .character = 'l' },
		{ .key = TUI_KEY_CHARACTER, .character = 'q' },
		{ .key = TUI_KEY_ESCAPE },
	};
	View view;

	view_open(&view, 24, 80, tell_four);
	assert_shows(&view, "all 4 conversations");
	assert_shows(&view, "l list (4)");
	for (guint i = 0; i < G_N_ELEMENTS(closers); i++) {
		g_assert_cmpint(type(&view, 'l'), ==, TUI_NOTHING);
		assert_shows(&view, "4 conversations ─");
		assert_shows(&view, "#▲ Client");
		assert_shows(&view, "127.0.0.1:50797");
		assert_shows(&view, "Enter show");
		assert_hides(&view, "SYN");
		assert_hides(&view, "Enter detail");
		g_assert_cmpint(give(&view, closers[i]), ==, TUI_NOTHING);
		g_assert_false(view.state.list);
		assert_hides(&view, "Enter show");
	}
	view_shut(&view);
}

/* The ladder comes back as it was. */
static void
test_ladder_stays(void)
{
	View view;
	guint32 top, selected;

	view_open(&view, 24, 80, tell_much);
	give(&view, (TuiInput){ .key = TUI_KEY_CLICK, .y = 10, .x = 1 });
	top = view.state.top;
	selected = view.state.selected;
	g_assert_cmpuint(top, !=, selected);
	type(&view, 'l');
	press(&view, TUI_KEY_DOWN);
	type(&view, '?');
	assert_shows(&view, "Help (");
	type(&view, '?');
	assert_shows(&view, "1 conversation ");
	type(&view, 'l');
	g_assert_cmpuint(view.state.top, ==, top);
	g_assert_cmpuint(view.state.selected, ==, selected);
	view_shut(&view);
}

static void
test_nothing_to_list(void)
{
	View view;

	view_open(&view, 24, 80, NULL);
	type(&view, 'l');
	assert_shows(&view, "There are no conversations yet.");
	for (const char *key = "mM<>R\r"; *key; key++)
		type(&view, *key);
	press(&view, TUI_KEY_ENTER);
	press(&view, TUI_KEY_END);
	give(&view, (TuiInput){ .key = TUI_KEY_WHEEL_DOWN, .y = 5, .x = 5 });
	g_assert_true(view.state.list);
	story_tcp_demo(&view.story); /* they come */
	refresh(&view);
	assert_shows(&view, "127.0.0.1:50796");
	type(&view, 'l');
	assert_hides(&view, "l list"); /* one alone needs no list */
	view.model.summary = NULL;
	type(&view, 'l');
	g_assert_false(view.state.list);
	view_shut(&view);
}

/* ---- moving ---- */

static void
test_move(void)
{
	View view;

	open_list(&view, 24, 80, tell_many); /* 22 rows: heading, titles, 20 */
	g_assert_cmpuint(view.state.list_row, ==, 0);
	press(&view, TUI_KEY_UP);
	g_assert_cmpuint(view.state.list_row, ==, 0);
	press(&view, TUI_KEY_DOWN);
	type(&view, 'j');
	g_assert_cmpuint(view.state.list_row, ==, 2);
	press(&view, TUI_KEY_PAGE_DOWN);
	g_assert_cmpuint(view.state.list_row, ==, 21);
	g_assert_cmpuint(view.state.list_top, ==, 19);
	press(&view, TUI_KEY_END);
	g_assert_cmpuint(view.state.list_row, ==, 499);
	g_assert_cmpuint(view.state.list_top, ==, 480);
	assert_shows(&view, "500/500");
	assert_shows(&view, "127.0.0.1:1499");
	press(&view, TUI_KEY_DOWN);
	g_assert_cmpuint(view.state.list_row, ==, 499);
	type(&view, 'g');
	g_assert_cmpuint(view.state.list_top, ==, 0);
	assert_shows(&view, "▼ 480 more  1/500");
	view_shut(&view);
}

static void
test_mouse(void)
{
	View view;

	open_list(&view, 24, 80, tell_many); /* title, heading, titles: rows from line 3 */
	give(&view, (TuiInput){ .key = TUI_KEY_CLICK, .y = 8, .x = 40 });
	g_assert_cmpuint(view.state.list_row, ==, 5);
	give(&view, (TuiInput){ .key = TUI_KEY_CLICK, .y = 1, .x = 40 });
	give(&view, (TuiInput){ .key = TUI_KEY_CLICK, .y = 23, .x = 40 });
	give(&view, (TuiInput){ .key = TUI_KEY_CLICK, .y = 1000, .x = 1000 });
	g_assert_cmpuint(view.state.list_row, ==, 5);
	give(&view, (TuiInput){ .key = TUI_KEY_WHEEL_DOWN, .y = 8, .x = 40 });
	g_assert_cmpuint(view.state.list_top, ==, 3);
	g_assert_cmpuint(view.state.list_row, ==, 5);
	give(&view, (TuiInput){ .key = TUI_KEY_WHEEL_DOWN, .y = 8, .x = 40 });
	g_assert_cmpuint(view.state.list_row, ==, 6);
	press(&view, TUI_KEY_END);
	give(&view, (TuiInput){ .key = TUI_KEY_WHEEL_UP, .y = 8, .x = 40 });
	g_assert_cmpuint(view.state.list_top, ==, 477);
	g_assert_cmpuint(view.state.list_row, ==, 496);

	give(&view, (TuiInput){ .key = TUI_KEY_CLICK, .y = 2, .x = 10 }); /* the client's title */
	g_assert_cmpint(view.state.list_column, ==, SUMMARY_CLIENT);
	g_assert_false(view.state.list_descending);
	assert_shows(&view, "Client▲");
	give(&view, (TuiInput){ .key = TUI_KEY_CLICK, .y = 2, .x = 10 });
	g_assert_true(view.state.list_descending);
	assert_shows(&view, "Client▼");
	view_shut(&view);
}

/* ---- order ---- */

static void
test_order(void)
{
	View view;

	open_list(&view, 24, 80, tell_four);
	g_assert_cmpint(view.state.list_column, ==, SUMMARY_NUMBER);
	type(&view, 'R');
	assert_shows(&view, "#▼");
	g_assert_cmpuint(row_at(&view, 0), ==, 3);
	press(&view, TUI_KEY_DOWN);
	type(&view, '<'); /* round to the last one */
	g_assert_cmpint(view.state.list_column, ==, SUMMARY_ACTIVITY);
	g_assert_cmpuint(view.state.list_row, ==, 0); /* what is first is to be seen */
	assert_shows(&view, "Activity▼");
	type(&view, '>');
	type(&view, '>');
	g_assert_cmpint(view.state.list_column, ==, SUMMARY_PROTOCOL);
	while (view.state.list_column != SUMMARY_RETRANSMISSIONS) {
		type(&view, '>');
		g_assert_cmpint(view.state.list_column, !=, SUMMARY_EPOCH);
	}
	g_assert_cmpuint(row_at(&view, 0), ==, 3); /* most first */
	assert_shows(&view, "Retr▼");
	view_shut(&view);
}

/* While packets come, the selected conversation stays selected wherever it goes. */
static void
test_live(void)
{
	View view;

	open_list(&view, 24, 80, tell_four);
	view.model.live = TRUE;
	while (view.state.list_column != SUMMARY_PACKETS)
		type(&view, '>');
	press(&view, TUI_KEY_END);
	g_assert_cmpuint(view.state.list_conversation, ==, 2); /* the one datagram */
	for (guint i = 0; i < 50; i++) {
		view.story.port[SIDE_CLIENT] = 50798;
		story_udp(&view.story, SIDE_CLIENT, 1);
	}
	refresh(&view);
	g_assert_cmpuint(row_at(&view, 0), ==, 2);
	g_assert_cmpuint(view.state.list_conversation, ==, 2);
	g_assert_cmpuint(view.state.list_row, ==, 0);
	view_shut(&view);
}

/* ---- filter ---- */

static void
test_filter(void)
{
	View view;

	open_list(&view, 24, 80, tell_four);
	press(&view, TUI_KEY_DOWN);
	type(&view, '/');
	type_text(&view, "clOsed"); /* no keys: l, m, q, R... */
	assert_shows(&view, "Filter: clOsed");
	assert_shows(&view, "2 of 4 conversations");
	assert_shows(&view, ":50797");
	assert_hides(&view, ":60000");
	press(&view, TUI_KEY_DOWN); /* moves still */
	g_assert_cmpuint(view.state.list_conversation, ==, 1);
	press(&view, TUI_KEY_BACKSPACE);
	type_text(&view, "qq");
	assert_shows(&view, "0 of 4 conversations");
	assert_shows(&view, "No conversation has this text");
	type(&view, 'U' - '@');
	assert_shows(&view, ":60000");
	type_text(&view, "udp");
	press(&view, TUI_KEY_ENTER); /* keeps it */
	g_assert_true(view.state.list);
	assert_shows(&view, "filter: udp (Esc drops it)");
	assert_shows(&view, "1 of 4 conversations");
	g_assert_cmpuint(view.state.list_conversation, ==, 2);
	press(&view, TUI_KEY_ESCAPE);
	g_assert_true(view.state.list);
	assert_shows(&view, ":60000");
	g_assert_cmpuint(view.state.list_conversation, ==, 2); /* and is still there */
	g_assert_cmpuint(view.state.list_row, ==, 2);
	type(&view, '/');
	type_text(&view, "x");
	press(&view, TUI_KEY_ESCAPE);
	assert_shows(&view, "4 conversations ─");
	press(&view, TUI_KEY_ESCAPE);
	g_assert_false(view.state.list);
	view_shut(&view);
}

/* Long filters and strange characters. */
static void
test_filter_anything(void)
{
	View view;

	open_list(&view, 24, 80, tell_four);
	type(&view, '/');
	for (gunichar character = 1; character < 0x3000; character += 7) {
		g_autoptr(Grid) grid = NULL;

		if (character == 'C' - '@')
			continue;
		type(&view, character);
		if (character % 50 == 1) {
			grid = view_grid(&view);
			assert_grid_clean(grid, GLYPHS_UTF8);
		}
	}
	view_shut(&view);
}

/* ---- opening conversations ---- */

static void
test_show_one(void)
{
	View view;

	open_list(&view, 24, 80, tell_four);
	press(&view, TUI_KEY_DOWN);
	g_assert_cmpint(press(&view, TUI_KEY_ENTER), ==, TUI_SELECTION);
	g_assert_cmpuint(view.state.selection.conversation, ==, 1);
	new_ladder(&view);
	g_assert_false(view.state.list);
	g_assert_cmpuint(view.state.selected, ==, 0);
	assert_shows(&view, "TCP #1");
	assert_shows(&view, "Client 127.0.0.1:50797");
	press(&view, TUI_KEY_DOWN);
	press(&view, TUI_KEY_DOWN);
	type(&view, 'l'); /* the cursor is on it */
	g_assert_cmpuint(view.state.list_conversation, ==, 1);
	g_assert_cmpuint(view.state.list_row, ==, 1);
	g_assert_cmpint(press(&view, TUI_KEY_ENTER), ==, TUI_NOTHING); /* the same: as it was */
	g_assert_false(view.state.list);
	g_assert_cmpuint(view.state.selected, ==, 2);
	view_shut(&view);
}

static void
test_marks(void)
{
	View view;

	open_list(&view, 24, 80, tell_four);
	type(&view, 'm'); /* and goes on to the next */
	g_assert_cmpuint(view.state.list_row, ==, 1);
	press(&view, TUI_KEY_DOWN);
	press(&view, TUI_KEY_DOWN);
	type(&view, 'm');
	assert_shows(&view, "2 marked");
	assert_shows(&view, "●   0 ");
	assert_shows(&view, "●   3 ");
	g_assert_cmpint(press(&view, TUI_KEY_ENTER), ==, TUI_SELECTION);
	new_ladder(&view);
	g_assert_cmpuint(conversation_set_length(view.state.selection.set), ==, 2);
	assert_shows(&view, "2 of 4 conversations");
	assert_shows(&view, "1: Client");
	assert_shows(&view, "#0 SYN");
	for (guint32 row = 0; row < ladder_length(view.ladder); row++) {
		const Event *event =
		    trace_event(view.story.trace, ladder_row(view.ladder, row).event);

		if (event->kind == EVENT_PACKET)
			g_assert_true(event->conversation == 0 || event->conversation == 3);
	}
	type(&view, 'c'); /* one alone again */
	g_assert_null(view.state.selection.set);
	new_ladder(&view);
	assert_hides(&view, "#0 SYN");

	type(&view, 'l'); /* the marks are still there */
	assert_shows(&view, "2 marked");
	type(&view, 'M');
	g_assert_null(view.state.marks);
	press(&view, TUI_KEY_END);
	type(&view, 'm');
	type(&view, 'm'); /* the last row: on, and off */
	g_assert_null(view.state.marks);
	press(&view, TUI_KEY_END);
	type(&view, 'm'); /* a single one is shown wherever the cursor is */
	press(&view, TUI_KEY_HOME);
	press(&view, TUI_KEY_ENTER);
	g_assert_cmpuint(view.state.selection.conversation, ==, 3);
	g_assert_null(view.state.selection.set);
	view_shut(&view);
}

/* All that are shown. */
static void
test_mark_filtered(void)
{
	View view;

	open_list(&view, 24, 80, tell_four);
	type(&view, '/');
	type_text(&view, "closed");
	press(&view, TUI_KEY_ENTER);
	type(&view, 'M');
	g_assert_cmpuint(conversation_set_length(view.state.marks), ==, 2);
	g_assert_cmpuint(conversation_set_get(view.state.marks, 0), ==, 0);
	g_assert_cmpuint(conversation_set_get(view.state.marks, 1), ==, 1);
	press(&view, TUI_KEY_ENTER);
	new_ladder(&view);
	g_assert_true(view.ladder->selection.set == view.state.selection.set);
	view_shut(&view);
}

static void
settle_whole(View *view)
{
	do
		tui_settle(&view->state, &view->model);
	while (view->state.busy);
}

/* Until the new order stands, "the first row" is nobody in particular. */
static void
test_first_of_many(void)
{
	View view;

	open_list(&view, 24, 80, tell_thousands);
	settle_whole(&view);
	press(&view, TUI_KEY_END);
	type(&view, 'R');
	g_assert_true(view.state.busy);
	settle_whole(&view);
	g_assert_cmpuint(view.state.list_row, ==, 0);
	g_assert_cmpuint(view.state.list_conversation, ==, 9999);
	press(&view, TUI_KEY_END);
	g_assert_cmpuint(view.state.list_conversation, ==, 0);

	type(&view, 'R');
	press(&view, TUI_KEY_DOWN); /* a row is chosen meanwhile: it stays chosen */
	g_assert_true(view.state.busy);
	g_assert_cmpuint(view.state.list_conversation, ==, 9998);
	settle_whole(&view);
	g_assert_cmpuint(view.state.list_row, ==, 9998);
	type(&view, 'R');
	press(&view, TUI_KEY_END);
	press(&view, TUI_KEY_HOME);
	g_assert_true(view.state.busy);
	press(&view, TUI_KEY_ENTER); /* what stands there now */
	g_assert_cmpuint(view.state.selection.conversation, ==, 0);
	view_shut(&view);
}

/* What the titles mean, where there is a list to look at. */
static void
test_help(void)
{
	View view;

	view_open(&view, 150, 120, tell_four);
	type(&view, '?');
	assert_shows(&view, "The columns of the list");
	assert_shows(&view, "a full receive buffer");
	assert_shows(&view, "a call that blocks");
	assert_hides(&view, "since 1970");
	view.model.n_conversations = 1;
	assert_hides(&view, "The columns of the list");
	view_shut(&view);
}

/* ---- sizes ---- */

static void
test_sizes(void)
{
	for (guint glyphs = 0; glyphs < N_GLYPHS; glyphs++) {
		View view;

		open_list(&view, 24, 80, tell_four);
		view.state.glyphs = glyphs;
		type(&view, 'm');
		for (guint rows = 1; rows < 30; rows += 3) {
			for (guint columns = 1; columns < 220; columns += 5) {
				g_autoptr(Grid) grid = NULL;

				give(&view,
				     (TuiInput){ .key = TUI_KEY_RESIZE, .y = rows, .x = columns });
				type(&view, '>');
				grid = view_grid(&view);
				assert_grid_clean(grid, glyphs);
			}
		}
		view_shut(&view);
	}
}

/* IPv6 keeps its port where it is cut. */
static void
test_cut(void)
{
	View view;

	view_open(&view, 24, 80, NULL);
	view.story.version = 6;
	story_tcp_demo(&view.story);
	refresh(&view);
	type(&view, 'l');
	give(&view, (TuiInput){ .key = TUI_KEY_RESIZE, .y = 24, .x = 40 });
	assert_shows(&view, "[2001:db…]:50796");
	view_shut(&view);
}

static void
test_random(void)
{
	View view;

	open_list(&view, 24, 80, tell_four);
	for (guint i = 0; i < 3000; i++) {
		static const char keys[] = "lmM<>R/ cCqgGjk\x15";
		TuiInput input = { .key = g_test_rand_int_range(0, TUI_KEY_CHARACTER + 1),
				   .character = keys[g_test_rand_int_range(0, sizeof keys - 1)],
				   .y = g_test_rand_int_range(0, 60),
				   .x = g_test_rand_int_range(0, 210) };

		if (give(&view, input) == TUI_SELECTION)
			new_ladder(&view);
		if (!view.state.list && !view.state.help)
			type(&view, 'l');
		if (i % 10 == 0) {
			view.story.port[SIDE_CLIENT] = i;
			story_udp(&view.story, SIDE_CLIENT, 1);
			refresh(&view);
		}
		if (view.summary->rows->len > 0 && view.state.list) {
			g_assert_cmpuint(view.state.list_row, <, view.summary->rows->len);
			g_assert_cmpuint(row_at(&view, view.state.list_row), ==,
					 view.state.list_conversation);
		}
		if (i % 5 == 0) {
			g_autoptr(Grid) grid = view_grid(&view);

			assert_grid_clean(grid, view.state.glyphs);
		}
	}
	view_shut(&view);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/tui-list/toggle", test_toggle);
	g_test_add_func("/tui-list/ladder-stays", test_ladder_stays);
	g_test_add_func("/tui-list/nothing-to-list", test_nothing_to_list);
	g_test_add_func("/tui-list/move", test_move);
	g_test_add_func("/tui-list/mouse", test_mouse);
	g_test_add_func("/tui-list/order", test_order);
	g_test_add_func("/tui-list/live", test_live);
	g_test_add_func("/tui-list/filter", test_filter);
	g_test_add_func("/tui-list/filter-anything", test_filter_anything);
	g_test_add_func("/tui-list/show-one", test_show_one);
	g_test_add_func("/tui-list/marks", test_marks);
	g_test_add_func("/tui-list/mark-filtered", test_mark_filtered);
	g_test_add_func("/tui-list/first-of-many", test_first_of_many);
	g_test_add_func("/tui-list/help", test_help);
	g_test_add_func("/tui-list/sizes", test_sizes);
	g_test_add_func("/tui-list/cut", test_cut);
	g_test_add_func("/tui-list/random", test_random);
	return g_test_run();
}
