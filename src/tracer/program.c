/* SPDX-License-Identifier: MIT */
/* program.c - the programs that are traced: fork, seize, filter, exec.
 *
 * Theory of operation
 *
 * Namespaces take rights, and the client is started when nobody has any more. So all programs'
 * processes are forked first of all. Each gives up all rights, says so over its line (a socket),
 * and waits: for the parent's word: the first one at once, each other one when the one before it
 * can be reached. Its number comes with its message: the kernel translates it, whatever PID
 * namespace the process is in. When it is wanted it is seized first and then let go, since a
 * seccomp filter that says "trace" makes the calls of an untraced process fail with ENOSYS. Seizing
 * (rather than PTRACE_TRACEME) makes stops by signals and by us different things.
 *
 * The tracer is not dumpable, nor are its children, and such cannot be seized. So the process makes
 * itself dumpable; it has nothing that is to be kept from anybody: its memory is that of the tracer
 * before it knew anything.
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
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pktladder/complain.h"
#include "pktladder/fd.h"
#include "pktladder/i18n.h"
#include "pktladder/network.h"
#include "proc.h"
#include "program.h"
#include "syscall.h"

G_DEFINE_QUARK(tracer - error - quark, tracer_error)

#define PTRACE_OPTIONS                                                                             \
	(PTRACE_O_TRACESECCOMP | PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK |                      \
	 PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT |     \
	 PTRACE_O_EXITKILL)

/* Where its line is in the child: the first free descriptor after it is gone is
 * 3, as in any program. */
#define CHILD_LINE 3

/* Where clone() has its flags among its arguments. */
#ifdef __s390__
#define CLONE_FLAGS 1
#else
#define CLONE_FLAGS 0
#endif

/* What programs are refused, of whichever ABI, and how. A child that asks not to be traced would
 * leave us. clone3() has its flags in memory, where another thread can change them after somebody
 * looked: on a kernel without it, which this looks like, everybody falls back to clone(). io_uring
 * would do socket calls that nobody sees; programs fall back there too. */
static const struct {
	int number, error;
	guint n_conditions;
	struct scmp_arg_cmp condition;
} refused[] = {
	{ SCMP_SYS(clone),
	  EPERM,
	  1,
	  { CLONE_FLAGS, SCMP_CMP_MASKED_EQ, CLONE_UNTRACED, CLONE_UNTRACED } },
	{ SCMP_SYS(clone3), ENOSYS, 0, { 0 } },
	{ SCMP_SYS(io_uring_setup), ENOSYS, 0, { 0 } },
};

/* The other ABIs in which a program can speak to the same kernel. */
static const struct {
	guint32 native, others[3]; /* 0 ends them */
} abis[] = {
	{ SCMP_ARCH_X86_64, { SCMP_ARCH_X86, SCMP_ARCH_X32 } },
	{ SCMP_ARCH_AARCH64, { SCMP_ARCH_ARM } },
	{ SCMP_ARCH_S390X, { SCMP_ARCH_S390 } },
	{ SCMP_ARCH_PPC64, { SCMP_ARCH_PPC } },
};

/* From io_uring's on, calls have one number in each ABI. */
static gboolean
table_has(const SyscallTable *table, int number)
{
	for (guint i = 0; i < table->n; i++)
		if (table->calls[i].number == number && number >= SYS_io_uring_setup)
			return TRUE;
	return FALSE;
}

/* Of an ABI with this table: what stands there is refused by the tracer, which tells it. */
static gboolean
add_refusals(scmp_filter_ctx context, const SyscallTable *table)
{
	for (gsize i = 0; i < G_N_ELEMENTS(refused); i++)
		if (!table_has(table, refused[i].number) &&
		    seccomp_rule_add_array(context, SCMP_ACT_ERRNO(refused[i].error),
					   refused[i].number, refused[i].n_conditions,
					   &refused[i].condition) != 0)
			return FALSE;
	return TRUE;
}

/* The socket calls, and restart_syscall: a poll that a stop interrupted goes on as that. */
static gboolean
add_calls(scmp_filter_ctx context, const SyscallTable *table, guint32 abi)
{
	for (guint i = 0; i < table->n; i++) {
		const Syscall *call = &table->calls[i];
		/* the kernel looks at the lower half */
		const struct scmp_arg_cmp only = { call->argument, SCMP_CMP_MASKED_EQ, G_MAXUINT32,
						   call->value };
		/* rules are made in the native ABI's numbers, or in names that it does not have */
		g_autofree char *name =
		    table->architecture ? seccomp_syscall_resolve_num_arch(abi, (int)call->number)
					: NULL;
		const int number = name ? seccomp_syscall_resolve_name(name) : (int)call->number;
		if (seccomp_rule_add_array(context, SCMP_ACT_TRACE(0), number,
					   call->argument ? 1 : 0, &only) != 0)
			return FALSE;
	}
	return TRUE;
}

