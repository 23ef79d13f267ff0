/* SPDX-License-Identifier: MIT */
/* decompress.h - a process that expands a compressed file into a pipe, so that nobody ever waits
 * for it, and whatever hostile bytes do to it stays there. */
#pragma once

#include "format.h"

typedef enum {
	DECOMPRESS_OK,
	DECOMPRESS_ENDS_EARLY,
	DECOMPRESS_DAMAGED,
	DECOMPRESS_UNREADABLE, /* the file itself: an error of the disk */
	DECOMPRESS_KILLED,     /* the process did not end by itself */
} DecompressResult;

typedef struct _Decompressor Decompressor;

/* Expands `head` and what can be read from `fd` after it; the result is to be read from
 * `expanded`, which stays the decompressor's. */
Decompressor *decompressor_new(Compression compression, int fd, const guint8 *head, gsize n,
			       int *expanded, GError **error);
void decompressor_free(Decompressor *decompressor);

/* How many compressed bytes the process has taken, by its own word. */
guint64 decompressor_taken(const Decompressor *decompressor);

/* How it ended, for the reader who met the end; and the signal that ended it, where it was
 * killed. */
DecompressResult decompressor_result(Decompressor *decompressor, int *signal_number);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Decompressor, decompressor_free)
