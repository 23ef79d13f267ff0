/* SPDX-License-Identifier: MIT */
/* store.h - the bytes of packets that were delivered once, to be seen again in constant time: from
 * the capture file itself where that can be read at any place, from the recording that is made of
 * them, else from a temporary file of the same form. Not pure. */
#pragma once

#include "pktladder/capture.h"
#include "pktladder/recording.h"

typedef struct _PacketStore PacketStore;

/* Offsets are smaller: they fit 38 bits, with the largest number left for "none". */
#define STORE_OFFSET_END ((G_GUINT64_CONSTANT(1) << 38) - 1)

/* Opens the temporary file of the next store: TMPDIR may be closed to whom we become until then. */
void store_reserve(void);

/* For the packets that `capture` delivers; all of them go to store_add(), or
 * none: NULL on an error, where no temporary file can be made. Outlives the capture. */
PacketStore *store_new(const Capture *capture, GError **error);

/* For packets of any source, most of them of that link type: an unlinked file (in $TMPDIR,
 * /var/tmp, /tmp), gone with the process. */
PacketStore *store_new_spool(guint16 link_type, GError **error);

/* For packets that go into `recording`, and then to store_add(). Takes `fallback`, which keeps what
 * comes when the recording cannot be written any more; and gives that back where the file at
 * `path` is not the recording's, or cannot be read again (a pipe). Outlives the recording. */
PacketStore *store_new_recording(Recording *recording, const char *path, PacketStore *fallback);

/* Keeps the packet of an item (`item_offset`: the item's); *offset is what
 * store_fetch() wants. Where it fails (a full disk), everything added before
 * can still be fetched, and a later call tries again. */
gboolean store_add(PacketStore *store, const Packet *packet, guint64 item_offset, guint64 *offset,
		   GError **error);

/* Reads it back: `packet->data` belongs to the store and is valid until the next call; the time
 * of one that was recorded is not before 1970. A file that has shrunk or was overwritten is an
 * error; one that was removed, renamed or replaced is read as before. */
gboolean store_fetch(PacketStore *store, guint64 offset, Packet *packet, GError **error);
void store_free(PacketStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PacketStore, store_free)
