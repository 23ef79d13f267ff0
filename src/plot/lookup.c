/* SPDX-License-Identifier: MIT */
/* lookup.c - what a plot has at a time, and where a packet's neighbours are.
 *
 * Theory of operation. A search goes down the pyramid of spans: one that lies in one column as a
 * whole is taken as it is, only the others are opened; where a picture is drawn, not even those
 * that are a small part of a column, so that drawing costs the same whatever the number of packets.
 * Times may go backwards, so that spans overlap; events never do, so that packets are found by
 * bisection.
 */
#include "plot_private.h"
#include "pktladder/sorted.h"
#include "pktladder/trace.h"

typedef struct {
	const PlotLine *line;
	gint64 from_ns, to_ns;
	guint n;
	gint64 short_ns; /* so short a span is in the column where it begins */
	PlotSpan *spans, *before;
} Columns;

static guint
column_of(const Columns *columns, gint64 time_ns)
{
	guint64 width = columns->to_ns - columns->from_ns, after = time_ns - columns->from_ns;

	if (after < G_MAXUINT64 / 4096) /* 52 days: one division */
		return after * columns->n / width;
	return (guint)((unsigned __int128)after * columns->n / width);
}

/* A span that lies in one column goes there as a whole; column n has the packets that came before
 * the first. Any other span goes where the spans below it go. */
static void
columns_take(const Columns *columns, guint level, guint index)
{
	const PlotSpan *span = span_at(columns->line, level, index);

	if (span->time.low >= columns->to_ns)
		return;
	guint column = span->time.high < columns->from_ns  ? columns->n
		       : span->time.low < columns->from_ns ? 0
							   : column_of(columns, span->time.low);
	if (column == columns->n || level == 0 ||
	    span->time.high - span->time.low <= columns->short_ns ||
	    (span->time.low >= columns->from_ns && span->time.high < columns->to_ns &&
	     column_of(columns, span->time.high) == column)) {
		plot_span_join(column == columns->n ? columns->before : &columns->spans[column],
			       span);
		return;
	}
	for (guint i = index * PLOT_FAN_OUT;
	     i < MIN((index + 1) * PLOT_FAN_OUT, columns->line->level[level - 1]->len); i++)
		columns_take(columns, level - 1, i);
}

void
plot_columns(const Plot *plot, Side side, gint64 from_ns, gint64 to_ns, guint n, gboolean exact,
	     PlotSpan *spans, PlotSpan *before)
{
	gint64 end_ns = MAX(to_ns, from_ns + 1);
	gint64 short_ns = exact ? 0 : (end_ns - from_ns) / n / PLOT_COLUMN_PARTS;
	const Columns columns = { &plot->line[side], from_ns, end_ns, n, short_ns, spans, before };

	*before = columns.line->before;
	for (guint i = 0; i < n; i++)
		spans[i] = plot_span_empty();
	for (guint i = 0; i < columns.line->level[PLOT_LEVELS - 1]->len; i++)
		columns_take(&columns, PLOT_LEVELS - 1, i);
}

/* The last span that begins at or before the event; NULL none. `next`: the index behind it. */
static const PlotSpan *
span_up_to(const PlotLine *line, guint32 event, guint *next)
{
	guint low = 0, high = line->level[0]->len;

	SORTED_SEARCH(low, high, span_at(line, 0, middle)->first <= event);
	*next = low;
	return low > 0 ? span_at(line, 0, low - 1) : NULL;
}

static gboolean
is_of(const Plot *plot, Side side, guint32 event)
{
	return plot_takes(plot, event) && trace_event(plot->trace, event)->from == side;
}

/* The side's packet at the event or before it, within the span that it is in. */
static guint32
line_before(const Plot *plot, Side side, guint32 event)
{
	guint next;
	const PlotSpan *span = span_up_to(&plot->line[side], event, &next);

	if (!span || event >= span->last)
		return span ? span->last : EVENT_NONE;
	while (event > span->first && !is_of(plot, side, event))
		event--;
	return event;
}

static guint32
line_after(const Plot *plot, Side side, guint32 event)
{
	const PlotLine *line = &plot->line[side];
	guint next;
	const PlotSpan *span = span_up_to(line, event, &next);

	if (!span || event >= span->last)
		return next < line->level[0]->len ? span_at(line, 0, next)->first : EVENT_NONE;
	do
		event++;
	while (event < span->last && !is_of(plot, side, event));
	return event;
}

guint32
plot_step(const Plot *plot, guint32 event, int step)
{
	guint32 client, server;

	if (step > 0) {
		client = line_after(plot, SIDE_CLIENT, event);
		server = line_after(plot, SIDE_SERVER, event);
		return MIN(client, server); /* EVENT_NONE is the greatest */
	}
	if (event == 0)
		return EVENT_NONE;
	client = line_before(plot, SIDE_CLIENT, event - 1);
	server = line_before(plot, SIDE_SERVER, event - 1);
	return client == EVENT_NONE || server == EVENT_NONE ? MIN(client, server)
							    : MAX(client, server);
}

guint32
plot_near(const Plot *plot, guint32 event)
{
	if (event == EVENT_NONE)
		event--;
	guint32 before = plot_step(plot, event + 1, -1);
	return before != EVENT_NONE ? before : plot_step(plot, event, 1);
}

const PlotSpan *
plot_span_of(const Plot *plot, guint32 event)
{
	const PlotLine *line = &plot->line[trace_event(plot->trace, event)->from];
	guint next;
	const PlotSpan *span = span_up_to(line, event, &next);

	return span && event <= span->last ? span : NULL;
}

/* The packet that is nearest to a time. */
typedef struct {
	const PlotLine *line;
	gint64 time_ns;
	guint64 distance;
	guint32 event;
} Nearest;

static guint64
distance_to(const PlotRange *time, gint64 time_ns)
{
	if (time_ns < time->low)
		return (guint64)time->low - time_ns;
	return time_ns > time->high ? (guint64)time_ns - time->high : 0;
}

/* Among the spans of a level from `first` to before `end`. The nearest one comes first: what
 * it finds rules most of the others out. */
static void
nearest_look(Nearest *nearest, guint level, guint first, guint end)
{
	const PlotLine *line = nearest->line;
	guint64 least = G_MAXUINT64;
	guint best = first;

	for (guint i = first; i < end; i++) {
		guint64 distance = distance_to(&span_at(line, level, i)->time, nearest->time_ns);

		if (distance < least) {
			least = distance;
			best = i;
		}
	}
	for (guint n = first; n < end; n++) {
		guint index = n == first ? best : n <= best ? n - 1 : n;
		const PlotSpan *span = span_at(line, level, index);
		guint64 distance = distance_to(&span->time, nearest->time_ns);

		if (distance > nearest->distance ||
		    (distance == nearest->distance && span->first >= nearest->event))
			continue;
		if (level > 0) {
			nearest_look(nearest, level - 1, index * PLOT_FAN_OUT,
				     MIN((index + 1) * PLOT_FAN_OUT, line->level[level - 1]->len));
			continue;
		}
		nearest->distance = distance;
		nearest->event = span->first;
	}
}

guint32
plot_at(const Plot *plot, gint64 time_ns)
{
	Nearest nearest = { .time_ns = time_ns, .distance = G_MAXUINT64, .event = EVENT_NONE };

	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		nearest.line = &plot->line[side];
		nearest_look(&nearest, PLOT_LEVELS - 1, 0,
			     nearest.line->level[PLOT_LEVELS - 1]->len);
	}
	return nearest.event;
}
