/* SPDX-License-Identifier: MIT */
/* The ladder over a trace made of bytes: which rows there are, what shares one. */
#include <errno.h>
#include <signal.h>

#include "pktladder/ladder.h"
#include "pktladder/text.h"
#include "../packets.h"

enum { C = 50000, S = 5000 };

/* One row as text: "left [label] right", with bars as their flags. */
static char *
row_text(const Ladder *ladder, guint32 index)
{
	LadderRow made = ladder_row(ladder, index), *row = &made;
	g_autofree char *left = ladder_cell_text(ladder, row, SIDE_CLIENT, 1);
	g_autofree char *right = ladder_cell_text(ladder, row, SIDE_SERVER, 1);
	g_autofree char *label = ladder_label(ladder, row, 0);

	return g_strdup_printf(
	    "%s%s%s%d %s%s%s %d%s%s%s", left, *left ? " " : "",
	    tcp_state_name(row->cell[SIDE_CLIENT].state), row->cell[SIDE_CLIENT].bar,
	    row->kind == ROW_ARROW ? (row->to_right ? ">" : "<") : "|", label ? label : "",
	    row->kind == ROW_ARROW ? "" : "|", row->cell[SIDE_SERVER].bar, right, *right ? " " : "",
	    tcp_state_name(row->cell[SIDE_SERVER].state));
}

static void
expect(Ladder *ladder, const char *const *rows)
{
	guint n = 0;

	ladder_update(ladder);
	for (; rows[n]; n++) {
		g_autofree char *text = NULL;

		g_assert_cmpuint(n, <, ladder_length(ladder));
		text = row_text(ladder, n);
		g_assert_cmpstr(text, ==, rows[n]);
	}
	g_assert_cmpuint(ladder_length(ladder), ==, n);
}

/* The three-way handshake with its calls, as loopback gives it:
 *   C > S: Flags [S], seq 100
 *   S > C: Flags [S.], seq 300, ack 101
 *   C > S: Flags [.], ack 301 */
static void
handshake(Trace *trace)
{
	CallRecord listening = call_entry(1, 10, ROLE_SERVER, CALL_LISTEN, 3, 77);
	CallRecord accepting = call_entry(2, 30, ROLE_SERVER, CALL_ACCEPT, 3, 77);
	CallRecord connecting = call_entry(3, 2000, ROLE_CLIENT, CALL_CONNECT, 3, 88);

	listening.local = accepting.local = loopback(S);
	listening.flags = 1;
	connecting.address = loopback(S);
	connecting.has_address = TRUE;
	trace_add_call(trace, &listening);
	add_return(trace, &listening, 20, 0);
	trace_add_call(trace, &accepting);
	trace_add_call(trace, &connecting);
	add_packet(trace, 2010, "50000 > 5000 S 100");
	add_packet(trace, 2020, "5000 > 50000 S. 300 ack 101");
	add_packet(trace, 2030, "50000 > 5000 . 101 ack 301");
	connecting.local = loopback(C);
	connecting.peer = loopback(S);
	add_return(trace, &connecting, 2040, 0);
	accepting.accepted = 99;
	accepting.peer = loopback(C);
	add_return(trace, &accepting, 2050, 4);
}

static void
test_handshake(void)
{
	static const char *const rows[] = {
		"0 || 0listen(3) = 0 LISTEN",
		"0 || 1accept(3) ",
		"connect(3) SYN-SENT1 >SYN seq=0 4",
		"ESTABLISHED4 <SYN-ACK seq=0 ack=1 4SYN-RECEIVED",
		"connect = 0 2 >ACK ack=1 2accept = 4 ESTABLISHED",
		NULL,
	};
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(Ladder) ladder = ladder_new(trace, SELECTION_ALL);

	handshake(trace);
	expect(ladder, rows);
	g_assert_cmpuint(ladder_final_length(ladder), ==, 4);
}

/* Taken in one event at a time, the ladder ends the same, and rows that were
 * called final stay as they were. */
