/* SPDX-License-Identifier: MIT */
/* detail.c - a packet or a call in full: the parts of the page, and the hex dump. */
#include "detail_lines.h"
#include "pktladder/number.h"
#include "pktladder/text.h"

/* Of a large packet, so many bytes: the pane is for reading. */
#define DUMP_MAX 4096

void
detail_add(GPtrArray *lines, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_autofree char *raw = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_ptr_array_add(lines, text_escape(raw, -1));
}

char *
detail_time(gint64 time_ns)
{
	gint64 seconds = time_ns / G_GINT64_CONSTANT(1000000000);
	gint64 rest = time_ns % G_GINT64_CONSTANT(1000000000);
	g_autoptr(GDateTime) time = NULL;
	g_autofree char *date = NULL;

	if (rest < 0) {
		rest += G_GINT64_CONSTANT(1000000000);
		seconds--;
	}
	time = g_date_time_new_from_unix_utc(seconds);
	date = time ? g_date_time_format(time, "%Y-%m-%d %H:%M:%S") : g_strdup("?");
	return g_strdup_printf("%s.%09" G_GINT64_FORMAT " UTC", date, rest);
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

static void
dump_part(GPtrArray *lines, const Packet *packet, const char *title, guint32 start, guint32 end)
{
	enum { BYTES_A_LINE = 16 };

	if (start < end)
		detail_add(lines, "%s", title);
	for (guint32 offset = start; offset < end; offset += BYTES_A_LINE) {
		g_autoptr(GString) hex = g_string_new(NULL);
		char text[BYTES_A_LINE + 1] = "";

		for (guint32 i = 0; i < MIN(BYTES_A_LINE, end - offset); i++) {
			guint8 byte = packet->data[offset + i];

			g_string_append_printf(hex, i == 8 ? "  %02x" : " %02x", byte);
			text[i] = g_ascii_isprint(byte) ? (char)byte : '.';
		}
		detail_add(lines, "  %04x %-49s  %s", offset, hex->str, text);
	}
}

GPtrArray *
detail_packet(const Trace *trace, guint32 index, const Packet *packet, const Facts *facts,
	      const TcpVerdict *verdict)
{
	GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);

	g_autofree char *time = detail_time(trace_event(trace, index)->time_ns);
	guint32 frame = trace_frame(trace, index);

	if (!packet)
		detail_add(lines, _("Frame %u: its bytes cannot be read again, %s"), frame, time);
	else if (packet->captured < packet->length)
		detail_add(lines, _("Frame %u: %u B, the first %u of them captured, %s"), frame,
			   packet->length, packet->captured, time);
	else
		detail_add(lines, _("Frame %u: %u B, %s"), frame, packet->length, time);
	if (packet && facts) {
		detail_headers(lines, packet, facts);
		detail_transport(lines, trace, trace_event(trace, index), packet, facts);
	}
	detail_analysis(lines, trace, index, facts);
	if (verdict)
		detail_verdict(lines, verdict);
	if (packet) {
		/* Headers, payload and what is behind it stand apart. */
		gboolean has_payload = facts && facts->payload_captured > 0;
		guint32 end = MIN(packet->captured, DUMP_MAX);
		guint32 payload = has_payload ? MIN(facts->payload_offset, end) : end;
		guint32 behind =
		    has_payload ? MIN(facts->payload_offset + facts->payload_captured, end) : end;

		dump_part(lines, packet, has_payload ? _("Bytes of the headers") : _("Bytes"), 0,
			  payload);
		dump_part(lines, packet, _("Bytes of the payload"), payload, behind);
		dump_part(lines, packet, _("Bytes behind the payload"), behind, end);
		if (packet->captured > end)
			detail_add(lines, _("  and %u B more"), packet->captured - end);
	}
	return lines;
}

GPtrArray *
detail_fold(const Ladder *ladder, const LadderRow *row)
{
	GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
	const Trace *trace = ladder_trace(ladder);
	LadderFold fold = ladder_fold(ladder, row);
	g_autofree char *duration = detail_duration(fold.duration_ns);
	g_autofree char *time = detail_time(row->time_ns);
	g_autofree char *bytes = number_text(fold.bytes);
	g_autofree char *segments = number_text(fold.segments);
	g_autofree char *acks = number_text(fold.acks);

	detail_add(lines, _("Fold of frames %u to %u, %s"), trace_frame(trace, fold.first),
		   trace_frame(trace, fold.last), time);
	detail_add(lines,
		   row->from == SIDE_CLIENT ? _("  segments with data, client to server: %s")
					    : _("  segments with data, server to client: %s"),
		   segments);
	detail_add(lines, _("  bytes of data: %s"), bytes);
	detail_add(lines, _("  ACKs without data: %s"), acks);
	detail_add(lines, _("  duration: %s"), duration);
	if (fold.duration_ns > 0 && fold.bytes > 0)
		detail_add(lines, _("  throughput: %.4g Mbit/s"),
			   fold.bytes * 8 / (fold.duration_ns / 1e9) / 1e6);
	detail_add(lines, _("  The key x opens this fold, z unfolds all rows."));
	return lines;
}
