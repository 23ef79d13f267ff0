/* tui_ask.h - the display filter, searching and going to a place: what is asked
 * for at the bottom of the screen. */
#pragma once

#include "tui_private.h"

/* How many rows at the bottom the open prompt takes, the footer's among them; 0 none. */
guint tui_ask_rows(const TuiState *state);

/* A key while a prompt is open; FALSE where none is, or it is not for it. */
gboolean tui_ask_key(TuiState *state, const TuiModel *model, const TuiInput *input,
		     TuiAction *action);
void tui_ask_paint(const TuiState *state, const TuiModel *model, Grid *grid);

/* A line in the footer's place until the next key; takes it. */
void tui_tell(TuiState *state, char *message);
