/* SPDX-License-Identifier: MIT */
#include "pktladder/capture.h"
#include "capture_internal.h"
#include "pktladder/fd.h"

void
capture_item_note(Capture *capture, CaptureItem *item, CaptureItemKind kind, char *note)
{
	g_free(capture->note);
	capture->note = note;
	item->kind = kind;
	item->note = note;
}

gboolean
capture_set_filter(Capture *capture, const char *filter, GError **error)
{
	return capture->set_filter(capture, filter, error);
}

void
capture_next(Capture *capture, CaptureItem *item)
{
	/* all else belongs to one kind, and clearing it costs more than reading a packet */
	item->kind = CAPTURE_NOTHING;
	item->note = NULL;
	item->comments = NULL;
	item->process[0] = item->process[1] = 0;
	capture->next(capture, item);
}

int
capture_fd(const Capture *capture)
{
	return capture->fd;
}

gboolean
capture_is_live(const Capture *capture)
{
	return capture->progress == NULL;
}

gboolean
capture_is_broken(const Capture *capture)
{
	return capture->broken;
}

guint16
capture_link_type(const Capture *capture)
{
	return capture->link_type;
}

Origins *
capture_origins(const Capture *capture)
{
	return capture->origins;
}

void
capture_progress(const Capture *capture, guint64 *read_bytes, guint64 *total_bytes)
{
	*read_bytes = *total_bytes = 0;
	if (capture->progress)
		capture->progress(capture, read_bytes, total_bytes);
}

int
capture_delay_ms(const Capture *capture)
{
	return capture->delay_ms;
}

void
capture_free(Capture *capture)
{
	if (!capture)
		return;
	g_clear_pointer(&capture->pcap, pcap_close);
	fd_clear(&capture->control);
	if (capture->close)
		capture->close(capture);
	capture_input_free(capture->bytes);
	origins_unref(capture->origins);
	reader_unref(capture->reader);
	bpf_free(capture->filter);
	g_free(capture->interface);
	g_free(capture->end_note);
	g_free(capture->note);
	g_free(capture);
}
