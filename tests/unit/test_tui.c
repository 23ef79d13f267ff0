/* The view: keys in, states and cells out. */
#include "../../src/tui/tui_private.h"
#include "pktladder/text.h"
#include "story.h"

#include <string.h>

typedef struct {
	Story story;
	Ladder *ladder;
	GPtrArray *detail, *output;
	TuiModel model;
	TuiState state;
} View;

static GPtrArray *
lines_make(const char *format, guint n)
{
	GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < n; i++)
		g_ptr_array_add(lines, g_strdup_printf(i % 5 ? "  %s %u" : "%s %u", format, i));
	return lines;
}

static void
view_open(View *view, guint rows, guint columns, void (*tell)(Story *))
{
	memset(view, 0, sizeof *view);
	story_init(&view->story, 4);
	if (tell)
		tell(&view->story);
	view->ladder = ladder_new(view->story.trace, SELECTION_ALL);
	ladder_update(view->ladder);
	view->detail = lines_make("field", 60);
	view->output = lines_make("printed", 200);
	view->model = (TuiModel){
		.ladder = view->ladder,
		.title = "demo tcp",
		.source = "private network",
		.live = TRUE,
		.detail = view->detail,
		.output = view->output,
		.n_conversations = flow_table_length(trace_flows(view->story.trace)),
	};
	tui_init(&view->state, rows, columns, GLYPHS_UTF8);
	tui_settle(&view->state, &view->model);
}

static void
view_shut(View *view)
{
	ladder_free(view->ladder);
	g_ptr_array_unref(view->detail);
	g_ptr_array_unref(view->output);
	story_clear(&view->story);
}

/* 400 segments, so that there is something to scroll. */
static void
tell_much(Story *story)
{
	for (guint i = 0; i < 200; i++) {
		story_tcp(story, SIDE_CLIENT, TCP_PSH | TCP_ACK, 10);
		story_tcp(story, SIDE_SERVER, TCP_ACK, 0);
	}
}

static void
tell_two(Story *story)
{
	story_tcp_demo(story);
	story->port[SIDE_CLIENT]++;
	story_tcp_demo(story);
}

static TuiAction
give(View *view, TuiInput input)
{
	TuiAction action = tui_update(&view->state, &view->model, &input);

	tui_settle(&view->state, &view->model);
	return action;
}

static TuiAction
press(View *view, TuiKey key)
{
	return give(view, (TuiInput){ .key = key });
}

static TuiAction
type(View *view, gunichar character)
{
	return give(view, (TuiInput){ .key = TUI_KEY_CHARACTER, .character = character });
}

static void
more_come(View *view, guint n)
{
	for (guint i = 0; i < n; i++)
		story_tcp(&view->story, SIDE_CLIENT, TCP_PSH | TCP_ACK, 1);
	ladder_update(view->ladder);
	tui_settle(&view->state, &view->model);
}

static Grid *
view_grid(const View *view)
{
	Grid *grid = grid_new(view->state.rows, view->state.columns);

	tui_paint(&view->state, &view->model, grid);
	return grid;
}

static char *
view_text(const View *view)
{
	g_autoptr(Grid) grid = view_grid(view);
	GString *text = g_string_new(NULL);

	grid_to_text(grid, text);
	return g_string_free(text, FALSE);
}

static void
assert_shows(const View *view, const char *text)
{
	g_autofree char *screen = view_text(view);

	if (!strstr(screen, text))
		g_error("\"%s\" is not on the screen:\n%s", text, screen);
}

static void
assert_hides(const View *view, const char *text)
{
	g_autofree char *screen = view_text(view);

	if (strstr(screen, text))
		g_error("\"%s\" is on the screen:\n%s", text, screen);
}

/* What holds after every settle. */
static void
assert_sane(const View *view)
{
	const TuiState *state = &view->state;
	guint32 length = ladder_length(view->model.ladder);
	TuiLayout layout = tui_layout(state, &view->model);

	if (length == 0) {
		g_assert_cmpuint(state->selected, ==, EVENT_NONE);
		return;
	}
	g_assert_cmpuint(state->selected, <, length);
	g_assert_cmpuint(state->selected, >=, state->top);
	g_assert_cmpuint(state->selected - state->top, <, MAX(layout.ladder.rows, 1));
	g_assert_false(state->help && state->output);
	if (length >= layout.ladder.rows)
		g_assert_cmpuint(state->top + layout.ladder.rows, <=, length + 1);
}

