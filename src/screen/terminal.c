/* SPDX-License-Identifier: MIT */
/* terminal.c - the terminal comes back whatever ends the program.
 *
 * Theory of operation. The bytes that restore the terminal are prepared in a page of memory that
 * this process shares with a child, the guardian, and `ours` in it says whether there is anything
 * to restore. Who dies of a signal that can be caught restores the terminal in its handler, by
 * write() and tcsetattr() alone. For SIGKILL there is the guardian: in a session of its own, so
 * that no key and no `kill %1` reaches it, it sleeps until this process is gone, and restores what
 * is still to be restored. The guardian keeps nothing but the terminal open.
 *
 * By the time the guardian wakes, a shell may have set the modes that it wants; so it undoes ours
 * only where they still are set.
 */
#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "pktladder/fd.h"
#include "pktladder/complain.h"
#include "pktladder/i18n.h"

typedef struct {
	pid_t owner;
	volatile sig_atomic_t ours;      /* the terminal is to be restored */
	volatile sig_atomic_t modes_set; /* to `program` */
	struct termios shell, program;
	gsize length;
	char restore[TERMINAL_RESTORE_MAX];
} Shared;

/* Signals that end a process unless somebody takes them. Faults come again by themselves when their
 * handler returns; the others have to be raised again. Crashes, which faults are too, are ours even
 * where somebody has a handler, which gets them after us. */
enum { N_FAULTS = 4, N_CRASHES = 7 };
static const int fatal[] = {
	SIGSEGV, SIGBUS,    SIGFPE,  SIGILL,  SIGABRT, SIGTRAP,   SIGSYS,  SIGHUP,
	SIGINT,  SIGQUIT,   SIGTERM, SIGPIPE, SIGALRM, SIGUSR1,   SIGUSR2, SIGXCPU,
	SIGXFSZ, SIGVTALRM, SIGPROF, SIGIO,   SIGPWR,  SIGSTKFLT,
};

#define ALTERNATE_STACK (64 * 1024)

static struct {
	Shared *shared;
	int fd;          /* the terminal */
	int guardian_fd; /* its end wakes the guardian */
	pid_t guardian;
	struct sigaction before[G_N_ELEMENTS(fatal)];
	gboolean handled[G_N_ELEMENTS(fatal)];
	stack_t stack, stack_before;
} terminal = { .fd = -1, .guardian_fd = -1 };

/* ---- restoring: async-signal-safe ---- */

static void
restore(int fd, Shared *shared)
{
	const struct termios *set = &shared->program;
	struct termios now;
	ssize_t n = 1;

	if (!shared->ours)
		return;
	for (gsize done = 0; done < shared->length && n > 0; done += MAX(n, 0))
		n = TEMP_FAILURE_RETRY(write(fd, shared->restore + done, shared->length - done));
	if (!shared->modes_set || tcgetattr(fd, &now) < 0 ||
	    (now.c_iflag == set->c_iflag && now.c_oflag == set->c_oflag &&
	     now.c_lflag == set->c_lflag && now.c_cc[VMIN] == set->c_cc[VMIN] &&
	     now.c_cc[VTIME] == set->c_cc[VTIME]))
		tcsetattr(fd, TCSANOW, &shared->shell);
	shared->ours = FALSE;
}

/* ---- handlers ---- */

static void
on_fatal(int number, siginfo_t *info, void *context G_GNUC_UNUSED)
{
	gboolean fault = FALSE;

	/* a child that was forked has inherited the handler, not the terminal */
	if (getpid() == terminal.shared->owner)
		restore(terminal.fd, terminal.shared);
	for (gsize i = 0; i < G_N_ELEMENTS(fatal); i++) {
		if (fatal[i] != number)
			continue;
		sigaction(number, &terminal.before[i], NULL);
		fault = i < N_FAULTS && info->si_code > 0;
	}
	if (!fault)
		raise(number); /* it waits until this handler returns */
}

/* ---- the guardian: async-signal-safe, since other threads may have been forked away ---- */

enum { GUARDIAN_TERMINAL, GUARDIAN_SOCKET, GUARDIAN_OWNER, N_GUARDIAN_FDS };

/* Leaves these descriptors as 0, 1, 2, and nothing else open. */
static void
keep_only(const int fds[N_GUARDIAN_FDS])
{
	int high[N_GUARDIAN_FDS];

	for (int i = 0; i < N_GUARDIAN_FDS; i++)
		high[i] = fcntl(fds[i], F_DUPFD, N_GUARDIAN_FDS);
	for (int i = 0; i < N_GUARDIAN_FDS; i++)
		if (high[i] < 0 || dup2(high[i], i) < 0)
			close(i); /* a kernel without pidfd */
	if (syscall(SYS_close_range, N_GUARDIAN_FDS, ~0U, 0) == 0)
		return;
	for (int fd = N_GUARDIAN_FDS; fd < 65536; fd++) /* before Linux 5.9 */
		close(fd);
}

