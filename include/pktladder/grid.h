/* SPDX-License-Identifier: MIT */
/* grid.h - a grid of character cells: what the terminal, text and ANSI output are painted from.
 * Pure. */
#pragma once

#include "pktladder/ladder.h"

/* Character sets for lines. */
typedef enum {
	GLYPHS_UTF8,
	GLYPHS_CONSOLE, /* UTF-8 as far as the Linux console's font goes */
	GLYPHS_ASCII,
	N_GLYPHS
} Glyphs;

typedef struct {
	gunichar character; /* 0: the right half of a wide character */
	gunichar combining; /* one combining character, 0 none */
	guint8 role;        /* Role */
	guint8 selected;
	guint16 stroke; /* the lines that the character is made of (STROKE_*); 0: it is text */
} Cell;

/* Lines from a cell's middle to its edges: a kind across, a kind down << 3, and which
 * edges. STROKE_HEAD is an arrowhead, which points to the one edge. */
enum {
	STROKE_LIGHT = 1,
	STROKE_DASHED,
	STROKE_HEAVY,
	STROKE_HEAVY_DASHED,
	STROKE_DOUBLE,
	STROKE_HEAD,
	STROKE_KINDS = 7,
	STROKE_LEFT = 1 << 6,
	STROKE_RIGHT = 1 << 7,
	STROKE_UP = 1 << 8,
	STROKE_DOWN = 1 << 9
};

/* One of the program's own characters, printable and one column wide, with its strokes. */
typedef guint32 Glyph;
#define GLYPH(character, across, down, edges)                                                      \
	((Glyph)(character) | (Glyph)((across) | (down) << 3 | (edges)) << 21)

static inline gunichar
glyph_character(Glyph glyph)
{
	return glyph & 0x1fffff;
}

typedef struct {
	guint rows, columns;
	Cell *cells; /* rows * columns, row by row */
} Grid;

#define GRID_ROWS_MAX    1000
#define GRID_COLUMNS_MAX 10000 /* a figure of many lanes is that wide */

Grid *grid_new(guint rows,
	       guint columns); /* all spaces; 1 x 1 to GRID_ROWS_MAX x GRID_COLUMNS_MAX */
void grid_free(Grid *grid);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Grid, grid_free)
Grid *grid_copy(const Grid *grid);
Cell *grid_cell(Grid *grid, guint y, guint x); /* NULL outside */

/* A cell inside. */
static inline const Cell *
cell_at(const Grid *grid, guint y, guint x)
{
	return &grid->cells[y * grid->columns + x];
}

/* Appends the cell's characters; nothing of a wide one's right half. */
void cell_to_text(const Cell *cell, GString *text);

/* Writes UTF-8 text, clipped to `width` columns and to the grid. Returns the
 * columns used. Text that text_escape() would not let pass is escaped here. */
guint grid_put(Grid *grid, guint y, guint x, guint width, const char *text, Role role);

/* Appends `text` as lines of at most `width` columns, broken at spaces; those after
 * the first are indented by `hang`. */
void grid_wrap(GPtrArray *lines, const char *text, guint width, guint hang);
/* Writes text in such lines, as many as there are rows for. Returns how many it has. */
guint grid_put_lines(Grid *grid, guint y, guint x, guint rows, guint columns, const char *text,
		     Role role);

void grid_put_glyph(Grid *grid, guint y, guint x, Glyph glyph, Role role); /* none outside */

/* A line of `length` cells to the right or down; or one of the cells where such lines meet. */
typedef enum { RULE_ACROSS, RULE_DOWN, RULE_TICK_DOWN, RULE_TICK_LEFT, RULE_CORNER, N_RULES } Rule;
void grid_rule(Grid *grid, guint y, guint x, guint length, Rule rule, Glyphs glyphs);

/* Fills a rectangle with spaces of a role. */
void grid_fill(Grid *grid, guint y, guint x, guint rows, guint columns, Role role);

/* Marks cells of a row as selected. */
void grid_select(Grid *grid, guint y, guint x, guint width);

/* Appends the rows as UTF-8 lines, without trailing spaces, each ended by \n. `styled`: with SGR
 * colours of the roles; trailing spaces stay where they are seen (reverse). Each line ends in the
 * terminal's own style. */
void grid_to_text(const Grid *grid, gboolean styled, GString *text);

/* Appends the bytes that turn a terminal that shows `before` into one that shows `grid` (UTF-8,
 * cursor positions, SGR): the rows that differ; all of them, on a cleared screen, where `before` is
 * NULL or has another size. Nothing where they are the same. */
void grid_to_ansi_changes(const Grid *grid, const Grid *before, GString *text);

/* How a role looks, for every painter: an 8-colour palette that reads on light
 * and dark backgrounds (default foreground; no yellow, white, blue, black). */
typedef struct {
	gint8 colour; /* 0-7 as in ANSI, -1 the terminal's own */
	gboolean bold, dim, reverse;
} RoleStyle;
RoleStyle role_style(Role role);
gboolean role_style_equal(const RoleStyle *a, const RoleStyle *b);

/* How a cell looks: as its role does, or as selected. */
RoleStyle cell_style(const Cell *cell);
