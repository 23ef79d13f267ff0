/* SPDX-License-Identifier: MIT */
/* The keys t, d and m: what the time and delta columns show. */
#include "tui_view.h"

#include <string.h>

/* The head's titles and the rows as they are now. */
static void
test_time(void)
{
	View view;

	view_open(&view, 24, 100, story_trouble);
	assert_shows(&view, "      time");
	type(&view, 't');
	assert_shows(&view, "time UTC");
	g_assert_cmpint(view.state.time, ==, SCENE_TIME_UTC);
	type(&view, 't');
	assert_shows(&view, "local time");
	type(&view, 't');
	assert_hides(&view, "local time");
	g_assert_cmpint(view.state.time, ==, SCENE_TIME_START);
	view_shut(&view);
}

static void
test_delta(void)
{
	View view;

	view_open(&view, 24, 100, story_trouble);
	press(&view, TUI_KEY_HOME);
	assert_shows(&view, "     delta");
	type(&view, 'd'); /* no row is marked */
	g_assert_cmpint(view.state.delta, ==, SCENE_DELTA_OFF);
	assert_shows(&view, "The delta column is off.");
	press(&view, TUI_KEY_DOWN);
	assert_hides(&view, "delta");
	type(&view, 'm');
	g_assert_cmpint(view.state.delta, ==, SCENE_DELTA_MARK);
	assert_shows(&view, "to mark");
	assert_shows(&view, "      mark");
	g_assert_cmpint(view.state.mark_ns, ==, ladder_row(view.ladder, 1).time_ns);
	/* A cycle of three now. */
	type(&view, 'd');
	type(&view, 'd');
	g_assert_cmpint(view.state.delta, ==, SCENE_DELTA_PREVIOUS);
	type(&view, 'd');
	g_assert_cmpint(view.state.delta, ==, SCENE_DELTA_MARK);
	/* Another row; then the same again: no longer. */
	press(&view, TUI_KEY_DOWN);
	type(&view, 'm');
	g_assert_cmpint(view.state.mark_ns, ==, ladder_row(view.ladder, 2).time_ns);
	type(&view, 'm');
	g_assert_cmpuint(view.state.mark, ==, EVENT_NONE);
	g_assert_cmpint(view.state.delta, ==, SCENE_DELTA_PREVIOUS);
	view_shut(&view);
}

/* A marked row that a filter hides still counts. */
static void
test_hidden_mark(void)
{
	View view;

	view_open(&view, 24, 100, tell_two);
	press(&view, TUI_KEY_HOME);
	type(&view, 'm');
	type(&view, 'f');
	for (const char *c = "data"; *c; c++)
		type(&view, *c);
	press(&view, TUI_KEY_ENTER);
	new_ladder(&view);
	assert_hides(&view, "      mark");
	g_assert_cmpint(view.state.delta, ==, SCENE_DELTA_MARK);
	assert_sane(&view);
	view_shut(&view);
}

static void
test_narrow(void)
{
	View view;

	view_open(&view, 24, 80, story_tcp_demo);
	type(&view, 'd');
	type(&view, 'd');
	assert_shows(&view, "it needs 100 columns");
	view_shut(&view);
	view_open(&view, 24, 80, NULL);
	type(&view, 'm');
	g_assert_cmpuint(view.state.mark, ==, EVENT_NONE);
	view_shut(&view);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/tui/time", test_time);
	g_test_add_func("/tui/delta", test_delta);
	g_test_add_func("/tui/hidden-mark", test_hidden_mark);
	g_test_add_func("/tui/narrow-delta", test_narrow);
	return g_test_run();
}
