/* SPDX-License-Identifier: MIT */
#include "display.h"

#include "pktladder/timestamp.h"

static gboolean
making_step(gpointer data, guint32 event)
{
	PlotMaking *making = data;
	Plot *plot = making->plot;
	FlowResult result;
	Facts facts;

	if (!plot_takes(plot, event))
		return TRUE;
	if (plot->tcp && walk_packet(&making->walk, event, &facts, &result))
		plot_add(plot, event, &facts, &result.verdict);
	else
		plot_add(plot, event, NULL, NULL);
	return TRUE;
}

static void
making_begin(PlotMaking *making, const Session *session, Plot *plot)
{
	making->plot = plot;
	walk_begin(&making->walk, session->trace, session->store, 0);
}

static void
making_clear(PlotMaking *making)
{
	g_clear_pointer(&making->plot, plot_free);
	walk_clear(&making->walk);
}

/* TRUE where it has come to the end. */
static gboolean
making_slice(PlotMaking *making, guint32 end, gint64 until_us)
{
	walk_on(&making->walk, end, until_us, making_step, making);
	return making->walk.next >= end;
}

static gboolean
is_shown(const Display *display)
{
	const Plot *plot = display->plots.whole.plot;

	return plot && plot->conversation == display->state.plot_conversation;
}

/* Begins the detail anew where what is shown is not in it, or much less than it. */
static gboolean
fine_begin(Display *display)
{
	Plots *plots = &display->plots;
	const Session *session = display->session;
	const TuiState *state = &display->state;
	gint64 from_ns = state->plot_from_ns, to_ns = state->plot_to_ns, width = to_ns - from_ns;
	const Plot *fine = plots->fine.plot;

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
		     plot_new(session->trace, plots->whole.plot->conversation, PLOT_SPANS_MAX,
			      from_ns - width, to_ns + width));
	return TRUE;
}

static void
plots_slice(gpointer data, gint64 until_us)
{
	Display *display = data;
	Plots *plots = &display->plots;

	plots->goes_on = FALSE;
	if (!display->state.plot)
		return;
	if (!is_shown(display)) {
		plots_clear(display);
		making_begin(&plots->whole, display->session,
			     plot_new(display->session->trace, display->state.plot_conversation,
				      PLOT_SPANS_MAX, G_MININT64, G_MAXINT64));
	}
	plots->end = display_length(display);
	plots->goes_on = !making_slice(&plots->whole, plots->end, until_us) ||
			 (fine_begin(display) && !making_slice(&plots->fine, plots->end, until_us));
}

static JobState
plots_state(gconstpointer data, guint32 end)
{
	const Display *display = data;
	const Plots *plots = &display->plots;
	guint32 wanted = MIN(end, plots->end);
	gboolean behind =
	    plots->whole.walk.next < wanted || (plots->fine.plot && plots->fine.walk.next < wanted);

	return display->state.plot && (!is_shown(display) || (plots->goes_on && behind))
		   ? JOB_GOES_ON
		   : JOB_DONE;
}

const JobKind plots_job = { .state = plots_state, .slice = plots_slice };

const Plot *
plots_fine(const Display *display)
{
	const Plots *plots = &display->plots;

	return plots->fine.walk.next >= plots->end ? plots->fine.plot : NULL;
}

int
plots_progress(const Display *display)
{
	const Plots *plots = &display->plots;
	const PlotMaking *making =
	    plots->whole.walk.next < plots->end || !plots->fine.plot ? &plots->whole : &plots->fine;

	if (making->walk.next >= plots->end)
		return -1;
	return (guint64)making->walk.next * 100 / plots->end;
}

const Plot *
plots_whole(const Display *display)
{
	const Plots *plots = &display->plots;
	const TuiState *state = &display->state;
	const Plot *fine = plots_fine(display);

	if (!is_shown(display) || plots->goes_on || plots_progress(display) >= 0)
		return NULL;
	return fine && state->plot_from_ns != state->plot_to_ns ? fine : plots->whole.plot;
}

void
plots_clear(Display *display)
{
	making_clear(&display->plots.whole);
	making_clear(&display->plots.fine);
	display->plots = (Plots){ 0 };
}

Plot *
plotter_whole(const Session *session, guint32 conversation, guint spans_max)
{
	PlotMaking making = { 0 };

	making_begin(&making, session,
		     plot_new(session->trace, conversation, spans_max, G_MININT64, G_MAXINT64));
	making_slice(&making, trace_length(session->trace), G_MAXINT64);
	walk_clear(&making.walk);
	return making.plot;
}
