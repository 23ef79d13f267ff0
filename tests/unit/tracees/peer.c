/* SPDX-License-Identifier: MIT */
/* The demo's peers as programs: peer tcp-server|tcp-client|udp-server|udp-client PORT [MESSAGES] */
#include <stdio.h>
#include <string.h>

#include "pktladder/peers.h"

static const struct {
	const char *name;
	int (*main)(int argc, char **argv);
} peers[] = {
	{ "tcp-server", tcp_server_main },
	{ "tcp-client", tcp_client_main },
	{ "udp-server", udp_server_main },
	{ "udp-client", udp_client_main },
};

int
main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(peers) / sizeof(*peers); i++) {
		if (strcmp(argv[1], peers[i].name) == 0)
			return peers[i].main(argc - 1, argv + 1);
	}
	fprintf(stderr, "usage: peer PEER PORT [MESSAGES]\n");
	return 2;
}
