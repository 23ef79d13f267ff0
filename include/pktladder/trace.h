/* trace.h - the append-only model that everything is drawn from: packets,
 * socket calls and drops as events on one clock. Pure.
 *
 * Events stand in the order in which they were added, which is the order of a
 * recording, so that a live view and its replay are the same. Relations point
 * only backwards. A packet's bytes are not here: `offset` says where the
 * spool has them.
 */
#pragma once

#include "pktladder/call.h"
#include "pktladder/flow.h"
#include "pktladder/packet.h"

#define EVENT_NONE G_MAXUINT32

typedef enum {
	EVENT_PACKET,
	EVENT_CALL,  /* `index` is the call record's */
	EVENT_DROPS, /* `index` is the number of packets lost (saturating) */
	EVENT_NOTE,  /* `index` is the note's: trace_note() */
} EventKind;

/* One event; 48 bytes. */
typedef struct {
	gint64 time_ns;
	guint64 offset;	      /* packet: in the spool */
	guint32 conversation; /* index, or CONVERSATION_NONE; of a call: see trace_event_conversation() */
	guint32 index;
	guint32 seq, ack;     /* packet, TCP: relative */
	guint32 length;	      /* packet: payload bytes; no payload: bytes on the wire */
	guint32 frame;	      /* packet: 1-based number in the capture */
	guint32 verdict : 20; /* VERDICT_* */
	guint32 flags : 12;   /* TCP flags */
	guint8 kind;	      /* EventKind */
	guint8 packet_kind : 5;	/* PacketKind */
	guint8 status : 3;	/* DecodeStatus */
	guint8 from : 1;      /* Side of the sender, or of the caller */
	guint8 has_window_zero : 1;
	guint8 state_changed : 2; /* bit SIDE_CLIENT, bit SIDE_SERVER */
	guint8 zero : 4;
	guint8 state : 4;     /* TcpState of the client after the event */
	guint8 state_server : 4;
} Event;

typedef struct _Trace Trace;

Trace *trace_new(void);
void trace_free(Trace *trace);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Trace, trace_free)

/* Decodes, tracks and appends; returns the event's index. `offset`: its place in the spool. */
guint32 trace_add_packet(Trace *trace, const Packet *packet, guint64 offset);

/* Appends an entry or a return, and learns from it which socket is which
 * conversation, and which states the calls (listen, connect, close) set. */
guint32 trace_add_call(Trace *trace, const CallRecord *call);
guint32 trace_add_drops(Trace *trace, gint64 time_ns, guint64 dropped);

/* A line for the reader ("the file ends in the middle of a packet"); copied. */
guint32 trace_add_note(Trace *trace, const char *text);

guint32 trace_length(const Trace *trace);
/* Valid until the next trace_add_*(). index < length. */
const Event *trace_event(const Trace *trace, guint32 index);
/* The record of an EVENT_CALL. */
const CallRecord *trace_call(const Trace *trace, const Event *event);
/* The event of the entry of the call whose return `event` is; EVENT_NONE where it was not seen. */
guint32 trace_call_entry(const Trace *trace, const Event *event);
const char *trace_note(const Trace *trace, const Event *event);

const FlowTable *trace_flows(const Trace *trace);
guint64 trace_total_drops(const Trace *trace);
/* Time of the first event; 0 where there is none. */
gint64 trace_start(const Trace *trace);
guint32 trace_n_packets(const Trace *trace);
guint32 trace_n_calls(const Trace *trace); /* begun */

/* Whether `event` belongs to the conversation, as known by now: packets by
 * their index; calls by their socket (a listening socket's calls belong to each
 * conversation of its port). */
gboolean trace_event_in(const Trace *trace, const Event *event, guint32 conversation);
