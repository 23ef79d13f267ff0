/* SPDX-License-Identifier: MIT */
/* entry.c - entries and returns of socket calls.
 *
 * Theory of operation
 *
 * The clock is read while the thread is stopped: at an entry as the last thing
 * before it goes on, at a return as the first. So whatever a call sends, and
 * whatever made it return, lies between the two times, and their records are in
 * the pipe before the thread can do the next thing.
 *
 * Calls on descriptors that are no TCP or UDP sockets go on at once, without a
 * stop at their return: to a program's files we cost one readlink().
 */
#include <errno.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "proc.h"
#include "session.h"

/* Whether in this call on this socket a server waits for a client that it does not know yet. */
static gboolean
awaits_client(CallName name, const Socket *socket)
{
	CallEffect effect = call_effect(name);

	if (socket->transport == TRANSPORT_TCP)
		return socket->listens && (effect == CALL_ACCEPTS || effect == CALL_WAITS);
	return socket->bound && socket->peer.version == 0 &&
	       (effect == CALL_RECEIVES || effect == CALL_WAITS);
}

static CallRecord
new_call(Session *session, const Thread *thread, CallName name)
{
	return (CallRecord){
		.id = ++session->last_id,
		.phase = CALL_ENTRY,
		.name = (guint8)name,
		.role = (guint8)thread->process->role,
		.pid = thread->process->pid,
		.tid = thread->tid,
		.fd = -1,
		.size = -1,
	};
}

static void
describe(CallRecord *call, const Socket *socket)
{
	call->transport = (guint8)socket->transport;
	call->version = socket->version;
	call->socket = socket->cookie;
	call->local = socket->local;
	call->peer = socket->peer;
}

/* The call's socket, where its descriptor still is that one. */
static Socket *
find_again(Session *session, const Thread *thread, const CallRecord *call)
{
	Socket *socket =
	    socket_table_find(session->sockets, thread->process->pidfd, thread->tid, call->fd);

	return socket && socket->cookie == call->socket ? socket : NULL;
}

/* The state as the kernel has it, where that is wanted; and where a call may
 * have changed them, the addresses. */
static void
look(Session *session, const Thread *thread, Socket *socket, int fd, CallRecord *call,
     gboolean addresses)
{
	const gboolean state = session->options.ask_kernel_state &&
			       call_effect(call->name) != CALL_WAITS &&
			       socket->transport == TRANSPORT_TCP;

	call->kernel_state = 0;
	if (state || addresses)
		socket_look(socket, thread->process->pidfd, fd, state ? &call->kernel_state : NULL);
}

/* The same of a socket that no descriptor names any more. */
static void
look_closed(Session *session, CallRecord *call)
{
	call->kernel_state = 0;
	if (session->options.ask_kernel_state && call->transport == TRANSPORT_TCP)
		call->kernel_state =
		    socket_table_state(session->sockets, call->socket, &call->local, &call->peer);
}

/* Collects the calls' entries in thread->calls: none where the descriptors are
 * no sockets of ours. TRUE where the server waits for its client in it. */
static gboolean
collect(Session *session, Thread *thread)
{
	const Syscall *syscall = thread->syscall;
	g_autoptr(GArray) fds = g_array_new(FALSE, FALSE, sizeof(int));
	gboolean awaits = FALSE;

	if (syscall->shape == SHAPE_SOCKET) {
		CallRecord call = { 0 };
		if (syscall_read_socket(thread->arguments, &call)) {
			const CallRecord kind = call;
			call = new_call(session, thread, syscall->name);
			call.transport = kind.transport;
			call.version = kind.version;
			call.flags = kind.flags;
			g_array_append_val(thread->calls, call);
		}
		return FALSE;
	}
	syscall_read_fds(syscall, thread->tid, thread->arguments, fds);
	for (guint i = 0; i < fds->len; i++) {
		const int fd = g_array_index(fds, int, i);
		const Socket *socket =
		    socket_table_find(session->sockets, thread->process->pidfd, thread->tid, fd);
		if (!socket)
			continue;
		awaits = awaits || awaits_client(syscall->name, socket);
		if (thread->calls->len > 0 && syscall->shape != SHAPE_CLOSE_RANGE)
			continue; /* of a wait, the first socket stands for all */
		CallRecord call = new_call(session, thread, syscall->name);
		call.fd = fd;
		describe(&call, socket);
		syscall_read_entry(syscall, thread->tid, thread->arguments, &call);
		g_array_append_val(thread->calls, call);
	}
	return awaits && thread->process->role == ROLE_SERVER;
}

