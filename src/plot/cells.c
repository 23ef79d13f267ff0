/* SPDX-License-Identifier: MIT */
/* cells.c - a graph in character cells.
 *
 * Theory of operation. From top to bottom: the plots' names, the direction, the
 * legend, the graph with its axes, the values at the cursor. Where rows are
 * few, the legend goes first, then the direction. The place of each is known
 * before anything is painted; what would not fit whole is left out.
 */
#include "pktladder/plot_screen.h"

#include <string.h>

#include "pktladder/text.h"
#include "pktladder/trace.h"
#include "plot_private.h"

#define LABELS_COLUMNS 11 /* "1000 Mbit/s" */
#define LABELS_NARROW  8
#define NARROW_COLUMNS 60
#define TICK_ROWS      3  /* between two ticks of the y axis */
#define TICK_GAP       3  /* columns between two texts of the x axis */
#define DIRECTION_ROWS 12 /* from here there is room for the direction */
#define LEGEND_ROWS    14
#define CURSOR_2_ROWS  18
#define OFTEN_COLUMNS  4 /* between two marks that come in runs */
#define OFTEN_ROWS     2
#define NARROW_SPAN                                                                                \
	((gint64)1 << 40) /* three times that, times the dots of a screen, is no overflow */

/* Dots in character cells: braille, or half cells. */

typedef struct {
	guint y, x;  /* cells */
	guint8 kind; /* MarkKind */
} CanvasMark;

typedef struct _Canvas {
	guint rows, columns; /* cells */
	guint across, down;  /* dots of a cell */
	guint dot_rows, dot_columns;
	Glyphs glyphs;
	guint8 *dots;   /* of each cell */
	guint8 *series; /* SeriesKind + 1 of each cell: the last one drawn there; 0 none */
	GArray *marks;  /* CanvasMark: over them */
} Canvas;

/* A piece of each series for a legend, in braille and without. Where there is no braille,
 * `halves` are a cell's lower half, its upper half, and both; two lines in one cell are that
 * of the series that was drawn last. */
static const struct {
	const char *braille, *plain, *halves;
} looks[N_SERIES] = {
	[SERIES_WINDOW] = { "⠒ ⠒", ", ,", ",\":" }, [SERIES_ACK] = { "⠒⠒⠒", "___", "_-+" },
	[SERIES_SACK] = { "⡇", "S", "ssS" },        [SERIES_DATA] = { "⡇", "|", ".'|" },
	[SERIES_AGAIN] = { "⡇", "#", "###" },       [SERIES_RTT] = { "⠂⠄", "o", "oo8" },
	[SERIES_GOODPUT] = { "⠒ ⠒", "_ _", "_-+" }, [SERIES_THROUGHPUT] = { "⠒⠒⠒", "...", ".'|" },
	[SERIES_FLIGHT] = { "⠒⠒⠒", "...", ".'|" },
};

/* Dots of a cell. */
static guint
canvas_across(Glyphs glyphs)
{
	return glyphs == GLYPHS_UTF8 ? 2 : 1;
}

static Canvas *
canvas_new(guint rows, guint columns, Glyphs glyphs)
{
	Canvas *canvas = g_new0(Canvas, 1);

	canvas->rows = rows;
	canvas->columns = columns;
	canvas->across = canvas_across(glyphs);
	canvas->down = glyphs == GLYPHS_UTF8 ? 4 : 2;
	canvas->dot_rows = rows * canvas->down;
	canvas->dot_columns = columns * canvas->across;
	canvas->glyphs = glyphs;
	canvas->dots = g_new0(guint8, rows * columns);
	canvas->series = g_new0(guint8, rows * columns);
	canvas->marks = g_array_new(FALSE, FALSE, sizeof(CanvasMark));
	return canvas;
}

static void
canvas_free(Canvas *canvas)
{
	g_free(canvas->dots);
	g_free(canvas->series);
	g_array_unref(canvas->marks);
	g_free(canvas);
}

static guint
cell_of(const Canvas *canvas, guint x, guint y)
{
	return y / canvas->down * canvas->columns + x / canvas->across;
}

/* Braille numbers its dots down the left column, then the right one, and then
 * the row that came later (Unicode 15, 21.1). */
