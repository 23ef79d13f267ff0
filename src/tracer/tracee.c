/* SPDX-License-Identifier: MIT */
/* tracee.c - processes and threads, and what their descriptors are.
 *
 * Theory of operation
 *
 * To ask what a descriptor is costs a readlink(), and most calls are on one that was asked for
 * before, a plain file or a socket. What it is stays true until it is closed, and we see whatever
 * closes: close(), close_range(), dup2(), dup3(), execve(). So the answer is kept, and forgotten at
 * the entry and at the return of those, and of each call that makes a socket's descriptor: at both,
 * since another thread may ask in between. A process that does what would change its descriptors
 * unseen (unshare, pidfd_getfd) is asked each time.
 */
#include <errno.h>
#include <linux/kcmp.h>
#include <sys/pidfd.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
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
	g_clear_pointer(&process->inodes, g_array_unref);
	g_free(process);
}

static void
thread_free(gpointer data)
{
	Thread *thread = data;

	g_array_unref(thread->calls);
	fd_clear(&thread->status_fd);
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
		process->inodes = g_array_new(FALSE, TRUE, sizeof(guint64));
		g_hash_table_insert(table->processes, GINT_TO_POINTER(pid), process);
	}
	Thread *thread = g_new0(Thread, 1);
	thread->tid = tid;
	thread->status_fd = -1;
	thread->process = process;
	thread->calls = g_array_new(FALSE, TRUE, sizeof(CallRecord));
	g_hash_table_insert(table->threads, GINT_TO_POINTER(tid), thread);
	process->n_threads++;
	return thread;
}

/* Process `other` has the same descriptors: those of clone(CLONE_FILES). */
static void
share_fds(Process *process, const Process *other)
{
	g_clear_pointer(&process->inodes, g_array_unref);
	process->inodes = other->inodes ? g_array_ref(other->inodes) : NULL;
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
	thread = tracee_add(table, tid, pid, process ? process->program : 0);
	if (process && process != thread->process &&
	    syscall(SYS_kcmp, process->pid, pid, KCMP_FILES, 0, 0) == 0)
		share_fds(thread->process, process);
	return thread;
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
	/* its descriptors are its own now, whoever shared them */
	g_clear_pointer(&thread->process->inodes, g_array_unref);
	thread->process->inodes = g_array_new(FALSE, TRUE, sizeof(guint64));
	thread->process->n_threads = 1;
	thread->process->n_exiting = 0;
	thread->process->command[0] = '\0';
}

/* A process that is not dumpable hides its descriptors in /proc, but who has CAP_SYS_PTRACE gets
 * copies of them. */
static gboolean
copied_inode(Process *process, int fd, guint64 *inode)
{
	g_auto(Fd) copy = pidfd_getfd(process->pidfd, fd, 0);
	struct stat file;

	if (copy < 0 && errno == EPERM)
		process->unseen |= 1u << UNSEEN_OPAQUE;
	if (copy < 0 || fstat(copy, &file) < 0)
		return FALSE;
	*inode = S_ISSOCK(file.st_mode) ? file.st_ino : 0;
	return TRUE;
}

/* What stands in Process.inodes besides inodes. */
#define FD_UNKNOWN   G_GUINT64_CONSTANT(0)
#define FD_NO_SOCKET G_MAXUINT64
/* The descriptors above are asked for each time. */
#define FDS_KEPT 65536

guint64
tracee_socket_inode(const Thread *thread, int fd)
{
	GArray *inodes = thread->process->inodes;
	guint64 inode;

	if (fd < 0)
		return 0;
	if (inodes && (guint)fd < inodes->len) {
		inode = g_array_index(inodes, guint64, fd);
		if (inode != FD_UNKNOWN)
			return inode == FD_NO_SOCKET ? 0 : inode;
	}
	if (!proc_socket_inode(thread->tid, fd, &inode) &&
	    (errno != EACCES || !copied_inode(thread->process, fd, &inode)))
		return 0;
	if (inodes && fd < FDS_KEPT) {
		if ((guint)fd >= inodes->len)
			g_array_set_size(inodes, (guint)fd + 1);
		g_array_index(inodes, guint64, fd) = inode ? inode : FD_NO_SOCKET;
	}
	return inode;
}

void
tracee_forget_fd(Process *process, int fd)
{
	if (process->inodes && fd < 0)
		g_array_set_size(process->inodes, 0);
	else if (process->inodes && (guint)fd < process->inodes->len)
		g_array_index(process->inodes, guint64, fd) = FD_UNKNOWN;
}

void
tracee_distrust_fds(Process *process)
{
	tracee_forget_fd(process, -1); /* for those that share it, too */
	g_clear_pointer(&process->inodes, g_array_unref);
}

void
thread_resume(const Thread *thread, int signal_number)
{
	const gboolean watched = thread->state == THREAD_IN_CALL ||
				 (thread->state == THREAD_INTERRUPTED && thread->in_handler);

	/* it may have been killed meanwhile: then its end comes as a status */
	ptrace(watched ? PTRACE_SYSCALL : PTRACE_CONT, thread->tid, 0, signal_number);
}
