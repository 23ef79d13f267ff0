/* SPDX-License-Identifier: MIT */
#include "../capture_file.h"
#include "pktladder/store.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char *folder;

/* A capture whose packets were all added to its store, and to a spool, and are here. */
typedef struct {
	char *path;
	PacketStore *store, *spool;
	GArray *packets; /* with bytes of their own */
	GArray *offsets, *item_offsets, *spool_offsets;
} Kept;

static void
kept_clear(Kept *kept)
{
	g_free(kept->path);
	store_free(kept->store);
	store_free(kept->spool);
	g_array_unref(kept->packets);
	g_array_unref(kept->offsets);
	g_array_unref(kept->item_offsets);
	g_array_unref(kept->spool_offsets);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Kept, kept_clear)

static void
packet_clear(gpointer packet)
{
	g_free((guint8 *)((Packet *)packet)->data);
}

static Kept
keep(Capture *capture, const char *path)
{
	Kept kept = { .path = g_strdup(path) };
	g_autoptr(GError) error = NULL;
	CaptureItem item;
	guint64 offset;

	kept.store = store_new(capture, &error);
	g_assert_no_error(error);
	kept.spool = store_new_spool(0, NULL);
	kept.packets = g_array_new(FALSE, FALSE, sizeof(Packet));
	g_array_set_clear_func(kept.packets, packet_clear);
	kept.offsets = g_array_new(FALSE, FALSE, sizeof(guint64));
	kept.item_offsets = g_array_new(FALSE, FALSE, sizeof(guint64));
	kept.spool_offsets = g_array_new(FALSE, FALSE, sizeof(guint64));
	for (capture_next(capture, &item); item.kind != CAPTURE_END; capture_next(capture, &item)) {
		if (item.kind != CAPTURE_PACKET)
			continue;
		g_assert_true(store_add(kept.store, &item.packet, item.offset, &offset, &error));
		g_assert_no_error(error);
		g_array_append_val(kept.offsets, offset);
		g_array_append_val(kept.item_offsets, item.offset);
		g_assert_true(store_add(kept.spool, &item.packet, item.offset, &offset, NULL));
		g_array_append_val(kept.spool_offsets, offset);
		item.packet.data = g_memdup2(item.packet.data, item.packet.captured);
		g_array_append_val(kept.packets, item.packet);
	}
	return kept;
}

static Kept
keep_file(const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Capture) capture = capture_open_file(path, NULL, &error);

	g_assert_no_error(error);
	return keep(capture, path);
}

static char *
write_file(const char *name, const File *file)
{
	char *path = g_build_filename(folder, name, NULL);

	g_assert_true(
	    g_file_set_contents(path, (const char *)file->bytes->data, file->bytes->len, NULL));
	return path;
}

static gboolean
fetch(const Kept *kept, guint i, Packet *found, GError **error)
{
	return store_fetch(kept->store, g_array_index(kept->offsets, guint64, i), found, error);
}

static void
assert_same(const Packet *found, const Packet *expected)
{
	g_assert_cmpuint(found->length, ==, expected->length);
	g_assert_cmpuint(found->link_type, ==, expected->link_type);
	g_assert_cmpmem(found->data, found->captured, expected->data, expected->captured);
}

static void
assert_kept(const Kept *kept, guint i)
{
	const Packet *expected = &g_array_index(kept->packets, Packet, i);
	g_autoptr(GError) error = NULL;
	Packet found;

	g_assert_true(fetch(kept, i, &found, &error));
	g_assert_no_error(error);
	assert_same(&found, expected);
	g_assert_true(found.time_ns == expected->time_ns || expected->time_ns < 0);
	g_assert_true(store_fetch(kept->spool, g_array_index(kept->spool_offsets, guint64, i),
				  &found, &error));
	assert_same(&found, expected);
	g_assert_cmpint(found.time_ns, ==, MAX(expected->time_ns, 0));
}

