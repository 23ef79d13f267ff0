/* source.h - the bytes of a capture file or pipe as a FILE for libpcap, which
 * all pass a scanner.
 */
#pragma once

#include "pktladder/capture.h"
#include "scanner.h"

#include <stdio.h>

typedef struct _CaptureInput Source;

/* "-" is standard input. Nothing is read yet. */
Source *source_open(const char *path, CaptureFlags flags, GError **error);
/* Files that are no captures are refused here. */
gboolean source_begin(Source *source, GError **error);
void source_free(Source *source);

/* How errors should call it: the path, or "standard input". */
const char *source_name(const Source *source);

/* Reads what it has and no further than libpcap asks. Closing it leaves the
 * source as it is; it must be closed before source_free(). */
FILE *source_stream(Source *source);
Scanner *source_scanner(Source *source);

/* Of a file whose packets can be read again at their offsets, else NULL. */
Layout *source_layout(const Source *source);
int source_file(const Source *source);

/* The offset in that file behind the newest byte that libpcap's stream gave. */
guint64 source_offset(const Source *source, FILE *stream);

/* Between two packets there is nothing, and none ever has to be waited for. */
gboolean source_is_plain(const Source *source);

/* To poll: a pipe's or terminal's, or what tells that a followed file grew; -1
 * for a file, whose bytes are always there. */
int source_fd(const Source *source);

/* Whether libpcap can read packet number `packet`, or learn that there is none,
 * without waiting. Reads from a pipe what is there. */
gboolean source_is_ready(Source *source, guint64 packet);

/* What there is to say on the way (once), or NULL. The caller frees. */
char *source_take_note(Source *source);

/* At its end, where not all of the packet is there whose record is at `offset` (of a file;
 * else of the last one): whether that was not cut but damaged. It says what no packet can,
 * and others may be hidden in what it claims. */
gboolean source_ends_in_damage(const Source *source, guint64 offset);

/* At its end: why that is none that it should have; NULL where nothing is known
 * of that. `broken`: so that not all of it was read. The caller frees. */
char *source_end_note(Source *source, gboolean *broken);

/* Of the file, compressed or not; `total` is 0 where it is not known. */
void source_progress(const Source *source, guint64 *read_bytes, guint64 *total);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Source, source_free)
