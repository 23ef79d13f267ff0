/* SPDX-License-Identifier: MIT */
/* tui.c - the view's state and how keys change it.
 *
 * Theory of operation. The selected row is always in view; while the view
 * follows, it is the newest one. Moving up stops following, moving down past
 * the newest row, or End, starts it again. tui_update() changes what a key
 * asks for; tui_settle() makes it fit the rows and the size that there are.
 */
#include <string.h>

#include "tui_commands.h"
#include "tui_ask.h"
#include "tui_prompt.h"

#include "pktladder/text.h"
#include "pktladder/sorted.h"

#define OPEN_ROWS 40 /* from here there is room for the detail pane from the start */

void
tui_init(TuiState *state, guint rows, guint columns, Glyphs glyphs)
{
	*state = (TuiState){
		.rows = rows,
		.columns = columns,
		.selected = EVENT_NONE,
		.follow = TRUE,
		.detail = rows >= OPEN_ROWS,
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
	for (guint i = 0; i < N_TUI_ASKS; i++)
		g_clear_pointer(&state->prompt[i], tui_prompt_free);
	g_clear_pointer(&state->stem, g_free);
	g_clear_pointer(&state->search.text, g_free);
	g_clear_pointer(&state->save_path, g_free);
	g_clear_pointer(&state->figure_path, g_free);
	g_clear_pointer(&state->picture_path, g_free);
	g_clear_pointer(&state->message, g_free);
	g_clear_pointer(&state->marks, conversation_set_unref);
	g_clear_pointer(&state->list_prompt, tui_prompt_free);
}

void
tui_select(TuiState *state, guint32 index, ConversationSet *set)
{
	conversation_set_ref(set);
	conversation_set_unref(state->selection.set);
	state->selection.conversation = index;
	state->selection.set = set;
}

guint32
tui_length(const TuiState *state, const TuiModel *model)
{
	return play_length(&state->play, model->ladder);
}

/* The rows that are in view from `top` on. */
static guint32
view_rows(const TuiState *state, const TuiModel *model, const TuiLayout *layout, guint32 top)
{
	Spacing spacing = tui_spacing(state);

	return spacing_rows(&spacing, model->ladder, top, MAX(layout->ladder.rows, 1),
			    tui_length(state, model));
}

/* The least top with `bottom` in view; below the last row of a film, the lines whose
 * time has passed are so too. */
static guint32
view_top(const TuiState *state, const TuiModel *model, const TuiLayout *layout, guint32 bottom)
{
	Spacing spacing = tui_spacing(state);
	guint height = MAX(layout->ladder.rows, 1), below = 0;

	if (bottom + 1 == tui_length(state, model))
		below = spacing_passed(&spacing, model->ladder, &state->play);
	return spacing_top(&spacing, model->ladder, bottom, height - MIN(below, height - 1));
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
	return ladder_taken(next) > state->anchor && ladder_length(next) > 0 &&
	       ladder_length(next) - tui_row_near(next, state->anchor) >= state->rows;
}

void
tui_selection_abandon(TuiState *state, const TuiModel *model)
{
	Selection selection = ladder_selection(model->ladder);

	filter_ref(selection.filter);
	filter_unref(state->selection.filter);
	tui_select(state, selection.conversation, selection.set);
	state->selection = selection;
	state->anchor = EVENT_NONE;
}

/* After a change of the selection: the same event, on the same line of the screen. */
static void
settle_anchor(TuiState *state, const TuiModel *model)
{
	Selection selection = ladder_selection(model->ladder);
	guint32 offset = state->selected - MIN(state->selected, state->top);

	if (state->anchor == EVENT_NONE)
		return;
	if (!selection_equal(&selection, &state->selection)) {
		/* The new ladder is not there yet: meanwhile somebody may go elsewhere. */
		if (state->selected < ladder_length(model->ladder))
			state->anchor = ladder_row(model->ladder, state->selected).event;
		return;
	}
	state->selected = tui_row_near(model->ladder, state->anchor);
	state->top = state->selected - MIN(state->selected, offset);
	state->anchor = EVENT_NONE;
}

static void
settle_detail(TuiState *state, const TuiModel *model, const TuiLayout *layout)
{
	TuiPager pager = tui_detail_pager(model);

	if (!state->detail)
		state->detail_focus = FALSE;
	if (state->detail_row != state->selected) {
		state->detail_row = state->selected;
		state->detail_top = 0;
	}
	if (layout->detail.rows > 0 && model->detail)
		state->detail_top = MIN(state->detail_top, tui_pager_last(&pager, &layout->detail));
}

/* Both ends of the selected row, where there is room; else the one that sends, of calls the one
 * that calls. */
static void
settle_lanes(TuiState *state, const TuiModel *model, const TuiLayout *layout)
{
	const SceneLayout *scene = &layout->scene;
	guint end = scene->first_lane + scene->n_visible;

	if (scene->n_visible == 0)
		return;
	state->first_lane = scene->first_lane;
	if (state->lanes_row == state->selected && state->lanes_visible == scene->n_visible)
		return;
	state->lanes_row = state->selected;
	state->lanes_visible = scene->n_visible;

	LadderRow row = ladder_row(model->ladder, state->selected);
	guint low = MIN(row.lane[0], row.lane[1]), high = MAX(row.lane[0], row.lane[1]);
	const LadderCell *client = &row.cell[SIDE_CLIENT];
	Side sender = row.kind != ROW_CALLS                                         ? row.from
		      : client->entry != EVENT_NONE || client->result != EVENT_NONE ? SIDE_CLIENT
										    : SIDE_SERVER;

	if (row.kind == ROW_NOTE)
		return;
	if (row.kind == ROW_CALLS || high - low >= scene->n_visible)
		low = high = row.lane[sender];
	if (low < scene->first_lane)
		state->first_lane = low;
	else if (high >= end)
		state->first_lane = high + 1 - scene->n_visible;
}

void
tui_settle(TuiState *state, const TuiModel *model)
{
	state->busy = FALSE;
	tui_play_settle(state, model); /* a film that ends leaves its lines to the ladder */
	tui_spacing_settle(state, model);

	TuiLayout layout = tui_layout(state, model);
	guint32 length = tui_length(state, model);

	tui_list_settle(state, model, &layout);
	if (length == 0) {
		state->top = 0;
		state->selected = EVENT_NONE;
		tui_plot_settle(state, model);
		settle_detail(state, model, &layout);
		return;
	}
	settle_anchor(state, model);
	tui_goto_settle(state, model);
	if (state->follow)
		state->selected = length - 1;
	else if (state->selected == EVENT_NONE)
		state->selected = 0;
	state->selected = MIN(state->selected, length - 1);
	tui_plot_settle(state, model);
	if (layout.page.rows > 0 || layout.list.rows > 0)
		return; /* it comes back as it was */
	if (state->selected < state->top)
		state->top = state->selected;
	state->top = MAX(state->top, view_top(state, model, &layout, state->selected));
	state->top = MIN(state->top, view_top(state, model, &layout, length - 1));
	settle_lanes(state, model, &layout);
	settle_detail(state, model, &layout);
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

static void
move_ladder(TuiState *state, const TuiModel *model, const TuiLayout *layout, TuiMotion motion)
{
	guint32 length = tui_length(state, model), target, page;

	if (motion == MOTION_HOME && tui_play_go(state, model, 0))
		return;
	if (motion == MOTION_END && tui_play_go(state, model, ladder_length(model->ladder)))
		return;
	if (length == 0)
		return;
	page = view_rows(state, model, layout, state->top);
	if (motion == MOTION_PAGE_UP && state->ns_per_line > 0)
		page = state->top - view_top(state, model, layout, state->top) + 1;
	page = tui_page_step(page + 1); /* one row of the page before stays in view */
	target = tui_motion_target(motion, MIN(state->selected, length - 1), page, length);
	state->follow = target == length;
	state->selected = MIN(target, length - 1);
	if (motion == MOTION_PAGE_UP || motion == MOTION_PAGE_DOWN) /* the view moves as much */
		state->top = MIN(tui_motion_target(motion, state->top, page, length), length - 1);
}

/* The same for lines of a page, the first of which is `*top`. */
static void
move_page(const TuiPager *pager, const TuiRect *rect, guint *top, TuiMotion motion)
{
	guint last = tui_pager_last(pager, rect);

	*top = tui_motion_target(motion, MIN(*top, last), tui_page_step(rect->rows), last + 1);
	*top = MIN(*top, last);
}

TUI_COMMAND(tui_move, motion)
{
	TuiLayout layout = tui_layout(state, model);

	if (layout.too_small)
		return;
	if (layout.page.rows > 0) {
		g_autoptr(GPtrArray) lines = NULL;
		TuiPager pager = tui_page(state, model, &lines);

		move_page(&pager, &layout.page, &state->page_top, motion);
		if (state->output && state->page_top == tui_pager_last(&pager, &layout.page))
			state->page_top = G_MAXUINT; /* what comes stays in view */
	} else if (layout.list.rows > 0) {
		tui_list_move(state, model, &layout, motion);
	} else if (tui_detail_focused(state, &layout)) {
		TuiPager pager = tui_detail_pager(model);

		move_page(&pager, &layout.detail, &state->detail_top, motion);
	} else {
		move_ladder(state, model, &layout, motion);
	}
}

/* A view keeps a lane of the one before. */
TUI_COMMAND(tui_lanes_scroll, by)
{
	SceneLayout scene = tui_layout(state, model).scene;
	guint step = ABS(by) == TUI_LANES_VIEW ? scene.n_visible - 1 : 1;

	if (scene.n_visible == 0)
		return;
	scene_layout_scroll(&scene, by > 0 ? scene.first_lane + step
					   : scene.first_lane - MIN(step, scene.first_lane));
	state->first_lane = scene.first_lane;
}

/* The view moves, and takes the selected row along only where it would leave it. */
static void
wheel_ladder(TuiState *state, const TuiModel *model, const TuiLayout *layout, gboolean down)
{
	guint32 length = tui_length(state, model), last, bottom;

	if (length == 0)
		return;
	last = view_top(state, model, layout, length - 1);
	if (!down) {
		state->top -= MIN(state->top, TUI_WHEEL_ROWS);
		state->follow = FALSE;
	} else if (state->top >= last) {
		state->follow = TRUE;
		return;
	} else {
		state->top = MIN(state->top + TUI_WHEEL_ROWS, last);
	}
	bottom = MIN(state->top + view_rows(state, model, layout, state->top), length) - 1;
	state->selected = CLAMP(state->selected, state->top, bottom);
}

TUI_COMMAND(tui_wheel, down)
{
	TuiLayout layout = tui_layout(state, model);

	if (layout.ladder.rows > 0 && !tui_rect_has(&layout.detail, input->y, input->x)) {
		wheel_ladder(state, model, &layout, down);
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
		Spacing spacing = tui_spacing(state);
		guint32 row = spacing_row_at(&spacing, model->ladder, state->top,
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
		state->detail = state->rows >= OPEN_ROWS;
}
