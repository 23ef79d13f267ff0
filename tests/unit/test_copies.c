/* SPDX-License-Identifier: MIT */
/* Packets that were captured more than once: which are told, by what, and what they change. */
#include "../packets.h"
#include "pktladder/filter.h"
#include "pktladder/ladder.h"

/* Where and how a packet was captured: behind Ethernet addresses that end in `mac`. */
typedef struct {
	gint64 time_us;
	const char *words;
	guint16 interface, id;
	guint8 mac, ttl;
	guint16 checksum; /* of its transport header; 0: as it was made */
} Seen;

typedef struct {
	const char *name;
	Seen seen[9];
	const char *copies; /* frame:original */
} Case;

static void
see(Trace *trace, const Seen *seen)
{
	/* MAC 02:00:00:00:00:02 > 02:00:00:00:00:mac, ethertype IPv4 */
	guint8 bytes[2100] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, seen->mac, 8, 0 };
	guint8 *ip = bytes + 14;
	Made made;
	Packet packet = packet_said(&made, seen->time_us, "%s", seen->words);

	memcpy(ip, packet.data, packet.captured);
	ip[4] = seen->id >> 8;
	ip[5] = seen->id & 0xff;
	ip[8] = seen->ttl ? seen->ttl : 64;
	ip[10] = seen->ttl; /* a router counts the header's checksum anew */
	if (seen->checksum) {
		guint at = ip[9] == 6 ? 36 : 26;

		ip[at] = seen->checksum >> 8;
		ip[at + 1] = seen->checksum & 0xff;
	}
	packet.data = bytes;
	packet.captured = packet.length = packet.captured + 14;
	packet.link_type = 1;
	packet.interface = seen->interface;
	trace_add_packet(trace, &packet, 0);
}

static Trace *
see_all(const Seen *seen)
{
	Trace *trace = trace_new();

	for (; seen->words; seen++)
		see(trace, seen);
	return trace;
}

static char *
copies_of(const Trace *trace)
{
	GString *text = g_string_new(NULL);

	for (guint32 i = 0; i < trace_length(trace); i++) {
		const Event *event = trace_event(trace, i);

		if (event_verdicts(event) & VERDICT_SAME_PACKET)
			g_string_append_printf(text, "%s%u:%u", text->len ? " " : "",
					       trace_frame(trace, i), event->relation);
	}
	return g_string_free(text, FALSE);
}

#define DATA "40000 > 80 P. 1 ack 1 len 20"
#define ACK  "80 > 40000 . 1 ack 21"
#define ASK  "5000 > 53 udp len 30"
#define IF0  .interface = 0
#define IF1  .interface = 1

