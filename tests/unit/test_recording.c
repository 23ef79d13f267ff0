/* SPDX-License-Identifier: MIT */
#include "pktladder/capture.h"
#include "pktladder/recording.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* One thing that is recorded; made from its number alone, so that it can be
 * made again to compare with. */
typedef struct {
	CaptureItemKind kind;
	Packet packet;
	CallRecord call;
	gint64 time_ns;
	guint64 dropped;
	guint8 bytes[2000];
} Item;

static const gint64 start_ns = 1700000000123456789;
static char *folder;

static void
make_item(guint number, guint seed, Item *item)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(number * 7919 + seed);
	gint64 time_ns = start_ns + (gint64)number * 1001;
	guint n = g_rand_int_range(random, 0, sizeof(item->bytes));

	*item = (Item){ .kind = CAPTURE_PACKET, .time_ns = time_ns };
	switch (g_rand_int_range(random, 0, 8)) {
	case 0:
		item->kind = CAPTURE_DROPS;
		item->dropped = 1 + g_rand_int(random);
		break;
	case 1:
	case 2:
	case 3:
		item->kind = CAPTURE_CALL;
		item->call = (CallRecord){
			.time_ns = time_ns,
			.id = number + 1,
			.phase = number % 2 ? CALL_RETURN : CALL_ENTRY,
			.name = g_rand_boolean(random) ? CALL_SEND : CALL_CONNECT,
			.role = number % 3 ? ROLE_CLIENT : ROLE_SERVER,
			.transport = TRANSPORT_TCP,
			.version = 4,
			.pid = 100,
			.tid = 101,
			.fd = 3,
			.size = 12,
			.result = number % 2 ? -ECONNREFUSED : 0,
			.socket = 4711,
			.local = endpoint_make(4, (const guint8[]){ 127, 0, 0, 1 }, 5000),
		};
		break;
	default:
		for (guint i = 0; i < n; i++)
			item->bytes[i] = (guint8)g_rand_int(random);
		item->packet = (Packet){
			.time_ns = time_ns,
			.data = item->bytes,
			.captured = n,
			.length = n + number % 5,
			.link_type = 1,
		};
	}
}

static gboolean
add_item(Recording *recording, const Item *item, GError **error)
{
	if (item->kind == CAPTURE_PACKET)
		return recording_add_packet(recording, &item->packet, error);
	if (item->kind == CAPTURE_CALL)
		return recording_add_call(recording, &item->call, error);
	return recording_add_drops(recording, item->time_ns, item->dropped, error);
}

static void
assert_item(const CaptureItem *found, const Item *item)
{
	g_assert_cmpint(found->kind, ==, item->kind);
	if (item->kind == CAPTURE_PACKET) {
		g_assert_cmpint(found->packet.time_ns, ==, item->packet.time_ns);
		g_assert_cmpuint(found->packet.length, ==, item->packet.length);
		g_assert_cmpuint(found->packet.link_type, ==, item->packet.link_type);
		g_assert_cmpmem(found->packet.data, found->packet.captured, item->packet.data,
				item->packet.captured);
	} else if (item->kind == CAPTURE_CALL) {
		g_assert_cmpmem(&found->call, sizeof(CallRecord), &item->call, sizeof(CallRecord));
	} else {
		g_assert_cmpint(found->time_ns, ==, item->time_ns);
		g_assert_cmpuint(found->dropped, ==, item->dropped);
	}
}

static char *
path_of(const char *name)
{
	return g_build_filename(folder, name, NULL);
}

/* "-" is standard output. */
static Recording *
recording_to(const char *path, guint16 link_type, const char *interface, GError **error)
{
	int fd = g_str_equal(path, "-")
		     ? STDOUT_FILENO
		     : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	g_assert_cmpint(fd, >=, 0);
	g_autoptr(Origins) origins = origins_new();
	origins_add_interface(origins, 0, link_type);
	origins_interface(origins, 0)->name = g_strdup(interface);
	return recording_new(fd, path, FALSE, link_type, 0, origins, error);
}

