/* Theory of operation
 *
 * A small machine that is always in front of one structure: the head of a
 * block, the fixed part behind it, an option, or bytes to skip. Each step
 * handles one structure that is wholly at hand, or asks for more; nothing
 * longer than SCANNER_HOLD is ever asked for (packet bytes and foreign options
 * are skipped), so hostile lengths cost no memory. `left` is what the block
 * still has: no step goes past it.
 *
 * Blocks that libpcap will refuse anyway make the scanner "lost": it lets all
 * further bytes pass.
 */
#include "scanner.h"
#include "link_type.h"
#include "pcapng.h"

#include <string.h>

enum {
	TRAILER = 4, /* the length again, at the end of each block */
	SNAPSHOT_LENGTH = 262144,
	BLOCK_MAX = 16 * 1024 * 1024, /* libpcap's limit too */
	NS_PER_SECOND = 1000000000,
	OFFSETS_KEPT = 4096,          /* that were given already, since removing each costs more */
};

typedef struct {
	guint16 link_type;
	guint32 snapshot_length;
	guint64 lost; /* the newest count of its statistics blocks */
} Interface;

struct _Scanner {
	ScanFormat format;
	gboolean started, swapped, lost, has_mended;
	gboolean has_section, mixes_byte_orders;
	guint64 packets;
	Layout *layout;      /* NULL: nobody wants it */
	guint64 position;    /* in the file, of the structure in front */
	guint64 block;       /* and of the block that it is in */
	GArray *offsets;     /* of the packets that scanner_packet_offset() did not give yet, */
	guint offsets_given; /* behind some that it did */
	GQueue items;        /* ScanItem * */
	GArray *interfaces;  /* of the section */
	gboolean has_link_type;
	guint16 first_link_type; /* the one that libpcap is told for all */
	guint16 link_type;       /* the one that was reported last */

	guint64 skip;         /* bytes to pass before the next structure */
	gboolean ends_packet; /* a packet is complete after those */
	gboolean damaged;     /* the record or block contradicts itself */
	/* pcap */
	guint record_size, fraction_ns;
	guint32 snapshot_length;
	/* pcapng */
	gboolean in_options;
	guint32 type, left;
	guint32 interface;
	guint64 lost_here, drops_known;
};

Scanner *
scanner_new(void)
{
	Scanner *scanner = g_new0(Scanner, 1);

	g_queue_init(&scanner->items);
	scanner->interfaces = g_array_new(FALSE, TRUE, sizeof(Interface));
	scanner->offsets = g_array_new(FALSE, FALSE, sizeof(guint64));
	return scanner;
}

void
scanner_free(Scanner *scanner)
{
	if (!scanner)
		return;
	g_queue_clear_full(&scanner->items, g_free);
	g_array_unref(scanner->interfaces);
	g_array_unref(scanner->offsets);
	layout_unref(scanner->layout);
	g_free(scanner);
}

void
scanner_set_layout(Scanner *scanner, Layout *layout, guint64 offset)
{
	scanner->layout = layout_ref(layout);
	scanner->position = offset;
}

static guint16
get_u16(const Scanner *scanner, const guint8 *bytes)
{
	guint16 value;

	memcpy(&value, bytes, sizeof(value));
	return scanner->swapped ? GUINT16_SWAP_LE_BE(value) : value;
}

static guint32
get_u32(const Scanner *scanner, const guint8 *bytes)
{
	guint32 value;

	memcpy(&value, bytes, sizeof(value));
	return scanner->swapped ? GUINT32_SWAP_LE_BE(value) : value;
}

static guint64
get_u64(const Scanner *scanner, const guint8 *bytes)
{
	guint64 value;

	memcpy(&value, bytes, sizeof(value));
	return scanner->swapped ? GUINT64_SWAP_LE_BE(value) : value;
}

static void
set_u16(Scanner *scanner, guint8 *bytes, guint16 value)
{
	value = get_u16(scanner, (const guint8 *)&value);
	memcpy(bytes, &value, sizeof(value));
	scanner->has_mended = TRUE;
}

static void
set_u32(Scanner *scanner, guint8 *bytes, guint32 value)
{
	value = get_u32(scanner, (const guint8 *)&value);
	memcpy(bytes, &value, sizeof(value));
	scanner->has_mended = TRUE;
}

