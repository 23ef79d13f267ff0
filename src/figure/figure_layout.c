#include "figure_layout.h"

#include <math.h>

#include "figure_bars.h"
#include "figure_slant.h"
#include "figure_titles.h"
#include "pktladder/i18n.h"
#include "pktladder/svg.h"

#define COLUMN_SPACE  16.0 /* between number, time and gutter */
#define TEXT_SPACE    8.0  /* between a lifeline or bar and a text */
#define LABEL_SPACE   26.0 /* of an arrow, at either end of its label */
#define GAP_LEAST     150.0
#define GAP_OF_TWO    260.0
#define HEAD_HEIGHT   28.0
#define HEAD_SPACE    14.0 /* within a head, at either end of its text; and between heads */
#define ROW_SPACE     5.0
#define LABEL_RAISE   7.5  /* of its baseline, over the line */
#define RAISE_BROAD   1.5  /* more, over a double line or one with ticks */
#define SLANT	      18.0
#define TIME_ROOM     34.0 /* --spacing time: so much a row, on an average */
#define NOTE_LEAST    240.0
#define BAR_STEP      (FIGURE_BAR_WIDTH + 2) /* from one to the next beside it */

/* Of what reaches above and below a row's axis. */
#define ABOVE_LABEL 22.0
#define BELOW_LABEL 20.0 /* of one below its arrow */
#define ABOVE_TEXT  11.0
#define BELOW_TEXT  8.0
#define ABOVE_TWO   15.0 /* call and state, one below the other */
#define BELOW_TWO   14.0

/* ---- widths ---- */

struct _FigureWidths {
	gboolean known;
	guint asked;	/* of the options: the width of all */
	double width;
	double number_x, time_x; /* right ends */
	double *lane_x, *head_width; /* by lane */
	double bar_room; /* beside each lifeline */
	double passed_ns; /* from row to row: more than from the first to the last one where a
			     clock goes to and fro */
	FigureBars *bars;
};

typedef struct {
	const Figure *figure;
	const FigureOptions *options;
	FigureWidths *widths;
	FigureLayout *layout;
	guint n_lanes;
	double *gap;	/* before each lane; the last one: behind the last lane */
} Measure;

static double
cell_width(const FigureCell *cell)
{
	double call = cell->call ? svg_text_width(cell->call, FACE_MONO, FIGURE_CALL_SIZE) : 0;
	double state = cell->state ? svg_text_width(cell->state, FACE_BOLD, FIGURE_STATE_SIZE) : 0;

	return MAX(call, state);
}

static void
gap_need(Measure *measure, guint gap, double width)
{
	measure->gap[gap] = MAX(measure->gap[gap], width);
}

static void
measure_cells(Measure *measure, const FigureRow *row)
{
	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		double width = cell_width(&row->cell[side]);
		guint lane = row->lane[side];
		guint gap = figure_row_is_left(row, side) ? lane : lane + 1;
		gboolean inside = gap > 0 && gap < measure->n_lanes;

		if (width > 0)
			gap_need(measure, gap,
				 width + measure->widths->bar_room * (inside ? 2 : 1) + (inside ? TEXT_SPACE : 0));
	}
}

/* What lacks between two lanes is shared by the gaps between them. */
static void
span_need(Measure *measure, guint from, guint to, double width)
{
	double have = 0;

	for (guint gap = from + 1; gap <= to; gap++)
		have += measure->gap[gap];
	for (guint gap = from + 1; have < width && gap <= to; gap++)
		measure->gap[gap] += (width - have) / (to - from);
}

double
figure_label_width(const FigureRow *row)
{
	/* The face of a row's label: what is wrong stands out without a colour. */
	return svg_text_width(
	    row->label, row->role == ROLE_PROBLEM || row->role == ROLE_RST ? FACE_BOLD : FACE_PLAIN,
	    FIGURE_LABEL_SIZE);
}

