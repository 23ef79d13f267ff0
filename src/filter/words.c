/* SPDX-License-Identifier: MIT */
/* words.c - the words of display filters. */
#include <string.h>

#include "filter_private.h"
#include "pktladder/verdict.h"

#define KIND(kind) (G_GUINT64_CONSTANT(1) << (kind))
#define TCP_KINDS                                                                                  \
	(KIND(KIND_SYN) | KIND(KIND_SYN_ACK) | KIND(KIND_ACK) | KIND(KIND_DATA) | KIND(KIND_FIN) | \
	 KIND(KIND_RST) | KIND(KIND_UNUSUAL_TCP))
#define ALL_CALLS (~G_GUINT64_CONSTANT(0))

static const FilterWord words[] = {
	{ "packet", TEST_PACKET, 0 },
	{ "tcp", TEST_KIND, TCP_KINDS },
	{ "udp", TEST_KIND, KIND(KIND_DATAGRAM) },
	{ "datagram", TEST_KIND, KIND(KIND_DATAGRAM) },
	{ "icmp", TEST_KIND, KIND(KIND_ICMP_ERROR) },
	{ "fragment", TEST_KIND, KIND(KIND_FRAGMENT) },
	{ "other", TEST_KIND, KIND(KIND_OTHER) },
	/* As the ladder calls them: a SYN-ACK is no SYN, an ACK has nothing but that. */
	{ "syn", TEST_KIND, KIND(KIND_SYN) },
	{ "syn-ack", TEST_KIND, KIND(KIND_SYN_ACK) },
	{ "ack", TEST_KIND, KIND(KIND_ACK) },
	{ "data", TEST_PAYLOAD, 0 },
	{ "unusual", TEST_KIND, KIND(KIND_UNUSUAL_TCP) },
	{ "fin", TEST_FLAGS, TCP_FIN },
	{ "rst", TEST_FLAGS, TCP_RST },
	{ "reset", TEST_FLAGS, TCP_RST },
	{ "psh", TEST_FLAGS, TCP_PSH },
	{ "push", TEST_FLAGS, TCP_PSH },
	{ "urg", TEST_FLAGS, TCP_URG },
	{ "urgent", TEST_FLAGS, TCP_URG },
	{ "ece", TEST_FLAGS, TCP_ECE },
	{ "cwr", TEST_FLAGS, TCP_CWR },
	{ "first-fragment", TEST_STATUS, KIND(DECODE_FIRST_FRAGMENT) },
	{ "truncated", TEST_STATUS, KIND(DECODE_TRUNCATED) },
	{ "unsupported", TEST_STATUS, KIND(DECODE_UNSUPPORTED) },
	{ "malformed", TEST_STATUS, KIND(DECODE_MALFORMED) },
	/* What is true, where tshark's words, which stand behind this table, are as tshark has
	   them. */
	{ "sent-again", TEST_PLAIN, VERDICT_SENT_AGAIN },
	{ "overtaken", TEST_PLAIN, VERDICT_OVERTAKEN },
	{ "sent-again-or-overtaken", TEST_PLAIN, VERDICT_AGAIN_OR_OVERTAKEN },
	{ "same-packet", TEST_PLAIN, VERDICT_SAME_PACKET },
	{ "came-twice", TEST_PLAIN, VERDICT_CAME_TWICE },
	{ "probe", TEST_PLAIN, VERDICT_ZERO_WINDOW_PROBE },
	{ "problem", TEST_PROBLEM, 0 },
	{ "comment", TEST_COMMENT, 0 },
	{ "call", TEST_CALL, ALL_CALLS },
	{ "port", TEST_PORT, .value = VALUE_NUMBER, .high = 65535 },
	{ "len", TEST_LENGTH, .value = VALUE_NUMBER, .high = G_MAXUINT32 },
	{ "length", TEST_LENGTH, .value = VALUE_NUMBER, .high = G_MAXUINT32 },
	{ "frame", TEST_FRAME, .value = VALUE_NUMBER, .high = G_MAXUINT32 },
	{ "stream", TEST_STREAM, .value = VALUE_NUMBER, .high = G_MAXUINT32 },
	{ "conversation", TEST_CONVERSATION, .value = VALUE_NUMBER, .high = G_MAXUINT32 },
	{ "time", TEST_TIME, .value = VALUE_TIME },
	{ "host", TEST_HOST, .value = VALUE_HOST },
	{ "net", TEST_HOST, .value = VALUE_HOST },
	{ "from", TEST_FROM, .value = VALUE_SIDE },
	{ "src", TEST_HOST, .value = VALUE_END, .end = END_SOURCE },
	{ "dst", TEST_HOST, .value = VALUE_END, .end = END_DESTINATION },
};

