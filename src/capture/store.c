/* SPDX-License-Identifier: MIT */
/* Theory of operation
 *
 * A window of the file is kept in memory: neighbours are mostly wanted one after the other. The
 * file is never mapped, which would kill the program where it shrinks; each time the window
 * moves, it is looked at whether the file still is what it was.
 *
 * A recording's last bytes may still be in memory. The descriptor is our own: a recording is closed
 * when it ends; a spool is not.
 */
#include "pktladder/store.h"
#include "capture_internal.h"
#include "pktladder/fd.h"
#include "pktladder/complain.h"
#include "pktladder/sorted.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The window holds most packets and some neighbours; reading it costs hardly more than less. */
enum { WINDOW = 16 * 1024 };

struct _PacketStore {
	int fd; /* -1: the recording's */
	char *name;
	Reader *reader;
	Recording *recording; /* NULL: a file of somebody else's */
	gboolean is_spool;    /* the recording is ours */
	PacketStore
	    *fallback;    /* keeps the packets from where the recording was given up; NULL none */
	guint64 end;      /* behind all places but the fallback's, which are added to it */
	GPtrArray *parts; /* PacketStore *, of several files; NULL: those of which it keeps none */
	GArray *bases;    /* guint64: where the places of each begin */
	FileIdentity identity; /* of what has a name */
	GByteArray *window;
	guint64 window_offset;
};

/* A file without a name, in the first folder that takes one: O_TMPFILE never has a name; where the
 * file system lacks it, the name goes at once. -1: errno. */
static int
open_unnamed(void)
{
	const char *folders[] = { g_getenv("TMPDIR"), "/var/tmp", "/tmp" };
	int fd = -1;

	for (gsize i = 0; fd < 0 && i < G_N_ELEMENTS(folders); i++) {
		if (!folders[i] || !*folders[i])
			continue;
		fd = open(folders[i], O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);
		if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
			continue;
		g_autofree char *name = g_build_filename(folders[i], "pktladder-XXXXXX", NULL);
		fd = mkostemp(name, O_CLOEXEC);
		if (fd >= 0)
			unlink(name);
	}
	return fd;
}

static int reserved = -1;

void
store_reserve(void)
{
	if (reserved < 0)
		reserved = open_unnamed();
}

/* Takes `fd` and a reference to the reader. */
static PacketStore *
store_make(int fd, const char *name, Reader *reader)
{
	PacketStore *store = g_new0(PacketStore, 1);

	store->fd = fd;
	store->name = g_strdup(name);
	store->reader = reader_ref(reader);
	store->window = g_byte_array_new();
	identity_init(&store->identity, fd);
	return store;
}

PacketStore *
store_new_spool(guint16 link_type, GError **error)
{
	int fd = reserved >= 0 ? g_steal_fd(&reserved) : open_unnamed();

	if (fd < 0) {
		refuse_file(error,
			    _("No temporary file can be made in /var/tmp or /tmp (%s). Name a "
			      "folder with free space: TMPDIR=FOLDER pktladder …"),
			    g_strerror(errno));
		return NULL;
	}
	Recording *recording = recording_new(fd, NULL, FALSE, link_type, 0, NULL, error);
	if (!recording)
		return NULL;
	PacketStore *store = store_make(-1, NULL, recording->reader);
	store->recording = recording;
	store->is_spool = TRUE;
	return store;
}

/* Of several files each is read again by itself; what cannot be is in the fallback. */
static PacketStore *
store_new_parts(const Merge *merge, guint16 link_type, GError **error)
{
	g_autoptr(PacketStore) store = g_new0(PacketStore, 1);
	gboolean all = TRUE;

	store->fd = -1;
	store->parts = g_ptr_array_new_with_free_func((GDestroyNotify)store_free);
	store->bases = g_array_new(FALSE, FALSE, sizeof(guint64));
	store->end = merge->size;
	store->window = g_byte_array_new();
	for (guint i = 0; i < merge->parts->len; i++) {
		const MergePart *part = merge->parts->pdata[i];
		int file = part->capture->file;
		int fd = file >= 0 ? fcntl(file, F_DUPFD_CLOEXEC, 3) : -1;

		if (file >= 0 && fd < 0) {
			refuse_file(error,
				    _("%s cannot be opened: so many files cannot be open at once. "
				      "Put them together first (mergecap -w OUT FILE...), or raise "
				      "ulimit -n."),
				    bytes_name(part->capture->bytes));
			return NULL;
		}
		all &= fd >= 0;
		g_array_append_val(store->bases, part->base);
		g_ptr_array_add(store->parts, fd < 0
						  ? NULL
						  : store_make(fd, bytes_name(part->capture->bytes),
							       part->capture->reader));
	}
	store->fallback = all ? NULL : store_new_spool(link_type, error);
	return all || store->fallback ? g_steal_pointer(&store) : NULL;
}

PacketStore *
store_new(const Capture *capture, GError **error)
{
	if (capture->merge)
		return store_new_parts(capture->merge, capture->link_type, error);
	int fd = capture->file >= 0 ? fcntl(capture->file, F_DUPFD_CLOEXEC, 3) : -1;

	if (fd < 0)
		return store_new_spool(capture_link_type(capture), error);
	return store_make(fd, bytes_name(capture->bytes), capture->reader);
}

PacketStore *
store_new_recording(Recording *recording, const char *path, PacketStore *fallback)
{
	struct stat ours, there;
	g_auto(Fd) fd = -1;

	/* a pipe would get another reader by being opened */
	if (fstat(recording->fd, &ours) != 0 || !S_ISREG(ours.st_mode) ||
	    (fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)) < 0 ||
	    fstat(fd, &there) != 0 || there.st_dev != ours.st_dev || there.st_ino != ours.st_ino)
		return fallback;
	PacketStore *store = store_make(g_steal_fd(&fd), recording->name, recording->reader);
	store->recording = recording_ref(recording);
	store->fallback = fallback;
	return store;
}

