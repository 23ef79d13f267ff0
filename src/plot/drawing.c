/* SPDX-License-Identifier: MIT */
/* drawing.c - a graph as SVG.
 *
 * Theory of operation. Everything is placed before it is written: the lines of
 * title and legend tell where the graph begins, the texts of the y axis how far
 * to the left. The graph has two columns a px; a series is one path.
 */
#include "pktladder/plot_figure.h"

#include <math.h>

#include "pktladder/svg.h"
#include "pktladder/text.h"

#define WIDTH        800
#define HEIGHT       480
#define MARGIN       16
#define LINE         18 /* px from one line of text to the next */
#define FONT         12
#define TITLE_FONT   15
#define MARK_FONT    10
#define SAMPLE       22 /* px of a line in the legend */
#define TICK_ROOM    36 /* px between two ticks of the y axis */
#define COLUMNS_A_PX 2

/* In print the widths and dashes tell the series apart. */
static const char style[] =
    "text{font-family:'DejaVu Sans',Verdana,Arial,sans-serif;font-size:12px}\n"
    ".title{font-size:15px;font-weight:bold}\n"
    ".tick{text-anchor:end}\n"
    ".time,.over{text-anchor:middle}\n"
    ".mark{font-size:10px;font-weight:bold;stroke-width:3px;stroke-linejoin:round;paint-order:"
    "stroke}\n"
    ".data{stroke-width:1.6}\n"
    ".points{stroke-width:3;stroke-linecap:round}\n"
    ".again{stroke-width:3}\n"
    ".ack{stroke-width:1.2}\n"
    ".window{stroke-width:1.2;stroke-dasharray:6 4}\n"
    ".sack{stroke-width:2.4;stroke-dasharray:1.5 1.5}\n"
    ".goodput{stroke-width:1.4;stroke-dasharray:5 3}\n"
    "path{fill:none}\n";

static const char inks[] =
    "text,.mark{fill:%t}.mark{stroke:%p}.problem{fill:%v}.paper{fill:%p}.axis{stroke:%l}\n"
    ".grid{stroke:%w}.data{stroke:%t}.again{stroke:%v}.ack{stroke:%g}\n"
    ".window{stroke:%o}.sack{stroke:%u}.goodput{stroke:%d}\n";

typedef struct {
	const Plot *plot;
	const PlotSvgOptions *options;
	GString *out;
	guint width, height;
	PlotGraph *graph;
	PlotAxis y_axis;
	gdouble left, top, graph_width, graph_height; /* px */
} Svg;

static void
text_put(GString *out, gdouble x, gdouble y, const char *class, const char *text)
{
	g_autofree char *harmless = text_escape(text, -1);

	svg_text(out, class, x, y, harmless);
	g_string_append_c(out, '\n');
}

/* As many lines as the text needs; returns how many. */
static guint
lines_put(const Svg *svg, gdouble y, guint font, const char *class, const char *given)
{
	g_autofree char *text = text_escape(given, -1);
	g_autoptr(GPtrArray) lines = svg_text_wrap(
	    text, font == TITLE_FONT ? FACE_BOLD : FACE_PLAIN, font, svg->width - 2 * MARGIN, TRUE);

	for (guint i = 0; i < lines->len; i++)
		text_put(svg->out, MARGIN, y + LINE * i, class, g_ptr_array_index(lines, i));
	return lines->len;
}

/* Returns where the legend ends. */
static gdouble
legend_put(const Svg *svg, gdouble y)
{
	g_autoptr(GArray) legend = plot_legend(svg->plot, svg->graph);
	gdouble x = MARGIN;

	for (guint i = 0; i < legend->len; i++) {
		const PlotLegend *entry = &g_array_index(legend, PlotLegend, i);
		gdouble sample = entry->is_mark ? 16 : SAMPLE + 6;
		gdouble px = sample + svg_text_width(entry->name, FACE_PLAIN, FONT) + 12;

		if (x > MARGIN && x + px > svg->width - MARGIN) { /* into the next line */
			x = MARGIN;
			y += LINE;
		}
		if (entry->is_mark) {
			const MarkInfo info = mark_info(entry->kind);

			text_put(svg->out, x, y, info.problem ? "mark problem" : "mark", info.text);
		} else {
			const SeriesInfo *info = &series_infos[entry->kind];
			gboolean bar = info->shape == SHAPE_BARS;

			g_string_append_printf(svg->out, "<path class=\"%s\" d=\"", info->class);
			svg_point(svg->out, 'M', x + (bar ? SAMPLE / 2 : 0), y - (bar ? 10 : 4));
			g_string_append(svg->out, bar                           ? "v12"
						  : info->shape == SHAPE_POINTS ? "h0m10 0h0m10 0h0"
										: "h22");
			g_string_append(svg->out, "\"/>\n");
		}
		text_put(svg->out, x + (entry->is_mark ? 14 : sample), y, NULL, entry->name);
		x += px;
	}
	return y;
}

