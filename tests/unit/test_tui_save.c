/* SPDX-License-Identifier: MIT */
/* The keys s and w: a name is asked for, and asked once more where that file exists. */
#include "tui_view.h"

static TuiAction
write_text(View *view, const char *text)
{
	TuiAction action = TUI_NOTHING;

	for (; *text; text++)
		action = type(view, *text);
	return action;
}

static void
test_save(void)
{
	View view;

	view_open(&view, 24, 100, tell_two);
	type(&view, 's');
	assert_shows(&view, "save as:");
	assert_shows(&view, "all packets and calls, as pcapng");
	g_assert_cmpint(write_text(&view, "out.pcapng"), ==, TUI_NOTHING);
	g_assert_cmpint(press(&view, TUI_KEY_ENTER), ==, TUI_SAVE);
	g_assert_cmpstr(view.state.path[TUI_ASK_SAVE], ==, "out.pcapng");
	g_assert_false(view.state.replaces);
	assert_hides(&view, "save as:");
	view_shut(&view);
}

static void
test_exists(void)
{
	View view;

	view_open(&view, 24, 100, tell_two);
	type(&view, 's');
	write_text(&view, "out");
	press(&view, TUI_KEY_ENTER);
	tui_file_exists(&view.state, TUI_ASK_SAVE);
	assert_shows(&view, "save as: out\n");
	assert_shows(&view, "out exists: Enter replaces it");
	press(&view, TUI_KEY_LEFT); /* changes nothing */
	g_assert_true(view.state.replaces);
	g_assert_cmpint(press(&view, TUI_KEY_ENTER), ==, TUI_SAVE);
	g_assert_true(view.state.replaces);
	/* Another name is another file, and so is the next time. */
	tui_file_exists(&view.state, TUI_ASK_SAVE);
	type(&view, '2');
	assert_hides(&view, "exists");
	g_assert_cmpint(press(&view, TUI_KEY_ENTER), ==, TUI_SAVE);
	g_assert_false(view.state.replaces);
	tui_file_exists(&view.state, TUI_ASK_SAVE);
	press(&view, TUI_KEY_ESCAPE);
	type(&view, 's');
	g_assert_false(view.state.replaces);
	assert_hides(&view, "exists");
	view_shut(&view);
}

static void
test_what(void)
{
	View view;

	view_open(&view, 24, 100, tell_two);
	g_assert_cmpint(type(&view, 'c'), ==, TUI_SELECTION);
	new_ladder(&view);
	type(&view, 's');
	assert_shows(&view, "this conversation, as pcapng");
	g_assert_cmpint(press(&view, TUI_KEY_ENTER), ==, TUI_NOTHING); /* no name */
	assert_hides(&view, "save as:");
	type(&view, 'f');
	write_text(&view, "fin and rst");
	g_assert_cmpint(press(&view, TUI_KEY_ENTER), ==, TUI_SELECTION);
	new_ladder(&view);
	type(&view, 's');
	assert_shows(&view, "the rows that pass the filter, as pcapng");
	write_text(&view, "out");
	g_assert_cmpint(press(&view, TUI_KEY_ENTER), ==, TUI_NOTHING);
	assert_shows(&view, "There are no rows to save.");
	view_shut(&view);
}

/* The key w: the name's end says the format, and Tab goes through them. */
static void
test_figure(void)
{
	View view;

	view_open(&view, 24, 100, tell_two);
	type(&view, 'w');
	assert_shows(&view, "figure as:");
	assert_shows(&view, "Tab shows the formats");
	write_text(&view, "out.doc");
	g_assert_cmpint(press(&view, TUI_KEY_ENTER), ==, TUI_NOTHING);
	assert_shows(&view, "The name's end says the format");
	for (guint i = 0; i < 4; i++)
		press(&view, TUI_KEY_BACKSPACE);
	press(&view, TUI_KEY_TAB);
	assert_shows(&view, "figure as: out.svg");
	press(&view, TUI_KEY_TAB);
	assert_shows(&view, "figure as: out.pdf");
	press(&view, TUI_KEY_BACKTAB);
	g_assert_cmpint(press(&view, TUI_KEY_ENTER), ==, TUI_FIGURE);
	g_assert_cmpstr(view.state.path[TUI_ASK_FIGURE], ==, "out.svg");
	g_assert_false(view.state.replaces);
	/* It is there: asked once more, and another name is another file. */
	tui_file_exists(&view.state, TUI_ASK_FIGURE);
	assert_shows(&view, "out.svg exists: Enter replaces it");
	press(&view, TUI_KEY_TAB);
	g_assert_false(view.state.replaces);
	press(&view, TUI_KEY_ESCAPE);
	tui_file_exists(&view.state, TUI_ASK_FIGURE);
	g_assert_cmpint(press(&view, TUI_KEY_ENTER), ==, TUI_FIGURE);
	g_assert_true(view.state.replaces);
	view_shut(&view);
}

/* Only a part has been read: it goes elsewhere, which is said before. */
static void
test_part(void)
{
	View view;

	view_open(&view, 24, 100, tell_two);
	view.model.part = "Reading was stopped";
	type(&view, 's');
	assert_shows(&view, "all packets and calls, as pcapng");
	write_text(&view, "out");
	assert_shows(&view, "Reading was stopped: it goes into out.partial.");
	g_assert_cmpint(press(&view, TUI_KEY_ENTER), ==, TUI_SAVE);
	g_assert_cmpstr(view.state.path[TUI_ASK_SAVE], ==, "out");
	type(&view, 'w');
	write_text(&view, "out.s");
	assert_hides(&view, "partial");
	write_text(&view, "vg");
	assert_shows(&view, "Reading was stopped: it goes into out.svg.partial.");
	g_assert_cmpint(press(&view, TUI_KEY_ENTER), ==, TUI_FIGURE);
	view_shut(&view);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/tui/save", test_save);
	g_test_add_func("/tui/save-exists", test_exists);
	g_test_add_func("/tui/save-what", test_what);
	g_test_add_func("/tui/figure", test_figure);
	g_test_add_func("/tui/save-part", test_part);
	return g_test_run();
}