static void
test_incremental(void)
{
	g_autoptr(Trace) whole = trace_new();
	g_autoptr(GPtrArray) final = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(Ladder) ladder = ladder_new(trace, SELECTION_ALL);

	handshake(whole);
	for (guint32 i = 0; i < trace_length(whole); i++) {
		const Event *event = trace_event(whole, i);
		Made made;
		Packet packet;

		if (event->kind == EVENT_CALL) {
			trace_add_call(trace, trace_call(whole, event));
		} else {
			gboolean client = event->from == SIDE_CLIENT;
			PacketSpec spec = { .from = loopback(client ? C : S),
					    .to = loopback(client ? S : C),
					    .protocol = IPPROTO_TCP,
					    .flags = event->flags,
					    .seq = (client ? 100 : 300) + event->seq,
					    .ack = (client ? 300 : 100) + event->ack,
					    .window = 65535 };

			packet = packet_make(&made, event->time_ns, &spec);
			trace_add_packet(trace, &packet, 0);
		}
		ladder_update(ladder);
		for (guint32 row = 0; row < final->len; row++) {
			g_autofree char *text = row_text(ladder, row);

			g_assert_cmpstr(text, ==, g_ptr_array_index(final, row));
		}
		while (final->len < ladder_final_length(ladder))
			g_ptr_array_add(final, row_text(ladder, final->len));
	}
	g_assert_cmpuint(final->len, ==, 4);
}

/* A call that did not block, though the other program did something meanwhile:
 * one row, and no bar is left behind. */
static void
test_not_blocking(void)
{
	static const char *const rows[] = {
		"0 || 0bind(3) = 0 ",
		"socket(AF_INET) = 3 0 || 0",
		NULL,
	};
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(Ladder) ladder = ladder_new(trace, SELECTION_ALL);
	CallRecord binding = call_entry(1, 10, ROLE_SERVER, CALL_BIND, 3, 77);
	CallRecord making = call_entry(2, 20, ROLE_CLIENT, CALL_SOCKET, -1, 0);

	trace_add_call(trace, &binding);
	trace_add_call(trace, &making);
	add_return(trace, &binding, 30, 0);
	add_return(trace, &making, 40, 3);
	expect(ladder, rows);
}

/* A wait that found something at once is not drawn; one that waited is. */
/* The close of a descriptor that has a copy says that its socket goes on; and that of a listening
 * socket's last one ends it. */
static void
test_copies(void)
{
	static const char *const rows[] = {
		"0 || 0listen(3) = 0 LISTEN",
		"0 || 0close(3) = 0 (open) ",
		"0 || 0exit() = 0 CLOSED",
		NULL,
	};
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(Ladder) ladder = ladder_new(trace, SELECTION_ALL);
	CallRecord call = call_entry(1, 10, ROLE_SERVER, CALL_LISTEN, 3, 77);

	call.local = loopback(S);
	trace_add_call(trace, &call);
	add_return(trace, &call, 20, 0);
	call = call_entry(2, 30, ROLE_SERVER, CALL_CLOSE, 3, 77);
	trace_add_call(trace, &call);
	call.last = CALL_LAST_NO;
	call.kernel_state = TCP_STATE_LISTEN;
	add_return(trace, &call, 40, 0);
	call = call_entry(3, 50, ROLE_SERVER, CALL_EXIT, 4, 77);
	trace_add_call(trace, &call);
	call.last = CALL_LAST_YES;
	call.kernel_state = TCP_STATE_CLOSED;
	add_return(trace, &call, 60, 0);
	expect(ladder, rows);
}

/* The same call of each of its sockets: all at one time, and then their returns. */
static void
add_several(Trace *trace, const CallRecord *calls, guint n)
{
	for (guint i = 0; i < n; i++)
		trace_add_call(trace, &calls[i]);
}

static void
add_returns(Trace *trace, const CallRecord *calls, guint n, gint64 time_us)
{
	for (guint i = 0; i < n; i++) {
		CallRecord call = calls[i];

		if (call.last == CALL_LAST_YES)
			call.kernel_state = TCP_STATE_CLOSED;
		add_return(trace, &call, time_us, call.result);
	}
}

/* A process that ends is one row, which says how, whatever it left open: the FIN of the first
 * connection stands beside it, and the end of its listening socket is a row of its own, since two
 * states have no place on one. What another process does in between changes nothing. */
