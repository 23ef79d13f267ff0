/* SPDX-License-Identifier: MIT */
/* timestamp.h - times of packets and calls: arithmetic on them, and as text. Pure.
 *
 * Times are ns since 1970, and those of a file may be anything that 64 bits
 * hold: two of them may lie farther apart than that. What does not fit is the
 * largest or smallest number that does, so that a later time never becomes an
 * earlier one. All arithmetic on times that come from outside is done here.
 */
#pragma once

#include <glib.h>

/* From here on (a year) times are real: 0 among them is no time, but says that there was none. */
#define TIME_REAL_NS (G_GINT64_CONSTANT(365) * 24 * 3600 * 1000 * 1000 * 1000)

/* From one time to another; negative where time goes backwards. Never
 * G_MININT64: what it gives has a magnitude. */
static inline gint64
timestamp_between(gint64 from_ns, gint64 to_ns)
{
	gint64 between;

	if (G_UNLIKELY(__builtin_sub_overflow(to_ns, from_ns, &between)))
		return to_ns < from_ns ? -G_MAXINT64 : G_MAXINT64;
	return MAX(between, -G_MAXINT64);
}

/* How long it is from one time to another, without a bound; 0 where time goes backwards. */
static inline guint64
timestamp_span(gint64 from_ns, gint64 to_ns)
{
	return to_ns > from_ns ? (guint64)to_ns - (guint64)from_ns : 0;
}

static inline gint64
timestamp_after(gint64 time_ns, guint64 span_ns)
{
	guint64 room = timestamp_span(time_ns, G_MAXINT64);

	return span_ns < room ? (gint64)((guint64)time_ns + span_ns) : G_MAXINT64;
}

static inline gint64
timestamp_plus(gint64 time_ns, gint64 more_ns)
{
	gint64 sum;

	if (G_UNLIKELY(__builtin_add_overflow(time_ns, more_ns, &sum)))
		return more_ns < 0 ? -G_MAXINT64 : G_MAXINT64;
	return sum;
}

/* A number of ns that was computed as a double. */
static inline gint64
timestamp_from_double(double ns)
{
	if (!(ns > -(double)G_MAXINT64)) /* NaN, too */
		return -G_MAXINT64;
	return ns < (double)G_MAXINT64 ? (gint64)ns : G_MAXINT64;
}

/* A time from seconds and nanoseconds. */
gint64 timestamp_of(gint64 seconds, gint64 nanoseconds);

/* A duration or an offset in seconds, with as many of six decimals as `width`
 * columns hold. Cut, not rounded, as tcpdump prints time stamps. The caller frees. */
char *timestamp_seconds(gint64 ns, guint width, gboolean with_plus);

/* "12:34:56.123456" of the day, cut to what fits. The caller frees. */
char *timestamp_clock(gint64 ns, guint width, gboolean local);

/* "2026-11-23 17:51:05.123456789 UTC". The caller frees. */
char *timestamp_utc(gint64 ns);

/* Seconds with all nine decimals, for programs. The caller frees. */
char *timestamp_nanoseconds(gint64 ns);
