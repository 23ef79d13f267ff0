/* Theory of operation. A figure may have many pages, and on each of them all the
 * bars of calls that never return. What begins or ends on a page is found by
 * halving, in the order of first and of last rows. Of those that go through it,
 * bars at one place (a lane, and a depth) look the same: of each place it is kept
 * how far the bars reach that have begun up to each of them.
 */
#include "figure_bars.h"

#include "pktladder/sorted.h"

#define DEEPEST 16  /* places beside each other */
#define LOOK	256 /* bars: those that began long ago and still overlap have other places */

/* Of the bars of a place up to one of them, the one that reaches farthest. */
typedef struct {
	guint32 first; /* of that one */
	guint farthest;
} Reach;

struct _FigureBars {
	const GArray *all; /* FigureBar: the figure's; copies of a figure share them */
	GArray *depth;	   /* guint, by bar */
	guint deepest;
	GArray *by_last;   /* guint: bars */
	GHashTable *places; /* lane * DEEPEST + depth to GArray of Reach */
};

static const FigureBar *
bar_at(const GArray *all, guint index)
{
	return &g_array_index(all, FigureBar, index);
}

/* The first place beside those before it that are still there. */
static guint
depth_find(const FigureBars *bars, guint index)
{
	const FigureBar *bar = bar_at(bars->all, index);
	guint32 taken = 0;
	guint depth = 0;

	for (guint before = index; before > 0 && index - before <= LOOK; before--) {
		const FigureBar *other = bar_at(bars->all, before - 1);

		if (other->lane == bar->lane && other->last > bar->first)
			taken |= 1u << g_array_index(bars->depth, guint, before - 1);
	}
	while (depth < DEEPEST - 1 && (taken >> depth & 1))
		depth++;
	return depth;
}

static void
reach_add(FigureBars *bars, guint index, guint depth)
{
	const FigureBar *bar = bar_at(bars->all, index);
	gpointer place = GUINT_TO_POINTER(bar->lane * DEEPEST + depth);
	GArray *reaches = g_hash_table_lookup(bars->places, place);
	Reach reach = { bar->first, index };

	if (!reaches) {
		reaches = g_array_new(FALSE, FALSE, sizeof(Reach));
		g_hash_table_insert(bars->places, place, reaches);
	}
	if (reaches->len > 0) {
		guint before = g_array_index(reaches, Reach, reaches->len - 1).farthest;

		if (bar_at(bars->all, before)->last >= bar->last)
			reach.farthest = before;
	}
	g_array_append_val(reaches, reach);
}

static int
last_compare(gconstpointer a, gconstpointer b, gpointer all)
{
	guint one = *(const guint *)a, two = *(const guint *)b;
	guint32 one_last = bar_at(all, one)->last, two_last = bar_at(all, two)->last;

	if (one_last != two_last)
		return one_last < two_last ? -1 : 1;
	return one < two ? -1 : one > two;
}

FigureBars *
figure_bars_new(const Figure *figure)
{
	FigureBars *bars = g_new0(FigureBars, 1);

	bars->all = figure->bars;
	bars->depth = g_array_new(FALSE, FALSE, sizeof(guint));
	bars->by_last = g_array_new(FALSE, FALSE, sizeof(guint));
	bars->places =
		g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
	for (guint i = 0; i < figure->bars->len; i++) {
		guint depth = depth_find(bars, i);

		g_array_append_val(bars->depth, depth);
		g_array_append_val(bars->by_last, i);
		bars->deepest = MAX(bars->deepest, depth + 1);
		reach_add(bars, i, depth);
	}
	g_array_sort_with_data(bars->by_last, last_compare, figure->bars);
	return bars;
}

void
figure_bars_free(FigureBars *bars)
{
	if (!bars)
		return;
	g_array_unref(bars->depth);
	g_array_unref(bars->by_last);
	g_hash_table_unref(bars->places);
	g_free(bars);
}

guint
figure_bars_depth(const FigureBars *bars, guint bar)
{
	return g_array_index(bars->depth, guint, bar);
}

guint
figure_bars_deepest(const FigureBars *bars)
{
	return bars->deepest;
}

/* ---- those on some rows ---- */

static void
begun_add(const FigureBars *bars, guint first, guint end, GArray *found)
{
	const GArray *all = bars->all;

	for (guint i = SORTED_BEFORE(all, FigureBar, first, first);
	     i < all->len && bar_at(bars->all, i)->first < end; i++)
		g_array_append_val(found, i);
}

/* How many end before a row. */
static guint
ended_before(const FigureBars *bars, guint row)
{
	guint low = 0, high = bars->by_last->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;
		guint bar = g_array_index(bars->by_last, guint, middle);

		if (bar_at(bars->all, bar)->last < row)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
ended_add(const FigureBars *bars, guint first, guint end, GArray *found)
{
	guint stop = ended_before(bars, end);

	for (guint i = ended_before(bars, first); i < stop; i++) {
		guint bar = g_array_index(bars->by_last, guint, i);

		if (bar_at(bars->all, bar)->first < first)
			g_array_append_val(found, bar);
	}
}

static void
through_add(const FigureBars *bars, guint first, guint end, GArray *found)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, bars->places);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const GArray *reaches = value;
		guint begun = SORTED_BEFORE(reaches, Reach, first, first);
		guint bar;

		if (begun == 0)
			continue;
		bar = g_array_index(reaches, Reach, begun - 1).farthest;
		if (bar_at(bars->all, bar)->last >= end)
			g_array_append_val(found, bar);
	}
}

static int
number_compare(gconstpointer a, gconstpointer b)
{
	guint one = *(const guint *)a, two = *(const guint *)b;

	return one < two ? -1 : one > two;
}

GArray *
figure_bars_on(const FigureBars *bars, guint first, guint end)
{
	GArray *found = g_array_new(FALSE, FALSE, sizeof(guint));

	begun_add(bars, first, end, found);
	ended_add(bars, first, end, found);
	through_add(bars, first, end, found);
	g_array_sort(found, number_compare);
	return found;
}
