/* SPDX-License-Identifier: MIT */
/* test_detail.c - the detail pane's lines: of segments, of their verdicts, of calls, and of
 * anything that can be decoded. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "decode_samples.h"
#include "pktladder/detail.h"
#include "../packets.h"

enum { C = 40000, S = 5000 };

static char *
join(GPtrArray *lines)
{
	g_ptr_array_add(lines, NULL);
	return g_strjoinv("\n", (char **)lines->pdata);
}

/* The page of event `index`, whose packet is `packet` (NULL: lost). */
static char *
page_of(const Trace *trace, guint32 index, const Packet *packet)
{
	g_autoptr(GPtrArray) lines = NULL;
	Facts facts;

	if (packet)
		decode_packet(packet, &facts);
	lines = detail_packet(trace, index, packet, packet ? &facts : NULL, NULL);
	return join(lines);
}

static void
assert_has(const char *page, const char *line)
{
	if (!strstr(page, line))
		g_error("no \"%s\" in:\n%s", line, page);
}

static void
assert_has_not(const char *page, const char *line)
{
	if (strstr(page, line))
		g_error("\"%s\" in:\n%s", line, page);
}

/* IP 127.0.0.1.40000 > 127.0.0.1.5000: Flags [S], seq 100, length 0, and the same page to the
 * letter. */
static void
test_whole_page(void)
{
	g_autoptr(Trace) trace = trace_new();
	g_autofree char *page = NULL;
	Packet packet;
	Made made;

	packet = packet_said(&made, G_GINT64_CONSTANT(1000000000000001), "40000 > 5000 S 100");
	trace_add_packet(trace, &packet, 0);
	page = page_of(trace, 0, &packet);
	g_assert_cmpstr(
	    page, ==,
	    "Why\n"
	    "  The client asks the server for a connection (SYN): the first of the three "
	    "steps of the handshake.\n"
	    "  seq=0 stands for 100, the number that the client has chosen to begin with. "
	    "The SYN itself counts as one byte: its first byte of data will be number 1. "
	    "The client takes 65,535 bytes to begin with: the window field, 65535, is "
	    "never multiplied in a SYN.\n"
	    "  The client is SYN-SENT now: its SYN is on its way, and it waits for the "
	    "answer.\n"
	    "  RFC 9293 3.5; RFC 7323 2.2; RFC 9293 3.3.2\n"
	    "Frame 1: 40 B, 2001-09-09 01:46:40.000001000 UTC\n"
	    "raw IP\n"
	    "IPv4, 127.0.0.1 > 127.0.0.1\n"
	    "  header 20 B, total 40 B, TTL 64, id 0x0001, DF, carries TCP (6)\n"
	    "TCP, 40000 > 5000, SYN (flags 0x002)\n"
	    "  seq 0 (absolute 100), payload 0 B\n"
	    "  window 65535, header 20 B\n"
	    "  checksum 0x0000: wrong\n"
	    "In TCP stream 0, client to server\n"
	    "  after it the client is SYN-SENT (new), the server unknown\n"
	    "Bytes\n"
	    "  0000  45 00 00 28 00 01 40 00  40 06 00 00 7f 00 00 01  "
	    "E..(..@.@.......\n"
	    "  0010  7f 00 00 01 9c 40 13 88  00 00 00 64 00 00 00 00  "
	    ".....@.....d....\n"
	    "  0020  50 02 ff ff 00 00 00 00                           "
	    "P.......");
}

static void
test_lost_bytes(void)
{
	g_autoptr(Trace) trace = trace_new();
	g_autofree char *page = NULL;

	add_packet(trace, 1, "40000 > 5000 S 100");
	page = page_of(trace, 0, NULL);
	assert_has(page, "Frame 1: its bytes cannot be read again");
	assert_has(page, "In TCP stream 0, client to server");
	assert_has_not(page, "Bytes");
}

/* What repeats a segment acknowledges one, too; and a duplicate's count begins anew where tshark's
 * does: behind the ACK of a segment that is not there. */
