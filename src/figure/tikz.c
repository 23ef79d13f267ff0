/* SPDX-License-Identifier: MIT */
/* tikz.c - a figure as raw TikZ: a picture to \input, and the same as a document of its own. Rows
 * stand at whole numbers of y. TeX alone knows how wide a text is: lanes stand as far apart as
 * their longest text needs by estimate, and what is beside a lane grows away from it. */
#include "writers.h"
#include "pktladder/text.h"
#include "sequence.h"

#include <string.h>

/* Centimetres, for the size of letters below. */
#define ROW_HEIGHT      "0.55"
#define CHARACTER_WIDTH 0.16
#define MIN_DISTANCE    4.0
#define BAR_OFFSET      "1.2mm" /* from the lifeline */
#define TEXT_OFFSET     "2.4mm"

/* TeX has no length beyond 5.7 m: longer ladders go on in a further picture. */
#define PICTURE_ROWS 500

/* Characters that TeX reads as something else, spelled so that every font encoding has them. */
static const char *const escapes[128] = {
	['\\'] = "\\textbackslash{}",
	['{'] = "\\{",
	['}'] = "\\}",
	['$'] = "\\$",
	['&'] = "\\&",
	['#'] = "\\#",
	['^'] = "\\textasciicircum{}",
	['_'] = "\\texttt{\\char95}", /* \_ is a line, no letter that can be searched */
	['~'] = "\\textasciitilde{}",
	['%'] = "\\%",
	['<'] = "\\textless{}",
	['>'] = "\\textgreater{}",
	['|'] = "\\textbar{}",
	['"'] = "\\texttt{\\char34}",
	['\''] = "\\textquotesingle{}",
	['`'] = "\\textasciigrave{}",
	/* these would become one sign with what comes next: two dashes, an accent, fi */
	['-'] = "-{}",
	['f'] = "f{}",
	['!'] = "!{}",
	['?'] = "?{}",
	[','] = ",{}",
};

/* Whether the letter stands for itself here: two such letters in a row make another sign. */
static gboolean
is_alone(const char *at)
{
	switch (*at) {
	case '-':
	case ',':
		return at[1] != *at;
	case 'f':
		return at[1] == '\0' || !strchr("fil", at[1]);
	case '!':
	case '?':
		return at[1] != '`';
	default:
		return FALSE;
	}
}

static void
tikz_escape(GString *out, const char *text)
{
	for (const char *p = text, *next; *p; p = next) {
		gunichar character = g_utf8_get_char(p);

		next = g_utf8_next_char(p);
		if (character >=
		    0x100) /* not every engine has a glyph: the macro prints it, or its number */
			g_string_append_printf(out, "\\pktladderchar{%04X}{%.*s}", character,
					       (int)(next - p), p);
		else if (character == ' ' && (p == text || p[-1] == ' ' || !p[1]))
			g_string_append(out, "~"); /* one that TeX would leave out */
		else if (character < G_N_ELEMENTS(escapes) && escapes[character] && !is_alone(p))
			g_string_append(out, escapes[character]);
		else
			g_string_append_len(out, p, next - p);
	}
}

static const SequenceSyntax syntax = {
	.escape = tikz_escape,
	.steps = { STEP_TIME, STEP_MESSAGE, STEP_CELLS },
	.lane =
	    "  \\node[anchor=base, font=\\sffamily\\bfseries\\footnotesize] at (%l,-0.50) {%t};\n"
	    "  \\draw[gray] (%l,-0.20) -- (%l,%y);\n",
	.time = "  \\node[anchor=east, gray, font=\\sffamily\\scriptsize] at (%x,%y) {%t};\n",
	.arrow = "  \\draw[->%k%c] (%f,%y) -- node[above, pos=%p] {%t} (%g,%y);\n",
	/* across the lanes */
	.note = "  \\draw[densely dotted%c] (0.00,%y) -- node[above] {%t} (%n,%y);\n",
	.lines = { { ", thick", ", densely dashed", ", thick, dash dot", ", very thick" } },
	.colour = ", pktladder-%r",
	.failed = ", pktladder-%r",
	.cell = "  \\node[anchor=%s" TEXT_OFFSET "%c] at (%l,%y) {%t};\n",
	.between = "\\quad ",
	.state = { "\\textbf{", "}" },
	.state_inside = TRUE,
	.sides = { "west, xshift=", "east, xshift=-" },
};

/* Title and caption stand over and below the middle of the lanes. */
static void
line_write(Sequence *at, const char *text, const char *template, double y)
{
	double time_x = at->time_x;

	at->time_x = (at->figure->lanes->len - 1) * at->distance / 2;
	at->y = y;
	sequence_put(at, template, text);
	at->time_x = time_x;
}

