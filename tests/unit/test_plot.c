/* SPDX-License-Identifier: MIT */
/* The plot of constructed segments: spans, columns, neighbours, series, files. */
#include <string.h>

#include "pktladder/plot_figure.h"
#include "pktladder/plot_screen.h"
#include "pktladder/trace.h"
#include "../packets.h"

#define CLIENT   40000
#define SERVER   80
#define START_US G_GINT64_CONSTANT(1700000000000000)

typedef struct {
	Trace *trace;
	FlowTable *flows;
	Plot *plot;
	guint spans_max;
} Story;

typedef struct {
	gint64 us; /* since the start */
	Side from;
	guint16 flags;
	guint32 seq, ack; /* raw */
	guint16 window, length;
	guint32 sack[2]; /* raw; both 0 none */
} Segment;

/* A SYN has the option wscale 2. */
static PacketSpec
segment_spec(const Segment *segment)
{
	PacketSpec spec = { .from = loopback(segment->from == SIDE_CLIENT ? CLIENT : SERVER),
			    .to = loopback(segment->from == SIDE_CLIENT ? SERVER : CLIENT),
			    .protocol = IPPROTO_TCP,
			    .flags = segment->flags,
			    .seq = segment->seq,
			    .ack = segment->ack,
			    .window = segment->window,
			    .length = segment->length,
			    .data = 'x' };

	if (segment->flags & TCP_SYN)
		packet_spec_scale(&spec, 2);
	else if (segment->sack[1])
		packet_spec_sack(&spec, segment->sack[0], segment->sack[1]);
	return spec;
}

static void
story_add_at(Story *story, const Segment *segment, gint64 time_ns)
{
	PacketSpec spec = segment_spec(segment);
	static guint8 bytes[65536 + 60];
	guint length = packet_put(&spec, bytes);
	Packet packet = { .time_ns = time_ns,
			  .data = bytes,
			  .captured = length,
			  .length = length,
			  .link_type = LINKTYPE_RAW };
	guint32 index = trace_add_packet(story->trace, &packet, 0);
	Facts facts;
	FlowResult result;

	decode_headers(&packet, &facts);
	flow_table_add(story->flows, &facts, packet.time_ns, index + 1, &result);
	if (!story->plot)
		story->plot = plot_new(story->trace, 0, story->spans_max, G_MININT64, G_MAXINT64);
	g_assert_true(plot_takes(story->plot, index));
	plot_add(story->plot, index, &facts, &result.verdict);
}

static void
story_add(Story *story, const Segment *segment)
{
	story_add_at(story, segment, (START_US + segment->us) * 1000);
}

static void
story_begin(Story *story, guint spans_max)
{
	*story = (Story){ .trace = trace_new(), .flows = flow_table_new(), .spans_max = spans_max };
}

static void
story_end(Story *story)
{
	plot_free(story->plot);
	flow_table_free(story->flows);
	trace_free(story->trace);
}

static void
story_tell(Story *story, const Segment *segments, guint n)
{
	for (guint i = 0; i < n; i++)
		story_add(story, &segments[i]);
}

#define C SIDE_CLIENT
#define S SIDE_SERVER

/* Handshake; three segments, the second one lost and sent again after a SACK;
 * the window closes; FIN. The server's first number is near the wrap. */
static const Segment loss[] = {
	{ 0, C, TCP_SYN, 1000, 0, 1000, 0, { 0, 0 } },
	{ 100, S, TCP_SYN | TCP_ACK, 0xffffffff, 1001, 2000, 0, { 0, 0 } },
	{ 200, C, TCP_ACK, 1001, 0, 250, 0, { 0, 0 } },
	{ 1000, C, TCP_ACK, 1001, 0, 250, 100, { 0, 0 } },
	{ 1100, C, TCP_ACK, 1201, 0, 250, 100, { 0, 0 } }, /* 1101 to 1200 are missing */
	{ 1400, S, TCP_ACK, 0, 1101, 500, 0, { 1201, 1301 } },
	{ 60000, C, TCP_ACK, 1101, 0, 250, 100, { 0, 0 } }, /* again */
	{ 60300, S, TCP_ACK, 0, 1301, 0, 0, { 0, 0 } },     /* and no more room */
	{ 61000, C, TCP_FIN | TCP_ACK, 1301, 0, 250, 0, { 0, 0 } },
};

