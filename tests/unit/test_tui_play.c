/* SPDX-License-Identifier: MIT */
/* The playback and the spacing on the screen: keys, line, and what the ladder shows. */
#include "tui_view.h"

#include <string.h>

#include "pktladder/text.h"

#define MS G_GINT64_CONSTANT(1000000)

/* The demo as a saved capture that was read. */
static void
playback_view(View *view, guint rows, guint columns)
{
	view_open(view, rows, columns, story_tcp_demo);
	view->model.live = FALSE;
	view->model.replay = TRUE;
	press(view, TUI_KEY_HOME);
}

static void
time_passes(View *view, gint64 ns)
{
	tui_play(&view->state, &view->model, ns);
	tui_settle(&view->state, &view->model);
	assert_sane(view);
}

static guint32
shown(const View *view)
{
	return tui_length(&view->state, &view->model);
}

static void
test_playback(void)
{
	View view;
	guint32 length;

	playback_view(&view, 30, 100);
	length = ladder_length(view.ladder);
	type(&view, 'P');
	g_assert_cmpint(view.state.play.state, ==, PLAY_RUNNING);
	g_assert_cmpuint(shown(&view), ==, 0);
	assert_hides(&view, "socket(");
	assert_shows(&view, " PLAYING ");
	time_passes(&view, 0);
	g_assert_cmpuint(shown(&view), ==, 1);
	assert_shows(&view, "socket(");
	time_passes(&view, 31 * MS);
	g_assert_cmpuint(shown(&view), >, 3);
	g_assert_cmpuint(shown(&view), <, length);
	g_assert_cmpuint(view.state.selected, ==, shown(&view) - 1);
	assert_hides(&view, "FIN");
	assert_shows(&view, "+- speed");
	time_passes(&view, 1000 * MS);
	g_assert_cmpint(view.state.play.state, ==, PLAY_ENDED);
	g_assert_cmpuint(shown(&view), ==, length);
	assert_shows(&view, "Space: again, P: close");
	assert_shows(&view, "FIN");
	type(&view, ' ');
	g_assert_cmpint(view.state.play.state, ==, PLAY_RUNNING);
	g_assert_cmpuint(shown(&view), ==, 0);
	type(&view, 'P');
	g_assert_cmpint(view.state.play.state, ==, PLAY_OFF);
	g_assert_cmpuint(shown(&view), ==, length);
	assert_hides(&view, "PLAYING");
	view_shut(&view);
}

static void
test_keys(void)
{
	View view;
	guint32 length;

	playback_view(&view, 30, 120);
	length = ladder_length(view.ladder);
	for (const char *key = "+-=.,u05"; *key; key++) {
		type(&view, *key);
		g_assert_cmpint(view.state.play.state, ==, PLAY_OFF);
		assert_shows(&view, "Nothing is being played: P plays");
	}
	type(&view, ' '); /* nothing else to pause */
	g_assert_cmpint(view.state.play.state, ==, PLAY_RUNNING);
	type(&view, ' ');
	g_assert_cmpint(view.state.play.state, ==, PLAY_PAUSED);
	assert_shows(&view, " PAUSED ");
	time_passes(&view, 10000 * MS);
	g_assert_cmpuint(shown(&view), ==, 0);
	g_assert_cmpint(tui_play_next_ns(&view.state, &view.model), ==, -1);
	type(&view, '.');
	type(&view, '.');
	g_assert_cmpuint(shown(&view), ==, 2);
	type(&view, ',');
	g_assert_cmpuint(shown(&view), ==, 1);
	type(&view, 'p'); /* it is a pause, too */
	g_assert_cmpint(view.state.play.state, ==, PLAY_RUNNING);
	g_assert_false(view.state.paused);
	type(&view, '.');
	g_assert_cmpint(view.state.play.state, ==, PLAY_RUNNING);
	type(&view, ','); /* or it would come again at once */
	g_assert_cmpint(view.state.play.state, ==, PLAY_PAUSED);
	type(&view, '+');
	assert_shows(&view, "PAUSED 2x ");
	type(&view, '-');
	type(&view, '-');
	assert_shows(&view, "PAUSED 1/2x ");
	type(&view, 'u');
	assert_shows(&view, "PAUSED each 500 ms ");
	type(&view, '=');
	assert_shows(&view, "PAUSED each 300 ms ");
	type(&view, 'u');
	type(&view, '9');
	g_assert_cmpuint(shown(&view), >, length / 2);
	g_assert_cmpuint(shown(&view), <, length);
	press(&view, TUI_KEY_HOME);
	g_assert_cmpuint(shown(&view), ==, 0);
	g_assert_cmpuint(view.state.selected, ==, EVENT_NONE);
	press(&view, TUI_KEY_UP);
	press(&view, TUI_KEY_ENTER);
	type(&view, 'm');
	press(&view, TUI_KEY_ENTER);
	press(&view, TUI_KEY_END);
	g_assert_cmpint(view.state.play.state, ==, PLAY_ENDED);
	press(&view, TUI_KEY_HOME); /* it is over: the ladder's own again */
	g_assert_cmpuint(view.state.selected, ==, 0);
	g_assert_cmpuint(shown(&view), ==, length);
	type(&view, ',');
	g_assert_cmpuint(shown(&view), ==, length - 1);
	g_assert_cmpint(view.state.play.state, ==, PLAY_PAUSED);
	press(&view, TUI_KEY_ESCAPE);
	g_assert_cmpint(view.state.play.state, ==, PLAY_OFF);
	view_shut(&view);
}

