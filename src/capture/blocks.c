/* SPDX-License-Identifier: MIT */
/* blocks.c - pcapng: sections, interfaces and packets as blocks, options in them. */
#include "reader_private.h"
#include "pcapng.h"
#include "pktladder/sorted.h"
#include "pktladder/timestamp.h"

enum {
	BLOCK_HEAD = 8,
	OPTION_HEAD = 4,
	TRAILER = 4, /* the length again, at the end of each block */
	SHORTEST = BLOCK_HEAD + TRAILER,
	BLOCK_REST = 128 * 1024, /* beside the longest packet */
};

void
section_add(Reader *reader, gboolean swapped)
{
	/* nobody comes back to a section without packets */
	if (reader->section && !reader->section->has_packets)
		g_ptr_array_set_size(reader->sections, (gint)reader->sections->len - 1);
	reader->section = g_new0(Section, 1);
	reader->section->offset = reader->offset;
	reader->section->swapped = swapped;
	reader->section->interfaces = g_array_new(FALSE, FALSE, sizeof(Interface));
	g_ptr_array_add(reader->sections, reader->section);
}

Interface *
interface_add(Reader *reader, guint32 number, guint32 snapshot_length)
{
	/* USB, D-Bus and EBHSCR: packets may be longer than all others', as libpcap has it */
	static const struct {
		guint16 link_type;
		guint32 mebibytes;
	} long_ones[] = { { 220, 128 }, { 231, 128 }, { 249, 128 }, { 266, 128 }, { 279, 8 } };
	/* some programs write libpcap's own number */
	guint16 link_type = link_type_from_dlt(number);
	Interface interface = { .link_type = link_type,
				.snapshot_length = snapshot_length ? snapshot_length : G_MAXUINT32,
				.longest = PACKET_MAX,
				.units = 1000000 };

	for (gsize i = 0; i < G_N_ELEMENTS(long_ones); i++)
		if (long_ones[i].link_type == link_type)
			interface.longest = long_ones[i].mebibytes * 1024 * 1024;
	if (reader->link_type < 0)
		reader->link_type = link_type;
	if (reader->origins)
		interface.number = origins_add_interface(reader->origins, reader->file, link_type);
	reader->block_max = MAX(reader->block_max, (gsize)interface.longest + BLOCK_REST);
	g_array_append_val(reader->section->interfaces, interface);
	return section_interface(reader->section, reader->section->interfaces->len - 1);
}

/* The next option, as far as `n` bytes of the block are there. FALSE at their end. Where the length
 * stands that is the last of a block that ends here, the first one of this block is damaged. */
static gboolean
option_next(BlockOptions *options, const guint8 *bytes, gsize n, gboolean swapped)
{
	gsize start = options->at;

	if (start + OPTION_HEAD > MIN(options->end, n))
		return FALSE;
	options->code = get_u16(bytes + start, swapped);
	options->length = get_u16(bytes + start + 2, swapped);
	options->value = bytes + start + OPTION_HEAD;
	options->at += OPTION_HEAD + (((gsize)options->length + 3) & ~(gsize)3);
	options->damaged |= options->at > options->end ||
			    (options->code == OPTION_END && options->at < options->end) ||
			    get_u32(bytes + start, swapped) == start + TRAILER;
	return options->at <= options->end && options->code != OPTION_END;
}

/* What people are told of an interface. */
static void
interface_describe(Reader *reader, const Interface *interface)
{
	const BlockOptions *option = &reader->options;
	Origin *origin =
	    reader->origins ? origins_interface(reader->origins, interface->number) : NULL;
	const char *text = (const char *)option->value;
	char **place = NULL;

	if (!origin)
		return;
	if (option->code == OPTION_COMMENT)
		origins_add_text(reader->origins, origin->comments, text, option->length);
	else if (option->code == OPTION_INTERFACE_NAME)
		place = &origin->name;
	else if (option->code == OPTION_INTERFACE_DESCRIPTION)
		place = &origin->description;
	if (place && !*place && option->length > 0)
		*place = g_strndup(text, MIN(option->length, 256));
}

