/* SPDX-License-Identifier: MIT */
/* Any sequence of events played back, while more of them come: at any speed, with any steps
 * and seeks, at times from one end of the clock to the other. The clock of the playback never
 * runs backwards, rows that are shown stay, a seek lands where it was asked to, an advance in
 * two parts is one in one, the playback comes to its end, and nothing leaves the picture.
 *
 * The first 4 bytes say which ladder it is; 24 bytes are an event, and what is done after it.
 */
#include "events.h"
#include "fuzz.h"
#include "pktladder/scene.h"
#include "pktladder/timestamp.h"

enum { HEAD_BYTES = 4, STEP_BYTES = EVENT_BYTES + 8 };

#define LONGEST_NS (G_MAXINT64 / 4) /* no wait of a playback is longer */
#define FRAME_NS   G_GINT64_CONSTANT(16700000)
#define CELLS      60

typedef struct {
	Trace *trace;
	Ladder *ladder;
	Play play;
	gboolean more;
	gint64 ns_per_line;
	guint width;
} Playback;

/* What the bytes of a step mean. */
typedef struct {
	guint8 kind;
	gboolean update; /* the ladder takes in what has come */
	gint64 value;    /* of any size, with either sign */
	gint8 small;
} Step;

static Step
step_of(const guint8 *in)
{
	Step step = { .kind = in[0], .update = in[1] & 1, .small = (gint8)in[2] };
	guint64 value = (guint64)(gint64)step.small << (in[3] & 63);

	step.value = (gint64)(value ^ in[4]);
	return step;
}

/* ---- what the ladder itself says ---- */

static gint64
due_of(const Ladder *ladder, guint32 index)
{
	LadderRow row = ladder_row(ladder, index);
	guint32 event = row.kind == ROW_FOLD ? ladder_fold(ladder, &row).last : row.event;

	return row.kind == ROW_FOLD ? trace_event(ladder->trace, event)->time_ns : row.time_ns;
}

static gint64
gap_before(const Ladder *ladder, guint32 index)
{
	return index == 0
		   ? 0
		   : CLAMP(timestamp_between(due_of(ladder, index - 1), due_of(ladder, index)), 0,
			   LONGEST_NS);
}

/* From the last row until all that belongs to it has come: what it may be late by at the end. */
static gint64
rest_of(const Ladder *ladder)
{
	guint32 length = ladder_length(ladder);
	LadderRow row;
	gint64 rest = 0;

	if (length == 0)
		return 0;
	row = ladder_row(ladder, length - 1);
	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		guint32 result = row.cell[side].result;

		if (result != EVENT_NONE)
			rest = MAX(rest,
				   timestamp_between(due_of(ladder, length - 1),
						     trace_event(ladder->trace, result)->time_ns));
	}
	return MIN(rest, LONGEST_NS);
}

/* All waits of the playback until now: what its clock shows. */
static __int128
clock_of(const Playback *playback)
{
	const Play *play = &playback->play;
	__int128 passed = play->since_ns;

	for (guint32 i = 0; i < play->shown; i++)
		passed += gap_before(playback->ladder, i);
	return passed;
}

/* Whether row comes after row, with no wait that is cut. */
static gboolean
is_plain(const Ladder *ladder)
{
	for (guint32 i = 1; i < ladder_length(ladder); i++) {
		gint64 wait = timestamp_between(due_of(ladder, i - 1), due_of(ladder, i));

		if (wait < 0 || wait >= LONGEST_NS)
			return FALSE;
	}
	return TRUE;
}

static gboolean
is_on(const Playback *playback)
{
	return playback->play.state == PLAY_RUNNING || playback->play.state == PLAY_PAUSED;
}

/* ---- what stands at any time ---- */

static void
place_check(const Playback *playback)
{
	PlayPlace place = play_place(&playback->play, playback->ladder);
	double whole = place.whole_ns, passed = place.passed_ns;

	g_assert_cmpint(place.start_ns, <=, place.position_ns);
	g_assert_cmpint(place.position_ns, <=, place.end_ns);
	g_assert_true(passed >= 0 && passed <= whole);
	g_assert_cmpuint(play_cells(&place, CELLS), <=, CELLS);
	if (is_on(playback))
		g_assert_cmpint(play_now(&playback->play, playback->ladder), ==, place.position_ns);
	else
		g_assert_cmpint(play_now(&playback->play, playback->ladder), ==, G_MAXINT64);
}

