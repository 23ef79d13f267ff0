/* SPDX-License-Identifier: MIT */
/* label_plain.c - plain words: "data 12 B seq=1 ack=1", which every style has for packets that
 * it has no words of its own for; and the parts of a label that styles share. */
#include "ladder_private.h"

static const char *const status_words[] = {
	[DECODE_OK] = NULL,
	[DECODE_FIRST_FRAGMENT] = N_("first fragment"),
	[DECODE_TRUNCATED] = N_("headers not captured"),
	[DECODE_FRAGMENT] = NULL, /* its kind says so */
	[DECODE_UNSUPPORTED] = N_("not decoded"),
	[DECODE_MALFORMED] = N_("malformed"),
};
G_STATIC_ASSERT(G_N_ELEMENTS(status_words) == N_DECODE_STATUS);

static void
number_append(GString *label, const LabelPacket *packet, guint32 relative, guint32 absolute)
{
	if (packet->ladder->labels.absolute && !packet->facts)
		g_string_append_c(label, '?');
	else
		g_string_append_printf(label, "%u",
				       packet->ladder->labels.absolute ? absolute : relative);
}

void
label_append_seq(GString *label, const char *before, const LabelPacket *packet, guint32 more)
{
	g_string_append(label, before);
	number_append(label, packet, packet->event->seq + more,
		      packet->facts ? packet->facts->tcp.seq + more : 0);
}

void
label_append_ack(GString *label, const char *before, const LabelPacket *packet)
{
	g_string_append(label, before);
	number_append(label, packet, packet->event->ack,
		      packet->facts ? packet->facts->tcp.ack : 0);
}

void
label_append_flags(GString *label, guint16 flags, const FlagName *names, guint n,
		   const char *separator)
{
	const char *before = "";

	for (guint i = 0; i < n; i++) {
		if (!(flags & names[i].flag))
			continue;
		g_string_append_printf(label, "%s%s", before, names[i].name);
		before = separator;
	}
}

/* "data", or the flags by name; the payload's length beside them, and the numbers. */
static void
tcp_label(GString *label, const LabelPacket *packet, guint level)
{
	const Event *event = packet->event;
	gboolean ack = (event->flags & TCP_ACK) != 0;
	/* An ACK's own seq changes nothing; what it acknowledges is its point. */
	gboolean bare = event->packet_kind == KIND_ACK;

	if (event->packet_kind == KIND_DATA) {
		g_string_append(label, _("data"));
		if (event->flags & TCP_URG)
			g_string_append(label, " URG");
	} else {
		/* PSH and the ECN flags say little beside SYN, FIN or RST; the detail pane has
		 * them. */
		guint16 shown = event->flags & (TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK | TCP_URG);

		if (event->packet_kind == KIND_UNUSUAL_TCP)
			shown = event->flags;
		g_string_append(label, tcp_flags_text(shown).text);
	}
	if (event->length > 0 && level < 3)
		g_string_append_printf(label, " %u B", event->length);
	if (level < 2 && !bare)
		label_append_seq(label, " seq=", packet, 0);
	if (ack && (level < 1 || (bare && level < 3)))
		label_append_ack(label, " ack=", packet);
}

void
label_append_remarks(GString *label, const Event *event, guint level)
{
	const char *word = verdict_word(event_verdicts(event));

	if (word)
		g_string_append_printf(label, level < 4 ? " (%s)" : " %s",
				       level < 4 ? _(word) : "!");
	if (status_words[event->status] && (level < 3 || event->packet_kind != KIND_OTHER))
		g_string_append_printf(label, " [%s]", _(status_words[event->status]));
}

void
label_plain(GString *label, const LabelPacket *packet, guint level)
{
	const Event *event = packet->event;
	guint8 type = event->seq >> 8, code = event->seq & 0xff; /* of an ICMP message */

	switch ((PacketKind)event->packet_kind) {
	case KIND_DATAGRAM:
		g_string_append(label, _("datagram"));
		if (level < 3)
			g_string_append_printf(label, " %u B", event->length);
		break;
	case KIND_ICMP_ERROR:
		g_string_append(label, event->ack == 6 ? "ICMPv6 " : "ICMP ");
		if (icmp_name(event->ack, type, code))
			g_string_append(label, _(icmp_name(event->ack, type, code)));
		else
			g_string_append_printf(label, _("type %u code %u"), type, code);
		break;
	case KIND_FRAGMENT:
		g_string_append(label, _("fragment"));
		if (level < 3)
			g_string_append_printf(label, " %u B", event->length);
		if (level < 2)
			g_string_append_printf(label, _(" at %u"), event->seq);
		break;
	case KIND_OTHER:
		g_string_append(label,
				protocol_text(event->seq >> 16, event->seq & 0xffff, NULL).text);
		if (level < 2)
			g_string_append_printf(label, ", %u B", event->length);
		break;
	default:
		tcp_label(label, packet, level);
	}
	label_append_remarks(label, event, level);
}
