/* SPDX-License-Identifier: MIT */
/* json.c - everything that is on the ladder, for other programs.
 * docs/JSON.md describes it, docs/ladder.schema.json is its schema. A number that a double cannot
 * hold is a string. */
#include <json-glib/json-glib.h>

#include "writers.h"
#include "pktladder/text.h"
#include "pktladder/timestamp.h"
#include "pktladder/trace.h"

/* Raised where a reader of the last version would misunderstand. */
#define FORMAT_VERSION 1

typedef struct {
	const Figure *figure;
	const Trace *trace;
} Json;

/* Nothing where there is no text. */
static void
add_text(JsonObject *to, const char *name, const char *text)
{
	if (text && *text)
		json_object_set_string_member(to, name, text);
}

static void
add_big(JsonObject *to, const char *name, guint64 value)
{
	g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT, value);

	if (value)
		add_text(to, name, text);
}

static void
add_endpoint(JsonObject *to, const char *name, const Endpoint *endpoint)
{

	if (endpoint->version)
		add_text(to, name, endpoint_text(endpoint).text);
}

/* Since the first event of the trace. */
static void
add_time(const Json *json, JsonObject *to, const char *name, gint64 time_ns)
{
	json_object_set_int_member(to, name, timestamp_between(trace_start(json->trace), time_ns));
}

static JsonObject *
add_object(JsonObject *to, const char *name)
{
	JsonObject *object = json_object_new();

	json_object_set_object_member(to, name, object);
	return object;
}

static JsonArray *
add_array(JsonObject *to, const char *name)
{
	JsonArray *array = json_array_new();

	json_object_set_array_member(to, name, array);
	return array;
}

static JsonObject *
add_element(JsonArray *to)
{
	JsonObject *object = json_object_new();

	json_array_add_object_element(to, object);
	return object;
}

static const char *const row_kinds[] = {
	[ROW_ARROW] = "arrow", [ROW_CALLS] = "calls", [ROW_FOLD] = "fold", [ROW_NOTE] = "note"
};

#define NAME(NAME, name) name,
static const char *const packet_kinds[] = { KIND_TABLE(NAME) };
static const char *const status_names[] = { STATUS_TABLE(NAME) };
#undef NAME

static const char *const transports[N_TRANSPORTS] = {
	[TRANSPORT_TCP] = "tcp", [TRANSPORT_UDP] = "udp"
};

static const char *const flag_names[] = { "FIN", "SYN", "RST", "PSH", "ACK",
					  "URG", "ECE", "CWR", "AE" };

static const char *const side_names[] = { "client", "server" };

static void
verdicts_add(JsonObject *packet, const char *name, guint32 verdicts)
{
	JsonArray *words = add_array(packet, name);

	for (; verdicts; verdicts &= verdicts - 1)
		json_array_add_string_element(words, verdict_name(__builtin_ctz(verdicts)));
}

static JsonObject *
process_add(JsonObject *to, const char *name, const PacketProcess *process)
{
	JsonObject *object = add_object(to, name);
	g_autofree char *text = text_escape(process->name, -1);

	add_text(object, "name", text);
	json_object_set_int_member(object, process->is_user ? "user" : "pid", process->number);
	return object;
}

/* A text of several lines. */
static void
escaped_add(JsonArray *texts, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (guint i = 0; lines[i]; i++) {
		g_autofree char *line = lines[i];
		lines[i] = text_escape(g_strchomp(line), -1);
	}
	g_autofree char *safe = g_strchomp(g_strjoinv("\n", lines));
	json_array_add_string_element(texts, safe);
}

/* What the capture says beside the packet. */
static void
beside_add(const Json *json, JsonObject *packet, guint32 index)
{
	const LadderLabels *labels = &json->figure->ladder->labels;
	const Origins *origins = trace_origins(json->trace);
	Packet bytes;
	gboolean at_hand =
	    labels->fetch && labels->fetch(trace_event(json->trace, index), &bytes, labels->data);
	PacketProcess processes[2];
	guint n = trace_processes(json->trace, index, at_hand ? &bytes : NULL, processes);
	const char *comment = trace_comment(json->trace, index, 0);

	if (at_hand && origins && origins->interfaces->len > 1)
		json_object_set_int_member(packet, "interface", bytes.interface);
	if (n > 0) {
		JsonObject *process = process_add(packet, "process", &processes[0]);
		if (n > 1)
			process_add(process, "works_for", &processes[1]);
	}
	if (!comment)
		return;
	JsonArray *comments = add_array(packet, "comments");
	for (guint i = 0; comment; comment = trace_comment(json->trace, index, ++i))
		escaped_add(comments, comment);
}

