/* figure_tikz.c - a figure as raw TikZ: a picture to \input, and the same as a
 * document of its own. Rows stand at whole numbers of y. TeX alone knows how wide
 * a text is: lanes stand as far apart as their longest text needs by estimate,
 * and what is beside a lane grows away from it.
 */
#include "figure_bars.h"
#include "figure_writers.h"
#include "pktladder/text.h"
#include "sequence.h"

#include <string.h>

/* Centimetres, for the size of letters below. */
#define ROW_HEIGHT "0.55"
#define CHARACTER_WIDTH 0.16
#define MIN_DISTANCE 4.0
#define BAR_OFFSET "1.2mm" /* from the lifeline */
#define TEXT_OFFSET "2.4mm"

/* TeX has no length beyond 5.7 m: longer ladders go on in a further picture. */
#define PICTURE_ROWS 500

/* Those that TeX reads as something else; in every font encoding. */
static const char *const escapes[128] = {
	['\\'] = "\\textbackslash{}", ['{'] = "\\{", ['}'] = "\\}", ['$'] = "\\$",
	['&'] = "\\&", ['#'] = "\\#", ['^'] = "\\textasciicircum{}",
	['_'] = "\\texttt{\\char95}", /* \_ is a line, no letter that can be searched */
	['~'] = "\\textasciitilde{}", ['%'] = "\\%", ['<'] = "\\textless{}",
	['>'] = "\\textgreater{}", ['|'] = "\\textbar{}", ['"'] = "\\texttt{\\char34}",
	['\''] = "\\textquotesingle{}", ['`'] = "\\textasciigrave{}",
	/* these would become one sign with what comes next: two dashes, an accent, fi */
	['-'] = "-{}", ['f'] = "f{}", ['!'] = "!{}", ['?'] = "?{}", [','] = ",{}",
};

/* Two of these make another sign, or begin one. */
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

/* A character that not every engine has a glyph for: the macro prints it, or its number. */
static const char *
foreign_append(GString *out, const char *at)
{
	const char *next = g_utf8_next_char(at);
	gunichar character = g_utf8_get_char(at);

	if (character < 0x100)
		g_string_append_len(out, at, next - at);
	else
		g_string_append_printf(out, "\\pktladderchar{%04X}{%.*s}", character,
				       (int)(next - at), at);
	return next;
}

static void
tikz_escape(GString *out, const char *text)
{
	for (const char *p = text; *p;) {
		guchar byte = *p;

		if (byte >= 0x80) {
			p = foreign_append(out, p);
			continue;
		}
		if (byte == ' ' && (p == text || p[-1] == ' ' || !p[1]))
			g_string_append(out, "~"); /* one that TeX would leave out */
		else if (escapes[byte] && !is_alone(p))
			g_string_append(out, escapes[byte]);
		else
			g_string_append_c(out, byte);
		p++;
	}
}

/* Widths by estimate. */

static guint
cell_columns(const FigureRow *row, Side side)
{
	const FigureCell *cell = &row->cell[side];

	return (cell->call ? text_width(cell->call) : 0) +
	       (cell->state ? text_width(cell->state) + 3 : 0);
}

/* Between two lanes there is room for each label and each name; with more than
 * two of them, for what stands beside the inner ones, too. */
static double
lane_distance(const Figure *figure)
{
	guint columns = 0;

	for (guint lane = 0; lane < figure->lanes->len; lane++)
		columns = MAX(columns, text_width(g_ptr_array_index(figure->lanes, lane)));
	for (guint i = 0; i < figure->rows->len; i++) {
		const FigureRow *row = figure_row(figure, i);
		g_autofree char *text = sequence_text(row);

		columns = MAX(columns, text ? text_width(text) : 0);
		for (guint side = 0; side < 2 && figure->lanes->len > 2; side++)
			columns = MAX(columns, cell_columns(row, side));
	}
	return MAX(columns * CHARACTER_WIDTH + 1, MIN_DISTANCE);
}

/* Where times stand: left of everything that stands left of the first lane. */
static double
time_place(const Figure *figure)
{
	guint columns = text_width(g_ptr_array_index(figure->lanes, 0)) / 2;

	for (guint i = 0; i < figure->rows->len; i++) {
		const FigureRow *row = figure_row(figure, i);

		for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
			if (row->lane[side] == 0 && sequence_is_left(row, side))
				columns = MAX(columns, cell_columns(row, side));
		}
	}
	return -(columns * CHARACTER_WIDTH + 1);
}

static void
number_append(GString *out, double number)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];

	g_string_append(out, g_ascii_formatd(text, sizeof text, "%.2f", number));
}

/* The picture. */

