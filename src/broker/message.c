/* SPDX-License-Identifier: MIT */
#include "message.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef union {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(MESSAGE_FDS * sizeof(int))];
} Control;

gboolean
message_send(int socket, const void *message, gsize size, const int fds[MESSAGE_FDS])
{
	Control control = { 0 };
	struct iovec bytes = { (void *)message, size };
	struct msghdr header = { .msg_iov = &bytes, .msg_iovlen = 1 };
	int n = 0;

	while (n < MESSAGE_FDS && fds[n] >= 0)
		n++;
	if (n > 0) {
		control.header = (struct cmsghdr){ .cmsg_level = SOL_SOCKET,
						   .cmsg_type = SCM_RIGHTS,
						   .cmsg_len = CMSG_LEN(n * sizeof(int)) };
		memcpy(CMSG_DATA(&control.header), fds, n * sizeof(int));
		header.msg_control = &control;
		header.msg_controllen = CMSG_SPACE(n * sizeof(int));
	}
	return TEMP_FAILURE_RETRY(sendmsg(socket, &header, MSG_NOSIGNAL)) == (gssize)size;
}

gboolean
message_receive(int socket, void *message, gsize size, int fds[MESSAGE_FDS])
{
	Control control = { 0 };
	struct iovec bytes = { message, size };
	struct msghdr header = { .msg_iov = &bytes,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control) };

	for (int i = 0; i < MESSAGE_FDS; i++)
		fds[i] = -1;
	gssize got = recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
	struct cmsghdr *first = got >= 0 ? CMSG_FIRSTHDR(&header) : NULL;
	if (first && first->cmsg_level == SOL_SOCKET && first->cmsg_type == SCM_RIGHTS &&
	    first->cmsg_len > CMSG_LEN(0))
		memcpy(fds, CMSG_DATA(first),
		       MIN(first->cmsg_len - CMSG_LEN(0), MESSAGE_FDS * sizeof(int)));
	return got == (gssize)size && !(header.msg_flags & MSG_TRUNC);
}
