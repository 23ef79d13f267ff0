/* SPDX-License-Identifier: MIT */
/* Theory of operation.
 *
 * Events, call records and notes are three append-only tables; an event names its record by index.
 * What is learned later (which conversation a socket turned out to belong to) is kept in the table
 * of sockets (sockets.h), never in an event, so that an event once shown stays as it was.
 */
#include "pktladder/trace.h"

#include "event_store.h"
#include "pktladder/copies.h"
#include "pktladder/sorted.h"
#include "pktladder/timestamp.h"
#include "sockets.h"

G_STATIC_ASSERT(sizeof(Event) == 36);
G_STATIC_ASSERT(N_VERDICTS <= 15 && N_EVIDENCES <= 16);
G_STATIC_ASSERT(N_PACKET_KINDS <= 16 && N_DECODE_STATUS <= 8);
G_STATIC_ASSERT(N_TCP_STATES <= 16);

/* A call's record, the event that it is, and that of its return, or of its entry; and the number of
 * the socket that it is of, or accepted. */
typedef struct {
	CallRecord record;
	guint32 event, other, socket;
	CallTask task;
	gboolean sets_up;
} Call;

/* What stands beside the packet that is `event`. */
typedef struct {
	guint32 event;
	guint32 process[2]; /* their numbers in the origins, */
	char *text;         /* or a comment */
} Beside;

/* The last states shown of a conversation's ends. */
typedef struct {
	guint8 state[2];
} Ends;

struct _Trace {
	EventStore events;
	GArray *others;               /* guint32: the events that are no packets, ascending */
	GArray *calls;                /* Call */
	GPtrArray *notes;             /* char * */
	Origins *origins;             /* NULL none */
	GArray *comments, *processes; /* Beside, by event */
	guint64 comments_size;        /* bytes of their texts */
	FlowTable *flows;
	Copies *copies;
	gboolean copies_expected;
	guint32 n_copies;
	GArray *ends; /* Ends, by conversation */
	Sockets sockets;
	GHashTable *entries; /* call id -> number of its entry in calls; open calls only */
	GHashTable *tasks;   /* a program's processes, and their threads: see task_number() */
	guint n_programs;    /* as its calls tell; 0 unknown, or two */
	guint32 packets, n_calls;
	guint64 drops;
	gint64 start_ns;
	gboolean forgets; /* packets are no events */
};

static void
beside_clear(gpointer beside)
{
	g_free(((Beside *)beside)->text);
}

/* A process and its only thread have one number, which g_int64_hash() would make nothing of. */
static guint
task_hash(gconstpointer key)
{
	return (guint)(*(const guint64 *)key * ENDPOINT_SPREAD >> 32);
}

Trace *
trace_new(void)
{
	Trace *trace = g_new0(Trace, 1);

	event_store_init(&trace->events);
	trace->others = g_array_new(FALSE, FALSE, sizeof(guint32));
	trace->calls = g_array_new(FALSE, TRUE, sizeof(Call));
	trace->notes = g_ptr_array_new_with_free_func(g_free);
	trace->comments = g_array_new(FALSE, FALSE, sizeof(Beside));
	g_array_set_clear_func(trace->comments, beside_clear);
	trace->processes = g_array_new(FALSE, FALSE, sizeof(Beside));
	trace->flows = flow_table_new();
	trace->copies = copies_new();
	trace->copies_expected = TRUE;
	trace->ends = g_array_new(FALSE, TRUE, sizeof(Ends));
	sockets_init(&trace->sockets, trace->flows);
	trace->entries = g_hash_table_new(NULL, NULL);
	trace->tasks = g_hash_table_new_full(task_hash, g_int64_equal, g_free, NULL);
	return trace;
}

void
trace_set_verdicts(Trace *trace, VerdictVersion version)
{
	flow_table_set_verdicts(trace->flows, version);
}

