/* SPDX-License-Identifier: MIT */
/* write_all.h - writing all of something into a descriptor. */
#pragma once

#include <glib.h>

/* All of the bytes; a descriptor that somebody made non-blocking is waited for. FALSE: errno. */
gboolean bytes_write(int fd, const void *bytes, gsize length);
