/* SPDX-License-Identifier: MIT */
/* Prints a recording's events, one tab-separated line each, for the tests:
 *   packet TIME FRAME CONVERSATION FROM KIND FLAGS LENGTH SEQ ACK STATE-CLIENT STATE-SERVER
 *   call   TIME ID PHASE NAME ROLE SIDE CONVERSATION FD RESULT KERNEL-STATE DRAWN-STATE TID
 *          TRANSPORT FLAGS PROGRAM
 * DRAWN-STATE is what the ladder has for the caller's end when the call is drawn.
 */
#include <stdio.h>

#include "pktladder/capture.h"
#include "pktladder/trace.h"

static guint32
conversation_of(const Trace *trace, const Event *event)
{
	guint32 found = CONVERSATION_NONE;
	guint n = flow_table_length(trace_flows(trace));

	for (guint i = n; i > 0; i--) {
		if (!trace_event_in(trace, event, i - 1))
			continue;
		if (found != CONVERSATION_NONE)
			return CONVERSATION_NONE; /* a listening socket's: of several */
		found = i - 1;
	}
	return found;
}

/* The last state drawn for a side of a conversation before an event. */
static guint8
drawn_state(const Trace *trace, guint32 index, guint32 conversation, Side side)
{
	for (guint32 i = index + 1; i > 0; i--) {
		const Event *event = trace_event(trace, i - 1);

		if (event->kind == EVENT_PACKET && event->conversation == conversation &&
		    conversation != CONVERSATION_NONE)
			return side == SIDE_CLIENT ? event->state : event->state_server;
		if (event->kind == EVENT_CALL && (event->state_changed & 1 << side) &&
		    conversation != CONVERSATION_NONE && trace_event_in(trace, event, conversation))
			return side == SIDE_CLIENT ? event->state : event->state_server;
	}
	return 0;
}

static void
call_print(const Trace *trace, guint32 index, const Event *event)
{
	const CallRecord *call = trace_call(trace, event);
	guint32 conversation = conversation_of(trace, event);

	printf("call\t%" G_GINT64_FORMAT "\t%u\t%s\t%s\t%s\t%s\t%d\t%d\t%" G_GINT64_FORMAT
	       "\t%s\t%s\t%d\t%s\t%d\t%u\n",
	       event->time_ns, call->id, call->phase == CALL_ENTRY ? "entry" : "return",
	       call_name(call->name), call->role == ROLE_CLIENT ? "client" : "server",
	       event->from == SIDE_CLIENT ? "client" : "server",
	       conversation == CONVERSATION_NONE ? -1 : (int)conversation, call->fd, call->result,
	       tcp_state_name(call->kernel_state),
	       tcp_state_name(drawn_state(trace, index, conversation, event->from)), call->tid,
	       call_passes(call)                  ? "unix"
	       : call->transport == TRANSPORT_TCP ? "TCP"
	       : call->transport == TRANSPORT_UDP ? "UDP"
						  : "",
	       call->flags, call->programs ? call->program : call->role == ROLE_CLIENT);
}

static void
packet_print(const Trace *trace, guint32 index)
{
	const Event *event = trace_event(trace, index);

	printf("packet\t%" G_GINT64_FORMAT "\t%u\t%d\t%s\t%d\t%s\t%u\t%u\t%u\t%s\t%s\n",
	       event->time_ns, trace_frame(trace, index),
	       event->conversation == CONVERSATION_NONE ? -1 : (int)event->conversation,
	       event->from == SIDE_CLIENT ? "client" : "server", event->packet_kind,
	       tcp_flags_text(event->flags).text, event->length, event->seq, event->ack,
	       tcp_state_name(event->state), tcp_state_name(event->state_server));
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Capture) capture = NULL;
	g_autoptr(Trace) trace = trace_new();
	CaptureItem item;

	if (argc != 2 || !(capture = capture_open_file(argv[1], NULL, &error))) {
		fprintf(stderr, "%s\n", error ? error->message : "items FILE");
		return 1;
	}
	for (capture_next(capture, &item); item.kind != CAPTURE_END; capture_next(capture, &item)) {
		if (item.kind == CAPTURE_PACKET)
			trace_add_packet(trace, &item.packet, 0);
		else if (item.kind == CAPTURE_CALL)
			trace_add_call(trace, &item.call);
		else if (item.kind == CAPTURE_DROPS)
			trace_add_drops(trace, item.time_ns, item.dropped);
	}
	for (guint32 i = 0; i < trace_length(trace); i++) {
		const Event *event = trace_event(trace, i);

		if (event->kind == EVENT_CALL)
			call_print(trace, i, event);
		else if (event->kind == EVENT_PACKET)
			packet_print(trace, i);
	}
	return 0;
}
