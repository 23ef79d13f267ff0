/* SPDX-License-Identifier: MIT */
/* picture.h - a picture of the screen, as a file: the table of what it can be. Pure. */
#pragma once

#include "pktladder/grid.h"

/* An SVG document with real text, light and dark by CSS, lines drawn so that they join. `title`
 * says what it shows, for people who do not see it; as it is, it is escaped here. */
void grid_to_svg(const Grid *grid, const char *title, GString *out);

/* The suffixes that a file's name says it with, with their point: ".svg"; ended by NULL. */
extern const char *const pictures[];

/* The one of them that a name has, whatever its case; NULL: none. */
const char *picture_of_path(const char *path);

/* The picture with that suffix; of a PNG the SVG that it is to be drawn from. */
void picture_append(const char *picture, const Grid *grid, const char *title, GString *out);
