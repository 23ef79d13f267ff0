/* grid.h - a grid of character cells: what the terminal, text and ANSI output
 * are painted from. Pure.
 */
#pragma once

#include "pktladder/scene.h"

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
	guint8 role;	    /* Role */
	guint8 selected;
} Cell;

typedef struct {
	guint rows, columns;
	Cell *cells; /* rows * columns, row by row */
} Grid;

#define GRID_ROWS_MAX	 1000
#define GRID_COLUMNS_MAX 10000 /* a figure of many lanes is that wide */

Grid *grid_new(guint rows, guint columns); /* all spaces; 1 x 1 to GRID_ROWS_MAX x GRID_COLUMNS_MAX */
void grid_free(Grid *grid);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Grid, grid_free)
Grid *grid_copy(const Grid *grid);
Cell *grid_cell(Grid *grid, guint y, guint x); /* NULL outside */

/* Writes UTF-8 text, clipped to `width` columns and to the grid. Returns the
 * columns used. Text that text_escape() would not let pass is escaped here. */
guint grid_put(Grid *grid, guint y, guint x, guint width, const char *text, Role role);
/* One of the program's own characters, printable and one column wide; none outside. */
void grid_put_glyph(Grid *grid, guint y, guint x, gunichar glyph, Role role);

/* Fills a rectangle with spaces of a role. */
void grid_fill(Grid *grid, guint y, guint x, guint rows, guint columns, Role role);

/* Paints a scene with its top left at y, x; clipped. A selected row is marked
 * as selected over the scene's whole width. */
void grid_paint(Grid *grid, const Scene *scene, guint y, guint x, Glyphs glyphs);

/* Appends the rows as UTF-8 lines, without trailing spaces, each ended by \n. */
void grid_to_text(const Grid *grid, GString *text);

/* The same with SGR colours of the roles; trailing spaces stay where they are
 * seen (reverse). Each line ends in the terminal's own style. */
void grid_to_ansi(const Grid *grid, GString *text);

/* What turns a terminal that shows `before` into one that shows `grid` (UTF-8,
 * cursor positions, SGR): the rows that differ; all of them, on a cleared
 * screen, where `before` is NULL or has another size. Nothing where they are
 * the same. */
void grid_to_ansi_changes(const Grid *grid, const Grid *before, GString *text);

/* As a picture: an SVG document with real text, light and dark by CSS, lines
 * drawn so that they join. `title` says what it shows, for people who do not
 * see it; as it is, it is escaped here. */
void grid_to_svg(const Grid *grid, const char *title, GString *out);

/* How a role looks, for every painter: an 8-colour palette that reads on light
 * and dark backgrounds (default foreground; no yellow, white, blue, black). */
typedef struct {
	gint8 colour; /* 0-7 as in ANSI, -1 the terminal's own */
	gboolean bold, dim, reverse;
} RoleStyle;
RoleStyle role_style(Role role);

/* How a cell looks: as its role does, or as selected. */
RoleStyle cell_style(const Cell *cell);
