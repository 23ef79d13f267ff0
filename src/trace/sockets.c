/* SPDX-License-Identifier: MIT */
#include "sockets.h"

/* So many sockets of a cookie, or conversations of a port, are looked through. */
#define LATEST 64

/* What a socket knows of its conversation: an address that is any one is left out,
 * and so is a peer that is not known. Plain data without gaps. */
typedef struct {
	Endpoint local, peer;
	guint32 transport;
} Meeting;

static guint
meeting_hash(gconstpointer key)
{
	const Meeting *meeting = key;
	guint64 hash = endpoint_hash(&meeting->local) + meeting->transport;

	return (hash * ENDPOINT_SPREAD + endpoint_hash(&meeting->peer)) >> 32;
}

static gboolean
meeting_equal(gconstpointer a, gconstpointer b)
{
	return memcmp(a, b, sizeof(Meeting)) == 0;
}

static Meeting
meeting_make(guint8 transport, const Endpoint *local, const Endpoint *peer)
{
	Meeting meeting = { *local, { { 0 } }, transport };

	if (endpoint_is_any(local))
		meeting.local = (Endpoint){ .port = local->port };
	if (peer->version != 0)
		meeting.peer = *peer;
	return meeting;
}

/* What a socket of that side of the conversation may know of it. */
static Meeting
meeting_of(const Conversation *conversation, Side side, gboolean any, gboolean peer_known)
{
	const Endpoint *local = &conversation->endpoint[side];
	const Endpoint nobody = { 0 }, all = { .version = 4, .port = local->port };

	return meeting_make(conversation->transport, any ? &all : local,
			    peer_known ? &conversation->endpoint[!side] : &nobody);
}

void
sockets_init(Sockets *sockets, const FlowTable *flows)
{
	sockets->flows = flows;
	sockets->sockets = g_array_new(FALSE, TRUE, sizeof(Socket));
	sockets->by_cookie = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	sockets->waiting = g_hash_table_new_full(meeting_hash, meeting_equal, g_free,
						 (GDestroyNotify)g_array_unref);
	sockets->owners = g_hash_table_new_full(meeting_hash, meeting_equal, g_free, NULL);
	sockets->programs = g_array_new(FALSE, TRUE, sizeof(SocketPrograms));
}

void
sockets_clear(Sockets *sockets)
{
	g_array_unref(sockets->sockets);
	g_hash_table_unref(sockets->by_cookie);
	g_hash_table_unref(sockets->waiting);
	g_hash_table_unref(sockets->owners);
	g_array_unref(sockets->programs);
}

Socket *
sockets_get(const Sockets *sockets, guint32 number)
{
	return number > 0 ? &g_array_index(sockets->sockets, Socket, number - 1) : NULL;
}

/* ---- meeting a conversation ---- */

/* The socket's side of a conversation with that peer, or -1: it is none of its own. A socket bound
 * to every address (0.0.0.0, ::) has each of them; a peer of version 0 is not known and matches. */
static int
side_in(const Socket *socket, const Conversation *conversation, const Endpoint *peer)
{
	const Endpoint *bound = &socket->local;

	if (conversation->transport != socket->transport || bound->version == 0)
		return -1;
	for (int side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		const Endpoint *seen = &conversation->endpoint[side];

		if (bound->port == seen->port &&
		    (endpoint_is_any(bound) || endpoint_equal(bound, seen)) &&
		    (peer->version == 0 || endpoint_equal(peer, &conversation->endpoint[!side])))
			return side;
	}
	return -1;
}

static void
socket_join(const Sockets *sockets, Socket *socket, guint32 index)
{
	int side = side_in(socket, flow_table_get(sockets->flows, index), &socket->peer);

	if (side < 0)
		return;
	socket->conversation = index;
	socket->has_side = TRUE;
	socket->side = side;
}

/* ---- whose the ends are ---- */

static SocketPrograms *
programs_at(const Sockets *sockets, guint32 conversation)
{
	if (conversation >= sockets->programs->len)
		g_array_set_size(sockets->programs, conversation + 1);
	return &g_array_index(sockets->programs, SocketPrograms, conversation);
}

static const Endpoint nobody;

