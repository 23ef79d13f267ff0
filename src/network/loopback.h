/* SPDX-License-Identifier: MIT */
/* loopback.h - sets up `lo` of a new network namespace (private to network). */
#pragma once

#include <glib.h>

/* MTU 1500, segmentation and receive offloads off, up, with 127.0.0.1 and ::1.
 * Needs CAP_NET_ADMIN in the namespace of this process. */
gboolean loopback_set_up(GError **error);
