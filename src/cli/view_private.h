/* SPDX-License-Identifier: MIT */
/* view_private.h - what the files of the view share: all that a run of it has, and what each
 * of them does for the others. */
#pragma once

#include "builder.h"
#include "cast.h"
#include "details.h"
#include "figure_output.h"
#include "plotter.h"
#include "pktladder/screen.h"
#include "print.h"
#include "save.h"
#include "search.h"
#include "view.h"

typedef struct {
	Session *session;
	const ViewOptions *options;
	TuiState state;
	Builder builder;  /* the ladder */
	Summary *summary; /* with the screen */
	Plots plots;
	Search search;
	guint32 paused_at;   /* length of the trace */
	gboolean running_on; /* the user let all calls run */
	gboolean dirty;      /* there is something to be seen */
	gint64 film_us;      /* until when the film knows what time has passed */
	char *held;    /* the call that waits to be let go, as the last model has it; NULL none */
	char *trouble; /* what failed last and can be gone on without; escaped; NULL none */
	int status;

	struct {
		GMainLoop *main;
		guint timer; /* source of the next pump or paint; 0 none */
		guint capture_source, tracer_source, output_sources[2]; /* 0: not watched */
		int signal_fd;
		int signal; /* that ended us; 0 none */
		gboolean quitting;
		gboolean more;  /* a file has more to read at once */
		guint32 events; /* length of the trace when it was last looked at, */
		guint32 output; /* and of what the programs printed */
	} loop;

	/* The screen: the one, */
	struct {
		Screen *terminal;  /* NULL: text */
		gint64 painted_us; /* monotonic time of the last paint */
		Grid *shown;       /* as it was before something was asked for */
		guint told; /* TuiWork that it told of before the keys that come now were typed */
		Cast *cast; /* NULL: it is not recorded */
		char *cast_trouble; /* why it no longer is; NULL none */
	} screen;

	/* or text, the other. */
	struct {
		Printer printer;           /* without a file: nothing is printed */
		const char *conversations; /* to be selected when all was read; NULL none */
	} text;

	struct {
		GQueue *typed;  /* read, and not handled yet */
		guint waits;    /* TuiWork that the first of them waits for; 0: it is its turn */
		gboolean more;  /* there may be others, which the terminal need not tell of again */
		gboolean ahead; /* what comes was typed before anything was painted */
	} keys;

	/* While a file is read so slowly that somebody may want to know. */
	struct {
		gint64 since_us;
		TuiProgress progress;
	} reading;

	/* The detail pane. */
	struct {
		GPtrArray *lines; /* of the selected row; NULL: the pane is closed */
		History history;  /* of the selected packet's conversation */
		guint told;       /* hash of what it was in trouble with; 0 nothing */
	} pane;

	/* What is written into files from the screen. */
	struct {
		Save *save;           /* NULL none is running */
		char *text;           /* how far it has come; NULL nothing to say */
		FigureOutput *output; /* that PDF and PNG are made of; NULL none is running */
		char *drawing;        /* what it draws */
		char *path;           /* escaped */
	} writing;
} View;

/* ---- view_loop.c: the one poll loop: keys, signals, the session's descriptors, timers ---- */

/* From now on signals wait until view_loop() takes them. */
void view_loop_open(View *view);
void view_loop_close(View *view);

/* Until the user, a signal, or what has failed ends it; text also ends with the session. */
void view_loop(View *view);

/* Something has ended, of which there is something to be seen. */
void view_wake(View *view);

/* view_loop() returns when what is being done is done. */
void view_quit(View *view);

/* ---- view.c: text ---- */

/* Prints the rows that are final; where that fails, the view ends. */
void view_text_update(View *view);

/* The first line waits for the last packet. */
gboolean view_text_waits(const View *view);

/* --conversations: which there are is known when the file was read. Where some
 * are not there a screen shows all, and says so; text says so and ends: FALSE. */
gboolean view_conversations_choose(View *view);

/* ---- view_screen.c: what the screen is given, and shows ---- */

/* Takes the terminal, and what the options say about the screen. */
gboolean view_screen_start(View *view, const Options *options, GError **error);
/* Gives it back; the recording ends. `cast_trouble` stays. */
void view_screen_close(View *view);

/* Made anew before each update or paint. */
TuiModel view_model(View *view);

/* Whether there is more of a file to be read than has been. */
gboolean view_is_reading(View *view);

/* Says above the ladder, in the notice's place, what has failed; once said and closed it stays
 * closed, until something else happens. NULL: nothing failed. */
void view_trouble(View *view, const char *text);

/* Brings what is on the screen up to date, as far as a short slice of time goes. */
void view_settle(View *view);
/* That, and paints it. */
void view_paint(View *view);

/* ---- view_keys.c: the keys that came, and what they ask for ---- */

/* Takes all that are there and need not wait, for a slice of time at most. */
void view_keys_take(View *view);
/* Whether to take them again at once: there are more, or what one waits for goes on in slices. */
gboolean view_keys_are_due(const View *view);

/* ---- view_work.c: what goes on in slices, and a film, which takes its time ---- */

/* state->selection is another: its ladder is begun, and takes the place of the
 * one that is there when what is to be seen of it is. */
void view_select(View *view);

/* TUI_SEARCH: begins, or waits for the ladder that is being made. */
void view_search(View *view);

/* Esc: gives up the one that is running. */
void view_stop_work(View *view);

/* The detail pane's lines, anew. */
void view_pane_make(View *view);

/* A short slice of what is about to be painted. */
void view_work_before_paint(View *view);
/* A slice of each. */
void view_work(View *view);
/* What is not at its end (TuiWork), of the events before `end` at least. */
guint view_work_left(View *view, guint32 end);
/* Whether there is more to do at once. */
gboolean view_is_busy(const View *view);

/* Takes the film on to what time it is. */
void view_film_run(View *view);
/* What has passed is not to count: we were stopped. */
void view_film_forget(View *view);
/* Milliseconds until there is more of it to see; -1 never. */
int view_film_wait_ms(View *view);

/* ---- writing.c: the packets in view, the ladder or the plot as a figure, a picture of the
 * screen. Names come from the prompts; where a file is there the prompt asks once more. How it
 * ended is told in the footer, what failed above the ladder ---- */

/* TUI_SAVE: begins, over what is running; most end in their first slice. */
void writing_save(View *view);
/* Goes on with it. FALSE where none is running. */
gboolean writing_slice(View *view);

/* Both begin, and mostly end at once; one is drawn at a time.
 * TUI_FIGURE: the plot that is open, else the whole ladder as it is on the screen. */
void writing_figure(View *view);
/* TUI_PICTURE: the screen as it was before the name was asked for. */
void writing_picture(View *view);

/* Gives up what is running. FALSE where nothing was. */
gboolean writing_stop(View *view);
/* Nothing is said of a file that was not finished. */
void writing_clear(View *view);
