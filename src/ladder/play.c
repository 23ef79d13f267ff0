/* SPDX-License-Identifier: MIT */
#include "pktladder/play.h"

#include <string.h>

#include "pktladder/timestamp.h"
#include "pktladder/sorted.h"
#include "pktladder/trace.h"

#define NS_PER_MS  G_GINT64_CONSTANT(1000000)
#define LONGEST_NS (G_MAXINT64 / 4) /* no wait is longer, whatever time stamps say */

/* What went backwards is no wait at all. */
static gint64
wait_between(gint64 from_ns, gint64 to_ns)
{
	return CLAMP(timestamp_between(from_ns, to_ns), 0, LONGEST_NS);
}

/* ---- rows ---- */

/* When a row comes: its own time, that of a fold's last packet. */
static gint64
row_due(const Ladder *ladder, guint32 index)
{
	LadderRow row = ladder_row(ladder, index);

	if (row.kind != ROW_FOLD)
		return row.time_ns;
	return trace_event(ladder->trace, ladder_fold(ladder, &row).last)->time_ns;
}

static gint64
result_wait(const Ladder *ladder, const LadderRow *row, Side side, gint64 due_ns)
{
	guint32 result = row->cell[side].result;

	if (result == EVENT_NONE)
		return 0;
	return wait_between(due_ns, trace_event(ladder->trace, result)->time_ns);
}

/* From when the row comes until all that belongs to it has come. */
static gint64
row_rest(const Ladder *ladder, guint32 index)
{
	LadderRow row = ladder_row(ladder, index);
	gint64 due = row_due(ladder, index);

	return MAX(result_wait(ladder, &row, SIDE_CLIENT, due),
		   result_wait(ladder, &row, SIDE_SERVER, due));
}

/* From the last row shown to the next one. The first one comes at once. */
static gint64
row_gap(const Play *play, const Ladder *ladder)
{
	if (play->shown == 0)
		return 0;
	return wait_between(row_due(ladder, play->shown - 1), row_due(ladder, play->shown));
}

static void
show_next(Play *play, const Ladder *ladder)
{
	play->event = ladder_row(ladder, play->shown).event;
	play->shown++;
}

static void
show_exactly(Play *play, const Ladder *ladder, guint32 shown)
{
	play->shown = MIN(shown, ladder_length(ladder));
	play->event = play->shown > 0 ? ladder_row(ladder, play->shown - 1).event : EVENT_NONE;
	play->since_ns = play->waited_ns = 0;
}

static gboolean
is_on(const Play *play)
{
	return play && (play->state == PLAY_RUNNING || play->state == PLAY_PAUSED);
}

guint32
play_length(const Play *play, const Ladder *ladder)
{
	return is_on(play) ? MIN(play->shown, ladder_length(ladder)) : ladder_length(ladder);
}

guint32
play_whole_length(const Play *play, const Ladder *ladder)
{
	guint32 length = play_length(play, ladder);

	if (length == 0 || !is_on(play))
		return length;
	return row_rest(ladder, length - 1) > play->since_ns ? length - 1 : length;
}

LadderRow
play_row(const Play *play, const Ladder *ladder, guint32 index)
{
	LadderRow row = ladder_row(ladder, index);
	const Trace *trace = ladder->trace;
	const Event *event = trace_event(trace, row.event);

	if (!is_on(play) || index + 1 != play->shown)
		return row;
	gint64 due = row_due(ladder, index);
	for (int side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		LadderCell *cell = &row.cell[side];

		if (result_wait(ladder, &row, side, due) <= play->since_ns)
			continue;
		/* The state is that of the row's arrow, without what the call's return made of it.
		 */
		if (trace_event(trace, cell->result)->state_changed & 1 << side)
			cell->state = row.kind == ROW_ARROW && event->state_changed & 1 << side
					  ? event_state(event, side)
					  : TCP_STATE_UNKNOWN;
		if (cell->bar & LADDER_BAR_END)
			cell->bar = (cell->bar & ~LADDER_BAR_END) | LADDER_BAR_THROUGH;
		else if (cell->entry != EVENT_NONE)
			cell->bar |= LADDER_BAR_START;
		cell->result = EVENT_NONE;
	}
	return row;
}

