/* Theory of operation. Everything is made in memory first, page by page, and
 * converted through temporary files in a folder of our own; only then are the
 * outputs replaced, each by a rename. What fails before leaves all of them alone.
 */
#include "figure_output.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "details.h"
#include "pktladder/i18n.h"
#include "pktladder/text.h"

#define CONVERTER   "rsvg-convert"
#define PACKAGE	    "librsvg2-bin"
#define TIMEOUT_S   120
#define PNG_SIDE    32767   /* pixels: cairo's limit */
#define PDF_SIDE    14400.0 /* points: PDF 1.7, annex C */
#define POINT_PIXEL 0.75
#define PDF_ROWS    40 /* a page, where one page is too long */

/* ---- running a program ---- */

typedef struct {
	GSubprocess *process;
	GBytes *errors;
	GError *error;
	gboolean done, late;
} Run;

static void
on_done(GObject *object, GAsyncResult *result, gpointer data)
{
	Run *run = data;

	g_subprocess_communicate_finish(G_SUBPROCESS(object), result, NULL, &run->errors, &run->error);
	run->done = TRUE;
}

static gboolean
on_late(gpointer data)
{
	Run *run = data;

	run->late = TRUE;
	g_subprocess_force_exit(run->process);
	return G_SOURCE_REMOVE;
}

static gboolean
run_failed(const Run *run, GError **error)
{
	gsize length = 0;
	const char *bytes = run->errors ? g_bytes_get_data(run->errors, &length) : NULL;
	g_autofree char *said = g_strstrip(text_escape(length ? bytes : "", length));

	if (run->late)
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
			    _("%s was ended after %d seconds: choose fewer rungs, or --rows-per-page"),
			    CONVERTER, TIMEOUT_S);
	else
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, _("%s failed: %s"), CONVERTER,
			    run->error ? run->error->message : *said ? said : _("it says not why"));
	return FALSE;
}

/* In a context of its own: nothing else happens meanwhile. */
static gboolean
converter_run(const GPtrArray *argv, gint64 date_ns, GError **error)
{
	g_autoptr(GSubprocessLauncher) launcher =
		g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDERR_PIPE);
	g_autofree char *date = g_strdup_printf("%" G_GINT64_FORMAT, date_ns / G_GINT64_CONSTANT(1000000000));
	g_autoptr(GMainContext) context = g_main_context_new();
	g_autoptr(GSource) timer = g_timeout_source_new_seconds(TIMEOUT_S);
	g_autoptr(GError) cause = NULL;
	Run run = { 0 };
	gboolean ok;

	g_main_context_push_thread_default(context);
	/* The same capture gives the same bytes, whenever (reproducible-builds.org). */
	if (date_ns > 0)
		g_subprocess_launcher_setenv(launcher, "SOURCE_DATE_EPOCH", date, FALSE);
	run.process = g_subprocess_launcher_spawnv(launcher, (const char *const *)argv->pdata, &cause);
	if (run.process) {
		g_source_set_callback(timer, on_late, &run, NULL);
		g_source_attach(timer, context);
		g_subprocess_communicate_async(run.process, NULL, NULL, on_done, &run);
		while (!run.done)
			g_main_context_iteration(context, TRUE);
		g_source_destroy(timer);
	}
	g_main_context_pop_thread_default(context);
	ok = run.process && !run.error && !run.late && g_subprocess_get_successful(run.process);
	if (g_error_matches(cause, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT))
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
			    _("PDF and PNG need %s, which is not installed: apt-get install %s"),
			    CONVERTER, PACKAGE);
	else if (cause)
		g_propagate_error(error, g_steal_pointer(&cause));
	else if (!ok)
		run_failed(&run, error);
	g_clear_object(&run.process);
	g_clear_pointer(&run.errors, g_bytes_unref);
	g_clear_error(&run.error);
	return ok;
}

/* ---- converting ---- */

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

static gboolean
temporary_fail(const char *path, GError **error)
{
	g_autofree char *safe = text_escape(path, -1);

	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), _("%s cannot be written: %s"),
		    safe, g_strerror(errno));
	return FALSE;
}

