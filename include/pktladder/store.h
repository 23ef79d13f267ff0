/* store.h - the bytes of packets that were delivered once, to be seen again in
 * constant time: from the capture file itself where that can be read at any
 * place, else from a spool. Not pure.
 */
#pragma once

#include "pktladder/capture.h"

typedef struct _PacketStore PacketStore;

/* Offsets are smaller: they fit 40 bits, with the largest number left for "none". */
#define STORE_OFFSET_END ((G_GUINT64_CONSTANT(1) << 40) - 1)

/* For the packets that `capture` delivers; all of them go to store_add(), or
 * none: NULL on an error, where no spool can be made. Outlives the capture. */
PacketStore *store_new(const Capture *capture, GError **error);

/* For packets of any source. */
PacketStore *store_new_spool(GError **error);

/* Keeps the packet of an item (`item_offset`: the item's); *offset is what
 * store_fetch() wants. Where it fails (a full disk), everything added before
 * can still be fetched, and a later call tries again. */
gboolean store_add(PacketStore *store, const Packet *packet, guint64 item_offset, guint64 *offset,
		   GError **error);

/* Reads it back: `packet->data` belongs to the store and is valid until the
 * next call. A file that has shrunk or was overwritten is an error; one that
 * was removed, renamed or replaced is read as before. */
gboolean store_fetch(PacketStore *store, guint64 offset, Packet *packet, GError **error);
void store_free(PacketStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PacketStore, store_free)
