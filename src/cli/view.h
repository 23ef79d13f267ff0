/* view.h - a session is looked at, on the screen or as text: its start and its end.
 *
 * What happens in between is in files of their own: the loop (view_loop.h), what
 * the screen is given (view_model.h) and shows (view_screen.h), text
 * (view_text.h), keys (view_keys.h), and what goes on in slices (view_work.h).
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
	gboolean replay;    /* from a file */
	guint pace_ms;	    /* 0: not paced */
} ViewOptions;

/* On a terminal the interactive view, else (or with --text) text as it comes.
 * Returns the exit status. Signals end it in order. */
int view_run(Session *session, const Options *options, const ViewOptions *view);

/* Whether view_run() will be interactive: standard output and input are a
 * terminal and --text was not given. */
/* Starts the brokers that it will need: before any file is read, and before rights are
 * given up. */
gboolean view_prepare(const Options *options, GError **error);

gboolean view_is_interactive(const Options *options);