/* Items [0, n), flushed now and then, also with calls pending. */
static void
record(const char *path, guint n, guint seed)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Recording) recording = recording_to(path, 1, "lo", &error);
	g_autoptr(GRand) random = g_rand_new_with_seed(seed);
	Item item;

	g_assert_no_error(error);
	for (guint i = 0; i < n; i++) {
		make_item(i, seed, &item);
		g_assert_true(add_item(recording, &item, &error));
		if (g_rand_int_range(random, 0, 5) == 0)
			g_assert_true(recording_flush(recording, &error));
	}
	g_assert_true(recording_close(recording, &error));
	g_assert_no_error(error);
}

/* Reads items from number `first` as long as there are any; returns how many
 * there were in all. `*note`: whether the file says it was cut short. */
static guint
read_back(Capture *capture, guint first, guint seed, gboolean *note)
{
	CaptureItem found;
	Item item;

	*note = FALSE;
	for (guint i = first;; i++) {
		capture_next(capture, &found);
		if (found.kind == CAPTURE_NOTE) {
			g_assert_nonnull(found.note);
			*note = TRUE;
			capture_next(capture, &found);
			g_assert_cmpint(found.kind, ==, CAPTURE_END);
		}
		if (found.kind == CAPTURE_END || found.kind == CAPTURE_NOTHING)
			return i;
		make_item(i, seed, &item);
		assert_item(&found, &item);
	}
}

static guint
read_file(const char *path, guint seed, gboolean *note)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Capture) capture = capture_open_file(path, NULL, &error);

	g_assert_no_error(error);
	g_assert_cmpint(capture_fd(capture), ==, -1);
	return read_back(capture, 0, seed, note);
}

/* The same items in the same order, wherever the flushes were. */
static void
test_round_trip(void)
{
	g_autofree char *path = path_of("round.pcapng");
	gboolean note;

	for (guint seed = 0; seed < 100; seed++) {
		guint n = seed < 99 ? seed * 3 : 3000;
		record(path, n, seed);
		g_assert_cmpuint(read_file(path, seed, &note), ==, n);
		g_assert_cmpint(note, ==, n == 0);
	}
}

/* A filter chooses packets; calls and drops stay. */
static void
test_filter(void)
{
	g_autofree char *path = path_of("filter.pcapng");
	g_autoptr(GError) error = NULL;
	guint n = 500, expected = 0, found_others = 0, found_packets = 0;
	CaptureItem found;
	Item item;

	record(path, n, 5);
	for (guint i = 0; i < n; i++) {
		make_item(i, 5, &item);
		expected += item.kind != CAPTURE_PACKET;
	}
	g_autoptr(Capture) capture = capture_open_file(path, "len < 500", &error);
	g_assert_no_error(error);
	for (;;) {
		capture_next(capture, &found);
		if (found.kind == CAPTURE_END)
			break;
		if (found.kind == CAPTURE_PACKET)
			g_assert_cmpuint(found.packet.length, <, 500);
		found_packets += found.kind == CAPTURE_PACKET;
		found_others += found.kind != CAPTURE_PACKET;
	}
	g_assert_cmpuint(found_others, ==, expected);
	g_assert_cmpuint(found_packets, >, 10);
	g_assert_cmpuint(found_packets, <, n - expected);
}

/* Through a pipe, some bytes at a time: what is complete comes at once, and
 * nothing ever waits. */
