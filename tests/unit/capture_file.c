/* SPDX-License-Identifier: MIT */
#include "capture_file.h"

File
file_new(gboolean swapped)
{
	return (File){ .bytes = g_byte_array_new(), .swapped = swapped };
}

void
file_clear(File *file)
{
	g_byte_array_unref(file->bytes);
}

void
put_u16(File *file, guint16 value)
{
	value = file->swapped ? GUINT16_SWAP_LE_BE(value) : value;
	g_byte_array_append(file->bytes, (guint8 *)&value, sizeof(value));
}

void
put_u32(File *file, guint32 value)
{
	value = file->swapped ? GUINT32_SWAP_LE_BE(value) : value;
	g_byte_array_append(file->bytes, (guint8 *)&value, sizeof(value));
}

void
put(File *file, const void *bytes, gsize n)
{
	g_byte_array_append(file->bytes, bytes, n);
}

void
pcap_header(File *file, guint32 magic, guint32 snapshot_length, guint32 link_type)
{
	put_u32(file, magic);
	put_u16(file, 2);
	put_u16(file, 4);
	put_u32(file, 0);
	put_u32(file, 0);
	put_u32(file, snapshot_length);
	put_u32(file, link_type);
}

void
pcap_packet(File *file, guint32 seconds, guint32 fraction, guint32 captured, guint32 length)
{
	put_u32(file, seconds);
	put_u32(file, fraction);
	put_u32(file, captured);
	put_u32(file, length);
	for (guint32 i = 0; i < captured; i++)
		put(file, &(guint8){ (guint8)i }, 1);
}

void
section(File *file)
{
	put_u32(file, 0x0a0d0d0a);
	put_u32(file, 28);
	put_u32(file, 0x1a2b3c4d);
	put_u16(file, 1);
	put_u16(file, 0);
	put_u32(file, 0xffffffff);
	put_u32(file, 0xffffffff);
	put_u32(file, 28);
}

void
interface(File *file, guint16 link_type, guint32 snapshot_length, guint8 resolution)
{
	put_u32(file, 1);
	put_u32(file, 28);
	put_u16(file, link_type);
	put_u16(file, 0);
	put_u32(file, snapshot_length);
	put_u16(file, 9);
	put_u16(file, 1);
	put(file, (guint8[]){ resolution, 0, 0, 0 }, 4);
	put_u32(file, 28);
}

void
packet(File *file, guint32 interface_id, guint64 time)
{
	put_u32(file, 6);
	put_u32(file, 36);
	put_u32(file, interface_id);
	put_u32(file, time >> 32);
	put_u32(file, (guint32)time);
	put_u32(file, 2);
	put_u32(file, 60);
	put(file, "ab\0\0", 4);
	put_u32(file, 36);
}
