/* SPDX-License-Identifier: MIT */
/* list.c - the list of conversations, in the ladder's place.
 *
 * Theory of operation. The summary knows the conversations' order; here is which of its rows are in
 * view and which one is selected. The selected conversation stays so when the list is made anew
 * under it, as it is while packets come in; where the user changes order or filter, the first row
 * is it. Only the rows in view are ever looked at.
 */
#include <string.h>

#include "tui_private.h"
#include "prompt.h"

#include "pktladder/text.h"

#define HEAD_ROWS   2         /* what is listed, and the titles */
#define ROLE_BLOCKS ROLE_TIME /* they shine enough */

guint
tui_list_height(const TuiRect *rect)
{
	return rect->rows - MIN(rect->rows, HEAD_ROWS);
}

/* The text that the list is filtered by; "" none. */
static const char *
list_filter(const TuiState *state)
{
	return state->list_prompt ? state->list_prompt->text->str : "";
}

/* The list is filtered no longer; the prompt keeps the filters that were accepted. */
static void
list_filter_drop(TuiState *state)
{
	tui_prompt_open(state->list_prompt, "");
	state->list_prompt->open = FALSE;
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
	guint32 length = model->summary->rows->len, from = MIN(state->list_row, length - 1);
	guint32 page = tui_page_step(tui_list_height(&layout->list) + 1);

	if (length == 0)
		return;
	if (motion == MOTION_HOME) {
		go_first(state);
		return;
	}
	row_select(state, model, MIN(tui_motion_target(motion, from, page, length), length - 1));
	if (motion == MOTION_PAGE_UP || motion == MOTION_PAGE_DOWN) /* the view moves as much */
		state->list_top =
		    MIN(tui_motion_target(motion, state->list_top, page, length), length - 1);
}

/* The cursor begins at the conversation that the ladder shows. */
TUI_COMMAND(tui_list_toggle, unused)
{
	if (!model->summary)
		return;
	state->list = !state->list;
	if (state->list_prompt)
		state->list_prompt->open = FALSE;
	if (state->list && state->selection.conversation != CONVERSATION_NONE) {
		state->list_conversation = state->selection.conversation;
		state->list_generation = model->summary->generation - 1; /* find its row */
	}
}

gboolean
tui_list_escape(TuiState *state)
{
	if (!state->list)
		return FALSE;
	if (list_filter(state)[0] != '\0')
		list_filter_drop(state);
	else
		state->list = FALSE;
	return TRUE;
}

/* Shows the marked conversations, else the selected one, from its beginning. */
TUI_COMMAND(tui_list_show, unused)
{
	guint n = conversation_set_length(state->marks);
	guint32 conversation = n == 1 ? conversation_set_get(state->marks, 0)
			       : n > 1 || state->list_row >= model->summary->rows->len
				   ? CONVERSATION_NONE
				   : summary_get(model->summary, state->list_row);
	ConversationSet *set = n > 1 ? state->marks : NULL;

	if (n == 0 && conversation == CONVERSATION_NONE)
		return;
	state->list = FALSE;
	if (conversation == state->selection.conversation && set == state->selection.set)
		return;
	tui_select(state, conversation, set);
	state->top = state->selected = 0;
	state->follow = model->live && !model->replay;
	*action = TUI_SELECTION;
}

static void
marks_set(TuiState *state, ConversationSet *marks)
{
	conversation_set_unref(state->marks);
	state->marks = marks;
}

TUI_COMMAND(tui_list_mark, unused)
{
	guint32 length = model->summary->rows->len;

	if (state->list_row >= length)
		return;
	marks_set(state, conversation_set_toggle(state->marks,
						 summary_get(model->summary, state->list_row)));
	row_select(state, model, MIN(state->list_row + 1, length - 1));
}

TUI_COMMAND(tui_list_mark_all, unused)
{
	marks_set(state, state->marks ? NULL
				      : conversation_set_new(
					    (const guint32 *)(void *)model->summary->rows->data,
					    model->summary->rows->len));
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
}

TUI_COMMAND(tui_list_reverse, unused)
{
	order_set(state, state->list_column, !state->list_descending);
}

TUI_COMMAND(tui_list_ask, unused)
{
	g_autofree char *text = g_strdup(list_filter(state));

	if (!state->list_prompt)
		state->list_prompt = tui_prompt_new();
	tui_prompt_open(state->list_prompt, text);
}

/* The view moves, and takes the selected row along only where it would leave it. */
TUI_COMMAND(tui_list_wheel, by)
{
	TuiLayout layout = tui_layout(state, model);
	guint32 length = model->summary->rows->len;
	guint32 height = MAX(tui_list_height(&layout.list), 1);

	if (length == 0 || layout.list.rows == 0)
		return;
	if (by > 0)
		state->list_top =
		    MIN(state->list_top + TUI_WHEEL_ROWS, length > height ? length - height : 0);
	else
		state->list_top -= MIN(state->list_top, TUI_WHEEL_ROWS);
	row_select(
	    state, model,
	    CLAMP(state->list_row, state->list_top, MIN(state->list_top + height, length) - 1));
}

