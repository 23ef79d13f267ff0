/* Theory of operation
 *
 * bytes [taken, scanned) have passed the scanner and wait for libpcap; bytes
 * [scanned, length) wait for the scanner, which wants a structure whole. At
 * the end of the stream there is nothing to wait for, and all are let pass.
 * For a pipe, source_is_ready() reads ahead until a packet is complete, so that
 * libpcap, which cannot stop in the middle of one, never has to wait.
 *
 * What looks like a pipe may be two other things. A compressed file is the pipe
 * of the process that expands it. A file that is followed has its end for now;
 * what wakes the reader is another descriptor.
 */
#include "source.h"
#include "capture_internal.h"
#include "decompress.h"
#include "format.h"
#include "identity.h"
#include "pktladder/i18n.h"
#include "watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio_ext.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	CHUNK = 64 * 1024,
	/* captures seldom shrink to less than a twentieth */
	SUSPICIOUS_SIZE = 1024 * 1024 * 1024,
	SUSPICIOUS_RATIO = 200,
};

struct _CaptureInput {
	int file;         /* what was opened, */
	int fd;           /* and what is read: the same, or the pipe that it expands into */
	gboolean is_file; /* its bytes are always there, or never */
	gboolean is_regular, at_end;
	gboolean passes;    /* what follows needs no scanner, */
	gboolean is_direct; /* and nothing else of this either */
	int error;          /* errno of the read that failed */
	char *name;
	guint64 start; /* standard input may have been read before */
	guint64 size;  /* of a regular file when it was opened */
	guint64 read;  /* since then, what was expanded where it is compressed */
	guint64 given; /* to libpcap's stream */
	GByteArray *bytes;
	gsize taken, scanned;
	char *buffer; /* of libpcap's stream */
	Scanner *scanner;
	Layout *layout;        /* of a regular file, else NULL */
	FileIdentity identity; /* of a regular file */
	FileChange change;

	Decompressor *decompressor; /* NULL: it is not compressed */
	const char *expander;
	gboolean told; /* that it is suspicious */
	int watch;     /* where it is followed, else -1 */
};

/* Under sudo, too, files are opened as the user who called it: see privileges.c. */
static void
set_permission_error(GError **error, const char *path)
{
	g_autofree char *quoted = g_shell_quote(path);

	g_set_error(error, CAPTURE_ERROR, CAPTURE_ERROR_NO_PERMISSION,
		    _("You have no permission to read %s; under sudo, too, pktladder reads as the "
		      "user who called it. What only root may read: sudo cat %s | pktladder -"),
		    path, quoted);
}

static void
set_open_error(GError **error, const char *path, int reason)
{
	switch (reason) {
	case ENOENT:
	case ENOTDIR:
		g_set_error(error, CAPTURE_ERROR, CAPTURE_ERROR_NO_FILE, _("There is no file %s."),
			    path);
		break;
	case EACCES:
	case EPERM:
		set_permission_error(error, path);
		break;
	default:
		g_set_error(error, CAPTURE_ERROR, CAPTURE_ERROR_FAILED,
			    _("%s cannot be opened: %s."), path, g_strerror(reason));
	}
}

static gboolean
check_kind(Source *source, GError **error)
{
	struct stat status;

	if (fstat(source->fd, &status) != 0) {
		set_open_error(error, source->name, errno);
		return FALSE;
	}
	source->size = status.st_size;
	source->is_regular = S_ISREG(status.st_mode);
	source->is_file = source->is_regular || S_ISBLK(status.st_mode);
	if (S_ISDIR(status.st_mode))
		g_set_error(error, CAPTURE_ERROR, CAPTURE_ERROR_NO_FILE,
			    _("%s is a folder: name a capture file in it."), source->name);
	else if (isatty(source->fd))
		g_set_error(error, CAPTURE_ERROR, CAPTURE_ERROR_FORMAT,
			    _("%s is a terminal. Send a capture into it: "
			      "tcpdump -U -w - | pktladder replay -"),
			    source->name);
	else
		return TRUE;
	return FALSE;
}

/* The file will be known again, and each of its packets found. */
static void
remember_file(Source *source)
{
	off_t start = lseek(source->fd, 0, SEEK_CUR);

	source->start = MAX(start, 0);
	source->layout = layout_new();
	scanner_set_layout(source->scanner, source->layout, source->start);
	identity_init(&source->identity, source->fd);
}

static gssize
read_some(Source *source, void *bytes, gsize n)
{
	gssize result;

	do
		result = read(source->fd, bytes, n);
	while (result < 0 && errno == EINTR);
	source->read += MAX(result, 0);
	return result;
}

