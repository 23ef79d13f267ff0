/* SPDX-License-Identifier: MIT */
/* ethernet.c - Ethernet, ethertypes, and what goes before one: VLAN and other tags, 802.2, MPLS. */
#include "decoder.h"

static const char ethernet_short[] = N_("the packet ends within its Ethernet header");
static const char tag_short[] = N_("the packet ends within a VLAN or other tag");
static const char llc_short[] = N_("the packet ends within its LLC header");
static const char mpls_short[] = N_("the packet ends within its MPLS labels");

static DecodeStep decode_vlan, decode_tag;

/* The common ones first: the table is searched for each packet. */
static const Protocol ethertypes[] = {
	{ 0x0800, "IPv4", decode_ip },
	{ 0x86dd, "IPv6", decode_ip },
	{ 0x8100, "802.1Q", decode_vlan },
	{ 0x88a8, "802.1ad", decode_vlan },
	{ 0x9100, "QinQ", decode_vlan },
	{ 0x8847, "MPLS", decode_mpls },
	{ 0x8848, "MPLS", decode_mpls },
	{ 0x8864, "PPPoE", decode_pppoe },
	{ 0x0806, "ARP" },
	{ 0x6558, "Ethernet", decode_ethernet },
	{ 0x894f, "NSH", decode_nsh },
	{ 0x8870, "LLC", decode_llc },
	{ 0x8909, "Cisco metadata", decode_tag, 8 },
	{ 0x8926, "VN-Tag", decode_tag, 6 },
	{ 0x893f, "802.1BR E-Tag", decode_tag, 8 },
	{ 0x88e7, "802.1ah", decode_tag, 18 },
	{ 0x892f, "HSR", decode_tag, 6 },
	{ 0xf1c1, "802.1CB R-Tag", decode_tag, 6 },
	{ 0x0842, "Wake-on-LAN" },
	{ 0x22f0, "AVTP" },
	{ 0x22f3, "TRILL" },
	{ 0x22f4, "IS-IS" },
	{ 0x4305, "B.A.T.M.A.N." },
	{ 0x6001, "DEC MOP" },
	{ 0x6002, "DEC MOP" },
	{ 0x6003, "DECnet" },
	{ 0x6004, "DEC LAT" },
	{ 0x8035, "RARP" },
	{ 0x809b, "AppleTalk" },
	{ 0x80f3, "AppleTalk ARP" },
	{ 0x8137, "IPX" },
	{ 0x8808, "Ethernet flow control" },
	{ 0x8809, "slow protocols (LACP)" },
	{ 0x8863, "PPPoE discovery" },
	{ 0x886c, "HomePNA" },
	{ 0x887b, "HomePlug" },
	{ 0x888e, "EAPOL (802.1X)" },
	{ 0x8892, "PROFINET" },
	{ 0x8899, "Realtek" },
	{ 0x889a, "HyperSCSI" },
	{ 0x88a2, "ATA over Ethernet" },
	{ 0x88a4, "EtherCAT" },
	{ 0x88ab, "Ethernet Powerlink" },
	{ 0x88b8, "GOOSE" },
	{ 0x88ba, "IEC 61850 sampled values" },
	{ 0x88ca, "TIPC" },
	{ 0x88cc, "LLDP" },
	{ 0x88cd, "SERCOS III" },
	{ 0x88d9, "LLTD" },
	{ 0x88e1, "HomePlug AV" },
	{ 0x88e3, "MRP" },
	{ 0x88e5, "MACsec" },
	{ 0x88f5, "MVRP" },
	{ 0x88f6, "MMRP" },
	{ 0x88f7, "PTP" },
	{ 0x88fb, "PRP" },
	{ 0x8902, "CFM" },
	{ 0x8903, "FabricPath", decode_fabricpath },
	{ 0x8906, "FCoE" },
	{ 0x8914, "FCoE initialization" },
	{ 0x8915, "RoCE" },
	{ 0x893a, "IEEE 1905" },
	{ 0x9000, "Ethernet loopback" },
	{ 0xaefe, "eCPRI" },
};

const char *
ethertype_name(guint16 ethertype)
{
	const Protocol *type = protocol_find(ethertypes, ethertype);

	return type ? type->name : NULL;
}

void
decoder_next_ethertype(Decoder *decoder, guint16 ethertype)
{
	decoder->ethertype = ethertype;
	decoder_next(decoder, protocol_find(ethertypes, ethertype), NUMBER_ETHERTYPE, ethertype);
}

gboolean
ethertype_is_decoded(guint16 ethertype)
{
	const Protocol *type = protocol_find(ethertypes, ethertype);

	return type && type->step;
}

/* Below 1536 the field is a length, IEEE 802.3 3.2.6, and 802.2 follows; old
 * Novell frames have IPX there without it. */
static void
next_length_or_ethertype(Decoder *decoder, guint16 value)
{
	if (value > 1500) {
		decoder_next_ethertype(decoder, value);
		return;
	}
	cursor_limit(&decoder->cursor, value);
	const guint8 *bytes = cursor_peek(&decoder->cursor, 2);
	if (bytes && get_be16(bytes) == 0xffff)
		decoder_unsupported(decoder, NUMBER_NONE, 0, "IPX");
	else
		decoder->next = decode_llc;
}

