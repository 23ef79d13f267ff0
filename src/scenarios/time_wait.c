/* SPDX-License-Identifier: MIT */
/* The server closes first: TIME-WAIT, and EADDRINUSE at its next start. */
#include "peer.h"

/* ---- server ---- */

static int
server(int argc, char **argv)
{
	struct sockaddr_in address = peer_address(peer_begin(argc, argv, NULL));
	const int on = 1;

	int listener = TRY(socket(AF_INET, SOCK_STREAM, 0));
	TRY(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on));
	TRY(bind(listener, (struct sockaddr *)&address, sizeof address));
	TRY(listen(listener, 16));
	int connection = TRY(accept(listener, NULL, NULL));
	TRY(close(connection)); /* first: so it is the server that waits */
	TRY(close(listener));

	/* It starts again. */
	listener = TRY(socket(AF_INET, SOCK_STREAM, 0));
	if (MAY(bind(listener, (struct sockaddr *)&address, sizeof address)) < 0)
		perror("bind"); /* Address already in use */
	TRY(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on));
	TRY(bind(listener, (struct sockaddr *)&address, sizeof address));
	return 0;
}

/* ---- client ---- */

static int
client(int argc, char **argv)
{
	struct sockaddr_in address = peer_address(peer_begin(argc, argv, NULL));
	char text[MESSAGE_MAX];

	int connection = TRY(socket(AF_INET, SOCK_STREAM, 0));
	TRY(connect(connection, (struct sockaddr *)&address, sizeof address));
	TRY(recv(connection, text, sizeof text, 0)); /* 0: the server has closed */
	TRY(close(connection));
	return 0;
}

/* ---- lesson ---- */

static const CallCondition order[] = {
	{ ROLE_SERVER, CALL_CLOSE, .nth = 1, .before = CALL_RECV },
	{ ROLE_CLIENT, CALL_RECV, .state = TCP_STATE_FIN_WAIT_2 },
	{ ROLE_SERVER, CALL_CLOSE, .in = CALL_EXIT },
	{ 0 },
};

static const ScenarioFact facts[] = {
	{ "fin", 2, 2 }, { "bind", 3, 3 }, { "bind problem", 1, 1 }, { "setsockopt", 2, 2 }, { 0 }
};

const Scenario scenario_time_wait = {
	.name = "time-wait",
	.summary = N_("The server closes first: TIME-WAIT, and EADDRINUSE at its next start"),
	.teaches = N_("Who closes first stays in TIME-WAIT, and its port with it: bind() fails "
		      "with EADDRINUSE, unless SO_REUSEADDR was set on both sockets."),
	.group = SCENARIO_CLOSING,
	.server = server,
	.client = client,
	.order = order,
	.facts = facts,
};
