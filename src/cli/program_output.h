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

#include "pktladder/call.h"

typedef struct _ProgramOutput ProgramOutput;

/* `ends`: the programs' ends of the pipes, by CallRole, which the caller closes. */
ProgramOutput *program_output_new(int ends[2], GError **error);
void program_output_free(ProgramOutput *output);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ProgramOutput, program_output_free)

/* From now on there is a screen. */
void program_output_keep(ProgramOutput *output);

/* Where the next words of that program come from; -1: they ended. */
int program_output_fd(const ProgramOutput *output, CallRole role);

/* Takes what is there, without blocking; of much, a part. */
void program_output_read(ProgramOutput *output);

/* The last lines (char *), for the screen, and how many there were of all. */
const GPtrArray *program_output_newest(const ProgramOutput *output);
guint program_output_length(const ProgramOutput *output);

/* The programs have ended: takes the rest, and tells what was kept, and how much was
 * lost. FALSE: some was. */
gboolean program_output_end(ProgramOutput *output);