/* From the selected row; while it runs one can look at what was. */
static void
test_start(void)
{
	View view;

	playback_view(&view, 30, 100);
	for (guint i = 0; i < 5; i++)
		press(&view, TUI_KEY_DOWN);
	type(&view, 'P');
	g_assert_cmpuint(shown(&view), ==, 5);
	time_passes(&view, 0);
	g_assert_cmpuint(shown(&view), >=, 6);
	press(&view, TUI_KEY_UP);
	press(&view, TUI_KEY_UP);
	g_assert_cmpuint(view.state.selected, ==, shown(&view) - 3);
	time_passes(&view, 1 * MS);
	g_assert_cmpuint(view.state.selected, <, shown(&view) - 1); /* it stays there */
	g_assert_cmpint(view.state.play.state, ==, PLAY_RUNNING);
	view_shut(&view);
}

static void
go_to(View *view, const char *place)
{
	type(view, ':');
	for (; *place; place++)
		type(view, *place);
	press(view, TUI_KEY_ENTER);
}

static void
test_jump(void)
{
	View view;
	TuiLayout layout;
	guint32 row;

	playback_view(&view, 30, 100);
	type(&view, 'P');
	type(&view, ' ');
	go_to(&view, "3");
	row = ladder_row_of(view.ladder, trace_event_of_frame(view.story.trace, 3));
	g_assert_cmpuint(shown(&view), ==, row + 1);
	g_assert_cmpuint(view.state.selected, ==, row);
	go_to(&view, "1");
	g_assert_cmpuint(shown(&view), <, row);
	go_to(&view, "0.0301");
	g_assert_cmpint(play_now(&view.state.play, view.ladder), ==,
			trace_start(view.story.trace) + 30100000);
	/* What a search finds beyond comes into view; what it finds before is selected. */
	row = ladder_length(view.ladder) - 3;
	tui_found(&view.state, &view.model, &(FindHit){ .row = row });
	tui_settle(&view.state, &view.model);
	g_assert_cmpuint(shown(&view), ==, row + 1);
	tui_found(&view.state, &view.model, &(FindHit){ .row = 2 });
	tui_settle(&view.state, &view.model);
	g_assert_cmpuint(shown(&view), ==, row + 1);
	g_assert_cmpuint(view.state.selected, ==, 2);
	/* The bar is filled up to where it was clicked. */
	layout = tui_layout(&view.state, &view.model);
	g_assert_cmpuint(layout.play.y, ==, 28);
	for (guint x = 0; x < layout.play_cells; x++) {
		give(&view, (TuiInput){ .key = TUI_KEY_CLICK, .y = layout.play.y, .x = x });
		g_assert_cmpuint(tui_layout(&view.state, &view.model).play_passed, ==, x + 1);
	}
	g_assert_cmpint(view.state.play.state, ==, PLAY_ENDED);
	view_shut(&view);
}

/* A wait that is long is told, and counted down: it asks to be looked at for that. */
static void
tell_slow(Story *story)
{
	story_tcp(story, SIDE_CLIENT, TCP_SYN, 0);
	story_wait(story, 12500 * MS);
	story_tcp(story, SIDE_SERVER, TCP_SYN | TCP_ACK, 0);
	story_wait(story, 100 * 3600 * 1000 * MS);
	story_tcp(story, SIDE_CLIENT, TCP_ACK, 0);
}

