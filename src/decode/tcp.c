/* SPDX-License-Identifier: MIT */
/* tcp.c - TCP headers, their options (RFC 9293 3.2), and what a segment is. */
#include "decoder.h"

static const char tcp_short[] = N_("the packet ends within its TCP header");

#define TCP_HEADER 20u

enum {
	KIND_END = 0,
	KIND_NOP = 1,
	KIND_MSS = 2,            /* RFC 9293 3.7.1 */
	KIND_WINDOW_SCALE = 3,   /* RFC 7323 2 */
	KIND_SACK_PERMITTED = 4, /* RFC 2018 2 */
	KIND_SACK = 5,           /* RFC 2018 3 */
	KIND_TIMESTAMPS = 8,     /* RFC 7323 3 */
	KIND_MD5 = 19,           /* RFC 2385 */
	KIND_MPTCP = 30,         /* RFC 8684 3 */
	KIND_FAST_OPEN = 34,     /* RFC 7413 4.1 */
	KIND_ACC_ECN_0 = 172,    /* RFC 9768 3.2.3 */
	KIND_ACC_ECN_1 = 174,
	KIND_EXPERIMENT_1 = 253, /* RFC 6994 */
	KIND_EXPERIMENT_2 = 254,
	FAST_OPEN_EXPERIMENT = 0xf989,
	ACC_ECN_EXPERIMENT_0 = 0xacc0,
	ACC_ECN_EXPERIMENT_1 = 0xacc1,
};

typedef struct {
	guint16 bit;             /* 0: not known */
	guint8 minimum, maximum; /* bytes of value, without kind and length */
	guint8 multiple;         /* that they must be a multiple of */
} Option;

static const Option known_options[] = {
	[KIND_MSS] = { TCP_OPTION_MSS, 2, 2, 1 },
	[KIND_WINDOW_SCALE] = { TCP_OPTION_WINDOW_SCALE, 1, 1, 1 },
	[KIND_SACK_PERMITTED] = { TCP_OPTION_SACK_PERMITTED, 0, 0, 1 },
	[KIND_SACK] = { TCP_OPTION_SACK, 8, 32, 8 },
	[KIND_TIMESTAMPS] = { TCP_OPTION_TIMESTAMPS, 8, 8, 1 },
	[KIND_MD5] = { TCP_OPTION_MD5, 16, 16, 1 },
	[KIND_MPTCP] = { TCP_OPTION_MPTCP, 1, 38, 1 },
	[KIND_FAST_OPEN] = { TCP_OPTION_FAST_OPEN, 0, 16, 2 },
};

/* FALSE where the option's length is not one that its kind can have. */
static gboolean
take_option(TcpFacts *tcp, guint8 kind, const guint8 *value, guint length)
{
	const Option *option = &known_options[kind < G_N_ELEMENTS(known_options) ? kind : 0];
	gboolean experiment = kind == KIND_EXPERIMENT_1 || kind == KIND_EXPERIMENT_2;

	/* RFC 6994 puts a 16-bit number first; these had one before they had a kind. */
	guint16 number = experiment && length >= 2 ? get_be16(value) : 0;
	if (number == FAST_OPEN_EXPERIMENT) {
		tcp->fast_open_length = (guint8)(length - 2);
		tcp->options |= TCP_OPTION_FAST_OPEN;
		return TRUE;
	}
	if (kind == KIND_ACC_ECN_0 || kind == KIND_ACC_ECN_1 || number == ACC_ECN_EXPERIMENT_0 ||
	    number == ACC_ECN_EXPERIMENT_1) { /* up to three counters of 24 bits */
		length -= experiment ? 2 : 0;
		if (length > 9 || length % 3 > 0)
			return FALSE;
		tcp->options |= TCP_OPTION_ACC_ECN;
		return TRUE;
	}
	if (option->bit == 0) {
		tcp->options |= TCP_OPTION_OTHER;
		return TRUE;
	}
	if (length < option->minimum || length > option->maximum || length % option->multiple)
		return FALSE;
	switch (kind) {
	case KIND_MSS:
		tcp->mss = get_be16(value);
		break;
	case KIND_WINDOW_SCALE:
		tcp->window_scale = value[0];
		break;
	case KIND_SACK:
		tcp->n_sack = (guint8)(length / 8);
		for (guint i = 0; i < tcp->n_sack; i++)
			tcp->sack[i] =
			    (SackBlock){ get_be32(value + 8 * i), get_be32(value + 8 * i + 4) };
		break;
	case KIND_TIMESTAMPS:
		tcp->timestamp_value = get_be32(value);
		tcp->timestamp_echo = get_be32(value + 4);
		break;
	case KIND_MPTCP:
		if (!(tcp->options & TCP_OPTION_MPTCP))
			tcp->mptcp_subtype = value[0] >> 4;
		break;
	case KIND_FAST_OPEN:
		tcp->fast_open_length = (guint8)length;
		break;
	default:
		break;
	}
	tcp->options |= option->bit;
	return TRUE;
}

