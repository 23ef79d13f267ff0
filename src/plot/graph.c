/* SPDX-License-Identifier: MIT */
/* graph.c - from spans to the series of a graph.
 *
 * Theory of operation. Both sides' packets are asked for in the graph's columns: what `side` sent,
 * and what its peer acknowledged. A series of bars or points has an item where a column has a
 * value; one of steps begins with the value from before the first column, and each item reaches
 * from there to the next value. The window is often many times what is in flight; where it would
 * squeeze everything else, it stays above the picture.
 */
#include <string.h>

#include "pktladder/trace.h"
#include "plot_private.h"

#define BIN_COLUMNS 4 /* the least that a bin of the throughput is wide */
#define BINS_LEAST  3
#define BINS_MAX    100

const PlotKindInfo plot_kinds[N_PLOT_KINDS] = {
	[PLOT_SEQUENCE] = { "sequence", N_("Time-sequence graph"), N_("sequence"),
			    PLOT_UNIT_SEQUENCE },
	[PLOT_RTT] = { "rtt", N_("Round-trip time"), N_("RTT"), PLOT_UNIT_TIME },
	[PLOT_THROUGHPUT] = { "throughput", N_("Throughput"), N_("throughput"), PLOT_UNIT_RATE },
	[PLOT_FLIGHT] = { "flight", N_("Bytes in flight"), N_("in flight"), PLOT_UNIT_BYTES },
};

const SeriesInfo series_infos[N_SERIES] = {
	[SERIES_WINDOW] = { SHAPE_STEPS, ROLE_PLOT_WINDOW, TRUE, "window", N_("window") },
	[SERIES_ACK] = { SHAPE_STEPS, ROLE_PLOT_ACK, FALSE, "ack", N_("ACK") },
	[SERIES_SACK] = { SHAPE_BARS, ROLE_PLOT_SACK, FALSE, "sack", N_("SACK") },
	[SERIES_DATA] = { SHAPE_BARS, ROLE_PLOT_DATA, FALSE, "data", N_("data") },
	[SERIES_AGAIN] = { SHAPE_BARS, ROLE_PLOT_AGAIN, FALSE, "again",
			   N_("again or out of order") },
	[SERIES_RTT] = { SHAPE_POINTS, ROLE_PLOT_DATA, FALSE, "data points", N_("RTT") },
	[SERIES_THROUGHPUT] = { SHAPE_STEPS, ROLE_PLOT_DATA, FALSE, "data", N_("all payload") },
	[SERIES_GOODPUT] = { SHAPE_STEPS, ROLE_PLOT_ACK, TRUE, "goodput", N_("each byte once") },
	[SERIES_FLIGHT] = { SHAPE_STEPS, ROLE_PLOT_DATA, FALSE, "data", N_("in flight") },
};

MarkInfo
mark_info(guint kind)
{
	static const MarkInfo flags[] = { [MARK_SYN] = { "SYN" },
					  [MARK_FIN] = { "FIN" },
					  [MARK_RST] = { "RST", .problem = TRUE } };

	if (kind < MARK_VERDICTS)
		return flags[kind];
	for (guint bit = 0; bit < N_PLAIN_VERDICTS; bit++) {
		const VerdictInfo *verdict = &verdict_infos[bit];

		if (verdict->mark && kind == (guint)MARK_OF(1u << bit))
			return (MarkInfo){ verdict->mark,
					   verdict->mark_name ? verdict->mark_name : verdict->word,
					   (verdict->traits & VERDICT_IS_PROBLEM) != 0,
					   (verdict->traits & VERDICT_IS_FREQUENT) != 0,
					   (verdict->traits & VERDICT_IS_OF_PEER) != 0 };
	}
	return (MarkInfo){ 0 };
}

typedef struct {
	const Plot *plot;
	PlotGraph *graph;
	const PlotColumns *sent, *peer;
	guint end;             /* the column of the last packet, or the last one */
	PlotRange main, extra; /* of the values that have to be seen, and of the window */
} Build;

