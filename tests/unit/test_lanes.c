/* SPDX-License-Identifier: MIT */
/* The lanes of a set of conversations, and the bars on them. */
#include "pktladder/ladder.h"
#include "../packets.h"

#define ALL_OF(set_) ((Selection){ .conversation = CONVERSATION_NONE, .set = (set_) })

static ConversationSet *
set_of(const Trace *trace)
{
	g_autoptr(GArray) indices = g_array_new(FALSE, FALSE, sizeof(guint32));

	for (guint32 i = 0; i < flow_table_length(trace_flows(trace)); i++)
		g_array_append_val(indices, i);
	return conversation_set_new((guint32 *)indices->data, indices->len);
}

/* Of all conversations, each marked. */
static Ladder *
ladder_of_all(const Trace *trace)
{
	ConversationSet *set = set_of(trace);
	Ladder *ladder = ladder_new(trace, ALL_OF(set));

	conversation_set_unref(set);
	ladder_update(ladder);
	return ladder;
}

static void
expect_heads(const Ladder *ladder, const char *const *heads)
{
	guint n = 0;

	for (; heads[n]; n++) {
		g_autofree char *head = NULL;

		g_assert_cmpuint(n, <, ladder_n_lanes(ladder));
		head = ladder_lane_head(ladder, EVENT_NONE, n);
		g_assert_cmpstr(head, ==, heads[n]);
		g_assert_cmpint(ladder_lane_is_server(ladder, n), ==,
				g_str_has_prefix(head, "Server"));
	}
	g_assert_cmpuint(ladder_n_lanes(ladder), ==, n);
}

static void
expect_row(const Ladder *ladder, guint32 index, Side from, guint32 client, guint32 server)
{
	LadderRow row = ladder_row(ladder, index);

	g_assert_cmpint(row.kind, ==, ROW_ARROW);
	g_assert_cmpint(row.from, ==, from);
	g_assert_cmpuint(row.lane[SIDE_CLIENT], ==, client);
	g_assert_cmpuint(row.lane[SIDE_SERVER], ==, server);
	g_assert_cmpint(row.to_right, ==, row.lane[from] < row.lane[!from]);
}

/* Clients in order of appearance, then servers; who is both is a server. */
static void
test_order(void)
{
	static const char *const heads[] = { "Client 127.0.0.1:4000", "Client 127.0.0.1:4002",
					     "Server 127.0.0.1:80",   "Server 127.0.0.1:4001",
					     "Server 127.0.0.1:81",   NULL };
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(Ladder) ladder = NULL;

	add_packet(trace, 0, "4000 > 80 S 1");
	add_packet(trace, 10, "4001 > 80 S 1");
	add_packet(trace, 20, "4002 > 81 S 1");
	add_packet(trace, 30, "4000 > 4001 S 1");
	add_packet(trace, 40, "80 > 4001 S. 1 ack 2");
	ladder = ladder_of_all(trace);
	expect_heads(ladder, heads);
	expect_row(ladder, 0, SIDE_CLIENT, 0, 2);
	expect_row(ladder, 1, SIDE_CLIENT, 3, 2); /* from right to left */
	expect_row(ladder, 2, SIDE_CLIENT, 1, 4);
	expect_row(ladder, 3, SIDE_CLIENT, 0, 3);
	expect_row(ladder, 4, SIDE_SERVER, 3, 2);
}

/* Both transports of an endpoint share its lane; what talks to itself has two. */
static void
test_shared(void)
{
	static const char *const heads[] = { "Client 127.0.0.1:4000", "Client 127.0.0.1:7",
					     "Server 127.0.0.1:53", "Server 127.0.0.1:7", NULL };
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(Ladder) ladder = NULL;
	Made made;
	Packet packet;

	add_packet(trace, 0, "4000 > 53 S 1");
	packet = packet_said(&made, 10, "4000 > 53 udp len 5");
	trace_add_packet(trace, &packet, 0);
	packet = packet_said(&made, 20, "7 > 7 udp len 5");
	trace_add_packet(trace, &packet, 0);
	ladder = ladder_of_all(trace);
	g_assert_cmpuint(flow_table_length(trace_flows(trace)), ==, 3);
	for (guint i = 0; i < 2; i++) /* a datagram tells nobody's role */
		expect_row(ladder, i, SIDE_CLIENT, 0, 2);
	expect_row(ladder, 2, SIDE_CLIENT, 1, 3);
	expect_heads(ladder, heads);
}

