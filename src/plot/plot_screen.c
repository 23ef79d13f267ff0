/* plot_screen.c - a graph in character cells.
 *
 * Theory of operation. From top to bottom: the plots' names, the direction, the
 * legend, the graph with its axes, the values at the cursor. Where rows are
 * few, the legend goes first, then the direction. The place of each is known
 * before anything is painted; what would not fit whole is left out.
 */
#include "pktladder/plot_screen.h"

#include <string.h>

#include "canvas.h"
#include "pktladder/i18n.h"
#include "pktladder/text.h"
#include "plot_cursor.h"
#include "plot_private.h"

#define LABELS_COLUMNS	11 /* "1000 Mbit/s" */
#define LABELS_NARROW	8
#define NARROW_COLUMNS	60
#define TICK_ROWS	3  /* between two ticks of the y axis */
#define TICK_GAP	3  /* columns between two texts of the x axis */
#define DIRECTION_ROWS	12 /* from here there is room for the direction */
#define LEGEND_ROWS	14
#define CURSOR_2_ROWS	18
#define OFTEN_COLUMNS	4 /* between two marks that come in runs */
#define OFTEN_ROWS	2
#define NARROW_SPAN	((gint64)1 << 40) /* three times that, times the dots of a screen, is no overflow */

static gboolean
is_ascii(const PlotScreenOptions *options)
{
	return options->glyphs == GLYPHS_ASCII;
}

/* Layout. */

static guint
take_row(guint *y, guint *left)
{
	*left -= 1;
	return (*y)++;
}

PlotScreenLayout
plot_screen_layout(guint y, guint x, guint rows, guint columns, Glyphs glyphs)
{
	PlotScreenLayout layout = { .direction_y = G_MAXUINT, .legend_y = G_MAXUINT };
	guint left = rows;

	if (rows < PLOT_MIN_ROWS || columns < PLOT_MIN_COLUMNS) {
		layout.too_small = TRUE;
		return layout;
	}
	layout.tabs_y = take_row(&y, &left);
	if (rows >= DIRECTION_ROWS)
		layout.direction_y = take_row(&y, &left);
	if (rows >= LEGEND_ROWS)
		layout.legend_y = take_row(&y, &left);
	layout.cursor_rows = rows >= CURSOR_2_ROWS ? 2 : 1;
	layout.labels_width = columns < NARROW_COLUMNS ? LABELS_NARROW : LABELS_COLUMNS;
	layout.y = y;
	layout.rows = left - 2 - layout.cursor_rows;
	layout.axis_y = layout.y + layout.rows;
	layout.ticks_y = layout.axis_y + 1;
	layout.cursor_y = layout.ticks_y + 1;
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

	return options->from_ns + (gint64)((__int128)width * (2 * column + 1) / (2 * layout->columns));
}

/* Above the graph. */

/* Pieces of text side by side, each whole or not at all. */
typedef struct {
	Grid *grid;
	guint y, x, right;
	gboolean begun;
} Line;

static gboolean
line_put(Line *line, const char *sample, Role sample_role, const char *text, Role role)
{
	guint gap = line->begun ? 2 : 0, sample_width = sample ? text_width(sample) + 1 : 0;

	if (line->x + gap + sample_width + text_width(text) > line->right)
		return FALSE;
	line->x += gap;
	if (sample)
		grid_put(line->grid, line->y, line->x, sample_width, sample, sample_role);
	line->x += sample_width;
	line->x += grid_put(line->grid, line->y, line->x, line->right - line->x, text, role);
	line->begun = TRUE;
	return TRUE;
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
		g_autofree char *name =
		    g_strdup_printf(shown ? " %u %s " : "%u %s", kind + 1, _(plot_kinds[kind].brief));

		line_put(&line, NULL, ROLE_PLAIN, name, shown ? ROLE_MESSAGE : ROLE_FOOTER);
	}
}

static void
direction_paint(const Plot *plot, const PlotScreenOptions *options, Line line)
{
	g_autofree char *ends = plot_direction_text(plot, options->side, is_ascii(options));
	g_autofree char *gone = g_strdup_printf(
	    ngettext("the bytes of %u packet are gone", "the bytes of %u packets are gone",
		     plot_gone(plot)),
	    plot_gone(plot));
	const char *who = options->side == SIDE_CLIENT ? _("what the client sent")
						       : _("what the server sent");

	line_put(&line, NULL, ROLE_PLAIN, who, ROLE_HEAD);
	line_put(&line, NULL, ROLE_PLAIN, ends, ROLE_PLAIN);
	if (plot_gone(plot) > 0)
		line_put(&line, NULL, ROLE_PLAIN, gone, ROLE_PROBLEM);
}

