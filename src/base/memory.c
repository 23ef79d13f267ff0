/* SPDX-License-Identifier: MIT */
/* Theory of operation. The kernel's files are opened once and read again from their
 * beginning each time: who asks may be confined by then. The group that we are in hardly
 * ever changes; what its limits are may. */
#include "pktladder/memory.h"

#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define CGROUPS  "/sys/fs/cgroup"
#define TEXT_MAX 8192 /* bytes of a file: what is looked for stands at its beginning */

/* Descriptors; -1 where there is no such file. */
typedef struct {
	int most, used, kinds;
} Group;

static struct {
	int system, process;
	GArray *groups; /* Group, our own and those above it; NULL: nothing is open yet */
} files;

/* The number behind `name` in a file of lines such as "MemAvailable:  123 kB"; behind "", the
 * one that it begins with. FALSE: there is none, as in "max". */
static gboolean
number_read(int fd, const char *name, guint64 *number)
{
	char text[TEXT_MAX + 1];
	gssize n = fd >= 0 ? pread(fd, text, TEXT_MAX, 0) : -1;

	if (n < 0)
		return FALSE;
	text[n] = '\0';
	for (const char *line = text; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!g_str_has_prefix(line, name))
			continue;
		line += strlen(name) + strspn(line + strlen(name), " \t");
		*number = g_ascii_strtoull(line, NULL, 10);
		return g_ascii_isdigit(*line);
	}
	return FALSE;
}

static int
file_open(const char *folder, const char *name)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);

	return open(path, O_RDONLY | O_CLOEXEC);
}

void
memory_open(void)
{
	g_autofree char *text = NULL;
	const char *own;

	if (files.groups)
		return;
	files.groups = g_array_new(FALSE, FALSE, sizeof(Group));
	files.system = file_open("/proc", "meminfo");
	files.process = file_open("/proc/self", "status");
	if (!g_file_get_contents("/proc/self/cgroup", &text, NULL, NULL) ||
	    !(own = strstr(text, "0::/")))
		return;
	own += strlen("0::");
	g_autofree char *folder = g_strdup_printf(CGROUPS "%.*s", (int)strcspn(own, "\n"), own);
	while (g_str_has_prefix(folder, CGROUPS)) {
		const Group group = { file_open(folder, "memory.max"),
				      file_open(folder, "memory.current"),
				      file_open(folder, "memory.stat") };
		char *above = g_path_get_dirname(folder);

		g_array_append_val(files.groups, group);
		g_free(folder);
		folder = above;
	}
}

guint64
memory_left(void)
{
	static const struct {
		int resource;
		const char *used; /* in /proc/self/status */
	} limits[] = { { RLIMIT_AS, "VmSize:" }, { RLIMIT_DATA, "VmData:" } };
	guint64 left = G_MAXUINT64, kilobytes, most, used, cached;
	struct rlimit limit;

	memory_open();
	if (number_read(files.system, "MemAvailable:", &kilobytes))
		left = kilobytes * 1024;
	for (guint i = 0; i < G_N_ELEMENTS(limits); i++) {
		if (getrlimit(limits[i].resource, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
		    number_read(files.process, limits[i].used, &kilobytes))
			left = MIN(left, limit.rlim_cur - MIN(limit.rlim_cur, kilobytes * 1024));
	}
	/* Our group and all those above it count: in a container the root has the limit. */
	for (guint i = 0; i < files.groups->len; i++) {
		const Group *group = &g_array_index(files.groups, Group, i);

		if (!number_read(group->most, "", &most) || !number_read(group->used, "", &used))
			continue;
		/* The files that a group has read can go again. */
		if (number_read(group->kinds, "file ", &cached))
			used -= MIN(used, cached);
		left = MIN(left, most - MIN(most, used));
	}
	return left;
}
