/* SPDX-License-Identifier: MIT */
/* Runs a program on a machine that forbids it something, for the tests of the
 * fallbacks:
 *
 *   forbid namespaces|tracing|both|tmpfile|write PROGRAM [ARGUMENT...]
 *
 * A seccomp filter answers unshare() and clone() of namespaces with EPERM, and
 * ptrace() with EPERM, as a container's does, and open() of a file without a name
 * with EOPNOTSUPP, as a file system that has none does. A large write() kills.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LARGE 100000 /* bytes */

static void
forbid_namespaces(scmp_filter_ctx filter)
{
	static const unsigned long flags[] = { CLONE_NEWUSER, CLONE_NEWNET, CLONE_NEWPID,
					       CLONE_NEWNS };

	seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(unshare), 0);
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
				 SCMP_A0(SCMP_CMP_MASKED_EQ, flags[i], flags[i]));
}

int
main(int argc, char **argv)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int all = argc > 2 && strcmp(argv[1], "both") == 0;

	if (argc < 3 || !filter) {
		fprintf(stderr, "forbid namespaces|tracing|both|tmpfile|write PROGRAM...\n");
		return 2;
	}
	if (all || strcmp(argv[1], "namespaces") == 0)
		forbid_namespaces(filter);
	if (all || strcmp(argv[1], "tracing") == 0)
		seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(ptrace), 0);
	if (strcmp(argv[1], "tmpfile") == 0)
		seccomp_rule_add(filter, SCMP_ACT_ERRNO(EOPNOTSUPP), SCMP_SYS(openat), 1,
				 SCMP_A2(SCMP_CMP_MASKED_EQ, O_TMPFILE, O_TMPFILE));
	if (strcmp(argv[1], "write") == 0)
		seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, SCMP_SYS(write), 1,
				 SCMP_A2(SCMP_CMP_GE, LARGE));
	if (seccomp_load(filter) != 0) {
		perror("seccomp");
		return 2;
	}
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 127;
}
