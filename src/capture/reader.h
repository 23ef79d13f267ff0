/* SPDX-License-Identifier: MIT */
/* reader.h - a capture file, pcap or pcapng, from its bytes: packets, socket calls and losses
 * in their order, and each packet again by its place. Pure.
 *
 * One reader serves all who read captures: opening, following a file that grows, seeing a packet
 * again. The caller brings the bytes, so that a reader never waits. Where two answers are possible
 * the reader gives libpcap's (tests/unit/test_reader.c holds the two against each other). Beyond
 * libpcap, interfaces may differ in link type and snapshot length, and sections in byte order; and
 * a packet that is longer than the head's snapshot length is not cut; any minor version of pcapng
 * is read, and of two options of an interface the second one counts. Reference counted: whoever
 * sees packets again lives longer than what read them first.
 */
#pragma once

#include "pktladder/capture.h"

typedef struct _Reader Reader;

typedef enum {
	READER_ITEM,
	READER_MORE,  /* the bytes end before what comes next does */
	READER_BROKEN /* nothing that follows can be read: reader_problem() */
} ReaderStep;

/* The first byte that it gets is the one at `offset` of its file. */
Reader *reader_new(guint64 offset);
Reader *reader_ref(Reader *reader);
void reader_unref(Reader *reader);

/* Before reader_begin(): what the file says beside its packets goes into `origins`, as that file's;
 * else nowhere. */
void reader_set_origins(Reader *reader, Origins *origins, guint16 file);

/* Packets of the newest section's interface get that number. */
void reader_name_interface(Reader *reader, guint32 interface, guint16 number);

/* Whether the first bytes of a file (4 are enough) are those of pcap or pcapng. */
gboolean reader_knows(const guint8 *bytes, gsize n);

/* Reads the head of a file that reader_knows(), up to the first link type; ITEM: it is read. In
 * this and in reader_next(), `bytes` follow those that were used, and *used of them are by now,
 * whatever the step. */
ReaderStep reader_begin(Reader *reader, const guint8 *bytes, gsize n, gsize *used);

/* LINKTYPE_ number of the first interface. */
guint16 reader_link_type(const Reader *reader);

/* The next packet, call or loss, as an item of a capture: the packet's data are among `bytes`. */
ReaderStep reader_next(Reader *reader, const guint8 *bytes, gsize n, gsize *used,
		       CaptureItem *item);

/* Why it is BROKEN, for people; not translated. */
const char *reader_problem(const Reader *reader);

/* The file ends within what comes next, which is `bytes`: whether that contradicts itself, so
 * that it was not cut but damaged, and what it seems to hold may be others. */
gboolean reader_is_damaged(const Reader *reader, const guint8 *bytes, gsize n);

/* The packet whose record is at `offset`, which `bytes` begin with. MORE: *wanted of them are
 * needed. */
ReaderStep reader_fetch(const Reader *reader, guint64 offset, const guint8 *bytes, gsize n,
			Packet *packet, gsize *wanted);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reader, reader_unref)

/* link_type.c: the two numberings of link types: LINKTYPE_ in files, the same everywhere, and DLT_
 * in libpcap, which differs from system to system. */
guint16 link_type_from_dlt(int dlt);
int link_type_to_dlt(guint16 link_type);
