/* SPDX-License-Identifier: MIT */
/* ppp.c - serial lines: PPP and PPPoE, Cisco HDLC, Frame Relay, SLIP. */
#include "decoder.h"

static const char ppp_short[] = N_("the packet ends within its PPP header");
static const char hdlc_short[] = N_("the packet ends within its HDLC header");
static const char frame_relay_short[] = N_("the packet ends within its Frame Relay header");
static const char slip_short[] = N_("the packet ends within its SLIP header");

static const Protocol ppp_protocols[] = {
	{ 0x0021, "IPv4", decode_ip },
	{ 0x0057, "IPv6", decode_ip },
	{ 0x0281, "MPLS", decode_mpls },
	{ 0x0283, "MPLS", decode_mpls },
	{ 0x002b, "IPX" },
	{ 0x002d, "TCP/IP with Van Jacobson compression" },
	{ 0x002f, "TCP/IP with Van Jacobson compression" },
	{ 0x0031, "PPP bridging" },
	{ 0x003d, "PPP multilink" },
	{ 0x00fd, "compressed PPP" },
	{ 0x8021, "IPCP" },
	{ 0x8057, "IPv6CP" },
	{ 0x80fd, "CCP" },
	{ 0x8281, "MPLSCP" },
	{ 0xc021, "LCP" },
	{ 0xc023, "PAP" },
	{ 0xc025, "LQR" },
	{ 0xc223, "CHAP" },
	{ 0xc227, "EAP" },
};

/* Address and control (ff 03) where they were not negotiated away, then the
 * protocol, of one byte where that is odd: RFC 1661 2, RFC 1662 3.1. */
void
decode_ppp(Decoder *decoder)
{
	PEEK_OR_RETURN(bytes, 2, ppp_short);

	if (bytes[0] == 0x0f || bytes[0] == 0x8f) {
		decode_hdlc(decoder);
		return;
	}
	if (bytes[0] == 0xff)
		cursor_pull(&decoder->cursor, 2);
	PEEK_OR_RETURN(first, 1, ppp_short);
	PULL_OR_RETURN(number, first[0] & 1 ? 1 : 2, ppp_short);
	guint16 protocol = first[0] & 1 ? first[0] : get_be16(number);
	decoder_add_header(decoder, LAYER_PPP)->value = protocol;
	decoder_next(decoder, protocol_find(ppp_protocols, protocol), NUMBER_PPP, protocol);
}

void
decode_ppp_with_direction(Decoder *decoder)
{
	PULL_OR_RETURN(bytes, 1, ppp_short);

	decoder->next = decode_ppp;
	/* Linux pppd put the direction in the address's place, so the control is still there. */
	bytes = cursor_peek(&decoder->cursor, 1);
	if (decoder->link_type == 166 && bytes && bytes[0] == 0x03)
		cursor_pull(&decoder->cursor, 1);
}

/* version and type 1, code 1, session 2, length 2: RFC 2516 4 */
void
decode_pppoe(Decoder *decoder)
{
	PULL_OR_RETURN(bytes, 6, N_("the packet ends within its PPPoE header"));

	decoder_add_header(decoder, LAYER_PPPOE)->extra = get_be16(bytes + 2);
	cursor_limit(&decoder->cursor, get_be16(bytes + 4));
	if (bytes[1] == 0)
		decoder->next = decode_ppp;
	else
		decoder_unsupported(decoder, NUMBER_NONE, 0, "PPPoE discovery");
}

/* What ISO 9577 names by its first byte. */
void
decode_nlpid(Decoder *decoder)
{
	enum { NLPID_SNAP = 0x80, NLPID_IPV6 = 0x8e, NLPID_IP = 0xcc, NLPID_PPP = 0xcf };
	PULL_OR_RETURN(bytes, 1, frame_relay_short);

	if (bytes[0] == NLPID_IP || bytes[0] == NLPID_IPV6) {
		decoder->next = decode_ip;
	} else if (bytes[0] == NLPID_PPP) {
		decoder->next = decode_ppp;
	} else if (bytes[0] == NLPID_SNAP) {
		bytes = decoder_pull(decoder, 5, frame_relay_short);
		if (bytes && get_be24(bytes) == 0)
			decoder_next_ethertype(decoder, get_be16(bytes + 3));
		else if (bytes && get_be24(bytes) == 0x0080c2 && (bytes[4] == 1 || bytes[4] == 7))
			decoder->next = decode_ethernet;
		else if (bytes)
			decoder_unsupported(decoder, NUMBER_NONE, 0,
					    N_("SNAP protocol of a vendor"));
	} else {
		decoder_unsupported(decoder, NUMBER_NONE, 0, "ISO (CLNS, IS-IS)");
	}
}

/* address 1, control 1, ethertype 2 */
void
decode_hdlc(Decoder *decoder)
{
	enum { HDLC_SLARP = 0x8035, HDLC_OSI = 0xfefe, LINKTYPE_WITH_DIRECTION = 205 };

	if (decoder->link_type == LINKTYPE_WITH_DIRECTION && !decoder_pull(decoder, 1, hdlc_short))
		return;
	PULL_OR_RETURN(bytes, 4, hdlc_short);
	decoder_add_header(decoder, LAYER_LINK)->value = 104;
	guint16 type = get_be16(bytes + 2);
	if (type == HDLC_SLARP || type == HDLC_OSI)
		decoder_unsupported(decoder, NUMBER_NONE, 0,
				    type == HDLC_SLARP ? "Cisco SLARP" : "ISO (CLNS, IS-IS)");
	else
		decoder_next_ethertype(decoder, type);
}

/* Address bytes up to the one with its lowest bit set (2 to 4), then control 3
 * and an NLPID (RFC 2427), or an ethertype at once (Cisco). */
void
decode_frame_relay(Decoder *decoder)
{
	enum { LINKTYPE_WITH_DIRECTION = 206 };

	if (decoder->link_type == LINKTYPE_WITH_DIRECTION &&
	    !decoder_pull(decoder, 1, frame_relay_short))
		return;
	for (guint n = 0; n < 4; n++) {
		PULL_OR_RETURN(address, 1, frame_relay_short);
		if (address[0] & 1)
			break;
	}
	PEEK_OR_RETURN(bytes, 2, frame_relay_short);
	decoder_add_header(decoder, LAYER_LINK)->value = 107;
	if (bytes[0] == 0x03) {
		cursor_pull(&decoder->cursor, bytes[1] == 0 ? 2 : 1); /* 0: a pad byte */
		decoder->next = decode_nlpid;
	} else {
		cursor_pull(&decoder->cursor, 2);
		decoder_next_ethertype(decoder, get_be16(bytes));
	}
}

/* libpcap's own 16 bytes: direction 1, the compressed header 15; then IP, compressed or not. */
void
decode_slip(Decoder *decoder)
{
	if (!decoder_pull_link(decoder, 16, slip_short, 8))
		return;
	PEEK_OR_RETURN(bytes, 1, slip_short);
	if (bytes[0] >> 4 == 4 || bytes[0] >> 4 == 6)
		decoder->next = decode_ip;
	else
		decoder_unsupported(decoder, NUMBER_NONE, 0,
				    "TCP/IP with Van Jacobson compression");
}
