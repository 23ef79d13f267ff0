/* Theory of operation. A figure may have many pages, and on each of them all the
 * bars of calls that never return. Bars at one place (a lane, and a depth) look the
 * same: of each place it is kept how far the bars reach that have begun up to each of
 * them, so that of those that a page goes on with one a place is found by halving.
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

FigureBars *
figure_bars_new(const Figure *figure)
{
	FigureBars *bars = g_new0(FigureBars, 1);

	bars->all = figure->bars;
	bars->depth = g_array_new(FALSE, FALSE, sizeof(guint));
	bars->places =
		g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
	for (guint i = 0; i < figure->bars->len; i++) {
		guint depth = depth_find(bars, i);

		g_array_append_val(bars->depth, depth);
		bars->deepest = MAX(bars->deepest, depth + 1);
		reach_add(bars, i, depth);
	}
	return bars;
}

void
figure_bars_free(FigureBars *bars)
{
	if (!bars)
		return;
	g_array_unref(bars->depth);
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

static int
number_compare(gconstpointer a, gconstpointer b)
{
	guint one = *(const guint *)a, two = *(const guint *)b;

	return SORTED_ORDER(one, two);
}

GArray *
figure_bars_on(const FigureBars *bars, guint first, guint end)
{
	GArray *found = g_array_new(FALSE, FALSE, sizeof(guint));
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, bars->places);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const GArray *reaches = value;
		guint begun = SORTED_BEFORE(reaches, Reach, first, first);
		guint bar = begun > 0 ? g_array_index(reaches, Reach, begun - 1).farthest : 0;

		if (begun > 0 && bar_at(bars->all, bar)->last >= first)
			g_array_append_val(found, bar);
	}
	for (guint i = SORTED_BEFORE(bars->all, FigureBar, first, first);
	     i < bars->all->len && bar_at(bars->all, i)->first < end; i++)
		g_array_append_val(found, i);
	g_array_sort(found, number_compare);
	return found;
}
