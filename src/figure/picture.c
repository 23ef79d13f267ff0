/* SPDX-License-Identifier: MIT */
/* picture.c - the screen as a picture: SVG 1.1, and the table of what else it can be.
 *
 * Theory of operation of the SVG. Three layers: bands behind what is reversed; lines, of which each
 * cell knows its part, as paths, so that they join whatever the font; and words as real text. Words
 * stand where their cells are: a run of them begins at its own x, and textLength holds its end
 * there in browsers whose font is wider or narrower than the cells. All lines of one look are one
 * path. Colours are CSS, so that the picture is light or dark as its reader is; renderers that know
 * no media queries take the light ones.
 */
#include "pktladder/picture.h"

#include "pktladder/figure.h"
#include "pktladder/svg.h"

#define CELL_WIDTH  8 /* px */
#define CELL_HEIGHT 18
#define MARGIN      10
#define BASELINE    13  /* below the cell's top */
#define HALF_GAP    1.5 /* of a double line */

/* 0.602 of 13.3px are the cell's 8px: the advance of DejaVu Sans Mono and Menlo. */
static const char style_sheet[] =
    "svg { font: 13.3px \"DejaVu Sans Mono\", Menlo, \"Liberation Mono\", Consolas, monospace; }\n"
    ".band, .head, text { fill: currentColor; }\n"
    "text { white-space: pre; }\n"
    ".line { fill: none; stroke: currentColor; stroke-width: 1.2; }\n"
    ".heavy { stroke-width: 2.8; }\n"
    ".dashed { stroke-dasharray: 2.5 1.5; }\n"
    ".double { stroke-width: 1; }\n"
    ".bold { font-weight: bold; }\n"
    ".dim { opacity: .65; }\n";

static const char inks[] = "svg { color: %t; background: %p; }\n"
			   ".paper { fill: %p; }\n"
			   ".red { color: %v; }\n"
			   ".green { color: %g; }\n"
			   ".magenta { color: %u; }\n"
			   ".cyan { color: %d; }\n"
			   ".reverse { color: %p; }\n";

static int
left_of(guint x)
{
	return MARGIN + x * CELL_WIDTH;
}

static int
top_of(guint y)
{
	return MARGIN + y * CELL_HEIGHT;
}

/* "bold dim red": the colour of what is reversed is the band's. */
static void
append_classes(GString *out, const RoleStyle *style, gboolean text)
{
	static const char *const colours[8] = {
		[1] = "red", [2] = "green", [5] = "magenta", [6] = "cyan"
	};
	const char *colour = style->colour >= 0 ? colours[style->colour & 7] : NULL;
	const char *const words[] = { style->bold && text ? "bold" : NULL,
				      style->dim ? "dim" : NULL,
				      style->reverse ? "reverse" : colour };

	for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
		if (words[i])
			g_string_append_printf(out, "%s%s", out->len ? " " : "", words[i]);
	}
}

/* The path element of a class, as far as it is written; begun where the class comes up first. */
static GString *
lines_path(GPtrArray *lines, const char *kind, const RoleStyle *style)
{
	g_autoptr(GString) class = g_string_new(kind), open = g_string_new(NULL);

	append_classes(class, style, FALSE);
	g_string_printf(open, "<path class=\"%s\" d=\"", class->str);
	for (guint i = 0; i < lines->len; i++) {
		GString *path = g_ptr_array_index(lines, i);

		if (g_str_has_prefix(path->str, open->str))
			return path;
	}
	g_ptr_array_add(lines, open);
	return g_steal_pointer(&open);
}

static void
append_line(GString *path, gboolean down, double across, double from, double to)
{
	svg_point(path, 'M', down ? across : from, down ? from : across);
	svg_step(path, down ? 'V' : 'H', to);
}

/* The kind of line that goes through half-cell `half` of a row or column; 0 none. */
static guint
half_kind(const Grid *grid, gboolean down, guint along, guint half, RoleStyle *style)
{
	const Cell *cell = down ? cell_at(grid, half / 2, along) : cell_at(grid, along, half / 2);
	guint kind = cell->stroke >> (down ? 3 : 0) & STROKE_KINDS;

	*style = cell_style(cell);
	style->bold = FALSE;
	return kind != STROKE_HEAD && cell->stroke & (down ? STROKE_UP : STROKE_LEFT) << half % 2
		   ? kind
		   : 0;
}

/* The lines along one row or column: strokes that meet are one. */
static void
lines_along(const Grid *grid, gboolean down, guint along, GPtrArray *lines)
{
	static const char *const kinds[] = {
		[STROKE_LIGHT] = "line",         [STROKE_DASHED] = "line dashed",
		[STROKE_HEAVY] = "line heavy",   [STROKE_HEAVY_DASHED] = "line heavy dashed",
		[STROKE_DOUBLE] = "line double",
	};
	guint halves = 2 * (down ? grid->rows : grid->columns);
	double step = (down ? CELL_HEIGHT : CELL_WIDTH) / 2.0;
	double across =
	    down ? left_of(along) + CELL_WIDTH / 2.0 : top_of(along) + CELL_HEIGHT / 2.0;
	RoleStyle style, next;

	for (guint half = 0, end; half < halves; half = end) {
		guint kind = half_kind(grid, down, along, half, &style);

		for (end = half + 1; end < halves; end++) {
			if (half_kind(grid, down, along, end, &next) != kind ||
			    !role_style_equal(&style, &next))
				break;
		}
		if (!kind)
			continue;
		GString *path = lines_path(lines, kinds[kind], &style);
		double gap = kind == STROKE_DOUBLE ? HALF_GAP : 0;
		append_line(path, down, across - gap, MARGIN + half * step, MARGIN + end * step);
		if (gap > 0)
			append_line(path, down, across + gap, MARGIN + half * step,
				    MARGIN + end * step);
	}
}

