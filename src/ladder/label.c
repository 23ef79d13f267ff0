/* SPDX-License-Identifier: MIT */
/* The words on a ladder. Labels come in levels, the whole one first, so that a narrow terminal
 * leaves out numbers rather than cutting words. */
#include <string.h>

#include "ladder_private.h"
#include "pktladder/text.h"

#define FOLD_LABEL_LEVELS 3

static const struct {
	LabelWrite *write;
	gboolean bytes;            /* it needs the packet's bytes */
	gboolean numbered, states; /* each line; the states of both sides at each packet */
} styles[] = {
	[LABELS_PLAIN] = { label_plain },
	[LABELS_STEVENS] = { label_stevens },
	[LABELS_RFC9293] = { label_rfc9293, .numbered = TRUE, .states = TRUE },
	[LABELS_WIRESHARK] = { label_wireshark, .bytes = TRUE },
};
G_STATIC_ASSERT(G_N_ELEMENTS(styles) == N_LABEL_STYLES);

/* The payload's beginning, so many characters, in quotation marks: those within, and
 * backslashes, have a backslash before them. */
static void
excerpt_append(GString *label, const LabelPacket *packet, guint characters)
{
	const char *bytes = (const char *)packet->packet->data + packet->facts->payload_offset;
	const char *end = bytes + packet->facts->payload_captured, *p = bytes;
	g_autoptr(GString) quoted = g_string_new(NULL);

	for (guint n = 0; n < characters && p < end; n++) {
		gunichar character = g_utf8_get_char_validated(p, end - p);
		gsize size = character < (gunichar)-2 ? g_utf8_next_char(p) - p : 1;

		if (*p == '"' || *p == '\\')
			g_string_append_c(quoted, '\\');
		g_string_append_len(quoted, p, size);
		p += size;
	}
	if (p == bytes)
		return;
	g_autofree char *text = text_escape(quoted->str, quoted->len);
	g_string_append_printf(label, " \"%s%s\"", text,
			       p - bytes < packet->facts->payload_length ? "…" : "");
}

/* The words ---------------------------------------------------------------- */

/* Appends a packet's label; the excerpt is the first thing to be left out. */
static gboolean
packet_append(GString *label, const Ladder *ladder, const Event *event, guint32 index, guint level)
{
	const LadderLabels *labels = &ladder->labels;
	gboolean excerpt = labels->excerpt > 0;
	LabelPacket packet = { .ladder = ladder, .event = event, .index = index };
	Packet bytes;
	Facts facts;

	if (level >= LADDER_LABEL_LEVELS - (excerpt ? 0 : 1))
		return FALSE;
	if ((styles[labels->style].bytes || labels->absolute || (excerpt && level == 0)) &&
	    labels->fetch && labels->fetch(event, &bytes, labels->data)) {
		decode_headers(&bytes, &facts);
		packet.packet = &bytes;
		packet.facts = &facts;
	}
	styles[labels->style].write(label, &packet, excerpt && level > 0 ? level - 1 : level);
	/* Wireshark has it in a column of its own */
	if (level == 0 && labels->style != LABELS_WIRESHARK &&
	    trace_comment(ladder->trace, index, 0))
		g_string_append(label, _(" (commented)"));
	if (excerpt && level == 0 && packet.facts)
		excerpt_append(label, &packet, labels->excerpt);
	return TRUE;
}

/* What a fold says of its run. */
static void
fold_label(GString *label, const Ladder *ladder, const LadderRow *row, guint level)
{
	LadderFold fold = ladder_fold(ladder, row);
	guint32 count = fold.segments > 0 ? fold.segments : fold.acks;
	g_autofree char *duration = detail_duration(fold.duration_ns);
	g_autofree char *bytes = number_text(fold.bytes);
	g_autofree char *number = number_text(count);

	if (fold.segments > 0)
		g_string_append_printf(label, ngettext("%s segment", "%s segments", count), number);
	else
		g_string_append_printf(label, ngettext("%s ACK", "%s ACKs", count), number);
	if (level < 2 && fold.segments > 0)
		g_string_append_printf(label, ", %s B", bytes);
	if (level < 1)
		g_string_append_printf(label, ", %s", duration);
}

char *
ladder_label(const Ladder *ladder, const LadderRow *row, guint level)
{
	g_autoptr(GString) label = g_string_new(NULL);
	const Trace *trace = ladder->trace;
	const Event *event = trace_event(trace, row->event);

	if (level >= LADDER_LABEL_LEVELS || row->kind == ROW_CALLS)
		return NULL;
	switch ((EventKind)event->kind) {
	case EVENT_PACKET:
		if (row->kind == ROW_FOLD && level >= FOLD_LABEL_LEVELS)
			return NULL;
		if (ladder_conversation_shown(ladder, event->conversation) != CONVERSATION_NONE)
			g_string_printf(label, "#%u ", event->conversation);
		if (row->kind == ROW_FOLD)
			fold_label(label, ladder, row, level);
		else if (!packet_append(label, ladder, event, row->event, level))
			return NULL;
		break;
	case EVENT_DROPS:
		g_string_printf(label,
				level == 0
				    ? ngettext("%u packet lost by the capture here",
					       "%u packets lost by the capture here", event->index)
				    : ngettext("%u packet lost", "%u packets lost", event->index),
				event->index);
		break;
	case EVENT_NOTE:
		return text_escape(trace_note(trace, event), -1);
	case EVENT_CALL:
		return NULL;
	}
	return g_string_free(g_steal_pointer(&label), FALSE);
}

