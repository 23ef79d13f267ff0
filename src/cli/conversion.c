/* Theory of operation. The pages, what is made of them, and what the converter says
 * are files in a folder of our own, so that nothing of it is ever waited for but the
 * program's end. It has a process group of its own: to end it ends what it has started,
 * and Ctrl-C on the terminal is ours alone. If we are killed it is, too. It may be any
 * program of that name: its words are shown as text from outside, a few of them, and
 * what it made is looked at before it replaces anything.
 */
#include "conversion.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "pktladder/i18n.h"
#include "pktladder/text.h"

#define CONVERTER "rsvg-convert"
#define PACKAGE	  "librsvg2-bin"
#define TIMEOUT_S 120
#define SAID_MAX  500 /* bytes */

static const struct {
	const char *id, *name, *signature;
} documents[] = {
	{ "pdf", "PDF", "%PDF-" },	/* ISO 32000-1, 7.5.2 */
	{ "png", "PNG", "\211PNG\r\n\032\n" }, /* ISO/IEC 15948, 5.2 */
};

struct _Conversion {
	guint document;
	char *folder, *made, *said;
	GSubprocess *process; /* NULL: was not started */
	pid_t pid;
	GCancellable *cancel;
	GSource *timer;
	gboolean late;
	ConversionDone done; /* NULL: it was called */
	gpointer data;
};

/* In the child, before it becomes the converter. */
static void
child_prepare(gpointer data G_GNUC_UNUSED)
{
	sigset_t none;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
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

static gboolean
file_fail(const char *path, GError **error)
{
	g_autofree char *safe = text_escape(path, -1);

	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), _("%s cannot be written: %s"),
		    safe, g_strerror(errno));
	return FALSE;
}

static gboolean
pages_write(const Conversion *conversion, const GPtrArray *pages, GPtrArray *argv, GError **error)
{
	for (guint i = 0; i < pages->len; i++) {
		char *path = g_strdup_printf("%s/page-%u.svg", conversion->folder, i);
		const GString *svg = g_ptr_array_index(pages, i);

		g_ptr_array_add(argv, path);
		if (!g_file_set_contents_full(path, svg->str, svg->len, G_FILE_SET_CONTENTS_NONE, 0600,
					      NULL))
			return file_fail(path, error);
	}
	return TRUE;
}

static gboolean
process_start(Conversion *conversion, const GPtrArray *argv, gint64 date_ns, GError **error)
{
	g_autoptr(GSubprocessLauncher) launcher =
		g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
	g_autofree char *date =
		g_strdup_printf("%" G_GINT64_FORMAT, date_ns / G_GINT64_CONSTANT(1000000000));
	g_autoptr(GError) cause = NULL;

	g_subprocess_launcher_set_stderr_file_path(launcher, conversion->said);
	g_subprocess_launcher_set_child_setup(launcher, child_prepare, NULL, NULL);
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
	g_autoptr(GPtrArray) argv = g_ptr_array_new_with_free_func(g_free);

	conversion->document = document_find(format);
	conversion->done = done;
	conversion->data = data;
	conversion->folder = g_dir_make_tmp("pktladder-XXXXXX", NULL);
	if (!conversion->folder) {
		file_fail(g_get_tmp_dir(), error);
		return NULL;
	}
	conversion->made = g_build_filename(conversion->folder, "made", NULL);
	conversion->said = g_build_filename(conversion->folder, "said", NULL);
	g_ptr_array_add(argv, g_strdup(CONVERTER));
	g_ptr_array_add(argv, g_strdup("--unlimited"));
	g_ptr_array_add(argv, g_strdup_printf("--format=%s", format));
	if (g_str_equal(format, "png"))
		g_ptr_array_add(argv, g_strdup_printf("--zoom=%.4f", scale));
	g_ptr_array_add(argv, g_strdup_printf("--output=%s", conversion->made));
	if (!pages_write(conversion, pages, argv, error))
		return NULL;
	g_ptr_array_add(argv, NULL);
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
	FILE *file = fopen(conversion->said, "re");
	gsize length = file ? fread(bytes, 1, SAID_MAX, file) : 0;

	if (file)
		fclose(file);
	bytes[length] = '\0';
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
	g_autofree char *bytes = NULL;
	g_autofree char *why = NULL;
	gsize length;

	if (!ended_well(conversion, error))
		return NULL;
	if (g_file_get_contents(conversion->made, &bytes, &length, NULL) &&
	    length > strlen(signature) && memcmp(bytes, signature, strlen(signature)) == 0)
		return g_bytes_new_take(g_steal_pointer(&bytes), length);
	why = g_strdup_printf(_("what it made is no %s"), documents[conversion->document].name);
	fail(error, why);
	return NULL;
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
	if (conversion->folder)
		folder_remove(conversion->folder);
	g_free(conversion->folder);
	g_free(conversion->made);
	g_free(conversion->said);
	g_free(conversion);
}
