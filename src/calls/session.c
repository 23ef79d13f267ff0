/* SPDX-License-Identifier: MIT */
/* session.c - the course of a session: server, client, and their end.
 *
 * Theory of operation
 *
 * The tracer process has one loop. SIGCHLD comes through a signalfd, so that
 * the stops of tracees, the parent's wishes and the timers are waited for
 * together; then waitpid() is asked until nothing is left.
 *
 * The client is started when the server waits for it, and the parent has seen
 * that it does: at the entry of accept() or of a wait (poll, select, epoll_wait)
 * for its listening socket, or of a receive on a UDP socket that it bound. So the server's call
 * always stands before the client's first, as in the notes. A server that listens but does
 * something else first is given LISTEN_US.
 *
 * When one of the two programs has ended, the other is not waited for without
 * end: see one_is_alone(). While a call is held nothing times out.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "pktladder/i18n.h"
#include "session.h"
#include "session_run.h"

#define MS          G_GINT64_CONSTANT(1000)
#define LISTEN_US   (100 * MS)   /* from listen() to the client's start, at most */
#define RESTS_US    (500 * MS)   /* without a call, in a wait for the next client */
#define BUSY_US     (5000 * MS)  /* without a call, doing who knows what */
#define PATIENCE_US (30000 * MS) /* for all else */
#define TICK_US     (50 * MS)
#define KILL_US     (500 * MS) /* from SIGTERM to SIGKILL */

/* As many stops are handled before the parent's wishes are looked at again. */
#define STOPS_AT_ONCE 64

gint64
session_time(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (gint64)now.tv_sec * G_GINT64_CONSTANT(1000000000) + now.tv_nsec;
}

static gboolean
has_client(const Session *session)
{
	return session->programs[ROLE_CLIENT].program.argv != NULL;
}

/* One write of less than PIPE_BUF bytes, so never torn. Blocks where the reader
 * is behind. */
void
session_send(Session *session, TracerMessageKind kind, const CallRecord *call)
{
	TracerMessage message = { .kind = kind, .size = sizeof(message) };

	G_STATIC_ASSERT(sizeof(message) <= 4096);
	if (call) {
		message.call = *call;
		if (kind == TRACER_CALL && call_effect(call->name) != CALL_WAITS)
			session->active_at = g_get_monotonic_time();
	}
	if (kind == TRACER_FAILED)
		g_strlcpy(message.problem, session->problem, sizeof(message.problem));
	while (!session->deaf && write(session->message_fd, &message, sizeof(message)) < 0)
		if (errno != EINTR)
			session->deaf = TRUE;
}

static void
signal_program(Session *session, CallRole role, int signal_number)
{
	GHashTableIter iter;
	gpointer process;

	g_hash_table_iter_init(&iter, session->tracees->processes);
	while (g_hash_table_iter_next(&iter, NULL, &process)) {
		const Process *p = process;
		if (p->role != role)
			continue;
		kill(p->pid, signal_number);
		kill(p->pid, SIGCONT); /* a stopped one would not see it */
	}
	/* A held one would do its call before it saw a SIGTERM. */
	for (const GList *link = session->held.head; link; link = link->next) {
		const Process *p = ((const Thread *)link->data)->process;
		if (p->role == role)
			kill(p->pid, SIGKILL);
	}
}

static void
terminate(Session *session, CallRole role)
{
	Program *program = &session->programs[role];

	if (program->pid == 0 || program->ended || program->kill_at)
		return;
	signal_program(session, role, SIGTERM);
	program->kill_at = g_get_monotonic_time() + KILL_US;
}

static void
end_all(Session *session)
{
	session->ending = TRUE;
	session->hold = FALSE;
	terminate(session, ROLE_CLIENT);
	terminate(session, ROLE_SERVER);
}

void
session_fail(Session *session, const char *format, ...)
{
	va_list arguments;

	if (session->ending)
		return; /* the first reason is the one that counts */
	va_start(arguments, format);
	g_autofree char *text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	if (strlen(text) >= sizeof(session->problem)) {
		/* cut between characters */
		char *cut = g_utf8_find_prev_char(text, text + sizeof(session->problem) - 1);
		if (cut)
			*cut = '\0';
	}
	g_strlcpy(session->problem, text, sizeof(session->problem));
	end_all(session);
}

void
session_server_waits(Session *session, const CallRecord *call)
{
	if (session->ready || session->ending)
		return;
	CallRecord where = *call;
	where.time_ns = session_time();
	session->ready = TRUE;
	session->client_at = 0;
	session_send(session, TRACER_SERVER_WAITS, &where);
}

void
session_call_returned(Session *session, const CallRecord *call)
{
	if (call->role != ROLE_SERVER || session->ready)
		return;
	if (call->result < 0 && (call->name == CALL_BIND || call->name == CALL_LISTEN))
		session->refused = *call;
	if (call->result == 0 && call->name == CALL_LISTEN && session->listening.id == 0) {
		session->listening = *call;
		session->client_at = g_get_monotonic_time() + LISTEN_US;
	}
}

