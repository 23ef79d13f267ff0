/* SPDX-License-Identifier: MIT */
/* activity.h - counts a conversation's packets over its time. Private to src/flow. */
#pragma once

#include "pktladder/flow.h"

/* A bucket never gets there: two of them fit into one. */
#define ACTIVITY_FULL (1u << 15)

#define ACTIVITY_FIRST_SHIFT 10 /* buckets of a microsecond to begin with */

/* Makes room for a packet `age_ns` after the first one. */
void activity_widen(Activity *activity, guint64 age_ns);
/* Halves all counts. */
void activity_halve(Activity *activity);

/* One packet, `age_ns` after the first; `n` is its number in the conversation,
 * from 1: where a count stands for several packets, it is each n-th that counts. */
static inline void
activity_add(Activity *activity, guint64 age_ns, guint32 n)
{
	guint bucket;

	if (G_UNLIKELY(age_ns >> activity->shift >= ACTIVITY_BUCKETS))
		activity_widen(activity, age_ns);
	bucket = age_ns >> activity->shift;
	activity->bucket[bucket] += (n & ((1u << activity->scale) - 1)) == 0;
	if (G_UNLIKELY(activity->bucket[bucket] >= ACTIVITY_FULL))
		activity_halve(activity);
}
