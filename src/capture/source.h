/* source.h - the bytes of a capture file or pipe as a FILE for libpcap, which
 * all pass a scanner.
 */
#pragma once

#include "scanner.h"

#include <stdio.h>

typedef struct _Source Source;

/* "-" is standard input. Files that are no captures are refused here. */
Source *source_open(const char *path, GError **error);
void source_free(Source *source);

/* How errors should call it: the path, or "standard input". */
const char *source_name(const Source *source);

/* Reads what it has and no further than libpcap asks. Closing it leaves the
 * source as it is; it must be closed before source_free(). */
FILE *source_stream(Source *source);
Scanner *source_scanner(Source *source);

/* To poll: a pipe's or terminal's; -1 for a file, whose bytes are always there. */
int source_fd(const Source *source);

/* Whether libpcap can read packet number `packet`, or learn that there is none,
 * without waiting. Reads from a pipe what is there. */
gboolean source_is_ready(Source *source, guint64 packet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Source, source_free)