/* Records the entries and lets the thread go on to the return. */
static void
proceed(Session *session, Thread *thread)
{
	for (guint i = 0; i < thread->calls->len; i++) {
		CallRecord *call = &g_array_index(thread->calls, CallRecord, i);
		const gboolean closes = call->name == CALL_CLOSE || call->name == CALL_SHUTDOWN;
		Socket *socket = call->fd >= 0 ? find_again(session, thread, call) : NULL;
		if (socket) {
			look(session, thread, socket, call->fd, call, closes);
			describe(call, socket);
			if (call->name == CALL_CLOSE)
				socket_table_closed(session->sockets, socket->inode);
		}
	}
	/* nothing that takes long between the clock and the start */
	const gint64 now = session_time();
	for (guint i = 0; i < thread->calls->len; i++) {
		CallRecord *call = &g_array_index(thread->calls, CallRecord, i);
		call->phase = CALL_ENTRY;
		call->time_ns = now;
		session_send(session, TRACER_CALL, call);
	}
	thread->state = THREAD_IN_CALL;
	stop_resume(thread, 0);
}

void
entry_arrive(Session *session, Thread *thread)
{
	struct __ptrace_syscall_info info;
	const gboolean known =
	    ptrace(PTRACE_GET_SYSCALL_INFO, thread->tid, sizeof(info), &info) > 0 &&
	    info.op == PTRACE_SYSCALL_INFO_SECCOMP;
	gboolean awaits = FALSE;

	if (known && thread->state == THREAD_INTERRUPTED) {
		if (info.seccomp.nr == SYS_restart_syscall ||
		    interrupt_is_restart(thread, info.seccomp.nr, info.seccomp.args,
					 info.instruction_pointer)) {
			thread->state =
			    THREAD_IN_CALL; /* the call that a signal had interrupted goes on */
			stop_resume(thread, 0);
			return;
		}
		/* it returned, and we have not seen how */
		entry_report(session, thread, -EINTR, session_time());
	}
	g_array_set_size(thread->calls, 0);
	if (known) {
		thread->syscall = syscall_find((long)info.seccomp.nr);
		memcpy(thread->arguments, info.seccomp.args, sizeof(thread->arguments));
		if (thread->syscall)
			awaits = collect(session, thread);
	}
	if (thread->calls->len == 0) {
		stop_resume(thread, 0);
		return;
	}
	const CallRecord first = g_array_index(thread->calls, CallRecord, 0);
	if (session->hold && call_effect(first.name) != CALL_WAITS) {
		CallRecord held = first;
		thread->state = THREAD_HELD;
		g_queue_push_tail(&session->held, thread);
		held.phase = CALL_HELD;
		held.time_ns = session_time();
		session_send(session, TRACER_CALL, &held);
	} else {
		proceed(session, thread);
	}
	if (awaits)
		session_server_waits(session, &first);
}

void
entry_release(Session *session, Thread *thread)
{
	g_queue_remove(&session->held, thread);
	proceed(session, thread);
}

/* What the call has made, or changed, of its socket. A connection that is being made, or was
 * refused, has no peer's name yet: the address it was asked for is it. */
