/* SPDX-License-Identifier: MIT */
/* scene_build.h - what scenes are built with. Private to src/draw. */
#pragma once

#include "pktladder/scene.h"

Scene *scene_new(guint width);

/* Takes the text; where only ASCII may be, gives its nearest spelling. NULL stays NULL. */
char *scene_text(char *text, gboolean ascii);

/* The row that is being drawn. */
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

/* Draws all of a row but its times; and lifelines alone, for the head and past the last row. */
void scene_add_row(const RowContext *context, guint32 index);
void scene_add_lifelines(const RowContext *context);

/* Draws the gap before the row, with lifelines and the bars that go on through it; returns the y
 * below, not past options->n_rows. */
guint scene_add_gap(const RowContext *context, guint32 index);

/* Draws what goes on below the last row that playback has shown: the bars of calls that have
 * not returned, over as many lines as time has passed; from options->first_row on. */
void scene_add_running(const RowContext *context, guint32 index);
