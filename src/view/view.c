/* SPDX-License-Identifier: MIT */
/* Theory of operation. One thread polls every descriptor; signals come through a signalfd, so no
 * code ever runs inside a handler (the screen's own crash handler apart). Keys and signals come
 * first, then the session is pumped, then jobs go on; a change is painted at once where the last
 * paint is a frame ago, else when that frame is over. Nothing wakes up where nothing happens. */
#include "display.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "pktladder/confinement.h"
#include "pktladder/conversations.h"
#include "pktladder/fd.h"
#include "pktladder/print.h"

/* How often a job that waits is asked whether it has waited too long. */
#define JOB_TICK_MS 1000

typedef struct {
	Display display;
	Printer printer;           /* text; without a file nothing is printed */
	const char *conversations; /* to be selected when all was read; NULL none */
	int status;
	int signal_fd;
	int signal;      /* that ended us; 0 none */
	gint64 paced_us; /* monotonic time of the last look at whether a call may go */
	guint32 events;  /* length of the trace when it was last looked at, */
	guint32 output;  /* and of what the programs printed */
} View;

gboolean
view_is_interactive(const Options *options)
{
	gboolean reads =
	    options->captures && g_strv_contains((const char *const *)options->captures, "-");

	if (options->text || g_strcmp0(options->write, "-") == 0 || !isatty(STDOUT_FILENO))
		return FALSE;
	if (isatty(STDIN_FILENO))
		return TRUE;
	/* Where packets come from standard input, keys come from the terminal itself. */
	g_auto(Fd) fd = reads ? open("/dev/tty", O_RDONLY | O_CLOEXEC) : -1;
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
	const char *notice = view->display.options->notice;
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
		.ns_per_line = options->spacing_ns,
		.spacing_auto = options->spacing_auto,
		.play = &view->display.state.play,
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
	    printer_update(printer, view->display.session->ended))
		return;
	/* `pktladder … | head`: the reader has seen enough. */
	if (errno != EPIPE) {
		complain(_("cannot write the ladder: %s"), g_strerror(errno));
		view->status = session_failure(view->display.session);
	}
	view->display.quitting = TRUE;
}

/* ---- what is due, now or later ---- */

/* The first line of text waits for the last packet, and what is played for that line. */
static gboolean
playback_waits(const View *view)
{
	const Printer *printer = &view->printer;

	return printer->file && printer->spacing_auto && !view->display.session->ended;
}

/* Paints where the last frame is over; milliseconds until it is, where there is
 * something to be seen then; -1 nothing. */
static int
paint_or_wait(Display *display)
{
	if (!display->terminal || !display->dirty)
		return -1;
	gint64 since_us = g_get_monotonic_time() - display->painted_us;
	if (since_us >= FRAME_US) {
		display_paint(display);
		since_us = 0;
	}
	return display->dirty /* still, or again */ ? (FRAME_US - since_us) / 1000 + 1 : -1;
}

/* Milliseconds until a held call may go; -1 never. */
static int
pace_wait_ms(const View *view)
{
	guint pace_ms = view->display.options->pace_ms;
	gint64 passed_ms = (g_get_monotonic_time() - view->paced_us) / 1000;

	return pace_ms > 0 ? (int)MAX(pace_ms - passed_ms, 0) : -1;
}

/* Keys whose turn it is, then what is due to be painted. Returns in how many milliseconds
 * something else is due; -1: nothing. */
static int
view_schedule(View *view)
{
	Display *display = &view->display;
	int waits[5], least = -1;

	if (display->keys.more || !g_queue_is_empty(display->keys.typed))
		keys_take(display);
	if (display->quitting)
		return -1;
	waits[0] = paint_or_wait(display); /* which may begin what then goes on */
	waits[1] = display->more || keys_are_due(display) ||
			   (display->terminal && display_is_busy(display))
		       ? 0
		       : session_timeout(display->session);
	waits[2] = playback_waits(view) ? -1 : display_play_wait_ms(display);
	waits[3] = display_job_fd(display) >= 0 ? JOB_TICK_MS : -1;
	waits[4] = pace_wait_ms(view);
	for (guint i = 0; i < G_N_ELEMENTS(waits); i++) {
		if (waits[i] >= 0 && (least < 0 || waits[i] < least))
			least = waits[i];
	}
	return least;
}