static void
canvas_dot(Canvas *canvas, guint x, guint y, SeriesKind series)
{
	static const guint8 dots[4][2] = {
		{ 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 }
	};
	guint cell = cell_of(canvas, x, y);

	canvas->dots[cell] |= canvas->glyphs == GLYPHS_UTF8 ? dots[y % 4][x % 2] : y % 2 ? 1 : 2;
	canvas->series[cell] = series + 1;
}

static gboolean
is_gap(const Canvas *canvas, guint along, SeriesKind series)
{
	return series_infos[series].dashed && along / canvas->across % 2 == 1;
}

/* Outside is left out. Dashed lines leave out every other part. */
static void
canvas_vertical(Canvas *canvas, guint x, gint64 y, gint64 y2, SeriesKind series)
{
	gint64 first = MAX(MIN(y, y2), 0), last = MIN(MAX(y, y2), (gint64)canvas->dot_rows - 1);
	gboolean points = series_infos[series].shape == SHAPE_POINTS;
	gboolean solid = !series_infos[series].dashed && !points;
	guint8 whole = canvas->glyphs != GLYPHS_UTF8 ? 3 : x % 2 ? 0xb8 : 0x47; /* all its dots */

	if (x >= canvas->dot_columns)
		return;
	for (gint64 at = first; at <= last; at++) {
		if (solid && at % canvas->down == 0 && at + canvas->down - 1 <= last) {
			canvas->dots[cell_of(canvas, x, at)] |= whole;
			canvas->series[cell_of(canvas, x, at)] = series + 1;
			at += canvas->down - 1;
		} else if (at == last ||
			   !(is_gap(canvas, at, series) || (points && (at - first) % 2 == 1))) {
			canvas_dot(canvas, x, at, series);
		}
	}
}

static void
canvas_horizontal(Canvas *canvas, guint x, guint x2, gint64 y, SeriesKind series)
{
	if (y < 0 || y >= (gint64)canvas->dot_rows)
		return;
	for (guint at = x; at <= MIN(x2, canvas->dot_columns - 1); at++) {
		if (!is_gap(canvas, at, series))
			canvas_dot(canvas, at, y, series);
	}
}

static void
canvas_paint(const Canvas *canvas, Grid *grid, guint y, guint x)
{
	for (guint cell = 0; cell < canvas->rows * canvas->columns; cell++) {
		SeriesKind series = canvas->series[cell] - 1;
		guint8 dots = canvas->dots[cell];
		Glyph glyph;

		if (canvas->series[cell] == 0)
			continue;
		if (canvas->glyphs == GLYPHS_UTF8)
			glyph = 0x2800 + dots;
		else if (canvas->glyphs == GLYPHS_CONSOLE && series == SERIES_DATA)
			glyph =
			    U"▄▀█"[dots - 1]; /* its font has blocks, which bars are seen in best */
		else
			glyph = looks[series].halves[dots - 1];
		grid_put_glyph(grid, y + cell / canvas->columns, x + cell % canvas->columns, glyph,
			       series_infos[series].role);
	}
	for (guint i = 0; i < canvas->marks->len; i++) {
		const CanvasMark *mark = &g_array_index(canvas->marks, CanvasMark, i);
		MarkInfo info = mark_info(mark->kind);

		for (guint at = 0; info.text[at]; at++)
			grid_put_glyph(grid, y + mark->y, x + mark->x + at, info.text[at],
				       info.problem ? ROLE_PLOT_AGAIN : ROLE_KEY);
	}
}

/* A piece of a series for a legend: "⡇", "|"... */
static const char *
canvas_sample(SeriesKind series, Glyphs glyphs)
{
	if (glyphs == GLYPHS_UTF8)
		return looks[series].braille;
	return glyphs == GLYPHS_CONSOLE && series == SERIES_DATA ? "█" : looks[series].plain;
}

PlotScreenLayout
plot_screen_layout(guint y, guint x, guint rows, guint columns, Glyphs glyphs)
{
	PlotScreenLayout layout = { .direction_y = G_MAXUINT, .legend_y = G_MAXUINT };
	guint bottom = y + rows;

	if (rows < PLOT_MIN_ROWS || columns < PLOT_MIN_COLUMNS) {
		layout.too_small = TRUE;
		return layout;
	}
	layout.tabs_y = y++;
	if (rows >= DIRECTION_ROWS)
		layout.direction_y = y++;
	if (rows >= LEGEND_ROWS)
		layout.legend_y = y++;
	layout.cursor_rows = rows >= CURSOR_2_ROWS ? 2 : 1;
	layout.labels_width = columns < NARROW_COLUMNS ? LABELS_NARROW : LABELS_COLUMNS;
	layout.y = y;
	layout.cursor_y = bottom - layout.cursor_rows;
	layout.ticks_y = layout.cursor_y - 1;
	layout.axis_y = layout.ticks_y - 1;
	layout.rows = layout.axis_y - y;
	layout.x = x + layout.labels_width + 1; /* the axis */
	layout.columns = columns - layout.labels_width - 2;
	layout.dots = layout.columns * canvas_across(glyphs);
	return layout;
}

