/* SPDX-License-Identifier: MIT */
/* detail.c - a packet, a call or a fold in full: what its conversation says about a packet, and
 * the hex dump; the headers are detail_headers.c's. */
#include "ladder_private.h"
#include "pktladder/text.h"
#include "pktladder/timestamp.h"
#include "pktladder/why.h"

/* So many bytes of a large packet: the pane is for reading. */
#define DUMP_MAX 4096

/* Looking for other events is bounded: the pane must not slow down with the capture. */
#define LOOK_MAX 100000

/* The meaning stands before the details. */
static GPtrArray *
lines_new(GPtrArray *why)
{
	GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);

	detail_add(lines, "%s", _("Why"));
	for (guint i = 0; i < why->len; i++)
		detail_add(lines, "  %s", (char *)why->pdata[i]);
	g_ptr_array_unref(why);
	return lines;
}

/* ---- packets ---- */

/* The duplicate ACKs of `ack` that `from` has sent in the conversation between two events. */
static guint
duplicates_between(const Trace *trace, guint32 first, guint32 last, guint from, guint32 ack)
{
	guint32 conversation = trace_event(trace, last)->conversation;
	guint n = 0;

	for (guint32 i = MAX(first + 1, last > LOOK_MAX ? last - LOOK_MAX : 0); i < last; i++) {
		const Event *event = trace_event(trace, i);

		if (event->kind == EVENT_PACKET && event->conversation == conversation &&
		    event->verdict & VERDICT_DUPLICATE_ACK && event->from == from &&
		    event->ack == ack)
			n = event->first_duplicate ? 1 : n + 1; /* their count may begin anew */
	}
	return n;
}

static void
acknowledges_line(GPtrArray *lines, guint32 frame, const char *after)
{
	detail_add(lines, _("  acknowledges frame %u, %s after it (round-trip time)"), frame,
		   after);
}

/* `relation` by what the event is (trace.h). */
static void
relation_line(GPtrArray *lines, const Trace *trace, guint32 index)
{
	const Event *event = trace_event(trace, index);
	guint32 earlier =
	    event->relation ? trace_event_of_frame(trace, event->relation) : EVENT_NONE;
	guint duplicates;

	if (earlier == EVENT_NONE || earlier >= index)
		return;
	g_autofree char *after = detail_duration(
	    timestamp_between(trace_event(trace, earlier)->time_ns, event->time_ns));
	const guint32 again = VERDICT_SENT_AGAIN | VERDICT_SAME_PACKET | VERDICT_AGAIN_OR_OVERTAKEN;
	if (event_repeats(event) && !(event_verdicts(event) & again))
		return; /* a guess of tshark's */
	if (event_repeats(event)) {
		duplicates = duplicates_between(trace, earlier, index, !event->from, event->seq);
		if (duplicates > 0)
			detail_add(lines,
				   ngettext("  repeats frame %u, %s later, after %u duplicate ACK",
					    "  repeats frame %u, %s later, after %u duplicate ACKs",
					    duplicates),
				   event->relation, after, duplicates);
		else
			detail_add(lines, _("  repeats frame %u, %s later"), event->relation,
				   after);
	} else if (event->verdict & VERDICT_DUPLICATE_ACK) {
		duplicates = duplicates_between(trace, earlier, index, event->from, event->ack);
		detail_add(lines, _("  duplicate number %u of frame %u, %s later"),
			   event->first_duplicate ? 1 : 1 + duplicates, event->relation, after);
	} else {
		acknowledges_line(lines, event->relation, after);
	}
}

