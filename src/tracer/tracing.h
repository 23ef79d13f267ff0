/* SPDX-License-Identifier: MIT */
/* tracing.h - what the tracer process knows, shared by its files; see tracer.c. */
#pragma once

#include "pktladder/tracer.h"
#include "program.h"
#include "socket.h"
#include "tracee.h"

#define MS      G_GINT64_CONSTANT(1000)
#define KILL_US (500 * MS) /* from SIGTERM to SIGKILL, where nobody wants to know any more */

/* Times are g_get_monotonic_time()'s microseconds; 0 is never. */
typedef struct {
	TracerOptions options;
	int message_fd, control_fd, signal_fd;
	Pidns pidns; /* that the programs are in */
	TraceeTable *tracees;
	SocketTable *sockets;
	TracedProgram programs[PROGRAMS_MAX];
	guint n_programs; /* by their places; the last one's end is the end of all */
	guint latest;     /* the one that was started last */

	guint32 last_id; /* of calls */
	gboolean hold;
	GQueue held;    /* Thread, the longest waiting first */
	GQueue waiting; /* Thread: those whose turn has not come */

	CallRecord refused; /* the latest one's last bind() or listen() that failed; id 0 none */
	gboolean ready;     /* the next one may be started: the parent was told */
	gboolean reached;   /* somebody listens where options.port wants it */
	gint64 quiet_at;    /* the last socket that listens, or connected, or held call */
	gint64 asked_at;    /* when the kernel was asked for strangers' sockets that listen */
	gint64 ready_by;    /* until when the latest one must be ready */
	gint64 active_at;   /* the last call, waits apart */
	gint64 over_at;     /* since when the last program has ended, and its connections */
	gboolean told;      /* what still runs then */
	guint signalled;    /* how many signals of the last ones it got */

	gboolean ending; /* everything is being ended */
	gboolean deaf;   /* nobody reads our messages any more */
	char *problem;   /* why everything is ended; NULL: by itself, or by our parent */
	int status;      /* that says so */
} Tracing;

/* Whether a program is still to be started. */
static inline gboolean
tracing_has_next(const Tracing *tracing)
{
	return tracing->latest + 1 < tracing->n_programs;
}

static inline CallRole
program_role(guint program)
{
	return program == 0 ? ROLE_SERVER : ROLE_CLIENT;
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
/* The one place that knows of servers. The program can be reached at the call's `local`: a TCP
 * socket of it listens there, or it waits for a datagram on a UDP socket that it bound. Of a
 * program whose calls nobody sees, whoever asks the kernel makes the record (its `local` and
 * `transport`, and an id that is not 0). */
void tracing_listens(Tracing *tracing, guint program, const CallRecord *call);
/* The program is another one's client. */
void tracing_connects(Tracing *tracing, guint program);
/* The next program may be started, since the latest one can be reached, or has ended. */
void tracing_server_waits(Tracing *tracing);
/* Tells the user, beside the ladder; takes the text over. */
void tracing_says(Tracing *tracing, char *text);
/* Tells, once of a process, what of it is not seen, and why. */
void tracing_unseen(Tracing *tracing, Process *process, Unseen what);
/* Sends the signal to all processes of the program. */
void tracing_signal(Tracing *tracing, guint program, int signal_number);
/* Has all programs end, and with them the tracing. */
void tracing_end(Tracing *tracing);
/* Ends the tracing for a reason that the user is told, with that exit status; `why` is taken
 * over. */
void tracing_fail(Tracing *tracing, char *why, int status);
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
/* The thread has become another program: the call that it is in returned, if it is told. */
void entry_exec(Tracing *tracing, Thread *thread);
/* The thread ends: the call it is in never returns. */
void entry_abandon(Tracing *tracing, Thread *thread);
/* The process ends, and its last thread is stopped, its descriptors still open: lets it go on when
 * its turn comes. entry_exited(): it is gone. */
void entry_exit(Tracing *tracing, Thread *thread, gint64 status);
void entry_exited(Tracing *tracing, Process *process);
