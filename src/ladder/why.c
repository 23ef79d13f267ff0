/* SPDX-License-Identifier: MIT */
#include "why_words.h"

#include <string.h>
#include <sys/socket.h>

#include "pktladder/detail.h"
#include "pktladder/i18n.h"
#include "pktladder/labels.h"
#include "pktladder/text.h"
#include "pktladder/timestamp.h"

/* A call that caused a segment began so few events before it. */
#define CAUSE_EVENTS 256

/* What is known of an event. */
typedef struct {
	guint64 is;                  /* WHY_IS_*, verdicts, flags */
	guint16 which[N_WHY_THINGS]; /* which sentences of a thing are about it */
	guint32 told;                /* bits of the things that there are to tell */
	char *part[N_WHY_PARTS];     /* NULL: not known */
	guint64 said;                /* conditions that a sentence has told of */
	TcpState begins[2];          /* by Side: the state that begins here */
} Why;

G_GNUC_PRINTF(3, 4)
static void
part_set(Why *why, WhyPart part, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	why->part[part] = g_strdup_vprintf(format, arguments);
	va_end(arguments);
}

static void
thing_set(Why *why, WhyThing thing, guint which)
{
	why->told |= 1u << thing;
	why->which[thing] = which;
}

static void
condition_set(Why *why, gboolean holds, guint64 condition)
{
	why->is |= holds ? condition : 0;
}

/* "12 bytes" */
static void
bytes_set(Why *why, WhyPart part, guint64 bytes)
{
	g_autofree char *number = number_text(bytes);

	part_set(why, part, ngettext("%s byte", "%s bytes", MIN(bytes, G_MAXUINT)), number);
}

static void
sides_read(Why *why, Side from)
{
	static const char *const inside[] = { N_("the client"), N_("the server") };
	static const char *const first[] = { N_("The client"), N_("The server") };

	part_set(why, WHY_PART_FROM, "%s", _(inside[from]));
	part_set(why, WHY_PART_FROM_FIRST, "%s", _(first[from]));
	part_set(why, WHY_PART_TO, "%s", _(inside[!from]));
	part_set(why, WHY_PART_TO_FIRST, "%s", _(first[!from]));
}

/* How many numbers a segment uses up: a SYN and a FIN count as one byte, RFC 9293 3.4. */
static guint32
numbers_used(const Event *event)
{
	return event->length + !!(event->flags & TCP_SYN) + !!(event->flags & TCP_FIN);
}

/* ---- packets ---- */

/* The event of an earlier frame; NULL where there is none. */
static const Event *
earlier_event(const Trace *trace, guint32 index, guint32 frame)
{
	guint32 found = frame ? trace_event_of_frame(trace, frame) : EVENT_NONE;

	return found < index ? trace_event(trace, found) : NULL;
}

/* What the segment acknowledges: told by its sum alone, so that it is right. */
static void
acked_read(Why *why, const Trace *trace, guint32 index, const TcpVerdict *verdict)
{
	const Event *event = trace_event(trace, index);
	guint32 frame = verdict ? verdict->acks_frame : 0;

	if (!frame && !event_repeats(event) && !(event->verdict & VERDICT_DUPLICATE_ACK))
		frame = event->relation;
	const Event *acked = earlier_event(trace, index, frame);
	if (!acked || !(event->flags & TCP_ACK) || acked->from == event->from ||
	    acked->seq + numbers_used(acked) != event->ack)
		return;
	part_set(why, WHY_PART_ACKED, "%u", frame);
	part_set(why, WHY_PART_ACKED_SEQ, "%u", acked->seq);
	bytes_set(why, WHY_PART_ACKED_LENGTH, acked->length);
	condition_set(why, acked->flags & TCP_SYN, WHY_IS(ACKS_SYN));
	condition_set(why, acked->packet_kind == KIND_SYN, WHY_IS(REFUSES));
	condition_set(why, acked->flags & TCP_FIN, WHY_IS(ACKS_FIN));
	condition_set(why, acked->length > 0, WHY_IS(ACKS_DATA));
}

