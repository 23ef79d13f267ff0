/* SPDX-License-Identifier: MIT */
/* origins.h - what a capture's files say beside the packets: which interfaces there were, comments,
 * processes, names of addresses. Texts are as the file has them: to be escaped where they are
 * shown. Pure.
 *
 * The reader fills it while it reads, and all who show packets look things up in it: it has a
 * number for each interface of each file, which a Packet carries. Reference counted.
 */
#pragma once

#include "pktladder/decode.h"

/* Names of endpoints, by "127.0.0.1:5000", or of an address and all its ports, by "127.0.0.1";
 * those that the user gave are one, too. */
typedef GHashTable EndpointNames;
EndpointNames *endpoint_names_new(void);

/* "127.0.0.1:5000=Server", "[::1]:5000=Server", "10.0.0.1=Router"; the name is
 * made harmless. FALSE where it is none of these. */
gboolean endpoint_names_add(EndpointNames *names, const char *text, GError **error);

/* The endpoint's own name, else that of its address with the port ("Router:5000");
 * NULL where it has none. `names` may be NULL. The caller frees. */
char *endpoint_names_get(EndpointNames *names, const Endpoint *endpoint);

typedef struct {
	char *name, *description; /* NULL: not said */
	GPtrArray *comments;      /* char * */
	guint16 link_type;
	guint16 file;
} Origin;

typedef struct {
	GPtrArray *files;      /* char *: how each is called */
	GPtrArray *interfaces; /* Origin *, by Packet.interface */
	GArray *processes;     /* PacketProcess: by Apple's blocks */
	GPtrArray *comments;   /* char *: of sections */
	EndpointNames *names;  /* of addresses, escaped */
	guint64 memory;        /* bytes that its texts take, about */
} Origins;

Origins *origins_new(void);
Origins *origins_ref(Origins *origins);
void origins_unref(Origins *origins);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Origins, origins_unref)

/* The number of another file. */
guint16 origins_add_file(Origins *origins, const char *name);

/* The number of another interface; of more than 65535 the last one stands for all that follow. */
guint16 origins_add_interface(Origins *origins, guint16 file, guint16 link_type);
Origin *origins_interface(const Origins *origins, guint16 number); /* NULL: none */

/* What people call it: its name or description, as the file has it; NULL: it has none. */
const char *origin_name(const Origin *interface);

/* The number of another process, from 1 on. */
guint32 origins_add_process(Origins *origins, guint32 pid, const char *name, gsize length);

/* A text of the file into `texts`, where it is not yet; 256 at most. */
void origins_add_text(Origins *origins, GPtrArray *texts, const char *text, gsize length);

/* The first name of an address counts. */
void origins_add_name(Origins *origins, const Endpoint *address, const char *name, gsize length);

/* "eth0 of b.pcap", escaped; NULL where there is only one interface, or nothing is known. */
char *origins_text(const Origins *origins, guint16 interface);