static void
test_exit(void)
{
	static const char *const rows[] = {
		"0 || 0listen(3) = 0 LISTEN",
		"0 || 1accept(3) ",
		"connect(3) SYN-SENT1 >SYN seq=0 4",
		"ESTABLISHED4 <SYN-ACK seq=0 ack=1 4SYN-RECEIVED",
		"connect = 0 2 >ACK ack=1 2accept = 4 ESTABLISHED",
		"CLOSE-WAIT0 <FIN-ACK seq=1 ack=1 0exit() = SIGKILL FIN-WAIT-1",
		"close(3) = 0 (open) 0 || 0",
		"0 || 0exit CLOSED",
		NULL,
	};
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(Ladder) ladder = ladder_new(trace, SELECTION_ALL);
	CallRecord listener = call_entry(10, 3000, ROLE_SERVER, CALL_EXIT, 3, 77);
	CallRecord connection = call_entry(11, 3000, ROLE_SERVER, CALL_EXIT, 4, 99);
	CallRecord other = call_entry(12, 3015, ROLE_CLIENT, CALL_CLOSE, 3, 88);

	listener.result = connection.result = 256 + SIGKILL;
	listener.last = connection.last = CALL_LAST_YES;
	listener.local = connection.local = loopback(S);
	connection.peer = loopback(C);
	other.last = CALL_LAST_NO;
	other.local = loopback(C);
	other.peer = loopback(S);
	handshake(trace);
	add_several(trace, (CallRecord[]){ listener, connection }, 2);
	ladder_update(ladder);
	g_assert_cmpuint(ladder_final_length(ladder), ==, 5);
	add_packet(trace, 3010, "5000 > 50000 F. 301 ack 101");
	trace_add_call(trace, &other);
	add_return(trace, &other, 3020, 0);
	add_returns(trace, (CallRecord[]){ listener, connection }, 2, 3030);
	expect(ladder, rows);
	g_assert_cmpuint(ladder_final_length(ladder), ==, 7);
}

/* A process that is server and client is told of on both sides, once each. */
static void
test_exit_of_both(void)
{
	static const char *const rows[] = {
		"0 || 0exit() = 0 (open) ",
		"exit() = 0 (open) 0 || 0",
		NULL,
	};
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(Ladder) ladder = ladder_new(trace, SELECTION_ALL);
	CallRecord calls[4];

	for (guint i = 0; i < G_N_ELEMENTS(calls); i++) {
		calls[i] = call_entry(10 + i, 3000, i & 1 ? ROLE_CLIENT : ROLE_SERVER, CALL_EXIT,
				      3 + i, 77 + i);
		calls[i].tid = 5;
		calls[i].last = CALL_LAST_NO;
	}
	add_several(trace, calls, 4);
	add_returns(trace, calls, 4, 3010);
	expect(ladder, rows);
}

/* close_range() of several sockets is one call; it says so where all of them go on. */
static void
test_range(gconstpointer ended)
{
	static const char *const rows[][2] = {
		{ "0 || 0close_range(3, 99) = 0 (open) ", NULL },
		{ "0 || 0close_range(3) = 0 ", NULL },
	};
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(Ladder) ladder = ladder_new(trace, SELECTION_ALL);
	CallRecord calls[3];

	for (guint i = 0; i < G_N_ELEMENTS(calls); i++) {
		calls[i] = call_entry(10 + i, 3000, ROLE_SERVER, CALL_CLOSE_RANGE, 3 + i, 77 + i);
		calls[i].flags = 3;
		calls[i].size = 99;
		calls[i].last = CALL_LAST_NO;
	}
	if (GPOINTER_TO_UINT(ended))
		calls[1].last = CALL_LAST_YES;
	add_several(trace, calls, 3);
	add_returns(trace, calls, 3, 3010);
	expect(ladder, rows[GPOINTER_TO_UINT(ended)]);
	for (guint32 i = 0; i < trace_length(trace); i++)
		g_assert_cmpuint(ladder_row_of(ladder, i), ==, 0);
}

