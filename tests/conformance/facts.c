/* SPDX-License-Identifier: MIT */
/* facts.c - what pktladder finds out about each packet of a capture, as a table
 * that compare.py holds against tshark's.
 *
 * Reads with libpcap directly, so that a disagreement is about decode and flow
 * and nothing else. One line a packet, columns by the first line; a column that
 * does not apply is empty. A second table follows after an empty line: the
 * completeness of each TCP stream once all packets were seen.
 *
 *   conformance-facts VERSION CAPTURE
 *
 * VERSION is that of tshark, 4.0 or 4.4: docs/CONFORMANCE.md has what differs.
 */
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>

#include "pktladder/decode.h"
#include "pktladder/flow.h"

typedef struct {
	FlowTable *table;
	guint32 frame;
	guint16 link_type;
	GString *line;
} Reader;

/* pcap_datalink() speaks DLT numbers, captures and decode LINKTYPE numbers; these
 * are the ones that differ on Linux. */
static guint16
link_type_of(int dlt)
{
	static const struct {
		int dlt;
		guint16 link_type;
	} differ[] = {
		{ 11, 100 }, /* ATM_RFC1483 */
		{ 12, 101 }, /* RAW */
		{ 15, 102 }, /* SLIP_BSDOS */
		{ 16, 103 }, /* PPP_BSDOS */
		{ 19, 106 }, /* ATM_CLIP */
	};

	for (guint i = 0; i < G_N_ELEMENTS(differ); i++)
		if (differ[i].dlt == dlt)
			return differ[i].link_type;
	return (guint16)dlt;
}

/* Columns --------------------------------------------------------------------- */

static void
put_number(GString *line, gint64 number)
{
	g_string_append_printf(line, "%" G_GINT64_FORMAT, number);
}

static void
put_endpoint(GString *line, const Endpoint *endpoint)
{

	g_string_append(line, endpoint_text(endpoint).text);
}

typedef struct {
	const Facts *facts;
	const FlowResult *result;
	const Conversation *conversation; /* NULL where there is none */
} Row;

static gboolean
row_is_tcp(const Row *row)
{
	return row->conversation && row->facts->kind != KIND_ICMP_ERROR &&
	       row->facts->kind != KIND_FRAGMENT && row->conversation->transport == TRANSPORT_TCP;
}

static gboolean
row_is_udp(const Row *row)
{
	return row->conversation && row->facts->kind != KIND_ICMP_ERROR &&
	       row->facts->kind != KIND_FRAGMENT && row->conversation->transport == TRANSPORT_UDP;
}

static void
column_status(const Row *row, GString *line)
{
	static const char *const names[] = { "ok",       "first-fragment", "truncated",
					     "fragment", "unsupported",    "malformed" };
	G_STATIC_ASSERT(G_N_ELEMENTS(names) == N_DECODE_STATUS);

	g_string_append(line, names[row->facts->status]);
}

static void
column_kind(const Row *row, GString *line)
{
	if (row->facts->kind == KIND_ICMP_ERROR)
		g_string_append(line, "icmp_error");
	else if (row->facts->kind == KIND_FRAGMENT)
		g_string_append(line, "fragment");
	else if (row->facts->has_transport_header)
		g_string_append(line, row->facts->transport == TRANSPORT_TCP ? "tcp" : "udp");
}

/* Of the stream that an ICMP error or a fragment joins too. */
static void
column_tcp_stream(const Row *row, GString *line)
{
	if (row->conversation && row->conversation->transport == TRANSPORT_TCP)
		put_number(line, row->conversation->stream);
}

static void
column_udp_stream(const Row *row, GString *line)
{
	if (row->conversation && row->conversation->transport == TRANSPORT_UDP)
		put_number(line, row->conversation->stream);
}

static void
column_source(const Row *row, GString *line)
{
	if (row_is_tcp(row) || row_is_udp(row))
		put_endpoint(line, &row->facts->source);
}