/* Of a file that is followed, `n` bytes were read: TRUE where they are its last. */
static gboolean
is_over(Source *source, gssize *n)
{
	source->change = identity_check(&source->identity, source->start + source->read);
	switch (source->change) {
	case FILE_SHRANK:
	case FILE_OVERWRITTEN: /* they may be somewhere in other packets */
		source->read -= *n;
		*n = 0;
		return TRUE;
	case FILE_REMOVED:
		return *n == 0;
	case FILE_SAME:
		break;
	}
	/* what the scanner cannot follow may never come */
	return *n == 0 && scanner_is_lost(source->scanner);
}

/* Reads more, waiting where it must; 0 where there is none, -1 with errno. */
static gssize
fill(Source *source)
{
	GByteArray *bytes = source->bytes;

	if (source->taken) {
		g_byte_array_remove_range(bytes, 0, source->taken);
		source->scanned -= source->taken;
		source->taken = 0;
	}
	if (source->watch >= 0)
		watch_clear(source->watch);
	guint before = bytes->len;
	g_byte_array_set_size(bytes, before + CHUNK);
	gssize n = read_some(source, bytes->data + before, CHUNK);
	if (n >= 0)
		source->at_end = source->watch >= 0 ? is_over(source, &n) : n == 0;
	g_byte_array_set_size(bytes, before + MAX(n, 0));
	if (n < 0)
		return n;
	source->scanned += scanner_scan(source->scanner, bytes->data + source->scanned,
					bytes->len - source->scanned);
	if (source->at_end)
		source->scanned = bytes->len;
	return n;
}

/* A pipe that is somebody else's may be non-blocking. */
static gssize
fill_waiting(Source *source)
{
	gssize n = fill(source);

	while (n < 0 ? errno == EAGAIN : n == 0 && !source->at_end) {
		poll(&(struct pollfd){ .fd = source_fd(source), .events = POLLIN }, 1, -1);
		n = fill(source);
	}
	return n;
}

static gboolean
knows_format(const Source *source)
{
	gsize n = source->bytes->len;

	/* a followed file may be about to get its first bytes, and no more for long */
	return source->at_end || n >= (source->watch >= 0 ? sizeof(guint32) : FORMAT_HEAD) ||
	       scanner_format(source->bytes->data, n) != SCAN_NOTHING ||
	       format_compression(source->bytes->data, n) != COMPRESSION_NONE;
}

static gboolean
read_head(Source *source, GError **error)
{
	while (!knows_format(source)) {
		if (fill_waiting(source) < 0) {
			set_open_error(error, source->name, errno);
			return FALSE;
		}
	}
	return TRUE;
}

static void
set_compressed_error(Source *source, GError **error)
{
	gboolean broken;
	g_autofree char *note = source_end_note(source, &broken);

	g_set_error(error, CAPTURE_ERROR, CAPTURE_ERROR_FORMAT,
		    _("%s No packet can be read from what is left."), note);
}

static gboolean
check_format(Source *source, GError **error)
{
	if (!read_head(source, error))
		return FALSE;
	gsize n = MIN(source->bytes->len, FORMAT_HEAD);
	if (source->decompressor && source->at_end && n < sizeof(guint32) &&
	    decompressor_result(source->decompressor) != DECOMPRESS_OK) {
		set_compressed_error(source, error);
		return FALSE;
	}
	g_autofree char *problem =
	    format_problem(source->bytes->data, n, source->name, source->expander);
	if (problem)
		g_set_error_literal(error, CAPTURE_ERROR, CAPTURE_ERROR_FORMAT, problem);
	return problem == NULL;
}

/* From here on the source is what the file expands to. */
static gboolean
expand(Source *source, GError **error)
{
	GByteArray *bytes = source->bytes;
	gsize n = MIN(bytes->len, FORMAT_HEAD);
	Compression compression = format_compression(bytes->data, n);

	if (compression == COMPRESSION_NONE)
		return TRUE;
	if (source->watch >= 0) {
		g_set_error(error, CAPTURE_ERROR, CAPTURE_ERROR_FORMAT,
			    _("%s is compressed: it cannot be followed while it grows. "
			      "Leave --follow out to see what is in it now."),
			    source->name);
		return FALSE;
	}
	source->expander = format_expander(bytes->data, n);
	source->decompressor =
	    decompressor_new(compression, source->fd, bytes->data, bytes->len, error);
	if (!source->decompressor)
		return FALSE;
	source->is_file = source->at_end = FALSE;
	source->read = source->scanned = 0;
	g_byte_array_set_size(bytes, 0);
	scanner_free(source->scanner);
	source->scanner = scanner_new();
	g_clear_pointer(&source->layout, layout_unref);
	source->fd = decompressor_fd(source->decompressor);
	return TRUE;
}