static void
measure_spans(Measure *measure)
{
	const Figure *figure = measure->figure;

	for (guint i = 0; i < figure->rows->len; i++) {
		const FigureRow *row = figure_row(figure, i);
		guint from = MIN(row->from, row->to), to = MAX(row->from, row->to);

		if (figure_row_is_arrow(row) && row->label)
			span_need(measure, from, to,
				  figure_label_width(row) + 2 * LABEL_SPACE);
	}
}

/* Numbers and times, left of everything. Returns where they end. */
static double
measure_columns(Measure *measure)
{
	FigureWidths *widths = measure->widths;
	double number = 0, time = 0, x = FIGURE_MARGIN;

	for (guint i = 0; i < measure->figure->rows->len; i++) {
		const FigureRow *row = figure_row(measure->figure, i);
		g_autofree char *text = row->number ? g_strdup_printf("%u.", row->number) : NULL;

		if (text)
			number = MAX(number, svg_text_width(text, FACE_MONO, FIGURE_TIME_SIZE));
		if (row->time)
			time = MAX(time, svg_text_width(row->time, FACE_MONO, FIGURE_TIME_SIZE));
	}
	if (number > 0)
		x += number + COLUMN_SPACE;
	widths->number_x = x - COLUMN_SPACE;
	if (time > 0)
		x += MAX(time, 64) + COLUMN_SPACE;
	widths->time_x = x - COLUMN_SPACE;
	return x;
}

/* A width that was asked for and is more than what is needed makes the arrows longer. */
static void
place_lanes(Measure *measure)
{
	FigureWidths *widths = measure->widths;
	double x = measure_columns(measure), width = x + FIGURE_MARGIN;

	for (guint gap = 0; gap <= measure->n_lanes; gap++)
		width += ceil(measure->gap[gap]);
	for (guint gap = 1; measure->options->width > width && gap < measure->n_lanes; gap++)
		measure->gap[gap] += (measure->options->width - width) / (measure->n_lanes - 1);
	for (guint lane = 0; lane < measure->n_lanes; lane++) {
		x += ceil(measure->gap[lane]);
		widths->lane_x[lane] = x;
	}
	widths->width = x + ceil(measure->gap[measure->n_lanes]) + FIGURE_MARGIN;
}

/* From the row before; a clock that goes backwards passes no time. */
static double
time_passed(const Figure *figure, guint index)
{
	double from_ns = (double)figure_row(figure, index - 1)->row.time_ns;

	return MAX((double)figure_row(figure, index)->row.time_ns - from_ns, 0);
}

static void
measure_widths(Measure *measure)
{
	g_autofree double *gaps = g_new0(double, measure->n_lanes + 1);

	measure->gap = gaps;
	if (!measure->widths->bars)
		measure->widths->bars = figure_bars_new(measure->figure);
	measure->widths->bar_room =
		figure_bars_deepest(measure->widths->bars) * BAR_STEP + TEXT_SPACE;

	double *head = measure->widths->head_width;

	for (guint lane = 0; lane < measure->n_lanes; lane++) {
		const char *name = g_ptr_array_index(measure->figure->lanes, lane);

		head[lane] = svg_text_width(name, FACE_BOLD, FIGURE_HEAD_SIZE) + 2 * HEAD_SPACE;
		gap_need(measure, lane,
			 lane == 0 ? head[0] / 2 : (head[lane - 1] + head[lane]) / 2 + HEAD_SPACE);
	}
	gap_need(measure, measure->n_lanes, head[measure->n_lanes - 1] / 2);
	for (guint gap = 1; gap < measure->n_lanes; gap++)
		gap_need(measure, gap, measure->n_lanes == 2 ? GAP_OF_TWO : GAP_LEAST);
	for (guint i = 0; i < measure->figure->rows->len; i++)
		measure_cells(measure, figure_row(measure->figure, i));
	measure_spans(measure);
	for (guint i = 0; i < measure->figure->rows->len; i++) {
		const FigureRow *row = figure_row(measure->figure, i);
		g_autoptr(GPtrArray) lines = NULL;

		if (row->row.kind != ROW_NOTE || !row->label)
			continue;
		lines = svg_text_wrap(row->label, FACE_PLAIN, FIGURE_NOTE_SIZE, NOTE_LEAST, FALSE);
		for (guint line = 0; line < lines->len; line++)
			span_need(measure, 0, measure->n_lanes - 1,
				  svg_text_width(g_ptr_array_index(lines, line), FACE_PLAIN,
						    FIGURE_NOTE_SIZE) + 2 * HEAD_SPACE);
	}
	place_lanes(measure);
	measure->widths->passed_ns = 0;
	for (guint i = 1; i < measure->figure->rows->len; i++)
		measure->widths->passed_ns += time_passed(measure->figure, i);
	measure->widths->known = TRUE;
	measure->widths->asked = measure->options->width;
}

