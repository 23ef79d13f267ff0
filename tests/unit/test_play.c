/* SPDX-License-Identifier: MIT */
/* A film of a ladder: what comes when, against the ladder's own times. */
#include "pktladder/play.h"

#include "story.h"

#define MS G_GINT64_CONSTANT(1000000)

typedef struct {
	Story story;
	Ladder *ladder;
	Play play;
} Film;

static void
film_open(Film *film, void (*tell)(Story *), Selection selection)
{
	story_init(&film->story, 4);
	tell(&film->story);
	film->ladder = ladder_new(film->story.trace, selection);
	ladder_update(film->ladder);
	film->play = PLAY_DEFAULT;
}

static void
film_close(Film *film)
{
	ladder_free(film->ladder);
	story_clear(&film->story);
}

static gint64
row_time(const Film *film, guint32 row)
{
	return ladder_row(film->ladder, row).time_ns;
}

/* Every result that is drawn has come by then. */
static void
assert_no_future(const Film *film)
{
	const Trace *trace = film->story.trace;
	gint64 now = play_now(&film->play, film->ladder);
	guint32 length = play_length(&film->play, film->ladder);

	for (guint32 i = 0; i < length; i++) {
		LadderRow row = play_row(&film->play, film->ladder, i);

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
	Film film;

	film_open(&film, story_tcp_demo, SELECTION_ALL);
	for (guint s = 0; s < G_N_ELEMENTS(speeds); s++) {
		gint64 real_ns = 0, start = row_time(&film, 0);
		guint32 seen = 0;
		guint turns = 0;

		film.play.speed = speeds[s];
		play_start(&film.play, film.ladder, 0);
		while (film.play.state == PLAY_RUNNING) {
			gint64 wait = play_next_ns(&film.play, film.ladder, 10, FALSE);

			g_assert_cmpint(wait, >=, 0);
			g_assert_cmpuint(turns++, <, 1000);
			real_ns += wait;
			play_advance(&film.play, film.ladder, wait, FALSE);
			if (film.play.state != PLAY_RUNNING)
				break;
			assert_no_future(&film);
			for (; seen < film.play.shown; seen++) {
				double due = (double)(row_time(&film, seen) - start) / speeds[s];

				/* A nanosecond of rounding each turn. */
				g_assert_cmpfloat(ABS((double)real_ns - due), <=,
						  turns * (1 + 1 / speeds[s]));
			}
		}
		g_assert_cmpint(film.play.state, ==, PLAY_ENDED);
		g_assert_cmpuint(play_length(&film.play, film.ladder), ==,
				 ladder_length(film.ladder));
	}
	film_close(&film);
}

/* However the time comes, in one piece or in many, the film is the same. */
static void
test_pieces(void)
{
	Film film;
	Play one, many;

	film_open(&film, story_tcp_demo, SELECTION_ALL);
	play_start(&film.play, film.ladder, 0);
	one = many = film.play;
	play_advance(&one, film.ladder, 31 * MS, FALSE);
	for (guint i = 0; i < 31000; i++)
		play_advance(&many, film.ladder, 1000, FALSE);
	g_assert_cmpuint(one.shown, >, 3);
	g_assert_cmpuint(one.shown, ==, many.shown);
	g_assert_cmpint(one.since_ns, ==, many.since_ns);
	film_close(&film);
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
	Film film;
	LadderRow row;

	film_open(&film, tell_late, SELECTION_ALL);
	g_assert_cmpuint(ladder_length(film.ladder), ==, 5);
	row = ladder_row(film.ladder, 3);
	g_assert_cmpuint(row.cell[SIDE_SERVER].result, !=, EVENT_NONE); /* on its entry's row */
	play_start(&film.play, film.ladder, 0);
	play_advance(&film.play, film.ladder, 50 * MS, FALSE);
	g_assert_cmpuint(film.play.shown, ==, 4);
	row = play_row(&film.play, film.ladder, 3);
	g_assert_cmpuint(row.cell[SIDE_SERVER].entry, !=, EVENT_NONE);
	g_assert_cmpuint(row.cell[SIDE_SERVER].result, ==, EVENT_NONE);
	g_assert_cmpuint(row.cell[SIDE_SERVER].bar, ==, LADDER_BAR_START);
	g_assert_cmpuint(play_whole_length(&film.play, film.ladder), ==, 3);
	play_advance(&film.play, film.ladder, 60 * MS, FALSE);
	row = play_row(&film.play, film.ladder, 3);
	g_assert_cmpuint(row.cell[SIDE_SERVER].result, !=, EVENT_NONE);
	g_assert_cmpuint(row.cell[SIDE_SERVER].bar, ==, LADDER_BAR_NONE);
	g_assert_cmpuint(play_whole_length(&film.play, film.ladder), ==, 4);
	/* Stepping shows a row with all that belongs to it. */
	play_go(&film.play, film.ladder, 4, FALSE);
	g_assert_cmpuint(play_whole_length(&film.play, film.ladder), ==, 4);
	film_close(&film);
}

/* In the demo accept() returns on the row of the client's ACK, a little later. */
static void
test_bar(void)
{
	Film film;
	guint32 i = 0, found = 0;
	LadderRow row;
	g_autoptr(GArray) bars = NULL;

	film_open(&film, story_tcp_demo, SELECTION_ALL);
	while (!(ladder_row(film.ladder, i).cell[SIDE_SERVER].bar & LADDER_BAR_END))
		i++;
	play_start(&film.play, film.ladder, 0);
	play_go_time(&film.play, film.ladder, row_time(&film, i), FALSE);
	g_assert_cmpuint(film.play.shown, ==, i + 1);
	row = play_row(&film.play, film.ladder, i);
	g_assert_cmpuint(row.cell[SIDE_SERVER].result, ==, EVENT_NONE);
	g_assert_cmpuint(row.cell[SIDE_SERVER].bar & (LADDER_BAR_END | LADDER_BAR_THROUGH), ==,
			 LADDER_BAR_THROUGH);
	bars = play_bars(&film.play, film.ladder, i, 0, 2);
	for (guint b = 0; b < bars->len; b++) {
		LadderBar bar = g_array_index(bars, LadderBar, b);

		g_assert_cmpuint(bar.part, !=, 0);
		if (bar.lane == row.lane[SIDE_SERVER]) {
			g_assert_cmpuint(bar.part, ==, row.cell[SIDE_SERVER].bar);
			found++;
		}
	}
	g_assert_cmpuint(found, ==, 1);
	assert_no_future(&film);
	film_close(&film);
}

static void
test_pause(void)
{
	Film film;
	Play before;

	film_open(&film, story_tcp_demo, SELECTION_ALL);
	g_assert_cmpint(play_next_ns(&film.play, film.ladder, 10, FALSE), ==, -1);
	g_assert_false(play_advance(&film.play, film.ladder, MS, FALSE));
	play_toggle(&film.play, film.ladder);
	g_assert_cmpint(film.play.state, ==, PLAY_RUNNING);
	play_advance(&film.play, film.ladder, MS, FALSE);
	play_toggle(&film.play, film.ladder);
	before = film.play;
	g_assert_cmpint(play_next_ns(&film.play, film.ladder, 10, FALSE), ==, -1);
	g_assert_false(play_advance(&film.play, film.ladder, 1000 * MS, FALSE));
	g_assert_cmpuint(film.play.shown, ==, before.shown);
	g_assert_cmpint(film.play.since_ns, ==, before.since_ns);
	play_toggle(&film.play, film.ladder);
	play_advance(&film.play, film.ladder, 1000 * MS, FALSE);
	g_assert_cmpint(film.play.state, ==, PLAY_ENDED);
	play_toggle(&film.play, film.ladder); /* from the beginning */
	g_assert_cmpint(film.play.state, ==, PLAY_RUNNING);
	g_assert_cmpuint(play_length(&film.play, film.ladder), ==, 0);
	film_close(&film);
}

static void
test_even(void)
{
	Film film;

	film_open(&film, story_tcp_demo, SELECTION_ALL);
	g_assert_true(play_parse_pace(&film.play, "even:300"));
	play_start(&film.play, film.ladder, 0);
	for (guint32 i = 0; i < ladder_length(film.ladder); i++) {
		gint64 wait = play_next_ns(&film.play, film.ladder, 10, FALSE);

		g_assert_cmpint(wait, ==, i == 0 ? 0 : 300 * MS);
		if (wait > 0)
			play_advance(&film.play, film.ladder, wait - 1, FALSE);
		g_assert_cmpuint(film.play.shown, ==, i);
		play_advance(&film.play, film.ladder, wait > 0 ? 1 : 0, FALSE);
		g_assert_cmpuint(play_length(&film.play, film.ladder), ==,
				 i + 1 == ladder_length(film.ladder) ? i + 1 : film.play.shown);
		g_assert_cmpuint(film.play.shown, ==, i + 1);
		if (film.play.state == PLAY_RUNNING) /* whole rows */
			g_assert_cmpuint(play_whole_length(&film.play, film.ladder), ==, i + 1);
	}
	g_assert_cmpint(film.play.state, ==, PLAY_ENDED);
	film_close(&film);
}

static void
test_go(void)
{
	Film film;
	guint32 length;
	PlayPlace place;

	film_open(&film, story_tcp_demo, SELECTION_ALL);
	length = ladder_length(film.ladder);
	play_go(&film.play, film.ladder, 3, FALSE); /* no film: nothing to go in */
	g_assert_cmpint(film.play.state, ==, PLAY_OFF);
	play_start(&film.play, film.ladder, 5);
	g_assert_cmpuint(play_length(&film.play, film.ladder), ==, 5);
	g_assert_cmpint(play_next_ns(&film.play, film.ladder, 0, FALSE), <=, 1);
	play_go_part(&film.play, film.ladder, 0.5, FALSE);
	place = play_place(&film.play, film.ladder);
	g_assert_cmpint(place.start_ns, ==, row_time(&film, 0));
	g_assert_cmpint(
	    ABS(2 * (place.position_ns - place.start_ns) - (place.end_ns - place.start_ns)), <=,
	    1024); /* of a double */
	for (guint cells = 1; cells < 100; cells++) {
		for (guint i = 0; i < cells; i++) {
			play_go_part(&film.play, film.ladder, (i + 1.0) / cells, FALSE);
			place = play_place(&film.play, film.ladder);
			g_assert_cmpuint(play_cells(&place, cells), ==, i + 1);
		}
	}
	g_assert_cmpint(film.play.state, ==, PLAY_ENDED); /* the last one went to the end */
	play_go(&film.play, film.ladder, length - 1, FALSE);
	g_assert_cmpint(film.play.state, ==, PLAY_PAUSED);
	play_go(&film.play, film.ladder, length + 7, TRUE); /* more may come */
	g_assert_cmpint(film.play.state, ==, PLAY_PAUSED);
	play_go(&film.play, film.ladder, 0, FALSE);
	place = play_place(&film.play, film.ladder);
	g_assert_cmpuint(play_cells(&place, 10), ==, 0);
	g_assert_cmpuint(play_length(&film.play, film.ladder), ==, 0);
	film_close(&film);
}

/* While more may come, it waits for it, and what comes is not late. */
static void
test_more(void)
{
	Film film;
	guint32 length;

	film_open(&film, tell_late, SELECTION_ALL);
	length = ladder_length(film.ladder);
	play_start(&film.play, film.ladder, 0);
	play_advance(&film.play, film.ladder, 10000 * MS, TRUE);
	g_assert_cmpint(film.play.state, ==, PLAY_RUNNING);
	g_assert_cmpuint(film.play.shown, ==, length);
	g_assert_cmpint(play_next_ns(&film.play, film.ladder, 10, TRUE), ==, -1);
	story_wait(&film.story, 80 * MS);
	story_tcp(&film.story, SIDE_CLIENT, TCP_PSH | TCP_ACK, 1);
	ladder_update(film.ladder);
	g_assert_cmpint(play_row_ns(&film.play, film.ladder), >, 79 * MS);
	play_advance(&film.play, film.ladder, 81 * MS, FALSE);
	g_assert_cmpint(film.play.state, ==, PLAY_ENDED);
	film_close(&film);
}

/* Another ladder of the same events: it stands where it stood. */
static void
test_other_ladder(void)
{
	Film film;
	Selection without = { .conversation = CONVERSATION_NONE, .hide_calls = TRUE };
	Ladder *with;
	guint32 event;

	film_open(&film, story_tcp_demo, SELECTION_ALL);
	play_start(&film.play, film.ladder, 0);
	play_go(&film.play, film.ladder, ladder_length(film.ladder) / 2, FALSE);
	event = ladder_row(film.ladder, film.play.shown - 1).event;
	with = film.ladder;
	film.ladder = ladder_new(film.story.trace, without);
	play_settle(&film.play, film.ladder); /* nothing is in it yet */
	g_assert_cmpuint(play_length(&film.play, film.ladder), ==, 0);
	ladder_update(film.ladder);
	play_settle(&film.play, film.ladder);
	g_assert_cmpuint(film.play.shown, >, 0);
	g_assert_cmpuint(ladder_row(film.ladder, film.play.shown - 1).event, <=, event);
	g_assert_cmpuint(ladder_row(film.ladder, film.play.shown).event, >, event);
	ladder_free(film.ladder);
	film.ladder = with;
	play_settle(&film.play, film.ladder);
	g_assert_cmpuint(film.play.shown, ==, ladder_length(film.ladder) / 2);
	film_close(&film);
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
	Film film;
	guint32 fold = 0;
	LadderRow row;

	film_open(&film, tell_bulk, folded);
	while (ladder_row(film.ladder, fold).kind != ROW_FOLD)
		fold++;
	row = ladder_row(film.ladder, fold);
	play_start(&film.play, film.ladder, 0);
	play_go_time(&film.play, film.ladder, row.time_ns, FALSE);
	g_assert_cmpuint(film.play.shown, ==, fold);
	play_go_time(&film.play, film.ladder,
		     row.time_ns + ladder_fold(film.ladder, &row).duration_ns, FALSE);
	g_assert_cmpuint(film.play.shown, ==, fold + 1);
	film_close(&film);
}

/* Backwards by an hour, and on to a day later: nothing hangs, nothing is late. */
static void
test_odd_clock(void)
{
	Film film;

	film_open(&film, story_trouble, SELECTION_ALL);
	play_start(&film.play, film.ladder, 0);
	for (guint i = 0; film.play.state == PLAY_RUNNING; i++) {
		gint64 wait = play_next_ns(&film.play, film.ladder, 60, FALSE);

		g_assert_cmpint(wait, >=, 0);
		g_assert_cmpuint(i, <, 1000);
		play_advance(&film.play, film.ladder, wait, FALSE);
	}
	for (double part = 0; part < 1; part += 0.01) {
		PlayPlace place;

		play_go_part(&film.play, film.ladder, part, FALSE);
		place = play_place(&film.play, film.ladder);
		g_assert_cmpint(place.position_ns, >=, place.start_ns);
		g_assert_cmpint(place.position_ns, <=, place.end_ns);
		g_assert_cmpuint(play_cells(&place, 60), <=, 60);
	}
	film_close(&film);
	/* 2106, then today again, then 1970. */
	story_init(&film.story, 4);
	film.story.now_ns = (gint64)G_MAXUINT32 * 1000 * MS;
	story_tcp(&film.story, SIDE_CLIENT, TCP_SYN, 0);
	film.story.now_ns = STORY_START_NS;
	story_tcp(&film.story, SIDE_SERVER, TCP_SYN | TCP_ACK, 0);
	story_wait(&film.story, 5 * MS);
	story_tcp(&film.story, SIDE_CLIENT, TCP_ACK, 0);
	film.story.now_ns = 0;
	story_tcp(&film.story, SIDE_CLIENT, TCP_ACK, 0);
	film.ladder = ladder_new(film.story.trace, SELECTION_ALL);
	ladder_update(film.ladder);
	film.play = PLAY_DEFAULT;
	play_start(&film.play, film.ladder, 0);
	play_advance(&film.play, film.ladder, 0, FALSE);
	g_assert_cmpuint(film.play.shown, ==, 2);
	play_advance(&film.play, film.ladder, 6 * MS, FALSE);
	g_assert_cmpint(film.play.state, ==, PLAY_ENDED);
	film_close(&film);
}

static void
tell_nothing(Story *story)
{
	g_assert_nonnull(story->trace);
}

static void
test_empty(void)
{
	Film film;
	PlayPlace place;

	film_open(&film, tell_nothing, SELECTION_ALL);
	play_start(&film.play, film.ladder, 0);
	place = play_place(&film.play, film.ladder);
	g_assert_cmpuint(play_cells(&place, 10), <=, 10);
	play_advance(&film.play, film.ladder, MS, TRUE);
	g_assert_cmpint(film.play.state, ==, PLAY_RUNNING);
	play_go_part(&film.play, film.ladder, 0.5, TRUE);
	play_advance(&film.play, film.ladder, MS, FALSE);
	g_assert_cmpint(film.play.state, ==, PLAY_ENDED);
	film_close(&film);
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
	Film film;
	PlayPlace place;
	guint turns = 0;

	film_open(&film, story_extreme, SELECTION_ALL);
	place = play_place(&film.play, film.ladder);
	g_assert_cmpint(place.start_ns, ==, G_MININT64);
	g_assert_cmpint(place.end_ns, >=, G_MAXINT64 - 20000);
	g_assert_cmpfloat(play_whole_ns(&place), >, 1.8446e19);
	play_start(&film.play, film.ladder, 0);
	for (guint tenth = 0; tenth <= 10; tenth++) {
		play_go_part(&film.play, film.ladder, tenth / 10.0, FALSE);
		place = play_place(&film.play, film.ladder);
		g_assert_cmpint(place.position_ns, >=, place.start_ns);
		g_assert_cmpint(place.position_ns, <=, place.end_ns);
		g_assert_cmpuint(play_length(&film.play, film.ladder), <=, 6);
	}
	film.play.speed = PLAY_SPEED_MAX;
	play_start(&film.play, film.ladder, 0);
	while (film.play.state == PLAY_RUNNING) {
		gint64 wait = play_next_ns(&film.play, film.ladder, 10, FALSE);

		g_assert_cmpint(wait, >=, 0);
		g_assert_cmpuint(turns++, <, 100);
		play_advance(&film.play, film.ladder, wait, FALSE);
	}
	g_assert_cmpuint(play_length(&film.play, film.ladder), ==, 6);
	film_close(&film);
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
