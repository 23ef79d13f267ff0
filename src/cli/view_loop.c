/* SPDX-License-Identifier: MIT */
/* Theory of operation. A GMainContext watches every descriptor in this one
 * thread; signals come through a signalfd, so no code ever runs inside a
 * handler (the screen's own crash handler apart). Each wake-up pumps the
 * session; a change is painted at once where the last paint is a frame ago,
 * else when that frame is over. Nothing wakes up where nothing happens.
 */
#include <glib-unix.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "slice.h"
#include "view_private.h"

void
view_quit(View *view)
{
	view->loop.quitting = TRUE;
	g_main_loop_quit(view->loop.main);
}

/* ---- what is due, now or later ---- */

static gboolean on_timer(gpointer data);

/* -1 is for ever. */
static int
wait_shorter(int a_ms, int b_ms)
{
	return a_ms < 0 ? b_ms : b_ms < 0 ? a_ms : MIN(a_ms, b_ms);
}

/* Paints where the last frame is over; milliseconds until it is, where there is
 * something to be seen then; -1 nothing. */
static int
paint_or_wait(View *view)
{
	gint64 since_us;

	if (!view->screen.terminal || !view->dirty)
		return -1;
	since_us = g_get_monotonic_time() - view->screen.painted_us;
	if (since_us >= FRAME_US) {
		view_paint(view);
		since_us = 0;
	}
	return view->dirty /* still, or again */ ? (FRAME_US - since_us) / 1000 + 1 : -1;
}

/* Keys whose turn it is, then what is due to be painted; and the timer for what is due later. */
static void
view_schedule(View *view)
{
	int wait_ms;

	if (view->keys.more || !g_queue_is_empty(view->keys.typed))
		view_keys_take(view);
	if (view->loop.quitting)
		return;
	wait_ms = paint_or_wait(view); /* which may begin what then goes on */
	wait_ms = wait_shorter(wait_ms, view_is_busy(view) ? 0 : session_timeout(view->session));
	wait_ms = wait_shorter(wait_ms, view_film_wait_ms(view));
	g_clear_handle_id(&view->loop.timer, g_source_remove);
	if (wait_ms >= 0)
		view->loop.timer = g_timeout_add(wait_ms, on_timer, view);
}

void
view_wake(View *view)
{
	view->dirty = TRUE;
	view_schedule(view);
}

/* ---- the session ---- */

static gboolean on_ready(gint fd, GIOCondition condition, gpointer data);

/* The descriptors come and go with the capture, the tracer and the programs. */
static void
watch_one(View *view, guint *source, int fd)
{
	if (fd >= 0 && *source == 0)
		*source = g_unix_fd_add(fd, G_IO_IN | G_IO_HUP | G_IO_ERR, on_ready, view);
	else if (fd < 0 && *source != 0)
		g_clear_handle_id(source, g_source_remove);
}

static void
watch_update(View *view)
{
	Session *session = view->session;

	watch_one(view, &view->loop.capture_source,
		  session->capture ? capture_fd(session->capture) : -1);
	watch_one(view, &view->loop.tracer_source,
		  session->tracer ? tracer_fd(session->tracer) : -1);
	for (guint role = 0; session->output && role < 2; role++)
		watch_one(view, &view->loop.output_sources[role],
			  session->output->programs[role].fd);
}

