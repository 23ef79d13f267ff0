/* figure_plantuml.c - a figure as a PlantUML sequence diagram: calls and states
 * are notes without a frame, so that they stand beside the lifelines as text.
 * Notes and bars belong to the message before them: where a row has no arrow, a
 * hidden one stands for it.
 */
#include "figure_writers.h"
#include "sequence.h"

#include <string.h>

/* Besides letters and digits, what PlantUML takes as it is; and what it takes
 * alone, but not twice in a row, nor at the beginning of a text. Everything else
 * is written by its number: Creole markup would be left out in silence. */
#define PLAIN "(),+"
#define PLAIN_ALONE " .:-_/="

static gboolean
is_plain(const char *text, const char *at)
{
	guchar byte = *at;

	if (byte >= 0x80 || g_ascii_isalnum(byte))
		return TRUE;
	if (strchr(PLAIN_ALONE, byte))
		return at > text && at[1] && at[-1] != byte && at[1] != byte;
	/* one of these as the whole text is no text (1.2020.2) */
	return strchr(PLAIN, byte) && (at > text || at[1]);
}

/* Typographic quotes end a name as plain ones do. */
static gboolean
is_quote(const char *at)
{
	static const char *const quotes[] = { "“", "”", "«", "»" };
	guint i = 0;

	while (i < G_N_ELEMENTS(quotes) && !g_str_has_prefix(at, quotes[i]))
		i++;
	return i < G_N_ELEMENTS(quotes);
}

static void
plantuml_escape(GString *out, const char *text)
{
	for (const char *p = text; *p; p++) {
		if (is_quote(p)) {
			g_string_append_printf(out, "&#%u;", g_utf8_get_char(p));
			p = g_utf8_next_char(p) - 1;
		} else if (is_plain(text, p)) {
			g_string_append_c(out, *p);
		} else if (*p == '$' || *p == '\\' || g_str_has_prefix(p, "<U+")) {
			/* of numbers as below the first two make 1.2020.2 crash, the last one is read again */
			g_string_append_printf(out, "<U+%04X>", (guchar)*p);
		} else { /* of spaces, those that would be left out stay as wide ones */
			g_string_append_printf(out, "&#%u;", *p == ' ' ? 160 : (guchar)*p);
		}
	}
	if (!*text)
		g_string_append(out, "&#160;");
}

static void
line_write(GString *out, const char *before, const char *text, const char *after)
{
	g_string_append(out, before);
	plantuml_escape(out, text);
	g_string_append(out, after);
}

static const char look[] = "hide footbox\n"
			   "skinparam backgroundColor transparent\n"
			   "skinparam shadowing false\n"
			   "skinparam sequence {\n"
			   "  ArrowColor #555555\n"
			   "  LifeLineBorderColor #888888\n"
			   "  LifeLineBackgroundColor #888888\n"
			   "  ParticipantBackgroundColor transparent\n"
			   "  ParticipantBorderColor #888888\n"
			   "}\n"
			   "skinparam note {\n"
			   "  BackgroundColor transparent\n"
			   "  BorderColor transparent\n"
			   "}\n";

static void
head_write(const Sequence *sequence)
{
	const Figure *figure = sequence->figure;
	GString *out = sequence->out;

	g_string_append_printf(out, "@startuml\n%s", look);
	if (figure->title)
		line_write(out, "title ", figure->title, "\n");
	if (figure->caption)
		line_write(out, "caption ", figure->caption, "\n");
	for (guint lane = 0; lane < figure->lanes->len; lane++) {
		line_write(out, "participant \"", g_ptr_array_index(figure->lanes, lane), "\"");
		g_string_append_printf(out, " as L%u\n", lane);
	}
}

static void
cell_write(const Sequence *sequence, const FigureRow *row, Side side)
{
	g_autofree char *call = sequence_call(row, side);
	const FigureCell *cell = &row->cell[side];
	GString *out = sequence->out;

	if (!sequence_has_cell(row, side))
		return;
	g_string_append_printf(out, "note %s : ", sequence_is_left(row, side) ? "left" : "right");
	if (call)
		plantuml_escape(out, call);
	if (call && cell->state)
		g_string_append(out, "\\n");
	if (cell->state)
		line_write(out, "<b>", cell->state, "</b>");
	g_string_append_c(out, '\n');
}

static void
arrow_write(const Sequence *sequence, const FigureRow *row)
{
	const char *colour = sequence_colour(sequence->options, row->role);
	const char *line = sequence_is_dashed(row->role)   ? "dotted"
			   : sequence_is_problem(row->role) ? "bold"
							    : NULL;
	GString *out = sequence->out;

	g_string_append_printf(out, "L%u -", row->from);
	if (colour || line)
		g_string_append_printf(out, "[%s%s%s%s]", colour ? "#" : "", colour ? colour : "",
				       colour && line ? "," : "", line ? line : "");
	g_string_append_printf(out, "> L%u : ", row->to);
}

static void
row_write(const Sequence *sequence, const FigureRow *row)
{
	g_autofree char *label = sequence_label(row);
	GString *out = sequence->out;

	if (sequence_is_arrow(row))
		arrow_write(sequence, row);
	else if (row->label)
		g_string_append_printf(out, "hnote over L0,L%u %s: ",
				       sequence->figure->lanes->len - 1,
				       sequence_is_problem(row->role) ? "#F9E3D5 " : "");
	else
		g_string_append_printf(out, "L%u -[hidden]> L%u\n", row->lane[0], row->lane[1]);
	if (row->label)
		line_write(out, "", label, "\n");
	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
		cell_write(sequence, row, side);
}

/* One at most for each lane and message: a call that begins where another ends
 * goes on with its bar. */
static void
bars_write(const Sequence *sequence, guint row)
{
	guint n;
	const SequenceChange *changes = sequence_waits_changes(sequence->waits, row, &n);

	for (guint i = 0; i < n; i++)
		g_string_append_printf(sequence->out, "%s L%u\n",
				       changes[i].begins ? "activate" : "deactivate",
				       changes[i].lane);
}

void
figure_write_plantuml(const Figure *figure, const FigureOptions *options, GString *out)
{
	g_autoptr(SequenceWaits) waits = sequence_waits_new(figure);
	const Sequence sequence = { figure, options, out, waits };

	head_write(&sequence);
	for (guint i = 0; i < figure->rows->len; i++) {
		row_write(&sequence, figure_row(figure, i));
		bars_write(&sequence, i);
	}
	g_string_append(out, "@enduml\n");
}