static void
test_spans(void)
{
	Story story;
	const PlotSpan *span;
	const PlotSack *sacks;
	guint n;

	story_begin(&story, 64);
	story_tell(&story, loss, G_N_ELEMENTS(loss));
	g_assert_cmpuint(story.plot->packets, ==, G_N_ELEMENTS(loss));
	g_assert_cmpuint(plot_packets_a_span(story.plot), ==, 1);
	g_assert_cmpuint(plot_n_spans(story.plot, C), ==, 6);
	g_assert_cmpint(story.plot->end_ns, ==, 61000000);
	span = plot_span(story.plot, C, 0); /* SYN */
	g_assert_cmpint(span->data.low, ==, 0);
	g_assert_cmpint(span->data.high, ==, 1);
	span = plot_span(story.plot, C, 2);
	g_assert_cmpint(span->time.low, ==, 1000000);
	g_assert_cmpint(span->data.low, ==, 1);
	g_assert_cmpint(span->data.high, ==, 101);
	g_assert_cmpint(span->flight.last, ==, 100);
	g_assert_cmpint(span->window.last, ==, 1000); /* 250 << 2 */
	span = plot_span(story.plot, C, 4);           /* again, or overtaken */
	g_assert_true(plot_range_is_empty(&span->data));
	g_assert_cmpint(span->again.low, ==, 101);
	g_assert_cmpint(span->again.high, ==, 201);
	span = plot_span(story.plot, S, 1);
	g_assert_cmpint(span->ack.last, ==, 101);
	g_assert_cmpint(span->edge.last, ==, 101 + 2000); /* 500 << 2 */
	g_assert_cmpint(span->unacked.last, ==, 200);
	g_assert_cmpint(span->rtt.last, ==, 400000);
	sacks = plot_sacks(story.plot, S, &n);
	g_assert_cmpuint(n, ==, 1);
	g_assert_cmpint(sacks[0].left, ==, 201);
	g_assert_cmpint(sacks[0].right, ==, 301);
	story_end(&story);
}

/* A server's number that wraps goes on past 32 bits. */
static void
test_wrap(void)
{
	Story story;
	guint32 seq = 5000;
	guint64 sent = 0;

	story_begin(&story, 64);
	story_add(&story, &(Segment){ 0, C, TCP_SYN, seq, 0, 1000, 0, { 0, 0 } });
	seq++;
	for (guint i = 0; i < 110000; i++) { /* 6.6 GB */
		story_add(&story,
			  &(Segment){ 10 * i + 10, C, TCP_ACK, seq, 1, 1000, 60000, { 0, 0 } });
		seq += 60000;
		sent += 60000;
	}
	g_assert_cmpint(plot_span(story.plot, C, plot_n_spans(story.plot, C) - 1)->data.high, ==,
			1 + (gint64)sent);
	story_end(&story);
}

