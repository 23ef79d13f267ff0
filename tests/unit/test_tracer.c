/* SPDX-License-Identifier: MIT */
/* test_tracer.c - the tracer on real programs: the demo's peers against the
 * notes, threads, forks, static programs, signals, servers that fail, holding,
 * and the end of everything. strace as a reference: test_tracer_strace.c. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pktladder/scenario.h"
#include "pktladder/track.h"
#include "tracer_run.h"

/* The tables of the notes. */
#define TCP_SERVER "socket bind listen accept recv send recv close"
#define TCP_CLIENT "socket connect send recv close"
#define UDP_SERVER "socket bind recvfrom sendto"
#define UDP_CLIENT "socket bind sendto recvfrom"

/* `order`: NULL for none. */
static Run *
run_scenario(const char *name, gboolean hold, const char *messages, const CallCondition *order)
{
	const Scenario *scenario = scenario_find(name);
	g_autofree char *port = g_strdup_printf("%u", free_port());
	const char *argv[] = { name, port, messages, NULL };
	const TracerOptions options = {
		.programs[0] = { .argv = (char **)argv, .main = scenario->server },
		.programs[1] = { .argv = (char **)argv, .main = scenario->client },
		.hold = hold,
		.order = order,
		.ask_kernel_state = TRUE,
	};
	Run *run = run_options(&options);

	g_assert_cmpstr(run->problem, ==, NULL);
	g_assert_cmpstr(run->output, ==, "");
	g_assert_cmpint(run->status[ROLE_SERVER], ==, 0);
	g_assert_cmpint(run->status[ROLE_CLIENT], ==, 0);
	return run;
}

static Run *
run_demo(const char *name, gboolean hold, const char *messages)
{
	return run_scenario(name, hold, messages, NULL);
}

static void
assert_sequence(const Run *run, CallRole role, const char *calls)
{
	g_autofree char *sequence = run_sequence(run, role);

	g_assert_cmpstr(sequence, ==, calls);
}

static void
assert_text(const CallRecord *call, const char *full, const char *result)
{
	g_autofree char *is_full = call_to_string(call, CALL_FULL);
	g_autofree char *is_result = call_result_to_string(call);

	g_assert_cmpstr(is_full, ==, full);
	g_assert_cmpstr(is_result, ==, result);
}

static const CallRecord *
server_return(const Run *run, CallName name, guint n)
{
	return run_find(run, ROLE_SERVER, name, CALL_RETURN, n);
}

static const CallRecord *
client_return(const Run *run, CallName name, guint n)
{
	return run_find(run, ROLE_CLIENT, name, CALL_RETURN, n);
}

static void
check_tcp_arguments(const Run *run)
{
	const guint port = run->started.local.port;
	g_autofree char *bind = g_strdup_printf("bind(3, 127.0.0.1:%u)", port);
	g_autofree char *connect = g_strdup_printf("connect(3, 127.0.0.1:%u)", port);

	assert_text(server_return(run, CALL_SOCKET, 0), "socket(AF_INET, SOCK_STREAM)", "3");
	assert_text(server_return(run, CALL_BIND, 0), bind, "0");
	assert_text(server_return(run, CALL_LISTEN, 0), "listen(3, 16)", "0");
	assert_text(server_return(run, CALL_ACCEPT, 0), "accept(3)", "4");
	assert_text(server_return(run, CALL_RECV, 0), "recv(4, 512 B)", "12 B");
	assert_text(server_return(run, CALL_SEND, 0), "send(4, 12 B)", "12 B");
	assert_text(server_return(run, CALL_RECV, 1), "recv(4, 512 B)", "EOF");
	assert_text(server_return(run, CALL_CLOSE, 0), "close(4)", "0");
	assert_text(client_return(run, CALL_CONNECT, 0), connect, "0");
	assert_text(client_return(run, CALL_RECV, 0), "recv(3, 512 B)", "12 B");
	assert_text(client_return(run, CALL_CLOSE, 0), "close(3)", "0");
}

/* Both ends name the same two endpoints, and each socket has one cookie throughout. */
static void
check_tcp_sockets(const Run *run)
{
	const CallRecord *accept = server_return(run, CALL_ACCEPT, 0);
	const CallRecord *connect = client_return(run, CALL_CONNECT, 0);
	const CallRecord *listen = server_return(run, CALL_LISTEN, 0);

	g_assert_true(endpoint_equal(&accept->local, &connect->peer));
	g_assert_true(endpoint_equal(&accept->peer, &connect->local));
	g_assert_cmpuint(accept->accepted, !=, 0);
	g_assert_cmpuint(accept->accepted, !=, accept->socket);
	g_assert_cmpuint(accept->socket, ==, listen->socket);
	g_assert_cmpuint(server_return(run, CALL_RECV, 1)->socket, ==, accept->accepted);
	g_assert_cmpuint(client_return(run, CALL_SOCKET, 0)->socket, ==, connect->socket);
	g_assert_true(endpoint_equal(&run->started.local, &listen->local));
	g_assert_cmpint(run->started.transport, ==, TRANSPORT_TCP);
}

