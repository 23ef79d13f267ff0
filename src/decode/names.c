/* SPDX-License-Identifier: MIT */
/* names.c - what the facts are called. */
#include "decoder.h"

ShortText
tcp_flags_text(guint16 flags)
{
	static const char names[][4] = { "FIN", "SYN", "RST", "PSH", "ACK",
					 "URG", "ECE", "CWR", "AE",  "RES" };
	guint bits = (flags & 0x1ff) | (flags & 0xe00 ? 0x200 : 0);
	ShortText text;

	g_strlcpy(text.text, bits ? "" : _("none"), sizeof text.text);
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		if (!(bits & 1u << i))
			continue;
		if (text.text[0])
			g_strlcat(text.text, "-", sizeof text.text);
		g_strlcat(text.text, names[i], sizeof text.text);
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

ShortText
protocol_text(NumberSpace space, guint16 value, const char *name)
{
	static const char *const spaces[] = {
		[NUMBER_LINK_TYPE] = N_("link type %u"),
		[NUMBER_ETHERTYPE] = N_("ethertype 0x%04x"),
		[NUMBER_IP_PROTOCOL] = N_("IP protocol %u"),
		[NUMBER_PPP] = N_("PPP protocol 0x%04x"),
		[NUMBER_LLC] = N_("LLC DSAP 0x%02x"),
		[NUMBER_ARCNET] = N_("ARCNET protocol %u"),
		[NUMBER_NONE] = NULL,
	};
	g_autofree char *number = NULL;
	ShortText text;

	G_STATIC_ASSERT(G_N_ELEMENTS(spaces) == N_NUMBER_SPACES);
	if (!name && space == NUMBER_ETHERTYPE)
		name = ethertype_name(value);
	else if (!name && space == NUMBER_IP_PROTOCOL)
		name = ip_protocol_name(value);
	if (name && strcmp(name, UNKNOWN_PROTOCOL) == 0)
		name = NULL;
	if (spaces[space])
		/* the formats are ours, and translators' (msgfmt holds them to the original's) */
		number = g_strdup_printf(_(spaces[space]), value);
	if (name && number)
		g_snprintf(text.text, sizeof text.text, "%s (%s)", _(name), number);
	else
		g_strlcpy(text.text,
			  name     ? _(name)
			  : number ? number
				   : _("unknown protocol"),
			  sizeof text.text);
	return text;
}

void
unsupported_number(const Facts *facts, NumberSpace *space, guint16 *value)
{
	const Layer *layer = unsupported_layer(facts);

	*space = layer ? layer->number : facts->ip_version ? NUMBER_IP_PROTOCOL : NUMBER_NONE;
	*value = layer ? layer->value : facts->ip_protocol;
}

ShortText
unsupported_text(const Facts *facts)
{
	const Layer *layer = unsupported_layer(facts);

	if (facts->status != DECODE_UNSUPPORTED || !layer)
		return (ShortText){ "" };
	return protocol_text(layer->number, layer->value, facts->protocol_name);
}

const char *
layer_name(const Layer *layer)
{
#define NAME(NAME, name) name,
	static const char *const names[] = { LAYER_TABLE(NAME) };
	static const char *const tunnels[] = { TUNNEL_TABLE(NAME) };
#undef NAME
	const char *name;

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

const char *
icmp_name(guint8 ip_version, guint8 type, guint8 code)
{
	static const struct {
		guint8 version, type;
		gint16 code; /* -1: any other */
		const char *name;
	} names[] = {
		{ 4, 0, -1, N_("echo reply") },
		{ 4, 3, 0, N_("network unreachable") },
		{ 4, 3, 1, N_("host unreachable") },
		{ 4, 3, 2, N_("protocol unreachable") },
		{ 4, 3, 3, N_("port unreachable") },
		{ 4, 3, 4, N_("fragmentation needed") },
		{ 4, 3, 13, N_("administratively prohibited") },
		{ 4, 3, -1, N_("destination unreachable") },
		{ 4, 4, -1, N_("source quench") },
		{ 4, 5, -1, N_("redirect") },
		{ 4, 8, -1, N_("echo request") },
		{ 4, 9, -1, N_("router advertisement") },
		{ 4, 10, -1, N_("router solicitation") },
		{ 4, 11, -1, N_("time exceeded") },
		{ 4, 12, -1, N_("parameter problem") },
		{ 6, 1, 0, N_("no route") },
		{ 6, 1, 1, N_("administratively prohibited") },
		{ 6, 1, 3, N_("address unreachable") },
		{ 6, 1, 4, N_("port unreachable") },
		{ 6, 1, -1, N_("destination unreachable") },
		{ 6, 2, -1, N_("packet too big") },
		{ 6, 3, -1, N_("time exceeded") },
		{ 6, 4, -1, N_("parameter problem") },
		{ 6, 128, -1, N_("echo request") },
		{ 6, 129, -1, N_("echo reply") },
		{ 6, 133, -1, N_("router solicitation") },
		{ 6, 134, -1, N_("router advertisement") },
		{ 6, 135, -1, N_("neighbour solicitation") },
		{ 6, 136, -1, N_("neighbour advertisement") },
	};

	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		if (names[i].version == ip_version && names[i].type == type &&
		    (names[i].code < 0 || names[i].code == code))
			return names[i].name;
	return NULL;
}

const char *
tunnel_name(const Facts *facts)
{
	static const char *const ip_in_ip[][2] = { { "IP in IP", "6in4" },
						   { "4in6", "IPv6 in IPv6" } };
	const char *name = NULL;
	gint ip = -1; /* the layer of the last IP header, with nothing but extensions since */

	for (guint i = 0; i < facts->n_layers; i++) {
		const Layer *layer = &facts->layers[i];

		switch (layer->kind) {
		case LAYER_IPV4:
		case LAYER_IPV6:
			if (ip >= 0)
				name = ip_in_ip[facts->layers[ip].kind == LAYER_IPV6]
					       [layer->kind == LAYER_IPV6];
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