/* Of pages of SVG, one file; all of them are in `folder`. */
static GBytes *
pages_convert(const GPtrArray *pages, const FigureTarget *target, const char *folder, GError **error)
{
	g_autoptr(GPtrArray) argv = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *made = g_build_filename(folder, "made", NULL);
	char *contents;
	gsize length;

	g_ptr_array_add(argv, g_strdup(CONVERTER));
	g_ptr_array_add(argv, g_strdup("--unlimited"));
	g_ptr_array_add(argv, g_strdup_printf("--format=%s", target->format->convert));
	if (g_str_equal(target->format->convert, "png"))
		g_ptr_array_add(argv, g_strdup_printf("--zoom=%.4f", target->scale));
	g_ptr_array_add(argv, g_strdup_printf("--output=%s", made));
	for (guint i = 0; i < pages->len; i++) {
		g_autofree char *page = g_strdup_printf("%s/page-%u.svg", folder, i);
		const GString *svg = g_ptr_array_index(pages, i);

		if (!g_file_set_contents_full(page, svg->str, svg->len, G_FILE_SET_CONTENTS_NONE, 0600,
					      NULL)) {
			temporary_fail(page, error);
			return NULL;
		}
		g_ptr_array_add(argv, g_steal_pointer(&page));
	}
	g_ptr_array_add(argv, NULL);
	if (!converter_run(argv, target->date_ns, error) || !g_file_get_contents(made, &contents, &length, error))
		return NULL;
	return g_bytes_new_take(contents, length);
}

static void
folder_remove(const char *folder)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		g_unlink(path);
	}
	g_clear_pointer(&dir, g_dir_close);
	g_rmdir(folder);
}

static GBytes *
convert(const GPtrArray *pages, const FigureTarget *target, GError **error)
{
	g_autofree char *folder = g_dir_make_tmp("pktladder-XXXXXX", NULL);
	GBytes *bytes;

	if (!folder) {
		temporary_fail(g_get_tmp_dir(), error);
		return NULL;
	}
	bytes = pages_convert(pages, target, folder, error);
	folder_remove(folder);
	return bytes;
}

/* ---- files ---- */

static gboolean
bytes_write(int fd, GBytes *bytes)
{
	gsize length;
	const char *data = g_bytes_get_data(bytes, &length);

	while (length > 0) {
		gssize n = write(fd, data, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return FALSE;
		data += n;
		length -= n;
	}
	return TRUE;
}

/* Through a link, the file that it leads to; a pipe or a device is written into. */
static gboolean
file_replace(const char *path, GBytes *bytes)
{
	struct stat info;
	gboolean there = stat(path, &info) == 0;
	char *real = there ? realpath(path, NULL) : NULL;
	g_autofree char *final = g_strdup(real ? real : path);
	g_autofree char *temporary = g_strconcat(final, ".XXXXXX", NULL);
	gboolean whole = !there || S_ISREG(info.st_mode);
	gboolean ok;
	int fd, reason;

	free(real);
	if (there && access(path, W_OK) != 0)
		return FALSE;
	fd = whole ? g_mkstemp_full(temporary, O_WRONLY | O_CLOEXEC, 0666)
		   : open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return FALSE;
	ok = bytes_write(fd, bytes) && (!whole || fsync(fd) == 0);
	reason = errno;
	if (close(fd) != 0 && ok) {
		ok = FALSE;
		reason = errno;
	}
	if (ok && whole && g_rename(temporary, final) != 0) {
		ok = FALSE;
		reason = errno;
	}
	if (!ok && whole)
		g_unlink(temporary);
	errno = reason;
	return ok;
}

static gboolean
output_write(const char *path, GBytes *bytes, GError **error)
{
	if (path ? file_replace(path, bytes) : bytes_write(STDOUT_FILENO, bytes))
		return TRUE;
	return temporary_fail(path ? path : _("standard output"), error);
}

GBytes *
figure_convert(const GString *svg, const FigureTarget *target, GError **error)
{
	g_autoptr(GPtrArray) pages = g_ptr_array_new();

	g_ptr_array_add(pages, (gpointer)svg);
	return convert(pages, target, error);
}

gboolean
figure_file_write(const char *path, GBytes *bytes, GError **error)
{
	return output_write(path, bytes, error);
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

/* ---- the whole ---- */

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
	if (options->rows_per_page == 0 && height * POINT_PIXEL > PDF_SIDE)
		options->rows_per_page = PDF_ROWS;
	return TRUE;
}

static GPtrArray *
pages_write(const Figure *figure, FigureOptions *options, const FigureFormat *format)
{
	GPtrArray *pages = g_ptr_array_new();

	for (guint n = figure_n_pages(figure, options); options->page < n; options->page++) {
		GString *page = g_string_new(NULL);

		format->write(figure, options, page);
		g_ptr_array_add(pages, page);
	}
	return pages;
}

static void
page_free(gpointer page)
{
	g_string_free(page, TRUE);
}

/* The files' contents, whole. */
static GPtrArray *
files_make(GPtrArray *pages, const FigureTarget *target, GError **error)
{
	g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	gboolean together = g_strcmp0(target->format->convert, "pdf") == 0;

	for (guint i = 0; i < pages->len; i++) {
		const GString *page = g_ptr_array_index(pages, i);
		g_autoptr(GPtrArray) one = g_ptr_array_new();
		GBytes *file;

		g_ptr_array_add(one, g_ptr_array_index(pages, i));
		if (!target->format->convert)
			file = g_bytes_new(page->str, page->len);
		else
			file = convert(together ? pages : one, target, error);
		if (!file)
			return NULL;
		g_ptr_array_add(files, file);
		if (together)
			break;
	}
	return g_steal_pointer(&files);
}

static gboolean
files_write(const GPtrArray *files, const FigureTarget *target, GError **error)
{
	gboolean out = !target->path || g_str_equal(target->path, "-");

	if (out && files->len > 1) {
		g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED,
				    _("several pages are several files: name them with -o OUT"));
		return FALSE;
	}
	for (guint i = 0; i < files->len; i++) {
		g_autofree char *path = NULL;

		if (!out)
			path = files->len > 1 ? page_path(target->path, i, files->len)
					      : g_strdup(target->path);
		if (!output_write(path, g_ptr_array_index(files, i), error))
			return FALSE;
	}
	return TRUE;
}

