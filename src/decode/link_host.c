/* SPDX-License-Identifier: MIT */
/* link_host.c - what operating systems and capture hardware put before a packet. */
#include "decoder.h"

static const char pflog_short[] = N_("the packet ends within its packet filter header");
static const char enc_short[] = N_("the packet ends within its IPsec interface header");
static const char nflog_short[] = N_("the packet ends within its netfilter header");
static const char erf_short[] = N_("the packet ends within its ERF header");

/* length 1 (the pad up to 4 not counted), family 1, ... */
void
decode_pflog(Decoder *decoder)
{
	PEEK_OR_RETURN(bytes, 4, pflog_short);

	guint32 length = (bytes[0] + 3u) & ~3u;
	if (decoder_pull_link(decoder, length, pflog_short, 117))
		decoder->next = decode_ip;
}

/* family 4, SPI 4, flags 4 */
void
decode_enc(Decoder *decoder)
{
	if (decoder_pull_link(decoder, 12, enc_short, 109))
		decoder->next = decode_ip;
}

/* version 1, family 1, hook 2, length 4, interface 4, group 4, zones 8 */
void
decode_ipnet(Decoder *decoder)
{
	if (decoder_pull_link(decoder, 24, N_("the packet ends within its IPNET header"), 226))
		decoder->next = decode_ip;
}

/* family 1, version 1, group 2; then attributes (length 2, its own four bytes included, type 2,
 * value, padding), of which the payload is one; in the byte order of whoever captured it, so
 * that in which the length is plausible is taken */
void
decode_nflog(Decoder *decoder)
{
	enum { ATTRIBUTE_PAYLOAD = 9, MAX_ATTRIBUTES = 64 };
	Cursor *cursor = &decoder->cursor;

	if (!decoder_pull(decoder, 4, nflog_short))
		return;
	for (guint n = 0; n < MAX_ATTRIBUTES; n++) {
		PEEK_OR_RETURN(bytes, 4, nflog_short);
		guint32 length = get_le16(bytes);
		gboolean big_endian = length < 4 || length > cursor_left(cursor);

		if (big_endian)
			length = get_be16(bytes);
		if (length < 4)
			break;
		if ((big_endian ? get_be16(bytes + 2) : get_le16(bytes + 2)) == ATTRIBUTE_PAYLOAD) {
			cursor_limit(cursor, length);
			cursor_pull(cursor, 4);
			decoder_add_header(decoder, LAYER_LINK)->value = 239;
			decoder->next = decode_ip;
			return;
		}
		if (!decoder_pull(decoder, (length + 3) & ~3u, nflog_short))
			return;
	}
	decoder_note(decoder, DECODE_MALFORMED, N_("a netfilter log entry without a packet"));
}

/* By the type of the record; decode_ppp() tells Cisco HDLC from PPP. */
static const Protocol erf_protocols[] = {
	{ 1, "HDLC", decode_ppp },
	{ 2, "Ethernet", decode_ethernet },
	{ 10, "colored HDLC", decode_ppp },
	{ 11, "colored Ethernet", decode_ethernet },
	{ 15, "DSM colored HDLC", decode_ppp },
	{ 16, "DSM colored Ethernet", decode_ethernet },
	{ 20, "color and hash Ethernet", decode_ethernet },
	{ 22, "IPv4", decode_ip },
	{ 23, "IPv6", decode_ip },
};

/* timestamp 8, type 1, flags 1, record length 2, lost 2, wire length 2; extension headers of 8
 * while the first bit of the type before them is set */
void
decode_erf(Decoder *decoder)
{
	PULL_OR_RETURN(bytes, 16, erf_short);
	guint16 wire_length = get_be16(bytes + 14);
	gboolean more = bytes[8] >> 7;
	while (more) {
		PULL_OR_RETURN(extension, 8, erf_short);
		more = extension[0] >> 7;
	}
	decoder_add_header(decoder, LAYER_LINK)->value = 197;
	const Protocol *protocol = protocol_find(erf_protocols, bytes[8] & 0x7f);
	decoder->next = protocol ? protocol->step : NULL;
	if (!protocol)
		decoder_unsupported(decoder, NUMBER_NONE, 0, N_("ERF record of another kind"));
	else if (protocol->step == decode_ethernet && !decoder_pull(decoder, 2, erf_short))
		decoder->next = NULL; /* offset and pad are cut off */
	cursor_limit(&decoder->cursor, wire_length);
}

/* preamble and start delimiter 8, then the MAC frame: IEEE 802.3br */
void
decode_mpacket(Decoder *decoder)
{
	PULL_LINK_OR_RETURN(bytes, 8, N_("the packet ends within its mPacket preamble"), 274);

	if (bytes[7] == 0xd5)
		decoder->next = decode_ethernet;
	else
		decoder_unsupported(decoder, NUMBER_NONE, 0, N_("fragment of a preempted frame"));
}
