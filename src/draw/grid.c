/* SPDX-License-Identifier: MIT */
/* grid.c - cells, and what they are as text.
 *
 * Theory of operation. A wide character has two cells, the right one with character 0. Whatever is
 * written over one half blanks the other, so that no half is left over. Text is held against
 * text_is_harmless() once more: the grid is the last gate before a terminal.
 */
#include "draw_private.h"
#include "pktladder/text.h"

#include <string.h>

Grid *
grid_new(guint rows, guint columns)
{
	Grid *grid = g_new0(Grid, 1);

	grid->rows = CLAMP(rows, 1, GRID_ROWS_MAX);
	grid->columns = CLAMP(columns, 1, GRID_COLUMNS_MAX);
	grid->cells = g_new0(Cell, grid->rows * grid->columns);
	grid_fill(grid, 0, 0, grid->rows, grid->columns, ROLE_PLAIN);
	return grid;
}

Grid *
grid_copy(const Grid *grid)
{
	Grid *copy = grid_new(grid->rows, grid->columns);

	memcpy(copy->cells, grid->cells, sizeof(Cell) * grid->rows * grid->columns);
	return copy;
}

void
grid_free(Grid *grid)
{
	if (!grid)
		return;
	g_free(grid->cells);
	g_free(grid);
}

Cell *
grid_cell(Grid *grid, guint y, guint x)
{
	if (y >= grid->rows || x >= grid->columns)
		return NULL;
	return &grid->cells[y * grid->columns + x];
}

/* Makes a cell free to be written: the other half of a wide character goes. */
static void
blank_other_half(Grid *grid, guint y, guint x)
{
	Cell *cell = grid_cell(grid, y, x);
	Cell *right = grid_cell(grid, y, x + 1);

	if (cell->character == 0 && x > 0)
		cell[-1] = (Cell){ .character = ' ',
				   .role = cell[-1].role,
				   .selected = cell[-1].selected };
	if (right && right->character == 0)
		right->character = ' ';
}

void
grid_put_glyph(Grid *grid, guint y, guint x, Glyph glyph, Role role)
{
	Cell *cell = grid_cell(grid, y, x);

	if (!cell)
		return;
	blank_other_half(grid, y, x);
	*cell = (Cell){ .character = glyph_character(glyph),
			.role = role,
			.selected = cell->selected,
			.stroke = glyph >> 21 };
}

guint
grid_put(Grid *grid, guint y, guint x, guint width, const char *text, Role role)
{
	guint used = 0;
	Cell *last = NULL;

	if (y >= grid->rows || x >= grid->columns)
		return 0;
	g_autofree char *harmless = text_escape(text, -1);
	width = MIN(width, grid->columns - x);
	for (const char *p = harmless; *p; p = g_utf8_next_char(p)) {
		gunichar character = g_utf8_get_char(p);
		guint columns = text_character_width(character);

		if (columns == 0) {
			if (last && last->combining == 0)
				last->combining = character;
			continue;
		}
		if (columns > width - used)
			break;
		grid_put_glyph(grid, y, x + used, character, role);
		if (columns == 2)
			grid_put_glyph(grid, y, x + used + 1, 0, role);
		last = grid_cell(grid, y, x + used);
		used += columns;
	}
	return used;
}

/* Where the line that begins at `text` ends, in at most `width` columns: after the last space that
 * fits, else in the middle of the word. Takes at least one character. */
static const char *
line_end(const char *text, guint width)
{
	const char *p = text, *space = NULL;
	gboolean word = FALSE; /* the indentation is no place to break at */

	for (guint used = 0; *p; p = g_utf8_next_char(p)) {
		used += text_character_width(g_utf8_get_char(p));
		if (used > width && p > text)
			break;
		if (*p != ' ')
			word = TRUE;
		else if (word)
			space = p;
	}
	if (*p == ' ' || *p == '\0' || !space)
		return p;
	return space;
}

void
grid_wrap(GPtrArray *lines, const char *text, guint width, guint hang)
{
	guint indent = 0;

	hang = MIN(hang, width / 2);
	do {
		const char *end = line_end(text, MAX(width, indent + 1) - indent);

		g_ptr_array_add(
		    lines, g_strdup_printf("%*s%.*s", (int)indent, "", (int)(end - text), text));
		text = end;
		while (*text == ' ')
			text++;
		indent = hang;
	} while (*text);
}

