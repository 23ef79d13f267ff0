/* SPDX-License-Identifier: MIT */
/* flow.c - the table of conversations.
 *
 * Theory of operation
 *
 * Conversations live in an array, in the order in which they began; an index into it is a
 * conversation's name for everyone else. The hash table leads from an unordered pair of endpoints
 * to the newest conversation between them: its keys are the conversations themselves, so a key
 * costs nothing, and port reuse replaces the old conversation there while the array keeps it.
 * Nearly all packets belong to conversations that were met lately: those are kept in front of it,
 * each in the one place that its pair's hash names.
 *
 * Which end is the client is decided once, by the first packet, since lanes must not swap later.
 */
#include <string.h>

#include "history.h"
#include "pktladder/flow.h"

/* A conversation's packets over its time: buckets of a microsecond to begin with, whose counts
 * never get to ACTIVITY_FULL, so that two of them fit into one. */
#define ACTIVITY_FIRST_SHIFT 10
#define ACTIVITY_FULL        (1u << 15)

/* First fragments that are remembered: as many as IPv4 has identifications. */
#define FRAGMENTS_MAX 65536

/* What fragments of one datagram share (RFC 791 3.2, RFC 8200 4.5). */
typedef struct {
	Endpoint source, destination; /* without ports */
	guint32 id, protocol;
} FragmentKey;

typedef struct {
	FragmentKey key;
	guint32 conversation;
	guint8 from;
} Fragment;

/* A conversation that is the newest one of its pair; NULL: none. */
typedef struct {
	Conversation *conversation;
	guint32 index;
} Recent;

#define RECENT_BITS 12

struct _FlowTable {
	GPtrArray *conversations; /* of Conversation, by index */
	GHashTable *newest;       /* Conversation to its index */
	GHashTable *fragments;    /* set of Fragment */
	guint32 streams[N_TRANSPORTS];
	guint32 limit;  /* as many conversations have an index */
	gboolean hides; /* packets that carry others, compressed, were added */
	VerdictVersion verdicts;
	Recent recent[1 << RECENT_BITS]; /* by the first bits of the pair's hash */
};

/* The table of pairs ---------------------------------------------------------- */

/* As endpoint_equal(), which is a call: each packet has to be compared. */
static inline gboolean
is_same(const Endpoint *a, const Endpoint *b)
{
	guint64 x[2], y[2];

	memcpy(x, a->address, sizeof(x));
	memcpy(y, b->address, sizeof(y));
	return x[0] == y[0] && x[1] == y[1] && a->port == b->port && a->version == b->version;
}

/* The side that `source` is, or -1 where the pair is another. */
static inline int
pair_side(const Conversation *c, Transport transport, const Endpoint *source,
	  const Endpoint *destination)
{
	const Endpoint *client = &c->endpoint[SIDE_CLIENT], *server = &c->endpoint[SIDE_SERVER];

	if (c->transport != transport)
		return -1;
	if (is_same(client, source) && is_same(server, destination))
		return SIDE_CLIENT;
	return is_same(client, destination) && is_same(server, source) ? SIDE_SERVER : -1;
}

static guint
conversation_hash(gconstpointer key)
{
	const Conversation *c = key;
	/* The sum does not depend on the order of the ends. */
	guint64 hash = endpoint_hash(&c->endpoint[0]) + endpoint_hash(&c->endpoint[1]);

	hash += c->transport;
	return (guint)((hash ^ (hash >> 32)) * ENDPOINT_SPREAD >> 32);
}

static gboolean
conversation_equal(gconstpointer a, gconstpointer b)
{
	const Conversation *c = a;

	return pair_side(b, c->transport, &c->endpoint[0], &c->endpoint[1]) >= 0;
}

static guint
fragment_hash(gconstpointer fragment)
{
	const FragmentKey *key = fragment;
	guint64 hash = endpoint_hash(&key->source) * 3 + endpoint_hash(&key->destination);

	return (guint)((hash ^ key->id) * ENDPOINT_SPREAD >> 32);
}

