/* The words on a ladder. Labels come in levels, the whole one first, so that a
 * narrow terminal leaves out numbers rather than cutting words.
 */
#include <string.h>

#include "fold_label.h"
#include "pktladder/i18n.h"
#include "pktladder/ladder.h"
#include "pktladder/text.h"

/* What is wrong with a segment, most telling first: one word on the ladder. */
static const struct {
	guint32 flag;
	const char *word;
} verdict_words[] = {
	{ VERDICT_SPURIOUS_RETRANSMISSION, N_("spurious retransmission") },
	{ VERDICT_FAST_RETRANSMISSION, N_("fast retransmission") },
	{ VERDICT_RETRANSMISSION, N_("retransmission") },
	{ VERDICT_OUT_OF_ORDER, N_("out of order") },
	{ VERDICT_ZERO_WINDOW_PROBE, N_("zero window probe") },
	{ VERDICT_ZERO_WINDOW_PROBE_ACK, N_("zero window probe ACK") },
	{ VERDICT_ZERO_WINDOW, N_("zero window") },
	{ VERDICT_WINDOW_FULL, N_("window full") },
	{ VERDICT_KEEP_ALIVE_ACK, N_("keep-alive ACK") },
	{ VERDICT_KEEP_ALIVE, N_("keep-alive") },
	{ VERDICT_DUPLICATE_ACK, N_("duplicate ACK") },
	{ VERDICT_LOST_SEGMENT, N_("segment lost before") },
	{ VERDICT_ACK_LOST_SEGMENT, N_("acknowledges a lost segment") },
	{ VERDICT_REUSED_PORTS, N_("ports reused") },
	{ VERDICT_WINDOW_UPDATE, N_("window update") },
};
G_STATIC_ASSERT(G_N_ELEMENTS(verdict_words) == N_VERDICTS);

static const char *const status_words[] = {
	[DECODE_OK] = NULL,
	[DECODE_TRUNCATED] = N_("truncated"),
	[DECODE_FRAGMENT] = NULL, /* its kind says so */
	[DECODE_UNSUPPORTED] = N_("not decoded"),
	[DECODE_MALFORMED] = N_("malformed"),
};
G_STATIC_ASSERT(G_N_ELEMENTS(status_words) == N_DECODE_STATUS);

static void
icmp_label(GString *label, const Event *event)
{
	guint8 type = event->seq >> 8, code = event->seq & 0xff;
	const char *name = icmp_name(event->ack, type, code);

	g_string_append(label, event->ack == 6 ? "ICMPv6 " : "ICMP ");
	if (name)
		g_string_append(label, _(name));
	else
		g_string_append_printf(label, _("type %u code %u"), type, code);
}

/* Not TCP or UDP: what it is instead. */
static void
other_label(GString *label, const Event *event, guint level)
{
	char name[UNSUPPORTED_TEXT_SIZE];

	g_string_append(label,
			protocol_print(event->seq >> 16, event->seq & 0xffff, NULL, name, sizeof name));
	if (level < 2)
		g_string_append_printf(label, ", %u B", event->length);
}

/* "data", or the flags by name; the payload's length beside them. */
static void
tcp_name(GString *label, const Event *event)
{
	char flags[TCP_FLAGS_TEXT_SIZE];

	if (event->packet_kind == KIND_DATA) {
		g_string_append(label, _("data"));
		if (event->flags & TCP_URG)
			g_string_append(label, " URG");
	} else {
		/* PSH and the ECN flags say little beside SYN, FIN or RST; the detail pane has them. */
		guint16 shown = event->flags & (TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK | TCP_URG);

		if (event->packet_kind == KIND_UNUSUAL_TCP)
			shown = event->flags;
		g_string_append(label, tcp_flags_print(shown, flags, sizeof flags));
	}
}

static void
tcp_label(GString *label, const Event *event, guint level)
{
	gboolean ack = (event->flags & TCP_ACK) != 0;
	/* An ACK's own seq changes nothing; what it acknowledges is its point. */
	gboolean bare = event->packet_kind == KIND_ACK;

	tcp_name(label, event);
	if (event->length > 0 && level < 3)
		g_string_append_printf(label, " %u B", event->length);
	if (level < 2 && !bare)
		g_string_append_printf(label, " seq=%u", event->seq);
	if (ack && (level < 1 || (bare && level < 3)))
		g_string_append_printf(label, " ack=%u", event->ack);
}

