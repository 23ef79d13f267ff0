/* figure_metrics.h - how wide a text may become. Private to src/figure. Pure. */
#pragma once

#include <glib.h>

/* Nobody knows which font a viewer takes: the widths are the greatest of the
 * fonts that are common (DejaVu Sans and Verdana are the widest), so that what
 * has room by them has room in each. */
typedef enum { FACE_PLAIN, FACE_BOLD, FACE_MONO, N_FACES } FigureFace;

/* In the units of `size`. */
double figure_text_width(const char *text, FigureFace face, double size);

/* The text in lines that are not wider, broken at blanks only; the blank that a
 * line was broken at is its last character. At least one line. */
GPtrArray *figure_text_wrap(const char *text, FigureFace face, double size, double width);
