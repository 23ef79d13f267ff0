/* SPDX-License-Identifier: MIT */
/* Data in the SYN. */
#include "peer.h"

/* ---- server ---- */

static int
server(int argc, char **argv)
{
	struct sockaddr_in address = peer_address(peer_begin(argc, argv, NULL));
	const int waiting = 5;
	char text[MESSAGE_MAX];

	int listener = TRY(socket(AF_INET, SOCK_STREAM, 0));
	TRY(bind(listener, (struct sockaddr *)&address, sizeof address));
	TRY(setsockopt(listener, IPPROTO_TCP, TCP_FASTOPEN, &waiting, sizeof waiting));
	TRY(listen(listener, 16));
	for (int i = 0; i < 2; i++) {
		int connection = TRY(accept(listener, NULL, NULL));
		TRY(recv(connection, text, sizeof text, 0));
		TRY(recv(connection, text, sizeof text, 0)); /* 0: the client has closed */
		TRY(close(connection));
	}
	return 0;
}

/* ---- client ---- */

static int
client(int argc, char **argv)
{
	struct sockaddr_in address = peer_address(peer_begin(argc, argv, NULL));

	/* The first time it gets a cookie, the second time its data is in the SYN. */
	for (int i = 0; i < 2; i++) {
		int connection = TRY(socket(AF_INET, SOCK_STREAM, 0));
		TRY(sendto(connection, "hello", 5, MSG_FASTOPEN, (struct sockaddr *)&address,
			   sizeof address)); /* connect() and send() in one */
		TRY(close(connection));
	}
	return 0;
}

/* ---- lesson ---- */

static const CallCondition order[] = {
	{ ROLE_CLIENT, CALL_SOCKET, .in = CALL_ACCEPT },
	{ ROLE_CLIENT, CALL_CLOSE, .in = CALL_RECV },
	{ ROLE_SERVER, CALL_CLOSE, .state = TCP_STATE_FIN_WAIT_2 },
	{ 0 },
};

static const ScenarioFact facts[] = {
	{ "syn", 2, 2 }, { "syn len 5", 1, 1 }, { "data", 2, 2 }, { "sendto", 2, 2 }, { 0 },
};

const Scenario scenario_fast_open = {
	.name = "fast-open",
	.summary = N_("TCP Fast Open: a cookie at first, then data in the SYN"),
	.teaches =
	    N_("With a cookie that the server gave it before, a client sends data in the SYN, "
	       "and saves a round trip (RFC 7413)."),
	.group = SCENARIO_CONNECTION,
	.server = server,
	.client = client,
	.client_ports = 4,
	.order = order,
	.facts = facts,
	.varies = TRUE,
};