/* Programs of another ABI run under the same refusals; the calls are traced of those that have a
 * table. */
static gboolean
add_other_abi(scmp_filter_ctx context, guint32 abi)
{
	const SyscallTable *table = syscall_tables + 1;
	scmp_filter_ctx other = seccomp_init(SCMP_ACT_ALLOW);

	while (table->calls && table->architecture != abi) /* SCMP_ARCH_... is AUDIT_ARCH_... */
		table++;
	gboolean added = other && seccomp_arch_add(other, abi) == 0 &&
			 seccomp_arch_remove(other, SCMP_ARCH_NATIVE) == 0 &&
			 add_refusals(other, table);
	added = added && add_calls(other, table, abi) && seccomp_merge(context, other) == 0;
	if (!added && other)
		seccomp_release(other);
	return added; /* and `other` is part of the context */
}

/* The seccomp filter that stops a program at its socket calls; NULL where it cannot be made. */
static scmp_filter_ctx
trap_new(void)
{
	scmp_filter_ctx context = seccomp_init(SCMP_ACT_ALLOW);
	gboolean made = context && add_refusals(context, syscall_tables) &&
			add_calls(context, syscall_tables, 0);

	for (gsize i = 0; i < G_N_ELEMENTS(abis); i++) {
		const guint32 *abi = abis[i].others;
		while (made && abis[i].native == seccomp_arch_native() && *abi)
			made = add_other_abi(context, *abi++);
	}
	if (!made && context)
		seccomp_release(context);
	return made ? context : NULL;
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

/* Why a program does not come to run. */
typedef enum {
	PROGRAM_NO_FORK,
	PROGRAM_NO_TRACE,  /* PTRACE_SEIZE was refused */
	PROGRAM_NO_FILTER, /* the kernel did not take the filter */
	PROGRAM_NO_EXEC,
} ProgramStep;

/* What the child writes when it fails after it was seized. */
typedef struct {
	gint32 step; /* ProgramStep */
	gint32 error;
} ProgramFailure;

G_NORETURN static void
child_fail(ProgramStep step, int error)
{
	const ProgramFailure failure = { .step = (gint32)step, .error = error };

	_exit(write(CHILD_LINE, &failure, sizeof(failure)) < 0 ? 126 : 127);
}

/* What process 1, or else the tracer, forks the programs with. */
typedef struct {
	const TracedProgram *programs;
	guint n_programs;
	const TracerOptions *options;
	scmp_filter_ctx filter;
} Start;

/* Leaves by _exit(), always: LeakSanitizer cannot run in a traced process. */
G_NORETURN static void
child_run(const Start *start, guint number)
{
	const TracerProgram *program = &start->programs[number].program;
	const int line = start->programs[number].child_line;
	const int output_fd = start->options->output_fds[number];

	setsid(); /* no ^C and no ^Z from our terminal */
	signals_reset();

	/* Gives the child the descriptors that a program expects and its line, and
	 * nothing else: not the terminal as its input, and none of ours. */
	const int null_fd = open("/dev/null", O_RDWR);

	if (output_fd >= 0) {
		dup2(output_fd, STDOUT_FILENO);
		dup2(output_fd, STDERR_FILENO);
	}
	if (null_fd >= 0)
		dup2(null_fd, STDIN_FILENO);
	/* it may be that very number already */
	if (line != CHILD_LINE)
		dup3(line, CHILD_LINE, O_CLOEXEC);
	closefrom(CHILD_LINE + 1);
	if (!privileges_drop(start->options->change_user, NULL))
		_exit(127); /* and the tracer, which fares likewise, says why */
	prctl(PR_SET_DUMPABLE, 1);

	/* Says that it is there, and returns when it is traced. */
	char go = 0;

	if (write(CHILD_LINE, &go, 1) != 1 || read(CHILD_LINE, &go, 1) != 1)
		_exit(127); /* the tracer is gone, or could not trace */
	const int error = seccomp_load(start->filter);
	if (error)
		child_fail(PROGRAM_NO_FILTER, -error);
	if (program->main) {
		close(CHILD_LINE);
		prctl(PR_SET_NAME, program->argv[0]);
		const int status = program->main((int)g_strv_length(program->argv), program->argv);
		fflush(NULL);
		_exit(status);
	}
	execvp(program->argv[0], program->argv);
	child_fail(PROGRAM_NO_EXEC, errno);
}

/* In the process that becomes their parent. */
static void
fork_all(gpointer data)
{
	const Start *start = data;

	for (guint i = 0; i < start->n_programs; i++)
		if (start->programs[i].child_line >= 0 && fork() == 0)
			child_run(start, i);
}

static gboolean
open_lines(TracedProgram *programs, guint n)
{
	for (guint i = 0; i < n; i++) {
		TracedProgram *program = &programs[i];
		int ends[2];
		if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
			return FALSE;
		program->line = ends[0];
		program->child_line = ends[1];
		/* what comes in is told with who sent it */
		if (setsockopt(program->line, SOL_SOCKET, SO_PASSCRED, &(int){ 1 }, sizeof(int)) <
		    0)
			return FALSE;
	}
	return TRUE;
}

/* The pid of the process that has the line's child_line, once it waits; 0 where it has ended. */
static pid_t
await(int line)
{
	char there;
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(struct ucred))];
	} control;
	struct iovec data = { .iov_base = &there, .iov_len = 1 };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	struct ucred sender = { 0 };

	const gssize length = TEMP_FAILURE_RETRY(recvmsg(line, &message, MSG_CMSG_CLOEXEC));
	const struct cmsghdr *header = length == 1 ? CMSG_FIRSTHDR(&message) : NULL;
	if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_CREDENTIALS)
		memcpy(&sender, CMSG_DATA(header), sizeof(sender));
	return sender.pid;
}

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
pidns_refuse(const Report *report, GError **error)
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
	return pidns_refuse(&report, error);
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