static void
check_tcp_states(const Run *run)
{
	const guint8 closed = client_return(run, CALL_CLOSE, 0)->kernel_state;

	g_assert_cmpint(server_return(run, CALL_SOCKET, 0)->kernel_state, ==, TCP_STATE_CLOSED);
	g_assert_cmpint(server_return(run, CALL_LISTEN, 0)->kernel_state, ==, TCP_STATE_LISTEN);
	g_assert_cmpint(server_return(run, CALL_ACCEPT, 0)->kernel_state, ==,
			TCP_STATE_ESTABLISHED);
	g_assert_cmpint(server_return(run, CALL_RECV, 1)->kernel_state, ==, TCP_STATE_CLOSE_WAIT);
	g_assert_cmpint(server_return(run, CALL_CLOSE, 0)->kernel_state, ==, TCP_STATE_CLOSED);
	g_assert_cmpint(client_return(run, CALL_CONNECT, 0)->kernel_state, ==,
			TCP_STATE_ESTABLISHED);
	/* how far the close has come depends on how fast the server is */
	g_assert_true(closed == TCP_STATE_FIN_WAIT_1 || closed == TCP_STATE_FIN_WAIT_2 ||
		      closed == TCP_STATE_TIME_WAIT);
}

/* The listening socket is left to the end of the server. */
static void
check_tcp_exit(const Run *run)
{
	const CallRecord *entry = run_find(run, ROLE_SERVER, CALL_EXIT, CALL_ENTRY, 0);
	const CallRecord *end = server_return(run, CALL_EXIT, 0);

	g_assert_cmpuint(run_count(run, ROLE_SERVER, CALL_EXIT, CALL_ENTRY), ==, 1);
	g_assert_cmpuint(run_count(run, ROLE_CLIENT, CALL_EXIT, CALL_ENTRY), ==, 0);
	g_assert_cmpuint(entry->socket, ==, server_return(run, CALL_LISTEN, 0)->socket);
	g_assert_cmpint(entry->kernel_state, ==, TCP_STATE_LISTEN);
	g_assert_cmpint(end->kernel_state, ==, TCP_STATE_CLOSED);
	g_assert_cmpint(end->result, ==, 0);
}

static void
test_tcp_demo(void)
{
	g_autoptr(Run) run = run_demo("tcp", FALSE, NULL);

	assert_sequence(run, ROLE_SERVER, TCP_SERVER);
	assert_sequence(run, ROLE_CLIENT, TCP_CLIENT);
	g_assert_cmpint(run_find(run, ROLE_SERVER, CALL_ACCEPT, CALL_ENTRY, 0)->time_ns, <,
			run_find(run, ROLE_CLIENT, CALL_SOCKET, CALL_ENTRY, 0)->time_ns);
	check_tcp_arguments(run);
	check_tcp_sockets(run);
	check_tcp_states(run);
	check_tcp_exit(run);
}

static void
test_udp_demo(void)
{
	g_autoptr(Run) run = run_demo("udp", FALSE, NULL);
	const CallRecord *received = server_return(run, CALL_RECVFROM, 0);
	const CallRecord *bound = client_return(run, CALL_BIND, 0);

	assert_sequence(run, ROLE_SERVER, UDP_SERVER);
	assert_sequence(run, ROLE_CLIENT, UDP_CLIENT);
	g_assert_cmpint(run->started.transport, ==, TRANSPORT_UDP);
	g_assert_cmpint(bound->local.port, !=, 0);
	g_assert_true(received->has_address);
	g_assert_true(endpoint_equal(&received->address, &bound->local));
	g_assert_true(
	    endpoint_equal(&client_return(run, CALL_SENDTO, 0)->address, &run->started.local));
	assert_text(received, "recvfrom(3, 512 B)", "12 B");
}

/* In the order of a scenario each call begins after all before it have ended or sleep. */
static void
test_order(gconstpointer name)
{
	const gboolean tcp = strcmp(name, "tcp") == 0;
	const Scenario *scenario = scenario_find(name);
	const char *expected =
	    tcp ? "S.socket S.bind S.listen S.accept C.socket C.connect S.recv C.send C.recv "
		  "S.send "
		  "S.recv C.send C.recv S.send S.recv C.close S.close S.exit"
		: "S.socket S.bind S.recvfrom C.socket C.bind C.sendto S.process C.recvfrom "
		  "S.sendto "
		  "S.recvfrom C.sendto S.process C.recvfrom S.sendto C.exit S.exit";

	for (guint hold = 0; hold < 2; hold++) {
		g_autoptr(Run) run = run_scenario(name, hold, "2", scenario->order);
		g_autoptr(GString) entries = g_string_new(NULL);

		for (guint i = 0; i < run->calls->len; i++) {
			const CallRecord *call = &g_array_index(run->calls, CallRecord, i);
			if (call->phase == CALL_ENTRY)
				g_string_append_printf(entries, "%s%c.%s", entries->len ? " " : "",
						       call->role == ROLE_SERVER ? 'S' : 'C',
						       call_name(call->name));
		}
		g_assert_cmpstr(entries->str, ==, expected);
		g_assert_cmpuint(run->out_of_turn.id, ==, 0);
	}
}

