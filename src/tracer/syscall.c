/* SPDX-License-Identifier: MIT */
/* syscall.c - the system calls that are socket calls. */
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/close_range.h>
#include <linux/net.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ptrace.h>
#include <sys/select.h>
#include <sys/syscall.h>

#include "proc.h"
#include "syscall.h"

/* Limits of what is read of one call: as many as the kernel takes (UIO_MAXIOV),
 * and for the waits as many descriptors as a process usually may have. */
#define VECTORS_MAX 1024
#define FDS_MAX     65536

/* What a message's control data may hold with all descriptors that the kernel passes at once. */
#define CONTROL_MAX 65536

/* How the arguments stand: calls of one shape are read alike. */
enum {
	SHAPE_FD,         /* fd, and nothing that is shown */
	SHAPE_SOCKET,     /* domain, type, protocol */
	SHAPE_NUMBER,     /* fd, a number: listen, shutdown */
	SHAPE_ADDRESS,    /* fd, address, its size */
	SHAPE_NAME,       /* fd, where to write an address, where its size */
	SHAPE_ACCEPT4,    /* the same, flags */
	SHAPE_SENDTO,     /* fd, buffer, size, flags, address, its size */
	SHAPE_RECVFROM,   /* fd, buffer, size, flags, where to write an address, where its size */
	SHAPE_MESSAGE,    /* fd, msghdr, flags */
	SHAPE_MESSAGES,   /* fd, mmsghdrs, how many, flags */
	SHAPE_BUFFER,     /* fd, buffer, size */
	SHAPE_VECTOR,     /* fd, iovecs, how many */
	SHAPE_SENDFILE,   /* to, from, offset, size */
	SHAPE_SPLICE,     /* from, offset, to, offset, size, flags */
	SHAPE_OPTION,     /* fd, level, option, ... */
	SHAPE_RANGE,      /* first, last, flags */
	SHAPE_EXEC,       /* path, arguments, environment */
	SHAPE_EXECAT,     /* directory, path, arguments, environment, flags */
	SHAPE_COPY,       /* from, to, flags */
	SHAPE_COMMAND,    /* fd, command, its argument */
	SHAPE_POLL,       /* pollfds, how many, milliseconds */
	SHAPE_PPOLL,      /* pollfds, how many, timespec */
	SHAPE_SELECT,     /* how many, three sets, timeval */
	SHAPE_PSELECT,    /* how many, three sets, timespec */
	SHAPE_EPOLL,      /* epoll fd, events, how many, milliseconds */
	SHAPE_EPOLL_TIME, /* epoll fd, events, how many, timespec */
	SHAPE_RESTART,    /* restart_syscall: none */
	SHAPE_IO_URING,   /* io_uring_setup: refused */
	SHAPE_PTRACE,     /* request, pid, ... */
	SHAPE_MANY,       /* socketcall: which call, where its arguments stand */
};

