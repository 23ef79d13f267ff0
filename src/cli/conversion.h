/* SPDX-License-Identifier: MIT */
/* conversion.h - SVG as PDF or PNG, through rsvg-convert, which the broker runs beside us; it
 * is waited for in the thread-default main context. Not pure.
 */
#pragma once

#include <gio/gio.h>

typedef struct _Conversion Conversion;

typedef void (*ConversionDone)(Conversion *conversion, gpointer data);

/* Pages of SVG become one document; it needs them no longer when this returns. `format`: "pdf" or
 * "png"; `scale`: PNG's pixels for one of the drawing's; `date_ns`: what a PDF says about when it
 * was made, 0 for now. `done` is called from the main context, once, unless the conversion is
 * freed before. */
Conversion *conversion_start(GString *const *pages, guint n_pages, const char *format, double scale,
			     gint64 date_ns, ConversionDone done, gpointer data, GError **error);

/* What it made, once it is done; the caller unrefs. NULL: why not, in a line. */
GBytes *conversion_take(Conversion *conversion, GError **error);

/* Also ends what is still running. */
void conversion_free(Conversion *conversion);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Conversion, conversion_free)
