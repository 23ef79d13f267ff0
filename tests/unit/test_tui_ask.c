/* SPDX-License-Identifier: MIT */
/* What is asked for at the bottom of the screen: filter, search, go to. */
#include "tui_view.h"

#include <string.h>

#include "tui/prompt.h"

static TuiAction
write_text(View *view, const char *text)
{
	TuiAction action = TUI_NOTHING;

	for (; *text; text = g_utf8_next_char(text))
		action = type(view, g_utf8_get_char(text));
	return action;
}

/* The prompt's label is reversed. */
static gboolean
is_loud(const View *view)
{
	g_autoptr(Grid) grid = view_grid(view);

	return grid_cell(grid, view->state.rows - 2, 0)->role == ROLE_MESSAGE;
}

/* ---- the prompt itself ---- */

static TuiPromptResult
prompt_key(TuiPrompt *prompt, TuiKey key)
{
	return tui_prompt_input(prompt, &(TuiInput){ .key = key });
}

static TuiPromptResult
prompt_type(TuiPrompt *prompt, const char *text)
{
	TuiPromptResult result = PROMPT_OTHER;

	for (; *text; text = g_utf8_next_char(text))
		result =
		    tui_prompt_input(prompt, &(TuiInput){ .key = TUI_KEY_CHARACTER,
							  .character = g_utf8_get_char(text) });
	return result;
}

#define CONTROL(letter) ((letter) - '@')

static TuiPromptResult
prompt_control(TuiPrompt *prompt, char letter)
{
	return tui_prompt_input(
	    prompt, &(TuiInput){ .key = TUI_KEY_CHARACTER, .character = CONTROL(letter) });
}

/* The text with a bar where the cursor is. */
static void
assert_prompt(const TuiPrompt *prompt, const char *expected)
{
	const char *text = prompt->text->str;
	gsize cursor = prompt->cursor;
	g_autofree char *shown = g_strdup_printf("%.*s|%s", (int)cursor, text, text + cursor);

	g_assert_cmpstr(shown, ==, expected);
}

static void
test_prompt_edit(void)
{
	g_autoptr(TuiPrompt) prompt = tui_prompt_new();

	g_assert_false(tui_prompt_is_open(prompt));
	g_assert_false(tui_prompt_is_open(NULL));
	tui_prompt_open(prompt, "one");
	g_assert_true(tui_prompt_is_open(prompt));
	assert_prompt(prompt, "one|");
	g_assert_cmpint(prompt_type(prompt, " día"), ==, PROMPT_CHANGED);
	assert_prompt(prompt, "one día|");
	g_assert_cmpint(prompt_key(prompt, TUI_KEY_LEFT), ==, PROMPT_MOVED);
	prompt_key(prompt, TUI_KEY_LEFT);
	assert_prompt(prompt, "one d|ía");
	g_assert_cmpint(prompt_key(prompt, TUI_KEY_DELETE), ==, PROMPT_CHANGED);
	assert_prompt(prompt, "one d|a");
	g_assert_cmpint(prompt_key(prompt, TUI_KEY_BACKSPACE), ==, PROMPT_CHANGED);
	assert_prompt(prompt, "one |a");
	prompt_key(prompt, TUI_KEY_HOME);
	assert_prompt(prompt, "|one a");
	g_assert_cmpint(prompt_key(prompt, TUI_KEY_BACKSPACE), ==, PROMPT_MOVED);
	g_assert_cmpint(prompt_key(prompt, TUI_KEY_LEFT), ==, PROMPT_MOVED);
	prompt_key(prompt, TUI_KEY_RIGHT);
	assert_prompt(prompt, "o|ne a");
	prompt_key(prompt, TUI_KEY_END);
	assert_prompt(prompt, "one a|");
	g_assert_cmpint(prompt_key(prompt, TUI_KEY_DELETE), ==, PROMPT_MOVED);
	g_assert_cmpint(prompt_control(prompt, 'W'), ==, PROMPT_CHANGED);
	assert_prompt(prompt, "one |");
	prompt_control(prompt, 'W');
	assert_prompt(prompt, "|");
	g_assert_cmpint(prompt_control(prompt, 'W'), ==, PROMPT_MOVED);
	prompt_type(prompt, "two three");
	prompt_control(prompt, 'B');
	prompt_control(prompt, 'K');
	assert_prompt(prompt, "two thre|");
	prompt_control(prompt, 'B');
	prompt_control(prompt, 'U');
	assert_prompt(prompt, "|e");
	prompt_control(prompt, 'E');
	assert_prompt(prompt, "e|");
	prompt_control(prompt, 'A');
	assert_prompt(prompt, "|e");
	prompt->open = FALSE;
	g_assert_false(tui_prompt_is_open(prompt));
}

