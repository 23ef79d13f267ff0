/* Theory of operation. Everything is made in memory first, page by page, and
 * converted, where the format asks for it, by a program that runs beside us; only then
 * are the outputs replaced, each as a whole. What fails before leaves all of them
 * alone. The screen goes on meanwhile, in its main context; a command that has nothing
 * else to do waits in a context of its own.
 */
#include "figure_output.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "conversion.h"
#include "draft.h"
#include "interruption.h"
#include "options.h"
#include "pktladder/i18n.h"
#include "pktladder/text.h"

#define PNG_SIDE    32767   /* pixels: cairo's limit */
#define PDF_SIDE    14400.0 /* points: PDF 1.7, annex C */
#define POINT_PIXEL 0.75
#define PDF_ROWS    40 /* a page, where one page is too long */
#define TICK_MS	    100 /* between two looks at whether we are to end */

struct _FigureOutput {
	FigureTarget target;
	char *path;
	char *what; /* that is written: "12 rows were written" */
	GPtrArray *pages, *files; /* GString; GBytes */
	Conversion *conversion;	  /* NULL none is running */
	GError *error;
	FigureOutputDone done;
	gpointer data;
};

/* ---- files ---- */

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

/* ---- pages ---- */

static gboolean
too_large(double width, double height, double scale, GError **error)
{
	if (width * scale <= PNG_SIDE && height * scale <= PNG_SIDE)
		return FALSE;
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
		    _("the picture would have %.0f times %.0f pixels, and %d are the limit: choose "
		      "fewer rungs, --rows-per-page or a smaller --scale"),
		    width * scale, height * scale, PNG_SIDE);
	return TRUE;
}

/* What one page cannot hold is spread over several, in a PDF. */
static gboolean
pages_choose(const Figure *figure, FigureOptions *options, const FigureTarget *target, GError **error)
{
	double width, height;

	if (!(target->format->takes & FIGURE_TAKES_PAGES))
		options->rows_per_page = 0;
	if (!target->format->convert)
		return TRUE;
	figure_size(figure, options, &width, &height);
	if (g_str_equal(target->format->convert, "png"))
		return !too_large(width, height, target->scale, error);
	if (width * POINT_PIXEL > PDF_SIDE) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
			    _("the page would be %.0f points wide, and %.0f are the limit: choose "
			      "shorter names, fewer lanes (--conversations) or a --width"),
			    width * POINT_PIXEL, PDF_SIDE);
		return FALSE;
	}
	if (options->rows_per_page == 0 && height * POINT_PIXEL > PDF_SIDE)
		options->rows_per_page = PDF_ROWS;
	return TRUE;
}

static void
page_free(gpointer page)
{
	g_string_free(page, TRUE);
}

static GPtrArray *
pages_write(const Figure *figure, FigureOptions *options, const FigureFormat *format)
{
	GPtrArray *pages = g_ptr_array_new_with_free_func(page_free);

	for (guint n = figure_n_pages(figure, options); options->page < n; options->page++) {
		GString *page = g_string_new(NULL);

		format->write(figure, options, page);
		g_ptr_array_add(pages, page);
	}
	return pages;
}

static const char *
target_path(const FigureTarget *target)
{
	return target->path ? target->path : "-";
}

/* NULL: why not was said, and what was there is. */
static Draft *
file_write(const FigureTarget *target, const char *path, GBytes *bytes, GError **error)
{
	g_autoptr(Draft) draft = draft_new(path, target->part, error);
	gsize length;
	const void *data = g_bytes_get_data(bytes, &length);

	if (draft && draft_write(draft, data, length, error) && draft_publish(draft, error))
		return g_steal_pointer(&draft);
	return NULL;
}

/* "12 rows were written into figure-1.svg to figure-3.svg." */
static char *
written_text(const char *what, const Draft *first, const Draft *last)
{
	char *text = last ? g_strdup_printf(_("%s into %s to %s."), what, draft_name(first),
					    draft_name(last))
			  : g_strdup_printf(_("%s into %s."), what, draft_name(first));

	return draft_tell(first, text);
}

