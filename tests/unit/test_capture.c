/* SPDX-License-Identifier: MIT */
#include "capture/reader.h"
#include "../capture_file.h"
#include "pktladder/capture.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char *folder;

static char *
write_file(const char *name, const void *bytes, gsize n)
{
	char *path = g_build_filename(folder, name, NULL);

	g_assert_true(g_file_set_contents(path, bytes, n, NULL));
	return path;
}

static Capture *
open_file(File *file, const char *filter)
{
	g_autofree char *path = write_file("capture", file->bytes->data, file->bytes->len);
	g_autoptr(GError) error = NULL;
	Capture *capture = capture_open_file(path, filter, &error);

	g_assert_no_error(error);
	return capture;
}

static void
assert_next(Capture *capture, CaptureItemKind kind, CaptureItem *item)
{
	capture_next(capture, item);
	g_assert_cmpint(item->kind, ==, kind);
}

/* Every form of pcap: the same packet, with the digits of time that it has. Both numbers of a
 * time have no sign, whatever libpcap makes of them. */
static void
test_pcap(void)
{
	static const struct {
		guint32 magic, fraction;
		gint64 time_ns, late_ns;
	} forms[] = {
		{ PCAP_MICROSECONDS, 123456, 1700000000123456000, 4000004294967295000 },
		{ PCAP_NANOSECONDS, 123456789, 1700000000123456789, 4000000004294967295 },
	};
	const guint8 expected[] = { 0, 1, 2, 3, 4 };

	for (guint i = 0; i < 2 * G_N_ELEMENTS(forms); i++) {
		File file = { .bytes = g_byte_array_new(), .swapped = i % 2 };
		CaptureItem item;
		pcap_header(&file, forms[i / 2].magic, 65535, 1);
		pcap_packet(&file, 1700000000, forms[i / 2].fraction, 5, 99);
		pcap_packet(&file, 4000000000, G_MAXUINT32, 0, 0); /* 2096 */
		g_autoptr(Capture) capture = open_file(&file, NULL);
		assert_next(capture, CAPTURE_PACKET, &item);
		g_assert_cmpint(item.packet.time_ns, ==, forms[i / 2].time_ns);
		g_assert_cmpuint(item.packet.length, ==, 99);
		g_assert_cmpuint(item.packet.link_type, ==, 1);
		g_assert_cmpmem(item.packet.data, item.packet.captured, expected, 5);
		assert_next(capture, CAPTURE_PACKET, &item);
		g_assert_cmpint(item.packet.time_ns, ==, forms[i / 2].late_ns);
		assert_next(capture, CAPTURE_END, &item);
		g_assert_null(item.note);
		assert_next(capture, CAPTURE_END, &item);
		g_byte_array_unref(file.bytes);
	}
}

/* Interfaces of different link types, snapshot lengths and time resolutions, in
 * two sections: libpcap alone refuses these. */
static void
test_pcapng_interfaces(void)
{
	static const struct {
		guint16 link_type;
		gint64 time_ns;
	} expected[] = { { 101, 1700000000000000001 },
			 { 1, 1700000000000001000 },
			 { 101, 1700000000000000003 },
			 { 113, 1700000000000000004 } };

	for (guint swapped = 0; swapped < 2; swapped++) {
		File file = { .bytes = g_byte_array_new(), .swapped = swapped };
		CaptureItem item;
		section(&file);
		interface(&file, 101, 65535, 9);
		interface(&file, 1, 96, 6);
		interface(&file, 101, 0, 9);
		packet(&file, 0, 1700000000000000001);
		packet(&file, 1, 1700000000000001);
		packet(&file, 2, 1700000000000000003);
		section(&file);
		interface(&file, 113, 1, 9);
		packet(&file, 0, 1700000000000000004);
		g_autoptr(Capture) capture = open_file(&file, NULL);
		g_assert_cmpuint(capture_link_type(capture), ==, 101);
		for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
			assert_next(capture, CAPTURE_PACKET, &item);
			g_assert_cmpuint(item.packet.link_type, ==, expected[i].link_type);
			g_assert_cmpint(item.packet.time_ns, ==, expected[i].time_ns);
			g_assert_cmpmem(item.packet.data, item.packet.captured, "ab", 2);
		}
		assert_next(capture, CAPTURE_END, &item);
		g_assert_null(item.note);
		g_byte_array_unref(file.bytes);
	}
}

