/* SPDX-License-Identifier: MIT */
/* Theory of operation: see summary.h. `rows` is what is shown; while `making`,
 * `next` is what will take its place. `taken` counts the conversations that the
 * list under way, or else `rows`, has looked at. `sort` makes the order: of
 * `next` once that is whole, or of `rows` where only the order changes: a merge sort from below:
 * runs of RUN_ROWS are ranked and sorted one by one, then neighbours are merged from one array into
 * another, which change places after each pass. All it needs to go on anywhere is where it is in
 * the pass. Its memory is kept from one sort to the next: giving back that of a million
 * conversations takes longer than a frame. */
#include "pktladder/trace.h"

#include <string.h>

#include "pktladder/sorted.h"
#include "summary_private.h"

/* So many are filtered and sorted again whenever something has changed. */
#define FEW 2000

/* At a time: so many that no filter looks at, and so many steps of sorting. */
#define UNFILTERED_SLICE (16 * SUMMARY_SLICE)
#define SORT_STEPS       (8 * SUMMARY_SLICE)

/* The characters of the texts of numbers and times. */
#define NUMERIC "0123456789.- kmgtpesunhdμ"

#define RUN_ROWS  512
#define RUN_STEPS 8 /* that sorting a run costs for each of its rows, about */

typedef struct {
	guint64 rank;
	guint32 conversation;
} Ranked;

typedef struct _SummarySort {
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
} SummarySort;

/* Sorting. */

static void
sort_stop(SummarySort *sort)
{
	g_clear_pointer(&sort->sorted, g_array_unref);
	sort->rows = NULL;
}

/* Begins to sort a copy of the rows as they are now: they may grow meanwhile, but must not change.
 * Conversations that are equal stay in the order of their numbers. */
