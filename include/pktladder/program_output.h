/* SPDX-License-Identifier: MIT */
/* program_output.h - what the programs print, line by line: who printed it, and what, made
 * harmless for a terminal. Not pure.
 *
 * Theory of operation. A pipe for each program, of its standard output and error: so each
 * one's words stay in their order, and a line of one is never broken by the other. Without
 * a screen a line is told on standard error as soon as it ends. With one it waits in a file
 * without a name, and is told when the screen is gone. A carriage return ends a line, as
 * it does to the eye; a very long line is cut.
 */
#pragma once

#include <gio/gio.h>
#include <stdio.h>

#include "pktladder/fd.h"
#include "pktladder/tracer.h"

typedef struct {
	int fd;            /* its pipe; -1: its end was read */
	GString *line;     /* what has not ended yet */
	gboolean returned; /* the last one ended by a carriage return: a line feed ends none */
} Program;

typedef struct {
	Program programs[PROGRAMS_MAX + 1]; /* the first `n`; behind them nobody's: our own words */
	guint n;
	GPtrArray *newest; /* char *: the last lines, for the screen */
	gsize newest_bytes;
	guint length;   /* lines, of all */
	guint lost;     /* lines, that could be neither told nor kept */
	gboolean later; /* they are told when the screen is gone, */
	FILE *kept;     /* and kept here meanwhile; NULL where that cannot be */
	gsize kept_bytes;
} ProgramOutput;

/* For `n` programs. `ends`: their ends of the pipes, from -1 on; they are the caller's. */
ProgramOutput *program_output_new(guint n, int *ends, GError **error);
void program_output_free(ProgramOutput *output);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ProgramOutput, program_output_free)

/* From now on there is a screen. */
void program_output_keep(ProgramOutput *output);

/* A line of our own between theirs. */
void program_output_say(ProgramOutput *output, const char *text);

/* Takes what is there, without blocking; of much, a part. */
void program_output_read(ProgramOutput *output);

/* The programs have ended: takes the rest, and tells what was kept, and how much was
 * lost. FALSE: some was. */
gboolean program_output_end(ProgramOutput *output);