static const Syscall native_calls[] = {
	{ SYS_socket, CALL_SOCKET, SHAPE_SOCKET },
	{ SYS_bind, CALL_BIND, SHAPE_ADDRESS },
	{ SYS_listen, CALL_LISTEN, SHAPE_NUMBER },
	{ SYS_accept, CALL_ACCEPT, SHAPE_NAME },
	{ SYS_accept4, CALL_ACCEPT4, SHAPE_ACCEPT4 },
	{ SYS_connect, CALL_CONNECT, SHAPE_ADDRESS },
	{ SYS_sendto, CALL_SENDTO, SHAPE_SENDTO },
	{ SYS_sendmsg, CALL_SENDMSG, SHAPE_MESSAGE },
	{ SYS_sendmmsg, CALL_SENDMMSG, SHAPE_MESSAGES },
	{ SYS_write, CALL_WRITE, SHAPE_BUFFER },
	{ SYS_writev, CALL_WRITEV, SHAPE_VECTOR },
	{ SYS_sendfile, CALL_SENDFILE, SHAPE_SENDFILE },
	{ SYS_splice, CALL_SPLICE, SHAPE_SPLICE },
	{ SYS_recvfrom, CALL_RECVFROM, SHAPE_RECVFROM },
	{ SYS_recvmsg, CALL_RECVMSG, SHAPE_MESSAGE },
	{ SYS_recvmmsg, CALL_RECVMMSG, SHAPE_MESSAGES },
	{ SYS_read, CALL_READ, SHAPE_BUFFER },
	{ SYS_readv, CALL_READV, SHAPE_VECTOR },
	{ SYS_shutdown, CALL_SHUTDOWN, SHAPE_NUMBER },
	{ SYS_close, CALL_CLOSE, SHAPE_FD },
	{ SYS_close_range, CALL_CLOSE_RANGE, SHAPE_RANGE },
	{ SYS_execve, CALL_EXECVE, SHAPE_EXEC },
	{ SYS_execveat, CALL_EXECVE, SHAPE_EXECAT },
	{ SYS_dup, CALL_DUP, SHAPE_FD },
#ifdef SYS_dup2
	{ SYS_dup2, CALL_DUP2, SHAPE_COPY },
#endif
	{ SYS_dup3, CALL_DUP3, SHAPE_COPY },
	{ SYS_fcntl, CALL_FCNTL, SHAPE_COMMAND, 1, F_DUPFD },
	{ SYS_fcntl, CALL_FCNTL, SHAPE_COMMAND, 1, F_DUPFD_CLOEXEC },
	{ SYS_getsockname, CALL_GETSOCKNAME, SHAPE_NAME },
	{ SYS_getpeername, CALL_GETPEERNAME, SHAPE_NAME },
	{ SYS_getsockopt, CALL_GETSOCKOPT, SHAPE_OPTION },
	{ SYS_setsockopt, CALL_SETSOCKOPT, SHAPE_OPTION },
#ifdef SYS_poll /* newer machines have only the p-variants */
	{ SYS_poll, CALL_POLL, SHAPE_POLL },
#endif
	{ SYS_ppoll, CALL_POLL, SHAPE_PPOLL },
#ifdef SYS_select
	{ SYS_select, CALL_SELECT, SHAPE_SELECT },
#endif
	{ SYS_pselect6, CALL_SELECT, SHAPE_PSELECT },
#ifdef SYS_epoll_wait
	{ SYS_epoll_wait, CALL_EPOLL_WAIT, SHAPE_EPOLL },
#endif
	{ SYS_epoll_pwait, CALL_EPOLL_WAIT, SHAPE_EPOLL },
	{ SYS_epoll_pwait2, CALL_EPOLL_WAIT, SHAPE_EPOLL_TIME },
	/* what changes a process's descriptors unseen: see tracee.c */
	{ SYS_unshare, CALL_NONE, SHAPE_FD },
	{ SYS_pidfd_getfd, CALL_NONE, SHAPE_FD },
	{ SYS_restart_syscall, CALL_NONE, SHAPE_RESTART },
	{ SYS_ptrace, CALL_NONE, SHAPE_PTRACE },
#ifdef __x86_64__ /* elsewhere the filter refuses it, and nobody is told */
	{ SYS_io_uring_setup, CALL_NONE, SHAPE_IO_URING },
#endif
};

/* The same calls of 32-bit programs on x86-64, and of int 0x80 in any. Words in their structures
 * are of 32 bits, those in times too, but for the calls whose name says otherwise. */
#ifdef __x86_64__
#define SYS32_SOCKETCALL 102 /* which of socketcalls, where its arguments stand */
#define I386(number, call, shape, ...)                                                             \
	{                                                                                          \
		number, CALL_##call, SHAPE_##shape, .narrow = TRUE, __VA_ARGS__                    \
	}
