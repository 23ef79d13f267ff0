/* SPDX-License-Identifier: MIT */
/* tui_spacing.c - blank lines between the rows: whether, and how much time one is. */
#include "tui_commands.h"

#include "pktladder/detail.h"
#include "pktladder/i18n.h"

Spacing
tui_spacing(const TuiState *state)
{
	return (Spacing){ .ns_per_line = state->ns_per_line, .most = SPACING_MOST };
}

/* Chosen anew where there are other rows, once those are there, or twice as many: it
 * neither jumps while one scrolls nor with each row that comes. */
void
tui_spacing_settle(TuiState *state, const TuiModel *model)
{
	guint32 length = ladder_length(model->ladder);

	if (state->ns_per_line == 0 || !state->spacing_auto || (model->work & TUI_WORK_LADDER))
		return;
	if (state->spacing_rows > 0 && length >= state->spacing_rows &&
	    length / 2 < state->spacing_rows)
		return;
	state->ns_per_line = spacing_choose(model->ladder, SPACING_MOST);
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

	tui_tell(state, text ? g_strdup_printf(_("Spaced by time: %s ([ and ] change it)."), text)
			     : g_strdup(_("The rows stand one below the other.")));
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