static void
column_destination(const Row *row, GString *line)
{
	if (row_is_tcp(row) || row_is_udp(row))
		put_endpoint(line, &row->facts->destination);
}

static void
column_in_tunnel(const Row *row, GString *line)
{
	put_number(line, row->facts->in_tunnel);
}

static void
column_side(const Row *row, GString *line)
{
	if (row->conversation)
		g_string_append_c(line, row->result->from == SIDE_CLIENT ? 'c' : 's');
}

#define TCP_COLUMN(name, value)                                                                    \
	static void column_##name(const Row *row, GString *line)                                   \
	{                                                                                          \
		if (row_is_tcp(row))                                                               \
			put_number(line, (value));                                                 \
	}
#define TCP_COLUMN_WHERE(name, condition, value)                                                   \
	static void column_##name(const Row *row, GString *line)                                   \
	{                                                                                          \
		if (row_is_tcp(row) && (condition))                                                \
			put_number(line, (value));                                                 \
	}

TCP_COLUMN(flags, row->facts->tcp.flags)
TCP_COLUMN_WHERE(length, row->facts->has_payload_length, row->facts->payload_length)
TCP_COLUMN(seq, row->result->verdict.seq)
TCP_COLUMN(seq_raw, row->facts->tcp.seq)
TCP_COLUMN_WHERE(ack, row->facts->tcp.flags &TCP_ACK, row->result->verdict.ack)
TCP_COLUMN(ack_raw, row->facts->tcp.ack)
TCP_COLUMN(window_raw, row->facts->tcp.window)
TCP_COLUMN(window, row->result->verdict.window)
TCP_COLUMN(window_scale, row->result->verdict.window_scale)
TCP_COLUMN(completeness, row->result->verdict.completeness)
TCP_COLUMN(header_length, row->facts->tcp.header_length)
TCP_COLUMN(urgent, row->facts->tcp.urgent)
TCP_COLUMN_WHERE(acks_frame, row->result->verdict.acks_frame != 0, row->result->verdict.acks_frame)
TCP_COLUMN_WHERE(ack_rtt, row->result->verdict.ack_rtt_ns != -1, row->result->verdict.ack_rtt_ns)
TCP_COLUMN_WHERE(duplicate_ack_num, row->result->verdict.flags &VERDICT_DUPLICATE_ACK,
		 row->result->verdict.duplicate_number)
TCP_COLUMN_WHERE(duplicate_ack_frame, row->result->verdict.flags &VERDICT_DUPLICATE_ACK,
		 row->result->verdict.duplicate_of)
TCP_COLUMN_WHERE(initial_rtt, tcp_track_initial_rtt(&row->conversation->tcp) != -1,
		 tcp_track_initial_rtt(&row->conversation->tcp))
TCP_COLUMN_WHERE(bytes_in_flight, row->result->verdict.bytes_in_flight != 0,
		 row->result->verdict.bytes_in_flight)

static void
column_analysis(const Row *row, GString *line)
{
	const char *separator = "";

	if (!row_is_tcp(row))
		return;
	for (guint bit = 0; bit < N_VERDICTS; bit++) {
		if (!(row->result->verdict.flags & 1u << bit))
			continue;
		g_string_append_printf(line, "%s%s", separator, verdict_name(bit));
		separator = ",";
	}
}

static void
column_states(const Row *row, GString *line)
{
	if (row_is_tcp(row))
		g_string_append_printf(line, "%s/%s", tcp_state_name(row->result->verdict.state[0]),
				       tcp_state_name(row->result->verdict.state[1]));
}

static void
column_udp_length(const Row *row, GString *line)
{
	if (row_is_udp(row))
		put_number(line, row->facts->udp.length);
}

