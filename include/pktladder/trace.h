/* SPDX-License-Identifier: MIT */
/* trace.h - the append-only model that everything is drawn from: packets, socket calls and drops as
 * events on one clock. Pure.
 *
 * Events stand in the order in which they were added, which is the order of a recording, so that a
 * live view and its replay are the same. Relations point only backwards. A packet's bytes are not
 * here: `offset` says where the packet store has them.
 */
#pragma once

#include "pktladder/call.h"
#include "pktladder/flow.h"
#include "pktladder/origins.h"
#include "pktladder/packet.h"

typedef enum {
	EVENT_PACKET,
	EVENT_CALL,  /* `index` is the call record's */
	EVENT_DROPS, /* `index` is the number of packets lost (saturating) */
	EVENT_NOTE,  /* `index` is the note's: trace_note() */
} EventKind;

/* One event; 36 bytes, so that millions of packets fit. Read times, offsets and
 * frames through it, but take no addresses of its fields: it is packed. */
struct _Event {
	gint64 time_ns;
	guint32 seq, ack;            /* packet, TCP: relative. Fragment: seq is its offset.
					ICMP error: seq is type << 8 | code, ack the IP version.
					Not decoded: seq is NumberSpace << 16 | number */
	guint32 relation : 31;       /* packet: an earlier frame, 0 none: see trace.h below */
	guint32 first_duplicate : 1; /* a duplicate ACK that is number 1 of its frame */
	guint32 conversation : 24;   /* index, or CONVERSATION_NONE; of a call: as known
					when it was added */
	guint32 offset_high : 6;
	guint32 kind : 2; /* EventKind */
	union {
		guint32 offset_low; /* packet: event_offset() */
		guint32 index;      /* call: its record's; drops: how many; note: its text's */
	};
	guint32 length : 18; /* packet: payload bytes; no transport header: bytes on the wire */
	guint32 flags : 9;   /* TCP flags, without the reserved bits */
	guint32 status : 3;  /* DecodeStatus */
	guint32 state_changed : 2; /* bit SIDE_CLIENT, bit SIDE_SERVER */
	guint32 verdict : 15;      /* VERDICT_*, tshark's; event_verdicts() are the true ones */
	guint32 evidence : 4;      /* Evidence */
	guint32 from : 1;          /* Side of the sender, or of the caller */
	guint32 packet_kind : 4;   /* PacketKind */
	guint32 state : 4;         /* TcpState of the client after the event */
	guint32 state_server : 4;
} __attribute__((packed, aligned(4)));

/* `relation` of a packet, by what it is: the frame that it repeats (event_repeats()), whose ACK it
 * duplicates (a duplicate ACK), else the frame that it acknowledges. */
static inline gboolean
event_repeats(const Event *event)
{
	return event->verdict & VERDICT_ANY_RETRANSMISSION || evidence_repeats(event->evidence);
}

/* What is true of a packet, VERDICT_*: what all styles of labels but Wireshark's say, and figures
 * and plots. */
static inline guint32
event_verdicts(const Event *event)
{
	return verdicts_plain(event->verdict, event->evidence);
}

/* Where the packet store has a packet's bytes. */
static inline guint64
event_offset(const Event *event)
{
	return (guint64)event->offset_high << 32 | event->offset_low;
}

/* The state of an end after the event. */
static inline TcpState
event_state(const Event *event, Side side)
{
	return (TcpState)(side == SIDE_CLIENT ? event->state : event->state_server);
}

Trace *trace_new(void);

/* Which verdicts its segments get, before the first one; VERDICTS_4_0 unless told. */
void trace_set_verdicts(Trace *trace, VerdictVersion version);

/* Before the first packet: they are only counted in their conversations, and are no events. */
void trace_forget_packets(Trace *trace);
void trace_free(Trace *trace);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Trace, trace_free)

/* Decodes, tracks and appends; returns the event's index, or EVENT_NONE where it is none. `offset`:
 * its place in the packet store, below 2^38. */
guint32 trace_add_packet(Trace *trace, const Packet *packet, guint64 offset);

/* Appends an entry or a return, and learns from it which socket is which
 * conversation, and which states the calls (listen, connect, close) set. */
guint32 trace_add_call(Trace *trace, const CallRecord *call);
guint32 trace_add_drops(Trace *trace, gint64 time_ns, guint64 dropped);

/* A line for the reader ("the file ends in the middle of a packet"); copied. */
guint32 trace_add_note(Trace *trace, const char *text);

