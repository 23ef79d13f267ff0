/* SPDX-License-Identifier: MIT */
/* test_decode.c - packets to facts: each sample, each of its beginnings, and what is not a sample.
 */
#include <string.h>

#include "decode_samples.h"
#include "pktladder/decode.h"

static const char *const status_names[] = { "ok",       "first-fragment", "truncated",
					    "fragment", "unsupported",    "malformed" };
static const char *const kind_names[] = { "other",    "syn",        "syn-ack", "ack",
					  "data",     "fin",        "rst",     "unusual",
					  "datagram", "icmp-error", "fragment" };
static const char *const checksum_names[] = { "unknown", "good", "absent", "not-filled", "bad" };
static const char *const transport_names[] = { "none", "TCP", "UDP" };

G_STATIC_ASSERT(G_N_ELEMENTS(status_names) == N_DECODE_STATUS);
G_STATIC_ASSERT(G_N_ELEMENTS(kind_names) == N_PACKET_KINDS);
G_STATIC_ASSERT(G_N_ELEMENTS(checksum_names) == N_CHECKSUM_STATUS);
G_STATIC_ASSERT(G_N_ELEMENTS(transport_names) == N_TRANSPORTS);

static void
append_options(GString *line, const TcpFacts *tcp)
{
	if (tcp->options & TCP_OPTION_MSS)
		g_string_append_printf(line, " mss %u", tcp->mss);
	if (tcp->options & TCP_OPTION_SACK_PERMITTED)
		g_string_append(line, " sackOK");
	if (tcp->options & TCP_OPTION_TIMESTAMPS)
		g_string_append_printf(line, " ts %u/%u", tcp->timestamp_value,
				       tcp->timestamp_echo);
	if (tcp->options & TCP_OPTION_WINDOW_SCALE)
		g_string_append_printf(line, " wscale %u", tcp->window_scale);
	for (guint i = 0; tcp->options & TCP_OPTION_SACK && i < tcp->n_sack; i++)
		g_string_append_printf(line, "%s%u-%u", i ? "," : " sack ", tcp->sack[i].left,
				       tcp->sack[i].right);
	if (tcp->options & TCP_OPTION_FAST_OPEN)
		g_string_append_printf(line, " tfo %u", tcp->fast_open_length);
	if (tcp->options & TCP_OPTION_MPTCP)
		g_string_append_printf(line, " mptcp %u", tcp->mptcp_subtype);
	if (tcp->options & TCP_OPTION_MD5)
		g_string_append(line, " md5");
	if (tcp->options & TCP_OPTION_OTHER)
		g_string_append(line, " other");
	if (tcp->options & TCP_OPTION_MALFORMED)
		g_string_append(line, " broken");
}

static void
append_transport(GString *line, const Facts *facts)
{
	const char *checksum = checksum_names[facts->checksum];

	if (facts->transport == TRANSPORT_TCP) {
		g_string_append_printf(line, " %s seq %u ack %u win %u len %u %s",
				       tcp_flags_text(facts->tcp.flags).text, facts->tcp.seq,
				       facts->tcp.ack, facts->tcp.window, facts->payload_length,
				       checksum);
		append_options(line, &facts->tcp);
		if (facts->tcp.urgent)
			g_string_append_printf(line, " urg %u", facts->tcp.urgent);
	} else {
		g_string_append_printf(line, " UDP %u len %u %s", facts->udp.length,
				       facts->payload_length, checksum);
	}
}

static void
append_icmp(GString *line, const Facts *facts)
{
	const IcmpFacts *icmp = &facts->icmp;

	g_string_append_printf(line, " %s %u/%u", facts->ip_protocol == 1 ? "ICMP" : "ICMPv6",
			       icmp->type, icmp->code);
	if (icmp->rest)
		g_string_append_printf(line, " rest %u", icmp->rest);
	if (icmp->quoted_transport != TRANSPORT_NONE)
		g_string_append_printf(line, " quotes %s %s > %s",
				       transport_names[icmp->quoted_transport],
				       endpoint_text(&icmp->quoted_source).text,
				       endpoint_text(&icmp->quoted_destination).text);
	if (icmp->quoted_transport == TRANSPORT_TCP)
		g_string_append_printf(line, " seq %u", icmp->quoted_seq);
	g_string_append_printf(line, " %s", checksum_names[facts->checksum]);
}

