/* SPDX-License-Identifier: MIT */
/* The view: keys in, states out. */
#include "tui/tui_private.h"
#include "tui_view.h"

#include <string.h>

/* ---- following and moving ---- */

static void
test_follow(void)
{
	View view;

	view_open(&view, 24, 80, tell_much);
	g_assert_cmpuint(ladder_length(view.ladder), ==, 400);
	g_assert_cmpuint(view.state.selected, ==, 399);
	more_come(&view, 7);
	g_assert_cmpuint(view.state.selected, ==, 406);
	assert_hides(&view, "more");

	press(&view, TUI_KEY_UP); /* stops following */
	g_assert_cmpuint(view.state.selected, ==, 405);
	more_come(&view, 30);
	g_assert_cmpuint(view.state.selected, ==, 405);
	assert_shows(&view, "▼ 30 more  406/437");

	press(&view, TUI_KEY_END);
	g_assert_cmpuint(view.state.selected, ==, 436);
	more_come(&view, 1);
	g_assert_cmpuint(view.state.selected, ==, 437);

	type(&view, 'k');
	press(&view, TUI_KEY_DOWN); /* on the newest, but not beyond it */
	more_come(&view, 1);
	g_assert_cmpuint(view.state.selected, ==, 437);
	type(&view, 'j');
	type(&view, 'j'); /* beyond */
	more_come(&view, 1);
	g_assert_cmpuint(view.state.selected, ==, 439);
	view_shut(&view);
}

static void
test_begin_at_first(void)
{
	View view;

	view_open(&view, 24, 80, tell_much);
	tui_init(&view.state, 24, 80, GLYPHS_UTF8);
	view.state.follow = FALSE;
	tui_settle(&view.state, &view.model);
	g_assert_cmpuint(view.state.selected, ==, 0);
	g_assert_cmpuint(view.state.top, ==, 0);
	assert_shows(&view, "▼ 380 more  1/400"); /* 24 rows: title, head of 2, footer */
	view_shut(&view);
}

static void
test_move(void)
{
	static const struct {
		TuiKey key;
		gunichar character;
		guint32 selected;
	} steps[] = {
		{ TUI_KEY_HOME, 0, 0 },
		{ TUI_KEY_UP, 0, 0 },
		{ TUI_KEY_DOWN, 0, 1 },
		{ TUI_KEY_CHARACTER, 'j', 2 },
		{ TUI_KEY_CHARACTER, 'k', 1 },
		{ TUI_KEY_PAGE_DOWN, 0, 20 },
		{ TUI_KEY_PAGE_DOWN, 0, 39 },
		{ TUI_KEY_CHARACTER, 'F' - '@', 58 },
		{ TUI_KEY_PAGE_UP, 0, 39 },
		{ TUI_KEY_CHARACTER, 'b', 20 },
		{ TUI_KEY_CHARACTER, 'B' - '@', 1 },
		{ TUI_KEY_CHARACTER, 'D' - '@', 11 },
		{ TUI_KEY_CHARACTER, 'U' - '@', 1 },
		{ TUI_KEY_CHARACTER, 'G', 399 },
		{ TUI_KEY_PAGE_DOWN, 0, 399 },
		{ TUI_KEY_PAGE_UP, 0, 380 },
		{ TUI_KEY_CHARACTER, 'g', 0 },
		{ TUI_KEY_PAGE_UP, 0, 0 },
	};
	View view;

	view_open(&view, 24, 80, tell_much);
	for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
		give(&view, (TuiInput){ .key = steps[i].key, .character = steps[i].character });
		g_test_message("step %u", i);
		g_assert_cmpuint(view.state.selected, ==, steps[i].selected);
		assert_sane(&view);
	}
	view_shut(&view);
}

static void
test_page_moves_view(void)
{
	View view;

	view_open(&view, 24, 80, tell_much);
	press(&view, TUI_KEY_HOME);
	for (guint i = 0; i < 5; i++)
		press(&view, TUI_KEY_DOWN);
	press(&view, TUI_KEY_PAGE_DOWN); /* the selected row keeps its line */
	g_assert_cmpuint(view.state.top, ==, 19);
	g_assert_cmpuint(view.state.selected, ==, 24);
	view_shut(&view);
}

