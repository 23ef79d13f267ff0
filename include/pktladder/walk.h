/* SPDX-License-Identifier: MIT */
/* walk.h - packets that a trace holds, once more: their bytes are read again from the packet store,
 * decoded, and tracked anew, since the trace keeps neither windows nor SACK nor a verdict in full.
 * In slices: the packets of a conversation may lie far apart. Not pure. */
#pragma once

#include "pktladder/store.h"
#include "pktladder/trace.h"

/* All zero: there is none. */
typedef struct {
	const Trace *trace;
	PacketStore *store; /* NULL: no packet can be had */
	FlowTable *flows;   /* of those that were tracked anew */
	guint32 next;       /* the first event not looked at */
	Packet packet;      /* that was read last */
} Walk;

/* From event `first` on; takes the place of the one that was there. */
void walk_begin(Walk *walk, const Trace *trace, PacketStore *store, guint32 first);
void walk_clear(Walk *walk);

/* Reads a packet again, decodes its headers and tracks it; `walk->packet` is valid until the next
 * one. FALSE: its bytes cannot be had. */
gboolean walk_packet(Walk *walk, guint32 event, Facts *facts, FlowResult *result);

/* walk_packet() of the ones up to `event` that were not walked yet, and of that one. */
gboolean walk_to(Walk *walk, guint32 event, Facts *facts, FlowResult *result);

/* What is done at an event. FALSE: the walk goes no further. */
typedef gboolean (*WalkStep)(gpointer data, guint32 event);

/* Goes on with the events before `end` until the monotonic time `until_us`, some hundred at least.
 * FALSE: a step has ended it. */
gboolean walk_on(Walk *walk, guint32 end, gint64 until_us, WalkStep step, gpointer data);