/* ---- the session ---- */

static void
view_pump(View *view)
{
	Display *display = &view->display;
	Session *session = display->session;
	gboolean was_ended = session->ended, was_traced = session->tracer != NULL;
	guint held = g_queue_get_length(session->held), events, output;

	display->more = session_pump(session);
	events = trace_length(session->trace);
	output = session->output ? session->output->length : 0;
	if (events != view->events || output != view->output || session->ended != was_ended ||
	    g_queue_get_length(session->held) != held || (was_traced && !session->tracer))
		display->dirty = TRUE;
	view->events = events;
	view->output = output;
	/* A program may have opened our terminal by its name, and written over the screen. */
	if (was_traced && !session->tracer && display->terminal)
		screen_redraw(display->terminal);
	/* --conversations: which there are is known when the file was read. Where some are not
	 * there a screen shows all, and says so; text says so and ends. */
	if (view->conversations && session->ended) {
		g_autoptr(GError) error = NULL;

		if (conversations_select(view->conversations, session->trace,
					 &display->state.selection, &error)) {
			display_select(display);
			view->printer.ladder = display->builder.ladder;
		} else if (display->terminal) {
			display_notice(display, error->message);
		} else {
			view->status = complain_usage("%s", error->message);
			display->quitting = TRUE;
		}
		view->conversations = NULL;
	}
	if (!display->terminal) {
		text_update(view);
		if (session->ended && display->state.play.state != PLAY_RUNNING)
			display->quitting = TRUE;
	}
}

/* ---- keys and signals ---- */

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
		else if (!display->quitting)
			screen_stop(terminal);
		break;
	case SIGCONT:
		display_play_forget(display);
		if (terminal)
			screen_resume(terminal);
		break;
	default:
		view->signal = number;
		display->quitting = TRUE;
	}
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

/* ---- the loop ---- */

/* Programs that run on are not to share their processors with a reader that wakes at each of their
 * calls: after some, this long goes by before the next are read. They wait to be sorted anyway. */
#define TOGETHER_MS 1

enum { USER, SIGNALS, CAPTURE, TRACER, JOB, OUTPUT, N_DESCRIPTORS = OUTPUT + PROGRAMS_MAX };

/* The session's descriptors come and go with the capture, the tracer and the programs. Without a
 * terminal, of standard output only its end is looked at. */
static void
descriptors_wait(const View *view, struct pollfd fds[N_DESCRIPTORS], int wait_ms)
{
	Screen *terminal = view->display.terminal;
	const Session *session = view->display.session;
	const ProgramOutput *output = session->output;
	const int all[OUTPUT] = {
		[USER] = terminal ? screen_fd(terminal) : STDOUT_FILENO,
		[SIGNALS] = view->signal_fd,
		[CAPTURE] = session->capture ? capture_fd(session->capture) : -1,
		[TRACER] = session->tracer ? tracer_fd(session->tracer) : -1,
		[JOB] = display_job_fd(&view->display),
	};
	gboolean together = fds[TRACER].revents && session->runs_on && !session->filter_ports;

	for (guint i = 0; i < OUTPUT; i++)
		fds[i] = (struct pollfd){ all[i], i == USER && !terminal ? 0 : POLLIN };
	for (guint i = 0; i < PROGRAMS_MAX; i++) {
		int fd = output && i < output->n ? output->programs[i].fd : -1;

		fds[OUTPUT + i] = (struct pollfd){ fd, POLLIN };
	}
	if (together && wait_ms != 0)
		poll(fds, CAPTURE, TOGETHER_MS);
	poll(fds, N_DESCRIPTORS, wait_ms);
}

/* Keys came, or the terminal is gone; or who reads text has seen enough, which is known before
 * more is printed; or signals. */
