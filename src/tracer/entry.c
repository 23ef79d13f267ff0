/* SPDX-License-Identifier: MIT */
/* entry.c - entries and returns of socket calls.
 *
 * Theory of operation
 *
 * The clock is read while the thread is stopped: at an entry as the last thing before it goes on,
 * at a return as the first. So whatever a call sends, and whatever made it return, lies between the
 * two times, and their records are in the pipe before the thread can do the next thing.
 *
 * Calls on descriptors that are no TCP or UDP sockets go on at once, without a stop at their
 * return: to a program's files we cost one readlink().
 *
 * A signal ends a blocking call with a code that no program ever sees. What follows depends on the
 * signal: where it has no handler (a stop, a SIGCHLD that nobody asked for, which only a tracer
 * makes an interruption of), the kernel makes the program call again, and the program knows nothing
 * of it. So must our reader: the call just goes on. Where a handler runs, the call returns EINTR
 * after it, or starts again after it where the handler has SA_RESTART. /proc tells which signals
 * are caught, but not SA_RESTART; where the handler's end (sigreturn) takes the program does:
 * behind the call (it returns EINTR) or on it (it calls again).
 *
 * The return is recorded when it is known to be one.
 *
 * A thread that has come to a call, to its end or, in a scenario, to its work on a request waits
 * for its turn (order.c), and then to be released.
 *
 * Whether a call slept, the kernel knows: how often a thread has given up the processor of its own
 * accord is in /proc. Between the stops at its call's entry and return that grows by one for the
 * second stop, and by more where it slept. The number is right once a ptrace request has been
 * answered, since the thread is off the processor then; after waitpid() alone it may not be.
 * Reading it takes 12 us, so it is read for calls that can wait alone.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/user.h>
#include <unistd.h>

#include "pktladder/fd.h"
#include "proc.h"
#include "tracing.h"

/* The kernel's codes (include/linux/errno.h). */
#define ERESTARTSYS           512 /* again, but for handlers without SA_RESTART */
#define ERESTARTNOINTR        513 /* again, in any case */
#define ERESTARTNOHAND        514 /* again, where there is no handler */
#define ERESTART_RESTARTBLOCK 516 /* the same, by restart_syscall */

/* A system call's instruction is at most so long. */
#define INSTRUCTION_MAX 8

/* Among so many descriptors that a wait is for, an epoll stands for those that it watches: their
 * numbers may be out of date and lead round in a circle. */
#define NESTED_MAX 1024

/* Whether in this call on this socket a server waits for a client that it does not know yet. */
static gboolean
awaits_client(CallName name, const TraceeSocket *socket)
{
	CallEffect effect = call_effect(name);

	if (socket->transport == TRANSPORT_TCP)
		return socket->listens && (effect == CALL_ACCEPTS || effect == CALL_WAITS);
	return socket->bound && socket->peer.version == 0 &&
	       (effect == CALL_RECEIVES || effect == CALL_WAITS);
}

static const CallRecord *
first_call(const Thread *thread)
{
	return &g_array_index(thread->calls, CallRecord, 0);
}

static CallRecord
new_call(Tracing *tracing, const Thread *thread, CallName name)
{
	Process *process = thread->process;
	const gboolean several = tracing->n_programs > 2;
	int line;
	CallRecord call = {
		.id = ++tracing->last_id,
		.phase = CALL_ENTRY,
		.name = (guint8)name,
		.role = (guint8)program_role(process->program),
		.program = (guint8)(several ? process->program : 0),
		.programs = (guint8)(several ? tracing->n_programs : 0),
		.pid = process->pid,
		.tid = thread->tid,
		.fd = -1,
		.size = -1,
	};

	if (!process->command[0])
		proc_command(process->pid, process->command, sizeof(process->command));
	memcpy(call.command, process->command, sizeof(call.command));
	if (tracing->options.line && name != CALL_EXIT &&
	    memory_read(thread->tid, (guintptr)tracing->options.line, &line, sizeof line))
		call.line = (guint8)line;
	return call;
}

static void
describe(CallRecord *call, const TraceeSocket *socket)
{
	call->transport = (guint8)socket->transport;
	call->version = socket->version;
	call->socket = socket->cookie;
	call->local = socket->local;
	call->peer = socket->peer;
}

