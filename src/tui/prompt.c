/* SPDX-License-Identifier: MIT */
#include "prompt.h"

#include <string.h>

#include "pktladder/text.h"
#include "tui_private.h"

#define TEXT_BYTES    1000 /* a line that one types is not longer */
#define HISTORY_LINES 50

TuiPrompt *
tui_prompt_new(void)
{
	TuiPrompt *prompt = g_new0(TuiPrompt, 1);

	prompt->text = g_string_new(NULL);
	prompt->history = g_ptr_array_new_with_free_func(g_free);
	return prompt;
}

void
tui_prompt_free(TuiPrompt *prompt)
{
	if (!prompt)
		return;
	g_string_free(prompt->text, TRUE);
	g_ptr_array_unref(prompt->history);
	g_free(prompt->draft);
	g_free(prompt);
}

static void
text_set(TuiPrompt *prompt, const char *text)
{
	g_string_assign(prompt->text, text);
	prompt->cursor = prompt->text->len;
}

void
tui_prompt_open(TuiPrompt *prompt, const char *text)
{
	text_set(prompt, text);
	g_clear_pointer(&prompt->draft, g_free);
	prompt->recalled = 0;
	prompt->open = TRUE;
}

gboolean
tui_prompt_is_open(const TuiPrompt *prompt)
{
	return prompt && prompt->open;
}

/* Moving: by a character with the marks on it. */

static gsize
place_before(const TuiPrompt *prompt, gsize at)
{
	const char *text = prompt->text->str, *p = text + at;

	while (p > text) {
		p = g_utf8_prev_char(p);
		if (!text_is_mark(g_utf8_get_char(p)))
			break;
	}
	return p - text;
}

static gsize
place_after(const TuiPrompt *prompt, gsize at)
{
	const char *p = prompt->text->str + at;

	if (*p)
		p = g_utf8_next_char(p);
	while (*p && text_is_mark(g_utf8_get_char(p)))
		p = g_utf8_next_char(p);
	return p - prompt->text->str;
}

static TuiPromptResult
erase(TuiPrompt *prompt, gsize from, gsize to)
{
	if (from == to)
		return PROMPT_MOVED;
	g_string_erase(prompt->text, from, to - from);
	prompt->cursor = from;
	return PROMPT_CHANGED;
}

static TuiPromptResult
insert(TuiPrompt *prompt, gunichar character)
{
	char bytes[6];
	int length = g_unichar_to_utf8(character, bytes);

	/* A mark needs something to stand on, and one is enough: as in text_escape(). */
	if (!text_is_harmless(character) || prompt->text->len + length > TEXT_BYTES)
		return PROMPT_MOVED;
	if (text_is_mark(character)) {
		const char *text = prompt->text->str, *before = text + prompt->cursor;

		if (before == text)
			return PROMPT_MOVED;
		before = g_utf8_prev_char(before);
		if (*before == ' ' || text_is_mark(g_utf8_get_char(before)))
			return PROMPT_MOVED;
	}
	g_string_insert_len(prompt->text, prompt->cursor, bytes, length);
	prompt->cursor += length;
	return PROMPT_CHANGED;
}

static TuiPromptResult
recall(TuiPrompt *prompt, int step)
{
	guint wanted = prompt->recalled + step;

	if (wanted > prompt->history->len) /* below 0, too */
		return PROMPT_MOVED;
	if (prompt->recalled == 0) {
		g_free(prompt->draft);
		prompt->draft = g_strdup(prompt->text->str);
	}
	prompt->recalled = wanted;
	text_set(prompt, wanted == 0
			     ? prompt->draft
			     : g_ptr_array_index(prompt->history, prompt->history->len - wanted));
	return PROMPT_CHANGED;
}

/* Characters that do what another key does. */
static const struct {
	gunichar character;
	TuiKey key;
} synonyms[] = {
	{ TUI_CONTROL('B'), TUI_KEY_LEFT },      { TUI_CONTROL('F'), TUI_KEY_RIGHT },
	{ TUI_CONTROL('A'), TUI_KEY_HOME },      { TUI_CONTROL('E'), TUI_KEY_END },
	{ TUI_CONTROL('H'), TUI_KEY_BACKSPACE }, { 0x7f, TUI_KEY_BACKSPACE },
	{ TUI_CONTROL('D'), TUI_KEY_DELETE },    { TUI_CONTROL('P'), TUI_KEY_UP },
	{ TUI_CONTROL('N'), TUI_KEY_DOWN },      { TUI_CONTROL('G'), TUI_KEY_ESCAPE },
};

static TuiKey
key_of(const TuiInput *input)
{
	if (input->key == TUI_KEY_CHARACTER)
		for (guint i = 0; i < G_N_ELEMENTS(synonyms); i++)
			if (synonyms[i].character == input->character)
				return synonyms[i].key;
	return input->key;
}

