/* canvas.c - dots in character cells: braille, or half cells. */
#include "canvas.h"


/* Without braille: the lower half, the upper half, both; two lines in one cell
 * are that of the series that was drawn last. */
static const char *const halves[N_SERIES][3] = {
	[SERIES_WINDOW] = { ",", "\"", ":" },
	[SERIES_ACK] = { "_", "-", "+" },
	[SERIES_SACK] = { "s", "s", "S" },
	[SERIES_DATA] = { ".", "'", "|" },
	[SERIES_AGAIN] = { "#", "#", "#" },
	[SERIES_RTT] = { "o", "o", "8" },
	[SERIES_THROUGHPUT] = { ".", "'", "|" },
	[SERIES_GOODPUT] = { "_", "-", "+" },
	[SERIES_FLIGHT] = { ".", "'", "|" },
};

/* In a legend, as a line or a bar looks in braille. */
static const char *const samples[N_SERIES] = {
	[SERIES_WINDOW] = "⠒ ⠒", [SERIES_ACK] = "⠒⠒⠒",	[SERIES_SACK] = "⡇",
	[SERIES_DATA] = "⡇",	 [SERIES_AGAIN] = "⡇",	[SERIES_RTT] = "⠂⠄",
	[SERIES_THROUGHPUT] = "⠒⠒⠒", [SERIES_GOODPUT] = "⠒ ⠒", [SERIES_FLIGHT] = "⠒⠒⠒",
};

static const char *const samples_plain[N_SERIES] = {
	[SERIES_WINDOW] = ", ,", [SERIES_ACK] = "___",	[SERIES_SACK] = "S",
	[SERIES_DATA] = "|",	 [SERIES_AGAIN] = "#",	[SERIES_RTT] = "o",
	[SERIES_THROUGHPUT] = "...", [SERIES_GOODPUT] = "_ _", [SERIES_FLIGHT] = "...",
};

guint
canvas_across(Glyphs glyphs)
{
	return glyphs == GLYPHS_UTF8 ? 2 : 1;
}

static guint
canvas_down(Glyphs glyphs)
{
	return glyphs == GLYPHS_UTF8 ? 4 : 2;
}

void
canvas_init(Canvas *canvas, guint rows, guint columns, Glyphs glyphs)
{
	*canvas = (Canvas){
		.rows = rows,
		.columns = columns,
		.dot_rows = rows * canvas_down(glyphs),
		.dot_columns = columns * canvas_across(glyphs),
		.glyphs = glyphs,
		.dots = g_new0(guint8, rows * columns),
		.series = g_new0(guint8, rows * columns),
	};
}

void
canvas_clear(Canvas *canvas)
{
	g_free(canvas->dots);
	g_free(canvas->series);
}

/* Braille numbers its dots down the left column, then the right one, and then
 * the row that came later (Unicode 15, 21.1). */
static guint8
dot_bit(const Canvas *canvas, guint x, guint y)
{
	static const guint8 braille[4][2] = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };

	if (canvas->glyphs == GLYPHS_UTF8)
		return braille[y % 4][x % 2];
	return y % 2 ? 1 : 2;
}

static guint
cell_of(const Canvas *canvas, guint x, guint y)
{
	return y / canvas_down(canvas->glyphs) * canvas->columns + x / canvas_across(canvas->glyphs);
}

static void
canvas_dot(Canvas *canvas, guint x, guint y, SeriesKind series)
{
	guint cell = cell_of(canvas, x, y);

	canvas->dots[cell] |= dot_bit(canvas, x, y);
	canvas->series[cell] = series + 1;
}

/* From `y` to `y2`, both within: a cell at a time, where it is one as a whole. */
static void
canvas_line(Canvas *canvas, guint x, guint y, guint y2, SeriesKind series)
{
	guint down = canvas_down(canvas->glyphs);
	guint8 whole = canvas->glyphs != GLYPHS_UTF8 ? 3 : x % 2 ? 0xb8 : 0x47; /* dot_bit() of all */

	while (y <= y2) {
		guint cell = cell_of(canvas, x, y);

		if (y % down == 0 && y + down - 1 <= y2) {
			canvas->dots[cell] |= whole;
			canvas->series[cell] = series + 1;
			y += down;
		} else {
			canvas_dot(canvas, x, y++, series);
		}
	}
}

static gboolean
is_gap(const Canvas *canvas, guint along, SeriesKind series)
{
	guint across = canvas_across(canvas->glyphs);

	return series_infos[series].dashed && along / across % 2 == 1;
}

void
canvas_vertical(Canvas *canvas, guint x, gint64 y, gint64 y2, SeriesKind series)
{
	gint64 first = MAX(MIN(y, y2), 0), last = MIN(MAX(y, y2), (gint64)canvas->dot_rows - 1);

	if (x >= canvas->dot_columns || first > last)
		return;
	if (!series_infos[series].dashed && series_infos[series].shape != SHAPE_POINTS) {
		canvas_line(canvas, x, first, last, series);
		return;
	}
	for (gint64 at = first; at <= last; at++) {
		gboolean between = series_infos[series].shape == SHAPE_POINTS && (at - first) % 2 == 1;

		if ((!is_gap(canvas, at, series) && !between) || first == last || at == last)
			canvas_dot(canvas, x, at, series);
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

/* The console's font has blocks, which bars are seen in best. */
static gunichar
cell_glyph(const Canvas *canvas, guint cell)
{
	static const char *const blocks[] = { "▄", "▀", "█" };
	SeriesKind series = canvas->series[cell] - 1;

	if (canvas->glyphs == GLYPHS_UTF8)
		return 0x2800 + canvas->dots[cell];
	if (canvas->glyphs == GLYPHS_CONSOLE && series == SERIES_DATA)
		return g_utf8_get_char(blocks[canvas->dots[cell] - 1]);
	return g_utf8_get_char(halves[series][canvas->dots[cell] - 1]);
}

void
canvas_paint(const Canvas *canvas, Grid *grid, guint y, guint x)
{
	for (guint cell = 0; cell < canvas->rows * canvas->columns; cell++) {
		if (canvas->series[cell] == 0)
			continue;
		grid_put_glyph(grid, y + cell / canvas->columns, x + cell % canvas->columns,
			       cell_glyph(canvas, cell),
			       series_infos[canvas->series[cell] - 1].role);
	}
}

const char *
canvas_sample(SeriesKind series, Glyphs glyphs)
{
	if (glyphs == GLYPHS_UTF8)
		return samples[series];
	if (glyphs == GLYPHS_CONSOLE && series == SERIES_DATA)
		return "█";
	return samples_plain[series];
}
