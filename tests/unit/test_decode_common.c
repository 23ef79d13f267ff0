/* SPDX-License-Identifier: MIT */
/* Whatever decode_common() takes it decodes as decode_walk() does, and what it does
 * not take it leaves alone. */
#include <string.h>

#include "decode/decoder.h"
#include "decode_samples.h"

#define ETHERNET 1

/* So many packets were taken by decode_common(): none would make a test of nothing. */
static guint taken;

static void
compare(const Packet *packet)
{
	static Facts walked, common, before;

	memset(&walked, 0xa5, sizeof walked);
	memset(&common, 0x5a, sizeof common);
	memset(&before, 0x5a, sizeof before);
	if (!decode_common(packet, &common)) {
		g_assert_cmpmem(&common, sizeof common, &before, sizeof before);
		return;
	}
	taken++;
	decode_walk(packet, &walked);
	g_assert_cmpmem(&common, offsetof(Facts, layers), &walked, offsetof(Facts, layers));
	g_assert_cmpmem(common.layers, common.n_layers * sizeof(Layer), walked.layers,
			walked.n_layers * sizeof(Layer));
	/* the rest is as it was */
	g_assert_cmpmem(common.layers + common.n_layers,
			sizeof(Facts) - offsetof(Facts, layers) - common.n_layers * sizeof(Layer),
			before.layers + common.n_layers,
			sizeof(Facts) - offsetof(Facts, layers) - common.n_layers * sizeof(Layer));
}

/* Cut to any length, and as if the wire had had more. */
static void
compare_cuts(const Packet *packet)
{
	for (guint32 n = 0; n <= packet->captured; n++) {
		/* of exactly this size, so that the sanitizer sees a read behind it */
		g_autofree guint8 *bytes = g_memdup2(packet->data, MAX(n, 1));
		Packet cut = *packet;

		cut.data = bytes;
		cut.captured = n;
		compare(&cut);
		cut.length = n;
		compare(&cut);
		cut.length = n + 1000;
		compare(&cut);
	}
}

static void
compare_mutated(const Packet *packet, GRand *random, guint rounds)
{
	g_autofree guint8 *bytes = g_malloc(MAX(packet->captured, 1));
	Packet mutated = *packet;

	mutated.data = bytes;
	for (guint round = 0; packet->captured > 0 && round < rounds; round++) {
		guint n = g_rand_int_range(random, 1, 4);

		memcpy(bytes, packet->data, packet->captured);
		for (guint i = 0; i < n; i++)
			bytes[g_rand_int_range(random, 0, packet->captured)] =
			    (guint8)(g_rand_boolean(random) ? g_rand_int(random)
							    : 1u << (g_rand_int(random) % 8));
		compare(&mutated);
	}
}

static void
compare_sample(const Sample *sample, gpointer data)
{
	Packet packet = sample_packet(sample);

	compare(&packet);
	compare_cuts(&packet);
	compare_mutated(&packet, data, 200);
	packet.link_type = ETHERNET;
	compare_cuts(&packet);
	g_free((gpointer)packet.data);
}

static void
test_samples(void)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(1);

	taken = 0;
	sample_foreach(compare_sample, random);
	g_assert_cmpuint(taken, >, 200);
}

/* IP 10.0.0.1.40000 > 10.0.0.2.80, with room for so many bytes of options and data. */
static Packet
make_packet(guint8 *bytes, guint options, guint data, guint16 flags)
{
	static const guint8 start[] = {
		2,    0,    0,  0,  0, 2, 2,  0, 0, 0, 0, 1, 8,  0, /* MACs, IPv4 */
		0x45, 0,    0,  0,  0, 1, 64, 0, 9, 6, 0, 0, 10, 0,
		0,    1,    10, 0,  0, 2, /* DF, TTL 9 */
		0x9c, 0x40, 0,  80, 1, 2, 3,  4, 5, 6, 7, 8, 0,  0,
		0x20, 0,    0,  0,  0, 0,
	};
	guint total = 40 + options + data;

	memcpy(bytes, start, sizeof start);
	bytes[16] = (guint8)(total >> 8);
	bytes[17] = (guint8)total;
	bytes[46] = (guint8)((20 + options) << 2 | flags >> 8);
	bytes[47] = (guint8)flags;
	return (Packet){
		.data = bytes, .captured = 14 + total, .length = 14 + total, .link_type = ETHERNET
	};
}

