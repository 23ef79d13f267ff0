/* SPDX-License-Identifier: MIT */
/* plot_values.c - what the plots of a capture's TCP conversations hold of each
 * packet, as a table: compare_plots.py holds it against tshark's.
 *
 *   conformance-plots VERSION CAPTURE
 *
 * VERSION is that of tshark: 4.0 or 4.4.
 */
#include <pcap/pcap.h>
#include <stdio.h>

#include "pktladder/plot.h"
#include "pktladder/trace.h"

#define SPANS_MAX (1 << 20)

typedef struct {
	Trace *trace;
	GPtrArray *bytes; /* GBytes, of each event */
	GArray *packets;  /* Packet */
	guint16 link_type;
} Capture;

static void
on_packet(u_char *user, const struct pcap_pkthdr *header, const u_char *data)
{
	Capture *capture = (Capture *)user;
	GBytes *bytes = g_bytes_new(data, header->caplen);
	Packet packet = {
		.time_ns = (gint64)((guint64)header->ts.tv_sec * 1000000000u +
				    (guint64)header->ts.tv_usec),
		.data = g_bytes_get_data(bytes, NULL),
		.captured = header->caplen,
		.length = header->len,
		.link_type = capture->link_type,
	};

	g_ptr_array_add(capture->bytes, bytes);
	g_array_append_val(capture->packets, packet);
	trace_add_packet(capture->trace, &packet, 0);
}

/* As src/view/plotter.c does it. */
static Plot *
plot_make(const Capture *capture, guint32 conversation)
{
	Plot *plot = plot_new(capture->trace, conversation, SPANS_MAX, G_MININT64, G_MAXINT64);
	g_autoptr(FlowTable) flows = flow_table_new_like(trace_flows(capture->trace));

	for (guint32 i = 0; i < trace_length(capture->trace); i++) {
		const Packet *packet = &g_array_index(capture->packets, Packet, i);
		Facts facts;
		FlowResult result;

		if (!plot_takes(plot, i))
			continue;
		decode_headers(packet, &facts);
		flow_table_add(flows, &facts, packet->time_ns, i + 1, &result);
		plot_add(plot, i, &facts, &result.verdict);
	}
	return plot;
}

static void
value_print(gint64 value)
{
	if (value == PLOT_NONE)
		printf("\t");
	else
		printf("\t%" G_GINT64_FORMAT, value);
}

static void
conversation_print(const Capture *capture, guint32 conversation)
{
	g_autoptr(Plot) plot = plot_make(capture, conversation);

	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		for (guint i = 0; i < plot_n_spans(plot, side); i++) {
			const PlotSpan *span = plot_span(plot, side, i);

			g_assert_cmpuint(span->packets, ==, 1);
			printf("%u", trace_frame(capture->trace, span->first));
			value_print(span->window.last);
			value_print(span->rtt.last);
			value_print(span->flight.last);
			value_print(span->ack.last);
			putchar('\n');
		}
	}
}

int
main(int argc, char **argv)
{
	char problem[PCAP_ERRBUF_SIZE] = "";
	Capture capture = { .trace = trace_new(),
			    .bytes = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref),
			    .packets = g_array_new(FALSE, FALSE, sizeof(Packet)) };
	VerdictVersion verdicts =
	    argc == 3 && g_str_equal(argv[1], "4.4") ? VERDICTS_4_4 : VERDICTS_4_0;
	gboolean usage =
	    argc != 3 || (!g_str_equal(argv[1], "4.0") && !g_str_equal(argv[1], "4.4"));
	pcap_t *handle = usage ? NULL
			       : pcap_open_offline_with_tstamp_precision(
				     argv[2], PCAP_TSTAMP_PRECISION_NANO, problem);
	const FlowTable *flows;

	if (!handle) {
		fprintf(stderr, "%s\n",
			usage ? "usage: conformance-plots 4.0|4.4 CAPTURE" : problem);
		return 2;
	}
	trace_set_verdicts(capture.trace, verdicts);
	capture.link_type = pcap_datalink(handle) == DLT_RAW ? 101 : pcap_datalink(handle);
	pcap_loop(handle, -1, on_packet, (u_char *)&capture);
	pcap_close(handle);
	puts("frame\twindow\trtt_ns\tflight\tack");
	flows = trace_flows(capture.trace);
	for (guint i = 0; i < flow_table_length(flows); i++) {
		if (flow_table_get(flows, i)->transport == TRANSPORT_TCP)
			conversation_print(&capture, i);
	}
	g_ptr_array_unref(capture.bytes);
	g_array_unref(capture.packets);
	trace_free(capture.trace);
	return 0;
}
