/* SPDX-License-Identifier: MIT */
/* call.h - one socket call of a program, as the tracer saw it: plain numbers, no pointers, so that
 * a record crosses a pipe and a file unchanged. Pure. */
#pragma once

#include "pktladder/endpoint.h"

/* The calls that are traced: the name that the C library has for it, which arguments people
 * see and what a result that is no error means (ARGUMENTS_ and RESULT_ in call.c), and what it
 * does to its socket (CallEffect). The kernel has only sendto and recvfrom, so a sendto without
 * an address is shown as send, a recvfrom without a place for one as recv; poll, select and
 * epoll_wait stand for their p-variants, execve for execveat; it is told where it closes sockets.
 * exit is no call: the process ends, and the kernel closes
 * what it left open; there is one (with its fd and socket) for each socket, and its return: the
 * process is gone. Nor is process one: what a demo's server does with the request that it has
 * received, until its next call. The kernel's numbers of them are in src/tracer/syscall.c. */
/* clang-format off */
#define CALL_TABLE(CALL) \
	CALL(SOCKET,	  socket,      SOCKET,	NUMBER,	  NOTHING) \
	CALL(BIND,	  bind,	       ADDRESS,	NUMBER,	  NOTHING) \
	CALL(LISTEN,	  listen,      BACKLOG,	NUMBER,	  NOTHING) \
	CALL(ACCEPT,	  accept,      ACCEPT,	NUMBER,	  ACCEPTS) \
	CALL(ACCEPT4,	  accept4,     ACCEPT,	NUMBER,	  ACCEPTS) \
	CALL(CONNECT,	  connect,     ADDRESS,	NUMBER,	  SIGNALS) \
	CALL(SEND,	  send,	       SEND,	SENT,	  SENDS) \
	CALL(SENDTO,	  sendto,      SEND,	SENT,	  SENDS) \
	CALL(SENDMSG,	  sendmsg,     SEND,	SENT,	  SENDS) \
	CALL(SENDMMSG,	  sendmmsg,    SEND,	MESSAGES, SENDS) \
	CALL(WRITE,	  write,       SEND,	SENT,	  SENDS) \
	CALL(WRITEV,	  writev,      SEND,	SENT,	  SENDS) \
	CALL(SENDFILE,	  sendfile,    SEND,	SENT,	  SENDS) \
	CALL(SPLICE,	  splice,      SEND,	RECEIVED, SENDS) \
	CALL(RECV,	  recv,	       RECV,	RECEIVED, RECEIVES) \
	CALL(RECVFROM,	  recvfrom,    RECV,	RECEIVED, RECEIVES) \
	CALL(RECVMSG,	  recvmsg,     RECV,	RECEIVED, RECEIVES) \
	CALL(RECVMMSG,	  recvmmsg,    RECV,	MESSAGES, RECEIVES) \
	CALL(READ,	  read,	       RECV,	RECEIVED, RECEIVES) \
	CALL(READV,	  readv,       RECV,	RECEIVED, RECEIVES) \
	CALL(SHUTDOWN,	  shutdown,    HOW,	NUMBER,	  SIGNALS) \
	CALL(CLOSE,	  close,       FD,	NUMBER,	  CLOSES) \
	CALL(CLOSE_RANGE, close_range, RANGE,	NUMBER,	  CLOSES) \
	CALL(EXECVE,	  execve,      NONE,	NUMBER,	  CLOSES) \
	CALL(DUP,	  dup,	       FD,	NUMBER,	  NOTHING) \
	CALL(DUP2,	  dup2,	       COPY,	NUMBER,	  CLOSES) \
	CALL(DUP3,	  dup3,	       COPY,	NUMBER,	  CLOSES) \
	CALL(FCNTL,	  fcntl,       COMMAND,	NUMBER,	  NOTHING) \
	CALL(GETSOCKNAME, getsockname, FD,	NUMBER,	  NOTHING) \
	CALL(GETPEERNAME, getpeername, FD,	NUMBER,	  NOTHING) \
	CALL(GETSOCKOPT,  getsockopt,  OPTION,	NUMBER,	  NOTHING) \
	CALL(SETSOCKOPT,  setsockopt,  OPTION,	NUMBER,	  NOTHING) \
	CALL(POLL,	  poll,	       WAIT,	READY,	  WAITS) \
	CALL(SELECT,	  select,      WAIT,	READY,	  WAITS) \
	CALL(EPOLL_WAIT,  epoll_wait,  WAIT,	READY,	  WAITS) \
	CALL(EXIT,	  exit,	       NONE,	STATUS,	  CLOSES) \
	CALL(PROCESS,	  process,     WORK,	NUMBER,	  RECEIVES)