/* ": its bind(3, 127.0.0.1:80) failed with EACCES", or nothing. */
static char *
explain_refused(const Session *session)
{
	if (session->refused.id == 0)
		return g_strdup("");
	g_autofree char *call = call_to_string(&session->refused, CALL_FULL);
	return g_strdup_printf(_(" Its call %s failed: %s."), call,
			       call_errno_name((int)-session->refused.result));
}

static void
fail_server_ended(Session *session)
{
	const Program *server = &session->programs[ROLE_SERVER];
	const CallRecord ended = { .name = CALL_EXIT, .result = server->status };
	g_autofree char *result = call_result_to_string(&ended);
	g_autofree char *status = g_strdup_printf(
	    server->status >= 256 ? _("killed by %s") : _("exit status %s"), result);
	g_autofree char *refused = explain_refused(session);

	session_fail(session,
		     _("The server “%s” ended (%s) before it waited for a client: no listen() and "
		       "accept(), and no receive on a bound UDP socket.%s"),
		     server->program.argv[0], status, refused);
}

void
session_process_ended(Session *session, CallRole role)
{
	Program *program = &session->programs[role];
	GHashTableIter iter;
	gpointer process;

	g_hash_table_iter_init(&iter, session->tracees->processes);
	while (g_hash_table_iter_next(&iter, NULL, &process))
		if (((const Process *)process)->role == role)
			return; /* it has others */
	program->ended = TRUE;
	program->kill_at = 0;
	session->alone_at = g_get_monotonic_time();
	session->active_at = session->alone_at;
	if (launch_failed(session, role))
		return;
	const CallRecord call = {
		.time_ns = session_time(),
		.role = (guint8)role,
		.pid = program->pid,
		.result = program->status,
	};
	session_send(session, TRACER_PROGRAM_ENDED, &call);
	if (role == ROLE_SERVER && has_client(session) && !session->ready)
		fail_server_ended(session);
}

/* Whether a thread of the server waits for the next client, or datagram. */
static gboolean
server_rests(const Session *session)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, session->tracees->threads);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const Thread *thread = value;
		if (thread->process->role != ROLE_SERVER || thread->state != THREAD_IN_CALL)
			continue;
		const CallRecord *call = &g_array_index(thread->calls, CallRecord, 0);
		CallEffect effect = call_effect(call->name);
		if (effect == CALL_ACCEPTS || effect == CALL_WAITS ||
		    (call->transport == TRANSPORT_UDP && effect == CALL_RECEIVES))
			return TRUE;
	}
	return FALSE;
}

static gboolean
one_is_alone(const Session *session)
{
	return has_client(session) && session->ready &&
	       session->programs[ROLE_SERVER].ended != session->programs[ROLE_CLIENT].ended;
}

static void
run_timers(Session *session)
{
	const gint64 now = g_get_monotonic_time();

	for (guint role = 0; role < G_N_ELEMENTS(session->programs); role++) {
		Program *program = &session->programs[role];
		if (program->kill_at && now >= program->kill_at) {
			signal_program(session, (CallRole)role, SIGKILL);
			program->kill_at = now + KILL_US; /* and those that were just being born */
		}
	}
	if (session->ending)
		return;
	if (session->client_at && now >= session->client_at)
		session_server_waits(session, &session->listening);
	if (session->held.length > 0) { /* somebody thinks */
		session->active_at = session->alone_at = now;
		session->server_by = now + session->options.server_wait_ms * MS;
		return;
	}
	if (has_client(session) && !session->ready && session->listening.id == 0 &&
	    now >= session->server_by) {
		g_autofree char *refused = explain_refused(session);

		session_fail(
		    session,
		    _("The server “%s” has not listened on TCP, nor received on a bound UDP "
		      "socket, within %u s. Is it a server? Check its command line.%s"),
		    session->programs[ROLE_SERVER].program.argv[0],
		    session->options.server_wait_ms / 1000, refused);
	}
	if (one_is_alone(session)) {
		/* One program is left alone. A server that serves for ever (it rests in accept
		 * or in a wait) gets its SIGTERM RESTS_US after the last call; one that does
		 * something else, BUSY_US after it; and one that never stops calling,
		 * PATIENCE_US after its client's end. A client whose server has gone gets it
		 * when it has not called anything for PATIENCE_US. */
		const gint64 silent = now - session->active_at;

		if (!session->programs[ROLE_SERVER].ended) {
			if ((silent >= RESTS_US && server_rests(session)) || silent >= BUSY_US ||
			    now - session->alone_at >= PATIENCE_US)
				terminate(session, ROLE_SERVER);
		} else if (silent >= PATIENCE_US) {
			terminate(session, ROLE_CLIENT);
		}
	}
}