/* Those that no sentence has told of. */
static void
verdicts_read(Why *why)
{
	g_autoptr(GString) words = g_string_new(NULL);

	for (guint bit = 0; bit < N_PLAIN_VERDICTS; bit++)
		if (why->is & ~why->said & 1u << bit && verdict_infos[bit].sentence)
			g_string_append_printf(words, "%s%s", words->len ? "; " : "",
					       _(verdict_infos[bit].sentence));
	if (words->len > 0)
		part_set(why, WHY_PART_VERDICTS, "%s", words->str);
}

/* `scale`: the shift count; -1 unknown, -2 not used. */
static void
window_read(Why *why, const TcpFacts *tcp, gint8 scale)
{
	gboolean is_syn = tcp->flags & TCP_SYN;
	guint shift = is_syn || scale < 0 ? 0 : MIN(scale, 14); /* RFC 7323 2.3 */

	thing_set(why, WHY_WINDOW, 0);
	part_set(why, WHY_PART_WINDOW, "%u", tcp->window);
	condition_set(why, tcp->window == 0, WHY_IS(CLOSED));
	if (is_syn || scale != -1)
		bytes_set(why, WHY_PART_BYTES, (guint64)tcp->window << shift);
	if (shift > 0) {
		part_set(why, WHY_PART_SHIFT, "%u", shift);
		part_set(why, WHY_PART_FACTOR, "%u", 1u << shift);
	}
	if (is_syn && tcp->options & TCP_OPTION_MSS) {
		thing_set(why, WHY_MSS, 0);
		bytes_set(why, WHY_PART_MSS, tcp->mss);
	}
	if (!is_syn || !(tcp->options & TCP_OPTION_WINDOW_SCALE))
		return;
	thing_set(why, WHY_SCALE, 0);
	condition_set(why, tcp->window_scale > 14, WHY_IS(TOO_MUCH));
	part_set(why, WHY_PART_OWN_SHIFT, "%u", tcp->window_scale);
	part_set(why, WHY_PART_FACTOR, "%u", 1u << MIN(tcp->window_scale, 14));
}

static void
states_read(Why *why, const Event *event)
{
	for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
		TcpState state = event_state(event, side);
		gboolean sends = side == event->from;

		if (!(event->state_changed & 1 << side) || !*tcp_state_name(state))
			continue;
		why->begins[side] = state;
		thing_set(why, sends ? WHY_SENDER : WHY_RECEIVER, state);
		condition_set(why, !sends && state == TCP_STATE_ESTABLISHED, WHY_IS(SYNCHRONIZES));
		condition_set(why,
			      sends && (state == TCP_STATE_LAST_ACK || state == TCP_STATE_CLOSING),
			      WHY_IS(ANSWERS_FIN));
	}
}

/* Whether the SYN or SYN-ACK is one of a simultaneous open: its sender has sent a SYN alone, and
 * received one. */
static gboolean
crosses(const Trace *trace, guint32 index)
{
	const Event *event = trace_event(trace, index);

	if (event->packet_kind == KIND_SYN)
		return event_state(event, !event->from) == TCP_STATE_SYN_SENT;
	if (event->packet_kind != KIND_SYN_ACK)
		return FALSE;
	for (guint32 i = index; i > 0 && index - i < CAUSE_EVENTS; i--) {
		const Event *earlier = trace_event(trace, i - 1);

		if (earlier->kind == EVENT_PACKET && earlier->conversation == event->conversation &&
		    earlier->packet_kind == KIND_SYN && earlier->from == event->from)
			return TRUE;
	}
	return FALSE;
}

