/* SPDX-License-Identifier: MIT */
/* recording.h - writes a capture file that tcpdump and Wireshark open, also when killed half-way;
 * socket calls travel in it as comments. Not pure.
 *
 * The form: pcapng (draft-ietf-opsawg-pcapng) with nanosecond timestamps. Blocks stand in the order
 * of the trace. A socket call is an opt_comment on the next packet; where none follows in time, on
 * an interface statistics block, which tcpdump skips and Wireshark does not count as a frame. So
 * frame numbers are the same everywhere, and Wireshark shows the calls as comments beside the
 * segments that they caused. capture_open_file() reads it back to the same items in the same order.
 * Losses are comments of the same style.
 *
 * Where writing fails (a full disk), nothing that was accepted is lost: it stays in memory, and the
 * next call tries again. An item whose add fails was not accepted. A reader that has gone is an
 * error (PIPE) where the program survives SIGPIPE, as ours does (main.c).
 */
#pragma once

#include "pktladder/call.h"
#include "pktladder/origins.h"
#include "pktladder/packet.h"

typedef struct _Recording Recording;

/* Into a file that is open, and is the recording's from here on; standard output must be no
 * terminal. `name` is what errors call it; NULL: a temporary file of ours. `is_draft`: the
 * caller removes it where it cannot be written whole. `link_type` and `interface` (Packet) are
 * those of the first packet. `origins`: what is known of interfaces, which is noted in the file,
 * with the comments of sections, and with the names of addresses; NULL: nothing. The file opens
 * from here on. */
Recording *recording_new(int fd, const char *name, gboolean is_draft, guint16 link_type,
			 guint16 interface, Origins *origins, GError **error);

/* Packets of another interface or link type get an interface of their own, which Wireshark reads
 * and tcpdump, where the link type is another one, does not. */
gboolean recording_add_packet(Recording *recording, const Packet *packet, GError **error);
/* A comment, and processes of the origins (CaptureItem), that go with the packet that is added
 * next. */
void recording_add_comment(Recording *recording, const char *text);
void recording_add_processes(Recording *recording, const guint32 processes[2]);
gboolean recording_add_call(Recording *recording, const CallRecord *call, GError **error);
/* `dropped` more packets were lost before this point. */
gboolean recording_add_drops(Recording *recording, gint64 time_ns, guint64 dropped, GError **error);

/* Everything given so far is in the file afterwards (pending calls included):
 * called at each pause of the traffic. */
gboolean recording_flush(Recording *recording, GError **error);

/* Flushes and closes; a disk that was full is told here at the latest. */
gboolean recording_close(Recording *recording, GError **error);
void recording_free(Recording *recording);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Recording, recording_free)
