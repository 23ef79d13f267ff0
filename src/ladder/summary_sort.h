/* summary_sort.h - puts conversations into the order of a column, in slices. Private to src/ladder. */
#pragma once

#include "pktladder/summary.h"

typedef struct _SummarySort SummarySort;

/* Sorts a copy of `rows` (guint32) as they are now: they may grow meanwhile, but
 * must not change. Conversations that are equal stay in the order of their numbers. */
SummarySort *summary_sort_new(const Trace *trace, const GArray *rows, SummaryColumn column,
			      gboolean descending);
void summary_sort_free(SummarySort *sort);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SummarySort, summary_sort_free)

/* Does `steps` steps, each about a comparison. TRUE while more is to be done. */
gboolean summary_sort_run(SummarySort *sort, guint steps);

/* Of a hundred. */
guint summary_sort_progress(const SummarySort *sort);

/* Once all is done: the rows in order; the caller's. */
GArray *summary_sort_take(SummarySort *sort);