/* However many packets: so many spans, and nothing lost in the sums. */
static void
test_bounded(void)
{
	Story story;
	PlotSpan columns[64], before;
	guint64 bytes = 0;
	guint32 packets = 0;

	story_begin(&story, 64);
	for (guint i = 0; i < 20000; i++)
		story_add(&story,
			  &(Segment){ 100 * i, C, TCP_ACK, 1 + 10 * i, 1, 1000, 10, { 0, 0 } });
	g_assert_cmpuint(plot_n_spans(story.plot, C), <=, 64);
	g_assert_cmpuint(plot_packets_a_span(story.plot), ==, 512);
	plot_columns(story.plot, C, 0, story.plot->end_ns + 1, 64, FALSE, columns, &before);
	for (guint i = 0; i < 64; i++) {
		bytes += columns[i].bytes;
		packets += columns[i].packets;
	}
	g_assert_cmpuint(bytes, ==, 200000);
	g_assert_cmpuint(packets, ==, 20000);
	g_assert_cmpuint(before.packets, ==, 0);
	/* stepping still goes from packet to packet */
	for (guint32 event = 0; event < 5000; event++)
		g_assert_cmpuint(plot_step(story.plot, event, 1), ==, event + 1);
	for (guint32 event = 5000; event > 0; event--)
		g_assert_cmpuint(plot_step(story.plot, event, -1), ==, event - 1);
	g_assert_cmpuint(plot_step(story.plot, 0, -1), ==, EVENT_NONE);
	g_assert_cmpuint(plot_step(story.plot, 19999, 1), ==, EVENT_NONE);
	story_end(&story);
}

/* Columns hold what lies in them, also where times go backwards. */
static void
test_columns(void)
{
	static const gint64 times[] = { 0, 500, 100, 900, 899, 300, 1000 };
	Story story;
	PlotSpan columns[10], before;

	story_begin(&story, 64);
	for (guint i = 0; i < G_N_ELEMENTS(times); i++)
		story_add(&story, &(Segment){ times[i], C, TCP_ACK, 1 + i, 1, 1000, 1, { 0, 0 } });
	plot_columns(story.plot, C, 100000, 1000000, 9, FALSE, columns, &before);
	g_assert_cmpuint(before.packets, ==, 1);     /* 0 */
	g_assert_cmpuint(columns[0].packets, ==, 1); /* 100 */
	g_assert_cmpuint(columns[2].packets, ==, 1); /* 300 */
	g_assert_cmpuint(columns[4].packets, ==, 1); /* 500 */
	g_assert_cmpuint(columns[7].packets, ==, 1); /* 899 */
	g_assert_cmpuint(columns[8].packets, ==, 1); /* 900; 1000 is outside */
	g_assert_cmpuint(plot_at(story.plot, 310000), ==, 5);
	g_assert_cmpuint(plot_at(story.plot, 890000), ==, 4);
	g_assert_cmpuint(plot_at(story.plot, -5), ==, 0);
	g_assert_cmpuint(plot_near(story.plot, EVENT_NONE), ==, 6);
	story_end(&story);
}

/* What a throughput comes to: an item a bin, and one more where the last one ends. */
static gint64
bytes_of_rate(const PlotGraph *graph)
{
	const GArray *items = graph->series[SERIES_THROUGHPUT];
	gint64 bits = 0;

	for (guint i = 0; i + 1 < items->len; i++)
		bits +=
		    g_array_index(items, PlotItem, i).last * graph->bin_ns / (1000 * 1000 * 1000);
	return bits / 8;
}

/* What is timed before the first packet belongs to the whole. */
static void
test_earlier(void)
{
	static const gint64 times[] = { 0, -1000000, 1000000, -1700000 };
	Story story;
	gint64 from, to;

	story_begin(&story, 64);
	for (guint i = 0; i < G_N_ELEMENTS(times); i++)
		story_add(
		    &story,
		    &(Segment){ times[i], C, TCP_ACK, 1 + 1000 * i, 1, 1000, 1000, { 0, 0 } });
	plot_whole(story.plot, &from, &to);
	g_assert_cmpint(from, <, -1700000000);
	g_assert_cmpint(to, >, 1000000000);
	for (guint n = 100; n <= 4000; n *= 4) {
		g_autoptr(PlotGraph) data =
		    plot_graph_new(story.plot, PLOT_SEQUENCE, C, from, to, n);
		g_autoptr(PlotGraph) rate =
		    plot_graph_new(story.plot, PLOT_THROUGHPUT, C, from, to, n);

		g_assert_cmpuint(data->series[SERIES_DATA]->len + data->series[SERIES_AGAIN]->len,
				 ==, 4);
		g_assert_cmpint(bytes_of_rate(rate), ==, 4000);
	}
	story_end(&story);
}