/* What does not come is not waited for without end, and that is said. */
static void
test_out_of_turn(void)
{
	static const CallCondition order[] = {
		{ ROLE_CLIENT, CALL_SEND, .in = CALL_CONNECT },
		{ 0 },
	};
	g_autoptr(Run) run = run_scenario("tcp", FALSE, NULL, order);

	g_assert_cmpint(run->out_of_turn.name, ==, CALL_SEND);
	g_assert_cmpint(run->out_of_turn.role, ==, ROLE_CLIENT);
	assert_sequence(run, ROLE_SERVER, TCP_SERVER);
	assert_sequence(run, ROLE_CLIENT, TCP_CLIENT);
}

/* Stepping: the calls are the same, each first held and then let go. */
static void
test_hold(void)
{
	g_autoptr(Run) tcp = run_demo("tcp", TRUE, NULL);
	g_autoptr(Run) udp = run_demo("udp", TRUE, NULL);
	guint held = 0, entered = 0;

	assert_sequence(tcp, ROLE_SERVER, TCP_SERVER);
	assert_sequence(tcp, ROLE_CLIENT, TCP_CLIENT);
	assert_sequence(udp, ROLE_SERVER, UDP_SERVER);
	assert_sequence(udp, ROLE_CLIENT, UDP_CLIENT);
	for (guint i = 0; i < tcp->calls->len; i++) {
		const CallRecord *call = &g_array_index(tcp->calls, CallRecord, i);
		if (call->phase == CALL_HELD)
			held = call->id;
		if (call->phase == CALL_ENTRY && call->name != CALL_EXIT) {
			g_assert_cmpuint(call->id, <=, held);   /* none that was not held */
			g_assert_cmpuint(call->id, >, entered); /* in the order of their coming */
			entered = call->id;
		}
	}
}

/* Reads until `kind` (and a phase, where it is a call) comes. */
static CallRecord
await_message(Tracer *tracer, TracerMessageKind kind, CallPhase phase)
{
	struct pollfd fd = { .fd = tracer_fd(tracer), .events = POLLIN };
	TracerMessage message;

	for (;;) {
		while (tracer_read(tracer, &message)) {
			if (message.kind == kind &&
			    (kind != TRACER_CALL || message.call.phase == phase))
				return message.call;
			if (message.kind == TRACER_FAILED || message.kind == TRACER_DONE)
				g_error("not seen: message kind %d, phase %d; %s", kind, phase,
					message.problem);
		}
		if (poll(&fd, 1, 5000) <= 0)
			g_error("no message: kind %d, phase %d", kind, phase);
	}
}

static Tracer *
start_demo(guint port, gboolean hold)
{
	g_autofree char *number = g_strdup_printf("%u", port);
	const char *argv[] = { "tcp", number, NULL };
	const TracerOptions options = {
		.programs[0] = { .argv = (char **)argv, .main = scenario_find("tcp")->server },
		.programs[1] = { .argv = (char **)argv, .main = scenario_find("tcp")->client },
		.hold = hold,
		.output_fds = { -1, -1 },
	};
	Tracer *tracer = tracer_new(&options, NULL);
	tracer_start(tracer);
	return tracer;
}

/* What is held stays so until it is released, one at a time; then all go on. */
static void
test_release(void)
{
	g_autoptr(Tracer) tracer = start_demo(free_port(), TRUE);
	struct pollfd fd = { .fd = tracer_fd(tracer), .events = POLLIN };

	tracer_release(tracer); /* nothing is held: not remembered */
	const CallRecord first = await_message(tracer, TRACER_CALL, CALL_HELD);
	g_assert_cmpint(first.name, ==, CALL_SOCKET);
	g_assert_cmpint(poll(&fd, 1, 700), ==, 0); /* longer than any idle timer */
	tracer_release(tracer);
	g_assert_cmpuint(await_message(tracer, TRACER_CALL, CALL_ENTRY).id, ==, first.id);
	g_assert_cmpint(await_message(tracer, TRACER_CALL, CALL_HELD).name, ==, CALL_BIND);
	tracer_release_all(tracer);
	await_message(tracer, TRACER_SERVER_WAITS, 0);
	tracer_start(tracer);
	await_message(tracer, TRACER_DONE, 0);
}

/* Whoever reads has time to make ready for the client. */
static void
test_client_waits(void)
{
	g_autoptr(Tracer) tracer = start_demo(free_port(), FALSE);
	struct pollfd fd = { .fd = tracer_fd(tracer), .events = POLLIN };
	TracerMessage message;

	await_message(tracer, TRACER_SERVER_WAITS, 0);
	while (poll(&fd, 1, 300) > 0)
		while (tracer_read(tracer, &message))
			g_assert_cmpint(message.call.role, ==, ROLE_SERVER);
	tracer_start(tracer);
	g_assert_cmpint(await_message(tracer, TRACER_CALL, CALL_ENTRY).role, ==, ROLE_CLIENT);
	await_message(tracer, TRACER_DONE, 0);
}