static const Syscall i386_calls[] = {
	I386(359, SOCKET, SOCKET),
	I386(361, BIND, ADDRESS),
	I386(362, CONNECT, ADDRESS),
	I386(363, LISTEN, NUMBER),
	I386(364, ACCEPT4, ACCEPT4),
	I386(365, GETSOCKOPT, OPTION),
	I386(366, SETSOCKOPT, OPTION),
	I386(367, GETSOCKNAME, NAME),
	I386(368, GETPEERNAME, NAME),
	I386(369, SENDTO, SENDTO),
	I386(370, SENDMSG, MESSAGE),
	I386(345, SENDMMSG, MESSAGES),
	I386(371, RECVFROM, RECVFROM),
	I386(372, RECVMSG, MESSAGE),
	I386(337, RECVMMSG, MESSAGES),
	I386(417, RECVMMSG, MESSAGES), /* recvmmsg_time64 */
	I386(373, SHUTDOWN, NUMBER),
	I386(SYS32_SOCKETCALL, NONE, MANY),
	I386(3, READ, BUFFER),
	I386(145, READV, VECTOR),
	I386(4, WRITE, BUFFER),
	I386(146, WRITEV, VECTOR),
	I386(187, SENDFILE, SENDFILE),
	I386(239, SENDFILE, SENDFILE), /* sendfile64 */
	I386(313, SPLICE, SPLICE),
	I386(6, CLOSE, FD),
	I386(436, CLOSE_RANGE, RANGE),
	I386(11, EXECVE, EXEC),
	I386(358, EXECVE, EXECAT),
	I386(41, DUP, FD),
	I386(63, DUP2, COPY),
	I386(330, DUP3, COPY),
	I386(55, FCNTL, COMMAND, .argument = 1, .value = F_DUPFD),
	I386(55, FCNTL, COMMAND, .argument = 1, .value = F_DUPFD_CLOEXEC),
	I386(221, FCNTL, COMMAND, .argument = 1, .value = F_DUPFD), /* fcntl64 */
	I386(221, FCNTL, COMMAND, .argument = 1, .value = F_DUPFD_CLOEXEC),
	I386(168, POLL, POLL),
	I386(309, POLL, PPOLL),
	I386(414, POLL, PPOLL, .long_time = TRUE), /* ppoll_time64 */
	I386(142, SELECT, SELECT),
	I386(308, SELECT, PSELECT),
	I386(413, SELECT, PSELECT, .long_time = TRUE), /* pselect6_time64 */
	I386(256, EPOLL_WAIT, EPOLL),
	I386(319, EPOLL_WAIT, EPOLL),
	I386(441, EPOLL_WAIT, EPOLL_TIME, .long_time = TRUE), /* epoll_pwait2 */
	I386(310, NONE, FD),                                  /* unshare */
	I386(438, NONE, FD),                                  /* pidfd_getfd */
	I386(0, NONE, RESTART),
	I386(26, NONE, PTRACE),
	I386(425, NONE, IO_URING),
};

/* The calls that socketcall() makes, by their number in linux/net.h, and how many arguments. */
static const struct {
	Syscall call;
	guint n_arguments;
} socketcalls[] = {
#define SOCKETCALL(name, shape, n) [SYS_##name] = { I386(SYS32_SOCKETCALL, name, shape), n }
	SOCKETCALL(SOCKET, SOCKET, 3),
	SOCKETCALL(BIND, ADDRESS, 3),
	SOCKETCALL(CONNECT, ADDRESS, 3),
	SOCKETCALL(LISTEN, NUMBER, 2),
	SOCKETCALL(ACCEPT, NAME, 3),
	SOCKETCALL(GETSOCKNAME, NAME, 3),
	SOCKETCALL(GETPEERNAME, NAME, 3),
	[SYS_SEND] = { I386(SYS32_SOCKETCALL, SENDTO, SENDTO), 4 },
	[SYS_RECV] = { I386(SYS32_SOCKETCALL, RECVFROM, RECVFROM), 4 },
	SOCKETCALL(SENDTO, SENDTO, 6),
	SOCKETCALL(RECVFROM, RECVFROM, 6),
	SOCKETCALL(SHUTDOWN, NUMBER, 2),
	SOCKETCALL(SETSOCKOPT, OPTION, 5),
	SOCKETCALL(GETSOCKOPT, OPTION, 5),
	SOCKETCALL(SENDMSG, MESSAGE, 3),
	SOCKETCALL(RECVMSG, MESSAGE, 3),
	SOCKETCALL(ACCEPT4, ACCEPT4, 4),
	SOCKETCALL(RECVMMSG, MESSAGES, 5),
	SOCKETCALL(SENDMMSG, MESSAGES, 4),
};
#endif

