/* SPDX-License-Identifier: MIT */
#include "placing.h"

#include <math.h>
#include <string.h>

#include "pktladder/svg.h"

#define COLUMN_SPACE 16.0 /* between number, time and gutter */
#define TEXT_SPACE   8.0  /* between a lifeline or bar and a text */
#define LABEL_SPACE  26.0 /* of an arrow, at either end of its label */
#define GAP_LEAST    150.0
#define GAP_OF_TWO   260.0
#define HEAD_HEIGHT  28.0
#define HEAD_SPACE   14.0 /* within a head, at either end of its text; and between heads */
#define ROW_SPACE    5.0
#define LABEL_RAISE  7.5 /* of its baseline, over the line */
#define RAISE_BROAD  1.5 /* more, over a double line or one with ticks */
#define SLANT        18.0
#define TIME_ROOM    34.0 /* --spacing time: so much a row, on an average */
#define NOTE_LEAST   240.0
#define BAR_STEP     (FIGURE_BAR_WIDTH + 2) /* from one to the next beside it */

/* How far texts reach above and below a row's axis. */
#define ABOVE_LABEL 22.0
#define BELOW_LABEL 20.0 /* of one below its arrow */
#define ABOVE_TEXT  11.0
#define BELOW_TEXT  8.0
#define ABOVE_TWO   15.0 /* call and state, one below the other */
#define BELOW_TWO   14.0

static void
gap_need(FigureLayout *layout, guint gap, double width)
{
	layout->widths->gap[gap] = MAX(layout->widths->gap[gap], width);
}

/* Two lanes are at least `width` apart: what lacks is shared by the gaps between them. */
static void
span_need(FigureLayout *layout, guint from, guint to, double width)
{
	double have = 0;

	for (guint gap = from + 1; gap <= to; gap++)
		have += layout->widths->gap[gap];
	for (guint gap = from + 1; have < width && gap <= to; gap++)
		layout->widths->gap[gap] += (width - have) / (to - from);
}

double
figure_label_width(const FigureRow *row)
{
	/* The face of a row's label: what is wrong stands out without a colour. */
	return svg_text_width(
	    row->label, row->role == ROLE_PROBLEM || row->role == ROLE_RST ? FACE_BOLD : FACE_PLAIN,
	    FIGURE_LABEL_SIZE);
}

/* The lines of a note, or of what stands over and below the ladder. */
static double
lines_width(const GPtrArray *lines, SvgFace face, double size)
{
	double width = 0;

	for (guint i = 0; lines && i < lines->len; i++)
		width = MAX(width, svg_text_width(g_ptr_array_index(lines, i), face, size));
	return width;
}

/* Labels first, then notes, which are across all lanes. */
static void
measure_spans(FigureLayout *layout)
{
	const Figure *figure = layout->figure;

	for (guint i = 0; i < figure->rows->len; i++) {
		const FigureRow *row = figure_row(figure, i);

		if (figure_row_is_arrow(row) && row->label)
			span_need(layout, MIN(row->from, row->to), MAX(row->from, row->to),
				  figure_label_width(row) + 2 * LABEL_SPACE);
	}
	for (guint i = 0; i < figure->rows->len; i++) {
		const FigureRow *row = figure_row(figure, i);
		g_autoptr(GPtrArray) lines = NULL;

		if (row->row.kind != ROW_NOTE || !row->label)
			continue;
		lines = svg_text_wrap(row->label, FACE_PLAIN, FIGURE_NOTE_SIZE, NOTE_LEAST, FALSE);
		span_need(layout, 0, layout->n_lanes - 1,
			  lines_width(lines, FACE_PLAIN, FIGURE_NOTE_SIZE) + 2 * HEAD_SPACE);
	}
}

/* Numbers and times stand left of everything. A width that was asked for and is more than what is
 * needed makes the arrows longer. */
