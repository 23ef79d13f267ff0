/* SPDX-License-Identifier: MIT */
/* interrupt.c - calls that a signal interrupted: do they return, or go on?
 *
 * Theory of operation
 *
 * A signal ends a blocking call with a code that no program ever sees. What
 * follows depends on the signal: where it has no handler (a stop, a SIGCHLD
 * that nobody asked for, which only a tracer makes an interruption of), the
 * kernel makes the program call again, and the program knows nothing of it. So
 * must our reader: the call just goes on. Where a handler runs, the call
 * returns EINTR after it, or starts again after it where the handler has
 * SA_RESTART. /proc tells which signals are caught, but not SA_RESTART; where
 * the handler's end (sigreturn) takes the program does: behind the call (it
 * returns EINTR) or on it (it calls again).
 *
 * The return is recorded when it is known to be one.
 */
#include <errno.h>
#include <sys/ptrace.h>

#include "proc.h"
#include "tracing.h"

/* The kernel's codes (include/linux/errno.h). */
#define ERESTARTSYS           512 /* again, but for handlers without SA_RESTART */
#define ERESTARTNOINTR        513 /* again, in any case */
#define ERESTARTNOHAND        514 /* again, where there is no handler */
#define ERESTART_RESTARTBLOCK 516 /* the same, by restart_syscall */

/* A system call's instruction is at most so long. */
#define INSTRUCTION_MAX 8

gboolean
interrupt_begin(Thread *thread, gint64 result, guint64 return_to)
{
	if (result > -ERESTARTSYS || result < -ERESTART_RESTARTBLOCK)
		return FALSE;
	thread->state = THREAD_INTERRUPTED;
	thread->restart_code = (int)-result;
	thread->return_to = return_to;
	thread->in_handler = FALSE;
	return TRUE;
}

gboolean
interrupt_signal(Thread *thread, int signal_number)
{
	if (thread->in_handler ||
	    !(proc_status(thread->tid, "SigCgt", 16) >> (signal_number - 1) & 1))
		return FALSE;
	thread->in_handler = thread->restart_code == ERESTARTSYS;
	return !thread->in_handler && thread->restart_code != ERESTARTNOINTR;
}

gboolean
interrupt_watch(Thread *thread)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, thread->tid, sizeof(info), &info) <= 0 ||
	    info.op != PTRACE_SYSCALL_INFO_EXIT)
		return FALSE;
	if (info.instruction_pointer < thread->return_to &&
	    info.instruction_pointer + INSTRUCTION_MAX >= thread->return_to)
		thread->in_handler = FALSE; /* on the call itself: again */
	return info.instruction_pointer == thread->return_to;
}

gboolean
interrupt_is_restart(const Thread *thread, guint64 number, const guint64 arguments[6],
		     guint64 return_to)
{
	if (thread->in_handler || return_to != thread->return_to ||
	    number != (guint64)thread->syscall->number)
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(thread->arguments); i++)
		if (arguments[i] != thread->arguments[i])
			return FALSE;
	return TRUE;
}
