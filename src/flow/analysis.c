/* SPDX-License-Identifier: MIT */
/* analysis.c - tshark's tcp.analysis.* flags of one segment.
 *
 * Theory of operation
 *
 * The rules are those of docs/TCP-ANALYSIS.md, C to F, and keep its letters and its order, since a
 * rule that stops or that changes the history (the duplicate-ACK counts, `contiguous`) decides what
 * later ones see. F is the direction of the sender (`forward`), R the other (`reverse`).
 */
#include "history.h"

#define FAST_RETRANSMISSION_NS (20 * 1000 * 1000)
#define UNKNOWN_RTT_NS         (3 * 1000 * 1000)

typedef struct {
	struct _TcpTrackState *state;
	TcpDirection *forward, *reverse;
	const Segment *segment;
	TcpVerdict *verdict;
	guint32 flags;
} Judgement;

/* Times that go backwards count as an age beyond any threshold, as in tshark,
 * whose ages are unsigned. */
static gboolean
younger_than(gint64 now_ns, gint64 then_ns, gint64 threshold_ns)
{
	return (guint64)timestamp_between(then_ns, now_ns) < (guint64)threshold_ns;
}

static void
count_duplicate(Judgement *j)
{
	TcpDirection *forward = j->forward;

	forward->duplicates =
	    forward->duplicates == DUPLICATES_ACK_LOST ? 1 : forward->duplicates + 1;
	j->flags |= VERDICT_DUPLICATE_ACK;
	j->verdict->duplicate_of = forward->not_duplicate;
	j->verdict->duplicate_number = forward->duplicates;
}

/* C2 to C6: what can be told of a segment that is no probe. */
static void
judge_window(Judgement *j)
{
	const Segment *segment = j->segment;
	const TcpDirection *forward = j->forward, *reverse = j->reverse;
	guint shift = reverse->first || reverse->scale < 0 ? 0 : (guint)reverse->scale;

	if (segment->window == 0 && segment->plain)
		j->flags |= VERDICT_ZERO_WINDOW;
	if (forward->next != SEQ_UNSET && seq_lt(forward->next, segment->seq) &&
	    !(segment->tcp->flags & TCP_RST)) {
		j->flags |= VERDICT_LOST_SEGMENT;
		j->forward->flight_known = FALSE;
	}
	if (segment->length <= 1 && segment->seq == forward->next - 1 && segment->plain)
		j->flags |= VERDICT_KEEP_ALIVE;
	if (segment->length == 0 && segment->window != 0 && segment->window != forward->window &&
	    segment->seq == forward->next && segment->ack == forward->last_ack && segment->plain)
		j->flags |= VERDICT_WINDOW_UPDATE;
	/* C6: its last byte is the last one of the peer's window. */
	if (segment->length > 0 && segment->plain && reverse->scale != SCALE_UNKNOWN &&
	    segment->end == reverse->last_ack + (reverse->window << shift))
		j->flags |= VERDICT_WINDOW_FULL;
}

/* C: what the segment's own numbers, window and flags tell. */
static void
judge_sent(Judgement *j)
{
	const Segment *segment = j->segment;

	if (segment->length == 1 && segment->seq == j->forward->next && j->reverse->window == 0) {
		j->flags |= VERDICT_ZERO_WINDOW_PROBE;
		return;
	}
	judge_window(j);
	/* C7 to C9: an empty segment that repeats the last one's number and window. */
	if (segment->length > 0 || !segment->plain || segment->window != j->forward->window ||
	    segment->seq != j->forward->next)
		return;
	/* C8, as 4.0 does not have it: a probe's ACK that takes its byte. */
	if (segment->ack == j->forward->last_ack + 1 && j->state->rules & RULE_PROBE_TAKEN &&
	    segment->window == 0 && j->reverse->last_flags & VERDICT_ZERO_WINDOW_PROBE) {
		j->flags |= VERDICT_ZERO_WINDOW_PROBE_ACK;
		j->reverse->next = j->reverse->contiguous = segment->ack;
	}
	if (segment->ack != j->forward->last_ack)
		return;
	if (segment->window != 0 && j->reverse->last_flags & VERDICT_KEEP_ALIVE)
		j->flags |= VERDICT_KEEP_ALIVE_ACK;
	else if (segment->window == 0 && j->reverse->last_flags & VERDICT_ZERO_WINDOW_PROBE)
		j->flags |= VERDICT_ZERO_WINDOW_PROBE_ACK;
	else if (segment->window != 0)
		count_duplicate(j);
}