static gboolean
fragment_equal(gconstpointer a, gconstpointer b)
{
	return memcmp(a, b, sizeof(FragmentKey)) == 0;
}

/* A conversation and its history, side by side: each packet needs both. */
typedef struct {
	Conversation conversation;
	struct _TcpTrackState state; /* only where it is TCP */
} TcpConversation;

static void
conversation_free(gpointer conversation)
{
	Conversation *c = conversation;

	if (c->tcp.state)
		track_state_clear(c->tcp.state);
	g_free(c);
}

FlowTable *
flow_table_new(void)
{
	FlowTable *table = g_new0(FlowTable, 1);

	table->limit = CONVERSATION_NONE;
	table->conversations = g_ptr_array_new_with_free_func(conversation_free);
	table->newest = g_hash_table_new(conversation_hash, conversation_equal);
	table->fragments = g_hash_table_new_full(fragment_hash, fragment_equal, g_free, NULL);
	return table;
}

FlowTable *
flow_table_new_like(const FlowTable *table)
{
	FlowTable *other = flow_table_new();

	other->verdicts = table->verdicts;
	return other;
}

void
flow_table_free(FlowTable *table)
{
	g_hash_table_unref(table->fragments);
	g_hash_table_unref(table->newest);
	g_ptr_array_unref(table->conversations);
	g_free(table);
}

void
flow_table_set_limit(FlowTable *table, guint32 limit)
{
	table->limit = MIN(limit, CONVERSATION_NONE);
}

void
flow_table_set_verdicts(FlowTable *table, VerdictVersion version)
{
	table->verdicts = version;
}

guint
flow_table_length(const FlowTable *table)
{
	return table->conversations->len;
}

/* In the table of pairs a conversation is a key, a value and a hash, and some are free. */
guint64
flow_table_memory(const FlowTable *table)
{
	return (guint64)table->conversations->len * (sizeof(TcpConversation) + 64);
}

static Conversation *
table_get(const FlowTable *table, guint32 index)
{
	return g_ptr_array_index(table->conversations, index);
}

const Conversation *
flow_table_get(const FlowTable *table, guint32 index)
{
	g_return_val_if_fail(index < table->conversations->len, NULL);
	return table_get(table, index);
}

guint32
flow_table_find(const FlowTable *table, Transport transport, const Endpoint *a, const Endpoint *b)
{
	Conversation key = { .transport = transport, .endpoint = { *a, *b } };
	gpointer index;

	if (!g_hash_table_lookup_extended(table->newest, &key, NULL, &index))
		return CONVERSATION_NONE;
	return GPOINTER_TO_UINT(index);
}

/* Conversations --------------------------------------------------------------- */

/* Spreads less than conversation_hash(), but takes a third of its time: where two pairs want one
 * place, the table knows. */
static inline Recent *
recent_place(FlowTable *table, Transport transport, const Endpoint *a, const Endpoint *b)
{
	guint64 x[2], y[2], ports = (guint64)a->port + b->port + ((guint64)transport << 32);

	memcpy(x, a->address, sizeof(x));
	memcpy(y, b->address, sizeof(y));
	return &table->recent[((x[0] + y[0] + (x[1] + y[1]) * 3 + ports * ENDPOINT_SPREAD) *
			       ENDPOINT_SPREAD) >>
			      (64 - RECENT_BITS)];
}

/* With a first packet from `source` to `destination`; `flags` are its TCP flags where they are
 * known, else 0. */
static guint32
conversation_begin(FlowTable *table, Transport transport, const Endpoint *source,
		   const Endpoint *destination, guint16 flags)
{
	Conversation *c;
	guint32 index = table->conversations->len;
	Side from = SIDE_CLIENT;

	if (transport == TRANSPORT_TCP) {
		TcpConversation *both = g_new0(TcpConversation, 1);

		c = &both->conversation;
		c->tcp.state = &both->state;
		track_state_init(&both->state, table->verdicts);
		both->state.itself = is_same(source, destination);
		c->client_guessed = !(flags & TCP_SYN);
		if (flags & TCP_SYN ? flags & TCP_ACK : source->port < destination->port)
			from = SIDE_SERVER;
	} else {
		c = g_new0(Conversation, 1);
	}
	c->transport = transport;
	c->stream = table->streams[transport]++;
	c->endpoint[from] = *source;
	c->endpoint[!from] = *destination;
	c->activity.shift = ACTIVITY_FIRST_SHIFT;
	*recent_place(table, transport, source, destination) = (Recent){ c, index };
	g_ptr_array_add(table->conversations, c);
	g_hash_table_replace(table->newest, c, GUINT_TO_POINTER(index));
	return index;
}

