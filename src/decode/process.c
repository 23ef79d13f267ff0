/* SPDX-License-Identifier: MIT */
/* process.c - which process a packet was of, where the capturing program wrote it beside the
 * packet: Apple's PKTAP header before it (libpcap's pcap/pktap.h), PCAPdroid's trailer behind it
 * (its pcap_dump.h). */
#include "pktladder/decode.h"

enum {
	PKTAP_SIZE = 108, /* up to what is read here */
	PKTAP_PID = 52,   /* then its name, 20 */
	PKTAP_FOR_PID = 84,
	TRAILER_SIZE = 32, /* magic 4, user 4, name 20, checksum 4 */
	NAME_SIZE = 20,
};

static guint32
get_le32(const guint8 *bytes)
{
	return GUINT32_SWAP_LE_BE(get_be32(bytes));
}

static PacketProcess
process_make(const guint8 *number, const guint8 *name, gboolean is_user)
{
	PacketProcess process = { .number = (gint32)(is_user ? get_be32(number) : get_le32(number)),
				  .is_user = is_user };

	memcpy(process.name, name, NAME_SIZE);
	return process;
}

/* Of Ethernet: whether the datagram ends before the trailer. */
static gboolean
ends_before(const Packet *packet, gsize end)
{
	enum { ETHERNET = 14, IPV6 = 40 };
	const guint8 *ip = packet->data + ETHERNET;

	if (end < ETHERNET + IPV6 / 2)
		return FALSE;
	return ip[0] >> 4 == 4 ? (gsize)ETHERNET + get_be16(ip + 2) <= end
			       : (gsize)ETHERNET + IPV6 + get_be16(ip + 4) <= end;
}

guint
packet_processes(const Packet *packet, PacketProcess processes[2])
{
	static const guint8 magic[] = { 0x01, 0x07, 0x20, 0x21 };
	const guint8 *bytes = packet->data;

	if (packet->link_type == 258 || packet->link_type == 149) {
		if (packet->captured < PKTAP_SIZE || get_le32(bytes) < PKTAP_SIZE ||
		    !bytes[PKTAP_PID + 4])
			return 0;
		processes[0] = process_make(bytes + PKTAP_PID, bytes + PKTAP_PID + 4, FALSE);
		processes[1] =
		    process_make(bytes + PKTAP_FOR_PID, bytes + PKTAP_FOR_PID + 4, FALSE);
		return 1 + (processes[1].name[0] && processes[1].number != processes[0].number);
	}
	if (packet->link_type != 1 || packet->captured != packet->length ||
	    packet->captured < TRAILER_SIZE)
		return 0;
	gsize end = packet->captured - TRAILER_SIZE;
	if (memcmp(bytes + end, magic, sizeof magic) != 0 || !ends_before(packet, end))
		return 0;
	processes[0] = process_make(bytes + end + 4, bytes + end + 8, TRUE);
	return 1;
}
