/* SPDX-License-Identifier: MIT */
/* test_text.c - hostile text stays text. */
#include "pktladder/text.h"

#include <string.h>

typedef struct {
	const char *name;
	const char *bytes;
	gssize length; /* -1: up to the NUL */
	const char *expected;
} EscapeCase;

static const EscapeCase escape_cases[] = {
	{ "plain", "GET / HTTP/1.1", -1, "GET / HTTP/1.1" },
	{ "empty", "", -1, "" },
	{ "spanish", "conexi\xc3\xb3n aceptada \xc2\xbfs\xc3\xad?", -1, "conexión aceptada ¿sí?" },
	{ "wide", "\xe6\xbc\xa2\xe5\xad\x97", -1, "漢字" },
	{ "emoji", "\xf0\x9f\xa6\x8a", -1, "🦊" },
	{ "backslash", "a\\x1b", -1, "a\\x1b" },
	/* what terminals obey */
	{ "csi-clear", "\033[2J\033[H", -1, "\\x1b[2J\\x1b[H" },
	{ "osc-title", "\033]0;owned\007", -1, "\\x1b]0;owned\\x07" },
	{ "osc-st", "\033]8;;http://x\033\\", -1, "\\x1b]8;;http://x\\x1b\\" },
	{ "dcs", "\033P+q544e\033\\", -1, "\\x1bP+q544e\\x1b\\" },
	{ "line ends", "a\r\nb\tc\bd", -1, "a\\x0d\\x0ab\\x09c\\x08d" },
	{ "del", "a\x7f", -1, "a\\x7f" },
	{ "nul", "a\0b", 3, "a\\x00b" },
	{ "c1-csi",
	  "\xc2\x9b"
	  "2J",
	  -1, "\\u{009B}2J" },
	{ "c1-osc",
	  "\xc2\x9d"
	  "0;x\xc2\x9c",
	  -1, "\\u{009D}0;x\\u{009C}" },
	{ "c1-nel", "\xc2\x85", -1, "\\u{0085}" },
	{ "c1-raw-byte",
	  "\x9b"
	  "2J",
	  -1, "\\x9b2J" },
	/* no UTF-8 */
	{ "overlong-slash", "\xc0\xaf", -1, "\\xc0\\xaf" },
	{ "overlong-esc-2", "\xc0\x9b[2J", -1, "\\xc0\\x9b[2J" },
	{ "overlong-esc-3", "\xe0\x80\x9b", -1, "\\xe0\\x80\\x9b" },
	{ "overlong-nul", "\xc0\x80", -1, "\\xc0\\x80" },
	{ "surrogate", "\xed\xa0\x80", -1, "\\xed\\xa0\\x80" },
	{ "surrogate-pair", "\xed\xa0\xbd\xed\xb8\x80", -1, "\\xed\\xa0\\xbd\\xed\\xb8\\x80" },
	{ "too-large", "\xf4\x90\x80\x80", -1, "\\xf4\\x90\\x80\\x80" },
	{ "five-bytes", "\xf8\x88\x80\x80\x80", -1, "\\xf8\\x88\\x80\\x80\\x80" },
	{ "never-utf8", "\xff\xfe", -1, "\\xff\\xfe" },
	{ "cut-off", "ab\xe2\x82", -1, "ab\\xe2\\x82" },
	{ "cut-by-length", "\xe2\x82\xac", 2, "\\xe2\\x82" },
	{ "nul-inside", "\xe2\0\xac", 3, "\\xe2\\x00\\xac" },
	/* not seen, or turning the order round */
	{ "bidi-override",
	  "\xe2\x80\xae"
	  "evil\xe2\x80\xac",
	  -1, "\\u{202E}evil\\u{202C}" },
	{ "bidi-isolate", "\xe2\x81\xa6x\xe2\x81\xa9", -1, "\\u{2066}x\\u{2069}" },
	{ "marks-of-direction", "\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c", -1,
	  "\\u{200E}\\u{200F}\\u{061C}" },
	{ "zero-width", "a\xe2\x80\x8b\xe2\x80\x8d\xe2\x81\xa0\xef\xbb\xbf", -1,
	  "a\\u{200B}\\u{200D}\\u{2060}\\u{FEFF}" },
	{ "soft-hyphen", "\xc2\xad", -1, "\\u{00AD}" },
	{ "separators", "\xe2\x80\xa8\xe2\x80\xa9", -1, "\\u{2028}\\u{2029}" },
	{ "tags", "\xf3\xa0\x81\x81\xf3\xa0\x81\xbf", -1, "\\u{E0041}\\u{E007F}" },
	{ "variation", "\xe2\x9d\xa4\xef\xb8\x8f", -1, "❤\\u{FE0F}" },
	{ "hangul-filler", "\xe3\x85\xa4\xe1\x85\x9f\xe1\x85\xa0", -1,
	  "\\u{3164}\\u{115F}\\u{1160}" },
	{ "private", "\xee\x80\x80\xf4\x80\x80\x80", -1, "\\u{E000}\\u{100000}" },
	{ "unassigned", "\xcd\xb8\xf0\x9f\xbf\xbf", -1, "\\u{0378}\\u{1FFFF}" },
	{ "noncharacter", "\xef\xbf\xbf\xef\xb7\x90", -1, "\\u{FFFF}\\u{FDD0}" },
	/* one mark on a base, no piles, none on a space or at the start */
	{ "one-mark", "e\xcc\x81", -1, "e\xcc\x81" },
	{ "mark-first",
	  "\xcc\x81"
	  "e",
	  -1, "\\u{0301}e" },
	{ "mark-on-space", " \xcc\x81", -1, " \\u{0301}" },
	{ "mark-pile", "e\xcc\x81\xcc\x82\xcc\x83", -1, "e\xcc\x81\\u{0302}\\u{0303}" },
};

