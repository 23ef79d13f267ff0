/* SPDX-License-Identifier: MIT */
/* A reader that sleeps: window 0, probes, window update. */
#include "peer.h"

/* ---- server ---- */

static int
server(int argc, char **argv)
{
	struct sockaddr_in address = peer_address(peer_begin(argc, argv, NULL));
	static char text[MESSAGE_MAX * 16];
	const int small = 2048;

	int listener = TRY(socket(AF_INET, SOCK_STREAM, 0));
	TRY(setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &small, sizeof small));
	TRY(bind(listener, (struct sockaddr *)&address, sizeof address));
	TRY(listen(listener, 16));
	int connection = TRY(accept(listener, NULL, NULL));
	usleep(1500 * 1000); /* meanwhile its buffer fills */
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
	static const char text[8000];

	int connection = TRY(socket(AF_INET, SOCK_STREAM, 0));
	TRY(connect(connection, (struct sockaddr *)&address, sizeof address));
	TRY(send(connection, text, sizeof text, 0));
	TRY(close(connection));
	return 0;
}

/* ---- lesson ---- */

static const ScenarioFact facts[] = { { "zero-window", 1, 0 },
				      { "zero-window-probe or probe", 1, 0 },
				      { "window-update", 1, 0 },
				      { "rst", 0, 0 },
				      { 0 } };

const Scenario scenario_zero_window = {
	.name = "zero-window",
	.summary = N_("A reader that sleeps: window 0, probes, window update"),
	.teaches = N_(
	    "The receiver says in each segment how many bytes it still takes. At 0 the sender "
	    "waits and probes from time to time, until the program has read and the window opens."),
	.group = SCENARIO_FLOW_CONTROL,
	.server = server,
	.client = client,
	.facts = facts,
	.in_flight = TRUE,
	.varies = TRUE,
};
