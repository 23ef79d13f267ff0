/* SPDX-License-Identifier: MIT */
#include "../capture_file.h"
#include "pktladder/capture.h"
#include "pktladder/recording.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static char *folder;

static const struct {
	const char *name, *expander;
	int (*add)(struct archive *archive);
} compressions[] = {
	{ "gzip", "zcat", archive_write_add_filter_gzip },
	{ "zstd", "zstdcat", archive_write_add_filter_zstd },
	{ "xz", "xzcat", archive_write_add_filter_xz },
	{ "lz4", "lz4cat", archive_write_add_filter_lz4 },
	{ "bzip2", "bzcat", archive_write_add_filter_bzip2 },
};

static GByteArray *
compress(gsize kind, const void *bytes, gsize n)
{
	struct archive *archive = archive_write_new();
	struct archive_entry *entry = archive_entry_new();
	gsize room = n + n / 4 + 64 * 1024, used = 0;
	GByteArray *result = g_byte_array_sized_new(room);

	g_byte_array_set_size(result, room);
	g_assert_cmpint(compressions[kind].add(archive), ==, ARCHIVE_OK);
	archive_write_set_format_raw(archive);
	archive_write_set_bytes_per_block(archive, 0);
	g_assert_cmpint(archive_write_open_memory(archive, result->data, room, &used), ==,
			ARCHIVE_OK);
	archive_entry_set_filetype(entry, S_IFREG);
	g_assert_cmpint(archive_write_header(archive, entry), ==, ARCHIVE_OK);
	g_assert_cmpint(archive_write_data(archive, bytes, n), ==, n);
	g_assert_cmpint(archive_write_close(archive), ==, ARCHIVE_OK);
	archive_entry_free(entry);
	archive_write_free(archive);
	g_byte_array_set_size(result, used);
	return result;
}

static char *
write_file(const char *name, const void *bytes, gsize n)
{
	char *path = g_build_filename(folder, name, NULL);

	g_assert_true(g_file_set_contents(path, bytes, n, NULL));
	return path;
}

/* The next item, waiting as a main loop does. */
static void
next(Capture *capture, CaptureItem *item)
{
	for (;;) {
		capture_next(capture, item);
		if (item->kind != CAPTURE_NOTHING)
			return;
		struct pollfd wait = { .fd = capture_fd(capture), .events = POLLIN };
		g_assert_cmpint(wait.fd, >=, 0);
		g_assert_cmpint(poll(&wait, 1, 20000), ==, 1);
	}
}

/* Packet number `i` as make_pcap() makes it. */
static void
assert_packet(const CaptureItem *item, guint i)
{
	g_assert_cmpint(item->packet.time_ns, ==, (gint64)i * 1000000000 + i * 1000);
	g_assert_cmpuint(item->packet.length, ==, 70 + i);
	g_assert_cmpuint(item->packet.captured, ==, 60 + i % 7);
	g_assert_cmpuint(item->packet.data[item->packet.captured - 1], ==, 59 + i % 7);
	g_assert_cmpuint(item->offset, ==, CAPTURE_NO_OFFSET);
}

static File
make_pcap(guint packets)
{
	File file = file_new(FALSE);

	pcap_header(&file, PCAP_MICROSECONDS, 65535, 1);
	for (guint i = 0; i < packets; i++)
		pcap_packet(&file, i, i, 60 + i % 7, 70 + i);
	return file;
}

/* Reads to the end. *note is what the last note said, or NULL. */
static guint
count(Capture *capture, char **note)
{
	CaptureItem item;
	guint n = 0;

	*note = NULL;
	for (next(capture, &item); item.kind != CAPTURE_END; next(capture, &item)) {
		if (item.kind == CAPTURE_NOTE) {
			g_assert_null(*note);
			*note = g_strdup(item.note);
			continue;
		}
		g_assert_cmpint(item.kind, ==, CAPTURE_PACKET);
		assert_packet(&item, n++);
	}
	return n;
}

