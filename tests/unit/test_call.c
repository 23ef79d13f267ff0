/* SPDX-License-Identifier: MIT */
/* test_call.c - socket calls as text, and as comments of a recording and back. */
#include <fcntl.h>
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>

#include "pktladder/call.h"

static Endpoint
v4(const char *address, guint16 port)
{
	guint8 bytes[4];
	g_assert_cmpint(inet_pton(AF_INET, address, bytes), ==, 1);
	return endpoint_make(4, bytes, port);
}

static Endpoint
v6(const char *address, guint16 port)
{
	guint8 bytes[16];
	g_assert_cmpint(inet_pton(AF_INET6, address, bytes), ==, 1);
	return endpoint_make(6, bytes, port);
}

static void
assert_shown(CallRecord call, const char *full, const char *brief)
{
	g_autofree char *is_full = call_to_string(&call, CALL_FULL);
	g_autofree char *is_brief = call_to_string(&call, CALL_SHORT);
	g_autofree char *is_name = call_to_string(&call, CALL_NAME_ONLY);

	g_assert_cmpstr(is_full, ==, full);
	g_assert_cmpstr(is_brief, ==, brief);
	g_assert_cmpstr(is_name, ==, call_name(call.name));
}

#define CALL(name_, fd_, size_, ...)                                                               \
	((CallRecord){ .name = (name_), .fd = (fd_), .size = (size_), __VA_ARGS__ })