FigureWidths *
figure_widths_new(const Figure *figure)
{
	FigureWidths *widths = g_new0(FigureWidths, 1);

	widths->lane_x = g_new0(double, figure->lanes->len);
	widths->head_width = g_new0(double, figure->lanes->len);
	return widths;
}

void
figure_widths_free(FigureWidths *widths)
{
	g_free(widths->lane_x);
	g_free(widths->head_width);
	figure_bars_free(widths->bars);
	g_free(widths);
}

/* As they are measured: of another width they are so anew. */
static void
take_widths(Measure *measure)
{
	FigureWidths *widths = measure->widths;
	FigureLayout *layout = measure->layout;

	if (!widths->known || widths->asked != measure->options->width)
		measure_widths(measure);
	layout->lane_x = widths->lane_x;
	layout->head_width = widths->head_width;
	layout->number_x = widths->number_x;
	layout->time_x = widths->time_x;
	layout->width = widths->width;
	layout->left = FIGURE_MARGIN;
}

/* ---- heights ---- */

static void
place_clear(gpointer data)
{
	g_clear_pointer(&((FigurePlace *)data)->note, g_ptr_array_unref);
}

static void
note_wrap(const Measure *measure, const FigureRow *row, FigurePlace *place)
{
	const FigureLayout *layout = measure->layout;
	double room = layout->lane_x[measure->n_lanes - 1] - layout->lane_x[0] - 2 * HEAD_SPACE;

	place->note = svg_text_wrap(row->label, FACE_PLAIN, FIGURE_NOTE_SIZE, room, FALSE);
	for (guint i = 0; i < place->note->len; i++)
		place->note_width = MAX(place->note_width,
					svg_text_width(g_ptr_array_index(place->note, i), FACE_PLAIN,
							  FIGURE_NOTE_SIZE));
}

/* How far a row reaches; `y` of a cell is where its arrow touches. */
static void
row_extent(const FigureRow *row, const FigurePlace *place, double slant, double *above, double *below)
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

/* The middle of a label over other lanes: of the gap between lifelines nearest to
 * the arrow's middle, where that one has room for it; else it lies over them. */
static double
label_middle(const Measure *measure, const FigureRow *row, gboolean *over)
{
	const double *lane_x = measure->layout->lane_x;
	guint from = MIN(row->from, row->to), to = MAX(row->from, row->to);
	double middle = (lane_x[from] + lane_x[to]) / 2, best = G_MAXDOUBLE;
	double width = figure_label_width(row);
	double x = middle;

	*over = to - from > 1;
	for (guint lane = from; *over && lane < to; lane++) {
		double centre = (lane_x[lane] + lane_x[lane + 1]) / 2;

		if (fabs(centre - middle) < best - 0.5) {
			best = fabs(centre - middle);
			x = centre;
		}
	}
	for (guint lane = from; *over && lane < to; lane++) {
		if (lane_x[lane] < x && x < lane_x[lane + 1] &&
		    lane_x[lane + 1] - lane_x[lane] >= width + 2 * measure->widths->bar_room) {
			*over = FALSE;
			return x;
		}
	}
	return middle;
}

