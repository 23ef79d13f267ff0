/* figure - the ladder of a capture as a figure in a file. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "conversations.h"
#include "interruption.h"
#include "options.h"
#include "print.h"
#include "pktladder/figure.h"
#include "pktladder/i18n.h"
#include "pktladder/network.h"
#include "pktladder/screen.h"
#include "pktladder/text.h"

#define DEFAULT_WIDTH 100 /* columns of text */

/* `--format help`. */
static int
formats_list(void)
{
	for (const FigureFormat *format = figure_formats; format->id; format++)
		printf("%-10s %-12s %s\n", format->id, format->suffixes, _(format->what));
	return STATUS_OK;
}

static char *
format_names(void)
{
	GString *names = g_string_new(NULL);

	for (const FigureFormat *format = figure_formats; format->id; format++)
		g_string_append_printf(names, "%s%s", names->len ? ", " : "", format->id);
	return g_string_free(names, FALSE);
}

/* By --format, else by the output's suffix; NULL, and why was said. */
static const FigureFormat *
format_choose(const Options *options)
{
	g_autofree char *names = format_names();
	const FigureFormat *format = NULL;

	if (options->format)
		format = figure_format_find(options->format);
	else if (options->output)
		format = figure_format_of_path(options->output);
	if (format)
		return format;
	if (options->format)
		complain(_("there is no format \"%s\"; there are: %s"), options->format, names);
	else if (options->output && !g_str_equal(options->output, "-"))
		complain(_("the name \"%s\" does not say which format it is to be; add --format with "
			   "one of: %s"),
			 options->output, names);
	else
		complain(_("say which format: --format with one of: %s"), names);
	return NULL;
}

/* The whole capture, in a trace; NULL, and why was said. */
static Session *
session_read_capture(const char *path, GStrv filter_words, const Options *options)
{
	g_autofree char *filter = filter_words ? g_strjoinv(" ", filter_words) : NULL;
	g_autoptr(GError) error = NULL;
	Capture *capture = capture_open_file(path, filter && *filter ? filter : NULL, &error);
	g_autoptr(Session) session = capture ? session_new(capture, &error) : NULL;

	if (!session || !privileges_drop(FALSE, &error)) {
		complain("%s", error->message);
		return NULL;
	}
	session->packet_limit = options->count;
	if (!session_read_whole(session))
		return NULL;
	for (guint i = 0; i < session->troubles->len; i++)
		complain("%s", (char *)g_ptr_array_index(session->troubles, i));
	return g_steal_pointer(&session);
}

/* A file is replaced as a whole, or left as it was. */
static gboolean
output_write(const char *path, const GString *out, GError **error)
{
	if (!path || g_str_equal(path, "-")) {
		if (fwrite(out->str, 1, out->len, stdout) == out->len && fflush(stdout) == 0)
			return TRUE;
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno),
			    _("cannot write the figure: %s"), g_strerror(errno));
		return FALSE;
	}
	return g_file_set_contents_full(path, out->str, out->len, G_FILE_SET_CONTENTS_CONSISTENT,
					0666, error);
}

/* Text takes the columns that its lanes need; in a width that was chosen it says
 * where that is not enough. */
static void
figure_fit(const Figure *figure, const Options *options, const FigureFormat *format,
	   FigureOptions *how)
{
	static const char *const in_columns[] = { "text", "ansi", NULL };
	guint n_lanes = ladder_n_lanes(figure->ladder);
	SceneLayout layout;

	if (!g_strv_contains(in_columns, format->id) || n_lanes <= 2)
		return;
	if (options->width == 0)
		how->width = print_width(how->width, figure->calls, options->time, n_lanes);
	layout = scene_layout_lanes(how->width, figure->calls, options->time, SCENE_DELTA_PREVIOUS,
				    n_lanes);
	print_lanes_check(&layout, options->time);
}

static int
figure_make(Session *session, const Options *options, const FigureFormat *format)
{
	Selection selection = { .conversation = CONVERSATION_NONE,
				.hide_calls = options->no_calls,
				.fold = options->fold,
				.filter = options->filter };
	FigureOptions how = { .title = options->title,
			      .caption = options->caption,
			      .time = FIGURE_TIME_START + options->time,
			      .states = TRUE,
			      .ascii = options->ascii,
			      .width = options->width > 0 ? options->width : DEFAULT_WIDTH };
	LadderLabels labels = options->labels;
	g_autoptr(Ladder) ladder = NULL;
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(Figure) figure = NULL;
	g_autoptr(GError) error = NULL;

	if (options->conversations &&
	    !conversations_select(options->conversations,
				  flow_table_length(trace_flows(session->trace)), &selection,
				  &error)) {
		complain("%s", error->message);
		return STATUS_USAGE;
	}
	ladder = ladder_new(session->trace, selection);
	conversation_set_unref(selection.set);
	labels.fetch = session_fetch;
	labels.data = session;
	ladder_set_labels(ladder, &labels);
	ladder_update(ladder);
	if (ladder_length(ladder) == 0) {
		complain(_("there is nothing to draw: no packet or call passes the selection"));
		return STATUS_FAILED;
	}
	figure = figure_new(ladder, &how);
	figure_fit(figure, options, format, &how);
	format->write(figure, &how, out);
	if (output_write(options->output, out, &error))
		return session->failed ? STATUS_FAILED : STATUS_OK;
	complain("%s", error->message);
	return STATUS_FAILED;
}

int
command_figure(const Options *options)
{
	g_autoptr(Session) session = NULL;
	const FigureFormat *format;
	GStrv rest = options->rest;
	const char *path = options->read;

	if (g_strcmp0(options->format, "help") == 0)
		return formats_list();
	if (!path && rest && rest[0])
		path = *rest++;
	if (!path) {
		complain(_("say which capture to draw: pktladder figure FILE -o OUT.svg (\"-\" is "
			   "standard input)"));
		return STATUS_USAGE;
	}
	format = format_choose(options);
	if (!format)
		return STATUS_USAGE;
	interruption_catch();
	session = session_read_capture(path, rest, options);
	if (!session)
		return interruption_signal() ? 128 + interruption_signal() : STATUS_FAILED;
	return figure_make(session, options, format);
}