/* link type 2, reserved 2, snapshot length 4 */
static ReaderStep
interface_read(Reader *reader, const guint8 *bytes, gboolean swapped)
{
	BlockOptions *options = &reader->options;
	Interface *interface = interface_add(reader, get_u16(bytes + BLOCK_HEAD, swapped),
					     get_u32(bytes + BLOCK_HEAD + 4, swapped));

	while (option_next(options, bytes, options->end, swapped)) {
		gsize wanted = options->code == OPTION_INTERFACE_RESOLUTION    ? 1
			       : options->code == OPTION_INTERFACE_TIME_OFFSET ? 8
									       : options->length;
		if (options->length != wanted)
			return breaks(reader, N_("what an interface says of its times is damaged"));
		interface_describe(reader, interface);
		if (options->code == OPTION_INTERFACE_TIME_OFFSET)
			interface->time_offset = (gint64)get_u64(options->value, swapped);
		if (options->code != OPTION_INTERFACE_RESOLUTION)
			continue;
		/* a negative power of 10, or of 2 with the highest bit */
		guint exponent = options->value[0] & 0x7f;
		interface->is_binary = options->value[0] & 0x80;
		if (exponent > (interface->is_binary ? 63 : 19))
			return breaks(
			    reader, N_("the resolution of its times is finer than can be counted"));
		interface->units = interface->is_binary ? (guint64)1 << exponent : 1;
		for (guint i = 0; !interface->is_binary && i < exponent; i++)
			interface->units *= 10;
	}
	/* the times' resolution may be among what is behind */
	return options->at > options->end
		   ? breaks(reader, N_("what an interface says of its times is damaged"))
		   : READER_ITEM;
}

/* libpcap's arithmetic, which for resolutions finer than 2^-34 s overflows. */
static gint64
interface_time(const Interface *interface, guint64 time)
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

/* The comments of a section are told of the whole capture. */
static void
section_describe(Reader *reader, const guint8 *bytes, gboolean swapped)
{
	BlockOptions *options = &reader->options;

	while (reader->origins && option_next(options, bytes, options->end, swapped))
		if (options->code == OPTION_COMMENT)
			origins_add_text(reader->origins, reader->origins->comments,
					 (const char *)options->value, options->length);
}

/* Records: type 2, length 2, an address, its names, each of which ends in a NUL. */
static void
names_read(const Reader *reader, const guint8 *bytes, gboolean swapped)
{
	gsize end = reader->block.size - TRAILER;
	gsize at = BLOCK_HEAD;

	while (reader->origins && at + OPTION_HEAD <= end) {
		guint16 type = get_u16(bytes + at, swapped);
		gsize length = get_u16(bytes + at + 2, swapped);
		const guint8 *value = bytes + at + OPTION_HEAD;
		gsize address = type == NAMES_IPV4 ? 4 : 16;

		at += OPTION_HEAD + ((length + 3) & ~(gsize)3);
		if (type == NAMES_END || at > end)
			return;
		if ((type != NAMES_IPV4 && type != NAMES_IPV6) || length <= address)
			continue;
		Endpoint endpoint = endpoint_make(type == NAMES_IPV4 ? 4 : 6, value, 0);
		const char *name = (const char *)value + address;
		origins_add_name(reader->origins, &endpoint, name, strnlen(name, length - address));
	}
}

/* A process; its section counts them. */
static void
process_read(Reader *reader, const guint8 *bytes, gboolean swapped)
{
	enum { NUMBER = 4 };
	BlockOptions *options = &reader->options;
	Section *section = reader->section;
	const guint8 *name = NULL;
	gsize length = 0;

	if (!reader->origins || options->at + NUMBER > options->end)
		return;
	options->at += NUMBER;
	while (option_next(options, bytes, options->end, swapped))
		if (options->code == OPTION_PROCESS_NAME) {
			name = options->value;
			length = options->length;
		}
	if (!section->processes)
		section->processes = g_array_new(FALSE, FALSE, sizeof(guint32));
	guint32 number = origins_add_process(reader->origins, get_u32(bytes + BLOCK_HEAD, swapped),
					     (const char *)name, length);
	g_array_append_val(section->processes, number);
}

/* How many bytes a block of `type` has before its packet or options. */
static gsize
block_head(guint32 type)
{
	static const struct {
		guint32 type, size;
	} kinds[] = {
		{ BLOCK_SECTION, 16 },    { BLOCK_INTERFACE, 8 },     { BLOCK_PACKET, 20 },
		{ BLOCK_PACKET_OLD, 20 }, { BLOCK_PACKET_SIMPLE, 4 }, { BLOCK_STATISTICS, 12 }
	};

	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (kinds[i].type == type)
			return BLOCK_HEAD + kinds[i].size;
	return BLOCK_HEAD;
}

