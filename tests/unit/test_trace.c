/* SPDX-License-Identifier: MIT */
/* Many events, many conversations at once, and which of them a socket's calls belong to. */
#include <errno.h>

#include "../packets.h"

/* Many pieces of events. */
#define MANY 1200000u

static void
test_many_events(void)
{
	g_autoptr(Trace) trace = trace_new();
	g_autofree const Event **seen = g_new(const Event *, MANY);

	for (guint32 i = 0; i < MANY; i++) {
		g_assert_cmpuint(trace_add_drops(trace, i, i), ==, i);
		seen[i] = trace_event(trace, i);
	}
	g_assert_cmpuint(trace_length(trace), ==, MANY);
	for (guint32 i = 0; i < MANY; i++) {
		g_assert_true(trace_event(trace, i) == seen[i]); /* none has moved */
		g_assert_cmpint(seen[i]->time_ns, ==, i);
		g_assert_cmpuint(seen[i]->index, ==, i);
	}
}

/* IP 10.1.x.y.40000 > 10.0.0.1.80, or back; x and y are the number of the conversation. */
static guint32
add_segment(Trace *trace, guint number, gboolean back, guint8 flags, guint32 seq)
{
	const guint8 address[] = { 10, 1, (guint8)(number >> 8), (guint8)number };
	Endpoint client = endpoint_make(4, address, 40000);
	Endpoint server = endpoint_make(4, (const guint8[]){ 10, 0, 0, 1 }, 80);
	PacketSpec spec = { .from = back ? server : client,
			    .to = back ? client : server,
			    .protocol = IPPROTO_TCP,
			    .flags = flags,
			    .seq = seq,
			    .window = 0x2000 };
	Made made;
	Packet packet = packet_make(&made, 1, &spec);

	return trace_add_packet(trace, &packet, 0);
}

/* A scale is as each packet knew it, however often the SYNs contradict: "S 100" with wscale 1,
 * 2, 3. */
static void
test_scales(void)
{
	g_autoptr(Trace) trace = trace_new();
	const Conversation *conversation;
	Packet packet;
	Made made;

	for (guint8 scale = 1; scale <= 3; scale++) {
		PacketSpec spec = { .from = loopback(40000),
				    .to = loopback(5000),
				    .protocol = IPPROTO_TCP,
				    .flags = TCP_SYN,
				    .seq = 100 };

		packet_spec_scale(&spec, scale);
		packet = packet_make(&made, scale, &spec);
		trace_add_packet(trace, &packet, 0);
	}
	conversation = flow_table_get(trace_flows(trace), 0);
	for (guint32 frame = 1; frame <= 4; frame++)
		g_assert_cmpint(tcp_track_window_scale(&conversation->tcp, SIDE_CLIENT, frame), ==,
				frame == 1 ? -1 : (int)frame - 1);
}

/* A TCP header that says it is shorter than one can be (offset 0, "P. 101 ack 301 len 3"):
 * malformed, its numbers are relative, and it changes nothing, as it does not where it arrives. */
static void
test_bogus_header(void)
{
	g_autoptr(Trace) trace = trace_new();
	const Event *bogus, *after;
	Packet packet;
	Made made;

	add_packet(trace, 0, "40000 > 5000 S 100");
	add_packet(trace, 100, "5000 > 40000 S. 300 ack 101");
	for (guint i = 0; i < 2; i++) { /* data; a reset */
		packet =
		    packet_said(&made, 200, "40000 > 5000 %s 101 ack 301 len 3", i ? "R." : "P.");
		made.bytes[20 + 12] = 0;
		bogus = trace_event(trace, trace_add_packet(trace, &packet, 0));
		g_assert_cmpuint(bogus->status, ==, DECODE_MALFORMED);
		g_assert_cmpuint(bogus->seq, ==, 1);
		g_assert_cmpuint(bogus->ack, ==, 1);
		g_assert_cmpuint(bogus->verdict, ==, 0);
	}
	after = trace_event(trace, add_packet(trace, 300, "40000 > 5000 P. 101 ack 301 len 3"));
	g_assert_cmpuint(after->verdict, ==, 0);
	g_assert_cmpuint(after->state_server, ==, TCP_STATE_ESTABLISHED);
	g_assert_cmpuint(flow_table_get(trace_flows(trace), 0)->resets, ==, 0);
}

