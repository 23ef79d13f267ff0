/* SPDX-License-Identifier: MIT */
/* detail_transport.c - the innermost TCP, UDP or ICMP header. */
#include "detail_lines.h"

G_GNUC_PRINTF(2, 3)
static void
append_part(GString *line, const char *format, ...)
{
	va_list arguments;

	g_string_append(line, line->len > 0 ? ", " : "");
	va_start(arguments, format);
	g_string_append_vprintf(line, format, arguments);
	va_end(arguments);
}

static void
option_words(GString *line, const TcpFacts *tcp, guint32 ack_base)
{
	static const struct {
		guint16 bit;
		const char *name;
	} plain[] = {
		{ TCP_OPTION_SACK_PERMITTED, N_("SACK permitted") },
		{ TCP_OPTION_MD5, N_("MD5 signature") },
		{ TCP_OPTION_OTHER, N_("one that is not decoded") },
		{ TCP_OPTION_MALFORMED, N_("a malformed one") },
	};
	/* RFC 8684 3 */
	static const char *const mptcp[] = { "MP_CAPABLE", "MP_JOIN",      "DSS",
					     "ADD_ADDR",   "REMOVE_ADDR",  "MP_PRIO",
					     "MP_FAIL",    "MP_FASTCLOSE", "MP_TCPRST" };

	if (tcp->options & TCP_OPTION_MSS)
		append_part(line, "MSS %u", tcp->mss);
	if (tcp->options & TCP_OPTION_WINDOW_SCALE)
		append_part(line, _("window scale %u"), tcp->window_scale);
	if (tcp->options & TCP_OPTION_TIMESTAMPS)
		append_part(line, _("timestamps %u, echo %u"), tcp->timestamp_value,
			    tcp->timestamp_echo);
	if (tcp->options & TCP_OPTION_FAST_OPEN)
		append_part(line,
			    tcp->fast_open_length ? _("fast open, cookie of %u B")
						  : _("fast open, asks for a cookie"),
			    tcp->fast_open_length);
	if (tcp->options & TCP_OPTION_MPTCP)
		append_part(line, "MPTCP %s",
			    tcp->mptcp_subtype < G_N_ELEMENTS(mptcp) ? mptcp[tcp->mptcp_subtype]
								     : "?");
	if (tcp->options & TCP_OPTION_SACK)
		append_part(line, "SACK");
	/* In the same relative numbers as the ACK. */
	for (guint i = 0; tcp->options & TCP_OPTION_SACK && i < tcp->n_sack; i++)
		g_string_append_printf(line, " %u-%u", tcp->sack[i].left - ack_base,
				       tcp->sack[i].right - ack_base);
	for (guint i = 0; i < G_N_ELEMENTS(plain); i++)
		if (tcp->options & plain[i].bit)
			append_part(line, "%s", _(plain[i].name));
}

static void
checksum_line(GPtrArray *lines, ChecksumStatus status, guint16 checksum)
{
	static const char *const names[] = {
		[CHECKSUM_UNKNOWN] = N_("not verified: not all of it is in this packet"),
		[CHECKSUM_GOOD] = N_("right"),
		[CHECKSUM_ABSENT] = N_("none, which IPv4 allows"),
		[CHECKSUM_NOT_FILLED] =
		    N_("not filled in: left to the network card (offload), no error"),
		[CHECKSUM_BAD] = N_("wrong"),
	};

	G_STATIC_ASSERT(G_N_ELEMENTS(names) == N_CHECKSUM_STATUS);
	detail_add(lines, _("  checksum 0x%04x: %s"), checksum, _(names[status]));
}

/* The field, and what it stands for: windows of segments with SYN are never scaled. */
static char *
window_to_string(const Trace *trace, const Event *event, const TcpFacts *tcp)
{
	const Conversation *conversation;

	if (event->conversation == CONVERSATION_NONE || tcp->flags & TCP_SYN)
		return g_strdup_printf(_("window %u"), tcp->window);
	conversation = flow_table_get(trace_flows(trace), event->conversation);
	gint8 scale = conversation->transport == TRANSPORT_TCP
			  ? tcp_track_window_scale(&conversation->tcp, event->from)
			  : -1;
	if (scale > 0 && scale <= 14)
		return g_strdup_printf(_("window %u << %d = %u B"), tcp->window, scale,
				       (guint32)tcp->window << scale);
	return g_strdup_printf(
	    scale == -1 ? _("window %u (its scale was not seen)") : _("window %u"), tcp->window);
}

