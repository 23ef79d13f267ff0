/* SPDX-License-Identifier: MIT */
/* Frames of a plot of so many packets, the cursor moving, for callgrind:
 * plot_cost.py counts the instructions of plot_screen_paint() alone.
 *
 *   bench-plot PACKETS FRAMES
 */
#include <stdlib.h>

#include "../packets.h"
#include "pktladder/plot_screen.h"
#include "pktladder/trace.h"

/* Data from the client, now and then an ACK. */
static void
packet_add(Trace *trace, guint i)
{
	gboolean ack = i % 3 == 2;
	guint sent = (i - i / 3) * 100;
	PacketSpec spec = { .from = loopback(ack ? 80 : 90),
			    .to = loopback(ack ? 90 : 80),
			    .protocol = IPPROTO_TCP,
			    .flags = TCP_ACK,
			    .seq = ack ? 1 : 1 + sent,
			    .ack = ack ? 1 + sent : 1,
			    .window = 65535,
			    .length = ack ? 0 : 100 };
	Made made;
	Packet packet = packet_make(&made, 1700000000000000000 + i * 10000, &spec);

	trace_add_packet(trace, &packet, 0);
}

int
main(int argc, char **argv)
{
	guint n = argc == 3 ? atoi(argv[1]) : 0, frames = argc == 3 ? atoi(argv[2]) : 0;
	g_autoptr(Trace) trace = trace_new();
	g_autoptr(Plot) plot = NULL;
	PlotScreenOptions options = { .kind = PLOT_SEQUENCE, .cursor = n / 2, .progress = -1 };

	for (guint i = 0; i < n; i++)
		packet_add(trace, i);
	if (n == 0)
		return 2;
	plot = plot_new(trace, 0, PLOT_SPANS_MAX, G_MININT64, G_MAXINT64);
	for (guint i = 0; i < n; i++)
		plot_add(plot, i, NULL, NULL);
	plot_whole(plot, &options.from_ns, &options.to_ns);
	for (guint i = 0; i < frames; i++) {
		g_autoptr(Grid) grid = grid_new(40, 120);

		plot_screen_paint(plot, NULL, &options, 0, 0, 40, 120, grid);
		options.cursor++;
	}
	return 0;
}
