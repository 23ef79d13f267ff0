/* SPDX-License-Identifier: MIT */
/* events.h - the bytes of an input as events of a trace. 16 bytes are one event: its kind and
 * direction, flags, numbers, lengths, and the time since the one before. Small numbers are
 * frequent, so that segments meet; time goes backwards, too.
 */
#pragma once

#include "pktladder/trace.h"

enum { EVENT_BYTES = 16, EVENT_PACKET_BYTES = 64 };

/* How time goes: 127 * 2^(7 * shift) ns from one event to the next at the most. With 8 it
 * reaches the end of the clock, where it stays. */
typedef struct {
	gint64 time_ns; /* of the latest event */
	guint shift;    /* 0 to 8 */
} EventClock;

/* The clock of the times that few captures have: its start and its pace by one byte. */
EventClock event_clock_new(guint8 byte);

/* Adds the event that the 16 bytes are; returns its index. */
guint32 event_add(Trace *trace, const guint8 *in, EventClock *clock);

/* Adds all of an input; what does not fill an event is left out. `times`: gint64, of each event;
 * NULL where nobody wants them. */
void events_add(Trace *trace, const guint8 *data, gsize size, EventClock *clock, GArray *times);

/* A time of any size, in ns; small ones are frequent. */
gint64 event_time(guint8 value, guint8 shift);

/* The packet that event_add() made of the 16 bytes, in `bytes`, which it points to. FALSE
 * where they are a call or what else is no packet. */
gboolean event_packet(const guint8 *in, gint64 time_ns, guint8 bytes[EVENT_PACKET_BYTES],
		      Packet *packet);
