/* SPDX-License-Identifier: MIT */
/* The TCP client of the lecture notes:
 *
 *   socket, connect, send, recv, close
 *
 * It never binds: connect() chooses its address and port. With several
 * messages, send and recv repeat over the one connection.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peer.h"
#include "pktladder/peers.h"

static const char request[] = "hello, world";

/* Sends the request and waits for the answer, which is as long. TCP is a stream
 * of bytes, without messages: what was sent at once may come in pieces, and
 * what was sent in pieces at once, so both calls are repeated until all is done. */
static int
exchange(const char *name, int connection)
{
	const size_t length = sizeof(request) - 1;
	char reply[PEER_MESSAGE_MAX];
	ssize_t n;

	for (size_t sent = 0; sent < length; sent += (size_t)n) {
		n = send(connection, request + sent, length - sent, 0);
		if (n < 0)
			return peer_failed(name, "send");
	}
	for (size_t received = 0; received < length; received += (size_t)n) {
		n = recv(connection, reply + received, sizeof(reply) - received, 0);
		if (n < 0)
			return peer_failed(name, "recv");
		if (n == 0) {
			fprintf(stderr, "%s: the server closed before its answer was complete\n",
				name);
			return 1;
		}
	}
	return 0;
}

int
tcp_client_main(int argc, char **argv)
{
	uint16_t port;
	unsigned long messages;
	if (peer_arguments(argc, argv, &port, &messages) < 0)
		return 1;

	/* Where the server is gone, send() shall return EPIPE rather than kill us. */
	signal(SIGPIPE, SIG_IGN);

	int connection = socket(AF_INET, SOCK_STREAM, 0);
	if (connection < 0)
		return peer_failed(argv[0], "socket");

	struct sockaddr_in server = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	if (connect(connection, (struct sockaddr *)&server, sizeof(server)) < 0)
		return peer_failed(argv[0], "connect");

	int status = 0;
	for (unsigned long i = 0; i < messages && status == 0; i++)
		status = exchange(argv[0], connection);

	if (close(connection) < 0)
		return peer_failed(argv[0], "close");
	return status;
}
