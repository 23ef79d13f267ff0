/* SPDX-License-Identifier: MIT */
/* state.c - the view's state, and what all that show or change it ask of it; where the parts of the
 * screen stand.
 *
 * Theory of operation. From top to bottom: title, notice, the ladder's head and rows (or a page),
 * the held call while stepping, footer. The detail pane takes the right of a wide terminal, else
 * the lower part of the ladder's place, else, where there is not room for both, all of it. Where
 * rows are few, the notice goes first, then the detail pane. The plots take the ladder's place; on
 * a very wide terminal they stand to the right of it.
 */
#include "tui_private.h"
#include "prompt.h"

#include "pktladder/sorted.h"
#include "pktladder/text.h"
#include "pktladder/trace.h"

#define BESIDE_COLUMNS 140 /* from here the detail pane stands beside the ladder */
#define LADDER_COLUMNS 80  /* and leaves it these */
#define DETAIL_COLUMNS 80  /* it needs no more */
#define PLOT_COLUMNS   160 /* from here the plots stand beside the ladder */
#define SHARED_ROWS    8   /* fewer are not shared by ladder and detail pane */
#define DETAIL_ROWS    4   /* the least of a detail pane */
#define HINT_ROWS      10  /* from here there is a row for it below the prompt */

void
tui_init(TuiState *state, guint rows, guint columns, Glyphs glyphs)
{
	*state = (TuiState){
		.rows = rows,
		.columns = columns,
		.selected = EVENT_NONE,
		.follow = TRUE,
		.detail = rows >= TUI_OPEN_ROWS,
		.detail_auto = TRUE,
		.detail_row = EVENT_NONE,
		.anchor = EVENT_NONE,
		.destination = EVENT_NONE,
		.lanes_row = EVENT_NONE,
		.mark = EVENT_NONE,
		.selection = SELECTION_ALL,
		.glyphs = glyphs,
		.play = PLAY_DEFAULT,
		.list_conversation = CONVERSATION_NONE,
		.plot_conversation = CONVERSATION_NONE,
		.plot_cursor = EVENT_NONE,
		.plot_seen = EVENT_NONE,
	};
}

void
tui_clear(TuiState *state)
{
	g_clear_pointer(&state->selection.set, conversation_set_unref);
	g_clear_pointer(&state->selection.filter, filter_unref);
	for (TuiAsk ask = 0; ask < N_TUI_ASKS; ask++) {
		g_clear_pointer(&state->prompt[ask], tui_prompt_free);
		g_clear_pointer(&state->path[ask], g_free);
	}
	g_clear_pointer(&state->stem, g_free);
	g_clear_pointer(&state->search.text, g_free);
	g_clear_pointer(&state->message, g_free);
	g_clear_pointer(&state->marks, conversation_set_unref);
	g_clear_pointer(&state->list_prompt, tui_prompt_free);
}

void
tui_tell(TuiState *state, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_free(state->message);
	state->message = g_strdup_vprintf(format, arguments);
	va_end(arguments);
}

TuiAsk
tui_asking(const TuiState *state)
{
	TuiAsk ask = 0;

	while (ask < N_TUI_ASKS && !tui_prompt_is_open(state->prompt[ask]))
		ask++;
	return ask;
}

guint
tui_ask_rows(const TuiState *state)
{
	return tui_asking(state) == N_TUI_ASKS ? 0 : state->rows >= HINT_ROWS ? 2 : 1;
}

void
tui_select(TuiState *state, guint32 index, ConversationSet *set)
{
	conversation_set_ref(set);
	conversation_set_unref(state->selection.set);
	state->selection.conversation = index;
	state->selection.set = set;
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

void
tui_selection_abandon(TuiState *state, const TuiModel *model)
{
	Selection selection = model->ladder->selection;

	filter_ref(selection.filter);
	filter_unref(state->selection.filter);
	tui_select(state, selection.conversation, selection.set);
	state->selection = selection;
	state->anchor = EVENT_NONE;
}

guint32
tui_length(const TuiState *state, const TuiModel *model)
{
	return play_length(&state->play, model->ladder);
}

guint32
tui_row_near(const Ladder *ladder, guint32 event)
{
	guint32 row = ladder_row_of(ladder, event);
	guint32 low = 0, high = ladder_length(ladder);

	if (row != EVENT_NONE)
		return row;
	SORTED_SEARCH(low, high, ladder_row(ladder, middle).event < event);
	return MIN(low, ladder_length(ladder) - 1);
}

gboolean
tui_ladder_is_ready(const TuiState *state, const Ladder *next)
{
	if (ladder_is_whole(next))
		return TRUE;
	if (state->follow)
		return FALSE;
	if (state->anchor == EVENT_NONE)
		return ladder_length(next) >= state->rows;
	/* with as many below it, so that it stays on its line */
	return next->taken > state->anchor && ladder_length(next) > 0 &&
	       ladder_length(next) - tui_row_near(next, state->anchor) >= state->rows;
}

guint32
tui_motion_target(TuiMotion motion, guint32 from, guint32 page, guint32 length)
{
	const gint64 half = (page + 1) / 2, all = G_MAXUINT32;
	const gint64 by[] = {
		[MOTION_UP] = -1,
		[MOTION_DOWN] = 1,
		[MOTION_PAGE_UP] = -(gint64)page,
		[MOTION_PAGE_DOWN] = page,
		[MOTION_HALF_UP] = -half,
		[MOTION_HALF_DOWN] = half,
		[MOTION_HOME] = -all,
		[MOTION_END] = all,
	};
	gint64 target = from + by[motion];

	return target < 0 ? 0 : MIN(target, length);
}

guint32
tui_page_step(guint rows)
{
	return rows > 2 ? rows - 2 : 1;
}

gboolean
tui_rect_has(const TuiRect *rect, guint y, guint x)
{
	return y >= rect->y && y - rect->y < rect->rows && x >= rect->x &&
	       x - rect->x < rect->columns;
}

guint
tui_put_fit(const TuiState *state, Grid *grid, guint y, guint x, guint width, const char *text,
	    Role role)
{
	g_autofree char *fit = text_fit(text, width, tui_is_ascii(state));

	return grid_put(grid, y, x, width, fit, role);
}

/* ---- where the parts of the screen stand ---- */

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
