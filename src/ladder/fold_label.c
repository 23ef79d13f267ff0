#include "label_styles.h"

#include "detail_lines.h"
#include "pktladder/i18n.h"
#include "pktladder/number.h"

#define NS_PER_SECOND 1e9

void
fold_label(GString *label, const Ladder *ladder, const LadderRow *row, guint level)
{
	LadderFold fold = ladder_fold(ladder, row);
	g_autofree char *duration = detail_duration(fold.duration_ns);
	g_autofree char *bytes = number_text(fold.bytes);

	guint32 count = fold.segments > 0 ? fold.segments : fold.acks;
	g_autofree char *number = number_text(count);

	if (fold.segments > 0)
		g_string_append_printf(label, ngettext("%s segment", "%s segments", count), number);
	else
		g_string_append_printf(label, ngettext("%s ACK", "%s ACKs", count), number);
	if (level < 2 && fold.segments > 0)
		g_string_append_printf(label, ", %s B", bytes);
	if (level < 1)
		g_string_append_printf(label, ", %s", duration);
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
			   fold.bytes * 8 / (fold.duration_ns / NS_PER_SECOND) / 1e6);
	detail_add(lines, _("  The key x opens this fold, z unfolds all rows."));
	return lines;
}