gboolean
tui_prompt_takes(const TuiInput *input)
{
	const guint others = 1 << TUI_KEY_NONE | 1 << TUI_KEY_PAGE_UP | 1 << TUI_KEY_PAGE_DOWN |
			     1 << TUI_KEY_WHEEL_UP | 1 << TUI_KEY_WHEEL_DOWN | 1 << TUI_KEY_CLICK |
			     1 << TUI_KEY_RESIZE;
	TuiKey key = key_of(input);

	if (key == TUI_KEY_CHARACTER)
		return input->character >= ' ' || input->character == TUI_CONTROL('U') ||
		       input->character == TUI_CONTROL('K') || input->character == TUI_CONTROL('W');
	return !(others >> key & 1);
}

static TuiPromptResult
move_to(TuiPrompt *prompt, gsize place)
{
	prompt->cursor = place;
	return PROMPT_MOVED;
}

TuiPromptResult
tui_prompt_input(TuiPrompt *prompt, const TuiInput *input)
{
	const char *text = prompt->text->str;
	gsize cursor = prompt->cursor, from;

	if (!tui_prompt_takes(input))
		return PROMPT_OTHER;
	switch (key_of(input)) {
	case TUI_KEY_LEFT:
		return move_to(prompt, place_before(prompt, cursor));
	case TUI_KEY_RIGHT:
		return move_to(prompt, place_after(prompt, cursor));
	case TUI_KEY_HOME:
		return move_to(prompt, 0);
	case TUI_KEY_END:
		return move_to(prompt, prompt->text->len);
	case TUI_KEY_BACKSPACE:
		return erase(prompt, place_before(prompt, cursor), cursor);
	case TUI_KEY_DELETE:
		return erase(prompt, cursor, place_after(prompt, cursor));
	case TUI_KEY_UP:
		return recall(prompt, +1);
	case TUI_KEY_DOWN:
		return recall(prompt, -1);
	case TUI_KEY_TAB:
		return PROMPT_COMPLETE;
	case TUI_KEY_BACKTAB:
		return PROMPT_COMPLETE_BACK;
	case TUI_KEY_ENTER:
		return PROMPT_ENTER;
	case TUI_KEY_ESCAPE:
		return PROMPT_CANCEL;
	default:
		break;
	}
	switch (input->character) {
	case TUI_CONTROL('U'):
		return erase(prompt, 0, cursor);
	case TUI_CONTROL('K'):
		return erase(prompt, cursor, prompt->text->len);
	case TUI_CONTROL('W'):
		for (from = cursor; from > 0 && text[from - 1] == ' ';)
			from--;
		while (from > 0 && text[from - 1] != ' ')
			from--;
		return erase(prompt, from, cursor);
	default:
		return insert(prompt, input->character);
	}
}

void
tui_prompt_complete(TuiPrompt *prompt, gsize start, const char *word)
{
	start = MIN(start, prompt->cursor);
	if (prompt->text->len - (prompt->cursor - start) + strlen(word) > TEXT_BYTES)
		return;
	g_string_erase(prompt->text, start, prompt->cursor - start);
	g_string_insert(prompt->text, start, word);
	prompt->cursor = start + strlen(word);
}

void
tui_prompt_accept(TuiPrompt *prompt)
{
	GPtrArray *history = prompt->history;
	guint i;

	prompt->open = FALSE;
	if (prompt->text->len == 0)
		return;
	if (g_ptr_array_find_with_equal_func(history, prompt->text->str, g_str_equal, &i))
		g_ptr_array_remove_index(history, i); /* it becomes the newest */
	if (history->len >= HISTORY_LINES)
		g_ptr_array_remove_index(history, 0);
	g_ptr_array_add(history, g_strdup(prompt->text->str));
}

int
tui_prompt_paint(const TuiPrompt *prompt, const char *label, gboolean loud, gboolean ascii, guint y,
		 guint columns, Grid *grid)
{
	guint x = grid_put(grid, y, 0, columns / 2, label, loud ? ROLE_MESSAGE : ROLE_KEY) + 1;
	guint room = columns > x ? columns - x : 1, skipped = 0;
	const char *text = prompt->text->str, *shown = text;
	g_autofree char *left = g_strndup(text, prompt->cursor);
	guint cursor = text_width(left);
	/* The cursor stands in the middle, so that what is around it is seen. */
	guint hidden = cursor < room ? 0 : cursor - room + 1 + room / 2;

	while (*shown && skipped < hidden) {
		skipped += text_character_width(g_utf8_get_char(shown));
		shown = g_utf8_next_char(shown);
	}
	while (*shown && text_is_mark(g_utf8_get_char(shown)))
		shown = g_utf8_next_char(shown);

	g_autofree char *before = g_strndup(shown, MAX(text + prompt->cursor - shown, 0));
	Cell *cell = grid_cell(grid, y, x + text_width(before));

	grid_put(grid, y, x, room, shown, ROLE_PLAIN);
	if (skipped > 0)
		grid_put(grid, y, x - 1, 1, ascii ? "<" : "‹", ROLE_FOOTER);
	if (cell)
		cell->selected = TRUE;
	return (int)x - (int)skipped;
}
