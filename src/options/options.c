/* SPDX-License-Identifier: MIT */
#include "pktladder/options.h"

#include <string.h>

#include "pktladder/conversations.h"
#include "pktladder/text.h"

/* ---- what there is ---- */

/* Which commands take an option. */
enum {
	DEMO = 1 << COMMAND_DEMO,
	RUN = 1 << COMMAND_RUN,
	LIVE = 1 << COMMAND_LIVE,
	REPLAY = 1 << COMMAND_REPLAY,
	LIST = 1 << COMMAND_LIST,
	FIGURE = 1 << COMMAND_FIGURE,
	EXPLAIN = 1 << COMMAND_EXPLAIN,
	DRAWS = FIGURE | EXPLAIN, /* a figure */
	DOCTOR = 1 << COMMAND_DOCTOR,
	ALL = (1 << N_COMMANDS) - 1,
};

const Option option_table[] = {
#define TO(kind, member)     G_OPTION_ARG_##kind, G_STRUCT_OFFSET(Options, member)
#define FLAG(member)         TO(NONE, member), OPTION_PLAIN
#define NUMBER(member, most) TO(INT, member), most
#define TEXT(member)         TO(STRING, member), OPTION_PLAIN
#define WORD(member)         TO(STRING, member), OPTION_WORD
#define PATH(member)         TO(FILENAME, member), OPTION_PLAIN
	{ ALL, "help", 'h', FLAG(help), N_("this help") },
	{ ALL, "text", 't', FLAG(text), N_("print the ladder as text, also on a terminal") },
	{ ALL, "ascii", 0, FLAG(ascii), N_("draw with ASCII characters only"),
	  .takes = FIGURE_TAKES_ASCII },
	{ ALL, "width", 0, NUMBER(width, 10000),
	  N_("columns of the text ladder (the terminal's, else 100); pixels of a drawn figure"),
	  N_("N"), .takes = FIGURE_TAKES_WIDTH },
	{ ALL, "no-calls", 0, FLAG(no_calls), N_("draw the packets without the socket calls"),
	  .takes = FIGURE_TAKES_ROWS },
	{ ALL, "no-copies", 0, FLAG(no_copies),
	  N_("leave out what was captured before: the same packet at another interface"),
	  .takes = FIGURE_TAKES_ROWS },
	{ ALL, "calls", 0, WORD(calls),
	  N_("which socket calls: all, data (without those that only set a socket up, and waits in "
	     "vain) or none (all; with more than two lanes data)"),
	  N_("WHICH"), "all data none", .takes = FIGURE_TAKES_ROWS },
	{ ALL, "fold", 0, FLAG(fold), N_("draw runs of data and ACKs as one row each"),
	  .takes = FIGURE_TAKES_ROWS },
	{ ALL, "show", 0, TEXT(show),
	  N_("draw only what passes a display filter, such as \"rst or port 443\"; see FILTERS in "
	     "the manual"),
	  N_("FILTER"), .takes = FIGURE_TAKES_ROWS },
	{ ALL & ~DRAWS, "time", 0, WORD(time_word),
	  N_("what the time column shows: start (seconds since it), utc or local"), N_("WHAT"),
	  "start utc local" },
	{ DRAWS, "time", 0, WORD(time_word),
	  N_("what the time column shows: start (seconds since it), delta (since the row above), "
	     "utc, local or none"),
	  N_("WHAT"), "start delta utc local none", .takes = FIGURE_TAKES_ROWS },
	{ ALL, "cast", 0, PATH(cast), N_("record what the screen shows into FILE, for asciinema"),
	  N_("FILE") },
	{ ALL, "labels", 0, WORD(style),
	  N_("in whose words: plain, stevens (SYN J), rfc9293 (<SEQ=0><CTL=SYN>) or wireshark"),
	  N_("STYLE"), "plain stevens rfc9293 wireshark", .takes = FIGURE_TAKES_ROWS },
	{ ALL, "numbers", 0, WORD(numbers),
	  N_("TCP's numbers: relative (from 0 on) or absolute (as on the wire)"), N_("WHICH"),
	  "relative absolute", .takes = FIGURE_TAKES_ROWS },
	{ ALL, "verdicts", 0, WORD(verdicts),
	  N_("which Wireshark's verdicts, where they differ: those of 4.0 or of 4.4"),
	  N_("VERSION"), "4.0 4.4" },
	{ ALL, "excerpt", 0, NUMBER(excerpt, 10000),
	  N_("show the first N characters of the payload"), N_("N"), .takes = FIGURE_TAKES_ROWS },
	{ ALL, "name", 0, TO(STRING_ARRAY, names), OPTION_PLAIN,
	  N_("a name for an endpoint: 127.0.0.1:5000=NAME (may be repeated)"),
	  N_("ENDPOINT=NAME") },
	{ REPLAY | DRAWS, "no-names", 0, FLAG(no_names),
	  N_("leave out the names that the capture has for addresses") },
	{ ALL, G_OPTION_REMAINING, 0, TO(FILENAME_ARRAY, rest), OPTION_PLAIN },

	{ LIVE, "interface", 'i', TEXT(interface),
	  N_("the interface to listen on (lo); -D lists them"), N_("IF") },
	{ REPLAY | LIST | DRAWS, "read", 'r', PATH(read),
	  N_("the capture file; \"-\" is standard input"), N_("FILE") },
	{ REPLAY, "play", 0, FLAG(play_now), N_("play it back: each row at its packet's time") },
	{ REPLAY, "speed", 0, TEXT(speed),
	  N_("with --play: so much faster (10) or slower (1/10), or a row each MS milliseconds "
	     "(even:MS)"),
	  N_("SPEED") },
	{ REPLAY, "follow", 0, FLAG(follow),
	  N_("go on reading while another program writes the file") },
	{ DEMO | RUN | LIVE, "write", 'w', PATH(write),
	  N_("record into FILE (pcapng: tcpdump and Wireshark open it)"), N_("FILE") },
	{ REPLAY, "write", 'w', PATH(write),
	  N_("draw nothing: write what would be drawn into FILE (pcapng, calls included)"),
	  N_("FILE") },
	{ DEMO | RUN, "step", 0, FLAG(step),
	  N_("let the space bar release one socket call at a time") },
	{ DEMO | RUN, "pace", 0, NUMBER(pace_ms, 60 * 1000),
	  N_("release a socket call each MS milliseconds (0: as fast as they come)"), N_("MS") },
	{ DEMO, "count", 0, NUMBER(messages, 1000000), N_("exchange N messages instead of one"),
	  N_("N") },
	{ DEMO, "list", 0, FLAG(list), N_("name the scenarios") },
	{ DEMO, "source", 0, FLAG(source), N_("print the scenario's client and server") },
	{ RUN, "wait", 0, NUMBER(wait_s, 24 * 60 * 60),
	  N_("how many seconds a program may take until the next one can start (10)"), N_("S") },
	{ RUN, "port", 0, NUMBER(port, 65535),
	  N_("start the client as soon as port N is listened on (when no other port has come for "
	     "100 ms)"),
	  N_("N") },
	{ RUN, "linger", 0, NUMBER(linger_s, 24 * 60 * 60),
	  N_("how many seconds what still runs has after the client's end, and then after each "
	     "signal (5; a server that only waits for its next client: 0.5)"),
	  N_("S") },
	{ DRAWS, "output", 'o', PATH(output),
	  N_("where the figure goes; its suffix says which format (standard output)"), N_("OUT") },
	{ FIGURE, "format", 0, TEXT(format), N_("which format; \"help\" lists them"),
	  N_("FORMAT") },
	{ EXPLAIN, "format", 0, WORD(story), N_("how it is written: text or markdown"),
	  N_("FORMAT"), "text markdown" },
	{ DRAWS, "title", 0, TEXT(title), N_("a title over it"), N_("TEXT"),
	  .takes = FIGURE_TAKES_TITLE },
	{ DRAWS, "caption", 0, TEXT(caption), N_("a caption below it"), N_("TEXT"),
	  .takes = FIGURE_TAKES_CAPTION },
	{ REPLAY | DRAWS, "conversations", 0, TEXT(conversations),
	  N_("draw only these conversations, such as 0,3,5-7, or all: a lane for each endpoint"),
	  N_("NUMBERS") },
	{ DRAWS, "frames", 0, TEXT(frames),
	  N_("only these frames, and the calls between them: 1-9, or 1-3,8-"), N_("RANGES"),
	  .takes = FIGURE_TAKES_ROWS },
	{ DRAWS, "from", 0, TEXT(from), N_("only from TIME on (seconds since the start)"),
	  N_("TIME"), .takes = FIGURE_TAKES_RANGE },
	{ DRAWS, "to", 0, TEXT(to), N_("only up to TIME"), N_("TIME"),
	  .takes = FIGURE_TAKES_RANGE },
	{ FIGURE, "plot", 0, WORD(plot),
	  N_("a plot of one conversation: sequence, rtt, throughput or flight"), N_("KIND"),
	  "sequence rtt throughput flight" },
	{ FIGURE, "direction", 0, WORD(direction),
	  N_("the plot is of what this side sent: client or server"), N_("SIDE"), "client server" },
	{ FIGURE, "no-states", 0, FLAG(no_states), N_("leave out the states of both ends"),
	  .takes = FIGURE_TAKES_ROWS },
	{ FIGURE, "palette", 0, WORD(palette),
	  N_("okabe-ito (colour-blind safe) or bw (black and white, for print)"), N_("NAME"),
	  "okabe-ito bw", .takes = FIGURE_TAKES_PALETTE },
	{ FIGURE, "font", 0, TEXT(font),
	  N_("the font of labels, names and states (calls and times keep a fixed width)"),
	  N_("FAMILY"), .takes = FIGURE_TAKES_FONT },
	{ FIGURE, "slant", 0, WORD(slant),
	  N_("none, schematic: arrows that go down, as in textbooks; or true, with --other-end"),
	  N_("HOW"), "none schematic true", .takes = FIGURE_TAKES_SLANT },
	{ FIGURE, "other-end", 0, PATH(other_end),
	  N_("the same packets captured at the other end: arrows slant by their time on the way"),
	  N_("FILE"), .takes = FIGURE_TAKES_TRANSITS },
	{ FIGURE, "spacing", 0, WORD(figure_spacing),
	  N_("even, or time: the space between rows grows with the time"), N_("HOW"), "even time",
	  .takes = FIGURE_TAKES_SPACING },
	{ FIGURE, "rows-per-page", 0, NUMBER(rows_per_page, G_MAXINT),
	  N_("pages of N rows: one PDF, or OUT-1.svg, OUT-2.svg..."), N_("N"),
	  .takes = FIGURE_TAKES_PAGES },
	{ FIGURE, "scale", 0, TO(DOUBLE, scale), OPTION_PLAIN,
	  N_("PNG: so many times as large (2)"), N_("X"), .takes = FIGURE_TAKES_SIZE },
	{ FIGURE, "dpi", 0, NUMBER(dpi, 2400), N_("PNG: dots an inch (192)"), N_("N"),
	  .takes = FIGURE_TAKES_SIZE },
	{ LIVE | REPLAY | LIST | DRAWS, "count", 'c', NUMBER(count, G_MAXINT),
	  N_("end after N packets"), N_("N") },
	{ LIVE, "list-interfaces", 'D', FLAG(interfaces), N_("list the interfaces") },
	{ LIST, "format", 0, WORD(list_format),
	  N_("table (for people), tsv or json (for programs)"), N_("FORMAT"), "table tsv json" },
	{ LIST, "sort", 0, TEXT(sort), N_("sort by COLUMN; -COLUMN: the greatest first"),
	  N_("COLUMN") },
	{ DOCTOR, "apparmor-profile", 0, FLAG(profile),
	  N_("print the AppArmor profile that Ubuntu needs, and nothing else") },
	{ DEMO | RUN | LIVE | REPLAY, "spacing", 0, TEXT(spacing),
	  N_("blank lines between the rows in proportion to time: auto, or so much a line (10ms)"),
	  N_("TIME"), "auto" },
};

