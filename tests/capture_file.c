/* SPDX-License-Identifier: MIT */
#include "capture_file.h"

#include <string.h>

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
put_u64(File *file, guint64 value)
{
	value = file->swapped ? GUINT64_SWAP_LE_BE(value) : value;
	g_byte_array_append(file->bytes, (guint8 *)&value, sizeof(value));
}

void
put(File *file, const void *bytes, gsize n)
{
	g_byte_array_append(file->bytes, bytes, n);
}

void
put_padded(File *file, const void *bytes, gsize n)
{
	put(file, bytes, n);
	put(file, "\0\0\0", -n & 3);
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
pcap_record(File *file, guint32 seconds, guint32 fraction, guint32 captured, guint32 length,
	    const guint8 *bytes)
{
	put_u32(file, seconds);
	put_u32(file, fraction);
	put_u32(file, captured);
	put_u32(file, length);
	put(file, bytes, captured);
}

void
pcap_packet(File *file, guint32 seconds, guint32 fraction, guint32 captured, guint32 length)
{
	g_autofree guint8 *bytes = g_malloc(captured);

	for (guint32 i = 0; i < captured; i++)
		bytes[i] = (guint8)i;
	pcap_record(file, seconds, fraction, captured, length, bytes);
}

void
block_begin(File *file, guint32 type)
{
	file->block = file->bytes->len;
	put_u32(file, type);
	put_u32(file, 0);
}

void
block_end(File *file)
{
	guint32 length = file->bytes->len + 4 - file->block;

	put_u32(file, length);
	memcpy(file->bytes->data + file->block + 4, file->bytes->data + file->bytes->len - 4, 4);
}

void
comment(File *file, const char *text)
{
	put_u16(file, 1);
	put_u16(file, strlen(text));
	put_padded(file, text, strlen(text));
}

void
number(File *file, guint16 code, guint64 value)
{
	put_u16(file, code);
	put_u16(file, 8);
	put_u64(file, value);
}

void
section_begin(File *file)
{
	block_begin(file, 0x0a0d0d0a);
	put_u32(file, 0x1a2b3c4d);
	put_u16(file, 1);
	put_u16(file, 0);
	put_u64(file, G_MAXUINT64);
}

void
section(File *file)
{
	section_begin(file);
	block_end(file);
}

void
interface(File *file, guint16 link_type, guint32 snapshot_length, int resolution)
{
	block_begin(file, 1);
	put_u16(file, link_type);
	put_u16(file, 0);
	put_u32(file, snapshot_length);
	if (resolution >= 0) {
		put_u16(file, 9);
		put_u16(file, 1);
		put_padded(file, &(guint8){ (guint8)resolution }, 1);
	}
	block_end(file);
}

void
packet_begin(File *file, guint32 interface_id, guint64 time, const char *data, guint32 length)
{
	block_begin(file, 6);
	put_u32(file, interface_id);
	put_u32(file, time >> 32);
	put_u32(file, (guint32)time);
	put_u32(file, strlen(data));
	put_u32(file, length);
	put_padded(file, data, strlen(data));
}

void
packet(File *file, guint32 interface_id, guint64 time)
{
	packet_begin(file, interface_id, time, "ab", 60);
	block_end(file);
}