static void
test_pipe(void)
{
	g_autofree char *path = path_of("pipe.pcapng"), *bytes = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(GRand) random = g_rand_new_with_seed(11);
	gsize size, at = 300;
	guint done = 0, seed = 3, n = 1000, steps_with_items = 0;
	int ends[2];
	gboolean note;

	record(path, n, seed);
	g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
	g_assert_cmpint(pipe(ends), ==, 0);
	g_autofree char *name = g_strdup_printf("/proc/self/fd/%d", ends[0]);
	g_assert_cmpint(write(ends[1], bytes, at), ==, at);
	g_autoptr(Capture) capture = capture_open_file(name, NULL, &error);
	g_assert_no_error(error);
	g_assert_cmpint(capture_fd(capture), >=, 0);
	g_assert_false(capture_is_live(capture));
	while (at < size) {
		gsize now = MIN((gsize)g_rand_int_range(random, 1, 5000), size - at);
		g_assert_cmpint(write(ends[1], bytes + at, now), ==, now);
		at += now;
		guint before = done;
		done = read_back(capture, done, seed, &note);
		steps_with_items += done > before;
	}
	g_assert_cmpuint(done, ==, n); /* all of them before the writer closes */
	g_assert_cmpuint(steps_with_items, >, 100);
	close(ends[1]);
	g_assert_cmpuint(read_back(capture, done, seed, &note), ==, n);
	g_assert_false(note);
	close(ends[0]);
}

/* What a program prints, or NULL where it is not installed (a loud skip). */
static char *
run(const char *const *argv, gboolean *ok, char **errors)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *program = g_find_program_in_path(argv[0]);
	char *output = NULL;

	if (!program) {
		g_autofree char *text = g_strdup_printf("%s is not installed", argv[0]);
		g_test_skip(text);
		return NULL;
	}
	g_autoptr(GSubprocess) process = g_subprocess_newv(
	    argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
	g_assert_no_error(error);
	g_subprocess_communicate_utf8(process, NULL, NULL, &output, errors, &error);
	g_assert_no_error(error);
	*ok = g_subprocess_get_successful(process);
	return output;
}