static gboolean
is_packet(const Block *block)
{
	return block->type == BLOCK_PACKET || block->type == BLOCK_PACKET_OLD ||
	       block->type == BLOCK_PACKET_SIMPLE;
}

/* type 4, length 4; then of simple packets length 4, of statistics interface 4, time 8; of packets
 * interface 4 (old: 2, losses 2), time 8, captured 4, length 4. `bytes` are block_head() many. */
static Block
block_read(const guint8 *bytes, gboolean swapped)
{
	Block block = { .type = get_u32(bytes, swapped), .size = get_u32(bytes + 4, swapped) };

	block.data = block_head(block.type);
	switch (block.type) {
	case BLOCK_PACKET_SIMPLE:
		block.captured = block.length = get_u32(bytes + 8, swapped);
		return block;
	case BLOCK_PACKET:
	case BLOCK_PACKET_OLD:
		block.captured = get_u32(bytes + 20, swapped);
		block.length = get_u32(bytes + 24, swapped);
		break;
	case BLOCK_STATISTICS:
		break;
	default:
		return block;
	}
	block.time = (guint64)get_u32(bytes + 12, swapped) << 32 | get_u32(bytes + 16, swapped);
	block.interface = get_u32(bytes + 8, swapped);
	if (block.type == BLOCK_PACKET_OLD) {
		block.interface = get_u16(bytes + 8, swapped);
		block.dropped = get_u16(bytes + 10, swapped);
		block.dropped *= block.dropped != G_MAXUINT16; /* that is "not known" */
	}
	return block;
}

static BlockOptions
block_options(const Block *block)
{
	gsize start = block->data + (((gsize)block->captured + 3) & ~(gsize)3);

	return (BlockOptions){ .at = start, .end = block->size - TRAILER };
}

/* Makes `packet` that of the block. Returns why there is none. */
static const char *
block_packet(const Section *section, const Block *block, const guint8 *bytes, Packet *packet)
{
	const Interface *interface = section_interface(section, block->interface);
	guint32 captured = block->captured;

	if (!interface)
		return N_("a packet is of an interface that is not described");
	guint32 room = block->size - MIN(block->size, block->data + TRAILER);
	/* of these it is not said how much was captured: what the snapshot length let pass */
	if (block->type == BLOCK_PACKET_SIMPLE)
		captured = MIN(captured, MIN(room, interface->snapshot_length));
	if (captured > room || captured > interface->longest)
		return N_("a packet has no room in its block");
	*packet = (Packet){
		.time_ns = interface_time(interface, block->time),
		.data = bytes + block->data,
		.captured = MIN(captured, PACKET_MAX),
		.length = block->length,
		.link_type = interface->link_type,
		.interface = interface->number,
	};
	return NULL;
}

/* The items of a block: those in its options, then its packet. */

static gboolean
drops_give(Section *section, gint64 time_ns, guint64 dropped, CaptureItem *item)
{
	item->kind = CAPTURE_DROPS;
	item->time_ns = time_ns;
	item->dropped = dropped;
	section->drops_known += dropped;
	return dropped > 0;
}

/* A comment of the packet that is somebody else's. Those on statistics are the writer's. */
static void
comment_keep(Reader *reader)
{
	const BlockOptions *option = &reader->options;

	if (reader->origins && is_packet(&reader->block))
		g_ptr_array_add(reader->comments,
				g_strndup((const char *)option->value, option->length));
}

/* The process that the option in front names, or the one that it works for. */
static void
process_keep(Reader *reader)
{
	const BlockOptions *option = &reader->options;
	const GArray *processes = reader->section->processes;
	guint32 number;

	if (!processes || option->length != 4 || !is_packet(&reader->block))
		return;
	number = get_u32(option->value, reader->section->swapped);
	if (number < processes->len)
		reader->process[option->code == OPTION_PACKET_PROCESS_FOR] =
		    g_array_index(processes, guint32, number);
}

