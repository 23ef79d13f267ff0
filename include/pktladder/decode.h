/* SPDX-License-Identifier: MIT */
/* decode.h - one packet's bytes to facts. Pure: no history, no I/O, no clock.
 *
 * A malformed packet is data, never an error: decode_packet() always returns
 * facts. Bytes are reached only through the checked cursor (src/decode/decoder.h).
 */
#pragma once

#include "pktladder/endpoint.h"
#include "pktladder/packet.h"

/* DECODE_*, and the name of it for programs. Where several apply the highest is kept. How far the
 * decoder came is another matter (has_transport_header): a segment with a broken option is
 * malformed, and yet a segment. */
/* clang-format off */
#define STATUS_TABLE(STATUS) \
	STATUS(OK, "ok") \
	STATUS(FIRST_FRAGMENT, "first-fragment") /* the rest of its payload is in others */ \
	STATUS(TRUNCATED, "truncated") /* the capture kept fewer bytes than a header needs (snaplen) */ \
	STATUS(FRAGMENT, "fragment") /* a later IP fragment: no transport header in it */ \
	STATUS(UNSUPPORTED, "unsupported") /* what is not decoded is named by `protocol_name` */ \
	STATUS(MALFORMED, "malformed") /* the bytes contradict themselves; `problem` says how */

#define STATUS_ENUM(NAME, name) DECODE_##NAME,
typedef enum { STATUS_TABLE(STATUS_ENUM) N_DECODE_STATUS } DecodeStatus;
/* clang-format on */

/* How a packet reads on a ladder: KIND_*, and the name of it for programs. */
/* clang-format off */
#define KIND_TABLE(KIND) \
	KIND(OTHER, "other") /* not TCP, UDP or an ICMP error that quotes them */ \
	KIND(SYN, "syn") \
	KIND(SYN_ACK, "syn-ack") \
	KIND(ACK, "ack") /* no data, ACK only */ \
	KIND(DATA, "data") /* data, PSH or not */ \
	KIND(FIN, "fin") /* FIN, with or without ACK and data */ \
	KIND(RST, "rst") /* RST, with or without ACK */ \
	KIND(UNUSUAL_TCP, "unusual-tcp") /* any other combination of flags: none, SYN+FIN, ... */ \
	KIND(DATAGRAM, "datagram") /* UDP */ \
	KIND(ICMP_ERROR, "icmp-error") /* quotes a TCP or UDP header */ \
	KIND(FRAGMENT, "fragment") /* non-first fragment */

#define KIND_ENUM(NAME, name) KIND_##NAME,
typedef enum { KIND_TABLE(KIND_ENUM) N_PACKET_KINDS } PacketKind;
/* clang-format on */

static inline gboolean
packet_kind_is_tcp(PacketKind kind)
{
	return kind >= KIND_SYN && kind <= KIND_UNUSUAL_TCP;
}

/* TCP flags, RFC 9293 3.1 and RFC 3168; the header's 12 bits. */
enum {
	TCP_FIN = 0x001,
	TCP_SYN = 0x002,
	TCP_RST = 0x004,
	TCP_PSH = 0x008,
	TCP_ACK = 0x010,
	TCP_URG = 0x020,
	TCP_ECE = 0x040,
	TCP_CWR = 0x080,
	TCP_AE = 0x100 /* and 0xe00 reserved */
};

typedef enum {
	CHECKSUM_UNKNOWN, /* not verified: part of the segment is not at hand, or a fragment */
	CHECKSUM_GOOD,
	CHECKSUM_ABSENT,     /* UDP over IPv4 with 0 (RFC 768) */
	CHECKSUM_NOT_FILLED, /* holds just the pseudo-header's sum: left to offload hardware */
	CHECKSUM_BAD,
	N_CHECKSUM_STATUS
} ChecksumStatus;

