/* SPDX-License-Identifier: MIT */
/* state.c - the states of both ends of a connection, from its packets alone.
 *
 * Theory of operation
 *
 * A state stands at the segment that proves it. A segment proves what its sender must have done to
 * send it (RFC 9293 3.10.1 to 3.10.5: the calls OPEN, SEND, CLOSE): a SYN-ACK that its sender
 * received a SYN, an ACK that its sender is synchronized. An end whose own segments were seen moves
 * on where a segment arrives, too (3.10.7), since sent and received are one moment at one capture
 * point. An end that has sent nothing yet stays unknown: nobody has told that the segment reached
 * it, or that it is there at all. So a SYN moves its sender alone.
 *
 * Moves are one table each, from state to state; where a state is not in the table nothing moves,
 * which is what keeps retransmissions from going back.
 *
 * A capture may lack packets. Two things are taken as proof that an end went on without being seen:
 * numbers that the end acknowledges (these have arrived there), and a segment that only a
 * synchronized end can send.
 *
 * A FIN counts once all bytes before it have arrived. `arrived` follows that; segments beyond a
 * hole wait in `beyond_hole`.
 */
#include "history.h"

/* A capture may lack as many bytes before one that is acknowledged; a number further off is another
 * connection's between the same ports. */
#define UNSEEN_MAX (1u << 24)

/* Holes that are remembered; the next ACK fills them anyway. */
#define HOLES_MAX 256

typedef enum {
	EVENT_SEND_SYN,
	EVENT_SEND_SYN_ACK,
	EVENT_SEND_FIN,
	EVENT_CROSSING_FINS, /* sends a FIN that does not acknowledge the one on its way here */
	EVENT_SYNCHRONIZED,  /* it must have received the peer's SYN and the ACK of its own */
	EVENT_ACK_OF_SYN,    /* from here on: what arrives */
	EVENT_ACK_OF_FIN,
	EVENT_FIN,
	N_EVENTS
} Happening;

/* [event][state]; 0 (UNKNOWN) stands for "stays". */
static const guint8 moves[][N_TCP_STATES] = {
	[EVENT_SEND_SYN] = {
		[TCP_STATE_UNKNOWN] = TCP_STATE_SYN_SENT,
		[TCP_STATE_LISTEN] = TCP_STATE_SYN_SENT,
		[TCP_STATE_CLOSED] = TCP_STATE_SYN_SENT,
	},
	[EVENT_SEND_SYN_ACK] = {
		[TCP_STATE_UNKNOWN] = TCP_STATE_SYN_RECEIVED,
		[TCP_STATE_LISTEN] = TCP_STATE_SYN_RECEIVED,
		[TCP_STATE_CLOSED] = TCP_STATE_SYN_RECEIVED,
		[TCP_STATE_SYN_SENT] = TCP_STATE_SYN_RECEIVED, /* simultaneous open */
	},
	[EVENT_SEND_FIN] = {
		[TCP_STATE_SYN_RECEIVED] = TCP_STATE_FIN_WAIT_1,
		[TCP_STATE_ESTABLISHED] = TCP_STATE_FIN_WAIT_1,
		[TCP_STATE_CLOSE_WAIT] = TCP_STATE_LAST_ACK,
	},
	[EVENT_CROSSING_FINS] = { [TCP_STATE_CLOSE_WAIT] = TCP_STATE_CLOSING },
	[EVENT_SYNCHRONIZED] = {
		[TCP_STATE_UNKNOWN] = TCP_STATE_ESTABLISHED,
		[TCP_STATE_SYN_SENT] = TCP_STATE_ESTABLISHED,
		[TCP_STATE_SYN_RECEIVED] = TCP_STATE_ESTABLISHED,
	},
	[EVENT_ACK_OF_SYN] = { [TCP_STATE_SYN_RECEIVED] = TCP_STATE_ESTABLISHED },
	[EVENT_ACK_OF_FIN] = {
		[TCP_STATE_FIN_WAIT_1] = TCP_STATE_FIN_WAIT_2,
		[TCP_STATE_CLOSING] = TCP_STATE_TIME_WAIT,
		[TCP_STATE_LAST_ACK] = TCP_STATE_CLOSED,
	},
	[EVENT_FIN] = {
		[TCP_STATE_SYN_RECEIVED] = TCP_STATE_CLOSE_WAIT,
		[TCP_STATE_ESTABLISHED] = TCP_STATE_CLOSE_WAIT,
		[TCP_STATE_FIN_WAIT_1] = TCP_STATE_CLOSING,
		[TCP_STATE_FIN_WAIT_2] = TCP_STATE_TIME_WAIT,
	},
};
G_STATIC_ASSERT(G_N_ELEMENTS(moves) == N_EVENTS);