void
store_free(PacketStore *store)
{
	if (!store)
		return;
	store_free(store->fallback);
	fd_clear(&store->fd);
	g_free(store->name);
	g_clear_pointer(&store->parts, g_ptr_array_unref);
	g_clear_pointer(&store->bases, g_array_unref);
	recording_unref(store->recording);
	reader_unref(store->reader);
	g_byte_array_unref(store->window);
	g_free(store);
}

gboolean
store_add(PacketStore *store, const Packet *packet, guint64 item_offset, guint64 *offset,
	  GError **error)
{
	guint64 result = item_offset;

	if (store->is_spool && !recording_add_packet(store->recording, packet, error))
		return FALSE;
	if (store->recording)
		result = store->recording->place;
	/* the head that tells the recording from another is not in the file from the start */
	if (store->recording && !store->is_spool &&
	    store->identity.head_size < sizeof(store->identity.head))
		identity_check(&store->identity, 0);
	if (store->fallback && result == CAPTURE_NO_OFFSET) {
		if (!store_add(store->fallback, packet, item_offset, &result, error))
			return FALSE;
		result += store->end;
	} else if (store->fallback && store->recording) {
		store->end = result + 1;
	}
	if (result >= STORE_OFFSET_END)
		return error_set(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC,
				 _("This packet is more than 256 GiB behind the first: its bytes "
				   "cannot be read again."));
	*offset = result;
	return TRUE;
}

static gboolean
fail(GError **error, const char *why)
{
	return error_set(error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
			 _("The bytes of this packet cannot be read again: %s"), why);
}

/* What stands at `offset`, of a recording also what is not written yet. Returns how many bytes
 * there were, or -1: errno. */
static gssize
read_at(const PacketStore *store, guint64 offset, guint8 *bytes, gsize n)
{
	const Recording *recording = store->recording;
	guint64 written = recording ? recording->written : G_MAXUINT64;
	int fd = store->is_spool ? recording->fd : store->fd;
	gsize done = 0;

	while (done < n && offset + done < written) {
		gsize wanted = MIN(n - done, written - offset - done);
		gssize got = TEMP_FAILURE_RETRY(pread(fd, bytes + done, wanted, offset + done));
		if (got <= 0)
			return got < 0 ? -1 : (gssize)done;
		done += got;
	}
	/* the buffer is always the tail of the file; a full disk may part a packet between them */
	if (recording && offset + done >= written) {
		guint64 start = MIN(offset + done - written, recording->buffer->len);
		gsize rest = MIN(n - done, recording->buffer->len - start);
		if (rest)
			memcpy(bytes + done, recording->buffer->data + start, rest);
		done += rest;
	}
	return done;
}

/* Has the window show `wanted` bytes at `offset`, and more; fewer where the file ends. */
static gboolean
move_window(PacketStore *store, guint64 offset, gsize wanted, GError **error)
{
	gsize size = MAX(wanted, WINDOW);
	FileChange change = FILE_SAME;

	store->window_offset = offset;
	g_byte_array_set_size(store->window, size);
	gssize n = read_at(store, offset, store->window->data, size);
	int reason = errno;
	/* a recording's last bytes may not be in the file yet */
	if (!store->is_spool)
		change = identity_check(&store->identity, store->recording ? 0 : offset + wanted);
	g_byte_array_set_size(store->window, MAX(n, 0));
	if (n < 0)
		return fail(error, g_strerror(reason));
	if (change == FILE_SAME || change == FILE_REMOVED)
		return TRUE;
	g_byte_array_set_size(store->window, 0);
	g_autofree char *text = identity_text(change, store->name);
	return fail(error, text);
}

/* Parts whose packets are in the fallback have no places, and begin where the next one does. */
static gboolean
part_fetch(PacketStore *store, guint64 offset, Packet *packet, GError **error)
{
	guint low = 0, high = store->bases->len;

	SORTED_SEARCH(low, high, g_array_index(store->bases, guint64, middle) <= offset);
	PacketStore *part = low > 0 ? store->parts->pdata[low - 1] : NULL;
	if (!part)
		return fail(error, _("they were not kept."));
	return store_fetch(part, offset - g_array_index(store->bases, guint64, low - 1), packet,
			   error);
}

gboolean
store_fetch(PacketStore *store, guint64 offset, Packet *packet, GError **error)
{
	gsize wanted;

	if (offset >= STORE_OFFSET_END)
		return fail(error, _("they were not kept."));
	if (store->fallback && offset >= store->end)
		return store_fetch(store->fallback, offset - store->end, packet, error);
	if (store->parts)
		return part_fetch(store, offset, packet, error);
	/* the head says how much there is of the rest */
	for (guint tries = 0; tries < 3; tries++) {
		/* a place before the window gives a number behind its end */
		guint64 at = offset - store->window_offset;
		gsize n = store->window->len - MIN(store->window->len, at);
		ReaderStep step = reader_fetch(
		    store->reader, offset, n ? store->window->data + at : NULL, n, packet, &wanted);
		if (step == READER_ITEM)
			return TRUE;
		if (step == READER_BROKEN)
			break;
		if (!move_window(store, offset, wanted, error))
			return FALSE;
	}
	g_autofree char *text =
	    g_strdup_printf(_("it is not where it was in %s."),
			    store->name ? store->name : _("the temporary file"));
	return fail(error, text);
}
