/* tui_keys.c - what the keys do apart from moving about. Which there are: tui_key_table.c. */
#include "tui_ask.h"
#include "tui_commands.h"

#include "pktladder/i18n.h"

/* A TuiCommand; hardly any needs all that it gets. */
#define COMMAND(name)                                                                              \
	static TuiAction name(TuiState *state G_GNUC_UNUSED, const TuiModel *model G_GNUC_UNUSED,  \
			      const TuiInput *input G_GNUC_UNUSED, int argument G_GNUC_UNUSED)

/* For keys that only tell the owner something. */
COMMAND(tell)
{
	return argument;
}

static gboolean
page_close(TuiState *state)
{
	gboolean open = state->help || state->output;

	state->help = state->output = FALSE;
	return open;
}

COMMAND(quit)
{
	if (page_close(state))
		return TUI_NOTHING;
	if (state->list)
		return tui_list_toggle(state, model, input, 0);
	return tui_plot_escape(state) ? TUI_NOTHING : TUI_QUIT;
}

COMMAND(help_toggle)
{
	gboolean open = !state->help;

	page_close(state);
	state->help = open;
	state->page_top = 0;
	return TUI_NOTHING;
}

COMMAND(output_toggle)
{
	gboolean open = !state->output;

	page_close(state);
	state->output = open;
	state->page_top = G_MAXUINT;
	return TUI_NOTHING;
}

COMMAND(detail_toggle)
{
	state->detail = !state->detail;
	state->detail_auto = FALSE;
	state->detail_focus = FALSE;
	return TUI_NOTHING;
}

/* The pane of a row that the next event replaces could not be read: focus ends following. */
COMMAND(focus_toggle)
{
	state->detail_focus = state->detail && !state->detail_focus;
	if (state->detail_focus)
		state->follow = FALSE;
	return TUI_NOTHING;
}

COMMAND(escape)
{
	if (model->searching)
		return TUI_SEARCH_STOP;
	if (page_close(state))
		return TUI_NOTHING;
	if (tui_list_escape(state) || tui_plot_escape(state))
		return TUI_NOTHING;
	if (model->progress)
		return TUI_READING_STOP;
	if (tui_notice(state, model))
		state->notice_seen = g_str_hash(model->notice);
	else if (state->detail_focus)
		state->detail_focus = FALSE;
	else if (state->detail)
		detail_toggle(state, model, input, 0);
	else if (tui_play_is_on(state))
		return tui_play_toggle(state, model, input, 0);
	return TUI_NOTHING;
}

COMMAND(pause_toggle)
{
	if (tui_play_is_on(state))
		return tui_play_pause(state, model, input, 0);
	state->paused = !state->paused && model->live;
	return TUI_NOTHING;
}

/* The space bar. What a released call does is to be seen, so that a pause ends. */
COMMAND(release)
{
	if (model->stepping) {
		state->paused = FALSE;
		return argument;
	}
	if (argument != TUI_RELEASE)
		return TUI_NOTHING;
	if (!model->live && !tui_play_is_on(state))
		return state->help || state->output || state->list
			   ? TUI_NOTHING
			   : tui_play_toggle(state, model, input, 0);
	return pause_toggle(state, model, input, 0);
}

TuiAction
tui_selection_changed(TuiState *state, const TuiModel *model)
{
	if (state->selected < ladder_length(model->ladder))
		state->anchor = ladder_row(model->ladder, state->selected).event;
	state->spacing_rows = 0;
	state->lanes_row = EVENT_NONE;
	state->first_lane = 0;
	return TUI_SELECTION;
}

/* all, the first, ... the last, all; argument: 1 or -1. */
COMMAND(conversation_step)
{
	guint64 n = model->n_conversations, next; /* counted from 0 = all */

	if (n == 0)
		return TUI_NOTHING;
	next = state->selection.conversation == CONVERSATION_NONE
		   ? 0
		   : MIN((guint64)state->selection.conversation + 1, n);
	next = (next + n + 1 + argument) % (n + 1);
	tui_select(state, next == 0 ? CONVERSATION_NONE : next - 1, NULL);
	return tui_selection_changed(state, model);
}

COMMAND(calls_toggle)
{
	state->selection.hide_calls = !state->selection.hide_calls;
	return tui_selection_changed(state, model);
}

COMMAND(fold_toggle)
{
	state->selection.fold = !state->selection.fold;
	return tui_selection_changed(state, model);
}