/* The side that a segment of `from` goes to: of a socket that is connected to itself, `from`. */
static inline guint
peer_of(const struct _TcpTrackState *state, guint from)
{
	return state->itself ? from : !from;
}

static void
state_move(struct _TcpTrackState *state, guint side, Happening event)
{
	guint8 to = moves[event][state->state[side]];

	if (to == TCP_STATE_UNKNOWN)
		return;
	state->state[side] = to;
	if (to == TCP_STATE_ESTABLISHED)
		state->established = TRUE;
}

/* What has arrived ---------------------------------------------------------- */

/* Takes the ranges that no hole separates from `arrived` any more. */
static void
holes_close(TcpDirection *direction)
{
	GArray *ranges = direction->beyond_hole;

	for (guint i = 0; ranges && i < ranges->len;) {
		SeqRange range = g_array_index(ranges, SeqRange, i);

		if (seq_lt(direction->arrived, range.left)) {
			i++;
			continue;
		}
		if (seq_lt(direction->arrived, range.right))
			direction->arrived = range.right;
		g_array_remove_index_fast(ranges, i);
		i = 0; /* it may have reached an earlier one */
	}
	if (ranges && ranges->len == 0)
		g_clear_pointer(&direction->beyond_hole, g_array_unref);
}

static void
holes_add(TcpDirection *direction, guint32 left, guint32 right)
{
	SeqRange range = { left, right };

	if (!direction->beyond_hole)
		direction->beyond_hole = g_array_new(FALSE, FALSE, sizeof(SeqRange));
	for (guint i = 0; i < direction->beyond_hole->len; i++) {
		SeqRange *known = &g_array_index(direction->beyond_hole, SeqRange, i);

		if (seq_lt(right, known->left) || seq_lt(known->right, left))
			continue;
		known->left = seq_lt(left, known->left) ? left : known->left;
		known->right = seq_lt(known->right, right) ? right : known->right;
		return;
	}
	if (direction->beyond_hole->len < HOLES_MAX)
		g_array_append_val(direction->beyond_hole, range);
}

/* Returns TRUE where the FIN has just come into sequence. */
static gboolean
arrived_reach(TcpDirection *direction, guint32 number)
{
	if (!direction->arrived_known || seq_lt(direction->arrived, number)) {
		direction->arrived = number;
		direction->arrived_known = TRUE;
		holes_close(direction);
	}
	if (!direction->fin_sent || direction->fin_arrived ||
	    seq_lt(direction->arrived, direction->fin_next))
		return FALSE;
	direction->fin_arrived = TRUE;
	return TRUE;
}

static gboolean
arrived_add(TcpDirection *direction, const Segment *segment)
{
	if ((segment->tcp->flags & (TCP_SYN | TCP_FIN)) == TCP_FIN) {
		direction->fin_sent = TRUE;
		direction->fin_next = segment->next;
	}
	if (direction->arrived_known && seq_lt(direction->arrived, segment->seq)) {
		holes_add(direction, segment->seq, segment->next);
		return FALSE;
	}
	return arrived_reach(direction, segment->next);
}

/* Segments ------------------------------------------------------------------ */

/* RFC 9293 3.10.7.3: ISS < SEG.ACK =< SND.NXT. */
static gboolean
acknowledges_syn(const TcpDirection *direction, guint32 ack)
{
	return !direction->arrived_known ||
	       (seq_lt(direction->base, ack) && seq_le(ack, direction->arrived));
}

