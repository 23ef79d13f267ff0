/* SPDX-License-Identifier: MIT */
/* tracer_run.h - runs programs under the tracer and keeps all that it says. */
#pragma once

#include "pktladder/tracer.h"

typedef struct {
	GArray *calls;          /* CallRecord, in their order: entries, returns and held ones */
	CallRecord started;     /* TRACER_SERVER_WAITS'; id 0 not seen */
	CallRecord out_of_turn; /* the last TRACER_OUT_OF_TURN's; id 0 not seen */
	gint64 status[2];       /* by CallRole; -1 not ended */
	gint32 signal[2];       /* that it got from the tracer; 0 none */
	char *problem;          /* TRACER_FAILED's; NULL where it ended with TRACER_DONE */
	char *output;           /* what the programs wrote */
} Run;

/* "tracee-NAME" in the build; static where `name` ends so. */
char *tracee_path(const char *name);

/* A port of 127.0.0.1 that is free now, for TCP and UDP. */
guint free_port(void);

/* Words of a command line, with "@" for the port and a first word that is a tracee's name
 * ("odd") or, with a slash or a dollar before it ("$python3"), any program's. */
char **command(const char *text, guint port);

/* Runs to the end; where options->hold, each held call is released when it has come.
 * Checks what must hold for any run: see check_run(). */
Run *run_options(const TracerOptions *options);
/* The same of two command lines; NULL no client. */
Run *run_commands(const char *server, const char *client, guint port);
void run_free(Run *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Run, run_free)

/* The names of the calls of a role in the order of their entries, "socket bind
 * listen ..."; without the exits. The caller frees. */
char *run_sequence(const Run *run, CallRole role);

/* The nth (from 0) record of this kind; it fails where there is none. */
const CallRecord *run_find(const Run *run, CallRole role, CallName name, CallPhase phase, guint n);
guint run_count(const Run *run, CallRole role, CallName name, CallPhase phase);
