/* program.c - the start of a program that is to be traced: fork, seize, filter, exec.
 *
 * The child waits until it is seized: a seccomp filter that says "trace" makes
 * the calls of an untraced process fail with ENOSYS. Seizing (rather than
 * PTRACE_TRACEME) makes stops by signals and by us different things.
 */
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pktladder/i18n.h"
#include "proc.h"
#include "program.h"
#include "syscall.h"

#define PTRACE_OPTIONS                                                                             \
	(PTRACE_O_TRACESECCOMP | PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK |                      \
	 PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT |     \
	 PTRACE_O_EXITKILL)

/* Where the failure pipe is in the child: the first free descriptor after it is
 * gone is 3, as in any program. */
#define CHILD_FAILURE_FD 3

struct _Filter {
	scmp_filter_ctx context;
};

/* Traces the socket calls and restart_syscall (a poll that a stop interrupted
 * goes on as that). io_uring would do socket calls that nobody sees: programs
 * that have a fall-back take it when io_uring is not there. */
static gboolean
filter_fill(scmp_filter_ctx context)
{
	/* A program of another architecture (32 bits) runs, unseen. */
	if (seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ALLOW) != 0)
		return FALSE;
	for (guint i = 0; i < n_syscalls; i++) {
		if (seccomp_rule_add(context, SCMP_ACT_TRACE(0), (int)syscalls[i].number, 0) != 0)
			return FALSE;
	}
	return seccomp_rule_add(context, SCMP_ACT_TRACE(0), SYS_restart_syscall, 0) == 0 &&
	       seccomp_rule_add(context, SCMP_ACT_ERRNO(ENOSYS), SYS_io_uring_setup, 0) == 0;
}

Filter *
trap_new(void)
{
	scmp_filter_ctx context = seccomp_init(SCMP_ACT_ALLOW);

	if (!context)
		return NULL;
	if (!filter_fill(context)) {
		seccomp_release(context);
		return NULL;
	}
	Filter *filter = g_new(Filter, 1);
	filter->context = context;
	return filter;
}

void
trap_free(Filter *filter)
{
	seccomp_release(filter->context);
	g_free(filter);
}

