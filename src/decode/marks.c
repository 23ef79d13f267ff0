/* SPDX-License-Identifier: MIT */
/* marks.c - what tells a packet from another, and from its copy that was captured elsewhere. */
#include "decoder.h"

/* Bytes that the digest is of: the first ones, and the last ones. */
#define DIGEST_HEAD 64
#define DIGEST_TAIL 16

/* Where link headers have interface, direction and addresses; of other link types the bytes may be
 * times, and only the interface counts. */
static const struct {
	guint16 link_type;
	guint8 start;
	gboolean several; /* interfaces */
} places[] = {
	{ 1, 0, FALSE },   /* Ethernet: both addresses, and of a tagged frame the tag */
	{ 113, 0, TRUE },  /* Linux cooked: direction 2, kind 2, length 2, address 8 */
	{ 276, 4, TRUE },  /* v2: interface 4, kind 2, direction 1, length 1, address 8 */
	{ 258, 12, TRUE }, /* PKTAP: interface's name */
	{ 149, 12, TRUE },
};

gboolean
link_type_is_of_several(guint16 link_type)
{
	for (guint i = 0; i < G_N_ELEMENTS(places); i++)
		if (places[i].link_type == link_type)
			return places[i].several;
	return FALSE;
}

static const Layer *
innermost_ip(const Facts *facts)
{
	const Layer *found = NULL;

	for (guint i = 0; i < facts->n_layers; i++)
		if (facts->layers[i].kind == LAYER_IPV4 || facts->layers[i].kind == LAYER_IPV6)
			found = &facts->layers[i];
	return found;
}

/* Within tags and tunnels the last bytes before the IP header count, too. */
static void
link_take(const Packet *packet, guint32 ip, guint8 link[16])
{
	const guint8 *bytes = packet->data;

	for (guint i = 0; i < G_N_ELEMENTS(places); i++)
		if (places[i].link_type == packet->link_type &&
		    packet->captured >= places[i].start + 16u)
			memcpy(link, bytes + places[i].start, 16);
	if (packet->link_type == 1 && ip > 18 && ip <= packet->captured)
		for (guint i = 0; i < 8; i++)
			link[i] ^= bytes[ip - 8 + i];
}

static guint64
digest_of(const guint8 *bytes, guint32 n, guint64 digest)
{
	guint64 word;

	for (; n > 0; bytes += MIN(n, sizeof word), n -= MIN(n, sizeof word)) {
		word = n; /* of less than a word */
		memcpy(&word, bytes, MIN(n, sizeof word));
		digest = (digest ^ word ^ digest >> 32) * ENDPOINT_SPREAD;
	}
	return digest;
}

PacketMarks
packet_marks(const Packet *packet, const Facts *facts)
{
	const Layer *ip = innermost_ip(facts);
	PacketMarks marks = { .interface = packet->interface };
	guint32 start = facts->has_transport_header ? facts->payload_offset
			: ip                        ? ip->offset + facts->ip_header_length
			: facts->n_layers > 0       ? facts->layers[facts->n_layers - 1].offset
						    : 0;
	guint32 end = packet->captured, n;

	link_take(packet, ip ? ip->offset : start, marks.link);
	if (facts->has_transport_header && facts->transport == TRANSPORT_TCP)
		return marks;
	if (ip) /* behind it there may be padding */
		end = MIN(end, ip->offset + facts->ip_total_length);
	start = MIN(start, end);
	n = end - start;
	marks.digest = digest_of(packet->data + start, MIN(n, DIGEST_HEAD),
				 (guint64)facts->fragment_offset << 32 | n);
	marks.digest = digest_of(packet->data + end - MIN(n, DIGEST_TAIL), MIN(n, DIGEST_TAIL),
				 marks.digest + facts->ip_protocol + facts->more_fragments * 256u);
	return marks;
}
