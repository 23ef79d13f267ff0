/* SPDX-License-Identifier: MIT */
/* The table of conversations: columns, order, filter, what stands where. */
#include "pktladder/summary.h"

#include <netinet/in.h>
#include <string.h>

#include "story.h"

static char *
text_of(const Summary *summary, guint32 conversation, SummaryColumn column, SummaryStyle style)
{
	GString *text = g_string_new(NULL);

	summary_append(summary, conversation, column, style, text);
	return g_string_free(text, FALSE);
}

static void
assert_text(const Summary *summary, guint32 conversation, SummaryColumn column, SummaryStyle style,
	    const char *expected)
{
	g_autofree char *text = text_of(summary, conversation, column, style);

	g_test_message("#%u %s", conversation, summary_columns[column].id);
	g_assert_cmpstr(text, ==, expected);
}

static void
update_whole(Summary *summary)
{
	while (summary_update(summary, TRUE))
		;
}

/* The next conversation is another one. */
static void
next_client(Story *story)
{
	story->port[SIDE_CLIENT]++;
	story_wait(story, 1000 * 1000);
}

static void
handshake(Story *story)
{
	story_tcp(story, SIDE_CLIENT, TCP_SYN, 0);
	story_tcp(story, SIDE_SERVER, TCP_SYN | TCP_ACK, 0);
	story_tcp(story, SIDE_CLIENT, TCP_ACK, 0);
}

static void
tell_closed(Story *story)
{
	handshake(story);
	story_tcp(story, SIDE_CLIENT, TCP_PSH | TCP_ACK, 100);
	story_tcp(story, SIDE_SERVER, TCP_PSH | TCP_ACK, 1000);
	story_tcp(story, SIDE_CLIENT, TCP_FIN | TCP_ACK, 0);
	story_tcp(story, SIDE_SERVER, TCP_FIN | TCP_ACK, 0);
	story_tcp(story, SIDE_CLIENT, TCP_ACK, 0);
}

static void
tell_closed_and_reset(Story *story)
{
	tell_closed(story);
	story_tcp(story, SIDE_CLIENT, TCP_RST, 0);
}

static void
tell_refused(Story *story)
{
	story_tcp(story, SIDE_CLIENT, TCP_SYN, 0);
	story_tcp(story, SIDE_SERVER, TCP_RST | TCP_ACK, 0);
}

static void
tell_reset(Story *story)
{
	handshake(story);
	story_tcp(story, SIDE_CLIENT, TCP_PSH | TCP_ACK, 10);
	story_tcp(story, SIDE_SERVER, TCP_RST | TCP_ACK, 0);
}

/* A half-open scan: there is somebody, so it was not refused. */
static void
tell_scanned(Story *story)
{
	story_tcp(story, SIDE_CLIENT, TCP_SYN, 0);
	story_tcp(story, SIDE_SERVER, TCP_SYN | TCP_ACK, 0);
	story_tcp(story, SIDE_CLIENT, TCP_RST, 0);
}

static void
tell_unanswered(Story *story)
{
	story_tcp(story, SIDE_CLIENT, TCP_SYN, 0);
	story->next_seq[SIDE_CLIENT]--;
	story_wait(story, G_GINT64_CONSTANT(1000000000));
	story_tcp(story, SIDE_CLIENT, TCP_SYN, 0);
}

static void
tell_unreachable(Story *story)
{
	story_tcp(story, SIDE_CLIENT, TCP_SYN, 0);
	story_unreachable(story, IPPROTO_TCP, 1);
}

static void
tell_datagram_unreachable(Story *story)
{
	story_udp(story, SIDE_CLIENT, 5);
	story_unreachable(story, IPPROTO_UDP, 3);
}

/* Fragmentation is needed: the client will try again. */
static void
tell_too_big(Story *story)
{
	story_udp(story, SIDE_CLIENT, 5);
	story_unreachable(story, IPPROTO_UDP, 4);
}

static void
tell_opening(Story *story)
{
	story_tcp(story, SIDE_CLIENT, TCP_SYN, 0);
	story_tcp(story, SIDE_SERVER, TCP_SYN | TCP_ACK, 0);
}

static void
tell_closing(Story *story)
{
	handshake(story);
	story_tcp(story, SIDE_CLIENT, TCP_FIN | TCP_ACK, 0);
	story_tcp(story, SIDE_SERVER, TCP_ACK, 0);
}

static void
tell_half_seen(Story *story)
{
	for (guint i = 0; i < 5; i++)
		story_tcp(story, SIDE_SERVER, TCP_PSH | TCP_ACK, 100);
}

static void
tell_answered(Story *story)
{
	story_udp(story, SIDE_CLIENT, 30);
	story_udp(story, SIDE_SERVER, 40);
}