/* A letter and its accent are one step; nothing harmful gets in. */
static void
test_prompt_characters(void)
{
	g_autoptr(TuiPrompt) prompt = tui_prompt_new();
	g_autofree char *much = g_strnfill(3000, 'x');

	tui_prompt_open(prompt, "");
	prompt_type(prompt, "\u0301"); /* nothing to stand on */
	assert_prompt(prompt, "|");
	prompt_type(prompt, "e\u0301\u0302x");
	assert_prompt(prompt, "e\u0301x|");
	prompt_key(prompt, TUI_KEY_LEFT);
	prompt_key(prompt, TUI_KEY_LEFT);
	assert_prompt(prompt, "|e\u0301x");
	prompt_key(prompt, TUI_KEY_RIGHT);
	assert_prompt(prompt, "e\u0301|x");
	prompt_key(prompt, TUI_KEY_BACKSPACE);
	assert_prompt(prompt, "|x");
	g_assert_cmpint(prompt_type(prompt, "\u202e\u200b"), ==, PROMPT_MOVED); /* turned, unseen */
	g_assert_cmpint(prompt_control(prompt, 'C'), ==, PROMPT_OTHER);
	g_assert_cmpint(prompt_control(prompt, 'L'), ==, PROMPT_OTHER);
	g_assert_cmpint(prompt_key(prompt, TUI_KEY_RESIZE), ==, PROMPT_OTHER);
	g_assert_cmpint(prompt_key(prompt, TUI_KEY_CLICK), ==, PROMPT_OTHER);
	assert_prompt(prompt, "|x");
	prompt_type(prompt, much);
	g_assert_cmpuint(strlen(prompt->text->str), ==, 1000);
}

static void
test_prompt_history(void)
{
	g_autoptr(TuiPrompt) prompt = tui_prompt_new();

	for (guint i = 0; i < 60; i++) {
		g_autofree char *line = g_strdup_printf("line %u", i);

		tui_prompt_open(prompt, line);
		tui_prompt_accept(prompt);
	}
	tui_prompt_open(prompt, "line 57"); /* becomes the newest */
	tui_prompt_accept(prompt);
	tui_prompt_open(prompt, "");
	tui_prompt_accept(prompt);
	prompt_type(prompt, "typed");
	g_assert_cmpint(prompt_key(prompt, TUI_KEY_DOWN), ==, PROMPT_MOVED);
	g_assert_cmpint(prompt_key(prompt, TUI_KEY_UP), ==, PROMPT_CHANGED);
	assert_prompt(prompt, "line 57|");
	prompt_key(prompt, TUI_KEY_UP);
	assert_prompt(prompt, "line 59|");
	prompt_control(prompt, 'P');
	assert_prompt(prompt, "line 58|");
	prompt_control(prompt, 'P');
	assert_prompt(prompt, "line 56|");
	prompt_control(prompt, 'N');
	prompt_key(prompt, TUI_KEY_DOWN);
	prompt_key(prompt, TUI_KEY_DOWN);
	prompt_key(prompt, TUI_KEY_DOWN);
	assert_prompt(prompt, "typed|"); /* what was typed is not lost */
	for (guint i = 0; i < 100; i++)
		prompt_key(prompt, TUI_KEY_UP);
	assert_prompt(prompt, "line 10|"); /* the oldest of fifty */
}