/* A row's cells are those of the ladder, but for what its calls return later. */
static gboolean
row_check(const Playback *playback, guint32 index)
{
	LadderRow whole = ladder_row(playback->ladder, index);
	LadderRow now = play_row(&playback->play, playback->ladder, index);
	g_autoptr(GArray) bars =
	    ladder_bars(playback->ladder, index, &now, 0, ladder_n_lanes(playback->ladder));
	gboolean hidden = FALSE;

	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		const LadderCell *cell = &now.cell[side];
		guint8 part = LADDER_BAR_NONE;

		hidden |= cell->result != whole.cell[side].result;
		g_assert_true(cell->result == whole.cell[side].result ||
			      cell->result == EVENT_NONE);
		g_assert_cmpuint(cell->entry, ==, whole.cell[side].entry);
		for (guint i = 0; i < bars->len; i++) {
			LadderBar bar = g_array_index(bars, LadderBar, i);

			g_assert_true(bar.part != LADDER_BAR_NONE &&
				      bar.lane < ladder_n_lanes(playback->ladder));
			g_assert_true(i == 0 ||
				      g_array_index(bars, LadderBar, i - 1).lane < bar.lane);
			part = bar.lane == now.lane[side] ? bar.part : part;
		}
		g_assert_cmpuint(part, ==, cell->bar);
	}
	return hidden;
}

static void
rows_check(const Playback *playback)
{
	guint32 length = play_length(&playback->play, playback->ladder);
	guint32 whole = play_whole_length(&playback->play, playback->ladder);
	gboolean hidden = FALSE;

	g_assert_cmpuint(length, <=, ladder_length(playback->ladder));
	if (!is_on(playback))
		g_assert_cmpuint(length, ==, ladder_length(playback->ladder));
	if (length > 0)
		hidden = row_check(playback, length - 1);
	if (length > 1)
		g_assert_false(row_check(playback, length - 2));
	g_assert_cmpuint(whole, ==, hidden ? length - 1 : length);
}

static void
spacing_check(const Playback *playback)
{
	guint lines =
	    playback->play.shown < ladder_length(playback->ladder)
		? spacing_lines(playback->ns_per_line, playback->ladder, playback->play.shown)
		: 0;
	guint passed = spacing_passed(playback->ns_per_line, playback->ladder, &playback->play);
	gint64 next = spacing_passes_in(playback->ns_per_line, playback->ladder, &playback->play);

	g_assert_cmpuint(lines, <=, SPACING_MOST);
	g_assert_cmpuint(passed, <=, lines);
	g_assert_true(next == -1 || (next > 0 && next <= playback->ns_per_line));
}

static void
next_check(const Playback *playback)
{
	const Play *play = &playback->play;
	gint64 next = play_next_ns(play, playback->ladder, CELLS, playback->more);
	gint64 row = play_row_ns(play, playback->ladder);

	g_assert_cmpint(next, >=, -1);
	g_assert_cmpint(row, >=, -1);
	if (play->state != PLAY_RUNNING)
		g_assert_cmpint(next, ==, -1);
	else if (row >= 0)
		g_assert_true(next >= 0 && next <= row);
	if (!is_on(playback) || play->shown == ladder_length(playback->ladder))
		g_assert_cmpint(row, ==, -1);
}

/* Nothing leaves the picture: a column beside it and a row below stay empty. */
static void
picture_check(const Playback *playback)
{
	SceneOptions options = {
		.layout = scene_layout(playback->width, TRUE, SCENE_TIME_START,
				       SCENE_DELTA_PREVIOUS, ladder_n_lanes(playback->ladder)),
		.n_rows = 12,
		.selected_row = EVENT_NONE,
		.mark_row = EVENT_NONE,
		.ns_per_line = playback->ns_per_line,
		.lead = TRUE,
		.play = &playback->play,
	};
	guint32 length = play_length(&playback->play, playback->ladder);
	g_autoptr(Grid) grid = grid_new(options.n_rows + 1, playback->width + 1);

	options.first_row = length - MIN(length, 8);
	scene_rows_paint(playback->ladder, &options, grid, 0, 0);
	for (guint i = 0; i < grid->rows * grid->columns; i++) {
		if (i % grid->columns == playback->width || i / grid->columns == options.n_rows)
			g_assert_cmpuint(grid->cells[i].character, ==, ' ');
	}
}

static void
playback_check(const Playback *playback)
{
	g_assert_cmpint(playback->play.since_ns, >=, 0);
	g_assert_cmpint(playback->play.waited_ns, >=, 0);
	g_assert_true(playback->play.speed >= PLAY_SPEED_MIN * 0.999 &&
		      playback->play.speed <= PLAY_SPEED_MAX);
	g_assert_true(playback->play.even_ms >= PLAY_EVEN_MIN &&
		      playback->play.even_ms <= PLAY_EVEN_MAX);
	place_check(playback);
	rows_check(playback);
	spacing_check(playback);
	next_check(playback);
	picture_check(playback);
}