static char *
facts_line(const Facts *facts)
{
	GString *line = g_string_new(status_names[facts->status]);

	g_string_append_printf(line, " %s", kind_names[facts->kind]);
	if (facts->ip_version) {
		ShortText (*text)(const Endpoint *) =
		    facts->has_transport_header || facts->source.port ? endpoint_text
								      : address_text;

		g_string_append_printf(line, " %s", text(&facts->source).text);
		g_string_append_printf(line, " > %s", text(&facts->destination).text);
	}
	if (facts->has_transport_header)
		append_transport(line, facts);
	else if (facts->kind == KIND_FRAGMENT)
		g_string_append_printf(line, " %s at %u len %u", transport_names[facts->transport],
				       facts->fragment_offset, facts->payload_length);
	else if ((facts->ip_protocol == 1 || facts->ip_protocol == 58) && facts->transport_offset)
		append_icmp(line, facts);
	if (facts->status == DECODE_UNSUPPORTED)
		g_string_append_printf(line, " %s", unsupported_text(facts).text);
	if (tunnel_name(facts))
		g_string_append_printf(line, " via %s", tunnel_name(facts));
	if (facts->problem)
		g_string_append_printf(line, ": %s", facts->problem);
	return g_string_free(line, FALSE);
}

/* What holds of any packet. */
static void
check_invariants(const Packet *packet, const Facts *facts)
{
	g_assert_cmpuint(facts->status, <, N_DECODE_STATUS);
	g_assert_cmpuint(facts->kind, <, N_PACKET_KINDS);
	g_assert_cmpuint(facts->payload_captured, <=, facts->payload_length);
	if (facts->payload_captured)
		g_assert_cmpuint(facts->payload_offset + facts->payload_captured, <=,
				 packet->captured);
	g_assert_cmpuint(facts->n_layers, <=, PACKET_MAX_LAYERS);
	for (guint i = 0; i < facts->n_layers; i++)
		g_assert_cmpuint(facts->layers[i].offset, <=, packet->captured);
	g_assert_true((facts->problem != NULL) ==
		      (facts->status == DECODE_TRUNCATED || facts->status == DECODE_MALFORMED));
	g_assert_true((facts->protocol_name != NULL) == (facts->status == DECODE_UNSUPPORTED));
	if (facts->has_transport_header)
		g_assert_true(facts->transport != TRANSPORT_NONE && facts->ip_version != 0);
}

static void
check_sample(const Sample *sample, gpointer data)
{
	Packet packet = sample_packet(sample);
	g_autofree char *line = NULL;
	Facts facts;

	(void)data;
	memset(&facts, 0xa5, sizeof facts);
	decode_packet(&packet, &facts);
	check_invariants(&packet, &facts);
	line = facts_line(&facts);
	g_test_message("%s", sample->name);
	g_assert_cmpstr(line, ==, sample->tells);
	g_free((gpointer)packet.data);
}

static void
test_samples(void)
{
	sample_foreach(check_sample, NULL);
}

static Facts
decode_copy(const Packet *packet, guint32 captured, guint32 length)
{
	g_autofree guint8 *copy = g_memdup2(packet->data, MAX(captured, 1));
	Packet cut = {
		.data = copy, .captured = captured, .length = length, .link_type = packet->link_type
	};
	Facts facts;

	decode_packet(&cut, &facts);
	check_invariants(&cut, &facts);
	return facts;
}

/* A packet whose end the capture cut off is never malformed unless it was so as a whole, and
 * what is told of it is told alike. */
static void
check_cut(const Sample *sample, gpointer data)
{
	Packet packet = sample_packet(sample);
	Facts whole;

	(void)data;
	decode_packet(&packet, &whole);
	for (guint32 n = 0; n < packet.captured; n++) {
		Facts facts = decode_copy(&packet, n, packet.length);

		if (whole.status != DECODE_MALFORMED)
			g_assert_cmpint(facts.status, !=, DECODE_MALFORMED);
		if (facts.has_transport_header && facts.in_tunnel == whole.in_tunnel) {
			g_assert_true(endpoint_equal(&facts.source, &whole.source));
			g_assert_cmpuint(facts.tcp.seq, ==, whole.tcp.seq);
			g_assert_cmpuint(facts.payload_length, ==, whole.payload_length);
			g_assert_cmpint(facts.kind, ==, whole.kind);
		}
		if (n < 14 && packet.link_type == 1)
			g_assert_cmpint(facts.status, ==, DECODE_TRUNCATED);
	}
	g_free((gpointer)packet.data);
}

