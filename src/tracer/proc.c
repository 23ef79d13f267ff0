/* SPDX-License-Identifier: MIT */
#include <elf.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "pktladder/fd.h"
#include "proc.h"

/* /proc/TID rather than /proc/PID throughout: a process whose first thread has
 * ended shows no descriptors, but its other threads do. */

gboolean
proc_socket_inode(pid_t tid, int fd, guint64 *inode)
{
	char path[64], target[64];
	char end;

	g_snprintf(path, sizeof(path), "/proc/%d/fd/%d", tid, fd);
	const ssize_t length = readlink(path, target, sizeof(target) - 1);
	if (length <= 0)
		return FALSE;
	target[length] = '\0';
	if (sscanf(target, "socket:[%" G_GUINT64_FORMAT "%c", inode, &end) != 2)
		*inode = 0;
	return TRUE;
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

int
proc_epoll_fd(pid_t tid, int epoll_fd, guint64 data)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/fdinfo/%d", tid, epoll_fd), *text = NULL;
	guint64 its_data;
	int fd, found = 0;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return 0;
	for (const char *line = text; (line = strstr(line, "tfd:")); line++) {
		if (sscanf(line, "tfd: %d events: %*x data: %" SCNx64, &fd, &its_data) != 2 ||
		    its_data != data)
			continue;
		if (found) /* two are watched with the same */
			return 0;
		found = fd;
	}
	return found;
}

/* The number behind "Key:" in a file of lines, not the first; 0 where it is not there. */
static guint64
read_number(const char *path, const char *key, guint base)
{
	g_autofree char *line = g_strdup_printf("\n%s:", key), *text = NULL;
	const char *found =
	    g_file_get_contents(path, &text, NULL, NULL) ? strstr(text, line) : NULL;

	return found ? g_ascii_strtoull(found + strlen(line), NULL, base) : 0;
}

guint64
proc_fd_flags(pid_t tid, int fd)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/fdinfo/%d", tid, fd);

	return read_number(path, "flags", 8);
}

/* The file whose path stands at the address, as we see it; NULL where it is another one for us, as
 * in /proc/self. */
static char *
read_path(pid_t tid, guint64 address)
{
	char name[PATH_MAX] = "";

	/* by bytes: what follows its end may not be there */
	for (gsize i = 0; i + 1 < sizeof(name); i++)
		if (!memory_read(tid, address + i, name + i, 1) || name[i] == '\0')
			break;
	return g_str_has_prefix(name, "/proc/")
		   ? NULL
		   : g_strdup_printf("/proc/%d/%s/%s", tid, *name == '/' ? "root" : "cwd", name);
}

gboolean
proc_can_run(pid_t tid, guint64 address)
{
	g_autofree char *path = read_path(tid, address);

	return !path || access(path, X_OK) == 0;
}

gboolean
proc_has_privileges(pid_t tid, guint64 address)
{
	g_autofree char *path = read_path(tid, address);
	struct stat file;

	return path && access(path, X_OK) == 0 && stat(path, &file) == 0 && S_ISREG(file.st_mode) &&
	       ((file.st_mode & S_ISUID && file.st_uid != geteuid()) ||
		getxattr(path, "security.capability", NULL, 0) > 0);
}

const char *
proc_foreign_abi(pid_t tid)
{
	char path[64];
	Elf32_Ehdr header; /* which begins as that of 64 bits */

	g_snprintf(path, sizeof(path), "/proc/%d/exe", tid);
	g_auto(Fd) fd = open(path, O_RDONLY | O_CLOEXEC);
	if (sizeof(gulong) == 4 || pread(fd, &header, sizeof(header), 0) != sizeof(header) ||
	    memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
	    header.e_ident[EI_CLASS] != ELFCLASS32 || header.e_machine == EM_386)
		return NULL;
	return header.e_machine == EM_X86_64 ? "x32" : "32-bit";
}

guint64
proc_status(pid_t tid, const char *key, guint base)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/status", tid);

	return read_number(path, key, base);
}

guint64
proc_switches(pid_t tid, int *status_fd)
{
	static const char key[] = "\nvoluntary_ctxt_switches:";
	char text[4096], path[64];

	if (*status_fd < 0) {
		g_snprintf(path, sizeof(path), "/proc/%d/status", tid);
		*status_fd = open(path, O_RDONLY | O_CLOEXEC);
	}
	const gssize length = pread(*status_fd, text, sizeof(text) - 1, 0);
	if (length <= 0)
		return 0;
	text[length] = '\0';
	const char *found = strstr(text, key);
	return found ? g_ascii_strtoull(found + strlen(key), NULL, 10) : 0;
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
proc_waits(pid_t tid)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/syscall", tid), *text = NULL;
	gint64 number;

	return proc_sleeps(tid) && g_file_get_contents(path, &text, NULL, NULL) &&
	       sscanf(text, "%" G_GINT64_FORMAT, &number) == 1 && number != SYS_clock_nanosleep
#ifdef SYS_nanosleep
	       && number != SYS_nanosleep
#endif
	    ;
}

void
proc_command(pid_t pid, char *command, gsize size)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/comm", pid), *text = NULL;

	g_strlcpy(command, g_file_get_contents(path, &text, NULL, NULL) ? g_strchomp(text) : "",
		  size);
	g_strcanon(command, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._+:-", '_');
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
