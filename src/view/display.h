/* SPDX-License-Identifier: MIT */
/* display.h - what is shown of a session: the ladder and all that stands beside it, as far as the
 * jobs have made it; on the screen, where there is one. Not pure. */
#pragma once

#include "pktladder/cast.h"
#include "pktladder/details.h"
#include "pktladder/job.h"
#include "pktladder/screen.h"
#include "pktladder/view.h"

typedef enum {
	DISPLAY_PACKETS, /* that are saved */
	DISPLAY_DRAWING,
	DISPLAY_SEARCH,
	DISPLAY_LADDER,
	DISPLAY_LIST,
	DISPLAY_PANE,
	DISPLAY_PLOTS,
	N_DISPLAY_JOBS
} DisplayJob;

typedef struct {
	GQueue *typed;  /* read, and not handled yet (typed.c) */
	guint waits;    /* TuiWork that the first of them waits for; 0: it is its turn */
	gboolean more;  /* there may be others, which the terminal need not tell of again */
	gboolean ahead; /* what comes was typed before anything was painted */
} Keys;

typedef struct {
	GPtrArray *lines; /* of the selected row; NULL: the detail pane is closed */
	History history;  /* of the selected packet's conversation */
	guint told;       /* hash of what it could not show last; 0 nothing */
} Pane;

typedef struct {
	Find *find;     /* NULL none is running */
	gboolean waits; /* for the next ladder */
	gboolean found; /* one has come to its end, with `hit`, and nobody has taken that yet */
	FindHit hit;
	guint unread; /* packets whose bytes could not be had, */
	char *why;    /* and why the last one's could not */
} Search;

/* The ladder that is on the screen, and the one that will take its place. */
typedef struct {
	const Trace *trace;
	TuiState *state;
	Ladder *ladder;      /* on the screen */
	Ladder *next;        /* will take its place; NULL none */
	guint32 goal;        /* events that there were when it was asked for */
	LadderLabels labels; /* of each */
} Builder;

/* One plot in the making. */
typedef struct {
	Plot *plot; /* NULL none */
	Walk walk;
} PlotMaking;

typedef struct {
	PlotMaking whole; /* of the conversation whose plots are, or were, open */
	PlotMaking fine;  /* the time that is shown, in more detail */
	guint32 end;      /* the events before it were asked for */
	gboolean goes_on; /* there is more to do */
} Plots;

typedef struct {
	Session *session;
	const ViewOptions *options;
	TuiState state;
	guint32 paused_at; /* length of the trace when the pause began */
	gboolean dirty;    /* there is something new to be seen */
	gboolean quitting;
	char *notice; /* what failed last and can be gone on without; escaped; NULL none */
	Job jobs[N_DISPLAY_JOBS]; /* Esc stops the first that it can stop */
	Builder builder;
	Search search;
	Pane pane;
	Plots plots;
	char *drawn;         /* the file that is being drawn; escaped */
	Summary *summary;    /* the list of conversations; NULL without a screen */
	gboolean more;       /* a file has more to read at once */
	gboolean running_on; /* the user let all calls run */
	Keys keys;
	TuiProgress reading;
	gint64 reading_since_us;
	gint64 played_us; /* until when playback knows what time has passed */

	GPtrArray *texts; /* char *: of the last model */

	Screen *terminal;  /* NULL: text */
	gint64 painted_us; /* monotonic time of the last paint */
	Grid *shown;       /* as it was before something was asked for */
	guint told;        /* TuiWork that it told of before the keys that come now were typed */
	Cast *cast;        /* NULL: it is not recorded */
	char *cast_notice; /* why it no longer is; NULL none */
} Display;

/* Copies the labels, which must outlive it in what they refer to. */
void display_init(Display *display, Session *session, const ViewOptions *options,
		  Selection selection, const LadderLabels *labels);
/* Gives the screen back, and says what was given up. */
void display_clear(Display *display);

/* Takes the terminal, and what the options say about the screen. */
gboolean display_open(Display *display, const Options *options, GError **error);

/* Made anew before each update or paint. */
TuiModel display_model(Display *display);

/* Brings what is on the screen up to date, as far as a short slice of time goes. */
void display_settle(Display *display);
/* That, and paints it. */
void display_paint(Display *display);