/* What can be said of it before its first byte is read. */
static gboolean
prepare(Source *source, CaptureFlags flags, GError **error)
{
	if (!check_kind(source, error))
		return FALSE;
	if (!source->is_regular)
		return TRUE;
	remember_file(source);
	if (!(flags & CAPTURE_FOLLOW))
		return TRUE;
	source->is_file = FALSE;
	source->watch = watch_new(source->fd, source->name, error);
	return source->watch >= 0;
}

Source *
source_open(const char *path, CaptureFlags flags, GError **error)
{
	gboolean is_input = strcmp(path, "-") == 0;
	int fd = is_input ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
			  : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0) {
		set_open_error(error, is_input ? _("standard input") : path, errno);
		return NULL;
	}
	g_autoptr(Source) source = g_new0(Source, 1);
	source->file = source->fd = fd;
	source->watch = -1;
	source->name = g_strdup(is_input ? _("standard input") : path);
	source->bytes = g_byte_array_sized_new(2 * CHUNK);
	source->scanner = scanner_new();
	return prepare(source, flags, error) ? g_steal_pointer(&source) : NULL;
}

gboolean
source_begin(Source *source, GError **error)
{
	if (!read_head(source, error) || !expand(source, error) || !check_format(source, error))
		return FALSE;
	/* Nothing stands between the packets of a pcap file, and no one waits for them. */
	source->passes = source->is_file && !scanner_is_pcapng(source->scanner);
	if (source->passes)
		source->scanned = source->bytes->len;
	return TRUE;
}

void
source_free(Source *source)
{
	if (!source)
		return;
	decompressor_free(source->decompressor);
	if (source->watch >= 0)
		close(source->watch);
	close(source->file);
	layout_unref(source->layout);
	scanner_free(source->scanner);
	g_byte_array_unref(source->bytes);
	g_free(source->buffer);
	g_free(source->name);
	g_free(source);
}

const char *
source_name(const Source *source)
{
	return source->name;
}

Scanner *
source_scanner(Source *source)
{
	return source->scanner;
}

Layout *
source_layout(const Source *source)
{
	return source->layout;
}

int
source_file(const Source *source)
{
	return source->file;
}

gboolean
source_is_plain(const Source *source)
{
	return source->passes;
}

int
source_fd(const Source *source)
{
	if (source->watch >= 0)
		return source->watch;
	return source->is_file ? -1 : source->fd;
}

static gssize
give(Source *source, char *buffer, gsize size)
{
	while (source->taken == source->scanned && !source->at_end) {
		if (source->passes)
			return read_some(source, buffer, size);
		if (source->error)
			errno = source->error;
		if (source->error || fill_waiting(source) < 0)
			return -1;
	}
	gsize n = MIN(size, source->scanned - source->taken);
	if (n)
		memcpy(buffer, source->bytes->data + source->taken, n);
	source->taken += n;
	return n;
}

static ssize_t
stream_read(void *cookie, char *buffer, size_t size)
{
	Source *source = cookie;
	gssize n = give(source, buffer, size);

	source->given += MAX(n, 0);
	return n;
}

/* Answers where it is, for source_offset(), and goes nowhere. */
static int
stream_seek(void *cookie, off64_t *offset, int whence)
{
	const Source *source = cookie;

	if (whence != SEEK_CUR || *offset != 0) {
		errno = ESPIPE;
		return -1;
	}
	*offset = source->given;
	return 0;
}

/* The file itself, where not even its header needs to be mended: libpcap reads
 * nothing faster. Both descriptors have one position. */
static FILE *
direct_stream(Source *source)
{
	int fd = fcntl(source->file, F_DUPFD_CLOEXEC, 3);

	source->is_direct = fd >= 0 && lseek(fd, source->start, SEEK_SET) >= 0;
	if (source->is_direct)
		return fdopen(fd, "r");
	if (fd >= 0)
		close(fd);
	return NULL;
}

FILE *
source_stream(Source *source)
{
	const cookie_io_functions_t functions = { .read = stream_read, .seek = stream_seek };
	FILE *stream = NULL;

	if (source->passes && source->is_regular && !scanner_has_mended(source->scanner))
		stream = direct_stream(source);
	if (!stream)
		stream = fopencookie(source, "r", functions);
	if (!stream)
		return NULL;
	/* without a buffer of ours, the size would be ignored */
	source->buffer = g_malloc(CHUNK);
	setvbuf(stream, source->buffer, _IOFBF, CHUNK);
	/* only libpcap reads from it, twice for each packet */
	__fsetlocking(stream, FSETLOCKING_BYCALLER);
	return stream;
}

