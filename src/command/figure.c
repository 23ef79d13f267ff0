/* SPDX-License-Identifier: MIT */
/* figure - the ladder of a capture, or a plot of one conversation, as a figure in a file. */
#include <stdio.h>
#include <string.h>

#include "pktladder/confinement.h"
#include "pktladder/conversations.h"
#include "pktladder/details.h"
#include "pktladder/drawing.h"
#include "pktladder/options.h"
#include "pktladder/view.h"
#include "pktladder/print.h"
#include "pktladder/figure.h"
#include "pktladder/text.h"
#include "pktladder/timestamp.h"

#define PLOT_TAKES                                                                                 \
	(FIGURE_TAKES_WIDTH | FIGURE_TAKES_PALETTE | FIGURE_TAKES_SIZE | FIGURE_TAKES_TITLE |      \
	 FIGURE_TAKES_RANGE)

/* What was given and changes nothing is said, in one line. */
static void
ignored_say(const Options *options, const FigureFormat *format)
{
	guint takes = options->plot.text ? format->takes & PLOT_TAKES : format->takes;
	g_autoptr(GString) names = g_string_new(NULL);

	for (const Option *option = option_table; option < option_table + n_options; option++) {
		if (option->takes & ~takes && option_is_given(option, options))
			g_string_append_printf(names, "%s--%s", names->len ? ", " : "",
					       option->name);
	}
	if (names->len == 0)
		return;
	if (options->plot.text)
		complain(_("a plot as %s has no use for %s"), format->id, names->str);
	else
		complain(_("%s has no use for %s (--format help says which format has)"),
			 format->id, names->str);
}

/* `--format help`. */
static int
formats_list(void)
{
	for (const FigureFormat *format = figure_formats; format->id; format++)
		printf("%-10s %-14s %s\n", format->id, format->suffixes, _(format->what));
	printf("\n%s\n", _("Options that only some can do:"));
	for (const Option *option = option_table; option < option_table + n_options; option++) {
		if (option->takes == 0 || option->takes > FIGURE_TAKES_SIZE)
			continue;
		printf("--%-14s", option->name);
		for (const FigureFormat *format = figure_formats; format->id; format++) {
			if (format->takes & option->takes)
				printf(" %s", format->id);
		}
		printf("\n");
	}
	return STATUS_OK;
}

/* By --format, else by the output's suffix; NULL: it is not known. */
static const FigureFormat *
format_choose(const Options *options, GError **error)
{
	g_autoptr(GString) names = g_string_new(figure_formats[0].id);
	const FigureFormat *format = NULL;

	if (options->story.text || (options->explains && !options->output))
		format = figure_format_find(options->story.place ? "story-md" : "story");
	else if (options->format)
		format = figure_format_find(options->format);
	else if (options->output)
		format = figure_format_of_path(options->output);
	if (format)
		return format;
	for (const FigureFormat *other = figure_formats + 1; other->id; other++)
		g_string_append_printf(names, ", %s", other->id);
	if (options->format)
		refuse(error, _("there is no format \"%s\"; there are: %s"), options->format,
		       names->str);
	else if (options->output && !g_str_equal(options->output, "-"))
		refuse(error,
		       _("the name \"%s\" does not say which format it is to be; add --format with "
			 "one of: %s"),
		       options->output, names->str);
	else
		refuse(error, _("say which format: --format with one of: %s"), names->str);
	return NULL;
}

/* ---- the options ---- */

/* Whether the slant goes with the captures that there are. */
static gboolean
slant_read(const Options *options, FigureOptions *how, GError **error)
{
	how->slant =
	    options->other_end && !options->slant.text ? FIGURE_SLANT_TRUE : options->slant.place;
	how->proportional = options->figure_spacing.text ? options->figure_spacing.place == 1
							 : how->slant == FIGURE_SLANT_TRUE;
	if (how->slant == FIGURE_SLANT_TRUE && !options->other_end)
		return refuse(error,
			      _("--slant true needs a capture from each end, and there is one: "
				"with a single time stamp a packet, its time on the way is "
				"unknown. Add --other-end FILE, or take --slant schematic"));
	if (how->slant != FIGURE_SLANT_TRUE && options->other_end)
		return refuse(error, _("--other-end is for --slant true, not for --slant %s"),
			      options->slant.text);
	return TRUE;
}

