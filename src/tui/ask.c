/* SPDX-License-Identifier: MIT */
/* ask.c - the lines that ask for something: the display filter, a text to search for, a place to go
 * to, a file to save into, one for a figure or a picture; what becomes of the answers; and below
 * the line what is wrong, or can come.
 *
 * Theory of operation. The text that is typed is short, so it is read anew for each key and each
 * paint. A filter that only is not finished yet (its error is at the end, or its last word is the
 * beginning of one) says what can come; the prompt turns loud where it cannot be right however it
 * goes on, and where Enter was pressed.
 */
#include <string.h>

#include "pktladder/trace.h"
#include "tui_private.h"
#include "prompt.h"

#include "pktladder/figure.h"
#include "pktladder/picture.h"
#include "pktladder/sorted.h"
#include "pktladder/text.h"
#include "pktladder/timestamp.h"

TUI_COMMAND(tui_ask, ask)
{
	const Filter *filter = state->selection.filter;

	if (!state->prompt[ask])
		state->prompt[ask] = tui_prompt_new();
	tui_prompt_open(state->prompt[ask],
			ask == TUI_ASK_FILTER && filter ? filter_text(filter) : "");
	g_clear_pointer(&state->stem, g_free);
	state->refused = FALSE;
	state->replaces = FALSE;
}

/* ---- the filter ---- */

static TuiAction
filter_apply(TuiState *state, const TuiModel *model)
{
	TuiPrompt *prompt = state->prompt[TUI_ASK_FILTER];
	const char *text = prompt->text->str;
	Filter *filter = filter_is_blank(text) ? NULL : filter_new(text, NULL);

	if (!filter && !filter_is_blank(text)) {
		state->refused = TRUE;
		return TUI_NOTHING;
	}
	tui_prompt_accept(prompt);
	if (!filter && !state->selection.filter)
		return TUI_NOTHING;
	filter_unref(state->selection.filter);
	state->selection.filter = filter;
	return tui_selection_changed(state, model);
}

/* ---- searching ---- */

static TuiAction
search_apply(TuiState *state, const TuiModel *model G_GNUC_UNUSED)
{
	TuiPrompt *prompt = state->prompt[TUI_ASK_SEARCH];
	const char *text = prompt->text->str;

	tui_prompt_accept(prompt);
	if (*text) {
		g_free(state->search.text);
		state->search.text = g_strdup(text);
	}
	state->search.what = FIND_TEXT;
	state->search.backward = FALSE;
	return state->search.text ? TUI_SEARCH : TUI_NOTHING;
}

/* ---- going to a place ---- */

#define NS_PER_S 1e9

typedef enum { PLACE_FRAME, PLACE_TIME, PLACE_STEP } PlaceKind;

typedef struct {
	PlaceKind kind;
	guint32 frame;
	gint64 ns; /* since the start; or from the selected row */
} Place;

/* "123", "1.5" or "2s", "+0.2" or "-0.2". */
static gboolean
place_parse(const char *text, Place *place)
{
	g_autofree char *stripped = g_strstrip(g_strdup(text));
	gboolean sign = *stripped == '+' || *stripped == '-';
	const char *number = stripped + (sign ? 1 : 0);
	guint64 frame;
	guint decimals;

	if (!sign && g_ascii_string_to_unsigned(number, 10, 1, G_MAXUINT32, &frame, NULL)) {
		*place = (Place){ PLACE_FRAME, .frame = frame };
		return TRUE;
	}
	if (!sign && !strpbrk(number, ".sS"))
		return FALSE;
	place->kind = sign ? PLACE_STEP : PLACE_TIME;
	if (!text_to_ns(number, strlen(number), &place->ns, &decimals))
		return FALSE;
	if (*stripped == '-')
		place->ns = -place->ns;
	return TRUE;
}

static double
capture_seconds(const Trace *trace)
{
	guint32 length = trace_length(trace);

	return length == 0 ? 0
			   : timestamp_between(trace_start(trace),
					       trace_event(trace, length - 1)->time_ns) /
				 NS_PER_S;
}