/* A time beyond what 64 bits of nanoseconds hold is the last one that they do. */
static void
test_absurd_time(void)
{
	File file = { .bytes = g_byte_array_new() };
	CaptureItem item;

	section(&file);
	interface(&file, 1, 0, 0); /* whole seconds */
	packet(&file, 0, G_MAXUINT64 / 4);
	g_autoptr(Capture) capture = open_file(&file, NULL);
	assert_next(capture, CAPTURE_PACKET, &item);
	g_assert_cmpint(item.packet.time_ns, ==, G_MAXINT64);
	g_byte_array_unref(file.bytes);
}

static void
test_byte_orders_mixed(void)
{
	File file = { .bytes = g_byte_array_new() };
	CaptureItem item;

	section(&file);
	interface(&file, 1, 0, 9);
	packet(&file, 0, 1);
	file.swapped = TRUE;
	section(&file);
	interface(&file, 1, 0, 9);
	packet(&file, 0, 1);
	g_autoptr(Capture) capture = open_file(&file, NULL);
	assert_next(capture, CAPTURE_PACKET, &item);
	assert_next(capture, CAPTURE_PACKET, &item);
	g_assert_cmpint(item.packet.time_ns, ==, 1);
	assert_next(capture, CAPTURE_END, &item);
	g_assert_false(capture_is_broken(capture));
	g_byte_array_unref(file.bytes);
}

/* Packets one and two: as pcap, or pcapng. Returns where the second one begins. */
static guint
put_two(File *file, gboolean pcapng)
{
	guint second;

	if (!pcapng) {
		pcap_header(file, PCAP_MICROSECONDS, 65535, 1);
		pcap_packet(file, 1, 0, 10, 10);
		second = file->bytes->len;
		pcap_packet(file, 2, 0, 10, 10);
		return second;
	}
	section(file);
	interface(file, 1, 65535, 9);
	packet(file, 0, 1);
	second = file->bytes->len;
	packet(file, 0, 2);
	return second;
}

/* Its writer was killed within the last packet: all others are there, and that is all. */
static void
test_cut_short(void)
{
	for (guint form = 0; form < 4; form++) {
		g_auto(File) file = file_new(form & 1);
		guint first = put_two(&file, form & 2), whole = file.bytes->len;
		CaptureItem item;

		for (guint n = first; n <= whole; n++) {
			g_byte_array_set_size(file.bytes, n);
			g_autoptr(Capture) capture = open_file(&file, NULL);
			assert_next(capture, CAPTURE_PACKET, &item);
			if (n == whole)
				assert_next(capture, CAPTURE_PACKET, &item);
			if (n > first && n < whole) {
				assert_next(capture, CAPTURE_NOTE, &item);
				g_assert_nonnull(strstr(item.note, "cut short"));
			}
			assert_next(capture, CAPTURE_END, &item);
			g_assert_false(capture_is_broken(capture));
			/* the bytes were only hidden by the shorter length */
			file.bytes->len = whole;
		}
	}
}

/* The same of a recording with comments, wherever its end is. */
static void
test_recording_cut_short(void)
{
	g_autofree char *bytes = NULL;
	gsize size;

	g_assert_true(g_file_get_contents(SOURCE_DIR "/captures/udp.pcapng", &bytes, &size, NULL));
	g_autofree char *path = write_file("capture", bytes, size);
	for (gsize n = size - 1; n > 200; n--) {
		g_assert_cmpint(truncate(path, n), ==, 0);
		g_autoptr(Capture) capture = capture_open_file(path, NULL, NULL);
		CaptureItem item;

		do
			capture_next(capture, &item);
		while (item.kind != CAPTURE_END);
		g_assert_false(capture_is_broken(capture));
	}
}

/* A packet in the middle says that it goes on behind the end of the file: what it would
 * swallow is not the rest of one that was cut. */
