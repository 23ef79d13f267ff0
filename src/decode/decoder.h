/* SPDX-License-Identifier: MIT */
/* decoder.h - what the files of this layer share while one packet is decoded. Private to decode.
 *
 * Theory of operation: each header has a step, a function that takes its bytes from the cursor,
 * writes what it says into the facts, and names the step of the header that follows. decode_walk()
 * runs steps until none is named. So the decoder never calls itself: depth is a count in one loop,
 * whatever a packet claims to hold, and each tunnel is just another step.
 *
 * The cursor reads a packet's bytes checked, by three marks, offset <= captured <= end. Up to
 * `captured` the bytes are at hand; up to `end` the enclosing header says that there are bytes.
 * What lies between the two is what the capture cut off, so a pull that fails tells "truncated"
 * (the bytes were there on the wire) from "malformed" (they never were). Nothing but its functions
 * does arithmetic on the marks.
 */
#pragma once

#include <string.h>

#include "pktladder/decode.h"

typedef struct {
	const guint8 *data; /* the packet's first byte */
	guint32 offset;     /* of the next byte to read */
	guint32 captured;
	guint32 end;
} Cursor;

static inline Cursor
cursor_make(const guint8 *data, guint32 captured, guint32 length)
{
	return (Cursor){ .data = data, .captured = captured, .end = MAX(captured, length) };
}

/* Bytes that are left on the wire, and of them at hand. */
static inline guint32
cursor_left(const Cursor *cursor)
{
	return cursor->end - cursor->offset;
}

static inline guint32
cursor_at_hand(const Cursor *cursor)
{
	return cursor->captured - cursor->offset;
}

/* The next n bytes, or NULL where they are not all at hand. */
static inline const guint8 *
cursor_peek(const Cursor *cursor, guint32 n)
{
	return n <= cursor_at_hand(cursor) ? cursor->data + cursor->offset : NULL;
}

static inline const guint8 *
cursor_pull(Cursor *cursor, guint32 n)
{
	const guint8 *bytes = cursor_peek(cursor, n);

	if (bytes)
		cursor->offset += n;
	return bytes;
}

/* Forgets what lies more than n bytes ahead: padding, trailers, a frame check sequence. */
static inline void
cursor_limit(Cursor *cursor, guint32 n)
{
	if (n < cursor_left(cursor))
		cursor->end = cursor->offset + n;
	cursor->captured = MIN(cursor->captured, cursor->end);
}

static inline guint32
get_be24(const guint8 *bytes)
{
	return (guint32)bytes[0] << 16 | (guint32)bytes[1] << 8 | bytes[2];
}

static inline guint16
get_le16(const guint8 *bytes)
{
	return (guint16)(bytes[1] << 8 | bytes[0]);
}

static inline guint32
get_le32(const guint8 *bytes)
{
	return (guint32)get_le16(bytes + 2) << 16 | get_le16(bytes);
}

typedef struct _Decoder Decoder;
typedef void DecodeStep(Decoder *decoder);

struct _Decoder {
	Cursor cursor;
	Facts *facts;
	guint32 start;     /* where the cursor was when the step began */
	DecodeStep *next;  /* the header that follows, or NULL */
	guint16 link_type; /* for link steps: which of its kin it is */
	guint16 ethertype; /* for tag steps: which tag; for GRE's payload: its protocol */
	guint8 n_ip;       /* IP headers walked */
	/* As it was when a UDP datagram was taken for a tunnel. */
	gboolean in_udp_tunnel;
	guint8 n_ip_before_tunnel;
	guint16 n_layers_before_tunnel;
	DecodeStatus status_before_tunnel;
	const char *problem_before_tunnel;
	gboolean in_fragment; /* within a first fragment: the rest is in other packets */
	gboolean is_padded;   /* the 802.11 header, to a multiple of 4 */
};

/* The next n bytes; NULL where they are not at hand, and `problem` is noted:
 * malformed where the lengths say that they never were there, else truncated. */
const guint8 *decoder_pull(Decoder *decoder, guint32 n, const char *problem);
const guint8 *decoder_peek(Decoder *decoder, guint32 n, const char *problem);
/* Pulls a whole link header, which becomes a layer. */
const guint8 *decoder_pull_link(Decoder *decoder, guint32 n, const char *problem,
				guint16 link_type);

/* Declares `bytes`, of one of these; a step that lacks them ends here. */
#define PULL_OR_RETURN(bytes, n, problem) TAKE_OR_RETURN(bytes, decoder_pull(decoder, n, problem))
#define PEEK_OR_RETURN(bytes, n, problem) TAKE_OR_RETURN(bytes, decoder_peek(decoder, n, problem))
#define PULL_LINK_OR_RETURN(bytes, n, problem, link_type)                                          \
	TAKE_OR_RETURN(bytes, decoder_pull_link(decoder, n, problem, link_type))
#define TAKE_OR_RETURN(bytes, taken)                                                               \
	const guint8 *bytes = taken;                                                               \
	if (!bytes)                                                                                \
	return

void decoder_note(Decoder *decoder, DecodeStatus status, const char *problem);

