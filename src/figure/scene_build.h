/* scene_build.h - what scene.c, cells.c and head.c build scenes with. Private to src/figure. */
#pragma once

#include "pktladder/scene.h"

Scene *scene_new(guint width);
void scene_add(Scene *scene, const Primitive *primitive);

/* Takes the text; where only ASCII may be, gives its nearest spelling. NULL stays NULL. */
char *scene_text(char *text, gboolean ascii);

/* Takes the text. Nothing is added where it is empty. */
void scene_add_text(Scene *scene, guint y, guint x, char *text, Role role, gboolean selected);

/* One cell of both. */
void scene_add_lifelines(Scene *scene, const SceneLayout *layout, guint y, gboolean selected);

/* What is about to be drawn on one row. */
typedef struct {
	Scene *scene;
	const Ladder *ladder;
	const SceneOptions *options;
	const LadderRow *row;
	guint y;
	gboolean selected;
} RowContext;

/* Blank lines before the row, as options->spacing asks for, with what goes on
 * through them; returns the y below, not past options->n_rows. */
guint scene_add_blanks(const RowContext *context, guint32 index);

/* What goes on below the last row that a film has shown: the bars of calls that have
 * not returned, over as many lines as time has passed; from options->first_row on. */
void scene_add_running(const RowContext *context, guint32 index);

/* Cells that an arrow needs beside its label: line and blank, blank, line and head. */
#define SCENE_ARROW_CELLS 5

/* The longest level of the row's label that fits; where none does, the shortest one,
 * which is too long, or cut. */
char *scene_label_uncut(const RowContext *context, guint room);
char *scene_label(const RowContext *context, guint room);

/* A cell's text in `room` columns from `x`, the state at the end that is nearest to
 * the lifeline: the right one, or with `state_left` the left one. */
void scene_add_cell(const RowContext *context, Side side, guint x, guint room, gboolean state_left);

/* Takes the name; centred over its lifeline as far as `from` and `to` (exclusive) let it. */
void scene_add_name(Scene *scene, guint y, guint lifeline_x, guint from, guint to, char *name);

/* The same for more than two lanes: a whole row but for its times; one past the end;
 * the head but for the titles of the times. */
void scene_add_lanes_row(const RowContext *context, guint32 index);
void scene_add_lanes_blank(const RowContext *context);
void scene_add_lanes_head(Scene *scene, const Ladder *ladder, const SceneOptions *options);

/* LadderBar of a row on the lanes in view. The caller frees. */
GArray *scene_bars(const RowContext *context, guint32 index);

/* Calls, states and bars of the row. */
void scene_add_cells(const RowContext *context);

/* Whether scene_add_cells() has anything to add. */
gboolean scene_has_cells(const LadderRow *row);