static void
item_add(Build *build, SeriesKind kind, guint column, PlotRange range)
{
	GArray *items = build->graph->series[kind];
	PlotItem item = { column, range.low, range.high, range.last };

	plot_range_join(kind == SERIES_WINDOW ? &build->extra : &build->main, &range);
	if (series_infos[kind].shape == SHAPE_STEPS && items->len > 0) {
		PlotItem *before = &g_array_index(items, PlotItem, items->len - 1);

		if (before->column == column) {
			before->low = MIN(before->low, item.low);
			before->high = MAX(before->high, item.high);
			before->last = item.last;
			return;
		}
	}
	g_array_append_val(items, item);
}

/* A bar where a column has a value. */
static void
bars_add(Build *build, SeriesKind kind, const PlotColumns *columns, gsize range_offset)
{
	for (guint i = 0; i < build->graph->n; i++) {
		PlotRange range = G_STRUCT_MEMBER(PlotRange, &columns->spans[i], range_offset);

		if (!plot_range_is_empty(&range))
			item_add(build, kind, i, range);
	}
}

/* A step: it reaches from the value before to the ones of its column. */
static void
step_add(Build *build, SeriesKind kind, guint column, PlotRange range, gint64 *before)
{
	if (plot_range_is_empty(&range))
		return;
	if (*before != PLOT_NONE)
		plot_range_add(&range, *before);
	item_add(build, kind, column, range);
	*before = range.last;
}

/* The value at which steps begin, or end. */
static void
level_add(Build *build, SeriesKind kind, guint column, gint64 value)
{
	if (value != PLOT_NONE)
		item_add(build, kind, column, plot_range_of(value));
}

static void
steps_add(Build *build, SeriesKind kind, const PlotColumns *columns, gsize range_offset)
{
	gint64 value = G_STRUCT_MEMBER(PlotRange, &columns->before, range_offset).last;

	level_add(build, kind, 0, value);
	for (guint i = 0; i < build->graph->n; i++)
		step_add(build, kind, i,
			 G_STRUCT_MEMBER(PlotRange, &columns->spans[i], range_offset), &value);
	level_add(build, kind, build->end, value);
}

static void
sacks_add(Build *build)
{
	const PlotGraph *graph = build->graph;
	GArray *items = graph->series[SERIES_SACK];
	guint n;
	const PlotSack *sacks = plot_sacks(build->plot, !graph->side, &n);

	for (guint i = 0; i < n; i++) {
		guint column = plot_graph_column(graph, sacks[i].time_ns);
		PlotRange range = { sacks[i].left, sacks[i].right, sacks[i].right };
		const PlotItem *last =
		    items->len > 0 ? &g_array_index(items, PlotItem, items->len - 1) : NULL;
		gboolean told = last && last->column == column && last->low <= range.low &&
				range.high <= last->high;

		if (column < graph->n && !told)
			item_add(build, SERIES_SACK, column, range);
	}
}

/* Where a mark stands; `carried`: what was sent or acknowledged up to there. */
static gint64
mark_value(PlotKind kind, const PlotSpan *span, gboolean of_peer, gint64 *carried)
{
	if (kind == PLOT_FLIGHT) {
		gint64 flight = of_peer ? span->unacked.last : span->flight.high;

		return span->packets == 0 || flight == PLOT_NONE ? 0 : flight;
	}
	if (of_peer)
		*carried = span->ack.last != PLOT_NONE ? span->ack.last : *carried;
	else if (!plot_range_is_empty(&span->again))
		return span->again.high;
	else if (!plot_range_is_empty(&span->data))
		*carried = span->data.high;
	return *carried;
}

/* Appends a mark for each column with one of the verdicts or flags, in what `side` or (of_peer)
 * its peer sent. There may be many: each into its place, without asking for room one by one. */