static void
packet_add(const Json *json, JsonObject *row, guint32 index)
{
	const Event *event = trace_event(json->trace, index);
	JsonObject *packet = add_object(row, "packet");

	json_object_set_int_member(packet, "frame", trace_frame(json->trace, index));
	add_text(packet, "kind", packet_kinds[event->packet_kind]);
	add_text(packet, "status", status_names[event->status]);
	json_object_set_int_member(packet, "length", event->length);
	beside_add(json, packet, index);
	if (event->packet_kind < KIND_SYN || event->packet_kind > KIND_UNUSUAL_TCP)
		return;
	JsonArray *words = add_array(packet, "flags");
	for (guint bit = 0; bit < G_N_ELEMENTS(flag_names); bit++)
		if (event->flags & 1u << bit)
			json_array_add_string_element(words, flag_names[bit]);
	json_object_set_int_member(packet, "seq", event->seq);
	if (event->flags & TCP_ACK)
		json_object_set_int_member(packet, "ack", event->ack);
	verdicts_add(packet, "verdicts", event->verdict);
	verdicts_add(packet, "plain", event_verdicts(event));
	add_text(packet, "evidence", evidence_name(event->evidence));
	if (event->relation != 0) /* the frame that it refers to, and how */
		json_object_set_int_member(packet,
					   event_repeats(event) ? "repeats_frame"
					   : event->verdict & VERDICT_DUPLICATE_ACK
					       ? "duplicates_frame"
					       : "acks_frame",
					   event->relation);
	add_text(packet, "client_state", tcp_state_name(event->state));
	add_text(packet, "server_state", tcp_state_name(event->state_server));
}

static void
fold_add(const Json *json, JsonObject *to, const LadderRow *row)
{
	const LadderFold fold = ladder_fold(json->figure->ladder, row);
	JsonObject *object = add_object(to, "fold");

	json_object_set_int_member(object, "first_frame", trace_frame(json->trace, fold.first));
	json_object_set_int_member(object, "last_frame", trace_frame(json->trace, fold.last));
	json_object_set_int_member(object, "segments", fold.segments);
	json_object_set_int_member(object, "acks", fold.acks);
	json_object_set_int_member(object, "bytes", fold.bytes);
	json_object_set_int_member(object, "duration_ns", fold.duration_ns);
}

static void
entry_add(const Json *json, JsonObject *cell, const CallRecord *call)
{
	g_autofree char *text = call_to_string(call, CALL_FULL);
	JsonObject *entry = add_object(cell, "entry");

	add_time(json, entry, "time_ns", call->time_ns);
	json_object_set_int_member(entry, "id", call->id);
	add_text(entry, "name", call_name(call->name));
	add_text(entry, "text", text);
	json_object_set_int_member(entry, "pid", call->pid);
	json_object_set_int_member(entry, "tid", call->tid);
	if (call->fd >= 0)
		json_object_set_int_member(entry, "fd", call->fd);
	if (call->size >= 0)
		json_object_set_int_member(entry, "size", call->size);
	json_object_set_int_member(entry, "flags", call->flags);
	if (call->has_address)
		add_endpoint(entry, "address", &call->address);
	add_text(entry, "transport",
		 transports[call->transport < N_TRANSPORTS ? call->transport : 0]);
	add_big(entry, "socket", call->socket);
}

