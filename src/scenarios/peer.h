/* SPDX-License-Identifier: MIT */
/* peer.h - what the scenarios' clients and servers share besides sockets. They use libc only. */
#pragma once

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pktladder/i18n.h"
#include "pktladder/scenario.h"
#include "pktladder/tcp_state.h"

/* The largest message: one UDP datagram or one TCP request fits. */
#define MESSAGE_MAX 512

/* The result of a call that must not fail: where it does, the program says so and ends; and that of
 * one that may. Both keep the line (scenario_line), so that it can be shown beside the ladder. */
#define TRY(call) peer_try(MAY(call), #call)
#define MAY(call) (scenario_line = __LINE__, (call))
int peer_try(long result, const char *call);

/* Reads "PORT [MESSAGES]": the port. Where they make no sense the program says so and ends. Where
 * the other side is gone, send() shall return EPIPE rather than end the program by a signal. */
uint16_t peer_begin(int argc, char **argv, unsigned long *messages);

/* That port of this computer. */
struct sockaddr_in peer_address(uint16_t port);

/* The server's work on a request: it answers in capital letters. */
void peer_process(char *text, size_t length);
