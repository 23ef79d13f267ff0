/* SPDX-License-Identifier: MIT */
/* packets.h - packets, and records of socket calls, for tests and benchmarks. A packet is said in
 * words, which are tcpdump's notation:
 *
 *	"127.0.0.1.4000 > 127.0.0.1.80 S. 300 ack 101 win 512 len 12"
 *
 * A port alone is one of 127.0.0.1. Behind the two endpoints stand the flags ("none" for none) and
 * the sequence number, then "ack N", "len N" where they are not 0, and "win N" where it is not
 *65535; or "udp len 5". What is made in great numbers, or has options, is said in numbers instead,
 *as a PacketSpec. All packets have the ID 1, DF and the TTL 64.
 */
#pragma once

#include <netinet/in.h>
#include <string.h>

#include "pktladder/trace.h"

enum { LINKTYPE_RAW = 101 };

typedef struct {
	Endpoint from, to;
	guint8 protocol; /* IPPROTO_TCP, IPPROTO_UDP; of another one there are data alone */
	guint16 flags;
	guint32 seq, ack;
	guint16 window;
	guint8 options[40];
	guint n_options; /* their bytes, a multiple of 4 */
	guint length;    /* bytes of data, */
	char data;       /* each of them this one */
} PacketSpec;

/* Words of the notation: flags ("S.", "none"), a number of 32 bits. */
guint16 flags_parse(const char *word);
guint32 number_parse(const char *word);

/* TCP's options: a window scale and a no-op, two no-ops and a SACK block. */
void packet_spec_scale(PacketSpec *spec, guint8 scale);
void packet_spec_sack(PacketSpec *spec, guint32 left, guint32 right);

/* Puts the headers, or all of the packet, at `bytes`; returns how long that is. */
guint packet_put_headers(const PacketSpec *spec, guint8 *bytes);
guint packet_put(const PacketSpec *spec, guint8 *bytes);

typedef struct {
	guint8 bytes[2048];
} Made;

/* Its bytes are in `made`. */
Packet packet_make(Made *made, gint64 time_ns, const PacketSpec *spec);
G_GNUC_PRINTF(3, 4) Packet packet_said(Made *made, gint64 time_us, const char *words, ...);

/* Adds it; returns the index of its event. */
G_GNUC_PRINTF(3, 4)
guint32 add_packet(Trace *trace, gint64 time_us, const char *words, ...);

/* One of 127.0.0.1. */
Endpoint loopback(guint16 port);

/* An entry; `socket` 0 where the call makes one. */
CallRecord call_entry(guint32 id, gint64 time_us, CallRole role, CallName name, gint32 fd,
		      guint64 socket);
void add_return(Trace *trace, const CallRecord *entry, gint64 time_us, gint64 result);