/* The TCP or UDP socket that the descriptor is; else NULL. */
static TraceeSocket *
find_socket(Tracing *tracing, const Thread *thread, int fd)
{
	return socket_table_find(tracing->sockets, thread, fd);
}

/* The call's socket, where its descriptor still is that one. */
static TraceeSocket *
find_again(Tracing *tracing, const Thread *thread, const CallRecord *call)
{
	TraceeSocket *socket = find_socket(tracing, thread, call->fd);

	return socket && socket->cookie == call->socket ? socket : NULL;
}

/* Asks for what is wanted of the socket, and for its state where that is. */
static void
look(Tracing *tracing, const Thread *thread, TraceeSocket *socket, int fd, CallRecord *call,
     Look wanted)
{
	const gboolean state = tracing->options.ask_kernel_state &&
			       call_effect(call->name) != CALL_WAITS &&
			       socket->transport == TRANSPORT_TCP;

	call->kernel_state = 0;
	if (state || wanted)
		socket_look(socket, thread->process->pidfd, fd, wanted,
			    state ? &call->kernel_state : NULL);
}

/* Asks for the state of a socket that no descriptor names any more. */
static void
look_closed(Tracing *tracing, CallRecord *call)
{
	call->kernel_state = 0;
	if (tracing->options.ask_kernel_state && call->transport == TRANSPORT_TCP)
		call->kernel_state = socket_table_state(tracing->sockets, call->socket,
							&call->local, &call->peer, &call->last);
}

/* Whether one of the calls is about the socket: of several descriptors that it has, one is enough.
 */
static gboolean
has_socket(const GArray *calls, const TraceeSocket *socket)
{
	for (guint i = 0; i < calls->len; i++)
		if (g_array_index(calls, CallRecord, i).socket == socket->cookie)
			return TRUE;
	return FALSE;
}

/* Of a message over a Unix socket: a call for each of our sockets that it passes on. */
static void
collect_passed(Tracing *tracing, Thread *thread)
{
	g_autoptr(GArray) fds = g_array_new(FALSE, FALSE, sizeof(int));

	syscall_read_passed_fds(thread->syscall, thread->tid, thread->arguments, fds);
	for (guint i = 0; i < fds->len; i++) {
		const int fd = g_array_index(fds, int, i);
		tracee_forget_fd(thread->process, fd); /* at the return it is a new one */
		const TraceeSocket *socket = find_socket(tracing, thread, fd);
		if (!socket || has_socket(thread->calls, socket))
			continue;
		CallRecord call = new_call(tracing, thread, thread->syscall->name);
		call.fd = fd;
		call.flags = (gint32)thread->arguments[0];
		call.size = CALL_PASSES;
		describe(&call, socket);
		g_array_append_val(thread->calls, call);
	}
}

/* Whether an epoll_wait() will return at once, as it does whenever its program is busy: nobody is
 * told of such a wait, so its return need not be stopped at. (Where another thread is faster and
 * takes what was there, it sleeps unseen.) */
static gboolean
finds_at_once(const Thread *thread)
{
	g_auto(Fd) epoll = pidfd_getfd(thread->process->pidfd, (int)thread->arguments[0], 0);
	struct pollfd ready = { .fd = epoll, .events = POLLIN };

	return epoll >= 0 && poll(&ready, 1, 0) == 1;
}

/* Collects the calls' entries in thread->calls: none where the descriptors are no sockets of ours.
 * `served` is where it waits for a client that it was not known to wait for; id 0 nowhere. */
