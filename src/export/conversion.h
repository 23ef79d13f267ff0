/* SPDX-License-Identifier: MIT */
/* conversion.h - SVG as PDF or PNG, through rsvg-convert, which the broker runs beside us. Not
 * pure. */
#pragma once

#include <gio/gio.h>

typedef struct _Conversion Conversion;

/* Pages of SVG become one document; it needs them no longer when this returns. `format`: "pdf" or
 * "png"; `scale`: PNG's pixels for one of the drawing's; `date_ns`: what a PDF says about when it
 * was made, 0 for now. */
Conversion *conversion_start(GBytes *const *pages, guint n_pages, const char *format, double scale,
			     gint64 date_ns, GError **error);

/* Whether the converter has ended; one that takes too long is ended now. */
gboolean conversion_ended(Conversion *conversion);
/* Becomes readable when it ends. */
int conversion_fd(const Conversion *conversion);

/* What it made, once it has ended; the caller unrefs. NULL: why not, in a line. */
GBytes *conversion_take(Conversion *conversion, GError **error);

/* Also ends what is still running. */
void conversion_free(Conversion *conversion);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Conversion, conversion_free)