/* What the states tell of the segment. */
static void
standing_read(Why *why, const Event *event)
{
	TcpState own = event_state(event, event->from), other = event_state(event, !event->from);

	condition_set(why,
		      own == TCP_STATE_FIN_WAIT_1 || own == TCP_STATE_FIN_WAIT_2 ||
			  own == TCP_STATE_CLOSING || own == TCP_STATE_TIME_WAIT ||
			  own == TCP_STATE_LAST_ACK,
		      WHY_IS(ENDED));
	condition_set(why,
		      own != TCP_STATE_CLOSED && other != TCP_STATE_UNKNOWN &&
			  other != TCP_STATE_CLOSED && other != TCP_STATE_LISTEN,
		      WHY_IS(IN_VAIN));
}

static void
segment_read(Why *why, const Trace *trace, guint32 index, const Facts *facts,
	     const TcpVerdict *verdict)
{
	static const WhyThing things[] = { WHY_VERDICT,   WHY_DOUBT, WHY_EVIDENCE,
					   WHY_MIDSTREAM, WHY_SEQ,   WHY_ACK,
					   WHY_PSH,       WHY_URG,   WHY_ECN };
	const Event *event = trace_event(trace, index);
	const Conversation *flow = flow_table_get(trace_flows(trace), event->conversation);

	for (guint i = 0; i < G_N_ELEMENTS(things); i++)
		thing_set(why, things[i], 0);
	why->is |= WHY_FLAG(event->flags) | event_verdicts(event);
	condition_set(why, flow->client_guessed, WHY_IS(GUESSED));
	condition_set(why, trace_total_drops(trace) > 0, WHY_IS(LOSSY));
	condition_set(why, verdicts_which(event_verdicts(event), VERDICT_IS_DOUBTFUL),
		      WHY_IS(DOUBTFUL));
	condition_set(why, event->flags & (TCP_ECE | TCP_CWR | TCP_AE), WHY_IS(ECN));
	condition_set(why, event->verdict & VERDICT_SPURIOUS_RETRANSMISSION, WHY_IS(NEEDLESS));
	part_set(why, WHY_PART_FLAGS, "%s", tcp_flags_text(event->flags).text);
	part_set(why, WHY_PART_SEQ, "%u", event->seq);
	part_set(why, WHY_PART_NEXT, "%u", event->seq + numbers_used(event));
	part_set(why, WHY_PART_LAST, "%u", event->seq + event->length - 1);
	if (event->flags & TCP_ACK)
		part_set(why, WHY_PART_ACK, "%u", event->ack);
	if (event_repeats(event) && event->relation)
		part_set(why, WHY_PART_REPEATED, "%u", event->relation);
	else if (event->verdict & VERDICT_DUPLICATE_ACK && event->relation)
		part_set(why, WHY_PART_DUPLICATED, "%u", event->relation);
	if (verdict && verdict->duplicate_number > 0)
		part_set(why, WHY_PART_COUNT, "%u", verdict->duplicate_number);
	if (evidence_sentence(event->evidence))
		part_set(why, WHY_PART_EVIDENCE, "%s", _(evidence_sentence(event->evidence)));
	condition_set(why, event->length == 1, WHY_IS(ONE));
	condition_set(why, crosses(trace, index), WHY_IS(CROSSES));
	acked_read(why, trace, index, verdict);
	standing_read(why, event);
	states_read(why, event);
	if (!facts || facts->transport != TRANSPORT_TCP || !facts->has_transport_header)
		return;
	part_set(why, WHY_PART_SEQ_RAW, "%u", facts->tcp.seq);
	window_read(
	    why, &facts->tcp,
	    verdict ? verdict->window_scale
		    : tcp_track_window_scale(&flow->tcp, event->from, trace_frame(trace, index)));
}

/* What a timer or an ACK brings about, though a call is under way. */
#define NO_CALL                                                                                    \
	(VERDICT_ANY_RETRANSMISSION | VERDICT_SENT_AGAIN | VERDICT_OVERTAKEN |                     \
	 VERDICT_AGAIN_OR_OVERTAKEN | VERDICT_ZERO_WINDOW_PROBE | VERDICT_KEEP_ALIVE)