/* ---- place ---- */

PlayPlace
play_place(const Play *play, const Ladder *ladder)
{
	guint32 length = ladder_length(ladder), shown = play_length(play, ladder);
	PlayPlace place = { 0 };

	if (length == 0)
		return place;
	place.start_ns = row_due(ladder, 0);
	place.end_ns = timestamp_plus(row_due(ladder, length - 1), row_rest(ladder, length - 1));
	place.end_ns = MAX(place.end_ns, place.start_ns);
	if (shown == 0)
		place.position_ns = place.start_ns;
	else if (is_on(play))
		place.position_ns = timestamp_plus(row_due(ladder, shown - 1), play->since_ns);
	else
		place.position_ns = place.end_ns;
	place.position_ns = CLAMP(place.position_ns, place.start_ns, place.end_ns);
	place.whole_ns = (double)timestamp_span(place.start_ns, place.end_ns);
	place.passed_ns = (double)timestamp_span(place.start_ns, place.position_ns);
	return place;
}

gint64
play_now(const Play *play, const Ladder *ladder)
{
	return is_on(play) ? play_place(play, ladder).position_ns : G_MAXINT64;
}

guint
play_cells(const PlayPlace *place, guint cells)
{
	if (place->position_ns >= place->end_ns)
		return cells;
	return MIN(
	    (guint)(place->passed_ns / place->whole_ns * cells + 1e-9), /* what a double loses */
	    cells);
}

/* ---- running ---- */

void
play_start(Play *play, const Ladder *ladder, guint32 row)
{
	play->state = PLAY_RUNNING;
	show_exactly(play, ladder, row);
	if (row < ladder_length(ladder))
		play->since_ns = row_gap(play, ladder);
	play->waited_ns = play->even_ms * NS_PER_MS;
}

void
play_stop(Play *play)
{
	play->state = PLAY_OFF;
	play->event = EVENT_NONE;
}

void
play_toggle(Play *play, const Ladder *ladder)
{
	if (play->state == PLAY_RUNNING)
		play->state = PLAY_PAUSED;
	else if (play->state == PLAY_PAUSED)
		play->state = PLAY_RUNNING;
	else
		play_start(play, ladder, 0);
}

static gboolean
is_at_end(const Play *play, const Ladder *ladder)
{
	return play->shown >= ladder_length(ladder) &&
	       play_whole_length(play, ladder) == play->shown;
}

/* At the end it is over, unless more may come; elsewhere it is not over any more. */
static void
end_settle(Play *play, const Ladder *ladder, gboolean more)
{
	if (is_at_end(play, ladder) && !more)
		play->state = PLAY_ENDED;
	else if (play->state == PLAY_ENDED)
		play->state = PLAY_PAUSED;
}

/* To where so many rows are there, and so much time has passed since the last of them. */
static void
go(Play *play, const Ladder *ladder, guint32 shown, gint64 since_ns, gboolean more)
{
	if (play->state == PLAY_OFF)
		return;
	if (play->state == PLAY_ENDED)
		play->state = PLAY_PAUSED;
	show_exactly(play, ladder, shown);
	play->since_ns = since_ns;
	end_settle(play, ladder, more);
}

void
play_go(Play *play, const Ladder *ladder, guint32 shown, gboolean more)
{
	shown = MIN(shown, ladder_length(ladder));
	go(play, ladder, shown, shown > 0 ? row_rest(ladder, shown - 1) : 0, more);
}

void
play_go_time(Play *play, const Ladder *ladder, gint64 time_ns, gboolean more)
{
	/* Where the clock went backwards, one of the numbers of rows that it may be. */
	guint32 low = 0, high = ladder_length(ladder);

	SORTED_SEARCH(low, high, row_due(ladder, middle) <= time_ns);
	go(play, ladder, low, low > 0 ? wait_between(row_due(ladder, low - 1), time_ns) : 0, more);
}

