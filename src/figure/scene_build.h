/* SPDX-License-Identifier: MIT */
/* scene_build.h - what scene.c, scene_row.c and cells.c build scenes with. Private to src/figure.
 */
#pragma once

#include "pktladder/scene.h"

void scene_add(Scene *scene, const Primitive *primitive);

/* Takes the text; where only ASCII may be, gives its nearest spelling. NULL stays NULL. */
char *scene_text(char *text, gboolean ascii);

/* What is about to be drawn on one row. */
typedef struct {
	Scene *scene;
	const Ladder *ladder;
	const SceneOptions *options;
	const LadderRow *row;
	guint y;
	gboolean selected;
} RowContext;

/* Takes the text. Nothing is added where it is empty. */
void scene_add_text(const RowContext *context, guint x, char *text, Role role);

/* Whether the call that returns on that side did so with an error. */
gboolean scene_call_failed(const Ladder *ladder, const LadderRow *row, Side side);

/* A row but for its times; and one past the end, or of the head: lifelines only. */
void scene_add_row(const RowContext *context, guint32 index);
void scene_add_lifelines(const RowContext *context);

/* Blank lines before the row, as options->spacing asks for, with what goes on
 * through them; returns the y below, not past options->n_rows. */
guint scene_add_blanks(const RowContext *context, guint32 index);

/* What goes on below the last row that a film has shown: the bars of calls that have
 * not returned, over as many lines as time has passed; from options->first_row on. */
void scene_add_running(const RowContext *context, guint32 index);

/* A cell's text in `room` columns from `x`, the state at the end that is nearest to
 * the lifeline: the right one, or with `state_left` the left one. */
void scene_add_cell(const RowContext *context, Side side, guint x, guint room, gboolean state_left);