static gboolean
files_write(const FigureOutput *output, char **written, GError **error)
{
	g_autoptr(Draft) first = NULL;
	g_autoptr(Draft) last = NULL;
	const FigureTarget *target = &output->target;
	const GPtrArray *files = output->files;

	for (guint i = 0; i < files->len; i++) {
		g_autofree char *path = files->len > 1 ? page_path(target_path(target), i, files->len)
						       : g_strdup(target_path(target));
		Draft **draft = i == 0 ? &first : &last;

		g_clear_pointer(draft, draft_free);
		*draft = file_write(target, path, g_ptr_array_index(files, i), error);
		if (!*draft)
			return FALSE;
	}
	*written = written_text(output->what, first, last);
	return TRUE;
}

/* Notes of ours, about the file that was read, are no ladder. */
static gboolean
has_events(const Figure *figure)
{
	const Trace *trace = ladder_trace(figure->ladder);

	for (guint i = 0; i < figure->rows->len; i++) {
		if (trace_event(trace, figure_row(figure, i)->row.event)->kind != EVENT_NOTE)
			return TRUE;
	}
	return FALSE;
}

/* FALSE: why there is nothing of that. */
static gboolean
figure_check(const Figure *figure, const FigureTarget *target, GError **error)
{
	if (target->format->plots == FIGURE_ONLY_PLOTS)
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
			    _("%s is a format for plots: pktladder figure FILE --plot sequence"),
			    target->format->id);
	else if (!has_events(figure))
		g_set_error_literal(
			error, G_IO_ERROR, G_IO_ERROR_FAILED,
			trace_n_packets(ladder_trace(figure->ladder)) == 0
				? _("there is nothing to draw: no packet was read")
				: _("there is nothing to draw: no packet or call passes the selection"));
	else if (figure->length > FIGURE_ROWS_MAX)
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
			    _("a figure of %u rows is too long (%d are the limit): choose rungs with "
			      "--frames, --from and --to or --show, or --fold them"),
			    figure->length, FIGURE_ROWS_MAX);
	else
		return TRUE;
	return FALSE;
}

/* A PDF is one file of all the pages. */
static guint
files_count(const FigureTarget *target, const GPtrArray *pages)
{
	return g_strcmp0(target->format->convert, "pdf") == 0 ? 1 : pages->len;
}

/* ---- the whole ---- */

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
		output->done(output, output->data);
}

static guint
files_wanted(const FigureOutput *output)
{
	return files_count(&output->target, output->pages);
}

static void
conversion_next(FigureOutput *output)
{
	const FigureTarget *target = &output->target;
	g_autoptr(GPtrArray) one = g_ptr_array_new();
	const GPtrArray *pages = output->pages;
	guint next = output->files->len;

	if (next == files_wanted(output))
		return;
	if (files_wanted(output) > 1) {
		g_ptr_array_add(one, g_ptr_array_index(pages, next));
		pages = one;
	}
	output->conversion = conversion_start(pages, target->format->convert, target->scale,
					      target->date_ns, on_converted, output, &output->error);
}

static FigureOutput *
output_new(GPtrArray *pages, const FigureTarget *target, char *what, FigureOutputDone done,
	   gpointer data)
{
	FigureOutput *output = g_new0(FigureOutput, 1);

	output->path = g_strdup(target->path);
	output->target = *target;
	output->target.path = output->path;
	output->pages = pages;
	output->files = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	output->what = what;
	output->done = done;
	output->data = data;
	if (target->format->convert) {
		conversion_next(output);
		return output;
	}
	for (guint i = 0; i < pages->len; i++) {
		const GString *page = g_ptr_array_index(pages, i);

		g_ptr_array_add(output->files, g_bytes_new(page->str, page->len));
	}
	return output;
}

FigureOutput *
figure_output_start(const Figure *figure, const FigureOptions *options, const FigureTarget *target,
		    FigureOutputDone done, gpointer data, GError **error)
{
	FigureOptions how = *options;
	g_autoptr(GPtrArray) pages = NULL;

	if (!figure_check(figure, target, error) || !pages_choose(figure, &how, target, error))
		return NULL;
	pages = pages_write(figure, &how, target->format);
	if (files_count(target, pages) > 1 && g_str_equal(target_path(target), "-")) {
		g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED,
				    _("several pages are several files: name them with -o OUT"));
		return NULL;
	}
	return output_new(g_steal_pointer(&pages), target,
			  g_strdup_printf(ngettext("%u row was written", "%u rows were written",
						   figure->rows->len),
					  figure->rows->len),
			  done, data);
}