/* ---- mouse ---- */

static void
test_mouse(void)
{
	View view;

	view_open(&view, 24, 80, tell_much);
	press(&view, TUI_KEY_HOME);
	give(&view, (TuiInput){ .key = TUI_KEY_CLICK, .y = 8, .x = 40 });
	g_assert_cmpuint(view.state.selected, ==, 5); /* the ladder begins in line 3 */
	give(&view, (TuiInput){ .key = TUI_KEY_CLICK, .y = 0, .x = 40 });
	give(&view, (TuiInput){ .key = TUI_KEY_CLICK, .y = 23, .x = 40 });
	give(&view, (TuiInput){ .key = TUI_KEY_CLICK, .y = 1000, .x = 1000 });
	g_assert_cmpuint(view.state.selected, ==, 5);

	give(&view, (TuiInput){ .key = TUI_KEY_WHEEL_DOWN, .y = 8, .x = 40 });
	g_assert_cmpuint(view.state.top, ==, 3);
	g_assert_cmpuint(view.state.selected, ==, 5);
	give(&view, (TuiInput){ .key = TUI_KEY_WHEEL_DOWN, .y = 8, .x = 40 });
	g_assert_cmpuint(view.state.top, ==, 6);
	g_assert_cmpuint(view.state.selected, ==, 6); /* taken along */
	press(&view, TUI_KEY_END);
	give(&view, (TuiInput){ .key = TUI_KEY_WHEEL_UP, .y = 8, .x = 40 });
	g_assert_false(view.state.follow);
	g_assert_cmpuint(view.state.top, ==, 377);
	g_assert_cmpuint(view.state.selected, ==, 396);
	give(&view, (TuiInput){ .key = TUI_KEY_WHEEL_DOWN, .y = 8, .x = 40 });
	g_assert_false(view.state.follow);
	give(&view, (TuiInput){ .key = TUI_KEY_WHEEL_DOWN, .y = 8, .x = 40 });
	g_assert_true(view.state.follow);
	view_shut(&view);
}

static void
test_mouse_detail(void)
{
	View view;

	view_open(&view, 24, 80, tell_much);
	press(&view, TUI_KEY_HOME);
	press(&view, TUI_KEY_ENTER); /* 20 rows shared: 12 for the ladder, then 8 */
	give(&view, (TuiInput){ .key = TUI_KEY_WHEEL_DOWN, .y = 16, .x = 40 });
	g_assert_cmpuint(view.state.detail_top, ==, 3);
	g_assert_cmpuint(view.state.top, ==, 0);
	g_assert_false(view.state.detail_focus);
	give(&view, (TuiInput){ .key = TUI_KEY_CLICK, .y = 16, .x = 40 });
	g_assert_true(view.state.detail_focus);
	give(&view, (TuiInput){ .key = TUI_KEY_CLICK, .y = 5, .x = 40 });
	g_assert_false(view.state.detail_focus);
	g_assert_cmpuint(view.state.selected, ==, 2);
	g_assert_cmpuint(view.state.detail_top, ==, 0); /* another row's */
	view_shut(&view);
}

/* ---- panes ---- */

