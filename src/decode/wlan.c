/* SPDX-License-Identifier: MIT */
/* wlan.c - IEEE 802.11 data frames, and the headers that drivers put before them. */
#include "decoder.h"

static const char wlan_short[] = N_("the packet ends within its 802.11 header");
static const char radio_short[] = N_("the packet ends within its radio header");

enum {
	FC_TO_FROM_DS = 0x03, /* of the frame control's second byte */
	FC_MORE_FRAGMENTS = 0x04,
	FC_PROTECTED = 0x40,
	FC_ORDER = 0x80,
};

static void
wlan_data_next(Decoder *decoder, const guint8 *control, const guint8 *header, guint32 length)
{
	gboolean is_qos = control[0] & 0x80;
	gboolean is_mesh = (control[1] & FC_TO_FROM_DS) == FC_TO_FROM_DS;
	gboolean is_fragment = get_le16(header + 22) & 0x0f;
	const guint8 *qos = header + length - (is_qos && control[1] & FC_ORDER ? 6 : 2);
	const char *not_decoded = control[0] & 0x40           ? "802.11 frame without data"
				  : control[1] & FC_PROTECTED ? "encrypted 802.11"
				  : is_fragment               ? "802.11 fragment"
							      : NULL;

	if (not_decoded) {
		decoder_unsupported(decoder, NUMBER_NONE, 0, not_decoded);
		return;
	}
	/* Between two mesh stations a QoS frame says whether mesh control follows: flags 1,
	 * TTL 1, sequence 4, addresses as the flags' low bits count them. */
	if (is_qos && is_mesh && qos[1] & 1) {
		PEEK_OR_RETURN(mesh, 1, wlan_short);
		if (!decoder_pull(decoder, 6 + 6u * (mesh[0] & 3), wlan_short))
			return;
	}
	/* In an aggregate of frames the first one (destination 6, source 6, length 2) speaks
	 * for all. */
	if (is_qos && qos[0] & 0x80) {
		PULL_OR_RETURN(subframe, 14, wlan_short);
		cursor_limit(&decoder->cursor, get_be16(subframe + 12));
	}
	decoder->next = decode_llc;
}

/* Frame control 2, duration 2, addresses 3 x 6, sequence 2; a fourth address
 * between two access points; QoS 2; HT control 4 where a QoS frame is ordered. */
static void
wlan_frame(Decoder *decoder, const guint8 *control)
{
	if ((control[0] & 0x0c) != 0x08) {
		decoder_unsupported(decoder, NUMBER_NONE, 0,
				    control[0] & 0x04 ? "802.11 control frame"
						      : "802.11 management frame");
		return;
	}
	guint32 length = 24;
	length += (control[1] & FC_TO_FROM_DS) == FC_TO_FROM_DS ? 6 : 0;
	if (control[0] & 0x80)
		length += control[1] & FC_ORDER ? 6 : 2;
	PULL_OR_RETURN(header, length, wlan_short);
	if (decoder->is_padded && length % 4)
		decoder_pull(decoder, 4 - length % 4, wlan_short);
	decoder_add_header(decoder, LAYER_LINK)->value = 105;
	if (control[1] & FC_MORE_FRAGMENTS)
		decoder->in_fragment = TRUE;
	wlan_data_next(decoder, control, header, length);
}

void
decode_wlan(Decoder *decoder)
{
	PEEK_OR_RETURN(control, 2, wlan_short);

	wlan_frame(decoder, control);
}

/* Some access points send the bytes of the frame control the wrong way round through CAPWAP; the
 * version in its first one is 0. */
void
decode_wlan_swapped(Decoder *decoder)
{
	PEEK_OR_RETURN(control, 2, wlan_short);
	const guint8 swapped[] = { control[1], control[0] };

	wlan_frame(decoder, control[0] & 0x03 ? swapped : control);
}

/* version 1, pad 1, length 2, presence 4 (all little-endian), fields */
void
decode_radiotap(Decoder *decoder)
{
	enum { PRESENT_TSFT = 1, PRESENT_FLAGS = 2, FLAG_FCS = 0x10, FLAG_PADDED = 0x20 };
	PEEK_OR_RETURN(bytes, 8, radio_short);
	guint32 length = get_le16(bytes + 2), offset = 8;

	if (length < 8) {
		decoder_note(decoder, DECODE_MALFORMED,
			     N_("the radiotap header is shorter than it can be"));
		return;
	}
	PULL_LINK_OR_RETURN(header, length, radio_short, 127);
	/* The flags stand after all of the presence words, behind the time (8 bytes, aligned to
	 * 8) where that is there. */
	guint32 present = get_le32(header + 4), word = present;
	for (; word >> 31 && offset + 4 <= length; offset += 4)
		word = get_le32(header + offset);
	if (present & PRESENT_TSFT)
		offset = ((offset + 7) & ~7u) + 8;
	gboolean known = present & PRESENT_FLAGS && !(word >> 31) && offset < length;
	guint8 flags = known ? header[offset] : 0;
	guint32 left = cursor_left(&decoder->cursor);
	if (flags & FLAG_FCS && left >= 4)
		cursor_limit(&decoder->cursor, left - 4);
	decoder->is_padded = flags & FLAG_PADDED;
	decoder->next = decode_wlan;
}

static void
skip_radio_header(Decoder *decoder, guint32 length, guint16 link_type)
{
	if (decoder_pull_link(decoder, MAX(length, 8), radio_short, link_type))
		decoder->next = decode_wlan;
}

/* version 4, length 4 */
void
decode_avs(Decoder *decoder)
{
	const guint8 *bytes = decoder_peek(decoder, 8, radio_short);

	if (bytes)
		skip_radio_header(decoder, get_be32(bytes + 4), 163);
}

/* message code 4, length 4, in the byte order of whoever captured it; or an AVS header */
void
decode_prism(Decoder *decoder)
{
	PEEK_OR_RETURN(bytes, 8, radio_short);

	if ((get_be32(bytes) & 0xfffff000) == 0x80211000)
		decode_avs(decoder);
	else if (get_le32(bytes + 4) <= 0xffff)
		skip_radio_header(decoder, get_le32(bytes + 4), 119);
	else
		skip_radio_header(decoder, get_be32(bytes + 4), 119);
}
