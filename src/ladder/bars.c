/* Theory of operation. Bars stand in the order in which they begin. Every 64
 * rows it is written down which are open there: those, and the few that begin
 * between there and a row, are all that can pass through it. So a row costs what
 * is to be seen on it, and memory does not grow with rows times open calls.
 */
#include "bars.h"

#define STRIDE 64 /* rows */

typedef struct {
	guint32 lane;
	guint32 first, last; /* rows; last EVENT_NONE: open */
} Bar;

/* As it was before its row: every STRIDEth. */
typedef struct {
	guint32 begun;	   /* bars */
	guint32 open_from; /* in `pool`, up to the next one's */
} Checkpoint;

struct _BarIndex {
	guint32 rows;
	GArray *bars;	     /* Bar */
	GArray *open;	     /* guint32: bars */
	GArray *checkpoints; /* Checkpoint */
	GArray *pool;	     /* guint32: bars */
};

BarIndex *
bar_index_new(void)
{
	BarIndex *index = g_new0(BarIndex, 1);

	index->bars = g_array_new(FALSE, FALSE, sizeof(Bar));
	index->open = g_array_new(FALSE, FALSE, sizeof(guint32));
	index->checkpoints = g_array_new(FALSE, FALSE, sizeof(Checkpoint));
	index->pool = g_array_new(FALSE, FALSE, sizeof(guint32));
	return index;
}

void
bar_index_free(BarIndex *index)
{
	if (!index)
		return;
	g_array_unref(index->bars);
	g_array_unref(index->open);
	g_array_unref(index->checkpoints);
	g_array_unref(index->pool);
	g_free(index);
}

void
bar_index_add_row(BarIndex *index)
{
	Checkpoint checkpoint = { index->bars->len, index->pool->len };

	if (index->rows++ % STRIDE != 0)
		return;
	g_array_append_val(index->checkpoints, checkpoint);
	g_array_append_vals(index->pool, index->open->data, index->open->len);
}

void
bar_index_cut_rows(BarIndex *index, guint32 rows)
{
	guint keep = (rows + STRIDE - 1) / STRIDE;

	index->rows = rows;
	if (keep >= index->checkpoints->len)
		return;
	g_array_set_size(index->pool,
			 g_array_index(index->checkpoints, Checkpoint, keep).open_from);
	g_array_set_size(index->checkpoints, keep);
}

guint32
bar_index_begin(BarIndex *index, guint32 lane)
{
	Bar bar = { lane, index->rows - 1, EVENT_NONE };
	guint32 number = index->bars->len;

	g_array_append_val(index->bars, bar);
	g_array_append_val(index->open, number);
	return number;
}

void
bar_index_end(BarIndex *index, guint32 bar, guint32 row)
{
	g_array_index(index->bars, Bar, bar).last = row;
	for (guint i = index->open->len; i > 0; i--) {
		if (g_array_index(index->open, guint32, i - 1) != bar)
			continue;
		g_array_remove_index(index->open, i - 1);
		return;
	}
}

/* An open bar on the last row is not seen yet: it may be taken back. */
static guint8
bar_part(const BarIndex *index, const Bar *bar, guint32 row)
{
	if (row < bar->first || row > bar->last || bar->first == bar->last)
		return LADDER_BAR_NONE;
	if (row == bar->last)
		return LADDER_BAR_END;
	if (row > bar->first)
		return LADDER_BAR_THROUGH;
	return bar->last != EVENT_NONE || row + 1 < index->rows ? LADDER_BAR_START
								: LADDER_BAR_NONE;
}

void
bar_index_row(const BarIndex *index, guint32 row, BarEach *each, gpointer data)
{
	guint at = row / STRIDE;
	const Checkpoint *checkpoint = &g_array_index(index->checkpoints, Checkpoint, at);
	guint32 open_end = at + 1 < index->checkpoints->len ? checkpoint[1].open_from
							    : index->pool->len;

	for (guint32 i = checkpoint->open_from; i < open_end; i++) {
		const Bar *bar =
			&g_array_index(index->bars, Bar, g_array_index(index->pool, guint32, i));
		guint8 part = bar_part(index, bar, row);

		if (part != LADDER_BAR_NONE)
			each(bar->lane, part, data);
	}
	for (guint32 i = checkpoint->begun; i < index->bars->len; i++) {
		const Bar *bar = &g_array_index(index->bars, Bar, i);
		guint8 part = bar_part(index, bar, row);

		if (bar->first > row)
			return;
		if (part != LADDER_BAR_NONE)
			each(bar->lane, part, data);
	}
}

static int
bar_compare(gconstpointer a, gconstpointer b)
{
	const LadderBar *one = a, *other = b;

	return one->lane < other->lane ? -1 : one->lane > other->lane;
}

static void
bar_take(guint32 lane, guint8 part, gpointer data)
{
	LadderBar bar = { lane, part };

	g_array_append_val((GArray *)data, bar);
}

GArray *
bar_index_lanes(const BarIndex *index, guint32 row)
{
	GArray *bars = g_array_new(FALSE, FALSE, sizeof(LadderBar));
	guint n = 0;

	bar_index_row(index, row, bar_take, bars);
	g_array_sort(bars, bar_compare);
	for (guint i = 0; i < bars->len; i++) {
		LadderBar *last = n > 0 ? &g_array_index(bars, LadderBar, n - 1) : NULL;
		LadderBar bar = g_array_index(bars, LadderBar, i);

		if (last && last->lane == bar.lane)
			last->part |= bar.part;
		else
			g_array_index(bars, LadderBar, n++) = bar;
	}
	g_array_set_size(bars, n);
	return bars;
}
