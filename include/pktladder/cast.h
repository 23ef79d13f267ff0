/* SPDX-License-Identifier: MIT */
/* cast.h - what the screen shows, as it goes on, into an asciinema recording (asciicast version 2).
 * Not pure.
 *
 * Theory of operation. A line of JSON, then one for each thing that happens: the terminal's size
 * changes ("r"), or something is shown ("o"): the rows that changed, as the grid has them. So it
 * holds what the program painted, not what ncurses made of it for this one terminal. Each line is
 * written at once and whole: a program that is killed leaves a file that plays up to there.
 * Source: docs.asciinema.org/manual/asciicast/v2.
 */
#pragma once

#include "pktladder/grid.h"

typedef struct _Cast Cast;

/* Begins the file, over what is there; `title` is for people. The first frame says the size. */
Cast *cast_new(const char *path, const char *title, GError **error);

/* What is shown from now on; times count from the first one. Where it fails,
 * nothing more can be written; what is in the file stays valid. */
gboolean cast_show(Cast *cast, const Grid *grid, GError **error);

/* Ends the recording: the cursor is there again, below. */
void cast_free(Cast *cast);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Cast, cast_free)
