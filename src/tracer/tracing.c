/* SPDX-License-Identifier: MIT */
/* tracing.c - what the tracer tells the process that started it, and how it ends the programs. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "pktladder/i18n.h"
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
	if (kind == TRACER_FAILED &&
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
kill_stopped(gpointer thread, gpointer role)
{
	const Process *process = ((const Thread *)thread)->process;

	if (process->role == (CallRole)GPOINTER_TO_INT(role))
		kill(process->pid, SIGKILL);
}

void
tracing_signal(Tracing *tracing, CallRole role, int signal_number)
{
	GHashTableIter iter;
	gpointer process;

	g_hash_table_iter_init(&iter, tracing->tracees->processes);
	while (g_hash_table_iter_next(&iter, NULL, &process)) {
		const Process *p = process;
		if (p->role != role)
			continue;
		kill(p->pid, signal_number);
		kill(p->pid, SIGCONT); /* a stopped one would not see it */
	}
	/* One that is stopped would do its call before it saw a SIGTERM. */
	g_queue_foreach(&tracing->held, kill_stopped, GINT_TO_POINTER(role));
	g_queue_foreach(&tracing->waiting, kill_stopped, GINT_TO_POINTER(role));
}

void
tracing_terminate(Tracing *tracing, CallRole role)
{
	TracedProgram *program = &tracing->programs[role];

	if (program->pid == 0 || program->ended || program->kill_at)
		return;
	tracing_signal(tracing, role, SIGTERM);
	program->kill_at = g_get_monotonic_time() + KILL_US;
}

void
tracing_end(Tracing *tracing)
{
	tracing->ending = TRUE;
	tracing->hold = FALSE;
	tracing_terminate(tracing, ROLE_CLIENT);
	tracing_terminate(tracing, ROLE_SERVER);
}

void
tracing_fail(Tracing *tracing, char *why)
{
	if (tracing->ending) { /* the first reason is the one that counts */
		g_free(why);
		return;
	}
	tracing->problem = why;
	tracing_end(tracing);
}

void
tracing_server_waits(Tracing *tracing, const CallRecord *call)
{
	if (tracing->ready || tracing->ending)
		return;
	CallRecord where = *call;
	where.time_ns = tracing_time();
	tracing->ready = TRUE;
	tracing->client_at = 0;
	tracing_send(tracing, TRACER_SERVER_WAITS, &where);
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
