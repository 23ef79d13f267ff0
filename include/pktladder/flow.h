/* SPDX-License-Identifier: MIT */
/* flow.h - which conversation a packet belongs to. Pure.
 *
 * Conversations are identified by their unordered pair of endpoints and the transport; port reuse
 * makes a new incarnation (docs/TCP-ANALYSIS.md A). Indices, not pointers, cross tables.
 */
#pragma once

#include "pktladder/decode.h"
#include "pktladder/track.h"

/* When a conversation's packets came: bucket i counts those of the time from
 * i << shift to (i + 1) << shift ns after its first one. The buckets widen as
 * the conversation gets longer; a count of 1 stands for 1 << scale packets. */
#define ACTIVITY_BUCKETS 16
typedef struct {
	guint16 bucket[ACTIVITY_BUCKETS];
	guint8 shift, scale;
} Activity;

struct _Conversation {
	Transport transport;
	guint32 stream;          /* tcp.stream or udp.stream, as tshark counts them */
	Endpoint endpoint[2];    /* by Side */
	gboolean client_guessed; /* no SYN seen: told by the lower port, or the first sender */
	gboolean unreachable;    /* ICMP said so to the client */
	guint32 packets[2];      /* sent by that side: copies do not count here */
	guint64 bytes[2];        /* payload, sent by that side */
	guint32 copies;          /* packets that were the same ones again */
	guint32 fragments;       /* of `packets`, those that are fragments */
	gint64 first_time_ns;    /* of the first one of `packets`; where there is none yet, of the
				    ICMP error that began it */
	gint64 earliest_time_ns, last_time_ns;         /* of these: time stamps may go backwards */
	guint32 first_frame, last_frame;               /* of its first packet and its last one */
	guint32 retransmissions, resets, zero_windows; /* segments; TCP only */
	guint32 fin_frame[2];                          /* the first FIN of each side; 0: none yet */
	Activity activity;
	TcpTrack tcp; /* history; TCP only */
};

typedef struct _FlowTable FlowTable;

FlowTable *flow_table_new(void);
FlowTable *flow_table_new_like(const FlowTable *table); /* empty, of the same verdicts */
void flow_table_free(FlowTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FlowTable, flow_table_free)

/* What flow_table_add() found out about one packet. */
typedef struct {
	guint32 conversation; /* index, or CONVERSATION_NONE */
	Side from; /* the sender's side; for an ICMP error the side that it is *sent to* is !from */
	gboolean is_new;    /* the first packet of its conversation */
	TcpVerdict verdict; /* all zero unless TCP */
} FlowResult;

/* Adds a decoded packet, in capture order. A copy (Facts.copy_of) changes what tshark knows, and
 * nothing of what is true. `frame` is its 1-based number in the capture; verdicts
 * refer to frames by it. An ICMP error, and a non-first fragment whose first fragment was seen,
 * join their conversation, without changing TCP history. An error begins one, as in tshark, where
 * it quotes 16 bytes of TCP or 8 of UDP of something not seen yet. */
void flow_table_add(FlowTable *table, const Facts *facts, gint64 time_ns, guint32 frame,
		    FlowResult *result);

/* The same of one that is a copy of frame `copy_of` (copies.h): what tshark knows changes, and
 * nothing of what is true. */
void flow_table_add_copy(FlowTable *table, const Facts *facts, gint64 time_ns, guint32 frame,
			 guint32 copy_of, FlowResult *result);

/* The newest conversation between the two endpoints (in either order), or CONVERSATION_NONE. */
guint32 flow_table_find(const FlowTable *table, Transport transport, const Endpoint *a,
			const Endpoint *b);

guint flow_table_length(const FlowTable *table);
guint64 flow_table_memory(const FlowTable *table); /* bytes, about */

/* Which verdicts the conversations get that begin from now on; VERDICTS_4_0 unless told. */
void flow_table_set_verdicts(FlowTable *table, VerdictVersion version);

/* So many conversations at most, and never more than have an index (16,777,215, the default): the
 * packets of further ones are in none, and what reuses the ports of an old one stays in that. */
void flow_table_set_limit(FlowTable *table, guint32 limit);

/* Owned by the table; valid until the next flow_table_add(). index < length. */
const Conversation *flow_table_get(const FlowTable *table, guint32 index);