/* What the capture says beside its packets; NULL: nothing is known. Takes a reference. */
void trace_set_origins(Trace *trace, Origins *origins);
Origins *trace_origins(const Trace *trace);

/* Somebody's comment, and the processes (CaptureItem), of the packet that is event `index`, the
 * newest one. */
void trace_add_comment(Trace *trace, guint32 index, const char *text);
void trace_add_processes(Trace *trace, guint32 index, const guint32 processes[2]);
/* Comment `n` (from 0) of an event, not escaped; NULL: there are not so many. O(log comments). */
const char *trace_comment(const Trace *trace, guint32 index, guint n);
/* Its processes as numbers; NULL: there are none. */
const guint32 *trace_process_numbers(const Trace *trace, guint32 index);

/* The process of a packet, and the one that it works for: how many of the two are known, by what
 * stands beside it, or by its bytes (NULL: they are not at hand). */
guint trace_processes(const Trace *trace, guint32 index, const Packet *packet,
		      PacketProcess processes[2]);

guint32 trace_length(const Trace *trace);
/* Stays valid, and as it is, as long as the trace. index < length. */
const Event *trace_event(const Trace *trace, guint32 index);
/* The record of an EVENT_CALL. */
const CallRecord *trace_call(const Trace *trace, const Event *event);
/* Which of its program's processes makes the call, and which thread of that: in the order of their
 * first calls, from 1. */
typedef struct {
	guint process, thread;
} CallTask;
CallTask trace_call_task(const Trace *trace, const Event *event);

/* call_sets_up(); or it closes a socket that was never on the wire: somebody only tried whether
 * there is one. The same of an entry and of its return. */
gboolean trace_call_sets_up(const Trace *trace, const Event *event);

/* How many programs there are where it is more than two, as the calls so far tell; else 0. */
guint trace_n_programs(const Trace *trace);
/* Of those, from 0 in the order in which they were given, the one that has that end; -1 unknown. */
int trace_program(const Trace *trace, guint32 conversation, Side side);
/* What ps calls it, by its first call; "" unknown. */
const char *trace_program_command(const Trace *trace, guint program);

/* The return of an entry, or the reverse; EVENT_NONE where it has not come, or was not seen.
 * trace_call_entry(): of a return alone. */
guint32 trace_call_other(const Trace *trace, const Event *event);
guint32 trace_call_entry(const Trace *trace, const Event *event);
const char *trace_note(const Trace *trace, const Event *event);

/* The 1-based number in the capture of the packet that is event `index`; and
 * its reverse, EVENT_NONE where there is no such frame. O(log calls). */
guint32 trace_frame(const Trace *trace, guint32 index);
guint32 trace_event_of_frame(const Trace *trace, guint32 frame);
/* The first event from `index` on that is no packet; the length where there is none. */
guint32 trace_next_other(const Trace *trace, guint32 index);

const FlowTable *trace_flows(const Trace *trace);
guint64 trace_total_drops(const Trace *trace);
/* Time of the first event that has one; 0 where there is none. */
gint64 trace_start(const Trace *trace);
/* FALSE of an event's time that is 0 among others that are real: its writer had none. */
gboolean trace_has_time(const Trace *trace, gint64 time_ns);
/* timestamp_seconds() from one to the other; "-" where either has none. The caller frees. */
char *trace_seconds(const Trace *trace, gint64 from_ns, gint64 to_ns, guint width, gboolean sign);
/* About how many bytes of memory the trace takes, and what is drawn of its calls. */
guint64 trace_memory(const Trace *trace);
guint32 trace_n_packets(const Trace *trace);
guint32 trace_n_copies(const Trace *trace); /* of those: packets that were the same ones again */
guint32 trace_n_calls(const Trace *trace);  /* begun */

/* Whether `event` belongs to the conversation, as known by now: a call by its socket (a listening
 * one's to each conversation of its port, an accept() to the one that it returned). */
gboolean trace_event_in(const Trace *trace, const Event *event, guint32 conversation);

/* trace_event_in() for several conversations at once, ascending: a table of what their sockets may
 * know of them (the caller's); and the first one that a call belongs to, or another one of the
 * trace, or CONVERSATION_NONE. */
GHashTable *trace_meetings(const Trace *trace, const guint32 *conversations, guint n);
guint32 trace_call_among(const Trace *trace, const Event *event, GHashTable *meetings);