static void
tell_one_way(Story *story)
{
	story_udp(story, SIDE_CLIENT, 5);
}

/* A retransmission, and a window that closes. */
static void
tell_trouble(Story *story)
{
	handshake(story);
	story_tcp(story, SIDE_CLIENT, TCP_PSH | TCP_ACK, 100);
	story_wait(story, 300 * 1000 * 1000);
	story_tcp_again(story, SIDE_CLIENT, TCP_PSH | TCP_ACK, 100);
	story->window = 0;
	story_tcp(story, SIDE_SERVER, TCP_ACK, 0);
	story->window = 502;
}

static const struct {
	const char *state;
	void (*tell)(Story *);
	guint32 packets[2];
	guint64 bytes[2];
	guint32 retransmissions, resets, zero_windows;
	gboolean problem;
} kinds[] = {
	{ "closed", tell_closed, { 5, 3 }, { 100, 1000 }, 0, 0, 0, FALSE },
	{ "closed", tell_closed_and_reset, { 6, 3 }, { 100, 1000 }, 0, 1, 0, FALSE },
	{ "refused", tell_refused, { 1, 1 }, { 0, 0 }, 0, 1, 0, TRUE },
	{ "reset", tell_reset, { 3, 2 }, { 10, 0 }, 0, 1, 0, TRUE },
	{ "reset", tell_scanned, { 2, 1 }, { 0, 0 }, 0, 1, 0, TRUE },
	{ "unanswered", tell_unanswered, { 2, 0 }, { 0, 0 }, 1, 0, 0, TRUE },
	{ "opening", tell_opening, { 1, 1 }, { 0, 0 }, 0, 0, 0, FALSE },
	{ "closing", tell_closing, { 3, 2 }, { 0, 0 }, 0, 0, 0, FALSE },
	{ "half-seen", tell_half_seen, { 0, 5 }, { 0, 500 }, 0, 0, 0, FALSE },
	{ "answered", tell_answered, { 1, 1 }, { 30, 40 }, 0, 0, 0, FALSE },
	{ "one-way", tell_one_way, { 1, 0 }, { 5, 0 }, 0, 0, 0, FALSE },
	{ "open", tell_trouble, { 4, 2 }, { 200, 0 }, 1, 0, 1, FALSE },
	{ "unreachable", tell_unreachable, { 1, 0 }, { 0, 0 }, 0, 0, 0, TRUE },
	{ "unreachable", tell_datagram_unreachable, { 1, 0 }, { 5, 0 }, 0, 0, 0, TRUE },
	{ "one-way", tell_too_big, { 1, 0 }, { 5, 0 }, 0, 0, 0, FALSE },
};

static void
story_all(Story *story)
{
	story_init(story, 4);
	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
		kinds[i].tell(story);
		next_client(story);
	}
}

/* ---- columns ---- */

static void
test_states_and_counts(void)
{
	g_autoptr(Summary) summary = NULL;
	Story story;

	story_all(&story);
	summary = summary_new(story.trace);
	update_whole(summary);
	g_assert_cmpuint(summary->rows->len, ==, G_N_ELEMENTS(kinds));
	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
		const struct {
			SummaryColumn column;
			gint64 value;
		} values[] = {
			{ SUMMARY_NUMBER, i },
			{ SUMMARY_PACKETS, kinds[i].packets[0] + kinds[i].packets[1] },
			{ SUMMARY_CLIENT_PACKETS, kinds[i].packets[0] },
			{ SUMMARY_SERVER_PACKETS, kinds[i].packets[1] },
			{ SUMMARY_CLIENT_BYTES, kinds[i].bytes[0] },
			{ SUMMARY_SERVER_BYTES, kinds[i].bytes[1] },
			{ SUMMARY_RETRANSMISSIONS, kinds[i].retransmissions },
			{ SUMMARY_RESETS, kinds[i].resets },
			{ SUMMARY_ZERO_WINDOWS, kinds[i].zero_windows },
		};

		g_assert_cmpuint(summary_get(summary, i), ==, i);
		assert_text(summary, i, SUMMARY_STATE, SUMMARY_RAW, kinds[i].state);
		g_assert_cmpint(summary_is_problem(summary, i, SUMMARY_STATE), ==,
				kinds[i].problem);
		for (guint v = 0; v < G_N_ELEMENTS(values); v++) {
			g_test_message("#%u %s", i, summary_columns[values[v].column].id);
			g_assert_cmpint(summary_value(summary, i, values[v].column), ==,
					values[v].value);
		}
	}
	story_clear(&story);
}

