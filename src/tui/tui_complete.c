#include "tui_complete.h"

#include <string.h>

#include "pktladder/picture.h"
#include "tui_ask.h"
#include "tui_prompt.h"

static void
filter_collect(const TuiState *state G_GNUC_UNUSED, const char *typed, TuiWords *words)
{
	g_ptr_array_unref(words->words);
	words->words = filter_complete(typed, strlen(typed), &words->start);
}

static void
suffix_add(TuiWords *words, const char *suffix)
{
	g_ptr_array_add(words->words, g_strdup_printf(".%s", suffix));
}

/* Where a name's suffix begins with its point, or would; `named`: not with the
 * name's first byte, since a suffix alone is no name. */
static gsize
suffix_start(const char *name, gboolean named)
{
	const char *slash = strrchr(name, '/');
	const char *base = slash ? slash + 1 : name;
	const char *point = strrchr(base, '.');

	return point && (!named || point > base) ? (gsize)(point - name) : strlen(name);
}

/* What is behind the point and no beginning of a format belongs to the name. */
static void
figure_collect(const TuiState *state, const char *typed, TuiWords *words)
{
	gsize start = suffix_start(typed, FALSE);
	const char *begun = typed[start] ? typed + start + 1 : "";

	for (const FigureFormat *format = figure_formats; format->id; format++) {
		g_auto(GStrv) suffixes = g_strsplit(format->suffixes, " ", 2);

		if (tui_figure_fits(state, format) && g_str_has_prefix(suffixes[0], begun))
			suffix_add(words, suffixes[0]);
	}
	words->start = start;
	if (words->words->len > 0 || !*begun)
		return;
	figure_collect(state, "", words);
	words->start = strlen(typed);
}

/* All of them, in the place of the one that is there or was begun. */
static void
picture_collect(const TuiState *state G_GNUC_UNUSED, const char *typed, TuiWords *words)
{
	const char *begun;

	words->start = suffix_start(typed, TRUE);
	if (!*typed || g_str_has_suffix(typed, "/"))
		return;
	begun = typed[words->start] ? typed + words->start + 1 : NULL;
	for (guint i = 0; pictures[i].suffix; i++) {
		suffix_add(words, pictures[i].suffix);
		if (!begun || words->begun != G_MAXUINT ||
		    g_ascii_strncasecmp(begun, pictures[i].suffix, strlen(begun)) != 0)
			continue;
		words->begun = i;
		words->whole = strlen(begun) == strlen(pictures[i].suffix);
	}
}

static const struct {
	void (*collect)(const TuiState *state, const char *typed, TuiWords *words);
	gboolean spaced; /* the only word gets a space behind it */
} completions[N_TUI_ASKS] = {
	[TUI_ASK_FILTER] = { filter_collect, TRUE },
	[TUI_ASK_FIGURE] = { figure_collect, FALSE },
	[TUI_ASK_PICTURE] = { picture_collect, FALSE },
};

TuiWords
tui_words(const TuiState *state, TuiAsk ask, const char *typed)
{
	TuiWords words = { .words = g_ptr_array_new_with_free_func(g_free), .begun = G_MAXUINT };

	if (completions[ask].collect)
		completions[ask].collect(state, typed, &words);
	return words;
}

void
tui_words_clear(TuiWords *words)
{
	g_clear_pointer(&words->words, g_ptr_array_unref);
}

static guint
words_next(const TuiWords *words, guint from, int step)
{
	return (from + words->words->len + step) % words->words->len;
}

static guint
words_first(const TuiWords *words, int step)
{
	if (words->begun == G_MAXUINT)
		return step > 0 ? 0 : words->words->len - 1;
	return words->whole ? words_next(words, words->begun, step) : words->begun;
}

void
tui_complete_step(TuiState *state, TuiAsk ask, int step)
{
	TuiPrompt *prompt = state->prompt[ask];
	g_autofree char *typed = g_steal_pointer(&state->stem);
	gboolean again = typed != NULL;
	g_auto(TuiWords) words = { 0 };

	if (!again)
		typed = g_strndup(tui_prompt_text(prompt), tui_prompt_cursor(prompt));
	words = tui_words(state, ask, typed);
	if (words.words->len == 0)
		return;
	state->completion = again ? words_next(&words, state->completion, step)
				  : words_first(&words, step);
	tui_prompt_complete(prompt, words.start, g_ptr_array_index(words.words, state->completion));
	if (completions[ask].spaced && words.words->len == 1)
		tui_prompt_complete(prompt, tui_prompt_cursor(prompt), " ");
	else
		state->stem = g_steal_pointer(&typed);
}
