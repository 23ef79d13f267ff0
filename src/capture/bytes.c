/* SPDX-License-Identifier: MIT */
/* Theory of operation
 *
 * Large blocks are read behind what is left of the one before, which moves to the front for
 * that: nothing is copied but the part of a packet. The room grows with the bytes that really
 * come, whatever lengths they claim.
 *
 * What looks like a pipe may be two other things. A compressed file is the pipe of the process
 * that expands it. A file that is followed has its end for now; what wakes the reader is
 * another descriptor.
 */
#include "bytes.h"
#include "pktladder/fd.h"
#include "pktladder/complain.h"
#include "reader.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	CHUNK = 128 * 1024,
	/* captures seldom shrink to less than a twentieth */
	SUSPICIOUS_SIZE = 1024 * 1024 * 1024,
	SUSPICIOUS_RATIO = 200,
};

struct _CaptureInput {
	int file;         /* what was opened, */
	int fd;           /* and what is read: the same, or the pipe that it expands into */
	gboolean is_file; /* its bytes are always there, or never */
	gboolean is_regular, at_end;
	char *name;
	guint64 start; /* standard input may have been read before */
	guint64 size;  /* of a regular file when it was opened */
	guint64 read;  /* since then, what was expanded where it is compressed */
	guint8 *data;
	gsize room, taken, end; /* of it */
	gsize chunk;            /* that is read at once */
	FileIdentity identity;  /* of a regular file */
	FileChange change;

	Decompressor *decompressor; /* NULL: it is not compressed */
	const char *expander;
	gboolean told; /* that it is suspicious */
	int watch;     /* where it is followed, else -1 */
};

static gboolean
fail_open(GError **error, const char *path)
{
	int reason = errno;
	g_autofree char *quoted = g_shell_quote(path);

	if (reason == ENOENT || reason == ENOTDIR)
		return error_set(error, CAPTURE_ERROR, CAPTURE_ERROR_NO_FILE,
				 _("There is no file %s."), path);
	if (reason == EACCES || reason == EPERM)
		/* under sudo, too, files are opened as the user who called it: see privileges.c */
		return error_set(
		    error, CAPTURE_ERROR, CAPTURE_ERROR_NO_PERMISSION,
		    _("You have no permission to read %s; under sudo, too, pktladder reads as the "
		      "user who called it. What only root may read: sudo cat %s | pktladder -"),
		    path, quoted);
	if (reason == EMFILE)
		return error_set(error, CAPTURE_ERROR, CAPTURE_ERROR_FAILED,
				 _("%s cannot be opened: so many files cannot be open at once. Put "
				   "them together first (mergecap -w OUT FILE...), or raise ulimit "
				   "-n."),
				 path);
	return error_set(error, CAPTURE_ERROR, CAPTURE_ERROR_FAILED, _("%s cannot be opened: %s."),
			 path, g_strerror(reason));
}

/* `n` bytes of a file that is followed were read: TRUE where they are its last. */
static gboolean
is_over(Bytes *bytes, gssize *n)
{
	bytes->change = identity_check(&bytes->identity, bytes->start + bytes->read);
	if (bytes->change == FILE_SHRANK || bytes->change == FILE_OVERWRITTEN) {
		bytes->read -= *n; /* they may be somewhere in other packets */
		*n = 0;
		return TRUE;
	}
	return bytes->change == FILE_REMOVED && *n == 0;
}

