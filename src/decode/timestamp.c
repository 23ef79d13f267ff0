/* SPDX-License-Identifier: MIT */
/* timestamp.c - packet times as text. */
#include "pktladder/timestamp.h"

#include <string.h>

#define NS_PER_SECOND 1000000000

char *
timestamp_seconds(gint64 ns, guint width, gboolean with_plus)
{
	const char *sign = ns < 0 ? "-" : with_plus ? "+" : "";
	guint64 magnitude = ns < 0 ? -(guint64)ns : (guint64)ns;
	guint64 seconds = magnitude / NS_PER_SECOND;
	guint64 fraction = magnitude % NS_PER_SECOND / 1000;
	char plain[G_ASCII_DTOSTR_BUF_SIZE];

	for (gint decimals = 6; decimals >= 0; decimals--, fraction /= 10) {
		g_autofree char *text =
		    decimals == 0 ? g_strdup_printf("%s%" G_GUINT64_FORMAT, sign, seconds)
				  : g_strdup_printf("%s%" G_GUINT64_FORMAT ".%0*" G_GUINT64_FORMAT,
						    sign, seconds, decimals, fraction);

		if (strlen(text) <= width)
			return g_steal_pointer(&text);
	}
	g_ascii_formatd(plain, sizeof(plain), "%.1e", (gdouble)seconds);
	return g_strconcat(sign, plain, NULL);
}

gint64
timestamp_of(gint64 seconds, gint64 nanoseconds)
{
	gint64 ns;

	if (__builtin_mul_overflow(seconds, NS_PER_SECOND, &ns) ||
	    __builtin_add_overflow(ns, nanoseconds, &ns))
		return seconds < 0 ? G_MININT64 : G_MAXINT64;
	return ns;
}

/* Before 1970 too the fraction goes upwards: -0.1 s is the second -1, and 0.9. */
static gint64
whole_seconds(gint64 ns)
{
	return ns / NS_PER_SECOND - (ns % NS_PER_SECOND < 0);
}

char *
timestamp_utc(gint64 ns)
{
	gint64 seconds = whole_seconds(ns), fraction = ns % NS_PER_SECOND;
	g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(seconds);
	g_autofree char *date = time ? g_date_time_format(time, "%Y-%m-%d %H:%M:%S") : NULL;

	return g_strdup_printf("%s.%09" G_GINT64_FORMAT " UTC", date ? date : "?",
			       fraction < 0 ? fraction + NS_PER_SECOND : fraction);
}

char *
timestamp_clock(gint64 ns, guint width, gboolean local)
{
	gint64 seconds = whole_seconds(ns), rest = ns % NS_PER_SECOND;
	gint64 fraction = rest < 0 ? rest + NS_PER_SECOND : rest;
	g_autoptr(GDateTime) time = local ? g_date_time_new_from_unix_local(seconds)
					  : g_date_time_new_from_unix_utc(seconds);
	guint whole = strlen("HH:MM:SS");

	if (!time)
		return g_strdup("?");
	g_autofree char *text = g_strdup_printf(
	    "%02d:%02d:%02d.%06d", g_date_time_get_hour(time), g_date_time_get_minute(time),
	    g_date_time_get_second(time), (int)(fraction / 1000));
	if (width <= whole + 1) /* no point at the end */
		width = MIN(width, whole);
	return g_strndup(text, width);
}

char *
timestamp_nanoseconds(gint64 ns)
{
	guint64 magnitude = ns < 0 ? -(guint64)ns : (guint64)ns;

	return g_strdup_printf("%s%" G_GUINT64_FORMAT ".%09u", ns < 0 ? "-" : "",
			       magnitude / NS_PER_SECOND, (guint)(magnitude % NS_PER_SECOND));
}