/* clang-format on */

typedef enum {
	CALL_NONE,
#define CALL(NAME, ...) CALL_##NAME,
	CALL_TABLE(CALL)
#undef CALL
	    N_CALLS
} CallName;

typedef enum {
	CALL_NOTHING,
	CALL_SENDS,    /* hands data to a socket */
	CALL_RECEIVES, /* takes data from one */
	CALL_SIGNALS,  /* may make its side send a segment without data: connect, shutdown */
	CALL_CLOSES,   /* the same; and it closes descriptors: see call_closes() */
	CALL_ACCEPTS,
	CALL_WAITS, /* for readiness: never held, and not drawn where it did not wait */
} CallEffect;

/* In the size of dup2 and dup3, beside the flags of dup3: the other descriptor, which `flags`
 * holds, is copied over `fd`, whose socket the call is about then, and which it closes. */
#define CALL_COPIED_OVER (G_GINT64_CONSTANT(1) << 32)

/* The size of a sendmsg or recvmsg over a Unix socket, `flags`, that passes `fd` on (SCM_RIGHTS):
 * the call is about the socket that is passed. A process that has received one has another
 * descriptor. */
#define CALL_PASSES (-2)

typedef enum {
	CALL_ENTRY = 1, /* the call starts (where calls are held: when it was let go) */
	CALL_RETURN,
	CALL_HELD, /* it waits at its entry to be let go; never recorded, never in a trace */
} CallPhase;

/* What the kernel says of a TCP socket of which a call has closed a descriptor: whether that was
 * the last one (of all processes; one that is on its way between two by SCM_RIGHTS counts). */
typedef enum { CALL_LAST_UNKNOWN, CALL_LAST_NO, CALL_LAST_YES, N_CALL_LASTS } CallLast;

/* Whether a call slept before it returned: its thread gave up the processor of its own accord, as
 * the kernel counts. UNKNOWN: nobody has counted, as in recordings of version 1. */
typedef enum { CALL_WAIT_UNKNOWN, CALL_WAIT_NONE, CALL_WAIT_SLEPT, N_CALL_WAITS } CallWait;

/* The result of a call that never returned, since its thread ended in it: the kernel's
 * ERESTARTSYS, which no program sees. */
#define CALL_CUT_OFF (-512)

/* Whose program: the first command line's is the server, any other one a client; which of them, its
 * record's `program` says. */
typedef enum { ROLE_CLIENT = 0, ROLE_SERVER = 1 } CallRole;

