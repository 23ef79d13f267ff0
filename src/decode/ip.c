/* SPDX-License-Identifier: MIT */
/* ip.c - IPv4 and IPv6 headers, what stands between them and what they carry, and the protocols
 * that they carry. */
#include "decoder.h"

static const char ipv4_short[] = N_("the packet ends within its IPv4 header");
static const char extension_short[] = N_("the packet ends within its IPv6 extension headers");
static const char ip_too_long[] = N_("the IP header claims more bytes than the packet has");

enum { IPV6_HEADER = 40 };

static DecodeStep decode_ip_extension, decode_ip_routing, decode_ip_fragment,
    decode_ip_destination_options, decode_ah;

static const struct {
	const char *name;
	DecodeStep *step; /* NULL: known by name only */
} ip_protocols[256] = {
	[0] = { "IPv6 hop-by-hop options", decode_ip_extension },
	[1] = { "ICMP", decode_icmp },
	[2] = { "IGMP" },
	[4] = { "IPv4", decode_ip },
	[6] = { "TCP", decode_tcp },
	[8] = { "EGP" },
	[9] = { "IGRP" },
	[17] = { "UDP", decode_udp },
	[27] = { "RDP" },
	[33] = { "DCCP" },
	[41] = { "IPv6", decode_ip },
	[43] = { "IPv6 routing header", decode_ip_routing },
	[44] = { "IPv6 fragment header", decode_ip_fragment },
	[46] = { "RSVP" },
	[47] = { "GRE", decode_gre },
	[50] = { "ESP" },
	[51] = { "IPsec AH", decode_ah },
	[54] = { "NHRP" },
	[58] = { "ICMPv6", decode_icmp },
	[60] = { "IPv6 destination options", decode_ip_destination_options },
	[88] = { "EIGRP" },
	[89] = { "OSPF" },
	[94] = { "IPIP", decode_ip },
	[97] = { "EtherIP", decode_etherip },
	[103] = { "PIM", decode_pim },
	[108] = { "IPComp" },
	[112] = { "VRRP" },
	[113] = { "PGM" },
	[115] = { "L2TPv3" },
	[124] = { "IS-IS" },
	[132] = { "SCTP" },
	[133] = { "Fibre Channel" },
	[135] = { "IPv6 mobility header", decode_ip_extension },
	[136] = { "UDP-Lite" },
	[137] = { "MPLS", decode_mpls },
	[139] = { "HIP" },
	[140] = { "IPv6 Shim6 header", decode_ip_extension },
	[143] = { "Ethernet", decode_ethernet },
};

const char *
ip_protocol_name(guint8 protocol)
{
	return ip_protocols[protocol].name;
}

static void
next_protocol(Decoder *decoder, guint8 protocol)
{
	enum { NO_NEXT_HEADER = 59 };

	decoder->facts->ip_protocol = protocol;
	decoder->next = ip_protocols[protocol].step;
	if (!decoder->next && protocol != NO_NEXT_HEADER)
		decoder_unsupported(decoder, NUMBER_IP_PROTOCOL, protocol,
				    ip_protocols[protocol].name);
}

/* Both addresses stand behind each other in the headers of both versions. */
static void
enter_datagram(Decoder *decoder, guint8 version, const guint8 *addresses)
{
	Facts *facts = decoder->facts;
	guint size = version == 4 ? 4 : 16;

	if (decoder->n_ip++ > 0) {
		/* What the datagram around this one said is over: it was a tunnel. */
		facts->in_tunnel = TRUE;
		facts->transport = TRANSPORT_NONE;
		facts->has_transport_header = FALSE;
		facts->kind = KIND_OTHER;
		facts->ip_id = 0;
		facts->fragment_offset = 0;
		facts->more_fragments = FALSE;
		facts->has_payload_length = FALSE;
		facts->transport_offset = 0;
		facts->payload_offset = 0;
		facts->payload_length = 0;
		facts->payload_captured = 0;
	}
	facts->ip_version = version;
	endpoint_set_address(&facts->source, version, addresses);
	endpoint_set_address(&facts->destination, version, addresses + size);
}

/* The cursor is behind the header: what follows is `length` bytes, at most. */
static void
limit_datagram(Decoder *decoder, guint32 length)
{
	if (length > cursor_left(&decoder->cursor) && !decoder->in_fragment)
		decoder_note(decoder, DECODE_MALFORMED, ip_too_long);
	cursor_limit(&decoder->cursor, length);
}

/* Loose and strict source routes (RFC 791 3.1) hold the real destination as long as
 * their pointer is not past the end. */
