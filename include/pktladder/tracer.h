/* SPDX-License-Identifier: MIT */
/* tracer.h - runs two programs and reports their socket calls, through ptrace with a seccomp
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
} CallCondition;

typedef struct {
	TracerProgram server;
	TracerProgram client; /* argv NULL: none. To be started once the server waits for it: in
				 accept() or a wait on its listening socket (at the latest
				 100 ms after listen()), or in a receive or a wait on a UDP
				 socket that it bound. So the server's call comes first. */
	gboolean hold;        /* hold each socket call (but the waits) at its entry until
				 tracer_release() */
	const CallCondition *order; /* NULL: each call begins when its program comes to it */
	gboolean change_user;       /* the tracer and the programs, see privileges_drop() */
	int output_fds[2];          /* by CallRole: the program's stdout and stderr; -1: ours.
				       stdin is /dev/null */
	guint server_wait_ms;       /* how long the server may take to get there; 0 = 10 s */
	gboolean ask_kernel_state;  /* fill in kernel_state (TCP_INFO, or inet_diag after close) */
} TracerOptions;

/* What comes out of the tracer's pipe, one fixed-size message each. */
typedef enum {
	TRACER_CALL,          /* `call` is valid; phase may be CALL_HELD */
	TRACER_SERVER_WAITS,  /* tracer_start() the client: `call.local` is where it waits,
				 call.transport how; once, and also where there is no client */
	TRACER_PROGRAM_ENDED, /* `call.role`; call.result: exit status, or 256 + signal;
				 all its processes are gone */
	TRACER_OUT_OF_TURN,   /* `call` began though what the order lets it wait for did not come */
	TRACER_FAILED,        /* `problem` says what and what to do; nothing comes after */
	TRACER_DONE,          /* every process has ended; nothing comes after */
} TracerMessageKind;

typedef struct {
	guint32 kind; /* TracerMessageKind */
	guint32 size; /* sizeof(TracerMessage): a check against a torn pipe */
	CallRecord call;
	char problem[512]; /* UTF-8, translated */
} TracerMessage;

typedef struct _Tracer Tracer;

/* How a session ends. When both programs have ended (of one, all its processes),
 * by themselves. Where the server stays after its client's end, it gets SIGTERM,
 * and 500 ms later SIGKILL: after 500 ms without a call if it waits for the next
 * client, 5 s without a call if it does something else, and 30 s in any case. A
 * client whose server has gone gets it after 30 s without a call. Where there is
 * no client, the server runs until it ends. While a call is held, nothing times out. */

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
