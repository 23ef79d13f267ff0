/* SPDX-License-Identifier: MIT */
/* label_rfc9293.c - the notation of RFC 9293 3.5, figures 6 to 12:
 * <SEQ=100><ACK=301><CTL=SYN,ACK><DATA>. */
#include "ladder_private.h"

/* In the RFC's order: ACK comes last. */
static const FlagName controls[] = {
	{ TCP_SYN, "SYN" }, { TCP_FIN, "FIN" }, { TCP_RST, "RST" },
	{ TCP_PSH, "PSH" }, { TCP_URG, "URG" }, { TCP_ECE, "ECE" },
	{ TCP_CWR, "CWR" }, { TCP_AE, "AE" },   { TCP_ACK, "ACK" },
};

void
label_rfc9293(GString *label, const LabelPacket *packet, guint level)
{
	const Event *event = packet->event;
	gboolean named = level < 3 && event->flags;

	if (!packet_kind_is_tcp(event->packet_kind)) {
		label_plain(label, packet, level);
		return;
	}
	if (level < 2) {
		label_append_seq(label, "<SEQ=", packet, 0);
		g_string_append_c(label, '>');
	}
	if ((event->flags & TCP_ACK) &&
	    (level < 1 || (level < 3 && event->packet_kind == KIND_ACK))) {
		label_append_ack(label, "<ACK=", packet);
		g_string_append_c(label, '>');
	}
	g_string_append(label, named ? "<CTL=" : "");
	label_append_flags(label, event->flags, controls, G_N_ELEMENTS(controls), ",");
	g_string_append(label, named ? ">" : "");
	if (event->length > 0)
		g_string_append(label, level < 3 ? "<DATA>" : " DATA");
	label_append_remarks(label, event, level);
}