static void
test_waits(void)
{
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(Ladder) ladder = ladder_new(trace, SELECTION_ALL);
	CallRecord one = call_entry(1, 10, ROLE_CLIENT, CALL_POLL, 3, 77);
	CallRecord two = call_entry(2, 100, ROLE_CLIENT, CALL_POLL, 3, 77);

	trace_add_call(trace, &one);
	ladder_update(ladder);
	g_assert_cmpuint(ladder_length(ladder), ==, 1);
	add_return(trace, &one, 20, 1);
	ladder_update(ladder);
	g_assert_cmpuint(ladder_length(ladder), ==, 0);
	trace_add_call(trace, &two);
	add_return(trace, &two, 5000, 1);
	ladder_update(ladder);
	/* Nothing happened while it waited: there is nothing to draw a bar along. */
	g_assert_cmpuint(ladder_length(ladder), ==, 1);
	g_assert_cmpint(ladder_row(ladder, 0).cell[SIDE_CLIENT].result, !=, EVENT_NONE);
	g_assert_cmpint(ladder_row(ladder, 0).cell[SIDE_CLIENT].bar, ==, LADDER_BAR_NONE);
}

/* A wait that nothing came of: its time was over, or a signal ended it. */
static void
test_in_vain(void)
{
	static const char *const rows[] = {
		"poll(3) 1 || 0",
		"poll = 0 ready 2 || 0",
		"recv(3) 1 || 0",
		"recv = EINTR 2 || 0",
		NULL,
	};
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(Ladder) ladder = ladder_new(trace, SELECTION_ALL);
	CallRecord one = call_entry(1, 10, ROLE_CLIENT, CALL_POLL, 3, 77);
	CallRecord two = call_entry(2, 6000, ROLE_CLIENT, CALL_RECV, 3, 77);

	trace_add_call(trace, &one);
	add_return(trace, &one, 5000, 0);
	trace_add_call(trace, &two);
	add_return(trace, &two, 9000, -EINTR);
	expect(ladder, rows);
}

/* The return of a call of which the kernel told whether it slept. */
static void
add_counted(Trace *trace, const CallRecord *entry, gint64 time_us, gint64 result, CallWait wait)
{
	CallRecord record = *entry;

	record.wait = wait;
	add_return(trace, &record, time_us, result);
}

/* However short it was: a receive of a socket without a peer, and a wait for several. */
static void
test_slept(void)
{
	static const char *const rows[] = {
		"0 || 1recv(3) ",
		"0 >datagram 5 B 2recv = 5 B ",
		"0 || 1poll(3) ",
		"0 >datagram 6 B 2poll = 1 ready ",
		"0 || 1recv(3) ",
		"0 || 2recv = EAGAIN ",
		NULL,
	};
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(Ladder) ladder = ladder_new(trace, SELECTION_ALL);
	CallRecord one = call_entry(1, 10, ROLE_SERVER, CALL_RECV, 3, 77);
	CallRecord two = call_entry(2, 110, ROLE_SERVER, CALL_POLL, 3, 77);
	CallRecord three = call_entry(3, 210, ROLE_SERVER, CALL_RECV, 3, 77);

	one.transport = two.transport = three.transport = TRANSPORT_UDP;
	one.local = two.local = three.local = loopback(S);
	trace_add_call(trace, &one);
	add_packet(trace, 20, "50000 > 5000 udp len 5");
	add_counted(trace, &one, 30, 5, CALL_WAIT_SLEPT);
	trace_add_call(trace, &two);
	add_packet(trace, 120, "50000 > 5000 udp len 6");
	add_counted(trace, &two, 130, 1, CALL_WAIT_SLEPT);
	trace_add_call(trace, &three); /* its time was over */
	add_counted(trace, &three, 240, -EAGAIN, CALL_WAIT_SLEPT);
	expect(ladder, rows);
}

/* However long it took: a send whose ACK came meanwhile, and a wait that is not drawn; but a
 * result never stands above what came. */
