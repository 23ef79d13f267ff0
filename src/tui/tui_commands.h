/* tui_commands.h - what keys do: tui.c moves about, tui_keys.c has the rest. */
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

/* A key of the ladder's, the list's or the plots' table. */
typedef struct {
	TuiKey key;
	gunichar character;
	TuiCommand *run;
	int argument;
	guint8 when; /* each table says what it means */
} TuiBinding;

static inline gboolean
tui_binding_has(const TuiBinding *binding, const TuiInput *input)
{
	return binding->key == input->key &&
	       (input->key != TUI_KEY_CHARACTER || binding->character == input->character);
}

/* Moves (TuiMotion) in what has the focus: the open page, the detail pane, the ladder. */
TuiCommand tui_move;

/* Scrolls the lanes: 1 to the right, -1 to the left; TUI_LANES_VIEW times that, a view. */
#define TUI_LANES_VIEW 2
TuiCommand tui_lanes_scroll;

/* Where a motion leads in a list: the new index; may lie past the end by one for
 * "further down than there is". */
guint32 tui_motion_target(TuiMotion motion, guint32 from, guint32 page, guint32 length);
/* A page keeps a row of the one before in view. */
guint32 tui_page_step(guint rows);

/* The list of conversations: opens or closes it. */
TuiCommand tui_list_toggle;
/* A key while it is open; FALSE where it is none of the list's own. */
gboolean tui_list_key(TuiState *state, const TuiModel *model, const TuiInput *input,
		      TuiAction *action);
/* Whether it is the list's own, and what it needs then (tui_key_needs()). */
gboolean tui_list_needs(const TuiState *state, const TuiInput *input, guint *needs);
void tui_list_move(TuiState *state, const TuiModel *model, const TuiLayout *layout,
		   TuiMotion motion);
gboolean tui_list_escape(TuiState *state);

/* The plots of the selected row's conversation: opens or closes them. */
TuiCommand tui_plot_toggle;
/* A key while they are open; FALSE where it is none of theirs. */
gboolean tui_plot_key(TuiState *state, const TuiModel *model, const TuiInput *input,
		      TuiAction *action);
/* The same as tui_list_needs(). */
gboolean tui_plot_needs(const TuiState *state, const TuiModel *model, const TuiInput *input,
			guint *needs);
gboolean tui_plot_escape(TuiState *state);

/* tui_ask.c: opens a prompt (TuiAsk); the next match and the next problem (argument: backward). */
TuiCommand tui_ask;
TuiCommand tui_search_next;
TuiCommand tui_problem_next;

/* tui_play.c: starts or ends the film; pauses it or goes on; a row on or back (argument);
 * faster or slower (1, -1); even or as recorded; to that many tenths. */
TuiCommand tui_play_toggle;
TuiCommand tui_play_pause;
TuiCommand tui_play_step;
TuiCommand tui_play_pace;
TuiCommand tui_play_even;
TuiCommand tui_play_part;

/* tui_spacing.c: lines in proportion to time, or not; less or more time a line (-1, 1). */
TuiCommand tui_spacing_toggle;
TuiCommand tui_spacing_scale;

/* Scrolls what the mouse is on; argument: down. */
TuiCommand tui_wheel;
TuiCommand tui_click;
TuiCommand tui_resize;
