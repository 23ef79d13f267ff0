/* SPDX-License-Identifier: MIT */
/* Every kind of traced call, in one process that talks to itself over 127.0.0.1
 * and ::1, in an order that never changes: calls PORT */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "calls.c:%d: %s: %s\n", __LINE__, #condition,              \
				strerror(errno));                                                  \
			exit(1);                                                                   \
		}                                                                                  \
	} while (0)

static struct sockaddr_in
loopback(unsigned port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
				     .sin_port = htons((uint16_t)port),
				     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

/* Two ends of one connection. */
static void
connect_pair(unsigned port, int *client, int *server)
{
	struct sockaddr_in address = loopback(port), from;
	socklen_t size = sizeof(from);
	int one = 1;

	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CHECK(listener >= 0);
	CHECK(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) == 0);
	CHECK(bind(listener, (struct sockaddr *)&address, sizeof(address)) == 0);
	CHECK(listen(listener, 7) == 0);
	*client = socket(AF_INET, SOCK_STREAM, 0);
	CHECK(*client >= 0);
	CHECK(connect(*client, (struct sockaddr *)&address, sizeof(address)) == 0);
	*server = accept4(listener, (struct sockaddr *)&from, &size, SOCK_CLOEXEC);
	CHECK(*server >= 0);
	CHECK(close(listener) == 0);
}

static void
stream_calls(int client, int server)
{
	char a[8] = "abcdefg", b[64];
	struct iovec out[2] = { { a, 3 }, { a + 3, 4 } }, in[2] = { { b, 5 }, { b + 5, 59 } };
	struct msghdr message = { .msg_iov = out, .msg_iovlen = 2 };
	int value;
	socklen_t size = sizeof(value);

	CHECK(setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int)) == 0);
	CHECK(getsockopt(client, SOL_SOCKET, SO_ERROR, &value, &size) == 0);
	CHECK(write(client, a, 7) == 7);
	CHECK(read(server, b, sizeof(b)) == 7);
	CHECK(writev(client, out, 2) == 7);
	CHECK(readv(server, in, 2) == 7);
	CHECK(sendmsg(client, &message, MSG_NOSIGNAL) == 7);
	message.msg_iov = in;
	CHECK(recvmsg(server, &message, MSG_PEEK) == 7);
	CHECK(recv(server, b, sizeof(b), 0) == 7);
	CHECK(recv(server, b, sizeof(b), MSG_DONTWAIT) == -1 && errno == EAGAIN);
	CHECK(send(server, a, 2, MSG_MORE) == 2);
	CHECK(send(server, a, 5, 0) == 5);
	CHECK(recv(client, b, 7, MSG_WAITALL) == 7);
}

static void
file_calls(int client, int server)
{
	int ends[2];
	char b[64];
	FILE *file = tmpfile();

	CHECK(file && pipe(ends) == 0);
	CHECK(write(fileno(file), "from a file", 11) == 11);
	off_t offset = 0;
	CHECK(sendfile(client, fileno(file), &offset, 11) == 11);
	CHECK(recv(server, b, sizeof(b), 0) == 11);
	CHECK(write(ends[1], "pipe", 4) == 4);
	CHECK(splice(ends[0], NULL, client, NULL, 4, 0) == 4);
	CHECK(splice(server, NULL, ends[1], NULL, 64, 0) == 4);
	CHECK(read(ends[0], b, sizeof(b)) == 4);
	close(ends[0]);
	close(ends[1]);
	fclose(file);
}

static void
names_and_end(int client, int server)
{
	struct sockaddr_in name;
	socklen_t size = sizeof(name);
	char b[8];

	CHECK(getsockname(client, (struct sockaddr *)&name, &size) == 0);
	CHECK(getpeername(client, (struct sockaddr *)&name, &size) == 0);
	CHECK(shutdown(client, SHUT_WR) == 0);
	CHECK(recv(server, b, sizeof(b), 0) == 0);
	int copy = dup(server);
	CHECK(dup2(STDIN_FILENO, copy) == copy);
	CHECK(dup2(server, copy) == copy);
	dup2(server, -1);
	dup2(-1, copy);
	CHECK(dup3(server, copy, O_CLOEXEC) == copy);
	CHECK(close(copy) == 0);
	CHECK(fcntl(server, F_DUPFD_CLOEXEC, copy) == copy);
	CHECK(close(copy) == 0);
	CHECK(fcntl(server, F_DUPFD, copy) == copy);
	CHECK(fcntl(server, F_DUPFD, -1) == -1 && errno == EINVAL);
	CHECK(fcntl(server, F_GETFD) == FD_CLOEXEC);    /* not shown */
	CHECK(fcntl(server, F_SETFD, FD_CLOEXEC) == 0); /* not shown */
	CHECK(close(copy) == 0);
	CHECK(close(server) == 0);
	CHECK(recv(client, b, sizeof(b), 0) == 0);
	CHECK(close_range((unsigned)client, (unsigned)client, 0) == 0);
}