/* The event that was selected is so still, or the fold that it went into. */
COMMAND(fold_open)
{
	guint32 event, offset = state->selected - MIN(state->selected, state->top);

	if (state->selected >= ladder_length(model->ladder))
		return TUI_NOTHING;
	event = ladder_row(model->ladder, state->selected).event;
	if (!state->selection.fold) {
		tui_tell(state, g_strdup(_("Nothing is folded: z folds runs of data and ACKs.")));
	} else if (!ladder_fold_toggle(model->ladder, state->selected)) {
		tui_tell(state, g_strdup(_("This row is no fold, and of none.")));
	} else {
		state->follow = FALSE;
		state->selected = ladder_row_of(model->ladder, event);
		state->top = state->selected - MIN(state->selected, offset);
	}
	return TUI_NOTHING;
}

COMMAND(time_step)
{
	state->time = (state->time + 1) % N_SCENE_TIMES;
	return TUI_NOTHING;
}

/* Without a word nothing would seem to happen in a narrow terminal. */
static void
delta_tell(TuiState *state, const TuiModel *model)
{
	static const char *const words[] = {
		[SCENE_DELTA_PREVIOUS] = N_("The delta column counts from the row above."),
		[SCENE_DELTA_MARK] = N_("The delta column counts from the marked row."),
		[SCENE_DELTA_OFF] = N_("The delta column is off."),
	};
	G_STATIC_ASSERT(G_N_ELEMENTS(words) == N_SCENE_DELTAS);
	TuiLayout layout = tui_layout(state, model);

	if (state->delta != SCENE_DELTA_OFF && layout.scene.delta_width == 0)
		tui_tell(state, g_strdup(_("There is no room for the delta column: it needs 100 "
					   "columns.")));
	else
		tui_tell(state, g_strdup(_(words[state->delta])));
}

COMMAND(delta_step)
{
	state->delta = (state->delta + 1) % N_SCENE_DELTAS;
	if (state->delta == SCENE_DELTA_MARK && state->mark == EVENT_NONE)
		state->delta++;
	delta_tell(state, model);
	return TUI_NOTHING;
}

COMMAND(mark_toggle)
{
	LadderRow row;

	if (state->selected >= ladder_length(model->ladder))
		return TUI_NOTHING;
	row = ladder_row(model->ladder, state->selected);
	if (state->mark != EVENT_NONE && ladder_row_of(model->ladder, state->mark) == state->selected) {
		state->mark = EVENT_NONE;
		state->delta = SCENE_DELTA_PREVIOUS;
	} else {
		state->mark = row.event;
		state->mark_ns = row.time_ns;
		state->delta = SCENE_DELTA_MARK;
	}
	delta_tell(state, model);
	return TUI_NOTHING;
}

#define CONTROL(letter) ((letter) - '@')

