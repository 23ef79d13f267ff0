/* SPDX-License-Identifier: MIT */
/* Theory of operation. A GMainContext watches every descriptor in this one
 * thread; signals come through a signalfd, so no code ever runs inside a
 * handler (the screen's own crash handler apart). Each wake-up pumps the
 * session; a change is painted at once where the last paint is a frame ago,
 * else when that frame is over. Nothing wakes up where nothing happens.
 */
#include "view.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "confinement.h"
#include "conversations.h"
#include "keys.h"
#include "pktladder/i18n.h"
#include "print.h"

/* How often a job that waits is asked whether it has waited too long. */
#define JOB_TICK_MS 1000

typedef struct {
	Display display;
	Printer printer;           /* text; without a file nothing is printed */
	const char *conversations; /* to be selected when all was read; NULL none */
	int status;
	int signal_fd;
	int signal;  /* that ended us; 0 none */
	guint timer; /* source of the next pump or paint; 0 none */
	guint capture_source, tracer_source, output_sources[2], job_source; /* 0: not watched */
	guint32 events; /* length of the trace when it was last looked at, */
	guint32 output; /* and of what the programs printed */
} View;

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
	       confinement_prepare(options->write, options->cast, interactive, error);
}

/* ---- text ---- */

static void
text_start(View *view, const Options *options)
{
	const char *no_color = g_getenv("NO_COLOR");
	const char *notice = view->display.look.options->notice;
	struct winsize size = { 0 };
	guint width = 100;

	if (options->width > 0)
		width = options->width;
	else if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 24)
		width = MIN(size.ws_col, PRINT_WIDTH_MAX);
	view->printer = (Printer){
		.ladder = view->display.builder.ladder,
		.glyphs = screen_glyphs(options->ascii),
		.time = options->time,
		.spacing = { .ns_per_line = options->spacing_ns, .most = SPACING_MOST },
		.spacing_auto = options->spacing_auto,
		.play = &view->display.look.state.play,
		.width = width,
		.widens = options->width == 0 && !isatty(STDOUT_FILENO),
		.colour = isatty(STDOUT_FILENO) && (!no_color || !*no_color),
		/* `-w -`: standard output carries the recording, as in tcpdump. */
		.file = g_strcmp0(options->write, "-") == 0 ? NULL : stdout,
	};
	if (notice)
		complain("%s", notice);
}

/* Prints the rows that are final; where that fails, the view ends. */
static void
text_update(View *view)
{
	Printer *printer = &view->printer;

	if (!printer->file || view->conversations || view->status != STATUS_OK ||
	    printer_update(printer, view->display.look.session->ended))
		return;
	/* `pktladder … | head`: the reader has seen enough. */
	if (errno != EPIPE) {
		complain(_("cannot write the ladder: %s"), g_strerror(errno));
		view->status = STATUS_FAILED;
	}
	view->display.look.quitting = TRUE;
}

/* --conversations: which there are is known when the file was read. Where some
 * are not there a screen shows all, and says so; text says so and ends. */
static void
conversations_choose(View *view)
{
	Look *look = &view->display.look;
	g_autoptr(GError) error = NULL;

	if (conversations_select(view->conversations, look->session->trace, &look->state.selection,
				 &error)) {
		display_select(&view->display);
		view->printer.ladder = view->display.builder.ladder;
	} else if (view->display.terminal) {
		look_notice(look, error->message);
	} else {
		view->status = complain_usage("%s", error->message);
		look->quitting = TRUE;
	}
	view->conversations = NULL;
}

/* ---- what is due, now or later ---- */

static gboolean on_timer(gpointer data);
static gboolean on_job(gint fd, GIOCondition condition, gpointer data);

/* -1 is for ever. */
static int
wait_shorter(int a_ms, int b_ms)
{
	return a_ms < 0 ? b_ms : b_ms < 0 ? a_ms : MIN(a_ms, b_ms);
}

/* The first line of text waits for the last packet, and what is played for that line. */
static gboolean
playback_waits(const View *view)
{
	const Printer *printer = &view->printer;

	return printer->file && printer->spacing_auto && !view->display.look.session->ended;
}

/* Paints where the last frame is over; milliseconds until it is, where there is
 * something to be seen then; -1 nothing. */
static int
paint_or_wait(Display *display)
{
	gint64 since_us;

	if (!display->terminal || !display->look.dirty)
		return -1;
	since_us = g_get_monotonic_time() - display->painted_us;
	if (since_us >= FRAME_US) {
		display_paint(display);
		since_us = 0;
	}
	return display->look.dirty /* still, or again */ ? (FRAME_US - since_us) / 1000 + 1 : -1;
}

