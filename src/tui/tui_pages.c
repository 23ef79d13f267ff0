/* tui_pages.c - lines of text in a rectangle: help, the programs' output, the
 * details of an event.
 *
 * Theory of operation. A page scrolls by its lines, not by the rows that they
 * are wrapped to, so that neither a change of the width nor the number of lines
 * makes scrolling cost more: only the lines that are shown are wrapped.
 */
#include <string.h>

#include "tui_private.h"

#include "pktladder/i18n.h"
#include "pktladder/text.h"

/* Where the line that begins at `text` ends, in at most `width` columns: after
 * the last space that fits, else in the middle of the word. Takes at least one
 * character. */
static const char *
line_end(const char *text, guint width)
{
	const char *p = text, *space = NULL;
	gboolean word = FALSE; /* the indentation is no place to break at */

	for (guint used = 0; *p; p = g_utf8_next_char(p)) {
		used += text_character_width(g_utf8_get_char(p));
		if (used > width && p > text)
			break;
		if (*p != ' ')
			word = TRUE;
		else if (word)
			space = p;
	}
	if (*p == ' ' || *p == '\0' || !space)
		return p;
	return space;
}

void
tui_wrap(GPtrArray *lines, const char *text, guint width, guint hang)
{
	guint indent = 0;

	hang = MIN(hang, width / 2);
	do {
		const char *end = line_end(text, MAX(width, indent + 1) - indent);

		g_ptr_array_add(
		    lines, g_strdup_printf("%*s%.*s", (int)indent, "", (int)(end - text), text));
		text = end;
		while (*text == ' ')
			text++;
		indent = hang;
	} while (*text);
}

static guint
indentation(const char *line)
{
	return strspn(line, " ");
}

/* The columns of a line that are a key's name; a heading has none. */
static guint
pager_accent(const TuiPager *pager, guint index)
{
	gboolean key = index < pager->n_keys && indentation(g_ptr_array_index(pager->lines, index)) > 0;

	return key ? pager->key_columns : 0;
}

/* A line's rows. Continuations stand below its text. */
static GPtrArray *
pager_wrap(const TuiPager *pager, guint index, guint width)
{
	GPtrArray *rows = g_ptr_array_new_with_free_func(g_free);
	const char *line = g_ptr_array_index(pager->lines, index);
	guint accent = pager_accent(pager, index);

	tui_wrap(rows, line, width, accent ? accent : indentation(line) + 2);
	return rows;
}

static guint
pager_length(const TuiPager *pager)
{
	return pager->lines ? pager->lines->len : 0;
}

guint
tui_pager_last(const TuiPager *pager, const TuiRect *rect)
{
	guint line = pager_length(pager);
	guint room = rect->rows > 1 ? rect->rows - 1 : 1;

	while (line > 0) {
		g_autoptr(GPtrArray) rows = pager_wrap(pager, line - 1, rect->columns);

		if (rows->len > room)
			break;
		room -= rows->len;
		line--;
	}
	return MIN(line, MAX(pager_length(pager), 1) - 1);
}

static Role
pager_role(const TuiPager *pager, const char *line)
{
	if (pager->indented)
		return indentation(line) > 0 ? ROLE_DETAIL : ROLE_DETAIL_HEAD;
	return ROLE_PLAIN;
}

/* The heading: the page's name, and how much of it is in view. */
static void
heading_paint(const TuiPager *pager, const TuiRect *rect, guint top, guint shown,
	      const char *heading, gboolean focus, const TuiState *state, Grid *grid)
{
	gboolean ascii = state->glyphs == GLYPHS_ASCII;
	Role role = focus ? ROLE_KEY : ROLE_DETAIL_HEAD;
	g_autofree char *name = text_fit(heading, rect->columns, ascii);
	g_autofree char *place =
	    g_strdup_printf(" %u-%u/%u ", top + 1, top + shown, pager_length(pager));
	guint used;

	grid_rule(grid, rect->y, rect->x, rect->columns, RULE_ACROSS, state->glyphs);
	used = grid_put(grid, rect->y, rect->x, rect->columns, name, role);
	if (pager_length(pager) > shown && rect->columns > used + strlen(place))
		grid_put(grid, rect->y, rect->x + rect->columns - strlen(place), strlen(place),
			 place, role);
}

/* Paints a line below the `used` rows of the lines before it; returns its own. */
static guint
line_paint(const TuiPager *pager, const TuiRect *rect, guint used, guint index, Grid *grid)
{
	g_autoptr(GPtrArray) rows = pager_wrap(pager, index, rect->columns);
	guint accent = MIN(pager_accent(pager, index), rect->columns);
	Role role = pager_role(pager, g_ptr_array_index(pager->lines, index));
	guint first = rect->y + 1 + used, y;

	for (y = 0; y < rows->len && used + y + 1 < rect->rows; y++)
		grid_put(grid, first + y, rect->x, rect->columns, g_ptr_array_index(rows, y), role);
	if (accent > 0 && y > 0)
		grid_put(grid, first, rect->x, accent, g_ptr_array_index(rows, 0), ROLE_KEY);
	return y;
}

