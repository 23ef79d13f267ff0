/* SPDX-License-Identifier: MIT */
/* json.c - everything that is on the ladder, for other programs: one document, or a line for each
 * row. docs/JSON.md describes it, docs/ladder.schema.json is its schema. A number that a double
 * cannot hold is a string. */
#include <json-glib/json-glib.h>

#include "writers.h"
#include "pktladder/text.h"
#include "pktladder/timestamp.h"

/* Raised where a reader of the last version would misunderstand. */
#define FORMAT_VERSION 2

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

/* A packet, and what is known of it: `facts` is NULL where its bytes cannot be had, and `verdict`
 * then has no more than the event. */
typedef struct {
	const Event *event;
	guint32 frame;
	const Packet *packet;
	const Facts *facts;
	TcpVerdict verdict;
} Fields;

static const char *
tcp_flag_name(guint bit)
{
	return flag_names[bit];
}

/* The names of the bits that are set. */
static void
add_bits(JsonObject *to, const char *name, guint32 bits, const char *(*bit_name)(guint bit))
{
	JsonArray *words = add_array(to, name);

	for (; bits; bits &= bits - 1)
		json_array_add_string_element(words, bit_name(__builtin_ctz(bits)));
}

/* With its port, where the packet has ports. */
static const char *
end_text(const Fields *f, const Endpoint *endpoint, ShortText *text)
{
	gboolean has_port = f->facts->has_transport_header || endpoint->port != 0;

	*text = has_port ? endpoint_text(endpoint) : address_text(endpoint);
	return text->text;
}

/* What a packet's members are, when it has them, and what they say: f is its Fields. */
/* clang-format off */
#define ALWAYS      TRUE
#define KNOWN       (f->facts != NULL)
#define IS_IP       (KNOWN && f->facts->ip_version != 0)
#define IS_FRAGMENT (IS_IP && (f->facts->more_fragments || f->facts->fragment_offset > 0))
#define HAS_HEADER  (KNOWN && f->facts->has_transport_header)
#define IS_UDP      (HAS_HEADER && f->facts->transport == TRANSPORT_UDP)
#define IS_TCP      packet_kind_is_tcp(f->event->packet_kind)
#define TCP_KNOWN   (IS_TCP && KNOWN)
#define HAS_ACK     (IS_TCP && f->event->flags & TCP_ACK)
#define HAS(value)  (IS_TCP && (value))
#define TCP         f->facts->tcp
#define VERDICT     f->verdict
#define PACKET_TABLE(NUMBER, TRUTH, TEXT, BITS) \
	NUMBER("frame", ALWAYS, f->frame) \
	TEXT("kind", ALWAYS, packet_kinds[f->event->packet_kind]) \
	TEXT("status", ALWAYS, status_names[f->event->status]) \
	TEXT("problem", KNOWN, f->facts->problem) \
	NUMBER("wire_length", KNOWN, f->packet->length) \
	NUMBER("captured_length", KNOWN, f->packet->captured) \
	TEXT("source", IS_IP, end_text(f, &f->facts->source, &(ShortText){ 0 })) \
	TEXT("destination", IS_IP, end_text(f, &f->facts->destination, &(ShortText){ 0 })) \
	TEXT("tunnel", KNOWN, tunnel_name(f->facts)) \
	TEXT("protocol", KNOWN, f->facts->protocol_name) \
	NUMBER("ip_id", IS_FRAGMENT, f->facts->ip_id) \
	NUMBER("fragment_offset", IS_FRAGMENT, f->facts->fragment_offset) \
	TRUTH("more_fragments", IS_FRAGMENT, f->facts->more_fragments) \
	NUMBER("length", ALWAYS, f->event->length) \
	TRUTH("incomplete", HAS_HEADER && !f->facts->has_payload_length, TRUE) \
	NUMBER("udp_length", IS_UDP, f->facts->udp.length) \
	BITS("flags", IS_TCP, f->event->flags, tcp_flag_name) \
	NUMBER("flags_raw", TCP_KNOWN, TCP.flags) \
	NUMBER("seq", IS_TCP, f->event->seq) \
	NUMBER("seq_raw", TCP_KNOWN, TCP.seq) \
	NUMBER("ack", HAS_ACK, f->event->ack) \
	NUMBER("ack_raw", TCP_KNOWN, TCP.ack) \
	NUMBER("window", TCP_KNOWN, VERDICT.window) \
	NUMBER("window_raw", TCP_KNOWN, TCP.window) \
	NUMBER("window_scale", TCP_KNOWN, VERDICT.window_scale) \
	NUMBER("header_length", TCP_KNOWN, TCP.header_length) \
	NUMBER("urgent", TCP_KNOWN, TCP.urgent) \
	BITS("verdicts", IS_TCP, VERDICT.flags, verdict_name) \
	BITS("plain", IS_TCP, event_verdicts(f->event), verdict_name) \
	TEXT("evidence", IS_TCP, evidence_name(f->event->evidence)) \
	NUMBER("acks_frame", HAS(VERDICT.acks_frame), VERDICT.acks_frame) \
	NUMBER("ack_rtt_ns", HAS(VERDICT.ack_rtt_ns != -1), VERDICT.ack_rtt_ns) \
	NUMBER("repeats_frame", HAS(VERDICT.repeats_frame), VERDICT.repeats_frame) \
	NUMBER("duplicates_frame", HAS(VERDICT.duplicate_of), VERDICT.duplicate_of) \
	NUMBER("duplicate_number", HAS(VERDICT.duplicate_number), VERDICT.duplicate_number) \
	NUMBER("bytes_in_flight", HAS(VERDICT.bytes_in_flight), VERDICT.bytes_in_flight) \
	NUMBER("completeness", TCP_KNOWN, VERDICT.completeness) \
	TEXT("client_state", IS_TCP, tcp_state_name(f->event->state)) \
	TEXT("server_state", IS_TCP, tcp_state_name(f->event->state_server))
