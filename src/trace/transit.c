/* SPDX-License-Identifier: MIT */
#include "pktladder/transit.h"

#include <string.h>

#include "pktladder/timestamp.h"
#include "pktladder/sorted.h"
#include "pktladder/flow.h"

#define PAYLOAD_BYTES 32 /* of a payload, so that short captures are enough */

/* What no router changes. All of its bytes are compared: zeroed before it is filled. */
typedef struct {
	Endpoint source, destination;
	guint32 ip_id, seq, ack, payload_length, fragment_offset;
	guint16 flags;
	guint8 transport, payload_captured;
	guint8 payload[PAYLOAD_BYTES];
} Key;

/* A packet, in this capture or there. */
typedef struct {
	Key key;
	gint64 time_ns;
	gboolean is_there;
	guint32 event, conversation; /* of this capture */
	guint8 from;
	gboolean taken; /* it has its other half */
} Sighting;

/* The differences of a conversation's time stamps, there minus here. */
typedef struct {
	gint64 low[2], high[2]; /* by Side of the sender; low > high: none */
} Differences;

struct _Transits {
	GArray *sightings;        /* Sighting; once matched by key, the ones here first, by time */
	GHashTable *differences;  /* conversation to Differences */
	GHashTable *found;        /* event to Transit */
	gint64 first_ns, last_ns; /* of the other capture */
	gint64 clock_ns;
	guint n_there, n_found;
};

Transits *
transits_new(void)
{
	Transits *transits = g_new0(Transits, 1);

	transits->sightings = g_array_new(FALSE, FALSE, sizeof(Sighting));
	transits->differences = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	transits->found = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	transits->first_ns = G_MAXINT64;
	transits->last_ns = G_MININT64;
	return transits;
}

void
transits_free(Transits *transits)
{
	if (!transits)
		return;
	g_array_unref(transits->sightings);
	g_hash_table_unref(transits->differences);
	g_hash_table_unref(transits->found);
	g_free(transits);
}

/* Adding. */

static void
sighting_add(Transits *transits, Sighting sighting, const Packet *packet, const Facts *facts)
{
	Key *key = &sighting.key;

	memset(key, 0, sizeof *key);
	key->source = facts->source;
	key->destination = facts->destination;
	key->ip_id = facts->ip_id;
	key->fragment_offset = facts->fragment_offset;
	key->payload_length = facts->payload_length;
	key->transport = facts->transport;
	if (facts->transport == TRANSPORT_TCP) {
		key->seq = facts->tcp.seq;
		key->ack = facts->tcp.ack;
		key->flags = facts->tcp.flags;
	} else {
		key->payload_captured = MIN(facts->payload_captured, PAYLOAD_BYTES);
		memcpy(key->payload, packet->data + facts->payload_offset, key->payload_captured);
	}
	sighting.time_ns = packet->time_ns;
	g_array_append_val(transits->sightings, sighting);
}

void
transits_add_here(Transits *transits, guint32 event, guint32 conversation, Side from,
		  const Packet *packet, const Facts *facts)
{
	Sighting sighting = { .event = event, .conversation = conversation, .from = from };

	if (facts->has_transport_header && conversation != CONVERSATION_NONE)
		sighting_add(transits, sighting, packet, facts);
}

void
transits_add_there(Transits *transits, const Packet *packet, const Facts *facts)
{
	transits->first_ns = MIN(transits->first_ns, packet->time_ns);
	transits->last_ns = MAX(transits->last_ns, packet->time_ns);
	if (!facts->has_transport_header)
		return;
	transits->n_there++;
	sighting_add(transits, (Sighting){ .is_there = TRUE }, packet, facts);
}

/* Packets of one look. */

typedef struct {
	Sighting *here, *there; /* by time */
	guint n_here, n_there;
} Group;

static int
sighting_compare(gconstpointer a, gconstpointer b)
{
	const Sighting *one = a, *two = b;
	int order = memcmp(&one->key, &two->key, sizeof one->key);

	if (order == 0)
		order = one->is_there - two->is_there;
	return order != 0 ? order : SORTED_ORDER(one->time_ns, two->time_ns);
}

/* The group that begins at *at, which goes on to the next one; FALSE where there is none. */
static gboolean
group_next(const Transits *transits, guint *at, Group *group)
{
	guint n = transits->sightings->len;
	Sighting *first = &g_array_index(transits->sightings, Sighting, *at), *next = first;

	*group = (Group){ .here = first };
	for (; *at < n && memcmp(&next->key, &first->key, sizeof first->key) == 0;
	     next++, (*at)++) {
		group->n_here += !next->is_there;
		group->n_there += next->is_there;
	}
	group->there = first + group->n_here;
	return next > first;
}

/* The clocks. */

/* Learns from a packet of which there is one in each capture. */
static void
differences_take(Transits *transits, const Group *group)
{
	gpointer conversation = GUINT_TO_POINTER(group->here->conversation);
	gint64 difference = timestamp_between(group->here->time_ns, group->there->time_ns);
	Differences *of = g_hash_table_lookup(transits->differences, conversation);
	Side from = group->here->from;

	if (!of) {
		of = g_new(Differences, 1);
		*of = (Differences){ { G_MAXINT64, G_MAXINT64 }, { G_MININT64, G_MININT64 } };
		g_hash_table_insert(transits->differences, conversation, of);
	}
	of->low[from] = MIN(of->low[from], difference);
	of->high[from] = MAX(of->high[from], difference);
}

