/* SPDX-License-Identifier: MIT */
/* Any packets as plots: sequence numbers that jump, times from one end of the clock to the
 * other, forwards and backwards. All four graphs of both directions, whole and zoomed, on a
 * screen of any size and as files: no packet is lost in the columns, ticks, series and marks
 * are within what is shown, the cursor comes by each packet, nothing is painted outside of the
 * plot's place, SVG is XML whose texts are in the picture, each line of xplot's is one.
 *
 * The first 16 bytes say what is looked at; 16 bytes more are an event each.
 */
#include <string.h>

#include "events.h"
#include "fuzz.h"
#include "pktladder/plot_figure.h"
#include "pktladder/plot_screen.h"
#include "pktladder/text.h"
#include "pktladder/timestamp.h"

enum { HEAD_BYTES = 16, MARGIN = 3 };

typedef struct {
	const guint8 *head, *events;
	Trace *trace;
	GArray *times; /* gint64: of each event */
	Plot *plot;
	GArray *taken;  /* guint32: the events of the plot */
	gboolean whole; /* it has all of them */
} Story;

/* ---- making one ---- */

static void
items_compare(const GArray *one, const GArray *other)
{
	g_assert_cmpuint(one->len, ==, other->len);
	for (guint i = 0; i < one->len; i++) {
		PlotItem a = g_array_index(one, PlotItem, i), b = g_array_index(other, PlotItem, i);

		g_assert_true(a.column == b.column && a.low == b.low && a.high == b.high &&
			      a.last == b.last);
	}
}

/* What is asked for twice, between packets, is what is made anew then. */
static void
graph_keep_check(const Plot *plot, PlotKind kind)
{
	gint64 from, to;

	plot_whole(plot, &from, &to);
	for (guint i = 0; i < 2; i++) {
		const PlotGraph *kept = plot_graph_get(plot, kind, SIDE_CLIENT, from, to, 40);
		g_autoptr(PlotGraph) anew = plot_graph_new(plot, kind, SIDE_CLIENT, from, to, 40);

		g_assert_cmpint(kept->value.low, ==, anew->value.low);
		g_assert_cmpint(kept->value.high, ==, anew->value.high);
		for (SeriesKind series = 0; series < N_SERIES; series++)
			items_compare(kept->series[series], anew->series[series]);
	}
}

/* The packets whose bytes are gone are plotted by what their events tell. */
static void
packet_take(Story *story, FlowTable *flows, guint32 index)
{
	const guint8 *in = story->events + index * EVENT_BYTES;
	guint8 bytes[EVENT_PACKET_BYTES];
	FlowResult result;
	Packet packet;
	Facts facts;

	g_assert_true(event_packet(in, g_array_index(story->times, gint64, index), bytes, &packet));
	g_array_append_val(story->taken, index);
	if (!story->plot->tcp || ((story->head[3] & 4) && (in[12] & 1))) {
		plot_add(story->plot, index, NULL, NULL);
		return;
	}
	decode_headers(&packet, &facts);
	flow_table_add(flows, &facts, packet.time_ns, trace_frame(story->trace, index), &result);
	plot_add(story->plot, index, &facts, &result.verdict);
}

static void
story_plot(Story *story)
{
	const FlowTable *all = trace_flows(story->trace);
	g_autoptr(FlowTable) flows = flow_table_new_like(all);
	gint64 from = G_MININT64, to = G_MAXINT64;

	if (story->head[3] & 2) {
		from = event_time(story->head[4], story->head[5]);
		to = timestamp_plus(from, event_time(story->head[6], story->head[7]) & G_MAXINT64);
	}
	story->whole = !(story->head[3] & 2);
	story->plot = plot_new(story->trace, story->head[2] % flow_table_length(all),
			       story->head[3] & 1 ? 64 : PLOT_SPANS_MAX, from, to);
	for (guint32 i = 0; i < trace_length(story->trace); i++) {
		if (!plot_takes(story->plot, i))
			continue;
		packet_take(story, flows, i);
		if (i % 16 == 5)
			graph_keep_check(story->plot, story->head[1] % N_PLOT_KINDS);
	}
}

