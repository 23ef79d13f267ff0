/* SPDX-License-Identifier: MIT */
/* Theory of operation
 *
 * A ruleset names the kinds of access that it handles; what it handles and no rule allows is
 * forbidden. What is left to a process is what its ruleset does not handle: but for /dev/null
 * there are no rules. What was open before stays as it was opened. The kernel says
 * how many kinds it knows by a version, and refuses a ruleset that names others; so each kind
 * stands here with the version that brought it (Documentation/userspace-api/landlock.rst).
 */
#include "landlock.h"
#include "pktladder/fd.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule       445
#define SYS_landlock_restrict_self  446
#endif

enum { CREATE_RULESET_VERSION = 1, RULE_PATH_BENEATH = 1 };

/* Access to files, by the names of linux/landlock.h; older ones lack some. */
enum {
	EXECUTE = 1 << 0,
	WRITE_FILE = 1 << 1,
	READ_FILE = 1 << 2,
	READ_DIR = 1 << 3,
	REMOVE_FILE = 1 << 5,
	MAKE_REG = 1 << 8,
	VERSION_1 = (1 << 13) - 1, /* these, and folders, devices, pipes, sockets, links */
	REFER = 1 << 13,           /* into another folder */
	TRUNCATE = 1 << 14,
	IOCTL_DEV = 1 << 15,
};

/* As the kernel has it today; older ones take the beginning of it. */
typedef struct {
	guint64 files, net, scoped;
} Ruleset;

static const struct {
	int version;     /* that brought */
	Ruleset handled; /* these */
	gsize size;      /* of the structure that it takes */
} kinds[] = {
	{ 1, { .files = VERSION_1 }, 8 },
	{ 2, { .files = REFER }, 8 },
	{ 3, { .files = TRUNCATE }, 8 },
	{ 4, { .net = 0x3 /* TCP: binding, connecting */ }, 16 },
	{ 5, { .files = IOCTL_DEV }, 16 },
	{ 6, { .scoped = 0x3 /* abstract sockets, signals */ }, 24 },
};

static const guint64 files_left[] = {
	[CONFINE_EXPANDING] = 0,
	[CONFINE_DRAWING] = 0,
	[CONFINE_FILES] = WRITE_FILE | REMOVE_FILE | MAKE_REG | TRUNCATE,
	[CONFINE_CONVERTING] = EXECUTE | READ_FILE | READ_DIR | IOCTL_DEV,
};

int
confine_landlock(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);

	return MAX(version, 0);
}

gboolean
landlock_close(ConfineRole role)
{
	int version = confine_landlock();
	Ruleset ruleset = { 0 };
	gsize size = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(kinds) && kinds[i].version <= version; i++) {
		ruleset.files |= kinds[i].handled.files & ~files_left[role];
		ruleset.net |= kinds[i].handled.net;
		ruleset.scoped |= kinds[i].handled.scoped;
		size = kinds[i].size;
	}
	if (size == 0)
		return FALSE;
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	g_auto(Fd) fd = syscall(SYS_landlock_create_ruleset, &ruleset, size, 0);
	if (fd < 0)
		return FALSE;
	if (role == CONFINE_CONVERTING) {
		/* programs throw away into it what they do not want to hear */
		g_auto(Fd) null = open("/dev/null", O_PATH | O_CLOEXEC);
		struct {
			guint64 allowed;
			gint32 parent;
		} __attribute__((packed)) rule = { WRITE_FILE, null };

		syscall(SYS_landlock_add_rule, fd, RULE_PATH_BENEATH, &rule, 0);
	}
	return syscall(SYS_landlock_restrict_self, fd, 0) == 0;
}
