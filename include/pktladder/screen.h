/* screen.h - the terminal, through ncurses; the one place that knows it. Not pure.
 *
 * Whatever ends the program, the terminal is as it was: screen_close() on every
 * ordinary way out, a handler for crashes (SIGSEGV, SIGABRT...), and a guardian
 * process that restores it where the program was killed outright.
 */
#pragma once

#include "pktladder/tui.h"

typedef struct _Screen Screen;

/* Opens /dev/tty's screen on standard output. Errors: not a terminal, an
 * unknown TERM (and what to do). NO_COLOR is honoured. Blocks no signals. */
Screen *screen_open(GError **error);
void screen_close(Screen *screen);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Screen, screen_close)

int screen_fd(const Screen *screen); /* to poll for keys */
void screen_size(const Screen *screen, guint *rows, guint *columns);

/* Call after SIGWINCH: asks the terminal for its size. */
void screen_resized(Screen *screen);

/* Non-blocking; FALSE where no key is there. */
gboolean screen_read(Screen *screen, TuiInput *input);

/* Shows the grid; only what differs from the last one is sent. */
void screen_show(Screen *screen, const Grid *grid);

/* Everything again at the next screen_show(). */
void screen_redraw(Screen *screen);

/* Gives the terminal back (for SIGTSTP), and takes it again. */
void screen_suspend(Screen *screen);
void screen_resume(Screen *screen);

/* What the locale and TERM allow. */
Glyphs screen_glyphs(gboolean ascii);
