/* SPDX-License-Identifier: MIT */
/* ask_paint.c - the open prompt, and below it what is wrong, or can come. */
#include <string.h>

#include "tui_private.h"
#include "prompt.h"

#include "pktladder/figure.h"
#include "pktladder/picture.h"
#include "pktladder/text.h"
#include "pktladder/trace.h"

typedef struct {
	GString *text;
	gboolean loud;
	int column;       /* that it is about, -1 none */
	GPtrArray *words; /* shown instead of a text; NULL none */
	guint chosen;     /* of them; G_MAXUINT none */
} Hint;

static void
filter_hint(const TuiState *state, const TuiModel *model G_GNUC_UNUSED, const char *text,
	    Hint *hint)
{
	gsize start, typed = tui_prompt_cursor(state->prompt[TUI_ASK_FILTER]);
	g_autoptr(GPtrArray) words = state->stem
					 ? filter_complete(state->stem, strlen(state->stem), &start)
					 : filter_complete(text, typed, &start);
	gboolean in_word = FALSE, unfinished = FALSE;
	g_autoptr(GError) error = NULL;

	if (!filter_is_blank(text))
		filter_unref(filter_new(text, &error));
	if (error) { /* one that goes when the last word is whole, or when more comes, is none yet
		      */
		hint->column = error->code - 1;
		in_word = words->len > 0 && typed == strlen(text) &&
			  hint->column == g_utf8_strlen(text, start);
		unfinished = in_word || hint->column >= g_utf8_strlen(text, -1);
	}
	hint->loud = error && (!unfinished || state->refused);
	if (state->stem || (in_word && !hint->loud)) {
		hint->words = g_steal_pointer(&words);
		hint->column = -1;
	} else {
		g_string_append(
		    hint->text,
		    error                    ? error->message
		    : !filter_is_blank(text) ? _("Enter applies it, Tab completes, Esc cancels.")
		    : state->selection.filter
			? _("Enter shows everything again. Tab shows the words.")
			: _("such as: retransmission and port 443. Tab shows the words."));
	}
}

static void
search_hint(const TuiState *state, const TuiModel *model G_GNUC_UNUSED, const char *text,
	    Hint *hint)
{
	if (!*text && state->search.text)
		g_string_printf(hint->text, _("Enter searches for \"%s\" again."),
				state->search.text);
	else
		g_string_append(
		    hint->text,
		    _("in labels, calls and payload; a capital letter makes the case count"));
}

static void
goto_hint(const TuiState *state, const TuiModel *model, const char *text, Hint *hint)
{
	const Trace *trace = model->ladder->trace;

	/* A sign or a dot alone can still become something. */
	hint->loud =
	    *text && !tui_is_place(text) && (state->refused || strspn(text, "+-. ") < strlen(text));
	g_string_printf(
	    hint->text,
	    _("a frame (1 to %u), a time (0.0 to %.6f s), or a step from here (+0.2, -0.2)"),
	    trace_n_packets(trace), tui_capture_seconds(trace));
}

/* Where only a part of the file has been read, the part does not get the name that is typed. */
static void
part_hint(const TuiModel *model, const char *name, Hint *hint)
{
	g_string_printf(hint->text, _("%s: it goes into %s.partial."), model->part, name);
}

static void
save_hint(const TuiState *state, const TuiModel *model, const char *text, Hint *hint)
{
	const Selection *selection = &state->selection;

	if (model->part && *text)
		part_hint(model, text, hint);
	else
		g_string_append(hint->text,
				selection->filter ? _("the rows that pass the filter, as pcapng")
				: selection->set ? _("the conversations that are marked, as pcapng")
				: selection->conversation != CONVERSATION_NONE
				    ? _("this conversation, as pcapng")
				    : _("all packets and calls, as pcapng"));
}

static void
figure_hint(const TuiState *state, const TuiModel *model, const char *text, Hint *hint)
{
	const FigureFormat *format = tui_figure_format(state, text);

	hint->loud = state->refused && !format;
	if (state->stem)
		hint->words = tui_words(state, TUI_ASK_FIGURE, state->stem).words;
	else if (format && model->part)
		part_hint(model, text, hint);
	else
		g_string_append(
		    hint->text,
		    hint->loud    ? _("The name's end says the format: Tab shows them.")
		    : format      ? (state->plot ? _("the plot: Enter writes what is shown of it")
						 : _(format->what))
		    : state->plot ? _("a name such as plot.svg; Tab shows the formats")
				  : _("a name such as handshake.svg; Tab shows the formats"));
}

