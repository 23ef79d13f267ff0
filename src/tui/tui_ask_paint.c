/* tui_ask_paint.c - the open prompt, and below it what is wrong, or can come. */
#include <string.h>

#include "tui_ask.h"
#include "tui_complete.h"
#include "tui_goto.h"
#include "tui_prompt.h"

#include "pktladder/figure.h"
#include "pktladder/i18n.h"
#include "pktladder/picture.h"
#include "pktladder/text.h"

typedef struct {
	GString *text;
	gboolean loud;
	int column;       /* that it is about, -1 none */
	GPtrArray *words; /* shown instead of a text; NULL none */
	guint chosen;     /* of them; G_MAXUINT none */
} Hint;

static void
filter_hint(const TuiState *state, Hint *hint)
{
	g_auto(TuiFilterCheck) check = tui_filter_check(state);
	const char *text = tui_prompt_text(state->prompt[TUI_ASK_FILTER]);

	hint->loud = check.error && (!check.unfinished || state->refused);
	hint->chosen = state->stem ? state->completion : G_MAXUINT;
	if (state->stem || (check.in_word && !hint->loud))
		hint->words = g_steal_pointer(&check.words);
	else if (check.error)
		g_string_append(hint->text, check.error->message);
	else if (filter_is_blank(text))
		g_string_append(
		    hint->text,
		    state->selection.filter
			? _("Enter shows everything again. Tab shows the words.")
			: _("such as: retransmission and port 443. Tab shows the words."));
	else
		g_string_append(hint->text, _("Enter applies it, Tab completes, Esc cancels."));
	if (hint->text->len > 0 && check.error)
		hint->column = check.error->code - 1;
}

static void
search_hint(const TuiState *state, Hint *hint)
{
	const char *text = tui_prompt_text(state->prompt[TUI_ASK_SEARCH]);

	if (!*text && state->search.text)
		g_string_printf(hint->text, _("Enter searches for \"%s\" again."),
				state->search.text);
	else
		g_string_append(hint->text,
				_("in labels, calls and payload; a capital letter makes "
				  "the case count"));
}

static void
goto_hint(const TuiState *state, const TuiModel *model, Hint *hint)
{
	const char *text = tui_prompt_text(state->prompt[TUI_ASK_GOTO]);
	const Trace *trace = ladder_trace(model->ladder);

	/* A sign or a dot alone can still become something. */
	hint->loud =
	    *text && !tui_is_place(text) && (state->refused || strspn(text, "+-. ") < strlen(text));
	g_string_printf(hint->text,
			_("a frame (1 to %u), a time (0.0 to %.6f s), or a step from here "
			  "(+0.2, -0.2)"),
			trace_n_packets(trace), tui_capture_seconds(trace));
}

/* Where only a part has been read, it does not get the name that is typed. */
static void
part_hint(const TuiModel *model, const char *name, Hint *hint)
{
	g_string_append_printf(hint->text, _("%s: it goes into %s.partial."), model->part, name);
}

static void
save_hint(const TuiState *state, const TuiModel *model, Hint *hint)
{
	const char *text = tui_prompt_text(state->prompt[TUI_ASK_SAVE]);
	const Selection *selection = &state->selection;

	hint->loud = state->save_replaces;
	if (model->part && *text)
		part_hint(model, text, hint);
	else if (state->save_replaces)
		g_string_printf(hint->text, _("%s exists: Enter replaces it, Esc cancels."),
				state->save_path);
	else if (selection->filter)
		g_string_append(hint->text, _("the rows that pass the filter, as pcapng"));
	else if (selection->set)
		g_string_append(hint->text, _("the conversations that are marked, as pcapng"));
	else if (selection->conversation != CONVERSATION_NONE)
		g_string_append(hint->text, _("this conversation, as pcapng"));
	else
		g_string_append(hint->text, _("all packets and calls, as pcapng"));
}

static void
figure_hint(const TuiState *state, const TuiModel *model, Hint *hint)
{
	const char *text = tui_prompt_text(state->prompt[TUI_ASK_FIGURE]);
	const FigureFormat *format = tui_figure_format(state, text);

	hint->loud = state->save_replaces || (state->refused && !format);
	hint->chosen = state->stem ? state->completion : G_MAXUINT;
	if (state->save_replaces)
		g_string_printf(hint->text, _("%s exists: Enter replaces it, Esc cancels."),
				state->figure_path);
	else if (state->stem)
		hint->words = tui_words(state, TUI_ASK_FIGURE, state->stem).words;
	else if (hint->loud)
		g_string_append(hint->text, _("The name's end says the format: Tab shows them."));
	else if (format && model->part)
		part_hint(model, text, hint);
	else if (format && state->plot)
		g_string_append(hint->text, _("the plot: Enter writes what is shown of it"));
	else if (format)
		g_string_append(hint->text, _(format->what));
	else if (state->plot)
		g_string_append(hint->text, _("a name such as plot.svg; Tab shows the formats"));
	else
		g_string_append(hint->text, _("a name such as handshake.svg; Tab shows the formats"));
}

