/* SPDX-License-Identifier: MIT */
#include "pktladder/walk.h"

/* Events between two looks at the clock. */
#define EVENTS_A_LOOK 256

void
walk_begin(Walk *walk, const Trace *trace, PacketStore *store, guint32 first)
{
	walk_clear(walk);
	*walk = (Walk){ trace, store, flow_table_new_like(trace_flows(trace)), first, { 0 } };
}

void
walk_clear(Walk *walk)
{
	g_clear_pointer(&walk->flows, flow_table_free);
}

gboolean
walk_packet(Walk *walk, guint32 index, Facts *facts, FlowResult *result)
{
	const Event *event = trace_event(walk->trace, index);

	if (!walk->store || !store_fetch(walk->store, event_offset(event), &walk->packet, NULL))
		return FALSE;
	decode_headers(&walk->packet, facts);
	guint32 frame = trace_frame(walk->trace, index);
	if (event->evidence == EVIDENCE_COPY)
		flow_table_add_copy(walk->flows, facts, event->time_ns, frame, event->relation,
				    result);
	else
		flow_table_add(walk->flows, facts, event->time_ns, frame, result);
	return TRUE;
}

gboolean
walk_to(Walk *walk, guint32 event, Facts *facts, FlowResult *result)
{
	gboolean had = FALSE;

	while (walk->next <= event) {
		guint32 index = walk->next++;

		had = trace_event(walk->trace, index)->kind == EVENT_PACKET &&
		      walk_packet(walk, index, facts, result);
	}
	return had;
}

gboolean
walk_on(Walk *walk, guint32 end, gint64 until_us, WalkStep step, gpointer data)
{
	while (walk->next < end) {
		guint32 stop = MIN((guint64)walk->next + EVENTS_A_LOOK, end);

		for (; walk->next < stop; walk->next++) {
			if (!step(data, walk->next))
				return FALSE;
		}
		if (g_get_monotonic_time() >= until_us)
			break;
	}
	return TRUE;
}
