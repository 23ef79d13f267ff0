/* SPDX-License-Identifier: MIT */
/* Theory of operation. Everything is made in memory first, page by page, and converted, where the
 * format asks for it, by a program that runs beside us; only then are the outputs replaced, each as
 * a whole. What fails before leaves all of them alone.
 *
 * The converter is a program of its own, which the broker runs: it gets the
 * pages as memory files, and gives back another one, so that nothing of it is ever waited for but
 * its end, and nothing is left behind. It may be any program of that name: its words are shown as
 * text from outside, a few of them, and what it made is looked at before it replaces anything. */
#include "pktladder/drawing.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pktladder/trace.h"
#include "pktladder/complain.h"
#include "pktladder/draft.h"
#include "pktladder/text.h"
#include "pktladder/broker.h"
#include "pktladder/fd.h"

#define PNG_SIDE    32767   /* pixels: cairo's limit */
#define PDF_SIDE    14400.0 /* points: PDF 1.7, annex C */
#define POINT_PIXEL 0.75
#define PDF_ROWS    40 /* a page, where one page is too long */
/* A file for xplot has every packet, as far as memory reasonably goes: 1 GB. */
#define XPL_SPANS (1 << 21)

/* ---- the converter ---- */

#define CONVERTER "rsvg-convert"
#define PACKAGE   "librsvg2-bin"
#define TIMEOUT_S 120

typedef struct {
	const char *id, *name, *signature;
} Document;

static const Document documents[] = {
	{ "pdf", "PDF", "%PDF-" },             /* ISO 32000-1, 7.5.2 */
	{ "png", "PNG", "\211PNG\r\n\032\n" }, /* ISO/IEC 15948, 5.2 */
};

typedef struct {
	const Document *document;
	Fd made, end_fd; /* -1: closed; closing the second ends the converter */
	BrokerEnd end;
	gint64 late_us; /* monotonic time at which it has had time enough */
	gboolean late;
} Conversion;

/* Also ends what is still running. */
static void
conversion_free(Conversion *conversion)
{
	if (!conversion)
		return;
	fd_clear(&conversion->end_fd);
	fd_clear(&conversion->made);
	g_free(conversion);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Conversion, conversion_free)

static gboolean
converter_failed(GError **error, const char *why)
{
	return refuse(error, _("%s failed: %s"), CONVERTER, why);
}

/* FALSE: errno. */
static gboolean
page_give(GBytes *svg)
{
	gsize length;
	const void *bytes = g_bytes_get_data(svg, &length);
	g_auto(Fd) fd = memfd_create("pktladder", MFD_CLOEXEC);

	return fd >= 0 && bytes_write(fd, bytes, length) && broker_page(fd);
}

/* Pages of SVG become one document; it needs them no longer when this returns. `scale`: PNG's
 * pixels for one of the drawing's; `date_ns`: what a PDF says about when it was made, 0 for now. */
static Conversion *
conversion_start(GBytes *const *pages, guint n_pages, const char *format, double scale,
		 gint64 date_ns, GError **error)
{
	g_autoptr(Conversion) conversion = g_new0(Conversion, 1);
	BrokerDocument document = { .scale = scale,
				    .date_s = MAX(date_ns / G_GINT64_CONSTANT(1000000000), 0) };

	*conversion = (Conversion){ .document = documents, .made = -1, .end_fd = -1 };
	while (!g_str_equal(conversion->document->id, format))
		conversion->document++;
	g_strlcpy(document.format, format, sizeof(document.format));
	for (guint i = 0; i < n_pages; i++) {
		if (page_give(pages[i]))
			continue;
		refuse(error, _("the pages for %s cannot be kept in memory: %s"), CONVERTER,
		       g_strerror(errno));
		return NULL;
	}
	if (!broker_convert(&document, &conversion->made, &conversion->end_fd)) {
		if (errno == ENOENT)
			refuse(error,
			       _("PDF and PNG need %s, which is not installed: apt-get install %s"),
			       CONVERTER, PACKAGE);
		else
			converter_failed(error, g_strerror(errno));
		return NULL;
	}
	conversion->late_us = g_get_monotonic_time() + TIMEOUT_S * G_TIME_SPAN_SECOND;
	return g_steal_pointer(&conversion);
}