static void
owner_set(Sockets *sockets, const Endpoint *local, const Endpoint *peer, const CallRecord *call)
{
	Meeting meeting = meeting_make(call->transport, local, peer);

	g_hash_table_insert(sockets->owners, g_memdup2(&meeting, sizeof meeting),
			    GUINT_TO_POINTER(call->program + 1));
}

static guint
owner_find(const Sockets *sockets, guint8 transport, const Endpoint *local, const Endpoint *peer)
{
	Meeting meeting = meeting_make(transport, local, peer);

	return GPOINTER_TO_UINT(g_hash_table_lookup(sockets->owners, &meeting));
}

/* What a call tells: of its socket's port, and of whom it is about to ask, whose port is not chosen
 * yet. A call of a socket that has met its conversation knows best. */
static void
owners_learn(Sockets *sockets, const Socket *socket, const CallRecord *call)
{
	if (call->programs <= 2)
		return;
	if (socket->local.port != 0)
		owner_set(sockets, &socket->local, &nobody, call);
	else if (call->address.version != 0)
		owner_set(sockets, &nobody, &call->address, call);
	if (socket->conversation != CONVERSATION_NONE && socket->has_side)
		programs_at(sockets, socket->conversation)->of[socket->side] = call->program + 1;
}

static void
owners_meet(Sockets *sockets, guint32 conversation)
{
	const Conversation *with = flow_table_get(sockets->flows, conversation);

	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		const Endpoint *own = &with->endpoint[side], *peer = &with->endpoint[!side];
		const Endpoint any = { .version = 4, .port = own->port };
		guint owner =
		    side == SIDE_CLIENT ? owner_find(sockets, with->transport, &nobody, peer) : 0;

		owner = owner ?: owner_find(sockets, with->transport, own, &nobody);
		owner = owner ?: owner_find(sockets, with->transport, &any, &nobody);
		programs_at(sockets, conversation)->of[side] = owner;
	}
}

int
sockets_program(const Sockets *sockets, guint32 conversation, Side side)
{
	return conversation < sockets->programs->len
		   ? g_array_index(sockets->programs, SocketPrograms, conversation).of[side] - 1
		   : -1;
}

void
sockets_meet(Sockets *sockets, guint32 conversation)
{
	const Conversation *with = flow_table_get(sockets->flows, conversation);

	if (g_hash_table_size(sockets->owners) > 0)
		owners_meet(sockets, conversation);
	if (g_hash_table_size(sockets->waiting) == 0)
		return;
	for (guint way = 0; way < 4; way++) {
		Meeting meeting = meeting_of(with, way & 1, way >> 1, TRUE);
		const GArray *waiting = g_hash_table_lookup(sockets->waiting, &meeting);

		/* They meet it, and wait no longer; some may know better by now. */
		for (guint i = 0; waiting && i < waiting->len; i++) {
			Socket *socket = sockets_get(sockets, g_array_index(waiting, guint32, i));

			if (socket->conversation == CONVERSATION_NONE && socket->peer.version != 0)
				socket_join(sockets, socket, conversation);
		}
		g_hash_table_remove(sockets->waiting, &meeting);
	}
}

/* ---- learning from calls ---- */

/* The peer that a call names as its socket's. connect() tells its own, and what the kernel says
 * at its entry is of a connect() before. */
static const Endpoint *
peer_named(const CallRecord *call)
{
	gboolean connects = call->name == CALL_CONNECT && call->has_address &&
			    (!endpoint_is_any(&call->address) || call->peer.version == 0);

	return connects ? &call->address : &call->peer;
}

/* Whether a call may be of this socket, which has its cookie. */
static gboolean
is_of(const Socket *socket, const CallRecord *call)
{
	const Endpoint *peer = peer_named(call);

	if (socket->peer.version == 0)
		return peer->version == 0 || socket->state != TCP_STATE_LISTEN;
	if (peer->version == 0) /* disconnected, or the listening one of that cookie */
		return socket->transport == TRANSPORT_TCP && call->kernel_state != TCP_STATE_LISTEN;
	if (call->name == CALL_CONNECT && socket->transport == TRANSPORT_TCP)
		return call->kernel_state != TCP_STATE_CLOSED; /* else it is tried once more */
	return endpoint_equal(&socket->peer, peer);
}