gboolean
programs_fork(TracedProgram *programs, guint n, const TracerOptions *options, Pidns *pidns)
{
	Start start = {
		.programs = programs, .n_programs = n, .options = options, .filter = trap_new()
	};
	g_autoptr(GError) why_not = NULL;

	if (!start.filter)
		return FALSE;
	const gboolean opened = open_lines(programs, n);
	if (opened && !pidns_start(pidns, fork_all, &start, options->change_user, &why_not)) {
		g_debug("%s", why_not->message);
		fork_all(&start);
	}
	seccomp_release(start.filter);
	for (guint i = 0; i < n; i++) {
		TracedProgram *program = &programs[i];
		if (program->child_line < 0)
			continue;
		fd_clear(&program->child_line);
		program->waiting = opened ? await(program->line) : 0;
	}
	return TRUE;
}

/* Why this process may not trace, as far as it can be seen; NULL where it cannot. */
static const char *
trace_hint(void)
{
	g_autofree char *scope = NULL;

	if (proc_status(getpid(), "TracerPid", 10) > 0)
		return _("pktladder itself runs under a debugger or strace: run it without.");
	if (g_file_get_contents("/proc/sys/kernel/yama/ptrace_scope", &scope, NULL, NULL) &&
	    atoi(scope) >= 2)
		return _("Yama forbids it: sudo sysctl kernel.yama.ptrace_scope=1");
	if (proc_status(getpid(), "Seccomp", 10) > 0)
		return _("A container forbids it: start it with --cap-add=SYS_PTRACE, or with "
			 "--security-opt seccomp=unconfined.");
	return NULL;
}

/* As env and timeout have it. */
static int
failure_status(const ProgramFailure *failure)
{
	if (failure->step != PROGRAM_NO_EXEC)
		return STATUS_OWN_FAILURE;
	return failure->error == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTED;
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

static char *
explain(const TracerProgram *program, const ProgramFailure *failure)
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
		break;
	}
	return g_strdup_printf(_("Cannot start “%s”: %s"), program->argv[0], reason);
}

char *
program_start(TracedProgram *program)
{
	ProgramFailure failure = { .step = PROGRAM_NO_FORK, .error = EAGAIN };

	if (program->waiting) {
		if (ptrace(PTRACE_SEIZE, program->waiting, 0, PTRACE_OPTIONS) == 0 &&
		    write(program->line, "", 1) == 1) {
			program->pid = program->waiting;
			return NULL;
		}
		failure = (ProgramFailure){ .step = PROGRAM_NO_TRACE, .error = errno };
	}
	fd_clear(&program->line); /* which ends it */
	return explain(&program->program, &failure);
}

char *
program_end(TracedProgram *program, int *status)
{
	ProgramFailure failure;
	const gboolean failed =
	    recv(program->line, &failure, sizeof(failure), 0) == sizeof(failure);

	fd_clear(&program->line);
	if (failed)
		*status = failure_status(&failure);
	return failed ? explain(&program->program, &failure) : NULL;
}
