/* SPDX-License-Identifier: MIT */
#include "activity.h"

void
activity_halve(Activity *activity)
{
	for (guint i = 0; i < ACTIVITY_BUCKETS; i++)
		activity->bucket[i] = (activity->bucket[i] + 1) / 2; /* something stays something */
	activity->scale++;
}

void
activity_widen(Activity *activity, guint64 age_ns)
{
	while (age_ns >> activity->shift >= ACTIVITY_BUCKETS) {
		/* Each two neighbours become one, of twice the width. */
		guint16 most = 0;

		for (guint i = 0; i < ACTIVITY_BUCKETS / 2; i++) {
			activity->bucket[i] = activity->bucket[2 * i] + activity->bucket[2 * i + 1];
			most = MAX(most, activity->bucket[i]);
		}
		for (guint i = ACTIVITY_BUCKETS / 2; i < ACTIVITY_BUCKETS; i++)
			activity->bucket[i] = 0;
		activity->shift++;
		if (most >= ACTIVITY_FULL)
			activity_halve(activity);
	}
}