static void
test_text(void)
{
	const Endpoint server = v4("127.0.0.1", 5000);

	assert_shown(CALL(CALL_SOCKET, -1, -1, .version = 4, .flags = SOCK_STREAM),
		     "socket(AF_INET, SOCK_STREAM)", "socket(AF_INET)");
	assert_shown(CALL(CALL_SOCKET, -1, 262, .version = 4, .flags = SOCK_STREAM),
		     "socket(AF_INET, SOCK_STREAM, IPPROTO_MPTCP)", "socket(AF_INET)");
	assert_shown(CALL(CALL_SOCKET, 3, -1, .version = 6,
			  .flags = SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK),
		     "socket(AF_INET6, SOCK_DGRAM|SOCK_CLOEXEC|SOCK_NONBLOCK)", "socket(AF_INET6)");
	assert_shown(CALL(CALL_BIND, 3, -1, .has_address = TRUE, .address = v6("::1", 80)),
		     "bind(3, [::1]:80)", "bind(3)");
	assert_shown(CALL(CALL_CONNECT, 3, -1, .has_address = TRUE, .address = server),
		     "connect(3, 127.0.0.1:5000)", "connect(3)");
	assert_shown(CALL(CALL_CONNECT, 3, -1), "connect(3)", "connect(3)");
	assert_shown(CALL(CALL_LISTEN, 3, -1, .flags = 16), "listen(3, 16)", "listen(3)");
	assert_shown(CALL(CALL_ACCEPT, 3, -1, .has_address = TRUE, .address = server), "accept(3)",
		     "accept(3)");
	assert_shown(CALL(CALL_ACCEPT4, 3, -1, .flags = SOCK_CLOEXEC), "accept4(3, SOCK_CLOEXEC)",
		     "accept4(3)");
	assert_shown(CALL(CALL_SEND, 4, 12), "send(4, 12 B)", "send(4)");
	assert_shown(CALL(CALL_SENDTO, 3, 5, .has_address = TRUE, .address = v4("127.0.0.1", 9)),
		     "sendto(3, 5 B, 127.0.0.1:9)", "sendto(3)");
	assert_shown(CALL(CALL_SEND, 3, 5, .flags = MSG_NOSIGNAL | MSG_MORE | 1 << 30),
		     "send(3, 5 B, MSG_NOSIGNAL|MSG_MORE|MSG_CMSG_CLOEXEC)", "send(3)");
	assert_shown(CALL(CALL_RECV, 4, 4096), "recv(4, 4096 B)", "recv(4)");
	/* where the sender was written is no argument that a reader knows */
	assert_shown(CALL(CALL_RECVFROM, 3, 9, .has_address = TRUE, .address = server),
		     "recvfrom(3, 9 B)", "recvfrom(3)");
	assert_shown(CALL(CALL_SHUTDOWN, 3, -1, .flags = SHUT_WR), "shutdown(3, SHUT_WR)",
		     "shutdown(3)");
	assert_shown(CALL(CALL_SHUTDOWN, 3, -1, .flags = 77), "shutdown(3, 77)", "shutdown(3)");
	assert_shown(CALL(CALL_SPLICE, 5, 9, .flags = SPLICE_F_MOVE | SPLICE_F_MORE),
		     "splice(5, 9 B, SPLICE_F_MOVE|SPLICE_F_MORE)", "splice(5)");
	assert_shown(CALL(CALL_DUP, 3, -1), "dup(3)", "dup(3)");
	assert_shown(CALL(CALL_DUP2, 3, 0, .flags = 4), "dup2(3, 4)", "dup2(3)");
	assert_shown(CALL(CALL_DUP2, 3, CALL_COPIED_OVER, .flags = 4), "dup2(4, 3)", "dup2(4)");
	assert_shown(CALL(CALL_DUP2, 3, 0, .flags = -1), "dup2(3, -1)", "dup2(3)");
	assert_shown(CALL(CALL_DUP2, 3, CALL_COPIED_OVER, .flags = -1), "dup2(-1, 3)", "dup2(-1)");
	assert_shown(CALL(CALL_DUP3, 3, 1 << 30, .flags = 4), "dup3(3, 4, 0x40000000)", "dup3(3)");
	assert_shown(CALL(CALL_DUP3, 3, O_CLOEXEC, .flags = 4), "dup3(3, 4, O_CLOEXEC)", "dup3(3)");
	assert_shown(CALL(CALL_FCNTL, 3, 10, .flags = F_DUPFD), "fcntl(3, F_DUPFD, 10)",
		     "fcntl(3)");
	assert_shown(CALL(CALL_FCNTL, 3, 0, .flags = F_DUPFD_CLOEXEC),
		     "fcntl(3, F_DUPFD_CLOEXEC, 0)", "fcntl(3)");
	assert_shown(CALL(CALL_CLOSE_RANGE, 5, 7, .flags = 3), "close_range(3, 7)",
		     "close_range(3)");
	assert_shown(
	    CALL(CALL_CLOSE_RANGE, 5, G_GINT64_CONSTANT(2) << 32 | G_MAXUINT32, .flags = 3),
	    "close_range(3, ~0U, CLOSE_RANGE_UNSHARE)", "close_range(3)");
	assert_shown(CALL(CALL_SETSOCKOPT, 3, -1, .flags = SOL_SOCKET << 16 | SO_REUSEADDR),
		     "setsockopt(3, SOL_SOCKET, SO_REUSEADDR)", "setsockopt(3)");
	assert_shown(CALL(CALL_GETSOCKOPT, 3, -1, .flags = IPPROTO_TCP << 16 | TCP_NODELAY),
		     "getsockopt(3, IPPROTO_TCP, TCP_NODELAY)", "getsockopt(3)");
	assert_shown(CALL(CALL_GETSOCKOPT, 3, -1, .flags = 300 << 16 | 999),
		     "getsockopt(3, 300, 999)", "getsockopt(3)");
	assert_shown(CALL(CALL_POLL, 3, 500), "poll(3, 500 ms)", "poll(3)");
	assert_shown(CALL(CALL_EPOLL_WAIT, 3, -1), "epoll_wait(3)", "epoll_wait(3)");
	assert_shown(CALL(CALL_SENDMSG, 6, CALL_PASSES, .flags = 3), "sendmsg(3, SCM_RIGHTS [6])",
		     "sendmsg(3)");
	assert_shown(CALL(CALL_RECVMSG, 6, CALL_PASSES, .flags = 3), "recvmsg(3, SCM_RIGHTS [6])",
		     "recvmsg(3)");
	assert_shown(CALL(CALL_EXECVE, 3, -1), "execve()", "execve()");
	assert_shown(CALL(CALL_EXIT, 3, -1), "exit()", "exit()");
	assert_shown(CALL(CALL_PROCESS, 3, -1), "(process the request)", "(process the request)");
	assert_shown(CALL(250, 3, -1), "?(3)", "?(3)"); /* a file may hold anything */
}

static void
assert_result(CallRecord call, const char *text)
{
	g_autofree char *is = call_result_to_string(&call);
	g_assert_cmpstr(is, ==, text);
}

