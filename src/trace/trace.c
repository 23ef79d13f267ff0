/* Theory of operation.
 *
 * Events, call records and notes are three append-only tables; an event names
 * its record by index. What is learned later (which conversation a socket
 * turned out to belong to) is kept in the table of sockets, never in an event,
 * so that an event once shown stays as it was.
 *
 * A socket is known by its SO_COOKIE. It meets its conversation from two
 * sides: a call may name both endpoints before the first segment (connect) or
 * after it (accept), so both additions look the other one up.
 */
#include "pktladder/trace.h"

#include <string.h>
#include <sys/mman.h>

#include "pktladder/decode.h"

G_STATIC_ASSERT(sizeof(Event) == 36);
G_STATIC_ASSERT(N_VERDICTS <= 15 && N_PACKET_KINDS <= 16 && N_DECODE_STATUS <= 8);
G_STATIC_ASSERT(N_TCP_STATES <= 16);

/* Events are kept in pieces: they never move, and growing never needs the
 * memory twice. But for the first one, which is enough for small captures, pieces
 * are parts of blocks, for which the system is asked to give huge pages, and each
 * piece at once: page by page, as each is first written to, costs as much as
 * decoding the packets, and several times that in a virtual machine. What of a
 * block is not used yet takes no memory. */
#define PIECE_SHIFT  14
#define PIECE_EVENTS (1u << PIECE_SHIFT)
#define PIECE_SIZE   (PIECE_EVENTS * sizeof(Event))
#define BLOCK_PIECES 32
#define BLOCK_SIZE   (BLOCK_PIECES * PIECE_SIZE)
#define PAGE_MAX     65536     /* of any machine */
#define HUGE_PAGE    (2 << 20) /* of most; elsewhere the advice does nothing */
G_STATIC_ASSERT(PIECE_SIZE % PAGE_MAX == 0 && BLOCK_SIZE % HUGE_PAGE == 0);

/* A call's record, the event that it is, and the event of its entry. */
typedef struct {
	CallRecord record;
	guint32 event, entry;
} Call;

typedef struct {
	guint64 cookie;
	Endpoint local, peer;
	guint32 conversation;
	guint8 transport;
	guint8 state; /* the one that its calls set: LISTEN, CLOSED; 0 none */
	gboolean has_side;
	guint8 side; /* known once it listened, was accepted, or connected */
} Socket;

/* The last states shown of a conversation's ends. */
typedef struct {
	guint8 state[2];
} Ends;

struct _Trace {
	GPtrArray *blocks; /* what the pieces are parts of */
	GPtrArray *pieces; /* Event[PIECE_EVENTS] */
	guint32 length;    /* events */
	GArray *others;    /* guint32: the events that are no packets, ascending */
	GArray *calls;     /* Call */
	GPtrArray *notes;  /* char * */
	FlowTable *flows;
	GArray *ends;          /* Ends, by conversation */
	GArray *sockets;       /* Socket */
	GHashTable *by_cookie; /* &cookie -> index + 1 in sockets */
	GHashTable *entries;   /* call id -> event of its entry + 1; open calls only */
	guint32 packets, n_calls;
	guint64 drops;
};

Trace *
trace_new(void)
{
	Trace *trace = g_new0(Trace, 1);

	trace->blocks = g_ptr_array_new_with_free_func(g_aligned_free);
	trace->pieces = g_ptr_array_new();
	trace->others = g_array_new(FALSE, FALSE, sizeof(guint32));
	trace->calls = g_array_new(FALSE, TRUE, sizeof(Call));
	trace->notes = g_ptr_array_new_with_free_func(g_free);
	trace->flows = flow_table_new();
	trace->ends = g_array_new(FALSE, TRUE, sizeof(Ends));
	trace->sockets = g_array_new(FALSE, TRUE, sizeof(Socket));
	trace->by_cookie = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	trace->entries = g_hash_table_new(NULL, NULL);
	return trace;
}

