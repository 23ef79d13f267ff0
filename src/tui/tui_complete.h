/* tui_complete.h - Tab in a prompt: words of the filter, suffixes of file names. */
#pragma once

#include "tui_private.h"

/* What can stand at the end of what was typed. */
typedef struct {
	GPtrArray *words; /* char *; may be empty */
	gsize start;	  /* the byte of what was typed from which on they stand */
	guint begun;	  /* which of them is there, or its beginning; G_MAXUINT: none is known */
	gboolean whole;	  /* all of it */
} TuiWords;

TuiWords tui_words(const TuiState *state, TuiAsk ask, const char *typed);
void tui_words_clear(TuiWords *words);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TuiWords, tui_words_clear)

/* Tab: the first of the words takes its place, then the next (step 1), or backwards
 * (-1). Nothing where the prompt has none. */
void tui_complete_step(TuiState *state, TuiAsk ask, int step);