static void
test_result(void)
{
	assert_result(CALL(CALL_CONNECT, 3, -1, .result = 0), "0");
	assert_result(CALL(CALL_CONNECT, 3, -1, .result = -ECONNREFUSED), "ECONNREFUSED");
	assert_result(CALL(CALL_ACCEPT, 3, -1, .result = 4), "4");
	assert_result(CALL(CALL_SEND, 3, 12, .result = 12), "12 B");
	assert_result(CALL(CALL_SEND, 3, 0, .result = 0), "0 B");
	assert_result(CALL(CALL_RECV, 3, 9, .transport = TRANSPORT_TCP, .result = 0), "EOF");
	assert_result(CALL(CALL_RECV, 3, 0, .transport = TRANSPORT_TCP, .result = 0), "0 B");
	/* an empty datagram is no end of file */
	assert_result(CALL(CALL_RECV, 3, 9, .transport = TRANSPORT_UDP, .result = 0), "0 B");
	assert_result(CALL(CALL_SENDMMSG, 3, -1, .result = 2), "2 msg");
	assert_result(CALL(CALL_POLL, 3, -1, .result = 2), "2 ready");
	assert_result(CALL(CALL_EPOLL_WAIT, 3, -1, .flags = 7, .result = 1), "1 ready: 7");
	assert_result(CALL(CALL_SPLICE, 3, 9, .transport = TRANSPORT_TCP), "EOF");
	assert_result(CALL(CALL_EXIT, 3, -1, .result = 3), "3");
	assert_result(CALL(CALL_EXIT, 3, -1, .result = 256 + SIGTERM), "SIGTERM");
	assert_result(CALL(CALL_CLOSE, 3, -1, .result = -4000), "errno 4000");
}

static void
test_names(void)
{
	for (guint name = CALL_NONE + 1; name < N_CALLS; name++)
		g_assert_cmpuint(call_name_from(call_name(name)), ==, name);
	g_assert_cmpuint(call_name_from("fork"), ==, CALL_NONE);
	g_assert_cmpuint(call_name_from("?"), ==, CALL_NONE);
	g_assert_cmpstr(call_errno_name(ECONNREFUSED), ==, "ECONNREFUSED");
	g_assert_cmpstr(call_errno_name(9999), ==, "errno 9999");
	g_assert_cmpstr(call_errno_name(-1), ==, "errno -1");
	g_assert_cmpint(call_effect(CALL_EPOLL_WAIT), ==, CALL_WAITS);
	g_assert_cmpint(call_effect(CALL_RECV), ==, CALL_RECEIVES);
}

static void
assert_equal(const CallRecord *a, const CallRecord *b)
{
	g_assert_cmpint(a->time_ns, ==, b->time_ns);
	g_assert_cmpuint(a->id, ==, b->id);
	g_assert_cmpuint(a->phase, ==, b->phase);
	g_assert_cmpuint(a->name, ==, b->name);
	g_assert_cmpuint(a->role, ==, b->role);
	g_assert_cmpuint(a->transport, ==, b->transport);
	g_assert_cmpuint(a->version, ==, b->version);
	g_assert_cmpuint(a->kernel_state, ==, b->kernel_state);
	g_assert_cmpuint(a->last, ==, b->last);
	g_assert_cmpint(!!a->has_address, ==, !!b->has_address);
	g_assert_cmpint(a->pid, ==, b->pid);
	g_assert_cmpint(a->tid, ==, b->tid);
	g_assert_cmpint(a->fd, ==, b->fd);
	g_assert_cmpint(a->flags, ==, b->flags);
	g_assert_cmpint(a->size, ==, b->size);
	g_assert_cmpint(a->result, ==, b->result);
	g_assert_cmpuint(a->socket, ==, b->socket);
	g_assert_cmpuint(a->accepted, ==, b->accepted);
	g_assert_true(endpoint_equal(&a->local, &b->local));
	g_assert_true(endpoint_equal(&a->peer, &b->peer));
	g_assert_true(endpoint_equal(&a->address, &b->address));
}

static void
assert_comes_back(const CallRecord *call)
{
	g_autofree char *text = call_to_comment(call);
	CallRecord back;

	g_assert_cmpuint(strlen(text), <, 1024);
	for (const char *c = text; *c; c++)
		g_assert_true(g_ascii_isprint(*c));
	memset(&back, 0xa5, sizeof(back));
	if (!call_from_comment(text, strlen(text), &back))
		g_error("not read back: %s", text);
	assert_equal(call, &back);
}

