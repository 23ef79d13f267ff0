/* SPDX-License-Identifier: MIT */
#include "pktladder/details.h"

#include "pktladder/detail.h"
#include "pktladder/i18n.h"
#include "pktladder/why.h"

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

/* What an event's sentences stand below, where they stand alone: who sends what to whom; of a call,
 * itself. */
static char *
heading_text(const Ladder *ladder, guint32 row, const LadderRow *found, const Event *event)
{
	if (event->kind == EVENT_CALL) {
		g_autofree char *call = label_call(trace_call(ladder->trace, event), CALL_FULL);

		return g_strdup_printf(
		    "%s: %s", event->from == SIDE_CLIENT ? _("Client") : _("Server"), call);
	}
	g_autofree char *label = ladder_label(ladder, found, 0);
	if (found->kind != ROW_ARROW)
		return g_steal_pointer(&label);
	g_autofree char *from = ladder_lane_head(ladder, row, found->lane[found->from]);
	g_autofree char *to = ladder_lane_head(ladder, row, found->lane[!found->from]);

	/* TRANSLATORS: "Client 10.0.0.1:4000 to Server 10.0.0.2:80: SYN seq=0" */
	return g_strdup_printf(_("%s to %s: %s"), from, to, label);
}

/* Below `heading`, which it takes, why the event is so. */
static void
why_add(GPtrArray *lines, char *heading, GPtrArray *sentences)
{
	g_ptr_array_add(lines, heading);
	for (guint i = 0; i < sentences->len; i++)
		g_ptr_array_add(lines, g_strdup_printf("  %s", (char *)sentences->pdata[i]));
	g_ptr_array_unref(sentences);
}

/* A packet's headers and bytes; first its meaning. `heading`: that alone, below this. */
static void
packet_add(GPtrArray *lines, const Trace *trace, PacketStore *store, History *history,
	   guint32 index, gint64 until_us, char *heading, char **gone)
{
	g_autoptr(GError) error = NULL;
	Packet packet;
	Facts facts;
	/* The verdict first: it reads other packets from the store. */
	const TcpVerdict *verdict = history_verdict(history, trace, store, index, until_us);
	gboolean found =
	    store_fetch(store, event_offset(trace_event(trace, index)), &packet, &error);

	if (found)
		decode_packet(&packet, &facts);
	else if (gone && !*gone)
		*gone = g_strdup(error->message);
	if (heading)
		why_add(lines, heading,
			why_event(trace, index, found ? &facts : NULL, verdict, G_MAXINT64));
	else
		g_ptr_array_extend_and_steal(lines,
					     detail_packet(trace, index, found ? &packet : NULL,
							   found ? &facts : NULL, verdict));
}

/* Likewise a call. Where only its meaning is wanted, it is told on its row what was known there. */
static void
call_add(GPtrArray *lines, const Ladder *ladder, guint32 index, gint64 until_ns, char *heading)
{
	const Trace *trace = ladder->trace;
	const Event *event = trace_event(trace, index);
	guint32 other = trace_call_other(trace, event);

	if (heading &&
	    (other == EVENT_NONE || ladder_row_of(ladder, other) != ladder_row_of(ladder, index)))
		until_ns = event->time_ns;
	if (heading)
		why_add(lines, heading, why_event(trace, index, NULL, NULL, until_ns));
	else
		g_ptr_array_extend_and_steal(lines, detail_call_until(trace, index, until_ns));
}

GPtrArray *
details_make(const Ladder *ladder, guint32 row, FigureDetails what, const Play *play,
	     PacketStore *store, History *history, gint64 until_us, char **gone)
{
	GPtrArray *lines;
	const Trace *trace = ladder->trace;
	guint32 events[LADDER_ROW_EVENTS];
	gint64 until_ns = play ? play_now(play, ladder) : G_MAXINT64;

	if (row >= ladder_length(ladder))
		return NULL;
	LadderRow found = play_row(play, ladder, row);
	if (found.kind == ROW_FOLD)
		return detail_fold(ladder, &found);
	lines = g_ptr_array_new_with_free_func(g_free);
	guint n = ladder_row_events(&found, events);
	for (guint i = 0; i < n; i++) {
		const Event *event = trace_event(trace, events[i]);
		char *heading = NULL;

		if (event->kind == EVENT_CALL && is_told(trace, events, i))
			continue;
		if (lines->len > 0)
			g_ptr_array_add(lines, g_strdup(""));
		if (what == FIGURE_WHY)
			heading = heading_text(ladder, row, &found, event);
		if (event->kind == EVENT_CALL)
			call_add(lines, ladder, events[i], until_ns, heading);
		else if (event->kind == EVENT_PACKET)
			packet_add(lines, trace, store, history, events[i], until_us, heading,
				   gone);
		else
			why_add(lines, heading ? heading : g_strdup(_("Why")),
				why_event(trace, events[i], NULL, NULL, until_ns));
	}
	return lines;
}

void
details_add(Figure *figure, PacketStore *store, FigureDetails what)
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
				    details_make(figure->ladder, figure_row(figure, i)->index, what,
						 NULL, store, &history, G_MAXINT64, NULL));
	history_clear(&history);
}
