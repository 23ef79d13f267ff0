#include "options.h"

#include "conversations.h"

#include <stdio.h>
#include <string.h>

#include "pktladder/i18n.h"
#include "pktladder/text.h"

/* Entries point into the Options that is being filled: made anew each time. */
static const GOptionEntry *
entries_copy(const GOptionEntry *entries, gsize size)
{
	static GOptionEntry buffer[32];

	g_assert(size <= sizeof buffer);
	memcpy(buffer, entries, size);
	return buffer;
}
#define ENTRIES(...)                                                                               \
	do {                                                                                       \
		GOptionEntry entries[] = { __VA_ARGS__, { NULL } };                                \
		return entries_copy(entries, sizeof entries);                                      \
	} while (0)

#define WRITE                                                                                      \
	{ "write", 'w', 0, G_OPTION_ARG_FILENAME, &o->write,                                       \
	  N_("record into FILE (pcapng: tcpdump and Wireshark open it)"), N_("FILE") }
#define STEP                                                                                       \
	{ "step", 0, 0, G_OPTION_ARG_NONE, &o->step,                                               \
	  N_("let the space bar release one socket call at a time"), NULL }
#define PACE                                                                                       \
	{ "pace", 0, 0, G_OPTION_ARG_INT, &o->pace_ms,                                             \
	  N_("release a socket call each MS milliseconds (0: as fast as they come)"), N_("MS") }

#define CONVERSATIONS                                                                              \
	{ "conversations", 0, 0, G_OPTION_ARG_STRING, &o->conversations,                           \
	  N_("draw only these conversations, such as 0,3,5-7, or all: a lane for each endpoint"),  \
	  N_("NUMBERS") }

/* Of what is drawn on a terminal or as text; figures have their own. */
#define SPACING                                                                                    \
	{ "spacing", 0, 0, G_OPTION_ARG_STRING, &o->spacing,                                       \
	  N_("blank lines between the rows in proportion to time: auto, or so much a line "        \
	     "(10ms)"),                                                                            \
	  N_("TIME") }

static const GOptionEntry *
demo_entries(Options *o)
{
	ENTRIES(WRITE, STEP, PACE,
		{ "count", 0, 0, G_OPTION_ARG_INT, &o->messages,
		  N_("exchange N messages instead of one"), N_("N") },
		{ "list", 0, 0, G_OPTION_ARG_NONE, &o->list, N_("name the scenarios"), NULL },
		SPACING);
}

static const GOptionEntry *
run_entries(Options *o)
{
	ENTRIES(WRITE, STEP, PACE,
		{ "wait", 0, 0, G_OPTION_ARG_INT, &o->wait_s,
		  N_("how many seconds the server may take until it listens (10)"), N_("S") },
		SPACING);
}

static const GOptionEntry *
live_entries(Options *o)
{
	ENTRIES({ "interface", 'i', 0, G_OPTION_ARG_STRING, &o->interface,
		  N_("the interface to listen on (lo); -D lists them"), N_("IF") },
		WRITE,
		{ "count", 'c', 0, G_OPTION_ARG_INT, &o->count, N_("end after N packets"), N_("N") },
		{ "list-interfaces", 'D', 0, G_OPTION_ARG_NONE, &o->interfaces,
		  N_("list the interfaces"), NULL },
		SPACING);
}

static const GOptionEntry *
replay_entries(Options *o)
{
	ENTRIES({ "read", 'r', 0, G_OPTION_ARG_FILENAME, &o->read,
		  N_("the capture file; \"-\" is standard input"), N_("FILE") },
		{ "play", 0, 0, G_OPTION_ARG_NONE, &o->play_now,
		  N_("play it like a film: each row at its packet's time"), NULL },
		{ "speed", 0, 0, G_OPTION_ARG_STRING, &o->speed,
		  N_("with --play: so much faster (10) or slower (1/10), or a row each MS "
		     "milliseconds (even:MS)"),
		  N_("SPEED") },
		{ "follow", 0, 0, G_OPTION_ARG_NONE, &o->follow,
		  N_("go on reading while another program writes the file"), NULL },
		{ "write", 'w', 0, G_OPTION_ARG_FILENAME, &o->write,
		  N_("draw nothing: write what would be drawn into FILE (pcapng, calls included)"),
		  N_("FILE") },
		CONVERSATIONS,
		{ "count", 'c', 0, G_OPTION_ARG_INT, &o->count, N_("end after N packets"), N_("N") },
		SPACING);
}