gint64
plot_screen_time(const PlotScreenLayout *layout, const PlotScreenOptions *options, guint x)
{
	guint column = x > layout->x ? MIN(x - layout->x, layout->columns - 1) : 0;
	gint64 width = options->to_ns - options->from_ns;

	return options->from_ns +
	       (gint64)((__int128)width * (2 * column + 1) / (2 * layout->columns));
}

static void
kept_clear(PlotKept *kept)
{
	g_clear_pointer(&kept->graph, plot_graph_free);
	g_clear_pointer(&kept->drawn, canvas_free);
}

const PlotGraph *
plot_graph_get(const Plot *plot, PlotKind kind, Side side, gint64 from_ns, gint64 to_ns, guint n)
{
	PlotKept *kept = plot->kept;
	const PlotWanted wanted = { from_ns, to_ns, n, plot->packets };

	if (kept->graph && kept->graph->kind == kind && kept->graph->side == side &&
	    memcmp(&kept->wanted, &wanted, sizeof wanted) == 0)
		return kept->graph;
	kept_clear(kept);
	kept->clear = kept_clear;
	kept->wanted = wanted;
	kept->graph = plot_graph_new(plot, kind, side, from_ns, to_ns, n);
	return kept->graph;
}

typedef struct {
	const Plot *plot;
	const PlotGraph *graph;
	const PlotScreenLayout *layout;
	const PlotScreenOptions *options;
	gboolean ascii;
	Canvas *canvas; /* series and marks in cells */
	Grid *grid;
} Picture;

/* Pieces of text side by side in `rows` rows, each whole or not at all. */
typedef struct {
	Grid *grid;
	guint y, left, right, rows;
	guint x; /* where the last piece ended */
} Line;

static void
line_put(Line *line, const char *sample, Role sample_role, const char *text, Role role)
{
	guint sample_width = sample ? text_width(sample) + 1 : 0;
	guint width = sample_width + text_width(text), gap = line->x > line->left ? 2 : 0;

	if (line->x + gap + width > line->right && line->rows > 1) {
		line->rows--;
		line->y++;
		line->x = line->left;
		gap = 0;
	}
	if (line->x + gap + width > line->right)
		return;
	line->x += gap;
	if (sample)
		grid_put(line->grid, line->y, line->x, sample_width, sample, sample_role);
	line->x += sample_width;
	line->x += grid_put(line->grid, line->y, line->x, line->right - line->x, text, role);
}

static void G_GNUC_PRINTF(3, 4) line_print(Line *line, Role role, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_autofree char *text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	line_put(line, NULL, ROLE_PLAIN, text, role);
}

static void
tabs_paint(const PlotScreenOptions *options, Line line)
{
	g_autofree char *progress = g_strdup_printf(" %d %% ", MAX(options->progress, 0));

	if (options->progress >= 0) {
		line.right -= text_width(progress);
		grid_put(line.grid, line.y, line.right, text_width(progress), progress,
			 ROLE_MESSAGE);
	}
	for (PlotKind kind = 0; kind < N_PLOT_KINDS; kind++) {
		gboolean shown = kind == options->kind;

		line_print(&line, shown ? ROLE_MESSAGE : ROLE_FOOTER, shown ? " %u %s " : "%u %s",
			   kind + 1, _(plot_kinds[kind].brief));
	}
}

static void
direction_paint(const Picture *picture, Line line)
{
	const Plot *plot = picture->plot;
	Side side = picture->options->side;
	g_autofree char *ends = plot_direction_text(plot, side, picture->ascii);

	line_print(&line, ROLE_HEAD, "%s",
		   side == SIDE_CLIENT ? _("what the client sent") : _("what the server sent"));
	line_print(&line, ROLE_PLAIN, "%s", ends);
	if (plot->gone > 0)
		line_print(&line, ROLE_PROBLEM,
			   ngettext("the bytes of %u packet are gone",
				    "the bytes of %u packets are gone", plot->gone),
			   plot->gone);
}

