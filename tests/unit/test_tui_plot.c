/* SPDX-License-Identifier: MIT */
/* The plots in the view: the cursor that they share with the ladder, their keys,
 * their place; on a plot that is made of the story's events. */
#include "tui_view.h"

#include <string.h>

/* Opens the plots as the view's owner does. */
static void
plot_begin(View *view)
{
	type(view, 'v');
	g_assert_true(view->state.plot);
	view->model.plot = view_plot(view);
	view->model.plot_progress = -1;
	tui_settle(&view->state, &view->model);
}

static void
plot_finish(View *view)
{
	plot_free((Plot *)view->model.plot);
	view_shut(view);
}

static guint32
selected_event(const View *view)
{
	return ladder_row(view->ladder, view->state.selected).event;
}

/* The cursor goes from packet to packet, and the ladder with it; and back. */
static void
test_cursor(void)
{
	View view;
	guint32 first;

	view_open(&view, 24, 80, story_tcp_demo);
	press(&view, TUI_KEY_HOME);
	for (guint i = 0;
	     i < 40 && trace_event(view.story.trace, selected_event(&view))->kind != EVENT_PACKET;
	     i++)
		press(&view, TUI_KEY_DOWN);
	first = selected_event(&view);
	plot_begin(&view);
	assert_shows(&view, "1 sequence");
	assert_shows(&view, "127.0.0.1:50796 → 127.0.0.1:5000");
	g_assert_cmpuint(view.state.plot_cursor, ==, first);
	assert_shows(&view, "frame 1 ");
	press(&view, TUI_KEY_RIGHT);
	assert_shows(&view, "frame 2 ");
	g_assert_cmpuint(selected_event(&view), ==, view.state.plot_cursor);
	g_assert_cmpuint(selected_event(&view), >, first);
	press(&view, TUI_KEY_END);
	assert_shows(&view, "frame 10 ");
	press(&view, TUI_KEY_LEFT);
	assert_shows(&view, "frame 9 ");
	press(&view, TUI_KEY_ENTER); /* back: the selection is where the cursor was */
	g_assert_false(view.state.plot);
	g_assert_cmpuint(selected_event(&view), ==, view.state.plot_cursor);
	press(&view, TUI_KEY_UP);
	press(&view, TUI_KEY_UP);
	type(&view, 'v');
	g_assert_cmpuint(view.state.plot_cursor, <=, selected_event(&view));
	press(&view, TUI_KEY_HOME);
	assert_shows(&view, "frame 1 ");
	press(&view, TUI_KEY_LEFT); /* there is none before */
	assert_shows(&view, "frame 1 ");
	plot_finish(&view);
}

/* Beside the ladder: moving there moves the cursor. */
static void
test_beside(void)
{
	View view;
	TuiLayout layout;

	view_open(&view, 50, 200, tell_much);
	plot_begin(&view);
	layout = tui_layout(&view.state, &view.model);
	g_assert_cmpuint(layout.ladder.rows, >, 0);
	g_assert_cmpuint(layout.plot.columns, >, 100);
	press(&view, TUI_KEY_HOME);
	assert_shows(&view, "frame 1 ");
	press(&view, TUI_KEY_DOWN);
	press(&view, TUI_KEY_DOWN);
	assert_shows(&view, "frame 3 ");
	press(&view, TUI_KEY_PAGE_DOWN);
	g_assert_cmpuint(view.state.plot_cursor, ==, selected_event(&view));
	press(&view, TUI_KEY_LEFT);
	g_assert_cmpuint(view.state.plot_cursor, ==, selected_event(&view));
	assert_sane(&view);
	plot_finish(&view);
}

/* A filter hides the packet: the ladder stands at the nearest row, the cursor stays. */
static void
test_filtered(void)
{
	View view;
	g_autoptr(GError) error = NULL;

	view_open(&view, 50, 200, tell_much);
	view.state.selection.filter = filter_new("data", &error);
	g_assert_no_error(error);
	new_ladder(&view);
	press(&view, TUI_KEY_HOME);
	plot_begin(&view);
	press(&view, TUI_KEY_RIGHT);
	assert_shows(&view, "frame 2 ");
	g_assert_cmpuint(selected_event(&view), ==, 2); /* the next one that is shown */
	press(&view, TUI_KEY_RIGHT);
	assert_shows(&view, "frame 3 ");
	press(&view, TUI_KEY_RIGHT);
	assert_shows(&view, "frame 4 ");
	press(&view, TUI_KEY_UP);
	press(&view, TUI_KEY_UP);
	g_assert_cmpuint(view.state.plot_cursor, ==, selected_event(&view));
	plot_finish(&view);
}

/* Within a fold the cursor moves, and the row stays. */
static void
test_folded(void)
{
	View view;
	guint32 row;

	view_open(&view, 50, 200, tell_much);
	view.state.selection.fold = TRUE;
	new_ladder(&view);
	press(&view, TUI_KEY_HOME);
	while (ladder_row(view.ladder, view.state.selected).kind != ROW_FOLD)
		press(&view, TUI_KEY_DOWN);
	plot_begin(&view);
	row = view.state.selected;
	press(&view, TUI_KEY_RIGHT);
	press(&view, TUI_KEY_RIGHT);
	g_assert_cmpuint(view.state.plot_cursor, ==, selected_event(&view) + 2);
	g_assert_cmpuint(view.state.selected, ==, row);
	plot_finish(&view);
}