/* A conversation of 11 packets, 20 us apart, that begins 1 s after the capture. */
static void
test_texts(void)
{
	static const struct {
		SummaryColumn column;
		const char *raw, *utf8, *ascii;
	} texts[] = {
		{ SUMMARY_NUMBER, "1", "1", "1" },
		{ SUMMARY_PROTOCOL, "TCP", "TCP", "TCP" },
		{ SUMMARY_STREAM, "0", "0", "0" },
		{ SUMMARY_CLIENT, "127.0.0.1:50797", "127.0.0.1:50797", "127.0.0.1:50797" },
		{ SUMMARY_SERVER, "127.0.0.1:5000", "127.0.0.1:5000", "127.0.0.1:5000" },
		{ SUMMARY_STATE, "closed", "closed", "closed" },
		{ SUMMARY_PACKETS, "8", "8", "8" },
		{ SUMMARY_CLIENT_PACKETS, "5", "5", "5" },
		{ SUMMARY_SERVER_PACKETS, "3", "3", "3" },
		{ SUMMARY_CLIENT_BYTES, "100", "100", "100" },
		{ SUMMARY_SERVER_BYTES, "1000", "1000", "1000" },
		{ SUMMARY_START, "0.001020000", "0.001020", "0.001020" },
		{ SUMMARY_EPOCH, "1700000000.001020000", "1700000000.001020", "1700000000.001020" },
		{ SUMMARY_DURATION, "0.000140000", "140 µs", "140 us" },
		{ SUMMARY_RTT, "0.000040000", "40.0 µs", "40.0 us" },
		{ SUMMARY_RETRANSMISSIONS, "0", "0", "0" },
		{ SUMMARY_RESETS, "0", "0", "0" },
		{ SUMMARY_ZERO_WINDOWS, "0", "0", "0" },
		{ SUMMARY_COPIES, "0", "0", "0" },
		{ SUMMARY_FRAGMENTS, "0", "0", "0" },
		/* shift 14: 0, 20, 40 ... 140 us in buckets of 16.384 us */
		{ SUMMARY_ACTIVITY, "1,1,1,1,1,0,1,1,1,0,0,0,0,0,0,0", NULL, NULL },
	};
	g_autoptr(Summary) summary = NULL;
	Story story;

	G_STATIC_ASSERT(G_N_ELEMENTS(texts) == N_SUMMARY_COLUMNS);
	story_init(&story, 4);
	tell_one_way(&story);
	next_client(&story);
	tell_closed(&story);
	summary = summary_new(story.trace);
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_assert_cmpint(summary_column_find(summary_columns[i].id), ==, i);
		g_assert_cmpint(texts[i].column, ==, i);
		assert_text(summary, 1, i, SUMMARY_RAW, texts[i].raw);
		if (!texts[i].utf8)
			continue;
		assert_text(summary, 1, i, SUMMARY_UTF8, texts[i].utf8);
		assert_text(summary, 1, i, SUMMARY_ASCII, texts[i].ascii);
	}
	g_assert_cmpint(summary_column_find("nonsense"), ==, N_SUMMARY_COLUMNS);
	assert_text(summary, 0, SUMMARY_PROTOCOL, SUMMARY_RAW, "UDP");
	assert_text(summary, 0, SUMMARY_RTT, SUMMARY_RAW, "");
	assert_text(summary, 0, SUMMARY_RTT, SUMMARY_UTF8, "-");
	assert_text(summary, 0, SUMMARY_DURATION, SUMMARY_UTF8, "0");
	story_clear(&story);
}