/* A window of it: packet by packet inside, one span for what came before. */
static void
test_window(void)
{
	Story story;
	PlotSpan columns[8], before;
	PlotSpan bytes[8];
	guint32 packets = 0;

	story_begin(&story, 64);
	story_add(&story, &(Segment){ 0, C, TCP_ACK, 1, 1, 1000, 10, { 0, 0 } });
	plot_free(story.plot);
	story.plot = plot_new(story.trace, 0, 1024, 1000000, 2000000);
	for (guint i = 0; i < 3000; i++)
		story_add(&story, &(Segment){ i, C, TCP_ACK, 11 + 10 * i, 1, 1000, 10, { 0, 0 } });
	g_assert_true(plot_covers(story.plot, 1000000, 2000000));
	g_assert_false(plot_covers(story.plot, 999999, 2000000));
	plot_columns(story.plot, C, 1000000, 2000000, 8, FALSE, columns, &before);
	g_assert_cmpuint(before.packets, ==, 1000);
	/* 8 that come within 7 us of a column's 125 stay together ... */
	g_assert_cmpuint(columns[0].packets, ==, 128);
	g_assert_cmpuint(columns[0].time.high, <, 1125000 + 125000 / PLOT_COLUMN_PARTS);
	for (guint i = 0; i < 8; i++)
		packets += columns[i].packets;
	g_assert_cmpuint(packets, ==, 1000);
	/* ... but each byte is where it belongs */
	plot_columns(story.plot, C, 1000000, 2000000, 8, TRUE, bytes, &before);
	for (guint i = 0; i < 8; i++)
		g_assert_cmpuint(bytes[i].bytes, ==, 1250);
	g_assert_cmpuint(story.plot->packets, ==, 3000);
	story_end(&story);
}

