/* SPDX-License-Identifier: MIT */
/* figure_json.c - everything that is on the ladder, for other programs.
 * docs/JSON.md describes it, docs/ladder.schema.json is its schema. A number that
 * a double cannot hold is a string.
 */
#include <json-glib/json-glib.h>

#include "figure_writers.h"
#include "pktladder/timestamp.h"
#include "pktladder/trace.h"

/* Raised where a reader of the last one would misunderstand. */
#define FORMAT_VERSION 1

typedef struct {
	const Figure *figure;
	const Trace *trace;
	JsonBuilder *builder;
} Json;

static void
add_int(const Json *json, const char *name, gint64 value)
{
	json_builder_set_member_name(json->builder, name);
	json_builder_add_int_value(json->builder, value);
}

static void
add_bool(const Json *json, const char *name, gboolean value)
{
	json_builder_set_member_name(json->builder, name);
	json_builder_add_boolean_value(json->builder, value);
}

/* Nothing where there is no text. */
static void
add_text(const Json *json, const char *name, const char *text)
{
	if (!text || !*text)
		return;
	json_builder_set_member_name(json->builder, name);
	json_builder_add_string_value(json->builder, text);
}

static void
add_big(const Json *json, const char *name, guint64 value)
{
	g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT, value);

	if (value)
		add_text(json, name, text);
}

static void
add_endpoint(const Json *json, const char *name, const Endpoint *endpoint)
{
	char text[ENDPOINT_TEXT_SIZE];

	if (endpoint->version)
		add_text(json, name, endpoint_print(endpoint, text, sizeof text));
}

/* Since the first event of the trace. */
static void
add_time(const Json *json, const char *name, gint64 time_ns)
{
	add_int(json, name, timestamp_between(trace_start(json->trace), time_ns));
}

static void
begin_object(const Json *json, const char *name)
{
	json_builder_set_member_name(json->builder, name);
	json_builder_begin_object(json->builder);
}

static void
begin_array(const Json *json, const char *name)
{
	json_builder_set_member_name(json->builder, name);
	json_builder_begin_array(json->builder);
}

static const char *const row_kinds[] = {
	[ROW_ARROW] = "arrow", [ROW_CALLS] = "calls", [ROW_FOLD] = "fold", [ROW_NOTE] = "note"
};

static const char *const packet_kinds[N_PACKET_KINDS] = {
	[KIND_OTHER] = "other",       [KIND_SYN] = "syn",
	[KIND_SYN_ACK] = "syn-ack",   [KIND_ACK] = "ack",
	[KIND_DATA] = "data",         [KIND_FIN] = "fin",
	[KIND_RST] = "rst",           [KIND_UNUSUAL_TCP] = "unusual-tcp",
	[KIND_DATAGRAM] = "datagram", [KIND_ICMP_ERROR] = "icmp-error",
	[KIND_FRAGMENT] = "fragment",
};

static const char *const status_names[N_DECODE_STATUS] = {
	[DECODE_OK] = "ok",
	[DECODE_TRUNCATED] = "truncated",
	[DECODE_FRAGMENT] = "fragment",
	[DECODE_UNSUPPORTED] = "unsupported",
	[DECODE_MALFORMED] = "malformed",
};

static const char *const transports[N_TRANSPORTS] = {
	[TRANSPORT_TCP] = "tcp", [TRANSPORT_UDP] = "udp"
};

static const char *const flag_names[] = { "FIN", "SYN", "RST", "PSH", "ACK",
					  "URG", "ECE", "CWR", "AE" };

static void
packet_add(const Json *json, guint32 index)
{
	const Event *event = trace_event(json->trace, index);

	begin_object(json, "packet");
	add_int(json, "frame", trace_frame(json->trace, index));
	add_text(json, "kind", packet_kinds[event->packet_kind]);
	add_text(json, "status", status_names[event->status]);
	add_int(json, "length", event->length);
	if (event->packet_kind >= KIND_SYN && event->packet_kind <= KIND_UNUSUAL_TCP) {
		begin_array(json, "flags");
		for (guint bit = 0; bit < G_N_ELEMENTS(flag_names); bit++) {
			if (event->flags & 1u << bit)
				json_builder_add_string_value(json->builder, flag_names[bit]);
		}
		json_builder_end_array(json->builder);
		add_int(json, "seq", event->seq);
		if (event->flags & TCP_ACK)
			add_int(json, "ack", event->ack);
		begin_array(json, "verdicts");
		for (guint bit = 0; bit < N_VERDICTS; bit++) {
			if (event->verdict & 1u << bit)
				json_builder_add_string_value(json->builder, verdict_name(bit));
		}
		json_builder_end_array(json->builder);
		if (event->relation != 0) /* the frame that it refers to, and how */
			add_int(json,
				event->verdict & VERDICT_ANY_RETRANSMISSION ? "repeats_frame"
				: event->verdict & VERDICT_DUPLICATE_ACK    ? "duplicates_frame"
									    : "acks_frame",
				event->relation);
		add_text(json, "client_state", tcp_state_name(event->state));
		add_text(json, "server_state", tcp_state_name(event->state_server));
	}
	json_builder_end_object(json->builder);
}