static void
decode_ipv4_options(Decoder *decoder, const guint8 *options, guint length)
{
	enum { OPTION_END = 0, OPTION_LOOSE = 131, OPTION_STRICT = 137 };
	guint size;

	for (guint i = 0; i < length && options[i] != OPTION_END; i += size) {
		size = option_size(options + i, length - i, length - i);
		if (size == 0) {
			decoder_note(decoder, DECODE_MALFORMED,
				     N_("an IPv4 option runs past the header"));
			return;
		}
		if ((options[i] == OPTION_LOOSE || options[i] == OPTION_STRICT) && size >= 7 &&
		    options[i + 2] <= size - 3)
			endpoint_set_address(&decoder->facts->destination, 4,
					     options + i + size - 4);
	}
}

/* Where the datagram is a first or only fragment; else the walk ends. */
static void
next_unless_fragment(Decoder *decoder, guint8 protocol)
{
	Facts *facts = decoder->facts;

	facts->ip_protocol = protocol;
	if (facts->fragment_offset > 0) {
		decoder_note(decoder, DECODE_FRAGMENT, NULL);
		facts->kind = KIND_FRAGMENT;
		facts->transport = protocol == 6    ? TRANSPORT_TCP
				   : protocol == 17 ? TRANSPORT_UDP
						    : TRANSPORT_NONE;
		decoder_set_payload(decoder);
		return;
	}
	if (facts->more_fragments) {
		decoder->in_fragment = TRUE;
		decoder_note(decoder, DECODE_FIRST_FRAGMENT, NULL);
	}
	next_protocol(decoder, protocol);
}

/* RFC 791 3.1 */
static void
decode_ipv4(Decoder *decoder)
{
	Facts *facts = decoder->facts;
	PEEK_OR_RETURN(bytes, 20, ipv4_short);
	guint32 length = (bytes[0] & 0x0fu) * 4, total = get_be16(bytes + 2);

	if (total == 0)
		total = cursor_left(
		    &decoder->cursor); /* segmentation offload: the hardware fills it in */
	if (length < 20 || total < length) {
		decoder_note(decoder, DECODE_MALFORMED,
			     length < 20 ? N_("the IPv4 header length is below 20")
					 : N_("the IPv4 total length is below the header's"));
		return;
	}
	if (!decoder_pull(decoder, length, ipv4_short))
		return;
	decoder_add_header(decoder, LAYER_IPV4);
	enter_datagram(decoder, 4, bytes + 12);
	decode_ipv4_options(decoder, bytes + 20, length - 20);
	guint16 fragment = get_be16(bytes + 6);
	facts->ip_header_length = (guint16)length;
	facts->ip_total_length = total;
	facts->ip_id = get_be16(bytes + 4);
	facts->more_fragments = (fragment & 0x2000) != 0;
	facts->fragment_offset = (fragment & 0x1fffu) * 8;
	limit_datagram(decoder, total - length);
	next_unless_fragment(decoder, bytes[9]);
}

/* The payload length in a jumbo option of the hop-by-hop header at the cursor (RFC 2675), or 0. */
static guint32
ip_jumbo_length(const Cursor *cursor)
{
	enum { OPTION_PAD1 = 0, OPTION_JUMBO = 0xc2 };
	const guint8 *bytes = cursor_peek(cursor, 8);

	if (!bytes)
		return 0;
	guint length = 8 + 8u * bytes[1];
	bytes = cursor_peek(cursor, length);
	if (!bytes)
		return 0;
	for (guint i = 2; i + 6 <= length; i += bytes[i] == OPTION_PAD1 ? 1u : 2u + bytes[i + 1])
		if (bytes[i] == OPTION_JUMBO && bytes[i + 1] == 4)
			return get_be32(bytes + i + 2);
	return 0;
}

/* RFC 8200 3 */
static void
decode_ipv6(Decoder *decoder)
{
	Facts *facts = decoder->facts;
	PULL_OR_RETURN(bytes, IPV6_HEADER, N_("the packet ends within its IPv6 header"));

	decoder_add_header(decoder, LAYER_IPV6);
	enter_datagram(decoder, 6, bytes + 8);
	/* 0 means a jumbogram where a hop-by-hop option says so (RFC 2675), or more than fits
	 * the field where Linux segments later (BIG TCP); else there is nothing. */
	guint32 length = get_be16(bytes + 4);
	if (length == 0 && bytes[6] == 0)
		length = ip_jumbo_length(&decoder->cursor);
	if (length == 0 && cursor_left(&decoder->cursor) > G_MAXUINT16)
		length = cursor_left(&decoder->cursor);
	facts->ip_header_length = IPV6_HEADER;
	facts->ip_total_length =
	    length > G_MAXUINT32 - IPV6_HEADER ? G_MAXUINT32 : IPV6_HEADER + length;
	limit_datagram(decoder, length);
	next_protocol(decoder, bytes[6]);
}

