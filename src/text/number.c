/* SPDX-License-Identifier: MIT */
#include "pktladder/text.h"

#include "pktladder/i18n.h"

#include <string.h>

char *
number_group(guint64 number, const char *separator, guint least)
{
	g_autofree char *digits = g_strdup_printf("%" G_GUINT64_FORMAT, number);
	gsize n = strlen(digits);
	GString *text = g_string_new(NULL);

	if (n < least)
		separator = "";
	for (gsize i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0)
			g_string_append(text, separator);
		g_string_append_c(text, digits[i]);
	}
	return g_string_free(text, FALSE);
}

char *
number_text(guint64 number)
{
	/* TRANSLATORS: how your language writes twelve thousand three hundred forty-five,
	 * in these very digits: between the 2 and the 3 stands what divides groups. */
	const char *many = _("12,345");
	/* TRANSLATORS: the same of four digits: with or without a sign. */
	const char *few = _("1,234");
	gsize n = strlen(many);
	gboolean usable = g_str_has_prefix(many, "12") && g_str_has_suffix(many, "345");
	g_autofree char *separator = usable ? g_strndup(many + 2, n - 5) : g_strdup(",");

	return number_group(number, separator, g_str_equal(few, "1234") ? 5 : 4);
}
