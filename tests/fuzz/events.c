/* SPDX-License-Identifier: MIT */
#include "events.h"
#include "../packets.h"

#include "pktladder/timestamp.h"

/* Near 0, near 2^31, or anywhere. */
static guint32
number_make(guint8 value, gboolean half, gboolean far)
{
	guint32 number = (guint32)(gint8)value + (half ? 0x7ffffff0 : 0);

	return far ? number << 24 | value : number;
}

/* The segment's options: a window scale, a SACK block, both. */
static void
options_put(PacketSpec *spec, const guint8 *in)
{
	if (in[14] & 1)
		packet_spec_scale(spec, in[14] >> 1);
	if ((in[7] & 7) == 1)
		packet_spec_sack(spec, number_make(in[8], in[7] & 8, in[7] & 16),
				 number_make(in[9], in[7] & 32, in[7] & 64));
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
	guint8 client_host = (in[10] & 0xc0) == 0x80 ? 2 : 1;
	Endpoint client =
	    endpoint_make(4, (const guint8[]){ 127, 0, 0, client_host }, 1000 + (in[0] >> 1 & 1));
	Endpoint server = loopback(80 + (in[0] >> 2 & 1));
	gboolean back = in[0] & 1;
	PacketSpec spec = { .from = back ? server : client,
			    .to = back ? client : server,
			    .protocol = (in[10] & 0x3f) == IPPROTO_UDP ? IPPROTO_UDP : IPPROTO_TCP,
			    .flags = in[1],
			    .seq = number_make(in[2], in[3] & 1, in[3] & 4),
			    .ack = number_make(in[4], in[3] & 2, in[3] & 8),
			    .window = in[5] & 1 ? in[6] : in[6] & 1,
			    .length = in[13] };

	if (is_call(in))
		return FALSE;
	options_put(&spec, in);
	guint headers = packet_put_headers(&spec, bytes);
	*packet = (Packet){ .time_ns = time_ns,
			    .data = bytes,
			    .captured = in[11] == 0xff ? in[12] % headers : headers,
			    .length = headers + spec.length,
			    .link_type = LINKTYPE_RAW };
	return TRUE;
}

static guint32
call_add(Trace *trace, const guint8 *in, gint64 time_ns)
{
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
			    .has_address = in[11] & 1,
			    .wait = (in[1] >> 1) % N_CALL_WAITS };

	call.local = loopback(80 + (in[12] & 1));
	call.peer = in[12] & 2 ? loopback(1000 + (in[13] & 1)) : (Endpoint){ 0 };
	call.address = call.has_address ? loopback(in[14]) : (Endpoint){ 0 };
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
