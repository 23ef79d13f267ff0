/* plot_svg.c - a graph as SVG.
 *
 * Theory of operation. Everything is placed before it is written: the lines of
 * title and legend tell where the graph begins, the texts of the y axis how far
 * to the left. Text is as wide as its font makes it, which is not known here;
 * it is taken as wide as a broad font would (CHARACTER), so that what stands
 * side by side does not meet. The graph has two columns a px; a series is one
 * path.
 */
#include "pktladder/plot_figure.h"

#include <math.h>
#include <string.h>

#include "pktladder/i18n.h"
#include "pktladder/text.h"

#define WIDTH	  800
#define HEIGHT	  480
#define MARGIN	  16
#define LINE	  18   /* px from one line of text to the next */
#define CHARACTER 0.66 /* of the font's size: a broad font's mean */
#define LEGEND	  0.58 /* the same of words in small letters */
#define FONT	  12
#define TITLE_FONT 15
#define MARK_FONT 10
#define SAMPLE	  22 /* px of a line in the legend */
#define TICK_ROOM 36 /* px between two ticks of the y axis */
#define COLUMNS_A_PX 2

/* Okabe and Ito's colours, which the colour-blind tell apart; in print the
 * widths and dashes do. */
static const char style[] =
    "text{font-family:'DejaVu Sans',Verdana,Arial,sans-serif;font-size:12px;fill:#222}\n"
    ".title{font-size:15px;font-weight:bold}\n"
    ".mark{font-size:10px;font-weight:bold;fill:#222;stroke:#fff;stroke-width:3px;"
    "stroke-linejoin:round;paint-order:stroke}\n"
    ".problem{fill:#b34700}\n"
    ".paper{fill:#fff}\n"
    ".axis{stroke:#777}\n"
    ".grid{stroke:#ddd}\n"
    ".data{stroke:#111;stroke-width:1.6}\n"
    ".points{stroke-width:3;stroke-linecap:round}\n"
    ".again{stroke:#d55e00;stroke-width:3}\n"
    ".ack{stroke:#009e73;stroke-width:1.2}\n"
    ".window{stroke:#b27a00;stroke-width:1.2;stroke-dasharray:6 4}\n"
    ".sack{stroke:#a8548a;stroke-width:2.4;stroke-dasharray:1.5 1.5}\n"
    ".goodput{stroke:#0072b2;stroke-width:1.4;stroke-dasharray:5 3}\n"
    "path{fill:none}\n";

static const char style_dark[] =
    "@media (prefers-color-scheme:dark){\n"
    "text,.mark{fill:#e6e6e6}.mark{stroke:#16181c}.problem{fill:#ff9a57}.paper{fill:#16181c}.axis{stroke:#999}\n"
    ".grid{stroke:#3a3d44}.data{stroke:#f2f2f2}.again{stroke:#ff8a3d}.ack{stroke:#2fd3a3}\n"
    ".window{stroke:#e6b422}.sack{stroke:#e39acb}.goodput{stroke:#6ab8ee}\n"
    "}\n";

static const char style_mono[] =
    ".problem,.mark{fill:#000}.data,.again,.ack,.window,.sack,.goodput{stroke:#000}\n";

typedef struct {
	const Plot *plot;
	const PlotSvgOptions *options;
	GString *out;
	guint width, height;
	PlotGraph *graph;
	PlotAxis y_axis;
	gdouble left, top, graph_width, graph_height; /* px */
} Svg;

/* Numbers and texts. */

static void
number(GString *out, gdouble value)
{
	char digits[G_ASCII_DTOSTR_BUF_SIZE];

	g_ascii_formatd(digits, sizeof digits, "%.1f", value);
	if (g_str_has_suffix(digits, ".0"))
		digits[strlen(digits) - 2] = '\0';
	g_string_append(out, g_str_equal(digits, "-0") ? "0" : digits);
}

static void
point(GString *out, char command, gdouble x, gdouble y)
{
	g_string_append_c(out, command);
	number(out, x);
	g_string_append_c(out, ' ');
	number(out, y);
}

