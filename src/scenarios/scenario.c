/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "pktladder/i18n.h"
#include "pktladder/peers.h"
#include "pktladder/tcp_state.h"
#include "pktladder/tracer.h"

/* The tables of the lecture notes, row by row, and what the kernel says where each call begins. */

static const CallCondition tcp_order[] = {
	{ ROLE_CLIENT, CALL_SOCKET, .in = CALL_ACCEPT },
	{ ROLE_CLIENT, CALL_SEND, .in = CALL_RECV },
	{ ROLE_CLIENT, CALL_RECV, .before = CALL_SEND },
	{ ROLE_SERVER, CALL_SEND, .in = CALL_RECV },
	{ ROLE_CLIENT, CALL_CLOSE, .in = CALL_RECV },
	{ ROLE_SERVER, CALL_CLOSE, .state = TCP_STATE_FIN_WAIT_2 },
	{ ROLE_SERVER, CALL_EXIT, .in = CALL_EXIT },
	{ 0 },
};

static const CallCondition udp_order[] = {
	{ ROLE_SERVER, CALL_RECVFROM, .before = CALL_SENDTO },
	{ ROLE_CLIENT, CALL_SOCKET, .in = CALL_RECVFROM },
	{ ROLE_CLIENT, CALL_SENDTO, .in = CALL_RECVFROM },
	{ ROLE_SERVER, CALL_PROCESS, .before = CALL_RECVFROM, .after = CALL_RECVFROM },
	{ ROLE_CLIENT, CALL_RECVFROM, .before = CALL_SENDTO },
	{ ROLE_SERVER, CALL_SENDTO, .in = CALL_RECVFROM },
	{ ROLE_CLIENT, CALL_EXIT, .before = CALL_EXIT },
	{ ROLE_SERVER, CALL_EXIT, .in = CALL_EXIT },
	{ 0 },
};

const Scenario scenarios[] = {
	{ "tcp", N_("A TCP connection: handshake, a request and its answer, close"), "tcp.pcapng",
	  tcp_server_main, tcp_client_main, 5000, 40000, tcp_order },
	{ "udp", N_("UDP: a request and its answer as two datagrams, without a connection"),
	  "udp.pcapng", udp_server_main, udp_client_main, 5000, 40000, udp_order },
	{ NULL },
};

const Scenario *
scenario_find(const char *name)
{
	for (const Scenario *scenario = scenarios; scenario->name; scenario++) {
		if (strcmp(scenario->name, name) == 0)
			return scenario;
	}
	return NULL;
}
