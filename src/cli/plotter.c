/* SPDX-License-Identifier: MIT */
#include "plotter.h"

#include "details.h"
#include "pktladder/timestamp.h"
#include "slice.h"

/* Events between two looks at the clock. */
#define EVENTS_A_LOOK 256

static void
making_begin(PlotMaking *making, const Session *session, Plot *plot)
{
	*making =
	    (PlotMaking){ .plot = plot, .flows = flow_table_new_like(trace_flows(session->trace)) };
}

static void
making_clear(PlotMaking *making)
{
	g_clear_pointer(&making->plot, plot_free);
	g_clear_pointer(&making->flows, flow_table_free);
}

static void
packet_take(PlotMaking *making, Session *session, guint32 index)
{
	FlowResult result;
	Facts facts;

	if (making->plot->tcp &&
	    history_packet(session->trace, session->store, making->flows, index, &facts, &result))
		plot_add(making->plot, index, &facts, &result.verdict);
	else
		plot_add(making->plot, index, NULL, NULL);
}

/* TRUE where it has come to the end. */
static gboolean
making_slice(PlotMaking *making, Session *session, guint32 end, gint64 until_us)
{
	while (making->next < end) {
		guint32 stop = MIN(making->next + EVENTS_A_LOOK, end);

		for (; making->next < stop; making->next++) {
			if (plot_takes(making->plot, making->next))
				packet_take(making, session, making->next);
		}
		if (g_get_monotonic_time() >= until_us)
			return making->next >= end;
	}
	return TRUE;
}

static gboolean
is_shown(const Plots *plots, const TuiState *state)
{
	return plots->whole.plot && plots->whole.plot->conversation == state->plot_conversation;
}

/* Begins the detail anew where what is shown is not in it, or much less than it. */
static gboolean
fine_begin(Plots *plots, Session *session, gint64 from_ns, gint64 to_ns)
{
	const Plot *fine = plots->fine.plot;
	gint64 width = to_ns - from_ns;

	if (width == 0 || plot_packets_a_span(plots->whole.plot) == 1) {
		making_clear(&plots->fine);
		return FALSE;
	}
	if (fine && plot_covers(fine, from_ns, to_ns) &&
	    (plot_packets_a_span(fine) == 1 ||
	     !plot_covers(fine, timestamp_from_double(from_ns - 4.0 * width), to_ns)))
		return TRUE;
	making_clear(&plots->fine);
	making_begin(&plots->fine, session,
		     plot_new_window(session->trace, plots->whole.plot->conversation,
				     PLOT_SPANS_MAX, from_ns - width, to_ns + width));
	return TRUE;
}

void
plots_slice(Plots *plots, Session *session, const TuiState *state, guint32 end)
{
	gint64 until_us = g_get_monotonic_time() + SLICE_US;

	plots->goes_on = FALSE;
	if (!state->plot)
		return;
	if (!is_shown(plots, state)) {
		plots_clear(plots);
		making_begin(&plots->whole, session,
			     plot_new(session->trace, state->plot_conversation));
	}
	plots->end = end;
	plots->goes_on = !making_slice(&plots->whole, session, end, until_us) ||
			 (fine_begin(plots, session, state->plot_from_ns, state->plot_to_ns) &&
			  !making_slice(&plots->fine, session, end, until_us));
}

gboolean
plots_owed(const Plots *plots, const TuiState *state, guint32 end)
{
	end = MIN(end, plots->end);
	return state->plot && (!is_shown(plots, state) ||
			       (plots->goes_on && (plots->whole.next < end ||
						   (plots->fine.plot && plots->fine.next < end))));
}

const Plot *
plots_fine(const Plots *plots)
{
	return plots->fine.next >= plots->end ? plots->fine.plot : NULL;
}

int
plots_progress(const Plots *plots)
{
	const PlotMaking *making =
	    plots->whole.next < plots->end || !plots->fine.plot ? &plots->whole : &plots->fine;

	if (making->next >= plots->end)
		return -1;
	return (guint64)making->next * 100 / plots->end;
}

const Plot *
plots_whole(const Plots *plots, const TuiState *state)
{
	const Plot *fine = plots_fine(plots);

	if (!is_shown(plots, state) || plots->goes_on || plots_progress(plots) >= 0)
		return NULL;
	return fine && state->plot_from_ns != state->plot_to_ns ? fine : plots->whole.plot;
}

void
plots_clear(Plots *plots)
{
	making_clear(&plots->whole);
	making_clear(&plots->fine);
	*plots = (Plots){ 0 };
}

Plot *
plotter_whole(Session *session, guint32 conversation, guint spans_max)
{
	PlotMaking making;

	making_begin(
	    &making, session,
	    plot_new_window(session->trace, conversation, spans_max, G_MININT64, G_MAXINT64));
	making_slice(&making, session, trace_length(session->trace), G_MAXINT64);
	flow_table_free(making.flows);
	return making.plot;
}