static void
legend_paint(const Picture *picture, Line line)
{
	g_autoptr(GArray) legend = plot_legend(picture->plot, picture->graph);

	for (guint i = 0; i < legend->len; i++) {
		const PlotLegend *entry = &g_array_index(legend, PlotLegend, i);

		if (entry->is_mark)
			line_put(&line, mark_info(entry->kind).text, ROLE_PLOT_AGAIN, entry->name,
				 ROLE_PLAIN);
		else
			line_put(&line, canvas_sample(entry->kind, picture->options->glyphs),
				 series_infos[entry->kind].role, entry->name, ROLE_PLAIN);
	}
}

/* The packet at the cursor, the most important fact first. Window, RTT and bytes in flight are
 * known only where its span holds no other packet. */
static void
values_paint(const Picture *picture, Line line)
{
	const Plot *plot = picture->plot;
	const Trace *trace = plot->trace;
	const Event *event = trace_event(trace, picture->options->cursor);
	const PlotSpan *span = plot_span_of(plot, picture->options->cursor);
	gint64 time_ns = plot_time(plot, event->time_ns);
	const char *verdict = verdict_word(event_verdicts(event));

	line_print(&line, ROLE_PLAIN, _("frame %u"), trace_frame(trace, picture->options->cursor));
	line_print(&line, ROLE_PLAIN, "%s%.6f s", time_ns < 0 ? "-" : "",
		   ABS((double)time_ns) / 1e9);
	line_print(&line, ROLE_PLAIN,
		   event->from == SIDE_CLIENT ? _("client %s server") : _("server %s client"),
		   picture->ascii ? "->" : "→");
	if (verdict)
		line_print(&line,
			   verdicts_which(event_verdicts(event), VERDICT_IS_PROBLEM)
			       ? ROLE_PLOT_AGAIN
			       : ROLE_PLAIN,
			   "%s", _(verdict));
	if (plot->tcp) {
		line_print(&line, ROLE_PLAIN, "%s", tcp_flags_text(event->flags).text);
		line_print(&line, ROLE_PLAIN, "seq=%u", event->seq);
		if (event->flags & TCP_ACK)
			line_print(&line, ROLE_PLAIN, "ack=%u", event->ack);
	}
	line_print(&line, ROLE_PLAIN, "len=%u", event->length);
	if (!span || span->packets > 1)
		return;
	if (span->window.last != PLOT_NONE)
		line_print(&line, ROLE_PLAIN, "win=%" G_GINT64_FORMAT, span->window.last);
	if (span->rtt.last != PLOT_NONE) {
		g_autofree char *rtt =
		    plot_value_text(span->rtt.last, PLOT_UNIT_TIME, picture->ascii);

		line_print(&line, ROLE_PLAIN, _("RTT %s"), rtt);
	}
	if (span->flight.last != PLOT_NONE) {
		g_autofree char *bytes =
		    g_strdup_printf("%" G_GINT64_FORMAT " B", span->flight.last);

		line_print(&line, ROLE_PLAIN, _("in flight: %s"), bytes);
	}
}

/* From the top; may lie outside. */
static gint64
dot_of(const Picture *picture, gint64 value)
{
	const PlotRange *range = &picture->graph->value;
	gint64 last = picture->canvas->dot_rows - 1, span = range->high - range->low;

	value = CLAMP(value, range->low - 2 * span, range->high + 2 * span);
	if (span < NARROW_SPAN)
		return ((range->high - value) * last * 2 + span) / (2 * span);
	return (gint64)(((__int128)(range->high - value) * last * 2 + span) / (2 * span));
}

/* Whether a mark lies within the graph with a free cell on either side; of those that come in
 * runs, whether none is near, since some are enough. */
static gboolean
mark_fits(const Picture *picture, const guint8 *taken, gint64 y, guint x, guint width, guint kind)
{
	guint rows = picture->layout->rows, columns = picture->layout->columns;
	guint from = x - MIN(x, OFTEN_COLUMNS), to = MIN(x + width + OFTEN_COLUMNS, columns);

	if (y < 0 || y >= rows || x + width > columns)
		return FALSE;
	for (guint i = x - MIN(x, 1); i < MIN(x + width + 1, columns); i++) {
		if (taken[y * columns + i] > 0)
			return FALSE;
	}
	for (guint row = y - MIN(y, OFTEN_ROWS);
	     mark_info(kind).often && row < MIN(y + OFTEN_ROWS + 1, rows); row++) {
		if (memchr(taken + row * columns + from, kind + 1, to - from))
			return FALSE;
	}
	return TRUE;
}

