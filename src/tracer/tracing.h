/* SPDX-License-Identifier: MIT */
/* tracing.h - what the tracer process knows, shared by its files; see tracer.c. */
#pragma once

#include "pktladder/tracer.h"
#include "program.h"
#include "socket.h"
#include "tracee.h"

#define MS      G_GINT64_CONSTANT(1000)
#define KILL_US (500 * MS) /* from SIGTERM to SIGKILL */

/* Times are g_get_monotonic_time()'s microseconds; 0 is never. */
typedef struct {
	TracerOptions options;
	int message_fd, control_fd, signal_fd;
	Pidns pidns; /* that the programs are in */
	TraceeTable *tracees;
	SocketTable *sockets;
	TracedProgram programs[N_PROGRAMS];

	guint32 last_id; /* of calls */
	gboolean hold;
	GQueue held;    /* Thread, the longest waiting first */
	GQueue waiting; /* Thread: those whose turn has not come */

	CallRecord listening; /* the server's first listen() that went well; id 0 not yet */
	CallRecord refused;   /* its last bind() or listen() that failed; id 0 none */
	gboolean ready;       /* the server waits for a client */
	gint64 client_at;     /* when the server is taken to wait, though it does not yet */
	gint64 server_by;     /* until when the server must be ready */
	gint64 active_at;     /* the last call, waits apart */
	gint64 alone_at;      /* when the first of the two programs had ended */

	gboolean ending; /* everything is being ended */
	gboolean deaf;   /* nobody reads our messages any more */
	char *problem;   /* why everything is ended; NULL: by itself, or by our parent */
} Tracing;

static inline gboolean
tracing_has_client(const Tracing *tracing)
{
	return tracing->programs[ROLE_CLIENT].program.argv != NULL;
}

/* loop.c */

/* What the parent writes to the control pipe, a byte each; closing it ends everything. */
#define TRACING_START       's' /* the server, first of all; then the client */
#define TRACING_RELEASE     'r'
#define TRACING_RELEASE_ALL 'a'

/* The tracer process: gives up all privileges, waits for TRACING_START, runs the programs and
 * writes TracerMessages, until all have ended. */
void tracing_run(const TracerOptions *options, int message_fd, int control_fd, pid_t parent);

/* tracing.c */

/* CLOCK_REALTIME, the packets' clock. */
gint64 tracing_time(void);
void tracing_send(Tracing *tracing, TracerMessageKind kind, const CallRecord *call);
/* The server has reached a call in which it waits for its client. */
void tracing_server_waits(Tracing *tracing, const CallRecord *call);
/* Sends the signal to all processes of the program. */
void tracing_signal(Tracing *tracing, CallRole role, int signal_number);
/* Has the program end: SIGTERM, and KILL_US later SIGKILL. */
void tracing_terminate(Tracing *tracing, CallRole role);
/* Has both programs end, and with them the tracing. */
void tracing_end(Tracing *tracing);
/* Ends the tracing for a reason that the user is told; `why` is taken over. */
void tracing_fail(Tracing *tracing, char *why);
/* " Its call bind(3, 127.0.0.1:80) failed: EACCES.", or ""; the caller frees. */
char *tracing_refused(const Tracing *tracing);

/* stop.c */

/* Takes one status that waitpid() gave. */
void stop_handle(Tracing *tracing, pid_t tid, int status);

/* order.c */

/* Whether the order of a scenario lets the call begin that the thread has come to. */
gboolean order_allows(const Tracing *tracing, const Thread *thread);
/* Whether it names what the program does now that this call has returned: CALL_PROCESS. */
gboolean order_works_after(const Tracing *tracing, const CallRecord *call);

/* entry.c */

/* The thread is stopped at the entry of a call that the filter names: lets it
 * go on, or holds it. */
void entry_arrive(Tracing *tracing, Thread *thread);
/* Lets a thread that waits for its turn go on, or holds it. FALSE where its turn has not come,
 * which `anyway` does not wait for. */
gboolean entry_take_turn(Tracing *tracing, Thread *thread, gboolean anyway);
/* Lets a held thread go on. */
void entry_release(Tracing *tracing, Thread *thread);
/* The thread is stopped at the return of the call it was in. */
void entry_return(Tracing *tracing, Thread *thread);
/* A signal is about to be delivered to an interrupted thread. */
void entry_signal(Tracing *tracing, Thread *thread, int signal_number);
/* An interrupted thread, its handler running, is at a system call's entry or return. */
void entry_watch(Tracing *tracing, Thread *thread);
/* The thread ends: the call it is in never returns. */
void entry_abandon(Tracing *tracing, Thread *thread);
/* The process ends, and its last thread is stopped, its descriptors still open: lets it go on when
 * its turn comes. entry_exited(): it is gone. */
void entry_exit(Tracing *tracing, Thread *thread, gint64 status);
void entry_exited(Tracing *tracing, Process *process);
