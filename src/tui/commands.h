/* SPDX-License-Identifier: MIT */
/* commands.h - the table of keys, and the commands that it points at. */
#pragma once

#include "tui_private.h"

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
TuiCommand tui_detail_toggle, tui_focus_toggle, tui_fold_open;
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
