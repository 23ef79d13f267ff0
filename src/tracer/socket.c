/* SPDX-License-Identifier: MIT */
/* socket.c - the sockets of the tracees.
 *
 * Theory of operation
 *
 * The key of a socket is its cookie, but a tracee's descriptor can be asked for
 * it only through a duplicate (pidfd_getfd), and a duplicate keeps the socket
 * open: it must be closed before the tracee goes on, or the FIN of its close()
 * waits for ours. So the inode, which readlink tells without a duplicate, is
 * the key here, and a duplicate is taken only where there is something to ask.
 *
 * Inode numbers are used again. A socket is "stale" from the moment one of its
 * descriptors is closed; found again (a copy of another process or a new socket
 * of the same number), it is looked at anew, and the cookie tells which it is.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pktladder/fd.h"
#include "pktladder/track.h"
#include "proc.h"
#include "socket.h"

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

/* An MPTCP socket is known by its inode's number with this bit. Its cookie is not asked for: the
 * kernel makes one when the first question for it comes, and a listening socket that has one gives
 * it to all that it accepts. */
#define MPTCP_COOKIE (G_GUINT64_CONSTANT(1) << 63)

/* Stale sockets are forgotten when there are so many. */
#define STALE_MAX 1024

struct _SocketTable {
	GHashTable *by_inode; /* &TraceeSocket.inode to TraceeSocket */
	guint n_stale;
	int diag_fd; /* of inet_diag; -1: not opened yet, -2: it cannot be asked */
	guint32 diag_sequence;
};

SocketTable *
socket_table_new(void)
{
	SocketTable *table = g_new0(SocketTable, 1);

	table->diag_fd = -1;
	table->by_inode = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
	return table;
}

void
socket_table_free(SocketTable *table)
{
	g_hash_table_unref(table->by_inode);
	fd_clear(&table->diag_fd);
	g_free(table);
}

static int
get_option(int fd, int option)
{
	int value = -1;
	socklen_t size = sizeof(value);

	return getsockopt(fd, SOL_SOCKET, option, &value, &size) == 0 ? value : -1;
}

/* Takes an address over, but never a better one for a worse: a socket that was
 * disconnected or shut down loses addresses that its calls still belong to. */
static void
take_address(Endpoint *known, const struct sockaddr_storage *address, socklen_t size)
{
	Endpoint now;

	if (sockaddr_to_endpoint(address, size, &now) && now.port != 0 &&
	    (known->port != now.port || endpoint_is_any(known) || !endpoint_is_any(&now)))
		*known = now;
}

static void
look_addresses(TraceeSocket *socket, int fd)
{
	struct sockaddr_storage address;
	socklen_t size = sizeof(address);

	if (getsockname(fd, (struct sockaddr *)&address, &size) == 0)
		take_address(&socket->local, &address, size);
	size = sizeof(address);
	if (getpeername(fd, (struct sockaddr *)&address, &size) == 0)
		take_address(&socket->peer, &address, size);
	else if (socket->transport == TRANSPORT_UDP) /* disconnected: it has none any more */
		socket->peer = (Endpoint){ 0 };
}

/* Fills in what a socket is. */
static void
look_kind(TraceeSocket *socket, int fd)
{
	const int domain = get_option(fd, SO_DOMAIN), protocol = get_option(fd, SO_PROTOCOL);
	guint64 cookie = 0;
	socklen_t size = sizeof(cookie);

	if (protocol == IPPROTO_MPTCP)
		cookie = MPTCP_COOKIE | socket->inode;
	else
		getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &size);
	if (cookie != socket->cookie) /* another socket than the one of this inode before */
		*socket = (TraceeSocket){ .inode = socket->inode };
	socket->cookie = cookie;
	socket->version = domain == AF_INET ? 4 : domain == AF_INET6 ? 6 : 0;
	socket->transport = !socket->version                                       ? TRANSPORT_NONE
			    : protocol == IPPROTO_TCP || protocol == IPPROTO_MPTCP ? TRANSPORT_TCP
			    : protocol == IPPROTO_UDP                              ? TRANSPORT_UDP
										   : TRANSPORT_NONE;
	socket->stale = FALSE;
	if (socket->transport != TRANSPORT_NONE) {
		socket->listens = get_option(fd, SO_ACCEPTCONN) == 1;
		look_addresses(socket, fd);
	}
}