/* The side that is at this end: its packets are seen here first. Where one direction only was seen,
 * by the clocks as they are. Where no packet of a conversation is the only one of its looks,
 * nothing tells which end this is: -1, and none of them is found. */
static int
near_side(const Transits *transits, guint32 conversation)
{
	const Differences *of =
	    g_hash_table_lookup(transits->differences, GUINT_TO_POINTER(conversation));
	gint64 clock_ns = transits->clock_ns;

	if (!of)
		return -1;
	if (of->low[SIDE_CLIENT] > of->high[SIDE_CLIENT])
		return of->low[SIDE_SERVER] >= clock_ns ? SIDE_SERVER : SIDE_CLIENT;
	if (of->low[SIDE_SERVER] > of->high[SIDE_SERVER])
		return of->low[SIDE_CLIENT] >= clock_ns ? SIDE_CLIENT : SIDE_SERVER;
	return of->low[SIDE_CLIENT] >= of->high[SIDE_SERVER] ? SIDE_CLIENT : SIDE_SERVER;
}

/* NULL, or why there is no difference of the clocks that all can have. */
static const char *
clock_find(Transits *transits)
{
	gint64 leaves = G_MAXINT64, arrives = G_MININT64;
	GHashTableIter iter;
	gpointer key, value;

	g_hash_table_iter_init(&iter, transits->differences);
	while (g_hash_table_iter_next(&iter, &key, &value)) {
		const Differences *of = value;
		Side near = near_side(transits, GPOINTER_TO_UINT(key));

		leaves = MIN(leaves, of->low[near]);
		arrives = MAX(arrives, of->high[!near]);
	}
	if (leaves < arrives)
		return N_("the two captures do not fit together: however the clocks are set, some "
			  "packet arrives before it was sent. Were they taken at the two ends?");
	if (leaves == arrives)
		return N_("no packet took any time between the two captures: both were taken at "
			  "one place");
	if (leaves == G_MAXINT64 || arrives == G_MININT64 || (arrives <= 0 && leaves >= 0))
		return NULL;
	transits->clock_ns = timestamp_plus(arrives, timestamp_between(arrives, leaves) / 2);
	return NULL;
}

/* Pairs. */

static void
found_add(Transits *transits, const Sighting *here, TransitWay way, gint64 other_ns)
{
	Transit transit = { way, other_ns };

	g_hash_table_insert(transits->found, GUINT_TO_POINTER(here->event),
			    g_memdup2(&transit, sizeof transit));
}

/* Packets of one look go the same way: they have the same sender. What was sent before an
 * arrival, and not taken yet, is on a pile, the latest one on top. */
static void
pairs_find(Transits *transits, const Group *group)
{
	int near = near_side(transits, group->here->conversation);
	gboolean leaves = near == group->here->from;
	Sighting *sent = leaves ? group->here : group->there;
	Sighting *arrivals = leaves ? group->there : group->here;
	guint n_sent = leaves ? group->n_here : group->n_there;
	guint n_arrivals = leaves ? group->n_there : group->n_here;
	gint64 clock_ns = leaves ? timestamp_between(transits->clock_ns, 0) : transits->clock_ns;
	g_autoptr(GPtrArray) pile = g_ptr_array_new();

	if (near < 0)
		return;
	for (guint i = 0, next = 0; i < n_arrivals; i++) {
		Sighting *arrival = &arrivals[i], *latest;

		while (next < n_sent &&
		       sent[next].time_ns <= timestamp_plus(arrival->time_ns, clock_ns))
			g_ptr_array_add(pile, &sent[next++]);
		if (pile->len == 0)
			continue;
		latest = g_ptr_array_steal_index(pile, pile->len - 1);
		latest->taken = arrival->taken = TRUE;
		transits->n_found++;
		found_add(
		    transits, leaves ? latest : arrival, leaves ? TRANSIT_LEAVES : TRANSIT_ARRIVES,
		    timestamp_between(transits->clock_ns, (leaves ? arrival : latest)->time_ns));
	}
	/* What left here while the other end captured, and was not seen there. */
	for (guint i = 0; leaves && i < n_sent; i++) {
		gint64 time_ns = timestamp_plus(sent[i].time_ns, transits->clock_ns);

		if (!sent[i].taken && time_ns >= transits->first_ns && time_ns <= transits->last_ns)
			found_add(transits, &sent[i], TRANSIT_LOST, 0);
	}
}

const char *
transits_match(Transits *transits)
{
	Group group;

	g_array_sort(transits->sightings, sighting_compare);
	for (guint at = 0; group_next(transits, &at, &group);)
		if (group.n_here == 1 && group.n_there == 1)
			differences_take(transits, &group);
	if (g_hash_table_size(transits->differences) == 0)
		return N_(
		    "no packet is in both captures. The other one has to be of the same packets, "
		    "taken at the other end of the way; network cards that cut or join segments "
		    "change them (ethtool -K INTERFACE gso off tso off gro off)");
	const char *problem = clock_find(transits);
	if (problem)
		return problem;
	for (guint at = 0; group_next(transits, &at, &group);)
		if (group.n_here > 0)
			pairs_find(transits, &group);
	return NULL;
}

/* Asking. */

Transit
transits_get(const Transits *transits, guint32 event)
{
	const Transit *transit = g_hash_table_lookup(transits->found, GUINT_TO_POINTER(event));

	return transit ? *transit : (Transit){ .way = TRANSIT_UNKNOWN };
}

guint
transits_only_there(const Transits *transits)
{
	return transits->n_there - transits->n_found;
}

gint64
transits_clock_ns(const Transits *transits)
{
	return transits->clock_ns;
}
