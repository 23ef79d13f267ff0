/* SPDX-License-Identifier: MIT */
/* Privileges are gone for good, and what the tracer needs stays. Started as an
 * ordinary user, the cases that need root are skipped, and say so. */
#include "children.h"
#include "pktladder/network.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <linux/capability.h>
#include <net/ethernet.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { FOREIGN_GROUP = 54321 }; /* one that no user of this machine is in */

static void
assert_no_capabilities(void)
{
	static const char *sets[] = { "CapInh", "CapPrm", "CapEff", "CapAmb" };
	g_autofree char *status = NULL;

	g_assert_true(g_file_get_contents("/proc/self/status", &status, NULL, NULL));
	for (guint i = 0; i < G_N_ELEMENTS(sets); i++) {
		g_autofree char *line = g_strdup_printf("\n%s:\t0000000000000000\n", sets[i]);
		g_assert_nonnull(strstr(status, line));
	}
	g_assert_nonnull(strstr(status, "\nNoNewPrivs:\t1\n"));
}

static void
assert_empty_bounding_set(void)
{
	g_autofree char *status = NULL;

	g_assert_true(g_file_get_contents("/proc/self/status", &status, NULL, NULL));
	g_assert_nonnull(strstr(status, "\nCapBnd:\t0000000000000000\n"));
}

static void
assert_cannot_sniff(void)
{
	g_assert_cmpint(socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)), ==, -1);
	g_assert_cmpint(errno, ==, EPERM);
}

/* A child of the same user that waits; hidden as we are, or not. */
static pid_t
start_child(gboolean hidden)
{
	int ready[2];
	char byte;

	g_assert_cmpint(pipe(ready), ==, 0);
	pid_t child = fork();
	if (child == 0) {
		if (!hidden)
			prctl(PR_SET_DUMPABLE, 1);
		close(ready[0]);
		close(ready[1]);
		for (;;)
			pause();
	}
	close(ready[1]);
	g_assert_cmpint(read(ready[0], &byte, 1), ==, 0);
	close(ready[0]);
	return child;
}

static void
end_child(pid_t child)
{
	int status;

	kill(child, SIGKILL);
	g_assert_cmpint(waitpid(child, &status, 0), ==, child);
}

/* What the tracer needs: to seize a child of the same user, and to read its /proc. */
static void
assert_can_trace(void)
{
	g_autofree char *path = NULL;
	pid_t child = start_child(FALSE);

	g_assert_cmpint(ptrace(PTRACE_SEIZE, child, 0, PTRACE_O_EXITKILL), ==, 0);
	path = g_strdup_printf("/proc/%d/mem", child);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	g_assert_cmpint(fd, >=, 0);
	close(fd);
	end_child(child);
}

/* Nobody takes anything from who has dropped his privileges. */
static void
assert_hidden(void)
{
	g_autofree char *path = NULL;
	pid_t child = start_child(TRUE);
	int pidfd = syscall(SYS_pidfd_open, child, 0);

	g_assert_cmpint(prctl(PR_GET_DUMPABLE), ==, 0);
	path = g_strdup_printf("/proc/%d/mem", child);
	g_assert_cmpint(ptrace(PTRACE_SEIZE, child, 0, 0), ==, -1);
	g_assert_cmpint(errno, ==, EPERM);
	g_assert_cmpint(open(path, O_RDONLY | O_CLOEXEC), ==, -1);
	g_assert_cmpint(errno, ==, EACCES);
	g_assert_cmpint(syscall(SYS_pidfd_getfd, pidfd, 0, 0), ==, -1);
	g_assert_cmpint(errno, ==, EPERM);
	close(pidfd);
	end_child(child);
}

static void
drop(gboolean change_user)
{
	g_autoptr(GError) error = NULL;

	privileges_drop(change_user, &error);
	g_assert_no_error(error);
	assert_no_capabilities();
	assert_cannot_sniff();
	assert_can_trace();
	assert_hidden();
}

static void
body_drop(void)
{
	gboolean was_root = geteuid() == 0;

	drop(FALSE);
	if (was_root)
		assert_empty_bounding_set();
	else
		g_assert_cmpint(setuid(0), ==, -1);
}

static void
test_drop(gconstpointer who)
{
	if (is_possible(GPOINTER_TO_INT(who)))
		in_child(GPOINTER_TO_INT(who), body_drop);
}

