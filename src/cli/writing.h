/* writing.h - what the user writes from the screen into files: the packets in
 * view, the ladder or the plot as a figure, a picture of the screen. Names come
 * from the prompts; where a file is there the prompt asks once more. How it
 * ended is told in the footer, what failed above the ladder. Not pure.
 */
#pragma once

#include "builder.h"
#include "plots.h"
#include "save.h"
#include "trouble.h"

typedef struct {
	/* What there is to write, and to say it with: the view's. */
	Session *session;
	const char *title; /* escaped */
	TuiState *state;
	Trouble *trouble;
	const Builder *builder;
	const Plots *plots;
	/* Saving takes its time. */
	Save *save; /* NULL none is running */
	char *text; /* how far it has come; NULL nothing to say */
} Writing;

/* TUI_SAVE: begins, over what is running. */
void writing_save(Writing *writing);
/* Goes on with it; most end in their first slice. FALSE where none is running. */
gboolean writing_slice(Writing *writing);
/* Gives it up. FALSE where none was running. */
gboolean writing_stop(Writing *writing);

/* TUI_FIGURE: the plot that is open, else the whole ladder as it is on the screen. */
void writing_figure(Writing *writing);

/* TUI_PICTURE: `screen` as it was before the name was asked for. */
void writing_picture(Writing *writing, const Grid *screen);

/* Nothing is said of a file that was not finished. */
void writing_clear(Writing *writing);