void
trace_free(Trace *trace)
{
	if (!trace)
		return;
	event_store_clear(&trace->events);
	g_array_unref(trace->others);
	g_array_unref(trace->calls);
	g_ptr_array_unref(trace->notes);
	g_array_unref(trace->comments);
	g_array_unref(trace->processes);
	origins_unref(trace->origins);
	flow_table_free(trace->flows);
	copies_free(trace->copies);
	g_array_unref(trace->ends);
	sockets_clear(&trace->sockets);
	g_hash_table_unref(trace->entries);
	g_hash_table_unref(trace->tasks);
	g_free(trace);
}

void
trace_forget_packets(Trace *trace)
{
	trace->forgets = TRUE;
}

/* Notes that come before all else have the time of what they come before. */
static void
begin(Trace *trace, gint64 time_ns)
{
	gboolean dated = trace->start_ns == 0 && time_ns > TIME_REAL_NS;

	if ((trace->packets > 0 || trace->events.length > trace->notes->len) && !dated)
		return;
	trace->start_ns = time_ns;
	for (guint32 i = 0; i < trace->events.length && trace->packets == 0; i++)
		event_store_at(&trace->events, i)->time_ns = time_ns;
}

/* Appends an event that is no packet. */
static guint32
event_add(Trace *trace, const Event *event)
{
	guint32 index = trace->events.length;

	begin(trace, event->time_ns);

	*event_store_append(&trace->events) = *event;
	g_array_append_val(trace->others, index);
	return index;
}

static Ends *
ends_of(Trace *trace, guint32 conversation)
{
	if (conversation >= trace->ends->len)
		g_array_set_size(trace->ends, conversation + 1);
	return &g_array_index(trace->ends, Ends, conversation);
}

/* The numbers of an event that is being made: plain ones, since writing into an event's
 * bits one after the other makes each wait for the one before. */
typedef struct {
	guint32 seq, ack, length, flags;
} Numbers;

typedef struct {
	guint8 state[2];
	guint changed; /* bits 1 << side */
} States;

static States
packet_states(Trace *trace, const FlowResult *flow, const Facts *facts)
{
	States result = { 0 };

	if (flow->conversation == CONVERSATION_NONE || facts->transport != TRANSPORT_TCP)
		return result;
	Ends *ends = ends_of(trace, flow->conversation);
	for (int side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		guint8 state = flow->verdict.state[side];

		if (state != TCP_STATE_UNKNOWN && state != ends->state[side]) {
			result.changed |= 1 << side;
			ends->state[side] = state;
		}
		result.state[side] = ends->state[side];
	}
	return result;
}

static Numbers
packet_numbers(const Packet *packet, const Facts *facts, const FlowResult *flow)
{
	guint32 length = facts->has_transport_header || facts->kind == KIND_FRAGMENT
			     ? facts->payload_length
			     : packet->length;
	Numbers numbers = { .length = MIN(length, (1 << 18) - 1) };

	if (facts->kind == KIND_ICMP_ERROR) {
		numbers.seq = facts->icmp.type << 8 | facts->icmp.code;
		numbers.ack = facts->ip_version;
	} else if (facts->kind == KIND_FRAGMENT) {
		numbers.seq = facts->fragment_offset;
	} else if (facts->kind == KIND_OTHER) {
		NumberSpace space;
		guint16 value;

		unsupported_number(facts, &space, &value);
		numbers.seq = space << 16 | value;
	} else if (facts->transport == TRANSPORT_TCP) {
		numbers.seq = flow->verdict.seq;
		numbers.ack = flow->verdict.ack;
		numbers.flags = facts->tcp.flags & 0x1ff;
	}
	return numbers;
}

/* Of several the most telling one. */
static guint32
packet_relation(const TcpVerdict *verdict)
{
	if (G_LIKELY((verdict->flags | verdict->evidence) == 0))
		return verdict->acks_frame;
	if (verdict->flags & VERDICT_RETRANSMISSION || evidence_repeats(verdict->evidence))
		return verdict->repeats_frame; /* event_repeats() */
	return verdict->flags & VERDICT_DUPLICATE_ACK ? verdict->duplicate_of : verdict->acks_frame;
}