static ScanItem *
add_item(Scanner *scanner, ScanKind kind, guint64 value)
{
	ScanItem *item = g_new0(ScanItem, 1);

	item->packet = scanner->packets;
	item->kind = kind;
	item->value = value;
	g_queue_push_tail(&scanner->items, item);
	return item;
}

/* Nobody captures more of a packet than was on the wire, or than the snapshot length (0: none
 * is said) lets pass. */
static gboolean
is_too_much(guint32 captured, guint32 length, guint32 snapshot_length)
{
	return captured > length || (snapshot_length > 0 && captured > snapshot_length);
}

/* pcap: a file header, then packets behind their record headers */

static const struct {
	guint32 magic;
	guint record_size;
	guint fraction_ns; /* that the second number of a time counts */
} pcap_magics[] = {
	{ 0xa1b2c3d4, 16, 1000 },
	{ 0xa1b23c4d, 16, 1 },
	{ 0xa1b2cd34, 24, 1000 }, /* Kuznetzov's */
};

static gsize
scan_record(Scanner *scanner, guint8 *bytes, gsize n)
{
	if (n < scanner->record_size)
		return 0;
	guint32 captured = get_u32(scanner, bytes + 8);
	if (captured > BLOCK_MAX)
		scanner->lost = TRUE;
	scanner->damaged = is_too_much(captured, get_u32(scanner, bytes + 12), scanner->snapshot_length) ||
			   get_u32(scanner, bytes + 4) >= NS_PER_SECOND;
	scanner->skip = captured;
	scanner->ends_packet = TRUE;
	return scanner->record_size;
}

static gsize
start_pcap(Scanner *scanner, guint8 *bytes, gsize n)
{
	if (n < 24)
		return 0;
	for (gsize i = 0; i < G_N_ELEMENTS(pcap_magics); i++) {
		guint32 magic = get_u32(scanner, bytes);
		if (magic == pcap_magics[i].magic ||
		    magic == GUINT32_SWAP_LE_BE(pcap_magics[i].magic)) {
			scanner->swapped = magic != pcap_magics[i].magic;
			scanner->record_size = pcap_magics[i].record_size;
			scanner->fraction_ns = pcap_magics[i].fraction_ns;
			break;
		}
	}
	if (scanner->layout)
		layout_set_pcap(scanner->layout, bytes, scanner->swapped, scanner->record_size,
				scanner->fraction_ns);
	scanner->snapshot_length = get_u32(scanner, bytes + 16);
	/* libpcap cuts packets at a header that says less than they have */
	if (scanner->snapshot_length < SNAPSHOT_LENGTH)
		set_u32(scanner, bytes + 16, SNAPSHOT_LENGTH);
	return 24;
}

/* pcapng: blocks */

/* The block's structures are all seen: its rest is skipped. */
static void
finish_block(Scanner *scanner)
{
	scanner->ends_packet = scanner->type == BLOCK_PACKET || scanner->type == BLOCK_PACKET_OLD ||
			       scanner->type == BLOCK_PACKET_SIMPLE;
	if (scanner->ends_packet && scanner->layout)
		g_array_append_val(scanner->offsets, scanner->block);
	if (scanner->type == BLOCK_STATISTICS && scanner->interface < scanner->interfaces->len)
		g_array_index(scanner->interfaces, Interface, scanner->interface).lost =
		    scanner->lost_here;
	scanner->in_options = FALSE;
	scanner->skip += (guint64)scanner->left + TRAILER;
	scanner->left = 0;
	scanner->type = 0;
}

/* What the statistics count and no comment told before. */
static void
report_lost(Scanner *scanner)
{
	guint64 lost = scanner->lost_here;

	for (guint i = 0; i < scanner->interfaces->len; i++)
		if (i != scanner->interface)
			lost += g_array_index(scanner->interfaces, Interface, i).lost;
	if (lost <= scanner->drops_known)
		return;
	add_item(scanner, SCAN_DROPS, lost - scanner->drops_known);
	scanner->drops_known = lost;
}