/* Whether the converter has ended; one that takes too long is ended now. */
static gboolean
conversion_ended(Conversion *conversion)
{
	struct pollfd end = { .fd = conversion->end_fd, .events = POLLIN };

	if (conversion->end_fd < 0)
		return TRUE;
	if (poll(&end, 1, 0) == 1) {
		/* A broker that ended first has said nothing. */
		if (read(end.fd, &conversion->end, sizeof(conversion->end)) !=
		    sizeof(conversion->end))
			conversion->end = (BrokerEnd){ .status = SIGKILL };
	} else if (g_get_monotonic_time() >= conversion->late_us) {
		conversion->late = TRUE;
	} else {
		return FALSE;
	}
	fd_clear(&conversion->end_fd);
	return TRUE;
}

/* FALSE: what it said, of which the beginning is shown in one line, or what ended it. */
static gboolean
ended_well(const Conversion *conversion, GError **error)
{
	const BrokerEnd *end = &conversion->end;
	g_autofree char *why = NULL;

	if (conversion->late)
		return refuse(
		    error,
		    _("%s was ended after %d seconds: choose fewer rows, or --rows-per-page"),
		    CONVERTER, TIMEOUT_S);
	if (WIFEXITED(end->status) && WEXITSTATUS(end->status) == 0)
		return TRUE;
	g_autofree char *said = g_strndup(end->said, MIN(end->length, sizeof(end->said)));
	g_strdelimit(g_strchomp(said), "\r\n\t", ' ');
	if (*said)
		why = text_escape(said, -1);
	else if (WIFSIGNALED(end->status))
		why = g_strdup_printf(_("it was ended by signal %d (%s)"), WTERMSIG(end->status),
				      g_strsignal(WTERMSIG(end->status)));
	return converter_failed(error, why ? why : _("it does not say why"));
}

/* All of a memory file; NULL: it cannot be read. */
static GBytes *
made_read(int fd)
{
	struct stat info;

	if (fstat(fd, &info) != 0)
		return NULL;
	g_autofree char *bytes = g_try_malloc(info.st_size + 1);
	if (!bytes || TEMP_FAILURE_RETRY(pread(fd, bytes, info.st_size, 0)) != info.st_size)
		return NULL;
	return g_bytes_new_take(g_steal_pointer(&bytes), info.st_size);
}

/* What it made, once it has ended; the caller unrefs. NULL: why not, in a line. */
static GBytes *
conversion_take(Conversion *conversion, GError **error)
{
	const char *signature = conversion->document->signature;

	if (!ended_well(conversion, error))
		return NULL;
	g_autoptr(GBytes) bytes = made_read(conversion->made);
	if (bytes && g_bytes_get_size(bytes) > strlen(signature) &&
	    memcmp(g_bytes_get_data(bytes, NULL), signature, strlen(signature)) == 0)
		return g_steal_pointer(&bytes);
	g_autofree char *why =
	    g_strdup_printf(_("what it made is no %s"), conversion->document->name);
	converter_failed(error, why);
	return NULL;
}

/* ---- what is written ---- */

typedef struct {
	FigureTarget target;
	char *path;               /* the target's */
	char *what;               /* that is written: "12 rows were written" */
	GPtrArray *pages, *files; /* GBytes */
	Conversion *conversion;   /* NULL none is running */
	GError *error;
} FigureOutput;

/* ---- pages ---- */

