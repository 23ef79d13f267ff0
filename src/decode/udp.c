/* SPDX-License-Identifier: MIT */
/* udp.c - UDP headers, and the tunnels in UDP: VXLAN, Geneve, GTP-U, Teredo, L2TP, LISP, MPLS,
 * CAPWAP.
 *
 * A port is a weak sign, so each of them looks for what its header must have;
 * what has it not is a datagram like any other. Nothing in here notes a
 * problem of its own header: a short one is a datagram like any other too.
 */
#include "decoder.h"

#define UDP_HEADER 8u

static void
next_tunnel(Decoder *decoder, LayerKind kind, guint8 number, guint32 length, guint32 id,
	    DecodeStep *next)
{
	if (!next || !cursor_pull(&decoder->cursor, length))
		return;
	Layer *layer = decoder_add_header(decoder, kind);
	layer->number = number;
	layer->extra = id;
	decoder->next = next;
}

/* The step of what the first four bits behind `skip` bytes look like. */
static DecodeStep *
step_by_nibble(const Decoder *decoder, guint32 skip)
{
	const guint8 *bytes = cursor_peek(&decoder->cursor, skip + 1);
	guint8 nibble = bytes ? bytes[skip] >> 4 : 0;

	return nibble == 4 || nibble == 6 ? decode_ip : NULL;
}

/* flags 1 (0x08: there is a VNI), reserved 3, VNI 3, reserved 1: RFC 7348 5 */
static void
decode_vxlan(Decoder *decoder)
{
	const guint8 *bytes = cursor_peek(&decoder->cursor, 8);

	if (bytes && bytes[0] & 0x08)
		next_tunnel(decoder, LAYER_VXLAN, 0, 8, get_be24(bytes + 4), decode_ethernet);
}

/* as VXLAN, with the next protocol in the fourth byte (draft-ietf-nvo3-vxlan-gpe 3) */
static void
decode_vxlan_gpe(Decoder *decoder)
{
	static DecodeStep *const steps[] = {
		[0] = decode_ethernet, [1] = decode_ip,  [2] = decode_ip,
		[3] = decode_ethernet, [4] = decode_nsh, [5] = decode_mpls
	};
	const guint8 *bytes = cursor_peek(&decoder->cursor, 8);

	if (bytes && bytes[0] & 0x0c && bytes[3] < G_N_ELEMENTS(steps))
		next_tunnel(decoder, LAYER_VXLAN, 0, 8, get_be24(bytes + 4), steps[bytes[3]]);
}

static void
decode_geneve_payload(Decoder *decoder)
{
	decoder_next_ethertype(decoder, decoder->ethertype);
}

/* version 2 bits, options' length 6 (in 4 bytes), flags 1, ethertype 2, VNI 3, reserved 1:
 * RFC 8926 3.4 */
static void
decode_geneve(Decoder *decoder)
{
	const guint8 *bytes = cursor_peek(&decoder->cursor, 8);

	if (!bytes || bytes[0] >> 6 != 0 || !ethertype_is_decoded(get_be16(bytes + 2)))
		return;
	decoder->ethertype = get_be16(bytes + 2);
	next_tunnel(decoder, LAYER_OTHER_TUNNEL, TUNNEL_GENEVE, 8 + (bytes[0] & 0x3fu) * 4,
		    get_be24(bytes + 4), decode_geneve_payload);
}

/* version 3 bits, protocol type 1, flags; message 1, length 2, TEID 4: 3GPP TS 29.281 5;
 * extension headers: length 1 (in 4 bytes), ..., next type 1 */
static void
decode_gtp(Decoder *decoder)
{
	enum { MESSAGE_G_PDU = 255 };
	const guint8 *bytes = cursor_peek(&decoder->cursor, 8);
	guint32 at_hand = cursor_at_hand(&decoder->cursor), length;

	if (!bytes || bytes[0] >> 4 != 3 || bytes[1] != MESSAGE_G_PDU)
		return;
	length = bytes[0] & 0x07 ? 12 : 8;
	if (length > at_hand)
		return;
	gboolean more = bytes[0] & 0x04 && bytes[11] != 0;
	while (more) {
		if (length >= at_hand || bytes[length] == 0 ||
		    bytes[length] * 4u > at_hand - length)
			return;
		length += bytes[length] * 4u;
		more = bytes[length - 1] != 0;
	}
	next_tunnel(decoder, LAYER_OTHER_TUNNEL, TUNNEL_GTP, length, get_be32(bytes + 4),
		    step_by_nibble(decoder, length));
}

/* Authentication (00 01, client length 1, value length 1, both, nonce 8, confirmation 1) and
 * origin (00 00, port 2, address 4) may precede the IPv6 packet: RFC 4380 5.1.1 */
static void
decode_teredo(Decoder *decoder)
{
	const guint8 *bytes = cursor_peek(&decoder->cursor, 4);
	guint32 length = 0;

	if (bytes && get_be16(bytes) == 1)
		length += 13u + bytes[2] + bytes[3];
	bytes = cursor_peek(&decoder->cursor, length + 2);
	if (bytes && get_be16(bytes + length) == 0)
		length += 8;
	bytes = cursor_peek(&decoder->cursor, length + 1);
	if (bytes && bytes[length] >> 4 == 6)
		next_tunnel(decoder, LAYER_OTHER_TUNNEL, TUNNEL_TEREDO, length, 0, decode_ip);
}