/* Into the table of conversations, where it may be a copy. */
static void
packet_add_doubtful(Trace *trace, const Packet *packet, const Facts *facts, FlowResult *flow)
{
	guint32 copy_of = copies_add(trace->copies, packet, facts, trace->packets);

	trace->copies_expected = copies_expected(trace->copies);
	if (copy_of == 0)
		flow_table_add(trace->flows, facts, packet->time_ns, trace->packets, flow);
	else
		flow_table_add_copy(trace->flows, facts, packet->time_ns, trace->packets, copy_of,
				    flow);
}

guint32
trace_add_packet(Trace *trace, const Packet *packet, guint64 offset)
{
	Facts facts;
	FlowResult flow;
	const TcpVerdict *verdict = &flow.verdict;

	begin(trace, packet->time_ns);
	decode_headers(packet, &facts);
	trace->packets++;
	if (G_UNLIKELY(copies_ask(trace->copies_expected, packet, &facts)))
		packet_add_doubtful(trace, packet, &facts, &flow);
	else
		flow_table_add(trace->flows, &facts, packet->time_ns, trace->packets, &flow);
	if (G_UNLIKELY(verdict->evidence != EVIDENCE_NONE)) {
		if (verdict->repeats_soon) {
			copies_expect(trace->copies);
			trace->copies_expected = TRUE;
		}
		trace->n_copies += evidence_is_of_copy(verdict->evidence);
	}
	if (trace->forgets)
		return EVENT_NONE;

	Numbers numbers = packet_numbers(packet, &facts, &flow);
	States states = packet_states(trace, &flow, &facts);
	*event_store_append(&trace->events) = (Event){
		.time_ns = packet->time_ns,
		.seq = numbers.seq,
		.ack = numbers.ack,
		.relation = packet_relation(verdict),
		.first_duplicate = verdict->duplicate_number == 1,
		.conversation = flow.conversation,
		.offset_high = offset >> 32,
		.offset_low = (guint32)offset,
		.length = numbers.length,
		.flags = numbers.flags,
		.kind = EVENT_PACKET,
		.from = flow.from,
		.state_changed = states.changed,
		.verdict = verdict->flags,
		.evidence = verdict->evidence,
		.packet_kind = facts.kind,
		.status = facts.status,
		.state = states.state[SIDE_CLIENT],
		.state_server = states.state[SIDE_SERVER],
	};
	if (flow.conversation != CONVERSATION_NONE && flow.is_new)
		sockets_meet(&trace->sockets, flow.conversation);
	return trace->events.length - 1;
}

/* Whether the call has ended the listening socket that it returns from. Recordings that do not say
 * whether its descriptor was the last one have the state. */
static gboolean
listening_ends(const CallRecord *call)
{
	if (call->name == CALL_SHUTDOWN)
		return call->kernel_state == TCP_STATE_CLOSED;
	return call_closes(call) &&
	       (call->last ? call->last == CALL_LAST_YES : call->kernel_state != TCP_STATE_LISTEN);
}

/* The state that a call itself sets, before or without any segment
 * (RFC 9293 3.9.1): LISTEN by listen(); CLOSED by closing the last descriptor of
 * a listening socket, as the kernel tells, or by shutdown(); CLOSED by a
 * connect() that gave up, or by close() before there was an answer: no segment tells of either. */
static void
call_event_states(Trace *trace, Event *event, const CallRecord *call, Socket *socket)
{
	gboolean closes = call_closes(call);
	TcpState state;

	if (call->phase != CALL_RETURN || call->transport != TRANSPORT_TCP)
		return;
	if (call->name == CALL_LISTEN && call->result == 0) {
		state = TCP_STATE_LISTEN;
	} else if (call->result >= 0 && socket && socket->state == TCP_STATE_LISTEN &&
		   listening_ends(call)) {
		state = TCP_STATE_CLOSED;
	} else if ((call->name == CALL_CONNECT || closes) &&
		   call->kernel_state == TCP_STATE_CLOSED && socket &&
		   socket->conversation != CONVERSATION_NONE &&
		   ends_of(trace, socket->conversation)->state[SIDE_CLIENT] == TCP_STATE_SYN_SENT) {
		state = TCP_STATE_CLOSED;
		ends_of(trace, socket->conversation)->state[SIDE_CLIENT] = state;
	} else {
		return;
	}
	if (socket)
		socket->state = state;
	event->state_changed = 1 << event->from;
	if (event->from == SIDE_CLIENT)
		event->state = state;
	else
		event->state_server = state;
}

