/* SPDX-License-Identifier: MIT */
/* columns.c - the columns of the table of conversations, in one table. */

#include "summary_private.h"

#include <string.h>

#include "pktladder/timestamp.h"
#include "pktladder/trace.h"

#define NS_PER_S G_GINT64_CONSTANT(1000000000)

/* clang-format off */
const SummaryColumnInfo summary_columns[] = {
	/* id, title, what, kind, width, rank, right-aligned */
	[SUMMARY_NUMBER] =	    { "number", "#", N_("number of the conversation, as in labels on the ladder"),
				      SUMMARY_COUNT, 3, 0, TRUE },
	[SUMMARY_PROTOCOL] =	    { "protocol", N_("Proto"), N_("TCP or UDP"),
				      SUMMARY_TEXT, 6, 10, FALSE },
	[SUMMARY_STREAM] =	    { "stream", N_("Stream"), N_("tcp.stream or udp.stream of Wireshark and tshark"),
				      SUMMARY_COUNT, 7, 16, TRUE },
	[SUMMARY_CLIENT] =	    { "client", N_("Client"), N_("who began it; \"?\": guessed, its begin was not seen"),
				      SUMMARY_TEXT, 21, 1, FALSE },
	[SUMMARY_SERVER] =	    { "server", N_("Server"), N_("the other end"),
				      SUMMARY_TEXT, 21, 2, FALSE },
	[SUMMARY_STATE] =	    { "state", N_("State"), N_("how it stands, or how it ended"),
				      SUMMARY_TEXT, 10, 3, FALSE },
	[SUMMARY_PACKETS] =	    { "packets", N_("Packets"), N_("packets both ways"),
				      SUMMARY_COUNT, 8, 4, TRUE },
	[SUMMARY_CLIENT_PACKETS] =  { "client_packets", N_("Pkts C"), N_("packets from the client"),
				      SUMMARY_COUNT, 7, 17, TRUE },
	[SUMMARY_SERVER_PACKETS] =  { "server_packets", N_("Pkts S"), N_("packets from the server"),
				      SUMMARY_COUNT, 7, 18, TRUE },
	[SUMMARY_CLIENT_BYTES] =    { "client_bytes", N_("Bytes C"), N_("payload bytes from the client"),
				      SUMMARY_BYTES, 8, 7, TRUE },
	[SUMMARY_SERVER_BYTES] =    { "server_bytes", N_("Bytes S"), N_("payload bytes from the server"),
				      SUMMARY_BYTES, 8, 8, TRUE },
	[SUMMARY_START] =	    { "start", N_("Start"), N_("first packet, in seconds since the capture began"),
				      SUMMARY_TIME, 12, 13, TRUE },
	[SUMMARY_EPOCH] =	    { "start_epoch", N_("Epoch"), N_("first packet, in seconds since 1970"),
				      SUMMARY_TIME, 20, SUMMARY_SCRIPTS_ONLY, TRUE },
	[SUMMARY_DURATION] =	    { "duration", N_("Duration"), N_("from the first of the packets to the last"),
				      SUMMARY_SPAN, 9, 9, TRUE },
	[SUMMARY_RTT] =		    { "rtt", N_("RTT"), N_("initial round-trip time: of the handshake"),
				      SUMMARY_SPAN, 7, 11, TRUE },
	[SUMMARY_RETRANSMISSIONS] = { "retransmissions", N_("Retr"), N_("retransmissions, as Wireshark counts them"),
				      SUMMARY_COUNT, 5, 5, TRUE },
	[SUMMARY_RESETS] =	    { "resets", N_("RST"), N_("segments with RST"),
				      SUMMARY_COUNT, 4, 12, TRUE },
	[SUMMARY_ZERO_WINDOWS] =    { "zero_windows", N_("Zero"), N_("segments that announce a full receive buffer"),
				      SUMMARY_COUNT, 5, 14, TRUE },
	[SUMMARY_COPIES] =	    { "copies", N_("Copies"), N_("packets that were captured before: no other column counts them"),
				      SUMMARY_COUNT, 6, 15, TRUE },
	[SUMMARY_FRAGMENTS] =	    { "fragments", N_("Frag"), N_("of the packets, those that are parts of an IP datagram"),
				      SUMMARY_COUNT, 5, 19, TRUE },
	[SUMMARY_ACTIVITY] =	    { "activity", N_("Activity"), N_("packets over the conversation's time; sorted by packets a second"),
				      SUMMARY_BUCKETS, ACTIVITY_BUCKETS, 6, FALSE },
};
/* clang-format on */
G_STATIC_ASSERT(G_N_ELEMENTS(summary_columns) == N_SUMMARY_COLUMNS);

