/* SPDX-License-Identifier: MIT */
#include "pktladder/session.h"

#include <errno.h>
#include <unistd.h>

#include "pktladder/confinement.h"
#include "pktladder/job.h"
#include "pktladder/broker.h"
#include "pktladder/complain.h"
#include "pktladder/sorted.h"
#include "pktladder/text.h"

/* Items of a file between two looks at the clock. */
#define SLICE_ITEMS 512
/* After the programs' end: a delayed acknowledgement may still come (40 ms). */
#define LINGER_US (150 * 1000)

/* What still settles. */
typedef struct {
	gint64 time_ns;
	CaptureItem item;
	guint8 *bytes; /* of its packet; owned */
	guint order;   /* of arrival */
} Waiting;

static void
item_clear(gpointer data)
{
	g_free(((Waiting *)data)->bytes);
}

Session *
session_new(Capture *capture, gboolean keeps, guint32 packet_limit, VerdictVersion verdicts,
	    GError **error)
{
	if (!capture)
		return NULL;
	g_autoptr(Session) session = g_new0(Session, 1);
	session->capture = capture;
	session->packet_limit = packet_limit;
	session->trace = trace_new();
	trace_set_verdicts(session->trace, verdicts);
	trace_set_origins(session->trace, capture_origins(capture));
	session->waiting = g_array_new(FALSE, TRUE, sizeof(Waiting));
	g_array_set_clear_func(session->waiting, item_clear);
	session->held = g_queue_new();
	session->notices = g_ptr_array_new_with_free_func(g_free);
	session->notes = g_ptr_array_new_with_free_func(g_free);
	session->ports = g_ptr_array_new_null_terminated(0, g_free, TRUE);
	session->store = keeps ? store_new(capture, error) : NULL;
	if (!keeps)
		trace_forget_packets(session->trace);
	return session->store || !keeps ? g_steal_pointer(&session) : NULL;
}

Session *
session_open(const char *const *paths, CaptureFlags flags, const char *filter, gboolean keeps,
	     guint32 packet_limit, VerdictVersion verdicts, GError **error)
{
	g_autoptr(GPtrArray) inputs = capture_inputs_open(paths, flags, error);

	if (!inputs || !confinement_drop_root(error))
		return NULL;
	return session_new(capture_open_inputs(g_steal_pointer(&inputs), filter, error), keeps,
			   packet_limit, verdicts, error);
}

void
session_free(Session *session)
{
	if (!session)
		return;
	g_clear_pointer(&session->tracer, tracer_free);
	g_clear_pointer(&session->capture, capture_free);
	g_clear_pointer(&session->recording, recording_free);
	g_clear_pointer(&session->store, store_free);
	trace_free(session->trace);
	g_array_unref(session->waiting);
	g_queue_free_full(session->held, g_free);
	g_clear_pointer(&session->output, program_output_free);
	g_ptr_array_unref(session->notices);
	g_ptr_array_unref(session->ports);
	g_ptr_array_unref(session->notes);
	g_free(session->note);
	g_free(session);
}

static void
notice_add(Session *session, const char *text)
{
	g_ptr_array_add(session->notices, text_escape(text, -1));
	session->failed = TRUE;
}

/* A row of the ladder, and the notice above it: the row may be far from what is seen. The note
 * before stands there, too; where the capture broke off, all, for what comes last hides not why. */
static void
note_add(Session *session, const char *text)
{
	char *safe = text_escape(text, -1);
	guint n = session->notes->len;
	gboolean broken = session->capture && capture_is_broken(session->capture);
	g_autofree char *before = g_steal_pointer(&session->note);
	const char *first = n == 0             ? NULL
			    : broken && before ? before
					       : session->notes->pdata[n - 1];

	trace_add_note(session->trace, text);
	session->note = first ? g_strdup_printf("%s %s", first, safe) : g_strdup(safe);
	g_ptr_array_add(session->notes, safe);
}

/* Who reads standard output has seen enough, as in `-w - | head`: nothing is left to do. */
static gboolean
reader_has_ended(Session *session, GError **error)
{
	if (!session->to_reader || !g_error_matches(*error, G_FILE_ERROR, G_FILE_ERROR_PIPE))
		return FALSE;
	g_clear_error(error);
	session->ended = TRUE;
	return TRUE;
}

