#include "pktladder/figure.h"

#include "pktladder/sorted.h"
#include "pktladder/text.h"
#include "pktladder/timestamp.h"
#include "figure_layout.h"

/* Enough for any time stamp: nothing is cut. */
#define TIME_COLUMNS 64

static void
row_clear(gpointer data)
{
	FigureRow *row = data;

	g_free(row->label);
	g_free(row->time);
	g_clear_pointer(&row->details, g_ptr_array_unref);
	for (guint side = 0; side < 2; side++)
		g_free(row->cell[side].call);
}

static char *
time_text(const Figure *figure, const FigureOptions *options, const FigureRow *row)
{
	gint64 time_ns = row->row.time_ns;

	switch (options->time) {
	case FIGURE_TIME_DELTA:
		if (figure->rows->len == 0)
			return NULL;
		return timestamp_seconds(
			timestamp_between(figure_row(figure, figure->rows->len - 1)->row.time_ns, time_ns),
			TIME_COLUMNS, TRUE);
	case FIGURE_TIME_START:
		return timestamp_seconds(
			timestamp_between(trace_start(ladder_trace(figure->ladder)), time_ns),
			TIME_COLUMNS, FALSE);
	case FIGURE_TIME_UTC:
	case FIGURE_TIME_LOCAL:
		return timestamp_clock(time_ns, TIME_COLUMNS, options->time == FIGURE_TIME_LOCAL);
	default:
		return NULL;
	}
}

static gboolean
call_failed(const Trace *trace, guint32 result)
{
	const CallRecord *call;

	if (result == EVENT_NONE)
		return FALSE;
	call = trace_call(trace, trace_event(trace, result));
	return call->result < 0 || (call->name == CALL_EXIT && call->result != 0);
}

static void
cell_fill(const Figure *figure, const FigureOptions *options, FigureRow *row, Side side)
{
	const LadderCell *from = &row->row.cell[side];
	FigureCell *cell = &row->cell[side];
	TcpState state = ladder_state(figure->ladder, &row->row, side);

	if (from->entry != EVENT_NONE || from->result != EVENT_NONE)
		cell->call = ladder_cell_text(figure->ladder, &row->row, side, 0);
	if (options->states && state != TCP_STATE_UNKNOWN)
		cell->state = ladder_state_text(figure->ladder, state, side, FALSE);
	cell->failed = call_failed(ladder_trace(figure->ladder), from->result);
}

/* Bars ---------------------------------------------------------------------- */

/* How many rows of the figure come before that row of the ladder. */
static guint
rows_before(const Figure *figure, guint32 index)
{
	return SORTED_BEFORE(figure->rows, FigureRow, index, index);
}

static int
bar_compare(gconstpointer a, gconstpointer b)
{
	const FigureBar *one = a, *two = b;

	return SORTED_ORDER(one->first, two->first) ?: SORTED_ORDER(one->lane, two->lane);
}

/* Rows ---------------------------------------------------------------------- */

/* The frames of a row: FALSE where it has none. */
static gboolean
row_frames(const Ladder *ladder, const LadderRow *row, FigureFrames *frames)
{
	const Trace *trace = ladder_trace(ladder);

	if (trace_event(trace, row->event)->kind != EVENT_PACKET)
		return FALSE;
	frames->first = frames->last = trace_frame(trace, row->event);
	if (row->kind == ROW_FOLD)
		frames->last = trace_frame(trace, ladder_fold(ladder, row).last);
	return TRUE;
}

/* The range that holds some of the frames; G_MAXUINT none. */
static guint
range_of(const GArray *ranges, const FigureFrames *frames)
{
	for (guint i = 0; i < ranges->len; i++) {
		const FigureFrames *range = &g_array_index(ranges, FigureFrames, i);

		if (frames->first <= range->last && frames->last >= range->first)
			return i;
	}
	return G_MAXUINT;
}

/* One bit a row of the ladder: a row without packet stays between two of a range. */
static GByteArray *
rows_of_frames(const Ladder *ladder, const GArray *ranges)
{
	GByteArray *wanted = g_byte_array_new();
	guint before = G_MAXUINT;
	guint32 waiting = 0;

	g_byte_array_set_size(wanted, ladder_length(ladder));
	for (guint32 i = 0; i < wanted->len; i++) {
		LadderRow row = ladder_row(ladder, i);
		FigureFrames frames;
		guint range;

		wanted->data[i] = FALSE;
		if (!row_frames(ladder, &row, &frames))
			continue;
		range = range_of(ranges, &frames);
		wanted->data[i] = range != G_MAXUINT;
		for (; waiting < i; waiting++)
			wanted->data[waiting] = range != G_MAXUINT && range == before;
		waiting = i + 1;
		before = range;
	}
	return wanted;
}