static void
test_not_slept(void)
{
	static const char *const rows[] = {
		"send(3) = 12 B ESTABLISHED0 >data 12 B seq=1 ack=1 0",
		"0 <ACK ack=13 0ESTABLISHED",
		"recv(3) 0 || 0",
		"recv = 3 B 0 <data 3 B seq=1 ack=13 0",
		"recv(3) = EAGAIN 0 || 0",
		"0 <data 4 B seq=4 ack=13 0",
		NULL,
	};
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(Ladder) ladder = ladder_new(trace, SELECTION_ALL);
	CallRecord call[] = { call_entry(1, 10, ROLE_CLIENT, CALL_SEND, 3, 77),
			      call_entry(2, 6000, ROLE_CLIENT, CALL_RECV, 3, 77),
			      call_entry(3, 7000, ROLE_CLIENT, CALL_RECV, 3, 77),
			      call_entry(4, 8000, ROLE_CLIENT, CALL_POLL, 3, 77) };

	for (guint i = 0; i < G_N_ELEMENTS(call); i++) {
		call[i].local = loopback(C);
		call[i].peer = loopback(S);
	}
	trace_add_call(trace, &call[0]);
	add_packet(trace, 20, "50000 > 5000 P. 5 ack 9 len 12");
	add_packet(trace, 30, "5000 > 50000 . 9 ack 17");
	add_counted(trace, &call[0], 5000, 12, CALL_WAIT_NONE);
	trace_add_call(trace, &call[1]);
	add_packet(trace, 6010, "5000 > 50000 P. 9 ack 17 len 3");
	add_counted(trace, &call[1], 6020, 3, CALL_WAIT_NONE);
	trace_add_call(trace, &call[2]);
	add_packet(trace, 7010, "5000 > 50000 P. 12 ack 17 len 4");
	add_counted(trace, &call[2], 7020, -EAGAIN, CALL_WAIT_NONE);
	trace_add_call(trace, &call[3]);
	add_counted(trace, &call[3], 50000, 1, CALL_WAIT_NONE);
	expect(ladder, rows);
}

/* On loopback the handshake is over without a sleep; a connect() that does not wait for it is one
 * row. */
static void
test_connect(gconstpointer data)
{
	static const char *const rows[2][4] = {
		{ "connect(3) SYN-SENT1 >SYN seq=0 0",
		  "ESTABLISHED4 <SYN-ACK seq=0 ack=1 0SYN-RECEIVED",
		  "connect = 0 2 >ACK ack=1 0ESTABLISHED", NULL },
		{ "connect(3) = EINPROGRESS SYN-SENT0 >SYN seq=0 0",
		  "ESTABLISHED0 <SYN-ACK seq=0 ack=1 0SYN-RECEIVED", "0 >ACK ack=1 0ESTABLISHED",
		  NULL },
	};
	const gint64 result = GPOINTER_TO_INT(data);
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(Ladder) ladder = ladder_new(trace, SELECTION_ALL);
	CallRecord connecting = call_entry(1, 10, ROLE_CLIENT, CALL_CONNECT, 3, 88);

	connecting.address = loopback(S);
	connecting.has_address = TRUE;
	trace_add_call(trace, &connecting);
	add_packet(trace, 20, "50000 > 5000 S 100");
	add_packet(trace, 30, "5000 > 50000 S. 300 ack 101");
	add_packet(trace, 40, "50000 > 5000 . 101 ack 301");
	connecting.local = loopback(C);
	connecting.peer = loopback(S);
	add_counted(trace, &connecting, 50, result, CALL_WAIT_NONE);
	expect(ladder, rows[result < 0]);
}

/* Another program's calls pass a send whose segment has not come yet. */
static void
test_passing(void)
{
	static const char *const rows[] = {
		"0 || 1recv(3) ",
		"send(3) = 5 B 0 >datagram 5 B 2recv = 5 B ",
		"close(3) = 0 0 || 0",
		"0 || 0close(3) = 0 ",
		NULL,
	};
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(Ladder) ladder = ladder_new(trace, SELECTION_ALL);
	CallRecord sending = call_entry(1, 10, ROLE_CLIENT, CALL_SEND, 3, 77);
	CallRecord receiving = call_entry(2, 20, ROLE_SERVER, CALL_RECV, 3, 78);
	CallRecord closing[] = { call_entry(3, 100, ROLE_CLIENT, CALL_CLOSE, 3, 77),
				 call_entry(4, 110, ROLE_SERVER, CALL_CLOSE, 3, 78) };

	sending.transport = receiving.transport = TRANSPORT_UDP;
	sending.local = receiving.peer = loopback(C);
	sending.peer = receiving.local = loopback(S);
	sending.wait = receiving.wait = closing[0].wait = closing[1].wait = CALL_WAIT_NONE;
	trace_add_call(trace, &sending);
	trace_add_call(trace, &receiving);
	add_packet(trace, 30, "50000 > 5000 udp len 5");
	add_counted(trace, &sending, 40, 5, CALL_WAIT_NONE);
	add_counted(trace, &receiving, 50, 5, CALL_WAIT_SLEPT);
	trace_add_call(trace, &closing[0]);
	trace_add_call(trace, &closing[1]);
	add_counted(trace, &closing[1], 120, 0, CALL_WAIT_NONE);
	add_counted(trace, &closing[0], 130, 0, CALL_WAIT_NONE);
	expect(ladder, rows);
	g_assert_cmpint(ladder_row(ladder, 2).time_ns, <=, ladder_row(ladder, 3).time_ns);
}

