/* SPDX-License-Identifier: MIT */
/* Theory of operation
 *
 * A record of pcap, a block of pcapng must be there whole before anything of it is given: so a
 * packet comes with all that stands beside it, or not at all. A block stays in front until its
 * comments and counts of losses were given, one with each call; the packet in it is the last.
 *
 * What a file says once (byte order, link types, units of time) is kept for all sections, since a
 * packet is read again by its place alone: the section is the last one that starts before it. A
 * pcap file is one section with one interface.
 */
#include "reader_private.h"
#include "pcapng.h"

enum {
	FILE_HEAD = 24,
	LINK_TYPE = (1 << 26) - 1, /* the bits above it are about checksums of frames */
	RECORD_HEAD = 16,
	BLOCK_MAX = 16 * 1024 * 1024, /* libpcap's limit too */
};

static const struct {
	guint32 magic;
	guint record_head;
	guint fraction_ns;
} pcap_magics[] = {
	{ 0xa1b2c3d4, RECORD_HEAD, 1000 },
	{ 0xa1b23c4d, RECORD_HEAD, 1 },
	{ 0xa1b2cd34, RECORD_HEAD + 8, 1000 }, /* Kuznetzov's */
};

static void
section_free(gpointer section)
{
	g_array_unref(((Section *)section)->interfaces);
	g_clear_pointer(&((Section *)section)->processes, g_array_unref);
	g_free(section);
}

Reader *
reader_new(guint64 offset)
{
	Reader *reader = g_rc_box_new0(Reader);

	reader->offset = offset;
	reader->block_max = BLOCK_MAX;
	reader->link_type = -1;
	reader->sections = g_ptr_array_new_with_free_func(section_free);
	reader->comments = g_ptr_array_new_with_free_func(g_free);
	return reader;
}

void
reader_set_origins(Reader *reader, Origins *origins, guint16 file)
{
	reader->origins = origins_ref(origins);
	reader->file = file;
}

void
reader_name_interface(Reader *reader, guint32 interface, guint16 number)
{
	section_interface(reader->section, interface)->number = number;
}

Reader *
reader_ref(Reader *reader)
{
	return g_rc_box_acquire(reader);
}

static void
reader_clear(gpointer data)
{
	Reader *reader = data;

	g_ptr_array_unref(reader->sections);
	g_ptr_array_unref(reader->comments);
	origins_unref(reader->origins);
}

void
reader_unref(Reader *reader)
{
	if (reader)
		g_rc_box_release_full(reader, reader_clear);
}

const char *
reader_problem(const Reader *reader)
{
	return reader->problem;
}

guint16
reader_link_type(const Reader *reader)
{
	return (guint16)reader->link_type;
}

/* pcap: a head, then packets behind the heads of their records. */

static gsize
magic_find(const guint8 *bytes, gboolean *swapped)
{
	guint32 magic = get_u32(bytes, FALSE);
	gsize i = 0;

	while (i < G_N_ELEMENTS(pcap_magics) && magic != pcap_magics[i].magic &&
	       magic != GUINT32_SWAP_LE_BE(pcap_magics[i].magic))
		i++;
	*swapped = i < G_N_ELEMENTS(pcap_magics) && magic != pcap_magics[i].magic;
	return i;
}

gboolean
reader_knows(const guint8 *bytes, gsize n)
{
	gboolean swapped;

	return n >= sizeof(guint32) && (get_u32(bytes, FALSE) == BLOCK_SECTION ||
					magic_find(bytes, &swapped) < G_N_ELEMENTS(pcap_magics));
}

/* seconds 4, fraction 4, captured 4, length 4 */
static inline ReaderStep
record_read(const Reader *reader, const guint8 *bytes, gsize n, Packet *packet, gsize *size)
{
	const Interface *interface = section_interface(reader->section, 0);
	gboolean swapped = reader->section->swapped;

	*size = reader->record_head;
	if (n < *size)
		return READER_MORE;
	guint32 captured = get_u32(bytes + 8, swapped), length = get_u32(bytes + 12, swapped);
	if (G_UNLIKELY(reader->lengths == LENGTHS_EXCHANGED ||
		       (reader->lengths == LENGTHS_MAYBE_EXCHANGED && captured > length))) {
		guint32 exchanged = captured;
		captured = length;
		length = exchanged;
	}
	if (captured > interface->longest)
		return READER_BROKEN;
	*size += captured;
	*packet = (Packet){
		.time_ns = get_u32(bytes, swapped) * (gint64)NS_PER_SECOND +
			   get_u32(bytes + 4, swapped) * (gint64)reader->fraction_ns,
		.data = bytes + reader->record_head,
		.captured = MIN(captured, PACKET_MAX),
		.length = length,
		.link_type = interface->link_type,
		.interface = interface->number,
	};
	return n < *size ? READER_MORE : READER_ITEM;
}