static void
mark_add(Build *build, guint kind, guint32 verdicts, guint16 flags, gboolean of_peer)
{
	PlotGraph *graph = build->graph;
	const PlotColumns *columns = of_peer ? build->peer : build->sent;
	gint64 before = of_peer ? columns->before.ack.last : columns->before.data.high;
	gint64 carried = before == PLOT_NONE ? 0 : before;
	guint had = graph->marks->len, n = had;

	g_array_set_size(graph->marks, had + graph->n);
	for (guint i = 0; i < graph->n; i++) {
		const PlotSpan *span = &columns->spans[i];
		gint64 value = mark_value(graph->kind, span, of_peer, &carried);

		if (span->verdicts & verdicts || span->flags & flags)
			g_array_index(graph->marks, PlotMark, n++) = (PlotMark){ i, value, kind };
	}
	g_array_set_size(graph->marks, n);
	if (n > had && kind >= MARK_VERDICTS)
		graph->marks_named |= 1u << kind;
}

/* The most important first. */
static void
marks_add(Build *build)
{
	enum { RANK_FLAGS = 2 }; /* flags are more important than verdicts from this rank on */

	for (guint rank = 0; rank < N_VERDICTS; rank++) {
		if (rank == RANK_FLAGS) {
			mark_add(build, MARK_RST, 0, TCP_RST, FALSE);
			mark_add(build, MARK_RST, 0, TCP_RST, TRUE);
			mark_add(build, MARK_SYN, 0, TCP_SYN, FALSE);
			mark_add(build, MARK_FIN, 0, TCP_FIN, FALSE);
		}
		for (guint bit = 0; bit < N_PLAIN_VERDICTS; bit++) {
			const VerdictInfo *info = &verdict_infos[bit];

			if (info->mark && info->mark_rank == rank)
				mark_add(build, MARK_OF(1u << bit), 1u << bit, 0,
					 (info->traits & VERDICT_IS_OF_PEER) != 0);
		}
	}
}

/* The bytes in flight change with each segment sent and with each one acknowledged. */
static void
flight_build(Build *build)
{
	const PlotSpan *before = &build->sent->before, *peer_before = &build->peer->before;
	gint64 value = before->flight.last;

	if (peer_before->unacked.last != PLOT_NONE &&
	    (value == PLOT_NONE || peer_before->last > before->last))
		value = peer_before->unacked.last;
	steps_add(build, SERIES_WINDOW, build->peer, G_STRUCT_OFFSET(PlotSpan, window));
	level_add(build, SERIES_FLIGHT, 0, value);
	for (guint i = 0; i < build->graph->n; i++) {
		const PlotSpan *sent = &build->sent->spans[i], *peer = &build->peer->spans[i];
		gboolean peer_last = peer->packets > 0 && peer->unacked.last != PLOT_NONE &&
				     (sent->flight.last == PLOT_NONE || peer->last > sent->last);
		PlotRange range = sent->flight;

		plot_range_join(&range, &peer->unacked);
		range.last = peer_last ? peer->unacked.last : sent->flight.last;
		step_add(build, SERIES_FLIGHT, i, range, &value);
	}
	level_add(build, SERIES_FLIGHT, build->end, value);
}

static gint64
rate(guint64 bytes, gint64 bin_ns)
{
	return MIN(bytes * 8 * 1e9 / bin_ns, (double)PLOT_MOST);
}

/* Bins are 1, 2 or 5 times a power of ten wide and begin at multiples of that, so that the
 * same packets are in the same bin wherever the picture begins. */