static gdouble
x_of(const Svg *svg, guint column)
{
	return svg->left + (column + 0.5) / COLUMNS_A_PX;
}

static gdouble
y_of(const Svg *svg, gint64 value)
{
	const PlotRange *range = &svg->graph->value;
	gdouble share = (gdouble)(range->high - value) / (gdouble)(range->high - range->low);

	return svg->top + CLAMP(share, -2, 3) * svg->graph_height;
}

static void
x_axis_put(const Svg *svg)
{
	PlotAxis axis;
	gdouble bottom = svg->top + svg->graph_height;

	/* The most ticks whose texts have room. */
	for (guint most = svg->graph_width / 50;; most--) {
		axis = plot_axis(svg->graph->from_ns, svg->graph->to_ns, most, PLOT_UNIT_TIME);
		gint64 last = axis.first + (axis.n - MIN(axis.n, 1)) * axis.step;
		g_autofree char *text = plot_axis_text(&axis, last, FALSE);
		gdouble room = svg->graph_width * axis.step / (axis.high - axis.low);

		if (most <= 1 || svg_text_width(text, FACE_PLAIN, FONT) + 12 <= room)
			break;
	}
	g_string_append(svg->out, "<path class=\"axis\" d=\"");
	svg_point(svg->out, 'M', svg->left, svg->top);
	svg_step(svg->out, 'V', bottom);
	svg_step(svg->out, 'h', svg->graph_width);
	g_string_append(svg->out, "\"/>\n");
	for (guint i = 0; i < axis.n; i++) {
		gint64 value = axis.first + i * axis.step;
		g_autofree char *text = plot_axis_text(&axis, value, FALSE);
		gdouble x =
		    x_of(svg, plot_graph_column(svg->graph, MIN(value, svg->graph->to_ns - 1)));

		g_string_append(svg->out, "<path class=\"axis\" d=\"");
		svg_point(svg->out, 'M', x, bottom);
		g_string_append(svg->out, "v5\"/>\n");
		if (x + svg_text_width(text, FACE_PLAIN, FONT) / 2 <= svg->width)
			text_put(svg->out, x, bottom + 19, "time", text);
	}
	text_put(svg->out, svg->left, bottom + 38, NULL,
		 _("time since the conversation's first packet"));
}

static void
bars_put(const Svg *svg, SeriesKind series)
{
	const GArray *items = svg->graph->series[series];

	for (guint i = 0; i < items->len; i++) {
		const PlotItem *item = &g_array_index(items, PlotItem, i);
		gdouble low = y_of(svg, item->low), high = y_of(svg, item->high);

		svg_point(svg->out, 'M', x_of(svg, item->column), low);
		if (series_infos[series].shape == SHAPE_POINTS) {
			g_string_append(svg->out, "h0");
			if (low - high >
			    1) /* of several in the column, the least and the greatest */
				svg_point(svg->out, 'M', x_of(svg, item->column), high);
			g_string_append(svg->out, low - high > 1 ? "h0" : "");
		} else {
			svg_step(svg->out, 'V', MIN(high, low - 1));
		}
		if (i % 6 == 5)
			g_string_append_c(svg->out, '\n');
	}
}

