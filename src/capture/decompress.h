/* SPDX-License-Identifier: MIT */
/* decompress.h - a process that expands a compressed file into a pipe, so that nobody ever waits
 * for it, and whatever hostile bytes do to it stays there. */
#pragma once

#include "format.h"

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
