/* SPDX-License-Identifier: MIT */
/* Theory of operation
 *
 * Whatever forks in a PID namespace stays in it, traced or not, and the kernel kills all of it when
 * its process 1 ends. So nothing that a program starts can outlive the tracer, and nothing outside
 * has a number there that it could be attached to or signalled by. Process 1 is ours and not the
 * program: signals that a process 1 has no handler for do not reach it, which programs do not
 * expect, and it must wait for orphans, which programs do not do. (It ignores SIGCHLD: then the
 * kernel does it.)
 *
 * /proc shows the processes of the namespace in which it was mounted. Programs look for themselves
 * there, by the number that they know; so without a new /proc, which needs a mount namespace, there
 * is no PID namespace either. Where parts of /proc are hidden, as in many containers, the kernel
 * refuses it.
 *
 * The tracer stays outside, and sees the numbers that every other tool of the user's shows.
 */
#include "pidns.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pktladder/fd.h"
#include "pktladder/i18n.h"
#include "pktladder/network.h"
#include "pktladder/tracer.h"

G_DEFINE_QUARK(tracer - error - quark, tracer_error)

/* What process 1 does first, and where it failed; 0 for errno: it did not. */
typedef struct {
	enum { STEP_CLONE, STEP_PRIVATE, STEP_PROC } step;
	int error;
} Report;

/* As fork(), which takes no flags. */
static pid_t
clone_with(unsigned long flags)
{
#ifdef __s390__
	return (pid_t)syscall(SYS_clone, 0, flags | SIGCHLD, 0, 0, 0);
#else
	return (pid_t)syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
#endif
}

/* Process 1. Keeps nothing open but its lifeline, which nobody writes to. */
G_NORETURN static void
init_run(void (*fork_inside)(gpointer data), gpointer data, gboolean change_user, FdPair *lifeline,
	 FdPair *reports)
{
	Report report = { .step = STEP_PRIVATE };
	char byte, name[64];

	if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) == 0)
		report.step = STEP_PROC;
	if (report.step != STEP_PROC ||
	    mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) != 0)
		report.error = errno;
	fd_clear(&lifeline->end[1]);
	if (write(reports->end[1], &report, sizeof(report)) != sizeof(report) || report.error)
		_exit(1);
	fd_clear(&reports->end[1]);
	/* who knows our terminal's name could write to it, past the screen */
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (ttyname_r(fd, name, sizeof(name)) == 0)
			mount("/dev/null", name, NULL, MS_BIND, NULL);
	signal(SIGCHLD, SIG_IGN);
	if (fork_inside)
		fork_inside(data);
	prctl(PR_SET_NAME, "pktladder-init");
	if (!privileges_drop(change_user, NULL) || dup2(lifeline->end[0], 0) < 0)
		_exit(1);
	closefrom(1);
	(void)TEMP_FAILURE_RETRY(read(0, &byte, 1));
	_exit(0);
}

static gboolean
explain(const Report *report, GError **error)
{
	static const char *const texts[] = {
		[STEP_CLONE] =
		    N_("no PID namespace for the programs: clone() failed (%s). It comes with "
		       "the private network, or with root"),
		[STEP_PRIVATE] =
		    N_("no PID namespace for the programs: their mounts cannot be kept apart from "
		       "ours (%s). Start pktladder outside of the chroot"),
		[STEP_PROC] =
		    N_("no PID namespace for the programs: they would get no /proc (%s). This "
		       "is a container that hides parts of /proc: start it with: "
		       "--security-opt systempaths=unconfined"),
	};

	g_set_error(error, TRACER_ERROR, TRACER_ERROR_REFUSED, _(texts[report->step]),
		    g_strerror(report->error));
	return FALSE;
}

gboolean
pidns_start(Pidns *pidns, void (*fork_inside)(gpointer data), gpointer data, gboolean change_user,
	    GError **error)
{
	g_auto(FdPair) lifeline = FD_PAIR_NONE;
	g_auto(FdPair) reports = FD_PAIR_NONE;
	Report report = { .step = STEP_CLONE };
	pid_t init = -1;

	*pidns = (Pidns){ .lifeline = -1 };
	if (pipe2(lifeline.end, O_CLOEXEC) == 0 && pipe2(reports.end, O_CLOEXEC) == 0)
		init = clone_with(CLONE_NEWPID | CLONE_NEWNS);
	if (init == 0)
		init_run(fork_inside, data, change_user, &lifeline, &reports);
	report.error = errno;
	fd_clear(&reports.end[1]);
	if (init > 0 && read(reports.end[0], &report, sizeof(report)) != sizeof(report))
		report.error = ECHILD;
	if (init > 0 && report.error == 0) {
		*pidns = (Pidns){ .init = init, .lifeline = g_steal_fd(&lifeline.end[1]) };
		return TRUE;
	}
	fd_pair_clear(&lifeline); /* which ends it */
	if (init > 0)
		waitpid(init, NULL, 0);
	return explain(&report, error);
}

void
pidns_end(Pidns *pidns)
{
	fd_clear(&pidns->lifeline);
}

gboolean
tracer_probe_pidns(GError **error)
{
	Pidns pidns;

	if (!pidns_start(&pidns, NULL, NULL, FALSE, error))
		return FALSE;
	pidns_end(&pidns);
	waitpid(pidns.init, NULL, 0);
	return TRUE;
}