const guint n_options = G_N_ELEMENTS(option_table);

const Command commands[] = {
	[COMMAND_DEMO] = { "demo", N_("[SCENARIO]"),
			   N_("watch the demo's own client and server, in a private network") },
	[COMMAND_RUN] = { "run", N_("-- SERVER... [--and CLIENT...]"),
			  N_("watch your own programs, in a private network") },
	[COMMAND_LIVE] = { "live", N_("[FILTER]"), N_("watch an interface; FILTER as in tcpdump") },
	[COMMAND_REPLAY] = { "replay", N_("FILE... [FILTER]"),
			     N_("draw saved captures (also: pktladder FILE...)") },
	[COMMAND_LIST] = { "list", N_("FILE... [FILTER]"),
			   N_("list the conversations of saved captures") },
	[COMMAND_FIGURE] = { "figure", N_("FILE... [FILTER] -o OUT"),
			     N_("the ladder of saved captures as a figure") },
	[COMMAND_EXPLAIN] = { "explain", N_("FILE... [FILTER]"),
			      N_("tell saved captures as a story: what happens, and why") },
	[COMMAND_DOCTOR] = { "doctor", "",
			     N_("try what this machine allows, and say how to mend the rest") },
	[N_COMMANDS] = { NULL },
};

CommandId
command_find(const char *name)
{
	CommandId id = 0;

	while (id < N_COMMANDS && !g_str_equal(commands[id].name, name))
		id++;
	return id;
}

