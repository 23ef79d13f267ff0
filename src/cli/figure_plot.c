/* SPDX-License-Identifier: MIT */
#include "figure_plot.h"

#include "conversations.h"
#include "plotter.h"
#include "pktladder/i18n.h"
#include "pktladder/timestamp.h"

static const char *const directions[] = { [SIDE_CLIENT] = "client", [SIDE_SERVER] = "server" };

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
	if (format->plots == FIGURE_ONLY_PLOTS && kind != PLOT_SEQUENCE)
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

Job
figure_plot(const Session *session, const Options *options, const FigureOptions *how,
	    const FigureTarget *target, GError **error)
{
	PlotSvgOptions svg = { .kind = plot_kind_find(options->plot),
			       .title = options->title,
			       .width = options->width,
			       .mono = g_strcmp0(options->palette, "bw") == 0 };
	g_autoptr(Plot) plot = NULL;
	const guint64 *bytes;
	guint32 conversation;

	if (!conversation_choose(session, options, &conversation, error))
		return (Job){ 0 };
	plot = plotter_whole(session, conversation, figure_plot_spans(target->format));
	if (plot->gone > 0)
		complain(
		    _("the bytes of %u packets are gone: the plot has no window and no SACK there"),
		    plot->gone);
	bytes = flow_table_get(trace_flows(session->trace), conversation)->bytes;
	/* The side that is asked for, else the one that sent more. */
	svg.side = (options->direction ? g_str_equal(options->direction, directions[SIDE_SERVER])
				       : bytes[SIDE_SERVER] > bytes[SIDE_CLIENT])
		       ? SIDE_SERVER
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
