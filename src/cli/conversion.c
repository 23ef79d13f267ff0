/* Theory of operation. The pages, what is made of them, and what the converter says are
 * files in memory, which it gets as descriptors: nothing of it is on a disk, whatever
 * ends us, and nothing is ever waited for but the program's end. It has a process group
 * of its own: to end it ends what it has started, and Ctrl-C on the terminal is ours
 * alone. If we are killed it is, too. It may be any program of that name: its words are
 * shown as text from outside, a few of them, and what it made is looked at before it
 * replaces anything.
 */
#include "conversion.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "pktladder/i18n.h"
#include "pktladder/text.h"

#define CONVERTER "rsvg-convert"
#define PACKAGE	  "librsvg2-bin"
#define TIMEOUT_S 120
#define SAID_MAX  500 /* bytes */
#define OTHER_FDS 64 /* what is open beside the pages, here and there */

static const struct {
	const char *id, *name, *signature;
} documents[] = {
	{ "pdf", "PDF", "%PDF-" },	/* ISO 32000-1, 7.5.2 */
	{ "png", "PNG", "\211PNG\r\n\032\n" }, /* ISO/IEC 15948, 5.2 */
};

struct _Conversion {
	guint document;
	GArray *fds;	    /* int, all open, in memory: what is made, what is said, pages */
	GSubprocess *process; /* NULL: was not started */
	pid_t pid;
	GCancellable *cancel;
	GSource *timer;
	gboolean late;
	ConversionDone done; /* NULL: it was called */
	gpointer data;
};

enum { FD_MADE, FD_SAID, FD_PAGES };

static int
fd_of(const Conversion *conversion, guint n)
{
	return g_array_index(conversion->fds, int, n);
}

static char *
path_of(const Conversion *conversion, guint n)
{
	return g_strdup_printf("/proc/self/fd/%d", fd_of(conversion, n));
}

/* In the child, before it becomes the converter: that has these descriptors, and no
 * other of ours. */
static void
child_prepare(gpointer data)
{
	const Conversion *conversion = data;
	sigset_t none;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(fd_of(conversion, FD_MADE), STDOUT_FILENO);
	dup2(fd_of(conversion, FD_SAID), STDERR_FILENO);
	for (guint n = FD_PAGES; n < conversion->fds->len; n++)
		fcntl(fd_of(conversion, n), F_SETFD, 0);
}

static void
process_kill(Conversion *conversion)
{
	if (conversion->pid > 0 && g_subprocess_get_identifier(conversion->process))
		kill(-conversion->pid, SIGKILL);
}

static gboolean
on_late(gpointer data)
{
	Conversion *conversion = data;

	conversion->late = TRUE;
	process_kill(conversion);
	return G_SOURCE_REMOVE;
}

static void
on_end(GObject *process, GAsyncResult *result, gpointer data)
{
	Conversion *conversion = data;
	g_autoptr(GError) error = NULL;
	ConversionDone done;

	g_subprocess_wait_finish(G_SUBPROCESS(process), result, &error);
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		return; /* it was freed */
	done = g_steal_pointer(&conversion->done);
	done(conversion, conversion->data);
}

/* ---- files in memory ---- */

static void
fd_clear(gpointer fd)
{
	close(*(int *)fd);
}

static gboolean
memory_write(int fd, const GString *page)
{
	for (gsize done = 0; done < page->len;) {
		gssize n = write(fd, page->str + done, page->len - done);

		if (n < 0 && errno != EINTR)
			return FALSE;
		done += MAX(n, 0);
	}
	return TRUE;
}

/* Adds one; FALSE: errno says why. */
static gboolean
memory_add(Conversion *conversion, const GString *page)
{
	int fd = memfd_create("pktladder", MFD_CLOEXEC);

	if (fd < 0)
		return FALSE;
	g_array_append_val(conversion->fds, fd);
	return !page || memory_write(fd, page);
}

/* A descriptor a page may be more than the shell allows; the administrator allows more. */
static void
fds_allow(guint n)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= n)
		return;
	limit.rlim_cur = MIN(limit.rlim_max, n);
	setrlimit(RLIMIT_NOFILE, &limit);
}

static gboolean
memory_fill(Conversion *conversion, const GPtrArray *pages, GError **error)
{
	gboolean ok;

	conversion->fds = g_array_new(FALSE, FALSE, sizeof(int));
	g_array_set_clear_func(conversion->fds, fd_clear);
	fds_allow(pages->len + OTHER_FDS);
	ok = memory_add(conversion, NULL) && memory_add(conversion, NULL);
	for (guint i = 0; ok && i < pages->len; i++)
		ok = memory_add(conversion, g_ptr_array_index(pages, i));
	if (!ok)
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno),
			    _("the pages for %s cannot be kept in memory: %s"), CONVERTER,
			    g_strerror(errno));
	return ok;
}

/* ---- the process ---- */

