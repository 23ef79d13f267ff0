/* SPDX-License-Identifier: MIT */
/* A playback of a ladder: what comes when, against the ladder's own times. */
#include "pktladder/play.h"

#include "story.h"

#define MS G_GINT64_CONSTANT(1000000)

typedef struct {
	Story story;
	Ladder *ladder;
	Play play;
} Playback;

static void
playback_open(Playback *playback, void (*tell)(Story *), Selection selection)
{
	story_init(&playback->story, 4);
	tell(&playback->story);
	playback->ladder = ladder_new(playback->story.trace, selection);
	ladder_update(playback->ladder);
	playback->play = PLAY_DEFAULT;
}

static void
playback_close(Playback *playback)
{
	ladder_free(playback->ladder);
	story_clear(&playback->story);
}

static gint64
row_time(const Playback *playback, guint32 row)
{
	return ladder_row(playback->ladder, row).time_ns;
}

/* Every result that is drawn has come by then. */
static void
assert_no_future(const Playback *playback)
{
	const Trace *trace = playback->story.trace;
	gint64 now = play_now(&playback->play, playback->ladder);
	guint32 length = play_length(&playback->play, playback->ladder);

	for (guint32 i = 0; i < length; i++) {
		LadderRow row = play_row(&playback->play, playback->ladder, i);

		g_assert_cmpint(row.time_ns, <=, now);
		for (guint side = 0; side < 2; side++) {
			guint32 result = row.cell[side].result;

			g_assert_true(result == EVENT_NONE ||
				      trace_event(trace, result)->time_ns <= now);
		}
	}
}

/* Row by row at its time, and every result at its own: driven by play_next_ns()
 * alone, as its owner drives it. */
static void
test_times(void)
{
	static const double speeds[] = { 1e-3, 0.1, 1, 7, 1000 };
	Playback playback;

	playback_open(&playback, story_tcp_demo, SELECTION_ALL);
	for (guint s = 0; s < G_N_ELEMENTS(speeds); s++) {
		gint64 real_ns = 0, start = row_time(&playback, 0);
		guint32 seen = 0;
		guint turns = 0;

		playback.play.speed = speeds[s];
		play_start(&playback.play, playback.ladder, 0);
		while (playback.play.state == PLAY_RUNNING) {
			gint64 wait = play_next_ns(&playback.play, playback.ladder, 10, FALSE);

			g_assert_cmpint(wait, >=, 0);
			g_assert_cmpuint(turns++, <, 1000);
			real_ns += wait;
			play_advance(&playback.play, playback.ladder, wait, FALSE);
			if (playback.play.state != PLAY_RUNNING)
				break;
			assert_no_future(&playback);
			for (; seen < playback.play.shown; seen++) {
				double due =
				    (double)(row_time(&playback, seen) - start) / speeds[s];

				/* A nanosecond of rounding each turn. */
				g_assert_cmpfloat(ABS((double)real_ns - due), <=,
						  turns * (1 + 1 / speeds[s]));
			}
		}
		g_assert_cmpint(playback.play.state, ==, PLAY_ENDED);
		g_assert_cmpuint(play_length(&playback.play, playback.ladder), ==,
				 ladder_length(playback.ladder));
	}
	playback_close(&playback);
}

/* However the time comes, in one piece or in many, the playback is the same. */
static void
test_pieces(void)
{
	Playback playback;
	Play one, many;

	playback_open(&playback, story_tcp_demo, SELECTION_ALL);
	play_start(&playback.play, playback.ladder, 0);
	one = many = playback.play;
	play_advance(&one, playback.ladder, 31 * MS, FALSE);
	for (guint i = 0; i < 31000; i++)
		play_advance(&many, playback.ladder, 1000, FALSE);
	g_assert_cmpuint(one.shown, >, 3);
	g_assert_cmpuint(one.shown, ==, many.shown);
	g_assert_cmpint(one.since_ns, ==, many.since_ns);
	playback_close(&playback);
}

