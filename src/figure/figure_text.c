/* figure_text.c - a figure as text, plain and coloured: what the screen shows. */
#include "figure_writers.h"
#include "pktladder/grid.h"

/* Painted at a time: a grid has no more rows than this. */
#define CHUNK_ROWS 200

static void
scene_append(const Scene *scene, guint rows, const FigureOptions *options, gboolean colour,
	     GString *out)
{
	g_autoptr(Grid) grid = grid_new(rows, options->width);

	grid_paint(grid, scene, 0, 0, options->ascii ? GLYPHS_ASCII : GLYPHS_UTF8);
	if (colour)
		grid_to_ansi(grid, out);
	else
		grid_to_text(grid, out);
}

/* The scene knows clock times and times since the start; no time takes no column. */
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
			       .ascii = options->ascii };

	scene.layout = scene_layout_lanes(options->width, figure->calls, scene.time,
					  SCENE_DELTA_PREVIOUS, ladder_n_lanes(figure->ladder));
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
	for (guint first = 0; first < figure->rows->len; first += CHUNK_ROWS) {
		g_autoptr(Scene) rows = NULL;

		scene.first_row = first;
		scene.n_rows = MIN(figure->rows->len - first, CHUNK_ROWS);
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
