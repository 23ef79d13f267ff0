/* SPDX-License-Identifier: MIT */
/* A connection that the server accepts late: the kernel has done the handshake. */
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
	usleep(200 * 1000); /* busy with something else */
	int connection = TRY(accept(listener, NULL, NULL));
	TRY(recv(connection, text, sizeof text, 0)); /* "early" */
	TRY(recv(connection, text, sizeof text, 0)); /* 0: the client has closed */
	TRY(close(connection));
	return 0;
}

/* ---- client ---- */

static int
client(int argc, char **argv)
{
	struct sockaddr_in address = peer_address(peer_begin(argc, argv, NULL));

	int connection = TRY(socket(AF_INET, SOCK_STREAM, 0));
	TRY(connect(connection, (struct sockaddr *)&address, sizeof address));
	TRY(send(connection, "early", 5, 0));
	TRY(close(connection));
	return 0;
}

/* ---- lesson ---- */

static const CallCondition order[] = {
	{ ROLE_SERVER, CALL_ACCEPT, .in = CALL_EXIT },
	{ 0 },
};

static const ScenarioFact facts[] = {
	{ "syn", 1, 1 }, { "data", 1, 1 }, { "rst", 0, 0 }, { "accept", 1, 1 }, { 0 }
};

const Scenario scenario_late_accept = {
	.name = "late-accept",
	.summary =
	    N_("A connection that the server accepts late: the kernel has done the handshake"),
	.teaches = N_("accept() takes no part in the handshake: the kernel answers the SYN as long "
		      "as somebody listens, and even keeps data that comes before accept()."),
	.group = SCENARIO_CONNECTION,
	.server = server,
	.client = client,
	.order = order,
	.facts = facts,
};
