/* SPDX-License-Identifier: MIT */
/* Theory of operation
 *
 * A private network is a network namespace. To make one takes CAP_SYS_ADMIN.
 * Root has it, and needs no more: he keeps his rights over files until he gives
 * them up. An ordinary user has it in a user namespace of his own: so both are
 * made in one call. He is mapped to himself, hence every file looks as before,
 * and no other user exists inside. All capabilities come with it, but only over
 * what is in it: enough to set up lo and to capture on it.
 *
 * unshare() cannot be undone. So that a failure can lead to a fallback, it is
 * tried in a child first, which sends what it found over a pipe.
 */
#include "pktladder/network.h"
#include "loopback.h"
#include "pktladder/i18n.h"
#include "policy.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROBE_SECONDS = 10 };

G_DEFINE_QUARK(pktladder - network - error - quark, network_error)

/* g_file_set_contents() writes to another file and renames, which /proc cannot do. */
static gboolean
write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return FALSE;
	gssize written = write(fd, text, strlen(text));
	int saved = errno;
	close(fd);
	errno = saved;
	return written == (gssize)strlen(text);
}

static gboolean
fail_namespace(GError **error, const char *step, int reason)
{
	PolicyQuestion question = { .root = "/", .error = reason, .privileged = geteuid() == 0 };
	g_autofree char *why = policy_explain(&question);

	g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_NO_NAMESPACE,
		    _("no private network: %s failed (%s). %s"), step, g_strerror(reason), why);
	return FALSE;
}

/* The kernel lets a user map himself, but groups only once setgroups() is
 * denied: else a process could leave a group that a file is closed to. */
static gboolean
map_user(uid_t uid, gid_t gid, GError **error)
{
	g_autofree char *uid_map = g_strdup_printf("%u %u 1\n", uid, uid);
	g_autofree char *gid_map = g_strdup_printf("%u %u 1\n", gid, gid);
	const struct {
		const char *path, *text;
	} maps[] = {
		{ "/proc/self/setgroups", "deny" },
		{ "/proc/self/uid_map", uid_map },
		{ "/proc/self/gid_map", gid_map },
	};

	/* These files are root's where we are hidden. There is nothing yet that is worth taking. */
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	gboolean mapped = TRUE;
	for (gsize i = 0; mapped && i < G_N_ELEMENTS(maps); i++)
		mapped = write_file(maps[i].path, maps[i].text) ||
			 fail_namespace(error, maps[i].path, errno);
	privileges_hide();
	return mapped;
}

gboolean
network_enter_private(GError **error)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();

	if (unshare(CLONE_NEWNET) != 0) {
		if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
			return fail_namespace(error, "unshare()", errno);
		if (!map_user(uid, gid, error))
			return FALSE;
	}
	if (!loopback_set_up(error))
		return FALSE;
	/* Capabilities are dropped before a program of the user's starts, and it may want port 80.
	 * In a container /proc/sys can be read-only: only low ports are lost then. */
	write_file("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0");
	return TRUE;
}

/* In the child: does it, and says how it went as "ok" or "domain\ncode\nmessage". */
static void
probe_child(gboolean inside, NetworkStep step, gpointer data, int fd)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;

	signal(SIGALRM, SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	alarm(PROBE_SECONDS);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if ((!inside || network_enter_private(&error)) && (!step || step(data, &error)))
		text = g_strdup("ok");
	else
		text = g_strdup_printf("%s\n%d\n%s", g_quark_to_string(error->domain), error->code,
				       error->message);
	for (gsize done = 0, length = strlen(text); done < length;) {
		gssize n = write(fd, text + done, length - done);
		if (n < 0)
			break;
		done += n;
	}
}

static gboolean
probe_verdict(const char *text, GError **error)
{
	if (g_str_equal(text, "ok"))
		return TRUE;
	g_auto(GStrv) parts = g_strsplit(text, "\n", 3);
	if (g_strv_length(parts) == 3)
		g_set_error_literal(error, g_quark_from_string(parts[0]), atoi(parts[1]), parts[2]);
	else
		g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_SETUP,
			    _("the trial run was killed, or did not answer within %d seconds"),
			    PROBE_SECONDS);
	return FALSE;
}

static gboolean
fail_fork(GError **error, const char *call)
{
	g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_SETUP,
		    _("cannot start a trial process: %s: %s"), call, g_strerror(errno));
	return FALSE;
}

static gboolean
run_probe(gboolean inside, NetworkStep step, gpointer data, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);
	char buffer[512];
	gssize n;
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return fail_fork(error, "pipe()");
	pid_t child = fork();
	if (child == 0) {
		close(fds[0]);
		probe_child(inside, step, data, fds[1]);
		_exit(0);
	}
	close(fds[1]);
	if (child < 0) {
		fail_fork(error, "fork()");
		close(fds[0]);
		return FALSE;
	}
	while ((n = read(fds[0], buffer, sizeof(buffer))) > 0 || (n < 0 && errno == EINTR))
		g_string_append_len(text, buffer, MAX(n, 0));
	close(fds[0]);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	return probe_verdict(text->str, error);
}

gboolean
network_probe_with(NetworkStep step, gpointer data, GError **error)
{
	return run_probe(TRUE, step, data, error);
}

gboolean
network_probe_outside(NetworkStep step, gpointer data, GError **error)
{
	return run_probe(FALSE, step, data, error);
}

gboolean
network_probe(GError **error)
{
	return run_probe(TRUE, NULL, NULL, error);
}
