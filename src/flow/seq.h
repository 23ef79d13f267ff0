/* SPDX-License-Identifier: MIT */
/* seq.h - sequence number arithmetic, in one place and wrap-safe (RFC 9293 3.4). Pure. */
#pragma once

#include <glib.h>

static inline gint32
seq_diff(guint32 a, guint32 b)
{
	return (gint32)(a - b);
}

static inline gboolean
seq_lt(guint32 a, guint32 b)
{
	return seq_diff(a, b) < 0;
}

static inline gboolean
seq_le(guint32 a, guint32 b)
{
	return seq_diff(a, b) <= 0;
}
