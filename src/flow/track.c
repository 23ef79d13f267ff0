/* track.c - one TCP conversation's history, fed segment by segment.
 *
 * Theory of operation
 *
 * The order within tcp_track_add() is the order of shared/TCP-ANALYSIS.md: the
 * bases (A, B), the flags (C to F), the update (G), the ACK's match (H), and
 * what is remembered for later segments (I), the options last of all. A verdict
 * is about what the history held before the segment; the states alone are those
 * after it.
 */
#include "history.h"
#include "pktladder/seq.h"

/* tcp.completeness */
enum {
	COMPLETE_SYN = 1,
	COMPLETE_SYN_ACK = 2,
	COMPLETE_ACK = 4,
	COMPLETE_DATA = 8,
	COMPLETE_FIN = 16,
	COMPLETE_RST = 32
};

/* RFC 7323 2.3 */
#define SCALE_MAX 14

static const char *const state_names[] = {
	"",          "ESTABLISHED", "SYN-SENT",   "SYN-RECEIVED", "FIN-WAIT-1", "FIN-WAIT-2",
	"TIME-WAIT", "CLOSED",      "CLOSE-WAIT", "LAST-ACK",     "LISTEN",     "CLOSING",
};
G_STATIC_ASSERT(G_N_ELEMENTS(state_names) == N_TCP_STATES);

static const char *const verdict_names[] = {
	"retransmission",
	"fast_retransmission",
	"spurious_retransmission",
	"out_of_order",
	"lost_segment",
	"ack_lost_segment",
	"duplicate_ack",
	"zero_window",
	"zero_window_probe",
	"zero_window_probe_ack",
	"window_full",
	"window_update",
	"keep_alive",
	"keep_alive_ack",
	"reused_ports",
};
G_STATIC_ASSERT(G_N_ELEMENTS(verdict_names) == N_VERDICTS);

const char *
tcp_state_name(TcpState state)
{
	return (guint)state < N_TCP_STATES ? state_names[state] : "";
}

const char *
verdict_name(guint bit)
{
	return bit < N_VERDICTS ? verdict_names[bit] : "";
}

static void
direction_init(TcpDirection *direction)
{
	direction->window = G_MAXUINT32;
	direction->scale = SCALE_UNKNOWN;
	direction->flight_known = TRUE;
	unacked_init(direction);
}

static void
direction_clear(TcpDirection *direction)
{
	unacked_clear(direction);
	g_clear_pointer(&direction->beyond_hole, g_array_unref);
}

void
track_state_init(struct _TcpTrackState *state)
{
	direction_init(&state->direction[0]);
	direction_init(&state->direction[1]);
}

void
track_state_clear(struct _TcpTrackState *state)
{
	direction_clear(&state->direction[0]);
	direction_clear(&state->direction[1]);
}

void
tcp_track_init(TcpTrack *track)
{
	track->state = g_new0(struct _TcpTrackState, 1);
	track_state_init(track->state);
}

void
tcp_track_clear(TcpTrack *track)
{
	if (!track->state)
		return;
	track_state_clear(track->state);
	g_clear_pointer(&track->state, g_free);
}

gboolean
tcp_track_is_reuse(const TcpTrack *track, const Facts *facts, guint from)
{
	const TcpDirection *forward = &track->state->direction[from];

	return (facts->tcp.flags & (TCP_SYN | TCP_ACK)) == TCP_SYN && forward->base_known &&
	       facts->tcp.seq != forward->base;
}

void
tcp_track_mark_reuse(TcpTrack *track)
{
	track->state->reused = TRUE;
	track->state->completeness = COMPLETE_SYN;
}

static Segment
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
		}
	}
	if (!segment->is_whole)
		return reused;
	if (!forward->base_known)
		direction_set_base(forward, flags & TCP_SYN ? segment->seq : segment->seq - 1);
	if (!reverse->base_known && flags & TCP_ACK)
		direction_set_base(reverse, segment->ack - 1);
	return reused;
}

/* G: `flags` is the verdict. */
static void
update_numbers(TcpDirection *forward, const Segment *segment, guint32 flags)
{
	if (segment->occupies)
		unacked_push(forward, segment);
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
	forward->last_flags = flags;
}

/* tshark takes no more than a SYN from the first packet of a stream. */
static guint8
completeness_of_first(const Segment *segment)
{
	if ((segment->tcp->flags & (TCP_SYN | TCP_ACK)) != TCP_SYN)
		return 0;
	return COMPLETE_SYN | (segment->length > 0 ? COMPLETE_DATA : 0);
}