/* Two endpoints have two lanes, whoever asks; drops and notes go across. */
static void
test_two(void)
{
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(Ladder) ladder = NULL;
	LadderRow note;

	add_packet(trace, 0, "4000 > 80 S 1");
	add_packet(trace, 10, "80 > 4000 R. 0 ack 2");
	trace_add_drops(trace, 20000, 3);
	add_packet(trace, 5000000, "80 > 4000 S 900000"); /* ports reused, roles too */
	ladder = ladder_of_all(trace);
	g_assert_cmpuint(ladder_n_lanes(ladder), ==, 2);
	expect_row(ladder, 0, SIDE_CLIENT, 0, 1);
	expect_row(ladder, 1, SIDE_SERVER, 0, 1);
	note = ladder_row(ladder, 2);
	g_assert_cmpint(note.kind, ==, ROW_NOTE);
	g_assert_true(note.lane[0] == 0 && note.lane[1] == 1);
}

enum { LISTENER = 77, ACCEPTED = 99 };

/* A server of two clients: its accept() blocks, then recv() on the first one's socket
 * while the second one is at work. */
static void
tell_server(Trace *trace)
{
	CallRecord accept = call_entry(1, 10, ROLE_SERVER, CALL_ACCEPT, 3, LISTENER);
	CallRecord recv = call_entry(2, 2100, ROLE_SERVER, CALL_RECV, 4, ACCEPTED);
	CallRecord other = call_entry(3, 2200, ROLE_SERVER, CALL_RECV, 5, 100);

	accept.local = loopback(80);
	trace_add_call(trace, &accept);
	add_packet(trace, 2000, "4000 > 80 S 1");
	accept.accepted = ACCEPTED;
	accept.peer = loopback(4000);
	add_return(trace, &accept, 2050, 4);
	recv.local = other.local = loopback(80);
	recv.peer = loopback(4000);
	other.local = loopback(81);
	other.peer = loopback(4001);
	trace_add_call(trace, &recv);
	add_packet(trace, 2150, "4001 > 81 S 1");
	trace_add_call(trace, &other);
	add_packet(trace, 2250, "4001 > 81 P. 2 ack 1 len 5");
	add_return(trace, &other, 2260, 5);
	add_packet(trace, 4000, "4000 > 80 P. 2 ack 1 len 7");
	add_return(trace, &recv, 4010, 7);
}

/* "2:4 3:1": the bars of a row, by lane and part. */
static char *
bars_text(const Ladder *ladder, guint32 index)
{
	LadderRow row = ladder_row(ladder, index);
	g_autoptr(GArray) bars = ladder_bars(ladder, index, &row, 0, ladder_n_lanes(ladder));
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < bars->len; i++) {
		LadderBar bar = g_array_index(bars, LadderBar, i);

		g_string_append_printf(text, "%s%u:%d", i > 0 ? " " : "", bar.lane, bar.part);
	}
	return g_string_free(text, FALSE);
}

/* "2:0-1 3:4-": all bars, by first row. */
static char *
spans_text(const Ladder *ladder)
{
	g_autoptr(GArray) spans = ladder_spans(ladder);
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < spans->len; i++) {
		LadderSpan span = g_array_index(spans, LadderSpan, i);

		g_string_append_printf(text, "%s%u:%u-", i > 0 ? " " : "", span.lane, span.first);
		if (span.last != EVENT_NONE)
			g_string_append_printf(text, "%u", span.last);
	}
	return g_string_free(text, FALSE);
}

/* Each bar is on its lane in every row it passes, whoever the row is about. */
static void
test_bars(void)
{
	g_autofree char *spans = NULL;
	static const char *const heads[] = { "Client 127.0.0.1:4000", "Client 127.0.0.1:4001",
					     "Server 127.0.0.1:80", "Server 127.0.0.1:81", NULL };
	static const char *const bars[] = {
		"2:1",     /* accept() */
		"2:2",     /* SYN, accept = 4 */
		"2:1",     /* recv() */
		"2:4",     /* SYN of the other */
		"2:4 3:1", /* its recv() */
		"2:4 3:2", /* data, recv = 5 */
		"2:2",     /* data, recv = 7 */
	};
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(Ladder) ladder = NULL;

	tell_server(trace);
	ladder = ladder_of_all(trace);
	expect_heads(ladder, heads);
	g_assert_cmpuint(ladder_length(ladder), ==, G_N_ELEMENTS(bars));
	for (guint i = 0; i < G_N_ELEMENTS(bars); i++) {
		g_autofree char *text = bars_text(ladder, i);

		g_assert_cmpstr(text, ==, bars[i]);
	}
	spans = spans_text(ladder);
	g_assert_cmpstr(spans, ==, "2:0-1 2:2-6 3:4-5");
	g_assert_cmpuint(ladder_row(ladder, 2).lane[SIDE_SERVER], ==, 2);
	g_assert_cmpuint(ladder_row(ladder, 4).lane[SIDE_SERVER], ==, 3);
	g_assert_cmpint(ladder_row(ladder, 4).cell[SIDE_SERVER].bar, ==, LADDER_BAR_START);
	g_assert_cmpint(ladder_row(ladder, 3).cell[SIDE_SERVER].bar, ==, LADDER_BAR_NONE);
}

