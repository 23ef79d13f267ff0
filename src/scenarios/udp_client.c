/* SPDX-License-Identifier: MIT */
/* The UDP client of the lecture notes:
 *
 *   socket, bind, sendto, recvfrom
 *
 * It binds an address and leaves the port to the kernel (port 0). UDP does not
 * say when a datagram is lost: the client of the notes then waits for ever.
 * Nothing is closed: the process ends.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "peer.h"
#include "pktladder/peers.h"

static const char request[] = "hello, world";

/* Sends one request as one datagram, and waits for one in answer. */
static int
exchange(const char *name, int fd, const struct sockaddr_in *server)
{
	char reply[PEER_MESSAGE_MAX];
	struct sockaddr_in from;
	socklen_t from_size = sizeof(from);

	if (sendto(fd, request, sizeof(request) - 1, 0, (const struct sockaddr *)server,
		   sizeof(*server)) < 0)
		return peer_failed(name, "sendto");
	if (recvfrom(fd, reply, sizeof(reply), 0, (struct sockaddr *)&from, &from_size) < 0)
		return peer_failed(name, "recvfrom");
	return 0;
}

int
udp_client_main(int argc, char **argv)
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
		.sin_port = 0,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return peer_failed(argv[0], "bind");

	struct sockaddr_in server = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int status = 0;
	for (unsigned long i = 0; i < messages && status == 0; i++)
		status = exchange(argv[0], fd, &server);
	return status;
}
