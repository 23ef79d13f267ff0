/* SPDX-License-Identifier: MIT */
/* common.c - the packet that nearly all packets are, decoded without the walk.
 *
 * Theory of operation
 *
 * TCP over IPv4 over Ethernet, with nothing unusual about it: no tag, no IP
 * option, no fragment, all headers at hand and all lengths within each other.
 * Each condition is checked before anything is written; where one fails, the
 * walk decides. What is written is exactly what the walk would write:
 * test_decode.c holds the two against each other.
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

typedef struct {
	const guint8 *ip, *tcp;
	guint32 ip_length;  /* header and payload */
	guint32 tcp_length; /* header */
} Common;

static inline gboolean
common_find(const Packet *packet, Common *common)
{
	const guint8 *ip = packet->data + ETHERNET_HEADER;
	guint32 wire = MAX(packet->captured, packet->length);

	if (packet->link_type != LINKTYPE_ETHERNET || packet->captured < TCP_START + TCP_HEADER)
		return FALSE;
	common->ip = ip;
	common->tcp = ip + IPV4_HEADER;
	common->ip_length = get_be16(ip + 2);
	common->tcp_length = (common->tcp[12] >> 4) * 4u;
	return get_be16(packet->data + 12) == 0x0800 && ip[0] == 0x45 && ip[9] == 6 &&
	       (get_be16(ip + 6) & 0x3fff) == 0 && common->tcp_length >= TCP_HEADER &&
	       common->ip_length >= IPV4_HEADER + common->tcp_length &&
	       common->ip_length <= wire - ETHERNET_HEADER &&
	       common->tcp_length <= packet->captured - TCP_START;
}

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
fill_tcp_options(Facts *facts, const Common *common)
{
	const guint8 *options = common->tcp + TCP_HEADER;
	guint length = common->tcp_length - TCP_HEADER;

	if (length == TIMESTAMPS_SIZE && get_be32(options) == TIMESTAMPS_ONLY) {
		facts->tcp.options = TCP_OPTION_TIMESTAMPS;
		facts->tcp.timestamp_value = get_be32(options + 4);
		facts->tcp.timestamp_echo = get_be32(options + 8);
	} else if (length > 0) {
		Decoder decoder = { .facts = facts };

		decode_tcp_options(&decoder, options, length, length);
	}
}

static inline void
fill_layers(Facts *facts, guint32 tcp_length)
{
	Layer *layers = facts->layers;

	layers[0] =
	    (Layer){ .kind = LAYER_LINK, .value = LINKTYPE_ETHERNET, .length = ETHERNET_HEADER };
	layers[1] = (Layer){ .kind = LAYER_IPV4, .offset = ETHERNET_HEADER, .length = IPV4_HEADER };
	layers[2] = (Layer){ .kind = LAYER_TCP, .offset = TCP_START, .length = tcp_length };
	facts->n_layers = 3;
	if (facts->payload_length > 0)
		layers[facts->n_layers++] = (Layer){ .kind = LAYER_PAYLOAD,
						     .offset = facts->payload_offset,
						     .length = facts->payload_length };
}

gboolean
decode_common(const Packet *packet, Facts *facts)
{
	Common common;

	if (!common_find(packet, &common))
		return FALSE;
	facts_clear(facts);
	const guint8 *ip = common.ip;
	facts->ip_version = 4;
	facts->ip_protocol = 6;
	facts->ttl = ip[8];
	facts->traffic_class = ip[1];
	facts->ip_header_length = IPV4_HEADER;
	facts->ip_total_length = common.ip_length;
	facts->ip_id = get_be16(ip + 4);
	fill_address(&facts->source, ip + 12);
	fill_address(&facts->destination, ip + 16);
	facts->transport = TRANSPORT_TCP;
	facts->has_transport_header = facts->has_payload_length = TRUE;
	facts->transport_offset = TCP_START;
	facts->source.port = get_be16(common.tcp);
	facts->destination.port = get_be16(common.tcp + 2);
	decode_tcp_fields(&facts->tcp, common.tcp);
	fill_tcp_options(facts, &common);
	facts->payload_offset = TCP_START + common.tcp_length;
	facts->payload_length = common.ip_length - IPV4_HEADER - common.tcp_length;
	facts->payload_captured =
	    MIN(facts->payload_length, packet->captured - facts->payload_offset);
	facts->kind = packet_kind_of_tcp(facts->tcp.flags, facts->payload_length);
	fill_layers(facts, common.tcp_length);
	return TRUE;
}