SummaryColumn
summary_column_find(const char *id)
{
	SummaryColumn column = 0;

	while (column < N_SUMMARY_COLUMNS && !g_str_equal(summary_columns[column].id, id))
		column++;
	return column;
}

/* State: how a conversation stands, or how it ended. */

/* clang-format off */
#define OUTCOME_TABLE(OUTCOME) \
	OUTCOME(OPENING, N_("opening")) \
	OUTCOME(OPEN, N_("open")) \
	OUTCOME(CLOSING, N_("closing")) \
	OUTCOME(CLOSED, N_("closed")) \
	OUTCOME(RESET, N_("reset")) \
	OUTCOME(REFUSED, N_("refused")) \
	OUTCOME(UNANSWERED, N_("unanswered")) \
	OUTCOME(UNREACHABLE, N_("unreachable")) /* as ICMP says */ \
	OUTCOME(HALF_SEEN, N_("half-seen")) /* one direction only was captured */ \
	OUTCOME(ANSWERED, N_("answered")) /* UDP: datagrams both ways */ \
	OUTCOME(ONE_WAY, N_("one-way")) /* UDP */

#define OUTCOME_ENUM(NAME, name) OUTCOME_##NAME,
#define OUTCOME_NAME(NAME, name) name,
typedef enum { OUTCOME_TABLE(OUTCOME_ENUM) } Outcome;
static const char *const outcome_names[] = { OUTCOME_TABLE(OUTCOME_NAME) };
/* clang-format on */

static gboolean
state_is_over(TcpState state)
{
	return state == TCP_STATE_CLOSED || state == TCP_STATE_TIME_WAIT ||
	       state == TCP_STATE_LISTEN || state == TCP_STATE_UNKNOWN;
}

static Outcome
conversation_outcome(const Conversation *c)
{
	gboolean one_way = c->packets[SIDE_CLIENT] == 0 || c->packets[SIDE_SERVER] == 0;
	TcpState client, server;

	if (c->unreachable && c->packets[SIDE_SERVER] == 0)
		return OUTCOME_UNREACHABLE;
	if (c->transport != TRANSPORT_TCP)
		return one_way ? OUTCOME_ONE_WAY : OUTCOME_ANSWERED;
	client = tcp_track_state(&c->tcp, SIDE_CLIENT);
	server = tcp_track_state(&c->tcp, SIDE_SERVER);
	gboolean over = state_is_over(client) && state_is_over(server);
	guint8 seen =
	    tcp_track_completeness(&c->tcp) & (COMPLETE_SYN | COMPLETE_SYN_ACK | COMPLETE_DATA);
	/* A reset after both FINs only hurries an end that is agreed upon. Refused: the client
	 * asked, and all that it got was a reset. */
	if (over && c->fin_frame[SIDE_CLIENT] && c->fin_frame[SIDE_SERVER])
		return OUTCOME_CLOSED;
	if (over && c->resets > 0)
		return seen != COMPLETE_SYN ? OUTCOME_RESET
		       : one_way            ? OUTCOME_UNANSWERED
					    : OUTCOME_REFUSED;
	if (one_way)
		return client == TCP_STATE_SYN_SENT ? OUTCOME_UNANSWERED : OUTCOME_HALF_SEEN;
	if (c->fin_frame[SIDE_CLIENT] || c->fin_frame[SIDE_SERVER])
		return OUTCOME_CLOSING;
	if (client == TCP_STATE_SYN_SENT || client == TCP_STATE_SYN_RECEIVED ||
	    server == TCP_STATE_SYN_SENT || server == TCP_STATE_SYN_RECEIVED)
		return OUTCOME_OPENING;
	return OUTCOME_OPEN;
}

