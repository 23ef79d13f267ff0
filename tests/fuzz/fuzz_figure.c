/* SPDX-License-Identifier: MIT */
/* Any events as figures: several lanes, bars that never return, times from one end of the
 * clock to the other, in every format. Nothing stands outside of the size that the figure says
 * it has, its pages' rows are together all of its rows, the space of a figure in proportion to
 * time is that of its rows, XML and JSON are read by their parsers, what begins in a diagram
 * ends in it, and the same figure gives the same bytes, whatever was asked of it before.
 *
 * The first 16 bytes say which figure it is; 16 bytes more are an event each.
 */
#include <json-glib/json-glib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "figure/placing.h"
#include "pktladder/svg.h"
#include "events.h"
#include "fuzz.h"
#include "pktladder/detail.h"
#include "pktladder/text.h"
#include "pktladder/timestamp.h"

enum { HEAD_BYTES = 16 };

typedef struct {
	const guint8 *head, *events;
	Trace *trace;
	GArray *times; /* gint64: of each event */
	Ladder *ladder;
	Transits *transits; /* NULL: of no use */
	GArray *frames;     /* FigureFrames */
	FigureTimes span;
	FigureOptions options;
} Story;

/* ---- making one ---- */

/* The peer capture has most of the packets, some time later. */
static void
story_transits(Story *story)
{
	gint64 way_ns = event_time(story->head[4], story->head[5]);

	story->transits = transits_new();
	for (guint32 i = 0; i < trace_length(story->trace); i++) {
		const guint8 *in = story->events + i * EVENT_BYTES;
		const Event *event = trace_event(story->trace, i);
		guint8 bytes[EVENT_PACKET_BYTES];
		Packet packet;
		Facts facts;

		if (!event_packet(in, g_array_index(story->times, gint64, i), bytes, &packet) ||
		    event->conversation == CONVERSATION_NONE)
			continue;
		decode_headers(&packet, &facts);
		transits_add_here(story->transits, i, event->conversation, event->from, &packet,
				  &facts);
		packet.time_ns =
		    timestamp_plus(packet.time_ns,
				   event->from == SIDE_CLIENT ? way_ns : -MAX(way_ns, -G_MAXINT64));
		if (in[12] % 8 != 3)
			transits_add_there(story->transits, &packet, &facts);
	}
	if (transits_match(story->transits))
		g_clear_pointer(&story->transits, transits_free);
}

static void
story_ladder(Story *story)
{
	static const guint32 all[] = { 0, 1, 2, 3, 4, 5, 6, 7 };
	guint n = MIN(flow_table_length(trace_flows(story->trace)), G_N_ELEMENTS(all));
	g_autoptr(ConversationSet) set =
	    story->head[1] & 1 && n > 0 ? conversation_set_new(all, n) : NULL;
	Selection selection = { .conversation = CONVERSATION_NONE,
				.fold = story->head[1] >> 1 & 1,
				.hide_calls = (story->head[1] & 12) == 12,
				.set = set };
	LadderLabels labels = { .style = story->head[1] / 16 % N_LABEL_STYLES };

	story->ladder = ladder_new(story->trace, selection);
	ladder_set_labels(story->ladder, &labels);
	ladder_update(story->ladder);
}

static void
story_options(Story *story)
{
	static const char *const titles[] = {
		NULL,
		"",
		"Title",
		"<a href=\"x\">&amp;]]>\x01\xff",
		"{\\%$#_^~} -- [x]; wrap: a|b",
		"\xd7\x90\xe4\xbd\xa0 \xcc\x81 `*_",
		"a very long title that no line of any ladder holds, to be sure of it, "
		"since it goes on and on and on until nobody reads it any more",
		" "
	};
	const guint8 *head = story->head;
	FigureFrames range = { 1 + head[9], 1 + head[9] + head[10] };

	story->options = (FigureOptions){
		.title = titles[head[2] & 7],
		.caption = titles[head[2] >> 3 & 7],
		.time = head[3] % N_FIGURE_TIMES,
		.states = head[6] & 1,
		.ascii = head[6] >> 1 & 1,
		.palette = head[6] >> 2 & 1,
		.proportional = head[6] >> 3 & 1,
		.slant = head[6] >> 4 & 3,
		.width = head[7] >= 128 ? (head[7] - 127) * 10 : 0,
		.rows_per_page = head[8] & 1 ? head[8] >> 1 : 0,
	};
	if (story->options.slant >= FIGURE_SLANT_TRUE) {
		story_transits(story);
		story->options.transits = story->transits;
		story->options.slant = story->transits ? FIGURE_SLANT_TRUE : FIGURE_SLANT_NONE;
	}
	if (head[11] & 1) {
		g_array_append_val(story->frames, range);
		range = (FigureFrames){ range.last + 2, G_MAXUINT32 };
		if (head[11] & 2)
			g_array_append_val(story->frames, range);
		story->options.frames = story->frames;
	}
	if (head[11] & 4) {
		story->span.from_ns = event_time(head[12], head[13]);
		story->span.to_ns = timestamp_plus(story->span.from_ns,
						   event_time(head[14], head[15]) & G_MAXINT64);
		story->options.times = &story->span;
	}
}

