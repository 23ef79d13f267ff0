/* SPDX-License-Identifier: MIT */
/* decode_samples.c - the bytes of the samples. */
#include "decode_samples.h"

#include <string.h>

Packet
sample_packet(const Sample *sample)
{
	/* A block of exactly this size, so that the sanitizer sees a read behind it. */
	gsize n = 0;
	guint8 *bytes = g_malloc(strlen(sample->hex) / 2 + 1);

	for (const char *hex = sample->hex; *hex; hex++) {
		if (*hex == ' ')
			continue;
		g_assert_true(g_ascii_isxdigit(hex[0]) && g_ascii_isxdigit(hex[1]));
		bytes[n++] =
		    (guint8)(g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]));
		hex++;
	}
	return (Packet){ .data = g_realloc(bytes, MAX(n, 1)),
			 .captured = (guint32)n,
			 .length = sample->length ? sample->length : (guint32)n,
			 .link_type = sample->link_type };
}

void
sample_foreach(void (*visit)(const Sample *sample, gpointer data), gpointer data)
{
	const Sample *const tables[] = { link_samples, tunnel_samples, ip_samples,
					 transport_samples };

	for (guint i = 0; i < G_N_ELEMENTS(tables); i++)
		for (const Sample *sample = tables[i]; sample->name; sample++)
			visit(sample, data);
}