/* How wide a text is at the most, in px. */
static gdouble
text_px(const char *text, guint font)
{
	return text_width(text) * CHARACTER * font;
}

static void
text_put(GString *out, gdouble x, gdouble y, const char *classes, const char *anchor,
	 const char *text)
{
	g_autofree char *harmless = text_escape(text, -1);
	g_autofree char *escaped = g_markup_escape_text(harmless, -1);

	g_string_append(out, "<text x=\"");
	number(out, x);
	g_string_append(out, "\" y=\"");
	number(out, y);
	g_string_append_c(out, '"');
	if (classes)
		g_string_append_printf(out, " class=\"%s\"", classes);
	if (anchor)
		g_string_append_printf(out, " text-anchor=\"%s\"", anchor);
	g_string_append_printf(out, ">%s</text>\n", escaped);
}

/* Its words; one that is wider than a line in pieces. */
static GStrv
words_split(const char *text, gdouble room, guint font)
{
	g_autoptr(GString) words = g_string_new(NULL);
	guint columns = MAX(room / (CHARACTER * font), 2), used = 0;

	for (const char *p = text; *p; p = g_utf8_next_char(p)) {
		guint width = text_character_width(g_utf8_get_char(p));

		used = *p == ' ' ? 0 : used + width;
		if (used > columns) {
			g_string_append_c(words, ' ');
			used = width;
		}
		g_string_append_unichar(words, g_utf8_get_char(p));
	}
	return g_strsplit(words->str, " ", -1);
}

/* As many lines as the text needs, broken at spaces; returns how many. */
static guint
lines_put(GString *out, gdouble y, gdouble room, guint font, const char *classes, const char *given)
{
	g_autofree char *text = text_escape(given, -1);
	g_auto(GStrv) words = words_split(text, room, font);
	g_autoptr(GString) line = g_string_new(NULL);
	guint n = 0;

	for (char **word = words; *word; word++) {
		gsize length = line->len;

		g_string_append_printf(line, "%s%s", length > 0 ? " " : "", *word);
		if (length == 0 || text_px(line->str, font) <= room)
			continue;
		g_string_truncate(line, length);
		text_put(out, MARGIN, y + LINE * n++, classes, NULL, line->str);
		g_string_assign(line, *word);
	}
	text_put(out, MARGIN, y + LINE * n++, classes, NULL, line->str);
	return n;
}

/* Head. */

static char *
graph_name(const Svg *svg)
{
	return g_strdup_printf("%s: %s", _(plot_kinds[svg->graph->kind].title),
			       svg->graph->side == SIDE_CLIENT ? _("what the client sent")
							       : _("what the server sent"));
}

/* Moves a legend's entry of some px to its place, in the next line where it must. */
static void
legend_place(const Svg *svg, gdouble *x, gdouble *y, gdouble px)
{
	if (*x > MARGIN && *x + px > svg->width - MARGIN) {
		*x = MARGIN;
		*y += LINE;
	}
}

static void
legend_series(const Svg *svg, SeriesKind series, gdouble *x, gdouble *y)
{
	g_autofree char *name = plot_series_text(svg->plot, svg->graph, series);
	const SeriesInfo *info = &series_infos[series];
	gboolean bar = info->shape == SHAPE_BARS;
	gdouble px = SAMPLE + 6 + text_width(name) * LEGEND * FONT + 12;

	legend_place(svg, x, y, px);
	g_string_append_printf(svg->out, "<path class=\"%s%s\" d=\"", info->class,
			       info->shape == SHAPE_POINTS ? " points" : "");
	point(svg->out, 'M', *x + (bar ? SAMPLE / 2 : 0), *y - (bar ? 10 : 4));
	g_string_append(svg->out, bar ? "v12" : info->shape == SHAPE_POINTS ? "h0m10 0h0m10 0h0" : "h22");
	g_string_append(svg->out, "\"/>\n");
	text_put(svg->out, *x + SAMPLE + 6, *y, NULL, NULL, name);
	*x += px;
}

