/* SPDX-License-Identifier: MIT */
/* The UDP server of the lecture notes:
 *
 *   socket, bind, recvfrom, (process the request), sendto
 *
 * There is no connection, so each request says where it came from, and the
 * answer goes there. The notes close nothing: the process ends.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "peer.h"
#include "pktladder/peers.h"

/* Waits for one datagram and answers its sender. */
static int
serve(const char *name, int fd)
{
	char text[PEER_MESSAGE_MAX];
	struct sockaddr_in client;
	socklen_t client_size = sizeof(client);

	ssize_t received =
	    recvfrom(fd, text, sizeof(text), 0, (struct sockaddr *)&client, &client_size);
	if (received < 0)
		return peer_failed(name, "recvfrom");

	peer_process(text, (size_t)received);

	/* A datagram goes as a whole or not at all: no loop is needed. */
	if (sendto(fd, text, (size_t)received, 0, (struct sockaddr *)&client, client_size) < 0)
		return peer_failed(name, "sendto");
	return 0;
}

int
udp_server_main(int argc, char **argv)
{
	uint16_t port;
	unsigned long messages;
	if (peer_arguments(argc, argv, &port, &messages) < 0)
		return 1;

	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0)
		return peer_failed(argv[0], "socket");

	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return peer_failed(argv[0], "bind");

	int status = 0;
	for (unsigned long i = 0; i < messages && status == 0; i++)
		status = serve(argv[0], fd);
	return status;
}