/* Durations from nanoseconds to days. */
static void
test_spans(void)
{
	static const struct {
		gint64 ns;
		const char *text;
	} spans[] = {
		{ 1, "1 ns" },
		{ 999, "999 ns" },
		{ 1000, "1.00 µs" },
		{ 9994, "9.99 µs" },
		{ 9995, "10.0 µs" },
		{ 99949, "99.9 µs" },
		{ 999499, "999 µs" },
		{ 999500, "1.00 ms" },
		{ G_GINT64_CONSTANT(1500000000), "1.50 s" },
		{ G_GINT64_CONSTANT(599000000000), "599 s" },
		{ G_GINT64_CONSTANT(600000000000), "10m 00s" },
		{ G_GINT64_CONSTANT(3599000000000), "59m 59s" },
		{ G_GINT64_CONSTANT(3600000000000), "1h 00m" },
		{ G_GINT64_CONSTANT(86399000000000), "23h 59m" },
		{ G_GINT64_CONSTANT(90000000000000), "1d 01h" },
		{ G_MAXINT64 - STORY_START_NS, "87076d 01h" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(spans); i++) {
		g_autoptr(Summary) summary = NULL;
		Story story;

		story_init(&story, 4);
		story_udp(&story, SIDE_CLIENT, 1);
		story.now_ns =
		    STORY_START_NS + MIN(spans[i].ns, G_MAXINT64 - STORY_START_NS - 20000);
		story_udp(&story, SIDE_SERVER, 1);
		summary = summary_new(story.trace);
		assert_text(summary, 0, SUMMARY_DURATION, SUMMARY_UTF8, spans[i].text);
		story_clear(&story);
	}
}

/* Bytes get units where they have too many digits. */
static void
test_bytes(void)
{
	g_autoptr(Summary) summary = NULL;
	Story story;

	story_init(&story, 4);
	for (guint i = 0; i < 100; i++)
		story_udp(&story, SIDE_CLIENT, i < 99 ? 1000 : 999);
	for (guint i = 0; i < 1235; i++)
		story_udp(&story, SIDE_SERVER, 1000);
	summary = summary_new(story.trace);
	assert_text(summary, 0, SUMMARY_CLIENT_BYTES, SUMMARY_UTF8, "99999");
	assert_text(summary, 0, SUMMARY_SERVER_BYTES, SUMMARY_UTF8, "1.24M");
	assert_text(summary, 0, SUMMARY_SERVER_BYTES, SUMMARY_RAW, "1235000");
	story_udp(&story, SIDE_CLIENT, 1);
	assert_text(summary, 0, SUMMARY_CLIENT_BYTES, SUMMARY_UTF8, "100k");
	story_clear(&story);
}

/* A client that was only guessed says so, but not to scripts. */
static void
test_guess(void)
{
	g_autoptr(Summary) summary = NULL;
	Story story;

	story_init(&story, 6);
	tell_half_seen(&story);
	summary = summary_new(story.trace);
	assert_text(summary, 0, SUMMARY_CLIENT, SUMMARY_UTF8, "[2001:db8::1]:50796?");
	assert_text(summary, 0, SUMMARY_CLIENT, SUMMARY_RAW, "[2001:db8::1]:50796");
	assert_text(summary, 0, SUMMARY_SERVER, SUMMARY_UTF8, "[2001:db8::2]:5000");
	story_clear(&story);
}

/* ---- activity ---- */

static const Activity *
activity_of(const Story *story)
{
	return &flow_table_get(trace_flows(story->trace), 0)->activity;
}

/* However the buckets grew, they count what counting at the end would. */
static void
test_histogram(void)
{
	for (guint round = 0; round < 40; round++) {
		guint64 longest = (guint64)1 << (10 + round);
		guint n = g_test_rand_int_range(1, 500);
		g_autoptr(GArray) ages = g_array_new(FALSE, FALSE, sizeof(gint64));
		guint expected[ACTIVITY_BUCKETS] = { 0 };
		const Activity *activity;
		Story story;
		gint64 age = 0;

		story_init(&story, 4);
		for (guint i = 0; i < n; i++) {
			story.now_ns = STORY_START_NS + age;
			story_udp(&story, SIDE_CLIENT, 1);
			g_array_append_val(ages, age);
			age += g_test_rand_double() * longest / n;
		}
		activity = activity_of(&story);
		g_assert_cmpuint(activity->scale, ==, 0);
		for (guint i = 0; i < n; i++)
			expected[g_array_index(ages, gint64, i) >> activity->shift]++;
		for (guint i = 0; i < ACTIVITY_BUCKETS; i++)
			g_assert_cmpuint(activity->bucket[i], ==, expected[i]);
		/* not wider than it must be */
		if (activity->shift > 10)
			g_assert_cmpint(g_array_index(ages, gint64, n - 1) >> activity->shift, >=,
					ACTIVITY_BUCKETS / 2);
		story_clear(&story);
	}
}

/* More packets than a bucket can count. */
static void
test_histogram_full(void)
{
	const Activity *activity;
	Story story;
	guint64 counted = 0;

	story_init(&story, 4);
	for (guint i = 0; i < 300000; i++) {
		story.now_ns = STORY_START_NS + (i < 200000 ? 0 : 15 * 1024);
		story_udp(&story, SIDE_CLIENT, 1);
	}
	activity = activity_of(&story);
	g_assert_cmpuint(activity->scale, >, 0);
	for (guint i = 0; i < ACTIVITY_BUCKETS; i++)
		counted += (guint64)activity->bucket[i] << activity->scale;
	g_assert_cmpuint(counted, >, 299000);
	g_assert_cmpuint(counted, <, 301000);
	g_assert_cmpuint((guint64)activity->bucket[0] << activity->scale, >, 199000);
	g_assert_cmpuint((guint64)activity->bucket[0] << activity->scale, <, 201000);
	story.now_ns = STORY_START_NS + (G_GINT64_CONSTANT(1) << 50);
	story_udp(&story, SIDE_CLIENT, 1);
	g_assert_cmpuint((guint64)activity->bucket[0] << activity->scale, >, 299000);
	story_clear(&story);
}

/* Times that go backwards, and to the ends of what there is. */
static void
test_histogram_odd_times(void)
{
	static const gint64 times[] = { STORY_START_NS, 0,  G_MAXINT64 - 20000,
					G_MININT64,     -1, STORY_START_NS };
	g_autoptr(Summary) summary = NULL;
	Story story;

	story_init(&story, 4);
	summary = summary_new(story.trace);
	for (guint i = 0; i < G_N_ELEMENTS(times); i++) {
		story.now_ns = times[i];
		story_udp(&story, SIDE_CLIENT, 1);
		for (SummaryColumn column = 0; column < N_SUMMARY_COLUMNS; column++) {
			g_autofree char *raw = text_of(summary, 0, column, SUMMARY_RAW);
			g_autofree char *utf8 = text_of(summary, 0, column, SUMMARY_UTF8);

			g_assert_cmpint(strlen(raw), >, column == SUMMARY_RTT ? -1 : 0);
			g_assert_cmpint(strlen(utf8), >, 0);
		}
		update_whole(summary);
		summary_set_order(summary, i, i % 2);
	}
	story_clear(&story);
}

static void
test_blocks(void)
{
	g_autoptr(Summary) summary = NULL;
	Story story;

	/* 8 packets at once, then silence, then 1 at the end of 16 s. */
	story_init(&story, 4);
	for (guint i = 0; i < 8; i++) {
		story.now_ns = STORY_START_NS;
		story_udp(&story, SIDE_CLIENT, 1);
	}
	summary = summary_new(story.trace);
	assert_text(summary, 0, SUMMARY_ACTIVITY, SUMMARY_UTF8, "█");
	story.now_ns = STORY_START_NS + ((G_GINT64_CONSTANT(16) << 30) - 1);
	story_udp(&story, SIDE_CLIENT, 1);
	assert_text(summary, 0, SUMMARY_ACTIVITY, SUMMARY_UTF8, "█              ▂");
	assert_text(summary, 0, SUMMARY_ACTIVITY, SUMMARY_ASCII, "@              :");
	story_clear(&story);
}

/* ---- order ---- */

static void
assert_ordered(const Summary *summary, SummaryColumn column, gboolean descending)
{
	for (guint32 row = 1; row < summary->rows->len; row++) {
		guint32 before = summary_get(summary, row - 1), after = summary_get(summary, row);
		gint64 one = summary_value(summary, before, column);
		gint64 two = summary_value(summary, after, column);

		if (one == two && summary_columns[column].kind != SUMMARY_TEXT &&
		    summary_columns[column].kind != SUMMARY_BUCKETS)
			g_assert_cmpuint(before, <, after); /* stable */
		else if (descending)
			g_assert_cmpint(one, >=, two);
		else
			g_assert_cmpint(one, <=, two);
	}
}

static void
test_order(void)
{
	g_autoptr(Summary) summary = NULL;
	Story story;

	story_all(&story);
	summary = summary_new(story.trace);
	for (guint i = 0; i < 2 * N_SUMMARY_COLUMNS; i++) {
		g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);

		summary_set_order(summary, i / 2, i % 2);
		update_whole(summary);
		g_assert_cmpuint(summary->rows->len, ==, G_N_ELEMENTS(kinds));
		assert_ordered(summary, i / 2, i % 2);
		for (guint32 row = 0; row < summary->rows->len; row++) {
			guint32 conversation = summary_get(summary, row);

			g_assert_true(g_hash_table_add(seen, GUINT_TO_POINTER(conversation)));
			g_assert_cmpuint(summary_row_of(summary, conversation), ==, row);
		}
	}
	g_assert_cmpuint(summary_row_of(summary, 1000), ==, EVENT_NONE);
	story_clear(&story);
}

