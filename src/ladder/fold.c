/* SPDX-License-Identifier: MIT */
/* Theory of operation. Only the runs are kept, in order, each with the place where it is visible:
 * the rows between two runs stand one by one, so that their places follow from the run before them.
 * Both ways of looking one up are a binary search. A run enters the index with its fourth row, and
 * grows there.
 *
 * The few runs that somebody has opened are a list by themselves: each adds its rows to the places
 * of the runs after it, so that opening one among a million changes none of those.
 *
 * Rows come in when they are final, one by one: what folds does not depend on how many come at a
 * time.
 */
#include "ladder_private.h"

#include "pktladder/sorted.h"

/* Fewer rows are as quickly read as their fold. */
#define FOLD_MIN_ROWS 4

/* A run that stands row by row. */
typedef struct {
	guint run;
	guint32 before; /* rows that the opened ones before it add */
} Opened;

FoldIndex *
fold_index_new(void)
{
	FoldIndex *index = g_new0(FoldIndex, 1);

	index->runs = g_array_new(FALSE, FALSE, sizeof(FoldRun));
	index->opened = g_array_new(FALSE, FALSE, sizeof(Opened));
	index->kept = g_array_new(FALSE, FALSE, sizeof(guint32));
	return index;
}

void
fold_index_free(FoldIndex *index)
{
	g_array_unref(index->runs);
	g_array_unref(index->opened);
	g_array_unref(index->kept);
	g_free(index);
}

static FoldRun *
run_at(const FoldIndex *index, guint at)
{
	return &g_array_index(index->runs, FoldRun, at);
}

/* Open runs. */

static Opened *
opened_at(const FoldIndex *index, guint at)
{
	return &g_array_index(index->opened, Opened, at);
}

/* The first that is not before a run. */
static guint
opened_find(const FoldIndex *index, guint run)
{
	return SORTED_BEFORE(index->opened, Opened, run, run);
}

static gboolean
is_opened(const FoldIndex *index, guint run)
{
	guint at = opened_find(index, run);

	return at < index->opened->len && opened_at(index, at)->run == run;
}

/* Rows that the opened runs before number `at` of them add. */
static guint32
opened_rows(const FoldIndex *index, guint at)
{
	if (at == 0)
		return 0;
	const Opened *before = opened_at(index, at - 1);
	const FoldRun *run = run_at(index, before->run);
	return before->before + run->last - run->first;
}

/* Opens a run, or closes it. */
static void
run_toggle(FoldIndex *index, guint run)
{
	guint at = opened_find(index, run);
	Opened opened = { .run = run };

	if (is_opened(index, run))
		g_array_remove_index(index->opened, at);
	else
		g_array_insert_val(index->opened, at, opened);
	for (; at < index->opened->len; at++)
		opened_at(index, at)->before = opened_rows(index, at);
}

void
fold_index_keep(FoldIndex *index, const FoldIndex *older)
{
	for (guint i = 0; i < older->opened->len; i++)
		g_array_append_val(index->kept, run_at(older, opened_at(older, i)->run)->event);
	/* Events that had not come yet when `older` was made. */
	if (older->kept_at < older->kept->len)
		g_array_append_vals(index->kept,
				    &g_array_index(older->kept, guint32, older->kept_at),
				    older->kept->len - older->kept_at);
}

/* The run at the end has got a row: it may be one that is kept open. */
static void
kept_check(FoldIndex *index, guint32 event)
{
	for (; index->kept_at < index->kept->len; index->kept_at++) {
		guint32 kept = g_array_index(index->kept, guint32, index->kept_at);

		if (kept > event)
			return;
		if (kept >= index->run.event && !is_opened(index, index->runs->len - 1))
			run_toggle(index, index->runs->len - 1);
	}
}

/* Taking in. */

