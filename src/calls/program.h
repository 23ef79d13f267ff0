/* program.h - the start of a program that is to be traced. */
#pragma once

#include <sys/types.h>

#include "pktladder/tracer.h"

/* The seccomp filter that stops a program at its socket calls; NULL where it
 * cannot be made. Made once, loaded by each program's child. */
typedef struct _Filter Filter;
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

/* Forks the program and seizes it. Returns its pid, already running, with
 * *failure_fd to be read when it has ended: a ProgramFailure, or nothing where
 * it ran. On failure 0 and *failure. */
pid_t program_start(const TracerProgram *program, int output_fd, const Filter *filter,
		    int *failure_fd, ProgramFailure *failure);

/* Back to the default, but for what a sanitizer listens to. */
void signals_reset(void);

/* "Cannot run “foo”: ...", with what to do. The caller frees. */
char *program_explain(const TracerProgram *program, const ProgramFailure *failure);