static void
fold_add(const Json *json, const LadderRow *row)
{
	const LadderFold fold = ladder_fold(json->figure->ladder, row);

	begin_object(json, "fold");
	add_int(json, "first_frame", trace_frame(json->trace, fold.first));
	add_int(json, "last_frame", trace_frame(json->trace, fold.last));
	add_int(json, "segments", fold.segments);
	add_int(json, "acks", fold.acks);
	add_int(json, "bytes", fold.bytes);
	add_int(json, "duration_ns", fold.duration_ns);
	json_builder_end_object(json->builder);
}

static void
entry_add(const Json *json, const CallRecord *call)
{
	g_autofree char *text = call_to_string(call, CALL_FULL);

	begin_object(json, "entry");
	add_time(json, "time_ns", call->time_ns);
	add_int(json, "id", call->id);
	add_text(json, "name", call_name(call->name));
	add_text(json, "text", text);
	add_int(json, "pid", call->pid);
	add_int(json, "tid", call->tid);
	if (call->fd >= 0)
		add_int(json, "fd", call->fd);
	if (call->size >= 0)
		add_int(json, "size", call->size);
	add_int(json, "flags", call->flags);
	if (call->has_address)
		add_endpoint(json, "address", &call->address);
	add_text(json, "transport",
		 transports[call->transport < N_TRANSPORTS ? call->transport : 0]);
	add_big(json, "socket", call->socket);
	json_builder_end_object(json->builder);
}

static void
return_add(const Json *json, const CallRecord *call)
{
	g_autofree char *text = call_result_to_string(call);

	begin_object(json, "return");
	add_time(json, "time_ns", call->time_ns);
	add_int(json, "id", call->id);
	add_text(json, "name", call_name(call->name));
	add_int(json, "value", call->result);
	add_text(json, "text", text);
	if (call->result < 0)
		add_text(json, "error", text);
	add_endpoint(json, "local", &call->local);
	add_endpoint(json, "peer", &call->peer);
	add_big(json, "accepted_socket", call->accepted);
	add_text(json, "kernel_state", tcp_state_name(call->kernel_state));
	json_builder_end_object(json->builder);
}

static void
cell_add(const Json *json, const FigureRow *row, Side side)
{
	const FigureCell *cell = &row->cell[side];
	const LadderCell *calls = &row->row.cell[side];

	if (!cell->call && !cell->state)
		return;
	json_builder_begin_object(json->builder);
	add_int(json, "lane", row->lane[side]);
	add_text(json, "side", side == SIDE_CLIENT ? "client" : "server");
	add_text(json, "call", cell->call);
	add_text(json, "state", cell->state);
	add_bool(json, "failed", cell->failed);
	if (calls->entry != EVENT_NONE)
		entry_add(json, trace_call(json->trace, trace_event(json->trace, calls->entry)));
	if (calls->result != EVENT_NONE)
		return_add(json, trace_call(json->trace, trace_event(json->trace, calls->result)));
	json_builder_end_object(json->builder);
}

static void
transit_add(const Json *json, const FigureRow *row)
{
	static const char *const ways[] = {
		[TRANSIT_LEAVES] = "leaves", [TRANSIT_ARRIVES] = "arrives", [TRANSIT_LOST] = "lost"
	};
	const Transit *transit = &row->transit;

	if (transit->way == TRANSIT_UNKNOWN)
		return;
	begin_object(json, "transit");
	add_text(json, "way", ways[transit->way]);
	if (transit->way != TRANSIT_LOST)
		add_int(json, "duration_ns",
			transit->way == TRANSIT_LEAVES
			    ? timestamp_between(row->row.time_ns, transit->other_ns)
			    : timestamp_between(transit->other_ns, row->row.time_ns));
	json_builder_end_object(json->builder);
}

