/* SPDX-License-Identifier: MIT */
/* loop.c - the course of the tracing: server, client, and their end.
 *
 * Theory of operation
 *
 * The tracer process has one loop. SIGCHLD comes through a signalfd, so that the stops of tracees,
 * the parent's commands and the timers are waited for together; then waitpid() is asked until
 * nothing is left.
 *
 * The client is started when the server waits for it, and the parent has seen that it does: at the
 * entry of accept() or of a wait (poll, select, epoll_wait) for its listening socket, or of a
 * receive on a UDP socket that it bound. So the server's call always stands before the client's
 * first, as in the notes. A server that listens but does something else first is given 100 ms.
 *
 * When one of the two programs has ended, the other is not waited for without end: see
 * one_is_alone(). While a call is held nothing times out.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pktladder/fd.h"
#include "pktladder/i18n.h"
#include "pktladder/network.h"
#include "tracing.h"

#define RESTS_US    (500 * MS)   /* without a call, in a wait for the next client */
#define BUSY_US     (5000 * MS)  /* without a call, doing who knows what */
#define PATIENCE_US (30000 * MS) /* for all else */
#define TICK_US     (50 * MS)
#define TURN_US     (1 * MS) /* nothing tells that a turn has come */

/* As many stops are handled before the parent's commands are looked at again. */
#define STOPS_AT_ONCE 64

/* Whether a thread of the server waits for the next client, or datagram. */
static gboolean
server_rests(const Tracing *tracing)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, tracing->tracees->threads);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const Thread *thread = value;
		if (thread->process->role != ROLE_SERVER || thread->state != THREAD_IN_CALL ||
		    thread->calls->len == 0)
			continue;
		const CallRecord *call = &g_array_index(thread->calls, CallRecord, 0);
		if (call->name == CALL_ACCEPT || call->name == CALL_ACCEPT4 ||
		    call_effect(call->name) == CALL_WAITS ||
		    (call->transport == TRANSPORT_UDP && call_effect(call->name) == CALL_RECEIVES))
			return TRUE;
	}
	return FALSE;
}

static gboolean
one_is_alone(const Tracing *tracing)
{
	return tracing_has_client(tracing) && tracing->ready &&
	       tracing->programs[ROLE_SERVER].ended != tracing->programs[ROLE_CLIENT].ended;
}

/* Whose turn has come goes on; and where none comes for long, the first one. */
static void
take_turns(Tracing *tracing, gint64 now)
{
	for (GList *link = tracing->waiting.head, *next; link; link = next) {
		next = link->next;
		entry_take_turn(tracing, link->data, FALSE);
	}
	if (tracing->waiting.length == 0 || tracing->held.length > 0 ||
	    now - tracing->active_at < ORDER_PATIENCE_S * 1000 * MS)
		return;
	Thread *thread = tracing->waiting.head->data;
	tracing->active_at = now;
	tracing_send(tracing, TRACER_OUT_OF_TURN, &g_array_index(thread->calls, CallRecord, 0));
	entry_take_turn(tracing, thread, TRUE);
}

static void
run_timers(Tracing *tracing)
{
	const gint64 now = g_get_monotonic_time();

	for (guint role = 0; role < G_N_ELEMENTS(tracing->programs); role++) {
		TracedProgram *program = &tracing->programs[role];
		if (program->kill_at && now >= program->kill_at) {
			tracing_signal(tracing, (CallRole)role, SIGKILL);
			program->kill_at = now + KILL_US; /* and those that were just being born */
		}
	}
	take_turns(tracing, now);
	if (tracing->ending)
		return;
	if (tracing->client_at && now >= tracing->client_at)
		tracing_server_waits(tracing, &tracing->listening);
	if (tracing->held.length > 0) { /* somebody thinks */
		tracing->active_at = tracing->alone_at = now;
		tracing->server_by = now + tracing->options.server_wait_ms * MS;
		return;
	}
	if (tracing_has_client(tracing) && !tracing->ready && tracing->listening.id == 0 &&
	    now >= tracing->server_by) {
		g_autofree char *refused = tracing_refused(tracing);

		tracing_fail(
		    tracing,
		    g_strdup_printf(
			_("The server “%s” has not listened on TCP, nor received on a bound UDP "
			  "socket, within %u s. Is it a server? Check its command line.%s"),
			tracing->programs[ROLE_SERVER].program.argv[0],
			tracing->options.server_wait_ms / 1000, refused));
	}
	if (one_is_alone(tracing)) {
		/* tracer.h says when which program is ended */
		const gint64 silent = now - tracing->active_at;

		if (!tracing->programs[ROLE_SERVER].ended) {
			if ((silent >= RESTS_US && server_rests(tracing)) || silent >= BUSY_US ||
			    now - tracing->alone_at >= PATIENCE_US)
				tracing_terminate(tracing, ROLE_SERVER);
		} else if (silent >= PATIENCE_US) {
			tracing_terminate(tracing, ROLE_CLIENT);
		}
	}
}

/* How many milliseconds poll() may sleep; -1 for ever. */
static int
next_timer(const Tracing *tracing)
{
	gint64 next = G_MAXINT64;

	for (guint role = 0; role < G_N_ELEMENTS(tracing->programs); role++)
		if (tracing->programs[role].kill_at)
			next = MIN(next, tracing->programs[role].kill_at);
	const gint64 now = g_get_monotonic_time();
	if (tracing->waiting.length > 0 && tracing->held.length == 0)
		next = MIN(next, now + TURN_US);
	if (!tracing->ending) {
		if (tracing->client_at)
			next = MIN(next, tracing->client_at);
		if (tracing_has_client(tracing) && !tracing->ready)
			next = MIN(next, MAX(tracing->server_by, now + TICK_US));
		if (one_is_alone(tracing))
			next = MIN(next, now + TICK_US);
	}
	return next == G_MAXINT64 ? -1 : (int)((MAX(next - now, 0) + MS - 1) / MS);
}

