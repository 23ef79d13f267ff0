/* SPDX-License-Identifier: MIT */
/* peers.h - the demo's client and server: the two tables of the lecture notes, call for call, as
 * plain socket programs that know nothing of being watched. They use libc only. */
#pragma once

/* Each is a main(): argv[0] its name, argv[1] the port, argv[2] how many
 * messages to exchange (default 1; of TCP, over one connection). They print
 * what went wrong on stderr and return 0 or 1. */
int tcp_server_main(int argc, char **argv);
int tcp_client_main(int argc, char **argv);
int udp_server_main(int argc, char **argv);
int udp_client_main(int argc, char **argv);

/* A scenario is data: which peers, which port, what it shows. */
typedef struct {
	const char *name;    /* "tcp" */
	const char *summary; /* English msgid, one line */
	const char *capture; /* the saved capture's file name, "tcp.pcapng" */
	int (*server)(int argc, char **argv);
	int (*client)(int argc, char **argv);
	unsigned port;
	unsigned client_port;              /* that the kernel gives it, in the private network */
	const struct CallCondition *order; /* when each call begins: the ladder's order */
} Scenario;

/* The table, the usual one first, ended by an entry whose name is NULL. */
extern const Scenario scenarios[];

/* NULL where there is none of that name. */
const Scenario *scenario_find(const char *name);