static void
test_cut(void)
{
	sample_foreach(check_cut, NULL);
}

/* The same beginnings as whole packets: their IP length, where they have one, is a lie. */
static void
check_short(const Sample *sample, gpointer data)
{
	Packet packet = sample_packet(sample);

	(void)data;
	for (guint32 n = 0; n < packet.captured; n++)
		decode_copy(&packet, n, n);
	g_free((gpointer)packet.data);
}

static void
test_short(void)
{
	sample_foreach(check_short, NULL);
}

static void
check_damage(const Sample *sample, gpointer data)
{
	Packet packet = sample_packet(sample);
	guint8 *bytes = (guint8 *)packet.data;
	static const guint8 values[] = { 0x00, 0x01, 0x0f, 0x3f, 0x7f, 0x80, 0xc2, 0xff };

	(void)data;
	for (guint32 i = 0; i < packet.captured; i++) {
		guint8 was = bytes[i];

		for (guint v = 0; v < G_N_ELEMENTS(values); v++) {
			bytes[i] = values[v];
			decode_copy(&packet, packet.captured, packet.length);
		}
		bytes[i] = was;
	}
	g_free(bytes);
}

static void
test_damage(void)
{
	sample_foreach(check_damage, NULL);
}

/* MPLS labels without end: the walk stops, and the list of layers holds. */
static void
test_depth(void)
{
	g_autofree guint8 *bytes = g_malloc0(262144);
	Packet packet = { .data = bytes, .captured = 262144, .length = 262144, .link_type = 219 };
	Facts facts;

	decode_packet(&packet, &facts);
	check_invariants(&packet, &facts);
	g_assert_cmpint(facts.status, ==, DECODE_MALFORMED);
}

/* More headers than the list holds: what matters most is in it. */
static void
test_many_layers(void)
{
	const Sample tcp = { "tcp", 101, 0, IPV4_TCP, NULL };
	Packet inner = sample_packet(&tcp);
	GByteArray *bytes = g_byte_array_new();
	Packet packet;
	Facts facts;

	for (guint i = 0; i < 40; i++) {
		guint8 label[4] = { 0, 0x06, i == 39 ? 0x41 : 0x40, 0x40 };

		g_byte_array_append(bytes, label, 4);
	}
	g_byte_array_append(bytes, inner.data, inner.captured);
	packet = (Packet){
		.data = bytes->data, .captured = bytes->len, .length = bytes->len, .link_type = 219
	};
	decode_packet(&packet, &facts);
	check_invariants(&packet, &facts);
	g_assert_cmpint(facts.kind, ==, KIND_DATA);
	g_assert_cmpint(facts.layers[facts.n_layers - 2].kind, ==, LAYER_TCP);
	g_assert_cmpint(facts.layers[facts.n_layers - 1].kind, ==, LAYER_PAYLOAD);
	g_assert_cmpuint(facts.checksum, ==, CHECKSUM_GOOD);
	g_byte_array_unref(bytes);
	g_free((gpointer)inner.data);
}

/* Linux BIG TCP: more than 65535 bytes of payload, and 0 in IPv6's length. */
static void
test_big_tcp(void)
{
	const Sample tcp = { "tcp", 101, 0, IPV6_TCP, NULL };
	Packet inner = sample_packet(&tcp);
	g_autofree guint8 *bytes = g_malloc0(70060);
	Packet packet = { .data = bytes, .captured = 70060, .length = 70060, .link_type = 229 };
	Facts facts;

	memcpy(bytes, inner.data, 60);
	bytes[4] = bytes[5] = 0;
	decode_packet(&packet, &facts);
	g_assert_cmpint(facts.status, ==, DECODE_OK);
	g_assert_cmpuint(facts.payload_length, ==, 70000);
	g_free((gpointer)inner.data);
}