/* Values. */

static gint64
conversation_duration(const Conversation *c)
{
	return MAX(timestamp_between(c->earliest_time_ns, c->last_time_ns), 0);
}

gint64
summary_value(const Summary *summary, guint32 conversation, SummaryColumn column)
{
	const Conversation *c = flow_table_get(trace_flows(summary->trace), conversation);
	gint64 rtt_ns;

	switch (column) {
	case SUMMARY_NUMBER:
		return conversation;
	case SUMMARY_STREAM:
		return c->stream;
	case SUMMARY_PACKETS:
		return (gint64)c->packets[SIDE_CLIENT] + c->packets[SIDE_SERVER];
	case SUMMARY_CLIENT_PACKETS:
		return c->packets[SIDE_CLIENT];
	case SUMMARY_SERVER_PACKETS:
		return c->packets[SIDE_SERVER];
	case SUMMARY_CLIENT_BYTES:
		return c->bytes[SIDE_CLIENT];
	case SUMMARY_SERVER_BYTES:
		return c->bytes[SIDE_SERVER];
	case SUMMARY_START:
		return timestamp_between(trace_start(summary->trace), c->earliest_time_ns);
	/* The one time that SUMMARY_NONE stands for is taken for the next one. */
	case SUMMARY_EPOCH:
		return MAX(c->earliest_time_ns, SUMMARY_NONE + 1);
	case SUMMARY_DURATION:
		return conversation_duration(c);
	case SUMMARY_RTT:
		rtt_ns = c->transport == TRANSPORT_TCP ? tcp_track_initial_rtt(&c->tcp) : -1;
		return rtt_ns < 0 ? SUMMARY_NONE : rtt_ns;
	case SUMMARY_RETRANSMISSIONS:
		return c->retransmissions;
	case SUMMARY_RESETS:
		return c->resets;
	case SUMMARY_ZERO_WINDOWS:
		return c->zero_windows;
	case SUMMARY_COPIES:
		return c->copies;
	case SUMMARY_FRAGMENTS:
		return c->fragments;
	default:
		return SUMMARY_NONE;
	}
}

gboolean
summary_is_problem(const Summary *summary, guint32 conversation, SummaryColumn column)
{
	if (column == SUMMARY_STATE) {
		Outcome outcome =
		    conversation_outcome(flow_table_get(trace_flows(summary->trace), conversation));

		return outcome == OUTCOME_RESET || outcome == OUTCOME_REFUSED ||
		       outcome == OUTCOME_UNANSWERED || outcome == OUTCOME_UNREACHABLE;
	}
	return (column == SUMMARY_RETRANSMISSIONS || column == SUMMARY_RESETS ||
		column == SUMMARY_ZERO_WINDOWS) &&
	       summary_value(summary, conversation, column) > 0;
}

/* Order. */

static Side
column_side(SummaryColumn column)
{
	return column == SUMMARY_CLIENT ? SIDE_CLIENT : SIDE_SERVER;
}