/* The entry of a call that returns now, where it was seen; NULL else. */
static Call *
entry_take(Trace *trace, const CallRecord *record)
{
	gpointer id = GUINT_TO_POINTER(record->id), found;

	if (record->phase == CALL_ENTRY ||
	    !g_hash_table_steal_extended(trace->entries, id, NULL, &found))
		return NULL;
	return &g_array_index(trace->calls, Call, GPOINTER_TO_UINT(found));
}

/* Ties a return to its entry, which then knows the socket that socket() made. */
static void
call_pair(Call *entry, Call *call)
{
	call->other = entry->event;
	entry->other = call->event;
	if (entry->socket == 0)
		entry->socket = call->socket;
	if (entry->record.socket == 0)
		entry->record.socket = call->record.socket;
	if (!entry->record.has_address && call->record.has_address)
		entry->record.address = call->record.address;
}

/* The place of `what` among all that came of `whose`, from 1: beside each stands how many there
 * are, for 0. */
static guint
task_number(Trace *trace, guint32 whose, guint32 what)
{
	guint64 key = (guint64)whose << 32 | what, all = (guint64)whose << 32;
	guint number = GPOINTER_TO_UINT(g_hash_table_lookup(trace->tasks, &key));

	if (number > 0)
		return number;
	number = GPOINTER_TO_UINT(g_hash_table_lookup(trace->tasks, &all)) + 1;
	g_hash_table_insert(trace->tasks, g_memdup2(&all, sizeof all), GUINT_TO_POINTER(number));
	g_hash_table_insert(trace->tasks, g_memdup2(&key, sizeof key), GUINT_TO_POINTER(number));
	return number;
}

/* No process has so great a number. */
#define PROGRAM_KEY 0x80000000u

static CallTask
task_find(Trace *trace, const CallRecord *record)
{
	guint32 program = PROGRAM_KEY | call_program(record);

	if (record->pid <= 0) /* of a recording that does not tell */
		return (CallTask){ 1, 1 };
	return (CallTask){ task_number(trace, program, record->pid),
			   task_number(trace, record->pid, record->tid) };
}

/* Whether the call closes a socket that has neither a port nor a conversation, or of UDP neither
 * sent nor waited for a datagram. */
static gboolean
is_unused(const Socket *socket, const CallRecord *record)
{
	return socket && record->name == CALL_CLOSE && socket->conversation == CONVERSATION_NONE &&
	       (socket->local.port == 0 || (socket->transport == TRANSPORT_UDP &&
					    (socket->peer.version != 0 || !socket->has_side)));
}

guint32
trace_add_call(Trace *trace, const CallRecord *record)
{
	Event event = { .time_ns = record->time_ns,
			.kind = EVENT_CALL,
			.index = trace->calls->len };
	Call call = { .record = *record, .event = trace->events.length, .other = EVENT_NONE };
	Call *entry = entry_take(trace, record);

	if (record->programs > 2)
		trace->n_programs = record->programs;
	call.task = task_find(trace, record);
	call.socket = sockets_learn(&trace->sockets, record, entry ? entry->socket : 0);
	event.conversation = sockets_conversation(&trace->sockets, record, call.socket);
	event.from = entry ? trace_event(trace, entry->event)->from
			   : sockets_side(&trace->sockets, record, call.socket, event.conversation);
	call_event_states(trace, &event, record, sockets_get(&trace->sockets, call.socket));
	call.sets_up = entry ? entry->sets_up
			     : call_sets_up(record) ||
				   is_unused(sockets_get(&trace->sockets, call.socket), record);
	if (entry)
		call_pair(entry, &call);
	if (record->phase == CALL_ENTRY) {
		trace->n_calls++;
		g_hash_table_insert(trace->entries, GUINT_TO_POINTER(record->id),
				    GUINT_TO_POINTER(event.index));
	}
	g_array_append_val(trace->calls, call);
	return event_add(trace, &event);
}

