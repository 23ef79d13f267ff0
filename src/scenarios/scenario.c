/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "pktladder/i18n.h"
#include "pktladder/peers.h"

const Scenario scenarios[] = {
	{ "tcp", N_("A TCP connection: handshake, a request and its answer, close"), "tcp.pcapng",
	  tcp_server_main, tcp_client_main, 5000 },
	{ "udp", N_("UDP: a request and its answer as two datagrams, without a connection"),
	  "udp.pcapng", udp_server_main, udp_client_main, 5000 },
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