static void
assert_grid_clean(const Grid *grid, Glyphs glyphs)
{
	for (guint y = 0; y < grid->rows; y++) {
		for (guint x = 0; x < grid->columns; x++) {
			const Cell *cell = &grid->cells[y * grid->columns + x];
			guint width;

			if (cell->character == 0) {
				g_assert_cmpuint(x, >, 0);
				g_assert_cmpuint(text_character_width(cell[-1].character), ==, 2);
				continue;
			}
			g_assert_true(text_is_harmless(cell->character));
			width = text_character_width(cell->character);
			g_assert_cmpuint(width, >=, 1);
			g_assert_cmpuint(x + width, <=, grid->columns);
			g_assert_true(glyphs != GLYPHS_ASCII || cell->character < 0x7f);
		}
	}
}

/* ---- following and moving ---- */

static void
test_follow(void)
{
	View view;

	view_open(&view, 24, 80, tell_much);
	g_assert_cmpuint(ladder_length(view.ladder), ==, 400);
	g_assert_cmpuint(view.state.selected, ==, 399);
	more_come(&view, 7);
	g_assert_cmpuint(view.state.selected, ==, 406);
	assert_hides(&view, "more");

	press(&view, TUI_KEY_UP); /* stops following */
	g_assert_cmpuint(view.state.selected, ==, 405);
	more_come(&view, 30);
	g_assert_cmpuint(view.state.selected, ==, 405);
	assert_shows(&view, "▼ 30 more  406/437");

	press(&view, TUI_KEY_END);
	g_assert_cmpuint(view.state.selected, ==, 436);
	more_come(&view, 1);
	g_assert_cmpuint(view.state.selected, ==, 437);

	type(&view, 'k');
	press(&view, TUI_KEY_DOWN); /* on the newest, but not beyond it */
	more_come(&view, 1);
	g_assert_cmpuint(view.state.selected, ==, 437);
	type(&view, 'j');
	type(&view, 'j'); /* beyond */
	more_come(&view, 1);
	g_assert_cmpuint(view.state.selected, ==, 439);
	view_shut(&view);
}

static void
test_begin_at_first(void)
{
	View view;

	view_open(&view, 24, 80, tell_much);
	tui_init(&view.state, 24, 80, GLYPHS_UTF8);
	view.state.follow = FALSE;
	tui_settle(&view.state, &view.model);
	g_assert_cmpuint(view.state.selected, ==, 0);
	g_assert_cmpuint(view.state.top, ==, 0);
	assert_shows(&view, "▼ 380 more  1/400"); /* 24 rows: title, head of 2, footer */
	view_shut(&view);
}

static void
test_move(void)
{
	static const struct {
		TuiKey key;
		gunichar character;
		guint32 selected;
	} steps[] = {
		{ TUI_KEY_HOME, 0, 0 },		 { TUI_KEY_UP, 0, 0 },
		{ TUI_KEY_DOWN, 0, 1 },		 { TUI_KEY_CHARACTER, 'j', 2 },
		{ TUI_KEY_CHARACTER, 'k', 1 },	 { TUI_KEY_PAGE_DOWN, 0, 20 },
		{ TUI_KEY_CHARACTER, 'f', 39 },	 { TUI_KEY_CHARACTER, 'F' - '@', 58 },
		{ TUI_KEY_PAGE_UP, 0, 39 },	 { TUI_KEY_CHARACTER, 'b', 20 },
		{ TUI_KEY_CHARACTER, 'B' - '@', 1 }, { TUI_KEY_CHARACTER, 'D' - '@', 11 },
		{ TUI_KEY_CHARACTER, 'U' - '@', 1 }, { TUI_KEY_CHARACTER, 'G', 399 },
		{ TUI_KEY_PAGE_DOWN, 0, 399 },	 { TUI_KEY_PAGE_UP, 0, 380 },
		{ TUI_KEY_CHARACTER, 'g', 0 },	 { TUI_KEY_PAGE_UP, 0, 0 },
	};
	View view;

	view_open(&view, 24, 80, tell_much);
	for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
		give(&view, (TuiInput){ .key = steps[i].key, .character = steps[i].character });
		g_test_message("step %u", i);
		g_assert_cmpuint(view.state.selected, ==, steps[i].selected);
		assert_sane(&view);
	}
	view_shut(&view);
}