static void
test_relations(void)
{
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(GPtrArray) lines = NULL;
	const TcpVerdict verdict = { .acks_frame = 3, .ack_rtt_ns = 100000000, .repeats_frame = 2 };
	g_autofree char *page = NULL, *anew = NULL;

	add_packet(trace, 0, "40000 > 5000 S 100");
	add_packet(trace, 100000, "5000 > 40000 S. 300 ack 101");
	add_packet(trace, 1000000, "40000 > 5000 S 100");
	add_packet(trace, 1100000, "5000 > 40000 S. 300 ack 101");
	lines = detail_packet(trace, 3, NULL, NULL, &verdict);
	page = join(lines);
	assert_has(page, "  acknowledges frame 3, 100 ms after it (round-trip time)");

	add_packet(trace, 0, "40001 > 5000 . 1 ack 1");
	add_packet(trace, 0, "5000 > 40001 . 1 ack 2"); /* of what was not captured */
	add_packet(trace, 0, "40001 > 5000 . 1 ack 1");
	add_packet(trace, 0, "5000 > 40001 . 1 ack 2");
	add_packet(trace, 0, "40001 > 5000 . 1 ack 1");
	anew = page_of(trace, 8, NULL);
	assert_has(anew, "  duplicate number 1 of frame 5");
}

/* A handshake, then 10 bytes, sent again 250 ms later. */
static void
test_retransmission(void)
{
	g_autoptr(Trace) trace = trace_new();
	g_autofree char *page = NULL, *ack = NULL;
	Packet packet;
	Made made;

	add_packet(trace, 0, "40000 > 5000 S 100");
	add_packet(trace, 1000, "5000 > 40000 S. 300 ack 101");
	packet = packet_said(&made, 1500, "40000 > 5000 . 101 ack 301");
	trace_add_packet(trace, &packet, 0);
	ack = page_of(trace, 2, &packet);
	assert_has(ack, "  ack 1 (absolute 301)");
	assert_has(ack, "  acknowledges frame 2, 500 µs after it (round-trip time)");
	assert_has(ack, "  the handshake took 1.5 ms (initial round-trip time)");

	add_packet(trace, 2000, "40000 > 5000 P. 101 ack 301 len 10");
	packet = packet_said(&made, 252000, "40000 > 5000 P. 101 ack 301 len 10");
	trace_add_packet(trace, &packet, 0);
	page = page_of(trace, 4, &packet);
	assert_has(page,
		   "  The client sends 10 bytes again, which frame 4 had. How that is known: its "
		   "bytes stood in the capture before.\n");
	assert_has(page, "  repeats frame 4, 250 ms later\n");
	assert_has_not(page, "suspected");
	assert_has_not(page, "Wireshark");
	assert_has(page, "Bytes of the headers\n");
	assert_has(page, "Bytes of the payload\n"
			 "  0028  78 78 78 78 78 78 78 78  78 78                    xxxxxxxxxx");
}

/* Sent again within the handshake's round-trip time, where tshark guesses; and a closed window that
 * is probed. */
/* The SYN-ACKs of a simultaneous open cross, and repeat nothing. */
static void
test_crossing(void)
{
	g_autoptr(Trace) trace = trace_new();
	Made made;

	add_packet(trace, 0, "40000 > 5000 S 100");
	add_packet(trace, 1000, "5000 > 40000 S 300");
	Packet packet = packet_said(&made, 2000, "40000 > 5000 S. 100 ack 301");
	trace_add_packet(trace, &packet, 0);
	g_autofree char *page = page_of(trace, 2, &packet);
	g_assert_null(strstr(page, "repeats frame"));
	g_assert_true(g_str_has_suffix(page, "\nWireshark calls this TCP Retransmission"));
}

