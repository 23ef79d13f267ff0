/* SPDX-License-Identifier: MIT */
/* test_transit.c - packets found again in the peer capture.
 *
 * The client is at this end where nothing else is said. Times in ms.
 */
#include <string.h>

#include "pktladder/transit.h"
#include "pktladder/decode.h"

#define MS G_GINT64_CONSTANT(1000000)

typedef struct {
	gint64 here_ms, there_ms; /* -1: it is not in that capture */
	Side from;
	guint32 ip_id;
	TransitWay way; /* expected */
	gint64 took_ms; /* likewise */
} Case;

static Facts
facts_make(const Case *packet)
{
	static const guint8 addresses[2][4] = { { 10, 0, 0, 1 }, { 10, 0, 0, 2 } };
	Facts facts = { .transport = TRANSPORT_TCP, .has_transport_header = TRUE };

	facts.source = endpoint_make(4, addresses[packet->from], 1000 + packet->from);
	facts.destination = endpoint_make(4, addresses[!packet->from], 1000 + !packet->from);
	facts.ip_id = packet->ip_id;
	return facts;
}

static Transits *
transits_tell(const Case *packets, guint n, gint64 clock_ms)
{
	Transits *transits = transits_new();

	for (guint i = 0; i < n; i++) {
		Facts facts = facts_make(&packets[i]);
		Packet here = { .time_ns = packets[i].here_ms * MS };
		Packet there = { .time_ns = (packets[i].there_ms + clock_ms) * MS };

		if (packets[i].here_ms >= 0)
			transits_add_here(transits, i, 0, packets[i].from, &here, &facts);
		if (packets[i].there_ms >= 0)
			transits_add_there(transits, &there, &facts);
	}
	return transits;
}

/* What is told is found, whatever the difference of the clocks is, up to the half of what
 * one way may be longer than the other one: here both are alike. */
static void
assert_found(const Case *packets, guint n, guint only_there, gint64 clock_ms)
{
	g_autoptr(Transits) transits = transits_tell(packets, n, clock_ms);

	g_assert_null(transits_match(transits));
	g_assert_cmpuint(transits_only_there(transits), ==, only_there);
	g_assert_cmpint(transits_clock_ns(transits), ==, clock_ms * MS);
	for (guint i = 0; i < n; i++) {
		Transit transit = transits_get(transits, i);
		gint64 took = transit.way == TRANSIT_LEAVES
				  ? transit.other_ns - packets[i].here_ms * MS
				  : packets[i].here_ms * MS - transit.other_ns;

		if (packets[i].here_ms < 0)
			continue;
		g_assert_cmpint(transit.way, ==, packets[i].way);
		if (transit.way == TRANSIT_LEAVES || transit.way == TRANSIT_ARRIVES)
			g_assert_cmpint(took, ==, packets[i].took_ms * MS);
	}
}

#define C SIDE_CLIENT
#define S SIDE_SERVER

static const Case way_of_ten[] = {
	{ 0, 10, C, 1, TRANSIT_LEAVES, 10 },  { 21, 11, S, 2, TRANSIT_ARRIVES, 10 },
	{ 22, 35, C, 3, TRANSIT_LEAVES, 13 }, { 30, -1, C, 4, TRANSIT_LOST, 0 },
	{ -1, 50, S, 5, TRANSIT_UNKNOWN, 0 }, { 90, 70, S, 6, TRANSIT_ARRIVES, 20 },
	{ 91, -1, S, 7, TRANSIT_UNKNOWN, 0 }, /* that capture missed it: it did not come from
						 nowhere */
};

static void
test_found(void)
{
	assert_found(way_of_ten, G_N_ELEMENTS(way_of_ten), 1, 0);
}

static void
test_clocks(void)
{
	assert_found(way_of_ten, G_N_ELEMENTS(way_of_ten), 1, 5000);
	assert_found(way_of_ten, G_N_ELEMENTS(way_of_ten), 1, -86400000);
}

/* Where all fits as it is, the clocks are left alone, though the ways differ. */
static void
test_unlike_ways(void)
{
	static const Case packets[] = {
		{ 0, 30, C, 1, TRANSIT_LEAVES, 30 },
		{ 40, 35, S, 2, TRANSIT_ARRIVES, 5 },
	};

	assert_found(packets, G_N_ELEMENTS(packets), 0, 0);
}