gboolean
option_is_given(const Option *option, const Options *o)
{
	gconstpointer member = G_STRUCT_MEMBER_P(o, option->member);

	if (option->kind == G_OPTION_ARG_DOUBLE)
		return *(const double *)member > 0;
	return option->kind == G_OPTION_ARG_INT || option->kind == G_OPTION_ARG_NONE
		   ? *(const gint *)member != 0
		   : *(const gpointer *)member != NULL;
}

/* ---- what they say ---- */

/* What the table says: how large a number may be, which words there are. What makes no sense is
 * refused, not repaired. */
static gboolean
value_check(const Option *option, Options *o, GError **error)
{
	gpointer member = G_STRUCT_MEMBER_P(o, option->member);
	g_auto(GStrv) words = g_strsplit(option->values ? option->values : "", " ", -1);
	g_autofree char *list = g_strjoinv(", ", words);
	gint number = option->kind == G_OPTION_ARG_INT ? *(gint *)member : 0;
	OptionWord *word = member;

	if (number != OPTION_NO_NUMBER && (number < 0 || number > option->most))
		return refuse(error, _("--%s takes a number from 0 to %d"), option->name,
			      option->most);
	if (option->most != OPTION_WORD || !word->text)
		return TRUE;
	while (words[word->place] && !g_str_equal(words[word->place], word->text))
		word->place++;
	return words[word->place] ||
	       refuse(error, _("--%s takes one of %s, not \"%s\""), option->name, list, word->text);
}

