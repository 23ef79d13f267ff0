/* SPDX-License-Identifier: MIT */
#include "peer.h"

#include <ctype.h>
#include <signal.h>
#include <stdlib.h>

static const char *peer_name = "peer";
int scenario_line;

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
peer_try(long result, const char *call)
{
	if (result >= 0)
		return (int)result;
	fprintf(stderr, "%s: %.*s: %s\n", peer_name, (int)strcspn(call, "("), call,
		strerror(errno));
	exit(1);
}

uint16_t
peer_begin(int argc, char **argv, unsigned long *messages)
{
	unsigned long port = argc > 1 ? parse_number(argv[1], UINT16_MAX) : 0;
	unsigned long number = argc > 2 ? parse_number(argv[2], 1000000000) : 1;

	peer_name = argc > 0 ? argv[0] : peer_name;
	signal(SIGPIPE, SIG_IGN);
	if (messages)
		*messages = number;
	if (argc <= 3 && port > 0 && number > 0)
		return (uint16_t)port;
	fprintf(stderr, "usage: %s PORT [MESSAGES]   (a port from 1 to 65535; messages from 1)\n",
		peer_name);
	exit(1);
}

struct sockaddr_in
peer_address(uint16_t port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
}

void
peer_process(char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		text[i] = (char)toupper((unsigned char)text[i]);
}
