/* SPDX-License-Identifier: MIT */
/* What a confined process tries and may not: each attempt is made by a child that called
 * the program's own confine(), and must fail, while what is left must work. Builds with
 * sanitizers allow what their libraries need: what they cannot hold off is left out there. */
#include "pktladder/confine.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/memfd.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/* What the child has open: a file, a socket pair of which it may send over one end only, and
 * a terminal. */
static int file, sender, other, terminal;

static long
try_open_file(void)
{
	return open("/etc/passwd", O_RDONLY | O_CLOEXEC);
}

static long
try_make_file(void)
{
	return open("/tmp/pktladder-confine", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
}

static long
try_open_as(const char *path, int flags)
{
	struct {
		guint64 flags, mode, resolve;
	} how = { .flags = flags };

	return syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));
}

static long
try_openat2(void)
{
	return try_open_as("/etc/passwd", O_RDONLY);
}

static long
try_creat(void)
{
	return syscall(SYS_creat, "/tmp/pktladder-confine", 0600);
}

static long
try_truncate(void)
{
	return truncate("/tmp/pktladder-confine", 0);
}

static long
try_remove(void)
{
	return unlink("/tmp/pktladder-confine");
}

static long
try_rename(void)
{
	return rename("/tmp/pktladder-confine", "/tmp/pktladder-confine-2");
}

static long
try_link(void)
{
	return symlink("/etc/passwd", "/tmp/pktladder-confine");
}

static long
try_chmod(void)
{
	return fchmod(file, 04755);
}

static long
try_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

static long
try_unix_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0);
}

static long
try_connect(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(9) };

	return connect(other, (struct sockaddr *)&address, sizeof(address));
}

static long
try_send(void)
{
	return send(other, "x", 1, MSG_NOSIGNAL);
}

static long
try_send_message(void)
{
	struct iovec bytes = { (char *)"x", 1 };
	struct msghdr message = { .msg_iov = &bytes, .msg_iovlen = 1 };

	return sendmsg(other, &message, MSG_NOSIGNAL);
}

/* The kernel looks at the lower half of a descriptor's number. */
static long
try_send_high(void)
{
	struct iovec bytes = { (char *)"x", 1 };
	struct msghdr message = { .msg_iov = &bytes, .msg_iovlen = 1 };

	return syscall(SYS_sendmsg, (1ul << 32) | other, &message, MSG_NOSIGNAL);
}

static long
try_copy_descriptor(void)
{
	return dup(other);
}

static long
try_copy_over(void)
{
	return dup2(other, sender);
}

static long
try_copy_by_fcntl(void)
{
	return fcntl(other, F_DUPFD, 0);
}

static long
try_signal_by_descriptor(void)
{
	return fcntl(other, F_SETOWN, getppid());
}

static long
try_execute(void)
{
	char *words[] = { (char *)"true", NULL };

	return execv("/bin/true", words);
}

static long
try_execute_file(void)
{
	char *words[] = { (char *)"true", NULL };

	return syscall(SYS_execveat, file, "", words, words, AT_EMPTY_PATH);
}

static long
try_fork(void)
{
	long child = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

	if (child == 0)
		_exit(0);
	return child;
}

static long
try_clone3(void)
{
	guint64 arguments[11] = { 0 };

	return syscall(SYS_clone3, arguments, sizeof(arguments));
}

static long
try_trace(void)
{
	return ptrace(PTRACE_ATTACH, getppid(), 0, 0);
}

static long
try_read_memory(void)
{
	char byte;
	struct iovec here = { &byte, 1 }, there = { &file, 1 };

	return process_vm_readv(getppid(), &here, 1, &there, 1, 0);
}

static long
try_write_memory(void)
{
	char byte = 0;
	struct iovec here = { &byte, 1 }, there = { &file, 1 };

	return process_vm_writev(getppid(), &here, 1, &there, 1, 0);
}

static long
try_take_descriptor(void)
{
	return syscall(SYS_pidfd_open, getppid(), 0);
}

static long
try_kill(void)
{
	return kill(getppid(), 0);
}

static long
try_kill_thread(void)
{
	return syscall(SYS_tgkill, getppid(), getppid(), 0);
}