/* What does not go with what. */
static gboolean
options_check(CommandId command, const Options *o, GError **error)
{
	gboolean records = o->cast && command != COMMAND_LIST && command != COMMAND_DOCTOR &&
			   !(1 << command & DRAWS);
	const struct {
		gboolean found;
		const char *why;
	} wrongs[] = {
		{ o->width > 0 && o->width < 24,
		  N_("a ladder needs a --width of 24 columns at least") },
		{ o->scale < 0 || o->scale > 100 || (o->scale > 0 && o->scale < 0.05),
		  N_("--scale takes a number from 0.05 to 100") },
		{ o->scale > 0 && o->dpi > 0,
		  N_("--scale and --dpi exclude each other: --dpi 96 is --scale 1") },
		{ o->follow && o->write, N_("--follow and --write exclude each other: a file is "
					    "written when all of the other one was read") },
		{ o->follow && o->conversations,
		  N_("--follow and --conversations exclude each other: which conversations there "
		     "are is known when all was read") },
		{ o->step && o->pace_ms != OPTION_NO_NUMBER,
		  N_("--step and --pace exclude each other: one waits for the space bar, the other "
		     "for the clock") },
		{ records && (o->text || (command == COMMAND_REPLAY && o->write)),
		  N_("--cast records the screen: leave out --text, and the -w of replay") },
		{ records && g_strcmp0(o->write, o->cast) == 0,
		  N_("--cast and -w name the same file") },
		{ o->play_now && o->write, N_("--play and --write exclude each other: a file that "
					      "is written is not drawn") },
		{ o->no_calls && o->calls.text && o->calls.place < 2,
		  N_("--no-calls is --calls none, and excludes any other --calls") },
		{ o->speed && !o->play_now, N_("--speed needs --play") },
	};

	if (o->show && !filter_is_blank(o->show) &&
	    (command == COMMAND_LIST || command == COMMAND_DOCTOR))
		return refuse(error, _("--show is for ladders, and %s draws none"),
			      commands[command].name);
	if (o->rest && !*commands[command].arguments)
		return refuse(error, _("%s takes no words, such as \"%s\""), commands[command].name,
			      o->rest[0]);
	if (o->cast && !records)
		return refuse(error, _("--cast records the screen, and %s has none"),
			      commands[command].name);
	for (guint i = 0; i < G_N_ELEMENTS(wrongs); i++) {
		if (wrongs[i].found)
			return refuse(error, "%s", _(wrongs[i].why));
	}
	return TRUE;
}

