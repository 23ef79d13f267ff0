/* detail_call.c - a socket call in full. */
#include "detail_lines.h"

/* What the process did, with arguments and, where it returned, the result. */
static void
call_line(GPtrArray *lines, const CallRecord *entry, const CallRecord *returned)
{
	g_autofree char *call = call_to_string(entry, CALL_FULL);
	g_autofree char *result = returned ? call_result_to_string(returned) : NULL;

	if (result)
		detail_add(lines, "%s = %s", call, result);
	else
		detail_add(lines, "%s", call);
	if (returned && returned->result < 0)
		detail_add(lines, "  %s: %s", call_errno_name((int)-returned->result),
			   g_strerror((int)-returned->result));
}

static void
process_line(GPtrArray *lines, const CallRecord *record)
{
	const char *role = record->role == ROLE_SERVER ? _("server") : _("client");

	if (record->tid != record->pid)
		detail_add(lines, _("  process %d (%s), thread %d"), record->pid, role, record->tid);
	else
		detail_add(lines, _("  process %d (%s)"), record->pid, role);
}

static void
time_lines(GPtrArray *lines, const CallRecord *entry, const CallRecord *returned)
{
	g_autofree char *called = entry ? detail_time(entry->time_ns) : NULL;
	g_autofree char *back = returned ? detail_time(returned->time_ns) : NULL;

	if (called)
		detail_add(lines, _("  called   %s"), called);
	if (back)
		detail_add(lines, _("  returned %s"), back);
	if (called && back) {
		g_autofree char *duration = detail_duration(returned->time_ns - entry->time_ns);

		detail_add(lines, _("  took     %s"), duration);
	}
}

static void
socket_lines(GPtrArray *lines, const CallRecord *record)
{
	static const char *const transports[] = { NULL, "TCP", "UDP" };
	char local[ENDPOINT_TEXT_SIZE], peer[ENDPOINT_TEXT_SIZE];

	G_STATIC_ASSERT(G_N_ELEMENTS(transports) == N_TRANSPORTS);
	if (record->transport > TRANSPORT_NONE && record->transport < N_TRANSPORTS)
		detail_add(lines, record->version == 6 ? _("  socket: %s over IPv6") :
							 _("  socket: %s over IPv4"),
			   transports[record->transport]);
	if (record->local.version != 0)
		detail_add(lines, _("  local address %s"),
			   endpoint_print(&record->local, local, sizeof local));
	if (record->peer.version != 0)
		detail_add(lines, _("  peer address %s"),
			   endpoint_print(&record->peer, peer, sizeof peer));
	if (record->kernel_state > TCP_STATE_UNKNOWN && record->kernel_state < N_TCP_STATES)
		detail_add(lines, _("  the kernel says: %s"),
			   tcp_state_name((TcpState)record->kernel_state));
}

GPtrArray *
detail_call(const Trace *trace, guint32 index)
{
	GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
	const Event *event = trace_event(trace, index);
	const CallRecord *record = trace_call(trace, event);
	gboolean is_return = record->phase == CALL_RETURN;
	guint32 entered = is_return ? trace_call_entry(trace, event) : index;
	const CallRecord *entry = NULL;

	if (entered != EVENT_NONE)
		entry = trace_call(trace, trace_event(trace, entered));
	call_line(lines, entry ? entry : record, is_return ? record : NULL);
	process_line(lines, record);
	time_lines(lines, entry, is_return ? record : NULL);
	socket_lines(lines, record);
	return lines;
}