static void
analysis_lines(GPtrArray *lines, const Trace *trace, guint32 index, const Facts *facts)
{
	const Event *event = trace_event(trace, index);

	if (event->conversation == CONVERSATION_NONE)
		return;
	const Conversation *conversation = flow_table_get(trace_flows(trace), event->conversation);
	detail_add(lines,
		   event->from == SIDE_CLIENT ? _("In %s stream %u, client to server")
					      : _("In %s stream %u, server to client"),
		   conversation->transport == TRANSPORT_TCP ? "TCP" : "UDP", conversation->stream);
	if (conversation->client_guessed)
		detail_add(lines,
			   _("  which side is the client is a guess: its start was not captured"));
	if (facts && tunnel_name(facts))
		detail_add(lines, _("  inside a tunnel: %s"), tunnel_name(facts));
	relation_line(lines, trace, index);
	if (conversation->transport == TRANSPORT_TCP) {
		const char *client = tcp_state_name((TcpState)event->state);
		const char *server = tcp_state_name((TcpState)event->state_server);

		if (*client || *server)
			detail_add(lines, _("  after it the client is %s%s, the server %s%s"),
				   *client ? client : _("unknown"),
				   event->state_changed & 1 << SIDE_CLIENT ? _(" (new)") : "",
				   *server ? server : _("unknown"),
				   event->state_changed & 1 << SIDE_SERVER ? _(" (new)") : "");

		gint64 rtt = tcp_track_initial_rtt(&conversation->tcp);
		g_autofree char *text = rtt >= 0 ? detail_duration(rtt) : NULL;

		if (text)
			detail_add(lines, _("  the handshake took %s (initial round-trip time)"),
				   text);
	}
}

/* `event`: of the verdict; it holds one of the relations. */
static void
verdict_lines(GPtrArray *lines, const Event *event, const TcpVerdict *verdict)
{
	/* tcp.completeness: what of a whole conversation was seen before this segment */
	static const char *const parts[] = { "SYN", "SYN-ACK", "ACK", N_("data"), "FIN", "RST" };
	g_autoptr(GString) seen = g_string_new(NULL);

	for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
		if (verdict->completeness & 1 << i)
			g_string_append_printf(seen, "%s%s", seen->len > 0 ? ", " : "",
					       _(parts[i]));
	if (verdict->acks_frame && verdict->acks_frame != event->relation) {
		g_autofree char *after = detail_duration(verdict->ack_rtt_ns);

		acknowledges_line(lines, verdict->acks_frame, after);
	}
	if (verdict->bytes_in_flight > 0)
		detail_add(lines,
			   ngettext("  %u byte in flight after it: sent, not acknowledged yet",
				    "  %u bytes in flight after it: sent, not acknowledged yet",
				    verdict->bytes_in_flight),
			   verdict->bytes_in_flight);
	if (seen->len > 0)
		detail_add(lines, _("  seen of the conversation before it: %s (completeness %u)"),
			   seen->str, verdict->completeness);
}

/* Where it says otherwise than the plain words. */
static void
wireshark_line(GPtrArray *lines, const Event *event)
{
	g_autoptr(GString) names = g_string_new(NULL);
	guint32 verdict = event->verdict;

	if (verdicts_agree(verdict, event->evidence))
		return;
	/* tshark says "retransmission" of these two as well; once is enough. */
	if (verdict & (VERDICT_FAST_RETRANSMISSION | VERDICT_SPURIOUS_RETRANSMISSION))
		verdict &= ~(guint32)VERDICT_RETRANSMISSION;
	for (guint bit = 0; bit < N_VERDICTS; bit++)
		if (verdict & 1u << bit)
			g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "",
					       verdict_infos[bit].info ? verdict_infos[bit].info
								       : "TCP Dup ACK");
	if (names->len > 0)
		detail_add(lines, _("Wireshark calls this %s"), names->str);
	else
		detail_add(lines, _("Wireshark calls this nothing in particular"));
}