typedef struct {
	Sequence sequence;
	const FigureBars *bars;
	double distance, time_x;
} Picture;

/* Each colour by the name of its role: "pktladder-syn". */
static void
colours_write(const Picture *picture)
{
	for (Role role = ROLE_PLAIN; role <= ROLE_CALL_FAILED; role++) {
		const char *colour = sequence_colour(picture->sequence.options, role);

		if (colour)
			g_string_append_printf(picture->sequence.out,
					       "  \\definecolor{pktladder-%d}{HTML}{%s}\n", role, colour);
	}
}

/* Appends the option that draws in the role's colour. */
static void
colour_append(const Picture *picture, Role role)
{
	if (sequence_colour(picture->sequence.options, role))
		g_string_append_printf(picture->sequence.out, ", pktladder-%d", role);
}

static void
point_append(GString *out, const Picture *picture, guint lane, double y)
{
	g_string_append_c(out, '(');
	number_append(out, lane * picture->distance);
	g_string_append_c(out, ',');
	number_append(out, y);
	g_string_append_c(out, ')');
}

static void
head_write(const Picture *picture, guint rows)
{
	GString *out = picture->sequence.out;
	const GPtrArray *lanes = picture->sequence.figure->lanes;

	g_string_append(out, "\\begin{tikzpicture}[x=1cm, y=-" ROW_HEIGHT "cm, >=stealth, "
			     "font=\\sffamily\\footnotesize,\n  every node/.style={inner sep=1.5pt}]\n");
	colours_write(picture);
	for (guint lane = 0; lane < lanes->len; lane++) {
		g_string_append(out, "  \\node[anchor=base, font=\\sffamily\\bfseries\\footnotesize] at ");
		point_append(out, picture, lane, -0.5);
		g_string_append(out, " {");
		tikz_escape(out, g_ptr_array_index(lanes, lane));
		g_string_append(out, "};\n  \\draw[gray] ");
		point_append(out, picture, lane, -0.2);
		g_string_append(out, " -- ");
		point_append(out, picture, lane, rows);
		g_string_append(out, ";\n");
	}
}

static void
arrow_write(const Picture *picture, const FigureRow *row, double y)
{
	GString *out = picture->sequence.out;
	g_autofree char *text = sequence_text(row);
	guint span = row->from < row->to ? row->to - row->from : MAX(row->from - row->to, 1);
	const char *thickness = row->role == ROLE_ACK	? ""
				: row->role == ROLE_FOLD ? ", very thick"
							 : ", thick";

	g_string_append_printf(out, "  \\draw[->%s%s", thickness,
			       sequence_is_dashed(row->role)	? ", densely dashed"
			       : sequence_is_problem(row->role) ? ", dash dot"
								: "");
	colour_append(picture, row->role);
	g_string_append(out, "] ");
	point_append(out, picture, row->from, y);
	/* before the next lane, so that no lifeline runs through it */
	g_string_append(out, " -- node[above, pos=");
	number_append(out, 0.5 / span);
	g_string_append(out, "] {");
	tikz_escape(out, text);
	g_string_append(out, "} ");
	point_append(out, picture, row->to, y);
	g_string_append(out, ";\n");
}

/* Across the lanes, on paper's own colour, so that no lifeline runs through it. */
static void
note_write(const Picture *picture, const FigureRow *row, double y)
{
	GString *out = picture->sequence.out;
	guint last = picture->sequence.figure->lanes->len - 1;
	g_autofree char *text = sequence_text(row);

	g_string_append(out, "  \\draw[densely dotted");
	colour_append(picture, row->role);
	g_string_append(out, "] ");
	point_append(out, picture, 0, y);
	g_string_append(out, " -- node[above] {");
	tikz_escape(out, text);
	g_string_append(out, "} ");
	point_append(out, picture, last, y);
	g_string_append(out, ";\n");
}

static void
cell_write(const Picture *picture, const FigureRow *row, Side side, double y)
{
	const FigureCell *cell = &row->cell[side];
	gboolean left = sequence_is_left(row, side);
	GString *out = picture->sequence.out;

	if (!sequence_has_cell(row, side))
		return;
	g_string_append_printf(out, "  \\node[anchor=%s, xshift=%s" TEXT_OFFSET, left ? "east" : "west",
			       left ? "-" : "");
	if (cell->failed)
		colour_append(picture, ROLE_CALL_FAILED);
	g_string_append(out, "] at ");
	point_append(out, picture, row->lane[side], y);
	g_string_append(out, " {");
	if (cell->state && !left)
		g_string_append_printf(out, "\\textbf{%s}%s", cell->state, cell->call ? "\\quad " : "");
	if (cell->call)
		tikz_escape(out, cell->call);
	if (cell->state && left)
		g_string_append_printf(out, "%s\\textbf{%s}", cell->call ? "\\quad " : "", cell->state);
	g_string_append(out, "};\n");
}