guint32
trace_add_drops(Trace *trace, gint64 time_ns, guint64 dropped)
{
	Event event = { .kind = EVENT_DROPS,
			.time_ns = time_ns,
			.conversation = CONVERSATION_NONE,
			.index = MIN(dropped, G_MAXUINT32) };

	trace->drops += dropped;
	return event_add(trace, &event);
}

guint32
trace_add_note(Trace *trace, const char *text)
{
	Event event = { .kind = EVENT_NOTE,
			.conversation = CONVERSATION_NONE,
			.index = trace->notes->len };

	if (trace->events.length > 0)
		event.time_ns = event_store_at(&trace->events, trace->events.length - 1)->time_ns;
	g_ptr_array_add(trace->notes, g_strdup(text));
	return event_add(trace, &event);
}

void
trace_set_origins(Trace *trace, Origins *origins)
{
	trace->origins = origins ? origins_ref(origins) : NULL;
}

Origins *
trace_origins(const Trace *trace)
{
	return trace->origins;
}

void
trace_add_comment(Trace *trace, guint32 index, const char *text)
{
	Beside beside = { .event = index, .text = g_strdup(text) };

	g_array_append_val(trace->comments, beside);
	trace->comments_size += strlen(text);
}

void
trace_add_processes(Trace *trace, guint32 index, const guint32 processes[2])
{
	Beside beside = { .event = index, .process = { processes[0], processes[1] } };

	g_array_append_val(trace->processes, beside);
}

/* NULL: there are not so many. */
static const Beside *
beside_find(const GArray *all, guint32 index, guint n)
{
	guint at = SORTED_BEFORE(all, Beside, event, index) + n;
	const Beside *beside = at < all->len ? &g_array_index(all, Beside, at) : NULL;

	return beside && beside->event == index ? beside : NULL;
}

const char *
trace_comment(const Trace *trace, guint32 index, guint n)
{
	const Beside *comment = beside_find(trace->comments, index, n);

	return comment ? comment->text : NULL;
}

const guint32 *
trace_process_numbers(const Trace *trace, guint32 index)
{
	const Beside *beside = beside_find(trace->processes, index, 0);

	return beside ? beside->process : NULL;
}

guint
trace_processes(const Trace *trace, guint32 index, const Packet *packet, PacketProcess processes[2])
{
	const guint32 *numbers = trace_process_numbers(trace, index);
	guint n = 0;

	for (guint i = 0; numbers && i < 2; i++)
		if (numbers[i])
			processes[n++] =
			    g_array_index(trace->origins->processes, PacketProcess, numbers[i] - 1);
	return n == 0 && packet ? packet_processes(packet, processes) : n;
}

guint32
trace_length(const Trace *trace)
{
	return trace->events.length;
}

const Event *
trace_event(const Trace *trace, guint32 index)
{
	g_assert(index < trace->events.length);
	return event_store_at(&trace->events, index);
}

const CallRecord *
trace_call(const Trace *trace, const Event *event)
{
	g_assert(event->kind == EVENT_CALL);
	return &g_array_index(trace->calls, Call, event->index).record;
}

CallTask
trace_call_task(const Trace *trace, const Event *event)
{
	g_assert(event->kind == EVENT_CALL);
	return g_array_index(trace->calls, Call, event->index).task;
}

gboolean
trace_call_sets_up(const Trace *trace, const Event *event)
{
	g_assert(event->kind == EVENT_CALL);
	return g_array_index(trace->calls, Call, event->index).sets_up;
}

guint
trace_n_programs(const Trace *trace)
{
	return trace->n_programs;
}

int
trace_program(const Trace *trace, guint32 conversation, Side side)
{
	return sockets_program(&trace->sockets, conversation, side);
}

const char *
trace_program_command(const Trace *trace, guint program)
{
	for (guint i = 0; i < trace->calls->len; i++) {
		const CallRecord *record = &g_array_index(trace->calls, Call, i).record;

		if (call_program(record) == program)
			return record->command;
	}
	return "";
}

guint32
trace_call_other(const Trace *trace, const Event *event)
{
	g_assert(event->kind == EVENT_CALL);
	return g_array_index(trace->calls, Call, event->index).other;
}

