/* Theory of operation
 *
 * libpcap reads packets; the scanner, which sees the same bytes earlier, knows
 * what stands between them. A packet that was read is held until everything
 * that stands before it was delivered. Packets are counted by both: filtering
 * is done here, behind the count, and what stands between packets is delivered
 * whether or not they pass.
 */
#include "capture_internal.h"
#include "filter.h"
#include "link_type.h"
#include "pktladder/i18n.h"
#include "source.h"

#include <stddef.h>
#include <string.h>

typedef struct {
	Capture base;
	Source *source;
	Scanner *scanner; /* the source's */
	Filter *filter;   /* NULL: none */
	gboolean is_pcapng;

	guint64 packets; /* that libpcap gave */
	gboolean held;   /* the newest of them is not delivered yet */
	struct pcap_pkthdr *header;
	const guint8 *data;
	guint16 link_type;   /* of the held packet */
	guint32 wire_length; /* of it, where libpcap was told less; else 0 */
	gint64 time_ns;      /* of the newest packet */
	gboolean ended;
	char *end_note;
} FileCapture;

G_STATIC_ASSERT(offsetof(FileCapture, base) == 0);

/* libpcap's words for what a student can understand. */
static char *
explain_end(FileCapture *file)
{
	g_autofree char *words = g_utf8_make_valid(pcap_geterr(file->base.pcap), -1);

	if (strstr(words, "truncated"))
		return g_strdup_printf(_("%s ends in the middle of a packet: it was cut short. "
					 "Everything before is shown."),
				       source_name(file->source));
	if (scanner_mixes_byte_orders(file->scanner))
		return g_strdup_printf(_("The rest of %s is in another byte order than its start, "
					 "and cannot be read together with it. Convert it first: "
					 "editcap IN OUT.pcapng. Everything before is shown."),
				       source_name(file->source));
	return g_strdup_printf(_("%s cannot be read any further: %s. Everything before is shown."),
			       source_name(file->source), words);
}

static void
read_packet(FileCapture *file)
{
	CaptureItem item;
	int status = pcap_next_ex(file->base.pcap, &file->header, &file->data);

	if (status == 1) {
		/* libpcap 1.10 takes pcap's unsigned seconds as signed: 2038 is not the end */
		if (!file->is_pcapng)
			file->header->ts.tv_sec &= G_MAXUINT32;
		capture_item_packet(&item, file->header, file->data, file->link_type, TRUE);
		file->time_ns = item.packet.time_ns;
		file->held = TRUE;
		file->packets++;
		return;
	}
	file->ended = TRUE;
	if (status != PCAP_ERROR_BREAK)
		file->end_note = explain_end(file);
}

/* What stands before the held packet, or as far as it is known. FALSE where
 * there is nothing for the reader. */
static gboolean
next_between(FileCapture *file, CaptureItem *item)
{
	/* a held packet is the newest one that libpcap gave */
	guint64 limit = file->ended ? G_MAXUINT64 : file->packets - file->held;
	ScanItem found;

	while (scanner_next(file->scanner, limit, &found)) {
		switch (found.kind) {
		case SCAN_LINK_TYPE:
			file->link_type = (guint16)found.value;
			break;
		case SCAN_LENGTH:
			file->wire_length = (guint32)found.value;
			break;
		case SCAN_CALL:
			item->kind = CAPTURE_CALL;
			item->call = found.call;
			return TRUE;
		case SCAN_DROPS:
			item->kind = CAPTURE_DROPS;
			item->dropped = found.value;
			item->time_ns = found.has_time ? found.time_ns : file->time_ns;
			file->base.drops += found.value;
			return TRUE;
		}
	}
	return FALSE;
}

/* FALSE where the filter does not let the held packet pass. */
static gboolean
deliver_packet(FileCapture *file, CaptureItem *item)
{
	file->held = FALSE;
	if (file->wire_length)
		file->header->len = file->wire_length;
	file->wire_length = 0;
	if (file->filter &&
	    !filter_matches(file->filter, file->link_type, file->header, file->data))
		return FALSE;
	capture_item_packet(item, file->header, file->data, file->link_type, TRUE);
	return TRUE;
}

static void
deliver_end(FileCapture *file, CaptureItem *item)
{
	item->kind = CAPTURE_END;
	if (file->end_note)
		capture_item_note(&file->base, item, CAPTURE_NOTE,
				  g_steal_pointer(&file->end_note));
}

static void
file_next(Capture *capture, CaptureItem *item)
{
	FileCapture *file = (FileCapture *)capture;

	for (;;) {
		/* The link type that a block sets is that of the packet in it: a pipe's next
		 * packet must be there whole before it counts. */
		gboolean ready =
		    file->held || file->ended || source_is_ready(file->source, file->packets);
		if (ready && !file->held && !file->ended)
			read_packet(file);
		if (next_between(file, item))
			return;
		if (file->ended) {
			deliver_end(file, item);
			return;
		}
		if (!ready || deliver_packet(file, item))
			return;
	}
}

static gboolean
file_set_filter(Capture *capture, const char *text, GError **error)
{
	FileCapture *file = (FileCapture *)capture;
	Filter *filter = text ? filter_new(text, capture->link_type, error) : NULL;

	if (text && !filter)
		return FALSE;
	filter_free(file->filter);
	file->filter = filter;
	return TRUE;
}

static int
file_fd(const Capture *capture)
{
	return source_fd(((const FileCapture *)capture)->source);
}

/* They are counted as they are met. */
static void
file_count_drops(Capture *capture)
{
	(void)capture;
}

static void
file_free(Capture *capture)
{
	FileCapture *file = (FileCapture *)capture;

	g_clear_pointer(&capture->pcap, pcap_close);
	g_clear_pointer(&file->source, source_free);
	filter_free(file->filter);
	g_free(file->end_note);
	g_free(file);
}

static const CaptureOps file_ops = {
	.next = file_next,
	.set_filter = file_set_filter,
	.fd = file_fd,
	.count_drops = file_count_drops,
	.free = file_free,
};

/* Takes the stream; the source stays the caller's. */
static pcap_t *
open_pcap(Source *source, GError **error)
{
	char words[PCAP_ERRBUF_SIZE] = "";
	FILE *stream = source_stream(source);
	pcap_t *pcap =
	    pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, words);

	if (pcap)
		return pcap;
	fclose(stream);
	g_autofree char *valid = g_utf8_make_valid(words, -1);
	if (strstr(words, "truncated"))
		g_set_error(error, CAPTURE_ERROR, CAPTURE_ERROR_FORMAT,
			    _("%s was cut short within its header: there are no packets in it."),
			    source_name(source));
	else
		g_set_error(error, CAPTURE_ERROR, CAPTURE_ERROR_FORMAT,
			    _("%s cannot be read as a capture: %s."), source_name(source), valid);
	return NULL;
}

Capture *
capture_open_file(const char *path, const char *filter, GError **error)
{
	g_autoptr(Source) source = source_open(path, error);
	pcap_t *pcap = source ? open_pcap(source, error) : NULL;

	if (!pcap)
		return NULL;
	FileCapture *file = g_new0(FileCapture, 1);
	g_autoptr(Capture) capture = &file->base;
	capture->ops = &file_ops;
	capture->pcap = pcap;
	capture->link_type = file->link_type = link_type_from_dlt(pcap_datalink(pcap));
	file->source = g_steal_pointer(&source);
	file->scanner = source_scanner(file->source);
	file->is_pcapng = scanner_is_pcapng(file->scanner);
	if (filter && !file_set_filter(capture, filter, error))
		return NULL;
	return g_steal_pointer(&capture);
}
