/* SPDX-License-Identifier: MIT */
/* A connection that two processes have. */
#include "peer.h"

#include <sys/wait.h>

/* ---- server ---- */

static int
server(int argc, char **argv)
{
	struct sockaddr_in address = peer_address(peer_begin(argc, argv, NULL));

	int listener = TRY(socket(AF_INET, SOCK_STREAM, 0));
	TRY(bind(listener, (struct sockaddr *)&address, sizeof address));
	TRY(listen(listener, 16));
	int connection = TRY(accept(listener, NULL, NULL));
	if (TRY(fork()) == 0) {
		usleep(300 * 1000); /* the child still has the connection */
		TRY(close(connection));
		_exit(0);
	}
	TRY(close(connection)); /* no FIN: it is still open */
	wait(NULL);
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
	TRY(recv(connection, text, sizeof text, 0)); /* 0: only when nobody has it open */
	TRY(close(connection));
	return 0;
}

/* ---- lesson ---- */

static const CallCondition order[] = {
	{ ROLE_SERVER, CALL_CLOSE, .in = CALL_RECV },
	{ 0 },
};

static const ScenarioFact facts[] = {
	{ "close from server", 2, 0 },
	{ "fin", 2, 2 },
	{ "rst", 0, 0 },
	{ 0 },
};

const Scenario scenario_fork_close = {
	.name = "fork-close",
	.summary = N_("The parent closes, its child still has the connection: the FIN comes later"),
	.teaches = N_("close() gives up one descriptor. The FIN is sent when the last one of all "
		      "processes is closed, so a forgotten copy keeps the other side waiting."),
	.group = SCENARIO_CLOSING,
	.server = server,
	.client = client,
	.order = order,
	.facts = facts,
	.varies = TRUE,
};