/* ---- the document ---- */

static void
text_check(const char *text)
{
	g_autofree char *escaped = text ? text_escape(text, -1) : NULL;

	g_assert_cmpstr(text, ==, escaped);
}

static void
figure_check(const Figure *figure)
{
	for (guint i = 0; i < figure->rows->len; i++) {
		const FigureRow *row = figure_row(figure, i);

		g_assert_true(i == 0 || figure_row(figure, i - 1)->index < row->index);
		g_assert_true(row->from < figure->lanes->len && row->to < figure->lanes->len);
		g_assert_true(row->lane[0] < figure->lanes->len &&
			      row->lane[1] < figure->lanes->len);
		text_check(row->label);
		text_check(row->time);
		text_check(row->cell[0].call);
		text_check(row->cell[1].call);
	}
	for (guint i = 0; i < figure->bars->len; i++) {
		const FigureBar *bar = figure_bar(figure, i);

		g_assert_true(i == 0 || figure_bar(figure, i - 1)->first <= bar->first);
		g_assert_cmpuint(bar->lane, <, figure->lanes->len);
		g_assert_cmpuint(bar->first, <=, bar->last);
		g_assert_cmpuint(bar->last, <, figure->rows->len);
	}
}

/* ---- the layout ---- */

static void
span_check(const FigureLayout *layout, double left, double right)
{
	g_assert_true(left >= -0.5 && right <= layout->width + 0.5 && left <= right + 0.5);
}

static void
height_check(const FigureLayout *layout, double y)
{
	g_assert_true(y >= 0 && y <= layout->height);
}

static void
cells_check(const FigureLayout *layout, const FigureRow *row, const FigurePlace *place)
{
	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		const FigureCell *cell = &row->cell[side];
		double call =
		    cell->call ? svg_text_width(cell->call, FACE_MONO, FIGURE_CALL_SIZE) : 0;
		double state =
		    cell->state ? svg_text_width(cell->state, FACE_BOLD, FIGURE_STATE_SIZE) : 0;
		double width = MAX(call, state), x = place->text_x[side];

		if (width == 0)
			continue;
		span_check(layout, figure_row_is_left(row, side) ? x - width : x,
			   figure_row_is_left(row, side) ? x : x + width);
		height_check(layout, place->call_y[side]);
		height_check(layout, place->state_y[side]);
	}
}

static gboolean
is_arrow(const FigureRow *row)
{
	return row->row.kind == ROW_ARROW || row->row.kind == ROW_FOLD;
}

static void
place_check(const Figure *figure, const FigureLayout *layout, const FigureRow *row,
	    const FigurePlace *place)
{
	double left = layout->lane_x[0], right = layout->lane_x[figure->lanes->len - 1];
	double note = place->note ? place->note_width / 2 + 10 : 0;

	g_assert_true(place->axis >= layout->top && place->axis <= layout->bottom);
	cells_check(layout, row, place);
	span_check(layout, (left + right) / 2 - note, (left + right) / 2 + note);
	if (!is_arrow(row))
		return;
	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
		g_assert_true(place->y[side] >= layout->top && place->y[side] <= layout->bottom);
	if (row->label)
		span_check(layout, place->label_x - figure_label_width(row) / 2,
			   place->label_x + figure_label_width(row) / 2);
}

static void
layout_check(const Figure *figure, const FigureLayout *layout)
{
	g_assert_true(isfinite(layout->width) && isfinite(layout->height));
	for (guint lane = 0; lane < figure->lanes->len; lane++) {
		double half = layout->head_width[lane] / 2;

		span_check(layout, layout->lane_x[lane] - half, layout->lane_x[lane] + half);
		g_assert_true(lane == 0 || layout->lane_x[lane - 1] < layout->lane_x[lane]);
	}
	for (guint i = 0; i < layout->n_rows; i++) {
		const FigurePlace *place = &g_array_index(layout->places, FigurePlace, i);

		g_assert_true(i == 0 || place[-1].axis < place->axis);
		place_check(figure, layout, figure_row(figure, layout->first + i), place);
	}
	for (guint i = 0; i < layout->bars->len; i++) {
		const FigureBarPlace *bar = &g_array_index(layout->bars, FigureBarPlace, i);

		span_check(layout, bar->x, bar->x + FIGURE_BAR_WIDTH);
		g_assert_true(bar->y >= layout->top && bar->y + bar->height <= layout->bottom + 1);
	}
	g_assert_true(layout->bottom <= layout->height);
}

