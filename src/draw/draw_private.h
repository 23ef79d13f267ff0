/* SPDX-License-Identifier: MIT */
/* draw_private.h - what grids and scenes are painted with. Private to src/draw. */
#pragma once

#include "pktladder/scene.h"

/* ---- style.c: the characters that lines and bars are made of ---- */

/* An arrow's line: a pattern, repeated from the head backwards, and how it leaves a lifeline. */
typedef struct {
	Glyph pattern[3]; /* ended by 0 */
	Glyph joint[2];   /* by the sender's Side */
} LineGlyphs;

/* Each kind of arrow has a line of its own, so that it reads without colour. */
const LineGlyphs *line_glyphs(Role role, Glyphs glyphs);

/* By the receiver's Side. */
Glyph head_glyph(Side to, Glyphs glyphs);
/* Where an arrow of that role crosses a lifeline. */
Glyph cross_glyph(Role role, Glyphs glyphs);
Glyph bar_glyph(guint part, Glyphs glyphs);
Glyph rule_glyph(Rule rule, Glyphs glyphs);

/* ---- scenes ---- */

/* Takes the text; where only ASCII may be, gives its nearest spelling. NULL stays NULL. */
char *scene_text(char *text, gboolean ascii);

/* The line that is being painted. */
typedef struct {
	const Ladder *ladder;
	const SceneOptions *options;
	Grid *grid;
	guint top, left; /* of the scene, in the grid */
	gboolean ascii;  /* texts may hold no characters beyond ASCII */
	const LadderRow *row;
	guint y; /* from the top */
} RowContext;

/* Takes the text, and puts it at a column of the scene. */
void scene_put(const RowContext *context, guint x, char *text, Role role);

/* Columns from `from` on, before `to`. */
typedef struct {
	guint from, to;
} Span;

/* Paints all of a row but its times; and lifelines alone, for the head and past the last row, or
 * but for those in some columns (NULL none). */
void scene_row_paint(const RowContext *context, guint32 index);
void scene_lifelines_paint(const RowContext *context, const Span *without);

/* Paints the gap before the row, with lifelines and the bars that go on through it; returns the y
 * below, not past options->n_rows. */
guint scene_gap_paint(const RowContext *context, guint32 index);

/* Paints what goes on below the last row that playback has shown: the bars of calls that have
 * not returned, over as many lines as time has passed; from options->first_row on. */
void scene_running_paint(const RowContext *context, guint32 index);