/* Inside, a sniffer that is open stays open; none can be opened any more. */
static void
body_drop_inside(void)
{
	char packet[100];

	enter();
	int sniffer = socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_ALL));
	g_assert_cmpint(sniffer, >=, 0);
	drop(FALSE);
	assert_empty_bounding_set();
	int sender = socket(AF_INET, SOCK_DGRAM, 0);
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons(7002),
				       .sin_addr = { htonl(INADDR_LOOPBACK) } };
	g_assert_cmpint(sendto(sender, "x", 1, 0, (struct sockaddr *)&address, sizeof(address)), ==,
			1);
	g_assert_cmpint(recv(sniffer, packet, sizeof(packet), 0), ==, 20 + 8 + 1);
}

static void
test_drop_inside(gconstpointer who)
{
	run_inside(GPOINTER_TO_INT(who), body_drop_inside);
}

static void
assert_user(uid_t uid, gid_t gid)
{
	uid_t uids[3];
	gid_t gids[3];

	g_assert_cmpint(getresuid(&uids[0], &uids[1], &uids[2]), ==, 0);
	g_assert_cmpint(getresgid(&gids[0], &gids[1], &gids[2]), ==, 0);
	for (int i = 0; i < 3; i++) {
		g_assert_cmpuint(uids[i], ==, uid);
		g_assert_cmpuint(gids[i], ==, gid);
	}
	g_assert_cmpint(setuid(0), ==, -1);
	g_assert_cmpint(seteuid(0), ==, -1);
	g_assert_cmpint(setgid(0), ==, -1);
	gid_t groups[256];
	int n_groups = getgroups(G_N_ELEMENTS(groups), groups);
	for (int i = 0; i < n_groups; i++)
		g_assert_cmpuint(groups[i], !=, FOREIGN_GROUP);
}

static void
set_sudo(uid_t uid, gid_t gid)
{
	g_autofree char *uid_text = g_strdup_printf("%u", uid);
	g_autofree char *gid_text = g_strdup_printf("%u", gid);

	g_setenv("SUDO_UID", uid_text, TRUE);
	g_setenv("SUDO_GID", gid_text, TRUE);
}

static void
body_sudo(void)
{
	set_sudo(ordinary_uid, ordinary_gid);
	drop(TRUE);
	assert_user(ordinary_uid, ordinary_gid);
}

static void
become_nobody(void)
{
	const struct passwd *nobody = getpwnam("nobody");

	g_assert_nonnull(nobody);
	drop(TRUE);
	assert_user(nobody->pw_uid, nobody->pw_gid);
}

static void
body_no_sudo(void)
{
	g_unsetenv("SUDO_UID");
	g_unsetenv("SUDO_GID");
	become_nobody();
}

/* root called sudo: that would be no change at all. */
static void
body_sudo_by_root(void)
{
	set_sudo(0, 0);
	become_nobody();
}

static void
body_sudo_garbage(void)
{
	g_setenv("SUDO_UID", "12x", TRUE);
	g_setenv("SUDO_GID", "-1", TRUE);
	become_nobody();
}

/* A set-uid program must not believe the environment of whoever started it. */
static void
body_set_uid(void)
{
	set_sudo(ordinary_uid + 1, ordinary_gid + 1);
	g_assert_cmpint(setresgid(ordinary_gid, 0, 0), ==, 0);
	g_assert_cmpint(setresuid(ordinary_uid, 0, 0), ==, 0);
	drop(TRUE);
	assert_user(ordinary_uid, ordinary_gid);
}

static gboolean
write_map(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	gssize written = write(fd, text, strlen(text));

	close(fd);
	return written == (gssize)strlen(text);
}

/* What `sudo pktladder run` does. */
static void
body_sudo_inside(void)
{
	set_sudo(ordinary_uid, ordinary_gid);
	enter();
	g_assert_true(privileges_can_change_user());
	drop(TRUE);
	assert_user(ordinary_uid, ordinary_gid);
}

