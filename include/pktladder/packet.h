/* SPDX-License-Identifier: MIT */
/* packet.h - one packet as a capture delivers it, and the numbers in its bytes. Pure. */
#pragma once

#include "pktladder/types.h"

/* A packet as captured. The bytes belong to whoever made the Packet and are valid only as long as
 * that source says (of a capture: until the next item). */
struct _Packet {
	gint64 time_ns;     /* since the epoch, UTC; may go backwards in a file */
	const guint8 *data; /* `captured` bytes */
	guint32 captured;   /* bytes at hand, at most 262144 */
	guint32 length;     /* bytes on the wire, as the capture says */
	guint16 link_type;  /* LINKTYPE_ number (tcpdump.org/linktypes.html), e.g. 1 = Ethernet */
	guint16 interface;  /* its number in the capture's Origins */
};

/* Numbers in network order. */
static inline guint16
get_be16(const guint8 *bytes)
{
	return (guint16)(bytes[0] << 8 | bytes[1]);
}

static inline guint32
get_be32(const guint8 *bytes)
{
	return (guint32)get_be16(bytes) << 16 | get_be16(bytes + 2);
}
