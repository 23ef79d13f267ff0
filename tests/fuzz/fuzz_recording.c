/* Any bytes as a capture file: opened, read to its end as a file, and its
 * scanner fed in pieces, as a pipe would. */
#include "../../src/capture/scanner.h"
#include "pktladder/capture.h"

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
scan_in_pieces(const guint8 *data, gsize size)
{
	g_autoptr(Scanner) scanner = scanner_new();
	g_autoptr(GByteArray) held = g_byte_array_new();
	gsize piece = size ? 1 + data[size - 1] : 1;
	ScanItem item;

	for (gsize at = 0; at < size; at += piece) {
		g_byte_array_append(held, data + at, MIN(piece, size - at));
		gsize done = scanner_scan(scanner, held->data, held->len);
		g_assert_cmpuint(done, <=, held->len);
		g_byte_array_remove_range(held, 0, done);
		g_assert_cmpuint(held->len, <, SCANNER_HOLD);
	}
	while (scanner_next(scanner, G_MAXUINT64, &item))
		;
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	read_as_file(data, size);
	scan_in_pieces(data, size);
	return 0;
}
