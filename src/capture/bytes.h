/* SPDX-License-Identifier: MIT */
/* bytes.h - the bytes of a capture, whatever they come from: a file, one that grows while it is
 * read, a pipe, the process that expands a compressed file. A stretch of them is at hand; what was
 * taken of it is gone when more is read. */
#pragma once

#include <sys/stat.h>

#include "pktladder/capture.h"

/* capture_input_open() and capture_input_free() are its ends. */
typedef CaptureInput Bytes;

/* Reads the first of them. */
gboolean bytes_begin(Bytes *bytes, GError **error);

/* After bytes_begin(): why the bytes are no capture, and what to do; NULL: they begin as one. The
 * caller frees. */
char *bytes_problem(const Bytes *bytes);

/* How errors should call it: the path, or "standard input". */
const char *bytes_name(const Bytes *bytes);

/* The bytes at hand that were not taken; they stay where they are until bytes_more(). */
const guint8 *bytes_look(const Bytes *bytes, gsize *n);
void bytes_take(Bytes *bytes, gsize n);

typedef enum {
	BYTES_MORE,  /* there are more at hand now */
	BYTES_LATER, /* none now: poll bytes_fd() */
	BYTES_END,
	BYTES_FAILED, /* errno */
} BytesState;

/* Reads more of them, without waiting. */
BytesState bytes_more(Bytes *bytes);
/* Waits for more of them: never LATER. */
BytesState bytes_wait(Bytes *bytes);

/* So many bytes are read at once, instead of the usual 128 KiB. */
void bytes_set_chunk(Bytes *bytes, gsize chunk);

/* Of a regular file, when it was opened. */
guint64 bytes_size(const Bytes *bytes);

/* To poll: a pipe's, or what tells that a followed file grew; -1 for a file, whose bytes are
 * always there. */
int bytes_fd(const Bytes *bytes);

/* The file that the bytes can be read from again, and where in it the first one was; -1 none. */
int bytes_file(const Bytes *bytes, guint64 *start);

/* What the user should know of the bytes that were read so far (told once), or NULL. The caller
 * frees. */
char *bytes_take_note(Bytes *bytes);

/* At the end of the bytes: why they end too early, or NULL where nothing is known of that. *broken:
 * not all of the file's bytes could be read. The caller frees. */
char *bytes_end_note(Bytes *bytes, gboolean *broken);

/* How many bytes of the file were read, compressed or not; `total` is 0 where it is not known. */
void bytes_progress(const Bytes *bytes, guint64 *read_bytes, guint64 *total);

/* ---- format.c: names the files that are no captures as libpcap reads them ---- */

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

/* ---- decompress.c: a process that expands a compressed file into a pipe, so that nobody ever
 * waits for it, and whatever hostile bytes do to it stays there ---- */

typedef struct _Decompressor Decompressor;

/* Expands `head` and what can be read from `fd` after it; the result is to be read from
 * `expanded`, which stays the decompressor's. */
Decompressor *decompressor_new(Compression compression, int fd, const guint8 *head, gsize n,
			       int *expanded, GError **error);
void decompressor_free(Decompressor *decompressor);

/* How many compressed bytes the process has taken, by its own word. */
guint64 decompressor_taken(const Decompressor *decompressor);

/* For the reader who met the end: why it came too early; NULL: it did not. The caller frees. */
char *decompressor_problem(Decompressor *decompressor, const char *name);

/* ---- identity.c: whether an open file still is what it was when it was opened ---- */

typedef enum { FILE_SAME, FILE_SHRANK, FILE_OVERWRITTEN, FILE_REMOVED } FileChange;

typedef struct {
	int fd; /* the owner's */
	gboolean has_name;
	struct timespec modified; /* when the head was last compared */
	guint8 head[256];
	gsize head_size; /* a short file may still grow by bytes that tell it from another */
} FileIdentity;

void identity_init(FileIdentity *identity, int fd);

/* `needed`: so many bytes of it must still be there. A file that was REMOVED
 * can be read as before; that is told only where nothing worse happened. */
FileChange identity_check(FileIdentity *identity, guint64 needed);

/* "x.pcap shrank while it was open." For people; the caller frees. */
char *identity_text(FileChange change, const char *name);
