/* SPDX-License-Identifier: MIT */
/* One listening socket for IPv6 and IPv4. */
#include "peer.h"

/* ---- server ---- */

static int
server(int argc, char **argv)
{
	struct sockaddr_in6 address = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(peer_begin(argc, argv, NULL)),
		.sin6_addr = in6addr_any, /* "::", for IPv4 as well */
	};

	int listener = TRY(socket(AF_INET6, SOCK_STREAM, 0));
	TRY(bind(listener, (struct sockaddr *)&address, sizeof address));
	TRY(listen(listener, 16));
	for (int i = 0; i < 2; i++) {
		int connection = TRY(accept(listener, NULL, NULL));
		TRY(close(connection));
	}
	return 0;
}

/* ---- client ---- */

static int
client(int argc, char **argv)
{
	struct sockaddr_in address = peer_address(peer_begin(argc, argv, NULL));
	struct sockaddr_in6 address6 = {
		.sin6_family = AF_INET6,
		.sin6_port = address.sin_port,
		.sin6_addr = in6addr_loopback, /* "::1" */
	};
	char text[MESSAGE_MAX];

	int connection = TRY(socket(AF_INET6, SOCK_STREAM, 0));
	TRY(connect(connection, (struct sockaddr *)&address6, sizeof address6));
	TRY(recv(connection, text, sizeof text, 0)); /* 0: the server has closed */
	TRY(close(connection));

	connection = TRY(socket(AF_INET, SOCK_STREAM, 0));
	TRY(connect(connection, (struct sockaddr *)&address, sizeof address));
	TRY(recv(connection, text, sizeof text, 0));
	TRY(close(connection));
	return 0;
}

/* ---- lesson ---- */

static const CallCondition order[] = {
	{ ROLE_SERVER, CALL_CLOSE, .before = CALL_RECV },
	{ ROLE_CLIENT, CALL_RECV, .state = TCP_STATE_FIN_WAIT_2 },
	{ 0 },
};

static const ScenarioFact facts[] = {
	{ "syn", 2, 2 },
	{ "syn src host ::1", 1, 1 },
	{ "syn src host 127.0.0.1", 1, 1 },
	{ "accept", 2, 2 },
	{ "fin", 4, 4 },
	{ 0 },
};

const Scenario scenario_dual_stack = {
	.name = "dual-stack",
	.summary = N_("A server on :: and two clients: one through IPv6, one through IPv4"),
	.teaches =
	    N_("A socket that listens on :: takes connections of both: the address of the IPv4 "
	       "client is ::ffff:127.0.0.1 for the server's program."),
	.group = SCENARIO_CONNECTION,
	.server = server,
	.client = client,
	.order = order,
	.facts = facts,
};