/* ---- packets, spans and columns ---- */

static gint64
time_at(const Story *story, guint32 event)
{
	return plot_time(story->plot, trace_event(story->trace, event)->time_ns);
}

static void
spans_check(const Story *story)
{
	guint64 packets = 0;

	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		guint n = plot_n_spans(story->plot, side);

		g_assert_cmpuint(n, <=, PLOT_SPANS_MAX);
		for (guint i = 0; i < n; i++) {
			const PlotSpan *span = plot_span(story->plot, side, i);

			packets += span->packets;
			g_assert_true(i == 0 ||
				      plot_span(story->plot, side, i - 1)->last < span->first);
			g_assert_cmpint(story->plot->begin_ns, <=, span->time.low);
			g_assert_cmpint(span->time.low, <=, span->time.high);
			g_assert_cmpint(span->time.high, <=, story->plot->end_ns);
			g_assert_cmpuint(span->packets, <=, plot_packets_a_span(story->plot));
		}
	}
	g_assert_cmpuint(story->plot->packets, ==, story->taken->len);
	g_assert_cmpuint(packets, <=, story->taken->len);
	if (story->whole)
		g_assert_cmpuint(packets, ==, story->taken->len);
	g_assert_true(story->plot->begin_ns >= -PLOT_MOST && story->plot->end_ns <= PLOT_MOST);
}

/* Of the whole no packet and no byte is missing in the columns. */
static void
columns_check(const Story *story, guint n)
{
	gint64 from, to;
	g_autofree PlotSpan *columns = g_new(PlotSpan, n);
	g_autofree PlotSpan *bytes = g_new(PlotSpan, n);
	guint64 packets = 0, payload = 0, sent = 0;

	plot_whole(story->plot, &from, &to);
	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		PlotSpan before;

		plot_columns(story->plot, side, from, to, n, FALSE, columns, &before);
		plot_columns(story->plot, side, from, to, n, TRUE, bytes, &before);
		packets += before.packets;
		for (guint i = 0; i < n; i++) {
			packets += columns[i].packets;
			payload += bytes[i].bytes;
			g_assert_cmpint(bytes[i].again_bytes, <=, bytes[i].bytes);
		}
		for (guint i = 0; i < plot_n_spans(story->plot, side); i++)
			sent += plot_span(story->plot, side, i)->bytes;
	}
	g_assert_cmpuint(payload, ==, sent);
	if (story->whole)
		g_assert_cmpuint(packets, ==, story->taken->len);
}

/* The cursor comes by each packet, forwards and backwards. */
static void
steps_check(const Story *story)
{
	const GArray *taken = story->taken;
	guint32 event = plot_near(story->plot, 0);

	for (guint i = 0; i < taken->len; i++) {
		g_assert_cmpuint(event, ==, g_array_index(taken, guint32, i));
		g_assert_cmpuint(plot_near(story->plot, event), ==, event);
		g_assert_nonnull(plot_span_of(story->plot, event));
		event = plot_step(story->plot, event, 1);
	}
	g_assert_cmpuint(event, ==, EVENT_NONE);
	event = plot_near(story->plot, EVENT_NONE);
	for (guint i = taken->len; i > 0; i--) {
		g_assert_cmpuint(event, ==, g_array_index(taken, guint32, i - 1));
		event = plot_step(story->plot, event, -1);
	}
	g_assert_cmpuint(event, ==, EVENT_NONE);
}

static guint64
distance(gint64 one, gint64 other)
{
	return one < other ? (guint64)other - (guint64)one : (guint64)one - (guint64)other;
}

static void
nearest_check(const Story *story, gint64 time_ns)
{
	guint32 found = plot_at(story->plot, time_ns), best = EVENT_NONE;
	guint64 least = G_MAXUINT64;

	if (!story->whole || plot_packets_a_span(story->plot) > 1)
		return;
	for (guint i = 0; i < story->taken->len; i++) {
		guint32 event = g_array_index(story->taken, guint32, i);
		guint64 far = distance(time_at(story, event), time_ns);

		if (far < least || best == EVENT_NONE) {
			least = far;
			best = event;
		}
	}
	g_assert_cmpuint(found, ==, best);
}