static void
test_page_moves_view(void)
{
	View view;

	view_open(&view, 24, 80, tell_much);
	press(&view, TUI_KEY_HOME);
	for (guint i = 0; i < 5; i++)
		press(&view, TUI_KEY_DOWN);
	press(&view, TUI_KEY_PAGE_DOWN); /* the selected row keeps its line */
	g_assert_cmpuint(view.state.top, ==, 19);
	g_assert_cmpuint(view.state.selected, ==, 24);
	view_shut(&view);
}

/* ---- mouse ---- */

static void
test_mouse(void)
{
	View view;

	view_open(&view, 24, 80, tell_much);
	press(&view, TUI_KEY_HOME);
	give(&view, (TuiInput){ .key = TUI_KEY_CLICK, .y = 8, .x = 40 });
	g_assert_cmpuint(view.state.selected, ==, 5); /* the ladder begins in line 3 */
	give(&view, (TuiInput){ .key = TUI_KEY_CLICK, .y = 0, .x = 40 });
	give(&view, (TuiInput){ .key = TUI_KEY_CLICK, .y = 23, .x = 40 });
	give(&view, (TuiInput){ .key = TUI_KEY_CLICK, .y = 1000, .x = 1000 });
	g_assert_cmpuint(view.state.selected, ==, 5);

	give(&view, (TuiInput){ .key = TUI_KEY_WHEEL_DOWN, .y = 8, .x = 40 });
	g_assert_cmpuint(view.state.top, ==, 3);
	g_assert_cmpuint(view.state.selected, ==, 5);
	give(&view, (TuiInput){ .key = TUI_KEY_WHEEL_DOWN, .y = 8, .x = 40 });
	g_assert_cmpuint(view.state.top, ==, 6);
	g_assert_cmpuint(view.state.selected, ==, 6); /* taken along */
	press(&view, TUI_KEY_END);
	give(&view, (TuiInput){ .key = TUI_KEY_WHEEL_UP, .y = 8, .x = 40 });
	g_assert_false(view.state.follow);
	g_assert_cmpuint(view.state.top, ==, 377);
	g_assert_cmpuint(view.state.selected, ==, 396);
	give(&view, (TuiInput){ .key = TUI_KEY_WHEEL_DOWN, .y = 8, .x = 40 });
	g_assert_false(view.state.follow);
	give(&view, (TuiInput){ .key = TUI_KEY_WHEEL_DOWN, .y = 8, .x = 40 });
	g_assert_true(view.state.follow);
	view_shut(&view);
}

static void
test_mouse_detail(void)
{
	View view;

	view_open(&view, 24, 80, tell_much);
	press(&view, TUI_KEY_HOME);
	press(&view, TUI_KEY_ENTER); /* 20 rows shared: 12 for the ladder, then 8 */
	give(&view, (TuiInput){ .key = TUI_KEY_WHEEL_DOWN, .y = 16, .x = 40 });
	g_assert_cmpuint(view.state.detail_top, ==, 3);
	g_assert_cmpuint(view.state.top, ==, 0);
	g_assert_false(view.state.detail_focus);
	give(&view, (TuiInput){ .key = TUI_KEY_CLICK, .y = 16, .x = 40 });
	g_assert_true(view.state.detail_focus);
	give(&view, (TuiInput){ .key = TUI_KEY_CLICK, .y = 5, .x = 40 });
	g_assert_false(view.state.detail_focus);
	g_assert_cmpuint(view.state.selected, ==, 2);
	g_assert_cmpuint(view.state.detail_top, ==, 0); /* another row's */
	view_shut(&view);
}

/* ---- panes ---- */

