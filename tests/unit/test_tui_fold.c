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

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/tui/fold", test_toggle);
	return g_test_run();
}