/* The call that was under way when its side sent the packet, and may have caused it. */
static void
cause_read(Why *why, const Trace *trace, guint32 index)
{
	static const struct {
		guint64 is; /* of the segment */
		CallEffect effects[2];
	} causes[] = {
		{ WHY_FLAG(TCP_RST), { CALL_CLOSES, CALL_CLOSES } },
		{ WHY_FLAG(TCP_FIN), { CALL_CLOSES, CALL_SIGNALS } },
		{ WHY_FLAG(TCP_SYN), { CALL_SIGNALS, CALL_SENDS } },
		{ WHY_IS(DATA), { CALL_SENDS, CALL_SENDS } },
		{ VERDICT_WINDOW_UPDATE, { CALL_RECEIVES, CALL_RECEIVES } },
	};
	const Event *packet = trace_event(trace, index);
	gboolean room = FALSE;
	guint which = 0;

	while (which < G_N_ELEMENTS(causes) && !(why->is & causes[which].is) &&
	       (causes[which].is != WHY_IS(DATA) || packet->packet_kind != KIND_DATAGRAM))
		which++;
	if (trace_n_calls(trace) == 0 || why->is & NO_CALL || which == G_N_ELEMENTS(causes))
		return;
	for (guint32 i = index; i > 0 && index - i < CAUSE_EVENTS; i--) {
		const Event *event = trace_event(trace, i - 1);

		room |= event->kind == EVENT_PACKET && event->from != packet->from &&
			event->conversation == packet->conversation && event->flags & TCP_ACK;
		if (event->kind != EVENT_CALL || event->from != packet->from)
			continue;
		const CallRecord *call = trace_call(trace, event);
		CallEffect effect = call_effect(call->name);
		guint32 returned = trace_call_other(trace, event);

		if (call->phase != CALL_ENTRY || (returned != EVENT_NONE && returned < index) ||
		    (effect != causes[which].effects[0] && effect != causes[which].effects[1]) ||
		    call_passes(call) || !trace_event_in(trace, event, packet->conversation))
			continue;
		why->part[WHY_PART_CALL] = label_call(call, CALL_FULL);
		condition_set(why, room && causes[which].is == WHY_IS(DATA), WHY_IS(ROOM));
		return;
	}
}

static void
packet_words_read(Why *why, const Event *event, const Facts *facts)
{
	const char *name;

	if (event->packet_kind == KIND_ICMP_ERROR) {
		name = icmp_name(event->ack, event->seq >> 8, event->seq & 0xff);
		part_set(why, WHY_PART_WORDS, "%s", name ? _(name) : _("other message"));
	} else if (event->packet_kind == KIND_OTHER) {
		part_set(why, WHY_PART_WORDS, "%s",
			 protocol_text(event->seq >> 16, event->seq & 0xffff, NULL).text);
	}
	if (facts && facts->problem)
		part_set(why, WHY_PART_PROBLEM, "%s", _(facts->problem));
}

static void
packet_read(Why *why, const Trace *trace, guint32 index, const Facts *facts,
	    const TcpVerdict *verdict)
{
	const Event *event = trace_event(trace, index);

	thing_set(why, WHY_PACKET, event->packet_kind);
	thing_set(why, WHY_STATUS, event->status);
	sides_read(why, event->from);
	bytes_set(why, WHY_PART_LENGTH, event->length);
	bytes_set(why, WHY_PART_SIZE, event->length);
	part_set(why, WHY_PART_OFFSET, "%u", event->seq);
	condition_set(why, event->length > 0, WHY_IS(DATA));
	condition_set(why, event->status == DECODE_FIRST_FRAGMENT, WHY_IS(FIRST));
	condition_set(why, event->status == DECODE_MALFORMED || event->status == DECODE_TRUNCATED,
		      WHY_IS(BROKEN));
	packet_words_read(why, event, facts);
	if (event->conversation == CONVERSATION_NONE)
		return;
	if (packet_kind_is_tcp(event->packet_kind))
		segment_read(why, trace, index, facts, verdict);
	thing_set(why, WHY_CAUSE, 0);
	condition_set(why, trace_n_calls(trace) > 0, WHY_IS(CALLS));
	cause_read(why, trace, index);
}

