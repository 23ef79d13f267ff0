/* figure_markdown.c - a figure as the table of lecture notes: server, message,
 * client, the server on the left. Beside each call that blocks a line goes down,
 * with a V at its end. Ladders of more lanes than two are a table of who, what,
 * to whom.
 */
#include "figure_writers.h"
#include "pktladder/i18n.h"
#include "pktladder/text.h"
#include "sequence.h"

#include <string.h>

/* What CommonMark, GitHub or Obsidian would read as markup. */
#define MARKUP "`*[]<>&|~#$^%@{}"

static gboolean
is_word(char byte)
{
	return (guchar)byte >= 0x80 || g_ascii_isalnum(byte);
}

/* Markup only in some places: "_" at a word's end, "==" twice, ":" where it
 * encloses a word, "!" of a picture; and what GitHub makes a link of without any:
 * "http://" and the like, "www.". */
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

/* Only at the beginning of a line, where a cell has none: "- ", "+ ", "1. ", "---". */
static gboolean
is_block_markup(const char *text, const char *at)
{
	gsize digits = strspn(text, "0123456789");

	if (at == text)
		return strchr("-+=", *at) != NULL;
	return digits > 0 && at == text + digits && strchr(".)", *at) && (at[1] == ' ' || !at[1]);
}

static void
escape(GString *out, const char *text, gboolean paragraph)
{
	for (const char *p = text; *p; p++) {
		if (*p == ' ' && (p == text || p[-1] == ' ' || !p[1]))
			g_string_append(out, "&nbsp;");
		else if (*p == '\\' && (p[1] == '|' || !p[1])) /* cells are told apart by \| first */
			g_string_append(out, "&#92;");
		else if (*p == '@' && is_word(p[1])) /* no backslash keeps an address from being one */
			g_string_append(out, "\\@<!-- -->");
		else if (is_markup(text, p) || (paragraph && is_block_markup(text, p)))
			g_string_append_printf(out, "\\%c", *p);
		else
			g_string_append_c(out, *p);
	}
}

static void
markdown_escape(GString *out, const char *text)
{
	escape(out, text, FALSE);
}

/* The marks of a blocked call in one lane's column. */
typedef enum { MARK_NONE, MARK_WAITS, MARK_ENDS } Mark;

/* On the row that the waits have come to. */
static Mark
mark_of(const SequenceWaits *waits, guint32 lane)
{
	for (guint i = 0; i < waits->changes->len; i++) {
		const SequenceChange *change = &g_array_index(waits->changes, SequenceChange, i);

		if (change->lane == lane && !change->begins)
			return MARK_ENDS;
	}
	return waits->waiting[lane] > 0 ? MARK_WAITS : MARK_NONE;
}

static void
cell_append(GString *out, const FigureCell *cell, Mark mark)
{
	static const char *const marks[] = { [MARK_NONE] = "",
					     [MARK_WAITS] = "\\|",
					     [MARK_ENDS] = "V" };

	g_string_append(out, marks[mark]);
	if (cell->call) {
		g_string_append(out, out->len ? " " : "");
		markdown_escape(out, cell->call);
	}
	if (cell->state)
		g_string_append_printf(out, "%s**%s**", out->len ? " " : "", cell->state);
}

/* The table: rows of cells, columns padded to one width. */

typedef struct {
	GPtrArray *cells; /* char * */
	guint columns;
} Table;

static void
table_take(Table *table, GString *cell)
{
	g_ptr_array_add(table->cells, g_string_free(cell, FALSE));
}

static void
table_append(Table *table, const char *text)
{
	GString *cell = g_string_new(NULL);

	markdown_escape(cell, text);
	table_take(table, cell);
}

static void
padded_append(GString *out, const char *text, guint width)
{
	g_string_append_printf(out, "| %s%*s ", text, (int)(width - text_width(text)), "");
}

static void
rule_append(GString *out, const guint *widths, guint columns)
{
	for (guint i = 0; i < columns; i++) {
		g_autofree char *rule = g_strnfill(widths[i], '-');

		padded_append(out, rule, widths[i]);
	}
	g_string_append(out, "|\n");
}

static void
message_append(GString *out, const FigureRow *row, gboolean to_left)
{
	if (!row->label)
		return;
	if (figure_row_is_arrow(row))
		g_string_append(out, to_left ? "<-- " : "--- ");

	/* A problem is bold. */
	const char *bold = sequence_is_problem(row->role) ? "**" : "";
	g_autofree char *text = sequence_text(row);

	g_string_append(out, bold);
	markdown_escape(out, text);
	g_string_append(out, bold);
	if (figure_row_is_arrow(row))
		g_string_append(out, to_left ? " ---" : " -->");
}