/* A name that may still get its suffix is not wrong yet. */
static void
picture_hint(const TuiState *state, Hint *hint)
{
	const char *text = tui_prompt_text(state->prompt[TUI_ASK_PICTURE]);
	g_autofree char *suffixes = picture_suffixes();

	hint->loud = state->picture_replaces || state->refused;
	if (state->picture_replaces)
		g_string_printf(hint->text, _("%s exists: Enter replaces it, Esc cancels."),
				state->picture_path);
	else if (state->refused)
		g_string_printf(hint->text, _("its suffix must be one of %s; Tab puts it there"),
				suffixes);
	else if (*text && picture_of_path(text))
		g_string_append(hint->text, _("Enter writes the screen as it was before this line."));
	else
		g_string_printf(hint->text, _("its suffix says what it is: %s (Tab)"), suffixes);
}

/* The first word of those that fit together with the chosen one. */
static guint
words_first(const Hint *hint, guint columns)
{
	guint first = 0, x = 0;

	if (hint->chosen >= hint->words->len)
		return 0;
	for (guint i = 0; i <= hint->chosen; i++) {
		guint width = strlen(g_ptr_array_index(hint->words, i)) + 2;

		if (x + width > columns && i > 0) {
			first = i;
			x = 0;
		}
		x += width;
	}
	return first;
}

static void
words_paint(const Hint *hint, guint y, guint x, guint columns, Grid *grid)
{
	for (guint i = words_first(hint, columns - x); i < hint->words->len && x < columns; i++) {
		const char *word = g_ptr_array_index(hint->words, i);

		grid_put(grid, y, x, columns - x, word,
			 i == hint->chosen ? ROLE_MESSAGE : ROLE_FOOTER);
		x += strlen(word) + 2;
	}
}

/* Below the prompt, with a mark below the column that it is about. */
static void
hint_paint(const TuiState *state, const Hint *hint, int left, guint y, Grid *grid)
{
	gboolean ascii = state->glyphs == GLYPHS_ASCII;
	guint columns = state->columns, width = text_width(hint->text->str), x = 0;
	int mark = hint->column < 0 ? -1 : left + hint->column;
	Role role = hint->loud ? ROLE_PROBLEM : ROLE_FOOTER;
	g_autofree char *fit = NULL;

	if (hint->words) {
		words_paint(hint, y, 0, columns, grid);
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
	fit = text_fit(hint->text->str, columns - MIN(columns, x), ascii);
	grid_put(grid, y, x, columns, fit, role);
}

/* In a low terminal: right of what is typed, where there is room. */
static void
hint_paint_beside(const TuiState *state, const Hint *hint, guint x, guint y, Grid *grid)
{
	g_autofree char *fit = NULL;

	if (x + 10 >= state->columns)
		return;
	if (hint->words) {
		words_paint(hint, y, x, state->columns, grid);
		return;
	}
	fit = text_fit(hint->text->str, state->columns - x, state->glyphs == GLYPHS_ASCII);
	grid_put(grid, y, x, state->columns - x, fit, hint->loud ? ROLE_PROBLEM : ROLE_FOOTER);
}

void
tui_ask_paint(const TuiState *state, const TuiModel *model, Grid *grid)
{
	static const char *const labels[] = {
		[TUI_ASK_FILTER] = N_("filter:"),
		[TUI_ASK_SEARCH] = N_("search:"),
		[TUI_ASK_GOTO] = N_("go to:"),
		[TUI_ASK_SAVE] = N_("save as:"),
		[TUI_ASK_FIGURE] = N_("figure as:"),
		[TUI_ASK_PICTURE] = N_("picture as:"),
	};
	G_STATIC_ASSERT(G_N_ELEMENTS(labels) == N_TUI_ASKS);
	TuiAsk ask = tui_asking(state);
	guint rows = tui_ask_rows(state), y = state->rows - rows;
	g_autoptr(GString) text = g_string_new(NULL);
	Hint hint = { .text = text, .column = -1, .chosen = G_MAXUINT };
	int left;

	if (model->keys > 0 && model->searching) /* Enter was pressed, and waits for that */
		g_string_assign(text, model->searching);
	else if (ask == TUI_ASK_FILTER)
		filter_hint(state, &hint);
	else if (ask == TUI_ASK_SEARCH)
		search_hint(state, &hint);
	else if (ask == TUI_ASK_GOTO)
		goto_hint(state, model, &hint);
	else if (ask == TUI_ASK_PICTURE)
		picture_hint(state, &hint);
	else if (ask == TUI_ASK_SAVE)
		save_hint(state, model, &hint);
	else
		figure_hint(state, model, &hint);
	left = tui_prompt_paint(state->prompt[ask], _(labels[ask]), hint.loud,
				state->glyphs == GLYPHS_ASCII, y, state->columns, grid);
	if (rows > 1)
		hint_paint(state, &hint, left, y + 1, grid);
	else
		hint_paint_beside(
		    state, &hint,
		    MAX(left, 0) + text_width(tui_prompt_text(state->prompt[ask])) + 3, y, grid);
	g_clear_pointer(&hint.words, g_ptr_array_unref);
}