/* Keys whose turn it is, then what is due to be painted; and the timer for what is due later. */
static void
view_schedule(View *view)
{
	Display *display = &view->display;
	gboolean busy;
	int wait_ms, job_fd;

	if (display->keys.more || !g_queue_is_empty(display->keys.typed))
		keys_take(display);
	if (display->look.quitting)
		return;
	wait_ms = paint_or_wait(display); /* which may begin what then goes on */
	busy = display->more || keys_are_due(display) ||
	       (display->terminal && display_is_busy(display));
	wait_ms = wait_shorter(wait_ms, busy ? 0 : session_timeout(display->look.session));
	if (!playback_waits(view))
		wait_ms = wait_shorter(wait_ms, display_play_wait_ms(display));
	/* A job may have closed the one descriptor, and opened another by the same number. */
	g_clear_handle_id(&view->job_source, g_source_remove);
	job_fd = display_job_fd(display);
	if (job_fd >= 0) {
		view->job_source = g_unix_fd_add(job_fd, G_IO_IN | G_IO_HUP, on_job, view);
		wait_ms = wait_shorter(wait_ms, JOB_TICK_MS);
	}
	g_clear_handle_id(&view->timer, g_source_remove);
	if (wait_ms >= 0)
		view->timer = g_timeout_add(wait_ms, on_timer, view);
}

static gboolean
on_job(gint fd G_GNUC_UNUSED, GIOCondition condition G_GNUC_UNUSED, gpointer data)
{
	View *view = data;

	display_work(&view->display);
	view_schedule(view);
	return G_SOURCE_CONTINUE;
}

/* ---- the session ---- */

static gboolean on_ready(gint fd, GIOCondition condition, gpointer data);

static void
watch_one(View *view, guint *source, int fd)
{
	if (fd >= 0 && *source == 0)
		*source = g_unix_fd_add(fd, G_IO_IN | G_IO_HUP | G_IO_ERR, on_ready, view);
	else if (fd < 0 && *source != 0)
		g_clear_handle_id(source, g_source_remove);
}

/* The descriptors come and go with the capture, the tracer and the programs. */
static void
watch_update(View *view)
{
	Session *session = view->display.look.session;

	watch_one(view, &view->capture_source,
		  session->capture ? capture_fd(session->capture) : -1);
	watch_one(view, &view->tracer_source, session->tracer ? tracer_fd(session->tracer) : -1);
	for (guint role = 0; session->output && role < 2; role++)
		watch_one(view, &view->output_sources[role], session->output->programs[role].fd);
}

static void
view_pump(View *view)
{
	Display *display = &view->display;
	Session *session = display->look.session;
	gboolean was_ended = session->ended, was_traced = session->tracer != NULL;
	guint held = g_queue_get_length(session->held), events, output;

	display->more = session_pump(session);
	events = trace_length(session->trace);
	output = session->output ? session->output->length : 0;
	if (events != view->events || output != view->output || session->ended != was_ended ||
	    g_queue_get_length(session->held) != held || (was_traced && !session->tracer))
		display->look.dirty = TRUE;
	view->events = events;
	view->output = output;
	/* A program may have opened our terminal by its name, and written over the screen. */
	if (was_traced && !session->tracer && display->terminal)
		screen_redraw(display->terminal);
	watch_update(view);
	if (view->conversations && session->ended)
		conversations_choose(view);
	if (!display->terminal) {
		text_update(view);
		if (session->ended && display->look.state.play.state != PLAY_RUNNING)
			display->look.quitting = TRUE;
	}
}

static gboolean
on_ready(gint fd G_GNUC_UNUSED, GIOCondition condition G_GNUC_UNUSED, gpointer data)
{
	View *view = data;

	view_pump(view);
	view_schedule(view);
	return G_SOURCE_CONTINUE;
}

static gboolean
on_timer(gpointer data)
{
	View *view = data;
	Display *display = &view->display;

	view->timer = 0;
	if (playback_waits(view))
		display_play_forget(display);
	else
		display_play(display);
	view_pump(view);
	if (display->terminal)
		display_work(display);
	view_schedule(view);
	return G_SOURCE_REMOVE;
}

/* --pace: the next call goes each time. */
static gboolean
on_pace(gpointer data)
{
	const Look *look = &((View *)data)->display.look;

	if (!look->state.paused && session_holds(look->session))
		session_release(look->session);
	return G_SOURCE_CONTINUE;
}

/* ---- keys and signals ---- */

static gboolean
on_key(gint fd G_GNUC_UNUSED, GIOCondition condition, gpointer data)
{
	View *view = data;
	Display *display = &view->display;

	keys_take(display);
	if ((condition & (G_IO_HUP | G_IO_ERR)) || screen_gone(display->terminal)) {
		view->signal = SIGHUP;
		display->look.quitting = TRUE;
		return G_SOURCE_REMOVE;
	}
	view_schedule(view);
	return G_SOURCE_CONTINUE;
}

/* SIGINT, SIGTERM and SIGHUP end; what is in the capture is drawn before. */
static void
signal_take(View *view, int number)
{
	Display *display = &view->display;
	Screen *terminal = display->terminal;

	switch (number) {
	case SIGWINCH:
		if (terminal)
			screen_resized(terminal);
		break;
	case SIGTSTP:
		if (terminal)
			keys_take(display); /* typed before Ctrl-Z */
		if (!terminal)
			raise(SIGSTOP);
		else if (!display->look.quitting)
			screen_stop(terminal);
		break;
	case SIGCONT:
		display_play_forget(display);
		if (terminal)
			screen_resume(terminal);
		break;
	default:
		view->signal = number;
		display->look.quitting = TRUE;
	}
}

