/* SPDX-License-Identifier: MIT */
/* comments.h - socket calls and losses as comments of a recording. Pure. */
#pragma once

#include "pktladder/capture.h"

/* "pktladder: 12 packets lost here | v=1 drops=12 t=1700000000000000000"; the caller frees. */
char *drops_to_comment(gint64 time_ns, guint64 dropped);

/* Makes `item` the CALL or the DROPS that the comment tells. FALSE: the comment is somebody
 * else's. Any bytes, not terminated. */
gboolean comment_parse(const char *text, gsize length, CaptureItem *item);
