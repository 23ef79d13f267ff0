/* SPDX-License-Identifier: MIT */
/* Theory of operation
 *
 * What packets are seen again from (store.c) is such a file too: the recording that there is
 * anyway, or a spool, one that nobody sees. So a file has an interface for each link type that its
 * packets have; and what it says of them is read back at once, for each packet to be found.
 *
 * Every block is put together in the buffer and is whole there before anything is written, and the
 * buffer is written in one go: a process that is killed leaves at most its last block incomplete,
 * which readers take as "cut short". Calls and losses wait as comments for the packet that follows
 * them. Where they must be in the file before there is one (a pause, the end), they go on a
 * statistics block instead.
 */
#include "pktladder/recording.h"
#include "capture_internal.h"
#include "pcapng.h"
#include "pktladder/complain.h"
#include "pktladder/fd.h"

#include <errno.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum {
	/* readers limit a block to 16 MiB, some an option list to 128 KiB */
	PENDING_MAX = 64 * 1024,
	TEXTS_MAX = 4 * 1024 * 1024, /* of comments or names in a block */
	BUFFER = 256 * 1024,         /* so much is kept before it is written */
	LEFT_PART = 50,              /* of the blocks of a spool's disk: 2 % */
};

static void
put(GByteArray *block, const void *bytes, gsize n)
{
	g_byte_array_append(block, bytes, n);
}

static void
put_u32(GByteArray *block, guint32 value)
{
	put(block, &value, sizeof(value));
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
	put(block, (guint16[]){ code, n }, 4);
	put_padded(block, bytes, n);
}