gboolean
filter_word_equal(const char *one, const char *other)
{
	for (; *one || *other; one++, other++) {
		char a = *one == '_' ? '-' : g_ascii_tolower(*one);
		char b = *other == '_' ? '-' : g_ascii_tolower(*other);

		if (a != b)
			return FALSE;
	}
	return TRUE;
}

/* Behind the words of the table stand those of verdicts, and the names of calls. */
#define FIRST_VERDICT G_N_ELEMENTS(words)
#define FIRST_CALL    (FIRST_VERDICT + N_VERDICTS)
#define N_WORDS       (FIRST_CALL + N_CALLS - CALL_NONE - 1)

static FilterWord
word_get(guint i)
{
	CallName call = i - FIRST_CALL + CALL_NONE + 1;

	if (i < FIRST_VERDICT)
		return words[i];
	if (i >= FIRST_CALL)
		return (FilterWord){ call_name(call), TEST_CALL, KIND(call) };
	guint bit = i - FIRST_VERDICT;
	g_autofree char *word = g_strdelimit(g_strdup(verdict_name(bit)), "_", '-');
	return (FilterWord){ g_intern_string(word), TEST_VERDICT, verdict_flags(bit) };
}

gboolean
filter_word_find(const char *text, FilterWord *word)
{
	for (guint i = 0; i < N_WORDS; i++) {
		*word = word_get(i);
		if (filter_word_equal(text, word->word))
			return TRUE;
	}
	return FALSE;
}

/* Completion. */

static void
word_offer(GPtrArray *offered, const char *word, const char *stem)
{
	gsize length = strlen(stem);
	g_autofree char *start = g_strndup(word, length);

	if (filter_word_equal(start, stem))
		g_ptr_array_add(offered, (gpointer)word);
}

static int
word_compare(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *
filter_words(guint expect, const char *stem)
{
	static const struct {
		FilterExpect expect;
		const char *word;
	} others[] = {
		{ EXPECT_TERM, "not" },    { EXPECT_AND, "and" },     { EXPECT_AND, "or" },
		{ EXPECT_SIDE, "client" }, { EXPECT_SIDE, "server" }, { EXPECT_PORT, "port" },
		{ EXPECT_PORT, "host" },
	};
	GPtrArray *offered = g_ptr_array_new();

	for (guint i = 0; i < G_N_ELEMENTS(others); i++)
		if (expect & others[i].expect)
			word_offer(offered, others[i].word, stem);
	for (guint i = 0; i < N_WORDS && (expect & EXPECT_TERM); i++)
		word_offer(offered, word_get(i).word, stem);
	g_ptr_array_sort(offered, word_compare);
	return offered;
}

/* How many letters must be changed, added or left out to make one of the other. */
static guint
word_distance(const char *one, const char *other)
{
	guint8 row[32];
	guint length = MIN(strlen(other), sizeof row - 1);

	for (guint j = 0; j <= length; j++)
		row[j] = j;
	for (guint i = 1; *one; one++, i++) {
		guint8 corner = row[0];

		row[0] = MIN(i, G_MAXUINT8);
		for (guint j = 1; j <= length; j++) {
			gboolean same = g_ascii_tolower(*one) == other[j - 1];
			guint8 best = MIN(corner + !same, MIN(row[j], row[j - 1]) + 1);

			corner = row[j];
			row[j] = best;
		}
	}
	return row[length];
}

const char *
filter_word_near(const char *text)
{
	g_autoptr(GPtrArray) all = filter_words(EXPECT_TERM | EXPECT_AND, "");
	const char *near = NULL;
	guint best = G_MAXUINT;

	/* Wireshark's names have a dotted beginning: tcp.port, tcp.analysis.zero_window. */
	if (strrchr(text, '.'))
		text = strrchr(text, '.') + 1;
	if (strlen(text) < 3 || strlen(text) > 30)
		return NULL;
	for (guint i = 0; i < all->len; i++) {
		const char *word = g_ptr_array_index(all, i);
		guint distance = word_distance(text, word);

		/* More than one letter in three makes it another word. */
		if (distance < best && distance <= MIN(strlen(word) / 3, 2)) {
			best = distance;
			near = word;
		}
	}
	return near;
}
