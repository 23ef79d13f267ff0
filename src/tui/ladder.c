/* SPDX-License-Identifier: MIT */
/* ladder.c - the ladder on the screen: which rows and lanes are in view, which row is
 * selected, and the keys that change how it is shown.
 *
 * Theory of operation. The selected row is always in view; while the view follows, it is the
 * newest one. Moving up stops following; moving down past the newest row, or End, starts it again.
 */

#include "tui_private.h"

#include "pktladder/detail.h"

/* The time a line is chosen anew where the ladder has other rows, once those are there, or twice as
 * many rows: it neither jumps while one scrolls nor with each row that comes. */
void
tui_spacing_settle(TuiState *state, const TuiModel *model)
{
	guint32 length = ladder_length(model->ladder);

	if (state->ns_per_line == 0 || !state->spacing_auto || (model->work & TUI_WORK_LADDER))
		return;
	if (state->spacing_rows > 0 && length >= state->spacing_rows &&
	    length / 2 < state->spacing_rows)
		return;
	state->ns_per_line = spacing_choose(model->ladder);
	state->spacing_rows = length;
}

char *
tui_spacing_text(const TuiState *state)
{
	if (state->ns_per_line == 0)
		return NULL;

	g_autofree char *time = detail_duration(state->ns_per_line);
	GString *text = g_string_new(NULL);

	g_string_printf(text, _("%s a line"), time);
	if (tui_is_ascii(state))
		g_string_replace(text, "µ", "u", 0);
	return g_string_free(text, FALSE);
}

static void
scale_tell(TuiState *state)
{
	g_autofree char *text = tui_spacing_text(state);

	if (text)
		tui_tell(state, _("Spaced by time: %s ([ and ] change it)."), text);
	else
		tui_tell(state, _("The rows stand one below the other."));
}

TUI_COMMAND(tui_spacing_toggle, unused)
{
	state->ns_per_line = state->ns_per_line == 0 ? SPACING_MIN_NS : 0;
	state->spacing_auto = TRUE;
	state->spacing_rows = 0;
	tui_spacing_settle(state, model);
	scale_tell(state);
}

TUI_COMMAND(tui_spacing_scale, by)
{
	if (state->ns_per_line == 0) {
		tui_spacing_toggle(state, model, input, 0, action);
	} else {
		state->ns_per_line = spacing_step(state->ns_per_line, by);
		state->spacing_auto = FALSE;
		scale_tell(state);
	}
}

/* The rows that are in view from `top` on. */
static guint32
view_rows(const TuiState *state, const TuiModel *model, const TuiLayout *layout, guint32 top)
{
	return spacing_rows(state->ns_per_line, model->ladder, top, MAX(layout->ladder.rows, 1),
			    tui_length(state, model));
}

/* The least top with `bottom` in view; below the last row played, the lines whose
 * time has passed are so too. */
static guint32
view_top(const TuiState *state, const TuiModel *model, const TuiLayout *layout, guint32 bottom)
{
	guint height = MAX(layout->ladder.rows, 1), below = 0;

	if (bottom + 1 == tui_length(state, model))
		below = spacing_passed(state->ns_per_line, model->ladder, &state->play);
	return spacing_top(state->ns_per_line, model->ladder, bottom,
			   height - MIN(below, height - 1));
}

/* After a change of the selection: the same event, on the same line of the screen. */
void
tui_ladder_find(TuiState *state, const TuiModel *model)
{
	Selection selection = model->ladder->selection;
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

void
tui_detail_settle(TuiState *state, const TuiModel *model, const TuiLayout *layout)
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

void
tui_ladder_settle(TuiState *state, const TuiModel *model, const TuiLayout *layout)
{
	const SceneLayout *scene = &layout->scene;
	guint end = scene->first_lane + scene->n_visible;
	guint32 last = tui_length(state, model) - 1;

	if (state->selected < state->top)
		state->top = state->selected;
	state->top = MAX(state->top, view_top(state, model, layout, state->selected));
	state->top = MIN(state->top, view_top(state, model, layout, last));
	/* Both lanes of the selected row, where there is room; else the one that sends, of calls
	 * the one that calls. */
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
tui_ladder_move(TuiState *state, const TuiModel *model, const TuiLayout *layout, TuiMotion motion)
{
	guint32 length = tui_length(state, model), target, page;

	if (motion == MOTION_HOME && tui_play_go(state, model, 0, 0))
		return;
	if (motion == MOTION_END && tui_play_go(state, model, ladder_length(model->ladder), 0))
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

void
tui_row_go(TuiState *state, const TuiModel *model, guint32 row)
{
	guint height = MAX(tui_layout(state, model).ladder.rows, 1);

	state->detail_focus = FALSE;
	if (row >= tui_length(state, model) && tui_play_go(state, model, row + 1, 0))
		return;
	state->follow = FALSE;
	state->selected = row;
	if (row < state->top || row - state->top >= spacing_rows(state->ns_per_line, model->ladder,
								 state->top, height, row + 1))
		state->top = spacing_top(state->ns_per_line, model->ladder, row, height / 2 + 1);
}

/* Scrolling by a view leaves one of its lanes in view. */
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
void
tui_ladder_wheel(TuiState *state, const TuiModel *model, const TuiLayout *layout, gboolean down)
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

TUI_COMMAND(tui_detail_toggle, pane)
{
	state->detail = !state->detail || state->pane != pane;
	state->pane = pane;
	state->detail_top = 0;
	state->detail_auto = FALSE;
	state->detail_focus = FALSE;
}

TUI_COMMAND(tui_source_toggle, unused)
{
	if (model->has_source)
		tui_detail_toggle(state, model, input, TUI_PANE_SOURCE, action);
	else
		tui_tell(state, _("Only a demo has its programs' source to show."));
}

/* The pane of a row that the next event replaces could not be read: focus ends following. */
TUI_COMMAND(tui_focus_toggle, unused)
{
	state->detail_focus = state->detail && !state->detail_focus;
	if (state->detail_focus)
		state->follow = FALSE;
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

TUI_COMMAND(tui_setup_toggle, unused)
{
	state->selection.setup = ladder_hides_setup(model->ladder) ? SETUP_SHOWN : SETUP_HIDDEN;
	*action = tui_selection_changed(state, model);
}

TUI_COMMAND(tui_selection_toggle, member)
{
	gboolean *chosen = G_STRUCT_MEMBER_P(state, member);

	*chosen = !*chosen;
	*action = tui_selection_changed(state, model);
}

/* The event that was selected stays so, or the fold that the event went into is selected. */
TUI_COMMAND(tui_fold_open, unused)
{
	guint32 event, offset = state->selected - MIN(state->selected, state->top);

	if (state->selected >= ladder_length(model->ladder))
		return;
	event = ladder_row(model->ladder, state->selected).event;
	if (!state->selection.fold) {
		tui_tell(state, _("Nothing is folded: z folds runs of data and ACKs."));
	} else if (!ladder_fold_toggle(model->ladder, state->selected)) {
		tui_tell(state, _("This row is no fold, and of none."));
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
		tui_tell(state, _("There is no room for the delta column: it needs 100 columns."));
	else
		tui_tell(state, "%s", _(words[state->delta]));
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

/* ---- searching ---- */

static TuiAction
search_start(TuiState *state, FindWhat what, gboolean backward)
{
	state->search.what = what;
	state->search.backward = backward;
	return TUI_SEARCH;
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
	if (hit->place == FIND_IN_COMMENT)
		g_string_printf(message,
				state->detail ? _("\"%s\" is in the comment.")
					      : _("\"%s\" is in the comment (Enter shows it)."),
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