static long
try_kill_group(void)
{
	return kill(0, 0);
}

static long
try_code(void)
{
	void *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return code == MAP_FAILED ? -1 : 0;
}

static long
try_code_later(void)
{
	void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? -1 : mprotect(memory, 4096, PROT_READ | PROT_EXEC);
}

static long
try_type_for_shell(void)
{
	return ioctl(terminal, TIOCSTI, "x");
}

static long
try_paste_for_shell(void)
{
	return ioctl(terminal, TIOCLINUX, "\3");
}

static long
try_take_terminal(void)
{
	return ioctl(terminal, TIOCSCTTY, 1);
}

static long
try_namespace(void)
{
	return unshare(CLONE_NEWUSER);
}

static long
try_limits(void)
{
	struct rlimit limit = { 1, 1 };

	return setrlimit(RLIMIT_CORE, &limit);
}

static long
try_dumpable(void)
{
	return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

static long
try_io_uring(void)
{
	struct io_uring_params parameters = { 0 };

	return syscall(SYS_io_uring_setup, 1, &parameters);
}

static long
try_shared_memory(void)
{
	return shmget(IPC_PRIVATE, 4096, 0600);
}

static long
try_watch(void)
{
	return inotify_init1(IN_CLOEXEC);
}

static long
try_folder(void)
{
	return chdir("/");
}

typedef struct {
	const char *what;
	long (*attempt)(void);
	gboolean for_sanitizers; /* their libraries do it */
} Attempt;

static const Attempt attempts[] = {
	{ "open a file", try_open_file, TRUE },
	{ "make a file", try_make_file, TRUE },
	{ "open a file by openat2()", try_openat2 },
	{ "make a file by creat()", try_creat },
	{ "truncate a file", try_truncate },
	{ "remove a file", try_remove },
	{ "rename a file", try_rename },
	{ "make a link", try_link },
	{ "make a file executable", try_chmod },
	{ "make a socket", try_socket },
	{ "make a local socket", try_unix_socket },
	{ "connect", try_connect },
	{ "send", try_send },
	{ "send a message", try_send_message },
	{ "send a message over a number with an upper half", try_send_high },
	{ "copy a descriptor", try_copy_descriptor },
	{ "copy a descriptor over another", try_copy_over, TRUE },
	{ "copy a descriptor by fcntl()", try_copy_by_fcntl, TRUE },
	{ "let a descriptor send signals", try_signal_by_descriptor, TRUE },
	{ "execute a program", try_execute },
	{ "execute an open file", try_execute_file },
	{ "fork", try_fork, TRUE },
	{ "fork by clone3()", try_clone3, TRUE },
	{ "trace", try_trace, TRUE },
	{ "read another's memory", try_read_memory, TRUE },
	{ "write another's memory", try_write_memory },
	{ "reach another's descriptors", try_take_descriptor },
	{ "signal another process", try_kill },
	{ "signal another's thread", try_kill_thread, TRUE },
	{ "signal the process group", try_kill_group },
	{ "make code", try_code },
	{ "make code of data", try_code_later },
	{ "type for the shell", try_type_for_shell, TRUE },
	{ "paste for the shell", try_paste_for_shell, TRUE },
	{ "take a terminal", try_take_terminal, TRUE },
	{ "make a namespace", try_namespace },
	{ "change a limit", try_limits, TRUE },
	{ "become dumpable", try_dumpable, TRUE },
	{ "use io_uring", try_io_uring },
	{ "share memory", try_shared_memory },
	{ "watch files", try_watch },
	{ "change the folder", try_folder },
};

enum { DONE = 200, USABLE, UNUSABLE };

static void
descriptors_open(void)
{
	int ends[2];

	g_assert_cmpint(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), ==, 0);
	sender = ends[0];
	g_assert_cmpint(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), ==, 0);
	other = ends[0];
	file = open("/bin/true", O_RDONLY | O_CLOEXEC);
	terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	g_assert_cmpint(file, >=, 0);
	g_assert_cmpint(terminal, >=, 0);
}

