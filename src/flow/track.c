/* SPDX-License-Identifier: MIT */
/* track.c - one TCP conversation's history, fed segment by segment.
 *
 * Theory of operation
 *
 * The order within tcp_track_add() is the order of docs/TCP-ANALYSIS.md: the bases (A, B), the
 * flags (C to F), the update (G), the ACK's match (H), and what is remembered for later segments
 * (I), the options last of all. A verdict is about what the history held before the segment; the
 * states alone are those after it.
 */
#include "history.h"
#include "pktladder/copies.h"

#include <string.h>

/* RFC 7323 2.3 */
#define SCALE_MAX 14
/* Changes of a scale that are remembered: a connection has none, unless its SYNs contradict. */
#define SCALES_MAX 1000
/* Blocks of a selective ACK: RFC 2018 3. */
#define SACK_MAX G_N_ELEMENTS(((TcpFacts *)NULL)->sack)

/* What tshark has changed; 4.0 goes by docs/TCP-ANALYSIS.md as it stands. */
static const guint16 rules[N_VERDICT_VERSIONS] = {
	[VERDICTS_4_0] = 0,
	[VERDICTS_4_4] = RULE_STREAM_ENDS | RULE_PARTS_HAVE_BASE | RULE_PROBE_TAKEN |
			 RULE_SACK_DUPLICATES | RULE_ACK_LOST_EACH | RULE_SACK_ASKS |
			 RULE_DISORDER | RULE_PARTIAL_ACK | RULE_FIRST_COUNTS | RULE_SACK_FOURTH,
};

G_STATIC_ASSERT(TCP_STATE_ESTABLISHED == 1 && TCP_STATE_CLOSING == 11); /* Linux's numbers */

const char *
tcp_state_name(TcpState state)
{
#define NAME(NAME, name, netstat) name,
	static const char *const names[] = { TCP_STATE_TABLE(NAME) };
#undef NAME

	return (guint)state < N_TCP_STATES ? names[state] : "";
}

void
track_state_init(struct _TcpTrackState *state, VerdictVersion version)
{
	state->rules = rules[version];
	for (guint side = 0; side < 2; side++) {
		TcpDirection *direction = &state->direction[side];

		direction->window = G_MAXUINT32;
		direction->scale = SCALE_UNKNOWN;
		direction->captured = NOTHING_CAPTURED;
		direction->flight_known = TRUE;
		unacked_init(direction);
	}
}

void
track_state_clear(struct _TcpTrackState *state)
{
	for (guint side = 0; side < 2; side++) {
		unacked_clear(&state->direction[side]);
		g_clear_pointer(&state->direction[side].sack, g_free);
		g_clear_pointer(&state->direction[side].beyond_hole, g_array_unref);
		g_clear_pointer(&state->direction[side].holes, g_array_unref);
		g_clear_pointer(&state->direction[side].scales_before, g_array_unref);
	}
}

struct _TcpTrackState *
track_plain_keep(const struct _TcpTrackState *state)
{
	struct _TcpTrackState *kept = g_memdup2(state, sizeof *state);

	for (guint side = 0; side < 2; side++) {
		TcpDirection *direction = &kept->direction[side];

		if (direction->beyond_hole)
			direction->beyond_hole = g_array_copy(direction->beyond_hole);
		if (direction->holes)
			direction->holes = g_array_copy(direction->holes);
	}
	return kept;
}

void
track_plain_restore(struct _TcpTrackState *state, struct _TcpTrackState *kept, TcpVerdict *verdict)
{
	const gsize plain = offsetof(TcpDirection, beyond_hole);

	for (guint side = 0; side < 2; side++) {
		TcpDirection *direction = &state->direction[side];

		g_clear_pointer(&direction->beyond_hole, g_array_unref);
		g_clear_pointer(&direction->holes, g_array_unref);
		memcpy((guint8 *)direction + plain, (guint8 *)&kept->direction[side] + plain,
		       sizeof *direction - plain);
		verdict->state[side] = state->state[side] = kept->state[side];
	}
	state->established = kept->established;
	g_free(kept);
}

gboolean
tcp_track_is_reuse(const TcpTrack *track, const Facts *facts, guint from)
{
	const struct _TcpTrackState *state = track->state;
	const TcpDirection *forward = &state->direction[from];

	if (G_LIKELY(!(facts->tcp.flags & TCP_SYN)) || !forward->base_known)
		return FALSE;
	if (!(state->rules & RULE_STREAM_ENDS))
		return !(facts->tcp.flags & TCP_ACK) && facts->tcp.seq != forward->base;
	return facts->tcp.seq != forward->base ||
	       state->completeness & (COMPLETE_FIN | COMPLETE_RST);
}

