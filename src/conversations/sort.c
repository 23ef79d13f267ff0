/* SPDX-License-Identifier: MIT */
/* Theory of operation. A merge sort from below: runs of RUN_ROWS are ranked and sorted one by one,
 * then neighbours are merged from one array into another, which change places after each pass. All
 * it needs to go on anywhere is where it is in the pass. */
#include "summary_private.h"

#include "pktladder/sorted.h"

#define RUN_ROWS  512
#define RUN_STEPS 8 /* that sorting a run costs for each of its rows, about */

typedef struct {
	guint64 rank;
	guint32 conversation;
} Ranked;

struct _SummarySort {
	const Summary *summary;
	SummaryColumn column;
	gboolean descending;
	const GArray *rows; /* NULL: it is off */
	guint n;
	guint room;             /* of `from` and `to` */
	guint ranked;           /* rows, in runs in `from` */
	guint width;            /* of the runs in `from` */
	guint start;            /* of the two runs that are being merged */
	guint left, right, out; /* the next ones of both, and where it goes */
	Ranked *from, *to;
	GArray *sorted;    /* guint32 */
	guint64 done, all; /* steps */
};

SummarySort *
summary_sort_new(const Summary *summary)
{
	SummarySort *sort = g_new0(SummarySort, 1);

	sort->summary = summary;
	return sort;
}

void
summary_sort_start(SummarySort *sort, const GArray *rows, SummaryColumn column, gboolean descending)
{
	guint passes = 0;

	summary_sort_stop(sort);
	if (sort->room < rows->len) {
		sort->room = rows->len + rows->len / 8;
		g_free(sort->from);
		g_free(sort->to);
		sort->from = g_new(Ranked, sort->room);
		sort->to = g_new(Ranked, sort->room);
	}
	sort->column = column;
	sort->descending = descending;
	sort->rows = rows;
	sort->n = rows->len;
	sort->width = sort->right = RUN_ROWS;
	sort->ranked = sort->start = sort->left = sort->out = 0;
	sort->sorted = g_array_sized_new(FALSE, FALSE, sizeof(guint32), rows->len);
	for (guint64 width = RUN_ROWS; width < sort->n; width *= 2)
		passes++;
	sort->done = 0;
	sort->all = (guint64)sort->n * (RUN_STEPS + passes + 1);
}

void
summary_sort_stop(SummarySort *sort)
{
	g_clear_pointer(&sort->sorted, g_array_unref);
	sort->rows = NULL;
}

gboolean
summary_sort_is_on(const SummarySort *sort)
{
	return sort->rows != NULL;
}

void
summary_sort_free(SummarySort *sort)
{
	summary_sort_stop(sort);
	g_free(sort->from);
	g_free(sort->to);
	g_free(sort);
}

static int
ranked_compare(gconstpointer a, gconstpointer b, gpointer data)
{
	const Ranked *one = a, *two = b;
	const SummarySort *sort = data;
	int order = SORTED_ORDER(one->rank, two->rank);

	if (order == 0 && column_is_endpoint(sort->column)) {
		order = column_compare(sort->summary, one->conversation, two->conversation,
				       sort->column);
		order = sort->descending ? -order : order;
	}
	return order ?: SORTED_ORDER(one->conversation, two->conversation);
}

gboolean
summary_sort_run(SummarySort *sort, guint steps)
{
	guint64 until = sort->done + steps, flip = sort->descending ? G_MAXUINT64 : 0;

	/* The values are looked up once each, not at each comparison: they lie far apart. */
	while (sort->done < until && sort->ranked < sort->n) {
		guint n = MIN(RUN_ROWS, sort->n - sort->ranked);
		Ranked *run = sort->from + sort->ranked;

		for (guint i = 0; i < n; i++) {
			guint32 row = g_array_index(sort->rows, guint32, sort->ranked + i);

			run[i].rank = column_rank(sort->summary, row, sort->column) ^ flip;
			run[i].conversation = row;
		}
		g_qsort_with_data(run, n, sizeof *run, ranked_compare, sort);
		sort->ranked += n;
		sort->done += n * RUN_STEPS;
	}
	for (; sort->done < until && sort->width < sort->n; sort->done++) {
		guint middle = MIN(sort->start + sort->width, sort->n);
		guint end = MIN(sort->start + 2 * sort->width, sort->n);
		const Ranked *left = &sort->from[sort->left], *right = &sort->from[sort->right];
		gboolean take_left = sort->right == end ||
				     (sort->left < middle && ranked_compare(left, right, sort) < 0);

		sort->to[sort->out++] = sort->from[take_left ? sort->left++ : sort->right++];
		if (sort->out == end) {
			sort->start = sort->left = end;
			sort->right = MIN(end + sort->width, sort->n);
		}
		if (sort->out == sort->n) {
			Ranked *merged = sort->to;

			sort->to = sort->from;
			sort->from = merged;
			sort->width *= 2;
			sort->start = sort->left = sort->out = 0;
			sort->right = MIN(sort->width, sort->n);
		}
	}
	for (; sort->done < until && sort->sorted->len < sort->n; sort->done++)
		g_array_append_val(sort->sorted, sort->from[sort->sorted->len].conversation);
	return sort->sorted->len < sort->n;
}

guint
summary_sort_progress(const SummarySort *sort)
{
	return sort->all > 0 ? sort->done * 100 / sort->all : 100;
}

GArray *
summary_sort_take(SummarySort *sort)
{
	g_assert(sort->sorted->len == sort->n);
	sort->rows = NULL;
	return g_steal_pointer(&sort->sorted);
}
