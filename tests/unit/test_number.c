/* SPDX-License-Identifier: MIT */
/* Numbers in groups of three. */
#include "pktladder/text.h"

#define NO_BREAK "\xc2\xa0"

static const struct {
	guint64 number;
	const char *english, *spanish;
} cases[] = {
	{ 0, "0", "0" },
	{ 7, "7", "7" },
	{ 999, "999", "999" },
	{ 1000, "1,000", "1000" },
	{ 9999, "9,999", "9999" },
	{ 12345, "12,345", "12" NO_BREAK "345" },
	{ 100000, "100,000", "100" NO_BREAK "000" },
	{ 33304000, "33,304,000", "33" NO_BREAK "304" NO_BREAK "000" },
	{ G_MAXUINT64, "18,446,744,073,709,551,615",
	  "18" NO_BREAK "446" NO_BREAK "744" NO_BREAK "073" NO_BREAK "709" NO_BREAK "551" NO_BREAK
	  "615" },
};

static void
test_group(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *english = number_group(cases[i].number, ",", 4);
		g_autofree char *spanish = number_group(cases[i].number, NO_BREAK, 5);
		g_autofree char *plain = number_text(cases[i].number);

		g_assert_cmpstr(english, ==, cases[i].english);
		g_assert_cmpstr(spanish, ==, cases[i].spanish);
		g_assert_cmpstr(plain, ==, cases[i].english); /* nothing is translated here */
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/number/group", test_group);
	return g_test_run();
}