static void
test_detail(void)
{
	View view;

	view_open(&view, 24, 80, tell_much);
	press(&view, TUI_KEY_HOME);
	press(&view, TUI_KEY_TAB); /* nothing to go to */
	g_assert_false(view.state.detail_focus);
	assert_hides(&view, "field 0");
	press(&view, TUI_KEY_ENTER);
	assert_shows(&view, "field 0");
	assert_shows(&view, "1-7/60");
	press(&view, TUI_KEY_TAB);
	press(&view, TUI_KEY_DOWN);
	g_assert_cmpuint(view.state.detail_top, ==, 1);
	g_assert_cmpuint(view.state.selected, ==, 0);
	press(&view, TUI_KEY_END);
	g_assert_cmpuint(view.state.detail_top, ==, 53);
	assert_shows(&view, "field 59");
	press(&view, TUI_KEY_DOWN);
	g_assert_cmpuint(view.state.detail_top, ==, 53);
	press(&view, TUI_KEY_PAGE_UP);
	g_assert_cmpuint(view.state.detail_top, ==, 47);
	press(&view, TUI_KEY_HOME);
	g_assert_cmpuint(view.state.detail_top, ==, 0);
	press(&view, TUI_KEY_TAB);
	press(&view, TUI_KEY_DOWN);
	g_assert_cmpuint(view.state.selected, ==, 1);
	press(&view, TUI_KEY_TAB);
	press(&view, TUI_KEY_ESCAPE); /* back to the ladder first, then the pane */
	g_assert_true(view.state.detail);
	press(&view, TUI_KEY_ESCAPE);
	g_assert_false(view.state.detail);
	g_assert_cmpint(press(&view, TUI_KEY_ESCAPE), ==, TUI_NOTHING);
	view.model.detail = NULL;
	press(&view, TUI_KEY_ENTER);
	assert_shows(&view, "Select a row");
	view_shut(&view);
}

/* Focus pins the row: the next one would turn the page under the reader. */
static void
test_focus_ends_following(void)
{
	View view;

	view_open(&view, 40, 120, tell_much);
	press(&view, TUI_KEY_TAB);
	press(&view, TUI_KEY_DOWN);
	more_come(&view, 3);
	g_assert_cmpuint(view.state.selected, ==, 399);
	g_assert_cmpuint(view.state.detail_top, ==, 1);
	view_shut(&view);
}

static void
test_detail_by_size(void)
{
	View view;
	TuiLayout layout;

	view_open(&view, 24, 80, story_tcp_demo);
	g_assert_false(view.state.detail);
	give(&view, (TuiInput){ .key = TUI_KEY_RESIZE, .y = 50, .x = 200 });
	g_assert_true(view.state.detail);
	layout = tui_layout(&view.state, &view.model);
	g_assert_true(layout.detail_beside);
	g_assert_cmpuint(layout.ladder.columns, ==, 120);
	g_assert_cmpuint(layout.ladder.rows, ==, 46);
	give(&view, (TuiInput){ .key = TUI_KEY_RESIZE, .y = 40, .x = 120 });
	layout = tui_layout(&view.state, &view.model);
	g_assert_false(layout.detail_beside);
	g_assert_cmpuint(layout.ladder.columns, ==, 120);
	give(&view, (TuiInput){ .key = TUI_KEY_RESIZE, .y = 24, .x = 80 });
	g_assert_false(view.state.detail);
	press(&view, TUI_KEY_ENTER); /* now the user has said so */
	give(&view, (TuiInput){ .key = TUI_KEY_RESIZE, .y = 20, .x = 80 });
	g_assert_true(view.state.detail);
	give(&view, (TuiInput){ .key = TUI_KEY_RESIZE, .y = 8, .x = 80 }); /* no room for both */
	layout = tui_layout(&view.state, &view.model);
	g_assert_cmpuint(layout.ladder.rows, ==, 0);
	press(&view, TUI_KEY_DOWN);
	g_assert_cmpuint(view.state.detail_top, ==, 1);
	press(&view, TUI_KEY_ESCAPE);
	layout = tui_layout(&view.state, &view.model);
	g_assert_cmpuint(layout.ladder.rows, ==, 4);
	view_shut(&view);
}

static void
test_help(void)
{
	View view;

	view_open(&view, 24, 80, story_tcp_demo);
	type(&view, '?');
	assert_shows(&view, "Help (Esc closes)");
	assert_shows(&view, "Quit.");
	assert_hides(&view, "runs downwards");
	press(&view, TUI_KEY_END);
	assert_shows(&view, "a call that blocks");
	press(&view, TUI_KEY_HOME);
	g_assert_cmpuint(view.state.page_top, ==, 0);
	g_assert_cmpint(type(&view, 'q'), ==, TUI_NOTHING); /* closes the page */
	g_assert_false(view.state.help);
	type(&view, '?');
	type(&view, '?');
	g_assert_false(view.state.help);
	type(&view, '?');
	press(&view, TUI_KEY_ENTER); /* nothing happens behind the page */
	g_assert_false(view.state.detail);
	press(&view, TUI_KEY_ESCAPE);
	g_assert_false(view.state.help);
	g_assert_cmpint(type(&view, 'q'), ==, TUI_QUIT);
	view_shut(&view);
}