static void
test_detail(void)
{
	View view;

	view_open(&view, 24, 80, tell_much);
	press(&view, TUI_KEY_HOME);
	press(&view, TUI_KEY_TAB); /* nothing to go to */
	g_assert_false(view.state.detail_focus);
	assert_hides(&view, "field 0");
	press(&view, TUI_KEY_ENTER);
	assert_shows(&view, "field 0");
	assert_shows(&view, "1-7/60");
	press(&view, TUI_KEY_TAB);
	press(&view, TUI_KEY_DOWN);
	g_assert_cmpuint(view.state.detail_top, ==, 1);
	g_assert_cmpuint(view.state.selected, ==, 0);
	press(&view, TUI_KEY_END);
	g_assert_cmpuint(view.state.detail_top, ==, 53);
	assert_shows(&view, "field 59");
	press(&view, TUI_KEY_DOWN);
	g_assert_cmpuint(view.state.detail_top, ==, 53);
	press(&view, TUI_KEY_PAGE_UP);
	g_assert_cmpuint(view.state.detail_top, ==, 47);
	press(&view, TUI_KEY_HOME);
	g_assert_cmpuint(view.state.detail_top, ==, 0);
	press(&view, TUI_KEY_TAB);
	press(&view, TUI_KEY_DOWN);
	g_assert_cmpuint(view.state.selected, ==, 1);
	press(&view, TUI_KEY_TAB);
	press(&view, TUI_KEY_ESCAPE); /* back to the ladder first, then the pane */
	g_assert_true(view.state.detail);
	press(&view, TUI_KEY_ESCAPE);
	g_assert_false(view.state.detail);
	g_assert_cmpint(press(&view, TUI_KEY_ESCAPE), ==, TUI_NOTHING);
	view.model.detail = NULL;
	press(&view, TUI_KEY_ENTER);
	assert_shows(&view, "Select a row");
	view_shut(&view);
}

/* Focus pins the row: the next one would turn the page under the reader. */
static void
test_focus_ends_following(void)
{
	View view;

	view_open(&view, 40, 120, tell_much);
	press(&view, TUI_KEY_TAB);
	press(&view, TUI_KEY_DOWN);
	more_come(&view, 3);
	g_assert_cmpuint(view.state.selected, ==, 399);
	g_assert_cmpuint(view.state.detail_top, ==, 1);
	view_shut(&view);
}

static void
test_detail_by_size(void)
{
	View view;
	TuiLayout layout;

	view_open(&view, 24, 80, story_tcp_demo);
	g_assert_false(view.state.detail);
	give(&view, (TuiInput){ .key = TUI_KEY_RESIZE, .y = 50, .x = 200 });
	g_assert_true(view.state.detail);
	layout = tui_layout(&view.state, &view.model);
	g_assert_true(layout.detail_beside);
	g_assert_cmpuint(layout.ladder.columns, ==, 120);
	g_assert_cmpuint(layout.ladder.rows, ==, 46);
	give(&view, (TuiInput){ .key = TUI_KEY_RESIZE, .y = 40, .x = 120 });
	layout = tui_layout(&view.state, &view.model);
	g_assert_false(layout.detail_beside);
	g_assert_cmpuint(layout.ladder.columns, ==, 120);
	give(&view, (TuiInput){ .key = TUI_KEY_RESIZE, .y = 24, .x = 80 });
	g_assert_false(view.state.detail);
	press(&view, TUI_KEY_ENTER); /* now the user has said so */
	give(&view, (TuiInput){ .key = TUI_KEY_RESIZE, .y = 20, .x = 80 });
	g_assert_true(view.state.detail);
	give(&view, (TuiInput){ .key = TUI_KEY_RESIZE, .y = 8, .x = 80 }); /* no room for both */
	layout = tui_layout(&view.state, &view.model);
	g_assert_cmpuint(layout.ladder.rows, ==, 0);
	press(&view, TUI_KEY_DOWN);
	g_assert_cmpuint(view.state.detail_top, ==, 1);
	press(&view, TUI_KEY_ESCAPE);
	layout = tui_layout(&view.state, &view.model);
	g_assert_cmpuint(layout.ladder.rows, ==, 4);
	view_shut(&view);
}

