/* SPDX-License-Identifier: MIT */
/* 4000 bytes in one datagram: three fragments; 65,508: EMSGSIZE. */
#include "peer.h"

/* ---- server ---- */

static int
server(int argc, char **argv)
{
	struct sockaddr_in address = peer_address(peer_begin(argc, argv, NULL));

	static char text[4000];
	int fd = TRY(socket(AF_INET, SOCK_DGRAM, 0));
	TRY(bind(fd, (struct sockaddr *)&address, sizeof address));
	TRY(recv(fd, text, sizeof text, 0)); /* all 4000 at once */
	return 0;
}

/* ---- client ---- */

static int
client(int argc, char **argv)
{
	struct sockaddr_in address = peer_address(peer_begin(argc, argv, NULL));

	static const char text[65508];
	int fd = TRY(socket(AF_INET, SOCK_DGRAM, 0));
	TRY(sendto(fd, text, 4000, 0, (struct sockaddr *)&address, sizeof address));
	if (MAY(sendto(fd, text, sizeof text, 0, (struct sockaddr *)&address, sizeof address)) < 0)
		perror("sendto"); /* Message too long */
	return 0;
}

/* ---- lesson ---- */

static const CallCondition order[] = {
	{ ROLE_CLIENT, CALL_SOCKET, .in = CALL_RECV },
	{ ROLE_CLIENT, CALL_SENDTO, .in = CALL_RECV },
	{ 0 },
};

static const ScenarioFact facts[] = {
	{ "first-fragment", 1, 1 }, { "fragment", 2, 2 }, { "sendto problem", 1, 1 }, { 0 }
};

const Scenario scenario_udp_fragments = {
	.name = "udp-fragments",
	.summary = N_("4000 bytes in one datagram: three fragments; 65,508: EMSGSIZE"),
	.teaches = N_("A datagram that is larger than the MTU is cut by IP into fragments, of "
		      "which only the first has the ports; they are put together again before the "
		      "program sees it. More than 65,507 bytes fit in none."),
	.group = SCENARIO_DATAGRAMS,
	.server = server,
	.client = client,
	.order = order,
	.facts = facts,
};