/* So many that each place for recent ones is wanted by several. */
static void
test_many_conversations(void)
{
	enum { CONVERSATIONS = 20000 };
	g_autoptr(Trace) trace = trace_new();
	const FlowTable *flows = trace_flows(trace);

	for (guint round = 0; round < 4; round++) {
		for (guint i = 0; i < CONVERSATIONS; i++) {
			gboolean back = (i + round) % 2 && round > 0;
			guint8 flags = round == 0 ? TCP_SYN : TCP_ACK;
			const Event *event =
			    trace_event(trace, add_segment(trace, i, back, flags, round > 0));

			g_assert_cmpuint(event->conversation, ==, i);
			g_assert_cmpuint(event->from, ==, back ? SIDE_SERVER : SIDE_CLIENT);
		}
	}
	g_assert_cmpuint(flow_table_length(flows), ==, CONVERSATIONS);
	/* Each tenth begins anew: what comes then belongs to the new one. */
	for (guint i = 0; i < CONVERSATIONS; i += 10)
		add_segment(trace, i, FALSE, TCP_SYN, 0x77000000);
	g_assert_cmpuint(flow_table_length(flows), ==, CONVERSATIONS + CONVERSATIONS / 10);
	for (guint i = 0; i < CONVERSATIONS; i++) {
		const Event *event = trace_event(trace, add_segment(trace, i, TRUE, TCP_ACK, 1));

		g_assert_cmpuint(event->conversation, ==, i % 10 ? i : CONVERSATIONS + i / 10);
		g_assert_cmpuint(event->from, ==, SIDE_SERVER);
	}
	for (guint i = 0; i < CONVERSATIONS; i++) {
		const Conversation *c = flow_table_get(flows, i);

		g_assert_cmpuint(c->packets[0] + c->packets[1], ==, i % 10 ? 5 : 4);
		g_assert_cmpuint(
		    flow_table_find(flows, TRANSPORT_TCP, &c->endpoint[1], &c->endpoint[0]), ==,
		    i % 10 ? i : CONVERSATIONS + i / 10);
	}
}

/* Which conversations both events of the call are in: their digits. */
static void
assert_in(Trace *trace, guint32 call, const char *conversations)
{
	for (guint32 i = 0; i < trace_length(trace); i++) {
		const Event *event = trace_event(trace, i);
		g_autoptr(GString) found = g_string_new(NULL);

		if (event->kind != EVENT_CALL || trace_call(trace, event)->id != call)
			continue;
		for (guint32 c = 0; c < flow_table_length(trace_flows(trace)); c++) {
			if (trace_event_in(trace, event, c))
				g_string_append_printf(found, "%u", c);
		}
		g_assert_cmpstr(found->str, ==, conversations);
	}
}

/* A call of the client's socket 1; ports are of 127.0.0.1. */
typedef struct {
	CallName name;
	guint16 before, after; /* the port of the local address at its entry, at its return */
	guint16 peer;          /* as the kernel has it at the entry; 0 none */
	guint16 address;       /* in the call; 0 none */
	gint64 result;
	guint8 transport;
	guint8 state; /* of the kernel at its entry */
} Told;

static CallRecord
call_begin(Trace *trace, guint32 id, gint64 time_us, const Told *told)
{
	CallRecord call = call_entry(id, time_us, ROLE_CLIENT, told->name, 3, 1);

	call.transport = told->transport;
	call.kernel_state = told->state;
	call.local = told->before ? loopback(told->before) : (Endpoint){ 0 };
	call.peer = told->peer ? loopback(told->peer) : (Endpoint){ 0 };
	call.address = told->address ? loopback(told->address) : (Endpoint){ 0 };
	call.has_address = told->address != 0;
	trace_add_call(trace, &call);
	return call;
}

static void
call_end(Trace *trace, CallRecord call, gint64 time_us, const Told *told)
{
	if (told->after)
		call.local = loopback(told->after);
	if (told->name == CALL_CONNECT && told->result == 0)
		call.peer = call.address;
	add_return(trace, &call, time_us, told->result);
}