/* In the child: the number of the first attempt that was not refused. */
static int
attempts_make(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(attempts); i++) {
		if (confine_spares_sanitizers() && attempts[i].for_sanitizers)
			continue;
		errno = 0;
		if (attempts[i].attempt() != -1 || errno != EPERM)
			return i;
	}
	return DONE;
}

static int
child_status(pid_t child)
{
	int status;

	g_assert_cmpint(waitpid(child, &status, 0), ==, child);
	g_assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
test_refused(gconstpointer role)
{
	pid_t child;

	if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &(guint32){ SECCOMP_RET_ERRNO }) !=
	    0) {
		g_test_skip("NOT TESTED: this kernel, or a sandbox, has no seccomp");
		return;
	}
	descriptors_open();
	child = fork();
	if (child == 0)
		_exit(confine(GPOINTER_TO_INT(role), &sender, 1) ? attempts_make() : UNUSABLE);
	int number = child_status(child);
	if (number < (int)G_N_ELEMENTS(attempts))
		g_test_message("it may %s", attempts[number].what);
	g_assert_cmpint(number, ==, DONE);
}

/* Each of them as it would be without the walls: else the test above shows nothing. */
static void
test_possible_before(void)
{
	static const char *const harmless[] = {
		"open a file", "make a socket",          "send",        "copy a descriptor", "fork",
		"make code",   "signal another process", "watch files", "change the folder", NULL
	};

	descriptors_open();
	for (guint i = 0; i < G_N_ELEMENTS(attempts); i++) {
		pid_t child;

		if (!g_strv_contains(harmless, attempts[i].what))
			continue;
		child = fork();
		if (child == 0)
			_exit(attempts[i].attempt() == -1);
		g_test_message("%s", attempts[i].what);
		g_assert_cmpint(child_status(child), ==, 0);
	}
}

/* What decoding and drawing go on using. */
static gboolean
is_usable(void)
{
	char byte;
	struct iovec bytes = { &byte, 1 };
	struct msghdr message = { .msg_iov = &bytes, .msg_iovlen = 1 };
	struct winsize size;
	int memory = memfd_create("page", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	void *room =
	    mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct pollfd wait = { .fd = sender, .events = POLLOUT };
	struct stat info;

	return memory >= 0 && write(memory, "page", 4) == 4 && ftruncate(memory, 2) == 0 &&
	       fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK) == 0 && fstat(memory, &info) == 0 &&
	       info.st_size == 2 && room != MAP_FAILED && pread(file, &byte, 1, 0) == 1 &&
	       poll(&wait, 1, 0) == 1 && sendmsg(sender, &message, MSG_NOSIGNAL) == 1 &&
	       ioctl(terminal, TIOCGWINSZ, &size) == 0 && raise(0) == 0 && g_get_real_time() > 0;
}

static void
test_usable(void)
{
	pid_t child;

	if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &(guint32){ SECCOMP_RET_ERRNO }) !=
	    0) {
		g_test_skip("NOT TESTED: this kernel, or a sandbox, has no seccomp");
		return;
	}
	descriptors_open();
	child = fork();
	if (child == 0)
		_exit(confine(CONFINE_DRAWING, &sender, 1) && is_usable() ? USABLE : UNUSABLE);
	g_assert_cmpint(child_status(child), ==, USABLE);
}

/* The kernel is asked for a version by the program, and for the calls by hand. */
static void
test_landlock(void)
{
	long version = syscall(444 /* landlock_create_ruleset */, NULL, 0, 1);

	g_assert_cmpint(confine_landlock(), ==, MAX(version, 0));
	if (confine_landlock() == 0)
		g_test_skip("NOT TESTED: this kernel has no Landlock");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/confine/possible-before", test_possible_before);
	g_test_add_data_func("/confine/refused/expanding", GINT_TO_POINTER(CONFINE_EXPANDING),
			     test_refused);
	g_test_add_data_func("/confine/refused/drawing", GINT_TO_POINTER(CONFINE_DRAWING),
			     test_refused);
	g_test_add_func("/confine/usable", test_usable);
	g_test_add_func("/confine/landlock", test_landlock);
	return g_test_run();
}