TraceeSocket *
socket_table_find(SocketTable *table, const Thread *thread, int fd)
{
	const guint64 inode = tracee_socket_inode(thread, fd);
	if (inode == 0)
		return NULL;

	TraceeSocket *socket = g_hash_table_lookup(table->by_inode, &inode);
	if (!socket || socket->stale) {
		g_auto(Fd) duplicate = pidfd_getfd(thread->process->pidfd, fd, 0);
		if (duplicate < 0)
			return NULL;
		if (socket) {
			table->n_stale--;
		} else {
			socket = g_new0(TraceeSocket, 1);
			socket->inode = inode;
			g_hash_table_insert(table->by_inode, &socket->inode, socket);
		}
		look_kind(socket, duplicate);
	}
	return socket->transport == TRANSPORT_NONE ? NULL : socket;
}

static gboolean
is_stale(gpointer key G_GNUC_UNUSED, gpointer socket, gpointer data G_GNUC_UNUSED)
{
	return ((const TraceeSocket *)socket)->stale;
}

void
socket_table_closed(SocketTable *table, guint64 inode)
{
	TraceeSocket *socket = g_hash_table_lookup(table->by_inode, &inode);

	if (!socket || socket->stale)
		return;
	socket->stale = TRUE;
	if (++table->n_stale > STALE_MAX) {
		g_hash_table_foreach_remove(table->by_inode, is_stale, NULL);
		table->n_stale = 0;
	}
}

void
socket_look(TraceeSocket *socket, int pidfd, int fd, Look wanted, guint8 *state)
{
	g_auto(Fd) duplicate = pidfd_getfd(pidfd, fd, 0);
	guint8 tcpi_state; /* the first byte of struct tcp_info is all that is wanted */
	struct linger linger = { 0 };
	socklen_t size = sizeof(linger);

	if (duplicate < 0)
		return;
	if (wanted & LOOK_BLOCKS)
		socket->nonblocking = (fcntl(duplicate, F_GETFL) & O_NONBLOCK) != 0;
	if (wanted & LOOK_LINGERS)
		socket->lingers =
		    getsockopt(duplicate, SOL_SOCKET, SO_LINGER, &linger, &size) != 0 ||
		    linger.l_onoff;
	if (wanted & LOOK_ADDRESSES)
		look_addresses(socket, duplicate);
	size = sizeof(tcpi_state);
	if (state && getsockopt(duplicate, IPPROTO_TCP, TCP_INFO, &tcpi_state, &size) == 0)
		*state = tcpi_state;
}

/* inet_diag over netlink: one question and one answer at a time, by address and cookie, so that
 * nothing is searched (a dump of all takes milliseconds). */
typedef struct {
	struct nlmsghdr header;
	struct inet_diag_req_v2 request;
} Question;

static Question
make_question(guint64 cookie, const Endpoint *local, const Endpoint *peer)
{
	if (cookie & MPTCP_COOKIE) /* the subflow has one of its own: any will do */
		cookie = SOCKET_ANY_COOKIE;
	Question question = {
		.header = {
			.nlmsg_len = sizeof(question),
			.nlmsg_type = SOCK_DIAG_BY_FAMILY,
			.nlmsg_flags = NLM_F_REQUEST,
		},
		.request = {
			.sdiag_family = local->version == 6 ? AF_INET6 : AF_INET,
			.sdiag_protocol = IPPROTO_TCP,
			.idiag_states = ~0u,
			.id = {
				.idiag_sport = g_htons(local->port),
				.idiag_dport = g_htons(peer->port),
				.idiag_cookie = { (guint32)cookie, (guint32)(cookie >> 32) },
			},
		},
	};
	memcpy(question.request.id.idiag_src, local->address, sizeof(local->address));
	memcpy(question.request.id.idiag_dst, peer->address, sizeof(peer->address));
	return question;
}

/* The state, and all that is `told`; -ENOENT or -ESTALE where there is no such socket, else another
 * error. */
