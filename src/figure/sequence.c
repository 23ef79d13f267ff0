#include "sequence.h"

#include "pktladder/sorted.h"

/* Rows from `first` to before `end`. */
typedef struct {
	guint lane, first, end;
} Span;

struct _SequenceWaits {
	GArray *spans;	 /* Span, by lane and row: none of a lane touches the next one */
	GArray *changes; /* SequenceChange, by row and lane */
};

static int
span_compare(gconstpointer a, gconstpointer b)
{
	const Span *one = a, *two = b;

	if (one->lane != two->lane)
		return one->lane < two->lane ? -1 : 1;
	return one->first < two->first ? -1 : one->first > two->first;
}

static int
change_compare(gconstpointer a, gconstpointer b)
{
	const SequenceChange *one = a, *two = b;

	if (one->row != two->row)
		return one->row < two->row ? -1 : 1;
	return one->lane < two->lane ? -1 : one->lane > two->lane;
}

static void
spans_take(SequenceWaits *waits, const Figure *figure)
{
	for (guint i = 0; i < figure->bars->len; i++) {
		const FigureBar *bar = figure_bar(figure, i);
		Span span = { bar->lane, bar->first, bar->open ? bar->last + 1 : bar->last };

		if (span.end > span.first)
			g_array_append_val(waits->spans, span);
	}
	g_array_sort(waits->spans, span_compare);
}

/* Those that overlap or touch become one. */
static void
spans_join(GArray *spans)
{
	guint n = 0;

	for (guint i = 0; i < spans->len; i++) {
		Span span = g_array_index(spans, Span, i);
		Span *last = n > 0 ? &g_array_index(spans, Span, n - 1) : NULL;

		if (last && last->lane == span.lane && span.first <= last->end)
			last->end = MAX(last->end, span.end);
		else
			g_array_index(spans, Span, n++) = span;
	}
	g_array_set_size(spans, n);
}

SequenceWaits *
sequence_waits_new(const Figure *figure)
{
	SequenceWaits *waits = g_new(SequenceWaits, 1);

	waits->spans = g_array_new(FALSE, FALSE, sizeof(Span));
	waits->changes = g_array_new(FALSE, FALSE, sizeof(SequenceChange));
	spans_take(waits, figure);
	spans_join(waits->spans);
	for (guint i = 0; i < waits->spans->len; i++) {
		const Span *span = &g_array_index(waits->spans, Span, i);
		SequenceChange changes[] = { { span->first, span->lane, TRUE },
					     { span->end, span->lane, FALSE } };

		g_array_append_vals(waits->changes, changes, 2);
	}
	g_array_sort(waits->changes, change_compare);
	return waits;
}

void
sequence_waits_free(SequenceWaits *waits)
{
	if (!waits)
		return;
	g_array_unref(waits->spans);
	g_array_unref(waits->changes);
	g_free(waits);
}

gboolean
sequence_waits_below(const SequenceWaits *waits, guint lane, gint64 row)
{
	guint low = 0, high = waits->spans->len; /* how many begin there or before */

	while (low < high) {
		guint middle = low + (high - low) / 2;
		const Span *span = &g_array_index(waits->spans, Span, middle);

		if (span->lane < lane || (span->lane == lane && span->first <= row))
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return FALSE;
	const Span *last = &g_array_index(waits->spans, Span, low - 1);
	return last->lane == lane && row >= last->first && row < last->end;
}

const SequenceChange *
sequence_waits_changes(const SequenceWaits *waits, guint row, guint *n)
{
	guint first = SORTED_BEFORE(waits->changes, SequenceChange, row, row);
	guint end = SORTED_BEFORE(waits->changes, SequenceChange, row, row + 1);

	*n = end - first;
	return *n > 0 ? &g_array_index(waits->changes, SequenceChange, first) : NULL;
}

gboolean
sequence_is_left(const FigureRow *row, Side side)
{
	return row->lane[side] < row->lane[!side];
}

gboolean
sequence_is_cause(const FigureRow *row, Side side)
{
	return row->lane[side] == row->from && row->row.cell[side].entry != EVENT_NONE;
}

gboolean
sequence_has_cell(const FigureRow *row, Side side)
{
	return row->cell[side].call || row->cell[side].state;
}

gboolean
sequence_is_arrow(const FigureRow *row)
{
	return row->row.kind == ROW_ARROW || row->row.kind == ROW_FOLD;
}

static char *
timed(const char *time, const char *text)
{
	return time ? g_strdup_printf("%s: %s", time, text) : g_strdup(text);
}

char *
sequence_text(const FigureRow *row)
{
	if (row->number)
		return g_strdup_printf("%u. %s", row->number, row->label);
	return g_strdup(row->label);
}

char *
sequence_label(const FigureRow *row)
{
	g_autofree char *text = sequence_text(row);

	return text ? timed(row->time, text) : NULL;
}

char *
sequence_call(const FigureRow *row, Side side)
{
	gboolean timeless = row->label != NULL;

	if (!row->cell[side].call)
		return NULL;
	return timed(timeless ? NULL : row->time, row->cell[side].call);
}

/* Those of figure_style.c on a light ground. */
static const char *const colours[N_ROLES] = {
	[ROLE_SYN] = "007A5A",	 [ROLE_DATA] = "0066A6",     [ROLE_FOLD] = "0066A6",
	[ROLE_FIN] = "94407A",	 [ROLE_DATAGRAM] = "0066A6", [ROLE_RST] = "B23C00",
	[ROLE_ICMP] = "875C00",	 [ROLE_ODD] = "6A4FA3",	     [ROLE_PROBLEM] = "B23C00",
	[ROLE_DROPS] = "B23C00", [ROLE_CALL_FAILED] = "B23C00",
};

const char *
sequence_colour(const FigureOptions *options, Role role)
{
	if (options->palette == FIGURE_PALETTE_BW || role >= N_ROLES)
		return NULL;
	return colours[role];
}

gboolean
sequence_is_dashed(Role role)
{
	return role == ROLE_ACK;
}

gboolean
sequence_is_problem(Role role)
{
	return role == ROLE_PROBLEM || role == ROLE_RST || role == ROLE_ICMP || role == ROLE_DROPS;
}
