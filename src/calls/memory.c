#include <netinet/in.h>
#include <sys/uio.h>

#include "memory.h"

gboolean
memory_read(pid_t tid, guint64 address, void *to, gsize size)
{
	const struct iovec ours = { .iov_base = to, .iov_len = size };
	const struct iovec theirs = { .iov_base = (void *)(guintptr)address, .iov_len = size };

	return address != 0 && process_vm_readv(tid, &ours, 1, &theirs, 1, 0) == (gssize)size;
}

gboolean
sockaddr_to_endpoint(const struct sockaddr_storage *address, gsize size, Endpoint *endpoint)
{
	const struct sockaddr_in *in = (const struct sockaddr_in *)address;
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)address;

	if (size >= sizeof(*in) && address->ss_family == AF_INET)
		*endpoint = endpoint_make(4, (const guint8 *)&in->sin_addr, g_ntohs(in->sin_port));
	else if (size >= sizeof(*in6) && address->ss_family == AF_INET6)
		*endpoint =
		    endpoint_make(6, (const guint8 *)&in6->sin6_addr, g_ntohs(in6->sin6_port));
	else
		return FALSE;
	return TRUE;
}

gboolean
memory_read_address(pid_t tid, guint64 address, gsize size, Endpoint *endpoint)
{
	struct sockaddr_storage copy = { 0 };

	size = MIN(size, sizeof(copy));
	return memory_read(tid, address, &copy, size) &&
	       sockaddr_to_endpoint(&copy, size, endpoint);
}
