/* SPDX-License-Identifier: MIT */
/* fd.h - writing into descriptors; and those that close themselves at the end of their scope, as
 * GLib's g_autofd does from 2.76 on. */
#pragma once

#include <errno.h>
#include <glib.h>
#include <unistd.h>

/* For g_auto(Fd); negative: none. */
typedef int Fd;

/* Closes it, where there is one. errno stays. */
static inline void
fd_clear(Fd *fd)
{
	int reason = errno;

	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	errno = reason;
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fd, fd_clear)

/* The two ends of a pipe, or of a pair of sockets; for g_auto(FdPair), begin with FD_PAIR_NONE. */
typedef struct {
	Fd end[2];
} FdPair;
#define FD_PAIR_NONE ((FdPair){ .end = { -1, -1 } })

static inline void
fd_pair_clear(FdPair *pair)
{
	fd_clear(&pair->end[0]);
	fd_clear(&pair->end[1]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FdPair, fd_pair_clear)

/* write(), which begins again where a signal interrupts it; a descriptor that somebody made
 * non-blocking is waited for. -1: errno. */
gssize bytes_write_some(int fd, const void *bytes, gsize length);

/* All of the bytes. FALSE: errno. */
gboolean bytes_write(int fd, const void *bytes, gsize length);
