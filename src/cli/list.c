/* list - the conversations of a capture, for people and for programs. */
#include <errno.h>
#include <json-glib/json-glib.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "confinement.h"
#include "interruption.h"
#include "options.h"
#include "pktladder/i18n.h"
#include "pktladder/network.h"
#include "pktladder/screen.h"
#include "pktladder/summary.h"
#include "pktladder/text.h"

/* Table. */

/* 0: as wide as it gets. */
static guint
table_width(const Options *options)
{
	struct winsize size;

	if (options->width > 0)
		return options->width;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		return size.ws_col;
	return 0;
}

/* The texts of a column as they stand below each other. */
static void
column_print(const Summary *summary, SummaryColumn column, SummaryStyle style, guint width,
	     GPtrArray *lines)
{
	const SummaryColumnInfo *info = &summary_columns[column];
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < lines->len; i++) {
		GString *line = g_ptr_array_index(lines, i);
		g_autofree char *fit = NULL;
		int gap;

		g_string_truncate(text, 0);
		if (i == 0)
			g_string_append(text, _(info->title));
		else
			summary_append(summary, summary_get(summary, i - 1), column, style, text);
		fit = text_fit(text->str, width, style == SUMMARY_ASCII);
		gap = width - text_width(fit);
		if (line->len > 0)
			g_string_append_c(line, ' ');
		g_string_append_printf(line, "%*s%s%*s", info->right ? gap : 0, "", fit,
				       info->right ? 0 : gap, "");
	}
}

static guint
column_width(const Summary *summary, SummaryColumn column, SummaryStyle style)
{
	g_autoptr(GString) text = g_string_new(NULL);
	guint width = text_width(_(summary_columns[column].title));

	for (guint32 row = 0; row < summary_length(summary); row++) {
		g_string_truncate(text, 0);
		summary_append(summary, summary_get(summary, row), column, style, text);
		width = MAX(width, text_width(text->str));
	}
	return width;
}

static void
string_free(gpointer string)
{
	g_string_free(string, TRUE);
}

static void
table_print(const Summary *summary, const Options *options, SummaryColumn sorted)
{
	SummaryStyle style =
	    (screen_glyphs(options->ascii) != GLYPHS_UTF8) ? SUMMARY_ASCII : SUMMARY_UTF8;
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(string_free);
	guint width = table_width(options), widths[N_SUMMARY_COLUMNS], needed[N_SUMMARY_COLUMNS], n;
	SummaryColumn which[N_SUMMARY_COLUMNS];

	for (SummaryColumn column = 0; column < N_SUMMARY_COLUMNS; column++)
		needed[column] = column_width(summary, column, style);
	n = summary_fit(summary, width ? width + 1 : G_MAXUINT32, sorted, needed, which, widths);
	for (guint i = 0; i <= summary_length(summary); i++)
		g_ptr_array_add(lines, g_string_new(NULL));
	for (guint i = 0; i < n; i++)
		column_print(summary, which[i], style, widths[i], lines);
	for (guint i = 0; i < lines->len && !ferror(stdout); i++) {
		GString *line = g_ptr_array_index(lines, i);

		g_strchomp(line->str);
		puts(line->str);
	}
}

/* Tab-separated values: a line of names, then one line each; nothing in them
 * needs an escape. */
