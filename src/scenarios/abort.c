/* SPDX-License-Identifier: MIT */
/* close() with a reset: SO_LINGER of 0 seconds. */
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
	if (MAY(recv(connection, text, sizeof text, 0)) < 0)
		perror("recv"); /* Connection reset by peer */
	TRY(close(connection));
	return 0;
}

/* ---- client ---- */

static int
client(int argc, char **argv)
{
	struct sockaddr_in address = peer_address(peer_begin(argc, argv, NULL));
	const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

	int connection = TRY(socket(AF_INET, SOCK_STREAM, 0));
	TRY(connect(connection, (struct sockaddr *)&address, sizeof address));
	TRY(setsockopt(connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once));
	TRY(close(connection));
	return 0;
}

/* ---- lesson ---- */

static const CallCondition order[] = {
	{ ROLE_CLIENT, CALL_CLOSE, .in = CALL_RECV },
	{ 0 },
};

static const ScenarioFact facts[] = {
	{ "rst", 1, 1 }, { "fin", 0, 0 }, { "recv problem", 1, 1 }, { 0 }
};

const Scenario scenario_abort = {
	.name = "abort",
	.summary = N_("close() with a reset: SO_LINGER of 0 seconds"),
	.teaches =
	    N_("close() is not always a FIN: with SO_LINGER 0, or with data that nobody has read, "
	       "the kernel breaks the connection off by RST, and the other side gets ECONNRESET."),
	.group = SCENARIO_CLOSING,
	.server = server,
	.client = client,
	.order = order,
	.facts = facts,
};