static void
test_exchanges(gconstpointer name)
{
	const guint n = 1000;
	g_autoptr(Run) run = run_demo(name, FALSE, "1000");
	const gboolean tcp = strcmp(name, "tcp") == 0;
	const CallName send = tcp ? CALL_SEND : CALL_SENDTO, recv = tcp ? CALL_RECV : CALL_RECVFROM;

	g_assert_cmpuint(run_count(run, ROLE_CLIENT, send, CALL_RETURN), ==, n);
	g_assert_cmpuint(run_count(run, ROLE_CLIENT, recv, CALL_RETURN), ==, n);
	g_assert_cmpuint(run_count(run, ROLE_SERVER, send, CALL_RETURN), ==, n);
	g_assert_cmpuint(run_count(run, ROLE_SERVER, recv, CALL_RETURN), ==, n + (tcp ? 1 : 0));
	/* what is received was being sent before: the clock agrees on both sides */
	for (guint i = 0; i < n; i++) {
		g_assert_cmpint(run_find(run, ROLE_CLIENT, send, CALL_ENTRY, i)->time_ns, <,
				server_return(run, recv, i)->time_ns);
		g_assert_cmpint(run_find(run, ROLE_SERVER, send, CALL_ENTRY, i)->time_ns, <,
				client_return(run, recv, i)->time_ns);
	}
}

static void
assert_good(const Run *run)
{
	if (run->problem)
		g_error("%s; output: %s", run->problem, run->output);
	g_assert_cmpint(run->status[ROLE_SERVER], ==, 0);
	g_assert_cmpint(run->status[ROLE_CLIENT], ==, 0);
}

/* 5 connections at once of 20 exchanges, each end in a thread or process of its own. */
static void
test_many(gconstpointer server)
{
	g_autoptr(Run) run = run_commands(server, "many client @ 5", free_port());
	g_autoptr(GHashTable) accepted = g_hash_table_new(g_int64_hash, g_int64_equal);

	assert_good(run);
	g_assert_cmpuint(run_count(run, ROLE_SERVER, CALL_ACCEPT, CALL_RETURN), ==, 5);
	for (guint i = 0; i < 5; i++)
		g_hash_table_add(accepted, (gpointer)&server_return(run, CALL_ACCEPT, i)->accepted);
	g_assert_cmpuint(g_hash_table_size(accepted), ==, 5);
	/* 20 requests and the end of file; a child's socket has its parent's cookie */
	g_assert_cmpuint(run_count(run, ROLE_SERVER, CALL_RECV, CALL_RETURN), ==, 5 * 21);
	g_assert_cmpuint(run_count(run, ROLE_CLIENT, CALL_SEND, CALL_RETURN), ==, 5 * 20);
	for (guint i = 0; i < 5 * 21; i++) {
		const CallRecord *received = server_return(run, CALL_RECV, i);
		g_assert_true(g_hash_table_contains(accepted, &received->socket));
		g_assert_cmpint(received->peer.port, !=, 0);
	}
	/* forks: parent and child close the connection, each child the listening socket too */
	const guint closes = strstr(server, "forks") ? 15 : 5;
	g_assert_cmpuint(run_count(run, ROLE_SERVER, CALL_CLOSE, CALL_RETURN), ==, closes);
}

/* The parent's close of a copy that its child holds sends nothing: the kernel says so. Which of
 * the two closes first is the scheduler's choice. */
static void
test_shared_close(void)
{
	g_autoptr(Run) run = run_commands("many forks @ 1", "many client @ 1", free_port());
	const guint64 connection = server_return(run, CALL_ACCEPT, 0)->accepted;
	const gint32 parent = server_return(run, CALL_ACCEPT, 0)->pid;
	gint64 child_ns = 0;
	guint seen = 0;

	assert_good(run);
	for (guint i = 0; i < 3; i++) {
		const CallRecord *closing = run_find(run, ROLE_SERVER, CALL_CLOSE, CALL_ENTRY, i);
		if (closing->pid != parent && closing->socket == connection)
			child_ns = closing->time_ns;
	}
	for (guint i = 0; i < 3; i++) {
		const CallRecord *closed = server_return(run, CALL_CLOSE, i);
		if (closed->pid == parent) {
			g_assert_cmpuint(closed->socket, ==, connection);
			if (closed->time_ns < child_ns)
				g_assert_true(closed->kernel_state == TCP_STATE_ESTABLISHED ||
					      closed->kernel_state == TCP_STATE_CLOSE_WAIT);
			seen++;
		} else if (closed->socket == connection) {
			seen++;
		} else {
			g_assert_cmpint(closed->kernel_state, ==, TCP_STATE_LISTEN);
			seen++;
		}
	}
	g_assert_cmpuint(seen, ==, 3);
}

static void
test_static(void)
{
	g_autofree char *path = tracee_path("peer-static");
	if (!g_file_test(path, G_FILE_TEST_IS_EXECUTABLE)) {
		g_test_skip("MISSING: no static libc here (libc6-dev's libc.a), static programs "
			    "were not tried");
		return;
	}
	g_autoptr(Run) run =
	    run_commands("peer-static tcp-server @", "peer-static tcp-client @ 3", free_port());
	assert_good(run);
	assert_sequence(run, ROLE_SERVER,
			"socket bind listen accept recv send recv send recv send recv close");
}