static void
test_prompt_complete(void)
{
	g_autoptr(TuiPrompt) prompt = tui_prompt_new();

	tui_prompt_open(prompt, "not sy and x");
	for (guint i = 0; i < 6; i++)
		prompt_key(prompt, TUI_KEY_LEFT);
	g_assert_cmpint(prompt_key(prompt, TUI_KEY_TAB), ==, PROMPT_COMPLETE);
	g_assert_cmpint(prompt_key(prompt, TUI_KEY_BACKTAB), ==, PROMPT_COMPLETE_BACK);
	tui_prompt_complete(prompt, 4, "syn-ack");
	assert_prompt(prompt, "not syn-ack| and x");
	tui_prompt_complete(prompt, 99, "!");
	assert_prompt(prompt, "not syn-ack!| and x");
}

/* The cursor is on the screen, wherever it is in the text. */
static void
test_prompt_paint(void)
{
	for (guint columns = 1; columns < 60; columns += 7) {
		g_autoptr(TuiPrompt) prompt = tui_prompt_new();

		tui_prompt_open(prompt,
				"漢字 and a text that is longer than the screen e\u0301 漢字漢字");
		for (guint i = 0; i < 60; i++) {
			g_autoptr(Grid) grid = grid_new(1, columns);
			guint cursors = 0;

			tui_prompt_paint(prompt, "label:", FALSE, FALSE, 0, columns, grid);
			for (guint x = 0; x < columns; x++)
				cursors += grid_cell(grid, 0, x)->selected;
			g_assert_cmpuint(cursors, ==, columns > 4 ? 1 : cursors);
			assert_grid_clean(grid, GLYPHS_UTF8);
			prompt_key(prompt, TUI_KEY_LEFT);
		}
	}
}

/* ---- the filter ---- */

static void
test_filter(void)
{
	View view;

	view_open(&view, 24, 100, tell_two);
	press(&view, TUI_KEY_HOME);
	type(&view, 'f');
	assert_shows(&view, "\nfilter:\n");
	assert_shows(&view, "Tab shows the words");
	write_text(&view, "data and fro");
	assert_shows(&view, "filter: data and fro\nfrom"); /* it can become a word */
	g_assert_false(is_loud(&view));
	write_text(&view, "m");
	assert_shows(&view, "column 14: expected \"client\" or \"server\" after \"from\"");
	write_text(&view, " me");
	assert_shows(&view, "column 15: expected \"client\" or \"server\" after \"from\"");
	assert_shows(&view, "\n                      ^ column 15");    /* below the "m" of "me" */
	g_assert_true(is_loud(&view));                                 /* loud */
	g_assert_cmpint(press(&view, TUI_KEY_ENTER), ==, TUI_NOTHING); /* stays open */
	assert_shows(&view, "filter: data and from me");
	press(&view, TUI_KEY_BACKSPACE);
	press(&view, TUI_KEY_BACKSPACE);
	write_text(&view, "server");
	assert_shows(&view, "Enter applies it");
	g_assert_null(view.state.selection.filter);
	g_assert_cmpint(press(&view, TUI_KEY_ENTER), ==, TUI_SELECTION);
	g_assert_cmpstr(filter_text(view.state.selection.filter), ==, "data and from server");
	new_ladder(&view);
	g_assert_cmpuint(ladder_length(view.ladder), ==, 2); /* one of each conversation */
	assert_shows(&view, "filter: data and from server (74 of 76 left out)");
	assert_shows(&view, "1/2");
	view_shut(&view);
}