/* Which TCP options were there (bits of TcpFacts.options). */
enum {
	TCP_OPTION_MSS = 1 << 0,
	TCP_OPTION_WINDOW_SCALE = 1 << 1,
	TCP_OPTION_SACK_PERMITTED = 1 << 2,
	TCP_OPTION_SACK = 1 << 3,
	TCP_OPTION_TIMESTAMPS = 1 << 4,
	TCP_OPTION_FAST_OPEN = 1 << 5,
	TCP_OPTION_MD5 = 1 << 6,
	TCP_OPTION_MPTCP = 1 << 7,
	TCP_OPTION_OTHER = 1 << 8,
	TCP_OPTION_MALFORMED = 1 << 9,
	TCP_OPTION_ACC_ECN = 1 << 10
};

#define TCP_HEADER_LEAST 20u /* bytes: RFC 9293 3.1 */

typedef struct {
	guint32 left, right; /* raw sequence numbers, RFC 2018 */
} SackBlock;

typedef struct {
	guint32 seq, ack; /* raw, host order; ack is the field even without the ACK flag */
	guint16 flags;    /* 12 bits, TCP_* */
	guint16 window;   /* raw, unscaled */
	guint16 urgent;
	guint16 header_length; /* bytes, options included; 20 to 60, less only where malformed */
	guint16 checksum;
	guint16 options; /* TCP_OPTION_* seen */
	guint16 mss;
	guint8 window_scale; /* shift count as sent (may be over 14, RFC 7323 2.3) */
	guint8 n_sack;
	guint8 mptcp_subtype;    /* of the first MPTCP option */
	guint8 fast_open_length; /* cookie bytes; 0 is a request for one */
	SackBlock sack[4];
	guint32 timestamp_value, timestamp_echo;
} TcpFacts;

typedef struct {
	guint16 length; /* as its header says */
	guint16 checksum;
} UdpFacts;

/* An ICMP or ICMPv6 message; `quoted` is the start of the datagram that an
 * error is about, so quoted_source is the sender of the offending packet. */
typedef struct {
	guint8 type, code;
	gboolean is_error;
	guint16 checksum;
	guint32 rest;               /* the 4 bytes after the checksum: MTU, pointer, ... */
	Transport quoted_transport; /* TRANSPORT_NONE where nothing usable is quoted */
	Endpoint quoted_source, quoted_destination;
	guint32 quoted_seq;    /* TCP only */
	guint16 quoted_length; /* bytes at hand from the quoted transport header on (at most
				  65535); 4 are enough for the ports, but tshark opens a stream
				  for a quote only from 16 (TCP) or 8 (UDP) on */
} IcmpFacts;

/* The headers that were walked over, outermost first, for the detail pane: LAYER_*, and a name for
 * those that have no better one. */
/* clang-format off */
#define LAYER_TABLE(LAYER) \
	LAYER(LINK, "link") /* value: its link type */ \
	LAYER(VLAN, "VLAN") /* value: the tag (priority, DEI, VLAN); extra: its ethertype */ \
	LAYER(TAG, "tag") /* another tag before the ethertype; value: its own ethertype */ \
	LAYER(LLC, "LLC") /* 802.2, with SNAP or not; value: SNAP's protocol or the DSAP */ \
	LAYER(PPPOE, "PPPoE") /* extra: session */ \
	LAYER(PPP, "PPP") /* value: protocol */ \
	LAYER(MPLS, "MPLS") /* extra: label; value: traffic class << 9 | bottom << 8 | TTL */ \
	LAYER(IPV4, "IPv4") \
	LAYER(IPV6, "IPv6") \
	LAYER(IPV6_EXTENSION, "IPv6 extension") /* number: its protocol's (AH of IPv4 too) */ \
	LAYER(GRE, "GRE") /* value: protocol; extra: key, number: 1 where it has one */ \
	LAYER(VXLAN, "VXLAN") /* extra: VNI */ \
	LAYER(OTHER_TUNNEL, "tunnel") /* number: TUNNEL_*; extra: its VNI, TEID, session, ... */ \
	LAYER(TCP, "TCP") \
	LAYER(UDP, "UDP") \
	LAYER(ICMP, "ICMP") \
	LAYER(ICMPV6, "ICMPv6") \
	LAYER(PAYLOAD, "payload") \
	LAYER(OTHER, "not decoded") /* number: NumberSpace, value: the number in it */

