#include <string.h>

#include "pktladder/i18n.h"
#include "pktladder/peers.h"

const Scenario scenarios[] = {
	{
	    .name = "tcp",
	    .summary = N_("A TCP connection: handshake, a request and its answer, close"),
	    .capture = "tcp.pcapng",
	    .server = tcp_server_main,
	    .client = tcp_client_main,
	    .port = 5000,
	},
	{
	    .name = "udp",
	    .summary = N_("UDP: a request and its answer as two datagrams, without a connection"),
	    .capture = "udp.pcapng",
	    .server = udp_server_main,
	    .client = udp_client_main,
	    .port = 5000,
	},
	{ .name = NULL },
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
