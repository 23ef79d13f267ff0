/* SPDX-License-Identifier: MIT */
/* test_flow.c - which conversation a packet belongs to. */
#include "track_script.h"

static guint32
add(FlowTable *table, const Facts *facts, FlowResult *result)
{
	static guint32 frame;

	flow_table_add(table, facts, 0, ++frame, result);
	return result->conversation;
}

static guint32
add_segment(FlowTable *table, const char *segment, FlowResult *result)
{
	Facts facts;

	script_facts(segment, &facts);
	return add(table, &facts, result);
}

static Facts
datagram(Endpoint source, Endpoint destination, guint32 length)
{
	return (Facts){
		.kind = KIND_DATAGRAM,
		.transport = TRANSPORT_UDP,
		.source = source,
		.destination = destination,
		.ip_version = 4,
		.ip_protocol = 17,
		.has_transport_header = TRUE,
		.payload_length = length,
	};
}

static Facts
icmp_error(Endpoint from, Transport transport, Endpoint quoted_source, Endpoint quoted_destination,
	   guint16 quoted_length)
{
	Facts facts = {
		.kind = KIND_ICMP_ERROR,
		.source = from,
		.destination = quoted_source,
		.ip_version = 4,
		.ip_protocol = 1,
		.icmp = { .type = 3,
			  .is_error = TRUE,
			  .quoted_transport = transport,
			  .quoted_length = quoted_length,
			  .quoted_source = quoted_source,
			  .quoted_destination = quoted_destination },
	};

	facts.destination.port = 0;
	return facts;
}

/* who is the client, by the first segment that was seen */
static void
test_client(void)
{
	static const struct {
		const char *segment;
		Side from;
		gboolean guessed;
	} cases[] = {
		{ "> S 1000", SIDE_CLIENT, FALSE },
		{ "< S 1000", SIDE_CLIENT, FALSE }, /* whatever the ports */
		{ "< S. 5000 ack 1001", SIDE_SERVER, FALSE },
		{ "> S. 5000 ack 1001", SIDE_SERVER, FALSE },
		{ "> . 1 ack 1", SIDE_CLIENT, TRUE },
		{ "< P. 1 ack 1 len 5", SIDE_SERVER, TRUE },
		{ "< R 1", SIDE_SERVER, TRUE },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(FlowTable) table = flow_table_new();
		FlowResult result;

		g_assert_cmpuint(add_segment(table, cases[i].segment, &result), ==, 0);
		g_assert_true(result.is_new);
		g_assert_cmpint(result.from, ==, cases[i].from);
		g_assert_cmpint(flow_table_get(table, 0)->client_guessed, ==, cases[i].guessed);
	}
}

static void
test_equal_ports(void)
{
	g_autoptr(FlowTable) table = flow_table_new();
	FlowResult result;
	Facts facts;

	script_facts("> . 1 ack 1", &facts);
	facts.destination.port = facts.source.port;
	add(table, &facts, &result);
	g_assert_cmpint(result.from, ==, SIDE_CLIENT);
	g_assert_true(flow_table_get(table, 0)->client_guessed);
}

static void
test_both_directions(void)
{
	g_autoptr(FlowTable) table = flow_table_new();
	Endpoint client = script_endpoint(1, SCRIPT_CLIENT_PORT);
	Endpoint server = script_endpoint(2, SCRIPT_SERVER_PORT);
	FlowResult result;

	add_segment(table, "> S 1000", &result);
	g_assert_cmpuint(add_segment(table, "< S. 5000 ack 1001", &result), ==, 0);
	g_assert_cmpint(result.from, ==, SIDE_SERVER);
	g_assert_false(result.is_new);
	add_segment(table, "< P. 5001 ack 1001 len 40", &result);
	const Conversation *c = flow_table_get(table, 0);

	g_assert_true(endpoint_equal(&c->endpoint[SIDE_CLIENT], &client));
	g_assert_true(endpoint_equal(&c->endpoint[SIDE_SERVER], &server));
	g_assert_cmpuint(c->packets[SIDE_CLIENT], ==, 1);
	g_assert_cmpuint(c->packets[SIDE_SERVER], ==, 2);
	g_assert_cmpuint(c->bytes[SIDE_SERVER], ==, 40);
	g_assert_cmpuint(flow_table_find(table, TRANSPORT_TCP, &server, &client), ==, 0);
	g_assert_cmpuint(flow_table_find(table, TRANSPORT_UDP, &server, &client), ==,
			 CONVERSATION_NONE);
}