static const GOptionEntry *
list_entries(Options *o)
{
	ENTRIES({ "read", 'r', 0, G_OPTION_ARG_FILENAME, &o->read,
		  N_("the capture file; \"-\" is standard input"), N_("FILE") },
		{ "count", 'c', 0, G_OPTION_ARG_INT, &o->count, N_("end after N packets"), N_("N") },
		{ "format", 0, 0, G_OPTION_ARG_STRING, &o->format,
		  N_("table (for people), tsv or json (for programs)"), N_("FORMAT") },
		{ "sort", 0, 0, G_OPTION_ARG_STRING, &o->sort,
		  N_("sort by COLUMN; -COLUMN: the greatest first"), N_("COLUMN") });
}

static const GOptionEntry *
figure_entries(Options *o)
{
	ENTRIES({ "read", 'r', 0, G_OPTION_ARG_FILENAME, &o->read,
		  N_("the capture file; \"-\" is standard input"), N_("FILE") },
		{ "output", 'o', 0, G_OPTION_ARG_FILENAME, &o->output,
		  N_("where the figure goes; its suffix says which format (standard output)"),
		  N_("OUT") },
		{ "format", 0, 0, G_OPTION_ARG_STRING, &o->format,
		  N_("which format; \"help\" lists them"), N_("FORMAT") },
		{ "title", 0, 0, G_OPTION_ARG_STRING, &o->title, N_("a title over it"), N_("TEXT") },
		{ "caption", 0, 0, G_OPTION_ARG_STRING, &o->caption, N_("a caption below it"),
		  N_("TEXT") },
		CONVERSATIONS,
		{ "frames", 0, 0, G_OPTION_ARG_STRING, &o->frames,
		  N_("only these frames, and the calls between them: 1-9, or 1-3,8-"),
		  N_("RANGES") },
		{ "from", 0, 0, G_OPTION_ARG_STRING, &o->from,
		  N_("only from TIME on (seconds since the start)"), N_("TIME") },
		{ "to", 0, 0, G_OPTION_ARG_STRING, &o->to, N_("only up to TIME"), N_("TIME") },
		{ "plot", 0, 0, G_OPTION_ARG_STRING, &o->plot,
		  N_("a plot of one conversation: sequence, rtt, throughput or flight"), N_("KIND") },
		{ "direction", 0, 0, G_OPTION_ARG_STRING, &o->direction,
		  N_("the plot is of what this side sent: client or server"), N_("SIDE") },
		{ "no-states", 0, 0, G_OPTION_ARG_NONE, &o->no_states,
		  N_("leave out the states of both ends"), NULL },
		{ "palette", 0, 0, G_OPTION_ARG_STRING, &o->palette,
		  N_("okabe-ito (colour-blind safe) or bw (black and white, for print)"),
		  N_("NAME") },
		{ "font", 0, 0, G_OPTION_ARG_STRING, &o->font, N_("the font of labels, names and states (calls and times keep a fixed width)"),
		  N_("FAMILY") },
		{ "slant", 0, 0, G_OPTION_ARG_STRING, &o->slant,
		  N_("none, schematic: arrows that go down, as in textbooks; or true, with --other-end"),
		  N_("HOW") },
		{ "other-end", 0, 0, G_OPTION_ARG_FILENAME, &o->other_end,
		  N_("the same packets captured at the other end: arrows slant by their time on the way"),
		  N_("FILE") },
		{ "spacing", 0, 0, G_OPTION_ARG_STRING, &o->spacing,
		  N_("even, or time: the space between rows grows with the time"), N_("HOW") },
		{ "rows-per-page", 0, 0, G_OPTION_ARG_INT, &o->rows_per_page,
		  N_("pages of N rows: one PDF, or OUT-1.svg, OUT-2.svg..."), N_("N") },
		{ "scale", 0, 0, G_OPTION_ARG_DOUBLE, &o->scale,
		  N_("PNG: so many times as large (2)"), N_("X") },
		{ "dpi", 0, 0, G_OPTION_ARG_INT, &o->dpi, N_("PNG: dots an inch (192)"), N_("N") },
		{ "count", 'c', 0, G_OPTION_ARG_INT, &o->count, N_("end after N packets"), N_("N") });
}