static void
test_wireshark_calls(void)
{
	g_autoptr(Trace) trace = trace_new();
	g_autofree char *again = NULL, *probe = NULL, *overtaken = NULL;
	Packet packet;
	Made made;

	add_packet(trace, 0, "40000 > 5000 S 100");
	add_packet(trace, 1000, "5000 > 40000 S. 300 ack 101");
	add_packet(trace, 1500, "40000 > 5000 . 101 ack 301");
	add_packet(trace, 2000, "40000 > 5000 P. 101 ack 301 len 10");
	add_packet(trace, 2010, "40000 > 5000 P. 111 ack 301 len 10");
	packet = packet_said(&made, 2020, "40000 > 5000 P. 101 ack 301 len 10");
	trace_add_packet(trace, &packet, 0);
	again = page_of(trace, 5, &packet);
	assert_has(again,
		   "  The client sends 10 bytes again, which frame 4 had. How that is known: its "
		   "bytes stood in the capture before.\n");
	assert_has(again, "  repeats frame 4, 20 µs later\n");
	g_assert_true(g_str_has_suffix(again, "\nWireshark calls this TCP Out-Of-Order"));

	add_packet(trace, 3000, "40000 > 5000 P. 131 ack 301 len 10");
	packet = packet_said(&made, 3010, "40000 > 5000 P. 121 ack 301 len 10");
	trace_add_packet(trace, &packet, 0);
	overtaken = page_of(trace, 7, &packet);
	assert_has(overtaken, " Verdict: sent again or overtaken: ");
	assert_has(overtaken,
		   ": its bytes were missing, and neither TSval nor IP id tell which.\n");
	g_assert_true(g_str_has_suffix(overtaken, "\nWireshark calls this TCP Out-Of-Order"));

	add_packet(trace, 4000, "5000 > 40000 . 301 ack 141 win 0");
	packet = packet_said(&made, 9000, "40000 > 5000 . 140 ack 301");
	trace_add_packet(trace, &packet, 0);
	probe = page_of(trace, 9, &packet);
	assert_has(probe,
		   "  The client asks whether the server takes data again; there is no data in "
		   "it. How that is known: the other side's window was closed.\n");
	g_assert_true(g_str_has_suffix(probe, "\nWireshark calls this TCP Keep-Alive"));
}

/* Four segments, the first lost: three duplicate ACKs bring it again. */
static void
test_duplicate_acks(void)
{
	g_autoptr(Trace) trace = trace_new();
	g_autofree char *duplicate = NULL, *fast = NULL;
	Packet packet;
	Made made;

	add_packet(trace, 0, "40000 > 5000 S 100");
	add_packet(trace, 1000, "5000 > 40000 S. 300 ack 101");
	add_packet(trace, 2000, "40000 > 5000 . 101 ack 301");
	for (guint i = 0; i < 5; i++)
		add_packet(trace, 3000 + i, "40000 > 5000 . %u ack 301 len 10", 101 + 10 * i);
	add_packet(trace, 4000, "5000 > 40000 . 301 ack 111");
	add_packet(trace, 4001, "5000 > 40000 . 301 ack 111");
	packet = packet_said(&made, 4002, "5000 > 40000 . 301 ack 111");
	trace_add_packet(trace, &packet, 0);
	duplicate = page_of(trace, 10, &packet);
	assert_has(duplicate, "acknowledges once more what it had acknowledged in frame 9 (ACK)");
	assert_has(duplicate, "  duplicate number 2 of frame 9, 2 µs later");

	packet = packet_said(&made, 5000, "40000 > 5000 . 111 ack 301 len 10");
	trace_add_packet(trace, &packet, 0);
	fast = page_of(trace, 11, &packet);
	assert_has(fast, "  The client sends 10 bytes again, which frame 5 had. ");
	g_assert_true(g_str_has_suffix(fast, "\nWireshark calls this TCP Fast Retransmission"));
	assert_has(fast, "  repeats frame 5, 1.999 ms later, after 2 duplicate ACKs");
}

static void
test_suspected(void)
{
	g_autoptr(Trace) trace = trace_new();
	g_autofree char *page = NULL;
	Packet packet;
	Made made;

	add_packet(trace, 0, "40000 > 5000 . 101 ack 301 len 10");
	packet = packet_said(&made, 1000, "40000 > 5000 . 151 ack 301 len 10");
	trace_add_packet(trace, &packet, 0);
	page = page_of(trace, 1, &packet);
	assert_has(page, "  which side is the client is a guess");
	assert_has(page, "Verdict: segment lost before: ");
	assert_has(page, "That is only suspected: the capture began in the middle of the "
			 "conversation");
	assert_has(page, "(its scale was not seen)");
}

