/* SPDX-License-Identifier: MIT */
/* endpoint_names.h - names that the user gave to endpoints, or to addresses: then of all their
 * ports. Pure. */
#pragma once

#include "pktladder/endpoint.h"

/* By "127.0.0.1:5000" or "127.0.0.1". */
typedef GHashTable EndpointNames;

EndpointNames *endpoint_names_new(void);

/* "127.0.0.1:5000=Server", "[::1]:5000=Server", "10.0.0.1=Router"; the name is
 * made harmless. FALSE where it is none of these. */
gboolean endpoint_names_add(EndpointNames *names, const char *text, GError **error);

/* The endpoint's own name, else that of its address with the port ("Router:5000");
 * NULL where it has none. `names` may be NULL. The caller frees. */
char *endpoint_names_get(EndpointNames *names, const Endpoint *endpoint);
