/* SPDX-License-Identifier: MIT */
/* screen.h - the terminal, through ncurses; the one place that knows it. Not pure.
 *
 * Whatever ends the program, the terminal is as it was: screen_close() on every ordinary way out, a
 * handler for crashes and for signals that nobody took (SIGSEGV, SIGABRT...), and a guardian
 * process that restores it where the program was killed outright.
 *
 * The owner calls setlocale() first, takes its signals with a signalfd, and polls screen_fd(). On
 * SIGTSTP it calls screen_stop(), on SIGCONT screen_resume(), on SIGWINCH screen_resized(). After
 * any of these, and when screen_fd() is readable, it calls screen_read() until that is FALSE, and
 * ends where screen_gone().
 */
#pragma once

#include "pktladder/tui.h"

typedef struct _Screen Screen;

/* Takes the terminal on standard output; keys come from standard input where
 * that is a terminal too, else from /dev/tty. At most one at a time. Errors: no
 * terminal, an unknown TERM (and what to do). NO_COLOR is honoured. Blocks no
 * signals. Fork what must not hold the terminal before, or exec. */
Screen *screen_open(GError **error);
void screen_close(Screen *screen);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Screen, screen_close)

int screen_fd(const Screen *screen); /* to poll for keys */
void screen_size(const Screen *screen, guint *rows, guint *columns);

/* Asks the terminal for its size; screen_read() then tells of it by TUI_KEY_RESIZE. */
void screen_resized(Screen *screen);

/* Whether something was typed that has not been read. */
gboolean screen_is_typed(const Screen *screen);

/* Non-blocking; FALSE where no key is there. */
gboolean screen_read(Screen *screen, TuiInput *input);

/* The terminal hung up or was taken away: nothing can be read or shown any more. */
gboolean screen_gone(const Screen *screen);

/* Shows the grid; only what differs from the last one is sent. */
void screen_show(Screen *screen, const Grid *grid);

/* Everything again at the next screen_show(). */
void screen_redraw(Screen *screen);

/* Reads the terminal's description from TERMINFO or ~/.terminfo, and leaves it in TERMINFO
 * itself (b64:, see terminfo(5)), for a screen that is opened when the rights to read it there
 * are given up. */
void screen_keep_description(void);

/* Gives the terminal back, stops the process as Ctrl-Z does, and resumes once it is continued. */
void screen_stop(Screen *screen);

/* Takes the terminal again. Where it was not given back (after somebody's SIGSTOP) it sets its
 * modes and paints anew. */
void screen_resume(Screen *screen);

/* Whether there is a description of that terminal. */
gboolean screen_knows(const char *term);

/* The characters that the locale and TERM allow. */
Glyphs screen_glyphs(gboolean ascii);