static void
return_add(const Json *json, JsonObject *cell, const CallRecord *call)
{
	g_autofree char *text = call_result_to_string(call);
	JsonObject *object = add_object(cell, "return");

	add_time(json, object, "time_ns", call->time_ns);
	json_object_set_int_member(object, "id", call->id);
	add_text(object, "name", call_name(call->name));
	json_object_set_int_member(object, "value", call->result);
	add_text(object, "text", text);
	if (call_errno(call))
		add_text(object, "error", text);
	add_big(object, "socket", call->socket);
	add_endpoint(object, "local", &call->local);
	add_endpoint(object, "peer", &call->peer);
	add_big(object, "accepted_socket", call->accepted);
	add_text(object, "kernel_state", tcp_state_name(call->kernel_state));
	if (call->last)
		json_object_set_boolean_member(object, "last_descriptor",
					       call->last == CALL_LAST_YES);
	if (call->wait != CALL_WAIT_UNKNOWN)
		json_object_set_boolean_member(object, "slept", call->wait == CALL_WAIT_SLEPT);
}

static void
cell_add(const Json *json, JsonArray *cells, const FigureRow *row, Side side)
{
	const FigureCell *cell = &row->cell[side];
	const LadderCell *calls = &row->row.cell[side];
	const Trace *trace = json->trace;

	if (!cell->call && !cell->state)
		return;
	JsonObject *object = add_element(cells);
	json_object_set_int_member(object, "lane", row->lane[side]);
	add_text(object, "side", side_names[side]);
	add_text(object, "call", cell->call);
	add_text(object, "state", cell->state);
	json_object_set_boolean_member(object, "failed", cell->failed);
	if (calls->entry != EVENT_NONE)
		entry_add(json, object, trace_call(trace, trace_event(trace, calls->entry)));
	if (calls->result != EVENT_NONE)
		return_add(json, object, trace_call(trace, trace_event(trace, calls->result)));
}

static void
transit_add(JsonObject *to, const FigureRow *row)
{
	static const char *const ways[] = {
		[TRANSIT_LEAVES] = "leaves", [TRANSIT_ARRIVES] = "arrives", [TRANSIT_LOST] = "lost"
	};
	const Transit *transit = &row->transit;
	gint64 on_the_way_ns = timestamp_between(row->row.time_ns, transit->other_ns);

	if (transit->way == TRANSIT_UNKNOWN)
		return;
	if (transit->way == TRANSIT_ARRIVES)
		on_the_way_ns = timestamp_between(transit->other_ns, row->row.time_ns);
	JsonObject *object = add_object(to, "transit");
	add_text(object, "way", ways[transit->way]);
	if (transit->way != TRANSIT_LOST)
		json_object_set_int_member(object, "duration_ns", on_the_way_ns);
}

static void
row_add(const Json *json, JsonArray *rows, const FigureRow *row)
{
	const Event *event = trace_event(json->trace, row->row.event);
	JsonObject *to = add_element(rows);

	json_object_set_int_member(to, "index", row->index);
	add_text(to, "kind", row_kinds[row->row.kind]);
	add_text(to, "role", figure_role_class(row->role));
	add_time(json, to, "time_ns", row->row.time_ns);
	if (row->index > 0) {
		gint64 before = ladder_row(json->figure->ladder, row->index - 1).time_ns;

		json_object_set_int_member(to, "delta_ns",
					   timestamp_between(before, row->row.time_ns));
	}
	add_text(to, "time", row->time);
	if (event->conversation != CONVERSATION_NONE)
		json_object_set_int_member(to, "conversation", event->conversation);
	if (figure_row_is_arrow(row)) {
		json_object_set_int_member(to, "from", row->from);
		json_object_set_int_member(to, "to", row->to);
	}
	if (row->number)
		json_object_set_int_member(to, "number", row->number);
	add_text(to, "label", row->label);
	transit_add(to, row);
	if (row->row.kind == ROW_FOLD)
		fold_add(json, to, &row->row);
	else if (event->kind == EVENT_PACKET)
		packet_add(json, to, row->row.event);
	else if (event->kind == EVENT_DROPS)
		json_object_set_int_member(to, "drops", event->index);
	JsonArray *cells = add_array(to, "cells");
	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++)
		cell_add(json, cells, row, side);
}