static void
legend_mark(const Svg *svg, const MarkInfo *info, gdouble *x, gdouble *y)
{
	gdouble px = 16 + text_width(_(info->name)) * LEGEND * FONT + 12;

	legend_place(svg, x, y, px);
	text_put(svg->out, *x, *y, info->problem ? "mark problem" : "mark", NULL, info->text);
	text_put(svg->out, *x + 14, *y, NULL, NULL, _(info->name));
	*x += px;
}

/* Returns where it ends. */
static gdouble
legend_put(const Svg *svg, gdouble y)
{
	gdouble x = MARGIN;
	guint32 marks = svg->graph->marks_named;

	for (const SeriesKind *series = plot_legend; *series != N_SERIES; series++) {
		if (svg->graph->series[*series]->len > 0)
			legend_series(svg, *series, &x, &y);
	}
	for (guint kind = 0; kind < N_MARKS; kind++) {
		if (marks & 1u << kind)
			legend_mark(svg, &mark_infos[kind], &x, &y);
	}
	return y;
}

static gdouble
head_put(const Svg *svg)
{
	g_autofree char *name = graph_name(svg), *ends = NULL;
	gdouble room = svg->width - 2 * MARGIN, y = MARGIN + 12;

	ends = plot_direction_text(svg->plot, svg->graph->side, FALSE);
	y += LINE * lines_put(svg->out, y, room, TITLE_FONT, "title",
			      svg->options->title ? svg->options->title : name);
	if (svg->options->title)
		y += LINE * lines_put(svg->out, y, room, FONT, NULL, name);
	y += LINE * lines_put(svg->out, y, room, FONT, NULL, ends);
	return svg->graph->nothing ? y : legend_put(svg, y + 4);
}

/* Axes. */

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
y_axis_put(const Svg *svg)
{
	const PlotAxis *axis = &svg->y_axis;

	for (guint i = 0; i < axis->n; i++) {
		gint64 value = axis->first + i * axis->step;
		g_autofree char *text = plot_axis_text(axis, value, FALSE);
		gdouble y = y_of(svg, value);

		g_string_append(svg->out, "<path class=\"grid\" d=\"");
		point(svg->out, 'M', svg->left, y);
		g_string_append_c(svg->out, 'h');
		number(svg->out, svg->graph_width);
		g_string_append(svg->out, "\"/>\n");
		text_put(svg->out, svg->left - 6, y + 4, NULL, "end", text);
	}
}

static PlotAxis
x_axis(const Svg *svg)
{
	for (guint most = svg->graph_width / 50;; most--) {
		PlotAxis axis =
		    plot_axis(svg->graph->from_ns, svg->graph->to_ns, most, PLOT_UNIT_TIME);
		g_autofree char *text =
		    plot_axis_text(&axis, axis.first + (axis.n - MIN(axis.n, 1)) * axis.step, FALSE);
		gdouble room = svg->graph_width * axis.step / (axis.high - axis.low);

		if (most <= 1 || text_px(text, FONT) + 12 <= room)
			return axis;
	}
}

static void
x_axis_put(const Svg *svg)
{
	PlotAxis axis = x_axis(svg);
	gdouble bottom = svg->top + svg->graph_height;
	gdouble right = svg->width;

	g_string_append(svg->out, "<path class=\"axis\" d=\"");
	point(svg->out, 'M', svg->left, svg->top);
	g_string_append_c(svg->out, 'V');
	number(svg->out, bottom);
	g_string_append_c(svg->out, 'h');
	number(svg->out, svg->graph_width);
	g_string_append(svg->out, "\"/>\n");
	for (guint i = 0; i < axis.n; i++) {
		gint64 value = axis.first + i * axis.step;
		g_autofree char *text = plot_axis_text(&axis, value, FALSE);
		gdouble x = x_of(svg, plot_graph_column(svg->graph, MIN(value, svg->graph->to_ns - 1)));
		gboolean fits = x + text_px(text, FONT) / 2 <= right;

		g_string_append(svg->out, "<path class=\"axis\" d=\"");
		point(svg->out, 'M', x, bottom);
		g_string_append(svg->out, "v5\"/>\n");
		if (fits)
			text_put(svg->out, x, bottom + 19, NULL, "middle", text);
	}
	text_put(svg->out, svg->left, bottom + 38, NULL, NULL,
		 _("time since the conversation's first packet"));
}