static void
legend_paint(const Plot *plot, const PlotGraph *graph, const PlotScreenOptions *options, Line line)
{
	guint32 marks = graph->marks_named;

	for (const SeriesKind *series = plot_legend; *series != N_SERIES; series++) {
		g_autofree char *name = plot_series_text(plot, graph, *series);

		if (graph->series[*series]->len > 0)
			line_put(&line, canvas_sample(*series, options->glyphs),
				 series_infos[*series].role, name, ROLE_PLAIN);
	}
	for (guint kind = 0; kind < N_MARKS; kind++) {
		if (marks & 1u << kind)
			line_put(&line, mark_infos[kind].text, ROLE_PLOT_AGAIN,
				 _(mark_infos[kind].name), ROLE_PLAIN);
	}
}

/* The graph. */

typedef struct {
	guint y, x; /* cells of the canvas */
	guint8 kind;
} DrawnMark;

/* Series and marks in cells. Kept with the graph: where only the cursor moves, nothing is
 * drawn anew. */
typedef struct _PlotDrawn {
	guint rows, columns;
	Glyphs glyphs;
	Canvas canvas;
	GArray *marks; /* DrawnMark */
} PlotDrawn;

typedef struct {
	const PlotGraph *graph;
	const PlotScreenLayout *layout;
	const PlotScreenOptions *options;
	PlotDrawn *drawn;
	Grid *grid;
} Picture;

/* From the top; may lie outside. */
static gint64
dot_of(const Picture *picture, gint64 value)
{
	const PlotRange *range = &picture->graph->value;
	gint64 last = picture->drawn->canvas.dot_rows - 1, span = range->high - range->low;

	value = CLAMP(value, range->low - 2 * span, range->high + 2 * span);
	if (span < NARROW_SPAN)
		return ((range->high - value) * last * 2 + span) / (2 * span);
	return (gint64)(((__int128)(range->high - value) * last * 2 + span) / (2 * span));
}

static void
series_lines_draw(Picture *picture, SeriesKind series)
{
	const GArray *items = picture->graph->series[series];

	for (guint i = 0; i < items->len; i++) {
		const PlotItem *item = &g_array_index(items, PlotItem, i);

		canvas_vertical(&picture->drawn->canvas, item->column, dot_of(picture, item->low),
				dot_of(picture, item->high), series);
		if (series_infos[series].shape == SHAPE_STEPS && i + 1 < items->len)
			canvas_horizontal(&picture->drawn->canvas, item->column,
					  g_array_index(items, PlotItem, i + 1).column,
					  dot_of(picture, item->last), series);
	}
}

/* Whether the cells of a text, and one on either side, have no mark yet. */
static gboolean
cells_are_free(const Picture *picture, const guint8 *taken, guint y, guint x, guint width)
{
	const guint8 *row = taken + y * picture->layout->columns;

	for (guint i = x - MIN(x, 1); i < MIN(x + width + 1, picture->layout->columns); i++) {
		if (row[i] > 0)
			return FALSE;
	}
	return TRUE;
}

/* Whether a mark of this kind is near: of those that come in runs, some are enough. */
static gboolean
kind_is_near(const Picture *picture, const guint8 *taken, guint y, guint x, guint width, guint kind)
{
	guint columns = picture->layout->columns;
	guint from = x - MIN(x, OFTEN_COLUMNS), to = MIN(x + width + OFTEN_COLUMNS, columns);

	for (guint row = y - MIN(y, OFTEN_ROWS); row < MIN(y + OFTEN_ROWS + 1, picture->layout->rows);
	     row++) {
		if (memchr(taken + row * columns + from, kind + 1, to - from))
			return TRUE;
	}
	return FALSE;
}

static gboolean
mark_fits(const Picture *picture, const guint8 *taken, gint64 y, guint x, guint width, guint kind)
{
	if (y < 0 || y >= picture->layout->rows || x + width > picture->layout->columns)
		return FALSE;
	return cells_are_free(picture, taken, y, x, width) &&
	       !(mark_infos[kind].often && kind_is_near(picture, taken, y, x, width, kind));
}

/* Columns of its text, most often one. */
static guint
mark_width(guint kind)
{
	const char *text = mark_infos[kind].text;

	return text[1] == '\0' ? 1 : strlen(text);
}

/* Above its value, else below it. */
static void
mark_draw(const Picture *picture, const PlotMark *mark, guint8 *taken)
{
	const PlotScreenLayout *layout = picture->layout;
	const Canvas *canvas = &picture->drawn->canvas;
	guint width = mark_width(mark->kind), often = mark_infos[mark->kind].often;
	guint x = mark->column / canvas_across(picture->options->glyphs);
	gboolean below = mark->kind == MARK_DUPLICATE_ACK || mark->kind == MARK_ZERO_WINDOW;
	gint64 cell;

	x = MIN(x - MIN(x, (width - 1) / 2), layout->columns - width);
	cell = dot_of(picture, mark->value) / (gint64)(canvas->dot_rows / canvas->rows);
	for (guint i = 0; i < (often ? 1 : 2); i++) {
		gint64 y = below == (i == 0) ? cell + 1 : cell - 1;
		DrawnMark drawn = { y, x, mark->kind };

		if (!mark_fits(picture, taken, y, x, width, mark->kind))
			continue;
		g_array_append_val(picture->drawn->marks, drawn);
		memset(taken + y * layout->columns + x, mark->kind + 1, width);
		return;
	}
}

