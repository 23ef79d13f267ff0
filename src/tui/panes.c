/* SPDX-License-Identifier: MIT */
/* panes.c - where the parts of the screen stand.
 *
 * Theory of operation. From top to bottom: title, notice, the ladder's head and rows (or a page),
 * the held call while stepping, footer. The detail pane takes the right of a wide terminal, else
 * the lower part of the ladder's place, else, where there is not room for both, all of it. Where
 * rows are few, the notice goes first, then the detail pane. The plots take the ladder's place; on
 * a very wide terminal they stand to the right of it.
 */
#include "tui_private.h"

#include "pktladder/trace.h"

#define BESIDE_COLUMNS 140 /* from here the detail pane stands beside the ladder */
#define LADDER_COLUMNS 80  /* and leaves it these */
#define DETAIL_COLUMNS 80  /* it needs no more */
#define PLOT_COLUMNS   160 /* from here the plots stand beside the ladder */
#define SHARED_ROWS    8   /* fewer are not shared by ladder and detail pane */
#define DETAIL_ROWS    4   /* the least of a detail pane */

const char *
tui_notice(const TuiState *state, const TuiModel *model)
{
	gboolean seen = model->notice && g_str_hash(model->notice) == state->notice_seen;

	return seen ? NULL : model->notice;
}

GPtrArray *
tui_notice_wrap(const TuiState *state, const TuiModel *model, guint width)
{
	GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *text =
	    g_strdup_printf("%s (%s)", tui_notice(state, model), _("Esc hides this"));

	grid_wrap(lines, text, width, 0);
	return lines;
}

gboolean
tui_detail_focused(const TuiState *state, const TuiLayout *layout)
{
	return layout->detail.rows > 0 && (state->detail_focus || layout->ladder.rows == 0);
}

guint
tui_play_columns(const TuiState *state)
{
	return CLAMP(state->columns / 4, 8, 60);
}

static void
ladder_place(TuiLayout *layout, TuiRect middle, const TuiState *state, const TuiModel *model)
{
	gboolean calls = !state->selection.hide_calls && trace_n_calls(model->ladder->trace) > 0;
	guint shared = middle.rows - MIN(middle.rows, SCENE_HEAD_ROWS), head_rows;
	TuiRect *detail = &layout->detail;

	if (state->detail)
		*detail = middle;
	if (state->detail && middle.columns >= BESIDE_COLUMNS) {
		layout->detail_beside = TRUE;
		detail->columns = MIN(middle.columns - LADDER_COLUMNS, DETAIL_COLUMNS);
		middle.columns -= detail->columns;
		detail->x = middle.columns + TUI_SEPARATOR;
		detail->columns -= TUI_SEPARATOR;
	} else if (state->detail) {
		if (shared >= SHARED_ROWS)
			detail->rows = MAX(DETAIL_ROWS, shared * 2 / 5);
		middle.rows -= detail->rows;
		detail->y += middle.rows;
	}
	layout->scene = scene_layout(middle.columns, calls, state->time, state->delta,
				     ladder_n_lanes(model->ladder));
	scene_layout_scroll(&layout->scene, state->first_lane);
	head_rows = layout->scene.head_rows;
	if (middle.rows <= head_rows)
		return; /* the detail pane has it all */
	layout->head = layout->ladder = middle;
	layout->head.rows = head_rows;
	layout->ladder.y += head_rows;
	layout->ladder.rows -= head_rows;
}

TuiLayout
tui_layout(const TuiState *state, const TuiModel *model)
{
	TuiLayout layout = { .held = model->stepping || model->progress };
	TuiRect middle = { .y = 1, .columns = state->columns };
	guint most = state->rows >= 24 ? 3 : 1; /* rows of a notice */

	if (state->rows < TUI_MIN_ROWS || state->columns < SCENE_MIN_WIDTH) {
		layout.too_small = TRUE;
		return layout;
	}
	middle.rows = state->rows - 1 - MAX(tui_ask_rows(state), 1) - (layout.held ? 1 : 0);
	if (tui_play_is_on(state)) {
		PlayPlace place = play_place(&state->play, model->ladder);

		middle.rows--;
		layout.play = (TuiRect){ middle.y + middle.rows, 0, 1, state->columns };
		layout.play_cells = tui_play_columns(state);
		layout.play_passed = play_cells(&place, layout.play_cells);
	}
	if (tui_notice(state, model) && middle.rows >= TUI_MIN_ROWS) {
		g_autoptr(GPtrArray) lines = tui_notice_wrap(state, model, middle.columns);

		layout.notice = middle;
		layout.notice.rows = MIN(lines->len, most);
		middle.y += layout.notice.rows;
		middle.rows -= layout.notice.rows;
	}
	if (state->help || state->output) {
		layout.page = middle;
	} else if (state->list) {
		layout.list = middle;
	} else if (state->plot) {
		layout.plot = middle;
		if (middle.columns >= PLOT_COLUMNS) {
			middle.columns = LADDER_COLUMNS;
			layout.plot.x = LADDER_COLUMNS + TUI_SEPARATOR;
			layout.plot.columns -= LADDER_COLUMNS + TUI_SEPARATOR;
		} else {
			middle.rows = 0; /* nothing is left for the ladder */
		}
	}
	if (!layout.page.rows && !layout.list.rows && middle.rows > 0)
		ladder_place(&layout, middle, state, model);
	return layout;
}
