/* SPDX-License-Identifier: MIT */
/* link.c - link types, and those that are about another one or about nothing but IP: Linux cooked,
 * PPI, PKTAP, loopback, raw IP. */
#include "decoder.h"

static const char sll_short[] = N_("the packet ends within its Linux cooked header");
static const char ppi_short[] = N_("the packet ends within its PPI header");
static const char pktap_short[] = N_("the packet ends within its PKTAP header");
static const char null_short[] = N_("the packet ends within its loopback header");

static DecodeStep decode_sll, decode_sll2, decode_null, decode_raw_ip, decode_ppi, decode_pktap;

/* LINKTYPE_, and the DLT_ numbers that libpcap gives for it. The common ones first: the table
 * is searched for each packet. */
static const Protocol link_types[] = {
	{ 1, "Ethernet", decode_ethernet },
	{ 113, "Linux cooked", decode_sll },
	{ 276, "Linux cooked v2", decode_sll2 },
	{ 0, "BSD loopback", decode_null },
	{ 108, "OpenBSD loopback", decode_null },
	{ 101, "raw IP", decode_raw_ip },
	{ 12, "raw IP", decode_raw_ip },
	{ 14, "raw IP", decode_raw_ip },
	{ 228, "raw IPv4", decode_raw_ip },
	{ 229, "raw IPv6", decode_raw_ip },
	{ 127, "802.11 with radiotap", decode_radiotap },
	{ 105, "802.11", decode_wlan },
	{ 9, "PPP", decode_ppp },
	{ 50, "PPP", decode_ppp },
	{ 51, "PPPoE", decode_pppoe },
	{ 166, "PPP with direction", decode_ppp_with_direction },
	{ 204, "PPP with direction", decode_ppp_with_direction },
	{ 239, "Linux netfilter log", decode_nflog },
	{ 6, "Token Ring", decode_token_ring },
	{ 7, "ARCNET", decode_arcnet },
	{ 8, "SLIP", decode_slip },
	{ 10, "FDDI", decode_fddi },
	{ 11, "LLC over ATM", decode_llc },
	{ 100, "LLC over ATM", decode_llc },
	{ 104, "Cisco HDLC", decode_hdlc },
	{ 107, "Frame Relay", decode_frame_relay },
	{ 109, "OpenBSD IPsec", decode_enc },
	{ 117, "OpenBSD packet filter log", decode_pflog },
	{ 119, "802.11 with Prism header", decode_prism },
	{ 122, "IP over Fibre Channel", decode_ip_over_fc },
	{ 129, "ARCNET", decode_arcnet },
	{ 163, "802.11 with AVS header", decode_avs },
	{ 192, "PPI", decode_ppi },
	{ 197, "ERF", decode_erf },
	{ 205, "Cisco HDLC with direction", decode_hdlc },
	{ 206, "Frame Relay with direction", decode_frame_relay },
	{ 219, "MPLS", decode_mpls },
	{ 226, "Solaris IPNET", decode_ipnet },
	{ 242, "IP over InfiniBand", decode_ipoib },
	{ 258, "Apple PKTAP", decode_pktap },
	{ 274, "Ethernet mPacket", decode_mpacket },
	{ 143, "DOCSIS" },
	{ 149, "Apple PKTAP", decode_pktap }, /* DLT_USER2, as Apple's tools write it */
	{ 177, "LAPD" },
	{ 187, "Bluetooth HCI" },
	{ 189, "USB" },
	{ 195, "IEEE 802.15.4" },
	{ 201, "Bluetooth HCI" },
	{ 220, "USB" },
	{ 227, "CAN" },
	{ 230, "IEEE 802.15.4" },
	{ 249, "USB" },
	{ 251, "Bluetooth Low Energy" },
	{ 252, "Wireshark exported PDU" },
	{ 253, "Linux netlink" },
	{ 254, "Bluetooth monitor" },
	{ 256, "Bluetooth Low Energy" },
	{ 271, "vsock" },
};

void
decoder_next_link(Decoder *decoder, guint16 link_type)
{
	decoder->link_type = link_type;
	decoder_next(decoder, protocol_find(link_types, link_type), NUMBER_LINK_TYPE, link_type);
}

