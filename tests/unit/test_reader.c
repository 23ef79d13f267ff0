/* SPDX-License-Identifier: MIT */
#include "capture/pcapng.h"
#include "capture/reader.h"
#include "../capture_file.h"

#include <glib/gstdio.h>
#include <pcap/pcap.h>
#include <string.h>
#include <unistd.h>

static void
commented_section(File *file)
{
	section_begin(file);
	comment(file, "a section of somebody else");
	block_end(file);
}

static void
statistics(File *file, guint32 interface_id)
{
	block_begin(file, 5);
	put_u32(file, interface_id);
	put_u64(file, 1);
}

/* One item as text, of packets with all that is told of them: "2 drops 5, ". */
static void
append(GString *text, guint packet, const CaptureItem *item)
{
	if (item->kind == CAPTURE_CALL)
		g_string_append_printf(text, "%u call %u, ", packet, item->call.id);
	else if (item->kind == CAPTURE_DROPS)
		g_string_append_printf(text, "%u drops %u, ", packet, (guint)item->dropped);
	else
		g_string_append_printf(text, "%u packet %u %u/%u \"%.*s\", ", packet,
				       item->packet.link_type, item->packet.captured,
				       item->packet.length, (int)MIN(item->packet.captured, 20),
				       (const char *)item->packet.data);
}

/* Gives the bytes in pieces as a pipe would; each time as many as there are. Returns all items
 * as text, *step the last one. */
static char *
read_in_pieces(const GByteArray *bytes, gsize piece, ReaderStep *step)
{
	g_autoptr(Reader) reader = reader_new(0);
	g_autoptr(GByteArray) held = g_byte_array_new();
	g_autoptr(GString) text = g_string_new(NULL);
	gboolean begun = FALSE;
	guint packet = 0;

	for (gsize at = 0; at < bytes->len; at += piece) {
		g_byte_array_append(held, bytes->data + at, MIN(piece, bytes->len - at));
		for (*step = READER_ITEM; *step == READER_ITEM;) {
			CaptureItem item;
			gsize used;
			gboolean gives = begun;
			*step = begun ? reader_next(reader, held->data, held->len, &used, &item)
				      : reader_begin(reader, held->data, held->len, &used);
			g_assert_cmpuint(used, <=, held->len);
			begun |= *step == READER_ITEM;
			if (gives && *step == READER_ITEM) {
				append(text, packet, &item);
				packet += item.kind == CAPTURE_PACKET;
			}
			g_byte_array_remove_range(held, 0, used);
		}
		if (*step == READER_BROKEN) {
			g_assert_nonnull(reader_problem(reader));
			break;
		}
	}
	if (begun && *step == READER_MORE)
		reader_is_damaged(reader, held->data, held->len);
	return g_string_free(g_steal_pointer(&text), FALSE);
}

/* The items that are no packets. */
static char *
beside(const char *text)
{
	g_auto(GStrv) items = g_strsplit(text, ", ", -1);
	g_autoptr(GString) result = g_string_new(NULL);

	for (guint i = 0; items[i]; i++)
		if (*items[i] && !strstr(items[i], " packet "))
			g_string_append_printf(result, "%s%s", result->len ? ", " : "", items[i]);
	return g_string_free(g_steal_pointer(&result), FALSE);
}

