/* SPDX-License-Identifier: MIT */
/* Theory of operation: see summary.h. `rows` is what is shown; while `making`,
 * `next` is what will take its place. `taken` counts the conversations that the
 * list under way, or else `rows`, has looked at. `sort` makes the order: of
 * `next` once that is whole, or of `rows` where only the order changes. */
#include "pktladder/summary.h"
#include "pktladder/trace.h"

#include <string.h>

#include "summary_private.h"

/* So many are filtered and sorted again whenever something has changed. */
#define FEW 2000

/* At a time: so many that no filter looks at, and so many steps of sorting. */
#define UNFILTERED_SLICE (16 * SUMMARY_SLICE)
#define SORT_STEPS       (8 * SUMMARY_SLICE)

/* The characters of the texts of numbers and times. */
#define NUMERIC "0123456789.- kmgtpesunhdμ"

Summary *
summary_new(const Trace *trace)
{
	Summary *summary = g_new0(Summary, 1);

	summary->trace = trace;
	summary->filter = g_strdup("");
	summary->rows = g_array_new(FALSE, FALSE, sizeof(guint32));
	summary->next = g_array_new(FALSE, FALSE, sizeof(guint32));
	summary->text = g_string_new(NULL);
	summary->sort = summary_sort_new(summary);
	return summary;
}

void
summary_free(Summary *summary)
{
	g_free(summary->filter);
	summary_sort_free(summary->sort);
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
column_passes(const Summary *summary, guint32 conversation, SummaryColumn column)
{
	GString *text = summary->text;

	g_string_truncate(text, 0);
	summary_append(summary, conversation, column, SUMMARY_UTF8, text);
	if (!g_str_is_ascii(summary->filter)) {
		g_autofree char *folded = g_utf8_casefold(text->str, text->len);

		return strstr(folded, summary->filter) != NULL;
	}
	for (gsize i = 0; i < text->len; i++)
		text->str[i] = g_ascii_tolower(text->str[i]);
	return strstr(text->str, summary->filter) != NULL;
}

static gboolean
conversation_passes(const Summary *summary, guint32 conversation)
{
	if (summary->filter[0] == '\0')
		return TRUE;
	/* Words are what is looked for most. */
	for (guint pass = 0; pass < (summary->any_kind ? 2 : 1); pass++) {
		for (SummaryColumn column = 0; column < N_SUMMARY_COLUMNS; column++) {
			const SummaryColumnInfo *info = &summary_columns[column];

			if (info->kind != SUMMARY_BUCKETS && info->rank != SUMMARY_SCRIPTS_ONLY &&
			    (info->kind == SUMMARY_TEXT) == (pass == 0) &&
			    column_passes(summary, conversation, column))
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
	GArray *sorted = summary_sort_take(summary->sort);

	if (unsorted->len > sorted->len)
		g_array_append_vals(sorted, &g_array_index(unsorted, guint32, sorted->len),
				    unsorted->len - sorted->len);
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
sort_begin(Summary *summary)
{
	summary_sort_start(summary->sort, summary->making ? summary->next : summary->rows,
			   summary->column, summary->descending);
	summary->unsorted = FALSE;
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
		summary_sort_stop(summary->sort);
		g_array_set_size(summary->next, 0);
		summary->next_at = packets;
		summary->taken = 0;
		summary->making = TRUE;
		summary->unfiltered = FALSE;
	}
	gboolean collecting = summary->making && !summary_sort_is_on(summary->sort);
	if (summary->unsorted && !collecting)
		sort_begin(summary);
	if (collecting || !summary->making)
		conversations_take(summary, summary->making ? summary->next : summary->rows);
	if (!summary_sort_is_on(summary->sort) && summary->taken < n_conversations(summary))
		return TRUE;
	if (collecting)
		sort_begin(summary);
	if (summary_sort_is_on(summary->sort) && summary_sort_run(summary->sort, SORT_STEPS))
		return TRUE;
	if (summary_sort_is_on(summary->sort))
		sort_end(summary);
	return summary->taken < n_conversations(summary);
}

/* Filtering and sorting count as half each. */
guint
summary_progress(const Summary *summary)
{
	guint32 n = MAX(n_conversations(summary), 1);
	guint taken = (guint64)summary->taken * 100 / n;
	guint sorted = summary_sort_is_on(summary->sort) ? summary_sort_progress(summary->sort) : 0;

	if (summary->making)
		return (taken + sorted) / 2;
	return summary_sort_is_on(summary->sort) ? sorted : taken;
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