/* E: it acknowledges what the capture has not seen. */
static void
judge_ack(Judgement *j)
{
	TcpDirection *reverse = j->reverse;
	guint rules = j->state->rules;
	guint32 ack = j->segment->ack;

	if (reverse->contiguous == SEQ_UNSET || !(j->segment->tcp->flags & TCP_ACK) ||
	    !seq_lt(reverse->contiguous, ack))
		return;
	if (rules & RULE_PROBE_TAKEN && reverse->last_flags & VERDICT_ZERO_WINDOW_PROBE &&
	    ack == j->forward->last_ack + 1 && j->segment->seq == j->forward->next) {
		j->flags |= VERDICT_WINDOW_UPDATE;
		reverse->next = reverse->contiguous = ack; /* the probe's byte was taken */
	} else if (rules & RULE_ACK_LOST_EACH) {
		j->flags |= VERDICT_ACK_LOST_SEGMENT;
		reverse->contiguous = unacked_end_from(reverse, ack);
	} else if (seq_lt(reverse->contiguous, reverse->next)) {
		j->flags |= VERDICT_ACK_LOST_SEGMENT;
		reverse->contiguous = reverse->next;
	} else { /* in 4.0 what lies behind one hole is told of once */
		j->flags |= reverse->duplicates == 0 ? VERDICT_ACK_LOST_SEGMENT : 0;
		reverse->duplicates = DUPLICATES_ACK_LOST;
	}
}

/* All of it lies within one block of the peer's last selective ACK; as in tshark, which compares
 * the segment's raw numbers with relative ones of the blocks. */
static gboolean
is_selected(const Judgement *j)
{
	const TcpDirection *reverse = j->reverse;
	guint32 base = j->forward->base;

	for (guint i = 0; i < reverse->n_sack; i++)
		if (j->segment->seq >= reverse->sack[i].left - base &&
		    j->segment->end <= reverse->sack[i].right - base)
			return TRUE;
	return FALSE;
}

/* F2: duplicate ACKs asked for it. */
static gboolean
is_asked_for(const Judgement *j)
{
	const TcpDirection *reverse = j->reverse;

	if (reverse->duplicates < 2 ||
	    !younger_than(j->segment->time_ns, reverse->last_ack_time_ns, FAST_RETRANSMISSION_NS))
		return FALSE;
	return reverse->last_ack == j->segment->seq || (reverse->n_sack > 0 && !is_selected(j));
}

/* F3: it was sent before what overtook it. */
static gboolean
is_overtaken(const Judgement *j)
{
	const TcpDirection *forward = j->forward;
	gint64 reordering_ns =
	    j->state->initial_rtt_known ? j->state->initial_rtt_ns : UNKNOWN_RTT_NS;

	if (!younger_than(j->segment->time_ns, forward->next_time_ns, reordering_ns))
		return FALSE;
	if (!(j->state->rules & RULE_DISORDER))
		return forward->next != j->segment->next;
	return (forward->next != j->segment->next || forward->next_is_empty) &&
	       !unacked_has(forward, j->segment);
}

/* F: its numbers were seen before. The first match wins. */
static void
judge_repetition(Judgement *j)
{
	const Segment *segment = j->segment;
	const TcpDirection *forward = j->forward, *reverse = j->reverse;
	gboolean behind = forward->next != SEQ_UNSET && seq_lt(segment->seq, forward->next) &&
			  !(segment->length > 1 && segment->seq == forward->next - 1);

	if (segment->length > 0 && reverse->last_ack != SEQ_UNSET &&
	    seq_le(segment->end, reverse->last_ack))
		j->flags |= VERDICT_SPURIOUS_RETRANSMISSION | VERDICT_RETRANSMISSION;
	else if (!behind)
		return;
	else if (is_asked_for(j))
		j->flags |= VERDICT_FAST_RETRANSMISSION | VERDICT_RETRANSMISSION;
	else if (is_overtaken(j))
		j->flags |= VERDICT_OUT_OF_ORDER;
	else
		j->flags |= VERDICT_RETRANSMISSION;
}

guint32
analysis_judge(struct _TcpTrackState *state, guint from, const Segment *segment,
	       TcpVerdict *verdict)
{
	Judgement j = {
		.state = state,
		.forward = &state->direction[from],
		.reverse = &state->direction[!from],
		.segment = segment,
		.verdict = verdict,
	};

	judge_sent(&j);
	if (segment->ack != j.forward->last_ack) { /* D */
		j.forward->not_duplicate = segment->frame;
		j.forward->duplicates = 0;
	}
	judge_ack(&j);
	if (segment->occupies && !(j.flags & VERDICT_KEEP_ALIVE))
		judge_repetition(&j);
	return j.flags;
}

void
analysis_judge_options(struct _TcpTrackState *state, guint from, const TcpFacts *tcp,
		       TcpVerdict *verdict)
{
	Judgement j = { .forward = &state->direction[from], .verdict = verdict };

	if (!(state->rules & RULE_SACK_DUPLICATES) || tcp->n_sack == 0 ||
	    !(verdict->flags & VERDICT_WINDOW_UPDATE))
		return;
	count_duplicate(&j);
	verdict->flags = (verdict->flags & ~VERDICT_WINDOW_UPDATE) | j.flags;
}