/* ---- calls ---- */

/* Those that do the same have one telling. */
static CallName
call_alike(CallName name)
{
	static const CallName of_effect[] = {
		[CALL_SENDS] = CALL_SEND,
		[CALL_RECEIVES] = CALL_RECV,
		[CALL_ACCEPTS] = CALL_ACCEPT,
		[CALL_WAITS] = CALL_POLL,
	};
	CallEffect effect = call_effect(name);

	return name != CALL_PROCESS && effect < G_N_ELEMENTS(of_effect) && of_effect[effect]
		   ? of_effect[effect]
		   : name;
}

static void
returned_read(Why *why, const CallRecord *entry, const CallRecord *returned)
{
	int error = call_errno(returned);

	thing_set(why, WHY_RESULT, call_alike(returned->name));
	why->is |= WHY_IS(RETURNED);
	why->part[WHY_PART_RESULT] = call_result_to_string(returned);
	condition_set(why, returned->result == 0, WHY_IS(NOTHING));
	condition_set(why, entry && entry->size > 0 && returned->result < entry->size,
		      WHY_IS(LESS));
	condition_set(why, entry && entry->size > 0 && returned->result >= entry->size,
		      WHY_IS(FULL));
	condition_set(why, returned->last == CALL_LAST_NO, WHY_IS(OPEN));
	condition_set(why, returned->result < 0, WHY_IS(FAILED));
	if (!error)
		return;
	thing_set(why, WHY_ERRNO, error);
	part_set(why, WHY_PART_ERRNO, "%s", call_errno_name(error));
	part_set(why, WHY_PART_WORDS, "%s", g_strerror(error));
}

static void
call_read(Why *why, const Trace *trace, guint32 index, gint64 until_ns)
{
	const Event *event = trace_event(trace, index);
	const CallRecord *record = trace_call(trace, event);
	guint32 at = trace_call_other(trace, event);
	const CallRecord *other =
	    at == EVENT_NONE ? NULL : trace_call(trace, trace_event(trace, at));
	const CallRecord *returned = record->phase == CALL_RETURN ? record : other;
	const CallRecord *entry = record->phase == CALL_RETURN ? other : record;
	const CallRecord *made = entry ? entry : record;

	if (record == made) /* its return tells only how it ended */
		thing_set(why, WHY_CALL, call_alike(made->name));
	sides_read(why, event->from);
	states_read(why, event);
	why->part[WHY_PART_CALL] = label_call(made, CALL_FULL);
	condition_set(why, made->transport == TRANSPORT_UDP, WHY_IS(UDP));
	condition_set(why, made->name == CALL_SENDMMSG || made->name == CALL_RECVMMSG,
		      WHY_IS(MESSAGES));
	condition_set(why, call_passes(made), WHY_IS(PASSES));
	condition_set(why, call_effect(made->name) == CALL_RECEIVES && made->flags & MSG_PEEK,
		      WHY_IS(PEEKS));
	if (made->size >= 0)
		bytes_set(why, WHY_PART_SIZE, made->size);
	part_set(why, WHY_PART_BACKLOG, "%d", made->flags);
	if (made->has_address)
		part_set(why, WHY_PART_ADDRESS, "%s", endpoint_text(&made->address).text);
	if (returned && (returned == record || returned->time_ns <= until_ns))
		returned_read(why, entry, returned);
	else
		thing_set(why, WHY_RESULT, call_alike(made->name));
}

/* ---- sentences ---- */

static const char *const part_names[] = {
#define WHY_PART(NAME, name) name,
	WHY_PART_TABLE(WHY_PART)
#undef WHY_PART
};

