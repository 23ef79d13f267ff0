/* Theory of operation
 *
 * unshare() fails with EPERM for half a dozen reasons and does not say which.
 * The causes can be read from /proc, though: they stand in one table, the surest
 * first, and the first that fits the machine is the answer. `root` lets a test
 * show it a machine that it does not run on.
 */
#include "policy.h"
#include "pktladder/i18n.h"
#include "pktladder/network.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define APPARMOR_SYSCTL "kernel/apparmor_restrict_unprivileged_userns"

static char *
read_below(const char *root, const char *path)
{
	g_autofree char *full = g_build_filename(root, path, NULL);
	char *text = NULL;

	return g_file_get_contents(full, &text, NULL, NULL) ? g_strstrip(text) : NULL;
}

static gboolean
exists_below(const char *root, const char *path)
{
	g_autofree char *full = g_build_filename(root, path, NULL);

	return g_file_test(full, G_FILE_TEST_EXISTS);
}

gboolean
policy_sysctl_is(const char *root, const char *name, gint64 value)
{
	g_autofree char *path = g_build_filename("proc/sys", name, NULL);
	g_autofree char *text = read_below(root, path);
	gint64 found;

	return text && g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, &found, NULL) &&
	       found == value;
}

static gboolean
is_refusal(const PolicyQuestion *q)
{
	return q->error == EPERM || q->error == EACCES;
}

static gboolean
no_user_namespaces(const PolicyQuestion *q)
{
	return policy_sysctl_is(q->root, "user/max_user_namespaces", 0);
}

static gboolean
no_net_namespaces(const PolicyQuestion *q)
{
	return policy_sysctl_is(q->root, "user/max_net_namespaces", 0);
}

static gboolean
too_many_namespaces(const PolicyQuestion *q)
{
	return q->error == ENOSPC || q->error == EUSERS;
}

static gboolean
kernel_without(const PolicyQuestion *q)
{
	return exists_below(q->root, "proc/self") && !(exists_below(q->root, "proc/self/ns/user") &&
						       exists_below(q->root, "proc/self/ns/net"));
}

static gboolean
clone_forbidden(const PolicyQuestion *q)
{
	return !q->privileged && is_refusal(q) &&
	       policy_sysctl_is(q->root, "kernel/unprivileged_userns_clone", 0);
}

static gboolean
apparmor_forbids(const PolicyQuestion *q)
{
	return !q->privileged && is_refusal(q) && policy_sysctl_is(q->root, APPARMOR_SYSCTL, 1);
}

/* A seccomp filter is on us: "Seccomp:	2" in our status. */
static gboolean
is_filtered(const PolicyQuestion *q)
{
	g_autofree char *status = read_below(q->root, "proc/self/status");
	const char *line = status ? strstr(status, "\nSeccomp:") : NULL;

	return line && atoi(line + strlen("\nSeccomp:")) == 2 &&
	       (is_refusal(q) || q->error == ENOSYS);
}

static gboolean
in_container(const PolicyQuestion *q)
{
	return exists_below(q->root, ".dockerenv") || exists_below(q->root, "run/.containerenv");
}

static gboolean
container_filters(const PolicyQuestion *q)
{
	return in_container(q) && is_filtered(q);
}

static gboolean
container_forbids(const PolicyQuestion *q)
{
	return in_container(q) && is_refusal(q);
}

static gboolean
has_threads(const PolicyQuestion *q)
{
	return q->error == EINVAL;
}

static gboolean
is_privileged(const PolicyQuestion *q)
{
	return q->privileged;
}

static gboolean
always(const PolicyQuestion *q G_GNUC_UNUSED)
{
	return TRUE;
}