guint32
ladder_cell_result(const Ladder *ladder, const LadderRow *row, Side side)
{
	const LadderCell *cell = &row->cell[side];
	const Trace *trace = ladder->trace;

	if (cell->result == EVENT_NONE && cell->entry != EVENT_NONE &&
	    trace_call(trace, trace_event(trace, cell->entry))->name == CALL_EXIT)
		return cell->entry;
	return cell->result;
}

char *
label_call(const CallRecord *call, CallLength length)
{
	static const char *const works[] = {
		[CALL_FULL] = N_("(process the request)"),
		[CALL_SHORT] = N_("(process request)"),
		[CALL_NAME_ONLY] = N_("(process)"),
	};

	return call->name == CALL_PROCESS ? g_strdup(_(works[length]))
					  : call_to_string(call, length);
}

/* By level: the whole call with its result, the short one, the name, "= 12 B";
 * and where even that is too long beside a state: an error's name alone, since
 * it matters most, else the call's name. */
static char *
cell_text(const Ladder *ladder, const LadderRow *row, Side side, guint level)
{
	enum { SHORTEST = LADDER_CELL_LEVELS - 1 };
	static const CallLength lengths[LADDER_CELL_LEVELS] = { CALL_FULL, CALL_SHORT,
								CALL_NAME_ONLY, CALL_NAME_ONLY,
								CALL_NAME_ONLY };
	const LadderCell *cell = &row->cell[side];
	const Trace *trace = ladder->trace;
	gboolean begins = cell->entry != EVENT_NONE; /* on this row */
	g_autofree char *text = NULL;

	if (level >= LADDER_CELL_LEVELS)
		return NULL;
	const guint32 told = ladder_cell_result(ladder, row, side);
	if (told == EVENT_NONE)
		return begins ? label_call(trace_call(trace, trace_event(trace, cell->entry)),
					   lengths[level])
			      : g_strdup("");
	const Event *returned = trace_event(trace, told);
	const CallRecord *record = trace_call(trace, returned), *call = record;
	guint32 entry = trace_call_entry(trace, returned); /* whose record has the arguments */
	g_autofree char *result = call_result_to_string(record);

	if (record->name == CALL_EXIT && !begins) /* where it began stands how it ended */
		return level > 0 ? g_strdup(call_name(CALL_EXIT))
				 : g_strdup_printf(_("exit (descriptor %d)"), record->fd);
	if (level == SHORTEST && record->result < 0)
		return g_steal_pointer(&result);
	if (entry != EVENT_NONE)
		call = trace_call(trace, trace_event(trace, entry));
	const char *open = record->last != CALL_LAST_NO ? ""
			   : level == 0                 ? _(" (still open)")
			   : level == 1                 ? _(" (open)")
							: "";
	const CallLength length = *open ? CALL_FULL : lengths[level]; /* of which descriptor */
	if (begins || level < SHORTEST - 1)
		text = label_call(call, begins ? length : CALL_NAME_ONLY);
	if (begins && level == SHORTEST)
		return g_steal_pointer(&text);
	return g_strdup_printf("%s%s= %s%s", text ? text : "", text ? " " : "", result, open);
}

/* A call of the cell; NULL none. */
static const Event *
cell_event(const Ladder *ladder, const LadderCell *cell)
{
	const guint32 event = cell->entry != EVENT_NONE ? cell->entry : cell->result;

	return event != EVENT_NONE ? trace_event(ladder->trace, event) : NULL;
}

gboolean
ladder_cell_sets_up(const Ladder *ladder, const LadderRow *row, Side side)
{
	const Event *event = cell_event(ladder, &row->cell[side]);

	return event && trace_call_sets_up(ladder->trace, event);
}

char *
ladder_cell_text(const Ladder *ladder, const LadderRow *row, Side side, guint level)
{
	const Event *event = cell_event(ladder, &row->cell[side]);
	char *text = cell_text(ladder, row, side, level);
	const CallTask task = event ? trace_call_task(ladder->trace, event) : (CallTask){ 1, 1 };
	g_autofree char *whole = text;

	if (!text || !*text || level == LADDER_CELL_LEVELS - 1 ||
	    (task.process == 1 && task.thread == 1))
		return g_steal_pointer(&whole);
	return task.thread == 1 ? g_strdup_printf("[%u] %s", task.process, text)
				: g_strdup_printf("[%u.%u] %s", task.process, task.thread, text);
}