const SyscallTable syscall_tables[] = {
	{ 0, native_calls, G_N_ELEMENTS(native_calls) },
#ifdef __x86_64__
	{ AUDIT_ARCH_I386, i386_calls, G_N_ELEMENTS(i386_calls) },
#endif
	{ 0 },
};

/* A word of a structure in the program's memory. */
static guint
word_size(const Syscall *syscall)
{
	return syscall->narrow ? sizeof(guint32) : sizeof(gulong);
}

/* At most so many words are read at once. */
#define WORDS_MAX 128

/* Reads `n` words of `size` bytes each: most structures are nothing else. */
static gboolean
read_words(pid_t tid, guint size, guint64 address, guint64 *words, guint n)
{
	guint32 narrow[WORDS_MAX];

	if (size == sizeof(*words))
		return memory_read(tid, address, words, n * sizeof(*words));
	if (!memory_read(tid, address, narrow, n * sizeof(*narrow)))
		return FALSE;
	for (guint i = 0; i < n; i++)
		words[i] = narrow[i];
	return TRUE;
}

/* What socketcall() does: its arguments stand in memory. */
static const Syscall *
decode_socketcall(pid_t tid G_GNUC_UNUSED, guint64 arguments[6] G_GNUC_UNUSED)
{
#ifdef __x86_64__
	const guint64 call = arguments[0], address = arguments[1];

	memset(arguments, 0, 6 * sizeof(*arguments));
	if (call < G_N_ELEMENTS(socketcalls) && socketcalls[call].n_arguments &&
	    read_words(tid, sizeof(guint32), address, arguments, socketcalls[call].n_arguments))
		return &socketcalls[call].call;
#endif
	return NULL;
}

const Syscall *
syscall_decode(pid_t tid, guint32 architecture, guint64 number, guint64 arguments[6])
{
	const SyscallTable *table = syscall_tables + 1;

	while (table->calls && table->architecture != architecture)
		table++;
	if (!table->calls)
		table = syscall_tables;
	for (guint i = 0; i < 6 && table->architecture; i++)
		arguments[i] = (guint32)arguments[i];
	for (guint i = 0; i < table->n; i++) {
		const Syscall *call = &table->calls[i];
		if ((guint64)call->number != number)
			continue;
		return call->shape == SHAPE_MANY ? decode_socketcall(tid, arguments) : call;
	}
	return NULL;
}

Unseen
syscall_unseen(const Syscall *syscall, pid_t tid, const guint64 arguments[6])
{
	const guint64 request = arguments[0];

	switch (syscall->shape) {
	case SHAPE_IO_URING:
		return UNSEEN_IO_URING;
	case SHAPE_PTRACE:
		return request == PTRACE_TRACEME || request == PTRACE_ATTACH ||
			       request == PTRACE_SEIZE
			   ? UNSEEN_DEBUGGER
			   : N_UNSEEN;
	case SHAPE_EXEC:
		return proc_has_privileges(tid, arguments[0]) ? UNSEEN_PRIVILEGES : N_UNSEEN;
	default:
		return N_UNSEEN;
	}
}

gboolean
syscall_restarts(const Syscall *syscall)
{
	return syscall->shape == SHAPE_RESTART;
}

/* MPTCP's number, where the headers are older; on the wire it is TCP. */
#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

gboolean
syscall_read_socket(const guint64 arguments[6], CallRecord *call)
{
	const int domain = (int)arguments[0];
	const int type = (int)arguments[1];
	const int protocol = (int)arguments[2];
	const int kind = type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (domain != AF_INET && domain != AF_INET6)
		return FALSE;
	if (kind == SOCK_STREAM &&
	    (protocol == 0 || protocol == IPPROTO_TCP || protocol == IPPROTO_MPTCP))
		call->transport = TRANSPORT_TCP;
	else if (kind == SOCK_DGRAM && (protocol == 0 || protocol == IPPROTO_UDP))
		call->transport = TRANSPORT_UDP;
	else
		return FALSE;
	call->version = domain == AF_INET6 ? 6 : 4;
	call->flags = type;
	call->size = protocol == IPPROTO_MPTCP ? protocol : -1;
	return TRUE;
}