const char *
link_type_name(guint16 link_type)
{
	const Protocol *type = protocol_find(link_types, link_type);

	return type && type->step ? type->name : NULL;
}

/* What Linux puts in place of an ethertype where there is none (linux/if_ether.h). */
static void
sll_next(Decoder *decoder, guint16 arphrd, guint16 protocol)
{
	enum {
		ARPHRD_FRAME_RELAY = 770,
		ARPHRD_GRE = 778,
		ARPHRD_RADIOTAP = 803,
		ARPHRD_NETLINK = 824
	};

	if (arphrd == ARPHRD_NETLINK)
		decoder_unsupported(decoder, NUMBER_NONE, 0, "netlink");
	else if (arphrd == ARPHRD_RADIOTAP)
		decoder_next_link(decoder, 127);
	else if (arphrd == ARPHRD_FRAME_RELAY)
		decoder_next_link(decoder, 107);
	else if (arphrd == ARPHRD_GRE)
		decoder_next_gre(decoder, protocol);
	else if (protocol == 4)
		decoder->next = decode_llc;
	else if (protocol == 7)
		decoder_next_link(decoder, 9);
	else
		decoder_next_ethertype(decoder, protocol);
}

/* packet type 2, ARPHRD 2, address length 2, address 8, protocol 2 */
static void
decode_sll(Decoder *decoder)
{
	const guint8 *bytes = decoder_pull_link(decoder, 16, sll_short, 113);

	if (bytes)
		sll_next(decoder, get_be16(bytes + 2), get_be16(bytes + 14));
}

/* protocol 2, zero 2, interface 4, ARPHRD 2, packet type 1, address length 1, address 8 */
static void
decode_sll2(Decoder *decoder)
{
	const guint8 *bytes = decoder_pull_link(decoder, 20, sll_short, 276);

	if (bytes)
		sll_next(decoder, get_be16(bytes + 8), get_be16(bytes));
}

/* An address family in the byte order of whoever captured it, AF_INET6 being another number in
 * each system; some write an ethertype. */
static void
decode_null(Decoder *decoder)
{
	static const guint8 ip_families[] = { 2, 10, 24, 28, 30 };
	PULL_LINK_OR_RETURN(bytes, 4, null_short, decoder->link_type);

	guint32 family = get_le32(bytes);
	if (family > 0xffff)
		family = get_be32(bytes);
	if (family < 256 && memchr(ip_families, (int)family, sizeof ip_families))
		decoder->next = decode_ip;
	else if (family > 1500 && family <= 0xffff)
		decoder_next_ethertype(decoder, (guint16)family);
	else
		decoder_unsupported(decoder, NUMBER_NONE, 0, N_("unknown address family"));
}

static void
decode_raw_ip(Decoder *decoder)
{
	decoder_add_header(decoder, LAYER_LINK)->value = decoder->link_type;
	decoder->next = decode_ip;
}

/* version 1, flags 1, length 2, link type 4 (both little-endian), fields */
static void
decode_ppi(Decoder *decoder)
{
	PEEK_OR_RETURN(bytes, 8, ppi_short);

	guint32 length = get_le16(bytes + 2);
	if (length < 8)
		decoder_note(decoder, DECODE_MALFORMED,
			     N_("the PPI header is shorter than it can be"));
	else if (decoder_pull_link(decoder, length, ppi_short, 192))
		decoder_next_link(decoder, (guint16)MIN(get_le32(bytes + 4), G_MAXUINT16));
}

/* length 4, next header 4, link type 4 (all little-endian), ... */
static void
decode_pktap(Decoder *decoder)
{
	PEEK_OR_RETURN(bytes, 12, pktap_short);

	guint32 length = get_le32(bytes);
	if (length < 12)
		decoder_note(decoder, DECODE_MALFORMED,
			     N_("the PKTAP header is shorter than it can be"));
	else if (decoder_pull_link(decoder, length, pktap_short, 258))
		decoder_next_link(decoder, (guint16)MIN(get_le32(bytes + 8), G_MAXUINT16));
}
