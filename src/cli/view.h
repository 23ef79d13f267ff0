/* SPDX-License-Identifier: MIT */
/* view.h - a session is looked at, on the screen or as text.
 *
 * Its start and its end, and text, are in view.c; the loop in view_loop.c, what the screen is
 * given and shows in view_screen.c, keys in view_keys.c, what goes on in slices in view_work.c,
 * and what is written from the screen in writing.c.
 */
#pragma once

#include "options.h"
#include "session.h"

/* How the programs' calls are let go. */
typedef struct {
	const char *title;  /* escaped */
	const char *source; /* escaped, translated */
	const char *notice; /* translated; NULL none */
	gboolean stepping;
	gboolean replay; /* from a file */
	guint pace_ms;   /* 0: not paced */
} ViewOptions;

/* Starts the brokers that view_run() will need: before any file is read, and before rights are
 * given up. */
gboolean view_prepare(const Options *options, GError **error);

/* Whether view_run() will be interactive: standard output and input are a
 * terminal and --text was not given. */
gboolean view_is_interactive(const Options *options);

/* On a terminal the interactive view, else (or with --text) text as it comes.
 * Returns the exit status. Signals end it in order. */
int view_run(Session *session, const Options *options, const ViewOptions *view);
