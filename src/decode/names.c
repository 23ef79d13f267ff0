/* names.c - what the facts are called. */
#include "decoder.h"

char *
tcp_flags_print(guint16 flags, char *text, gsize size)
{
	static const char names[][4] = { "FIN", "SYN", "RST", "PSH", "ACK",
					 "URG", "ECE", "CWR", "AE",  "RES" };
	guint bits = (flags & 0x1ff) | (flags & 0xe00 ? 0x200 : 0);

	g_strlcpy(text, bits ? "" : "none", size);
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		if (!(bits & 1u << i))
			continue;
		if (text[0])
			g_strlcat(text, "-", size);
		g_strlcat(text, names[i], size);
	}
	return text;
}

/* The innermost header that is not decoded. */
static const Layer *
unsupported_layer(const Facts *facts)
{
	for (guint i = facts->n_layers; i-- > 0;)
		if (facts->layers[i].kind == LAYER_OTHER)
			return &facts->layers[i];
	return NULL;
}

char *
unsupported_print(const Facts *facts, char *text, gsize size)
{
	static const char *const spaces[] = {
		[NUMBER_LINK_TYPE] = "link type %u",
		[NUMBER_ETHERTYPE] = "ethertype 0x%04x",
		[NUMBER_IP_PROTOCOL] = "IP protocol %u",
		[NUMBER_PPP] = "PPP protocol 0x%04x",
		[NUMBER_LLC] = "LLC DSAP 0x%02x",
		[NUMBER_ARCNET] = "ARCNET protocol %u",
		[NUMBER_NONE] = "",
	};
	const Layer *layer = unsupported_layer(facts);
	gboolean has_name = g_strcmp0(facts->protocol_name, "unknown protocol") != 0;
	char number[32] = "";

	G_STATIC_ASSERT(G_N_ELEMENTS(spaces) == N_NUMBER_SPACES);
	g_strlcpy(text, "", size);
	if (facts->status != DECODE_UNSUPPORTED || !layer)
		return text;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	g_snprintf(number, sizeof number, spaces[layer->number], layer->value);
#pragma GCC diagnostic pop
	if (has_name && number[0])
		g_snprintf(text, size, "%s (%s)", facts->protocol_name, number);
	else
		g_strlcpy(text, has_name ? facts->protocol_name : number, size);
	return text;
}

const char *
layer_name(const Layer *layer)
{
	static const char *const names[] = {
		[LAYER_LINK] = "link", [LAYER_VLAN] = "VLAN", [LAYER_TAG] = "tag", [LAYER_LLC] = "LLC",
		[LAYER_PPPOE] = "PPPoE", [LAYER_PPP] = "PPP", [LAYER_MPLS] = "MPLS",
		[LAYER_IPV4] = "IPv4", [LAYER_IPV6] = "IPv6",
		[LAYER_IPV6_EXTENSION] = "IPv6 extension", [LAYER_GRE] = "GRE",
		[LAYER_VXLAN] = "VXLAN", [LAYER_OTHER_TUNNEL] = "tunnel", [LAYER_TCP] = "TCP",
		[LAYER_UDP] = "UDP", [LAYER_ICMP] = "ICMP", [LAYER_ICMPV6] = "ICMPv6",
		[LAYER_PAYLOAD] = "payload", [LAYER_OTHER] = "not decoded",
	};
	static const char *const tunnels[] = {
		[TUNNEL_GENEVE] = "Geneve", [TUNNEL_GTP] = "GTP-U", [TUNNEL_TEREDO] = "Teredo",
		[TUNNEL_L2TP] = "L2TP", [TUNNEL_LISP] = "LISP", [TUNNEL_ERSPAN] = "ERSPAN",
		[TUNNEL_NSH] = "NSH", [TUNNEL_ETHERIP] = "EtherIP",
		[TUNNEL_PSEUDOWIRE] = "MPLS pseudowire",
	};
	const char *name;

	G_STATIC_ASSERT(G_N_ELEMENTS(names) == N_LAYER_KINDS);
	G_STATIC_ASSERT(G_N_ELEMENTS(tunnels) == N_TUNNEL_KINDS);
	switch (layer->kind) {
	case LAYER_LINK:
		name = link_type_name(layer->value);
		return name ? name : names[LAYER_LINK];
	case LAYER_IPV6_EXTENSION:
		name = ip_protocol_name(layer->number);
		return name ? name : names[LAYER_IPV6_EXTENSION];
	case LAYER_OTHER_TUNNEL:
		return tunnels[layer->number];
	default:
		return names[layer->kind];
	}
}

static const char *
ip_tunnel_name(guint8 outer, guint8 inner)
{
	if (outer == LAYER_IPV4)
		return inner == LAYER_IPV4 ? "IP in IP" : "6in4";
	return inner == LAYER_IPV4 ? "4in6" : "IPv6 in IPv6";
}

const char *
tunnel_name(const Facts *facts)
{
	const char *name = NULL;
	gint ip = -1; /* the layer of the last IP header, with nothing but extensions since */

	for (guint i = 0; i < facts->n_layers; i++) {
		const Layer *layer = &facts->layers[i];

		switch (layer->kind) {
		case LAYER_IPV4:
		case LAYER_IPV6:
			if (ip >= 0)
				name = ip_tunnel_name(facts->layers[ip].kind, layer->kind);
			ip = (gint)i;
			break;
		case LAYER_IPV6_EXTENSION:
			break;
		case LAYER_MPLS:
		case LAYER_GRE:
		case LAYER_VXLAN:
		case LAYER_OTHER_TUNNEL:
			name = layer_name(layer);
			/* fall through */
		default:
			ip = -1;
		}
	}
	return name;
}