gboolean
session_record(Session *session, const char *path, GError **error)
{
	if (!path)
		return TRUE;
	session->to_reader = g_str_equal(path, "-");
	int fd = session->to_reader ? STDOUT_FILENO : broker_open(path);
	if (fd < 0)
		return refuse_file(error, _("The recording cannot be written to %s: %s."), path,
				   g_strerror(errno));
	session->recording = recording_new(fd, session->to_reader ? _("standard output") : path,
					   FALSE, capture_link_type(session->capture), 0,
					   capture_origins(session->capture), error);
	if (!session->recording)
		return reader_has_ended(session, error);
	session->store = store_new_recording(session->recording, path, session->store);
	return TRUE;
}

/* A recording that cannot be written any more (session->unwritten) is told once, and the view
 * goes on. */
static void
recording_check(Session *session, gboolean written)
{
	if (written)
		return;
	if (!reader_has_ended(session, &session->unwritten)) {
		note_add(session, session->unwritten->message);
		notice_add(session, session->unwritten->message);
		g_clear_error(&session->unwritten);
	}
	g_clear_pointer(&session->recording, recording_free);
}

static gboolean
limit_reached(const Session *session)
{
	guint32 most = session->packet_limit;

	return most > 0 && trace_n_packets(session->trace) >= most;
}

/* Live there is no end to wait for. */
static void
copies_tell_live(Session *session)
{
	if (session->copies_told || !session->capture || !capture_is_live(session->capture))
		return;
	session->copies_told = TRUE;
	note_add(session, _("Packets are captured more than once (at several interfaces): the "
			    "copies are no retransmissions. The key D or --no-copies leaves them "
			    "out."));
}

static void
packet_commit(Session *session, const CaptureItem *item)
{
	const Packet *packet = &item->packet;
	g_autoptr(GError) error = NULL;
	guint64 offset = STORE_OFFSET_END;

	if (limit_reached(session))
		return;
	if (session->recording)
		recording_check(
		    session, recording_add_packet(session->recording, packet, &session->unwritten));
	if (session->full)
		return;
	if (session->capture && !capture_is_live(session->capture))
		bounds_add_time(&session->bounds, packet->time_ns);
	if (session->store && !store_add(session->store, packet, item->offset, &offset, &error) &&
	    !session->store_failed) {
		/* The bytes of what comes now cannot be shown again; all else goes on. */
		session->store_failed = TRUE;
		note_add(session, error->message);
		notice_add(session, error->message);
	}
	guint32 event = trace_add_packet(session->trace, packet, offset);
	if (G_UNLIKELY(trace_n_copies(session->trace) > 0))
		copies_tell_live(session);
	if (event == EVENT_NONE)
		return;
	for (guint i = 0; item->comments && i < item->comments->len; i++)
		trace_add_comment(session->trace, event, item->comments->pdata[i]);
	if (item->process[0])
		trace_add_processes(session->trace, event, item->process);
}

/* Into the recording and the trace. */
static void
item_commit(Session *session, const CaptureItem *item)
{
	Recording *recording = session->recording;
	GError **error = &session->unwritten;

	if (item->kind == CAPTURE_PACKET) {
		packet_commit(session, item);
	} else if (item->kind == CAPTURE_CALL) {
		if (recording)
			recording_check(session, recording_add_call(recording, &item->call, error));
		trace_add_call(session->trace, &item->call);
	} else {
		if (recording)
			recording_check(session, recording_add_drops(recording, item->time_ns,
								     item->dropped, error));
		trace_add_drops(session->trace, item->time_ns, item->dropped);
	}
}

static int
item_compare(gconstpointer a, gconstpointer b)
{
	const Waiting *one = a, *two = b;
	int order = SORTED_ORDER(one->time_ns, two->time_ns);

	return order != 0 ? order : SORTED_ORDER(one->order, two->order);
}

