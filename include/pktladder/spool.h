/* spool.h - keeps the bytes of packets outside memory and reads them again in
 * constant time, for the detail pane. Not pure.
 */
#pragma once

#include "pktladder/packet.h"

typedef struct _Spool Spool;

/* Opens the file of the next spool_new(): TMPDIR may be closed to whom we become until then. */
void spool_reserve(void);

/* An unlinked temporary file (in $TMPDIR, /var/tmp, /tmp): gone with the process. */
Spool *spool_new(GError **error);

/* Appends; *offset is what spool_fetch() wants. On a full disk it fails, what
 * was added before can still be fetched, and the next call tries again. */
gboolean spool_add(Spool *spool, const Packet *packet, guint64 *offset, GError **error);

/* Reads it back: `packet->data` belongs to the spool and is valid until the next fetch. */
gboolean spool_fetch(Spool *spool, guint64 offset, Packet *packet, GError **error);
void spool_free(Spool *spool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Spool, spool_free)
