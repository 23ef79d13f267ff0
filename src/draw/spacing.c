/* SPDX-License-Identifier: MIT */
#include "pktladder/spacing.h"

#include <string.h>

#include "pktladder/detail.h"
#include "pktladder/text.h"
#include "pktladder/timestamp.h"

#define SAMPLE 1000 /* gaps */

/* Time that went backwards is no wait. */
static gint64
gap_before(const Ladder *ladder, guint32 row)
{
	gint64 gap_ns = row == 0 ? 0
				 : timestamp_between(ladder_row(ladder, row - 1).time_ns,
						     ladder_row(ladder, row).time_ns);

	return MAX(gap_ns, 0);
}

/* As the time alone asks for. */
static guint64
lines_wanted(gint64 gap_ns, gint64 ns_per_line)
{
	guint64 distance = ((guint64)gap_ns + (guint64)ns_per_line / 2) / (guint64)ns_per_line;

	return MAX(distance, 1) - 1;
}

guint
spacing_lines(gint64 ns_per_line, const Ladder *ladder, guint32 row)
{
	guint64 wanted = ns_per_line > 0 ? lines_wanted(gap_before(ladder, row), ns_per_line) : 0;

	return MIN(wanted, SPACING_MOST);
}

static guint
lines_coming(gint64 ns_per_line, const Ladder *ladder, const Play *play)
{
	if (!play || (play->state != PLAY_RUNNING && play->state != PLAY_PAUSED) ||
	    play->shown >= ladder_length(ladder))
		return 0;
	return spacing_lines(ns_per_line, ladder, play->shown);
}

guint
spacing_passed(gint64 ns_per_line, const Ladder *ladder, const Play *play)
{
	guint lines = lines_coming(ns_per_line, ladder, play);

	return lines > 0 ? MIN((guint64)play->since_ns / (guint64)ns_per_line, lines) : 0;
}

gint64
spacing_passes_in(gint64 ns_per_line, const Ladder *ladder, const Play *play)
{
	guint passed = spacing_passed(ns_per_line, ladder, play);

	if (passed >= lines_coming(ns_per_line, ladder, play))
		return -1;
	return (passed + 1) * ns_per_line - play->since_ns;
}

char *
spacing_cut_text(gint64 ns_per_line, const Ladder *ladder, guint32 row)
{
	gint64 gap_ns = gap_before(ladder, row);

	return ns_per_line > 0 && lines_wanted(gap_ns, ns_per_line) > SPACING_MOST
		   ? detail_duration(gap_ns)
		   : NULL;
}

gint64
spacing_step(gint64 ns_per_line, int by)
{
	gint64 before = SPACING_MIN_NS, step = SPACING_MIN_NS;

	for (guint i = 0; step <= SPACING_MAX_NS; i++) { /* 1, 2, 5, 10... */
		if (by > 0 && step > ns_per_line)
			return step;
		if (by < 0 && step >= ns_per_line)
			return before;
		before = step;
		step = i % 3 == 1 ? step / 2 * 5 : step * 2;
	}
	return before;
}

gint64
spacing_choose(const Ladder *ladder)
{
	guint32 length = ladder_length(ladder), n = MIN(length - MIN(length, 1), SAMPLE);
	g_autofree gint64 *gaps = g_new(gint64, n); /* evenly spread over the ladder */
	gint64 scale = SPACING_MIN_NS;

	for (guint32 i = 0; i < n; i++)
		gaps[i] = gap_before(ladder, 1 + (guint64)i * (length - 1) / n);
	while (scale < SPACING_MAX_NS) {
		guint64 lines = 0;

		for (guint i = 0; i < n; i++)
			lines += MIN(lines_wanted(gaps[i], scale), SPACING_MOST);
		if (lines <= SPACING_AVERAGE * n)
			break;
		scale = spacing_step(scale, 1);
	}
	return scale;
}

gboolean
spacing_parse(const char *text, gint64 *ns_per_line)
{
	static const struct {
		const char *name;
		gint64 ns;
	} units[] = { { "us", 1000 },
		      { "µs", 1000 },
		      { "ms", 1000000 },
		      { "s", 1000000000 },
		      { "min", G_GINT64_CONSTANT(60000000000) } };
	gsize digits = strspn(text, "0123456789.");
	guint decimals;
	gint64 number; /* as if it were seconds */
	double ns;

	*ns_per_line = 0;
	if (g_str_equal(text, "auto"))
		return TRUE;
	if (!text_to_ns(text, digits, &number, &decimals))
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
		if (!g_str_equal(text + digits, units[i].name))
			continue;
		ns = (double)number / 1e9 * (double)units[i].ns;
		*ns_per_line = timestamp_from_double(ns + 0.5);
		return ns >= SPACING_MIN_NS && ns <= (double)SPACING_MAX_NS;
	}
	return FALSE;
}

guint32
spacing_rows(gint64 ns_per_line, const Ladder *ladder, guint32 top, guint lines, guint32 length)
{
	guint32 row = top + 1;

	if (ns_per_line <= 0)
		return lines;
	for (guint used = 1; row < length; row++) {
		used += spacing_lines(ns_per_line, ladder, row) + 1;
		if (used > lines)
			break;
	}
	return row - top;
}

guint32
spacing_top(gint64 ns_per_line, const Ladder *ladder, guint32 bottom, guint lines)
{
	guint32 top = bottom;

	if (ns_per_line <= 0)
		return bottom - MIN(bottom, lines - 1);
	for (guint used = 1; top > 0; top--) {
		used += spacing_lines(ns_per_line, ladder, top) + 1;
		if (used > lines)
			break;
	}
	return top;
}

guint32
spacing_row_at(gint64 ns_per_line, const Ladder *ladder, guint32 top, guint line, guint32 length)
{
	guint below = 0; /* the line of `row` */
	guint32 row = top;

	if (ns_per_line <= 0)
		return length > top && line < length - top ? top + line : EVENT_NONE;
	while (row < length && below < line) {
		if (++row < length)
			below += spacing_lines(ns_per_line, ladder, row) + 1;
	}
	return row < length ? row : EVENT_NONE;
}