/* In order, and in any. */
static void
assert_all_kept(const Kept *kept)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(5);
	guint n = kept->offsets->len;

	for (guint i = 0; i < n; i++)
		assert_kept(kept, i);
	for (guint i = 0; i < MIN(n, 1000); i++)
		assert_kept(kept, g_rand_int_range(random, 0, n));
}

/* TRUE where the packets come from the file: at the places where the reader met them. */
static gboolean
is_from_file(const Kept *kept)
{
	return kept->offsets->len > 1 && memcmp(kept->offsets->data, kept->item_offsets->data,
						kept->offsets->len * sizeof(guint64)) == 0;
}

static void
check(const File *file, guint packets)
{
	g_autofree char *path = write_file("store", file);
	g_auto(Kept) kept = keep_file(path);

	g_assert_cmpuint(kept.offsets->len, ==, packets);
	g_assert_true(is_from_file(&kept));
	assert_all_kept(&kept);
}

/* Every form of pcap, and times that go backwards, lie in 2106, or have more
 * microseconds than a second has. */
static void
test_pcap(void)
{
	static const guint32 magics[] = { PCAP_MICROSECONDS, PCAP_NANOSECONDS };

	for (guint i = 0; i < 2 * G_N_ELEMENTS(magics); i++) {
		g_auto(File) file = file_new(i % 2);
		pcap_header(&file, magics[i / 2], 100, 1);
		pcap_packet(&file, 1700000000, 999999, 70, 70);
		pcap_packet(&file, 1600000000, 0, 0, 60);
		pcap_packet(&file, G_MAXUINT32, 999999999, 5, 5);
		pcap_packet(&file, 0, G_MAXUINT32, 5, 500);
		pcap_packet(&file, 1, 0, 262144, 262144);
		pcap_packet(&file, 2, 0, 30000, G_MAXUINT32);
		pcap_packet(&file, 3, 0, 1, 1);
		check(&file, 7);
	}
}

/* The versions that have the lengths of a packet the other way round. */
static void
test_old_pcap(void)
{
	static const guint16 versions[][2] = { { 2, 2 }, { 2, 3 }, { 543, 0 }, { 2, 4 } };

	for (guint i = 0; i < G_N_ELEMENTS(versions); i++) {
		g_auto(File) file = file_new(FALSE);
		gboolean exchanged = versions[i][1] != 4;
		pcap_header(&file, PCAP_MICROSECONDS, 65535, 1);
		memcpy(file.bytes->data + 4, versions[i], sizeof(versions[i]));
		for (guint n = 0; n < 3; n++) {
			guint at = file.bytes->len;
			guint32 lengths[] = { 100, 40 + n };
			pcap_packet(&file, n, n, 40 + n, 100);
			if (exchanged)
				memcpy(file.bytes->data + at + 8, lengths, sizeof(lengths));
		}
		check(&file, 3);
	}
}

/* Kuznetzov's: 24 bytes before each packet. */
static void
test_patched_pcap(void)
{
	for (guint swapped = 0; swapped < 2; swapped++) {
		g_auto(File) file = file_new(swapped);
		pcap_header(&file, 0xa1b2cd34, 65535, 1);
		for (guint n = 0; n < 3; n++) {
			pcap_packet(&file, n, n, 0, 40);
			guint32 captured = n + 1;
			captured = swapped ? GUINT32_SWAP_LE_BE(captured) : captured;
			memcpy(file.bytes->data + file.bytes->len - 8, &captured, 4);
			put(&file, "\0\0\0\0\0\0\0\0abc", 8 + n + 1);
		}
		check(&file, 3);
	}
}

/* Packets longer than are given: what follows them is found nevertheless. */
static void
test_longer_than_any(void)
{
	enum { DBUS = 231 };
	g_auto(File) file = file_new(FALSE);

	pcap_header(&file, PCAP_MICROSECONDS, 1000, DBUS);
	pcap_packet(&file, 1, 0, 10, 10);
	pcap_packet(&file, 2, 0, 300000, 300000);
	pcap_packet(&file, 3, 0, 20, 20);
	pcap_packet(&file, 4, 0, 262145, 262145);
	pcap_packet(&file, 5, 0, 30, 30);
	check(&file, 5);
}

