/* SPDX-License-Identifier: MIT */
/* why_words.h - the table of sentences that tell why; see why.h. Private to ladder. */
#pragma once

#include "pktladder/why.h"

/* What is told of an event, in this order; of each at most one sentence. Paragraphs begin at
 * SEQ and at SENDER. */
typedef enum {
	WHY_PACKET, /* by PacketKind */
	WHY_STATUS, /* by DecodeStatus */
	WHY_CALL,   /* by CallName: of those that send and so on alike, CALL_SEND, _RECV, ... */
	WHY_RESULT, /* likewise */
	WHY_ERRNO,  /* by errno */
	WHY_OTHER,  /* by EventKind */
	WHY_CAUSE,
	WHY_VERDICT,
	WHY_DOUBT,
	WHY_EVIDENCE,
	WHY_MIDSTREAM,
	WHY_SEQ,
	WHY_ACK,
	WHY_WINDOW,
	WHY_SCALE,
	WHY_MSS,
	WHY_PSH,
	WHY_URG,
	WHY_ECN,
	WHY_SENDER,   /* by the TcpState that begins there */
	WHY_RECEIVER, /* likewise */
	N_WHY_THINGS
} WhyThing;

/* What may be true of an event. Below them stand a packet's plain verdicts (VERDICT_*) and, from
 * WHY_FLAGS on, its TCP flags. */
#define WHY_FLAGS      N_PLAIN_VERDICTS
#define WHY_FLAG(flag) ((guint64)(flag) << WHY_FLAGS)
enum {
	WHY_DATA_BIT = WHY_FLAGS + 9, /* behind the last flag, AE */
	WHY_GUESSED_BIT,
	WHY_LOSSY_BIT,    /* the capture lost packets */
	WHY_DOUBTFUL_BIT, /* a verdict about what is missing is as good as the capture */
	WHY_ACKS_SYN_BIT, /* the segment that it acknowledges is one */
	WHY_ACKS_FIN_BIT,
	WHY_ACKS_DATA_BIT,
	WHY_SYNCHRONIZES_BIT, /* the receiver becomes ESTABLISHED */
	WHY_ANSWERS_FIN_BIT,  /* the other side has sent a FIN before */
	WHY_CLOSED_BIT,       /* the window is 0 */
	WHY_CALLS_BIT,        /* the trace has calls of the conversation */
	WHY_ECN_BIT,          /* some flag of explicit congestion notification */
	WHY_NEEDLESS_BIT,     /* sent again, though all had been acknowledged */
	WHY_FIRST_BIT,        /* first fragment */
	WHY_UDP_BIT,
	WHY_FAILED_BIT, /* the call */
	WHY_RETURNED_BIT,
	WHY_LESS_BIT,     /* fewer bytes than it asked for */
	WHY_NOTHING_BIT,  /* 0 bytes */
	WHY_OPEN_BIT,     /* its socket has another descriptor */
	WHY_FULL_BIT,     /* all of them */
	WHY_MESSAGES_BIT, /* several datagrams in one call */
	WHY_PASSES_BIT,   /* a descriptor, to another process */
	WHY_PEEKS_BIT,    /* takes nothing away */
	WHY_CROSSES_BIT,  /* a SYN or SYN-ACK of a simultaneous open */
	WHY_REFUSES_BIT,  /* a reset that answers a SYN */
	WHY_IN_VAIN_BIT,  /* a reset that ends nothing */
	WHY_ENDED_BIT,    /* its sender has sent a FIN before */
	WHY_ROOM_BIT,     /* an ACK came since its call began, and may have let it go */
	WHY_ONE_BIT,      /* byte of data */
	WHY_TOO_MUCH_BIT, /* window scale above 14 */
	WHY_BROKEN_BIT,   /* malformed, or cut by the capture */
	N_WHY_BITS
};
G_STATIC_ASSERT(N_WHY_BITS <= 64);
#define WHY_IS(condition) (G_GUINT64_CONSTANT(1) << WHY_##condition##_BIT)

/* The parts of sentences: what stands in the table as {seq}. */
/* clang-format off */
#define WHY_PART_TABLE(PART) \
	PART(FROM, "from") PART(FROM_FIRST, "From") PART(TO, "to") PART(TO_FIRST, "To") \
	PART(SEQ, "seq") PART(SEQ_RAW, "seq-raw") PART(NEXT, "next") PART(LAST, "last") \
	PART(LENGTH, "length") PART(ACK, "ack") PART(ACKED, "acked") PART(ACKED_SEQ, "acked-seq") \
	PART(ACKED_LENGTH, "acked-length") PART(REPEATED, "repeated") PART(AFTER, "after") \
	PART(DUPLICATED, "duplicated") PART(WINDOW, "window") PART(SHIFT, "shift") \
	PART(FACTOR, "factor") PART(BYTES, "bytes") PART(OWN_SHIFT, "own-shift") PART(MSS, "mss") \
	PART(FLAGS, "flags") PART(PORT, "port") PART(WORDS, "words") PART(CALL, "call") \
	PART(STATE, "state") PART(OFFSET, "offset") PART(SIZE, "size") PART(RESULT, "result") \
	PART(ADDRESS, "address") PART(BACKLOG, "backlog") PART(ERRNO, "errno") \
	PART(TOOK, "took") PART(COUNT, "count") PART(VERDICTS, "verdicts") PART(EVIDENCE, "evidence") PART(PROBLEM, "problem")
/* clang-format on */

typedef enum {
#define WHY_PART(NAME, name) WHY_PART_##NAME,
	WHY_PART_TABLE(WHY_PART)
#undef WHY_PART
	    N_WHY_PARTS
} WhyPart;

#define WHY_ANY G_MAXUINT16

typedef struct {
	guint8 thing;         /* WhyThing */
	guint16 which;        /* of it: see there; WHY_ANY */
	guint64 needs, lacks; /* conditions */
	const char *text;     /* msgid */
	const char *where;    /* the RFC's section; NULL none */
} WhySentence;

extern const WhySentence why_sentences[];
extern const guint n_why_sentences;
