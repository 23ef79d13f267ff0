/* SPDX-License-Identifier: MIT */
/* tracee.h - the processes and threads that are traced. */
#pragma once

#include "pktladder/call.h"
#include "syscall.h"

typedef struct {
	pid_t pid;
	guint program;    /* of whose processes it is one: its place among the programs */
	char command[16]; /* CallRecord.command; "": to be asked */
	int pidfd;        /* -1 where it could not be opened: then its sockets are not known */
	guint n_threads;
	guint n_exiting; /* of them, those that have begun to end */
	GArray *exits;   /* CallRecord: the entries of CALL_EXIT, until it has been reaped */
	guint unseen;    /* bits by Unseen: what is known to keep calls from being seen */
	guint told;      /* of them, what was told */
	GArray *inodes;  /* guint64, by descriptor: what is known of them, see tracee.c. Processes
			    that share their descriptors share it; NULL: it is not kept */
} Process;

typedef enum {
	THREAD_RUNS,
	THREAD_WAITS,       /* stopped at the entry of a call, until its turn comes */
	THREAD_HELD,        /* the same, until it is released */
	THREAD_IN_CALL,     /* in a call that is traced: its return is awaited */
	THREAD_WORKS,       /* between its calls: on a request, until the next one */
	THREAD_INTERRUPTED, /* a signal ended its call: see entry.c */
} ThreadState;

typedef struct {
	pid_t tid;
	Process *process;
	ThreadState state;
	gboolean exiting;
	const Syscall *syscall; /* the last traced one: what restart_syscall goes on with */
	guint64 arguments[6];
	GArray *calls; /* CallRecord: its entries; usually one, of what closes any number; none of a
			  receive that may bring descriptors */
	int status_fd; /* see proc_switches() */
	guint64 switches; /* that it had slept so often before its call; 0 not counted */
	CallWait wait;    /* whether it has slept since */

	/* of THREAD_INTERRUPTED */
	int restart_code;    /* ERESTARTSYS and the like */
	guint64 return_to;   /* where the program goes on if the call returns */
	gboolean in_handler; /* its signal's handler runs */
} Thread;

typedef struct {
	GHashTable *processes; /* pid to Process */
	GHashTable *threads;   /* tid to Thread */
} TraceeTable;

TraceeTable *tracee_table_new(void);
void tracee_table_free(TraceeTable *table);

Thread *tracee_find(const TraceeTable *table, pid_t tid);

/* A new process's first thread, or a new thread of a known process. */
Thread *tracee_add(TraceeTable *table, pid_t tid, pid_t pid, guint program);

/* A task that the kernel attached to us because one of the tracees made it.
 * Finds out whose it is; NULL where it is gone already. */
Thread *tracee_adopt(TraceeTable *table, pid_t tid);

/* The thread has begun to end; TRUE where it is the last of its process. */
gboolean tracee_exiting(Thread *thread);

/* The thread has ended. Its process where this was the last one, which the
 * caller then gives to tracee_remove_process(); else NULL. */
Process *tracee_remove(TraceeTable *table, Thread *thread);
void tracee_remove_process(TraceeTable *table, Process *process);

/* `thread` is now the only one of its process: another thread `former` called
 * exec() and took its place. */
void tracee_exec(TraceeTable *table, Thread *thread, pid_t former);

/* The inode of the socket that the thread's descriptor is; 0 where it is none. */
guint64 tracee_socket_inode(const Thread *thread, int fd);
/* The descriptor is closed, or is a new one; -1: any may be. */
void tracee_forget_fd(Process *process, int fd);
/* What its descriptors are may change unseen from now on. */
void tracee_distrust_fds(Process *process);

/* Lets the thread go on from its stop, with a signal (0 none). */
void thread_resume(const Thread *thread, int signal_number);
