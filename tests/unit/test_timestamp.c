/* SPDX-License-Identifier: MIT */
/* Arithmetic on times that may be anything, and their texts. */
#include "pktladder/timestamp.h"

#include <math.h>
#include <string.h>

#define MOST  G_MAXINT64
#define LEAST G_MININT64

static void
test_between(void)
{
	static const struct {
		gint64 from, to, between;
		guint64 span;
	} cases[] = {
		{ 5, 7, 2, 2 },
		{ 7, 5, -2, 0 },
		{ -5, 7, 12, 12 },
		{ MOST, MOST, 0, 0 },
		{ -1, MOST, MOST, (guint64)1 << 63 },
		{ LEAST, MOST, MOST, G_MAXUINT64 },
		{ LEAST, 0, MOST, (guint64)1 << 63 },
		{ MOST, LEAST, -MOST, 0 },
		{ 0, LEAST, -MOST, 0 }, /* what it gives has a magnitude */
		{ LEAST, LEAST, 0, 0 },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_assert_cmpint(timestamp_between(cases[i].from, cases[i].to), ==,
				cases[i].between);
		g_assert_cmpuint(timestamp_span(cases[i].from, cases[i].to), ==, cases[i].span);
		if (cases[i].to >= cases[i].from)
			g_assert_cmpint(timestamp_after(cases[i].from, cases[i].span), ==,
					cases[i].to);
	}
	g_assert_cmpint(timestamp_after(MOST - 5, 7), ==, MOST);
	g_assert_cmpint(timestamp_after(-5, G_MAXUINT64), ==, MOST);
}

static void
test_plus(void)
{
	g_assert_cmpint(timestamp_plus(5, -7), ==, -2);
	g_assert_cmpint(timestamp_plus(MOST, LEAST), ==, -1);
	g_assert_cmpint(timestamp_plus(MOST, 1), ==, MOST);
	g_assert_cmpint(timestamp_plus(LEAST, -1), ==, -MOST);
	g_assert_cmpint(timestamp_of(1700000000, 5), ==, G_GINT64_CONSTANT(1700000000000000005));
	g_assert_cmpint(timestamp_of(G_GINT64_CONSTANT(10000000000), 0), ==, MOST);
	g_assert_cmpint(timestamp_of(G_GINT64_CONSTANT(-10000000000), 0), ==, LEAST);
}

static void
test_double(void)
{
	g_assert_cmpint(timestamp_from_double(-2.9), ==, -2);
	g_assert_cmpint(timestamp_from_double(1e18), ==, G_GINT64_CONSTANT(1000000000000000000));
	g_assert_cmpint(timestamp_from_double(1e19), ==, MOST);
	g_assert_cmpint(timestamp_from_double((double)MOST), ==, MOST);
	g_assert_cmpint(timestamp_from_double(-1e30), ==, -MOST);
	g_assert_cmpint(timestamp_from_double(INFINITY), ==, MOST);
	g_assert_cmpint(timestamp_from_double(NAN), ==, -MOST);
}

static void
test_texts(void)
{
	static const struct {
		gint64 ns;
		guint width;
		const char *text;
	} cases[] = {
		{ G_GINT64_CONSTANT(1234567890), 20, "1.234567" },
		{ G_GINT64_CONSTANT(1234567890), 4, "1.23" },
		{ G_GINT64_CONSTANT(-1234567890), 20, "-1.234567" },
		{ MOST, 20, "9223372036.854775" },
		{ -MOST, 11, "-9223372036" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = timestamp_seconds(cases[i].ns, cases[i].width, FALSE);

		g_assert_cmpstr(text, ==, cases[i].text);
	}
	for (gint64 ns = LEAST;; ns = MOST) { /* whatever it is, it is written */
		g_autofree char *seconds = timestamp_nanoseconds(ns);
		g_autofree char *clock = timestamp_clock(ns, 15, FALSE);

		g_assert_cmpuint(strlen(seconds), <=, 21);
		g_assert_cmpuint(strlen(clock), ==, 15);
		if (ns == MOST)
			break;
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/timestamp/between", test_between);
	g_test_add_func("/timestamp/plus", test_plus);
	g_test_add_func("/timestamp/double", test_double);
	g_test_add_func("/timestamp/texts", test_texts);
	return g_test_run();
}
