/* SPDX-License-Identifier: MIT */
/* shutdown(): one direction ends, the answer still comes. */
#include "peer.h"

/* ---- server ---- */

static int
server(int argc, char **argv)
{
	struct sockaddr_in address = peer_address(peer_begin(argc, argv, NULL));
	char text[MESSAGE_MAX];

	int listener = TRY(socket(AF_INET, SOCK_STREAM, 0));
	TRY(bind(listener, (struct sockaddr *)&address, sizeof address));
	TRY(listen(listener, 16));
	int connection = TRY(accept(listener, NULL, NULL));
	TRY(recv(connection, text, sizeof text, 0));
	TRY(recv(connection, text, sizeof text, 0)); /* 0: no more requests */
	TRY(send(connection, "answer", 6, 0));
	TRY(close(connection));
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
	TRY(send(connection, "request", 7, 0));
	TRY(shutdown(connection, SHUT_WR));
	TRY(recv(connection, text, sizeof text, 0));
	TRY(recv(connection, text, sizeof text, 0)); /* 0: the server has closed, too */
	TRY(close(connection));
	return 0;
}

/* ---- lesson ---- */

static const CallCondition order[] = {
	{ ROLE_CLIENT, CALL_SEND, .in = CALL_RECV },
	{ ROLE_CLIENT, CALL_SHUTDOWN, .in = CALL_RECV },
	{ ROLE_SERVER, CALL_SEND, .in = CALL_RECV },
	{ ROLE_SERVER, CALL_CLOSE, .in = CALL_RECV },
	{ ROLE_CLIENT, CALL_CLOSE, .in = CALL_EXIT },
	{ 0 },
};

static const ScenarioFact facts[] = {
	{ "fin", 2, 2 }, { "data", 2, 2 }, { "shutdown", 1, 1 }, { "rst", 0, 0 }, { 0 }
};

const Scenario scenario_half_close = {
	.name = "half-close",
	.summary = N_("shutdown(): one direction ends, the answer still comes"),
	.teaches = N_("A connection has two directions, and each is closed by itself: after "
		      "shutdown(SHUT_WR) the client sends nothing more, but still receives."),
	.group = SCENARIO_CLOSING,
	.server = server,
	.client = client,
	.order = order,
	.facts = facts,
};
