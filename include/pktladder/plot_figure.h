/* SPDX-License-Identifier: MIT */
/* plot_figure.h - a graph as a file: SVG, and xplot's format. Pure; the same plot and options give
 * the same bytes. Texts are translated. */
#pragma once

#include "pktladder/graph.h"

typedef struct {
	PlotKind kind;
	Side side;
	gint64 from_ns, to_ns; /* both 0: all of it */
	const char *title;     /* as the user gave it; NULL: the graph's own name */
	guint width, height;   /* px; 0: 800 and 480 */
	gboolean mono;         /* black and white only */
} PlotSvgOptions;

#define PLOT_SVG_MIN_WIDTH  480 /* smaller is taken as these */
#define PLOT_SVG_MIN_HEIGHT 240

/* One picture: real text, one class a role, colours for light and dark
 * backgrounds, and lines that are told apart without them. */
void plot_to_svg(const Plot *plot, const PlotSvgOptions *options, GString *out);

/* The time-sequence graph of what `side` sent, in tcptrace's colours; times are
 * the packets' own, numbers relative. A UDP conversation gives an empty one. */
void plot_to_xpl(const Plot *plot, Side side, GString *out);