static void
direction_set_base(TcpDirection *direction, guint32 base)
{
	direction->base = base;
	direction->base_known = TRUE;
	unacked_rebase(direction);
}

/* A and B. Returns VERDICT_REUSED_PORTS where a SYN-ACK starts anew. */
static guint32
update_bases(struct _TcpTrackState *state, guint from, const Segment *segment)
{
	TcpDirection *forward = &state->direction[from], *reverse = &state->direction[!from];
	guint16 flags = segment->tcp->flags;
	guint32 reused = 0;

	if (flags & TCP_SYN && forward->base_known) {
		if (!(flags & TCP_ACK)) {
			forward->next = forward->contiguous;
		} else if (segment->seq != forward->base) {
			reused = VERDICT_REUSED_PORTS;
			direction_set_base(forward, segment->seq);
			forward->arrived_known = FALSE;
			forward->captured = NOTHING_CAPTURED;
		}
	}
	if (!segment->is_whole && !(state->rules & RULE_PARTS_HAVE_BASE))
		return reused;
	if (!forward->base_known)
		direction_set_base(forward, flags & TCP_SYN ? segment->seq : segment->seq - 1);
	if (!reverse->base_known && flags & TCP_ACK)
		direction_set_base(reverse, segment->ack - 1);
	return reused;
}

