/* SPDX-License-Identifier: MIT */
/* The key S: a picture of the screen, under a name whose suffix says what it is. */
#include "tui_view.h"

static void
write_text(View *view, const char *text)
{
	for (; *text; text++)
		type(view, *text);
}

static void
test_picture(void)
{
	View view;

	view_open(&view, 24, 100, tell_two);
	g_assert_cmpint(tui_asking(&view.state), ==, N_TUI_ASKS);
	type(&view, 'S');
	g_assert_cmpint(tui_asking(&view.state), ==, TUI_ASK_PICTURE);
	assert_shows(&view, "picture as:");
	assert_shows(&view, "its suffix says what it is: .svg .png .txt .ansi (Tab)");
	write_text(&view, "out.svg");
	assert_shows(&view, "Enter writes the screen as it was before this line.");
	g_assert_cmpint(press(&view, TUI_KEY_ENTER), ==, TUI_PICTURE);
	g_assert_cmpstr(view.state.path[TUI_ASK_PICTURE], ==, "out.svg");
	g_assert_false(view.state.replaces);
	g_assert_cmpint(tui_asking(&view.state), ==, N_TUI_ASKS);
	view_shut(&view);
}

static void
test_suffix(void)
{
	View view;

	view_open(&view, 24, 100, tell_two);
	type(&view, 'S');
	g_assert_cmpint(press(&view, TUI_KEY_ENTER), ==, TUI_NOTHING); /* no name */
	assert_hides(&view, "picture as:");
	type(&view, 'S');
	write_text(&view, "out");
	g_assert_cmpint(press(&view, TUI_KEY_ENTER), ==, TUI_NOTHING);
	assert_shows(&view, "its suffix must be one of .svg .png .txt .ansi");
	press(&view, TUI_KEY_TAB);
	assert_shows(&view, "picture as: out.svg");
	press(&view, TUI_KEY_TAB);
	assert_shows(&view, "picture as: out.png");
	press(&view, TUI_KEY_BACKTAB);
	press(&view, TUI_KEY_BACKTAB);
	assert_shows(&view, "picture as: out.ansi");
	press(&view, TUI_KEY_BACKSPACE);
	press(&view, TUI_KEY_BACKSPACE);
	press(&view, TUI_KEY_BACKSPACE);
	press(&view, TUI_KEY_BACKSPACE);
	type(&view, 't');
	press(&view, TUI_KEY_TAB);
	assert_shows(&view, "picture as: out.txt");
	g_assert_cmpint(press(&view, TUI_KEY_ENTER), ==, TUI_PICTURE);
	g_assert_cmpstr(view.state.path[TUI_ASK_PICTURE], ==, "out.txt");
	view_shut(&view);
}

/* A suffix without a name is none, and a folder's point is no suffix. */
static void
test_no_name(void)
{
	View view;

	view_open(&view, 24, 100, tell_two);
	type(&view, 'S');
	press(&view, TUI_KEY_TAB);
	assert_hides(&view, ".svg\n");
	write_text(&view, "a.d/");
	press(&view, TUI_KEY_TAB);
	g_assert_cmpint(press(&view, TUI_KEY_ENTER), ==, TUI_NOTHING);
	write_text(&view, "b");
	press(&view, TUI_KEY_TAB);
	g_assert_cmpint(press(&view, TUI_KEY_ENTER), ==, TUI_PICTURE);
	g_assert_cmpstr(view.state.path[TUI_ASK_PICTURE], ==, "a.d/b.svg");
	view_shut(&view);
}

static void
test_exists(void)
{
	View view;

	view_open(&view, 24, 100, tell_two);
	type(&view, 'S');
	write_text(&view, "out.svg");
	press(&view, TUI_KEY_ENTER);
	tui_file_exists(&view.state, TUI_ASK_PICTURE);
	assert_shows(&view, "picture as: out.svg\n");
	assert_shows(&view, "out.svg exists: Enter replaces it");
	g_assert_cmpint(press(&view, TUI_KEY_ENTER), ==, TUI_PICTURE);
	g_assert_true(view.state.replaces);
	/* Another name is another file, and so is the next time. */
	tui_file_exists(&view.state, TUI_ASK_PICTURE);
	press(&view, TUI_KEY_TAB);
	assert_hides(&view, "exists");
	g_assert_cmpint(press(&view, TUI_KEY_ENTER), ==, TUI_PICTURE);
	g_assert_cmpstr(view.state.path[TUI_ASK_PICTURE], ==, "out.png");
	g_assert_false(view.state.replaces);
	view_shut(&view);
}

/* It is a picture of whatever is on the screen: pages and the list, too. */
static void
test_everywhere(void)
{
	View view;

	view_open(&view, 24, 100, tell_two);
	type(&view, '?');
	type(&view, 'S');
	assert_shows(&view, "picture as:");
	press(&view, TUI_KEY_ESCAPE);
	type(&view, '?');
	type(&view, 'l');
	type(&view, 'S');
	assert_shows(&view, "picture as:");
	write_text(&view, "list.png");
	g_assert_cmpint(press(&view, TUI_KEY_ENTER), ==, TUI_PICTURE);
	g_assert_true(view.state.list);
	view_shut(&view);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/tui/picture", test_picture);
	g_test_add_func("/tui/picture-suffix", test_suffix);
	g_test_add_func("/tui/picture-no-name", test_no_name);
	g_test_add_func("/tui/picture-exists", test_exists);
	g_test_add_func("/tui/picture-everywhere", test_everywhere);
	return g_test_run();
}