/* clang-format off */
static const Case cases[] = {
	{ "two interfaces of a bridge, no ids",
	  { { 0, DATA, IF0 }, { 4, DATA, IF1 }, { 20, ACK, IF1 }, { 25, ACK, IF0 } }, "2:1 4:3" },
	{ "both directions of a batch",
	  { { 0, DATA, IF0 }, { 1, ACK, IF0 }, { 2, DATA, IF1 }, { 3, ACK, IF1 } }, "3:1 4:2" },
	{ "a router: other addresses, a lower TTL",
	  { { 0, ASK, .id = 7, .mac = 1 }, { 30, ASK, .id = 7, .mac = 9, .ttl = 63 } }, "2:1" },
	{ "three times",
	  { { 0, ASK, .mac = 1 }, { 2, ASK, .mac = 2 }, { 3, ASK, .mac = 3 } }, "2:1 3:1" },
	/* the checksum of DATA in the pseudo header alone, and some other one */
	{ "a checksum that is left to hardware, there",
	  { { 0, DATA, IF0, .checksum = 0xfe30 }, { 4, DATA, IF1 } }, "2:1" },
	{ "a checksum that is another's",
	  { { 0, DATA, IF0, .checksum = 0x1234 }, { 4, DATA, IF1, .checksum = 0x4321 } }, "" },
	{ "too late", { { 0, ASK, IF0 }, { 101, ASK, IF1 } }, "" },
	{ "just in time", { { 0, ASK, IF0 }, { 100, ASK, IF1 } }, "2:1" },
	{ "two ends of a wire, a second apart",
	  { { 0, DATA, IF0 }, { 1000000, DATA, IF1 }, { 1000010, ACK, IF1 }, { 2000010, ACK, IF0 } }, "" },
	{ "a clock that goes backwards",
	  { { 50, DATA, IF0 }, { 40, DATA, IF1 } }, "2:1" },
	/* an application sends the same datagram twice, through two interfaces' capture */
	{ "sent twice, each captured twice",
	  { { 0, ASK, IF0 }, { 1, ASK, IF1 }, { 10, ASK, IF0 }, { 11, ASK, IF1 } }, "2:1 4:3" },
	{ "the same place, no id: nobody knows", { { 0, ASK, IF1 }, { 1, ASK, IF1 } }, "" },
	{ "the same place, one id: nobody knows",
	  { { 0, ASK, IF0, .id = 5 }, { 1, ASK, IF0, .id = 5 } }, "" },
	{ "the same place, of a sender that counts",
	  { { 0, ASK, .id = 5 }, { 9, ASK, .id = 6 }, { 10, ASK, .id = 6 }, { 20, ASK, .id = 7 } }, "3:2" },
	{ "the same place: TCP of a port that mirrors",
	  { { 0, DATA, .id = 5 }, { 1, DATA, .id = 5 }, { 20, ACK, .id = 50 }, { 21, ACK, .id = 50 } }, "2:1 4:3" },
	{ "the same place: TCP of a sender with one id",
	  { { 0, "40000 > 80 S 0", .id = 5, IF1 }, { 5, DATA, .id = 5, IF1 }, { 6, DATA, .id = 5, IF1 } }, "" },
	/* a router says the same into each of its networks */
	{ "a multicast without an id",
	  { { 0, "10.0.0.1.5353 > 224.0.0.251.5353 udp len 9", .mac = 1 },
	    { 2, "10.0.0.1.5353 > 224.0.0.251.5353 udp len 9", .mac = 2 } }, "" },
	{ "a multicast with one",
	  { { 0, "10.0.0.1.5353 > 224.0.0.251.5353 udp len 9", .mac = 1, .id = 3 },
	    { 2, "10.0.0.1.5353 > 224.0.0.251.5353 udp len 9", .mac = 2, .id = 3 } }, "2:1" },
	{ "another window", { { 0, ACK, IF0 }, { 1, ACK " win 9", IF1 } }, "" },
};
/* clang-format on */

static void
test_cases(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(Trace) trace = see_all(cases[i].seen);
		g_autofree char *copies = copies_of(trace);

		g_test_message("%s", cases[i].name);
		g_assert_cmpstr(copies, ==, cases[i].copies);
	}
}

/* A connection, each packet captured twice. */
static const Seen twice[] = {
	{ 0, "40000 > 80 S 99", IF0, .id = 1 },
	{ 3, "40000 > 80 S 99", IF1, .id = 1 },
	{ 1000, "80 > 40000 S. 499 ack 100", IF1 },
	{ 1003, "80 > 40000 S. 499 ack 100", IF0 },
	{ 2000, "40000 > 80 P. 100 ack 500 len 1", IF0, .id = 2 },
	{ 2003, "40000 > 80 P. 100 ack 500 len 1", IF1, .id = 2 },
	{ 3000, "80 > 40000 . 500 ack 101", IF1, .id = 9 },
	{ 3003, "80 > 40000 . 500 ack 101", IF0, .id = 9 },
	{ 3500, "80 > 40000 . 500 ack 101 win 99", IF1, .id = 10 },
	{ 3503, "80 > 40000 . 500 ack 101 win 99", IF0, .id = 10 },
	{ 4000, "40000 > 80 R. 101 ack 500", IF0, .id = 3 },
	{ 4003, "40000 > 80 R. 101 ack 500", IF1, .id = 3 },
	{ 0 },
};

