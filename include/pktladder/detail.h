/* detail.h - one event in full, as lines of text. Pure. */
#pragma once

#include "pktladder/trace.h"

/* Lines (char *, harmless, translated) of the packet that is event `index`:
 * each header with its fields, what the conversation says about it (relative
 * numbers, verdicts with their evidence, states), then a hex dump of its bytes.
 * Times are UTC. `facts` and `packet` may be NULL where the bytes could not be
 * read again. Free with g_ptr_array_unref(). */
GPtrArray *detail_packet(const Trace *trace, guint32 index, const Packet *packet,
			 const Facts *facts);

/* Lines of the socket call that event `index` enters or returns from: the call
 * with all its arguments, result, errno with its meaning, duration, process,
 * socket, state as the kernel gave it. */
GPtrArray *detail_call(const Trace *trace, guint32 index);