/* The conversations of which something is on the ladder. */
static void
conversations_add(const Json *json, JsonObject *to)
{
	JsonArray *conversations = add_array(to, "conversations");
	const FlowTable *flows = trace_flows(json->trace);
	guint n = flow_table_length(flows);
	g_autofree gboolean *used = g_new0(gboolean, n);

	for (guint i = 0; i < json->figure->rows->len; i++) {
		guint32 event = figure_row(json->figure, i)->row.event;
		guint32 conversation = trace_event(json->trace, event)->conversation;

		if (conversation != CONVERSATION_NONE)
			used[conversation] = TRUE;
	}
	for (guint32 index = 0; index < n; index++) {
		const Conversation *conversation = flow_table_get(flows, index);
		JsonObject *object;

		if (!used[index])
			continue;
		object = add_element(conversations);
		json_object_set_int_member(object, "index", index);
		add_text(object, "transport", transports[conversation->transport]);
		json_object_set_int_member(object, "stream", conversation->stream);
		json_object_set_boolean_member(object, "client_guessed",
					       conversation->client_guessed);
		for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
			JsonObject *end = add_object(object, side_names[side]);

			add_endpoint(end, "endpoint", &conversation->endpoint[side]);
			json_object_set_int_member(end, "packets", conversation->packets[side]);
			json_object_set_int_member(end, "bytes", conversation->bytes[side]);
		}
	}
}

static void
comments_add(JsonObject *to, const GPtrArray *comments)
{
	JsonArray *texts = comments->len > 0 ? add_array(to, "comments") : NULL;

	for (guint i = 0; i < comments->len; i++)
		escaped_add(texts, comments->pdata[i]);
}

static void
escaped_text_add(JsonObject *to, const char *name, const char *text)
{
	g_autofree char *safe = text ? text_escape(text, -1) : NULL;

	add_text(to, name, safe);
}

/* The interfaces, and what is said of the whole capture. */
static void
origins_add(JsonObject *to, const Origins *origins)
{
	comments_add(to, origins->comments);
	JsonArray *interfaces = add_array(to, "interfaces");
	for (guint i = 0; i < origins->interfaces->len; i++) {
		const Origin *interface = origins->interfaces->pdata[i];
		JsonObject *object = add_element(interfaces);

		escaped_text_add(object, "name", interface->name);
		escaped_text_add(object, "description", interface->description);
		json_object_set_int_member(object, "link_type", interface->link_type);
		if (origins->files->len > 1)
			escaped_text_add(object, "file", origins->files->pdata[interface->file]);
		comments_add(object, interface->comments);
	}
}

void
figure_write_json(const Figure *figure, const FigureOptions *options G_GNUC_UNUSED, GString *out)
{
	g_autoptr(JsonGenerator) generator = json_generator_new();
	g_autoptr(JsonNode) node = json_node_alloc();
	const Json json = { figure, figure->ladder->trace };
	g_autofree char *seconds = timestamp_nanoseconds(trace_start(json.trace));
	JsonObject *root = json_object_new();

	json_node_init_object(node, root);
	json_object_unref(root); /* the node's */
	add_text(root, "format", "pktladder ladder");
	json_object_set_int_member(root, "version", FORMAT_VERSION);
	add_text(root, "title", figure->title);
	add_text(root, "caption", figure->caption);
	add_text(root, "start", seconds);
	if (trace_origins(json.trace))
		origins_add(root, trace_origins(json.trace));
	JsonArray *list = add_array(root, "lanes");
	for (guint lane = 0; lane < figure->lanes->len; lane++)
		json_array_add_string_element(list, g_ptr_array_index(figure->lanes, lane));
	conversations_add(&json, root);
	list = add_array(root, "rows");
	for (guint i = 0; i < figure->rows->len; i++)
		row_add(&json, list, figure_row(figure, i));
	list = add_array(root, "bars");
	for (guint i = 0; i < figure->bars->len; i++) {
		const FigureBar *bar = figure_bar(figure, i);
		JsonObject *object = add_element(list);

		json_object_set_int_member(object, "lane", bar->lane);
		json_object_set_int_member(object, "first_row", bar->first);
		json_object_set_int_member(object, "last_row", bar->last);
		json_object_set_boolean_member(object, "open", bar->open);
	}
	json_generator_set_root(generator, node);
	json_generator_set_pretty(generator, TRUE);
	json_generator_set_indent(generator, 1);
	json_generator_to_gstring(generator, out);
	g_string_append_c(out, '\n');
}