BytesState
bytes_more(Bytes *bytes)
{
	struct pollfd input = { .fd = bytes->fd, .events = POLLIN };
	char events[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
	gsize left = bytes->end - bytes->taken;

	if (bytes->at_end)
		return BYTES_END;
	if (!bytes->is_file && bytes->watch < 0 && poll(&input, 1, 0) != 1)
		return BYTES_LATER; /* read() would wait */
	if (bytes->taken)
		memmove(bytes->data, bytes->data + bytes->taken, left);
	bytes->taken = 0;
	bytes->end = left;
	if (bytes->room - left < bytes->chunk) {
		bytes->room = MAX(2 * bytes->room, left + bytes->chunk);
		bytes->data = g_realloc(bytes->data, bytes->room);
	}
	while (bytes->watch >= 0 && read(bytes->watch, events, sizeof(events)) > 0)
		; /* what happened so far is known: only what comes makes it readable again */
	gssize n = TEMP_FAILURE_RETRY(read(bytes->fd, bytes->data + bytes->end, bytes->chunk));
	if (n < 0)
		return errno == EAGAIN ? BYTES_LATER : BYTES_FAILED;
	bytes->read += n;
	bytes->at_end = bytes->watch >= 0 ? is_over(bytes, &n) : n == 0;
	bytes->end += n;
	if (n > 0)
		return BYTES_MORE;
	return bytes->at_end ? BYTES_END : BYTES_LATER;
}

BytesState
bytes_wait(Bytes *bytes)
{
	BytesState state;

	while ((state = bytes_more(bytes)) == BYTES_LATER)
		poll(&(struct pollfd){ .fd = bytes_fd(bytes), .events = POLLIN }, 1, -1);
	return state;
}

const guint8 *
bytes_look(const Bytes *bytes, gsize *n)
{
	*n = bytes->end - bytes->taken;
	return bytes->data + bytes->taken;
}

void
bytes_take(Bytes *bytes, gsize n)
{
	bytes->taken += n;
}

/* Reads until the bytes tell what they are. */
static gboolean
read_head(Bytes *bytes, GError **error)
{
	/* a followed file may be about to get its first bytes, and no more for long */
	const gsize enough = bytes->watch >= 0 ? sizeof(guint32) : FORMAT_HEAD;
	const char *expander;

	while (!bytes->at_end && bytes->end < enough && !reader_knows(bytes->data, bytes->end) &&
	       format_compression(bytes->data, bytes->end, &expander) == COMPRESSION_NONE) {
		if (bytes_wait(bytes) == BYTES_FAILED)
			return fail_open(error, bytes->name);
	}
	return TRUE;
}

/* What can be said of it before its first byte is read. */
static gboolean
prepare(Bytes *bytes, CaptureFlags flags, GError **error)
{
	struct stat status;

	if (fstat(bytes->fd, &status) != 0)
		return fail_open(error, bytes->name);
	bytes->size = status.st_size;
	bytes->is_regular = S_ISREG(status.st_mode);
	bytes->is_file = bytes->is_regular || S_ISBLK(status.st_mode);
	if (S_ISDIR(status.st_mode))
		return error_set(error, CAPTURE_ERROR, CAPTURE_ERROR_NO_FILE,
				 _("%s is a folder: name a capture file in it."), bytes->name);
	if (isatty(bytes->fd)) {
		return error_set(error, CAPTURE_ERROR, CAPTURE_ERROR_FORMAT,
				 _("%s is a terminal. Send a capture into it: tcpdump -U -w - | "
				   "pktladder replay -"),
				 bytes->name);
	}
	if (!bytes->is_regular)
		return TRUE;
	/* the file will be known again, and each of its packets found */
	off_t start = lseek(bytes->fd, 0, SEEK_CUR);
	bytes->start = MAX(start, 0);
	identity_init(&bytes->identity, bytes->fd);
	if (!(flags & CAPTURE_FOLLOW))
		return TRUE;
	bytes->is_file = FALSE;
	/* the file itself, whatever has its name by now; losing a name is a change of attributes */
	g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", bytes->fd);
	bytes->watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (bytes->watch >= 0 && inotify_add_watch(bytes->watch, path, IN_MODIFY | IN_ATTRIB) >= 0)
		return TRUE;
	return error_set(error, CAPTURE_ERROR, CAPTURE_ERROR_FAILED,
			 _("%s cannot be followed while it grows: %s. Leave --follow out to see "
			   "what is in it now."),
			 bytes->name,
			 errno == EMFILE ? _("too many files are being watched")
					 : g_strerror(errno));
}

CaptureInput *
capture_input_open(const char *path, CaptureFlags flags, GError **error)
{
	gboolean is_input = strcmp(path, "-") == 0;
	int fd = is_input ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
			  : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0) {
		fail_open(error, is_input ? _("standard input") : path);
		return NULL;
	}
	g_autoptr(CaptureInput) bytes = g_new0(Bytes, 1);
	bytes->file = bytes->fd = fd;
	bytes->watch = -1;
	bytes->chunk = CHUNK;
	bytes->name = g_strdup(is_input ? _("standard input") : path);
	return prepare(bytes, flags, error) ? g_steal_pointer(&bytes) : NULL;
}

