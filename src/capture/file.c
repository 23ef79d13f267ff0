/* SPDX-License-Identifier: MIT */
/* Theory of operation
 *
 * The reader reads from the bytes that are at hand, and more are read where it needs them.
 * Filtering is done behind it: what stands between packets is delivered whether or not they pass.
 */
#include "capture_internal.h"
#include "pktladder/complain.h"

#include <errno.h>

/* Whether the bytes, in which something is wrong, have a CR before each LF, as Windows's texts. */
static gboolean
went_as_text(const guint8 *bytes, gsize n)
{
	guint lines = 0;

	for (gsize i = 1; i < n; i++) {
		if (bytes[i] == '\n' && bytes[i - 1] != '\r')
			return FALSE;
		lines += bytes[i] == '\n';
	}
	return lines > 1;
}

/* What is known of the bytes explains more than the reader, which met an end. `problem`: why
 * nothing more can be read; NULL: they are all read. */
static void
end(Capture *capture, const char *problem)
{
	g_autofree char *why = bytes_end_note(capture->bytes, &capture->broken);
	const char *name = bytes_name(capture->bytes);
	gsize n;
	const guint8 *rest = bytes_look(capture->bytes, &n);

	capture->ended = TRUE;
	if (!why && (problem || n > 0)) {
		capture->broken = problem || reader_is_damaged(capture->reader, rest, n);
		why = capture->broken
			  ? g_strdup_printf(
				_("%s cannot be read any further: %s."), name,
				went_as_text(rest, n)
				    ? _("it seems to have been transferred as text, which puts a "
					"byte before each that looks like a new "
					"line. Transfer it again, as binary")
				: problem ? problem
					  : _("it ends in a packet that contradicts itself"))
			  : g_strdup_printf(
				_("%s ends in the middle of a packet: it was cut short."), name);
	}
	if (why)
		capture->end_note = g_strdup_printf(_("%s Everything before is shown."), why);
}

gboolean
capture_passes(Capture *capture, const Packet *packet)
{
	return !capture->filter || bpf_passes(capture->filter, packet);
}

/* FALSE where the filter does not let the packet pass. */
static gboolean
deliver(Capture *capture, CaptureItem *item)
{
	if (item->kind == CAPTURE_PACKET) {
		capture->packets++;
		if (!capture_passes(capture, &item->packet))
			return FALSE;
		if (capture->file < 0)
			item->offset = CAPTURE_NO_OFFSET;
	}
	capture->delivered = TRUE;
	return TRUE;
}

/* TRUE where reading goes on: there are more bytes, or it has ended. */
static gboolean
more(Capture *capture, CaptureItem *item)
{
	char *note;

	item->kind = CAPTURE_NOTHING;
	switch (bytes_more(capture->bytes)) {
	case BYTES_MORE:
		note = bytes_take_note(capture->bytes);
		if (note)
			capture_item_note(capture, item, CAPTURE_NOTE, note);
		return note == NULL;
	case BYTES_LATER:
		return FALSE;
	case BYTES_END:
		end(capture, NULL);
		break;
	case BYTES_FAILED:
		end(capture, g_strerror(errno));
		break;
	}
	return TRUE;
}

static void
file_next(Capture *capture, CaptureItem *item)
{
	while (!capture->ended) {
		gsize n, used;
		const guint8 *bytes = bytes_look(capture->bytes, &n);
		ReaderStep step = reader_next(capture->reader, bytes, n, &used, item);

		bytes_take(capture->bytes, used);
		if (step == READER_ITEM && deliver(capture, item))
			return;
		if (step == READER_MORE && !more(capture, item))
			return;
		if (step == READER_BROKEN)
			end(capture, _(reader_problem(capture->reader)));
	}
	capture_end_next(capture, item);
}

/* Behind what is said of the end anyway. */
static void
unseen_tell(Capture *capture)
{
	g_autofree char *text = capture->filter ? bpf_take_unseen(capture->filter) : NULL;
	g_autofree char *before = text ? g_steal_pointer(&capture->end_note) : NULL;

	if (text)
		capture->end_note = g_strjoin(before ? " " : "", before ? before : "", text, NULL);
}

