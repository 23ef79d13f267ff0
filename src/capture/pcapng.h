/* SPDX-License-Identifier: MIT */
/* pcapng.h - what of pcapng is both written and read here: numbers of draft-ietf-opsawg-pcapng, and
 * socket calls and losses as comments. Pure. */
#pragma once

#include "pktladder/capture.h"

/* Apple's: a process, its number 4, then options. Others may use the number for what they like. */
#define BLOCK_PROCESS 0x80000001u

enum {
	BLOCK_SECTION = 0x0a0d0d0a, /* the same in both byte orders */
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET_OLD = 2,
	BLOCK_PACKET_SIMPLE = 3,
	BLOCK_NAMES = 4,
	BLOCK_STATISTICS = 5,
	BLOCK_PACKET = 6,

	BYTE_ORDER_MAGIC = 0x1a2b3c4d,

	OPTION_END = 0,
	OPTION_COMMENT = 1,
	OPTION_INTERFACE_NAME = 2,
	OPTION_INTERFACE_DESCRIPTION = 3,
	OPTION_PROCESS_NAME = 2,
	OPTION_SECTION_PROGRAM = 4,
	OPTION_PACKET_DROPPED = 4,        /* lost since the packet before */
	OPTION_STATISTICS_DROPPED = 5,    /* since the start: by the interface, */
	OPTION_STATISTICS_OS_DROPPED = 7, /* and by the system */
	OPTION_INTERFACE_RESOLUTION = 9,
	OPTION_INTERFACE_TIME_OFFSET = 14,
	OPTION_PACKET_PROCESS = 0x8001, /* Apple's: which process block of its section, from 0, */
	OPTION_PACKET_PROCESS_FOR = 0x8003, /* and of the process that it works for */

	NAMES_END = 0, /* records of names: 4 and 16 bytes of address, then the names */
	NAMES_IPV4 = 1,
	NAMES_IPV6 = 2,
};

/* ---- comments.c ---- */

/* "pktladder: 12 packets lost here | v=1 drops=12 t=1700000000000000000"; the caller frees. */
char *drops_to_comment(gint64 time_ns, guint64 dropped);

/* Makes `item` the CALL or the DROPS that the comment tells. FALSE: the comment is somebody
 * else's. Any bytes, not terminated. */
gboolean comment_parse(const char *text, gsize length, CaptureItem *item);