/* ---- graphs ---- */

static void
axis_check(gint64 low, gint64 high, guint most, PlotUnit unit)
{
	PlotAxis axis = plot_axis(low, high, most, unit);

	g_assert_cmpuint(axis.n, <=, MAX(most, 1));
	g_assert_cmpint(axis.step, >, 0);
	for (guint i = 0; i < axis.n; i++) {
		gint64 value = axis.first + (gint64)i * axis.step;
		g_autofree char *text = plot_axis_text(&axis, value, i & 1);
		g_autofree char *exact = plot_value_text(value, unit, i & 1);

		g_assert_true(value >= axis.low && value <= axis.high && value % axis.step == 0);
		g_assert_true(*text && *exact && text_width(text) <= 24 && text_width(exact) <= 24);
	}
}

static void
items_check(const PlotGraph *graph, SeriesKind series)
{
	const GArray *items = graph->series[series];
	gboolean above = series == SERIES_WINDOW && graph->window_above;

	for (guint i = 0; i < items->len; i++) {
		const PlotItem *item = &g_array_index(items, PlotItem, i);

		g_assert_cmpuint(item->column, <, graph->n);
		if (series != SERIES_SACK && i > 0)
			g_assert_cmpuint(item->column, >=,
					 g_array_index(items, PlotItem, i - 1).column);
		g_assert_cmpint(item->low, <=, item->high);
		g_assert_true(item->last >= item->low && item->last <= item->high);
		g_assert_true(above || series == SERIES_WINDOW || item->low >= graph->value.low);
		g_assert_true(above || item->high <= graph->value.high);
	}
}

static void
graph_check(const Story *story, PlotKind kind, Side side, gint64 from, gint64 to, guint n)
{
	g_autoptr(PlotGraph) graph = plot_graph_new(story->plot, kind, side, from, to, n);

	g_assert_true(graph->n >= 8 && graph->n <= 4096);
	g_assert_cmpint(graph->from_ns, <, graph->to_ns);
	g_assert_cmpint(graph->value.low, <, graph->value.high);
	for (SeriesKind series = 0; series < N_SERIES; series++)
		items_check(graph, series);
	for (guint i = 0; i < graph->marks->len; i++) {
		const PlotMark *mark = &g_array_index(graph->marks, PlotMark, i);

		g_assert_cmpuint(mark->column, <, graph->n);
		g_assert_cmpuint(mark->kind, <, N_MARKS);
	}
	axis_check(graph->from_ns, graph->to_ns, n / 8, PLOT_UNIT_TIME);
	axis_check(graph->value.low, graph->value.high, n / 16, plot_kinds[graph->kind].unit);
	g_assert_cmpuint(plot_graph_column(graph, graph->from_ns), ==, 0);
	g_assert_cmpuint(plot_graph_column(graph, graph->to_ns - 1), ==, graph->n - 1);
	g_assert_cmpuint(plot_graph_column(graph, graph->to_ns), ==, graph->n);
}

/* ---- the screen ---- */

static void
outside_check(const Grid *grid, guint rows, guint columns)
{
	for (guint y = 0; y < grid->rows; y++) {
		gboolean beside = y >= MARGIN && y < MARGIN + rows;

		for (guint x = 0; x < grid->columns; x++) {
			const Cell *cell = &grid->cells[y * grid->columns + x];

			if (beside && x == MARGIN)
				x += columns - 1;
			else
				g_assert_true(cell->character == ' ' && !cell->selected);
		}
	}
}

static void
times_check(const PlotScreenLayout *layout, const PlotScreenOptions *options)
{
	gint64 before = options->from_ns;

	for (guint x = layout->x; !layout->too_small && x < layout->x + layout->columns; x++) {
		gint64 time_ns = plot_screen_time(layout, options, x);

		g_assert_cmpint(time_ns, >=, before);
		g_assert_cmpint(time_ns, <=, options->to_ns);
		before = time_ns;
	}
}