/* ---- the jobs ---- */

/* state->selection is another: its ladder is begun, and takes the place of the one that is there
 * when what is to be seen of it is. */
void display_select(Display *display);

/* A slice of each. */
void display_work(Display *display);
/* Whether there is more to do at once. */
gboolean display_is_busy(const Display *display);
/* The descriptor that a job waits for; -1 none. */
int display_job_fd(const Display *display);
/* What is not at its end (TuiWork), of the events before `end` at least. */
guint display_work_left(Display *display, guint32 end);
/* Esc, for those of this work (TuiWork). FALSE: there was nothing to stop. */
gboolean display_stop(Display *display, guint work);

/* Goes on with one of them for so long. How one that makes a file has ended is told in the footer,
 * or, if it failed, by the notice. */
void display_run(Display *display, DisplayJob job, gint64 slice_us);

/* The events that are shown: none of those that come during a pause. */
guint32 display_length(const Display *display);

/* Says above the ladder, in the notice's place, what has failed; once said and closed it stays
 * closed, until something else happens. NULL: nothing failed. */
void display_notice(Display *display, const char *text);

/* ---- builder.c: the ladders ---- */

/* The first ladder. Copies the labels, which must outlive the builder in what they refer to; the
 * trace and the state must, too. */
void builder_init(Builder *builder, const Trace *trace, TuiState *state, Selection selection,
		  const LadderLabels *labels);
void builder_clear(Builder *builder);

/* Begins the next ladder, of the state's selection, with the folds that are open as they are.
 * `whole`: all of it at once, where no screen has to stay alive. */
void builder_select(Builder *builder, gboolean whole);

/* A job over a Builder. What comes during a pause stays outside. The next ladder takes its place
 * as soon as what is to be seen of it is there. Esc: the one on the screen stays. */
extern const JobKind builder_job;

/* "Laying out the rows: 12%", of the ladder on the screen; the caller frees. NULL: it is whole. */
char *builder_text(const Builder *builder);

/* ---- search.c: a search through the ladder's rows ---- */

/* Begins that of the state, in the place of the one that is running. It goes from the selected row
 * on, which is looked at last; while the next ladder is made it waits for that. */
void search_start(Display *display);
void search_clear(Display *display);

/* A job over a Display. Where nothing was found, and packets could not be read, the notice says so.
 */
extern const JobKind search_job;

/* ---- plotter.c: the plots that are open on the screen ---- */

/* A job over a Display: makes those that are open in the state. Of a conversation that is too large
 * to be kept packet by packet also the time that is shown in detail. Those that were closed stay
 * for the next time. */
extern const JobKind plots_job;

/* The detail, once it is whole; NULL none. */
const Plot *plots_fine(const Display *display);
/* How many of a hundred events are read; -1: all. */
int plots_progress(const Display *display);
/* The plot of the conversation whose plots are open, once it is whole, of the time that is
 * shown where there is one in more detail; NULL: it is still being made. */
const Plot *plots_whole(const Display *display);
void plots_clear(Display *display);

/* ---- writing.c: what is written from the screen ----
 *
 * Names come from the prompts; where a file is there the prompt asks once more. How a job ended is
 * told in the footer, what failed above the ladder. */

/* TUI_SAVE: the packets in view, over what is being saved. */
void writing_save(Display *display);
/* TUI_FIGURE: the plot that is open, else the whole ladder as it is on the screen. One thing is
 * drawn at a time. */
void writing_figure(Display *display);
/* TUI_PICTURE: the screen as it was before the name was asked for. */
void writing_picture(Display *display);
/* Says on standard error what is given up. */
void writing_clear(Display *display);

/* ---- typed.c: the keys that came, and what they ask for ---- */

/* Takes all keys that are there and need not wait, for a slice of time at most. */
void keys_take(Display *display);
/* Whether to take them again at once: there are more, or what one waits for goes on in slices. */
gboolean keys_are_due(const Display *display);

/* ---- playback: the one place where it meets a clock ---- */

/* Takes it on to what time it is. */
void display_play(Display *display);
/* What has passed is not to count: we were stopped. */
void display_play_forget(Display *display);
/* Milliseconds until there is more of it to see; -1 never. */
int display_play_wait_ms(Display *display);
