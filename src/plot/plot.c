/* SPDX-License-Identifier: MIT */
/* plot.c - packets into spans, and spans into columns. plot.h has the theory. */
#include "plot_private.h"

#include "pktladder/timestamp.h"
#include "pktladder/trace.h"

#define SACKS_MAX 16384 /* a side */

PlotSpan
plot_span_empty(void)
{
	PlotSpan span = { .first = EVENT_NONE };

	G_STATIC_ASSERT(sizeof span.range == G_STRUCT_OFFSET(PlotSpan, first)); /* all of them */
	for (guint i = 0; i < G_N_ELEMENTS(span.range); i++)
		span.range[i] = PLOT_EMPTY;
	return span;
}

void
plot_span_join(PlotSpan *span, const PlotSpan *other)
{
	if (other->packets == 0)
		return;
	for (guint i = 0; i < G_N_ELEMENTS(span->range); i++)
		plot_range_join(&span->range[i], &other->range[i]);
	span->first = MIN(span->first, other->first);
	span->last = MAX(span->last, other->last);
	span->packets += other->packets;
	span->verdicts |= other->verdicts;
	span->flags |= other->flags;
	span->bytes += other->bytes;
	span->again_bytes += other->again_bytes;
}

/* Each two neighbouring spans become one. */
static void
line_halve(PlotLine *line)
{
	guint n = line->level[0]->len;

	for (guint i = 0; i < n; i += 2) {
		PlotSpan *span = span_at(line, 0, i / 2);

		*span = *span_at(line, 0, i);
		if (i + 1 < n)
			plot_span_join(span, span_at(line, 0, i + 1));
	}
	g_array_set_size(line->level[0], (n + 1) / 2);
	line->per_span *= 2;
	for (guint level = 1; level < PLOT_LEVELS; level++) {
		g_array_set_size(line->level[level], 0);
		for (guint i = 0; i < line->level[level - 1]->len; i++) {
			if (i % PLOT_FAN_OUT == 0)
				g_array_append_val(line->level[level],
						   *span_at(line, level - 1, i));
			else
				plot_span_join(span_at(line, level, i / PLOT_FAN_OUT),
					       span_at(line, level - 1, i));
		}
	}
}

Plot *
plot_new(const Trace *trace, guint32 conversation, guint spans_max, gint64 from_ns, gint64 to_ns)
{
	Plot *plot = g_new0(Plot, 1);

	plot->trace = trace;
	plot->conversation = conversation;
	plot->tcp = flow_table_get(trace_flows(trace), conversation)->transport == TRANSPORT_TCP;
	plot->spans_max = MAX(spans_max, 64);
	plot->window = (PlotRange){ from_ns, to_ns };
	plot->line = g_new0(PlotLine, 2);
	plot->kept = g_new0(PlotKept, 1);
	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		PlotLine *line = &plot->line[side];

		for (guint level = 0; level < PLOT_LEVELS; level++)
			line->level[level] = g_array_new(FALSE, FALSE, sizeof(PlotSpan));
		line->sacks = g_array_new(FALSE, FALSE, sizeof(PlotSack));
		line->before = plot_span_empty();
		line->per_span = line->sack_stride = 1;
	}
	return plot;
}

void
plot_free(Plot *plot)
{
	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		for (guint level = 0; level < PLOT_LEVELS; level++)
			g_array_unref(plot->line[side].level[level]);
		g_array_unref(plot->line[side].sacks);
		g_free(plot->kept->columns[side].spans);
	}
	if (plot->kept->clear)
		plot->kept->clear(plot->kept);
	g_free(plot->kept);
	g_free(plot->line);
	g_free(plot);
}

gboolean
plot_takes(const Plot *plot, guint32 index)
{
	const Event *event = trace_event(plot->trace, index);

	if (event->kind != EVENT_PACKET || event->conversation != plot->conversation)
		return FALSE;
	return trace_has_time(plot->trace, event->time_ns) && event->evidence != EVIDENCE_COPY &&
	       event->packet_kind != KIND_OTHER && event->packet_kind != KIND_ICMP_ERROR &&
	       event->packet_kind != KIND_FRAGMENT;
}

/* The sequence number with these 32 bits that is nearest to the line's latest. */
static gint64
unwrap(const PlotLine *line, guint32 seq)
{
	return line->base + (gint32)(seq - (guint32)line->base);
}

/* Adds the segment's SACK blocks. When there is no room for more, every other block stays. */
static void
sacks_take(PlotLine *line, gint64 time_ns, gint64 ack, const TcpFacts *tcp)
{
	GArray *sacks = line->sacks;

	for (guint i = 0; i < tcp->n_sack; i++) {
		PlotSack sack = {
			.time_ns = time_ns,
			.left = ack + (gint32)(tcp->sack[i].left - tcp->ack),
			.right = ack + (gint32)(tcp->sack[i].right - tcp->ack),
		};

		if (sack.left >= sack.right || ++line->sack_skipped < line->sack_stride)
			continue;
		line->sack_skipped = 0;
		g_array_append_val(sacks, sack);
		if (sacks->len < SACKS_MAX)
			continue;
		for (guint kept = 0; kept < SACKS_MAX / 2; kept++)
			g_array_index(sacks, PlotSack, kept) =
			    g_array_index(sacks, PlotSack, 2 * kept);
		g_array_set_size(sacks, SACKS_MAX / 2);
		line->sack_stride *= 2;
	}
}