/* A call whose result comes later than the row on which it stands: its bar goes on until then. */
static void
tell_late(Story *story)
{
	static const StoryCall recv_call = { CALL_RECV, ROLE_SERVER, 4, 0, 4096, 3, FALSE };

	story_tcp(story, SIDE_CLIENT, TCP_SYN, 0);
	story_tcp(story, SIDE_SERVER, TCP_SYN | TCP_ACK, 0);
	story_tcp(story, SIDE_CLIENT, TCP_ACK, 0);
	story_entry(story, &recv_call);
	story_wait(story, 100 * MS);
	story_return(story, &recv_call, 12);
	story_wait(story, 100 * MS);
	story_tcp(story, SIDE_CLIENT, TCP_PSH | TCP_ACK, 12);
}

static void
test_result(void)
{
	Playback playback;
	LadderRow row;

	playback_open(&playback, tell_late, SELECTION_ALL);
	g_assert_cmpuint(ladder_length(playback.ladder), ==, 5);
	row = ladder_row(playback.ladder, 3);
	g_assert_cmpuint(row.cell[SIDE_SERVER].result, !=, EVENT_NONE); /* on its entry's row */
	play_start(&playback.play, playback.ladder, 0);
	play_advance(&playback.play, playback.ladder, 50 * MS, FALSE);
	g_assert_cmpuint(playback.play.shown, ==, 4);
	row = play_row(&playback.play, playback.ladder, 3);
	g_assert_cmpuint(row.cell[SIDE_SERVER].entry, !=, EVENT_NONE);
	g_assert_cmpuint(row.cell[SIDE_SERVER].result, ==, EVENT_NONE);
	g_assert_cmpuint(row.cell[SIDE_SERVER].bar, ==, LADDER_BAR_START);
	g_assert_cmpuint(play_whole_length(&playback.play, playback.ladder), ==, 3);
	play_advance(&playback.play, playback.ladder, 60 * MS, FALSE);
	row = play_row(&playback.play, playback.ladder, 3);
	g_assert_cmpuint(row.cell[SIDE_SERVER].result, !=, EVENT_NONE);
	g_assert_cmpuint(row.cell[SIDE_SERVER].bar, ==, LADDER_BAR_NONE);
	g_assert_cmpuint(play_whole_length(&playback.play, playback.ladder), ==, 4);
	/* Stepping shows a row with all that belongs to it. */
	play_go(&playback.play, playback.ladder, 4, FALSE);
	g_assert_cmpuint(play_whole_length(&playback.play, playback.ladder), ==, 4);
	playback_close(&playback);
}

/* In the demo accept() returns on the row of the client's ACK, a little later. */
static void
test_bar(void)
{
	Playback playback;
	guint32 i = 0, found = 0;
	LadderRow row;
	g_autoptr(GArray) bars = NULL;

	playback_open(&playback, story_tcp_demo, SELECTION_ALL);
	while (!(ladder_row(playback.ladder, i).cell[SIDE_SERVER].bar & LADDER_BAR_END))
		i++;
	play_start(&playback.play, playback.ladder, 0);
	play_go_time(&playback.play, playback.ladder, row_time(&playback, i), FALSE);
	g_assert_cmpuint(playback.play.shown, ==, i + 1);
	row = play_row(&playback.play, playback.ladder, i);
	g_assert_cmpuint(row.cell[SIDE_SERVER].result, ==, EVENT_NONE);
	g_assert_cmpuint(row.cell[SIDE_SERVER].bar & (LADDER_BAR_END | LADDER_BAR_THROUGH), ==,
			 LADDER_BAR_THROUGH);
	bars = ladder_bars(playback.ladder, i, &row, 0, 2);
	for (guint b = 0; b < bars->len; b++) {
		LadderBar bar = g_array_index(bars, LadderBar, b);

		g_assert_cmpuint(bar.part, !=, 0);
		if (bar.lane == row.lane[SIDE_SERVER]) {
			g_assert_cmpuint(bar.part, ==, row.cell[SIDE_SERVER].bar);
			found++;
		}
	}
	g_assert_cmpuint(found, ==, 1);
	assert_no_future(&playback);
	playback_close(&playback);
}

