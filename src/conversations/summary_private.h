/* SPDX-License-Identifier: MIT */
/* summary_private.h - how conversations are compared by a column, and put into its order in slices.
 */
#pragma once

#include "pktladder/summary.h"

typedef struct _SummarySort SummarySort;

/* What sorts before has the smaller rank; where ranks are equal, column_compare()
 * knows more of endpoints. */
guint64 column_rank(const Summary *summary, guint32 conversation, SummaryColumn column);
gboolean column_is_endpoint(SummaryColumn column);
int column_compare(const Summary *summary, guint32 a, guint32 b, SummaryColumn column);

/* Its memory is kept from one sort to the next: giving back that of a million
 * conversations takes longer than a frame. */
SummarySort *summary_sort_new(const Summary *summary);
void summary_sort_free(SummarySort *sort);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SummarySort, summary_sort_free)

/* Begins to sort a copy of `rows` (guint32) as they are now: they may grow meanwhile,
 * but must not change. Conversations that are equal stay in the order of their numbers. */
void summary_sort_start(SummarySort *sort, const GArray *rows, SummaryColumn column,
			gboolean descending);
/* Gives it up. */
void summary_sort_stop(SummarySort *sort);
/* Whether it has begun, and its rows were not taken yet. */
gboolean summary_sort_is_on(const SummarySort *sort);

/* Does `steps` steps, each about a comparison. TRUE while more is to be done. */
gboolean summary_sort_run(SummarySort *sort, guint steps);

/* How many of a hundred steps are done. */
guint summary_sort_progress(const SummarySort *sort);

/* The rows in order, once all is done; the caller's. The sort is off then. */
GArray *summary_sort_take(SummarySort *sort);
