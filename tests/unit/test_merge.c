/* SPDX-License-Identifier: MIT */
/* Several files as one capture: in the order of time, each packet found again, and what is wrong
 * with one of them; what files say beside their packets. */
#include "../capture_file.h"
#include "pktladder/store.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

enum { FILES = 9, PACKETS = 400, START = 1790000000 };

static char *folder;

static char *
path_of(const char *name)
{
	return g_build_filename(folder, name, NULL);
}

static char *
file_write(const char *name, const File *file)
{
	char *path = path_of(name);

	g_assert_true(
	    g_file_set_contents(path, (const char *)file->bytes->data, file->bytes->len, NULL));
	return path;
}

static Capture *
capture_of(char **paths, const char *filter)
{
	g_autoptr(GError) error = NULL;
	GPtrArray *inputs =
	    capture_inputs_open((const char *const *)paths, CAPTURE_DEFAULT, &error);

	g_assert_no_error(error);
	Capture *capture = capture_open_inputs(inputs, filter, &error);
	g_assert_no_error(error);
	return capture;
}

/* Waits for what is expanded. */
static void
next(Capture *capture, CaptureItem *item)
{
	for (capture_next(capture, item); item->kind == CAPTURE_NOTHING;
	     capture_next(capture, item))
		g_usleep(1000);
}

/* A packet that says which it is: its file, and its number there. */
static void
name_packet(char *text, gsize size, guint file, guint n)
{
	g_snprintf(text, size, "file %u packet %u%*s", file, n, (int)(n % 50), "");
}

/* One of nine kinds: pcap in microseconds and nanoseconds, pcapng, of both byte orders; the last
 * three are compressed. Times are multiples of a millisecond, so that many are the same. */
static char *
file_make(guint number, GRand *rand, gint64 *times)
{
	g_auto(File) file = file_new(number % 2);
	g_autofree char *name = g_strdup_printf("%u", number);
	guint32 magic = number % 3 == 0 ? PCAP_MICROSECONDS : PCAP_NANOSECONDS;
	guint ms = 0;

	if (number % 3 == 2) {
		section(&file);
		interface(&file, 1, 0, 9);
		interface(&file, 101, 0, 6);
	} else {
		pcap_header(&file, magic, 65535, number % 2 ? 1 : 101);
	}
	for (guint n = 0; n < PACKETS; n++) {
		char text[100];
		gint64 time_ns;

		ms += g_rand_int_range(rand, 0, 4);
		time_ns = START * G_GINT64_CONSTANT(1000000000) + ms * G_GINT64_CONSTANT(1000000);
		name_packet(text, sizeof text, number, n);
		if (number % 3 == 2) {
			packet_begin(&file, n % 2, n % 2 ? time_ns / 1000 : time_ns, text, 500);
			block_end(&file);
		} else {
			pcap_record(&file, START + ms / 1000,
				    ms % 1000 * (magic == PCAP_MICROSECONDS ? 1000 : 1000000),
				    strlen(text), 500, (const guint8 *)text);
		}
		times[n] = time_ns;
	}
	char *path = file_write(name, &file);
	if (number < 6)
		return path;
	g_autofree char *command = g_strdup_printf("gzip -f %s", path);
	g_assert_true(g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL));
	g_autofree char *plain = path;
	return g_strconcat(plain, ".gz", NULL);
}

/* The reference: of all packets that were not given yet, the earliest; of several, that of the
 * first file. */