/* TCP and UDP streams are counted apart; a reused pair finds the newest */
static void
test_streams(void)
{
	g_autoptr(FlowTable) table = flow_table_new();
	Endpoint client = script_endpoint(1, SCRIPT_CLIENT_PORT);
	Endpoint server = script_endpoint(2, SCRIPT_SERVER_PORT);
	Facts facts = datagram(client, server, 10);
	FlowResult result;

	add_segment(table, "> S 1000", &result);
	g_assert_cmpuint(add(table, &facts, &result), ==, 1);
	g_assert_cmpuint(flow_table_get(table, 1)->stream, ==, 0);
	g_assert_cmpuint(add_segment(table, "> S 2000", &result), ==, 2);
	g_assert_true(result.is_new);
	g_assert_cmpuint(result.verdict.flags, ==, VERDICT_REUSED_PORTS);
	g_assert_cmpuint(flow_table_get(table, 2)->stream, ==, 1);
	g_assert_cmpuint(flow_table_find(table, TRANSPORT_TCP, &client, &server), ==, 2);
	/* the other end opens: it is the client of the new incarnation */
	add_segment(table, "< S. 7000 ack 2001", &result);
	g_assert_cmpuint(add_segment(table, "< S 9000", &result), ==, 3);
	g_assert_true(endpoint_equal(&flow_table_get(table, 3)->endpoint[SIDE_CLIENT], &server));
	g_assert_cmpuint(flow_table_length(table), ==, 4);
}

static void
test_udp(void)
{
	g_autoptr(FlowTable) table = flow_table_new();
	Endpoint low = script_endpoint(1, 53), high = script_endpoint(2, 50000);
	Facts facts = datagram(low, high, 10);
	FlowResult result;

	/* the first sender is the client, whatever the ports */
	add(table, &facts, &result);
	g_assert_cmpint(result.from, ==, SIDE_CLIENT);
	facts = datagram(high, low, 5);
	g_assert_cmpuint(add(table, &facts, &result), ==, 0);
	g_assert_cmpint(result.from, ==, SIDE_SERVER);
}

/* an end that talks to itself: a direction can only be told by the ports */
static void
test_same_endpoint(void)
{
	g_autoptr(FlowTable) table = flow_table_new();
	Endpoint end = script_endpoint(1, 5000);
	Facts facts = datagram(end, end, 1);
	FlowResult result;

	g_assert_cmpuint(add(table, &facts, &result), ==, 0);
	g_assert_cmpuint(add(table, &facts, &result), ==, 0);
	g_assert_cmpint(result.from, ==, SIDE_CLIENT);
}

static void
test_ip_versions(void)
{
	g_autoptr(FlowTable) table = flow_table_new();
	const guint8 address[16] = { 10, 0, 0, 1 };
	Endpoint four = endpoint_make(4, address, 9), six = endpoint_make(6, address, 9);
	Facts facts = datagram(four, four, 1);
	FlowResult result;

	g_assert_cmpuint(add(table, &facts, &result), ==, 0);
	facts = datagram(six, six, 1);
	g_assert_cmpuint(add(table, &facts, &result), ==, 1);
}

