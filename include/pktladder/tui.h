/* SPDX-License-Identifier: MIT */
/* tui.h - the interactive view: update(state, key) and paint(state, model) to a grid. Pure: no
 * terminal, no clock, no files. src/screen/screen.c is the one file that knows ncurses.
 *
 * Its owner's loop: for each key tui_settle() and tui_update(), then tui_settle() and tui_paint()
 * once: a key finds the view as it would have been painted, however fast keys come. One whose
 * tui_key_needs() are not there yet waits, and those behind it. Where state->paused is set the
 * owner lets new events wait outside the ladder and counts them in model->pending.
 */
#pragma once

#include "pktladder/detail.h"
#include "pktladder/find.h"
#include "pktladder/graph.h"
#include "pktladder/scene.h"
#include "pktladder/summary.h"

/* How far a file is read. */
/* What the pane beside the ladder tells of the selected row. */
typedef enum {
	TUI_PANE_DETAILS,
	TUI_PANE_WHY,    /* that alone */
	TUI_PANE_SOURCE, /* the programs' source, with the line of the row's call marked */
} TuiPane;

typedef struct {
	guint32 packets;     /* so far */
	guint64 read, total; /* bytes of the file; total 0: unknown */
	gint64 remaining_ms; /* -1 unknown */
} TuiProgress;

/* Work that takes longer than a key may, and goes on in slices: bits. */
typedef enum {
	TUI_WORK_LADDER = 1 << 0,   /* the rows of state->selection */
	TUI_WORK_SEARCH = 1 << 1,   /* for state->search */
	TUI_WORK_LIST = 1 << 2,     /* order and filter of the list of conversations */
	TUI_WORK_PLOT = 1 << 3,     /* the plots that are open */
	TUI_WORK_DETAIL = 1 << 4,   /* the verdict in the detail pane */
	TUI_WORK_WRITING = 1 << 5,  /* a file: saving, drawing */
	TUI_WORK_READING = 1 << 6,  /* the capture's file */
	TUI_WORK_PAINTING = 1 << 7, /* of the screen as it is */
} TuiWork;
#define TUI_WORK_ROWS                                                                              \
	(TUI_WORK_LADDER | TUI_WORK_SEARCH) /* which there are, and which is selected */
#define TUI_WORK_SCREEN                                                                            \
	(TUI_WORK_ROWS | TUI_WORK_LIST | TUI_WORK_PLOT | TUI_WORK_DETAIL | TUI_WORK_PAINTING)

/* The data that the view shows; its owner makes the model anew before each update or paint.
 * All texts are escaped (text.h). */
typedef struct {
	Ladder *ladder;
	guint work;         /* TuiWork that is under way */
	guint keys;         /* that wait for it */
	const char *title;  /* "demo tcp", a file's name... */
	const char *source; /* "private network", "lo", "saved capture": translated; NULL none */
	const char *held; /* the call that waits to be let go: "client: connect(...)"; NULL none */
	const char *notice; /* what needs to be seen (why a fallback was taken); NULL none */
	guint64 drops;
	guint32 pending;         /* events that came while paused */
	gboolean live;           /* more may come */
	gboolean replay;         /* from a file */
	gboolean has_source;     /* of the programs: TUI_PANE_SOURCE */
	gboolean stepping;       /* calls are held */
	const GPtrArray *detail; /* lines of the selected row's events (detail.h), NULL none */
	const GPtrArray *output; /* lines that the programs printed, NULL none */
	guint n_conversations;
	const char *part; /* why what is shown is not all, a sentence without its full stop:
			     what is saved becomes NAME.partial; NULL: it is */
	const TuiProgress *progress; /* while a file is being read; NULL else */
	const char *searching; /* how far a search, saving, or a new ladder has come, which Esc
				  ends: translated; NULL none is running */
	const char *building;  /* how far `ladder` has come, while it is not whole: translated; NULL
				  it is */
	Summary *summary; /* for the list of conversations, which brings it up to date; NULL none */
	const Plot *plot; /* of state->plot_conversation, as far as it is read; NULL none */
	const Plot *plot_fine; /* the same of the time shown in more detail; NULL none */
	gint plot_progress;    /* how many of a hundred of its packets are read; -1: all */
} TuiModel;