static void G_GNUC_NORETURN
guardian_run(Shared *shared, const int fds[N_GUARDIAN_FDS])
{
	sigset_t all;

	sigfillset(&all); /* SIGTTOU among them: the terminal may be set from the background */
	sigprocmask(SIG_SETMASK, &all, NULL);
	setsid();
	prctl(PR_SET_NAME, "pktladder-guard");
	if (chdir("/") < 0)
		_exit(1);
	keep_only(fds);
	/* Until the owner is gone, or says that it is done. The owner's end closes the socket,
	 * unless a child that it forked holds that too: then the pidfd tells. */
	struct pollfd ends[] = {
		{ .fd = GUARDIAN_SOCKET, .events = POLLIN },
		{ .fd = fcntl(GUARDIAN_OWNER, F_GETFD) < 0 ? -1 : GUARDIAN_OWNER,
		  .events = POLLIN },
	};
	if (write(GUARDIAN_SOCKET, "", 1) == 1)
		while (poll(ends, G_N_ELEMENTS(ends), -1) < 0)
			;
	restore(GUARDIAN_TERMINAL, shared);
	_exit(0);
}

/* Where there can be no guardian, the program runs without: it is for SIGKILL alone. Until the
 * guardian says that it is in a session of its own, whoever kills our group kills it too. */
static void
guardian_start(void)
{
	g_auto(FdPair) ends = FD_PAIR_NONE;
	g_auto(Fd) owner = pidfd_open(getpid(), 0);
	char said;

	terminal.guardian = -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.end) < 0)
		return;
	terminal.guardian = fork();
	if (terminal.guardian == 0)
		guardian_run(terminal.shared, (int[]){ [GUARDIAN_TERMINAL] = terminal.fd,
						       [GUARDIAN_SOCKET] = ends.end[1],
						       [GUARDIAN_OWNER] = owner });
	fd_clear(&ends.end[1]);
	terminal.guardian_fd = g_steal_fd(&ends.end[0]);
	(void)TEMP_FAILURE_RETRY(read(terminal.guardian_fd, &said, 1));
}

gboolean
terminal_guard(int fd, const char *bytes, gsize length, GError **error)
{
	Shared *shared =
	    mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	g_assert(!terminal.shared && length <= TERMINAL_RESTORE_MAX);
	if (shared == MAP_FAILED)
		return refuse(error, _("cannot guard the terminal: %s"), g_strerror(errno));
	terminal.shared = shared;
	terminal.fd = fd;
	shared->owner = getpid();
	shared->length = length;
	memcpy(shared->restore, bytes, length);
	guardian_start();

	struct sigaction action = { .sa_sigaction = on_fatal, .sa_flags = SA_SIGINFO | SA_ONSTACK };

	terminal.stack =
	    (stack_t){ .ss_sp = g_malloc(ALTERNATE_STACK), .ss_size = ALTERNATE_STACK };
	sigaltstack(&terminal.stack, &terminal.stack_before);
	sigfillset(&action.sa_mask);
	for (gsize i = 0; i < G_N_ELEMENTS(fatal); i++) {
		struct sigaction *before = &terminal.before[i];

		sigaction(fatal[i], NULL, before);
		terminal.handled[i] = before->sa_handler == SIG_DFL ||
				      (i < N_CRASHES && before->sa_handler != SIG_IGN);
		if (terminal.handled[i])
			sigaction(fatal[i], &action, NULL);
	}
	return TRUE;
}

void
terminal_take(void)
{
	tcgetattr(terminal.fd, &terminal.shared->shell);
	terminal.shared->modes_set = FALSE;
	terminal.shared->ours = TRUE;
}

/* Ctrl-Z as a signal comes before the keys that were typed before it, so it is a key. Where
 * others are in our job, though, only the terminal can stop all of them (root's tcpdump that
 * writes into our pipe, the script that started us): there it stays a signal, for which the
 * kernel throws no key away. Enter that is no newline would be none for the shell. */
void
terminal_keys_set(int fd)
{
	struct termios modes;

	if (tcgetattr(fd, &modes) < 0)
		return;
	if (getpgrp() == getpid())
		modes.c_cc[VSUSP] = _POSIX_VDISABLE;
	modes.c_lflag |= NOFLSH;
	modes.c_iflag |= ICRNL;
	tcsetattr(fd, TCSADRAIN, &modes);
}

void
terminal_modes_set(void)
{
	tcgetattr(terminal.fd, &terminal.shared->program);
	terminal.shared->modes_set = TRUE;
}

void
terminal_give(void)
{
	terminal.shared->ours = FALSE;
}

void
terminal_unguard(void)
{
	terminal_give();
	/* whoever else has the socket open: a child may have kept its copy */
	if (terminal.guardian > 0 && shutdown(terminal.guardian_fd, SHUT_WR) < 0)
		g_debug("the terminal's guardian is gone: %s", g_strerror(errno));
	fd_clear(&terminal.guardian_fd);
	if (terminal.guardian > 0)
		TEMP_FAILURE_RETRY(waitpid(terminal.guardian, NULL, 0));

	/* Only what is still ours: somebody may have set another handler since. */
	for (gsize i = 0; i < G_N_ELEMENTS(fatal); i++) {
		struct sigaction now;

		sigaction(fatal[i], NULL, &now);
		if (terminal.handled[i] && now.sa_sigaction == on_fatal)
			sigaction(fatal[i], &terminal.before[i], NULL);
	}
	sigaltstack(&terminal.stack_before, NULL);
	g_free(terminal.stack.ss_sp);
	munmap(terminal.shared, sizeof *terminal.shared);
	terminal.shared = NULL;
	terminal.fd = -1;
}
