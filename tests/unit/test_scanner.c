#include "../../src/capture/scanner.h"

#include <string.h>

/* A pcapng file in the making, in either byte order. */
typedef struct {
	GByteArray *bytes;
	gboolean swapped;
	guint block;
} File;

static void
put_u16(File *file, guint16 value)
{
	value = file->swapped ? GUINT16_SWAP_LE_BE(value) : value;
	g_byte_array_append(file->bytes, (guint8 *)&value, sizeof(value));
}

static void
put_u32(File *file, guint32 value)
{
	value = file->swapped ? GUINT32_SWAP_LE_BE(value) : value;
	g_byte_array_append(file->bytes, (guint8 *)&value, sizeof(value));
}

static void
put_u64(File *file, guint64 value)
{
	value = file->swapped ? GUINT64_SWAP_LE_BE(value) : value;
	g_byte_array_append(file->bytes, (guint8 *)&value, sizeof(value));
}

static void
put_padded(File *file, const void *bytes, gsize n)
{
	g_byte_array_append(file->bytes, bytes, n);
	g_byte_array_append(file->bytes, (const guint8 *)"\0\0\0", -n & 3);
}

static void
begin(File *file, guint32 type)
{
	file->block = file->bytes->len;
	put_u32(file, type);
	put_u32(file, 0);
}

static void
end(File *file)
{
	guint32 length = file->bytes->len + 4 - file->block;

	put_u32(file, length);
	length = file->swapped ? GUINT32_SWAP_LE_BE(length) : length;
	memcpy(file->bytes->data + file->block + 4, &length, sizeof(length));
}

static void
comment(File *file, const char *text)
{
	put_u16(file, 1);
	put_u16(file, strlen(text));
	put_padded(file, text, strlen(text));
}

static void
number(File *file, guint16 code, guint64 value)
{
	put_u16(file, code);
	put_u16(file, 8);
	put_u64(file, value);
}

static void
section(File *file)
{
	begin(file, 0x0a0d0d0a);
	put_u32(file, 0x1a2b3c4d);
	put_u16(file, 1);
	put_u16(file, 0);
	put_u64(file, G_MAXUINT64);
	comment(file, "a section of somebody else");
	end(file);
}

static void
interface(File *file, guint16 link_type, guint32 snapshot_length)
{
	begin(file, 1);
	put_u16(file, link_type);
	put_u16(file, 0);
	put_u32(file, snapshot_length);
	end(file);
}

/* Up to its options; end() closes it. */
static void
packet(File *file, guint32 interface_id, const char *data)
{
	begin(file, 6);
	put_u32(file, interface_id);
	put_u64(file, 1);
	put_u32(file, strlen(data));
	put_u32(file, strlen(data));
	put_padded(file, data, strlen(data));
}

static void
statistics(File *file, guint32 interface_id)
{
	begin(file, 5);
	put_u32(file, interface_id);
	put_u64(file, 1);
}

/* Gives the bytes in pieces as a pipe would. Returns the scanner; *result is
 * what came out behind it. */
static Scanner *
scan(const GByteArray *bytes, gsize piece, GByteArray *result)
{
	Scanner *scanner = scanner_new();
	g_autoptr(GByteArray) held = g_byte_array_new();

	for (gsize at = 0; at < bytes->len; at += piece) {
		g_byte_array_append(held, bytes->data + at, MIN(piece, bytes->len - at));
		gsize done = scanner_scan(scanner, held->data, held->len);
		g_assert_cmpuint(done, <=, held->len);
		g_byte_array_append(result, held->data, done);
		g_byte_array_remove_range(held, 0, done);
		g_assert_cmpuint(held->len, <, SCANNER_HOLD);
	}
	g_byte_array_append(result, held->data, held->len);
	g_assert_cmpuint(result->len, ==, bytes->len);
	return scanner;
}