typedef enum {
	TUI_KEY_NONE,
	TUI_KEY_UP,
	TUI_KEY_DOWN,
	TUI_KEY_PAGE_UP,
	TUI_KEY_PAGE_DOWN,
	TUI_KEY_HOME,
	TUI_KEY_END,
	TUI_KEY_ENTER,
	TUI_KEY_ESCAPE,
	TUI_KEY_TAB,
	TUI_KEY_BACKTAB,
	TUI_KEY_WHEEL_UP,
	TUI_KEY_WHEEL_DOWN,
	TUI_KEY_CLICK,
	TUI_KEY_LEFT,
	TUI_KEY_RIGHT,
	TUI_KEY_BACKSPACE,
	TUI_KEY_DELETE,
	TUI_KEY_RESIZE,   /* y, x: the new size */
	TUI_KEY_CHARACTER /* TuiInput.character, control characters among them */
} TuiKey;

typedef struct {
	TuiKey key;
	gunichar character;
	guint y, x; /* where the mouse was; the size at TUI_KEY_RESIZE */
} TuiInput;

typedef enum {
	TUI_NOTHING,
	TUI_QUIT,
	TUI_RELEASE,      /* let the next held call go */
	TUI_RELEASE_ALL,  /* stop stepping */
	TUI_SUSPEND,      /* Ctrl-Z */
	TUI_REDRAW,       /* Ctrl-L: paint everything anew */
	TUI_SELECTION,    /* state->selection changed: make a new ladder */
	TUI_SEARCH,       /* look for state->search from the selected row; then tui_found() */
	TUI_SEARCH_STOP,  /* give up what model->searching is about */
	TUI_READING_STOP, /* read no more of the file; what was read stays */
	TUI_FIGURE,       /* draw the ladder, or the plot that is open, into state->path[]; or
			     tui_file_exists() */
	TUI_SAVE,         /* write the selection there */
	TUI_PICTURE,      /* write the screen there */
} TuiAction;

/* Questions in a line at the bottom of the screen. */
typedef struct _TuiPrompt TuiPrompt;
typedef enum {
	TUI_ASK_FILTER,
	TUI_ASK_SEARCH,
	TUI_ASK_GOTO,
	TUI_ASK_SAVE,
	TUI_ASK_FIGURE,
	TUI_ASK_PICTURE,
	N_TUI_ASKS
} TuiAsk;

typedef struct {
	FindWhat what;
	gboolean backward;
	char *text; /* FIND_TEXT; owned; NULL: nothing was looked for yet */
} TuiSearch;

