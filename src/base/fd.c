/* SPDX-License-Identifier: MIT */
#include "pktladder/fd.h"

#include <poll.h>

gssize
bytes_write_some(int fd, const void *bytes, gsize length)
{
	gssize n;

	while ((n = write(fd, bytes, length)) < 0 && (errno == EAGAIN || errno == EINTR)) {
		if (errno == EAGAIN)
			poll(&(struct pollfd){ .fd = fd, .events = POLLOUT }, 1, -1);
	}
	return n;
}

gboolean
bytes_write(int fd, const void *bytes, gsize length)
{
	gssize n;

	for (gsize done = 0; done < length; done += n) {
		n = bytes_write_some(fd, (const char *)bytes + done, length - done);
		if (n == 0)
			errno = ENOSPC;
		if (n <= 0)
			return FALSE;
	}
	return TRUE;
}