static gboolean
on_signal(gint fd, GIOCondition condition G_GNUC_UNUSED, gpointer data)
{
	View *view = data;
	Display *display = &view->display;
	struct signalfd_siginfo info;

	while (read(fd, &info, sizeof info) == sizeof info)
		signal_take(view, info.ssi_signo);
	/* A new size, or one that changed while we were stopped, comes as a key. */
	if (display->terminal && !display->look.quitting)
		keys_take(display);
	display->look.dirty = TRUE;
	view_schedule(view);
	return G_SOURCE_CONTINUE;
}

/* Who reads standard output has seen enough: that is known before more is printed. */
static gboolean
on_reader_end(gint fd G_GNUC_UNUSED, GIOCondition condition G_GNUC_UNUSED, gpointer data)
{
	((View *)data)->display.look.quitting = TRUE;
	return G_SOURCE_REMOVE;
}

/* From now on signals wait until the loop takes them. */
static int
signals_open(void)
{
	static const int numbers[] = {
		SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH
	};
	sigset_t set;

	sigemptyset(&set);
	for (guint i = 0; i < G_N_ELEMENTS(numbers); i++)
		sigaddset(&set, numbers[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

/* Until the user, a signal, or what has failed ends it; text also ends with the session. */
static void
view_loop(View *view)
{
	Display *display = &view->display;
	guint pace_ms = display->look.options->pace_ms;

	if (display->terminal) {
		display->keys.ahead = screen_is_typed(display->terminal);
		g_unix_fd_add(screen_fd(display->terminal), G_IO_IN | G_IO_HUP | G_IO_ERR, on_key,
			      view);
	} else {
		g_unix_fd_add(STDOUT_FILENO, G_IO_HUP | G_IO_ERR, on_reader_end, view);
	}
	if (pace_ms > 0)
		g_timeout_add(pace_ms, on_pace, view);
	display->reading_since_us = g_get_monotonic_time();
	display_play_forget(display);
	g_unix_fd_add(view->signal_fd, G_IO_IN, on_signal, view);
	view_pump(view);
	view_schedule(view);
	while (!display->look.quitting)
		g_main_context_iteration(NULL, TRUE);
}

/* ---- the start and the end ---- */

/* The screen, or text. What is wrong, where the status is not OK, was said. */
static int
view_start(View *view, const Options *options)
{
	Display *display = &view->display;
	g_autoptr(GError) error = NULL;

	if (view_is_interactive(options)) {
		if (!display_open(display, options, &error))
			return complain_failed(error);
		if (display->look.session->output)
			program_output_keep(display->look.session->output);
		return STATUS_OK;
	}
	if (options->cast)
		return complain_usage(
		    _("--cast records the screen, and there is none: standard input "
		      "and output must be a terminal"));
	text_start(view, options);
	return STATUS_OK;
}

/* What is said when the screen is gone. */
static void
view_tell(const View *view, gboolean interactive)
{
	const Session *session = view->display.look.session;
	guint drops = MIN(trace_total_drops(session->trace), G_MAXUINT);

	/* In text they are rows, which may be too narrow, or read by a program. */
	session_tell(session, !interactive || session->read == READ_BROKEN);
	if (view->display.cast_notice)
		complain("%s", view->display.cast_notice);
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
	int signal = view->signal, status = session_status(view->display.look.session);

	if (view->status != STATUS_OK)
		return view->status;
	if (status == STATUS_FAILED || view->display.cast_notice)
		return STATUS_FAILED;
	if (signal == SIGTERM || signal == SIGHUP || signal == SIGQUIT)
		return 128 + signal;
	return status;
}

int
view_run(Session *session, const Options *options, const ViewOptions *view_options)
{
	View view = { .signal_fd = signals_open(), .conversations = options->conversations };
	Display *display = &view.display;
	Look *look = &display->look;
	gboolean interactive;

	display_init(display, session, view_options, options_selection(options), &options->labels);
	view.status = view_start(&view, options);
	if (view.status != STATUS_OK) {
		display_clear(display);
		return view.status;
	}
	interactive = display->terminal != NULL;
	look->state.play = options->play;
	if (options->play_now)
		play_start(&look->state.play, display->builder.ladder, 0);
	confinement_enter(session->capture);
	/* The tracer is heard at once: it sets the capture's filter to its ports. */
	if (session->tracer)
		tracer_start(session->tracer);
	view_loop(&view);
	session_finish(session);
	if (!interactive && view.signal != 0)
		text_update(&view);
	/* The main context runs no more: its sources may stay. */
	display_clear(display);
	close(view.signal_fd);
	session_end_programs(session);
	view_tell(&view, interactive);
	g_free(display->cast_notice);
	return view_status(&view);
}
