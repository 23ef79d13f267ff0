/* SPDX-License-Identifier: MIT */
/* stop.c - ptrace stops: which they are, and how a thread goes on from them. */
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "pktladder/complain.h"
#include "pktladder/i18n.h"
#include "proc.h"
#include "tracing.h"

/* A stop at the entry or return of a system call (PTRACE_O_TRACESYSGOOD). */
#define SYSCALL_STOP (SIGTRAP | 0x80)

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

static void
handle_event(Tracing *tracing, Thread *thread, int event, int signal_number)
{
	const gboolean was_exiting = thread->exiting;
	gboolean is_last;
	Thread *caller;
	pid_t former;

	switch (event) {
	case PTRACE_EVENT_SECCOMP:
		entry_arrive(tracing, thread);
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
		tracee_adopt(tracing->tracees, (pid_t)event_message(thread));
		break;
	case PTRACE_EVENT_EXEC:
		/* another thread of the process may have called it, and takes this one's number */
		former = (pid_t)event_message(thread);
		caller = tracee_find(tracing->tracees, former);
		if (caller != thread)
			entry_abandon(tracing, thread);
		if (caller)
			entry_exec(tracing, caller);
		tracee_exec(tracing->tracees, thread, former);
		if (proc_foreign_abi(thread->tid))
			tracing_unseen(tracing, thread->process, UNSEEN_ABI);
		break;
	case PTRACE_EVENT_EXIT:
		is_last = tracee_exiting(thread);
		entry_abandon(tracing, thread);
		if (is_last && !was_exiting) {
			entry_exit(tracing, thread, to_result((int)event_message(thread)));
			return; /* its turn may come later */
		}
		break;
	default:
		break;
	}
	thread_resume(thread, 0);
}

static void
fail_server_ended(Tracing *tracing)
{
	const TracedProgram *server = &tracing->programs[0];
	const CallRecord ended = { .name = CALL_EXIT, .result = server->status };
	g_autofree char *result = call_result_to_string(&ended);
	g_autofree char *status = g_strdup_printf(
	    server->status >= 256 ? _("killed by %s") : _("exit status %s"), result);
	g_autofree char *refused = tracing_refused(tracing);

	tracing_fail(
	    tracing,
	    g_strdup_printf(
		_("The server “%s” ended (%s) before it waited for a client: no listen() and "
		  "accept(), and no receive on a bound UDP socket.%s"),
		server->program.argv[0], status, refused),
	    STATUS_OWN_FAILURE);
}

/* A process of the program is gone. */
static void
end_process(Tracing *tracing, guint number)
{
	TracedProgram *program = &tracing->programs[number];
	GHashTableIter iter;
	gpointer process;
	int status;

	g_hash_table_iter_init(&iter, tracing->tracees->processes);
	while (g_hash_table_iter_next(&iter, NULL, &process))
		if (((const Process *)process)->program == number)
			return; /* it has others */
	program->ended = TRUE;
	program->kill_at = 0;
	char *failure = program_end(program, &status);
	if (failure) {
		tracing_fail(tracing, failure, status);
		return;
	}
	const CallRecord call = {
		.time_ns = tracing_time(),
		.role = (guint8)program_role(number),
		.program = (guint8)number,
		.pid = program->pid,
		.result = program->status,
		.flags = program->signal,
	};
	tracing_send(tracing, TRACER_PROGRAM_ENDED, &call);
	if (number == 0 && tracing->latest == 0 && tracing->n_programs == 2 && !tracing->ready)
		fail_server_ended(tracing);
}

static void
handle_end(Tracing *tracing, Thread *thread, int status)
{
	TracedProgram *program = &tracing->programs[thread->process->program];

	if (thread->tid == program->pid)
		program->status = to_result(status);
	tracee_exiting(thread); /* a killed one may not have told */
	entry_abandon(tracing, thread);
	Process *process = tracee_remove(tracing->tracees, thread);
	if (process) {
		const guint number = process->program;
		program->own_ended = program->own_ended || process->pid == program->pid;
		entry_exited(tracing, process);
		tracee_remove_process(tracing->tracees, process);
		end_process(tracing, number);
	}
}

void
stop_handle(Tracing *tracing, pid_t tid, int status)
{
	Thread *thread = tracee_find(tracing->tracees, tid);

	if (!WIFSTOPPED(status)) {
		if (thread) /* else an orphan that had its end already */
			handle_end(tracing, thread, status);
		return;
	}
	if (!thread)
		thread = tracee_adopt(tracing->tracees, tid); /* before its parent's event */
	if (!thread)
		return;
	if (status >> 16) {
		handle_event(tracing, thread, status >> 16, WSTOPSIG(status));
	} else if (WSTOPSIG(status) != SYSCALL_STOP) {
		if (thread->state == THREAD_INTERRUPTED)
			entry_signal(tracing, thread, WSTOPSIG(status));
		thread_resume(thread, WSTOPSIG(status));
	} else if (thread->state == THREAD_IN_CALL) {
		entry_return(tracing, thread);
	} else {
		if (thread->state == THREAD_INTERRUPTED)
			entry_watch(tracing, thread);
		thread_resume(thread, 0);
	}
}
