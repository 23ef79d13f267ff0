/* SPDX-License-Identifier: MIT */
/* Theory of operation
 *
 * The reader reads from the bytes that are at hand, and more are read where it needs them.
 * Filtering is done behind it: what stands between packets is delivered whether or not they
 * pass.
 */
#include "capture_internal.h"
#include "bpf.h"
#include "pktladder/i18n.h"

#include <errno.h>
#include <stddef.h>

typedef struct {
	Capture base;
	Bpf *filter;     /* NULL: none */
	guint64 packets; /* that were read */
	gboolean ended;
	char *end_note;
	gboolean delivered; /* anything: a packet, a call, a loss; or why there is none */
} FileCapture;

G_STATIC_ASSERT(offsetof(FileCapture, base) == 0);

/* What is known of the bytes explains more than the reader, which met an end. `problem`: why
 * nothing more can be read; NULL: they are all read. */
static void
end(FileCapture *file, const char *problem)
{
	g_autofree char *why = bytes_end_note(file->base.bytes, &file->base.broken);
	const char *name = bytes_name(file->base.bytes);
	gsize n;
	const guint8 *rest = bytes_look(file->base.bytes, &n);

	file->ended = TRUE;
	if (!why && (problem || n > 0)) {
		file->base.broken = problem || reader_is_damaged(file->base.reader, rest, n);
		why =
		    file->base.broken
			? g_strdup_printf(
			      _("%s cannot be read any further: %s."), name,
			      problem ? problem : _("it ends in a packet that contradicts itself"))
			: g_strdup_printf(_("%s ends in the middle of a packet: it was cut short."),
					  name);
	}
	if (why)
		file->end_note = g_strdup_printf(_("%s Everything before is shown."), why);
}

/* FALSE where the filter does not let the packet pass. */
static gboolean
deliver(FileCapture *file, CaptureItem *item)
{
	if (item->kind == CAPTURE_PACKET) {
		file->packets++;
		if (file->filter && !bpf_matches(file->filter, &item->packet))
			return FALSE;
		if (file->base.file < 0)
			item->offset = CAPTURE_NO_OFFSET;
	}
	file->delivered = TRUE;
	return TRUE;
}

/* TRUE where reading goes on: there are more bytes, or it has ended. */
static gboolean
more(FileCapture *file, CaptureItem *item)
{
	char *note;

	item->kind = CAPTURE_NOTHING;
	switch (bytes_more(file->base.bytes)) {
	case BYTES_MORE:
		note = bytes_take_note(file->base.bytes);
		if (note)
			capture_item_note(&file->base, item, CAPTURE_NOTE, note);
		return note == NULL;
	case BYTES_LATER:
		return FALSE;
	case BYTES_END:
		end(file, NULL);
		break;
	case BYTES_FAILED:
		end(file, g_strerror(errno));
		break;
	}
	return TRUE;
}

static void
file_next(Capture *capture, CaptureItem *item)
{
	FileCapture *file = (FileCapture *)capture;

	while (!file->ended) {
		gsize n, used;
		const guint8 *bytes = bytes_look(capture->bytes, &n);
		ReaderStep step = reader_next(capture->reader, bytes, n, &used, item);

		bytes_take(capture->bytes, used);
		if (step == READER_ITEM && deliver(file, item))
			return;
		if (step == READER_MORE && !more(file, item))
			return;
		if (step == READER_BROKEN)
			end(file, _(reader_problem(capture->reader)));
	}
	item->kind = CAPTURE_END;
	/* a ladder without rows would leave its reader to wonder */
	guint packets = MIN(file->packets, G_MAXUINT);
	if (!file->delivered && !file->end_note)
		file->end_note =
		    packets == 0
			? g_strdup(_("The capture holds no packets."))
			: g_strdup_printf(
			      ngettext(
				  "The capture holds %u packet, which the filter does not let "
				  "pass.",
				  "The capture holds %u packets, none of which passes the filter.",
				  packets),
			      packets);
	file->delivered = TRUE;
	if (file->end_note)
		capture_item_note(capture, item, CAPTURE_NOTE, g_steal_pointer(&file->end_note));
}

static gboolean
file_set_filter(Capture *capture, const char *text, GError **error)
{
	FileCapture *file = (FileCapture *)capture;
	Bpf *filter = text ? bpf_new(text, capture->link_type, error) : NULL;

	if (text && !filter)
		return FALSE;
	g_clear_pointer(&file->filter, bpf_free);
	file->filter = filter;
	return TRUE;
}

static void
file_free(Capture *capture)
{
	FileCapture *file = (FileCapture *)capture;

	capture_input_free(file->base.bytes);
	g_clear_pointer(&file->base.reader, reader_unref);
	g_clear_pointer(&file->filter, bpf_free);
	g_free(file->end_note);
	g_free(file);
}

static const CaptureOps file_ops = {
	.next = file_next,
	.set_filter = file_set_filter,
	.free = file_free,
};

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
			problem = g_strdup_printf(_("%s was cut short within its header: there are "
						    "no packets in it."),
						  bytes_name(bytes));
	}
	/* what is known of the bytes explains more */
	why = bytes_end_note(bytes, &broken);
	if (why)
		g_set_error(error, CAPTURE_ERROR, CAPTURE_ERROR_FORMAT,
			    _("%s No packet can be read from what is left."), why);
	else
		g_set_error_literal(error, CAPTURE_ERROR, CAPTURE_ERROR_FORMAT, problem);
	return FALSE;
}

Capture *
capture_open_input(CaptureInput *input, const char *filter, GError **error)
{
	FileCapture *file = g_new0(FileCapture, 1);
	g_autoptr(Capture) capture = &file->base;
	guint64 start;

	capture->ops = &file_ops;
	capture->bytes = input;
	if (!bytes_begin(input, error))
		return NULL;
	capture->file = bytes_file(input, &start);
	capture->reader = reader_new(start);
	if (!head_read(input, capture->reader, error))
		return NULL;
	capture->fd = bytes_fd(input);
	capture->link_type = reader_link_type(capture->reader);
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

void
capture_progress(const Capture *capture, guint64 *read_bytes, guint64 *total_bytes)
{
	*read_bytes = *total_bytes = 0;
	if (capture->bytes)
		bytes_progress(capture->bytes, read_bytes, total_bytes);
}
