/* SPDX-License-Identifier: MIT */
/* prompt.h - one line of text that is typed and edited on the screen. Pure.
 *
 * Its owner keeps one for each thing that it asks for (each has a history of its own) and, while it
 * is open, gives every key to tui_prompt_input() first.
 *
 * Keys: arrows, Home, End (Ctrl-A, Ctrl-E), Backspace, Delete (Ctrl-D), Ctrl-U (all before the
 * cursor), Ctrl-K (all behind it), Ctrl-W (the word before it), up and down (Ctrl-P, Ctrl-N)
 * through what was remembered. The cursor goes by what is seen: a letter with its accents is one
 * step. Nothing gets into the text that text_is_harmless() would not let pass.
 */
#pragma once

#include "pktladder/tui.h"

typedef enum {
	PROMPT_OTHER,    /* not for a prompt (mouse, resize, Ctrl-C...): do as ever */
	PROMPT_MOVED,    /* nothing but the cursor has changed */
	PROMPT_CHANGED,  /* the text is another: filter as one types */
	PROMPT_COMPLETE, /* Tab: tui_prompt_complete() puts a word there */
	PROMPT_COMPLETE_BACK,
	PROMPT_ENTER,  /* tui_prompt_accept(), or stay open */
	PROMPT_CANCEL, /* Esc: close it */
} TuiPromptResult;

/* Its owner may read the first three, and close it. */
struct _TuiPrompt {
	gboolean open;
	GString *text;      /* UTF-8 */
	gsize cursor;       /* bytes; never before a mark */
	GPtrArray *history; /* char *, newest last */
	guint recalled;     /* so many lines back in the history; 0: the line that is typed */
	char *draft;        /* what was typed, while `recalled` */
};

TuiPrompt *tui_prompt_new(void);
void tui_prompt_free(TuiPrompt *prompt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TuiPrompt, tui_prompt_free)

/* Opens the prompt with `text` in it and the cursor behind that. */
void tui_prompt_open(TuiPrompt *prompt, const char *text);
/* NULL is not open. */
gboolean tui_prompt_is_open(const TuiPrompt *prompt);

/* Whether tui_prompt_input() has a use for the key: FALSE where it returns PROMPT_OTHER. */
gboolean tui_prompt_takes(const TuiInput *input);
TuiPromptResult tui_prompt_input(TuiPrompt *prompt, const TuiInput *input);

/* Puts `word` in the place of what stands between byte `start` and the cursor. */
void tui_prompt_complete(TuiPrompt *prompt, gsize start, const char *word);

/* Closes the prompt, and takes the text into the history, as its newest line; "" not. */
void tui_prompt_accept(TuiPrompt *prompt);

/* Paints a row: the label (loud: reversed), the text, scrolled so that the
 * cursor is in view. Returns the column where the text's first byte stands or
 * would stand (it may be left of the screen: negative), for marks below it. */
int tui_prompt_paint(const TuiPrompt *prompt, const char *label, gboolean loud, gboolean ascii,
		     guint y, guint columns, Grid *grid);