/* Puts a mark above its value, else below (or the reverse), where there is room. */
static void
mark_draw(const Picture *picture, const PlotMark *mark, guint8 *taken)
{
	MarkInfo info = mark_info(mark->kind);
	const Canvas *canvas = picture->canvas;
	guint width = strlen(info.text), x = mark->column / canvas->across;
	gint64 cell = dot_of(picture, mark->value) / (gint64)canvas->down;

	x = MIN(x - MIN(x, (width - 1) / 2), canvas->columns - width);
	for (guint i = 0; i < (info.often ? 1 : 2); i++) {
		gint64 y = info.below == (i == 0) ? cell + 1 : cell - 1;
		CanvasMark drawn = { y, x, mark->kind };

		if (!mark_fits(picture, taken, y, x, width, mark->kind))
			continue;
		g_array_append_val(picture->canvas->marks, drawn);
		memset(taken + y * canvas->columns + x, mark->kind + 1, width);
		return;
	}
}

/* Draws series and marks, unless the graph's drawing is there already, and paints them. */
static void
canvas_show(Picture *picture)
{
	const PlotScreenLayout *layout = picture->layout;
	Glyphs glyphs = picture->options->glyphs;
	PlotKept *kept = picture->plot->kept;
	Canvas *canvas = kept->drawn;
	guint across = canvas_across(glyphs), before = G_MAXUINT, kind = N_MARKS;

	if (canvas && canvas->rows == layout->rows && canvas->columns == layout->columns &&
	    canvas->glyphs == glyphs) {
		canvas_paint(canvas, picture->grid, layout->y, layout->x);
		return;
	}
	g_clear_pointer(&kept->drawn, canvas_free);
	picture->canvas = kept->drawn = canvas = canvas_new(layout->rows, layout->columns, glyphs);
	g_autofree guint8 *taken = g_new0(guint8, layout->rows * layout->columns);
	for (SeriesKind series = 0; series < N_SERIES; series++) {
		const GArray *items = picture->graph->series[series];

		for (guint i = 0; i < items->len; i++) {
			const PlotItem *item = &g_array_index(items, PlotItem, i);

			canvas_vertical(canvas, item->column, dot_of(picture, item->low),
					dot_of(picture, item->high), series);
			if (series_infos[series].shape == SHAPE_STEPS && i + 1 < items->len)
				canvas_horizontal(canvas, item->column,
						  g_array_index(items, PlotItem, i + 1).column,
						  dot_of(picture, item->last), series);
		}
	}

	/* One of a kind is enough in a column of cells. */
	for (guint i = 0; i < picture->graph->marks->len; i++) {
		const PlotMark *mark = &g_array_index(picture->graph->marks, PlotMark, i);

		if (mark->kind == kind && mark->column / across == before)
			continue;
		before = mark->column / across;
		kind = mark->kind;
		mark_draw(picture, mark, taken);
	}
	canvas_paint(canvas, picture->grid, layout->y, layout->x);
}

static void
y_axis_paint(const Picture *picture)
{
	const PlotScreenLayout *layout = picture->layout;
	const PlotRange *range = &picture->graph->value;
	PlotAxis axis = plot_axis(range->low, range->high, MAX(layout->rows / TICK_ROWS, 1),
				  plot_kinds[picture->graph->kind].unit);
	Glyphs glyphs = picture->options->glyphs;
	Grid *grid = picture->grid;

	grid_rule(grid, layout->y, layout->x - 1, layout->rows, RULE_DOWN, glyphs);
	for (guint i = 0; i < axis.n; i++) {
		gint64 value = axis.first + i * axis.step;
		g_autofree char *text = plot_axis_text(&axis, value, picture->ascii);
		guint width = text_width(text);
		guint y =
		    (__int128)(range->high - value) * layout->rows / (range->high - range->low + 1);

		if (y >= layout->rows)
			continue;
		if (width <= layout->labels_width)
			grid_put(grid, layout->y + y, layout->x - 1 - width, width, text,
				 ROLE_TIME);
		grid_rule(grid, layout->y + y, layout->x - 1, 1, RULE_TICK_LEFT, glyphs);
	}
}

