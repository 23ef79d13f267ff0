/* SPDX-License-Identifier: MIT */
/* The TCP server of the lecture notes:
 *
 *   socket, bind, listen, accept, recv, send, recv (end of file), close
 *
 * It serves one client and ends. The `close` of the notes answers the client's
 * own, so it is the connection's. The listening socket is left to the end of
 * the process, when the kernel closes what is still open: a second close()
 * would be a call that the notes do not have.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peer.h"
#include "pktladder/peers.h"

/* TCP may take fewer bytes than it was given: send the rest until all are gone. */
static int
send_all(int connection, const char *data, size_t length)
{
	while (length > 0) {
		ssize_t sent = send(connection, data, length, 0);
		if (sent < 0)
			return -1;
		data += sent;
		length -= (size_t)sent;
	}
	return 0;
}

/* Answers whatever comes until the client closes: then recv() returns 0. */
static int
serve(const char *name, int connection)
{
	char text[PEER_MESSAGE_MAX];
	ssize_t received;

	while ((received = recv(connection, text, sizeof(text), 0)) > 0) {
		peer_process(text, (size_t)received);
		if (send_all(connection, text, (size_t)received) < 0)
			return peer_failed(name, "send");
	}
	return received < 0 ? peer_failed(name, "recv") : 0;
}

int
tcp_server_main(int argc, char **argv)
{
	uint16_t port;
	unsigned long messages; /* the client decides: it closes when it has had enough */
	if (peer_arguments(argc, argv, &port, &messages) < 0)
		return 1;

	/* Where the client is gone, send() shall return EPIPE rather than kill us. */
	signal(SIGPIPE, SIG_IGN);

	int listener = socket(AF_INET, SOCK_STREAM, 0);
	if (listener < 0)
		return peer_failed(argv[0], "socket");

	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) < 0)
		return peer_failed(argv[0], "bind");
	if (listen(listener, 16) < 0)
		return peer_failed(argv[0], "listen");

	int connection = accept(listener, NULL, NULL);
	if (connection < 0)
		return peer_failed(argv[0], "accept");

	int status = serve(argv[0], connection);

	if (close(connection) < 0)
		return peer_failed(argv[0], "close");
	return status;
}
