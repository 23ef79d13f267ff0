/* tui_ask.h - what is asked for at the bottom of the screen: the display filter, a
 * text to search for, a place to go to, names of files. */
#pragma once

#include "tui_private.h"

#include "pktladder/figure.h"

/* The prompt that is open; N_TUI_ASKS where none is. */
TuiAsk tui_asking(const TuiState *state);

/* How many rows at the bottom the open prompt takes, the footer's among them; 0 none. */
guint tui_ask_rows(const TuiState *state);

/* A key while a prompt is open; FALSE where none is, or it is not for it. */
gboolean tui_ask_key(TuiState *state, const TuiModel *model, const TuiInput *input,
		     TuiAction *action);
/* Whether an open prompt takes the key, and what that needs then (tui_key_needs()). */
gboolean tui_ask_needs(const TuiState *state, const TuiInput *input, guint *needs);
void tui_ask_paint(const TuiState *state, const TuiModel *model, Grid *grid);

/* What there is to say about a filter that is being typed. */
typedef struct {
	GError *error;       /* NULL: it can be used */
	gboolean in_word;    /* it has an error that goes when its last word is whole */
	gboolean unfinished; /* ... or when more comes */
	GPtrArray *words;    /* that can stand where the cursor is */
	gsize start;
} TuiFilterCheck;

TuiFilterCheck tui_filter_check(const TuiState *state);
void tui_filter_check_clear(TuiFilterCheck *check);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TuiFilterCheck, tui_filter_check_clear)

/* The format that a figure's name says, of the ladder, or of the plot that is open;
 * NULL: none, or it is no format for that. */
const FigureFormat *tui_figure_format(const TuiState *state, const char *name);

/* Whether the ladder, or the plot that is open, can be written in it. */
gboolean tui_figure_fits(const TuiState *state, const FigureFormat *format);
