/* Theory of operation
 *
 * Records (a fixed head, then the bytes) are appended to a file that has no
 * name. The last ones may still be in the output's buffer; since that buffer
 * is always the tail of the file, an offset tells which of the two has them.
 */
#include "pktladder/spool.h"
#include "output.h"
#include "pktladder/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum {
	PACKET_MAX = 262144,
	LEFT_PART = 50, /* of the disk's blocks: 2 % */
};

typedef struct {
	gint64 time_ns;
	guint32 captured;
	guint32 length;
	guint32 link_type;
	guint32 mark; /* an offset that is none is noticed */
} Head;

G_STATIC_ASSERT(sizeof(Head) == 24);

static const guint32 head_mark = 0x706b746c; /* "pktl" */

struct _Spool {
	Output output;
	GByteArray *fetched;
};

/* O_TMPFILE never has a name; where the file system lacks it, the name goes at once. */
static int
open_unnamed(const char *folder)
{
	int fd = open(folder, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);

	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
		return fd;
	g_autofree char *name = g_build_filename(folder, "pktladder-XXXXXX", NULL);
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		unlink(name);
	return fd;
}

/* The first folder that takes one; -1: errno says why none did. */
static int
open_somewhere(void)
{
	const char *folders[] = { g_getenv("TMPDIR"), "/var/tmp", "/tmp" };
	int fd = -1;

	for (gsize i = 0; fd < 0 && i < G_N_ELEMENTS(folders); i++) {
		if (folders[i] && *folders[i])
			fd = open_unnamed(folders[i]);
	}
	return fd;
}

static int reserved = -1;

void
spool_reserve(void)
{
	if (reserved < 0)
		reserved = open_somewhere();
}

Spool *
spool_new(GError **error)
{
	int fd = reserved >= 0 ? g_steal_fd(&reserved) : open_somewhere();

	if (fd < 0) {
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno),
			    _("No temporary file can be made in /var/tmp or /tmp (%s). "
			      "Name a folder with free space: TMPDIR=FOLDER pktladder …"),
			    g_strerror(errno));
		return NULL;
	}
	Spool *spool = g_new0(Spool, 1);
	output_init(&spool->output, fd);
	spool->fetched = g_byte_array_new();
	return spool;
}

void
spool_free(Spool *spool)
{
	if (!spool)
		return;
	output_clear(&spool->output);
	g_byte_array_unref(spool->fetched);
	g_free(spool);
}

/* A capture that expands without bound may not take the last of a disk that
 * others write to as well: a part of it is left to them. */
static gboolean
is_room_left(const Output *output)
{
	struct statvfs disk;

	if (output->buffer->len < OUTPUT_BUFFER || fstatvfs(output->fd, &disk) != 0 ||
	    disk.f_blocks == 0 || disk.f_bavail >= disk.f_blocks / LEFT_PART)
		return TRUE;
	errno = ENOSPC;
	return FALSE;
}

gboolean
spool_add(Spool *spool, const Packet *packet, guint64 *offset, GError **error)
{
	Output *output = &spool->output;
	Head head = {
		.time_ns = packet->time_ns,
		.captured = MIN(packet->captured, PACKET_MAX),
		.length = packet->length,
		.link_type = packet->link_type,
		.mark = head_mark,
	};

	if (!is_room_left(output) || !output_make_room(output)) {
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno),
			    _("The temporary file for the bytes of packets cannot grow (%s). "
			      "Free some space, or name a folder that has more: "
			      "TMPDIR=FOLDER pktladder …"),
			    g_strerror(errno));
		return FALSE;
	}
	*offset = output->written + output->buffer->len;
	g_byte_array_append(output->buffer, (const guint8 *)&head, sizeof(head));
	g_byte_array_append(output->buffer, packet->data, head.captured);
	return TRUE;
}

/* FALSE: errno says why; EINVAL where so much is not there. */
static gboolean
read_at(const Spool *spool, guint64 offset, void *bytes, gsize n)
{
	const Output *output = &spool->output;

	if (offset >= output->written) {
		guint64 start = offset - output->written;
		errno = EINVAL;
		if (start > output->buffer->len || n > output->buffer->len - start)
			return FALSE;
		if (n)
			memcpy(bytes, output->buffer->data + start, n);
		return TRUE;
	}
	/* A record may lie half in the file, after a disk that was full. */
	gsize from_file = MIN(n, output->written - offset);
	for (gsize done = 0; done < from_file;) {
		gssize got =
		    pread(output->fd, (guint8 *)bytes + done, from_file - done, offset + done);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			errno = got ? errno : EIO;
			return FALSE;
		}
		done += got;
	}
	return from_file == n ||
	       read_at(spool, output->written, (guint8 *)bytes + from_file, n - from_file);
}

gboolean
spool_fetch(Spool *spool, guint64 offset, Packet *packet, GError **error)
{
	Head head;
	gboolean ok = read_at(spool, offset, &head, sizeof(head));

	if (ok && (head.mark != head_mark || head.captured > PACKET_MAX)) {
		ok = FALSE;
		errno = EINVAL;
	}
	if (ok) {
		/* never empty, so that there is always a pointer to give */
		g_byte_array_set_size(spool->fetched, MAX(head.captured, 1));
		ok = read_at(spool, offset + sizeof(head), spool->fetched->data, head.captured);
	}
	if (!ok) {
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno),
			    _("The bytes of this packet cannot be read again (%s)."),
			    g_strerror(errno));
		return FALSE;
	}
	*packet = (Packet){
		.time_ns = head.time_ns,
		.data = spool->fetched->data,
		.captured = head.captured,
		.length = head.length,
		.link_type = (guint16)head.link_type,
	};
	return TRUE;
}