static void
test_wait(void)
{
	View view;
	gint64 next;

	view_open(&view, 24, 80, tell_slow);
	view.model.live = FALSE;
	type(&view, 'P');
	time_passes(&view, 0);
	assert_shows(&view, "next row in 13 s");
	next = tui_play_next_ns(&view.state, &view.model);
	g_assert_cmpint(next, <=, 1000 * MS);
	time_passes(&view, next);
	assert_shows(&view, "next row in 12 s");
	next = tui_play_next_ns(&view.state, &view.model);
	g_assert_cmpint(next, >, 900 * MS);
	type(&view, '.');
	g_assert_cmpuint(shown(&view), ==, 2);
	assert_shows(&view, "next row in 100 h");
	g_assert_cmpint(tui_play_next_ns(&view.state, &view.model), >, 1000 * 1000 * MS);
	view.state.play.speed = 100;
	assert_shows(&view, "next row in 60 min");
	view_shut(&view);
}

/* What is live goes on behind the playback; when that has seen everything, it is live again. */
static void
test_live(void)
{
	View view;

	view_open(&view, 30, 100, story_tcp_demo);
	press(&view, TUI_KEY_HOME);
	type(&view, 'P');
	time_passes(&view, 1 * MS);
	more_come(&view, 3);
	g_assert_cmpuint(shown(&view), <, ladder_length(view.ladder) - 3);
	time_passes(&view, 10000 * MS);
	g_assert_cmpint(view.state.play.state, ==, PLAY_OFF);
	g_assert_true(view.state.follow);
	assert_shows(&view, "this is live again");
	more_come(&view, 1);
	g_assert_cmpuint(view.state.selected, ==, ladder_length(view.ladder) - 1);
	view_shut(&view);
}

/* What is live waits behind a pause: the playback of what is there plays, and ends there. */
static void
test_paused(void)
{
	View view;

	view_open(&view, 14, 100, story_tcp_demo);
	type(&view, 'p');
	g_assert_true(view.state.paused);
	press(&view, TUI_KEY_HOME);
	type(&view, 'P');
	time_passes(&view, 1 * MS);
	assert_shows(&view, " PLAYING");
	assert_hides(&view, "PAUSED");
	time_passes(&view, 10000 * MS);
	g_assert_cmpint(view.state.play.state, ==, PLAY_OFF);
	g_assert_true(view.state.paused);
	assert_shows(&view, " PAUSED");
	assert_hides(&view, "this is live again");
	view_shut(&view);
}

/* While a file is read the playback waits for it. */
static void
test_reading(void)
{
	View view;

	view_open(&view, 30, 100, tell_two);
	view.model.replay = TRUE;
	press(&view, TUI_KEY_HOME);
	type(&view, 'P');
	time_passes(&view, 10000 * MS);
	g_assert_cmpint(view.state.play.state, ==, PLAY_RUNNING);
	assert_shows(&view, "waiting for more");
	g_assert_cmpint(tui_play_next_ns(&view.state, &view.model), ==, -1);
	view.model.live = FALSE;
	time_passes(&view, 0);
	g_assert_cmpint(view.state.play.state, ==, PLAY_ENDED);
	view_shut(&view);
}

/* Another selection: the playback stands where it stood. */
static void
test_selection(void)
{
	View view;
	guint32 event, before;

	view_open(&view, 30, 100, tell_two);
	view.model.live = FALSE;
	press(&view, TUI_KEY_HOME);
	type(&view, 'P');
	type(&view, ' ');
	go_to(&view, "8");
	before = shown(&view);
	event = ladder_row(view.ladder, before - 1).event;
	for (guint i = 0; i < 2; i++) {
		g_assert_cmpint(type(&view, 'h'), ==, TUI_SELECTION);
		new_ladder(&view);
		assert_sane(&view);
		g_assert_cmpuint(ladder_row(view.ladder, shown(&view) - 1).event, <=, event);
		g_assert_cmpint(view.state.play.state, ==, PLAY_PAUSED);
	}
	g_assert_cmpuint(shown(&view), ==, before);
	view_shut(&view);
}

