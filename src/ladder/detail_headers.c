/* SPDX-License-Identifier: MIT */
/* detail_headers.c - a packet's headers in full, one after the other; and how a line is added, and
 * times in it. */
#include "ladder_private.h"
#include "pktladder/text.h"

#include <string.h>

void
detail_add(GPtrArray *lines, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_autofree char *raw = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_ptr_array_add(lines, text_escape(raw, -1));
}

/* Four digits that count. */
char *
detail_duration(gint64 duration_ns)
{
	static const struct {
		gint64 unit;
		const char *name;
	} units[] = { { 1000000000, "s" }, { 1000000, "ms" }, { 1000, "µs" }, { 1, "ns" } };
	gint64 size = ABS(duration_ns);
	guint i = 0;

	while (i < G_N_ELEMENTS(units) - 1 && size < units[i].unit)
		i++;
	return g_strdup_printf("%.4g %s", (double)duration_ns / (double)units[i].unit,
			       units[i].name);
}

/* The first n bytes of a layer, or NULL where the capture has them not. */
static const guint8 *
layer_bytes(const Packet *packet, const Layer *layer, guint32 n)
{
	return (guint64)layer->offset + n <= packet->captured ? packet->data + layer->offset : NULL;
}

/* "IPv4 (0x0800)", "0x1234" */
static char *
ethertype_to_string(guint16 ethertype)
{
	const char *name = ethertype_name(ethertype);

	return name ? g_strdup_printf("%s (0x%04x)", name, ethertype)
		    : g_strdup_printf("0x%04x", ethertype);
}

/* "TCP (6)", "200" */
static char *
protocol_to_string(guint8 protocol)
{
	const char *name = ip_protocol_name(protocol);

	return name ? g_strdup_printf("%s (%u)", name, protocol) : g_strdup_printf("%u", protocol);
}

static const char *
sll_direction(guint type)
{
	static const char *const names[] = { N_("received"), N_("received, broadcast"),
					     N_("received, multicast"), N_("for another host"),
					     N_("sent") };

	return type < G_N_ELEMENTS(names) ? _(names[type]) : _("unknown direction");
}

static void
link_line(GPtrArray *lines, const Packet *packet, const Layer *layer)
{
	enum { ETHERNET = 1, SLL = 113, SLL2 = 276 };
	const guint8 *bytes = layer_bytes(packet, layer, layer->length);

	if (bytes && layer->value == ETHERNET) {
		const guint8 *to = bytes, *from = bytes + 6;
		guint16 type = get_be16(bytes + 12);
		g_autofree char *name =
		    type > 1500 ? ethertype_to_string(type) : g_strdup_printf(_("length %u"), type);

		detail_add(lines,
			   type > 1500 ? _("Ethernet, %02x:%02x:%02x:%02x:%02x:%02x > "
					   "%02x:%02x:%02x:%02x:%02x:%02x, type %s")
				       : _("Ethernet, %02x:%02x:%02x:%02x:%02x:%02x > "
					   "%02x:%02x:%02x:%02x:%02x:%02x, %s"),
			   from[0], from[1], from[2], from[3], from[4], from[5], to[0], to[1],
			   to[2], to[3], to[4], to[5], name);
	} else if (bytes && layer->value == SLL)
		detail_add(lines, "%s, %s", layer_name(layer), sll_direction(get_be16(bytes)));
	else if (bytes && layer->value == SLL2)
		detail_add(lines, _("%s, %s, interface %u"), layer_name(layer),
			   sll_direction(bytes[10]), get_be32(bytes + 4));
	else if (layer->length > 0)
		detail_add(lines, _("%s, header %u B"), layer_name(layer), layer->length);
	else
		detail_add(lines, "%s", layer_name(layer));
}

static void
fragment_words(GString *line, guint32 offset, gboolean more)
{
	if (more || offset > 0)
		g_string_append_printf(line,
				       more ? _(", fragment at %u, more follow")
					    : _(", fragment at %u, the last one"),
				       offset);
}

/* Explicit congestion notification, RFC 3168 5. */
static void
traffic_class_words(GString *line, guint8 traffic_class)
{
	static const char *const ecn[] = { NULL, "ECT(1)", "ECT(0)", "CE" };

	if (traffic_class >> 2)
		g_string_append_printf(line, ", DSCP %u", traffic_class >> 2);
	if (ecn[traffic_class & 3])
		g_string_append_printf(line, ", %s", ecn[traffic_class & 3]);
}