static void
user_take(View *view, const struct pollfd fds[N_DESCRIPTORS])
{
	Display *display = &view->display;
	Screen *terminal = display->terminal;
	short events = fds[USER].revents;
	struct signalfd_siginfo info;

	if (events && terminal)
		keys_take(display);
	if ((events & (POLLHUP | POLLERR)) || (events && terminal && screen_gone(terminal))) {
		view->signal = terminal ? SIGHUP : view->signal;
		display->quitting = TRUE;
	}
	if (fds[SIGNALS].revents) {
		while (read(view->signal_fd, &info, sizeof info) == sizeof info)
			signal_take(view, info.ssi_signo);
		/* A new size, or one that changed while we were stopped, comes as a key. */
		if (terminal && !display->quitting)
			keys_take(display);
		display->dirty = TRUE;
	}
	if (events || fds[SIGNALS].revents)
		view_schedule(view);
}

/* What is played goes on, and a held call goes when --pace lets it. */
static void
clock_take(View *view)
{
	Display *display = &view->display;

	if (playback_waits(view))
		display_play_forget(&view->display);
	else
		display_play(&view->display);
	if (pace_wait_ms(view) != 0)
		return;
	view->paced_us = g_get_monotonic_time();
	if (!display->state.paused && session_holds(display->session))
		session_release(display->session);
}

/* Until the user, a signal, or what has failed ends it; text also ends with the session. */
static void
view_loop(View *view)
{
	Display *display = &view->display;
	struct pollfd fds[N_DESCRIPTORS] = { 0 };
	int wait_ms;

	if (display->terminal)
		display->keys.ahead = screen_is_typed(display->terminal);
	view->paced_us = display->reading_since_us = g_get_monotonic_time();
	display_play_forget(display);
	view_pump(view);
	while (wait_ms = view_schedule(view), !display->quitting) {
		gint64 due_us = g_get_monotonic_time() + wait_ms * G_GINT64_CONSTANT(1000);
		gboolean due;

		descriptors_wait(view, fds, wait_ms);
		due = wait_ms >= 0 && g_get_monotonic_time() >= due_us;
		user_take(view, fds);
		if (display->quitting)
			break;
		if (due)
			clock_take(view);
		view_pump(view);
		if (display->terminal && (due || fds[JOB].revents))
			display_work(display);
	}
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
		if (display->session->output)
			program_output_keep(display->session->output);
		return STATUS_OK;
	}
	if (options->cast)
		return complain_usage(_("--cast records the screen, and there is none: standard "
					"input and output must be a terminal"));
	text_start(view, options);
	return STATUS_OK;
}

/* Ends by the signal that ended us, as a shell expects, but the ones that are
 * an ordinary way to stop looking. */
static int
view_status(const View *view)
{
	int signal = view->signal, status = session_status(view->display.session);

	if (view->status != STATUS_OK)
		return view->status;
	if (status != STATUS_OK && status != STATUS_PART)
		return status;
	if (view->display.cast_notice)
		return session_failure(view->display.session);
	if (signal == SIGTERM || signal == SIGHUP || signal == SIGQUIT)
		return 128 + signal;
	return status;
}

int
view_run(Session *session, const Options *options, const ViewOptions *view_options)
{
	View view = { .signal_fd = signals_open(), .conversations = options->conversations };
	Display *display = &view.display;

	display_init(display, session, view_options, options_selection(options), &options->labels);
	view.status = view_start(&view, options);
	if (view.status != STATUS_OK) {
		display_clear(display);
		return view.status;
	}
	gboolean interactive = display->terminal != NULL;
	display->state.play = options->play;
	if (options->play_now)
		play_start(&display->state.play, display->builder.ladder, 0);
	confinement_enter(session->capture);
	/* The tracer is heard at once: it sets the capture's filter to its ports. */
	if (session->tracer)
		tracer_start(session->tracer);
	view_loop(&view);
	session_finish(session);
	if (!interactive && view.signal != 0)
		text_update(&view);
	display_clear(display);
	close(view.signal_fd);
	session_end_programs(session);
	guint drops = MIN(trace_total_drops(session->trace), G_MAXUINT);
	/* In text they are rows, which may be too narrow, or read by a program. */
	session_tell(session, !interactive || session->read == READ_BROKEN);
	if (display->cast_notice)
		complain("%s", display->cast_notice);
	if (drops > 0)
		complain(ngettext("%u packet was lost by the capture",
				  "%u packets were lost by the capture", drops),
			 drops);
	g_free(display->cast_notice);
	return view_status(&view);
}