static void
test_pause(void)
{
	Playback playback;
	Play before;

	playback_open(&playback, story_tcp_demo, SELECTION_ALL);
	g_assert_cmpint(play_next_ns(&playback.play, playback.ladder, 10, FALSE), ==, -1);
	g_assert_false(play_advance(&playback.play, playback.ladder, MS, FALSE));
	play_toggle(&playback.play, playback.ladder);
	g_assert_cmpint(playback.play.state, ==, PLAY_RUNNING);
	play_advance(&playback.play, playback.ladder, MS, FALSE);
	play_toggle(&playback.play, playback.ladder);
	before = playback.play;
	g_assert_cmpint(play_next_ns(&playback.play, playback.ladder, 10, FALSE), ==, -1);
	g_assert_false(play_advance(&playback.play, playback.ladder, 1000 * MS, FALSE));
	g_assert_cmpuint(playback.play.shown, ==, before.shown);
	g_assert_cmpint(playback.play.since_ns, ==, before.since_ns);
	play_toggle(&playback.play, playback.ladder);
	play_advance(&playback.play, playback.ladder, 1000 * MS, FALSE);
	g_assert_cmpint(playback.play.state, ==, PLAY_ENDED);
	play_toggle(&playback.play, playback.ladder); /* from the beginning */
	g_assert_cmpint(playback.play.state, ==, PLAY_RUNNING);
	g_assert_cmpuint(play_length(&playback.play, playback.ladder), ==, 0);
	playback_close(&playback);
}

static void
test_even(void)
{
	Playback playback;

	playback_open(&playback, story_tcp_demo, SELECTION_ALL);
	g_assert_true(play_parse_pace(&playback.play, "even:300"));
	play_start(&playback.play, playback.ladder, 0);
	for (guint32 i = 0; i < ladder_length(playback.ladder); i++) {
		gint64 wait = play_next_ns(&playback.play, playback.ladder, 10, FALSE);

		g_assert_cmpint(wait, ==, i == 0 ? 0 : 300 * MS);
		if (wait > 0)
			play_advance(&playback.play, playback.ladder, wait - 1, FALSE);
		g_assert_cmpuint(playback.play.shown, ==, i);
		play_advance(&playback.play, playback.ladder, wait > 0 ? 1 : 0, FALSE);
		g_assert_cmpuint(play_length(&playback.play, playback.ladder), ==,
				 i + 1 == ladder_length(playback.ladder) ? i + 1
									 : playback.play.shown);
		g_assert_cmpuint(playback.play.shown, ==, i + 1);
		if (playback.play.state == PLAY_RUNNING) /* whole rows */
			g_assert_cmpuint(play_whole_length(&playback.play, playback.ladder), ==,
					 i + 1);
	}
	g_assert_cmpint(playback.play.state, ==, PLAY_ENDED);
	playback_close(&playback);
}

static void
test_go(void)
{
	Playback playback;
	guint32 length;
	PlayPlace place;

	playback_open(&playback, story_tcp_demo, SELECTION_ALL);
	length = ladder_length(playback.ladder);
	play_go(&playback.play, playback.ladder, 3, FALSE); /* no playback: nothing to go in */
	g_assert_cmpint(playback.play.state, ==, PLAY_OFF);
	play_start(&playback.play, playback.ladder, 5);
	g_assert_cmpuint(play_length(&playback.play, playback.ladder), ==, 5);
	g_assert_cmpint(play_next_ns(&playback.play, playback.ladder, 0, FALSE), <=, 1);
	play_go_part(&playback.play, playback.ladder, 0.5, FALSE);
	place = play_place(&playback.play, playback.ladder);
	g_assert_cmpint(place.start_ns, ==, row_time(&playback, 0));
	g_assert_cmpint(
	    ABS(2 * (place.position_ns - place.start_ns) - (place.end_ns - place.start_ns)), <=,
	    1024); /* of a double */
	for (guint cells = 1; cells < 100; cells++) {
		for (guint i = 0; i < cells; i++) {
			play_go_part(&playback.play, playback.ladder, (i + 1.0) / cells, FALSE);
			place = play_place(&playback.play, playback.ladder);
			g_assert_cmpuint(play_cells(&place, cells), ==, i + 1);
		}
	}
	g_assert_cmpint(playback.play.state, ==, PLAY_ENDED); /* the last one went to the end */
	play_go(&playback.play, playback.ladder, length - 1, FALSE);
	g_assert_cmpint(playback.play.state, ==, PLAY_PAUSED);
	play_go(&playback.play, playback.ladder, length + 7, TRUE); /* more may come */
	g_assert_cmpint(playback.play.state, ==, PLAY_PAUSED);
	play_go(&playback.play, playback.ladder, 0, FALSE);
	place = play_place(&playback.play, playback.ladder);
	g_assert_cmpuint(play_cells(&place, 10), ==, 0);
	g_assert_cmpuint(play_length(&playback.play, playback.ladder), ==, 0);
	playback_close(&playback);
}

