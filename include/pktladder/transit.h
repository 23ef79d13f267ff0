/* SPDX-License-Identifier: MIT */
/* transit.h - how long packets were on their way: the packets of one capture, found again in
 * another one that was taken at the other end. Pure.
 *
 * Theory of operation. A packet is known again by what no router changes: addresses, ports, IP
 * identification, sequence numbers, flags, length, the first bytes of a payload. Packets of which
 * each capture has just one give the difference of the time stamps, there minus here: the time on
 * the way of what leaves here, minus the time on the way of what arrives here, both with the
 * difference of the clocks added. So a conversation's side whose differences are the greater one is
 * at this end. Where no packet arrives before it was sent, the clocks are taken to agree; else
 * their difference is chosen so that the shortest way takes as long in both directions (as NTP
 * does, RFC 5905 8). Of packets that look the same (a SYN-ACK sent again, a datagram) each arrival
 * belongs to the latest one sent before it.
 */
#pragma once

#include "pktladder/types.h"

typedef enum {
	TRANSIT_UNKNOWN, /* it was not found there, and could not have been */
	TRANSIT_LEAVES,  /* sent at this end, and arrived at the other one */
	TRANSIT_ARRIVES, /* sent at the other end */
	TRANSIT_LOST,    /* sent at this end; the other one never captured it */
} TransitWay;

typedef struct {
	TransitWay way;
	gint64 other_ns; /* LEAVES, ARRIVES: when it was at the other end, on this end's clock */
} Transit;

typedef struct _Transits Transits;

Transits *transits_new(void);
void transits_free(Transits *transits);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Transits, transits_free)

/* Packets of this capture, which are the trace's events, and of the other one; each in
 * the order of its capture. `from` is the sender's side of the conversation. Packets
 * that have no transport header are left out. */
void transits_add_here(Transits *transits, guint32 event, guint32 conversation, Side from,
		       const Packet *packet, const Facts *facts);
void transits_add_there(Transits *transits, const Packet *packet, const Facts *facts);

/* Finds them, once all have been added. NULL, or why that is impossible (a msgid): none
 * is in both, they were taken at one place, or no difference of the clocks makes every packet
 * arrive after it was sent. */
const char *transits_match(Transits *transits);

/* How an event was on its way; TRANSIT_UNKNOWN where it was not added. */
Transit transits_get(const Transits *transits, guint32 event);

guint transits_only_there(const Transits *transits); /* that this capture lacks */
/* How much the other end's clock was ahead of this one's; 0: they agree as far as can be seen. */
gint64 transits_clock_ns(const Transits *transits);