static void
test_order(void)
{
	GRand *rand = g_rand_new_with_seed(7);
	gint64 times[FILES][PACKETS];
	guint given[FILES] = { 0 };
	char *paths[FILES + 1] = { NULL };
	guint64 offsets[FILES * PACKETS];
	guint16 interfaces[FILES * PACKETS];
	char texts[FILES * PACKETS][100];

	for (guint i = 0; i < FILES; i++)
		paths[i] = file_make(i, rand, times[i]);
	g_autoptr(Capture) capture = capture_of(paths, NULL);
	g_autoptr(PacketStore) store = store_new(capture, NULL);
	g_assert_nonnull(store);
	for (guint n = 0; n < FILES * PACKETS; n++) {
		guint earliest = FILES;
		CaptureItem item;

		for (guint i = 0; i < FILES; i++)
			if (given[i] < PACKETS &&
			    (earliest == FILES ||
			     times[i][given[i]] < times[earliest][given[earliest]]))
				earliest = i;
		name_packet(texts[n], sizeof texts[n], earliest, given[earliest]);
		next(capture, &item);
		g_assert_cmpint(item.kind, ==, CAPTURE_PACKET);
		g_assert_cmpmem(item.packet.data, item.packet.captured, texts[n], strlen(texts[n]));
		g_assert_cmpint(item.packet.time_ns, ==, times[earliest][given[earliest]]);
		const Origin *origin =
		    origins_interface(capture_origins(capture), item.packet.interface);
		g_assert_cmpuint(origin->file, ==, earliest);
		g_assert_cmpuint(origin->link_type, ==, item.packet.link_type);
		g_assert_true(store_add(store, &item.packet, item.offset, &offsets[n], NULL));
		interfaces[n] = item.packet.interface;
		given[earliest]++;
	}
	CaptureItem item;
	next(capture, &item);
	g_assert_cmpint(item.kind, ==, CAPTURE_END);
	g_assert_false(capture_is_broken(capture));
	guint64 read, total;
	capture_progress(capture, &read, &total);
	g_assert_cmpuint(read, ==, total);
	/* each again, in any order */
	for (guint i = 0; i < 20000; i++) {
		guint n = g_rand_int_range(rand, 0, FILES * PACKETS);
		Packet packet;

		g_assert_true(store_fetch(store, offsets[n], &packet, NULL));
		g_assert_cmpmem(packet.data, packet.captured, texts[n], strlen(texts[n]));
		g_assert_cmpuint(packet.length, ==, 500);
		g_assert_cmpuint(packet.interface, ==, interfaces[n]);
	}
	for (guint i = 0; i < FILES; i++)
		g_free(paths[i]);
	g_rand_free(rand);
}

/* How many packets there are, and what was said. */
static guint
count(Capture *capture, GString *notes)
{
	CaptureItem item;
	guint n = 0;

	for (next(capture, &item); item.kind != CAPTURE_END; next(capture, &item)) {
		n += item.kind == CAPTURE_PACKET;
		if (item.kind == CAPTURE_NOTE)
			g_string_append_printf(notes, "%s\n", item.note);
	}
	return n;
}

static void
test_damaged(void)
{
	g_auto(File) whole = file_new(FALSE), cut = file_new(TRUE), text = file_new(FALSE);
	g_autoptr(GString) notes = g_string_new(NULL);

	pcap_header(&whole, PCAP_MICROSECONDS, 65535, 1);
	pcap_header(&cut, PCAP_MICROSECONDS, 65535, 1);
	put(&text, "no capture\n", 11);
	for (guint i = 0; i < 10; i++) {
		pcap_packet(&whole, START + i, 0, 60, 60);
		pcap_packet(&cut, START + i, 0, 60, 60);
	}
	g_byte_array_set_size(cut.bytes, cut.bytes->len - 200);
	g_autofree char *one = file_write("whole", &whole), *two = file_write("cut", &cut),
			*three = file_write("text", &text);
	g_autoptr(Capture) capture = capture_of((char *[]){ three, two, one, NULL }, NULL);
	g_assert_cmpuint(count(capture, notes), ==, 10 + 7);
	g_assert_true(capture_is_broken(capture));
	g_assert_nonnull(strstr(notes->str, "/text is text"));
	g_assert_nonnull(strstr(notes->str, "The other files are shown."));
	g_assert_nonnull(strstr(notes->str, "/cut ends in the middle of a packet"));
	/* none can be read */
	g_autoptr(GError) error = NULL;
	GPtrArray *inputs =
	    capture_inputs_open((const char *const[]){ three, three, NULL }, CAPTURE_DEFAULT, NULL);
	g_assert_null(capture_open_inputs(inputs, NULL, &error));
	g_assert_error(error, CAPTURE_ERROR, CAPTURE_ERROR_FORMAT);
}

