/* SPDX-License-Identifier: MIT */
/* tui_keys.c - what the keys do apart from moving about, and which does what. */
#include "tui_ask.h"
#include "tui_commands.h"

#include "pktladder/i18n.h"

/* For keys that only tell the owner something. */
TUI_COMMAND(tui_tell_owner, told)
{
	*action = told;
}

static gboolean
page_close(TuiState *state)
{
	gboolean open = state->help || state->output;

	state->help = state->output = FALSE;
	return open;
}

TUI_COMMAND(tui_quit, unused)
{
	if (page_close(state))
		return;
	if (state->list)
		tui_list_toggle(state, model, input, 0, action);
	else if (!tui_plot_escape(state))
		*action = TUI_QUIT;
}

TUI_COMMAND(tui_help_toggle, unused)
{
	state->help = !state->help;
	state->output = FALSE;
	state->page_top = 0;
}

TUI_COMMAND(tui_output_toggle, unused)
{
	state->output = !state->output;
	state->help = FALSE;
	state->page_top = G_MAXUINT;
}

TUI_COMMAND(tui_detail_toggle, unused)
{
	state->detail = !state->detail;
	state->detail_auto = FALSE;
	state->detail_focus = FALSE;
}

/* The pane of a row that the next event replaces could not be read: focus ends following. */
TUI_COMMAND(tui_focus_toggle, unused)
{
	state->detail_focus = state->detail && !state->detail_focus;
	if (state->detail_focus)
		state->follow = FALSE;
}

TUI_COMMAND(tui_escape, unused)
{
	if (model->searching)
		*action = TUI_SEARCH_STOP;
	else if (page_close(state) || tui_list_escape(state) || tui_plot_escape(state))
		return;
	else if (model->progress)
		*action = TUI_READING_STOP;
	else if (tui_notice(state, model))
		state->notice_seen = g_str_hash(model->notice);
	else if (state->detail_focus)
		state->detail_focus = FALSE;
	else if (state->detail)
		tui_detail_toggle(state, model, input, 0, action);
	else if (tui_play_is_on(state))
		tui_play_toggle(state, model, input, 0, action);
}

TUI_COMMAND(tui_pause_toggle, unused)
{
	if (tui_play_is_on(state))
		tui_play_pause(state, model, input, 0, action);
	else
		state->paused = !state->paused && model->live;
}

