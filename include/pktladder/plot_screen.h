/* SPDX-License-Identifier: MIT */
/* plot_screen.h - a graph in character cells. Pure.
 *
 * In UTF-8 a cell has 2 x 4 dots (braille); where there is no braille, on the
 * Linux console and in ASCII, 1 x 2, and each series has characters of its own.
 * Whatever there is to tell apart is told by more than its colour.
 */
#pragma once

#include "pktladder/graph.h"

typedef struct {
	PlotKind kind;
	Side side;
	gint64 from_ns, to_ns; /* what is shown; plot_whole() */
	guint32 cursor;        /* the event that it stands at; EVENT_NONE none */
	Glyphs glyphs;
	gint progress; /* how many of a hundred are read; -1: all */
} PlotScreenOptions;

/* Where the parts of the picture stand in a rectangle. */
typedef struct {
	gboolean too_small;
	guint tabs_y, direction_y, legend_y; /* G_MAXUINT: there is no room for it */
	guint x, y, columns, rows;           /* the graph's cells */
	guint labels_width;                  /* left of it, with a space */
	guint axis_y, ticks_y;               /* below it */
	guint cursor_y, cursor_rows;
	guint dots; /* columns of dots: those of the PlotGraph */
} PlotScreenLayout;

#define PLOT_MIN_COLUMNS 32
#define PLOT_MIN_ROWS    9

/* The layout at y, x of the grid with these rows and columns. */
PlotScreenLayout plot_screen_layout(guint y, guint x, guint rows, guint columns, Glyphs glyphs);

/* Paints the whole picture: names, legend, axes, series, marks, and the values at the
 * cursor. `fine`: a plot of this time in more detail, or NULL. Too small a
 * rectangle gets a message that says so. */
void plot_screen_paint(const Plot *plot, const Plot *fine, const PlotScreenOptions *options,
		       guint y, guint x, guint rows, guint columns, Grid *grid);

/* The time at a column of the grid. */
gint64 plot_screen_time(const PlotScreenLayout *layout, const PlotScreenOptions *options, guint x);

/* plot_graph_new(), kept by the plot until another graph is asked for, a packet comes, or the plot
 * is freed: where only the cursor moves, nothing is made anew. */
const PlotGraph *plot_graph_get(const Plot *plot, PlotKind kind, Side side, gint64 from_ns,
				gint64 to_ns, guint n);