static void
throughput_build(Build *build)
{
	PlotGraph *graph = build->graph;
	guint most = CLAMP(graph->n / BIN_COLUMNS, BINS_LEAST, BINS_MAX);
	gint64 step = plot_axis(0, graph->to_ns - graph->from_ns, most, PLOT_UNIT_TIME).step;
	gint64 width = graph->bin_ns = MAX(step, 1000), all = PLOT_NONE, fresh = PLOT_NONE;
	gint64 begin = MAX(graph->from_ns, build->plot->begin_ns);
	gint64 from = begin / width * width - (begin % width < 0 ? width : 0);
	gint64 to = MIN(graph->to_ns, build->plot->end_ns + 1);
	guint n = CLAMP((to - from - 1) / width + 1, 1, BINS_MAX + 2);
	g_autofree PlotSpan *bins = g_new(PlotSpan, n);
	PlotSpan before;

	plot_columns(build->plot, graph->side, from, from + n * width, n, TRUE, bins, &before);
	for (guint i = 0; i < n; i++) {
		gint64 bin_from = from + i * width;
		guint column = plot_graph_column(graph, MAX(bin_from, graph->from_ns));
		gint64 value = rate(bins[i].bytes, width);
		gint64 good = rate(bins[i].bytes - MIN(bins[i].again_bytes, bins[i].bytes), width);

		if (column == graph->n)
			break;
		step_add(build, SERIES_THROUGHPUT, column, plot_range_of(value), &all);
		if (build->plot->tcp)
			step_add(build, SERIES_GOODPUT, column, plot_range_of(good), &fresh);
	}
	build->end = MIN(plot_graph_column(graph, from + n * width), graph->n - 1);
	level_add(build, SERIES_THROUGHPUT, build->end, all);
	level_add(build, SERIES_GOODPUT, build->end, fresh);
}

/* One side's packets in the graph's columns, kept for the next graph of that time. */
static const PlotColumns *
columns_get(const Plot *plot, const PlotGraph *graph, Side side)
{
	PlotColumns *kept = &plot->kept->columns[side];
	const PlotWanted wanted = { graph->from_ns, graph->to_ns, graph->n, plot->packets };

	if (kept->spans && memcmp(&kept->wanted, &wanted, sizeof wanted) == 0)
		return kept;
	kept->wanted = wanted;
	kept->spans = g_renew(PlotSpan, kept->spans, graph->n);
	plot_columns(plot, side, graph->from_ns, graph->to_ns, graph->n, FALSE, kept->spans,
		     &kept->before);
	return kept;
}

/* The range of the y axis: all series that matter, the window where it is not many
 * times higher, and some room around. */
static void
value_settle(Build *build)
{
	PlotGraph *graph = build->graph;
	PlotRange range = build->main;

	if (graph->kind != PLOT_SEQUENCE || plot_range_is_empty(&range))
		plot_range_add(&range, 0);
	gint64 span = MAX(range.high - range.low, 1);
	if (!plot_range_is_empty(&build->extra)) {
		if (build->extra.high <= range.high + 2 * span)
			range.high = MAX(range.high, build->extra.high);
		else
			graph->window_above = TRUE;
	}
	span = MAX(range.high - range.low, 4);
	range.high += span / 16 + 1;
	if (graph->kind == PLOT_SEQUENCE)
		range.low -= span / 32 + 1;
	graph->value = range;
}

static const char *
nothing_reason(const PlotGraph *graph, const Plot *plot)
{
	if (plot->packets == 0)
		return N_("No packet of this conversation has been read yet.");
	if (!plot->tcp && graph->kind != PLOT_THROUGHPUT)
		return N_(
		    "UDP has no sequence numbers, acknowledgements or windows: of it there is "
		    "only the throughput.");
	for (SeriesKind kind = 0; kind < N_SERIES; kind++) {
		if (graph->series[kind]->len > 0)
			return NULL;
	}
	if (graph->kind == PLOT_RTT)
		return N_("There is no round-trip time here: no ACK answers what this side sent.");
	return N_("There is nothing to draw at this time.");
}

void
plot_whole(const Plot *plot, gint64 *from_ns, gint64 *to_ns)
{
	gint64 begin = plot->begin_ns, end = plot->end_ns;
	gint64 margin = end / 50 - begin / 50 + 1000;

	*from_ns = begin - margin;
	*to_ns = end + margin;
}

guint
plot_graph_column(const PlotGraph *graph, gint64 time_ns)
{
	if (time_ns < graph->from_ns || time_ns >= graph->to_ns)
		return graph->n;
	return (guint)((__int128)(time_ns - graph->from_ns) * graph->n /
		       (graph->to_ns - graph->from_ns));
}

