/* SPDX-License-Identifier: MIT */
/* Files that change while they are open: followed on purpose, or read as usual. */
#include "../capture_file.h"
#include "pktladder/store.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char *folder;

/* What another program writes. */
typedef struct {
	char *path;
	int fd;
} Writer;

static Writer
writer_new(const char *name)
{
	Writer writer = { .path = g_build_filename(folder, name, NULL) };

	g_unlink(writer.path);
	writer.fd = open(writer.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	g_assert_cmpint(writer.fd, >=, 0);
	return writer;
}

static void
writer_clear(Writer *writer)
{
	close(writer->fd);
	g_free(writer->path);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Writer, writer_clear)

static void
writer_add(Writer *writer, const void *bytes, gsize n)
{
	g_assert_cmpint(write(writer->fd, bytes, n), ==, n);
}

static Capture *
follow(const char *path)
{
	g_autoptr(GError) error = NULL;
	CaptureInput *input = capture_input_open(path, CAPTURE_FOLLOW, &error);
	Capture *capture = input ? capture_open_input(input, NULL, &error) : NULL;

	g_assert_no_error(error);
	return capture;
}

/* Whether something happened to the file since the reader looked. */
static gboolean
is_woken(const Capture *capture)
{
	struct pollfd wait = { .fd = capture_fd(capture), .events = POLLIN };

	g_assert_cmpint(wait.fd, >=, 0);
	return poll(&wait, 1, 0) == 1;
}

static void
assert_next(Capture *capture, CaptureItemKind kind, CaptureItem *item)
{
	capture_next(capture, item);
	g_assert_cmpint(item->kind, ==, kind);
}

/* Nothing is there, and nothing wakes the reader. */
static void
assert_idle(Capture *capture)
{
	CaptureItem item;

	assert_next(capture, CAPTURE_NOTHING, &item);
	assert_next(capture, CAPTURE_NOTHING, &item);
	g_assert_false(is_woken(capture));
}

static void
assert_end(Capture *capture, const char *words)
{
	CaptureItem item;

	assert_next(capture, CAPTURE_NOTE, &item);
	g_assert_nonnull(strstr(item.note, words));
	assert_next(capture, CAPTURE_END, &item);
	assert_next(capture, CAPTURE_END, &item);
}

static void
make_pcap(File *file, guint packet)
{
	if (packet == 0)
		pcap_header(file, PCAP_MICROSECONDS, 65535, 1);
	pcap_packet(file, packet, 0, 10 + packet % 50, 100);
}

static void
make_pcapng(File *file, guint number)
{
	if (number == 0) {
		section(file);
		interface(file, 1, 0, 9);
	}
	packet(file, 0, number * G_GUINT64_CONSTANT(1000000000));
}

/* A byte at a time: each packet comes with its last byte, and can be fetched again. */
static void
test_grows(void)
{
	void (*const forms[])(File * file, guint packet) = { make_pcap, make_pcapng };

	for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
		g_auto(Writer) writer = writer_new("grows");
		g_auto(File) file = file_new(FALSE);
		CaptureItem item;
		Packet found;
		forms[i](&file, 0);
		guint header = file.bytes->len;
		writer_add(&writer, file.bytes->data, header);
		g_autoptr(Capture) capture = follow(writer.path);
		g_autoptr(PacketStore) store = store_new(capture, NULL);
		assert_next(capture, CAPTURE_PACKET, &item);
		for (guint n = 1; n < 60; n++) {
			guint64 offset, done, total;
			guint before = file.bytes->len;
			assert_idle(capture);
			forms[i](&file, n);
			for (guint at = before; at < file.bytes->len - 1; at++) {
				writer_add(&writer, file.bytes->data + at, 1);
				g_assert_true(is_woken(capture));
				assert_idle(capture);
			}
			writer_add(&writer, file.bytes->data + file.bytes->len - 1, 1);
			g_assert_true(is_woken(capture));
			assert_next(capture, CAPTURE_PACKET, &item);
			g_assert_cmpint(item.packet.time_ns, ==, (gint64)n * 1000000000);
			g_assert_cmpuint(item.offset, ==, before);
			g_assert_true(store_add(store, &item.packet, item.offset, &offset, NULL));
			g_assert_true(store_fetch(store, offset, &found, NULL));
			g_assert_cmpmem(found.data, found.captured, item.packet.data,
					item.packet.captured);
			capture_progress(capture, &done, &total);
			g_assert_cmpuint(done, ==, file.bytes->len);
			g_assert_cmpuint(total, ==, done);
		}
	}
}

