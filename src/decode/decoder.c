/* SPDX-License-Identifier: MIT */
/* decoder.c - what every step does with the cursor and the facts. */
#include "decoder.h"

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
		decoder_add_header(decoder, LAYER_LINK)->value = link_type;
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
decoder_add_header(Decoder *decoder, LayerKind kind)
{
	return decoder_add_layer(decoder, kind, decoder->start,
				 decoder->cursor.offset - decoder->start);
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

/* Ports come first in both headers: known even where the rest is cut off. */
void
decoder_set_ports(Decoder *decoder, Transport transport)
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