static void
ipv4_lines(GPtrArray *lines, const Packet *packet, const Layer *layer)
{
	const guint8 *bytes = layer_bytes(packet, layer, layer->length);
	g_autoptr(GString) fields = g_string_new(NULL);
	Endpoint ends[2];

	if (!bytes)
		return;
	ends[0] = endpoint_make(4, bytes + 12, 0);
	ends[1] = endpoint_make(4, bytes + 16, 0);
	g_autofree char *protocol = protocol_to_string(bytes[9]);
	detail_add(lines, "IPv4, %s > %s", address_text(&ends[0]).text,
		   address_text(&ends[1]).text);
	g_string_append_printf(fields, _("header %u B"), layer->length);
	if (get_be16(bytes + 2) == 0)
		g_string_append(fields, _(", total length 0 (left to the hardware)"));
	else
		g_string_append_printf(fields, _(", total %u B"), get_be16(bytes + 2));
	g_string_append_printf(fields, ", TTL %u, id 0x%04x", bytes[8], get_be16(bytes + 4));
	if (bytes[6] & 0x40)
		g_string_append(fields, ", DF");
	fragment_words(fields, (get_be16(bytes + 6) & 0x1fffu) * 8, bytes[6] & 0x20);
	traffic_class_words(fields, bytes[1]);
	if (layer->length > 20)
		g_string_append_printf(fields, _(", options %u B"), layer->length - 20);
	detail_add(lines, _("  %s, carries %s"), fields->str, protocol);
}

static void
ipv6_lines(GPtrArray *lines, const Packet *packet, const Layer *layer)
{
	const guint8 *bytes = layer_bytes(packet, layer, layer->length);
	g_autoptr(GString) fields = g_string_new(NULL);
	Endpoint ends[2] = { { .version = 6 }, { .version = 6 } };

	if (!bytes)
		return;
	/* As they are on the wire, v4-mapped ones too. */
	memcpy(ends[0].address, bytes + 8, 16);
	memcpy(ends[1].address, bytes + 24, 16);
	g_autofree char *protocol = protocol_to_string(bytes[6]);
	detail_add(lines, "IPv6, %s > %s", address_text(&ends[0]).text,
		   address_text(&ends[1]).text);
	g_string_append_printf(fields, _("payload %u B, hop limit %u"), get_be16(bytes + 4),
			       bytes[7]);
	traffic_class_words(fields, (guint8)(get_be16(bytes) >> 4));
	if (get_be32(bytes) & 0xfffff)
		g_string_append_printf(fields, _(", flow label 0x%05x"), get_be32(bytes) & 0xfffff);
	detail_add(lines, _("  %s, carries %s"), fields->str, protocol);
}

static void
extension_line(GPtrArray *lines, const Packet *packet, const Layer *layer)
{
	enum { ROUTING = 43, FRAGMENT = 44 };
	const guint8 *bytes = layer_bytes(packet, layer, MAX(layer->length, 8));
	g_autoptr(GString) line = g_string_new(layer_name(layer));

	g_string_append_printf(line, ", %u B", layer->length);
	if (bytes && layer->number == ROUTING)
		g_string_append_printf(line, _(", type %u, hops left %u"), bytes[2], bytes[3]);
	if (bytes && layer->number == FRAGMENT) {
		g_string_append_printf(line, ", id 0x%08x", get_be32(bytes + 4));
		fragment_words(line, get_be16(bytes + 2) & 0xfff8, bytes[3] & 1);
	}
	detail_add(lines, "%s", line->str);
}

static void
layer_lines(GPtrArray *lines, const Packet *packet, const Facts *facts, const Layer *layer)
{
	const guint8 *udp = layer_bytes(packet, layer, 8);
	g_autofree char *carries = ethertype_to_string(layer->value); /* of tags, LLC and GRE */
	const char *name = layer_name(layer);

	switch ((LayerKind)layer->kind) {
	case LAYER_LINK:
		link_line(lines, packet, layer);
		break;
	case LAYER_IPV4:
		ipv4_lines(lines, packet, layer);
		break;
	case LAYER_IPV6:
		ipv6_lines(lines, packet, layer);
		break;
	case LAYER_IPV6_EXTENSION:
		extension_line(lines, packet, layer);
		break;
	case LAYER_UDP: /* around a tunnel; the innermost one is transport_lines()'s */
		if (udp && layer->offset != facts->transport_offset)
			detail_add(lines, _("UDP, %u > %u, length %u B"), get_be16(udp),
				   get_be16(udp + 2), get_be16(udp + 4));
		break;
	case LAYER_VLAN:
		if (ethertype_name((guint16)layer->extra))
			name = ethertype_name((guint16)layer->extra);
		detail_add(lines, _("%s, VLAN %u, priority %u%s"), name, layer->value & 0xfff,
			   layer->value >> 13, layer->value & 0x1000 ? _(", may be dropped") : "");
		break;
	case LAYER_TAG:
	case LAYER_LLC:
		detail_add(lines, layer->kind == LAYER_TAG ? _("Tag, %s") : "LLC, %s", carries);
		break;
	case LAYER_PPPOE:
		detail_add(lines, _("PPPoE, session %u"), layer->extra);
		break;
	case LAYER_PPP:
		detail_add(lines, _("PPP, protocol 0x%04x"), layer->value);
		break;
	case LAYER_MPLS:
		detail_add(lines,
			   layer->value & 0x100
			       ? _("MPLS, label %u, class %u, TTL %u, the last label")
			       : _("MPLS, label %u, class %u, TTL %u"),
			   layer->extra, layer->value >> 9, layer->value & 0xff);
		break;
	case LAYER_GRE:
		if (layer->number)
			detail_add(lines, _("GRE, carries %s, key %u"), carries, layer->extra);
		else
			detail_add(lines, _("GRE, carries %s"), carries);
		break;
	case LAYER_VXLAN:
		detail_add(lines, "VXLAN, VNI %u", layer->extra);
		break;
	case LAYER_OTHER_TUNNEL:
		if (layer->extra)
			detail_add(lines, _("%s, number %u"), name, layer->extra);
		else
			detail_add(lines, "%s", name);
		break;
	default:
		break;
	}
}

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
		{ TCP_OPTION_ACC_ECN, "AccECN" },
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
window_to_string(const Trace *trace, guint32 index, const TcpFacts *tcp)
{
	const Event *event = trace_event(trace, index);

	if (event->conversation == CONVERSATION_NONE || tcp->flags & TCP_SYN)
		return g_strdup_printf(_("window %u"), tcp->window);
	const Conversation *conversation = flow_table_get(trace_flows(trace), event->conversation);
	gint8 scale =
	    conversation->transport == TRANSPORT_TCP
		? tcp_track_window_scale(&conversation->tcp, event->from, trace_frame(trace, index))
		: -1;
	if (scale > 0 && scale <= 14)
		return g_strdup_printf(_("window %u << %d = %u B"), tcp->window, scale,
				       (guint32)tcp->window << scale);
	return g_strdup_printf(
	    scale == -1 ? _("window %u (its scale was not seen)") : _("window %u"), tcp->window);
}