static void
place_lanes(FigureLayout *layout)
{
	FigureWidths *widths = layout->widths;
	double number = 0, time = 0, x = FIGURE_MARGIN, width;

	for (guint i = 0; i < layout->figure->rows->len; i++) {
		const FigureRow *row = figure_row(layout->figure, i);
		g_autofree char *text = row->number ? g_strdup_printf("%u.", row->number) : NULL;

		number = MAX(number, svg_text_width(text, FACE_MONO, FIGURE_TIME_SIZE));
		time = MAX(time, svg_text_width(row->time, FACE_MONO, FIGURE_TIME_SIZE));
	}
	if (number > 0)
		x += number + COLUMN_SPACE;
	widths->number_x = x - COLUMN_SPACE;
	if (time > 0)
		x += MAX(time, 64) + COLUMN_SPACE;
	widths->time_x = x - COLUMN_SPACE;
	width = x + FIGURE_MARGIN;
	for (guint gap = 0; gap <= layout->n_lanes; gap++)
		width += ceil(widths->gap[gap]);
	for (guint gap = 1; layout->options->width > width && gap < layout->n_lanes; gap++)
		widths->gap[gap] += (layout->options->width - width) / (layout->n_lanes - 1);
	for (guint lane = 0; lane < layout->n_lanes; lane++) {
		x += ceil(widths->gap[lane]);
		widths->lane_x[lane] = x;
	}
	widths->width = x + ceil(widths->gap[layout->n_lanes]) + FIGURE_MARGIN;
}

/* From the row before; a clock that goes backwards passes no time. */
static double
time_passed(const Figure *figure, guint index)
{
	double from_ns = (double)figure_row(figure, index - 1)->row.time_ns;

	return MAX((double)figure_row(figure, index)->row.time_ns - from_ns, 0);
}

static void
measure_widths(FigureLayout *layout)
{
	const Figure *figure = layout->figure;
	FigureWidths *widths = layout->widths;
	double *head = widths->head_width;
	guint deepest = 0;

	memset(widths->gap, 0, (layout->n_lanes + 1) * sizeof *widths->gap);
	for (guint i = 0; i < figure->bars->len; i++)
		deepest = MAX(deepest, figure_bar(figure, i)->depth + 1);
	widths->bar_room = deepest * BAR_STEP + TEXT_SPACE;
	for (guint lane = 0; lane < layout->n_lanes; lane++) {
		const char *name = g_ptr_array_index(figure->lanes, lane);

		head[lane] = svg_text_width(name, FACE_BOLD, FIGURE_HEAD_SIZE) + 2 * HEAD_SPACE;
		gap_need(layout, lane,
			 lane == 0 ? head[0] / 2 : (head[lane - 1] + head[lane]) / 2 + HEAD_SPACE);
	}
	gap_need(layout, layout->n_lanes, head[layout->n_lanes - 1] / 2);
	for (guint gap = 1; gap < layout->n_lanes; gap++)
		gap_need(layout, gap, layout->n_lanes == 2 ? GAP_OF_TWO : GAP_LEAST);
	for (guint i = 0; i < 2 * figure->rows->len; i++) {
		const FigureRow *row = figure_row(figure, i / 2);
		Side side = i % 2;
		double call = svg_text_width(row->cell[side].call, FACE_MONO, FIGURE_CALL_SIZE);
		double state = svg_text_width(row->cell[side].state, FACE_BOLD, FIGURE_STATE_SIZE);
		guint gap = row->lane[side] + !figure_row_is_left(row, side);
		gboolean inside = gap > 0 && gap < layout->n_lanes;

		if (MAX(call, state) > 0)
			gap_need(layout, gap,
				 MAX(call, state) + widths->bar_room * (inside ? 2 : 1) +
				     (inside ? TEXT_SPACE : 0));
	}
	measure_spans(layout);
	place_lanes(layout);
	widths->passed_ns = 0;
	for (guint i = 1; i < figure->rows->len; i++)
		widths->passed_ns += time_passed(figure, i);
	widths->known = TRUE;
	widths->asked = layout->options->width;
}

static void
place_clear(gpointer data)
{
	g_clear_pointer(&((FigurePlace *)data)->note, g_ptr_array_unref);
}

