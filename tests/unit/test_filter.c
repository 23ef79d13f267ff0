/* SPDX-License-Identifier: MIT */
/* Display filters: every word, what is wrong with wrong ones, what can come next. */
#include "pktladder/filter.h"

#include "pktladder/ladder.h"
#include "../packets.h"

enum { C = 50000, S = 5000 };

/* ---- a trace with something of everything ---- */

static void
add_bytes(Trace *trace, gint64 time_us, const char *hex, guint length)
{
	guint8 bytes[200];
	guint captured = 0;
	Packet packet;

	for (const char *p = hex; *p; p++) {
		if (*p == ' ')
			continue;
		bytes[captured++] = g_ascii_xdigit_value(p[0]) << 4 | g_ascii_xdigit_value(p[1]);
		p++;
	}
	packet = (Packet){ .time_ns = time_us * 1000,
			   .data = bytes,
			   .captured = captured,
			   .length = length ? length : captured,
			   .link_type = 101 };
	trace_add_packet(trace, &packet, 0);
}

static Trace *
mixed_trace(void)
{
	Trace *trace = trace_new();
	CallRecord listening = call_entry(1, 1000000, ROLE_SERVER, CALL_LISTEN, 3, 77);
	CallRecord connecting = call_entry(2, 1900000, ROLE_CLIENT, CALL_CONNECT, 3, 88);
	CallRecord receiving = call_entry(3, 3900000, ROLE_CLIENT, CALL_RECV, 3, 88);
	Made made;
	Packet udp;

	listening.local = loopback(S);
	connecting.address = loopback(S);
	connecting.has_address = TRUE;
	receiving.local = loopback(C);
	receiving.peer = loopback(S);
	trace_add_call(trace, &listening);                         /* 0 */
	add_return(trace, &listening, 1000100, 0);                 /* 1 */
	trace_add_call(trace, &connecting);                        /* 2 */
	add_packet(trace, 2000000, "50000 > 5000 S 100");          /* 3, frame 1 */
	add_packet(trace, 2000010, "5000 > 50000 S. 300 ack 101"); /* 4 */
	add_packet(trace, 2000020, "50000 > 5000 . 101 ack 301");  /* 5 */
	connecting.local = loopback(C);
	connecting.peer = loopback(S);
	add_return(trace, &connecting, 2000030, 0);                        /* 6 */
	add_packet(trace, 2500000, "50000 > 5000 P. 101 ack 301 len 100"); /* 7, frame 4 */
	add_packet(trace, 3250000, "5000 > 50000 . 301 ack 201 len 200");  /* 8 */
	add_packet(trace, 3300000, "50000 > 5000 F. 201 ack 501");         /* 9 */
	add_packet(trace, 3300010, "5000 > 50000 R 501");                  /* 10, frame 7 */
	udp = packet_said(&made, 3400000, "6000 > 53 udp len 5");
	trace_add_packet(trace, &udp, 0); /* 11, frame 8 */
	/* IP 127.0.0.1 > 127.0.0.1: ICMP 127.0.0.1 udp port 53 unreachable */
	add_bytes(trace, 3400010,
		  "45000039 00010000 4001 0000 7f000001 7f000001 03030000 00000000 "
		  "45000021 00010000 4011 0000 7f000001 7f000001 17700035 000d0000",
		  57); /* 12 */
	/* IP6 2001:db8::1.40000 > 2001:db8::2.80: Flags [P.], seq 1000:1004, ack 2000 */
	add_bytes(trace, 3500000,
		  "60000000 00180640 20010db8 00000000 00000000 00000001 20010db8 00000000 "
		  "00000000 00000002 9c400050 000003e8 000007d0 50182000 b3480000 64617461",
		  0); /* 13, frame 10 */
	/* IP 10.0.0.1 > 10.9.0.2: UDP, a fragment at 1480 */
	add_bytes(trace, 3500010, "4500001c 000100b9 4011 0000 0a000001 0a090002 64617461 64617461",
		  0); /* 14 */
	/* IP, whose header says that it has 8 bytes */
	add_bytes(trace, 3500020, "42000014 00010000 4006 0000 7f000001 7f000001", 0); /* 15 */
	/* IP 127.0.0.1.50000 > ...: a TCP header of which 4 bytes were kept */
	add_bytes(trace, 3500030, "45000028 00010000 4006 0000 7f000001 7f000001 c3501388",
		  40); /* 16, frame 13 */
	add_bytes(trace, 3500040, "45000018 00010000 4084 0000 7f000001 7f000001 00000000",
		  0);                                                     /* 17: SCTP */
	add_packet(trace, 3600000, "50000 > 5000 .UE 202 ack 501");       /* 18 */
	add_packet(trace, 3600010, "50001 > 5000 FSW 1");                 /* 19 */
	trace_add_drops(trace, 3700000 * G_GINT64_CONSTANT(1000), 3);     /* 20 */
	trace_add_note(trace, "the file ends in the middle of a packet"); /* 21 */
	trace_add_call(trace, &receiving);                                /* 22 */
	add_return(trace, &receiving, 3900010, -104);                     /* 23 ECONNRESET */
	return trace;
}