void
trace_free(Trace *trace)
{
	if (!trace)
		return;
	g_ptr_array_unref(trace->pieces);
	g_ptr_array_unref(trace->blocks);
	g_array_unref(trace->others);
	g_array_unref(trace->calls);
	g_ptr_array_unref(trace->notes);
	flow_table_free(trace->flows);
	g_array_unref(trace->ends);
	g_array_unref(trace->sockets);
	g_hash_table_unref(trace->by_cookie);
	g_hash_table_unref(trace->entries);
	g_free(trace);
}

static Event *
event_at(const Trace *trace, guint32 index)
{
	Event *piece = g_ptr_array_index(trace->pieces, index >> PIECE_SHIFT);

	return &piece[index & (PIECE_EVENTS - 1)];
}

static guint8 *
block_add(Trace *trace, gsize size, gsize alignment)
{
	guint8 *block = g_aligned_alloc(1, size, alignment);

	g_ptr_array_add(trace->blocks, block);
	return block;
}

static void
piece_add(Trace *trace)
{
	guint part = (trace->pieces->len - 1) % BLOCK_PIECES; /* of its block */
	guint8 *piece;

	if (trace->pieces->len == 0) {
		piece = block_add(trace, PIECE_SIZE, PAGE_MAX);
	} else if (part == 0) {
		piece = block_add(trace, BLOCK_SIZE, HUGE_PAGE);
#ifdef MADV_HUGEPAGE
		madvise(piece, BLOCK_SIZE, MADV_HUGEPAGE); /* without it they are small ones */
#endif
	} else {
		piece = g_ptr_array_index(trace->pieces, trace->pieces->len - 1);
		piece += PIECE_SIZE;
	}
#ifdef MADV_POPULATE_WRITE
	if (trace->pieces->len > 0)
		madvise(piece, PIECE_SIZE, MADV_POPULATE_WRITE); /* an older Linux does nothing */
#endif
	g_ptr_array_add(trace->pieces, piece);
}

/* Room for one event at the end; what is in it is anything. */
static Event *
event_append(Trace *trace)
{
	guint32 index = trace->length++;

	if ((index & (PIECE_EVENTS - 1)) == 0)
		piece_add(trace);
	return event_at(trace, index);
}

