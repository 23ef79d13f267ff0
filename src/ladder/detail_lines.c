/* SPDX-License-Identifier: MIT */
/* detail_lines.c - lines of the detail pane, and times in them. */
#include "detail_lines.h"
#include "pktladder/text.h"

void
detail_add(GPtrArray *lines, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_autofree char *raw = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_ptr_array_add(lines, text_escape(raw, -1));
}

/* Four digits that count. */
char *
detail_duration(gint64 duration_ns)
{
	static const struct {
		gint64 unit;
		const char *name;
	} units[] = { { 1000000000, "s" }, { 1000000, "ms" }, { 1000, "µs" }, { 1, "ns" } };
	gint64 size = ABS(duration_ns);
	guint i = 0;

	while (i < G_N_ELEMENTS(units) - 1 && size < units[i].unit)
		i++;
	return g_strdup_printf("%.4g %s", (double)duration_ns / (double)units[i].unit,
			       units[i].name);
}