/* The arrowhead of a cell that has one. Its tip touches the lifeline in the middle of the next
 * cell. */
static void
head_draw(const Grid *grid, guint y, guint x, GPtrArray *lines)
{
	guint stroke = cell_at(grid, y, x)->stroke;
	int direction = stroke & STROKE_RIGHT ? 1 : -1;
	double base = left_of(direction > 0 ? x : x + 1), middle = top_of(y) + CELL_HEIGHT / 2.0;
	RoleStyle style = cell_style(cell_at(grid, y, x));

	if ((stroke & STROKE_KINDS) != STROKE_HEAD)
		return;
	GString *path = lines_path(lines, "head", &style);
	gboolean lifeline = x + direction < grid->columns &&
			    cell_at(grid, y, x + direction)->stroke & (STROKE_UP | STROKE_DOWN);
	append_line(path, TRUE, base, middle - 4, middle + 4);
	svg_point(path, 'L', base + direction * CELL_WIDTH * (lifeline ? 1.5 : 1), middle);
	g_string_append_c(path, 'Z');
}

static gboolean
is_blank(const Cell *cell)
{
	return (cell->character == ' ' && !cell->combining) || cell->stroke;
}

/* Where the run that begins at x ends: words of one style, one space between two. */
static guint
run_end(const Grid *grid, guint y, guint x)
{
	RoleStyle style = cell_style(cell_at(grid, y, x));
	guint end = x;

	while (end < grid->columns) {
		const Cell *cell = cell_at(grid, y, end);
		RoleStyle next = cell_style(cell);

		if (is_blank(cell) ? cell->stroke || end + 1 >= grid->columns ||
					 is_blank(cell_at(grid, y, end + 1))
				   : cell->character && !role_style_equal(&style, &next))
			break;
		end++;
	}
	while (end > x + 1 && is_blank(cell_at(grid, y, end - 1)))
		end--;
	return end;
}

static void
run_append(const Grid *grid, guint y, guint x, guint end, GString *out)
{
	RoleStyle style = cell_style(cell_at(grid, y, x));
	g_autoptr(GString) class = g_string_new(NULL);
	g_autoptr(GString) text = g_string_new(NULL);

	append_classes(class, &style, TRUE);
	for (guint i = x; i < end; i++)
		cell_to_text(cell_at(grid, y, i), text);
	svg_text_open(out, class->len > 0 ? class->str : NULL, left_of(x), top_of(y) + BASELINE);
	svg_attribute(out, "textLength", (int)(end - x) * CELL_WIDTH);
	svg_text_close(out, text->str);
	g_string_append_c(out, '\n');
}

void
grid_to_svg(const Grid *grid, const char *title, GString *out)
{
	g_autoptr(GPtrArray) lines = g_ptr_array_new();

	svg_begin(out, grid->columns * CELL_WIDTH + 2 * MARGIN,
		  grid->rows * CELL_HEIGHT + 2 * MARGIN, title);
	g_string_append(out, style_sheet);
	svg_sheet(out, inks, SVG_LIGHT);
	g_string_append(out, "@media (prefers-color-scheme: dark) {\n");
	svg_sheet(out, inks, SVG_DARK);
	g_string_append(out, "}\n");
	svg_paper(out);
	for (guint y = 0; y < grid->rows; y++) {
		for (guint x = 0, end; x < grid->columns; x = MAX(end, x + 1)) {
			end = x;
			while (end < grid->columns && cell_style(cell_at(grid, y, end)).reverse)
				end++;
			if (end == x)
				continue;
			svg_rect(out, "band", 0, left_of(x), top_of(y), (int)(end - x) * CELL_WIDTH,
				 CELL_HEIGHT);
			g_string_append_c(out, '\n');
		}
	}
	for (guint x = 0; x < grid->columns; x++)
		lines_along(grid, TRUE, x, lines);
	for (guint y = 0; y < grid->rows; y++)
		lines_along(grid, FALSE, y, lines);
	for (guint i = 0; i < grid->rows * grid->columns; i++)
		head_draw(grid, i / grid->columns, i % grid->columns, lines);
	for (guint i = 0; i < lines->len; i++) {
		g_autoptr(GString) path = g_ptr_array_index(lines, i);

		g_string_append_printf(out, "%s\"/>\n", path->str);
	}
	for (guint y = 0; y < grid->rows; y++) {
		for (guint x = 0, end; x < grid->columns; x = end) {
			end = x + 1;
			if (is_blank(cell_at(grid, y, x)) || !cell_at(grid, y, x)->character)
				continue;
			end = run_end(grid, y, x);
			run_append(grid, y, x, end, out);
		}
	}
	g_string_append(out, "</svg>\n");
}

const char *const pictures[] = { ".svg", ".png", ".txt", ".ansi", NULL };

const char *
picture_of_path(const char *path)
{
	const char *suffix =
	    path + path_suffix(path, TRUE); /* ".svg" alone is a hidden file's name */
	guint i = 0;

	while (pictures[i] && g_ascii_strcasecmp(suffix, pictures[i]) != 0)
		i++;
	return pictures[i];
}

void
picture_append(const char *picture, const Grid *grid, const char *title, GString *out)
{
	gboolean ansi = g_str_equal(picture, ".ansi");

	if (ansi || g_str_equal(picture, ".txt"))
		grid_to_text(grid, ansi, out);
	else
		grid_to_svg(grid, title, out);
}
