/* SPDX-License-Identifier: MIT */
/* loop.c - the course of the tracing: server, client, and their end.
 *
 * Theory of operation
 *
 * The tracer process has one loop. SIGCHLD comes through a signalfd, so that the stops of tracees,
 * the parent's commands and the timers are waited for together; then waitpid() is asked until
 * nothing is left.
 *
 * The next program is started when the one before it can be reached, and the parent has seen that
 * it can: after QUIET_US without another socket of its that listens, and without a held call. So
 * what a server does at its start stands before the client's first call. In a scenario the client
 * starts as soon as the server waits for it, as in the notes.
 *
 * The end of the last program's own process is the end of all: see watch_end(). While a call is
 * held nothing times out.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pktladder/complain.h"
#include "pktladder/fd.h"
#include "pktladder/i18n.h"
#include "pktladder/network.h"
#include "proc.h"
#include "tracing.h"

#define QUIET_US (100 * MS) /* without a new socket that listens: all are there */
#define RESTS_US (500 * MS) /* what a moment is: who ends by himself within it needs no word */
#define TICK_US  (50 * MS)
#define TURN_US  (1 * MS) /* nothing tells that a turn has come */

/* So many of them are told by name. */
#define NAMED_MAX 6

/* As many stops are handled before the parent's commands are looked at again. */
#define STOPS_AT_ONCE 64

/* Whether nothing of the programs does anything but wait, and one of them for the next client, or
 * datagram. */
static gboolean
all_rest(const Tracing *tracing)
{
	GHashTableIter iter;
	gpointer value;
	gboolean serves = FALSE;

	g_hash_table_iter_init(&iter, tracing->tracees->threads);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const Thread *thread = value;
		if (!proc_waits(thread->tid))
			return FALSE;
		if (thread->state != THREAD_IN_CALL || thread->calls->len == 0)
			continue;
		const CallRecord *call = &g_array_index(thread->calls, CallRecord, 0);
		const CallEffect effect = call_effect(call->name);
		serves = serves || effect == CALL_ACCEPTS || effect == CALL_WAITS ||
			 (call->transport == TRANSPORT_UDP && effect == CALL_RECEIVES);
	}
	return serves;
}

/* ---- the next program's start ---- */

/* Whether the latest program can be reached, or there is nothing to wait for. */
static gboolean
latest_is_ready(const Tracing *tracing, gint64 now)
{
	const TracedProgram *latest = &tracing->programs[tracing->latest];
	const gboolean quiet = now - tracing->quiet_at >= QUIET_US;

	if (tracing->options.port && tracing->latest + 2 == tracing->n_programs)
		return tracing->reached;
	if (tracing->options.order)
		return tracing->waiting.length > 0; /* before its first call */
	if (tracing->n_programs > 2 && (latest->own_ended || (latest->connected && quiet)))
		return TRUE;
	return latest->listening.id && quiet;
}

static char *
explain_late(const Tracing *tracing)
{
	const char *name = tracing->programs[tracing->latest].program.argv[0];
	const guint seconds = tracing->options.server_wait_ms / 1000;
	g_autofree char *refused = tracing_refused(tracing);

	if (tracing->programs[tracing->latest].listening.id)
		return g_strdup_printf(
		    _("Nobody has listened on port %u (--port) within %u s (--wait).%s"),
		    tracing->options.port, seconds, refused);
	return g_strdup_printf(
	    _("The server “%s” has not listened on TCP, nor received on a bound UDP "
	      "socket, within %u s. Is it a server? Check its command line.%s"),
	    name, seconds, refused);
}

/* A program whose calls are not seen may listen all the same. */
static void
ask_listeners(Tracing *tracing, gint64 now)
{
	const TracedProgram *latest = &tracing->programs[tracing->latest];
	CallRecord listening = { .id = tracing->last_id + 1 };

	if (!tracing->options.private_network || tracing->options.order || latest->listening.id ||
	    !tracing_has_next(tracing) || now - tracing->asked_at < TICK_US)
		return;
	tracing->asked_at = now; /* milliseconds: not at each stop */
	if (socket_table_stranger(tracing->sockets, &listening))
		tracing_listens(tracing, tracing->latest, &listening);
}

static void
watch_start(Tracing *tracing, gint64 now)
{
	if (tracing->ready)
		return;
	ask_listeners(tracing, now);
	if (latest_is_ready(tracing, now))
		tracing_server_waits(tracing);
	else if (tracing_has_next(tracing) && now >= tracing->ready_by)
		tracing_fail(tracing, explain_late(tracing), STATUS_OWN_FAILURE);
}

/* ---- the end ---- */

/* "server: nginx 1234, nginx 1235; client: sleep 1240" */
static char *
who_runs(const Tracing *tracing)
{
	g_autoptr(GString) names = g_string_new(NULL);
	GHashTableIter iter;
	gpointer value;
	guint n = 0;

	g_hash_table_iter_init(&iter, tracing->tracees->processes);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const Process *process = value;
		char name[sizeof(process->command)];
		if (n++ >= NAMED_MAX)
			continue;
		proc_command(process->pid, name, sizeof(name));
		g_string_append_printf(names, "%s%s %d", names->len ? ", " : "", name,
				       process->pid);
	}
	if (n > NAMED_MAX)
		g_string_append_printf(names, _(" and %u more"), n - NAMED_MAX);
	return g_strdup(names->str);
}

