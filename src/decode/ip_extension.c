/* SPDX-License-Identifier: MIT */
/* ip_extension.c - the headers between IPv6 and what it carries (RFC 8200 4); AH of IPv4 too. */
#include "decoder.h"

static const char extension_short[] = N_("the packet ends within its IPv6 extension headers");

guint32
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

/* Takes `length` bytes of extension header from the cursor; NULL where they are not there. */
static const guint8 *
pull_extension(Decoder *decoder, guint32 length)
{
	Facts *facts = decoder->facts;
	const guint8 *bytes = decoder_pull(decoder, length, extension_short);

	if (!bytes)
		return NULL;
	decoder_add_header(decoder, LAYER_IPV6_EXTENSION, length)->number = facts->ip_protocol;
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

void
decode_ip_extension(Decoder *decoder)
{
	guint32 length;
	const guint8 *bytes = pull_sized_extension(decoder, &length);

	if (bytes)
		decoder_next_ip_protocol(decoder, bytes[0]);
}

/* A mobile node's home address (RFC 6275 6.3) is the one that its peers know it by. */
void
decode_ip_destination_options(Decoder *decoder)
{
	enum { OPTION_PAD1 = 0, OPTION_HOME_ADDRESS = 201 };
	guint32 length;
	const guint8 *bytes = pull_sized_extension(decoder, &length);

	if (!bytes)
		return;
	for (guint i = 2; i + 18 <= length; i += bytes[i] == OPTION_PAD1 ? 1u : 2u + bytes[i + 1])
		if (bytes[i] == OPTION_HOME_ADDRESS && bytes[i + 1] == 16)
			endpoint_set_address(&decoder->facts->source, 6, bytes + i + 2);
	decoder_next_ip_protocol(decoder, bytes[0]);
}

/* next header 1, length 1, type 1, segments left 1, ... While there are hops left, the last one
 * is the destination: types 0 (RFC 2460) and 2 (RFC 6275) have it at the end, 4 (RFC 8754) at
 * the start. */
void
decode_ip_routing(Decoder *decoder)
{
	enum { TYPE_SOURCE_ROUTE = 0, TYPE_MOBILE = 2, TYPE_SEGMENTS = 4 };
	Facts *facts = decoder->facts;
	guint32 length;
	const guint8 *bytes = pull_sized_extension(decoder, &length);

	if (!bytes)
		return;
	if (bytes[3] > 0 && length >= 24 && facts->ip_version == 6) {
		if (bytes[2] == TYPE_SOURCE_ROUTE || bytes[2] == TYPE_MOBILE)
			endpoint_set_address(&facts->destination, 6,
					     bytes + 8 + (length - 8) / 16 * 16 - 16);
		else if (bytes[2] == TYPE_SEGMENTS)
			endpoint_set_address(&facts->destination, 6, bytes + 8);
	}
	decoder_next_ip_protocol(decoder, bytes[0]);
}

/* next header 1, zero 1, offset 13 bits and more-fragments 1, identification 4 */
void
decode_ip_fragment(Decoder *decoder)
{
	Facts *facts = decoder->facts;
	const guint8 *bytes = pull_extension(decoder, 8);

	if (!bytes)
		return;
	facts->fragment_offset = get_be16(bytes + 2) & 0xfff8;
	facts->more_fragments = bytes[3] & 1;
	facts->ip_id = get_be32(bytes + 4);
	decoder_next_unless_fragment(decoder, bytes[0]);
}

/* next header 1, length 1 (in 4 bytes, the first 8 not counted), ...: RFC 4302 2 */
void
decode_ah(Decoder *decoder)
{
	const guint8 *bytes = decoder_peek(decoder, 2, extension_short);

	if (!bytes)
		return;
	bytes = pull_extension(decoder, 8 + 4u * bytes[1]);
	if (bytes)
		decoder_next_ip_protocol(decoder, bytes[0]);
}