const char *
verdict_word(guint32 verdicts)
{
	for (guint i = 0; i < G_N_ELEMENTS(verdict_words); i++) {
		if (verdicts & verdict_words[i].flag)
			return verdict_words[i].word;
	}
	return NULL;
}

static void
verdict_label(GString *label, const Event *event, guint level)
{
	const char *word = verdict_word(event->verdict);

	if (word)
		g_string_append_printf(label, level < 4 ? " (%s)" : " %s",
				       level < 4 ? _(word) : "!");
}

static void
packet_label(GString *label, const Event *event, guint level)
{
	switch ((PacketKind)event->packet_kind) {
	case KIND_DATAGRAM:
		g_string_append(label, _("datagram"));
		if (level < 3)
			g_string_append_printf(label, " %u B", event->length);
		break;
	case KIND_ICMP_ERROR:
		icmp_label(label, event);
		break;
	case KIND_FRAGMENT:
		g_string_append(label, _("fragment"));
		if (level < 3)
			g_string_append_printf(label, " %u B", event->length);
		if (level < 2)
			g_string_append_printf(label, _(" at %u"), event->seq);
		break;
	case KIND_OTHER:
		other_label(label, event, level);
		break;
	default:
		tcp_label(label, event, level);
	}
	verdict_label(label, event, level);
	if (status_words[event->status] && (level < 3 || event->packet_kind != KIND_OTHER))
		g_string_append_printf(label, " [%s]", _(status_words[event->status]));
}

/* Prefix-stable: a first conversation's label never changes when a second comes. */
static gboolean
label_needs_number(const Ladder *ladder, const Event *event)
{
	Selection selection = ladder_selection(ladder);

	if (event->conversation == CONVERSATION_NONE || selection.conversation != CONVERSATION_NONE)
		return FALSE;
	return event->conversation > 0 || conversation_set_length(selection.set) > 1;
}

char *
ladder_label(const Ladder *ladder, const LadderRow *row, guint level)
{
	g_autoptr(GString) label = g_string_new(NULL);
	const Trace *trace = ladder_trace(ladder);
	const Event *event = trace_event(trace, row->event);

	if (level >= LADDER_LABEL_LEVELS || row->kind == ROW_CALLS)
		return NULL;
	switch ((EventKind)event->kind) {
	case EVENT_PACKET:
		if (row->kind == ROW_FOLD && level >= FOLD_LABEL_LEVELS)
			return NULL;
		if (label_needs_number(ladder, event))
			g_string_printf(label, "#%u ", event->conversation);
		if (row->kind == ROW_FOLD)
			fold_label(label, ladder, row, level);
		else
			packet_label(label, event, level);
		break;
	case EVENT_DROPS:
		g_string_printf(label,
				level == 0 ? ngettext("%u packet lost by the capture here",
						      "%u packets lost by the capture here",
						      event->index)
					   : ngettext("%u packet lost", "%u packets lost", event->index),
				event->index);
		break;
	case EVENT_NOTE:
		return text_escape(trace_note(trace, event), -1);
	case EVENT_CALL:
		return NULL;
	}
	return g_string_free(g_steal_pointer(&label), FALSE);
}

/* The call that a return belongs to: its entry's record has the arguments. */
static const CallRecord *
result_call(const Trace *trace, guint32 result)
{
	const Event *event = trace_event(trace, result);
	guint32 entry = trace_call_entry(trace, event);

	return trace_call(trace, entry == EVENT_NONE ? event : trace_event(trace, entry));
}

/* By level: the whole call with its result, the short one, the name, "= 12 B";
 * and where even that is too long beside a state: an error's name alone, since
 * it matters most, else the call's name. */
static char *
result_text(const Trace *trace, const LadderCell *cell, guint level)
{
	const CallRecord *call = result_call(trace, cell->result);
	const CallRecord *record = trace_call(trace, trace_event(trace, cell->result));
	gboolean own = cell->entry != EVENT_NONE; /* entry and return on one row */
	g_autofree char *result = call_result_to_string(record);
	g_autofree char *text = NULL;

	if (level == LADDER_CELL_LEVELS - 1 && record->result < 0)
		return g_steal_pointer(&result);
	if (level == LADDER_CELL_LEVELS - 1 && own)
		return call_to_string(call, CALL_NAME_ONLY);
	if (level == 0 && own)
		text = call_to_string(call, CALL_FULL);
	else if (level == 1 && own)
		text = call_to_string(call, CALL_SHORT);
	else if (level < 3 || own)
		text = call_to_string(call, CALL_NAME_ONLY);
	return g_strdup_printf("%s%s= %s", text ? text : "", text ? " " : "", result);
}