/* The events that pass, as "3 4 5". What the capture says always passes. */
static char *
passing(const Trace *trace, const char *text)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Filter) filter = filter_new(text, &error);
	GString *list = g_string_new(NULL);

	g_assert_no_error(error);
	for (guint32 i = 0; i < trace_length(trace); i++) {
		const Event *event = trace_event(trace, i);
		gboolean match = filter_match(filter, trace, i);

		if (event->kind == EVENT_DROPS || event->kind == EVENT_NOTE)
			g_assert_true(match);
		else if (match)
			g_string_append_printf(list, "%s%u", list->len ? " " : "", i);
	}
	return g_string_free(list, FALSE);
}

typedef struct {
	const char *filter, *passes;
} Case;

static void
run_cases(const Case *cases, guint n)
{
	g_autoptr(Trace) trace = mixed_trace();

	for (guint i = 0; i < n; i++) {
		g_autofree char *passes = passing(trace, cases[i].filter);

		if (!g_str_equal(passes, cases[i].passes))
			g_test_fail_printf("%s: \"%s\", not \"%s\"", cases[i].filter, passes,
					   cases[i].passes);
	}
}

#define PACKETS "3 4 5 7 8 9 10 11 12 13 14 15 16 17 18 19"
#define CALLS   "0 1 2 6 22 23"

static void
test_words(void)
{
	static const Case cases[] = {
		{ "packet", PACKETS },
		{ "tcp", "3 4 5 7 8 9 10 13 18 19" },
		{ "udp", "11" },
		{ "datagram", "11" },
		{ "icmp", "12" },
		{ "fragment", "14" },
		{ "other", "15 16 17" },
		{ "syn", "3" },
		{ "syn-ack", "4" },
		{ "ack", "5 18" },
		{ "data", "7 8 13" },
		{ "fin", "9 19" },
		{ "rst", "10" },
		{ "reset", "10" },
		{ "psh", "7 13" },
		{ "push", "7 13" },
		{ "urg", "18" },
		{ "urgent", "18" },
		{ "ece", "18" },
		{ "cwr", "19" },
		{ "unusual", "19" },
		{ "malformed", "15" },
		{ "truncated", "16" },
		{ "unsupported", "17" },
		{ "problem", "10 12 15 18 23" }, /* 18 acknowledges what 9 did */
		{ "call", CALLS },
		{ "connect", "2 6" },
		{ "listen", "0 1" },
		{ "recv", "22 23" },
		{ "epoll-wait", "" },
		/* However it is written. */
		{ "SYN", "3" },
		{ "Syn_Ack", "4" },
		{ "\tsyn  \n", "3" },
	};

	run_cases(cases, G_N_ELEMENTS(cases));
}

