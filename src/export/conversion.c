/* SPDX-License-Identifier: MIT */
/* Theory of operation. The converter is a program of its own, which the broker runs: it gets the
 * pages as memory files, and gives back another one, so that nothing of it is ever waited for but
 * its end, and nothing is left behind. It may be any program of that name: its words are shown as
 * text from outside, a few of them, and what it made is looked at before it replaces anything. */
#include "conversion.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pktladder/complain.h"
#include "pktladder/broker.h"
#include "pktladder/fd.h"
#include "pktladder/i18n.h"
#include "pktladder/text.h"

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

struct _Conversion {
	const Document *document;
	Fd made, end_fd; /* -1: closed; closing the second ends the converter */
	BrokerEnd end;
	gint64 late_us; /* monotonic time at which it has had time enough */
	gboolean late;
};

/* ---- the start ---- */

static gboolean
fail(GError **error, const char *why)
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

Conversion *
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
			fail(error, g_strerror(errno));
		return NULL;
	}
	conversion->late_us = g_get_monotonic_time() + TIMEOUT_S * G_TIME_SPAN_SECOND;
	return g_steal_pointer(&conversion);
}

/* ---- the end ---- */

gboolean
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

int
conversion_fd(const Conversion *conversion)
{
	return conversion->end_fd;
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
	return fail(error, why ? why : _("it does not say why"));
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

GBytes *
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
	fail(error, why);
	return NULL;
}

void
conversion_free(Conversion *conversion)
{
	if (!conversion)
		return;
	fd_clear(&conversion->end_fd);
	fd_clear(&conversion->made);
	g_free(conversion);
}
