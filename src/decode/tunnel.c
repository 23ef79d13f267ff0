/* SPDX-License-Identifier: MIT */
/* tunnel.c - tunnels that IP or an ethertype names: GRE, ERSPAN, EtherIP, NSH, PIM, FabricPath. */
#include "decoder.h"

static const char gre_short[] = N_("the packet ends within its GRE header");
static const char erspan_short[] = N_("the packet ends within its ERSPAN header");
static const char nsh_short[] = N_("the packet ends within its NSH header");

enum {
	GRE_CHECKSUM = 0x8000,
	GRE_ROUTING = 0x4000,
	GRE_KEY = 0x2000,
	GRE_SEQUENCE = 0x1000,
	GRE_ACK = 0x0080,
	GRE_VERSION = 0x0007,
};

static DecodeStep decode_wccp, decode_erspan_1, decode_erspan_2, decode_erspan_3;

/* What GRE carries besides ethertypes. */
static const Protocol gre_protocols[] = {
	{ 0x880b, "PPTP", decode_ppp },
	{ 0x8881, "CDMA2000", decode_ppp },
	{ 0x88d2, "PPP", decode_ppp },
	{ 0x883e, "WCCP", decode_wccp },
	{ 0x88be, "ERSPAN", decode_erspan_2 },
	{ 0x22eb, "ERSPAN", decode_erspan_3 },
	{ 0x6400, "Ethernet", decode_ethernet }, /* as some vendors number it */
	{ 0x6559, "Frame Relay", decode_frame_relay },
};

void
decoder_next_gre(Decoder *decoder, guint16 protocol)
{
	const Protocol *known = protocol_find(gre_protocols, protocol);

	if (known)
		decoder->next = known->step;
	else
		decoder_next_ethertype(decoder, protocol);
}

/* flags 2, protocol 2, and what the flags say: RFC 2784, 2890; version 1: RFC 2637 */
void
decode_gre(Decoder *decoder)
{
	enum { MAX_ROUTES = 64 };
	PEEK_OR_RETURN(bytes, 4, gre_short);
	guint16 flags = get_be16(bytes), protocol = get_be16(bytes + 2);
	guint32 length = 4;

	length += flags & (GRE_CHECKSUM | GRE_ROUTING) ? 4 : 0;
	length += flags & GRE_KEY ? 4 : 0;
	length += flags & GRE_SEQUENCE ? 4 : 0;
	length += flags & GRE_ACK && (flags & GRE_VERSION) == 1 ? 4 : 0;
	if (!decoder_pull(decoder, length, gre_short))
		return;
	gboolean more = (flags & GRE_ROUTING) != 0;
	/* RFC 1701: family 2, offset 1, length 1, addresses; the last route is empty. */
	for (guint n = 0; more; n++) {
		const guint8 *route = n < MAX_ROUTES ? decoder_pull(decoder, 4, gre_short) : NULL;

		more = route && (get_be16(route) != 0 || route[3] != 0);
		if (!route || (more && !decoder_pull(decoder, route[3], gre_short)))
			return;
	}
	Layer *layer = decoder_add_header(decoder, LAYER_GRE);
	layer->value = protocol;
	layer->number = (flags & GRE_KEY) != 0;
	if (flags & GRE_KEY)
		layer->extra = get_be32(bytes + (flags & (GRE_CHECKSUM | GRE_ROUTING) ? 8 : 4));
	decoder_next_gre(decoder, protocol);
	if (decoder->next == decode_erspan_2 && !(flags & GRE_SEQUENCE))
		decoder->next = decode_erspan_1;
}

/* Web cache redirection; its second version puts four bytes before the packet. */
static void
decode_wccp(Decoder *decoder)
{
	const guint8 *bytes = decoder_peek(decoder, 1, gre_short);

	if (!bytes || (bytes[0] >> 4 != 4 && !decoder_pull(decoder, 4, gre_short)))
		return;
	decoder->next = decode_ip;
}

