/* SPDX-License-Identifier: MIT */
#include "view.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "confinement.h"
#include "conversations.h"
#include "pktladder/i18n.h"
#include "view_private.h"

gboolean
view_is_interactive(const Options *options)
{
	const char *first = options->rest ? options->rest[0] : NULL;
	gboolean reads = g_strcmp0(options->read ? options->read : first, "-") == 0;
	int fd;

	if (options->text || g_strcmp0(options->write, "-") == 0 || !isatty(STDOUT_FILENO))
		return FALSE;
	if (isatty(STDIN_FILENO))
		return TRUE;
	/* Where packets come from standard input, keys come from the terminal itself. */
	fd = reads ? open("/dev/tty", O_RDONLY | O_CLOEXEC) : -1;
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

gboolean
view_prepare(const Options *options, GError **error)
{
	gboolean interactive = view_is_interactive(options);

	return (!interactive && !options->write) ||
	       confinement_prepare(options, interactive, error);
}

/* ---- text ---- */

static void
text_start(View *view, const Options *options)
{
	const char *no_color = g_getenv("NO_COLOR");
	struct winsize size = { 0 };
	guint width = 100;

	if (options->width > 0)
		width = options->width;
	else if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 24)
		width = MIN(size.ws_col, PRINT_WIDTH_MAX);
	view->text.printer = (Printer){
		.ladder = view->builder.ladder,
		.glyphs = screen_glyphs(options->ascii),
		.time = options->time,
		.ns_per_line = options->spacing_ns,
		.spacing_auto = options->spacing_auto,
		.play = &view->state.play,
		.width = width,
		.widens = options->width == 0 && !isatty(STDOUT_FILENO),
		.colour = isatty(STDOUT_FILENO) && (!no_color || !*no_color),
		/* `-w -`: standard output carries the recording, as in tcpdump. */
		.file = g_strcmp0(options->write, "-") == 0 ? NULL : stdout,
	};
	if (view->options->notice)
		complain("%s", view->options->notice);
}

void
view_text_update(View *view)
{
	Printer *printer = &view->text.printer;

	if (!printer->file || view->text.conversations || view->status != STATUS_OK)
		return;
	if (printer_update(printer, view->session->ended))
		return;
	/* `pktladder … | head`: the reader has seen enough. */
	if (errno != EPIPE) {
		complain(_("cannot write the ladder: %s"), g_strerror(errno));
		view->status = STATUS_FAILED;
	}
	view_quit(view);
}

gboolean
view_text_waits(const View *view)
{
	const Printer *printer = &view->text.printer;

	return printer->file && printer->spacing_auto && !view->session->ended;
}

gboolean
view_conversations_choose(View *view)
{
	g_autoptr(GError) error = NULL;

	if (conversations_select(view->text.conversations, view->session->trace,
				 &view->state.selection, &error)) {
		view_select(view);
		view->text.printer.ladder = view->builder.ladder;
	} else if (view->screen.terminal) {
		view_trouble(view, error->message);
	} else {
		view->status = complain_usage("%s", error->message);
	}
	view->text.conversations = NULL;
	return view->status == STATUS_OK;
}

/* ---- the start and the end ---- */

/* The screen, or text. What is wrong, where the status is not OK, was said. */
static int
view_start(View *view, const Options *options)
{
	g_autoptr(GError) error = NULL;

	view->keys.typed = g_queue_new();
	view->text.conversations = options->conversations;
	if (view_is_interactive(options))
		return view_screen_start(view, options, &error) ? STATUS_OK
								: complain_failed(error);
	if (options->cast)
		return complain_usage(
		    _("--cast records the screen, and there is none: standard input "
		      "and output must be a terminal"));
	view->state.selection = options_selection(options);
	filter_ref(options->filter);
	text_start(view, options);
	return STATUS_OK;
}

static void
view_clear(View *view)
{
	view_loop_close(view);
	view_screen_close(view);
	g_queue_free_full(view->keys.typed, g_free);
	tui_clear(&view->state);
	search_stop(&view->search);
	if (view->writing.save)
		complain(_("saving had not ended, and was given up: no file was written"));
	if (view->writing.output)
		complain(_("%s was not written: it was still being drawn"), view->writing.path);
	writing_clear(view);
	builder_clear(&view->builder);
	g_clear_pointer(&view->summary, summary_free);
	plots_clear(&view->plots);
	g_clear_pointer(&view->pane.lines, g_ptr_array_unref);
	history_clear(&view->pane.history);
	g_clear_pointer(&view->held, g_free);
	g_clear_pointer(&view->trouble, g_free);
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
	LadderLabels labels = options->labels;
	gboolean interactive;

	view_loop_open(&view);
	labels.fetch = session_fetch;
	labels.data = session;
	builder_init(&view.builder, session->trace, options_selection(options), &labels);
	view.status = view_start(&view, options);
	if (view.status != STATUS_OK) {
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
	if (session
		->tracer) /* who hears of it at once, and sets the capture's filter to its ports */
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