/* FALSE: why there is nothing of that. */
static gboolean
figure_check(const Figure *figure, const FigureFormat *format, GError **error)
{
	const Trace *trace = figure->ladder->trace;

	if (format->plots == FIGURE_ONLY_PLOTS)
		return refuse(error,
			      _("%s is a format for plots: pktladder figure FILE --plot sequence"),
			      format->id);
	if (figure_is_empty(figure))
		return refuse(
		    error, "%s",
		    trace_n_packets(trace) == 0
			? _("there is nothing to draw: no packet was read")
			: _("there is nothing to draw: no packet or call passes the selection"));
	if (figure->picked->len > FIGURE_ROWS_MAX)
		return refuse(error,
			      _("a figure of %u rows is too long (%d are the limit): choose rows "
				"with --frames, --from and --to or --show, or --fold them"),
			      figure->picked->len, FIGURE_ROWS_MAX);
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
		       refuse(error,
			      _("the picture would have %.0f times %.0f pixels, and %d are the "
				"limit: choose fewer rows, --rows-per-page or a smaller --scale"),
			      width, height, PNG_SIDE);
	}
	if (width * POINT_PIXEL > PDF_SIDE)
		return refuse(error,
			      _("the page would be %.0f points wide, and %.0f are the limit: "
				"choose shorter names, fewer lanes (--conversations) or a --width"),
			      width * POINT_PIXEL, PDF_SIDE);
	if (options->rows_per_page == 0 && height * POINT_PIXEL > PDF_SIDE)
		options->rows_per_page = PDF_ROWS;
	return TRUE;
}

/* A PDF is one file of all the pages. */
static gboolean
is_one_file(const FigureFormat *format)
{
	return g_strcmp0(format->convert, "pdf") == 0;
}

/* ---- the job ---- */

static JobState
output_state(gconstpointer data, guint32 end G_GNUC_UNUSED)
{
	const FigureOutput *output = data;
	guint wanted = is_one_file(output->target.format) ? 1 : output->pages->len;

	if (output->error || output->files->len == wanted)
		return JOB_DONE;
	return output->conversion ? JOB_WAITS : JOB_GOES_ON;
}

static void
output_slice(gpointer data, gint64 until_us G_GNUC_UNUSED)
{
	FigureOutput *output = data;
	const FigureTarget *target = &output->target;

	while (output_state(output, JOB_ALL_EVENTS) != JOB_DONE) {
		guint next = output->files->len;
		guint n_pages = is_one_file(target->format) ? output->pages->len : 1;
		GBytes **pages = (GBytes **)output->pages->pdata + next;
		GBytes *file = NULL;

		if (!output->conversion) {
			output->conversion =
			    conversion_start(pages, n_pages, target->format->convert, target->scale,
					     target->date_ns, &output->error);
		} else if (!conversion_ended(output->conversion)) {
			return;
		} else {
			file = conversion_take(output->conversion, &output->error);
			g_clear_pointer(&output->conversion, conversion_free);
		}
		if (file)
			g_ptr_array_add(output->files, file);
	}
}

static char *
output_progress(gconstpointer data, int *percent G_GNUC_UNUSED)
{
	const FigureOutput *output = data;
	g_autofree char *safe = text_escape(output->path, -1);

	return g_strdup_printf(_("%s is being drawn"), safe);
}

static int
output_fd(gconstpointer data)
{
	return ((const FigureOutput *)data)->conversion->end_fd;
}

/* ---- files ---- */

/* "figure.svg" becomes "figure-07.svg" of 12. */
static char *
page_path(const char *path, guint page, guint n_pages)
{
	gsize stem = path_suffix(path, FALSE);
	guint digits = 1;

	for (guint rest = n_pages; rest >= 10; rest /= 10)
		digits++;
	return g_strdup_printf("%.*s-%0*u%s", (int)stem, path, digits, page + 1, path + stem);
}

static char *
output_finish(gpointer data, GError **error)
{
	FigureOutput *output = data;
	g_autoptr(Draft) first = NULL;
	g_autoptr(Draft) last = NULL;
	guint n = output->files->len;

	if (output->error) {
		g_propagate_error(error, g_steal_pointer(&output->error));
		return NULL;
	}
	for (guint i = 0; i < n; i++) {
		g_autofree char *path =
		    n > 1 ? page_path(output->path, i, n) : g_strdup(output->path);
		Draft **draft = i == 0 ? &first : &last;

		g_clear_pointer(draft, draft_free);
		*draft = draft_replace(path, output->target.part, output->files->pdata[i], error);
		if (!*draft)
			return NULL;
	}
	return draft_tell(
	    first,
	    last ? g_strdup_printf(_("%s into %s to %s."), output->what, first->name, last->name)
		 : g_strdup_printf(_("%s into %s."), output->what, first->name));
}

