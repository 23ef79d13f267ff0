/* SPDX-License-Identifier: MIT */
/* stop.c - ptrace stops: which they are, and how a thread goes on from them. */
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "session.h"

/* A stop at the entry or return of a system call (PTRACE_O_TRACESYSGOOD). */
#define SYSCALL_STOP (SIGTRAP | 0x80)

void
stop_resume(const Thread *thread, int signal_number)
{
	const gboolean watched = thread->state == THREAD_IN_CALL ||
				 (thread->state == THREAD_INTERRUPTED && thread->in_handler);

	/* it may have been killed meanwhile: then its end comes as a status */
	ptrace(watched ? PTRACE_SYSCALL : PTRACE_CONT, thread->tid, 0, signal_number);
}

/* A wait status as a CallRecord has it. */
static gint64
to_result(int status)
{
	return WIFSIGNALED(status) ? 256 + WTERMSIG(status) : WEXITSTATUS(status);
}

static gulong
event_message(const Thread *thread)
{
	gulong message = 0;

	ptrace(PTRACE_GETEVENTMSG, thread->tid, 0, &message);
	return message;
}

/* Another thread of the process called exec(): it goes on under this one's number. */
static void
handle_exec(Session *session, Thread *thread)
{
	const pid_t former = (pid_t)event_message(thread);
	Thread *caller = former != thread->tid ? tracee_find(session->tracees, former) : NULL;

	entry_abandon(session, thread);
	if (caller)
		entry_abandon(session, caller);
	tracee_exec(session->tracees, thread, former);
}

static void
handle_exit(Session *session, Thread *thread)
{
	const int status = (int)event_message(thread);
	const gboolean first = !thread->exiting;
	const gboolean last = tracee_exiting(thread);

	entry_abandon(session, thread);
	if (first && last)
		entry_exit(session, thread, to_result(status));
}

static void
handle_event(Session *session, Thread *thread, int event, int signal_number)
{
	switch (event) {
	case PTRACE_EVENT_SECCOMP:
		entry_arrive(session, thread);
		return; /* it may be held */
	case PTRACE_EVENT_STOP:
		if (signal_number == SIGSTOP || signal_number == SIGTSTP ||
		    signal_number == SIGTTIN || signal_number == SIGTTOU) {
			ptrace(PTRACE_LISTEN, thread->tid, 0, 0); /* stopped, until SIGCONT */
			return;
		}
		break;
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		tracee_adopt(session->tracees, (pid_t)event_message(thread));
		break;
	case PTRACE_EVENT_EXEC:
		handle_exec(session, thread);
		break;
	case PTRACE_EVENT_EXIT:
		handle_exit(session, thread);
		break;
	default:
		break;
	}
	stop_resume(thread, 0);
}

static void
handle_end(Session *session, Thread *thread, int status)
{
	Program *program = &session->programs[thread->process->role];

	if (thread->tid == program->pid)
		program->status = to_result(status);
	tracee_exiting(thread); /* a killed one may not have told */
	entry_abandon(session, thread);
	Process *process = tracee_remove(session->tracees, thread);
	if (process) {
		const CallRole role = process->role;
		entry_exited(session, process);
		tracee_remove_process(session->tracees, process);
		session_process_ended(session, role);
	}
}

void
stop_handle(Session *session, pid_t tid, int status)
{
	Thread *thread = tracee_find(session->tracees, tid);

	if (!WIFSTOPPED(status)) {
		if (thread) /* else an orphan that had its end already */
			handle_end(session, thread, status);
		return;
	}
	if (!thread)
		thread = tracee_adopt(session->tracees, tid); /* before its parent's event */
	if (!thread)
		return;
	if (status >> 16) {
		handle_event(session, thread, status >> 16, WSTOPSIG(status));
	} else if (WSTOPSIG(status) != SYSCALL_STOP) {
		if (thread->state == THREAD_INTERRUPTED)
			interrupt_signal(session, thread, WSTOPSIG(status));
		stop_resume(thread, WSTOPSIG(status));
	} else if (thread->state == THREAD_IN_CALL) {
		entry_return(session, thread);
	} else {
		if (thread->state == THREAD_INTERRUPTED)
			interrupt_watch(session, thread);
		stop_resume(thread, 0);
	}
}
