/* Theory of operation. The converter is a program of its own, which the broker runs: it gets
 * the pages as memory files, and gives back another one, so that nothing of it is ever waited
 * for but its end, and nothing is left behind. It may be any program of that name: its words
 * are shown as text from outside, a few of them, and what it made is looked at before it
 * replaces anything.
 */
#include "conversion.h"

#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pktladder/broker.h"
#include "pktladder/i18n.h"
#include "pktladder/text.h"

#define CONVERTER "rsvg-convert"
#define PACKAGE	  "librsvg2-bin"
#define TIMEOUT_S 120

static const struct {
	const char *id, *name, *signature;
} documents[] = {
	{ "pdf", "PDF", "%PDF-" },	/* ISO 32000-1, 7.5.2 */
	{ "png", "PNG", "\211PNG\r\n\032\n" }, /* ISO/IEC 15948, 5.2 */
};

struct _Conversion {
	guint document;
	int made, end_fd; /* -1: closed; closing the second ends the converter */
	BrokerEnd end;
	GSource *watch, *timer;
	gboolean late;
	ConversionDone done;
	gpointer data;
};

static void
descriptor_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void
source_clear(GSource **source)
{
	if (!*source)
		return;
	g_source_destroy(*source);
	g_source_unref(g_steal_pointer(source));
}

static void
conversion_end(Conversion *conversion)
{
	source_clear(&conversion->watch);
	source_clear(&conversion->timer);
	descriptor_close(&conversion->end_fd);
	conversion->done(conversion, conversion->data);
}

static gboolean
on_late(gpointer data)
{
	Conversion *conversion = data;

	conversion->late = TRUE;
	conversion_end(conversion);
	return G_SOURCE_REMOVE;
}

static gboolean
on_end(gint fd, GIOCondition condition G_GNUC_UNUSED, gpointer data)
{
	Conversion *conversion = data;

	/* A broker that ended first has said nothing. */
	if (read(fd, &conversion->end, sizeof(conversion->end)) != sizeof(conversion->end))
		conversion->end = (BrokerEnd){ .status = SIGKILL };
	conversion_end(conversion);
	return G_SOURCE_REMOVE;
}

/* ---- the start ---- */

static gboolean
fail(GError **error, const char *why)
{
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, _("%s failed: %s"), CONVERTER, why);
	return FALSE;
}

static gboolean
page_write(int fd, const GString *svg)
{
	for (gsize done = 0; done < svg->len;) {
		gssize n = write(fd, svg->str + done, svg->len - done);

		if (n < 0 && errno != EINTR)
			return FALSE;
		done += MAX(n, 0);
	}
	return TRUE;
}

static gboolean
page_give(const GString *svg)
{
	int fd = memfd_create("pktladder", MFD_CLOEXEC);
	gboolean given = fd >= 0 && page_write(fd, svg) && broker_page(fd);
	int reason = errno;

	descriptor_close(&fd);
	errno = reason;
	return given;
}

static gboolean
pages_give(const GPtrArray *pages, GError **error)
{
	for (guint i = 0; i < pages->len; i++) {
		if (page_give(g_ptr_array_index(pages, i)))
			continue;
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno),
			    _("the pages for %s cannot be kept in memory: %s"), CONVERTER,
			    g_strerror(errno));
		return FALSE;
	}
	return TRUE;
}

static gboolean
converter_start(Conversion *conversion, const BrokerDocument *document, GError **error)
{
	if (broker_convert(document, &conversion->made, &conversion->end_fd))
		return TRUE;
	if (errno != ENOENT)
		return fail(error, g_strerror(errno));
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
		    _("PDF and PNG need %s, which is not installed: apt-get install %s"), CONVERTER,
		    PACKAGE);
	return FALSE;
}

static guint
document_find(const char *format)
{
	for (guint i = 0; i < G_N_ELEMENTS(documents); i++) {
		if (g_str_equal(documents[i].id, format))
			return i;
	}
	g_assert_not_reached();
}

