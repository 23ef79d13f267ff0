/* SPDX-License-Identifier: MIT */
/* canvas.c - dots in character cells: braille, or half cells. */
#include "plot_private.h"

/* A piece of each series for a legend, in braille and without. Where there is no braille,
 * `halves` are a cell's lower half, its upper half, and both; two lines in one cell are that
 * of the series that was drawn last. */
static const struct {
	const char *braille, *plain, *halves;
} looks[N_SERIES] = {
	[SERIES_WINDOW] = { "⠒ ⠒", ", ,", ",\":" }, [SERIES_ACK] = { "⠒⠒⠒", "___", "_-+" },
	[SERIES_SACK] = { "⡇", "S", "ssS" },        [SERIES_DATA] = { "⡇", "|", ".'|" },
	[SERIES_AGAIN] = { "⡇", "#", "###" },       [SERIES_RTT] = { "⠂⠄", "o", "oo8" },
	[SERIES_GOODPUT] = { "⠒ ⠒", "_ _", "_-+" }, [SERIES_THROUGHPUT] = { "⠒⠒⠒", "...", ".'|" },
	[SERIES_FLIGHT] = { "⠒⠒⠒", "...", ".'|" },
};

guint
canvas_across(Glyphs glyphs)
{
	return glyphs == GLYPHS_UTF8 ? 2 : 1;
}

Canvas *
canvas_new(guint rows, guint columns, Glyphs glyphs)
{
	Canvas *canvas = g_new0(Canvas, 1);

	canvas->rows = rows;
	canvas->columns = columns;
	canvas->across = canvas_across(glyphs);
	canvas->down = glyphs == GLYPHS_UTF8 ? 4 : 2;
	canvas->dot_rows = rows * canvas->down;
	canvas->dot_columns = columns * canvas->across;
	canvas->glyphs = glyphs;
	canvas->dots = g_new0(guint8, rows * columns);
	canvas->series = g_new0(guint8, rows * columns);
	canvas->marks = g_array_new(FALSE, FALSE, sizeof(CanvasMark));
	return canvas;
}

void
canvas_free(Canvas *canvas)
{
	g_free(canvas->dots);
	g_free(canvas->series);
	g_array_unref(canvas->marks);
	g_free(canvas);
}

static guint
cell_of(const Canvas *canvas, guint x, guint y)
{
	return y / canvas->down * canvas->columns + x / canvas->across;
}

/* Braille numbers its dots down the left column, then the right one, and then
 * the row that came later (Unicode 15, 21.1). */
static void
canvas_dot(Canvas *canvas, guint x, guint y, SeriesKind series)
{
	static const guint8 dots[4][2] = {
		{ 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 }
	};
	guint cell = cell_of(canvas, x, y);

	canvas->dots[cell] |= canvas->glyphs == GLYPHS_UTF8 ? dots[y % 4][x % 2] : y % 2 ? 1 : 2;
	canvas->series[cell] = series + 1;
}

static gboolean
is_gap(const Canvas *canvas, guint along, SeriesKind series)
{
	return series_infos[series].dashed && along / canvas->across % 2 == 1;
}

void
canvas_vertical(Canvas *canvas, guint x, gint64 y, gint64 y2, SeriesKind series)
{
	gint64 first = MAX(MIN(y, y2), 0), last = MIN(MAX(y, y2), (gint64)canvas->dot_rows - 1);
	gboolean points = series_infos[series].shape == SHAPE_POINTS;
	gboolean solid = !series_infos[series].dashed && !points;
	guint8 whole = canvas->glyphs != GLYPHS_UTF8 ? 3 : x % 2 ? 0xb8 : 0x47; /* all its dots */

	if (x >= canvas->dot_columns)
		return;
	for (gint64 at = first; at <= last; at++) {
		if (solid && at % canvas->down == 0 && at + canvas->down - 1 <= last) {
			canvas->dots[cell_of(canvas, x, at)] |= whole;
			canvas->series[cell_of(canvas, x, at)] = series + 1;
			at += canvas->down - 1;
		} else if (at == last ||
			   !(is_gap(canvas, at, series) || (points && (at - first) % 2 == 1))) {
			canvas_dot(canvas, x, at, series);
		}
	}
}

void
canvas_horizontal(Canvas *canvas, guint x, guint x2, gint64 y, SeriesKind series)
{
	if (y < 0 || y >= (gint64)canvas->dot_rows)
		return;
	for (guint at = x; at <= MIN(x2, canvas->dot_columns - 1); at++) {
		if (!is_gap(canvas, at, series))
			canvas_dot(canvas, at, y, series);
	}
}

void
canvas_paint(const Canvas *canvas, Grid *grid, guint y, guint x)
{
	for (guint cell = 0; cell < canvas->rows * canvas->columns; cell++) {
		SeriesKind series = canvas->series[cell] - 1;
		guint8 dots = canvas->dots[cell];
		Glyph glyph;

		if (canvas->series[cell] == 0)
			continue;
		if (canvas->glyphs == GLYPHS_UTF8)
			glyph = 0x2800 + dots;
		else if (canvas->glyphs == GLYPHS_CONSOLE && series == SERIES_DATA)
			glyph =
			    U"▄▀█"[dots - 1]; /* its font has blocks, which bars are seen in best */
		else
			glyph = looks[series].halves[dots - 1];
		grid_put_glyph(grid, y + cell / canvas->columns, x + cell % canvas->columns, glyph,
			       series_infos[series].role);
	}
	for (guint i = 0; i < canvas->marks->len; i++) {
		const CanvasMark *mark = &g_array_index(canvas->marks, CanvasMark, i);
		MarkInfo info = mark_info(mark->kind);

		for (guint at = 0; info.text[at]; at++)
			grid_put_glyph(grid, y + mark->y, x + mark->x + at, info.text[at],
				       info.problem ? ROLE_PLOT_AGAIN : ROLE_KEY);
	}
}

const char *
canvas_sample(SeriesKind series, Glyphs glyphs)
{
	if (glyphs == GLYPHS_UTF8)
		return looks[series].braille;
	return glyphs == GLYPHS_CONSOLE && series == SERIES_DATA ? "█" : looks[series].plain;
}
