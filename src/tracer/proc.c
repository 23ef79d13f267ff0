/* SPDX-License-Identifier: MIT */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "proc.h"

/* /proc/TID rather than /proc/PID throughout: a process whose first thread has
 * ended shows no descriptors, but its other threads do. */

guint64
proc_socket_inode(pid_t tid, int fd)
{
	char path[64], target[64];
	guint64 inode;
	char end;

	if (fd < 0)
		return 0;
	g_snprintf(path, sizeof(path), "/proc/%d/fd/%d", tid, fd);
	const ssize_t length = readlink(path, target, sizeof(target) - 1);
	if (length <= 0)
		return 0;
	target[length] = '\0';
	return sscanf(target, "socket:[%" G_GUINT64_FORMAT "%c", &inode, &end) == 2 ? inode : 0;
}

static gint
compare_fds(gconstpointer a, gconstpointer b)
{
	return *(const int *)a - *(const int *)b;
}

void
proc_list_fds(pid_t tid, guint first, guint last, GArray *fds)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/fd", tid);
	g_autoptr(GDir) directory = g_dir_open(path, 0, NULL);
	const char *name;

	while (directory && (name = g_dir_read_name(directory))) {
		const int fd = atoi(name);
		if ((guint)fd >= first && (guint)fd <= last)
			g_array_append_val(fds, fd);
	}
	g_array_sort(fds, compare_fds);
}

void
proc_list_epoll(pid_t tid, int epoll_fd, GArray *fds)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/fdinfo/%d", tid, epoll_fd), *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return;
	/* "tfd:        5 events:       19 data: ..." */
	for (const char *found = text; (found = strstr(found, "tfd:")); found++) {
		const int fd = atoi(found + strlen("tfd:"));
		g_array_append_val(fds, fd);
	}
}

guint64
proc_status(pid_t tid, const char *key, guint base)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/status", tid), *text = NULL;
	g_autofree char *line = g_strdup_printf("\n%s:", key);
	const char *found =
	    g_file_get_contents(path, &text, NULL, NULL) ? strstr(text, line) : NULL;

	return found ? g_ascii_strtoull(found + strlen(line), NULL, base) : 0;
}

gboolean
proc_sleeps(pid_t tid)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/stat", tid), *text = NULL;
	const char *name_end =
	    g_file_get_contents(path, &text, NULL, NULL) ? strrchr(text, ')') : NULL;

	return name_end && g_str_has_prefix(name_end, ") S");
}

gboolean
memory_read(pid_t tid, guint64 address, void *to, gsize size)
{
	const struct iovec ours = { .iov_base = to, .iov_len = size };
	const struct iovec theirs = { .iov_base = (void *)(guintptr)address, .iov_len = size };

	return address != 0 && process_vm_readv(tid, &ours, 1, &theirs, 1, 0) == (gssize)size;
}

gboolean
sockaddr_to_endpoint(const struct sockaddr_storage *address, gsize size, Endpoint *endpoint)
{
	const struct sockaddr_in *in = (const struct sockaddr_in *)address;
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)address;

	if (size >= sizeof(*in) && address->ss_family == AF_INET)
		*endpoint = endpoint_make(4, (const guint8 *)&in->sin_addr, g_ntohs(in->sin_port));
	else if (size >= sizeof(*in6) && address->ss_family == AF_INET6)
		*endpoint =
		    endpoint_make(6, (const guint8 *)&in6->sin6_addr, g_ntohs(in6->sin6_port));
	else
		return FALSE;
	return TRUE;
}

gboolean
memory_read_address(pid_t tid, guint64 address, gsize size, Endpoint *endpoint)
{
	struct sockaddr_storage copy = { 0 };

	size = MIN(size, sizeof(copy));
	return memory_read(tid, address, &copy, size) &&
	       sockaddr_to_endpoint(&copy, size, endpoint);
}