static void
use_comment(Scanner *scanner, const guint8 *text, guint16 length)
{
	Comment comment = comment_parse((const char *)text, length);

	if (comment.kind == COMMENT_CALL) {
		add_item(scanner, SCAN_CALL, 0)->call = comment.call;
	} else if (comment.kind == COMMENT_DROPS) {
		ScanItem *item = add_item(scanner, SCAN_DROPS, comment.dropped);
		item->time_ns = comment.time_ns;
		item->has_time = TRUE;
		scanner->drops_known += comment.dropped;
	}
}

static void
use_interface_option(Scanner *scanner, guint16 code, const guint8 *value, guint16 length)
{
	if (!scanner->layout)
		return;
	if (code == OPTION_INTERFACE_RESOLUTION && length == 1)
		layout_set_resolution(scanner->layout, value[0]);
	else if (code == OPTION_INTERFACE_TIME_OFFSET && length == 8)
		layout_set_time_offset(scanner->layout, (gint64)get_u64(scanner, value));
}

static void
use_option(Scanner *scanner, guint16 code, const guint8 *value, guint16 length)
{
	if (scanner->type == BLOCK_INTERFACE) {
		use_interface_option(scanner, code, value, length);
	} else if (code == OPTION_COMMENT) {
		use_comment(scanner, value, length);
	} else if (length != 8) {
		return;
	} else if (scanner->type == BLOCK_PACKET && code == OPTION_PACKET_DROPPED) {
		guint64 dropped = get_u64(scanner, value);
		if (dropped)
			add_item(scanner, SCAN_DROPS, dropped);
		scanner->drops_known += dropped;
	} else if (scanner->type == BLOCK_STATISTICS &&
		   (code == OPTION_STATISTICS_DROPPED || code == OPTION_STATISTICS_OS_DROPPED)) {
		scanner->lost_here += get_u64(scanner, value);
		report_lost(scanner);
	}
}

static gsize
scan_option(Scanner *scanner, guint8 *bytes, gsize n)
{
	if (n < 4)
		return 0;
	guint16 code = get_u16(scanner, bytes), length = get_u16(scanner, bytes + 2);
	gsize padded = ((gsize)length + 3) & ~(gsize)3;
	gsize wanted = 4 + (length <= COMMENT_MAX ? padded : 0);

	/* the length again, of a block that would end here: its first one is the damaged one */
	if (get_u32(scanner, bytes) == scanner->position + TRAILER - scanner->block)
		scanner->damaged = TRUE;
	if (padded > scanner->left - 4) {
		code = OPTION_END; /* a broken list; libpcap does not look at it */
		scanner->damaged = TRUE;
	} else if (n < wanted) {
		return 0;
	}
	scanner->left -= 4;
	if (code == OPTION_END) {
		scanner->damaged |= scanner->left > 0;
		finish_block(scanner);
		return 4;
	}
	scanner->left -= padded;
	if (length <= COMMENT_MAX)
		use_option(scanner, code, bytes + 4, length);
	else
		scanner->skip = padded;
	if (scanner->left < 4)
		finish_block(scanner);
	return wanted;
}

/* After `data` bytes of packet come the options. */
static void
expect_options(Scanner *scanner, guint32 data)
{
	guint64 padded = ((guint64)data + 3) & ~(guint64)3;

	scanner->damaged |= padded > scanner->left;
	if (padded + 4 > scanner->left) {
		finish_block(scanner);
		return;
	}
	scanner->left -= padded;
	scanner->skip = padded;
	scanner->in_options = TRUE;
}

static void
scan_interface(Scanner *scanner, guint8 *body)
{
	Interface interface = {
		.link_type = get_u16(scanner, body),
		.snapshot_length = get_u32(scanner, body + 4),
	};

	if (!scanner->has_link_type) {
		scanner->has_link_type = TRUE;
		scanner->first_link_type = scanner->link_type = interface.link_type;
	} else {
		/* libpcap compares with its own number */
		set_u16(scanner, body, (guint16)link_type_to_dlt(scanner->first_link_type));
	}
	set_u32(scanner, body + 4, SNAPSHOT_LENGTH);
	g_array_append_val(scanner->interfaces, interface);
	if (scanner->layout)
		layout_add_interface(scanner->layout, interface.link_type,
				     interface.snapshot_length);
	expect_options(scanner, 0);
}

