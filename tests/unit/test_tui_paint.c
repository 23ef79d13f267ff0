/* SPDX-License-Identifier: MIT */
/* The view: states in, cells out. */
#include "tui_view.h"

#include <string.h>

/* ---- painting ---- */

static guint
count_heads(const Grid *grid)
{
	guint n = 0;

	for (guint i = 0; i < grid->rows * grid->columns; i++)
		n += grid->cells[i].character == 0x25ba || grid->cells[i].character == 0x25c4;
	return n;
}

static guint
count_arrows(const View *view)
{
	TuiLayout layout = tui_layout(&view->state, &view->model);
	guint n = 0;

	for (guint y = 0; y < layout.ladder.rows; y++) {
		guint32 row = view->state.top + y;

		if (row < ladder_length(view->ladder))
			n += ladder_row(view->ladder, row).kind == ROW_ARROW;
	}
	return n;
}

/* Whatever is open, each arrow in view has its head. */
static void
test_nothing_covers_a_head(void)
{
	static const struct {
		guint rows, columns;
	} sizes[] = { { 24, 80 }, { 40, 120 }, { 50, 200 }, { 40, 140 }, { 16, 60 }, { 6, 24 } };

	for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
		for (guint open = 0; open < 8; open++) {
			g_autoptr(Grid) grid = NULL;
			View view;

			view_open(&view, sizes[i].rows, sizes[i].columns, story_tcp_demo);
			view.state.detail = open & 1;
			view.model.stepping = open & 2;
			view.model.notice = open & 4 ? "A notice." : NULL;
			press(&view, TUI_KEY_HOME);
			grid = view_grid(&view);
			g_assert_cmpuint(count_heads(grid), ==, count_arrows(&view));
			view_shut(&view);
		}
	}
}

/* 80 columns hold all: time, both gutters, labels. */
static void
test_whole_at_80(void)
{
	View view;

	view_open(&view, 24, 80, story_tcp_demo);
	assert_shows(&view, "demo tcp · private network");
	assert_shows(&view, "packets");
	assert_shows(&view, "SYN seq=0");
	assert_shows(&view, "ESTABLISHED");
	assert_shows(&view, "time");
	assert_shows(&view, "q quit");
	assert_shows(&view, "? help");
	assert_hides(&view, "Detail");
	view_shut(&view);
}

static void
test_drops(void)
{
	g_autoptr(Grid) grid = NULL;
	View view;
	gboolean loud = FALSE;

	view_open(&view, 24, 80, story_tcp_demo);
	assert_hides(&view, "lost");
	view.model.drops = 3;
	assert_shows(&view, "3 packets lost");
	grid = view_grid(&view);
	for (guint x = 0; x < grid->columns; x++)
		loud |= grid_cell(grid, 0, x)->role == ROLE_DROPS;
	g_assert_true(loud);
	view_shut(&view);
}

static void
test_empty(void)
{
	View view;

	view_open(&view, 24, 80, NULL);
	assert_shows(&view, "waiting for the first packet");
	for (gunichar character = 0; character < 256; character++)
		type(&view, character);
	for (TuiKey key = 0; key < TUI_KEY_CHARACTER; key++)
		if (key != TUI_KEY_RESIZE)
			press(&view, key);
	assert_sane(&view);
	view.state.help = view.state.output = FALSE;
	view.model.live = FALSE;
	assert_shows(&view, "nothing to show");
	view_shut(&view);
}

static void
test_too_small(void)
{
	View view;

	view_open(&view, 5, 80, story_tcp_demo);
	assert_shows(&view, "The ladder needs 24 columns and 6 rows; here are 80 and 5.");
	give(&view, (TuiInput){ .key = TUI_KEY_RESIZE, .y = 24, .x = 16 });
	assert_shows(&view, "The ladder needs\n24 columns and 6\nrows; here are\n16 and 24.\n");
	give(&view, (TuiInput){ .key = TUI_KEY_RESIZE, .y = 1, .x = 14 });
	assert_shows(&view, "needs 24 x 6\n");
	give(&view, (TuiInput){ .key = TUI_KEY_RESIZE, .y = 2, .x = 4 });
	assert_shows(&view, "24x6\n");
	give(&view, (TuiInput){ .key = TUI_KEY_RESIZE, .y = 1, .x = 1 });
	assert_shows(&view, "!\n");
	g_assert_cmpint(type(&view, 'q'), ==, TUI_QUIT);
	view_shut(&view);
}