static gboolean
cell_equal(const Cell *one, const Cell *other)
{
	return one->character == other->character && one->combining == other->combining &&
	       one->role == other->role && one->selected == other->selected;
}

/* Painted anew, or from what was kept of the one before, it is the same. */
static void
screen_check(const Story *story, const PlotScreenOptions *options, guint rows, guint columns)
{
	g_autoptr(Grid) grid = grid_new(rows + 2 * MARGIN, columns + 2 * MARGIN);
	g_autoptr(Grid) again = grid_new(rows + 2 * MARGIN, columns + 2 * MARGIN);
	PlotScreenLayout layout =
	    plot_screen_layout(MARGIN, MARGIN, rows, columns, options->glyphs);

	plot_screen_paint(story->plot, NULL, options, MARGIN, MARGIN, rows, columns, grid);
	plot_screen_paint(story->plot, story->plot, options, MARGIN, MARGIN, rows, columns, again);
	outside_check(grid, rows, columns);
	for (guint i = 0; i < grid->rows * grid->columns; i++)
		g_assert_true(cell_equal(&grid->cells[i], &again->cells[i]));
	times_check(&layout, options);
}

/* ---- files ---- */

typedef struct {
	double width, height;
	guint depth;
} Drawing;

static double
attribute(const char **names, const char **values, const char *name)
{
	for (guint i = 0; names[i]; i++) {
		if (g_str_equal(names[i], name))
			return g_ascii_strtod(values[i], NULL);
	}
	return 0;
}

static void
element_begin(GMarkupParseContext *context G_GNUC_UNUSED, const char *element, const char **names,
	      const char **values, gpointer data, GError **error G_GNUC_UNUSED)
{
	Drawing *drawing = data;
	double x = attribute(names, values, "x"), y = attribute(names, values, "y");

	if (drawing->depth++ == 0) {
		drawing->width = attribute(names, values, "width");
		drawing->height = attribute(names, values, "height");
		g_assert_cmpstr(element, ==, "svg");
	}
	if (g_str_equal(element, "text") || g_str_equal(element, "rect")) {
		g_assert_true(x >= 0 && x <= drawing->width);
		g_assert_true(y >= 0 && y <= drawing->height);
	}
	for (guint i = 0; names[i]; i++)
		g_assert_false(strstr(values[i], "nan") || strstr(values[i], "inf"));
}

static void
element_end(GMarkupParseContext *context G_GNUC_UNUSED, const char *element G_GNUC_UNUSED,
	    gpointer data, GError **error G_GNUC_UNUSED)
{
	((Drawing *)data)->depth--;
}

static void
svg_check(const Story *story, const PlotSvgOptions *options)
{
	static const GMarkupParser parser = { .start_element = element_begin,
					      .end_element = element_end };
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	Drawing drawing = { 0 };
	g_autoptr(GMarkupParseContext) context =
	    g_markup_parse_context_new(&parser, 0, &drawing, NULL);

	plot_to_svg(story->plot, options, out);
	g_markup_parse_context_parse(context, out->str, out->len, &error);
	g_assert_no_error(error);
	g_markup_parse_context_end_parse(context, &error);
	g_assert_no_error(error);
}

/* "1700000000.000020 1449" from `text` on; returns what is behind it. */
static const char *
place_skip(const char *text)
{
	gsize seconds, decimals;

	g_assert_cmpint(*text, ==, ' ');
	text += 1 + (text[1] == '-');
	seconds = strspn(text, "0123456789");
	g_assert_true(seconds > 0 && text[seconds] == '.');
	text += seconds + 1;
	decimals = strspn(text, "0123456789");
	g_assert_true(decimals > 0 && text[decimals] == ' ');
	text += decimals + 1;
	g_assert_true(g_ascii_isdigit(*text));
	return text + strspn(text, "0123456789");
}

