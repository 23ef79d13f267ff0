/* SPDX-License-Identifier: MIT */
/* track.h - the history of one TCP conversation: relative numbers, states of both ends, and
 * tshark's analysis verdicts. Pure.
 *
 * Rules: docs/TCP-ANALYSIS.md (tshark 4.0), and docs/CONFORMANCE.md for what later versions
 * changed; states: RFC 9293 3.3.2 and 3.10.
 * One capture point has one timestamp a packet, so a packet is taken as sent and received at once:
 * the sender's state is the one after departure, the receiver's the one after arrival.
 */
#pragma once

#include "pktladder/decode.h"
#include "pktladder/tcp_state.h"
#include "pktladder/verdict.h"

/* Which tshark's verdicts: 4.4 judges some segments otherwise (docs/CONFORMANCE.md). */
typedef enum { VERDICTS_4_0, VERDICTS_4_4, N_VERDICT_VERSIONS } VerdictVersion;

/* What is known of one segment once it was added. */
struct _TcpVerdict {
	guint32 seq, ack;      /* relative; ack 0 where the ACK flag is not set */
	guint16 flags;         /* VERDICT_*, tshark's */
	gboolean repeats_soon; /* its bytes stood, with its TSval, as few moments before as a
				  copy's do */
	guint8 evidence;       /* Evidence: with `flags`, what is true of it (verdicts_plain()) */
	guint32 acks_frame;    /* the frame that this segment acknowledges, or 0 */
	gint64 ack_rtt_ns;     /* its RTT; -1 where none */
	guint32 repeats_frame; /* the frame that sent these bytes before, or 0 */
	guint32 duplicate_of;  /* duplicate ACK: the frame first sent, or 0 */
	guint32 duplicate_number;
	guint32 bytes_in_flight; /* after this segment; 0 where unknown */
	guint32 window;          /* scaled where the scale is known, else raw */
	gint8 window_scale;      /* shift applied; -1 unknown, -2 not used */
	guint8 completeness;     /* tshark's tcp.completeness before this packet (one pass) */
	guint8 state[2];         /* TcpState of client and server after this segment */
};

/* Opaque to readers; made and freed with its Conversation. */
typedef struct {
	struct _TcpTrackState *state;
} TcpTrack;

/* True where `facts` (a TCP segment sent by `from`: 0 client, 1 server) starts
 * a new incarnation: rule A. */
gboolean tcp_track_is_reuse(const TcpTrack *track, const Facts *facts, guint from);

/* Adds one segment, in capture order, and says what it is. On one that is not known as a whole
 * (has_payload_length is FALSE) no verdict is passed, and 4.0 leaves its numbers raw. */
void tcp_track_add(TcpTrack *track, const Facts *facts, guint from, gint64 time_ns, guint32 frame,
		   TcpVerdict *verdict);

/* The state of an end as it stands. */
TcpState tcp_track_state(const TcpTrack *track, guint side);

/* The shift count of the window that `side` sent in that frame, as known by then; -1 unknown, -2
 * not used. */
gint8 tcp_track_window_scale(const TcpTrack *track, guint side, guint32 frame);

/* Whether AccECN is known by that frame: ECE, CWR and AE are then a counter (RFC 9768 3.2.2) but on
 * a SYN. */
gboolean tcp_track_accurate(const TcpTrack *track, guint32 frame);

/* The relative number of the first FIN that `side` has sent, where it has (Conversation.fin_frame).
 */
guint32 tcp_track_fin(const TcpTrack *track, guint side);

/* Initial RTT, or -1 (rule I). */
gint64 tcp_track_initial_rtt(const TcpTrack *track);

/* tcp.completeness: what of a whole conversation was seen. */
enum {
	COMPLETE_SYN = 1,
	COMPLETE_SYN_ACK = 2,
	COMPLETE_ACK = 4,
	COMPLETE_DATA = 8,
	COMPLETE_FIN = 16,
	COMPLETE_RST = 32
};

/* Final completeness (tshark -2). */
guint8 tcp_track_completeness(const TcpTrack *track);
