/* figure_bars.h - which of a figure's bars stand beside each other, and which are on
 * some of its rows. Private to src/figure. Pure.
 */
#pragma once

#include "pktladder/figure.h"

typedef struct _FigureBars FigureBars;

/* The figure's bars must outlive it; a copy of the figure may have made it. */
FigureBars *figure_bars_new(const Figure *figure);
void figure_bars_free(FigureBars *bars);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FigureBars, figure_bars_free)

/* How many bars are between a bar and its lifeline: those that overlap stand beside
 * each other; of very many, the rest at one place. And the most of all, and one. */
guint figure_bars_depth(const FigureBars *bars, guint bar);
guint figure_bars_deepest(const FigureBars *bars);

/* guint: which bars are on the rows from `first` to before `end`; of those that
 * began before at one place, one is enough. By their first row. The caller frees. */
GArray *figure_bars_on(const FigureBars *bars, guint first, guint end);