/* One that is no packet. */
static guint32
event_add(Trace *trace, const Event *event)
{
	guint32 index = trace->length;

	*event_append(trace) = *event;
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

/* An address as the socket has it against one of a packet: a socket bound to
 * every address (0.0.0.0, ::) has each of them. */
static gboolean
endpoint_covers(const Endpoint *bound, const Endpoint *seen)
{
	if (bound->version == 0 || bound->port != seen->port)
		return FALSE;
	return endpoint_is_any(bound) || endpoint_equal(bound, seen);
}

/* The side of `conversation` that has these names, or -1. A peer of version 0
 * is not known and matches. */
static int
side_in(const Conversation *conversation, Transport transport, const Endpoint *local,
	const Endpoint *peer)
{
	if (conversation->transport != transport)
		return -1;
	for (int side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		if (endpoint_covers(local, &conversation->endpoint[side]) &&
		    (peer->version == 0 || endpoint_equal(peer, &conversation->endpoint[!side])))
			return side;
	}
	return -1;
}

static void
socket_join(Trace *trace, Socket *socket, guint32 index)
{
	const Conversation *conversation = flow_table_get(trace->flows, index);
	int side = side_in(conversation, socket->transport, &socket->local, &socket->peer);

	if (side < 0)
		return;
	socket->conversation = index;
	socket->has_side = TRUE;
	socket->side = side;
}

/* A new conversation: the socket that called connect() for it is waiting. */
static void
sockets_meet(Trace *trace, guint32 index)
{
	for (guint i = trace->sockets->len; i > 0; i--) {
		Socket *socket = &g_array_index(trace->sockets, Socket, i - 1);

		if (socket->conversation == CONVERSATION_NONE && socket->peer.version != 0)
			socket_join(trace, socket, index);
	}
}

/* Of an event that is being made: plain numbers, since writing into an event's
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
	Ends *ends;

	if (flow->conversation == CONVERSATION_NONE || facts->transport != TRANSPORT_TCP)
		return result;
	ends = ends_of(trace, flow->conversation);
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

/* One relation a packet: the most telling one. */
static guint32
packet_relation(const TcpVerdict *verdict)
{
	if (verdict->flags & VERDICT_RETRANSMISSION)
		return verdict->repeats_frame;
	if (verdict->flags & VERDICT_DUPLICATE_ACK)
		return verdict->duplicate_of;
	return verdict->acks_frame;
}

guint32
trace_add_packet(Trace *trace, const Packet *packet, guint64 offset)
{
	Facts facts;
	FlowResult flow;

	decode_headers(packet, &facts);
	flow_table_add(trace->flows, &facts, packet->time_ns, ++trace->packets, &flow);

	Numbers numbers = packet_numbers(packet, &facts, &flow);
	States states = packet_states(trace, &flow, &facts);
	*event_append(trace) = (Event){
		.time_ns = packet->time_ns,
		.seq = numbers.seq,
		.ack = numbers.ack,
		.relation = packet_relation(&flow.verdict),
		.conversation = flow.conversation,
		.offset_high = offset >> 32,
		.offset_low = (guint32)offset,
		.length = numbers.length,
		.flags = numbers.flags,
		.kind = EVENT_PACKET,
		.from = flow.from,
		.state_changed = states.changed,
		.verdict = flow.verdict.flags,
		.packet_kind = facts.kind,
		.status = facts.status,
		.state = states.state[SIDE_CLIENT],
		.state_server = states.state[SIDE_SERVER],
		.zero = 0,
	};
	if (flow.conversation != CONVERSATION_NONE && flow.is_new)
		sockets_meet(trace, flow.conversation);
	return trace->length - 1;
}

static Socket *
socket_find(const Trace *trace, guint64 cookie)
{
	gpointer found = cookie ? g_hash_table_lookup(trace->by_cookie, &cookie) : NULL;

	return found ? &g_array_index(trace->sockets, Socket, GPOINTER_TO_UINT(found) - 1) : NULL;
}

static Socket *
socket_get(Trace *trace, guint64 cookie)
{
	Socket *found = socket_find(trace, cookie);
	Socket socket = { .cookie = cookie, .conversation = CONVERSATION_NONE };

	if (found || cookie == 0)
		return found;
	g_array_append_val(trace->sockets, socket);
	g_hash_table_insert(trace->by_cookie, g_memdup2(&cookie, sizeof cookie),
			    GUINT_TO_POINTER(trace->sockets->len));
	return &g_array_index(trace->sockets, Socket, trace->sockets->len - 1);
}

/* What the calls themselves say about a socket's side. */
static void
socket_learn_side(Socket *socket, const CallRecord *call)
{
	if (socket->has_side || socket->transport != TRANSPORT_TCP)
		return;
	if (call->name == CALL_LISTEN || call->name == CALL_ACCEPT || call->name == CALL_ACCEPT4) {
		socket->has_side = TRUE;
		socket->side = SIDE_SERVER;
	} else if (call->name == CALL_CONNECT) {
		socket->has_side = TRUE;
		socket->side = SIDE_CLIENT;
	}
}

static void
socket_learn(Trace *trace, const CallRecord *call)
{
	gboolean accepted = call->phase == CALL_RETURN && call->accepted != 0;
	Socket *socket = socket_get(trace, accepted ? call->accepted : call->socket);
	guint32 found;

	if (!socket)
		return;
	if (call->transport != TRANSPORT_NONE)
		socket->transport = call->transport;
	if (call->local.version != 0)
		socket->local = call->local;
	if (call->peer.version != 0)
		socket->peer = call->peer;
	else if (call->name == CALL_CONNECT && call->has_address)
		socket->peer = call->address;
	socket_learn_side(socket, call);
	if (socket->conversation != CONVERSATION_NONE || socket->peer.version == 0)
		return;
	found = flow_table_find(trace->flows, socket->transport, &socket->local, &socket->peer);
	if (found != CONVERSATION_NONE)
		socket_join(trace, socket, found);
}

/* The state that a call itself sets, before or without any segment
 * (RFC 9293 3.9.1): LISTEN by listen(), CLOSED by closing a listening socket
 * or by a connect() that failed. */
static TcpState
call_state(const CallRecord *call, const Socket *socket)
{
	if (call->phase != CALL_RETURN || call->transport != TRANSPORT_TCP)
		return TCP_STATE_UNKNOWN;
	if (call->name == CALL_LISTEN && call->result == 0)
		return TCP_STATE_LISTEN;
	if (call->name == CALL_CLOSE && call->result == 0 && socket &&
	    socket->state == TCP_STATE_LISTEN)
		return TCP_STATE_CLOSED;
	return TCP_STATE_UNKNOWN;
}

/* A connect() that gave up: no RST came, so no segment closed it. */
static TcpState
connect_state(Trace *trace, const CallRecord *call, const Socket *socket)
{
	if (call->name != CALL_CONNECT || call->phase != CALL_RETURN || !socket ||
	    socket->conversation == CONVERSATION_NONE || call->transport != TRANSPORT_TCP)
		return TCP_STATE_UNKNOWN;
	if (call->kernel_state != TCP_STATE_CLOSED ||
	    ends_of(trace, socket->conversation)->state[SIDE_CLIENT] == TCP_STATE_CLOSED)
		return TCP_STATE_UNKNOWN;
	ends_of(trace, socket->conversation)->state[SIDE_CLIENT] = TCP_STATE_CLOSED;
	return TCP_STATE_CLOSED;
}

static void
call_event_states(Trace *trace, Event *event, const CallRecord *call)
{
	Socket *socket = socket_find(trace, call->socket);
	TcpState state = call_state(call, socket);

	if (state == TCP_STATE_UNKNOWN)
		state = connect_state(trace, call, socket);
	if (state == TCP_STATE_UNKNOWN)
		return;
	if (socket)
		socket->state = state;
	event->state_changed = 1 << event->from;
	if (event->from == SIDE_CLIENT)
		event->state = state;
	else
		event->state_server = state;
}

/* Ties a return to its entry, which then knows the socket that socket() made. */
static void
call_pair(Trace *trace, guint32 number)
{
	Call *call = &g_array_index(trace->calls, Call, number), *entry;
	gpointer id = GUINT_TO_POINTER(call->record.id), found;

	if (call->record.phase == CALL_ENTRY) {
		trace->n_calls++;
		g_hash_table_insert(trace->entries, id, GUINT_TO_POINTER(number));
		return;
	}
	if (!g_hash_table_steal_extended(trace->entries, id, NULL, &found))
		return;
	entry = &g_array_index(trace->calls, Call, GPOINTER_TO_UINT(found));
	call->entry = entry->event;
	if (entry->record.socket == 0)
		entry->record.socket = call->record.socket;
	if (!entry->record.has_address && call->record.has_address)
		entry->record.address = call->record.address;
}

static Side
call_side(const Trace *trace, const CallRecord *call)
{
	const Socket *socket = socket_find(trace, call->socket);

	if (socket && socket->has_side)
		return socket->side;
	return call->role == ROLE_CLIENT ? SIDE_CLIENT : SIDE_SERVER;
}

/* A socket bound to every address tells its own only by what it receives: the
 * newest conversation of its port with this peer, of the latest few. */
static guint32
conversation_of_any(const Trace *trace, const Socket *socket, const Endpoint *peer)
{
	guint length = flow_table_length(trace->flows);

	for (guint i = length; i > 0 && length - i < 64; i--) {
		if (side_in(flow_table_get(trace->flows, i - 1), socket->transport, &socket->local,
			    peer) >= 0)
			return i - 1;
	}
	return CONVERSATION_NONE;
}

/* The conversation of a call as it is known now; what comes later never
 * changes it, so that a ladder is the same however it is fed. */
static guint32
call_conversation(const Trace *trace, const CallRecord *call)
{
	const Socket *socket = socket_find(trace, call->accepted ? call->accepted : call->socket);
	const Endpoint *peer = &call->address;

	if (!socket)
		return CONVERSATION_NONE;
	if (socket->conversation != CONVERSATION_NONE)
		return socket->conversation;
	if (call->address.version == 0 || socket->transport == TRANSPORT_TCP)
		peer = &socket->peer;
	if (peer->version == 0)
		return CONVERSATION_NONE;
	if (endpoint_is_any(&socket->local))
		return conversation_of_any(trace, socket, peer);
	return flow_table_find(trace->flows, socket->transport, &socket->local, peer);
}

guint32
trace_add_call(Trace *trace, const CallRecord *record)
{
	Event event = { .time_ns = record->time_ns,
			.kind = EVENT_CALL,
			.index = trace->calls->len };
	Call call = { .record = *record, .event = trace->length, .entry = EVENT_NONE };

	g_array_append_val(trace->calls, call);
	socket_learn(trace, record);
	event.from = call_side(trace, record);
	event.conversation = call_conversation(trace, record);
	call_event_states(trace, &event, record);
	call_pair(trace, event.index);
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

	if (trace->length > 0)
		event.time_ns = event_at(trace, trace->length - 1)->time_ns;
	g_ptr_array_add(trace->notes, g_strdup(text));
	return event_add(trace, &event);
}

guint32
trace_length(const Trace *trace)
{
	return trace->length;
}

const Event *
trace_event(const Trace *trace, guint32 index)
{
	g_assert(index < trace->length);
	return event_at(trace, index);
}

const CallRecord *
trace_call(const Trace *trace, const Event *event)
{
	g_assert(event->kind == EVENT_CALL);
	return &g_array_index(trace->calls, Call, event->index).record;
}

guint32
trace_call_entry(const Trace *trace, const Event *event)
{
	g_assert(event->kind == EVENT_CALL);
	return g_array_index(trace->calls, Call, event->index).entry;
}

/* How many of the events before `index` are no packets. */
static guint
others_before(const Trace *trace, guint32 index)
{
	guint low = 0, high = trace->others->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;

		if (g_array_index(trace->others, guint32, middle) < index)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
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
					   : trace->length;
}

/* The frame's event lies as many places further as there are others before it:
 * the first place where that holds is found by halving. */
guint32
trace_event_of_frame(const Trace *trace, guint32 frame)
{
	guint32 low = frame - 1, high = trace->length;

	if (frame == 0 || frame > trace->packets)
		return EVENT_NONE;
	while (low < high) {
		guint32 middle = low + (high - low) / 2;
		guint32 packets = middle + 1 - others_before(trace, middle + 1);

		if (packets < frame)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const char *
trace_note(const Trace *trace, const Event *event)
{
	g_assert(event->kind == EVENT_NOTE);
	return g_ptr_array_index(trace->notes, event->index);
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
	return trace->length > 0 ? event_at(trace, 0)->time_ns : 0;
}

guint32
trace_n_packets(const Trace *trace)
{
	return trace->packets;
}

guint32
trace_n_calls(const Trace *trace)
{
	return trace->n_calls;
}

static gboolean
call_in(const Trace *trace, const CallRecord *call, guint32 index)
{
	const Socket *socket = socket_find(trace, call->accepted ? call->accepted : call->socket);
	const Endpoint *peer = &call->address;

	if (!socket)
		return FALSE;
	if (socket->conversation != CONVERSATION_NONE)
		return socket->conversation == index;
	if (call->address.version == 0 || socket->transport == TRANSPORT_TCP)
		peer = &socket->peer;
	return side_in(flow_table_get(trace->flows, index), socket->transport, &socket->local,
		       peer) >= 0;
}

gboolean
trace_event_in(const Trace *trace, const Event *event, guint32 conversation)
{
	if (event->kind == EVENT_CALL)
		return call_in(trace, trace_call(trace, event), conversation);
	if (event->kind == EVENT_PACKET)
		return event->conversation == conversation;
	return TRUE;
}
