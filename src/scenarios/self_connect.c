/* SPDX-License-Identifier: MIT */
/* A socket that connects to itself. */
#include "peer.h"

/* ---- server ---- */

static int
server(int argc, char **argv)
{
	peer_begin(argc, argv, NULL); /* there is none: it ends at once */
	return 0;
}

/* ---- client ---- */

static int
client(int argc, char **argv)
{
	struct sockaddr_in address = peer_address(peer_begin(argc, argv, NULL));
	char text[MESSAGE_MAX];

	int connection = TRY(socket(AF_INET, SOCK_STREAM, 0));
	TRY(bind(connection, (struct sockaddr *)&address, sizeof address));
	TRY(connect(connection, (struct sockaddr *)&address, sizeof address)); /* it works */
	TRY(send(connection, "echo", 4, 0));
	TRY(recv(connection, text, sizeof text, 0)); /* what it has sent itself */
	TRY(close(connection));
	return 0;
}

/* ---- lesson ---- */

static const ScenarioFact facts[] = {
	{ "connect", 1, 1 }, { "syn", 1, 0 }, { "data", 1, 0 }, { "rst", 0, 0 }, { 0 },
};

const Scenario scenario_self_connect = {
	.name = "self-connect",
	.summary = N_("A socket bound to the port that it connects to: a connection with itself"),
	.teaches =
	    N_("Its SYN meets its own socket, which takes it for one that crossed its own: a "
	       "simultaneous open (RFC 9293 3.5), and a connection without a server."),
	.group = SCENARIO_CONNECTION,
	.server = server,
	.client = client,
	.facts = facts,
};
