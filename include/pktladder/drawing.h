/* SPDX-License-Identifier: MIT */
/* drawing.h - figures into files, converted where their format asks for it. Not pure. */
#pragma once

#include <gio/gio.h>

#include "pktladder/job.h"
#include "pktladder/figure.h"
#include "pktladder/plot_figure.h"
#include "pktladder/store.h"

typedef struct {
	const FigureFormat *format;
	const char *path;   /* as the user gave it; "-": standard output */
	double scale;       /* PNG: picture's pixels for one of the drawing */
	gint64 date_ns;     /* that a PDF gives itself: the capture's; 0: now */
	const char *part;   /* draft.h; NULL: all of it */
	PacketStore *store; /* of a format that streams: where the packets are; NULL: nowhere */
} FigureTarget;

#define FIGURE_SCALE 2.0 /* where none is asked for: 192 dots an inch */

/* Jobs that draw, convert where the format asks for it, and then replace the files, each as a
 * whole, or leave them as they were. They copy the target's path. */

/* The figure of what the session has read, the options' page and rows per page as its format needs
 * them. Several pages are one PDF, else a file each: OUT-1.svg, OUT-2.svg. No data: there is
 * nothing to draw, or too much. */
Job figure_begin(const Figure *figure, const FigureOptions *options, const FigureTarget *target,
		 GError **error);

/* The same in a format that streams, with any number of rows, and none. Takes the ladder. What the
 * options and the target point to has to last as long as the job. */
Job figure_begin_stream(Ladder *ladder, const FigureOptions *options, const FigureTarget *target,
			GError **error);

/* A plot. */
Job figure_begin_plot(const Plot *plot, const PlotSvgOptions *svg, const FigureTarget *target);
/* So many spans a side (plot.h) are wanted of one in that format. */
guint figure_plot_spans(const FigureFormat *format);

/* A page that is written already; `what` is told of it ("The screen was written"). Takes the
 * page. */
Job figure_begin_page(GString *page, const char *what, const FigureTarget *target);

/* Whether a font of that family is installed; `error` says what to do. TRUE where
 * nobody knows (no fc-match). */
gboolean figure_font_check(const char *family, GError **error);
