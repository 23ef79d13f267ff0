/* SPDX-License-Identifier: MIT */
/* seed_decode.c - writes the unit tests' packets as inputs of fuzz_decode.c into a folder:
 *	fuzz-decode-seed tests/fuzz/corpus/decode
 */
#include <stdio.h>
#include <string.h>

#include "../unit/decode_samples.h"

static void
write_seed(const Sample *sample, gpointer data)
{
	Packet packet = sample_packet(sample);
	guint16 number = packet.link_type | (packet.length > packet.captured ? 0x8000 : 0);
	guint8 link_type[2] = { (guint8)(number >> 8), (guint8)number };
	g_autofree char *name = g_strdelimit(g_strdup(sample->name), " ,./", '-');
	g_autofree char *path = g_build_filename(data, name, NULL);
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	g_autoptr(GError) error = NULL;

	g_byte_array_append(bytes, link_type, sizeof link_type);
	g_byte_array_append(bytes, packet.data, packet.captured);
	if (!g_file_set_contents(path, (char *)bytes->data, bytes->len, &error))
		g_error("%s", error->message);
	g_free((gpointer)packet.data);
}

int
main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "Usage: %s FOLDER\n", argv[0]);
		return 1;
	}
	sample_foreach(write_seed, argv[1]);
	return 0;
}