/* The space bar. What a released call does is to be seen, so that a pause ends. */
TUI_COMMAND(tui_release, released)
{
	if (model->stepping) {
		state->paused = FALSE;
		*action = released;
	} else if (released != TUI_RELEASE) {
		return;
	} else if (model->live || tui_play_is_on(state)) {
		tui_pause_toggle(state, model, input, 0, action);
	} else if (!state->help && !state->output && !state->list) {
		tui_play_toggle(state, model, input, 0, action);
	}
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
TUI_COMMAND(tui_conversation_step, by)
{
	guint64 n = model->n_conversations, next = 0; /* counted from 0 = all */

	if (n == 0)
		return;
	if (state->selection.conversation != CONVERSATION_NONE)
		next = MIN((guint64)state->selection.conversation + 1, n);
	next = (next + n + 1 + by) % (n + 1);
	tui_select(state, next == 0 ? CONVERSATION_NONE : next - 1, NULL);
	*action = tui_selection_changed(state, model);
}

TUI_COMMAND(tui_calls_toggle, unused)
{
	state->selection.hide_calls = !state->selection.hide_calls;
	*action = tui_selection_changed(state, model);
}

TUI_COMMAND(tui_fold_toggle, unused)
{
	state->selection.fold = !state->selection.fold;
	*action = tui_selection_changed(state, model);
}

/* The event that was selected is so still, or the fold that it went into. */
TUI_COMMAND(tui_fold_open, unused)
{
	guint32 event, offset = state->selected - MIN(state->selected, state->top);

	if (state->selected >= ladder_length(model->ladder))
		return;
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
}

TUI_COMMAND(tui_time_step, unused)
{
	state->time = (state->time + 1) % N_SCENE_TIMES;
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

TUI_COMMAND(tui_delta_step, unused)
{
	state->delta = (state->delta + 1) % N_SCENE_DELTAS;
	if (state->delta == SCENE_DELTA_MARK && state->mark == EVENT_NONE)
		state->delta++;
	delta_tell(state, model);
}

TUI_COMMAND(tui_mark_toggle, unused)
{
	if (state->selected >= ladder_length(model->ladder))
		return;

	LadderRow row = ladder_row(model->ladder, state->selected);

	if (state->mark != EVENT_NONE &&
	    ladder_row_of(model->ladder, state->mark) == state->selected) {
		state->mark = EVENT_NONE;
		state->delta = SCENE_DELTA_PREVIOUS;
	} else {
		state->mark = row.event;
		state->mark_ns = row.time_ns;
		state->delta = SCENE_DELTA_MARK;
	}
	delta_tell(state, model);
}

/* ---- which key does what ---- */

static gboolean
place_is_here(TuiPlace place, const TuiState *state, const TuiModel *model, const TuiInput *input)
{
	gboolean page = state->help || state->output;
	gboolean list = place == PLACE_LIST || place == PLACE_LIST_ROWS;

	if (place == PLACE_ANYWHERE)
		return TRUE;
	if (page || state->list != list || (place >= PLACE_PLOT && !state->plot))
		return FALSE;
	if (place < PLACE_PLOT)
		return TRUE;

	TuiLayout layout = tui_layout(state, model);

	if (place == PLACE_PLOT_ALONE)
		return layout.ladder.rows == 0;
	return place != PLACE_PLOT_POINTED || tui_rect_has(&layout.plot, input->y, input->x);
}

/* What the key does where no prompt takes it; NULL nothing. `ready`: the plot has its packets. */
static const TuiBinding *
binding_find(const TuiState *state, const TuiModel *model, const TuiInput *input, gboolean ready,
	     TuiPlace *place)
{
	gint32 code =
	    input->key == TUI_KEY_CHARACTER ? (gint32)input->character : -(gint32)input->key;
	const TuiBinding *found = NULL;

	for (guint i = 0; i < n_tui_keys; i++) {
		const TuiKeyHelp *key = &tui_keys[i];

		for (const TuiBinding *binding = key->bindings;
		     binding < key->bindings + G_N_ELEMENTS(key->bindings) && binding->run;
		     binding++) {
			if (binding->code != code || (found && key->place <= *place) ||
			    (key->place > PLACE_PLOT && !ready) ||
			    !place_is_here(key->place, state, model, input))
				continue;
			found = binding;
			*place = key->place;
		}
	}
	return found;
}

TuiAction
tui_update(TuiState *state, const TuiModel *model, const TuiInput *input)
{
	TuiAction action = TUI_NOTHING;
	TuiPlace place;

	if (input->key != TUI_KEY_NONE && input->key != TUI_KEY_RESIZE) {
		g_clear_pointer(&state->message, g_free);
		state->destination = EVENT_NONE;
	}
	if (tui_ask_key(state, model, input, &action))
		return action;
	if (tui_list_is_typed(state, input)) {
		tui_list_type(state, input);
		return action;
	}

	const TuiBinding *binding =
	    binding_find(state, model, input, tui_plot_is_ready(state, model), &place);

	if (binding)
		binding->run(state, model, input, binding->argument, &action);
	return action;
}

guint
tui_key_needs(const TuiState *state, const TuiModel *model, const TuiInput *input)
{
	TuiPlace place;
	guint needs;

	if (tui_ask_needs(state, input, &needs))
		return needs;
	if (tui_list_is_typed(state, input))
		return 0;

	const TuiBinding *binding = binding_find(state, model, input, TRUE, &place);

	if (!binding || place == PLACE_LIST || binding->run == tui_tell_owner ||
	    binding->run == tui_resize)
		return 0;
	if (place == PLACE_LIST_ROWS)
		return TUI_WORK_LIST;
	if (place >= PLACE_PLOT)
		return TUI_WORK_ROWS | (place > PLACE_PLOT ? TUI_WORK_PLOT : 0);
	if (binding->run == tui_quit)
		return TUI_WORK_WRITING;
	if (binding->run == tui_ask && binding->argument == TUI_ASK_PICTURE)
		return TUI_WORK_SCREEN; /* the picture is of what was seen before it */
	if (binding->run == tui_escape) /* it would end what it does not wait for */
		return TUI_WORK_ROWS | TUI_WORK_WRITING;

	/* How far a motion goes, the list's order tells, or all lines of the detail pane. */
	TuiLayout layout = tui_layout(state, model);

	if (binding->run == tui_move && layout.list.rows > 0)
		return TUI_WORK_ROWS | TUI_WORK_LIST;
	if ((binding->run == tui_move && tui_detail_focused(state, &layout)) ||
	    (binding->run == tui_wheel && tui_rect_has(&layout.detail, input->y, input->x)))
		return TUI_WORK_ROWS | TUI_WORK_DETAIL;
	return TUI_WORK_ROWS;
}
