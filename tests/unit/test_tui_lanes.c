/* SPDX-License-Identifier: MIT */
/* The lanes of marked conversations on the screen: scrolling them. */
#include "tui_view.h"

static void
open_lanes(View *view, guint rows, guint columns)
{
	view_open(view, rows, columns, tell_lanes);
	view->model.live = FALSE;
	mark_all(view);
	g_assert_cmpuint(ladder_n_lanes(view->ladder), ==, 10);
	press(view, TUI_KEY_HOME);
}

static gboolean
in_view(const View *view, guint lane)
{
	TuiLayout layout = tui_layout(&view->state, &view->model);

	return scene_lane_x(&layout.scene, lane) != G_MAXUINT;
}

/* The title says which lanes there are, the footer which keys. */
static void
test_told(void)
{
	View view;

	open_lanes(&view, 24, 80);
	assert_shows(&view, "lanes 1-3 of 10");
	assert_shows(&view, "8 of 8 conversations");
	assert_shows(&view, "←→ lanes");
	assert_shows(&view, "7 more »");
	assert_shows(&view, "1: Client");
	assert_shows(&view, "127.0.0.1:40000");
	assert_sane(&view);
	press(&view, TUI_KEY_RIGHT);
	assert_shows(&view, "lanes 2-4 of 10");
	assert_shows(&view, "« 1 more");
	assert_shows(&view, "4: Client");
	assert_hides(&view, "1: Client");
	view_shut(&view);

	open_lanes(&view, 50, 240); /* all are there: nothing to scroll, nothing to say */
	view.state.detail = FALSE;
	assert_hides(&view, "lanes");
	assert_hides(&view, "more »");
	assert_shows(&view, "10: Server");
	press(&view, TUI_KEY_RIGHT);
	g_assert_cmpuint(view.state.first_lane, ==, 0);
	view_shut(&view);

	view_open(&view, 24, 80, tell_much);
	press(&view, TUI_KEY_RIGHT);
	g_assert_cmpuint(view.state.first_lane, ==, 0);
	assert_hides(&view, "lanes");
	view_shut(&view);
}

static void
test_scroll(void)
{
	View view;

	open_lanes(&view, 24, 80);
	for (guint i = 1; i <= 7; i++) {
		press(&view, TUI_KEY_RIGHT);
		g_assert_cmpuint(view.state.first_lane, ==, i);
		assert_sane(&view);
	}
	press(&view, TUI_KEY_RIGHT); /* none of the view becomes empty */
	g_assert_cmpuint(view.state.first_lane, ==, 7);
	assert_shows(&view, "lanes 8-10 of 10");
	g_assert_cmpuint(view.state.selected, ==, 0); /* the selection stays */
	press(&view, TUI_KEY_LEFT);
	g_assert_cmpuint(view.state.first_lane, ==, 6);
	type(&view, 'H');
	g_assert_cmpuint(view.state.first_lane, ==, 4); /* one is in both views */
	type(&view, 'L');
	g_assert_cmpuint(view.state.first_lane, ==, 6);
	type(&view, 'L');
	g_assert_cmpuint(view.state.first_lane, ==, 7);
	for (guint i = 0; i < 6; i++)
		type(&view, 'H');
	g_assert_cmpuint(view.state.first_lane, ==, 0);
	view_shut(&view);
}

/* The selected row's sender is in view, and both ends where there is room. */
static void
test_selection_is_seen(void)
{
	for (guint columns = 24; columns <= 240; columns += 9) {
		View view;

		open_lanes(&view, 24, columns);
		view.state.detail = FALSE;
		for (guint i = 0; i < 2 * ladder_length(view.ladder); i++) {
			LadderRow row = ladder_row(view.ladder, view.state.selected);
			TuiLayout layout = tui_layout(&view.state, &view.model);
			guint low = MIN(row.lane[0], row.lane[1]);
			guint high = MAX(row.lane[0], row.lane[1]);

			g_assert_true(in_view(&view, row.lane[row.from]));
			if (high - low < layout.scene.n_visible)
				g_assert_true(in_view(&view, low) && in_view(&view, high));
			press(&view, i < ladder_length(view.ladder) ? TUI_KEY_DOWN : TUI_KEY_UP);
			assert_sane(&view);
		}
		view_shut(&view);
	}
}

/* A narrower terminal keeps what it can; another selection begins anew. */
static void
test_changes(void)
{
	View view;

	open_lanes(&view, 24, 200);
	view.state.detail = FALSE;
	for (guint i = 0; i < 10; i++)
		press(&view, TUI_KEY_RIGHT);
	for (guint columns = 200; columns >= 20; columns -= 15) {
		give(&view, (TuiInput){ .key = TUI_KEY_RESIZE, .y = 24, .x = columns });
		assert_sane(&view);
	}
	give(&view, (TuiInput){ .key = TUI_KEY_RESIZE, .y = 24, .x = 80 });
	g_assert_true(in_view(&view, ladder_row(view.ladder, view.state.selected).lane[0]));
	for (guint i = 0; i < 10; i++)
		press(&view, TUI_KEY_RIGHT);
	g_assert_cmpuint(view.state.first_lane, >, 0);
	g_assert_cmpint(type(&view, 'c'), ==, TUI_SELECTION);
	new_ladder(&view);
	g_assert_cmpuint(view.state.first_lane, ==, 0);
	assert_shows(&view, "Client 127.0.0.1:40000");
	assert_hides(&view, "lanes");
	view_shut(&view);
}

/* From the list: mark, Enter. */
static void
test_from_list(void)
{
	View view;

	view_open(&view, 24, 80, tell_lanes);
	view.model.live = FALSE;
	type(&view, 'l');
	type(&view, 'M');
	g_assert_cmpint(press(&view, TUI_KEY_ENTER), ==, TUI_SELECTION);
	new_ladder(&view);
	assert_shows(&view, "of 10");
	assert_shows(&view, "#7 SYN");
	view_shut(&view);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/tui-lanes/told", test_told);
	g_test_add_func("/tui-lanes/scroll", test_scroll);
	g_test_add_func("/tui-lanes/selection-is-seen", test_selection_is_seen);
	g_test_add_func("/tui-lanes/changes", test_changes);
	g_test_add_func("/tui-lanes/from-list", test_from_list);
	return g_test_run();
}
