/* SPDX-License-Identifier: MIT */
/* tui_private.h - what the files of the view share. */
#pragma once

#include "pktladder/figure.h"
#include "pktladder/tui.h"

#define TUI_CONTROL(letter) ((letter) - '@')

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

typedef struct {
	guint y, x, rows, columns;
} TuiRect;

/* Where everything on the screen stands; a rectangle without rows is not shown. */
typedef struct {
	gboolean too_small;
	TuiRect notice, head, ladder, detail, page, list, plot;
	TuiRect play;           /* playback's line, above the footer; its bar at the left */
	guint play_cells;       /* of the bar */
	guint play_passed;      /* so many have passed */
	gboolean held;          /* the line above the footer */
	gboolean detail_beside; /* right of the ladder, not below it */
	SceneLayout scene;
} TuiLayout;

#define TUI_MIN_ROWS  6
#define TUI_OPEN_ROWS 40 /* from here there is room for the detail pane from the start */
#define TUI_SEPARATOR 3  /* columns between the ladder and what stands beside it */

static inline gboolean
tui_is_ascii(const TuiState *state)
{
	return state->glyphs == GLYPHS_ASCII;
}

/* A cell of a bar that shows how much is done. */
static inline const char *
tui_bar_cell(const TuiState *state, gboolean done)
{
	return tui_is_ascii(state) ? (done ? "#" : ".") : (done ? "█" : "░");
}

/* Text cut to `width` columns, visibly. Returns the columns used. */
guint tui_put_fit(const TuiState *state, Grid *grid, guint y, guint x, guint width,
		  const char *text, Role role);

TuiLayout tui_layout(const TuiState *state, const TuiModel *model);
gboolean tui_rect_has(const TuiRect *rect, guint y, guint x);

/* The prompt that is open; N_TUI_ASKS where none is. */
TuiAsk tui_asking(const TuiState *state);

/* How many rows at the bottom the open prompt takes, the footer's among them; 0 none. */
guint tui_ask_rows(const TuiState *state);

/* The notice that is still to be seen, or NULL. */
const char *tui_notice(const TuiState *state, const TuiModel *model);

/* The notice's lines, with the key that hides it. There must be a notice. */
GPtrArray *tui_notice_wrap(const TuiState *state, const TuiModel *model, guint width);

/* The arrow keys scroll the detail pane. */
gboolean tui_detail_focused(const TuiState *state, const TuiLayout *layout);

/* The first row that is not before the event; the last one where all are. */
guint32 tui_row_near(const Ladder *ladder, guint32 event);

/* Remembers what was selected, so that tui_settle() finds it in the new ladder. */
TuiAction tui_selection_changed(TuiState *state, const TuiModel *model);

/* Shows conversation `index` alone (CONVERSATION_NONE: all), or those of a set. */
void tui_select(TuiState *state, guint32 index, ConversationSet *set);

/* How many rows of the ladder there are: those that playback has shown. */
guint32 tui_length(const TuiState *state, const TuiModel *model);

/* ladder.c: the ladder. */
/* After a change of the selection: the same event, on the same line of the screen. */
void tui_ladder_find(TuiState *state, const TuiModel *model);
void tui_ladder_settle(TuiState *state, const TuiModel *model, const TuiLayout *layout);
void tui_detail_settle(TuiState *state, const TuiModel *model, const TuiLayout *layout);
/* Selects a row, which then stands in the middle where it was not in view. */
void tui_row_go(TuiState *state, const TuiModel *model, guint32 row);
void tui_spacing_settle(TuiState *state, const TuiModel *model);
/* "20 ms a line"; NULL: there are none. */
char *tui_spacing_text(const TuiState *state);

/* play.c: playback. */
static inline gboolean
tui_play_is_on(const TuiState *state) /* its line is on the screen */
{
	return state->play.state != PLAY_OFF;
}

guint tui_play_columns(const TuiState *state); /* of its bar */
void tui_play_settle(TuiState *state, const TuiModel *model);
void tui_play_paint(const TuiState *state, const TuiModel *model, const TuiLayout *layout,
		    Grid *grid);
/* Home, End and go to: to where `shown` rows are there; EVENT_NONE: to the time. FALSE: playback
 * neither runs nor is paused. */
gboolean tui_play_go(TuiState *state, const TuiModel *model, guint32 shown, gint64 time_ns);
/* A click on playback's line. */
void tui_play_click(TuiState *state, const TuiModel *model, const TuiLayout *layout, guint x);

/* list.c: the list of conversations. */
void tui_list_settle(TuiState *state, const TuiModel *model, const TuiLayout *layout);
void tui_list_paint(const TuiState *state, const TuiModel *model, const TuiRect *rect, Grid *grid);
/* How many rows of the list stand in a rectangle. */
guint tui_list_height(const TuiRect *rect);

/* plot.c: the plots of a conversation. */
void tui_plot_open(TuiState *state, const TuiModel *model, guint32 conversation);
void tui_plot_settle(TuiState *state, const TuiModel *model);
void tui_plot_paint(const TuiState *state, const TuiModel *model, const TuiLayout *layout,
		    Grid *grid);

/* A pager: lines of text, wrapped to a rectangle, the first line of which is a
 * heading. Only the lines in view cost anything. */
typedef struct {
	const GPtrArray *lines; /* may be NULL */
	const char *empty;      /* shown where there are none */
	gboolean indented;      /* lines without indentation are headings */
	guint n_keys;           /* so many lines begin with the name of a key */
	guint key_columns;      /* in these columns */
} TuiPager;

/* The greatest first line that still fills the rectangle. */
guint tui_pager_last(const TuiPager *pager, const TuiRect *rect);
void tui_pager_move(const TuiPager *pager, const TuiRect *rect, guint *top, TuiMotion motion);
void tui_pager_paint(const TuiPager *pager, const TuiRect *rect, guint top, const char *heading,
		     gboolean focus, const TuiState *state, Grid *grid);

TuiPager tui_detail_pager(const TuiModel *model);

/* ask.c: questions at the bottom of the screen: the display filter, a text to
 * search for, a place to go to, names of files; and completing the answers. */

/* A key while a prompt is open; FALSE where none is, or it is not for it. */
gboolean tui_ask_key(TuiState *state, const TuiModel *model, const TuiInput *input,
		     TuiAction *action);
/* Whether an open prompt takes the key, and what that needs then (tui_key_needs()). */
gboolean tui_ask_needs(const TuiState *state, const TuiInput *input, guint *needs);
void tui_ask_paint(const TuiState *state, const TuiModel *model, Grid *grid);

/* Goes to state->destination, once the ladder has come there. */
void tui_goto_settle(TuiState *state, const TuiModel *model);
