/* SPDX-License-Identifier: MIT */
/* segments.h - makes packets and call records for tests, in few words. */
#pragma once

#include <string.h>

#include "pktladder/trace.h"

typedef struct {
	guint8 bytes[256];
	Packet packet;
} Made;

/* A raw IPv4 TCP segment between 127.0.0.1:`from` and 127.0.0.1:`to`. */
static inline Packet
segment(Made *made, gint64 time_us, guint16 from, guint16 to, guint16 flags, guint32 seq,
	guint32 ack, guint length)
{
	guint total = 40 + length;
	guint8 header[40] = { 0x45,      0,         total >> 8,
			      total,     0,         1,
			      0x40,      0,         64,
			      6,         0,         0,
			      127,       0,         0,
			      1,         127,       0,
			      0,         1,         from >> 8,
			      from,      to >> 8,   to,
			      seq >> 24, seq >> 16, seq >> 8,
			      seq,       ack >> 24, ack >> 16,
			      ack >> 8,  ack,       0x50 | flags >> 8,
			      flags,     0xff,      0xff,
			      0,         0,         0,
			      0 };

	memcpy(made->bytes, header, sizeof header);
	memset(made->bytes + 40, 'x', length);
	made->packet = (Packet){ .time_ns = time_us * 1000,
				 .data = made->bytes,
				 .captured = total,
				 .length = total,
				 .link_type = 101 };
	return made->packet;
}

/* A raw IPv4 UDP datagram. */
static inline Packet
datagram(Made *made, gint64 time_us, guint16 from, guint16 to, guint length)
{
	guint total = 28 + length;
	guint8 header[28] = { 0x45,       0,    total >> 8, total, 0,
			      1,          0x40, 0,          64,    17,
			      0,          0,    127,        0,     0,
			      1,          127,  0,          0,     1,
			      from >> 8,  from, to >> 8,    to,    (8 + length) >> 8,
			      8 + length, 0,    0 };

	memcpy(made->bytes, header, sizeof header);
	memset(made->bytes + 28, 'x', length);
	made->packet = (Packet){ .time_ns = time_us * 1000,
				 .data = made->bytes,
				 .captured = total,
				 .length = total,
				 .link_type = 101 };
	return made->packet;
}

static inline Endpoint
loopback(guint16 port)
{
	static const guint8 address[4] = { 127, 0, 0, 1 };

	return endpoint_make(4, address, port);
}

static inline void
add_segment(Trace *trace, gint64 time_us, guint16 from, guint16 to, guint16 flags, guint32 seq,
	    guint32 ack, guint length)
{
	Made made;
	Packet packet = segment(&made, time_us, from, to, flags, seq, ack, length);

	trace_add_packet(trace, &packet, 0);
}

/* An entry; `socket` 0 where the call makes one. */
static inline CallRecord
call_entry(guint32 id, gint64 time_us, CallRole role, CallName name, gint32 fd, guint64 socket)
{
	return (CallRecord){ .time_ns = time_us * 1000,
			     .id = id,
			     .phase = CALL_ENTRY,
			     .name = name,
			     .role = role,
			     .transport = TRANSPORT_TCP,
			     .version = 4,
			     .pid = 10 + role,
			     .tid = 10 + role,
			     .fd = fd,
			     .size = -1,
			     .socket = socket };
}

static inline void
add_call(Trace *trace, const CallRecord *record)
{
	trace_add_call(trace, record);
}

static inline void
add_return(Trace *trace, const CallRecord *entry, gint64 time_us, gint64 result)
{
	CallRecord record = *entry;

	record.phase = CALL_RETURN;
	record.time_ns = time_us * 1000;
	record.result = result;
	trace_add_call(trace, &record);
}
