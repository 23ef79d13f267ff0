/* terminfo.h - what the terminal's description says: whether a screen can be
 * shown on it, and how to undo that. Private to src/tui.
 */
#pragma once

#include <glib.h>

/* Reads the description of TERM, and holds it against what a screen needs. */
gboolean terminfo_load(GError **error);

/* The bytes that undo what ncurses does to the screen; after terminfo_load(). */
GString *terminfo_restore(void);

/* Sets the error; FALSE. */
gboolean screen_fail(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