static void
view_pump(View *view)
{
	Session *session = view->session;
	gboolean was_ended = session->ended, was_traced = session->tracer != NULL;
	guint held = g_queue_get_length(session->held), events, output;

	view->loop.more = session_pump(session);
	events = trace_length(session->trace);
	output = session->output ? session->output->length : 0;
	if (events != view->loop.events || output != view->loop.output ||
	    session->ended != was_ended || g_queue_get_length(session->held) != held)
		view->dirty = TRUE;
	view->loop.events = events;
	view->loop.output = output;
	if (was_traced && !session->tracer) {
		/* A program may have opened our terminal by its name, and written over the screen.
		 */
		if (view->screen.terminal)
			screen_redraw(view->screen.terminal);
		view->dirty = TRUE;
	}
	watch_update(view);
	if (view->text.conversations && session->ended && !view_conversations_choose(view))
		view_quit(view);
	if (!view->screen.terminal) {
		view_text_update(view);
		if (session->ended && view->state.play.state != PLAY_RUNNING)
			view_quit(view);
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

	view->loop.timer = 0;
	view_film_run(view);
	view_pump(view);
	view_work(view);
	view_schedule(view);
	return G_SOURCE_REMOVE;
}

/* --pace: the next call goes each time. */
static gboolean
on_pace(gpointer data)
{
	View *view = data;

	if (!view->state.paused && session_holds(view->session))
		session_release(view->session);
	return G_SOURCE_CONTINUE;
}

/* ---- keys and signals ---- */

static gboolean
on_key(gint fd G_GNUC_UNUSED, GIOCondition condition, gpointer data)
{
	View *view = data;

	view_keys_take(view);
	if ((condition & (G_IO_HUP | G_IO_ERR)) || screen_gone(view->screen.terminal)) {
		view->loop.signal = SIGHUP;
		view_quit(view);
		return G_SOURCE_REMOVE;
	}
	view_schedule(view);
	return G_SOURCE_CONTINUE;
}

/* SIGINT, SIGTERM and SIGHUP end; what is in the capture is drawn before. */
static void
signal_take(View *view, int number)
{
	Screen *terminal = view->screen.terminal;

	switch (number) {
	case SIGWINCH:
		if (terminal)
			screen_resized(terminal);
		break;
	case SIGTSTP:
		if (terminal)
			view_keys_take(view); /* typed before Ctrl-Z */
		if (!terminal)
			raise(SIGSTOP);
		else if (!view->loop.quitting)
			screen_stop(terminal);
		break;
	case SIGCONT:
		view_film_forget(view);
		if (terminal)
			screen_resume(terminal);
		break;
	default:
		view->loop.signal = number;
		view_quit(view);
	}
}

static gboolean
on_signal(gint fd, GIOCondition condition G_GNUC_UNUSED, gpointer data)
{
	View *view = data;
	struct signalfd_siginfo info;

	while (read(fd, &info, sizeof info) == sizeof info)
		signal_take(view, info.ssi_signo);
	/* A new size, or one that changed while we were stopped, comes as a key. */
	if (view->screen.terminal && !view->loop.quitting)
		view_keys_take(view);
	view->dirty = TRUE;
	view_schedule(view);
	return G_SOURCE_CONTINUE;
}

/* Who reads standard output has seen enough: that is known before more is printed. */
static gboolean
on_reader_end(gint fd G_GNUC_UNUSED, GIOCondition condition G_GNUC_UNUSED, gpointer data)
{
	view_quit(data);
	return G_SOURCE_REMOVE;
}

/* ---- the loop ---- */

void
view_loop_open(View *view)
{
	static const int numbers[] = {
		SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH
	};
	sigset_t set;

	sigemptyset(&set);
	for (guint i = 0; i < G_N_ELEMENTS(numbers); i++)
		sigaddset(&set, numbers[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	view->loop.signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	view->loop.main = g_main_loop_new(NULL, FALSE);
}

void
view_loop_close(View *view)
{
	guint *sources[] = { &view->loop.timer, &view->loop.capture_source,
			     &view->loop.tracer_source, &view->loop.output_sources[0],
			     &view->loop.output_sources[1] };

	for (guint i = 0; i < G_N_ELEMENTS(sources); i++)
		g_clear_handle_id(sources[i], g_source_remove);
	g_clear_pointer(&view->loop.main, g_main_loop_unref);
	if (view->loop.signal_fd >= 0)
		close(view->loop.signal_fd);
}

void
view_loop(View *view)
{
	guint pace = 0;

	if (view->screen.terminal) {
		view->keys.ahead = screen_is_typed(view->screen.terminal);
		g_unix_fd_add(screen_fd(view->screen.terminal), G_IO_IN | G_IO_HUP | G_IO_ERR,
			      on_key, view);
	} else {
		g_unix_fd_add(STDOUT_FILENO, G_IO_HUP | G_IO_ERR, on_reader_end, view);
	}
	if (view->options->pace_ms > 0)
		pace = g_timeout_add(view->options->pace_ms, on_pace, view);
	view->reading.since_us = g_get_monotonic_time();
	view_film_forget(view);
	g_unix_fd_add(view->loop.signal_fd, G_IO_IN, on_signal, view);
	view_pump(view);
	view_schedule(view);
	if (!view->loop.quitting)
		g_main_loop_run(view->loop.main);
	g_clear_handle_id(&pace, g_source_remove);
}