static void
test_damaged_length(void)
{
	static const struct {
		gboolean pcapng;
		guint at; /* within the packet */
		guint32 value;
	} damages[] = {
		{ FALSE, 8, 5000 }, /* captured */
		{ FALSE, 8, 1 << 20 },
		{ FALSE, 8, G_MAXUINT32 },
		{ FALSE, 4,
		  0xfffffff0 },    /* the fraction of the second, of one that is cut as well */
		{ TRUE, 4, 5000 }, /* the block's length */
		{ TRUE, 4, 72 },   /* that of two */
		{ TRUE, 4, 76 },
		{ TRUE, 4, 38 },
		{ TRUE, 4, G_MAXUINT32 - 3 },
		{ TRUE, 20, 5000 }, /* captured */
	};

	for (guint i = 0; i < 2 * G_N_ELEMENTS(damages); i++) {
		g_auto(File) file = file_new(i % 2);
		g_auto(File) value = file_new(i % 2);
		guint second = put_two(&file, damages[i / 2].pcapng);
		CaptureItem item;

		for (guint n = 0; n < 3; n++) {
			if (damages[i / 2].pcapng)
				packet(&file, 0, 3 + n);
			else
				pcap_packet(&file, 3 + n, 0, 10, 10);
		}
		put_u32(&value, damages[i / 2].value);
		memcpy(file.bytes->data + second + damages[i / 2].at, value.bytes->data, 4);
		if (damages[i / 2].at == 4 && !damages[i / 2].pcapng)
			g_byte_array_set_size(file.bytes, second + 20);
		g_autoptr(Capture) capture = open_file(&file, NULL);
		assert_next(capture, CAPTURE_PACKET, &item);
		assert_next(capture, CAPTURE_NOTE, &item);
		g_assert_nonnull(strstr(item.note, "cannot be read any further"));
		assert_next(capture, CAPTURE_END, &item);
		g_assert_true(capture_is_broken(capture));
	}
}

/* Packets that say that they are longer than any may be. */
static void
test_hostile_length(void)
{
	File file = { .bytes = g_byte_array_new() };
	CaptureItem item;

	pcap_header(&file, PCAP_MICROSECONDS, 0x7fffffff, 1);
	pcap_packet(&file, 1, 0, 262144, 400000);
	pcap_packet(&file, 2, 0, 300000, 300000);
	g_autoptr(Capture) capture = open_file(&file, NULL);
	assert_next(capture, CAPTURE_PACKET, &item);
	g_assert_cmpuint(item.packet.captured, ==, 262144);
	g_assert_cmpuint(item.packet.length, ==, 400000);
	assert_next(capture, CAPTURE_NOTE, &item);
	assert_next(capture, CAPTURE_END, &item);
	g_assert_true(capture_is_broken(capture));
	g_byte_array_unref(file.bytes);
}

/* A header with a snapshot length that is too small does not cut packets. */
static void
test_small_snapshot_length(void)
{
	File file = { .bytes = g_byte_array_new() };
	CaptureItem item;

	pcap_header(&file, PCAP_MICROSECONDS, 8, 1);
	pcap_packet(&file, 1, 0, 100, 100);
	g_autoptr(Capture) capture = open_file(&file, NULL);
	assert_next(capture, CAPTURE_PACKET, &item);
	g_assert_cmpuint(item.packet.captured, ==, 100);
	g_byte_array_unref(file.bytes);
}

static guint
count_packets(Capture *capture)
{
	CaptureItem item;
	guint n = 0;

	for (capture_next(capture, &item); item.kind == CAPTURE_PACKET;
	     capture_next(capture, &item))
		n++;
	if (n == 0) { /* it says why there is none, once */
		g_assert_cmpint(item.kind, ==, CAPTURE_NOTE);
		g_assert_nonnull(item.note);
		capture_next(capture, &item);
	}
	g_assert_cmpint(item.kind, ==, CAPTURE_END);
	return n;
}

