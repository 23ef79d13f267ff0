/* figure_titles.h - what stands over and below a drawn ladder: title, caption, and the
 * foot, which says how it was drawn and which page it is. Private to src/figure. Pure.
 */
#pragma once

#include "figure_layout.h"

/* From `y` on, pixels; both return where they end. The caption is on the last page. */
double figure_title_place(FigureLayout *layout, const Figure *figure, double y);
double figure_foot_place(FigureLayout *layout, const Figure *figure, const FigureOptions *options,
			 double y);
/* Makes the layout as wide as their widest line. */
void figure_titles_widen(FigureLayout *layout);
