/* SPDX-License-Identifier: MIT */
/* pages.c - lines of text in a rectangle: a pager for help, the programs' output, and the
 * details of an event.
 *
 * Theory of operation. A page scrolls by its lines, not by the rows that they
 * are wrapped to, so that neither a change of the width nor the number of lines
 * makes scrolling cost more: only the lines that are shown are wrapped.
 */
#include <string.h>

#include "tui_private.h"

/* The columns of a line that are a key's name; a heading has none. */
static guint
pager_accent(const TuiPager *pager, guint index)
{
	gboolean key =
	    index < pager->n_keys && *(char *)g_ptr_array_index(pager->lines, index) == ' ';

	return key ? pager->key_columns : 0;
}

/* A line's rows. Continuations stand below its text. */
static GPtrArray *
pager_wrap(const TuiPager *pager, guint index, guint width)
{
	GPtrArray *rows = g_ptr_array_new_with_free_func(g_free);
	const char *line = g_ptr_array_index(pager->lines, index);
	guint accent = pager_accent(pager, index);

	grid_wrap(rows, line, width, accent ? accent : strspn(line, " ") + 2);
	return rows;
}

static guint
pager_length(const TuiPager *pager)
{
	return pager->lines ? pager->lines->len : 0;
}

/* The first of the lines before `end` that fill the rectangle. */
static guint
pager_first(const TuiPager *pager, const TuiRect *rect, guint end)
{
	guint room = MAX(rect->rows, 2) - 1;

	for (; end > 0; end--) {
		g_autoptr(GPtrArray) rows = pager_wrap(pager, end - 1, rect->columns);

		if (rows->len > room)
			break;
		room -= rows->len;
	}
	return end;
}

guint
tui_pager_last(const TuiPager *pager, const TuiRect *rect)
{
	guint length = pager_length(pager);

	return MIN(pager_first(pager, rect, length), MAX(length, 1) - 1);
}

void
tui_pager_paint(const TuiPager *pager, const TuiRect *rect, guint top, const char *heading,
		gboolean focus, const TuiState *state, Grid *grid)
{
	guint length = pager_length(pager), used = 0, line;
	Role role = focus ? ROLE_KEY : ROLE_DETAIL_HEAD;

	if (rect->rows == 0 || rect->columns == 0)
		return;
	top = MIN(top, tui_pager_last(pager, rect));
	for (line = top; line < length && used + 1 < rect->rows; line++) {
		g_autoptr(GPtrArray) rows = pager_wrap(pager, line, rect->columns);
		guint accent = MIN(pager_accent(pager, line), rect->columns);
		gboolean inside = *(char *)g_ptr_array_index(pager->lines, line) == ' ';
		Role of_line = !pager->indented ? ROLE_PLAIN
			       : inside         ? ROLE_DETAIL
						: ROLE_DETAIL_HEAD;
		guint first = rect->y + 1 + used, y;

		for (y = 0; y < rows->len && used + 1 < rect->rows; y++, used++)
			grid_put(grid, first + y, rect->x, rect->columns,
				 g_ptr_array_index(rows, y), of_line);
		if (accent > 0 && y > 0)
			grid_put(grid, first, rect->x, accent, g_ptr_array_index(rows, 0),
				 ROLE_KEY);
	}
	if (length == 0)
		grid_put_lines(grid, rect->y + 1, rect->x, rect->rows - 1, rect->columns,
			       pager->empty, ROLE_DETAIL);
	/* The heading: the page's name, and how much of it is in view. */
	g_autofree char *place = g_strdup_printf(" %u-%u/%u ", top + 1, line, length);

	grid_rule(grid, rect->y, rect->x, rect->columns, RULE_ACROSS, state->glyphs);
	used = tui_put_fit(state, grid, rect->y, rect->x, rect->columns, heading, role);
	if (length > line - top && rect->columns > used + strlen(place))
		grid_put(grid, rect->y, rect->x + rect->columns - strlen(place), strlen(place),
			 place, role);
}

TuiPager
tui_detail_pager(const TuiModel *model)
{
	return (TuiPager){
		.lines = model->detail,
		.empty = _("Select a row to see its headers and bytes here."),
		.indented = TRUE,
	};
}

/* A page keeps a line of the one before in view: on, the last that begins in it. */
void
tui_pager_move(const TuiPager *pager, const TuiRect *rect, guint *top, TuiMotion motion)
{
	guint last = tui_pager_last(pager, rect), first = MIN(*top, last);
	guint length = pager_length(pager), end = first;

	if (motion == MOTION_PAGE_UP || motion == MOTION_HALF_UP) {
		end = pager_first(pager, rect, MIN(first + 1, length));
	} else {
		for (guint used = 0; end < length; end++) {
			g_autoptr(GPtrArray) rows = pager_wrap(pager, end, rect->columns);

			used += rows->len;
			if (used + 1 >= rect->rows)
				break;
		}
	}

	guint page = MAX(MAX(end, first) - MIN(end, first), 1);

	if (end == 0 || end == length) /* the page goes beyond it */
		page = MAX(page, tui_page_step(rect->rows));
	*top = MIN(tui_motion_target(motion, first, page, last + 1), last);
}