static void
test_filter(void)
{
	File file = { .bytes = g_byte_array_new() };
	g_autoptr(GError) error = NULL;
	CaptureItem item;

	pcap_header(&file, PCAP_MICROSECONDS, 65535, 1);
	for (guint i = 0; i < 20; i++)
		pcap_packet(&file, i, 0, 20, 20 + i);
	g_autoptr(Capture) all = open_file(&file, NULL);
	g_assert_cmpuint(count_packets(all), ==, 20);
	g_autoptr(Capture) some = open_file(&file, "len >= 30");
	g_assert_cmpuint(count_packets(some), ==, 10);

	/* the filter changes on the way; one that is refused changes nothing */
	g_autoptr(Capture) changing = open_file(&file, "len >= 35");
	assert_next(changing, CAPTURE_PACKET, &item);
	g_assert_cmpuint(item.packet.length, ==, 35);
	g_assert_false(capture_set_filter(changing, "prot 80", &error));
	g_assert_error(error, CAPTURE_ERROR, CAPTURE_ERROR_FILTER);
	g_assert_nonnull(strstr(error->message, "prot 80"));
	g_assert_nonnull(strstr(error->message, "syntax error"));
	g_assert_true(capture_set_filter(changing, "len = 38", NULL));
	assert_next(changing, CAPTURE_PACKET, &item);
	g_assert_cmpuint(item.packet.length, ==, 38);
	g_assert_true(capture_set_filter(changing, NULL, NULL));
	assert_next(changing, CAPTURE_PACKET, &item);
	g_assert_cmpuint(item.packet.length, ==, 39);
	g_byte_array_unref(file.bytes);
}

/* Each link type of a file gets a filter of its own. */
static void
test_filter_on_link_types(void)
{
	static const guint8 raw[] =
	    "\x45\0\0\x1c\0\1\0\0\x40\x11\0\0\x7f\0\0\1\x7f\0\0\1\1\2\0\x50\0\x8";
	static const guint8 ethernet[] = "\0\0\0\0\0\0\0\0\0\0\0\0\x8\0";
	File file = { .bytes = g_byte_array_new() };
	CaptureItem item;

	section(&file);
	interface(&file, 101, 0, 9);
	interface(&file, 1, 0, 9);
	for (guint i = 0; i < 2; i++) { /* IP 127.0.0.1.258 > 127.0.0.1.80: UDP, length 0 */
		guint n = i ? 42 : 28;
		put_u32(&file, 6);
		put_u32(&file, 32 + ((n + 3) & ~3u));
		put_u32(&file, i);
		put_u32(&file, 0);
		put_u32(&file, 0);
		put_u32(&file, n);
		put_u32(&file, n);
		if (i)
			put(&file, ethernet, 14);
		put(&file, raw, 26);
		put(&file, "\0\0\0\0", 2 + (-n & 3));
		put_u32(&file, 32 + ((n + 3) & ~3u));
	}
	g_autoptr(Capture) both = open_file(&file, "udp port 80");
	g_assert_cmpuint(count_packets(both), ==, 2);
	g_autoptr(Capture) none = open_file(&file, "udp port 81");
	g_assert_cmpuint(count_packets(none), ==, 0);
	/* "ether" says nothing on raw IP */
	g_autoptr(Capture) one = open_file(&file, "link[0] = 0x45");
	assert_next(one, CAPTURE_PACKET, &item);
	g_assert_cmpuint(item.packet.link_type, ==, 101);
	assert_next(one, CAPTURE_END, &item);
	g_byte_array_unref(file.bytes);
}

/* What is no capture, and the words that help with it. */
static void
test_formats(void)
{
	static const struct {
		const char *bytes;
		gsize n;
		const char *words;
	} cases[] = {
#define BYTES(text) text, sizeof(text) - 1
		{ BYTES(""), "is empty" },
		{ BYTES("PK\3\4zzz"), "unzip -p" },
		{ BYTES("snoop\0\0\0zzz"), "editcap -F pcapng" },
		{ BYTES("GMBUzzz"), "Network Monitor" },
		{ BYTES("btsnoop\0zzz"), "Bluetooth" },
		{ BYTES("10:00:00 IP a > b\n"), "is text" },
		{ BYTES("\0\1\2\3\4\5\6\7"), "no capture" },
		{ BYTES("\xd4"), "no capture" },
		{ BYTES("\xd4\xc3\xb2\xa1"), "cut short" },
		{ BYTES("\xd4\xc3\xb2\xa1\x02\0\x04\0"), "cut short" },
		{ BYTES("\x0a\x0d\x0d\x0a\x1c\0\0\0"), "cut short" },
		{ BYTES("\x0a\x0d\x0d\x0a\x1c\0\0\0\1\2\3\4"), "cannot be read" },
#undef BYTES
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = write_file("other", cases[i].bytes, cases[i].n);
		g_autoptr(GError) error = NULL;
		g_assert_null(capture_open_file(path, NULL, &error));
		g_assert_error(error, CAPTURE_ERROR, CAPTURE_ERROR_FORMAT);
		g_assert_nonnull(strstr(error->message, cases[i].words));
		g_assert_nonnull(strstr(error->message, path));
	}
}

