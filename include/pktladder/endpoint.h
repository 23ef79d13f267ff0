/* SPDX-License-Identifier: MIT */
/* endpoint.h - an address with a port, of either IP version. Pure. */
#pragma once

#include <glib.h>
#include <string.h>

typedef enum { TRANSPORT_NONE, TRANSPORT_TCP, TRANSPORT_UDP, N_TRANSPORTS } Transport;

/* A text that takes no memory of its own; what is longer is cut. */
typedef struct {
	char text[64];
} ShortText;

/* Plain data, comparable with memcmp() once made by endpoint_make(). */
typedef struct {
	guint8 address[16]; /* network order; IPv4 uses the first 4, the rest is 0 */
	guint16 port;       /* host order; 0 where there is none */
	guint8 version;     /* 4, 6, or 0 for "no address known" */
	guint8 zero;
} Endpoint;

G_STATIC_ASSERT(sizeof(Endpoint) == 20);

/* address: 4 bytes for version 4, 16 for version 6 (network order). A
 * v4-mapped IPv6 address (::ffff:a.b.c.d) becomes the IPv4 address, since that
 * is what is on the wire (dual-stack sockets). */
Endpoint endpoint_make(guint8 version, const guint8 *address, guint16 port);

gboolean endpoint_equal(const Endpoint *a, const Endpoint *b);

/* Multiplied by this, every bit counts in the upper ones of the product. */
#define ENDPOINT_SPREAD G_GUINT64_CONSTANT(0x9e3779b97f4a7c15)

/* For tables: of all bits, which count in the upper ones of it. */
static inline guint64
endpoint_hash(const Endpoint *endpoint)
{
	guint64 word[2], hash;

	memcpy(word, endpoint->address, sizeof word);
	hash = (word[0] ^ (word[0] >> 32)) * ENDPOINT_SPREAD + (word[1] ^ endpoint->port);
	return (hash ^ (hash >> 32)) * ENDPOINT_SPREAD;
}

/* True where the address is 0.0.0.0 or :: */
gboolean endpoint_is_any(const Endpoint *endpoint);

/* "127.0.0.1:5000", "[::1]:5000"; "?" where the version is 0: endpoint_text(end).text lives as
 * long as the statement that it stands in. address_text(): without the port, "127.0.0.1", "::1". */
ShortText endpoint_text(const Endpoint *endpoint);
ShortText address_text(const Endpoint *endpoint);
char *endpoint_to_string(const Endpoint *endpoint); /* the caller frees */

/* The reverse, also of "[127.0.0.1]:5000". FALSE where it is neither; address_parse(): no address
 * alone. */
gboolean endpoint_parse(const char *text, Endpoint *endpoint);
gboolean address_parse(const char *text, Endpoint *endpoint);
