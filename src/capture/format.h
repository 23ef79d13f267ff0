/* SPDX-License-Identifier: MIT */
/* format.h - names the files that are no captures as libpcap reads them. Pure. */
#pragma once

#include <glib.h>

/* So many bytes of a file's start are enough for all formats. */
#define FORMAT_HEAD 64

/* The compressions that are undone on reading. */
typedef enum { COMPRESSION_NONE, COMPRESSION_GZIP, COMPRESSION_OTHER } Compression;

/* How the file that starts with `head` is compressed. *expander: the program that writes what such
 * a file expands to. */
Compression format_compression(const guint8 *head, gsize n, const char **expander);

/* Why the file `name` (for people), which starts with `head`, cannot be read, and what to do.
 * `expander`: where `head` is what came out of a compressed file, the program that does that; else
 * NULL. NULL where it starts like pcap or pcapng. The caller frees. */
char *format_problem(const guint8 *head, gsize n, const char *name, const char *expander);
