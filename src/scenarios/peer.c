/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "peer.h"

/* A decimal number from 1 to `most`; 0 where `text` is anything else. */
static unsigned long
parse_number(const char *text, unsigned long most)
{
	char *end;

	errno = 0;
	unsigned long number = strtoul(text, &end, 10);
	if (errno || end == text || *end != '\0' || !isdigit((unsigned char)*text) || number > most)
		return 0;
	return number;
}

int
peer_arguments(int argc, char **argv, uint16_t *port, unsigned long *messages)
{
	*port = argc > 1 ? (uint16_t)parse_number(argv[1], UINT16_MAX) : 0;
	*messages = argc > 2 ? parse_number(argv[2], 1000000000) : 1;
	if (argc <= 3 && *port > 0 && *messages > 0)
		return 0;
	fprintf(stderr, "usage: %s PORT [MESSAGES]   (a port from 1 to 65535; messages from 1)\n",
		argc > 0 ? argv[0] : "peer");
	return -1;
}

void
peer_process(char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		text[i] = (char)toupper((unsigned char)text[i]);
}

int
peer_failed(const char *peer, const char *call)
{
	fprintf(stderr, "%s: %s: %s\n", peer, call, strerror(errno));
	return 1;
}
