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

/* ---- the table of keys (key_table.c), and the commands that it points at ---- */

/* A command is what a key does; `argument` is from the table of keys, *action is TUI_NOTHING, until
 * it is set. Hardly any needs all that it gets. */
typedef void TuiCommand(TuiState *state, const TuiModel *model, const TuiInput *input, int argument,
			TuiAction *action);
#define TUI_COMMAND(name, argument)                                                                \
	void name(TuiState *state G_GNUC_UNUSED, const TuiModel *model G_GNUC_UNUSED,              \
		  const TuiInput *input G_GNUC_UNUSED, int argument G_GNUC_UNUSED,                 \
		  TuiAction *action G_GNUC_UNUSED)

typedef struct {
	gint32 code; /* a character, or the negative of another TuiKey */
	TuiCommand *run;
	int argument;
} TuiBinding;

/* Where a key counts. One that counts in several places does what it does in the last of them. */
typedef enum {
	PLACE_ANYWHERE, /* where a page or the list is open, too */
	PLACE_LADDER,   /* and in a plot */
	PLACE_LIST,
	PLACE_LIST_ROWS, /* what it does follows from which rows the list has */
	PLACE_PLOT,
	PLACE_PLOT_PACKETS, /* the plot has packets */
	PLACE_PLOT_ALONE,   /* the same, and no ladder stands beside it */
	PLACE_PLOT_POINTED, /* the same as PACKETS, and the mouse is on it */
} TuiPlace;

/* When the footer shows a key. */
typedef enum {
	TUI_ALWAYS,
	TUI_STEPPING,
	TUI_LIVE, /* and not stepping */
	TUI_PLAYING,
	TUI_NOT_PLAYING, /* on the ladder */
	TUI_ON_LADDER,
	TUI_FOLDED,  /* on the ladder, where runs are folded */
	TUI_LANES,   /* on the ladder, where it has more lanes than are in view */
	TUI_COPIES,  /* on the ladder, where packets were captured twice */
	TUI_SEVERAL, /* on the ladder, where there are several conversations */
	TUI_SOURCE,  /* on the ladder, of programs whose source is known */
	TUI_IN_LIST,
	TUI_NOT_IN_LIST, /* on the ladder, in a plot */
	TUI_IN_PLOT
} TuiWhen;

typedef enum {
	TUI_KEYS_EVERYWHERE,
	TUI_KEYS_MOVING,
	TUI_KEYS_FINDING,
	TUI_KEYS_SHOWN,
	TUI_KEYS_LIVE,
	TUI_KEYS_PLAYBACK,
	TUI_KEYS_FILES,
	TUI_KEYS_LIST,
	TUI_KEYS_PLOT,
	N_TUI_KEY_GROUPS
} TuiKeyGroup;
/* Headings: msgids. The manual has them, too (manual.c). */
extern const char *const tui_key_groups[N_TUI_KEY_GROUPS];

/* Most important first: the footer shows as many as fit. The help page has them by group. */
typedef struct {
	const char *keys; /* msgid: "↑↓ j k"; the footer shows its first word; NULL: not told of */
	const char *keys_ascii; /* msgid: the same in ASCII; NULL: `keys` is */
	const char *footer;     /* msgid, short, NULL: not in the footer */
	const char *help;       /* msgid */
	TuiWhen when;
	TuiKeyGroup group;
	TuiPlace place;
	TuiBinding bindings[10]; /* as many as have a `run` */
} TuiKeyHelp;
extern const TuiKeyHelp tui_keys[];
extern const guint n_tui_keys;

/* The help or output page; `lines` keeps what it shows, or becomes NULL. */
TuiPager tui_page(const TuiState *state, const TuiModel *model, GPtrArray **lines);

/* The keys of a line as they are shown. */
const char *tui_key_names(const TuiKeyHelp *key, Glyphs glyphs);

/* Where a motion leads in a list: the new index; may lie past the end by one for
 * "further down than there is". */
guint32 tui_motion_target(TuiMotion motion, guint32 from, guint32 page, guint32 length);
/* A page keeps a row of the one before in view. */
guint32 tui_page_step(guint rows);

#define TUI_WHEEL_ROWS 3

/* tui.c: moves (TuiMotion) in what has the focus: the list, the detail pane, the ladder; scrolls
 * what the mouse is on (argument: down); an action that only tells the owner something; TUI_RELEASE
 * or TUI_RELEASE_ALL. */
TuiCommand tui_move, tui_wheel, tui_click, tui_resize, tui_tell_owner, tui_release;
TuiCommand tui_quit, tui_escape, tui_pause_toggle, tui_page_toggle; /* argument: the help */

/* ladder.c: scrolls the lanes (1 to the right, -1 to the left; TUI_LANES_VIEW times that, a
 * view); shows the next conversation or the one before (1, -1); gaps in proportion to time, or
 * none; less or more time a line (-1, 1). */
#define TUI_LANES_VIEW 2
TuiCommand tui_lanes_scroll, tui_conversation_step, tui_spacing_toggle, tui_spacing_scale;
TuiCommand tui_detail_toggle, tui_source_toggle, tui_focus_toggle, tui_fold_open;
TuiCommand tui_selection_toggle; /* argument: where the gboolean is in TuiState */
TuiCommand tui_setup_toggle, tui_time_step, tui_delta_step, tui_mark_toggle;
TuiCommand tui_search_next, tui_problem_next; /* argument: backward */
void tui_ladder_move(TuiState *state, const TuiModel *model, const TuiLayout *layout,
		     TuiMotion motion);
void tui_ladder_wheel(TuiState *state, const TuiModel *model, const TuiLayout *layout,
		      gboolean down);

/* list.c: the list of conversations: opens or closes it; shows what is marked, or selected;
 * sorts by the next column or the one before (1, -1); asks for its filter. */
TuiCommand tui_list_toggle, tui_list_show, tui_list_sort, tui_list_reverse, tui_list_ask;
TuiCommand tui_list_mark, tui_list_mark_all, tui_list_wheel, tui_list_click;
void tui_list_move(TuiState *state, const TuiModel *model, const TuiLayout *layout,
		   TuiMotion motion);
gboolean tui_list_escape(TuiState *state);
/* Whether the key is typed into the filter, which is being asked for; and that. */
gboolean tui_list_is_typed(const TuiState *state, const TuiInput *input);
void tui_list_type(TuiState *state, const TuiInput *input);

/* plot.c: the plots of the selected row's conversation: opens or closes them; a packet, a page
 * or to the end, forwards or backwards (1, -1); nearer, further off or all of it (1, -1, 0). */
TuiCommand tui_plot_toggle, tui_plot_step, tui_plot_page, tui_plot_end, tui_plot_zoom;
TuiCommand tui_plot_kind, tui_plot_kind_step, tui_plot_turn, tui_plot_enter;
TuiCommand tui_plot_click, tui_plot_wheel;
gboolean tui_plot_escape(TuiState *state);
/* The plot has packets, and its cursor is on one. */
gboolean tui_plot_is_ready(const TuiState *state, const TuiModel *model);

/* ask.c: opens a prompt (TuiAsk). */
TuiCommand tui_ask;

/* play.c: starts or ends playback; pauses it or goes on; a row on or back (1, -1);
 * faster or slower (1, -1); even or as recorded; to that many tenths. */
TuiCommand tui_play_toggle, tui_play_pause, tui_play_step, tui_play_pace, tui_play_even;
TuiCommand tui_play_part;
