/* SPDX-License-Identifier: MIT */
/* Theory of operation
 *
 * Decompressors cannot stop for want of input and go on later. In a process of its own one may wait
 * as long as it likes: here its output is a pipe like any other. The process has no rights and no
 * descriptors but the two that it needs, and no system calls but those that read, write and take
 * memory; its exit status is a DecompressResult. The process ends when nobody reads from it any
 * more, which it looks for before it waits: its parent may not be allowed to kill it.
 *
 * libarchive undoes everything but gzip. Where a file ends early libarchive drops what it expanded
 * last (64 KiB or more), and it does not look at gzip's checksum. gzip is what captures come in
 * most, and short ones would be lost whole: so that is done with zlib itself.
 */
#include "bytes.h"
#include "pktladder/capture.h"
#include "pktladder/confine.h"
#include "pktladder/fd.h"
#include "pktladder/complain.h"

#include <archive.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

enum {
	INPUT = STDIN_FILENO,
	OUTPUT = STDOUT_FILENO,
	CHUNK = 64 * 1024,
	PIPE_SIZE = 1024 * 1024,
	GZIP_MAGIC = 0x1f,     /* the first of the two bytes */
	GZIP_WINDOW = 15 + 16, /* zlib: the largest window, and gzip's head and checksum */
};

typedef enum {
	DECOMPRESS_OK,
	DECOMPRESS_ENDS_EARLY,
	DECOMPRESS_DAMAGED,
	DECOMPRESS_UNREADABLE, /* the file itself: an error of the disk */
	DECOMPRESS_KILLED,     /* the process did not end by itself */
} DecompressResult;

struct _Decompressor {
	pid_t pid; /* 0: it ended */
	int fd;
	guint64 *taken; /* bytes; the process counts them */
	DecompressResult result;
	int signal; /* that ended it; 0 none */
};

/* The compressed bytes, in the process that expands them. */
typedef struct {
	const guint8 *head; /* what was read already; NULL after it was used */
	gsize head_size;
	gboolean at_end, failed;
	guint64 *taken; /* shared with the parent */
	guint8 bytes[CHUNK];
} Input;

/* More input, which is waited for: returns how many bytes *bytes has; 0 at the end or where it
 * failed. Ends the process where nobody wants what it expands to. `archive` is libarchive's, whose
 * way of reading this is. */
static la_ssize_t
input_read(struct archive *archive G_GNUC_UNUSED, void *data, const void **bytes)
{
	Input *input = data;
	struct pollfd fds[] = { { .fd = INPUT, .events = POLLIN }, { .fd = OUTPUT } };
	gssize n;

	if (input->head) {
		*bytes = g_steal_pointer(&input->head);
		*input->taken += input->head_size;
		return input->head_size;
	}
	do {
		TEMP_FAILURE_RETRY(poll(fds, G_N_ELEMENTS(fds), -1));
		if (fds[1].revents & POLLERR)
			_exit(DECOMPRESS_OK);
		n = read(INPUT, input->bytes, CHUNK);
	} while (n < 0 && (errno == EAGAIN || errno == EINTR));
	input->failed = n < 0;
	input->at_end = n <= 0;
	*bytes = input->bytes;
	*input->taken += MAX(n, 0);
	return MAX(n, 0);
}

/* Why expanding broke off, where the compressed data did not come to their own end. */
static DecompressResult
result_of(const Input *input)
{
	if (input->failed)
		return DECOMPRESS_UNREADABLE;
	return input->at_end ? DECOMPRESS_ENDS_EARLY : DECOMPRESS_DAMAGED;
}

static void
output_write(const guint8 *bytes, gsize n)
{
	if (!bytes_write(OUTPUT, bytes, n))
		_exit(DECOMPRESS_OK); /* nobody wants it any more */
}

/* Expands what `stream` has, up to the end of a member. Returns what inflate() did last. */
static int
inflate_piece(z_stream *stream)
{
	static guint8 expanded[CHUNK];
	int status;

	do {
		stream->next_out = expanded;
		stream->avail_out = sizeof(expanded);
		status = inflate(stream, Z_NO_FLUSH);
		output_write(expanded, sizeof(expanded) - stream->avail_out);
	} while (status == Z_OK && (stream->avail_in || !stream->avail_out));
	return status;
}

/* Expands the members of a gzip file, one behind the other. Bytes that are no member end it, as for
 * gunzip. */
static DecompressResult
expand_gzip(Input *input)
{
	z_stream stream = { 0 };
	gboolean within = FALSE;
	const void *bytes;

	if (inflateInit2(&stream, GZIP_WINDOW) != Z_OK)
		return DECOMPRESS_UNREADABLE;
	while ((stream.avail_in = input_read(NULL, input, &bytes))) {
		stream.next_in = (guint8 *)bytes;
		while (stream.avail_in) {
			if (!within && *stream.next_in != GZIP_MAGIC)
				return DECOMPRESS_OK;
			int status = inflate_piece(&stream);
			if (status != Z_OK && status != Z_BUF_ERROR && status != Z_STREAM_END)
				return DECOMPRESS_DAMAGED;
			within = status != Z_STREAM_END;
			if (!within)
				inflateReset(&stream);
		}
	}
	return within || input->failed ? result_of(input) : DECOMPRESS_OK;
}

