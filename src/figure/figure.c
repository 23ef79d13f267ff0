/* SPDX-License-Identifier: MIT */
#include "pktladder/figure.h"

#include "pktladder/sorted.h"
#include "pktladder/text.h"
#include "pktladder/timestamp.h"
#include "pktladder/trace.h"
#include "placing.h"
#include "pktladder/scene.h"

#define TIME_COLUMNS 64  /* enough for any time stamp: nothing is cut */
#define DEEPEST      16  /* bars beside each other */
#define LOOK         256 /* bars: those that began long ago and still overlap have other places */

void
figure_row_clear(FigureRow *row)
{
	g_free(row->label);
	g_free(row->time);
	g_clear_pointer(&row->details, g_ptr_array_unref);
	for (guint side = 0; side < 2; side++)
		g_free(row->cell[side].call);
}

/* Of the row at `place`. */
static char *
time_text(const Figure *figure, const FigureOptions *options, const FigureRow *row, guint place)
{
	gboolean delta = options->time == FIGURE_TIME_DELTA;
	gint64 time_ns = row->row.time_ns, from_ns = trace_start(figure->ladder->trace);

	if (options->time == FIGURE_TIME_NONE || (delta && place == 0))
		return NULL;
	if (options->time == FIGURE_TIME_UTC || options->time == FIGURE_TIME_LOCAL)
		return timestamp_clock(time_ns, TIME_COLUMNS, options->time == FIGURE_TIME_LOCAL);
	if (delta)
		from_ns = ladder_row(figure->ladder, figure_index(figure, place - 1)).time_ns;
	return trace_seconds(figure->ladder->trace, from_ns, time_ns, TIME_COLUMNS, delta);
}

/* Whether each row of the ladder is wanted (a byte each): a row without packet is, where it stands
 * between two rows of one range. */
static GByteArray *
rows_of_frames(const Ladder *ladder, const GArray *ranges)
{
	const Trace *trace = ladder->trace;
	GByteArray *wanted = g_byte_array_new();
	guint before = G_MAXUINT;
	guint32 waiting = 0;

	g_byte_array_set_size(wanted, ladder_length(ladder));
	for (guint32 i = 0; i < wanted->len; i++) {
		LadderRow row = ladder_row(ladder, i);
		guint32 first, last;
		guint range = 0;

		wanted->data[i] = FALSE;
		if (trace_event(trace, row.event)->kind != EVENT_PACKET)
			continue;
		first = last = trace_frame(trace, row.event);
		if (row.kind == ROW_FOLD)
			last = trace_frame(trace, ladder_fold(ladder, &row).last);
		while (range < ranges->len &&
		       (first > g_array_index(ranges, FigureFrames, range).last ||
			last < g_array_index(ranges, FigureFrames, range).first))
			range++;
		wanted->data[i] = range < ranges->len;
		for (; waiting < i; waiting++)
			wanted->data[waiting] = range < ranges->len && range == before;
		waiting = i + 1;
		before = range;
	}
	return wanted;
}

FigureRow
figure_row_make(const Figure *figure, const FigureOptions *options, guint place)
{
	const Ladder *ladder = figure->ladder;
	const Trace *trace = ladder->trace;
	guint32 index = figure_index(figure, place);
	FigureRow row = { .row = ladder_row(ladder, index), .index = index };
	const LadderRow *from = &row.row;

	if (trace_event(trace, from->event)->kind == EVENT_PACKET)
		row.frame = trace_frame(trace, from->event);
	row.role = ladder_row_role(ladder, from);
	row.from = from->lane[from->from];
	row.to = from->lane[!from->from];
	if (options->transits && from->kind == ROW_ARROW)
		row.transit = transits_get(options->transits, from->event);
	row.number = ladder_line_number(ladder, from);
	row.label = ladder_label(ladder, from, 0);
	row.time = time_text(figure, options, &row, place);
	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		const LadderCell *cell = &from->cell[side];
		TcpState state = ladder_state(ladder, from, side);

		row.lane[side] = from->lane[side];
		if (cell->entry != EVENT_NONE || cell->result != EVENT_NONE)
			row.cell[side].call = ladder_cell_text(ladder, from, side, 0);
		if (options->states && state != TCP_STATE_UNKNOWN)
			row.cell[side].state = ladder_state_text(ladder, state, side, FALSE);
		row.cell[side].failed = scene_call_failed(ladder, from, side);
	}
	return row;
}