TUI_COMMAND(tui_list_click, unused)
{
	TuiLayout layout = tui_layout(state, model);
	guint line = input->y - layout.list.y, row = line - HEAD_ROWS + state->list_top;
	guint left = layout.list.x + 1;

	if (!tui_rect_has(&layout.list, input->y, input->x))
		return;
	if (line >= HEAD_ROWS && row < model->summary->rows->len)
		row_select(state, model, row);
	if (line != HEAD_ROWS - 1)
		return;
	SummaryFit fit =
	    summary_fit(model->summary, layout.list.columns - 1, state->list_column, NULL);
	for (guint i = 0; i < fit.n; left += 1 + fit.width[i], i++) {
		if (input->x < left || input->x > left + fit.width[i])
			continue;
		/* The title again turns the order round. */
		order_set(state, fit.column[i],
			  fit.column[i] == state->list_column ? !state->list_descending
							      : descends_at_first(fit.column[i]));
		break;
	}
}

/* The filter takes every character; keys that move do so still. */
gboolean
tui_list_is_typed(const TuiState *state, const TuiInput *input)
{
	return state->list && !state->help && !state->output &&
	       tui_prompt_is_open(state->list_prompt) && input->key != TUI_KEY_UP &&
	       input->key != TUI_KEY_DOWN && tui_prompt_takes(input);
}

void
tui_list_type(TuiState *state, const TuiInput *input)
{
	TuiPromptResult result = tui_prompt_input(state->list_prompt, input);

	if (result == PROMPT_CHANGED)
		go_first(state);
	else if (result == PROMPT_ENTER)
		tui_prompt_accept(state->list_prompt);
	else if (result == PROMPT_CANCEL)
		list_filter_drop(state);
}

