/* SPDX-License-Identifier: MIT */
/* history.h - what the track stage remembers of one TCP conversation. Private to src/flow: track.c
 * owns it, analysis.c, unacked.c and state.c work on it. */
#pragma once

#include "pktladder/timestamp.h"
#include "pktladder/track.h"

/* Sequence number arithmetic, in one place and wrap-safe (RFC 9293 3.4). */
static inline gint32
seq_diff(guint32 a, guint32 b)
{
	return (gint32)(a - b);
}

static inline gboolean
seq_lt(guint32 a, guint32 b)
{
	return seq_diff(a, b) < 0;
}

static inline gboolean
seq_le(guint32 a, guint32 b)
{
	return seq_diff(a, b) <= 0;
}

/* As many as tshark keeps; a capture of one direction only would grow forever. */
#define UNACKED_MAX 10000

/* What later versions of tshark judge otherwise than 4.0, by the letters of docs/TCP-ANALYSIS.md.
 * Which version has which: track.c. */
enum {
	/* A: a SYN or SYN-ACK after a FIN or RST begins a stream, whatever its number, and so does
	 * a SYN-ACK of another number */
	RULE_STREAM_ENDS = 1 << 0,
	/* C: a probe's byte may be acknowledged, by an ACK that opens the window again too */
	RULE_PROBE_TAKEN = 1 << 1,
	/* C: what changes the window and carries a SACK is a duplicate ACK */
	RULE_SACK_DUPLICATES = 1 << 2,
	/* E: each ACK beyond the numbers seen is told, and what lies behind it then counts as seen
	 */
	RULE_ACK_LOST_EACH = 1 << 3,
	/* F: duplicate ACKs with SACKs ask for whatever these do not cover */
	RULE_SACK_ASKS = 1 << 4,
	/* F: what waits for its ACK is never out of order; what ends at `next` may be, where only
	 * an empty segment was ahead of it */
	RULE_DISORDER = 1 << 5,
	/* H: an ACK of a part acknowledges the frame */
	RULE_PARTIAL_ACK = 1 << 6,
	/* I: the first packet of a stream counts as any other */
	RULE_FIRST_COUNTS = 1 << 7,
	/* B: a segment that is not known as a whole has relative numbers too */
	RULE_PARTS_HAVE_BASE = 1 << 9,
	/* bytes in flight: the fourth block of a SACK counts too */
	RULE_SACK_FOURTH = 1 << 8,
};

/* In `next`, `contiguous` and `last_ack` 0 means "not known", as in tshark. */
#define SEQ_UNSET 0

#define SCALE_UNKNOWN -1
#define SCALE_UNUSED  -2

/* A duplicate-ACK count that stands for "the ACK of a lost segment was told". */
#define DUPLICATES_ACK_LOST G_MAXUINT32

/* A segment that was sent and that no ACK has covered yet. */
typedef struct {
	guint32 seq, next; /* next: the first number after it */
	guint32 frame;
	guint32 time_low; /* time_ns in two halves keeps the row at 20 bytes */
	gint32 time_high;
} Unacked;

/* Rows of the list that need no memory of their own: most segments are
 * acknowledged before the third one is sent. */
#define UNACKED_FEW 2

#define NOTHING_CAPTURED G_MAXUINT64

/* Bytes that were not captured when a segment behind them was. */
typedef struct {
	guint32 left, right;
	guint32 timestamp;          /* of that segment: its TSval, where it has one */
	guint16 id_before, id_then; /* IP ids: the newest one until then; that segment's */
	gboolean has_timestamp;
} Hole;

/* Bytes that arrived beyond a hole. */
typedef struct {
	guint32 left, right;
} SeqRange;

/* A window shift count that held behind that frame. */
typedef struct {
	guint32 frame;
	gint8 scale;
} ScaleChange;

