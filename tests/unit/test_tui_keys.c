/* SPDX-License-Identifier: MIT */
/* Which keys have to wait for what goes on in slices. */
#include "tui_view.h"

static guint
needs(const View *view, TuiKey key, gunichar character)
{
	TuiInput input = { .key = key, .character = character };

	return tui_key_needs(&view->state, &view->model, &input);
}

static guint
character_needs(const View *view, gunichar character)
{
	return needs(view, TUI_KEY_CHARACTER, character);
}

static void
test_ladder(void)
{
	View view;

	view_open(&view, 24, 80, tell_two);
	for (const char *key = "jkgGbcCfhmnNezx:/swPTtd"; *key; key++)
		g_assert_cmphex(character_needs(&view, *key), ==, TUI_WORK_ROWS);
	g_assert_cmphex(character_needs(&view, 'q'), ==, TUI_WORK_WRITING);
	g_assert_cmphex(character_needs(&view, 'S'), ==, TUI_WORK_SCREEN);
	g_assert_cmphex(needs(&view, TUI_KEY_ESCAPE, 0), ==, TUI_WORK_ROWS | TUI_WORK_WRITING);
	g_assert_cmphex(character_needs(&view, 'L' - '@'), ==, 0);
	g_assert_cmphex(needs(&view, TUI_KEY_RESIZE, 0), ==, 0);
	press(&view, TUI_KEY_ENTER);
	g_assert_cmphex(needs(&view, TUI_KEY_DOWN, 0), ==, TUI_WORK_ROWS);
	press(&view, TUI_KEY_TAB); /* now it scrolls the detail pane */
	g_assert_cmphex(needs(&view, TUI_KEY_DOWN, 0), ==, TUI_WORK_ROWS | TUI_WORK_DETAIL);
	view_shut(&view);
}

/* What makes another order waits for none; what is typed never does. */
static void
test_list(void)
{
	View view;

	view_open(&view, 24, 80, tell_two);
	type(&view, 'l');
	for (const char *key = "lR<>/"; *key; key++)
		g_assert_cmphex(character_needs(&view, *key), ==, 0);
	for (const char *key = "mM"; *key; key++)
		g_assert_cmphex(character_needs(&view, *key), ==, TUI_WORK_LIST);
	g_assert_cmphex(needs(&view, TUI_KEY_ENTER, 0), ==, TUI_WORK_LIST);
	g_assert_cmphex(needs(&view, TUI_KEY_END, 0), ==, TUI_WORK_ROWS | TUI_WORK_LIST);
	type(&view, '/');
	g_assert_cmphex(character_needs(&view, 'm'), ==, 0);
	g_assert_cmphex(needs(&view, TUI_KEY_DOWN, 0), ==, TUI_WORK_ROWS | TUI_WORK_LIST);
	view_shut(&view);
}

static void
test_prompts(void)
{
	static const char asks[] = "f/:swS";
	View view;

	view_open(&view, 24, 80, tell_two);
	for (guint i = 0; asks[i]; i++) {
		gboolean file = i >= 3;

		type(&view, asks[i]);
		g_assert_cmphex(character_needs(&view, 'q'), ==, 0);
		g_assert_cmphex(needs(&view, TUI_KEY_ESCAPE, 0), ==, 0);
		g_assert_cmphex(needs(&view, TUI_KEY_ENTER, 0), ==,
				TUI_WORK_ROWS | (file ? TUI_WORK_WRITING : 0));
		press(&view, TUI_KEY_ESCAPE);
	}
	view_shut(&view);
}

static void
test_plots(void)
{
	View view;

	view_open(&view, 24, 80, tell_two);
	tui_plot_open(&view.state, &view.model, 0);
	for (const char *key = "1234R"; *key; key++)
		g_assert_cmphex(character_needs(&view, *key), ==, TUI_WORK_ROWS);
	for (const char *key = "+-0jG"; *key; key++) /* before there is any plot, too */
		g_assert_cmphex(character_needs(&view, *key), ==, TUI_WORK_ROWS | TUI_WORK_PLOT);
	type(&view, 'w');
	g_assert_cmphex(needs(&view, TUI_KEY_ENTER, 0), ==,
			TUI_WORK_ROWS | TUI_WORK_PLOT | TUI_WORK_WRITING);
	view_shut(&view);
}

/* The footer counts those that wait. */
static void
test_told(void)
{
	View view;

	view_open(&view, 24, 80, tell_two);
	assert_hides(&view, "wait");
	view.model.searching = "Searching for \"x\": 5% (Esc stops it)";
	view.model.keys = 1;
	assert_shows(&view, "1 key waits  ");
	view.model.keys = 12;
	assert_shows(&view, "Esc stops it");
	assert_shows(&view, "12 keys wait  ");
	view_shut(&view);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/tui-keys/ladder", test_ladder);
	g_test_add_func("/tui-keys/list", test_list);
	g_test_add_func("/tui-keys/prompts", test_prompts);
	g_test_add_func("/tui-keys/plots", test_plots);
	g_test_add_func("/tui-keys/told", test_told);
	return g_test_run();
}
