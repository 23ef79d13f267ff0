/* SPDX-License-Identifier: MIT */
/* What is said of machines that forbid a private network: each is a tree of
 * files that stands for one. */
#include "pktladder/network.h"
#include "netns/policy.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

static const struct {
	const char *name;
	const char *files[4]; /* path=text */
	int error;
	gboolean privileged;
	const char *said;
} machines[] = {
	{ "no-user-namespaces",
	  { "proc/sys/user/max_user_namespaces=0\n" },
	  ENOSPC,
	  FALSE,
	  "sudo sysctl -w user.max_user_namespaces=" },
	{ "no-net-namespaces",
	  { "proc/sys/user/max_user_namespaces=9\n", "proc/sys/user/max_net_namespaces=0\n" },
	  ENOSPC,
	  FALSE,
	  "sudo sysctl -w user.max_net_namespaces=" },
	{ "too-many", { "proc/sys/user/max_user_namespaces=9\n" }, ENOSPC, FALSE, "too many" },
	{ "debian-10",
	  { "proc/sys/kernel/unprivileged_userns_clone=0\n" },
	  EPERM,
	  FALSE,
	  "sudo sysctl -w kernel.unprivileged_userns_clone=1" },
	{ "debian-10-root",
	  { "proc/sys/kernel/unprivileged_userns_clone=0\n" },
	  EPERM,
	  TRUE,
	  "even to root" },
	{ "debian-11",
	  { "proc/sys/kernel/unprivileged_userns_clone=1\n" },
	  EPERM,
	  FALSE,
	  "SELinux" },
	{ "ubuntu-24.04",
	  { "proc/sys/kernel/apparmor_restrict_unprivileged_userns=1\n" },
	  EACCES,
	  FALSE,
	  "doctor --apparmor-profile | sudo tee /etc/apparmor.d/pktladder" },
	{ "ubuntu-relaxed",
	  { "proc/sys/kernel/apparmor_restrict_unprivileged_userns=0\n" },
	  EPERM,
	  FALSE,
	  "SELinux" },
	{ "docker",
	  { ".dockerenv=", "proc/self/status=Name:\tx\nSeccomp:\t2\nSeccomp_filters:\t1\n",
	    "proc/self/ns/user=", "proc/self/ns/net=" },
	  EPERM,
	  FALSE,
	  "--security-opt seccomp=unconfined" },
	{ "podman", { "run/.containerenv=" }, EPERM, TRUE, "--cap-add SYS_ADMIN" },
	{ "service",
	  { "proc/self/status=Name:\tx\nSeccomp:\t2\n", "proc/self/ns/user=", "proc/self/ns/net=" },
	  EPERM,
	  FALSE,
	  "systemd" },
	{ "old-kernel", { "proc/self/status=Name:\tx\n" }, EINVAL, FALSE, "another kernel" },
	{ "threads", { NULL }, EINVAL, FALSE, "one thread" },
};

static void
write_below(const char *root, const char *file)
{
	g_auto(GStrv) parts = g_strsplit(file, "=", 2);
	g_autofree char *path = g_build_filename(root, parts[0], NULL);
	g_autofree char *folder = g_path_get_dirname(path);

	g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
	g_assert_true(g_file_set_contents(path, parts[1], -1, NULL));
}

static void
remove_tree(const char *path)
{
	GDir *folder = g_dir_open(path, 0, NULL);
	const char *name;

	while (folder && (name = g_dir_read_name(folder))) {
		g_autofree char *below = g_build_filename(path, name, NULL);
		remove_tree(below);
	}
	if (folder)
		g_dir_close(folder);
	g_remove(path);
}

static void
test_machine(gconstpointer data)
{
	guint i = GPOINTER_TO_UINT(data);
	g_autofree char *root = g_dir_make_tmp("pktladder-XXXXXX", NULL);

	for (guint f = 0; f < G_N_ELEMENTS(machines[i].files) && machines[i].files[f]; f++)
		write_below(root, machines[i].files[f]);
	PolicyQuestion question = { .root = root,
				    .error = machines[i].error,
				    .privileged = machines[i].privileged };
	g_autofree char *said = policy_explain(&question);
	g_test_message("%s", said);
	g_assert_nonnull(strstr(said, machines[i].said));
	g_assert_null(strstr(said, "%s"));
	remove_tree(root);
}

static void
test_apparmor_profile(void)
{
	g_autofree char *plain = network_apparmor_profile("/usr/bin/pktladder");
	g_autofree char *odd = network_apparmor_profile("/home/a b/{x}*\"/pktladder");

	g_assert_nonnull(strstr(plain, "abi <abi/4.0>,\ninclude <tunables/global>\n"));
	g_assert_nonnull(strstr(plain, "\nprofile pktladder \"/usr/bin/pktladder\" "
				       "flags=(unconfined) {\n  userns,\n"));
	g_assert_nonnull(strstr(odd, "\"/home/a b/\\{x\\}\\*\\\"/pktladder\""));
}

static void
test_apparmor_restricts(void)
{
	g_autofree char *text = NULL;
	gboolean there = g_file_get_contents(
	    "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", &text, NULL, NULL);

	g_assert_true(policy_sysctl_is("/", "kernel/apparmor_restrict_unprivileged_userns", 1) ==
		      (there && text[0] == '1'));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(machines); i++) {
		g_autofree char *path = g_strconcat("/policy/machine/", machines[i].name, NULL);
		g_test_add_data_func(path, GUINT_TO_POINTER(i), test_machine);
	}
	g_test_add_func("/policy/apparmor/profile", test_apparmor_profile);
	g_test_add_func("/policy/apparmor/restricts", test_apparmor_restricts);
	return g_test_run();
}
