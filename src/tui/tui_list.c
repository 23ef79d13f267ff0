/* tui_list.c - the list of conversations, in the ladder's place.
 *
 * Theory of operation. The summary knows the conversations' order; here is
 * which of its rows are in view and which one is selected. The selected
 * conversation stays so when the list is made anew under it, as it is while
 * packets come in; where the user changes order or filter, the first row is it.
 * Only the rows in view are ever looked at.
 */
#include <string.h>

#include "tui_commands.h"
#include "tui_prompt.h"

#include "pktladder/i18n.h"
#include "pktladder/text.h"

guint
tui_list_height(const TuiRect *rect)
{
	return rect->rows - MIN(rect->rows, TUI_LIST_HEAD_ROWS);
}

const char *
tui_list_filter(const TuiState *state)
{
	return state->list_prompt ? tui_prompt_text(state->list_prompt) : "";
}

/* The prompt forgets it, but not the ones before. */
static void
list_filter_drop(TuiState *state)
{
	tui_prompt_open(state->list_prompt, "");
	tui_prompt_close(state->list_prompt);
}

static void
go_first(TuiState *state)
{
	state->list_top = state->list_row = 0;
	state->list_conversation = CONVERSATION_NONE;
}

static void
row_select(TuiState *state, const TuiModel *model, guint32 row)
{
	state->list_row = row;
	state->list_conversation = summary_get(model->summary, row);
}

void
tui_list_move(TuiState *state, const TuiModel *model, const TuiLayout *layout, TuiMotion motion)
{
	guint32 length = summary_length(model->summary), target;
	guint32 page = tui_page_step(tui_list_height(&layout->list) + 1);

	if (length == 0)
		return;
	target = tui_motion_target(motion, MIN(state->list_row, length - 1), page, length);
	if (motion == MOTION_HOME) {
		go_first(state);
		return;
	}
	row_select(state, model, MIN(target, length - 1));
	if (motion == MOTION_PAGE_UP || motion == MOTION_PAGE_DOWN) /* the view moves as much */
		state->list_top =
		    MIN(tui_motion_target(motion, state->list_top, page, length), length - 1);
}

/* The cursor begins at the conversation that the ladder shows. */
TUI_COMMAND(tui_list_toggle, unused)
{
	if (!model->summary)
		return TUI_NOTHING;
	state->list = !state->list;
	if (state->list_prompt)
		tui_prompt_close(state->list_prompt);
	if (state->list && state->selection.conversation != CONVERSATION_NONE) {
		state->list_conversation = state->selection.conversation;
		state->list_generation = summary_generation(model->summary) - 1; /* find its row */
	}
	return TUI_NOTHING;
}

gboolean
tui_list_escape(TuiState *state)
{
	if (!state->list)
		return FALSE;
	if (tui_list_filter(state)[0] != '\0')
		list_filter_drop(state);
	else
		state->list = FALSE;
	return TRUE;
}

/* That of the selected row, as it stands there now; CONVERSATION_NONE: there is no row. */
static guint32
row_conversation(const TuiState *state, const TuiModel *model)
{
	return state->list_row < summary_length(model->summary)
		   ? summary_get(model->summary, state->list_row)
		   : CONVERSATION_NONE;
}

/* Shows the marked conversations, else the selected one, from its beginning. */
TUI_COMMAND(tui_list_show, unused)
{
	guint n = conversation_set_length(state->marks);
	guint32 conversation = n == 1  ? conversation_set_get(state->marks, 0)
			       : n > 1 ? CONVERSATION_NONE
				       : row_conversation(state, model);
	ConversationSet *set = n > 1 ? state->marks : NULL;

	if (n == 0 && conversation == CONVERSATION_NONE)
		return TUI_NOTHING;
	state->list = FALSE;
	if (conversation == state->selection.conversation && set == state->selection.set)
		return TUI_NOTHING;
	tui_select(state, conversation, set);
	state->top = state->selected = 0;
	state->follow = model->live && !model->replay;
	return TUI_SELECTION;
}

static void
marks_set(TuiState *state, ConversationSet *marks)
{
	conversation_set_unref(state->marks);
	state->marks = marks;
}

TUI_COMMAND(tui_list_mark, unused)
{
	guint32 length = summary_length(model->summary);

	if (state->list_row >= length)
		return TUI_NOTHING;
	marks_set(state, conversation_set_toggle(state->marks, row_conversation(state, model)));
	row_select(state, model, MIN(state->list_row + 1, length - 1));
	return TUI_NOTHING;
}

TUI_COMMAND(tui_list_mark_all, unused)
{
	marks_set(state, state->marks ? NULL
				      : conversation_set_new(summary_rows(model->summary),
							     summary_length(model->summary)));
	return TUI_NOTHING;
}

/* Much is looked for more often than little. */
static gboolean
descends_at_first(SummaryColumn column)
{
	SummaryKind kind = summary_columns[column].kind;

	return kind == SUMMARY_BYTES || kind == SUMMARY_SPAN || kind == SUMMARY_BUCKETS ||
	       (kind == SUMMARY_COUNT && column != SUMMARY_NUMBER && column != SUMMARY_STREAM);
}

static void
order_set(TuiState *state, SummaryColumn column, gboolean descending)
{
	state->list_column = column;
	state->list_descending = descending;
	go_first(state);
}