/* Items up to `horizon_ns`, in the order of their time. */
static void
items_commit(Session *session, gint64 horizon_ns)
{
	guint n = 0;

	g_array_sort(session->waiting, item_compare);
	for (; n < session->waiting->len; n++) {
		const Waiting *waiting = &g_array_index(session->waiting, Waiting, n);

		if (waiting->time_ns > horizon_ns)
			break;
		item_commit(session, &waiting->item);
	}
	if (n > 0)
		g_array_remove_range(session->waiting, 0, n);
}

/* A packet's bytes are copied. */
static void
item_wait(Session *session, const CaptureItem *item)
{
	static guint order;
	Waiting waiting = { item->time_ns, *item, .order = order++ };

	if (item->kind == CAPTURE_PACKET) {
		waiting.time_ns = item->packet.time_ns;
		waiting.bytes = g_memdup2(item->packet.data, item->packet.captured);
		waiting.item.packet.data = waiting.bytes ? waiting.bytes : (const guint8 *)"";
	} else if (item->kind == CAPTURE_CALL) {
		waiting.time_ns = item->call.time_ns;
	}
	g_array_append_val(session->waiting, waiting);
}

static void
copies_tell(Session *session)
{
	guint32 n = trace_n_copies(session->trace);
	g_autofree char *text = g_strdup_printf(
	    ngettext(
		"%u packet was captured before (at another interface, or copied on its way): it "
		"is no retransmission. The key D or --no-copies leaves it out.",
		"%u packets were captured before (at another interface, or copied on their "
		"way): they are no retransmissions. The key D or --no-copies leaves them out.",
		n),
	    n);

	if (n > 0)
		note_add(session, text);
}

static void
capture_ended(Session *session, ReadEnd read, const char *note)
{
	g_autofree char *times = bounds_time_text(&session->bounds);
	g_autoptr(GPtrArray) facts = capture_facts(session->capture);

	if (times)
		note_add(session, times);
	if (!capture_is_live(session->capture))
		copies_tell(session);
	if (note)
		note_add(session, note);
	for (guint i = 0; i < facts->len; i++)
		note_add(session, facts->pdata[i]);
	session->read = session->full || capture_is_broken(session->capture) ? READ_BROKEN : read;
	g_clear_pointer(&session->capture, capture_free);
	if (!session->tracer)
		session->ended = TRUE;
}

/* TRUE where there is more to read at once. */
static gboolean
capture_take(Session *session)
{
	CaptureItem item;

	capture_next(session->capture, &item);
	switch (item.kind) {
	case CAPTURE_PACKET:
	case CAPTURE_CALL:
	case CAPTURE_DROPS:
		if (session->tracer || session->waiting->len > 0)
			item_wait(session, &item);
		else
			item_commit(session, &item);
		break;
	case CAPTURE_NOTE:
		note_add(session, item.note);
		break;
	case CAPTURE_END:
		capture_ended(session, READ_WHOLE, item.note);
		return FALSE;
	case CAPTURE_NOTHING:
		return FALSE;
	}
	if (limit_reached(session))
		capture_ended(session, READ_WHOLE, NULL);
	return session->capture != NULL;
}

gboolean
session_progress(const Session *session, guint64 *read_bytes, guint64 *total_bytes)
{
	if (!session->capture || capture_is_live(session->capture))
		return FALSE;
	capture_progress(session->capture, read_bytes, total_bytes);
	return TRUE;
}

/* No more can be kept. What is recorded live goes on into its file. */
static void
full_check(Session *session)
{
	guint64 read, total;
	gboolean of_file = session_progress(session, &read, &total);
	g_autofree char *why = NULL;

	if (!session->full)
		why = bounds_full(&session->bounds, session->trace, of_file ? read : G_MAXUINT64);
	if (why && !session->recording) {
		capture_ended(session, READ_BROKEN, why);
	} else if (why) {
		session->full = TRUE;
		session->read = READ_BROKEN;
		note_add(session, why);
		note_add(session, _("What comes from here on is recorded, but not drawn."));
	}
}

static gboolean
capture_pump(Session *session)
{
	gint64 end_us = g_get_monotonic_time() + SLICE_US;

	do {
		full_check(session);
		if (!session->capture)
			return FALSE;
		for (int n = 0; n < SLICE_ITEMS; n++) {
			if (!capture_take(session))
				return FALSE;
		}
	} while (g_get_monotonic_time() < end_us);
	return TRUE;
}

