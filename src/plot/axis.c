/* SPDX-License-Identifier: MIT */
/* axis.c - ticks at round numbers, and their texts. */
#include "pktladder/graph.h"

/* The names of each unit, by powers of 1000. */
#define PREFIXES 5

static const char *const units[][PREFIXES] = {
	[PLOT_UNIT_TIME] = { "ns", "µs", "ms", "s" },
	[PLOT_UNIT_SEQUENCE] = { "", "k", "M", "G", "T" },
	[PLOT_UNIT_BYTES] = { "B", "kB", "MB", "GB", "TB" },
	[PLOT_UNIT_RATE] = { "bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s" },
};

/* The power of 1000 that a value of this size is written in. */
static guint
prefix_of(gint64 size, PlotUnit unit, gint64 *factor)
{
	guint prefix = 0;

	*factor = 1;
	while (prefix + 1 < PREFIXES && units[unit][prefix + 1] && size / *factor >= 1000) {
		*factor *= 1000;
		prefix++;
	}
	return prefix;
}

PlotAxis
plot_axis(gint64 low, gint64 high, guint most, PlotUnit unit)
{
	PlotAxis axis = { .low = low, .high = MAX(high, low + 1), .step = 1, .unit = unit };

	/* 1, 2, 5, 10...: sequence numbers and bytes are whole; so is a nanosecond */
	for (guint i = 0;
	     (axis.high - low) / axis.step >= MAX(most, 1) && axis.step < G_MAXINT64 / 2; i++)
		axis.step = i % 3 == 1 ? axis.step / 2 * 5 : axis.step * 2;
	axis.first = low - low % axis.step + (low % axis.step > 0 ? axis.step : 0);
	axis.n = axis.first > axis.high ? 0 : (axis.high - axis.first) / axis.step + 1;
	return axis;
}

/* "200k" of sequence numbers, "200 kB" else; the point is one in every language. */
static char *
number_text(gint64 value, gint64 factor, guint decimals, PlotUnit unit, guint prefix,
	    gboolean ascii)
{
	const char *name = units[unit][prefix];
	char digits[G_ASCII_DTOSTR_BUF_SIZE], format[] = { '%', '.', '0' + decimals, 'f', '\0' };

	if (ascii && g_str_equal(name, "µs"))
		name = "us";
	if (value == 0 && unit == PLOT_UNIT_SEQUENCE)
		name = "";
	g_ascii_formatd(digits, sizeof digits, format, (double)value / factor);
	return g_strconcat(digits, unit == PLOT_UNIT_SEQUENCE ? "" : " ", name, NULL);
}

char *
plot_axis_text(const PlotAxis *axis, gint64 value, gboolean ascii)
{
	gint64 size = MAX(ABS(axis->low), ABS(axis->high)), factor;
	guint prefix = prefix_of(size, axis->unit, &factor), decimals = 0;

	for (gint64 rest = factor; value != 0 && axis->step % rest != 0; rest /= 10)
		decimals++;
	return number_text(value, factor, MIN(decimals, 9), axis->unit, prefix, ascii);
}

char *
plot_value_text(gint64 value, PlotUnit unit, gboolean ascii)
{
	gint64 factor, size = ABS(value);
	guint prefix = prefix_of(size, unit, &factor);
	guint decimals = factor == 1             ? 0
			 : size / factor >= 1000 ? 0
			 : size / factor >= 100  ? 1
			 : size / factor >= 10   ? 2
						 : 3;

	return number_text(value, factor, decimals, unit, prefix, ascii);
}