static void
picture_write(Sequence *at, guint first, guint end)
{
	const Figure *figure = at->figure;
	g_autoptr(GArray) on = figure_bars_on(figure, first, end);

	at->y = end - first;
	g_string_append(at->out,
			"\\begin{tikzpicture}[x=1cm, y=-" ROW_HEIGHT "cm, >=stealth, "
			"font=\\sffamily\\footnotesize,\n  every node/.style={inner sep=1.5pt}]\n");
	/* each colour by the name of its role: "pktladder-2" */
	for (at->role = ROLE_PLAIN; at->role <= ROLE_CALL_FAILED; at->role++) {
		at->colour = sequence_colour(at->options, at->role);
		if (at->colour)
			sequence_put(at, "  \\definecolor{pktladder-%r}{HTML}{%h}\n", "");
	}
	sequence_lanes(at);
	if (first == 0)
		line_write(at, figure->title,
			   "  \\node[anchor=base, font=\\sffamily\\bfseries] at (%x,%y) {%t};\n",
			   -1.6);
	/* The part of the bars that is in this picture, on that side of the lifeline on which the
	 * call's text stands. */
	for (guint i = 0; i < on->len; i++) {
		const FigureBar *bar = figure_bar(figure, g_array_index(on, guint, i));
		const FigureRow *row = figure_row(figure, bar->first);
		Side side = row->lane[SIDE_CLIENT] == bar->lane ? SIDE_CLIENT : SIDE_SERVER;
		double to = MIN(bar->last, end - 1) + (bar->last >= end || bar->open ? 0.5 : 0);

		at->lane = bar->lane;
		at->y = MAX(bar->first, first) - first + 0.5;
		sequence_put(at,
			     figure_row_is_left(row, side)
				 ? "  \\draw[line width=2.4pt, xshift=-" BAR_OFFSET "] (%l,%y) -- "
				 : "  \\draw[line width=2.4pt, xshift=" BAR_OFFSET "] (%l,%y) -- ",
			     "");
		at->y = to - first + 0.5;
		sequence_put(at, "(%l,%y);\n", "");
	}
	for (guint i = first; i < end; i++) {
		at->y = i - first + 0.5;
		sequence_row(at, i);
	}
	if (end == figure->rows->len)
		line_write(
		    at, figure->caption,
		    "  \\node[anchor=base, font=\\sffamily\\footnotesize] at (%x,%y) {%t};\n",
		    end - first + 1);
	g_string_append(at->out, "\\end{tikzpicture}\n");
}

/* An engine that cannot print a character prints its number. */
static const char foreign_macro[] =
    "\\providecommand\\pktladderchar[2]{\\ifdefined\\Umathchar #2\\else [U+#1]\\fi}%\n";

/* Widths by estimate: between two lanes there is room for each label and each name; with more
 * than two of them, for what stands beside the inner ones, too. Times stand left of everything
 * that stands left of the first lane. */
void
figure_write_tikz(const Figure *figure, const FigureOptions *options, GString *out)
{
	Sequence at = { &syntax, figure, options, out };
	guint between = sequence_columns(figure, sequence_text);
	guint left = text_width(g_ptr_array_index(figure->lanes, 0)) / 2;
	guint first = 0, end;

	for (guint i = 0; i < figure->rows->len; i++) {
		const FigureRow *row = figure_row(figure, i);

		for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
			const FigureCell *cell = &row->cell[side];
			guint columns = (cell->call ? text_width(cell->call) : 0) +
					(cell->state ? text_width(cell->state) + 3 : 0);

			if (figure->lanes->len > 2)
				between = MAX(between, columns);
			if (row->lane[side] == 0 && figure_row_is_left(row, side))
				left = MAX(left, columns);
		}
	}
	at.distance = MAX(between * CHARACTER_WIDTH + 1, MIN_DISTANCE);
	at.time_x = -(left * CHARACTER_WIDTH + 1);
	g_string_append(out, foreign_macro);
	do {
		end = MIN(first + PICTURE_ROWS, figure->rows->len);
		picture_write(&at, first, end);
		first = end;
	} while (end < figure->rows->len);
}

void
figure_write_latex(const Figure *figure, const FigureOptions *options, GString *out)
{
	g_string_append(
	    out, "\\documentclass[tikz,border=4mm]{standalone}\n"
		 "\\ifdefined\\pdfgentounicode\\input{glyphtounicode}\\pdfgentounicode=1\\fi\n"
		 "\\begin{document}\n");
	figure_write_tikz(figure, options, out);
	g_string_append(out, "\\end{document}\n");
}
