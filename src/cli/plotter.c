#include "plotter.h"

#include "pktladder/timestamp.h"
#include "slice.h"

/* Events between two looks at the clock. */
#define EVENTS_A_LOOK 256

/* One plot in the making. */
typedef struct {
	Plot *plot; /* NULL none */
	FlowTable *flows;
	guint32 next; /* the first event not looked at */
} Making;

struct _Plotter {
	Session *session;
	guint32 conversation, end;
	Making whole, fine;
};

static void
making_begin(Making *making, const Session *session, Plot *plot)
{
	*making = (Making){ .plot = plot, .flows = flow_table_new_like(trace_flows(session->trace)) };
}

static void
making_clear(Making *making)
{
	g_clear_pointer(&making->plot, plot_free);
	g_clear_pointer(&making->flows, flow_table_free);
}

static void
packet_take(Making *making, Session *session, guint32 index)
{
	const Event *event = trace_event(session->trace, index);
	FlowResult result;
	Packet packet;
	Facts facts;

	if (!making->plot->tcp || !session->store ||
	    !store_fetch(session->store, event_offset(event), &packet, NULL)) {
		plot_add(making->plot, index, NULL, NULL);
		return;
	}
	decode_headers(&packet, &facts);
	flow_table_add(making->flows, &facts, event->time_ns, trace_frame(session->trace, index),
		       &result);
	plot_add(making->plot, index, &facts, &result.verdict);
}

/* TRUE where it has come to the end. */
static gboolean
making_slice(Making *making, Session *session, guint32 end, gint64 until_us)
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

Plotter *
plotter_new(Session *session, guint32 conversation)
{
	Plotter *plotter = g_new0(Plotter, 1);

	plotter->session = session;
	plotter->conversation = conversation;
	making_begin(&plotter->whole, session, plot_new(session->trace, conversation));
	return plotter;
}

void
plotter_free(Plotter *plotter)
{
	if (!plotter)
		return;
	making_clear(&plotter->whole);
	making_clear(&plotter->fine);
	g_free(plotter);
}

/* Begins the detail anew where what is shown is not in it, or much less than it. */
static gboolean
fine_begin(Plotter *plotter, gint64 from_ns, gint64 to_ns)
{
	gint64 width = to_ns - from_ns;

	if (width == 0 || plot_packets_a_span(plotter->whole.plot) == 1) {
		making_clear(&plotter->fine);
		return FALSE;
	}
	if (plotter->fine.plot && plot_covers(plotter->fine.plot, from_ns, to_ns) &&
	    (plot_packets_a_span(plotter->fine.plot) == 1 ||
	     !plot_covers(plotter->fine.plot, timestamp_from_double(from_ns - 4.0 * width), to_ns)))
		return TRUE;
	making_clear(&plotter->fine);
	making_begin(&plotter->fine, plotter->session,
		     plot_new_window(plotter->session->trace, plotter->conversation,
				     PLOT_SPANS_MAX, from_ns - width, to_ns + width));
	return TRUE;
}

gboolean
plotter_slice(Plotter *plotter, guint32 end, gint64 from_ns, gint64 to_ns)
{
	gint64 until_us = g_get_monotonic_time() + SLICE_US;

	plotter->end = end;
	if (!making_slice(&plotter->whole, plotter->session, end, until_us))
		return TRUE;
	return fine_begin(plotter, from_ns, to_ns) &&
	       !making_slice(&plotter->fine, plotter->session, end, until_us);
}

gboolean
plotter_has(const Plotter *plotter, guint32 end)
{
	end = MIN(end, plotter->end);
	return plotter->whole.next >= end && (!plotter->fine.plot || plotter->fine.next >= end);
}

const Plot *
plotter_plot(const Plotter *plotter)
{
	return plotter->whole.plot;
}

const Plot *
plotter_fine(const Plotter *plotter)
{
	return plotter->fine.next >= plotter->end ? plotter->fine.plot : NULL;
}

int
plotter_progress(const Plotter *plotter)
{
	const Making *making = plotter->whole.next < plotter->end || !plotter->fine.plot
				   ? &plotter->whole
				   : &plotter->fine;

	if (making->next >= plotter->end)
		return -1;
	return (guint64)making->next * 100 / plotter->end;
}

Plot *
plotter_whole(Session *session, guint32 conversation, guint spans_max)
{
	Making making = { 0 };

	making_begin(&making, session,
		     plot_new_window(session->trace, conversation, spans_max, G_MININT64,
				     G_MAXINT64));
	making_slice(&making, session, trace_length(session->trace), G_MAXINT64);
	flow_table_free(making.flows);
	return making.plot;
}