/* The interface and the time of a packet or a loss: the upper half of the time first. */
static void
put_time(GByteArray *block, guint32 interface, gint64 time_ns)
{
	guint64 time = MAX(time_ns, 0);

	put(block, (guint32[]){ interface, time >> 32, (guint32)time }, 12);
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
block_end(GByteArray *block, guint start, gboolean has_options)
{
	if (has_options)
		put_option(block, OPTION_END, NULL, 0);

	guint32 length = block->len + sizeof(length) - start;
	put_u32(block, length);
	memcpy(block->data + start + sizeof(guint32), &length, sizeof(length));
}

/* An option may be 65535 bytes long. */
static void
put_text(GByteArray *block, guint16 code, const char *text)
{
	put_option(block, code, text, MIN(strlen(text), G_MAXUINT16));
}

static void
put_texts(GByteArray *block, guint16 code, const GPtrArray *texts)
{
	guint end = block->len + TEXTS_MAX;

	for (guint i = 0; i < texts->len && block->len < end; i++)
		put_text(block, code, texts->pdata[i]);
}

/* Names of addresses: records, as blocks.c reads them. */
static void
put_names(GByteArray *block, EndpointNames *names)
{
	guint start = block_begin(block, BLOCK_NAMES);
	gpointer key, name;
	GHashTableIter each;

	g_hash_table_iter_init(&each, names);
	while (g_hash_table_iter_next(&each, &key, &name)) {
		Endpoint endpoint;
		gsize length = MIN(strlen(name), 1024);

		if (!endpoint_parse(key, &endpoint))
			continue;
		if (block->len - start > TEXTS_MAX) {
			put_u32(block, NAMES_END);
			block_end(block, start, FALSE);
			start = block_begin(block, BLOCK_NAMES);
		}
		guint16 size = endpoint.version == 4 ? 4 : 16;
		guint16 type = size == 4 ? NAMES_IPV4 : NAMES_IPV6;
		put(block, (guint16[]){ type, size + length + 1 }, 4);
		put(block, endpoint.address, size);
		put(block, name, length);
		put(block, "\0\0\0", 1 + (-(length + 1) & 3));
	}
	put_u32(block, NAMES_END);
	block_end(block, start, FALSE);
}

static void
put_section(GByteArray *block, const Origins *origins)
{
	static const char program[] = "pktladder";
	const gint64 length_unknown = -1;
	guint start = block_begin(block, BLOCK_SECTION);

	put_u32(block, BYTE_ORDER_MAGIC);
	put(block, (guint16[]){ 1, 0 }, 4); /* version */
	put(block, &length_unknown, sizeof(length_unknown));
	put_option(block, OPTION_SECTION_PROGRAM, program, strlen(program));
	if (origins)
		put_texts(block, OPTION_COMMENT, origins->comments);
	block_end(block, start, TRUE);
}

static void
put_pending(Recording *recording)
{
	put(recording->buffer, recording->pending->data, recording->pending->len);
	g_byte_array_set_size(recording->pending, 0);
}

static void
put_statistics(Recording *recording)
{
	GByteArray *block = recording->buffer;
	guint start = block_begin(block, BLOCK_STATISTICS);

	put_time(block, 0, recording->time_ns);
	put_pending(recording);
	put_option(block, OPTION_STATISTICS_DROPPED, &recording->dropped,
		   sizeof(recording->dropped));
	block_end(block, start, TRUE);
	recording->has_new_drops = FALSE;
}

/* Reads errno. */
static gboolean
fail(const Recording *recording, GError **error)
{
	const char *advice = "";

	if (!recording->name)
		return refuse_file(
		    error,
		    _("The temporary file for the bytes of packets cannot grow (%s). Free some "
		      "space, or name a folder that has more: TMPDIR=FOLDER pktladder …"),
		    g_strerror(errno));
	if ((errno == ENOSPC || errno == EDQUOT) && recording->is_draft)
		advice = _(" Free some space, or name another disk: no file was written.");
	else if (errno == ENOSPC || errno == EDQUOT)
		advice = _(" Free some space, or record to another disk. What was written before "
			   "is kept.");
	else if (errno == EPIPE)
		advice = _(" The program that reads it has ended.");
	else if (errno == EFBIG)
		advice = _(" A limit on the size of files is set: see ulimit -f.");
	return refuse_file(error, _("The recording cannot be written to %s: %s.%s"),
			   recording->name, g_strerror(errno), advice);
}

/* Writes the buffer, as far as possible in one write(). Nothing is lost where that fails: what was
 * not written stays in the buffer, so that a later try goes on where this one stopped. */
static gboolean
drain(Recording *recording, GError **error)
{
	GByteArray *buffer = recording->buffer;

	while (buffer->len) {
		gssize written = bytes_write_some(recording->fd, buffer->data, buffer->len);
		if (written < 0)
			return fail(recording, error);
		recording->written += written;
		g_byte_array_remove_range(buffer, 0, written);
	}
	return TRUE;
}

/* Drains where there is much in the buffer. FALSE: nothing more should be put in. */
static gboolean
make_room(Recording *recording, GError **error)
{
	struct statvfs disk;

	if (recording->buffer->len < BUFFER)
		return TRUE;
	/* a capture that expands without bound may not take the last of a disk that others write
	 * to as well: a part of it is left to them */
	if (!recording->name && fstatvfs(recording->fd, &disk) == 0 &&
	    disk.f_bavail < disk.f_blocks / LEFT_PART) {
		errno = ENOSPC;
		return fail(recording, error);
	}
	return drain(recording, error);
}

/* Another interface, or the first one behind the section. */
static void
add_interface(Recording *recording, guint16 link_type, guint16 number)
{
	const Origins *origins = recording->origins;
	const Origin *origin = origins ? origins_interface(origins, number) : NULL;
	RecordedInterface interface = { link_type, number };
	const guint8 nanoseconds = 9;
	GByteArray *block = recording->buffer;
	gboolean is_first = recording->interfaces->len == 0;
	CaptureItem item;
	gsize used;

	if (is_first)
		put_section(block, origins);
	guint start = block_begin(block, BLOCK_INTERFACE);
	put(block, (guint16[]){ link_type, 0 }, 4);
	put_u32(block, CAPTURE_SNAPSHOT_LENGTH);
	if (origin && origin->name) {
		g_autofree char *name = g_utf8_make_valid(origin->name, -1);
		put_option(block, OPTION_INTERFACE_NAME, name, MIN(strlen(name), 256));
	}
	if (origin && origin->description)
		put_text(block, OPTION_INTERFACE_DESCRIPTION, origin->description);
	if (origin)
		put_texts(block, OPTION_COMMENT, origin->comments);
	put_option(block, OPTION_INTERFACE_RESOLUTION, &nanoseconds, sizeof(nanoseconds));
	block_end(block, start, TRUE);
	recording->newest = recording->interfaces->len;
	g_array_append_val(recording->interfaces, interface);
	if (is_first)
		reader_begin(recording->reader, block->data, block->len, &used);
	else
		reader_next(recording->reader, block->data + start, block->len - start, &used,
			    &item);
	reader_name_interface(recording->reader, recording->newest, number);
	if (is_first && origins && g_hash_table_size(origins->names) > 0)
		put_names(block, origins->names);
}

Recording *
recording_new(int fd, const char *name, gboolean is_draft, guint16 link_type, guint16 interface,
	      Origins *origins, GError **error)
{
	g_autoptr(Recording) recording = g_rc_box_new0(Recording);

	recording->fd = fd;
	recording->buffer = g_byte_array_sized_new(4096);
	recording->name = g_strdup(name);
	recording->is_draft = is_draft;
	recording->pending = g_byte_array_new();
	recording->interfaces = g_array_new(FALSE, FALSE, sizeof(RecordedInterface));
	recording->origins = origins ? origins_ref(origins) : NULL;
	recording->processes = g_hash_table_new(NULL, NULL);
	recording->reader = reader_new(0);
	if (fd == STDOUT_FILENO && isatty(fd)) {
		error_set(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
			  _("A recording is no text, and standard output is a terminal. Send it to "
			    "a file or a program: pktladder … -w - | tcpdump -r -"));
		return NULL;
	}
	add_interface(recording, link_type, interface);
	/* nothing of a spool is on disk before there is something in it */
	return !name || drain(recording, error) ? g_steal_pointer(&recording) : NULL;
}

/* Which of its interfaces the packet is of; mostly that of the packet before. */
static guint32
interface_of(Recording *recording, const Packet *packet)
{
	guint n = recording->interfaces->len;

	for (guint i = 0; i < n; i++) {
		guint at = (recording->newest + i) % n;
		const RecordedInterface *interface =
		    &g_array_index(recording->interfaces, RecordedInterface, at);

		if (interface->link_type == packet->link_type &&
		    interface->number == packet->interface) {
			recording->newest = at;
			return at;
		}
	}
	add_interface(recording, packet->link_type, packet->interface);
	return recording->newest;
}

gboolean
recording_add_packet(Recording *recording, const Packet *packet, GError **error)
{
	GByteArray *block = recording->buffer;
	guint32 captured = MIN(packet->captured, CAPTURE_SNAPSHOT_LENGTH);

	if (!make_room(recording, error))
		return FALSE;
	guint32 interface = interface_of(recording, packet);
	recording->place = recording->written + block->len;
	guint start = block_begin(block, BLOCK_PACKET);
	put_time(block, interface, packet->time_ns);
	put(block, (guint32[]){ captured, packet->length }, 8);
	put_padded(block, packet->data, captured);
	gboolean has_options = recording->pending->len > 0;
	put_pending(recording);
	block_end(block, start, has_options);
	recording->time_ns = packet->time_ns;
	return TRUE;
}

void
recording_add_comment(Recording *recording, const char *text)
{
	put_text(recording->pending, OPTION_COMMENT, text);
}

/* The number of its block, which comes first. */
static guint32
process_block(Recording *recording, guint32 process)
{
	GByteArray *block = recording->buffer;
	gpointer key = GUINT_TO_POINTER(process), known;
	guint32 number = g_hash_table_size(recording->processes);

	if (g_hash_table_lookup_extended(recording->processes, key, NULL, &known))
		return GPOINTER_TO_UINT(known);
	const PacketProcess *found =
	    &g_array_index(recording->origins->processes, PacketProcess, process - 1);
	guint start = block_begin(block, BLOCK_PROCESS);
	put_u32(block, found->number);
	put_text(block, OPTION_PROCESS_NAME, found->name);
	block_end(block, start, TRUE);
	g_hash_table_insert(recording->processes, key, GUINT_TO_POINTER(number));
	return number;
}

void
recording_add_processes(Recording *recording, const guint32 processes[2])
{
	for (guint i = 0; i < 2; i++) {
		if (!processes[i])
			continue;
		guint32 number = process_block(recording, processes[i]);
		put_option(recording->pending,
			   i == 0 ? OPTION_PACKET_PROCESS : OPTION_PACKET_PROCESS_FOR, &number,
			   sizeof number);
	}
}

/* Takes `comment`. */
static gboolean
add_comment(Recording *recording, char *comment, gint64 time_ns, GError **error)
{
	g_autofree char *owned = comment;

	if (!make_room(recording, error))
		return FALSE;
	if (recording->pending->len > PENDING_MAX)
		put_statistics(recording);
	recording->time_ns = time_ns;
	put_option(recording->pending, OPTION_COMMENT, comment, strlen(comment));
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
	if (recording->fd < 0)
		return TRUE;
	if (recording->pending->len || recording->has_new_drops)
		put_statistics(recording);
	if (!drain(recording, error))
		return FALSE;
	int fd = recording->fd;
	recording->fd = -1;
	/* a full network disk may say so only here */
	return fd <= STDERR_FILENO || close(fd) == 0 || errno == EINTR || fail(recording, error);
}

void
recording_free(Recording *recording)
{
	if (!recording)
		return;
	recording_close(recording, NULL);
	recording->place = CAPTURE_NO_OFFSET;
	recording_unref(recording);
}

Recording *
recording_ref(Recording *recording)
{
	return g_rc_box_acquire(recording);
}

static void
recording_clear(gpointer data)
{
	Recording *recording = data;

	g_byte_array_unref(recording->buffer);
	if (recording->fd > STDERR_FILENO)
		close(recording->fd);
	g_byte_array_unref(recording->pending);
	g_array_unref(recording->interfaces);
	g_hash_table_unref(recording->processes);
	origins_unref(recording->origins);
	reader_unref(recording->reader);
	g_free(recording->name);
}

void
recording_unref(Recording *recording)
{
	if (recording)
		g_rc_box_release_full(recording, recording_clear);
}
