/* SPDX-License-Identifier: MIT */
/* Nothing to say for three seconds: keep-alives. */
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
	TRY(recv(connection, text, sizeof text, 0)); /* 0: the client has closed */
	TRY(close(connection));
	return 0;
}

/* ---- client ---- */

static int
client(int argc, char **argv)
{
	struct sockaddr_in address = peer_address(peer_begin(argc, argv, NULL));
	const int second = 1;

	int connection = TRY(socket(AF_INET, SOCK_STREAM, 0));
	TRY(connect(connection, (struct sockaddr *)&address, sizeof address));
	TRY(setsockopt(connection, IPPROTO_TCP, TCP_KEEPINTVL, &second, sizeof second));
	TRY(setsockopt(connection, IPPROTO_TCP, TCP_KEEPIDLE, &second, sizeof second));
	/* the last one: from here on the kernel counts, with both times */
	TRY(setsockopt(connection, SOL_SOCKET, SO_KEEPALIVE, &second, sizeof second));
	usleep(3500 * 1000);
	TRY(close(connection));
	return 0;
}

/* ---- lesson ---- */

static const CallCondition order[] = {
	{ ROLE_CLIENT, CALL_SETSOCKOPT, .in = CALL_RECV },
	{ ROLE_SERVER, CALL_CLOSE, .in = CALL_EXIT },
	{ 0 },
};

static const ScenarioFact facts[] = { { "keep-alive", 3, 3 },
				      { "ack from server", 4, 4 },
				      { "rst", 0, 0 },
				      { "data", 0, 0 },
				      { 0 } };

const Scenario scenario_keepalive = {
	.name = "keepalive",
	.summary = N_("Nothing to say for three seconds: keep-alives"),
	.teaches = N_("Idle is not dead. With SO_KEEPALIVE the kernel asks from time to time "
		      "whether the other side is still there; no program notices."),
	.group = SCENARIO_CONNECTION,
	.server = server,
	.client = client,
	.order = order,
	.facts = facts,
};
