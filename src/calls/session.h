/* SPDX-License-Identifier: MIT */
/* session.h - what the tracer process knows, shared by its files:
 * session.c (the course of a session), launch.c (how the programs come to run),
 * stop.c (ptrace stops), entry.c (calls), interrupt.c (calls that a signal ended). */
#pragma once

#include "pktladder/tracer.h"
#include "pidns.h"
#include "program.h"
#include "socket.h"
#include "tracee.h"

/* One of the two programs. */
typedef struct {
	TracerProgram program;
	pid_t waiting;        /* its process, until it is started; 0 there is none */
	pid_t pid;            /* its first process; 0 before it is started */
	int line, child_line; /* see program_line(); -1 closed */
	gboolean ended;       /* all its processes are gone */
	gint64 status;        /* of the first process: exit status, or 256 + signal */
	gint64 kill_at;       /* SIGTERM was sent: when SIGKILL follows; 0 not sent */
} Program;

/* Times are g_get_monotonic_time()'s microseconds; 0 is never. */
typedef struct {
	TracerOptions options;
	int message_fd, control_fd, signal_fd;
	Filter *filter;
	Pidns pidns; /* that the programs are in */
	TraceeTable *tracees;
	SocketTable *sockets;
	Program programs[2]; /* by CallRole */

	guint32 last_id; /* of calls */
	gboolean hold;
	GQueue held; /* Thread, the longest waiting first */

	CallRecord listening; /* the server's first listen() that went well; id 0 not yet */
	CallRecord refused;   /* its last bind() or listen() that failed; id 0 none */
	gboolean ready;       /* the server waits for a client */
	gint64 client_at;     /* when the server is taken to wait, though it does not yet */
	gint64 server_by;     /* until when the server must be ready */
	gint64 active_at;     /* the last call, waits apart */
	gint64 alone_at;      /* when the first of the two programs had ended */

	gboolean ending; /* everything is being ended */
	gboolean deaf;   /* nobody reads our messages any more */
	char problem[sizeof(((TracerMessage *)0)->problem)];
} Session;

/* session.c */

/* CLOCK_REALTIME, the packets' clock. */
gint64 session_time(void);
void session_send(Session *session, TracerMessageKind kind, const CallRecord *call);
/* The server has reached a call in which it waits for its client. */
void session_server_waits(Session *session, const CallRecord *call);
/* A call of the session returned; what it tells about its course. */
void session_call_returned(Session *session, const CallRecord *call);
/* The process is gone. */
void session_process_ended(Session *session, CallRole role);
G_GNUC_PRINTF(2, 3) void session_fail(Session *session, const char *format, ...);

/* launch.c */

/* Brings both programs to where they wait, and gives up what that took. */
void launch_prepare(Session *session);
/* Lets one of them run. */
void launch_program(Session *session, CallRole role);
/* Of one that has ended: whether it never became the program, which then ends the session. */
gboolean launch_failed(Session *session, CallRole role);
/* Nothing is traced any more: what is left of them ends. */
void launch_end(Session *session);

/* stop.c */

/* One status that waitpid() gave. */
void stop_handle(Session *session, pid_t tid, int status);
/* Lets the thread go on from its stop, with a signal (0 none). */
void stop_resume(const Thread *thread, int signal_number);

/* entry.c */

/* The thread is stopped at the entry of a call that the filter names: lets it
 * go on, or holds it. */
void entry_arrive(Session *session, Thread *thread);
/* Lets a held one go on. */
void entry_release(Session *session, Thread *thread);
/* The thread is stopped at the return of the call it was in. */
void entry_return(Session *session, Thread *thread);
/* The call, or several, of the thread returned; `now` is when the thread stopped. */
void entry_report(Session *session, Thread *thread, gint64 result, gint64 now);
/* The thread ends: the call it is in never returns. */
void entry_abandon(Session *session, Thread *thread);
/* The process ends, and its last thread's descriptors are still open; then it is gone. */
void entry_exit(Session *session, Thread *thread, gint64 status);
void entry_exited(Session *session, Process *process);

/* interrupt.c */

/* The call ended with one of the kernel's codes for "to be restarted"; FALSE
 * where `result` is none. */
gboolean interrupt_begin(Thread *thread, gint64 result, guint64 return_to);
/* A signal is about to be delivered to an interrupted thread. */
void interrupt_signal(Session *session, Thread *thread, int signal_number);
/* An interrupted thread, its handler running, is at a system call's entry or return. */
void interrupt_watch(Session *session, Thread *thread);
/* An interrupted thread arrived at a traced call; TRUE where it is the same one again. */
gboolean interrupt_is_restart(const Thread *thread, guint64 number, const guint64 arguments[6],
			      guint64 return_to);
