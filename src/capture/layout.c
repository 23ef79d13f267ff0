/* Theory of operation
 *
 * libpcap reads a file only from its start, so a packet that is fetched again
 * is decoded here: of pcap one record, of pcapng one packet block, with the
 * section that its offset lies in and the interface that it names. Lengths and
 * times come out exactly as libpcap made them, quirks included: the tests hold
 * the two against each other.
 */
#include "layout.h"
#include "capture_internal.h"
#include "pcapng.h"
#include "pktladder/timestamp.h"

#include <string.h>

enum { NS_PER_SECOND = 1000000000 };

typedef struct {
	guint64 offset;
	gboolean swapped;
	guint first; /* of its interfaces, which go on to the next section's first */
} Section;

typedef struct {
	guint16 link_type;
	guint32 snapshot_length;
	guint64 units; /* of time, in a second */
	gboolean is_binary;
	gint64 time_offset; /* seconds */
} Interface;

/* Old pcap files have the two lengths of a packet the other way round. */
typedef enum { LENGTHS_IN_ORDER, LENGTHS_MAYBE_EXCHANGED, LENGTHS_EXCHANGED } Lengths;

struct _Layout {
	gint references;
	guint16 link_type;
	guint record_size; /* pcap; 0: pcapng */
	gboolean swapped;
	guint fraction_ns; /* pcap: what the second number of a time counts */
	Lengths lengths;
	GArray *sections, *interfaces;
};

Layout *
layout_new(void)
{
	Layout *layout = g_new0(Layout, 1);

	layout->references = 1;
	layout->sections = g_array_new(FALSE, FALSE, sizeof(Section));
	layout->interfaces = g_array_new(FALSE, FALSE, sizeof(Interface));
	return layout;
}

Layout *
layout_ref(Layout *layout)
{
	layout->references++;
	return layout;
}

void
layout_unref(Layout *layout)
{
	if (!layout || --layout->references > 0)
		return;
	g_array_unref(layout->sections);
	g_array_unref(layout->interfaces);
	g_free(layout);
}

static guint16
get_u16(const guint8 *bytes, gboolean swapped)
{
	guint16 value;

	memcpy(&value, bytes, sizeof(value));
	return swapped ? GUINT16_SWAP_LE_BE(value) : value;
}

static guint32
get_u32(const guint8 *bytes, gboolean swapped)
{
	guint32 value;

	memcpy(&value, bytes, sizeof(value));
	return swapped ? GUINT32_SWAP_LE_BE(value) : value;
}

void
layout_set_pcap(Layout *layout, const guint8 *header, gboolean swapped, guint record_size,
		guint fraction_ns)
{
	guint16 major = get_u16(header + 4, swapped), minor = get_u16(header + 6, swapped);

	layout->swapped = swapped;
	layout->record_size = record_size;
	layout->fraction_ns = fraction_ns;
	/* the second is a DG/UX tcpdump's */
	if ((major == 2 && minor < 3) || major == 543)
		layout->lengths = LENGTHS_EXCHANGED;
	else if (major == 2 && minor == 3)
		layout->lengths = LENGTHS_MAYBE_EXCHANGED;
}

void
layout_add_section(Layout *layout, guint64 offset, gboolean swapped)
{
	Section section = { offset, swapped, layout->interfaces->len };

	layout->swapped = swapped;
	g_array_append_val(layout->sections, section);
}

void
layout_add_interface(Layout *layout, guint16 link_type, guint32 snapshot_length)
{
	Interface interface = { link_type, snapshot_length, .units = 1000000 };

	g_array_append_val(layout->interfaces, interface);
}

static Interface *
newest_interface(Layout *layout)
{
	return &g_array_index(layout->interfaces, Interface, layout->interfaces->len - 1);
}

/* Negative powers of 10, or of 2 with the highest bit; libpcap refuses those that do not fit. */
void
layout_set_resolution(Layout *layout, guint8 resolution)
{
	guint exponent = resolution & 0x7f;
	Interface *interface = newest_interface(layout);

	interface->is_binary = resolution & 0x80;
	if (interface->is_binary) {
		interface->units = (guint64)1 << MIN(exponent, 63);
		return;
	}
	interface->units = 1;
	for (guint i = 0; i < MIN(exponent, 19); i++)
		interface->units *= 10;
}

void
layout_set_time_offset(Layout *layout, gint64 seconds)
{
	newest_interface(layout)->time_offset = seconds;
}

void
layout_set_link_type(Layout *layout, guint16 link_type)
{
	layout->link_type = link_type;
}

guint
layout_record_size(const Layout *layout)
{
	return layout->record_size;
}

/* Headers that libpcap turns into this machine's byte order: in them, packets
 * would come out different from what they were. None is worth more than a spool. */
gboolean
layout_can_decode(const Layout *layout)
{
	enum { PFLOG = 117, USB_LINUX = 189, USB_LINUX_MMAPPED = 220, NFLOG = 239 };

	switch (layout->link_type) {
	case USB_LINUX_MMAPPED:
		return FALSE;
	case PFLOG:
	case USB_LINUX:
	case NFLOG:
		return !layout->swapped;
	default:
		return TRUE;
	}
}