static const GOptionEntry *
doctor_entries(Options *o)
{
	ENTRIES({ "apparmor-profile", 0, 0, G_OPTION_ARG_NONE, &o->profile,
		  N_("print the AppArmor profile that Ubuntu needs, and nothing else"), NULL });
}

const Command commands[] = {
	{ "demo", N_("[tcp|udp]"),
	  N_("watch the demo's own client and server, in a private network"), demo_entries,
	  command_demo, TRUE },
	{ "run", N_("-- SERVER... [--and CLIENT...]"),
	  N_("watch your own programs, in a private network"), run_entries,
	  command_run, TRUE },
	{ "live", N_("[FILTER]"), N_("watch an interface; FILTER as in tcpdump"), live_entries,
	  command_live, TRUE },
	{ "replay", N_("FILE [FILTER]"), N_("draw a saved capture (also: pktladder FILE)"),
	  replay_entries, command_replay },
	{ "list", N_("FILE [FILTER]"), N_("list the conversations of a saved capture"), list_entries,
	  command_list },
	{ "figure", N_("FILE [FILTER] -o OUT"), N_("the ladder of a saved capture as a figure"),
	  figure_entries, command_figure },
	{ "doctor", "", N_("try what this machine allows, and say how to mend the rest"),
	  doctor_entries, command_doctor, TRUE },
	{ NULL },
};

const Command *
command_find(const char *name)
{
	for (const Command *command = commands; command->name; command++) {
		if (g_str_equal(command->name, name))
			return command;
	}
	return NULL;
}

static GOptionContext *
context_new(const Command *command, Options *o)
{
	GOptionEntry common[] = {
		{ "help", 'h', 0, G_OPTION_ARG_NONE, &o->help, N_("this help"), NULL },
		{ "text", 't', 0, G_OPTION_ARG_NONE, &o->text,
		  N_("print the ladder as text, also on a terminal"), NULL },
		{ "ascii", 0, 0, G_OPTION_ARG_NONE, &o->ascii, N_("draw with ASCII characters only"),
		  NULL },
		{ "width", 0, 0, G_OPTION_ARG_INT, &o->width,
		  N_("columns of the text ladder (the terminal's, else 100); pixels of a drawn "
		     "figure"), N_("N") },
		{ "no-calls", 0, 0, G_OPTION_ARG_NONE, &o->no_calls,
		  N_("draw the packets without the socket calls"), NULL },
		{ "fold", 0, 0, G_OPTION_ARG_NONE, &o->fold,
		  N_("draw runs of data and ACKs as one row each"), NULL },
		{ "show", 0, 0, G_OPTION_ARG_STRING, &o->show,
		  N_("draw only what passes a display filter, such as \"rst or port 443\"; see FILTERS in "
		     "the manual"),
		  N_("FILTER") },
		{ "time", 0, 0, G_OPTION_ARG_STRING, &o->time_text,
		  N_("what the time column shows: start (seconds since it), utc or local; in figures "
		     "also delta or none"),
		  N_("WHAT") },
		{ "cast", 0, 0, G_OPTION_ARG_FILENAME, &o->cast,
		  N_("record what the screen shows into FILE, for asciinema"), N_("FILE") },
		{ "labels", 0, 0, G_OPTION_ARG_STRING, &o->labels_text,
		  N_("in whose words: plain, stevens (SYN J), rfc9293 (<SEQ=0><CTL=SYN>) or wireshark"),
		  N_("STYLE") },
		{ "numbers", 0, 0, G_OPTION_ARG_STRING, &o->numbers_text,
		  N_("TCP's numbers: relative (from 0 on) or absolute (as on the wire)"),
		  N_("WHICH") },
		{ "verdicts", 0, 0, G_OPTION_ARG_STRING, &o->verdicts_text,
		  N_("which Wireshark's verdicts, where they differ: those of 4.0 or of 4.4"),
		  N_("VERSION") },
		{ "excerpt", 0, 0, G_OPTION_ARG_INT, &o->excerpt,
		  N_("show the first N characters of the payload"), N_("N") },
		{ "name", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->names,
		  N_("a name for an endpoint: 127.0.0.1:5000=NAME (may be repeated)"),
		  N_("ENDPOINT=NAME") },
		{ G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->rest, NULL, NULL },
		{ NULL },
	};
	GOptionContext *context = g_option_context_new(*command->arguments ? _(command->arguments)
									   : NULL);

	g_option_context_set_summary(context, _(command->summary));
	g_option_context_set_translation_domain(context, GETTEXT_PACKAGE);
	/* GLib's own one exits before anybody sees whether it could be written. */
	g_option_context_set_help_enabled(context, FALSE);
	g_option_context_add_main_entries(context, common, GETTEXT_PACKAGE);
	if (command->entries)
		g_option_context_add_main_entries(context, command->entries(o), GETTEXT_PACKAGE);
	g_option_context_set_description(
		context, _("The manual page pktladder(1) has the rest: keys, files, examples."));
	return context;
}