/* The pages' rows are together all of the figure's, and each page is as wide as the figure
 * says; returns how high all of them are. */
static double
pages_check(const Figure *figure, FigureOptions options)
{
	guint n = figure_n_pages(figure, &options), rows = 0;
	double all = 0;

	for (options.page = 0; options.page < n; options.page++) {
		g_autoptr(FigureLayout) layout = figure_layout_new(figure, &options);
		double width, height, scale = options.width ? options.width / layout->width : 1;

		g_assert_cmpuint(layout->first, ==, rows);
		g_assert_cmpuint(layout->places->len, ==, layout->n_rows);
		rows += layout->n_rows;
		layout_check(figure, layout);
		figure_size(figure, &options, &width, &height);
		g_assert_true(fabs(width - layout->width * scale) < 1e-6 * width &&
			      fabs(height - layout->height * scale) < 1e-6 * height);
		all += layout->height;
	}
	g_assert_cmpuint(rows, ==, figure->rows->len);
	return all;
}

/* In proportion to time, rows have 34 pixels more on an average, and none of them less. */
static void
spacing_check(const Figure *figure, FigureOptions options)
{
	double even, spaced;

	options.slant = FIGURE_SLANT_NONE;
	options.proportional = FALSE;
	even = pages_check(figure, options);
	options.proportional = TRUE;
	spaced = pages_check(figure, options);
	g_assert_true(spaced >= even);
	g_assert_true(spaced <=
		      even + 35.0 * figure->rows->len + 60.0 * figure_n_pages(figure, &options));
}

/* ---- XML ---- */

typedef struct {
	double width, height; /* of the picture's own units */
	guint depth, rows;
} Drawing;

static const char *
attribute(const char **names, const char **values, const char *name)
{
	for (guint i = 0; names[i]; i++) {
		if (g_str_equal(names[i], name))
			return values[i];
	}
	return NULL;
}

static double
number(const char **names, const char **values, const char *name)
{
	const char *value = attribute(names, values, name);

	return value ? g_ascii_strtod(value, NULL) : 0;
}

static void
element_begin(GMarkupParseContext *context G_GNUC_UNUSED, const char *element, const char **names,
	      const char **values, gpointer data, GError **error G_GNUC_UNUSED)
{
	Drawing *drawing = data;
	double x = number(names, values, "x"), y = number(names, values, "y");
	const char *class = attribute(names, values, "class");

	if (drawing->depth++ == 0) {
		g_auto(GStrv) box = g_strsplit(attribute(names, values, "viewBox"), " ", -1);

		g_assert_cmpuint(g_strv_length(box), ==, 4);
		drawing->width = g_ascii_strtod(box[2], NULL);
		drawing->height = g_ascii_strtod(box[3], NULL);
		g_assert_cmpstr(element, ==, "svg");
		return;
	}
	g_assert_true(x >= 0 && x <= drawing->width && y >= 0 && y <= drawing->height);
	if (g_str_equal(element, "rect") && !g_str_equal(class, "paper")) {
		g_assert_true(x + number(names, values, "width") <= drawing->width + 0.5);
		g_assert_true(y + number(names, values, "height") <= drawing->height + 0.5);
	}
	for (guint i = 0; names[i]; i++)
		g_assert_false(strstr(values[i], "nan") || strstr(values[i], "inf"));
	drawing->rows += g_str_equal(element, "g") && g_str_has_prefix(class, "row ");
}

static void
element_end(GMarkupParseContext *context G_GNUC_UNUSED, const char *element G_GNUC_UNUSED,
	    gpointer data, GError **error G_GNUC_UNUSED)
{
	((Drawing *)data)->depth--;
}

