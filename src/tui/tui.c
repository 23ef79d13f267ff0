/* SPDX-License-Identifier: MIT */
/* tui.c - the view as a whole: what a key does depends on what is open, and has the focus.
 *
 * Theory of operation. tui_update() changes what a key asks for; tui_settle() makes it
 * fit the rows and the size that there are.
 */
#include "tui_private.h"

void
tui_settle(TuiState *state, const TuiModel *model)
{
	state->busy = FALSE;
	tui_play_settle(state, model); /* playback that ends leaves its lines to the ladder */
	tui_spacing_settle(state, model);

	TuiLayout layout = tui_layout(state, model);
	guint32 length = tui_length(state, model);

	tui_list_settle(state, model, &layout);
	if (length == 0) {
		state->top = 0;
		state->selected = EVENT_NONE;
		tui_plot_settle(state, model);
		tui_detail_settle(state, model, &layout);
		return;
	}
	tui_ladder_find(state, model);
	tui_goto_settle(state, model);
	if (state->follow)
		state->selected = length - 1;
	else if (state->selected == EVENT_NONE)
		state->selected = 0;
	state->selected = MIN(state->selected, length - 1);
	tui_plot_settle(state, model);
	if (layout.page.rows > 0 || layout.list.rows > 0)
		return; /* it comes back as it was */
	tui_ladder_settle(state, model, &layout);
	tui_detail_settle(state, model, &layout);
}

TUI_COMMAND(tui_move, motion)
{
	TuiLayout layout = tui_layout(state, model);

	if (layout.too_small)
		return;
	if (layout.list.rows > 0) {
		tui_list_move(state, model, &layout, motion);
	} else if (tui_detail_focused(state, &layout)) {
		TuiPager pager = tui_detail_pager(model);

		tui_pager_move(&pager, &layout.detail, &state->detail_top, motion);
	} else {
		tui_ladder_move(state, model, &layout, motion);
	}
}

TUI_COMMAND(tui_wheel, down)
{
	TuiLayout layout = tui_layout(state, model);

	if (layout.ladder.rows > 0 && !tui_rect_has(&layout.detail, input->y, input->x)) {
		tui_ladder_wheel(state, model, &layout, down);
		return;
	}
	for (guint i = 0; i < TUI_WHEEL_ROWS; i++) {
		gboolean focus = state->detail_focus;

		state->detail_focus = TRUE; /* for this motion */
		tui_move(state, model, input, down ? MOTION_DOWN : MOTION_UP, action);
		state->detail_focus = focus;
	}
	if (layout.detail.rows > 0)
		state->follow = FALSE; /* or the next row would turn the page */
}

TUI_COMMAND(tui_click, unused)
{
	TuiLayout layout = tui_layout(state, model);

	if (tui_rect_has(&layout.play, input->y, input->x)) {
		tui_play_click(state, model, &layout, input->x);
	} else if (tui_rect_has(&layout.detail, input->y, input->x)) {
		state->detail_focus = TRUE;
		state->follow = FALSE;
	} else if (tui_rect_has(&layout.ladder, input->y, input->x)) {
		guint32 row = spacing_row_at(state->ns_per_line, model->ladder, state->top,
					     input->y - layout.ladder.y, tui_length(state, model));

		state->detail_focus = FALSE;
		if (row == EVENT_NONE)
			return;
		state->selected = row;
		state->follow = FALSE;
	}
}

TUI_COMMAND(tui_resize, unused)
{
	state->rows = input->y;
	state->columns = input->x;
	if (state->detail_auto)
		state->detail = state->rows >= TUI_OPEN_ROWS;
}

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

TUI_COMMAND(tui_page_toggle, help)
{
	gboolean opens = help ? !state->help : !state->output;

	state->help = opens && help;
	state->output = opens && !help;
	state->page_top = help ? 0 : G_MAXUINT;
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
		tui_detail_toggle(state, model, input, state->pane, action);
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

/* The space bar. A pause ends, so that one sees what the released call does. */
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
