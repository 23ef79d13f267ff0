/* filter_token.c - a display filter's text in pieces. */
#include <string.h>

#include "filter_private.h"

static const struct {
	const char *text;
	TokenKind kind;
	Comparison comparison;
} signs[] = {
	/* The longer one first. */
	{ "&&", TOKEN_AND, COMPARE_NONE },      { "||", TOKEN_OR, COMPARE_NONE },
	{ "==", TOKEN_COMPARISON, COMPARE_IS }, { "!=", TOKEN_COMPARISON, COMPARE_IS_NOT },
	{ "<=", TOKEN_COMPARISON, COMPARE_LE }, { ">=", TOKEN_COMPARISON, COMPARE_GE },
	{ "=", TOKEN_COMPARISON, COMPARE_IS },  { "<", TOKEN_COMPARISON, COMPARE_LT },
	{ ">", TOKEN_COMPARISON, COMPARE_GT },  { "!", TOKEN_NOT, COMPARE_NONE },
	{ "(", TOKEN_OPEN, COMPARE_NONE },      { ")", TOKEN_CLOSE, COMPARE_NONE },
};

gboolean
filter_is_word_character(char c)
{
	return g_ascii_isalnum(c) || (guchar)c >= 0x80 || (c != '\0' && strchr("._:/-", c));
}

static TokenKind
word_kind(const char *word)
{
	if (filter_word_equal(word, "and"))
		return TOKEN_AND;
	if (filter_word_equal(word, "or"))
		return TOKEN_OR;
	return filter_word_equal(word, "not") ? TOKEN_NOT : TOKEN_WORD;
}

static void
token_take(FilterToken *token, TokenKind kind, gsize length)
{
	gsize kept = MIN(length, sizeof token->word - 1);

	memcpy(token->word, token->start, kept);
	token->word[kept] = '\0';
	token->kind = kind == TOKEN_WORD ? word_kind(token->word) : kind;
	token->next = token->start + length;
}

void
filter_token_next(FilterToken *token)
{
	const char *p = token->next;
	gsize length = 0;

	while (g_ascii_isspace(*p))
		p++;
	token->start = p;
	token->comparison = COMPARE_NONE;
	while (filter_is_word_character(p[length]))
		length++;
	if (*p == '\0') {
		token_take(token, TOKEN_END, 0);
		return;
	}
	if (length > 0) {
		token_take(token, TOKEN_WORD, length);
		return;
	}
	for (guint i = 0; i < G_N_ELEMENTS(signs); i++) {
		if (!g_str_has_prefix(p, signs[i].text))
			continue;
		token->comparison = signs[i].comparison;
		token_take(token, signs[i].kind, strlen(signs[i].text));
		return;
	}
	token_take(token, TOKEN_ODD, g_utf8_next_char(p) - p);
}
