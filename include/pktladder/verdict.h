/* SPDX-License-Identifier: MIT */
/* verdict.h - what is said of a TCP segment beyond its fields: tshark's tcp.analysis.*, and the
 * plain verdicts, which say what is proved, in one table of all that the program says and does
 * about each. Pure. */
#pragma once

#include <glib.h>

/* The bits of TcpVerdict.flags and Event.verdict, tshark's; and behind them those that only plain
 * verdicts have. */
typedef enum {
	VERDICT_RETRANSMISSION = 1 << 0, /* set with the next two as well */
	VERDICT_FAST_RETRANSMISSION = 1 << 1,
	VERDICT_SPURIOUS_RETRANSMISSION = 1 << 2,
	VERDICT_OUT_OF_ORDER = 1 << 3,
	VERDICT_LOST_SEGMENT = 1 << 4,
	VERDICT_ACK_LOST_SEGMENT = 1 << 5,
	VERDICT_DUPLICATE_ACK = 1 << 6,
	VERDICT_ZERO_WINDOW = 1 << 7,
	VERDICT_ZERO_WINDOW_PROBE = 1 << 8,
	VERDICT_ZERO_WINDOW_PROBE_ACK = 1 << 9,
	VERDICT_WINDOW_FULL = 1 << 10,
	VERDICT_WINDOW_UPDATE = 1 << 11,
	VERDICT_KEEP_ALIVE = 1 << 12,
	VERDICT_KEEP_ALIVE_ACK = 1 << 13,
	VERDICT_REUSED_PORTS = 1 << 14,

	VERDICT_SENT_AGAIN = 1 << 15,
	VERDICT_OVERTAKEN = 1 << 16,
	VERDICT_AGAIN_OR_OVERTAKEN = 1 << 17, /* one of the two, and nothing proves which */
	VERDICT_SAME_PACKET = 1 << 18,        /* sent once; captured again, or copied on its way */
	VERDICT_CAME_TWICE = 1 << 19,         /* an ACK that reports it: RFC 2883 */
} VerdictFlags;

#define N_VERDICTS       15 /* tshark's */
#define N_PLAIN_VERDICTS 20

#define VERDICT_ANY_RETRANSMISSION                                                                 \
	(VERDICT_RETRANSMISSION | VERDICT_FAST_RETRANSMISSION | VERDICT_SPURIOUS_RETRANSMISSION)

/* What proves a plain verdict; `Event.evidence`. The first ones are about bytes that stood in the
 * capture before, the next ones about bytes that were missing when a segment behind them came. */
typedef enum {
	EVIDENCE_NONE, /* there is nothing to prove */
	EVIDENCE_STOOD,
	EVIDENCE_STOOD_OLDER, /* but the segment's TSval or IP id is older */
	EVIDENCE_STOOD_ID,    /* and so did the packet's IP id */
	EVIDENCE_STOOD_TSVAL, /* and so did the TSval of a SYN without an id */
	EVIDENCE_COPY, /* all of the packet did, microseconds before (copies.c); of any kind */
	EVIDENCE_TSVAL_NEWER,
	EVIDENCE_TSVAL_OLDER,
	EVIDENCE_ID_NEWER,
	EVIDENCE_ID_OLDER,
	EVIDENCE_UNPROVED,
	EVIDENCE_CLOSED_WINDOW, /* of what tshark takes for a keep-alive */
	EVIDENCE_ANSWER,        /* to a keep-alive, of what tshark takes for a window update */
	EVIDENCE_DSACK,
	EVIDENCE_HIDDEN, /* against tshark's lost segments: compressed packets came before */
	N_EVIDENCES
} Evidence;

static inline gboolean
evidence_repeats(guint evidence)
{
	return evidence >= EVIDENCE_STOOD && evidence <= EVIDENCE_COPY;
}

/* VERDICT_SAME_PACKET's. */
static inline gboolean
evidence_is_of_copy(guint evidence)
{
	return evidence >= EVIDENCE_STOOD_ID && evidence <= EVIDENCE_COPY;
}

/* In JSON, and a msgid in the detail pane; NULL where there is none. */
const char *evidence_name(guint evidence);
const char *evidence_sentence(guint evidence);

/* What a verdict is. */
typedef enum {
	VERDICT_IS_PROBLEM = 1 << 0,  /* something went wrong */
	VERDICT_IS_DOUBTFUL = 1 << 1, /* told by what is missing: as good as the capture */
	VERDICT_IS_COMMON = 1 << 2,   /* its row may be part of a fold */
	VERDICT_IS_FREQUENT = 1 << 3, /* comes in runs: some of its marks are enough */
	VERDICT_IS_OF_PEER = 1 << 4,  /* marked in the plot of what the other side sends */
} VerdictTraits;

typedef struct {
	const char *name; /* tcp.analysis.NAME; in filters and JSON, too */
	const char *word; /* msgid: behind a label; as `sentence` NULL: never true */
	const char *info; /* in Wireshark's Info column, "TCP Retransmission"; NULL: with numbers */
	const char *sentence;  /* msgid: in the detail pane */
	guint8 word_rank;      /* from 0: of several the lowest is told behind a label */
	guint8 info_rank;      /* from 0: their order in Wireshark's Info column */
	guint8 traits;         /* VERDICT_IS_* */
	guint8 mark_rank;      /* in a plot, from 0: the lower, the more important */
	guint8 mark_place;     /* and in its legend, from 0 */
	const char *mark;      /* in a plot, "R"; NULL: none */
	const char *mark_name; /* msgid: in its legend; NULL: `word` */
} VerdictInfo;

/* By number of the bit. */
extern const VerdictInfo verdict_infos[N_PLAIN_VERDICTS];

/* What is true of a segment, from tshark's verdicts and the evidence; and whether these two say
 * the same. */
guint32 verdicts_plain(guint32 verdicts, guint evidence);
gboolean verdicts_agree(guint32 verdicts, guint evidence);

/* Its name; "" where there is no such bit. */
const char *verdict_name(guint bit);

/* The flags that are meant by its name: of retransmissions all kinds. */
static inline guint32
verdict_flags(guint bit)
{
	return 1u << bit == VERDICT_RETRANSMISSION ? VERDICT_ANY_RETRANSMISSION : 1u << bit;
}

/* The most telling of some VERDICT_* flags as a word, a msgid; NULL where there is none. */
const char *verdict_word(guint32 verdicts);

/* Those of some VERDICT_* flags that have one of the VERDICT_IS_* traits. */
guint32 verdicts_which(guint32 verdicts, guint traits);