/* Root of a user namespace that has nobody else: an error, not a silent stay. */
static void
body_nobody_else(void)
{
	g_autoptr(GError) error = NULL;

	set_sudo(ordinary_uid, ordinary_gid);
	g_assert_cmpint(unshare(CLONE_NEWUSER), ==, 0);
	g_assert_true(write_map("/proc/self/setgroups", "deny"));
	g_assert_true(write_map("/proc/self/uid_map", "0 0 1"));
	g_assert_true(write_map("/proc/self/gid_map", "0 0 1"));
	g_assert_false(privileges_can_change_user());
	g_assert_false(privileges_drop(TRUE, &error));
	g_assert_error(error, NETWORK_ERROR, NETWORK_ERROR_PRIVILEGES);
}

static const struct {
	const char *path;
	void (*body)(void);
} root_cases[] = {
	{ "/privileges/user/sudo", body_sudo },
	{ "/privileges/user/no-sudo", body_no_sudo },
	{ "/privileges/user/sudo-by-root", body_sudo_by_root },
	{ "/privileges/user/sudo-garbage", body_sudo_garbage },
	{ "/privileges/user/set-uid-program", body_set_uid },
	{ "/privileges/user/sudo-inside", body_sudo_inside },
	{ "/privileges/user/nobody-else", body_nobody_else },
};

static guint root_case;

/* root has a group that must be gone afterwards. */
static void
body_root_case(void)
{
	gid_t foreign = FOREIGN_GROUP;

	g_assert_cmpint(setgroups(1, &foreign), ==, 0);
	root_cases[root_case].body();
}

static void
test_root_case(gconstpointer data)
{
	root_case = GPOINTER_TO_UINT(data);
	if (is_possible(ROOT))
		in_child(ROOT, body_root_case);
}

/* ---- a program with file capabilities: setcap is what doctor itself advises ---- */

enum { NOT_EFFECTIVE = 78 };

/* The copied test program, started with "--enter". */
static int
main_enter(void)
{
	g_autoptr(GError) error = NULL;
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = { 0 };

	syscall(SYS_capget, &header, sets);
	if (!(sets[0].effective & (1u << CAP_NET_RAW)))
		return NOT_EFFECTIVE;
	if (network_enter_private(&error) && privileges_drop(FALSE, &error))
		return 0;
	g_printerr("%s\n", error->message);
	return 1;
}

static char *
copy_with_capability(const char *folder)
{
	char *copy = g_build_filename(folder, "enter", NULL);
	g_autofree char *bytes = NULL;
	gsize length;
	struct vfs_cap_data caps = {
		.magic_etc = GUINT32_TO_LE(VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE),
		.data = { { .permitted = GUINT32_TO_LE(1u << CAP_NET_RAW) } },
	};

	g_assert_true(g_file_get_contents("/proc/self/exe", &bytes, &length, NULL));
	g_assert_true(g_file_set_contents_full(copy, bytes, length, 0, 0755, NULL));
	g_assert_cmpint(chmod(folder, 0755), ==, 0);
	g_assert_cmpint(setxattr(copy, "security.capability", &caps, XATTR_CAPS_SZ_2, 0), ==, 0);
	return copy;
}

static void
test_file_capabilities(void)
{
	int status;

	if (!is_namespace_possible(ROOT))
		return;
	g_autofree char *folder = g_dir_make_tmp("pktladder-XXXXXX", NULL);
	g_autofree char *copy = copy_with_capability(folder);
	pid_t child = fork();
	if (child == 0) {
		become_ordinary();
		execl(copy, copy, "--enter", NULL);
		_exit(127);
	}
	g_assert_cmpint(waitpid(child, &status, 0), ==, child);
	g_unlink(copy);
	g_rmdir(folder);
	g_assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == NOT_EFFECTIVE)
		g_test_skip("NOT TESTED: file capabilities have no effect in TMPDIR (nosuid?)");
	else
		g_assert_cmpint(WEXITSTATUS(status), ==, 0);
}

int
main(int argc, char **argv)
{
	if (argc == 2 && g_str_equal(argv[1], "--enter"))
		return main_enter();
	children_init();
	g_test_init(&argc, &argv, NULL);
	add_for_both("/privileges/drop/outside", test_drop);
	add_for_both("/privileges/drop/inside", test_drop_inside);
	for (guint i = 0; i < G_N_ELEMENTS(root_cases); i++)
		g_test_add_data_func(root_cases[i].path, GUINT_TO_POINTER(i), test_root_case);
	g_test_add_func("/privileges/file-capabilities", test_file_capabilities);
	return g_test_run();
}
