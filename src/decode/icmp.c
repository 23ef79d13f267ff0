/* SPDX-License-Identifier: MIT */
/* icmp.c - ICMP and ICMPv6, and the datagram that an error quotes. */
#include "decoder.h"

enum { ICMP_HEADER = 8 };

/* Takes the quoted IPv6 header from the cursor, with the extension headers that are sized alike;
 * its protocol, or -1 where no transport header can follow. */
static gint
quote_ipv6(Cursor *cursor, IcmpFacts *icmp)
{
	enum { HOP_BY_HOP = 0, ROUTING = 43, FRAGMENT = 44, DESTINATION = 60, MAX_EXTENSIONS = 16 };
	const guint8 *bytes = cursor_pull(cursor, 40);

	if (!bytes)
		return -1;
	endpoint_set_address(&icmp->quoted_source, 6, bytes + 8);
	endpoint_set_address(&icmp->quoted_destination, 6, bytes + 24);
	guint8 protocol = bytes[6];
	for (guint n = 0; n < MAX_EXTENSIONS; n++) {
		if (protocol != HOP_BY_HOP && protocol != ROUTING && protocol != FRAGMENT &&
		    protocol != DESTINATION)
			return protocol;
		bytes = cursor_peek(cursor, 8);
		if (!bytes || (protocol == FRAGMENT && get_be16(bytes + 2) & 0xfff8))
			return -1;
		if (!cursor_pull(cursor, protocol == FRAGMENT ? 8 : 8 + 8u * bytes[1]))
			return -1;
		protocol = bytes[0];
	}
	return -1;
}

static void
decode_quote(Decoder *decoder)
{
	IcmpFacts *icmp = &decoder->facts->icmp;
	Cursor cursor = decoder->cursor;
	const guint8 *bytes = cursor_peek(&cursor, 1);
	gint protocol = -1;

	if (bytes && bytes[0] >> 4 == 4) {
		bytes = cursor_peek(&cursor, 20);
		guint32 length = bytes ? (bytes[0] & 0x0fu) * 4 : 0;
		if (length < 20 || !cursor_pull(&cursor, length) || get_be16(bytes + 6) & 0x1fff)
			return;
		endpoint_set_address(&icmp->quoted_source, 4, bytes + 12);
		endpoint_set_address(&icmp->quoted_destination, 4, bytes + 16);
		protocol = bytes[9];
	} else if (bytes && bytes[0] >> 4 == 6) {
		protocol = quote_ipv6(&cursor, icmp);
	}
	/* Ports and TCP's sequence number are in the 8 bytes that RFC 792 promises; captures cut.
	 */
	bytes = cursor_peek(&cursor, 4);
	if (!bytes || (protocol != 6 && protocol != 17))
		return;
	icmp->quoted_transport = protocol == 6 ? TRANSPORT_TCP : TRANSPORT_UDP;
	icmp->quoted_source.port = get_be16(bytes);
	icmp->quoted_destination.port = get_be16(bytes + 2);
	icmp->quoted_length = (guint16)MIN(cursor_at_hand(&cursor), G_MAXUINT16);
	if (protocol == 6 && icmp->quoted_length >= 8)
		icmp->quoted_seq = get_be32(bytes + 4);
	decoder->facts->kind = KIND_ICMP_ERROR;
}

/* type 1, code 1, checksum 2, the type's own 4; both versions */
void
decode_icmp(Decoder *decoder)
{
	enum { UNREACHABLE = 3, SOURCE_QUENCH, REDIRECT, TIME_EXCEEDED = 11, PARAMETER_PROBLEM };
	Facts *facts = decoder->facts;
	gboolean is_v6 = facts->ip_protocol == 58;
	PULL_OR_RETURN(bytes, ICMP_HEADER, N_("the packet ends within its ICMP header"));

	decoder_add_header(decoder, is_v6 ? LAYER_ICMPV6 : LAYER_ICMP);
	facts->transport_offset = decoder->start;
	facts->icmp = (IcmpFacts){
		.type = bytes[0],
		.code = bytes[1],
		/* RFC 792; RFC 4443 2.1 */
		.is_error = is_v6 ? bytes[0] >= 1 && bytes[0] < 128
				  : (bytes[0] >= UNREACHABLE && bytes[0] <= REDIRECT) ||
					bytes[0] == TIME_EXCEEDED || bytes[0] == PARAMETER_PROBLEM,
		.checksum = get_be16(bytes + 2),
		.rest = get_be32(bytes + 4),
	};
	decoder_set_payload(decoder);
	if (facts->icmp.is_error)
		decode_quote(decoder);
}
