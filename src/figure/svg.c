/* SPDX-License-Identifier: MIT */
/* svg.c - a figure as SVG: what placing.c has placed, as elements.
 *
 * A row is a line of the file and a group with the row's role as its class. All
 * text is real text, one element each; how things look (colours, faces, kinds of
 * lines) is in the style sheet, where an editor changes it once for all.
 */
#include <math.h>

#include "placing.h"
#include "writers.h"
#include "pktladder/svg.h"

static const char *const classes[] = {
	[ROLE_PLAIN] = "plain", [ROLE_SYN] = "syn",           [ROLE_ACK] = "ack",
	[ROLE_DATA] = "data",   [ROLE_FOLD] = "fold",         [ROLE_FIN] = "fin",
	[ROLE_RST] = "rst",     [ROLE_DATAGRAM] = "datagram", [ROLE_ICMP] = "icmp",
	[ROLE_ODD] = "odd",     [ROLE_PROBLEM] = "problem",   [ROLE_NOTE] = "note",
	[ROLE_DROPS] = "drops", [ROLE_CALL] = "calls",
};

const char *
figure_role_class(Role role)
{
	return role < G_N_ELEMENTS(classes) && classes[role] ? classes[role] : "plain";
}

/* Kinds of lines: one each, so that they differ in black and white. */
static const char line_rules[] =
    ".lifeline{stroke-width:1.2}\n.box{stroke-width:1}\n.bar{stroke-width:.6}\n"
    ".line{fill:none;stroke-width:1.5}\n"
    ".ack .line{stroke-width:1.3;stroke-dasharray:5 4}\n"
    ".data .line{stroke-width:2.6}\n"
    ".fold .line{stroke-width:2.6;stroke-dasharray:16 4}\n"
    ".datagram .line{stroke-width:2.2;stroke-dasharray:10 5}\n"
    ".fin .line{stroke-width:1.2}\n"
    ".ticks{fill:none;stroke-width:8;stroke-dasharray:1.5 16}\n"
    ".icmp .line{stroke-width:1.8;stroke-dasharray:1.8 4}\n"
    ".odd .line{stroke-dasharray:9 4 2 4}\n"
    ".problem .label,.rst .label,.drops .label{font-weight:bold}\n";

static void
faces_append(GString *out, const FigureOptions *options)
{
	g_string_append(out, "text{font-family:");
	if (options->font) {
		/* A family's name as a CSS string: what is no letter, digit or blank by its number.
		 */
		g_string_append_c(out, '"');
		for (const char *p = options->font; *p; p = g_utf8_next_char(p)) {
			gunichar character = g_utf8_get_char(p);

			if (character >= 0x80 ? g_unichar_isalnum(character)
					      : g_ascii_isalnum(character) || character == ' ' ||
						    character == '-')
				g_string_append_unichar(out, character);
			else
				g_string_append_printf(out, "\\%x ", character);
		}
		g_string_append(out, "\",");
	}
	g_string_append(out, "Helvetica,Arial,\"Liberation Sans\",\"Nimbus Sans\",\"DejaVu Sans\","
			     "sans-serif}\n");
	g_string_append(out, ".call,.time,.number{font-family:\"DejaVu Sans Mono\",Menlo,Consolas,"
			     "\"Liberation Mono\",monospace}\n");
	g_string_append_printf(out,
			       ".label{font-size:%gpx;text-anchor:middle}\n"
			       ".over{paint-order:stroke;stroke-width:3px;stroke-linejoin:round}\n"
			       ".call{font-size:%gpx}\n"
			       ".failed{font-weight:bold}\n"
			       ".state{font-size:%gpx;font-weight:bold}\n"
			       ".time,.number{font-size:%gpx;text-anchor:end}\n"
			       ".who{font-size:%gpx;font-weight:bold;text-anchor:middle}\n"
			       ".title{font-size:%gpx;font-weight:bold}\n"
			       ".remark,.caption,.foot{font-size:%gpx}\n"
			       ".remark{text-anchor:middle}\n"
			       ".end{text-anchor:end}\n",
			       FIGURE_LABEL_SIZE, FIGURE_CALL_SIZE, FIGURE_STATE_SIZE,
			       FIGURE_TIME_SIZE, FIGURE_HEAD_SIZE, FIGURE_TITLE_SIZE,
			       FIGURE_NOTE_SIZE);
}

/* Everything that is not drawn in the ink of a row. */
static const char ground_rules[] = ".paper{fill:%p}\n"
				   ".over{stroke:%p}\n"
				   "text{fill:%t}\n"
				   ".time,.number,.foot{fill:%f}\n"
				   ".lifeline{stroke:%l}\n"
				   ".box{fill:%b;stroke:%l}\n"
				   ".bar{fill:%w;stroke:%f}\n"
				   ".bar.open{fill-opacity:.35}\n"
				   ".failed,.drops .remark{fill:%v}\n";

