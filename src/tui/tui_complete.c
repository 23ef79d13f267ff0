/* tui_complete.c - Tab in a prompt: words of the filter, suffixes of file names. */
#include <string.h>

#include "tui_ask.h"
#include "tui_prompt.h"

#include "pktladder/picture.h"

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
			g_ptr_array_add(words->words, g_strconcat(".", suffixes[0], NULL));
	}
	words->start = start;
	if (words->words->len > 0 || !*begun)
		return;
	figure_collect(state, "", words);
	words->start = strlen(typed);
}

/* All of them, in the place of the one that is there or was begun. */
static void
picture_collect(const char *typed, TuiWords *words)
{
	const char *begun;

	words->start = suffix_start(typed, TRUE);
	if (!*typed || g_str_has_suffix(typed, "/"))
		return;
	begun = typed[words->start] ? typed + words->start + 1 : NULL;
	for (guint i = 0; pictures[i].suffix; i++) {
		g_ptr_array_add(words->words, g_strconcat(".", pictures[i].suffix, NULL));
		if (!begun || words->begun != G_MAXUINT ||
		    g_ascii_strncasecmp(begun, pictures[i].suffix, strlen(begun)) != 0)
			continue;
		words->begun = i;
		words->whole = strlen(begun) == strlen(pictures[i].suffix);
	}
}

TuiWords
tui_words(const TuiState *state, TuiAsk ask, const char *typed)
{
	TuiWords words = { .begun = G_MAXUINT };

	if (ask == TUI_ASK_FILTER)
		words.words = filter_complete(typed, strlen(typed), &words.start);
	else
		words.words = g_ptr_array_new_with_free_func(g_free);
	if (ask == TUI_ASK_FIGURE)
		figure_collect(state, typed, &words);
	else if (ask == TUI_ASK_PICTURE)
		picture_collect(typed, &words);
	return words;
}

void
tui_complete_step(TuiState *state, TuiAsk ask, int step)
{
	TuiPrompt *prompt = state->prompt[ask];
	g_autofree char *typed = g_steal_pointer(&state->stem);
	gboolean again = typed != NULL;

	if (!again)
		typed = g_strndup(tui_prompt_text(prompt), tui_prompt_cursor(prompt));

	TuiWords words = tui_words(state, ask, typed);
	g_autoptr(GPtrArray) owned = words.words;
	guint n = owned->len;

	if (n == 0)
		return;
	/* from the word that stands there, or as from the one before the first */
	if (!again)
		state->completion = words.begun != G_MAXUINT ? words.begun : step > 0 ? n - 1 : 0;
	if (again || words.begun == G_MAXUINT || words.whole)
		state->completion = (state->completion + n + step) % n;
	tui_prompt_complete(prompt, words.start, g_ptr_array_index(owned, state->completion));
	if (ask == TUI_ASK_FILTER && n == 1) /* it is whole */
		tui_prompt_complete(prompt, tui_prompt_cursor(prompt), " ");
	else
		state->stem = g_steal_pointer(&typed);
}
