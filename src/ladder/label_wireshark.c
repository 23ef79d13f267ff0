/* SPDX-License-Identifier: MIT */
/* label_wireshark.c - Wireshark's Info column, as tshark 4.0 fills it for what is TCP or UDP and
 * nothing above it.
 *
 * "[TCP Retransmission] 45450 → 5000 [PSH, ACK] Seq=1 Ack=1 Win=64512 Len=12 TSval=1 TSecr=2".
 * Windows are scaled where the scale is known, as there. Options stand in the order of their bytes.
 */
#include "label_styles.h"

static const FlagName flags[] = {
	{ TCP_FIN, "FIN" }, { TCP_SYN, "SYN" },    { TCP_RST, "RST" }, { TCP_PSH, "PSH" },
	{ TCP_ACK, "ACK" }, { TCP_URG, "URG" },    { TCP_ECE, "ECE" }, { TCP_CWR, "CWR" },
	{ TCP_AE, "AE" },   { 0xe00, "Reserved" },
};

/* Which one of the duplicates it is: they all repeat the same frame. */
static guint
duplicate_number(const LabelPacket *packet)
{
	const Trace *trace = packet->ladder->trace;
	guint32 first = trace_event_of_frame(trace, packet->event->relation);
	guint number = 1;

	for (guint32 i = first; first != EVENT_NONE && i < packet->index; i++) {
		const Event *event = trace_event(trace, i);

		number += event->kind == EVENT_PACKET &&
			  event->conversation == packet->event->conversation &&
			  event->relation == packet->event->relation &&
			  (event->verdict & VERDICT_DUPLICATE_ACK);
	}
	return number;
}

static void
verdicts_append(GString *label, const LabelPacket *packet)
{
	guint32 verdict = packet->event->verdict;

	/* Wireshark prints only the first of these two. */
	if (verdict & VERDICT_SPURIOUS_RETRANSMISSION)
		verdict &= ~VERDICT_RETRANSMISSION;
	for (guint rank = 0; verdict && rank < N_VERDICTS; rank++) {
		for (guint bit = 0; bit < N_VERDICTS; bit++) {
			const VerdictInfo *info = &verdict_infos[bit];

			if (info->info_rank != rank || !(verdict & 1u << bit))
				continue;
			if (info->info)
				g_string_append_printf(label, "[%s] ", info->info);
			else
				g_string_append_printf(label, "[TCP Dup ACK %u#%u] ",
						       packet->event->relation,
						       duplicate_number(packet));
		}
	}
}

/* The sender's window, scaled but on a SYN. */
static guint32
window_of(const LabelPacket *packet)
{
	const Event *event = packet->event;
	const FlowTable *flows = trace_flows(packet->ladder->trace);
	gint8 scale = -1;

	if (event->conversation != CONVERSATION_NONE && !(event->flags & TCP_SYN))
		scale = tcp_track_window_scale(&flow_table_get(flows, event->conversation)->tcp,
					       event->from);
	return packet->facts->tcp.window << CLAMP(scale, 0, 14);
}

/* What was decoded of an option of this kind, where it has the length that it must have. */
static void
option_append(GString *label, const LabelPacket *packet, guint8 kind, guint8 length)
{
	const TcpFacts *tcp = &packet->facts->tcp;
	/* The numbers of a selective ACK's blocks are relative where the others are: to what
	 * the sender of the acknowledged bytes counts from, which is ack's own base. */
	gboolean absolute = packet->ladder->labels.absolute;
	guint32 base = absolute ? 0 : tcp->ack - packet->event->ack;

	if (kind == 2 && length == 4 && tcp->options & TCP_OPTION_MSS)
		g_string_append_printf(label, " MSS=%u", tcp->mss);
	else if (kind == 3 && length == 3 && tcp->options & TCP_OPTION_WINDOW_SCALE)
		g_string_append_printf(label, " WS=%u", 1u << MIN(tcp->window_scale, 14));
	else if (kind == 4 && length == 2 && tcp->options & TCP_OPTION_SACK_PERMITTED)
		g_string_append(label, " SACK_PERM");
	else if (kind == 8 && length == 10 && tcp->options & TCP_OPTION_TIMESTAMPS)
		g_string_append_printf(label, " TSval=%u TSecr=%u", tcp->timestamp_value,
				       tcp->timestamp_echo);
	for (guint i = 0; kind == 5 && i < tcp->n_sack; i++)
		g_string_append_printf(label, " SLE=%u SRE=%u", tcp->sack[i].left - base,
				       tcp->sack[i].right - base);
}

/* In the order of their bytes, as far as those are at hand and make sense. */
static void
options_append(GString *label, const LabelPacket *packet)
{
	const Facts *facts = packet->facts;
	guint32 end =
	    MIN(facts->transport_offset + facts->tcp.header_length, packet->packet->captured);

	for (guint32 at = facts->transport_offset + 20, size; at < end; at += size) {
		guint8 kind = packet->packet->data[at];

		size = option_size(packet->packet->data + at, end - at, end - at);
		if (kind == 0 || size == 0)
			return;
		option_append(label, packet, kind, size);
	}
}

static void
tcp_append(GString *label, const LabelPacket *packet, guint level)
{
	const Event *event = packet->event;
	const Facts *facts = packet->facts;

	if (level < 4)
		verdicts_append(label, packet);
	if (level < 2)
		g_string_append_printf(label, "%u → %u ", facts->source.port,
				       facts->destination.port);
	g_string_append_c(label, '[');
	label_append_flags(label, facts->tcp.flags, flags, G_N_ELEMENTS(flags), ", ");
	g_string_append(label, facts->tcp.flags ? "]" : "<None>]");
	if (level < 3)
		label_append_seq(label, " Seq=", packet, 0);
	if (level < 3 && (event->flags & TCP_ACK))
		label_append_ack(label, " Ack=", packet);
	if (level < 1)
		g_string_append_printf(label, " Win=%u", window_of(packet));
	if (level < 1 && (event->flags & TCP_URG))
		g_string_append_printf(label, " Urg=%u", facts->tcp.urgent);
	if (level < 3)
		g_string_append_printf(label, " Len=%u", event->length);
	if (level < 1)
		options_append(label, packet);
	if (level >= 4 && event->verdict)
		g_string_append(label, " !");
}

void
label_wireshark(GString *label, const LabelPacket *packet, guint level)
{
	const Facts *facts = packet->facts;
	gboolean has_header = facts && facts->has_transport_header;

	if (has_header && packet_kind_is_tcp(packet->event->packet_kind)) {
		tcp_append(label, packet, level);
	} else if (has_header && packet->event->packet_kind == KIND_DATAGRAM) {
		if (level < 2)
			g_string_append_printf(label, "%u → %u ", facts->source.port,
					       facts->destination.port);
		g_string_append_printf(label, "Len=%u", packet->event->length);
	} else {
		label_plain(label, packet, level);
	}
}
