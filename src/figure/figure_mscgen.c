/* figure_mscgen.c - a figure as a message sequence chart for mscgen. Two
 * lifelines that nobody sees stand outside of the lanes: what is written on them
 * stands beside the arrow, in the same row. A lane between others has no such
 * room, its calls are boxes of their own. There are no bars: a call's return says
 * which call it ends.
 */
#include "figure_writers.h"
#include "pktladder/text.h"
#include "sequence.h"

#include <string.h>

/* Columns of text between two lifelines that mscgen's own width holds, measured. */
#define WIDTH_LANES 600.0
#define WIDTH_CHARACTER 8.0
#define MIN_SCALE 1.0

/* A backslash is itself, but for the two escapes that there are; where it would
 * begin one, the sign that looks like it stands there. */
static void
mscgen_escape(GString *out, const char *text)
{
	for (const char *p = text; *p; p++) {
		if (*p == '"')
			g_string_append(out, "\\\"");
		else if (*p == '\\' && (p[1] == 'n' || p[1] == '"' || p[1] == '\\' || !p[1]))
			g_string_append(out, "\u2216");
		else
			g_string_append_c(out, *p);
	}
}

static void
label_write(GString *out, const char *text)
{
	g_string_append(out, " [label=\"");
	mscgen_escape(out, text);
	g_string_append_c(out, '"');
}

/* So wide that no text is broken or runs into the next. */
static double
scale_needed(const Figure *figure)
{
	guint columns = 0;
	double width;

	for (guint lane = 0; lane < figure->lanes->len; lane++)
		columns = MAX(columns, text_width(g_ptr_array_index(figure->lanes, lane)));
	for (guint i = 0; i < figure->rows->len; i++) {
		const FigureRow *row = figure_row(figure, i);
		g_autofree char *label = sequence_label(row);

		columns = MAX(columns, label ? text_width(label) : 0);
		for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
			g_autofree char *call = sequence_call(row, side);

			columns = MAX(columns, call ? text_width(call) : 0);
		}
	}
	width = (columns + 6) * WIDTH_CHARACTER * (figure->lanes->len + 2);
	return MAX(width / WIDTH_LANES, MIN_SCALE);
}

static void
head_write(const Sequence *sequence)
{
	const Figure *figure = sequence->figure;
	GString *out = sequence->out;
	char scale[G_ASCII_DTOSTR_BUF_SIZE];

	g_ascii_formatd(scale, sizeof scale, "%.1f", scale_needed(figure));
	g_string_append_printf(out, "msc {\n  hscale=\"%s\", arcgradient=\"0\";\n", scale);
	g_string_append(out, "  left [label=\"\", linecolour=\"#ffffff\"]");
	for (guint lane = 0; lane < figure->lanes->len; lane++) {
		g_string_append_printf(out, ",\n  l%u", lane);
		label_write(out, g_ptr_array_index(figure->lanes, lane));
		g_string_append_c(out, ']');
	}
	g_string_append(out, ",\n  right [label=\"\", linecolour=\"#ffffff\"];\n");
}

/* The lifeline that the cell is written on. */
static const char *
cell_place(const Sequence *sequence, const FigureRow *row, Side side, char *name, gsize size)
{
	if (row->lane[side] == 0)
		return "left";
	if (row->lane[side] == sequence->figure->lanes->len - 1)
		return "right";
	g_snprintf(name, size, "l%u", row->lane[side]);
	return name;
}

static gboolean
is_outside(const Sequence *sequence, const FigureRow *row, Side side)
{
	return row->lane[side] == 0 || row->lane[side] == sequence->figure->lanes->len - 1;
}

static void
cell_write(const Sequence *sequence, const FigureRow *row, Side side)
{
	const FigureCell *cell = &row->cell[side];
	gboolean outside = is_outside(sequence, row, side);
	g_autofree char *call = sequence_call(row, side);
	g_autoptr(GString) text = g_string_new(call);
	GString *out = sequence->out;
	char name[16];
	const char *colour = sequence_colour(sequence->options, ROLE_CALL_FAILED);
	const char *place = cell_place(sequence, row, side, name, sizeof name);

	g_string_append_printf(out, "%s %s %s [label=\"", place, outside ? "box" : "rbox", place);
	mscgen_escape(out, text->str);
	g_string_append_printf(out, "%s%s\"", call && cell->state ? "\\n" : "",
			       cell->state ? cell->state : "");
	if (outside)
		g_string_append(out, ", linecolour=\"#ffffff\"");
	if (cell->failed && colour)
		g_string_append_printf(out, ", textcolour=\"#%s\"", colour);
	g_string_append_c(out, ']');
}

static void
arrow_write(const Sequence *sequence, const FigureRow *row)
{
	const char *colour = sequence_colour(sequence->options, row->role);
	g_autofree char *label = sequence_label(row);
	GString *out = sequence->out;

	if (sequence_is_arrow(row))
		g_string_append_printf(out, "l%u%sl%u", row->from,
				       sequence_is_dashed(row->role) ? ">>" : "=>", row->to);
	else
		g_string_append_printf(out, "l0 note l%u", sequence->figure->lanes->len - 1);
	label_write(out, label);
	if (colour)
		g_string_append_printf(out, ", linecolour=\"#%s\", textcolour=\"#%s\"", colour,
				       colour);
	g_string_append_c(out, ']');
}

/* All that stands in one row is one statement, with commas. */
static void
row_write(const Sequence *sequence, const FigureRow *row)
{
	GString *out = sequence->out;
	const char *separator = "  ";

	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		if (!sequence_has_cell(row, side) || is_outside(sequence, row, side))
			continue;
		g_string_append(out, "  ");
		cell_write(sequence, row, side);
		g_string_append(out, ";\n");
	}
	if (row->label) {
		g_string_append(out, separator);
		arrow_write(sequence, row);
		separator = ",\n    ";
	}
	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		if (!sequence_has_cell(row, side) || !is_outside(sequence, row, side))
			continue;
		g_string_append(out, separator);
		cell_write(sequence, row, side);
		separator = ",\n    ";
	}
	if (separator[0] == ',')
		g_string_append(out, ";\n");
}

void
figure_write_mscgen(const Figure *figure, const FigureOptions *options, GString *out)
{
	const Sequence sequence = { .figure = figure, .options = options, .out = out };

	head_write(&sequence);
	if (figure->title) {
		g_string_append(out, "  ---");
		label_write(out, figure->title);
		g_string_append(out, ", linecolour=\"#ffffff\"];\n");
	}
	for (guint i = 0; i < figure->rows->len; i++)
		row_write(&sequence, figure_row(figure, i));
	if (figure->caption) {
		g_string_append(out, "  ---");
		label_write(out, figure->caption);
		g_string_append(out, ", linecolour=\"#ffffff\"];\n");
	}
	if (figure->rows->len == 0) /* it must have one */
		g_string_append(out, "  |||;\n");
	g_string_append(out, "}\n");
}
