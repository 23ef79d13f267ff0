/* Theory of operation
 *
 * libpcap reads packets; the scanner, which sees the same bytes earlier, knows
 * what stands between them. A packet that was read is held until everything
 * that stands before it was delivered. Packets are counted by both: filtering
 * is done here, behind the count, and what stands between packets is delivered
 * whether or not they pass.
 */
#include "capture_internal.h"
#include "bpf.h"
#include "link_type.h"
#include "pktladder/i18n.h"
#include "pktladder/timestamp.h"
#include "source.h"

#include <stddef.h>
#include <string.h>

typedef struct {
	Capture base;
	Source *source;
	Scanner *scanner; /* the source's */
	Bpf *filter;      /* NULL: none */
	guint fraction_ns; /* scanner_fraction_ns() */

	/* where records are; pcap files only: pcapng ones are the scanner's to know */
	Layout *layout;      /* the source's; NULL: nobody wants it */
	guint record_size;   /* what stands before the packet's bytes */
	guint64 next_offset; /* of the record that libpcap reads next */

	guint64 packets; /* that libpcap gave */
	gboolean held;   /* the newest of them is not delivered yet */
	struct pcap_pkthdr *header;
	const guint8 *data;
	guint16 link_type;   /* of the held packet */
	guint64 offset;      /* of it */
	guint32 wire_length; /* of it, where libpcap was told less; else 0 */
	struct timeval time; /* of the newest packet, in nanoseconds */
	gboolean ended;
	char *end_note;
	gboolean delivered; /* anything: a packet, a call, a loss; or why there is none */
} FileCapture;

G_STATIC_ASSERT(offsetof(FileCapture, base) == 0);

static char *
explain_end(FileCapture *file)
{
	g_autofree char *words = g_utf8_make_valid(pcap_geterr(file->base.pcap), -1);
	const char *name = source_name(file->source);

	file->base.broken = !strstr(words, "truncated") ||
			    source_ends_in_damage(file->source, file->next_offset);
	if (!file->base.broken)
		return g_strdup_printf(_("%s ends in the middle of a packet: it was cut short."),
				       name);
	if (scanner_mixes_byte_orders(file->scanner))
		return g_strdup_printf(_("The rest of %s is in another byte order than its start, "
					 "and cannot be read together with it. Convert it first: "
					 "editcap IN OUT.pcapng."),
				       name);
	return g_strdup_printf(_("%s cannot be read any further: %s."), name, words);
}

/* What the source knows explains more than libpcap's words, which saw an end. */
static void
end(FileCapture *file, int status)
{
	g_autofree char *why = source_end_note(file->source, &file->base.broken);

	file->ended = TRUE;
	if (!why && status != PCAP_ERROR_BREAK)
		why = explain_end(file);
	if (why)
		file->end_note = g_strdup_printf(_("%s Everything before is shown."), why);
}

/* Counted, since asking where the stream is costs half as much as reading a
 * packet; but longer ones may have been cut. */
static void
locate_packet(FileCapture *file)
{
	file->offset = file->next_offset;
	if (!file->layout)
		return;
	if (!file->record_size)
		file->offset = scanner_packet_offset(file->scanner);
	else if (file->header->caplen < CAPTURE_SNAPSHOT_LENGTH)
		file->next_offset += file->record_size + file->header->caplen;
	else
		file->next_offset = source_offset(file->source, pcap_file(file->base.pcap));
}

static void
read_packet(FileCapture *file)
{
	int status = pcap_next_ex(file->base.pcap, &file->header, &file->data);

	if (status != 1) {
		end(file, status);
		return;
	}
	/* Both numbers of a time are unsigned in pcap. Some versions of libpcap take them as
	 * signed, of some byte orders: 2038 is not the end. */
	if (file->fraction_ns) {
		file->header->ts.tv_sec &= G_MAXUINT32;
		if (file->header->ts.tv_usec < 0)
			file->header->ts.tv_usec += (gint64)file->fraction_ns << 32;
	}
	file->time = file->header->ts;
	locate_packet(file);
	file->held = TRUE;
	file->packets++;
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
			file->delivered = TRUE;
			item->kind = CAPTURE_CALL;
			item->call = found.call;
			return TRUE;
		case SCAN_DROPS:
			file->delivered = TRUE;
			item->kind = CAPTURE_DROPS;
			item->dropped = found.value;
			item->time_ns =
			    found.has_time ? found.time_ns
					   : timestamp_of(file->time.tv_sec, file->time.tv_usec);
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
	if (file->filter && !bpf_matches(file->filter, file->link_type, file->header, file->data))
		return FALSE;
	capture_item_packet(item, file->header, file->data, file->link_type, TRUE);
	item->offset = file->offset;
	file->delivered = TRUE;
	return TRUE;
}