static void
xpl_line_check(const char *line)
{
	static const char *const words[] = { "white",  "green", "yellow", "red", "pink", "purple",
					     "orange", "go",    "R",      "O",   "?",    "S",
					     "Z",      "SYN",   "FIN",    "RST", NULL };
	static const char *const places[] = { "line",   "atext",  "btext", "utick",
					      "uarrow", "darrow", NULL };

	for (guint i = 0; places[i]; i++) {
		if (!g_str_has_prefix(line, places[i]))
			continue;
		line = place_skip(line + strlen(places[i]));
		if (i == 0)
			line = place_skip(line);
		g_assert_cmpstr(line, ==, "");
		return;
	}
	if (!g_strv_contains(words, line))
		g_error("no line of xplot: %s", line);
}

static void
xpl_check(const Story *story, Side side)
{
	g_autoptr(GString) out = g_string_new(NULL);
	g_auto(GStrv) lines = NULL;
	guint n;

	plot_to_xpl(story->plot, side, out);
	lines = g_strsplit(out->str, "\n", -1);
	n = g_strv_length(lines);
	g_assert_true(n >= 9 && g_str_has_suffix(out->str, "\ngo\n"));
	for (guint i = 7; i + 1 < n; i++)
		xpl_line_check(lines[i]);
}

/* ---- all of it ---- */

static void
look(const Story *story, gint64 from, gint64 to)
{
	const guint8 *head = story->head;
	PlotKind kind = head[1] % N_PLOT_KINDS;
	Side side = head[1] >> 2 & 1;
	guint32 at = head[10] % story->taken->len;
	PlotScreenOptions screen = { .kind = kind,
				     .side = side,
				     .from_ns = from,
				     .to_ns = to,
				     .cursor = g_array_index(story->taken, guint32, at),
				     .glyphs = head[11] % N_GLYPHS,
				     .progress = (gint)(head[11] / 2) % 102 - 1 };
	PlotSvgOptions svg = { .kind = kind,
			       .side = side,
			       .from_ns = from,
			       .to_ns = to,
			       .title = head[12] & 1 ? "<a&\"b\x01\xff ]]> \xd7\x90" : NULL,
			       .width = head[12] & 2 ? head[13] * 4 : 0,
			       .height = head[12] & 4 ? head[14] * 4 : 0,
			       .mono = head[12] & 8 };

	for (PlotKind each = 0; each < N_PLOT_KINDS; each++) {
		graph_check(story, each, SIDE_CLIENT, from, to, head[13]);
		graph_check(story, each, SIDE_SERVER, from, to, head[13]);
	}
	screen_check(story, &screen, 1 + head[8] % 40, 1 + head[9] % 160);
	svg_check(story, &svg);
	nearest_check(story, from);
	nearest_check(story, to);
}

/* As the screen zooms: within what is there at all, as near as its columns may be. */
static void
story_look(const Story *story)
{
	gint64 from, to, zoom_from, zoom_to;

	plot_whole(story->plot, &from, &to);
	g_assert_true(from < story->plot->begin_ns && to > story->plot->end_ns);
	look(story, from, to);
	zoom_from = CLAMP(event_time(story->head[4], story->head[5]), from, to - 1);
	zoom_to = timestamp_plus(
	    zoom_from, 1 + (event_time(story->head[6], story->head[7]) & G_MAXINT64 >> 1));
	look(story, zoom_from, CLAMP(zoom_to, zoom_from + 1, to));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autoptr(GArray) taken = g_array_new(FALSE, FALSE, sizeof(guint32));
	Story story = { .head = data, .trace = trace, .times = times, .taken = taken };
	EventClock clock;

	if (size < HEAD_BYTES)
		return 0;
	clock = event_clock_new(data[0]);
	story.events = data + HEAD_BYTES;
	events_add(story.trace, story.events, size - HEAD_BYTES, &clock, story.times);
	if (flow_table_length(trace_flows(trace)) == 0)
		return 0;
	story_plot(&story);
	if (taken->len > 0) {
		spans_check(&story);
		columns_check(&story, 1 + data[15]);
		if (story.whole)
			steps_check(&story);
		story_look(&story);
		xpl_check(&story, data[1] >> 2 & 1);
	}
	plot_free(story.plot);
	return 0;
}
