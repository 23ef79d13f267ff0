/* The headers of a packet as lines: facts to words, nothing is decoded here. */
#include "detail_lines.h"
#include "pktladder/i18n.h"

static const char *const checksum_words[] = {
	[CHECKSUM_UNKNOWN] = N_("not checked (not all of it was captured)"),
	[CHECKSUM_GOOD] = N_("good"),
	[CHECKSUM_ABSENT] = N_("none (0: the sender left it out)"),
	[CHECKSUM_NOT_FILLED] = N_("not filled in (left to the network card: offload), no error"),
	[CHECKSUM_BAD] = N_("wrong"),
};

static const struct {
	guint16 bit;
	const char *name;
} tcp_options[] = {
	{ TCP_OPTION_FAST_OPEN, N_("fast open") },
	{ TCP_OPTION_MD5, N_("MD5 signature") },
	{ TCP_OPTION_MPTCP, "MPTCP" },
	{ TCP_OPTION_OTHER, N_("others") },
	{ TCP_OPTION_MALFORMED, N_("malformed") },
};

static void
comma(GString *text)
{
	if (text->len > 0)
		g_string_append(text, ", ");
}

static void
sack_append(GString *text, const TcpFacts *tcp, guint32 base)
{
	for (guint i = 0; i < MIN(tcp->n_sack, G_N_ELEMENTS(tcp->sack)); i++) {
		comma(text);
		g_string_append_printf(text, "SACK %u-%u", tcp->sack[i].left - base,
				       tcp->sack[i].right - base);
	}
}

static char *
options_text(const TcpFacts *tcp, guint32 ack_base)
{
	GString *text = g_string_new(NULL);

	if (tcp->options & TCP_OPTION_MSS)
		g_string_append_printf(text, "MSS %u", tcp->mss);
	if (tcp->options & TCP_OPTION_WINDOW_SCALE) {
		comma(text);
		g_string_append_printf(text, _("window scale %u (times %u)"), tcp->window_scale,
				       1u << MIN(tcp->window_scale, 14));
	}
	if (tcp->options & TCP_OPTION_SACK_PERMITTED) {
		comma(text);
		g_string_append(text, _("SACK permitted"));
	}
	sack_append(text, tcp, ack_base);
	if (tcp->options & TCP_OPTION_TIMESTAMPS) {
		comma(text);
		g_string_append_printf(text, _("timestamps %u, echo %u"), tcp->timestamp_value,
				       tcp->timestamp_echo);
	}
	for (guint i = 0; i < G_N_ELEMENTS(tcp_options); i++) {
		if (!(tcp->options & tcp_options[i].bit))
			continue;
		comma(text);
		g_string_append(text, _(tcp_options[i].name));
	}
	return g_string_free(text, FALSE);
}

static void
tcp_lines(GPtrArray *lines, const Event *event, const Facts *facts)
{
	const TcpFacts *tcp = &facts->tcp;
	g_autofree char *options = options_text(tcp, tcp->ack - event->ack);
	char flags[TCP_FLAGS_TEXT_SIZE];

	line_add(lines, "TCP, %u → %u, %s", facts->source.port, facts->destination.port,
		 tcp_flags_print(tcp->flags, flags, sizeof flags));
	line_add(lines, _("  seq %u (absolute %u), payload %u B"), event->seq, tcp->seq,
		 facts->payload_length);
	if (tcp->flags & TCP_ACK)
		line_add(lines, _("  ack %u (absolute %u): all before it has arrived"), event->ack,
			 tcp->ack);
	line_add(lines, _("  window %u as sent, header %u B, flags 0x%03x"), tcp->window,
		 tcp->header_length, tcp->flags);
	if (*options)
		line_add(lines, _("  options: %s"), options);
	if (tcp->flags & TCP_URG)
		line_add(lines, _("  urgent pointer %u"), tcp->urgent);
	line_add(lines, _("  checksum 0x%04x: %s"), tcp->checksum, _(checksum_words[facts->checksum]));
}

static void
udp_lines(GPtrArray *lines, const Facts *facts)
{
	line_add(lines, "UDP, %u → %u", facts->source.port, facts->destination.port);
	line_add(lines, _("  length %u B, payload %u B"), facts->udp.length, facts->payload_length);
	line_add(lines, _("  checksum 0x%04x: %s"), facts->udp.checksum,
		 _(checksum_words[facts->checksum]));
}