/* A call joins the segment that it causes only where that leaves the same lane. */
static void
test_cause(void)
{
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(Ladder) ladder = NULL;
	CallRecord send = call_entry(1, 100, ROLE_CLIENT, CALL_SEND, 3, 88);

	add_packet(trace, 0, "4000 > 80 S 1");
	add_packet(trace, 10, "4001 > 80 S 1");
	send.local = loopback(4000);
	send.peer = loopback(80);
	trace_add_call(trace, &send);
	add_packet(trace, 110, "4001 > 80 P. 2 ack 1 len 5");
	add_packet(trace, 120, "4000 > 80 P. 2 ack 1 len 5");
	ladder = ladder_of_all(trace);
	g_assert_cmpuint(ladder_length(ladder), ==, 5);
	g_assert_cmpint(ladder_row(ladder, 2).kind, ==, ROW_CALLS);
	g_assert_cmpuint(ladder_row(ladder, 2).lane[SIDE_CLIENT], ==, 0);
	expect_row(ladder, 3, SIDE_CLIENT, 1, 2);
}

/* Many bars over many rows: looked up as if all were looked at. */
static void
test_many_bars(void)
{
	enum { CALLS = 60, ROWS = 400 };
	struct {
		guint lane, first, last;
	} model[ROWS + CALLS];
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(Ladder) ladder = NULL;
	CallRecord open[CALLS];
	guint n_model = 0, row = 0, last = 0, of[CALLS];

	for (guint i = 0; i < CALLS; i++, row++)
		add_packet(trace, i, "4000 > %u S 1", 100 + i);
	for (guint i = 0; i < ROWS; i++, row++) {
		guint which = g_test_rand_int_range(0, CALLS);
		gint64 now_us = 10000 + i * 2000;

		if (i < CALLS) {
			which = i;
		} else {
			/* A call that returns right after it began stands on one row. */
			which = which == last ? (which + 1) % CALLS : which;
			add_return(trace, &open[which], now_us, 5);
			model[of[which]].last = row++;
		}
		open[which] =
		    call_entry(1 + i, now_us + 1000, ROLE_SERVER, CALL_RECV, which, 1000 + which);
		open[which].local = loopback(100 + which);
		open[which].peer = loopback(4000);
		trace_add_call(trace, &open[which]);
		last = which;
		of[which] = n_model;
		model[n_model].lane = 1 + which;
		model[n_model].first = row;
		model[n_model++].last = G_MAXUINT;
	}
	ladder = ladder_of_all(trace);
	g_assert_cmpuint(ladder_length(ladder), ==, row);
	for (guint at = 0; at < row; at++) {
		LadderRow whole = ladder_row(ladder, at);
		g_autoptr(GArray) bars = ladder_bars(ladder, at, &whole, 0, ladder_n_lanes(ladder));
		guint n = 0;

		for (guint lane = 1; lane <= CALLS; lane++) {
			guint part = 0;

			for (guint i = 0; i < n_model; i++) {
				if (model[i].lane != lane || at < model[i].first ||
				    at > model[i].last)
					continue;
				part |= at == model[i].last   ? LADDER_BAR_END
					: at > model[i].first ? LADDER_BAR_THROUGH
					: at + 1 < row        ? LADDER_BAR_START
							      : LADDER_BAR_NONE;
			}
			if (part == 0)
				continue;
			g_assert_cmpuint(n, <, bars->len);
			g_assert_cmpuint(g_array_index(bars, LadderBar, n).lane, ==, lane);
			g_assert_cmpuint(g_array_index(bars, LadderBar, n++).part, ==, part);
		}
		g_assert_cmpuint(bars->len, ==, n);
	}
}

/* Ten thousand marked ones. */
static void
test_thousands(void)
{
	enum { N = 10000 };
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(Ladder) ladder = NULL;

	for (guint i = 0; i < N; i++)
		add_packet(trace, i, "%u > %u S 1", 10000 + i, 1 + i % 3);
	ladder = ladder_of_all(trace);
	g_assert_cmpuint(ladder_n_lanes(ladder), ==, N + 3);
	for (guint i = 0; i < N; i++)
		expect_row(ladder, i, SIDE_CLIENT, i, N + i % 3);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/lanes/order", test_order);
	g_test_add_func("/lanes/shared", test_shared);
	g_test_add_func("/lanes/two", test_two);
	g_test_add_func("/lanes/bars", test_bars);
	g_test_add_func("/lanes/cause", test_cause);
	g_test_add_func("/lanes/many-bars", test_many_bars);
	g_test_add_func("/lanes/thousands", test_thousands);
	return g_test_run();
}