guint
grid_put_lines(Grid *grid, guint y, guint x, guint rows, guint columns, const char *text, Role role)
{
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);

	grid_wrap(lines, text, columns, 0);
	for (guint i = 0; i < MIN(rows, lines->len); i++)
		grid_put(grid, y + i, x, columns, g_ptr_array_index(lines, i), role);
	return lines->len;
}

void
grid_rule(Grid *grid, guint y, guint x, guint length, Rule rule, Glyphs glyphs)
{
	for (guint i = 0; i < length; i++)
		grid_put_glyph(grid, y + (rule == RULE_DOWN ? i : 0),
			       x + (rule == RULE_ACROSS ? i : 0), rule_glyph(rule, glyphs),
			       ROLE_LIFELINE);
}

void
grid_fill(Grid *grid, guint y, guint x, guint rows, guint columns, Role role)
{
	guint bottom = MIN(y + MIN(rows, GRID_ROWS_MAX), grid->rows);
	guint right = MIN(x + MIN(columns, GRID_COLUMNS_MAX), grid->columns);

	for (guint row = y; row < bottom && x < right; row++) {
		/* every frame begins with this: only characters at the edges can lose a half */
		blank_other_half(grid, row, x);
		blank_other_half(grid, row, right - 1);
		for (guint column = x; column < right; column++)
			*grid_cell(grid, row, column) = (Cell){ .character = ' ', .role = role };
	}
}

void
grid_select(Grid *grid, guint y, guint x, guint width)
{
	for (guint i = x; y < grid->rows && i < MIN(x + width, grid->columns); i++)
		grid_cell(grid, y, i)->selected = TRUE;
}

/* ---- text, plain or with SGR sequences (ECMA-48 8.3.117) ---- */

void
cell_to_text(const Cell *cell, GString *text)
{
	if (cell->character == 0)
		return; /* the left half was wide enough */
	g_string_append_unichar(text, cell->character);
	if (cell->combining)
		g_string_append_unichar(text, cell->combining);
}

static const RoleStyle own_style = { .colour = -1 };

/* Appends a row up to the last cell that is seen. Returns how many columns that is. */
static guint
append_row(const Cell *cells, guint columns, gboolean styled, GString *text)
{
	RoleStyle current = own_style;
	guint end = columns;

	while (end > 0 && cells[end - 1].character == ' ' &&
	       !(styled && cell_style(&cells[end - 1]).reverse))
		end--;
	for (guint x = 0; x < end; x++) {
		RoleStyle style = styled ? cell_style(&cells[x]) : own_style;
		gboolean space = cells[x].character == ' ' && !cells[x].combining;
		gboolean seen = !space || style.reverse || current.reverse;

		if (seen && !role_style_equal(&style, &current)) {
			g_autoptr(GString) codes = g_string_new(NULL);

			if (!role_style_equal(&current, &own_style))
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
		cell_to_text(&cells[x], text);
	}
	if (!role_style_equal(&current, &own_style))
		g_string_append(text, "\033[m");
	return end;
}

void
grid_to_text(const Grid *grid, gboolean styled, GString *text)
{
	for (guint y = 0; y < grid->rows; y++) {
		append_row(cell_at(grid, y, 0), grid->columns, styled, text);
		g_string_append_c(text, '\n');
	}
}

G_STATIC_ASSERT(sizeof(Cell) == 12); /* nothing pads it: compared as bytes */

void
grid_to_ansi_changes(const Grid *grid, const Grid *before, GString *text)
{
	if (before && (before->rows != grid->rows || before->columns != grid->columns))
		before = NULL;
	if (!before)
		g_string_append(text, "\033[H\033[2J");
	for (guint y = 0; y < grid->rows; y++) {
		if (before && memcmp(cell_at(grid, y, 0), cell_at(before, y, 0),
				     grid->columns * sizeof(Cell)) == 0)
			continue;
		g_string_append_printf(text, "\033[%u;1H", y + 1);
		/* After the last column the cursor still stands on it: it would be erased. */
		if (append_row(cell_at(grid, y, 0), grid->columns, TRUE, text) < grid->columns &&
		    before)
			g_string_append(text, "\033[K");
	}
}