/* This end is the server's. */
static void
test_other_end(void)
{
	static const Case packets[] = {
		{ 10, 0, C, 1, TRANSIT_ARRIVES, 10 },
		{ 11, 21, S, 2, TRANSIT_LEAVES, 10 },
		{ 12, -1, S, 3, TRANSIT_LOST, 0 },
		{ 13, 23, S, 4, TRANSIT_LEAVES, 10 },
	};

	assert_found(packets, G_N_ELEMENTS(packets), 0, 0);
	assert_found(packets, G_N_ELEMENTS(packets), 0, -777);
}

/* Packets that look the same: the one sent last before an arrival is the one that arrived. */
static void
test_alike(void)
{
	static const Case packets[] = {
		{ 0, 10, C, 1, TRANSIT_LEAVES, 10 },    { 20, 10, S, 2, TRANSIT_ARRIVES, 10 },
		{ 100, -1, C, 0, TRANSIT_LOST, 0 },     { 200, 210, C, 0, TRANSIT_LEAVES, 10 },
		{ 300, -1, C, 0, TRANSIT_LOST, 0 },     { 400, 410, C, 0, TRANSIT_LEAVES, 10 },
		{ 500, 510, C, 9, TRANSIT_LEAVES, 10 },
	};

	assert_found(packets, G_N_ELEMENTS(packets), 0, 0);
}

/* After the other capture had ended nothing is lost. */
static void
test_ended(void)
{
	static const Case packets[] = {
		{ 0, 10, C, 1, TRANSIT_LEAVES, 10 },
		{ 20, 10, S, 2, TRANSIT_ARRIVES, 10 },
		{ 30, -1, C, 3, TRANSIT_UNKNOWN, 0 },
	};

	assert_found(packets, G_N_ELEMENTS(packets), 0, 0);
}

/* Where all look the same, nothing tells which end this is. */
static void
test_all_alike(void)
{
	static const Case unique = { 0, 10, C, 1, TRANSIT_LEAVES, 10 };
	g_autoptr(Transits) transits = transits_tell(&unique, 1, 0);

	for (guint i = 0; i < 4; i++) {
		Case datagram = { .from = C, .ip_id = 0 };
		Facts facts = facts_make(&datagram);

		transits_add_here(transits, 10 + i, 1, C,
				  &(Packet){ .time_ns = (gint64)i * 100 * MS }, &facts);
		transits_add_there(transits, &(Packet){ .time_ns = ((gint64)i * 100 - 10) * MS },
				   &facts);
	}
	g_assert_null(transits_match(transits));
	g_assert_cmpint(transits_get(transits, 0).way, ==, TRANSIT_LEAVES);
	for (guint i = 0; i < 4; i++)
		g_assert_cmpint(transits_get(transits, 10 + i).way, ==, TRANSIT_UNKNOWN);
}

static void
test_no_fit(void)
{
	static const Case packets[] = {
		/* each conversation's packets fit, both together do not */
		{ 0, 10, C, 1, TRANSIT_UNKNOWN, 0 },
		{ 21, 11, S, 2, TRANSIT_UNKNOWN, 0 },
	};
	static const Case moved[] = { { 100, 5000, C, 3, TRANSIT_UNKNOWN, 0 },
				      { 121, 5001, S, 4, TRANSIT_UNKNOWN, 0 } };
	g_autoptr(Transits) transits = transits_tell(packets, G_N_ELEMENTS(packets), 0);
	g_autoptr(Transits) none =
	    transits_tell((const Case[]){ { 0, -1, C, 1, TRANSIT_UNKNOWN, 0 },
					  { -1, 9, C, 2, TRANSIT_UNKNOWN, 0 } },
			  2, 0);

	for (guint i = 0; i < G_N_ELEMENTS(moved); i++) {
		Facts facts = facts_make(&moved[i]);

		transits_add_here(transits, 10 + i, 1, moved[i].from,
				  &(Packet){ .time_ns = moved[i].here_ms * MS }, &facts);
		transits_add_there(transits, &(Packet){ .time_ns = moved[i].there_ms * MS },
				   &facts);
	}
	g_assert_nonnull(strstr(transits_match(transits), "do not fit"));
	g_assert_nonnull(strstr(transits_match(none), "no packet is in both"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/transit/found", test_found);
	g_test_add_func("/transit/clocks", test_clocks);
	g_test_add_func("/transit/unlike-ways", test_unlike_ways);
	g_test_add_func("/transit/other-end", test_other_end);
	g_test_add_func("/transit/alike", test_alike);
	g_test_add_func("/transit/ended", test_ended);
	g_test_add_func("/transit/all-alike", test_all_alike);
	g_test_add_func("/transit/no-fit", test_no_fit);
	return g_test_run();
}