guint64
column_rank(const Summary *summary, guint32 conversation, SummaryColumn column)
{
	const Conversation *c = flow_table_get(trace_flows(summary->trace), conversation);
	const Endpoint *endpoint = &c->endpoint[column_side(column)];
	guint64 high;

	switch (column) {
	case SUMMARY_PROTOCOL:
		return c->transport;
	case SUMMARY_CLIENT:
	case SUMMARY_SERVER: /* by address, as a number, then by port; of IPv6 as much as fits */
		memcpy(&high, endpoint->address, sizeof high);
		high = GUINT64_FROM_BE(high);
		if (endpoint->version == 4)
			return (guint64)1 << 62 | high >> 32 << 16 | endpoint->port;
		return (guint64)(endpoint->version == 6 ? 2 : 0) << 62 | high >> 2;
	case SUMMARY_STATE:
		return conversation_outcome(c);
	case SUMMARY_ACTIVITY:
		/* Packets a second; a conversation of a moment is not the busiest one. */
		return ((gdouble)c->packets[SIDE_CLIENT] + c->packets[SIDE_SERVER]) /
		       MAX(conversation_duration(c), NS_PER_S) * 1e15;
	default:
		/* Signed numbers in the order of unsigned ones. */
		return (guint64)summary_value(summary, conversation, column) ^ (guint64)1 << 63;
	}
}

gboolean
column_is_endpoint(SummaryColumn column)
{
	return column == SUMMARY_CLIENT || column == SUMMARY_SERVER;
}

int
column_compare(const Summary *summary, guint32 a, guint32 b, SummaryColumn column)
{
	const FlowTable *flows = trace_flows(summary->trace);
	const Endpoint *one = &flow_table_get(flows, a)->endpoint[column_side(column)];
	const Endpoint *two = &flow_table_get(flows, b)->endpoint[column_side(column)];
	int order = memcmp(one->address, two->address, sizeof one->address);

	return order != 0 ? order : one->port - two->port;
}

/* Texts. */

/* At most three digits and a unit: "999", "1.23", "12.3", "123". */
static void
append_three(GString *text, gdouble number)
{
	g_string_append_printf(text, "%.*f", number < 9.995 ? 2 : number < 99.95 ? 1 : 0, number);
}

static void
append_span(GString *text, gint64 ns, gboolean ascii)
{
	static const char *const units[][2] = {
		{ "ns", "ns" }, { "µs", "us" }, { "ms", "ms" }, { "s", "s" }
	};
	gint64 seconds = ns / NS_PER_S, minutes = seconds / 60, hours = minutes / 60;
	gdouble scaled = ns;
	guint unit = 0;

	if (hours >= 24)
		g_string_append_printf(text, "%dd %02dh", (int)(hours / 24), (int)(hours % 24));
	else if (hours > 0)
		g_string_append_printf(text, "%dh %02dm", (int)hours, (int)(minutes % 60));
	else if (minutes >= 10)
		g_string_append_printf(text, "%dm %02ds", (int)minutes, (int)(seconds % 60));
	if (ns == 0)
		g_string_append_c(text, '0');
	if (ns == 0 || minutes >= 10)
		return;
	for (; scaled >= 999.5 && unit + 1 < G_N_ELEMENTS(units); unit++)
		scaled /= 1000;
	if (unit == 0)
		g_string_append_printf(text, "%d", (int)ns);
	else
		append_three(text, scaled);
	g_string_append_printf(text, " %s", units[unit][ascii]);
}

/* Where the i-th of so many equal parts of the time begins, rounded up. */
static guint64
part_begin(guint64 duration, guint i)
{
	return duration / ACTIVITY_BUCKETS * i +
	       (duration % ACTIVITY_BUCKETS * i + ACTIVITY_BUCKETS - 1) / ACTIVITY_BUCKETS;
}

