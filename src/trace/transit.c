/* SPDX-License-Identifier: MIT */
#include "pktladder/transit.h"

#include <string.h>

#include "pktladder/i18n.h"
#include "pktladder/timestamp.h"
#include "pktladder/sorted.h"

#define PAYLOAD_BYTES 32 /* of a payload, so that short captures are enough */

/* What no router changes. All of its bytes are compared: zeroed before it is filled. */
typedef struct {
	Endpoint source, destination;
	guint32 ip_id, seq, ack, payload_length, fragment_offset;
	guint16 flags;
	guint8 transport, payload_captured;
	guint8 payload[PAYLOAD_BYTES];
} Key;

typedef struct {
	gint64 time_ns;
	guint32 event;        /* of this capture */
	guint32 conversation; /* likewise */
	guint8 from;
	gboolean taken; /* it has its other half */
} Sighting;

typedef struct {
	GArray *here, *there; /* Sighting */
} Sightings;

/* The differences of a conversation's time stamps, there minus here. */
typedef struct {
	gint64 low[2], high[2]; /* by Side of the sender; low > high: none */
} Differences;

struct _Transits {
	GHashTable *sightings;    /* GBytes of a Key to Sightings */
	GHashTable *differences;  /* conversation to Differences */
	GHashTable *found;        /* event to Transit */
	gint64 first_ns, last_ns; /* of the other capture */
	gint64 clock_ns;
	guint n_there, n_found;
};

static void
sightings_free(gpointer data)
{
	Sightings *sightings = data;

	g_array_unref(sightings->here);
	g_array_unref(sightings->there);
	g_free(sightings);
}

Transits *
transits_new(void)
{
	Transits *transits = g_new0(Transits, 1);

	transits->sightings = g_hash_table_new_full(g_bytes_hash, g_bytes_equal,
						    (GDestroyNotify)g_bytes_unref, sightings_free);
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
	g_hash_table_unref(transits->sightings);
	g_hash_table_unref(transits->differences);
	g_hash_table_unref(transits->found);
	g_free(transits);
}

/* Adding. */

static Sightings *
sightings_of(Transits *transits, const Packet *packet, const Facts *facts)
{
	g_autoptr(GBytes) bytes = NULL;
	Key key;

	memset(&key, 0, sizeof key);
	key.source = facts->source;
	key.destination = facts->destination;
	key.ip_id = facts->ip_id;
	key.fragment_offset = facts->fragment_offset;
	key.payload_length = facts->payload_length;
	key.transport = facts->transport;
	if (facts->transport == TRANSPORT_TCP) {
		key.seq = facts->tcp.seq;
		key.ack = facts->tcp.ack;
		key.flags = facts->tcp.flags;
	} else {
		key.payload_captured = MIN(facts->payload_captured, PAYLOAD_BYTES);
		memcpy(key.payload, packet->data + facts->payload_offset, key.payload_captured);
	}
	bytes = g_bytes_new(&key, sizeof key);
	Sightings *sightings = g_hash_table_lookup(transits->sightings, bytes);
	if (sightings)
		return sightings;
	sightings = g_new0(Sightings, 1);
	sightings->here = g_array_new(FALSE, FALSE, sizeof(Sighting));
	sightings->there = g_array_new(FALSE, FALSE, sizeof(Sighting));
	g_hash_table_insert(transits->sightings, g_steal_pointer(&bytes), sightings);
	return sightings;
}

void
transits_add_here(Transits *transits, guint32 event, guint32 conversation, Side from,
		  const Packet *packet, const Facts *facts)
{
	Sighting sighting = { packet->time_ns, event, conversation, from, FALSE };

	if (facts->has_transport_header && conversation != CONVERSATION_NONE)
		g_array_append_val(sightings_of(transits, packet, facts)->here, sighting);
}

void
transits_add_there(Transits *transits, const Packet *packet, const Facts *facts)
{
	Sighting sighting = { .time_ns = packet->time_ns };

	transits->first_ns = MIN(transits->first_ns, packet->time_ns);
	transits->last_ns = MAX(transits->last_ns, packet->time_ns);
	if (!facts->has_transport_header)
		return;
	transits->n_there++;
	g_array_append_val(sightings_of(transits, packet, facts)->there, sighting);
}

/* The clocks. */