static void
assert_rows(const Summary *summary, const guint32 *conversations, guint n)
{
	g_assert_cmpuint(summary->rows->len, ==, n);
	for (guint i = 0; i < n; i++) {
		g_test_message("row %u", i);
		g_assert_cmpuint(summary_get(summary, i), ==, conversations[i]);
	}
}

/* Addresses by their numbers, IPv4 first; states in their own order; ties stay. */
static void
test_order_of_words(void)
{
	static const guint32 by_client[] = { 1, 0, 2, 4, 3 }, by_state[] = { 4, 0, 2, 3, 1 };
	static const guint32 by_client_down[] = { 3, 4, 0, 2, 1 };
	static const guint32 by_activity[] = { 2, 0, 3, 4, 1 };
	g_autoptr(Summary) summary = NULL;
	Story story;

	story_init(&story, 4);
	story.port[SIDE_CLIENT] = 9000;
	tell_closed(&story); /* 127.0.0.1:9000 */
	story.port[SIDE_CLIENT] = 800;
	tell_one_way(&story); /* 127.0.0.1:800 */
	story.port[SIDE_CLIENT] = 9000;
	story.port[SIDE_SERVER] = 6000;
	tell_closed_and_reset(&story); /* 127.0.0.1:9000 */
	story.version = 6;
	story.port[SIDE_CLIENT] = 10001;
	tell_closed(&story); /* [2001:db8::1]:10001 */
	story.port[SIDE_CLIENT] = 10000;
	tell_trouble(&story); /* [2001:db8::1]:10000 */
	summary = summary_new(story.trace);
	summary_set_order(summary, SUMMARY_CLIENT, FALSE);
	update_whole(summary);
	assert_rows(summary, by_client, G_N_ELEMENTS(by_client));
	summary_set_order(summary, SUMMARY_CLIENT, TRUE);
	update_whole(summary);
	assert_rows(summary, by_client_down, G_N_ELEMENTS(by_client_down));
	summary_set_order(summary, SUMMARY_STATE, FALSE);
	update_whole(summary);
	assert_rows(summary, by_state, G_N_ELEMENTS(by_state));
	summary_set_order(summary, SUMMARY_ACTIVITY, TRUE);
	update_whole(summary);
	assert_rows(summary, by_activity, G_N_ELEMENTS(by_activity));
	story_clear(&story);
}

