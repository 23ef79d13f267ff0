/* output.c - a grid as text, plain or with SGR sequences (ECMA-48 8.3.117), whole
 * or as what has changed. */
#include "glyphs.h"

static const Cell *
row_cells(const Grid *grid, guint y)
{
	return &grid->cells[y * grid->columns];
}

void
cell_append(GString *text, const Cell *cell)
{
	if (cell->character == 0)
		return; /* the left half was wide enough */
	g_string_append_unichar(text, cell->character);
	if (cell->combining)
		g_string_append_unichar(text, cell->combining);
}

void
grid_to_text(const Grid *grid, GString *text)
{
	for (guint y = 0; y < grid->rows; y++) {
		const Cell *cells = row_cells(grid, y);
		guint end = grid->columns;

		while (end > 0 && cells[end - 1].character == ' ')
			end--;
		for (guint x = 0; x < end; x++)
			cell_append(text, &cells[x]);
		g_string_append_c(text, '\n');
	}
}

static const RoleStyle own_style = { .colour = -1 };

gboolean
style_equal(const RoleStyle *a, const RoleStyle *b)
{
	return a->colour == b->colour && a->bold == b->bold && a->dim == b->dim &&
	       a->reverse == b->reverse;
}

/* Without what is not seen at its end. Returns the columns that it takes. */
static guint
append_row(const Cell *cells, guint columns, GString *text)
{
	RoleStyle current = own_style;
	guint end = columns;

	while (end > 0 && cells[end - 1].character == ' ' && !cell_style(&cells[end - 1]).reverse)
		end--;
	for (guint x = 0; x < end; x++) {
		RoleStyle style = cell_style(&cells[x]);
		gboolean space = cells[x].character == ' ' && !cells[x].combining;
		gboolean seen = !space || style.reverse || current.reverse;

		if (seen && !style_equal(&style, &current)) {
			g_autoptr(GString) codes = g_string_new(NULL);

			if (!style_equal(&current, &own_style))
				g_string_append(codes, ";0");
			if (style.bold)
				g_string_append(codes, ";1");
			if (style.dim)
				g_string_append(codes, ";2");
			if (style.reverse)
				g_string_append(codes, ";7");
			if (style.colour >= 0)
				g_string_append_printf(codes, ";%d", 30 + style.colour);
			g_string_append_printf(text, "\033[%sm", codes->str + 1);
			current = style;
		}
		cell_append(text, &cells[x]);
	}
	if (!style_equal(&current, &own_style))
		g_string_append(text, "\033[m");
	return end;
}

void
grid_to_ansi(const Grid *grid, GString *text)
{
	for (guint y = 0; y < grid->rows; y++) {
		append_row(row_cells(grid, y), grid->columns, text);
		g_string_append_c(text, '\n');
	}
}

/* Cell by cell: what pads the structure does not count. */
static gboolean
row_equal(const Grid *a, const Grid *b, guint y)
{
	const Cell *one = row_cells(a, y), *two = row_cells(b, y);

	for (guint x = 0; x < a->columns; x++) {
		if (one[x].character != two[x].character || one[x].combining != two[x].combining ||
		    one[x].role != two[x].role || one[x].selected != two[x].selected)
			return FALSE;
	}
	return TRUE;
}

void
grid_to_ansi_changes(const Grid *grid, const Grid *before, GString *text)
{
	if (before && (before->rows != grid->rows || before->columns != grid->columns))
		before = NULL;
	if (!before)
		g_string_append(text, "\033[H\033[2J");
	for (guint y = 0; y < grid->rows; y++) {
		if (before && row_equal(grid, before, y))
			continue;
		g_string_append_printf(text, "\033[%u;1H", y + 1);
		/* After the last column the cursor still stands on it: it would be erased. */
		if (append_row(row_cells(grid, y), grid->columns, text) < grid->columns && before)
			g_string_append(text, "\033[K");
	}
}
