/* Theory of operation
 *
 * A ruleset names the kinds of access that it handles; what it handles and no rule allows is
 * forbidden. Ours has no rules. What was open before stays as it was opened. The kernel says
 * how many kinds it knows by a version, and refuses a ruleset that names others; so each kind
 * stands here with the version that brought it (Documentation/userspace-api/landlock.rst).
 */
#include "landlock.h"

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_restrict_self  446
#endif

enum { CREATE_RULESET_VERSION = 1 };

/* As the kernel has it today; older ones take the beginning of it. */
typedef struct {
	guint64 files, net, scoped;
} Ruleset;

static const struct {
	int version; /* that brought */
	Ruleset handled; /* these */
	gsize size; /* of the structure that it takes */
} kinds[] = {
	/* from executing to making symbolic links */
	{ 1, { .files = 0x1fff }, 8 },
	{ 2, { .files = 1 << 13 /* linking into another folder */ }, 8 },
	{ 3, { .files = 1 << 14 /* truncating */ }, 8 },
	{ 4, { .net = 0x3 /* TCP: binding, connecting */ }, 16 },
	{ 5, { .files = 1 << 15 /* ioctl() of devices */ }, 16 },
	{ 6, { .scoped = 0x3 /* abstract sockets, signals */ }, 24 },
};

int
landlock_version(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);

	return MAX(version, 0);
}

gboolean
landlock_close(void)
{
	int version = landlock_version();
	Ruleset ruleset = { 0 };
	gsize size = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(kinds) && kinds[i].version <= version; i++) {
		ruleset.files |= kinds[i].handled.files;
		ruleset.net |= kinds[i].handled.net;
		ruleset.scoped |= kinds[i].handled.scoped;
		size = kinds[i].size;
	}
	if (size == 0)
		return FALSE;
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	int fd = syscall(SYS_landlock_create_ruleset, &ruleset, size, 0);
	if (fd < 0)
		return FALSE;
	gboolean closed = syscall(SYS_landlock_restrict_self, fd, 0) == 0;
	close(fd);
	return closed;
}