/* Numbers that make no sense are refused, not repaired. */
static gboolean
options_check(const Options *o, GError **error)
{
	const struct {
		const char *name;
		gint value, low, high;
	} ranges[] = {
		{ "--count", o->count, 0, G_MAXINT },	 { "--count", o->messages, 0, 1000000 },
		{ "--pace", o->pace_ms, -1, 60 * 1000 }, { "--width", o->width, 0, 10000 },
		{ "--wait", o->wait_s, 0, 24 * 60 * 60 }, { "--excerpt", o->excerpt, 0, 10000 },
		{ "--rows-per-page", o->rows_per_page, 0, G_MAXINT },
		{ "--dpi", o->dpi, 0, 2400 },
	};

	for (guint i = 0; i < G_N_ELEMENTS(ranges); i++) {
		if (ranges[i].value >= ranges[i].low && ranges[i].value <= ranges[i].high)
			continue;
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
			    _("%s takes a number from 0 to %d"), ranges[i].name, ranges[i].high);
		return FALSE;
	}
	if (o->width > 0 && o->width < 24) {
		g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
				    _("a ladder needs a --width of 24 columns at least"));
		return FALSE;
	}
	if (o->scale < 0 || o->scale > 100 || (o->scale > 0 && o->scale < 0.05)) {
		g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
				    _("--scale takes a number from 0.05 to 100"));
		return FALSE;
	}
	if (o->scale > 0 && o->dpi > 0) {
		g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
				    _("--scale and --dpi exclude each other: --dpi 96 is --scale 1"));
		return FALSE;
	}
	if (o->follow && o->write) {
		g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
				    _("--follow and --write exclude each other: a file is written "
				      "when all of the other one was read"));
		return FALSE;
	}
	if (o->follow && o->conversations) {
		g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
				    _("--follow and --conversations exclude each other: which "
				      "conversations there are is known when all was read"));
		return FALSE;
	}
	if (o->conversations && !conversations_check(o->conversations, error))
		return FALSE;
	if (o->step && o->pace_ms >= 0) {
		g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
				    _("--step and --pace exclude each other: one waits for the "
				      "space bar, the other for the clock"));
		return FALSE;
	}
	return TRUE;
}

static gboolean
show_parse(const Command *command, Options *o, GError **error)
{
	if (!o->show || filter_is_blank(o->show))
		return TRUE;
	if (command->run == command_list || command->run == command_doctor) {
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
			    _("--show is for ladders, and %s draws none"), command->name);
		return FALSE;
	}
	o->filter = filter_new(o->show, error);
	g_prefix_error(error, "--show: ");
	return o->filter != NULL;
}

/* The screen is recorded, where the command has one. */
static gboolean
cast_check(const Command *command, const Options *o, GError **error)
{
	gboolean screen = command->run != command_list && command->run != command_doctor &&
			  command->run != command_figure;

	if (!o->cast)
		return TRUE;
	if (!screen)
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
			    _("--cast records the screen, and %s has none"), command->name);
	else if (o->text || (command->run == command_replay && o->write))
		g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
				    _("--cast records the screen: leave out --text, and the -w of "
				      "replay"));
	else if (o->write && g_str_equal(o->write, o->cast))
		g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
				    _("--cast and -w name the same file"));
	else
		return TRUE;
	return FALSE;
}

