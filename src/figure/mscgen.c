/* SPDX-License-Identifier: MIT */
/* mscgen.c - a figure as a message sequence chart for mscgen. Two lifelines that nobody sees stand
 * outside of the lanes: what is written on them stands beside the arrow, in the same row. A lane
 * between others has no such room, its calls are boxes of their own. There are no bars: a call's
 * return says which call it ends. */
#include "writers.h"
#include "pktladder/text.h"
#include "sequence.h"

/* Columns of text between two lifelines that mscgen's own width holds, measured. */
#define WIDTH_LANES     600.0
#define WIDTH_CHARACTER 8.0
#define MIN_SCALE       1.0

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

/* All that stands in one row is one statement, with commas. */
static const SequenceSyntax syntax = {
	.escape = mscgen_escape,
	.steps = { STEP_INNER, STEP_MESSAGE, STEP_OUTER },
	.lane = ",\n  l%l [label=\"%t\"]",
	.across = "  --- [label=\"%t\", linecolour=\"#ffffff\"];\n",
	.arrow = "l%f%kl%g [label=\"%t\"%c]",
	.note = "l0 note l%n [label=\"%t\"%c]",
	.lines = { { "=>", ">>", "=>", "=>" } },
	.colour = ", linecolour=\"#%h\", textcolour=\"#%h\"",
	.failed = ", textcolour=\"#%h\"",
	.cell = "%o box %o [label=\"%t\", linecolour=\"#ffffff\"%c]",
	.inner = "  l%l rbox l%l [label=\"%t\"%c];\n",
	.between = "\\n",
	.outside = { "right", "left" },
	.statement = { "  ", ",\n    ", ";\n" },
};

void
figure_write_mscgen(const Figure *figure, const FigureOptions *options, GString *out)
{
	Sequence at = { &syntax, figure, options, out };
	guint columns = sequence_columns(figure, sequence_label);
	char scale[G_ASCII_DTOSTR_BUF_SIZE];

	/* So wide that no text is broken or runs into the next. */
	for (guint i = 0; i < 2 * figure->rows->len; i++) {
		g_autofree char *call = sequence_call(figure_row(figure, i / 2), i % 2);

		columns = MAX(columns, call ? text_width(call) : 0);
	}
	double needed = (columns + 6) * WIDTH_CHARACTER * (figure->lanes->len + 2) / WIDTH_LANES;
	g_ascii_formatd(scale, sizeof scale, "%.1f", MAX(needed, MIN_SCALE));
	g_string_append_printf(out,
			       "msc {\n  hscale=\"%s\", arcgradient=\"0\";\n"
			       "  left [label=\"\", linecolour=\"#ffffff\"]",
			       scale);
	sequence_lanes(&at);
	g_string_append(out, ",\n  right [label=\"\", linecolour=\"#ffffff\"];\n");
	sequence_put(&at, syntax.across, figure->title);
	sequence_rows(&at);
	sequence_put(&at, syntax.across, figure->caption);
	/* there must be a row */
	g_string_append(out, figure->rows->len == 0 ? "  |||;\n}\n" : "}\n");
}
