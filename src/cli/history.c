#include "history.h"

/* So many packets are read again in about 0.2 s. */
#define PACKETS_MAX 100000

static void
history_begin(History *history, const Trace *trace, guint32 conversation)
{
	guint32 frame = flow_table_get(trace_flows(trace), conversation)->first_frame;
	GHashTable *several = history->several;

	g_clear_pointer(&history->flows, flow_table_free);
	*history = (History){ .flows = flow_table_new_like(trace_flows(trace)),
			      .conversation = conversation,
			      .several = several,
			      .next = several ? 0 : trace_event_of_frame(trace, frame),
			      .event = EVENT_NONE };
}

static gboolean
history_takes(const History *history, guint32 conversation)
{
	if (history->several)
		return g_hash_table_contains(history->several, GUINT_TO_POINTER(conversation));
	return conversation == history->conversation;
}

static gboolean
history_step(History *history, const Trace *trace, PacketStore *store, guint32 index)
{
	const Event *event = trace_event(trace, index);
	FlowResult result;
	Packet packet;
	Facts facts;

	if (event->kind != EVENT_PACKET || !history_takes(history, event->conversation))
		return TRUE;
	if (++history->packets > (history->several ? G_MAXUINT : PACKETS_MAX) ||
	    !store_fetch(store, event_offset(event), &packet, NULL))
		return FALSE;
	decode_headers(&packet, &facts);
	flow_table_add(history->flows, &facts, event->time_ns, trace_frame(trace, index), &result);
	history->verdict = result.verdict;
	history->event = index;
	return TRUE;
}

gboolean
history_verdict(History *history, const Trace *trace, PacketStore *store, guint32 event,
		guint n_events, TcpVerdict *verdict)
{
	guint32 conversation = trace_event(trace, event)->conversation;

	history->wanted = EVENT_NONE;
	if (trace_event(trace, event)->kind != EVENT_PACKET || conversation == CONVERSATION_NONE ||
	    flow_table_get(trace_flows(trace), conversation)->transport != TRANSPORT_TCP ||
	    (history->several && !history_takes(history, conversation)))
		return FALSE;
	if (!history->flows || !history_takes(history, conversation) ||
	    (event < history->next && event != history->event))
		history_begin(history, trace, conversation);
	history->wanted = event;
	for (guint i = 0; i < n_events && history->next <= event; i++) {
		if (!history_step(history, trace, store, history->next)) {
			history->wanted = EVENT_NONE;
			return FALSE;
		}
		history->next++;
	}
	*verdict = history->verdict;
	return history->event == event;
}

gboolean
history_goes_on(const History *history)
{
	return history->flows && history->wanted != EVENT_NONE && history->next <= history->wanted;
}

void
history_clear(History *history)
{
	g_clear_pointer(&history->flows, flow_table_free);
	g_clear_pointer(&history->several, g_hash_table_unref);
}
