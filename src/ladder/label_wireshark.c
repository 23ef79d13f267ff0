/* SPDX-License-Identifier: MIT */
/* label_wireshark.c - Wireshark's Info column, as tshark fills it for what is TCP or UDP and
 * nothing above it.
 *
 * "[TCP Retransmission] 45450 → 5000 [PSH, ACK] Seq=1 Ack=1 Win=64512 Len=12 TSval=1 TSecr=2".
 * Windows are scaled where the scale is known, as there. Options stand in the order of their bytes.
 */
#include <string.h>

#include "ladder_private.h"

static const FlagName flags[] = {
	{ TCP_FIN, "FIN" }, { TCP_SYN, "SYN" },    { TCP_RST, "RST" }, { TCP_PSH, "PSH" },
	{ TCP_ACK, "ACK" }, { TCP_URG, "URG" },    { TCP_ECE, "ECE" }, { TCP_CWR, "CWR" },
	{ TCP_AE, "AE" },   { 0xe00, "Reserved" },
};

/* Which one of the duplicates it is: their count may begin anew. */
static guint
duplicate_number(const LabelPacket *packet)
{
	const Event *own = packet->event, *event;
	guint32 i = packet->index;
	guint number = 0;

	do {
		event = trace_event(packet->ladder->trace, i);
		number += event->kind == EVENT_PACKET && event->from == own->from &&
			  event->conversation == own->conversation &&
			  event->verdict & VERDICT_DUPLICATE_ACK;
	} while (i-- > 0 && !(event->first_duplicate && event->from == own->from &&
			      event->conversation == own->conversation));
	return number;
}