/* clang-format on */

/* What the event has of it. */
static TcpVerdict
verdict_of_event(const Event *event)
{
	TcpVerdict verdict = { .flags = event->verdict, .ack_rtt_ns = -1 };

	*(event_repeats(event)                     ? &verdict.repeats_frame
	  : event->verdict & VERDICT_DUPLICATE_ACK ? &verdict.duplicate_of
						   : &verdict.acks_frame) = event->relation;
	return verdict;
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
beside_add(const Json *json, JsonObject *packet, guint32 index, const Packet *bytes)
{
	const Origins *origins = trace_origins(json->trace);
	PacketProcess processes[2];
	guint n = trace_processes(json->trace, index, bytes, processes);
	const char *comment = trace_comment(json->trace, index, 0);

	if (bytes && origins && origins->interfaces->len > 1)
		json_object_set_int_member(packet, "interface", bytes->interface);
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
packet_add(const Json *json, JsonObject *row, guint32 index, const FigurePacket *whole)
{
	const Event *event = trace_event(json->trace, index);
	const Fields fields = { event, trace_frame(json->trace, index),
				whole ? &whole->packet : NULL, whole ? &whole->facts : NULL,
				whole ? whole->verdict : verdict_of_event(event) };
	const Fields *f = &fields;
	JsonObject *to = add_object(row, "packet");

#define NUMBER(name, holds, value)                                                                 \
	if (holds)                                                                                 \
		json_object_set_int_member(to, name, value);
#define TRUTH(name, holds, value)                                                                  \
	if (holds)                                                                                 \
		json_object_set_boolean_member(to, name, value);
#define TEXT(name, holds, value)                                                                   \
	if (holds)                                                                                 \
		add_text(to, name, value);
#define BITS(name, holds, value, bit_name)                                                         \
	if (holds)                                                                                 \
		add_bits(to, name, value, bit_name);
	PACKET_TABLE(NUMBER, TRUTH, TEXT, BITS)
	beside_add(json, to, index, f->packet);
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
row_fill(const Json *json, JsonObject *to, const FigureRow *row, const FigurePacket *packet)
{
	const Event *event = trace_event(json->trace, row->row.event);

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
		packet_add(json, to, row->row.event, packet);
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

	for (guint i = 0; i < json->figure->picked->len; i++) {
		LadderRow row = ladder_row(json->figure->ladder, figure_index(json->figure, i));
		guint32 conversation = trace_event(json->trace, row.event)->conversation;

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
		if (conversation->transport == TRANSPORT_TCP) {
			gint64 rtt_ns = tcp_track_initial_rtt(&conversation->tcp);

			if (rtt_ns != -1)
				json_object_set_int_member(object, "initial_rtt_ns", rtt_ns);
			json_object_set_int_member(object, "completeness",
						   tcp_track_completeness(&conversation->tcp));
		}
		for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
			JsonObject *end = add_object(object, side_names[side]);

			add_endpoint(end, "endpoint", &conversation->endpoint[side]);
			json_object_set_int_member(end, "packets", conversation->packets[side]);
			json_object_set_int_member(end, "bytes", conversation->bytes[side]);
		}
	}
}

static void
bars_add(const Json *json, JsonObject *to)
{
	JsonArray *list = add_array(to, "bars");

	for (guint i = 0; i < json->figure->bars->len; i++) {
		const FigureBar *bar = figure_bar(json->figure, i);
		JsonObject *object = add_element(list);

		json_object_set_int_member(object, "lane", bar->lane);
		json_object_set_int_member(object, "first_row", bar->first);
		json_object_set_int_member(object, "last_row", bar->last);
		json_object_set_boolean_member(object, "open", bar->open);
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

/* Takes the object. */
static void
object_write(JsonObject *object, GString *out)
{
	g_autoptr(JsonGenerator) generator = json_generator_new();
	g_autoptr(JsonNode) node = json_node_alloc();

	json_node_init_object(node, object);
	json_object_unref(object); /* the node's */
	json_generator_set_root(generator, node);
	json_generator_to_gstring(generator, out);
}

static void
head_write(const Figure *figure, GString *out)
{
	const Json json = { figure, figure->ladder->trace };
	g_autofree char *seconds = timestamp_nanoseconds(trace_start(json.trace));
	JsonObject *head = json_object_new();

	add_text(head, "format", "pktladder ladder");
	json_object_set_int_member(head, "version", FORMAT_VERSION);
	add_text(head, "title", figure->title);
	add_text(head, "caption", figure->caption);
	add_text(head, "start", seconds);
	if (trace_origins(json.trace))
		origins_add(head, trace_origins(json.trace));
	JsonArray *list = add_array(head, "lanes");
	for (guint lane = 0; lane < figure->lanes->len; lane++)
		json_array_add_string_element(list, g_ptr_array_index(figure->lanes, lane));
	conversations_add(&json, head);
	bars_add(&json, head);
	object_write(head, out);
}

/* The head's own object goes on with the rows. */
static void
document_head_write(const Figure *figure, GString *out)
{
	head_write(figure, out);
	g_string_truncate(out, out->len - 1);
	g_string_append(out, ",\"rows\":[");
}

static void
row_write(const Figure *figure, const FigureRow *row, const FigurePacket *packet, GString *out)
{
	const Json json = { figure, figure->ladder->trace };
	JsonObject *object = json_object_new();

	row_fill(&json, object, row, packet);
	object_write(object, out);
}

const FigureStream figure_stream_json = { document_head_write, row_write, "\n", ",\n", "\n]}\n" };
const FigureStream figure_stream_jsonl = { head_write, row_write, "\n", "\n", "\n" };