static void
decode_erspan_1(Decoder *decoder)
{
	decoder_add_header(decoder, LAYER_OTHER_TUNNEL)->number = TUNNEL_ERSPAN;
	decoder->next = decode_ethernet;
}

static void
decode_erspan_2(Decoder *decoder)
{
	if (decoder_pull(decoder, 8, erspan_short))
		decode_erspan_1(decoder);
}

/* 12 bytes; the last two are flags: kind of frame in bits 3 to 7, a subheader of 8 where bit 0 */
static void
decode_erspan_3(Decoder *decoder)
{
	const guint8 *bytes = decoder_pull(decoder, 12, erspan_short);

	if (!bytes || (bytes[11] & 1 && !decoder_pull(decoder, 8, erspan_short)))
		return;
	decoder_add_header(decoder, LAYER_OTHER_TUNNEL)->number = TUNNEL_ERSPAN;
	decoder->next = (bytes[10] >> 2 & 0x1f) == 2 ? decode_ip : decode_ethernet;
}

/* version 2: RFC 3378 */
void
decode_etherip(Decoder *decoder)
{
	if (!decoder_pull(decoder, 2, N_("the packet ends within its EtherIP header")))
		return;
	decoder_add_header(decoder, LAYER_OTHER_TUNNEL)->number = TUNNEL_ETHERIP;
	decoder->next = decode_ethernet;
}

/* version 4 bits, type 4, reserved 1, checksum 2; a register: flags 4, and what a router is to pass
 * on, of which the second bit says that it is none: RFC 7761 4.9.3 */
void
decode_pim(Decoder *decoder)
{
	enum { VERSION_2 = 2, REGISTER = 1, REGISTER_HEADER = 8, NULL_REGISTER = 0x40 };
	const guint8 *bytes = cursor_peek(&decoder->cursor, REGISTER_HEADER);

	if (!bytes || bytes[0] != (VERSION_2 << 4 | REGISTER) || bytes[4] & NULL_REGISTER) {
		decoder_unsupported(decoder, NUMBER_IP_PROTOCOL, decoder->facts->ip_protocol,
				    "PIM");
		return;
	}
	cursor_pull(&decoder->cursor, REGISTER_HEADER);
	decoder_add_header(decoder, LAYER_OTHER_TUNNEL)->number = TUNNEL_PIM;
	decoder->next = decode_ip;
}

/* Cisco's: behind the addresses of switches and 0x8903 stand a tree 10 bits and a TTL 6, then the
 * frame of Ethernet. */
void
decode_fabricpath(Decoder *decoder)
{
	PULL_OR_RETURN(bytes, 2, N_("the packet ends within its FabricPath header"));
	Layer *layer = decoder_add_header(decoder, LAYER_OTHER_TUNNEL);

	layer->number = TUNNEL_FABRICPATH;
	layer->extra = get_be16(bytes) >> 6;
	decoder->next = decode_ethernet;
}

/* flags and TTL, length 6 bits (in 4 bytes), metadata type, next protocol; service path 4:
 * RFC 8300 2 */
void
decode_nsh(Decoder *decoder)
{
	static DecodeStep *const steps[] = { [1] = decode_ip,
					     [2] = decode_ip,
					     [3] = decode_ethernet,
					     [4] = decode_nsh,
					     [5] = decode_mpls };
	PEEK_OR_RETURN(bytes, 8, nsh_short);

	guint32 length = (bytes[1] & 0x3fu) * 4;
	if (length < 8) {
		decoder_note(decoder, DECODE_MALFORMED,
			     N_("the NSH header is shorter than it can be"));
		return;
	}
	if (!decoder_pull(decoder, length, nsh_short))
		return;
	Layer *layer = decoder_add_header(decoder, LAYER_OTHER_TUNNEL);
	layer->number = TUNNEL_NSH;
	layer->extra = get_be24(bytes + 4);
	if (bytes[3] < G_N_ELEMENTS(steps) && steps[bytes[3]])
		decoder->next = steps[bytes[3]];
	else
		decoder_unsupported(decoder, NUMBER_NONE, 0, "unknown NSH payload");
}