typedef struct {
	guint rows, columns; /* the terminal's */
	guint32 top;         /* first ladder row shown */
	guint32 selected;    /* ladder row; EVENT_NONE while there is none */
	guint32 lanes_row;   /* the row whose lanes were last brought into view */
	guint lanes_visible; /* that there was room for then */
	guint first_lane; /* of those in view, where the ladder has more than there is room for */
	gboolean follow;  /* stick to the newest row; FALSE at the start: begin at the first */
	gboolean paused;
	gboolean help, output; /* that page is open; never both */
	guint page_top;        /* its first line; G_MAXUINT sticks to the end */
	gboolean detail;       /* the detail pane is open */
	guint8 pane;           /* TuiPane: what it tells */
	gboolean detail_auto;  /* nobody has opened or closed it yet: the size decides */
	guint32 detail_row;    /* the row that detail_top counts in */
	guint detail_top;      /* its first line */
	gboolean detail_focus; /* the arrow keys scroll it */
	guint notice_seen;     /* hash of the notice that was dismissed, 0 none */
	guint32 anchor;        /* after TUI_SELECTION: the event to find again in the new ladder */
	guint32 destination; /* the event to go to, which the ladder has not come to yet; EVENT_NONE
				none */
	guint32 destination_frame; /* as which it was asked for; 0: by its time */
	SceneTime time;            /* what those columns show */
	SceneDelta delta;
	Play play;             /* playback of the rows; its owner calls tui_play() */
	gint64 ns_per_line;    /* of the gaps between rows (spacing.h); 0: there are none */
	gboolean spacing_auto; /* as the rows want it: tui_settle() chooses it */
	guint32 spacing_rows;  /* so many there were when it was chosen; 0: choose anew */
	guint32 mark;          /* the marked row's event; EVENT_NONE none */
	gint64 mark_ns;        /* its row's time */
	Selection selection;   /* with references of its set and its filter */
	Glyphs glyphs;
	gboolean list;              /* the list of conversations is open, in the ladder's place */
	guint32 list_top, list_row; /* rows of the summary: the first one shown, the selected one */
	guint32 list_conversation; /* the one on list_row; CONVERSATION_NONE: go to the first row */
	guint list_generation;     /* of the summary, when list_row was found */
	SummaryColumn list_column; /* that it is sorted by */
	gboolean list_descending;
	TuiPrompt *list_prompt;        /* its filter; owned; NULL: none was typed yet */
	ConversationSet *marks;        /* own reference */
	TuiPrompt *prompt[N_TUI_ASKS]; /* owned; NULL: not used yet. One is open at most */
	char *stem;       /* owned; what was typed before Tab put words there, NULL none */
	guint completion; /* which of them stands there */
	gboolean refused; /* Enter was pressed on what is wrong */
	TuiSearch search;
	char *path[N_TUI_ASKS];    /* owned; of a file, as it was typed; NULL: none was yet */
	gboolean replaces;         /* it may replace the file, which is there */
	gboolean plot;             /* the plots are open, in the ladder's place or beside it */
	guint32 plot_conversation; /* of which they are; CONVERSATION_NONE: none was opened yet */
	PlotKind plot_kind;
	Side plot_side;                  /* that sent what is shown */
	gint64 plot_from_ns, plot_to_ns; /* the time shown; equal: all of it */
	guint32 plot_cursor;             /* a packet's event; EVENT_NONE none yet */
	guint32 plot_seen;               /* the cursor for which that time was made to hold it */
	char *message; /* owned; in the footer's place until the next key; NULL none */
	gboolean busy; /* tui_settle() has left TUI_WORK_LIST to do: paint again soon */
} TuiState;

void tui_init(TuiState *state, guint rows, guint columns, Glyphs glyphs);
/* Frees what the state refers to; the state itself is its owner's. */
void tui_clear(TuiState *state);
TuiAction tui_update(TuiState *state, const TuiModel *model, const TuiInput *input);

/* The work (TuiWork) that has to be at its end before this key is given to
 * tui_update(): what the key does follows from what this work brings. */
guint tui_key_needs(const TuiState *state, const TuiModel *model, const TuiInput *input);

/* A key was handled, new rows may have come, or the size has changed: keeps `top`
 * and `selected` in range and follows where it should. Call before tui_update() and
 * tui_paint(), and before making model->detail, which is that of state->selected. */
void tui_settle(TuiState *state, const TuiModel *model);

/* Real time has passed, while playback runs. Returns whether there is something new to see. */
gboolean tui_play(TuiState *state, const TuiModel *model, gint64 elapsed_ns);
/* In how much real time (ns) there will be; -1 never. */
gint64 tui_play_next_ns(const TuiState *state, const TuiModel *model);
/* Whether a new ladder of state->selection can take the place of model->ladder:
 * what is to be seen of it is there. */
gboolean tui_ladder_is_ready(const TuiState *state, const Ladder *next);

/* Esc: the selection is again that of model->ladder. */
void tui_selection_abandon(TuiState *state, const TuiModel *model);

/* The end of a search: goes to `row`, or says that there is none (EVENT_NONE). */
void tui_found(TuiState *state, const TuiModel *model, const FindHit *hit);

/* The file that was asked for is there: asks once more. */
void tui_file_exists(TuiState *state, TuiAsk ask);

/* What is asked for; N_TUI_ASKS: nothing. What is painted meanwhile is not the screen that a
 * picture is wanted of, but the one before. */
TuiAsk tui_asking(const TuiState *state);

/* A line in the footer's place until the next key. */
void tui_tell(TuiState *state, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Safe at every size; in a terminal that is too small it is a message that says so. */
void tui_paint(const TuiState *state, const TuiModel *model, Grid *grid);
