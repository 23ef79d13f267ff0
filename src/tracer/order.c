/* SPDX-License-Identifier: MIT */
/* order.c - when a call of a scenario may begin.
 *
 * Theory of operation
 *
 * Which of two programs comes first is the scheduler's choice, and so are the rows of a ladder. A
 * scenario leaves it none: a thread that has come to a call is stopped there anyway, and goes on
 * when nothing else can happen any more. That is so when every other thread sleeps, as /proc tells,
 * or is stopped before a call of its own, and when all that was sent is acknowledged, as inet_diag
 * tells: a delayed ACK may still be to come though everybody sleeps, and data that nobody has taken
 * yet. Where then both programs could begin a call, the server does; where that is not what the
 * scenario is about, or where nothing tells what is on its way (UDP), its table says what the call
 * waits for. Both programs start at once.
 *
 * None of these comes as an event: the loop asks again each millisecond.
 */
#include "pktladder/tcp_state.h"
#include "proc.h"
#include "tracing.h"

static const CallRecord *
first_call(const Thread *thread)
{
	return &g_array_index(thread->calls, CallRecord, 0);
}

/* The line of the program's next call of that name; where it has none, the last one, which asks for
 * nothing. */
static const CallCondition *
find_condition(const Tracing *tracing, CallRole role, CallName call)
{
	const CallCondition *order = tracing->options.order;
	const guint nth = tracing->programs[role == ROLE_SERVER ? 0 : 1].begun[call] + 1;

	while (order->call != CALL_NONE && (order->call != call || order->role != role ||
					    (order->nth > 0 && order->nth != nth)))
		order++;
	return order;
}

/* Every thread but this one sleeps, or is stopped before a call. */
static gboolean
others_rest(const Tracing *tracing, const Thread *thread)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, tracing->tracees->threads);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const Thread *other = value;
		if (other != thread && other->state != THREAD_WAITS && !proc_sleeps(other->tid))
			return FALSE;
	}
	return TRUE;
}

/* Whether a thread of the other program is in that call, or stopped before it; all of them rest. */
static gboolean
other_is(const Tracing *tracing, guint other, ThreadState state, CallName name)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, tracing->tracees->threads);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const Thread *thread = value;
		if (thread->process->program == other && thread->state == state &&
		    thread->calls->len > 0 && (CallName)first_call(thread)->name == name)
			return TRUE;
	}
	return FALSE;
}

/* Whether what the call waits for has come; where the other program has ended, it never will. */
static gboolean
has_come(const Tracing *tracing, const CallRecord *call)
{
	const guint other = call->role == ROLE_SERVER ? 1 : 0;
	const TracedProgram *program = &tracing->programs[other];
	const CallCondition *condition = find_condition(tracing, call->role, call->name);

	if (program->ended)
		return TRUE;
	if (program->pid == 0)
		return FALSE;
	if (condition->in == CALL_EXIT)
		return FALSE;
	if (condition->in && !other_is(tracing, other, THREAD_IN_CALL, condition->in))
		return FALSE;
	if (condition->before && !other_is(tracing, other, THREAD_WAITS, condition->before))
		return FALSE;
	if (condition->state == TCP_STATE_UNKNOWN)
		return TRUE;
	guint8 state = socket_table_state(tracing->sockets, SOCKET_ANY_COOKIE, &call->peer,
					  &call->local, NULL);
	return state == condition->state || state == TCP_STATE_UNKNOWN;
}

/* Where both could begin a call, the server does. */
static gboolean
server_begins(const Tracing *tracing)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, tracing->tracees->threads);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const Thread *thread = value;
		if (thread->process->program == 0 && thread->state == THREAD_WAITS &&
		    thread->calls->len > 0 && has_come(tracing, first_call(thread)))
			return TRUE;
	}
	return FALSE;
}

gboolean
order_allows(const Tracing *tracing, const Thread *thread)
{
	const CallRecord *call = first_call(thread);

	if (!tracing->options.order || tracing->ending)
		return TRUE;
	/* who rests before and after was not woken by what has come meanwhile */
	return tracing->held.length == 0 && others_rest(tracing, thread) &&
	       (tracing->options.order_in_flight ||
		!socket_table_unacknowledged(tracing->sockets)) &&
	       others_rest(tracing, thread) && has_come(tracing, call) &&
	       (call->role == ROLE_SERVER || !server_begins(tracing));
}

gboolean
order_works_after(const Tracing *tracing, const CallRecord *call)
{
	return tracing->options.order && call->result >= 0 &&
	       find_condition(tracing, call->role, CALL_PROCESS)->after == (CallName)call->name;
}
