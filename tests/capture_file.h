/* SPDX-License-Identifier: MIT */
/* capture_file.h - capture files in the making, in either byte order, for tests and benchmarks. */
#pragma once

#include <glib.h>

typedef struct {
	GByteArray *bytes;
	gboolean swapped;
	guint block; /* where the newest block of pcapng begins */
} File;

File file_new(gboolean swapped);
void file_clear(File *file);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(File, file_clear)

void put_u16(File *file, guint16 value);
void put_u32(File *file, guint32 value);
void put_u64(File *file, guint64 value);
void put(File *file, const void *bytes, gsize n);
/* With zeros up to a multiple of four. */
void put_padded(File *file, const void *bytes, gsize n);

/* pcap */

enum { PCAP_MICROSECONDS = 0xa1b2c3d4, PCAP_NANOSECONDS = 0xa1b23c4d };

void pcap_header(File *file, guint32 magic, guint32 snapshot_length, guint32 link_type);

void pcap_record(File *file, guint32 seconds, guint32 fraction, guint32 captured, guint32 length,
		 const guint8 *bytes);
/* The same with the bytes 0, 1, 2... */
void pcap_packet(File *file, guint32 seconds, guint32 fraction, guint32 captured, guint32 length);

/* pcapng: a block, what is put into it, its end. */

void block_begin(File *file, guint32 type);
void block_end(File *file);

/* Options, at the end of a block. */
void comment(File *file, const char *text);
void number(File *file, guint16 code, guint64 value);

void section_begin(File *file);
void section(File *file);

/* `resolution`: digits of a second, or 0x80 + bits; -1: nothing is said of it. */
void interface(File *file, guint16 link_type, guint32 snapshot_length, int resolution);

/* An enhanced packet block, up to its options. */
void packet_begin(File *file, guint32 interface_id, guint64 time, const char *data, guint32 length);

/* "ab", 60 bytes on the wire. */
void packet(File *file, guint32 interface_id, guint64 time);