Conversion *
conversion_start(const GPtrArray *pages, const char *format, double scale, gint64 date_ns,
		 ConversionDone done, gpointer data, GError **error)
{
	g_autoptr(Conversion) conversion = g_new0(Conversion, 1);
	BrokerDocument document = { .scale = scale,
				    .date_s = MAX(date_ns / G_GINT64_CONSTANT(1000000000), 0) };

	*conversion = (Conversion){ .document = document_find(format),
				    .made = -1,
				    .end_fd = -1,
				    .done = done,
				    .data = data };
	g_strlcpy(document.format, format, sizeof(document.format));
	if (!pages_give(pages, error) || !converter_start(conversion, &document, error))
		return NULL;

	GMainContext *context = g_main_context_get_thread_default();

	conversion->watch = g_unix_fd_source_new(conversion->end_fd, G_IO_IN | G_IO_HUP);
	g_source_set_callback(conversion->watch, G_SOURCE_FUNC(on_end), conversion, NULL);
	g_source_attach(conversion->watch, context);
	conversion->timer = g_timeout_source_new_seconds(TIMEOUT_S);
	g_source_set_callback(conversion->timer, on_late, conversion, NULL);
	g_source_attach(conversion->timer, context);
	return g_steal_pointer(&conversion);
}

/* ---- the end ---- */

/* The beginning of what it said, in one line; NULL: nothing. */
static char *
said_text(const BrokerEnd *end)
{
	g_autofree char *bytes = g_strndup(end->said, MIN(end->length, sizeof(end->said)));

	g_strchomp(bytes);
	g_strdelimit(bytes, "\r\n\t", ' ');
	return *bytes ? text_escape(bytes, -1) : NULL;
}

static char *
end_text(const BrokerEnd *end)
{
	char *said = said_text(end);

	if (said)
		return said;
	if (WIFSIGNALED(end->status)) {
		int number = WTERMSIG(end->status);

		return g_strdup_printf(_("it was ended by signal %d (%s)"), number,
				       g_strsignal(number));
	}
	return g_strdup(_("it does not say why"));
}

static gboolean
ended_well(const Conversion *conversion, GError **error)
{
	g_autofree char *why = NULL;

	if (conversion->late) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
			    _("%s was ended after %d seconds: choose fewer rungs, or --rows-per-page"),
			    CONVERTER, TIMEOUT_S);
		return FALSE;
	}
	if (WIFEXITED(conversion->end.status) && WEXITSTATUS(conversion->end.status) == 0)
		return TRUE;
	why = end_text(&conversion->end);
	return fail(error, why);
}

/* All of a memory file; NULL: it cannot be read. */
static GBytes *
made_read(int fd)
{
	struct stat info;
	g_autofree char *bytes = NULL;
	gsize done = 0;

	if (fstat(fd, &info) != 0)
		return NULL;
	bytes = g_try_malloc(info.st_size + 1);
	while (bytes && done < (gsize)info.st_size) {
		gssize n = pread(fd, bytes + done, info.st_size - done, done);

		if (n == 0 || (n < 0 && errno != EINTR))
			return NULL;
		done += MAX(n, 0);
	}
	return bytes ? g_bytes_new_take(g_steal_pointer(&bytes), done) : NULL;
}

static gboolean
begins_with(GBytes *bytes, const char *signature)
{
	gsize length;
	const char *data = g_bytes_get_data(bytes, &length);

	return length > strlen(signature) && memcmp(data, signature, strlen(signature)) == 0;
}

GBytes *
conversion_take(Conversion *conversion, GError **error)
{
	g_autoptr(GBytes) bytes = NULL;
	g_autofree char *why = NULL;

	if (!ended_well(conversion, error))
		return NULL;
	bytes = made_read(conversion->made);
	if (bytes && begins_with(bytes, documents[conversion->document].signature))
		return g_steal_pointer(&bytes);
	why = g_strdup_printf(_("what it made is no %s"), documents[conversion->document].name);
	fail(error, why);
	return NULL;
}

void
conversion_free(Conversion *conversion)
{
	if (!conversion)
		return;
	source_clear(&conversion->watch);
	source_clear(&conversion->timer);
	descriptor_close(&conversion->end_fd);
	descriptor_close(&conversion->made);
	g_free(conversion);
}