static void
test_output(void)
{
	View view;

	view_open(&view, 24, 80, story_tcp_demo);
	type(&view, 'o');
	assert_shows(&view, "printed 199"); /* the end, and it stays there */
	g_ptr_array_add(view.output, g_strdup("one line more"));
	assert_shows(&view, "one line more");
	press(&view, TUI_KEY_UP);
	g_ptr_array_add(view.output, g_strdup("another line"));
	assert_hides(&view, "another line");
	press(&view, TUI_KEY_END);
	g_ptr_array_add(view.output, g_strdup("the last line"));
	assert_shows(&view, "the last line");
	press(&view, TUI_KEY_HOME);
	assert_shows(&view, "printed 0");
	type(&view, '?'); /* one page takes the other's place */
	g_assert_false(view.state.output);
	type(&view, 'o');
	view.model.output = NULL;
	assert_shows(&view, "have printed nothing");
	view_shut(&view);
}

static void
test_notice(void)
{
	View view;

	view_open(&view, 24, 80, story_tcp_demo);
	view.model.notice = "No private network here, so this is the host's lo; pktladder doctor "
			    "says why, and what to do about it on this machine.";
	assert_shows(&view, "No private network");
	assert_shows(&view, "on this machine.");
	press(&view, TUI_KEY_ESCAPE);
	assert_hides(&view, "No private network");
	view.model.notice = "Another notice.";
	assert_shows(&view, "Another notice.");
	view_shut(&view);
}

/* ---- stepping, pausing ---- */

static void
test_step(void)
{
	View view;

	view_open(&view, 24, 80, story_tcp_demo);
	view.model.stepping = TRUE;
	view.model.held = "client: connect(3, 127.0.0.1:5000)";
	assert_shows(&view, "next: client: connect(3, 127.0.0.1:5000) — Space lets it go");
	assert_shows(&view, "Space next call");
	assert_shows(&view, "STEPPING");
	view.state.paused = TRUE;
	g_assert_cmpint(type(&view, ' '), ==, TUI_RELEASE);
	g_assert_false(view.state.paused); /* what it does is to be seen */
	g_assert_cmpint(type(&view, 'r'), ==, TUI_RELEASE_ALL);
	view.model.held = NULL;
	assert_shows(&view, "run on to their next socket call");
	type(&view, 'o'); /* the programs' output, step by step */
	g_assert_cmpint(type(&view, ' '), ==, TUI_RELEASE);
	view.model.stepping = FALSE;
	g_assert_cmpint(type(&view, 'r'), ==, TUI_NOTHING);
	g_assert_cmpint(type(&view, ' '), ==, TUI_NOTHING);
	g_assert_true(view.state.paused);
	view_shut(&view);
}

static void
test_pause(void)
{
	View view;

	view_open(&view, 24, 80, story_tcp_demo);
	assert_shows(&view, " LIVE");
	type(&view, 'p');
	g_assert_true(view.state.paused);
	view.model.pending = 3;
	assert_shows(&view, "PAUSED, 3 events wait");
	view.model.live = FALSE; /* it ended meanwhile: what waits still can be let in */
	type(&view, 'p');
	g_assert_false(view.state.paused);
	assert_shows(&view, " END");
	type(&view, 'p'); /* nothing more comes: nothing to pause */
	g_assert_false(view.state.paused);
	view.model.live = view.model.replay = TRUE;
	assert_shows(&view, " REPLAY");
	view_shut(&view);
}

static void
test_tell(void)
{
	View view;

	view_open(&view, 24, 80, story_tcp_demo);
	g_assert_cmpint(type(&view, 'C' - '@'), ==, TUI_QUIT);
	g_assert_cmpint(type(&view, 'L' - '@'), ==, TUI_REDRAW);
	g_assert_cmpint(type(&view, 'Z' - '@'), ==, TUI_SUSPEND);
	g_assert_cmpint(type(&view, 0x10ffff), ==, TUI_NOTHING);
	view_shut(&view);
}

