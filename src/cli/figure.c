/* figure - the ladder of a capture as a figure in a file. */
#include <stdio.h>
#include <string.h>

#include "confinement.h"
#include "conversations.h"
#include "details.h"
#include "figure_output.h"
#include "figure_plot.h"
#include "interruption.h"
#include "options.h"
#include "print.h"
#include "pktladder/figure.h"
#include "pktladder/i18n.h"
#include "pktladder/network.h"
#include "pktladder/screen.h"
#include "pktladder/text.h"

/* Options that only some formats can do. */
static const struct {
	FigureTakes takes;
	const char *option;
	goffset text, number, flag; /* of it in Options: a string, a number, a truth; 0 none */
} taken[] = {
#define TEXT(member)   G_STRUCT_OFFSET(Options, member), 0, 0
#define NUMBER(member) 0, G_STRUCT_OFFSET(Options, member), 0
#define FLAG(member)   0, 0, G_STRUCT_OFFSET(Options, member)
	{ FIGURE_TAKES_WIDTH, "--width", NUMBER(width) },
	{ FIGURE_TAKES_PALETTE, "--palette", TEXT(palette) },
	{ FIGURE_TAKES_FONT, "--font", TEXT(font) },
	{ FIGURE_TAKES_SLANT, "--slant", TEXT(slant) },
	{ FIGURE_TAKES_TRANSITS, "--other-end", TEXT(other_end) },
	{ FIGURE_TAKES_SPACING, "--spacing", TEXT(spacing) },
	{ FIGURE_TAKES_PAGES, "--rows-per-page", NUMBER(rows_per_page) },
	{ FIGURE_TAKES_SIZE, "--dpi", NUMBER(dpi) },
	{ FIGURE_TAKES_ASCII, "--ascii", FLAG(ascii) },
	{ FIGURE_TAKES_TITLE, "--title", TEXT(title) },
	{ FIGURE_TAKES_CAPTION, "--caption", TEXT(caption) },
	{ FIGURE_TAKES_RANGE, "--from", TEXT(from) },
	{ FIGURE_TAKES_RANGE, "--to", TEXT(to) },
	{ FIGURE_TAKES_ROWS, "--frames", TEXT(frames) },
	{ FIGURE_TAKES_ROWS, "--show", TEXT(show) },
	{ FIGURE_TAKES_ROWS, "--time", TEXT(time_text) },
	{ FIGURE_TAKES_ROWS, "--labels", TEXT(labels_text) },
	{ FIGURE_TAKES_ROWS, "--numbers", TEXT(numbers_text) },
	{ FIGURE_TAKES_ROWS, "--excerpt", NUMBER(excerpt) },
	{ FIGURE_TAKES_ROWS, "--fold", FLAG(fold) },
	{ FIGURE_TAKES_ROWS, "--no-calls", FLAG(no_calls) },
	{ FIGURE_TAKES_ROWS, "--no-states", FLAG(no_states) },
#undef TEXT
#undef NUMBER
#undef FLAG
};

#define PLOT_TAKES                                                                                 \
	(FIGURE_TAKES_WIDTH | FIGURE_TAKES_PALETTE | FIGURE_TAKES_SIZE | FIGURE_TAKES_TITLE |       \
	 FIGURE_TAKES_RANGE)

static gboolean
is_given(const Options *options, guint i)
{
	if (taken[i].text)
		return G_STRUCT_MEMBER(char *, options, taken[i].text) != NULL;
	if (taken[i].number)
		return G_STRUCT_MEMBER(gint, options, taken[i].number) != 0;
	return G_STRUCT_MEMBER(gboolean, options, taken[i].flag);
}