static char *
written_text(const Figure *figure, const FigureTarget *target, guint n_files)
{
	g_autofree char *rows = g_strdup_printf(
		ngettext("%u row was written", "%u rows were written", figure->rows->len),
		figure->rows->len);
	g_autofree char *first = n_files > 1 ? page_path(target->path, 0, n_files)
					     : g_strdup(target->path ? target->path : "-");
	g_autofree char *last = page_path(target->path ? target->path : "-", n_files - 1, n_files);
	g_autofree char *from = text_escape(first, -1), *to = text_escape(last, -1);

	return n_files > 1 ? g_strdup_printf(_("%s into %s to %s."), rows, from, to)
			   : g_strdup_printf(_("%s into %s."), rows, from);
}

gboolean
figure_output(const Figure *figure, const FigureOptions *options, const FigureTarget *target,
	      char **written, GError **error)
{
	FigureOptions how = *options;
	g_autoptr(GPtrArray) pages = NULL, files = NULL;

	*written = NULL;
	if (target->format->plots == FIGURE_ONLY_PLOTS) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
			    _("%s is a format for plots: pktladder figure FILE --plot sequence"),
			    target->format->id);
		return FALSE;
	}
	if (figure->rows->len == 0) {
		g_set_error_literal(
			error, G_IO_ERROR, G_IO_ERROR_FAILED,
			_("there is nothing to draw: no packet or call passes the selection"));
		return FALSE;
	}
	if (figure->rows->len > FIGURE_ROWS_MAX) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
			    _("a figure of %u rows is too long (%d are the limit): choose rungs with "
			      "--frames, --from and --to or --show, or --fold them"),
			    figure->rows->len, FIGURE_ROWS_MAX);
		return FALSE;
	}
	if (!pages_choose(figure, &how, target, error))
		return FALSE;
	pages = pages_write(figure, &how, target->format);
	g_ptr_array_set_free_func(pages, page_free);
	files = files_make(pages, target, error);
	if (!files || !files_write(files, target, error))
		return FALSE;
	*written = written_text(figure, target, files->len);
	return TRUE;
}

gboolean
figure_output_page(GString *page, const FigureTarget *target, GError **error)
{
	g_autoptr(GPtrArray) pages = g_ptr_array_new();
	g_autoptr(GPtrArray) files = NULL;

	g_ptr_array_add(pages, page);
	files = files_make(pages, target, error);
	return files && files_write(files, target, error);
}

void
figure_details_add(Figure *figure, Session *session)
{
	History history = { 0 };

	for (guint i = 0; i < figure->rows->len; i++)
		figure_take_details(figure, i,
				    details_make(figure->ladder, figure_row(figure, i)->index, NULL,
						 session->store, &history, G_MAXUINT, NULL));
	history_clear(&history);
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
	    !g_spawn_check_wait_status(status, NULL) || !found || !g_utf8_validate(found, -1, NULL))
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