static void
test_fields(void)
{
	static const Case cases[] = {
		{ "port 5000", "0 1 2 3 4 5 6 7 8 9 10 18 19 22 23" },
		{ "port 80", "13" },
		{ "port = 80", "13" },
		{ "port==80", "13" },
		{ "port 50-99", "11 12 13" },
		{ "port -99", "11 12 13" },
		{ "port 50001-", "19" },
		{ "port > 50000", "19" },
		{ "port>=50001", "19" },
		{ "port < 80", "11 12" },
		{ "port <= 80", "11 12 13" },
		{ "port != 5000", "11 12 13" },
		{ "src port 5000", "4 8 10" },
		{ "dst port 5000", "3 5 7 9 18 19" },
		{ "host 2001:db8::2", "13" },
		{ "host 2001:db8::/32", "13" },
		{ "host 2001:db8::4/127", "" },
		{ "host 2001:db8::3/127", "13" },
		{ "host ::ffff:127.0.0.1 udp", "11" },
		{ "host ::ffff:127.0.0.0/104 udp", "11" },
		{ "net 127.0.0.0/8 data", "7 8" },
		{ "host 127.0.0.1/32 data", "7 8" },
		{ "host 128.0.0.0/8 data", "" },
		{ "host 126.0.0.0/7 data", "7 8" },
		{ "host 0.0.0.0/0 data", "7 8" },
		{ "host != 127.0.0.1 data", "13" },
		{ "host 127.0.0.1 call", CALLS },
		{ "src host 2001:db8::1", "13" },
		{ "src 2001:db8::1", "13" },
		{ "dst 2001:db8::1", "" },
		{ "dst net 2001:db8::/126", "13" },
		{ "src = 2001:db8::1", "13" },
		{ "from client", "2 3 5 6 7 9 11 13 18 19 22 23" },
		{ "from server", "0 1 4 8 10 12" },
		{ "len > 100", "8" },
		{ "len >= 100", "7 8" },
		{ "len 100", "7" },
		{ "length 100-200", "7 8" },
		{ "len != 0 tcp", "7 8 13" },
		{ "frame 1", "3" },
		{ "frame 4-5", "7 8" },
		{ "frame > 15", "19" },
		{ "conversation 0 packet", "3 4 5 7 8 9 10 18" },
		{ "conversation 0 call", CALLS },
		{ "conversation 1", "11 12" },
		{ "conversation 2-3", "13 19" },
		{ "conversation 99", "" },
		{ "stream 0", "3 4 5 7 8 9 10 11 12 18" }, /* of TCP, and of UDP */
		{ "tcp and stream 1", "13" },
		{ "time 1.5-2.25", "7 8" },
		{ "time 1.5", "7" },
		{ "time 1.4", "" },
		{ "time < 1", "0 1 2 6" },
		{ "time <= 1s", "0 1 2 3 6" }, /* 6 returns from 2 */
		{ "time > 2.9", "23" },
		{ "time 1.000010", "4" },
		{ "time 1-1.000010", "3 4" },
		{ "time -0.0001", "0 1" },
	};

	run_cases(cases, G_N_ELEMENTS(cases));
}

static void
test_joined(void)
{
	static const Case cases[] = {
		{ "syn or fin", "3 9 19" },
		{ "syn || fin", "3 9 19" },
		{ "data and from client", "7 13" },
		{ "data && from client", "7 13" },
		{ "data from client", "7 13" },
		{ "not packet", CALLS },
		{ "! packet", CALLS },
		{ "!packet", CALLS },
		{ "not not syn", "3" },
		{ "tcp port 80", "13" },
		/* "and" before "or", "not" before both. */
		{ "syn or data and port 80", "3 13" },
		{ "port 80 and data or syn", "3 13" },
		{ "(syn or data) and port 80", "13" },
		{ "port 80 (syn or data)", "13" },
		{ "not syn and not call and len 0", "4 5 9 10 18 19" },
		{ "not (syn or call) and len 0 and not (fin or rst)", "4 5 18" },
		{ "syn or syn-ack or ack or rst", "3 4 5 10 18" },
		{ "udp and syn or rst and tcp or icmp", "10 12" },
		{ "((((syn))))", "3" },
		{ "(syn)(tcp)", "3" },
		{ "syn and(tcp or udp)", "3" },
		{ "not syn or syn and problem",
		  "0 1 2 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 22 23" },
	};

	run_cases(cases, G_N_ELEMENTS(cases));
}