static void
tsv_print(const Summary *summary)
{
	g_autoptr(GString) line = g_string_new(NULL);

	for (SummaryColumn column = 0; column < N_SUMMARY_COLUMNS; column++)
		printf("%s%s", column ? "\t" : "", summary_columns[column].id);
	putchar('\n');
	for (guint32 row = 0; row < summary_length(summary) && !ferror(stdout); row++) {
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

static void
json_counts(JsonBuilder *builder, const char *text)
{
	g_auto(GStrv) counts = g_strsplit(text, ",", -1);

	json_builder_begin_array(builder);
	for (char **count = counts; *count; count++)
		json_builder_add_int_value(builder, g_ascii_strtoll(*count, NULL, 10));
	json_builder_end_array(builder);
}

/* A double holds microseconds since 1970 at best: that one is a string. */
static void
json_add(JsonBuilder *builder, const Summary *summary, guint32 conversation, SummaryColumn column)
{
	SummaryKind kind = summary_columns[column].kind;
	g_autoptr(GString) text = g_string_new(NULL);

	json_builder_set_member_name(builder, summary_columns[column].id);
	summary_append(summary, conversation, column, SUMMARY_RAW, text);
	if (kind == SUMMARY_BUCKETS)
		json_counts(builder, text->str);
	else if (kind == SUMMARY_TEXT || column == SUMMARY_EPOCH)
		json_builder_add_string_value(builder, text->str);
	else if (text->len == 0)
		json_builder_add_null_value(builder);
	else if (kind == SUMMARY_TIME || kind == SUMMARY_SPAN)
		json_builder_add_double_value(builder, g_ascii_strtod(text->str, NULL));
	else
		json_builder_add_int_value(builder, summary_value(summary, conversation, column));
}

/* Each conversation on its own, so that a million of them need no memory. */
static void
json_print(const Summary *summary)
{
	g_autoptr(JsonGenerator) generator = json_generator_new();

	printf("[");
	for (guint32 row = 0; row < summary_length(summary) && !ferror(stdout); row++) {
		g_autoptr(JsonBuilder) builder = json_builder_new();
		g_autoptr(JsonNode) root = NULL;
		g_autofree char *text = NULL;

		json_builder_begin_object(builder);
		for (SummaryColumn column = 0; column < N_SUMMARY_COLUMNS; column++)
			json_add(builder, summary, summary_get(summary, row), column);
		json_builder_end_object(builder);
		root = json_builder_get_root(builder);
		json_generator_set_root(generator, root);
		text = json_generator_to_data(generator, NULL);
		printf("%s\n%s", row ? "," : "", text);
	}
	printf("\n]\n");
}

/* The command. */

typedef enum { FORMAT_TABLE, FORMAT_TSV, FORMAT_JSON, N_FORMATS } Format;

static const char *const format_names[] = { "table", "tsv", "json" };
G_STATIC_ASSERT(G_N_ELEMENTS(format_names) == N_FORMATS);

static Format
format_find(const char *name)
{
	Format format = FORMAT_TABLE;

	while (name && format < N_FORMATS && !g_str_equal(format_names[format], name))
		format++;
	return format;
}

static gboolean
sort_find(const char *name, SummaryColumn *column, gboolean *descending)
{
	*column = SUMMARY_NUMBER;
	*descending = name && name[0] == '-';
	if (name)
		*column = summary_column_find(name + *descending);
	return *column != N_SUMMARY_COLUMNS;
}

static void
complain_of_column(const char *name)
{
	g_autoptr(GString) known = g_string_new(NULL);

	for (SummaryColumn column = 0; column < N_SUMMARY_COLUMNS; column++)
		g_string_append_printf(known, "%s%s", column ? ", " : "",
				       summary_columns[column].id);
	complain(_("there is no column \"%s\" to sort by; these are known: %s"), name, known->str);
}

/* All of it; nobody asks for the packets' bytes again. */
static Session *
list_read(const char *path, char **words, const Options *options, GError **error)
{
	g_autofree char *filter = words && words[0] ? g_strjoinv(" ", words) : NULL;
	CaptureInput *input = input_open(path, CAPTURE_DEFAULT, error);
	Capture *capture = input ? capture_open_input(input, filter, error) : NULL;
	g_autoptr(Session) session =
	    capture ? session_new(capture, FALSE, options->verdicts, error) : NULL;

	if (!session)
		return NULL;
	confinement_enter(NULL);
	session->packet_limit = options->count;
	session_read_whole(session);
	session_tell(session, TRUE);
	return g_steal_pointer(&session);
}

int
command_list(const Options *options)
{
	char **rest = options->rest;
	const char *path = options->read;
	Format format = format_find(options->format);
	g_autoptr(Session) session = NULL;
	g_autoptr(GError) error = NULL;
	SummaryColumn column;
	gboolean descending;

	if (!path && rest && rest[0])
		path = *rest++;
	if (!path) {
		complain(
		    _("say which capture to list: pktladder list FILE (\"-\" is standard input)"));
		return STATUS_USAGE;
	}
	if (format == N_FORMATS) {
		complain(_("there is no format \"%s\"; these are known: table, tsv, json"),
			 options->format);
		return STATUS_USAGE;
	}
	if (!sort_find(options->sort, &column, &descending)) {
		complain_of_column(options->sort + descending);
		return STATUS_USAGE;
	}
	session = list_read(path, rest, options, &error);
	if (!session) {
		complain("%s", error->message);
		return STATUS_FAILED;
	}
	g_autoptr(Summary) summary = summary_new(session->trace);

	summary_set_order(summary, column, descending);
	while (summary_update(summary, TRUE))
		;
	if (format == FORMAT_TSV)
		tsv_print(summary);
	else if (format == FORMAT_JSON)
		json_print(summary);
	else
		table_print(summary, options, column);
	return session_status(session);
}