guint32
trace_call_entry(const Trace *trace, const Event *event)
{
	return trace_call(trace, event)->phase == CALL_RETURN ? trace_call_other(trace, event)
							      : EVENT_NONE;
}

/* How many of the events before `index` are no packets. */
static guint
others_before(const Trace *trace, guint32 index)
{
	return sorted_before(trace->others->data, trace->others->len, sizeof index, 0, index);
}

guint32
trace_frame(const Trace *trace, guint32 index)
{
	return index - others_before(trace, index) + 1;
}

guint32
trace_next_other(const Trace *trace, guint32 index)
{
	guint before = others_before(trace, index);

	return before < trace->others->len ? g_array_index(trace->others, guint32, before)
					   : trace->events.length;
}

/* The frame's event lies as many places further as there are others before it:
 * the first place where that holds is found by halving. */
guint32
trace_event_of_frame(const Trace *trace, guint32 frame)
{
	guint32 low = frame - 1, high = trace->events.length;

	if (frame == 0 || frame > trace->packets)
		return EVENT_NONE;
	SORTED_SEARCH(low, high, middle + 1 - others_before(trace, middle + 1) < frame);
	return low;
}

const char *
trace_note(const Trace *trace, const Event *event)
{
	g_assert(event->kind == EVENT_NOTE);
	return g_ptr_array_index(trace->notes, event->index);
}

/* A call's row and its places in tables; a socket of its own. */
#define CALL_MEMORY 512

guint64
trace_memory(const Trace *trace)
{
	return (guint64)trace->events.length * sizeof(Event) +
	       (guint64)trace->calls->len * (sizeof(Call) + CALL_MEMORY) +
	       (guint64)(trace->comments->len + trace->processes->len) * sizeof(Beside) +
	       trace->comments_size + (trace->origins ? trace->origins->memory : 0) +
	       flow_table_memory(trace->flows);
}

const FlowTable *
trace_flows(const Trace *trace)
{
	return trace->flows;
}

guint64
trace_total_drops(const Trace *trace)
{
	return trace->drops;
}

gint64
trace_start(const Trace *trace)
{
	return trace->start_ns;
}

gboolean
trace_has_time(const Trace *trace, gint64 time_ns)
{
	return time_ns != 0 || trace->start_ns <= TIME_REAL_NS;
}

char *
trace_seconds(const Trace *trace, gint64 from_ns, gint64 to_ns, guint width, gboolean sign)
{
	if (!trace_has_time(trace, from_ns) || !trace_has_time(trace, to_ns))
		return g_strdup("-");
	return timestamp_seconds(timestamp_between(from_ns, to_ns), width, sign);
}

guint32
trace_n_packets(const Trace *trace)
{
	return trace->packets;
}

guint32
trace_n_copies(const Trace *trace)
{
	return trace->n_copies;
}

guint32
trace_n_calls(const Trace *trace)
{
	return trace->n_calls;
}

/* The call that tells whose the event is: of an accept() that has returned, its return. */
static const Call *
call_telling(const Trace *trace, const Event *event)
{
	const Call *call = &g_array_index(trace->calls, Call, event->index), *other;

	if (call->record.phase != CALL_ENTRY || call->other == EVENT_NONE)
		return call;
	other = &g_array_index(trace->calls, Call, trace_event(trace, call->other)->index);
	return other->record.accepted ? other : call;
}

gboolean
trace_event_in(const Trace *trace, const Event *event, guint32 conversation)
{
	if (event->kind == EVENT_CALL) {
		const Call *call = call_telling(trace, event);

		return sockets_in(&trace->sockets, &call->record, call->socket, conversation);
	}
	if (event->kind == EVENT_PACKET)
		return event->conversation == conversation;
	return TRUE;
}

GHashTable *
trace_meetings(const Trace *trace, const guint32 *conversations, guint n)
{
	return sockets_meetings(&trace->sockets, conversations, n);
}

guint32
trace_call_among(const Trace *trace, const Event *event, GHashTable *meetings)
{
	const Call *call = call_telling(trace, event);

	return sockets_among(&trace->sockets, &call->record, call->socket, meetings);
}