/* How busy each part of the conversation's own time was. */
static void
append_blocks(GString *text, const Conversation *c, gboolean ascii)
{
	static const char *const blocks[][2] = { { " ", " " }, { "▁", "." }, { "▂", ":" },
						 { "▃", "-" }, { "▄", "=" }, { "▅", "+" },
						 { "▆", "*" }, { "▇", "#" }, { "█", "@" } };
	const Activity *activity = &c->activity;
	guint64 duration = conversation_duration(c), width = (guint64)1 << activity->shift;
	gdouble most[ACTIVITY_BUCKETS] = { 0 }, peak = 1e-9;
	guint n = duration < ACTIVITY_BUCKETS ? 1 : ACTIVITY_BUCKETS;

	for (guint i = 0; i < n; i++) {
		guint64 end = i + 1 == n ? duration : part_begin(duration, i + 1) - 1;
		guint last = MIN(end >> activity->shift, ACTIVITY_BUCKETS - 1);

		/* The last bucket's time is cut off by the conversation's end; but a few packets in
		 * hardly any time are not the busiest of all. */
		for (guint b = part_begin(duration, i) >> activity->shift; b <= last; b++) {
			guint64 covered = MIN(duration - MIN(duration, b * width), width);

			most[i] = MAX(most[i], (gdouble)activity->bucket[b] * width /
						   MAX(covered, width / 2));
		}
		peak = MAX(peak, most[i]);
	}
	for (guint i = 0; i < n; i++) {
		guint level = most[i] > 0 ? 1 + MIN((guint)(most[i] * 8 / peak), 7) : 0;

		g_string_append(text, blocks[level][ascii]);
	}
}

static void
append_value(GString *text, SummaryKind kind, gint64 value, SummaryStyle style)
{
	gint64 exact = style == SUMMARY_RAW ? G_MAXINT64 : kind == SUMMARY_BYTES ? 100000 : 1000000;

	if (value == SUMMARY_NONE) {
		if (style != SUMMARY_RAW)
			g_string_append_c(text, '-');
	} else if (kind == SUMMARY_TIME || (kind == SUMMARY_SPAN && style == SUMMARY_RAW)) {
		g_autofree char *seconds = timestamp_nanoseconds(value);

		g_string_append(text, seconds);
		if (style != SUMMARY_RAW) /* microseconds are enough to read */
			g_string_truncate(text, text->len - 3);
	} else if (kind == SUMMARY_SPAN) {
		append_span(text, value, style == SUMMARY_ASCII);
	} else if (value < exact) {
		g_string_append_printf(text, "%" G_GINT64_FORMAT, value);
	} else {
		gdouble scaled = value / 1000.0;
		guint unit = 0;

		for (; scaled >= 999.5; unit++)
			scaled /= 1000;
		append_three(text, scaled);
		g_string_append_c(text, "kMGTPE"[unit]);
	}
}

void
summary_append(const Summary *summary, guint32 conversation, SummaryColumn column,
	       SummaryStyle style, GString *text)
{
	const Conversation *c = flow_table_get(trace_flows(summary->trace), conversation);
	SummaryKind kind = summary_columns[column].kind;
	Side side = column_side(column);

	if (column == SUMMARY_PROTOCOL) {
		g_string_append(text, c->transport == TRANSPORT_UDP ? "UDP" : "TCP");
	} else if (column == SUMMARY_STATE) {
		const char *outcome = outcome_names[conversation_outcome(c)];

		g_string_append(text, style == SUMMARY_RAW ? outcome : _(outcome));
	} else if (column_is_endpoint(column)) {
		g_string_append(text, endpoint_text(&c->endpoint[side]).text);
		if (side == SIDE_CLIENT && c->client_guessed && style != SUMMARY_RAW)
			g_string_append_c(text, '?');
	} else if (kind != SUMMARY_BUCKETS) {
		append_value(text, kind, summary_value(summary, conversation, column), style);
	} else if (style != SUMMARY_RAW) {
		append_blocks(text, c, style == SUMMARY_ASCII);
	} else {
		for (guint i = 0; i < ACTIVITY_BUCKETS; i++)
			g_string_append_printf(text, "%s%u", i ? "," : "",
					       (guint)c->activity.bucket[i] << c->activity.scale);
	}
}
