/* SPDX-License-Identifier: MIT */
/* filter.c - reads display filters: a recursive descent over
 *
 *	any  = all { ("or" | "||") all }
 *	all  = not { ["and" | "&&"] not }
 *	not  = ("not" | "!") not | "(" any ")" | term
 *	term = WORD | FIELD [comparison] value | ("src" | "dst") ["port" | "host"] value
 *
 * that writes the operations down as it goes (filter_private.h). Completion is
 * the same reading, of the text before the word: what was expected at its end is
 * what can stand there.
 */
#include <string.h>

#include "filter_private.h"

#include "pktladder/text.h"

#define MAX_BYTES 4096
#define MAX_DEPTH 50

G_DEFINE_QUARK(pktladder - filter - error, filter_error)

/* Pieces of the text, and the numbers, times and addresses in it. */

typedef enum {
	TOKEN_END,
	TOKEN_WORD,
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_AND,
	TOKEN_OR,
	TOKEN_NOT,
	TOKEN_IS, /* from here to TOKEN_GE: comparisons */
	TOKEN_IS_NOT,
	TOKEN_LT,
	TOKEN_LE,
	TOKEN_GT,
	TOKEN_GE,
	TOKEN_ODD, /* nothing of a filter */
} TokenKind;

typedef struct {
	const char *next; /* behind it */
	TokenKind kind;
	const char *start; /* of it */
	char word[128];    /* TOKEN_WORD, cut where it is longer; TOKEN_ODD */
} FilterToken;

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

static gboolean
is_word_character(char c)
{
	return g_ascii_isalnum(c) || (guchar)c >= 0x80 || (c != '\0' && strchr("._:/-", c));
}