static void
inks_append(GString *out, SvgGround ground)
{
	static const Role roles[] = { ROLE_SYN,      ROLE_ACK,     ROLE_DATA, ROLE_FOLD,
				      ROLE_DATAGRAM, ROLE_FIN,     ROLE_RST,  ROLE_ICMP,
				      ROLE_ODD,      ROLE_PROBLEM, ROLE_PLAIN };

	for (guint i = 0; i < G_N_ELEMENTS(roles); i++) {
		const char *class = figure_role_class(roles[i]);
		const char *ink = svg_ink(svg_ink_of_role(roles[i]), ground);

		g_string_append_printf(
		    out, ".%s .line,.%s .ticks{stroke:%s}.%s .head,.%s .label{fill:%s}\n", class,
		    class, ink, class, class, ink);
	}
}

static void
style_append(GString *out, const FigureOptions *options)
{
	gboolean print = options->palette == FIGURE_PALETTE_BW;

	faces_append(out, options);
	g_string_append(out, line_rules);
	svg_sheet(out, ground_rules, print ? SVG_PRINT : SVG_LIGHT);
	if (print) {
		g_string_append(out, ".line,.ticks{stroke:#000}.head{fill:#000}\n");
		return;
	}
	inks_append(out, SVG_LIGHT);
	g_string_append(out, "@media screen and (prefers-color-scheme:dark){\n");
	svg_sheet(out, ground_rules, SVG_DARK);
	inks_append(out, SVG_DARK);
	g_string_append(out, "}\n");
}

/* One element of several lines: what a search or a reader aloud finds whole. */
static void
lines_append(GString *out, const char *class, double x, double y, double height,
	     const GPtrArray *lines)
{
	for (guint i = 0; i < lines->len; i++) {
		if (i > 0)
			g_string_append(out, "<tspan");
		else
			g_string_append_printf(out, "<text class=\"%s\"", class);
		svg_attribute(out, "x", x);
		svg_attribute(out, "y", y + i * height);
		g_string_append_c(out, '>');
		svg_content(out, g_ptr_array_index(lines, i));
		g_string_append(out, i > 0 ? "</tspan>" : "");
	}
	g_string_append(out, "</text>");
}

typedef struct {
	double x, y;             /* the tail */
	double along_x, along_y; /* a step of length 1 towards the tip */
	double length;
} Arrow;

/* A point so far along the arrow and so far to its right. */
static void
point_append(GString *out, char command, const Arrow *arrow, double along, double aside)
{
	svg_point(out, command, arrow->x + arrow->along_x * along - arrow->along_y * aside,
		  arrow->y + arrow->along_y * along + arrow->along_x * aside);
}

static void
stroke_append(GString *out, const Arrow *arrow, double aside)
{
	point_append(out, 'M', arrow, 0, aside);
	point_append(out, 'L', arrow, arrow->length - FIGURE_ARROW_LENGTH + 1, aside);
}

/* The arrow of a packet that never arrived has a cross in the head's place. */
static void
arrow_append(GString *out, const Arrow *arrow, Role role, gboolean lost)
{
	double length = arrow->length, base = length - FIGURE_ARROW_LENGTH;
	double arm = FIGURE_ARROW_LENGTH / 2;

	g_string_append(out, "<path class=\"line\" d=\"");
	if (role == ROLE_PROBLEM) {
		/* A wave, for what went wrong. */
		const double step = 7;
		double end = arrow->length - FIGURE_ARROW_LENGTH + 1, along = step;

		point_append(out, 'M', arrow, 0, 0);
		for (guint i = 0; along <= end; i++, along += step) {
			point_append(out, 'Q', arrow, along - step / 2, i % 2 ? 4 : -4);
			point_append(out, ' ', arrow, along, 0);
		}
		point_append(out, 'L', arrow, end, 0);
	} else if (role == ROLE_FIN) {
		stroke_append(out, arrow, -1.8);
		stroke_append(out, arrow, 1.8);
	} else {
		stroke_append(out, arrow, 0);
	}
	g_string_append(out, "\"/>");
	if (role == ROLE_RST) {
		g_string_append(out, "<path class=\"ticks\" d=\"");
		point_append(out, 'M', arrow, 12, 0);
		point_append(out, 'L', arrow, arrow->length - FIGURE_ARROW_LENGTH - 4, 0);
		g_string_append(out, "\"/>");
	}
	if (lost) {
		g_string_append(out,
				"<path class=\"line cross\" style=\"stroke-dasharray:none\" d=\"");
		point_append(out, 'M', arrow, length - arm - arm, -arm);
		point_append(out, 'L', arrow, length - arm + arm, arm);
		point_append(out, 'M', arrow, length - arm - arm, arm);
		point_append(out, 'L', arrow, length - arm + arm, -arm);
		g_string_append(out, "\"/>");
	} else {
		g_string_append(out, "<path class=\"head\" d=\"");
		point_append(out, 'M', arrow, length, 0);
		point_append(out, 'L', arrow, base, FIGURE_ARROW_WIDTH);
		point_append(out, 'L', arrow, base, -FIGURE_ARROW_WIDTH);
		g_string_append(out, "Z\"/>");
	}
}