static void
test_filter_clear(void)
{
	View view;
	guint32 event;

	view_open(&view, 24, 100, tell_two);
	press(&view, TUI_KEY_HOME);
	for (guint i = 0; i < 15; i++)
		press(&view, TUI_KEY_DOWN);
	event = ladder_row(view.ladder, view.state.selected).event;
	type(&view, 'f');
	write_text(&view, "zero-window");
	press(&view, TUI_KEY_ENTER);
	new_ladder(&view);
	assert_shows(&view, "The filter leaves nothing of this. The key f changes it.");
	type(&view, 'f');
	assert_shows(&view, "filter: zero-window");
	press(&view, TUI_KEY_ESCAPE); /* as it was */
	assert_hides(&view, "\nfilter:");
	g_assert_nonnull(view.state.selection.filter);
	type(&view, 'f');
	type(&view, CONTROL('U'));
	assert_shows(&view, "Enter shows everything again");
	g_assert_cmpint(press(&view, TUI_KEY_ENTER), ==, TUI_SELECTION);
	g_assert_null(view.state.selection.filter);
	new_ladder(&view);
	assert_hides(&view, "left out");
	g_assert_cmpuint(ladder_row(view.ladder, view.state.selected).event, ==, event);
	type(&view, 'f'); /* and nothing is nothing */
	g_assert_cmpint(press(&view, TUI_KEY_ENTER), ==, TUI_NOTHING);
	type(&view, 'f');
	press(&view, TUI_KEY_UP);
	assert_shows(&view, "filter: zero-window"); /* remembered */
	view_shut(&view);
}

static void
test_filter_complete(void)
{
	View view;

	view_open(&view, 24, 100, tell_two);
	type(&view, 'f');
	write_text(&view, "retr");
	press(&view, TUI_KEY_TAB); /* the only one: a space behind it */
	assert_shows(&view, "filter: retransmission\n");
	write_text(&view, "and zero");
	press(&view, TUI_KEY_TAB);
	assert_shows(&view,
		     "filter: retransmission and zero-window\nzero-window  zero-window-probe");
	press(&view, TUI_KEY_TAB);
	assert_shows(&view, "filter: retransmission and zero-window-probe\n");
	press(&view, TUI_KEY_TAB);
	press(&view, TUI_KEY_TAB);
	assert_shows(&view, "filter: retransmission and zero-window\n"); /* round */
	press(&view, TUI_KEY_BACKTAB);
	assert_shows(&view, "filter: retransmission and zero-window-probe-ack\n");
	type(&view, CONTROL('U'));
	press(&view, TUI_KEY_TAB);
	assert_shows(&view, "filter: accept\naccept  accept4  ack");
	for (guint i = 0; i < 60; i++) /* the chosen one is always in view */
		press(&view, TUI_KEY_TAB);
	assert_shows(&view, view.state.prompt[TUI_ASK_FILTER]->text->str);
	type(&view, CONTROL('U'));
	write_text(&view, "xyzzy ");
	press(&view, TUI_KEY_TAB);
	assert_shows(&view, "filter: xyzzy");
	view_shut(&view);
}

/* ---- searching ---- */

static FindHit
search(View *view)
{
	g_autoptr(Find) find =
	    find_new(view->ladder, view->state.search.what, view->state.search.text,
		     view->state.selected, view->state.search.backward, NULL, NULL);
	FindHit hit;

	g_assert_true(find_run(find, 100000, &hit));
	tui_found(&view->state, &view->model, &hit);
	tui_settle(&view->state, &view->model);
	return hit;
}

static void
test_search(void)
{
	View view;

	view_open(&view, 24, 100, tell_two);
	press(&view, TUI_KEY_HOME);
	type(&view, 'n');
	assert_shows(&view, "/ begins a search");
	type(&view, '/');
	assert_hides(&view, "/ begins a search");
	write_text(&view, "syn-ack");
	assert_shows(&view, "search: syn-ack");
	g_assert_cmpint(press(&view, TUI_KEY_ENTER), ==, TUI_SEARCH);
	g_assert_cmpstr(view.state.search.text, ==, "syn-ack");
	view.model.searching = "Searching for \"syn-ack\": 12%";
	assert_shows(&view, "Searching for \"syn-ack\": 12%");
	g_assert_cmpint(press(&view, TUI_KEY_ESCAPE), ==, TUI_SEARCH_STOP);
	view.model.searching = NULL;
	{
		guint32 first = search(&view).row, second;

		g_assert_cmpuint(view.state.selected, ==, first);
		g_assert_false(view.state.follow);
		assert_sane(&view);
		g_assert_cmpint(type(&view, 'n'), ==, TUI_SEARCH);
		second = search(&view).row;
		g_assert_cmpuint(second, >, first);
		g_assert_cmpint(type(&view, 'n'), ==, TUI_SEARCH);
		g_assert_cmpuint(search(&view).row, ==, first);
		assert_shows(&view, "The search went on from the first row.");
		g_assert_cmpint(type(&view, 'N'), ==, TUI_SEARCH);
		g_assert_cmpuint(search(&view).row, ==, second);
		assert_shows(&view, "The search went on from the last row.");
		press(&view, TUI_KEY_DOWN); /* said once */
		assert_hides(&view, "went on");
	}
	type(&view, '/');
	assert_shows(&view, "Enter searches for \"syn-ack\" again");
	g_assert_cmpint(press(&view, TUI_KEY_ENTER), ==, TUI_SEARCH);
	search(&view);
	type(&view, '/');
	write_text(&view, "nowhere");
	press(&view, TUI_KEY_ENTER);
	{
		guint32 before = view.state.selected;

		g_assert_cmpuint(search(&view).row, ==, EVENT_NONE);
		g_assert_cmpuint(view.state.selected, ==, before);
		assert_shows(&view, "\"nowhere\" is nowhere in these rows.");
	}
	view_shut(&view);
}