static void
test_http(void)
{
	g_autofree char *python = g_find_program_in_path("python3");
	g_autofree char *curl = g_find_program_in_path("curl");
	if (!python || !curl) {
		g_test_skip("MISSING: python3 or curl is not installed");
		return;
	}
	g_autoptr(Run) run =
	    run_commands("$python3 -m http.server -d " SOURCE_DIR " --bind 127.0.0.1 @",
			 "$curl -s http://127.0.0.1:@/LICENSE", free_port());

	g_assert_cmpstr(run->problem, ==, NULL);
	g_assert_cmpint(run->status[ROLE_CLIENT], ==, 0);
	g_assert_cmpint(run->status[ROLE_SERVER], ==, 0); /* by SIGINT: it serves for ever */
	g_assert_cmpint(run->signal[ROLE_SERVER], ==, SIGINT);
	g_assert_nonnull(strstr(run->output, "MIT License"));
	g_assert_cmpint(server_return(run, CALL_ACCEPT4, 0)->peer.port, ==,
			client_return(run, CALL_CONNECT, 0)->local.port);
	g_assert_cmpint(client_return(run, CALL_CONNECT, 0)->peer.port, ==,
			run->started.local.port);
	g_assert_cmpuint(run_count(run, ROLE_CLIENT, CALL_POLL, CALL_RETURN), >, 0);
}

/* The client comes though the server does not wait for it yet. */
static void
test_late_accept(void)
{
	g_autoptr(Run) run = run_commands("odd late-accept @", "odd one-byte @", free_port());

	assert_good(run);
	assert_sequence(run, ROLE_SERVER, "socket bind listen accept recv close");
	g_assert_cmpint(client_return(run, CALL_CONNECT, 0)->time_ns, <,
			run_find(run, ROLE_SERVER, CALL_ACCEPT, CALL_ENTRY, 0)->time_ns);
	/* the client closed nothing: the kernel did */
	const CallRecord *end = run_find(run, ROLE_CLIENT, CALL_EXIT, CALL_ENTRY, 0);
	g_assert_cmpuint(end->socket, ==, client_return(run, CALL_CONNECT, 0)->socket);
	g_assert_cmpint(end->kernel_state, ==, TCP_STATE_ESTABLISHED);
}

/* A server that takes another way to its accept: a daemon, a shell, an exec in a thread. */
static void
test_ways(gconstpointer server)
{
	g_autoptr(Run) run = run_commands(server, "odd one-byte @", free_port());
	guint received = run_count(run, ROLE_SERVER, CALL_RECV, CALL_RETURN);

	assert_good(run);
	g_assert_cmpuint(run_count(run, ROLE_SERVER, CALL_ACCEPT, CALL_RETURN), ==, 1);
	/* before an exec() another thread waits in one, if it had the time to begin */
	g_assert_cmpuint(received, <=, strstr(server, "exec") ? 2 : 1);
	assert_text(server_return(run, CALL_RECV, received - 1), "recv(4, 1 B)", "1 B");
}

/* What the program sees is what is shown: EINTR where a handler without
 * SA_RESTART ran, and nothing of it where the kernel lets the call go on. */
static void
test_interrupted(void)
{
	g_autoptr(Run) run = run_commands("odd interrupted @", "odd late-client @", free_port());

	assert_good(run);
	g_assert_cmpuint(run_count(run, ROLE_SERVER, CALL_ACCEPT, CALL_RETURN), ==, 3);
	g_assert_cmpint(server_return(run, CALL_ACCEPT, 0)->result, ==, -EINTR);
	g_assert_cmpint(server_return(run, CALL_ACCEPT, 1)->result, >=, 0);
	g_assert_cmpint(server_return(run, CALL_ACCEPT, 2)->result, >=, 0);
	/* a stop of 50 ms does not make 200 ms longer */
	const CallRecord *began = run_find(run, ROLE_SERVER, CALL_POLL, CALL_ENTRY, 0);
	const CallRecord *ended = server_return(run, CALL_POLL, 0);
	g_assert_cmpuint(run_count(run, ROLE_SERVER, CALL_POLL, CALL_RETURN), ==, 1);
	g_assert_cmpint(ended->result, ==, 0);
	g_assert_cmpint(ended->time_ns - began->time_ns, >=, 200 * 1000000);
}

/* "recv 1 slept, poll 0, ": the returns of a role's calls that can wait. */
static char *
waits_of(const Run *run, CallRole role)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < run->calls->len; i++) {
		const CallRecord *call = &g_array_index(run->calls, CallRecord, i);
		g_autofree char *result = call_result_to_string(call);

		if (call->phase != CALL_RETURN || call->role != role || !call_can_wait(call->name))
			continue;
		g_assert_cmpint(call->wait, !=, CALL_WAIT_UNKNOWN);
		g_string_append_printf(text, "%s %s%s, ", call_name(call->name), result,
				       call->wait == CALL_WAIT_SLEPT ? " slept" : "");
	}
	return g_string_free(text, FALSE);
}

/* The kernel's word on which calls slept, also where a wait is for a wait, and where the call's
 * end was none of its own. */
