/* SPDX-License-Identifier: MIT */
/* program.h - the start of a program that is to be traced. */
#pragma once

#include <sys/types.h>

#include "pktladder/tracer.h"

/* The seccomp filter that stops a program at its socket calls; NULL where it
 * cannot be made. Made once, loaded by each program's child. */
typedef void Filter; /* libseccomp's: a scmp_filter_ctx points to it */
Filter *trap_new(void);
void trap_free(Filter *filter);

/* Why a program did not come to run. */
typedef enum {
	PROGRAM_RAN,
	PROGRAM_NO_FORK,
	PROGRAM_NO_TRACE,  /* PTRACE_SEIZE was refused */
	PROGRAM_NO_FILTER, /* the kernel did not take the filter */
	PROGRAM_NO_EXEC,
} ProgramStep;

/* What the child writes when it fails after it was seized. */
typedef struct {
	gint32 step; /* ProgramStep */
	gint32 error;
} ProgramFailure;

/* What a program starts with. */
typedef struct {
	int output_fd; /* stdout and stderr; -1: ours */
	gboolean change_user;
	const Filter *filter;
} ProgramStart;

/* A program's line: ends[0] is the tracer's, ends[1] is for program_fork(), in
 * whichever process, and then closed. FALSE with errno. */
gboolean program_line(int ends[2]);

/* Forks the process that will be the program, without privileges, waiting.
 * FALSE with errno. */
gboolean program_fork(const ProgramStart *start, const TracerProgram *program, int line);

/* Its pid, once it waits; 0 where it has ended. */
pid_t program_await(int line);

/* Seizes it and lets it run. FALSE with *failure. */
gboolean program_start(pid_t pid, int line, ProgramFailure *failure);

/* Of one that has ended: TRUE with *failure where it never became the program. */
gboolean program_failed(int line, ProgramFailure *failure);

/* Back to the default, but for what a sanitizer listens to. */
void signals_reset(void);

/* "Cannot run “foo”: ...", with what to do. The caller frees. */
char *program_explain(const TracerProgram *program, const ProgramFailure *failure);
