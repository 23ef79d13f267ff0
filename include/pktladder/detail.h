/* SPDX-License-Identifier: MIT */
/* detail.h - one event in full, as lines of text. Pure.
 *
 * Lines are char *, escaped and translated; one without indentation is a
 * heading. Times are UTC. Free with g_ptr_array_unref().
 */
#pragma once

#include "pktladder/ladder.h"

/* A packet: why it is so (why.h), each header with its fields decoded, what the conversation says
 * about it (relative numbers, verdicts with their evidence, RTT, states), then a hex dump of its
 * bytes. `facts` and `packet` may be NULL where the bytes could not be read again. `index`: its
 * event. `verdict`: of track, in full; NULL where it is not known. */
GPtrArray *detail_packet(const Trace *trace, guint32 index, const Packet *packet,
			 const Facts *facts, const TcpVerdict *verdict);

/* A socket call, by the event of its entry or its return: why, the call with all
 * its arguments, result, errno with its meaning, duration, process, socket,
 * state as the kernel gave it; what it returns after `until_ns` is not known yet. */
GPtrArray *detail_call_until(const Trace *trace, guint32 index, gint64 until_ns);

/* "1.2 s", "350 ms", "15 µs": four digits; the caller frees. */
char *detail_duration(gint64 duration_ns);

/* A fold (ROW_FOLD): how much went which way, how long it took. */
GPtrArray *detail_fold(const Ladder *ladder, const LadderRow *row);
