/* SPDX-License-Identifier: MIT */
/* The TCP table of the lecture notes, call for call. */
#include "peer.h"

/* ---- server ---- */

/* TCP may take fewer bytes than it was given: send the rest until all are gone. */
static void
send_all(int connection, const char *data, size_t length)
{
	for (size_t sent = 0; sent < length;)
		sent += (size_t)TRY(send(connection, data + sent, length - sent, 0));
}

static int
server(int argc, char **argv)
{
	struct sockaddr_in address = peer_address(peer_begin(argc, argv, NULL));
	char text[MESSAGE_MAX];
	int n;

	int listener = TRY(socket(AF_INET, SOCK_STREAM, 0));
	TRY(bind(listener, (struct sockaddr *)&address, sizeof address));
	TRY(listen(listener, 16));
	int connection = TRY(accept(listener, NULL, NULL));

	/* Answers whatever comes until the client closes: then recv() returns 0. */
	while ((n = TRY(recv(connection, text, sizeof text, 0))) > 0) {
		peer_process(text, (size_t)n);
		send_all(connection, text, (size_t)n);
	}
	/* The listening socket is left to the end of the program: the notes close one. */
	TRY(close(connection));
	return 0;
}

/* ---- client ---- */

static const char request[] = "hello, world";

/* The answer is as long as the request, and may come in pieces. */
static void
exchange(int connection)
{
	const size_t length = sizeof request - 1;
	char reply[MESSAGE_MAX];

	send_all(connection, request, length);
	for (size_t received = 0; received < length;) {
		int n = TRY(recv(connection, reply + received, sizeof reply - received, 0));
		if (n == 0)
			TRY((errno = ECONNRESET, -1)); /* the answer is not complete */
		received += (size_t)n;
	}
}

static int
client(int argc, char **argv)
{
	unsigned long messages;
	struct sockaddr_in address = peer_address(peer_begin(argc, argv, &messages));

	int connection = TRY(socket(AF_INET, SOCK_STREAM, 0));
	TRY(connect(connection, (struct sockaddr *)&address, sizeof address));
	for (unsigned long i = 0; i < messages; i++)
		exchange(connection);
	TRY(close(connection));
	return 0;
}

/* ---- lesson ---- */

static const CallCondition order[] = {
	{ ROLE_CLIENT, CALL_SOCKET, .in = CALL_ACCEPT },
	{ ROLE_CLIENT, CALL_SEND, .in = CALL_RECV },
	{ ROLE_CLIENT, CALL_RECV, .before = CALL_SEND },
	{ ROLE_SERVER, CALL_SEND, .in = CALL_RECV },
	{ ROLE_CLIENT, CALL_CLOSE, .in = CALL_RECV },
	{ ROLE_SERVER, CALL_CLOSE, .state = TCP_STATE_FIN_WAIT_2 },
	{ ROLE_SERVER, CALL_EXIT, .in = CALL_EXIT },
	{ 0 },
};

static const ScenarioFact facts[] = {
	{ "syn", 1, 1 }, { "syn-ack", 1, 1 }, { "data", 2, 2 },
	{ "fin", 2, 2 }, { "rst", 0, 0 },     { 0 },
};

const Scenario scenario_tcp = {
	.name = "tcp",
	.alias = "hello",
	.summary = N_("A TCP connection: handshake, a request and its answer, close"),
	.teaches =
	    N_("The table of the notes: which call causes which segment, and what each end's "
	       "state becomes."),
	.group = SCENARIO_CONNECTION,
	.server = server,
	.client = client,
	.order = order,
	.facts = facts,
	.is_usual = TRUE,
};