/* `when`: works where a page is open, too. */
static const TuiBinding bindings[] = {
	{ TUI_KEY_RESIZE, 0, tui_resize, 0, TRUE },
	{ TUI_KEY_UP, 0, tui_move, MOTION_UP, TRUE },
	{ TUI_KEY_DOWN, 0, tui_move, MOTION_DOWN, TRUE },
	{ TUI_KEY_LEFT, 0, tui_lanes_scroll, -1, FALSE },
	{ TUI_KEY_RIGHT, 0, tui_lanes_scroll, 1, FALSE },
	{ TUI_KEY_PAGE_UP, 0, tui_move, MOTION_PAGE_UP, TRUE },
	{ TUI_KEY_PAGE_DOWN, 0, tui_move, MOTION_PAGE_DOWN, TRUE },
	{ TUI_KEY_HOME, 0, tui_move, MOTION_HOME, TRUE },
	{ TUI_KEY_END, 0, tui_move, MOTION_END, TRUE },
	{ TUI_KEY_WHEEL_UP, 0, tui_wheel, FALSE, TRUE },
	{ TUI_KEY_WHEEL_DOWN, 0, tui_wheel, TRUE, TRUE },
	{ TUI_KEY_CLICK, 0, tui_click, 0, FALSE },
	{ TUI_KEY_ENTER, 0, detail_toggle, 0, FALSE },
	{ TUI_KEY_TAB, 0, focus_toggle, 0, FALSE },
	{ TUI_KEY_BACKTAB, 0, focus_toggle, 0, FALSE },
	{ TUI_KEY_ESCAPE, 0, escape, 0, TRUE },
	{ TUI_KEY_CHARACTER, 'k', tui_move, MOTION_UP, TRUE },
	{ TUI_KEY_CHARACTER, 'j', tui_move, MOTION_DOWN, TRUE },
	{ TUI_KEY_CHARACTER, 'b', tui_move, MOTION_PAGE_UP, TRUE },
	{ TUI_KEY_CHARACTER, CONTROL('B'), tui_move, MOTION_PAGE_UP, TRUE },
	{ TUI_KEY_CHARACTER, CONTROL('F'), tui_move, MOTION_PAGE_DOWN, TRUE },
	{ TUI_KEY_CHARACTER, CONTROL('U'), tui_move, MOTION_HALF_UP, TRUE },
	{ TUI_KEY_CHARACTER, CONTROL('D'), tui_move, MOTION_HALF_DOWN, TRUE },
	{ TUI_KEY_CHARACTER, 'g', tui_move, MOTION_HOME, TRUE },
	{ TUI_KEY_CHARACTER, 'G', tui_move, MOTION_END, TRUE },
	{ TUI_KEY_CHARACTER, 'H', tui_lanes_scroll, -TUI_LANES_VIEW, FALSE },
	{ TUI_KEY_CHARACTER, 'L', tui_lanes_scroll, TUI_LANES_VIEW, FALSE },
	{ TUI_KEY_CHARACTER, 'l', tui_list_toggle, 0, FALSE },
	{ TUI_KEY_CHARACTER, 'c', conversation_step, 1, FALSE },
	{ TUI_KEY_CHARACTER, 'C', conversation_step, -1, FALSE },
	{ TUI_KEY_CHARACTER, 'f', tui_ask, TUI_ASK_FILTER, FALSE },
	{ TUI_KEY_CHARACTER, '/', tui_ask, TUI_ASK_SEARCH, FALSE },
	{ TUI_KEY_CHARACTER, ':', tui_ask, TUI_ASK_GOTO, FALSE },
	{ TUI_KEY_CHARACTER, 's', tui_ask, TUI_ASK_SAVE, FALSE },
	{ TUI_KEY_CHARACTER, 'w', tui_ask, TUI_ASK_FIGURE, FALSE },
	{ TUI_KEY_CHARACTER, 'S', tui_ask, TUI_ASK_PICTURE, TRUE },
	{ TUI_KEY_CHARACTER, 'n', tui_search_next, FALSE, FALSE },
	{ TUI_KEY_CHARACTER, 'N', tui_search_next, TRUE, FALSE },
	{ TUI_KEY_CHARACTER, 'e', tui_problem_next, FALSE, FALSE },
	{ TUI_KEY_CHARACTER, 'E', tui_problem_next, TRUE, FALSE },
	{ TUI_KEY_CHARACTER, 'P', tui_play_toggle, 0, FALSE },
	{ TUI_KEY_CHARACTER, '.', tui_play_step, 1, FALSE },
	{ TUI_KEY_CHARACTER, ',', tui_play_step, -1, FALSE },
	{ TUI_KEY_CHARACTER, '+', tui_play_pace, 1, FALSE },
	{ TUI_KEY_CHARACTER, '=', tui_play_pace, 1, FALSE }, /* + without Shift */
	{ TUI_KEY_CHARACTER, '-', tui_play_pace, -1, FALSE },
	{ TUI_KEY_CHARACTER, 'u', tui_play_even, 0, FALSE },
	{ TUI_KEY_CHARACTER, '0', tui_play_part, 0, FALSE },
	{ TUI_KEY_CHARACTER, '1', tui_play_part, 1, FALSE },
	{ TUI_KEY_CHARACTER, '2', tui_play_part, 2, FALSE },
	{ TUI_KEY_CHARACTER, '3', tui_play_part, 3, FALSE },
	{ TUI_KEY_CHARACTER, '4', tui_play_part, 4, FALSE },
	{ TUI_KEY_CHARACTER, '5', tui_play_part, 5, FALSE },
	{ TUI_KEY_CHARACTER, '6', tui_play_part, 6, FALSE },
	{ TUI_KEY_CHARACTER, '7', tui_play_part, 7, FALSE },
	{ TUI_KEY_CHARACTER, '8', tui_play_part, 8, FALSE },
	{ TUI_KEY_CHARACTER, '9', tui_play_part, 9, FALSE },
	{ TUI_KEY_CHARACTER, 'T', tui_spacing_toggle, 0, FALSE },
	{ TUI_KEY_CHARACTER, '[', tui_spacing_scale, -1, FALSE },
	{ TUI_KEY_CHARACTER, ']', tui_spacing_scale, 1, FALSE },
	{ TUI_KEY_CHARACTER, 't', time_step, 0, FALSE },
	{ TUI_KEY_CHARACTER, 'd', delta_step, 0, FALSE },
	{ TUI_KEY_CHARACTER, 'm', mark_toggle, 0, FALSE },
	{ TUI_KEY_CHARACTER, 'h', calls_toggle, 0, FALSE },
	{ TUI_KEY_CHARACTER, 'z', fold_toggle, 0, FALSE },
	{ TUI_KEY_CHARACTER, 'x', fold_open, 0, FALSE },
	{ TUI_KEY_CHARACTER, 'v', tui_plot_toggle, 0, FALSE },
	{ TUI_KEY_CHARACTER, 'p', pause_toggle, 0, TRUE },
	{ TUI_KEY_CHARACTER, ' ', release, TUI_RELEASE, TRUE },
	{ TUI_KEY_CHARACTER, 'r', release, TUI_RELEASE_ALL, TRUE },
	{ TUI_KEY_CHARACTER, 'o', output_toggle, 0, TRUE },
	{ TUI_KEY_CHARACTER, '?', help_toggle, 0, TRUE },
	{ TUI_KEY_CHARACTER, 'q', quit, 0, TRUE },
	{ TUI_KEY_CHARACTER, CONTROL('C'), tell, TUI_QUIT, TRUE },
	{ TUI_KEY_CHARACTER, CONTROL('L'), tell, TUI_REDRAW, TRUE },
	{ TUI_KEY_CHARACTER, CONTROL('Z'), tell, TUI_SUSPEND, TRUE },
};