/* The number of the call's socket, made where it is not known; 0 for cookie 0. */
static guint32
socket_find(Sockets *sockets, const CallRecord *call, guint64 cookie)
{
	guint32 newest =
	    GPOINTER_TO_UINT(cookie ? g_hash_table_lookup(sockets->by_cookie, &cookie) : NULL);
	Socket socket = { .cookie = cookie, .conversation = CONVERSATION_NONE, .before = newest };

	if (cookie == 0)
		return 0;
	/* One that is not among the latest is made anew, and finds the same conversation. */
	for (guint32 number = newest, i = 0; number > 0 && i < LATEST; i++) {
		if (is_of(sockets_get(sockets, number), call))
			return number;
		number = sockets_get(sockets, number)->before;
	}
	g_array_append_val(sockets->sockets, socket);
	g_hash_table_insert(sockets->by_cookie, g_memdup2(&cookie, sizeof cookie),
			    GUINT_TO_POINTER(sockets->sockets->len));
	return sockets->sockets->len;
}

/* A socket that has learned something that its conversation may meet it by. */
static void
socket_wait(Sockets *sockets, guint32 number, const Meeting *meeting)
{
	GArray *waiting = g_hash_table_lookup(sockets->waiting, meeting);

	if (!waiting) {
		waiting = g_array_new(FALSE, FALSE, sizeof(guint32));
		g_hash_table_insert(sockets->waiting, g_memdup2(meeting, sizeof *meeting), waiting);
	}
	g_array_append_val(waiting, number);
}

/* Whether the call sends a datagram, or says to whom it will. */
static gboolean
call_begins(const Socket *socket, const CallRecord *call)
{
	return call->name == CALL_CONNECT ||
	       (call_effect(call->name) == CALL_SENDS &&
		(call->address.version != 0 || socket->peer.version != 0));
}

/* TCP's calls tell which side a socket is on; of UDP, its first one with datagrams does. */
static void
socket_take_side(Socket *socket, const CallRecord *call)
{
	const CallEffect effect = call_effect(call->name);
	const gboolean udp = socket->transport == TRANSPORT_UDP;
	gboolean begins = udp ? call_begins(socket, call) : call->name == CALL_CONNECT;
	gboolean waits = udp ? socket->peer.version == 0 && socket->local.port != 0 &&
				   (effect == CALL_RECEIVES || effect == CALL_WAITS)
			     : call->name == CALL_LISTEN || effect == CALL_ACCEPTS;

	if (socket->has_side || !(begins || waits))
		return;
	socket->has_side = TRUE;
	socket->side = begins ? SIDE_CLIENT : SIDE_SERVER;
}

static guint32
learn(Sockets *sockets, const CallRecord *call, guint32 entered)
{
	gboolean accepted = call->phase == CALL_RETURN && call->accepted != 0;
	guint32 number = entered && !accepted
			     ? entered
			     : socket_find(sockets, call, accepted ? call->accepted : call->socket);
	Socket *socket = sockets_get(sockets, number);
	Meeting before, now;

	if (!socket)
		return 0;
	before = meeting_make(socket->transport, &socket->local, &socket->peer);

	if (call->transport != TRANSPORT_NONE)
		socket->transport = call->transport;
	/* The port of a connect() before is no longer the socket's. */
	if (call->local.version != 0 &&
	    !(call->name == CALL_CONNECT && call->phase == CALL_ENTRY && socket->before))
		socket->local = call->local;
	if (peer_named(call)->version != 0)
		socket->peer = *peer_named(call);
	now = meeting_make(socket->transport, &socket->local, &socket->peer);
	socket_take_side(socket, call);
	if (socket->conversation != CONVERSATION_NONE || socket->peer.version == 0)
		return number;
	guint32 found =
	    flow_table_find(sockets->flows, socket->transport, &socket->local, &socket->peer);
	if (found != CONVERSATION_NONE)
		socket_join(sockets, socket, found);
	if (socket->conversation == CONVERSATION_NONE && socket->local.version != 0 &&
	    !meeting_equal(&before, &now))
		socket_wait(sockets, number, &now);
	return number;
}

guint32
sockets_learn(Sockets *sockets, const CallRecord *call, guint32 entered)
{
	guint32 number = learn(sockets, call, entered);

	if (number > 0)
		owners_learn(sockets, sockets_get(sockets, number), call);
	return number;
}

/* ---- whose a call is ---- */