/* The file read in both byte orders and pieces of every kind. */
static void
check(void (*make)(File *file), const char *expected, const char *packets)
{
	const gsize pieces[] = { 1, 2, 3, 5, 7, 13, 64, 1000, G_MAXINT };

	for (guint swapped = 0; swapped < 2; swapped++) {
		g_autoptr(GByteArray) bytes = g_byte_array_new();
		g_autofree char *first = NULL;
		File file = { .bytes = bytes, .swapped = swapped };
		make(&file);
		for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++) {
			ReaderStep step;
			g_autofree char *found = read_in_pieces(bytes, pieces[i], &step);
			g_autofree char *others = beside(found);
			g_assert_cmpint(step, ==, READER_MORE);
			g_assert_cmpstr(others, ==, expected);
			g_assert_nonnull(strstr(found, packets));
			if (!first)
				first = g_strdup(found);
			g_assert_cmpstr(found, ==, first);
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

	commented_section(file);
	interface(file, 1, 0, -1);
	packet_begin(file, 0, 1, "abc", 3);
	block_end(file);
	packet_begin(file, 0, 1, "abcde", 5);
	comment(file, "not ours");
	comment(file, drops_text);
	comment(file, longest);
	comment(file, call_text);
	comment(file, "");
	put_u32(file, 0);
	block_end(file);
	statistics(file, 0);
	comment(file, call_text);
	block_end(file);
	packet_begin(file, 0, 1, "", 0);
	comment(file, call_text);
	put_u32(file, 0);
	comment(file, call_text); /* behind the end of the options */
	block_end(file);
}

static void
test_comments(void)
{
	check(comments_file, "1 drops 12, 1 call 77, 2 call 77, 2 call 77",
	      "1 packet 1 5/5 \"abcde\"");
}

static void
links_file(File *file)
{
	commented_section(file);
	interface(file, 101, 65535, -1);
	interface(file, 1, 96, -1);
	interface(file, 101, 0, -1);
	packet_begin(file, 0, 1, "raw", 3);
	block_end(file);
	packet_begin(file, 2, 1, "raw", 3);
	block_end(file);
	packet_begin(file, 1, 1, "ethernet", 8);
	block_end(file);
	block_begin(file, 0xbad); /* somebody's own block */
	put_padded(file, "whatever it is", 14);
	block_end(file);
	packet_begin(file, 0, 1, "raw", 3);
	block_end(file);
	commented_section(file);
	interface(file, 1, 1, -1);
	packet_begin(file, 0, 1, "ethernet", 8);
	block_end(file);
}

/* What libpcap alone refuses. */
static void
test_link_types(void)
{
	check(links_file, "",
	      "0 packet 101 3/3 \"raw\", 1 packet 101 3/3 \"raw\", 2 packet 1 8/8 \"ethernet\", "
	      "3 packet 101 3/3 \"raw\", 4 packet 1 8/8 \"ethernet\"");
}

static void
simple_file(File *file)
{
	commented_section(file);
	interface(file, 1, 8, -1);
	block_begin(file, 3); /* simple packet: 100 bytes on the wire, 8 here */
	put_u32(file, 100);
	put_padded(file, "12345678", 8);
	block_end(file);
	block_begin(file, 3);
	put_u32(file, 3);
	put_padded(file, "123", 3);
	block_end(file);
	block_begin(file, 2); /* old packet block, 4 lost */
	put_u16(file, 0);
	put_u16(file, 4);
	put_u64(file, 1);
	put_u32(file, 3);
	put_u32(file, 3);
	put_padded(file, "123", 3);
	block_end(file);
	block_begin(file, 2);
	put_u16(file, 0);
	put_u16(file, 0xffff); /* not known */
	put_u64(file, 1);
	put_u32(file, 0);
	put_u32(file, 3);
	block_end(file);
}

static void
test_other_packet_blocks(void)
{
	check(simple_file, "2 drops 4", "0 packet 1 8/100 \"12345678\", 1 packet 1 3/3 \"123\", ");
}

static void
drops_file(File *file)
{
	g_autofree char *told = drops_to_comment(1, 7);

	commented_section(file);
	interface(file, 1, 0, -1);
	interface(file, 1, 0, -1);
	packet_begin(file, 0, 1, "a", 1);
	number(file, 4, 2); /* epb_dropcount */
	block_end(file);
	packet_begin(file, 0, 1, "b", 1);
	number(file, 4, 0);
	comment(file, told);
	block_end(file);
	statistics(file, 0);
	number(file, 4, 1000); /* isb_ifrecv: no loss */
	number(file, 5, 9);    /* isb_ifdrop: the 2 and 7 that were told */
	block_end(file);
	statistics(file, 1);
	number(file, 5, 3);
	number(file, 7, 2); /* isb_osdrop */
	block_end(file);
	statistics(file, 1);
	number(file, 5, 3);
	number(file, 7, 3);
	block_end(file);
}

static void
test_drops(void)
{
	check(drops_file, "0 drops 2, 1 drops 7, 2 drops 3, 2 drops 2, 2 drops 1",
	      "1 packet 1 1/1 \"b\"");
}

/* Lengths that lie: no crash, and the same however the bytes come. */
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
		g_autoptr(GByteArray) broken = g_byte_array_new();
		ReaderStep steps[2];
		g_byte_array_append(broken, bytes->data, bytes->len);
		for (guint i = 0; i < 1 + round % 5; i++)
			broken->data[g_rand_int_range(random, round % 2 ? 0 : 60000, broken->len)] =
			    g_rand_boolean(random) ? 0xff : (guint8)g_rand_int(random);
		if (!reader_knows(broken->data, broken->len))
			continue;
		g_autofree char *whole = read_in_pieces(broken, broken->len, &steps[0]);
		g_autofree char *parts =
		    read_in_pieces(broken, g_rand_int_range(random, 1, 3000), &steps[1]);
		g_assert_cmpstr(whole, ==, parts);
		g_assert_cmpint(steps[0], ==, steps[1]);
	}
}