/* Help or output. */
static gboolean
page_is_open(const TuiState *state)
{
	return state->help || state->output;
}

/* What the key does where neither a prompt, the list nor the plots take it; NULL nothing. */
static const TuiBinding *
binding_find(const TuiState *state, const TuiInput *input)
{
	gboolean page = page_is_open(state) || state->list;

	for (guint i = 0; i < G_N_ELEMENTS(bindings); i++) {
		if (tui_binding_has(&bindings[i], input) && (!page || bindings[i].when))
			return &bindings[i];
	}
	return NULL;
}

TuiAction
tui_update(TuiState *state, const TuiModel *model, const TuiInput *input)
{
	gboolean page = page_is_open(state);
	const TuiBinding *binding;
	TuiAction action;

	if (input->key != TUI_KEY_NONE && input->key != TUI_KEY_RESIZE) {
		g_clear_pointer(&state->message, g_free);
		state->destination = EVENT_NONE;
	}
	if (tui_ask_key(state, model, input, &action))
		return action;
	if (state->list && !page && tui_list_key(state, model, input, &action))
		return action;
	if (state->plot && !page && !state->list && tui_plot_key(state, model, input, &action))
		return action;
	binding = binding_find(state, input);
	return binding ? binding->run(state, model, input, binding->argument) : TUI_NOTHING;
}

/* ---- what has to be there before ---- */

/* How far a motion goes, the list's order tells, or all lines of the detail pane. */
static guint
motion_needs(const TuiState *state, const TuiModel *model, const TuiInput *input,
	     const TuiBinding *binding)
{
	TuiLayout layout = tui_layout(state, model);

	if (binding->run == tui_move && layout.list.rows > 0)
		return TUI_WORK_LIST;
	if (binding->run == tui_move && tui_detail_focused(state, &layout))
		return TUI_WORK_DETAIL;
	if (binding->run == tui_wheel && tui_rect_has(&layout.detail, input->y, input->x))
		return TUI_WORK_DETAIL;
	return 0;
}

guint
tui_key_needs(const TuiState *state, const TuiModel *model, const TuiInput *input)
{
	gboolean page = page_is_open(state);
	guint needs;

	if (tui_ask_needs(state, input, &needs))
		return needs;
	if (state->list && !page && tui_list_needs(state, input, &needs))
		return needs;
	if (state->plot && !page && !state->list && tui_plot_needs(state, model, input, &needs))
		return needs;

	const TuiBinding *binding = binding_find(state, input);

	if (!binding || binding->run == tell || binding->run == tui_resize)
		return 0;
	if (binding->run == quit)
		return TUI_WORK_WRITING;
	if (binding->run == tui_ask && binding->argument == TUI_ASK_PICTURE)
		return TUI_WORK_SCREEN; /* the picture is of what was seen before it */
	if (binding->run == escape) /* it would end what it does not wait for */
		return TUI_WORK_ROWS | TUI_WORK_WRITING;
	return TUI_WORK_ROWS | motion_needs(state, model, input, binding);
}
