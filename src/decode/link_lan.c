/* SPDX-License-Identifier: MIT */
/* link_lan.c - local networks other than Ethernet. */
#include "decoder.h"

static const char token_ring_short[] = N_("the packet ends within its Token Ring header");
static const char arcnet_short[] = N_("the packet ends within its ARCNET header");
static const char fibre_short[] = N_("the packet ends within its Fibre Channel header");
static const char ipoib_short[] = N_("the packet ends within its InfiniBand header");

/* frame control 1, destination 6, source 6, LLC */
void
decode_fddi(Decoder *decoder)
{
	PULL_LINK_OR_RETURN(bytes, 13, N_("the packet ends within its FDDI header"), 10);

	if ((bytes[0] & 0x70) == 0x50)
		decoder->next = decode_llc;
	else
		decoder_unsupported(decoder, NUMBER_NONE, 0, "FDDI management");
}

/* access control 1, frame control 1, destination 6, source 6, a route where the source's
 * first bit is set, LLC */
void
decode_token_ring(Decoder *decoder)
{
	PULL_OR_RETURN(bytes, 14, token_ring_short);
	gboolean is_llc = bytes[1] >> 6 == 1;
	if (bytes[8] & 0x80) {
		PEEK_OR_RETURN(route, 1, token_ring_short);
		if (!decoder_pull(decoder, route[0] & 0x1f, token_ring_short))
			return;
	}
	decoder_add_header(decoder, LAYER_LINK)->value = 6;
	if (is_llc)
		decoder->next = decode_llc;
	else
		decoder_unsupported(decoder, NUMBER_NONE, 0, "Token Ring management");
}

/* RFC 1051, RFC 1201 */
static const Protocol arcnet_protocols[] = {
	{ 240, "IPv4", decode_ip },
	{ 212, "IPv4", decode_ip },
	{ 196, "IPv4", decode_ip },
	{ 241, "ARP" },
	{ 213, "ARP" },
	{ 214, "RARP" },
};

/* source 1, destination 1, (Linux: offset 2), protocol 1, and RFC 1201's split header unless
 * the protocol is one of RFC 1051's */
void
decode_arcnet(Decoder *decoder)
{
	enum { LINKTYPE_LINUX = 129 };
	guint length = decoder->link_type == LINKTYPE_LINUX ? 5 : 3;
	PULL_OR_RETURN(bytes, length, arcnet_short);
	guint8 split = 0;
	guint8 protocol = bytes[length - 1];
	if (protocol != 240 && protocol != 241 && protocol != 236) {
		/* RFC 1201 3.2: split flag 1, sequence 2; a flag of 0xff means that three more
		 * bytes and the real flag precede. */
		bytes = decoder_peek(decoder, 1, arcnet_short);
		if (bytes && bytes[0] == 0xff && !decoder_pull(decoder, 4, arcnet_short))
			return;
		bytes = decoder_pull(decoder, 3, arcnet_short);
		if (!bytes)
			return;
		split = bytes[0];
	}
	decoder_add_header(decoder, LAYER_LINK)->value = decoder->link_type;
	if (split > 0)
		decoder_unsupported(decoder, NUMBER_NONE, 0, N_("fragment of an ARCNET packet"));
	else
		decoder_next(decoder, protocol_find(arcnet_protocols, protocol), NUMBER_ARCNET,
			     protocol);
}

/* destination 8, source 8, LLC: RFC 2625 */
void
decode_ip_over_fc(Decoder *decoder)
{
	if (decoder_pull_link(decoder, 16, fibre_short, 122))
		decoder->next = decode_llc;
}

/* global routing header 40, ethertype 2, zero 2: RFC 4391 6 */
void
decode_ipoib(Decoder *decoder)
{
	const guint8 *bytes = decoder_pull_link(decoder, 44, ipoib_short, 242);

	if (bytes)
		decoder_next_ethertype(decoder, get_be16(bytes + 40));
}
