/* SPDX-License-Identifier: MIT */
/* peer.h - what the four peers share besides sockets: their command line. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* The largest message: one UDP datagram or one TCP request fits. */
#define PEER_MESSAGE_MAX 512

/* Reads "PORT [MESSAGES]". Where they make no sense it says so on stderr and returns -1, else 0. */
int peer_arguments(int argc, char **argv, uint16_t *port, unsigned long *messages);

/* The server's work on a request: it answers in capital letters. */
void peer_process(char *text, size_t length);

/* perror() with the peer's name before the call's: "tcp-client: connect: ...".
 * Returns 1, for `return peer_failed(...)` in main. */
int peer_failed(const char *peer, const char *call);