/* A block with a packet of `n` bytes, all that its kind says. */
static void
block(File *file, guint32 type, guint32 interface_id, guint64 time, guint32 n, guint32 length)
{
	guint32 size = (type == 3 ? 16 : 32) + ((n + 3) & ~3u);

	put_u32(file, type);
	put_u32(file, size);
	if (type == 2) {
		put_u16(file, interface_id);
		put_u16(file, 0xffff);
	} else if (type == 6) {
		put_u32(file, interface_id);
	}
	if (type != 3) {
		put_u32(file, time >> 32);
		put_u32(file, (guint32)time);
		put_u32(file, n);
	}
	put_u32(file, length);
	for (guint32 i = 0; i < ((n + 3) & ~3u); i++)
		put(file, &(guint8){ (guint8)(i * 7) }, 1);
	put_u32(file, size);
}

/* if_tsoffset on an interface of its own */
static void
offset_interface(File *file, gint64 seconds)
{
	put_u32(file, 1);
	put_u32(file, 36);
	put_u16(file, 1);
	put_u16(file, 0);
	put_u32(file, 0);
	put_u16(file, 14);
	put_u16(file, 8);
	if (file->swapped)
		seconds = (gint64)GUINT64_SWAP_LE_BE((guint64)seconds);
	put(file, &seconds, sizeof(seconds));
	put_u32(file, 0);
	put_u32(file, 36);
}

/* Interfaces that differ in everything, in two sections, with all kinds of packet blocks. */
static void
test_pcapng(void)
{
	static const guint8 resolutions[] = { 0,    3,    6,    8,    9,    10,   12,   19,
					      0x80, 0x81, 0x8a, 0x9d, 0x9e, 0xa0, 0xa8, 0xbf };

	for (guint swapped = 0; swapped < 2; swapped++) {
		g_auto(File) file = file_new(swapped);
		guint n = G_N_ELEMENTS(resolutions), packets = 0;
		for (guint sections = 0; sections < 2; sections++) {
			section(&file);
			for (guint i = 0; i < n; i++)
				interface(&file, i % 3 ? 1 : 101, i ? 65535 : 8, resolutions[i]);
			offset_interface(&file, sections ? -100 : 1700000000);
			for (guint i = 0; i <= n; i++) {
				block(&file, 6, i, 0x0005555555555555 * (i + 1), i, 2 * i);
				block(&file, 2, i, 1700000000123456789, 3 * i, 3 * i);
				block(&file, 6, i, G_MAXUINT64, 1, 1);
				packets += 3;
			}
			block(&file, 3, 0, 0, 8, 100); /* cut at the snapshot length */
			block(&file, 3, 0, 0, 3, 3);
			offset_interface(&file, 7);
			block(&file, 6, n + 1, 4294967297000000, 30000, 40000); /* 2106 */
			packets += 3;
		}
		block(&file, 3, 0, 0, 0, 0); /* the shortest block of all at the end */
		check(&file, packets + 1);
	}
}

/* Many more than one window. */
static void
test_many(void)
{
	g_auto(File) file = file_new(FALSE);

	section(&file);
	interface(&file, 1, 0, 9);
	for (guint i = 0; i < 20000; i++)
		block(&file, 6, 0, i, i % 97, i % 97);
	check(&file, 20000);
}

