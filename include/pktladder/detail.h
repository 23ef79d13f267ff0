/* detail.h - one event in full, as lines of text. Pure. */
#pragma once

#include "pktladder/trace.h"

/* Lines (char *, escaped, translated) of a packet: each header with its fields
 * decoded, what the conversation says about it (relative numbers, verdicts,
 * RTT), then a hex dump of its bytes. `facts` and `packet` may be NULL where
 * the bytes could not be read again. Free with g_ptr_array_unref(). */
GPtrArray *detail_packet(const Trace *trace, const Event *event, const Packet *packet,
			 const Facts *facts);

/* Lines of a socket call: the call with all its arguments, result, errno with
 * its meaning, duration, process, socket, state as the kernel gave it. */
GPtrArray *detail_call(const Trace *trace, const Event *event);
