/* SPDX-License-Identifier: MIT */
/* socket.h - the sockets of the tracees, known by their inode: which transport,
 * which cookie, which addresses. */
#pragma once

#include <sys/types.h>

#include "tracee.h"

typedef struct {
	guint64 inode;
	guint64 cookie;
	Transport transport; /* TRANSPORT_NONE: a socket of another kind, which is not traced */
	guint8 version;
	gboolean bound;       /* by bind(), not by the kernel's own choice */
	gboolean serves;      /* tracing_listens() knows of it */
	gboolean listens;     /* by listen() */
	gboolean stale;       /* a descriptor of it was closed: look again before it is believed */
	gboolean nonblocking; /* as it was when it was last looked at */
	gboolean lingers;     /* the same */
	Endpoint local, peer;
} TraceeSocket;

typedef struct _SocketTable SocketTable;

SocketTable *socket_table_new(void);
void socket_table_free(SocketTable *table);

/* The TCP or UDP socket that `fd` of the thread is; NULL where it is anything
 * else. Valid until the next call on the table. */
TraceeSocket *socket_table_find(SocketTable *table, const Thread *thread, int fd);

/* A descriptor of the socket was closed. */
void socket_table_closed(SocketTable *table, guint64 inode);

/* Asks the kernel again for what is wanted of the socket behind `fd`: its addresses (one that the
 * kernel no longer has stays known), whether it blocks, whether its close() lingers; and the
 * TcpState of a TCP socket, unless `state` is NULL. */
typedef enum { LOOK_ADDRESSES = 1, LOOK_BLOCKS = 2, LOOK_LINGERS = 4 } Look;
void socket_look(TraceeSocket *socket, int pidfd, int fd, Look wanted, guint8 *state);

/* Whether a TCP socket that was seen, closed or not, has sent what is not acknowledged yet: data, a
 * SYN, a FIN. FALSE where this kernel has no inet_diag. */
gboolean socket_table_unacknowledged(SocketTable *table);

/* Whether a TCP connection of the tracees is being made, is there, or is being closed. */
gboolean socket_table_connected(SocketTable *table);

/* Whether this network has a TCP socket that listens, or a UDP socket that has a port and no peer,
 * of which no call was seen. Fills in where it is, and its transport. */
gboolean socket_table_stranger(SocketTable *table, CallRecord *where);

/* In the place of a cookie: the socket of these addresses, whichever it is. */
#define SOCKET_ANY_COOKIE G_MAXUINT64

/* What has become of a TCP socket of which a descriptor was closed: its TcpState as inet_diag gives
 * it (TIME-WAIT and the like), CLOSED where it is no more, UNKNOWN where this kernel has no
 * inet_diag; and, unless `last` is NULL, whether it has no descriptor left (CallLast). */
guint8 socket_table_state(SocketTable *table, guint64 cookie, const Endpoint *local,
			  const Endpoint *peer, guint8 *last);
