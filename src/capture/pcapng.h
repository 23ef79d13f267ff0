/* SPDX-License-Identifier: MIT */
/* pcapng.h - the numbers of draft-ietf-opsawg-pcapng that are written and read here. */
#pragma once

enum {
	BLOCK_SECTION = 0x0a0d0d0a, /* the same in both byte orders */
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET_OLD = 2,
	BLOCK_PACKET_SIMPLE = 3,
	BLOCK_STATISTICS = 5,
	BLOCK_PACKET = 6,

	BYTE_ORDER_MAGIC = 0x1a2b3c4d,

	OPTION_END = 0,
	OPTION_COMMENT = 1,
	OPTION_INTERFACE_NAME = 2,
	OPTION_SECTION_PROGRAM = 4,
	OPTION_PACKET_DROPPED = 4,        /* lost since the packet before */
	OPTION_STATISTICS_DROPPED = 5,    /* since the start: by the interface, */
	OPTION_STATISTICS_OS_DROPPED = 7, /* and by the system */
	OPTION_INTERFACE_RESOLUTION = 9,
	OPTION_INTERFACE_TIME_OFFSET = 14,
};
