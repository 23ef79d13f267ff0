/* SPDX-License-Identifier: MIT */
/* plot.h - a conversation's packets as numbers over time: sequence numbers, acknowledgements,
 * windows, SACK, round-trip times, bytes in flight. Pure.
 *
 * Theory of operation. Each packet becomes a span of one packet, kept by the side that sent it, in
 * capture order. A plot keeps so many spans and no more: when they are full, each two neighbours
 * become one, and from then on a span takes twice as many packets. So memory is bounded, what is
 * small is kept packet by packet, and what is large as the least and the greatest of each value.
 * Above the spans stands a pyramid of their unions, so that a column of a picture costs the same
 * however many packets lie in it.
 *
 * Times are ns since the conversation's first packet, and stay within PLOT_MOST, as all values do:
 * what is beyond stands at its edge, so that none of what is computed with two or three of them is
 * out of range. Sequence numbers are relative and do not wrap: past 4 GiB they go on.
 */
#pragma once

#include "pktladder/types.h"

#define PLOT_NONE G_MININT64                   /* no value */
#define PLOT_MOST (G_GINT64_CONSTANT(1) << 61) /* either way; of ns 73 years */

/* Values from `low` to `high`, and the last one that came; empty where low > high. */
typedef struct {
	gint64 low, high, last;
} PlotRange;

#define PLOT_EMPTY ((PlotRange){ G_MAXINT64, G_MININT64, PLOT_NONE })

static inline PlotRange
plot_range_of(gint64 value)
{
	return (PlotRange){ value, value, value };
}

static inline gboolean
plot_range_is_empty(const PlotRange *range)
{
	return range->low > range->high;
}

static inline void
plot_range_add(PlotRange *range, gint64 value)
{
	range->low = MIN(range->low, value);
	range->high = MAX(range->high, value);
}

static inline void
plot_range_join(PlotRange *range, const PlotRange *other)
{
	range->low = MIN(range->low, other->low);
	range->high = MAX(range->high, other->high);
	range->last = plot_range_is_empty(other) ? range->last : other->last;
}

/* Packets of one side that follow one another. */
typedef struct {
	union {
		PlotRange range[9]; /* all of them: */
		struct {
			PlotRange time; /* ns */
			/* Sequence numbers of what it sent: from the first byte to the one after
			 * the last; SYN and FIN count as one. Not of bare ACKs. */
			PlotRange data;
			PlotRange again;     /* of retransmissions, probes, what is out of order */
			PlotRange ack, edge; /* what it acknowledged; with its window on top */
			PlotRange window;    /* bytes, scaled where the scale is known */
			PlotRange flight;  /* bytes after its segments (tshark's bytes_in_flight) */
			PlotRange unacked; /* what its ACKs left of the peer's bytes in flight */
			PlotRange rtt; /* ns; of the peer's segments, by its ACKs (its ack_rtt) */
		};
	};
	guint32 first, last; /* events */
	guint32 packets;
	guint32 verdicts;    /* VERDICT_*, of all of them */
	guint16 flags;       /* TCP_*, likewise */
	guint64 bytes;       /* of payload, again_bytes among them */
	guint64 again_bytes; /* sent before */
} PlotSpan;

/* A SACK block (RFC 2018): bytes that its sender holds. */
typedef struct {
	gint64 time_ns;
	gint64 left, right; /* sequence numbers of the peer */
} PlotSack;

/* A plot of a conversation. Its owner may read all but `line` and `kept`. */
typedef struct {
	const Trace *trace;
	guint32 conversation;
	gboolean tcp;
	guint spans_max;
	PlotRange window;      /* of times: those that are kept packet by packet */
	guint32 packets, gone; /* all; and those whose bytes were gone */
	gint64 start_ns;       /* the trace's: a plot counts time from where the ladder does */
	gint64 begin_ns,
	    end_ns;             /* the earliest and the latest of all since then: not the first
				   packet's where time stamps go backwards; 0 where there is none */
	struct _PlotLine *line; /* by Side */
	struct _PlotKept *kept;
} Plot;

#define PLOT_SPANS_MAX 32768 /* a side: at most 20 MB for both, SACK blocks included */

/* A plot of that conversation with room for so many spans a side (a power of two, at least 64), and
 * packet by packet only between two times (G_MININT64, G_MAXINT64: all); what lies before is one
 * span. The trace must outlive it. */
Plot *plot_new(const Trace *trace, guint32 conversation, guint spans_max, gint64 from_ns,
	       gint64 to_ns);
void plot_free(Plot *plot);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Plot, plot_free)

/* Adds the conversation's next packet, in capture order. `facts` and `verdict`
 * are those of its bytes, decoded and tracked anew; NULL where the bytes are
 * gone: then the plot has what the event tells, and neither window nor SACK. */
void plot_add(Plot *plot, guint32 event, const Facts *facts, const TcpVerdict *verdict);

/* Whether the event is one of the packets that a plot is made of: a segment or
 * datagram of its conversation. plot_add() wants no others. */
gboolean plot_takes(const Plot *plot, guint32 event);

/* How many packets a span holds: 1 where all is kept. */
guint plot_packets_a_span(const Plot *plot);
/* A time of the trace's clock, since the plot's start. */
gint64 plot_time(const Plot *plot, gint64 time_ns);
/* Whether the plot has all packets of that time: a window's plot has those of its window. */
gboolean plot_covers(const Plot *plot, gint64 from_ns, gint64 to_ns);

/* The union of side's packets in each of `n` equal columns from `from_ns` to `to_ns` (excluded), n
 * <= 4096; `before`: that of all that came earlier. Packets that follow one another within such a
 * part of a column are in the column of the first of them; where it is to be `exact`, each span is
 * in its own. */
#define PLOT_COLUMN_PARTS 8
void plot_columns(const Plot *plot, Side side, gint64 from_ns, gint64 to_ns, guint n,
		  gboolean exact, PlotSpan *columns, PlotSpan *before);

/* Side's spans, in capture order. */
guint plot_n_spans(const Plot *plot, Side side);
const PlotSpan *plot_span(const Plot *plot, Side side, guint index);

/* The SACK blocks that a side sent, in capture order; of very many, every 2nd, 4th, ... */
const PlotSack *plot_sacks(const Plot *plot, Side side, guint *n);

/* The conversation's packet after (`step` 1) or before (-1) an event of the
 * trace; EVENT_NONE where there is none. O(log packets). */
guint32 plot_step(const Plot *plot, guint32 event, int step);
/* The packet at that event, else the last one before it, else the first. */
guint32 plot_near(const Plot *plot, guint32 event);
/* The packet whose time is the nearest; of those at one time the first. */
guint32 plot_at(const Plot *plot, gint64 time_ns);
/* The span that holds the packet; NULL where there is none. */
const PlotSpan *plot_span_of(const Plot *plot, guint32 event);
