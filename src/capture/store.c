/* Theory of operation
 *
 * Of a file a window is kept in memory: neighbours are mostly wanted one after
 * the other. The file is never mapped, which would kill the program where it
 * shrinks; each time the window moves, it is looked at whether it still is what
 * it was.
 */
#include "pktladder/store.h"
#include "capture_internal.h"
#include "identity.h"
#include "pktladder/i18n.h"
#include "pktladder/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Most packets and some neighbours; reading it costs hardly more than a small one. */
enum { WINDOW = 16 * 1024 };

struct _PacketStore {
	Spool *spool; /* NULL: the file */
	int fd;
	char *name;
	Reader *reader;
	FileIdentity identity;
	GByteArray *window;
	guint64 window_offset;
};

PacketStore *
store_new_spool(GError **error)
{
	Spool *spool = spool_new(error);

	if (!spool)
		return NULL;
	PacketStore *store = g_new0(PacketStore, 1);
	store->spool = spool;
	store->fd = -1;
	return store;
}

PacketStore *
store_new(const Capture *capture, GError **error)
{
	CaptureFile file;
	int fd = capture_file(capture, &file) ? fcntl(file.fd, F_DUPFD_CLOEXEC, 3) : -1;

	if (fd < 0)
		return store_new_spool(error);
	PacketStore *store = g_new0(PacketStore, 1);
	store->fd = fd;
	store->name = g_strdup(file.name);
	store->reader = reader_ref(file.reader);
	identity_init(&store->identity, fd);
	store->window = g_byte_array_new();
	return store;
}

void
store_free(PacketStore *store)
{
	if (!store)
		return;
	spool_free(store->spool);
	if (store->fd >= 0)
		close(store->fd);
	g_free(store->name);
	reader_unref(store->reader);
	g_clear_pointer(&store->window, g_byte_array_unref);
	g_free(store);
}

gboolean
store_add(PacketStore *store, const Packet *packet, guint64 item_offset, guint64 *offset,
	  GError **error)
{
	guint64 result = item_offset;

	if (store->spool && !spool_add(store->spool, packet, &result, error))
		return FALSE;
	if (result >= STORE_OFFSET_END) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC,
			    _("This packet is more than 1 TiB behind the first: its bytes cannot "
			      "be read again."));
		return FALSE;
	}
	*offset = result;
	return TRUE;
}

static gboolean
fail(GError **error, const char *why)
{
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
		    _("The bytes of this packet cannot be read again: %s"), why);
	return FALSE;
}

/* Reads `size` bytes at `offset` into the window, fewer where the file ends. */
static gboolean
read_window(PacketStore *store, guint64 offset, gsize size, GError **error)
{
	gsize done = 0;
	gssize n = 1;

	store->window_offset = offset;
	g_byte_array_set_size(store->window, size);
	while (done < size && n != 0) {
		n = pread(store->fd, store->window->data + done, size - done, offset + done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			g_byte_array_set_size(store->window, 0);
			return fail(error, g_strerror(errno));
		}
		done += n;
	}
	g_byte_array_set_size(store->window, done);
	return TRUE;
}

/* Has the window show `wanted` bytes at `offset`. */
static gboolean
move_window(PacketStore *store, guint64 offset, gsize wanted, GError **error)
{
	if (!read_window(store, offset, MAX(wanted, WINDOW), error))
		return FALSE;
	FileChange change = identity_check(&store->identity, offset + wanted);
	if (change == FILE_SAME || change == FILE_REMOVED)
		return TRUE;
	g_byte_array_set_size(store->window, 0);
	g_autofree char *text = identity_text(change, store->name);
	return fail(error, text);
}

/* Bytes of the window from `offset` on. */
static const guint8 *
look(const PacketStore *store, guint64 offset, gsize *n)
{
	gsize size = store->window->len;

	*n = 0;
	if (offset < store->window_offset || offset - store->window_offset >= size)
		return NULL;
	*n = size - (offset - store->window_offset);
	return store->window->data + (offset - store->window_offset);
}

static gboolean
fetch_from_file(PacketStore *store, guint64 offset, Packet *packet, GError **error)
{
	gsize n, wanted;
	const guint8 *bytes = look(store, offset, &n);

	/* the head says how much there is of the rest */
	for (guint tries = 0; tries < 3; tries++) {
		ReaderStep step = reader_fetch(store->reader, offset, bytes, n, packet, &wanted);
		if (step == READER_ITEM)
			return TRUE;
		if (step == READER_BROKEN)
			break;
		if (!move_window(store, offset, wanted, error))
			return FALSE;
		bytes = look(store, offset, &n);
	}
	g_autofree char *text = g_strdup_printf(_("it is not where it was in %s."), store->name);
	return fail(error, text);
}

gboolean
store_fetch(PacketStore *store, guint64 offset, Packet *packet, GError **error)
{
	if (offset >= STORE_OFFSET_END)
		return fail(error, _("they were not kept."));
	return store->spool ? spool_fetch(store->spool, offset, packet, error)
			    : fetch_from_file(store, offset, packet, error);
}
