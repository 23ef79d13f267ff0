/* SPDX-License-Identifier: MIT */
/* Ten datagrams to a full buffer: sent, on the wire, and lost in the receiver. */
#include "peer.h"

/* ---- server ---- */

static int
server(int argc, char **argv)
{
	struct sockaddr_in address = peer_address(peer_begin(argc, argv, NULL));
	const int small = 1; /* the kernel makes it its smallest */
	char text[1000];

	int fd = TRY(socket(AF_INET, SOCK_DGRAM, 0));
	TRY(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small));
	TRY(bind(fd, (struct sockaddr *)&address, sizeof address));
	usleep(300 * 1000); /* meanwhile all of them come */
	while (MAY(recv(fd, text, sizeof text, MSG_DONTWAIT)) >= 0)
		;
	return 0;
}

/* ---- client ---- */

static int
client(int argc, char **argv)
{
	struct sockaddr_in address = peer_address(peer_begin(argc, argv, NULL));
	static const char text[1000];

	int fd = TRY(socket(AF_INET, SOCK_DGRAM, 0));
	for (int i = 0; i < 10; i++)
		TRY(sendto(fd, text, sizeof text, 0, (struct sockaddr *)&address, sizeof address));
	return 0;
}

/* ---- lesson ---- */

static const CallCondition order[] = {
	{ ROLE_SERVER, CALL_RECV, .in = CALL_EXIT },
	{ 0 },
};

static const ScenarioFact facts[] = {
	{ "udp", 10, 10 }, { "icmp", 0, 0 }, { "sendto", 10, 10 }, { 0 }
};

const Scenario scenario_udp_overflow = {
	.name = "udp-overflow",
	.summary =
	    N_("Ten datagrams to a full buffer: sent, on the wire, and lost in the receiver"),
	.teaches =
	    N_("UDP does not know whether anybody listens: all datagrams are on the wire, but "
	       "where the buffer of the receiver is full the kernel drops them without a word."),
	.group = SCENARIO_DATAGRAMS,
	.server = server,
	.client = client,
	.order = order,
	.facts = facts,
};