/* One line a packet as tshark should print it: time, lengths, comments. */
static char *
expected_fields(guint n, guint seed)
{
	g_autoptr(GString) text = g_string_new(NULL), comments = g_string_new(NULL);
	Item item;

	for (guint i = 0; i < n; i++) {
		make_item(i, seed, &item);
		const char *comma = comments->len ? "," : "";
		if (item.kind == CAPTURE_CALL) {
			g_autofree char *comment = call_to_comment(&item.call);
			g_string_append_printf(comments, "%s%s", comma, comment);
		} else if (item.kind == CAPTURE_DROPS) {
			g_string_append_printf(comments,
					       "%spktladder: %" G_GUINT64_FORMAT
					       " packet%s lost here | v=1 drops=%" G_GUINT64_FORMAT
					       " t=%" G_GINT64_FORMAT,
					       comma, item.dropped, item.dropped == 1 ? "" : "s",
					       item.dropped, item.time_ns);
		} else {
			g_string_append_printf(
			    text, "%d.%09d\t%u\t%u\tlo\t%s\n", (int)(item.time_ns / 1000000000),
			    (int)(item.time_ns % 1000000000), item.packet.captured,
			    item.packet.length, comments->str);
			g_string_truncate(comments, 0);
		}
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

/* Wireshark sees each call beside the packet that followed it. */
static void
test_tshark(void)
{
	g_autofree char *path = path_of("tshark.pcapng"), *errors = NULL;
	const char *argv[] = { "tshark",
			       "-r",
			       path,
			       "-T",
			       "fields",
			       "-e",
			       "frame.time_epoch",
			       "-e",
			       "frame.cap_len",
			       "-e",
			       "frame.len",
			       "-e",
			       "frame.interface_name",
			       "-e",
			       "frame.comment",
			       NULL };
	g_autoptr(Recording) recording = recording_to(path, 1, "lo", NULL);
	guint n = 300, seed = 9;
	gboolean ok;
	Item item;

	for (guint i = 0; i < n; i++) {
		make_item(i, seed, &item);
		g_assert_true(add_item(recording, &item, NULL));
	}
	g_assert_true(recording_close(recording, NULL));
	g_autofree char *output = run(argv, &ok, &errors);
	if (!output)
		return;
	g_autofree char *expected = expected_fields(n, seed);
	g_assert_true(ok);
	g_assert_cmpstr(output, ==, expected);
}

/* However the calls were flushed, tcpdump and tshark count the packets only. */
static void
test_frame_numbers(void)
{
	g_autofree char *path = path_of("frames.pcapng"), *errors = NULL;
	const char *tshark[] = { "tshark", "-r", path, "-T", "fields", "-e", "frame.number", NULL };
	const char *tcpdump[] = { "tcpdump", "--nano", "-ttnr", path, NULL };
	const char *const *programs[] = { tshark, tcpdump };
	guint n = 400, seed = 21, packets = 0;
	gboolean ok;
	Item item;

	record(path, n, seed);
	for (guint i = 0; i < n; i++) {
		make_item(i, seed, &item);
		packets += item.kind == CAPTURE_PACKET;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(programs); i++) {
		g_clear_pointer(&errors, g_free);
		g_autofree char *output = run(programs[i], &ok, &errors);
		if (!output)
			return;
		g_assert_true(ok);
		guint lines = 0;
		g_auto(GStrv) split = g_strsplit(output, "\n", -1);
		for (char **line = split; *line; line++) /* tcpdump's further lines are indented */
			lines += **line && !g_ascii_isspace(**line);
		g_assert_cmpuint(lines, ==, packets);
	}
}

/* Where the blocks of the file start. */
static GArray *
block_starts(const char *bytes, gsize size)
{
	GArray *starts = g_array_new(FALSE, FALSE, sizeof(gsize));
	guint32 length;

	for (gsize at = 0; at < size; at += length) {
		g_array_append_val(starts, at);
		memcpy(&length, bytes + at + 4, sizeof(length));
	}
	return starts;
}

/* Cut anywhere in its last two blocks (one of them a statistics block), the
 * file still opens, with everything before the cut. */
static void
test_cut_short(void)
{
	g_autofree char *path = path_of("whole.pcapng"), *cut = path_of("cut.pcapng");
	g_autofree char *bytes = NULL;
	gsize size;
	gboolean note, ok;
	guint n = 5, seed = 0;
	Item item;

	/* a seed whose file ends with a packet, then something for a statistics block */
	for (;; seed++) {
		make_item(n - 2, seed, &item);
		gboolean is_packet = item.kind == CAPTURE_PACKET && item.packet.captured < 300;
		make_item(n - 1, seed, &item);
		if (is_packet && item.kind == CAPTURE_CALL)
			break;
	}
	record(path, n, seed);
	g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
	g_autoptr(GArray) starts = block_starts(bytes, size);
	gsize first = g_array_index(starts, gsize, starts->len - 2);
	gsize second = g_array_index(starts, gsize, starts->len - 1);
	for (gsize at = first; at < size; at++) {
		g_assert_true(g_file_set_contents(cut, bytes, at, NULL));
		guint found = read_file(cut, seed, &note);
		g_assert_cmpuint(found, >=, at < second ? n - 2 - 1 : n - 1);
		g_assert_cmpint(note, ==, at != first && at != second);

		const char *tcpdump[] = { "tcpdump", "-nr", cut, NULL };
		const char *tshark[] = { "tshark", "-r", cut, NULL };
		const char *const *programs[] = { tcpdump, tshark };
		/* tshark takes long to start */
		for (gsize i = 0; i < (at % 29 ? 1 : 2); i++) {
			g_autofree char *errors = NULL, *output = run(programs[i], &ok, &errors);
			if (!output)
				return;
			if (note)
				g_assert_true(strstr(errors, "truncated") ||
					      strstr(errors, "cut short"));
			g_assert_null(strstr(errors, "isn't a capture file"));
			g_assert_null(strstr(errors, "unknown file format"));
		}
	}
}

/* Writes for ever; tells through the pipe how many items are flushed. */
static void
write_for_ever(const char *path, int flushed_fd)
{
	g_autoptr(Recording) recording = recording_to(path, 1, "lo", NULL);
	Item item;

	for (guint i = 0;; i++) {
		make_item(i, 1, &item);
		if (!add_item(recording, &item, NULL))
			_exit(1);
		if (i % 10 == 0) {
			guint flushed = i + 1;
			if (!recording_flush(recording, NULL) ||
			    write(flushed_fd, &flushed, sizeof(flushed)) < 0)
				_exit(1);
		}
	}
}

static void
test_killed(void)
{
	g_autofree char *path = path_of("killed.pcapng");

	for (guint round = 0; round < 10; round++) {
		int ends[2];
		guint flushed = 0, value, found;
		gboolean note;

		g_assert_cmpint(pipe(ends), ==, 0);
		pid_t child = fork();
		if (child == 0) {
			close(ends[0]);
			write_for_ever(path, ends[1]);
		}
		close(ends[1]);
		for (guint i = 0; i < 20 + round * 10; i++)
			g_assert_cmpint(read(ends[0], &value, sizeof(value)), ==, sizeof(value));
		kill(child, SIGKILL);
		while (read(ends[0], &value, sizeof(value)) == sizeof(value))
			flushed = value;
		g_assert_cmpint(waitpid(child, NULL, 0), ==, child);
		close(ends[0]);
		found = read_file(path, 1, &note);
		g_assert_cmpuint(found, >=, flushed);
		g_assert_cmpuint(found, >, 100);
	}
}

static void
test_full_device(void)
{
	g_autoptr(GError) error = NULL;

	if (access("/dev/full", W_OK) != 0) {
		g_test_skip("there is no /dev/full");
		return;
	}
	g_assert_null(recording_to("/dev/full", 1, "lo", &error));
	g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
	g_assert_nonnull(strstr(error->message, "Free some space"));
}

/* A disk that is full for a while: nothing that was accepted is lost. In a
 * child, because of the limit. */
static int
fill_up(const char *path)
{
	struct rlimit limit;
	guint i = 0, failed_at;
	gboolean note;
	g_autoptr(GError) error = NULL;
	Item item;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = 500 * 1000 + 13;
	setrlimit(RLIMIT_FSIZE, &limit);
	{
		g_autoptr(Recording) recording = recording_to(path, 1, "lo", NULL);
		for (;; i++) {
			make_item(i, 4, &item);
			if (!add_item(recording, &item, &error))
				break;
		}
		failed_at = i;
		if (recording_flush(recording, NULL) || read_file(path, 4, &note) < 100 || !note)
			return 1;
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_FSIZE, &limit);
		for (; i < failed_at + 100; i++) {
			make_item(i, 4, &item);
			if (!add_item(recording, &item, NULL))
				return 2;
		}
		if (!recording_close(recording, NULL))
			return 3;
	}
	return read_file(path, 4, &note) == i && !note ? 0 : 4;
}

static int
wait_for(pid_t child)
{
	int status;

	g_assert_cmpint(waitpid(child, &status, 0), ==, child);
	g_assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
test_full_disk(void)
{
	g_autofree char *path = path_of("full.pcapng");
	pid_t child = fork();

	if (child == 0)
		_exit(fill_up(path));
	g_assert_cmpint(wait_for(child), ==, 0);
}

/* A reader that goes away is an error that says so, where SIGPIPE is survived. */
static int
write_to_nobody(void)
{
	int ends[2];
	g_autoptr(GError) error = NULL;
	Item item;

	signal(SIGPIPE, SIG_IGN);
	if (pipe(ends) != 0 || dup2(ends[1], STDOUT_FILENO) < 0)
		return 1;
	g_autoptr(Recording) recording = recording_to("-", 1, "lo", NULL);
	close(ends[0]);
	make_item(0, 4, &item);
	if (!recording || !add_item(recording, &item, NULL))
		return 2;
	if (recording_flush(recording, &error))
		return 3;
	return g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_PIPE) ? 0 : 4;
}

static void
test_closed_pipe(void)
{
	pid_t child = fork();

	if (child == 0)
		_exit(write_to_nobody());
	g_assert_cmpint(wait_for(child), ==, 0);
}

/* Standard output, and a pipe whose reader is slow and non-blocking. */
static int
write_to_pipe(int fd)
{
	if (dup2(fd, STDOUT_FILENO) < 0 || fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK) != 0)
		return 1;
	record("-", 2000, 6);
	return 0;
}