static int
ask(SocketTable *table, Question *question, struct inet_diag_msg *told)
{
	union {
		struct nlmsghdr header;
		char bytes[8192];
	} answer;

	question->header.nlmsg_seq = ++table->diag_sequence;
	if (send(table->diag_fd, question, sizeof(*question), 0) < 0)
		return -errno;
	do {
		const ssize_t length = recv(table->diag_fd, &answer, sizeof(answer), 0);
		if (length < 0)
			return -errno;
		if (!NLMSG_OK(&answer.header, (size_t)length))
			return -EPROTO;
	} while (answer.header.nlmsg_seq != table->diag_sequence);

	if (answer.header.nlmsg_type == NLMSG_ERROR &&
	    answer.header.nlmsg_len >= NLMSG_LENGTH(sizeof(struct nlmsgerr)))
		return ((struct nlmsgerr *)NLMSG_DATA(&answer.header))->error;
	if (answer.header.nlmsg_type != SOCK_DIAG_BY_FAMILY ||
	    answer.header.nlmsg_len < NLMSG_LENGTH(sizeof(struct inet_diag_msg)))
		return -EPROTO;
	memcpy(told, NLMSG_DATA(&answer.header), sizeof(*told));
	return told->idiag_state;
}

/* The same of a socket that listens where others do, too (SO_REUSEPORT): the kernel looks at any of
 * them, and finds that it is another; but a dump of those that listen there has all. */
static int
search(SocketTable *table, Question *question, struct inet_diag_msg *told)
{
	const guint32 *cookie = question->request.id.idiag_cookie;
	char answer[32768];
	int state = -ENOENT;

	question->header.nlmsg_flags |= NLM_F_DUMP;
	question->request.idiag_states = 1 << TCP_STATE_LISTEN; /* else it takes milliseconds */
	question->header.nlmsg_seq = ++table->diag_sequence;
	if (send(table->diag_fd, question, sizeof(*question), 0) < 0)
		return -errno;
	for (;;) {
		const ssize_t length = recv(table->diag_fd, answer, sizeof(answer), 0);
		if (length < 0)
			return -errno;
		size_t left = (size_t)length;
		for (struct nlmsghdr *header = (struct nlmsghdr *)answer; NLMSG_OK(header, left);
		     header = NLMSG_NEXT(header, left)) {
			const struct inet_diag_msg *one = NLMSG_DATA(header);
			if (header->nlmsg_type != SOCK_DIAG_BY_FAMILY)
				return header->nlmsg_type == NLMSG_DONE ? state : -EPROTO;
			if (memcmp(one->id.idiag_cookie, cookie, sizeof(one->id.idiag_cookie)))
				continue;
			*told = *one;
			state = one->idiag_state;
		}
	}
}

/* A kernel without inet_diag answers as if there were no socket. So it is asked
 * for one that is there: a listening one of our own, on a free port, for a moment. */
static gboolean
diag_answers(SocketTable *table)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = g_htonl(INADDR_LOOPBACK),
	};
	struct sockaddr_storage name;
	socklen_t size = sizeof(name);
	Endpoint local;
	struct inet_diag_msg told;
	int state = -1;

	g_auto(Fd) fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
	    listen(fd, 1) == 0 && getsockname(fd, (struct sockaddr *)&name, &size) == 0 &&
	    sockaddr_to_endpoint(&name, size, &local)) {
		const Endpoint none = { 0 };
		Question question = make_question(SOCKET_ANY_COOKIE, &local, &none);
		state = ask(table, &question, &told);
	}
	return state == TCP_STATE_LISTEN;
}

/* Whether inet_diag can be asked. */
static gboolean
diag_open(SocketTable *table)
{
	const struct timeval patience = { .tv_usec = 200000 };

	if (table->diag_fd == -1) {
		table->diag_fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
		if (table->diag_fd >= 0)
			setsockopt(table->diag_fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
				   sizeof(patience));
		if (table->diag_fd < 0 || !diag_answers(table)) {
			fd_clear(&table->diag_fd);
			table->diag_fd = -2;
		}
	}
	return table->diag_fd >= 0;
}