static GPtrArray *
argv_make(const Conversion *conversion, double scale)
{
	GPtrArray *argv = g_ptr_array_new_with_free_func(g_free);
	const char *format = documents[conversion->document].id;

	g_ptr_array_add(argv, g_strdup(CONVERTER));
	g_ptr_array_add(argv, g_strdup("--unlimited"));
	g_ptr_array_add(argv, g_strdup_printf("--format=%s", format));
	if (g_str_equal(format, "png"))
		g_ptr_array_add(argv, g_strdup_printf("--zoom=%.4f", scale));
	for (guint n = FD_PAGES; n < conversion->fds->len; n++)
		g_ptr_array_add(argv, path_of(conversion, n));
	g_ptr_array_add(argv, NULL);
	return argv;
}

static gboolean
process_start(Conversion *conversion, const GPtrArray *argv, gint64 date_ns, GError **error)
{
	g_autoptr(GSubprocessLauncher) launcher =
		g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_NONE);
	g_autofree char *date =
		g_strdup_printf("%" G_GINT64_FORMAT, date_ns / G_GINT64_CONSTANT(1000000000));
	g_autoptr(GError) cause = NULL;

	g_subprocess_launcher_set_child_setup(launcher, child_prepare, conversion, NULL);
	/* The same capture gives the same bytes, whenever (reproducible-builds.org). */
	if (date_ns > 0)
		g_subprocess_launcher_setenv(launcher, "SOURCE_DATE_EPOCH", date, FALSE);
	conversion->process =
		g_subprocess_launcher_spawnv(launcher, (const char *const *)argv->pdata, &cause);
	if (g_error_matches(cause, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT))
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
			    _("PDF and PNG need %s, which is not installed: apt-get install %s"),
			    CONVERTER, PACKAGE);
	else if (cause)
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, _("%s failed: %s"), CONVERTER,
			    cause->message);
	return conversion->process != NULL;
}

static void
process_watch(Conversion *conversion)
{
	const char *pid = g_subprocess_get_identifier(conversion->process); /* NULL: it has ended */

	conversion->pid = pid ? g_ascii_strtoll(pid, NULL, 10) : 0;
	conversion->cancel = g_cancellable_new();
	conversion->timer = g_timeout_source_new_seconds(TIMEOUT_S);
	g_source_set_callback(conversion->timer, on_late, conversion, NULL);
	g_source_attach(conversion->timer, g_main_context_get_thread_default());
	g_subprocess_wait_async(conversion->process, conversion->cancel, on_end, conversion);
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
	g_autoptr(GPtrArray) argv = NULL;

	conversion->document = document_find(format);
	conversion->done = done;
	conversion->data = data;
	if (!memory_fill(conversion, pages, error))
		return NULL;
	argv = argv_make(conversion, scale);
	if (!process_start(conversion, argv, date_ns, error))
		return NULL;
	process_watch(conversion);
	return g_steal_pointer(&conversion);
}

/* The beginning of what it said, in one line; NULL: nothing. */
static char *
said_read(const Conversion *conversion)
{
	char bytes[SAID_MAX + 1];
	gssize length = pread(fd_of(conversion, FD_SAID), bytes, SAID_MAX, 0);

	bytes[MAX(length, 0)] = '\0';
	length = strlen(g_strchomp(bytes));
	g_strdelimit(bytes, "\r\n\t", ' ');
	return length > 0 ? text_escape(bytes, length) : NULL;
}

static char *
end_text(const Conversion *conversion)
{
	char *said = said_read(conversion);

	if (said)
		return said;
	if (g_subprocess_get_if_signaled(conversion->process)) {
		int number = g_subprocess_get_term_sig(conversion->process);

		return g_strdup_printf(_("it was ended by signal %d (%s)"), number,
				       g_strsignal(number));
	}
	return g_strdup(_("it does not say why"));
}

static gboolean
fail(GError **error, const char *why)
{
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, _("%s failed: %s"), CONVERTER, why);
	return FALSE;
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
	if (g_subprocess_get_successful(conversion->process))
		return TRUE;
	why = end_text(conversion);
	return fail(error, why);
}

GBytes *
conversion_take(Conversion *conversion, GError **error)
{
	const char *signature = documents[conversion->document].signature;
	g_autofree char *path = path_of(conversion, FD_MADE);
	g_autofree char *bytes = NULL;
	g_autofree char *why = NULL;
	gsize length;

	if (!ended_well(conversion, error))
		return NULL;
	if (g_file_get_contents(path, &bytes, &length, NULL) &&
	    length > strlen(signature) && memcmp(bytes, signature, strlen(signature)) == 0)
		return g_bytes_new_take(g_steal_pointer(&bytes), length);
	why = g_strdup_printf(_("what it made is no %s"), documents[conversion->document].name);
	fail(error, why);
	return NULL;
}

void
conversion_free(Conversion *conversion)
{
	if (!conversion)
		return;
	process_kill(conversion);
	if (conversion->cancel && conversion->done) {
		conversion->done = NULL;
		g_cancellable_cancel(conversion->cancel);
	}
	if (conversion->timer) {
		g_source_destroy(conversion->timer);
		g_source_unref(conversion->timer);
	}
	g_clear_object(&conversion->cancel);
	g_clear_object(&conversion->process);
	g_clear_pointer(&conversion->fds, g_array_unref);
	g_free(conversion);
}