static void
test_escape(gconstpointer data)
{
	const EscapeCase *item = data;
	g_autofree char *text = text_escape(item->bytes, item->length);
	g_autofree char *again = text_escape(text, -1);

	g_assert_cmpstr(text, ==, item->expected);
	g_assert_true(g_utf8_validate(text, -1, NULL));
	g_assert_cmpstr(again, ==, text); /* harmless text passes unchanged */
}

/* Whatever bytes come, the result is UTF-8 of harmless characters. */
static void
test_escape_random(void)
{
	for (guint round = 0; round < 3000; round++) {
		guint8 bytes[64];
		gsize length = g_test_rand_int_range(0, sizeof(bytes));
		g_autofree char *text = NULL;

		for (gsize i = 0; i < length; i++)
			bytes[i] = g_test_rand_int_range(0, 256);
		text = text_escape((const char *)bytes, length);
		g_assert_true(g_utf8_validate(text, -1, NULL));
		for (const char *p = text; *p; p = g_utf8_next_char(p))
			g_assert_true(text_is_harmless(g_utf8_get_char(p)));
	}
}

/* Every code point there is, each as UTF-8 of its own. */
static void
test_escape_all(void)
{
	guint passed = 0;

	for (gunichar c = 1; c < 0x110000; c++) {
		char bytes[8] = "a";
		gint length = 1 + g_unichar_to_utf8(c, bytes + 1);
		g_autofree char *text = NULL;

		if (!g_unichar_validate(c))
			continue;
		text = text_escape(bytes, length);
		if (text[1] == '\\' && text[2] != '\0') {
			g_assert_true(g_str_is_ascii(text));
			continue;
		}
		passed++;
		g_assert_cmpuint(text_width(text), ==, 1 + text_character_width(c));
		g_assert_true(g_unichar_isprint(c));
		g_assert_true(text_character_width(c) > 0 || text_is_mark(c));
	}
	g_assert_cmpuint(passed, >, 100000);
}

static void
test_width(void)
{
	g_assert_cmpuint(text_width(""), ==, 0);
	g_assert_cmpuint(text_width("SYN seq=0"), ==, 9);
	g_assert_cmpuint(text_width("conexión"), ==, 8);
	g_assert_cmpuint(text_width("conexio\xcc\x81n"), ==, 8);
	g_assert_cmpuint(text_width("漢字a"), ==, 5);
	g_assert_cmpuint(text_width("├─►"), ==, 3);
}

typedef struct {
	const char *text;
	guint columns;
	gboolean ascii;
	const char *expected;
} FitCase;

static const FitCase fit_cases[] = {
	{ "connect()", 9, FALSE, "connect()" },
	{ "connect()", 20, FALSE, "connect()" },
	{ "connect()", 8, FALSE, "connect…" },
	{ "connect()", 8, TRUE, "connect~" },
	{ "connect()", 1, FALSE, "…" },
	{ "connect()", 1, TRUE, "~" },
	{ "connect()", 0, FALSE, "" },
	{ "", 0, FALSE, "" },
	{ "漢字漢字", 8, FALSE, "漢字漢字" },
	{ "漢字漢字", 7, FALSE, "漢字漢…" },
	{ "漢字漢字", 6, FALSE, "漢字…" }, /* half a character is none */
	{ "漢", 1, FALSE, "…" },
	{ "ae\xcc\x81io", 3, FALSE, "ae\xcc\x81…" }, /* a mark stays with its letter */
	{ "aaaae\xcc\x81", 5, FALSE, "aaaae\xcc\x81" },
};

static void
test_fit(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(fit_cases); i++) {
		const FitCase *item = &fit_cases[i];
		g_autofree char *text = text_fit(item->text, item->columns, item->ascii);

		g_assert_cmpstr(text, ==, item->expected);
		g_assert_cmpuint(text_width(text), <=, item->columns);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(escape_cases); i++) {
		g_autofree char *path = g_strconcat("/text/escape/", escape_cases[i].name, NULL);

		g_test_add_data_func(path, &escape_cases[i], test_escape);
	}
	g_test_add_func("/text/escape-random", test_escape_random);
	g_test_add_func("/text/escape-all", test_escape_all);
	g_test_add_func("/text/width", test_width);
	g_test_add_func("/text/fit", test_fit);
	return g_test_run();
}