/* In the midst of the traffic of a busy writer nothing is lost. */
static void
test_busy(void)
{
	enum { N = 20000 };
	g_auto(Writer) writer = writer_new("busy");
	g_auto(File) file = file_new(FALSE);
	CaptureItem item;
	guint n = 0;

	for (guint i = 0; i < N; i++)
		make_pcap(&file, i);
	pid_t child = fork();
	if (child == 0) {
		for (gsize at = 0; at < file.bytes->len; at += 997)
			if (write(writer.fd, file.bytes->data + at,
				  MIN(997, file.bytes->len - at)) < 0)
				_exit(1);
		_exit(0);
	}
	g_autoptr(Capture) capture = follow(writer.path);
	while (n < N) {
		struct pollfd wait = { .fd = capture_fd(capture), .events = POLLIN };
		capture_next(capture, &item);
		if (item.kind == CAPTURE_NOTHING) {
			g_assert_cmpint(poll(&wait, 1, 20000), ==, 1);
			continue;
		}
		g_assert_cmpint(item.kind, ==, CAPTURE_PACKET);
		g_assert_cmpint(item.packet.time_ns, ==, (gint64)n * 1000000000);
		n++;
	}
	g_assert_cmpint(waitpid(child, NULL, 0), ==, child);
	assert_idle(capture);
}

/* A file that is still empty, or has no header yet, is waited for. */
static void
test_empty(void)
{
	g_auto(Writer) writer = writer_new("empty");
	g_auto(File) file = file_new(FALSE);
	CaptureItem item;

	make_pcap(&file, 0);
	pid_t child = fork();
	if (child == 0) {
		for (guint at = 0; at < file.bytes->len; at += 3) {
			g_usleep(10 * 1000);
			if (write(writer.fd, file.bytes->data + at, MIN(3, file.bytes->len - at)) <
			    0)
				_exit(1);
		}
		_exit(0);
	}
	g_autoptr(Capture) capture = follow(writer.path);
	g_assert_cmpint(waitpid(child, NULL, 0), ==, child);
	assert_next(capture, CAPTURE_PACKET, &item);
	assert_idle(capture);
}

static void
test_no_capture(void)
{
	g_auto(Writer) writer = writer_new("text");
	g_autoptr(GError) error = NULL;

	writer_add(&writer, "some text", 9);
	g_assert_null(capture_open_input(capture_input_open(writer.path, CAPTURE_FOLLOW, NULL),
					 NULL, &error));
	g_assert_error(error, CAPTURE_ERROR, CAPTURE_ERROR_FORMAT);
}

/* What may happen to a file that is followed; `other`: another capture. */
typedef struct {
	const char *words;
	void (*change)(Writer *writer, const File *other);
} Change;

static void
shrink(Writer *writer, const File *other)
{
	(void)other;
	g_assert_cmpint(ftruncate(writer->fd, 30), ==, 0);
}

static void
overwrite(Writer *writer, const File *other)
{
	g_assert_cmpint(ftruncate(writer->fd, 0), ==, 0);
	writer_add(writer, other->bytes->data, other->bytes->len);
}

static void
replace(Writer *writer, const File *other)
{
	g_autofree char *path = g_strconcat(writer->path, ".new", NULL);

	g_assert_true(
	    g_file_set_contents(path, (const char *)other->bytes->data, other->bytes->len, NULL));
	g_assert_cmpint(g_rename(path, writer->path), ==, 0);
}

static void
unlink_it(Writer *writer, const File *other)
{
	(void)other;
	g_assert_cmpint(g_unlink(writer->path), ==, 0);
}

static const Change changes[] = {
	{ "shrank while it was open", shrink },
	{ "overwritten while it was open", overwrite },
	{ "removed or replaced while it was open", replace },
	{ "removed or replaced while it was open", unlink_it },
};

static void
test_changes(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
		g_auto(Writer) writer = writer_new("changes");
		g_auto(File) file = file_new(FALSE), other = file_new(FALSE);
		CaptureItem item;
		for (guint n = 0; n < 5; n++)
			make_pcap(&file, n);
		pcap_header(&other, PCAP_MICROSECONDS, 65535, 1);
		for (guint n = 0; n < 50; n++)
			pcap_packet(&other, 1000 + n, 0, 40, 40);
		writer_add(&writer, file.bytes->data, 24); /* no more when it is opened */
		g_autoptr(Capture) capture = follow(writer.path);
		writer_add(&writer, file.bytes->data + 24, file.bytes->len - 24);
		for (guint n = 0; n < 5; n++)
			assert_next(capture, CAPTURE_PACKET, &item);
		assert_idle(capture);
		changes[i].change(&writer, &other);
		g_assert_true(is_woken(capture));
		assert_end(capture, changes[i].words);
	}
}

