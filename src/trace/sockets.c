/* SPDX-License-Identifier: MIT */
#include "sockets.h"

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
}

void
sockets_clear(Sockets *sockets)
{
	g_array_unref(sockets->sockets);
	g_hash_table_unref(sockets->by_cookie);
	g_hash_table_unref(sockets->waiting);
}

static Socket *
socket_at(const Sockets *sockets, guint index)
{
	return &g_array_index(sockets->sockets, Socket, index);
}

Socket *
sockets_find(const Sockets *sockets, guint64 cookie)
{
	gpointer found = cookie ? g_hash_table_lookup(sockets->by_cookie, &cookie) : NULL;

	return found ? socket_at(sockets, GPOINTER_TO_UINT(found) - 1) : NULL;
}

/* The socket with that cookie, made where it is not known; NULL for cookie 0. */
static Socket *
socket_get(Sockets *sockets, guint64 cookie)
{
	Socket *found = sockets_find(sockets, cookie);
	Socket socket = { .cookie = cookie, .conversation = CONVERSATION_NONE };

	if (found || cookie == 0)
		return found;
	g_array_append_val(sockets->sockets, socket);
	g_hash_table_insert(sockets->by_cookie, g_memdup2(&cookie, sizeof cookie),
			    GUINT_TO_POINTER(sockets->sockets->len));
	return socket_at(sockets, sockets->sockets->len - 1);
}

/* ---- meeting a conversation ---- */

/* The socket's side of a conversation with that peer, or -1: it is none of its
 * own. A socket bound to every address (0.0.0.0, ::) has each of them; a peer of
 * version 0 is not known and matches. */
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

void
sockets_meet(Sockets *sockets, guint32 conversation)
{
	const Conversation *with = flow_table_get(sockets->flows, conversation);

	if (g_hash_table_size(sockets->waiting) == 0)
		return;
	for (guint way = 0; way < 4; way++) {
		Meeting meeting = meeting_of(with, way & 1, way >> 1, TRUE);
		const GArray *waiting = g_hash_table_lookup(sockets->waiting, &meeting);

		/* They meet it, and wait no longer; some may know better by now. */
		for (guint i = 0; waiting && i < waiting->len; i++) {
			Socket *socket = socket_at(sockets, g_array_index(waiting, guint32, i));

			if (socket->conversation == CONVERSATION_NONE && socket->peer.version != 0)
				socket_join(sockets, socket, conversation);
		}
		g_hash_table_remove(sockets->waiting, &meeting);
	}
}

/* ---- learning from calls ---- */

void
sockets_learn(Sockets *sockets, const CallRecord *call)
{
	gboolean accepted = call->phase == CALL_RETURN && call->accepted != 0;
	Socket *socket = socket_get(sockets, accepted ? call->accepted : call->socket);
	Meeting before, now;
	guint32 found;

	if (!socket)
		return;
	before = meeting_make(socket->transport, &socket->local, &socket->peer);

	if (call->transport != TRANSPORT_NONE)
		socket->transport = call->transport;
	if (call->local.version != 0)
		socket->local = call->local;
	if (call->peer.version != 0)
		socket->peer = call->peer;
	else if (call->name == CALL_CONNECT && call->has_address)
		socket->peer = call->address;
	now = meeting_make(socket->transport, &socket->local, &socket->peer);
	if (!socket->has_side && socket->transport == TRANSPORT_TCP &&
	    (call->name == CALL_LISTEN || call->name == CALL_CONNECT ||
	     call_effect(call->name) == CALL_ACCEPTS)) {
		socket->has_side = TRUE;
		socket->side = call->name == CALL_CONNECT ? SIDE_CLIENT : SIDE_SERVER;
	}
	if (socket->conversation != CONVERSATION_NONE || socket->peer.version == 0)
		return;
	found = flow_table_find(sockets->flows, socket->transport, &socket->local, &socket->peer);
	if (found != CONVERSATION_NONE)
		socket_join(sockets, socket, found);
	/* Where it has learned something that the other side may meet it by. */
	if (socket->conversation == CONVERSATION_NONE && socket->local.version != 0 &&
	    !meeting_equal(&before, &now)) {
		GArray *waiting = g_hash_table_lookup(sockets->waiting, &now);
		guint32 index = socket - socket_at(sockets, 0);

		if (!waiting) {
			waiting = g_array_new(FALSE, FALSE, sizeof(guint32));
			g_hash_table_insert(sockets->waiting, g_memdup2(&now, sizeof now), waiting);
		}
		g_array_append_val(waiting, index);
	}
}

/* ---- whose a call is ---- */

Side
sockets_side(const Sockets *sockets, const CallRecord *call)
{
	const Socket *socket = sockets_find(sockets, call->socket);

	if (socket && socket->has_side)
		return socket->side;
	return call->role == ROLE_CLIENT ? SIDE_CLIENT : SIDE_SERVER;
}

static const Socket *
socket_of_call(const Sockets *sockets, const CallRecord *call)
{
	return sockets_find(sockets, call->accepted ? call->accepted : call->socket);
}

/* With whom a call on the socket is: of a datagram the one that it names. */
static const Endpoint *
peer_of_call(const Socket *socket, const CallRecord *call)
{
	return call->address.version == 0 || socket->transport == TRANSPORT_TCP ? &socket->peer
										: &call->address;
}

guint32
sockets_conversation(const Sockets *sockets, const CallRecord *call)
{
	const Socket *socket = socket_of_call(sockets, call);
	guint length = flow_table_length(sockets->flows);

	if (!socket || socket->conversation != CONVERSATION_NONE)
		return socket ? socket->conversation : CONVERSATION_NONE;
	const Endpoint *peer = peer_of_call(socket, call);
	if (peer->version != 0 && !endpoint_is_any(&socket->local))
		return flow_table_find(sockets->flows, socket->transport, &socket->local, peer);
	/* A socket bound to every address tells its own only by what it receives: the newest
	 * conversation of its port with this peer, of the latest few. */
	for (guint i = length; peer->version != 0 && i > 0 && length - i < 64; i--)
		if (side_in(socket, flow_table_get(sockets->flows, i - 1), peer) >= 0)
			return i - 1;
	return CONVERSATION_NONE;
}

gboolean
sockets_in(const Sockets *sockets, const CallRecord *call, guint32 conversation)
{
	const Socket *socket = socket_of_call(sockets, call);

	if (!socket)
		return FALSE;
	if (socket->conversation != CONVERSATION_NONE)
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
sockets_among(const Sockets *sockets, const CallRecord *call, GHashTable *meetings)
{
	const Socket *socket = socket_of_call(sockets, call);
	gpointer found;
	Meeting meeting;

	if (!socket || socket->conversation != CONVERSATION_NONE)
		return socket ? socket->conversation : CONVERSATION_NONE;
	meeting = meeting_make(socket->transport, &socket->local, peer_of_call(socket, call));
	return socket->local.version != 0 &&
		       g_hash_table_lookup_extended(meetings, &meeting, NULL, &found)
		   ? GPOINTER_TO_UINT(found)
		   : CONVERSATION_NONE;
}