/* What the first ones say and change is the same without the copies. */
static void
test_truth(void)
{
	g_autoptr(Trace) both = see_all(twice), once = trace_new();
	const Conversation *c = flow_table_get(trace_flows(both), 0);
	const guint32 guesses = VERDICT_ANY_RETRANSMISSION | VERDICT_OUT_OF_ORDER |
				VERDICT_DUPLICATE_ACK | VERDICT_KEEP_ALIVE;

	for (guint i = 0; twice[i].words; i += 2)
		see(once, &twice[i]);
	for (guint32 i = 0; i < trace_length(once); i++) {
		const Event *alone = trace_event(once, i);
		const Event *first = trace_event(both, 2 * i);
		const Event *copy = trace_event(both, 2 * i + 1);

		g_test_message("%s", twice[2 * i].words);
		g_assert_cmphex(event_verdicts(first), ==, event_verdicts(alone));
		g_assert_cmpuint(first->evidence, ==, alone->evidence);
		g_assert_cmpuint(first->state_changed, ==, alone->state_changed);
		g_assert_cmpuint(copy->state_changed, ==, 0);
		g_assert_cmpuint(copy->state, ==, alone->state);
		g_assert_cmpuint(copy->state_server, ==, alone->state_server);
		g_assert_cmphex(event_verdicts(copy), ==, VERDICT_SAME_PACKET);
		g_assert_cmpuint(copy->relation, ==, 2 * i + 1);
		g_assert_false(filter_is_problem(both, 2 * i + 1));
	}
	/* tshark still calls the copy of the data what it called it */
	g_assert_cmphex(trace_event(both, 5)->verdict & guesses, !=, 0);
	g_assert_cmpuint(trace_n_copies(both), ==, 6);
	g_assert_cmpuint(c->copies, ==, 6);
	g_assert_cmpuint(c->packets[SIDE_CLIENT] + c->packets[SIDE_SERVER], ==, 6);
	g_assert_cmpuint(c->bytes[SIDE_CLIENT], ==, 1);
	g_assert_cmpuint(c->retransmissions, ==, 0);
	g_assert_cmpuint(c->resets, ==, 1);
}

static void
test_hidden(void)
{
	g_autoptr(Trace) trace = see_all(twice);
	Selection selection = { .conversation = CONVERSATION_NONE, .hide_copies = TRUE };
	g_autoptr(Ladder) ladder = ladder_new(trace, selection);

	ladder_update(ladder);
	g_assert_cmpuint(ladder_length(ladder), ==, 6);
	for (guint32 row = 0; row < 6; row++)
		g_assert_cmpuint(ladder_row(ladder, row).event, ==, 2 * row);
}

/* Fragments of one datagram, and what belongs to no conversation. */
static void
test_others(void)
{
	/* IP 10.0.0.1 > 10.0.0.2: UDP 5000 > 53, a first fragment of 16 bytes, id 0; the second at
	 * 16; ICMP echo request, id 1, seq 1; the same, seq 2 */
	static const guint8 packets[][44] = {
		{ 0x45, 0, 0,    36,   0, 0,  0x20, 0,  64, 17, 0, 0, 10, 0, 0, 1, 10, 0,
		  0,    2, 0x13, 0x88, 0, 53, 0,    40, 0,  0,  1, 2, 3,  4, 5, 6, 7,  8 },
		{ 0x45, 0, 0, 36, 0, 0, 0, 2, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0,
		  0,    2, 9, 9,  9, 9, 9, 9, 9,  9,  9, 9, 9,  9, 9, 9, 9,  9 },
		{ 0x45, 0, 0, 36, 0, 0, 0, 0, 64, 1, 0, 0, 10, 0, 0, 1, 10, 0,
		  0,    2, 8, 0,  0, 0, 0, 1, 0,  1, 9, 9, 9,  9, 9, 9, 9,  9 },
		{ 0x45, 0, 0, 36, 0, 0, 0, 0, 64, 1, 0, 0, 10, 0, 0, 1, 10, 0,
		  0,    2, 8, 0,  0, 0, 0, 1, 0,  2, 9, 9, 9,  9, 9, 9, 9,  9 },
	};
	g_autoptr(Trace) trace = trace_new();
	g_autofree char *copies = NULL;

	for (guint i = 0; i < 2 * G_N_ELEMENTS(packets); i++) {
		Packet packet = { .time_ns = i * 1000,
				  .data = packets[i / 2],
				  .captured = 36,
				  .length = 36,
				  .link_type = LINKTYPE_RAW,
				  .interface = i % 2 };

		trace_add_packet(trace, &packet, 0);
	}
	copies = copies_of(trace);
	g_assert_cmpstr(copies, ==, "2:1 4:3 6:5 8:7");
	g_assert_cmpuint(flow_table_get(trace_flows(trace), 0)->packets[SIDE_CLIENT], ==, 2);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/copies/cases", test_cases);
	g_test_add_func("/copies/truth", test_truth);
	g_test_add_func("/copies/hidden", test_hidden);
	g_test_add_func("/copies/others", test_others);
	return g_test_run();
}