/* Says how the packet that comes last is told. */
static void
assert_why(const char *const *before, const char *last, const char *told)
{
	g_autoptr(Trace) trace = trace_new();
	Packet packet;
	Made made;
	guint n = 0;

	for (; before[n]; n++)
		add_packet(trace, 1000 * n, "%s", before[n]);
	packet = packet_said(&made, 300000000, "%s", last);
	trace_add_packet(trace, &packet, 0);
	g_autofree char *page = page_of(trace, n, &packet);
	assert_has(page, told);
}

/* A first fragment: more of them follow, so nobody knows here how long the segment is. */
static void
test_why_fragment(void)
{
	g_autoptr(Trace) trace = trace_new();
	Made made;
	Packet packet = packet_said(&made, 1000, "40000 > 5000 P. 101 ack 301 len 8");
	g_autofree guint8 *bytes = g_memdup2(packet.data, packet.captured);

	bytes[6] = 0x20; /* flags [+] */
	packet.data = bytes;
	trace_add_packet(trace, &packet, 0);
	g_autofree char *page = page_of(trace, 0, &packet);
	assert_has(page, "this is its first fragment, with 8 bytes of it.");
	assert_has(page, "how long it is, the last fragment says.");
	assert_has_not(page, "will acknowledge all");
}

/* Segments that are not what they look like. */
static void
test_why_odd(void)
{
	static const char *const crossing[] = { "40000 > 5000 S 100", "5000 > 40000 S 300",
						"40000 > 5000 S. 100 ack 301", NULL };
	static const char *const asked[] = { "40000 > 5000 S 100", NULL };
	static const char *const open[] = { "40000 > 5000 S 100", "5000 > 40000 S. 300 ack 101",
					    "40000 > 5000 . 101 ack 301", NULL };
	static const char *const shut[] = {
		"40000 > 5000 S 100",          "5000 > 40000 S. 300 ack 101",
		"40000 > 5000 . 101 ack 301",  "40000 > 5000 F. 101 ack 301",
		"5000 > 40000 F. 301 ack 102", NULL
	};
	static const char *const full[] = { "40000 > 5000 S 100",
					    "5000 > 40000 S. 300 ack 101",
					    "40000 > 5000 . 101 ack 301",
					    "40000 > 5000 P. 101 ack 301 len 10",
					    "5000 > 40000 . 301 ack 111 win 0",
					    NULL };

	assert_why(asked, "5000 > 40000 S 300",
		   "The server asks the client for a connection (SYN), too: its SYN crosses");
	assert_why(crossing, "5000 > 40000 S. 300 ack 101",
		   "The server acknowledges a SYN that crossed its own");
	assert_why(open, "5000 > 40000 R 90000",
		   "The server sends a reset (RST), which breaks nothing off");
	assert_why(open, "5000 > 40000 R 301", "The server breaks the connection off (RST)");
	assert_why(asked, "5000 > 40000 R. 0 ack 101", "The server answers the SYN with a reset");
	assert_why(open, "40000 > 5000 R. 101 ack 301",
		   "The client breaks the connection off (RST)");
	assert_why(open, "5000 > 40000 . 301 ack 9101", "says that it has all bytes before");
	assert_why(open, "40000 > 5000 P. 101 ack 301 len 1",
		   "The client sends 1 byte of data: byte 1 of its direction.");
	assert_why(shut, "40000 > 5000 . 102 ack 302",
		   "seq=2: the client has sent its FIN, and no number follows.");
	assert_why(full, "40000 > 5000 . 110 ack 301",
		   "seq=10 is a number that the server has acknowledged");
}

typedef struct {
	const char *name;
	const char *line;
} Expectation;