static void
add_told(Trace *trace, guint32 id, gint64 time_us, Told told)
{
	call_end(trace, call_begin(trace, id, time_us, &told), time_us + 1, &told);
}

/* connect() on the same socket until somebody answers (Stevens, APUE 16.10). */
static void
test_connect_again(void)
{
	g_autoptr(Trace) trace = trace_new();
	const Told tries[] = {
		{ CALL_CONNECT, 0, 40000, 0, 5009, -ECONNREFUSED, TRANSPORT_TCP, TCP_STATE_CLOSED },
		{ CALL_CONNECT, 40000, 40001, 5009, 5009, -ECONNREFUSED, TRANSPORT_TCP,
		  TCP_STATE_CLOSED },
		{ CALL_CONNECT, 40001, 40002, 5009, 5000, 0, TRANSPORT_TCP, TCP_STATE_CLOSED },
	};

	for (guint i = 0; i < G_N_ELEMENTS(tries); i++) {
		guint port = 40000 + i, to = tries[i].address;
		CallRecord call = call_begin(trace, i + 1, i * 100, &tries[i]);

		add_packet(trace, i * 100 + 1, "%u > %u S 100", port, to);
		add_packet(trace, i * 100 + 2,
			   tries[i].result ? "%u > %u R. 0 ack 101" : "%u > %u S. 300 ack 101", to,
			   port);
		call_end(trace, call, i * 100 + 3, &tries[i]);
	}
	add_told(trace, 4, 400, (Told){ CALL_GETSOCKOPT, 40002, 0, 5000, 0, 0, TRANSPORT_TCP, 1 });
	/* asked again while it is connected: EISCONN */
	add_told(trace, 5, 500,
		 (Told){ CALL_CONNECT, 40002, 0, 5000, 5000, -EISCONN, TRANSPORT_TCP, 1 });
	assert_in(trace, 1, "0");
	assert_in(trace, 2, "1");
	assert_in(trace, 3, "2");
	assert_in(trace, 4, "2");
	assert_in(trace, 5, "2");
}

/* A UDP socket has the peer that it was connected to last; a datagram may go to another. */
static void
test_peer_changes(void)
{
	g_autoptr(Trace) trace = trace_new();

	for (guint i = 0; i < 3; i++)
		add_packet(trace, i, "6000 > %u udp len 5", 7000 + i);
	add_told(trace, 1, 10, (Told){ CALL_CONNECT, 0, 6000, 0, 7000, 0, TRANSPORT_UDP, 7 });
	add_told(trace, 2, 20, (Told){ CALL_SEND, 6000, 6000, 7000, 0, 5, TRANSPORT_UDP, 1 });
	add_told(trace, 3, 30, (Told){ CALL_CONNECT, 6000, 6000, 7000, 7001, 0, TRANSPORT_UDP, 1 });
	add_told(trace, 4, 40, (Told){ CALL_SEND, 6000, 6000, 7001, 0, 5, TRANSPORT_UDP, 1 });
	add_told(trace, 5, 50, (Told){ CALL_SENDTO, 6000, 6000, 7001, 7002, 5, TRANSPORT_UDP, 1 });
	add_told(trace, 6, 60, (Told){ CALL_CONNECT, 6000, 6000, 7001, 7000, 0, TRANSPORT_UDP, 1 });
	add_told(trace, 7, 70, (Told){ CALL_RECV, 6000, 6000, 7000, 0, 5, TRANSPORT_UDP, 1 });
	add_told(trace, 8, 80,
		 (Told){ CALL_GETSOCKNAME, 6000, 0, 7000, 6000, 0, TRANSPORT_UDP, 1 });
	/* disconnected: no longer one's alone */
	add_told(trace, 9, 90, (Told){ CALL_RECVFROM, 6000, 0, 0, 7001, 5, TRANSPORT_UDP, 7 });
	add_told(trace, 10, 95, (Told){ CALL_GETSOCKOPT, 6000, 0, 0, 0, 0, TRANSPORT_UDP, 7 });
	assert_in(trace, 1, "0");
	assert_in(trace, 2, "0");
	assert_in(trace, 3, "1");
	assert_in(trace, 4, "1");
	assert_in(trace, 5, "2");
	assert_in(trace, 6, "0");
	assert_in(trace, 7, "0");
	assert_in(trace, 8, "0");
	assert_in(trace, 9, "1");
	assert_in(trace, 10, "012");
}