/* ---- what is done ---- */

/* Two looks at the clock are as good as one: at the packets' own speed nothing is rounded. */
static void
parts_check(const Playback *playback, gint64 elapsed_ns)
{
	Playback once = *playback, twice = *playback;

	once.play.speed = twice.play.speed = 1;
	play_advance(&once.play, playback->ladder, elapsed_ns, playback->more);
	play_advance(&twice.play, playback->ladder, elapsed_ns / 3, playback->more);
	play_advance(&twice.play, playback->ladder, elapsed_ns - elapsed_ns / 3, playback->more);
	g_assert_cmpint(once.play.state, ==, twice.play.state);
	g_assert_cmpuint(once.play.shown, ==, twice.play.shown);
	g_assert_cmpint(once.play.since_ns, ==, twice.play.since_ns);
}

static void
playback_advance(Playback *playback, gint64 elapsed_ns)
{
	Play before = playback->play;
	PlayPlace was = play_place(&playback->play, playback->ladder), is;
	__int128 clock;

	if (before.state != PLAY_RUNNING) {
		g_assert_false(
		    play_advance(&playback->play, playback->ladder, elapsed_ns, playback->more));
		return;
	}
	g_assert_cmpuint(before.shown, <=, ladder_length(playback->ladder));
	if (!before.even && elapsed_ns < G_GINT64_CONSTANT(1) << 50)
		parts_check(playback, elapsed_ns);
	clock = clock_of(playback);
	play_advance(&playback->play, playback->ladder, elapsed_ns, playback->more);
	g_assert_cmpuint(playback->play.shown, >=, before.shown);
	if (before.even)
		return;
	g_assert_true(playback->play.shown < ladder_length(playback->ladder) ||
		      playback->play.since_ns <= rest_of(playback->ladder));
	if (playback->play.shown < ladder_length(playback->ladder))
		g_assert_true(
		    clock_of(playback) - clock ==
		    (gint64)MIN((double)elapsed_ns * playback->play.speed, (double)LONGEST_NS));
	is = play_place(&playback->play, playback->ladder);
	if (is_plain(playback->ladder))
		g_assert_cmpint(is.position_ns, >=, was.position_ns);
}

static void
playback_go_time(Playback *playback, gint64 time_ns)
{
	const Ladder *ladder = playback->ladder;
	guint32 shown;
	PlayPlace place;

	play_go_time(&playback->play, ladder, time_ns, playback->more);
	if (playback->play.state == PLAY_OFF)
		return;
	shown = playback->play.shown;
	g_assert_true(shown == 0 || due_of(ladder, shown - 1) <= time_ns);
	g_assert_true(shown == ladder_length(ladder) || due_of(ladder, shown) > time_ns);
	place = play_place(&playback->play, ladder);
	if (ladder_length(ladder) > 0 && is_plain(ladder))
		g_assert_cmpint(place.position_ns, ==,
				CLAMP(time_ns, place.start_ns, place.end_ns));
}

static void
playback_go_part(Playback *playback, guint cell)
{
	PlayPlace place;

	play_go_part(&playback->play, playback->ladder, (double)cell / CELLS, playback->more);
	if (playback->play.state == PLAY_OFF || !is_plain(playback->ladder))
		return;
	place = play_place(&playback->play, playback->ladder);
	g_assert_cmpuint(play_cells(&place, CELLS), >=, cell);
}

static void
playback_go(Playback *playback, guint32 shown)
{
	play_go(&playback->play, playback->ladder, shown, playback->more);
	if (playback->play.state == PLAY_OFF)
		return;
	g_assert_cmpuint(playback->play.shown, ==, MIN(shown, ladder_length(playback->ladder)));
	g_assert_cmpuint(play_whole_length(&playback->play, playback->ladder), ==,
			 play_length(&playback->play, playback->ladder));
}

/* What is read back from its own text is the same pace. */
static void
playback_pace(Playback *playback, gint64 value)
{
	g_autofree char *text = g_strdup_printf(value & 1   ? "even:%u"
						: value & 2 ? "1/%u"
							    : "%ux",
						(guint)ABS(value / 4 % 200000));
	Play same = PLAY_DEFAULT;

	if (!play_parse_pace(&playback->play, text) || playback->play.even)
		return;
	g_autofree char *back = play_pace_text(&playback->play);
	g_assert_true(play_parse_pace(&same, back));
	g_assert_true(ABS(same.speed - playback->play.speed) <= 1e-5 * playback->play.speed);
}

