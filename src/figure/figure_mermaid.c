/* figure_mermaid.c - a figure as a Mermaid sequence diagram. It has no place
 * beside a message, so the call that causes a segment is a note above it, and
 * what follows from it a note below.
 */
#include "figure_writers.h"
#include "sequence.h"

#include <string.h>

/* What Mermaid takes unless its page says otherwise (a diagram cannot). */
#define MAX_CHARACTERS 50000

/* Besides letters and digits, what Mermaid takes as it is. Everything else is
 * written by its number: ";" would end a statement, "#" begins a number, "%%{"
 * and "@{" begin settings, "$$" a formula, "<" becomes HTML. */
#define PLAIN " .,()=:/-+_[]'"

/* Spaces that a browser would leave out stay as wide ones. */
static gboolean
is_lost_space(const char *text, const char *at)
{
	return *at == ' ' && (at == text || at[1] == ' ' || at[1] == '\0');
}

static void
mermaid_escape(GString *out, const char *text)
{
	gboolean order = strstr(text, "wrap:") != NULL; /* it would be obeyed */

	for (const char *p = text; *p; p++) {
		guchar byte = *p;

		if (is_lost_space(text, p))
			g_string_append(out, "#160;");
		else if (byte >= 0x80 || g_ascii_isalnum(byte) ||
			 (strchr(PLAIN, byte) && !(order && byte == ':')))
			g_string_append_c(out, byte);
		else
			g_string_append_printf(out, "#%u;", byte);
	}
	if (!*text) /* a message must have one */
		g_string_append(out, "#160;");
}

/* What front matter cannot show as it is: Mermaid shows "&amp;", leaves out
 * elements, and looks for settings. */
#define NO_TITLE "&<>%{}"

static void
across_write(const Sequence *sequence, const char *text)
{
	g_string_append_printf(sequence->out, "    Note over L0,L%u: ",
			       sequence->figure->lanes->len - 1);
	mermaid_escape(sequence->out, text);
	g_string_append_c(sequence->out, '\n');
}

/* Front matter is YAML, in which text in double quotes is as it is, but for two
 * characters. */
static void
title_escape(GString *out, const char *text)
{
	for (const char *p = text; *p; p++) {
		if (*p == '"' || *p == '\\')
			g_string_append_c(out, '\\');
		g_string_append_c(out, *p);
	}
}

static void
head_write(const Sequence *sequence)
{
	const Figure *figure = sequence->figure;
	gboolean in_front = figure->title && !strpbrk(figure->title, NO_TITLE);
	GString *out = sequence->out;

	g_string_append(out, "---\n");
	if (in_front) {
		g_string_append(out, "title: \"");
		title_escape(out, figure->title);
		g_string_append(out, "\"\n");
	}
	g_string_append(out, "config:\n  sequence:\n    mirrorActors: false\n---\n"
			     "sequenceDiagram\n");
	for (guint lane = 0; lane < figure->lanes->len; lane++) {
		g_string_append_printf(out, "    participant L%u as ", lane);
		mermaid_escape(out, g_ptr_array_index(figure->lanes, lane));
		g_string_append_c(out, '\n');
	}
	if (figure->title && !in_front)
		across_write(sequence, figure->title);
}

static void
cell_write(const Sequence *sequence, const FigureRow *row, Side side)
{
	g_autofree char *call = sequence_call(row, side);
	const char *state = row->cell[side].state;
	GString *out = sequence->out;

	if (!sequence_has_cell(row, side))
		return;
	g_string_append_printf(out, "    Note %s of L%u: ",
			       sequence_is_left(row, side) ? "left" : "right", row->lane[side]);
	if (call)
		mermaid_escape(out, call);
	if (call && state)
		g_string_append(out, "<br/>");
	if (state)
		mermaid_escape(out, state);
	g_string_append_c(out, '\n');
}

/* A problem has a band behind it, since arrows have no colours. */
static void
label_write(const Sequence *sequence, const FigureRow *row)
{
	g_autofree char *label = sequence_label(row);
	gboolean problem = sequence_is_problem(row->role);
	GString *out = sequence->out;

	if (problem)
		g_string_append(out, "    rect rgba(213, 94, 0, 0.2)\n");
	if (sequence_is_arrow(row))
		g_string_append_printf(out, "    L%u%sL%u: ", row->from,
				       sequence_is_dashed(row->role) ? "-->>" : "->>", row->to);
	else
		g_string_append_printf(out, "    Note over L0,L%u: ",
				       sequence->figure->lanes->len - 1);
	mermaid_escape(out, label);
	g_string_append(out, problem ? "\n    end\n" : "\n");
}

static void
row_write(const Sequence *sequence, const FigureRow *row)
{
	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		if (row->label && sequence_is_cause(row, side))
			cell_write(sequence, row, side);
	}
	if (row->label)
		label_write(sequence, row);
	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		if (!row->label || !sequence_is_cause(row, side))
			cell_write(sequence, row, side);
	}
}

/* Before the row the bars that begin on it, behind it those that end. */
static void
bars_write(const Sequence *sequence, guint row, gboolean begin)
{
	guint n;
	const SequenceChange *changes = sequence_waits_changes(sequence->waits, row, &n);

	for (guint i = 0; i < n; i++) {
		if (changes[i].begins == begin)
			g_string_append_printf(sequence->out, "    %s L%u\n",
					       begin ? "activate" : "deactivate", changes[i].lane);
	}
}

void
figure_write_mermaid(const Figure *figure, const FigureOptions *options, GString *out)
{
	g_autoptr(SequenceWaits) waits = sequence_waits_new(figure);
	gsize start = out->len;
	const Sequence sequence = { figure, options, out, waits };

	head_write(&sequence);
	for (guint i = 0; i < figure->rows->len; i++) {
		bars_write(&sequence, i, TRUE);
		row_write(&sequence, figure_row(figure, i));
		bars_write(&sequence, i, FALSE);
	}
	if (figure->caption)
		across_write(&sequence, figure->caption);
	if (g_utf8_strlen(out->str + start, -1) > MAX_CHARACTERS)
		g_string_append_printf(out, "%%%% longer than maxTextSize (%d) of Mermaid allows: "
					    "raise it, or draw fewer rows\n",
				       MAX_CHARACTERS);
}