/* Wherever it is asked to read, it says no or gives what is within bounds. */
static void
test_bad_offsets(void)
{
	File files[] = { file_new(FALSE), file_new(FALSE) };
	Packet found;

	pcap_header(&files[0], PCAP_MICROSECONDS, 65535, 1);
	for (guint i = 0; i < 100; i++)
		pcap_packet(&files[0], i, i, i, i);
	section(&files[1]);
	interface(&files[1], 1, 0, 9);
	for (guint i = 0; i < 100; i++)
		block(&files[1], 6, 0, i, i, i);
	for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path = write_file("offsets", &files[i]);
		g_auto(Kept) kept = keep_file(path);
		for (guint64 at = 0; at < files[i].bytes->len + 100; at++) {
			g_autoptr(GError) error = NULL;
			gboolean ok = store_fetch(kept.store, at, &found, &error);
			g_assert_true(ok == (error == NULL));
			guint sum = 0;
			for (guint k = 0; ok && k < found.captured; k++)
				sum += found.data[k];
			g_assert_cmpuint(sum, <, G_MAXINT);
		}
		g_assert_false(store_fetch(kept.store, G_MAXUINT64, &found, NULL));
		assert_all_kept(&kept);
		file_clear(&files[i]);
	}
}

/* Bytes of the file are changed at random: whatever is then made of it,
 * what is fetched is the same. */
static void
test_mutated(void)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(3);
	guint packets = 0;

	for (guint i = 0; i < 600; i++) {
		g_auto(File) file = file_new(i & 1);
		if (i & 2) {
			section(&file);
			interface(&file, 1, 65535, 9);
			interface(&file, 101, 40, 0x8a);
			for (guint k = 0; k < 30; k++)
				block(&file, k % 3 ? 6 : 2 + k % 2, k % 2, k * 1000, k, k);
		} else {
			pcap_header(&file, PCAP_MICROSECONDS, 65535, 1);
			for (guint k = 0; k < 30; k++)
				pcap_packet(&file, k, k, k, k);
		}
		for (guint k = 0; k < 3; k++)
			file.bytes->data[g_rand_int_range(random, 8, file.bytes->len)] ^=
			    1 << g_rand_int_range(random, 0, 8);
		g_autofree char *path = write_file("mutated", &file);
		g_autoptr(Capture) capture = capture_open_file(path, NULL, NULL);
		if (!capture)
			continue;
		g_auto(Kept) kept = keep(capture, path);
		packets += kept.offsets->len;
		assert_all_kept(&kept);
	}
	g_assert_cmpuint(packets, >, 600 * 5);
}

/* What does not fit 40 bits is refused, not cut. */
static void
test_far_offset(void)
{
	g_auto(File) file = file_new(FALSE);
	g_autoptr(GError) error = NULL;
	Packet some = { .data = (const guint8 *)"" };
	guint64 offset = 5;

	pcap_header(&file, PCAP_MICROSECONDS, 65535, 1);
	g_autofree char *path = write_file("far", &file);
	g_auto(Kept) kept = keep_file(path);
	g_assert_true(store_add(kept.store, &some, STORE_OFFSET_END - 1, &offset, NULL));
	g_assert_cmpuint(offset, ==, STORE_OFFSET_END - 1);
	g_assert_false(store_add(kept.store, &some, STORE_OFFSET_END, &offset, &error));
	g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
	g_assert_false(store_add(kept.store, &some, CAPTURE_NO_OFFSET, &offset, NULL));
}

static void
make_packets(File *file, guint32 first_second)
{
	pcap_header(file, PCAP_MICROSECONDS, 65535, 1);
	for (guint i = 0; i < 1000; i++)
		pcap_packet(file, first_second + i, 0, 200, 200);
}

