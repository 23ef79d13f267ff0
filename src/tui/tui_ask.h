/* SPDX-License-Identifier: MIT */
/* tui_ask.h - what is asked for at the bottom of the screen: the display filter, a
 * text to search for, a place to go to, names of files; and completing it. */
#pragma once

#include "tui_private.h"

#include "pktladder/figure.h"

/* A key while a prompt is open; FALSE where none is, or it is not for it. */
gboolean tui_ask_key(TuiState *state, const TuiModel *model, const TuiInput *input,
		     TuiAction *action);
/* Whether an open prompt takes the key, and what that needs then (tui_key_needs()). */
gboolean tui_ask_needs(const TuiState *state, const TuiInput *input, guint *needs);
void tui_ask_paint(const TuiState *state, const TuiModel *model, Grid *grid);

/* The format that a figure's name says, of the ladder, or of the plot that is open;
 * NULL: none, or it is no format for that. */
const FigureFormat *tui_figure_format(const TuiState *state, const char *name);

/* Whether one can go to it: "123", "1.5", "+0.2". */
gboolean tui_is_place(const char *text);

/* Goes where it was to go, once the ladder has come there. */
void tui_goto_settle(TuiState *state, const TuiModel *model);

/* From its first event to its last. */
double tui_capture_seconds(const Trace *trace);

/* Words that can stand at the end of the typed text. */
typedef struct {
	GPtrArray *words; /* char *; may be empty */
	gsize start;      /* the byte of what was typed from which on they stand */
	guint begun;      /* which of them is there, or its beginning; G_MAXUINT: none is known */
	gboolean whole;   /* all of it */
} TuiWords;

TuiWords tui_words(const TuiState *state, TuiAsk ask, const char *typed);