static void
wait_calls(int client, int server)
{
	struct pollfd fds[2] = { { .fd = STDIN_FILENO }, { .fd = server, .events = POLLIN } };
	struct epoll_event event = { .events = EPOLLIN };
	fd_set set;
	int epoll = epoll_create1(EPOLL_CLOEXEC);

	CHECK(epoll >= 0 && epoll_ctl(epoll, EPOLL_CTL_ADD, server, &event) == 0);
	CHECK(poll(fds, 1, 0) == 0); /* no socket in it: not shown */
	CHECK(poll(fds, 2, 5) == 0);
	CHECK(epoll_wait(epoll, &event, 1, 3) == 0);
	CHECK(send(client, "!", 1, 0) == 1);
	CHECK(poll(fds, 2, -1) == 1);
	CHECK(epoll_wait(epoll, &event, 1, -1) == 1);
	FD_ZERO(&set);
	FD_SET(server, &set);
	CHECK(select(server + 1, &set, NULL, NULL, &(struct timeval){ .tv_usec = 2500 }) == 1);
	CHECK(pselect(server + 1, &set, NULL, NULL, NULL, NULL) == 1);
	close(epoll);
}

static void
datagram_calls(unsigned port)
{
	struct sockaddr_in address = loopback(port), from;
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	socklen_t size = sizeof(from);
	char b[16];
	struct iovec vector = { b, 3 };
	struct mmsghdr messages[2] = { { .msg_hdr = { .msg_iov = &vector, .msg_iovlen = 1 } },
				       { .msg_hdr = { .msg_iov = &vector, .msg_iovlen = 1 } } };

	int server = socket(AF_INET, SOCK_DGRAM, 0);
	int client = socket(AF_INET, SOCK_DGRAM, 0);
	CHECK(bind(server, (struct sockaddr *)&address, sizeof(address)) == 0);
	CHECK(sendto(client, "one", 3, 0, (struct sockaddr *)&address, sizeof(address)) == 3);
	CHECK(recvfrom(server, b, sizeof(b), 0, (struct sockaddr *)&from, &size) == 3);
	CHECK(sendto(client, "", 0, 0, (struct sockaddr *)&address, sizeof(address)) == 0);
	CHECK(recv(server, b, sizeof(b), 0) == 0);
	CHECK(connect(client, (struct sockaddr *)&address, sizeof(address)) == 0);
	CHECK(sendmmsg(client, messages, 2, 0) == 2);
	CHECK(recvmmsg(server, messages, 2, 0, NULL) == 2);
	CHECK(close(server) == 0);
	CHECK(send(client, "x", 1, 0) == 1); /* answered by ICMP: port unreachable */
	CHECK(recv(client, b, sizeof(b), 0) == -1 && errno == ECONNREFUSED);
	CHECK(close(client) == 0);

	int six = socket(AF_INET6, SOCK_DGRAM, 0);
	if (six >= 0) {
		CHECK(bind(six, (struct sockaddr *)&v6, sizeof(v6)) == 0 || errno == EADDRNOTAVAIL);
		CHECK(close(six) == 0);
	}
}

static void
failing_calls(unsigned port)
{
	struct sockaddr_in address = loopback(port);
	int first = socket(AF_INET, SOCK_STREAM, 0);
	int second = socket(AF_INET, SOCK_STREAM, 0);
	char b;

	CHECK(connect(first, (struct sockaddr *)&address, sizeof(address)) == -1 &&
	      errno == ECONNREFUSED);
	CHECK(bind(second, (struct sockaddr *)1, sizeof(address)) == -1 && errno == EFAULT);
	CHECK(send(second, &b, 1, MSG_NOSIGNAL) == -1 && errno == EPIPE);
	CHECK(recv(second, &b, 1, 0) == -1 && errno == ENOTCONN);
	CHECK(close(first) == 0 && close(second) == 0);
	CHECK(close(first) == -1 && errno == EBADF);            /* no socket: not shown */
	CHECK(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP) == -1); /* no such kind: not shown */
	int other[2];
	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, other) == 0);
	CHECK(write(other[0], "x", 1) == 1 && read(other[1], &b, 1) == 1); /* not shown */
	close(other[0]);
	close(other[1]);
}

int
main(int argc, char **argv)
{
	unsigned port = argc > 1 ? (unsigned)atoi(argv[1]) : 0;
	int client, server;

	failing_calls(port);
	connect_pair(port, &client, &server);
	stream_calls(client, server);
	file_calls(client, server);
	wait_calls(client, server);
	CHECK(recv(server, (char[8]){ 0 }, 8, 0) == 1);
	names_and_end(client, server);
	datagram_calls(port);
	return 0;
}
