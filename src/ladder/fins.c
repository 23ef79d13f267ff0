/* SPDX-License-Identifier: MIT */
#include "fins.h"

void
fin_index_update(FinIndex *index, const Trace *trace)
{
	for (; index->taken < trace_length(trace); index->taken++) {
		const Event *event = trace_event(trace, index->taken);
		gpointer key = GUINT_TO_POINTER(event->conversation);
		Fin *fins;

		if (event->kind != EVENT_PACKET || event->packet_kind != KIND_FIN ||
		    event->conversation == CONVERSATION_NONE)
			continue;
		fins = g_hash_table_lookup(index->fins, key);
		if (!fins) {
			fins = g_new(Fin, 2);
			fins[0].event = fins[1].event = EVENT_NONE;
			g_hash_table_insert(index->fins, key, fins);
		}
		if (fins[event->from].event == EVENT_NONE)
			fins[event->from] =
			    (Fin){ .event = index->taken,
				   .number = event->seq + event->length,
				   .second = fins[!event->from].event != EVENT_NONE };
	}
}

Fin
fin_index_get(const FinIndex *index, guint32 conversation, Side side, guint32 at)
{
	const Fin *fins = g_hash_table_lookup(index->fins, GUINT_TO_POINTER(conversation));

	/* EVENT_NONE is behind every event. */
	return fins && fins[side].event <= at ? fins[side] : (Fin){ .event = EVENT_NONE };
}
