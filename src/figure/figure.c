#include "pktladder/figure.h"

#include "pktladder/text.h"
#include "timestamp.h"

/* Enough for any time stamp: nothing is cut. */
#define TIME_COLUMNS 64

static void
row_clear(gpointer data)
{
	FigureRow *row = data;

	g_free(row->label);
	g_free(row->time);
	for (guint side = 0; side < 2; side++)
		g_free(row->cell[side].call);
}

static char *
time_text(const Figure *figure, const FigureOptions *options, const FigureRow *row)
{
	gint64 time_ns = row->row.time_ns;

	switch (options->time) {
	case FIGURE_TIME_DELTA:
		if (row->index == 0)
			return NULL;
		return timestamp_seconds(
			timestamp_between(ladder_row(figure->ladder, row->index - 1).time_ns, time_ns),
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
		cell->state = ladder_state_text(figure->ladder, state, FALSE);
	cell->failed = call_failed(ladder_trace(figure->ladder), from->result);
}

/* A return that stands on a later row than its entry ends a bar. */
static void
bar_add(Figure *figure, const FigureRow *row, Side side)
{
	const Trace *trace = ladder_trace(figure->ladder);
	guint32 result = row->row.cell[side].result, entry, first;
	FigureBar bar = { .lane = row->lane[side], .last = row->index };

	if (result == EVENT_NONE)
		return;
	entry = trace_call_entry(trace, trace_event(trace, result));
	first = entry == EVENT_NONE ? EVENT_NONE : ladder_row_of(figure->ladder, entry);
	if (first == EVENT_NONE || first >= row->index)
		return;
	bar.first = first;
	g_array_append_val(figure->bars, bar);
}

static void
row_add(Figure *figure, const FigureOptions *options, guint32 index)
{
	const Trace *trace = ladder_trace(figure->ladder);
	FigureRow row = { .row = ladder_row(figure->ladder, index),
			  .index = index };

	if (trace_event(trace, row.row.event)->kind == EVENT_PACKET)
		row.frame = trace_frame(trace, row.row.event);
	row.role = ladder_row_role(figure->ladder, &row.row);
	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
		row.lane[side] = row.row.lane[side];
	row.from = row.lane[row.row.from];
	row.to = row.lane[!row.row.from];
	row.number = ladder_line_number(figure->ladder, &row.row);
	row.label = ladder_label(figure->ladder, &row.row, 0);
	row.time = time_text(figure, options, &row);
	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		cell_fill(figure, options, &row, side);
		figure->calls |= row.cell[side].call != NULL;
		bar_add(figure, &row, side);
	}
	g_array_append_val(figure->rows, row);
}

static int
bar_compare(gconstpointer a, gconstpointer b)
{
	const FigureBar *one = a, *two = b;

	if (one->first != two->first)
		return one->first < two->first ? -1 : 1;
	return one->lane < two->lane ? -1 : one->lane > two->lane;
}

/* A bar whose call has not returned goes on to the end. */
static void
bars_open_add(Figure *figure)
{
	for (guint i = 0; i < figure->rows->len; i++) {
		const FigureRow *row = figure_row(figure, i);

		for (guint side = 0; side < 2; side++) {
			const LadderCell *cell = &row->row.cell[side];
			FigureBar bar = { .lane = row->lane[side],
					  .first = i,
					  .last = figure->rows->len - 1,
					  .open = TRUE };
			gboolean starts = cell->entry != EVENT_NONE && cell->result == EVENT_NONE &&
					  (cell->bar & LADDER_BAR_START);

			for (guint b = 0; starts && b < figure->bars->len; b++)
				starts = figure_bar(figure, b)->first != i ||
					 figure_bar(figure, b)->lane != bar.lane;
			if (starts)
				g_array_append_val(figure->bars, bar);
		}
	}
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
	for (guint32 index = 0; index < ladder_length(ladder); index++)
		row_add(figure, options, index);
	bars_open_add(figure);
	g_array_sort(figure->bars, bar_compare);
	return figure;
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