guint64
source_offset(const Source *source, FILE *stream)
{
	return (source->is_direct ? 0 : source->start) + ftello(stream);
}

/* Without waiting. */
static gboolean
has_input(const Source *source)
{
	struct pollfd poll_fd = { .fd = source->fd, .events = POLLIN };

	return source->watch >= 0 || poll(&poll_fd, 1, 0) == 1;
}

gboolean
source_is_ready(Source *source, guint64 packet)
{
	while (!source->is_file && !source->at_end && !source->error &&
	       !scanner_is_lost(source->scanner) && scanner_packets(source->scanner) <= packet) {
		if (!has_input(source))
			return FALSE;
		gssize n = fill(source);
		if (n == 0 && !source->at_end)
			return FALSE;
		if (n < 0) {
			if (errno == EAGAIN)
				return FALSE;
			source->error = errno;
		}
	}
	return TRUE;
}

/* Bytes of the file itself that were read, by whoever shares its descriptor. */
static guint64
file_read(const Source *source)
{
	off_t offset = lseek(source->file, 0, SEEK_CUR);

	if (source->decompressor && !source->is_regular)
		return decompressor_taken(source->decompressor);
	return offset > (off_t)source->start ? offset - source->start : 0;
}

void
source_progress(const Source *source, guint64 *read_bytes, guint64 *total)
{
	guint64 size = source->is_regular ? source->size : 0;

	*read_bytes = source->decompressor || source->is_direct ? file_read(source) : source->read;
	*total = size > source->start ? MAX(size - source->start, *read_bytes) : 0;
}

char *
source_take_note(Source *source)
{
	if (!source->decompressor || source->told || source->read < SUSPICIOUS_SIZE)
		return NULL;
	source->told = TRUE;
	if (file_read(source) > source->read / SUSPICIOUS_RATIO)
		return NULL;
	return g_strdup_printf(_("%s expands to more than %d times its size: it may be made to "
				 "fill memory and disks. Stop reading if you did not expect this; "
				 "what was read is kept."),
			       source->name, SUSPICIOUS_RATIO);
}

gboolean
source_ends_in_damage(const Source *source, guint64 offset)
{
	enum { FILE_HEAD = 24, RECORD_HEAD = 24 };
	guint8 bytes[FILE_HEAD + RECORD_HEAD];
	g_autoptr(Scanner) scanner = NULL;
	gssize n;

	if (!source->passes)
		return scanner_is_damaged(source->scanner);
	/* the scanner has not seen it: one that sees nothing else */
	if (pread(source->file, bytes, FILE_HEAD, source->start) != FILE_HEAD)
		return FALSE;
	n = pread(source->file, bytes + FILE_HEAD, RECORD_HEAD, offset);
	scanner = scanner_new();
	scanner_scan(scanner, bytes, FILE_HEAD + MAX(n, 0));
	return scanner_is_damaged(scanner);
}

static char *
compressed_end_note(Source *source)
{
	switch (decompressor_result(source->decompressor)) {
	case DECOMPRESS_ENDS_EARLY:
		return g_strdup_printf(
		    _("The compressed data of %s ends early: the file was cut short."),
		    source->name);
	case DECOMPRESS_DAMAGED:
		return g_strdup_printf(_("The compressed data of %s is damaged."), source->name);
	case DECOMPRESS_UNREADABLE:
		return g_strdup_printf(_("%s cannot be read any further."), source->name);
	case DECOMPRESS_KILLED:
		return g_strdup_printf(_("The process that decompresses %s was killed (%s)."),
				       source->name,
				       g_strsignal(decompressor_signal(source->decompressor)));
	case DECOMPRESS_OK:
		break;
	}
	return NULL;
}

/* Of a file that is not compressed. */
static char *
plain_end_note(Source *source, gboolean *broken)
{
	FileChange change = source->change;

	if (source->watch < 0)
		change = identity_check(&source->identity, source->size);
	/* one that has lost its name was read to its end nevertheless */
	*broken = change == FILE_SHRANK || change == FILE_OVERWRITTEN;
	return *broken || (change == FILE_REMOVED && source->watch >= 0)
		   ? identity_text(change, source->name)
		   : NULL;
}

char *
source_end_note(Source *source, gboolean *broken)
{
	char *note = NULL;

	*broken = FALSE;
	if (!source->at_end && !source->passes)
		return NULL;
	if (source->decompressor) {
		note = compressed_end_note(source);
		*broken = note != NULL;
	} else if (source->is_regular) {
		note = plain_end_note(source, broken);
	}
	return note;
}