/* Every verdict has its word, which means that verdict. */
static void
test_verdicts(void)
{
	g_autoptr(Trace) trace = trace_new();

	for (guint bit = 0; bit < N_VERDICTS; bit++) {
		add_packet(trace, bit * 1000, "50000 > 5000 . 1 ack 1");
		((Event *)trace_event(trace, bit))->verdict = 1 << bit; /* as if it were one */
	}
	for (guint bit = 0; bit < N_VERDICTS; bit++) {
		g_autofree char *word = g_strdelimit(g_strdup(verdict_name(bit)), "_", '-');
		g_autofree char *passes = passing(trace, word);
		g_autofree char *alone = g_strdup_printf("%u", bit);

		/* Fast and spurious ones are retransmissions. */
		g_assert_cmpstr(passes, ==, 1 << bit == VERDICT_RETRANSMISSION ? "0 1 2" : alone);
	}
	{ /* what only tshark guesses is none */
		g_autofree char *problems = passing(trace, "problem");

		g_assert_cmpstr(problems, ==, "4 5 6 7 10");
	}
}

/* And so has what is true. */
static void
test_plain(void)
{
	static const Case cases[] = {
		{ "sent-again", "1 6 8" },
		{ "overtaken", "7 9" },
		{ "sent-again-or-overtaken", "2 10" },
		{ "same_packet", "3 4 5" },
		{ "probe", "11" },
		{ "came-twice", "13" },
		{ "keep-alive-ack", "" },           /* tshark's */
		{ "problem", "1 2 6 7 8 9 10 13" }, /* a copy is none */
	};
	g_autoptr(Trace) trace = trace_new();

	for (guint evidence = 0; evidence < N_EVIDENCES; evidence++) {
		add_packet(trace, evidence * 1000, "50000 > 5000 . 1 ack 1");
		((Event *)trace_event(trace, evidence))->verdict = 0;
		((Event *)trace_event(trace, evidence))->evidence = evidence;
	}
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *passes = passing(trace, cases[i].filter);

		g_assert_cmpstr(passes, ==, cases[i].passes);
	}
}

static void
test_calls_named(void)
{
	for (guint name = CALL_NONE + 1; name < N_CALLS; name++) {
		g_autoptr(Trace) trace = trace_new();
		CallRecord call = call_entry(1, 0, ROLE_CLIENT, name, 3, 0);
		g_autofree char *passes = NULL;

		trace_add_call(trace, &call);
		call.name = name == CALL_BIND ? CALL_SOCKET : CALL_BIND;
		call.id = 2;
		trace_add_call(trace, &call);
		passes = passing(trace, call_name(name));
		g_assert_cmpstr(passes, ==, "0");
	}
}

/* A return that does not pass by itself follows its entry: else its bar had no end. */
static void
test_return_follows(void)
{
	static const Case cases[] = {
		{ "not port 50000 and connect", "2 6" }, /* which end it has is known later */
		{ "problem and call", "23" },            /* the entry knows nothing of it */
		{ "time 2.9-2.900001 and recv", "22 23" },
	};

	run_cases(cases, G_N_ELEMENTS(cases));
}

/* ---- errors ---- */