static void
collect(Tracing *tracing, Thread *thread, CallRecord *served)
{
	const Syscall *syscall = thread->syscall;
	const gboolean closes_many =
	    syscall->name == CALL_CLOSE_RANGE || syscall->name == CALL_EXECVE;
	g_autoptr(GArray) fds = g_array_new(FALSE, FALSE, sizeof(int));

	if (syscall->name == CALL_SOCKET) {
		CallRecord kind = { 0 };
		if (!syscall_read_socket(thread->arguments, &kind))
			return;
		CallRecord call = new_call(tracing, thread, syscall->name);
		call.transport = kind.transport;
		call.version = kind.version;
		call.flags = kind.flags;
		call.size = kind.size;
		g_array_append_val(thread->calls, call);
		return;
	}
	if (syscall->name == CALL_EPOLL_WAIT && finds_at_once(thread))
		return;
	syscall_read_fds(syscall, thread->tid, thread->arguments, fds);
	for (guint i = 0; i < fds->len; i++) {
		const int fd = g_array_index(fds, int, i);
		TraceeSocket *socket = find_socket(tracing, thread, fd);
		if (!socket && i < NESTED_MAX && call_effect(syscall->name) == CALL_WAITS)
			proc_list_epoll(thread->tid, fd, fds); /* they are waited for, too */
		if (!socket)
			continue;
		if (!socket->serves && awaits_client(syscall->name, socket)) {
			*served = (CallRecord){ .id = tracing->last_id + 1 };
			describe(served, socket);
			socket->serves = TRUE;
		}
		/* of a wait, the first socket stands for all */
		if (thread->calls->len > 0 && (!closes_many || has_socket(thread->calls, socket)))
			continue;
		CallRecord call = new_call(tracing, thread, syscall->name);
		call.fd = syscall->name == CALL_EPOLL_WAIT ? (int)thread->arguments[0] : fd;
		describe(&call, socket);
		syscall_read_entry(syscall, thread->tid, thread->arguments, &call);
		g_array_append_val(thread->calls, call);
	}
	if (thread->calls->len == 0 && syscall->name == CALL_SENDMSG)
		collect_passed(tracing, thread);
}

/* What the call closes is not known any more, neither before nor after it. */
static void
forget_closed(Thread *thread)
{
	const int fd = syscall_closes_fd(thread->syscall, thread->arguments);

	if (fd == CLOSES_UNSEEN)
		tracee_distrust_fds(thread->process);
	else if (fd != CLOSES_NONE)
		tracee_forget_fd(thread->process, fd);
}

/* Whether it moves data, between the socket and memory. */
static gboolean
is_transfer(CallName name)
{
	const CallEffect effect = call_effect(name);

	return (effect == CALL_SENDS || effect == CALL_RECEIVES) && name != CALL_SPLICE &&
	       name != CALL_SENDFILE && name != CALL_PROCESS;
}

/* Whether the call on the socket may sleep, which takes long to find out. */
static gboolean
may_sleep(const CallRecord *call, const TraceeSocket *socket)
{
	if (is_transfer(call->name) || call->name == CALL_CONNECT ||
	    call_effect(call->name) == CALL_ACCEPTS)
		return !socket->nonblocking;
	if (call_closes(call))
		return socket->lingers;
	return call_can_wait(call->name) && call->name != CALL_SHUTDOWN;
}

/* What is to be asked of the socket at the call's entry. Of a call that does nothing to it: nothing
 * but at its return. A transfer on one that did not block is
 * looked at when it returns, and then whether that was still so: see learn(). */
static void
look_before(Tracing *tracing, const Thread *thread, TraceeSocket *socket, CallRecord *call)
{
	const gboolean closes = call_closes(call), tcp = socket->transport == TRANSPORT_TCP;
	Look wanted = 0;

	if (call_effect(call->name) == CALL_NOTHING ||
	    (is_transfer(call->name) && socket->nonblocking && tcp &&
	     tracing->options.ask_kernel_state)) {
		call->kernel_state = 0;
		return;
	}
	if (call_can_wait(call->name) && call_effect(call->name) != CALL_WAITS && !closes)
		wanted |= LOOK_BLOCKS;
	if (closes && tcp)
		wanted |= LOOK_LINGERS;
	if ((closes || call->name == CALL_SHUTDOWN) &&
	    (socket->local.port == 0 || socket->peer.port == 0))
		wanted |= LOOK_ADDRESSES;
	look(tracing, thread, socket, call->fd, call, wanted);
}

/* Counts from the stop on at which the thread is: its call begins, or goes on. */
static void
wait_begin(Thread *thread)
{
	thread->switches = proc_switches(thread->tid, &thread->status_fd);
}

