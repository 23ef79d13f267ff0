/* SPDX-License-Identifier: MIT */
#include "pktladder/trace.h"
#include "pktladder/save.h"

#include "pktladder/draft.h"
#include "pktladder/complain.h"
#include "pktladder/recording.h"

/* Events between two looks at the clock: that are written, and passed by. */
#define SLICE_WRITTEN 64
#define SLICE_SEEN    4096

#define ETHERNET 1

typedef struct {
	const Trace *trace;
	PacketStore *store;
	Selection selection;  /* with its own references */
	Draft *draft;         /* where it goes */
	Recording *recording; /* NULL until the link type is known */
	guint32 length;       /* of the trace, when it began */
	guint32 next;         /* event */
	guint32 packets, calls;
	GError *error; /* why it cannot be gone on with; NULL */
} Save;

static void
save_free(gpointer data)
{
	Save *save = data;

	g_clear_pointer(&save->recording, recording_free);
	draft_free(save->draft);
	conversation_set_unref(save->selection.set);
	filter_unref(save->selection.filter);
	g_clear_error(&save->error);
	g_free(save);
}

/* The packet's bytes again, from where they are kept. */
static gboolean
packet_fetch(Save *save, guint32 index, Packet *packet, GError **error)
{
	g_autoptr(GError) gone = NULL;
	guint64 offset = event_offset(trace_event(save->trace, index));

	if (save->store && store_fetch(save->store, offset, packet, &gone))
		return TRUE;
	return error_set(error, G_FILE_ERROR, G_FILE_ERROR_IO,
			 _("%s was not written: the bytes of frame %u are gone (%s)"),
			 save->draft->name, trace_frame(save->trace, index),
			 gone ? gone->message : _("not kept"));
}

/* The file's head names a link type: that of the first packet of all. */
static gboolean
recording_begin(Save *save, GError **error)
{
	guint32 first = trace_event_of_frame(save->trace, 1);
	Packet packet = { .link_type = ETHERNET };

	if (first != EVENT_NONE && !packet_fetch(save, first, &packet, error))
		return FALSE;
	save->recording =
	    recording_new(g_steal_fd(&save->draft->fd), save->draft->name, save->draft->hidden,
			  packet.link_type, packet.interface, trace_origins(save->trace), error);
	return save->recording != NULL;
}

/* What stood beside the packet goes with it. */
static void
beside_write(Save *save, guint32 index)
{
	const char *comment;
	const guint32 *processes = trace_process_numbers(save->trace, index);

	for (guint i = 0; (comment = trace_comment(save->trace, index, i)); i++)
		recording_add_comment(save->recording, comment);
	if (processes)
		recording_add_processes(save->recording, processes);
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
		beside_write(save, index);
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

static JobState
save_state(gconstpointer data, guint32 end G_GNUC_UNUSED)
{
	const Save *save = data;

	return save->error || (save->recording && save->next == save->length) ? JOB_DONE
									      : JOB_GOES_ON;
}

static void
save_slice(gpointer data, gint64 until_us)
{
	Save *save = data;

	if (!save->recording && !recording_begin(save, &save->error))
		return;
	do {
		guint32 end = MIN((guint64)save->next + SLICE_SEEN, save->length);

		for (guint written = 0; save->next < end && written < SLICE_WRITTEN; save->next++) {
			if (!selection_has(&save->selection, save->trace, save->next))
				continue;
			if (!event_write(save, save->next, &save->error))
				return;
			written++;
		}
	} while (save->next < save->length && g_get_monotonic_time() < until_us);
}

static char *
save_progress(gconstpointer data, int *percent)
{
	const Save *save = data;

	*percent = save->length > 0 ? (guint64)save->next * 100 / save->length : 0;
	return g_strdup_printf(_("Saving into %s"), save->draft->name);
}

static char *
save_finish(gpointer data, GError **error)
{
	Save *save = data;
	g_autofree char *packets = NULL;

	if (save->error) {
		g_propagate_error(error, g_steal_pointer(&save->error));
		return NULL;
	}
	if (!recording_close(save->recording, error) || !draft_publish(save->draft, error))
		return NULL;
	packets =
	    g_strdup_printf(ngettext("%u packet", "%u packets", save->packets), save->packets);
	g_autofree char *calls =
	    g_strdup_printf(ngettext("%u call", "%u calls", save->calls), save->calls);
	return draft_tell(save->draft, g_strdup_printf(_("%s and %s were written into %s."),
						       packets, calls, save->draft->name));
}

Job
save_begin(const Trace *trace, PacketStore *store, const Selection *selection, const char *path,
	   const char *part, GError **error)
{
	static const JobKind kind = { .state = save_state,
				      .slice = save_slice,
				      .progress = save_progress,
				      .finish = save_finish,
				      .free = save_free,
				      .stopped = N_("Saving was stopped: no file was written.") };
	Draft *draft = draft_new(path, part, error);

	if (!draft)
		return (Job){ 0 };
	Save *save = g_new0(Save, 1);
	*save = (Save){ .trace = trace,
			.store = store,
			.selection = *selection,
			.draft = draft,
			.length = trace_length(trace) };
	conversation_set_ref(save->selection.set);
	filter_ref(save->selection.filter);
	return (Job){ &kind, save };
}
