/* SPDX-License-Identifier: MIT */
/* Any text as a display filter: it is refused with a column inside it, or matches any event;
 * and what completion offers is a word that can stand there. */
#include <string.h>

#include "fuzz.h"
#include "../packets.h"
#include "pktladder/filter.h"
#include "pktladder/trace.h"

/* One packet of each kind that matters to a filter, and a call. */
static Trace *
trace_make(void)
{
	Made made;
	Packet packet = packet_said(&made, 0, "1 > 2 P. 1 ack 1 win 256 len 4");
	CallRecord call = { .id = 1, .phase = CALL_ENTRY, .name = CALL_SEND, .time_ns = 5 };
	Trace *trace = trace_new();

	trace_add_packet(trace, &packet, 0);
	packet.captured = 10;
	trace_add_packet(trace, &packet, 0);
	trace_add_call(trace, &call);
	call.phase = CALL_RETURN;
	trace_add_call(trace, &call);
	trace_add_drops(trace, 10, 1);
	return trace;
}

/* How much can be inside each other, at most: beyond a limit nothing fits any more. */
static guint
depth(const char *text)
{
	guint n = 0;

	for (; *text; text++)
		n += *text == '(' || *text == '!' || g_ascii_strncasecmp(text, "not", 3) == 0;
	return n;
}

static void
complete(const char *text, gsize cursor)
{
	gsize start;
	g_autoptr(GPtrArray) words = filter_complete(text, cursor, &start);

	g_assert_cmpuint(start, <=, cursor);
	for (guint i = 0; i < words->len; i++) {
		const char *word = g_ptr_array_index(words, i);
		g_autofree char *with = g_strdup_printf("%.*s%s", (int)start, text, word);
		g_autoptr(GError) error = NULL;

		filter_unref(filter_new(with, &error));
		g_assert_cmpuint(strlen(word), >=, cursor - start);
		/* Not wrong by itself, but for what is still to come, or for its length. */
		if (error && g_utf8_validate(with, -1, NULL) && strlen(with) <= 4096 &&
		    depth(with) < 50)
			g_assert_cmpint(error->code, ==, g_utf8_strlen(with, -1) + 1);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static Trace *trace;
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autoptr(GError) error = NULL;
	g_autoptr(Filter) filter = filter_new(text, &error);

	if (!trace)
		trace = trace_make();
	for (guint32 i = 0; filter && i < trace_length(trace); i++)
		filter_match(filter, trace, i);
	if (!filter) {
		g_assert_cmpint(error->code, >=, 1);
		g_assert_cmpint(error->code, <=, strlen(text) + 1);
		g_assert_true(g_utf8_validate(error->message, -1, NULL));
	}
	complete(text, strlen(text));
	complete(text, strlen(text) / 2);
	return 0;
}