char *
ladder_lane_head(const Ladder *ladder, guint32 row, guint lane)
{
	Side side;
	const Conversation *conversation = ladder_lane_conversation(ladder, row, lane, &side);
	const char *name = ladder_lane_is_server(ladder, lane) ? _("Server") : _("Client");

	if (lane < trace_n_programs(ladder->trace) && ladder->lanes && !ladder->lanes->set) {
		const char *command = trace_program_command(ladder->trace, lane);

		return *command ? g_strdup(command) : g_strdup_printf(_("program %u"), lane + 1);
	}
	if (!conversation)
		return g_strdup(name);
	const Origins *origins = trace_origins(ladder->trace);
	char *text = endpoint_names_get(ladder->labels.names, &conversation->endpoint[side]);
	if (!text && origins && !ladder->labels.no_names)
		text = endpoint_names_get(origins->names, &conversation->endpoint[side]);
	if (text)
		return text;
	/* A side that was only guessed says so (no SYN was seen). */
	return g_strdup_printf("%s%s %s", name, conversation->client_guessed ? "?" : "",
			       endpoint_text(&conversation->endpoint[side]).text);
}

guint32
ladder_line_number(const Ladder *ladder, const LadderRow *row)
{
	if (!styles[ladder->labels.style].numbered)
		return 0;
	guint32 index = ladder_row_of(ladder, row->event);
	return index == EVENT_NONE ? 0 : index + 1;
}

TcpState
ladder_state(const Ladder *ladder, const LadderRow *row, Side side)
{
	const Event *event = trace_event(ladder->trace, row->event);
	TcpState changed = row->cell[side].state;

	if (changed != TCP_STATE_UNKNOWN || event->kind != EVENT_PACKET || row->kind != ROW_ARROW ||
	    !styles[ladder->labels.style].states)
		return changed;
	return event_state(event, side);
}

const char *
ladder_state_text(const Ladder *ladder, TcpState state, Side side, gboolean brief)
{
#define NAME(NAME, name, netstat) netstat,
	static const char *const names[] = { TCP_STATE_TABLE(NAME) };
#undef NAME
	/* and what begins with them */
	static const char *const opens[N_TCP_STATES] = {
		[TCP_STATE_SYN_SENT] = N_("SYN_SENT (active open)"),
		[TCP_STATE_FIN_WAIT_1] = N_("FIN_WAIT_1 (active close)"),
		[TCP_STATE_CLOSE_WAIT] = N_("CLOSE_WAIT (passive close)"),
		[TCP_STATE_LISTEN] = N_("LISTEN (passive open)"),
	};

	if (ladder->labels.style != LABELS_STEVENS || state >= N_TCP_STATES)
		return tcp_state_name(state);
	/* A passive open is told at LISTEN; where no calls are drawn that could have told it,
	 * at the state that a SYN leads to. */
	if (!brief && state == TCP_STATE_SYN_RECEIVED && side == SIDE_SERVER &&
	    (ladder->selection.hide_calls || trace_n_calls(ladder->trace) == 0))
		return _("SYN_RCVD (passive open)");
	return !brief && opens[state] ? _(opens[state]) : names[state];
}

static const Role kind_roles[] = {
	[KIND_OTHER] = ROLE_ODD,         [KIND_SYN] = ROLE_SYN,
	[KIND_SYN_ACK] = ROLE_SYN,       [KIND_ACK] = ROLE_ACK,
	[KIND_DATA] = ROLE_DATA,         [KIND_FIN] = ROLE_FIN,
	[KIND_RST] = ROLE_RST,           [KIND_UNUSUAL_TCP] = ROLE_ODD,
	[KIND_DATAGRAM] = ROLE_DATAGRAM, [KIND_ICMP_ERROR] = ROLE_ICMP,
	[KIND_FRAGMENT] = ROLE_ODD,
};
G_STATIC_ASSERT(G_N_ELEMENTS(kind_roles) == N_PACKET_KINDS);

Role
ladder_row_role(const Ladder *ladder, const LadderRow *row)
{
	static const Role event_roles[] = {
		[EVENT_CALL] = ROLE_CALL, [EVENT_DROPS] = ROLE_DROPS, [EVENT_NOTE] = ROLE_NOTE
	};
	const Event *event = trace_event(ladder->trace, row->event);

	if (event->kind != EVENT_PACKET)
		return event_roles[event->kind];
	if (row->kind == ROW_FOLD)
		return ROLE_FOLD;
	if (event->status == DECODE_MALFORMED || event->status == DECODE_UNSUPPORTED)
		return ROLE_ODD;
	if (verdicts_which(event_verdicts(event), VERDICT_IS_PROBLEM))
		return ROLE_PROBLEM;
	/* A keep-alive, a probe, a window update, reused ports: no harm, but worth an eye. */
	if (event_verdicts(event))
		return ROLE_ODD;
	return kind_roles[event->packet_kind];
}
