/* filter_match.c - whether an event passes a display filter. */
#include <errno.h>
#include <string.h>

#include "filter_private.h"
#include "pktladder/timestamp.h"

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

/* The two ends that a port or an address is looked for in: a packet's are those
 * of its conversation, the sender's first; a call's are those of its socket, and
 * the address that it names. */
static guint
subject_ends(const Subject *subject, const Endpoint *ends[3])
{
	const Conversation *conversation;
	const CallRecord *call = subject->call;
	guint from = subject->event->from;

	if (call) {
		ends[0] = &call->local;
		ends[1] = &call->peer;
		ends[2] = &call->address;
		return call->has_address ? 3 : 2;
	}
	conversation = subject_conversation(subject);
	if (!conversation)
		return 0;
	ends[0] = &conversation->endpoint[from];
	ends[1] = &conversation->endpoint[!from];
	return 2;
}

static gboolean
within(const Operation *operation, gint64 value)
{
	return (value >= operation->low && value <= operation->high) != operation->outside;
}

static gboolean
host_is(const Operation *operation, const Endpoint *endpoint)
{
	guint whole = operation->bits / 8, rest = operation->bits % 8;
	guint8 mask = ~(0xff >> rest);

	if (endpoint->version != operation->host.version ||
	    memcmp(endpoint->address, operation->host.address, whole) != 0)
		return FALSE;
	return rest == 0 ||
	       ((endpoint->address[whole] ^ operation->host.address[whole]) & mask) == 0;
}

static gboolean
end_is(const Operation *operation, const Endpoint *endpoint)
{
	if (operation->test == TEST_HOST)
		return host_is(operation, endpoint);
	return endpoint->version != 0 && endpoint->port >= operation->low &&
	       endpoint->port <= operation->high;
}

/* "port != 80": neither end has it. */
static gboolean
ends_match(const Operation *operation, const Subject *subject)
{
	const Endpoint *ends[3];
	guint n = subject_ends(subject, ends);
	guint first = operation->end == END_DESTINATION ? 1 : 0;
	gboolean found = FALSE;

	/* Which way a call's address goes depends on the call: these are of packets. */
	if (n == 0 || (operation->end != END_EITHER && subject->call))
		return FALSE;
	if (operation->end != END_EITHER)
		return end_is(operation, ends[first]) != operation->outside;
	for (guint i = 0; i < n; i++)
		found = found || end_is(operation, ends[i]);
	return found != operation->outside;
}

static gboolean
conversation_matches(const Operation *operation, const Subject *subject)
{
	guint length = flow_table_length(trace_flows(subject->trace));

	if (!subject->call)
		return subject->event->conversation != CONVERSATION_NONE &&
		       within(operation, subject->event->conversation);
	/* A listening socket's calls belong to several. */
	if (operation->low == operation->high && operation->low < length)
		return trace_event_in(subject->trace, subject->event, operation->low) !=
		       operation->outside;
	return subject->event->conversation != CONVERSATION_NONE &&
	       within(operation, subject->event->conversation);
}

/* What calls do not have, they do not match. */
static gboolean
packet_matches(const Operation *operation, const Subject *subject)
{
	const Event *event = subject->event;
	guint64 kind = G_GUINT64_CONSTANT(1) << event->packet_kind;
	const Conversation *conversation;

	if (subject->call)
		return FALSE;
	switch ((Test)operation->test) {
	case TEST_PACKET:
		return TRUE;
	case TEST_KIND:
		return (operation->mask & kind) != 0;
	case TEST_FLAGS:
		return (operation->mask & event->flags) != 0;
	case TEST_VERDICT:
		return (operation->mask & event->verdict) != 0;
	case TEST_STATUS:
		return (operation->mask >> event->status & 1) != 0;
	case TEST_PAYLOAD:
		return event->length > 0 && event->packet_kind >= KIND_SYN &&
		       event->packet_kind <= KIND_UNUSUAL_TCP;
	case TEST_LENGTH:
		return within(operation, event->length);
	case TEST_FRAME:
		return within(operation, trace_frame(subject->trace, subject->index));
	case TEST_STREAM:
		conversation = subject_conversation(subject);
		return conversation && within(operation, conversation->stream);
	default:
		g_assert_not_reached();
	}
}

static gboolean
test(const Operation *operation, const Subject *subject)
{
	const Event *event = subject->event;

	switch ((Test)operation->test) {
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
		return conversation_matches(operation, subject);
	case TEST_TIME:
		return within(operation,
			      timestamp_between(trace_start(subject->trace), event->time_ns));
	default:
		return packet_matches(operation, subject);
	}
}

static gboolean
run(const Filter *filter, const Subject *subject)
{
	gboolean truth = TRUE;

	for (guint at = 0; at < filter->length;) {
		const Operation *operation = &filter->operations[at++];

		switch ((Op)operation->op) {
		case OP_TEST:
			truth = test(operation, subject);
			break;
		case OP_NOT:
			truth = !truth;
			break;
		case OP_JUMP_IF:
			at = truth ? operation->jump : at;
			break;
		case OP_JUMP_UNLESS:
			at = truth ? at : operation->jump;
			break;
		}
	}
	return truth;
}

gboolean
filter_match(const Filter *filter, const Trace *trace, guint32 index)
{
	const Event *event = trace_event(trace, index);
	Subject subject = { trace, index, event, NULL };
	guint32 entry;

	if (event->kind == EVENT_PACKET)
		return run(filter, &subject);
	if (event->kind != EVENT_CALL)
		return TRUE;
	subject.call = trace_call(trace, event);
	if (run(filter, &subject))
		return TRUE;
	/* Else its bar would have no end. */
	entry = subject.call->phase == CALL_RETURN ? trace_call_entry(trace, event) : EVENT_NONE;
	return entry != EVENT_NONE && filter_match(filter, trace, entry);
}

/* Not now, but soon: no failure. */
static gboolean
call_failed(const CallRecord *call)
{
	static const int soon[] = { -EAGAIN, -EINPROGRESS, -EINTR };

	if (call->phase != CALL_RETURN)
		return FALSE;
	if (call->name == CALL_EXIT)
		return call->result != 0;
	for (guint i = 0; i < G_N_ELEMENTS(soon); i++) {
		if (call->result == soon[i])
			return FALSE;
	}
	return call->result < 0;
}

gboolean
filter_is_problem(const Trace *trace, guint32 index)
{
	const Event *event = trace_event(trace, index);

	switch ((EventKind)event->kind) {
	case EVENT_PACKET:
		return (event->verdict & VERDICT_PROBLEMS) || (event->flags & TCP_RST) ||
		       event->status == DECODE_MALFORMED || event->packet_kind == KIND_ICMP_ERROR;
	case EVENT_CALL:
		return call_failed(trace_call(trace, event));
	case EVENT_DROPS:
		return TRUE;
	case EVENT_NOTE:
		break;
	}
	return FALSE;
}
