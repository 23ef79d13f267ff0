/* SPDX-License-Identifier: MIT */
/* again.c - what is true of a segment that tshark guesses about: sent again, or overtaken.
 *
 * Theory of operation
 *
 * One capture point sees the bytes of a direction in some order. What stood before and comes again
 * was sent again, unless it is the very same packet, which its IP id tells: senders count them, so
 * the latest 64 are remembered as bits. Bytes that come after a segment behind them fill a hole.
 * Who sent them twice lost the first ones on the way here; who did not was overtaken. A sender
 * sends new bytes in order: so a TSval, or else an IP id, that is newer than that of the segment
 * which made the hole proves the one, and an older one the other. Ids prove it only where those
 * before and behind the hole lie as close as a counter's.
 *
 * Nearly all segments are the next ones of their direction and cost a comparison.
 */
#include "history.h"

/* The oldest holes, or what a segment splits off, are forgotten then: their bytes count as
 * captured. */
#define HOLES_MAX 256

/* Bytes sent before the capture began. */
#define BEFORE_MAX (1u << 30)

/* As far apart may ids lie that a sender has counted, across a hole and after it. */
#define ID_GAP_MAX  256
#define ID_STEP_MAX (1u << 14)

static gboolean
has_timestamp(const Segment *segment)
{
	return (segment->tcp->options & TCP_OPTION_TIMESTAMPS) != 0;
}

/* Ids --------------------------------------------------------------------- */

#define N_IDS 64

/* Whether a packet with this id was captured. */
static gboolean
ids_have(const TcpDirection *direction, guint16 id)
{
	guint16 age = direction->newest_id - id;

	return id != 0 && !direction->ids_repeat && age < N_IDS && direction->ids >> age & 1;
}

/* An id that stood before of a packet that did not: this sender does not count. */
static void
ids_add(TcpDirection *direction, guint16 id)
{
	guint16 step = id - direction->newest_id, age = -step;

	if (id == 0)
		return;
	if (direction->ids == 0 || age > ID_STEP_MAX) {
		direction->ids = step < N_IDS ? direction->ids << step | 1 : 1;
		direction->newest_id = id;
	} else if (age < N_IDS) { /* else it comes too late to be remembered */
		direction->ids_repeat |= direction->ids >> age & 1;
		direction->ids |= G_GUINT64_CONSTANT(1) << age;
	}
}

/* Holes ------------------------------------------------------------------- */

static void
hole_add(TcpDirection *direction, guint32 left, const Segment *behind)
{
	Hole hole = {
		.left = left,
		.right = behind->seq,
		.timestamp = behind->tcp->timestamp_value,
		.id_before = direction->newest_id,
		.id_then = behind->ip_id,
		.has_timestamp = has_timestamp(behind),
	};

	if (!direction->holes)
		direction->holes = g_array_new(FALSE, FALSE, sizeof(Hole));
	if (direction->holes->len >= HOLES_MAX)
		g_array_remove_index(direction->holes, 0);
	g_array_append_val(direction->holes, hole);
}

static Evidence
hole_judge(const Hole *hole, const Segment *segment)
{
	gint32 later = seq_diff(segment->tcp->timestamp_value, hole->timestamp);
	guint16 gap = hole->id_then - hole->id_before, step = segment->ip_id - hole->id_before;

	if (hole->has_timestamp && has_timestamp(segment) && later != 0)
		return later > 0 ? EVIDENCE_TSVAL_NEWER : EVIDENCE_TSVAL_OLDER;
	if (hole->id_before == 0 || hole->id_then == 0 || segment->ip_id == 0 || gap > ID_GAP_MAX ||
	    step == 0 || step == gap || step > ID_STEP_MAX)
		return EVIDENCE_UNPROVED;
	return step < gap ? EVIDENCE_ID_OLDER : EVIDENCE_ID_NEWER;
}

/* Takes the bytes from `left` to `right` out of the holes; how many they were, and what the last
 * hole that had some says. */
static guint32
holes_fill(TcpDirection *direction, guint32 left, guint32 right, const Segment *segment,
	   Evidence *evidence)
{
	GArray *holes = direction->holes;
	guint32 filled = 0;

	for (guint i = holes ? holes->len : 0; i-- > 0;) {
		Hole *hole = &g_array_index(holes, Hole, i), rest = *hole;
		guint32 from = seq_lt(left, hole->left) ? hole->left : left;
		guint32 to = seq_lt(hole->right, right) ? hole->right : right;

		if (!seq_lt(from, to))
			continue;
		filled += to - from;
		*evidence = hole_judge(hole, segment);
		hole->right = from;
		rest.left = to;
		if (hole->left == hole->right)
			*hole = rest;
		else if (rest.left != rest.right && holes->len < HOLES_MAX)
			g_array_insert_val(holes, i + 1, rest);
		if (g_array_index(holes, Hole, i).left == g_array_index(holes, Hole, i).right)
			g_array_remove_index(holes, i);
	}
	return filled;
}

/* Segments ---------------------------------------------------------------- */