void
tui_goto_settle(TuiState *state, const TuiModel *model)
{
	guint32 event = state->destination;

	if (event == EVENT_NONE ||
	    (model->ladder->taken <= event && !ladder_is_whole(model->ladder)))
		return;
	state->destination = EVENT_NONE;
	if (!tui_play_go(state, model, tui_row_near(model->ladder, event) + 1, 0))
		tui_row_go(state, model, tui_row_near(model->ladder, event));
	if (state->destination_frame > 0 && ladder_row_of(model->ladder, event) == EVENT_NONE)
		tui_tell(state, _("Frame %u is not in view: it would be here."),
			 state->destination_frame);
}

static void
go_event(TuiState *state, const TuiModel *model, guint32 event, guint32 frame)
{
	state->destination = event;
	state->destination_frame = frame;
	tui_goto_settle(state, model);
}

/* The first event that is not before the time; the last one where there is none.
 * Where the capture's clock went backwards, one of the events that it may be. */
static void
go_time(TuiState *state, const TuiModel *model, const Place *place)
{
	const Trace *trace = model->ladder->trace;
	guint32 low = 0, high = trace_length(trace);
	guint32 selected = state->selected == EVENT_NONE
			       ? 0
			       : MIN(state->selected, ladder_length(model->ladder) - 1);
	gint64 start = trace_start(trace);
	gint64 from =
	    place->kind == PLACE_STEP ? ladder_row(model->ladder, selected).time_ns : start;
	gint64 wanted = timestamp_plus(from, place->ns), since = timestamp_between(start, wanted);

	if (since < 0 || since > capture_seconds(trace) * NS_PER_S + 1) {
		tui_tell(state, _("%.6f s is outside: the capture goes from 0 to %.6f s."),
			 since / NS_PER_S, capture_seconds(trace));
	} else if (!tui_play_go(state, model, EVENT_NONE, wanted)) {
		SORTED_SEARCH(low, high, trace_event(trace, middle)->time_ns < wanted);
		go_event(state, model, MIN(low, trace_length(trace) - 1), 0);
	}
}

static TuiAction
goto_apply(TuiState *state, const TuiModel *model)
{
	TuiPrompt *prompt = state->prompt[TUI_ASK_GOTO];
	const Trace *trace = model->ladder->trace;
	const char *text = prompt->text->str;
	guint32 event;
	Place place;

	if (*text && !place_parse(text, &place)) {
		state->refused = TRUE;
		return TUI_NOTHING;
	}
	tui_prompt_accept(prompt);
	if (!*text)
		return TUI_NOTHING;
	if (ladder_length(model->ladder) == 0)
		tui_tell(state, _("There are no rows to go to."));
	else if (place.kind != PLACE_FRAME)
		go_time(state, model, &place);
	else if ((event = trace_event_of_frame(trace, place.frame)) != EVENT_NONE)
		go_event(state, model, event, place.frame);
	else
		tui_tell(state, _("There is no frame %u: they go from 1 to %u."), place.frame,
			 trace_n_packets(trace));
	return TUI_NOTHING;
}

/* ---- names of files ---- */

void
tui_file_exists(TuiState *state, TuiAsk ask)
{
	tui_prompt_open(state->prompt[ask], state->path[ask]);
	state->replaces = TRUE;
}

/* Whether the format can hold the ladder, or the plot that is open. */
static gboolean
figure_fits(const TuiState *state, const FigureFormat *format)
{
	if (!state->plot)
		return format->plots != FIGURE_ONLY_PLOTS;
	/* xplot's holds the time-sequence graph, and no other */
	if (format->plots == FIGURE_ONLY_PLOTS)
		return state->plot_kind == PLOT_SEQUENCE;
	return format->plots != FIGURE_NO_PLOTS;
}

static const FigureFormat *
figure_format(const TuiState *state, const char *name)
{
	const FigureFormat *format = figure_format_of_path(name);

	return format && figure_fits(state, format) ? format : NULL;
}