static void
test_help(void)
{
	View view;

	view_open(&view, 24, 80, story_tcp_demo);
	type(&view, '?');
	assert_shows(&view, "Help (Esc closes)");
	assert_shows(&view, "Quit.");
	assert_hides(&view, "runs downwards");
	press(&view, TUI_KEY_END);
	assert_shows(&view, "a call that blocks");
	press(&view, TUI_KEY_HOME);
	g_assert_cmpuint(view.state.page_top, ==, 0);
	g_assert_cmpint(type(&view, 'q'), ==, TUI_NOTHING); /* closes the page */
	g_assert_false(view.state.help);
	type(&view, '?');
	type(&view, '?');
	g_assert_false(view.state.help);
	type(&view, '?');
	press(&view, TUI_KEY_ENTER); /* nothing happens behind the page */
	g_assert_false(view.state.detail);
	press(&view, TUI_KEY_ESCAPE);
	g_assert_false(view.state.help);
	g_assert_cmpint(type(&view, 'q'), ==, TUI_QUIT);
	view_shut(&view);
}

static void
test_output(void)
{
	View view;

	view_open(&view, 24, 80, story_tcp_demo);
	type(&view, 'o');
	assert_shows(&view, "printed 199"); /* the end, and it stays there */
	g_ptr_array_add(view.output, g_strdup("one line more"));
	assert_shows(&view, "one line more");
	press(&view, TUI_KEY_UP);
	g_ptr_array_add(view.output, g_strdup("another line"));
	assert_hides(&view, "another line");
	press(&view, TUI_KEY_END);
	g_ptr_array_add(view.output, g_strdup("the last line"));
	assert_shows(&view, "the last line");
	press(&view, TUI_KEY_HOME);
	assert_shows(&view, "printed 0");
	type(&view, '?'); /* one page takes the other's place */
	g_assert_false(view.state.output);
	type(&view, 'o');
	view.model.output = NULL;
	assert_shows(&view, "have printed nothing");
	view_shut(&view);
}

static void
test_notice(void)
{
	View view;

	view_open(&view, 24, 80, story_tcp_demo);
	view.model.notice = "No private network here, so this is the host's lo; pktladder doctor "
			    "says why, and what to do about it on this machine.";
	assert_shows(&view, "No private network");
	assert_shows(&view, "on this machine.");
	press(&view, TUI_KEY_ESCAPE);
	assert_hides(&view, "No private network");
	view.model.notice = "Another notice.";
	assert_shows(&view, "Another notice.");
	view_shut(&view);
}

/* ---- stepping, pausing ---- */

static void
test_step(void)
{
	View view;

	view_open(&view, 24, 80, story_tcp_demo);
	view.model.stepping = TRUE;
	view.model.held = "client: connect(3, 127.0.0.1:5000)";
	assert_shows(&view, "next: client: connect(3, 127.0.0.1:5000) — Space lets it go");
	assert_shows(&view, "Space next call");
	assert_shows(&view, "STEPPING");
	view.state.paused = TRUE;
	g_assert_cmpint(type(&view, ' '), ==, TUI_RELEASE);
	g_assert_false(view.state.paused); /* what it does is to be seen */
	g_assert_cmpint(type(&view, 'r'), ==, TUI_RELEASE_ALL);
	view.model.held = NULL;
	assert_shows(&view, "run on to their next socket call");
	type(&view, 'o'); /* the programs' output, step by step */
	g_assert_cmpint(type(&view, ' '), ==, TUI_RELEASE);
	view.model.stepping = FALSE;
	g_assert_cmpint(type(&view, 'r'), ==, TUI_NOTHING);
	g_assert_cmpint(type(&view, ' '), ==, TUI_NOTHING);
	g_assert_true(view.state.paused);
	view_shut(&view);
}

static void
test_pause(void)
{
	View view;

	view_open(&view, 24, 80, story_tcp_demo);
	assert_shows(&view, " LIVE");
	type(&view, 'p');
	g_assert_true(view.state.paused);
	view.model.pending = 3;
	assert_shows(&view, "PAUSED, 3 events wait");
	view.model.live = FALSE; /* it ended meanwhile: what waits still can be let in */
	type(&view, 'p');
	g_assert_false(view.state.paused);
	assert_shows(&view, " END");
	type(&view, 'p'); /* nothing more comes: nothing to pause */
	g_assert_false(view.state.paused);
	view.model.live = view.model.replay = TRUE;
	assert_shows(&view, " REPLAY");
	view_shut(&view);
}

static void
test_tell(void)
{
	View view;

	view_open(&view, 24, 80, story_tcp_demo);
	g_assert_cmpint(type(&view, 'C' - '@'), ==, TUI_QUIT);
	g_assert_cmpint(type(&view, 'L' - '@'), ==, TUI_REDRAW);
	g_assert_cmpint(type(&view, 'Z' - '@'), ==, TUI_SUSPEND);
	g_assert_cmpint(type(&view, 0x10ffff), ==, TUI_NOTHING);
	view_shut(&view);
}

