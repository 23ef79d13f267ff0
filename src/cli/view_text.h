/* view_text.h - the view as text on standard output. */
#pragma once

#include "options.h"
#include "print.h"

typedef struct _View View;

typedef struct {
	Printer printer; /* without a file: nothing is printed */
	const char *conversations; /* to be selected when all was read; NULL none, or done */
} ViewText;

void view_text_start(View *view, const Options *options);

/* Prints the rows that are final; where that fails, the view ends. */
void view_text_update(View *view);

/* The first line waits for the last packet. */
gboolean view_text_waits(const View *view);

/* --conversations: which there are is known when the file was read. Where some
 * are not there a screen shows all, and says so; text says so and ends: FALSE. */
gboolean view_conversations_choose(View *view);