static const struct {
	const char *name;
	void (*put)(const Row *row, GString *line);
} columns[] = {
	{ "status", column_status },
	{ "kind", column_kind },
	{ "tcp_stream", column_tcp_stream },
	{ "udp_stream", column_udp_stream },
	{ "source", column_source },
	{ "destination", column_destination },
	{ "in_tunnel", column_in_tunnel },
	{ "side", column_side },
	{ "flags", column_flags },
	{ "length", column_length },
	{ "header_length", column_header_length },
	{ "urgent", column_urgent },
	{ "seq", column_seq },
	{ "seq_raw", column_seq_raw },
	{ "ack", column_ack },
	{ "ack_raw", column_ack_raw },
	{ "window_raw", column_window_raw },
	{ "window", column_window },
	{ "window_scale", column_window_scale },
	{ "completeness", column_completeness },
	{ "analysis", column_analysis },
	{ "acks_frame", column_acks_frame },
	{ "ack_rtt", column_ack_rtt },
	{ "duplicate_ack_num", column_duplicate_ack_num },
	{ "duplicate_ack_frame", column_duplicate_ack_frame },
	{ "initial_rtt", column_initial_rtt },
	{ "bytes_in_flight", column_bytes_in_flight },
	{ "udp_length", column_udp_length },
	{ "states", column_states },
};

/* Packets --------------------------------------------------------------------- */

static void
read_packet(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
	Reader *reader = (Reader *)user;
	Packet packet = {
		/* the handle delivers nanoseconds, before libpcap 1.10.5 with a sign that the
		 * file's 32 bits do not have; absurd times wrap */
		.time_ns = (gint64)((guint64)header->ts.tv_sec * 1000000000u +
				    (guint32)header->ts.tv_usec),
		.data = bytes,
		.captured = header->caplen,
		.length = header->len,
		.link_type = reader->link_type,
	};
	Facts facts;
	FlowResult result;
	Row row = { .facts = &facts, .result = &result };

	decode_packet(&packet, &facts);
	flow_table_add(reader->table, &facts, packet.time_ns, ++reader->frame, &result);
	if (result.conversation != CONVERSATION_NONE)
		row.conversation = flow_table_get(reader->table, result.conversation);
	g_string_printf(reader->line, "%u", reader->frame);
	for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
		g_string_append_c(reader->line, '\t');
		columns[i].put(&row, reader->line);
	}
	puts(reader->line->str);
}

static void
print_final(const FlowTable *table)
{
	puts("\ntcp_stream\tcompleteness");
	for (guint i = 0; i < flow_table_length(table); i++) {
		const Conversation *c = flow_table_get(table, i);

		if (c->transport == TRANSPORT_TCP)
			printf("%u\t%u\n", c->stream, tcp_track_completeness(&c->tcp));
	}
}

int
main(int argc, char **argv)
{
	char problem[PCAP_ERRBUF_SIZE] = "";
	VerdictVersion verdicts =
	    argc == 3 && g_str_equal(argv[1], "4.4") ? VERDICTS_4_4 : VERDICTS_4_0;

	if (argc != 3 || (!g_str_equal(argv[1], "4.0") && !g_str_equal(argv[1], "4.4"))) {
		fprintf(stderr, "usage: %s 4.0|4.4 CAPTURE\n", argv[0]);
		return 2;
	}
	pcap_t *handle =
	    pcap_open_offline_with_tstamp_precision(argv[2], PCAP_TSTAMP_PRECISION_NANO, problem);

	if (!handle) {
		fprintf(stderr, "%s\n", problem);
		return 3;
	}
	g_autoptr(FlowTable) table = flow_table_new();
	flow_table_set_verdicts(table, verdicts);
	Reader reader = {
		.table = table,
		.link_type = link_type_of(pcap_datalink(handle)),
		.line = g_string_new(NULL),
	};

	fputs("frame", stdout);
	for (guint i = 0; i < G_N_ELEMENTS(columns); i++)
		printf("\t%s", columns[i].name);
	putchar('\n');
	int rc = pcap_loop(handle, -1, read_packet, (u_char *)&reader);

	if (rc == -1)
		fprintf(stderr, "%s\n", pcap_geterr(handle));
	print_final(table);
	g_string_free(reader.line, TRUE);
	pcap_close(handle);
	return rc == -1 ? 4 : 0;
}