static const struct {
	guint size; /* a multiple of 4 */
	guint8 bytes[40];
} options_seen[] = {
	{ 0, { 0 } },
	{ 4, { 2, 4, 5, 0xb4 } },                        /* mss 1460 */
	{ 12, { 1, 1, 8, 10, 0, 0, 0, 7, 0, 0, 0, 9 } }, /* nop,nop,TS val 7 ecr 9 */
	{ 12, { 1, 1, 8, 11, 0, 0, 0, 7, 0, 0, 0, 9 } }, /* a length that is wrong */
	{ 12, { 8, 10, 0, 0, 0, 7, 0, 0, 0, 9, 0, 0 } }, /* TS val 7 ecr 9,eol */
	{ 12, { 1, 1, 5, 10, 0, 0, 0, 1, 0, 0, 0, 9 } }, /* nop,nop,sack 1 {1:9} */
	{ 16, { 1, 1, 8, 10, 0, 0, 0, 7, 0, 0, 0, 9, 3, 3, 7, 1 } },
	{ 20, { 2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 7, 0, 0, 0, 0, 1, 3, 3, 7 } },
	{ 4, { 1, 1, 1, 2 } }, /* runs past the header */
	{ 40, { 30, 40 } },    /* mptcp */
};

static void
test_made(void)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(2);
	guint8 bytes[1600] = { 0 };
	const guint datas[] = { 0, 1, 4, 1400 };

	for (guint i = 0; i < G_N_ELEMENTS(options_seen) * G_N_ELEMENTS(datas); i++) {
		guint size = options_seen[i / G_N_ELEMENTS(datas)].size;
		guint data = datas[i % G_N_ELEMENTS(datas)];
		guint16 flags = (guint16)(g_rand_int(random) & 0xfff);
		Packet packet = make_packet(bytes, size, data, flags);

		memcpy(bytes + 54, options_seen[i / G_N_ELEMENTS(datas)].bytes, size);
		taken = 0;
		compare(&packet);
		g_assert_cmpuint(taken, ==, 1);
		compare_cuts(&packet);
		/* all fields that count lie in the headers */
		packet.captured = 54 + size;
		compare_mutated(&packet, random, 2000);
		g_assert_cmpuint(taken, >, 1000);
	}
}

/* Each value of each byte of the headers alone. */
static void
test_each_byte(void)
{
	guint8 bytes[14 + 20 + 20 + 12 + 100] = { 0 };
	Packet packet = make_packet(bytes, 12, 100, TCP_ACK | TCP_PSH);

	memcpy(bytes + 54, options_seen[2].bytes, 12);
	taken = 0;
	for (guint at = 0; at < 66; at++) {
		guint8 was = bytes[at];

		for (guint value = 0; value < 256; value++) {
			bytes[at] = (guint8)value;
			compare(&packet);
		}
		bytes[at] = was;
	}
	g_assert_cmpuint(taken, >, 66 * 256 / 2);
	g_assert_cmpuint(taken, <, 66 * 256);
}

/* As tests/fuzz/fuzz_decode.c has them: a link type, then the packet. */
static void
test_corpus(void)
{
	g_autofree char *folder = g_build_filename(SOURCE_DIR, "tests/fuzz/corpus/decode", NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(GDir) dir = g_dir_open(folder, 0, &error);
	g_autoptr(GRand) random = g_rand_new_with_seed(3);
	const char *name;

	g_assert_no_error(error);
	taken = 0;
	while ((name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL), *text = NULL;
		gsize size;

		g_assert_true(g_file_get_contents(path, &text, &size, &error));
		if (size < 2)
			continue;
		Packet packet = { .data = (const guint8 *)text + 2,
				  .captured = (guint32)size - 2,
				  .length = (guint32)size - 2,
				  .link_type = (guint16)((guint8)text[0] << 8 | (guint8)text[1]) };
		compare(&packet);
		packet.link_type = ETHERNET;
		compare(&packet);
		compare_mutated(&packet, random, 50);
	}
	g_assert_cmpuint(taken, >, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/decode-common/samples", test_samples);
	g_test_add_func("/decode-common/made", test_made);
	g_test_add_func("/decode-common/each-byte", test_each_byte);
	g_test_add_func("/decode-common/corpus", test_corpus);
	return g_test_run();
}
