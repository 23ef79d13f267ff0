/* SPDX-License-Identifier: MIT */
/* terminal.h - the terminal's modes, and who gives them back: on a crash, a signal that nobody
 * took, or SIGKILL. One terminal at a time. Private to src/screen. */
#pragma once

#include <glib.h>

#define TERMINAL_RESTORE_MAX 512

/* Saves the modes of the terminal `fd`, sets the handlers and starts the
 * guardian. `restore` are the bytes that bring the screen back. */
gboolean terminal_guard(int fd, const char *restore, gsize length, GError **error);

/* How keys come from the terminal `fd`: all of them in the order in which they are
 * typed, also for who reads on when the program has ended. */
void terminal_keys_set(int fd);

/* The modes that the program uses are set now, from here on they are to be undone. */
void terminal_modes_set(void);

/* The terminal is ours from here on, or no longer. Taking it saves its modes anew. */
void terminal_take(void);
void terminal_give(void);

/* Ends the guardian and puts the handlers back. The terminal must have been given back. */
void terminal_unguard(void);

/* ---- terminfo.c: whether a screen can be shown on the terminal, and how to undo that ---- */

/* Reads the description of TERM, and holds it against what a screen needs. */
gboolean terminfo_load(GError **error);

/* The mouse (xterm's, 1000) tells of itself, in ASCII, and of columns beyond 223 (SGR, 1006). */
#define TERMINFO_MOUSE_ON  "\033[?1000h\033[?1006h"
#define TERMINFO_MOUSE_OFF "\033[?1006l\033[?1000l"

/* The bytes that undo what is done to the screen; after terminfo_load(). */
GString *terminfo_restore(void);
