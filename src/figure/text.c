/* SPDX-License-Identifier: MIT */
/* text.c - a figure as text, plain and coloured: what the screen shows. */
#include "writers.h"
#include "pktladder/scene.h"
#include "pktladder/text.h"

#include <string.h>

/* Painted at a time: a grid has no more rows than this. */
#define CHUNK_ROWS 200

#define MIDDLE_LEAST 28
#define ARROW_CELLS  5 /* beside a label: see scene_row.c */
#define BESIDE       2 /* between a gutter and its lifeline: a space and the bar */

static void
need(guint *have, guint width)
{
	*have = MAX(*have, width);
}

static guint
width_of(const char *text)
{
	return text ? text_width(text) : 0;
}

/* The columns that the gutters and the space between two lifelines need. */
static void
columns_measure(const Figure *figure, guint *gutter, guint *middle)
{
	guint across = 0, n_lanes = figure->lanes->len;

	*gutter = *middle = 0;
	for (guint i = 0; i < figure->rows->len; i++) {
		const FigureRow *row = figure_row(figure, i);
		g_autofree char *number = g_strdup_printf("%u. ", row->number);

		need(row->row.kind == ROW_NOTE ? &across : middle,
		     width_of(row->label) + (row->number ? strlen(number) : 0) + ARROW_CELLS);
		for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
			guint call = width_of(row->cell[side].call);
			guint state = width_of(row->cell[side].state);

			need(gutter, call + state + (call > 0 && state > 0 ? 2 : 0));
		}
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
	static const guint widths[N_FIGURE_TIMES] = {
		[FIGURE_TIME_START] = 10, [FIGURE_TIME_UTC] = 15, [FIGURE_TIME_LOCAL] = 15
	};
	guint n_lanes = figure->lanes->len, gutter, middle;
	SceneLayout layout = scene_layout(
	    scene_width_for_lanes(figure->calls, SCENE_TIME_START, SCENE_DELTA_OFF, n_lanes),
	    figure->calls, SCENE_TIME_START, SCENE_DELTA_OFF, n_lanes);

	columns_measure(figure, &gutter, &middle);
	if (n_lanes <= 2)
		layout.beside = BESIDE;
	layout.time_x = 0;
	layout.time_width = widths[options->time];
	layout.delta_width = options->time == FIGURE_TIME_DELTA ? 11 : 0;
	scene_layout_place(&layout, gutter + BESIDE, middle + 1);
	layout.width = layout.gutter_x[1] + layout.gutter_width[1];
	layout.reduced = FALSE;
	return layout;
}

static SceneOptions
scene_options(const Figure *figure, const FigureOptions *options)
{
	SceneOptions scene = { .selected_row = EVENT_NONE,
			       .mark_row = EVENT_NONE,
			       .time = options->time - MIN(options->time, FIGURE_TIME_START),
			       .no_states = !options->states,
			       .glyphs = options->ascii ? GLYPHS_ASCII : GLYPHS_UTF8 };
	SceneLayout *layout = &scene.layout;

	if (options->width == 0)
		*layout = layout_whole(figure, options);
	/* Wider than any grid, labels get shorter rather than be cut at its end. */
	if (options->width == 0 && layout->width <= GRID_COLUMNS_MAX)
		return scene;
	/* The screen's columns, without those of times that were not asked for. */
	*layout = scene_layout(
	    options->width > 0 ? options->width : GRID_COLUMNS_MAX, figure->calls, scene.time,
	    options->time == FIGURE_TIME_NONE ? SCENE_DELTA_OFF : SCENE_DELTA_PREVIOUS,
	    figure->lanes->len);
	guint left = layout->gutter_x[0];
	if (options->time == FIGURE_TIME_DELTA && layout->delta_width == 0)
		layout->delta_width = layout->time_width;
	if (options->time == FIGURE_TIME_DELTA || options->time == FIGURE_TIME_NONE)
		layout->time_width = 0;
	scene_layout_place(layout, layout->gutter_width[0], layout->pitch);
	layout->width -= left - layout->gutter_x[0];
	return scene;
}

static void
text_write(const Figure *figure, const FigureOptions *options, gboolean styled, GString *out)
{
	SceneOptions scene = scene_options(figure, options);
	g_autoptr(Grid) head = grid_new(scene.layout.head_rows, scene.layout.width);

	scene.heads = figure->lanes;
	if (figure->title)
		g_string_append_printf(out, "%s\n\n", figure->title);
	scene_head_paint(figure->ladder, &scene, head, 0, 0);
	grid_to_text(head, styled, out);
	for (guint first = 0; first < figure->rows->len; first += scene.n_rows) {
		guint32 index = scene.first_row = figure_row(figure, first)->index;

		/* How many rows of the figure follow each other on the ladder. */
		scene.n_rows = 1;
		while (first + scene.n_rows < figure->rows->len && scene.n_rows < CHUNK_ROWS &&
		       figure_row(figure, first + scene.n_rows)->index == index + scene.n_rows)
			scene.n_rows++;
		g_autoptr(Grid) rows = grid_new(scene.n_rows, scene.layout.width);
		scene_rows_paint(figure->ladder, &scene, rows, 0, 0);
		grid_to_text(rows, styled, out);
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
