/* label_rfc9293.c - the notation of RFC 9293 3.5, figures 6 to 12:
 * <SEQ=100><ACK=301><CTL=SYN,ACK><DATA>. */
#include "label_styles.h"

/* In the RFC's order: ACK comes last. */
static const struct {
	guint16 flag;
	const char *name;
} controls[] = {
	{ TCP_SYN, "SYN" }, { TCP_FIN, "FIN" }, { TCP_RST, "RST" }, { TCP_PSH, "PSH" },
	{ TCP_URG, "URG" }, { TCP_ECE, "ECE" }, { TCP_CWR, "CWR" }, { TCP_AE, "AE" },
	{ TCP_ACK, "ACK" },
};

static void
controls_append(GString *label, const Event *event)
{
	const char *before = "";

	for (guint i = 0; i < G_N_ELEMENTS(controls); i++) {
		if (!(event->flags & controls[i].flag))
			continue;
		g_string_append_printf(label, "%s%s", before, controls[i].name);
		before = ",";
	}
}

void
label_rfc9293(GString *label, const LabelPacket *packet, guint level)
{
	const Event *event = packet->event;

	if (!label_is_tcp(event)) {
		label_plain(label, packet, level);
		return;
	}
	if (level < 2) {
		label_append_seq(label, "<SEQ=", packet);
		g_string_append_c(label, '>');
	}
	if ((event->flags & TCP_ACK) && (level < 1 || (level < 3 && event->packet_kind == KIND_ACK))) {
		label_append_ack(label, "<ACK=", packet);
		g_string_append_c(label, '>');
	}
	if (level < 3 && event->flags) {
		g_string_append(label, "<CTL=");
		controls_append(label, event);
		g_string_append_c(label, '>');
	} else {
		controls_append(label, event);
	}
	if (event->length > 0)
		g_string_append(label, level < 3 ? "<DATA>" : " DATA");
	label_append_verdict(label, event, level);
	label_append_status(label, event, level);
}