/* ---- filter ---- */

/* Each text that is on the screen finds its conversation, in any case. */
static void
test_filter_every_column(void)
{
	g_autoptr(Summary) summary = NULL;
	Story story;

	story_all(&story);
	summary = summary_new(story.trace);
	for (guint32 i = 0; i < G_N_ELEMENTS(kinds); i++) {
		for (SummaryColumn column = 0; column < N_SUMMARY_COLUMNS; column++) {
			g_autofree char *text = text_of(summary, i, column, SUMMARY_UTF8);
			g_autofree char *up = g_utf8_strup(text, -1);

			if (column == SUMMARY_ACTIVITY || column == SUMMARY_EPOCH)
				continue;
			g_test_message("#%u %s", i, text);
			summary_set_filter(summary, text);
			update_whole(summary);
			g_assert_cmpuint(summary_row_of(summary, i), !=, EVENT_NONE);
			summary_set_filter(summary, up);
			update_whole(summary);
			g_assert_cmpuint(summary_row_of(summary, i), !=, EVENT_NONE);
		}
	}
	story_clear(&story);
}

static void
test_filter(void)
{
	static const guint32 refused[] = { 2 }, udp[] = { 9, 10, 13, 14 }, port[] = { 3 };
	static const guint32 clo[] = { 7, 1, 0 };
	g_autoptr(Summary) summary = NULL;
	Story story;

	story_all(&story);
	summary = summary_new(story.trace);
	summary_set_filter(summary, "REFUSED");
	update_whole(summary);
	assert_rows(summary, refused, 1);
	summary_set_filter(summary, "udp");
	update_whole(summary);
	assert_rows(summary, udp, G_N_ELEMENTS(udp));
	summary_set_filter(summary, ":50799");
	update_whole(summary);
	assert_rows(summary, port, 1);
	summary_set_filter(summary, "clos");
	summary_set_order(summary, SUMMARY_NUMBER, TRUE);
	update_whole(summary);
	assert_rows(summary, clo, 3);
	summary_set_filter(summary, "no such thing");
	update_whole(summary);
	g_assert_cmpuint(summary->rows->len, ==, 0);
	summary_set_filter(summary, "");
	update_whole(summary);
	g_assert_cmpuint(summary->rows->len, ==, G_N_ELEMENTS(kinds));
	story_clear(&story);
}

/* ---- what is new ---- */

static void
test_live(void)
{
	g_autoptr(Summary) summary = NULL;
	Story story;
	guint generation;

	story_init(&story, 4);
	summary = summary_new(story.trace);
	g_assert_false(summary_update(summary, FALSE));
	g_assert_cmpuint(summary->rows->len, ==, 0);
	tell_opening(&story);
	next_client(&story);
	g_assert_false(summary_update(summary, FALSE));
	g_assert_cmpuint(summary->rows->len, ==, 1);
	generation = summary->generation;
	tell_one_way(&story);
	g_assert_false(summary_update(summary, FALSE));
	g_assert_cmpuint(summary->rows->len, ==, 2);
	g_assert_cmpuint(summary->generation, ==, generation); /* the rows before stand */

	summary_set_order(summary, SUMMARY_PACKETS, TRUE);
	g_assert_false(summary_update(summary, FALSE));
	g_assert_cmpuint(summary->generation, !=, generation);
	g_assert_cmpuint(summary_get(summary, 0), ==, 0);
	story_udp(&story, SIDE_SERVER, 1);
	story_udp(&story, SIDE_SERVER, 1);
	g_assert_false(summary_update(summary, FALSE)); /* few: in order again at once */
	g_assert_cmpuint(summary_get(summary, 0), ==, 1);

	summary_set_filter(summary, "half-"); /* values that change come in, and go */
	update_whole(summary);
	g_assert_cmpuint(summary->rows->len, ==, 0);
	next_client(&story);
	tell_half_seen(&story);
	g_assert_false(summary_update(summary, FALSE));
	g_assert_cmpuint(summary->rows->len, ==, 1);
	story_tcp(&story, SIDE_CLIENT, TCP_ACK, 0);
	g_assert_false(summary_update(summary, FALSE));
	g_assert_cmpuint(summary->rows->len, ==, 0);
	story_clear(&story);
}

