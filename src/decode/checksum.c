/* SPDX-License-Identifier: MIT */
/* checksum.c - the Internet checksum of a transport header and its data (RFC 1071). */
#include "decoder.h"

/* One's complement sums do not care for byte order or word size (RFC 1071 2), so
 * the bytes are added 4 at a time as the machine has them. */
static guint64
sum_bytes(guint64 sum, const guint8 *bytes, guint32 length)
{
	guint8 tail[4] = { 0 };
	guint32 word;

	for (; length >= 4; bytes += 4, length -= 4) {
		memcpy(&word, bytes, 4);
		sum += word;
	}
	memcpy(tail, bytes, length);
	memcpy(&word, tail, 4);
	return sum + word;
}

/* In host order: 0xffff over a whole datagram whose checksum is right. */
static guint16
fold(guint64 sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return GUINT16_FROM_BE((guint16)sum);
}

/* RFC 9293 3.1, RFC 768, RFC 8200 8.1: addresses, length 4 and protocol 4. */
static guint64
pseudo_header_sum(const Facts *facts, guint32 length)
{
	guint32 tail[2] = { GUINT32_TO_BE(length), GUINT32_TO_BE(facts->ip_protocol) };
	guint32 size = facts->ip_version == 4 ? 4 : 16;
	guint64 sum = sum_bytes(0, facts->source.address, size);

	sum = sum_bytes(sum, facts->destination.address, size);
	return sum_bytes(sum, (const guint8 *)tail, sizeof tail);
}

/* What is left in the field when the rest is for the hardware: the pseudo header's sum, as Linux
 * leaves it, or its complement; without the length where the hardware also cuts the segment. */
static gboolean
is_left(const Facts *facts, guint16 field, guint32 length)
{
	guint whole = field ^ fold(pseudo_header_sum(facts, length));
	guint without = field ^ fold(pseudo_header_sum(facts, 0));

	return whole == 0 || whole == 0xffff || without == 0 || without == 0xffff;
}

gboolean
checksum_is_left(const Facts *facts, guint16 field)
{
	return is_left(facts, field, facts->ip_total_length - facts->ip_header_length);
}

ChecksumStatus
decode_checksum(const Packet *packet, const Facts *facts)
{
	const guint8 *bytes = packet->data + facts->transport_offset;
	gboolean is_udp = facts->has_transport_header && facts->transport == TRANSPORT_UDP;
	gboolean is_icmp =
	    (facts->ip_protocol == 1 || facts->ip_protocol == 58) && facts->transport_offset > 0;
	guint32 end = MIN(facts->payload_offset + facts->payload_captured, packet->captured);
	guint32 length = facts->ip_total_length - facts->ip_header_length;
	guint16 field = is_udp ? facts->udp.checksum : facts->tcp.checksum;
	guint64 sum = 0;

	if (is_udp && facts->ip_version == 4 && field == 0)
		return CHECKSUM_ABSENT;
	/* A checksum covers what IP carries, or what UDP says (0: a jumbogram). */
	if (is_udp && facts->udp.length)
		length = facts->udp.length <= length ? facts->udp.length : 0;
	/* All of that must be at hand, and in this packet. */
	if ((!facts->has_transport_header && !is_icmp) || length == 0 || facts->more_fragments ||
	    facts->fragment_offset > 0 || facts->ip_total_length < facts->ip_header_length ||
	    end <= facts->transport_offset || length > end - facts->transport_offset)
		return CHECKSUM_UNKNOWN;
	if (is_udp && field == 0)
		return CHECKSUM_BAD; /* RFC 8200 8.1: IPv6 must have one */
	if (facts->has_transport_header || facts->ip_protocol == 58)
		sum = pseudo_header_sum(facts, length);
	if (fold(sum_bytes(sum, bytes, length)) == 0xffff)
		return CHECKSUM_GOOD;
	return facts->has_transport_header && is_left(facts, field, length) ? CHECKSUM_NOT_FILLED
									    : CHECKSUM_BAD;
}
