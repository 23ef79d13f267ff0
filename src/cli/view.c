#include "view.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "confinement.h"
#include "pktladder/i18n.h"
#include "pktladder/text.h"
#include "view_private.h"

/* Where packets come from standard input, keys come from the terminal itself. */
static gboolean
keys_can_come(const Options *options)
{
	const char *first = options->rest ? options->rest[0] : NULL;
	gboolean reads = g_strcmp0(options->read ? options->read : first, "-") == 0;

	if (isatty(STDIN_FILENO))
		return TRUE;
	int fd = reads ? open("/dev/tty", O_RDONLY | O_CLOEXEC) : -1;
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

gboolean
view_is_interactive(const Options *options)
{
	return !options->text && g_strcmp0(options->write, "-") != 0 && isatty(STDOUT_FILENO) &&
	       keys_can_come(options);
}

/* ---- the start ---- */

gboolean
view_prepare(const Options *options, GError **error)
{
	gboolean interactive = view_is_interactive(options);

	return (!interactive && !options->write) ||
	       confinement_prepare(options, interactive, error);
}

/* The screen, or text. FALSE: why it cannot be was said; view->status tells the rest. */
static gboolean
view_start(View *view, const Options *options, Selection selection)
{
	g_autoptr(GError) error = NULL;

	if (view_is_interactive(options)) {
		if (view_screen_start(view, options, &error))
			return TRUE;
		complain("%s", error->message);
		view->status = STATUS_FAILED;
		return FALSE;
	}
	if (options->cast) {
		complain(_("--cast records the screen, and there is none: standard input and output "
			   "must be a terminal"));
		view->status = STATUS_USAGE;
		return FALSE;
	}
	view->state.selection = selection;
	filter_ref(selection.filter);
	view_text_start(view, options);
	return TRUE;
}

/* ---- the end ---- */

static void
view_clear(View *view)
{
	view_loop_close(&view->loop);
	view_screen_close(&view->screen);
	view_keys_close(&view->keys);
	tui_clear(&view->state);
	searching_stop(&view->searching);
	if (view->writing.save)
		complain(_("saving had not ended, and was given up: no file was written"));
	if (view->writing.output)
		complain(_("%s was not written: it was still being drawn"), view->writing.path);
	writing_clear(&view->writing);
	trouble_forget(&view->trouble);
	builder_clear(&view->builder);
	g_clear_pointer(&view->summary, summary_free);
	plots_clear(&view->plots);
	pane_clear(&view->pane);
}

static void
view_tell(const View *view, gboolean interactive)
{
	const Session *session = view->session;
	guint drops = MIN(trace_total_drops(session->trace), G_MAXUINT);

	/* In text they are rows, which may be too narrow, or read by a program. */
	session_tell(session, !interactive || session->read == READ_BROKEN);
	if (view->screen.cast_trouble)
		complain("%s", view->screen.cast_trouble);
	if (drops > 0)
		complain(ngettext("%u packet was lost by the capture",
				  "%u packets were lost by the capture", drops),
			 drops);
}

/* Ends by the signal that ended us, as a shell expects, but the ones that are
 * an ordinary way to stop looking. */
static int
view_status(const View *view)
{
	int signal = view->loop.signal, status = session_status(view->session);

	if (view->status != STATUS_OK || status == STATUS_FAILED)
		return view->status != STATUS_OK ? view->status : status;
	if (signal == SIGTERM || signal == SIGHUP || signal == SIGQUIT)
		return 128 + signal;
	return status;
}

int
view_run(Session *session, const Options *options, const ViewOptions *view_options)
{
	View view = { .session = session, .options = view_options };
	gboolean interactive;
	Selection selection = { .conversation = CONVERSATION_NONE,
				.hide_calls = options->no_calls,
				.fold = options->fold,
				.filter = options->filter };

	LadderLabels labels = options->labels;

	labels.fetch = session_fetch;
	labels.data = view.session;
	view_loop_open(&view.loop);
	view.keys.typed = g_queue_new();
	builder_init(&view.builder, view.session->trace, selection, &labels);
	view.text.conversations = options->conversations;
	view.writing = (Writing){ .session = view.session,
				  .title = view.options->title,
				  .state = &view.state,
				  .trouble = &view.trouble,
				  .builder = &view.builder,
				  .plots = &view.plots,
				  .wake = view_wake,
				  .wake_data = &view };
	if (!view_start(&view, options, selection)) {
		view_clear(&view);
		return view.status;
	}
	interactive = view.screen.terminal != NULL;
	if (interactive && session->output)
		program_output_keep(session->output);
	view.state.play = options->play;
	if (options->play_now)
		play_start(&view.state.play, view.builder.ladder, 0);
	confinement_enter(session->capture);
	if (session->tracer) /* who hears of it at once, and sets the capture's filter to its ports */
		tracer_start(session->tracer);
	view_loop(&view);
	session_finish(session);
	if (!interactive && view.loop.signal != 0)
		view_text_update(&view);
	view_clear(&view);
	session_end_programs(session);
	view_tell(&view, interactive);
	g_free(view.screen.cast_trouble);
	return view_status(&view);
}
