/* SPDX-License-Identifier: MIT */
/* xpl.c - the time-sequence graph for xplot, as tcptrace draws it: white
 * segments, green ACK line, yellow window, red retransmissions, purple SACK.
 *
 * A file is lines of words: the types of both axes, a title, then commands. A
 * colour holds until the next one; a text stands on the line after its place.
 */
#include "pktladder/plot_figure.h"

#include "pktladder/timestamp.h"
#include "pktladder/decode.h"
#include "plot_private.h"

typedef struct {
	const Plot *plot;
	Side side;
	GString *out;
	const char *colour;
} Xpl;

static void
colour_set(Xpl *xpl, const char *colour)
{
	if (xpl->colour == colour)
		return;
	xpl->colour = colour;
	g_string_append_printf(xpl->out, "%s\n", colour);
}

/* "1700000000.000020 1449"; xplot's unsigned has no sign. */
static void
place_put(Xpl *xpl, gint64 time_ns, gint64 seq)
{
	g_autofree char *seconds =
	    timestamp_seconds(timestamp_plus(xpl->plot->start_ns, time_ns), G_MAXUINT, FALSE);

	g_string_append_printf(xpl->out, " %s %" G_GINT64_FORMAT, seconds, MAX(seq, 0));
}

static void
line_put(Xpl *xpl, const char *colour, gint64 time_ns, gint64 seq, gint64 time2_ns, gint64 seq2)
{
	colour_set(xpl, colour);
	g_string_append(xpl->out, "line");
	place_put(xpl, time_ns, seq);
	place_put(xpl, time2_ns, seq2);
	g_string_append_c(xpl->out, '\n');
}

static void
sign_put(Xpl *xpl, const char *colour, const char *sign, gint64 time_ns, gint64 seq,
	 const char *text)
{
	colour_set(xpl, colour);
	g_string_append(xpl->out, sign);
	place_put(xpl, time_ns, seq);
	g_string_append_c(xpl->out, '\n');
	if (text)
		g_string_append_printf(xpl->out, "%s\n", text);
}

static void
bar_put(Xpl *xpl, const char *colour, gint64 time_ns, const PlotRange *range)
{
	if (plot_range_is_empty(range))
		return;
	sign_put(xpl, colour, "darrow", time_ns, range->low, NULL);
	sign_put(xpl, colour, "uarrow", time_ns, range->high, NULL);
	line_put(xpl, colour, time_ns, range->low, time_ns, range->high);
}

static void
segments_put(Xpl *xpl)
{
	for (guint i = 0; i < plot_n_spans(xpl->plot, xpl->side); i++) {
		const PlotSpan *span = plot_span(xpl->plot, xpl->side, i);
		gint64 at = span->time.low;
		gboolean again = !plot_range_is_empty(&span->again);
		gint64 top = again                              ? span->again.high
			     : plot_range_is_empty(&span->data) ? 0
								: span->data.high;

		bar_put(xpl, "white", at, &span->data);
		bar_put(xpl, "red", at, &span->again);
		if (span->verdicts & VERDICT_SENT_AGAIN)
			sign_put(xpl, "red", "atext", at, top, "R");
		if (span->verdicts & VERDICT_OVERTAKEN)
			sign_put(xpl, "pink", "atext", at, top, "O");
		if (span->verdicts & VERDICT_AGAIN_OR_OVERTAKEN)
			sign_put(xpl, "pink", "atext", at, top, "?");
		if (span->flags & TCP_SYN)
			sign_put(xpl, "orange", "atext", at, top, "SYN");
		if (span->flags & TCP_FIN)
			sign_put(xpl, "orange", "atext", at, top, "FIN");
		if (span->flags & TCP_RST)
			sign_put(xpl, "orange", "atext", at, top, "RST");
	}
}

/* A line that goes by steps, and how far it is drawn. */
typedef struct {
	const char *colour;
	gint64 at_ns, value; /* `value` PLOT_NONE: it has not begun */
} Steps;

/* A step: on at the old number until now, then up to the new one, where there is one. */
static void
step_put(Xpl *xpl, Steps *steps, gint64 now_ns, gint64 value)
{
	if (value == PLOT_NONE)
		return;
	if (steps->value != PLOT_NONE)
		line_put(xpl, steps->colour, steps->at_ns, steps->value, now_ns, steps->value);
	if (steps->value != PLOT_NONE && steps->value != value)
		line_put(xpl, steps->colour, now_ns, steps->value, now_ns, value);
	steps->at_ns = now_ns;
	steps->value = value;
}

static void
answers_put(Xpl *xpl)
{
	Steps ack = { "green", .value = PLOT_NONE }, edge = { "yellow", .value = PLOT_NONE };

	for (guint i = 0; i < plot_n_spans(xpl->plot, !xpl->side); i++) {
		const PlotSpan *span = plot_span(xpl->plot, !xpl->side, i);
		gint64 at = span->time.low;

		step_put(xpl, &ack, at, span->ack.last);
		step_put(xpl, &edge, at, span->edge.last);
		if (span->verdicts & VERDICT_DUPLICATE_ACK)
			sign_put(xpl, ack.colour, "utick", at, MAX(ack.value, 0), NULL);
		if (span->verdicts & VERDICT_ZERO_WINDOW)
			sign_put(xpl, edge.colour, "btext", at, MAX(edge.value, 0), "Z");
	}
}

void
plot_to_xpl(const Plot *plot, Side side, GString *out)
{
	Xpl xpl = { .plot = plot, .side = side, .out = out };
	g_autofree char *ends = plot_direction_text(plot, side, TRUE);
	const PlotSack *sacks;
	gint64 high = 0;
	guint n_sacks;

	for (guint i = 0; i < plot_n_spans(plot, side); i++)
		high =
		    MAX(high, plot_span(plot, side, i)->data.high); /* of none the least there is */
	g_string_append_printf(out,
			       "timeval %s\ntitle\n%s (time sequence graph)\n"
			       "xlabel\nTime\nylabel\nSequence Number\n",
			       high < G_MAXINT32 ? "unsigned"
						 : "double", /* past 32 bits it has no room */
			       ends);
	if (plot->tcp) {
		answers_put(&xpl);
		segments_put(&xpl);
		sacks = plot_sacks(plot, !side, &n_sacks);
		for (guint i = 0; i < n_sacks; i++) {
			line_put(&xpl, "purple", sacks[i].time_ns, sacks[i].left, sacks[i].time_ns,
				 sacks[i].right);
			sign_put(&xpl, "purple", "atext", sacks[i].time_ns, sacks[i].right, "S");
		}
	}
	g_string_append(out, "go\n");
}