static gboolean
labels_parse(Options *o, GError **error)
{
	o->labels.style = o->style.place;
	o->labels.absolute = o->numbers.place;
	o->labels.excerpt = o->excerpt;
	o->labels.no_names = o->no_names;
	o->labels.names = endpoint_names_new();
	for (GStrv name = o->names; name && *name; name++) {
		if (endpoint_names_add(o->labels.names, *name, error))
			continue;
		g_prefix_error(error, "--name: ");
		return FALSE;
	}
	return TRUE;
}

/* A word that a capture filter can begin with is no file, unless it is written as ./tcp. */
static gboolean
begins_filter(const char *word)
{
	static const char *const words[] = {
		"not",     "tcp",       "udp",       "icmp",  "icmp6",   "ip",        "ip6",
		"arp",     "rarp",      "host",      "net",   "port",    "portrange", "src",
		"dst",     "ether",     "vlan",      "mpls",  "pppoes",  "pppoed",    "less",
		"greater", "broadcast", "multicast", "proto", "inbound", "outbound",  "len",
		"wlan",    "sctp",      "esp",       "ah",    "igmp",    "geneve",    "ifname",
		"gateway", "link",      NULL
	};

	return g_strv_contains(words, word);
}

/* Whether it can only be meant as a file. */
static gboolean
looks_like_file(const char *word)
{
	static const char *const patterns[] = { "*.pcap",   "*.pcapng",   "*.cap",
						"*.pcap.*", "*.pcapng.*", "*.cap.*",
						"/*",       "./*",        "../*" };

	for (guint i = 0; i < G_N_ELEMENTS(patterns); i++)
		if (!strchr(word, ' ') && g_pattern_match_simple(patterns[i], word))
			return TRUE;
	return FALSE;
}