/* Many: sliced, the list before stands meanwhile, and it is not made anew for each packet. */
static void
test_many(void)
{
	g_autoptr(Summary) summary = NULL;
	Story story;
	guint n = 3 * SUMMARY_SLICE + 100, slices = 0, generation, last = 0;

	story_init(&story, 4);
	summary = summary_new(story.trace);
	for (guint i = 0; i < n; i++) {
		story.port[SIDE_CLIENT] = i;
		story_udp(&story, SIDE_CLIENT, i % 7 + 1);
	}
	update_whole(summary);
	g_assert_cmpuint(summary->rows->len, ==, n);
	summary_set_filter(summary, "127.0.0.1:77");
	while (summary_update(summary, TRUE)) {
		g_assert_cmpuint(summary->rows->len, ==, n);
		g_assert_cmpuint(summary_progress(summary), >, last);
		last = summary_progress(summary);
		g_assert_cmpuint(last, <, 100);
		slices++;
	}
	g_assert_cmpuint(slices, ==, 3);
	g_assert_cmpuint(summary->rows->len, ==, 111); /* 77, 770..779, 7700..7799 */

	summary_set_filter(summary, "");
	summary_set_order(summary, SUMMARY_PACKETS, TRUE);
	update_whole(summary);
	generation = summary->generation;
	g_assert_cmpuint(summary_get(summary, 0), ==, 0);
	story_udp(&story, SIDE_SERVER, 1); /* the last conversation is the greatest now */
	g_assert_false(summary_update(summary, FALSE));
	g_assert_cmpuint(summary->generation, ==, generation);
	update_whole(summary); /* nothing more comes */
	g_assert_cmpuint(summary_get(summary, 0), ==, n - 1);
	generation = summary->generation;
	for (guint i = 0; i < n / 8 + 10; i++) {
		story.port[SIDE_CLIENT] = 5;
		story_udp(&story, SIDE_CLIENT, 1);
	}
	while (summary_update(summary, FALSE)) /* an eighth */
		g_assert_cmpuint(summary_get(summary, 0), ==, n - 1);
	g_assert_cmpuint(summary_get(summary, 0), ==, 5);
	g_assert_cmpuint(summary->generation, !=, generation);
	generation = summary->generation;
	g_assert_false(summary_update(summary, TRUE));
	g_assert_false(summary_update(summary, TRUE)); /* nothing has changed */
	g_assert_cmpuint(summary->generation, ==, generation);
	story_clear(&story);
}

static void
assert_sorted(const Summary *summary, SummaryColumn column, gboolean descending)
{
	for (guint32 row = 1; row < summary->rows->len; row++) {
		guint32 a = summary_get(summary, row - 1), b = summary_get(summary, row);
		gint64 one = summary_value(summary, a, column),
		       two = summary_value(summary, b, column);

		g_assert_true(one == two ? a < b : descending ? one > two : one < two);
	}
}

/* Sorting is sliced, too: the old order stands, another order begins anew, and what
 * comes meanwhile stands behind. */