static gboolean
time_read(const char *option, const char *text, gint64 *ns, GError **error)
{
	gboolean before = text && text[0] == '-'; /* the start */
	guint decimals;

	if (!text)
		return TRUE;
	if (!text_to_ns(text + before, strlen(text + before), ns, &decimals))
		return refuse(error,
			      _("%s takes seconds since the start, such as 0.25, not \"%s\""),
			      option, text);
	if (before)
		*ns = -*ns;
	return TRUE;
}

/* Whether --plot can be done in that format. */
static gboolean
plot_check(const Options *options, const FigureFormat *format, GError **error)
{
	if (format->plots == FIGURE_NO_PLOTS)
		return refuse(error,
			      _("a plot is drawn as svg, pdf or png, or written as xpl, not as %s"),
			      format->id);
	if (format->plots == FIGURE_ONLY_PLOTS && options->plot.place != PLOT_SEQUENCE)
		return refuse(
		    error, _("xplot's format holds the time-sequence graph only: --plot sequence"));
	return TRUE;
}

/* FALSE: something is wrong with them. `how` refers to `frames` and `times`, where these were
 * given. */
static gboolean
options_read(const Options *options, const FigureFormat *format, GArray **frames,
	     FigureTimes *times, FigureOptions *how, GError **error)
{
	gboolean timeless = format->timeless && !options->time_word.text;

	*how = (FigureOptions){ .title = options->title,
				.caption = options->caption,
				.palette = options->palette.place,
				.font = options->font,
				.time = timeless ? FIGURE_TIME_NONE : options->figure_time,
				.times = options->from || options->to ? times : NULL,
				.states = !options->no_states,
				.ascii = options->ascii,
				.rows_per_page = options->rows_per_page,
				.width = options->width,
				.rows_later = format->stream != NULL };
	*times = (FigureTimes){ G_MININT64, G_MAXINT64 };
	if (options->frames && !(*frames = ranges_parse(options->frames, 1)))
		return refuse(error, _("--frames takes ranges such as 1-9 or 1-3,8-, not \"%s\""),
			      options->frames);
	how->frames = *frames;
	if (!slant_read(options, how, error) ||
	    !time_read("--from", options->from, &times->from_ns, error) ||
	    !time_read("--to", options->to, &times->to_ns, error))
		return FALSE;
	if (times->from_ns > times->to_ns)
		return refuse(error, _("--from %s is later than --to %s"), options->from,
			      options->to);
	if (options->font && format->takes & FIGURE_TAKES_FONT &&
	    !figure_font_check(options->font, error)) {
		if (format->convert) /* the font is needed now */
			return FALSE;
		complain("%s", (*error)->message);
		g_clear_error(error);
	}
	if (options->direction.text && !options->plot.text)
		return refuse(
		    error,
		    _("--direction is for plots: add --plot sequence, rtt, throughput or flight"));
	return !options->plot.text || plot_check(options, format, error);
}

/* ---- what is drawn ---- */

/* `peer`: the capture from the other end; NULL none. Both files are open before one is read:
 * root's name opens them. */
static gboolean
ends_open(const char *peer, const Options *options, Session **here, Session **there, GError **error)
{
	const char *filter = options->capture_filter;
	g_autoptr(GPtrArray) first =
	    capture_inputs_open((const char *const *)options->captures, CAPTURE_DEFAULT, error);
	g_autoptr(GPtrArray) second =
	    first && peer
		? capture_inputs_open((const char *const[]){ peer, NULL }, CAPTURE_DEFAULT, error)
		: NULL;

	if (!first || (peer && !second) || !confinement_drop_root(error))
		return FALSE;
	*here = session_new(capture_open_inputs(g_steal_pointer(&first), filter, error), TRUE,
			    options->count, options->verdicts.place, error);
	if (*here && peer)
		*there = session_new(capture_open_inputs(g_steal_pointer(&second), filter, error),
				     TRUE, options->count, options->verdicts.place, error);
	return *here && (!peer || *there);
}