/* While more may come, it waits for it, and what comes is not late. */
static void
test_more(void)
{
	Playback playback;
	guint32 length;

	playback_open(&playback, tell_late, SELECTION_ALL);
	length = ladder_length(playback.ladder);
	play_start(&playback.play, playback.ladder, 0);
	play_advance(&playback.play, playback.ladder, 10000 * MS, TRUE);
	g_assert_cmpint(playback.play.state, ==, PLAY_RUNNING);
	g_assert_cmpuint(playback.play.shown, ==, length);
	g_assert_cmpint(play_next_ns(&playback.play, playback.ladder, 10, TRUE), ==, -1);
	story_wait(&playback.story, 80 * MS);
	story_tcp(&playback.story, SIDE_CLIENT, TCP_PSH | TCP_ACK, 1);
	ladder_update(playback.ladder);
	g_assert_cmpint(play_row_ns(&playback.play, playback.ladder), >, 79 * MS);
	play_advance(&playback.play, playback.ladder, 81 * MS, FALSE);
	g_assert_cmpint(playback.play.state, ==, PLAY_ENDED);
	playback_close(&playback);
}

/* Another ladder of the same events: it stands where it stood. */
static void
test_other_ladder(void)
{
	Playback playback;
	Selection without = { .conversation = CONVERSATION_NONE, .hide_calls = TRUE };
	Ladder *with;
	guint32 event;

	playback_open(&playback, story_tcp_demo, SELECTION_ALL);
	play_start(&playback.play, playback.ladder, 0);
	play_go(&playback.play, playback.ladder, ladder_length(playback.ladder) / 2, FALSE);
	event = ladder_row(playback.ladder, playback.play.shown - 1).event;
	with = playback.ladder;
	playback.ladder = ladder_new(playback.story.trace, without);
	play_settle(&playback.play, playback.ladder); /* nothing is in it yet */
	g_assert_cmpuint(play_length(&playback.play, playback.ladder), ==, 0);
	ladder_update(playback.ladder);
	play_settle(&playback.play, playback.ladder);
	g_assert_cmpuint(playback.play.shown, >, 0);
	g_assert_cmpuint(ladder_row(playback.ladder, playback.play.shown - 1).event, <=, event);
	g_assert_cmpuint(ladder_row(playback.ladder, playback.play.shown).event, >, event);
	ladder_free(playback.ladder);
	playback.ladder = with;
	play_settle(&playback.play, playback.ladder);
	g_assert_cmpuint(playback.play.shown, ==, ladder_length(playback.ladder) / 2);
	playback_close(&playback);
}

/* A fold sums up what has come: it comes with its last packet. */
static void
tell_bulk(Story *story)
{
	for (guint i = 0; i < 20; i++) {
		story_tcp(story, SIDE_CLIENT, TCP_PSH | TCP_ACK, 10);
		story_wait(story, 10 * MS);
	}
	story_tcp(story, SIDE_CLIENT, TCP_FIN | TCP_ACK, 0);
}

static void
test_fold(void)
{
	Selection folded = { .conversation = CONVERSATION_NONE, .fold = TRUE };
	Playback playback;
	guint32 fold = 0;
	LadderRow row;

	playback_open(&playback, tell_bulk, folded);
	while (ladder_row(playback.ladder, fold).kind != ROW_FOLD)
		fold++;
	row = ladder_row(playback.ladder, fold);
	play_start(&playback.play, playback.ladder, 0);
	play_go_time(&playback.play, playback.ladder, row.time_ns, FALSE);
	g_assert_cmpuint(playback.play.shown, ==, fold);
	play_go_time(&playback.play, playback.ladder,
		     row.time_ns + ladder_fold(playback.ladder, &row).duration_ns, FALSE);
	g_assert_cmpuint(playback.play.shown, ==, fold + 1);
	playback_close(&playback);
}

