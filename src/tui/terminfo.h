/* SPDX-License-Identifier: MIT */
/* terminfo.h - what the terminal's description says: whether a screen can be
 * shown on it, and how to undo that. Private to src/tui.
 */
#pragma once

#include <glib.h>

/* Reads the description of TERM, and holds it against what a screen needs. */
gboolean terminfo_load(GError **error);

/* The mouse (xterm's, 1000) tells of itself, in ASCII, and of columns beyond 223 (SGR, 1006). */
#define TERMINFO_MOUSE_ON  "\033[?1000h\033[?1006h"
#define TERMINFO_MOUSE_OFF "\033[?1006l\033[?1000l"

/* The bytes that undo what is done to the screen; after terminfo_load(). */
GString *terminfo_restore(void);

/* Sets the error; FALSE. */
gboolean screen_fail(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
