/* SPDX-License-Identifier: MIT */
/* transport.c - TCP and UDP headers. */
#include "decoder.h"

static const char tcp_short[] = N_("the packet ends within its TCP header");
static const char udp_short[] = N_("the packet ends within its UDP header");

#define TCP_HEADER 20u
#define UDP_HEADER 8u

/* Ports come first in both headers: known even where the rest is cut off. */
static void
set_ports(Decoder *decoder, Transport transport)
{
	Facts *facts = decoder->facts;
	const guint8 *bytes = cursor_peek(&decoder->cursor, 4);

	facts->transport = transport;
	facts->transport_offset = decoder->cursor.offset;
	if (!bytes)
		return;
	facts->source.port = get_be16(bytes);
	facts->destination.port = get_be16(bytes + 2);
}

/* Options, then the payload; where the header is cut off, what the wire had
 * behind it is known all the same. The cursor is at the header's start. */
static void
tcp_finish(Decoder *decoder)
{
	Facts *facts = decoder->facts;
	Cursor *cursor = &decoder->cursor;
	guint32 length = facts->tcp.header_length;
	guint32 at_hand = MIN(length, cursor_at_hand(cursor));

	if (length < TCP_HEADER) {
		decoder_note(decoder, DECODE_MALFORMED, N_("the TCP header length is below 20"));
		return;
	}
	if (at_hand > TCP_HEADER)
		decode_tcp_options(decoder, cursor_peek(cursor, at_hand) + TCP_HEADER,
				   at_hand - TCP_HEADER, length - TCP_HEADER);
	facts->has_payload_length = length <= cursor_left(cursor) && !facts->more_fragments;
	if (decoder_pull(decoder, length, tcp_short)) {
		decoder_set_payload(decoder);
	} else if (length <= cursor_left(cursor)) {
		facts->payload_offset = cursor->offset + length;
		facts->payload_length = cursor_left(cursor) - length;
	}
}

/* Up to the window is enough to tell what a segment is: tshark asks no more. */
void
decode_tcp(Decoder *decoder)
{
	enum { ENOUGH = 16 };
	Facts *facts = decoder->facts;
	guint8 header[TCP_HEADER] = { 0 };
	guint32 at_hand = MIN(TCP_HEADER, cursor_at_hand(&decoder->cursor));

	set_ports(decoder, TRANSPORT_TCP);
	if (at_hand < ENOUGH) {
		decoder_peek(decoder, TCP_HEADER, tcp_short);
		return;
	}
	memcpy(header, cursor_peek(&decoder->cursor, at_hand), at_hand);
	facts->has_transport_header = TRUE;
	decode_tcp_fields(&facts->tcp, header);
	decoder_add_layer(decoder, LAYER_TCP, decoder->cursor.offset,
			  MAX(facts->tcp.header_length, TCP_HEADER));
	tcp_finish(decoder);
	facts->kind = packet_kind_of_tcp(facts->tcp.flags, facts->payload_length);
}

/* Notes what is wrong with the length, and forgets what lies behind the datagram: IP may carry
 * more than UDP says. 0 is a jumbogram's over IPv6 (RFC 2675 4). FALSE: no length at all. */
static gboolean
udp_limit(Decoder *decoder, guint16 length)
{
	guint32 left = cursor_left(&decoder->cursor);

	if (length == 0 && decoder->facts->ip_version == 6 && left > G_MAXUINT16 - UDP_HEADER)
		return TRUE;
	if (length < UDP_HEADER) {
		decoder_note(decoder, DECODE_MALFORMED, N_("the UDP length is below 8"));
		return FALSE;
	}
	if (length - UDP_HEADER > left && !decoder->in_fragment)
		decoder_note(decoder, DECODE_MALFORMED,
			     N_("the UDP length is more than the IP packet has"));
	cursor_limit(&decoder->cursor, length - UDP_HEADER);
	return TRUE;
}

/* RFC 768 */
void
decode_udp(Decoder *decoder)
{
	Facts *facts = decoder->facts;

	set_ports(decoder, TRANSPORT_UDP);
	const guint8 *bytes = decoder_pull(decoder, UDP_HEADER, udp_short);
	if (!bytes)
		return;
	facts->udp.length = get_be16(bytes + 4);
	facts->udp.checksum = get_be16(bytes + 6);
	decoder_add_header(decoder, LAYER_UDP, UDP_HEADER);
	if (!udp_limit(decoder, facts->udp.length))
		return;
	facts->has_transport_header = TRUE;
	facts->has_payload_length = !facts->more_fragments;
	facts->kind = KIND_DATAGRAM;
	decoder_set_payload(decoder);
	decoder->next = decoder_udp_tunnel(facts->source.port, facts->destination.port);
	if (decoder->next) {
		decoder->in_udp_tunnel = TRUE;
		decoder->n_ip_before_tunnel = decoder->n_ip;
		decoder->n_layers_before_tunnel = facts->n_layers;
		decoder->status_before_tunnel = facts->status;
		decoder->problem_before_tunnel = facts->problem;
	}
}
