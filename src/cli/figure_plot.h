/* SPDX-License-Identifier: MIT */
/* figure_plot.h - `figure --plot`: a plot of one conversation as a figure. Not pure. */
#pragma once

#include "figure_output.h"
#include "options.h"
#include "pktladder/plot_figure.h"
#include "session.h"

/* Whether --plot and --direction, and what goes with them, can be done in that format. */
gboolean figure_plot_check(const Options *options, const FigureFormat *format, GError **error);

/* A plot on the screen as a page of that format; for xplot with every packet. The
 * caller frees. */
GString *figure_plot_page(Session *session, const Plot *plot, const PlotSvgOptions *svg,
			  const FigureFormat *format);

/* Writes it; returns the program's exit status. `how`: the options, read. */
int figure_plot(Session *session, const Options *options, const FigureOptions *how,
		const FigureTarget *target);
