/* SPDX-License-Identifier: MIT */
/* Sending to who has closed: RST, then EPIPE. */
#include "peer.h"

/* ---- server ---- */

static int
server(int argc, char **argv)
{
	struct sockaddr_in address = peer_address(peer_begin(argc, argv, NULL));

	int listener = TRY(socket(AF_INET, SOCK_STREAM, 0));
	TRY(bind(listener, (struct sockaddr *)&address, sizeof address));
	TRY(listen(listener, 16));
	int connection = TRY(accept(listener, NULL, NULL));
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
	TRY(recv(connection, text, sizeof text, 0)); /* 0: the server has closed */
	TRY(send(connection, "one", 3, 0));          /* and yet this succeeds */
	if (MAY(send(connection, "two", 3, 0)) < 0)
		perror("send"); /* Broken pipe */
	TRY(close(connection));
	return 0;
}

/* ---- lesson ---- */

static const CallCondition order[] = {
	{ ROLE_SERVER, CALL_CLOSE, .before = CALL_RECV },
	{ ROLE_CLIENT, CALL_RECV, .state = TCP_STATE_FIN_WAIT_2 },
	{ ROLE_CLIENT, CALL_SEND, .in = CALL_EXIT },
	{ 0 },
};

static const ScenarioFact facts[] = {
	{ "rst", 1, 1 }, { "data", 1, 1 }, { "send", 2, 2 }, { "send problem", 1, 1 }, { 0 }
};

const Scenario scenario_write_after_close = {
	.name = "write-after-close",
	.summary = N_("Sending to who has closed: RST, then EPIPE"),
	.teaches = N_("That send() succeeds does not mean that the data arrived: the first one "
		      "after the other side has closed returns its bytes, the answer is RST, and "
		      "only the second one fails with EPIPE."),
	.group = SCENARIO_ERRORS,
	.server = server,
	.client = client,
	.order = order,
	.facts = facts,
};
