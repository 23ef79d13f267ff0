/* SPDX-License-Identifier: MIT */
/* save.h - writes what is in view into a capture file of its own: packets from
 * the packet store, calls and losses from the trace. Not pure.
 *
 * Theory of operation. It goes through the trace in slices, so that the screen
 * stays usable, into a draft: whatever fails before its end leaves what was there.
 */
#pragma once

#include "pktladder/job.h"
#include "pktladder/selection.h"
#include "pktladder/store.h"

/* Saves everything of the trace, as it is now, that the selection has. Trace and store must outlive
 * the job. `path`: "-" is standard output. `part`: draft.h. No data: `error`. */
Job save_begin(const Trace *trace, PacketStore *store, const Selection *selection, const char *path,
	       const char *part, GError **error);
