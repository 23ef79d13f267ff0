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
	return capture->bytes == NULL;
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
	capture_input_free(capture->bytes);
	reader_unref(capture->reader);
	bpf_free(capture->filter);
	g_free(capture->interface);
	g_free(capture->end_note);
	g_free(capture->note);
	g_free(capture);
}
