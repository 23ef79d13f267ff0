#include "detail_lines.h"
#include "pktladder/i18n.h"

/* The event of the return of the call that begins at `entry`; EVENT_NONE where
 * it is not there (yet). It is close behind as a rule. */
static guint32
return_of(const Trace *trace, guint32 entry)
{
	guint32 id = trace_call(trace, trace_event(trace, entry))->id;

	for (guint32 i = entry + 1; i < trace_length(trace); i++) {
		const Event *event = trace_event(trace, i);

		if (event->kind == EVENT_CALL && trace_call(trace, event)->id == id)
			return i;
	}
	return EVENT_NONE;
}

static void
result_lines(GPtrArray *lines, const CallRecord *entry, const CallRecord *record)
{
	g_autofree char *result = call_result_to_string(record);
	g_autofree char *duration = duration_to_string(record->time_ns - entry->time_ns);

	if (record->result < 0)
		line_add(lines, _("  failed: %s, %s"), result, g_strerror(-record->result));
	else
		line_add(lines, _("  returned %s"), result);
	line_add(lines, _("  it took %s"), duration);
}

static void
socket_lines(GPtrArray *lines, const CallRecord *call)
{
	char local[ENDPOINT_TEXT_SIZE], peer[ENDPOINT_TEXT_SIZE];

	line_add(lines, _("  process %d, thread %d, of the %s"), call->pid, call->tid,
		 call->role == ROLE_CLIENT ? _("client") : _("server"));
	if (call->local.version)
		line_add(lines, _("  socket: local %s, peer %s"),
			 endpoint_print(&call->local, local, sizeof local),
			 call->peer.version ? endpoint_print(&call->peer, peer, sizeof peer)
					    : _("none yet"));
	if (call->kernel_state)
		line_add(lines, _("  the kernel's own state of it: %s"),
			 tcp_state_name(call->kernel_state));
}

/* The kernel has fewer calls than the C library has names. */
static void
system_call_line(GPtrArray *lines, const CallRecord *call)
{
	if (call->name == CALL_SEND)
		line_add(lines, _("  (the system call is sendto without an address)"));
	else if (call->name == CALL_RECV)
		line_add(lines, _("  (the system call is recvfrom without a place for an address)"));
}

GPtrArray *
detail_call(const Trace *trace, guint32 index)
{
	GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
	const Event *event = trace_event(trace, index);
	const CallRecord *record = trace_call(trace, event), *entry = record;
	guint32 begin = index, end = index;
	g_autofree char *call = NULL, *time = NULL;

	if (record->phase == CALL_RETURN && trace_call_entry(trace, event) != EVENT_NONE)
		begin = trace_call_entry(trace, event);
	else if (record->phase == CALL_ENTRY)
		end = return_of(trace, index);
	entry = trace_call(trace, trace_event(trace, begin));
	call = call_to_string(entry, CALL_FULL);
	time = time_to_string(entry->time_ns);
	line_add(lines, "%s", call);
	system_call_line(lines, entry);
	line_add(lines, _("  began %s"), time);
	if (end == EVENT_NONE)
		line_add(lines, _("  it has not returned yet"));
	else if (entry->name != CALL_EXIT)
		result_lines(lines, entry, trace_call(trace, trace_event(trace, end)));
	socket_lines(lines, end == EVENT_NONE ? entry : trace_call(trace, trace_event(trace, end)));
	return lines;
}