/* Renamed (a log that is rotated) it is still the one that is written. */
static void
test_renamed(void)
{
	g_auto(Writer) writer = writer_new("renamed");
	g_autofree char *path = g_strconcat(writer.path, ".1", NULL);
	g_auto(File) file = file_new(FALSE), more = file_new(FALSE);
	CaptureItem item;

	make_pcap(&file, 0);
	make_pcap(&more, 1);
	writer_add(&writer, file.bytes->data, file.bytes->len);
	g_autoptr(Capture) capture = follow(writer.path);
	assert_next(capture, CAPTURE_PACKET, &item);
	g_assert_cmpint(g_rename(writer.path, path), ==, 0);
	assert_idle(capture);
	writer_add(&writer, more.bytes->data, more.bytes->len);
	g_assert_true(is_woken(capture));
	assert_next(capture, CAPTURE_PACKET, &item);
	assert_idle(capture);
}

/* Not followed: a file that loses its second half while the first is read. */
static void
test_shrinks_while_read(void)
{
	void (*const forms[])(File * file, guint packet) = { make_pcap, make_pcapng };

	for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
		g_auto(Writer) writer = writer_new("shrinks");
		g_auto(File) file = file_new(FALSE);
		CaptureItem item;
		guint n = 0;
		for (guint k = 0; k < 10000; k++)
			forms[i](&file, k);
		writer_add(&writer, file.bytes->data, file.bytes->len);
		g_autoptr(Capture) capture = capture_open_file(writer.path, NULL, NULL);
		g_assert_cmpint(capture_fd(capture), ==, -1);
		assert_next(capture, CAPTURE_PACKET, &item);
		g_assert_cmpint(ftruncate(writer.fd, file.bytes->len / 2), ==, 0);
		for (capture_next(capture, &item); item.kind == CAPTURE_PACKET;
		     capture_next(capture, &item))
			n++;
		g_assert_cmpuint(n, >, 4000);
		g_assert_cmpint(item.kind, ==, CAPTURE_NOTE);
		g_assert_nonnull(strstr(item.note, "shrank while it was open"));
		assert_next(capture, CAPTURE_END, &item);
	}
}

/* A pipe is followed anyway. */
static void
test_pipe(void)
{
	g_auto(File) file = file_new(FALSE);
	CaptureItem item;
	int ends[2];

	make_pcap(&file, 0);
	g_assert_cmpint(pipe2(ends, O_CLOEXEC), ==, 0);
	g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", ends[0]);
	g_assert_cmpint(write(ends[1], file.bytes->data, file.bytes->len), ==, file.bytes->len);
	g_autoptr(Capture) capture = follow(path);
	assert_next(capture, CAPTURE_PACKET, &item);
	assert_next(capture, CAPTURE_NOTHING, &item);
	close(ends[0]);
	close(ends[1]);
	assert_next(capture, CAPTURE_END, &item);
}

/* How far it is, of a file of which nothing is known but its size. */
static void
test_progress(void)
{
	g_auto(Writer) writer = writer_new("progress");
	g_auto(File) file = file_new(FALSE);
	guint64 before = 0, done, total;
	CaptureItem item;

	for (guint n = 0; n < 10000; n++)
		make_pcap(&file, n);
	writer_add(&writer, file.bytes->data, file.bytes->len);
	g_autoptr(Capture) capture = capture_open_file(writer.path, NULL, NULL);
	for (capture_next(capture, &item); item.kind != CAPTURE_END; capture_next(capture, &item)) {
		capture_progress(capture, &done, &total);
		g_assert_cmpuint(total, ==, file.bytes->len);
		g_assert_cmpuint(done, >=, before);
		before = done;
	}
	capture_progress(capture, &done, &total);
	g_assert_cmpuint(done, ==, total);
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
		{ "grows", test_grows },
		{ "busy", test_busy },
		{ "empty", test_empty },
		{ "no-capture", test_no_capture },
		{ "changes", test_changes },
		{ "renamed", test_renamed },
		{ "shrinks-while-read", test_shrinks_while_read },
		{ "pipe", test_pipe },
		{ "progress", test_progress },
	};

	g_test_init(&argc, &argv, NULL);
	folder = g_dir_make_tmp("follow-XXXXXX", NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
		g_autofree char *path = g_strconcat("/capture-follow/", tests[i].name, NULL);
		g_test_add_func(path, tests[i].test);
	}
	int status = g_test_run();
	remove_folder();
	return status;
}