/* How many milliseconds poll() may sleep; -1 for ever. */
static int
next_timer(const Session *session)
{
	gint64 next = G_MAXINT64;

	for (guint role = 0; role < G_N_ELEMENTS(session->programs); role++)
		if (session->programs[role].kill_at)
			next = MIN(next, session->programs[role].kill_at);
	const gint64 now = g_get_monotonic_time();
	if (!session->ending) {
		if (session->client_at)
			next = MIN(next, session->client_at);
		if (has_client(session) && !session->ready)
			next = MIN(next, MAX(session->server_by, now + TICK_US));
		if (one_is_alone(session))
			next = MIN(next, now + TICK_US);
	}
	return next == G_MAXINT64 ? -1 : (int)((MAX(next - now, 0) + MS - 1) / MS);
}

static void
read_wishes(Session *session)
{
	char wishes[64];
	const gssize n = read(session->control_fd, wishes, sizeof(wishes));

	if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN)) {
		session->deaf = TRUE; /* nobody wants to know any more */
		if (!session->ending)
			end_all(session);
		close(session->control_fd);
		session->control_fd = -1;
	}
	for (gssize i = 0; i < n; i++) {
		if (wishes[i] == SESSION_START) {
			if (has_client(session) && !session->ending)
				launch_program(session, ROLE_CLIENT);
			continue;
		}
		if (wishes[i] == SESSION_RELEASE_ALL)
			session->hold = FALSE;
		do
			if (session->held.length > 0)
				entry_release(session, session->held.head->data);
		while (!session->hold && session->held.length > 0);
	}
}

/* FALSE where nothing more has stopped. */
static gboolean
handle_stops(Session *session)
{
	struct signalfd_siginfo info;
	int status;

	while (read(session->signal_fd, &info, sizeof(info)) > 0)
		;
	for (guint i = 0; i < STOPS_AT_ONCE; i++) {
		const pid_t tid = waitpid(-1, &status, WNOHANG | __WALL);
		if (tid <= 0)
			return FALSE;
		stop_handle(session, tid, status);
	}
	return TRUE;
}

static gboolean
is_over(const Session *session)
{
	if (g_hash_table_size(session->tracees->processes) > 0)
		return FALSE;
	return session->ending || !has_client(session) ||
	       (session->programs[ROLE_SERVER].ended && session->programs[ROLE_CLIENT].ended);
}

/* Makes this process one that only traces: out of the terminal's reach, ended
 * when its parent ends (and with it, by EXITKILL, all that it traces). */
static gboolean
isolate(Session *session, pid_t parent)
{
	sigset_t child;

	setsid();
	prctl(PR_SET_NAME, "pktladder-trace");
	signals_reset();
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	session->signal_fd = signalfd(-1, &child, SFD_NONBLOCK | SFD_CLOEXEC);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* orphans come to us: Yama lets nobody but ancestors look into them */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	return session->signal_fd >= 0 && getppid() == parent;
}

void
session_run(const TracerOptions *options, int message_fd, int control_fd, pid_t parent)
{
	Session session = {
		.options = *options,
		.message_fd = message_fd,
		.control_fd = control_fd,
		.hold = options->hold,
		.held = G_QUEUE_INIT,
	};
	char start;

	if (!isolate(&session, parent))
		return;
	if (session.options.server_wait_ms == 0)
		session.options.server_wait_ms = 10000;
	session.programs[ROLE_SERVER] =
	    (Program){ .program = options->server, .line = -1, .child_line = -1 };
	session.programs[ROLE_CLIENT] =
	    (Program){ .program = options->client, .line = -1, .child_line = -1 };
	session.tracees = tracee_table_new();
	session.sockets = socket_table_new();
	session.filter = trap_new();
	if (!session.filter)
		session_fail(&session, _("libseccomp cannot make the filter that tracing needs."));
	else
		launch_prepare(&session);
	/* else the parent does not want the programs any more */
	if (TEMP_FAILURE_RETRY(read(control_fd, &start, 1)) == 1) {
		session.server_by = g_get_monotonic_time() + session.options.server_wait_ms * MS;
		if (!session.ending)
			launch_program(&session, ROLE_SERVER);

		gboolean more = FALSE;

		while (!is_over(&session)) {
			struct pollfd fds[] = {
				{ .fd = session.signal_fd, .events = POLLIN },
				{ .fd = session.control_fd, .events = POLLIN },
			};
			poll(fds, G_N_ELEMENTS(fds), more ? 0 : next_timer(&session));
			if (fds[1].revents)
				read_wishes(&session);
			more = handle_stops(&session);
			run_timers(&session);
			if (session.deaf && !session.ending)
				end_all(&session);
		}
		launch_end(&session);
		session_send(&session, session.problem[0] ? TRACER_FAILED : TRACER_DONE, NULL);
	}
	trap_free(session.filter);
	socket_table_free(session.sockets);
	tracee_table_free(session.tracees);
	g_queue_clear(&session.held);
}
