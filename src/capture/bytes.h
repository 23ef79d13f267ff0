/* SPDX-License-Identifier: MIT */
/* bytes.h - the bytes of a capture, whatever they come from: a file, one that grows while it is
 * read, a pipe, the process that expands a compressed file. A stretch of them is at hand; what was
 * taken of it is gone when more is read. */
#pragma once

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