#define TUNNEL_TABLE(TUNNEL) \
	TUNNEL(GENEVE, "Geneve") TUNNEL(GTP, "GTP-U") TUNNEL(TEREDO, "Teredo") \
	TUNNEL(L2TP, "L2TP") TUNNEL(LISP, "LISP") TUNNEL(ERSPAN, "ERSPAN") \
	TUNNEL(NSH, "NSH") TUNNEL(ETHERIP, "EtherIP") TUNNEL(PSEUDOWIRE, "MPLS pseudowire") \
	TUNNEL(CAPWAP, "CAPWAP") TUNNEL(PIM, "PIM register") TUNNEL(FABRICPATH, "FabricPath")

#define LAYER_ENUM(NAME, name) LAYER_##NAME,
#define TUNNEL_ENUM(NAME, name) TUNNEL_##NAME,
typedef enum { LAYER_TABLE(LAYER_ENUM) N_LAYER_KINDS } LayerKind;
typedef enum { TUNNEL_TABLE(TUNNEL_ENUM) N_TUNNEL_KINDS } TunnelKind;
/* clang-format on */

/* Whose number an unsupported protocol's number is. */
typedef enum {
	NUMBER_LINK_TYPE,
	NUMBER_ETHERTYPE,
	NUMBER_IP_PROTOCOL,
	NUMBER_PPP,
	NUMBER_LLC,
	NUMBER_ARCNET,
	NUMBER_NONE,
	N_NUMBER_SPACES
} NumberSpace;

typedef struct {
	guint8 kind; /* LayerKind; it says what the next three are, else they are 0 */
	guint8 number;
	guint16 value;
	guint32 extra;
	guint32 offset, length; /* bytes, within Packet.data; length may reach past `captured` */
} Layer;

/* Where there are more headers, the ones in the middle are left out; never transport and payload.
 */
#define PACKET_MAX_LAYERS 24

/* The facts. Addresses, ports and transport are those of the innermost
 * datagram that could be reached; `layers` tells the way there. */
struct _Facts {
	DecodeStatus status;
	PacketKind kind;
	Transport transport;
	Endpoint source, destination; /* ports 0 where there is no transport header */
	guint8 ip_version;            /* innermost; 0 where there is none */
	guint8 ip_protocol;           /* innermost upper protocol number */
	guint16 ip_header_length;     /* bytes, IPv6 extensions included */
	guint32 ip_total_length;      /* bytes; from the capture where the field is 0 (segmentation
					 offload) */
	guint32 ip_id;                /* identification, of fragments too */
	guint32 fragment_offset;      /* bytes; 0 for the first and for whole datagrams */
	gboolean more_fragments;
	gboolean in_tunnel;            /* a second IP header was walked */
	TcpFacts tcp;                  /* valid where transport is TCP and has_transport_header */
	UdpFacts udp;                  /* likewise UDP */
	IcmpFacts icmp;                /* valid where ip_protocol is 1 or 58 */
	gboolean has_transport_header; /* its fixed part; of a cut TCP header, up to the window */
	ChecksumStatus checksum;       /* of the transport header */
	guint32 transport_offset;      /* of the transport or ICMP header, within Packet.data */
	gboolean has_payload_length;   /* TCP, UDP: FALSE where payload_length is not all that its
					  sender sent: a first fragment, a header longer than its
					  segment (tshark then analyses nothing) */
	guint32 payload_offset;        /* within Packet.data */
	guint32 payload_length;        /* transport payload on the wire, from the IP lengths; a
					  fragment's: its bytes */
	guint32 payload_captured;      /* of it, bytes at hand */
	const char *protocol_name;     /* static: "ARP", "SCTP", ..., NULL unless unsupported */
	const char *problem; /* static, English msgid; NULL unless malformed or truncated */
	guint8 n_layers;
	Layer layers[PACKET_MAX_LAYERS]; /* so many are set: decoding leaves the rest as it was */
};