/* How far a row reaches; `y` of a cell is where its arrow touches. */
static void
row_extent(const FigureRow *row, const FigurePlace *place, double slant, double *above,
	   double *below)
{
	*above = ABOVE_TEXT;
	*below = BELOW_TEXT;
	if (row->transit.way == TRANSIT_ARRIVES) {
		*below = BELOW_LABEL;
	} else if (figure_row_is_arrow(row)) {
		*above = ABOVE_LABEL;
		*below += slant;
	}
	if (place->note)
		*above = *below = place->note->len * FIGURE_LINE_HEIGHT / 2 + 5;
	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		const FigureCell *cell = &row->cell[side];
		double lower = figure_row_is_arrow(row) && side != row->row.from ? slant : 0;

		if (cell->call && cell->state) {
			*above = MAX(*above, ABOVE_TWO);
			*below = MAX(*below, lower + BELOW_TWO);
		}
	}
}

/* A label over other lanes stands in the gap between lifelines nearest to the arrow's middle, where
 * that one has room for it; else it lies over them. */
static void
place_label(const FigureLayout *layout, const FigureRow *row, FigurePlace *place)
{
	const double *lane_x = layout->lane_x;
	Side from = row->row.from;
	guint low = MIN(row->from, row->to), high = MAX(row->from, row->to);
	double x1 = lane_x[row->from], x2 = lane_x[row->to];
	double y1 = place->y[from], y2 = place->y[!from];
	double angle = atan2(y2 - y1, fabs(x2 - x1)), middle = (x1 + x2) / 2, x = middle;
	double best = G_MAXDOUBLE, room = 0;
	gboolean broad = row->role == ROLE_FIN || row->role == ROLE_RST;
	double raise = LABEL_RAISE + (broad ? RAISE_BROAD : 0);

	if (x2 < x1)
		angle = -angle;
	place->angle = angle * 180 / G_PI;
	for (guint lane = low; row->label && lane < high; lane++) {
		double centre = (lane_x[lane] + lane_x[lane + 1]) / 2;

		if (fabs(centre - middle) >= best - 0.5)
			continue;
		best = fabs(centre - middle);
		x = centre;
		room = lane_x[lane + 1] - lane_x[lane];
	}
	place->over = row->label && high - low > 1 &&
		      room < figure_label_width(row) + 2 * layout->widths->bar_room;
	if (place->over)
		x = middle;
	place->label_x = x + raise * sin(angle);
	place->label_y = y1 + (y2 - y1) * (x - x1) / (x2 - x1) - raise * cos(angle);
}

/* Returns where the rows end. `slots`: the far end's times between them; NULL none. Else the
 * room before a row may be in proportion to the time passed. */
static double
place_rows(FigureLayout *layout, double y, FigureSlots *slots)
{
	const Figure *figure = layout->figure;
	double slant = layout->options->slant == FIGURE_SLANT_SCHEMATIC ? SLANT : 0;
	double whole_ns = layout->options->proportional ? layout->widths->passed_ns : 0;
	double note_room = layout->lane_x[layout->n_lanes - 1] - layout->lane_x[0] - 2 * HEAD_SPACE;

	for (guint i = layout->first; i < layout->first + layout->n_rows; i++) {
		const FigureRow *row = figure_row(figure, i);
		FigurePlace place = { 0 };
		double above, below;

		if (row->row.kind == ROW_NOTE && row->label) {
			place.note = svg_text_wrap(row->label, FACE_PLAIN, FIGURE_NOTE_SIZE,
						   note_room, FALSE);
			place.note_width = lines_width(place.note, FACE_PLAIN, FIGURE_NOTE_SIZE);
		}
		row_extent(row, &place, slant, &above, &below);
		if (i > layout->first && whole_ns > 0)
			y += time_passed(figure, i) / whole_ns * figure->rows->len * TIME_ROOM;
		place.axis = slots ? figure_slots_axis(slots, row->row.time_ns, y + above)
				   : floor(y + above) + 0.5;
		for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
			place.y[side] =
			    place.axis +
			    (figure_row_is_arrow(row) && side != row->row.from ? slant : 0);
		if (place.note)
			place.note_y =
			    place.axis + 4 - (place.note->len - 1) * FIGURE_LINE_HEIGHT / 2;
		g_array_append_val(layout->places, place);
		y = place.axis + below + ROW_SPACE;
	}
	return y;
}