/* Finds or begins it, and says which side `source` is. NULL where there is no index left. */
static inline Conversation *
conversation_join(FlowTable *table, Transport transport, const Endpoint *source,
		  const Endpoint *destination, guint16 flags, FlowResult *result)
{
	enum { LINE = 64 };
	Recent *recent = recent_place(table, transport, source, destination);
	int side = -1;

	if (recent->conversation) {
		/* The conversation is not in the nearest cache, for another one's packet came
		 * before: its parts are sent for together, rather than waited for one by one. */
#pragma GCC unroll 16
		for (gsize at = LINE; at < sizeof(TcpConversation); at += LINE)
			__builtin_prefetch((const char *)recent->conversation + at);
		side = pair_side(recent->conversation, transport, source, destination);
	}
	if (side < 0) {
		guint32 index = flow_table_find(table, transport, source, destination);

		result->is_new = index == CONVERSATION_NONE;
		if (result->is_new && table->conversations->len >= table->limit) {
			result->is_new = FALSE;
			return NULL;
		}
		if (result->is_new)
			index = conversation_begin(table, transport, source, destination, flags);
		*recent = (Recent){ table_get(table, index), index };
		side = pair_side(recent->conversation, transport, source, destination);
	}
	result->conversation = recent->index;
	result->from = (Side)side;
	return recent->conversation;
}

static void
activity_halve(Activity *activity)
{
	for (guint i = 0; i < ACTIVITY_BUCKETS; i++)
		activity->bucket[i] = (activity->bucket[i] + 1) / 2; /* something stays something */
	activity->scale++;
}

/* Where a count of its activity stands for several packets, it is each n-th that counts. */
static void
conversation_count(Conversation *c, Side from, const Facts *facts, gint64 time_ns)
{
	Activity *activity = &c->activity;
	guint64 age_ns = timestamp_span(c->first_time_ns, time_ns);

	c->packets[from]++;
	c->bytes[from] += facts->payload_length;
	c->fragments += facts->more_fragments || facts->fragment_offset > 0;
	if (G_LIKELY(time_ns != 0 || c->first_time_ns <= TIME_REAL_NS))
		c->earliest_time_ns = MIN(c->earliest_time_ns, time_ns);
	c->last_time_ns = MAX(c->last_time_ns, time_ns);
	/* Where it has no room, each two neighbours become one, of twice the width. */
	while (G_UNLIKELY(age_ns >> activity->shift >= ACTIVITY_BUCKETS)) {
		guint16 most = 0;

		for (guint i = 0; i < ACTIVITY_BUCKETS / 2; i++) {
			activity->bucket[i] = activity->bucket[2 * i] + activity->bucket[2 * i + 1];
			most = MAX(most, activity->bucket[i]);
		}
		for (guint i = ACTIVITY_BUCKETS / 2; i < ACTIVITY_BUCKETS; i++)
			activity->bucket[i] = 0;
		activity->shift++;
		if (most >= ACTIVITY_FULL)
			activity_halve(activity);
	}
	guint bucket = age_ns >> activity->shift;
	activity->bucket[bucket] +=
	    ((c->packets[0] + c->packets[1]) & ((1u << activity->scale) - 1)) == 0;
	if (G_UNLIKELY(activity->bucket[bucket] >= ACTIVITY_FULL))
		activity_halve(activity);
}

/* Fragments ------------------------------------------------------------------- */

static FragmentKey
fragment_key(const Facts *facts)
{
	FragmentKey key = { facts->source, facts->destination, facts->ip_id, facts->ip_protocol };

	key.source.port = key.destination.port = 0;
	return key;
}

