/* SPDX-License-Identifier: MIT */
/* markdown.c - a figure as the table of lecture notes: server, message, client, the server on the
 * left. Beside each call that blocks a line goes down, with a V at its end. Ladders of more lanes
 * than two are a table of who, what, to whom. */
#include "writers.h"
#include "pktladder/text.h"
#include "sequence.h"

#include <string.h>

/* Characters that CommonMark, GitHub or Obsidian would read as markup. */
#define MARKUP "`*[]<>&|~#$^%@{}"

static gboolean
is_word(char byte)
{
	return (guchar)byte >= 0x80 || g_ascii_isalnum(byte);
}

/* Markup only in some places: "_" at a word's end, "==" twice, ":" where it encloses a word, "!" of
 * a picture; and what GitHub makes a link of without any: "http://" and the like, "www.". */
static gboolean
is_markup(const char *text, const char *at)
{
	char before = at > text ? at[-1] : ' ', after = at[1] ? at[1] : ' ';

	switch (*at) {
	case '\\':
		return TRUE;
	case '_':
		return !is_word(before) || !is_word(after);
	case '=':
		return before == '=' || after == '=';
	case ':':
		return (is_word(after) && !g_ascii_isdigit(after)) || g_str_has_prefix(at, "://");
	case '.':
		return at - text >= 3 && g_ascii_strncasecmp(at - 3, "www", 3) == 0;
	case '!':
		return after == '[';
	default:
		return strchr(MARKUP, *at) != NULL;
	}
}

/* At the beginning of a paragraph's line, where a cell has none, "- ", "+ ", "1. ", "---" are
 * markup, too. */
void
markdown_escape(GString *out, const char *text, gboolean paragraph)
{
	gsize digits = strspn(text, "0123456789");

	for (const char *p = text; *p; p++) {
		gboolean numbered =
		    digits > 0 && p == text + digits && strchr(".)", *p) && (p[1] == ' ' || !p[1]);
		gboolean block = paragraph && (numbered || (p == text && strchr("-+=", *p)));

		if (*p == ' ' && (p == text || p[-1] == ' ' || !p[1]))
			g_string_append(out, "&nbsp;");
		else if (*p == '\\' &&
			 (p[1] == '|' || !p[1])) /* cells are told apart by \| first */
			g_string_append(out, "&#92;");
		else if (*p == '@' &&
			 is_word(p[1])) /* no backslash keeps an address from being one */
			g_string_append(out, "\\@<!-- -->");
		else if (is_markup(text, p) || block)
			g_string_append_printf(out, "\\%c", *p);
		else
			g_string_append_c(out, *p);
	}
}

/* The mark of blocked calls in one lane's column, on the row that the waits have come to: a call
 * ends, or one waits. */
static const char *
mark_of(const SequenceWaits *waits, guint32 lane)
{
	for (guint i = 0; i < waits->changes->len; i++) {
		const SequenceChange *change = &g_array_index(waits->changes, SequenceChange, i);

		if (change->lane == lane && !change->begins)
			return "V";
	}
	return waits->waiting[lane] > 0 ? "\\|" : "";
}

/* The table: rows of cells, columns padded to one width. */

static void
text_add(GPtrArray *table, const char *text)
{
	GString *cell = g_string_new(NULL);

	markdown_escape(cell, text, FALSE);
	g_ptr_array_add(table, g_string_free(cell, FALSE));
}

/* The cell of one end: its name, if it is given, the call's mark, the call and the state. */
static void
end_add(GPtrArray *table, const FigureCell *end, const char *name, const char *mark)
{
	GString *cell = g_string_new(NULL), *text = g_string_new(mark);

	if (end->call) {
		g_string_append(text, text->len ? " " : "");
		markdown_escape(text, end->call, FALSE);
	}
	if (end->state)
		g_string_append_printf(text, "%s**%s**", text->len ? " " : "", end->state);
	if (name) {
		markdown_escape(cell, name, FALSE);
		g_string_append(cell, text->len ? ": " : "");
	}
	g_string_append(cell, text->str);
	g_string_free(text, TRUE);
	g_ptr_array_add(table, g_string_free(cell, FALSE));
}

