/* SPDX-License-Identifier: MIT */
/* Folding by its key. */
#include "tui_view.h"

/* The selected event is in the selected row, folded or not, and on its line. */
static void
test_toggle(void)
{
	View view;
	guint32 event, rows;

	view_open(&view, 24, 80, tell_much);
	rows = ladder_length(view.ladder);
	press(&view, TUI_KEY_HOME);
	for (guint i = 0; i < 100; i++)
		press(&view, TUI_KEY_DOWN);
	event = ladder_row(view.ladder, view.state.selected).event;
	g_assert_cmpint(type(&view, 'z'), ==, TUI_SELECTION);
	new_ladder(&view);
	g_assert_cmpuint(ladder_length(view.ladder), <, rows / 10);
	g_assert_cmpuint(ladder_row_of(view.ladder, event), ==, view.state.selected);
	g_assert_cmpint(ladder_row(view.ladder, view.state.selected).kind, ==, ROW_FOLD);
	assert_shows(&view, " segments, ");
	assert_sane(&view);
	event = ladder_row(view.ladder, view.state.selected).event;
	g_assert_cmpint(type(&view, 'z'), ==, TUI_SELECTION);
	new_ladder(&view);
	g_assert_cmpuint(ladder_length(view.ladder), ==, rows);
	g_assert_cmpuint(ladder_row(view.ladder, view.state.selected).event, ==, event);
	assert_hides(&view, " segments, ");
	view_shut(&view);
}

/* x opens the selected fold where it is, and closes it from one of its rows. */
static void
test_open(void)
{
	View view;
	guint32 rows, event;

	view_open(&view, 24, 80, tell_much);
	g_assert_cmpint(type(&view, 'x'), ==, TUI_NOTHING);
	assert_shows(&view, "z folds");
	type(&view, 'z');
	new_ladder(&view);
	press(&view, TUI_KEY_HOME);
	while (ladder_row(view.ladder, view.state.selected).kind != ROW_FOLD)
		press(&view, TUI_KEY_DOWN);
	rows = ladder_length(view.ladder);
	event = ladder_row(view.ladder, view.state.selected).event;
	type(&view, 'x');
	g_assert_cmpuint(ladder_length(view.ladder), >, rows);
	g_assert_cmpuint(ladder_row(view.ladder, view.state.selected).event, ==, event);
	assert_sane(&view);
	press(&view, TUI_KEY_DOWN);
	press(&view, TUI_KEY_DOWN);
	type(&view, 'x');
	g_assert_cmpuint(ladder_length(view.ladder), ==, rows);
	g_assert_cmpuint(ladder_row(view.ladder, view.state.selected).event, ==, event);
	assert_sane(&view);
	view_shut(&view);
}

/* The old ladder stays until the new one has the selected event; Esc stays with it. */
static void
test_building(void)
{
	View view;
	g_autoptr(Ladder) next = NULL;

	view_open(&view, 24, 80, tell_much);
	press(&view, TUI_KEY_HOME);
	for (guint i = 0; i < 100; i++)
		press(&view, TUI_KEY_DOWN);
	type(&view, 'h');
	next = ladder_new(view.story.trace, view.state.selection);
	ladder_update_slice(next, 100);
	g_assert_cmpuint(ladder_length(next), >, 24);
	g_assert_false(tui_ladder_is_ready(&view.state, next));
	press(&view, TUI_KEY_HOME); /* meanwhile */
	g_assert_true(tui_ladder_is_ready(&view.state, next));
	press(&view, TUI_KEY_END);
	g_assert_false(tui_ladder_is_ready(&view.state, next)); /* the newest row is not there */
	tui_selection_abandon(&view.state, &view.model);
	g_assert_false(view.state.selection.hide_calls);
	tui_settle(&view.state, &view.model);
	assert_sane(&view);
	view_shut(&view);
}

/* To a frame that is not there yet: it is gone to when it is, unless a key says else. */
static void
test_goto_building(void)
{
	for (guint key = FALSE; key <= TRUE; key++) {
		View view;
		const char *p = "301";

		view_open(&view, 24, 80, tell_much);
		ladder_free(view.ladder);
		view.ladder = view.model.ladder = ladder_new(view.story.trace, SELECTION_ALL);
		ladder_update_slice(view.ladder, 50);
		press(&view, TUI_KEY_HOME);
		type(&view, ':');
		for (; *p; p++)
			type(&view, *p);
		press(&view, TUI_KEY_ENTER);
		g_assert_cmpuint(view.state.selected, ==, 0);
		if (key)
			press(&view, TUI_KEY_DOWN);
		ladder_update(view.ladder);
		tui_settle(&view.state, &view.model);
		g_assert_cmpuint(view.state.selected, ==, key ? 1 : 300);
		assert_sane(&view);
		view_shut(&view);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/tui/fold", test_toggle);
	g_test_add_func("/tui/fold-open", test_open);
	g_test_add_func("/tui/fold-building", test_building);
	g_test_add_func("/tui/goto-building", test_goto_building);
	return g_test_run();
}