/* Words that are files come first, then the filter. */
static gboolean
captures_find(Options *o, GError **error)
{
	g_autoptr(GStrvBuilder) captures = g_strv_builder_new();
	GStrv words = o->rest;
	const char *first = o->read ? o->read : words ? *words++ : NULL;

	if (!first)
		return TRUE;
	g_strv_builder_add(captures, first);
	for (; words && *words; words++) {
		if (begins_filter(*words) ||
		    (!g_str_equal(*words, "-") && !g_file_test(*words, G_FILE_TEST_EXISTS)))
			break;
		g_strv_builder_add(captures, *words);
	}
	o->captures = g_strv_builder_end(captures);
	if (!words || !*words)
		return TRUE;
	if (looks_like_file(*words))
		return refuse(error, _("there is no file %s"), *words);
	for (GStrv word = words + 1; *word; word++)
		if (looks_like_file(*word) && g_file_test(*word, G_FILE_TEST_EXISTS))
			return refuse(error,
				      _("name all files before the filter: %s stands behind it"),
				      *word);
	o->capture_filter = g_strjoinv(" ", words);
	return TRUE;
}

/* Those whose text has a reader of its own elsewhere; figures read their spacing themselves. */
static gboolean
values_parse(CommandId command, Options *o, GError **error)
{
	/* "start delta utc local none" */
	static const FigureTime figure_times[] = { FIGURE_TIME_START, FIGURE_TIME_DELTA,
						   FIGURE_TIME_UTC, FIGURE_TIME_LOCAL,
						   FIGURE_TIME_NONE };

	o->explains = command == COMMAND_EXPLAIN;
	o->figure_time = figure_times[o->time_word.place];
	o->time = 1 << command & DRAWS ? o->figure_time - MIN(o->figure_time, FIGURE_TIME_START)
				       : o->time_word.place;
	if (o->conversations && !conversations_check(o->conversations, error))
		return FALSE;
	if (o->spacing && !(1 << command & DRAWS)) {
		if (!spacing_parse(o->spacing, &o->spacing_ns))
			return refuse(error,
				      _("--spacing takes auto or a time a line, such as 50us, 10ms "
					"or 1s, not \"%s\""),
				      o->spacing);
		o->spacing_auto = o->spacing_ns == 0;
	}
	if (o->speed && !play_parse_pace(&o->play, o->speed))
		return refuse(error,
			      _("--speed takes 0.00001 to 100000, such as 10 or 1/10; or even, or "
				"even:MS with %d to %d milliseconds; not \"%s\""),
			      PLAY_EVEN_MIN, PLAY_EVEN_MAX, o->speed);
	if (o->show && !filter_is_blank(o->show)) {
		o->filter = filter_new(o->show, error);
		g_prefix_error(error, "--show: ");
		return o->filter != NULL;
	}
	return TRUE;
}

/* GLib says only that some byte is wrong. */
static void
encoding_explain(GStrv argv, GError **error)
{
	const char *charset;

	if (!error || !g_error_matches(*error, G_CONVERT_ERROR, G_CONVERT_ERROR_ILLEGAL_SEQUENCE))
		return;
	g_get_charset(&charset);
	while (*++argv) {
		g_autofree char *text = g_locale_to_utf8(*argv, -1, NULL, NULL, NULL);
		g_autofree char *safe = text_escape(*argv, -1);

		if (text)
			continue;
		g_clear_error(error);
		refuse(error,
		       _("the text of option \"%s\" is not in the encoding of this locale (%s)"),
		       safe, charset);
		return;
	}
}