/* Goes on to the next one. */
static void
token_next(FilterToken *token)
{
	const char *p = token->next;
	gsize length = 0, kept;

	while (g_ascii_isspace(*p))
		p++;
	token->start = p;
	token->kind = *p ? TOKEN_WORD : TOKEN_END;
	while (is_word_character(p[length]))
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

typedef struct {
	gint64 value;
	gint64 span; /* how much is meant by it where it stands alone: "1.5" is 1.5 to 1.6 s */
	gint64 edge; /* and as the end of a range: of a microsecond, all of it */
} FilterNumber;

/* A field's number, or its time, in `length` bytes; FALSE where it is none, or too great. */
static gboolean
number_read(const FilterWord *field, const char *text, gsize length, FilterNumber *number)
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

/* "10.0.0.1", "10.0.0.0/8", "::1": the operation's host and bits. */
static gboolean
address_read(const char *text, Operation *operation)
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

/* Reading. */

typedef struct {
	const char *text;
	FilterToken token;
	GArray *operations;
	guint depth;
	guint expect; /* FilterExpect: what could have stood where the text ends */
	GError **error;
} Parser;

/* Sets an error that points at the token. */
G_GNUC_PRINTF(2, 3)
static gboolean
fail(Parser *parser, const char *format, ...)
{
	guint column = g_utf8_strlen(parser->text, parser->token.start - parser->text) + 1;
	va_list arguments;

	if (parser->token.kind != TOKEN_END)
		parser->expect = EXPECT_NOTHING;
	va_start(arguments, format);
	g_autofree char *what = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_set_error(parser->error, FILTER_ERROR, column, _("column %u: %s"), column, what);
	return FALSE;
}

static guint
emit(Parser *parser, Operation operation)
{
	g_array_append_val(parser->operations, operation);
	return parser->operations->len - 1;
}

/* Values. */

static gboolean
fail_number(Parser *parser, const FilterWord *field)
{
	if (field->value == VALUE_TIME)
		return fail(
		    parser,
		    _("expected seconds since the start after \"%s\", such as 1.5 or 1.5-2.25"),
		    field->word);
	if (parser->token.kind == TOKEN_WORD &&
	    strspn(parser->token.word, "0123456789") == strlen(parser->token.word))
		return fail(parser, _("\"%s\" goes from 0 to %u"), field->word, (guint)field->high);
	return fail(parser, _("expected a number after \"%s\", such as 80 or 10-20"), field->word);
}

/* "N", "N-M", "N-", "-M"; behind "<", "<=", ">" or ">=" a number alone. */
static gboolean
number_parse(Parser *parser, const FilterWord *field, TokenKind comparison, Operation *operation)
{
	const char *word = parser->token.word, *dash = strchr(word, '-');
	FilterNumber low = { 0 }, high = { .value = G_MAXINT64 - 1, .edge = 1 };
	gboolean below = comparison == TOKEN_LT || comparison == TOKEN_LE;
	gboolean above = comparison == TOKEN_GT || comparison == TOKEN_GE;

	if (parser->token.kind != TOKEN_WORD || g_str_equal(word, "-"))
		return fail_number(parser, field);
	if (!dash || below || above) {
		if (!number_read(field, word, strlen(word), &low))
			return fail_number(parser, field);
		operation->low =
		    below ? G_MININT64 : low.value + (comparison == TOKEN_GT ? low.edge : 0);
		operation->high = above                    ? G_MAXINT64
				  : comparison == TOKEN_LT ? low.value - 1
				  : comparison == TOKEN_LE ? low.value + low.edge - 1
							   : low.value + low.span - 1;
		return TRUE;
	}
	if ((dash > word && !number_read(field, word, dash - word, &low)) ||
	    (dash[1] && !number_read(field, dash + 1, strlen(dash + 1), &high)))
		return fail_number(parser, field);
	if (low.value > high.value)
		return fail(parser, _("the range %s ends before it begins"), word);
	operation->low = low.value;
	operation->high = high.value + high.edge - 1;
	return TRUE;
}

/* Terms. */

static gboolean
field_parse(Parser *parser, const FilterWord *field, FilterEnd end)
{
	Operation operation = { .op = OP_TEST, .test = field->test, .end = end };
	TokenKind comparison = parser->token.kind;
	gboolean equality = comparison == TOKEN_IS || comparison == TOKEN_IS_NOT;
	const char *word = parser->token.word;

	if (comparison >= TOKEN_IS && comparison <= TOKEN_GE) {
		if (field->value == VALUE_SIDE || (field->test == TEST_HOST && !equality))
			return fail(parser, _("\"%s\" cannot be compared like this"), field->word);
		operation.outside = comparison == TOKEN_IS_NOT;
		token_next(&parser->token);
	}
	parser->expect = field->value == VALUE_SIDE ? EXPECT_SIDE : EXPECT_VALUE;
	if (field->value == VALUE_SIDE) {
		gboolean client = filter_word_equal(word, "client");

		operation.mask = client ? SIDE_CLIENT : SIDE_SERVER;
		if (!client && !filter_word_equal(word, "server"))
			return fail(parser, _("expected \"client\" or \"server\" after \"from\""));
	} else if (field->test == TEST_HOST) {
		if (!address_read(word, &operation))
			return fail(
			    parser,
			    _("expected an address after \"%s\", such as 10.0.0.1, 10.0.0.0/8 or "
			      "2001:db8::1"),
			    field->word);
	} else if (!number_parse(parser, field, comparison, &operation)) {
		return FALSE;
	}
	token_next(&parser->token);
	emit(parser, operation);
	return TRUE;
}

static gboolean
fail_word(Parser *parser)
{
	g_autofree char *word = text_escape(parser->token.word, -1);
	const char *near = filter_word_near(parser->token.word);
	Operation ignored;

	if (g_ascii_isdigit(word[0]) && address_read(parser->token.word, &ignored))
		return fail(parser, _("say what this address is: host %s, src %s or dst %s"), word,
			    word, word);
	if (word[0] == '-' || strspn(word, "0123456789.-") == strlen(word))
		return fail(
		    parser,
		    _("say what this number is, such as \"port 80\"; a range has no spaces: "
		      "10-20"));
	if (near)
		return fail(parser, _("filters have no word \"%s\"; is \"%s\" meant?"), word, near);
	return fail(parser, _("filters have no word \"%s\""), word);
}

static gboolean
term_parse(Parser *parser)
{
	FilterWord word, field;

	if (!filter_word_find(parser->token.word, &word))
		return fail_word(parser);
	token_next(&parser->token);
	if (word.value == VALUE_NONE) {
		emit(parser, (Operation){ .op = OP_TEST, .test = word.test, .mask = word.mask });
		return TRUE;
	}
	if (word.value != VALUE_END)
		return field_parse(parser, &word, END_EITHER);
	/* "src port 80", "src host 10.0.0.1", "src 10.0.0.1" */
	parser->expect = EXPECT_PORT;
	if (parser->token.kind == TOKEN_END)
		return fail(parser, _("expected \"port\", \"host\" or an address after \"%s\""),
			    word.word);
	if (parser->token.kind != TOKEN_WORD || !filter_word_find(parser->token.word, &field) ||
	    (field.test != TEST_PORT && field.value != VALUE_HOST))
		return field_parse(parser, &word, word.end);
	token_next(&parser->token);
	return field_parse(parser, &field, word.end);
}

/* The rest of the grammar. `after`: the word before, for the error. */

static gboolean series_parse(Parser *parser, gboolean any, const char *after);

static gboolean
fail_odd(Parser *parser)
{
	g_autofree char *odd = text_escape(parser->token.word, -1);

	return fail(parser, _("\"%s\" has no meaning in a filter"), odd);
}

static gboolean
not_parse(Parser *parser, const char *after)
{
	TokenKind kind = parser->token.kind;

	parser->expect = EXPECT_TERM;
	if (kind == TOKEN_WORD)
		return term_parse(parser);
	if (kind == TOKEN_ODD)
		return fail_odd(parser);
	if (kind != TOKEN_OPEN && kind != TOKEN_NOT && after)
		return fail(parser, _("expected a condition after \"%s\", such as syn or port 80"),
			    after);
	if (kind != TOKEN_OPEN && kind != TOKEN_NOT)
		return fail(parser, _("expected a condition, such as syn or port 80"));
	if (parser->depth == MAX_DEPTH)
		return fail(parser, _("more than %d parentheses and \"not\" are inside each other"),
			    MAX_DEPTH);
	parser->depth++;
	token_next(&parser->token);
	if (!(kind == TOKEN_OPEN ? series_parse(parser, TRUE, "(") : not_parse(parser, "not")))
		return FALSE;
	parser->depth--;
	if (kind == TOKEN_NOT) {
		emit(parser, (Operation){ .op = OP_NOT });
		return TRUE;
	}
	parser->expect = EXPECT_AND;
	if (parser->token.kind != TOKEN_CLOSE)
		return fail(parser, parser->token.kind == TOKEN_END
					? _("expected a closing parenthesis")
					: _("expected \"and\", \"or\" or a closing parenthesis"));
	token_next(&parser->token);
	return TRUE;
}

/* Conditions joined by "and", or by nothing; with `any`, such series joined by "or". */
static gboolean
series_parse(Parser *parser, gboolean any, const char *after)
{
	const TokenKind join = any ? TOKEN_OR : TOKEN_AND, *kind = &parser->token.kind;
	gboolean said;
	guint jump;

	if (!(any ? series_parse(parser, FALSE, after) : not_parse(parser, after)))
		return FALSE;
	while (*kind == join ||
	       (!any && (*kind == TOKEN_WORD || *kind == TOKEN_OPEN || *kind == TOKEN_NOT))) {
		said = *kind == join;
		jump = emit(parser, (Operation){ .op = any ? OP_JUMP_IF : OP_JUMP_UNLESS });
		if (said)
			token_next(&parser->token);
		if (!(any ? series_parse(parser, FALSE, "or")
			  : not_parse(parser, said ? "and" : NULL)))
			return FALSE;
		g_array_index(parser->operations, Operation, jump).jump = parser->operations->len;
	}
	return TRUE;
}

static gboolean
filter_parse(Parser *parser)
{
	parser->token.next = parser->token.start = parser->text;
	if (!g_utf8_validate(parser->text, -1, NULL) || strlen(parser->text) > MAX_BYTES)
		return fail(parser, _("a filter is UTF-8 text of at most %d bytes"), MAX_BYTES);
	token_next(&parser->token);
	if (!series_parse(parser, TRUE, NULL))
		return FALSE;
	parser->expect = EXPECT_AND;
	if (parser->token.kind == TOKEN_END)
		return TRUE;
	if (parser->token.kind == TOKEN_CLOSE)
		return fail(parser, _("there is no opening parenthesis for this one"));
	if (parser->token.kind == TOKEN_ODD)
		return fail_odd(parser);
	return fail(parser, _("\"%s\" needs something with a number before it, such as len"),
		    parser->token.word);
}

/* Filters. */

Filter *
filter_new(const char *text, GError **error)
{
	g_autoptr(GArray) operations = g_array_new(FALSE, TRUE, sizeof(Operation));
	Parser parser = { .text = text, .operations = operations, .error = error };

	if (!filter_parse(&parser))
		return NULL;
	Filter *filter =
	    g_atomic_rc_box_alloc0(sizeof *filter + operations->len * sizeof(Operation));
	filter->text = text_escape(text, -1);
	filter->length = operations->len;
	memcpy(filter->operations, operations->data, operations->len * sizeof(Operation));
	return filter;
}

Filter *
filter_ref(Filter *filter)
{
	return filter ? g_atomic_rc_box_acquire(filter) : NULL;
}

static void
filter_clear(gpointer data)
{
	g_free(((Filter *)data)->text);
}

void
filter_unref(Filter *filter)
{
	if (filter)
		g_atomic_rc_box_release_full(filter, filter_clear);
}

gboolean
filter_is_blank(const char *text)
{
	return text[strspn(text, " \f\n\r\t")] == '\0';
}

const char *
filter_text(const Filter *filter)
{
	return filter->text;
}

GPtrArray *
filter_complete(const char *text, gsize cursor, gsize *start)
{
	g_autofree char *before = g_strndup(text, cursor);
	g_autoptr(GArray) operations = g_array_new(FALSE, TRUE, sizeof(Operation));
	Parser parser = { .text = before, .operations = operations };

	*start = strlen(before);
	while (*start > 0 && is_word_character(before[*start - 1]))
		(*start)--;
	g_autofree char *stem = g_strdup(before + *start);
	before[*start] = '\0';
	filter_parse(&parser);
	/* What stands side by side needs no "and"; but who asks for nothing special wants that. */
	if ((parser.expect & EXPECT_AND) && *stem)
		parser.expect |= EXPECT_TERM;
	return filter_words(parser.expect, stem);
}
