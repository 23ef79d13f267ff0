/* SPDX-License-Identifier: MIT */
#include <sys/pidfd.h>
#include <sys/ptrace.h>
#include <unistd.h>

#include "pktladder/fd.h"
#include "proc.h"
#include "tracee.h"

static void
process_free(gpointer data)
{
	Process *process = data;

	fd_clear(&process->pidfd);
	g_array_unref(process->exits);
	g_free(process);
}

static void
thread_free(gpointer data)
{
	Thread *thread = data;

	g_array_unref(thread->calls);
	g_free(thread);
}

TraceeTable *
tracee_table_new(void)
{
	TraceeTable *table = g_new0(TraceeTable, 1);

	table->processes = g_hash_table_new_full(NULL, NULL, NULL, process_free);
	table->threads = g_hash_table_new_full(NULL, NULL, NULL, thread_free);
	return table;
}

void
tracee_table_free(TraceeTable *table)
{
	g_hash_table_unref(table->threads);
	g_hash_table_unref(table->processes);
	g_free(table);
}

Thread *
tracee_find(const TraceeTable *table, pid_t tid)
{
	return g_hash_table_lookup(table->threads, GINT_TO_POINTER(tid));
}

static Process *
find_process(const TraceeTable *table, pid_t pid)
{
	return g_hash_table_lookup(table->processes, GINT_TO_POINTER(pid));
}

Thread *
tracee_add(TraceeTable *table, pid_t tid, pid_t pid, guint program)
{
	Process *process = find_process(table, pid);
	if (!process) {
		process = g_new0(Process, 1);
		process->pid = pid;
		process->program = program;
		process->pidfd = pidfd_open(pid, 0);
		process->exits = g_array_new(FALSE, TRUE, sizeof(CallRecord));
		g_hash_table_insert(table->processes, GINT_TO_POINTER(pid), process);
	}
	Thread *thread = g_new0(Thread, 1);
	thread->tid = tid;
	thread->process = process;
	thread->calls = g_array_new(FALSE, TRUE, sizeof(CallRecord));
	g_hash_table_insert(table->threads, GINT_TO_POINTER(tid), thread);
	process->n_threads++;
	return thread;
}

Thread *
tracee_adopt(TraceeTable *table, pid_t tid)
{
	Thread *thread = tracee_find(table, tid);

	if (thread)
		return thread;
	const pid_t pid = (pid_t)proc_status(tid, "Tgid", 10);
	if (pid == 0 || proc_status(tid, "TracerPid", 10) != (guint64)getpid())
		return NULL;
	/* its parent's program, else (its parent has ended, or gave it to its own parent) the one
	 * that leads its session */
	const Process *process = find_process(table, (pid_t)proc_status(tid, "PPid", 10));
	if (!process)
		process = find_process(table, getsid(tid));
	return tracee_add(table, tid, pid, process ? process->program : 0);
}

gboolean
tracee_exiting(Thread *thread)
{
	if (!thread->exiting) {
		thread->exiting = TRUE;
		thread->process->n_exiting++;
	}
	return thread->process->n_exiting == thread->process->n_threads;
}

Process *
tracee_remove(TraceeTable *table, Thread *thread)
{
	Process *process = thread->process;

	process->n_threads--;
	if (thread->exiting)
		process->n_exiting--;
	g_hash_table_remove(table->threads, GINT_TO_POINTER(thread->tid));
	return process->n_threads == 0 ? process : NULL;
}

void
tracee_remove_process(TraceeTable *table, Process *process)
{
	g_hash_table_remove(table->processes, GINT_TO_POINTER(process->pid));
}

void
tracee_exec(TraceeTable *table, Thread *thread, pid_t former)
{
	if (former != thread->tid)
		g_hash_table_remove(table->threads, GINT_TO_POINTER(former));
	g_array_set_size(thread->calls, 0);
	thread->state = THREAD_RUNS;
	thread->exiting = FALSE;
	thread->in_handler = FALSE;
	thread->process->n_threads = 1;
	thread->process->n_exiting = 0;
	thread->process->command[0] = '\0';
}

void
thread_resume(const Thread *thread, int signal_number)
{
	const gboolean watched = thread->state == THREAD_IN_CALL ||
				 (thread->state == THREAD_INTERRUPTED && thread->in_handler);

	/* it may have been killed meanwhile: then its end comes as a status */
	ptrace(watched ? PTRACE_SYSCALL : PTRACE_CONT, thread->tid, 0, signal_number);
}