static void
test_comment(void)
{
	CallRecord call = {
		.time_ns = G_GINT64_CONSTANT(1790000000123456789),
		.id = 7,
		.phase = CALL_RETURN,
		.name = CALL_CONNECT,
		.role = ROLE_CLIENT,
		.transport = TRANSPORT_TCP,
		.version = 4,
		.kernel_state = 1,
		.has_address = TRUE,
		.pid = 41,
		.tid = 42,
		.fd = 3,
		.size = -1,
		.socket = 0x4001,
		.local = v4("127.0.0.1", 40000),
		.peer = v4("127.0.0.1", 5000),
		.address = v4("127.0.0.1", 5000),
	};
	g_autofree char *text = call_to_comment(&call);

	g_assert_cmpstr(
	    text, ==,
	    "pktladder: client connect(3, 127.0.0.1:5000) = 0 (ESTABLISHED) | v=2 "
	    "t=1790000000.123456789 id=7 phase=return role=client call=connect pid=41 tid=42 fd=3 "
	    "transport=tcp ip=4 state=1 socket=4001 local=127.0.0.1:40000 peer=127.0.0.1:5000 "
	    "address=127.0.0.1:5000");
	assert_comes_back(&call);
	call.result = CALL_CUT_OFF;
	call.wait = CALL_WAIT_SLEPT;
	g_autofree char *cut_off = call_to_comment(&call);
	g_assert_nonnull(strstr(cut_off, "connect(3, 127.0.0.1:5000) = ? (ESTABLISHED) | v=2 "));
	g_assert_true(g_str_has_suffix(cut_off, " wait=slept"));
	g_assert_cmpint(call_errno(&call), ==, 0);
	assert_comes_back(&call);
}

static gint64
any_of(const gint64 *values, guint n)
{
	return values[g_test_rand_int_range(0, (int)n)];
}

static Endpoint
any_endpoint(void)
{
	guint8 bytes[16];
	const guint16 port = (guint16)g_test_rand_int_range(0, 65536);

	for (guint i = 0; i < sizeof(bytes); i++)
		bytes[i] = (guint8)(g_test_rand_bit() ? g_test_rand_int_range(0, 256) : 0);
	switch (g_test_rand_int_range(0, 4)) {
	case 0:
		return (Endpoint){ 0 };
	case 1:
		return endpoint_make(4, bytes, port);
	case 2:
		return v6("::ffff:10.1.2.3", port); /* becomes IPv4 */
	default:
		return endpoint_make(6, bytes, port);
	}
}

/* Every field with its extremes and usual values, in any combination. */
static void
test_comment_any(void)
{
	const gint64 numbers32[] = { 0, -1, 1, G_MININT32, G_MAXINT32, 4096 };
	const gint64 numbers64[] = { 0, -1, 1, G_MININT64, G_MAXINT64, 4096 };
	const gint64 results[] = { 0, -1, -4095, -111, G_MAXINT64, 12, 256 + 15, CALL_CUT_OFF };
	const gint64 times[] = { 0, 1, G_GINT64_CONSTANT(1790000000000000009),
				 G_GINT64_CONSTANT(9223372035999999999) };
	const gint64 versions[] = { 0, 4, 6 };

	for (guint i = 0; i < 20000; i++) {
		CallRecord call = {
			.time_ns = any_of(times, G_N_ELEMENTS(times)),
			.id = (guint32)g_test_rand_int(),
			.phase = (guint8)g_test_rand_int_range(CALL_ENTRY, CALL_HELD),
			.name = (guint8)g_test_rand_int_range(CALL_SOCKET, N_CALLS),
			.role = (guint8)g_test_rand_int_range(0, 2),
			.transport = (guint8)g_test_rand_int_range(0, N_TRANSPORTS),
			.version = (guint8)any_of(versions, G_N_ELEMENTS(versions)),
			.kernel_state = (guint8)g_test_rand_int_range(0, 12),
			.last = (guint8)g_test_rand_int_range(0, CALL_LAST_YES + 1),
			.has_address = (guint8)g_test_rand_int_range(0, 2),
			.wait = (guint8)g_test_rand_int_range(0, N_CALL_WAITS),
			.pid = (gint32)any_of(numbers32, G_N_ELEMENTS(numbers32)),
			.tid = (gint32)any_of(numbers32, G_N_ELEMENTS(numbers32)),
			.fd = (gint32)any_of(numbers32, G_N_ELEMENTS(numbers32)),
			.flags = (gint32)any_of(numbers32, G_N_ELEMENTS(numbers32)),
			.size = any_of(numbers64, G_N_ELEMENTS(numbers64)),
			.result = any_of(results, G_N_ELEMENTS(results)),
			.socket = (guint64)any_of(numbers64, G_N_ELEMENTS(numbers64)),
			.accepted = (guint64)any_of(numbers64, G_N_ELEMENTS(numbers64)),
			.local = any_endpoint(),
			.peer = any_endpoint(),
		};
		if (call.has_address)
			call.address = any_endpoint();
		assert_comes_back(&call);
	}
}

#define GOOD                                                                                       \
	"pktladder: client close(3) begins | v=1 t=1.000000002 id=7 phase=entry role=client "      \
	"call=close"

