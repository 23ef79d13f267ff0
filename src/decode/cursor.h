/* SPDX-License-Identifier: MIT */
/* cursor.h - checked reading of a packet's bytes. Private to decode.
 *
 * Theory of operation: three marks, offset <= captured <= end. Up to `captured`
 * the bytes are at hand; up to `end` the enclosing header says that there are
 * bytes. What lies between the two is what the capture cut off, so a pull that
 * fails tells "truncated" (the bytes were there on the wire) from "malformed"
 * (they never were). No other file of this layer does arithmetic on the marks.
 */
#pragma once

#include "pktladder/packet.h"

typedef struct {
	const guint8 *data; /* the packet's first byte */
	guint32 offset;     /* of the next byte to read */
	guint32 captured;
	guint32 end;
} Cursor;

static inline Cursor
cursor_make(const guint8 *data, guint32 captured, guint32 length)
{
	return (Cursor){ .data = data, .captured = captured, .end = MAX(captured, length) };
}

/* Bytes that are left on the wire, and of them at hand. */
static inline guint32
cursor_left(const Cursor *cursor)
{
	return cursor->end - cursor->offset;
}

static inline guint32
cursor_at_hand(const Cursor *cursor)
{
	return cursor->captured - cursor->offset;
}

/* The next n bytes, or NULL where they are not all at hand. */
static inline const guint8 *
cursor_peek(const Cursor *cursor, guint32 n)
{
	return n <= cursor_at_hand(cursor) ? cursor->data + cursor->offset : NULL;
}

static inline const guint8 *
cursor_pull(Cursor *cursor, guint32 n)
{
	const guint8 *bytes = cursor_peek(cursor, n);

	if (bytes)
		cursor->offset += n;
	return bytes;
}

/* Forgets what lies more than n bytes ahead: padding, trailers, a frame check sequence. */
static inline void
cursor_limit(Cursor *cursor, guint32 n)
{
	if (n < cursor_left(cursor))
		cursor->end = cursor->offset + n;
	cursor->captured = MIN(cursor->captured, cursor->end);
}

static inline guint32
get_be24(const guint8 *bytes)
{
	return (guint32)bytes[0] << 16 | (guint32)bytes[1] << 8 | bytes[2];
}

static inline guint16
get_le16(const guint8 *bytes)
{
	return (guint16)(bytes[1] << 8 | bytes[0]);
}

static inline guint32
get_le32(const guint8 *bytes)
{
	return (guint32)get_le16(bytes + 2) << 16 | get_le16(bytes);
}