static void
test_zoom(void)
{
	View view;
	gint64 width;

	view_open(&view, 24, 80, tell_much);
	plot_begin(&view);
	press(&view, TUI_KEY_HOME);
	type(&view, '+');
	width = view.state.plot_to_ns - view.state.plot_from_ns;
	g_assert_cmpint(width, >, 0);
	type(&view, '+');
	g_assert_cmpint(view.state.plot_to_ns - view.state.plot_from_ns, ==, width / 2);
	for (guint i = 0; i < 150; i++) { /* what is shown goes along */
		const Event *event;

		press(&view, TUI_KEY_RIGHT);
		event = trace_event(view.story.trace, view.state.plot_cursor);
		g_assert_cmpint(event->time_ns - view.model.plot->start_ns, >=,
				view.state.plot_from_ns);
		g_assert_cmpint(event->time_ns - view.model.plot->start_ns, <,
				view.state.plot_to_ns);
	}
	for (guint i = 0; i < 60; i++)
		type(&view, '+');
	g_assert_cmpint(view.state.plot_to_ns - view.state.plot_from_ns, ==, 1000);
	for (guint i = 0; i < 60; i++)
		type(&view, '-');
	g_assert_cmpint(view.state.plot_to_ns, ==, view.state.plot_from_ns); /* all */
	type(&view, '+');
	type(&view, '0');
	g_assert_cmpint(view.state.plot_to_ns, ==, view.state.plot_from_ns);
	plot_finish(&view);
}

static void
test_kinds(void)
{
	View view;
	Side side;

	view_open(&view, 24, 80, tell_much);
	plot_begin(&view);
	side = view.state.plot_side;
	g_assert_cmpint(side, ==, SIDE_CLIENT); /* it sent more */
	type(&view, '3');
	g_assert_cmpint(view.state.plot_kind, ==, PLOT_THROUGHPUT);
	assert_shows(&view, "all payload");
	press(&view, TUI_KEY_TAB);
	press(&view, TUI_KEY_TAB);
	g_assert_cmpint(view.state.plot_kind, ==, PLOT_SEQUENCE);
	press(&view, TUI_KEY_BACKTAB);
	g_assert_cmpint(view.state.plot_kind, ==, PLOT_FLIGHT);
	type(&view, 'R');
	g_assert_cmpint(view.state.plot_side, ==, SIDE_SERVER);
	assert_shows(&view, "what the server sent");
	g_assert_cmpint(type(&view, 'q'), ==, TUI_NOTHING); /* closes it */
	g_assert_false(view.state.plot);
	g_assert_cmpint(type(&view, 'q'), ==, TUI_QUIT);
	plot_finish(&view);
}

/* UDP: its throughput at once, and a word about the rest. */
static void
test_udp(void)
{
	View view;

	view_open(&view, 24, 80, story_udp_demo);
	plot_begin(&view);
	g_assert_cmpint(view.state.plot_kind, ==, PLOT_THROUGHPUT);
	type(&view, '1');
	assert_shows(&view, "UDP has no sequence numbers");
	press(&view, TUI_KEY_RIGHT);
	plot_finish(&view);
}

/* Without packets yet, at every size, with the mouse everywhere: it stays sane. */
static void
test_robust(void)
{
	View view;

	view_open(&view, 24, 80, NULL);
	type(&view, 'v');
	g_assert_false(view.state.plot); /* there is none to plot */
	view_shut(&view);
	view_open(&view, 24, 80, story_tcp_demo);
	type(&view, 'v');
	press(&view, TUI_KEY_RIGHT); /* before it was read */
	assert_shows(&view, "Reading the conversation");
	view.model.plot = view_plot(&view);
	view.model.plot_progress = 42;
	tui_settle(&view.state, &view.model);
	assert_shows(&view, "42 %");
	for (guint rows = 1; rows < 60; rows += 6) {
		for (guint columns = 1; columns < 220; columns += 13) {
			g_autofree char *text = NULL;

			give(&view, (TuiInput){ .key = TUI_KEY_RESIZE, .y = rows, .x = columns });
			give(&view,
			     (TuiInput){ .key = TUI_KEY_CLICK, .y = rows / 2, .x = columns - 1 });
			give(&view, (TuiInput){
					.key = TUI_KEY_WHEEL_UP, .y = rows / 2, .x = columns / 2 });
			g_assert_true(view.state.plot);
			text = view_text(&view);
		}
	}
	give(&view, (TuiInput){ .key = TUI_KEY_RESIZE, .y = 8, .x = 40 });
	assert_shows(&view, "The plot needs 32 columns");
	plot_finish(&view);
}

/* ASCII and the console have no braille; ASCII nothing beyond ASCII. */
static void
test_glyphs(void)
{
	View view;

	view_open(&view, 24, 80, tell_much);
	plot_begin(&view);
	for (Glyphs glyphs = 0; glyphs < N_GLYPHS; glyphs++) {
		g_autoptr(Grid) grid = NULL;
		guint n_braille = 0;

		view.state.glyphs = glyphs;
		grid = view_grid(&view);
		assert_grid_clean(grid, glyphs);
		for (guint i = 0; i < grid->rows * grid->columns; i++)
			n_braille +=
			    grid->cells[i].character >= 0x2800 && grid->cells[i].character < 0x2900;
		g_assert_true((n_braille > 20) == (glyphs == GLYPHS_UTF8));
	}
	plot_finish(&view);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/tui-plot/cursor", test_cursor);
	g_test_add_func("/tui-plot/beside", test_beside);
	g_test_add_func("/tui-plot/filtered", test_filtered);
	g_test_add_func("/tui-plot/folded", test_folded);
	g_test_add_func("/tui-plot/zoom", test_zoom);
	g_test_add_func("/tui-plot/kinds", test_kinds);
	g_test_add_func("/tui-plot/udp", test_udp);
	g_test_add_func("/tui-plot/robust", test_robust);
	g_test_add_func("/tui-plot/glyphs", test_glyphs);
	return g_test_run();
}