static gboolean
is_read(const char *text)
{
	CallRecord call = { .id = 99 };
	const gboolean read = call_from_comment(text, strlen(text), &call);

	g_assert_cmpuint(call.id, ==, read ? 7 : 99); /* untouched where it is no call */
	return read;
}

static void
test_comment_foreign(void)
{
	static const char *const bad[] = {
		"",
		"a comment of somebody's own",
		"pktladder: ",
		"pktladder: a note without fields",
		"x" GOOD,
		GOOD " ",
		" " GOOD,
		GOOD "  fd=3",
		GOOD " fd",
		GOOD " =3",
		GOOD " fd=",
		GOOD " fd=3x",
		GOOD " fd=+3",
		GOOD " fd=2147483648",
		GOOD " fd=3 fd=3",
		GOOD " id=7",
		GOOD " size=9223372036854775808",
		GOOD " result=-4096",
		GOOD " state=12",
		GOOD " ip=5",
		GOOD " ip=-4",
		GOOD " transport=sctp",
		GOOD " wait=often",
		GOOD " socket=10000000000000000",
		GOOD " socket=-1",
		GOOD " local=127.0.0.1:65536",
		GOOD " local=127.0.0.1:",
		GOOD " local=127.0.0.1:65536",
		GOOD " local=127.0.0:80",
		GOOD " local=[::1]",
		GOOD " local=[::1",
		GOOD " local=[::1]80",
		GOOD " local=[::g]:80",
		GOOD " local=",
		"pktladder: | v=3 t=1.000000002 id=7 phase=entry role=client call=close",
		"pktladder: | v=1 id=7 phase=entry role=client call=close",
		"pktladder: | v=1 t=1.000000002 phase=entry role=client call=close",
		"pktladder: | v=1 t=1.00000002 id=7 phase=entry role=client call=close",
		"pktladder: | v=1 t=1 id=7 phase=entry role=client call=close",
		"pktladder: | v=1 t=-1.000000002 id=7 phase=entry role=client call=close",
		"pktladder: | v=1 t=9223372036.999999999 id=7 phase=entry role=client call=close",
		"pktladder: | v=1 t=1.000000002 id=4294967296 phase=entry role=client call=close",
		"pktladder: | v=1 t=1.000000002 id=7 phase=held role=client call=close",
		"pktladder: | v=1 t=1.000000002 id=7 phase=entry role=nobody call=close",
		"pktladder: | v=1 t=1.000000002 id=7 phase=entry role=client call=fork",
	};

	g_assert_true(is_read(GOOD));
	g_assert_true(is_read(GOOD " later=what-is-this another=1"));
	for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
		if (is_read(bad[i]))
			g_error("taken for a call: %s", bad[i]);
	}

	CallRecord call;
	g_assert_false(call_from_comment(GOOD "\0 fd=3", strlen(GOOD) + 6, &call));
	g_autofree char *padding = g_strnfill(1100, 'x');
	g_autofree char *long_text = g_strconcat(GOOD " k=", padding, NULL);
	g_assert_false(call_from_comment(long_text, strlen(long_text), &call));
}

/* Whatever a damaged comment still says, it is read without harm, and what was
 * read is written and read as the same. */
static void
test_comment_damaged(void)
{
	const char *const whole =
	    GOOD " pid=41 tid=42 fd=3 flags=-7 size=12 result=-111 transport=udp ip=6 state=11 "
		 "socket=ff accepted=fe local=[::1]:80 peer=127.0.0.1:9 address=?";
	const gsize length = strlen(whole);
	guint n_read = 0;

	g_assert_true(is_read(whole));
	for (guint i = 0; i < 50000; i++) {
		g_autofree char *text = g_strdup(whole);
		CallRecord call;
		for (int n = g_test_rand_int_range(1, 4); n > 0; n--)
			text[g_test_rand_int_range(0, (int)length)] =
			    (char)g_test_rand_int_range(1, 256);
		if (call_from_comment(text, length, &call)) {
			assert_comes_back(&call);
			n_read++;
		}
	}
	g_assert_cmpuint(n_read, >, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/call/text", test_text);
	g_test_add_func("/call/result", test_result);
	g_test_add_func("/call/names", test_names);
	g_test_add_func("/call/comment", test_comment);
	g_test_add_func("/call/comment-any", test_comment_any);
	g_test_add_func("/call/comment-foreign", test_comment_foreign);
	g_test_add_func("/call/comment-damaged", test_comment_damaged);
	return g_test_run();
}