static void
tcp_lines(GPtrArray *lines, const Trace *trace, const Event *event, const Facts *facts)
{
	const TcpFacts *tcp = &facts->tcp;
	char flags[TCP_FLAGS_TEXT_SIZE];
	g_autofree char *window = window_to_string(trace, event, tcp);
	g_autoptr(GString) options = g_string_new(NULL);

	detail_add(lines, _("TCP, %u > %u, %s (flags 0x%03x)"), facts->source.port,
		   facts->destination.port, tcp_flags_print(tcp->flags, flags, sizeof flags),
		   tcp->flags);
	detail_add(lines, _("  seq %u (absolute %u), payload %u B"), event->seq, tcp->seq,
		   facts->payload_length);
	if (tcp->flags & TCP_ACK)
		detail_add(lines, _("  ack %u (absolute %u)"), event->ack, tcp->ack);
	detail_add(lines, _("  %s, header %u B"), window, tcp->header_length);
	if (tcp->flags & TCP_URG)
		detail_add(lines, _("  urgent pointer %u"), tcp->urgent);
	option_words(options, tcp, tcp->ack - event->ack);
	if (options->len > 0)
		detail_add(lines, _("  options: %s"), options->str);
	checksum_line(lines, facts->checksum, tcp->checksum);
}

static void
icmp_lines(GPtrArray *lines, const Facts *facts)
{
	const IcmpFacts *icmp = &facts->icmp;
	gboolean is_ipv4 = facts->ip_protocol == 1;
	const char *name = icmp_name(is_ipv4 ? 4 : 6, icmp->type, icmp->code);

	detail_add(lines, _("%s, %s (type %u, code %u)"), is_ipv4 ? "ICMP" : "ICMPv6",
		   name ? _(name) : _("other message"), icmp->type, icmp->code);

	char source[ENDPOINT_TEXT_SIZE], destination[ENDPOINT_TEXT_SIZE];

	endpoint_print(&icmp->quoted_source, source, sizeof source);
	endpoint_print(&icmp->quoted_destination, destination, sizeof destination);
	if (icmp->quoted_transport == TRANSPORT_TCP)
		detail_add(lines, _("  about TCP %s > %s, absolute seq %u"), source, destination,
			   icmp->quoted_seq);
	else if (icmp->quoted_transport == TRANSPORT_UDP)
		detail_add(lines, _("  about UDP %s > %s"), source, destination);
	/* RFC 1191 4, RFC 4443 3.2 */
	if (is_ipv4 && icmp->type == 3 && icmp->code == 4)
		detail_add(lines, _("  MTU of the next hop %u B"), icmp->rest & 0xffff);
	else if (!is_ipv4 && icmp->type == 2)
		detail_add(lines, _("  MTU of the next hop %u B"), icmp->rest);
	checksum_line(lines, facts->checksum, icmp->checksum);
}

void
detail_transport(GPtrArray *lines, const Trace *trace, const Event *event, const Packet *packet,
		 const Facts *facts)
{
	gboolean is_icmp = facts->ip_protocol == 1 || facts->ip_protocol == 58;

	if (facts->has_transport_header && facts->transport == TRANSPORT_TCP) {
		tcp_lines(lines, trace, event, facts);
	} else if (facts->has_transport_header) {
		detail_add(lines, _("UDP, %u > %u, length %u B, payload %u B"), facts->source.port,
			   facts->destination.port, facts->udp.length, facts->payload_length);
		checksum_line(lines, facts->checksum, facts->udp.checksum);
	} else if (is_icmp && facts->transport_offset > 0) {
		icmp_lines(lines, facts);
	}
	if (facts->payload_captured < facts->payload_length && packet->captured < packet->length)
		detail_add(lines, _("  of the payload, %u B were captured"),
			   facts->payload_captured);
}