static void
read_pollfds(const Syscall *syscall G_GNUC_UNUSED, pid_t tid, const guint64 arguments[6],
	     GArray *fds)
{
	const guint n = (guint)MIN(arguments[1], FDS_MAX);
	g_autofree struct pollfd *pollfds = g_new(struct pollfd, n);

	if (n == 0 || !memory_read(tid, arguments[0], pollfds, n * sizeof(*pollfds)))
		return;
	for (guint i = 0; i < n; i++)
		if (pollfds[i].fd >= 0)
			g_array_append_val(fds, pollfds[i].fd);
}

/* A descriptor that stands in any of the three sets. The kernel reads whole
 * words, of as many bits as the first argument says; narrow ones stand in wide ones as they are,
 * where the first byte is the lowest. */
static void
read_sets(const Syscall *syscall, pid_t tid, const guint64 arguments[6], GArray *fds)
{
	const guint bits = 8 * sizeof(gulong), word_bits = 8 * word_size(syscall);
	const guint n = arguments[0] > FDS_MAX ? 0 : (guint)arguments[0];
	const guint n_words = (n + bits - 1) / bits;
	const gsize size = (n + word_bits - 1) / word_bits * word_size(syscall);
	g_autofree gulong *words = g_new0(gulong, n_words);
	g_autofree gulong *set = g_new0(gulong, n_words);

	for (guint i = 1; n > 0 && i <= 3; i++) {
		if (!memory_read(tid, arguments[i], set, size))
			continue;
		for (guint word = 0; word < n_words; word++)
			words[word] |= set[word];
	}
	for (guint fd = 0; fd < n; fd++)
		if (words[fd / bits] >> fd % bits & 1)
			g_array_append_val(fds, fd);
}

static void
read_range(const Syscall *syscall G_GNUC_UNUSED, pid_t tid, const guint64 arguments[6], GArray *fds)
{
	if (!(arguments[2] & CLOSE_RANGE_CLOEXEC)) /* which closes nothing now */
		proc_list_fds(tid, (guint)arguments[0], (guint)arguments[1], fds);
}

/* What is closed if the program comes to run. */
static void
read_cloexec(const Syscall *syscall G_GNUC_UNUSED, pid_t tid,
	     const guint64 arguments[6] G_GNUC_UNUSED, GArray *fds)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(int));

	proc_list_fds(tid, 0, G_MAXINT, all);
	for (guint i = 0; i < all->len; i++)
		if (proc_fd_flags(tid, g_array_index(all, int, i)) & O_CLOEXEC)
			g_array_append_val(fds, g_array_index(all, int, i));
}

/* A search of PATH tries names that are not there. */
static void
read_exec(const Syscall *syscall, pid_t tid, const guint64 arguments[6], GArray *fds)
{
	if (proc_can_run(tid, arguments[0]))
		read_cloexec(syscall, tid, arguments, fds);
}

/* The descriptor that is closed, if it is open, comes first: the call is about its socket. */
static void
read_copy(const Syscall *syscall G_GNUC_UNUSED, pid_t tid G_GNUC_UNUSED, const guint64 arguments[6],
	  GArray *fds)
{
	const int from = (int)arguments[0], to = (int)arguments[1];

	if (to != from)
		g_array_append_val(fds, to);
	g_array_append_val(fds, from);
}

static void
read_epoll(const Syscall *syscall G_GNUC_UNUSED, pid_t tid, const guint64 arguments[6], GArray *fds)
{
	proc_list_epoll(tid, (int)arguments[0], fds);
}