/* accept() belongs to the connection that it returned, also where all have the cookie of the
 * listening socket (MPTCP); one that has not returned may be for any. */
static void
test_accepted(gconstpointer shared)
{
	g_autoptr(Trace) trace = trace_new();
	CallRecord listening = call_entry(1, 1, ROLE_SERVER, CALL_LISTEN, 3, 77);
	CallRecord closing = call_entry(9, 500, ROLE_SERVER, CALL_CLOSE, 4, 77);
	const Event *event;

	listening.transport = TRANSPORT_TCP;
	listening.local = loopback(5000);
	listening.kernel_state = TCP_STATE_LISTEN;
	trace_add_call(trace, &listening);
	add_return(trace, &listening, 2, 0);
	for (guint i = 0; i < 3; i++) {
		CallRecord accepting = listening, sending;
		guint64 cookie = GPOINTER_TO_UINT(shared) ? 77 : 78 + i;

		accepting.name = CALL_ACCEPT;
		accepting.id = 2 + 2 * i;
		accepting.time_ns = (100 + i * 100) * 1000;
		trace_add_call(trace, &accepting);
		add_packet(trace, 101 + i * 100, "%u > 5000 S 100", 40000 + i);
		add_packet(trace, 102 + i * 100, "5000 > %u S. 300 ack 101", 40000 + i);
		if (i == 2)
			break;
		accepting.accepted = cookie;
		accepting.peer = loopback(40000 + i);
		accepting.kernel_state = TCP_STATE_ESTABLISHED;
		add_return(trace, &accepting, 103 + i * 100, 4 + i);
		sending = accepting;
		sending.name = CALL_SEND;
		sending.socket = cookie;
		sending.accepted = 0;
		sending.id++;
		trace_add_call(trace, &sending);
		add_return(trace, &sending, 105 + i * 100, 5);
	}
	assert_in(trace, 1, "012");
	assert_in(trace, 2, "0");
	assert_in(trace, 3, "0");
	assert_in(trace, 4, "1");
	assert_in(trace, 5, "1");
	assert_in(trace, 6, "012");
	/* The close of a connection is not the listening socket's. */
	closing.socket = GPOINTER_TO_UINT(shared) ? 77 : 78;
	closing.transport = TRANSPORT_TCP;
	closing.local = loopback(5000);
	closing.peer = loopback(40000);
	trace_add_call(trace, &closing);
	closing.kernel_state = TCP_STATE_FIN_WAIT_1;
	add_return(trace, &closing, 501, 0);
	event = trace_event(trace, trace_length(trace) - 1);
	g_assert_cmpuint(event->state_changed, ==, 0);
}

/* A listening socket ends with its last descriptor, whichever call that is, or by shutdown(). */
static void
test_listener_ends(void)
{
	static const struct {
		CallName name;
		CallLast last;
		TcpState state;
		gint64 result;
		gboolean ends;
	} cases[] = {
		{ CALL_CLOSE, CALL_LAST_YES, TCP_STATE_CLOSED, 0, TRUE },
		{ CALL_CLOSE_RANGE, CALL_LAST_YES, TCP_STATE_CLOSED, 0, TRUE },
		{ CALL_EXIT, CALL_LAST_YES, TCP_STATE_CLOSED, 256 + 9, TRUE },
		{ CALL_CLOSE, CALL_LAST_NO, TCP_STATE_LISTEN, 0, FALSE },
		{ CALL_EXIT, CALL_LAST_NO, TCP_STATE_LISTEN, 0, FALSE },
		/* recordings that do not say */
		{ CALL_CLOSE, CALL_LAST_UNKNOWN, TCP_STATE_CLOSED, 0, TRUE },
		{ CALL_CLOSE, CALL_LAST_UNKNOWN, TCP_STATE_LISTEN, 0, FALSE },
		{ CALL_SHUTDOWN, CALL_LAST_UNKNOWN, TCP_STATE_CLOSED, 0, TRUE },
		{ CALL_SHUTDOWN, CALL_LAST_UNKNOWN, TCP_STATE_LISTEN, 0, FALSE },
		{ CALL_SHUTDOWN, CALL_LAST_UNKNOWN, TCP_STATE_CLOSED, -9, FALSE },
		{ CALL_FCNTL, CALL_LAST_UNKNOWN, TCP_STATE_LISTEN, 4, FALSE },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(Trace) trace = trace_new();
		CallRecord call = call_entry(1, 1, ROLE_SERVER, CALL_LISTEN, 3, 77);
		const Event *event;

		call.transport = TRANSPORT_TCP;
		call.local = loopback(5000);
		trace_add_call(trace, &call);
		call.kernel_state = TCP_STATE_LISTEN;
		add_return(trace, &call, 2, 0);
		call.id++;
		call.name = cases[i].name;
		trace_add_call(trace, &call);
		call.kernel_state = cases[i].state;
		call.last = cases[i].last;
		add_return(trace, &call, 4, cases[i].result);
		event = trace_event(trace, trace_length(trace) - 1);
		g_assert_cmpuint(event->state_changed, ==, cases[i].ends ? 1 << SIDE_SERVER : 0);
		if (cases[i].ends)
			g_assert_cmpuint(event->state_server, ==, TCP_STATE_CLOSED);
	}
}

