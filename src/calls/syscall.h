/* SPDX-License-Identifier: MIT */
/* syscall.h - which system calls are socket calls, and what their arguments say. */
#pragma once

#include <sys/types.h>

#include "pktladder/call.h"

/* How the arguments stand: calls of one shape are read alike. */
typedef enum {
	SHAPE_SOCKET,      /* domain, type, protocol */
	SHAPE_FD,          /* fd, and nothing that is shown */
	SHAPE_NUMBER,      /* fd, a number: listen, shutdown */
	SHAPE_ADDRESS,     /* fd, address, its size */
	SHAPE_NAME,        /* fd, where to write an address, where its size */
	SHAPE_ACCEPT,      /* the same, flags */
	SHAPE_SENDTO,      /* fd, buffer, size, flags, address, its size */
	SHAPE_RECVFROM,    /* fd, buffer, size, flags, where to write an address, where its size */
	SHAPE_MESSAGE,     /* fd, msghdr, flags */
	SHAPE_MESSAGES,    /* fd, mmsghdrs, how many, flags */
	SHAPE_BUFFER,      /* fd, buffer, size */
	SHAPE_VECTOR,      /* fd, iovecs, how many */
	SHAPE_SENDFILE,    /* to, from, offset, size */
	SHAPE_SPLICE,      /* from, offset, to, offset, size */
	SHAPE_OPTION,      /* fd, level, option, ... */
	SHAPE_CLOSE_RANGE, /* first, last, flags */
	SHAPE_POLL,        /* pollfds, how many, milliseconds */
	SHAPE_PPOLL,       /* pollfds, how many, timespec */
	SHAPE_SELECT,      /* how many, three sets, timeval */
	SHAPE_PSELECT,     /* how many, three sets, timespec */
	SHAPE_EPOLL,       /* epoll fd, events, how many, milliseconds */
	SHAPE_EPOLL_TIME,  /* epoll fd, events, how many, timespec */
} Shape;

typedef struct {
	long number;
	CallName name;
	Shape shape;
} Syscall;

/* The table, for the filter. */
extern const Syscall syscalls[];
extern const guint n_syscalls;

/* NULL where it is none of them. */
const Syscall *syscall_find(long number);

/* socket() of a kind that is traced: TCP or UDP over IPv4 or IPv6. Fills in
 * transport, version and flags. */
gboolean syscall_read_socket(const guint64 arguments[6], CallRecord *call);

/* Appends the descriptors (int) that the call is about, in their order: one for
 * most, any number for the waits and close_range. */
void syscall_read_fds(const Syscall *syscall, pid_t tid, const guint64 arguments[6], GArray *fds);

/* What stands in the arguments at the entry: flags, size, address, and the
 * better name (sendto without an address is send). */
void syscall_read_entry(const Syscall *syscall, pid_t tid, const guint64 arguments[6],
			CallRecord *call);

/* The address that the kernel filled in, at a return that was no error. */
void syscall_read_return(const Syscall *syscall, pid_t tid, const guint64 arguments[6],
			 CallRecord *call);
