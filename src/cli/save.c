/* SPDX-License-Identifier: MIT */
#include "save.h"

#include "confinement.h"
#include "conversations.h"
#include "draft.h"
#include "pktladder/i18n.h"
#include "slice.h"

/* Events between two looks at the clock: that are written, and passed by. */
#define SLICE_WRITTEN 64
#define SLICE_SEEN    4096

#define ETHERNET 1

struct _Save {
	const Trace *trace;
	PacketStore *store;
	Selection selection;  /* with its own references */
	Draft *draft;         /* where it goes */
	Recording *recording; /* NULL until the link type is known */
	guint32 length;       /* of the trace, when it began */
	guint32 next;         /* event */
	guint32 packets, calls;
};

Save *
save_new(const Session *session, const Selection *selection, const char *path, GError **error)
{
	Draft *draft = draft_new(path, session_part_text(session), error);
	Save *save;

	if (!draft)
		return NULL;
	save = g_new0(Save, 1);
	save->trace = session->trace;
	save->store = session->store;
	save->selection = *selection;
	conversation_set_ref(save->selection.set);
	save->selection.filter = filter_ref(selection->filter);
	save->length = trace_length(save->trace);
	save->draft = draft;
	return save;
}

void
save_free(Save *save)
{
	if (!save)
		return;
	g_clear_pointer(&save->recording, recording_free);
	draft_free(save->draft);
	conversation_set_unref(save->selection.set);
	filter_unref(save->selection.filter);
	g_free(save);
}

/* The packet's bytes again, from where they are kept. */
static gboolean
packet_fetch(Save *save, guint32 index, Packet *packet, GError **error)
{
	g_autoptr(GError) trouble = NULL;
	guint64 offset = event_offset(trace_event(save->trace, index));

	if (save->store && store_fetch(save->store, offset, packet, &trouble))
		return TRUE;
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_IO,
		    _("%s was not written: the bytes of frame %u are gone (%s)"), save->draft->name,
		    trace_frame(save->trace, index), trouble ? trouble->message : _("not kept"));
	return FALSE;
}

/* The file's head names a link type: that of the first packet of all. */
static gboolean
recording_begin(Save *save, GError **error)
{
	guint32 first = trace_event_of_frame(save->trace, 1);
	Packet packet = { .link_type = ETHERNET };

	if (first != EVENT_NONE && !packet_fetch(save, first, &packet, error))
		return FALSE;
	save->recording = recording_new(g_steal_fd(&save->draft->fd), save->draft->name,
					save->draft->hidden, packet.link_type, NULL, error);
	return save->recording != NULL;
}

static gboolean
event_write(Save *save, guint32 index, GError **error)
{
	const Event *event = trace_event(save->trace, index);
	const CallRecord *call;
	Packet packet;

	switch ((EventKind)event->kind) {
	case EVENT_PACKET:
		if (!packet_fetch(save, index, &packet, error))
			return FALSE;
		save->packets++;
		return recording_add_packet(save->recording, &packet, error);
	case EVENT_CALL:
		call = trace_call(save->trace, event);
		save->calls += call->phase == CALL_ENTRY;
		return recording_add_call(save->recording, call, error);
	case EVENT_DROPS:
		return recording_add_drops(save->recording, event->time_ns, event->index, error);
	case EVENT_NOTE:
		break; /* ours, about the file that was read */
	}
	return TRUE;
}

SaveResult
save_slice(Save *save, GError **error)
{
	gint64 end_us = g_get_monotonic_time() + SLICE_US;

	if (!save->recording && !recording_begin(save, error))
		return SAVE_FAILED;
	do {
		guint32 end = MIN((guint64)save->next + SLICE_SEEN, save->length);

		for (guint written = 0; save->next < end && written < SLICE_WRITTEN; save->next++) {
			if (!selection_has(&save->selection, save->trace, save->next))
				continue;
			if (!event_write(save, save->next, error))
				return SAVE_FAILED;
			written++;
		}
		if (save->next == save->length)
			return recording_close(save->recording, error) &&
				       draft_publish(save->draft, error)
				   ? SAVE_DONE
				   : SAVE_FAILED;
	} while (g_get_monotonic_time() < end_us);
	return SAVE_GOES_ON;
}

char *
save_text(const Save *save)
{
	g_autofree char *packets = NULL;
	g_autofree char *calls = NULL;

	if (save->next < save->length)
		return g_strdup_printf(_("Saving into %s: %u%% (Esc stops it)"), save->draft->name,
				       (guint)((guint64)save->next * 100 / save->length));
	packets =
	    g_strdup_printf(ngettext("%u packet", "%u packets", save->packets), save->packets);
	calls = g_strdup_printf(ngettext("%u call", "%u calls", save->calls), save->calls);
	return draft_tell(save->draft, g_strdup_printf(_("%s and %s were written into %s."),
						       packets, calls, save->draft->name));
}

int
save_file(Session *session, const Options *options)
{
	Selection selection = options_selection(options);
	SaveResult result = SAVE_GOES_ON;
	g_autoptr(Save) save = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *done = NULL;

	interruption_catch();
	confinement_enter(NULL);
	if (session_read_whole(session) &&
	    conversations_select(options->conversations, session->trace, &selection, &error))
		save = save_new(session, &selection, options->write, &error);
	conversation_set_unref(selection.set);
	while (save && result == SAVE_GOES_ON && interruption_signal() == 0)
		result = save_slice(save, &error);
	if (result == SAVE_DONE)
		done = save_text(save);
	session_tell(session, TRUE); /* what the file was: cut short, empty */
	if (done)
		complain("%s", done);
	/* The signal says why: it came while a broker, or a pipe's reader, was waited for. */
	else if (interruption_signal() && g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_INTR))
		return 128 + interruption_signal();
	/* Who reads standard output has seen enough. */
	else if (g_str_equal(options->write, "-") &&
		 g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_PIPE))
		return STATUS_OK;
	else
		return error ? complain_failed(error) : 128 + interruption_signal();
	return session_status(session);
}