void
signals_reset(void)
{
	struct sigaction action;
	sigset_t none;

	for (int signal_number = 1; signal_number < NSIG; signal_number++) {
		const gboolean fault = signal_number == SIGSEGV || signal_number == SIGBUS ||
				       signal_number == SIGFPE || signal_number == SIGILL;
		if (!fault && sigaction(signal_number, NULL, &action) == 0 &&
		    action.sa_handler != SIG_DFL)
			signal(signal_number, SIG_DFL);
	}
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Gives the child the descriptors that a program expects, and nothing else: not
 * the terminal as its input, and none of ours. */
static void
child_descriptors(int output_fd, int failure_fd)
{
	const int null_fd = open("/dev/null", O_RDWR);

	if (output_fd >= 0) {
		dup2(output_fd, STDOUT_FILENO);
		dup2(output_fd, STDERR_FILENO);
	}
	if (null_fd >= 0)
		dup2(null_fd, STDIN_FILENO);
	/* it may be that very number already */
	if (failure_fd != CHILD_FAILURE_FD)
		dup3(failure_fd, CHILD_FAILURE_FD, O_CLOEXEC);
	closefrom(CHILD_FAILURE_FD + 1);
}

static void
child_fail(ProgramStep step)
{
	const ProgramFailure failure = { .step = (gint32)step, .error = errno };

	if (write(CHILD_FAILURE_FD, &failure, sizeof(failure)) < 0)
		_exit(126);
	_exit(127);
}

/* Leaves by _exit(), always: LeakSanitizer cannot run in a traced process. */
G_NORETURN static void
child_run(const TracerProgram *program, int output_fd, const Filter *filter, int go_fd,
	  int failure_fd)
{
	char go;

	setsid(); /* no ^C and no ^Z from our terminal */
	if (read(go_fd, &go, 1) != 1)
		_exit(127); /* the tracer is gone, or could not trace */
	signals_reset();
	child_descriptors(output_fd, failure_fd);
	const int error = seccomp_load(filter->context);
	if (error) {
		errno = -error;
		child_fail(PROGRAM_NO_FILTER);
	}
	if (program->main) {
		close(CHILD_FAILURE_FD);
		const int status = program->main((int)g_strv_length(program->argv), program->argv);
		fflush(NULL);
		_exit(status);
	}
	execvp(program->argv[0], program->argv);
	child_fail(PROGRAM_NO_EXEC);
	_exit(127);
}

pid_t
program_start(const TracerProgram *program, int output_fd, const Filter *filter, int *failure_fd,
	      ProgramFailure *failure)
{
	int go[2], failures[2];

	*failure = (ProgramFailure){ .step = PROGRAM_NO_FORK };
	if (pipe2(go, O_CLOEXEC) < 0) {
		failure->error = errno;
		return 0;
	}
	if (pipe2(failures, O_CLOEXEC) < 0) {
		failure->error = errno;
		close(go[0]);
		close(go[1]);
		return 0;
	}
	const pid_t pid = fork();
	if (pid == 0) {
		close(go[1]);
		child_run(program, output_fd, filter, go[0], failures[1]);
	}
	failure->error = errno;
	close(go[0]);
	close(failures[1]);
	gboolean runs = FALSE;
	if (pid > 0) {
		failure->step = PROGRAM_NO_TRACE;
		runs =
		    ptrace(PTRACE_SEIZE, pid, 0, PTRACE_OPTIONS) == 0 && write(go[1], "", 1) == 1;
		failure->error = errno;
	}
	close(go[1]); /* where it does not run, this ends it */
	if (!runs) {
		close(failures[0]);
		if (pid > 0)
			waitpid(pid, NULL, __WALL);
		return 0;
	}
	*failure_fd = failures[0];
	return pid;
}

/* Why this process may not trace, as far as it can be seen; NULL where it cannot. */
static const char *
trace_hint(void)
{
	if (proc_self("TracerPid") > 0)
		return _("pktladder itself runs under a debugger or strace: run it without.");
	if (proc_number("/proc/sys/kernel/yama/ptrace_scope") >= 2)
		return _("Yama forbids it: sudo sysctl kernel.yama.ptrace_scope=1");
	if (proc_self("Seccomp") > 0)
		return _("A container forbids it: start it with --cap-add=SYS_PTRACE, or with "
			 "--security-opt seccomp=unconfined.");
	return NULL;
}

static char *
explain_exec(const char *name, int error)
{
	if (error == ENOENT)
		return g_strdup_printf(
		    strchr(name, '/')
			? _("Cannot run “%s”: there is no such file (or its interpreter is "
			    "missing).")
			: _("Cannot run “%s”: no directory of PATH has a program of this name. "
			    "Check its spelling, or give its path (./%s)."),
		    name, name);
	if (error == EACCES)
		return g_strdup_printf(_("Cannot run “%s”: it may not be executed (chmod +x ?)."),
				       name);
	return g_strdup_printf(_("Cannot run “%s”: %s"), name, g_strerror(error));
}

char *
program_explain(const TracerProgram *program, const ProgramFailure *failure)
{
	const char *hint = trace_hint();
	const char *reason = g_strerror(failure->error);

	switch ((ProgramStep)failure->step) {
	case PROGRAM_NO_EXEC:
		return explain_exec(program->argv[0], failure->error);
	case PROGRAM_NO_TRACE:
		return g_strdup_printf(_("This system does not let programs be traced (%s). %s"),
				       reason, hint ? hint : _("“pktladder doctor” says more."));
	case PROGRAM_NO_FILTER:
		return g_strdup_printf(
		    _("This kernel takes no seccomp filter, which tracing needs (%s). %s"), reason,
		    hint ? hint : "");
	case PROGRAM_NO_FORK:
	case PROGRAM_RAN:
		break;
	}
	return g_strdup_printf(_("Cannot start “%s”: %s"), program->argv[0], reason);
}
