/* SPDX-License-Identifier: MIT */
/* The queue in front of accept(). */
#include "peer.h"

/* ---- server ---- */

static int
server(int argc, char **argv)
{
	struct sockaddr_in address = peer_address(peer_begin(argc, argv, NULL));

	int listener = TRY(socket(AF_INET, SOCK_STREAM, 0));
	TRY(bind(listener, (struct sockaddr *)&address, sizeof address));
	TRY(listen(listener, 1)); /* Linux lets one more than that wait */
	usleep(2500 * 1000);      /* it never calls accept() */
	return 0;
}

/* ---- client ---- */

static int
client(int argc, char **argv)
{
	struct sockaddr_in address = peer_address(peer_begin(argc, argv, NULL));

	for (int i = 0; i < 4; i++) {
		int connection = TRY(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
		MAY(connect(connection, (struct sockaddr *)&address, sizeof address));
	}
	usleep(2200 * 1000); /* meanwhile two of them ask again */
	return 0;
}

/* ---- lesson ---- */

static const CallCondition order[] = {
	{ ROLE_SERVER, CALL_EXIT, .in = CALL_EXIT }, /* its end would end the connections */
	{ 0 },
};

static const ScenarioFact facts[] = {
	{ "connect", 4, 4 },
	{ "syn-ack", 2, 2 },
	{ "syn", 6, 0 },
	{ 0 },
};

const Scenario scenario_backlog = {
	.name = "backlog",
	.summary = N_("A queue for two, and four clients: two are connected, two ask in vain"),
	.teaches =
	    N_("The accept queue: where it is full, the kernel drops the SYN without a word, and "
	       "the client's kernel sends it again, about each second."),
	.group = SCENARIO_FLOW_CONTROL,
	.server = server,
	.client = client,
	.client_ports = 4,
	.in_flight = TRUE,
	.order = order,
	.facts = facts,
	.varies = TRUE,
};
