/* SPDX-License-Identifier: MIT */
/* decode.c - the walk over a packet's headers. */
#include "decoder.h"

/* Far more than any real packet has; a packet made of MPLS labels only ends here. */
#define MAX_HEADERS 200

const guint8 *
decoder_peek(Decoder *decoder, guint32 n, const char *problem)
{
	const guint8 *bytes = cursor_peek(&decoder->cursor, n);

	if (!bytes) {
		gboolean cut = n <= cursor_left(&decoder->cursor) || decoder->in_fragment;

		decoder_note(decoder, cut ? DECODE_TRUNCATED : DECODE_MALFORMED, problem);
	}
	return bytes;
}

const guint8 *
decoder_pull(Decoder *decoder, guint32 n, const char *problem)
{
	const guint8 *bytes = decoder_peek(decoder, n, problem);

	if (bytes)
		cursor_pull(&decoder->cursor, n);
	return bytes;
}

const guint8 *
decoder_pull_link(Decoder *decoder, guint32 n, const char *problem, guint16 link_type)
{
	const guint8 *bytes = decoder_pull(decoder, n, problem);

	if (bytes)
		decoder_add_header(decoder, LAYER_LINK, n)->value = link_type;
	return bytes;
}

void
decoder_note(Decoder *decoder, DecodeStatus status, const char *problem)
{
	Facts *facts = decoder->facts;

	if (status <= facts->status)
		return;
	facts->status = status;
	facts->problem = problem;
	facts->protocol_name = NULL;
}

Layer *
decoder_add_layer(Decoder *decoder, LayerKind kind, guint32 offset, guint32 length)
{
	Facts *facts = decoder->facts;
	gboolean innermost = kind >= LAYER_TCP;
	guint room = innermost ? PACKET_MAX_LAYERS : PACKET_MAX_LAYERS - 3;
	Layer *layer = &facts->layers[MIN(facts->n_layers, room - 1)];

	if (facts->n_layers < room)
		facts->n_layers++;
	*layer = (Layer){ .kind = (guint8)kind, .offset = offset, .length = length };
	return layer;
}

Layer *
decoder_add_header(Decoder *decoder, LayerKind kind, guint32 length)
{
	return decoder_add_layer(decoder, kind, decoder->cursor.offset - length, length);
}

void
decoder_unsupported(Decoder *decoder, NumberSpace space, guint16 number, const char *name)
{
	Facts *facts = decoder->facts;
	const Cursor *cursor = &decoder->cursor;
	Layer *layer = decoder_add_layer(decoder, LAYER_OTHER, cursor->offset, cursor_left(cursor));

	layer->number = (guint8)space;
	layer->value = number;
	if (facts->status < DECODE_UNSUPPORTED) {
		decoder_note(decoder, DECODE_UNSUPPORTED, NULL);
		facts->protocol_name = name ? name : UNKNOWN_PROTOCOL;
	}
}

void
decoder_next(Decoder *decoder, const Protocol *protocol, NumberSpace space, guint16 number)
{
	if (protocol && protocol->step)
		decoder->next = protocol->step;
	else
		decoder_unsupported(decoder, space, number, protocol ? protocol->name : NULL);
}

void
decoder_set_payload(Decoder *decoder)
{
	Facts *facts = decoder->facts;
	const Cursor *cursor = &decoder->cursor;

	facts->payload_offset = cursor->offset;
	facts->payload_length = cursor_left(cursor);
	facts->payload_captured = cursor_at_hand(cursor);
	if (facts->payload_length > 0)
		decoder_add_layer(decoder, LAYER_PAYLOAD, cursor->offset, facts->payload_length);
}

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
		if (n == MAX_HEADERS)
			decoder_note(&decoder, DECODE_MALFORMED,
				     N_("the packet has more headers than any real one"));
		else
			step(&decoder);
	}
	/* A datagram is what it is whatever its tunnel's inside turns out to be: as
	 * long as no inner IP header was reached, the facts are the datagram's. */
	if (decoder.in_udp_tunnel && decoder.n_ip == decoder.n_ip_before_tunnel) {
		facts->status = decoder.status_before_tunnel;
		facts->problem = decoder.problem_before_tunnel;
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

/* By the low three bits of the flags, and ACK as the fourth. */
static const guint8 tcp_kinds[] = {
	/* 0 */ KIND_UNUSUAL_TCP,
	/* FIN */ KIND_FIN,
	/* SYN */ KIND_SYN,
	/* SYN FIN */ KIND_UNUSUAL_TCP,
	/* RST */ KIND_RST,
	/* RST FIN */ KIND_UNUSUAL_TCP,
	/* RST SYN */ KIND_UNUSUAL_TCP,
	/* RST SYN FIN */ KIND_UNUSUAL_TCP,
	/* ACK */ KIND_ACK,
	/* ACK FIN */ KIND_FIN,
	/* ACK SYN */ KIND_SYN_ACK,
	/* ACK SYN FIN */ KIND_UNUSUAL_TCP,
	/* ACK RST */ KIND_RST,
	/* ACK RST FIN */ KIND_UNUSUAL_TCP,
	/* ACK RST SYN */ KIND_UNUSUAL_TCP,
	/* ACK RST SYN FIN */ KIND_UNUSUAL_TCP,
};
G_STATIC_ASSERT(G_N_ELEMENTS(tcp_kinds) == 16);

PacketKind
packet_kind_of_tcp(guint16 flags, guint32 payload_length)
{
	PacketKind kind = tcp_kinds[(flags & 7) | (flags & TCP_ACK) >> 1];

	return kind == KIND_ACK && payload_length > 0 ? KIND_DATA : kind;
}
