/* SPDX-License-Identifier: MIT */
/* What a reader has to be told: when no more can be kept, and of strange clocks. */
#include "../packets.h"

#include "pktladder/bounds.h"

enum { S = 5000 };

/* A SYN of a conversation that was not seen before. */
static void
begin(Trace *trace, guint16 client)
{
	add_packet(trace, client, "%u > %u S 100", client, S);
}

/* One fewer than the bound, as many, one more: only then it is full. */
static void
test_conversations(void)
{
	g_autoptr(Trace) trace = trace_new();
	Bounds bounds = { .most_conversations = 3 };

	for (guint i = 1; i <= 3; i++) {
		begin(trace, 10000 + i);
		add_packet(trace, 20000, "%u > %u . 101 ack 1", 10000 + i, S);
		g_assert_cmpuint(flow_table_length(trace_flows(trace)), ==, i);
		g_assert_null(bounds_full(&bounds, trace, G_MAXUINT64));
	}
	begin(trace, 10004);
	g_autofree char *why = bounds_full(&bounds, trace, G_MAXUINT64);
	g_assert_cmpstr(why, ==,
			"Reading stopped after 4 conversations, as many as can be told apart. What "
			"was read is kept; a capture filter or -c reads a part.");
	g_assert_cmpuint(trace_n_packets(trace), ==, 7);
}

static void
test_events(void)
{
	g_autoptr(Trace) trace = trace_new();
	Bounds bounds = { .most_events = 5 };

	for (guint i = 0; i < 5; i++) {
		begin(trace, 10001);
		g_assert_null(bounds_full(&bounds, trace, G_MAXUINT64));
	}
	begin(trace, 10001);
	g_autofree char *why = bounds_full(&bounds, trace, G_MAXUINT64);
	g_assert_true(g_str_has_prefix(why, "Reading stopped after 6 packets, as many as can be "
					    "counted."));
}

/* By itself the bound lies below the last index: what comes between two looks has one, too. */
static void
test_default(void)
{
	g_autoptr(Trace) trace = trace_new();
	Bounds bounds = { 0 };

	for (guint i = 0; i < 5000; i++)
		begin(trace, 10000 + i);
	g_assert_cmpuint(flow_table_length(trace_flows(trace)), ==, 5000);
	g_assert_null(bounds_full(&bounds, trace, G_MAXUINT64));
}

/* So much memory is any file's, and so much more for each of its bytes. */
static void
test_worth(void)
{
	g_autoptr(Trace) trace = trace_new();
	Packet empty = { .link_type = 1 };
	Bounds bounds = { 0 };
	guint32 n = BOUNDS_MEMORY / sizeof(Event);

	while (trace_length(trace) < n)
		trace_add_packet(trace, &empty, 0);
	g_assert_null(bounds_full(&bounds, trace, 0));
	for (guint i = 0; i < 1000; i++)
		trace_add_packet(trace, &empty, 0);
	g_autofree char *why = bounds_full(&bounds, trace, 100);
	g_assert_true(g_str_has_prefix(why,
				       "Reading stopped after 7457540 packets: a file that holds "
				       "so many in so few bytes may be made to fill memory."));
	g_assert_null(bounds_full(&bounds, trace, 1000 * sizeof(Event) / BOUNDS_MEMORY_A_BYTE + 1));
	g_assert_null(bounds_full(&bounds, trace, G_MAXUINT64));
}

static void
test_times(void)
{
	Bounds bounds = { 0 };
	gint64 second = 1000000000;

	bounds_add_time(&bounds, 10 * second);
	bounds_add_time(&bounds, 11 * second);
	g_assert_null(bounds_time_text(&bounds));
	bounds_add_time(&bounds, 9 * second);
	g_autofree char *text = bounds_time_text(&bounds);
	g_assert_cmpstr(
	    text, ==,
	    "The time stamps go backwards at 1 packet, frame 3, by 2.000000 s. Rows keep "
	    "the order of the capture.");
	bounds_add_time(&bounds, 4294967295 * second);
	g_autofree char *both = bounds_time_text(&bounds);
	g_assert_nonnull(strstr(both, "frame 4, lies in the future (2106-02-07)"));
}

/* A time of 0 is none, but where all begin there. */
static void
test_no_time(void)
{
	Bounds bounds = { 0 }, from_zero = { 0 };
	gint64 second = 1000000000;

	bounds_add_time(&from_zero, 0);
	bounds_add_time(&from_zero, second);
	g_assert_null(bounds_time_text(&from_zero));
	bounds_add_time(&bounds, 0);
	bounds_add_time(&bounds, 1700000000 * second);
	bounds_add_time(&bounds, 0);
	bounds_add_time(&bounds, 1700000001 * second);
	g_autofree char *text = bounds_time_text(&bounds);
	g_assert_cmpstr(text, ==,
			"The time stamps of 2 packets, first of frame 1, are 0: they have no time. "
			"Times count from the first one on.");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/bounds/conversations", test_conversations);
	g_test_add_func("/bounds/events", test_events);
	g_test_add_func("/bounds/default", test_default);
	g_test_add_func("/bounds/worth", test_worth);
	g_test_add_func("/bounds/times", test_times);
	g_test_add_func("/bounds/no-time", test_no_time);
	return g_test_run();
}