/* The packet to come is of interface number `index`. */
static void
use_interface(Scanner *scanner, guint32 index)
{
	if (index >= scanner->interfaces->len)
		return;
	guint16 link_type = g_array_index(scanner->interfaces, Interface, index).link_type;
	if (link_type != scanner->link_type)
		add_item(scanner, SCAN_LINK_TYPE, link_type);
	scanner->link_type = link_type;
}

/* The two lengths stand at `lengths`: what was captured, and what was on the wire. */
static void
use_packet(Scanner *scanner, guint32 interface, const guint8 *lengths)
{
	guint32 captured = get_u32(scanner, lengths), limit = 0;

	if (interface < scanner->interfaces->len)
		limit = g_array_index(scanner->interfaces, Interface, interface).snapshot_length;
	scanner->damaged = is_too_much(captured, get_u32(scanner, lengths + 4), limit);
	use_interface(scanner, interface);
	expect_options(scanner, captured);
}

static void
scan_packet(Scanner *scanner, guint8 *body)
{
	use_packet(scanner, get_u32(scanner, body), body + 12);
}

static void
scan_packet_old(Scanner *scanner, guint8 *body)
{
	guint16 dropped = get_u16(scanner, body + 2);

	use_packet(scanner, get_u16(scanner, body), body + 12);
	if (dropped && dropped != G_MAXUINT16) { /* that is "not known" */
		add_item(scanner, SCAN_DROPS, dropped);
		scanner->drops_known += dropped;
	}
}

/* How much was captured is not said: as much as the snapshot length let pass.
 * libpcap would take the one that scan_interface() wrote. */
static void
scan_packet_simple(Scanner *scanner, guint8 *body)
{
	guint32 length = get_u32(scanner, body);
	guint32 captured = MIN(length, scanner->left);

	use_interface(scanner, 0);
	if (scanner->interfaces->len) {
		guint32 limit = g_array_index(scanner->interfaces, Interface, 0).snapshot_length;
		captured = limit ? MIN(captured, limit) : captured;
	}
	if (captured != length) {
		set_u32(scanner, body, captured);
		add_item(scanner, SCAN_LENGTH, length);
	}
	finish_block(scanner);
}

static void
scan_statistics(Scanner *scanner, guint8 *body)
{
	scanner->interface = get_u32(scanner, body);
	scanner->lost_here = 0;
	expect_options(scanner, 0);
}

/* The blocks that are looked into: the size of their fixed part. */
static const struct {
	guint32 type, size;
	void (*scan)(Scanner *scanner, guint8 *body);
} block_kinds[] = {
	{ BLOCK_INTERFACE, 8, scan_interface },    { BLOCK_PACKET, 20, scan_packet },
	{ BLOCK_PACKET_OLD, 20, scan_packet_old }, { BLOCK_PACKET_SIMPLE, 4, scan_packet_simple },
	{ BLOCK_STATISTICS, 12, scan_statistics },
};

/* `bytes` is the whole fixed part of a section header. */
static void
scan_section(Scanner *scanner, const guint8 *bytes)
{
	guint32 magic;

	memcpy(&magic, bytes + 8, sizeof(magic));
	gboolean swapped = magic == GUINT32_SWAP_LE_BE(BYTE_ORDER_MAGIC);
	if (!swapped && magic != BYTE_ORDER_MAGIC)
		scanner->lost = TRUE;
	scanner->mixes_byte_orders |= scanner->has_section && swapped != scanner->swapped;
	scanner->has_section = TRUE;
	scanner->swapped = swapped;
	g_array_set_size(scanner->interfaces, 0);
	scanner->drops_known = 0;
	if (scanner->layout)
		layout_add_section(scanner->layout, scanner->block, swapped);
}

static gsize
scan_block(Scanner *scanner, guint8 *bytes, gsize n)
{
	enum { HEAD = 8, SECTION_HEAD = 12 };

	if (n < SECTION_HEAD)
		return 0;
	scanner->block = scanner->position;
	scanner->damaged = FALSE;
	if (get_u32(scanner, bytes) == BLOCK_SECTION)
		scan_section(scanner, bytes);
	scanner->type = get_u32(scanner, bytes);
	guint32 length = get_u32(scanner, bytes + 4);
	if (length < HEAD + TRAILER || length > BLOCK_MAX || length % 4) {
		scanner->lost = TRUE;
		return HEAD;
	}
	scanner->left = length - HEAD - TRAILER;
	for (gsize i = 0; i < G_N_ELEMENTS(block_kinds); i++) {
		guint32 size = block_kinds[i].size;
		if (block_kinds[i].type != scanner->type || size > scanner->left)
			continue;
		if (n < HEAD + size)
			return 0;
		scanner->left -= size;
		block_kinds[i].scan(scanner, bytes + HEAD);
		return HEAD + size;
	}
	finish_block(scanner);
	return HEAD;
}