/* What cannot be read is given up, not waited for. */
static void
test_broken(void)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	File file = { .bytes = bytes };
	ReaderStep step;

	commented_section(&file);
	interface(&file, 1, 0, -1);
	put_u32(&file, 6);
	put_u32(&file, 0x7ffffff0);
	put_u32(&file, 0);
	g_free(read_in_pieces(bytes, 1, &step));
	g_assert_cmpint(step, ==, READER_BROKEN);
}

/* An interface whose options are damaged may have said there how its times count. */
static void
test_damaged_interface(void)
{
	static const guint16 lengths[] = { 0xf0, 2 }; /* of a name, of a resolution */

	for (guint i = 0; i < G_N_ELEMENTS(lengths); i++) {
		g_autoptr(GByteArray) bytes = g_byte_array_new();
		File file = { .bytes = bytes };
		ReaderStep step;

		commented_section(&file);
		block_begin(&file, 1);
		put_u32(&file, 1);
		put_u32(&file, 65535);
		put_u16(&file, i == 0 ? 2 : 9);
		put_u16(&file, lengths[i]);
		put_padded(&file, "\x09\x09", 2);
		block_end(&file);
		packet_begin(&file, 0, 1, "1234", 4);
		block_end(&file);
		g_free(read_in_pieces(bytes, 1, &step));
		g_assert_cmpint(step, ==, READER_BROKEN);
	}
}

/* As libpcap: the first section's second length is not looked at. */
static void
test_first_section(void)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	File file = { .bytes = bytes };
	ReaderStep step;

	commented_section(&file);
	memset(bytes->data + bytes->len - 4, 0, 4);
	interface(&file, 1, 0, -1);
	packet_begin(&file, 0, 1, "1234", 4);
	block_end(&file);
	g_autofree char *items = read_in_pieces(bytes, 1, &step);
	g_assert_cmpstr(items, ==, "0 packet 1 4/4 \"1234\", ");
}

/* Sections of both byte orders in one file. */
static void
mixed_file(File *file)
{
	simple_file(file);
	file->swapped = !file->swapped;
	simple_file(file);
}

static void
test_byte_order_changes(void)
{
	check(mixed_file, "2 drops 4, 6 drops 4",
	      "4 packet 1 8/100 \"12345678\", 5 packet 1 3/3 \"123\", ");
}

/* libpcap's own words and numbers -------------------------------------------- */

typedef struct {
	pcap_t *pcap;
	struct pcap_pkthdr *header;
	const guint8 *data;
} Theirs;

static gint64
time_of(const Theirs *theirs)
{
	return theirs->header->ts.tv_sec * G_GINT64_CONSTANT(1000000000) +
	       theirs->header->ts.tv_usec;
}

/* Packet by packet: all that libpcap gives, and an end where it has one. It cuts packets at the
 * snapshot length, and where it breaks off more may come. Returns how many were compared. */
static guint
compare(const char *path, GByteArray *bytes, gboolean damaged)
{
	char words[PCAP_ERRBUF_SIZE];
	g_autoptr(Reader) reader = reader_new(0);
	Theirs theirs = { .pcap = pcap_open_offline_with_tstamp_precision(
			      path, PCAP_TSTAMP_PRECISION_NANO, words) };
	CaptureItem item;
	Packet again;
	gsize at = 0, used;
	int status;
	guint n = 0;

	if (!theirs.pcap)
		return 0;
	/* of the first section libpcap does not look at the second length */
	ReaderStep step = reader_begin(reader, bytes->data, bytes->len, &at);
	g_assert_true(step == READER_ITEM || damaged);
	if (step != READER_ITEM) {
		pcap_close(theirs.pcap);
		return 0;
	}
	guint snapshot_length = pcap_snapshot(theirs.pcap);
	guint16 link_type = link_type_from_dlt(pcap_datalink(theirs.pcap));
	while ((status = pcap_next_ex(theirs.pcap, &theirs.header, &theirs.data)) == 1) {
		do {
			g_assert_cmpint(
			    reader_next(reader, bytes->data + at, bytes->len - at, &used, &item),
			    ==, READER_ITEM);
			at += used;
		} while (item.kind != CAPTURE_PACKET);
		g_assert_cmpmem(item.packet.data, MIN(item.packet.captured, snapshot_length),
				theirs.data, theirs.header->caplen);
		g_assert_cmpuint(item.packet.length, ==, theirs.header->len);
		g_assert_cmpuint(item.packet.link_type, ==, link_type);
		if (theirs.header->ts.tv_sec >= 0 && theirs.header->ts.tv_sec < G_MAXUINT32 &&
		    theirs.header->ts.tv_usec >= 0)
			g_assert_cmpint(item.packet.time_ns, ==, time_of(&theirs));
		g_assert_cmpint(reader_fetch(reader, item.offset, bytes->data + item.offset,
					     bytes->len - item.offset, &again, &used),
				==, READER_ITEM);
		g_assert_true(again.data == item.packet.data);
		g_assert_cmpint(again.time_ns, ==, item.packet.time_ns);
		n++;
	}
	if (status == PCAP_ERROR_BREAK) {
		while (reader_next(reader, bytes->data + at, bytes->len - at, &used, &item) ==
		       READER_ITEM) {
			g_assert_cmpint(item.kind, !=, CAPTURE_PACKET);
			at += used;
		}
		g_assert_cmpuint(at + used, ==, bytes->len);
	}
	pcap_close(theirs.pcap);
	return n;
}

