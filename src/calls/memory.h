/* memory.h - a tracee's memory and its socket addresses. Whatever a program
 * passes may be wrong: then nothing is read. */
#pragma once

#include <sys/socket.h>
#include <sys/types.h>

#include "pktladder/endpoint.h"

/* TRUE where all of `size` bytes at `address` were there. */
gboolean memory_read(pid_t tid, guint64 address, void *to, gsize size);

/* A socket address of `size` bytes as an endpoint; FALSE where it is of no IP version. */
gboolean memory_read_address(pid_t tid, guint64 address, gsize size, Endpoint *endpoint);

/* The same of an address of our own. */
gboolean sockaddr_to_endpoint(const struct sockaddr_storage *address, gsize size,
			      Endpoint *endpoint);