/* Sets the data of `packet`, which is `captured` bytes at `start`. */
static gboolean
set_data(Packet *packet, guint64 captured, gsize start, const guint8 *bytes, gsize n, gsize *wanted)
{
	packet->captured = (guint32)MIN(captured, CAPTURE_SNAPSHOT_LENGTH);
	packet->data = bytes + start;
	*wanted = start + packet->captured;
	return *wanted <= n;
}

static gboolean
decode_record(const Layout *layout, const guint8 *bytes, gsize n, Packet *packet, gsize *wanted)
{
	*wanted = layout->record_size;
	if (n < *wanted)
		return FALSE;
	guint32 captured = get_u32(bytes + 8, layout->swapped);
	guint32 length = get_u32(bytes + 12, layout->swapped);
	gint64 fraction = get_u32(bytes + 4, layout->swapped);
	if (layout->lengths == LENGTHS_EXCHANGED ||
	    (layout->lengths == LENGTHS_MAYBE_EXCHANGED && captured > length)) {
		guint32 exchanged = captured;
		captured = length;
		length = exchanged;
	}
	packet->time_ns = timestamp_of(get_u32(bytes, layout->swapped),
				       fraction * layout->fraction_ns);
	packet->length = length;
	packet->link_type = layout->link_type;
	return set_data(packet, captured, layout->record_size, bytes, n, wanted);
}

/* The section that `offset` lies in; NULL before the first. */
static const Section *
find_section(const Layout *layout, guint64 offset, guint *interfaces_end)
{
	const Section *sections = (const Section *)(void *)layout->sections->data;
	guint low = 0, high = layout->sections->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;
		if (sections[middle].offset <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	*interfaces_end =
	    low < layout->sections->len ? sections[low].first : layout->interfaces->len;
	return low ? &sections[low - 1] : NULL;
}

/* libpcap's arithmetic, which for resolutions finer than 2^-34 s overflows. */
static gint64
time_of(const Interface *interface, guint64 time)
{
	guint64 seconds = time / interface->units + (guint64)interface->time_offset;
	guint64 fraction = time % interface->units;

	if (interface->is_binary)
		fraction = fraction * NS_PER_SECOND / interface->units;
	else if (interface->units > NS_PER_SECOND)
		fraction /= interface->units / NS_PER_SECOND;
	else
		fraction *= NS_PER_SECOND / interface->units;
	return timestamp_of((gint64)seconds, (gint32)fraction);
}

enum { PACKET_HEAD = 28, SIMPLE_HEAD = 12, TRAILER = 4 };

typedef struct {
	guint32 type; /* 0: no packet */
	guint32 size, interface, captured, length;
	guint64 time;
} Block;

/* `bytes` are SIMPLE_HEAD at least, PACKET_HEAD of what is not simple. */
static Block
read_block(const guint8 *bytes, gboolean swapped)
{
	Block block = { get_u32(bytes, swapped), get_u32(bytes + 4, swapped) };

	switch (block.type) {
	case BLOCK_PACKET_SIMPLE: /* says no interface, no time, and only one length */
		block.captured = block.length = get_u32(bytes + 8, swapped);
		return block;
	case BLOCK_PACKET:
		block.interface = get_u32(bytes + 8, swapped);
		break;
	case BLOCK_PACKET_OLD:
		block.interface = get_u16(bytes + 8, swapped);
		break;
	default:
		block.type = 0;
		return block;
	}
	block.time = (guint64)get_u32(bytes + 12, swapped) << 32 | get_u32(bytes + 16, swapped);
	block.captured = get_u32(bytes + 20, swapped);
	block.length = get_u32(bytes + 24, swapped);
	return block;
}

static gboolean
decode_block(const Layout *layout, guint64 offset, const guint8 *bytes, gsize n, Packet *packet,
	     gsize *wanted)
{
	guint interfaces_end;
	const Section *section = find_section(layout, offset, &interfaces_end);
	const Interface *interfaces = (const Interface *)(void *)layout->interfaces->data;

	*wanted = section ? SIMPLE_HEAD : 0;
	if (!section || n < *wanted)
		return FALSE;
	gboolean is_simple = get_u32(bytes, section->swapped) == BLOCK_PACKET_SIMPLE;
	gsize start = is_simple ? SIMPLE_HEAD : PACKET_HEAD;
	*wanted = start;
	if (n < *wanted)
		return FALSE;
	Block block = read_block(bytes, section->swapped);
	*wanted = 0;
	if (!block.type || block.interface >= interfaces_end - section->first ||
	    block.size < start + TRAILER)
		return FALSE;
	const Interface *interface = &interfaces[section->first + block.interface];
	guint32 room = block.size - start - TRAILER;
	if (is_simple) {
		block.captured = MIN(block.captured, room);
		if (interface->snapshot_length)
			block.captured = MIN(block.captured, interface->snapshot_length);
	}
	if (block.captured > room)
		return FALSE;
	packet->time_ns = time_of(interface, block.time);
	packet->length = block.length;
	packet->link_type = interface->link_type == interfaces[0].link_type ? layout->link_type
									    : interface->link_type;
	return set_data(packet, block.captured, start, bytes, n, wanted);
}

gboolean
layout_decode(const Layout *layout, guint64 offset, const guint8 *bytes, gsize n, Packet *packet,
	      gsize *wanted)
{
	if (layout->record_size)
		return decode_record(layout, bytes, n, packet, wanted);
	return decode_block(layout, offset, bytes, n, packet, wanted);
}
