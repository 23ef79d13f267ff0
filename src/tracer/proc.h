/* SPDX-License-Identifier: MIT */
/* proc.h - what /proc and its memory tell of a tracee. Whatever a program passes may be wrong:
 * then nothing is read. */
#pragma once

#include <sys/socket.h>
#include <sys/types.h>

#include "pktladder/endpoint.h"

/* The inode of the socket that `fd` is, 0 where it is something else; FALSE where it is not open.
 */
gboolean proc_socket_inode(pid_t tid, int fd, guint64 *inode);

/* Appends the open descriptors (int) between `first` and `last`, in ascending order. */
void proc_list_fds(pid_t tid, guint first, guint last, GArray *fds);

/* Appends the descriptors (int) that the epoll descriptor watches. */
void proc_list_epoll(pid_t tid, int epoll_fd, GArray *fds);

/* The descriptor that the epoll descriptor watches with this data; 0 where it is not told, or not
 * one. */
int proc_epoll_fd(pid_t tid, int epoll_fd, guint64 data);

/* The flags of the descriptor, O_CLOEXEC among them; 0 where it is not open. */
guint64 proc_fd_flags(pid_t tid, int fd);

/* Whether the file whose path stands there has powers that it would give to who runs it. */
gboolean proc_has_privileges(pid_t tid, guint64 address);

/* Whether the task runs a program of 32 bits that is no i386 program: which; else NULL. Static. */
const char *proc_foreign_abi(pid_t tid);

/* Whether the path that stands at the address, as the task means it, is a file that may be run. */
gboolean proc_can_run(pid_t tid, guint64 address);

/* The number behind "Key:" in the task's status; 0 where it is not there, or the task is no more.
 */
guint64 proc_status(pid_t tid, const char *key, guint base);

/* The process's name as ps has it, as CallRecord.command may have it. */
void proc_command(pid_t pid, char *command, gsize size);

/* How often the task has given up the processor of its own accord. *status_fd is its status, kept
 * open for the next time; -1 not opened yet. 0 where the task is no more. */
guint64 proc_switches(pid_t tid, int *status_fd);

/* Whether the task sleeps until something happens. */
gboolean proc_sleeps(pid_t tid);

/* Whether the task waits for others to do something: it sleeps, but not for a time that is over
 * some day (sleep, nanosleep). */
gboolean proc_waits(pid_t tid);

/* TRUE where all of `size` bytes at `address` were there. */
gboolean memory_read(pid_t tid, guint64 address, void *to, gsize size);

/* A socket address of `size` bytes as an endpoint; FALSE where it is of no IP version. */
gboolean memory_read_address(pid_t tid, guint64 address, gsize size, Endpoint *endpoint);

/* A socket address in our own memory as an endpoint; FALSE where it is of no IP version. */
gboolean sockaddr_to_endpoint(const struct sockaddr_storage *address, gsize size,
			      Endpoint *endpoint);