/* Labels, calls and states, once it is known where the arrows touch. */
static void
place_texts(FigureLayout *layout)
{
	for (guint i = 0; i < layout->n_rows; i++) {
		const FigureRow *row = figure_row(layout->figure, layout->first + i);
		FigurePlace *place = figure_place(layout, i);

		for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
			const FigureCell *cell = &row->cell[side];
			double room = layout->widths->bar_room, middle = place->y[side];

			place->text_x[side] = layout->lane_x[row->lane[side]] +
					      (figure_row_is_left(row, side) ? -room : room);
			place->call_y[side] = cell->state ? middle - 4 : middle + 4;
			place->state_y[side] = cell->call ? middle + 10 : middle + 4;
		}
		if (!figure_row_is_arrow(row))
			continue;
		if (figure_slant_is_true(row))
			figure_slant_label(layout, row, row->label ? figure_label_width(row) : 0,
					   place);
		else
			place_label(layout, row, place);
	}
	if (layout->options->slant == FIGURE_SLANT_TRUE)
		figure_slant_cells(layout);
}

/* Where a bar of that lane begins or ends on a row: at the arrow, where it has one. */
static double
bar_end(const FigureLayout *layout, guint index, guint lane)
{
	const FigureRow *row = figure_row(layout->figure, index);

	return figure_place(layout, index - layout->first)->y[row->lane[SIDE_SERVER] == lane];
}

/* Bars stand outside their lifeline: a client's to the left. */
static void
place_bars(FigureLayout *layout)
{
	guint end = layout->first + layout->n_rows;
	g_autoptr(GArray) bars = figure_bars_on(layout->figure, layout->first, end);

	for (guint i = 0; i < bars->len; i++) {
		const FigureBar *bar = figure_bar(layout->figure, g_array_index(bars, guint, i));
		double lane_x = layout->lane_x[bar->lane], inner = 2 + bar->depth * BAR_STEP;
		FigureBarPlace place = { .y = layout->top, .open = bar->open || bar->last >= end };
		double bottom = place.open ? layout->bottom : bar_end(layout, bar->last, bar->lane);

		place.x = ladder_lane_is_server(layout->figure->ladder, bar->lane)
			      ? lane_x + inner
			      : lane_x - inner - FIGURE_BAR_WIDTH;
		if (bar->first >= layout->first && !(bar->before && bar->first == 0))
			place.y = bar_end(layout, bar->first, bar->lane);
		place.height = MAX(bottom - place.y, 1);
		g_array_append_val(layout->bars, place);
	}
}

/* ---- over and below the ladder ---- */

/* The caption, on the last page; what the reader has to know about how the figure was drawn; and
 * which page it is. Returns where that ends. */
static double
place_foot(FigureLayout *layout, double y)
{
	const Figure *figure = layout->figure;
	const FigureOptions *options = layout->options;
	guint pages = figure_n_pages(figure, options);
	GPtrArray *foot;

	if (figure->caption && layout->first + layout->n_rows >= figure->rows->len) {
		layout->caption = svg_text_wrap(figure->caption, FACE_PLAIN, FIGURE_NOTE_SIZE,
						layout->width - 2 * FIGURE_MARGIN, FALSE);
		y += 10;
		layout->caption_y = y + FIGURE_NOTE_SIZE;
		y += layout->caption->len * FIGURE_LINE_HEIGHT;
	}
	layout->foot = foot = g_ptr_array_new_with_free_func(g_free);
	if (options->slant == FIGURE_SLANT_SCHEMATIC)
		g_ptr_array_add(foot, g_strdup(_("Slant not to scale.")));
	if (options->slant == FIGURE_SLANT_TRUE)
		figure_slant_foot(figure, options, foot);
	if (options->proportional)
		g_ptr_array_add(
		    foot, g_strdup(_("The space between rows grows with the time between them.")));
	if (pages > 1)
		g_ptr_array_add(foot,
				g_strdup_printf(_("Page %u of %u"), options->page + 1, pages));
	if (foot->len > 0) {
		layout->foot_y = y + 8 + FIGURE_NOTE_SIZE;
		y += 8 + foot->len * FIGURE_LINE_HEIGHT;
	}
	return y;
}