/* Samples of decode's tests, and a line that tells what is special of them. */
static const Expectation expectations[] = {
	{ "ethernet ipv6", "Ethernet, 02:00:00:00:00:01 > 02:00:00:00:00:02, type IPv6 (0x86dd)" },
	{ "ethernet 802.3 snap", "Ethernet, 02:00:00:00:00:01 > 02:00:00:00:00:02, length 52" },
	{ "ethernet arp", "Not decoded: ARP (ethertype 0x0806)" },
	{ "unknown link type", "Not decoded: link type 147" },
	{ "sll", "Linux cooked, received" },
	{ "sll2", "Linux cooked v2, received, interface 2" },
	{ "vlan", "802.1Q, VLAN 100, priority 3" },
	{ "qinq", "802.1ad, VLAN 100, priority 0" },
	{ "pppoe", "PPPoE, session 23" },
	{ "mpls", "MPLS, label 200, class 0, TTL 64, the last label" },
	{ "gre with checksum, key and sequence", "GRE, carries IPv4 (0x0800), key 7" },
	{ "vxlan", "UDP, 5555 > 4789, length 74 B\nVXLAN, VNI 42" },
	{ "geneve", "Geneve, number 42" },
	{ "ipv4 source route",
	  "  header 28 B, total 52 B, TTL 64, id 0x0001, options 8 B, carries" },
	{ "ipv4 length 0", "total length 0 (left to the hardware)" },
	{ "ipv4 second fragment", "fragment at 24, the last one" },
	{ "ipv4 second fragment", "Fragment: its UDP header is in the first fragment" },
	{ "ipv6 segment routing", "IPv6 routing header, 40 B, type 4, hops left 1" },
	{ "ipv6 last fragment", "IPv6 fragment header, 8 B, id 0x00000007, fragment at 24" },
	{ "syn", "  options: MSS 1460, window scale 7, timestamps 5, echo 0, SACK permitted" },
	{ "syn fast open", "fast open, cookie of 8 B" },
	{ "syn fast open experiment", "fast open, asks for a cookie" },
	{ "mptcp", "MPTCP DSS" },
	{ "md5", "MD5 signature" },
	{ "urgent", "  urgent pointer 3" },
	{ "option past header", "Malformed: a TCP option runs past the header" },
	{ "checksum not filled in",
	  ": not filled in: left to the network card (offload), no error" },
	{ "udp without checksum", "  checksum 0x0000: none, which IPv4 allows" },
	{ "icmp port unreachable", "ICMP, port unreachable (type 3, code 3)\n"
				   "  about UDP 10.0.0.2:53 > 10.0.0.1:5000" },
	{ "icmp fragmentation needed", "  MTU of the next hop 1400 B" },
	{ "icmpv6 too big", "  MTU of the next hop 1280 B" },
	{ "icmp echo", "ICMP, echo request (type 8, code 0)" },
	{ "cut payload", "Frame 1: 58 B, the first 55 of them captured" },
	{ "cut payload", "  of the payload, 1 B were captured, 3 B not captured" },
	{ "cut payload", "  and 3 B that were on the wire but not captured" },
	{ "cut tcp ports", "A packet of which too little can be read to tell what it is: TCP" },
	{ "icmp port unreachable", "had sent: most often it did not arrive." },
	{ "cut tcp ports", "Headers not captured: the packet ends within its TCP header" },
};

/* Each page is harmless text; a line without a blank before it is a heading. */
static void
check_lines(const char *page)
{
	for (const char *c = page; *c; c++)
		g_assert_true(*c == '\n' || (guchar)*c >= ' ');
	g_assert_true(g_utf8_validate(page, -1, NULL));
}

static void
check_sample(const Sample *sample, gpointer data)
{
	guint *found = data;
	Packet packet = sample_packet(sample);

	for (guint32 n = 0; n <= packet.captured; n++) {
		g_autoptr(Trace) trace = trace_new();
		g_autofree char *page = NULL;
		g_autofree guint8 *copy = g_memdup2(packet.data, MAX(n, 1));
		Packet cut = packet;

		cut.data = copy;
		cut.captured = n;
		trace_add_packet(trace, &cut, 0);
		page = page_of(trace, 0, &cut);
		check_lines(page);
		if (n < packet.captured)
			continue;
		for (guint i = 0; i < G_N_ELEMENTS(expectations); i++) {
			if (strcmp(expectations[i].name, sample->name) == 0) {
				assert_has(page, expectations[i].line);
				(*found)++;
			}
		}
	}
	g_free((gpointer)packet.data);
}

static void
test_samples(void)
{
	guint found = 0;

	sample_foreach(check_sample, &found);
	g_assert_cmpuint(found, ==, G_N_ELEMENTS(expectations));
}