/* All items as text: "2 drops 5, 2 link 101" */
static char *
items(Scanner *scanner)
{
	static const char *names[] = { "call", "drops", "link", "length" };
	g_autoptr(GString) text = g_string_new(NULL);
	ScanItem item;

	while (scanner_next(scanner, G_MAXUINT64, &item))
		g_string_append_printf(text, "%s%u %s %u", text->len ? ", " : "",
				       (guint)item.packet, names[item.kind],
				       item.kind == SCAN_CALL ? item.call.id : (guint)item.value);
	return g_string_free(g_steal_pointer(&text), FALSE);
}

/* The file scanned in both byte orders and pieces of every kind. */
static void
check(void (*make)(File *file), const char *expected, guint64 packets)
{
	const gsize pieces[] = { 1, 2, 3, 5, 7, 13, 64, 1000, G_MAXINT };

	for (guint swapped = 0; swapped < 2; swapped++) {
		g_autoptr(GByteArray) bytes = g_byte_array_new(), first = g_byte_array_new();
		File file = { .bytes = bytes, .swapped = swapped };
		make(&file);
		for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++) {
			g_autoptr(GByteArray) result = g_byte_array_new();
			g_autoptr(Scanner) scanner = scan(bytes, pieces[i], result);
			g_autofree char *found = items(scanner);
			g_assert_cmpstr(found, ==, expected);
			g_assert_cmpuint(scanner_packets(scanner), ==, packets);
			g_assert_false(scanner_is_lost(scanner));
			if (!first->len)
				g_byte_array_append(first, result->data, result->len);
			g_assert_cmpmem(first->data, first->len, result->data, result->len);
		}
	}
}

static void
comments_file(File *file)
{
	CallRecord call = { .time_ns = 5, .id = 77, .phase = CALL_ENTRY, .name = CALL_CONNECT };
	g_autofree char *call_text = call_to_comment(&call);
	g_autofree char *drops_text = drops_to_comment(1700000000000000000, 12);
	g_autofree char *longest = g_strnfill(60000, 'x');

	section(file);
	interface(file, 1, 0);
	packet(file, 0, "abc");
	end(file);
	packet(file, 0, "abcde");
	comment(file, "not ours");
	comment(file, drops_text);
	comment(file, longest);
	comment(file, call_text);
	comment(file, "");
	put_u32(file, 0);
	end(file);
	statistics(file, 0);
	comment(file, call_text);
	end(file);
	packet(file, 0, "");
	comment(file, call_text);
	put_u32(file, 0);
	comment(file, call_text); /* behind the end of the options */
	end(file);
}

static void
test_comments(void)
{
	check(comments_file, "1 drops 12, 1 call 77, 2 call 77, 2 call 77", 3);
}

static void
links_file(File *file)
{
	section(file);
	interface(file, 101, 65535);
	interface(file, 1, 96);
	interface(file, 101, 0);
	packet(file, 0, "raw");
	end(file);
	packet(file, 2, "raw");
	end(file);
	packet(file, 1, "ethernet");
	end(file);
	begin(file, 0xbad); /* somebody's own block */
	put_padded(file, "whatever it is", 14);
	end(file);
	packet(file, 0, "raw");
	end(file);
	section(file);
	interface(file, 1, 1);
	packet(file, 0, "ethernet");
	end(file);
}

/* libpcap is told one link type: the first one, by its own number for others. */
static void
test_link_types(void)
{
	static const struct {
		guint offset_of_block;
		guint16 link_type;
	} expected[] = { { 0, 101 }, { 20, 12 }, { 40, 12 } };
	g_autoptr(GByteArray) bytes = g_byte_array_new(), result = g_byte_array_new();
	File file = { .bytes = bytes };

	check(links_file, "2 link 1, 3 link 101, 4 link 1", 5);
	section(&file);
	guint start = bytes->len;
	links_file(&file);
	scanner_free(scan(bytes, 10, result));
	start += start; /* links_file() has its own section */
	for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
		guint16 link_type;
		guint32 snapshot_length;
		const guint8 *block = result->data + start + expected[i].offset_of_block;
		memcpy(&link_type, block + 8, sizeof(link_type));
		memcpy(&snapshot_length, block + 12, sizeof(snapshot_length));
		g_assert_cmpuint(link_type, ==, expected[i].link_type);
		g_assert_cmpuint(snapshot_length, ==, 262144);
	}
}