/* What is said before all else has the time of what comes next, not 1970. */
static void
test_note_first(void)
{
	g_autoptr(Trace) trace = trace_new();

	trace_add_note(trace, "first");
	trace_add_note(trace, "second");
	trace_add_drops(trace, 5000, 1);
	trace_add_note(trace, "third");
	trace_add_drops(trace, 6000, 1);
	g_assert_cmpint(trace_start(trace), ==, 5000);
	for (guint i = 0; i < 4; i++)
		g_assert_cmpint(trace_event(trace, i)->time_ns, ==, 5000);
}

/* Relative times begin with the first one that there is. */
static void
test_no_time(void)
{
	const gint64 second_us = 1000000, real_us = 1700000000 * second_us;
	g_autoptr(Trace) trace = trace_new(), from_zero = trace_new();
	g_autofree char *none = NULL, *some = NULL;

	add_packet(trace, 0, "40000 > 80 S 100");
	g_assert_true(trace_has_time(trace, 0));
	add_packet(trace, real_us, "80 > 40000 S. 300 ack 101");
	add_packet(trace, real_us + second_us, "40000 > 80 . 101 ack 301");
	g_assert_cmpint(trace_start(trace), ==, real_us * 1000);
	g_assert_false(trace_has_time(trace, 0));
	none = trace_seconds(trace, trace_start(trace), 0, 10, FALSE);
	g_assert_cmpstr(none, ==, "-");
	some = trace_seconds(trace, trace_start(trace), (real_us + second_us) * 1000, 10, FALSE);
	g_assert_cmpstr(some, ==, "1.000000");
	const Conversation *c = flow_table_get(trace_flows(trace), 0);
	g_assert_cmpint(c->last_time_ns - c->earliest_time_ns, ==, second_us * 1000);

	add_packet(from_zero, 0, "40000 > 80 S 100");
	add_packet(from_zero, 5, "80 > 40000 S. 300 ack 101");
	g_assert_cmpint(trace_start(from_zero), ==, 0);
	g_assert_true(trace_has_time(from_zero, 0));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/trace/note-first", test_note_first);
	g_test_add_func("/trace/no-time", test_no_time);
	g_test_add_func("/trace/scales", test_scales);
	g_test_add_func("/trace/bogus-header", test_bogus_header);
	g_test_add_func("/trace/many-events", test_many_events);
	g_test_add_func("/trace/many-conversations", test_many_conversations);
	g_test_add_func("/trace/connect-again", test_connect_again);
	g_test_add_func("/trace/peer-changes", test_peer_changes);
	g_test_add_data_func("/trace/accepted", GUINT_TO_POINTER(0), test_accepted);
	g_test_add_data_func("/trace/accepted-shared-cookie", GUINT_TO_POINTER(1), test_accepted);
	g_test_add_func("/trace/listener-ends", test_listener_ends);
	return g_test_run();
}
