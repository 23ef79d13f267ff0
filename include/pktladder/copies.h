/* SPDX-License-Identifier: MIT */
/* copies.h - packets that were captured more than once: on several interfaces (-i any), at both
 * ports of a bridge, at a port that mirrors both ways, in and out of a router on a stick. Pure. */
#pragma once

#include "pktladder/decode.h"

typedef struct _Copies Copies;

/* A copy comes so soon: a machine hands a packet on within microseconds (docs/CONFORMANCE.md has
 * what was measured). To send one again a sender waits for a round trip at least, and the way
 * between two machines is not much shorter than that. And it comes within so many packets: as many
 * as a network driver takes at a time (64), of several interfaces. */
#define COPY_MAX_NS (100 * 1000)
#define COPIES_NEAR 256

Copies *copies_new(void);
void copies_free(Copies *copies);

/* Whether the packet has to be asked about: TCP of one interface only once there may be copies. */
static inline gboolean
copies_ask(gboolean expected, const Packet *packet, const Facts *facts)
{
	return expected || facts->transport != TRANSPORT_TCP || packet->link_type != 1 ||
	       packet->interface != 0;
}

/* The frame that the next packet is a copy of, in capture order; 0: of none, and it is remembered.
 */
guint32 copies_add(Copies *copies, const Packet *packet, const Facts *facts, guint32 frame);

/* Whether copies are expected among the next packets; and says that they are. */
gboolean copies_expected(const Copies *copies);
void copies_expect(Copies *copies);
