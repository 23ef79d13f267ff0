/* tui_commands.h - what keys do: tui.c moves about, tui_keys.c has the rest and the table. */
#pragma once

#include "tui_private.h"

typedef enum {
	MOTION_UP,
	MOTION_DOWN,
	MOTION_PAGE_UP,
	MOTION_PAGE_DOWN,
	MOTION_HALF_UP,
	MOTION_HALF_DOWN,
	MOTION_HOME,
	MOTION_END,
} TuiMotion;

/* What a key does; `argument` is from the table of keys. */
typedef TuiAction TuiCommand(TuiState *state, const TuiModel *model, const TuiInput *input,
			     int argument);

/* Moves (TuiMotion) in what has the focus: the open page, the detail pane, the ladder. */
TuiCommand tui_move;

/* Scrolls what the mouse is on; argument: down. */
TuiCommand tui_wheel;
TuiCommand tui_click;
TuiCommand tui_resize;