/* Whatever happens to the file: what is there is given, what is not is an error. */
static void
test_file_changes(void)
{
	g_auto(File) file = file_new(FALSE), other = file_new(FALSE);
	g_autoptr(GError) error = NULL;
	Packet found;

	make_packets(&file, 1000);
	make_packets(&other, 2000);
	g_autofree char *path = write_file("changes", &file);
	g_auto(Kept) kept = keep_file(path);

	/* it grows */
	int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	g_assert_cmpint(write(fd, "more", 4), ==, 4);
	assert_all_kept(&kept);

	/* it shrinks */
	g_assert_cmpint(ftruncate(fd, file.bytes->len / 2), ==, 0);
	assert_kept(&kept, 10);
	g_assert_false(fetch(&kept, 900, &found, &error));
	g_assert_nonnull(strstr(error->message, "shrank"));
	g_assert_nonnull(strstr(error->message, path));
	g_clear_error(&error);
	assert_kept(&kept, 10);

	/* another is written into it */
	g_assert_cmpint(ftruncate(fd, 0), ==, 0);
	g_assert_cmpint(write(fd, other.bytes->data, other.bytes->len), ==, other.bytes->len);
	g_assert_false(fetch(&kept, 900, &found, &error));
	g_assert_nonnull(strstr(error->message, "overwritten"));
	close(fd);
}

/* It is replaced, moved or removed: what is open stays. */
static void
test_file_goes(void)
{
	g_auto(File) file = file_new(FALSE), other = file_new(FALSE);

	make_packets(&file, 1000);
	make_packets(&other, 2000);
	g_autofree char *path = write_file("goes", &file);
	g_autofree char *elsewhere = g_strconcat(path, ".old", NULL);
	g_auto(Kept) kept = keep_file(path);

	g_assert_cmpint(g_rename(path, elsewhere), ==, 0);
	g_autofree char *new_path = write_file("goes", &other);
	g_assert_cmpstr(new_path, ==, path);
	assert_all_kept(&kept);
	g_unlink(elsewhere);
	assert_all_kept(&kept);
}

/* Standard input that is a file, of which something else was read before. */
static int
read_input(const char *path)
{
	int fd = open(path, O_RDONLY);

	dup2(fd, STDIN_FILENO);
	close(fd);
	lseek(STDIN_FILENO, 4, SEEK_SET);
	g_autoptr(Capture) capture = capture_open_file("-", NULL, NULL);
	if (!capture)
		return 1;
	g_auto(Kept) kept = keep(capture, path);
	g_clear_pointer(&capture, capture_free);
	assert_all_kept(&kept);
	return is_from_file(&kept) && kept.offsets->len == 1000 &&
		       g_array_index(kept.offsets, guint64, 0) == 28
		   ? 0
		   : 2;
}

static void
in_child(int (*test)(const char *path), const char *path)
{
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(test(path));
	g_assert_cmpint(waitpid(child, &status, 0), ==, child);
	g_assert_true(WIFEXITED(status));
	g_assert_cmpint(WEXITSTATUS(status), ==, 0);
}

static void
test_standard_input(void)
{
	g_auto(File) file = file_new(FALSE);

	put(&file, "junk", 4);
	make_packets(&file, 1000);
	g_autofree char *path = write_file("input", &file);
	in_child(read_input, path);
}

/* A pipe's packets go to a spool. */
static void
test_pipe(void)
{
	g_auto(File) file = file_new(FALSE);
	int ends[2];

	pcap_header(&file, PCAP_MICROSECONDS, 65535, 1);
	for (guint i = 0; i < 100; i++)
		pcap_packet(&file, i, 0, i, i);
	g_assert_cmpint(pipe2(ends, O_CLOEXEC), ==, 0);
	g_assert_cmpint(write(ends[1], file.bytes->data, file.bytes->len), ==, file.bytes->len);
	close(ends[1]);
	g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", ends[0]);
	g_auto(Kept) kept = keep_file(path);
	close(ends[0]);
	g_assert_cmpuint(kept.offsets->len, ==, 100);
	g_assert_false(is_from_file(&kept));
	assert_all_kept(&kept);
}

static Recording *
record_into(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	return recording_new(fd, path, FALSE, 1, 0, NULL, NULL);
}