/* The sum of the lengths of `n` iovecs. */
static gint64
read_vectors(pid_t tid, guint size, guint64 address, guint64 n)
{
	guint64 words[WORDS_MAX]; /* of each: where, how many bytes */
	gint64 total = 0;

	n = MIN(n, VECTORS_MAX);
	while (n > 0) {
		const guint now = (guint)MIN(n, WORDS_MAX / 2);
		if (!read_words(tid, size, address, words, 2 * now))
			return total;
		for (guint i = 0; i < now; i++)
			total += (gint64)MIN(words[2 * i + 1], G_MAXINT32);
		address += 2 * now * size;
		n -= now;
	}
	return total;
}

/* A msghdr, in words. In an mmsghdr one more follows, the length. */
enum {
	MESSAGE_NAME,
	MESSAGE_NAME_SIZE,
	MESSAGE_VECTORS,
	MESSAGE_N_VECTORS,
	MESSAGE_CONTROL,
	MESSAGE_CONTROL_SIZE,
	MESSAGE_FLAGS,
	MESSAGE_WORDS
};

/* The address of a message. */
static void
read_message_address(pid_t tid, const guint64 message[MESSAGE_WORDS], CallRecord *call)
{
	call->has_address = memory_read_address(
	    tid, message[MESSAGE_NAME], (guint32)message[MESSAGE_NAME_SIZE], &call->address);
}

/* The bytes of `n` messages, and where they are sent to, the address of the first. */
static void
read_messages(pid_t tid, guint size, guint64 address, guint64 n, CallRecord *call)
{
	guint64 message[MESSAGE_WORDS];
	gint64 total = 0;

	for (guint i = 0; i < MIN(n, VECTORS_MAX); i++) {
		if (!read_words(tid, size, address + i * (MESSAGE_WORDS + 1) * size, message,
				MESSAGE_WORDS))
			return;
		total +=
		    read_vectors(tid, size, message[MESSAGE_VECTORS], message[MESSAGE_N_VECTORS]);
		if (i == 0 && (call->name == CALL_SENDMSG || call->name == CALL_SENDMMSG))
			read_message_address(tid, message, call);
	}
	call->size = total;
}

/* How long a wait may take, in milliseconds, rounded up; -1 for ever. `unit` is how many parts of
 * a second the second word of its time counts; 0: it is a number of milliseconds. */
static gint64
read_wait(pid_t tid, guint size, guint64 argument, guint64 unit)
{
	guint64 time[2]; /* seconds and a fraction: timespec and timeval alike */

	if (unit == 0)
		return MAX((gint32)argument, -1);
	if (!read_words(tid, size, argument, time, 2) || time[0] > G_MAXINT32 || time[1] >= unit)
		return -1;
	return (gint64)(time[0] * 1000 + (time[1] * 1000 + unit - 1) / unit);
}

/* Which arguments are a second descriptor, size, flags, an address that its size follows, one that
 * the kernel fills in with its size behind it, a message, how many iovecs stand in the one before,
 * and how long a wait may take; 0: none, or it has to be looked for. */
static const struct {
	guint8 fd, size, flags, address, filled_in, message, vectors, wait;
	guint64 unit; /* see read_wait() */
	void (*fds)(const Syscall *syscall, pid_t tid, const guint64 arguments[6],
		    GArray *fds); /* NULL: the first argument */
} shapes[] = {
	[SHAPE_NUMBER] = { .flags = 1 },
	[SHAPE_ADDRESS] = { .address = 1 },
	[SHAPE_NAME] = { .filled_in = 1 },
	[SHAPE_ACCEPT4] = { .filled_in = 1, .flags = 3 },
	[SHAPE_SENDTO] = { .size = 2, .flags = 3, .address = 4 },
	[SHAPE_RECVFROM] = { .size = 2, .flags = 3, .filled_in = 4 },
	[SHAPE_MESSAGE] = { .message = 1, .flags = 2 },
	[SHAPE_MESSAGES] = { .message = 1, .flags = 3 },
	[SHAPE_BUFFER] = { .size = 2 },
	[SHAPE_VECTOR] = { .vectors = 2 },
	[SHAPE_SENDFILE] = { .size = 3 },
	[SHAPE_SPLICE] = { .fd = 2, .size = 4, .flags = 5 },
	[SHAPE_RANGE] = { .fds = read_range },
	[SHAPE_EXEC] = { .fds = read_exec },
	[SHAPE_EXECAT] = { .fds = read_cloexec },
	[SHAPE_COPY] = { .fds = read_copy },
	[SHAPE_COMMAND] = { .flags = 1, .size = 2 },
	[SHAPE_POLL] = { .fds = read_pollfds, .wait = 2 },
	[SHAPE_PPOLL] = { .fds = read_pollfds, .wait = 2, .unit = 1000000000 },
	[SHAPE_SELECT] = { .fds = read_sets, .wait = 4, .unit = 1000000 },
	[SHAPE_PSELECT] = { .fds = read_sets, .wait = 4, .unit = 1000000000 },
	[SHAPE_EPOLL] = { .fds = read_epoll, .wait = 3 },
	[SHAPE_EPOLL_TIME] = { .fds = read_epoll, .wait = 3, .unit = 1000000000 },
};

