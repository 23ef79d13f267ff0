/* timestamp.h - packet times as text. Private to src/figure. Pure. */
#pragma once

#include <glib.h>

/* A duration or an offset in seconds, with as many of six decimals as `width`
 * columns hold. Cut, not rounded, as tcpdump prints time stamps. The caller frees. */
char *timestamp_seconds(gint64 ns, guint width, gboolean with_plus);

/* "12:34:56.123456" of the day, cut to what fits. The caller frees. */
char *timestamp_clock(gint64 ns, guint width, gboolean local);

/* Time stamps of a file may be anything: the difference wraps, which C allows
 * for unsigned numbers only. */
gint64 timestamp_between(gint64 from_ns, gint64 to_ns);

/* Seconds with all nine decimals, for programs. The caller frees. */
char *timestamp_nanoseconds(gint64 ns);