/* destination 6, source 6, type or length 2 */
void
decode_ethernet(Decoder *decoder)
{
	const guint8 *bytes = decoder_pull_link(decoder, 14, ethernet_short, 1);

	if (bytes)
		next_length_or_ethertype(decoder, get_be16(bytes + 12));
}

/* tag 2, type or length 2 */
static void
decode_vlan(Decoder *decoder)
{
	PULL_OR_RETURN(bytes, 4, tag_short);
	Layer *layer = decoder_add_header(decoder, LAYER_VLAN);
	layer->value = get_be16(bytes);
	layer->extra = decoder->ethertype;
	next_length_or_ethertype(decoder, get_be16(bytes + 2));
}

/* A tag of a fixed length with an ethertype at its end. */
static void
decode_tag(Decoder *decoder)
{
	const Protocol *type = protocol_find(ethertypes, decoder->ethertype);
	PULL_OR_RETURN(bytes, type->tag_length, tag_short);

	decoder_add_header(decoder, LAYER_TAG)->value = decoder->ethertype;
	next_length_or_ethertype(decoder, get_be16(bytes + type->tag_length - 2));
}

/* By DSAP. */
static const Protocol llc_protocols[] = {
	{ 0x04, "SNA" },
	{ 0x42, "STP" },
	{ 0xe0, "IPX" },
	{ 0xf0, "NetBIOS" },
	{ 0xfe, "ISO (CLNS, IS-IS)" },
};

/* DSAP 1, SSAP 1, control 1 (2 unless unnumbered); and SNAP where both are 0xaa: organization 3,
 * protocol 2, an ethertype of some organizations */
void
decode_llc(Decoder *decoder)
{
	enum {
		OUI_ETHERTYPE = 0x000000,
		OUI_CISCO_90 = 0x0000f8,
		OUI_BRIDGED = 0x0080c2,
		OUI_CISCO = 0x00000c,
		OUI_APPLETALK = 0x080007
	};
	PULL_OR_RETURN(bytes, 3, llc_short);

	if (bytes[0] != 0xaa || bytes[1] != 0xaa || bytes[2] != 0x03) {
		decoder_add_header(decoder, LAYER_LLC)->value = bytes[0];
		if (bytes[0] == 0x06 && bytes[2] == 0x03)
			decoder->next = decode_ip;
		else if (bytes[0] == 0xfe && bytes[2] == 0x03)
			decode_nlpid(decoder);
		else
			decoder_next(decoder, protocol_find(llc_protocols, bytes[0]), NUMBER_LLC,
				     bytes[0]);
		return;
	}
	PULL_OR_RETURN(snap, 5, llc_short);
	guint32 oui = get_be24(snap);
	guint16 protocol = get_be16(snap + 3);
	decoder_add_header(decoder, LAYER_LLC)->value = protocol;
	if (oui == OUI_ETHERTYPE || oui == OUI_CISCO_90 || oui == OUI_APPLETALK)
		decoder_next_ethertype(decoder, protocol);
	else if (oui == OUI_BRIDGED && (protocol == 1 || protocol == 7))
		decoder->next = decode_ethernet;
	else if (oui == OUI_CISCO)
		decoder_unsupported(decoder, NUMBER_NONE, 0,
				    protocol == 0x2000 ? "CDP" : "Cisco protocol");
	else
		decoder_unsupported(decoder, NUMBER_NONE, 0, N_("SNAP protocol of a vendor"));
}

/* Behind the last label: MPLS does not say what follows, so the first nibble must. A pseudowire
 * has Ethernet there, with a control word before it (first nibble 0, RFC 4385) or not; nothing on
 * the wire tells, so a known ethertype decides. */
static void
decode_mpls_payload(Decoder *decoder)
{
	PEEK_OR_RETURN(bytes, 1, mpls_short);
	const guint8 *wire = cursor_peek(&decoder->cursor, 18);
	gboolean control_word =
	    wire && wire[0] >> 4 == 0 && ethertype_is_decoded(get_be16(wire + 16));

	if (bytes[0] >> 4 == 4 || bytes[0] >> 4 == 6) {
		decoder->next = decode_ip;
	} else if (bytes[0] >> 4 == 1) {
		decoder_unsupported(decoder, NUMBER_NONE, 0, "MPLS associated channel");
	} else if (control_word || (wire && ethertype_is_decoded(get_be16(wire + 12)))) {
		cursor_pull(&decoder->cursor, control_word ? 4 : 0);
		decoder_add_header(decoder, LAYER_OTHER_TUNNEL)->number = TUNNEL_PSEUDOWIRE;
		decoder->next = decode_ethernet;
	} else {
		decoder_unsupported(decoder, NUMBER_NONE, 0, "unknown MPLS payload");
	}
}

/* label 20 bits, traffic class 3, bottom of stack 1, TTL 8: RFC 3032 2.1 */
void
decode_mpls(Decoder *decoder)
{
	PULL_OR_RETURN(bytes, 4, mpls_short);
	Layer *layer = decoder_add_header(decoder, LAYER_MPLS);
	layer->extra = get_be24(bytes) >> 4;
	layer->value = get_be16(bytes + 2) & 0x0fff;
	decoder->next = bytes[2] & 1 ? decode_mpls_payload : decode_mpls;
}
