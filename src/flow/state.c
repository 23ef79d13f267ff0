/* SPDX-License-Identifier: MIT */
/* state.c - the states of both ends of a connection, from its packets alone.
 *
 * Theory of operation
 *
 * A segment is taken as sent and received at one moment. So each one moves the
 * sender by what it must have done to send it (RFC 9293 3.10.1 to 3.10.5: the
 * calls OPEN, SEND, CLOSE), then the receiver by what the arrival does (3.10.7).
 * Moves are one table each, from state to state; where a state is not in the
 * table nothing moves, which is what keeps retransmissions from going back.
 *
 * A capture may lack packets. Three things are taken as proof that an end went
 * on without being seen: numbers that it acknowledges (what it acknowledges has
 * arrived), a segment that only a synchronized end can send, and, where nothing
 * is known, any segment that is no SYN (both are then ESTABLISHED).
 *
 * A FIN counts once all bytes before it have arrived. `arrived` follows that;
 * segments beyond a hole wait in `beyond_hole`.
 */
#include "history.h"
#include "pktladder/seq.h"

/* Holes that are remembered; the next ACK fills them anyway. */
#define HOLES_MAX 256

typedef enum {
	EVENT_SEND_SYN,
	EVENT_SEND_SYN_ACK,
	EVENT_SEND_FIN,
	EVENT_CROSSING_FINS, /* sends a FIN that does not acknowledge the one on its way here */
	EVENT_SYNCHRONIZED,  /* it must have received the peer's SYN and the ACK of its own */
	EVENT_SYN,           /* from here on: what arrives */
	EVENT_ACK_OF_SYN,
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
		[TCP_STATE_SYN_SENT] = TCP_STATE_SYN_RECEIVED,
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
	[EVENT_SYN] = {
		[TCP_STATE_UNKNOWN] = TCP_STATE_SYN_RECEIVED,
		[TCP_STATE_LISTEN] = TCP_STATE_SYN_RECEIVED,
		[TCP_STATE_CLOSED] = TCP_STATE_SYN_RECEIVED,
		[TCP_STATE_SYN_SENT] = TCP_STATE_SYN_RECEIVED, /* simultaneous open */
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

/* What the sender acknowledges has arrived there, captured or not; and where
 * that was not captured, its handshake is over too. */
static void
infer_arrivals(struct _TcpTrackState *state, guint from, guint32 ack)
{
	TcpDirection *reverse = &state->direction[!from];

	if (reverse->arrived_known && seq_le(ack, reverse->arrived))
		return;
	if (reverse->arrived_known)
		state_move(state, from, EVENT_SYNCHRONIZED);
	if (arrived_reach(reverse, ack))
		state_move(state, from, EVENT_FIN);
}

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
	const TcpDirection *reverse = &state->direction[!from];

	if (acknowledges_syn(reverse, ack))
		state_move(state, !from, EVENT_ACK_OF_SYN);
	if (reverse->fin_sent && seq_le(reverse->fin_next, ack))
		state_move(state, !from, EVENT_ACK_OF_FIN);
}

/* A reset ends both, but for one that an end in SYN-SENT answers an old
 * SYN-ACK with: it goes on trying (RFC 9293 3.5, figure 9). */
static void
advance_reset(struct _TcpTrackState *state, guint from, const Segment *segment)
{
	const TcpDirection *forward = &state->direction[from];

	if (state->state[from] == TCP_STATE_SYN_SENT && forward->arrived_known &&
	    state->direction[!from].arrived_known && segment->seq != forward->arrived) {
		state->state[!from] = TCP_STATE_LISTEN;
		return;
	}
	state->state[from] = state->state[!from] = TCP_STATE_CLOSED;
}

static void
advance_syn_ack(struct _TcpTrackState *state, guint from, const Segment *segment)
{
	TcpDirection *reverse = &state->direction[!from];

	state_move(state, from, EVENT_SEND_SYN_ACK);
	if (state->state[!from] == TCP_STATE_UNKNOWN)
		state->state[!from] = TCP_STATE_SYN_SENT;
	if (state->state[!from] == TCP_STATE_SYN_SENT && acknowledges_syn(reverse, segment->ack))
		state_move(state, !from, EVENT_SYNCHRONIZED);
	if (!reverse->arrived_known)
		arrived_reach(reverse, segment->ack);
	advance_ack(state, from, segment->ack);
	arrived_add(&state->direction[from], segment);
}

/* Everything but SYN and RST. */
static void
advance_synchronized(struct _TcpTrackState *state, guint from, const Segment *segment)
{
	infer_arrivals(state, from, segment->ack);
	if (state->state[from] == TCP_STATE_UNKNOWN || state->state[from] == TCP_STATE_SYN_SENT)
		state_move(state, from, EVENT_SYNCHRONIZED);
	if (state->state[!from] == TCP_STATE_UNKNOWN ||
	    (segment->length > 0 && state->state[!from] == TCP_STATE_SYN_SENT))
		state_move(state, !from, EVENT_SYNCHRONIZED);
	if (segment->tcp->flags & TCP_FIN) {
		/* An end that had received the peer's FIN would acknowledge it; where it does
		 * not, both FINs were on their way at once (RFC 9293 3.6, figure 13). */
		const TcpDirection *reverse = &state->direction[!from];

		if (reverse->fin_sent && seq_lt(segment->ack, reverse->fin_next))
			state_move(state, from, EVENT_CROSSING_FINS);
		else
			state_move(state, from, EVENT_SEND_FIN);
	}
	advance_ack(state, from, segment->ack);
	if (arrived_add(&state->direction[from], segment))
		state_move(state, !from, EVENT_FIN);
}

/* What nearly all segments do: in an open connection, in sequence, acknowledging
 * nothing but what has arrived. No state moves. */
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
	return TRUE;
}

void
state_advance(struct _TcpTrackState *state, guint from, const Segment *segment)
{
	guint16 flags = segment->tcp->flags;

	if (advance_open(state, from, segment))
		return;
	if (flags & TCP_RST)
		advance_reset(state, from, segment);
	else if ((flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK))
		advance_syn_ack(state, from, segment);
	else if (flags & TCP_SYN && !state->established) { /* else a late duplicate */
		state_move(state, from, EVENT_SEND_SYN);
		state_move(state, !from, EVENT_SYN);
		arrived_add(&state->direction[from], segment);
	} else if (flags & TCP_ACK) /* without it a segment is dropped: RFC 9293 3.10.7.4 */
		advance_synchronized(state, from, segment);
}
