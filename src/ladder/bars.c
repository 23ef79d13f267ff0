/* SPDX-License-Identifier: MIT */
/* Theory of operation. Nothing is kept of a bar but the rows on which it begins and ends, by lane
 * and ascending: what passes through a row are the bars that have begun before it, less those that
 * have ended by then. Bars that were taken back are not counted: sums over the bars that stand, of
 * 1, 2, 4, ... neighbours (a Fenwick tree), tell how many of the first n do. So a row costs a few
 * steps a lane, however many calls never return. */
#include "ladder_private.h"

#include "pktladder/sorted.h"

typedef struct {
	GArray *begun; /* guint32: the row of each bar, taken back or not; NULL: no bar yet */
	GArray *stand; /* guint32: sums over those that were not */
	GArray *ended; /* guint32: rows */
} LaneBars;

struct _BarIndex {
	GArray *lanes; /* LaneBars */
	GArray *all;   /* LadderSpan; of those that were taken back `first` is EVENT_NONE */
};

static void
lane_clear(gpointer data)
{
	LaneBars *lane = data;

	g_clear_pointer(&lane->begun, g_array_unref);
	g_clear_pointer(&lane->stand, g_array_unref);
	g_clear_pointer(&lane->ended, g_array_unref);
}

BarIndex *
bar_index_new(void)
{
	BarIndex *index = g_new0(BarIndex, 1);

	index->lanes = g_array_new(FALSE, TRUE, sizeof(LaneBars));
	g_array_set_clear_func(index->lanes, lane_clear);
	index->all = g_array_new(FALSE, FALSE, sizeof(LadderSpan));
	return index;
}

void
bar_index_free(BarIndex *index)
{
	g_array_unref(index->lanes);
	g_array_unref(index->all);
	g_free(index);
}

static LaneBars *
lane_get(const BarIndex *index, guint32 number)
{
	return &g_array_index(index->lanes, LaneBars, number);
}

/* ---- sums ---- */

/* How many bars, up to and with number `at`, the sum at `at` is of. */
static guint
reach(guint at)
{
	return (at + 1) & -(at + 1);
}

/* How many of the lane's first `n` bars stand. */
static guint
stand_count(const GArray *stand, guint n)
{
	guint count = 0;

	for (; n > 0; n -= reach(n - 1))
		count += g_array_index(stand, guint32, n - 1);
	return count;
}

/* ---- bars ---- */

Bar
bar_index_begin(BarIndex *index, guint32 number, guint32 row)
{
	LadderSpan span = { number, row, EVENT_NONE };

	if (number >= index->lanes->len)
		g_array_set_size(index->lanes, number + 1);
	LaneBars *lane = lane_get(index, number);
	if (!lane->begun) {
		lane->begun = g_array_new(FALSE, FALSE, sizeof(guint32));
		lane->stand = g_array_new(FALSE, FALSE, sizeof(guint32));
		lane->ended = g_array_new(FALSE, FALSE, sizeof(guint32));
	}
	g_array_append_val(lane->begun, row);
	g_array_append_val(index->all, span);

	/* One more that stands: its sum is made of those that it reaches over. */
	guint at = lane->stand->len;
	guint32 sum = 1;

	for (guint step = 1; step < reach(at); step *= 2)
		sum += g_array_index(lane->stand, guint32, at - step);
	g_array_append_val(lane->stand, sum);
	return (Bar){ index->all->len - 1, number, lane->begun->len - 1 };
}

void
bar_index_end(BarIndex *index, Bar bar, guint32 row)
{
	g_array_append_val(lane_get(index, bar.lane)->ended, row);
	g_array_index(index->all, LadderSpan, bar.index).last = row;
}

void
bar_index_take_back(BarIndex *index, Bar bar)
{
	GArray *stand = lane_get(index, bar.lane)->stand;

	for (guint at = bar.number; at < stand->len; at += reach(at))
		g_array_index(stand, guint32, at)--;
	g_array_index(index->all, LadderSpan, bar.index).first = EVENT_NONE;
}

void
bar_index_move_up(BarIndex *index, Bar bar)
{
	guint32 row = g_array_index(lane_get(index, bar.lane)->begun, guint32, bar.number);

	for (guint i = bar.index + 1; i < index->all->len; i++) {
		LadderSpan *span = &g_array_index(index->all, LadderSpan, i);
		if (span->first != EVENT_NONE && span->first > row)
			span->first--;
	}
	for (guint n = 0; n < index->lanes->len; n++) {
		GArray *begun = lane_get(index, n)->begun;
		for (guint i = begun ? begun->len : 0;
		     i > 0 && g_array_index(begun, guint32, i - 1) > row; i--)
			g_array_index(begun, guint32, i - 1)--;
	}
}

GArray *
bar_index_spans(const BarIndex *index, guint32 rows)
{
	GArray *spans = g_array_new(FALSE, FALSE, sizeof(LadderSpan));

	for (guint i = 0; i < index->all->len; i++) {
		LadderSpan span = g_array_index(index->all, LadderSpan, i);

		if (span.first != EVENT_NONE && span.first + 1 < rows)
			g_array_append_val(spans, span);
	}
	return spans;
}

/* How many of the ascending rows are below that one. */
static guint
rows_below(const GArray *rows, guint32 row)
{
	return sorted_before(rows->data, rows->len, sizeof row, 0, row);
}

guint8
bar_index_part(const BarIndex *index, guint32 number, guint32 row, guint32 rows)
{
	const LaneBars *lane = number < index->lanes->len ? lane_get(index, number) : NULL;
	guint before, here, ended_before, ended_here;
	guint8 part = LADDER_BAR_NONE;

	if (!lane || !lane->begun)
		return LADDER_BAR_NONE;
	before = stand_count(lane->stand, rows_below(lane->begun, row));
	here = stand_count(lane->stand, rows_below(lane->begun, row + 1));
	ended_before = rows_below(lane->ended, row);
	ended_here = rows_below(lane->ended, row + 1);
	if (here > before && row + 1 < rows)
		part |= LADDER_BAR_START;
	if (ended_here > ended_before)
		part |= LADDER_BAR_END;
	if (before > ended_here)
		part |= LADDER_BAR_THROUGH;
	return part;
}
