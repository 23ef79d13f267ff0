/* SPDX-License-Identifier: MIT */
/* reader_private.h - what reader.c (pcap, and what both formats have) and blocks.c (pcapng) share.
 * Pure. */
#pragma once

#include "reader.h"

#include <string.h>

enum {
	NS_PER_SECOND = 1000000000,
	PACKET_MAX = 262144, /* bytes that are given of a packet */
};

typedef struct {
	guint16 link_type;
	guint16 number; /* in the Origins */
	guint32 snapshot_length;
	guint32 longest; /* that a packet of this link type can be */
	guint64 units;   /* of time, in a second */
	gboolean is_binary;
	gint64 time_offset;   /* seconds */
	guint64 lost;         /* by the newest of its statistics */
	gboolean is_exceeded; /* the snapshot length, by a packet that was given */
} Interface;

typedef struct {
	guint64 offset;
	gboolean swapped;
	GArray *interfaces;
	guint64 drops_known;
	guint64 lost; /* of all interfaces */
	gboolean has_packets;
	GArray *processes; /* guint32: the numbers of its processes in the Origins; NULL none */
} Section;

/* A block, and where in it its packet's bytes are. */
typedef struct {
	guint32 type, size;
	guint32 interface, captured, length;
	guint32 dropped; /* before the packet, by an old packet block */
	guint64 time;
	gsize data;
} Block;

/* What follows in a block, option by option, and the one in front. */
typedef struct {
	gsize at, end;
	guint16 code, length;
	const guint8 *value;
	gboolean damaged; /* the list is none that there can be */
} BlockOptions;

/* Old pcap files have the two lengths of a packet the other way round. */
typedef enum { LENGTHS_IN_ORDER, LENGTHS_MAYBE_EXCHANGED, LENGTHS_EXCHANGED } Lengths;

struct _Reader {
	guint64 offset; /* of what comes next */
	const char *problem;
	GPtrArray *sections; /* of Section */
	Section *section;    /* the newest; NULL none */
	gint link_type;      /* of the first interface; negative: none is known */
	gsize block_max;
	Origins *origins; /* NULL: nobody asks */
	guint16 file;     /* its number there */

	/* pcap */
	guint record_head; /* 0: pcapng */
	guint fraction_ns; /* that the second number of a time counts */
	Lengths lengths;

	/* pcapng */
	gboolean in_block;
	Block block;
	BlockOptions options;
	Packet packet;       /* of the block; its bytes may have moved since */
	gint64 time_ns;      /* of the newest packet */
	guint64 lost_here;   /* by the statistics in front */
	GPtrArray *comments; /* of the packet in front: char * */
	guint32 process[2];  /* of the packet in front: CaptureItem */
};

/* get_u16(bytes, swapped), get_u32(), get_u64(). */
#define GETTER(bits)                                                                               \
	static inline guint##bits get_u##bits(const guint8 *bytes, gboolean swapped)               \
	{                                                                                          \
		guint##bits value;                                                                 \
                                                                                                   \
		memcpy(&value, bytes, sizeof(value));                                              \
		return swapped ? GUINT##bits##_SWAP_LE_BE(value) : value;                          \
	}
GETTER(16)
GETTER(32)
GETTER(64)

/* Reading ends here, for a reason that reader_problem() tells. */
static inline ReaderStep
breaks(Reader *reader, const char *problem)
{
	reader->problem = problem;
	return READER_BROKEN;
}

/* NULL: there is none of that number. */
static inline Interface *
section_interface(const Section *section, guint32 number)
{
	return number < section->interfaces->len
		   ? &g_array_index(section->interfaces, Interface, number)
		   : NULL;
}

/* Whether captured packets are longer than the snapshot length is known of each interface. */
static inline void
packet_given(Section *section, guint32 number, const Packet *packet)
{
	Interface *interface = section_interface(section, number);

	section->has_packets = TRUE;
	interface->is_exceeded |= packet->captured > interface->snapshot_length;
}

/* Nobody captures more of a packet than was on the wire; nor than the snapshot length lets pass,
 * but where packets of this interface have been longer. */
static inline gboolean
is_too_much(const Interface *interface, guint32 captured, guint32 length)
{
	return captured > length ||
	       (interface && !interface->is_exceeded && captured > interface->snapshot_length);
}

/* What is said once, here as sections and interfaces of pcapng (blocks.c): a section begins at the
 * reader's place; it has no interfaces yet. */
void section_add(Reader *reader, gboolean swapped);

/* `number`: the link type as files have it. */
Interface *interface_add(Reader *reader, guint32 number, guint32 snapshot_length);

/* reader_begin(), reader_next(), reader_is_damaged() and reader_fetch() of pcapng. */
ReaderStep blocks_begin(Reader *reader, const guint8 *bytes, gsize n, gsize *used);
ReaderStep blocks_next(Reader *reader, const guint8 *bytes, gsize n, gsize *used,
		       CaptureItem *item);
gboolean blocks_are_damaged(const Reader *reader, const guint8 *bytes, gsize n);
ReaderStep blocks_fetch(const Reader *reader, guint64 offset, const guint8 *bytes, gsize n,
			Packet *packet, gsize *wanted);