static void
advance_ack(struct _TcpTrackState *state, guint from, guint32 ack)
{
	guint to = peer_of(state, from);
	const TcpDirection *reverse = &state->direction[to];

	if (acknowledges_syn(reverse, ack))
		state_move(state, to, EVENT_ACK_OF_SYN);
	if (reverse->fin_sent && seq_le(reverse->fin_next, ack))
		state_move(state, to, EVENT_ACK_OF_FIN);
}

/* Whether `seq` is the sender's next number, beyond a hole that is not captured or on its way. */
static gboolean
is_next(const TcpDirection *forward, guint32 seq)
{
	guint32 next = forward->arrived;

	for (guint i = 0; forward->beyond_hole && i < forward->beyond_hole->len; i++) {
		const SeqRange *range = &g_array_index(forward->beyond_hole, SeqRange, i);

		next = seq_lt(next, range->right) ? range->right : next;
	}
	return forward->arrived_known && seq == next;
}

/* RFC 9293 3.10.7 and RFC 5961 3: a reset ends its sender where its number is the sender's next
 * one, and what it reaches where its number is the expected one. Within the window beside that, the
 * peer asks back by an ACK, and a true reset comes again with the right number; elsewhere it is
 * dropped. An end in SYN-SENT is reset by what acknowledges its SYN, and goes on trying where it
 * resets an old connection itself (figures 8 to 10), whose number is not its own next one. */
static void
advance_reset(struct _TcpTrackState *state, guint from, const Segment *segment)
{
	guint to = peer_of(state, from);
	const TcpDirection *forward = &state->direction[from], *reverse = &state->direction[to];
	guint8 *sender = &state->state[from], *receiver = &state->state[to];
	guint32 seq = segment->seq;
	/* The peer expects it next, as its last ACK says or as what has arrived there says; or
	 * neither is known: nothing speaks against it. */
	gboolean expected =
	    (forward->arrived_known && seq == forward->arrived) ||
	    (forward->fin_arrived && seq + 1 == forward->arrived) || /* as Linux takes it */
	    (reverse->acknowledges && seq == reverse->acknowledged) ||
	    (!forward->arrived_known && !reverse->acknowledges);
	gboolean reaches =
	    *receiver == TCP_STATE_SYN_SENT
		? segment->tcp->flags & TCP_ACK && acknowledges_syn(reverse, segment->ack)
		: expected;
	gboolean own = *sender == TCP_STATE_SYN_SENT ? seq == forward->arrived
						     : reaches || is_next(forward, seq);

	if (*sender == TCP_STATE_UNKNOWN || (own && *sender != TCP_STATE_LISTEN))
		*sender = TCP_STATE_CLOSED;
	if (reaches && *receiver != TCP_STATE_UNKNOWN)
		*receiver = *receiver == TCP_STATE_SYN_RECEIVED && !reverse->opened
				? TCP_STATE_LISTEN
				: TCP_STATE_CLOSED;
}

static void
advance_syn_ack(struct _TcpTrackState *state, guint from, const Segment *segment)
{
	guint to = peer_of(state, from);
	TcpDirection *forward = &state->direction[from], *reverse = &state->direction[to];

	if (!state->established || !forward->arrived_known) /* else a late duplicate */
		state_move(state, from, EVENT_SEND_SYN_ACK);
	/* Whether data in the SYN were taken (RFC 7413), only this tells. */
	if (!reverse->arrived_known || (reverse->opened && seq_lt(reverse->arrived, segment->ack) &&
					seq_le(segment->ack, reverse->syn_next)))
		arrived_reach(reverse, segment->ack);
	if (state->state[to] == TCP_STATE_SYN_SENT && acknowledges_syn(reverse, segment->ack))
		state_move(state, to, EVENT_SYNCHRONIZED);
	advance_ack(state, from, segment->ack);
	arrived_add(forward, segment);
}