/* Takes the name, unless its suffix is none of the formats', or there is nothing to write. */
static TuiAction
name_apply(TuiState *state, const TuiModel *model)
{
	TuiAsk ask = tui_asking(state);
	const char *text = state->prompt[ask]->text->str;

	if (*text && ((ask == TUI_ASK_FIGURE && !figure_format(state, text)) ||
		      (ask == TUI_ASK_PICTURE && !picture_of_path(text)))) {
		state->refused = TRUE;
		return TUI_NOTHING;
	}
	tui_prompt_accept(state->prompt[ask]);
	if (!*text)
		return TUI_NOTHING;
	if (ask != TUI_ASK_PICTURE && ladder_length(model->ladder) == 0) {
		tui_tell(state, ask == TUI_ASK_SAVE ? _("There are no rows to save.")
						    : _("There are no rows to draw."));
		return TUI_NOTHING;
	}
	g_free(state->path[ask]);
	state->path[ask] = g_strdup(text);
	return ask == TUI_ASK_SAVE ? TUI_SAVE : ask == TUI_ASK_FIGURE ? TUI_FIGURE : TUI_PICTURE;
}

/* ---- completing: words of the filter, suffixes of file names ---- */

/* Words that can stand at the end of the typed text. */
typedef struct {
	GPtrArray *words; /* char *; may be empty */
	gsize start;      /* the byte of what was typed from which on they stand */
	guint begun;      /* which of them is there, or its beginning; G_MAXUINT: none is known */
	gboolean whole;   /* all of it */
} Words;

/* A suffix that begins no format's belongs to the name: formats are put behind it. */
static void
figure_collect(const TuiState *state, const char *typed, Words *words)
{
	gsize start = path_suffix(typed, FALSE);
	const char *begun = typed[start] ? typed + start + 1 : "";

	for (const FigureFormat *format = figure_formats; format->id; format++) {
		g_auto(GStrv) suffixes = g_strsplit(format->suffixes, " ", 2);

		if (figure_fits(state, format) && g_str_has_prefix(suffixes[0], begun))
			g_ptr_array_add(words->words, g_strconcat(".", suffixes[0], NULL));
	}
	words->start = start;
	if (words->words->len > 0 || !*begun)
		return;
	figure_collect(state, "", words);
	words->start = strlen(typed);
}

/* All suffixes of pictures, in the place of the suffix that is there or was begun. */
static void
picture_collect(const char *typed, Words *words)
{
	words->start = path_suffix(typed, TRUE);
	if (!*typed || g_str_has_suffix(typed, "/"))
		return;
	const char *begun = typed + words->start;
	for (guint i = 0; pictures[i]; i++) {
		g_ptr_array_add(words->words, g_strdup(pictures[i]));
		if (!*begun || words->begun != G_MAXUINT ||
		    g_ascii_strncasecmp(begun, pictures[i], strlen(begun)) != 0)
			continue;
		words->begun = i;
		words->whole = strlen(begun) == strlen(pictures[i]);
	}
}

