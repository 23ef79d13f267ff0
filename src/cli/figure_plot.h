/* SPDX-License-Identifier: MIT */
/* figure_plot.h - `figure --plot`: a plot of one conversation as a figure. Not pure. */
#pragma once

#include "figure_output.h"
#include "options.h"
#include "session.h"

/* Whether --plot and --direction, and what goes with them, can be done in that format. */
gboolean figure_plot_check(const Options *options, const FigureFormat *format, GError **error);

/* Begins it. `how`: the options, read. No data: `error` says which conversation cannot be. */
Job figure_plot(const Session *session, const Options *options, const FigureOptions *how,
		const FigureTarget *target, GError **error);