/* The first fragment of the packet's datagram; NULL where it is no later one, or none is known. */
static const Fragment *
fragment_first(const FlowTable *table, const Facts *facts)
{
	FragmentKey key = fragment_key(facts);

	return facts->kind == KIND_FRAGMENT || facts->fragment_offset > 0
		   ? g_hash_table_lookup(table->fragments, &key)
		   : NULL;
}

/* Packets --------------------------------------------------------------------- */

/* What is not decoded of these is a packet, which may be any conversation's. */
static gboolean
is_compressed(const Facts *facts)
{
	static const struct {
		NumberSpace space;
		guint16 number;
	} kinds[] = {
		{ NUMBER_IP_PROTOCOL, 108 }, /* IPComp, RFC 3173 */
		{ NUMBER_IP_PROTOCOL, 142 }, /* ROHC, RFC 5858 */
		{ NUMBER_PPP, 0x0003 },      /* ROHC, RFC 3241 */
		{ NUMBER_PPP, 0x002d },      /* Van Jacobson's headers, RFC 1144 */
		{ NUMBER_PPP, 0x002f },      { NUMBER_PPP, 0x00fb }, /* RFC 1962 */
		{ NUMBER_PPP, 0x00fd },
	};
	NumberSpace space;
	guint16 number;

	unsupported_number(facts, &space, &number);
	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (kinds[i].space == space && kinds[i].number == number)
			return TRUE;
	return FALSE;
}

static void
add_icmp_error(FlowTable *table, const IcmpFacts *icmp, FlowResult *result)
{
	if (icmp->quoted_transport == TRANSPORT_NONE)
		return;
	/* A quote that is too short to show what it belongs to joins a conversation but
	 * begins none, so that streams are counted as tshark counts them. */
	if (icmp->quoted_length < (icmp->quoted_transport == TRANSPORT_TCP ? 16 : 8) &&
	    flow_table_find(table, icmp->quoted_transport, &icmp->quoted_source,
			    &icmp->quoted_destination) == CONVERSATION_NONE)
		return;
	Conversation *c = conversation_join(table, icmp->quoted_transport, &icmp->quoted_source,
					    &icmp->quoted_destination, 0, result);

	if (!c)
		return;
	result->from = !result->from; /* the error goes back to the sender of what it quotes */
	/* RFC 792, RFC 4443: unreachable or time exceeded, but not "fragmentation needed" */
	c->unreachable |= result->from == SIDE_SERVER &&
			  (icmp->quoted_source.version == 6
			       ? icmp->type == 1 || icmp->type == 3
			       : icmp->type == 11 || (icmp->type == 3 && icmp->code != 4));
}

/* A segment or a datagram. */
static void
add_packet(FlowTable *table, const Facts *facts, gint64 time_ns, guint32 frame, FlowResult *result)
{
	Conversation *c = conversation_join(table, facts->transport, &facts->source,
					    &facts->destination, facts->tcp.flags, result);

	if (!c || facts->transport != TRANSPORT_TCP)
		return;
	if (tcp_track_is_reuse(&c->tcp, facts, result->from) &&
	    table->conversations->len < table->limit) {
		result->conversation = conversation_begin(table, TRANSPORT_TCP, &facts->source,
							  &facts->destination, facts->tcp.flags);
		c = table_get(table, result->conversation);
		result->from = facts->tcp.flags & TCP_ACK ? SIDE_SERVER : SIDE_CLIENT;
		result->is_new = TRUE;
		c->tcp.state->reused = TRUE;
		if (!(c->tcp.state->rules & RULE_FIRST_COUNTS))
			c->tcp.state->completeness = COMPLETE_SYN;
	}
	tcp_track_add(&c->tcp, facts, result->from, time_ns, frame, &result->verdict);
	if (G_UNLIKELY(table->hides) && result->verdict.evidence == EVIDENCE_NONE &&
	    result->verdict.flags & (VERDICT_LOST_SEGMENT | VERDICT_ACK_LOST_SEGMENT))
		result->verdict.evidence = EVIDENCE_HIDDEN;
	/* What a table of conversations tells of TCP; every segment pays for it. */
	if (G_UNLIKELY(result->verdict.flags != 0)) {
		c->retransmissions += (result->verdict.flags & VERDICT_RETRANSMISSION) &&
				      !evidence_is_of_copy(result->verdict.evidence);
		c->zero_windows += (result->verdict.flags & VERDICT_ZERO_WINDOW) != 0;
	}
	if (G_UNLIKELY(facts->tcp.flags & TCP_RST))
		c->resets += facts->tcp.header_length >= TCP_HEADER_LEAST;
	if ((facts->tcp.flags & (TCP_SYN | TCP_RST | TCP_FIN)) == TCP_FIN &&
	    c->fin_frame[result->from] == 0 && facts->tcp.header_length >= TCP_HEADER_LEAST) {
		c->fin_frame[result->from] = frame;
		c->tcp.state->direction[result->from].fin_first =
		    result->verdict.seq + facts->payload_length;
	}
}

