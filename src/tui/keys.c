/* SPDX-License-Identifier: MIT */
/* keys.c - which key does what, and what it has to wait for. */
#include "tui_private.h"

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

/* The command of a key where no prompt takes it; NULL none. `ready`: the plot has its packets. */
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

	if (binding && (state->help || state->output) &&
	    (binding->run == tui_move || binding->run == tui_wheel)) {
		/* Keys and the wheel scroll the page that is open. */
		TuiRect rect = tui_layout(state, model).page;
		gboolean wheel = binding->run == tui_wheel;
		TuiMotion motion = !wheel              ? binding->argument
				   : binding->argument ? MOTION_DOWN
						       : MOTION_UP;
		g_autoptr(GPtrArray) lines = NULL;
		TuiPager pager = tui_page(state, model, &lines);

		if (rect.rows == 0)
			return action; /* the terminal is too small */
		for (guint i = 0; i < (wheel ? TUI_WHEEL_ROWS : 1); i++)
			tui_pager_move(&pager, &rect, &state->page_top, motion);
		if (state->output && state->page_top == tui_pager_last(&pager, &rect))
			state->page_top = G_MAXUINT; /* what comes stays in view */
	} else if (binding) {
		binding->run(state, model, input, binding->argument, &action);
	}
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
