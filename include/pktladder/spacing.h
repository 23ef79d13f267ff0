/* SPDX-License-Identifier: MIT */
/* spacing.h - gaps between rows, in lines, in proportion to packet time. Pure.
 *
 * Theory of operation. Two rows stand as many lines apart as the time between them has units of
 * `ns_per_line`, rounded, and one at least; all but one of the lines are the gap, which belongs to
 * the lower row. Gaps of more than SPACING_MOST lines are cut to these, and a mark says how long
 * the wait was. Each gap is by itself, so the cost is that of the rows asked for.
 */
#pragma once

#include "pktladder/play.h"

#define SPACING_MOST   5                                  /* lines of a gap */
#define SPACING_MIN_NS 1000                               /* 1 us a line */
#define SPACING_MAX_NS G_GINT64_CONSTANT(100000000000000) /* 100,000 s */

/* "20ms", "1.5s", "50us", "2min": time a line; "auto": 0, as the rows want it.
 * FALSE where it is none, or outside of SPACING_MIN_NS to SPACING_MAX_NS. */
gboolean spacing_parse(const char *text, gint64 *ns_per_line);

/* Lines of the gap before a row; 0 before the first one. */
guint spacing_lines(gint64 ns_per_line, const Ladder *ladder, guint32 row);
/* While rows are played: how many lines of the gap before the next row have had their time; and how
 * much packet time the next line takes yet, -1: there is none. Without playback (or NULL): 0. */
guint spacing_passed(gint64 ns_per_line, const Ladder *ladder, const Play *play);
gint64 spacing_passes_in(gint64 ns_per_line, const Ladder *ladder, const Play *play);

/* The time before a row, "1.2 s", where the gap is shorter than that asks for; else NULL. The
 * caller frees. */
char *spacing_cut_text(gint64 ns_per_line, const Ladder *ladder, guint32 row);

/* A good ns_per_line for the whole ladder: the finest step with which its rows
 * have gaps of SPACING_AVERAGE lines or fewer. One long wait does not count for
 * more than SPACING_MOST lines, so it cannot squeeze the rest. Looks at no more than
 * 1000 gaps, the same ones for the same number of rows. */
#define SPACING_AVERAGE 1.5
gint64 spacing_choose(const Ladder *ladder);

/* The next coarser (by 1) or finer (by -1) of the steps 1, 2, 5, 10... */
gint64 spacing_step(gint64 ns_per_line, int by);

/* Windows, where row `top` is on the first of `lines` lines (>= 1) without its
 * gap, and rows from `length` on are not there. */

/* How many rows have their line in the window, at least 1. */
guint32 spacing_rows(gint64 ns_per_line, const Ladder *ladder, guint32 top, guint lines,
		     guint32 length);
/* The least top that has row `bottom` in the window. */
guint32 spacing_top(gint64 ns_per_line, const Ladder *ladder, guint32 bottom, guint lines);
/* The row that a line belongs to; EVENT_NONE none. */
guint32 spacing_row_at(gint64 ns_per_line, const Ladder *ladder, guint32 top, guint line,
		       guint32 length);
