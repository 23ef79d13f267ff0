/* tui.h - the interactive view: update(state, key) and paint(state, model) to
 * a grid. Pure: no terminal, no clock, no files. src/tui/screen.c is the one
 * file that knows ncurses.
 */
#pragma once

#include "pktladder/detail.h"
#include "pktladder/grid.h"

/* What the view looks at; made anew by its owner before each update or paint. */
typedef struct {
	Ladder *ladder;
	const char *title;	/* "demo tcp", a file's name...: escaped */
	const char *source;	/* "private network", "lo", "replay": escaped, translated */
	const char *held;	/* the call that waits to be let go: "client: connect(...)"; NULL none */
	const char *notice;	/* one line that needs to be seen (why a fallback was taken); NULL none */
	guint64 drops;
	guint32 pending;	/* events that came while paused */
	gboolean live;		/* more may come */
	gboolean stepping;	/* calls are held */
	const GPtrArray *detail; /* lines of the selected row (detail.h), NULL none */
	const GPtrArray *output; /* lines that the programs printed; escaped */
	guint n_conversations;
} TuiModel;

typedef enum {
	TUI_KEY_NONE, TUI_KEY_UP, TUI_KEY_DOWN, TUI_KEY_PAGE_UP, TUI_KEY_PAGE_DOWN, TUI_KEY_HOME,
	TUI_KEY_END, TUI_KEY_ENTER, TUI_KEY_ESCAPE, TUI_KEY_TAB, TUI_KEY_BACKTAB, TUI_KEY_WHEEL_UP,
	TUI_KEY_WHEEL_DOWN, TUI_KEY_CLICK, TUI_KEY_RESIZE, TUI_KEY_LEFT, TUI_KEY_RIGHT,
	TUI_KEY_CHARACTER /* TuiInput.character */
} TuiKey;

typedef struct {
	TuiKey key;
	gunichar character;
	guint y, x; /* of a click */
} TuiInput;

typedef enum {
	TUI_NOTHING,
	TUI_QUIT,
	TUI_RELEASE,	  /* let the next held call go */
	TUI_RELEASE_ALL,  /* stop stepping */
	TUI_SUSPEND,	  /* Ctrl-Z */
	TUI_REDRAW,	  /* Ctrl-L: paint everything anew */
	TUI_SELECTION,	  /* state->selection changed: make a new ladder */
} TuiAction;

typedef struct {
	guint rows, columns;	/* the terminal's */
	guint32 top;		/* first ladder row shown */
	guint32 selected;	/* ladder row; EVENT_NONE while there is none */
	gboolean follow;	/* stick to the newest row */
	gboolean paused;
	gboolean help, output;	/* that page is open */
	gboolean detail;	/* the detail pane is open */
	guint detail_top;	/* its first line */
	gboolean detail_focus;	/* the arrow keys scroll it */
	Selection selection;
	Glyphs glyphs;
} TuiState;

void tui_init(TuiState *state, guint rows, guint columns, Glyphs glyphs);
TuiAction tui_update(TuiState *state, const TuiModel *model, const TuiInput *input);

/* New rows may have come, or the size has changed: keeps `top` and `selected`
 * in range and follows where it should. Call before tui_paint(). */
void tui_settle(TuiState *state, const TuiModel *model);
void tui_paint(const TuiState *state, const TuiModel *model, Grid *grid);

/* The keys, for help, footer and man page: one table. */
typedef struct {
	const char *keys;   /* "↑ ↓ j k" ; ASCII in ascii mode: see keys_ascii */
	const char *keys_ascii;
	const char *footer; /* msgid, short, NULL: not in the footer */
	const char *help;   /* msgid */
} TuiKeyHelp;
extern const TuiKeyHelp tui_keys[]; /* ended by keys == NULL */
