#include "output.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

void
output_init(Output *output, int fd)
{
	*output = (Output){ .fd = fd, .buffer = g_byte_array_sized_new(4096) };
}

void
output_clear(Output *output)
{
	g_clear_pointer(&output->buffer, g_byte_array_unref);
	if (output->fd > STDERR_FILENO)
		close(output->fd);
	output->fd = -1;
}

/* One write(); a descriptor that somebody made non-blocking is waited for. A closed pipe gives
 * EPIPE and no signal: what the program does with SIGPIPE is not this layer's to decide. */
static gssize
write_quietly(int fd, const guint8 *bytes, gsize n)
{
	sigset_t pipe_signal, before, pending;
	gssize written;

	sigemptyset(&pipe_signal);
	sigaddset(&pipe_signal, SIGPIPE);
	sigpending(&pending);
	gboolean was_pending = sigismember(&pending, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
	while ((written = write(fd, bytes, n)) < 0 && (errno == EAGAIN || errno == EINTR))
		if (errno == EAGAIN)
			poll(&(struct pollfd){ .fd = fd, .events = POLLOUT }, 1, -1);
	int saved = errno;
	if (written < 0 && saved == EPIPE && !was_pending)
		while (sigtimedwait(&pipe_signal, NULL, &(struct timespec){ 0 }) < 0 &&
		       errno == EINTR)
			;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = saved;
	return written;
}

gboolean
output_drain(Output *output)
{
	while (output->buffer->len) {
		gssize written =
		    write_quietly(output->fd, output->buffer->data, output->buffer->len);
		if (written < 0)
			return FALSE;
		output->written += written;
		g_byte_array_remove_range(output->buffer, 0, written);
	}
	return TRUE;
}

gboolean
output_make_room(Output *output)
{
	return output->buffer->len < OUTPUT_BUFFER || output_drain(output);
}

gssize
output_read(const Output *output, int fd, guint64 offset, guint8 *bytes, gsize n)
{
	gsize done = 0;

	/* the buffer is always the tail of the file; a full disk may part a packet between them */
	while (done < n && offset + done < output->written) {
		gssize got = TEMP_FAILURE_RETRY(
		    pread(fd, bytes + done, MIN(n - done, output->written - offset - done),
			  offset + done));
		if (got <= 0)
			return got < 0 ? -1 : (gssize)done;
		done += got;
	}
	if (offset + done >= output->written) {
		guint64 start = MIN(offset + done - output->written, output->buffer->len);
		gsize rest = MIN(n - done, output->buffer->len - start);
		if (rest)
			memcpy(bytes + done, output->buffer->data + start, rest);
		done += rest;
	}
	return done;
}