/* Lets the program run. Where it cannot, everything ends. */
static void
start_program(Tracing *tracing, CallRole role)
{
	TracedProgram *program = &tracing->programs[role];
	char *failure;

	if (tracing->ending)
		return;
	if ((failure = program_start(program)))
		tracing_fail(tracing, failure);
	else
		tracee_add(tracing->tracees, program->pid, program->pid, role);
}

static void
read_commands(Tracing *tracing)
{
	char commands[64];
	const gssize n = read(tracing->control_fd, commands, sizeof(commands));

	if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN)) {
		tracing->deaf = TRUE; /* nobody wants to know any more */
		if (!tracing->ending)
			tracing_end(tracing);
		fd_clear(&tracing->control_fd);
	}
	for (gssize i = 0; i < n; i++) {
		if (commands[i] == TRACING_START) {
			if (tracing_has_client(tracing))
				start_program(tracing, ROLE_CLIENT);
			continue;
		}
		if (commands[i] == TRACING_RELEASE_ALL)
			tracing->hold = FALSE;
		do
			if (tracing->held.length > 0)
				entry_release(tracing, tracing->held.head->data);
		while (!tracing->hold && tracing->held.length > 0);
	}
}

/* FALSE where nothing more has stopped. */
static gboolean
handle_stops(Tracing *tracing)
{
	struct signalfd_siginfo info;
	int status;

	while (read(tracing->signal_fd, &info, sizeof(info)) > 0)
		;
	for (guint i = 0; i < STOPS_AT_ONCE; i++) {
		const pid_t tid = waitpid(-1, &status, WNOHANG | __WALL);
		if (tid <= 0)
			return FALSE;
		stop_handle(tracing, tid, status);
	}
	return TRUE;
}

static gboolean
is_over(const Tracing *tracing)
{
	if (g_hash_table_size(tracing->tracees->processes) > 0)
		return FALSE;
	return tracing->ending || !tracing_has_client(tracing) ||
	       (tracing->programs[ROLE_SERVER].ended && tracing->programs[ROLE_CLIENT].ended);
}

/* Makes this process one that only traces: out of the terminal's reach, ended
 * when its parent ends (and with it, by EXITKILL, all that it traces). */
static gboolean
isolate(Tracing *tracing, pid_t parent)
{
	sigset_t child;

	setsid();
	prctl(PR_SET_NAME, "pktladder-trace");
	signals_reset();
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	tracing->signal_fd = signalfd(-1, &child, SFD_NONBLOCK | SFD_CLOEXEC);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* orphans come to us: Yama lets nobody but ancestors look into them */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	return tracing->signal_fd >= 0 && getppid() == parent;
}

/* Nothing is traced any more: what is left in the programs' namespace ends. */
static void
end_namespace(Tracing *tracing)
{
	int status;
	pid_t tid;

	pidns_end(&tracing->pidns);
	while (tracing->pidns.init && (tid = waitpid(-1, &status, __WALL)) > 0) {
		if (tid == tracing->pidns.init)
			tracing->pidns.init = 0;
		else
			stop_handle(tracing, tid, status);
	}
}

void
tracing_run(const TracerOptions *options, int message_fd, int control_fd, pid_t parent)
{
	Tracing tracing = {
		.options = *options,
		.message_fd = message_fd,
		.control_fd = control_fd,
		.hold = options->hold,
		.held = G_QUEUE_INIT,
		.waiting = G_QUEUE_INIT,
		.pidns = { .lifeline = -1 },
		.programs = {
			[ROLE_SERVER] = { .program = options->server, .line = -1, .child_line = -1 },
			[ROLE_CLIENT] = { .program = options->client, .line = -1, .child_line = -1 },
		},
	};
	g_autoptr(GError) error = NULL;
	gboolean more = FALSE;
	char start;

	if (!isolate(&tracing, parent))
		return;
	if (tracing.options.server_wait_ms == 0)
		tracing.options.server_wait_ms = 10000;
	tracing.tracees = tracee_table_new();
	tracing.sockets = socket_table_new();
	if (!programs_fork(tracing.programs, options, &tracing.pidns))
		tracing_fail(&tracing,
			     g_strdup(_("libseccomp cannot make the filter that tracing needs.")));
	if (!privileges_drop(options->change_user, &error))
		tracing_fail(&tracing, g_strdup(error->message));
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* which a change of user clears */
	/* else the parent does not want the programs any more */
	if (TEMP_FAILURE_RETRY(read(control_fd, &start, 1)) == 1) {
		tracing.server_by = g_get_monotonic_time() + tracing.options.server_wait_ms * MS;
		start_program(&tracing, ROLE_SERVER);
		while (!is_over(&tracing)) {
			struct pollfd fds[] = {
				{ .fd = tracing.signal_fd, .events = POLLIN },
				{ .fd = tracing.control_fd, .events = POLLIN },
			};
			poll(fds, G_N_ELEMENTS(fds), more ? 0 : next_timer(&tracing));
			if (fds[1].revents)
				read_commands(&tracing);
			more = handle_stops(&tracing);
			run_timers(&tracing);
			if (tracing.deaf && !tracing.ending)
				tracing_end(&tracing);
		}
		end_namespace(&tracing);
		tracing_send(&tracing, tracing.problem ? TRACER_FAILED : TRACER_DONE, NULL);
	}
	socket_table_free(tracing.sockets);
	tracee_table_free(tracing.tracees);
	g_queue_clear(&tracing.held);
	g_queue_clear(&tracing.waiting);
	g_free(tracing.problem);
}