/* What still runs gets the next of the signals. */
static void
signal_all(Tracing *tracing)
{
	static const struct {
		int number;
		const char *name;
	} signals[] = { { SIGINT, "SIGINT" }, { SIGTERM, "SIGTERM" }, { SIGKILL, "SIGKILL" } };
	const guint which = MIN(tracing->signalled, G_N_ELEMENTS(signals) - 1);
	g_autofree char *who = who_runs(tracing);

	tracing->signalled++;
	tracing->over_at = g_get_monotonic_time();
	tracing_says(tracing,
		     g_strdup_printf(_("%s to what still runs: %s"), signals[which].name, who));
	for (guint i = 0; i < tracing->n_programs; i++)
		tracing_signal(tracing, i, signals[which].number);
}

/* tracer.h says when what still runs is ended. */
static void
watch_end(Tracing *tracing, gint64 now)
{
	const TracedProgram *last = &tracing->programs[tracing->n_programs - 1];
	const gint64 given = tracing->options.linger_ms * MS;
	const gint64 linger = given ? given : TRACER_LINGER_MS * MS;

	if (!last->own_ended || g_hash_table_size(tracing->tracees->processes) == 0)
		return;
	if (tracing->over_at == 0)
		tracing->over_at = now;
	else if (!tracing->signalled && socket_table_connected(tracing->sockets))
		tracing->over_at = MAX(tracing->over_at, tracing->active_at);
	const gint64 passed = now - tracing->over_at;
	const gboolean rests = !given && !tracing->signalled && passed >= RESTS_US &&
			       all_rest(tracing) && !socket_table_connected(tracing->sockets);
	if (passed >= linger || rests) {
		signal_all(tracing);
	} else if (!tracing->told && passed >= RESTS_US) {
		g_autofree char *who = who_runs(tracing);
		tracing->told = TRUE;
		tracing_says(tracing, g_strdup_printf(
					  _("the client has ended, and these still run: %s; they "
					    "have %u s (--linger)"),
					  who, (guint)(linger / MS / 1000)));
	}
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

	for (guint i = 0; i < tracing->n_programs; i++) {
		TracedProgram *program = &tracing->programs[i];
		if (program->kill_at && now >= program->kill_at) {
			tracing_signal(tracing, i, SIGKILL);
			program->kill_at = now + KILL_US; /* and those that were just being born */
		}
	}
	take_turns(tracing, now);
	if (tracing->ending)
		return;
	if (tracing->held.length > 0) { /* somebody thinks */
		tracing->active_at = tracing->quiet_at = now;
		tracing->over_at = tracing->over_at ? now : 0;
		tracing->ready_by = now + tracing->options.server_wait_ms * MS;
		return;
	}
	watch_start(tracing, now);
	watch_end(tracing, now);
}

/* How many milliseconds poll() may sleep; -1 for ever. */
static int
next_timer(const Tracing *tracing)
{
	gint64 next = G_MAXINT64;

	for (guint i = 0; i < tracing->n_programs; i++)
		if (tracing->programs[i].kill_at)
			next = MIN(next, tracing->programs[i].kill_at);
	const gint64 now = g_get_monotonic_time();
	if (tracing->waiting.length > 0 && tracing->held.length == 0)
		next = MIN(next, now + TURN_US);
	/* until the next program's start; and from the last one's end on */
	if (!tracing->ending &&
	    ((!tracing->ready && (tracing_has_next(tracing) || tracing->n_programs == 1)) ||
	     tracing->programs[tracing->n_programs - 1].own_ended))
		next = MIN(next, now + TICK_US);
	return next == G_MAXINT64 ? -1 : (int)((MAX(next - now, 0) + MS - 1) / MS);
}

/* Lets the program run. Where it cannot, everything ends. */
static void
start_program(Tracing *tracing, guint number)
{
	TracedProgram *program = &tracing->programs[number];
	const gint64 now = g_get_monotonic_time();
	char *failure;

	if (tracing->ending || number >= tracing->n_programs)
		return;
	tracing->latest = number;
	tracing->ready = FALSE;
	tracing->refused.id = 0;
	tracing->active_at = now;
	tracing->quiet_at = now;
	tracing->ready_by = now + tracing->options.server_wait_ms * MS;
	if ((failure = program_start(program)))
		tracing_fail(tracing, failure, STATUS_OWN_FAILURE);
	else
		tracee_add(tracing->tracees, program->pid, program->pid, number);
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
			start_program(tracing, tracing->latest + 1);
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

	/* one read takes the signal, however often it came */
	(void)!read(tracing->signal_fd, &info, sizeof(info));
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
	return tracing->ending || tracing->programs[tracing->n_programs - 1].ended;
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
	};
	g_autoptr(GError) error = NULL;
	gboolean more = FALSE;
	char start;

	if (!isolate(&tracing, parent))
		return;
	if (tracing.options.server_wait_ms == 0)
		tracing.options.server_wait_ms = 10000;
	while (tracing.n_programs < PROGRAMS_MAX && options->programs[tracing.n_programs].argv) {
		tracing.programs[tracing.n_programs] = (TracedProgram){
			.program = options->programs[tracing.n_programs],
			.line = -1,
			.child_line = -1,
		};
		tracing.n_programs++;
	}
	tracing.tracees = tracee_table_new();
	tracing.sockets = socket_table_new();
	if (!programs_fork(tracing.programs, tracing.n_programs, options, &tracing.pidns))
		tracing_fail(&tracing,
			     g_strdup(_("libseccomp cannot make the filter that tracing needs.")),
			     STATUS_OWN_FAILURE);
	gboolean (*drop)(gboolean change_user, GError * *error) =
	    network_has_own_users() ? privileges_drop_but_tracing : privileges_drop;
	if (!drop(options->change_user, &error))
		tracing_fail(&tracing, g_strdup(error->message), STATUS_OWN_FAILURE);
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* which a change of user clears */
	/* else the parent does not want the programs any more */
	if (TEMP_FAILURE_RETRY(read(control_fd, &start, 1)) == 1) {
		start_program(&tracing, 0);
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