static void
test_icmp(void)
{
	g_autoptr(FlowTable) table = flow_table_new();
	Endpoint client = script_endpoint(1, 50000), server = script_endpoint(2, 53);
	Endpoint router = script_endpoint(9, 0);
	Facts facts = datagram(client, server, 10);
	FlowResult result;

	add(table, &facts, &result);
	facts = icmp_error(router, TRANSPORT_UDP, client, server, 8);
	g_assert_cmpuint(add(table, &facts, &result), ==, 0);
	g_assert_cmpint(!result.from, ==, SIDE_CLIENT);
	g_assert_cmpuint(flow_table_get(table, 0)->packets[SIDE_SERVER], ==, 0);
	/* about what the server sent */
	facts = icmp_error(router, TRANSPORT_UDP, server, client, 8);
	g_assert_cmpuint(add(table, &facts, &result), ==, 0);
	g_assert_cmpint(!result.from, ==, SIDE_SERVER);
	/* nothing usable quoted */
	facts = icmp_error(router, TRANSPORT_NONE, client, server, 0);
	g_assert_cmpuint(add(table, &facts, &result), ==, CONVERSATION_NONE);
}

/* The time of what counts as packet, and how many of these are fragments. */
static void
test_what_counts(void)
{
	g_autoptr(FlowTable) table = flow_table_new();
	Endpoint client = script_endpoint(1, 50000), server = script_endpoint(2, 53);
	Facts error = icmp_error(script_endpoint(9, 0), TRANSPORT_UDP, client, server, 8);
	Facts facts = datagram(client, server, 10);
	const Conversation *c;
	FlowResult result;

	flow_table_add(table, &error, 100, 1, &result); /* begins it */
	c = flow_table_get(table, 0);
	g_assert_cmpint(c->earliest_time_ns, ==, 100);
	flow_table_add(table, &facts, 500, 2, &result);
	facts.more_fragments = TRUE;
	flow_table_add(table, &facts, 700, 3, &result);
	flow_table_add(table, &error, 900, 4, &result);
	g_assert_cmpuint(c->packets[SIDE_CLIENT], ==, 2);
	g_assert_cmpuint(c->fragments, ==, 1);
	g_assert_cmpint(c->earliest_time_ns, ==, 500);
	g_assert_cmpint(c->last_time_ns, ==, 700);
}

/* an error changes nothing in the history of the connection */
static void
test_icmp_tcp(void)
{
	g_autoptr(FlowTable) table = flow_table_new();
	Facts facts =
	    icmp_error(script_endpoint(9, 0), TRANSPORT_TCP, script_endpoint(1, SCRIPT_CLIENT_PORT),
		       script_endpoint(2, SCRIPT_SERVER_PORT), 8);
	FlowResult result;

	add_segment(table, "> S 1000", &result);
	add(table, &facts, &result);
	g_assert_cmpuint(result.conversation, ==, 0);
	g_assert_cmpint(!result.from, ==, SIDE_CLIENT);
	g_assert_cmpint(tcp_track_state(&flow_table_get(table, 0)->tcp, SIDE_CLIENT), ==,
			TCP_STATE_SYN_SENT);
}

/* of what was not captured itself: a stream where the quote shows enough */
static void
test_icmp_first(void)
{
	static const struct {
		Transport transport;
		guint16 length;
		gboolean begins;
	} cases[] = {
		{ TRANSPORT_TCP, 8, FALSE }, { TRANSPORT_TCP, 15, FALSE },
		{ TRANSPORT_TCP, 16, TRUE }, { TRANSPORT_UDP, 7, FALSE },
		{ TRANSPORT_UDP, 8, TRUE },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(FlowTable) table = flow_table_new();
		Facts facts =
		    icmp_error(script_endpoint(9, 0), cases[i].transport, script_endpoint(1, 50000),
			       script_endpoint(2, 53), cases[i].length);
		FlowResult result;

		g_assert_cmpint(add(table, &facts, &result) == 0, ==, cases[i].begins);
		g_assert_cmpuint(flow_table_length(table), ==, cases[i].begins);
		if (cases[i].begins)
			g_assert_cmpint(!result.from, ==, SIDE_CLIENT);
	}
}