static void
test_waits(void)
{
	g_autoptr(Run) run = run_commands("waits server @", "waits client @", free_port());
	g_autofree char *server = waits_of(run, ROLE_SERVER);
	g_autofree char *client = waits_of(run, ROLE_CLIENT);

	g_assert_cmpstr(run->output, ==, "");
	g_assert_true(g_str_has_prefix(
	    server, "accept 4 slept, poll 0 ready, poll 1 ready: 4 slept, recv 1 B, "
		    "select 1 ready slept, recv 1 B, epoll_wait 1 ready: 4 slept, recv 1 B, "
		    "epoll_wait 1 ready: 6 slept, recv 1 B, poll 1 ready: 7 slept, "
		    "poll 1 ready: 7, "
		    "recv 1 B, recv EAGAIN, recv 1 B slept, "));
	g_assert_true(g_str_has_suffix(
	    server, "recv EAGAIN slept, recv EINTR slept, recv ? slept, recv ? slept, "));
	g_assert_true(g_str_has_prefix(client, "connect 0, send 1 B, send 1 B, send 1 B, "
					       "send 1 B, send 1 B, send 1 B, "
					       "connect EINPROGRESS, send 65536 B, "));
	g_assert_true(
	    g_str_has_suffix(client, ", send EAGAIN, write 65536 B slept, recv EOF slept, "));
}

static void
test_crash(void)
{
	g_autoptr(Run) run = run_commands("many threads @ 1", "odd crash @", free_port());

	g_assert_cmpint(run->status[ROLE_CLIENT], ==, 256 + SIGSEGV);
	g_assert_cmpint(run->status[ROLE_SERVER], ==, 0);
	assert_text(client_return(run, CALL_EXIT, 0), "exit()", "SIGSEGV");
}

/* execve() is told of each socket that it closes, where there is a program to run. */
static void
test_exec_closes(void)
{
	g_autoptr(Run) run = run_commands("odd exec-closes @", "odd end-of-file @", free_port());
	const CallRecord *closed = server_return(run, CALL_EXECVE, 0);

	assert_good(run);
	g_assert_cmpuint(run_count(run, ROLE_SERVER, CALL_EXECVE, CALL_ENTRY), ==, 1);
	g_assert_cmpuint(closed->socket, ==, server_return(run, CALL_ACCEPT4, 0)->accepted);
	g_assert_cmpint(closed->result, ==, 0);
	g_assert_cmpint(closed->last, ==, CALL_LAST_YES);
	/* the listening socket is still there */
	g_assert_cmpuint(run_count(run, ROLE_SERVER, CALL_EXIT, CALL_ENTRY), ==, 1);
	g_assert_cmpuint(server_return(run, CALL_EXIT, 0)->socket, ==,
			 server_return(run, CALL_LISTEN, 0)->socket);
}

/* Where several sockets listen on one port, each ends with its own last descriptor. */
static void
test_same_port(void)
{
	g_autoptr(Run) run = run_commands("odd same-port @", NULL, free_port());

	g_assert_cmpint(run->status[ROLE_SERVER], ==, 0);
	for (guint i = 0; i < 4; i++) {
		const CallRecord *closed = server_return(run, CALL_CLOSE, i);
		g_assert_cmpint(closed->last, ==, i < 2 ? CALL_LAST_NO : CALL_LAST_YES);
		g_assert_cmpint(closed->kernel_state, ==,
				i < 2 ? TCP_STATE_LISTEN : TCP_STATE_CLOSED);
	}
}

/* The end of a process is told once of each socket that it left, whichever of its threads ended it,
 * however many descriptors there are; and what it was. */
static void
test_end(gconstpointer how)
{
	const gboolean killed = strstr(how, "killed") != NULL;
	const gint64 status = killed ? 256 + SIGKILL : 3;
	g_autofree char *server = g_strdup_printf("odd %s @", (const char *)how);
	g_autoptr(Run) run = run_commands(server, "odd one-byte @", free_port());

	g_assert_cmpint(run->status[ROLE_SERVER], ==, status);
	/* the listening one and the connection */
	g_assert_cmpuint(run_count(run, ROLE_SERVER, CALL_EXIT, CALL_ENTRY), ==, 2);
	g_assert_cmpuint(run_count(run, ROLE_SERVER, CALL_EXIT, CALL_RETURN), ==, 2);
	for (guint i = 0; i < 2; i++) {
		const CallRecord *entry = run_find(run, ROLE_SERVER, CALL_EXIT, CALL_ENTRY, i);
		const CallRecord *gone = server_return(run, CALL_EXIT, i);
		g_assert_cmpint(entry->result, ==, status);
		g_assert_cmpint(gone->result, ==, status);
		g_assert_cmpint(gone->last, ==, CALL_LAST_YES);
	}
}

/* It serves for ever, and takes neither SIGINT nor SIGTERM: each has its time. */
static void
test_stubborn(void)
{
	const guint port = free_port();
	g_auto(GStrv) server = command("odd stubborn @", port);
	g_auto(GStrv) client = command("odd one-byte @", port);
	const TracerOptions options = { .programs[0].argv = server,
					.programs[1].argv = client,
					.linger_ms = 300 };
	const gint64 start = g_get_monotonic_time();
	g_autoptr(Run) run = run_options(&options);

	g_assert_cmpint(g_get_monotonic_time() - start, >=, 3 * 300 * 1000);
	g_assert_cmpstr(run->problem, ==, NULL);
	g_assert_cmpint(run->status[ROLE_SERVER], ==, 256 + SIGKILL);
	g_assert_cmpint(run->signal[ROLE_SERVER], ==, SIGKILL);
	g_assert_cmpint(run->signal[ROLE_CLIENT], ==, 0);
}