static void
test_problem(void)
{
	View view;

	view_open(&view, 24, 100, story_trouble);
	press(&view, TUI_KEY_HOME);
	g_assert_cmpint(type(&view, 'e'), ==, TUI_SEARCH);
	g_assert_cmpuint(search(&view).row, ==, 4);
	assert_shows(&view, "sent again");
	g_assert_cmpint(type(&view, 'E'), ==, TUI_SEARCH);
	g_assert_true(search(&view).wrapped);
	view_shut(&view);
	view_open(&view, 24, 100, tell_two);
	type(&view, 'e');
	search(&view);
	assert_shows(&view, "There is no problem in these rows.");
	view_shut(&view);
}

/* ---- going to a place ---- */

static void
go(View *view, const char *place)
{
	type(view, ':');
	write_text(view, place);
	g_assert_cmpint(press(view, TUI_KEY_ENTER), ==, TUI_NOTHING);
}

static void
test_goto(void)
{
	View view;

	view_open(&view, 24, 100, tell_much); /* 400 segments, one each 20 us */
	g_assert_true(view.state.follow);
	go(&view, "123");
	g_assert_cmpuint(view.state.selected, ==, 122);
	g_assert_false(view.state.follow);
	g_assert_cmpuint(view.state.top, <, 122); /* in the middle */
	g_assert_cmpuint(view.state.top, >, 105);
	go(&view, " 400 ");
	g_assert_cmpuint(view.state.selected, ==, 399);
	go(&view, "401");
	assert_shows(&view, "There is no frame 401: they go from 1 to 400.");
	g_assert_cmpuint(view.state.selected, ==, 399);
	go(&view, "0.0002");
	g_assert_cmpuint(view.state.selected, ==, 10);
	go(&view, "+0.0001");
	g_assert_cmpuint(view.state.selected, ==, 15);
	go(&view, "-.0002s");
	g_assert_cmpuint(view.state.selected, ==, 5);
	go(&view, "0.0");
	g_assert_cmpuint(view.state.selected, ==, 0);
	go(&view, "-0.1");
	assert_shows(&view, "-0.100000 s is outside: the capture goes from 0 to 0.007980 s.");
	go(&view, "99.0");
	assert_shows(&view, "99.000000 s is outside");
	g_assert_cmpuint(view.state.selected, ==, 0);
	go(&view, "0.007980"); /* the last row */
	g_assert_cmpuint(view.state.selected, ==, 399);
	for (guint i = 0; i < 2; i++) { /* what is none stays to be mended */
		type(&view, ':');
		write_text(&view, i == 0 ? "x1" : "1.2.3");
		press(&view, TUI_KEY_ENTER);
		assert_shows(&view, i == 0 ? "go to: x1" : "go to: 1.2.3");
		assert_shows(&view, "a frame (1 to 400), a time (0.0 to 0.007980 s)");
		g_assert_true(is_loud(&view));
		press(&view, TUI_KEY_ESCAPE);
	}
	go(&view, "");
	g_assert_cmpuint(view.state.selected, ==, 399);
	view_shut(&view);
}