static void
update_completeness(struct _TcpTrackState *state, const Segment *segment, gboolean is_first_of_end)
{
	guint16 flags = segment->tcp->flags;
	gboolean is_syn = (flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
	gboolean first_counts = state->rules & RULE_FIRST_COUNTS;

	/* tshark takes no more than a SYN from the first packet of a stream. */
	if (is_first_of_end &&
	    (first_counts ? !state->started || is_syn : !state->started && !state->reused)) {
		state->completeness =
		    is_syn ? COMPLETE_SYN | (segment->length > 0 ? COMPLETE_DATA : 0) : 0;
		if (!first_counts)
			return;
	}
	if (flags & TCP_RST)
		state->completeness |= COMPLETE_RST;
	if (!(flags & TCP_ACK))
		return;
	if (flags & TCP_SYN)
		state->completeness |= COMPLETE_SYN_ACK;
	else
		state->completeness |= segment->length > 0 ? COMPLETE_DATA : COMPLETE_ACK;
	if (flags & TCP_FIN)
		state->completeness |= COMPLETE_FIN;
}

static void
update_handshake(struct _TcpTrackState *state, guint from, const Segment *segment)
{
	TcpDirection *forward = &state->direction[from];
	guint16 flags = segment->tcp->flags;

	if (flags & TCP_SYN) {
		forward->first = TRUE;
		if (flags & TCP_ACK)
			return;
		state->syn_time_ns = segment->time_ns;
		state->syn_seen = TRUE;
	} else if (flags & TCP_ACK) {
		forward->first = FALSE;
		if (!state->syn_seen || state->initial_rtt_known)
			return;
		state->initial_rtt_ns = timestamp_between(state->syn_time_ns, segment->time_ns);
		state->initial_rtt_known = state->initial_rtt_ns != 0;
	}
}

static void
update_selective(struct _TcpTrackState *state, TcpDirection *forward, const TcpFacts *tcp,
		 TcpVerdict *verdict)
{
	forward->selective = 0;
	forward->n_sack = 0;
	if (G_LIKELY(tcp->n_sack == 0))
		return;
	if (!evidence_repeats(verdict->evidence) && again_is_dsack(tcp))
		verdict->evidence = EVIDENCE_DSACK;
	guint n = MIN(tcp->n_sack, state->rules & RULE_SACK_FOURTH ? SACK_MAX : SACK_MAX - 1);

	for (guint i = 0; i < n; i++)
		forward->selective += tcp->sack[i].right - tcp->sack[i].left;
	if (!(state->rules & RULE_SACK_ASKS))
		return;
	forward->n_sack = n;
	if (!forward->sack)
		forward->sack = g_new(SackBlock, SACK_MAX);
	for (guint i = 0; i < n; i++)
		forward->sack[i] = tcp->sack[i];
}

static void
scale_set(TcpDirection *direction, gint8 scale, guint32 frame)
{
	if (direction->scale == scale)
		return;
	if (direction->scale != SCALE_UNKNOWN && frame != direction->scale_frame) {
		ScaleChange before = { direction->scale_frame, direction->scale };

		if (!direction->scales_before)
			direction->scales_before = g_array_new(FALSE, FALSE, sizeof before);
		if (direction->scales_before->len < SCALES_MAX)
			g_array_append_val(direction->scales_before, before);
	}
	direction->scale = scale;
	direction->scale_frame = frame;
}

static void
update_scales(struct _TcpTrackState *state, guint from, const Facts *facts, guint32 frame)
{
	const TcpFacts *tcp = &facts->tcp;
	TcpDirection *forward = &state->direction[from], *reverse = &state->direction[!from];

	if (tcp->options & TCP_OPTION_WINDOW_SCALE)
		scale_set(forward, (gint8)MIN(tcp->window_scale, SCALE_MAX), frame);
	/* Whether an option that is missing was not sent. A header that is longer than its segment
	 * is one that tshark gives up. */
	if (!(tcp->flags & TCP_SYN) ||
	    !(facts->status != DECODE_TRUNCATED &&
	      (facts->has_payload_length || facts->status != DECODE_MALFORMED)))
		return;
	if (forward->scale == SCALE_UNKNOWN) {
		scale_set(forward, SCALE_UNUSED, frame);
		scale_set(reverse, SCALE_UNUSED, frame);
	} else if (tcp->flags & TCP_ACK && reverse->scale == SCALE_UNUSED) {
		scale_set(forward, SCALE_UNUSED, frame);
	}
}

/* AccECN (RFC 9768 3.1.1, 3.2.3): three flags are a counter where the last SYN asks for it and the
 * last SYN-ACK agrees, or where an option of it was seen. */
static void
update_accurate(struct _TcpTrackState *state, const TcpFacts *tcp, guint32 frame)
{
	enum { ASKS = 1, AGREES = 2, OPTION = 4 };
	static const gboolean agrees[8] = { [2] = TRUE, [3] = TRUE, [4] = TRUE, [6] = TRUE };
	guint counter = tcp->flags / TCP_ECE & 7;

	if (G_LIKELY(!(tcp->flags & TCP_SYN) && !(tcp->options & TCP_OPTION_ACC_ECN)))
		return;
	if (tcp->flags & TCP_SYN) {
		guint8 bit = tcp->flags & TCP_ACK ? AGREES : ASKS;

		state->accurate &= (guint8)~bit;
		if (bit == AGREES ? agrees[counter] : counter == 7)
			state->accurate |= bit;
	}
	if (tcp->options & TCP_OPTION_ACC_ECN)
		state->accurate |= OPTION;
	if (!(state->accurate & OPTION) && state->accurate != (ASKS | AGREES))
		state->accurate_frame = 0;
	else if (state->accurate_frame == 0)
		state->accurate_frame = frame;
}

/* Whoever gets it throws it away: it changes nothing. */
static gboolean
is_bogus(const TcpFacts *tcp)
{
	return tcp->header_length < TCP_HEADER_LEAST;
}

static void
verdict_begin(TcpVerdict *verdict, const struct _TcpTrackState *state, guint from,
	      const Segment *segment)
{
	const TcpDirection *forward = &state->direction[from];
	guint16 flags = segment->tcp->flags;
	gboolean scaled = !(flags & TCP_SYN) && forward->scale >= 0;

	*verdict = (TcpVerdict){
		.seq = segment->seq - forward->base,
		.ack = flags & TCP_ACK ? segment->ack - state->direction[!from].base : 0,
		.ack_rtt_ns = -1,
		.window = segment->window << (scaled ? forward->scale : 0),
		.window_scale = forward->scale,
		.completeness = state->completeness,
	};
	if (G_LIKELY(segment->is_whole))
		return;
	verdict->window = segment->window;
	if (state->rules & RULE_PARTS_HAVE_BASE || is_bogus(segment->tcp))
		return;
	verdict->seq = segment->seq;
	verdict->ack = flags & TCP_ACK ? segment->ack : 0;
}

static void
repeats_find(const TcpDirection *forward, const Segment *segment, gboolean same_time,
	     TcpVerdict *verdict)
{
	gint64 then_ns;

	verdict->repeats_frame = unacked_frame(forward, segment, &then_ns);
	verdict->repeats_soon = verdict->repeats_frame != 0 && same_time &&
				timestamp_span(then_ns, segment->time_ns) <= COPY_MAX_NS;
	/* The one id of its sender that is known may be the only one that it has: then time tells.
	 */
	if (verdict->evidence == EVIDENCE_STOOD_ID && !verdict->repeats_soon &&
	    !(same_time && segment->tcp->options & TCP_OPTION_TIMESTAMPS) &&
	    (forward->ids & (forward->ids - 1)) == 0)
		verdict->evidence = EVIDENCE_STOOD;
}

/* C to H. */
static void
analyse(struct _TcpTrackState *state, guint from, const Segment *segment, const Facts *facts,
	TcpVerdict *verdict)
{
	TcpDirection *forward = &state->direction[from], *reverse = &state->direction[!from];

	guint32 flags = analysis_judge(state, from, segment, verdict);

	verdict->flags = flags;
	if (G_UNLIKELY((flags | (segment->seq ^ forward->captured)) != 0)) {
		gboolean same_time = segment->tcp->timestamp_value == forward->newest_time;

		verdict->evidence = again_judge(state, from, facts, flags);
		if (flags & VERDICT_RETRANSMISSION || evidence_repeats(verdict->evidence))
			repeats_find(forward, segment, same_time, verdict);
	} else if (segment->occupies) {
		again_advance(forward, facts, segment->next);
	}
	/* G: `flags` is the verdict. */
	if (segment->occupies)
		unacked_push(forward, segment);
	/* Ahead of all others by its data: a SYN's or FIN's number counts on both sides. */
	if (state->rules & RULE_DISORDER &&
	    (forward->next == SEQ_UNSET ||
	     seq_lt(forward->next + (segment->next - segment->end), segment->next)))
		forward->next_is_empty = segment->length == 0;
	if (!(flags & VERDICT_ZERO_WINDOW_PROBE)) {
		if (forward->next == SEQ_UNSET || seq_lt(forward->next, segment->next)) {
			forward->next = segment->next;
			forward->next_time_ns = segment->time_ns;
		}
		if (forward->contiguous == SEQ_UNSET || forward->contiguous == segment->seq)
			forward->contiguous = forward->next;
	}
	forward->window = segment->window;
	forward->last_ack = segment->ack;
	forward->last_ack_time_ns = segment->time_ns;
	forward->last_flags = forward->last_plain = flags;
	unacked_acknowledge(reverse, segment, state->rules, verdict);
	if (segment->length > 0)
		verdict->bytes_in_flight = unacked_in_flight(forward, reverse, segment);
}

void
tcp_track_add(TcpTrack *track, const Facts *facts, guint from, gint64 time_ns, guint32 frame,
	      TcpVerdict *verdict)
{
	struct _TcpTrackState *state = track->state;
	TcpDirection *forward = &state->direction[from];
	Segment segment = segment_make(facts, time_ns, frame);
	gboolean is_first_of_end = !forward->base_known || !state->started;

	if (G_UNLIKELY(!segment.is_whole) && is_bogus(segment.tcp)) {
		verdict_begin(verdict, state, from, &segment);
		verdict->state[0] = state->state[0];
		verdict->state[1] = state->state[1];
		return;
	}
	guint32 reused = update_bases(state, from, &segment);

	if (G_UNLIKELY(!state->started) && state->reused)
		reused = VERDICT_REUSED_PORTS;
	verdict_begin(verdict, state, from, &segment);
	if (segment.is_whole)
		analyse(state, from, &segment, facts, verdict);
	if (G_UNLIKELY(reused != 0))
		verdict->flags |= reused;
	update_completeness(state, &segment, is_first_of_end);
	update_handshake(state, from, &segment);
	analysis_judge_options(state, from, segment.tcp, verdict);
	update_selective(state, forward, segment.tcp, verdict);
	update_scales(state, from, facts, frame);
	update_accurate(state, segment.tcp, frame);
	if (segment.is_whole)
		state_advance(state, from, &segment);
	state->started = TRUE;
	verdict->state[0] = state->state[0];
	verdict->state[1] = state->state[1];
}

TcpState
tcp_track_state(const TcpTrack *track, guint side)
{
	return track->state->state[side];
}

gint8
tcp_track_window_scale(const TcpTrack *track, guint side, guint32 frame)
{
	const TcpDirection *direction = &track->state->direction[side];

	const GArray *before = direction->scales_before;

	if (frame > direction->scale_frame)
		return direction->scale;
	for (guint i = before ? before->len : 0; i > 0; i--) {
		const ScaleChange *change = &g_array_index(before, ScaleChange, i - 1);

		if (frame > change->frame)
			return change->scale;
	}
	return SCALE_UNKNOWN;
}

gboolean
tcp_track_accurate(const TcpTrack *track, guint32 frame)
{
	return track->state->accurate_frame != 0 && frame > track->state->accurate_frame;
}

guint32
tcp_track_fin(const TcpTrack *track, guint side)
{
	return track->state->direction[side].fin_first;
}

gint64
tcp_track_initial_rtt(const TcpTrack *track)
{
	return track->state->initial_rtt_known ? track->state->initial_rtt_ns : -1;
}

guint8
tcp_track_completeness(const TcpTrack *track)
{
	return track->state->completeness;
}
