/* scanner.h - follows the bytes of a capture file on their way to libpcap. Pure.
 *
 * libpcap keeps to itself what stands beside the packets (comments, counts of
 * lost packets), refuses pcapng files whose interfaces differ in link type or
 * snapshot length, and cuts packets that are longer than a pcap header says.
 * The scanner notes the first, in its place between the packets, and mends the
 * others: it writes one link type and one snapshot length into the headers, and
 * says for each packet which link type it really has.
 */
#pragma once

#include "comments.h"
#include "layout.h"

typedef enum {
	SCAN_CALL,
	SCAN_DROPS,
	SCAN_LINK_TYPE, /* from this packet on */
	SCAN_LENGTH,    /* of this packet on the wire: libpcap was told less */
} ScanKind;

typedef struct {
	guint64 packet; /* number, from 0, of the packet before which this stands */
	ScanKind kind;
	CallRecord call;
	gboolean has_time;
	gint64 time_ns; /* of DROPS, where has_time */
	guint64 value;  /* packets lost, the link type, the length */
} ScanItem;

typedef enum { SCAN_NOTHING, SCAN_PCAP, SCAN_PCAPNG } ScanFormat;

/* No more than this has to be at hand for the scanner to go on. */
#define SCANNER_HOLD 2048

typedef struct _Scanner Scanner;

Scanner *scanner_new(void);
void scanner_free(Scanner *scanner);

/* To be filled on the way, and where each packet of a pcapng file is to be kept
 * for scanner_packet_offset(). The next byte is the one at `offset` of the file. */
void scanner_set_layout(Scanner *scanner, Layout *layout, guint64 offset);

/* What the first bytes (4 are enough) say that the file is. */
ScanFormat scanner_format(const guint8 *bytes, gsize n);

/* Known once it has seen the first bytes. */
gboolean scanner_is_pcapng(const Scanner *scanner);

/* pcap, once it has seen the header: how many nanoseconds the fraction of a time counts,
 * 1 or 1000; 0 for pcapng. */
guint scanner_fraction_ns(const Scanner *scanner);

/* Whether it changed any byte so far. */
gboolean scanner_has_mended(const Scanner *scanner);

/* Two sections differ in it: libpcap stops there. */
gboolean scanner_mixes_byte_orders(const Scanner *scanner);

/* Whether the packet or block that it is in contradicts itself: its length is none that
 * it can have, and what it seems to hold may be others. */
gboolean scanner_is_damaged(const Scanner *scanner);

/* Looks at `bytes`, which follow those it was done with before, and may change
 * some. Returns how many it is done with; the rest is to be given again with
 * more behind. */
gsize scanner_scan(Scanner *scanner, guint8 *bytes, gsize n);

/* How many packets are wholly among the bytes that it is done with. */
guint64 scanner_packets(const Scanner *scanner);

/* Where the block of the next packet is: asked for each in turn, from the first one on. */
guint64 scanner_packet_offset(Scanner *scanner);

/* It cannot follow this file, and no more comes: the count of packets is no guide. */
gboolean scanner_is_lost(const Scanner *scanner);

/* The oldest item if it stands before packet number `packet` or an earlier one. */
gboolean scanner_next(Scanner *scanner, guint64 packet, ScanItem *item);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scanner, scanner_free)
