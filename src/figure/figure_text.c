/* figure_text.c - a figure as text, plain and coloured: what the screen shows. */
#include "figure_writers.h"
#include "pktladder/grid.h"
#include "pktladder/text.h"

#include <string.h>

/* Painted at a time: a grid has no more rows than this. */
#define CHUNK_ROWS 200

static void
scene_append(const Scene *scene, guint rows, const FigureOptions *options, gboolean colour,
	     GString *out)
{
	g_autoptr(Grid) grid = grid_new(rows, scene_width(scene));

	grid_paint(grid, scene, 0, 0, options->ascii ? GLYPHS_ASCII : GLYPHS_UTF8);
	if (colour)
		grid_to_ansi(grid, out);
	else
		grid_to_text(grid, out);
}

/* ---- columns for everything, whole ---- */

#define MIDDLE_LEAST 28
#define ARROW_CELLS  5 /* beside a label: see scene_row.c */
#define BESIDE	     2 /* between a gutter and its lifeline: a blank and the bar */

static void
need(guint *have, guint width)
{
	*have = MAX(*have, width);
}

static guint
cell_width(const FigureCell *cell)
{
	guint call = cell->call ? text_width(cell->call) : 0;
	guint state = cell->state ? text_width(cell->state) : 0;

	return call + state + (call > 0 && state > 0 ? 2 : 0);
}

static guint
label_width(const FigureRow *row)
{
	g_autofree char *number = row->number ? g_strdup_printf("%u. ", row->number) : g_strdup("");

	return (row->label ? text_width(row->label) : 0) + strlen(number);
}

/* What the gutters and the space between two lifelines need. */
static void
columns_measure(const Figure *figure, guint *gutter, guint *middle)
{
	guint across = 0, n_lanes = figure->lanes->len;

	*gutter = *middle = 0;
	for (guint i = 0; i < figure->rows->len; i++) {
		const FigureRow *row = figure_row(figure, i);

		need(row->row.kind == ROW_NOTE ? &across : middle, label_width(row) + ARROW_CELLS);
		for (guint side = 0; side < 2; side++)
			need(gutter, cell_width(&row->cell[side]));
	}
	need(middle, n_lanes > 2 ? *gutter + 2 * BESIDE + 1 : MIDDLE_LEAST);
	for (guint lane = 0; lane < n_lanes; lane++) {
		guint width = text_width(g_ptr_array_index(figure->lanes, lane)) + 1;

		if (n_lanes > 2)
			need(middle, width);
		else if (width > *middle / 2)
			need(gutter, width - *middle / 2);
	}
	if (across > 2 * *gutter + *middle)
		*middle = across - 2 * *gutter;
}

static SceneLayout
layout_whole(const Figure *figure, const FigureOptions *options)
{
	/* Of the time that is asked for: start and clock, or delta. */
	static const guint widths[N_FIGURE_TIMES] = {
		[FIGURE_TIME_DELTA] = 11,
		[FIGURE_TIME_START] = 10,
		[FIGURE_TIME_UTC] = 15,
		[FIGURE_TIME_LOCAL] = 15,
	};
	guint n_lanes = figure->lanes->len, gutter, middle;
	gboolean delta = options->time == FIGURE_TIME_DELTA;
	SceneLayout layout = scene_layout(
		scene_width_for_lanes(figure->calls, SCENE_TIME_START, SCENE_DELTA_OFF, n_lanes),
		figure->calls, SCENE_TIME_START, SCENE_DELTA_OFF, n_lanes);

	columns_measure(figure, &gutter, &middle);
	if (n_lanes <= 2)
		layout.beside = BESIDE;
	layout.time_x = 0;
	layout.time_width = delta ? 0 : widths[options->time];
	layout.delta_width = delta ? widths[options->time] : 0;
	scene_layout_place(&layout, gutter + BESIDE, middle + 1);
	layout.width = layout.gutter_x[1] + layout.gutter_width[1];
	layout.reduced = FALSE;
	return layout;
}

/* The screen's columns, without those of times that were not asked for. */
static SceneLayout
layout_of_width(const Figure *figure, const FigureOptions *options, SceneTime time, guint width)
{
	SceneDelta delta = options->time == FIGURE_TIME_NONE ? SCENE_DELTA_OFF : SCENE_DELTA_PREVIOUS;
	SceneLayout layout = scene_layout(width, figure->calls, time, delta, figure->lanes->len);
	guint left = layout.gutter_x[0];

	if (options->time == FIGURE_TIME_DELTA && layout.delta_width == 0)
		layout.delta_width = layout.time_width;
	if (options->time == FIGURE_TIME_DELTA || options->time == FIGURE_TIME_NONE)
		layout.time_width = 0;
	scene_layout_place(&layout, layout.gutter_width[0], layout.pitch);
	layout.width -= left - layout.gutter_x[0];
	return layout;
}

static SceneOptions
scene_options(const Figure *figure, const FigureOptions *options)
{
	static const SceneTime times[N_FIGURE_TIMES] = {
		[FIGURE_TIME_UTC] = SCENE_TIME_UTC,
		[FIGURE_TIME_LOCAL] = SCENE_TIME_LOCAL,
	};
	SceneOptions scene = { .selected_row = EVENT_NONE,
			       .mark_row = EVENT_NONE,
			       .time = times[options->time],
			       .no_states = !options->states,
			       .ascii = options->ascii };

	if (options->width == 0)
		scene.layout = layout_whole(figure, options);
	/* Wider than any grid, labels get shorter rather than be cut at its end. */
	if (options->width > 0 || scene.layout.width > GRID_COLUMNS_MAX)
		scene.layout = layout_of_width(figure, options, scene.time,
					       options->width > 0 ? options->width : GRID_COLUMNS_MAX);
	return scene;
}

static void
text_write(const Figure *figure, const FigureOptions *options, gboolean colour, GString *out)
{
	SceneOptions scene = scene_options(figure, options);
	g_autoptr(Scene) head = scene_head(figure->ladder, &scene);

	if (figure->title)
		g_string_append_printf(out, "%s\n\n", figure->title);
	scene_append(head, scene.layout.head_rows, options, colour, out);
	for (guint first = 0; first < figure->rows->len; first += scene.n_rows) {
		g_autoptr(Scene) rows = NULL;

		scene.first_row = figure_row(figure, first)->index;

		/* How many rows of the figure follow each other on the ladder, from one on. */
		guint n = 1;

		while (first + n < figure->rows->len && n < CHUNK_ROWS &&
		       figure_row(figure, first + n)->index == figure_row(figure, first)->index + n)
			n++;
		scene.n_rows = n;
		rows = scene_rows(figure->ladder, &scene);
		scene_append(rows, scene.n_rows, options, colour, out);
	}
	if (figure->caption)
		g_string_append_printf(out, "\n%s\n", figure->caption);
}

void
figure_write_text(const Figure *figure, const FigureOptions *options, GString *out)
{
	text_write(figure, options, FALSE, out);
}

void
figure_write_ansi(const Figure *figure, const FigureOptions *options, GString *out)
{
	text_write(figure, options, TRUE, out);
}
