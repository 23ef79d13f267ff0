/* SPDX-License-Identifier: MIT */
/* tracing.c - what the tracer tells the process that started it, and how it ends the programs. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "pktladder/i18n.h"
#include "proc.h"
#include "tracing.h"

gint64
tracing_time(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (gint64)now.tv_sec * G_GINT64_CONSTANT(1000000000) + now.tv_nsec;
}

/* A message is one write of less than PIPE_BUF bytes, so never torn. Blocks where the
 * reader is behind. */
void
tracing_send(Tracing *tracing, TracerMessageKind kind, const CallRecord *call)
{
	TracerMessage message = { .kind = kind, .size = sizeof(message) };

	G_STATIC_ASSERT(sizeof(message) <= 4096);
	if (call) {
		message.call = *call;
		if (kind == TRACER_CALL && call_effect(call->name) != CALL_WAITS)
			tracing->active_at = g_get_monotonic_time();
	}
	message.status = tracing->status;
	if ((kind == TRACER_FAILED || kind == TRACER_SAYS || kind == TRACER_UNSEEN) &&
	    g_strlcpy(message.problem, tracing->problem, sizeof(message.problem)) >=
		sizeof(message.problem)) {
		/* cut between characters */
		char *cut = g_utf8_find_prev_char(message.problem, strchr(message.problem, '\0'));
		if (cut)
			*cut = '\0';
	}
	while (!tracing->deaf && write(tracing->message_fd, &message, sizeof(message)) < 0)
		if (errno != EINTR)
			tracing->deaf = TRUE;
}

static void
kill_stopped(gpointer thread, gpointer program)
{
	const Process *process = ((const Thread *)thread)->process;

	if (process->program == GPOINTER_TO_UINT(program))
		kill(process->pid, SIGKILL);
}

void
tracing_signal(Tracing *tracing, guint program, int signal_number)
{
	GHashTableIter iter;
	gpointer process;

	g_hash_table_iter_init(&iter, tracing->tracees->processes);
	while (g_hash_table_iter_next(&iter, NULL, &process)) {
		const Process *p = process;
		if (p->program != program)
			continue;
		kill(p->pid, signal_number);
		kill(p->pid, SIGCONT); /* a stopped one would not see it */
	}
	if (!tracing->programs[program].own_ended)
		tracing->programs[program].signal = signal_number;
	if (!tracing->ending)
		return;
	/* One that is stopped would do its call before it saw a SIGTERM. */
	g_queue_foreach(&tracing->held, kill_stopped, GUINT_TO_POINTER(program));
	g_queue_foreach(&tracing->waiting, kill_stopped, GUINT_TO_POINTER(program));
}

/* Has the program end: SIGTERM, and KILL_US later SIGKILL. */
static void
tracing_terminate(Tracing *tracing, guint number)
{
	TracedProgram *program = &tracing->programs[number];

	if (program->pid == 0 || program->ended || program->kill_at)
		return;
	tracing_signal(tracing, number, SIGTERM);
	program->kill_at = g_get_monotonic_time() + KILL_US;
}

void
tracing_end(Tracing *tracing)
{
	tracing->ending = TRUE;
	tracing->hold = FALSE;
	for (guint i = tracing->n_programs; i > 0; i--)
		tracing_terminate(tracing, i - 1);
}

void
tracing_fail(Tracing *tracing, char *why, int status)
{
	if (tracing->ending) { /* the first reason is the one that counts */
		g_free(why);
		return;
	}
	tracing->problem = why;
	tracing->status = status;
	tracing_end(tracing);
}

/* Sends the text, and takes it over. */
static void
send_text(Tracing *tracing, TracerMessageKind kind, char *text)
{
	char *problem = tracing->problem;

	tracing->problem = text;
	tracing_send(tracing, kind, NULL);
	tracing->problem = problem;
	g_free(text);
}

void
tracing_says(Tracing *tracing, char *text)
{
	send_text(tracing, TRACER_SAYS, text);
}

void
tracing_unseen(Tracing *tracing, Process *process, Unseen what)
{
	static const char *const texts[N_UNSEEN] = {
		[UNSEEN_OPAQUE] =
		    N_("%s (process %d) lets nobody look into it (PR_SET_DUMPABLE): its calls are "
		       "not shown; its packets are"),
		[UNSEEN_ABI] =
		    N_("%s (process %d) is a program of an ABI that is not traced: its calls are "
		       "not shown; its packets are"),
		[UNSEEN_IO_URING] =
		    N_("%s (process %d) asked for io_uring and was told that there is none, since "
		       "its calls would not be seen; it does without, or fails"),
		[UNSEEN_DEBUGGER] =
		    N_("%s (process %d) asked to trace or to be traced, which fails: pktladder "
		       "traces it, and nothing else can"),
		[UNSEEN_PRIVILEGES] =
		    N_("%s (process %d) runs a program that is set-user-id or has file "
		       "capabilities: they take no effect here, and it may fail"),
	};
	char command[sizeof(process->command)];

	if (process->told & 1u << what)
		return;
	process->told |= 1u << what;
	process->unseen |= 1u << what;
	proc_command(process->pid, command, sizeof(command));
	send_text(tracing, TRACER_UNSEEN, g_strdup_printf(_(texts[what]), command, process->pid));
}

void
tracing_server_waits(Tracing *tracing)
{
	CallRecord where = tracing->programs[tracing->latest].listening;

	if (tracing->ready || tracing->ending ||
	    (tracing->n_programs > 1 && !tracing_has_next(tracing)))
		return;
	where.time_ns = tracing_time();
	tracing->ready = TRUE;
	tracing_send(tracing, TRACER_SERVER_WAITS, &where);
}

void
tracing_listens(Tracing *tracing, guint number, const CallRecord *call)
{
	tracing->programs[number].listening = *call;
	tracing->reached = tracing->reached || call->local.port == tracing->options.port;
	tracing->quiet_at = g_get_monotonic_time();
}

void
tracing_connects(Tracing *tracing, guint number)
{
	tracing->programs[number].connected = TRUE;
	tracing->quiet_at = g_get_monotonic_time();
}

char *
tracing_refused(const Tracing *tracing)
{
	if (tracing->refused.id == 0)
		return g_strdup("");
	g_autofree char *call = call_to_string(&tracing->refused, CALL_FULL);
	return g_strdup_printf(_(" Its call %s failed: %s."), call,
			       call_errno_name((int)-tracing->refused.result));
}