/* A name that may still get its suffix is not wrong yet. */
static void
picture_hint(const TuiState *state, const TuiModel *model G_GNUC_UNUSED, const char *text,
	     Hint *hint)
{
	g_autofree char *suffixes = picture_suffixes();

	hint->loud = state->refused;
	if (!state->refused && *text && picture_of_path(text))
		g_string_append(hint->text,
				_("Enter writes the screen as it was before this line."));
	else
		g_string_printf(hint->text,
				state->refused
				    ? _("its suffix must be one of %s; Tab puts it there")
				    : _("its suffix says what it is: %s (Tab)"),
				suffixes);
}

/* Paints words, beginning so late that the chosen one is in view. */
static void
words_paint(const Hint *hint, guint y, guint x, guint columns, Grid *grid)
{
	guint first = 0, used = 0;

	for (guint i = 0; hint->chosen < hint->words->len && i <= hint->chosen; i++) {
		guint width = strlen(g_ptr_array_index(hint->words, i)) + 2;

		if (used + width > columns - x && i > 0) {
			first = i;
			used = 0;
		}
		used += width;
	}
	for (guint i = first; i < hint->words->len && x < columns; i++) {
		const char *word = g_ptr_array_index(hint->words, i);

		grid_put(grid, y, x, columns - x, word,
			 i == hint->chosen ? ROLE_MESSAGE : ROLE_FOOTER);
		x += strlen(word) + 2;
	}
}

/* Paints the hint from `x` on, or left of that, with a mark below the column that the hint is about
 * (negative: none). */
static void
hint_paint(const TuiState *state, const Hint *hint, int mark, guint y, guint x, Grid *grid)
{
	guint columns = state->columns, width = text_width(hint->text->str);

	if (hint->words) {
		words_paint(hint, y, x, columns, grid);
		return;
	}
	if (mark >= 0 && mark < (int)columns) {
		if (mark + 2 + width <= columns) { /* right of the mark, else left of it */
			x = mark + 2;
		} else {
			columns = mark > 0 ? mark - 1 : 0;
			x = columns > width ? columns - width : 0;
		}
		grid_put(grid, y, mark, 1, "^", ROLE_KEY);
	}
	tui_put_fit(state, grid, y, x, columns - MIN(columns, x), hint->text->str,
		    hint->loud ? ROLE_PROBLEM : ROLE_FOOTER);
}

void
tui_ask_paint(const TuiState *state, const TuiModel *model, Grid *grid)
{
	static const struct {
		const char *label;
		void (*hint)(const TuiState *state, const TuiModel *model, const char *text,
			     Hint *hint);
	} asks[N_TUI_ASKS] = {
		[TUI_ASK_FILTER] = { N_("filter:"), filter_hint },
		[TUI_ASK_SEARCH] = { N_("search:"), search_hint },
		[TUI_ASK_GOTO] = { N_("go to:"), goto_hint },
		[TUI_ASK_SAVE] = { N_("save as:"), save_hint },
		[TUI_ASK_FIGURE] = { N_("figure as:"), figure_hint },
		[TUI_ASK_PICTURE] = { N_("picture as:"), picture_hint },
	};
	TuiAsk ask = tui_asking(state);
	guint rows = tui_ask_rows(state), y = state->rows - rows;
	const char *typed = tui_prompt_text(state->prompt[ask]);
	g_autoptr(GString) text = g_string_new(NULL);
	Hint hint = { .text = text,
		      .column = -1,
		      .chosen = state->stem ? state->completion : G_MAXUINT };

	if (model->keys > 0 && model->searching) { /* Enter was pressed, and waits for that */
		g_string_assign(text, model->searching);
	} else if (state->replaces) {
		hint.loud = TRUE;
		g_string_printf(text, _("%s exists: Enter replaces it, Esc cancels."),
				state->path[ask]);
	} else {
		asks[ask].hint(state, model, typed, &hint);
	}

	int left = tui_prompt_paint(state->prompt[ask], _(asks[ask].label), hint.loud,
				    tui_is_ascii(state), y, state->columns, grid);
	/* In a low terminal: right of what is typed, where there is room. */
	guint beside = MAX(left, 0) + text_width(typed) + 3;

	if (rows > 1)
		hint_paint(state, &hint, hint.column < 0 ? -1 : left + hint.column, y + 1, 0, grid);
	else if (beside + 10 < state->columns)
		hint_paint(state, &hint, -1, y, beside, grid);
	g_clear_pointer(&hint.words, g_ptr_array_unref);
}