static void
test_filter(void)
{
	g_auto(File) ethernet = file_new(FALSE), raw = file_new(TRUE);
	g_autoptr(GString) notes = g_string_new(NULL);
	/* IP 10.0.0.1 > 10.0.0.2: UDP, 8 bytes */
	static const guint8 frame[] = { 2,    0, 0,  0,  0, 2, 2, 0, 0,  0,  0, 1, 8,  0,
					0x45, 0, 0,  28, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0,
					0,    1, 10, 0,  0, 2, 0, 9, 0,  53, 0, 8, 0,  0 };

	pcap_header(&ethernet, PCAP_MICROSECONDS, 65535, 1);
	pcap_header(&raw, PCAP_NANOSECONDS, 65535, 101);
	for (guint i = 0; i < 5; i++) {
		pcap_record(&ethernet, START + i, 0, sizeof frame, sizeof frame, frame);
		pcap_record(&raw, START + i, 0, sizeof frame - 14, sizeof frame - 14, frame + 14);
	}
	g_autofree char *one = file_write("ethernet", &ethernet), *two = file_write("raw", &raw);
	char *paths[] = { one, two, NULL };
	g_autoptr(Capture) dns = capture_of(paths, "udp port 53");
	g_assert_cmpuint(count(dns, notes), ==, 10);
	g_autoptr(Capture) none = capture_of(paths, "tcp");
	g_assert_cmpuint(count(none, notes), ==, 0);
	g_assert_nonnull(strstr(notes->str, "10 packets, none of which passes the filter"));
}

static void
text_option(File *file, guint16 code, const char *text)
{
	put_u16(file, code);
	put_u16(file, strlen(text));
	put_padded(file, text, strlen(text));
}

/* What Wireshark and Apple's tools write beside packets. */
static char *
described_file(void)
{
	g_auto(File) file = file_new(TRUE);

	section_begin(&file);
	comment(&file, "of the section");
	block_end(&file);
	block_begin(&file, 1); /* Ethernet */
	put_u16(&file, 1);
	put_u16(&file, 0);
	put_u32(&file, 0);
	text_option(&file, 2, "en0");
	text_option(&file, 3, "the first");
	comment(&file, "of the interface");
	block_end(&file);
	block_begin(&file, 0x80000001); /* process 501, curl */
	put_u32(&file, 501);
	text_option(&file, 2, "curl");
	block_end(&file);
	block_begin(&file, 0x80000001); /* 77, nsurlsessiond */
	put_u32(&file, 77);
	text_option(&file, 2, "nsurlsessiond");
	block_end(&file);
	block_begin(&file, 4); /* 10.0.0.1 a.example b.example; no more */
	put_u16(&file, 1);
	put_u16(&file, 4 + 20);
	put(&file, (guint8[]){ 10, 0, 0, 1 }, 4);
	put_padded(&file, "a.example\0b.example", 20);
	put_u32(&file, 0);
	block_end(&file);
	packet_begin(&file, 0, 1, "first", 60);
	comment(&file, "one");
	comment(&file, "pktladder: 3 packets lost here | v=1 drops=3 t=5");
	comment(&file, "two\nlines");
	put_u16(&file, 0x8001); /* of nsurlsessiond */
	put_u16(&file, 4);
	put_u32(&file, 1);
	put_u16(&file, 0x8003); /* for curl */
	put_u16(&file, 4);
	put_u32(&file, 0);
	block_end(&file);
	packet_begin(&file, 0, 2, "second", 60);
	put_u16(&file, 0x8001); /* that there is not */
	put_u16(&file, 4);
	put_u32(&file, 9);
	block_end(&file);
	return file_write("described", &file);
}

static void
assert_described(Capture *capture)
{
	const Origins *origins = capture_origins(capture);
	CaptureItem item;

	next(capture, &item);
	g_assert_cmpint(item.kind, ==, CAPTURE_DROPS);
	next(capture, &item);
	g_assert_cmpint(item.kind, ==, CAPTURE_PACKET);
	g_assert_cmpuint(item.comments->len, ==, 2);
	g_assert_cmpstr(item.comments->pdata[0], ==, "one");
	g_assert_cmpstr(item.comments->pdata[1], ==, "two\nlines");
	const PacketProcess *processes = (PacketProcess *)origins->processes->data;
	g_assert_cmpstr(processes[item.process[0] - 1].name, ==, "nsurlsessiond");
	g_assert_cmpint(processes[item.process[1] - 1].number, ==, 501);
	next(capture, &item);
	g_assert_null(item.comments);
	g_assert_cmpuint(item.process[0], ==, 0);
	g_assert_cmpstr(origins->comments->pdata[0], ==, "of the section");
	const Origin *origin = origins_interface(origins, item.packet.interface);
	g_assert_cmpstr(origin->name, ==, "en0");
	g_assert_cmpstr(origin->description, ==, "the first");
	g_assert_cmpstr(origin->comments->pdata[0], ==, "of the interface");
	g_assert_cmpuint(g_hash_table_size(origins->names), ==, 1);
	g_assert_cmpstr(g_hash_table_lookup(origins->names, "10.0.0.1"), ==, "a.example");
	next(capture, &item);
	g_assert_cmpint(item.kind, ==, CAPTURE_END);
}

