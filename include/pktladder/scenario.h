/* SPDX-License-Identifier: MIT */
/* scenario.h - what `demo` can show: a client and a server, plain socket programs that know nothing
 * of being watched, and what makes a lesson of them. Each is one file of src/scenarios, and nothing
 * else names it; docs/SCENARIOS.md shows how to add one. */
#pragma once

#include "pktladder/tracer.h"

/* As they are listed. */
typedef enum {
	SCENARIO_CONNECTION,
	SCENARIO_STREAM,
	SCENARIO_FLOW_CONTROL,
	SCENARIO_ERRORS,
	SCENARIO_CLOSING,
	SCENARIO_DATAGRAMS,
	N_SCENARIO_GROUPS
} ScenarioGroup;

/* How many rows of the ladder pass a display filter; `most` 0: as many as there are. */
typedef struct {
	const char *filter; /* NULL ends them */
	unsigned least, most;
} ScenarioFact;

typedef struct Scenario {
	const char *name;    /* "tcp" */
	const char *alias;   /* another name; NULL none */
	const char *summary; /* msgid, one line: what happens */
	const char *teaches; /* msgid: what one learns from it */
	ScenarioGroup group;
	/* Each is a main(): argv[0] its name, argv[1] the port, argv[2] how many messages to
	 * exchange, of which most take no notice. They print what went wrong on stderr and
	 * return 0 or 1. */
	int (*server)(int argc, char **argv);
	int (*client)(int argc, char **argv);
	const CallCondition *order; /* what calls wait for besides: the ladder's order; NULL: none
				       waits for anything */
	guint client_ports;         /* how many its client needs at a time; 0: one */
	gboolean in_flight;         /* calls begin though not all that was sent is acknowledged */
	const ScenarioFact *facts;  /* what its ladder must show, held by the tests */
	gboolean is_usual;          /* the one that is run where none is named */
	gboolean own_pace;          /* it is about times: its calls are never held */
	gboolean varies;            /* the same facts at each run, but not the same ladder */
} Scenario;

/* The port of the server, and the first one that the client gets from the kernel in the private
 * network. */
#define SCENARIO_PORT        5000
#define SCENARIO_CLIENT_PORT 40000

/* In its client and its server: the line of its file that it has come to. */
extern int scenario_line;

/* All of them by name, ended by NULL. */
extern const Scenario *const scenarios[];

/* "Connection", ...; msgids. */
extern const char *const scenario_groups[N_SCENARIO_GROUPS];

/* The one of that name; NULL where there is none. `name` NULL: the usual one. */
const Scenario *scenario_find(const char *name);

/* Its server's and client's source, as it is shown in class: `length` bytes, of which the first
 * line is line `first` of its file. */
const char *scenario_source(const Scenario *scenario, gsize *length, guint *first);

/* The file name of its saved capture, "tcp.pcapng"; the caller frees. */
static inline char *
scenario_capture(const Scenario *scenario)
{
	return g_strconcat(scenario->name, ".pcapng", NULL);
}
