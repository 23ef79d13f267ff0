/* SPDX-License-Identifier: MIT */
/* Theory of operation
 *
 * unshare() fails with EPERM for half a dozen reasons and does not say which. The causes can be
 * read from /proc, though: they stand in one table, the surest first, and the first that fits the
 * machine is the answer. `root` lets a test show it a machine that it does not run on.
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

/* What can be said of the machine and the failed call. */
enum {
	REFUSED = 1 << 0,
	TOO_MANY = 1 << 1,
	THREADED = 1 << 2,
	ORDINARY = 1 << 3, /* not root */
	ROOT = 1 << 4,
	NO_KINDS = 1 << 5, /* of namespaces in this kernel */
	NO_USER = 1 << 6,
	NO_NET = 1 << 7,
	NO_CLONE = 1 << 8,
	APPARMOR = 1 << 9,
	FILTERED = 1 << 10,
	CONTAINER = 1 << 11,
};

static guint
facts_find(const PolicyQuestion *q)
{
	const char *root = q->root;
	gboolean kinds =
	    exists_below(root, "proc/self/ns/user") && exists_below(root, "proc/self/ns/net");
	gboolean contained =
	    exists_below(root, ".dockerenv") || exists_below(root, "run/.containerenv");
	/* "Seccomp:	2": a filter is on us, and may have failed the call */
	g_autofree char *status = read_below(root, "proc/self/status");
	const char *line = status ? strstr(status, "\nSeccomp:") : NULL;
	gboolean filtered = line && atoi(line + strlen("\nSeccomp:")) == 2 &&
			    (q->error == EPERM || q->error == EACCES || q->error == ENOSYS);

	return (q->error == EPERM || q->error == EACCES ? REFUSED : 0) |
	       (q->error == ENOSPC || q->error == EUSERS ? TOO_MANY : 0) |
	       (q->error == EINVAL ? THREADED : 0) | (q->privileged ? ROOT : ORDINARY) |
	       (exists_below(root, "proc/self") && !kinds ? NO_KINDS : 0) |
	       (policy_sysctl_is(root, "user/max_user_namespaces", 0) ? NO_USER : 0) |
	       (policy_sysctl_is(root, "user/max_net_namespaces", 0) ? NO_NET : 0) |
	       (policy_sysctl_is(root, "kernel/unprivileged_userns_clone", 0) ? NO_CLONE : 0) |
	       (policy_sysctl_is(root, APPARMOR_SYSCTL, 1) ? APPARMOR : 0) |
	       (filtered ? FILTERED : 0) | (contained ? CONTAINER : 0);
}

/* Where all of these hold. %s, where there is one, is this program. */
static const struct {
	guint facts;
	const char *text;
} causes[] = {
	{ NO_KINDS, N_("This kernel was built without user or network namespaces: it takes another "
		       "kernel.") },
	{ NO_USER, N_("User namespaces are switched off: user.max_user_namespaces is 0. Mend it "
		      "with: sudo sysctl -w user.max_user_namespaces=15000") },
	{ NO_NET, N_("Network namespaces are switched off: user.max_net_namespaces is 0. Mend it "
		     "with: sudo sysctl -w user.max_net_namespaces=15000") },
	{ TOO_MANY, N_("There are too many namespaces already, or too many inside one another. End "
		       "other programs that use them, or raise the limit with: sudo sysctl -w "
		       "user.max_user_namespaces=15000 user.max_net_namespaces=15000") },
	{ ORDINARY | REFUSED | NO_CLONE,
	  N_("Ordinary users may not make user namespaces: kernel.unprivileged_userns_clone is 0. "
	     "Mend it with: sudo sysctl -w kernel.unprivileged_userns_clone=1") },
	{ ORDINARY | REFUSED | APPARMOR,
	  N_("AppArmor lets only programs with a profile make user namespaces "
	     "(kernel.apparmor_restrict_unprivileged_userns is 1, as on Ubuntu 24.04). Give "
	     "pktladder its profile with: %s doctor --apparmor-profile | sudo tee "
	     "/etc/apparmor.d/pktladder && sudo apparmor_parser -r /etc/apparmor.d/pktladder") },
	{ CONTAINER | FILTERED,
	  N_("This is a container, and its seccomp filter forbids namespaces. Start the container "
	     "with: --security-opt seccomp=unconfined --security-opt apparmor=unconfined") },
	{ FILTERED, N_("A seccomp filter on this program (of a container, sandbox or systemd "
		       "service) forbids namespaces. Start pktladder outside of it, or start the "
		       "container with: --security-opt seccomp=unconfined") },
	{ CONTAINER | REFUSED,
	  N_("This is a container without the right to make namespaces. Start it with: "
	     "--security-opt apparmor=unconfined --cap-add SYS_ADMIN") },
	{ THREADED, N_("The kernel gives the namespaces only to a process with one thread; if this "
		       "is not so, please report it as a bug.") },
	{ ROOT, N_("Something on this machine forbids it even to root: a container, a chroot, "
		   "SELinux, or an administrator's rule. Try it outside of that.") },
	{ 0, N_("Something on this machine forbids it to ordinary users: perhaps a chroot, "
		"SELinux, or an administrator's rule. With root it works: sudo %s") },
};

char *
policy_explain(const PolicyQuestion *question)
{
	static const char plain[] = "/._-+" G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS;
	g_autofree char *path = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *quoted = NULL; /* so that what is told can be pasted into a shell */
	guint facts = facts_find(question);
	gsize i = 0;

	while ((causes[i].facts & facts) != causes[i].facts) /* the last one always fits */
		i++;
	if (path && strspn(path, plain) < strlen(path))
		quoted = g_shell_quote(path);
	GString *text = g_string_new(_(causes[i].text));
	g_string_replace(text, "%s", quoted ? quoted : path ? path : "pktladder", 1);
	return g_string_free(text, FALSE);
}

char *
network_apparmor_profile(const char *program)
{
	g_autoptr(GString) path = g_string_new(NULL); /* with AppArmor's wildcards escaped */

	for (; *program; program++)
		g_string_append_printf(path, "%s%c", strchr("\\\"*?[]{}", *program) ? "\\" : "",
				       *program);
	return g_strdup_printf("# Lets pktladder make user namespaces, for its private network.\n"
			       "# Put it in /etc/apparmor.d/pktladder and load it with:\n"
			       "#   sudo apparmor_parser -r /etc/apparmor.d/pktladder\n"
			       "abi <abi/4.0>,\n"
			       "include <tunables/global>\n"
			       "\n"
			       "profile pktladder \"%s\" flags=(unconfined) {\n"
			       "  userns,\n"
			       "\n"
			       "  include if exists <local/pktladder>\n"
			       "}\n",
			       path->str);
}
