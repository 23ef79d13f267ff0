/* SPDX-License-Identifier: MIT */
/* common.c - the packet that nearly all packets are, decoded without the walk.
 *
 * Theory of operation
 *
 * TCP over IPv4 over Ethernet, with nothing unusual about it: no tag, no IP option, no fragment,
 * all headers at hand and all lengths within each other. Each condition is checked before anything
 * is written; where one fails, the walk decides. What is written is exactly what the walk would
 * write: test_decode.c holds the two against each other.
 */
#include "decoder.h"

enum {
	LINKTYPE_ETHERNET = 1,
	ETHERNET_HEADER = 14,
	IPV4_HEADER = 20,
	TCP_START = ETHERNET_HEADER + IPV4_HEADER,
	TCP_HEADER = 20,
	/* NOP, NOP, time stamps, 10 bytes: as nearly all systems send them */
	TIMESTAMPS_ONLY = 0x0101080a,
	TIMESTAMPS_SIZE = 12,
};

/* Written as one word, so that whoever compares it as one does not wait for two. */
static inline void
fill_address(Endpoint *endpoint, const guint8 *address)
{
	guint8 word[8] = { 0 };

	memcpy(word, address, 4);
	memcpy(endpoint->address, word, sizeof word);
	endpoint->version = 4;
}

static inline void
fill_tcp_options(Facts *facts, const guint8 *options, guint length)
{
	if (length == TIMESTAMPS_SIZE && get_be32(options) == TIMESTAMPS_ONLY) {
		facts->tcp.options = TCP_OPTION_TIMESTAMPS;
		facts->tcp.timestamp_value = get_be32(options + 4);
		facts->tcp.timestamp_echo = get_be32(options + 8);
	} else if (length > 0) {
		Decoder decoder = { .facts = facts };

		decode_tcp_options(&decoder, options, length, length);
	}
}

gboolean
decode_common(const Packet *packet, Facts *facts)
{
	const guint8 *ip = packet->data + ETHERNET_HEADER, *tcp = ip + IPV4_HEADER;
	Layer *layers = facts->layers;

	if (packet->link_type != LINKTYPE_ETHERNET || packet->captured < TCP_START + TCP_HEADER)
		return FALSE;
	guint32 wire = MAX(packet->captured, packet->length) - ETHERNET_HEADER;
	guint32 total = get_be16(ip + 2), tcp_length = (tcp[12] >> 4) * 4u; /* the header's */
	if (get_be16(packet->data + 12) != 0x0800 || ip[0] != 0x45 || ip[9] != 6 ||
	    (get_be16(ip + 6) & 0x3fff) != 0 || tcp_length < TCP_HEADER ||
	    total < IPV4_HEADER + tcp_length || total > wire ||
	    tcp_length > packet->captured - TCP_START)
		return FALSE;
	facts_clear(facts);
	facts->ip_version = 4;
	facts->ip_protocol = 6;
	facts->ip_header_length = IPV4_HEADER;
	facts->ip_total_length = total;
	facts->ip_id = get_be16(ip + 4);
	fill_address(&facts->source, ip + 12);
	fill_address(&facts->destination, ip + 16);
	facts->transport = TRANSPORT_TCP;
	facts->has_transport_header = facts->has_payload_length = TRUE;
	facts->transport_offset = TCP_START;
	facts->source.port = get_be16(tcp);
	facts->destination.port = get_be16(tcp + 2);
	decode_tcp_fields(&facts->tcp, tcp);
	fill_tcp_options(facts, tcp + TCP_HEADER, tcp_length - TCP_HEADER);
	facts->payload_offset = TCP_START + tcp_length;
	facts->payload_length = total - IPV4_HEADER - tcp_length;
	facts->payload_captured =
	    MIN(facts->payload_length, packet->captured - facts->payload_offset);
	facts->kind = packet_kind_of_tcp(facts->tcp.flags, facts->payload_length);
	layers[0] =
	    (Layer){ .kind = LAYER_LINK, .value = LINKTYPE_ETHERNET, .length = ETHERNET_HEADER };
	layers[1] = (Layer){ .kind = LAYER_IPV4, .offset = ETHERNET_HEADER, .length = IPV4_HEADER };
	layers[2] = (Layer){ .kind = LAYER_TCP, .offset = TCP_START, .length = tcp_length };
	facts->n_layers = 3;
	if (facts->payload_length > 0)
		layers[facts->n_layers++] = (Layer){ .kind = LAYER_PAYLOAD,
						     .offset = facts->payload_offset,
						     .length = facts->payload_length };
	return TRUE;
}
