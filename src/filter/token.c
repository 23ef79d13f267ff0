/* SPDX-License-Identifier: MIT */
/* token.c - a display filter's text in pieces, and the numbers, times and addresses in it. */
#include <string.h>

#include "filter_private.h"

#include "pktladder/text.h"

#define NS_PER_S G_GINT64_CONSTANT(1000000000)

static const struct {
	const char *text;
	TokenKind kind;
} signs[] = {
	/* The longer one first. */
	{ "&&", TOKEN_AND }, { "||", TOKEN_OR }, { "==", TOKEN_IS },  { "!=", TOKEN_IS_NOT },
	{ "<=", TOKEN_LE },  { ">=", TOKEN_GE }, { "=", TOKEN_IS },   { "<", TOKEN_LT },
	{ ">", TOKEN_GT },   { "!", TOKEN_NOT }, { "(", TOKEN_OPEN }, { ")", TOKEN_CLOSE },
};

gboolean
filter_is_word_character(char c)
{
	return g_ascii_isalnum(c) || (guchar)c >= 0x80 || (c != '\0' && strchr("._:/-", c));
}

void
filter_token_next(FilterToken *token)
{
	const char *p = token->next;
	gsize length = 0, kept;

	while (g_ascii_isspace(*p))
		p++;
	token->start = p;
	token->kind = *p ? TOKEN_WORD : TOKEN_END;
	while (filter_is_word_character(p[length]))
		length++;
	if (length == 0 && *p) {
		token->kind = TOKEN_ODD;
		length = g_utf8_next_char(p) - p;
		for (guint i = 0; i < G_N_ELEMENTS(signs) && token->kind == TOKEN_ODD; i++) {
			if (!g_str_has_prefix(p, signs[i].text))
				continue;
			token->kind = signs[i].kind;
			length = strlen(signs[i].text);
		}
	}
	kept = MIN(length, sizeof token->word - 1);
	memcpy(token->word, p, kept);
	token->word[kept] = '\0';
	token->next = p + length;
	if (filter_word_equal(token->word, "and"))
		token->kind = TOKEN_AND;
	else if (filter_word_equal(token->word, "or"))
		token->kind = TOKEN_OR;
	else if (filter_word_equal(token->word, "not"))
		token->kind = TOKEN_NOT;
}

gboolean
filter_number_read(const FilterWord *field, const char *text, gsize length, FilterNumber *number)
{
	guint decimals;

	*number = (FilterNumber){ 0, 1, 1 };
	if (field->value == VALUE_TIME) {
		if (!text_to_ns(text, length, &number->value, &decimals))
			return FALSE;
		number->edge = decimals == 6 ? 1000 : 1;
		number->span = NS_PER_S;
		for (guint i = 0; i < decimals; i++)
			number->span /= 10;
		return TRUE;
	}
	for (gsize i = 0; i < length; i++) {
		if (!g_ascii_isdigit(text[i]) || number->value > field->high)
			return FALSE;
		number->value = number->value * 10 + (text[i] - '0');
	}
	return length > 0 && number->value <= field->high;
}

gboolean
filter_address_read(const char *text, Operation *operation)
{
	g_auto(GStrv) parts = g_strsplit(text, "/", 2);
	Endpoint *host = &operation->host;
	guint64 bits = strchr(text, ':') ? 128 : 32;

	if (!parts[0] || !address_parse(parts[0], host) ||
	    (parts[1] && !g_ascii_string_to_unsigned(parts[1], 10, 0, bits, &bits, NULL)))
		return FALSE;
	if (host->version == 4 && strchr(text, ':')) /* ::ffff:a.b.c.d: on the wire it is IPv4 */
		bits = MAX(bits, 96) - 96;
	operation->bits = bits;
	return TRUE;
}
