/* Theory of operation
 *
 * Every block is put together in the output's buffer and is whole there before
 * anything is written, and the buffer is written in one go: a process that is
 * killed leaves at most its last block incomplete, which readers take as "cut
 * short". Calls and losses wait as comments for the packet that follows them.
 * Where they must be in the file before there is one (a pause, the end), they
 * go on a statistics block instead.
 */
#include "pktladder/recording.h"
#include "comments.h"
#include "output.h"
#include "pcapng.h"
#include "pktladder/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum {
	SNAPSHOT_LENGTH = 262144,
	/* readers limit a block to 16 MiB, some an option list to 128 KiB */
	PENDING_MAX = 64 * 1024,
};

struct _Recording {
	Output output;
	char *name;         /* for people */
	gboolean is_draft;  /* it gets its name when all of it is written, or never */
	GPtrArray *pending; /* comments (char *) for the next packet */
	gsize pending_bytes;
	gint64 time_ns; /* of the last item */
	guint64 dropped;
	gboolean has_new_drops; /* since the last statistics block */
};

static void
put(GByteArray *block, const void *bytes, gsize n)
{
	g_byte_array_append(block, bytes, n);
}

static void
put_u16(GByteArray *block, guint16 value)
{
	put(block, &value, sizeof(value));
}

static void
put_u32(GByteArray *block, guint32 value)
{
	put(block, &value, sizeof(value));
}

static void
put_time(GByteArray *block, gint64 time_ns)
{
	guint64 time = MAX(time_ns, 0);

	put_u32(block, time >> 32);
	put_u32(block, (guint32)time);
}

static void
put_padded(GByteArray *block, const void *bytes, gsize n)
{
	put(block, bytes, n);
	put(block, "\0\0\0", -n & 3);
}

static void
put_option(GByteArray *block, guint16 code, const void *bytes, guint16 n)
{
	put_u16(block, code);
	put_u16(block, n);
	put_padded(block, bytes, n);
}

/* Returns where the block starts, for block_end(). */
static guint
block_begin(GByteArray *block, guint32 type)
{
	guint start = block->len;

	put_u32(block, type);
	put_u32(block, 0);
	return start;
}

static void
block_end(GByteArray *block, guint start)
{
	guint32 length = block->len + sizeof(length) - start;

	put_u32(block, length);
	memcpy(block->data + start + sizeof(guint32), &length, sizeof(length));
}

static void
put_section(GByteArray *block)
{
	static const char program[] = "pktladder";
	const gint64 length_unknown = -1;
	guint start = block_begin(block, BLOCK_SECTION);

	put_u32(block, BYTE_ORDER_MAGIC);
	put_u16(block, 1);
	put_u16(block, 0);
	put(block, &length_unknown, sizeof(length_unknown));
	put_option(block, OPTION_SECTION_PROGRAM, program, strlen(program));
	put_option(block, OPTION_END, NULL, 0);
	block_end(block, start);
}

static void
put_interface(GByteArray *block, guint16 link_type, const char *interface)
{
	const guint8 nanoseconds = 9;
	guint start = block_begin(block, BLOCK_INTERFACE);

	put_u16(block, link_type);
	put_u16(block, 0);
	put_u32(block, SNAPSHOT_LENGTH);
	if (interface) {
		g_autofree char *name = g_utf8_make_valid(interface, -1);
		put_option(block, OPTION_INTERFACE_NAME, name, MIN(strlen(name), 256));
	}
	put_option(block, OPTION_INTERFACE_RESOLUTION, &nanoseconds, sizeof(nanoseconds));
	put_option(block, OPTION_END, NULL, 0);
	block_end(block, start);
}

static void
put_pending(Recording *recording)
{
	GByteArray *block = recording->output.buffer;

	for (guint i = 0; i < recording->pending->len; i++) {
		const char *comment = g_ptr_array_index(recording->pending, i);
		put_option(block, OPTION_COMMENT, comment, strlen(comment));
	}
	g_ptr_array_set_size(recording->pending, 0);
	recording->pending_bytes = 0;
}

static void
put_statistics(Recording *recording)
{
	GByteArray *block = recording->output.buffer;
	guint start = block_begin(block, BLOCK_STATISTICS);

	put_u32(block, 0);
	put_time(block, recording->time_ns);
	put_pending(recording);
	put_option(block, OPTION_STATISTICS_DROPPED, &recording->dropped,
		   sizeof(recording->dropped));
	put_option(block, OPTION_END, NULL, 0);
	block_end(block, start);
	recording->has_new_drops = FALSE;
}