/* Some bits are changed: what libpcap still gives is the same. Returns as compare(). */
static guint
compare_damaged(const GByteArray *bytes, guint32 seed)
{
	enum { ROUNDS = 20, SIZE_MAX_DAMAGED = 20000 };
	g_autoptr(GRand) random = g_rand_new_with_seed(seed);
	g_autofree char *path = NULL;
	guint packets = 0;

	if (bytes->len > SIZE_MAX_DAMAGED)
		return 0;
	int fd = g_file_open_tmp("reader-XXXXXX", &path, NULL);
	g_assert_cmpint(fd, >=, 0);
	close(fd);
	for (guint round = 0; round < ROUNDS; round++) {
		g_autoptr(GByteArray) damaged = g_byte_array_new();
		g_byte_array_append(damaged, bytes->data, bytes->len);
		for (guint i = 0; i < 1 + round % 4; i++)
			damaged->data[g_rand_int_range(random, 4, bytes->len)] ^=
			    1 << g_rand_int_range(random, 0, 8);
		g_assert_true(g_file_set_contents_full(path, (char *)damaged->data, damaged->len,
						       G_FILE_SET_CONTENTS_NONE, 0600, NULL));
		packets += compare(path, damaged, TRUE);
	}
	g_unlink(path);
	return packets;
}

static guint
compare_folder(const char *folder, guint *files, guint *damaged)
{
	g_autoptr(GDir) entries = g_dir_open(folder, 0, NULL);
	const char *name;
	guint packets = 0;

	while (entries && (name = g_dir_read_name(entries))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		char *contents;
		gsize n;
		if (!g_file_get_contents(path, &contents, &n, NULL))
			continue;
		g_autoptr(GByteArray) bytes = g_byte_array_new_take((guint8 *)contents, n);
		guint found = compare(path, bytes, FALSE);
		packets += found;
		*files += found > 0;
		if (found > 0)
			*damaged += compare_damaged(bytes, packets);
	}
	return packets;
}

/* Every capture that libpcap can open. */
static void
test_agrees_with_libpcap(void)
{
	static const char *const folders[] = { "captures", "../shared/captures",
					       "../shared/captures/malformed" };
	guint files = 0, packets = 0, damaged = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
		g_autofree char *folder = g_build_filename(SOURCE_DIR, folders[i], NULL);
		packets += compare_folder(folder, &files, &damaged);
	}
	g_test_message("%u packets of %u captures, and %u of damaged ones", packets, files,
		       damaged);
	g_assert_cmpuint(files, >, 5);
}

static void
test_comment_text(void)
{
	g_autofree char *one = drops_to_comment(-5, 1);
	CaptureItem item;

	g_assert_cmpstr(one, ==, "pktladder: 1 packet lost here | v=1 drops=1 t=-5");
	g_assert_true(comment_parse(one, strlen(one), &item));
	g_assert_cmpint(item.kind, ==, CAPTURE_DROPS);
	g_assert_cmpuint(item.dropped, ==, 1);
	g_assert_cmpint(item.time_ns, ==, -5);
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
		g_assert_false(comment_parse(foreign[i], strlen(foreign[i]), &item));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/reader/comments", test_comments);
	g_test_add_func("/reader/link-types", test_link_types);
	g_test_add_func("/reader/other-packet-blocks", test_other_packet_blocks);
	g_test_add_func("/reader/drops", test_drops);
	g_test_add_func("/reader/hostile", test_hostile);
	g_test_add_func("/reader/broken", test_broken);
	g_test_add_func("/reader/damaged-interface", test_damaged_interface);
	g_test_add_func("/reader/first-section", test_first_section);
	g_test_add_func("/reader/byte-order-changes", test_byte_order_changes);
	g_test_add_func("/reader/agrees-with-libpcap", test_agrees_with_libpcap);
	g_test_add_func("/reader/comment-text", test_comment_text);
	return g_test_run();
}
