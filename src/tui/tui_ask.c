/* tui_ask.c - the lines that ask for something: the display filter, a text to
 * search for, a place to go to, a file to save into, one for a figure or a picture; and what
 * becomes of the answers.
 *
 * Theory of operation. What is typed is read anew for each key and each paint:
 * it is short. A filter that only is not finished yet (its error is at the end,
 * or its last word is the beginning of one) says what can come; the prompt turns
 * loud where it cannot be right however it goes on, and where Enter was pressed.
 */
#include <string.h>

#include "tui_ask.h"
#include "tui_commands.h"
#include "tui_prompt.h"

#include "pktladder/figure.h"
#include "pktladder/i18n.h"
#include "pktladder/picture.h"
#include "pktladder/text.h"

#define NS_PER_S  1e9
#define HINT_ROWS 10 /* from here there is a row for it below the prompt */

void
tui_tell(TuiState *state, char *message)
{
	g_free(state->message);
	state->message = message;
}

TuiAsk
tui_asking(const TuiState *state)
{
	TuiAsk ask = 0;

	while (ask < N_TUI_ASKS && !tui_prompt_is_open(state->prompt[ask]))
		ask++;
	return ask;
}

gboolean
tui_is_asking(const TuiState *state)
{
	return tui_asking(state) != N_TUI_ASKS;
}

guint
tui_ask_rows(const TuiState *state)
{
	if (tui_asking(state) == N_TUI_ASKS)
		return 0;
	return state->rows >= HINT_ROWS ? 2 : 1;
}

TuiAction
tui_ask(TuiState *state, const TuiModel *model G_GNUC_UNUSED, const TuiInput *input G_GNUC_UNUSED,
	int ask)
{
	const Filter *filter = state->selection.filter;

	if (!state->prompt[ask])
		state->prompt[ask] = tui_prompt_new();
	tui_prompt_open(state->prompt[ask],
			ask == TUI_ASK_FILTER && filter ? filter_text(filter) : "");
	g_clear_pointer(&state->stem, g_free);
	state->refused = FALSE;
	state->save_replaces = state->picture_replaces = FALSE;
	return TUI_NOTHING;
}

/* ---- the filter ---- */

void
tui_filter_check_clear(TuiFilterCheck *check)
{
	g_clear_error(&check->error);
	g_clear_pointer(&check->words, g_ptr_array_unref);
}

TuiFilterCheck
tui_filter_check(const TuiState *state)
{
	const TuiPrompt *prompt = state->prompt[TUI_ASK_FILTER];
	const char *text = tui_prompt_text(prompt);
	const char *asked = state->stem ? state->stem : text;
	gsize cursor = state->stem ? strlen(state->stem) : tui_prompt_cursor(prompt);
	TuiFilterCheck check = { 0 };
	glong column;

	check.words = filter_complete(asked, cursor, &check.start);
	if (filter_is_blank(text))
		return check;
	filter_unref(filter_new(text, &check.error));
	if (!check.error)
		return check;
	column = check.error->code - 1;
	check.in_word = check.words->len > 0 && tui_prompt_cursor(prompt) == strlen(text) &&
			column == g_utf8_strlen(text, check.start);
	check.unfinished = check.in_word || column >= g_utf8_strlen(text, -1);
	return check;
}

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
	tui_prompt_remember(prompt);
	tui_prompt_close(prompt);
	if (!filter && !state->selection.filter)
		return TUI_NOTHING;
	filter_unref(state->selection.filter);
	state->selection.filter = filter;
	return tui_selection_changed(state, model);
}