/* What the y axis counts. */
static char *
y_title(const Svg *svg)
{
	g_autofree char *bin = NULL;

	switch (svg->graph->kind) {
	case PLOT_SEQUENCE:
		return g_strdup(_("sequence number, relative"));
	case PLOT_THROUGHPUT:
		bin = plot_value_text(svg->graph->bin_ns, PLOT_UNIT_TIME, FALSE);
		return g_strdup_printf(_("payload a second, in bins of %s"), bin);
	case PLOT_RTT:
		return g_strdup(_("from a segment to the ACK that answers it"));
	case PLOT_FLIGHT:
		return g_strdup(_("bytes sent and not yet acknowledged"));
	case N_PLOT_KINDS:
		break;
	}
	return g_strdup("");
}

/* Series. */

static void
bars_put(const Svg *svg, SeriesKind series)
{
	const GArray *items = svg->graph->series[series];

	for (guint i = 0; i < items->len; i++) {
		const PlotItem *item = &g_array_index(items, PlotItem, i);
		gdouble low = y_of(svg, item->low), high = y_of(svg, item->high);

		point(svg->out, 'M', x_of(svg, item->column), low);
		if (series_infos[series].shape == SHAPE_POINTS) {
			g_string_append(svg->out, "h0");
			if (low - high > 1) /* of several in the column, the least and the greatest */
				point(svg->out, 'M', x_of(svg, item->column), high);
			g_string_append(svg->out, low - high > 1 ? "h0" : "");
		} else {
			g_string_append_c(svg->out, 'V');
			number(svg->out, MIN(high, low - 1));
		}
		if (i % 6 == 5)
			g_string_append_c(svg->out, '\n');
	}
}

static void
across_to(const Svg *svg, char command, gdouble value)
{
	g_string_append_c(svg->out, command);
	number(svg->out, value);
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
			point(svg->out, 'M', x_of(svg, item->column), y_of(svg, item->last));
		else if (item->low == item->high && i + 1 < items->len)
			continue; /* it goes on as it was */
		else
			across_to(svg, 'H', x_of(svg, item->column));
		if (i > 0 && !plain) {
			across_to(svg, 'V', y_of(svg, item->low));
			across_to(svg, 'V', y_of(svg, item->high));
		}
		if (i > 0 && item->low != item->high)
			across_to(svg, 'V', y_of(svg, item->last));
		before = item->last;
		if (i % 8 == 7)
			g_string_append_c(svg->out, '\n');
	}
}