static void
sort_start(Summary *summary)
{
	SummarySort *sort = summary->sort;
	const GArray *rows = summary->making ? summary->next : summary->rows;
	guint passes = 0;

	sort_stop(sort);
	if (sort->room < rows->len) {
		sort->room = rows->len + rows->len / 8;
		g_free(sort->from);
		g_free(sort->to);
		sort->from = g_new(Ranked, sort->room);
		sort->to = g_new(Ranked, sort->room);
	}
	sort->column = summary->column;
	sort->descending = summary->descending;
	summary->unsorted = FALSE;
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

/* Does `steps` steps, each about a comparison. TRUE while more is to be done. */
static gboolean
sort_run(SummarySort *sort, guint steps)
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

Summary *
summary_new(const Trace *trace)
{
	Summary *summary = g_new0(Summary, 1);

	summary->trace = trace;
	summary->filter = g_strdup("");
	summary->rows = g_array_new(FALSE, FALSE, sizeof(guint32));
	summary->next = g_array_new(FALSE, FALSE, sizeof(guint32));
	summary->text = g_string_new(NULL);
	summary->sort = g_new0(SummarySort, 1);
	summary->sort->summary = summary;
	return summary;
}

void
summary_free(Summary *summary)
{
	g_free(summary->filter);
	sort_stop(summary->sort);
	g_free(summary->sort->from);
	g_free(summary->sort->to);
	g_free(summary->sort);
	g_array_unref(summary->rows);
	g_array_unref(summary->next);
	g_string_free(summary->text, TRUE);
	g_free(summary);
}

void
summary_set_order(Summary *summary, SummaryColumn column, gboolean descending)
{
	if (summary->column == column && summary->descending == descending)
		return;
	summary->column = column;
	summary->descending = descending;
	summary->unsorted = TRUE;
}

void
summary_set_filter(Summary *summary, const char *filter)
{
	g_autofree char *folded = g_utf8_casefold(filter, -1);

	if (g_str_equal(summary->filter, folded))
		return;
	g_free(summary->filter);
	summary->filter = g_steal_pointer(&folded);
	summary->any_kind = strspn(summary->filter, NUMERIC) == strlen(summary->filter);
	summary->unfiltered = TRUE;
}

/* Filter. */

static gboolean
conversation_passes(const Summary *summary, guint32 conversation)
{
	GString *text = summary->text;
	gboolean ascii = g_str_is_ascii(summary->filter);

	if (summary->filter[0] == '\0')
		return TRUE;
	/* Words are what is looked for most. */
	for (guint pass = 0; pass < (summary->any_kind ? 2 : 1); pass++) {
		for (SummaryColumn column = 0; column < N_SUMMARY_COLUMNS; column++) {
			const SummaryColumnInfo *info = &summary_columns[column];
			g_autofree char *folded = NULL;

			if (info->kind == SUMMARY_BUCKETS || info->rank == SUMMARY_SCRIPTS_ONLY ||
			    (info->kind == SUMMARY_TEXT) != (pass == 0))
				continue;
			g_string_truncate(text, 0);
			summary_append(summary, conversation, column, SUMMARY_UTF8, text);
			for (gsize i = 0; ascii && i < text->len; i++)
				text->str[i] = g_ascii_tolower(text->str[i]);
			if (!ascii)
				folded = g_utf8_casefold(text->str, text->len);
			if (strstr(ascii ? text->str : folded, summary->filter))
				return TRUE;
		}
	}
	return FALSE;
}

/* The list. */

static guint32
n_conversations(const Summary *summary)
{
	return flow_table_length(trace_flows(summary->trace));
}

/* The rows that were sorted, and behind them what has come since. */
static void
sort_end(Summary *summary)
{
	GArray *unsorted = summary->making ? summary->next : summary->rows;
	GArray *sorted = g_steal_pointer(&summary->sort->sorted);

	if (unsorted->len > sorted->len)
		g_array_append_vals(sorted, &g_array_index(unsorted, guint32, sorted->len),
				    unsorted->len - sorted->len);
	summary->sort->rows = NULL;
	g_array_unref(summary->rows);
	summary->rows = sorted;
	if (summary->making) {
		g_array_set_size(summary->next, 0);
		summary->made_at = summary->next_at;
		summary->making = FALSE;
	}
	summary->generation++;
}

static void
conversations_take(Summary *summary, GArray *rows)
{
	guint slice = summary->filter[0] != '\0' ? SUMMARY_SLICE : UNFILTERED_SLICE;
	guint32 end = MIN(n_conversations(summary), summary->taken + slice);
	const FlowTable *flows = trace_flows(summary->trace);

	for (; summary->taken < end; summary->taken++) {
		if (!summary->has_ipv6)
			summary->has_ipv6 =
			    flow_table_get(flows, summary->taken)->endpoint[0].version == 6;
		if (conversation_passes(summary, summary->taken))
			g_array_append_val(rows, summary->taken);
	}
}

gboolean
summary_update(Summary *summary, gboolean final)
{
	guint32 packets = trace_n_packets(summary->trace), grown = packets - summary->made_at;
	/* Conversations come in this order, and none leaves. */
	gboolean natural =
	    summary->column == SUMMARY_NUMBER && !summary->descending && summary->filter[0] == '\0';
	/* Values have changed so much that filter and order no longer hold. */
	gboolean stale = grown > 0 && !natural &&
			 (final || n_conversations(summary) <= FEW || grown > summary->made_at / 8);

	if (summary->unfiltered || (!summary->making && stale)) {
		sort_stop(summary->sort);
		g_array_set_size(summary->next, 0);
		summary->next_at = packets;
		summary->taken = 0;
		summary->making = TRUE;
		summary->unfiltered = FALSE;
	}
	gboolean collecting = summary->making && !summary->sort->rows;
	if (summary->unsorted && !collecting)
		sort_start(summary);
	if (collecting || !summary->making)
		conversations_take(summary, summary->making ? summary->next : summary->rows);
	if (!summary->sort->rows && summary->taken < n_conversations(summary))
		return TRUE;
	if (collecting)
		sort_start(summary);
	if (summary->sort->rows && sort_run(summary->sort, SORT_STEPS))
		return TRUE;
	if (summary->sort->rows)
		sort_end(summary);
	return summary->taken < n_conversations(summary);
}

/* Filtering and sorting count as half each. */
guint
summary_progress(const Summary *summary)
{
	guint32 n = MAX(n_conversations(summary), 1);
	guint taken = (guint64)summary->taken * 100 / n;
	const SummarySort *sort = summary->sort;
	guint sorted = !sort->rows ? 0 : sort->all > 0 ? sort->done * 100 / sort->all : 100;

	if (summary->making)
		return (taken + sorted) / 2;
	return sort->rows ? sorted : taken;
}

guint32
summary_get(const Summary *summary, guint32 row)
{
	g_assert(row < summary->rows->len);
	return g_array_index(summary->rows, guint32, row);
}

guint32
summary_row_of(const Summary *summary, guint32 conversation)
{
	for (guint32 row = 0; row < summary->rows->len; row++)
		if (g_array_index(summary->rows, guint32, row) == conversation)
			return row;
	return EVENT_NONE;
}

/* What stands where. */

static guint
column_width(const Summary *summary, SummaryColumn column, guint screen, const guint *needed)
{
	guint width = summary_columns[column].width, digits = 1;

	if (needed)
		return needed[column];
	/* What an endpoint gets before other columns do: an IPv4 one is whole, the longest of
	 * IPv6 (47) would leave no room for anything else. */
	if (column_is_endpoint(column) && screen < 50)
		return MAX(screen / 2, 11) - 4;
	if (column_is_endpoint(column))
		return summary->has_ipv6 && screen >= 110 ? 30 : 21;
	if (column != SUMMARY_NUMBER && column != SUMMARY_STREAM)
		return width;
	for (guint32 n = n_conversations(summary); n > 10; n = (n + 9) / 10)
		digits++; /* of the last number, n - 1 */
	return MAX(width, digits);
}

SummaryFit
summary_fit(const Summary *summary, guint width, SummaryColumn always, const guint *needed)
{
	gboolean fits[N_SUMMARY_COLUMNS] = { FALSE };
	guint left = width, endpoints = 0;
	SummaryFit fit = { .n = 0 };

	fits[always] = TRUE;
	left -= MIN(left, 1 + column_width(summary, always, width, needed));
	for (guint rank = 0; rank < N_SUMMARY_COLUMNS; rank++) {
		SummaryColumn column = 0;

		while (column < N_SUMMARY_COLUMNS && summary_columns[column].rank != rank)
			column++;
		if (column == N_SUMMARY_COLUMNS || fits[column] ||
		    left < 1 + column_width(summary, column, width, needed))
			continue;
		fits[column] = TRUE;
		left -= 1 + column_width(summary, column, width, needed);
	}
	for (SummaryColumn column = 0; column < N_SUMMARY_COLUMNS; column++) {
		if (!fits[column])
			continue;
		fit.width[fit.n] =
		    MIN(column_width(summary, column, width, needed), MAX(width, 2) - 1);
		fit.column[fit.n++] = column;
		endpoints += column_is_endpoint(column);
	}
	for (guint i = 0; i < fit.n && !needed; i++) {          /* both endpoints get the same */
		guint most = summary->has_ipv6 ? 48 : 22, more; /* with a "?" */

		if (!column_is_endpoint(fit.column[i]))
			continue;
		more = MIN(left / endpoints, most - MIN(most, fit.width[i]));
		endpoints--;
		fit.width[i] += more;
		left -= more;
	}
	return fit;
}