/* As it is, in a set, and as our own recording has it: nothing is lost. */
static void
test_described(void)
{
	g_autofree char *path = described_file(), *copy = path_of("copy");
	g_autoptr(Capture) alone = capture_open_file(path, NULL, NULL);
	g_auto(File) empty = file_new(FALSE);
	CaptureItem item;

	assert_described(alone);
	pcap_header(&empty, PCAP_MICROSECONDS, 65535, 1);
	g_autofree char *other = file_write("empty", &empty);
	g_autoptr(Capture) two = capture_of((char *[]){ other, path, NULL }, NULL);
	assert_described(two);

	g_autoptr(Capture) again = capture_open_file(path, NULL, NULL);
	FILE *out = fopen(copy, "wb");
	g_autoptr(Recording) recording =
	    recording_new(dup(fileno(out)), copy, FALSE, 1, 0, capture_origins(alone), NULL);
	fclose(out);
	for (next(again, &item); item.kind != CAPTURE_END; next(again, &item)) {
		if (item.kind == CAPTURE_DROPS)
			recording_add_drops(recording, item.time_ns, item.dropped, NULL);
		if (item.kind != CAPTURE_PACKET)
			continue;
		for (guint i = 0; item.comments && i < item.comments->len; i++)
			recording_add_comment(recording, item.comments->pdata[i]);
		recording_add_processes(recording, item.process);
		g_assert_true(recording_add_packet(recording, &item.packet, NULL));
	}
	g_assert_true(recording_close(recording, NULL));
	g_autoptr(Capture) copied = capture_open_file(copy, NULL, NULL);
	assert_described(copied);
}

/* In the packet's own bytes: PKTAP's header, PCAPdroid's trailer. */
static void
test_processes(void)
{
	guint8 pktap[108] = { 108, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 'e', 'n', '0' };
	guint8 frame[14 + 20 + 2 + 32] = { [12] = 8, [14] = 0x45, [17] = 20, [36] = 1, 7,
					   0x20,     0x21,        0,         0,        0x27,
					   0x8a,     'N',         'e',       'w',      's' };
	Packet packet = { .data = pktap, .captured = 108, .length = 108, .link_type = 258 };
	PacketProcess processes[2];

	g_assert_cmpuint(packet_processes(&packet, processes), ==, 0); /* it names none */
	memcpy(pktap + 52, "\x4d\0\0\0mDNSResponder", 17);
	memcpy(pktap + 84, "\x4d\0\0\0mDNSResponder", 17);
	g_assert_cmpuint(packet_processes(&packet, processes), ==, 1); /* itself */
	memcpy(pktap + 84, "\xf5\x01\0\0Safari\0", 11);
	g_assert_cmpuint(packet_processes(&packet, processes), ==, 2);
	g_assert_cmpstr(processes[0].name, ==, "mDNSResponder");
	g_assert_cmpint(processes[0].number, ==, 77);
	g_assert_cmpstr(processes[1].name, ==, "Safari");
	g_assert_cmpint(processes[1].number, ==, 501);
	packet.captured = 107;
	g_assert_cmpuint(packet_processes(&packet, processes), ==, 0);

	packet = (Packet){
		.data = frame, .captured = sizeof frame, .length = sizeof frame, .link_type = 1
	};
	g_assert_cmpuint(packet_processes(&packet, processes), ==, 1);
	g_assert_true(processes[0].is_user);
	g_assert_cmpstr(processes[0].name, ==, "News");
	g_assert_cmpint(processes[0].number, ==, 10122);
	/* within the datagram the same bytes are payload */
	frame[17] = 20 + 2 + 32;
	g_assert_cmpuint(packet_processes(&packet, processes), ==, 0);
}

int
main(int argc, char **argv)
{
	g_autofree char *remove = NULL;

	g_test_init(&argc, &argv, NULL);
	folder = g_dir_make_tmp("pktladder-merge-XXXXXX", NULL);
	g_test_add_func("/merge/order", test_order);
	g_test_add_func("/merge/damaged", test_damaged);
	g_test_add_func("/merge/filter", test_filter);
	g_test_add_func("/merge/described", test_described);
	g_test_add_func("/merge/processes", test_processes);
	int status = g_test_run();
	remove = g_strdup_printf("rm -rf %s", folder);
	g_spawn_command_line_sync(remove, NULL, NULL, NULL, NULL);
	g_free(folder);
	return status;
}
