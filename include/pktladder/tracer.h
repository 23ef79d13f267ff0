/* SPDX-License-Identifier: MIT */
/* tracer.h - runs programs and reports their socket calls, through ptrace with a seccomp
 * filter, from a process of its own.
 * Works without root, on threads, forks and static programs. Not pure. */
#pragma once

#include "pktladder/call.h"

typedef enum {
	TRACER_ERROR_START,   /* no pipe, no process */
	TRACER_ERROR_REFUSED, /* the system forbids tracing */
} TracerError;
#define TRACER_ERROR tracer_error_quark()
GQuark tracer_error_quark(void);

/* A program to run: a command line, or a function of our own that is called in
 * the traced child with `argc, argv` and whose result is its exit status. */
typedef struct {
	char **argv;                        /* NULL-terminated; argv[0] is looked up in PATH */
	int (*main)(int argc, char **argv); /* NULL: exec argv */
} TracerProgram;

/* When a call of a scenario may begin. Each one waits until every other thread sleeps, or has come
 * to a call of its own, and until all that was sent over TCP is acknowledged. A line says what a
 * call waits for besides: what the other program must have come to, while that runs. What does not
 * come is given up after ORDER_PATIENCE_S (TRACER_OUT_OF_TURN). */
#define ORDER_PATIENCE_S 5
typedef struct CallCondition {
	CallRole role;
	CallName call;   /* also CALL_EXIT, CALL_PROCESS; CALL_NONE ends the table */
	CallName in;     /* it sleeps in this call; CALL_EXIT: it is gone */
	CallName before; /* it has come to this call, which waits in its turn */
	guint8 state;    /* its end of the call's connection is in this TcpState */
	CallName after;  /* of CALL_PROCESS: the call whose return it follows */
	guint16 nth;     /* which of its calls of that name, from 1; 0: those that no line before
			    is about */
} CallCondition;

#define PROGRAMS_MAX 16 /* as many start with their own lane */

typedef struct {
	/* In the order in which they start; ended by an argv of NULL, or the array's end. The first
	 * is the server, the last one the client whose end is the end of all. Each starts when the
	 * one before it can be reached: 100 ms without a new listening socket (of TCP, or of UDP
	 * where it waits for a datagram on one that it bound), and without a held call. Of more
	 * than two, also when that has ended, or has connected and listens to nothing. */
	TracerProgram programs[PROGRAMS_MAX];
	gboolean hold;       /* hold each socket call (but the waits) at its entry until
				tracer_release() */
	gboolean hold_setup; /* also those that only set a socket up (call_sets_up()) */
	/* NULL: each call begins when its program comes to it. Else the second starts when the
	 * first has come to its first call. */
	const CallCondition *order;
	const int *line; /* where a program that is a main() keeps the line of its source that it
			    has come to; NULL nowhere */
	gboolean order_in_flight;     /* calls begin though not all that was sent is acknowledged */
	gboolean change_user;         /* the tracer and the programs, see privileges_drop() */
	int output_fds[PROGRAMS_MAX]; /* the program's stdout and stderr; -1: ours. stdin is
					 /dev/null */
	guint server_wait_ms;         /* how long one may take until the next starts; 0 = 10 s */
	guint16 port;                 /* the second starts when somebody listens there; 0 any */
	guint linger_ms;              /* what still runs at the end has so long; 0: the default */
	gboolean private_network;     /* whoever listens is one of the programs */
	gboolean ask_kernel_state; /* fill in kernel_state (TCP_INFO, or inet_diag after close) */
} TracerOptions;

/* What comes out of the tracer's pipe, one fixed-size message each. */
typedef enum {
	TRACER_CALL,          /* `call` is valid; phase may be CALL_HELD */
	TRACER_SERVER_WAITS,  /* tracer_start() the next program: `call.local` is where the latest
				 one waits, call.transport how; id 0: nowhere. Also where there is
				 no next one */
	TRACER_PROGRAM_ENDED, /* `call.program`; call.result: exit status of its own process, or
				 256 + signal; call.flags: the signal that it got from us before
				 that, 0 none. All its processes are gone */
	TRACER_OUT_OF_TURN,   /* `call` began though what the order lets it wait for did not come */
	TRACER_SAYS,   /* `problem` is what happens: what still runs, and gets which signal */
	TRACER_UNSEEN, /* `problem` is what of a program is not seen, and why: for the ladder, too
			*/
	TRACER_FAILED, /* `problem` says what and what to do, `status` how bad it is (complain.h);
			  nothing comes after */
	TRACER_DONE,   /* every process has ended; nothing comes after */
} TracerMessageKind;

typedef struct {
	guint32 kind; /* TracerMessageKind */
	guint32 size; /* sizeof(TracerMessage): a check against a torn pipe */
	CallRecord call;
	gint32 status;
	char problem[512]; /* UTF-8, translated */
} TracerMessage;

typedef struct _Tracer Tracer;

/* How a session ends. When the last program's own process has ended, and with it the connections.
 * What still runs then is told (TRACER_SAYS), and has TRACER_LINGER_MS; or where each process only
 * waits, and one for the next client, 500 ms; or linger_ms in either case. Then it gets SIGINT,
 * SIGTERM and SIGKILL, so long after each other. A connection that is still open counts as closed
 * when no call came for so long. While a call is held, nothing times out. */
#define TRACER_LINGER_MS 5000

/* Forks the tracer process, which forks the programs' processes, puts them into a PID namespace of
 * their own where it may (CAP_SYS_ADMIN: in the private network, or as root), and gives up all
 * privileges, as they do. Nothing runs before tracer_start(). Call it before privileges are
 * dropped, before anything is opened that they must not have (a capture), and before there is a
 * second thread. */
Tracer *tracer_new(const TracerOptions *options, GError **error);

/* Lets the server start; and a second time, when TRACER_SERVER_WAITS has come, the
 * client: the reader may have to be ready for its packets first. */
void tracer_start(Tracer *tracer);

/* Readable when tracer_read() has something. */
int tracer_fd(const Tracer *tracer);

/* Non-blocking: TRUE with *message filled in, FALSE where there is none now.
 * A tracer that died gives one TRACER_FAILED. */
gboolean tracer_read(Tracer *tracer, TracerMessage *message);

/* Lets the held call that has waited longest go on (first come, first served).
 * Harmless where none is held: it is not remembered. */
void tracer_release(Tracer *tracer);

/* From now on nothing is held any more, and what is held goes on. */
void tracer_release_all(Tracer *tracer);

/* Ends the programs (SIGTERM, then SIGKILL after 500 ms), the tracer, and frees. */
void tracer_free(Tracer *tracer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Tracer, tracer_free)

/* Tries it for real on a child of our own: TRUE, or FALSE with why (Yama,
 * a debugger, a container's seccomp) and how to mend it. */
gboolean tracer_probe(GError **error);

/* Tries whether the programs get a PID namespace of their own, without which they are traced all
 * the same: TRUE, or FALSE with why not. Call it where the tracer would be started. */
gboolean tracer_probe_pidns(GError **error);
