/* SPDX-License-Identifier: MIT */
/* Theory of operation. Everything is made in memory first, page by page, and
 * converted, where the format asks for it, by a program that runs beside us; only then
 * are the outputs replaced, each as a whole. What fails before leaves all of them
 * alone. The screen goes on meanwhile, in its main context; a command that has nothing
 * else to do waits in a context of its own.
 */
#include "figure_output.h"

#include <string.h>

#include "conversion.h"
#include "draft.h"
#include "options.h"
#include "pktladder/i18n.h"

#define PNG_SIDE    32767   /* pixels: cairo's limit */
#define PDF_SIDE    14400.0 /* points: PDF 1.7, annex C */
#define POINT_PIXEL 0.75
#define PDF_ROWS    40  /* a page, where one page is too long */
#define TICK_MS     100 /* between two looks at whether we are to end */

struct _FigureOutput {
	FigureTarget target;
	char *path;               /* the target's */
	char *what;               /* that is written: "12 rows were written" */
	GPtrArray *pages, *files; /* GString; GBytes */
	Conversion *conversion;   /* NULL none is running */
	GError *error;
	FigureOutputDone done;
	gpointer data;
};

/* ---- pages ---- */

/* FALSE: why there is nothing of that. */
static gboolean
figure_check(const Figure *figure, const FigureFormat *format, GError **error)
{
	const Trace *trace = ladder_trace(figure->ladder);
	gboolean any = FALSE;

	/* Notes of ours, about the file that was read, are no ladder. */
	for (guint i = 0; i < figure->rows->len && !any; i++)
		any = trace_event(trace, figure_row(figure, i)->row.event)->kind != EVENT_NOTE;
	if (format->plots == FIGURE_ONLY_PLOTS)
		return refuse(error,
			      _("%s is a format for plots: pktladder figure FILE --plot sequence"),
			      format->id);
	if (!any)
		return refuse(error, "%s",
			      trace_n_packets(trace) == 0
				  ? _("there is nothing to draw: no packet was read")
				  : _("there is nothing to draw: no packet or call passes the "
				      "selection"));
	if (figure->length > FIGURE_ROWS_MAX)
		return refuse(
		    error,
		    _("a figure of %u rows is too long (%d are the limit): choose rungs with "
		      "--frames, --from and --to or --show, or --fold them"),
		    figure->length, FIGURE_ROWS_MAX);
	return TRUE;
}

/* What one page cannot hold is spread over several, in a PDF. */
static gboolean
pages_choose(const Figure *figure, FigureOptions *options, const FigureTarget *target,
	     GError **error)
{
	double width, height;

	if (!(target->format->takes & FIGURE_TAKES_PAGES))
		options->rows_per_page = 0;
	if (!target->format->convert)
		return TRUE;
	figure_size(figure, options, &width, &height);
	if (g_str_equal(target->format->convert, "png")) {
		width *= target->scale;
		height *= target->scale;
		return (width <= PNG_SIDE && height <= PNG_SIDE) ||
		       refuse(
			   error,
			   _("the picture would have %.0f times %.0f pixels, and %d are the limit: "
			     "choose fewer rungs, --rows-per-page or a smaller --scale"),
			   width, height, PNG_SIDE);
	}
	if (width * POINT_PIXEL > PDF_SIDE)
		return refuse(
		    error,
		    _("the page would be %.0f points wide, and %.0f are the limit: choose "
		      "shorter names, fewer lanes (--conversations) or a --width"),
		    width * POINT_PIXEL, PDF_SIDE);
	if (options->rows_per_page == 0 && height * POINT_PIXEL > PDF_SIDE)
		options->rows_per_page = PDF_ROWS;
	return TRUE;
}

static void
page_free(gpointer page)
{
	g_string_free(page, TRUE);
}

static FigureOutput *
output_new(const FigureTarget *target)
{
	FigureOutput *output = g_new0(FigureOutput, 1);

	output->path = g_strdup(target->path);
	output->target = *target;
	output->target.path = output->path;
	output->pages = g_ptr_array_new_with_free_func(page_free);
	output->files = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	return output;
}

/* A PDF is one file of all the pages. */
static guint
files_wanted(const FigureOutput *output)
{
	return g_strcmp0(output->target.format->convert, "pdf") == 0 ? 1 : output->pages->len;
}

FigureOutput *
figure_output_new(const Figure *figure, const FigureOptions *options, const FigureTarget *target,
		  GError **error)
{
	FigureOptions how = *options;
	g_autoptr(FigureOutput) output = output_new(target);

	if (!figure_check(figure, target->format, error) ||
	    !pages_choose(figure, &how, target, error))
		return NULL;
	for (guint n = figure_n_pages(figure, &how); how.page < n; how.page++) {
		GString *page = g_string_new(NULL);

		target->format->write(figure, &how, page);
		g_ptr_array_add(output->pages, page);
	}
	if (files_wanted(output) > 1 && g_str_equal(target->path, "-")) {
		refuse(error, _("several pages are several files: name them with -o OUT"));
		return NULL;
	}
	output->what = g_strdup_printf(
	    ngettext("%u row was written", "%u rows were written", figure->rows->len),
	    figure->rows->len);
	return g_steal_pointer(&output);
}

FigureOutput *
figure_output_new_page(GString *page, const char *what, const FigureTarget *target)
{
	FigureOutput *output = output_new(target);

	g_ptr_array_add(output->pages, page);
	output->what = g_strdup(what);
	return output;
}

/* ---- files ---- */

static void conversion_next(FigureOutput *output);