/* Servers that do not come to serve. */

static void
assert_problem(const char *server, const char *client, guint port, const char *says)
{
	g_autoptr(Run) run = run_commands(server, client, port);

	g_assert_nonnull(run->problem);
	if (!strstr(run->problem, says))
		g_error("\"%s\" does not say \"%s\"", run->problem, says);
}

static void
test_failures(void)
{
	const guint port = free_port();

	assert_problem("$no-such-server x", "$true", port, "no-such-server");
	assert_problem("/no/such/server x", "$true", port, "/no/such/server");
	assert_problem("/etc/passwd x", "$true", port, "may not be executed");
	assert_problem("peer tcp-server @", "$no-such-client", port, "no-such-client");
	assert_problem("$false", "$true", port, "“false” ended (exit status 1)");
	assert_problem("odd kill @", "$true", port, "killed by SIGKILL");
	assert_problem("odd udp-nothing @", "$true", port, "exit status 2");
}

static void
test_port_taken(void)
{
	const guint port = free_port();
	g_autofree char *says = g_strdup_printf("bind(3, 127.0.0.1:%u) failed: EADDRINUSE", port);
	g_autoptr(Tracer) other = NULL;
	g_autofree char *number = g_strdup_printf("%u", port);
	const char *argv[] = { "tcp", number, NULL };
	const TracerOptions options = {
		.programs[0] = { .argv = (char **)argv, .main = scenario_find("tcp")->server },
		.output_fds = { -1, -1 },
	};

	other = tracer_new(&options, NULL);
	tracer_start(other);
	/* without a client too it says when the server listens */
	g_assert_cmpint(await_message(other, TRACER_SERVER_WAITS, 0).local.port, ==, port);
	assert_problem("peer tcp-server @", "$true", port, says);
}

static void
test_never_listens(void)
{
	g_auto(GStrv) server = command("odd sleep @", 1);
	g_auto(GStrv) client = command("$true", 1);
	const TracerOptions options = { .programs[0].argv = server,
					.programs[1].argv = client,
					.server_wait_ms = 300 };
	const gint64 start = g_get_monotonic_time();
	g_autoptr(Run) run = run_options(&options);

	g_assert_nonnull(run->problem);
	g_assert_nonnull(strstr(run->problem, "has not listened"));
	g_assert_cmpint(g_get_monotonic_time() - start, <, 3 * G_USEC_PER_SEC);
}

/* The end of everything. */

static gboolean
gone(gint32 pid)
{
	for (guint i = 0; i < 300; i++) {
		waitpid(pid, NULL, WNOHANG); /* an orphan may have come to us */
		if (kill(pid, 0) < 0 && errno == ESRCH)
			return TRUE;
		g_usleep(10000);
	}
	return FALSE;
}

static Tracer *
start_stubborn(gint32 *pid)
{
	g_auto(GStrv) argv = command("odd stubborn @", free_port());
	const TracerOptions options = { .programs[0].argv = argv, .output_fds = { -1, -1 } };
	Tracer *tracer = tracer_new(&options, NULL);

	tracer_start(tracer);

	*pid = await_message(tracer, TRACER_SERVER_WAITS, 0).pid;
	g_assert_cmpint(kill(*pid, 0), ==, 0);
	return tracer;
}

static void
test_free(void)
{
	gint32 pid;
	Tracer *tracer = start_stubborn(&pid);
	const gint64 start = g_get_monotonic_time();

	tracer_free(tracer);
	g_assert_cmpint(g_get_monotonic_time() - start, <, 2 * G_USEC_PER_SEC);
	g_assert_true(gone(pid));
}

static void
test_free_held(void)
{
	Tracer *tracer = start_demo(free_port(), TRUE);
	const gint32 pid = await_message(tracer, TRACER_CALL, CALL_HELD).pid;

	tracer_free(tracer);
	g_assert_true(gone(pid));
}

/* We are killed: nobody tells the tracer, and yet nothing is left. */
static void
test_parent_killed(void)
{
	int ends[2];
	gint32 pid = 0;

	g_assert_cmpint(pipe(ends), ==, 0);
	const pid_t child = fork();
	if (child == 0) {
		start_stubborn(&pid);
		if (write(ends[1], &pid, sizeof(pid)) == sizeof(pid))
			pause();
		_exit(1);
	}
	/* what becomes an orphan comes to us and not to a process 1 that may not wait */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	g_assert_cmpint(read(ends[0], &pid, sizeof(pid)), ==, sizeof(pid));
	g_assert_cmpint(kill(pid, 0), ==, 0);
	kill(child, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0) /* and they all end: ctest's clock runs */
		;
	prctl(PR_SET_CHILD_SUBREAPER, 0);
	g_assert_true(gone(pid));
	close(ends[0]);
	close(ends[1]);
}

static pid_t
child_of(pid_t parent)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/task/%d/children", parent, parent);
	g_autofree char *text = NULL;

	return g_file_get_contents(path, &text, NULL, NULL) ? atoi(text) : 0;
}

