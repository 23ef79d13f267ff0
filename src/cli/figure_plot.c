/* SPDX-License-Identifier: MIT */
#include "figure_plot.h"

#include "conversations.h"
#include "plotter.h"
#include "print.h"
#include "pktladder/i18n.h"
#include "pktladder/timestamp.h"

/* A file for xplot has every packet, as far as memory reasonably goes: 1 GB. */
#define XPL_SPANS (1 << 21)

static const char *const directions[] = { [SIDE_CLIENT] = "client", [SIDE_SERVER] = "server" };

static gboolean
is_xpl(const FigureFormat *format)
{
	return g_str_equal(format->id, "xpl");
}

gboolean
figure_plot_check(const Options *options, const FigureFormat *format, GError **error)
{
	PlotKind kind = plot_kind_find(options->plot);

	if (kind == N_PLOT_KINDS)
		return refuse(
		    error, _("--plot takes one of sequence, rtt, throughput, flight, not \"%s\""),
		    options->plot);
	if (options->direction && !g_str_equal(options->direction, directions[SIDE_CLIENT]) &&
	    !g_str_equal(options->direction, directions[SIDE_SERVER]))
		return refuse(
		    error, _("--direction takes client or server, the side that sends, not \"%s\""),
		    options->direction);
	if (format->plots == FIGURE_NO_PLOTS)
		return refuse(error,
			      _("a plot is drawn as svg, pdf or png, or written as xpl, not as %s"),
			      format->id);
	if (is_xpl(format) && kind != PLOT_SEQUENCE)
		return refuse(error, _("xplot's format holds the time-sequence graph only: --plot "
				       "sequence"));
	return TRUE;
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
	if (selection.set && conversation_set_length(selection.set) == 1)
		*conversation = conversation_set_get(selection.set, 0);
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

/* The one that is asked for, else the one that sent more. */
static Side
side_choose(const Options *options, const guint64 bytes[2])
{
	gboolean server = options->direction
			      ? g_str_equal(options->direction, directions[SIDE_SERVER])
			      : bytes[SIDE_SERVER] > bytes[SIDE_CLIENT];

	return server ? SIDE_SERVER : SIDE_CLIENT;
}

static GString *
page_write(const Plot *plot, const PlotSvgOptions *svg, const FigureFormat *format)
{
	GString *page = g_string_new(NULL);

	if (is_xpl(format))
		plot_to_xpl(plot, svg->side, page);
	else
		plot_to_svg(plot, svg, page);
	return page;
}

GString *
figure_plot_page(Session *session, const Plot *plot, const PlotSvgOptions *svg,
		 const FigureFormat *format)
{
	g_autoptr(Plot) whole = NULL;

	if (is_xpl(format))
		whole = plotter_whole(session, plot->conversation, XPL_SPANS);
	return page_write(whole ? whole : plot, svg, format);
}

int
figure_plot(Session *session, const Options *options, const FigureOptions *how,
	    const FigureTarget *target)
{
	PlotSvgOptions svg = { .kind = plot_kind_find(options->plot),
			       .title = options->title,
			       .width = options->width,
			       .mono = g_strcmp0(options->palette, "bw") == 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(Plot) plot = NULL;
	guint32 conversation;

	if (!conversation_choose(session, options, &conversation, &error))
		return complain_usage("%s", error->message);
	plot = plotter_whole(session, conversation,
			     is_xpl(target->format) ? XPL_SPANS : PLOT_SPANS_MAX);
	if (plot->gone > 0)
		complain(
		    _("the bytes of %u packets are gone: the plot has no window and no SACK there"),
		    plot->gone);
	svg.side =
	    side_choose(options, flow_table_get(trace_flows(session->trace), conversation)->bytes);
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
	return figure_output_run(figure_output_new_page(page_write(plot, &svg, target->format),
							_("The plot was written"), target),
				 session, NULL);
}
