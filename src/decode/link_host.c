/* link_host.c - what operating systems and capture hardware put before a packet. */
#include "decoder.h"

static const char pflog_short[] = N_("the packet ends within its packet filter header");
static const char enc_short[] = N_("the packet ends within its IPsec interface header");
static const char ipnet_short[] = N_("the packet ends within its IPNET header");
static const char nflog_short[] = N_("the packet ends within its netfilter header");
static const char ppi_short[] = N_("the packet ends within its PPI header");
static const char pktap_short[] = N_("the packet ends within its PKTAP header");
static const char erf_short[] = N_("the packet ends within its ERF header");
static const char mpacket_short[] = N_("the packet ends within its mPacket preamble");

/* length 1 (the pad up to 4 not counted), family 1, ... */
void
decode_pflog(Decoder *decoder)
{
	guint32 start = decoder->cursor.offset;
	const guint8 *bytes = decoder_peek(decoder, 4, pflog_short);
	guint32 length;

	if (!bytes)
		return;
	length = (bytes[0] + 3u) & ~3u;
	if (!decoder_pull(decoder, length, pflog_short))
		return;
	decoder_add_layer(decoder, LAYER_LINK, start, length)->value = 117;
	decoder->next = decode_ip;
}

/* family 4, SPI 4, flags 4 */
void
decode_enc(Decoder *decoder)
{
	guint32 start = decoder->cursor.offset;

	if (!decoder_pull(decoder, 12, enc_short))
		return;
	decoder_add_layer(decoder, LAYER_LINK, start, 12)->value = 109;
	decoder->next = decode_ip;
}

/* version 1, family 1, hook 2, length 4, interface 4, group 4, zones 8 */
void
decode_ipnet(Decoder *decoder)
{
	guint32 start = decoder->cursor.offset;

	if (!decoder_pull(decoder, 24, ipnet_short))
		return;
	decoder_add_layer(decoder, LAYER_LINK, start, 24)->value = 226;
	decoder->next = decode_ip;
}

/* The length of the attribute at the cursor, its four header bytes included;
 * in the byte order of whoever captured it, so the plausible one is taken. */
static guint32
nflog_attribute_length(const Cursor *cursor, const guint8 *bytes, gboolean *big_endian)
{
	guint32 length = get_le16(bytes);

	*big_endian = length < 4 || length > cursor_left(cursor);
	return *big_endian ? get_be16(bytes) : length;
}

/* family 1, version 1, group 2; then attributes (length 2, type 2, value, padding), of which the
 * payload is one */
void
decode_nflog(Decoder *decoder)
{
	enum { ATTRIBUTE_PAYLOAD = 9, MAX_ATTRIBUTES = 64 };
	Cursor *cursor = &decoder->cursor;
	guint32 start = cursor->offset;

	if (!decoder_pull(decoder, 4, nflog_short))
		return;
	for (guint n = 0; n < MAX_ATTRIBUTES; n++) {
		const guint8 *bytes = decoder_peek(decoder, 4, nflog_short);
		gboolean big_endian;
		guint32 length;

		if (!bytes)
			return;
		length = nflog_attribute_length(cursor, bytes, &big_endian);
		if (length < 4)
			break;
		if ((big_endian ? get_be16(bytes + 2) : get_le16(bytes + 2)) == ATTRIBUTE_PAYLOAD) {
			cursor_limit(cursor, length);
			cursor_pull(cursor, 4);
			decoder_add_layer(decoder, LAYER_LINK, start, cursor->offset - start)
			    ->value = 239;
			decoder->next = decode_ip;
			return;
		}
		if (!decoder_pull(decoder, (length + 3) & ~3u, nflog_short))
			return;
	}
	decoder_note(decoder, DECODE_MALFORMED, N_("a netfilter log entry without a packet"));
}