/* A label that lies over other lanes has a rim; other labels have none, since a rim makes outlines
 * of a PDF's text. */
static void
label_append(GString *out, const FigureRow *row, const FigurePlace *place)
{
	svg_text_open(out, place->over ? "label over" : "label", place->label_x, place->label_y);
	if (place->angle != 0) {
		g_string_append_printf(out, " transform=\"rotate(%.2f", place->angle);
		svg_point(out, ' ', place->label_x, place->label_y);
		g_string_append(out, ")\"");
	}
	svg_text_close(out, row->label);
}

static void
cells_append(GString *out, const FigureRow *row, const FigurePlace *place)
{
	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		const FigureCell *cell = &row->cell[side];
		gboolean left = figure_row_is_left(row, side);
		const char *call = cell->failed ? (left ? "call failed end" : "call failed")
						: (left ? "call end" : "call");

		if (cell->call)
			svg_text(out, call, place->text_x[side], place->call_y[side], cell->call);
		if (cell->state)
			svg_text(out, left ? "state end" : "state", place->text_x[side],
				 place->state_y[side], cell->state);
	}
}

static void
row_append(GString *out, const FigureLayout *layout, guint i)
{
	const FigureRow *row = figure_row(layout->figure, layout->first + i);
	const FigurePlace *place = figure_place(layout, i);

	g_string_append_printf(out, "<g class=\"row %s\" data-row=\"%u\"",
			       figure_role_class(row->role), row->index + 1);
	if (row->frame)
		g_string_append_printf(out, " data-frame=\"%u\"", row->frame);
	g_string_append_c(out, '>');
	if (row->number && !place->note) {
		g_autofree char *number = g_strdup_printf("%u.", row->number);

		svg_text(out, "number", layout->widths->number_x, place->axis + 4, number);
	}
	if (row->time)
		svg_text(out, "time", layout->widths->time_x, place->axis + 4, row->time);
	cells_append(out, row, place);
	if (figure_row_is_arrow(row)) {
		Arrow arrow = { .x = layout->lane_x[row->from], .y = place->y[row->row.from] };
		gboolean lost = row->transit.way == TRANSIT_LOST; /* it ends half-way */
		double part = lost ? 0.5 : 1;
		double x2 = arrow.x + part * (layout->lane_x[row->to] - arrow.x);
		double y2 = arrow.y + part * (place->y[!row->row.from] - arrow.y);

		arrow.length = hypot(x2 - arrow.x, y2 - arrow.y);
		arrow.along_x = (x2 - arrow.x) / arrow.length;
		arrow.along_y = (y2 - arrow.y) / arrow.length;
		arrow_append(out, &arrow, row->role, lost);
		if (row->label && !figure_slant_is_true(row))
			label_append(out, row, place);
	}
	if (place->note) {
		/* A note lies over the lifelines, in a box of its own. */
		double middle = (layout->lane_x[0] + layout->lane_x[layout->n_lanes - 1]) / 2;
		double height = place->note->len * FIGURE_LINE_HEIGHT + 6;

		svg_rect(out, "box", 4, middle - place->note_width / 2 - 10,
			 place->axis - height / 2, place->note_width + 20, height);
		lines_append(out, "remark", middle, place->note_y, FIGURE_LINE_HEIGHT, place->note);
	}
	g_string_append(out, "</g>\n");
}

/* Labels that arrows of other rows cross are drawn over all arrows. */
static void
labels_append(GString *out, const FigureLayout *layout)
{
	g_string_append(out, "<g class=\"labels\">\n");
	for (guint i = 0; i < layout->n_rows; i++) {
		const FigureRow *row = figure_row(layout->figure, layout->first + i);
		const FigurePlace *place = figure_place(layout, i);

		if (!row->label || !figure_row_is_arrow(row) || !figure_slant_is_true(row))
			continue;
		g_string_append_printf(out, "<g class=\"%s\" data-row=\"%u\">",
				       figure_role_class(row->role), row->index + 1);
		label_append(out, row, place);
		g_string_append(out, "</g>\n");
	}
	g_string_append(out, "</g>\n");
}

