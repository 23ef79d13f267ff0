/* SPDX-License-Identifier: MIT */
/* write_all.h - writing all of something into a descriptor. */
#pragma once

#include <glib.h>

/* write(), which begins again where a signal interrupts it; a descriptor that somebody made
 * non-blocking is waited for. -1: errno. */
gssize bytes_write_some(int fd, const void *bytes, gsize length);

/* All of the bytes. FALSE: errno. */
gboolean bytes_write(int fd, const void *bytes, gsize length);