gboolean
options_parse(CommandId command, Options *o, GStrv argv, GError **error)
{
	const Command *said = &commands[command];
	g_autoptr(GOptionContext) context =
	    g_option_context_new(*said->arguments ? _(said->arguments) : NULL);
	g_auto(GStrv) copy = g_strdupv(argv);

	*o = (Options){ .pace_ms = OPTION_NO_NUMBER,
			.linger_s = OPTION_NO_NUMBER,
			.play = PLAY_DEFAULT };
	g_option_context_set_summary(context, _(said->summary));
	g_option_context_set_description(
	    context, _("The manual page pktladder(1) has the rest: keys, files, examples."));
	g_option_context_set_translation_domain(context, GETTEXT_PACKAGE);
	/* GLib's own one exits before anybody sees whether it could be written. */
	g_option_context_set_help_enabled(context, FALSE);
	/* Entries point into the Options that is being filled; the group copies them. */
	for (guint i = 0; i < n_options; i++) {
		const GOptionEntry entries[] = {
			{ option_table[i].name, option_table[i].letter, 0, option_table[i].kind,
			  G_STRUCT_MEMBER_P(o, option_table[i].member), option_table[i].what,
			  option_table[i].argument },
			{ NULL },
		};

		if (option_table[i].commands & 1u << command)
			g_option_context_add_main_entries(context, entries, GETTEXT_PACKAGE);
	}
	/* What follows the server's name are the server's own options. */
	g_option_context_set_strict_posix(context, command == COMMAND_RUN);
	g_set_prgname("pktladder");
	if (!g_option_context_parse_strv(context, &copy, error)) {
		encoding_explain(argv, error);
		return FALSE;
	}
	if (o->help) {
		o->help_text = g_option_context_get_help(context, TRUE, NULL);
		return TRUE;
	}
	for (guint i = 0; i < n_options; i++) {
		if (option_table[i].commands & 1u << command &&
		    !value_check(&option_table[i], o, error))
			return FALSE;
	}
	return options_check(command, o, error) && labels_parse(o, error) &&
	       values_parse(command, o, error) &&
	       (!(1u << command & (REPLAY | LIST | DRAWS)) || captures_find(o, error));
}

void
options_clear(Options *o)
{
	for (guint i = 0; i < n_options; i++) {
		gpointer *member = (gpointer *)G_STRUCT_MEMBER_P(o, option_table[i].member);

		if (option_table[i].kind == G_OPTION_ARG_STRING ||
		    option_table[i].kind == G_OPTION_ARG_FILENAME)
			g_clear_pointer(member, g_free);
	}
	g_clear_pointer(&o->names, g_strfreev);
	g_clear_pointer(&o->rest, g_strfreev);
	g_clear_pointer(&o->captures, g_strfreev);
	g_clear_pointer(&o->capture_filter, g_free);
	g_clear_pointer(&o->labels.names, g_hash_table_unref);
	g_clear_pointer(&o->filter, filter_unref);
	g_clear_pointer(&o->help_text, g_free);
}

char *
options_captures_text(const Options *o)
{
	guint n = o->captures ? g_strv_length(o->captures) : 0;
	g_autofree char *first = text_escape(n > 0 ? o->captures[0] : "", -1);
	g_autofree char *second = text_escape(n > 1 ? o->captures[1] : "", -1);

	if (n > 2)
		return g_strdup_printf(_("%s and %u more"), first, n - 1);
	return n == 2 ? g_strdup_printf("%s, %s", first, second) : g_steal_pointer(&first);
}

/* ---- what is said ---- */

char *
options_help(void)
{
	g_autoptr(GString) help = g_string_new(NULL);

	g_string_append(help, _("pktladder draws a real TCP or UDP conversation as a ladder: "
				"client left, server\nright, time going down.\n\nUsage:\n"));
	for (const Command *command = commands; command->name; command++) {
		g_autofree char *usage =
		    g_strdup_printf("pktladder %s %s", command->name,
				    *command->arguments ? _(command->arguments) : "");

		g_string_append_printf(help, "  %-48s %s\n", usage, _(command->summary));
	}
	g_string_append(help, _("\nStart with:  pktladder demo\n"
				"Options of a command:  pktladder COMMAND --help\n"
				"Everything else:  man pktladder\n"));
	return g_string_free(g_steal_pointer(&help), FALSE);
}