static void
dump_part(GPtrArray *lines, const Packet *packet, const char *title, guint32 start, guint32 end)
{
	enum { BYTES_A_LINE = 16 };

	if (start < end)
		detail_add(lines, "%s", title);
	for (guint32 offset = start; offset < end; offset += BYTES_A_LINE) {
		g_autoptr(GString) hex = g_string_new(NULL);
		char text[BYTES_A_LINE + 1] = "";

		for (guint32 i = 0; i < MIN(BYTES_A_LINE, end - offset); i++) {
			guint8 byte = packet->data[offset + i];

			g_string_append_printf(hex, i == 8 ? "  %02x" : " %02x", byte);
			text[i] = g_ascii_isprint(byte) ? (char)byte : '.';
		}
		detail_add(lines, "  %04x %-49s  %s", offset, hex->str, text);
	}
}

/* A comment may have several lines. */
static void
comment_lines(GPtrArray *lines, const char *comment)
{
	g_auto(GStrv) parts = g_strsplit(comment, "\n", -1);

	for (guint i = 0; parts[i]; i++) {
		g_strchomp(parts[i]);
		if (i == 0)
			detail_add(lines, _("  comment: %s"), parts[i]);
		else if (*parts[i] || parts[i + 1])
			detail_add(lines, "    %s", parts[i]);
	}
}

/* What the capture says beside the packet. */
static void
beside_lines(GPtrArray *lines, const Trace *trace, guint32 index, const Packet *packet)
{
	const Origins *origins = trace_origins(trace);
	g_autofree char *where =
	    packet && origins ? origins_text(origins, packet->interface) : NULL;
	PacketProcess processes[2];
	guint n = trace_processes(trace, index, packet, processes);
	const char *comment;

	if (where)
		detail_add(lines, _("  captured on %s"), where);
	if (n > 0)
		detail_add(lines,
			   processes[0].is_user ? _("  of the app %s (user %d)")
						: _("  of the process %s (%d)"),
			   *processes[0].name ? processes[0].name : "?", processes[0].number);
	if (n > 1)
		detail_add(lines, _("  which works for the process %s (%d)"),
			   *processes[1].name ? processes[1].name : "?", processes[1].number);
	for (guint i = 0; (comment = trace_comment(trace, index, i)); i++)
		comment_lines(lines, comment);
}

GPtrArray *
detail_packet(const Trace *trace, guint32 index, const Packet *packet, const Facts *facts,
	      const TcpVerdict *verdict)
{
	GPtrArray *lines = lines_new(why_event(trace, index, facts, verdict, G_MAXINT64));

	g_autofree char *time = timestamp_utc(trace_event(trace, index)->time_ns);
	guint32 frame = trace_frame(trace, index);

	if (!packet)
		detail_add(lines, _("Frame %u: its bytes cannot be read again, %s"), frame, time);
	else if (packet->captured < packet->length)
		detail_add(lines, _("Frame %u: %u B, the first %u of them captured, %s"), frame,
			   packet->length, packet->captured, time);
	else
		detail_add(lines, _("Frame %u: %u B, %s"), frame, packet->length, time);
	beside_lines(lines, trace, index, packet);
	if (packet && facts)
		detail_headers(lines, trace, index, packet, facts);
	analysis_lines(lines, trace, index, facts);
	if (verdict)
		verdict_lines(lines, trace_event(trace, index), verdict);
	if (packet) {
		/* Headers, payload and what is behind it stand apart. */
		gboolean has_payload = facts && facts->payload_captured > 0;
		guint32 end = MIN(packet->captured, DUMP_MAX);
		guint32 payload = has_payload ? MIN(facts->payload_offset, end) : end;
		guint32 behind =
		    has_payload ? MIN(facts->payload_offset + facts->payload_captured, end) : end;

		dump_part(lines, packet, has_payload ? _("Bytes of the headers") : _("Bytes"), 0,
			  payload);
		dump_part(lines, packet, _("Bytes of the payload"), payload, behind);
		dump_part(lines, packet, _("Bytes behind the payload"), behind, end);
		if (packet->captured > end)
			detail_add(lines, _("  and %u B more"), packet->captured - end);
		if (packet->captured < packet->length)
			detail_add(lines, _("  and %u B that were on the wire but not captured"),
				   packet->length - packet->captured);
	}
	wireshark_line(lines, trace_event(trace, index));
	return lines;
}