/* a header that does not fit its segment: its stream, and nothing else */
static void
test_short_segment(void)
{
	g_autoptr(FlowTable) table = flow_table_new();
	FlowResult result;
	Facts facts;

	add_segment(table, "> S 1000", &result);
	script_facts("> F. 70 ack 1", &facts);
	facts.status = DECODE_MALFORMED;
	facts.has_payload_length = FALSE;
	g_assert_cmpuint(add(table, &facts, &result), ==, 0);
	g_assert_cmpuint(result.verdict.flags, ==, 0);
	g_assert_cmpuint(result.verdict.seq, ==, 70);
	g_assert_cmpuint(result.verdict.state[SIDE_CLIENT], ==, TCP_STATE_SYN_SENT);
	add_segment(table, "< S. 5000 ack 1001", &result);
	g_assert_cmpuint(result.verdict.acks_frame, !=, 0);
	g_assert_cmpuint(result.verdict.flags, ==, 0);
}

static void
test_fragments(void)
{
	g_autoptr(FlowTable) table = flow_table_new();
	Endpoint client = script_endpoint(1, 50000), server = script_endpoint(2, 53);
	Facts first = datagram(client, server, 1472), rest;
	FlowResult result;

	first.ip_id = 77;
	first.more_fragments = TRUE;
	rest = (Facts){
		.status = DECODE_FRAGMENT,
		.kind = KIND_FRAGMENT,
		.source = script_endpoint(1, 0),
		.destination = script_endpoint(2, 0),
		.ip_version = 4,
		.ip_protocol = 17,
		.ip_id = 77,
		.fragment_offset = 1480,
		.payload_length = 100,
	};
	/* before the first one, its ports are not known */
	g_assert_cmpuint(add(table, &rest, &result), ==, CONVERSATION_NONE);
	g_assert_cmpuint(add(table, &first, &result), ==, 0);
	g_assert_cmpuint(add(table, &rest, &result), ==, 0);
	g_assert_cmpint(result.from, ==, SIDE_CLIENT);
	g_assert_cmpuint(flow_table_get(table, 0)->packets[SIDE_CLIENT], ==, 2);
	rest.ip_id = 78;
	g_assert_cmpuint(add(table, &rest, &result), ==, CONVERSATION_NONE);
	rest.ip_id = 77;
	rest.ip_protocol = 6;
	g_assert_cmpuint(add(table, &rest, &result), ==, CONVERSATION_NONE);
}

static void
test_no_transport(void)
{
	g_autoptr(FlowTable) table = flow_table_new();
	Facts facts = { .status = DECODE_TRUNCATED, .transport = TRANSPORT_TCP };
	FlowResult result;

	g_assert_cmpuint(add(table, &facts, &result), ==, CONVERSATION_NONE);
	facts = (Facts){ .status = DECODE_UNSUPPORTED };
	g_assert_cmpuint(add(table, &facts, &result), ==, CONVERSATION_NONE);
	g_assert_cmpuint(flow_table_length(table), ==, 0);
}

static void
test_many(void)
{
	g_autoptr(FlowTable) table = flow_table_new();
	Endpoint server = script_endpoint(2, 53);
	FlowResult result;

	for (guint pass = 0; pass < 2; pass++) {
		for (guint i = 0; i < 20000; i++) {
			Facts facts = datagram(script_endpoint(i % 200, 1024 + i / 200), server, 1);

			g_assert_cmpuint(add(table, &facts, &result), ==, i);
		}
	}
	g_assert_cmpuint(flow_table_length(table), ==, 20000);
}

/* Where there is no index left: old conversations go on, also on ports that are
 * used again, and what would be a new one is in none, without moving the rest. */
