/* SPDX-License-Identifier: MIT */
#include "pktladder/details.h"

#include "pktladder/detail.h"

/* ---- the verdict ---- */

/* So many packets are read again in about 0.2 s. */
#define PACKETS_MAX 100000

static gboolean
history_takes(const History *history, guint32 conversation)
{
	if (history->several)
		return g_hash_table_contains(history->several, GUINT_TO_POINTER(conversation));
	return conversation == history->conversation;
}

static gboolean
history_step(gpointer data, guint32 index)
{
	History *history = data;
	const Event *event = trace_event(history->walk.trace, index);
	FlowResult result;
	Facts facts;

	if (event->kind != EVENT_PACKET || !history_takes(history, event->conversation))
		return TRUE;
	if (++history->packets > (history->several ? G_MAXUINT : PACKETS_MAX) ||
	    !walk_packet(&history->walk, index, &facts, &result))
		return FALSE;
	history->verdict = result.verdict;
	history->event = index;
	return TRUE;
}

void
history_slice(History *history, gint64 until_us)
{
	if (history_goes_on(history) &&
	    !walk_on(&history->walk, history->wanted + 1, until_us, history_step, history))
		history->wanted = EVENT_NONE;
}

/* NULL where the event is not reached until then (history_goes_on()), is no TCP segment, its bytes
 * are gone, or too many packets came before it. */
static const TcpVerdict *
history_verdict(History *history, const Trace *trace, PacketStore *store, guint32 event,
		gint64 until_us)
{
	guint32 conversation = trace_event(trace, event)->conversation;
	const Conversation *flow = NULL;

	history->wanted = EVENT_NONE;
	if (trace_event(trace, event)->kind == EVENT_PACKET && conversation != CONVERSATION_NONE)
		flow = flow_table_get(trace_flows(trace), conversation);
	if (!flow || flow->transport != TRANSPORT_TCP ||
	    (history->several && !history_takes(history, conversation)))
		return NULL;
	if (!history->walk.flows || !history_takes(history, conversation) ||
	    (event < history->walk.next && event != history->event)) {
		walk_begin(&history->walk, trace, store,
			   history->several ? 0 : trace_event_of_frame(trace, flow->first_frame));
		history->conversation = conversation;
		history->event = EVENT_NONE;
		history->packets = 0;
	}
	history->wanted = event;
	history_slice(history, until_us);
	return history->event == event ? &history->verdict : NULL;
}

gboolean
history_goes_on(const History *history)
{
	return history->walk.flows && history->wanted != EVENT_NONE &&
	       history->walk.next <= history->wanted;
}

void
history_clear(History *history)
{
	walk_clear(&history->walk);
	g_clear_pointer(&history->several, g_hash_table_unref);
}

/* ---- the lines ---- */

/* Whether the call that returns with event i began on the same row: one telling is enough. */
static gboolean
is_told(const Trace *trace, const guint32 *events, guint i)
{
	guint32 entry = trace_call_entry(trace, trace_event(trace, events[i]));

	for (guint before = 0; before < i; before++) {
		if (events[before] == entry)
			return TRUE;
	}
	return FALSE;
}

static GPtrArray *
packet_lines(const Trace *trace, PacketStore *store, History *history, guint32 index,
	     gint64 until_us, char **gone)
{
	g_autoptr(GError) error = NULL;
	Packet packet;
	Facts facts;
	/* The verdict first: it reads other packets from the store. */
	const TcpVerdict *verdict = history_verdict(history, trace, store, index, until_us);

	if (store_fetch(store, event_offset(trace_event(trace, index)), &packet, &error)) {
		decode_packet(&packet, &facts);
		return detail_packet(trace, index, &packet, &facts, verdict);
	}
	if (gone && !*gone)
		*gone = g_strdup(error->message);
	return detail_packet(trace, index, NULL, NULL, verdict);
}

GPtrArray *
details_make(const Ladder *ladder, guint32 row, const Play *play, PacketStore *store,
	     History *history, gint64 until_us, char **gone)
{
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
	const Trace *trace = ladder->trace;
	guint32 events[LADDER_ROW_EVENTS];
	gint64 until_ns = play ? play_now(play, ladder) : G_MAXINT64;

	if (row >= ladder_length(ladder))
		return NULL;
	LadderRow found = play_row(play, ladder, row);
	if (found.kind == ROW_FOLD)
		return detail_fold(ladder, &found);
	guint n = ladder_row_events(&found, events);
	for (guint i = 0; i < n; i++) {
		EventKind kind = trace_event(trace, events[i])->kind;
		GPtrArray *more = NULL;

		if (kind == EVENT_CALL && !is_told(trace, events, i))
			more = detail_call_until(trace, events[i], until_ns);
		else if (kind == EVENT_PACKET)
			more = packet_lines(trace, store, history, events[i], until_us, gone);
		if (!more)
			continue;
		if (lines->len > 0)
			g_ptr_array_add(lines, g_strdup(""));
		g_ptr_array_extend_and_steal(lines, more);
	}
	return g_steal_pointer(&lines);
}

void
details_add(Figure *figure, PacketStore *store)
{
	const Trace *trace = figure->ladder->trace;
	History history = { .several = g_hash_table_new(NULL, NULL) };

	for (guint i = 0; i < figure->rows->len; i++) {
		guint32 event = figure_row(figure, i)->row.event;

		g_hash_table_add(history.several,
				 GUINT_TO_POINTER(trace_event(trace, event)->conversation));
	}
	for (guint i = 0; i < figure->rows->len; i++)
		figure_take_details(figure, i,
				    details_make(figure->ladder, figure_row(figure, i)->index, NULL,
						 store, &history, G_MAXINT64, NULL));
	history_clear(&history);
}
