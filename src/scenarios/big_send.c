/* SPDX-License-Identifier: MIT */
/* One send of 6000 bytes: five segments. */
#include "peer.h"

/* ---- server ---- */

static int
server(int argc, char **argv)
{
	struct sockaddr_in address = peer_address(peer_begin(argc, argv, NULL));
	static char text[6000];

	int listener = TRY(socket(AF_INET, SOCK_STREAM, 0));
	TRY(bind(listener, (struct sockaddr *)&address, sizeof address));
	TRY(listen(listener, 16));
	int connection = TRY(accept(listener, NULL, NULL));
	TRY(recv(connection, text, sizeof text, MSG_WAITALL));
	TRY(recv(connection, text, sizeof text, 0)); /* 0: the client has closed */
	TRY(close(connection));
	return 0;
}

/* ---- client ---- */

static int
client(int argc, char **argv)
{
	struct sockaddr_in address = peer_address(peer_begin(argc, argv, NULL));
	static const char text[6000];

	int connection = TRY(socket(AF_INET, SOCK_STREAM, 0));
	TRY(connect(connection, (struct sockaddr *)&address, sizeof address));
	TRY(send(connection, text, sizeof text, 0));
	TRY(close(connection));
	return 0;
}

/* ---- lesson ---- */

static const CallCondition order[] = {
	{ ROLE_SERVER, CALL_RECV, .in = CALL_EXIT },
	{ 0 },
};

static const ScenarioFact facts[] = {
	{ "data", 5, 5 }, { "send", 1, 1 }, { "len 1448", 4, 4 }, { "len 208", 1, 1 }, { 0 }
};

const Scenario scenario_big_send = {
	.name = "big-send",
	.summary = N_("One send of 6000 bytes: five segments"),
	.teaches = N_("One send() is not one segment. TCP cuts what it is given into segments that "
		      "fit the way: here 1448 bytes each, the MTU of 1500 less the headers."),
	.group = SCENARIO_STREAM,
	.server = server,
	.client = client,
	.order = order,
	.facts = facts,
};