static void
test_no_file(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(capture_open_file("/nonexistent.pcap", NULL, &error));
	g_assert_error(error, CAPTURE_ERROR, CAPTURE_ERROR_NO_FILE);
	g_clear_error(&error);
	g_assert_null(capture_open_file(folder, NULL, &error));
	g_assert_error(error, CAPTURE_ERROR, CAPTURE_ERROR_NO_FILE);
	g_assert_nonnull(strstr(error->message, "folder"));
}

/* In a child that is not root. */
static void
test_forbidden_file(void)
{
	g_autofree char *path = write_file("forbidden", "abc", 3);
	int status;

	g_assert_cmpint(g_chmod(path, 0), ==, 0);
	pid_t child = fork();
	if (child == 0) {
		g_autoptr(GError) error = NULL;
		if (geteuid() == 0 && setuid(65534) != 0)
			_exit(77);
		g_autoptr(Capture) capture = capture_open_file(path, NULL, &error);
		_exit(!capture && g_error_matches(error, CAPTURE_ERROR, CAPTURE_ERROR_NO_PERMISSION)
			  ? 0
			  : 1);
	}
	g_assert_cmpint(waitpid(child, &status, 0), ==, child);
	g_assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		g_test_skip("root may not become another user here");
	else
		g_assert_cmpint(WEXITSTATUS(status), ==, 0);
}

/* Standard input, in a child whose standard input it is. */
static void
test_standard_input(void)
{
	File file = { .bytes = g_byte_array_new() };
	int ends[2], status;

	pcap_header(&file, PCAP_MICROSECONDS, 65535, 1);
	pcap_packet(&file, 1, 0, 20, 20);
	g_assert_cmpint(pipe(ends), ==, 0);
	g_assert_cmpint(write(ends[1], file.bytes->data, file.bytes->len), ==, file.bytes->len);
	pid_t child = fork();
	if (child == 0) {
		CaptureItem item;
		dup2(ends[0], STDIN_FILENO);
		g_autoptr(Capture) capture = capture_open_file("-", NULL, NULL);
		if (!capture || capture_fd(capture) < 0)
			_exit(1);
		capture_next(capture, &item);
		if (item.kind != CAPTURE_PACKET)
			_exit(2);
		capture_next(capture, &item); /* the writer is still there */
		_exit(item.kind == CAPTURE_NOTHING ? 0 : 3);
	}
	g_assert_cmpint(waitpid(child, &status, 0), ==, child);
	g_assert_true(WIFEXITED(status));
	g_assert_cmpint(WEXITSTATUS(status), ==, 0);
	close(ends[0]);
	close(ends[1]);
	g_byte_array_unref(file.bytes);
}

static void
test_link_types(void)
{
	for (guint link_type = 0; link_type < 300; link_type++) {
		gboolean is_libpcap_number = link_type == 11 || link_type == 12 ||
					     link_type == 15 || link_type == 16 || link_type == 19;
		if (!is_libpcap_number)
			g_assert_cmpuint(link_type_from_dlt(link_type_to_dlt(link_type)), ==,
					 link_type);
	}
	g_assert_cmpuint(link_type_from_dlt(12), ==, 101);
	g_assert_cmpuint(link_type_from_dlt(1), ==, 1);
}

/* "time captured length" of each packet, as tshark prints it. */
static char *
our_fields(const char *path)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(Capture) capture = capture_open_file(path, NULL, &error);
	CaptureItem item;

	g_assert_no_error(error);
	for (capture_next(capture, &item); item.kind != CAPTURE_END; capture_next(capture, &item))
		if (item.kind == CAPTURE_PACKET)
			g_string_append_printf(text, "%u.%09d\t%u\t%u\n",
					       (guint)(item.packet.time_ns / 1000000000),
					       (int)(item.packet.time_ns % 1000000000),
					       item.packet.captured, item.packet.length);
	return g_string_free(g_steal_pointer(&text), FALSE);
}

