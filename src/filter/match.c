/* SPDX-License-Identifier: MIT */
/* match.c - whether an event passes a display filter. */
#include <errno.h>
#include <string.h>

#include "filter_private.h"
#include "pktladder/timestamp.h"
#include "pktladder/trace.h"

/* The event that is asked about. */
typedef struct {
	const Trace *trace;
	guint32 index;
	const Event *event;
	const CallRecord *call; /* NULL: a packet */
} Subject;

static const Conversation *
subject_conversation(const Subject *subject)
{
	guint32 index = subject->event->conversation;

	return index == CONVERSATION_NONE ? NULL
					  : flow_table_get(trace_flows(subject->trace), index);
}

static gboolean
within(const Operation *operation, gint64 value)
{
	return (value >= operation->low && value <= operation->high) != operation->outside;
}

static gboolean
end_is(const Operation *operation, const Endpoint *endpoint)
{
	guint whole = operation->bits / 8, rest = operation->bits % 8;
	guint8 mask = ~(0xff >> rest);

	if (operation->test == TEST_PORT)
		return endpoint->version != 0 && endpoint->port >= operation->low &&
		       endpoint->port <= operation->high;
	if (endpoint->version != operation->host.version ||
	    memcmp(endpoint->address, operation->host.address, whole) != 0)
		return FALSE;
	return rest == 0 ||
	       ((endpoint->address[whole] ^ operation->host.address[whole]) & mask) == 0;
}

/* A packet's ends are those of its conversation; a call's are those of its socket, and
 * the address that it names. "port != 80": neither end has it. */
static gboolean
ends_match(const Operation *operation, const Subject *subject)
{
	const CallRecord *call = subject->call;
	const Conversation *conversation = call ? NULL : subject_conversation(subject);
	guint from = subject->event->from;
	const Endpoint *ends[3] = { NULL };
	gboolean found = FALSE;

	/* Which way a call's address goes depends on the call: source and destination are of
	 * packets. */
	if (call ? operation->end != END_EITHER : !conversation)
		return FALSE;
	if (call) {
		ends[0] = &call->local;
		ends[1] = &call->peer;
		ends[2] = call->has_address ? &call->address : NULL;
	} else {
		ends[0] = operation->end != END_DESTINATION ? &conversation->endpoint[from] : NULL;
		ends[1] = operation->end != END_SOURCE ? &conversation->endpoint[!from] : NULL;
	}
	for (guint i = 0; i < G_N_ELEMENTS(ends); i++)
		found = found || (ends[i] && end_is(operation, ends[i]));
	return found != operation->outside;
}

static gboolean
test(const Operation *operation, const Subject *subject)
{
	const Event *event = subject->event;
	const Conversation *conversation;

	/* What calls do not have, they do not match. */
	if (subject->call && operation->test < TEST_CALL)
		return FALSE;
	switch ((Test)operation->test) {
	case TEST_PACKET:
		return TRUE;
	case TEST_COMMENT:
		return trace_comment(subject->trace, subject->index, 0) != NULL;
	case TEST_KIND:
		return operation->mask >> event->packet_kind & 1;
	case TEST_FLAGS:
		return (operation->mask & event->flags) != 0;
	case TEST_VERDICT:
		return (operation->mask & event->verdict) != 0;
	case TEST_PLAIN:
		return (operation->mask & event_verdicts(event)) != 0;
	case TEST_STATUS:
		return (operation->mask >> event->status & 1) != 0;
	case TEST_PAYLOAD:
		return event->length > 0 && packet_kind_is_tcp(event->packet_kind);
	case TEST_LENGTH:
		return within(operation, event->length);
	case TEST_FRAME:
		return within(operation, trace_frame(subject->trace, subject->index));
	case TEST_STREAM:
		conversation = subject_conversation(subject);
		return conversation && within(operation, conversation->stream);
	case TEST_CALL:
		return subject->call && (operation->mask >> subject->call->name & 1);
	case TEST_PROBLEM:
		return filter_is_problem(subject->trace, subject->index);
	case TEST_FROM:
		return (subject->call || event->conversation != CONVERSATION_NONE) &&
		       event->from == operation->mask;
	case TEST_PORT:
	case TEST_HOST:
		return ends_match(operation, subject);
	case TEST_CONVERSATION:
		/* A listening socket's calls belong to several. */
		if (subject->call && operation->low == operation->high &&
		    operation->low < flow_table_length(trace_flows(subject->trace)))
			return trace_event_in(subject->trace, event, operation->low) !=
			       operation->outside;
		return event->conversation != CONVERSATION_NONE &&
		       within(operation, event->conversation);
	case TEST_TIME:
		return within(operation,
			      timestamp_between(trace_start(subject->trace), event->time_ns));
	}
	g_assert_not_reached();
}

static gboolean
run(const Filter *filter, const Subject *subject)
{
	gboolean truth = TRUE;

	for (guint at = 0; at < filter->length;) {
		const Operation *operation = &filter->operations[at++];

		if (operation->op == OP_TEST)
			truth = test(operation, subject);
		else if (operation->op == OP_NOT)
			truth = !truth;
		else if (truth == (operation->op == OP_JUMP_IF))
			at = operation->jump;
	}
	return truth;
}

gboolean
filter_match(const Filter *filter, const Trace *trace, guint32 index)
{
	const Event *event = trace_event(trace, index);
	Subject subject = { trace, index, event, NULL };

	if (event->kind == EVENT_PACKET)
		return run(filter, &subject);
	if (event->kind != EVENT_CALL)
		return TRUE;
	subject.call = trace_call(trace, event);
	if (run(filter, &subject))
		return TRUE;
	/* Else its bar would have no end. */
	guint32 entry = trace_call_entry(trace, event);
	return entry != EVENT_NONE && filter_match(filter, trace, entry);
}

gboolean
filter_is_problem(const Trace *trace, guint32 index)
{
	const Event *event = trace_event(trace, index);

	if (event->kind == EVENT_PACKET && evidence_is_of_copy(event->evidence))
		return FALSE;
	if (event->kind == EVENT_PACKET)
		return verdicts_which(event_verdicts(event), VERDICT_IS_PROBLEM) ||
		       (event->flags & TCP_RST) || event->status == DECODE_MALFORMED ||
		       event->packet_kind == KIND_ICMP_ERROR;
	if (event->kind != EVENT_CALL)
		return event->kind == EVENT_DROPS;
	const CallRecord *call = trace_call(trace, event);
	if (call->phase != CALL_RETURN || call->name == CALL_EXIT)
		return call->phase == CALL_RETURN && call->result != 0;
	/* Not now, but soon: no failure. */
	return call->result < 0 && call->result != -EAGAIN && call->result != -EINPROGRESS &&
	       call->result != -EINTR && call->result != CALL_CUT_OFF;
}