static void
steps_put(const Svg *svg, SeriesKind series)
{
	const GArray *items = svg->graph->series[series];
	gint64 before = 0;

	for (guint i = 0; i < items->len; i++) {
		const PlotItem *item = &g_array_index(items, PlotItem, i);
		gboolean plain = i > 0 && item->low == MIN(before, item->last) &&
				 item->high == MAX(before, item->last);

		if (i == 0)
			svg_point(svg->out, 'M', x_of(svg, item->column), y_of(svg, item->last));
		else if (item->low == item->high && i + 1 < items->len)
			continue; /* it goes on as it was */
		else
			svg_step(svg->out, 'H', x_of(svg, item->column));
		if (i > 0 && !plain) {
			svg_step(svg->out, 'V', y_of(svg, item->low));
			svg_step(svg->out, 'V', y_of(svg, item->high));
		}
		if (i > 0 && item->low != item->high)
			svg_step(svg->out, 'V', y_of(svg, item->last));
		before = item->last;
		if (i % 8 == 7)
			g_string_append_c(svg->out, '\n');
	}
}

static void
series_put(const Svg *svg)
{
	g_string_append(svg->out, "<clipPath id=\"graph\">");
	svg_rect(svg->out, "clip", 0, svg->left, svg->top, svg->graph_width, svg->graph_height);
	g_string_append(svg->out, "</clipPath>\n<g clip-path=\"url(#graph)\">\n");
	for (SeriesKind series = 0; series < N_SERIES; series++) {
		const SeriesInfo *info = &series_infos[series];

		if (svg->graph->series[series]->len == 0)
			continue;
		g_string_append_printf(svg->out, "<path class=\"%s\" d=\"", info->class);
		if (info->shape == SHAPE_STEPS)
			steps_put(svg, series);
		else
			bars_put(svg, series);
		g_string_append(svg->out, "\"/>\n");
	}
	g_string_append(svg->out, "</g>\n");
}

/* Marks: each where no other one is; what is left out has its bar still. */

typedef struct {
	gdouble x, y, width;
} Box;

static gboolean
box_fits(const Svg *svg, const GArray *boxes, const Box *box)
{
	gboolean fits =
	    box->x >= svg->left + 1 && box->x + box->width <= svg->left + svg->graph_width &&
	    box->y - MARK_FONT >= svg->top && box->y <= svg->top + svg->graph_height - 2;

	for (guint i = 0; fits && i < boxes->len; i++) {
		const Box *other = &g_array_index(boxes, Box, i);

		fits = fabs(other->y - box->y) >= MARK_FONT + 2 ||
		       box->x >= other->x + other->width + 1 || other->x >= box->x + box->width + 1;
	}
	return fits;
}

static void
marks_put(const Svg *svg)
{
	g_autoptr(GArray) boxes = g_array_new(FALSE, FALSE, sizeof(Box));

	for (guint i = 0; i < svg->graph->marks->len; i++) {
		const PlotMark *mark = &g_array_index(svg->graph->marks, PlotMark, i);
		MarkInfo info = mark_info(mark->kind);
		gdouble y = y_of(svg, mark->value),
			width = svg_text_width(info.text, FACE_BOLD, MARK_FONT);
		gdouble x = CLAMP(x_of(svg, mark->column), svg->left + 2 + width / 2,
				  svg->left + svg->graph_width - width / 2);

		for (guint place = 0; place < (info.often ? 1 : 2); place++) {
			Box box = { x - width / 2, info.below == (place == 0) ? y + 13 : y - 4,
				    width };

			if (!box_fits(svg, boxes, &box))
				continue;
			text_put(svg->out, x, box.y,
				 info.problem ? "mark over problem" : "mark over", info.text);
			g_array_append_val(boxes, box);
			break;
		}
	}
}

/* Left of the graph there is room for the texts of its y axis. */
static void
graph_place(Svg *svg, gdouble head_end)
{
	const PlotRange *range = &svg->graph->value;
	gdouble widest = 0;

	svg->top = head_end + LINE + 20;
	svg->graph_height = MAX(svg->height - 50.0 - svg->top, 60);
	svg->y_axis = plot_axis(range->low, range->high, MAX(svg->graph_height / TICK_ROOM, 2),
				plot_kinds[svg->graph->kind].unit);
	for (guint i = 0; i < svg->y_axis.n; i++) {
		g_autofree char *text =
		    plot_axis_text(&svg->y_axis, svg->y_axis.first + i * svg->y_axis.step, FALSE);

		widest = MAX(widest, svg_text_width(text, FACE_PLAIN, FONT));
	}
	svg->left = MAX(svg->left, ceil(MARGIN + widest + 6));
	svg->graph_width = svg->width - MARGIN - svg->left;
}

