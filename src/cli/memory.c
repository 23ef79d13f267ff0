/* Theory of operation. The kernel's files are opened once and read again from their
 * beginning each time: who asks may be confined by then. The group that we are in hardly
 * ever changes; what its limits are may. */
#include "memory.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define CGROUPS "/sys/fs/cgroup"
#define TEXT_MAX 8192 /* bytes of a file: what is looked for stands at its beginning */

/* Descriptors; -1 where there is no such file. */
typedef struct {
	int most, used, kinds;
} Group;

static struct {
	gboolean open;
	int system, process;
	GArray *groups; /* Group, our own and those above it */
} files;

/* What the file says now; NULL where it does not. */
static char *
file_read(int fd)
{
	char *text = g_malloc(TEXT_MAX + 1);
	gssize n = fd >= 0 ? pread(fd, text, TEXT_MAX, 0) : -1;

	if (n < 0) {
		g_free(text);
		return NULL;
	}
	text[n] = '\0';
	return text;
}

/* The number behind `name` in a file of lines such as "MemAvailable:  123 kB". */
static gboolean
line_number(const char *text, const char *name, guint64 *number)
{
	gsize length = strlen(name);

	for (const char *line = text; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, name, length) != 0)
			continue;
		*number = g_ascii_strtoull(line + length, NULL, 10);
		return TRUE;
	}
	return FALSE;
}

static guint64
system_left(void)
{
	g_autofree char *text = file_read(files.system);
	guint64 kilobytes;

	return text && line_number(text, "MemAvailable:", &kilobytes) ? kilobytes * 1024
								      : G_MAXUINT64;
}

static gboolean
group_number(int fd, guint64 *number)
{
	g_autofree char *text = file_read(fd);

	/* "max": there is no limit */
	if (!text || !g_ascii_isdigit(text[0]))
		return FALSE;
	*number = g_ascii_strtoull(text, NULL, 10);
	return TRUE;
}

/* What one group may still take; the files that it has read can go again. */
static guint64
group_left(const Group *group)
{
	g_autofree char *text = NULL;
	guint64 most, used, cached = 0;

	if (!group_number(group->most, &most) || !group_number(group->used, &used))
		return G_MAXUINT64;
	text = file_read(group->kinds);
	if (text)
		line_number(text, "file ", &cached);
	used -= MIN(used, cached);
	return most > used ? most - used : 0;
}

/* Of our group and all those above it: in a container the root has the limit. */
static guint64
groups_left(void)
{
	guint64 left = G_MAXUINT64;

	for (guint i = 0; i < files.groups->len; i++)
		left = MIN(left, group_left(&g_array_index(files.groups, Group, i)));
	return left;
}

/* What `ulimit -v` and `ulimit -d` leave. */
static guint64
limits_left(void)
{
	static const struct {
		int resource;
		const char *used; /* in /proc/self/status */
	} limits[] = { { RLIMIT_AS, "VmSize:" }, { RLIMIT_DATA, "VmData:" } };
	g_autofree char *text = NULL;
	guint64 left = G_MAXUINT64, kilobytes;
	struct rlimit limit;

	for (guint i = 0; i < G_N_ELEMENTS(limits); i++) {
		if (getrlimit(limits[i].resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
			continue;
		if (!text)
			text = file_read(files.process);
		if (text && line_number(text, limits[i].used, &kilobytes))
			left = MIN(left, limit.rlim_cur - MIN(limit.rlim_cur, kilobytes * 1024));
	}
	return left;
}

static int
file_open(const char *folder, const char *name)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);

	return open(path, O_RDONLY | O_CLOEXEC);
}

static void
groups_open(void)
{
	g_autofree char *text = NULL;
	g_autofree char *folder = NULL;
	const char *own;

	files.groups = g_array_new(FALSE, FALSE, sizeof(Group));
	if (!g_file_get_contents("/proc/self/cgroup", &text, NULL, NULL))
		return;
	own = strstr(text, "0::/");
	if (!own)
		return;
	own += strlen("0::");
	folder = g_strdup_printf(CGROUPS "%.*s", (int)strcspn(own, "\n"), own);
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

void
memory_open(void)
{
	if (files.open)
		return;
	files.open = TRUE;
	files.system = file_open("/proc", "meminfo");
	files.process = file_open("/proc/self", "status");
	groups_open();
}

guint64
memory_left(void)
{
	guint64 left;

	memory_open();
	left = MIN(system_left(), limits_left());
	return MIN(left, groups_left());
}