/* A problem is bold. */
static void
message_add(GPtrArray *table, const FigureRow *row, gboolean to_left)
{
	const char *bold = sequence_is_problem(row->role) ? "**" : "";
	gboolean arrow = row->label && figure_row_is_arrow(row);
	g_autofree char *text = sequence_text(row);
	GString *cell = g_string_new(!arrow ? "" : to_left ? "<-- " : "--- ");

	if (row->label) {
		g_string_append(cell, bold);
		markdown_escape(cell, text, FALSE);
		g_string_append(cell, bold);
	}
	g_string_append(cell, !arrow ? "" : to_left ? " ---" : " -->");
	g_ptr_array_add(table, g_string_free(cell, FALSE));
}

/* Two lanes stand as in lecture notes: server, message, client; any other number as who (and
 * what it did), message, to whom. Before that the time, where it is wanted. */
static void
rows_add(GPtrArray *table, const Figure *figure, gboolean times)
{
	g_autoptr(SequenceWaits) waits = sequence_waits_new(figure);
	gboolean pair = figure->lanes->len == 2;

	if (times)
		text_add(table, _("time"));
	text_add(table, pair ? g_ptr_array_index(figure->lanes, 1) : _("from"));
	text_add(table, "");
	text_add(table, pair ? g_ptr_array_index(figure->lanes, 0) : _("to"));
	for (guint i = 0; i < figure->rows->len; i++) {
		const FigureRow *row = figure_row(figure, i);
		Side left =
		    pair ? row->lane[SIDE_SERVER] == 1 : row->lane[SIDE_CLIENT] != row->from;

		sequence_waits_step(waits, i);
		if (times)
			text_add(table, row->time ? row->time : "");
		for (guint right = 0; right < 2; right++) {
			Side side = right ? !left : left;
			guint32 lane = pair ? !right : row->lane[side];
			gboolean named =
			    !pair && (figure_row_is_arrow(row) || sequence_has_cell(row, side));

			if (right)
				message_add(table, row, pair && row->to == 1);
			end_add(table, &row->cell[side],
				named ? g_ptr_array_index(figure->lanes, lane) : NULL,
				pair || named ? mark_of(waits, lane) : "");
		}
	}
}

static void
paragraph_append(GString *out, const char *text, const char *before, const char *after)
{
	if (!text)
		return;
	g_string_append(out, before);
	markdown_escape(out, text, TRUE);
	g_string_append(out, after);
}

static void
padded_append(GString *out, const char *text, guint width)
{
	g_string_append_printf(out, "| %s%*s ", text, (int)(width - text_width(text)), "");
}

void
figure_write_markdown(const Figure *figure, const FigureOptions *options, GString *out)
{
	g_autoptr(GPtrArray) table = g_ptr_array_new_with_free_func(g_free);
	guint columns = options->time == FIGURE_TIME_NONE ? 3 : 4;
	guint widths[] = { 3, 3, 3, 3 }; /* of the rule below the head */

	paragraph_append(out, figure->title, "", "\n\n");
	rows_add(table, figure, columns == 4);
	for (guint i = 0; i < table->len; i++)
		widths[i % columns] =
		    MAX(widths[i % columns], text_width(g_ptr_array_index(table, i)));
	for (guint i = 0; i < table->len; i++) {
		padded_append(out, g_ptr_array_index(table, i), widths[i % columns]);
		if (i % columns == columns - 1)
			g_string_append(out, "|\n");
		for (guint rule = 0; i + 1 == columns && rule < columns; rule++) {
			g_autofree char *dashes = g_strnfill(widths[rule], '-');

			padded_append(out, dashes, widths[rule]);
			g_string_append(out, rule + 1 == columns ? "|\n" : "");
		}
	}
	paragraph_append(out, figure->caption, "\n", "\n");
}