/* Two threads send at once, each in a conversation of its own: a call stands beside the segment of
 * its own socket, whichever entry is the nearer one. */
static void
test_threads(void)
{
	static const char *const rows[] = {
		"0 >datagram 1 B 0",
		"0 >#1 datagram 1 B 0",
		"0 || 1recv(3) ",
		"send(3) = 5 B 0 >datagram 5 B 4",
		"send(5) = 6 B 0 >#1 datagram 6 B 4",
		NULL,
	};
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(Ladder) ladder = ladder_new(trace, SELECTION_ALL);
	CallRecord sending[] = { call_entry(1, 10, ROLE_CLIENT, CALL_SEND, 3, 77),
				 call_entry(2, 20, ROLE_CLIENT, CALL_SEND, 5, 79) };
	CallRecord receiving = call_entry(3, 25, ROLE_SERVER, CALL_RECV, 3, 78);

	receiving.transport = TRANSPORT_UDP;
	receiving.local = loopback(S);
	for (guint i = 0; i < G_N_ELEMENTS(sending); i++) {
		sending[i].transport = TRANSPORT_UDP;
		sending[i].local = loopback(C + i);
		sending[i].peer = loopback(S);
		sending[i].wait = CALL_WAIT_NONE;
	}
	add_packet(trace, 1, "50000 > 5000 udp len 1");
	add_packet(trace, 2, "50001 > 5000 udp len 1");
	trace_add_call(trace, &sending[0]);
	trace_add_call(trace, &sending[1]);
	trace_add_call(trace, &receiving);
	add_packet(trace, 30, "50000 > 5000 udp len 5");
	add_packet(trace, 40, "50001 > 5000 udp len 6");
	add_counted(trace, &sending[0], 50, 5, CALL_WAIT_NONE);
	add_counted(trace, &sending[1], 60, 6, CALL_WAIT_NONE);
	expect(ladder, rows);
	for (guint32 row = 1; row < ladder_length(ladder); row++)
		g_assert_cmpint(ladder_row(ladder, row - 1).time_ns, <=,
				ladder_row(ladder, row).time_ns);
}

/* Closing a socket of no conversation, as a listening one, causes no segment. */
static void
test_closed_listener(void)
{
	static const char *const rows[] = {
		"SYN-SENT0 >SYN seq=0 0",
		"0 || 0close(3) = 0 ",
		"ESTABLISHED0 <SYN-ACK seq=0 ack=1 0SYN-RECEIVED",
		NULL,
	};
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(Ladder) ladder = ladder_new(trace, SELECTION_ALL);
	CallRecord closing = call_entry(1, 20, ROLE_SERVER, CALL_CLOSE, 3, 77);

	closing.transport = TRANSPORT_TCP;
	closing.local = loopback(S);
	closing.wait = CALL_WAIT_NONE;
	add_packet(trace, 10, "50000 > 5000 S 100");
	trace_add_call(trace, &closing);
	add_packet(trace, 30, "5000 > 50000 S. 300 ack 101");
	add_counted(trace, &closing, 40, 0, CALL_WAIT_NONE);
	expect(ladder, rows);
}

/* Killed in the call, and no call that cannot wait has a bar. */
static void
test_cut_off(void)
{
	static const char *const rows[] = {
		"bind(3) = 0 0 || 0",
		"recv(3) 1 || 0",
		"recv = ? 2 || 0",
		NULL,
	};
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(Ladder) ladder = ladder_new(trace, SELECTION_ALL);
	CallRecord binding = call_entry(1, 10, ROLE_CLIENT, CALL_BIND, 3, 77);
	CallRecord receiving = call_entry(2, 9000, ROLE_CLIENT, CALL_RECV, 3, 77);

	trace_add_call(trace, &binding);
	add_counted(trace, &binding, 8000, 0, CALL_WAIT_NONE);
	trace_add_call(trace, &receiving);
	add_counted(trace, &receiving, 9100, CALL_CUT_OFF, CALL_WAIT_SLEPT);
	expect(ladder, rows);
}