FigureOutput *
figure_output_start_page(GString *page, const char *what, const FigureTarget *target,
			 FigureOutputDone done, gpointer data)
{
	GPtrArray *pages = g_ptr_array_new_with_free_func(page_free);

	g_ptr_array_add(pages, page);
	return output_new(pages, target, g_strdup(what), done, data);
}

gboolean
figure_output_ended(const FigureOutput *output)
{
	return output->error || output->files->len == files_wanted(output);
}

gboolean
figure_output_finish(FigureOutput *output, char **written, GError **error)
{
	gboolean ok = !output->error;

	*written = NULL;
	if (!ok)
		g_propagate_error(error, g_steal_pointer(&output->error));
	else
		ok = files_write(output, written, error);
	figure_output_free(output);
	return ok;
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

/* Until it has ended, or we are to end. */
static gboolean
output_wait(FigureOutput *output, GMainContext *context, char **written, GError **error)
{
	g_autoptr(GSource) tick = g_timeout_source_new(TICK_MS);

	g_source_set_callback(tick, on_tick, NULL, NULL);
	g_source_attach(tick, context);
	while (!figure_output_ended(output) && interruption_signal() == 0)
		g_main_context_iteration(context, TRUE);
	g_source_destroy(tick);
	if (figure_output_ended(output))
		return figure_output_finish(output, written, error);
	figure_output_free(output);
	return FALSE;
}

/* The exit status of one that is to be waited for; `output` NULL: `error` says why. */
static int
output_run(FigureOutput *output, GMainContext *context, const Session *session,
	   const FigureTarget *target, GError *reason)
{
	g_autoptr(GError) error = reason;
	g_autofree char *written = NULL;

	if (output && output_wait(output, context, &written, &error)) {
		if (target->part && !g_str_equal(target_path(target), "-"))
			complain("%s", written);
		return session_status(session);
	}
	if (interruption_signal())
		return 128 + interruption_signal();
	complain("%s", error->message);
	return STATUS_FAILED;
}

int
figure_output(const Session *session, const Figure *figure, const FigureOptions *options,
	      const FigureTarget *target)
{
	g_autoptr(GMainContext) context = g_main_context_new();
	GError *error = NULL;
	FigureOutput *output;
	int status;

	g_main_context_push_thread_default(context);
	output = figure_output_start(figure, options, target, NULL, NULL, &error);
	status = output_run(output, context, session, target, error);
	g_main_context_pop_thread_default(context);
	return status;
}

int
figure_output_page(const Session *session, GString *page, const char *what,
		   const FigureTarget *target)
{
	g_autoptr(GMainContext) context = g_main_context_new();
	int status;

	g_main_context_push_thread_default(context);
	status = output_run(figure_output_start_page(page, what, target, NULL, NULL), context, session,
			    target, NULL);
	g_main_context_pop_thread_default(context);
	return status;
}

/* ---- fonts ---- */

gboolean
figure_font_check(const char *family, GError **error)
{
	const char *argv[] = { "fc-match", "--format=%{family}", family, NULL };
	g_autofree char *found = NULL;
	int status = 0;
	g_auto(GStrv) names = NULL;

	if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL,
			  NULL, NULL, &found, NULL, &status, NULL) ||
	    !g_spawn_check_wait_status(status, NULL) || !found || !*found ||
	    !g_utf8_validate(found, -1, NULL))
		return TRUE;
	names = g_strsplit(found, ",", -1);
	for (GStrv name = names; *name; name++) {
		if (g_ascii_strcasecmp(g_strstrip(*name), family) == 0)
			return TRUE;
	}
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
		    _("the font \"%s\" is not installed (%s would stand in for it); fc-list : family "
		      "names those that are"),
		    family, names[0]);
	return FALSE;
}
