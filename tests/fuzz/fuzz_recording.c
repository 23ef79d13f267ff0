/* SPDX-License-Identifier: MIT */
/* Any bytes as a capture file: opened, read to its end as a file, and given to a reader in
 * pieces, as a pipe would; each packet is found again at its place. */
#include "capture/reader.h"
#include "pktladder/capture.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void
read_as_file(const guint8 *data, gsize size)
{
	int fd = memfd_create("capture", MFD_CLOEXEC);
	CaptureItem item = { .kind = CAPTURE_END };
	guint sum = 0;

	if (fd < 0 || write(fd, data, size) != (gssize)size || lseek(fd, 0, SEEK_SET) != 0)
		g_error("no memory file");
	g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
	g_autoptr(Capture) capture = capture_open_file(path, size % 2 ? "ip or ip6" : NULL, NULL);
	while (capture && (capture_next(capture, &item), item.kind != CAPTURE_END)) {
		g_assert_cmpint(item.kind, !=, CAPTURE_NOTHING);
		if (item.kind != CAPTURE_PACKET)
			continue;
		g_assert_cmpuint(item.packet.captured, <=, 262144);
		for (guint32 i = 0; i < item.packet.captured; i++)
			sum += item.packet.data[i];
	}
	close(fd);
	__asm__ volatile("" : : "r"(sum)); /* the bytes were really there */
}

static void
fetch(const Reader *reader, const guint8 *data, gsize size, const CaptureItem *item)
{
	Packet found;
	gsize wanted;

	g_assert_cmpuint(item->offset, <, size);
	g_assert_cmpint(reader_fetch(reader, item->offset, data + item->offset, size - item->offset,
				     &found, &wanted),
			==, READER_ITEM);
	g_assert_cmpmem(found.data, found.captured, item->packet.data, item->packet.captured);
	g_assert_cmpint(found.time_ns, ==, item->packet.time_ns);
	g_assert_cmpuint(found.length, ==, item->packet.length);
	g_assert_cmpuint(found.link_type, ==, item->packet.link_type);
}

static void
read_in_pieces(const guint8 *data, gsize size)
{
	g_autoptr(Reader) reader = reader_new(0);
	gsize piece = size ? 1 + data[size - 1] : 1, done = 0, n = 0;
	gboolean begun = FALSE;
	ReaderStep step = READER_MORE;
	CaptureItem item;

	while (step != READER_BROKEN && (step == READER_ITEM || n < size)) {
		gsize used;
		gboolean gives = begun;
		n += step == READER_MORE ? MIN(piece, size - n) : 0;
		/* a copy, so that a byte behind its end is noticed */
		g_autofree guint8 *bytes = g_malloc(MAX(n - done, 1));
		memcpy(bytes, data + done, n - done);
		step = begun ? reader_next(reader, bytes, n - done, &used, &item)
			     : reader_begin(reader, bytes, n - done, &used);
		begun |= step == READER_ITEM;
		g_assert_cmpuint(used, <=, n - done);
		done += used;
		if (gives && step == READER_ITEM && item.kind == CAPTURE_PACKET)
			fetch(reader, data, size, &item);
	}
	if (begun)
		reader_is_damaged(reader, data + done, size - done);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	read_as_file(data, size);
	if (reader_knows(data, size))
		read_in_pieces(data, size);
	return 0;
}