static void
verdicts_append(GString *label, const LabelPacket *packet)
{
	guint32 verdict = packet->event->verdict;

	/* Wireshark prints only the others of these. */
	if (verdict & (VERDICT_SPURIOUS_RETRANSMISSION | VERDICT_FAST_RETRANSMISSION))
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

static const TcpTrack *
track_of(const LabelPacket *packet)
{
	const FlowTable *flows = trace_flows(packet->ladder->trace);

	return packet->event->conversation == CONVERSATION_NONE
		   ? NULL
		   : &flow_table_get(flows, packet->event->conversation)->tcp;
}

/* Of AccECN the counter, in the place of ECE. */
static void
flags_append(GString *label, const LabelPacket *packet)
{
	enum { AT_ECE = 6 };
	const TcpTrack *track = track_of(packet);
	guint16 told = packet->facts->tcp.flags;
	FlagName names[G_N_ELEMENTS(flags)];
	char counter[sizeof("ACE=7")];

	memcpy(names, flags, sizeof(names));
	if (track && !(told & TCP_SYN) &&
	    tcp_track_accurate(track, trace_frame(packet->ladder->trace, packet->index))) {
		g_snprintf(counter, sizeof(counter), "ACE=%u", told / TCP_ECE & 7);
		names[AT_ECE].name = counter;
		told = (told & ~(TCP_CWR | TCP_AE)) | TCP_ECE;
	}
	g_string_append_c(label, '[');
	label_append_flags(label, told, names, G_N_ELEMENTS(names), ", ");
	g_string_append(label, told ? "]" : "<None>]");
}

/* The sender's window, scaled but on a SYN. */
static guint32
window_of(const LabelPacket *packet)
{
	const Event *event = packet->event;
	const TcpTrack *track = track_of(packet);
	gint8 scale = -1;

	if (track && !(event->flags & TCP_SYN))
		scale = tcp_track_window_scale(track, event->from,
					       trace_frame(packet->ladder->trace, packet->index));
	return packet->facts->tcp.window << CLAMP(scale, 0, 14);
}

#define TCP_HEADER 20u
#define UDP_HEADER 8u

/* How options are told: by kind, or by the number that an experiment has before its value (RFC
 * 6994). A name for each number in the value; where there is no number, the option's own. */
#define EXPERIMENT 0x10000u
static const struct {
	guint32 kind;
	guint8 least, most, size; /* bytes of the value, and of each number in it */
	const char *names[8];
} option_words[] = {
	{ 2, 2, 2, 2, { "MSS" } },
	{ 3, 1, 1, 1, { "WS" } },
	{ 4, 0, 38, 0, { "SACK_PERM" } },
	{ 5, 8, 38, 4, { "SLE", "SRE", "SLE", "SRE", "SLE", "SRE", "SLE", "SRE" } },
	{ 6, 4, 4, 4, { "ECHO" } },
	{ 7, 4, 4, 4, { "ECHO" } },
	{ 8, 8, 8, 4, { "TSval", "TSecr" } },
	{ 11, 4, 4, 4, { "CC" } },
	{ 12, 4, 4, 4, { "CC" } },
	{ 13, 4, 4, 4, { "CC" } },
	{ 19, 0, 38, 0, { "MD5" } },
	{ 28, 2, 2, 2, { "USER_TO" } },
	{ 29, 0, 38, 0, { "TCP AO" } },
	{ 34, 0, 0, 0, { "TFO=R" } },
	{ 34, 1, 38, 0, { "TFO=C" } },
	{ 172, 0, 0, 0, { "AccECN" } },
	{ 172, 3, 9, 3, { "EE0B", "ECEB", "EE1B" } },
	{ 174, 0, 0, 0, { "AccECN" } },
	{ 174, 3, 9, 3, { "EE1B", "ECEB", "EE0B" } },
	{ EXPERIMENT | 0xacc0, 0, 0, 0, { "AccECN" } },
	{ EXPERIMENT | 0xacc0, 3, 9, 3, { "EE0B", "ECEB", "EE1B" } },
	{ EXPERIMENT | 0xacc1, 0, 0, 0, { "AccECN" } },
	{ EXPERIMENT | 0xacc1, 3, 9, 3, { "EE1B", "ECEB", "EE0B" } },
	{ EXPERIMENT | 0xf989, 0, 0, 0, { "TFO=R" } },
	{ EXPERIMENT | 0xf989, 1, 36, 0, { "TFO=C" } },
};

static guint32
number_at(const guint8 *value, guint size)
{
	guint32 number = 0;

	for (guint i = 0; i < size; i++)
		number = number << 8 | value[i];
	return number;
}

/* Those of a selective ACK are relative where the others are: to what the sender of the
 * acknowledged bytes counts from, which is ack's own base. */
static guint32
number_told(const LabelPacket *packet, guint32 kind, guint32 number)
{
	if (kind == 5 && !packet->ladder->labels.absolute)
		return number - (packet->facts->tcp.ack - packet->event->ack);
	return kind == 3 ? 1u << MIN(number, 14) : number;
}

static void
option_append(GString *label, const LabelPacket *packet, guint32 kind, const guint8 *value,
	      guint length)
{
	gboolean known = FALSE;

	if ((kind == 253 || kind == 254) && length >= 2) {
		kind = EXPERIMENT | get_be16(value);
		value += 2;
		length -= 2;
	}
	for (guint i = 0; i < G_N_ELEMENTS(option_words); i++) {
		guint size = option_words[i].size, n = size > 0 ? MIN(length / size, 8u) : 1;

		known |= option_words[i].kind == kind;
		if (option_words[i].kind != kind || length < option_words[i].least ||
		    length > option_words[i].most || (kind != 5 && size > 0 && length % size > 0))
			continue;
		n -= kind == 5 ? n % 2 : 0; /* whole blocks */
		for (guint name = 0; name < n && option_words[i].names[name]; name++) {
			g_string_append_printf(label, kind == 29 ? "%s" : " %s",
					       option_words[i].names[name]);
			if (size > 0)
				g_string_append_printf(
				    label, "=%u",
				    number_told(packet, kind,
						number_at(value + name * size, size)));
		}
	}
	if (kind >= EXPERIMENT && !known)
		g_string_append_printf(label, " ExID=%X", kind & 0xffff);
}

/* Where what was to be read ends early, Wireshark ends, too. */
static const char *
end_words(const Facts *facts)
{
	return facts->more_fragments || facts->fragment_offset > 0
		   ? "[BoundErrorUnreassembled Packet]"
	       : facts->status == DECODE_TRUNCATED ? "[Packet size limited during capture]"
						   : "[Malformed Packet]";
}

/* In the order of their bytes. FALSE: the packet ends before they do, or one makes no sense. */
static gboolean
options_append(GString *label, const LabelPacket *packet)
{
	const Facts *facts = packet->facts;
	guint32 end = facts->transport_offset + facts->tcp.header_length;
	guint32 there =
	    MIN(packet->packet->captured,
		facts->transport_offset + facts->ip_total_length - facts->ip_header_length);

	for (guint32 at = facts->transport_offset + TCP_HEADER, size; at < end; at += size) {
		const guint8 *option = packet->packet->data + at;

		if (at >= there)
			return FALSE;
		size = option_size(option, there - at, end - at);
		if (option[0] == 0 || size == 0)
			return TRUE;
		if (size > there - at || (option[0] == 5 && size < 10))
			return FALSE;
		if (size > 1)
			option_append(label, packet, option[0], option + 2, size - 2);
	}
	return TRUE;
}

static void
ports_append(GString *label, const Facts *facts, guint level)
{
	if (level < 2)
		g_string_append_printf(label, "%u → %u ", facts->source.port,
				       facts->destination.port);
}

static void
tcp_append(GString *label, const LabelPacket *packet, guint level)
{
	const Event *event = packet->event;
	const Facts *facts = packet->facts;
	g_autoptr(GString) options = g_string_new(NULL);
	gboolean whole = options_append(options, packet);

	if (level < 4 && whole)
		verdicts_append(label, packet);
	ports_append(label, facts, level);
	flags_append(label, packet);
	if (level < 3)
		label_append_seq(label, " Seq=", packet, 0);
	if (level < 3 && (event->flags & TCP_ACK))
		label_append_ack(label, " Ack=", packet);
	if (level < 1)
		g_string_append_printf(label, " Win=%u", window_of(packet));
	if (level < 1 && (event->flags & TCP_URG))
		g_string_append_printf(label, " Urg=%u", facts->tcp.urgent);
	if (level < 3 && facts->has_payload_length &&
	    packet->packet->captured >= facts->transport_offset + TCP_HEADER)
		g_string_append_printf(label, " Len=%u", event->length);
	if (level < 1 && facts->tcp.header_length < TCP_HEADER)
		g_string_append_printf(label, ", bogus TCP header length (%u, must be at least 20)",
				       facts->tcp.header_length);
	if (level < 1)
		g_string_append_printf(label, "%s%s", options->str, whole ? "" : end_words(facts));
	if (level >= 4 && event->verdict)
		g_string_append(label, " !");
}

/* Its own header's length, though parts of it are in other fragments. */
static void
udp_append(GString *label, const LabelPacket *packet, guint level)
{
	const Facts *facts = packet->facts;

	guint32 length =
	    facts->udp.length > UDP_HEADER ? facts->udp.length - UDP_HEADER : packet->event->length;

	ports_append(label, facts, level);
	if (level < 1 && !facts->more_fragments && length > packet->event->length)
		g_string_append_printf(label, "[BAD UDP LENGTH %u > IP PAYLOAD LENGTH] ",
				       facts->udp.length);
	g_string_append_printf(label, "Len=%u", length);
	if (level < 1 && facts->ip_version == 6 && facts->udp.checksum == 0)
		g_string_append(label, " [ILLEGAL CHECKSUM (0)]");
}

/* A header that is cut off, or says that it is none. */
static void
no_header_append(GString *label, const Facts *facts, guint level)
{
	gboolean length = facts->layers[facts->n_layers - 1].kind == LAYER_UDP;

	ports_append(label, facts, level);
	if (length)
		g_string_append_printf(label, "[BAD UDP LENGTH %u < 8]", facts->udp.length);
	else
		g_string_append(g_string_truncate(label, label->len - (level < 2)),
				end_words(facts));
}

void
label_wireshark(GString *label, const LabelPacket *packet, guint level)
{
	const Facts *facts = packet->facts;
	gboolean has_header = facts && facts->has_transport_header;

	if (has_header && packet_kind_is_tcp(packet->event->packet_kind)) {
		tcp_append(label, packet, level);
	} else if (has_header && packet->event->packet_kind == KIND_DATAGRAM) {
		udp_append(label, packet, level);
	} else if (facts && packet->event->packet_kind == KIND_OTHER && facts->source.port &&
		   facts->n_layers > 0) {
		no_header_append(label, facts, level);
	} else {
		label_plain(label, packet, level);
	}
}
