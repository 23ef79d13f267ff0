/* SPDX-License-Identifier: MIT */
/* syscall.h - which system calls are socket calls, and what their arguments say. */
#pragma once

#include <sys/types.h>

#include "pktladder/call.h"

typedef struct {
	long number;
	CallName name;  /* CALL_NONE: it is no socket call, but see syscall_closes_fd() */
	guint shape;    /* how its arguments stand: see syscall.c */
	guint argument; /* the number of the one that must be `value`; 0: no matter what they are */
	guint32 value;
	gboolean narrow;    /* words in its structures are of 32 bits */
	gboolean long_time; /* but not those of its time */
} Syscall;

/* The calls of one ABI. */
typedef struct {
	guint32 architecture; /* AUDIT_ARCH_...; 0: the native one */
	const Syscall *calls;
	guint n;
} SyscallTable;

/* The native one first, and one without calls at the end; for the filter. */
extern const SyscallTable syscall_tables[];

/* NULL where it is none of them. The arguments are made those of the call that it means. */
const Syscall *syscall_decode(pid_t tid, guint32 architecture, guint64 number,
			      guint64 arguments[6]);

/* What keeps calls from being seen, or a program from what it wants; each is told of. */
typedef enum {
	UNSEEN_OPAQUE,     /* the process lets nobody look into it */
	UNSEEN_ABI,        /* its ABI has no table */
	UNSEEN_IO_URING,   /* it asks for io_uring, which would do calls that nobody sees */
	UNSEEN_DEBUGGER,   /* it would trace, but a process has one tracer only */
	UNSEEN_PRIVILEGES, /* it runs a program with privileges, which take no effect */
	N_UNSEEN
} Unseen;

/* What is to be told of the call; N_UNSEEN: nothing. */
Unseen syscall_unseen(const Syscall *syscall, pid_t tid, const guint64 arguments[6]);

/* Whether it goes on with the call that a signal or a stop has interrupted. */
gboolean syscall_restarts(const Syscall *syscall);

/* socket() of a kind that is traced: TCP or UDP over IPv4 or IPv6. Fills in
 * transport, version and flags. */
gboolean syscall_read_socket(const guint64 arguments[6], CallRecord *call);

/* Appends the descriptors (int) that the call is about, in their order: one for
 * most, any number for the waits, close_range and execve. */
void syscall_read_fds(const Syscall *syscall, pid_t tid, const guint64 arguments[6], GArray *fds);

/* The descriptor that the call closes, or CLOSES_... */
#define CLOSES_ANY    (-1)
#define CLOSES_NONE   (-2)
#define CLOSES_UNSEEN (-3) /* it may change the process's descriptors without a further call */
int syscall_closes_fd(const Syscall *syscall, const guint64 arguments[6]);

/* Whether the call may receive descriptors (SCM_RIGHTS). */
gboolean syscall_may_receive_fds(const Syscall *syscall, pid_t tid, const guint64 arguments[6]);

/* Appends the descriptors (int) that a message passes on, or at its return has brought. */
void syscall_read_passed_fds(const Syscall *syscall, pid_t tid, const guint64 arguments[6],
			     GArray *fds);

/* What stands in the arguments at the entry: flags, size, address, and the
 * better name (sendto without an address is send). */
void syscall_read_entry(const Syscall *syscall, pid_t tid, const guint64 arguments[6],
			CallRecord *call);

/* The address that the kernel filled in, and what is ready, at a return that was no error. */
void syscall_read_return(const Syscall *syscall, pid_t tid, const guint64 arguments[6],
			 CallRecord *call);