/* ---- selection ---- */

static void
new_ladder(View *view)
{
	ladder_free(view->ladder);
	view->ladder = ladder_new(view->story.trace, view->state.selection);
	ladder_update(view->ladder);
	view->model.ladder = view->ladder;
	tui_settle(&view->state, &view->model);
}

static void
test_conversations(void)
{
	static const guint32 order[] = { 0, 1, CONVERSATION_NONE, 0 };
	View view;

	view_open(&view, 24, 80, tell_two);
	g_assert_cmpuint(view.model.n_conversations, ==, 2);
	assert_shows(&view, "all 2 conversations");
	for (guint i = 0; i < G_N_ELEMENTS(order); i++) {
		g_assert_cmpint(type(&view, 'c'), ==, TUI_SELECTION);
		g_assert_cmpuint(view.state.selection.conversation, ==, order[i]);
		new_ladder(&view);
	}
	assert_shows(&view, "TCP #0");
	type(&view, 'C');
	g_assert_cmpuint(view.state.selection.conversation, ==, CONVERSATION_NONE);
	type(&view, 'C');
	g_assert_cmpuint(view.state.selection.conversation, ==, 1);
	view.model.n_conversations = 0;
	view.state.selection.conversation = CONVERSATION_NONE;
	g_assert_cmpint(type(&view, 'c'), ==, TUI_NOTHING);
	view_shut(&view);
}

/* The selected event keeps its place when others are hidden and come back. */
static void
test_selection_keeps_event(void)
{
	View view;
	guint32 event, line;

	view_open(&view, 24, 80, tell_two);
	press(&view, TUI_KEY_HOME);
	while (trace_event(view.story.trace,
			   ladder_row(view.ladder, view.state.selected)->event)->kind !=
		       EVENT_PACKET ||
	       view.state.selected < 22)
		press(&view, TUI_KEY_DOWN);
	press(&view, TUI_KEY_UP);
	press(&view, TUI_KEY_DOWN);
	event = ladder_row(view.ladder, view.state.selected)->event;
	line = view.state.selected - view.state.top;
	g_assert_cmpint(type(&view, 'h'), ==, TUI_SELECTION);
	g_assert_true(view.state.selection.hide_calls);
	new_ladder(&view);
	g_assert_cmpuint(ladder_row(view.ladder, view.state.selected)->event, ==, event);
	assert_shows(&view, "calls hidden");
	type(&view, 'h');
	new_ladder(&view);
	g_assert_cmpuint(ladder_row(view.ladder, view.state.selected)->event, ==, event);
	g_assert_cmpuint(view.state.selected - view.state.top, <=, line);
	view_shut(&view);
}

/* A call that is hidden gives its place to what comes next. */
static void
test_selection_hides_event(void)
{
	View view;

	view_open(&view, 24, 80, story_tcp_demo);
	press(&view, TUI_KEY_HOME); /* socket() */
	type(&view, 'h');
	new_ladder(&view);
	g_assert_cmpuint(view.state.selected, ==, 0);
	g_assert_cmpint(trace_event(view.story.trace, ladder_row(view.ladder, 0)->event)->kind, ==,
			EVENT_PACKET);
	view_shut(&view);
}

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
			n += ladder_row(view->ladder, row)->kind == ROW_ARROW;
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
		view->model.notice = open == 5 ? "A notice with 漢字 that is longer than some." : NULL;
		give(view, (TuiInput){ .key = TUI_KEY_RESIZE, .y = rows, .x = columns });
		assert_sane(view);
		grid = view_grid(view);
		assert_grid_clean(grid, glyphs);
	}
}

