/* plot_cursor.h - the values at the cursor. Private to src/plot. */
#pragma once

#include "pktladder/plot_screen.h"

void plot_cursor_paint(const Plot *plot, const PlotScreenOptions *options,
		       const PlotScreenLayout *layout, guint x, guint columns, Grid *grid);
