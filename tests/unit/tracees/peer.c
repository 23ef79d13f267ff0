/* SPDX-License-Identifier: MIT */
/* The demo's peers as programs: peer SCENARIO-server|SCENARIO-client PORT [MESSAGES] */
#include <stdio.h>
#include <string.h>

#include "pktladder/scenario.h"

int
main(int argc, char **argv)
{
	for (guint i = 0; argc > 1 && scenarios[i]; i++) {
		gsize length = strlen(scenarios[i]->name);

		if (strncmp(argv[1], scenarios[i]->name, length) != 0)
			continue;
		if (strcmp(argv[1] + length, "-server") == 0)
			return scenarios[i]->server(argc - 1, argv + 1);
		if (strcmp(argv[1] + length, "-client") == 0)
			return scenarios[i]->client(argc - 1, argv + 1);
	}
	fprintf(stderr, "usage: peer PEER PORT [MESSAGES]\n");
	return 2;
}