/* ---- calls ---- */

static void
socket_lines(GPtrArray *lines, const CallRecord *record)
{
	static const char *const transports[] = { NULL, "TCP", "UDP" };

	G_STATIC_ASSERT(G_N_ELEMENTS(transports) == N_TRANSPORTS);
	if (record->transport > TRANSPORT_NONE && record->transport < N_TRANSPORTS)
		detail_add(lines,
			   record->version == 6 ? _("  socket: %s over IPv6")
						: _("  socket: %s over IPv4"),
			   transports[record->transport]);
	if (record->local.version != 0)
		detail_add(lines, _("  local address %s"), endpoint_text(&record->local).text);
	if (record->peer.version != 0)
		detail_add(lines, _("  peer address %s"), endpoint_text(&record->peer).text);
	if (record->kernel_state > TCP_STATE_UNKNOWN && record->kernel_state < N_TCP_STATES)
		detail_add(lines, _("  the kernel says: %s"),
			   tcp_state_name((TcpState)record->kernel_state));
	if (record->last == CALL_LAST_YES)
		detail_add(lines, _("  the socket had no other descriptor: this ended it"));
	else if (record->last == CALL_LAST_NO)
		detail_add(lines, _("  the socket is still open: it has another descriptor"));
}

GPtrArray *
detail_call_until(const Trace *trace, guint32 index, gint64 until_ns)
{
	GPtrArray *lines = lines_new(why_event(trace, index, NULL, NULL, until_ns));
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
	g_autofree char *call = label_call(made, CALL_FULL);
	g_autofree char *result =
	    returned && made->name != CALL_PROCESS ? call_result_to_string(returned) : NULL;

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

	g_autofree char *called = entry ? timestamp_utc(entry->time_ns) : NULL;
	g_autofree char *back = returned ? timestamp_utc(returned->time_ns) : NULL;

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
	if (back && returned->wait == CALL_WAIT_SLEPT)
		detail_add(lines, _("  it waited: its thread slept"));

	g_autofree char *role =
	    record->programs > 2
		? g_strdup_printf(_("program %u"), record->program + 1)
		: g_strdup(record->role == ROLE_SERVER ? _("server") : _("client"));

	detail_add(lines, _("  process %d (%s%s%s), thread %d"), record->pid, role,
		   *record->command ? ": " : "", record->command, record->tid);
	socket_lines(lines, returned ? returned : entry);
	return lines;
}

/* ---- folds ---- */

GPtrArray *
detail_fold(const Ladder *ladder, const LadderRow *row)
{
	GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
	const Trace *trace = ladder->trace;
	LadderFold fold = ladder_fold(ladder, row);
	g_autofree char *duration = detail_duration(fold.duration_ns);
	g_autofree char *time = timestamp_utc(row->time_ns);
	g_autofree char *bytes = number_text(fold.bytes);
	g_autofree char *segments = number_text(fold.segments);
	g_autofree char *acks = number_text(fold.acks);

	detail_add(lines, _("Fold of frames %u to %u, %s"), trace_frame(trace, fold.first),
		   trace_frame(trace, fold.last), time);
	detail_add(lines,
		   row->from == SIDE_CLIENT ? _("  segments with data, client to server: %s")
					    : _("  segments with data, server to client: %s"),
		   segments);
	detail_add(lines, _("  bytes of data: %s"), bytes);
	detail_add(lines, _("  ACKs without data: %s"), acks);
	detail_add(lines, _("  duration: %s"), duration);
	if (fold.duration_ns > 0 && fold.bytes > 0)
		detail_add(lines, _("  throughput: %.4g Mbit/s"),
			   fold.bytes * 8 / (fold.duration_ns / 1e9) / 1e6);
	detail_add(lines, _("  The key x opens this fold, z unfolds all rows."));
	return lines;
}