/* What came of bytes that are a compressed file, in whatever state. */
static guint
count_bytes(const void *bytes, gsize n, char **note)
{
	g_autofree char *path = write_file("bytes", bytes, n);
	g_autoptr(GError) error = NULL;
	g_autoptr(Capture) capture = capture_open_file(path, NULL, &error);

	g_assert_true((capture == NULL) == (error != NULL));
	if (capture)
		return count(capture, note);
	g_assert_error(error, CAPTURE_ERROR, CAPTURE_ERROR_FORMAT);
	g_assert_nonnull(strstr(error->message, path));
	*note = g_strdup(error->message);
	return 0;
}

static void
test_every_kind(void)
{
	g_auto(File) file = make_pcap(5000);

	for (gsize i = 0; i < G_N_ELEMENTS(compressions); i++) {
		g_autoptr(GByteArray) bytes = compress(i, file.bytes->data, file.bytes->len);
		g_autofree char *note = NULL;
		g_assert_cmpuint(bytes->len, <, file.bytes->len);
		g_assert_cmpuint(count_bytes(bytes->data, bytes->len, &note), ==, 5000);
		g_assert_null(note);
	}
}

/* A recording keeps its calls and losses. */
static void
test_recording(void)
{
	g_autofree char *path = g_build_filename(folder, "recording", NULL), *plain = NULL;
	g_autoptr(Recording) recording =
	    recording_new(open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666), path, FALSE,
			  1, 0, NULL, NULL);
	CallRecord call = { .time_ns = 5, .id = 77, .phase = CALL_ENTRY, .name = CALL_CONNECT };
	Packet some = { .data = (const guint8 *)"abc", .captured = 3, .length = 3, .link_type = 1 };
	CaptureItem item;
	gsize n;

	g_assert_true(recording_add_call(recording, &call, NULL));
	g_assert_true(recording_add_packet(recording, &some, NULL));
	g_assert_true(recording_add_drops(recording, 6, 12, NULL));
	g_assert_true(recording_close(recording, NULL));
	g_assert_true(g_file_get_contents(path, &plain, &n, NULL));
	for (gsize i = 0; i < G_N_ELEMENTS(compressions); i++) {
		g_autoptr(GByteArray) bytes = compress(i, plain, n);
		g_autofree char *compressed = write_file("compressed", bytes->data, bytes->len);
		g_autoptr(Capture) capture = capture_open_file(compressed, NULL, NULL);
		next(capture, &item);
		g_assert_cmpint(item.kind, ==, CAPTURE_CALL);
		g_assert_cmpuint(item.call.id, ==, 77);
		next(capture, &item);
		g_assert_cmpint(item.kind, ==, CAPTURE_PACKET);
		next(capture, &item);
		g_assert_cmpint(item.kind, ==, CAPTURE_DROPS);
		g_assert_cmpuint(item.dropped, ==, 12);
		next(capture, &item);
		g_assert_cmpint(item.kind, ==, CAPTURE_END);
	}
}

/* Several members behind one another are one file; what is none is ignored. */
static void
test_members(void)
{
	g_auto(File) file = make_pcap(100);
	guint half = file.bytes->len / 2;
	g_autoptr(GByteArray) bytes = compress(0, file.bytes->data, half);
	g_autoptr(GByteArray) second = compress(0, file.bytes->data + half, file.bytes->len - half);
	g_autofree char *note = NULL;

	g_byte_array_append(bytes, second->data, second->len);
	g_assert_cmpuint(count_bytes(bytes->data, bytes->len, &note), ==, 100);
	g_assert_null(note);
	g_byte_array_append(bytes, (const guint8 *)"\0\0\0\0\0\0", 6);
	g_assert_cmpuint(count_bytes(bytes->data, bytes->len, &note), ==, 100);
	g_assert_null(note);
}

/* Cut at every byte: of gzip, all that the bytes hold is there. */
static void
test_cut_short(void)
{
	g_auto(File) file = make_pcap(20);

	for (gsize i = 0; i < G_N_ELEMENTS(compressions); i++) {
		g_autoptr(GByteArray) bytes = compress(i, file.bytes->data, file.bytes->len);
		guint before = 0;
		for (guint n = 0; n < bytes->len; n += i ? 5 : 1) { /* each starts a process */
			g_autofree char *note = NULL;
			guint found = count_bytes(bytes->data, n, &note);
			g_assert_cmpuint(found, >=, before);
			before = found;
			/* lz4's end is a checksum, which its reader does not miss */
			if (i != 3 || n + 8 < bytes->len)
				g_assert_nonnull(note);
			if (i == 0 && n >= 10)
				g_assert_nonnull(strstr(note, "ends early"));
		}
		if (i == 0)
			g_assert_cmpuint(before, ==, 20);
	}
}