/* The item that the option in front is. FALSE: it is none. */
static gboolean
option_give(Reader *reader, CaptureItem *item)
{
	const BlockOptions *option = &reader->options;

	if (option->code == OPTION_COMMENT &&
	    comment_parse((const char *)option->value, option->length, item))
		return item->kind == CAPTURE_CALL ||
		       drops_give(reader->section, item->time_ns, item->dropped, item);
	if (option->code == OPTION_COMMENT)
		comment_keep(reader);
	else if (option->code == OPTION_PACKET_PROCESS || option->code == OPTION_PACKET_PROCESS_FOR)
		process_keep(reader);
	if (option->length != 8)
		return FALSE;
	guint64 number = get_u64(option->value, reader->section->swapped);
	if (reader->block.type == BLOCK_PACKET && option->code == OPTION_PACKET_DROPPED)
		return drops_give(reader->section, reader->packet.time_ns, number, item);
	if (reader->block.type != BLOCK_STATISTICS ||
	    (option->code != OPTION_STATISTICS_DROPPED &&
	     option->code != OPTION_STATISTICS_OS_DROPPED))
		return FALSE;
	reader->lost_here += number;
	/* what the statistics of all interfaces of the section count and nothing told before */
	const Interface *interface = section_interface(reader->section, reader->block.interface);
	guint64 lost =
	    reader->section->lost - (interface ? interface->lost : 0) + reader->lost_here;
	return drops_give(reader->section, reader->time_ns,
			  lost - MIN(lost, reader->section->drops_known), item);
}

/* The next item beside the packet. FALSE: there is none. */
static gboolean
beside_next(Reader *reader, const guint8 *bytes, CaptureItem *item)
{
	guint32 dropped = reader->block.dropped;

	reader->block.dropped = 0;
	if (dropped)
		return drops_give(reader->section, reader->packet.time_ns, dropped, item);
	while (option_next(&reader->options, bytes, reader->options.end, reader->section->swapped))
		if (option_give(reader, item))
			return TRUE;
	return FALSE;
}

/* The byte order that a section says itself, or else the one that it is in. */
static gboolean
block_order(const Reader *reader, const guint8 *bytes, gboolean *swapped)
{
	guint32 magic = get_u32(bytes + BLOCK_HEAD, FALSE);
	gboolean begins = get_u32(bytes, FALSE) == BLOCK_SECTION;

	*swapped =
	    begins ? magic == GUINT32_SWAP_LE_BE(BYTE_ORDER_MAGIC) : reader->section->swapped;
	return !begins || *swapped || magic == BYTE_ORDER_MAGIC;
}

/* Takes a block that is there whole into the reader. */
static ReaderStep
block_use(Reader *reader, const guint8 *bytes, gboolean swapped)
{
	Block *block = &reader->block;
	const Interface *interface;
	const char *problem;

	*block = block_read(bytes, swapped);
	reader->options = block_options(block);
	reader->in_block = TRUE;
	switch (block->type) {
	case BLOCK_SECTION:
		if (get_u16(bytes + 12, swapped) != 1)
			return breaks(reader, N_("it is of a version that is not known"));
		section_add(reader, swapped);
		section_describe(reader, bytes, swapped);
		break;
	case BLOCK_NAMES:
		names_read(reader, bytes, swapped);
		break;
	case BLOCK_PROCESS:
		process_read(reader, bytes, swapped);
		break;
	case BLOCK_INTERFACE:
		return interface_read(reader, bytes, swapped);
	case BLOCK_STATISTICS:
		reader->lost_here = 0;
		/* losses have the time of the packet before them, if there is one */
		interface = section_interface(reader->section, block->interface);
		if (reader->time_ns == 0 && interface)
			reader->time_ns = interface_time(interface, block->time);
		return READER_ITEM;
	case BLOCK_PACKET:
	case BLOCK_PACKET_OLD:
	case BLOCK_PACKET_SIMPLE:
		if (G_UNLIKELY(reader->comments->len))
			g_ptr_array_set_size(reader->comments, 0);
		memset(reader->process, 0, sizeof reader->process);
		problem = block_packet(reader->section, block, bytes, &reader->packet);
		return problem ? breaks(reader, problem) : READER_ITEM;
	}
	reader->options.at = reader->options.end; /* it has none that we know */
	return READER_ITEM;
}

