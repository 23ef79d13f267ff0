/* SPDX-License-Identifier: MIT */
/* detail_analysis.c - what the conversation says about a packet: verdicts with their evidence. */
#include "detail_lines.h"
#include "pktladder/timestamp.h"

/* The duplicate ACKs of `ack` that `from` has sent in the conversation between two events. */
static guint
duplicates_between(const Trace *trace, guint32 first, guint32 last, guint from, guint32 ack)
{
	guint32 conversation = trace_event(trace, last)->conversation;
	guint n = 0;

	for (guint32 i = MAX(first + 1, last > DETAIL_LOOK ? last - DETAIL_LOOK : 0); i < last;
	     i++) {
		const Event *event = trace_event(trace, i);

		n += event->kind == EVENT_PACKET && event->conversation == conversation &&
		     event->verdict & VERDICT_DUPLICATE_ACK && event->from == from &&
		     event->ack == ack;
	}
	return n;
}

/* `relation` by what the event is (trace.h). */
static void
relation_line(GPtrArray *lines, const Trace *trace, guint32 index)
{
	const Event *event = trace_event(trace, index);
	guint32 earlier =
	    event->relation ? trace_event_of_frame(trace, event->relation) : EVENT_NONE;
	guint duplicates;

	if (earlier == EVENT_NONE || earlier >= index)
		return;
	g_autofree char *after = detail_duration(
	    timestamp_between(trace_event(trace, earlier)->time_ns, event->time_ns));
	if (event->verdict & VERDICT_ANY_RETRANSMISSION) {
		duplicates = duplicates_between(trace, earlier, index, !event->from, event->seq);
		if (duplicates > 0)
			detail_add(lines,
				   ngettext("  repeats frame %u, %s later, after %u duplicate ACK",
					    "  repeats frame %u, %s later, after %u duplicate ACKs",
					    duplicates),
				   event->relation, after, duplicates);
		else
			detail_add(lines, _("  repeats frame %u, %s later"), event->relation,
				   after);
	} else if (event->verdict & VERDICT_DUPLICATE_ACK) {
		duplicates = duplicates_between(trace, earlier, index, event->from, event->ack);
		detail_add(lines, _("  duplicate number %u of frame %u, %s later"), 1 + duplicates,
			   event->relation, after);
	} else {
		detail_add(lines, _("  acknowledges frame %u, %s after it (round-trip time)"),
			   event->relation, after);
	}
}

void
detail_analysis(GPtrArray *lines, const Trace *trace, guint32 index, const Facts *facts)
{
	const Event *event = trace_event(trace, index);
	guint32 verdict = event->verdict;
	const Conversation *conversation;

	if (event->conversation == CONVERSATION_NONE)
		return;
	conversation = flow_table_get(trace_flows(trace), event->conversation);
	detail_add(lines,
		   event->from == SIDE_CLIENT ? _("In %s stream %u, client to server")
					      : _("In %s stream %u, server to client"),
		   conversation->transport == TRANSPORT_TCP ? "TCP" : "UDP", conversation->stream);
	if (conversation->client_guessed)
		detail_add(lines,
			   _("  which side is the client is a guess: its start was not captured"));
	if (facts && tunnel_name(facts))
		detail_add(lines, _("  inside a tunnel: %s"), tunnel_name(facts));
	/* tshark says "retransmission" of these two as well; once is enough. */
	if (verdict & (VERDICT_FAST_RETRANSMISSION | VERDICT_SPURIOUS_RETRANSMISSION))
		verdict &= ~(guint32)VERDICT_RETRANSMISSION;
	for (guint bit = 0; bit < N_VERDICTS; bit++)
		if (verdict & 1u << bit)
			detail_add(lines, "  %s", _(verdict_infos[bit].sentence));
	relation_line(lines, trace, index);
	/* A verdict about something that is missing is only as good as the capture. */
	gboolean doubtful = verdicts_are(event->verdict, VERDICT_IS_DOUBTFUL);
	if (doubtful && trace_total_drops(trace) > 0)
		detail_add(lines, _("  only suspected: the capture itself lost packets"));
	else if (doubtful && conversation->client_guessed)
		detail_add(lines, _("  only suspected: the capture began after the conversation"));
	if (conversation->transport == TRANSPORT_TCP) {
		const char *client = tcp_state_name((TcpState)event->state);
		const char *server = tcp_state_name((TcpState)event->state_server);

		if (*client || *server)
			detail_add(lines, _("  after it the client is %s%s, the server %s%s"),
				   *client ? client : "?",
				   event->state_changed & 1 << SIDE_CLIENT ? _(" (new)") : "",
				   *server ? server : "?",
				   event->state_changed & 1 << SIDE_SERVER ? _(" (new)") : "");

		gint64 rtt = tcp_track_initial_rtt(&conversation->tcp);
		g_autofree char *text = rtt >= 0 ? detail_duration(rtt) : NULL;

		if (text)
			detail_add(lines, _("  the handshake took %s (initial round-trip time)"),
				   text);
	}
}

void
detail_verdict(GPtrArray *lines, const TcpVerdict *verdict)
{
	/* tcp.completeness: what of a whole conversation was seen before this segment */
	static const char *const parts[] = { "SYN", "SYN-ACK", "ACK", N_("data"), "FIN", "RST" };
	g_autoptr(GString) seen = g_string_new(NULL);

	for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
		if (verdict->completeness & 1 << i)
			g_string_append_printf(seen, "%s%s", seen->len > 0 ? ", " : "",
					       _(parts[i]));
	if (verdict->bytes_in_flight > 0)
		detail_add(lines,
			   ngettext("  %u byte in flight after it: sent, not acknowledged yet",
				    "  %u bytes in flight after it: sent, not acknowledged yet",
				    verdict->bytes_in_flight),
			   verdict->bytes_in_flight);
	if (seen->len > 0)
		detail_add(lines, _("  seen of the conversation before it: %s (completeness %u)"),
			   seen->str, verdict->completeness);
}