/* All of a capture. FALSE: a signal ended it. */
static gboolean
session_read(Session *session, const FigureFormat *format)
{
	if (!session_read_whole(session))
		return FALSE;
	/* Else they stand in the figure: a list of nothing has none. */
	session_tell(session, session->read == READ_BROKEN || format->stream);
	return TRUE;
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

static void
transits_add(Transits *transits, Session *session, gboolean here)
{
	for (guint32 i = 0; i < trace_length(session->trace); i++) {
		const Event *event = trace_event(session->trace, i);
		Packet packet;
		Facts facts;

		if (event->kind != EVENT_PACKET || event->evidence == EVIDENCE_COPY ||
		    !session_fetch(event, &packet, session))
			continue;
		decode_headers(&packet, &facts);
		if (here)
			transits_add_here(transits, i, event->conversation, event->from, &packet,
					  &facts);
		else
			transits_add_there(transits, &packet, &facts);
	}
}

/* `selection`: takes its reference of a set. */
static Job
ladder_draw(Session *session, const Options *options, Selection selection, const FigureOptions *how,
	    const FigureTarget *target, GError **error)
{
	static const char *const in_columns[] = { "text", "ansi", NULL };
	g_autoptr(Ladder) ladder = ladder_make(session, options, selection);
	g_autoptr(Figure) figure = figure_new(ladder, how);

	if (!options->conversations &&
	    conversations_of_figure(figure, target->format->any_lanes, &selection)) {
		g_clear_pointer(&figure, figure_free);
		g_clear_pointer(&ladder, ladder_free);
		ladder = ladder_make(session, options, selection);
		if (!target->format->stream)
			figure = figure_new(ladder, how);
	}
	conversation_set_unref(selection.set);
	if (target->format->stream)
		return figure_begin_stream(g_steal_pointer(&ladder), how, target, error);
	if (target->format->details && figure->picked->len <= FIGURE_ROWS_MAX)
		details_add(figure, session->store, target->format->details);
	/* Text in a width that was chosen says where that is not enough for its lanes. */
	if (g_strv_contains(in_columns, target->format->id) && ladder_n_lanes(ladder) > 2 &&
	    options->width) {
		SceneLayout layout = scene_layout(options->width, figure->calls, options->time,
						  SCENE_DELTA_PREVIOUS, ladder_n_lanes(ladder));

		print_lanes_check(&layout, options->time);
	}
	return figure_begin(figure, how, target, error);
}

/* Which one: of several it has to be said. */
static gboolean
conversation_choose(const Session *session, const Options *options, guint32 *conversation,
		    GError **error)
{
	guint n = flow_table_length(trace_flows(session->trace));
	Selection selection = SELECTION_ALL;

	if (!conversations_select(options->conversations, session->trace, &selection, error))
		return FALSE;
	*conversation = selection.conversation;
	conversation_set_unref(selection.set);
	if (*conversation == CONVERSATION_NONE && n == 1)
		*conversation = 0;
	if (*conversation != CONVERSATION_NONE)
		return TRUE;
	if (n == 0)
		return refuse(error, _("there is no conversation in this capture to plot"));
	return refuse(error,
		      _("a plot is of one conversation, and there are %u: choose it with "
			"--conversations N (pktladder list names them)"),
		      n);
}

/* `how`: the options, read. No data: `error` says which conversation cannot be drawn. */
static Job
plot_draw(const Session *session, const Options *options, const FigureOptions *how,
	  const FigureTarget *target, GError **error)
{
	PlotSvgOptions svg = { .kind = options->plot.place,
			       .title = options->title,
			       .width = options->width,
			       .mono = options->palette.place == FIGURE_PALETTE_BW };
	guint32 conversation;

	if (!conversation_choose(session, options, &conversation, error))
		return (Job){ 0 };
	g_autoptr(Plot) plot =
	    plotter_whole(session, conversation, figure_plot_spans(target->format));
	if (plot->gone > 0)
		complain(
		    _("the bytes of %u packets are gone: the plot has no window and no SACK there"),
		    plot->gone);
	const guint64 *bytes = flow_table_get(trace_flows(session->trace), conversation)->bytes;
	/* The side that is asked for, else the one that sent more. */
	svg.side = options->direction.text                   ? options->direction.place
		   : bytes[SIDE_SERVER] > bytes[SIDE_CLIENT] ? SIDE_SERVER
							     : SIDE_CLIENT;
	if (how->times) {
		/* --from and --to count from the capture's first event. */
		gint64 start_ns = trace_start(session->trace);

		plot_whole(plot, &svg.from_ns, &svg.to_ns);
		if (options->from)
			svg.from_ns =
			    plot_time(plot, timestamp_plus(start_ns, how->times->from_ns));
		if (options->to)
			svg.to_ns =
			    plot_time(plot, timestamp_plus(start_ns, how->times->to_ns)) + 1;
		svg.to_ns = MAX(svg.to_ns, svg.from_ns + 1);
	}
	return figure_begin_plot(plot, &svg, target);
}

static int
figure_make(Session *session, const Options *options, const FigureFormat *format,
	    const FigureOptions *how)
{
	Selection selection = options_selection(options);
	FigureTarget target = { format,
				options->output ? options->output : "-",
				FIGURE_SCALE,
				trace_start(session->trace),
				session_part_text(session),
				session->store };
	g_auto(Job) job = { 0 };
	g_autoptr(GError) error = NULL;
	g_autofree char *written = NULL;

	if (options->scale > 0 || options->dpi > 0)
		target.scale = options->scale > 0 ? options->scale : options->dpi / 96.0;
	if (options->plot.text)
		job = plot_draw(session, options, how, &target, &error);
	else if (!conversations_select(options->conversations, session->trace, &selection, &error))
		return complain_usage("%s", error->message);
	else
		job = ladder_draw(session, options, selection, how, &target, &error);
	if (!job.data)
		return options->plot.text ? complain_usage("%s", error->message)
					  : complain_failed(error);
	if (job_complete(&job))
		written = job.kind->finish(job.data, &error);
	if (!written)
		return interruption_signal() ? 128 + interruption_signal() : complain_failed(error);
	if (target.part && !g_str_equal(target.path, "-"))
		complain("%s", written);
	return session_status(session);
}

int
command_figure(const Options *options)
{
	const char *peer, *problem;
	g_autoptr(Session) here = NULL;
	g_autoptr(Session) there = NULL;
	g_autoptr(Transits) transits = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) frames = NULL;
	FigureTimes times;
	FigureOptions how;

	if (g_strcmp0(options->format, "help") == 0)
		return formats_list();
	if (!options->captures)
		return complain_usage(_("say which capture to draw: pktladder figure FILE -o "
					"OUT.svg (\"-\" is standard input)"));
	const FigureFormat *format = format_choose(options, &error);
	if (!format || !options_read(options, format, &frames, &times, &how, &error))
		return complain_usage("%s", error->message);
	ignored_say(options, format);
	interruption_catch();
	peer = format->takes & FIGURE_TAKES_TRANSITS && !options->plot.text ? options->other_end
									    : NULL;
	if (!confinement_prepare(options->output, NULL, format->convert != NULL, &error) ||
	    !ends_open(peer, options, &here, &there, &error))
		return complain_failed(error);
	confinement_enter(NULL);
	if (!session_read(here, format) || (peer && !session_read(there, format)))
		return 128 + interruption_signal();
	if (peer) {
		how.transits = transits = transits_new();
		here->read = MAX(here->read, there->read);
		transits_add(transits, here, TRUE);
		transits_add(transits, there, FALSE);
		problem = transits_match(transits);
		if (problem) {
			complain("%s: %s", peer, _(problem));
			return STATUS_FAILED;
		}
	}
	return figure_make(here, options, format, &how);
}
