/* SPDX-License-Identifier: MIT */
/* decode.c - the walk over a packet's headers. */
#include "decoder.h"

/* Far more than any real packet has; a packet made of MPLS labels only ends here. */
#define MAX_HEADERS 200

void
decode_walk(const Packet *packet, Facts *facts)
{
	Decoder decoder = {
		.cursor = cursor_make(packet->data, packet->captured, packet->length),
		.facts = facts,
	};

	facts_clear(facts);
	decoder_next_link(&decoder, packet->link_type);
	for (guint n = 0; decoder.next; n++) {
		DecodeStep *step = decoder.next;

		decoder.next = NULL;
		decoder.start = decoder.cursor.offset;
		if (n == MAX_HEADERS)
			decoder_note(&decoder, DECODE_MALFORMED,
				     N_("the packet has more headers than any real one"));
		else
			step(&decoder);
	}
	/* A datagram is what it is whatever its tunnel's inside turns out to be: as
	 * long as no inner IP header was reached, the facts are the datagram's; but where the
	 * capture kept too little to reach it, that is told. */
	if (decoder.in_udp_tunnel && decoder.n_ip == decoder.n_ip_before_tunnel) {
		if (facts->status != DECODE_TRUNCATED) {
			facts->status = decoder.status_before_tunnel;
			facts->problem = decoder.problem_before_tunnel;
		}
		facts->protocol_name = NULL;
		facts->n_layers = decoder.n_layers_before_tunnel;
	}
}

void
decode_headers(const Packet *packet, Facts *facts)
{
	if (!decode_common(packet, facts))
		decode_walk(packet, facts);
}

void
decode_packet(const Packet *packet, Facts *facts)
{
	decode_headers(packet, facts);
	facts->checksum = decode_checksum(packet, facts);
}