static void
place_label(const Measure *measure, const FigureRow *row, FigurePlace *place)
{
	const double *lane_x = measure->layout->lane_x;
	Side from = row->row.from;
	double x1 = lane_x[row->from], x2 = lane_x[row->to];
	double y1 = place->y[from], y2 = place->y[!from];
	double angle = atan2(y2 - y1, fabs(x2 - x1)), middle = (x1 + x2) / 2;
	gboolean broad = row->role == ROLE_FIN || row->role == ROLE_RST;
	double raise = LABEL_RAISE + (broad ? RAISE_BROAD : 0);

	if (x2 < x1)
		angle = -angle;
	place->angle = angle * 180 / G_PI;
	if (row->label)
		middle = label_middle(measure, row, &place->over);
	place->label_x = middle + raise * sin(angle);
	place->label_y = y1 + (y2 - y1) * (middle - x1) / (x2 - x1) - raise * cos(angle);
}

/* The room before a row that is in proportion to the time passed. */
static double
time_room(const Measure *measure, guint index)
{
	double whole = measure->widths->passed_ns;

	if (!measure->options->proportional || whole <= 0)
		return 0;
	return time_passed(measure->figure, index) / whole * measure->figure->rows->len * TIME_ROOM;
}

/* Returns where the rows end. `slots`: the far end's times between them; NULL none. */
static double
place_rows(Measure *measure, double y, FigureSlots *slots)
{
	FigureLayout *layout = measure->layout;
	double slant = measure->options->slant == FIGURE_SLANT_SCHEMATIC ? SLANT : 0;

	for (guint i = layout->first; i < layout->first + layout->n_rows; i++) {
		const FigureRow *row = figure_row(measure->figure, i);
		FigurePlace place = { 0 };
		double above, below;

		if (row->row.kind == ROW_NOTE && row->label)
			note_wrap(measure, row, &place);
		row_extent(row, &place, slant, &above, &below);
		if (i > layout->first)
			y += time_room(measure, i);
		place.axis = slots ? figure_slots_axis(slots, row->row.time_ns, y + above)
				   : floor(y + above) + 0.5;
		for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
			place.y[side] =
				place.axis + (figure_row_is_arrow(row) && side != row->row.from ? slant : 0);
		if (place.note)
			place.note_y = place.axis + 4 -
				       (place.note->len - 1) * FIGURE_LINE_HEIGHT / 2;
		g_array_append_val(layout->places, place);
		y = place.axis + below + ROW_SPACE;
	}
	return y;
}

/* What stands at the arrows, once it is known where they touch. */
static void
place_texts(Measure *measure)
{
	FigureLayout *layout = measure->layout;

	for (guint i = 0; i < layout->n_rows; i++) {
		const FigureRow *row = figure_row(measure->figure, layout->first + i);
		FigurePlace *place = &g_array_index(layout->places, FigurePlace, i);

		for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
			const FigureCell *cell = &row->cell[side];
			gboolean left = figure_row_is_left(row, side);
			double lane_x = measure->layout->lane_x[row->lane[side]];
			double middle = place->y[side];

			place->left[side] = left;
			place->text_x[side] = left ? lane_x - measure->widths->bar_room
						   : lane_x + measure->widths->bar_room;
			place->call_y[side] = cell->state ? middle - 4 : middle + 4;
			place->state_y[side] = cell->call ? middle + 10 : middle + 4;
		}
		if (!figure_row_is_arrow(row))
			continue;
		if (figure_slant_is_true(row))
			figure_slant_label(layout, row, place);
		else
			place_label(measure, row, place);
	}
	if (measure->options->slant == FIGURE_SLANT_TRUE)
		figure_slant_cells(layout, measure->figure);
}

/* Where a bar of that lane begins or ends on a row: at the arrow, where it has one. */
static double
bar_end(const Measure *measure, guint index, guint lane)
{
	const FigureRow *row = figure_row(measure->figure, index);
	const FigurePlace *place =
		&g_array_index(measure->layout->places, FigurePlace, index - measure->layout->first);

	return place->y[row->lane[SIDE_SERVER] == lane ? SIDE_SERVER : SIDE_CLIENT];
}