ScanFormat
scanner_format(const guint8 *bytes, gsize n)
{
	guint32 magic;

	if (n < sizeof(magic))
		return SCAN_NOTHING;
	memcpy(&magic, bytes, sizeof(magic));
	if (magic == BLOCK_SECTION)
		return SCAN_PCAPNG;
	for (gsize i = 0; i < G_N_ELEMENTS(pcap_magics); i++)
		if (magic == pcap_magics[i].magic ||
		    magic == GUINT32_SWAP_LE_BE(pcap_magics[i].magic))
			return SCAN_PCAP;
	return SCAN_NOTHING;
}

static gsize
scan_start(Scanner *scanner, guint8 *bytes, gsize n)
{
	gsize done = 0;

	if (n < 4)
		return 0;
	scanner->format = scanner_format(bytes, n);
	scanner->lost = scanner->format == SCAN_NOTHING;
	if (scanner->format == SCAN_PCAP && !(done = start_pcap(scanner, bytes, n)))
		return 0;
	scanner->started = TRUE;
	return done;
}

/* Handles one structure at the start of `bytes` and sets what comes next.
 * Returns its size, or 0 where `n` does not hold all of it. */
static gsize
scan_structure(Scanner *scanner, guint8 *bytes, gsize n)
{
	if (scanner->skip) {
		gsize size = MIN(scanner->skip, n);
		scanner->skip -= size;
		return size;
	}
	if (scanner->format == SCAN_PCAP)
		return scan_record(scanner, bytes, n);
	return scanner->in_options ? scan_option(scanner, bytes, n) : scan_block(scanner, bytes, n);
}

gsize
scanner_scan(Scanner *scanner, guint8 *bytes, gsize n)
{
	gsize done = scanner->started ? 0 : scan_start(scanner, bytes, n);

	scanner->position += done;
	while (scanner->started && !scanner->lost && done < n) {
		gsize size = scan_structure(scanner, bytes + done, n - done);
		if (!size)
			break;
		done += size;
		scanner->position += size;
		if (scanner->ends_packet && !scanner->skip) {
			scanner->ends_packet = FALSE;
			scanner->packets++;
		}
	}
	return scanner->lost ? n : done;
}

gboolean
scanner_is_pcapng(const Scanner *scanner)
{
	return scanner->format == SCAN_PCAPNG;
}

guint
scanner_fraction_ns(const Scanner *scanner)
{
	return scanner->fraction_ns;
}

gboolean
scanner_has_mended(const Scanner *scanner)
{
	return scanner->has_mended;
}

gboolean
scanner_mixes_byte_orders(const Scanner *scanner)
{
	return scanner->mixes_byte_orders;
}

gboolean
scanner_is_damaged(const Scanner *scanner)
{
	return scanner->damaged;
}

guint64
scanner_packets(const Scanner *scanner)
{
	return scanner->packets;
}

guint64
scanner_packet_offset(Scanner *scanner)
{
	if (scanner->offsets_given == scanner->offsets->len)
		return G_MAXUINT64; /* only of files that it is lost in */
	guint64 offset = g_array_index(scanner->offsets, guint64, scanner->offsets_given++);
	if (scanner->offsets_given == OFFSETS_KEPT) {
		g_array_remove_range(scanner->offsets, 0, OFFSETS_KEPT);
		scanner->offsets_given = 0;
	}
	return offset;
}

gboolean
scanner_is_lost(const Scanner *scanner)
{
	return scanner->lost;
}

gboolean
scanner_next(Scanner *scanner, guint64 packet, ScanItem *item)
{
	ScanItem *oldest = g_queue_peek_head(&scanner->items);

	if (!oldest || oldest->packet > packet)
		return FALSE;
	*item = *oldest;
	g_free(g_queue_pop_head(&scanner->items));
	return TRUE;
}
