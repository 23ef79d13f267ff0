/* format.h - names the files that are no captures as libpcap reads them. Pure. */
#pragma once

#include <glib.h>

/* Enough of a file's start for format_problem(). */
#define FORMAT_HEAD 64

/* Why the file `name` (for people), which starts with `head`, cannot be read,
 * and what to do. NULL where it starts like pcap or pcapng. The caller frees. */
char *format_problem(const guint8 *head, gsize n, const char *name);