char *
ladder_cell_text(const Ladder *ladder, const LadderRow *row, Side side, guint level)
{
	static const CallLength lengths[LADDER_CELL_LEVELS] = { CALL_FULL, CALL_SHORT,
								CALL_NAME_ONLY, CALL_NAME_ONLY,
								CALL_NAME_ONLY };
	const LadderCell *cell = &row->cell[side];
	const Trace *trace = ladder_trace(ladder);

	if (level >= LADDER_CELL_LEVELS)
		return NULL;
	if (cell->result != EVENT_NONE)
		return result_text(trace, cell, level);
	if (cell->entry == EVENT_NONE)
		return g_strdup("");
	return call_to_string(trace_call(trace, trace_event(trace, cell->entry)), lengths[level]);
}

/* The first conversation in view names the lanes. */
static const Conversation *
head_conversation(const Ladder *ladder)
{
	const FlowTable *flows = trace_flows(ladder_trace(ladder));
	guint32 index = ladder_selection(ladder).conversation;

	if (index == CONVERSATION_NONE && ladder_selection(ladder).set)
		index = conversation_set_get(ladder_selection(ladder).set, 0);
	else if (index == CONVERSATION_NONE)
		index = 0;
	return index < flow_table_length(flows) ? flow_table_get(flows, index) : NULL;
}

char *
ladder_head(const Ladder *ladder, Side side)
{
	const Conversation *conversation = head_conversation(ladder);
	const char *name = side == SIDE_CLIENT ? _("Client") : _("Server");
	guint others = ladder_n_others(ladder, side);
	char address[ENDPOINT_TEXT_SIZE];
	g_autofree char *text = NULL;

	if (!conversation)
		return g_strdup(name);
	endpoint_print(&conversation->endpoint[side], address, sizeof address);
	/* A side that was only guessed says so (no SYN was seen). */
	text = g_strdup_printf("%s%s %s", name, conversation->client_guessed ? "?" : "", address);
	if (others == 0)
		return g_steal_pointer(&text);
	return g_strdup_printf("%s +%u", text, others);
}

static const Role kind_roles[] = {
	[KIND_OTHER] = ROLE_ODD,	 [KIND_SYN] = ROLE_SYN,
	[KIND_SYN_ACK] = ROLE_SYN,	 [KIND_ACK] = ROLE_ACK,
	[KIND_DATA] = ROLE_DATA,	 [KIND_FIN] = ROLE_FIN,
	[KIND_RST] = ROLE_RST,		 [KIND_UNUSUAL_TCP] = ROLE_ODD,
	[KIND_DATAGRAM] = ROLE_DATAGRAM, [KIND_ICMP_ERROR] = ROLE_ICMP,
	[KIND_FRAGMENT] = ROLE_ODD,
};
G_STATIC_ASSERT(G_N_ELEMENTS(kind_roles) == N_PACKET_KINDS);

Role
ladder_row_role(const Ladder *ladder, const LadderRow *row)
{
	const Event *event = trace_event(ladder_trace(ladder), row->event);

	switch ((EventKind)event->kind) {
	case EVENT_CALL:
		return ROLE_CALL;
	case EVENT_DROPS:
		return ROLE_DROPS;
	case EVENT_NOTE:
		return ROLE_NOTE;
	case EVENT_PACKET:
		break;
	}
	if (row->kind == ROW_FOLD)
		return ROLE_FOLD;
	if (event->status == DECODE_MALFORMED || event->status == DECODE_UNSUPPORTED)
		return ROLE_ODD;
	if (event->verdict & VERDICT_PROBLEMS)
		return ROLE_PROBLEM;
	/* A keep-alive, a probe, a window update, reused ports: no harm, but worth an eye. */
	if (event->verdict)
		return ROLE_ODD;
	return kind_roles[event->packet_kind];
}