ReaderStep
reader_begin(Reader *reader, const guint8 *bytes, gsize n, gsize *used)
{
	gboolean swapped;

	*used = 0;
	if (n < sizeof(guint32))
		return READER_MORE;
	gsize magic = reader->section ? G_N_ELEMENTS(pcap_magics) : magic_find(bytes, &swapped);
	if (magic == G_N_ELEMENTS(pcap_magics))
		return blocks_begin(reader, bytes, n, used);
	/* magic 4, version 2 + 2, zone 4, accuracy 4, snapshot length 4, link type 4 */
	if (n < FILE_HEAD)
		return READER_MORE;
	guint16 major = get_u16(bytes + 4, swapped), minor = get_u16(bytes + 6, swapped);
	/* the second is a DG/UX tcpdump's */
	if ((major != 2 || minor > 4) && (major != 543 || minor != 0))
		return breaks(reader, N_("it is of a version that is not known"));
	if (major == 543 || minor < 3)
		reader->lengths = LENGTHS_EXCHANGED;
	else if (minor == 3)
		reader->lengths = LENGTHS_MAYBE_EXCHANGED;
	reader->record_head = pcap_magics[magic].record_head;
	reader->fraction_ns = pcap_magics[magic].fraction_ns;
	section_add(reader, swapped);
	interface_add(reader, get_u32(bytes + 20, swapped) & LINK_TYPE,
		      get_u32(bytes + 16, swapped));
	*used = FILE_HEAD;
	reader->offset += FILE_HEAD;
	return READER_ITEM;
}

/* Two files were put together where the head of one stands in the place of a packet, or of a block
 * of pcapng, which may have sections of its own kind. */
static G_GNUC_NO_INLINE gboolean
another_begins(const Reader *reader, const guint8 *bytes, gsize n)
{
	gboolean swapped;

	return n >= FILE_HEAD &&
	       ((magic_find(bytes, &swapped) < G_N_ELEMENTS(pcap_magics) &&
		 get_u16(bytes + 4, swapped) == 2 && get_u16(bytes + 6, swapped) == 4) ||
		(reader->record_head && get_u32(bytes, FALSE) == BLOCK_SECTION));
}

/* READER_BROKEN, for that problem or what explains it better. */
static ReaderStep
breaks_at(Reader *reader, const guint8 *bytes, gsize n, const char *problem)
{
	return breaks(reader, another_begins(reader, bytes, n)
				  ? N_("another capture begins there. Put them together with: "
				       "mergecap -w OUT ONE OTHER")
				  : problem);
}

static ReaderStep
block_next(Reader *reader, const guint8 *bytes, gsize n, gsize *used, CaptureItem *item)
{
	ReaderStep step = blocks_next(reader, bytes, n, used, item);

	return step == READER_BROKEN ? breaks_at(reader, bytes, n, reader->problem) : step;
}

ReaderStep
reader_next(Reader *reader, const guint8 *bytes, gsize n, gsize *used, CaptureItem *item)
{
	gsize size;

	*used = 0;
	if (!reader->record_head)
		return block_next(reader, bytes, n, used, item);
	ReaderStep step = record_read(reader, bytes, n, &item->packet, &size);
	if (step == READER_BROKEN)
		return breaks_at(reader, bytes, n,
				 N_("a packet says that it is longer than any can be"));
	if (step != READER_ITEM)
		return step;
	/* as a packet, the head of a file has no bytes */
	if (G_UNLIKELY(item->packet.captured == 0) && another_begins(reader, bytes, n))
		return breaks_at(reader, bytes, n, NULL);
	item->kind = CAPTURE_PACKET;
	item->offset = reader->offset;
	packet_given(reader->section, 0, &item->packet);
	reader->offset += size;
	*used = size;
	return READER_ITEM;
}

gboolean
reader_is_damaged(const Reader *reader, const guint8 *bytes, gsize n)
{
	gboolean swapped = reader->section->swapped;

	if (!reader->record_head)
		return blocks_are_damaged(reader, bytes, n);
	return n >= reader->record_head &&
	       (get_u32(bytes + 4, swapped) >= NS_PER_SECOND / reader->fraction_ns ||
		(reader->lengths == LENGTHS_IN_ORDER &&
		 is_too_much(section_interface(reader->section, 0), get_u32(bytes + 8, swapped),
			     get_u32(bytes + 12, swapped))));
}

ReaderStep
reader_fetch(const Reader *reader, guint64 offset, const guint8 *bytes, gsize n, Packet *packet,
	     gsize *wanted)
{
	return reader->record_head ? record_read(reader, bytes, n, packet, wanted)
				   : blocks_fetch(reader, offset, bytes, n, packet, wanted);
}