static gboolean
time_parse(const Command *command, Options *o, GError **error)
{
	static const struct {
		const char *name;
		SceneTime scene;
		FigureTime figure;
		gboolean figures_only;
	} times[] = {
		{ "start", SCENE_TIME_START, FIGURE_TIME_START },
		{ "utc", SCENE_TIME_UTC, FIGURE_TIME_UTC },
		{ "local", SCENE_TIME_LOCAL, FIGURE_TIME_LOCAL },
		{ "delta", SCENE_TIME_START, FIGURE_TIME_DELTA, TRUE },
		{ "none", SCENE_TIME_START, FIGURE_TIME_NONE, TRUE },
	};
	gboolean figure = command->run == command_figure;

	o->figure_time = FIGURE_TIME_START;
	if (!o->time_text)
		return TRUE;
	for (guint i = 0; i < G_N_ELEMENTS(times); i++) {
		o->time = times[i].scene;
		o->figure_time = times[i].figure;
		if (g_str_equal(o->time_text, times[i].name) && (figure || !times[i].figures_only))
			return TRUE;
	}
	g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
		    figure ? _("--time takes start, delta, utc, local or none, not \"%s\"")
			   : _("--time takes start, utc or local, not \"%s\""),
		    o->time_text);
	return FALSE;
}

static gboolean
spacing_option_parse(const Command *command, Options *o, GError **error)
{
	if (!o->spacing || command->run == command_figure)
		return TRUE;
	if (!spacing_parse(o->spacing, &o->spacing_ns)) {
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
			    _("--spacing takes auto or a time a line, such as 50us, 10ms or 1s, not "
			      "\"%s\""),
			    o->spacing);
		return FALSE;
	}
	o->spacing_auto = o->spacing_ns == 0;
	return TRUE;
}

static gboolean
play_parse(Options *o, GError **error)
{
	if (o->play_now && o->write) {
		g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
				    _("--play and --write exclude each other: a file that is written "
				      "is not drawn"));
		return FALSE;
	}
	if (!o->speed)
		return TRUE;
	if (!o->play_now) {
		g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
				    _("--speed needs --play"));
		return FALSE;
	}
	if (play_parse_pace(&o->play, o->speed))
		return TRUE;
	g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
		    _("--speed takes 0.00001 to 100000, such as 10 or 1/10; or even, or even:MS with "
		      "%d to %d milliseconds; not \"%s\""),
		    PLAY_EVEN_MIN, PLAY_EVEN_MAX, o->speed);
	return FALSE;
}

static gboolean
labels_parse(Options *o, GError **error)
{
	if (o->labels_text && !label_style_find(o->labels_text, &o->labels.style)) {
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
			    _("--labels takes plain, stevens, rfc9293 or wireshark, not \"%s\""),
			    o->labels_text);
		return FALSE;
	}
	o->labels.absolute = g_strcmp0(o->numbers_text, "absolute") == 0;
	if (o->numbers_text && !o->labels.absolute && !g_str_equal(o->numbers_text, "relative")) {
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
			    _("--numbers takes relative or absolute, not \"%s\""), o->numbers_text);
		return FALSE;
	}
	o->labels.excerpt = o->excerpt;
	o->labels.names = endpoint_names_new();
	for (GStrv name = o->names; name && *name; name++) {
		if (endpoint_names_add(o->labels.names, *name, error))
			continue;
		g_prefix_error(error, "--name: ");
		return FALSE;
	}
	return TRUE;
}

static gboolean
verdicts_parse(Options *o, GError **error)
{
	if (!o->verdicts_text || verdict_version_find(o->verdicts_text, &o->verdicts))
		return TRUE;
	g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
		    _("--verdicts takes 4.0 or 4.4, a version of Wireshark, not \"%s\""),
		    o->verdicts_text);
	return FALSE;
}