static void
row_add(const Json *json, const FigureRow *row)
{
	const Event *event = trace_event(json->trace, row->row.event);

	json_builder_begin_object(json->builder);
	add_int(json, "index", row->index);
	add_text(json, "kind", row_kinds[row->row.kind]);
	add_text(json, "role", figure_role_class(row->role));
	add_time(json, "time_ns", row->row.time_ns);
	if (row->index > 0) {
		gint64 before = ladder_row(json->figure->ladder, row->index - 1).time_ns;

		add_int(json, "delta_ns", timestamp_between(before, row->row.time_ns));
	}
	add_text(json, "time", row->time);
	if (event->conversation != CONVERSATION_NONE)
		add_int(json, "conversation", event->conversation);
	if (figure_row_is_arrow(row)) {
		add_int(json, "from", row->from);
		add_int(json, "to", row->to);
	}
	if (row->number)
		add_int(json, "number", row->number);
	add_text(json, "label", row->label);
	transit_add(json, row);
	if (row->row.kind == ROW_FOLD)
		fold_add(json, &row->row);
	else if (event->kind == EVENT_PACKET)
		packet_add(json, row->row.event);
	else if (event->kind == EVENT_DROPS)
		add_int(json, "drops", event->index);
	begin_array(json, "cells");
	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
		cell_add(json, row, side);
	json_builder_end_array(json->builder);
	json_builder_end_object(json->builder);
}

/* Conversations of which something is on the ladder. */

static void
conversations_add(const Json *json)
{
	static const char *const sides[] = { "client", "server" };
	const FlowTable *flows = trace_flows(json->trace);
	guint n = flow_table_length(flows);
	g_autofree gboolean *used = g_new0(gboolean, n);

	for (guint i = 0; i < json->figure->rows->len; i++) {
		guint32 event = figure_row(json->figure, i)->row.event;
		guint32 conversation = trace_event(json->trace, event)->conversation;

		if (conversation != CONVERSATION_NONE)
			used[conversation] = TRUE;
	}
	begin_array(json, "conversations");
	for (guint32 index = 0; index < n; index++) {
		const Conversation *conversation = flow_table_get(flows, index);

		if (!used[index])
			continue;
		json_builder_begin_object(json->builder);
		add_int(json, "index", index);
		add_text(json, "transport", transports[conversation->transport]);
		add_int(json, "stream", conversation->stream);
		add_bool(json, "client_guessed", conversation->client_guessed);
		for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
			begin_object(json, sides[side]);
			add_endpoint(json, "endpoint", &conversation->endpoint[side]);
			add_int(json, "packets", conversation->packets[side]);
			add_int(json, "bytes", conversation->bytes[side]);
			json_builder_end_object(json->builder);
		}
		json_builder_end_object(json->builder);
	}
	json_builder_end_array(json->builder);
}

static void
bars_add(const Json *json)
{
	begin_array(json, "bars");
	for (guint i = 0; i < json->figure->bars->len; i++) {
		const FigureBar *bar = figure_bar(json->figure, i);

		json_builder_begin_object(json->builder);
		add_int(json, "lane", bar->lane);
		add_int(json, "first_row", bar->first);
		add_int(json, "last_row", bar->last);
		add_bool(json, "open", bar->open);
		json_builder_end_object(json->builder);
	}
	json_builder_end_array(json->builder);
}

void
figure_write_json(const Figure *figure, const FigureOptions *options G_GNUC_UNUSED, GString *out)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonGenerator) generator = json_generator_new();
	const Json json = { figure, ladder_trace(figure->ladder), builder };
	g_autofree char *seconds = timestamp_nanoseconds(trace_start(json.trace));
	g_autoptr(JsonNode) root = NULL;

	json_builder_begin_object(builder);
	add_text(&json, "format", "pktladder ladder");
	add_int(&json, "version", FORMAT_VERSION);
	add_text(&json, "title", figure->title);
	add_text(&json, "caption", figure->caption);
	add_text(&json, "start", seconds);
	begin_array(&json, "lanes");
	for (guint lane = 0; lane < figure->lanes->len; lane++)
		json_builder_add_string_value(builder, g_ptr_array_index(figure->lanes, lane));
	json_builder_end_array(builder);
	conversations_add(&json);
	begin_array(&json, "rows");
	for (guint i = 0; i < figure->rows->len; i++)
		row_add(&json, figure_row(figure, i));
	json_builder_end_array(builder);
	bars_add(&json);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	json_generator_set_root(generator, root);
	json_generator_set_pretty(generator, TRUE);
	json_generator_set_indent(generator, 1);
	json_generator_to_gstring(generator, out);
	g_string_append_c(out, '\n');
}