static void
xml_check(const char *text, gsize length, guint rows)
{
	static const GMarkupParser parser = { .start_element = element_begin,
					      .end_element = element_end };
	g_autoptr(GError) error = NULL;
	Drawing drawing = { 0 };
	g_autoptr(GMarkupParseContext) context =
	    g_markup_parse_context_new(&parser, 0, &drawing, NULL);

	g_markup_parse_context_parse(context, text, length, &error);
	g_assert_no_error(error);
	g_markup_parse_context_end_parse(context, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(drawing.rows, ==, rows);
}

/* ---- what each format is ---- */

static guint
count(const char *text, const char *word)
{
	guint n = 0;

	for (; (text = strstr(text, word)); text += strlen(word))
		n++;
	return n;
}

static guint
rows_of_page(const Figure *figure, const FigureOptions *options)
{
	guint all = figure->rows->len, per_page = options->rows_per_page;

	return per_page ? MIN(all - options->page * per_page, per_page) : all;
}

static void
svg_check(const Figure *figure, const FigureOptions *options, const GString *out)
{
	xml_check(out->str, out->len, rows_of_page(figure, options));
}

/* The picture in the page is whole, and no text of it is markup. */
static void
html_check(const Figure *figure, const FigureOptions *options, const GString *out)
{
	const char *begin = strstr(out->str, "<svg "), *end = strstr(out->str, "</svg>");

	xml_check(begin, end + strlen("</svg>") - begin, rows_of_page(figure, options));
	g_assert_cmpuint(count(out->str, "<details data-us="), ==, figure->rows->len);
	g_assert_cmpuint(count(out->str, "<script"), ==, 1);
	g_assert_null(strstr(out->str, "<a href"));
	g_assert_true(g_str_has_suffix(out->str, "</html>\n"));
}

static void
json_check(const Figure *figure, const FigureOptions *options G_GNUC_UNUSED, const GString *out)
{
	g_autoptr(JsonParser) parser = json_parser_new();
	g_autoptr(GError) error = NULL;
	JsonObject *object;

	json_parser_load_from_data(parser, out->str, out->len, &error);
	g_assert_no_error(error);
	object = json_node_get_object(json_parser_get_root(parser));
	g_assert_cmpuint(json_array_get_length(json_object_get_array_member(object, "rows")), ==,
			 figure->rows->len);
	g_assert_cmpuint(json_array_get_length(json_object_get_array_member(object, "bars")), ==,
			 figure->bars->len);
	g_assert_cmpuint(json_array_get_length(json_object_get_array_member(object, "lanes")), ==,
			 figure->lanes->len);
}

/* What is not active is not deactivated, and the reverse. */
static void
activations_check(const Figure *figure, const FigureOptions *options G_GNUC_UNUSED,
		  const GString *out)
{
	g_auto(GStrv) lines = g_strsplit(out->str, "\n", -1);
	g_autofree gboolean *active = g_new0(gboolean, figure->lanes->len);

	for (char **line = lines; *line; line++) {
		guint lane;
		gboolean begins = sscanf(g_strchug(*line), "activate L%u", &lane) == 1;

		if (!begins && sscanf(*line, "deactivate L%u", &lane) != 1)
			continue;
		g_assert_cmpuint(lane, <, figure->lanes->len);
		g_assert_cmpint(active[lane], !=, begins);
		active[lane] = begins;
	}
}

/* Braces of TeX's own are in pairs, and so are pictures. */
static void
tikz_check(const Figure *figure G_GNUC_UNUSED, const FigureOptions *options G_GNUC_UNUSED,
	   const GString *out)
{
	gint depth = 0;

	for (const char *p = out->str; *p; p++) {
		if (*p == '\\' && p[1])
			p++;
		else
			depth += *p == '{' ? 1 : *p == '}' ? -1 : 0;
		g_assert_cmpint(depth, >=, 0);
	}
	g_assert_cmpint(depth, ==, 0);
	g_assert_cmpuint(count(out->str, "\\begin{tikzpicture}"), ==,
			 count(out->str, "\\end{tikzpicture}"));
}

/* Each line of the table has the same columns. */
static void
markdown_check(const Figure *figure, const FigureOptions *options, const GString *out)
{
	g_auto(GStrv) lines = g_strsplit(out->str, "\n", -1);
	guint n = 0;

	for (char **line = lines; *line; line++) {
		guint bars = 0;

		for (const char *p = *line; *p; p++) {
			if (*p == '\\' && p[1])
				p++;
			else
				bars += *p == '|';
		}
		if (!g_str_has_prefix(*line, "| "))
			continue;
		n++;
		g_assert_cmpuint(bars, ==, options->time == FIGURE_TIME_NONE ? 4 : 5);
	}
	g_assert_cmpuint(n, ==, figure->rows->len + 2);
}

/* Not wider than asked for, but for the lines that are the user's. */
static void
columns_check(const Figure *figure, const FigureOptions *options, const GString *out)
{
	g_auto(GStrv) lines = g_strsplit(out->str, "\n", -1);

	for (char **line = lines; *line; line++) {
		if (options->width > 0 && g_strcmp0(*line, figure->title) != 0 &&
		    g_strcmp0(*line, figure->caption) != 0)
			g_assert_cmpuint(text_width(*line), <=, options->width);
	}
}

static void
chart_check(const Figure *figure G_GNUC_UNUSED, const FigureOptions *options G_GNUC_UNUSED,
	    const GString *out)
{
	g_assert_true(g_str_has_suffix(out->str, "}\n"));
}

static const struct {
	const char *format;
	void (*check)(const Figure *figure, const FigureOptions *options, const GString *out);
} checks[] = {
	{ "svg", svg_check },
	{ "html", html_check },
	{ "json", json_check },
	{ "mermaid", activations_check },
	{ "plantuml", activations_check },
	{ "mscgen", chart_check },
	{ "tikz", tikz_check },
	{ "markdown", markdown_check },
	{ "text", columns_check },
	{ "ansi", NULL },
	{ "latex", tikz_check },
};

/* UTF-8 without control characters, but for what makes lines and colours. */
static void
harmless_check(const GString *out, gboolean colours)
{
	g_assert_true(g_utf8_validate(out->str, out->len, NULL));
	for (gsize i = 0; i < out->len; i++) {
		guchar byte = out->str[i];

		g_assert_true(byte >= ' ' || byte == '\n' || byte == '\t' ||
			      (colours && byte == 0x1b));
	}
}

static void
format_check(const Figure *figure, FigureOptions options, guint at)
{
	const FigureFormat *format = figure_format_find(checks[at].format);
	g_autoptr(GString) out = g_string_new(NULL);
	double width, height;

	if (!(format->takes & FIGURE_TAKES_PAGES))
		options.rows_per_page = 0;
	options.page = figure_n_pages(figure, &options) - 1;
	figure_format_write(format, figure, &options, out);
	harmless_check(out, !checks[at].check);
	if (checks[at].check)
		checks[at].check(figure, &options, out);
	figure_size(figure, &options, &width, &height);
	g_assert_true(width > 0 && height > 0);
}

/* Whatever was asked of a figure before, it is written as one that is new. */
static void
same_check(const Story *story, const Figure *figure, guint at)
{
	const FigureFormat *format = figure_format_find(checks[at].format);
	g_autoptr(Figure) other = figure_new(story->ladder, &story->options);
	g_autoptr(GString) one = g_string_new(NULL);
	g_autoptr(GString) two = g_string_new(NULL);

	figure_format_write(format, figure, &story->options, one);
	figure_format_write(format, other, &story->options, two);
	g_assert_cmpstr(one->str, ==, two->str);
}

/* What the HTML figure shows of a row. */
static void
details_take(const Story *story, Figure *figure)
{
	for (guint i = 0; i < figure->rows->len; i++) {
		const LadderRow *row = &figure_row(figure, i)->row;
		guint kind = trace_event(story->trace, row->event)->kind;

		if (row->kind == ROW_FOLD)
			figure_take_details(figure, i, detail_fold(story->ladder, row));
		else if (kind == EVENT_CALL)
			figure_take_details(
			    figure, i, detail_call_until(story->trace, row->event, G_MAXINT64));
		else if (kind == EVENT_PACKET)
			figure_take_details(
			    figure, i, detail_packet(story->trace, row->event, NULL, NULL, NULL));
	}
}

static void
story_check(const Story *story)
{
	g_autoptr(Figure) figure = figure_new(story->ladder, &story->options);
	guint first = story->head[14] % G_N_ELEMENTS(checks);

	figure_check(figure);
	/* The first one lays the figure out, and the others find what it kept. */
	format_check(figure, story->options, first);
	pages_check(figure, story->options);
	spacing_check(figure, story->options);
	for (guint more = 1; more < 3; more++)
		format_check(figure, story->options, (first + more) % G_N_ELEMENTS(checks));
	same_check(story, figure, first);
	if (!g_str_equal(checks[first].format, "html"))
		return;
	details_take(story, figure);
	format_check(figure, story->options, first);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autoptr(GArray) frames = g_array_new(FALSE, FALSE, sizeof(FigureFrames));
	Story story = { .head = data, .trace = trace, .times = times, .frames = frames };
	EventClock clock;

	if (size < HEAD_BYTES)
		return 0;
	clock = event_clock_new(data[0]);
	story.events = data + HEAD_BYTES;
	events_add(story.trace, story.events, size - HEAD_BYTES, &clock, story.times);
	story_ladder(&story);
	story_options(&story);
	story_check(&story);
	ladder_free(story.ladder);
	transits_free(story.transits);
	return 0;
}
