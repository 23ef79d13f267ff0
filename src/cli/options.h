/* SPDX-License-Identifier: MIT */
/* options.h - the command line: what each command takes, in tables. */
#pragma once

#include <gio/gio.h>

#include "pktladder/figure.h"
#include "pktladder/filter.h"
#include "pktladder/labels.h"
#include "pktladder/scene.h"
#include "pktladder/selection.h"
#include "pktladder/track.h"

/* Exit statuses. */
enum {
	STATUS_OK = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_PART = 3, /* not all of the input could be read */
};

typedef struct {
	char *interface; /* -i */
	char *write;     /* -w */
	char *read;      /* -r */
	char *format;    /* --format of list and figure */
	char *output;    /* -o */
	char *title, *caption;
	char *font, *palette, *slant, *other_end, *spacing, *frames, *from,
	    *to;                 /* of figures, as given */
	char *plot, *direction;  /* likewise; NULL: a ladder, the side that sent more */
	gint rows_per_page, dpi; /* 0: not given */
	double scale;            /* --scale; 0: not given */
	gboolean no_states;
	FigureTime figure_time; /* --time of figures, read */
	char *sort;             /* --sort */
	char *show;             /* --show */
	char *cast;             /* --cast */
	char *conversations;    /* --conversations, as conversations.h reads it; NULL: no choice */
	char *time_text;        /* --time */
	char *labels_text, *numbers_text; /* --labels, --numbers */
	char *verdicts_text;              /* --verdicts */
	VerdictVersion verdicts;          /* the same, read */
	GStrv names;                      /* --name, each */
	LadderLabels labels;              /* these and --excerpt, read; without a fetch function */
	SceneTime time;                   /* the same, read */
	gint64 spacing_ns;                /* --spacing, read: time a line; 0: none, or auto */
	char *speed;                      /* --speed */
	Play play;                        /* with its pace */
	Filter *filter;                   /* the same, read; NULL none */
	gint count;                       /* -c packets; 0: no limit */
	gint messages;                    /* --count of the demo; 0: 1 */
	gint pace_ms;                     /* --pace; -1: by default */
	gint width;                       /* --width; 0: the terminal's, else 100 */
	gint excerpt;                     /* --excerpt: characters */
	gint wait_s;                      /* --wait: seconds a server may take to listen */
	gboolean spacing_auto, play_now;
	gboolean step, follow, text, ascii, no_calls, fold, list, interfaces, profile;
	GStrv rest; /* what is left over */
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
	COMMAND_DOCTOR,
	N_COMMANDS
} CommandId;

typedef struct {
	const char *name;
	const char *arguments; /* msgid: "[SCENARIO]" */
	const char *summary;   /* msgid */
	int (*run)(const Options *options);
	gboolean keeps_rights; /* it needs them to capture, and gives them up itself */
} Command;

extern const Command commands[]; /* by CommandId; ended by name == NULL */
const Command *command_find(const char *name);

/* Parses argv[1..], ended by NULL, for `command`. With --help nothing else is looked at. */
gboolean options_parse(const Command *command, Options *options, GStrv argv, GError **error);
void options_clear(Options *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

/* Whether the option of that name ("width") was given, and is not 0. */
gboolean options_has(const Options *options, const char *name);

/* The capture that is to be read: of -r, else the first word; NULL: there is none. `filter`:
 * the words behind it in one, NULL none; the caller frees. */
const char *options_capture(const Options *options, char **filter);

/* What they leave in view, of all conversations; with their reference to the filter. */
Selection options_selection(const Options *options);

/* The help of the whole program, made from the table. */
char *options_help(void);

int command_demo(const Options *options);
int command_run(const Options *options);
int command_live(const Options *options);
int command_replay(const Options *options);
int command_list(const Options *options);
int command_figure(const Options *options);
int command_doctor(const Options *options);

/* One line on stderr, escaped: "pktladder: ...". */
void complain(const char *format, ...) G_GNUC_PRINTF(1, 2);
/* So a command ends whose command line makes no sense, or that failed. */
#define complain_usage(...) (complain(__VA_ARGS__), STATUS_USAGE)
int complain_failed(const GError *error);

/* Sets a G_OPTION_ERROR; FALSE. */
gboolean refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
