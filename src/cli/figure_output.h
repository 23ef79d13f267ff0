/* SPDX-License-Identifier: MIT */
/* figure_output.h - figures into files, converted where their format asks for it. Not pure. */
#pragma once

#include <gio/gio.h>

#include "pktladder/figure.h"
#include "session.h"

typedef struct {
	const FigureFormat *format;
	const char *path; /* as the user gave it; "-": standard output */
	double scale;     /* PNG: picture's pixels for one of the drawing */
	gint64 date_ns;   /* that a PDF gives itself: the capture's; 0: now */
	const char *part; /* session_part_text() of what is drawn; NULL: all of it */
} FigureTarget;

#define FIGURE_SCALE 2.0 /* where none is asked for: 192 dots an inch */

typedef struct _FigureOutput FigureOutput;

/* Draws the figure of what the session has read, the options' page and rows per page as its
 * format needs them. Several pages are one PDF, else a file each: OUT-1.svg, OUT-2.svg.
 * NULL: there is nothing to draw, or too much. Copies the target's path. */
FigureOutput *figure_output_new(const Figure *figure, const FigureOptions *options,
				const FigureTarget *target, GError **error);

/* The same of one page that is written already, of anything but a ladder; `what` is told
 * of it ("The plot was written"). Takes the page. */
FigureOutput *figure_output_new_page(GString *page, const char *what, const FigureTarget *target);

/* Converts it without waiting: `done` is called from the thread-default main context once it
 * has ended, unless it had when the call returned, or is freed before. */
typedef void (*FigureOutputDone)(gpointer data);
void figure_output_start(FigureOutput *output, FigureOutputDone done, gpointer data);
gboolean figure_output_ended(const FigureOutput *output);

/* Of one that has ended: replaces the files, each as a whole, or leaves them as they were.
 * `written`: what to tell ("12 rows were written into tcp.svg."); the caller frees. */
gboolean figure_output_finish(FigureOutput *output, char **written, GError **error);

/* All of that, for a command: waits for what converts it, until a signal that
 * interruption_signal() knows. Returns the exit status; what went wrong, and where a part was
 * written, has been said. Takes the output; NULL: `error` says why there is none. */
int figure_output_run(FigureOutput *output, const Session *session, const GError *error);

void figure_output_free(FigureOutput *output);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FigureOutput, figure_output_free)

/* Whether a font of that family is installed; `error` says what to do. TRUE where
 * nobody knows (no fc-match). */
gboolean figure_font_check(const char *family, GError **error);
