/* SPDX-License-Identifier: MIT */
/* look.h - what is looked at, and how: what the jobs, the keys and the screen share. */
#pragma once

#include "pktladder/job.h"
#include "pktladder/tui.h"
#include "pktladder/session.h"

/* What is said of it, and how the programs' calls are let go. */
typedef struct {
	const char *title;  /* escaped */
	const char *source; /* escaped, translated */
	const char *notice; /* translated; NULL none */
	gboolean stepping;
	gboolean replay; /* from a file */
	guint pace_ms;   /* 0: not paced */
} ViewOptions;

typedef struct {
	Session *session;
	const ViewOptions *options;
	TuiState state;
	guint32 paused_at; /* length of the trace when the pause began */
	gboolean dirty;    /* there is something new to be seen */
	gboolean quitting;
	char *notice; /* what failed last and can be gone on without; escaped; NULL none */
} Look;

/* The events that are shown: none of those that come during a pause. */
guint32 look_length(const Look *look);

/* Says above the ladder, in the notice's place, what has failed; once said and closed it stays
 * closed, until something else happens. NULL: nothing failed. */
void look_notice(Look *look, const char *text);

/* Goes on with a job for so long. How one that makes a file has ended is told in the footer, or, if
 * it failed, by the notice. */
void look_run(Look *look, Job *job, gint64 slice_us);

/* Esc. TRUE: nothing else is meant by it. */
gboolean look_stop(Look *look, Job *job);
