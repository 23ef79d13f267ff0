/* SPDX-License-Identifier: MIT */
#include "events.h"
#include "../wire.h"

#include "pktladder/timestamp.h"

#include <string.h>

enum { PROTOCOL_TCP = 6, PROTOCOL_UDP = 17 };

/* Near 0, near 2^31, or anywhere. */
static guint32
number_make(guint8 value, gboolean half, gboolean far)
{
	guint32 number = (guint32)(gint8)value + (half ? 0x7ffffff0 : 0);

	return far ? number << 24 | value : number;
}

/* The segment's options: a window scale, a SACK block, both. Returns their length. */
static guint
options_put(guint8 *at, const guint8 *in)
{
	guint length = 0;

	if (in[14] & 1) {
		memcpy(at, (guint8[]){ 3, 3, in[14] >> 1, 1 }, 4);
		length = 4;
	}
	if ((in[7] & 7) == 1) {
		memcpy(at + length, (guint8[]){ 1, 1, 5, 10 }, 4);
		put32(at + length + 4, number_make(in[8], in[7] & 8, in[7] & 16));
		put32(at + length + 8, number_make(in[9], in[7] & 32, in[7] & 64));
		length += 12;
	}
	return length;
}

/* Returns the length of its header. */
static guint
segment_put(guint8 *at, const guint8 *in)
{
	guint options = options_put(at + 20, in);

	put32(at + 4, number_make(in[2], in[3] & 1, in[3] & 4));
	put32(at + 8, number_make(in[4], in[3] & 2, in[3] & 8));
	put16(at + 12, (5 + options / 4) << 12 | in[1]);
	put16(at + 14, in[5] & 1 ? in[6] : in[6] & 1);
	return 20 + options;
}

static gboolean
is_call(const guint8 *in)
{
	return (in[0] & 0x88) == 0x88;
}

/* Two ports each, and two addresses of clients, so that there are up to eight conversations of
 * each transport. */
gboolean
event_packet(const guint8 *in, gint64 time_ns, guint8 bytes[EVENT_PACKET_BYTES], Packet *packet)
{
	guint16 client = 1000 + (in[0] >> 1 & 1), server = 80 + (in[0] >> 2 & 1);
	guint8 address = (in[10] & 0xc0) == 0x80 ? 2 : 1;
	gboolean back = in[0] & 1, udp = (in[10] & 0x3f) == PROTOCOL_UDP;
	guint header = 8, length = in[13];

	if (is_call(in))
		return FALSE;
	memset(bytes, 0, EVENT_PACKET_BYTES);
	memcpy(bytes, (guint8[]){ 0x45, 0, 0, 0, 0, 1, 0, 0, 64 }, 9);
	bytes[9] = udp ? PROTOCOL_UDP : PROTOCOL_TCP;
	put32(bytes + 12, 0x7f000000 | (back ? 1 : address));
	put32(bytes + 16, 0x7f000000 | (back ? address : 1));
	put16(bytes + 20, back ? server : client);
	put16(bytes + 22, back ? client : server);
	if (udp)
		put16(bytes + 24, 8 + length);
	else
		header = segment_put(bytes + 20, in);
	put16(bytes + 2, 20 + header + length);
	*packet = (Packet){ .time_ns = time_ns,
			    .data = bytes,
			    .captured = in[11] == 0xff ? in[12] % (20 + header) : 20 + header,
			    .length = 20 + header + length,
			    .link_type = 101 };
	return TRUE;
}

static guint32
call_add(Trace *trace, const guint8 *in, gint64 time_ns)
{
	static const guint8 loopback[4] = { 127, 0, 0, 1 };
	CallRecord call = { .time_ns = time_ns,
			    .id = in[2] & 15,
			    .phase = in[1] & 1 ? CALL_ENTRY : CALL_RETURN,
			    .name = 1 + in[3] % (N_CALLS - 1),
			    .role = in[0] & 1,
			    .transport = in[4] % N_TRANSPORTS,
			    .version = 4,
			    .fd = in[5],
			    .size = in[6],
			    .result = (gint8)in[7],
			    .socket = in[8] & 7,
			    .accepted = in[9] & 3,
			    .kernel_state = in[10] % N_TCP_STATES,
			    .has_address = in[11] & 1 };

	call.local = endpoint_make(4, loopback, 80 + (in[12] & 1));
	call.peer = in[12] & 2 ? endpoint_make(4, loopback, 1000 + (in[13] & 1)) : (Endpoint){ 0 };
	call.address = call.has_address ? endpoint_make(4, loopback, in[14]) : (Endpoint){ 0 };
	return trace_add_call(trace, &call);
}

EventClock
event_clock_new(guint8 byte)
{
	static const gint64 starts[] = { 1000,        0,
					 -1000000000, G_GINT64_CONSTANT(1700000000000000000),
					 G_MAXINT64,  G_MAXINT64 - 1000,
					 G_MININT64,  G_MININT64 + 1000 };

	return (EventClock){ starts[byte & 7], (byte >> 3) % 9 };
}

guint32
event_add(Trace *trace, const guint8 *in, EventClock *clock)
{
	guint8 bytes[EVENT_PACKET_BYTES];
	gint64 step_ns =
	    (gint64)(gint8)in[15] * (G_GINT64_CONSTANT(1) << (in[0] >> 4 & 7) * clock->shift);
	Packet packet;

	clock->time_ns = timestamp_plus(clock->time_ns, step_ns);
	if (event_packet(in, clock->time_ns, bytes, &packet))
		return trace_add_packet(trace, &packet, 0);
	if (in[1] == 0xfe)
		return trace_add_drops(trace, clock->time_ns, in[2]);
	if (in[1] == 0xfc)
		return trace_add_note(
		    trace,
		    in[2] & 1 ? "The \"capture\" <ends> here; & \\it {is} %not ~whole." : "");
	return call_add(trace, in, clock->time_ns);
}

void
events_add(Trace *trace, const guint8 *data, gsize size, EventClock *clock, GArray *times)
{
	for (; size >= EVENT_BYTES; data += EVENT_BYTES, size -= EVENT_BYTES) {
		event_add(trace, data, clock);
		if (times)
			g_array_append_val(times, clock->time_ns);
	}
}

gint64
event_time(guint8 value, guint8 shift)
{
	return (gint64)((guint64)(gint64)(gint8)value << (shift & 63));
}