/* What was given and changes nothing is said, in one line. */
static void
ignored_say(const Options *options, const FigureFormat *format)
{
	guint takes = options->plot ? format->takes & PLOT_TAKES : format->takes;
	g_autoptr(GString) names = g_string_new(NULL);

	for (guint i = 0; i < G_N_ELEMENTS(taken); i++) {
		if (!(takes & taken[i].takes) && is_given(options, i))
			g_string_append_printf(names, "%s%s", names->len ? ", " : "", taken[i].option);
	}
	if (options->scale > 0 && !(takes & FIGURE_TAKES_SIZE))
		g_string_append_printf(names, "%s--scale", names->len ? ", " : "");
	if (names->len == 0)
		return;
	if (options->plot)
		complain(_("a plot as %s has no use for %s"), format->id, names->str);
	else
		complain(_("%s has no use for %s (--format help says which format has)"), format->id,
			 names->str);
}

/* `--format help`. */
static int
formats_list(void)
{
	for (const FigureFormat *format = figure_formats; format->id; format++)
		printf("%-10s %-14s %s\n", format->id, format->suffixes, _(format->what));
	printf("\n%s\n", _("Options that only some can do:"));
	for (guint i = 0; i < G_N_ELEMENTS(taken) && taken[i].takes <= FIGURE_TAKES_SIZE; i++) {
		printf("%-16s", taken[i].option);
		for (const FigureFormat *format = figure_formats; format->id; format++) {
			if (format->takes & taken[i].takes)
				printf(" %s", format->id);
		}
		printf("\n");
	}
	return STATUS_OK;
}

static char *
format_names(void)
{
	GString *names = g_string_new(NULL);

	for (const FigureFormat *format = figure_formats; format->id; format++)
		g_string_append_printf(names, "%s%s", names->len ? ", " : "", format->id);
	return g_string_free(names, FALSE);
}

/* By --format, else by the output's suffix; NULL, and why was said. */
static const FigureFormat *
format_choose(const Options *options)
{
	g_autofree char *names = format_names();
	const FigureFormat *format = NULL;

	if (options->format)
		format = figure_format_find(options->format);
	else if (options->output)
		format = figure_format_of_path(options->output);
	if (format)
		return format;
	if (options->format)
		complain(_("there is no format \"%s\"; there are: %s"), options->format, names);
	else if (options->output && !g_str_equal(options->output, "-"))
		complain(_("the name \"%s\" does not say which format it is to be; add --format with "
			   "one of: %s"),
			 options->output, names);
	else
		complain(_("say which format: --format with one of: %s"), names);
	return NULL;
}

/* Each end's capture; the second is NULL where there is one. */
typedef struct {
	Session *here, *there;
} Ends;

