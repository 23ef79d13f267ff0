/* ethertype.c - ethertypes, and what goes before one: VLAN and other tags, 802.2, MPLS. */
#include "decoder.h"

static const char tag_short[] = N_("the packet ends within a VLAN or other tag");
static const char llc_short[] = N_("the packet ends within its LLC header");
static const char mpls_short[] = N_("the packet ends within its MPLS labels");

static void decode_vlan(Decoder *decoder);
static void decode_tag(Decoder *decoder);

typedef struct {
	guint16 number;
	guint8
	    tag_length; /* of decode_tag()'s: bytes, the next ethertype's two at the end included */
	const char *name;
	DecodeStep step; /* NULL: known by name only */
} Ethertype;

/* The common ones first: the table is searched for each packet. */
static const Ethertype ethertypes[] = {
	{ 0x0800, 0, "IPv4", decode_ip },
	{ 0x86dd, 0, "IPv6", decode_ip },
	{ 0x8100, 0, "802.1Q", decode_vlan },
	{ 0x88a8, 0, "802.1ad", decode_vlan },
	{ 0x9100, 0, "QinQ", decode_vlan },
	{ 0x8847, 0, "MPLS", decode_mpls },
	{ 0x8848, 0, "MPLS", decode_mpls },
	{ 0x8864, 0, "PPPoE", decode_pppoe },
	{ 0x0806, 0, "ARP", NULL },
	{ 0x6558, 0, "Ethernet", decode_ethernet },
	{ 0x894f, 0, "NSH", decode_nsh },
	{ 0x8870, 0, "LLC", decode_llc },
	{ 0x8909, 8, "Cisco metadata", decode_tag },
	{ 0x8926, 6, "VN-Tag", decode_tag },
	{ 0x893f, 8, "802.1BR E-Tag", decode_tag },
	{ 0x88e7, 18, "802.1ah", decode_tag },
	{ 0x892f, 6, "HSR", decode_tag },
	{ 0xf1c1, 6, "802.1CB R-Tag", decode_tag },
	{ 0x0842, 0, "Wake-on-LAN", NULL },
	{ 0x22f0, 0, "AVTP", NULL },
	{ 0x22f3, 0, "TRILL", NULL },
	{ 0x22f4, 0, "IS-IS", NULL },
	{ 0x4305, 0, "B.A.T.M.A.N.", NULL },
	{ 0x6001, 0, "DEC MOP", NULL },
	{ 0x6002, 0, "DEC MOP", NULL },
	{ 0x6003, 0, "DECnet", NULL },
	{ 0x6004, 0, "DEC LAT", NULL },
	{ 0x8035, 0, "RARP", NULL },
	{ 0x809b, 0, "AppleTalk", NULL },
	{ 0x80f3, 0, "AppleTalk ARP", NULL },
	{ 0x8137, 0, "IPX", NULL },
	{ 0x8808, 0, "Ethernet flow control", NULL },
	{ 0x8809, 0, "slow protocols (LACP)", NULL },
	{ 0x8863, 0, "PPPoE discovery", NULL },
	{ 0x886c, 0, "HomePNA", NULL },
	{ 0x887b, 0, "HomePlug", NULL },
	{ 0x888e, 0, "EAPOL (802.1X)", NULL },
	{ 0x8892, 0, "PROFINET", NULL },
	{ 0x8899, 0, "Realtek", NULL },
	{ 0x889a, 0, "HyperSCSI", NULL },
	{ 0x88a2, 0, "ATA over Ethernet", NULL },
	{ 0x88a4, 0, "EtherCAT", NULL },
	{ 0x88ab, 0, "Ethernet Powerlink", NULL },
	{ 0x88b8, 0, "GOOSE", NULL },
	{ 0x88ba, 0, "IEC 61850 sampled values", NULL },
	{ 0x88ca, 0, "TIPC", NULL },
	{ 0x88cc, 0, "LLDP", NULL },
	{ 0x88cd, 0, "SERCOS III", NULL },
	{ 0x88d9, 0, "LLTD", NULL },
	{ 0x88e1, 0, "HomePlug AV", NULL },
	{ 0x88e3, 0, "MRP", NULL },
	{ 0x88e5, 0, "MACsec", NULL },
	{ 0x88f5, 0, "MVRP", NULL },
	{ 0x88f6, 0, "MMRP", NULL },
	{ 0x88f7, 0, "PTP", NULL },
	{ 0x88fb, 0, "PRP", NULL },
	{ 0x8902, 0, "CFM", NULL },
	{ 0x8906, 0, "FCoE", NULL },
	{ 0x8914, 0, "FCoE initialization", NULL },
	{ 0x8915, 0, "RoCE", NULL },
	{ 0x893a, 0, "IEEE 1905", NULL },
	{ 0x9000, 0, "Ethernet loopback", NULL },
	{ 0xaefe, 0, "eCPRI", NULL },
};

static const Ethertype *
find_ethertype(guint16 number)
{
	for (guint i = 0; i < G_N_ELEMENTS(ethertypes); i++)
		if (ethertypes[i].number == number)
			return &ethertypes[i];
	return NULL;
}

const char *
ethertype_name(guint16 ethertype)
{
	const Ethertype *type = find_ethertype(ethertype);

	return type ? type->name : NULL;
}

void
decoder_next_ethertype(Decoder *decoder, guint16 ethertype)
{
	const Ethertype *type = find_ethertype(ethertype);

	decoder->ethertype = ethertype;
	if (type && type->step)
		decoder->next = type->step;
	else
		decoder_unsupported(decoder, NUMBER_ETHERTYPE, ethertype, type ? type->name : NULL);
}

