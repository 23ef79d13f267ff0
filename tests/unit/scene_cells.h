/* SPDX-License-Identifier: MIT */
/* scene_cells.h - a ladder's rows and head painted into a grid of their own, and what stands in its
 * cells, for tests of what is seen. */
#pragma once

#include "draw/draw_private.h"
#include "pktladder/scene.h"

static inline Grid *
rows_painted(const Ladder *ladder, const SceneOptions *options)
{
	Grid *grid = grid_new(options->n_rows, options->layout.width);

	scene_rows_paint(ladder, options, grid, 0, 0);
	return grid;
}

static inline Grid *
head_painted(const Ladder *ladder, const SceneOptions *options)
{
	Grid *grid = grid_new(options->layout.head_rows, options->layout.width);

	scene_head_paint(ladder, options, grid, 0, 0);
	return grid;
}

/* The text in the columns from `from` on, before `to`. */
static inline char *
cells_text(const Grid *grid, guint y, guint from, guint to)
{
	GString *text = g_string_new(NULL);

	for (guint x = from; x < to; x++)
		cell_to_text(cell_at(grid, y, x), text);
	return g_string_free(text, FALSE);
}

/* The one text of that role there, and the column where it begins; NULL: there is none. Nothing of
 * another role stands in it: it is whole. */
static inline char *
role_text(const Grid *grid, guint y, guint from, guint to, Role role, guint *begin)
{
	guint first = to, end = from;

	for (guint x = from; x < to; x++) {
		if (cell_at(grid, y, x)->role != role)
			continue;
		first = MIN(first, x);
		end = x + 1;
	}
	for (guint x = first; x < end; x++)
		g_assert_cmpuint(cell_at(grid, y, x)->role, ==, role);
	if (begin)
		*begin = first;
	return first < end ? cells_text(grid, y, first, end) : NULL;
}

static inline gboolean
cell_is(const Grid *grid, guint y, guint x, Glyph glyph)
{
	return cell_at(grid, y, x)->character == glyph_character(glyph);
}

static inline guint
cells_of_role(const Grid *grid, guint y, Role role)
{
	guint n = 0;

	for (guint x = 0; x < grid->columns; x++)
		n += cell_at(grid, y, x)->role == role;
	return n;
}

/* Whether an arrowhead stands on the row. */
static inline gboolean
has_head(const Grid *grid, guint y)
{
	for (guint x = 0; x < grid->columns; x++) {
		if ((cell_at(grid, y, x)->stroke & STROKE_KINDS) == STROKE_HEAD)
			return TRUE;
	}
	return FALSE;
}