/* With whom a call on the socket is: a datagram names its own. */
static const Endpoint *
peer_of_call(const Socket *socket, const CallRecord *call)
{
	CallEffect effect = call_effect(call->name);

	return call->address.version != 0 && socket->transport != TRANSPORT_TCP &&
		       (effect == CALL_SENDS || effect == CALL_RECEIVES)
		   ? &call->address
		   : &socket->peer;
}

Side
sockets_side(const Sockets *sockets, const CallRecord *call, guint32 number, guint32 conversation)
{
	const Socket *socket = sockets_get(sockets, number);
	int side = -1;

	/* One socket of UDP may be a client of one and a server of another. */
	if (socket && socket->transport == TRANSPORT_UDP && conversation != CONVERSATION_NONE)
		side = side_in(socket, flow_table_get(sockets->flows, conversation),
			       peer_of_call(socket, call));
	else if (socket && socket->transport == TRANSPORT_UDP && call_begins(socket, call))
		side = SIDE_CLIENT;
	if (side >= 0)
		return side;
	if (socket && socket->has_side)
		return socket->side;
	return call->role == ROLE_CLIENT ? SIDE_CLIENT : SIDE_SERVER;
}

/* The conversation that a socket has met, where the call is with its peer. */
static guint32
conversation_met(const Socket *socket, const CallRecord *call)
{
	return endpoint_equal(peer_of_call(socket, call), &socket->peer) ? socket->conversation
									 : CONVERSATION_NONE;
}

guint32
sockets_conversation(const Sockets *sockets, const CallRecord *call, guint32 number)
{
	const Socket *socket = sockets_get(sockets, number);
	guint length = flow_table_length(sockets->flows);

	if (!socket || conversation_met(socket, call) != CONVERSATION_NONE)
		return socket ? socket->conversation : CONVERSATION_NONE;
	const Endpoint *peer = peer_of_call(socket, call);
	if (peer->version != 0 && !endpoint_is_any(&socket->local))
		return flow_table_find(sockets->flows, socket->transport, &socket->local, peer);
	/* A socket bound to every address tells its own only by what it receives: the newest
	 * conversation of its port with this peer, of the latest few. */
	for (guint i = length; peer->version != 0 && i > 0 && length - i < LATEST; i--)
		if (side_in(socket, flow_table_get(sockets->flows, i - 1), peer) >= 0)
			return i - 1;
	return CONVERSATION_NONE;
}

gboolean
sockets_in(const Sockets *sockets, const CallRecord *call, guint32 number, guint32 conversation)
{
	const Socket *socket = sockets_get(sockets, number);

	if (!socket)
		return FALSE;
	if (conversation_met(socket, call) != CONVERSATION_NONE)
		return socket->conversation == conversation;
	return side_in(socket, flow_table_get(sockets->flows, conversation),
		       peer_of_call(socket, call)) >= 0;
}

GHashTable *
sockets_meetings(const Sockets *sockets, const guint32 *conversations, guint n)
{
	GHashTable *meetings = g_hash_table_new_full(meeting_hash, meeting_equal, g_free, NULL);

	for (guint i = 0; i < n * 8; i++) { /* of each as many ways to know it */
		guint32 index = conversations[i / 8];
		Meeting meeting =
		    meeting_of(flow_table_get(sockets->flows, index),
			       i & 1 ? SIDE_SERVER : SIDE_CLIENT, !!(i & 2), !!(i & 4));

		if (!g_hash_table_contains(meetings, &meeting))
			g_hash_table_insert(meetings, g_memdup2(&meeting, sizeof meeting),
					    GUINT_TO_POINTER(index));
	}
	return meetings;
}

guint32
sockets_among(const Sockets *sockets, const CallRecord *call, guint32 number, GHashTable *meetings)
{
	const Socket *socket = sockets_get(sockets, number);
	gpointer found;

	if (!socket || conversation_met(socket, call) != CONVERSATION_NONE)
		return socket ? socket->conversation : CONVERSATION_NONE;
	Meeting meeting =
	    meeting_make(socket->transport, &socket->local, peer_of_call(socket, call));
	return socket->local.version != 0 &&
		       g_hash_table_lookup_extended(meetings, &meeting, NULL, &found)
		   ? GPOINTER_TO_UINT(found)
		   : CONVERSATION_NONE;
}