static guint8
completeness_of(const Segment *segment)
{
	guint16 flags = segment->tcp->flags;
	guint8 bits = flags & TCP_RST ? COMPLETE_RST : 0;

	if (!(flags & TCP_ACK))
		return bits;
	if (flags & TCP_SYN)
		bits |= COMPLETE_SYN_ACK;
	else
		bits |= segment->length > 0 ? COMPLETE_DATA : COMPLETE_ACK;
	if (flags & TCP_FIN)
		bits |= COMPLETE_FIN;
	return bits;
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

/* tshark 4.0 has room for a fourth block of a selective ACK, but leaves it out. */
#define SELECTIVE_MAX 3

static void
update_selective(TcpDirection *forward, const TcpFacts *tcp)
{
	forward->selective = 0;
	for (guint i = 0; i < MIN(tcp->n_sack, SELECTIVE_MAX); i++)
		forward->selective += tcp->sack[i].right - tcp->sack[i].left;
}

/* A header that is longer than its segment is one that tshark gives up. */
static gboolean
has_all_options(const Facts *facts)
{
	return facts->status != DECODE_TRUNCATED &&
	       (facts->has_payload_length || facts->status != DECODE_MALFORMED);
}

/* `complete`: all options were captured, so that a missing one was not sent. */
static void
update_scales(struct _TcpTrackState *state, guint from, const TcpFacts *tcp, gboolean complete)
{
	TcpDirection *forward = &state->direction[from], *reverse = &state->direction[!from];

	if (tcp->options & TCP_OPTION_WINDOW_SCALE)
		forward->scale = (gint8)MIN(tcp->window_scale, SCALE_MAX);
	if (!(tcp->flags & TCP_SYN) || !complete)
		return;
	if (forward->scale == SCALE_UNKNOWN)
		forward->scale = reverse->scale = SCALE_UNUSED;
	else if (tcp->flags & TCP_ACK && reverse->scale == SCALE_UNUSED)
		forward->scale = SCALE_UNUSED;
}

static void
verdict_begin(TcpVerdict *verdict, const struct _TcpTrackState *state, guint from,
	      const Segment *segment)
{
	const TcpDirection *forward = &state->direction[from], *reverse = &state->direction[!from];
	guint16 flags = segment->tcp->flags;
	gboolean scaled = segment->is_whole && !(flags & TCP_SYN) && forward->scale >= 0;

	*verdict = (TcpVerdict){
		.seq = segment->seq - (segment->is_whole ? forward->base : 0),
		.ack = flags & TCP_ACK ? segment->ack - (segment->is_whole ? reverse->base : 0) : 0,
		.ack_rtt_ns = -1,
		.window = segment->window << (scaled ? forward->scale : 0),
		.window_scale = forward->scale,
		.completeness = state->completeness,
	};
}

/* C to H. */
static void
analyse(struct _TcpTrackState *state, guint from, const Segment *segment, TcpVerdict *verdict)
{
	TcpDirection *forward = &state->direction[from], *reverse = &state->direction[!from];

	verdict->flags = analysis_judge(state, from, segment, verdict);
	if (verdict->flags & VERDICT_RETRANSMISSION)
		verdict->repeats_frame = unacked_frame(forward, segment);
	update_numbers(forward, segment, verdict->flags);
	unacked_acknowledge(reverse, segment, verdict);
	if (segment->length > 0)
		verdict->bytes_in_flight = unacked_in_flight(forward, reverse, segment);
}

void
tcp_track_add(TcpTrack *track, const Facts *facts, guint from, gint64 time_ns, guint32 frame,
	      TcpVerdict *verdict)
{
	struct _TcpTrackState *state = track->state;
	Segment segment = segment_make(facts, time_ns, frame);
	guint32 reused = update_bases(state, from, &segment);

	if (state->reused && !state->started)
		reused = VERDICT_REUSED_PORTS;
	verdict_begin(verdict, state, from, &segment);
	if (segment.is_whole)
		analyse(state, from, &segment, verdict);
	verdict->flags |= reused;
	state->completeness |= state->started || state->reused ? completeness_of(&segment)
							       : completeness_of_first(&segment);
	update_handshake(state, from, &segment);
	update_selective(&state->direction[from], segment.tcp);
	update_scales(state, from, segment.tcp, has_all_options(facts));
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
tcp_track_window_scale(const TcpTrack *track, guint side)
{
	return track->state->direction[side].scale;
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
