/* SPDX-License-Identifier: MIT */
/* A port where nobody listens: RST, ECONNREFUSED. */
#include "peer.h"

/* ---- server ---- */

static int
server(int argc, char **argv)
{
	struct sockaddr_in address = peer_address(peer_begin(argc, argv, NULL));

	int socket_alone = TRY(socket(AF_INET, SOCK_STREAM, 0));
	TRY(bind(socket_alone, (struct sockaddr *)&address, sizeof address));
	/* It never calls listen(). */
	return 0;
}

/* ---- client ---- */

static int
client(int argc, char **argv)
{
	struct sockaddr_in address = peer_address(peer_begin(argc, argv, NULL));

	int connection = TRY(socket(AF_INET, SOCK_STREAM, 0));
	if (MAY(connect(connection, (struct sockaddr *)&address, sizeof address)) < 0)
		perror("connect"); /* Connection refused */
	TRY(close(connection));
	return 0;
}

/* ---- lesson ---- */

static const ScenarioFact facts[] = {
	{ "syn", 1, 1 }, { "rst", 1, 1 }, { "connect problem", 1, 1 }, { 0 }
};

const Scenario scenario_refused = {
	.name = "refused",
	.summary = N_("A port where nobody listens: RST, ECONNREFUSED"),
	.teaches = N_("Nobody listens, so no program can answer: the kernel itself does, with RST, "
		      "and connect() fails with ECONNREFUSED."),
	.group = SCENARIO_ERRORS,
	.server = server,
	.client = client,
	.facts = facts,
};
