/* SPDX-License-Identifier: MIT */
/* proc.h - what /proc and its memory tell of a tracee. Whatever a program passes may be wrong:
 * then nothing is read. */
#pragma once

#include <sys/socket.h>
#include <sys/types.h>

#include "pktladder/endpoint.h"

/* The inode of the socket that `fd` is; 0 where it is none. */
guint64 proc_socket_inode(pid_t tid, int fd);

/* Appends the open descriptors (int) between `first` and `last`, in ascending order. */
void proc_list_fds(pid_t tid, guint first, guint last, GArray *fds);

/* Appends the descriptors (int) that the epoll descriptor watches. */
void proc_list_epoll(pid_t tid, int epoll_fd, GArray *fds);

/* Who a task is; FALSE where it is no more. */
typedef struct {
	pid_t process, parent, tracer;
} ProcStatus;
gboolean proc_status(pid_t tid, ProcStatus *status);

/* A number of /proc/self/status ("TracerPid", "Seccomp"); -1 where it is not there. */
int proc_self(const char *key);

/* The one number that the file holds, such as a sysctl; -1 where it cannot be read. */
int proc_number(const char *path);

/* Whether the task has a handler for the signal. */
gboolean proc_catches(pid_t tid, int signal_number);

/* TRUE where all of `size` bytes at `address` were there. */
gboolean memory_read(pid_t tid, guint64 address, void *to, gsize size);

/* A socket address of `size` bytes as an endpoint; FALSE where it is of no IP version. */
gboolean memory_read_address(pid_t tid, guint64 address, gsize size, Endpoint *endpoint);

/* The same of an address of our own. */
gboolean sockaddr_to_endpoint(const struct sockaddr_storage *address, gsize size,
			      Endpoint *endpoint);