static void
test_tracer_killed(void)
{
	gint32 pid;
	TracerMessage message;
	g_autoptr(Tracer) tracer = start_stubborn(&pid);
	struct pollfd fd = { .fd = tracer_fd(tracer), .events = POLLIN };

	const pid_t process = child_of(getpid());
	if (process == 0) {
		g_test_skip("MISSING: this kernel has no /proc/PID/task/TID/children");
		return;
	}
	prctl(PR_SET_CHILD_SUBREAPER, 1); /* process 1 of a container may not wait for orphans */
	kill(process, SIGKILL);
	do
		g_assert_cmpint(poll(&fd, 1, 5000), ==, 1);
	while (!tracer_read(tracer, &message) || message.kind == TRACER_CALL);
	g_assert_cmpint(message.kind, ==, TRACER_FAILED);
	g_assert_nonnull(strstr(message.problem, "ended unexpectedly"));
	g_assert_false(tracer_read(tracer, &message));
	g_assert_true(gone(pid));
	prctl(PR_SET_CHILD_SUBREAPER, 0);
}

static void
test_probe(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(tracer_probe(&error));
	g_assert_no_error(error);
}

/* The demo as somebody who was root and gave it up, without an exec: such a
 * process is not dumpable, and so are its children. */
static void
test_dropped(void)
{
	int status;

	const pid_t child = fork();
	if (child == 0) {
		if (setresgid(65534, 65534, 65534) < 0 || setresuid(65534, 65534, 65534) < 0)
			_exit(2);
		test_tcp_demo();
		test_udp_demo();
		_exit(0);
	}
	g_assert_cmpint(waitpid(child, &status, 0), ==, child);
	g_assert_cmpint(status, ==, 0);
}

/* All of this once more as an ordinary user, where we are root. */
static void
test_as_user(void)
{
	char name[] = "test-tracer";
	char *argv[] = { name, NULL };
	int status;

	const pid_t child = fork();
	if (child == 0) {
		if (setresgid(65534, 65534, 65534) < 0 || setresuid(65534, 65534, 65534) < 0)
			_exit(2);
		dup2(STDERR_FILENO, STDOUT_FILENO); /* the TAP is our own */
		execv(BINARY_DIR "/tests/unit/test-tracer", argv);
		_exit(77);
	}
	g_assert_cmpint(waitpid(child, &status, 0), ==, child);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		g_error("An ordinary user cannot enter " BINARY_DIR
			": run tests/all.py, which opens a way.");
	g_assert_cmpint(status, ==, 0);
}

int
main(int argc, char **argv)
{
	/* LeakSanitizer cannot run in a traced process */
	g_setenv("ASAN_OPTIONS", "detect_leaks=0", TRUE);
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/tracer/probe", test_probe);
	g_test_add_func("/tracer/tcp", test_tcp_demo);
	g_test_add_func("/tracer/udp", test_udp_demo);
	g_test_add_data_func("/tracer/order/tcp", "tcp", test_order);
	g_test_add_data_func("/tracer/order/udp", "udp", test_order);
	g_test_add_func("/tracer/out-of-turn", test_out_of_turn);
	g_test_add_func("/tracer/hold", test_hold);
	g_test_add_func("/tracer/release", test_release);
	g_test_add_func("/tracer/client-waits", test_client_waits);
	g_test_add_data_func("/tracer/exchanges/tcp", "tcp", test_exchanges);
	g_test_add_data_func("/tracer/exchanges/udp", "udp", test_exchanges);
	g_test_add_data_func("/tracer/many/threads", "many threads @ 5", test_many);
	g_test_add_data_func("/tracer/many/forks", "many forks @ 5", test_many);
	g_test_add_func("/tracer/shared-close", test_shared_close);
	g_test_add_func("/tracer/static", test_static);
	g_test_add_func("/tracer/http", test_http);
	g_test_add_func("/tracer/late-accept", test_late_accept);
	g_test_add_data_func("/tracer/ways/daemon", "odd daemon @", test_ways);
	g_test_add_data_func("/tracer/ways/shell", "odd shell @", test_ways);
	g_test_add_data_func("/tracer/ways/exec", "odd exec-in-thread @", test_ways);
	g_test_add_func("/tracer/interrupted", test_interrupted);
	g_test_add_func("/tracer/waits", test_waits);
	g_test_add_func("/tracer/crash", test_crash);
	g_test_add_func("/tracer/same-port", test_same_port);
	g_test_add_func("/tracer/exec-closes", test_exec_closes);
	g_test_add_data_func("/tracer/end/exit", "end-in-thread", test_end);
	g_test_add_data_func("/tracer/end/killed", "killed-in-thread", test_end);
	g_test_add_func("/tracer/stubborn", test_stubborn);
	g_test_add_func("/tracer/failures", test_failures);
	g_test_add_func("/tracer/port-taken", test_port_taken);
	g_test_add_func("/tracer/never-listens", test_never_listens);
	g_test_add_func("/tracer/free", test_free);
	g_test_add_func("/tracer/free-held", test_free_held);
	g_test_add_func("/tracer/parent-killed", test_parent_killed);
	g_test_add_func("/tracer/tracer-killed", test_tracer_killed);
	if (geteuid() == 0) {
		g_test_add_func("/tracer/dropped", test_dropped);
		g_test_add_func("/tracer/as-user", test_as_user);
	}
	return g_test_run();
}