int
syscall_closes_fd(const Syscall *syscall, const guint64 arguments[6])
{
	switch (syscall->shape) {
	case SHAPE_RANGE:
		return arguments[2] & CLOSE_RANGE_UNSHARE ? CLOSES_UNSEEN : CLOSES_ANY;
	case SHAPE_COPY:
		return (int)arguments[1];
	case SHAPE_FD:
		return syscall->name == CALL_CLOSE  ? (int)arguments[0]
		       : syscall->name == CALL_NONE ? CLOSES_UNSEEN
						    : CLOSES_NONE;
	default:
		return CLOSES_NONE;
	}
}

void
syscall_read_fds(const Syscall *syscall, pid_t tid, const guint64 arguments[6], GArray *fds)
{
	const guint second = shapes[syscall->shape].fd;
	int fd = (int)arguments[0];

	if (shapes[syscall->shape].fds) {
		shapes[syscall->shape].fds(syscall, tid, arguments, fds);
		return;
	}
	g_array_append_val(fds, fd);
	fd = (int)arguments[second];
	if (second)
		g_array_append_val(fds, fd);
}

/* Of a sendmsg or recvmsg with control data. */
static gboolean
read_message(const Syscall *syscall, pid_t tid, const guint64 arguments[6],
	     guint64 message[MESSAGE_WORDS])
{
	return syscall->shape == SHAPE_MESSAGE &&
	       read_words(tid, word_size(syscall), arguments[1], message, MESSAGE_WORDS) &&
	       message[MESSAGE_CONTROL_SIZE] > 0;
}

gboolean
syscall_may_receive_fds(const Syscall *syscall, pid_t tid, const guint64 arguments[6])
{
	guint64 message[MESSAGE_WORDS];

	return syscall->name == CALL_RECVMSG && read_message(syscall, tid, arguments, message);
}

/* A part of control data begins with its length, a word, its level and type, and stands at a
 * multiple of words. */
void
syscall_read_passed_fds(const Syscall *syscall, pid_t tid, const guint64 arguments[6], GArray *fds)
{
	const gsize word = word_size(syscall), head = word + 2 * sizeof(gint32);
	guint64 message[MESSAGE_WORDS];
	gint32 kind[2];

	if (!read_message(syscall, tid, arguments, message))
		return;
	const gsize size = MIN(message[MESSAGE_CONTROL_SIZE], CONTROL_MAX);
	g_autofree char *control = g_malloc(size);
	if (!memory_read(tid, message[MESSAGE_CONTROL], control, size))
		return;
	for (gsize at = 0; size - at >= head;) {
		const gsize length = word == sizeof(guint32) ? *(guint32 *)(control + at)
							     : *(gulong *)(control + at);
		if (length < head || length > size - at)
			return;
		memcpy(kind, control + at + word, sizeof(kind));
		if (kind[0] == SOL_SOCKET && kind[1] == SCM_RIGHTS)
			g_array_append_vals(fds, control + at + head,
					    (guint)((length - head) / sizeof(gint32)));
		at = MIN(at + (length + word - 1) / word * word, size);
	}
}