static void
test_sort_slices(void)
{
	g_autoptr(Summary) summary = NULL;
	Story story;
	guint n = 4 * SUMMARY_SLICE + 77, slices = 0, generation;

	story_init(&story, 4);
	summary = summary_new(story.trace);
	for (guint i = 0; i < n; i++) {
		story.port[SIDE_CLIENT] = i;
		for (guint k = 0; k <= i * 7919 % 5; k++)
			story_udp(&story, SIDE_CLIENT, 1 + i * 31 % 97);
	}
	update_whole(summary);
	summary_set_order(summary, SUMMARY_PACKETS, TRUE);
	while (summary_update(summary, TRUE)) {
		for (guint32 row = 0; row < n; row++)
			g_assert_cmpuint(summary_get(summary, row), ==, row);
		slices++;
	}
	g_assert_cmpuint(slices, >, 3);
	assert_sorted(summary, SUMMARY_PACKETS, TRUE);

	summary_set_order(summary, SUMMARY_CLIENT_BYTES, FALSE);
	g_assert_true(summary_update(summary, TRUE));
	summary_set_order(summary, SUMMARY_START, TRUE);
	g_assert_true(summary_update(summary, TRUE));
	generation = summary->generation;
	next_client(&story);
	story_udp(&story, SIDE_CLIENT, 1);
	while (summary_update(summary, FALSE))
		g_assert_cmpuint(summary->generation, ==, generation);
	g_assert_cmpuint(summary->rows->len, ==, n + 1);
	g_assert_cmpuint(summary_get(summary, 0), ==, n - 1);
	g_assert_cmpuint(summary_get(summary, n), ==, n);
	update_whole(summary);
	assert_sorted(summary, SUMMARY_START, TRUE);
	summary_set_order(summary, SUMMARY_CLIENT_BYTES, FALSE);
	update_whole(summary);
	assert_sorted(summary, SUMMARY_CLIENT_BYTES, FALSE);
	story_clear(&story);
}

/* ---- what stands where ---- */

static void
assert_fit(const Summary *summary, guint width, SummaryColumn always)
{
	SummaryFit fit = summary_fit(summary, width, always, NULL);
	guint used = 0;
	gboolean has = FALSE;

	g_assert_cmpuint(fit.n, >, 0);
	for (guint i = 0; i < fit.n; i++) {
		used += 1 + fit.width[i];
		has = has || fit.column[i] == always;
		g_assert_cmpuint(fit.width[i], >, 0);
		g_assert_cmpuint(summary_columns[fit.column[i]].rank, !=, SUMMARY_SCRIPTS_ONLY);
		if (i > 0)
			g_assert_cmpint(fit.column[i], >, fit.column[i - 1]);
	}
	g_assert_true(has);
	g_assert_cmpuint(used, <=, MAX(width, 2));
}

static void
test_fit(void)
{
	for (guint version = 4; version <= 6; version += 2) {
		g_autoptr(Summary) summary = NULL;
		Story story;

		story_init(&story, version);
		tell_closed(&story);
		summary = summary_new(story.trace);
		update_whole(summary);
		for (guint width = 2; width < 300; width++) {
			for (SummaryColumn column = 0; column < N_SUMMARY_COLUMNS; column++) {
				if (summary_columns[column].rank != SUMMARY_SCRIPTS_ONLY)
					assert_fit(summary, width, column);
			}
		}
		story_clear(&story);
	}
}

/* At the usual width: who, how it ended, how much, and whether there was trouble. */
static void
test_fit_80(void)
{
	static const SummaryColumn expected[] = { SUMMARY_NUMBER,  SUMMARY_CLIENT,
						  SUMMARY_SERVER,  SUMMARY_STATE,
						  SUMMARY_PACKETS, SUMMARY_RETRANSMISSIONS };
	g_autoptr(Summary) summary = NULL;
	SummaryFit fit;
	Story story;

	story_all(&story);
	summary = summary_new(story.trace);
	update_whole(summary);
	fit = summary_fit(summary, 79, SUMMARY_NUMBER, NULL);
	g_assert_cmpuint(fit.n, >=, G_N_ELEMENTS(expected));
	for (guint i = 0; i < G_N_ELEMENTS(expected); i++)
		g_assert_cmpint(fit.column[i], ==, expected[i]);
	g_assert_cmpuint(summary_fit(summary, 1000, SUMMARY_NUMBER, NULL).n, ==,
			 N_SUMMARY_COLUMNS - 1); /* all but the one for scripts */
	story_clear(&story);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/summary/states-and-counts", test_states_and_counts);
	g_test_add_func("/summary/texts", test_texts);
	g_test_add_func("/summary/spans", test_spans);
	g_test_add_func("/summary/bytes", test_bytes);
	g_test_add_func("/summary/guess", test_guess);
	g_test_add_func("/summary/histogram", test_histogram);
	g_test_add_func("/summary/histogram-full", test_histogram_full);
	g_test_add_func("/summary/histogram-odd-times", test_histogram_odd_times);
	g_test_add_func("/summary/blocks", test_blocks);
	g_test_add_func("/summary/order", test_order);
	g_test_add_func("/summary/order-of-words", test_order_of_words);
	g_test_add_func("/summary/filter-every-column", test_filter_every_column);
	g_test_add_func("/summary/filter", test_filter);
	g_test_add_func("/summary/live", test_live);
	g_test_add_func("/summary/many", test_many);
	g_test_add_func("/summary/sort-slices", test_sort_slices);
	g_test_add_func("/summary/fit", test_fit);
	g_test_add_func("/summary/fit-80", test_fit_80);
	return g_test_run();
}