/* Bytes of a packet reach the page as printable ASCII only. */
static void
test_harmless(void)
{
	g_autoptr(Trace) trace = trace_new();
	g_autofree char *page = NULL;
	Packet packet;
	Made made;

	packet = packet_said(&made, 1, "40000 > 5000 udp len 6");
	memcpy(made.bytes + 28, "\033[2J\xc2\x9b", 6);
	trace_add_packet(trace, &packet, 0);
	page = page_of(trace, 0, &packet);
	check_lines(page);
	assert_has(page, ".[2J..");
}

static char *
call_page(const Trace *trace, guint32 index)
{
	g_autoptr(GPtrArray) lines = detail_call_until(trace, index, G_MAXINT64);

	return join(lines);
}

/* The page of a call of TCP that returned. */
static void
assert_call_why(CallName name, gint32 flags, gint64 size, gint64 result, const char *told)
{
	for (guint at = 0; at < 2; at++) { /* some stand at the entry, some at the return */
		g_autoptr(Trace) trace = trace_new();
		CallRecord call = call_entry(3, 2000, ROLE_CLIENT, name, 3, 88);
		g_autofree char *page = NULL;

		call.flags = flags;
		call.size = size;
		trace_add_call(trace, &call);
		call.phase = CALL_RETURN;
		call.result = result;
		trace_add_call(trace, &call);
		page = call_page(trace, at);
		if (strstr(page, told))
			return;
	}
	g_error("no \"%s\"", told);
}

static void
test_why_calls(void)
{
	assert_call_why(CALL_LISTEN, 1, -1, 0,
			"1 says how many may wait until accept() takes them (in Linux one more)");
	assert_call_why(CALL_CLOSE, 0, -1, 0, "a reset where received data was not read");
	assert_call_why(CALL_RECV, 0, 0, 0, "Why\n  It returned 0 B.\n");
	assert_call_why(CALL_RECV, 0, 10, 0, "nothing more will come");
	assert_call_why(CALL_RECV, 0, -1, 10, "Why\n  It returned 10 B.\n");
	assert_call_why(CALL_RECV, MSG_PEEK, 10, 10, "and leaves it there for the next call");
	assert_call_why(CALL_SENDMMSG, 0, 300, 3, "so many are in the kernel's hands");
	assert_call_why(CALL_SENDMSG, 7, CALL_PASSES, 1, "passes the socket on");
}

/* What is sent again while a call waits is not caused by it. */
static void
test_why_cause(void)
{
	g_autoptr(Trace) trace = trace_new();
	CallRecord call = call_entry(3, 2000, ROLE_CLIENT, CALL_CONNECT, 3, 88);
	g_autofree char *first = NULL, *again = NULL;

	call.address = loopback(S);
	call.has_address = TRUE;
	call.local = loopback(C);
	trace_add_call(trace, &call);
	add_packet(trace, 2100, "40000 > 5000 S 100");
	add_packet(trace, 1002100, "40000 > 5000 S 100");
	first = page_of(trace, 1, NULL);
	again = page_of(trace, 2, NULL);
	assert_has(first, "It was caused by connect(");
	assert_has(again, "sends the SYN of frame 1 again");
	assert_has_not(again, "It was caused by");
}

/* Where an ACK came since the call began, nobody knows which of the two let the segment go. */
static void
test_why_let_go(void)
{
	g_autoptr(Trace) trace = trace_new();
	CallRecord call = call_entry(3, 2000, ROLE_CLIENT, CALL_SEND, 3, 88);
	g_autofree char *first = NULL, *next = NULL;

	call.local = loopback(C);
	call.peer = loopback(S);
	call.size = 20;
	trace_add_call(trace, &call);
	add_packet(trace, 2100, "40000 > 5000 P. 101 ack 301 len 10");
	add_packet(trace, 2200, "5000 > 40000 . 301 ack 111");
	add_packet(trace, 2300, "40000 > 5000 P. 111 ack 301 len 10");
	first = page_of(trace, 1, NULL);
	next = page_of(trace, 3, NULL);
	assert_has(first, "It was caused by send(3, 20 B).");
	assert_has(next, "It was sent while send(3, 20 B) was under way, by it or since an ACK");
}