void
capture_end_next(Capture *capture, CaptureItem *item)
{
	item->kind = CAPTURE_END;
	/* a ladder without rows would leave its reader to wonder */
	guint packets = MIN(capture->packets, G_MAXUINT);
	if (!capture->delivered && !capture->end_note)
		capture->end_note =
		    packets == 0
			? g_strdup(_("The capture holds no packets."))
			: g_strdup_printf(
			      ngettext(
				  "The capture holds %u packet, which the filter does not let "
				  "pass.",
				  "The capture holds %u packets, none of which passes the filter.",
				  packets),
			      packets);
	capture->delivered = TRUE;
	unseen_tell(capture);
	if (capture->end_note)
		capture_item_note(capture, item, CAPTURE_NOTE, g_steal_pointer(&capture->end_note));
}

static gboolean
file_set_filter(Capture *capture, const char *text, GError **error)
{
	Bpf *filter = text ? bpf_new(text, capture->link_type, error) : NULL;

	if (text && !filter)
		return FALSE;
	bpf_free(capture->filter);
	capture->filter = filter;
	return TRUE;
}

static char *
no_capture(const Bytes *bytes, const char *why)
{
	return g_strdup_printf(_("%s cannot be read as a capture: %s."), bytes_name(bytes), why);
}

static gboolean
head_read(Bytes *bytes, Reader *reader, GError **error)
{
	g_autofree char *problem = bytes_problem(bytes), *why = NULL;
	gboolean broken;

	while (!problem) {
		gsize n, used;
		const guint8 *head = bytes_look(bytes, &n);
		ReaderStep step = reader_begin(reader, head, n, &used);
		bytes_take(bytes, used);
		if (step == READER_ITEM)
			return TRUE;
		BytesState state = step == READER_MORE ? bytes_wait(bytes) : BYTES_MORE;
		if (step == READER_BROKEN)
			problem = no_capture(bytes, _(reader_problem(reader)));
		else if (state == BYTES_FAILED)
			problem = no_capture(bytes, g_strerror(errno));
		else if (state == BYTES_END && n == used)
			problem = no_capture(bytes, _("no interface is described in it"));
		else if (state == BYTES_END)
			problem = g_strdup_printf(
			    _("%s was cut short within its header: there are no packets in it."),
			    bytes_name(bytes));
	}
	/* what is known of the bytes explains more */
	why = bytes_end_note(bytes, &broken);
	return error_set(error, CAPTURE_ERROR, CAPTURE_ERROR_FORMAT,
			 why ? _("%s No packet can be read from what is left.") : "%s",
			 why ? why : problem);
}

Capture *
file_capture(void (*next)(Capture *capture, CaptureItem *item), Origins *origins)
{
	Capture *capture = g_new0(Capture, 1);

	*capture = (Capture){ .next = next,
			      .set_filter = file_set_filter,
			      .origins = origins,
			      .control = -1,
			      .file = -1,
			      .fd = -1 };
	return capture;
}

static void
file_progress(const Capture *capture, guint64 *read_bytes, guint64 *total_bytes)
{
	bytes_progress(capture->bytes, read_bytes, total_bytes);
}

Capture *
file_open(CaptureInput *input, Origins *origins, GError **error)
{
	g_autoptr(Capture) capture = file_capture(file_next, origins_ref(origins));
	guint64 start;

	capture->bytes = input;
	capture->progress = file_progress;
	if (!bytes_begin(input, error))
		return NULL;
	capture->file = bytes_file(input, &start);
	capture->reader = reader_new(start);
	reader_set_origins(capture->reader, origins, origins_add_file(origins, bytes_name(input)));
	if (!head_read(input, capture->reader, error))
		return NULL;
	capture->fd = bytes_fd(input);
	capture->link_type = reader_link_type(capture->reader);
	return g_steal_pointer(&capture);
}

Capture *
capture_open_input(CaptureInput *input, const char *filter, GError **error)
{
	g_autoptr(Origins) origins = origins_new();
	g_autoptr(Capture) capture = file_open(input, origins, error);

	if (!capture)
		return NULL;
	if (filter && !file_set_filter(capture, filter, error))
		return NULL;
	return g_steal_pointer(&capture);
}

Capture *
capture_open_file(const char *path, const char *filter, GError **error)
{
	CaptureInput *input = capture_input_open(path, CAPTURE_DEFAULT, error);

	return input ? capture_open_input(input, filter, error) : NULL;
}
