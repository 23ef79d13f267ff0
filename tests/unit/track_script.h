/* SPDX-License-Identifier: MIT */
/* track_script.h - conversations as tables, for the tests of flow and track.
 *
 * A step is one segment in tcpdump's notation and what is expected of it:
 *
 *	{ 300, "< S. 5000 ack 1001 win 65160 wscale 7", "acks=1 rtt=300 complete=1" }
 *
 * time in microseconds; > is sent by 10.0.0.1:40000, < by 10.0.0.2:80,
 * @ by the first to itself; flags as
 * tcpdump writes them ("none" for none); the raw sequence number; then "ack N",
 * "win N" (raw; 1000 where it is left out), "len N" ("len ?": a first fragment), "wscale N",
 * "sack LEFT-RIGHT,...", "tsval N", "id N" (of IP).
 *
 * Expected: names of verdicts, which must be exactly those of the segment; the same behind ~, which
 * must be exactly what is true of it, where there is one ("~" alone: nothing);
 * STATE/STATE (client's, server's) and key=value, each checked where given.
 */
#pragma once

#include "pktladder/flow.h"

typedef struct {
	gint64 at_us;
	const char *segment;
	const char *expect;
	const char
	    *expect_4_4; /* NULL: the same by the verdicts of tshark 4.4 as by those of 4.0 */
} Step;

#define SCRIPT_CLIENT_PORT 40000
#define SCRIPT_SERVER_PORT 80

Endpoint script_endpoint(guint8 host, guint16 port);

/* Facts of one line of the notation. */
void script_facts(const char *segment, Facts *facts);

/* Plays them as frames 1, 2, ... of a table and checks each. */
void script_check(FlowTable *table, VerdictVersion version, const Step *steps, gsize n_steps);

/* The same with a new table for each version. */
void script_run(const Step *steps, gsize n_steps);

#define SCRIPT_RUN(steps) script_run(steps, G_N_ELEMENTS(steps))
