#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
	char path[64], line[256];
	int fd;

	g_snprintf(path, sizeof(path), "/proc/%d/fdinfo/%d", tid, epoll_fd);
	FILE *file = fopen(path, "re");
	if (!file)
		return;
	/* "tfd:        5 events:       19 data: ..." */
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "tfd: %d", &fd) == 1)
			g_array_append_val(fds, fd);
	}
	fclose(file);
}

/* The number after "Key:"; -1 where there is none. */
static int
status_number(FILE *file, const char *key)
{
	char line[256];
	const gsize length = strlen(key);

	while (fgets(line, sizeof(line), file)) {
		if (strncmp(line, key, length) == 0 && line[length] == ':')
			return atoi(line + length + 1);
	}
	return -1;
}

gboolean
proc_status(pid_t tid, ProcStatus *status)
{
	char path[64];

	g_snprintf(path, sizeof(path), "/proc/%d/status", tid);
	FILE *file = fopen(path, "re");
	if (!file)
		return FALSE;
	status->process = status_number(file, "Tgid"); /* in the order of the file */
	status->parent = status_number(file, "PPid");
	status->tracer = status_number(file, "TracerPid");
	fclose(file);
	return status->process > 0 && status->tracer >= 0;
}

int
proc_self(const char *key)
{
	FILE *file = fopen("/proc/self/status", "re");
	if (!file)
		return -1;
	const int number = status_number(file, key);
	fclose(file);
	return number;
}

int
proc_number(const char *path)
{
	g_autofree char *text = NULL;

	return g_file_get_contents(path, &text, NULL, NULL) ? atoi(text) : -1;
}

gboolean
proc_catches(pid_t tid, int signal_number)
{
	char path[64], line[256];
	guint64 mask = 0;

	g_snprintf(path, sizeof(path), "/proc/%d/status", tid);
	FILE *file = fopen(path, "re");
	if (!file)
		return FALSE;
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "SigCgt: %" G_GINT64_MODIFIER "x", &mask) == 1)
			break;
	}
	fclose(file);
	return mask >> (signal_number - 1) & 1;
}
