/* SPDX-License-Identifier: MIT */
/* Theory of operation
 *
 * GLib ends the program where there is no memory, and Linux may end it, or something else, before
 * that. So reading stops while there is still enough for what is made of the packets later: tables
 * of rows and conversations, which are copied when they grow.
 *
 * A compressed file of some hundred kilobytes can hold a thousand times as much, in packets that
 * are next to nothing: a trace of such would take gigabytes. A file that was made by capturing
 * costs far less than the bound: a packet's time stamp alone is a byte or two, however it is
 * compressed.
 */
#include "pktladder/bounds.h"

#include "pktladder/memory.h"
#include "pktladder/timestamp.h"

/* The fastest reader takes some 20 MB in that time. */
#define ASK_US               (50 * 1000)
#define RESERVE              (G_GUINT64_CONSTANT(96) * 1024 * 1024)
#define RESERVE_PACKET       8    /* two tables of rows, or one while it grows */
#define RESERVE_CONVERSATION 64   /* tables, the list of them and its order */
#define INDEX_SLACK          4096 /* what may still come between two looks */
/* Clocks differ; nobody's are a day fast. */
#define FUTURE_NS (G_GINT64_CONSTANT(86400) * 1000 * 1000 * 1000)

char *
bounds_full(Bounds *bounds, const Trace *trace, guint64 file_bytes)
{
	guint32 packets = trace_n_packets(trace);
	guint32 conversations = flow_table_length(trace_flows(trace));
	guint64 wanted = RESERVE + (guint64)trace_length(trace) * RESERVE_PACKET +
			 (guint64)conversations * RESERVE_CONVERSATION;
	guint32 most_events = bounds->most_events ? bounds->most_events : EVENT_NONE - INDEX_SLACK;
	guint32 most_conversations = bounds->most_conversations ? bounds->most_conversations
								: CONVERSATION_NONE - INDEX_SLACK;
	gint64 now_us = g_get_monotonic_time();

	if (MAX(trace_length(trace), packets) > most_events)
		return g_strdup_printf(
		    _("Reading stopped after %u packets, as many as can be counted. What was read "
		      "is kept; a capture filter or -c reads a part."),
		    packets);
	if (conversations > most_conversations)
		return g_strdup_printf(
		    _("Reading stopped after %u conversations, as many as can be told apart. What "
		      "was read is kept; a capture filter or -c reads a part."),
		    conversations);
	if (trace_memory(trace) / BOUNDS_MEMORY_A_BYTE >
	    BOUNDS_MEMORY / BOUNDS_MEMORY_A_BYTE + MIN(file_bytes, G_MAXINT64))
		return g_strdup_printf(
		    _("Reading stopped after %u packets: a file that holds so many in so few bytes "
		      "may be made to fill memory. What was read is kept. To read all of it, "
		      "expand it first: gunzip, unxz, unzstd..."),
		    packets);
	if (now_us - bounds->asked_us < ASK_US)
		return NULL;
	bounds->asked_us = now_us;
	if (memory_left() >= wanted)
		return NULL;
	return g_strdup_printf(_("Reading stopped after %u packets: memory is nearly used up. What "
				 "was read is kept; a capture filter or -c reads a part."),
			       packets);
}

void
bounds_add_time(Bounds *bounds, gint64 time_ns)
{
	guint32 frame = ++bounds->packets;

	if (time_ns == 0) {
		if (bounds->n_without++ == 0)
			bounds->first_without = frame;
		return;
	}
	if (frame > 1 && time_ns < bounds->last_ns) {
		gint64 step = timestamp_between(time_ns, bounds->last_ns);

		if (bounds->n_back++ == 0)
			bounds->first_back = frame;
		bounds->most_back_ns = MAX(bounds->most_back_ns, step);
	}
	bounds->last_ns = time_ns;
	if (bounds->future_ns == 0)
		bounds->future_ns = g_get_real_time() * 1000 + FUTURE_NS;
	if (time_ns > bounds->future_ns && bounds->n_future++ == 0) {
		bounds->first_future = frame;
		bounds->first_future_ns = time_ns;
	}
}

char *
bounds_time_text(const Bounds *bounds)
{
	g_autoptr(GString) text = g_string_new(NULL);

	/* in a capture whose times begin at 0 it is one */
	if (bounds->n_without > 0 && bounds->last_ns > TIME_REAL_NS)
		g_string_append_printf(
		    text,
		    ngettext(
			"The time stamp of %u packet, frame %u, is 0: it has no time. Times "
			"count from the first one on.",
			"The time stamps of %u packets, first of frame %u, are 0: they have no "
			"time. Times count from the first one on.",
			bounds->n_without),
		    bounds->n_without, bounds->first_without);
	if (bounds->n_back > 0 && text->len > 0)
		g_string_append_c(text, ' ');
	if (bounds->n_back > 0)
		g_string_append_printf(
		    text,
		    ngettext("The time stamps go backwards at %u packet, frame %u, by %.6f s. Rows "
			     "keep the order of the capture.",
			     "The time stamps go backwards at %u packets, first at frame %u, by up "
			     "to %.6f s. Rows keep the order of the capture.",
			     bounds->n_back),
		    bounds->n_back, bounds->first_back, bounds->most_back_ns / 1e9);
	if (bounds->n_future > 0) {
		g_autoptr(GDateTime) date =
		    g_date_time_new_from_unix_utc(bounds->first_future_ns / (1000 * 1000 * 1000));
		g_autofree char *day = date ? g_date_time_format(date, "%Y-%m-%d") : NULL;

		if (text->len > 0)
			g_string_append_c(text, ' ');
		g_string_append_printf(
		    text,
		    ngettext("The time stamp of %u packet, frame %u, lies in the future (%s): the "
			     "clock of the capturing machine may have been wrong.",
			     "The time stamps of %u packets, first of frame %u, lie in the future "
			     "(%s): the clock of the capturing machine may have been wrong.",
			     bounds->n_future),
		    bounds->n_future, bounds->first_future, day ? day : "?");
	}
	return text->len > 0 ? g_strdup(text->str) : NULL;
}
