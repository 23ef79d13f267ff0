/* view_keys.h - the keys that came, and what they ask for.
 *
 * Theory of operation. Keys are handled in their order, and each finds the view as
 * it would have been painted: what goes on in slices is brought up to date before
 * it. A key that needs more than that (tui_key_needs()) waits until it is there,
 * with the ones behind it; so a word of keys means the same however fast it is
 * typed. Esc alone overtakes them, where what it ends was told of on the screen
 * before it was pressed. What is behind a key stays in the terminal as long as
 * that key does not wait: it may be for the shell.
 */
#pragma once

#include <glib.h>

typedef struct _View View;

typedef struct {
	GQueue *typed;	/* Typed *: read, and not handled yet */
	guint waits;	/* TuiWork that the first of them waits for; 0: it is its turn */
	gboolean more;	/* there may be others, which the terminal need not tell of again */
	gboolean ahead; /* what comes was typed before anything was painted */
} ViewKeys;

/* Before the first paint. */
void view_keys_open(View *view);
void view_keys_close(ViewKeys *keys);

/* Takes all that are there and need not wait, for a slice of time at most. */
void view_keys_take(View *view);
/* Whether to take them again at once: there are more, or what one waits for goes on in slices. */
gboolean view_keys_are_due(const ViewKeys *keys);