/* Whether its call has slept up to the stop at which the thread is. */
static void
wait_end(Thread *thread)
{
	const guint64 before = thread->switches;
	const guint64 now = before ? proc_switches(thread->tid, &thread->status_fd) : 0;

	if (now > before + 1)
		thread->wait = CALL_WAIT_SLEPT;
	else if (now && thread->wait == CALL_WAIT_UNKNOWN)
		thread->wait = CALL_WAIT_NONE;
	thread->switches = 0;
}

/* Records the entries and lets the thread go on to the return. */
static void
proceed(Tracing *tracing, Thread *thread)
{
	gboolean sleeps = thread->calls->len == 0;

	for (guint i = 0; i < thread->calls->len; i++) {
		CallRecord *call = &g_array_index(thread->calls, CallRecord, i);
		const gboolean socketless =
		    call->fd < 0 || call_effect(call->name) == CALL_WAITS || call_passes(call);
		TraceeSocket *socket = socketless ? NULL : find_again(tracing, thread, call);
		if (socket) {
			look_before(tracing, thread, socket, call);
			describe(call, socket);
			if (call_closes(call))
				socket_table_closed(tracing->sockets, socket->inode);
		}
		sleeps = sleeps || (socket ? may_sleep(call, socket) : call_can_wait(call->name));
	}
	forget_closed(thread);
	thread->wait = CALL_WAIT_NONE;
	if (sleeps && call_can_wait(thread->syscall->name)) {
		thread->wait = CALL_WAIT_UNKNOWN;
		wait_begin(thread);
	}
	/* nothing that takes long between the clock and the start */
	const gint64 now = tracing_time();
	for (guint i = 0; i < thread->calls->len; i++) {
		CallRecord *call = &g_array_index(thread->calls, CallRecord, i);
		call->phase = CALL_ENTRY;
		call->wait = CALL_WAIT_NONE; /* so far */
		call->time_ns = now;
		tracing_send(tracing, TRACER_CALL, call);
	}
	thread->state = thread->calls->len > 0 && first_call(thread)->name == CALL_PROCESS
			    ? THREAD_WORKS
			    : THREAD_IN_CALL;
	thread_resume(thread, 0);
}

/* The process ends, with all that is open. */
static void
end(Tracing *tracing, Thread *thread)
{
	Process *process = thread->process;
	const gint64 status = first_call(thread)->result;
	g_autoptr(GArray) fds = g_array_new(FALSE, FALSE, sizeof(int));

	proc_list_fds(thread->tid, 0, G_MAXINT, fds);
	for (guint i = 0; i < fds->len; i++) {
		const int fd = g_array_index(fds, int, i);
		TraceeSocket *socket = find_socket(tracing, thread, fd);
		if (!socket || has_socket(process->exits, socket))
			continue;
		CallRecord call = new_call(tracing, thread, CALL_EXIT);
		call.fd = fd;
		call.result = status;
		look(tracing, thread, socket, fd, &call, LOOK_ADDRESSES);
		describe(&call, socket);
		socket_table_closed(tracing->sockets, socket->inode);
		g_array_append_val(process->exits, call);
	}
	const gint64 now = tracing_time();
	for (guint i = 0; i < process->exits->len; i++) {
		CallRecord *call = &g_array_index(process->exits, CallRecord, i);
		call->time_ns = now;
		tracing_send(tracing, TRACER_CALL, call);
	}
	g_array_set_size(thread->calls, 0);
	thread->state = THREAD_RUNS;
	thread_resume(thread, 0);
}

static void
begin(Tracing *tracing, Thread *thread)
{
	if (first_call(thread)->name == CALL_EXIT)
		end(tracing, thread);
	else
		proceed(tracing, thread);
}

static void
wait_for_turn(Tracing *tracing, Thread *thread)
{
	thread->state = THREAD_WAITS;
	g_queue_push_tail(&tracing->waiting, thread);
	entry_take_turn(tracing, thread, FALSE);
}

