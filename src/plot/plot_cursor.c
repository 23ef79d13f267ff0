/* plot_cursor.c - what the packet at the cursor is, in a line or two: what the
 * event tells of it, and what only its span knows where that holds it alone. */
#include "plot_cursor.h"

#include "pktladder/i18n.h"
#include "pktladder/text.h"

typedef struct {
	GPtrArray *texts; /* char *, the most important first */
	guint problem;	  /* which of them is the verdict; G_MAXUINT none */
} Pieces;

static void G_GNUC_PRINTF(2, 3)
piece_add(Pieces *pieces, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_ptr_array_add(pieces->texts, g_strdup_vprintf(format, arguments));
	va_end(arguments);
}

static void
event_add(Pieces *pieces, const Plot *plot, guint32 index, gboolean ascii)
{
	const Trace *trace = plot_trace(plot);
	const Event *event = trace_event(trace, index);
	gint64 time_ns = plot_time(plot, event->time_ns);
	const char *arrow = ascii ? "->" : "→";
	char flags[TCP_FLAGS_TEXT_SIZE];
	const char *verdict = verdict_word(event->verdict);

	piece_add(pieces, _("frame %u"), trace_frame(trace, index));
	piece_add(pieces, "%s%.6f s", time_ns < 0 ? "-" : "", ABS((double)time_ns) / 1e9);
	if (event->from == SIDE_CLIENT)
		piece_add(pieces, _("client %s server"), arrow);
	else
		piece_add(pieces, _("server %s client"), arrow);
	if (verdict) {
		pieces->problem = event->verdict & VERDICT_PROBLEMS ? pieces->texts->len : G_MAXUINT;
		piece_add(pieces, "%s", _(verdict));
	}
	if (plot_is_tcp(plot)) {
		piece_add(pieces, "%s", tcp_flags_print(event->flags, flags, sizeof flags));
		piece_add(pieces, "seq=%u", event->seq);
		if (event->flags & TCP_ACK)
			piece_add(pieces, "ack=%u", event->ack);
	}
	piece_add(pieces, "len=%u", event->length);
}

void
plot_cursor_paint(const Plot *plot, const PlotScreenOptions *options, const PlotScreenLayout *layout,
		  guint x, guint columns, Grid *grid)
{
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
	Pieces pieces = { texts, G_MAXUINT };
	const PlotSpan *span = plot_span_of(plot, options->cursor);
	gboolean ascii = options->glyphs == GLYPHS_ASCII;
	guint row = 0, used = 0;

	event_add(&pieces, plot, options->cursor, ascii);
	if (span && span->packets == 1) {
		if (span->window_last != PLOT_NONE)
			piece_add(&pieces, "win=%" G_GINT64_FORMAT, span->window_last);
		if (span->rtt_last != PLOT_NONE) {
			g_autofree char *text =
			    plot_value_text(span->rtt_last, PLOT_UNIT_TIME, ascii);

			piece_add(&pieces, _("RTT %s"), text);
		}
		if (span->flight_last != PLOT_NONE) {
			g_autofree char *text =
			    g_strdup_printf("%" G_GINT64_FORMAT " B", span->flight_last);

			piece_add(&pieces, _("in flight: %s"), text);
		}
	}
	for (guint i = 0; i < texts->len; i++) {
		const char *text = g_ptr_array_index(texts, i);
		guint width = text_width(text), gap = used > 0 ? 2 : 0;

		if (used + gap + width > columns && row + 1 < layout->cursor_rows) {
			row++;
			used = gap = 0;
		}
		if (used + gap + width > columns)
			continue;
		grid_put(grid, layout->cursor_y + row, x + used + gap, width, text,
			 i == pieces.problem ? ROLE_PLOT_AGAIN : ROLE_PLAIN);
		used += gap + width;
	}
}