static void
simple_file(File *file)
{
	section(file);
	interface(file, 1, 8);
	begin(file, 3); /* simple packet: 100 bytes on the wire, 8 here */
	put_u32(file, 100);
	put_padded(file, "12345678", 8);
	end(file);
	begin(file, 3);
	put_u32(file, 3);
	put_padded(file, "123", 3);
	end(file);
	begin(file, 2); /* old packet block, 4 lost */
	put_u16(file, 0);
	put_u16(file, 4);
	put_u64(file, 1);
	put_u32(file, 3);
	put_u32(file, 3);
	put_padded(file, "123", 3);
	end(file);
	begin(file, 2);
	put_u16(file, 0);
	put_u16(file, 0xffff); /* not known */
	put_u64(file, 1);
	put_u32(file, 0);
	put_u32(file, 3);
	end(file);
}

static void
test_other_packet_blocks(void)
{
	check(simple_file, "0 length 100, 2 drops 4", 4);
}

static void
drops_file(File *file)
{
	g_autofree char *told = drops_to_comment(1, 7);

	section(file);
	interface(file, 1, 0);
	interface(file, 1, 0);
	packet(file, 0, "a");
	number(file, 4, 2); /* epb_dropcount */
	end(file);
	packet(file, 0, "b");
	number(file, 4, 0);
	comment(file, told);
	end(file);
	statistics(file, 0);
	number(file, 4, 1000); /* isb_ifrecv: no loss */
	number(file, 5, 9);    /* isb_ifdrop: the 2 and 7 that were told */
	end(file);
	statistics(file, 1);
	number(file, 5, 3);
	number(file, 7, 2); /* isb_osdrop */
	end(file);
	statistics(file, 1);
	number(file, 5, 3);
	number(file, 7, 3);
	end(file);
}

static void
test_drops(void)
{
	check(drops_file, "0 drops 2, 1 drops 7, 2 drops 3, 2 drops 2, 2 drops 1", 2);
}

/* Lengths that lie: no crash, no items out of other blocks, nothing but the
 * file's bytes passed on (scan() holds that). */
static void
test_hostile(void)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	g_autoptr(GRand) random = g_rand_new_with_seed(3);
	File file = { .bytes = bytes };

	comments_file(&file);
	links_file(&file);
	simple_file(&file);
	drops_file(&file);
	for (guint round = 0; round < 2000; round++) {
		g_autoptr(GByteArray) broken = g_byte_array_new(), result = g_byte_array_new();
		g_byte_array_append(broken, bytes->data, bytes->len);
		for (guint i = 0; i < 1 + round % 5; i++)
			broken->data[g_rand_int_range(random, round % 2 ? 0 : 60000, broken->len)] =
			    g_rand_boolean(random) ? 0xff : (guint8)g_rand_int(random);
		g_autoptr(Scanner) scanner =
		    scan(broken, g_rand_int_range(random, 1, 3000), result);
		g_autofree char *found = items(scanner);
		g_assert_nonnull(found);
	}
}

/* What cannot be followed is given up, not waited for. */
static void
test_lost(void)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new(), result = g_byte_array_new();
	File file = { .bytes = bytes };

	section(&file);
	interface(&file, 1, 0);
	put_u32(&file, 6);
	put_u32(&file, 0x7ffffff0);
	put_u32(&file, 0);
	g_autoptr(Scanner) scanner = scan(bytes, 1, result);
	g_assert_true(scanner_is_lost(scanner));
}