/* One direction: what its sender has sent. */
typedef struct {
	gint64 next_time_ns, last_ack_time_ns;
	Unacked *unacked; /* oldest first: `few`, or allocated */
	guint32 n_unacked, unacked_room;
	guint32 flight_left, flight_right; /* span of `unacked`, relative to base */
	guint32 walked_ack;                /* the ACK that `unacked` was last walked with */
	guint32 base;                      /* initial sequence number */
	guint32 next;                      /* the highest number that is expected next */
	guint32 contiguous;                /* as `next`, but not past a hole */
	guint32 last_ack;
	guint32 window;                    /* raw */
	guint32 duplicates, not_duplicate; /* duplicate ACKs, and the frame they repeat */
	guint32 last_flags;                /* verdict of the last segment */
	guint32 selective;                 /* bytes that its last selective ACK covers */
	SackBlock *sack;                   /* room for as many as a segment has, or NULL */
	guint32 scale_frame;               /* the last one that told another `scale` */
	gint8 scale;                       /* window shift count, or SCALE_ */
	GArray *scales_before;             /* ScaleChange, older first; NULL: it was not known */
	guint base_known : 1;
	guint first : 1;         /* sent a SYN, and no non-SYN ACK since */
	guint flight_known : 1;  /* no hole was seen, so bytes in flight can be told */
	guint walked : 1;        /* walked_ack holds, and nothing was sent since */
	guint flight_wraps : 1;  /* numbers relative to base wrap within some row of `unacked` */
	guint next_is_empty : 1; /* no data in what was ahead of all others (RULE_DISORDER) */
	guint8 n_sack;           /* of its last segment, in `sack` (RULE_SACK_ASKS) */

	Unacked few[UNACKED_FEW];

	/* From here on no copy of a packet changes anything (track_plain_restore()). */
	/* for the states of both ends (state.c) */
	GArray *beyond_hole;  /* of SeqRange; NULL unless segments are missing */
	guint32 arrived;      /* all numbers before it have arrived */
	guint32 fin_next;     /* the FIN's number + 1 */
	guint32 acknowledged; /* by its last ACK */
	guint32 syn_next;     /* the number behind its SYN's data, where it opened */
	guint32 fin_first;    /* the relative number of its first FIN (flow.c) */
	guint arrived_known : 1;
	guint fin_sent : 1, fin_arrived : 1;
	guint opened : 1;       /* by a SYN of its own: an active open */
	guint acknowledges : 1; /* it has sent an ACK */

	/* for what is true of a segment (again.c) */
	GArray *holes;    /* of Hole; NULL unless bytes are missing */
	guint64 ids;      /* bit n: the IP id `newest_id` - n was captured */
	guint64 captured; /* the first number behind all that was captured, or NOTHING_CAPTURED */
	guint32 newest_time; /* TSval */
	guint32 last_plain;  /* as last_flags */
	guint16 newest_id;
	guint agreed : 1;     /* it has sent a SYN-ACK */
	guint ids_repeat : 1; /* two packets have one id: its sender does not count */
	guint asks : 1;       /* it has sent a SYN since the other end's latest SYN-ACK */
} TcpDirection;

struct _TcpTrackState {
	TcpDirection direction[2]; /* by side of the sender */
	gint64 syn_time_ns;        /* of the latest SYN */
	gint64 initial_rtt_ns;
	guint syn_seen : 1, initial_rtt_known : 1;
	guint started : 1;     /* a segment was added */
	guint reused : 1;      /* began with a SYN on ports in use: rule A */
	guint itself : 1;      /* both ends are one socket's (simultaneous open with itself) */
	guint established : 1; /* either end was, so a SYN cannot be a new try */
	guint8 completeness;
	guint8 accurate; /* of AccECN: update_accurate() */
	guint32 accurate_frame;
	guint8 state[2]; /* TcpState by side */
	guint16 rules;   /* RULE_* */
};