/* Ticks are 1, 2 or 5, no more than asked for, within the axis. */
static void
test_axis(void)
{
	static const struct {
		gint64 low, high;
		guint most;
		PlotUnit unit;
		gint64 first, step;
		guint n;
		const char *text; /* of the second tick */
	} cases[] = {
		{ 0, 1000000000, 6, PLOT_UNIT_TIME, 0, 200000000, 6, "0.2 s" },
		{ -20, 999, 5, PLOT_UNIT_BYTES, 0, 500, 2, "500 B" },
		{ 0, 64240, 4, PLOT_UNIT_BYTES, 0, 20000, 4, "20 kB" },
		{ 10, 15000, 4, PLOT_UNIT_SEQUENCE, 5000, 5000, 3, "10k" },
		{ 1500000, 1502000, 5, PLOT_UNIT_TIME, 1500000, 500, 5, "1.5005 ms" },
		{ 0, 3, 9, PLOT_UNIT_SEQUENCE, 0, 1, 4, "1" },
		{ 0, 90000000, 4, PLOT_UNIT_RATE, 0, 50000000, 2, "50 Mbit/s" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		PlotAxis axis =
		    plot_axis(cases[i].low, cases[i].high, cases[i].most, cases[i].unit);
		g_autofree char *text = plot_axis_text(&axis, axis.first + axis.step, FALSE);

		g_assert_cmpint(axis.step, ==, cases[i].step);
		g_assert_cmpint(axis.first, ==, cases[i].first);
		g_assert_cmpuint(axis.n, ==, cases[i].n);
		g_assert_cmpstr(text, ==, cases[i].text);
	}
}

static guint
marks_of(const PlotGraph *graph, MarkKind kind)
{
	guint n = 0;

	for (guint i = 0; i < graph->marks->len; i++)
		n += g_array_index(graph->marks, PlotMark, i).kind == kind;
	return n;
}

static void
test_sequence(void)
{
	Story story;
	gint64 from, to;
	g_autoptr(PlotGraph) graph = NULL;
	const GArray *acks;

	story_begin(&story, 64);
	story_tell(&story, loss, G_N_ELEMENTS(loss));
	plot_whole(story.plot, &from, &to);
	graph = plot_graph_new(story.plot, PLOT_SEQUENCE, C, from, to, 4000);
	g_assert_null(graph->nothing);
	g_assert_cmpuint(graph->series[SERIES_DATA]->len, ==, 4); /* SYN, two, FIN */
	g_assert_cmpuint(graph->series[SERIES_AGAIN]->len, ==, 1);
	g_assert_cmpuint(graph->series[SERIES_SACK]->len, ==, 1);
	g_assert_cmpuint(marks_of(graph, MARK_OF(VERDICT_AGAIN_OR_OVERTAKEN)), ==, 1);
	g_assert_cmpuint(marks_of(graph, MARK_OF(VERDICT_LOST_SEGMENT)), ==, 1);
	g_assert_cmpuint(marks_of(graph, MARK_OF(VERDICT_ZERO_WINDOW)), ==, 1);
	g_assert_cmpuint(marks_of(graph, MARK_SYN), ==, 1);
	g_assert_cmpuint(marks_of(graph, MARK_FIN), ==, 1);
	acks = graph->series[SERIES_ACK]; /* 1, 101, 301, and on to the end */
	g_assert_cmpuint(acks->len, ==, 4);
	g_assert_cmpint(g_array_index(acks, PlotItem, 1).low, ==, 1);
	g_assert_cmpint(g_array_index(acks, PlotItem, 1).last, ==, 101);
	g_assert_cmpint(g_array_index(acks, PlotItem, 3).last, ==, 301);
	g_assert_true(graph->window_above);
	story_end(&story);
}

/* The graph that a plot keeps is the one that would be made anew, as long as that is so. */
static void
test_kept(void)
{
	Story story;
	gint64 from, to;
	const PlotGraph *kept;
	g_autoptr(PlotGraph) whole = NULL;

	story_begin(&story, 64);
	story_tell(&story, loss, G_N_ELEMENTS(loss) - 1);
	plot_whole(story.plot, &from, &to);
	kept = plot_graph_get(story.plot, PLOT_SEQUENCE, C, from, to, 100);
	g_assert_true(kept == plot_graph_get(story.plot, PLOT_SEQUENCE, C, from, to, 100));
	g_assert_cmpuint(plot_graph_get(story.plot, PLOT_FLIGHT, C, from, to, 100)->kind, ==,
			 PLOT_FLIGHT);
	g_assert_cmpuint(plot_graph_get(story.plot, PLOT_FLIGHT, S, from, to, 100)->side, ==, S);
	g_assert_cmpuint(plot_graph_get(story.plot, PLOT_FLIGHT, S, from, to, 50)->n, ==, 50);
	g_assert_cmpint(plot_graph_get(story.plot, PLOT_FLIGHT, S, from, to - 1, 50)->to_ns, ==,
			to - 1);
	g_assert_cmpint(plot_graph_get(story.plot, PLOT_FLIGHT, S, from - 1, to - 1, 50)->from_ns,
			==, from - 1);
	kept = plot_graph_get(story.plot, PLOT_SEQUENCE, C, from, to, 100);
	g_assert_cmpuint(marks_of(kept, MARK_FIN), ==, 0);
	story_tell(&story, loss + G_N_ELEMENTS(loss) - 1, 1); /* the FIN */
	whole = plot_graph_new(story.plot, PLOT_SEQUENCE, C, from, to, 100);
	kept = plot_graph_get(story.plot, PLOT_SEQUENCE, C, from, to, 100);
	g_assert_cmpuint(marks_of(kept, MARK_FIN), ==, marks_of(whole, MARK_FIN));
	g_assert_cmpuint(kept->series[SERIES_DATA]->len, ==, whole->series[SERIES_DATA]->len);
	story_end(&story);
}

/* What begins before the time shown is carried into it. */
static void
test_carried(void)
{
	Story story;
	g_autoptr(PlotGraph) graph = NULL;
	g_autoptr(PlotGraph) flight = NULL;

	story_begin(&story, 64);
	story_tell(&story, loss, G_N_ELEMENTS(loss));
	graph = plot_graph_new(story.plot, PLOT_SEQUENCE, C, 20000000, 30000000, 100);
	g_assert_cmpuint(graph->series[SERIES_DATA]->len, ==, 0);
	g_assert_cmpint(g_array_index(graph->series[SERIES_ACK], PlotItem, 0).last, ==, 101);
	g_assert_null(graph->nothing);
	flight = plot_graph_new(story.plot, PLOT_FLIGHT, C, 20000000, 30000000, 100);
	g_assert_cmpint(g_array_index(flight->series[SERIES_FLIGHT], PlotItem, 0).last, ==, 200);
	g_assert_cmpint(g_array_index(flight->series[SERIES_WINDOW], PlotItem, 0).last, ==, 2000);
	story_end(&story);
}

static void
test_throughput(void)
{
	Story story;
	g_autoptr(PlotGraph) graph = NULL;
	const GArray *all, *good;
	gdouble sum = 0, sum_good = 0;
	gint64 from, to;

	story_begin(&story, 64);
	story_tell(&story, loss, G_N_ELEMENTS(loss));
	plot_whole(story.plot, &from, &to);
	graph = plot_graph_new(story.plot, PLOT_THROUGHPUT, C, from, to, 100);
	g_assert_cmpint(graph->bin_ns, ==, 5000000);
	all = graph->series[SERIES_THROUGHPUT];
	good = graph->series[SERIES_GOODPUT];
	for (guint i = 0; i + 1 < all->len; i++) { /* the last one only ends the line */
		sum += (gdouble)g_array_index(all, PlotItem, i).last * graph->bin_ns / 8e9;
		sum_good += (gdouble)g_array_index(good, PlotItem, i).last * graph->bin_ns / 8e9;
	}
	g_assert_cmpfloat_with_epsilon(sum, 300, 0.01);
	g_assert_cmpfloat_with_epsilon(sum_good, 300, 0.01); /* the first of the two was lost */
	story_end(&story);
}

/* UDP has a throughput; of the rest it is said why there is nothing. */
static void
test_udp(void)
{
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(Plot) plot = NULL;

	add_packet(trace, START_US, "12345 > 53 udp len 5");
	plot = plot_new(trace, 0, PLOT_SPANS_MAX, G_MININT64, G_MAXINT64);
	plot_add(plot, 0, NULL, NULL);
	g_assert_cmpuint(plot->gone, ==, 0);
	for (PlotKind kind = 0; kind < N_PLOT_KINDS; kind++) {
		g_autoptr(PlotGraph) graph = plot_graph_new(plot, kind, C, -1000, 1000000, 50);

		if (kind == PLOT_THROUGHPUT)
			g_assert_null(graph->nothing);
		else
			g_assert_nonnull(graph->nothing);
	}
}

/* Files: well-formed, the same bytes each time, every kind and side. */
static void
test_svg(void)
{
	Story story;

	story_begin(&story, 64);
	story_tell(&story, loss, G_N_ELEMENTS(loss));
	for (PlotKind kind = 0; kind < N_PLOT_KINDS; kind++) {
		for (Side side = C; side <= S; side++) {
			PlotSvgOptions options = { .kind = kind,
						   .side = side,
						   .title = "a <b> & \"c\" \x01" };
			g_autoptr(GString) one = g_string_new(NULL);
			g_autoptr(GString) two = g_string_new(NULL);
			g_autoptr(GError) error = NULL;
			GMarkupParser parser = { 0 };
			g_autoptr(GMarkupParseContext) context =
			    g_markup_parse_context_new(&parser, 0, NULL, NULL);

			plot_to_svg(story.plot, &options, one);
			plot_to_svg(story.plot, &options, two);
			g_assert_cmpstr(one->str, ==, two->str);
			g_markup_parse_context_parse(context, one->str, one->len, &error);
			g_assert_no_error(error);
			g_assert_true(g_markup_parse_context_end_parse(context, &error));
			g_assert_nonnull(strstr(one->str, "a &lt;b&gt; &amp; &quot;c&quot; \\x01"));
			if (kind == PLOT_SEQUENCE && side == C) {
				g_assert_nonnull(strstr(one->str, ">?</text>"));
				g_assert_nonnull(strstr(one->str, "class=\"sack\""));
			}
		}
	}
	story_end(&story);
}

static void
test_xpl(void)
{
	static const char *const pieces[] = {
		"timeval unsigned\ntitle\n127.0.0.1:40000 -> 127.0.0.1:80 (time sequence graph)\n",
		"line 1700000000.001000 1 1700000000.001000 101\n", /* a segment */
		"red\ndarrow 1700000000.060000 101\n",              /* sent again */
		"atext 1700000000.060000 201\n?\n",
		"green\nline 1700000000.000100 1 1700000000.001400 1\n", /* the ACK line */
		"line 1700000000.001400 1 1700000000.001400 101\n",
		"purple\nline 1700000000.001400 201 1700000000.001400 301\n",
		"btext 1700000000.060300 301\nZ\n",
		"orange\natext 1700000000.000000 1\nSYN\n",
	};
	Story story;
	g_autoptr(GString) out = g_string_new(NULL);

	story_begin(&story, 64);
	story_tell(&story, loss, G_N_ELEMENTS(loss));
	plot_to_xpl(story.plot, C, out);
	for (guint i = 0; i < G_N_ELEMENTS(pieces); i++) {
		if (!strstr(out->str, pieces[i]))
			g_error("\"%s\" is not in\n%s", pieces[i], out->str);
	}
	g_assert_true(g_str_has_suffix(out->str, "\ngo\n"));
	story_end(&story);
}

/* Every size and every set of characters: nothing outside, nothing unsafe. */
static void
test_screen_sizes(void)
{
	Story story;

	story_begin(&story, 64);
	story_tell(&story, loss, G_N_ELEMENTS(loss));
	for (guint rows = 1; rows < 40; rows += 3) {
		for (guint columns = 1; columns < 130; columns += 7) {
			g_autoptr(Grid) grid = grid_new(rows + 2, columns + 2);

			for (guint way = 0; way < 24; way++) {
				PlotScreenOptions options = { .kind = way % 4,
							      .side = way / 4 % 2,
							      .cursor = way % 9,
							      .glyphs = way / 8,
							      .progress = -1 };

				plot_whole(story.plot, &options.from_ns, &options.to_ns);
				grid_fill(grid, 0, 0, rows + 2, columns + 2, ROLE_PLAIN);
				plot_screen_paint(story.plot, NULL, &options, 1, 1, rows, columns,
						  grid);
				for (guint y = 0; y < rows + 2; y++) {
					for (guint x = 0; x < columns + 2; x++) {
						const Cell *cell = grid_cell(grid, y, x);
						gboolean outside =
						    y == 0 || x == 0 || y > rows || x > columns;

						g_assert_true(!outside || cell->character == ' ');
						g_assert_true(options.glyphs != GLYPHS_ASCII ||
							      cell->character < 0x7f);
						g_assert_true(options.glyphs == GLYPHS_UTF8 ||
							      cell->character < 0x2800);
					}
				}
			}
		}
	}
	story_end(&story);
}

/* ---- extremes ---- */

static void
axis_check(gint64 low, gint64 high, PlotUnit unit)
{
	for (guint most = 1; most < 12; most++) {
		PlotAxis axis = plot_axis(low, high, most, unit);

		g_assert_cmpuint(axis.n, <=, most + 1);
		g_assert_cmpint(axis.first, >=, low);
		for (guint i = 0; i < axis.n; i++) {
			g_autofree char *text =
			    plot_axis_text(&axis, axis.first + i * axis.step, FALSE);

			g_assert_cmpint(axis.first + i * axis.step, <=, high);
			g_assert_cmpuint(strlen(text), <, 24);
		}
	}
}

/* Every kind in every form: lines from left to right, and no number that is none. */
static void
picture_check(const Plot *plot)
{
	for (guint way = 0; way < 2 * N_PLOT_KINDS; way++) {
		PlotSvgOptions svg = { .kind = way / 2, .side = way % 2 };
		PlotScreenOptions screen = { .kind = way / 2, .side = way % 2, .progress = -1 };
		g_autoptr(GString) page = g_string_new(NULL);
		g_autoptr(Grid) grid = grid_new(24, 80);

		plot_whole(plot, &screen.from_ns, &screen.to_ns);
		g_assert_cmpint(screen.from_ns, <, screen.to_ns);
		plot_screen_paint(plot, NULL, &screen, 0, 0, 24, 80, grid);
		plot_to_svg(plot, &svg, page);
		g_assert_null(strstr(page->str, "nan"));
		g_assert_null(strstr(page->str, "inf"));
		g_string_truncate(page, 0);
		plot_to_xpl(plot, way % 2, page);
		g_assert_null(strstr(page->str, ".-"));
	}
}

/* From the earliest time that there is to the latest, and back. */
static void
test_extremes(void)
{
	static const gint64 times[][4] = {
		{ 0, G_MAXINT64, G_MININT64, 7 },
		{ G_MININT64, G_MAXINT64, 0, -1 },
		{ G_MAXINT64, G_MININT64, G_MAXINT64, 1 }, /* 0 would be no time */
		{ -2500, -1, 0, 999 },
	};

	for (guint i = 0; i < G_N_ELEMENTS(times); i++) {
		Story story;

		story_begin(&story, 64);
		for (guint k = 0; k < 4; k++) {
			Segment segment = { 0,
					    k % 2,
					    k == 0 ? TCP_SYN : TCP_ACK,
					    k / 2 * 10 + 1,
					    k / 2 * 10 + 2,
					    500,
					    k % 2 ? 10 : 0,
					    { 0, 0 } };

			story_add_at(&story, &segment, times[i][k]);
		}
		g_assert_cmpint(story.plot->end_ns, >=, 0);
		g_assert_cmpint(story.plot->end_ns, <=, PLOT_MOST);
		g_assert_cmpint(plot_time(story.plot, G_MAXINT64), <=, PLOT_MOST);
		g_assert_cmpint(plot_time(story.plot, G_MININT64), >=, -PLOT_MOST);
		picture_check(story.plot);
		story_end(&story);
	}
	axis_check(0, PLOT_MOST, PLOT_UNIT_TIME);
	axis_check(-PLOT_MOST, PLOT_MOST, PLOT_UNIT_RATE);
	axis_check(PLOT_MOST - 1, PLOT_MOST, PLOT_UNIT_BYTES);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/plot/spans", test_spans);
	g_test_add_func("/plot/wrap", test_wrap);
	g_test_add_func("/plot/bounded", test_bounded);
	g_test_add_func("/plot/columns", test_columns);
	g_test_add_func("/plot/earlier", test_earlier);
	g_test_add_func("/plot/window", test_window);
	g_test_add_func("/plot/axis", test_axis);
	g_test_add_func("/plot/sequence", test_sequence);
	g_test_add_func("/plot/kept", test_kept);
	g_test_add_func("/plot/carried", test_carried);
	g_test_add_func("/plot/throughput", test_throughput);
	g_test_add_func("/plot/udp", test_udp);
	g_test_add_func("/plot/svg", test_svg);
	g_test_add_func("/plot/xpl", test_xpl);
	g_test_add_func("/plot/screen-sizes", test_screen_sizes);
	g_test_add_func("/plot/extremes", test_extremes);
	return g_test_run();
}
