/* SPDX-License-Identifier: MIT */
/* label_stevens.c - W. Richard Stevens's notation.
 *
 * Theory of operation. A letter stands for a number that nobody needs to know: J for the client's
 * initial sequence number, K for the server's; M for the number of the first FIN, N for that of the
 * other side. Everything else is counted from these: J+1 is the client's first byte. Data is
 * written as in TCP/IP Illustrated, first:next(length). Where no SYN was seen, J and K are the
 * numbers before the first ones seen. With absolute numbers there are no letters.
 */
#include "ladder_private.h"

/* The number that `side` counts with: a letter, and how far on. A FIN counts from when it came. */
static void
number_append(GString *label, const LabelPacket *packet, Side side, guint32 number, gboolean of_fin)
{
	const Trace *trace = packet->ladder->trace;
	guint32 index = packet->event->conversation, frame = trace_frame(trace, packet->index);
	const Conversation *c =
	    index != CONVERSATION_NONE ? flow_table_get(trace_flows(trace), index) : NULL;
	guint32 fin_frame = c ? c->fin_frame[side] : 0, other = c ? c->fin_frame[!side] : 0;
	guint32 fin = fin_frame > 0 ? tcp_track_fin(&c->tcp, side) : 0;
	char letter = side == SIDE_CLIENT ? 'J' : 'K';

	if (fin_frame > 0 && fin_frame <= frame &&
	    (number - fin == 1 || (of_fin && number == fin))) {
		letter = other > 0 && other < fin_frame ? 'N' : 'M';
		number -= fin;
	}
	g_string_append_c(label, letter);
	if (number > 0)
		g_string_append_printf(label, "+%u", number);
}

static void
seq_append(GString *label, const LabelPacket *packet, guint32 more, gboolean of_fin)
{
	if (packet->ladder->labels.absolute)
		label_append_seq(label, "", packet, more);
	else
		number_append(label, packet, packet->event->from, packet->event->seq + more,
			      of_fin);
}

/* "data J+1:J+13(12)" */
static void
data_append(GString *label, const LabelPacket *packet, guint level)
{
	const Event *event = packet->event;

	g_string_append(label, _("data"));
	if (event->flags & TCP_URG)
		g_string_append(label, " URG");
	if (level < 2) {
		g_string_append_c(label, ' ');
		seq_append(label, packet, 0, FALSE);
		g_string_append_c(label, ':');
		seq_append(label, packet, event->length, FALSE);
		g_string_append_printf(label, "(%u)", event->length);
	} else if (level < 3) {
		g_string_append_printf(label, " %u B", event->length);
	}
}

static void
flag_append(GString *label, const LabelPacket *packet, const char *name, guint32 more, guint level)
{
	g_string_append_printf(label, "%s%s", label->len > 0 ? ", " : "", name);
	if (level >= 3)
		return;
	g_string_append_c(label, ' ');
	seq_append(label, packet, more, packet->event->flags & TCP_FIN);
}

void
label_stevens(GString *out, const LabelPacket *packet, guint level)
{
	const Event *event = packet->event;
	gboolean syn = event->flags & TCP_SYN;
	g_autoptr(GString) label = g_string_new(NULL);

	if (!packet_kind_is_tcp(event->packet_kind) || event->packet_kind == KIND_UNUSUAL_TCP) {
		label_plain(out, packet, level);
		return;
	}
	if (syn)
		flag_append(label, packet, "SYN", 0, level);
	if (event->length > 0)
		data_append(label, packet, label->len > 0 ? MAX(level, 2) : level);
	if (event->flags & TCP_FIN)
		flag_append(label, packet, "FIN", event->length, level);
	if (event->flags & TCP_RST)
		flag_append(label, packet, "RST", 0, level);
	if ((event->flags & TCP_ACK) && (level < 1 || syn || label->len == 0)) {
		g_string_append(label, label->len > 0 ? ", ACK" : "ACK");
		if (level < 3 && packet->ladder->labels.absolute) {
			label_append_ack(label, " ", packet);
		} else if (level < 3) {
			g_string_append_c(label, ' ');
			number_append(label, packet, !event->from, event->ack, FALSE);
		}
	}
	g_string_append(out, label->str);
	label_append_remarks(out, event, level);
}