/* version 1, flags 1, length 2, link type 4 (both little-endian), fields */
void
decode_ppi(Decoder *decoder)
{
	guint32 start = decoder->cursor.offset;
	const guint8 *bytes = decoder_peek(decoder, 8, ppi_short);
	guint32 length;

	if (!bytes)
		return;
	length = get_le16(bytes + 2);
	if (length < 8) {
		decoder_note(decoder, DECODE_MALFORMED,
			     N_("the PPI header is shorter than it can be"));
		return;
	}
	if (!decoder_pull(decoder, length, ppi_short))
		return;
	decoder_add_layer(decoder, LAYER_LINK, start, length)->value = 192;
	decoder_next_link(decoder, (guint16)MIN(get_le32(bytes + 4), G_MAXUINT16));
}

/* length 4, next header 4, link type 4 (all little-endian), ... */
void
decode_pktap(Decoder *decoder)
{
	guint32 start = decoder->cursor.offset;
	const guint8 *bytes = decoder_peek(decoder, 12, pktap_short);
	guint32 length;

	if (!bytes)
		return;
	length = get_le32(bytes);
	if (length < 12) {
		decoder_note(decoder, DECODE_MALFORMED,
			     N_("the PKTAP header is shorter than it can be"));
		return;
	}
	if (!decoder_pull(decoder, length, pktap_short))
		return;
	decoder_add_layer(decoder, LAYER_LINK, start, length)->value = 258;
	decoder_next_link(decoder, (guint16)MIN(get_le32(bytes + 8), G_MAXUINT16));
}

static void
erf_next(Decoder *decoder, guint8 type)
{
	enum {
		ERF_HDLC = 1,
		ERF_ETHERNET = 2,
		ERF_COLOR_HDLC = 10,
		ERF_COLOR_ETHERNET = 11,
		ERF_DSM_HDLC = 15,
		ERF_DSM_ETHERNET = 16,
		ERF_COLOR_HASH_ETHERNET = 20,
		ERF_IPV4 = 22,
		ERF_IPV6 = 23
	};

	switch (type) {
	case ERF_ETHERNET:
	case ERF_COLOR_ETHERNET:
	case ERF_DSM_ETHERNET:
	case ERF_COLOR_HASH_ETHERNET:
		if (decoder_pull(decoder, 2, erf_short)) /* offset and pad */
			decoder->next = decode_ethernet;
		break;
	case ERF_HDLC:
	case ERF_COLOR_HDLC:
	case ERF_DSM_HDLC:
		decoder->next = decode_ppp; /* which tells Cisco HDLC from PPP */
		break;
	case ERF_IPV4:
	case ERF_IPV6:
		decoder->next = decode_ip;
		break;
	default:
		decoder_unsupported(decoder, NUMBER_NONE, 0, N_("ERF record of another kind"));
	}
}

/* timestamp 8, type 1, flags 1, record length 2, lost 2, wire length 2; extension headers of 8
 * while the first bit of the type before them is set */
void
decode_erf(Decoder *decoder)
{
	guint32 start = decoder->cursor.offset;
	const guint8 *bytes = decoder_pull(decoder, 16, erf_short);
	const guint8 *extension;
	guint16 wire_length;
	gboolean more;

	if (!bytes)
		return;
	wire_length = get_be16(bytes + 14);
	more = bytes[8] >> 7;
	while (more) {
		extension = decoder_pull(decoder, 8, erf_short);
		if (!extension)
			return;
		more = extension[0] >> 7;
	}
	decoder_add_layer(decoder, LAYER_LINK, start, decoder->cursor.offset - start)->value = 197;
	erf_next(decoder, bytes[8] & 0x7f);
	cursor_limit(&decoder->cursor, wire_length);
}

/* preamble and start delimiter 8, then the MAC frame: IEEE 802.3br */
void
decode_mpacket(Decoder *decoder)
{
	guint32 start = decoder->cursor.offset;
	const guint8 *bytes = decoder_pull(decoder, 8, mpacket_short);

	if (!bytes)
		return;
	decoder_add_layer(decoder, LAYER_LINK, start, 8)->value = 274;
	if (bytes[7] == 0xd5)
		decoder->next = decode_ethernet;
	else
		decoder_unsupported(decoder, NUMBER_NONE, 0, N_("fragment of a preempted frame"));
}