/* One segment, as the rules need it. */
typedef struct {
	const TcpFacts *tcp;
	guint32 seq, ack, length;
	guint32 end;       /* seq + length */
	guint32 next;      /* end + 1 for SYN or FIN */
	gboolean occupies; /* data, SYN or FIN: takes sequence numbers */
	gboolean plain;    /* no SYN, FIN or RST */
	gboolean is_whole; /* its length is known; else it counts as 0 */
	guint32 window;    /* raw */
	gint64 time_ns;
	guint32 frame;
	guint16 ip_id; /* again_judge()'s alone */
} Segment;

static inline Segment
segment_make(const Facts *facts, gint64 time_ns, guint32 frame)
{
	guint16 flags = facts->tcp.flags;
	guint32 length = facts->has_payload_length ? facts->payload_length : 0;
	Segment segment = {
		.tcp = &facts->tcp,
		.seq = facts->tcp.seq,
		.ack = facts->tcp.ack,
		.length = length,
		.end = facts->tcp.seq + length,
		.window = facts->tcp.window,
		.time_ns = time_ns,
		.frame = frame,
		.is_whole = facts->has_payload_length,
		.occupies = length > 0 || flags & (TCP_SYN | TCP_FIN),
		.plain = !(flags & (TCP_SYN | TCP_FIN | TCP_RST)),
	};

	segment.next = segment.end + (flags & (TCP_SYN | TCP_FIN) ? 1 : 0);
	return segment;
}

/* analysis.c: rules C to F; the flags of `segment`, before the history knows it. */
guint32 analysis_judge(struct _TcpTrackState *state, guint from, const Segment *segment,
		       TcpVerdict *verdict);
/* And what its options change about them, once it does. */
void analysis_judge_options(struct _TcpTrackState *state, guint from, const TcpFacts *tcp,
			    TcpVerdict *verdict);

/* again.c: what is true of the segment that has tshark's `flags`, before the history knows it; by
 * its facts, for the segment of nearly all others stays in registers then. */
Evidence again_judge(struct _TcpTrackState *state, guint from, const Facts *facts, guint32 flags);
/* Whether it reports bytes that came twice. */
gboolean again_is_dsack(const TcpFacts *tcp);
/* Takes the next bytes of their direction, up to `next`, of which there is nothing to judge. */
void again_advance(TcpDirection *direction, const Facts *facts, guint32 next);

/* track.c: the state is part of somebody's memory; filled with zeros, and never moved. */
void track_state_init(struct _TcpTrackState *state, VerdictVersion version);
void track_state_clear(struct _TcpTrackState *state);

/* A segment that was captured before is added for tshark's history alone: all else is kept before,
 * and put back behind it, also in its verdict. track_plain_restore() frees what was kept. */
struct _TcpTrackState *track_plain_keep(const struct _TcpTrackState *state);
void track_plain_restore(struct _TcpTrackState *state, struct _TcpTrackState *kept,
			 TcpVerdict *verdict);

/* unacked.c: an empty list, and none at all; rule G's push; rule H; the bytes in flight after both.
 */
void unacked_init(TcpDirection *direction);
void unacked_clear(TcpDirection *direction);
void unacked_push(TcpDirection *direction, const Segment *segment);
void unacked_rebase(TcpDirection *direction); /* `base` has changed */
void unacked_acknowledge(TcpDirection *direction, const Segment *segment, guint rules,
			 TcpVerdict *verdict);
/* Whether all its bytes wait for their ACK already. */
gboolean unacked_has(const TcpDirection *direction, const Segment *segment);
/* The first number after those that wait for their ACK from `ack` on in one piece; `ack` where
 * none do. As tshark finds it: from the newest segment to the oldest. */
guint32 unacked_end_from(const TcpDirection *direction, guint32 ack);
/* The frame that last sent the segment's first byte, and when; 0 where none is known any more. */
guint32 unacked_frame(const TcpDirection *direction, const Segment *segment, gint64 *time_ns);
guint32 unacked_in_flight(const TcpDirection *forward, const TcpDirection *reverse,
			  const Segment *segment);

/* state.c: moves the states of both ends by one segment. */
void state_advance(struct _TcpTrackState *state, guint from, const Segment *segment);
