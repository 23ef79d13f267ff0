/* SPDX-License-Identifier: MIT */
/* fuzz_decode.c - any bytes as a packet of any link type.
 *
 * Input: link type 2 (big-endian; its first bit set: the capture cut 1024 bytes
 * off the end), then the packet.
 */
#include <string.h>

#include "fuzz.h"
#include "pktladder/decode.h"

enum { WAS_CUT = 0x8000, CUT_BYTES = 1024 };

#define check(condition)                                                                           \
	do {                                                                                       \
		if (!(condition))                                                                  \
			g_error("broken: %s", #condition);                                         \
	} while (0)

static void
check_layers(const Packet *packet, const Facts *facts)
{
	check(facts->n_layers <= PACKET_MAX_LAYERS);
	for (guint i = 0; i < facts->n_layers; i++) {
		check(facts->layers[i].kind < N_LAYER_KINDS);
		check(facts->layers[i].offset <= packet->captured);
		check(layer_name(&facts->layers[i])[0] != '\0');
	}
}

static void
check_payload(const Packet *packet, const Facts *facts)
{
	check(facts->payload_captured <= facts->payload_length);
	if (facts->payload_captured > 0)
		check((guint64)facts->payload_offset + facts->payload_captured <= packet->captured);
	if (facts->has_payload_length)
		check((guint64)facts->payload_offset + facts->payload_length <= packet->length);
}

static void
check_status(const Facts *facts)
{
	gboolean has_problem =
	    facts->status == DECODE_TRUNCATED || facts->status == DECODE_MALFORMED;

	check(facts->status < N_DECODE_STATUS && facts->kind < N_PACKET_KINDS);
	check((facts->problem != NULL) == has_problem);
	check((facts->protocol_name != NULL) == (facts->status == DECODE_UNSUPPORTED));
	if (facts->has_transport_header)
		check(facts->transport != TRANSPORT_NONE && facts->ip_version != 0);
	if (facts->kind == KIND_DATAGRAM)
		check(facts->transport == TRANSPORT_UDP && facts->has_transport_header);
	if (facts->kind == KIND_ICMP_ERROR)
		check(facts->icmp.quoted_transport != TRANSPORT_NONE);
}

/* The same packet tells the same, whatever was in the memory before, and with the checksum
 * apart from the headers. */
static void
check_again(const Packet *packet, const Facts *facts)
{
	static Facts again;

	memset(&again, 0x5a, sizeof again);
	decode_headers(packet, &again);
	check(again.checksum == CHECKSUM_UNKNOWN);
	again.checksum = decode_checksum(packet, &again);
	check(memcmp(&again, facts, offsetof(Facts, layers)) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static Facts facts;
	guint16 link_type;
	Packet packet;

	if (size < 2 || size > 262146)
		return 0;
	link_type = (guint16)(data[0] << 8 | data[1]);
	packet = (Packet){ .data = data + 2,
			   .captured = (guint32)size - 2,
			   .length = (guint32)size - 2 + (link_type & WAS_CUT ? CUT_BYTES : 0),
			   .link_type = link_type & ~WAS_CUT };
	memset(&facts, 0xa5, sizeof facts);
	decode_packet(&packet, &facts);
	check_layers(&packet, &facts);
	check_payload(&packet, &facts);
	check_status(&facts);
	check_again(&packet, &facts);
	check((unsupported_text(&facts).text[0] != '\0') == (facts.status == DECODE_UNSUPPORTED));
	tunnel_name(&facts);
	return 0;
}