static void
test_limit(void)
{
	Endpoint server = endpoint_make(4, (const guint8[]){ 10, 0, 0, 9 }, 53);
	g_autoptr(FlowTable) table = flow_table_new();
	FlowResult result;

	flow_table_set_limit(table, 2);
	for (guint8 i = 0; i < 4; i++) {
		Endpoint client = endpoint_make(4, (const guint8[]){ 10, 0, 0, 1 }, 1000 + i);
		Facts facts = datagram(client, server, 5), answer = datagram(server, client, 5);
		guint32 expected = i < 2 ? i : CONVERSATION_NONE;

		g_assert_cmpuint(add(table, &facts, &result), ==, expected);
		g_assert_cmpint(result.is_new, ==, i < 2);
		g_assert_cmpuint(add(table, &answer, &result), ==, expected);
		g_assert_cmpint(result.is_new, ==, FALSE);
		g_assert_cmpuint(flow_table_length(table), ==, MIN(i + 1, 2));
	}
	/* the limit can rise, but not above the indices that there are */
	flow_table_set_limit(table, G_MAXUINT32);
	g_assert_cmpuint(add_segment(table, "> S 1000", &result), ==, 2);
	flow_table_set_limit(table, 3);
	add_segment(table, "< R 1", &result);
	g_assert_cmpuint(result.conversation, ==, 2);
	g_assert_cmpuint(add_segment(table, "> S 99000", &result), ==, 2);
	g_assert_cmpuint(flow_table_length(table), ==, 3);
}

/* What IPComp or Van Jacobson's compression carried is no lost segment; what OSPF did not, is one.
 */
static void
test_hidden(void)
{
	static const struct {
		NumberSpace space;
		guint16 number;
		guint evidence;
	} kinds[] = {
		{ NUMBER_IP_PROTOCOL, 89, EVIDENCE_NONE },
		{ NUMBER_IP_PROTOCOL, 108, EVIDENCE_HIDDEN },
		{ NUMBER_PPP, 0x002d, EVIDENCE_HIDDEN },
	};

	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
		g_autoptr(FlowTable) table = flow_table_new();
		FlowResult result;
		Facts facts = { .status = DECODE_UNSUPPORTED, .n_layers = 1 };

		facts.layers[0] = (Layer){ .kind = LAYER_OTHER,
					   .number = kinds[i].space,
					   .value = kinds[i].number };
		add_segment(table, "> S 1000", &result);
		add_segment(table, "< S. 5000 ack 1001", &result);
		add_segment(table, "> . 1001 ack 5001", &result);
		add(table, &facts, &result);
		add_segment(table, "< . 5001 ack 1101", &result);
		g_assert_cmpuint(result.verdict.flags, ==, VERDICT_ACK_LOST_SEGMENT);
		g_assert_cmpuint(result.verdict.evidence, ==, kinds[i].evidence);
		add_segment(table, "> P. 1301 ack 5001 len 10", &result);
		g_assert_cmpuint(result.verdict.flags, ==, VERDICT_LOST_SEGMENT);
		g_assert_cmpuint(verdicts_plain(result.verdict.flags, result.verdict.evidence), ==,
				 kinds[i].evidence ? 0 : VERDICT_LOST_SEGMENT);
	}
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} tests[] = {
		{ "client", test_client },
		{ "hidden", test_hidden },
		{ "equal-ports", test_equal_ports },
		{ "both-directions", test_both_directions },
		{ "streams", test_streams },
		{ "udp", test_udp },
		{ "same-endpoint", test_same_endpoint },
		{ "ip-versions", test_ip_versions },
		{ "icmp", test_icmp },
		{ "what-counts", test_what_counts },
		{ "icmp-tcp", test_icmp_tcp },
		{ "icmp-first", test_icmp_first },
		{ "short-segment", test_short_segment },
		{ "fragments", test_fragments },
		{ "no-transport", test_no_transport },
		{ "many", test_many },
		{ "limit", test_limit },
	};

	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(tests); i++) {
		g_autofree char *path = g_strdup_printf("/flow/%s", tests[i].name);

		g_test_add_func(path, tests[i].run);
	}
	return g_test_run();
}