/* The first column, where times are wanted; NULL: its head. */
static void
time_add(Table *table, const FigureRow *row)
{
	if (table->columns > 3)
		table_append(table, !row ? _("time") : row->time ? row->time : "");
}

/* The notes' own: server, message, client. */

static void
pair_add(Table *table, const Figure *figure, SequenceWaits *waits)
{
	time_add(table, NULL);
	table_append(table, g_ptr_array_index(figure->lanes, 1));
	table_append(table, "");
	table_append(table, g_ptr_array_index(figure->lanes, 0));
	for (guint i = 0; i < figure->rows->len; i++) {
		const FigureRow *row = figure_row(figure, i);
		Side left = row->lane[SIDE_SERVER] == 1 ? SIDE_SERVER : SIDE_CLIENT;
		GString *cells[3] = { g_string_new(NULL), g_string_new(NULL), g_string_new(NULL) };

		sequence_waits_step(waits, i);
		cell_append(cells[0], &row->cell[left], mark_of(waits, 1));
		message_append(cells[1], row, row->to == 1);
		cell_append(cells[2], &row->cell[!left], mark_of(waits, 0));
		time_add(table, row);
		for (guint c = 0; c < 3; c++)
			table_take(table, cells[c]);
	}
}

/* Of any number of lanes: who (and what it did), message, to whom. */

static void
end_add(Table *table, const Figure *figure, const FigureRow *row, Side side, const SequenceWaits *waits)
{
	Mark mark = mark_of(waits, row->lane[side]);
	GString *cell = g_string_new(NULL);

	if (figure_row_is_arrow(row) || sequence_has_cell(row, side)) {
		g_autoptr(GString) name = g_string_new(NULL);

		cell_append(cell, &row->cell[side], mark);
		markdown_escape(name, g_ptr_array_index(figure->lanes, row->lane[side]));
		g_string_prepend(cell, cell->len ? ": " : "");
		g_string_prepend(cell, name->str);
	}
	table_take(table, cell);
}

static void
lanes_add(Table *table, const Figure *figure, SequenceWaits *waits)
{
	time_add(table, NULL);
	table_append(table, _("from"));
	table_append(table, "");
	table_append(table, _("to"));
	for (guint i = 0; i < figure->rows->len; i++) {
		const FigureRow *row = figure_row(figure, i);
		Side from = row->lane[SIDE_CLIENT] == row->from ? SIDE_CLIENT : SIDE_SERVER;
		GString *message = g_string_new(NULL);

		sequence_waits_step(waits, i);
		time_add(table, row);
		end_add(table, figure, row, from, waits);
		message_append(message, row, FALSE);
		table_take(table, message);
		end_add(table, figure, row, !from, waits);
	}
}

static void
paragraph_append(GString *out, const char *text, const char *before, const char *after)
{
	if (!text)
		return;
	g_string_append(out, before);
	escape(out, text, TRUE);
	g_string_append(out, after);
}

void
figure_write_markdown(const Figure *figure, const FigureOptions *options, GString *out)
{
	g_autoptr(SequenceWaits) waits = sequence_waits_new(figure);
	Table table = { .cells = g_ptr_array_new_with_free_func(g_free),
			.columns = options->time == FIGURE_TIME_NONE ? 3 : 4 };

	paragraph_append(out, figure->title, "", "\n\n");
	if (figure->lanes->len == 2)
		pair_add(&table, figure, waits);
	else
		lanes_add(&table, figure, waits);

	g_autofree guint *widths = g_new(guint, table.columns);

	for (guint i = 0; i < table.columns; i++)
		widths[i] = 3; /* of the rule below the head */
	for (guint i = 0; i < table.cells->len; i++) {
		guint *width = &widths[i % table.columns];

		*width = MAX(*width, text_width(g_ptr_array_index(table.cells, i)));
	}
	for (guint i = 0; i < table.cells->len; i++) {
		guint column = i % table.columns;

		padded_append(out, g_ptr_array_index(table.cells, i), widths[column]);
		if (column + 1 == table.columns)
			g_string_append(out, "|\n");
		if (i + 1 == table.columns)
			rule_append(out, widths, table.columns);
	}
	g_ptr_array_unref(table.cells);
	paragraph_append(out, figure->caption, "\n", "\n");
}