void
play_go_part(Play *play, const Ladder *ladder, double part, gboolean more)
{
	PlayPlace place = play_place(play, ladder);

	if (part >= 1)
		play_go(play, ladder, ladder_length(ladder), more);
	else if (part <= 0)
		play_go(play, ladder, 0, more);
	else
		play_go_time(play, ladder,
			     timestamp_after(place.start_ns, (guint64)(place.whole_ns * part) + 1),
			     more); /* not a hair before it */
}

void
play_settle(Play *play, const Ladder *ladder)
{
	guint32 row, low = 0, high = ladder_length(ladder);

	if (!is_on(play) || play->event == EVENT_NONE)
		return;
	row = ladder_row_of(ladder, play->event);
	play->shown = row + 1;
	if (row != EVENT_NONE)
		return;
	/* Where the event has no row, those that are not behind it. */
	SORTED_SEARCH(low, high, ladder_row(ladder, middle).event <= play->event);
	play->shown = low;
}

static void
advance_evenly(Play *play, const Ladder *ladder, gint64 elapsed_ns)
{
	guint32 length = ladder_length(ladder);
	gint64 each_ns = play->even_ms * NS_PER_MS;

	play->waited_ns += MIN(elapsed_ns, LONGEST_NS);
	while (!is_at_end(play, ladder) && play->waited_ns >= each_ns) {
		play->waited_ns -= each_ns;
		if (play->shown < length)
			show_next(play, ladder);
		play->since_ns = row_rest(ladder, play->shown - 1);
	}
	play->waited_ns = MIN(play->waited_ns, each_ns);
}

static void
advance_in_time(Play *play, const Ladder *ladder, gint64 elapsed_ns)
{
	guint32 length = ladder_length(ladder);
	double passed = (double)elapsed_ns * play->speed;

	play->since_ns = MIN(play->since_ns, LONGEST_NS) + (gint64)MIN(passed, (double)LONGEST_NS);
	while (play->shown < length) {
		gint64 gap = row_gap(play, ladder);

		if (gap > play->since_ns)
			return;
		play->since_ns -= gap;
		show_next(play, ladder);
	}
	/* What comes yet is not late. */
	play->since_ns = length > 0 ? MIN(play->since_ns, row_rest(ladder, length - 1)) : 0;
}

gboolean
play_advance(Play *play, const Ladder *ladder, gint64 elapsed_ns, gboolean more)
{
	Play before = *play;

	if (play->state != PLAY_RUNNING)
		return FALSE;
	if (play->even)
		advance_evenly(play, ladder, elapsed_ns);
	else
		advance_in_time(play, ladder, elapsed_ns);
	end_settle(play, ladder, more);
	return play->state != before.state || play->shown != before.shown ||
	       play->since_ns != before.since_ns;
}

/* Packet time as real time. */
static gint64
real_ns(const Play *play, gint64 packet_ns)
{
	double real = (double)MAX(packet_ns, 0) / play->speed;

	return real < (double)LONGEST_NS ? (gint64)real + 1 : LONGEST_NS;
}

static gint64
even_ns(const Play *play)
{
	return MAX(play->even_ms * NS_PER_MS - play->waited_ns, 0);
}

gint64
play_row_ns(const Play *play, const Ladder *ladder)
{
	if (!is_on(play) || play->shown >= ladder_length(ladder))
		return -1;
	if (play->even)
		return even_ns(play);
	return real_ns(play, row_gap(play, ladder) - play->since_ns);
}

/* Until the next result of the last row; -1 none is waited for. */
static gint64
result_ns(const Play *play, const Ladder *ladder)
{
	gint64 next = -1, due;

	if (play->shown == 0)
		return -1;
	if (play->even) /* those of the last row come where a row would, the others with the next
			   one */
		return play->shown >= ladder_length(ladder) && !is_at_end(play, ladder)
			   ? even_ns(play)
			   : -1;
	LadderRow row = ladder_row(ladder, play->shown - 1);
	due = row_due(ladder, play->shown - 1);
	for (int side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		gint64 wait = result_wait(ladder, &row, side, due) - play->since_ns;

		if (wait > 0 && (next < 0 || wait < next))
			next = wait;
	}
	return next < 0 ? -1 : real_ns(play, next);
}

