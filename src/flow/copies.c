/* SPDX-License-Identifier: MIT */
/* copies.c - packets that were captured more than once.
 *
 * Theory of operation
 *
 * A capture of several interfaces (-i any, both ports of a bridge), of a port that mirrors both
 * ways or of a router on a stick has packets twice or more. A copy has all that its sender wrote:
 * it is told by all fields of a TCP header but the checksum, which may be left to hardware at the
 * one place and filled in at the other, and of everything else by length and digest. It comes
 * within COPY_MAX_NS, and from another place, or else with the same IP id of a sender that counts
 * them. A place where the packet was captured before is one where it was sent once more.
 *
 * Nearly no capture has any, and all would pay for looking. So TCP is looked at among the first
 * packets, where link headers or the file tell of several interfaces, from the first copy on, and
 * for a while where a segment's bytes came twice so soon.
 */
#include "pktladder/copies.h"

#include <string.h>

#include "pktladder/timestamp.h"

/* What a packet's copy has in common with it, up to `link`; and what tells them apart. */
typedef struct {
	guint8
	    header[offsetof(TcpFacts, checksum)]; /* seq to header_length; zeros of all but TCP */
	guint16 checksum;
	guint32 length, id;   /* IP's */
	guint8 timestamps[8]; /* as TCP's option has them */
	guint64 digest;
	Endpoint source, destination;
	guint8 link[16];
	guint32 interface, frame;
	gint64 time_ns;
} Sighting;

struct _Copies {
	guint patience; /* for so many packets copies are expected, if none comes */
	guint32 n;
	Sighting
	    latest[COPIES_NEAR]; /* of packets that are no copies: the n-th at n % COPIES_NEAR */
};

Copies *
copies_new(void)
{
	Copies *copies = g_new0(Copies, 1);

	copies_expect(copies);
	return copies;
}

void
copies_free(Copies *copies)
{
	g_free(copies);
}

/* Without an id, a multicast may have been sent into each of several networks: routers do. */
static gboolean
is_multicast(const Endpoint *endpoint)
{
	return endpoint->version == 6 ? endpoint->address[0] == 0xff
				      : endpoint->address[0] >> 4 == 14;
}

static gboolean
is_same(const Sighting *one, const Sighting *other, const Facts *facts)
{
	gsize behind = offsetof(Sighting, length);

	if (one->digest != other->digest ||
	    memcmp(one->header, other->header, sizeof one->header) != 0 ||
	    memcmp((const guint8 *)one + behind, (const guint8 *)other + behind,
		   offsetof(Sighting, link) - behind) != 0)
		return FALSE;
	return one->checksum == other->checksum || checksum_is_left(facts, one->checksum) ||
	       checksum_is_left(facts, other->checksum);
}

/* Whether the id proves that it is one packet: its sender counts ids, as others of its packets
 * show. Of TCP it is enough that none shows the contrary. */
static gboolean
id_proves(const Copies *copies, const Sighting *sighting, const Facts *facts)
{
	gboolean counts = facts->transport == TRANSPORT_TCP;

	for (guint i = 0; i < MIN(copies->n, COPIES_NEAR); i++) {
		const Sighting *other = &copies->latest[i];

		if (memcmp(other->source.address, sighting->source.address,
			   sizeof sighting->source.address) != 0)
			continue;
		if (other->id == sighting->id && other->digest != sighting->digest)
			return FALSE;
		counts |= other->id != sighting->id;
	}
	return counts && sighting->id != 0;
}

/* Whether two that are the same are proved to have been sent once. */
static gboolean
is_proved(const Copies *copies, const Sighting *one, const Sighting *other, const Facts *facts)
{
	if (one->interface != other->interface ||
	    memcmp(one->link, other->link, sizeof one->link) != 0)
		return one->id != 0 || !is_multicast(&facts->destination);
	return id_proves(copies, other, facts);
}

/* The latest one that is the same, within the time; NULL: none. */
static const Sighting *
same_find(const Copies *copies, const Sighting *newest, const Facts *facts)
{
	for (guint i = 1; i <= MIN(copies->n, COPIES_NEAR); i++) {
		const Sighting *earlier = &copies->latest[(copies->n - i) % COPIES_NEAR];
		gint64 age_ns = timestamp_between(earlier->time_ns, newest->time_ns);

		if (age_ns > COPY_MAX_NS)
			break;
		if (age_ns >= -COPY_MAX_NS && is_same(earlier, newest, facts))
			return earlier;
	}
	return NULL;
}

static Sighting
sighting_make(const Packet *packet, const Facts *facts, guint32 frame)
{
	PacketMarks marks = packet_marks(packet, facts);
	Sighting sighting = {
		.checksum = facts->tcp.checksum | facts->udp.checksum, /* one is 0 */
		.length = facts->ip_total_length,
		.id = facts->ip_id,
		.digest = marks.digest,
		.source = facts->source,
		.destination = facts->destination,
		.interface = marks.interface,
		.frame = frame,
		.time_ns = packet->time_ns,
	};

	memcpy(sighting.header, &facts->tcp, sizeof sighting.header);
	memcpy(sighting.timestamps, &facts->tcp.timestamp_value, sizeof sighting.timestamps);
	memcpy(sighting.link, marks.link, sizeof sighting.link);
	sighting.digest = (sighting.digest ^ facts->ip_id) * ENDPOINT_SPREAD + facts->tcp.seq +
			  ((guint64)facts->tcp.ack << 32);
	for (guint i = 0; i < facts->tcp.n_sack; i++)
		sighting.digest = (sighting.digest + facts->tcp.sack[i].left) * ENDPOINT_SPREAD +
				  facts->tcp.sack[i].right;
	return sighting;
}

guint32
copies_add(Copies *copies, const Packet *packet, const Facts *facts, guint32 frame)
{
	Sighting newest = sighting_make(packet, facts, frame);
	const Sighting *same = same_find(copies, &newest, facts);

	if (same || packet->interface != 0 || link_type_is_of_several(packet->link_type))
		copies->patience = G_MAXUINT;
	else if (copies->patience != G_MAXUINT)
		copies->patience -= MIN(copies->patience, 1);
	if (same && is_proved(copies, same, &newest, facts))
		return same->frame;
	copies->latest[copies->n++ % COPIES_NEAR] = newest;
	return 0;
}

gboolean
copies_expected(const Copies *copies)
{
	return copies->patience > 0;
}

void
copies_expect(Copies *copies)
{
	copies->patience = MAX(copies->patience, COPIES_NEAR);
}