static void
test_errors(void)
{
	static const struct {
		const char *filter;
		guint column;
		const char *says;
	} cases[] = {
		{ "", 1, "expected a condition" },
		{ "synn", 1, "no word \"synn\"; is \"syn\" meant?" },
		{ "tcp.analysis.zero_windo", 1, "is \"zero-window\" meant?" },
		{ "syn xyzzy", 5, "no word \"xyzzy\"" },
		{ "día", 1, "no word \"día\"" },
		{ "\"ñ\" syn", 1, "no meaning" },
		{ "syn ñandú", 5, "no word \"ñandú\"" },
		{ "ñ=1 syn", 1, "no word" },
		{ "syn and", 8, "after \"and\"" },
		{ "syn and or", 9, "after \"and\"" },
		{ "syn or ", 8, "after \"or\"" },
		{ "not", 4, "after \"not\"" },
		{ "or syn", 1, "expected a condition" },
		{ "(", 2, "after \"(\"" },
		{ "()", 2, "after \"(\"" },
		{ "(syn", 5, "closing parenthesis" },
		{ "(syn = 2)", 6, "closing parenthesis" },
		{ "syn)", 4, "no opening parenthesis" },
		{ "syn = 1", 5, "\"=\" needs something with a number" },
		{ "syn & fin", 5, "\"&\" has no meaning" },
		{ "syn and \033[2J", 9, "\"\\x1b\" has no meaning" },
		{ "port", 5, "expected a number after \"port\"" },
		{ "port x", 6, "expected a number after \"port\"" },
		{ "port 80x", 6, "expected a number" },
		{ "port 65536", 6, "from 0 to 65535" },
		{ "port 99999999999999999999", 6, "from 0 to 65535" },
		{ "port 1-70000", 6, "expected a number" },
		{ "port -", 6, "expected a number" },
		{ "port 20-10", 6, "the range 20-10 ends before it begins" },
		{ "port > 10-20", 8, "expected a number" },
		{ "port >", 7, "expected a number" },
		{ "port <> 4", 7, "expected a number" },
		{ "len 10 - 20", 8, "a range has no spaces" },
		{ "len (3)", 5, "expected a number" },
		{ "5000", 1, "say what this number is" },
		{ "10.0.0.1", 1, "host 10.0.0.1" },
		{ "host", 5, "expected an address" },
		{ "host 10.0.0", 6, "expected an address" },
		{ "host 10.0.0.1/33", 6, "expected an address" },
		{ "host ::1/129", 6, "expected an address" },
		{ "host example.org", 6, "expected an address" },
		{ "host > 10.0.0.1", 6, "cannot be compared" },
		{ "src", 4, "\"port\", \"host\" or an address" },
		{ "src syn", 5, "expected an address" },
		{ "dst src 10.0.0.1", 5, "expected an address" },
		{ "from", 5, "\"client\" or \"server\"" },
		{ "from me", 6, "\"client\" or \"server\"" },
		{ "from = client", 6, "cannot be compared" },
		{ "time x", 6, "expected seconds" },
		{ "time 1.2.3", 6, "expected seconds" },
		{ "time 1.0123456789", 6, "expected seconds" },
		{ "frame 0x10", 7, "expected a number" },
		{ "\xff", 1, "UTF-8" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *column = g_strdup_printf("column %u: ", cases[i].column);

		g_assert_null(filter_new(cases[i].filter, &error));
		g_assert_true(error->domain == FILTER_ERROR);
		if (error->code != (int)cases[i].column ||
		    !g_str_has_prefix(error->message, column) ||
		    !strstr(error->message, cases[i].says))
			g_test_fail_printf("%s: \"%s\", not \"%s%s\"", cases[i].filter,
					   error->message, column, cases[i].says);
		g_assert_true(g_utf8_validate(error->message, -1, NULL));
		g_assert_null(filter_new(cases[i].filter, NULL)); /* who does not ask */
	}
}

static char *
repeated(const char *text, guint n)
{
	GString *all = g_string_new(NULL);

	for (guint i = 0; i < n; i++)
		g_string_append(all, text);
	return g_string_free(all, FALSE);
}

static void
test_limits(void)
{
	static const char *const nested[] = { "(", "not ", "!" };
	g_autofree char *chain = repeated("or syn ", 500);
	g_autofree char *long_word = repeated("x", 1000);
	g_autofree char *too_long = repeated("syn ", 2000);
	g_autoptr(Filter) filter = filter_new(chain + 3, NULL); /* wide is not deep */
	g_autoptr(GError) error = NULL;

	g_assert_nonnull(filter);
	for (guint i = 0; i < G_N_ELEMENTS(nested); i++) {
		g_autofree char *deep = repeated(nested[i], 51);
		g_autofree char *text = g_strconcat(deep, "syn", NULL);

		g_assert_null(filter_new(text, &error));
		g_assert_error(error, FILTER_ERROR, (int)strlen(nested[i]) * 50 + 1);
		g_assert_nonnull(strstr(error->message, "more than 50"));
		g_clear_error(&error);
	}
	g_assert_null(filter_new(long_word, &error));
	g_assert_error(error, FILTER_ERROR, 1);
	g_clear_error(&error);
	g_assert_null(filter_new(too_long, &error));
	g_assert_error(error, FILTER_ERROR, 1);
}

static void
test_shared(void)
{
	Filter *filter = filter_new("  syn and port 80", NULL);

	g_assert_true(filter_ref(filter) == filter);
	filter_unref(filter);
	g_assert_cmpstr(filter_text(filter), ==, "  syn and port 80");
	filter_unref(filter);
	filter_unref(NULL);
	g_assert_null(filter_ref(NULL));
	g_assert_true(filter_is_blank(" \t\n"));
	g_assert_true(filter_is_blank(""));
	g_assert_false(filter_is_blank(" x"));
}

/* ---- completion ---- */

/* "start: word word"; a | in `text` is the cursor. */
static char *
completed(const char *text)
{
	const char *bar = strchr(text, '|');
	g_autofree char *whole = g_strdup_printf("%.*s%s", (int)(bar - text), text, bar + 1);
	g_autoptr(GPtrArray) words = NULL;
	GString *list = g_string_new(NULL);
	gsize start;

	words = filter_complete(whole, bar - text, &start);
	g_string_printf(list, "%zu:", start);
	for (guint i = 0; i < words->len; i++) {
		g_string_append_printf(list, " %s", (char *)g_ptr_array_index(words, i));
		if (i > 0)
			g_assert_cmpstr(g_ptr_array_index(words, i - 1), <,
					g_ptr_array_index(words, i));
	}
	return g_string_free(list, FALSE);
}

static void
test_completion(void)
{
	static const Case cases[] = {
		{ "retr|", "0: retransmission" },
		{ "RETR|", "0: retransmission" },
		{ "zero_|", "0: zero-window zero-window-probe zero-window-probe-ack" },
		{ "sy|", "0: syn syn-ack" },
		{ "sy|n", "0: syn syn-ack" },
		{ "syn|", "0: syn syn-ack" },
		{ "se|", "0: select send sendfile sendmmsg sendmsg sendto sent-again "
			 "sent-again-or-overtaken "
			 "setsockopt" },
		{ "syn |", "4: and or" },
		{ "syn a|", "4: accept accept4 ack ack-lost-segment and" },
		{ "syn and ur|", "8: urg urgent" },
		{ "not ur|", "4: urg urgent" },
		{ "!ur|", "1: urg urgent" },
		{ "(ur|", "1: urg urgent" },
		{ "(syn |", "5: and or" },
		{ "(syn) |", "6: and or" },
		{ "from |", "5: client server" },
		{ "from s|", "5: server" },
		{ "from client |", "12: and or" },
		{ "src |", "4: host port" },
		{ "src p|", "4: port" },
		{ "src port |", "9:" },
		{ "port |", "5:" },
		{ "port 8|", "5:" },
		{ "port 80 |", "8: and or" },
		{ "port > |", "7:" },
		{ "host 10.|", "5:" },
		{ "xyzzy |", "6:" },
		{ "syn ) |", "6:" },
		{ "xyz|", "0:" },
		{ "po| and syn", "0: poll port" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *got = completed(cases[i].filter);

		if (!g_str_equal(got, cases[i].passes))
			g_test_fail_printf("%s: \"%s\", not \"%s\"", cases[i].filter, got,
					   cases[i].passes);
	}
}

/* Everything is offered at the beginning, and everything that is offered is a word. */
static void
test_completion_whole(void)
{
	gsize start;
	g_autoptr(GPtrArray) words = filter_complete("", 0, &start);

	g_assert_cmpuint(words->len, >, 80);
	for (guint i = 0; i < words->len; i++) {
		g_autoptr(GError) error = NULL;

		g_autoptr(Filter) filter = filter_new(g_ptr_array_index(words, i), &error);

		if (!filter) /* it may want a value */
			g_assert_null(strstr(error->message, "no word"));
	}
}

/* ---- on a ladder ---- */

static void
test_ladder(void)
{
	g_autoptr(Trace) trace = mixed_trace();
	g_autoptr(Filter) filter = filter_new("conversation 0 and not call", NULL);
	Selection selection = SELECTION_ALL;
	g_autoptr(Ladder) ladder = NULL;

	selection.filter = filter;
	ladder = ladder_new(trace, selection);
	g_clear_pointer(&filter, filter_unref); /* it has its own */
	ladder_update(ladder);
	g_assert_cmpuint(ladder_length(ladder), ==, 8 + 2); /* drops and note */
	g_assert_cmpuint(ladder_row(ladder, 3).event, ==, 7);
	g_assert_cmpuint(ladder_row_of(ladder, 7), ==, 3);
	g_assert_cmpuint(ladder_row_of(ladder, 11), ==, EVENT_NONE);
	g_assert_cmpuint(ladder->left_out, ==, 24 - 10);
	g_assert_cmpuint(ladder->within, ==, 24);
}

/* What a call caused is not said of another packet where the cause is left out. */
static void
test_ladder_cause(void)
{
	g_autoptr(Trace) trace = mixed_trace();
	g_autoptr(Filter) filter = filter_new("connect or data", NULL);
	g_autoptr(Filter) all = filter_new("packet or call", NULL);
	Selection selection = SELECTION_ALL;
	g_autoptr(Ladder) ladder = NULL, whole = NULL;

	selection.filter = filter;
	ladder = ladder_new(trace, selection);
	ladder_update(ladder);
	g_assert_cmpuint(ladder_row_of(ladder, 2), !=, ladder_row_of(ladder, 7));
	g_assert_cmpuint(ladder_row(ladder, ladder_row_of(ladder, 7)).cell[0].entry, ==,
			 EVENT_NONE);
	g_assert_cmpuint(ladder->left_out, ==, 24 - 7);
	g_assert_cmpuint(ladder->within, ==, 24);
	selection.filter = all;
	whole = ladder_new(trace, selection);
	ladder_update(whole);
	g_assert_cmpuint(ladder_row_of(whole, 2), ==, ladder_row_of(whole, 3));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/filter/words", test_words);
	g_test_add_func("/filter/fields", test_fields);
	g_test_add_func("/filter/joined", test_joined);
	g_test_add_func("/filter/verdicts", test_verdicts);
	g_test_add_func("/filter/plain", test_plain);
	g_test_add_func("/filter/calls-named", test_calls_named);
	g_test_add_func("/filter/return-follows", test_return_follows);
	g_test_add_func("/filter/errors", test_errors);
	g_test_add_func("/filter/limits", test_limits);
	g_test_add_func("/filter/shared", test_shared);
	g_test_add_func("/filter/completion", test_completion);
	g_test_add_func("/filter/completion-whole", test_completion_whole);
	g_test_add_func("/filter/ladder", test_ladder);
	g_test_add_func("/filter/ladder-cause", test_ladder_cause);
	return g_test_run();
}
