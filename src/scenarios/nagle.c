/* SPDX-License-Identifier: MIT */
/* Small sends that wait for an acknowledgement, which is late. */
#include "peer.h"

/* ---- server ---- */

static int
server(int argc, char **argv)
{
	struct sockaddr_in address = peer_address(peer_begin(argc, argv, NULL));
	const int off = 0;
	char text[MESSAGE_MAX];

	int listener = TRY(socket(AF_INET, SOCK_STREAM, 0));
	TRY(bind(listener, (struct sockaddr *)&address, sizeof address));
	TRY(listen(listener, 16));
	int connection = TRY(accept(listener, NULL, NULL));
	TRY(setsockopt(connection, IPPROTO_TCP, TCP_QUICKACK, &off, sizeof off));
	usleep(300 * 1000); /* only its kernel acknowledges, late */
	while (TRY(recv(connection, text, sizeof text, 0)) > 0)
		;
	TRY(close(connection));
	return 0;
}

/* ---- client ---- */

static int
client(int argc, char **argv)
{
	struct sockaddr_in address = peer_address(peer_begin(argc, argv, NULL));
	const int on = 1;

	int connection = TRY(socket(AF_INET, SOCK_STREAM, 0));
	TRY(connect(connection, (struct sockaddr *)&address, sizeof address));
	TRY(send(connection, "one", 3, 0));   /* goes at once: nothing is on its way */
	TRY(send(connection, "two", 3, 0));   /* waits for the ACK of that */
	TRY(send(connection, "three", 5, 0)); /* and joins it */
	usleep(150 * 1000);
	TRY(setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
	TRY(send(connection, "one", 3, 0)); /* without Nagle's algorithm: each at once */
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

static const ScenarioFact facts[] = {
	{ "send", 6, 6 }, { "data", 5, 5 }, { "len 8", 1, 1 }, { "rst", 0, 0 }, { 0 },
};

const Scenario scenario_nagle = {
	.name = "nagle",
	.summary =
	    N_("Three small sends: with Nagle's algorithm two segments, with TCP_NODELAY three"),
	.teaches =
	    N_("While small data is on its way, TCP holds further small data back until the ACK "
	       "(Nagle's algorithm); a receiver that delays its ACKs makes that a stall of 40 "
	       "ms."),
	.group = SCENARIO_FLOW_CONTROL,
	.server = server,
	.client = client,
	.order = order,
	.in_flight = TRUE,
	.own_pace = TRUE,
	.facts = facts,
};
