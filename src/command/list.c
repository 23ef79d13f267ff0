/* SPDX-License-Identifier: MIT */
/* list - the conversations of a capture, for people and for programs. */
#include <json-glib/json-glib.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "pktladder/confinement.h"
#include "pktladder/options.h"
#include "pktladder/screen.h"
#include "pktladder/summary.h"
#include "pktladder/text.h"
#include "pktladder/session.h"

/* Table. */

/* What stands on a line of a column: first its title. */
static void
cell_read(const Summary *summary, guint line, SummaryColumn column, SummaryStyle style,
	  GString *text)
{
	g_string_truncate(text, 0);
	if (line == 0)
		g_string_append(text, _(summary_columns[column].title));
	else
		summary_append(summary, summary_get(summary, line - 1), column, style, text);
}

static void
table_print(const Summary *summary, const Options *options, SummaryColumn sorted)
{
	SummaryStyle style =
	    screen_glyphs(options->ascii) == GLYPHS_UTF8 ? SUMMARY_UTF8 : SUMMARY_ASCII;
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GString) whole = g_string_new(NULL);
	guint needed[N_SUMMARY_COLUMNS] = { 0 };
	guint n_lines = summary->rows->len + 1;
	struct winsize size = { 0 };
	guint width; /* 0: as wide as it gets */

	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	width = options->width > 0 ? (guint)options->width : size.ws_col;
	for (SummaryColumn column = 0; column < N_SUMMARY_COLUMNS; column++) {
		for (guint line = 0; line < n_lines; line++) {
			cell_read(summary, line, column, style, text);
			needed[column] = MAX(needed[column], text_width(text->str));
		}
	}
	SummaryFit columns = summary_fit(summary, width ? width + 1 : G_MAXUINT32, sorted, needed);
	for (guint line = 0; line < n_lines && !ferror(stdout); line++) {
		g_string_truncate(whole, 0);
		for (guint i = 0; i < columns.n; i++) {
			gboolean right = summary_columns[columns.column[i]].right;

			cell_read(summary, line, columns.column[i], style, text);
			g_autofree char *fit =
			    text_fit(text->str, columns.width[i], style == SUMMARY_ASCII);
			int gap = columns.width[i] - text_width(fit);
			g_string_append_printf(whole, "%s%*s%s%*s", whole->len ? " " : "",
					       right ? gap : 0, "", fit, right ? 0 : gap, "");
		}
		puts(g_strchomp(whole->str));
	}
}

/* Tab-separated values: a line of names, then one line each; nothing in them needs an escape. */
static void
tsv_print(const Summary *summary)
{
	g_autoptr(GString) line = g_string_new(NULL);

	for (SummaryColumn column = 0; column < N_SUMMARY_COLUMNS; column++)
		printf("%s%s", column ? "\t" : "", summary_columns[column].id);
	putchar('\n');
	for (guint32 row = 0; row < summary->rows->len && !ferror(stdout); row++) {
		guint32 conversation = summary_get(summary, row);

		g_string_truncate(line, 0);
		for (SummaryColumn column = 0; column < N_SUMMARY_COLUMNS; column++) {
			if (column > 0)
				g_string_append_c(line, '\t');
			summary_append(summary, conversation, column, SUMMARY_RAW, line);
		}
		puts(line->str);
	}
}

/* JSON. */

/* A double holds microseconds since 1970 at best: that one is a string. */
static void
json_add(JsonBuilder *builder, const Summary *summary, guint32 conversation, SummaryColumn column)
{
	SummaryKind kind = summary_columns[column].kind;
	g_autoptr(GString) text = g_string_new(NULL);

	json_builder_set_member_name(builder, summary_columns[column].id);
	summary_append(summary, conversation, column, SUMMARY_RAW, text);
	if (kind == SUMMARY_BUCKETS) {
		g_auto(GStrv) counts = g_strsplit(text->str, ",", -1);

		json_builder_begin_array(builder);
		for (char **count = counts; *count; count++)
			json_builder_add_int_value(builder, g_ascii_strtoll(*count, NULL, 10));
		json_builder_end_array(builder);
	} else if (kind == SUMMARY_TEXT || column == SUMMARY_EPOCH) {
		json_builder_add_string_value(builder, text->str);
	} else if (text->len == 0) {
		json_builder_add_null_value(builder);
	} else if (kind == SUMMARY_TIME || kind == SUMMARY_SPAN) {
		json_builder_add_double_value(builder, g_ascii_strtod(text->str, NULL));
	} else {
		json_builder_add_int_value(builder, summary_value(summary, conversation, column));
	}
}

/* Each conversation on its own, so that a million of them need no memory. */
static void
json_print(const Summary *summary)
{
	printf("[");
	for (guint32 row = 0; row < summary->rows->len && !ferror(stdout); row++) {
		g_autoptr(JsonBuilder) builder = json_builder_new();

		json_builder_begin_object(builder);
		for (SummaryColumn column = 0; column < N_SUMMARY_COLUMNS; column++)
			json_add(builder, summary, summary_get(summary, row), column);
		json_builder_end_object(builder);
		g_autoptr(JsonNode) root = json_builder_get_root(builder);
		g_autofree char *text = json_to_string(root, FALSE);
		printf("%s\n%s", row ? "," : "", text);
	}
	printf("\n]\n");
}

/* The command. */

int
command_list(const Options *options)
{
	gboolean descending = options->sort && options->sort[0] == '-';
	SummaryColumn column = SUMMARY_NUMBER;
	g_autoptr(GError) error = NULL;

	if (!options->captures)
		return complain_usage(
		    _("say which capture to list: pktladder list FILE (\"-\" is standard input)"));
	if (options->sort)
		column = summary_column_find(options->sort + descending);
	if (column == N_SUMMARY_COLUMNS) {
		g_autoptr(GString) known = g_string_new(summary_columns[0].id);

		for (SummaryColumn other = 1; other < N_SUMMARY_COLUMNS; other++)
			g_string_append_printf(known, ", %s", summary_columns[other].id);
		return complain_usage(
		    _("there is no column \"%s\" to sort by; these are known: %s"),
		    options->sort + descending, known->str);
	}
	/* Nobody asks for the packets' bytes again. */
	g_autoptr(Session) session = session_open((const char *const *)options->captures,
						  CAPTURE_DEFAULT, options->capture_filter, FALSE,
						  options->count, options->verdicts.place, &error);
	if (!session)
		return complain_failed(error);
	confinement_enter(NULL);
	session_read_whole(session);
	session_tell(session, TRUE);
	g_autoptr(Summary) summary = summary_new(session->trace);
	summary_set_order(summary, column, descending);
	while (summary_update(summary, TRUE))
		;
	if (g_strcmp0(options->list_format.text, "tsv") == 0)
		tsv_print(summary);
	else if (g_strcmp0(options->list_format.text, "json") == 0)
		json_print(summary);
	else
		table_print(summary, options, column);
	return session_status(session);
}