static void
ends_clear(Ends *ends)
{
	g_clear_pointer(&ends->here, session_free);
	g_clear_pointer(&ends->there, session_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ends, ends_clear)

/* Takes the input. */
static Session *
session_open(CaptureInput *input, GStrv filter_words, const Options *options, GError **error)
{
	g_autofree char *filter = filter_words ? g_strjoinv(" ", filter_words) : NULL;
	Capture *capture = capture_open_input(input, filter && *filter ? filter : NULL, error);
	Session *session = capture ? session_new(capture, TRUE, options->verdicts, error) : NULL;

	if (session)
		session->packet_limit = options->count;
	return session;
}

/* `there`: NULL none. Both files are open before one is read: root's name opens them. */
static gboolean
ends_open(Ends *ends, const char *here, const char *there, GStrv filter, const Options *options,
	  GError **error)
{
	g_autoptr(CaptureInput) first = capture_input_open(here, CAPTURE_DEFAULT, error);
	g_autoptr(CaptureInput) second =
		first && there ? capture_input_open(there, CAPTURE_DEFAULT, error) : NULL;

	if (!first || (there && !second) || !confinement_drop_root(error))
		return FALSE;
	ends->here = session_open(g_steal_pointer(&first), filter, options, error);
	if (ends->here && there)
		ends->there = session_open(g_steal_pointer(&second), filter, options, error);
	return ends->here && (!there || ends->there);
}

/* All of a capture. FALSE: a signal ended it. */
static gboolean
session_read(Session *session)
{
	if (!session_read_whole(session))
		return FALSE;
	session_tell(session, session->read == READ_BROKEN); /* else they stand in the figure */
	return TRUE;
}

/* ---- the options ---- */

/* The place of a word in a list; -1: it is not there, and that was said. */
static int
word_find(const char *option, const char *word, const char *const *words)
{
	g_autofree char *list = g_strjoinv(", ", (GStrv)words);

	if (!word)
		return 0;
	for (int i = 0; words[i]; i++) {
		if (g_str_equal(words[i], word))
			return i;
	}
	complain(_("%s takes one of %s, not \"%s\""), option, list, word);
	return -1;
}

/* A true slant needs both ends, and nothing else does. */
static gboolean
ends_check(const Options *options, FigureSlant slant)
{
	if (slant == FIGURE_SLANT_TRUE && !options->other_end) {
		complain(_("--slant true needs a capture from each end, and there is one: with a single "
			   "time stamp a packet, its time on the way is unknown. Add --other-end FILE, "
			   "or take --slant schematic"));
		return FALSE;
	}
	if (slant != FIGURE_SLANT_TRUE && options->other_end) {
		complain(_("--other-end is for --slant true, not for --slant %s"), options->slant);
		return FALSE;
	}
	return TRUE;
}

static gboolean
words_read(const Options *options, FigureOptions *how)
{
	static const char *const palettes[] = { "okabe-ito", "bw", NULL };
	static const char *const slants[] = { "none", "schematic", "true", NULL };
	static const char *const spacings[] = { "even", "time", NULL };
	int palette, slant, spacing;

	palette = word_find("--palette", options->palette, palettes);
	slant = palette < 0 ? -1 : word_find("--slant", options->slant, slants);
	spacing = slant < 0 ? -1 : word_find("--spacing", options->spacing, spacings);
	how->palette = palette;
	how->slant = options->other_end && !options->slant ? FIGURE_SLANT_TRUE : slant;
	how->proportional = options->spacing ? spacing == 1 : how->slant == FIGURE_SLANT_TRUE;
	return spacing >= 0 && ends_check(options, how->slant);
}

/* "3", "1-9", "8-" (to the end), "-4" (from the beginning). */
static gboolean
range_read(const char *text, FigureFrames *range)
{
	const char *dash = strchr(text, '-');
	g_autofree char *left = dash ? g_strndup(text, dash - text) : g_strdup(text);
	const char *right = dash ? dash + 1 : left;
	guint64 first = 1, last = G_MAXUINT32;

	if ((!*left && !*right) ||
	    (*left && !g_ascii_string_to_unsigned(left, 10, 1, G_MAXUINT32, &first, NULL)) ||
	    (*right && !g_ascii_string_to_unsigned(right, 10, 1, G_MAXUINT32, &last, NULL)) ||
	    first > last)
		return FALSE;
	*range = (FigureFrames){ first, last };
	return TRUE;
}

static gboolean
frames_read(const char *text, GArray *frames)
{
	g_auto(GStrv) ranges = g_strsplit(text, ",", -1);

	for (GStrv word = ranges; *word; word++) {
		FigureFrames range;

		if (!range_read(g_strstrip(*word), &range)) {
			complain(_("--frames takes ranges such as 1-9 or 1-3,8-, not \"%s\""), text);
			return FALSE;
		}
		g_array_append_val(frames, range);
	}
	return TRUE;
}

static gboolean
time_read(const char *option, const char *text, gint64 *ns)
{
	gboolean before = text && text[0] == '-'; /* the start */
	guint decimals;

	if (!text)
		return TRUE;
	if (!text_to_ns(text + before, strlen(text + before), ns, &decimals)) {
		complain(_("%s takes seconds since the start, such as 0.25, not \"%s\""), option,
			 text);
		return FALSE;
	}
	if (before)
		*ns = -*ns;
	return TRUE;
}

/* Into `times`, which `how` refers to where a time was given. */
static gboolean
times_read(const Options *options, FigureTimes *times, FigureOptions *how)
{
	*times = (FigureTimes){ G_MININT64, G_MAXINT64 };
	if (!time_read("--from", options->from, &times->from_ns) ||
	    !time_read("--to", options->to, &times->to_ns))
		return FALSE;
	how->times = options->from || options->to ? times : NULL;
	if (times->from_ns <= times->to_ns)
		return TRUE;
	complain(_("--from %s is later than --to %s"), options->from, options->to);
	return FALSE;
}

/* Where the font is needed now, it must be there. */
static gboolean
font_read(const Options *options, const FigureFormat *format)
{
	g_autoptr(GError) error = NULL;

	if (!options->font || !(format->takes & FIGURE_TAKES_FONT) ||
	    figure_font_check(options->font, &error))
		return TRUE;
	complain("%s", error->message);
	return format->convert == NULL;
}

/* FALSE: something is wrong with them, which was said. `how` refers to the other two. */
static gboolean
options_read(const Options *options, const FigureFormat *format, GArray *frames, FigureTimes *times,
	     FigureOptions *how)
{
	gboolean timeless = format->timeless && !options->time_text;

	*how = (FigureOptions){ .title = options->title,
				.caption = options->caption,
				.font = options->font,
				.time = timeless ? FIGURE_TIME_NONE : options->figure_time,
				.states = !options->no_states,
				.ascii = options->ascii,
				.rows_per_page = options->rows_per_page,
				.width = options->width };
	if (options->frames && !frames_read(options->frames, frames))
		return FALSE;
	how->frames = options->frames ? frames : NULL;
	return words_read(options, how) && times_read(options, times, how) &&
	       font_read(options, format);
}

/* Text in a width that was chosen says where that is not enough for its lanes. */
static void
figure_fit(const Figure *figure, const Options *options, const FigureFormat *format)
{
	static const char *const in_columns[] = { "text", "ansi", NULL };
	guint n_lanes = ladder_n_lanes(figure->ladder);
	SceneLayout layout;

	if (!g_strv_contains(in_columns, format->id) || n_lanes <= 2 || options->width == 0)
		return;
	layout = scene_layout(options->width, figure->calls, options->time,
				    SCENE_DELTA_PREVIOUS, n_lanes);
	print_lanes_check(&layout, options->time);
}

static Ladder *
ladder_make(Session *session, const Options *options, Selection selection)
{
	Ladder *ladder = ladder_new(session->trace, selection);
	LadderLabels labels = options->labels;

	labels.fetch = session_fetch;
	labels.data = session;
	ladder_set_labels(ladder, &labels);
	ladder_update(ladder);
	return ladder;
}

/* Each packet of a capture, decoded. */
typedef void EachPacket(guint32 event, const Event *of, const Packet *packet, const Facts *facts,
			gpointer data);

static void
packets_each(Session *session, EachPacket *each, gpointer data)
{
	for (guint32 i = 0; i < trace_length(session->trace); i++) {
		const Event *event = trace_event(session->trace, i);
		Packet packet;
		Facts facts;

		if (event->kind != EVENT_PACKET || !session_fetch(event, &packet, session))
			continue;
		decode_headers(&packet, &facts);
		each(i, event, &packet, &facts, data);
	}
}

static void
packet_here(guint32 event, const Event *of, const Packet *packet, const Facts *facts, gpointer data)
{
	transits_add_here(data, event, of->conversation, of->from, packet, facts);
}

static void
packet_there(guint32 event, const Event *of, const Packet *packet, const Facts *facts, gpointer data)
{
	(void)event, (void)of;
	transits_add_there(data, packet, facts);
}

/* Finds the packets in the capture of the other end; NULL, and why was said. */
static Transits *
transits_read(Session *session, Session *other, const Options *options)
{
	g_autoptr(Transits) transits = transits_new();
	const char *problem;

	session->read = MAX(session->read, other->read);
	packets_each(session, packet_here, transits);
	packets_each(other, packet_there, transits);
	problem = transits_match(transits);
	if (!problem)
		return g_steal_pointer(&transits);
	complain("%s: %s", options->other_end, _(problem));
	return NULL;
}

static int
figure_make(Session *session, const Options *options, const FigureFormat *format,
	    const FigureOptions *how)
{
	Selection selection = { .conversation = CONVERSATION_NONE,
				.hide_calls = options->no_calls,
				.fold = options->fold,
				.filter = options->filter };
	FigureTarget target = { format, options->output, FIGURE_SCALE, trace_start(session->trace),
				session_part_text(session) };
	g_autoptr(Ladder) ladder = NULL;
	g_autoptr(Figure) figure = NULL;
	g_autoptr(GError) error = NULL;

	if (options->scale > 0 || options->dpi > 0)
		target.scale = options->scale > 0 ? options->scale : options->dpi / 96.0;
	if (options->plot)
		return figure_plot(session, options, how, &target);
	if (options->conversations &&
	    !conversations_select(options->conversations,
				  flow_table_length(trace_flows(session->trace)), &selection,
				  &error)) {
		complain("%s", error->message);
		return STATUS_USAGE;
	}
	ladder = ladder_make(session, options, selection);
	figure = figure_new(ladder, how);
	if (!options->conversations && conversations_of_figure(figure, &selection)) {
		g_clear_pointer(&figure, figure_free);
		g_clear_pointer(&ladder, ladder_free);
		ladder = ladder_make(session, options, selection);
		figure = figure_new(ladder, how);
	}
	conversation_set_unref(selection.set);
	if (format->details && figure->length <= FIGURE_ROWS_MAX)
		details_add(figure, session->store);
	figure_fit(figure, options, format);
	return figure_output(session, figure, how, &target);
}

int
command_figure(const Options *options)
{
	g_auto(Ends) ends = { 0 };
	g_autoptr(Transits) transits = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) frames = g_array_new(FALSE, FALSE, sizeof(FigureFrames));
	const FigureFormat *format;
	FigureTimes times;
	FigureOptions how;
	GStrv rest = options->rest;
	const char *path = options->read, *other_end;

	if (g_strcmp0(options->format, "help") == 0)
		return formats_list();
	if (!path && rest && rest[0])
		path = *rest++;
	if (!path) {
		complain(_("say which capture to draw: pktladder figure FILE -o OUT.svg (\"-\" is "
			   "standard input)"));
		return STATUS_USAGE;
	}
	format = format_choose(options);
	if (!format || !options_read(options, format, frames, &times, &how))
		return STATUS_USAGE;
	if (options->plot && !figure_plot_check(options, format))
		return STATUS_USAGE;
	if (options->direction && !options->plot) {
		complain(_("--direction is for plots: add --plot sequence, rtt, throughput or flight"));
		return STATUS_USAGE;
	}
	ignored_say(options, format);
	interruption_catch();
	other_end = format->takes & FIGURE_TAKES_TRANSITS && !options->plot ? options->other_end : NULL;
	if (!confinement_prepare(options, format->convert != NULL, &error) ||
	    !ends_open(&ends, path, other_end, rest, options, &error)) {
		complain("%s", error->message);
		return STATUS_FAILED;
	}
	confinement_enter(NULL);
	if (!session_read(ends.here) || (other_end && !session_read(ends.there)))
		return 128 + interruption_signal();
	if (other_end) {
		transits = transits_read(ends.here, ends.there, options);
		if (!transits)
			return STATUS_FAILED;
		how.transits = transits;
	}
	return figure_make(ends.here, options, format, &how);
}
