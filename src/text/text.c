/* SPDX-License-Identifier: MIT */
/* text.c - makes text from outside harmless; widths; long numbers.
 *
 * Theory of operation. A terminal obeys control characters, and a reader is misled by characters
 * that are not seen or that turn the order of others. So what passes is only what takes its own
 * visible place: everything else is shown by its number. One combining mark passes after a visible
 * character, since names need it; a pile of them would climb over the rows above, and a grid's cell
 * holds one.
 */
#include "pktladder/text.h"

#include "pktladder/i18n.h"

#include <string.h>

/* Invisible, although their category says letter or mark: Unicode's
 * Default_Ignorable_Code_Point, as far as categories and width do not tell. */
static const struct {
	gunichar first, last;
} invisible[] = {
	{ 0x034f, 0x034f },   /* combining grapheme joiner */
	{ 0x115f, 0x1160 },   /* Hangul fillers */
	{ 0x17b4, 0x17b5 },   /* Khmer inherent vowels */
	{ 0x180b, 0x180f },   /* Mongolian variation selectors */
	{ 0x2800, 0x2800 },   /* Braille without dots */
	{ 0x3164, 0x3164 },   /* Hangul filler */
	{ 0xfe00, 0xfe0f },   /* variation selectors; they change widths, too */
	{ 0xffa0, 0xffa0 },   /* halfwidth Hangul filler */
	{ 0xe0100, 0xe01ef }, /* more variation selectors */
};

gboolean
text_is_mark(gunichar character)
{
	GUnicodeType type = g_unichar_type(character);

	return type == G_UNICODE_NON_SPACING_MARK || type == G_UNICODE_ENCLOSING_MARK;
}

gboolean
text_is_harmless(gunichar character)
{
	if (character < 0x7f)
		return character >= ' ';
	switch (g_unichar_type(character)) {
	case G_UNICODE_CONTROL:
	case G_UNICODE_FORMAT: /* bidi controls, joiners, tags, soft hyphen */
	case G_UNICODE_UNASSIGNED:
	case G_UNICODE_PRIVATE_USE:
	case G_UNICODE_SURROGATE:
	case G_UNICODE_LINE_SEPARATOR:
	case G_UNICODE_PARAGRAPH_SEPARATOR:
		return FALSE;
	default:
		break;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(invisible); i++)
		if (character >= invisible[i].first && character <= invisible[i].last)
			return FALSE;
	return !g_unichar_iszerowidth(character) || text_is_mark(character);
}

char *
text_escape(const char *bytes, gssize length)
{
	const char *p = bytes;
	const char *end = bytes + (length < 0 ? strlen(bytes) : (gsize)length);
	GString *text = g_string_sized_new(end - p);
	gboolean base = FALSE; /* a mark may stand on what was written last */

	while (p < end) {
		gunichar character = g_utf8_get_char_validated(p, end - p);
		gboolean broken = character >= (gunichar)-2; /* no UTF-8, or a NUL */
		gboolean mark = text_is_mark(character);
		gboolean passes = text_is_harmless(character) && (!mark || base);

		if (passes)
			g_string_append_unichar(text, character);
		else if (broken || character < 0x80)
			g_string_append_printf(text, "\\x%02x", (guchar)*p);
		else
			g_string_append_printf(text, "\\u{%04X}", character);
		base = passes && !mark && character != ' ';
		p = broken ? p + 1 : g_utf8_next_char(p);
	}
	return g_string_free(text, FALSE);
}

guint
text_character_width(gunichar character)
{
	if (g_unichar_iszerowidth(character))
		return 0;
	return g_unichar_iswide(character) ? 2 : 1;
}

guint
text_width(const char *text)
{
	guint width = 0;

	for (const char *p = text; *p; p = g_utf8_next_char(p))
		width += text_character_width(g_utf8_get_char(p));
	return width;
}

char *
text_fit(const char *text, guint columns, gboolean ascii)
{
	const char *p = text;
	guint used = 0;

	if (text_width(text) <= columns)
		return g_strdup(text);
	if (columns == 0)
		return g_strdup("");
	/* The loop ends: the whole text is wider. */
	while ((used += text_character_width(g_utf8_get_char(p))) < columns)
		p = g_utf8_next_char(p);
	return g_strdup_printf("%.*s%s", (int)(p - text), text, ascii ? "~" : "…");
}

gboolean
text_to_ns(const char *text, gsize length, gint64 *ns, guint *decimals)
{
	guint64 seconds = 0, fraction = 0, *part = &seconds;
	gsize digits = 0, behind = 0;

	if (length > 1 && g_ascii_tolower(text[length - 1]) == 's')
		length--;
	for (gsize i = 0; i < length; i++) {
		if (text[i] == '.' && part == &seconds) {
			part = &fraction;
			continue;
		}
		if (!g_ascii_isdigit(text[i]) || behind == 9 || seconds > G_MAXUINT32)
			return FALSE;
		*part = *part * 10 + (text[i] - '0');
		behind += part == &fraction;
		digits++;
	}
	if (digits == 0 || seconds > G_MAXUINT32)
		return FALSE;
	for (gsize i = behind; i < 9; i++)
		fraction *= 10;
	*ns = seconds * G_GINT64_CONSTANT(1000000000) + fraction;
	*decimals = behind;
	return TRUE;
}

/* Long numbers. */

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