static DecompressResult
expand_archive(Input *input)
{
	static guint8 expanded[CHUNK];
	struct archive *archive = archive_read_new();
	struct archive_entry *entry;
	la_ssize_t n;

	archive_read_support_filter_zstd(archive);
	archive_read_support_filter_xz(archive);
	archive_read_support_filter_lz4(archive);
	archive_read_support_filter_bzip2(archive);
	archive_read_support_format_raw(archive);
	archive_read_support_format_empty(archive);
	/* without a filter the compressed bytes would come as they are */
	if (archive_read_open(archive, input, NULL, input_read, NULL) != ARCHIVE_OK ||
	    archive_filter_count(archive) < 2)
		return result_of(input);
	int status = archive_read_next_header(archive, &entry);
	if (status == ARCHIVE_EOF)
		return DECOMPRESS_OK;
	if (status != ARCHIVE_OK)
		return result_of(input);
	while ((n = archive_read_data(archive, expanded, sizeof(expanded))) > 0)
		output_write(expanded, n);
	return n == 0 ? DECOMPRESS_OK : result_of(input);
}

/* Leaves INPUT and OUTPUT, and what it takes to use them. Signals of the terminal are
 * the parent's business. Whatever the libraries complain of is heard by nobody. */
static void
rights_drop(int input, int output)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	prctl(PR_SET_NAME, "pktladder-unzip");
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	syscall(SYS_capset, &header, none);
	/* away from the two numbers first: either may be one of them */
	input = fcntl(input, F_DUPFD, 3);
	output = fcntl(output, F_DUPFD, 3);
	if (dup2(input, INPUT) < 0 || dup2(output, OUTPUT) < 0)
		_exit(DECOMPRESS_UNREADABLE);
	close_range(STDERR_FILENO, G_MAXUINT, 0);
	confine(CONFINE_EXPANDING, NULL, 0);
}

Decompressor *
decompressor_new(Compression compression, int fd, const guint8 *head, gsize n, int *expanded,
		 GError **error)
{
	static Input input;
	g_auto(FdPair) ends = FD_PAIR_NONE;
	pid_t pid = -1;
	guint64 *taken =
	    mmap(NULL, sizeof *taken, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	input = (Input){ .head = head, .head_size = n, .taken = taken };
	if (taken != MAP_FAILED && pipe2(ends.end, O_CLOEXEC) == 0) {
		fcntl(ends.end[1], F_SETPIPE_SZ, PIPE_SIZE);
		pid = fork();
		if (pid == 0) {
			rights_drop(fd, ends.end[1]);
			_exit(compression == COMPRESSION_GZIP ? expand_gzip(&input)
							      : expand_archive(&input));
		}
	}
	if (pid < 0) {
		int reason = errno;
		if (taken != MAP_FAILED)
			munmap(taken, sizeof *taken);
		error_set(error, CAPTURE_ERROR, CAPTURE_ERROR_FAILED,
			  _("The process that decompresses the file cannot be started: %s."),
			  g_strerror(reason));
		return NULL;
	}
	Decompressor *decompressor = g_new0(Decompressor, 1);
	*expanded = g_steal_fd(&ends.end[0]);
	*decompressor = (Decompressor){ .pid = pid, .fd = *expanded, .taken = taken };
	return decompressor;
}

static void
wait_for(Decompressor *decompressor)
{
	int status;

	if (!decompressor->pid)
		return;
	pid_t pid = TEMP_FAILURE_RETRY(waitpid(decompressor->pid, &status, 0));
	decompressor->pid = 0;
	if (pid < 0) /* where SIGCHLD is ignored nobody learns it */
		return;
	decompressor->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	decompressor->result = decompressor->signal ? DECOMPRESS_KILLED
			       : WEXITSTATUS(status) <= DECOMPRESS_UNREADABLE
				   ? (DecompressResult)WEXITSTATUS(status)
				   : DECOMPRESS_DAMAGED;
}

char *
decompressor_problem(Decompressor *decompressor, const char *name)
{
	static const char *const texts[] = {
		[DECOMPRESS_ENDS_EARLY] =
		    N_("The compressed data of %s ends early: the file was cut short."),
		[DECOMPRESS_DAMAGED] = N_("The compressed data of %s is damaged."),
		[DECOMPRESS_UNREADABLE] = N_("%s cannot be read any further."),
		[DECOMPRESS_KILLED] = N_("The process that decompresses %s was killed (%s)."),
	};

	wait_for(decompressor);
	return decompressor->result == DECOMPRESS_OK
		   ? NULL
		   : g_strdup_printf(_(texts[decompressor->result]), name,
				     g_strsignal(decompressor->signal));
}

guint64
decompressor_taken(const Decompressor *decompressor)
{
	return __atomic_load_n(decompressor->taken, __ATOMIC_RELAXED);
}

void
decompressor_free(Decompressor *decompressor)
{
	if (!decompressor)
		return;
	close(decompressor->fd); /* which ends it, */
	if (decompressor->pid)
		kill(decompressor->pid, SIGKILL); /* or this at once, where we still may */
	wait_for(decompressor);
	munmap(decompressor->taken, sizeof *decompressor->taken);
	g_free(decompressor);
}