/* With its parts put in; FALSE where one of them is not known. */
static gboolean
sentence_append(GString *text, const Why *why, const char *pattern)
{
	gsize before = text->len;

	g_string_append(text, before ? " " : "");
	while (TRUE) {
		const char *open = strchr(pattern, '{'), *end = open ? strchr(open, '}') : NULL;
		guint part = 0;

		if (!end)
			break;
		while (part < N_WHY_PARTS &&
		       (strlen(part_names[part]) != (gsize)(end - open - 1) ||
			strncmp(open + 1, part_names[part], end - open - 1) != 0))
			part++;
		if (part == N_WHY_PARTS || !why->part[part]) {
			g_string_truncate(text, before);
			return FALSE;
		}
		g_string_append_len(text, pattern, open - pattern);
		g_string_append(text, why->part[part]);
		pattern = end + 1;
	}
	g_string_append(text, pattern);
	return TRUE;
}

/* Appends the sentence that tells the thing, and where that is written. */
static void
thing_append(GString *text, GPtrArray *wheres, Why *why, WhyThing thing, Side side)
{
	if (thing == WHY_SENDER || thing == WHY_RECEIVER) {
		g_free(why->part[WHY_PART_STATE]);
		why->part[WHY_PART_STATE] =
		    g_strdup(tcp_state_name(why->begins[thing == WHY_SENDER ? side : !side]));
	}
	if (thing == WHY_VERDICT)
		verdicts_read(why);
	for (guint i = 0; i < n_why_sentences; i++) {
		const WhySentence *sentence = &why_sentences[i];

		if (sentence->thing != thing ||
		    (sentence->which != WHY_ANY && sentence->which != why->which[thing]) ||
		    (why->is & sentence->needs) != sentence->needs || why->is & sentence->lacks)
			continue;
		if (sentence->text && !sentence_append(text, why, _(sentence->text)))
			continue;
		why->said |= sentence->needs;
		if (sentence->where &&
		    !g_ptr_array_find_with_equal_func(wheres, sentence->where, g_str_equal, NULL))
			g_ptr_array_add(wheres, (char *)sentence->where);
		return;
	}
}

static void
paragraph_add(GPtrArray *paragraphs, GString *text)
{
	if (text->len > 0)
		g_ptr_array_add(paragraphs, text_escape(text->str, text->len));
	g_string_truncate(text, 0);
}

GPtrArray *
why_event(const Trace *trace, guint32 index, const Facts *facts, const TcpVerdict *verdict,
	  gint64 until_ns)
{
	GPtrArray *paragraphs = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) wheres = g_ptr_array_new();
	g_autoptr(GString) text = g_string_new(NULL);
	const Event *event = trace_event(trace, index);
	Why why = { 0 };

	switch ((EventKind)event->kind) {
	case EVENT_PACKET:
		packet_read(&why, trace, index, facts, verdict);
		break;
	case EVENT_CALL:
		call_read(&why, trace, index, until_ns);
		break;
	default:
		thing_set(&why, WHY_OTHER, event->kind);
		part_set(&why, WHY_PART_COUNT, ngettext("%u packet", "%u packets", event->index),
			 event->index);
	}
	for (WhyThing thing = 0; thing < N_WHY_THINGS; thing++) {
		if (thing == WHY_SEQ || thing == WHY_SENDER)
			paragraph_add(paragraphs, text);
		if (why.told & 1u << thing)
			thing_append(text, wheres, &why, thing, event->from);
	}
	paragraph_add(paragraphs, text);
	for (guint i = 0; i < wheres->len; i++)
		g_string_append_printf(text, "%s%s", i ? "; " : "",
				       (const char *)g_ptr_array_index(wheres, i));
	paragraph_add(paragraphs, text);
	for (guint part = 0; part < N_WHY_PARTS; part++)
		g_free(why.part[part]);
	return paragraphs;
}