/* Everything but SYN and RST. */
static void
advance_synchronized(struct _TcpTrackState *state, guint from, const Segment *segment)
{
	guint to = peer_of(state, from);
	TcpDirection *forward = &state->direction[from], *reverse = &state->direction[to];
	/* All of it had arrived before: the peer drops it, ACK and all (RFC 9293 3.10.7.4). */
	gboolean first_fin = segment->tcp->flags & TCP_FIN && !forward->fin_sent;
	gboolean old = forward->arrived_known && seq_lt(segment->seq, forward->arrived) &&
		       seq_le(segment->next, forward->arrived) && !first_fin;

	/* What the sender acknowledges has arrived there, captured or not; and where
	 * that was not captured, its handshake is over too. An end in SYN-SENT has sent
	 * its SYN alone: other numbers are those of an old connection (figure 9). */
	if (!reverse->arrived_known || (!seq_le(segment->ack, reverse->arrived) &&
					segment->ack - reverse->arrived <= UNSEEN_MAX &&
					state->state[to] != TCP_STATE_SYN_SENT)) {
		if (reverse->arrived_known)
			state_move(state, from, EVENT_SYNCHRONIZED);
		if (arrived_reach(reverse, segment->ack))
			state_move(state, from, EVENT_FIN);
	}
	if (state->state[from] == TCP_STATE_UNKNOWN || state->state[from] == TCP_STATE_SYN_SENT)
		state_move(state, from, EVENT_SYNCHRONIZED);
	/* The peer's FIN came while nothing was known of this end. */
	if (reverse->fin_arrived && seq_le(reverse->fin_next, segment->ack))
		state_move(state, from, EVENT_FIN);
	if (segment->tcp->flags & TCP_FIN) {
		/* An end that had received the peer's FIN would acknowledge it; where it does
		 * not, both FINs were on their way at once (RFC 9293 3.6, figure 13). */
		if (reverse->fin_sent && seq_lt(segment->ack, reverse->fin_next))
			state_move(state, from, EVENT_CROSSING_FINS);
		else
			state_move(state, from, EVENT_SEND_FIN);
	}
	if (!old)
		advance_ack(state, from, segment->ack);
	if (arrived_add(forward, segment))
		state_move(state, to, EVENT_FIN);
}

/* What nearly all segments do: in an open connection, in sequence, acknowledging
 * nothing but what has arrived. No state moves. (A socket connected to itself is never here:
 * nothing is known of a second direction.) */
static inline gboolean
advance_open(struct _TcpTrackState *state, guint from, const Segment *segment)
{
	TcpDirection *forward = &state->direction[from], *reverse = &state->direction[!from];
	guint16 flags = segment->tcp->flags;

	if ((flags & (TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK)) != TCP_ACK ||
	    state->state[0] != TCP_STATE_ESTABLISHED || state->state[1] != TCP_STATE_ESTABLISHED ||
	    !forward->arrived_known || !reverse->arrived_known || forward->fin_sent ||
	    reverse->fin_sent || forward->beyond_hole || forward->arrived != segment->seq ||
	    seq_lt(reverse->arrived, segment->ack))
		return FALSE;
	if (seq_lt(segment->seq, segment->next))
		forward->arrived = segment->next;
	forward->acknowledged = segment->ack;
	return TRUE;
}

void
state_advance(struct _TcpTrackState *state, guint from, const Segment *segment)
{
	TcpDirection *forward = &state->direction[from];
	guint16 flags = segment->tcp->flags;

	if (advance_open(state, from, segment))
		return;
	if (flags & TCP_ACK) {
		forward->acknowledged = segment->ack;
		forward->acknowledges = TRUE;
	}
	if (flags & TCP_RST)
		advance_reset(state, from, segment);
	else if ((flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK))
		advance_syn_ack(state, from, segment);
	else if (flags & TCP_SYN && !state->established) { /* else a late duplicate */
		state_move(state, from, EVENT_SEND_SYN);
		forward->opened = TRUE;
		forward->syn_next = segment->next;
		arrived_reach(forward, segment->seq + 1); /* data wait for the SYN-ACK's word */
	} else if (flags & TCP_ACK) /* without it a segment is dropped: RFC 9293 3.10.7.4 */
		advance_synchronized(state, from, segment);
	if (G_UNLIKELY(state->itself))
		state->state[!from] = state->state[from];
}
