/* SPDX-License-Identifier: MIT */
/* wire.h - numbers in network byte order, for packets that tests and benchmarks make. */
#pragma once

#include <glib.h>

static inline void
put16(guint8 *at, guint16 value)
{
	at[0] = value >> 8;
	at[1] = (guint8)value;
}

static inline void
put32(guint8 *at, guint32 value)
{
	put16(at, value >> 16);
	put16(at + 2, (guint16)value);
}
