/* tui_list_paint.c - the list of conversations as cells. */
#include <string.h>

#include "tui_private.h"
#include "tui_prompt.h"

#include "pktladder/i18n.h"
#include "pktladder/text.h"

#define ROLE_BLOCKS ROLE_TIME /* they shine enough */

/* How many there are, which are marked, and what is filtered. */
static char *
heading_text(const TuiState *state, const TuiModel *model)
{
	const char *separator = tui_is_ascii(state) ? " - " : " · ";
	guint length = summary_length(model->summary), all = model->n_conversations;
	guint n_marks = conversation_set_length(state->marks);
	GString *text = g_string_new(NULL);

	if (tui_list_filter(state)[0] != '\0')
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
	if (tui_list_filter(state)[0] != '\0' && !tui_prompt_is_open(state->list_prompt)) {
		g_string_append(text, separator);
		g_string_append_printf(text, _("filter: %s (Esc drops it)"),
				       tui_list_filter(state));
	}
	return g_string_free(text, FALSE);
}

/* An endpoint that is too long keeps its port. */
static char *
endpoint_fit(const char *text, guint width, gboolean ascii)
{
	const char *colon = strrchr(text, ':');
	const char *port = colon && colon > text && colon[-1] == ']' ? colon - 1 : colon;
	gsize tail = port ? strlen(port) : 0;

	if (!port || strlen(text) <= width || tail + 3 > width)
		return text_fit(text, width, ascii);
	return g_strdup_printf("%.*s%s%s", (int)(width - tail - 1), text, ascii ? "~" : "…", port);
}

static void
cell_paint(const TuiState *state, SummaryColumn column, const char *text, guint y, guint x,
	   guint width, Role role, Grid *grid)
{
	gboolean endpoint = column == SUMMARY_CLIENT || column == SUMMARY_SERVER;
	g_autofree char *fit = endpoint ? endpoint_fit(text, width, tui_is_ascii(state))
					: text_fit(text, width, tui_is_ascii(state));

	if (summary_columns[column].right)
		x += width - text_width(fit);
	grid_put(grid, y, x, width, fit, role);
}

static void
titles_paint(const TuiState *state, const TuiRect *rect, const SummaryColumn *which,
	     const guint *widths, guint n, Grid *grid)
{
	const char *arrow = tui_is_ascii(state) ? (state->list_descending ? "v" : "^")
						: (state->list_descending ? "▼" : "▲");
	guint x = rect->x + 1;

	for (guint i = 0; i < n; x += 1 + widths[i], i++) {
		gboolean sorted = which[i] == state->list_column;
		g_autofree char *title = g_strdup_printf("%s%s", _(summary_columns[which[i]].title),
							 sorted ? arrow : "");

		if (sorted)
			grid_fill(grid, rect->y + 1, x + 1, 1, widths[i], ROLE_MESSAGE);
		cell_paint(state, which[i], title, rect->y + 1, x + 1, widths[i],
			   sorted ? ROLE_MESSAGE : ROLE_DETAIL_HEAD, grid);
	}
}

/* Zeros stay back, so that what is wrong stands out. */
static Role
cell_role(const TuiModel *model, guint32 conversation, SummaryColumn column, gboolean marked)
{
	if (summary_is_problem(model->summary, conversation, column))
		return ROLE_PROBLEM;
	if (summary_columns[column].kind != SUMMARY_TEXT &&
	    summary_value(model->summary, conversation, column) == 0 && column != SUMMARY_NUMBER)
		return ROLE_NOTE;
	if (column == SUMMARY_ACTIVITY)
		return ROLE_BLOCKS;
	return marked ? ROLE_KEY : ROLE_PLAIN;
}

static void
row_paint(const TuiState *state, const TuiModel *model, const TuiRect *rect, guint y, guint32 row,
	  const SummaryColumn *which, const guint *widths, guint n, Grid *grid)
{
	guint32 conversation = summary_get(model->summary, row);
	gboolean marked = conversation_set_has(state->marks, conversation);
	g_autoptr(GString) text = g_string_new(NULL);
	SummaryStyle style = state->glyphs == GLYPHS_UTF8 ? SUMMARY_UTF8 : SUMMARY_ASCII;
	guint x = rect->x + 1;

	if (marked)
		grid_put(grid, y, rect->x, 1, tui_is_ascii(state) ? "*" : "●", ROLE_KEY);
	for (guint i = 0; i < n; x += 1 + widths[i], i++) {
		g_string_truncate(text, 0);
		summary_append(model->summary, conversation, which[i], style, text);
		cell_paint(state, which[i], text->str, y, x + 1, widths[i],
			   cell_role(model, conversation, which[i], marked), grid);
	}
	for (x = 0; row == state->list_row && x < rect->columns; x++)
		grid_cell(grid, y, rect->x + x)->selected = TRUE;
}

void
tui_list_paint(const TuiState *state, const TuiModel *model, const TuiRect *rect, Grid *grid)
{
	guint32 length = summary_length(model->summary);
	SummaryColumn which[N_SUMMARY_COLUMNS];
	guint widths[N_SUMMARY_COLUMNS], n;

	g_autofree char *text = heading_text(state, model);
	g_autofree char *fit = text_fit(text, rect->columns, tui_is_ascii(state));
	gboolean typing = tui_prompt_is_open(state->list_prompt);
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
	n = summary_fit(model->summary, rect->columns - 1, state->list_column, NULL, which, widths);
	titles_paint(state, rect, which, widths, n, grid);
	for (guint i = 0; i < tui_list_height(rect) && state->list_top + i < length; i++)
		row_paint(state, model, rect, rect->y + TUI_LIST_HEAD_ROWS + i, state->list_top + i,
			  which, widths, n, grid);
	if (length == 0 && tui_list_height(rect) > 0 && !state->busy)
		tui_put_fit(state, grid, rect->y + TUI_LIST_HEAD_ROWS, rect->x + 1,
			    rect->columns - 1,
			    tui_list_filter(state)[0] != '\0'
				? _("No conversation has this text in any of its columns.")
				: _("There are no conversations yet."),
			    ROLE_NOTE);
}