/* Captures of others, of every form and link types of many kinds. */
static void
test_agrees_with_tshark(void)
{
	static const char *const names[] = {
		"PcapPlusPlus__GrePackets.pcap",
		"PcapPlusPlus__nanosecs_big_endian.pcap",
		"brimcap__extra.pcapng",
		"zeek__gap-data-missing.pcapng",
		"dpkt__truncated_dns_2.pcap",
		"arkime__y2038-bgp.pcap",
		"mercury__http_rawip.pcap",
		"packetnet__LinuxCookedCapturev2.pcap",
		"nDPI__gtp_false_positive.pcapng",
		"tcpdump__nflog.pcap",
		"malformed/tcpdump__mobility_opt_asan_3.pcap",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path =
		    g_build_filename(SOURCE_DIR, "..", "shared", "captures", names[i], NULL);
		g_autofree char *program = g_find_program_in_path("tshark"), *theirs = NULL;
		if (!program || !g_file_test(path, G_FILE_TEST_EXISTS)) {
			g_autofree char *missing =
			    g_strdup_printf("not here: %s", program ? path : "tshark");
			g_test_skip(missing);
			return;
		}
		g_autoptr(GSubprocess) tshark = g_subprocess_new(
		    G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, NULL,
		    program, "-r", path, "-T", "fields", "-e", "frame.time_epoch", "-e",
		    "frame.cap_len", "-e", "frame.len", NULL);
		g_assert_true(
		    g_subprocess_communicate_utf8(tshark, NULL, NULL, &theirs, NULL, NULL));
		g_autofree char *ours = our_fields(path);
		g_assert_cmpstr(ours, ==, theirs);
		g_assert_cmpuint(strlen(ours), >, 0);
	}
}

/* Everything that is broken on purpose ends, with or without an error. */
static void
test_malformed(void)
{
	g_autofree char *path =
	    g_build_filename(SOURCE_DIR, "..", "shared", "captures", "malformed", NULL);
	g_autoptr(GDir) entries = g_dir_open(path, 0, NULL);
	const char *name;
	guint n_read = 0;

	if (!entries) {
		g_test_skip("shared/captures/malformed is not here");
		return;
	}
	while ((name = g_dir_read_name(entries))) {
		g_autofree char *file = g_build_filename(path, name, NULL);
		g_autoptr(GError) error = NULL;
		g_autoptr(Capture) capture = capture_open_file(file, NULL, &error);
		CaptureItem item = { .kind = CAPTURE_END };
		g_assert_true((capture == NULL) == (error != NULL));
		if (capture)
			for (capture_next(capture, &item); item.kind != CAPTURE_END;
			     capture_next(capture, &item))
				if (item.kind == CAPTURE_PACKET)
					g_assert_cmpuint(item.packet.captured, <=, 262144);
		n_read++;
	}
	g_assert_cmpuint(n_read, >, 10);
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
		{ "pcapng-interfaces", test_pcapng_interfaces },
		{ "absurd-time", test_absurd_time },
		{ "byte-orders-mixed", test_byte_orders_mixed },
		{ "cut-short", test_cut_short },
		{ "recording-cut-short", test_recording_cut_short },
		{ "damaged-length", test_damaged_length },
		{ "hostile-length", test_hostile_length },
		{ "small-snapshot-length", test_small_snapshot_length },
		{ "filter", test_filter },
		{ "filter-on-link-types", test_filter_on_link_types },
		{ "formats", test_formats },
		{ "no-file", test_no_file },
		{ "forbidden-file", test_forbidden_file },
		{ "standard-input", test_standard_input },
		{ "link-types", test_link_types },
		{ "agrees-with-tshark", test_agrees_with_tshark },
		{ "malformed", test_malformed },
	};

	g_test_init(&argc, &argv, NULL);
	folder = g_dir_make_tmp("capture-XXXXXX", NULL);
	g_chmod(folder, 0755);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
		g_autofree char *path = g_strconcat("/capture/", tests[i].name, NULL);
		g_test_add_func(path, tests[i].test);
	}
	int status = g_test_run();
	remove_folder();
	return status;
}