/* Two threads wait on the same side: the bar goes on until the last returns. */
static void
test_two_bars(void)
{
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(Ladder) ladder = ladder_new(trace, SELECTION_ALL);
	CallRecord one = call_entry(1, 10, ROLE_SERVER, CALL_ACCEPT, 3, 77);
	CallRecord two = call_entry(2, 20, ROLE_SERVER, CALL_RECV, 4, 78);

	trace_add_call(trace, &one);
	trace_add_call(trace, &two);
	add_packet(trace, 2500, "50000 > 5000 P. 5 ack 9 len 12");
	add_packet(trace, 2600, "5000 > 50000 . 9 ack 17");
	add_return(trace, &two, 3000, 5);
	add_return(trace, &one, 9000, 4);
	ladder_update(ladder);
	static const guint8 bars[] = {
		LADDER_BAR_START,
		LADDER_BAR_START | LADDER_BAR_THROUGH,
		LADDER_BAR_THROUGH, /* the data */
		LADDER_BAR_THROUGH, /* its ACK */
		LADDER_BAR_END | LADDER_BAR_THROUGH,
		LADDER_BAR_END,
	};

	g_assert_cmpuint(ladder_length(ladder), ==, G_N_ELEMENTS(bars));
	for (guint i = 0; i < G_N_ELEMENTS(bars); i++)
		g_assert_cmpint(ladder_row(ladder, i).cell[SIDE_SERVER].bar, ==, bars[i]);
}

/* The calls of a socket belong to its conversation, also those made before it
 * had one; the other conversation's do not. */
static void
test_selection(void)
{
	Selection one = { .conversation = 0 }, other = { .conversation = 1 };
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(Ladder) first = NULL, second = NULL;

	handshake(trace);
	add_packet(trace, 3000, "50001 > 5000 S 900");
	g_assert_cmpuint(flow_table_length(trace_flows(trace)), ==, 2);
	first = ladder_new(trace, one);
	second = ladder_new(trace, other);
	ladder_update(first);
	ladder_update(second);
	g_assert_cmpuint(ladder_length(first), ==, 5);
	/* listen and accept's entry (its return gave the first one), and the SYN */
	g_assert_cmpint(ladder_row(second, ladder_length(second) - 1).kind, ==, ROW_ARROW);
	for (guint32 i = 0; i < ladder_length(second); i++)
		g_assert_cmpint(ladder_row(second, i).cell[SIDE_CLIENT].entry, ==, EVENT_NONE);
}

static void
test_labels(void)
{
	static const char *const labels[] = { "data 12 B seq=0 ack=0", "data 12 B seq=0",
					      "data 12 B", "data", "data" };
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(Ladder) ladder = ladder_new(trace, SELECTION_ALL);

	/* C > S: Flags [P.], seq 5:17, ack 9, length 12: seen from the middle */
	add_packet(trace, 0, "50000 > 5000 P. 5 ack 9 len 12");
	ladder_update(ladder);
	for (guint level = 0; level < G_N_ELEMENTS(labels); level++) {
		LadderRow row = ladder_row(ladder, 0);
		g_autofree char *label = ladder_label(ladder, &row, level);
		/* Where no SYN was seen numbers start at 1, as in tshark. */
		g_autofree char *expected = g_strdup(labels[level]);

		for (char *c = expected; (c = strstr(c, "=0")); c++)
			c[1] = '1';
		g_assert_cmpstr(label, ==, expected);
	}
	LadderRow row = ladder_row(ladder, 0);

	g_assert_null(ladder_label(ladder, &row, LADDER_LABEL_LEVELS));
}