gint64
play_next_ns(const Play *play, const Ladder *ladder, guint cells, gboolean more)
{
	PlayPlace place = play_place(play, ladder);
	guint next = play_cells(&place, cells) + 1;
	/* -1, which is never, is the largest number without a sign. */
	guint64 cell_ns = -1;

	if (play->state != PLAY_RUNNING)
		return -1;
	if (is_at_end(play, ladder))
		return more ? -1 : 0;
	if (!play->even && next <= cells)
		cell_ns = real_ns(
		    play, timestamp_from_double(place.whole_ns * next / cells - place.passed_ns));
	return MIN((guint64)play_row_ns(play, ladder),
		   MIN((guint64)result_ns(play, ladder), cell_ns));
}

/* ---- pace ---- */

static const double speeds[] = {
	1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1,
	2,    5,    10,   20,   50,   100,  200,  500,  1e3,  2e3,  5e3,  1e4,  2e4, 5e4, 1e5,
};
static const double intervals[] = { 10,   20,   50,   100,  200,  300,   500,   700,
				    1000, 1500, 2000, 3000, 5000, 10000, 30000, 60000 }; /* ms */

#define SLIGHTLY 1e-9 /* what a decimal fraction loses as a double */

static double
step_in(const double *steps, gsize n, double from, gboolean up)
{
	gsize i = up ? 0 : n - 1;

	while (up ? i < n - 1 && steps[i] <= from * (1 + SLIGHTLY)
		  : i > 0 && steps[i] >= from * (1 - SLIGHTLY))
		i += up ? 1 : -1;
	return steps[i];
}

void
play_pace_step(Play *play, int by)
{
	if (play->even) /* faster is less time */
		play->even_ms = step_in(intervals, G_N_ELEMENTS(intervals), play->even_ms, by < 0);
	else
		play->speed = step_in(speeds, G_N_ELEMENTS(speeds), play->speed, by > 0);
}

char *
play_pace_text(const Play *play)
{
	if (play->even && play->even_ms % 1000 == 0)
		return g_strdup_printf(_("each %u s"), play->even_ms / 1000);
	if (play->even)
		return g_strdup_printf(_("each %u ms"), play->even_ms);
	if (play->speed < 1) {
		double under = 1 / play->speed;

		if (ABS(under - (guint)(under + 0.5)) < 1e-6 * under)
			return g_strdup_printf("1/%ux", (guint)(under + 0.5));
	}
	return g_strdup_printf("%.6gx", play->speed);
}

/* A number without sign and exponent, up to `end`. */
static gboolean
number_parse(const char *text, const char **end, double *number)
{
	gsize length = strspn(text, "0123456789.");
	g_autofree char *digits = g_strndup(text, length);
	char *stop;

	*number = g_ascii_strtod(digits, &stop);
	*end = text + length;
	return length > 0 && *stop == '\0';
}

gboolean
play_parse_pace(Play *play, const char *text)
{
	double speed, under = 1;
	const char *end;
	guint64 ms = PLAY_EVEN_MS;

	if (g_str_equal(text, "even") || g_str_has_prefix(text, "even:")) {
		if (text[4] && !g_ascii_string_to_unsigned(text + 5, 10, PLAY_EVEN_MIN,
							   PLAY_EVEN_MAX, &ms, NULL))
			return FALSE;
		play->even = TRUE;
		play->even_ms = ms;
		return TRUE;
	}
	if (!number_parse(text, &end, &speed))
		return FALSE;
	if (*end == '/' && (!number_parse(end + 1, &end, &under) || under <= 0))
		return FALSE;
	end += *end == 'x';
	speed /= under;
	if (*end || !(speed >= PLAY_SPEED_MIN * (1 - SLIGHTLY) && speed <= PLAY_SPEED_MAX))
		return FALSE;
	play->even = FALSE;
	play->speed = speed;
	return TRUE;
}