/* ---- selection ---- */

static void
test_conversations(void)
{
	static const guint32 order[] = { 0, 1, CONVERSATION_NONE, 0 };
	View view;

	view_open(&view, 24, 80, tell_two);
	g_assert_cmpuint(view.model.n_conversations, ==, 2);
	assert_shows(&view, "all 2 conversations");
	for (guint i = 0; i < G_N_ELEMENTS(order); i++) {
		g_assert_cmpint(type(&view, 'c'), ==, TUI_SELECTION);
		g_assert_cmpuint(view.state.selection.conversation, ==, order[i]);
		new_ladder(&view);
	}
	assert_shows(&view, "TCP #0");
	type(&view, 'C');
	g_assert_cmpuint(view.state.selection.conversation, ==, CONVERSATION_NONE);
	type(&view, 'C');
	g_assert_cmpuint(view.state.selection.conversation, ==, 1);
	view.model.n_conversations = 0;
	view.state.selection.conversation = CONVERSATION_NONE;
	g_assert_cmpint(type(&view, 'c'), ==, TUI_NOTHING);
	view_shut(&view);
}

/* The selected event keeps its place when others are hidden and come back. */
static void
test_selection_keeps_event(void)
{
	View view;
	guint32 event, line;

	view_open(&view, 24, 80, tell_two);
	press(&view, TUI_KEY_HOME);
	while (trace_event(view.story.trace, ladder_row(view.ladder, view.state.selected).event)
		       ->kind != EVENT_PACKET ||
	       view.state.selected < 22)
		press(&view, TUI_KEY_DOWN);
	press(&view, TUI_KEY_UP);
	press(&view, TUI_KEY_DOWN);
	event = ladder_row(view.ladder, view.state.selected).event;
	line = view.state.selected - view.state.top;
	g_assert_cmpint(type(&view, 'h'), ==, TUI_SELECTION);
	g_assert_true(view.state.selection.hide_calls);
	new_ladder(&view);
	g_assert_cmpuint(ladder_row(view.ladder, view.state.selected).event, ==, event);
	assert_shows(&view, "calls hidden");
	type(&view, 'h');
	new_ladder(&view);
	g_assert_cmpuint(ladder_row(view.ladder, view.state.selected).event, ==, event);
	g_assert_cmpuint(view.state.selected - view.state.top, <=, line);
	view_shut(&view);
}

/* A call that is hidden gives its place to what comes next. */
static void
test_selection_hides_event(void)
{
	View view;

	view_open(&view, 24, 80, story_tcp_demo);
	press(&view, TUI_KEY_HOME); /* socket() */
	type(&view, 'h');
	new_ladder(&view);
	g_assert_cmpuint(view.state.selected, ==, 0);
	g_assert_cmpint(trace_event(view.story.trace, ladder_row(view.ladder, 0).event)->kind, ==,
			EVENT_PACKET);
	view_shut(&view);
}

/* ---- keys ---- */

/* The heading's "1-20/77": the lines of a page that are in view. */
static void
place_read(const View *view, guint place[3])
{
	g_autoptr(GRegex) pattern = g_regex_new("(\\d+)-(\\d+)/(\\d+)", 0, 0, NULL);
	g_autoptr(GMatchInfo) match = NULL;
	g_autofree char *text = view_text(view);

	g_assert_true(g_regex_match(pattern, text, 0, &match));
	for (guint i = 0; i < 3; i++) {
		g_autofree char *number = g_match_info_fetch(match, i + 1);

		place[i] = atoi(number);
	}
}

/* A page on or back leaves no line out, however many rows each takes. */
static void
test_help_pages(void)
{
	guint before[3], now[3];
	View view;

	view_open(&view, 24, 60, NULL);
	type(&view, '?');
	place_read(&view, now);
	while (now[1] < now[2]) {
		memcpy(before, now, sizeof now);
		press(&view, TUI_KEY_PAGE_DOWN);
		place_read(&view, now);
		g_assert_cmpuint(now[0], >, before[0]);
		g_assert_cmpuint(now[0], <=, before[1]);
	}
	while (now[0] > 1) {
		memcpy(before, now, sizeof now);
		press(&view, TUI_KEY_PAGE_UP);
		place_read(&view, now);
		g_assert_cmpuint(now[0], <, before[0]);
		g_assert_cmpuint(now[1], >=, before[0]);
	}
	view_shut(&view);
}