/* Backwards by an hour, and on to a day later: nothing hangs, nothing is late. */
static void
test_odd_clock(void)
{
	Playback playback;

	playback_open(&playback, story_trouble, SELECTION_ALL);
	play_start(&playback.play, playback.ladder, 0);
	for (guint i = 0; playback.play.state == PLAY_RUNNING; i++) {
		gint64 wait = play_next_ns(&playback.play, playback.ladder, 60, FALSE);

		g_assert_cmpint(wait, >=, 0);
		g_assert_cmpuint(i, <, 1000);
		play_advance(&playback.play, playback.ladder, wait, FALSE);
	}
	for (double part = 0; part < 1; part += 0.01) {
		PlayPlace place;

		play_go_part(&playback.play, playback.ladder, part, FALSE);
		place = play_place(&playback.play, playback.ladder);
		g_assert_cmpint(place.position_ns, >=, place.start_ns);
		g_assert_cmpint(place.position_ns, <=, place.end_ns);
		g_assert_cmpuint(play_cells(&place, 60), <=, 60);
	}
	playback_close(&playback);
	/* 2106, then today again, then 1970. */
	story_init(&playback.story, 4);
	playback.story.now_ns = (gint64)G_MAXUINT32 * 1000 * MS;
	story_tcp(&playback.story, SIDE_CLIENT, TCP_SYN, 0);
	playback.story.now_ns = STORY_START_NS;
	story_tcp(&playback.story, SIDE_SERVER, TCP_SYN | TCP_ACK, 0);
	story_wait(&playback.story, 5 * MS);
	story_tcp(&playback.story, SIDE_CLIENT, TCP_ACK, 0);
	playback.story.now_ns = 0;
	story_tcp(&playback.story, SIDE_CLIENT, TCP_ACK, 0);
	playback.ladder = ladder_new(playback.story.trace, SELECTION_ALL);
	ladder_update(playback.ladder);
	playback.play = PLAY_DEFAULT;
	play_start(&playback.play, playback.ladder, 0);
	play_advance(&playback.play, playback.ladder, 0, FALSE);
	g_assert_cmpuint(playback.play.shown, ==, 2);
	play_advance(&playback.play, playback.ladder, 6 * MS, FALSE);
	g_assert_cmpint(playback.play.state, ==, PLAY_ENDED);
	playback_close(&playback);
}

static void
tell_nothing(Story *story)
{
	g_assert_nonnull(story->trace);
}

static void
test_empty(void)
{
	Playback playback;
	PlayPlace place;

	playback_open(&playback, tell_nothing, SELECTION_ALL);
	play_start(&playback.play, playback.ladder, 0);
	place = play_place(&playback.play, playback.ladder);
	g_assert_cmpuint(play_cells(&place, 10), <=, 10);
	play_advance(&playback.play, playback.ladder, MS, TRUE);
	g_assert_cmpint(playback.play.state, ==, PLAY_RUNNING);
	play_go_part(&playback.play, playback.ladder, 0.5, TRUE);
	play_advance(&playback.play, playback.ladder, MS, FALSE);
	g_assert_cmpint(playback.play.state, ==, PLAY_ENDED);
	playback_close(&playback);
}

static void
test_pace(void)
{
	static const struct {
		const char *text, *shown; /* NULL: it is none */
	} cases[] = {
		{ "1", "1x" },
		{ "10", "10x" },
		{ "0.1", "1/10x" },
		{ "1/10", "1/10x" },
		{ "10x", "10x" },
		{ "1/3", "1/3x" },
		{ "2.5", "2.5x" },
		{ "0.00001", "1/100000x" },
		{ "100000", "100000x" },
		{ "even", "each 500 ms" },
		{ "even:300", "each 300 ms" },
		{ "even:2000", "each 2 s" },
		{ "0", NULL },
		{ "-1", NULL },
		{ "1/0", NULL },
		{ "", NULL },
		{ "x", NULL },
		{ "1e3", NULL },
		{ "nan", NULL },
		{ "100001", NULL },
		{ "1/", NULL },
		{ "/2", NULL },
		{ "1.2.3", NULL },
		{ "even:", NULL },
		{ "even:9", NULL },
		{ "even:60001", NULL },
		{ "evenly", NULL },
		{ "even:1s", NULL },
		{ "2xx", NULL },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		Play play = PLAY_DEFAULT;
		gboolean good = play_parse_pace(&play, cases[i].text);
		g_autofree char *shown = play_pace_text(&play);

		g_test_message("%s", cases[i].text);
		g_assert_cmpint(good, ==, cases[i].shown != NULL);
		g_assert_cmpstr(shown, ==, good ? cases[i].shown : "1x");
	}
}