static void
test_all_sizes(void)
{
	static const guint rows[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 16, 24, 40, 50, 200 };
	View view;

	view_open(&view, 24, 80, story_trouble);
	view.model.title = "día/捕獲.pcap";
	view.model.drops = G_MAXUINT64;
	view.model.held = "client: connect(3, 127.0.0.1:5000)";
	g_ptr_array_insert(view.detail, 1, g_strdup("   漢字漢字漢字漢字漢字漢字漢字 漢字漢字漢字漢字漢字漢字"));
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		for (guint columns = 1; columns <= 500; columns += columns < 32 ? 1 : 17) {
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

static void
test_random(void)
{
	View view;

	view_open(&view, 24, 80, tell_two);
	for (guint i = 0; i < 3000; i++) {
		TuiInput input = { .key = g_test_rand_int_range(0, TUI_KEY_CHARACTER + 1),
				   .character = g_test_rand_int_range(0, 128),
				   .y = g_test_rand_int_range(0, 60),
				   .x = g_test_rand_int_range(0, 210) };

		view.model.stepping = g_test_rand_bit();
		if (give(&view, input) == TUI_SELECTION)
			new_ladder(&view);
		if (i % 10 == 0)
			more_come(&view, 1);
		assert_sane(&view);
		if (i % 5 == 0) {
			g_autoptr(Grid) grid = view_grid(&view);

			assert_grid_clean(grid, view.state.glyphs);
		}
	}
	view_shut(&view);
}

/* ---- keys ---- */

/* Every character that the help names does something. */
static void
test_help_is_true(void)
{
	for (const TuiKeyHelp *key = tui_keys; key->keys; key++) {
		g_auto(GStrv) names = g_strsplit(key->keys_ascii, " ", -1);

		g_assert_true(g_str_is_ascii(key->keys_ascii));
		g_assert_nonnull(key->help);
		for (char **name = names; *name; name++) {
			gunichar character = (*name)[0];
			TuiState before;
			TuiAction action;
			View view;

			if (g_str_has_prefix(*name, "Ctrl-"))
				character = (*name)[5] - '@';
			else if ((*name)[1] != '\0')
				continue;
			view_open(&view, 24, 80, tell_much);
			give(&view, (TuiInput){ .key = TUI_KEY_CLICK, .y = 10, .x = 1 });
			view.model.stepping = key->when == TUI_STEPPING;
			before = view.state;
			action = type(&view, character);
			g_test_message("%s", *name);
			g_assert_true(action != TUI_NOTHING ||
				      memcmp(&before, &view.state, sizeof before) != 0);
			view_shut(&view);
		}
	}
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

		tui_wrap(lines, cases[i].text, cases[i].width, cases[i].hang);
		g_ptr_array_add(lines, NULL);
		joined = g_strjoinv("|", (char **)lines->pdata);
		g_assert_cmpstr(joined, ==, cases[i].lines);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/tui/follow", test_follow);
	g_test_add_func("/tui/begin-at-first", test_begin_at_first);
	g_test_add_func("/tui/move", test_move);
	g_test_add_func("/tui/page-moves-view", test_page_moves_view);
	g_test_add_func("/tui/mouse", test_mouse);
	g_test_add_func("/tui/mouse-detail", test_mouse_detail);
	g_test_add_func("/tui/detail", test_detail);
	g_test_add_func("/tui/focus-ends-following", test_focus_ends_following);
	g_test_add_func("/tui/detail-by-size", test_detail_by_size);
	g_test_add_func("/tui/help", test_help);
	g_test_add_func("/tui/output", test_output);
	g_test_add_func("/tui/notice", test_notice);
	g_test_add_func("/tui/step", test_step);
	g_test_add_func("/tui/pause", test_pause);
	g_test_add_func("/tui/tell", test_tell);
	g_test_add_func("/tui/conversations", test_conversations);
	g_test_add_func("/tui/selection-keeps-event", test_selection_keeps_event);
	g_test_add_func("/tui/selection-hides-event", test_selection_hides_event);
	g_test_add_func("/tui/nothing-covers-a-head", test_nothing_covers_a_head);
	g_test_add_func("/tui/whole-at-80", test_whole_at_80);
	g_test_add_func("/tui/drops", test_drops);
	g_test_add_func("/tui/empty", test_empty);
	g_test_add_func("/tui/too-small", test_too_small);
	g_test_add_func("/tui/all-sizes", test_all_sizes);
	g_test_add_func("/tui/other-grid", test_other_grid);
	g_test_add_func("/tui/random", test_random);
	g_test_add_func("/tui/help-is-true", test_help_is_true);
	g_test_add_func("/tui/wrap", test_wrap);
	return g_test_run();
}