/* Whether the kernel says so of one of the connections, as far as it can be asked. */
static gboolean
any_connection(SocketTable *table, gboolean (*is_so)(int state, const struct inet_diag_msg *told))
{
	GHashTableIter iter;
	gpointer value;

	if (!diag_open(table))
		return FALSE;
	g_hash_table_iter_init(&iter, table->by_inode);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const TraceeSocket *socket = value;
		struct inet_diag_msg told;
		if (socket->transport != TRANSPORT_TCP || socket->peer.port == 0)
			continue;
		Question question = make_question(socket->cookie, &socket->local, &socket->peer);
		/* what a listening socket has there is another number */
		const int state = ask(table, &question, &told);
		if (state > 0 && state != TCP_STATE_LISTEN && is_so(state, &told))
			return TRUE;
		/* nothing will be asked of it any more */
		if (socket->stale &&
		    (state == -ENOENT || state == -ESTALE || state == TCP_STATE_TIME_WAIT)) {
			g_hash_table_iter_remove(&iter);
			table->n_stale--;
		}
	}
	return FALSE;
}

static gboolean
has_unacknowledged(int state G_GNUC_UNUSED, const struct inet_diag_msg *told)
{
	return told->idiag_wqueue > 0;
}

gboolean
socket_table_unacknowledged(SocketTable *table)
{
	return any_connection(table, has_unacknowledged);
}

static gboolean
is_open(int state, const struct inet_diag_msg *told G_GNUC_UNUSED)
{
	return state != TCP_STATE_TIME_WAIT && state != TCP_STATE_CLOSED;
}

gboolean
socket_table_connected(SocketTable *table)
{
	return any_connection(table, is_open);
}

guint8
socket_table_state(SocketTable *table, guint64 cookie, const Endpoint *local, const Endpoint *peer,
		   guint8 *last)
{
	struct inet_diag_msg told = { 0 };

	if (!diag_open(table))
		return TCP_STATE_UNKNOWN;
	if (local->port == 0) /* it was never on the wire */
		return TCP_STATE_CLOSED;

	Question question = make_question(cookie, local, peer);
	int state = ask(table, &question, &told);
	if (state == -ENOENT && peer->version == 0)
		state = search(table, &question, &told);
	const gboolean gone = state == -ENOENT || state == -ESTALE;
	/* only a socket that has a descriptor has an inode */
	if (last && !(cookie & MPTCP_COOKIE) && (gone || state > 0))
		*last = told.idiag_inode ? CALL_LAST_NO : CALL_LAST_YES;
	if (gone)
		return TCP_STATE_CLOSED;
	return state > 0 && state < N_TCP_STATES ? (guint8)state : TCP_STATE_UNKNOWN;
}

/* A line of /proc/net/tcp and the like. FALSE where it is not of a socket that waits for a peer
 * whom it does not know. Words of addresses are in our byte order there. */
static gboolean
read_stranger(const char *line, guint state, Endpoint *local, guint64 *inode)
{
	char address[33], peer[33];
	guint port, peer_port, its_state;
	guint32 words[4] = { 0 };

	if (sscanf(line, " %*u: %32[0-9A-F]:%X %32[0-9A-F]:%X %X %*s %*s %*s %*s %*s %" SCNu64,
		   address, &port, peer, &peer_port, &its_state, inode) != 6 ||
	    its_state != state || port == 0 || peer_port != 0)
		return FALSE;
	const guint n = (guint)MIN(strlen(address) / 8, G_N_ELEMENTS(words));
	for (guint i = 0; i < n; i++)
		sscanf(address + 8 * i, "%8" SCNx32, &words[i]);
	*local = endpoint_make(n == 4 ? 6 : 4, (const guint8 *)words, (guint16)port);
	return TRUE;
}

gboolean
socket_table_stranger(SocketTable *table, CallRecord *where)
{
	static const struct {
		const char *path;
		Transport transport;
		guint state;
	} files[] = {
		{ "/proc/self/net/tcp", TRANSPORT_TCP, TCP_STATE_LISTEN },
		{ "/proc/self/net/tcp6", TRANSPORT_TCP, TCP_STATE_LISTEN },
		{ "/proc/self/net/udp", TRANSPORT_UDP, TCP_STATE_CLOSED },
		{ "/proc/self/net/udp6", TRANSPORT_UDP, TCP_STATE_CLOSED },
	};
	guint64 inode;

	for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *text = NULL;
		if (!g_file_get_contents(files[i].path, &text, NULL, NULL))
			continue;
		g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
		for (char **line = lines; *line; line++) {
			where->transport = (guint8)files[i].transport;
			if (read_stranger(*line, files[i].state, &where->local, &inode) &&
			    !g_hash_table_contains(table->by_inode, &inode))
				return TRUE;
		}
	}
	return FALSE;
}
