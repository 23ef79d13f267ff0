/* SPDX-License-Identifier: MIT */
/* A program that tries to leave its tracer, or to lay hands on it or on any other
 * process: escape WHAT, escape rob PID. Prints how it was answered: the name of an error, or
 * "done". */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_clone3
#define SYS_clone3 435
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif
#ifndef SYS_io_uring_setup
#define SYS_io_uring_setup 425
#endif

extern char **environ;

static void
say(const char *what, long result)
{
	printf("%s: %s\n", what, result < 0 ? strerrorname_np((int)-result) : "done");
	fflush(stdout);
}

static long
with_errno(long result)
{
	return result < 0 ? -errno : result;
}

/* Of clone() and the like: the new process ends at once, and is waited for. */
static void
say_child(const char *what, long result)
{
	if (result == 0)
		_exit(0);
	if (result > 0)
		waitpid((pid_t)result, NULL, __WALL);
	say(what, result);
}

static void
untraced(void)
{
	say_child("clone", with_errno(syscall(SYS_clone, CLONE_UNTRACED | SIGCHLD, 0, 0, 0, 0)));
}

static void *
end(void *data)
{
	return data;
}

/* Whoever falls back to clone() must find that it works. */
static void
clone_3(void)
{
	struct clone_args arguments = { .flags = CLONE_UNTRACED, .exit_signal = SIGCHLD };
	static char program[] = "true";
	char *words[] = { program, NULL };
	pthread_t thread;
	pid_t pid;

	say_child("clone3", with_errno(syscall(SYS_clone3, &arguments, sizeof(arguments))));
	say("thread", -pthread_create(&thread, NULL, end, NULL));
	pthread_join(thread, NULL);
	say("spawn", -posix_spawnp(&pid, program, NULL, NULL, words, environ));
	waitpid(pid, NULL, 0);
	say_child("fork", with_errno(fork()));
}

static void
io_uring(void)
{
	say("io_uring_setup", with_errno(syscall(SYS_io_uring_setup, 0, 0)));
}

#ifdef __x86_64__
/* A call of the 32-bit ABI from a 64-bit program. */
static long
int80(long number, long first)
{
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(number), "b"(first), "c"(0), "d"(0), "S"(0), "D"(0)
			 : "r8", "r9", "r10", "r11", "memory");
	return (int)result;
}

/* Kernels that have no 32-bit ABI kill who calls it. */
static int
has_int80(void)
{
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(int80(20 /* getpid */, 0) > 0 ? 0 : 1);
	waitpid(child, &status, 0);
	return status == 0;
}

static void
other_abi(void)
{
	if (!has_int80()) {
		puts("no 32-bit ABI");
		return;
	}
	say_child("clone", int80(120, CLONE_UNTRACED | SIGCHLD));
	say("clone3", int80(435, 0));
	say("io_uring_setup", int80(425, 0));
}

/* x32: the numbers of the 64-bit ABI with a bit of their own. */
static void
x32(void)
{
	say_child("clone", with_errno(syscall(0x40000000 | SYS_clone, CLONE_UNTRACED | SIGCHLD, 0,
					      0, 0, 0)));
}
#endif

/* A copy of any of its descriptors. */
static long
getfd(pid_t pid)
{
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	long result = pidfd < 0 ? -errno : -EBADF;

	for (int fd = 0; pidfd >= 0 && fd < 256 && result == -EBADF; fd++)
		result = with_errno(syscall(SYS_pidfd_getfd, pidfd, fd, 0));
	return result;
}

/* What a process could be robbed of. */
static void
rob(pid_t pid)
{
	char byte, path[64];
	struct iovec ours = { .iov_base = &byte, .iov_len = 1 };
	struct iovec theirs = { .iov_base = (void *)environ, .iov_len = 1 };

	say("attach", with_errno(ptrace(PTRACE_SEIZE, pid, 0, 0)));
	say("vm_readv", with_errno(process_vm_readv(pid, &ours, 1, &theirs, 1, 0)));
	say("vm_writev", with_errno(process_vm_writev(pid, &ours, 1, &theirs, 1, 0)));
	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	say("mem", with_errno(open(path, O_RDWR)));
	snprintf(path, sizeof(path), "/proc/%d/fd/2", pid);
	say("fd", with_errno(open(path, O_RDWR)));
	say("getfd", getfd(pid));
}

static void
tracer(void)
{
	char line[256];
	pid_t pid = 0;
	FILE *status = fopen("/proc/self/status", "r");

	while (status && fgets(line, sizeof(line), status))
		if (sscanf(line, "TracerPid: %d", &pid) == 1)
			break;
	if (pid == 0)
		puts("no tracer is seen");
	else
		rob(pid);
}

static void
parent(void)
{
	rob(getppid());
}

/* A process that nobody waits for, in a session of its own, deaf, and untraced
 * where that is possible. */
static void
outlive(void)
{
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	if (fork() == 0) {
		setsid();
		long pid = syscall(SYS_clone, CLONE_UNTRACED | SIGCHLD, 0, 0, 0, 0);
		if (pid == 0 || (pid < 0 && fork() == 0)) {
			alarm(60); /* where it does outlive the test */
			for (;;)
				pause();
		}
		_exit(0);
	}
	wait(NULL);
	say("living on", 0);
}

/* What every program may expect of its /proc and of its own process. */
static void
itself(void)
{
	char path[64], target[16] = "";
	pid_t child = fork();

	if (child == 0) {
		raise(SIGTERM); /* which ends whoever has no handler, but not a process 1 */
		_exit(0);
	}
	int status;
	waitpid(child, &status, 0);
	printf("signals: %s\n", WIFSIGNALED(status) ? "end" : "do not end");
	printf("own /proc: %s\n",
	       readlink("/proc/self", target, sizeof(target) - 1) > 0 && atoi(target) == getpid()
		   ? "yes"
		   : "no");
	snprintf(path, sizeof(path), "/proc/%d/cmdline", getpid());
	printf("by number: %s\n", access(path, R_OK) == 0 ? "yes" : "no");
	printf("process 1: %s\n", getpid() == 1 ? "yes" : "no");
}

static const struct {
	const char *name;
	void (*attempt)(void);
} attempts[] = {
	{ "untraced", untraced },   { "clone3", clone_3 }, { "io_uring", io_uring },
#ifdef __x86_64__
	{ "other-abi", other_abi }, { "x32", x32 },
#endif
	{ "tracer", tracer },       { "parent", parent },  { "outlive", outlive },
	{ "itself", itself },
};

int
main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "rob") == 0) {
		rob(atoi(argv[2]));
		return 0;
	}
	for (size_t i = 0; argc > 1 && i < sizeof(attempts) / sizeof(*attempts); i++) {
		if (strcmp(argv[1], attempts[i].name) == 0) {
			attempts[i].attempt();
			return 0;
		}
	}
	fprintf(stderr, "escape WHAT | rob PID\n");
	return 2;
}