/* %s, where there is one, is this program. */
static const struct {
	gboolean (*fits)(const PolicyQuestion *question);
	const char *text;
} causes[] = {
	{ kernel_without, N_("This kernel was built without user or network namespaces: it takes "
			     "another kernel.") },
	{ no_user_namespaces,
	  N_("User namespaces are switched off: user.max_user_namespaces is 0. Mend it with: "
	     "sudo sysctl -w user.max_user_namespaces=15000") },
	{ no_net_namespaces,
	  N_("Network namespaces are switched off: user.max_net_namespaces is 0. Mend it with: "
	     "sudo sysctl -w user.max_net_namespaces=15000") },
	{ too_many_namespaces,
	  N_("There are too many namespaces already, or too many inside one another. End other "
	     "programs that use them, or raise the limit with: "
	     "sudo sysctl -w user.max_user_namespaces=15000 user.max_net_namespaces=15000") },
	{ clone_forbidden,
	  N_("Ordinary users may not make user namespaces: kernel.unprivileged_userns_clone is 0. "
	     "Mend it with: sudo sysctl -w kernel.unprivileged_userns_clone=1") },
	{ apparmor_forbids,
	  N_("AppArmor lets only programs with a profile make user namespaces "
	     "(kernel.apparmor_restrict_unprivileged_userns is 1, as on Ubuntu 24.04). Give "
	     "pktladder its profile with: %s doctor --apparmor-profile | sudo tee "
	     "/etc/apparmor.d/pktladder && sudo apparmor_parser -r /etc/apparmor.d/pktladder") },
	{ container_filters,
	  N_("This is a container, and its seccomp filter forbids namespaces. Start the container "
	     "with: --security-opt seccomp=unconfined --security-opt apparmor=unconfined") },
	{ is_filtered,
	  N_("A seccomp filter on this program (of a container, sandbox or systemd service) "
	     "forbids namespaces. Start pktladder outside of it, or start the container with: "
	     "--security-opt seccomp=unconfined") },
	{ container_forbids,
	  N_("This is a container without the right to make namespaces. Start it with: "
	     "--security-opt apparmor=unconfined --cap-add SYS_ADMIN") },
	{ has_threads, N_("The kernel gives the namespaces only to a process with one thread; if "
			  "this is not so, please report it as a bug.") },
	{ is_privileged,
	  N_("Something on this machine forbids it even to root: a container, a chroot, "
	     "SELinux, or an administrator's rule. Try it outside of that.") },
	{ always, N_("Something on this machine forbids it to ordinary users: perhaps a chroot, "
		     "SELinux, or an administrator's rule. With root it works: sudo %s") },
};

/* So that what is told can be pasted into a shell. */
static char *
program_for_shell(void)
{
	g_autofree char *path = g_file_read_link("/proc/self/exe", NULL);

	if (!path)
		return g_strdup("pktladder");
	if (strspn(path, "/._-+" G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS) == strlen(path))
		return g_steal_pointer(&path);
	return g_shell_quote(path);
}

char *
policy_explain(const PolicyQuestion *question)
{
	gsize i = 0;

	while (!causes[i].fits(question)) /* the last one always does */
		i++;
	g_autofree char *program = program_for_shell();
	GString *text = g_string_new(_(causes[i].text));
	g_string_replace(text, "%s", program, 1);
	return g_string_free(text, FALSE);
}

gboolean
network_apparmor_restricts(void)
{
	return policy_sysctl_is("/", APPARMOR_SYSCTL, 1);
}

/* In double quotes, with AppArmor's wildcards escaped. */
static char *
apparmor_path(const char *path)
{
	GString *text = g_string_new("\"");

	for (; *path; path++) {
		if (strchr("\\\"*?[]{}", *path))
			g_string_append_c(text, '\\');
		g_string_append_c(text, *path);
	}
	g_string_append_c(text, '"');
	return g_string_free(text, FALSE);
}

char *
network_apparmor_profile(const char *program)
{
	g_autofree char *path = apparmor_path(program);

	return g_strdup_printf("# Lets pktladder make user namespaces, for its private network.\n"
			       "# Put it in /etc/apparmor.d/pktladder and load it with:\n"
			       "#   sudo apparmor_parser -r /etc/apparmor.d/pktladder\n"
			       "abi <abi/4.0>,\n"
			       "include <tunables/global>\n"
			       "\n"
			       "profile pktladder %s flags=(unconfined) {\n"
			       "  userns,\n"
			       "\n"
			       "  include if exists <local/pktladder>\n"
			       "}\n",
			       path);
}