static void
measure_heights(FigureLayout *layout)
{
	const char *title = layout->first == 0 ? layout->figure->title : NULL;
	double y = FIGURE_MARGIN, end = 0, widest;

	if (title) {
		layout->title = svg_text_wrap(title, FACE_BOLD, FIGURE_TITLE_SIZE,
					      layout->width - 2 * FIGURE_MARGIN, FALSE);
		layout->title_y = y + FIGURE_TITLE_SIZE;
		y += layout->title->len * (FIGURE_TITLE_SIZE + 5) + 12;
	}
	layout->head_y = y + HEAD_HEIGHT / 2;
	layout->top = y + HEAD_HEIGHT;
	y = layout->top + 8;
	if (layout->options->slant != FIGURE_SLANT_TRUE) {
		y = place_rows(layout, y, NULL);
	} else if (layout->options->proportional) {
		y = place_rows(layout, y + figure_slant_room(layout), NULL);
		end = figure_slant_place(layout);
	} else {
		FigureSlots slots = figure_slots_of(layout);

		y = place_rows(layout, y, &slots);
		end = figure_slots_place(&slots, layout);
	}
	layout->bottom = MAX(y, end) + 4;
	place_texts(layout);
	layout->height = ceil(place_foot(layout, layout->bottom) + FIGURE_MARGIN);

	/* A word may be wider than its line. */
	widest = lines_width(layout->title, FACE_BOLD, FIGURE_TITLE_SIZE);
	widest = MAX(widest, lines_width(layout->caption, FACE_PLAIN, FIGURE_NOTE_SIZE));
	widest = MAX(widest, lines_width(layout->foot, FACE_PLAIN, FIGURE_NOTE_SIZE));
	layout->width = ceil(MAX(layout->width, widest + 2 * FIGURE_MARGIN));
}

FigureLayout *
figure_layout_new(const Figure *figure, const FigureOptions *options)
{
	FigureLayout *layout = g_new0(FigureLayout, 1);
	FigureWidths *widths = figure->widths;
	guint per_page = options->rows_per_page;

	layout->figure = figure;
	layout->options = options;
	layout->widths = widths;
	layout->n_lanes = figure->lanes->len;
	layout->first = options->page * per_page;
	layout->n_rows = figure->rows->len - layout->first;
	if (per_page > 0)
		layout->n_rows = MIN(layout->n_rows, per_page);
	layout->places = g_array_new(FALSE, FALSE, sizeof(FigurePlace));
	g_array_set_clear_func(layout->places, place_clear);
	layout->bars = g_array_new(FALSE, FALSE, sizeof(FigureBarPlace));
	if (!widths->known || widths->asked != options->width)
		measure_widths(layout);
	layout->lane_x = widths->lane_x;
	layout->head_width = widths->head_width;
	layout->width = widths->width;
	measure_heights(layout);
	layout->scale = options->width > 0 ? options->width / layout->width : 1;
	place_bars(layout);
	return layout;
}

void
figure_layout_free(FigureLayout *layout)
{
	g_clear_pointer(&layout->title, g_ptr_array_unref);
	g_clear_pointer(&layout->caption, g_ptr_array_unref);
	g_clear_pointer(&layout->foot, g_ptr_array_unref);
	g_array_unref(layout->places);
	g_array_unref(layout->bars);
	g_free(layout);
}