typedef struct {
	gint64 time_ns;   /* CLOCK_REALTIME: the packets' clock */
	guint32 id;       /* from 1; an entry and its return share it */
	guint8 phase;     /* CallPhase */
	guint8 name;      /* CallName */
	guint8 role;      /* CallRole */
	guint8 transport; /* Transport of the socket, TRANSPORT_NONE where not known */
	guint8 version;   /* 4 or 6: its address family; 0 unknown */
	guint8
	    kernel_state; /* TcpState of the socket while the thread was stopped here (accept's
			     return: of the new one; close's: what has become of it); 0 not asked */
	guint8
	    has_address; /* `address` holds the sockaddr argument (at return: the one filled in) */
	guint8 wait;     /* CallWait; of an entry NONE: it has not slept yet */
	guint8 last;     /* CallLast, at the return of one that closes */
	guint8 program;  /* which of the command lines, from 0, as they were given */
	guint8 programs; /* how many there are; 0 unknown: two */
	guint8 line;     /* of a scenario's source, where it is called; 0 unknown */
	gint32 pid, tid;
	gint32 fd;    /* the descriptor argument; -1 none */
	gint32 flags; /* backlog of listen, how of shutdown, flags of send/recv/accept4,
			 type of socket(), level<<16|option of get/setsockopt, command of fcntl,
			 first descriptor of close_range; of a wait's return, where it found
			 something, the first descriptor that is ready, 0 not known */
	gint64 size;  /* bytes asked for (send, recv), -1 none; timeout in ms of poll (-1 for ever);
			 argument of fcntl; protocol of socket() where it is not the usual one;
			 flags<<32|last descriptor of close_range */
	gint64 result;    /* at return: >= 0, or -errno, or CALL_CUT_OFF. -EINTR is what the
			     program saw; a call that the kernel restarts goes on.
			     Of CALL_EXIT: exit status, or 256 + signal */
	guint64 socket;   /* SO_COOKIE, the kernel's own key (shared by dup and fork); 0 not yet */
	guint64 accepted; /* accept's return: the new socket's cookie */
	Endpoint local,
	    peer;         /* of the socket (accept's return: of the new one); version 0 unknown */
	Endpoint address; /* see has_address */
	char command[16]; /* what the process is, as ps says: no other bytes than of
			     [A-Za-z0-9._+:-]; "" unknown */
} CallRecord;

/* Which of the programs, from 0, where there are two, too. */
static inline guint
call_program(const CallRecord *record)
{
	return record->programs > 2 ? record->program : record->role == ROLE_SERVER ? 0 : 1;
}

/* "connect"; static. call_name_from() is its reverse, CALL_NONE where unknown. */
const char *call_name(CallName name);
CallName call_name_from(const char *text);

CallEffect call_effect(CallName name);

/* Whether it may sleep until something comes: the others do their work and return. */
gboolean call_can_wait(CallName name);

/* Whether it passes its descriptor on, which moves no data: see CALL_PASSES. */
gboolean call_passes(const CallRecord *call);

/* Whether it asks or tells something of its socket and moves nothing: names and options, and what
 * UDP's connect() does, which resolvers try addresses with. */
gboolean call_sets_up(const CallRecord *call);

/* Whether it closes its descriptor: dup2 and dup3 only where it is copied over. */
gboolean call_closes(const CallRecord *call);

/* The call in three lengths, without its result; the caller frees. Escaped:
 * there is nothing but printable ASCII in it.
 *   FULL   "connect(3, 127.0.0.1:5000)", "send(4, 12 B)", "recv(4, 4096 B)", "listen(3, 16)",
 *          "socket(AF_INET, SOCK_STREAM)", "shutdown(4, SHUT_WR)", "sendto(3, 5 B, 127.0.0.1:9)"
 *   SHORT  "connect(3)", "send(4)", "socket(AF_INET)": with its first argument
 *   NAME   "connect" */
typedef enum { CALL_FULL, CALL_SHORT, CALL_NAME_ONLY } CallLength;
char *call_to_string(const CallRecord *entry, CallLength length);

/* The result by its name: "0", "12 B" (bytes moved), "4" (a descriptor), "ECONNREFUSED",
 * "EOF" (a receive of 0 bytes on TCP that asked for more than 0), "2 ready", "?" (CALL_CUT_OFF).
 * The caller frees. */
char *call_result_to_string(const CallRecord *record);

/* The errno that it returned with; 0 none: CALL_CUT_OFF is none, nor of a hostile recording every
 * negative result. */
int call_errno(const CallRecord *record);

/* "ECONNREFUSED" for 111; "errno 9999" where there is no name. Static or interned. */
const char *call_errno_name(int error);

/* One line that a person can read in Wireshark's packet comment and that
 * call_from_comment() reads back to an equal record; the role, the call, then
 * key=value. The caller frees. Printable ASCII, below 1 KiB. */
char *call_to_comment(const CallRecord *record);

/* FALSE where `text` is no such line (somebody else's comment): data, not an error. */
gboolean call_from_comment(const char *text, gsize length, CallRecord *record);