static void
x_axis_paint(const Picture *picture)
{
	const PlotScreenLayout *layout = picture->layout;
	const PlotGraph *graph = picture->graph;
	PlotAxis axis;
	Glyphs glyphs = picture->options->glyphs;
	guint used = layout->x - layout->labels_width;

	/* The most ticks whose texts have room. */
	for (guint most = MAX(layout->columns / 8, 1);; most--) {
		axis = plot_axis(graph->from_ns, graph->to_ns, most, PLOT_UNIT_TIME);
		gint64 end = axis.first + (axis.n - MIN(axis.n, 1)) * axis.step;
		g_autofree char *first = plot_axis_text(&axis, axis.first, picture->ascii);
		g_autofree char *last = plot_axis_text(&axis, end, picture->ascii);
		guint width = MAX(text_width(last), text_width(first)) + TICK_GAP;

		if (most <= 1 || (axis.high - axis.low) / axis.step * width < layout->columns)
			break;
	}
	grid_rule(picture->grid, layout->axis_y, layout->x, layout->columns, RULE_ACROSS, glyphs);
	grid_rule(picture->grid, layout->axis_y, layout->x - 1, 1, RULE_CORNER, glyphs);
	for (guint i = 0; i < axis.n; i++) {
		gint64 value = axis.first + i * axis.step;
		g_autofree char *text = plot_axis_text(&axis, value, picture->ascii);
		guint width = text_width(text);
		guint column = plot_graph_column(graph, MIN(value, graph->to_ns - 1));
		guint x = layout->x + column / canvas_across(glyphs);
		guint left = MIN(x - MIN(x, width / 2), layout->x + layout->columns + 1 - width);

		grid_rule(picture->grid, layout->axis_y, x, 1, RULE_TICK_DOWN, glyphs);
		if (left < used)
			continue;
		grid_put(picture->grid, layout->ticks_y, left, width, text, ROLE_TIME);
		used = left + width + 1;
	}
}

void
plot_screen_paint(const Plot *plot, const Plot *fine, const PlotScreenOptions *options, guint y,
		  guint x, guint rows, guint columns, Grid *grid)
{
	PlotScreenLayout layout = plot_screen_layout(y, x, rows, columns, options->glyphs);
	Picture picture = { .plot = fine ? fine : plot,
			    .layout = &layout,
			    .options = options,
			    .grid = grid,
			    .ascii = options->glyphs == GLYPHS_ASCII };
	Line line = { grid, layout.tabs_y, x, x + columns, 1, x };
	const PlotGraph *graph;

	if (layout.too_small) {
		g_autofree char *small =
		    g_strdup_printf(_("The plot needs %d columns and %d rows; here are %u and %u."),
				    PLOT_MIN_COLUMNS, PLOT_MIN_ROWS, columns, rows);

		grid_put_lines(grid, y, x, rows, columns, small, ROLE_NOTE);
		return;
	}
	picture.graph = graph = plot_graph_get(picture.plot, options->kind, options->side,
					       options->from_ns, options->to_ns, layout.dots);
	tabs_paint(options, line);
	line.y = layout.direction_y;
	if (line.y != G_MAXUINT)
		direction_paint(&picture, line);
	line.y = layout.legend_y;
	if (graph->nothing) {
		grid_put_lines(grid, layout.y + layout.rows / 2, x, 3, columns, _(graph->nothing),
			       ROLE_NOTE);
	} else {
		if (line.y != G_MAXUINT)
			legend_paint(&picture, line);
		y_axis_paint(&picture);
		x_axis_paint(&picture);
		canvas_show(&picture);
	}
	if (options->cursor == EVENT_NONE)
		return;

	gint64 at_ns = trace_event(plot->trace, options->cursor)->time_ns;
	guint column = plot_graph_column(graph, plot_time(plot, at_ns));

	for (guint row = 0; !graph->nothing && column < graph->n && row <= layout.rows; row++)
		grid_cell(grid, layout.y + row, layout.x + column / canvas_across(options->glyphs))
		    ->selected = TRUE;
	line.y = layout.cursor_y;
	line.rows = layout.cursor_rows;
	values_paint(&picture, line);
}
