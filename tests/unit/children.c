/* SPDX-License-Identifier: MIT */
#include "children.h"
#include "pktladder/network.h"

#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

uid_t ordinary_uid;
gid_t ordinary_gid;

void
children_init(void)
{
	const struct passwd *entry = getpwnam("tester");

	ordinary_uid = geteuid() != 0 ? geteuid() : entry ? entry->pw_uid : 12345;
	ordinary_gid = geteuid() != 0 ? getegid() : entry ? entry->pw_gid : 12345;
}

void
become_ordinary(void)
{
	if (geteuid() != 0)
		return;
	g_assert_cmpint(setgroups(0, NULL), ==, 0);
	g_assert_cmpint(setresgid(ordinary_gid, ordinary_gid, ordinary_gid), ==, 0);
	g_assert_cmpint(setresuid(ordinary_uid, ordinary_uid, ordinary_uid), ==, 0);
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); /* as a program that this user started */
}

void
in_child(Who who, void (*body)(void))
{
	int status;
	pid_t child = fork();

	g_assert_cmpint(child, >=, 0);
	if (child == 0) {
		if (who == ORDINARY)
			become_ordinary();
		body();
		_exit(0);
	}
	g_assert_cmpint(waitpid(child, &status, 0), ==, child);
	g_assert_true(WIFEXITED(status));
	g_assert_cmpint(WEXITSTATUS(status), ==, 0);
}

/* unshare(1) is the judge of what this machine allows, not the code under test. */
static void
try_unshare(void)
{
	execlp("unshare", "unshare", "--user", "--map-root-user", "--net", "true", NULL);
	_exit(127);
}

static gboolean
can_unshare(Who who)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		if (who == ORDINARY)
			become_ordinary();
		try_unshare();
	}
	g_assert_cmpint(waitpid(child, &status, 0), ==, child);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

gboolean
is_possible(Who who)
{
	if (who == ORDINARY || geteuid() == 0)
		return TRUE;
	g_test_skip("NOT TESTED: this case needs root");
	return FALSE;
}

gboolean
is_namespace_possible(Who who)
{
	if (!is_possible(who))
		return FALSE;
	if (can_unshare(who))
		return TRUE;
	g_test_skip("NOT TESTED: unshare(1) cannot make a user and network namespace here");
	return FALSE;
}

void
run_inside(Who who, void (*body)(void))
{
	if (is_namespace_possible(who))
		in_child(who, body);
}

void
enter(void)
{
	g_autoptr(GError) error = NULL;

	network_enter_private(&error);
	g_assert_no_error(error);
}

void
add_for_both(const char *path, void (*test)(gconstpointer who))
{
	g_autofree char *root = g_strconcat(path, "/root", NULL);
	g_autofree char *ordinary = g_strconcat(path, "/ordinary", NULL);

	g_test_add_data_func(root, GINT_TO_POINTER(ROOT), test);
	g_test_add_data_func(ordinary, GINT_TO_POINTER(ORDINARY), test);
}