void
syscall_read_entry(const Syscall *syscall, pid_t tid, const guint64 arguments[6], CallRecord *call)
{
	const guint64 *a = arguments;
	const guint size = shapes[syscall->shape].size, flags = shapes[syscall->shape].flags;
	const guint address = shapes[syscall->shape].address, wait = shapes[syscall->shape].wait;
	const guint message = shapes[syscall->shape].message;
	const guint vectors = shapes[syscall->shape].vectors, word = word_size(syscall);

	if (size)
		call->size = (gint64)a[size];
	if (flags)
		call->flags = (gint32)a[flags];
	if (address)
		call->has_address =
		    memory_read_address(tid, a[address], (guint32)a[address + 1], &call->address);
	if (wait)
		call->size = read_wait(tid, syscall->long_time ? sizeof(guint64) : word, a[wait],
				       shapes[syscall->shape].unit);
	if (vectors)
		call->size = read_vectors(tid, word, a[vectors - 1], (guint32)a[vectors]);
	if (message)
		read_messages(tid, word, a[message],
			      syscall->shape == SHAPE_MESSAGES ? (guint32)a[message + 1] : 1, call);
	if (syscall->shape == SHAPE_SENDTO && a[4] == 0)
		call->name = CALL_SEND;
	if (syscall->shape == SHAPE_RECVFROM && a[4] == 0)
		call->name = CALL_RECV;
	if (syscall->shape == SHAPE_RANGE) {
		call->flags = (gint32)a[0];
		call->size = (gint64)(a[2] << 32 | (guint32)a[1]);
	}
	if (syscall->shape == SHAPE_COPY) {
		const gboolean over = call->fd == (int)a[1] && a[0] != a[1];

		call->flags = (gint32)(over ? a[0] : a[1]);
		call->size =
		    (call->name == CALL_DUP3 ? (guint32)a[2] : 0) | (over ? CALL_COPIED_OVER : 0);
	}
	if (syscall->shape == SHAPE_OPTION)
		call->flags = (gint32)((guint32)a[1] << 16 | ((guint32)a[2] & 0xffff));
}

/* The first descriptor that an epoll_wait() found, by what its program gave with it. */
static gint32
read_epoll_ready(pid_t tid, const guint64 arguments[6])
{
	struct epoll_event event;

	return memory_read(tid, arguments[1], &event, sizeof(event))
		   ? proc_epoll_fd(tid, (int)arguments[0], event.data.u64)
		   : 0;
}

static gint32
read_poll_ready(pid_t tid, const guint64 arguments[6])
{
	struct pollfd pollfd = { 0 };

	for (guint i = 0; i < MIN(arguments[1], FDS_MAX); i++)
		if (!memory_read(tid, arguments[0] + i * sizeof(pollfd), &pollfd, sizeof(pollfd)) ||
		    pollfd.revents)
			return pollfd.revents ? MAX(pollfd.fd, 0) : 0;
	return 0;
}

void
syscall_read_return(const Syscall *syscall, pid_t tid, const guint64 arguments[6], CallRecord *call)
{
	const guint filled_in = shapes[syscall->shape].filled_in;
	const guint message = shapes[syscall->shape].message;
	guint64 header[MESSAGE_WORDS];
	socklen_t size;

	if (call->name == CALL_EPOLL_WAIT && call->result > 0)
		call->flags = read_epoll_ready(tid, arguments);
	if (call->name == CALL_POLL && call->result > 0)
		call->flags = read_poll_ready(tid, arguments);
	if (filled_in)
		call->has_address =
		    memory_read(tid, arguments[filled_in + 1], &size, sizeof(size)) &&
		    memory_read_address(tid, arguments[filled_in], size, &call->address);
	if (message &&
	    (call->name == CALL_RECVMSG || (call->name == CALL_RECVMMSG && call->result)) &&
	    read_words(tid, word_size(syscall), arguments[message], header, MESSAGE_WORDS))
		read_message_address(tid, header, call);
}