static void
paint_with(View *view, guint rows, guint columns, Glyphs glyphs)
{
	for (guint open = 0; open < 6; open++) {
		g_autoptr(Grid) grid = NULL;

		view->state.glyphs = glyphs;
		view->state.help = open == 1;
		view->state.output = open == 2;
		view->state.detail = open >= 3;
		view->model.stepping = open >= 4;
		view->model.notice =
		    open == 5 ? "A notice with 漢字 that is longer than some." : NULL;
		give(view, (TuiInput){ .key = TUI_KEY_RESIZE, .y = rows, .x = columns });
		assert_sane(view);
		grid = view_grid(view);
		assert_grid_clean(grid, glyphs);
	}
}

static void
test_all_sizes(void)
{
	static const guint rows[] = { 1, 2, 5, 6, 7, 8, 11, 13, 24, 50, 200 };
	View view;

	view_open(&view, 24, 80, story_trouble);
	view.model.title = "día/捕獲.pcap";
	view.model.drops = G_MAXUINT64;
	view.model.held = "client: connect(3, 127.0.0.1:5000)";
	g_ptr_array_insert(view.detail, 1,
			   g_strdup("   漢字漢字漢字漢字漢字漢字漢字 漢字漢字漢字漢字漢字漢字"));
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		for (guint columns = 1; columns <= 500; columns += columns < 32 ? 1 : 29) {
			paint_with(&view, rows[i], columns, GLYPHS_UTF8);
			paint_with(&view, rows[i], columns, GLYPHS_ASCII);
		}
	}
	view_shut(&view);
}

/* Cells of a grid that is not the state's size are clipped, not written past. */
static void
test_other_grid(void)
{
	g_autoptr(Grid) small = grid_new(3, 7);
	View view;

	view_open(&view, 50, 200, story_tcp_demo);
	tui_paint(&view.state, &view.model, small);
	assert_grid_clean(small, GLYPHS_UTF8);
	view_shut(&view);
}

/* Broken at spaces, words only where they are too long; nothing is lost. */
static void
test_wrap(void)
{
	static const struct {
		const char *text;
		guint width, hang;
		const char *lines;
	} cases[] = {
		{ "one two three", 20, 0, "one two three" },
		{ "one two three", 13, 0, "one two three" },
		{ "one two three", 12, 0, "one two|three" },
		{ "one two three", 7, 2, "one two|  three" },
		{ "one two three", 3, 0, "one|two|thr|ee" },
		{ "  one two", 6, 2, "  one|  two" },
		{ "  longword", 6, 3, "  long|   wor|   d" },
		{ "漢字漢字", 5, 0, "漢字|漢字" },
		{ "漢", 1, 0, "漢" },
		{ "", 10, 4, "" },
		{ "   ", 10, 4, "   " },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
		g_autofree char *joined = NULL;

		grid_wrap(lines, cases[i].text, cases[i].width, cases[i].hang);
		g_ptr_array_add(lines, NULL);
		joined = g_strjoinv("|", (char **)lines->pdata);
		g_assert_cmpstr(joined, ==, cases[i].lines);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/tui/nothing-covers-a-head", test_nothing_covers_a_head);
	g_test_add_func("/tui/whole-at-80", test_whole_at_80);
	g_test_add_func("/tui/drops", test_drops);
	g_test_add_func("/tui/empty", test_empty);
	g_test_add_func("/tui/too-small", test_too_small);
	g_test_add_func("/tui/all-sizes", test_all_sizes);
	g_test_add_func("/tui/other-grid", test_other_grid);
	g_test_add_func("/tui/wrap", test_wrap);
	return g_test_run();
}