/* With rows that stand apart everything that moves about still does. */
static void
test_spacing(void)
{
	View view;
	guint32 length, top;

	playback_view(&view, 24, 80);
	length = ladder_length(view.ladder);
	type(&view, 'T');
	assert_shows(&view, "a line ([ and ] change it)");
	press(&view, TUI_KEY_NONE);
	assert_shows(&view, " a line"); /* the title has it */
	type(&view, '[');
	type(&view, '[');
	assert_sane(&view);
	g_assert_false(view.state.spacing_auto);
	for (guint i = 1; i < length; i++) {
		press(&view, TUI_KEY_DOWN);
		assert_sane(&view);
		g_assert_cmpuint(view.state.selected, ==, i);
	}
	press(&view, TUI_KEY_HOME);
	for (guint32 last = 0; view.state.selected + 1 < length; last = view.state.selected) {
		press(&view, TUI_KEY_PAGE_DOWN);
		assert_sane(&view);
		g_assert_cmpuint(view.state.selected, >, last);
	}
	for (guint32 last = length; view.state.selected > 0; last = view.state.selected) {
		press(&view, TUI_KEY_PAGE_UP);
		assert_sane(&view);
		g_assert_cmpuint(view.state.selected, <, last);
	}
	for (guint i = 0; i < length; i++) {
		press(&view, TUI_KEY_WHEEL_DOWN);
		assert_sane(&view);
	}
	top = view.state.top;
	g_assert_cmpuint(top, >, 0);
	/* A click on any line selects what stands there, or the row below the blank lines. */
	press(&view, TUI_KEY_HOME);
	for (guint y = 3; y < 23; y++) {
		gint64 spacing = view.state.ns_per_line;
		guint32 row = spacing_row_at(spacing, view.ladder, view.state.top, y - 3, length);

		if (row == EVENT_NONE ||
		    row - view.state.top >=
			spacing_rows(spacing, view.ladder, view.state.top, 20, length))
			continue; /* it would scroll */
		give(&view, (TuiInput){ .key = TUI_KEY_CLICK, .y = y, .x = 1 });
		g_assert_cmpuint(view.state.selected, ==, row);
		assert_sane(&view);
	}
	type(&view, 'T');
	g_assert_cmpint(view.state.ns_per_line, ==, 0);
	view_shut(&view);
}

/* The scale stays while rows come, until there are twice as many. */
static void
test_spacing_scale(void)
{
	View view;
	gint64 scale;

	view_open(&view, 24, 80, story_tcp_demo);
	type(&view, 'T');
	scale = view.state.ns_per_line;
	g_assert_cmpint(scale, >, SPACING_MIN_NS);
	for (guint32 i = ladder_length(view.ladder); i > 1; i--) {
		more_come(&view, 1);
		g_assert_cmpint(view.state.ns_per_line, ==, scale);
	}
	more_come(&view, 2);
	g_assert_cmpuint(view.state.spacing_rows, ==, ladder_length(view.ladder));
	view_shut(&view);
}

/* Any keys at any time, with time passing. */
static void
test_random(void)
{
	static const char keys[] = "PPP  ..,,+-uv0123456789T[]gGjkhzcfpn:5\r";
	View view;

	view_open(&view, 24, 80, story_trouble);
	for (guint i = 0; i < 6000; i++) {
		TuiInput input = { .key = TUI_KEY_CHARACTER,
				   .character = keys[g_test_rand_int_range(0, sizeof keys - 1)] };

		if (input.character == '\r')
			input.key = TUI_KEY_ENTER;
		if (g_test_rand_int_range(0, 4) == 0)
			input = (TuiInput){ .key = g_test_rand_int_range(0, TUI_KEY_CHARACTER),
					    .y = g_test_rand_int_range(1, 60),
					    .x = g_test_rand_int_range(1, 210) };
		view.model.live = g_test_rand_bit();
		view.model.replay = g_test_rand_bit();
		if (give(&view, input) == TUI_SELECTION)
			new_ladder(&view);
		if (i % 20 == 0)
			more_come(&view, 1);
		assert_sane(&view);
		g_assert_cmpint(tui_play_next_ns(&view.state, &view.model), >=, -1);
		time_passes(&view, g_test_rand_int_range(0, 10000) * MS / 100);
		if (i % 5 == 0) {
			g_autoptr(Grid) grid = view_grid(&view);

			assert_grid_clean(grid, view.state.glyphs);
		}
	}
	view_shut(&view);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/tui/playback", test_playback);
	g_test_add_func("/tui/playback-keys", test_keys);
	g_test_add_func("/tui/playback-start", test_start);
	g_test_add_func("/tui/playback-jump", test_jump);
	g_test_add_func("/tui/playback-wait", test_wait);
	g_test_add_func("/tui/playback-live", test_live);
	g_test_add_func("/tui/playback-while-paused", test_paused);
	g_test_add_func("/tui/playback-reading", test_reading);
	g_test_add_func("/tui/playback-selection", test_selection);
	g_test_add_func("/tui/spacing", test_spacing);
	g_test_add_func("/tui/spacing-scale", test_spacing_scale);
	g_test_add_func("/tui/playback-random", test_random);
	return g_test_run();
}