void
tui_list_settle(TuiState *state, const TuiModel *model, const TuiLayout *layout)
{
	guint32 height = MAX(tui_list_height(&layout->list), 1), length, row = EVENT_NONE;
	guint32 offset = state->list_row - MIN(state->list_row, state->list_top);

	if (!state->list || !model->summary)
		return;
	summary_set_order(model->summary, state->list_column, state->list_descending);
	summary_set_filter(model->summary, list_filter(state));
	state->busy = summary_update(model->summary, !model->live);
	/* Where it was made anew: the selected conversation's row; else the one that has taken its
	 * place. */
	if (model->summary->generation != state->list_generation &&
	    state->list_conversation != CONVERSATION_NONE)
		row = summary_row_of(model->summary, state->list_conversation);
	state->list_generation = model->summary->generation;
	if (row != EVENT_NONE) {
		state->list_row = row;
		state->list_top = row - MIN(row, offset);
	}
	length = model->summary->rows->len;
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

/* How many there are, which are marked, and what is filtered. */
static char *
heading_text(const TuiState *state, const TuiModel *model)
{
	const char *separator = tui_is_ascii(state) ? " - " : " · ";
	guint length = model->summary->rows->len, all = model->n_conversations;
	guint n_marks = conversation_set_length(state->marks);
	GString *text = g_string_new(NULL);

	if (list_filter(state)[0] != '\0')
		g_string_append_printf(
		    text, ngettext("%u of %u conversation", "%u of %u conversations", all), length,
		    all);
	else
		g_string_append_printf(text, ngettext("%u conversation", "%u conversations", all),
				       all);
	if (n_marks > 0) {
		g_string_append(text, separator);
		g_string_append_printf(text, ngettext("%u marked", "%u marked", n_marks), n_marks);
	}
	if (state->busy)
		g_string_append_printf(text, "%s%u %%", separator,
				       summary_progress(model->summary));
	if (list_filter(state)[0] != '\0' && !tui_prompt_is_open(state->list_prompt)) {
		g_string_append(text, separator);
		g_string_append_printf(text, _("filter: %s (Esc drops it)"), list_filter(state));
	}
	return g_string_free(text, FALSE);
}

static void
cell_paint(const TuiState *state, SummaryColumn column, const char *text, guint y, guint x,
	   guint width, Role role, Grid *grid)
{
	gboolean ascii = tui_is_ascii(state);
	gboolean endpoint = column == SUMMARY_CLIENT || column == SUMMARY_SERVER;
	const char *colon = endpoint ? strrchr(text, ':') : NULL;
	const char *port = colon && colon > text && colon[-1] == ']' ? colon - 1 : colon;
	gsize tail = port ? strlen(port) : 0;
	/* An endpoint that is too long is cut before its port. */
	g_autofree char *fit = !port || strlen(text) <= width || tail + 3 > width
				   ? text_fit(text, width, ascii)
				   : g_strdup_printf("%.*s%s%s", (int)(width - tail - 1), text,
						     ascii ? "~" : "…", port);

	if (summary_columns[column].right)
		x += width - text_width(fit);
	grid_put(grid, y, x, width, fit, role);
}

static void
row_paint(const TuiState *state, const TuiModel *model, const TuiRect *rect, guint y, guint32 row,
	  const SummaryFit *fit, Grid *grid)
{
	guint32 conversation = summary_get(model->summary, row);
	gboolean marked = conversation_set_has(state->marks, conversation);
	g_autoptr(GString) text = g_string_new(NULL);
	SummaryStyle style = state->glyphs == GLYPHS_UTF8 ? SUMMARY_UTF8 : SUMMARY_ASCII;
	guint x = rect->x + 1;

	if (marked)
		grid_put(grid, y, rect->x, 1, tui_is_ascii(state) ? "*" : "●", ROLE_KEY);
	for (guint i = 0; i < fit->n; x += 1 + fit->width[i], i++) {
		SummaryColumn column = fit->column[i];
		gboolean zero = summary_columns[column].kind != SUMMARY_TEXT &&
				column != SUMMARY_NUMBER &&
				summary_value(model->summary, conversation, column) == 0;
		/* Zeros stay back, so that what is wrong stands out. */
		Role role = summary_is_problem(model->summary, conversation, column) ? ROLE_PROBLEM
			    : zero                                                   ? ROLE_NOTE
			    : column == SUMMARY_ACTIVITY                             ? ROLE_BLOCKS
			    : marked                                                 ? ROLE_KEY
										     : ROLE_PLAIN;

		g_string_truncate(text, 0);
		summary_append(model->summary, conversation, column, style, text);
		cell_paint(state, column, text->str, y, x + 1, fit->width[i], role, grid);
	}
	if (row == state->list_row)
		grid_select(grid, y, rect->x, rect->columns);
}

void
tui_list_paint(const TuiState *state, const TuiModel *model, const TuiRect *rect, Grid *grid)
{
	guint32 length = model->summary->rows->len;
	SummaryFit columns =
	    summary_fit(model->summary, rect->columns - 1, state->list_column, NULL);
	g_autofree char *text = heading_text(state, model);
	g_autofree char *fit = text_fit(text, rect->columns, tui_is_ascii(state));
	gboolean typing = tui_prompt_is_open(state->list_prompt);
	const char *arrow = tui_is_ascii(state) ? (state->list_descending ? "v" : "^")
						: (state->list_descending ? "▼" : "▲");
	guint width = text_width(fit), x0 = typing ? rect->columns - width : 0;

	grid_rule(grid, rect->y, rect->x, rect->columns, RULE_ACROSS, state->glyphs);
	grid_put(grid, rect->y, rect->x + x0, width, fit, ROLE_KEY);
	if (typing) { /* left of what there is to say */
		guint room = rect->columns > 2 * width ? rect->columns - width - 1 : rect->columns;

		grid_fill(grid, rect->y, rect->x, 1, MIN(room + 1, rect->columns), ROLE_PLAIN);
		tui_prompt_paint(state->list_prompt, _("Filter:"), FALSE, tui_is_ascii(state),
				 rect->y, room, grid);
	} else if (width < rect->columns) {
		grid_put(grid, rect->y, rect->x + width, 1, " ", ROLE_PLAIN);
	}
	for (guint i = 0, x = rect->x + 2; i < columns.n; x += 1 + columns.width[i], i++) {
		gboolean sorted = columns.column[i] == state->list_column;
		g_autofree char *title = g_strdup_printf(
		    "%s%s", _(summary_columns[columns.column[i]].title), sorted ? arrow : "");

		if (sorted)
			grid_fill(grid, rect->y + 1, x, 1, columns.width[i], ROLE_MESSAGE);
		cell_paint(state, columns.column[i], title, rect->y + 1, x, columns.width[i],
			   sorted ? ROLE_MESSAGE : ROLE_DETAIL_HEAD, grid);
	}
	for (guint i = 0; i < tui_list_height(rect) && state->list_top + i < length; i++)
		row_paint(state, model, rect, rect->y + HEAD_ROWS + i, state->list_top + i,
			  &columns, grid);
	if (length == 0 && tui_list_height(rect) > 0 && !state->busy)
		tui_put_fit(state, grid, rect->y + HEAD_ROWS, rect->x + 1, rect->columns - 1,
			    list_filter(state)[0] != '\0'
				? _("No conversation has this text in any of its columns.")
				: _("There are no conversations yet."),
			    ROLE_NOTE);
}