gboolean
ethertype_is_decoded(guint16 ethertype)
{
	const Ethertype *type = find_ethertype(ethertype);

	return type && type->step;
}

/* tag 2, type or length 2 */
static void
decode_vlan(Decoder *decoder)
{
	guint32 start = decoder->cursor.offset;
	const guint8 *bytes = decoder_pull(decoder, 4, tag_short);
	Layer *layer;

	if (!bytes)
		return;
	layer = decoder_add_layer(decoder, LAYER_VLAN, start, 4);
	layer->value = get_be16(bytes);
	layer->extra = decoder->ethertype;
	decoder_next_length_or_ethertype(decoder, get_be16(bytes + 2));
}

/* A tag of a fixed length with an ethertype at its end. */
static void
decode_tag(Decoder *decoder)
{
	guint32 start = decoder->cursor.offset;
	const Ethertype *type = find_ethertype(decoder->ethertype);
	const guint8 *bytes = decoder_pull(decoder, type->tag_length, tag_short);

	if (!bytes)
		return;
	decoder_add_layer(decoder, LAYER_TAG, start, type->tag_length)->value = decoder->ethertype;
	decoder_next_length_or_ethertype(decoder, get_be16(bytes + type->tag_length - 2));
}

static const char *
llc_name(guint8 dsap)
{
	static const struct {
		guint8 dsap;
		const char *name;
	} names[] = {
		{ 0x04, "SNA" },
		{ 0x42, "STP" },
		{ 0xe0, "IPX" },
		{ 0xf0, "NetBIOS" },
		{ 0xfe, "ISO (CLNS, IS-IS)" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		if (names[i].dsap == dsap)
			return names[i].name;
	return NULL;
}

/* organization 3, protocol 2; the organizations that put an ethertype there */
static void
decode_snap(Decoder *decoder, guint32 start)
{
	enum {
		OUI_ETHERTYPE = 0x000000,
		OUI_CISCO_90 = 0x0000f8,
		OUI_BRIDGED = 0x0080c2,
		OUI_CISCO = 0x00000c,
		OUI_APPLETALK = 0x080007
	};
	const guint8 *bytes = decoder_pull(decoder, 5, llc_short);
	guint32 oui;
	guint16 protocol;

	if (!bytes)
		return;
	oui = get_be24(bytes);
	protocol = get_be16(bytes + 3);
	decoder_add_layer(decoder, LAYER_LLC, start, 8)->value = protocol;
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

/* DSAP 1, SSAP 1, control 1 (2 unless unnumbered), and SNAP where both are 0xaa */
void
decode_llc(Decoder *decoder)
{
	guint32 start = decoder->cursor.offset;
	const guint8 *bytes = decoder_pull(decoder, 3, llc_short);

	if (!bytes)
		return;
	if (bytes[0] == 0xaa && bytes[1] == 0xaa && bytes[2] == 0x03) {
		decode_snap(decoder, start);
		return;
	}
	decoder_add_layer(decoder, LAYER_LLC, start, 3)->value = bytes[0];
	if (bytes[0] == 0x06 && bytes[2] == 0x03)
		decoder->next = decode_ip;
	else if (bytes[0] == 0xfe && bytes[2] == 0x03)
		decode_nlpid(decoder);
	else
		decoder_unsupported(decoder, NUMBER_LLC, bytes[0], llc_name(bytes[0]));
}

/* A pseudowire has Ethernet behind the labels, with a control word before it (first nibble 0,
 * RFC 4385) or not; nothing on the wire tells, so a known ethertype decides. */
static void
decode_pseudowire(Decoder *decoder)
{
	const guint8 *bytes = cursor_peek(&decoder->cursor, 18);
	guint32 start = decoder->cursor.offset;
	gboolean control_word;

	control_word = bytes && bytes[0] >> 4 == 0 && ethertype_is_decoded(get_be16(bytes + 16));
	if (!control_word && !(bytes && ethertype_is_decoded(get_be16(bytes + 12)))) {
		decoder_unsupported(decoder, NUMBER_NONE, 0, "unknown MPLS payload");
		return;
	}
	if (control_word)
		cursor_pull(&decoder->cursor, 4);
	decoder_add_layer(decoder, LAYER_OTHER_TUNNEL, start, control_word ? 4 : 0)->number =
	    TUNNEL_PSEUDOWIRE;
	decoder->next = decode_ethernet;
}

/* Behind the last label: MPLS does not say what follows, so the first nibble must. */
static void
decode_mpls_payload(Decoder *decoder)
{
	const guint8 *bytes = decoder_peek(decoder, 1, mpls_short);

	if (!bytes)
		return;
	if (bytes[0] >> 4 == 4 || bytes[0] >> 4 == 6)
		decoder->next = decode_ip;
	else if (bytes[0] >> 4 == 1)
		decoder_unsupported(decoder, NUMBER_NONE, 0, "MPLS associated channel");
	else
		decode_pseudowire(decoder);
}

/* label 20 bits, traffic class 3, bottom of stack 1, TTL 8: RFC 3032 2.1 */
void
decode_mpls(Decoder *decoder)
{
	guint32 start = decoder->cursor.offset;
	const guint8 *bytes = decoder_pull(decoder, 4, mpls_short);
	Layer *layer;

	if (!bytes)
		return;
	layer = decoder_add_layer(decoder, LAYER_MPLS, start, 4);
	layer->extra = get_be24(bytes) >> 4;
	layer->value = get_be16(bytes + 2) & 0x0fff;
	decoder->next = bytes[2] & 1 ? decode_mpls_payload : decode_mpls;
}