/* Any byte but those of the head is changed: it is noticed, and nothing wrong kept silent. */
static void
test_damaged(void)
{
	g_auto(File) file = make_pcap(20);
	g_autoptr(GByteArray) bytes = compress(0, file.bytes->data, file.bytes->len);

	for (guint at = 10; at < bytes->len; at++) {
		g_autofree char *path = NULL;
		g_autoptr(GError) error = NULL;
		CaptureItem item = { 0 };
		gboolean note = FALSE;
		bytes->data[at] ^= 0x41;
		path = write_file("damaged", bytes->data, bytes->len);
		bytes->data[at] ^= 0x41;
		g_autoptr(Capture) capture = capture_open_file(path, NULL, &error);
		while (capture && item.kind != CAPTURE_END) {
			next(capture, &item);
			note |= item.kind == CAPTURE_NOTE;
		}
		g_assert_true(note || error);
	}
}

static void
test_contents(void)
{
	static const struct {
		const char *bytes;
		gsize n;
		const char *words;
	} cases[] = {
		{ "", 0, "is empty" },
		{ "snoop\0\0\0\0\0", 10, "%s %s | editcap -F pcapng - OUT.pcapng" },
		{ "just some text", 14, "is text" },
		{ "\1\2\3\4\5\6", 6, "%s %s | editcap -F pcapng - OUT.pcapng" },
		{ "\x1f\x8bzzzz", 6, "compressed twice" },
		{ "\xd4\xc3\xb2\xa1\x02\0\x04\0", 8, "cut short within its header" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(compressions); i++) {
		/* libarchive itself crashes in writing an empty lz4 file */
		for (gsize k = i == 3; k < G_N_ELEMENTS(cases); k++) {
			g_autoptr(GByteArray) bytes = compress(i, cases[k].bytes, cases[k].n);
			g_autofree char *path = write_file("contents", bytes->data, bytes->len);
			g_autoptr(GString) words = g_string_new(cases[k].words);
			g_autoptr(GError) error = NULL;
			g_autofree char *quoted = g_shell_quote(path);
			g_string_replace(words, "%s", compressions[i].expander, 1);
			g_string_replace(words, "%s", quoted, 1);
			g_assert_null(capture_open_file(path, NULL, &error));
			g_assert_error(error, CAPTURE_ERROR, CAPTURE_ERROR_FORMAT);
			g_assert_nonnull(strstr(error->message, words->str));
		}
	}
}

/* Through a pipe, bit by bit: what is not there yet is never waited for. */
static void
test_pipe(void)
{
	g_auto(File) file = make_pcap(3000);

	for (gsize i = 0; i < G_N_ELEMENTS(compressions); i++) {
		g_autoptr(GByteArray) bytes = compress(i, file.bytes->data, file.bytes->len);
		int ends[2];
		guint half = bytes->len / 2;
		CaptureItem item;
		guint64 done, total;
		g_assert_cmpint(pipe2(ends, O_CLOEXEC), ==, 0);
		g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", ends[0]);
		pid_t writer = fork();
		if (writer == 0) { /* the file's second half comes when the reader is there */
			close(ends[0]);
			gboolean ok = write(ends[1], bytes->data, half) == half;
			g_usleep(300 * 1000);
			ok = ok && write(ends[1], bytes->data + half, bytes->len - half) ==
				       bytes->len - half;
			_exit(!ok);
		}
		close(ends[1]);
		g_autoptr(Capture) capture = capture_open_file(path, NULL, NULL);
		close(ends[0]);
		guint n = 0;
		for (capture_next(capture, &item); item.kind != CAPTURE_END;
		     capture_next(capture, &item)) {
			struct pollfd wait = { .fd = capture_fd(capture), .events = POLLIN };
			g_assert_cmpint(item.kind, !=, CAPTURE_NOTE);
			if (item.kind == CAPTURE_PACKET)
				assert_packet(&item, n++);
			else
				g_assert_cmpint(poll(&wait, 1, 20000), ==, 1);
		}
		g_assert_cmpuint(n, ==, 3000);
		capture_progress(capture, &done, &total);
		g_assert_cmpuint(total, ==, 0);
		g_assert_cmpint(waitpid(writer, NULL, 0), ==, writer);
	}
}

static void
test_progress(void)
{
	g_auto(File) file = make_pcap(50000);
	g_autoptr(GByteArray) bytes = compress(0, file.bytes->data, file.bytes->len);
	g_autofree char *path = write_file("progress", bytes->data, bytes->len);
	g_autoptr(Capture) capture = capture_open_file(path, NULL, NULL);
	guint64 before = 0, done, total;
	CaptureItem item;

	for (next(capture, &item); item.kind != CAPTURE_END; next(capture, &item)) {
		capture_progress(capture, &done, &total);
		g_assert_cmpuint(total, ==, bytes->len);
		g_assert_cmpuint(done, >=, before);
		g_assert_cmpuint(done, <=, total);
		before = done;
	}
	g_assert_cmpuint(before, ==, bytes->len);
}

/* `members` times the same 16 MiB behind `start`: some KiB of file. */
static GByteArray *
make_bomb(const File *start, guint members)
{
	enum { SIZE = 16 * 1024 * 1024 };
	g_auto(File) packets = file_new(FALSE);
	GByteArray *bomb = compress(0, start->bytes->data, start->bytes->len);

	while (packets.bytes->len < SIZE) {
		guint32 record[] = { 1, 1, 262144, 262144 };
		guint before = packets.bytes->len + sizeof(record);
		put(&packets, record, sizeof(record));
		g_byte_array_set_size(packets.bytes, before + 262144);
		memset(packets.bytes->data + before, 0, 262144);
	}
	g_autoptr(GByteArray) member = compress(0, packets.bytes->data, packets.bytes->len);
	for (guint i = 0; i < members; i++)
		g_byte_array_append(bomb, member->data, member->len);
	return bomb;
}

static long
peak_kib(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

/* 1.3 GB out of 1.3 MB: told, and never in memory. */
static void
test_bomb(void)
{
	g_auto(File) start = file_new(FALSE);
	guint packets = 0, notes = 0;
	CaptureItem item;

	pcap_header(&start, PCAP_MICROSECONDS, 262144, 1);
	g_autoptr(GByteArray) bomb = make_bomb(&start, 80);
	g_autofree char *path = write_file("bomb", bomb->data, bomb->len);
	long before = peak_kib();
	g_autoptr(Capture) capture = capture_open_file(path, NULL, NULL);
	for (next(capture, &item); item.kind != CAPTURE_END; next(capture, &item)) {
		packets += item.kind == CAPTURE_PACKET;
		if (item.kind != CAPTURE_NOTE)
			continue;
		g_assert_nonnull(strstr(item.note, "expands to more than 200 times"));
		notes++;
	}
	g_assert_cmpuint(packets, >, 80 * 63);
	g_assert_cmpuint(notes, ==, 1);
	g_assert_cmpint(peak_kib() - before, <, 32 * 1024);
}

/* One that is no capture is refused at its first bytes. */
static void
test_bomb_of_nothing(void)
{
	g_auto(File) start = file_new(FALSE);
	g_autoptr(GError) error = NULL;

	put(&start, "\0\0\0\0", 4);
	g_autoptr(GByteArray) bomb = make_bomb(&start, 2000); /* 33 GB */
	g_autofree char *path = write_file("nothing", bomb->data, bomb->len);
	gint64 time = g_get_monotonic_time();
	g_assert_null(capture_open_file(path, NULL, &error));
	g_assert_error(error, CAPTURE_ERROR, CAPTURE_ERROR_FORMAT);
	g_assert_cmpint(g_get_monotonic_time() - time, <, 5 * G_USEC_PER_SEC);
}

/* Closed half-way, the process that expands is gone at once. */
static void
test_leaves_no_process(void)
{
	g_auto(File) start = file_new(FALSE);
	CaptureItem item;

	pcap_header(&start, PCAP_MICROSECONDS, 262144, 1);
	g_autoptr(GByteArray) bomb = make_bomb(&start, 100);
	g_autofree char *path = write_file("closed", bomb->data, bomb->len);
	g_autoptr(Capture) capture = capture_open_file(path, NULL, NULL);
	next(capture, &item);
	g_assert_cmpint(item.kind, ==, CAPTURE_PACKET);
	g_clear_pointer(&capture, capture_free);
	g_assert_cmpint(waitpid(-1, NULL, 0), ==, -1);
	g_assert_cmpint(errno, ==, ECHILD);
}

/* Where the process that expands waits for more input. */
static char *
only_child(void)
{
	char *text = NULL;

	g_assert_true(g_file_get_contents("/proc/thread-self/children", &text, NULL, NULL));
	g_strchomp(text);
	g_assert_nonnull(text);
	g_assert_null(strchr(text, ' '));
	return text;
}

static void
assert_descriptors(const char *process)
{
	g_autofree char *path = g_strdup_printf("/proc/%s/fd", process);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;
	guint n = 0;

	g_assert_nonnull(dir);
	for (; (name = g_dir_read_name(dir)); n++)
		g_assert_true(g_str_equal(name, "0") || g_str_equal(name, "1"));
	g_assert_cmpuint(n, ==, 2);
}

/* While it waits it has two descriptors and a filter; nobody reading any more ends it. */
static void
test_confined(void)
{
	g_auto(File) file = make_pcap(3000);
	g_autoptr(GByteArray) bytes = compress(0, file.bytes->data, file.bytes->len);
	guint half = bytes->len / 2;
	CaptureItem item;
	int ends[2];

	g_assert_cmpint(pipe2(ends, O_CLOEXEC), ==, 0);
	g_assert_cmpint(write(ends[1], bytes->data, half), ==, half);
	g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", ends[0]);
	g_autoptr(Capture) capture = capture_open_file(path, NULL, NULL);
	next(capture, &item);
	g_assert_cmpint(item.kind, ==, CAPTURE_PACKET);
	g_autofree char *process = only_child();
	g_autofree char *status_path = g_strdup_printf("/proc/%s/status", process);
	g_autofree char *status = NULL;
	g_assert_true(g_file_get_contents(status_path, &status, NULL, NULL));
	g_assert_nonnull(strstr(status, "\nSeccomp:\t2\n"));
	g_assert_nonnull(strstr(status, "\nNoNewPrivs:\t1\n"));
	assert_descriptors(process);
	g_clear_pointer(&capture, capture_free);
	g_assert_cmpint(waitpid(-1, NULL, 0), ==, -1);
	close(ends[0]);
	close(ends[1]);
}

static void
test_not_followed(void)
{
	g_auto(File) file = make_pcap(10);
	g_autoptr(GByteArray) bytes = compress(0, file.bytes->data, file.bytes->len);
	g_autofree char *path = write_file("followed", bytes->data, bytes->len);
	g_autoptr(GError) error = NULL;

	g_assert_null(
	    capture_open_input(capture_input_open(path, CAPTURE_FOLLOW, NULL), NULL, &error));
	g_assert_error(error, CAPTURE_ERROR, CAPTURE_ERROR_FORMAT);
	g_assert_nonnull(strstr(error->message, "--follow"));
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
		{ "every-kind", test_every_kind },
		{ "recording", test_recording },
		{ "members", test_members },
		{ "cut-short", test_cut_short },
		{ "damaged", test_damaged },
		{ "contents", test_contents },
		{ "pipe", test_pipe },
		{ "progress", test_progress },
		{ "bomb", test_bomb },
		{ "bomb-of-nothing", test_bomb_of_nothing },
		{ "leaves-no-process", test_leaves_no_process },
		{ "confined", test_confined },
		{ "not-followed", test_not_followed },
	};

	g_test_init(&argc, &argv, NULL);
	folder = g_dir_make_tmp("compressed-XXXXXX", NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
		g_autofree char *path = g_strconcat("/compressed/", tests[i].name, NULL);
		g_test_add_func(path, tests[i].test);
	}
	int status = g_test_run();
	remove_folder();
	return status;
}
