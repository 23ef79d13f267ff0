/* snapshot.h - writes a picture of the screen into a file. Not pure. */
#pragma once

#include "pktladder/picture.h"

/* `path`: one that picture_of_path() knows. A file that is there is replaced as a
 * whole, or left as it was. `title`: what the picture shows. */
gboolean snapshot_write(const Grid *grid, const char *title, const char *path, GError **error);