gboolean
entry_take_turn(Tracing *tracing, Thread *thread, gboolean anyway)
{
	const CallRecord *first = first_call(thread);

	if (!anyway && !order_allows(tracing, thread))
		return FALSE;
	g_queue_remove(&tracing->waiting, thread);
	tracing->programs[thread->process->program].begun[first->name]++;
	if (tracing->hold && call_effect(first->name) != CALL_WAITS && first->name != CALL_EXIT &&
	    (tracing->options.hold_setup || !call_sets_up(first))) {
		CallRecord held = *first;
		thread->state = THREAD_HELD;
		g_queue_push_tail(&tracing->held, thread);
		held.phase = CALL_HELD;
		held.time_ns = tracing_time();
		tracing_send(tracing, TRACER_CALL, &held);
	} else {
		begin(tracing, thread);
	}
	return TRUE;
}

/* What the call has made, or changed, of its socket. A connection that is being made, or was
 * refused, has no peer's name yet: the address it was asked for is it. */
static void
learn(Tracing *tracing, const Thread *thread, CallRecord *call)
{
	const gboolean makes = call->result >= 0 && (call->name == CALL_SOCKET ||
						     call_effect(call->name) == CALL_ACCEPTS);
	TraceeSocket *socket;

	if (makes) {
		tracee_forget_fd(thread->process, (int)call->result);
		socket = find_socket(tracing, thread, (int)call->result);
		if (!socket)
			return;
		look(tracing, thread, socket, (int)call->result, call, 0);
		if (call->name == CALL_SOCKET) {
			describe(call, socket);
			return;
		}
		call->accepted = socket->cookie;
		call->local = socket->local;
		call->peer = socket->peer;
	} else if (call_closes(call)) {
		look_closed(tracing, call);
	} else if (call->fd >= 0) {
		socket = find_again(tracing, thread, call);
		if (!socket)
			return;
		if (call->name == CALL_BIND && call->result == 0)
			socket->bound = TRUE;
		if (call->name == CALL_LISTEN && call->result == 0)
			socket->listens = TRUE;
		socket->serves = socket->serves || socket->listens;
		if (call->name == CALL_CONNECT && call->has_address && call->result != 0)
			socket->peer = call->address;
		const gboolean assumed = is_transfer(call->name) && socket->nonblocking;
		const gboolean names = call->name == CALL_BIND || call->name == CALL_LISTEN ||
				       call->name == CALL_CONNECT || socket->local.port == 0;
		look(tracing, thread, socket, call->fd, call,
		     (names ? LOOK_ADDRESSES : 0) | (assumed ? LOOK_BLOCKS : 0));
		if (assumed && !socket->nonblocking) /* nobody has counted */
			call->wait = CALL_WAIT_UNKNOWN;
		/* ask again: many connect without blocking, and then block */
		if (call->name == CALL_CONNECT)
			socket->nonblocking = FALSE;
		describe(call, socket);
	}
}

/* What the return of a call tells about when the next program can start. */
static void
watch_server(Tracing *tracing, const Thread *thread, const CallRecord *call)
{
	const guint program = thread->process->program;

	if (call->result < 0 && program == tracing->latest &&
	    (call->name == CALL_BIND || call->name == CALL_LISTEN))
		tracing->refused = *call;
	if (call->result == 0 && call->name == CALL_LISTEN)
		tracing_listens(tracing, program, call);
	if (call->name == CALL_CONNECT && call->transport == TRANSPORT_TCP &&
	    (call->result == 0 || call_errno(call) == EINPROGRESS))
		tracing_connects(tracing, program);
}

/* A message has come in over a Unix socket, and may have brought sockets: which, nobody knew at its
 * entry. So the call is told of as one that began now. */
static void
report_passed(Tracing *tracing, Thread *thread, gint64 result, gint64 now)
{
	collect_passed(tracing, thread);
	for (CallPhase phase = CALL_ENTRY; phase <= CALL_RETURN; phase++) {
		for (guint i = 0; i < thread->calls->len; i++) {
			CallRecord *call = &g_array_index(thread->calls, CallRecord, i);
			call->phase = (guint8)phase;
			call->time_ns = now;
			call->wait = CALL_WAIT_NONE;
			call->result = phase == CALL_RETURN ? result : 0;
			tracing_send(tracing, TRACER_CALL, call);
		}
	}
}

