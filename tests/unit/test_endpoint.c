/* SPDX-License-Identifier: MIT */
/* test_endpoint.c - addresses with ports. */
#include <string.h>

#include "pktladder/endpoint.h"

static const guint8 loopback4[4] = { 127, 0, 0, 1 };
static const guint8 loopback6[16] = { [15] = 1 };
static const guint8 mapped[16] = { [10] = 0xff, [11] = 0xff, [12] = 127, [15] = 1 };

static void
assert_text(const Endpoint *endpoint, const char *expected)
{
	g_autofree char *text = endpoint_to_string(endpoint);

	g_assert_cmpstr(text, ==, expected);
	g_assert_cmpstr(endpoint_text(endpoint).text, ==, expected);
}

static void
test_print(void)
{
	static const guint8 longest[16] = { 0x20, 0x01, 0x0d, 0xb8, 0x11, 0x11, 0x22, 0x22,
					    0x33, 0x33, 0x44, 0x44, 0x55, 0x55, 0x66, 0x66 };
	Endpoint v4 = endpoint_make(4, loopback4, 5000);
	Endpoint v6 = endpoint_make(6, loopback6, 5000);
	Endpoint whole = endpoint_make(6, longest, 65535);
	Endpoint none = { 0 };

	assert_text(&v4, "127.0.0.1:5000");
	assert_text(&v6, "[::1]:5000");
	assert_text(&whole, "[2001:db8:1111:2222:3333:4444:5555:6666]:65535");
	assert_text(&none, "?");
	v4.port = v6.port = 0;
	assert_text(&v4, "127.0.0.1:0");
	assert_text(&v6, "[::1]:0");
	g_assert_cmpstr(address_text(&v4).text, ==, "127.0.0.1");
	g_assert_cmpstr(address_text(&v6).text, ==, "::1");
}

static void
test_mapped(void)
{
	Endpoint v4 = endpoint_make(4, loopback4, 80);
	Endpoint from_mapped = endpoint_make(6, mapped, 80);

	g_assert_true(endpoint_equal(&v4, &from_mapped));
	g_assert_cmpint(memcmp(&v4, &from_mapped, sizeof v4), ==, 0);
}

static void
test_equal(void)
{
	Endpoint a = endpoint_make(4, loopback4, 80);
	Endpoint b = endpoint_make(4, loopback4, 81);
	Endpoint c = endpoint_make(6, loopback6, 80);
	Endpoint unknown = endpoint_make(0, loopback4, 80);

	g_assert_true(endpoint_equal(&a, &a));
	g_assert_false(endpoint_equal(&a, &b));
	g_assert_false(endpoint_equal(&a, &c));
	g_assert_cmpuint(unknown.version, ==, 0);
	g_assert_cmpuint(unknown.address[0], ==, 0);
}

static void
test_any(void)
{
	static const guint8 zero[16];
	Endpoint any4 = endpoint_make(4, zero, 80), any6 = endpoint_make(6, zero, 0);
	Endpoint one = endpoint_make(6, loopback6, 80), none = { 0 };

	g_assert_true(endpoint_is_any(&any4));
	g_assert_true(endpoint_is_any(&any6));
	g_assert_false(endpoint_is_any(&one));
	g_assert_false(endpoint_is_any(&none));
}

static void
test_parse(void)
{
	static const struct {
		const char *text, *printed; /* NULL: it is none */
	} cases[] = {
		{ "127.0.0.1:5000", "127.0.0.1:5000" },
		{ "[127.0.0.1]:5000", "127.0.0.1:5000" }, /* in a comment that others wrote */
		{ "[::1]:5000", "[::1]:5000" },
		{ "127.0.0.1", "127.0.0.1:0" },
		{ "::1", "[::1]:0" },
		{ "::1:5000", "[::0.1.80.0]:0" }, /* all of it is an address */
		{ "127.0.0.1:0", "127.0.0.1:0" },
		{ "127.0.0.1:65536", NULL },
		{ "127.0.0.1:", NULL },
		{ "[::1:5000", NULL },
		{ "localhost:5000", NULL },
		{ "", NULL },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		Endpoint endpoint = { 0 };
		gboolean found = endpoint_parse(cases[i].text, &endpoint);
		g_autofree char *printed = found ? endpoint_to_string(&endpoint) : NULL;

		g_assert_cmpstr(printed, ==, cases[i].printed);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/endpoint/print", test_print);
	g_test_add_func("/endpoint/mapped", test_mapped);
	g_test_add_func("/endpoint/equal", test_equal);
	g_test_add_func("/endpoint/any", test_any);
	g_test_add_func("/endpoint/parse", test_parse);
	return g_test_run();
}