/* Nothing that somebody would look for: a window update comes with every transfer. */
static gboolean
row_folds(const Trace *trace, const LadderRow *row)
{
	const Event *event = trace_event(trace, row->event);

	if (row->kind != ROW_ARROW || event->kind != EVENT_PACKET || event->status != DECODE_OK ||
	    event->state_changed ||
	    verdicts_which(event_verdicts(event), VERDICT_IS_COMMON) != event_verdicts(event) ||
	    event->flags & TCP_URG)
		return FALSE;
	for (int side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
		if (row->cell[side].entry != EVENT_NONE || row->cell[side].result != EVENT_NONE ||
		    row->cell[side].state)
			return FALSE;
	return event->packet_kind == KIND_DATA || event->packet_kind == KIND_ACK;
}

void
fold_index_take(FoldIndex *index, const Trace *trace, const LadderRow *row)
{
	const Event *event = trace_event(trace, row->event);

	if (!row_folds(trace, row)) {
		index->open = FALSE;
	} else {
		FoldRun *run = &index->run;

		if (!index->open || event->conversation != run->conversation ||
		    (event->packet_kind == KIND_DATA && run->segments > 0 &&
		     row->from != run->from)) {
			const FoldRun *before =
			    index->runs->len > 0 ? run_at(index, index->runs->len - 1) : NULL;

			*run = (FoldRun){ .first = index->taken,
					  .event = row->event,
					  .visible =
					      before ? before->visible + index->taken - before->last
						     : index->taken,
					  .conversation = event->conversation,
					  .from = row->from };
			index->open = TRUE;
		}
		guint32 rows = index->taken - run->first + 1;

		run->last = index->taken;
		if (event->packet_kind == KIND_DATA) {
			run->from = row->from;
			run->segments++;
			run->bytes += event->length;
		}
		if (rows == FOLD_MIN_ROWS)
			g_array_append_val(index->runs, *run);
		else if (rows > FOLD_MIN_ROWS)
			*run_at(index, index->runs->len - 1) = *run;
		if (rows >= FOLD_MIN_ROWS)
			kept_check(index, row->event);
	}
	index->taken++;
}

/* Looking up. */

static guint32
run_place(const FoldIndex *index, guint at)
{
	return run_at(index, at)->visible + opened_rows(index, opened_find(index, at));
}

/* How many runs begin at `place` or before, by its rows or as they are visible. */
static guint
runs_until(const FoldIndex *index, guint32 place, gboolean visible)
{
	guint low = 0, high = index->runs->len;

	SORTED_SEARCH(low, high,
		      (visible ? run_place(index, middle) : run_at(index, middle)->first) <= place);
	return low;
}

guint32
fold_index_visible(const FoldIndex *index, guint32 row)
{
	guint n = runs_until(index, row, FALSE);
	const FoldRun *run = n > 0 ? run_at(index, n - 1) : NULL;

	if (!run)
		return row;
	if (is_opened(index, n - 1))
		return run_place(index, n - 1) + (row - run->first);
	return run_place(index, n - 1) + (row > run->last ? row - run->last : 0);
}

guint32
fold_index_final(const FoldIndex *index)
{
	return fold_index_visible(index, index->open ? index->run.first : index->taken);
}

guint32
fold_index_row(const FoldIndex *index, guint32 visible, const FoldRun **run)
{
	guint n = runs_until(index, visible, TRUE);
	const FoldRun *before = n > 0 ? run_at(index, n - 1) : NULL;

	*run = NULL;
	if (!before)
		return visible;
	guint32 behind = visible - run_place(index, n - 1);
	if (is_opened(index, n - 1))
		return before->first + behind;
	if (behind > 0)
		return before->last + behind;
	*run = before;
	return before->first;
}

gboolean
fold_index_toggle(FoldIndex *index, guint32 row)
{
	guint n = runs_until(index, row, FALSE);

	if (n == 0 || row > run_at(index, n - 1)->last)
		return FALSE;
	run_toggle(index, n - 1);
	return TRUE;
}