void
session_stop_reading(Session *session)
{
	if (session->capture && !capture_is_live(session->capture) && !session->tracer)
		capture_ended(session, READ_STOPPED, _("reading was stopped here"));
}

/* On the host's lo only the programs' own ports are looked at. */
static void
ports_learn(Session *session, const CallRecord *call)
{
	g_autofree char *port = g_strdup_printf("port %u", call->local.port);
	g_autoptr(GError) error = NULL;

	if (!session->filter_ports || !session->capture || call->local.port == 0 ||
	    call->phase != CALL_RETURN || (call->name != CALL_BIND && call->name != CALL_LISTEN) ||
	    g_ptr_array_find_with_equal_func(session->ports, port, g_str_equal, NULL))
		return;
	g_ptr_array_add(session->ports, g_steal_pointer(&port));
	g_autofree char *filter = g_strjoinv(" or ", (GStrv)session->ports->pdata);
	if (!capture_set_filter(session->capture, filter, &error))
		notice_add(session, error->message);
}

/* One release for each call that waits: the tracer forgets one that finds no call. */
static void
releases_send(Session *session)
{
	while ((session->runs_on || session->releases > 0) && session_holds(session)) {
		tracer_release(session->tracer);
		session->releases -= MIN(session->releases, 1);
		session->released++;
	}
}

/* A wait that found something at once is not kept: TRUE where its entry is still here, and is
 * forgotten. */
static gboolean
wait_forget(Session *session, const CallRecord *call)
{
	if (call->phase != CALL_RETURN || call->wait != CALL_WAIT_NONE ||
	    call_effect(call->name) != CALL_WAITS)
		return FALSE;
	for (guint i = session->waiting->len; i > 0; i--) {
		const CaptureItem *item = &g_array_index(session->waiting, Waiting, i - 1).item;

		if (item->kind == CAPTURE_CALL && item->call.id == call->id) {
			g_array_remove_index(session->waiting, i - 1);
			return TRUE;
		}
	}
	return FALSE;
}

static void
call_arrive(Session *session, const CallRecord *call)
{
	if (call->phase == CALL_HELD) {
		g_queue_push_tail(session->held, g_memdup2(call, sizeof *call));
		releases_send(session);
		return;
	}
	for (GList *link = session->held->head; link && call->phase == CALL_ENTRY;
	     link = link->next) {
		if (((CallRecord *)link->data)->id != call->id)
			continue;
		/* it is no longer held */
		g_free(link->data);
		g_queue_delete_link(session->held, link);
		session->released -= MIN(session->released, 1);
		break;
	}
	ports_learn(session, call);
	if (!wait_forget(session, call))
		item_wait(session, &(CaptureItem){ .kind = CAPTURE_CALL, .call = *call });
}

/* "the server", "the client"; of more than two "program 2 (curl)". */
static char *
who_ended(const Session *session, const CallRecord *call)
{
	if (session->n_programs > 2)
		return g_strdup_printf(_("program %u"), call->program + 1);
	return g_strdup(call->role == ROLE_CLIENT ? _("the client") : _("the server"));
}

/* What ended by a signal of ours, or after it, is no failure of its own. */
static void
program_ended(Session *session, const CallRecord *call)
{
	gboolean by_signal = call->result >= 256;
	int number = by_signal ? call->result - 256 : call->result;

	if (call->program + 1u == session->n_programs && call->flags == 0)
		session->status = by_signal ? STATUS_SIGNAL + number : number;
	if (call->result == 0 || call->flags != 0)
		return;
	g_autofree char *who = who_ended(session, call);
	g_autofree char *text =
	    by_signal ? g_strdup_printf(_("%s was killed by signal %d (%s)"), who, number,
					g_strsignal(number))
		      : g_strdup_printf(_("%s ended with exit status %d"), who, number);
	g_ptr_array_add(session->notices, text_escape(text, -1));
	session->failed = session->failed || !session->runs;
}