/* flags and version 2, length 2 where L, tunnel 2, session 2, sequence 4 where S, offset where O:
 * RFC 2661 3.1; only data messages carry PPP */
static void
decode_l2tp(Decoder *decoder)
{
	enum { CONTROL = 0x8000, LENGTH = 0x4000, SEQUENCE = 0x0800, OFFSET = 0x0200 };
	TAKE_OR_RETURN(bytes, cursor_peek(&decoder->cursor, 6));
	guint32 length = 6, ids;
	guint16 flags = get_be16(bytes);
	if (flags & CONTROL || (flags & 0x0f) != 2)
		return;
	if (flags & LENGTH)
		length += 2;
	ids = length - 4;
	if (flags & SEQUENCE)
		length += 4;
	if (flags & OFFSET) {
		TAKE_OR_RETURN(padded, cursor_peek(&decoder->cursor, length + 2));
		length += 2u + get_be16(padded + length);
	}
	bytes = cursor_peek(&decoder->cursor, length);
	if (bytes)
		next_tunnel(decoder, LAYER_OTHER_TUNNEL, TUNNEL_L2TP, length,
			    get_be16(bytes + ids + 2), decode_ppp);
}

/* flags and nonce 4, instance or status bits 4: RFC 9300 5.1 */
static void
decode_lisp(Decoder *decoder)
{
	const guint8 *bytes = cursor_peek(&decoder->cursor, 8);

	if (bytes)
		next_tunnel(decoder, LAYER_OTHER_TUNNEL, TUNNEL_LISP, 8,
			    bytes[0] & 0x08 ? get_be24(bytes + 4) : 0, step_by_nibble(decoder, 8));
}

/* version 4 bits, type 4 (1: DTLS); header's length 5 (in 4 bytes), radio 5, binding 5 (1: 802.11),
 * native frame 1; fragment 1, 3 for what else is in the header, keep-alive 1, reserved 3; fragment
 * 4: RFC 5415 4.3. Who is no fragment has a frame of Ethernet or of its own kind. */
static void
decode_capwap(Decoder *decoder)
{
	enum { BINDING_WLAN = 1, FRAGMENT = 0x80, KEEP_ALIVE = 0x08 };
	const guint8 *bytes = cursor_peek(&decoder->cursor, 8);

	if (!bytes || bytes[0] != 0 || bytes[3] & (FRAGMENT | KEEP_ALIVE) || bytes[1] >> 3 < 2)
		return;
	gboolean native = bytes[2] & 1;
	if (native && (bytes[2] >> 1 & 0x1f) != BINDING_WLAN)
		return;
	next_tunnel(decoder, LAYER_OTHER_TUNNEL, TUNNEL_CAPWAP, (bytes[1] >> 3) * 4u,
		    (guint32)(get_be16(bytes + 1) >> 6 & 0x1f),
		    native ? decode_wlan_swapped : decode_ethernet);
}

/* RFC 768 */
void
decode_udp(Decoder *decoder)
{
	static const Protocol tunnels[] = {
		/* by port */
		{ 4789, "VXLAN", decode_vxlan },
		{ 4790, "VXLAN-GPE", decode_vxlan_gpe },
		{ 6081, "Geneve", decode_geneve },
		{ 2152, "GTP-U", decode_gtp },
		{ 3544, "Teredo", decode_teredo },
		{ 1701, "L2TP", decode_l2tp },
		{ 4341, "LISP", decode_lisp },
		{ 6635, "MPLS", decode_mpls },
		{ 5247, "CAPWAP", decode_capwap },
		{ 8472, "VXLAN", decode_vxlan }, /* Linux's own default, older than RFC 7348 */
	};
	Facts *facts = decoder->facts;

	decoder_set_ports(decoder, TRANSPORT_UDP);
	PULL_OR_RETURN(bytes, UDP_HEADER, N_("the packet ends within its UDP header"));
	facts->udp.length = get_be16(bytes + 4);
	facts->udp.checksum = get_be16(bytes + 6);
	decoder_add_header(decoder, LAYER_UDP);
	/* IP may carry more than UDP says. 0 is a jumbogram's over IPv6 (RFC 2675 4). */
	guint32 length = facts->udp.length, left = cursor_left(&decoder->cursor);
	if (length == 0 && facts->ip_version == 6 && left > G_MAXUINT16 - UDP_HEADER)
		length = left + UDP_HEADER;
	if (length < UDP_HEADER) {
		decoder_note(decoder, DECODE_MALFORMED, N_("the UDP length is below 8"));
		return;
	}
	if (length - UDP_HEADER > left && !decoder->in_fragment)
		decoder_note(decoder, DECODE_MALFORMED,
			     N_("the UDP length is more than the IP packet has"));
	cursor_limit(&decoder->cursor, length - UDP_HEADER);
	facts->has_transport_header = TRUE;
	facts->has_payload_length = !facts->more_fragments;
	facts->kind = KIND_DATAGRAM;
	decoder_set_payload(decoder);
	const Protocol *tunnel = protocol_find(tunnels, facts->destination.port);
	if (!tunnel)
		tunnel = protocol_find(tunnels, facts->source.port);
	if (!tunnel)
		return;
	decoder->next = tunnel->step;
	decoder->in_udp_tunnel = TRUE;
	decoder->n_ip_before_tunnel = decoder->n_ip;
	decoder->n_layers_before_tunnel = facts->n_layers;
	decoder->status_before_tunnel = facts->status;
	decoder->problem_before_tunnel = facts->problem;
}
