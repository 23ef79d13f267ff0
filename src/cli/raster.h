/* raster.h - SVG as PNG or PDF, by librsvg's rsvg-convert, which runs as a child.
 * Not pure.
 */
#pragma once

#include <gio/gio.h>

/* `format`: "png", "pdf". `arguments`: more for rsvg-convert ("--zoom=2"), NULL
 * none. NULL, where it cannot be: the program is missing (and which package
 * brings it), or what it complained about. */
GBytes *raster_make(const GString *svg, const char *format, const char *const *arguments,
		    GError **error);