/* Every character that the help names does something. */
static void
test_help_is_true(void)
{
	for (const TuiKeyHelp *key = tui_keys; key < tui_keys + n_tui_keys; key++) {
		const char *keys = key->keys_ascii ? key->keys_ascii : key->keys ? key->keys : "";
		g_auto(GStrv) names = g_strsplit(keys, " ", -1);

		g_assert_true(g_str_is_ascii(keys));
		g_assert_true(key->help || !key->keys);
		for (char **name = names; *name; name++) {
			gunichar character = (*name)[0];
			TuiState before;
			TuiAction action;
			View view;
			g_autoptr(Plot) plot = NULL;

			if (g_str_has_prefix(*name, "Ctrl-"))
				character = (*name)[5] - '@';
			else if ((*name)[1] != '\0')
				continue;
			view_open(&view, 24, 80, key->when == TUI_LANES ? tell_lanes : tell_much);
			if (key->when == TUI_LANES) {
				mark_all(&view);
				press(&view, TUI_KEY_HOME);
				press(&view, TUI_KEY_RIGHT);
			}
			give(&view, (TuiInput){ .key = TUI_KEY_CLICK, .y = 10, .x = 1 });
			view.model.stepping = key->when == TUI_STEPPING;
			view.model.has_source = key->when == TUI_SOURCE;
			if (key->when == TUI_IN_LIST)
				type(&view, 'l');
			if (key->when == TUI_IN_PLOT) {
				type(&view, 'v');
				view.model.plot = plot = view_plot(&view);
				tui_settle(&view.state, &view.model);
				type(&view, '+'); /* so that 0 has something to do */
			}
			before = view.state;
			action = type(&view, character);
			g_test_message("%s", *name);
			g_assert_true(action != TUI_NOTHING ||
				      memcmp(&before, &view.state, sizeof before) != 0);
			view_shut(&view);
		}
	}
}

static void
test_random(void)
{
	View view;

	view_open(&view, 24, 80, tell_two);
	for (guint i = 0; i < 3000; i++) {
		TuiInput input = { .key = g_test_rand_int_range(0, TUI_KEY_CHARACTER + 1),
				   .character = g_test_rand_int_range(0, 128),
				   .y = g_test_rand_int_range(0, 60),
				   .x = g_test_rand_int_range(0, 210) };

		view.model.stepping = g_test_rand_bit();
		if (give(&view, input) == TUI_SELECTION)
			new_ladder(&view);
		if (i % 10 == 0)
			more_come(&view, 1);
		assert_sane(&view);
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
	g_test_add_func("/tui/follow", test_follow);
	g_test_add_func("/tui/begin-at-first", test_begin_at_first);
	g_test_add_func("/tui/move", test_move);
	g_test_add_func("/tui/page-moves-view", test_page_moves_view);
	g_test_add_func("/tui/mouse", test_mouse);
	g_test_add_func("/tui/mouse-detail", test_mouse_detail);
	g_test_add_func("/tui/detail", test_detail);
	g_test_add_func("/tui/focus-ends-following", test_focus_ends_following);
	g_test_add_func("/tui/detail-by-size", test_detail_by_size);
	g_test_add_func("/tui/help", test_help);
	g_test_add_func("/tui/help-pages", test_help_pages);
	g_test_add_func("/tui/output", test_output);
	g_test_add_func("/tui/notice", test_notice);
	g_test_add_func("/tui/step", test_step);
	g_test_add_func("/tui/pause", test_pause);
	g_test_add_func("/tui/tell", test_tell);
	g_test_add_func("/tui/conversations", test_conversations);
	g_test_add_func("/tui/selection-keeps-event", test_selection_keeps_event);
	g_test_add_func("/tui/selection-hides-event", test_selection_hides_event);
	g_test_add_func("/tui/help-is-true", test_help_is_true);
	g_test_add_func("/tui/random", test_random);
	return g_test_run();
}