/* Adds a layer that starts at `offset`; never NULL. */
Layer *decoder_add_layer(Decoder *decoder, LayerKind kind, guint32 offset, guint32 length);
/* Adds what the step has pulled as a layer. */
Layer *decoder_add_header(Decoder *decoder, LayerKind kind);

#define UNKNOWN_PROTOCOL "unknown protocol"

/* The protocol ends the walk: it is not decoded. `name` may be NULL. */
void decoder_unsupported(Decoder *decoder, NumberSpace space, guint16 number, const char *name);

/* Reads the ports at the cursor, which are known even where the rest of a header is cut off. */
void decoder_set_ports(Decoder *decoder, Transport transport);

/* What is left is the payload of the transport header, or of a fragment. */
void decoder_set_payload(Decoder *decoder);

/* What a number of some table stands for. */
typedef struct {
	guint16 number;
	const char *name;  /* NULL: it has none */
	DecodeStep *step;  /* NULL: known by name only */
	guint8 tag_length; /* of an ethertype's tag: the next ethertype's two at the end included */
} Protocol;

#define protocol_find(table, number) protocol_find_of(table, G_N_ELEMENTS(table), number)
static inline const Protocol *
protocol_find_of(const Protocol *table, guint n, guint16 number)
{
	for (guint i = 0; i < n; i++)
		if (table[i].number == number)
			return &table[i];
	return NULL;
}

/* Name the step that follows, `protocol` being NULL or that of the number; or by a number of
 * its table; unsupported where it has none. */
void decoder_next(Decoder *decoder, const Protocol *protocol, NumberSpace space, guint16 number);
void decoder_next_link(Decoder *decoder, guint16 link_type);
void decoder_next_ethertype(Decoder *decoder, guint16 ethertype);
void decoder_next_gre(Decoder *decoder, guint16 protocol);

gboolean ethertype_is_decoded(guint16 ethertype);

/* The steps, by the file that they are in. */
/* ethernet.c */
DecodeStep decode_ethernet, decode_llc, decode_mpls;
/* link_lan.c: old local networks */
DecodeStep decode_fddi, decode_token_ring, decode_arcnet, decode_ip_over_fc, decode_ipoib;
/* link_host.c: what operating systems and capture hardware put before a packet */
DecodeStep decode_pflog, decode_enc, decode_ipnet, decode_nflog, decode_erf, decode_mpacket;
/* wlan.c */
DecodeStep decode_wlan, decode_wlan_swapped, decode_radiotap, decode_prism, decode_avs;
/* ppp.c: serial lines */
DecodeStep decode_ppp, decode_ppp_with_direction, decode_pppoe, decode_hdlc, decode_frame_relay,
    decode_nlpid, decode_slip;
/* ip.c: of the version that the first byte names */
DecodeStep decode_ip;
/* tunnel.c */
DecodeStep decode_gre, decode_etherip, decode_nsh, decode_pim, decode_fabricpath;
/* tcp.c, udp.c, icmp.c */
DecodeStep decode_tcp, decode_udp, decode_icmp;

/* decode.c: any packet, header by header. */
void decode_walk(const Packet *packet, Facts *facts);

/* common.c: the same, where it is TCP over IPv4 over Ethernet without anything unusual; else
 * FALSE, and the facts are as they were. */
gboolean decode_common(const Packet *packet, Facts *facts);

/* All but the layers. In parts, for which the compiler writes a few plain stores; as a whole it
 * would be a string instruction, which costs as much as half of the decoding. */
static inline void
facts_clear(Facts *facts)
{
	enum {
		TCP = offsetof(Facts, tcp),
		UDP = offsetof(Facts, udp),
		BEHIND_ICMP = offsetof(Facts, has_transport_header),
		LAYERS = offsetof(Facts, layers)
	};
	guint8 *bytes = (guint8 *)facts;

	memset(bytes, 0, TCP);
	memset(bytes + TCP, 0, UDP - TCP);
	memset(bytes + UDP, 0, BEHIND_ICMP - UDP);
	memset(bytes + BEHIND_ICMP, 0, LAYERS - BEHIND_ICMP);
}

/* RFC 9293 3.1: what stands in the 20 bytes of a TCP header, but the ports. */
static inline void
decode_tcp_fields(TcpFacts *tcp, const guint8 *bytes)
{
	tcp->seq = get_be32(bytes + 4);
	tcp->ack = get_be32(bytes + 8);
	tcp->header_length = (guint16)((bytes[12] >> 4) * 4);
	tcp->flags = get_be16(bytes + 12) & 0x0fff;
	tcp->window = get_be16(bytes + 14);
	tcp->checksum = get_be16(bytes + 16);
	tcp->urgent = get_be16(bytes + 18);
}

/* tcp.c: of `length` bytes of options, those `at_hand`. */
void decode_tcp_options(Decoder *decoder, const guint8 *options, guint at_hand, guint length);

/* ip.c: writes addresses as they are on the wire (endpoint_make() would turn
 * a v4-mapped one into IPv4, which is right for sockets only). */
void endpoint_set_address(Endpoint *endpoint, guint8 version, const guint8 *address);