static void
test_call(void)
{
	g_autoptr(Trace) trace = trace_new();
	CallRecord connecting = call_entry(3, 2000, ROLE_CLIENT, CALL_CONNECT, 3, 88), returned;
	g_autofree char *waiting = NULL, *entry = NULL, *result = NULL;

	connecting.address = loopback(S);
	connecting.has_address = TRUE;
	connecting.tid = 77;
	trace_add_call(trace, &connecting);
	waiting = call_page(trace, 0);
	assert_has(waiting, "connect(3, 127.0.0.1:5000)\n");
	assert_has(waiting, "  it has not returned yet");

	returned = connecting;
	returned.phase = CALL_RETURN;
	returned.time_ns += 1500000;
	returned.result = -ECONNREFUSED;
	returned.kernel_state = TCP_STATE_CLOSED;
	returned.local = loopback(C);
	trace_add_call(trace, &returned);
	result = call_page(trace, 1);
	entry = call_page(trace, 0);
	g_assert_cmpstr(strstr(result, "\nconnect"), ==, strstr(entry, "\nconnect"));
	g_assert_cmpstr(result, ==,
			"Why\n  It failed with ECONNREFUSED: the SYN was refused, by a "
			"reset or by an error report (ICMP).\n"
			"  RFC 9293 3.10.7.3\n"
			"connect(3, 127.0.0.1:5000) = ECONNREFUSED\n"
			"  ECONNREFUSED: Connection refused\n"
			"  called   1970-01-01 00:00:00.002000000 UTC\n"
			"  returned 1970-01-01 00:00:00.003500000 UTC\n"
			"  took     1.5 ms\n"
			"  process 10 (client), thread 77\n"
			"  socket: TCP over IPv4\n"
			"  local address 127.0.0.1:40000\n"
			"  the kernel says: CLOSED");
}

/* Whether a descriptor was the socket's last one, where the kernel told. */
static void
test_closing(void)
{
	static const char *const told[] = {
		[CALL_LAST_NO] = "  the socket is still open: it has another descriptor",
		[CALL_LAST_YES] = "  the socket had no other descriptor: this ended it",
	};

	for (CallLast last = CALL_LAST_UNKNOWN; last <= CALL_LAST_YES; last++) {
		g_autoptr(Trace) trace = trace_new();
		CallRecord closing = call_entry(3, 2000, ROLE_CLIENT, CALL_CLOSE, 3, 88);
		g_autofree char *page = NULL;

		trace_add_call(trace, &closing);
		closing.phase = CALL_RETURN;
		closing.last = (guint8)last;
		trace_add_call(trace, &closing);
		page = call_page(trace, 1);
		for (CallLast i = CALL_LAST_NO; i <= CALL_LAST_YES; i++)
			g_assert_cmpint(strstr(page, told[i]) != NULL, ==, i == last);
	}
}

int
main(int argc, char **argv)
{
	g_setenv("LC_ALL", "C.UTF-8", TRUE);
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/detail/whole-page", test_whole_page);
	g_test_add_func("/detail/lost-bytes", test_lost_bytes);
	g_test_add_func("/detail/relations", test_relations);
	g_test_add_func("/detail/retransmission", test_retransmission);
	g_test_add_func("/detail/crossing", test_crossing);
	g_test_add_func("/detail/wireshark-calls", test_wireshark_calls);
	g_test_add_func("/detail/duplicate-acks", test_duplicate_acks);
	g_test_add_func("/detail/suspected", test_suspected);
	g_test_add_func("/detail/samples", test_samples);
	g_test_add_func("/detail/harmless", test_harmless);
	g_test_add_func("/detail/call", test_call);
	g_test_add_func("/detail/why-fragment", test_why_fragment);
	g_test_add_func("/detail/why-odd", test_why_odd);
	g_test_add_func("/detail/why-calls", test_why_calls);
	g_test_add_func("/detail/why-cause", test_why_cause);
	g_test_add_func("/detail/why-let-go", test_why_let_go);
	g_test_add_func("/detail/closing", test_closing);
	return g_test_run();
}