/* decode_headers() leaves `checksum` CHECKSUM_UNKNOWN and touches the headers' bytes alone, for
 * reading millions of packets; decode_checksum() verifies it, of the same packet. */
void decode_headers(const Packet *packet, Facts *facts);
ChecksumStatus decode_checksum(const Packet *packet, const Facts *facts);
void decode_packet(const Packet *packet, Facts *facts); /* both */

/* A process, or an app of a user (Android's apps are users). */
typedef struct {
	char name[64]; /* as the file has it, not escaped; "": not said */
	gint32 number; /* its process or user number */
	gboolean is_user;
} PacketProcess;

/* The process that the packet's bytes name, and the one that it works for: how many of these two
 * there are. */
guint packet_processes(const Packet *packet, PacketProcess processes[2]);

/* What tells a packet from others, beside its facts. */
typedef struct {
	guint8 link[16]; /* of the link header what tells one place of capture from another:
			    addresses, direction, tag; zeros where no such bytes are known */
	guint32 interface;
	guint64 digest; /* of all but TCP: of the first and last bytes behind the IP or UDP header,
			   and of what IP says beside id and length */
} PacketMarks;
PacketMarks packet_marks(const Packet *packet, const Facts *facts);

/* Whether a capture of this link type is of several interfaces, most often. */
gboolean link_type_is_of_several(guint16 link_type);

/* Whether this value of the transport header's checksum is one that was left to offload hardware.
 */
gboolean checksum_is_left(const Facts *facts, guint16 field);

/* KIND_* of these flags with this payload, RFC 9293 3.1. */
PacketKind packet_kind_of_tcp(guint16 flags, guint32 payload_length);

/* The size of the option of TCP or IPv4 at options[0], `length` bytes before the header's end, or 0
 * where it is broken; at least 2 where its length byte was cut off. */
guint option_size(const guint8 *options, guint at_hand, guint length);

/* The flags in tcpdump's words, in a fixed order: "SYN", "FIN-ACK",
 * "PSH-ACK"; "none" where no flag is set. */
ShortText tcp_flags_text(guint16 flags);

/* "Ethernet", "Linux cooked v2", ...; NULL where the link type is not decoded. Static. */
const char *link_type_name(guint16 link_type);

/* "IPv4" for 0x0800, "TCP" for 6, "TCP" never being translated; NULL where no name is known.
 * Static. */
const char *ethertype_name(guint16 ethertype);
const char *ip_protocol_name(guint8 protocol);

/* What a type and code mean, of ICMP (ip_version 4) or ICMPv6 (6): "port unreachable", ...;
 * an English msgid, NULL where no name is known. Static. */
const char *icmp_name(guint8 ip_version, guint8 type, guint8 code);

/* What is not decoded, with its number: "link type 147", "SCTP (IP protocol 132)"; "" where the
 * packet is not unsupported. */
ShortText unsupported_text(const Facts *facts);

/* A number and whose number it is, as text; `name` NULL: by the number. */
ShortText protocol_text(NumberSpace space, guint16 value, const char *name);

/* That number, of a packet of KIND_OTHER; NUMBER_NONE where it has none. */
void unsupported_number(const Facts *facts, NumberSpace *space, guint16 *value);

/* The tunnel whose inner datagram the facts are about: "GRE", "VXLAN", "6in4", "IP in IP",
 * "MPLS", ...; the innermost where there are several, NULL where there is none. Static. */
const char *tunnel_name(const Facts *facts);

/* "VLAN", "IPv6 hop-by-hop options", "Geneve", ... Static. */
const char *layer_name(const Layer *layer);