static void
test_byte_order_changes(void)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new(), result = g_byte_array_new();
	File file = { .bytes = bytes };

	simple_file(&file);
	simple_file(&file);
	g_autoptr(Scanner) same = scan(bytes, 100, result);
	g_assert_false(scanner_mixes_byte_orders(same));
	g_assert_cmpuint(scanner_packets(same), ==, 8);
	file.swapped = TRUE;
	simple_file(&file);
	g_byte_array_set_size(result, 0);
	g_autoptr(Scanner) mixed = scan(bytes, 100, result);
	g_assert_true(scanner_mixes_byte_orders(mixed));
	g_assert_cmpuint(scanner_packets(mixed), ==, 12);
}

/* pcap: only the packets are counted, and a header that says less than the
 * packets have is mended. */
static void
test_pcap(void)
{
	const guint32 magics[] = { 0xa1b2c3d4, 0xa1b23c4d };

	for (guint i = 0; i < 4; i++) {
		g_autoptr(GByteArray) bytes = g_byte_array_new(), result = g_byte_array_new();
		File file = { .bytes = bytes, .swapped = i & 1 };
		put_u32(&file, magics[i / 2]);
		put_u16(&file, 2);
		put_u16(&file, 4);
		put_u64(&file, 0);
		put_u32(&file, 96);
		put_u32(&file, 1);
		for (guint n = 0; n < 3; n++) {
			put_u64(&file, 1);
			put_u32(&file, n * 200);
			put_u32(&file, n * 200);
			for (guint k = 0; k < n * 50; k++)
				put_u32(&file, 0xffffffff);
		}
		g_autoptr(Scanner) scanner = scan(bytes, 7, result);
		g_assert_cmpuint(scanner_packets(scanner), ==, 3);
		guint32 mended = i & 1 ? GUINT32_SWAP_LE_BE(262144) : 262144;
		g_assert_cmpmem(result->data + 16, 4, &mended, 4);
		g_assert_cmpmem(result->data + 24, result->len - 24, bytes->data + 24,
				bytes->len - 24);
	}
}

static void
test_comment_text(void)
{
	g_autofree char *one = drops_to_comment(-5, 1);
	Comment comment = comment_parse(one, strlen(one));

	g_assert_cmpstr(one, ==, "pktladder: 1 packet lost here | v=1 drops=1 t=-5");
	g_assert_cmpint(comment.kind, ==, COMMENT_DROPS);
	g_assert_cmpuint(comment.dropped, ==, 1);
	g_assert_cmpint(comment.time_ns, ==, -5);
	const char *foreign[] = {
		"",
		"hello",
		"pktladder: ",
		"pktladder: 1 packet lost here | v=1 drops=0 t=1",
		"pktladder: 1 packet lost here | v=1 drops=x t=1",
		"pktladder: 1 packet lost here | v=1 drops=1",
		"pktladder: 1 packet lost here | v=1 drops=1 t=1 more",
		"pktladder: 1 packet lost here | v=2 drops=1 t=1",
		"pktladder: 1 packet lost here | v=1 drops=99999999999999999999 t=1",
	};
	for (gsize i = 0; i < G_N_ELEMENTS(foreign); i++)
		g_assert_cmpint(comment_parse(foreign[i], strlen(foreign[i])).kind, ==,
				COMMENT_FOREIGN);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scanner/comments", test_comments);
	g_test_add_func("/scanner/link-types", test_link_types);
	g_test_add_func("/scanner/other-packet-blocks", test_other_packet_blocks);
	g_test_add_func("/scanner/drops", test_drops);
	g_test_add_func("/scanner/hostile", test_hostile);
	g_test_add_func("/scanner/lost", test_lost);
	g_test_add_func("/scanner/byte-order-changes", test_byte_order_changes);
	g_test_add_func("/scanner/pcap", test_pcap);
	g_test_add_func("/scanner/comment-text", test_comment_text);
	return g_test_run();
}
