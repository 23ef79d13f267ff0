/* SPDX-License-Identifier: MIT */
/* story.h - conversations told to a trace, for the tests of what is drawn from
 * them: packets as bytes (raw IP), socket calls as records.
 */
#pragma once

#include "pktladder/trace.h"

#define STORY_START_NS G_GINT64_CONSTANT(1700000000000000000)

typedef struct {
	Trace *trace;
	gint64 now_ns;
	guint8 version;      /* 4: 127.0.0.1; 6: 2001:db8::1 and ::2 */
	guint16 port[2];     /* by Side */
	guint32 next_seq[2]; /* raw, by Side */
	guint16 window;      /* that segments announce */
	guint8 transport;    /* of the sockets */
	guint32 last_call;
	guint32 open[2]; /* id of the open call, by CallRole */
} Story;

void story_init(Story *story, guint8 version);
void story_clear(Story *story);

/* Time goes on. */
void story_wait(Story *story, gint64 ns);

/* A TCP segment with `length` bytes of data; the numbers go on by themselves. */
void story_tcp(Story *story, Side from, guint16 flags, guint16 length);
/* The same with its sequence number moved back: data that was sent before. */
void story_tcp_again(Story *story, Side from, guint16 flags, guint16 length);
void story_udp(Story *story, Side from, guint16 length);
/* ICMP's "unreachable" (IPv4), which quotes a packet of the client. */
void story_unreachable(Story *story, guint8 protocol, guint8 code);
/* A packet whose protocol is not decoded. */
void story_other(Story *story);

/* A call's entry and its return; each side has one thread, so one open call. */
typedef struct {
	CallName name;
	CallRole role;
	gint32 fd, flags;
	gint64 size;
	guint64 socket;
	gboolean has_address; /* the server's */
} StoryCall;
void story_entry(Story *story, const StoryCall *call);
void story_return(Story *story, const StoryCall *call, gint64 result);
/* Both, without blocking. */
void story_call(Story *story, const StoryCall *call, gint64 result);

/* The two demos, as the lecture notes have them. */
void story_tcp_demo(Story *story);
void story_udp_demo(Story *story);
/* What goes wrong: a retransmission, a reset, drops, notes, an odd packet. */
void story_trouble(Story *story);