static void
series_put(const Svg *svg)
{
	g_string_append_printf(svg->out, "<clipPath id=\"graph\"><rect x=\"");
	number(svg->out, svg->left);
	g_string_append(svg->out, "\" y=\"");
	number(svg->out, svg->top);
	g_string_append(svg->out, "\" width=\"");
	number(svg->out, svg->graph_width);
	g_string_append(svg->out, "\" height=\"");
	number(svg->out, svg->graph_height);
	g_string_append(svg->out, "\"/></clipPath>\n<g clip-path=\"url(#graph)\">\n");
	for (SeriesKind series = 0; series < N_SERIES; series++) {
		const SeriesInfo *info = &series_infos[series];

		if (svg->graph->series[series]->len == 0)
			continue;
		g_string_append_printf(svg->out, "<path class=\"%s%s\" d=\"", info->class,
				       info->shape == SHAPE_POINTS ? " points" : "");
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
	if (box->x < svg->left + 1 || box->x + box->width > svg->left + svg->graph_width ||
	    box->y - MARK_FONT < svg->top || box->y > svg->top + svg->graph_height - 2)
		return FALSE;
	for (guint i = 0; i < boxes->len; i++) {
		const Box *other = &g_array_index(boxes, Box, i);

		if (fabs(other->y - box->y) < MARK_FONT + 2 && box->x < other->x + other->width + 1 &&
		    other->x < box->x + box->width + 1)
			return FALSE;
	}
	return TRUE;
}

static void
marks_put(const Svg *svg)
{
	g_autoptr(GArray) boxes = g_array_new(FALSE, FALSE, sizeof(Box));

	for (guint i = 0; i < svg->graph->marks->len; i++) {
		const PlotMark *mark = &g_array_index(svg->graph->marks, PlotMark, i);
		const MarkInfo *info = &mark_infos[mark->kind];
		gboolean below = mark->kind == MARK_DUPLICATE_ACK || mark->kind == MARK_ZERO_WINDOW;
		gdouble y = y_of(svg, mark->value), width = text_px(info->text, MARK_FONT);
		gdouble places[] = { below ? y + 13 : y - 4, below ? y - 4 : y + 13 };
		gdouble x = CLAMP(x_of(svg, mark->column), svg->left + 2 + width / 2,
				  svg->left + svg->graph_width - width / 2);

		for (guint place = 0; place < (info->often ? 1 : G_N_ELEMENTS(places)); place++) {
			Box box = { x - width / 2, places[place], width };

			if (!box_fits(svg, boxes, &box))
				continue;
			text_put(svg->out, x, box.y, info->problem ? "mark problem" : "mark",
				 "middle", info->text);
			g_array_append_val(boxes, box);
			break;
		}
	}
}

/* All of it. */

/* Left of the graph there is room for the texts of its y axis. */
static void
graph_place(Svg *svg, gdouble head_end)
{
	const PlotRange *range = &svg->graph->value;
	gdouble widest = 0;

	svg->top = head_end + LINE + 20;
	svg->graph_height = MAX(svg->height - 50.0 - svg->top, 60);
	svg->y_axis = plot_axis(range->low, range->high, MAX(svg->graph_height / TICK_ROOM, 2),
				svg->graph->unit);
	for (guint i = 0; i < svg->y_axis.n; i++) {
		g_autofree char *text =
		    plot_axis_text(&svg->y_axis, svg->y_axis.first + i * svg->y_axis.step, FALSE);

		widest = MAX(widest, text_px(text, FONT));
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
	g_autofree char *title = NULL;
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
	title = y_title(svg);
	text_put(svg->out, MARGIN, svg->top - 15, NULL, NULL, title);
	y_axis_put(svg);
	x_axis_put(svg);
	series_put(svg);
	marks_put(svg);
}

void
plot_to_svg(const Plot *plot, const PlotSvgOptions *options, GString *out)
{
	g_autoptr(GString) body = g_string_new(NULL);
	g_autofree char *name = NULL, *escaped = NULL;
	Svg svg = {
		.plot = plot,
		.options = options,
		.out = body,
		.width = options->width ? MAX(options->width, PLOT_SVG_MIN_WIDTH) : WIDTH,
		.height = options->height ? MAX(options->height, PLOT_SVG_MIN_HEIGHT) : HEIGHT,
	};
	gdouble y;

	svg.graph = graph_make(&svg, (svg.width - 80) * COLUMNS_A_PX);
	y = head_put(&svg);
	if (svg.graph->nothing)
		y += LINE * lines_put(body, y + LINE, svg.width - 2 * MARGIN, FONT, NULL,
				      _(svg.graph->nothing));
	else
		picture_put(&svg, y);
	svg.height = MAX(svg.height, svg.top + svg.graph_height + 50);
	name = graph_name(&svg);
	escaped = g_markup_escape_text(name, -1);
	g_string_append_printf(out,
			       "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\" "
			       "viewBox=\"0 0 %u %u\" role=\"img\">\n<title>%s</title>\n<style>\n%s%s"
			       "</style>\n<rect class=\"paper\" width=\"%u\" height=\"%u\"/>\n",
			       svg.width, svg.height, svg.width, svg.height, escaped, style,
			       options->mono ? style_mono : style_dark, svg.width, svg.height);
	g_string_append_len(out, body->str, body->len);
	g_string_append(out, "</svg>\n");
	plot_graph_free(svg.graph);
}
