/* SPDX-License-Identifier: MIT */
/* detail_call.c - a socket call in full. */
#include "detail_lines.h"
#include "pktladder/timestamp.h"

static void
socket_lines(GPtrArray *lines, const CallRecord *record)
{
	static const char *const transports[] = { NULL, "TCP", "UDP" };
	char local[ENDPOINT_TEXT_SIZE], peer[ENDPOINT_TEXT_SIZE];

	G_STATIC_ASSERT(G_N_ELEMENTS(transports) == N_TRANSPORTS);
	if (record->transport > TRANSPORT_NONE && record->transport < N_TRANSPORTS)
		detail_add(lines,
			   record->version == 6 ? _("  socket: %s over IPv6")
						: _("  socket: %s over IPv4"),
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
detail_call_until(const Trace *trace, guint32 index, gint64 until_ns)
{
	GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
	const Event *event = trace_event(trace, index);
	const CallRecord *record = trace_call(trace, event);
	guint32 at = trace_call_other(trace, event);
	const CallRecord *other =
	    at == EVENT_NONE ? NULL : trace_call(trace, trace_event(trace, at));
	const CallRecord *entry = record->phase == CALL_RETURN ? other : record;
	const CallRecord *returned = record->phase == CALL_RETURN ? record : other;

	if (returned && returned != record && returned->time_ns > until_ns)
		returned = NULL;

	/* What the process did, with arguments and, where it returned, the result. */
	const CallRecord *made = entry ? entry : record;
	g_autofree char *call = call_to_string(made, CALL_FULL);
	g_autofree char *result = returned ? call_result_to_string(returned) : NULL;

	if (result)
		detail_add(lines, "%s = %s", call, result);
	else
		detail_add(lines, "%s", call);
	if (returned && call_errno(returned))
		detail_add(lines, "  %s: %s", call_errno_name(call_errno(returned)),
			   g_strerror(call_errno(returned)));
	/* The kernel has fewer calls than the C library has names. */
	if (made->name == CALL_SEND)
		detail_add(lines, _("  (the system call is sendto without an address)"));
	else if (made->name == CALL_RECV)
		detail_add(lines,
			   _("  (the system call is recvfrom without a place for an address)"));

	g_autofree char *called = entry ? detail_time(entry->time_ns) : NULL;
	g_autofree char *back = returned ? detail_time(returned->time_ns) : NULL;

	if (called)
		detail_add(lines, _("  called   %s"), called);
	if (back)
		detail_add(lines, _("  returned %s"), back);
	else
		detail_add(lines, _("  it has not returned yet"));
	if (called && back) {
		g_autofree char *duration =
		    detail_duration(timestamp_between(entry->time_ns, returned->time_ns));

		detail_add(lines, _("  took     %s"), duration);
	}

	const char *role = record->role == ROLE_SERVER ? _("server") : _("client");

	if (record->tid != record->pid)
		detail_add(lines, _("  process %d (%s), thread %d"), record->pid, role,
			   record->tid);
	else
		detail_add(lines, _("  process %d (%s)"), record->pid, role);
	socket_lines(lines, returned ? returned : entry);
	return lines;
}
