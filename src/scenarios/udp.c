/* SPDX-License-Identifier: MIT */
/* The UDP table of the lecture notes, call for call. */
#include "peer.h"

/* ---- server ---- */

/* Each request says where it came from, and the answer goes there. */
static int
server(int argc, char **argv)
{
	unsigned long messages;
	struct sockaddr_in address = peer_address(peer_begin(argc, argv, &messages)), from;
	char text[MESSAGE_MAX];

	int fd = TRY(socket(AF_INET, SOCK_DGRAM, 0));
	TRY(bind(fd, (struct sockaddr *)&address, sizeof address));
	for (unsigned long i = 0; i < messages; i++) {
		socklen_t size = sizeof from;
		int n = TRY(recvfrom(fd, text, sizeof text, 0, (struct sockaddr *)&from, &size));
		peer_process(text, (size_t)n);
		TRY(sendto(fd, text, (size_t)n, 0, (struct sockaddr *)&from, size));
	}
	return 0;
}

/* ---- client ---- */

static const char request[] = "hello, world";

static int
client(int argc, char **argv)
{
	unsigned long messages;
	struct sockaddr_in server = peer_address(peer_begin(argc, argv, &messages)), from;
	struct sockaddr_in own = peer_address(0); /* the kernel chooses the port */
	char reply[MESSAGE_MAX];

	int fd = TRY(socket(AF_INET, SOCK_DGRAM, 0));
	TRY(bind(fd, (struct sockaddr *)&own, sizeof own));
	for (unsigned long i = 0; i < messages; i++) {
		socklen_t size = sizeof from;
		TRY(sendto(fd, request, sizeof request - 1, 0, (struct sockaddr *)&server,
			   sizeof server));
		TRY(recvfrom(fd, reply, sizeof reply, 0, (struct sockaddr *)&from, &size));
	}
	return 0;
}

/* ---- lesson ---- */

static const CallCondition order[] = {
	{ ROLE_SERVER, CALL_RECVFROM, .nth = 1 },
	{ ROLE_SERVER, CALL_RECVFROM, .before = CALL_SENDTO },
	{ ROLE_CLIENT, CALL_SOCKET, .in = CALL_RECVFROM },
	{ ROLE_CLIENT, CALL_SENDTO, .in = CALL_RECVFROM },
	{ ROLE_SERVER, CALL_PROCESS, .before = CALL_RECVFROM, .after = CALL_RECVFROM },
	{ ROLE_CLIENT, CALL_RECVFROM, .before = CALL_SENDTO },
	{ ROLE_SERVER, CALL_SENDTO, .in = CALL_RECVFROM },
	{ ROLE_CLIENT, CALL_EXIT, .before = CALL_EXIT },
	{ ROLE_SERVER, CALL_EXIT, .in = CALL_EXIT },
	{ 0 },
};

static const ScenarioFact facts[] = { { "udp", 2, 2 }, { "icmp", 0, 0 }, { 0 } };

const Scenario scenario_udp = {
	.name = "udp",
	.alias = "udp-basic",
	.summary = N_("UDP: a request and its answer as two datagrams, without a connection"),
	.teaches = N_("The table of the notes: no handshake, no acknowledgement, no close."),
	.group = SCENARIO_DATAGRAMS,
	.server = server,
	.client = client,
	.order = order,
	.facts = facts,
};