void
again_advance(TcpDirection *direction, const Facts *facts, guint32 next)
{
	guint step = (guint16)facts->ip_id - direction->newest_id;

	direction->captured = next;
	direction->newest_time = facts->tcp.timestamp_value;
	if (G_LIKELY(step - 1 < N_IDS - 1)) {
		direction->ids = direction->ids << step | 1;
		direction->newest_id += step;
	} else {
		ids_add(direction, (guint16)facts->ip_id);
	}
}

/* What the segment's bytes before `captured` are. */
static Evidence
judge_bytes(TcpDirection *forward, const Segment *segment)
{
	guint32 left = segment->seq, right = segment->next;
	gboolean has_new = seq_lt(forward->captured, right);
	guint16 age = forward->newest_id - segment->ip_id;
	Evidence evidence = EVIDENCE_NONE;

	if (has_new)
		right = forward->captured;
	if (!seq_lt(left, right) || (has_new && right - left == 1)) /* a SYN's number, a probe's */
		return EVIDENCE_NONE;
	if (holes_fill(forward, left, right, segment, &evidence) == right - left)
		return evidence;
	if (has_new)
		return EVIDENCE_STOOD;
	if (ids_have(forward, segment->ip_id))
		return EVIDENCE_STOOD_ID;
	if (segment->tcp->flags & TCP_SYN && segment->ip_id == 0 && has_timestamp(segment) &&
	    segment->tcp->timestamp_value == forward->newest_time)
		return EVIDENCE_STOOD_TSVAL;
	/* Sent again and then overtaken, or overtaken by what was sent again. */
	if ((has_timestamp(segment) &&
	     seq_lt(segment->tcp->timestamp_value, forward->newest_time)) ||
	    (segment->ip_id != 0 && !forward->ids_repeat && age < ID_GAP_MAX))
		return EVIDENCE_STOOD_OLDER;
	return EVIDENCE_STOOD;
}

/* The segment with its bytes becomes part of the history. */
static void
again_add(TcpDirection *forward, const Segment *segment, Evidence evidence)
{
	if (forward->captured == NOTHING_CAPTURED) {
		g_clear_pointer(&forward->holes, g_array_unref); /* of an earlier conversation */
		forward->captured = segment->seq - (segment->tcp->flags & TCP_SYN ? 0 : BEFORE_MAX);
		forward->newest_time = segment->tcp->timestamp_value;
	}
	if (seq_lt(forward->captured, segment->seq))
		hole_add(forward, forward->captured, segment);
	if (seq_lt(forward->captured, segment->next))
		forward->captured = segment->next;
	if (!segment->occupies || evidence == EVIDENCE_STOOD_ID)
		return;
	if (seq_lt(forward->newest_time, segment->tcp->timestamp_value))
		forward->newest_time = segment->tcp->timestamp_value;
	ids_add(forward, segment->ip_id);
}

/* RFC 2883 4: its first block tells of bytes that came twice. */
gboolean
again_is_dsack(const TcpFacts *tcp)
{
	const SackBlock *first = &tcp->sack[0], *second = &tcp->sack[1];

	if (!seq_lt(first->left, first->right))
		return FALSE;
	return seq_lt(first->left, tcp->ack) ||
	       (tcp->n_sack > 1 && seq_le(second->left, first->left) &&
		seq_le(first->right, second->right));
}

Evidence
again_judge(struct _TcpTrackState *state, guint from, const Facts *facts, guint32 flags)
{
	Segment made = segment_make(facts, 0, 0), *segment = &made;
	TcpDirection *forward = &state->direction[from], *reverse = &state->direction[!from];
	guint16 tcp_flags = segment->tcp->flags;
	/* The SYN-ACK of a simultaneous open has the number of the SYN, and repeats nothing. */
	gboolean agrees = (tcp_flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK);
	gboolean first_agrees = agrees && !forward->agreed;
	Evidence evidence = EVIDENCE_NONE;

	if (tcp_flags & TCP_RST || flags & VERDICT_ZERO_WINDOW_PROBE)
		return EVIDENCE_NONE;
	made.ip_id = (guint16)facts->ip_id;
	forward->agreed |= agrees;
	/* A keep-alive repeats a byte that was acknowledged; the last byte that a program wrote has
	 * a PSH where it is sent again. */
	if (flags & VERDICT_KEEP_ALIVE &&
	    (segment->length == 0 ||
	     (!(tcp_flags & TCP_PSH) && seq_lt(segment->seq, reverse->last_ack))))
		return reverse->window == 0 ? EVIDENCE_CLOSED_WINDOW : EVIDENCE_NONE;
	if (forward->captured != NOTHING_CAPTURED && segment->occupies && !first_agrees)
		evidence = judge_bytes(forward, segment);
	if (evidence == EVIDENCE_STOOD_TSVAL && reverse->asks) /* another SYN is answered at once */
		evidence = EVIDENCE_STOOD;
	if (agrees)
		reverse->asks = FALSE;
	else if (tcp_flags & TCP_SYN)
		forward->asks = TRUE;
	again_add(forward, segment, evidence);
	if (evidence == EVIDENCE_NONE && flags & VERDICT_WINDOW_UPDATE && forward->window != 0 &&
	    reverse->last_plain & VERDICT_KEEP_ALIVE)
		evidence = EVIDENCE_ANSWER;
	return evidence;
}
