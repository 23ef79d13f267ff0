/* view_work.h - what takes long goes on in slices, so that the screen stays
 * alive: the next ladder, the list, the verdict in the detail pane, plots, a
 * search, saving; and a film, which takes its time. */
#pragma once

#include <glib.h>

typedef struct _View View;

/* state->selection is another: its ladder is begun, and takes the place of the
 * one that is there when what is to be seen of it is. */
void view_select(View *view);

/* TUI_SEARCH: begins, or waits for the ladder that is being made. */
void view_search(View *view);

/* Esc: gives up the one that is running. */
void view_stop_work(View *view);

/* A slice of each. */
void view_work(View *view);
/* What is not at its end (TuiWork), of the events before `end` at least. */
guint view_work_left(View *view, guint32 end);
/* Whether there is more to do at once. */
gboolean view_is_busy(const View *view);

/* A short slice of what is about to be painted. */
void view_work_before_paint(View *view);

/* Takes the film on to what time it is. */
void view_film_run(View *view);
/* Milliseconds until there is more of it to see; -1 never. */
int view_film_wait_ms(View *view);
