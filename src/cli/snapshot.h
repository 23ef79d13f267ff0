/* snapshot.h - a picture of the screen, for a file. Not pure. */
#pragma once

#include "figure_output.h"
#include "pktladder/picture.h"

/* As a page for that file, which figure_output.h writes; the caller frees. `path`: one
 * that picture_of_path() knows. `title`: what the picture shows. `target`: what it is. */
GString *snapshot_page(const Grid *grid, const char *title, const char *path,
		       FigureTarget *target);