static void
icmp_lines(GPtrArray *lines, const Facts *facts)
{
	char from[ENDPOINT_TEXT_SIZE], to[ENDPOINT_TEXT_SIZE];

	line_add(lines, _("%s, type %u, code %u"), facts->ip_version == 6 ? "ICMPv6" : "ICMP",
		 facts->icmp.type, facts->icmp.code);
	if (facts->icmp.quoted_transport != TRANSPORT_NONE)
		line_add(lines, _("  about %s from %s to %s"),
			 facts->icmp.quoted_transport == TRANSPORT_TCP ? "TCP" : "UDP",
			 endpoint_print(&facts->icmp.quoted_source, from, sizeof from),
			 endpoint_print(&facts->icmp.quoted_destination, to, sizeof to));
}

/* The innermost IP header's fields. */
static void
ip_lines(GPtrArray *lines, const Facts *facts)
{
	Endpoint source = facts->source, destination = facts->destination;
	char from[ENDPOINT_TEXT_SIZE], to[ENDPOINT_TEXT_SIZE];

	source.port = destination.port = 0;
	line_add(lines, "  %s → %s", endpoint_print(&source, from, sizeof from),
		 endpoint_print(&destination, to, sizeof to));
	line_add(lines, _("  header %u B, total %u B, %s %u, identification 0x%04x"),
		 facts->ip_header_length, facts->ip_total_length,
		 facts->ip_version == 6 ? _("hop limit") : "TTL", facts->ttl, facts->ip_id);
	if (facts->traffic_class)
		line_add(lines, _("  traffic class 0x%02x (ECN %u)"), facts->traffic_class,
			 facts->traffic_class & 3);
	if (facts->fragment_offset || facts->more_fragments)
		line_add(lines, _("  fragment at byte %u, %s"), facts->fragment_offset,
			 facts->more_fragments ? _("more follow") : _("the last one"));
}

static gboolean
layer_is_ip(const Layer *layer)
{
	return layer->kind == LAYER_IPV4 || layer->kind == LAYER_IPV6;
}

/* The number that a layer carries, where a reader wants it. */
static void
layer_line(GPtrArray *lines, const Layer *layer)
{
	const char *name = layer_name(layer);

	switch ((LayerKind)layer->kind) {
	case LAYER_VLAN:
		line_add(lines, "%s, VLAN %u", name, layer->value & 0xfff);
		break;
	case LAYER_MPLS:
		line_add(lines, _("%s, label %u, TTL %u"), name, layer->extra, layer->value & 0xff);
		break;
	case LAYER_PPPOE:
		line_add(lines, _("%s, session %u"), name, layer->extra);
		break;
	case LAYER_VXLAN:
		line_add(lines, "%s, VNI %u", name, layer->extra);
		break;
	default:
		line_add(lines, _("%s, %u B"), name, layer->length);
	}
}

void
detail_headers(GPtrArray *lines, const Event *event, const Facts *facts)
{
	guint last_ip = facts->n_layers;
	char unsupported[128];

	for (guint i = 0; i < facts->n_layers; i++) {
		if (layer_is_ip(&facts->layers[i]))
			last_ip = i;
	}
	for (guint i = 0; i < facts->n_layers; i++) {
		const Layer *layer = &facts->layers[i];
		gboolean own = layer->kind == LAYER_TCP || layer->kind == LAYER_UDP ||
			       layer->kind == LAYER_ICMP || layer->kind == LAYER_ICMPV6;

		if (layer->kind == LAYER_PAYLOAD || (own && i > last_ip))
			continue;
		layer_line(lines, layer);
		if (i == last_ip)
			ip_lines(lines, facts);
	}
	if (facts->transport == TRANSPORT_TCP && facts->has_transport_header)
		tcp_lines(lines, event, facts);
	else if (facts->transport == TRANSPORT_UDP && facts->has_transport_header)
		udp_lines(lines, facts);
	else if (facts->kind == KIND_ICMP_ERROR)
		icmp_lines(lines, facts);
	if (facts->status == DECODE_UNSUPPORTED)
		line_add(lines, _("Not decoded: %s"),
			 unsupported_print(facts, unsupported, sizeof unsupported));
	if (facts->problem)
		line_add(lines, "%s: %s",
			 facts->status == DECODE_TRUNCATED ? _("Truncated") : _("Malformed"),
			 _(facts->problem));
}
