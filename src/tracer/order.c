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
 * yet. Where then several calls could begin, or where nothing tells what is on its way (UDP), the
 * scenario's table says what the call waits for.
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

/* The call's line of the table; where it has none, the last one, which asks for nothing. */
static const CallCondition *
find_condition(const CallCondition *order, CallRole role, CallName call)
{
	while (order->call != CALL_NONE && (order->call != call || order->role != role))
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

/* Whether what the call waits for has come; where the other program does not run, it never will. */
static gboolean
has_come(const Tracing *tracing, const CallCondition *condition, const CallRecord *call)
{
	const guint other = call->role == ROLE_SERVER ? 1 : 0;
	const TracedProgram *program = &tracing->programs[other];

	if (program->pid == 0 || program->ended)
		return TRUE;
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

gboolean
order_allows(const Tracing *tracing, const Thread *thread)
{
	const CallRecord *call = first_call(thread);
	const CallCondition *order = tracing->options.order;

	if (!order || tracing->ending)
		return TRUE;
	/* who rests before and after was not woken by what has come meanwhile */
	return tracing->held.length == 0 && others_rest(tracing, thread) &&
	       !socket_table_unacknowledged(tracing->sockets) && others_rest(tracing, thread) &&
	       has_come(tracing, find_condition(order, call->role, call->name), call);
}

gboolean
order_works_after(const Tracing *tracing, const CallRecord *call)
{
	const CallCondition *order = tracing->options.order;

	return order && call->result >= 0 &&
	       find_condition(order, call->role, CALL_PROCESS)->after == (CallName)call->name;
}