/* Another ladder of the same events: with folds, or without. */
static void
playback_change(Playback *playback)
{
	Selection selection = playback->ladder->selection;
	Ladder *ladder;

	selection.fold = !selection.fold;
	ladder = ladder_new(playback->trace, selection);
	ladder_free(playback->ladder);
	playback->ladder = ladder;
	ladder_update(playback->ladder);
	play_settle(&playback->play, playback->ladder);
}

static void
playback_step(Playback *playback, Step step)
{
	if (step.update) {
		ladder_update(playback->ladder);
		play_settle(&playback->play, playback->ladder);
	}
	switch (step.kind % 12) {
	case 0:
	case 1:
		playback_advance(playback, step.value & G_MAXINT64);
		break;
	case 2:
		playback_go(playback, step.value);
		break;
	case 3:
		playback_go_time(playback, step.value);
		break;
	case 4:
		playback_go_part(playback, (guint)ABS(step.small) % (CELLS + 1));
		break;
	case 5:
		play_toggle(&playback->play, playback->ladder);
		break;
	case 6:
		play_start(&playback->play, playback->ladder,
			   MIN((guint8)step.small, ladder_length(playback->ladder)));
		break;
	case 7:
		play_pace_step(&playback->play, step.small);
		break;
	case 8:
		playback->play.even = !playback->play.even;
		playback->play.waited_ns = 0;
		break;
	case 9:
		playback_pace(playback, step.value);
		break;
	case 10:
		playback_change(playback);
		break;
	case 11:
		if (step.small == 1)
			play_stop(&playback->play);
		playback->ns_per_line =
		    CLAMP(step.value & G_MAXINT64, SPACING_MIN_NS, SPACING_MAX_NS);
		break;
	}
}

/* Whoever looks again when it was told to comes to the end. The bar's parts are as good a guide
 * only where the clock goes forwards. */
static void
playback_end(Playback *playback)
{
	guint cells;

	playback->more = FALSE;
	ladder_update(playback->ladder);
	play_settle(&playback->play, playback->ladder);
	if (playback->play.state == PLAY_OFF)
		play_start(&playback->play, playback->ladder, 0);
	if (playback->play.state == PLAY_PAUSED)
		play_toggle(&playback->play, playback->ladder);
	playback->play.speed = PLAY_SPEED_MAX;
	cells = is_plain(playback->ladder) ? CELLS : 0;
	for (guint rounds = 0; playback->play.state == PLAY_RUNNING; rounds++) {
		gint64 next = play_next_ns(&playback->play, playback->ladder, cells, FALSE);

		g_assert_cmpint(next, >=, 0);
		g_assert_cmpuint(rounds, <,
				 50 + 10 * CELLS + 100 * ladder_length(playback->ladder));
		playback_advance(playback, MAX(next, FRAME_NS));
	}
	g_assert_cmpint(playback->play.state, ==, PLAY_ENDED);
	playback_check(playback);
}

static Ladder *
ladder_make(const Trace *trace, guint8 byte)
{
	static const guint32 all[] = { 0, 1, 2, 3, 4, 5, 6, 7 };
	g_autoptr(ConversationSet) set =
	    byte & 4 ? conversation_set_new(all, 1 + (byte >> 3 & 7)) : NULL;
	Selection selection = { .conversation = CONVERSATION_NONE,
				.fold = byte & 1,
				.hide_calls = (byte & 3) == 2,
				.set = set };

	return ladder_new(trace, selection);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(Trace) trace = trace_new();
	EventClock clock;
	Playback playback = { .trace = trace, .play = PLAY_DEFAULT };

	if (size < HEAD_BYTES)
		return 0;
	clock = event_clock_new(data[0]);
	playback.more = data[2] & 1;
	playback.width = SCENE_MIN_WIDTH + data[3];
	playback.ns_per_line = SPACING_MIN_NS;
	if (data[1] & 4) /* its conversations are those of the first events */
		events_add(trace, data + HEAD_BYTES, MIN(size - HEAD_BYTES, 8 * EVENT_BYTES),
			   &clock, NULL);
	if ((data[1] & 4) && flow_table_length(trace_flows(trace)) < 1 + (data[1] >> 3 & 7u))
		return 0;
	playback.ladder = ladder_make(trace, data[1]);
	for (gsize at = HEAD_BYTES; at + STEP_BYTES <= size; at += STEP_BYTES) {
		event_add(trace, data + at, &clock);
		playback_step(&playback, step_of(data + at + EVENT_BYTES));
		playback_check(&playback);
	}
	playback_end(&playback);
	ladder_free(playback.ladder);
	return 0;
}