/* A ladder without rows would leave its reader to wonder. */
static char *
empty_note(const FileCapture *file)
{
	guint packets = MIN(file->packets, G_MAXUINT);

	if (packets == 0)
		return g_strdup(_("The capture holds no packets."));
	return g_strdup_printf(ngettext("The capture holds %u packet, which the filter does not let pass.",
					"The capture holds %u packets, none of which passes the filter.",
					packets),
			       packets);
}

static void
deliver_end(FileCapture *file, CaptureItem *item)
{
	item->kind = CAPTURE_END;
	if (!file->delivered && !file->end_note)
		file->end_note = empty_note(file);
	file->delivered = TRUE;
	if (file->end_note)
		capture_item_note(&file->base, item, CAPTURE_NOTE,
				  g_steal_pointer(&file->end_note));
}

/* Of files in which nothing stands between the packets, and no one waits for them. */
static void
next_plain(FileCapture *file, CaptureItem *item)
{
	while (!file->ended) {
		read_packet(file);
		if (!file->ended && deliver_packet(file, item))
			return;
	}
	deliver_end(file, item);
}

static gboolean
next_note(FileCapture *file, CaptureItem *item)
{
	char *note = source_take_note(file->source);

	if (note)
		capture_item_note(&file->base, item, CAPTURE_NOTE, note);
	return note != NULL;
}

static void
file_next(Capture *capture, CaptureItem *item)
{
	FileCapture *file = (FileCapture *)capture;

	if (source_is_plain(file->source)) {
		next_plain(file, item);
		return;
	}
	while (!next_note(file, item)) {
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
	Bpf *filter = text ? bpf_new(text, capture->link_type, error) : NULL;

	if (text && !filter)
		return FALSE;
	bpf_free(file->filter);
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

static gboolean
file_file(const Capture *capture, CaptureFile *result)
{
	const FileCapture *file = (const FileCapture *)capture;

	if (!file->layout || !layout_can_decode(file->layout))
		return FALSE;
	*result =
	    (CaptureFile){ source_file(file->source), source_name(file->source), file->layout };
	return TRUE;
}

static void
file_progress(const Capture *capture, guint64 *read_bytes, guint64 *total_bytes)
{
	source_progress(((const FileCapture *)capture)->source, read_bytes, total_bytes);
}

static void
file_free(Capture *capture)
{
	FileCapture *file = (FileCapture *)capture;

	g_clear_pointer(&capture->pcap, pcap_close);
	g_clear_pointer(&file->source, source_free);
	bpf_free(file->filter);
	g_free(file->end_note);
	g_free(file);
}

static const CaptureOps file_ops = {
	.next = file_next,
	.set_filter = file_set_filter,
	.fd = file_fd,
	.count_drops = file_count_drops,
	.file = file_file,
	.progress = file_progress,
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
	gboolean broken;
	g_autofree char *why = source_end_note(source, &broken);
	if (why)
		g_set_error(error, CAPTURE_ERROR, CAPTURE_ERROR_FORMAT,
			    _("%s No packet can be read from what is left."), why);
	else if (strstr(words, "truncated"))
		g_set_error(error, CAPTURE_ERROR, CAPTURE_ERROR_FORMAT,
			    _("%s was cut short within its header: there are no packets in it."),
			    source_name(source));
	else
		g_set_error(error, CAPTURE_ERROR, CAPTURE_ERROR_FORMAT,
			    _("%s cannot be read as a capture: %s."), source_name(source), valid);
	return NULL;
}

/* What libpcap read so far is the header. */
static void
prepare_layout(FileCapture *file)
{
	file->next_offset = CAPTURE_NO_OFFSET;
	file->layout = source_layout(file->source);
	if (!file->layout)
		return;
	layout_set_link_type(file->layout, file->link_type);
	file->record_size = layout_record_size(file->layout);
	file->next_offset = source_offset(file->source, pcap_file(file->base.pcap));
}

CaptureInput *
capture_input_open(const char *path, CaptureFlags flags, GError **error)
{
	return source_open(path, flags, error);
}

void
capture_input_free(CaptureInput *input)
{
	source_free(input);
}

Capture *
capture_open_file_with(const char *path, const char *filter, CaptureFlags flags, GError **error)
{
	CaptureInput *input = capture_input_open(path, flags, error);

	return input ? capture_open_input(input, filter, error) : NULL;
}

Capture *
capture_open_input(CaptureInput *input, const char *filter, GError **error)
{
	g_autoptr(Source) source = input;
	pcap_t *pcap = source_begin(source, error) ? open_pcap(source, error) : NULL;

	if (!pcap)
		return NULL;
	FileCapture *file = g_new0(FileCapture, 1);
	g_autoptr(Capture) capture = &file->base;
	capture->ops = &file_ops;
	capture->pcap = pcap;
	capture->link_type = file->link_type = link_type_from_dlt(pcap_datalink(pcap));
	file->source = g_steal_pointer(&source);
	file->scanner = source_scanner(file->source);
	file->fraction_ns = scanner_fraction_ns(file->scanner);
	prepare_layout(file);
	if (filter && !file_set_filter(capture, filter, error))
		return NULL;
	return g_steal_pointer(&capture);
}