/* Tab: the first of the words, then the next; the only one gets a space behind it. */
static void
filter_complete_step(TuiState *state, int step)
{
	TuiPrompt *prompt = state->prompt[TUI_ASK_FILTER];
	gboolean begun = state->stem != NULL;
	g_autoptr(GPtrArray) words = NULL;
	gsize start;

	if (!begun)
		state->stem = g_strndup(tui_prompt_text(prompt), tui_prompt_cursor(prompt));
	words = filter_complete(state->stem, strlen(state->stem), &start);
	if (words->len == 0) {
		g_clear_pointer(&state->stem, g_free);
		return;
	}
	state->completion = begun ? (state->completion + words->len + step) % words->len
				  : (step > 0 ? 0 : words->len - 1);
	tui_prompt_complete(prompt, start, g_ptr_array_index(words, state->completion));
	if (words->len == 1) {
		tui_prompt_complete(prompt, tui_prompt_cursor(prompt), " ");
		g_clear_pointer(&state->stem, g_free);
	}
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
search_apply(TuiState *state)
{
	TuiPrompt *prompt = state->prompt[TUI_ASK_SEARCH];
	const char *text = tui_prompt_text(prompt);

	tui_prompt_remember(prompt);
	tui_prompt_close(prompt);
	if (*text) {
		g_free(state->search.text);
		state->search.text = g_strdup(text);
	}
	return state->search.text ? search_start(state, FIND_TEXT, FALSE) : TUI_NOTHING;
}

TuiAction
tui_search_next(TuiState *state, const TuiModel *model G_GNUC_UNUSED,
		const TuiInput *input G_GNUC_UNUSED, int backward)
{
	if (state->search.text)
		return search_start(state, FIND_TEXT, backward);
	tui_tell(state, g_strdup(_("Nothing was searched for yet: / begins a search.")));
	return TUI_NOTHING;
}

TuiAction
tui_problem_next(TuiState *state, const TuiModel *model G_GNUC_UNUSED,
		 const TuiInput *input G_GNUC_UNUSED, int backward)
{
	return search_start(state, FIND_PROBLEM, backward);
}

/* To a row, which stands in the middle where it was not in view. */
static void
row_go(TuiState *state, const TuiModel *model, guint32 row)
{
	TuiLayout layout = tui_layout(state, model);
	guint height = MAX(layout.ladder.rows, 1);
	Spacing spacing = tui_spacing(state);

	state->detail_focus = FALSE;
	if (row >= tui_length(state, model) && tui_play_go(state, model, row + 1))
		return;
	state->follow = FALSE;
	state->selected = row;
	if (row < state->top ||
	    row - state->top >= spacing_rows(&spacing, model->ladder, state->top, height, row + 1))
		state->top = spacing_top(&spacing, model->ladder, row, height / 2 + 1);
}

static char *
not_found_text(const TuiState *state)
{
	if (state->search.what == FIND_TEXT)
		return g_strdup_printf(_("\"%s\" is nowhere in these rows."), state->search.text);
	return g_strdup(_("There is no problem in these rows."));
}

void
tui_found(TuiState *state, const TuiModel *model, const FindHit *hit)
{
	gboolean same = hit->row == state->selected;
	g_autoptr(GString) message = g_string_new(NULL);

	if (hit->row == EVENT_NONE) {
		tui_tell(state, not_found_text(state));
		return;
	}
	row_go(state, model, hit->row);
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
		tui_tell(state, g_strdup(message->str));
}

/* ---- going to a place ---- */

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

/* The first event that is not before the time; the last one where there is none.
 * Where the capture's clock went backwards, one of the events that it may be. */
static guint32
event_of_time(const Trace *trace, gint64 time_ns)
{
	guint32 low = 0, high = trace_length(trace);

	while (low < high) {
		guint32 middle = low + (high - low) / 2;

		if (trace_event(trace, middle)->time_ns < time_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return MIN(low, trace_length(trace) - 1);
}

double
tui_capture_seconds(const Trace *trace)
{
	guint32 length = trace_length(trace);

	return length == 0
		   ? 0
		   : (trace_event(trace, length - 1)->time_ns - trace_start(trace)) / NS_PER_S;
}

void
tui_goto_settle(TuiState *state, const TuiModel *model)
{
	guint32 event = state->destination;

	if (event == EVENT_NONE ||
	    (ladder_taken(model->ladder) <= event && !ladder_is_whole(model->ladder)))
		return;
	state->destination = EVENT_NONE;
	if (!tui_play_go(state, model, tui_row_near(model->ladder, event) + 1))
		row_go(state, model, tui_row_near(model->ladder, event));
	if (state->destination_frame > 0 && ladder_row_of(model->ladder, event) == EVENT_NONE)
		tui_tell(state, g_strdup_printf(_("Frame %u is not in view: it would be here."),
						state->destination_frame));
}

static void
go_event(TuiState *state, const TuiModel *model, guint32 event, guint32 frame)
{
	state->destination = event;
	state->destination_frame = frame;
	tui_goto_settle(state, model);
}

static void
go_frame(TuiState *state, const TuiModel *model, guint32 frame)
{
	const Trace *trace = ladder_trace(model->ladder);
	guint32 event = trace_event_of_frame(trace, frame);

	if (event == EVENT_NONE)
		tui_tell(state, g_strdup_printf(_("There is no frame %u: they go from 1 to %u."),
						frame, trace_n_packets(trace)));
	else
		go_event(state, model, event, frame);
}

static void
go_time(TuiState *state, const TuiModel *model, const Place *place)
{
	const Trace *trace = ladder_trace(model->ladder);
	guint32 selected = state->selected == EVENT_NONE
				   ? 0
				   : MIN(state->selected, ladder_length(model->ladder) - 1);
	gint64 start = trace_start(trace);
	gint64 from =
	    place->kind == PLACE_STEP ? ladder_row(model->ladder, selected).time_ns : start;
	gint64 wanted = from + place->ns;

	if (wanted < start || wanted - start > tui_capture_seconds(trace) * NS_PER_S + 1)
		tui_tell(state,
			 g_strdup_printf(_("%.6f s is outside: the capture goes from 0 to %.6f s."),
					 (wanted - start) / NS_PER_S, tui_capture_seconds(trace)));
	else if (!tui_play_go_time(state, model, wanted))
		go_event(state, model, event_of_time(trace, wanted), 0);
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
	const char *text = tui_prompt_text(prompt);
	Place place;

	if (*text && !place_parse(text, &place)) {
		state->refused = TRUE;
		return TUI_NOTHING;
	}
	tui_prompt_remember(prompt);
	tui_prompt_close(prompt);
	if (!*text)
		return TUI_NOTHING;
	if (ladder_length(model->ladder) == 0)
		tui_tell(state, g_strdup(_("There are no rows to go to.")));
	else if (place.kind == PLACE_FRAME)
		go_frame(state, model, place.frame);
	else
		go_time(state, model, &place);
	return TUI_NOTHING;
}

/* ---- saving ---- */

void
tui_save_exists(TuiState *state)
{
	tui_prompt_open(state->prompt[TUI_ASK_SAVE], state->save_path);
	state->save_replaces = TRUE;
}

static TuiAction
save_apply(TuiState *state, const TuiModel *model)
{
	TuiPrompt *prompt = state->prompt[TUI_ASK_SAVE];
	const char *text = tui_prompt_text(prompt);

	tui_prompt_remember(prompt);
	tui_prompt_close(prompt);
	if (!*text)
		return TUI_NOTHING;
	if (ladder_length(model->ladder) == 0) {
		tui_tell(state, g_strdup(_("There are no rows to save.")));
		return TUI_NOTHING;
	}
	g_free(state->save_path);
	state->save_path = g_strdup(text);
	return TUI_SAVE;
}

/* ---- a figure ---- */

void
tui_figure_exists(TuiState *state)
{
	tui_prompt_open(state->prompt[TUI_ASK_FIGURE], state->figure_path);
	state->save_replaces = TRUE;
}

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

static TuiAction
figure_apply(TuiState *state, const TuiModel *model)
{
	TuiPrompt *prompt = state->prompt[TUI_ASK_FIGURE];
	const char *text = tui_prompt_text(prompt);

	if (*text && !tui_figure_format(state, text)) {
		state->refused = TRUE;
		return TUI_NOTHING;
	}
	tui_prompt_remember(prompt);
	tui_prompt_close(prompt);
	if (!*text)
		return TUI_NOTHING;
	if (ladder_length(model->ladder) == 0) {
		tui_tell(state, g_strdup(_("There are no rows to draw.")));
		return TUI_NOTHING;
	}
	g_free(state->figure_path);
	state->figure_path = g_strdup(text);
	return TUI_FIGURE;
}

GPtrArray *
tui_figure_suffixes(const TuiState *state, const char *name, gsize *start)
{
	const char *slash = strrchr(name, '/');
	const char *point = strrchr(slash ? slash : name, '.');
	const char *begun = point ? point + 1 : "";
	GPtrArray *words = g_ptr_array_new_with_free_func(g_free);

	*start = point ? (gsize)(point - name) : strlen(name);
	for (const FigureFormat *format = figure_formats; format->id; format++) {
		g_auto(GStrv) suffixes = g_strsplit(format->suffixes, " ", 2);

		if (figure_fits(state, format) && g_str_has_prefix(suffixes[0], begun))
			g_ptr_array_add(words, g_strdup_printf(".%s", suffixes[0]));
	}
	if (words->len > 0 || !point)
		return words;
	/* What is behind the point is no beginning of a format: it belongs to the name. */
	g_ptr_array_unref(words);
	words = tui_figure_suffixes(state, "", start);
	*start = strlen(name);
	return words;
}

/* Tab: the first of the suffixes, then the next. */
static void
figure_complete_step(TuiState *state, int step)
{
	TuiPrompt *prompt = state->prompt[TUI_ASK_FIGURE];
	gboolean begun = state->stem != NULL;
	g_autoptr(GPtrArray) words = NULL;
	gsize start;

	if (!begun)
		state->stem = g_strndup(tui_prompt_text(prompt), tui_prompt_cursor(prompt));
	words = tui_figure_suffixes(state, state->stem, &start);
	state->completion = begun ? (state->completion + words->len + step) % words->len
				  : (step > 0 ? 0 : words->len - 1);
	tui_prompt_complete(prompt, start, g_ptr_array_index(words, state->completion));
}

/* ---- a picture ---- */

void
tui_picture_exists(TuiState *state)
{
	tui_prompt_open(state->prompt[TUI_ASK_PICTURE], state->picture_path);
	state->picture_replaces = TRUE;
}

static TuiAction
picture_apply(TuiState *state)
{
	TuiPrompt *prompt = state->prompt[TUI_ASK_PICTURE];
	const char *text = tui_prompt_text(prompt);

	if (*text && !picture_of_path(text)) {
		state->refused = TRUE;
		return TUI_NOTHING;
	}
	tui_prompt_remember(prompt);
	tui_prompt_close(prompt);
	if (!*text)
		return TUI_NOTHING;
	g_free(state->picture_path);
	state->picture_path = g_strdup(text);
	return TUI_PICTURE;
}

/* Tab: the next suffix, in the place of the one that is there or was begun. */
static void
picture_complete_step(TuiState *state, int step)
{
	TuiPrompt *prompt = state->prompt[TUI_ASK_PICTURE];
	const char *text = tui_prompt_text(prompt);
	gsize length = tui_prompt_cursor(prompt), start = length;
	const char *slash = g_strrstr_len(text, length, "/");
	const char *point = g_strrstr_len(text, length, ".");
	guint n = 0, next;

	if (length == 0 || text[length - 1] == '/')
		return; /* a suffix alone is no name */
	if (point && point > text && (!slash || point > slash + 1))
		start = point - text;
	while (pictures[n].suffix)
		n++;
	next = step > 0 ? 0 : n - 1;
	for (guint i = 0; i < n && start < length; i++) {
		gsize typed = length - start - 1;

		if (g_ascii_strncasecmp(text + start + 1, pictures[i].suffix, typed) != 0)
			continue;
		next = strlen(pictures[i].suffix) == typed ? (i + n + step) % n : i;
		break;
	}
	g_autofree char *suffix = g_strconcat(".", pictures[next].suffix, NULL);
	tui_prompt_complete(prompt, start, suffix);
}

/* ---- keys ---- */

static TuiAction
answer(TuiState *state, const TuiModel *model, TuiAsk ask)
{
	switch (ask) {
	case TUI_ASK_FILTER:
		return filter_apply(state, model);
	case TUI_ASK_SEARCH:
		return search_apply(state);
	case TUI_ASK_GOTO:
		return goto_apply(state, model);
	case TUI_ASK_SAVE:
		return save_apply(state, model);
	case TUI_ASK_FIGURE:
		return figure_apply(state, model);
	case TUI_ASK_PICTURE:
		return picture_apply(state);
	case N_TUI_ASKS:
		break;
	}
	g_assert_not_reached();
}

gboolean
tui_ask_key(TuiState *state, const TuiModel *model, const TuiInput *input, TuiAction *action)
{
	TuiAsk ask = tui_asking(state);
	TuiPromptResult result;

	*action = TUI_NOTHING;
	if (ask == N_TUI_ASKS)
		return FALSE;
	result = tui_prompt_input(state->prompt[ask], input);
	if (result == PROMPT_OTHER)
		return FALSE;
	if (result == PROMPT_COMPLETE || result == PROMPT_COMPLETE_BACK) {
		int step = result == PROMPT_COMPLETE ? 1 : -1;

		if (ask == TUI_ASK_FILTER)
			filter_complete_step(state, step);
		else if (ask == TUI_ASK_FIGURE)
			figure_complete_step(state, step);
		else if (ask == TUI_ASK_PICTURE)
			picture_complete_step(state, step);
		state->save_replaces = state->picture_replaces = FALSE;
		return TRUE;
	}
	g_clear_pointer(&state->stem, g_free);
	state->refused = FALSE;
	if (result == PROMPT_CHANGED)
		state->save_replaces = state->picture_replaces = FALSE;
	if (result == PROMPT_ENTER)
		*action = answer(state, model, ask);
	else if (result == PROMPT_CANCEL)
		tui_prompt_close(state->prompt[ask]);
	return TRUE;
}