static gboolean
time_wanted(const Figure *figure, const FigureOptions *options, gint64 time_ns)
{
	const FigureTimes *times = options->times;
	gint64 since = timestamp_between(trace_start(ladder_trace(figure->ladder)), time_ns);

	return !times || (since >= times->from_ns && since <= times->to_ns);
}

static void
row_add(Figure *figure, const FigureOptions *options, const LadderRow *from, guint32 index)
{
	const Trace *trace = ladder_trace(figure->ladder);
	FigureRow row = { .row = *from, .index = index };

	if (trace_event(trace, row.row.event)->kind == EVENT_PACKET)
		row.frame = trace_frame(trace, row.row.event);
	row.role = ladder_row_role(figure->ladder, &row.row);
	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
		row.lane[side] = row.row.lane[side];
	row.from = row.lane[row.row.from];
	row.to = row.lane[!row.row.from];
	if (options->transits && row.row.kind == ROW_ARROW)
		row.transit = transits_get(options->transits, row.row.event);
	row.number = ladder_line_number(figure->ladder, &row.row);
	row.label = ladder_label(figure->ladder, &row.row, 0);
	row.time = time_text(figure, options, &row);
	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		cell_fill(figure, options, &row, side);
		figure->calls |= row.cell[side].call != NULL;
	}
	g_array_append_val(figure->rows, row);
}

static void
rows_take(Figure *figure, const FigureOptions *options)
{
	const Ladder *ladder = figure->ladder;
	g_autoptr(GByteArray) wanted = options->frames ? rows_of_frames(ladder, options->frames) : NULL;

	for (guint32 index = 0; index < ladder_length(ladder); index++) {
		LadderRow row = ladder_row(ladder, index);

		if ((!wanted || wanted->data[index]) && time_wanted(figure, options, row.time_ns) &&
		    figure->length++ < FIGURE_ROWS_MAX)
			row_add(figure, options, &row, index);
	}

	/* Those of the ladder, as far as they are on the figure's rows. */
	g_autoptr(GArray) spans = ladder_spans(figure->ladder);

	for (guint i = 0; i < spans->len; i++) {
		const LadderSpan *span = &g_array_index(spans, LadderSpan, i);
		gboolean open = span->last == EVENT_NONE;
		guint end = open ? figure->rows->len : rows_before(figure, span->last + 1);
		FigureBar bar = { .lane = span->lane,
				  .first = rows_before(figure, span->first),
				  .last = end - 1,
				  .open = open };

		if (bar.first >= end)
			continue;
		bar.before = figure_row(figure, bar.first)->index > span->first;
		g_array_append_val(figure->bars, bar);
	}
	g_array_sort(figure->bars, bar_compare);
}

Figure *
figure_new(const Ladder *ladder, const FigureOptions *options)
{
	Figure *figure = g_new0(Figure, 1);

	figure->ladder = ladder;
	figure->title = options->title ? text_escape(options->title, -1) : NULL;
	figure->caption = options->caption ? text_escape(options->caption, -1) : NULL;
	figure->lanes = g_ptr_array_new_with_free_func(g_free);
	for (guint lane = 0; lane < ladder_n_lanes(ladder); lane++)
		g_ptr_array_add(figure->lanes, ladder_lane_head(ladder, lane));
	figure->rows = g_array_new(FALSE, FALSE, sizeof(FigureRow));
	g_array_set_clear_func(figure->rows, row_clear);
	figure->bars = g_array_new(FALSE, FALSE, sizeof(FigureBar));
	rows_take(figure, options);
	figure->widths = figure_widths_new(figure);
	return figure;
}

void
figure_take_details(Figure *figure, guint index, GPtrArray *lines)
{
	FigureRow *row = &g_array_index(figure->rows, FigureRow, index);

	g_clear_pointer(&row->details, g_ptr_array_unref);
	row->details = lines;
}

guint
figure_n_pages(const Figure *figure, const FigureOptions *options)
{
	if (options->rows_per_page == 0 || figure->rows->len == 0)
		return 1;
	return (figure->rows->len - 1) / options->rows_per_page + 1;
}

void
figure_free(Figure *figure)
{
	if (!figure)
		return;
	g_free(figure->title);
	g_free(figure->caption);
	g_ptr_array_unref(figure->lanes);
	g_array_unref(figure->rows);
	g_array_unref(figure->bars);
	figure_widths_free(figure->widths);
	g_free(figure);
}

const FigureRow *
figure_row(const Figure *figure, guint index)
{
	return &g_array_index(figure->rows, FigureRow, index);
}

const FigureBar *
figure_bar(const Figure *figure, guint index)
{
	return &g_array_index(figure->bars, FigureBar, index);
}