void
flow_table_add(FlowTable *table, const Facts *facts, gint64 time_ns, guint32 frame,
	       FlowResult *result)
{
	*result = (FlowResult){ .conversation = CONVERSATION_NONE };
	if (facts->kind == KIND_FRAGMENT || facts->fragment_offset > 0) {
		const Fragment *first = fragment_first(table, facts);

		if (first) {
			result->conversation = first->conversation;
			result->from = first->from;
		}
	} else if (facts->kind == KIND_ICMP_ERROR) {
		add_icmp_error(table, &facts->icmp, result);
	} else if (facts->has_transport_header) {
		add_packet(table, facts, time_ns, frame, result);
	} else if (facts->status == DECODE_UNSUPPORTED && !table->hides) {
		table->hides = is_compressed(facts);
	}
	if (result->conversation == CONVERSATION_NONE)
		return;
	Conversation *c = table_get(table, result->conversation);
	if (result->is_new)
		c->first_frame = frame;
	c->last_frame = frame;
	gboolean is_copy = evidence_is_of_copy(result->verdict.evidence);
	gboolean counts = !is_copy && facts->kind != KIND_ICMP_ERROR;
	gboolean is_first = c->packets[0] + c->packets[1] == 0;
	/* What was before did not count, or had no time. */
	gboolean begins = is_first || (c->earliest_time_ns == 0 && time_ns > TIME_REAL_NS);
	if (G_UNLIKELY(result->is_new || (counts && begins)))
		c->first_time_ns = c->earliest_time_ns = c->last_time_ns = time_ns;
	if (G_LIKELY(counts))
		conversation_count(c, result->from, facts, time_ns);
	c->copies += is_copy;
	if (facts->more_fragments && facts->fragment_offset == 0) {
		Fragment fragment = { fragment_key(facts), result->conversation, result->from };

		if (g_hash_table_size(table->fragments) >= FRAGMENTS_MAX)
			g_hash_table_remove_all(table->fragments);
		g_hash_table_add(table->fragments, g_memdup2(&fragment, sizeof fragment));
	}
}

void
flow_table_add_copy(FlowTable *table, const Facts *facts, gint64 time_ns, guint32 frame,
		    guint32 copy_of, FlowResult *result)
{
	const Fragment *first = fragment_first(table, facts);
	guint32 index =
	    first ? first->conversation
		  : flow_table_find(table, facts->transport, &facts->source, &facts->destination);
	Conversation *c = index == CONVERSATION_NONE ? NULL : table_get(table, index);
	Conversation before = c ? *c : (Conversation){ 0 };
	struct _TcpTrackState *kept = before.tcp.state ? track_plain_keep(before.tcp.state) : NULL;

	flow_table_add(table, facts, time_ns, frame, result);
	if (c) {
		*c = before;
		c->copies++;
		c->last_frame = frame;
	}
	if (kept)
		track_plain_restore(before.tcp.state, kept, &result->verdict);
	result->verdict.evidence = EVIDENCE_COPY;
	result->verdict.repeats_frame = copy_of;
}