/* The call, or several, of the thread returned; `now` is when the thread stopped. */
static void
report(Tracing *tracing, Thread *thread, gint64 result, gint64 now)
{
	const CallName name = thread->syscall->name;
	CallRecord work = { 0 };

	forget_closed(thread);
	if (result >= 0 && (name == CALL_DUP || name == CALL_FCNTL))
		tracee_forget_fd(thread->process, (int)result);
	for (guint i = 0; i < thread->calls->len; i++) {
		CallRecord *call = &g_array_index(thread->calls, CallRecord, i);
		call->phase = CALL_RETURN;
		call->time_ns = now;
		call->result = result;
		call->wait = thread->wait;
		if (!thread->exiting && result >= 0)
			syscall_read_return(thread->syscall, thread->tid, thread->arguments, call);
		if (!thread->exiting)
			learn(tracing, thread, call);
		tracing_send(tracing, TRACER_CALL, call);
		watch_server(tracing, thread, call);
		if (order_works_after(tracing, call))
			work = *call;
	}
	if (thread->calls->len == 0 && !thread->exiting && result >= 0)
		report_passed(tracing, thread, result, now);
	g_array_set_size(thread->calls, 0);
	thread->state = THREAD_RUNS;
	if (work.id) {
		work.id = ++tracing->last_id;
		work.name = CALL_PROCESS;
		work.size = -1;
		work.result = work.flags = 0;
		g_array_append_val(thread->calls, work);
	}
}

/* Whether an interrupted thread that arrives at a traced call makes the same one again. */
static gboolean
is_restart(const Thread *thread, guint64 at, const Syscall *syscall, const guint64 arguments[6])
{
	return (syscall && syscall_restarts(syscall)) ||
	       (!thread->in_handler && at == thread->return_to && syscall == thread->syscall &&
		memcmp(arguments, thread->arguments, sizeof(thread->arguments)) == 0);
}

/* Makes the call one that the kernel does not have: it returns ENOSYS. */
static void
refuse(const Thread *thread)
{
#ifdef __x86_64__
	if (ptrace(PTRACE_POKEUSER, thread->tid, offsetof(struct user_regs_struct, orig_rax), -1L) <
	    0)
		kill(thread->process->pid, SIGKILL);
#endif
}

/* Tells what of the process, or of this call, is not seen. */
static void
tell_unseen(Tracing *tracing, Thread *thread)
{
	Process *process = thread->process;
	const Unseen what = syscall_unseen(thread->syscall, thread->tid, thread->arguments);

	if (what == UNSEEN_IO_URING)
		refuse(thread);
	if (what != N_UNSEEN)
		tracing_unseen(tracing, process, what);
	if (process->unseen & ~process->told)
		tracing_unseen(tracing, process, UNSEEN_OPAQUE);
}

void
entry_arrive(Tracing *tracing, Thread *thread)
{
	struct __ptrace_syscall_info info;
	const gboolean known =
	    ptrace(PTRACE_GET_SYSCALL_INFO, thread->tid, sizeof(info), &info) > 0 &&
	    info.op == PTRACE_SYSCALL_INFO_SECCOMP;
	CallRecord served = { 0 };
	const Syscall *syscall = NULL;
	guint64 arguments[6];

	if (known) {
		memcpy(arguments, info.seccomp.args, sizeof(arguments));
		syscall = syscall_decode(thread->tid, info.arch, info.seccomp.nr, arguments);
	}
	if (known && thread->state == THREAD_INTERRUPTED) {
		if (is_restart(thread, info.instruction_pointer, syscall, arguments)) {
			thread->state = THREAD_IN_CALL; /* the interrupted call goes on */
			wait_begin(thread);
			thread_resume(thread, 0);
			return;
		}
		/* it returned, and we have not seen how */
		report(tracing, thread, -EINTR, tracing_time());
	}
	if (thread->state == THREAD_WORKS)
		report(tracing, thread, 0, tracing_time());
	g_array_set_size(thread->calls, 0);
	if (syscall) {
		thread->syscall = syscall;
		memcpy(thread->arguments, arguments, sizeof(arguments));
		if (syscall->name != CALL_NONE)
			collect(tracing, thread, &served);
		forget_closed(thread);
	}
	if (syscall)
		tell_unseen(tracing, thread);
	if (thread->calls->len == 0) {
		if (syscall && syscall->name == CALL_RECVMMSG)
			tracee_distrust_fds(thread->process); /* it may receive some */
		if (syscall &&
		    syscall_may_receive_fds(thread->syscall, thread->tid, thread->arguments))
			proceed(tracing, thread);
		else
			thread_resume(thread, 0);
		return;
	}
	const guint program = thread->process->program;
	wait_for_turn(tracing, thread);
	if (served.id)
		tracing_listens(tracing, program, &served);
}

