/* SPDX-License-Identifier: MIT */
/* why.h - why an event is as it is, for somebody who learns it: sentences made of facts. Pure.
 *
 * Theory of operation. What is known of the event is a set of conditions and of parts ({seq},
 * {call}). One table of sentences (why_words.c) has, for each thing to be told (what happened, each
 * number, each state), the sentences that may tell it, in order: the first one whose conditions
 * hold and whose parts are all known is said. So nothing is said of what nobody knows.
 */
#pragma once

#include "pktladder/decode.h"
#include "pktladder/track.h"
#include "pktladder/trace.h"

/* Paragraphs of one to three sentences (char *, escaped, translated): what happened, and which call
 * caused it; why each number is what it is; what becomes of the states; and the last one where that
 * is written ("RFC 9293 3.5"). `facts` and `verdict`: of a packet, in full; NULL where they are not
 * known. What a call returns after `until_ns` is not known yet. At least one paragraph. The caller
 * frees with g_ptr_array_unref(). */
GPtrArray *why_event(const Trace *trace, guint32 index, const Facts *facts,
		     const TcpVerdict *verdict, gint64 until_ns);
