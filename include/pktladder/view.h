/* SPDX-License-Identifier: MIT */
/* view.h - a session is looked at, on the screen or as text. */
#pragma once

#include "pktladder/options.h"
#include "pktladder/plot.h"
#include "pktladder/session.h"

/* What is said of it, and how the programs' calls are let go. */
typedef struct {
	const char *title;   /* escaped */
	const char *source;  /* escaped, translated */
	const char *notice;  /* translated; NULL none */
	const char *program; /* the programs' source, `program_length` bytes from `program_line` of
				its file on; NULL: there is none to show */
	gsize program_length;
	guint program_line;
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

/* A plot of the conversation with all its packets, which are walked through once more (walk.h),
 * packet by packet up to `spans_max` a side: for figures. The caller frees. */
Plot *plotter_whole(const Session *session, guint32 conversation, guint spans_max);