static void
place_bar(const Measure *measure, guint index)
{
	FigureLayout *layout = measure->layout;
	const FigureBar *bar = figure_bar(measure->figure, index);
	double inner = 2 + figure_bars_depth(measure->widths->bars, index) * BAR_STEP;
	FigureBarPlace place = { .y = layout->top };
	double bottom = layout->bottom;

	/* Bars of a lane stand outside, too: a client's to the left. */
	place.x = (!ladder_lane_is_server(measure->figure->ladder, bar->lane))
		      ? layout->lane_x[bar->lane] - inner - FIGURE_BAR_WIDTH
		      : layout->lane_x[bar->lane] + inner;
	if (bar->first >= layout->first && !(bar->before && bar->first == 0))
		place.y = bar_end(measure, bar->first, bar->lane);
	place.open = bar->open || bar->last >= layout->first + layout->n_rows;
	if (!place.open)
		bottom = bar_end(measure, bar->last, bar->lane);
	place.height = MAX(bottom - place.y, 1);
	g_array_append_val(layout->bars, place);
}

static void
place_bars(Measure *measure)
{
	const FigureLayout *layout = measure->layout;
	g_autoptr(GArray) bars = figure_bars_on(measure->widths->bars, layout->first,
						layout->first + layout->n_rows);

	for (guint i = 0; i < bars->len; i++)
		place_bar(measure, g_array_index(bars, guint, i));
}

/* Rows, and where their arrows touch. Returns where they end. */
static double
place_arrows(Measure *measure, double y)
{
	FigureLayout *layout = measure->layout;
	const Figure *figure = measure->figure;
	g_autoptr(FigureSlots) slots = NULL;
	double end;

	if (measure->options->slant != FIGURE_SLANT_TRUE)
		return place_rows(measure, y, NULL);
	if (measure->options->proportional) {
		y = place_rows(measure, y + figure_slant_room(layout, figure), NULL);
		end = figure_slant_place(layout, figure);
		return MAX(y, end);
	}
	slots = figure_slots_new(layout, figure);
	y = place_rows(measure, y, slots);
	end = figure_slots_place(slots, layout, figure); /* once: a second call finds no slot left */
	return MAX(y, end);
}

static void
measure_heights(Measure *measure)
{
	FigureLayout *layout = measure->layout;
	double y = figure_title_place(layout, measure->figure, FIGURE_MARGIN);

	layout->head_y = y + HEAD_HEIGHT / 2;
	layout->top = y + HEAD_HEIGHT;
	layout->bottom = place_arrows(measure, layout->top + 8) + 4;
	place_texts(measure);
	layout->height = ceil(figure_foot_place(layout, measure->figure, measure->options, layout->bottom) +
			      FIGURE_MARGIN);
	figure_titles_widen(layout);
	layout->width = ceil(layout->width);
}

FigureLayout *
figure_layout_new(const Figure *figure, const FigureOptions *options)
{
	FigureLayout *layout = g_new0(FigureLayout, 1);
	guint per_page = options->rows_per_page;
	Measure measure = { .figure = figure,
			    .options = options,
			    .widths = figure->widths,
			    .layout = layout,
			    .n_lanes = figure->lanes->len };

	layout->first = options->page * per_page;
	layout->n_rows = figure->rows->len - layout->first;
	if (per_page > 0)
		layout->n_rows = MIN(layout->n_rows, per_page);
	layout->places = g_array_new(FALSE, FALSE, sizeof(FigurePlace));
	g_array_set_clear_func(layout->places, place_clear);
	layout->bars = g_array_new(FALSE, FALSE, sizeof(FigureBarPlace));
	take_widths(&measure);
	measure_heights(&measure);
	place_bars(&measure);
	return layout;
}

void
figure_layout_free(FigureLayout *layout)
{
	if (!layout)
		return;
	g_clear_pointer(&layout->title, g_ptr_array_unref);
	g_clear_pointer(&layout->caption, g_ptr_array_unref);
	g_clear_pointer(&layout->foot, g_ptr_array_unref);
	g_array_unref(layout->places);
	g_array_unref(layout->bars);
	g_free(layout);
}