/* What is recorded is seen again from there: in memory, in the file, and when it is closed. */
static void
test_recorded(void)
{
	g_autofree char *path = g_build_filename(folder, "recorded", NULL);
	g_autofree char *elsewhere = g_build_filename(folder, "elsewhere", NULL);
	g_autoptr(Recording) recording = record_into(path);
	PacketStore *fallback = store_new_spool(0, NULL);
	g_autoptr(PacketStore) store = NULL;
	guint64 offsets[1000];
	guint8 bytes[1000];
	Packet some = { .data = bytes, .length = 2000, .link_type = 1 }, found;

	g_assert_true(g_file_set_contents(elsewhere, "", 0, NULL));
	g_assert_true(store_new_recording(recording, elsewhere, fallback) == fallback);
	store = store_new_recording(recording, path, fallback);
	g_assert_true(store != fallback);
	for (guint i = 0; i < 1000; i++) {
		memset(bytes, (guint8)i, sizeof(bytes));
		some.time_ns = some.captured = i;
		g_assert_true(recording_add_drops(recording, i, i, NULL));
		g_assert_true(recording_add_packet(recording, &some, NULL));
		g_assert_true(store_add(store, &some, CAPTURE_NO_OFFSET, &offsets[i], NULL));
		if (i % 100 == 50)
			g_assert_true(recording_flush(recording, NULL));
		g_assert_true(store_fetch(store, offsets[i / 2], &found, NULL));
		g_assert_cmpint(found.time_ns, ==, i / 2);
	}
	g_assert_true(recording_close(recording, NULL));
	g_clear_pointer(&recording, recording_free);
	for (guint i = 0; i < 1000; i++) {
		memset(bytes, (guint8)i, sizeof(bytes));
		g_assert_true(store_fetch(store, offsets[i], &found, NULL));
		g_assert_cmpmem(found.data, found.captured, bytes, i);
	}
	/* it was given up: what comes now is kept elsewhere */
	for (guint i = 0; i < 100; i++) {
		memset(bytes, (guint8)i, sizeof(bytes));
		g_assert_true(store_add(store, &some, CAPTURE_NO_OFFSET, &offsets[i], NULL));
	}
	for (guint i = 0; i < 200; i++) {
		memset(bytes, (guint8)i, sizeof(bytes));
		g_assert_true(store_fetch(store, offsets[i], &found, NULL));
		g_assert_cmpmem(found.data, found.captured, bytes, i < 100 ? some.captured : i);
	}
	/* and somebody empties the recording */
	g_assert_cmpint(truncate(path, 100), ==, 0);
	g_assert_false(store_fetch(store, offsets[910], &found, NULL));
	g_assert_true(store_fetch(store, offsets[10], &found, NULL));
}

static void
record_some(Recording *recording, PacketStore *store, gint64 first_ns, guint64 offsets[100])
{
	guint8 bytes[1000] = { 0 };
	Packet some = {
		.data = bytes, .captured = sizeof bytes, .length = sizeof bytes, .link_type = 1
	};

	for (guint i = 0; i < 100; i++) {
		some.time_ns = first_ns + i;
		g_assert_true(recording_add_packet(recording, &some, NULL));
		if (store)
			g_assert_true(
			    store_add(store, &some, CAPTURE_NO_OFFSET, &offsets[i], NULL));
		if (i == 10)
			g_assert_true(recording_flush(recording, NULL));
	}
	g_assert_true(recording_close(recording, NULL));
}

/* Another recording is made in the place of ours: its packets are not taken for ours. */
static void
test_recorded_over(void)
{
	g_autofree char *path = g_build_filename(folder, "recorded-over", NULL);
	g_autoptr(Recording) recording = record_into(path), other = NULL;
	g_autoptr(PacketStore) store = store_new_recording(recording, path, NULL);
	g_autoptr(GError) error = NULL;
	guint64 offsets[100];
	Packet found;

	record_some(recording, store, 1000, offsets);
	other = record_into(path);
	record_some(other, NULL, 2000, NULL);
	g_assert_false(store_fetch(store, offsets[50], &found, &error));
	g_assert_nonnull(strstr(error->message, "overwritten"));
}