static Words
words_of(const TuiState *state, TuiAsk ask, const char *typed)
{
	Words words = { .begun = G_MAXUINT };

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

/* Tab: the first of the words takes its place, then the next (step 1), or backwards (-1). Nothing
 * where the prompt has none. */
static void
complete_step(TuiState *state, TuiAsk ask, int step)
{
	TuiPrompt *prompt = state->prompt[ask];
	g_autofree char *typed = g_steal_pointer(&state->stem);
	gboolean again = typed != NULL;

	if (!again)
		typed = g_strndup(prompt->text->str, prompt->cursor);

	Words words = words_of(state, ask, typed);
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
		tui_prompt_complete(prompt, prompt->cursor, " ");
	else
		state->stem = g_steal_pointer(&typed);
}

/* ---- what is wrong, or can come ---- */

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
	gsize start, typed = state->prompt[TUI_ASK_FILTER]->cursor;
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
	Place place;

	/* A sign or a dot alone can still become something. */
	hint->loud = *text && !place_parse(text, &place) &&
		     (state->refused || strspn(text, "+-. ") < strlen(text));
	g_string_printf(
	    hint->text,
	    _("a frame (1 to %u), a time (0.0 to %.6f s), or a step from here (+0.2, -0.2)"),
	    trace_n_packets(trace), capture_seconds(trace));
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
	const FigureFormat *format = figure_format(state, text);

	hint->loud = state->refused && !format;
	if (state->stem)
		hint->words = words_of(state, TUI_ASK_FIGURE, state->stem).words;
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
	g_autofree char *suffixes = g_strjoinv(" ", (char **)pictures);

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

/* ---- the questions ---- */

static const struct {
	const char *label;
	TuiAction (*answer)(TuiState *state, const TuiModel *model);
	void (*hint)(const TuiState *state, const TuiModel *model, const char *text, Hint *hint);
} asks[N_TUI_ASKS] = {
	[TUI_ASK_FILTER] = { N_("filter:"), filter_apply, filter_hint },
	[TUI_ASK_SEARCH] = { N_("search:"), search_apply, search_hint },
	[TUI_ASK_GOTO] = { N_("go to:"), goto_apply, goto_hint },
	[TUI_ASK_SAVE] = { N_("save as:"), name_apply, save_hint },
	[TUI_ASK_FIGURE] = { N_("figure as:"), name_apply, figure_hint },
	[TUI_ASK_PICTURE] = { N_("picture as:"), name_apply, picture_hint },
};

gboolean
tui_ask_key(TuiState *state, const TuiModel *model, const TuiInput *input, TuiAction *action)
{
	TuiAsk ask = tui_asking(state);

	*action = TUI_NOTHING;
	if (ask == N_TUI_ASKS)
		return FALSE;

	TuiPromptResult result = tui_prompt_input(state->prompt[ask], input);

	if (result == PROMPT_OTHER)
		return FALSE;
	if (result == PROMPT_COMPLETE || result == PROMPT_COMPLETE_BACK) {
		complete_step(state, ask, result == PROMPT_COMPLETE ? 1 : -1);
		state->replaces = FALSE;
		return TRUE;
	}
	g_clear_pointer(&state->stem, g_free);
	state->refused = FALSE;
	if (result == PROMPT_CHANGED)
		state->replaces = FALSE;
	if (result == PROMPT_ENTER)
		*action = asks[ask].answer(state, model);
	else if (result == PROMPT_CANCEL)
		state->prompt[ask]->open = FALSE;
	return TRUE;
}

gboolean
tui_ask_needs(const TuiState *state, const TuiInput *input, guint *needs)
{
	TuiAsk ask = tui_asking(state);
	gboolean plot = ask == TUI_ASK_FIGURE && state->plot;

	*needs = 0;
	if (ask == N_TUI_ASKS || !tui_prompt_takes(input))
		return FALSE;
	if (input->key != TUI_KEY_ENTER)
		return TRUE; /* typing is never held up */
	*needs = TUI_WORK_ROWS | (plot ? TUI_WORK_PLOT : 0);
	if (ask == TUI_ASK_SAVE || ask == TUI_ASK_FIGURE || ask == TUI_ASK_PICTURE)
		*needs |= TUI_WORK_WRITING; /* one file at a time */
	return TRUE;
}

/* ---- painting ---- */

/* Paints the hint from `x` on, or left of that, with a mark below the column that the hint is about
 * (negative: none). Words begin so late that the chosen one is in view. */
static void
hint_paint(const TuiState *state, const Hint *hint, int mark, guint y, guint x, Grid *grid)
{
	guint columns = state->columns, width = text_width(hint->text->str), first = 0, used = 0;
	guint n_words = hint->words ? hint->words->len : 0;

	for (guint i = 0; hint->chosen < n_words && i <= hint->chosen; i++) {
		guint needed = strlen(g_ptr_array_index(hint->words, i)) + 2;

		if (used + needed > columns - x && i > 0) {
			first = i;
			used = 0;
		}
		used += needed;
	}
	for (guint i = first; i < n_words && x < columns; i++) {
		const char *word = g_ptr_array_index(hint->words, i);

		grid_put(grid, y, x, columns - x, word,
			 i == hint->chosen ? ROLE_MESSAGE : ROLE_FOOTER);
		x += strlen(word) + 2;
	}
	if (hint->words)
		return;
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
	TuiAsk ask = tui_asking(state);
	guint rows = tui_ask_rows(state), y = state->rows - rows;
	const char *typed = state->prompt[ask]->text->str;
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
