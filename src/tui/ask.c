/* SPDX-License-Identifier: MIT */
/* ask.c - the lines that ask for something: the display filter, a text to search for, a place to go
 * to, a file to save into, one for a figure or a picture; and what becomes of the answers.
 *
 * Theory of operation. The text that is typed is short, so it is read anew for each key and each
 * paint. A filter that only is not finished yet (its error is at the end, or its last word is the
 * beginning of one) says what can come; the prompt turns loud where it cannot be right however it
 * goes on, and where Enter was pressed.
 */
#include <string.h>

#include "pktladder/trace.h"
#include "commands.h"
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
	const char *text = tui_prompt_text(prompt);
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
search_start(TuiState *state, FindWhat what, gboolean backward)
{
	state->search.what = what;
	state->search.backward = backward;
	return TUI_SEARCH;
}

static TuiAction
search_apply(TuiState *state, const TuiModel *model G_GNUC_UNUSED)
{
	TuiPrompt *prompt = state->prompt[TUI_ASK_SEARCH];
	const char *text = tui_prompt_text(prompt);

	tui_prompt_accept(prompt);
	if (*text) {
		g_free(state->search.text);
		state->search.text = g_strdup(text);
	}
	return state->search.text ? search_start(state, FIND_TEXT, FALSE) : TUI_NOTHING;
}

TUI_COMMAND(tui_search_next, backward)
{
	if (state->search.text)
		*action = search_start(state, FIND_TEXT, backward);
	else
		tui_tell(state, _("Nothing was searched for yet: / begins a search."));
}

TUI_COMMAND(tui_problem_next, backward)
{
	*action = search_start(state, FIND_PROBLEM, backward);
}

void
tui_found(TuiState *state, const TuiModel *model, const FindHit *hit)
{
	gboolean same = hit->row == state->selected;
	g_autoptr(GString) message = g_string_new(NULL);

	if (hit->row == EVENT_NONE) {
		if (state->search.what == FIND_TEXT)
			tui_tell(state, _("\"%s\" is nowhere in these rows."), state->search.text);
		else
			tui_tell(state, _("There is no problem in these rows."));
		return;
	}
	tui_row_go(state, model, hit->row);
	if (hit->place == FIND_IN_PAYLOAD)
		g_string_printf(message,
				state->detail ? _("\"%s\" is in the payload.")
					      : _("\"%s\" is in the payload (Enter shows it)."),
				state->search.text);
	if (message->len > 0 && (same || hit->wrapped))
		g_string_append_c(message, ' ');
	if (same)
		g_string_append(message, _("This is the only place."));
	else if (hit->wrapped)
		g_string_append(message, state->search.backward
					     ? _("The search went on from the last row.")
					     : _("The search went on from the first row."));
	if (message->len > 0)
		tui_tell(state, "%s", message->str);
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

double
tui_capture_seconds(const Trace *trace)
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

	if (since < 0 || since > tui_capture_seconds(trace) * NS_PER_S + 1) {
		tui_tell(state, _("%.6f s is outside: the capture goes from 0 to %.6f s."),
			 since / NS_PER_S, tui_capture_seconds(trace));
	} else if (!tui_play_go(state, model, EVENT_NONE, wanted)) {
		SORTED_SEARCH(low, high, trace_event(trace, middle)->time_ns < wanted);
		go_event(state, model, MIN(low, trace_length(trace) - 1), 0);
	}
}

gboolean
tui_is_place(const char *text)
{
	Place place;

	return place_parse(text, &place);
}

static TuiAction
goto_apply(TuiState *state, const TuiModel *model)
{
	TuiPrompt *prompt = state->prompt[TUI_ASK_GOTO];
	const Trace *trace = model->ladder->trace;
	const char *text = tui_prompt_text(prompt);
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

const FigureFormat *
tui_figure_format(const TuiState *state, const char *name)
{
	const FigureFormat *format = figure_format_of_path(name);

	return format && figure_fits(state, format) ? format : NULL;
}

/* Takes the name, unless its suffix is none of the formats', or there is nothing to write. */
static TuiAction
name_apply(TuiState *state, const TuiModel *model)
{
	TuiAsk ask = tui_asking(state);
	const char *text = tui_prompt_text(state->prompt[ask]);

	if (*text && ((ask == TUI_ASK_FIGURE && !tui_figure_format(state, text)) ||
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

/* A suffix that begins no format's belongs to the name: formats are put behind it. */
static void
figure_collect(const TuiState *state, const char *typed, TuiWords *words)
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
picture_collect(const char *typed, TuiWords *words)
{
	words->start = path_suffix(typed, TRUE);
	if (!*typed || g_str_has_suffix(typed, "/"))
		return;
	const char *begun = typed[words->start] ? typed + words->start + 1 : NULL;
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

/* Tab: the first of the words takes its place, then the next (step 1), or backwards (-1). Nothing
 * where the prompt has none. */
static void
complete_step(TuiState *state, TuiAsk ask, int step)
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

/* ---- keys ---- */

static TuiAction (*const answers[N_TUI_ASKS])(TuiState *state, const TuiModel *model) = {
	[TUI_ASK_FILTER] = filter_apply, [TUI_ASK_SEARCH] = search_apply,
	[TUI_ASK_GOTO] = goto_apply,     [TUI_ASK_SAVE] = name_apply,
	[TUI_ASK_FIGURE] = name_apply,   [TUI_ASK_PICTURE] = name_apply,
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
		*action = answers[ask](state, model);
	else if (result == PROMPT_CANCEL)
		tui_prompt_close(state->prompt[ask]);
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