guint
option_size(const guint8 *options, guint at_hand, guint length)
{
	if (options[0] == KIND_NOP)
		return 1;
	if (at_hand < 2)
		return length < 2 ? 0 : 2;
	guint size = options[1];
	return size >= 2 && size <= length ? size : 0;
}

void
decode_tcp_options(Decoder *decoder, const guint8 *options, guint at_hand, guint length)
{
	TcpFacts *tcp = &decoder->facts->tcp;
	const char *problem = NULL;
	guint size;

	for (guint i = 0; i < at_hand && options[i] != KIND_END; i += size) {
		size = option_size(options + i, at_hand - i, length - i);
		if (size == 0) {
			problem = N_("a TCP option runs past the header");
			break;
		}
		if (size > at_hand - i)
			return; /* cut off, which the caller notes */
		if (size > 1 && !take_option(tcp, options[i], options + i + 2, size - 2))
			problem = N_("a TCP option has a length that its kind cannot have");
	}
	if (problem) {
		tcp->options |= TCP_OPTION_MALFORMED;
		decoder_note(decoder, DECODE_MALFORMED, problem);
	}
}

enum { ODD = KIND_UNUSUAL_TCP };

/* By ACK, and by FIN, SYN and RST as a number. */
static const guint8 tcp_kinds[2][8] = {
	{ ODD, KIND_FIN, KIND_SYN, ODD, KIND_RST, ODD, ODD, ODD },
	{ KIND_ACK, KIND_FIN, KIND_SYN_ACK, ODD, KIND_RST, ODD, ODD, ODD },
};

PacketKind
packet_kind_of_tcp(guint16 flags, guint32 payload_length)
{
	PacketKind kind = tcp_kinds[(flags & TCP_ACK) != 0][flags & (TCP_FIN | TCP_SYN | TCP_RST)];

	return kind == KIND_ACK && payload_length > 0 ? KIND_DATA : kind;
}

/* Up to the window is enough to tell what a segment is: tshark asks no more. Where the header is
 * cut off, what the wire had behind it is known all the same. */
void
decode_tcp(Decoder *decoder)
{
	enum { ENOUGH = 16 };
	Facts *facts = decoder->facts;
	Cursor *cursor = &decoder->cursor;
	guint8 header[TCP_HEADER] = { 0 };
	guint32 at_hand = MIN(TCP_HEADER, cursor_at_hand(cursor)), length;

	decoder_set_ports(decoder, TRANSPORT_TCP);
	if (at_hand < ENOUGH) {
		decoder_peek(decoder, TCP_HEADER, tcp_short);
		return;
	}
	memcpy(header, cursor_peek(cursor, at_hand), at_hand);
	facts->has_transport_header = TRUE;
	decode_tcp_fields(&facts->tcp, header);
	length = facts->tcp.header_length;
	decoder_add_layer(decoder, LAYER_TCP, cursor->offset, MAX(length, TCP_HEADER));
	facts->kind = packet_kind_of_tcp(facts->tcp.flags, 0);
	if (length < TCP_HEADER) {
		decoder_note(decoder, DECODE_MALFORMED, N_("the TCP header length is below 20"));
		return;
	}
	at_hand = MIN(length, cursor_at_hand(cursor));
	if (at_hand > TCP_HEADER)
		decode_tcp_options(decoder, cursor_peek(cursor, at_hand) + TCP_HEADER,
				   at_hand - TCP_HEADER, length - TCP_HEADER);
	facts->has_payload_length = length <= cursor_left(cursor) && !facts->more_fragments;
	if (decoder_pull(decoder, length, tcp_short)) {
		decoder_set_payload(decoder);
	} else if (length <= cursor_left(cursor)) {
		facts->payload_offset = cursor->offset + length;
		facts->payload_length = cursor_left(cursor) - length;
	}
	facts->kind = packet_kind_of_tcp(facts->tcp.flags, facts->payload_length);
}