void
decode_ip(Decoder *decoder)
{
	PEEK_OR_RETURN(bytes, 1, N_("the packet ends before its IP header"));

	if (bytes[0] >> 4 == 4)
		decode_ipv4(decoder);
	else if (bytes[0] >> 4 == 6)
		decode_ipv6(decoder);
	else
		decoder_note(decoder, DECODE_MALFORMED, N_("the IP version is neither 4 nor 6"));
}

/* Extension headers of IPv6 (RFC 8200 4); AH of IPv4 too. */

/* Takes `length` bytes of extension header from the cursor; NULL where they are not there. */
static const guint8 *
pull_extension(Decoder *decoder, guint32 length)
{
	Facts *facts = decoder->facts;
	const guint8 *bytes = decoder_pull(decoder, length, extension_short);

	if (!bytes)
		return NULL;
	decoder_add_header(decoder, LAYER_IPV6_EXTENSION)->number = facts->ip_protocol;
	facts->ip_header_length = (guint16)MIN(facts->ip_header_length + length, G_MAXUINT16);
	return bytes;
}

/* next header 1, length 1 (in 8 bytes, the first 8 not counted), ... */
static const guint8 *
pull_sized_extension(Decoder *decoder, guint32 *length)
{
	const guint8 *bytes = decoder_peek(decoder, 2, extension_short);

	if (!bytes)
		return NULL;
	*length = 8 + 8u * bytes[1];
	return pull_extension(decoder, *length);
}

static void
decode_ip_extension(Decoder *decoder)
{
	guint32 length;
	const guint8 *bytes = pull_sized_extension(decoder, &length);

	if (bytes)
		next_protocol(decoder, bytes[0]);
}

/* A mobile node's home address (RFC 6275 6.3) is the one that its peers know it by. */
static void
decode_ip_destination_options(Decoder *decoder)
{
	enum { OPTION_PAD1 = 0, OPTION_HOME_ADDRESS = 201 };
	guint32 length;
	TAKE_OR_RETURN(bytes, pull_sized_extension(decoder, &length));

	for (guint i = 2; i + 18 <= length; i += bytes[i] == OPTION_PAD1 ? 1u : 2u + bytes[i + 1])
		if (bytes[i] == OPTION_HOME_ADDRESS && bytes[i + 1] == 16)
			endpoint_set_address(&decoder->facts->source, 6, bytes + i + 2);
	next_protocol(decoder, bytes[0]);
}

/* next header 1, length 1, type 1, segments left 1, ... While there are hops left, the last one
 * is the destination: types 0 (RFC 2460) and 2 (RFC 6275) have it at the end, 4 (RFC 8754) at
 * the start. */
static void
decode_ip_routing(Decoder *decoder)
{
	enum { TYPE_SOURCE_ROUTE = 0, TYPE_MOBILE = 2, TYPE_SEGMENTS = 4 };
	Facts *facts = decoder->facts;
	guint32 length;
	TAKE_OR_RETURN(bytes, pull_sized_extension(decoder, &length));

	if (bytes[3] > 0 && length >= 24 && facts->ip_version == 6) {
		if (bytes[2] == TYPE_SOURCE_ROUTE || bytes[2] == TYPE_MOBILE)
			endpoint_set_address(&facts->destination, 6,
					     bytes + 8 + (length - 8) / 16 * 16 - 16);
		else if (bytes[2] == TYPE_SEGMENTS)
			endpoint_set_address(&facts->destination, 6, bytes + 8);
	}
	next_protocol(decoder, bytes[0]);
}

/* next header 1, zero 1, offset 13 bits and more-fragments 1, identification 4 */
static void
decode_ip_fragment(Decoder *decoder)
{
	Facts *facts = decoder->facts;
	TAKE_OR_RETURN(bytes, pull_extension(decoder, 8));

	facts->fragment_offset = get_be16(bytes + 2) & 0xfff8;
	facts->more_fragments = bytes[3] & 1;
	facts->ip_id = get_be32(bytes + 4);
	next_unless_fragment(decoder, bytes[0]);
}

/* next header 1, length 1 (in 4 bytes, the first 8 not counted), ...: RFC 4302 2 */
static void
decode_ah(Decoder *decoder)
{
	PEEK_OR_RETURN(bytes, 2, extension_short);

	bytes = pull_extension(decoder, 8 + 4u * bytes[1]);
	if (bytes)
		next_protocol(decoder, bytes[0]);
}