static void
rows_take(Figure *figure, const FigureOptions *options)
{
	for (guint place = 0; place < MIN(figure->picked->len, FIGURE_ROWS_MAX); place++) {
		FigureRow row = figure_row_make(figure, options, place);

		figure->calls |= row.cell[SIDE_CLIENT].call || row.cell[SIDE_SERVER].call;
		g_array_append_val(figure->rows, row);
	}
}

/* The rows that are wanted. */
static void
rows_pick(Figure *figure, const FigureOptions *options)
{
	const Ladder *ladder = figure->ladder;
	const FigureTimes *times = options->times;
	g_autoptr(GByteArray) wanted =
	    options->frames ? rows_of_frames(ladder, options->frames) : NULL;

	for (guint32 index = 0; index < ladder_length(ladder); index++) {
		gint64 since_ns = times ? timestamp_between(trace_start(ladder->trace),
							    ladder_row(ladder, index).time_ns)
					: 0;

		if ((!wanted || wanted->data[index]) &&
		    (!times || (since_ns >= times->from_ns && since_ns <= times->to_ns)))
			g_array_append_val(figure->picked, index);
	}
}

SORTED_COMPARE(bar_compare, FigureBar, first, lane)

/* For pages: of the bars that have one lane and depth, where each begins, and the one up to it
 * that reaches farthest. */
typedef struct {
	guint32 first;
	guint farthest;
} Reach;

static guint
index_before(const Figure *figure, guint32 index)
{
	return sorted_before(figure->picked->data, figure->picked->len, sizeof index, 0, index);
}

/* The ladder's bars, as far as they are on the figure's rows. */
static void
bars_take(Figure *figure)
{
	g_autoptr(GArray) spans = ladder_spans(figure->ladder);

	for (guint i = 0; i < spans->len; i++) {
		const LadderSpan *span = &g_array_index(spans, LadderSpan, i);
		FigureBar bar = { .lane = span->lane, .open = span->last == EVENT_NONE };
		guint end = bar.open ? figure->picked->len : index_before(figure, span->last + 1);

		bar.first = index_before(figure, span->first);
		bar.last = end - 1;
		if (bar.first >= end)
			continue;
		bar.before = figure_index(figure, bar.first) > span->first;
		g_array_append_val(figure->bars, bar);
	}
	g_array_sort(figure->bars, bar_compare);

	/* Each stands at the first place that those that still overlap leave. */
	for (guint i = 0; i < figure->bars->len; i++) {
		FigureBar *bar = &g_array_index(figure->bars, FigureBar, i);
		guint32 taken = 0;

		for (guint n = 1; n <= MIN(i, LOOK + 1); n++) {
			const FigureBar *other = bar - n;

			if (other->lane == bar->lane && other->last > bar->first)
				taken |= 1u << other->depth;
		}
		while (bar->depth < DEEPEST - 1 && (taken >> bar->depth & 1))
			bar->depth++;

		gpointer place = GUINT_TO_POINTER(bar->lane * DEEPEST + bar->depth);
		GArray *reaches = g_hash_table_lookup(figure->places, place);
		Reach reach = { bar->first, i };
		if (!reaches) {
			reaches = g_array_new(FALSE, FALSE, sizeof(Reach));
			g_hash_table_insert(figure->places, place, reaches);
		} else {
			guint before = g_array_index(reaches, Reach, reaches->len - 1).farthest;

			if (figure_bar(figure, before)->last >= bar->last)
				reach.farthest = before;
		}
		g_array_append_val(reaches, reach);
	}
}