static void
output_free(gpointer data)
{
	FigureOutput *output = data;

	conversion_free(output->conversion);
	g_ptr_array_unref(output->pages);
	g_ptr_array_unref(output->files);
	g_clear_error(&output->error);
	g_free(output->what);
	g_free(output->path);
	g_free(output);
}

/* `what` was written. Takes it, and the pages: GBytes. */
static Job
job_new(char *what, GPtrArray *pages, const FigureTarget *target)
{
	static const JobKind kind = { .state = output_state,
				      .slice = output_slice,
				      .progress = output_progress,
				      .fd = output_fd,
				      .finish = output_finish,
				      .free = output_free,
				      .stopped = N_("Drawing was stopped: no file was written.") };
	FigureOutput *output = g_new0(FigureOutput, 1);

	output->path = g_strdup(target->path);
	output->target = *target;
	output->target.path = output->path;
	output->what = what;
	output->pages = pages;
	output->files = target->format->convert
			    ? g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref)
			    : g_ptr_array_ref(output->pages);
	return (Job){ &kind, output };
}

Job
figure_begin(const Figure *figure, const FigureOptions *options, const FigureTarget *target,
	     GError **error)
{
	guint n_rows = figure->rows->len, n_pages;
	g_autoptr(GPtrArray) pages = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	FigureOptions how = *options;
	char *what;

	if (!figure_check(figure, target->format, error) ||
	    !pages_choose(figure, &how, target, error))
		return (Job){ 0 };
	n_pages = figure_n_pages(figure, &how);
	if (n_pages > 1 && !is_one_file(target->format) && g_str_equal(target->path, "-")) {
		refuse(error, _("several pages are several files: name them with -o OUT"));
		return (Job){ 0 };
	}
	for (; how.page < n_pages; how.page++) {
		GString *page = g_string_new(NULL);

		figure_format_write(target->format, figure, &how, page);
		g_ptr_array_add(pages, g_string_free_to_bytes(page));
	}
	what =
	    g_strdup_printf(ngettext("%u row was written", "%u rows were written", n_rows), n_rows);
	return job_new(what, g_steal_pointer(&pages), target);
}

Job
figure_begin_plot(const Plot *plot, const PlotSvgOptions *svg, const FigureTarget *target)
{
	GString *page = g_string_new(NULL);

	if (target->format->plots == FIGURE_ONLY_PLOTS)
		plot_to_xpl(plot, svg->side, page);
	else
		plot_to_svg(plot, svg, page);
	return figure_begin_page(page, _("The plot was written"), target);
}

guint
figure_plot_spans(const FigureFormat *format)
{
	return format->plots == FIGURE_ONLY_PLOTS ? XPL_SPANS : PLOT_SPANS_MAX;
}

Job
figure_begin_page(GString *page, const char *what, const FigureTarget *target)
{
	GPtrArray *pages = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);

	g_ptr_array_add(pages, g_string_free_to_bytes(page));
	return job_new(g_strdup(what), pages, target);
}

/* ---- fonts ---- */

gboolean
figure_font_check(const char *family, GError **error)
{
	const char *argv[] = { "fc-match", "--format=%{family}", family, NULL };
	g_autofree char *found = NULL;
	int status = 0;

	if (!g_spawn_sync(NULL, (char **)argv, NULL,
			  G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &found,
			  NULL, &status, NULL) ||
	    !g_spawn_check_wait_status(status, NULL) || !found || !*found ||
	    !g_utf8_validate(found, -1, NULL))
		return TRUE;
	g_auto(GStrv) names = g_strsplit(found, ",", -1);
	for (GStrv name = names; *name; name++) {
		if (g_ascii_strcasecmp(g_strstrip(*name), family) == 0)
			return TRUE;
	}
	return refuse(error,
		      _("the font \"%s\" is not installed (%s would stand in for it); fc-list : "
			"family names those that are"),
		      family, names[0]);
}
