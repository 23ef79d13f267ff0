/* SPDX-License-Identifier: MIT */
#include "pktladder/write_all.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

gboolean
bytes_write(int fd, const void *bytes, gsize length)
{
	for (gsize done = 0; done < length;) {
		gssize n = write(fd, (const char *)bytes + done, length - done);

		if (n == 0)
			errno = ENOSPC;
		if (n < 0 && errno == EAGAIN)
			poll(&(struct pollfd){ .fd = fd, .events = POLLOUT }, 1, -1);
		else if (n == 0 || (n < 0 && errno != EINTR))
			return FALSE;
		done += MAX(n, 0);
	}
	return TRUE;
}
