/* SPDX-License-Identifier: MIT */
/* A datagram to a port that nobody has: ICMP, ECONNREFUSED if connected. */
#include "peer.h"

/* ---- server ---- */

static int
server(int argc, char **argv)
{
	struct sockaddr_in address = peer_address(peer_begin(argc, argv, NULL));

	int fd = TRY(socket(AF_INET, SOCK_DGRAM, 0));
	TRY(bind(fd, (struct sockaddr *)&address, sizeof address));
	/* It ends: nobody has the port any more. */
	return 0;
}

/* ---- client ---- */

static int
client(int argc, char **argv)
{
	struct sockaddr_in address = peer_address(peer_begin(argc, argv, NULL));
	char text[MESSAGE_MAX];
	const struct timeval patience = { .tv_usec = 200 * 1000 };

	int fd = TRY(socket(AF_INET, SOCK_DGRAM, 0));
	TRY(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience));
	TRY(sendto(fd, "one", 3, 0, (struct sockaddr *)&address, sizeof address));
	if (MAY(recv(fd, text, sizeof text, 0)) < 0)
		perror("recv"); /* nothing, until its time is over */
	TRY(connect(fd, (struct sockaddr *)&address, sizeof address));
	TRY(send(fd, "two", 3, 0));
	if (MAY(recv(fd, text, sizeof text, 0)) < 0)
		perror("recv"); /* Connection refused */
	TRY(close(fd));
	return 0;
}

/* ---- lesson ---- */

static const ScenarioFact facts[] = {
	{ "udp", 2, 2 }, { "icmp", 2, 2 }, { "recv", 2, 2 }, { "recv problem", 1, 1 }, { 0 }
};

const Scenario scenario_udp_closed = {
	.name = "udp-closed",
	.summary = N_("A datagram to a port that nobody has: ICMP, ECONNREFUSED if connected"),
	.teaches = N_("UDP has no connection, but the kernel has an opinion: to a closed port it "
		      "answers ICMP port unreachable. Only a connected socket hears of it: "
		      "connect() in UDP sends nothing, it names the other end."),
	.group = SCENARIO_ERRORS,
	.server = server,
	.client = client,
	.facts = facts,
};