static void
row_write(const Picture *picture, const FigureRow *row, double y)
{
	GString *out = picture->sequence.out;

	if (row->time) {
		g_string_append(out, "  \\node[anchor=east, gray, font=\\sffamily\\scriptsize] at (");
		number_append(out, picture->time_x);
		g_string_append_c(out, ',');
		number_append(out, y);
		g_string_append(out, ") {");
		tikz_escape(out, row->time);
		g_string_append(out, "};\n");
	}
	if (sequence_is_arrow(row))
		arrow_write(picture, row, y);
	else if (row->label)
		note_write(picture, row, y);
	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
		cell_write(picture, row, side, y);
}

/* Beside which side of its lane a bar stands: that of its call's text. */
static gboolean
bar_is_left(const Figure *figure, const FigureBar *bar)
{
	const FigureRow *row = figure_row(figure, bar->first);
	Side side = row->lane[SIDE_CLIENT] == bar->lane ? SIDE_CLIENT : SIDE_SERVER;

	return sequence_is_left(row, side);
}

/* The part of the bars that is in the picture of rows from `first` to `end`. */
static void
bars_write(const Picture *picture, guint first, guint end)
{
	const Figure *figure = picture->sequence.figure;
	GString *out = picture->sequence.out;
	g_autoptr(GArray) bars = figure_bars_on(picture->bars, first, end);

	for (guint i = 0; i < bars->len; i++) {
		const FigureBar *bar = figure_bar(figure, g_array_index(bars, guint, i));
		double from = MAX(bar->first, first), to = MIN(bar->last, end - 1);

		if (bar->last >= end || bar->open)
			to += 0.5;
		g_string_append_printf(out, "  \\draw[line width=2.4pt, xshift=%s" BAR_OFFSET "] ",
				       bar_is_left(figure, bar) ? "-" : "");
		point_append(out, picture, bar->lane, from - first + 0.5);
		g_string_append(out, " -- ");
		point_append(out, picture, bar->lane, to - first + 0.5);
		g_string_append(out, ";\n");
	}
}

/* Title and caption stand over and below the middle of the lanes. */
static void
line_write(const Picture *picture, const char *text, const char *font, double y)
{
	GString *out = picture->sequence.out;

	if (!text)
		return;
	g_string_append_printf(out, "  \\node[anchor=base, font=\\sffamily%s] at (", font);
	number_append(out, (picture->sequence.figure->lanes->len - 1) * picture->distance / 2);
	g_string_append_c(out, ',');
	number_append(out, y);
	g_string_append(out, ") {");
	tikz_escape(out, text);
	g_string_append(out, "};\n");
}

static void
picture_write(const Picture *picture, guint first, guint end)
{
	const Figure *figure = picture->sequence.figure;

	head_write(picture, end - first);
	if (first == 0)
		line_write(picture, figure->title, "\\bfseries", -1.6);
	bars_write(picture, first, end);
	for (guint i = first; i < end; i++)
		row_write(picture, figure_row(figure, i), i - first + 0.5);
	if (end == figure->rows->len)
		line_write(picture, figure->caption, "\\footnotesize", end - first + 1);
	g_string_append(picture->sequence.out, "\\end{tikzpicture}\n");
}

/* What not every engine can print has its number instead in those that cannot. */
static const char foreign_macro[] =
	"\\providecommand\\pktladderchar[2]{\\ifdefined\\Umathchar #2\\else [U+#1]\\fi}%\n";

void
figure_write_tikz(const Figure *figure, const FigureOptions *options, GString *out)
{
	g_autoptr(FigureBars) bars = figure_bars_new(figure);
	const Picture picture = { .sequence = { figure, options, out },
				  .bars = bars,
				  .distance = lane_distance(figure),
				  .time_x = time_place(figure) };
	guint first = 0;

	g_string_append(out, foreign_macro);
	do {
		guint end = MIN(first + PICTURE_ROWS, figure->rows->len);

		picture_write(&picture, first, end);
		first = end;
	} while (first < figure->rows->len);
}

void
figure_write_latex(const Figure *figure, const FigureOptions *options, GString *out)
{
	g_string_append(out, "\\documentclass[tikz,border=4mm]{standalone}\n"
			     "\\ifdefined\\pdfgentounicode\\input{glyphtounicode}\\pdfgentounicode=1\\fi\n"
			     "\\begin{document}\n");
	figure_write_tikz(figure, options, out);
	g_string_append(out, "\\end{document}\n");
}