static void
learn(Session *session, const Thread *thread, CallRecord *call)
{
	const gboolean makes = call->result >= 0 && (call->name == CALL_SOCKET ||
						     call_effect(call->name) == CALL_ACCEPTS);
	Socket *socket;

	if (makes) {
		socket = socket_table_find(session->sockets, thread->process->pidfd, thread->tid,
					   (int)call->result);
		if (!socket)
			return;
		look(session, thread, socket, (int)call->result, call, FALSE);
		if (call->name == CALL_SOCKET) {
			describe(call, socket);
			return;
		}
		call->accepted = socket->cookie;
		call->local = socket->local;
		call->peer = socket->peer;
	} else if (call->name == CALL_CLOSE) {
		look_closed(session, call);
	} else if (call->fd >= 0) {
		socket = find_again(session, thread, call);
		if (!socket)
			return;
		if (call->name == CALL_BIND && call->result == 0)
			socket->bound = TRUE;
		if (call->name == CALL_LISTEN && call->result == 0)
			socket->listens = TRUE;
		if (call->name == CALL_CONNECT && call->has_address && call->result != 0)
			socket->peer = call->address;
		look(session, thread, socket, call->fd, call,
		     call->name == CALL_BIND || call->name == CALL_LISTEN ||
			 call->name == CALL_CONNECT || socket->local.port == 0);
		describe(call, socket);
	}
}

void
entry_report(Session *session, Thread *thread, gint64 result, gint64 now)
{
	for (guint i = 0; i < thread->calls->len; i++) {
		CallRecord *call = &g_array_index(thread->calls, CallRecord, i);
		call->phase = CALL_RETURN;
		call->time_ns = now;
		call->result = result;
		if (!thread->exiting && result >= 0)
			syscall_read_return(thread->syscall, thread->tid, thread->arguments, call);
		if (!thread->exiting)
			learn(session, thread, call);
		session_send(session, TRACER_CALL, call);
		session_call_returned(session, call);
	}
	g_array_set_size(thread->calls, 0);
	thread->state = THREAD_RUNS;
}

void
entry_return(Session *session, Thread *thread)
{
	const gint64 now = session_time();
	struct __ptrace_syscall_info info = { 0 };
	gint64 result = -EINTR; /* where it was killed meanwhile */

	if (ptrace(PTRACE_GET_SYSCALL_INFO, thread->tid, sizeof(info), &info) > 0 &&
	    info.op == PTRACE_SYSCALL_INFO_EXIT)
		result = info.exit.rval;
	if (!interrupt_begin(thread, result, info.instruction_pointer))
		entry_report(session, thread, result, now);
	stop_resume(thread, 0);
}

void
entry_abandon(Session *session, Thread *thread)
{
	if (thread->state == THREAD_HELD)
		g_queue_remove(&session->held, thread);
	else if (thread->state != THREAD_RUNS)
		entry_report(session, thread, -EINTR, session_time());
	thread->state = THREAD_RUNS;
}

void
entry_exit(Session *session, Thread *thread, gint64 status)
{
	Process *process = thread->process;
	g_autoptr(GArray) fds = g_array_new(FALSE, FALSE, sizeof(int));

	proc_list_fds(thread->tid, 0, G_MAXINT, fds);
	for (guint i = 0; i < fds->len; i++) {
		const int fd = g_array_index(fds, int, i);
		Socket *socket =
		    socket_table_find(session->sockets, process->pidfd, thread->tid, fd);
		if (!socket)
			continue;
		CallRecord call = new_call(session, thread, CALL_EXIT);
		call.fd = fd;
		call.result = status;
		look(session, thread, socket, fd, &call, TRUE);
		describe(&call, socket);
		socket_table_closed(session->sockets, socket->inode);
		g_array_append_val(process->exits, call);
	}
	const gint64 now = session_time();
	for (guint i = 0; i < process->exits->len; i++) {
		CallRecord *call = &g_array_index(process->exits, CallRecord, i);
		call->time_ns = now;
		session_send(session, TRACER_CALL, call);
	}
}

void
entry_exited(Session *session, Process *process)
{
	const gint64 now = session_time();

	for (guint i = 0; i < process->exits->len; i++) {
		CallRecord *call = &g_array_index(process->exits, CallRecord, i);
		call->phase = CALL_RETURN;
		call->time_ns = now;
		look_closed(session, call);
		session_send(session, TRACER_CALL, call);
	}
}
