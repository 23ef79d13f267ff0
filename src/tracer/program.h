/* SPDX-License-Identifier: MIT */
/* program.h - the programs that are traced: how they come to run; the PID namespace that they are
 * in: what is in it sees no other process, cannot leave, and dies with its process 1. */
#pragma once

#include <sys/types.h>

#include "pktladder/tracer.h"

typedef struct {
	pid_t init;   /* its process 1, a child of this process; 0: there is no namespace */
	int lifeline; /* process 1 ends when this is closed by all who have it */
} Pidns;

/* Starts process 1, which calls `fork_inside(data)` (NULL: nothing), to fork what is to live there,
 * and then only waits. A /proc of its own stands in for the one outside, and nothing in the place
 * of our terminal. Takes CAP_SYS_ADMIN, which process 1 gives up after the call, see
 * privileges_drop(). FALSE and why: then nothing was called. */
gboolean pidns_start(Pidns *pidns, void (*fork_inside)(gpointer data), gpointer data,
		     gboolean change_user, GError **error);

/* Ends it, and all that is in it. Its process 1 is still to be waited for. */
void pidns_end(Pidns *pidns);

typedef struct {
	TracerProgram program;
	pid_t waiting;          /* its process, until it is started; 0 there is none */
	pid_t pid;              /* its first process; 0 before it is started */
	int line, child_line;   /* the two ends of a socket; -1 closed */
	gboolean ended;         /* all its processes are gone, */
	gboolean own_ended;     /* or at least its first one */
	guint16 begun[N_CALLS]; /* its calls, by name: of a scenario, whose order counts them */
	gint64 status;          /* of the first process: exit status, or 256 + signal */
	int signal;             /* that the first process got from us, the last one; 0 none */
	gint64 kill_at;         /* SIGTERM was sent: when SIGKILL follows; 0 not sent */
	gboolean connected;     /* it is somebody's client, */
	CallRecord listening;   /* and here somebody's server: the latest socket; id 0 none */
} TracedProgram;

/* Forks the `n` programs' processes, in a PID namespace of their own where there can be one: they
 * give up all privileges and wait. FALSE where the filter that tracing needs cannot be made. */
gboolean programs_fork(TracedProgram *programs, guint n, const TracerOptions *options,
		       Pidns *pidns);

/* Seizes the program's process and lets it run. NULL, or why it does not; the caller frees. */
char *program_start(TracedProgram *program);

/* The program has ended. NULL, or why it never came to run, and the exit status that says so; the
 * caller frees. */
char *program_end(TracedProgram *program, int *status);

/* Back to the default, but for what a sanitizer listens to. */
void signals_reset(void);