TUI_COMMAND(tui_list_sort, by)
{
	guint column = state->list_column;

	do
		column = (column + N_SUMMARY_COLUMNS + by) % N_SUMMARY_COLUMNS;
	while (summary_columns[column].rank == SUMMARY_SCRIPTS_ONLY);
	order_set(state, column, descends_at_first(column));
	return TUI_NOTHING;
}

TUI_COMMAND(tui_list_reverse, unused)
{
	order_set(state, state->list_column, !state->list_descending);
	return TUI_NOTHING;
}

TUI_COMMAND(tui_list_ask, unused)
{
	g_autofree char *text = g_strdup(tui_list_filter(state));

	if (!state->list_prompt)
		state->list_prompt = tui_prompt_new();
	tui_prompt_open(state->list_prompt, text);
	return TUI_NOTHING;
}

/* The view moves, and takes the selected row along only where it would leave it. */
TUI_COMMAND(tui_list_wheel, by)
{
	TuiLayout layout = tui_layout(state, model);
	guint32 length = summary_length(model->summary);
	guint32 height = MAX(tui_list_height(&layout.list), 1);

	if (length == 0 || layout.list.rows == 0)
		return TUI_NOTHING;
	if (by > 0)
		state->list_top =
		    MIN(state->list_top + TUI_WHEEL_ROWS, length > height ? length - height : 0);
	else
		state->list_top -= MIN(state->list_top, TUI_WHEEL_ROWS);
	row_select(
	    state, model,
	    CLAMP(state->list_row, state->list_top, MIN(state->list_top + height, length) - 1));
	return TUI_NOTHING;
}

/* A title again turns the order round. */
static void
click_title(TuiState *state, const TuiModel *model, const TuiRect *rect, guint x)
{
	SummaryColumn which[N_SUMMARY_COLUMNS];
	guint widths[N_SUMMARY_COLUMNS], left = rect->x + 1;
	guint n =
	    summary_fit(model->summary, rect->columns - 1, state->list_column, NULL, which, widths);

	for (guint i = 0; i < n; left += 1 + widths[i], i++) {
		if (x < left || x > left + widths[i])
			continue;
		order_set(state, which[i],
			  which[i] == state->list_column ? !state->list_descending
							 : descends_at_first(which[i]));
		return;
	}
}

TUI_COMMAND(tui_list_click, unused)
{
	TuiLayout layout = tui_layout(state, model);
	guint32 row;

	if (!tui_rect_has(&layout.list, input->y, input->x))
		return TUI_NOTHING;
	row = input->y - layout.list.y;
	if (row == TUI_LIST_HEAD_ROWS - 1)
		click_title(state, model, &layout.list, input->x);
	row += state->list_top;
	if (row >= TUI_LIST_HEAD_ROWS + state->list_top &&
	    row - TUI_LIST_HEAD_ROWS < summary_length(model->summary))
		row_select(state, model, row - TUI_LIST_HEAD_ROWS);
	return TUI_NOTHING;
}

/* The filter takes every character; keys that move do so still. */
gboolean
tui_list_is_typed(const TuiState *state, const TuiInput *input)
{
	return tui_prompt_is_open(state->list_prompt) && input->key != TUI_KEY_UP &&
	       input->key != TUI_KEY_DOWN && tui_prompt_takes(input);
}

void
tui_list_type(TuiState *state, const TuiInput *input)
{
	switch (tui_prompt_input(state->list_prompt, input)) {
	case PROMPT_CHANGED:
		go_first(state);
		break;
	case PROMPT_ENTER:
		tui_prompt_accept(state->list_prompt);
		break;
	case PROMPT_CANCEL:
		list_filter_drop(state);
		break;
	default:
		break;
	}
}

/* After the list was made anew: the selected conversation's row. */
static void
row_find(TuiState *state, const TuiModel *model)
{
	guint generation = summary_generation(model->summary);
	guint32 row, offset = state->list_row - MIN(state->list_row, state->list_top);

	if (generation == state->list_generation)
		return;
	state->list_generation = generation;
	if (state->list_conversation == CONVERSATION_NONE)
		return;
	row = summary_row_of(model->summary, state->list_conversation);
	if (row == EVENT_NONE)
		return; /* the one that has taken its place */
	state->list_row = row;
	state->list_top = row - MIN(row, offset);
}

void
tui_list_settle(TuiState *state, const TuiModel *model, const TuiLayout *layout)
{
	guint32 height = MAX(tui_list_height(&layout->list), 1), length;

	if (!state->list || !model->summary)
		return;
	summary_set_order(model->summary, state->list_column, state->list_descending);
	summary_set_filter(model->summary, tui_list_filter(state));
	state->busy = summary_update(model->summary, !model->live);
	row_find(state, model);
	length = summary_length(model->summary);
	if (length == 0) {
		go_first(state);
		return;
	}
	/* While an order is being made, the first row is whichever will stand there. */
	if (!state->busy || state->list_conversation != CONVERSATION_NONE)
		row_select(state, model, MIN(state->list_row, length - 1));
	if (layout->list.rows == 0)
		return; /* a page is open */
	if (state->list_row < state->list_top)
		state->list_top = state->list_row;
	if (state->list_row - state->list_top >= height)
		state->list_top = state->list_row - height + 1;
	state->list_top = MIN(state->list_top, length > height ? length - height : 0);
}
