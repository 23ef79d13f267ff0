/* SPDX-License-Identifier: MIT */
/* state.c - the view's state, and what all that show or change it ask of it. */
#include "commands.h"
#include "prompt.h"

#include "pktladder/sorted.h"
#include "pktladder/text.h"

#define HINT_ROWS 10 /* from here there is a row for it below the prompt */

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

gboolean
tui_is_asking(const TuiState *state)
{
	return tui_asking(state) != N_TUI_ASKS;
}

guint
tui_ask_rows(const TuiState *state)
{
	return !tui_is_asking(state) ? 0 : state->rows >= HINT_ROWS ? 2 : 1;
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