static ReaderStep
block_begin(Reader *reader, const guint8 *bytes, gsize n)
{
	gboolean swapped;

	if (n < SHORTEST)
		return READER_MORE;
	if (!block_order(reader, bytes, &swapped))
		return breaks(reader, N_("a section does not say its byte order"));
	guint32 size = get_u32(bytes + 4, swapped);
	if (size < block_head(get_u32(bytes, swapped)) + TRAILER || size > reader->block_max ||
	    size % 4)
		return breaks(reader, N_("a block has a length that it cannot have"));
	if (n < size)
		return READER_MORE;
	/* libpcap does not look at the first section's */
	if (reader->section && get_u32(bytes + size - TRAILER, swapped) != size)
		return breaks(reader, N_("the two lengths of a block differ"));
	return block_use(reader, bytes, swapped);
}

/* Nothing is left of the block in front. Returns its size. */
static gsize
block_end(Reader *reader)
{
	const Block *block = &reader->block;
	Interface *interface = section_interface(reader->section, block->interface);

	if (block->type == BLOCK_STATISTICS && interface) {
		reader->section->lost += reader->lost_here - interface->lost;
		interface->lost = reader->lost_here;
	}
	reader->in_block = FALSE;
	reader->offset += block->size;
	return block->size;
}

ReaderStep
blocks_begin(Reader *reader, const guint8 *bytes, gsize n, gsize *used)
{
	while (!reader->section || reader->section->interfaces->len == 0) {
		ReaderStep step = block_begin(reader, bytes + *used, n - *used);
		if (step != READER_ITEM)
			return step;
		*used += block_end(reader);
	}
	return READER_ITEM;
}

ReaderStep
blocks_next(Reader *reader, const guint8 *bytes, gsize n, gsize *used, CaptureItem *item)
{
	for (;;) {
		const guint8 *start = bytes + *used;
		if (!reader->in_block) {
			ReaderStep step = block_begin(reader, start, n - *used);
			if (step != READER_ITEM)
				return step;
		}
		if (beside_next(reader, start, item))
			return READER_ITEM;
		item->offset = reader->offset;
		*used += block_end(reader);
		if (!is_packet(&reader->block))
			continue;
		item->kind = CAPTURE_PACKET;
		item->packet = reader->packet;
		item->packet.data = start + reader->block.data;
		item->comments = reader->comments->len ? reader->comments : NULL;
		memcpy(item->process, reader->process, sizeof item->process);
		packet_given(reader->section, reader->block.interface, &item->packet);
		reader->time_ns = reader->packet.time_ns;
		return READER_ITEM;
	}
}

gboolean
blocks_are_damaged(const Reader *reader, const guint8 *bytes, gsize n)
{
	gboolean swapped;

	if (n < SHORTEST || !block_order(reader, bytes, &swapped) ||
	    n < block_head(get_u32(bytes, swapped)))
		return FALSE;
	Block block = block_read(bytes, swapped);
	BlockOptions options = block_options(&block);
	if (!is_packet(&block) && block.type != BLOCK_STATISTICS) {
		/* where the length that stands again at a block's end is met before that end, the
		 * first one, of a block that is not there whole, is the damaged one */
		for (gsize at = BLOCK_HEAD; at + TRAILER <= n; at += 4)
			if (get_u32(bytes + at, swapped) == at + TRAILER)
				return TRUE;
		return FALSE;
	}
	if (options.at > options.end ||
	    (block.type != BLOCK_PACKET_SIMPLE &&
	     is_too_much(section_interface(reader->section, block.interface), block.captured,
			 block.length)))
		return TRUE;
	while (option_next(&options, bytes, n, swapped))
		;
	return options.damaged;
}

ReaderStep
blocks_fetch(const Reader *reader, guint64 offset, const guint8 *bytes, gsize n, Packet *packet,
	     gsize *wanted)
{
	guint low = 0, high = reader->sections->len;

	*wanted = BLOCK_HEAD;
	SORTED_SEARCH(low, high,
		      ((Section *)g_ptr_array_index(reader->sections, middle))->offset <= offset);
	if (low == 0) /* it lies before the first section */
		return READER_BROKEN;
	const Section *section = g_ptr_array_index(reader->sections, low - 1);
	if (n >= BLOCK_HEAD)
		*wanted = block_head(get_u32(bytes, section->swapped));
	if (n < *wanted)
		return READER_MORE;
	Block block = block_read(bytes, section->swapped);
	if (!is_packet(&block) || block_packet(section, &block, bytes, packet))
		return READER_BROKEN;
	*wanted = block.data + packet->captured;
	return n < *wanted ? READER_MORE : READER_ITEM;
}