/* What happens to the programs: shown now, and told between what they print. */
static void
tracer_says(Session *session, const char *text)
{
	g_free(session->note);
	session->note = text_escape(text, -1);
	if (session->output)
		program_output_say(session->output, text);
}

/* The ladder is true all the same, but not the scenario's usual one. */
static void
out_of_turn(Session *session, const CallRecord *call)
{
	g_autofree char *name = call_to_string(call, CALL_SHORT);
	g_autofree char *text = g_strdup_printf(
	    call->role == ROLE_CLIENT
		? _("the client's %s did not wait for its turn, which had not come after %d s")
		: _("the server's %s did not wait for its turn, which had not come after %d s"),
	    name, ORDER_PATIENCE_S);

	note_add(session, text);
}

static void
tracer_pump(Session *session)
{
	TracerMessage message;

	while (session->tracer && tracer_read(session->tracer, &message)) {
		switch ((TracerMessageKind)message.kind) {
		case TRACER_CALL:
			call_arrive(session, &message.call);
			break;
		case TRACER_SERVER_WAITS: /* and its ports are in the filter */
			tracer_start(session->tracer);
			break;
		case TRACER_OUT_OF_TURN:
			out_of_turn(session, &message.call);
			break;
		case TRACER_PROGRAM_ENDED:
			program_ended(session, &message.call);
			break;
		case TRACER_SAYS:
			tracer_says(session, message.problem);
			break;
		case TRACER_UNSEEN:
			note_add(session, message.problem);
			break;
		case TRACER_FAILED:
			session->status = message.status;
			/* The problem says how the server ended, and what that means. */
			g_ptr_array_set_size(session->notices, 0);
			notice_add(session, message.problem);
			G_GNUC_FALLTHROUGH;
		case TRACER_DONE:
			g_clear_pointer(&session->tracer, tracer_free);
			session->done_us = g_get_monotonic_time();
			break;
		}
	}
}

/* How long an item waits for what may still come before it. */
static gint64
settle_ns(const Session *session)
{
	gint64 delay_ms = session->capture ? capture_delay_ms(session->capture) : 0;

	return SESSION_SETTLE_NS + delay_ms * 1000 * 1000;
}

gboolean
session_pump(Session *session)
{
	gint64 horizon_ns = g_get_real_time() * 1000 - settle_ns(session);
	gboolean more, lingered;

	/* Calls first, then packets: see the theory of operation. */
	tracer_pump(session);
	more = session->capture && capture_pump(session);
	if (session->output)
		program_output_read(session->output);
	if (!more)
		items_commit(session, horizon_ns);
	/* The programs have ended, and so has what they left on the wire. */
	lingered = session->done_us > 0 && g_get_monotonic_time() - session->done_us > LINGER_US;
	if (!session->ended && (lingered || (!session->capture && !session->tracer)))
		session_finish(session);
	else if (session->recording && !more && session->waiting->len == 0)
		recording_check(session, recording_flush(session->recording, &session->unwritten));
	return more;
}

int
session_timeout(const Session *session)
{
	if (session->ended)
		return -1;
	if (session->waiting->len > 0)
		return 1 + settle_ns(session) / (1000 * 1000);
	if (session->done_us > 0)
		return 20;
	/* Drops are asked for now and then, also when no packet comes. */
	return session->capture && capture_is_live(session->capture) ? 250 : -1;
}

void
session_finish(Session *session)
{
	items_commit(session, G_MAXINT64);
	if (session->recording) {
		recording_check(session, recording_close(session->recording, &session->unwritten));
		g_clear_pointer(&session->recording, recording_free);
	}
	session->ended = TRUE;
}

void
session_end_programs(Session *session)
{
	g_clear_pointer(&session->tracer, tracer_free);
	if (session->output && !program_output_end(session->output))
		session->failed = TRUE;
}

gboolean
session_holds(const Session *session)
{
	return session->released < g_queue_get_length(session->held);
}

void
session_release(Session *session)
{
	if (!session->tracer)
		return;
	session->releases++;
	releases_send(session);
}

void
session_release_all(Session *session)
{
	if (!session->tracer)
		return;
	session->runs_on = TRUE;
	releases_send(session);
	if (!session->filter_ports)
		tracer_release_all(session->tracer);
}