/* A disk that is full while spooling: what is kept stays, and all else is said. */
static int
fill_up(const char *path)
{
	struct rlimit limit;
	g_autoptr(GError) error = NULL;
	g_autoptr(PacketStore) store = store_new_spool(0, NULL);
	g_autoptr(GArray) offsets = g_array_new(FALSE, FALSE, sizeof(guint64));
	guint8 bytes[1000] = { 0 };
	Packet some = { .data = bytes, .captured = sizeof(bytes), .length = sizeof(bytes) }, found;
	guint64 offset;

	(void)path;
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = 700 * 1000;
	setrlimit(RLIMIT_FSIZE, &limit);
	for (some.time_ns = 0; some.time_ns < 5000; some.time_ns++) {
		if (!store_add(store, &some, CAPTURE_NO_OFFSET, &offset, &error))
			break;
		g_array_append_val(offsets, offset);
	}
	if (!error || some.time_ns < 600 || !strstr(error->message, "TMPDIR="))
		return 1;
	for (guint i = 0; i < offsets->len; i++)
		if (!store_fetch(store, g_array_index(offsets, guint64, i), &found, NULL) ||
		    found.time_ns != i)
			return 2;
	return 0;
}

static void
test_full_disk(void)
{
	in_child(fill_up, NULL);
}

/* Captures of others. */
static void
test_shared_captures(void)
{
	g_autofree char *path = g_build_filename(SOURCE_DIR, "..", "shared", "captures", NULL);
	g_autoptr(GDir) entries = g_dir_open(path, 0, NULL);
	const char *name;
	guint from_file = 0, packets = 0;

	if (!entries) {
		g_test_skip("shared/captures is not here");
		return;
	}
	while ((name = g_dir_read_name(entries))) {
		g_autofree char *file = g_build_filename(path, name, NULL);
		struct stat status;
		g_autoptr(Capture) capture = NULL;
		if (stat(file, &status) != 0 || !S_ISREG(status.st_mode) ||
		    status.st_size > 20 * 1000 * 1000 ||
		    !(capture = capture_open_file(file, NULL, NULL)) || capture_fd(capture) >= 0)
			continue;
		g_auto(Kept) kept = keep(capture, file);
		g_clear_pointer(&capture, capture_free);
		from_file += is_from_file(&kept);
		packets += kept.offsets->len;
		assert_all_kept(&kept);
	}
	g_test_message("%u captures, %u packets", from_file, packets);
	g_assert_cmpuint(from_file, >, 20);
}

static void
remove_folder(void)
{
	g_autoptr(GDir) entries = g_dir_open(folder, 0, NULL);
	const char *name;

	while ((name = g_dir_read_name(entries))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		g_unlink(path);
	}
	g_rmdir(folder);
	g_free(folder);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*test)(void);
	} tests[] = {
		{ "pcap", test_pcap },
		{ "old-pcap", test_old_pcap },
		{ "patched-pcap", test_patched_pcap },
		{ "longer-than-any", test_longer_than_any },
		{ "pcapng", test_pcapng },
		{ "many", test_many },
		{ "bad-offsets", test_bad_offsets },
		{ "mutated", test_mutated },
		{ "far-offset", test_far_offset },
		{ "file-changes", test_file_changes },
		{ "file-goes", test_file_goes },
		{ "standard-input", test_standard_input },
		{ "pipe", test_pipe },
		{ "recorded", test_recorded },
		{ "recorded-over", test_recorded_over },
		{ "full-disk", test_full_disk },
		{ "shared-captures", test_shared_captures },
	};

	g_test_init(&argc, &argv, NULL);
	folder = g_dir_make_tmp("store-XXXXXX", NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
		g_autofree char *path = g_strconcat("/store/", tests[i].name, NULL);
		g_test_add_func(path, tests[i].test);
	}
	int status = g_test_run();
	remove_folder();
	return status;
}
