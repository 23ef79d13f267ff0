/* SPDX-License-Identifier: MIT */
/* filter.h - the display filter: which events are drawn, in words that can be
 * guessed. Pure.
 *
 *	retransmission and port 443
 *	host 10.0.0.0/8 and not (syn or ack)
 *	from client len > 100 time 1.5-2.25		(side by side: joined by "and")
 *
 * The words are in the manual page, section FILTERS. What the capture itself
 * has to say (lost packets, notes) passes every filter. A call's return passes
 * with its entry.
 */
#pragma once

#include "pktladder/types.h"

typedef struct _Filter Filter;

/* The code of an error is the column (from 1) where the text is wrong; its
 * message says what would be right there. */
#define FILTER_ERROR filter_error_quark()
GQuark filter_error_quark(void);

/* Immutable and shared. NULL with an error where the text is no filter; blank text is none. */
Filter *filter_new(const char *text, GError **error);
Filter *filter_ref(Filter *filter); /* NULL stays NULL */
void filter_unref(Filter *filter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Filter, filter_unref)

gboolean filter_is_blank(const char *text);

/* As it was given, harmless to print. */
const char *filter_text(const Filter *filter);

/* Whether event `index` passes. No memory is taken, and the time does not depend
 * on the trace's length (but for frame numbers: O(log calls)). */
gboolean filter_match(const Filter *filter, const Trace *trace, guint32 index);

/* The word "problem": retransmissions and the like, resets, zero windows, malformed packets, ICMP
 * errors, failed calls, packets that the capture lost. */
gboolean filter_is_problem(const Trace *trace, guint32 index);

/* The words that can stand at byte `cursor` of `text` and begin with what is typed there, which
 * begins at byte *start: const char *, static, sorted. Free with g_ptr_array_unref(). */
GPtrArray *filter_complete(const char *text, gsize cursor, gsize *start);
