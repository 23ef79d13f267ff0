#include "memory.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define CGROUPS "/sys/fs/cgroup"

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
	g_autofree char *text = NULL;
	guint64 kilobytes;

	if (!g_file_get_contents("/proc/meminfo", &text, NULL, NULL) ||
	    !line_number(text, "MemAvailable:", &kilobytes))
		return G_MAXUINT64;
	return kilobytes * 1024;
}

static gboolean
group_number(const char *folder, const char *name, guint64 *number)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	g_autofree char *text = NULL;

	/* "max": there is no limit */
	if (!g_file_get_contents(path, &text, NULL, NULL) || !g_ascii_isdigit(text[0]))
		return FALSE;
	*number = g_ascii_strtoull(text, NULL, 10);
	return TRUE;
}

/* What one group may still take; the files that it has read can go again. */
static guint64
group_left(const char *folder)
{
	g_autofree char *path = g_build_filename(folder, "memory.stat", NULL);
	g_autofree char *text = NULL;
	guint64 most, used, files = 0;

	if (!group_number(folder, "memory.max", &most) ||
	    !group_number(folder, "memory.current", &used))
		return G_MAXUINT64;
	if (g_file_get_contents(path, &text, NULL, NULL))
		line_number(text, "file ", &files);
	used -= MIN(used, files);
	return most > used ? most - used : 0;
}

/* Of our group and all those above it: in a container the root has the limit. */
static guint64
groups_left(void)
{
	g_autofree char *text = NULL;
	g_autofree char *folder = NULL;
	guint64 left = G_MAXUINT64;
	const char *own;

	if (!g_file_get_contents("/proc/self/cgroup", &text, NULL, NULL))
		return left;
	own = strstr(text, "0::/");
	if (!own)
		return left;
	own += strlen("0::");
	folder = g_strdup_printf(CGROUPS "%.*s", (int)strcspn(own, "\n"), own);
	while (g_str_has_prefix(folder, CGROUPS)) {
		char *above;

		left = MIN(left, group_left(folder));
		above = g_path_get_dirname(folder);
		g_free(folder);
		folder = above;
	}
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
		if (!text && !g_file_get_contents("/proc/self/status", &text, NULL, NULL))
			return left;
		if (line_number(text, limits[i].used, &kilobytes))
			left = MIN(left, limit.rlim_cur - MIN(limit.rlim_cur, kilobytes * 1024));
	}
	return left;
}

guint64
memory_left(void)
{
	guint64 left = MIN(system_left(), limits_left());

	return MIN(left, groups_left());
}
