/* tui_goto.h - going to a place: a frame, a time, a step of time from here. */
#pragma once

#include "tui_private.h"

/* The prompt's answer: goes there, or says why not. */
TuiAction tui_goto_apply(TuiState *state, const TuiModel *model);

/* Whether one can go to it: "123", "1.5", "+0.2". */
gboolean tui_is_place(const char *text);

/* Goes where it was to go, once the ladder has come there. */
void tui_goto_settle(TuiState *state, const TuiModel *model);

/* To a row, which stands in the middle where it was not in view. */
void tui_row_go(TuiState *state, const TuiModel *model, guint32 row);

/* From its first event to its last. */
double tui_capture_seconds(const Trace *trace);