/* Reads errno. */
static gboolean
fail(const Recording *recording, GError **error)
{
	int reason = errno;
	const char *advice = "";

	if ((reason == ENOSPC || reason == EDQUOT) && recording->is_draft)
		advice = _(" Free some space, or name another disk: no file was written.");
	else if (reason == ENOSPC || reason == EDQUOT)
		advice = _(" Free some space, or record to another disk. "
			   "What was written before is kept.");
	else if (reason == EPIPE)
		advice = _(" The program that reads it has ended.");
	else if (reason == EFBIG)
		advice = _(" A limit on the size of files is set: see ulimit -f.");
	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(reason),
		    _("The recording cannot be written to %s: %s.%s"), recording->name,
		    g_strerror(reason), advice);
	return FALSE;
}

static gboolean
drain(Recording *recording, GError **error)
{
	return output_drain(&recording->output) || fail(recording, error);
}

static gboolean
make_room(Recording *recording, GError **error)
{
	return output_make_room(&recording->output) || fail(recording, error);
}

static int
open_output(const char *path, GError **error)
{
	if (strcmp(path, "-") == 0)
		return STDOUT_FILENO;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0666);
	if (fd < 0)
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno),
			    _("The recording cannot be written to %s: %s."), path,
			    g_strerror(errno));
	return fd;
}

/* Of an open file: its head. */
Recording *
recording_new_fd(int fd, const char *name, gboolean is_draft, guint16 link_type,
		 const char *interface, GError **error)
{
	g_autoptr(Recording) recording = g_new0(Recording, 1);

	output_init(&recording->output, fd);
	if (fd == STDOUT_FILENO && isatty(fd)) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
			    _("A recording is no text, and standard output is a terminal. "
			      "Send it to a file or a program: pktladder … -w - | tcpdump -r -"));
		return NULL;
	}
	recording->name = g_strdup(name);
	recording->is_draft = is_draft;
	recording->pending = g_ptr_array_new_with_free_func(g_free);
	put_section(recording->output.buffer);
	put_interface(recording->output.buffer, link_type, interface);
	return drain(recording, error) ? g_steal_pointer(&recording) : NULL;
}

Recording *
recording_new(const char *path, guint16 link_type, const char *interface, GError **error)
{
	const char *name = strcmp(path, "-") ? path : _("standard output");
	int fd = open_output(path, error);

	return fd < 0 ? NULL : recording_new_fd(fd, name, FALSE, link_type, interface, error);
}

gboolean
recording_add_packet(Recording *recording, const Packet *packet, GError **error)
{
	GByteArray *block = recording->output.buffer;
	guint32 captured = MIN(packet->captured, SNAPSHOT_LENGTH);

	if (!make_room(recording, error))
		return FALSE;
	guint start = block_begin(block, BLOCK_PACKET);
	put_u32(block, 0);
	put_time(block, packet->time_ns);
	put_u32(block, captured);
	put_u32(block, packet->length);
	put_padded(block, packet->data, captured);
	if (recording->pending->len) {
		put_pending(recording);
		put_option(block, OPTION_END, NULL, 0);
	}
	block_end(block, start);
	recording->time_ns = packet->time_ns;
	return TRUE;
}

/* Takes `comment`. */
static gboolean
add_comment(Recording *recording, char *comment, gint64 time_ns, GError **error)
{
	g_autofree char *owned = comment;

	if (!make_room(recording, error))
		return FALSE;
	if (recording->pending_bytes > PENDING_MAX)
		put_statistics(recording);
	recording->time_ns = time_ns;
	recording->pending_bytes += strlen(comment) + 8;
	g_ptr_array_add(recording->pending, g_steal_pointer(&owned));
	return TRUE;
}

gboolean
recording_add_call(Recording *recording, const CallRecord *call, GError **error)
{
	return add_comment(recording, call_to_comment(call), call->time_ns, error);
}

gboolean
recording_add_drops(Recording *recording, gint64 time_ns, guint64 dropped, GError **error)
{
	if (!add_comment(recording, drops_to_comment(time_ns, dropped), time_ns, error))
		return FALSE;
	recording->dropped += dropped;
	recording->has_new_drops = TRUE;
	return TRUE;
}

gboolean
recording_flush(Recording *recording, GError **error)
{
	if (recording->pending->len)
		put_statistics(recording);
	return drain(recording, error);
}

gboolean
recording_close(Recording *recording, GError **error)
{
	if (recording->output.fd < 0)
		return TRUE;
	if (recording->pending->len || recording->has_new_drops)
		put_statistics(recording);
	if (!drain(recording, error))
		return FALSE;
	int fd = recording->output.fd;
	recording->output.fd = -1;
	/* a full network disk may say so only here */
	return fd <= STDERR_FILENO || close(fd) == 0 || errno == EINTR || fail(recording, error);
}

void
recording_free(Recording *recording)
{
	if (!recording)
		return;
	recording_close(recording, NULL);
	output_clear(&recording->output);
	g_ptr_array_unref(recording->pending);
	g_free(recording->name);
	g_free(recording);
}
