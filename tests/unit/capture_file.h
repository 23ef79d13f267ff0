/* SPDX-License-Identifier: MIT */
/* capture_file.h - capture files in the making, in either byte order, for tests. */
#pragma once

#include <glib.h>

typedef struct {
	GByteArray *bytes;
	gboolean swapped;
} File;

File file_new(gboolean swapped);
void file_clear(File *file);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(File, file_clear)

void put_u16(File *file, guint16 value);
void put_u32(File *file, guint32 value);
void put(File *file, const void *bytes, gsize n);

void pcap_header(File *file, guint32 magic, guint32 snapshot_length, guint32 link_type);

/* Its bytes are 0, 1, 2... */
void pcap_packet(File *file, guint32 seconds, guint32 fraction, guint32 captured, guint32 length);

/* pcapng */
void section(File *file);

/* `resolution`: digits of a second, or 0x80 + bits */
void interface(File *file, guint16 link_type, guint32 snapshot_length, guint8 resolution);

/* An enhanced packet block: "ab", 60 bytes on the wire. */
void packet(File *file, guint32 interface_id, guint64 time);