/* Up to the end and down again, through the same steps. */
static void
test_pace_step(void)
{
	for (guint even = 0; even < 2; even++) {
		Play play = PLAY_DEFAULT;
		g_autoptr(GPtrArray) up = g_ptr_array_new_with_free_func(g_free);

		play.even = even;
		for (guint i = 0; i < 50; i++)
			play_pace_step(&play, -1);
		for (guint i = 0; i < 50; i++) {
			char *text = play_pace_text(&play);

			if (up->len > 0 && g_str_equal(text, g_ptr_array_index(up, up->len - 1))) {
				g_free(text);
				break;
			}
			g_ptr_array_add(up, text);
			play_pace_step(&play, 1);
		}
		g_assert_cmpuint(up->len, >, 10);
		for (guint i = up->len; i > 0; i--) {
			g_autofree char *text = play_pace_text(&play);

			g_assert_cmpstr(text, ==, g_ptr_array_index(up, i - 1));
			play_pace_step(&play, -1);
		}
	}
}

/* Of times that lie farther apart than 64 bits with a sign hold: the first one is the
 * earliest there is, the last one the latest, and one goes back by all of that. */
static void
story_extreme(Story *story)
{
	const gint64 latest = G_MAXINT64 - 20000; /* the story goes on by so much */
	const gint64 times[] = { G_MININT64, -1, latest, G_MININT64, 0, latest };

	for (guint i = 0; i < G_N_ELEMENTS(times); i++) {
		story->now_ns = times[i];
		story_tcp(story, i % 2, i == 0 ? TCP_SYN : TCP_ACK, 5);
	}
}

static void
test_extremes(void)
{
	Playback playback;
	PlayPlace place;
	guint turns = 0;

	playback_open(&playback, story_extreme, SELECTION_ALL);
	place = play_place(&playback.play, playback.ladder);
	g_assert_cmpint(place.start_ns, ==, G_MININT64);
	g_assert_cmpint(place.end_ns, >=, G_MAXINT64 - 20000);
	g_assert_cmpfloat(place.whole_ns, >, 1.8446e19);
	play_start(&playback.play, playback.ladder, 0);
	for (guint tenth = 0; tenth <= 10; tenth++) {
		play_go_part(&playback.play, playback.ladder, tenth / 10.0, FALSE);
		place = play_place(&playback.play, playback.ladder);
		g_assert_cmpint(place.position_ns, >=, place.start_ns);
		g_assert_cmpint(place.position_ns, <=, place.end_ns);
		g_assert_cmpuint(play_length(&playback.play, playback.ladder), <=, 6);
	}
	playback.play.speed = PLAY_SPEED_MAX;
	play_start(&playback.play, playback.ladder, 0);
	while (playback.play.state == PLAY_RUNNING) {
		gint64 wait = play_next_ns(&playback.play, playback.ladder, 10, FALSE);

		g_assert_cmpint(wait, >=, 0);
		g_assert_cmpuint(turns++, <, 100);
		play_advance(&playback.play, playback.ladder, wait, FALSE);
	}
	g_assert_cmpuint(play_length(&playback.play, playback.ladder), ==, 6);
	playback_close(&playback);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/play/times", test_times);
	g_test_add_func("/play/pieces", test_pieces);
	g_test_add_func("/play/result", test_result);
	g_test_add_func("/play/bar", test_bar);
	g_test_add_func("/play/pause", test_pause);
	g_test_add_func("/play/even", test_even);
	g_test_add_func("/play/go", test_go);
	g_test_add_func("/play/more", test_more);
	g_test_add_func("/play/other-ladder", test_other_ladder);
	g_test_add_func("/play/fold", test_fold);
	g_test_add_func("/play/odd-clock", test_odd_clock);
	g_test_add_func("/play/empty", test_empty);
	g_test_add_func("/play/pace", test_pace);
	g_test_add_func("/play/pace-step", test_pace_step);
	g_test_add_func("/play/extremes", test_extremes);
	return g_test_run();
}
