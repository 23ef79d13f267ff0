/* SPDX-License-Identifier: MIT */
/* Calls that wait and calls that do not, in an order that never changes: waits WHAT PORT */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "waits.c:%d: %s: %s\n", __LINE__, #condition,              \
				strerror(errno));                                                  \
			exit(1);                                                                   \
		}                                                                                  \
	} while (0)

static struct sockaddr_in address = { .sin_family = AF_INET };
static char data[1 << 16];

static int
watch(int fd)
{
	int epoll = epoll_create1(0);
	struct epoll_event event = { .events = EPOLLIN };

	CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0);
	return epoll;
}

/* A byte comes 50 ms after each wait has begun, and 50 ms after it has been received. */
static void
serve_waits(int fd)
{
	struct pollfd one = { .fd = fd, .events = POLLIN };
	int epoll = watch(fd), nested = watch(watch(fd));
	struct epoll_event event;
	fd_set set;

	CHECK(poll(&one, 1, 0) == 0); /* at once */
	CHECK(poll(&one, 1, -1) == 1);
	CHECK(recv(fd, data, 1, 0) == 1); /* at once */
	FD_ZERO(&set);
	FD_SET(fd, &set);
	CHECK(select(fd + 1, &set, NULL, NULL, NULL) == 1);
	CHECK(recv(fd, data, 1, 0) == 1);
	CHECK(epoll_wait(epoll, &event, 1, -1) == 1);
	CHECK(recv(fd, data, 1, 0) == 1);
	CHECK(epoll_wait(nested, &event, 1, -1) == 1);
	CHECK(recv(fd, data, 1, 0) == 1);
	one.fd = nested;
	CHECK(poll(&one, 1, -1) == 1);
	CHECK(poll(&one, 1, -1) == 1); /* at once */
	CHECK(recv(fd, data, 1, 0) == 1);
	CHECK(recv(fd, data, 1, MSG_DONTWAIT) == -1 && errno == EAGAIN);
	CHECK(recv(fd, data, 1, 0) == 1);
}

static void
on_alarm(int signal_number)
{
	(void)signal_number;
}

/* A child is killed in its recv(). */
static void
cut_off(int fd, int signal_number)
{
	pid_t child = fork();

	if (child == 0)
		_exit(recv(fd, data, 1, 0) == 1);
	usleep(50000);
	CHECK(kill(child, signal_number) == 0 && waitpid(child, NULL, 0) == child);
}

static void
serve_ends(int fd)
{
	struct timeval time = { .tv_usec = 100000 };
	struct sigaction action = { .sa_handler = on_alarm };
	struct itimerval soon = { .it_value = time };

	usleep(200000); /* until the window is full */
	CHECK(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time)) == 0);
	while (recv(fd, data, sizeof(data), 0) > 0)
		;
	CHECK(errno == EAGAIN);
	time.tv_usec = 0;
	CHECK(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time)) == 0);
	CHECK(sigaction(SIGALRM, &action, NULL) == 0 && setitimer(ITIMER_REAL, &soon, NULL) == 0);
	CHECK(recv(fd, data, 1, 0) == -1 && errno == EINTR);
	cut_off(fd, SIGTERM);
	cut_off(fd, SIGKILL);
}

static int
server(void)
{
	int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0);

	CHECK(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) == 0);
	CHECK(bind(listener, (struct sockaddr *)&address, sizeof(address)) == 0);
	CHECK(listen(listener, 5) == 0);
	int fd = accept(listener, NULL, NULL);
	serve_waits(fd);
	serve_ends(fd);
	return 0;
}

static int
alone(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	CHECK(bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
	serve_ends(fd);
	return 0;
}

static int
client(void)
{
	struct pollfd one = { .fd = socket(AF_INET, SOCK_STREAM, 0), .events = POLLOUT };
	int fd = one.fd, later = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	CHECK(connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
	for (int i = 0; i < 6; i++) {
		usleep(50000);
		CHECK(send(fd, "x", 1, 0) == 1); /* at once */
	}
	CHECK(connect(later, (struct sockaddr *)&address, sizeof(address)) == -1 &&
	      errno == EINPROGRESS);
	while (send(fd, data, sizeof(data), MSG_DONTWAIT) > 0)
		;
	CHECK(errno == EAGAIN);
	CHECK(write(fd, data, sizeof(data)) == sizeof(data)); /* waits for the window */
	return recv(fd, data, 1, 0) != 0;
}

int
main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	address.sin_port = htons((uint16_t)atoi(argv[2]));
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return *argv[1] == 's' ? server() : *argv[1] == 'c' ? client() : alone();
}