static void
lifelines_append(GString *out, const FigureLayout *layout)
{
	g_string_append(out, "<g class=\"lifelines\">\n");
	for (guint lane = 0; lane < layout->n_lanes; lane++) {
		g_string_append(out, "<path class=\"lifeline\" d=\"");
		svg_point(out, 'M', layout->lane_x[lane], layout->top);
		svg_step(out, 'V', layout->bottom);
		g_string_append(out, "\"/>\n");
	}
	g_string_append(out, "</g>\n<g class=\"bars\">\n");
	for (guint i = 0; i < layout->bars->len; i++) {
		const FigureBarPlace *bar = &g_array_index(layout->bars, FigureBarPlace, i);

		svg_rect(out, bar->open ? "bar open" : "bar", 0, bar->x, bar->y, FIGURE_BAR_WIDTH,
			 bar->height);
		g_string_append_c(out, '\n');
	}
	g_string_append(out, "</g>\n");
}

/* Title and description for who does not see the figure. */
static void
description_append(GString *out, const Figure *figure)
{
	g_autofree char *lanes = g_strjoinv(", ", (char **)figure->lanes->pdata);
	g_autofree char *text = g_strdup_printf(
	    ngettext("A ladder of %u row, time going down, between: %s",
		     "A ladder of %u rows, time going down, between: %s", figure->rows->len),
	    figure->rows->len, lanes);

	g_string_append(out, "<title id=\"ladder-title\">");
	svg_content(out, figure->title ? figure->title : lanes);
	g_string_append(out, "</title>\n<desc id=\"ladder-desc\">");
	svg_content(out, text);
	g_string_append(out, "</desc>\n");
}

void
figure_size(const Figure *figure, const FigureOptions *options, double *width, double *height)
{
	g_autoptr(FigureLayout) layout = figure_layout_new(figure, options);

	*width = layout->width * layout->scale;
	*height = layout->height * layout->scale;
}

void
figure_write_svg(const Figure *figure, const FigureOptions *options, GString *out)
{
	static const char *const time_titles[N_FIGURE_TIMES] = {
		[FIGURE_TIME_DELTA] = N_("delta (s)"),
		[FIGURE_TIME_START] = N_("time (s)"),
		[FIGURE_TIME_UTC] = N_("time UTC"),
		[FIGURE_TIME_LOCAL] = N_("local time"),
	};
	g_autoptr(FigureLayout) layout = figure_layout_new(figure, options);

	g_string_append(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			     "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"ladder\"");
	svg_attribute(out, "width", layout->width * layout->scale);
	svg_attribute(out, "height", layout->height * layout->scale);
	g_string_append_printf(out, " viewBox=\"0 0 %ld %ld\"", lround(layout->width),
			       lround(layout->height));
	g_string_append(out,
			" role=\"graphics-document\" aria-labelledby=\"ladder-title ladder-desc\""
			" xml:space=\"preserve\">\n");
	description_append(out, figure);
	g_string_append(out, "<style>\n");
	style_append(out, options);
	svg_paper(out);
	lifelines_append(out, layout);
	if (layout->title) {
		lines_append(out, "title", FIGURE_MARGIN, layout->title_y, FIGURE_TITLE_SIZE + 5,
			     layout->title);
		g_string_append_c(out, '\n');
	}
	g_string_append(out, "<g class=\"heads\">\n");
	if (time_titles[options->time])
		svg_text(out, "time", layout->widths->time_x, layout->head_y + 4,
			 _(time_titles[options->time]));
	for (guint lane = 0; lane < figure->lanes->len; lane++) {
		double width = layout->head_width[lane],
		       height = 2 * (layout->top - layout->head_y);

		svg_rect(out, "box", 4, layout->lane_x[lane] - width / 2,
			 layout->head_y - height / 2, width, height);
		svg_text(out, "who", layout->lane_x[lane], layout->head_y + 4.5,
			 g_ptr_array_index(figure->lanes, lane));
		g_string_append_c(out, '\n');
	}
	g_string_append(out, "</g>\n");

	g_string_append(out, "<g class=\"rows\">\n");
	for (guint i = 0; i < layout->n_rows; i++)
		row_append(out, layout, i);
	g_string_append(out, "</g>\n");
	if (options->slant == FIGURE_SLANT_TRUE)
		labels_append(out, layout);
	if (layout->caption) {
		lines_append(out, "caption", FIGURE_MARGIN, layout->caption_y, FIGURE_LINE_HEIGHT,
			     layout->caption);
		g_string_append_c(out, '\n');
	}
	for (guint i = 0; layout->foot && i < layout->foot->len; i++) {
		svg_text(out, "foot", FIGURE_MARGIN, layout->foot_y + i * FIGURE_LINE_HEIGHT,
			 g_ptr_array_index(layout->foot, i));
		g_string_append_c(out, '\n');
	}
	g_string_append(out, "</svg>\n");
}
