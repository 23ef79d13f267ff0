/* Theory of operation. Only the runs are kept, in order, each with the place
 * where it is visible: the rows between two runs stand one by one, so that their
 * places follow from the run before them. Both ways of looking one up are a
 * binary search. A run enters the index with its fourth row, and grows there.
 *
 * Rows come in when they are final, one by one: what folds does not depend on
 * how many come at a time.
 */
#include "fold.h"

/* Fewer rows are as quickly read as their fold. */
#define FOLD_MIN_ROWS 4

struct _FoldIndex {
	GArray *runs; /* FoldRun */
	guint32 taken;
	gboolean open; /* `run` may go on */
	gboolean has_data;
	FoldRun run; /* the latest; from its fourth row on a copy of the last of `runs` */
};

FoldIndex *
fold_index_new(void)
{
	FoldIndex *index = g_new0(FoldIndex, 1);

	index->runs = g_array_new(FALSE, FALSE, sizeof(FoldRun));
	return index;
}

void
fold_index_free(FoldIndex *index)
{
	if (!index)
		return;
	g_array_unref(index->runs);
	g_free(index);
}

guint32
fold_index_taken(const FoldIndex *index)
{
	return index->taken;
}

static FoldRun *
run_at(const FoldIndex *index, guint at)
{
	return &g_array_index(index->runs, FoldRun, at);
}

/* Nothing that somebody would look for: a window update comes with every transfer. */
static gboolean
row_folds(const Trace *trace, const LadderRow *row)
{
	const Event *event = trace_event(trace, row->event);

	if (row->kind != ROW_ARROW || event->kind != EVENT_PACKET || event->status != DECODE_OK ||
	    event->state_changed || event->verdict & ~(guint32)VERDICT_WINDOW_UPDATE ||
	    event->flags & TCP_URG)
		return FALSE;
	for (int side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		if (row->cell[side].entry != EVENT_NONE || row->cell[side].result != EVENT_NONE ||
		    row->cell[side].state)
			return FALSE;
	}
	return event->packet_kind == KIND_DATA || event->packet_kind == KIND_ACK;
}

static gboolean
run_goes_on(const FoldIndex *index, const Event *event, const LadderRow *row)
{
	if (!index->open || event->conversation != index->run.conversation)
		return FALSE;
	return event->packet_kind == KIND_ACK || !index->has_data ||
	       row->from == index->run.from;
}

static void
run_begin(FoldIndex *index, const Event *event, const LadderRow *row)
{
	index->run = (FoldRun){ .first = index->taken,
				.visible = fold_index_visible(index, index->taken),
				.conversation = event->conversation,
				.from = row->from };
	index->open = TRUE;
	index->has_data = FALSE;
}

static void
run_add(FoldIndex *index, const Event *event, const LadderRow *row)
{
	FoldRun *run = &index->run;
	guint32 rows = index->taken - run->first + 1;

	run->last = index->taken;
	if (event->packet_kind == KIND_DATA) {
		run->from = row->from;
		run->segments++;
		run->bytes += event->length;
		index->has_data = TRUE;
	}
	if (rows == FOLD_MIN_ROWS)
		g_array_append_val(index->runs, *run);
	else if (rows > FOLD_MIN_ROWS)
		*run_at(index, index->runs->len - 1) = *run;
}

void
fold_index_take(FoldIndex *index, const Trace *trace, const LadderRow *row)
{
	const Event *event = trace_event(trace, row->event);

	if (!row_folds(trace, row)) {
		index->open = FALSE;
	} else {
		if (!run_goes_on(index, event, row))
			run_begin(index, event, row);
		run_add(index, event, row);
	}
	index->taken++;
}

/* The last run that begins at `place` or before, by its rows or as they are
 * visible; NULL none. */
static const FoldRun *
run_before(const FoldIndex *index, guint32 place, gboolean visible)
{
	guint low = 0, high = index->runs->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;
		const FoldRun *run = run_at(index, middle);

		if ((visible ? run->visible : run->first) <= place)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 ? run_at(index, low - 1) : NULL;
}

guint32
fold_index_visible(const FoldIndex *index, guint32 row)
{
	const FoldRun *run = run_before(index, row, FALSE);

	if (!run)
		return row;
	return run->visible + (row > run->last ? row - run->last : 0);
}

guint32
fold_index_length(const FoldIndex *index, guint32 rows)
{
	return fold_index_visible(index, rows);
}

guint32
fold_index_final(const FoldIndex *index)
{
	return index->open ? index->run.visible : fold_index_visible(index, index->taken);
}

guint32
fold_index_row(const FoldIndex *index, guint32 visible, const FoldRun **run)
{
	const FoldRun *before = run_before(index, visible, TRUE);

	*run = before && before->visible == visible ? before : NULL;
	if (!before)
		return visible;
	return *run ? before->first : before->last + (visible - before->visible);
}
