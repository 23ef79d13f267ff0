/* SPDX-License-Identifier: MIT */
/* program.h - the two programs that are traced: how they come to run. */
#pragma once

#include <sys/types.h>

#include "pidns.h"
#include "pktladder/tracer.h"

enum { N_PROGRAMS = 2 }; /* by CallRole: the server, the client */

typedef struct {
	TracerProgram program;
	pid_t waiting;        /* its process, until it is started; 0 there is none */
	pid_t pid;            /* its first process; 0 before it is started */
	int line, child_line; /* the two ends of a socket; -1 closed */
	gboolean ended;       /* all its processes are gone */
	gint64 status;        /* of the first process: exit status, or 256 + signal */
	gint64 kill_at;       /* SIGTERM was sent: when SIGKILL follows; 0 not sent */
} TracedProgram;

/* Forks both programs' processes, in a PID namespace of their own where there can be one: they
 * give up all privileges and wait. FALSE where the filter that tracing needs cannot be made. */
gboolean programs_fork(TracedProgram programs[N_PROGRAMS], const TracerOptions *options,
		       Pidns *pidns);

/* Seizes the program's process and lets it run. NULL, or why it does not; the caller frees. */
char *program_start(TracedProgram *program);

/* The program has ended. NULL, or why it never came to run; the caller frees. */
char *program_end(TracedProgram *program);

/* Back to the default, but for what a sanitizer listens to. */
void signals_reset(void);
