/* Theory of operation
 *
 * bytes [taken, scanned) have passed the scanner and wait for libpcap; bytes
 * [scanned, length) wait for the scanner, which wants a structure whole. At
 * the end of the stream there is nothing to wait for, and all are let pass.
 * For a pipe, source_is_ready() reads ahead until a packet is complete, so that
 * libpcap, which cannot stop in the middle of one, never has to wait.
 */
#include "source.h"
#include "capture_internal.h"
#include "format.h"
#include "pktladder/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 64 * 1024 };

struct _Source {
	int fd;
	gboolean is_file, at_end;
	gboolean passes; /* what follows needs no scanner */
	int error;       /* errno of the read that failed */
	char *name;
	GByteArray *bytes;
	gsize taken, scanned;
	Scanner *scanner;
};

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
		g_set_error(error, CAPTURE_ERROR, CAPTURE_ERROR_NO_PERMISSION,
			    _("You have no permission to read %s."), path);
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
	source->is_file = S_ISREG(status.st_mode) || S_ISBLK(status.st_mode);
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

static gssize
read_some(int fd, void *bytes, gsize n)
{
	gssize result;

	do
		result = read(fd, bytes, n);
	while (result < 0 && errno == EINTR);
	return result;
}

/* Reads more, waiting where it must; 0 at the end, -1 with errno. */
static gssize
fill(Source *source)
{
	GByteArray *bytes = source->bytes;

	if (source->taken) {
		g_byte_array_remove_range(bytes, 0, source->taken);
		source->scanned -= source->taken;
		source->taken = 0;
	}
	guint before = bytes->len;
	g_byte_array_set_size(bytes, before + CHUNK);
	gssize n = read_some(source->fd, bytes->data + before, CHUNK);
	g_byte_array_set_size(bytes, before + MAX(n, 0));
	if (n < 0)
		return n;
	source->at_end = n == 0;
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

	while (n < 0 && errno == EAGAIN) {
		poll(&(struct pollfd){ .fd = source->fd, .events = POLLIN }, 1, -1);
		n = fill(source);
	}
	return n;
}

static gboolean
check_format(Source *source, GError **error)
{
	while (!source->at_end && source->bytes->len < FORMAT_HEAD) {
		if (fill_waiting(source) < 0) {
			set_open_error(error, source->name, errno);
			return FALSE;
		}
		if (scanner_format(source->bytes->data, source->bytes->len) != SCAN_NOTHING)
			return TRUE;
	}
	g_autofree char *problem =
	    format_problem(source->bytes->data, MIN(source->bytes->len, FORMAT_HEAD), source->name);
	if (problem)
		g_set_error_literal(error, CAPTURE_ERROR, CAPTURE_ERROR_FORMAT, problem);
	return problem == NULL;
}

Source *
source_open(const char *path, GError **error)
{
	gboolean is_input = strcmp(path, "-") == 0;
	int fd = is_input ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
			  : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0) {
		set_open_error(error, is_input ? _("standard input") : path, errno);
		return NULL;
	}
	g_autoptr(Source) source = g_new0(Source, 1);
	source->fd = fd;
	source->name = g_strdup(is_input ? _("standard input") : path);
	source->bytes = g_byte_array_sized_new(2 * CHUNK);
	source->scanner = scanner_new();
	if (!check_kind(source, error) || !check_format(source, error))
		return NULL;
	/* Nothing stands between the packets of a pcap file, and no one waits for them. */
	source->passes = source->is_file && !scanner_is_pcapng(source->scanner);
	if (source->passes)
		source->scanned = source->bytes->len;
	return g_steal_pointer(&source);
}

void
source_free(Source *source)
{
	if (!source)
		return;
	close(source->fd);
	scanner_free(source->scanner);
	g_byte_array_unref(source->bytes);
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

int
source_fd(const Source *source)
{
	return source->is_file ? -1 : source->fd;
}

static ssize_t
stream_read(void *cookie, char *buffer, size_t size)
{
	Source *source = cookie;

	while (source->taken == source->scanned && !source->at_end) {
		if (source->passes)
			return read_some(source->fd, buffer, size);
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

FILE *
source_stream(Source *source)
{
	FILE *stream = fopencookie(source, "r", (cookie_io_functions_t){ .read = stream_read });

	if (stream)
		setvbuf(stream, NULL, _IOFBF, CHUNK);
	return stream;
}

/* Without waiting. */
static gboolean
has_input(const Source *source)
{
	struct pollfd poll_fd = { .fd = source->fd, .events = POLLIN };

	return poll(&poll_fd, 1, 0) == 1;
}

gboolean
source_is_ready(Source *source, guint64 packet)
{
	while (!source->is_file && !source->at_end && !source->error &&
	       !scanner_is_lost(source->scanner) && scanner_packets(source->scanner) <= packet) {
		if (!has_input(source))
			return FALSE;
		if (fill(source) < 0) {
			if (errno == EAGAIN)
				return FALSE;
			source->error = errno;
		}
	}
	return TRUE;
}