static void
test_goto_filtered(void)
{
	View view;

	view_open(&view, 24, 100, tell_much);
	type(&view, 'f');
	write_text(&view, "data"); /* every other segment: frames 1, 3, ... */
	press(&view, TUI_KEY_ENTER);
	new_ladder(&view);
	go(&view, "101");
	g_assert_cmpuint(view.state.selected, ==, 50);
	go(&view, "102");
	g_assert_cmpuint(view.state.selected, ==, 51);
	assert_shows(&view, "Frame 102 is not in view: it would be here.");
	type(&view, 'f');
	type(&view, CONTROL('U'));
	write_text(&view, "syn");
	press(&view, TUI_KEY_ENTER);
	new_ladder(&view);
	go(&view, "1");
	assert_shows(&view, "There are no rows to go to.");
	view_shut(&view);
}

/* ---- every size ---- */

static void
test_sizes(void)
{
	static const char *const keys = "f/:";
	static const char *const texts[] = { "", "retr", "retransmission and port x",
					     "12345678901" };

	for (guint rows = 1; rows < 30; rows += rows < 12 ? 1 : 6) {
		for (guint columns = 1; columns < 130; columns += 9) {
			for (guint i = 0; keys[i]; i++) {
				View view;

				view_open(&view, rows, columns, tell_two);
				view.model.stepping = rows % 2;
				view.state.glyphs = columns % 2 ? GLYPHS_ASCII : GLYPHS_UTF8;
				type(&view, keys[i]);
				for (guint j = 0; j < G_N_ELEMENTS(texts); j++) {
					g_autoptr(Grid) grid = NULL;

					type(&view, CONTROL('U'));
					write_text(&view, texts[j]);
					press(&view, TUI_KEY_TAB);
					grid = view_grid(&view);
					assert_grid_clean(grid, view.state.glyphs);
					assert_sane(&view);
				}
				view_shut(&view);
			}
		}
	}
}

/* A prompt takes keys, and leaves the rest. */
static void
test_prompt_takes_keys(void)
{
	View view;

	view_open(&view, 24, 100, tell_much);
	press(&view, TUI_KEY_HOME);
	type(&view, '/');
	g_assert_cmpint(type(&view, 'q'), ==, TUI_NOTHING);
	assert_shows(&view, "search: q");
	press(&view, TUI_KEY_PAGE_DOWN);
	g_assert_cmpuint(view.state.selected, >, 0);
	give(&view, (TuiInput){ .key = TUI_KEY_RESIZE, .y = 30, .x = 90 });
	assert_shows(&view, "search: q");
	g_assert_cmpint(type(&view, CONTROL('L')), ==, TUI_REDRAW);
	g_assert_cmpint(type(&view, CONTROL('C')), ==, TUI_QUIT);
	press(&view, TUI_KEY_ESCAPE);
	assert_hides(&view, "search:");
	view_shut(&view);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/tui-ask/prompt-edit", test_prompt_edit);
	g_test_add_func("/tui-ask/prompt-characters", test_prompt_characters);
	g_test_add_func("/tui-ask/prompt-history", test_prompt_history);
	g_test_add_func("/tui-ask/prompt-complete", test_prompt_complete);
	g_test_add_func("/tui-ask/prompt-paint", test_prompt_paint);
	g_test_add_func("/tui-ask/prompt-takes-keys", test_prompt_takes_keys);
	g_test_add_func("/tui-ask/filter", test_filter);
	g_test_add_func("/tui-ask/filter-clear", test_filter_clear);
	g_test_add_func("/tui-ask/filter-complete", test_filter_complete);
	g_test_add_func("/tui-ask/search", test_search);
	g_test_add_func("/tui-ask/problem", test_problem);
	g_test_add_func("/tui-ask/goto", test_goto);
	g_test_add_func("/tui-ask/goto-filtered", test_goto_filtered);
	g_test_add_func("/tui-ask/sizes", test_sizes);
	return g_test_run();
}
