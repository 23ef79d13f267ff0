/* SPDX-License-Identifier: MIT */
/* options.h - the command line: what each command takes, in tables. */
#pragma once

#include "pktladder/complain.h"
#include "pktladder/figure.h"
#include "pktladder/filter.h"
#include "pktladder/labels.h"
#include "pktladder/scene.h"
#include "pktladder/selection.h"
#include "pktladder/track.h"

/* What was given to an option that takes one of its `values` in the table. */
typedef struct {
	char *text;  /* NULL: it was not given */
	guint place; /* of that word among the values; 0: the first, or none was given */
} OptionWord;

#define OPTION_NO_NUMBER G_MININT /* where 0 is not what an option says that was not given */

typedef struct {
	char *interface;               /* -i */
	char *write;                   /* -w */
	char *read;                    /* -r */
	char *format;                  /* --format of figure; */
	OptionWord list_format, story; /* and of list */
	char *output;                  /* -o */
	char *title, *caption;
	char *font, *other_end, *frames, *from, *to; /* of figures, as given */
	OptionWord palette, slant, figure_spacing;   /* FigurePalette, FigureSlant; even, time */
	OptionWord plot,
	    direction; /* PlotKind, Side; not given: a ladder, the side that sent more */
	char *spacing;
	gint rows_per_page, dpi; /* 0: not given */
	double scale;            /* --scale; 0: not given */
	gboolean no_states;
	FigureTime figure_time; /* --time of figures, read */
	char *sort;             /* --sort */
	char *show;             /* --show */
	char *cast;             /* --cast */
	char *conversations;    /* --conversations, as conversations.h reads it; NULL: no choice */
	OptionWord calls;       /* all, data, none */
	OptionWord time_word, style, numbers; /* --time, --labels (LabelStyle), --numbers */
	OptionWord verdicts;                  /* VerdictVersion */
	GStrv names;                          /* --name, each */
	LadderLabels labels; /* these and --excerpt, read; without a fetch function */
	SceneTime time;      /* --time, read */
	gint64 spacing_ns;   /* --spacing, read: time a line; 0: none, or auto */
	char *speed;         /* --speed */
	Play play;           /* with its pace */
	Filter *filter;      /* the same, read; NULL none */
	gint count;          /* -c packets; 0: no limit */
	gint messages;       /* --count of the demo; 0: 1 */
	gint pace_ms;        /* --pace; OPTION_NO_NUMBER: by default */
	gint width;          /* --width; 0: the terminal's, else 100 */
	gint excerpt;        /* --excerpt: characters */
	gint wait_s;         /* --wait: seconds a server may take to listen */
	gint port;           /* --port of run: the client starts when it is listened on; 0 any */
	gint linger_s;       /* --linger; OPTION_NO_NUMBER: by default */
	gboolean spacing_auto, play_now;
	gboolean source, step, no_names, follow, text, ascii, no_calls, no_copies, fold, list,
	    interfaces, profile;
	GStrv rest;           /* what is left over */
	GStrv captures;       /* of replay, list and figure: the files that are read; NULL: none */
	char *capture_filter; /* the words behind them, in one; NULL: none */
	gboolean explains;    /* its command does */
	gboolean help;
	char *help_text; /* --help: what to print, and do nothing else */
} Options;

/* A command's place in the table. */
typedef enum {
	COMMAND_DEMO,
	COMMAND_RUN,
	COMMAND_LIVE,
	COMMAND_REPLAY,
	COMMAND_LIST,
	COMMAND_FIGURE,
	COMMAND_EXPLAIN,
	COMMAND_DOCTOR,
	N_COMMANDS
} CommandId;

typedef struct {
	const char *name;
	const char *arguments; /* msgid: "[FILTER]" */
	const char *summary;   /* msgid */
} Command;

extern const Command commands[]; /* by CommandId; ended by name == NULL */
/* N_COMMANDS where no command has that name. */
CommandId command_find(const char *name);

enum { OPTION_PLAIN, OPTION_WORD };

/* One line of --help, of the manual and of what shells complete (manual.c). */
typedef struct {
	guint commands; /* bits 1 << CommandId: those that take it */
	const char *name;
	char letter; /* 0 none */
	GOptionArg kind;
	goffset member;       /* of Options */
	gint most;            /* of a number; or what its argument is: OPTION_WORD, else PLAIN */
	const char *what;     /* msgid: what it does, a sentence without its begin and end */
	const char *argument; /* msgid: "FILE"; NULL none */
	const char *values;   /* words that the argument may be (OPTION_WORD: no others),
			       separated by spaces; NULL any */
	guint takes;          /* FigureTakes: what a figure's format has to take, for it to change
				 anything; 0: nothing */
} Option;

extern const Option option_table[]; /* in the order of the help: the common ones first */
extern const guint n_options;

/* Parses argv[1..], ended by NULL, for `command`. With --help nothing else is looked at. */
gboolean options_parse(CommandId command, Options *options, GStrv argv, GError **error);
void options_clear(Options *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

/* Whether it was given, and is not 0. */
gboolean option_is_given(const Option *option, const Options *options);

/* How the captures are called together, harmless: "a.pcap", "a.pcap, b.pcap", "a.pcap and 11 more".
 * The caller frees. */
char *options_captures_text(const Options *options);

/* What they leave in view, of all conversations; with their reference to the filter. */
static inline Selection
options_selection(const Options *options)
{
	return (Selection){ .conversation = CONVERSATION_NONE,
			    .hide_copies = options->no_copies,
			    .hide_calls = options->no_calls || options->calls.place == 2,
			    .setup = !options->calls.text       ? SETUP_BY_LANES
				     : options->calls.place > 0 ? SETUP_HIDDEN
								: SETUP_SHOWN,
			    .fold = options->fold,
			    .filter = options->filter };
}

/* The help of the whole program, made from the table. */
char *options_help(void);

int command_demo(const Options *options);
int command_run(const Options *options);
int command_live(const Options *options);
int command_replay(const Options *options);
int command_list(const Options *options);
int command_figure(const Options *options);
int command_doctor(const Options *options);
