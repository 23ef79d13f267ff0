/* SPDX-License-Identifier: MIT */
/* picture.h - a picture of the screen, as a file: the table of what it can be. Pure. */
#pragma once

#include "pktladder/grid.h"

/* An SVG document with real text, light and dark by CSS, lines drawn so that they join. `title`
 * says what it shows, for people who do not see it; as it is, it is escaped here. */
void grid_to_svg(const Grid *grid, const char *title, GString *out);

typedef struct {
	const char *suffix; /* that a file's name says it with, without the point: "svg" */
	gboolean drawn;     /* write() makes SVG, of which the owner has the picture drawn */
	void (*write)(const Grid *grid, const char *title, GString *out); /* appends */
} Picture;
extern const Picture pictures[]; /* ended by suffix == NULL */

/* The picture that a name's suffix says, whatever its case; NULL: none. */
const Picture *picture_of_path(const char *path);

/* ".svg .png": the suffixes, each with its point, and a space between two; the caller frees. */
char *picture_suffixes(void);