void
entry_release(Tracing *tracing, Thread *thread)
{
	g_queue_remove(&tracing->held, thread);
	begin(tracing, thread);
}

void
entry_return(Tracing *tracing, Thread *thread)
{
	const gint64 now = tracing_time();
	struct __ptrace_syscall_info info = { 0 };
	const gboolean stopped =
	    ptrace(PTRACE_GET_SYSCALL_INFO, thread->tid, sizeof(info), &info) > 0 &&
	    info.op == PTRACE_SYSCALL_INFO_EXIT; /* else it was killed meanwhile */
	const gint64 result = stopped ? info.exit.rval : CALL_CUT_OFF;

	if (stopped)
		wait_end(thread);
	if (stopped && result <= -ERESTARTSYS && result >= -ERESTART_RESTARTBLOCK) {
		thread->state = THREAD_INTERRUPTED;
		thread->restart_code = (int)-result;
		thread->return_to = info.instruction_pointer;
		thread->in_handler = FALSE;
	} else {
		report(tracing, thread, result, now);
	}
	if (thread->state == THREAD_RUNS && thread->calls->len > 0)
		wait_for_turn(tracing, thread);
	else
		thread_resume(thread, 0);
}

void
entry_signal(Tracing *tracing, Thread *thread, int signal_number)
{
	if (thread->in_handler ||
	    !(proc_status(thread->tid, "SigCgt", 16) >> (signal_number - 1) & 1))
		return;
	if (thread->restart_code == ERESTARTSYS)
		thread->in_handler = TRUE;
	else if (thread->restart_code != ERESTARTNOINTR)
		report(tracing, thread, -EINTR, tracing_time());
}

void
entry_watch(Tracing *tracing, Thread *thread)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, thread->tid, sizeof(info), &info) <= 0 ||
	    info.op != PTRACE_SYSCALL_INFO_EXIT)
		return;
	if (info.instruction_pointer == thread->return_to)
		report(tracing, thread, -EINTR, tracing_time());
	else if (info.instruction_pointer < thread->return_to &&
		 info.instruction_pointer + INSTRUCTION_MAX >= thread->return_to)
		thread->in_handler = FALSE; /* on the call itself: again */
}

void
entry_exec(Tracing *tracing, Thread *thread)
{
	if (thread->state == THREAD_IN_CALL)
		report(tracing, thread, 0, tracing_time());
}

void
entry_abandon(Tracing *tracing, Thread *thread)
{
	gulong message;

	/* Where it is gone already, nobody knows. */
	if (thread->state == THREAD_IN_CALL &&
	    ptrace(PTRACE_GETEVENTMSG, thread->tid, 0, &message) == 0)
		wait_end(thread);
	if (thread->state == THREAD_HELD)
		g_queue_remove(&tracing->held, thread);
	else if (thread->state == THREAD_WAITS)
		g_queue_remove(&tracing->waiting, thread);
	else if (thread->state != THREAD_RUNS)
		report(tracing, thread, CALL_CUT_OFF, tracing_time());
	thread->state = THREAD_RUNS;
}

void
entry_exit(Tracing *tracing, Thread *thread, gint64 status)
{
	CallRecord call = new_call(tracing, thread, CALL_EXIT);

	call.result = status;
	g_array_set_size(thread->calls, 0);
	g_array_append_val(thread->calls, call);
	wait_for_turn(tracing, thread);
}

void
entry_exited(Tracing *tracing, Process *process)
{
	const gint64 now = tracing_time();

	for (guint i = 0; i < process->exits->len; i++) {
		CallRecord *call = &g_array_index(process->exits, CallRecord, i);
		call->phase = CALL_RETURN;
		call->time_ns = now;
		look_closed(tracing, call);
		tracing_send(tracing, TRACER_CALL, call);
	}
}