static void
series_draw(Picture *picture)
{
	const PlotScreenLayout *layout = picture->layout;
	g_autofree guint8 *taken = g_new0(guint8, layout->rows * layout->columns);

	for (SeriesKind series = 0; series < N_SERIES; series++)
		series_lines_draw(picture, series);

	/* One of a kind is enough in a column of cells. */
	const GArray *marks = picture->graph->marks;
	guint across = canvas_across(picture->options->glyphs);
	guint before = G_MAXUINT, kind = N_MARKS;

	for (guint i = 0; i < marks->len; i++) {
		const PlotMark *mark = &g_array_index(marks, PlotMark, i);
		guint column = mark->column / across;

		if (mark->kind == kind && column == before)
			continue;
		before = column;
		kind = mark->kind;
		mark_draw(picture, mark, taken);
	}
}

void
plot_drawn_free(PlotDrawn *drawn)
{
	if (!drawn)
		return;
	canvas_clear(&drawn->canvas);
	g_array_unref(drawn->marks);
	g_free(drawn);
}

static PlotDrawn *
drawn_get(const Plot *plot, Picture *picture)
{
	const PlotScreenLayout *layout = picture->layout;
	Glyphs glyphs = picture->options->glyphs;
	PlotDrawn **kept = &plot->kept->drawn;

	picture->drawn = *kept;
	if (*kept && (*kept)->rows == layout->rows && (*kept)->columns == layout->columns &&
	    (*kept)->glyphs == glyphs)
		return *kept;
	plot_drawn_free(*kept);
	picture->drawn = *kept = g_new(PlotDrawn, 1);
	**kept = (PlotDrawn){ .rows = layout->rows, .columns = layout->columns, .glyphs = glyphs };
	(*kept)->marks = g_array_new(FALSE, FALSE, sizeof(DrawnMark));
	canvas_init(&(*kept)->canvas, layout->rows, layout->columns, glyphs);
	series_draw(picture);
	return *kept;
}

/* Axes. */

static void
y_axis_paint(const Picture *picture)
{
	const PlotScreenLayout *layout = picture->layout;
	const PlotRange *range = &picture->graph->value;
	PlotAxis axis = plot_axis(range->low, range->high, MAX(layout->rows / TICK_ROWS, 1),
				  picture->graph->unit);
	gboolean ascii = is_ascii(picture->options);
	gint64 span = range->high - range->low;

	grid_rule(picture->grid, layout->y, layout->x - 1, layout->rows, RULE_DOWN,
		  picture->options->glyphs);
	for (guint i = 0; i < axis.n; i++) {
		gint64 value = axis.first + i * axis.step;
		g_autofree char *text = plot_axis_text(&axis, value, ascii);
		guint width = text_width(text);
		guint y = (guint)((__int128)(range->high - value) * layout->rows / (span + 1));

		if (y >= layout->rows)
			continue;
		if (width <= layout->labels_width)
			grid_put(picture->grid, layout->y + y, layout->x - 1 - width, width, text,
				 ROLE_TIME);
		grid_rule(picture->grid, layout->y + y, layout->x - 1, 1, RULE_TICK_LEFT,
			  picture->options->glyphs);
	}
}

/* The most ticks whose texts have room. */
static PlotAxis
x_axis(const Picture *picture)
{
	const PlotGraph *graph = picture->graph;
	guint columns = picture->layout->columns;

	for (guint most = MAX(columns / 8, 1);; most--) {
		PlotAxis axis = plot_axis(graph->from_ns, graph->to_ns, most, PLOT_UNIT_TIME);
		gint64 last = axis.first + (axis.n - MIN(axis.n, 1)) * axis.step;
		g_autofree char *text = plot_axis_text(&axis, last, is_ascii(picture->options));
		g_autofree char *first = plot_axis_text(&axis, axis.first, is_ascii(picture->options));
		guint width = MAX(text_width(text), text_width(first)) + TICK_GAP;

		if (most <= 1 || (axis.high - axis.low) / axis.step * width < columns)
			return axis;
	}
}