static PlotGraph *
graph_make(const Svg *svg, guint columns)
{
	gint64 from_ns = svg->options->from_ns, to_ns = svg->options->to_ns;

	if (from_ns == 0 && to_ns == 0)
		plot_whole(svg->plot, &from_ns, &to_ns);
	return plot_graph_new(svg->plot, svg->options->kind, svg->options->side, from_ns, to_ns,
			      columns);
}

static void
picture_put(Svg *svg, gdouble head_end)
{
	static const char *const titles[N_PLOT_KINDS] = {
		[PLOT_SEQUENCE] = N_("sequence number, relative"),
		[PLOT_RTT] = N_("from a segment to the ACK that answers it"),
		[PLOT_FLIGHT] = N_("bytes sent and not yet acknowledged"),
	}; /* over the y axis: what it counts */
	const PlotAxis *axis = &svg->y_axis;
	guint columns = 0;

	/* The room beside the graph depends on its values, and those (of throughput, whose bins
	 * have columns) on the room that is left: it gets smaller until both fit. */
	graph_place(svg, head_end);
	while (columns != (guint)(svg->graph_width * COLUMNS_A_PX)) {
		columns = svg->graph_width * COLUMNS_A_PX;
		plot_graph_free(svg->graph);
		svg->graph = graph_make(svg, columns);
		graph_place(svg, head_end);
	}

	g_autofree char *bin = plot_value_text(svg->graph->bin_ns, PLOT_UNIT_TIME, FALSE);
	g_autofree char *title = svg->graph->kind == PLOT_THROUGHPUT
				     ? g_strdup_printf(_("payload a second, in bins of %s"), bin)
				     : g_strdup(_(titles[svg->graph->kind]));

	text_put(svg->out, MARGIN, svg->top - 15, NULL, title);
	for (guint i = 0; i < axis->n; i++) {
		gint64 value = axis->first + i * axis->step;
		g_autofree char *text = plot_axis_text(axis, value, FALSE);
		gdouble y = y_of(svg, value);

		g_string_append(svg->out, "<path class=\"grid\" d=\"");
		svg_point(svg->out, 'M', svg->left, y);
		svg_step(svg->out, 'h', svg->graph_width);
		g_string_append(svg->out, "\"/>\n");
		text_put(svg->out, svg->left - 6, y + 4, "tick", text);
	}
	x_axis_put(svg);
	series_put(svg);
	marks_put(svg);
}

void
plot_to_svg(const Plot *plot, const PlotSvgOptions *options, GString *out)
{
	g_autoptr(GString) body = g_string_new(NULL);
	Svg svg = {
		.plot = plot,
		.options = options,
		.out = body,
		.width = options->width ? MAX(options->width, PLOT_SVG_MIN_WIDTH) : WIDTH,
		.height = options->height ? MAX(options->height, PLOT_SVG_MIN_HEIGHT) : HEIGHT,
	};
	g_autofree char *ends = plot_direction_text(plot, options->side, FALSE), *name = NULL;
	gdouble y = MARGIN + 12;

	svg.graph = graph_make(&svg, (svg.width - 80) * COLUMNS_A_PX);
	name = g_strdup_printf("%s: %s", _(plot_kinds[options->kind].title),
			       options->side == SIDE_CLIENT ? _("what the client sent")
							    : _("what the server sent"));
	y += LINE * lines_put(&svg, y, TITLE_FONT, "title", options->title ? options->title : name);
	if (options->title)
		y += LINE * lines_put(&svg, y, FONT, NULL, name);
	y += LINE * lines_put(&svg, y, FONT, NULL, ends);
	if (svg.graph->nothing)
		lines_put(&svg, y + LINE, FONT, NULL, _(svg.graph->nothing));
	else
		picture_put(&svg, legend_put(&svg, y + 4));
	svg.height = MAX(svg.height, svg.top + svg.graph_height + 50);

	svg_begin(out, svg.width, svg.height, name);
	g_string_append(out, style);
	svg_sheet(out, inks, options->mono ? SVG_PRINT : SVG_LIGHT);
	if (!options->mono) {
		g_string_append(out, "@media (prefers-color-scheme:dark){\n");
		svg_sheet(out, inks, SVG_DARK);
		g_string_append(out, "}\n");
	}
	svg_paper(out);
	g_string_append_len(out, body->str, body->len);
	g_string_append(out, "</svg>\n");
	plot_graph_free(svg.graph);
}
