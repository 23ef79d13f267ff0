#include "pktladder/detail.h"

#include "detail_lines.h"
#include "pktladder/i18n.h"
#include "pktladder/text.h"

/* A hex dump line has so many bytes. */
#define DUMP_BYTES 16
/* Of a large packet, so many bytes: the pane is for reading. */
#define DUMP_MAX 4096

void
line_add(GPtrArray *lines, const char *format, ...)
{
	va_list arguments;
	char *raw;

	va_start(arguments, format);
	raw = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_ptr_array_add(lines, text_escape(raw, -1));
	g_free(raw);
}

/* UTC, to the nanosecond. */
char *
time_to_string(gint64 time_ns)
{
	gint64 seconds = time_ns / G_GINT64_CONSTANT(1000000000);
	gint64 rest = time_ns % G_GINT64_CONSTANT(1000000000);
	g_autoptr(GDateTime) time = NULL;
	g_autofree char *text = NULL;

	if (rest < 0) {
		rest += G_GINT64_CONSTANT(1000000000);
		seconds--;
	}
	time = g_date_time_new_from_unix_utc(seconds);
	text = time ? g_date_time_format(time, "%Y-%m-%d %H:%M:%S") : NULL;
	return g_strdup_printf("%s.%09" G_GINT64_FORMAT " UTC", text ? text : "?", rest);
}

/* "60.3 ms": three digits that count. */
char *
duration_to_string(gint64 ns)
{
	static const struct {
		gint64 unit;
		const char *name;
	} units[] = { { 1000000000, "s" }, { 1000000, "ms" }, { 1000, "µs" }, { 1, "ns" } };
	gint64 size = ns < 0 ? -ns : ns;
	guint i = 0;

	while (i < G_N_ELEMENTS(units) - 1 && size < units[i].unit)
		i++;
	return g_strdup_printf("%.4g %s", (double)ns / units[i].unit, units[i].name);
}

static void
dump_add(GPtrArray *lines, const Packet *packet, const Facts *facts)
{
	guint32 end = MIN(packet->captured, DUMP_MAX);
	guint32 payload = facts && facts->has_transport_header ? facts->payload_offset : G_MAXUINT32;

	line_add(lines, _("Bytes"));
	for (guint32 at = 0; at < end;) {
		/* The payload begins a line of its own. */
		guint32 stop = at < payload && payload < at + DUMP_BYTES ? payload : at + DUMP_BYTES;
		g_autoptr(GString) hex = g_string_new(NULL), text = g_string_new(NULL);

		stop = MIN(stop, end);
		if (at == payload)
			line_add(lines, "  %s", _("payload:"));
		for (guint32 i = at; i < stop; i++) {
			g_string_append_printf(hex, "%02x%s", packet->data[i],
					       i - at == DUMP_BYTES / 2 - 1 ? "  " : " ");
			g_string_append_c(text, g_ascii_isprint(packet->data[i]) ? packet->data[i]
										 : '.');
		}
		line_add(lines, "  %04x  %-*s %s", at, 3 * DUMP_BYTES + 1, hex->str, text->str);
		at = stop;
	}
	if (packet->captured > end)
		line_add(lines, _("  (%u more bytes)"), packet->captured - end);
	else if (packet->captured < packet->length)
		line_add(lines, _("  (%u more bytes were on the wire, but not captured)"),
			 packet->length - packet->captured);
}

GPtrArray *
detail_packet(const Trace *trace, guint32 index, const Packet *packet, const Facts *facts)
{
	GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
	const Event *event = trace_event(trace, index);
	g_autofree char *time = time_to_string(event->time_ns);

	if (packet)
		line_add(lines, _("Frame %u: %u bytes, %s"), trace_frame(trace, index), packet->length,
			 time);
	else
		line_add(lines, _("Frame %u, %s"), trace_frame(trace, index), time);
	if (facts && packet) {
		detail_headers(lines, event, facts);
	} else {
		line_add(lines, _("  Its bytes could not be read again."));
	}
	detail_analysis(lines, trace, index, facts);
	if (packet)
		dump_add(lines, packet, facts);
	return lines;
}