/* Facts that the lines do not show. */
static void
test_ip_fields(void)
{
	/* IP (tos 0x2,ECT(0), ttl 17, id 0xbeef, offset 0, flags [+], proto UDP (17), length 32) */
	const Sample sample = { "fields", 101, 0,
				"4502 0020 beef 2000 1111 0000 0a000001 0a000002"
				"1388 0035 000c 0000 64617461",
				NULL };
	Packet packet = sample_packet(&sample);
	Facts facts;

	decode_packet(&packet, &facts);
	g_assert_cmpuint(facts.ip_version, ==, 4);
	g_assert_cmpuint(facts.ip_id, ==, 0xbeef);
	g_assert_cmpuint(facts.ip_header_length, ==, 20);
	g_assert_cmpuint(facts.ip_total_length, ==, 32);
	g_assert_true(facts.more_fragments);
	g_assert_false(facts.has_payload_length);
	g_assert_cmpuint(facts.fragment_offset, ==, 0);
	g_assert_cmpuint(facts.transport_offset, ==, 20);
	g_assert_cmpuint(facts.payload_offset, ==, 28);
	g_assert_cmpuint(facts.checksum, ==, CHECKSUM_ABSENT);
	g_free((gpointer)packet.data);
}

static void
find_sample(const Sample *sample, gpointer data)
{
	const Sample **wanted = data;

	if (strcmp(sample->name, (*wanted)->name) == 0)
		*wanted = sample;
}

static Facts
facts_of(const char *name)
{
	Sample key = { name, 0, 0, "", NULL };
	const Sample *sample = &key;
	Packet packet;
	Facts facts;

	sample_foreach(find_sample, &sample);
	g_assert_true(sample != &key);
	packet = sample_packet(sample);
	decode_packet(&packet, &facts);
	g_free((gpointer)packet.data);
	return facts;
}

static void
test_layers(void)
{
	static const LayerKind kinds[] = { LAYER_LINK,    LAYER_IPV4,  LAYER_UDP,
					   LAYER_PAYLOAD, LAYER_VXLAN, LAYER_LINK,
					   LAYER_IPV4,    LAYER_TCP,   LAYER_PAYLOAD };
	Facts facts = facts_of("vxlan");

	g_assert_cmpuint(facts.n_layers, ==, G_N_ELEMENTS(kinds));
	for (guint i = 0; i < facts.n_layers; i++)
		g_assert_cmpint(facts.layers[i].kind, ==, kinds[i]);
	g_assert_cmpuint(facts.layers[4].extra, ==, 42);
	g_assert_true(facts.in_tunnel);

	facts = facts_of("vlan");
	g_assert_cmpint(facts.layers[1].kind, ==, LAYER_VLAN);
	g_assert_cmpuint(facts.layers[1].value, ==, 3 << 13 | 100);
	g_assert_cmpuint(facts.layers[1].extra, ==, 0x8100);
	g_assert_false(facts.in_tunnel);

	facts = facts_of("mpls");
	g_assert_cmpint(facts.layers[1].kind, ==, LAYER_MPLS);
	g_assert_cmpuint(facts.layers[1].extra, ==, 100);
	g_assert_cmpuint(facts.layers[2].extra, ==, 200);
	g_assert_cmpuint(facts.layers[2].value, ==, 0x140);

	facts = facts_of("ipv6 hop-by-hop");
	g_assert_cmpstr(layer_name(&facts.layers[2]), ==, "IPv6 hop-by-hop options");
	g_assert_cmpuint(facts.ip_header_length, ==, 48);
}

/* Every combination of flags has a kind, and the unusual ones are told apart. */
static void
test_kinds(void)
{
	g_assert_cmpint(packet_kind_of_tcp(TCP_SYN, 0), ==, KIND_SYN);
	g_assert_cmpint(packet_kind_of_tcp(TCP_SYN | TCP_ECE | TCP_CWR, 9), ==, KIND_SYN);
	g_assert_cmpint(packet_kind_of_tcp(TCP_SYN | TCP_ACK, 0), ==, KIND_SYN_ACK);
	g_assert_cmpint(packet_kind_of_tcp(TCP_ACK, 0), ==, KIND_ACK);
	g_assert_cmpint(packet_kind_of_tcp(TCP_ACK | TCP_PSH, 0), ==, KIND_ACK);
	g_assert_cmpint(packet_kind_of_tcp(TCP_ACK, 1), ==, KIND_DATA);
	g_assert_cmpint(packet_kind_of_tcp(TCP_FIN, 0), ==, KIND_FIN);
	g_assert_cmpint(packet_kind_of_tcp(TCP_FIN | TCP_ACK | TCP_PSH, 1), ==, KIND_FIN);
	g_assert_cmpint(packet_kind_of_tcp(TCP_RST, 0), ==, KIND_RST);
	g_assert_cmpint(packet_kind_of_tcp(TCP_RST | TCP_ACK, 0), ==, KIND_RST);
	for (guint flags = 0; flags < 0x1000; flags++) {
		guint core = flags & (TCP_FIN | TCP_SYN | TCP_RST);
		gboolean several = (core & (core - 1)) != 0;
		gboolean none = !core && !(flags & TCP_ACK);

		g_assert_true((packet_kind_of_tcp((guint16)flags, 1) == KIND_UNUSUAL_TCP) ==
			      (several || none));
	}
}