/* From the packets of which there is one in each. */
static void
differences_find(Transits *transits)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, transits->sightings);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const Sightings *sightings = value;
		const Sighting *here, *there;
		Differences *of;
		gint64 difference;

		if (sightings->here->len != 1 || sightings->there->len != 1)
			continue;
		here = &g_array_index(sightings->here, Sighting, 0);
		there = &g_array_index(sightings->there, Sighting, 0);
		of = g_hash_table_lookup(transits->differences,
					 GUINT_TO_POINTER(here->conversation));
		if (!of) {
			of = g_new(Differences, 1);
			*of =
			    (Differences){ { G_MAXINT64, G_MAXINT64 }, { G_MININT64, G_MININT64 } };
			g_hash_table_insert(transits->differences,
					    GUINT_TO_POINTER(here->conversation), of);
		}
		difference = timestamp_between(here->time_ns, there->time_ns);
		of->low[here->from] = MIN(of->low[here->from], difference);
		of->high[here->from] = MAX(of->high[here->from], difference);
	}
}

/* The side that is at this end: its packets are seen here first. Of one direction only,
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

static int
sighting_compare(gconstpointer a, gconstpointer b)
{
	const Sighting *one = a, *two = b;

	return SORTED_ORDER(one->time_ns, two->time_ns);
}

/* All of one key go the same way: they have the same sender. Those sent before an
 * arrival, and not taken yet, are on a pile, the latest one on top. */
static void
pairs_find(Transits *transits, Sightings *sightings)
{
	const Sighting *first = &g_array_index(sightings->here, Sighting, 0);
	int near = near_side(transits, first->conversation);
	gboolean leaves = near == first->from;
	GArray *sent = leaves ? sightings->here : sightings->there;
	GArray *arrivals = leaves ? sightings->there : sightings->here;
	gint64 clock_ns = leaves ? timestamp_between(transits->clock_ns, 0) : transits->clock_ns;
	g_autoptr(GPtrArray) pile = g_ptr_array_new();

	if (near < 0)
		return;
	g_array_sort(sent, sighting_compare);
	g_array_sort(arrivals, sighting_compare);
	for (guint i = 0, next = 0; i < arrivals->len; i++) {
		Sighting *arrival = &g_array_index(arrivals, Sighting, i), *latest;
		Transit transit;

		for (; next < sent->len && g_array_index(sent, Sighting, next).time_ns <=
					       timestamp_plus(arrival->time_ns, clock_ns);
		     next++)
			g_ptr_array_add(pile, &g_array_index(sent, Sighting, next));
		if (pile->len == 0)
			continue;
		latest = g_ptr_array_steal_index(pile, pile->len - 1);
		latest->taken = arrival->taken = TRUE;
		transits->n_found++;
		transit = (Transit){ leaves ? TRANSIT_LEAVES : TRANSIT_ARRIVES,
				     timestamp_between(transits->clock_ns,
						       (leaves ? arrival : latest)->time_ns) };
		g_hash_table_insert(transits->found,
				    GUINT_TO_POINTER((leaves ? latest : arrival)->event),
				    g_memdup2(&transit, sizeof transit));
	}
}

/* What left here while the other end captured, and was not seen there. */
static void
lost_find(Transits *transits, const Sightings *sightings)
{
	for (guint i = 0; i < sightings->here->len; i++) {
		const Sighting *here = &g_array_index(sightings->here, Sighting, i);
		gint64 time_ns = timestamp_plus(here->time_ns, transits->clock_ns);
		Transit lost = { .way = TRANSIT_LOST };

		if (!here->taken && near_side(transits, here->conversation) == here->from &&
		    time_ns >= transits->first_ns && time_ns <= transits->last_ns)
			g_hash_table_insert(transits->found, GUINT_TO_POINTER(here->event),
					    g_memdup2(&lost, sizeof lost));
	}
}

const char *
transits_match(Transits *transits)
{
	GHashTableIter iter;
	gpointer value;

	differences_find(transits);
	if (g_hash_table_size(transits->differences) == 0)
		return N_(
		    "no packet is in both captures. The other one has to be of the same packets, "
		    "taken at the other end of the way; network cards that cut or join segments "
		    "change them (ethtool -K INTERFACE gso off tso off gro off)");
	const char *problem = clock_find(transits);
	if (problem)
		return problem;
	g_hash_table_iter_init(&iter, transits->sightings);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		Sightings *sightings = value;

		if (sightings->here->len == 0)
			continue;
		pairs_find(transits, sightings);
		lost_find(transits, sightings);
	}
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