GArray *
figure_bars_on(const Figure *figure, guint first, guint end)
{
	GArray *found = g_array_new(FALSE, FALSE, sizeof(guint));
	GHashTableIter iter;
	gpointer reaches;

	g_hash_table_iter_init(&iter, figure->places);
	while (g_hash_table_iter_next(&iter, NULL, &reaches)) {
		guint begun = SORTED_BEFORE((GArray *)reaches, Reach, first, first);
		guint bar = begun ? g_array_index((GArray *)reaches, Reach, begun - 1).farthest : 0;

		if (begun > 0 && figure_bar(figure, bar)->last >= first)
			g_array_append_val(found, bar);
	}
	for (guint i = SORTED_BEFORE(figure->bars, FigureBar, first, first);
	     i < figure->bars->len && figure_bar(figure, i)->first < end; i++)
		g_array_append_val(found, i);
	g_array_sort(found, sorted_numbers);
	return found;
}

/* Of two lanes that stand for several endpoints each, which the ladder names by the first one. */
static gboolean
lane_is_of_several(const Figure *figure, Side side)
{
	const Trace *trace = figure->ladder->trace;
	const Endpoint *first = NULL;

	for (guint i = 0; ladder_n_lanes(figure->ladder) == 2 && i < figure->picked->len; i++) {
		LadderRow row = ladder_row(figure->ladder, figure_index(figure, i));
		guint32 index = trace_event(trace, row.event)->conversation;

		if (index == CONVERSATION_NONE)
			continue;
		const Endpoint *end = &flow_table_get(trace_flows(trace), index)->endpoint[side];
		if (first && !endpoint_equal(first, end))
			return TRUE;
		first = end;
	}
	return FALSE;
}

static void
lanes_take(Figure *figure)
{
	const Ladder *ladder = figure->ladder;

	for (guint lane = 0; lane < ladder_n_lanes(ladder); lane++) {
		gboolean several = lane_is_of_several(figure, lane);

		g_ptr_array_add(figure->lanes,
				several
				    ? g_strdup(lane == SIDE_CLIENT ? _("Clients") : _("Servers"))
				    : ladder_lane_head(ladder, EVENT_NONE, lane));
	}
}

Figure *
figure_new(const Ladder *ladder, const FigureOptions *options)
{
	Figure *figure = g_new0(Figure, 1);

	figure->ladder = ladder;
	figure->title = options->title ? text_escape(options->title, -1) : NULL;
	figure->caption = options->caption ? text_escape(options->caption, -1) : NULL;
	figure->lanes = g_ptr_array_new_null_terminated(2, g_free, TRUE);
	figure->picked = g_array_new(FALSE, FALSE, sizeof(guint32));
	figure->rows = g_array_new(FALSE, FALSE, sizeof(FigureRow));
	g_array_set_clear_func(figure->rows, (GDestroyNotify)figure_row_clear);
	figure->bars = g_array_new(FALSE, FALSE, sizeof(FigureBar));
	figure->places = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
	rows_pick(figure, options);
	lanes_take(figure);
	if (!options->rows_later)
		rows_take(figure, options);
	bars_take(figure);
	guint n_lanes = figure->lanes->len;
	figure->widths = g_new0(FigureWidths, 1);
	figure->widths->lane_x = g_new0(double, 3 * n_lanes + 1);
	figure->widths->head_width = figure->widths->lane_x + n_lanes;
	figure->widths->gap = figure->widths->head_width + n_lanes;
	return figure;
}

gboolean
figure_is_empty(const Figure *figure)
{
	const Ladder *ladder = figure->ladder;

	for (guint i = 0; i < figure->picked->len; i++) {
		LadderRow row = ladder_row(ladder, figure_index(figure, i));

		if (trace_event(ladder->trace, row.event)->kind != EVENT_NOTE)
			return FALSE;
	}
	return TRUE;
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
	g_free(figure->title);
	g_free(figure->caption);
	g_ptr_array_unref(figure->lanes);
	g_array_unref(figure->picked);
	g_array_unref(figure->rows);
	g_array_unref(figure->bars);
	g_hash_table_unref(figure->places);
	g_free(figure->widths->lane_x);
	g_free(figure->widths);
	g_free(figure);
}