static void
tcp_set(Plot *plot, PlotSpan *span, const Event *event, const Facts *facts,
	const TcpVerdict *verdict)
{
	const guint32 again = VERDICT_SENT_AGAIN | VERDICT_OVERTAKEN | VERDICT_AGAIN_OR_OVERTAKEN |
			      VERDICT_SAME_PACKET | VERDICT_KEEP_ALIVE;
	PlotLine *line = &plot->line[event->from], *peer = &plot->line[!event->from];
	gboolean rst = (event->flags & TCP_RST) != 0; /* its window means nothing */
	gint64 seq = unwrap(line, verdict ? verdict->seq : event->seq);
	gint64 end = seq + event->length + !!(event->flags & TCP_SYN) + !!(event->flags & TCP_FIN);

	if (facts ? !facts->has_payload_length : event->status != DECODE_OK)
		return; /* its numbers are not known to be relative ones */
	if (!rst)
		line->base = seq;
	if (seq < end) {
		*(span->verdicts & again ? &span->again : &span->data) =
		    (PlotRange){ seq, end, end };
		line->sent = MAX(line->sent, end);
		if (evidence_repeats(event->evidence))
			span->again_bytes = event->length;
	}
	if ((event->flags & TCP_ACK) && !rst) { /* what it acknowledged */
		peer->base = unwrap(peer, verdict ? verdict->ack : event->ack);
		span->ack = plot_range_of(peer->base);
		if (peer->sent >= peer->base)
			span->unacked = plot_range_of(peer->sent - peer->base);
	}
	if (!verdict)
		return; /* the rest only the packet's bytes tell */
	if (verdict->bytes_in_flight > 0)
		span->flight = plot_range_of(verdict->bytes_in_flight);
	if (verdict->ack_rtt_ns >= 0)
		span->rtt = plot_range_of(MIN(verdict->ack_rtt_ns, PLOT_MOST));
	if (!rst)
		span->window = plot_range_of(verdict->window);
	if (span->ack.last != PLOT_NONE)
		span->edge = plot_range_of(span->ack.last + verdict->window);
	if (!rst && !(event->flags & TCP_SYN))
		line->scale_unknown = verdict->window_scale == -1;
}

void
plot_add(Plot *plot, guint32 index, const Facts *facts, const TcpVerdict *verdict)
{
	const Event *event = trace_event(plot->trace, index);
	PlotLine *line = &plot->line[event->from];
	PlotSpan span = plot_span_empty();

	plot->start_ns = trace_start(plot->trace);
	plot->gone += plot->tcp && !facts;
	gint64 time_ns = plot_time(plot, event->time_ns);
	if (plot->packets++ == 0)
		plot->begin_ns = plot->end_ns = time_ns;
	plot->begin_ns = MIN(plot->begin_ns, time_ns);
	plot->end_ns = MAX(plot->end_ns, time_ns);
	span.time = plot_range_of(time_ns);
	span.first = span.last = index;
	span.packets = 1;
	span.verdicts = event_verdicts(event);
	span.flags = event->flags;
	span.bytes = event->length;
	if (plot->tcp)
		tcp_set(plot, &span, event, facts, verdict);
	if (time_ns > plot->window.high)
		return;
	if (time_ns < plot->window.low) {
		plot_span_join(&line->before, &span);
		return;
	}
	if (facts && plot->tcp && span.ack.last != PLOT_NONE)
		sacks_take(line, time_ns, span.ack.last, &facts->tcp);
	if (line->level[0]->len >= plot->spans_max &&
	    span_at(line, 0, line->level[0]->len - 1)->packets >= line->per_span)
		line_halve(line);
	/* The packet goes into the last span of each level, or into a new one. */
	guint last = line->level[0]->len;
	if (last > 0 && span_at(line, 0, last - 1)->packets < line->per_span)
		last--;
	for (guint level = 0; level < PLOT_LEVELS; level++) {
		guint at = last >> (PLOT_FAN_SHIFT * level);

		if (at < line->level[level]->len)
			plot_span_join(span_at(line, level, at), &span);
		else
			g_array_append_val(line->level[level], span);
	}
}

guint
plot_packets_a_span(const Plot *plot)
{
	return MAX(plot->line[SIDE_CLIENT].per_span, plot->line[SIDE_SERVER].per_span);
}

gint64
plot_time(const Plot *plot, gint64 time_ns)
{
	return CLAMP(timestamp_between(plot->start_ns, time_ns), -PLOT_MOST, PLOT_MOST);
}

gboolean
plot_covers(const Plot *plot, gint64 from_ns, gint64 to_ns)
{
	return plot->window.low <= from_ns && to_ns <= plot->window.high;
}

guint
plot_n_spans(const Plot *plot, Side side)
{
	return plot->line[side].level[0]->len;
}

const PlotSpan *
plot_span(const Plot *plot, Side side, guint index)
{
	return span_at(&plot->line[side], 0, index);
}

const PlotSack *
plot_sacks(const Plot *plot, Side side, guint *n)
{
	*n = plot->line[side].sacks->len;
	return (const PlotSack *)plot->line[side].sacks->data;
}