/* GLib says only that some byte is wrong. */
static void
encoding_explain(GStrv argv, GError **error)
{
	const char *charset;

	if (!error || !g_error_matches(*error, G_CONVERT_ERROR, G_CONVERT_ERROR_ILLEGAL_SEQUENCE))
		return;
	g_get_charset(&charset);
	for (; *argv; argv++) {
		g_autofree char *text = g_locale_to_utf8(*argv, -1, NULL, NULL, NULL);
		g_autofree char *safe = text_escape(*argv, -1);

		if (text)
			continue;
		g_clear_error(error);
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
			    _("the text of option \"%s\" is not in the encoding of this locale (%s)"),
			    safe, charset);
		return;
	}
}

gboolean
options_parse(const Command *command, Options *options, GStrv argv, GError **error)
{
	g_autoptr(GOptionContext) context = NULL;
	g_auto(GStrv) copy = g_strdupv(argv);

	*options = (Options){ .pace_ms = -1, .play = PLAY_DEFAULT };
	context = context_new(command, options);
	/* What follows the server's name are the server's own options. */
	g_option_context_set_strict_posix(context, command->run == command_run);
	g_set_prgname("pktladder");
	if (!g_option_context_parse_strv(context, &copy, error)) {
		encoding_explain(argv, error);
		return FALSE;
	}
	if (options->help) {
		options->help_text = g_option_context_get_help(context, TRUE, NULL);
		return TRUE;
	}
	return options_check(options, error) && cast_check(command, options, error) &&
	       time_parse(command, options, error) &&
	       spacing_option_parse(command, options, error) && play_parse(options, error) &&
	       labels_parse(options, error) && verdicts_parse(options, error) &&
	       show_parse(command, options, error);
}

void
options_clear(Options *options)
{
	g_clear_pointer(&options->interface, g_free);
	g_clear_pointer(&options->write, g_free);
	g_clear_pointer(&options->read, g_free);
	g_clear_pointer(&options->format, g_free);
	g_clear_pointer(&options->output, g_free);
	g_clear_pointer(&options->title, g_free);
	g_clear_pointer(&options->caption, g_free);
	g_clear_pointer(&options->font, g_free);
	g_clear_pointer(&options->plot, g_free);
	g_clear_pointer(&options->direction, g_free);
	g_clear_pointer(&options->palette, g_free);
	g_clear_pointer(&options->slant, g_free);
	g_clear_pointer(&options->other_end, g_free);
	g_clear_pointer(&options->spacing, g_free);
	g_clear_pointer(&options->frames, g_free);
	g_clear_pointer(&options->from, g_free);
	g_clear_pointer(&options->to, g_free);
	g_clear_pointer(&options->sort, g_free);
	g_clear_pointer(&options->show, g_free);
	g_clear_pointer(&options->cast, g_free);
	g_clear_pointer(&options->conversations, g_free);
	g_clear_pointer(&options->time_text, g_free);
	g_clear_pointer(&options->speed, g_free);
	g_clear_pointer(&options->labels_text, g_free);
	g_clear_pointer(&options->verdicts_text, g_free);
	g_clear_pointer(&options->numbers_text, g_free);
	g_clear_pointer(&options->names, g_strfreev);
	g_clear_pointer(&options->labels.names, g_hash_table_unref);
	g_clear_pointer(&options->filter, filter_unref);
	g_clear_pointer(&options->rest, g_strfreev);
	g_clear_pointer(&options->help_text, g_free);
}

char *
options_help(void)
{
	g_autoptr(GString) help = g_string_new(NULL);

	g_string_append(help, _("pktladder draws a real TCP or UDP conversation as a ladder: client "
				"left, server\nright, time going down.\n\nUsage:\n"));
	for (const Command *command = commands; command->name; command++) {
		g_autofree char *usage =
			g_strdup_printf("pktladder %s %s", command->name,
					*command->arguments ? _(command->arguments) : "");

		g_string_append_printf(help, "  %-48s %s\n", usage, _(command->summary));
	}
	g_string_append(help,
			_("\nStart with:  pktladder demo tcp\n"
			  "Options of a command:  pktladder COMMAND --help\n"
			  "Everything else:  man pktladder\n"));
	return g_string_free(g_steal_pointer(&help), FALSE);
}

void
complain(const char *format, ...)
{
	g_autofree char *text = NULL;
	g_autofree char *safe = NULL;
	va_list arguments;

	va_start(arguments, format);
	text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	safe = text_escape(text, -1);
	fprintf(stderr, "pktladder: %s\n", safe);
}