void
tui_pager_paint(const TuiPager *pager, const TuiRect *rect, guint top, const char *heading,
		gboolean focus, const TuiState *state, Grid *grid)
{
	guint used = 0, line;

	if (rect->rows == 0 || rect->columns == 0)
		return;
	top = MIN(top, tui_pager_last(pager, rect));
	for (line = top; line < pager_length(pager) && used + 1 < rect->rows; line++)
		used += line_paint(pager, rect, used, line, grid);
	if (pager_length(pager) == 0) {
		g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(g_free);

		tui_wrap(rows, pager->empty, rect->columns, 0);
		for (guint y = 0; y < rows->len && y + 1 < rect->rows; y++)
			grid_put(grid, rect->y + 1 + y, rect->x, rect->columns,
				 g_ptr_array_index(rows, y), ROLE_DETAIL);
	}
	heading_paint(pager, rect, top, line - top, heading, focus, state, grid);
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

/* What the drawing means. */
static const char *const legend[] = {
	N_("Time runs downwards; the client stands on the left, the server on the right."),
	N_("An arrow is a segment or datagram, drawn when it was captured, with its flags, payload "
	   "and sequence numbers (relative to the first)."),
	N_("Beside each lifeline stand the socket calls of that program with their results, and "
	   "the "
	   "TCP state that it is in from there on."),
	N_("A bar beside a lifeline is a call that blocks: it lasts from the call to its return."),
};

/* Columns of the widest entry in the keys' column. */
static guint
keys_width(Glyphs glyphs)
{
	guint width = 0;

	for (const TuiKeyHelp *key = tui_keys; key->keys; key++) {
		const char *keys = glyphs == GLYPHS_ASCII ? _(key->keys_ascii) : _(key->keys);

		width = MAX(width, text_width(keys));
	}
	return width;
}

/* What the titles of the list of conversations stand for. */
static void
columns_add(GPtrArray *lines, guint width)
{
	g_ptr_array_add(lines, g_strdup(""));
	g_ptr_array_add(lines, g_strdup(_("The columns of the list of conversations")));
	for (SummaryColumn i = 0; i < N_SUMMARY_COLUMNS; i++) {
		const SummaryColumnInfo *info = &summary_columns[i];
		const char *title = _(info->title);
		guint used = MIN(text_width(title), width);

		if (info->rank != SUMMARY_SCRIPTS_ONLY)
			g_ptr_array_add(lines, g_strdup_printf("  %s%*s  %s", title,
							       (int)(width - used), "",
							       _(info->what)));
	}
}

static void
group_add(GPtrArray *lines, TuiKeyGroup group, Glyphs glyphs, guint width)
{
	if (lines->len > 0)
		g_ptr_array_add(lines, g_strdup(""));
	g_ptr_array_add(lines, g_strdup(_(tui_key_groups[group])));
	for (const TuiKeyHelp *key = tui_keys; key->keys; key++) {
		const char *keys = glyphs == GLYPHS_ASCII ? _(key->keys_ascii) : _(key->keys);

		if (key->group == group)
			g_ptr_array_add(lines, g_strdup_printf("  %s%*s  %s", keys,
							       (int)(width - text_width(keys)), "",
							       _(key->help)));
	}
}

static GPtrArray *
help_lines(Glyphs glyphs, guint width, gboolean columns)
{
	GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);

	for (TuiKeyGroup group = 0; group < N_TUI_KEY_GROUPS; group++)
		group_add(lines, group, glyphs, width);
	if (columns)
		columns_add(lines, width);
	g_ptr_array_add(lines, g_strdup(""));
	g_ptr_array_add(lines, g_strdup(_("How to read the ladder")));
	for (guint i = 0; i < G_N_ELEMENTS(legend); i++)
		g_ptr_array_add(lines, g_strdup_printf("  %s", _(legend[i])));
	return lines;
}

TuiPager
tui_page(const TuiState *state, const TuiModel *model, GPtrArray **lines)
{
	guint width = keys_width(state->glyphs);

	if (!state->help)
		return (TuiPager){
			.lines = model->output,
			.empty = _("The programs have printed nothing."),
		};
	*lines = help_lines(state->glyphs, width, model->summary && model->n_conversations > 1);
	return (TuiPager){
		.lines = *lines,
		.empty = "",
		.indented = TRUE,
		.key_columns = width + 4,
		.n_keys = (*lines)->len - G_N_ELEMENTS(legend) - 2,
	};
}