/* Rows that are not kept are the same as those that are. */
static void
test_packets_alone(void)
{
	Selection packets = { .conversation = CONVERSATION_NONE, .hide_calls = TRUE };
	g_autoptr(Trace) trace = trace_new(), alone = trace_new();
	g_autoptr(Ladder) whole = ladder_new(trace, SELECTION_ALL);
	g_autoptr(Ladder) list = ladder_new(trace, packets);
	g_autoptr(Ladder) each = ladder_new(alone, SELECTION_ALL);
	guint32 at = 0;

	handshake(trace);
	add_packet(alone, 2010, "50000 > 5000 S 100");
	add_packet(alone, 2020, "5000 > 50000 S. 300 ack 101");
	add_packet(alone, 2030, "50000 > 5000 . 101 ack 301");
	ladder_update(whole);
	ladder_update(list);
	ladder_update(each);
	g_assert_cmpuint(ladder_length(list), ==, 3);
	g_assert_cmpuint(ladder_length(each), ==, 3);
	for (guint32 i = 0; i < ladder_length(whole); i++) {
		LadderRow row = ladder_row(whole, i), listed;
		g_autofree char *label = ladder_label(whole, &row, 0), *other = NULL, *third = NULL;

		if (row.kind != ROW_ARROW)
			continue;
		listed = ladder_row(list, at);
		g_assert_cmpuint(listed.event, ==, row.event);
		g_assert_cmpuint(ladder_row_of(list, row.event), ==, at);
		g_assert_cmpuint(listed.cell[SIDE_SERVER].state, ==, row.cell[SIDE_SERVER].state);
		other = ladder_label(list, &listed, 0);
		g_assert_cmpstr(other, ==, label);
		listed = ladder_row(each, at++);
		third = ladder_label(each, &listed, 0);
		g_assert_cmpstr(third, ==, label);
	}
	g_assert_cmpuint(ladder_row_of(list, 0), ==, EVENT_NONE);
	g_assert_cmpuint(trace_event_of_frame(trace, 1), ==, ladder_row(list, 0).event);
	g_assert_cmpuint(trace_event_of_frame(trace, 3), ==, ladder_row(list, 2).event);
	g_assert_cmpuint(trace_frame(trace, ladder_row(list, 2).event), ==, 3);
	g_assert_cmpuint(trace_event_of_frame(trace, 4), ==, EVENT_NONE);
}

static void
test_notes(void)
{
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(Ladder) ladder = ladder_new(trace, SELECTION_ALL);
	g_autofree char *drops = NULL, *note = NULL;
	LadderRow row;

	trace_add_drops(trace, 1000, 12);
	trace_add_note(trace, "cut \033[31m short");
	ladder_update(ladder);
	g_assert_cmpuint(ladder_length(ladder), ==, 2);
	row = ladder_row(ladder, 0);
	drops = ladder_label(ladder, &row, 0);
	row = ladder_row(ladder, 1);
	note = ladder_label(ladder, &row, 0);
	g_assert_nonnull(strstr(drops, "12"));
	g_assert_null(strchr(note, '\033'));
	g_assert_cmpuint(trace_total_drops(trace), ==, 12);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ladder/handshake", test_handshake);
	g_test_add_func("/ladder/incremental", test_incremental);
	g_test_add_func("/ladder/not-blocking", test_not_blocking);
	g_test_add_func("/ladder/copies", test_copies);
	g_test_add_func("/ladder/exit", test_exit);
	g_test_add_func("/ladder/exit-of-both", test_exit_of_both);
	g_test_add_data_func("/ladder/range-open", GUINT_TO_POINTER(0), test_range);
	g_test_add_data_func("/ladder/range-ended", GUINT_TO_POINTER(1), test_range);
	g_test_add_func("/ladder/waits", test_waits);
	g_test_add_func("/ladder/in-vain", test_in_vain);
	g_test_add_func("/ladder/slept", test_slept);
	g_test_add_func("/ladder/not-slept", test_not_slept);
	g_test_add_data_func("/ladder/connect/blocking", GINT_TO_POINTER(0), test_connect);
	g_test_add_data_func("/ladder/connect/not", GINT_TO_POINTER(-EINPROGRESS), test_connect);
	g_test_add_func("/ladder/passing", test_passing);
	g_test_add_func("/ladder/threads", test_threads);
	g_test_add_func("/ladder/closed-listener", test_closed_listener);
	g_test_add_func("/ladder/cut-off", test_cut_off);
	g_test_add_func("/ladder/two-bars", test_two_bars);
	g_test_add_func("/ladder/selection", test_selection);
	g_test_add_func("/ladder/labels", test_labels);
	g_test_add_func("/ladder/packets-alone", test_packets_alone);
	g_test_add_func("/ladder/notes", test_notes);
	return g_test_run();
}