static void
test_standard_output(void)
{
	int ends[2];
	guint done = 0;
	gboolean note;
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(pipe(ends), ==, 0);
	pid_t child = fork();
	if (child == 0) {
		close(ends[0]);
		_exit(write_to_pipe(ends[1]));
	}
	close(ends[1]);
	g_autofree char *name = g_strdup_printf("/proc/self/fd/%d", ends[0]);
	g_autoptr(Capture) capture = capture_open_file(name, NULL, &error);
	g_assert_no_error(error);
	gint64 deadline = g_get_monotonic_time() + 30 * G_USEC_PER_SEC;
	while (done < 2000 && g_get_monotonic_time() < deadline) {
		done = read_back(capture, done, 6, &note);
		g_usleep(100);
	}
	g_assert_cmpuint(done, ==, 2000);
	g_assert_cmpint(wait_for(child), ==, 0);
	close(ends[0]);
}

/* Odd input: an interface without a name, a packet that claims too much, a
 * time before 1970, thousands of calls and no packet. */
static void
test_odd(void)
{
	g_autofree char *path = path_of("odd.pcapng");
	g_autofree guint8 *bytes = g_malloc0(300000);
	Packet packet = {
		.time_ns = -1, .data = bytes, .captured = 300000, .length = 300000, .link_type = 101
	};
	g_autoptr(Recording) recording = recording_to(path, 101, NULL, NULL);
	guint calls = 0;
	CaptureItem found;
	Item item;

	g_assert_true(recording_add_packet(recording, &packet, NULL));
	for (guint i = 0; i < 20000; i++) {
		make_item(i, 0, &item);
		if (item.kind == CAPTURE_CALL && ++calls)
			g_assert_true(recording_add_call(recording, &item.call, NULL));
	}
	g_assert_true(recording_close(recording, NULL));
	g_autoptr(Capture) capture = capture_open_file(path, NULL, NULL);
	g_assert_cmpuint(capture_link_type(capture), ==, 101);
	capture_next(capture, &found);
	g_assert_cmpint(found.kind, ==, CAPTURE_PACKET);
	g_assert_cmpuint(found.packet.captured, ==, 262144);
	g_assert_cmpuint(found.packet.length, ==, 300000);
	g_assert_cmpint(found.packet.time_ns, ==, 0);
	for (capture_next(capture, &found); found.kind == CAPTURE_CALL;
	     capture_next(capture, &found))
		calls--;
	g_assert_cmpint(found.kind, ==, CAPTURE_END);
	g_assert_cmpuint(calls, ==, 0);
}

static void
remove_folder(void)
{
	g_autoptr(GDir) entries = g_dir_open(folder, 0, NULL);
	const char *name;

	while ((name = g_dir_read_name(entries))) {
		g_autofree char *path = path_of(name);
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
		{ "round-trip", test_round_trip },
		{ "filter", test_filter },
		{ "pipe", test_pipe },
		{ "tshark", test_tshark },
		{ "frame-numbers", test_frame_numbers },
		{ "cut-short", test_cut_short },
		{ "killed", test_killed },
		{ "full-device", test_full_device },
		{ "full-disk", test_full_disk },
		{ "closed-pipe", test_closed_pipe },
		{ "standard-output", test_standard_output },
		{ "odd", test_odd },
	};

	g_test_init(&argc, &argv, NULL);
	folder = g_dir_make_tmp("recording-XXXXXX", NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++) {
		g_autofree char *path = g_strconcat("/recording/", tests[i].name, NULL);
		g_test_add_func(path, tests[i].test);
	}
	int status = g_test_run();
	remove_folder();
	return status;
}
