/* SPDX-License-Identifier: MIT */
/* Programs that behave oddly: odd WHAT PORT */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static struct sockaddr_in address = { .sin_family = AF_INET };
static char **arguments;

static int
listening(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, 5) < 0) {
		perror("listen");
		exit(1);
	}
	return fd;
}

static int
connected(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		perror("connect");
		exit(1);
	}
	return fd;
}

/* Listens, does something else first, and then serves one byte. */
static int
late_accept(void)
{
	char byte;
	int listener = listening();

	usleep(300000);
	int fd = accept(listener, NULL, NULL);
	if (recv(fd, &byte, 1, 0) != 1)
		return 1;
	close(fd);
	return 0;
}

static int
one_byte(void)
{
	int fd = connected();

	return send(fd, "x", 1, 0) == 1 ? 0 : 1; /* and leaves the rest to the kernel */
}

/* Serves for ever, and takes neither SIGINT nor SIGTERM. */
_Noreturn static int
stubborn(void)
{
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	int listener = listening();

	for (;;)
		close(accept(listener, NULL, NULL));
}

static int
crash(void)
{
	connected();
	signal(SIGSEGV, SIG_DFL);
	raise(SIGSEGV);
	return 0;
}

static void
nothing(int signal_number)
{
	(void)signal_number;
}

static void
ring(int flags)
{
	struct sigaction action = { .sa_handler = nothing, .sa_flags = flags };
	struct itimerval soon = { .it_value.tv_usec = 50000 };

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
}

/* A child that stops us in 50 ms, lets us go on 50 ms later, and then connects
 * to us where it is asked to. */
static pid_t
stop_soon(int connects)
{
	pid_t self = getpid(), child = fork();

	if (child == 0) {
		usleep(50000);
		kill(self, SIGSTOP);
		usleep(50000);
		kill(self, SIGCONT);
		usleep(50000);
		_exit(connects && connected() < 0);
	}
	return child;
}

/* An accept that a signal ends, a poll and an accept that go on after a stop,
 * and one that goes on after a handler with SA_RESTART; then the client comes. */
static int
interrupted(void)
{
	int listener = listening(), status;
	struct pollfd pollfd = { .fd = listener, .events = POLLIN };

	ring(0);
	if (accept(listener, NULL, NULL) != -1 || errno != EINTR)
		return 1;
	pid_t child = stop_soon(0);
	if (poll(&pollfd, 1, 200) != 0) /* its SIGCHLD is ignored, too */
		return 2;
	if (waitpid(child, &status, 0) != child || status != 0)
		return 3;
	child = stop_soon(1);
	int fd = accept(listener, NULL, NULL);
	if (fd < 0 || waitpid(child, &status, 0) != child || status != 0)
		return 4;
	ring(SA_RESTART);
	fd = accept(listener, NULL, NULL); /* the client */
	return fd < 0 ? 5 : 0;
}

static int
late_client(void)
{
	usleep(800000);
	connected();
	return 0;
}

/* exec() in another thread than the first: the process goes on as that one. */
static void *
become(void *unused)
{
	(void)unused;
	execv("/proc/self/exe", arguments);
	return NULL;
}

static void *
wait_for_nothing(void *unused)
{
	char byte;

	(void)unused;
	recv(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), &byte, 1, 0);
	return NULL;
}

static int
exec_in_thread(void)
{
	static char late[] = "late-accept";
	pthread_t waiting, other;

	pthread_create(&waiting, NULL, wait_for_nothing, NULL);
	usleep(50000);
	arguments[1] = late;
	pthread_create(&other, NULL, become, NULL);
	pthread_join(other, NULL);
	return 1;
}

/* The first process ends at once, its grandchild serves. */
static int
daemonize(void)
{
	if (fork() == 0) {
		setsid();
		if (fork() == 0)
			_exit(late_accept());
		_exit(0);
	}
	return 0;
}

/* vfork() and exec of another program before it serves. */
static int
shell(void)
{
	if (system("echo from a shell | cat") != 0)
		return 1;
	return late_accept();
}

/* Becomes another program: its connection and a copy are closed then, the listening socket is not.
 */
static int
exec_closes(void)
{
	static char late[] = "nothing";
	int fd = accept4(listening(), NULL, NULL, SOCK_CLOEXEC);

	arguments[1] = late;
	if (fcntl(fd, F_DUPFD_CLOEXEC, 0) < 0 || execv("/nothing/here", arguments) != -1)
		return 1;
	execv("/proc/self/exe", arguments);
	return 1;
}

static int
do_nothing(void)
{
	return 0;
}

static int
end_of_file(void)
{
	char byte;

	return recv(connected(), &byte, 1, 0) == 0 ? 0 : 1;
}

/* Two sockets listen on one port; each has a copy. */
static int
same_port(void)
{
	int fds[2];

	for (int i = 0; i < 2; i++) {
		fds[i] = socket(AF_INET, SOCK_STREAM, 0);
		setsockopt(fds[i], SOL_SOCKET, SO_REUSEPORT, &(int){ 1 }, sizeof(int));
		if (bind(fds[i], (struct sockaddr *)&address, sizeof(address)) < 0 ||
		    listen(fds[i], 5) < 0)
			return 1;
	}
	int first = dup(fds[0]), second = dup(fds[1]);
	close(fds[0]);
	close(fds[1]);
	close(first);
	close(second);
	return 0;
}

static int listener, killed;

static void *
wait_for_another(void *unused)
{
	accept(listener, NULL, NULL);
	return unused;
}

static void *
end(void *unused)
{
	usleep(50000);
	if (killed)
		kill(getpid(), SIGKILL);
	exit(3);
	return unused;
}

/* Several threads and a copy of each descriptor; the first thread ends before the process does. */
static int
end_in_thread(void)
{
	pthread_t thread;

	listener = listening();
	dup(accept(listener, NULL, NULL));
	dup(listener);
	pthread_create(&thread, NULL, wait_for_another, NULL);
	pthread_create(&thread, NULL, end, NULL);
	pthread_exit(NULL);
}

static int
killed_in_thread(void)
{
	killed = 1;
	return end_in_thread();
}

static int
kill_self(void)
{
	return kill(getpid(), SIGKILL);
}

_Noreturn static int
sleeping(void)
{
	for (;;)
		pause();
}

static const struct {
	const char *name;
	int (*run)(void);
} ways[] = {
	{ "late-accept", late_accept },
	{ "one-byte", one_byte },
	{ "stubborn", stubborn },
	{ "crash", crash },
	{ "interrupted", interrupted },
	{ "late-client", late_client },
	{ "exec-in-thread", exec_in_thread },
	{ "daemon", daemonize },
	{ "kill", kill_self },
	{ "exec-closes", exec_closes },
	{ "same-port", same_port },
	{ "nothing", do_nothing },
	{ "end-of-file", end_of_file },
	{ "end-in-thread", end_in_thread },
	{ "killed-in-thread", killed_in_thread },
	{ "shell", shell },
	{ "sleep", sleeping },
};

int
main(int argc, char **argv)
{
	arguments = argv;
	if (argc != 3)
		return 2;
	address.sin_port = htons((uint16_t)atoi(argv[2]));
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		if (strcmp(argv[1], ways[i].name) == 0)
			return ways[i].run();
	}
	return 2;
}