static void
on_converted(Conversion *conversion, gpointer data)
{
	FigureOutput *output = data;
	GBytes *file = conversion_take(conversion, &output->error);

	g_clear_pointer(&output->conversion, conversion_free);
	if (file) {
		g_ptr_array_add(output->files, file);
		conversion_next(output);
	}
	if (figure_output_ended(output) && output->done)
		output->done(output->data);
}

static void
conversion_next(FigureOutput *output)
{
	const FigureTarget *target = &output->target;
	guint next = output->files->len;
	gboolean all = files_wanted(output) == 1;

	if (next < files_wanted(output))
		output->conversion = conversion_start(
		    (GString **)output->pages->pdata + next, all ? output->pages->len : 1,
		    target->format->convert, target->scale, target->date_ns, on_converted, output,
		    &output->error);
}

void
figure_output_start(FigureOutput *output, FigureOutputDone done, gpointer data)
{
	output->done = done;
	output->data = data;
	if (output->target.format->convert) {
		conversion_next(output);
		return;
	}
	for (guint i = 0; i < output->pages->len; i++) {
		const GString *page = g_ptr_array_index(output->pages, i);

		g_ptr_array_add(output->files, g_bytes_new(page->str, page->len));
	}
}

gboolean
figure_output_ended(const FigureOutput *output)
{
	return output->error || output->files->len == files_wanted(output);
}

/* "figure.svg" becomes "figure-07.svg" of 12. */
static char *
page_path(const char *path, guint page, guint n_pages)
{
	const char *slash = strrchr(path, '/');
	const char *point = strrchr(slash ? slash : path, '.');
	guint digits = 1;

	for (guint rest = n_pages; rest >= 10; rest /= 10)
		digits++;
	if (!point)
		point = path + strlen(path);
	return g_strdup_printf("%.*s-%0*u%s", (int)(point - path), path, digits, page + 1, point);
}

gboolean
figure_output_finish(FigureOutput *output, char **written, GError **error)
{
	g_autoptr(Draft) first = NULL;
	g_autoptr(Draft) last = NULL;
	guint n = output->files->len;

	*written = NULL;
	if (output->error) {
		g_propagate_error(error, g_steal_pointer(&output->error));
		return FALSE;
	}
	for (guint i = 0; i < n; i++) {
		g_autofree char *path =
		    n > 1 ? page_path(output->path, i, n) : g_strdup(output->path);
		Draft **draft = i == 0 ? &first : &last;
		gsize length;
		const void *data = g_bytes_get_data(g_ptr_array_index(output->files, i), &length);

		g_clear_pointer(draft, draft_free);
		*draft = draft_new(path, output->target.part, error);
		if (!*draft || !draft_write(*draft, data, length, error) ||
		    !draft_publish(*draft, error))
			return FALSE;
	}
	*written =
	    draft_tell(first, last ? g_strdup_printf(_("%s into %s to %s."), output->what,
						     first->name, last->name)
				   : g_strdup_printf(_("%s into %s."), output->what, first->name));
	return TRUE;
}

void
figure_output_free(FigureOutput *output)
{
	if (!output)
		return;
	conversion_free(output->conversion);
	g_ptr_array_unref(output->pages);
	g_ptr_array_unref(output->files);
	g_clear_error(&output->error);
	g_free(output->what);
	g_free(output->path);
	g_free(output);
}

/* ---- waiting for it ---- */

static gboolean
on_tick(gpointer data G_GNUC_UNUSED)
{
	return G_SOURCE_CONTINUE;
}

int
figure_output_run(FigureOutput *output, const Session *session, const GError *reason)
{
	g_autoptr(GMainContext) context = g_main_context_new();
	g_autoptr(GSource) tick = g_timeout_source_new(TICK_MS);
	g_autoptr(FigureOutput) taken = output;
	g_autoptr(GError) error = NULL;
	g_autofree char *written = NULL;

	if (!output)
		return complain_failed(reason);
	g_main_context_push_thread_default(context);
	g_source_set_callback(tick, on_tick, NULL, NULL);
	g_source_attach(tick, context);
	figure_output_start(output, NULL, NULL);
	while (!figure_output_ended(output) && interruption_signal() == 0)
		g_main_context_iteration(context, TRUE);
	g_source_destroy(tick);
	g_main_context_pop_thread_default(context);
	if (figure_output_ended(output) && figure_output_finish(output, &written, &error)) {
		if (output->target.part && !g_str_equal(output->path, "-"))
			complain("%s", written);
		return session_status(session);
	}
	return interruption_signal() ? 128 + interruption_signal() : complain_failed(error);
}

/* ---- fonts ---- */

gboolean
figure_font_check(const char *family, GError **error)
{
	const char *argv[] = { "fc-match", "--format=%{family}", family, NULL };
	g_autofree char *found = NULL;
	int status = 0;
	g_auto(GStrv) names = NULL;

	if (!g_spawn_sync(NULL, (char **)argv, NULL,
			  G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &found,
			  NULL, &status, NULL) ||
	    !g_spawn_check_wait_status(status, NULL) || !found || !*found ||
	    !g_utf8_validate(found, -1, NULL))
		return TRUE;
	names = g_strsplit(found, ",", -1);
	for (GStrv name = names; *name; name++) {
		if (g_ascii_strcasecmp(g_strstrip(*name), family) == 0)
			return TRUE;
	}
	return refuse(
	    error,
	    _("the font \"%s\" is not installed (%s would stand in for it); fc-list : family "
	      "names those that are"),
	    family, names[0]);
}