static void
test_flags(void)
{
	g_assert_cmpstr(tcp_flags_text(0).text, ==, "none");
	g_assert_cmpstr(tcp_flags_text(TCP_SYN).text, ==, "SYN");
	g_assert_cmpstr(tcp_flags_text(TCP_SYN | TCP_ACK).text, ==, "SYN-ACK");
	g_assert_cmpstr(tcp_flags_text(TCP_FIN | TCP_ACK).text, ==, "FIN-ACK");
	g_assert_cmpstr(tcp_flags_text(TCP_PSH | TCP_ACK).text, ==, "PSH-ACK");
	g_assert_cmpstr(tcp_flags_text(0xfff).text, ==, "FIN-SYN-RST-PSH-ACK-URG-ECE-CWR-AE-RES");
}

static void
test_names(void)
{
	g_assert_cmpstr(link_type_name(1), ==, "Ethernet");
	g_assert_cmpstr(link_type_name(276), ==, "Linux cooked v2");
	g_assert_null(link_type_name(189)); /* USB is known by name, but not decoded */
	g_assert_null(link_type_name(65535));
	g_assert_cmpstr(ethertype_name(0x0806), ==, "ARP");
	g_assert_null(ethertype_name(0x1234));
	g_assert_cmpstr(ip_protocol_name(6), ==, "TCP");
	g_assert_null(ip_protocol_name(254));
}

/* Any odd or even length, aligned or not, agrees with the sum taken the slow way. */
static void
test_checksum_lengths(void)
{
	guint8 bytes[20 + 8 + 64] = { 0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17,
				      0,    0, 1, 2, 3, 4, 5, 6, 7,  8 };
	Packet packet = { .data = bytes, .link_type = 101 };
	Facts facts;

	for (guint n = 0; n <= 64; n++) {
		guint32 sum = 0x0102 + 0x0304 + 0x0506 + 0x0708 + 17 + 2 * (8 + n);

		bytes[3] = (guint8)(28 + n);
		memset(bytes + 20, 0, sizeof bytes - 20);
		bytes[25] = (guint8)(8 + n);
		for (guint i = 0; i < n; i++) {
			bytes[28 + i] = (guint8)(i * 37 + n);
			sum += i % 2 ? bytes[28 + i] : (guint)bytes[28 + i] << 8;
		}
		while (sum >> 16)
			sum = (sum & 0xffff) + (sum >> 16);
		bytes[26] = (guint8)(~sum >> 8);
		bytes[27] = (guint8)~sum;
		packet.captured = packet.length = 28 + n;
		decode_packet(&packet, &facts);
		g_assert_cmpint(facts.checksum, ==, CHECKSUM_GOOD);
		bytes[20] ^= 1;
		decode_packet(&packet, &facts);
		g_assert_cmpint(facts.checksum, ==, CHECKSUM_BAD);
		decode_headers(&packet, &facts);
		g_assert_cmpint(facts.checksum, ==, CHECKSUM_UNKNOWN);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/decode/samples", test_samples);
	g_test_add_func("/decode/cut", test_cut);
	g_test_add_func("/decode/short", test_short);
	g_test_add_func("/decode/damage", test_damage);
	g_test_add_func("/decode/depth", test_depth);
	g_test_add_func("/decode/many-layers", test_many_layers);
	g_test_add_func("/decode/big-tcp", test_big_tcp);
	g_test_add_func("/decode/ip-fields", test_ip_fields);
	g_test_add_func("/decode/layers", test_layers);
	g_test_add_func("/decode/kinds", test_kinds);
	g_test_add_func("/decode/flags", test_flags);
	g_test_add_func("/decode/names", test_names);
	g_test_add_func("/decode/checksum-lengths", test_checksum_lengths);
	return g_test_run();
}
