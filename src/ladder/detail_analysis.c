/* What a conversation's history says about one packet, as sentences with their
 * evidence.
 */
#include "detail_lines.h"
#include "pktladder/i18n.h"

/* Looking back for a count is bounded: the pane must not grow with the capture. */
#define LOOK_BACK 100000

/* A sentence for each verdict. */
static const struct {
	guint32 flag;
	const char *sentence;
} sentences[] = {
	{ VERDICT_OUT_OF_ORDER, N_("out of order: it comes before what was already seen, too early "
				   "to be a retransmission") },
	{ VERDICT_LOST_SEGMENT, N_("a segment before it is missing: lost, or not captured") },
	{ VERDICT_ACK_LOST_SEGMENT,
	  N_("it acknowledges bytes that were not captured") },
	{ VERDICT_ZERO_WINDOW, N_("zero window: the receiver's buffer is full, nothing may be sent") },
	{ VERDICT_ZERO_WINDOW_PROBE, N_("zero window probe: one byte, to ask whether the window has "
					"opened") },
	{ VERDICT_ZERO_WINDOW_PROBE_ACK, N_("answer to a zero window probe: still closed") },
	{ VERDICT_WINDOW_FULL, N_("window full: the sender has used all that the receiver allows") },
	{ VERDICT_WINDOW_UPDATE, N_("window update: only the window has changed") },
	{ VERDICT_KEEP_ALIVE, N_("keep-alive: nothing new, to ask whether the other end is there") },
	{ VERDICT_KEEP_ALIVE_ACK, N_("answer to a keep-alive") },
	{ VERDICT_REUSED_PORTS, N_("the ports were used before: a new connection between them") },
};

/* Duplicate ACKs of the other side between two events, up to `last`. */
static guint
duplicates_between(const Trace *trace, guint32 first, guint32 last, Side from)
{
	guint32 conversation = trace_event(trace, last)->conversation;
	guint n = 0;

	for (guint32 i = MAX(first, last > LOOK_BACK ? last - LOOK_BACK : 0); i <= last; i++) {
		const Event *event = trace_event(trace, i);

		n += event->kind == EVENT_PACKET && event->conversation == conversation &&
		     event->from == (guint)from && (event->verdict & VERDICT_DUPLICATE_ACK) != 0;
	}
	return n;
}

static gint64
since(const Trace *trace, guint32 frame, const Event *event)
{
	return event->time_ns - trace_event(trace, trace_event_of_frame(trace, frame))->time_ns;
}

static const char *
retransmission_word(const Event *event)
{
	if (event->verdict & VERDICT_FAST_RETRANSMISSION)
		return _("fast retransmission");
	if (event->verdict & VERDICT_SPURIOUS_RETRANSMISSION)
		return _("spurious retransmission (what it brings was acknowledged already)");
	return _("retransmission");
}

static void
retransmission_line(GPtrArray *lines, const Trace *trace, guint32 index)
{
	const Event *event = trace_event(trace, index);
	const char *word = retransmission_word(event);
	g_autofree char *later = NULL;
	guint duplicates;

	if (event->relation == 0) {
		line_add(lines, _("  %s: its bytes were sent before"), word);
		return;
	}
	later = duration_to_string(since(trace, event->relation, event));
	duplicates = duplicates_between(trace, trace_event_of_frame(trace, event->relation), index,
					!event->from);
	if (duplicates > 0)
		line_add(lines,
			 ngettext("  %s: repeats frame %u, %s later, after %u duplicate ACK",
				  "  %s: repeats frame %u, %s later, after %u duplicate ACKs",
				  duplicates),
			 word, event->relation, later, duplicates);
	else
		line_add(lines, _("  %s: repeats frame %u, %s later"), word, event->relation, later);
}

static void
relation_line(GPtrArray *lines, const Trace *trace, guint32 index)
{
	const Event *event = trace_event(trace, index);
	g_autofree char *time = NULL;

	if (event->verdict & VERDICT_RETRANSMISSION) {
		retransmission_line(lines, trace, index);
		return;
	}
	if (event->relation == 0)
		return;
	time = duration_to_string(since(trace, event->relation, event));
	if (event->verdict & VERDICT_DUPLICATE_ACK)
		line_add(lines, _("  duplicate ACK number %u of frame %u"),
			 duplicates_between(trace, trace_event_of_frame(trace, event->relation), index,
					    event->from),
			 event->relation);
	else
		line_add(lines, _("  acknowledges frame %u, %s after it (RTT)"), event->relation, time);
}

static void
states_line(GPtrArray *lines, const Event *event)
{
	if (event->state == 0 && event->state_server == 0)
		return;
	line_add(lines, _("  after it: client %s, server %s"),
		 event->state ? tcp_state_name(event->state) : "?",
		 event->state_server ? tcp_state_name(event->state_server) : "?");
}

void
detail_analysis(GPtrArray *lines, const Trace *trace, guint32 index, const Facts *facts)
{
	const Event *event = trace_event(trace, index);
	const Conversation *conversation;

	if (event->conversation == CONVERSATION_NONE)
		return;
	conversation = flow_table_get(trace_flows(trace), event->conversation);
	line_add(lines, _("Conversation %u (%s stream %u), sent by the %s"), event->conversation,
		 conversation->transport == TRANSPORT_TCP ? "TCP" : "UDP", conversation->stream,
		 event->from == SIDE_CLIENT ? _("client") : _("server"));
	if (conversation->client_guessed)
		line_add(lines, _("  who is client was guessed: its beginning was not captured"));
	if (facts && tunnel_name(facts))
		line_add(lines, _("  inside a tunnel: %s"), tunnel_name(facts));
	if (conversation->transport != TRANSPORT_TCP)
		return;
	states_line(lines, event);
	relation_line(lines, trace, index);
	for (guint i = 0; i < G_N_ELEMENTS(sentences); i++) {
		if (event->verdict & sentences[i].flag)
			line_add(lines, "  %s", _(sentences[i].sentence));
	}
	/* Where the capture began midway or lost packets, what is missing may not have been. */
	if (event->verdict && (conversation->client_guessed || trace_total_drops(trace) > 0))
		line_add(lines, _("  only suspected: the capture does not have all packets"));
}