static void
x_axis_paint(const Picture *picture)
{
	const PlotScreenLayout *layout = picture->layout;
	const PlotGraph *graph = picture->graph;
	PlotAxis axis = x_axis(picture);
	gboolean ascii = is_ascii(picture->options);
	Glyphs glyphs = picture->options->glyphs;
	guint used = layout->x - layout->labels_width;

	grid_rule(picture->grid, layout->axis_y, layout->x, layout->columns, RULE_ACROSS, glyphs);
	grid_rule(picture->grid, layout->axis_y, layout->x - 1, 1, RULE_CORNER, glyphs);
	for (guint i = 0; i < axis.n; i++) {
		gint64 value = axis.first + i * axis.step;
		g_autofree char *text = plot_axis_text(&axis, value, ascii);
		guint width = text_width(text);
		guint x = layout->x + plot_graph_column(graph, MIN(value, graph->to_ns - 1)) /
					  canvas_across(picture->options->glyphs);
		guint left = x - MIN(x, width / 2);

		grid_rule(picture->grid, layout->axis_y, x, 1, RULE_TICK_DOWN, glyphs);
		left = MIN(left, layout->x + layout->columns + 1 - width);
		if (left < used)
			continue;
		grid_put(picture->grid, layout->ticks_y, left, width, text, ROLE_TIME);
		used = left + width + 1;
	}
}

static void
cursor_paint(const Picture *picture, const Plot *plot)
{
	const PlotScreenLayout *layout = picture->layout;
	const Event *event = trace_event(plot_trace(plot), picture->options->cursor);
	guint column = plot_graph_column(picture->graph, plot_time(plot, event->time_ns));

	if (column == picture->graph->n)
		return;
	for (guint row = 0; row <= layout->rows; row++)
		grid_cell(picture->grid, layout->y + row,
			  layout->x + column / canvas_across(picture->options->glyphs))
		    ->selected = TRUE;
}

/* All of it. */

/* A text in lines, broken at spaces. */
static void
say(const char *text, guint y, guint x, guint rows, guint columns, Grid *grid)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	guint used = 0, row = 0;

	for (char **word = words; *word && row < rows; word++) {
		guint width = text_width(*word);

		if (used > 0 && used + 1 + width > columns) {
			used = 0;
			if (++row == rows)
				break;
		}
		used += used > 0;
		used += grid_put(grid, y + row, x + used, columns - MIN(used, columns), *word,
				 ROLE_NOTE);
	}
}

static void
graph_paint(const Plot *plot, Picture *picture, guint x, guint columns)
{
	const PlotScreenLayout *layout = picture->layout;
	const PlotScreenOptions *options = picture->options;
	const PlotGraph *graph = picture->graph;
	Line line = { picture->grid, layout->tabs_y, x, x + columns, FALSE };

	tabs_paint(options, line);
	line.y = layout->direction_y;
	if (line.y != G_MAXUINT)
		direction_paint(plot, options, line);
	if (graph->nothing) {
		say(_(graph->nothing), layout->y + layout->rows / 2, x, 3, columns,
		    picture->grid);
		return;
	}
	line.y = layout->legend_y;
	if (line.y != G_MAXUINT)
		legend_paint(plot, graph, options, line);
	y_axis_paint(picture);
	x_axis_paint(picture);

	const PlotDrawn *drawn = drawn_get(plot, picture);

	canvas_paint(&drawn->canvas, picture->grid, layout->y, layout->x);
	for (guint i = 0; i < drawn->marks->len; i++) {
		const DrawnMark *mark = &g_array_index(drawn->marks, DrawnMark, i);
		const MarkInfo *info = &mark_infos[mark->kind];
		Role role = info->problem ? ROLE_PLOT_AGAIN : ROLE_KEY;

		for (guint at = 0; info->text[at]; at++)
			grid_put_glyph(picture->grid, layout->y + mark->y, layout->x + mark->x + at,
				       info->text[at], role);
	}
}

void
plot_screen_paint(const Plot *plot, const Plot *fine, const PlotScreenOptions *options, guint y,
		  guint x, guint rows, guint columns, Grid *grid)
{
	PlotScreenLayout layout = plot_screen_layout(y, x, rows, columns, options->glyphs);
	const Plot *shown = fine ? fine : plot;
	const PlotGraph *graph;
	Picture picture = { .layout = &layout, .options = options, .grid = grid };
	g_autofree char *small = NULL;

	if (layout.too_small) {
		small = g_strdup_printf(_("The plot needs %d columns and %d rows; here are %u and %u."),
					PLOT_MIN_COLUMNS, PLOT_MIN_ROWS, columns, rows);
		say(small, y, x, rows, columns, grid);
		return;
	}
	graph = plot_graph_get(shown, options->kind, options->side, options->from_ns, options->to_ns,
			       layout.dots);
	picture.graph = graph;
	graph_paint(shown, &picture, x, columns);
	if (options->cursor == EVENT_NONE)
		return;
	if (!graph->nothing)
		cursor_paint(&picture, plot);
	plot_cursor_paint(shown, options, &layout, x, columns, grid);
}
