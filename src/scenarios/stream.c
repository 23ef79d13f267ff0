/* SPDX-License-Identifier: MIT */
/* Three sends, one receive: TCP has no messages. */
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
	usleep(200 * 1000);                          /* meanwhile all has arrived */
	TRY(recv(connection, text, sizeof text, 0)); /* "onetwothree" */
	TRY(recv(connection, text, sizeof text, 0)); /* 0: the client has closed */
	TRY(close(connection));
	return 0;
}

/* ---- client ---- */

static int
client(int argc, char **argv)
{
	struct sockaddr_in address = peer_address(peer_begin(argc, argv, NULL));
	const int on = 1; /* each send() a segment at once */

	int connection = TRY(socket(AF_INET, SOCK_STREAM, 0));
	TRY(connect(connection, (struct sockaddr *)&address, sizeof address));
	TRY(setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
	TRY(send(connection, "one", 3, 0));
	TRY(send(connection, "two", 3, 0));
	TRY(send(connection, "three", 5, 0));
	TRY(close(connection));
	return 0;
}

/* ---- lesson ---- */

static const CallCondition order[] = {
	{ ROLE_SERVER, CALL_RECV, .in = CALL_EXIT },
	{ 0 },
};

static const ScenarioFact facts[] = { { "data", 3, 3 }, { "send", 3, 3 }, { "recv", 2, 2 }, { 0 } };

const Scenario scenario_stream = {
	.name = "stream",
	.summary = N_("Three sends, one receive: TCP has no messages"),
	.teaches = N_("TCP is a stream of bytes. What three calls of send() gave arrives as one "
		      "piece, where the receiver takes it late: recv() knows no boundaries."),
	.group = SCENARIO_STREAM,
	.server = server,
	.client = client,
	.order = order,
	.facts = facts,
};