PlotGraph *
plot_graph_new(const Plot *plot, PlotKind kind, Side side, gint64 from_ns, gint64 to_ns, guint n)
{
	PlotGraph *graph = g_new0(PlotGraph, 1);
	Build build = { .plot = plot, .graph = graph, .main = PLOT_EMPTY, .extra = PLOT_EMPTY };

	n = CLAMP(n, 8, 4096);
	*graph = (PlotGraph){ .kind = kind,
			      .side = side,
			      .from_ns = from_ns,
			      .to_ns = MAX(to_ns, from_ns + n), /* a column is 1 ns at least */
			      .n = n };
	for (SeriesKind series = 0; series < N_SERIES; series++)
		graph->series[series] = g_array_sized_new(FALSE, FALSE, sizeof(PlotItem), n + 2);
	graph->marks = g_array_new(FALSE, FALSE, sizeof(PlotMark));
	build.end = MIN(plot_graph_column(graph, plot->end_ns), n - 1);
	if (kind == PLOT_THROUGHPUT) {
		throughput_build(&build);
	} else if (plot->tcp) {
		build.sent = columns_get(plot, graph, side);
		build.peer = columns_get(plot, graph, !side);
		if (kind == PLOT_RTT) {
			bars_add(&build, SERIES_RTT, build.peer, G_STRUCT_OFFSET(PlotSpan, rtt));
		} else if (kind == PLOT_FLIGHT) {
			flight_build(&build);
		} else {
			steps_add(&build, SERIES_WINDOW, build.peer,
				  G_STRUCT_OFFSET(PlotSpan, edge));
			steps_add(&build, SERIES_ACK, build.peer, G_STRUCT_OFFSET(PlotSpan, ack));
			sacks_add(&build);
			bars_add(&build, SERIES_DATA, build.sent, G_STRUCT_OFFSET(PlotSpan, data));
			bars_add(&build, SERIES_AGAIN, build.sent,
				 G_STRUCT_OFFSET(PlotSpan, again));
		}
		if (kind != PLOT_RTT)
			marks_add(&build);
	}
	value_settle(&build);
	graph->nothing = nothing_reason(graph, plot);
	return graph;
}

void
plot_graph_free(PlotGraph *graph)
{
	for (SeriesKind series = 0; series < N_SERIES; series++)
		g_array_unref(graph->series[series]);
	g_array_unref(graph->marks);
	g_free(graph);
}

GArray *
plot_legend(const Plot *plot, const PlotGraph *graph)
{
	static const SeriesKind order[] = { SERIES_DATA,    SERIES_RTT,    SERIES_THROUGHPUT,
					    SERIES_GOODPUT, SERIES_FLIGHT, SERIES_ACK,
					    SERIES_WINDOW,  SERIES_AGAIN,  SERIES_SACK };
	GArray *legend = g_array_new(FALSE, FALSE, sizeof(PlotLegend));

	for (guint i = 0; i < G_N_ELEMENTS(order); i++) {
		SeriesKind kind = order[i];
		PlotLegend entry = { .kind = kind };

		if (graph->series[kind]->len == 0)
			continue;
		if (kind == SERIES_WINDOW) {
			g_autofree char *name = g_strconcat(
			    graph->kind == PLOT_SEQUENCE ? _("ACK + window")
							 : _("the peer's window"),
			    plot->line[!graph->side].scale_unknown ? _(" (scale unknown)") : "",
			    graph->window_above ? _(": above the picture") : "", NULL);

			entry.name = g_intern_string(name);
		} else {
			entry.name = _(series_infos[kind].name);
		}
		g_array_append_val(legend, entry);
	}
	for (guint kind = 0; kind < N_MARKS; kind++) {
		if (graph->marks_named & 1u << kind) {
			PlotLegend entry = { TRUE, kind, _(mark_info(kind).name) };

			g_array_append_val(legend, entry);
		}
	}
	return legend;
}

char *
plot_direction_text(const Plot *plot, Side side, gboolean ascii)
{
	const Conversation *conversation =
	    flow_table_get(trace_flows(plot->trace), plot->conversation);

	return g_strdup_printf("%s %s %s", endpoint_text(&conversation->endpoint[side]).text,
			       ascii ? "->" : "→",
			       endpoint_text(&conversation->endpoint[!side]).text);
}