static void
tcp_lines(GPtrArray *lines, const Trace *trace, guint32 index, const Facts *facts)
{
	const Event *event = trace_event(trace, index);
	const TcpFacts *tcp = &facts->tcp;
	g_autofree char *window = window_to_string(trace, index, tcp);
	g_autoptr(GString) options = g_string_new(NULL);

	detail_add(lines, _("TCP, %u > %u, %s (flags 0x%03x)"), facts->source.port,
		   facts->destination.port, tcp_flags_text(tcp->flags).text, tcp->flags);
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

	if (icmp->quoted_transport == TRANSPORT_TCP)
		detail_add(lines, _("  about TCP %s > %s, absolute seq %u"),
			   endpoint_text(&icmp->quoted_source).text,
			   endpoint_text(&icmp->quoted_destination).text, icmp->quoted_seq);
	else if (icmp->quoted_transport == TRANSPORT_UDP)
		detail_add(lines, _("  about UDP %s > %s"),
			   endpoint_text(&icmp->quoted_source).text,
			   endpoint_text(&icmp->quoted_destination).text);
	/* RFC 1191 4, RFC 4443 3.2 */
	if (is_ipv4 && icmp->type == 3 && icmp->code == 4)
		detail_add(lines, _("  MTU of the next hop %u B"), icmp->rest & 0xffff);
	else if (!is_ipv4 && icmp->type == 2)
		detail_add(lines, _("  MTU of the next hop %u B"), icmp->rest);
	checksum_line(lines, facts->checksum, icmp->checksum);
}

static void
transport_lines(GPtrArray *lines, const Trace *trace, guint32 index, const Packet *packet,
		const Facts *facts)
{
	gboolean is_icmp = facts->ip_protocol == 1 || facts->ip_protocol == 58;

	if (facts->has_transport_header && facts->transport == TRANSPORT_TCP) {
		tcp_lines(lines, trace, index, facts);
	} else if (facts->has_transport_header) {
		detail_add(lines, _("UDP, %u > %u, length %u B, payload %u B"), facts->source.port,
			   facts->destination.port, facts->udp.length, facts->payload_length);
		checksum_line(lines, facts->checksum, facts->udp.checksum);
	} else if (is_icmp && facts->transport_offset > 0) {
		icmp_lines(lines, facts);
	}
	if (facts->payload_captured < facts->payload_length && packet->captured < packet->length)
		detail_add(lines, _("  of the payload, %u B were captured, %u B not captured"),
			   facts->payload_captured,
			   facts->payload_length - facts->payload_captured);
}

void
detail_headers(GPtrArray *lines, const Trace *trace, guint32 index, const Packet *packet,
	       const Facts *facts)
{

	for (guint i = 0; i < facts->n_layers; i++)
		layer_lines(lines, packet, facts, &facts->layers[i]);
	switch (facts->status) {
	case DECODE_FIRST_FRAGMENT:
		detail_add(lines, _("First fragment: what follows of its payload is in others"));
		break;
	case DECODE_TRUNCATED:
		detail_add(lines,
			   _("Headers not captured: %s; the capture kept only its beginning (snap "
			     "length)"),
			   _(facts->problem));
		break;
	case DECODE_MALFORMED:
		detail_add(lines, _("Malformed: %s"), _(facts->problem));
		break;
	case DECODE_UNSUPPORTED:
		detail_add(lines, _("Not decoded: %s"), unsupported_text(facts).text);
		break;
	case DECODE_FRAGMENT:
		detail_add(lines, _("Fragment: its %s header is in the first fragment"),
			   facts->transport == TRANSPORT_TCP   ? "TCP"
			   : facts->transport == TRANSPORT_UDP ? "UDP"
							       : _("transport"));
		break;
	default:
		break;
	}
	transport_lines(lines, trace, index, packet, facts);
}