gboolean
bytes_begin(Bytes *bytes, GError **error)
{
	if (!read_head(bytes, error))
		return FALSE;
	Compression compression =
	    format_compression(bytes->data, MIN(bytes->end, FORMAT_HEAD), &bytes->expander);
	if (compression == COMPRESSION_NONE)
		return TRUE;
	if (bytes->watch >= 0) {
		g_set_error(error, CAPTURE_ERROR, CAPTURE_ERROR_FORMAT,
			    _("%s is compressed: it cannot be followed while it grows. Leave "
			      "--follow out to see what is in it now."),
			    bytes->name);
		return FALSE;
	}
	bytes->decompressor =
	    decompressor_new(compression, bytes->fd, bytes->data, bytes->end, &bytes->fd, error);
	if (!bytes->decompressor)
		return FALSE;
	/* from here on the bytes are what the file expands to */
	bytes->is_file = bytes->at_end = FALSE;
	bytes->read = bytes->end = 0;
	return read_head(bytes, error);
}

char *
bytes_problem(const Bytes *bytes)
{
	return format_problem(bytes->data, MIN(bytes->end, FORMAT_HEAD), bytes->name,
			      bytes->expander);
}

void
capture_input_free(CaptureInput *bytes)
{
	if (!bytes)
		return;
	decompressor_free(bytes->decompressor);
	fd_clear(&bytes->watch);
	fd_clear(&bytes->file);
	g_free(bytes->data);
	g_free(bytes->name);
	g_free(bytes);
}

const char *
bytes_name(const Bytes *bytes)
{
	return bytes->name;
}

void
bytes_set_chunk(Bytes *bytes, gsize chunk)
{
	bytes->chunk = chunk;
}

guint64
bytes_size(const Bytes *bytes)
{
	return bytes->size;
}

int
bytes_fd(const Bytes *bytes)
{
	return bytes->watch >= 0 ? bytes->watch : bytes->is_file ? -1 : bytes->fd;
}

int
bytes_file(const Bytes *bytes, guint64 *start)
{
	*start = bytes->start;
	return bytes->is_regular && !bytes->decompressor ? bytes->file : -1;
}

/* Bytes of the file itself that were read, by whoever shares its descriptor. */
static guint64
file_read(const Bytes *bytes)
{
	off_t offset = lseek(bytes->file, 0, SEEK_CUR);

	if (bytes->decompressor && !bytes->is_regular)
		return decompressor_taken(bytes->decompressor);
	return offset > (off_t)bytes->start ? offset - bytes->start : 0;
}

void
bytes_progress(const Bytes *bytes, guint64 *read_bytes, guint64 *total)
{
	guint64 size = bytes->is_regular ? bytes->size : 0;

	*read_bytes = bytes->decompressor ? file_read(bytes) : bytes->read;
	*total = size > bytes->start ? MAX(size - bytes->start, *read_bytes) : 0;
}

char *
bytes_take_note(Bytes *bytes)
{
	if (!bytes->decompressor || bytes->told || bytes->read < SUSPICIOUS_SIZE)
		return NULL;
	bytes->told = TRUE;
	if (file_read(bytes) > bytes->read / SUSPICIOUS_RATIO)
		return NULL;
	return g_strdup_printf(
	    _("%s expands to more than %d times its size: it may be made to fill memory and disks. "
	      "Stop reading if you did not expect this; what was read is kept."),
	    bytes->name, SUSPICIOUS_RATIO);
}

char *
bytes_end_note(Bytes *bytes, gboolean *broken)
{
	FileChange change = bytes->change;
	char *why;

	*broken = FALSE;
	if (bytes->decompressor && bytes->at_end) {
		why = decompressor_problem(bytes->decompressor, bytes->name);
		*broken = why != NULL;
		return why;
	}
	if (!bytes->is_regular || bytes->decompressor)
		return NULL;
	if (bytes->watch < 0)
		change = identity_check(&bytes->identity, bytes->size);
	/* one that has lost its name was read to its end nevertheless */
	*broken = change == FILE_SHRANK || change == FILE_OVERWRITTEN;
	return *broken || (change == FILE_REMOVED && bytes->watch >= 0)
		   ? identity_text(change, bytes->name)
		   : NULL;
}
