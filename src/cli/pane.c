/* SPDX-License-Identifier: MIT */
#include "pane.h"

void
pane_make(Pane *pane)
{
	const TuiState *state = &pane->look->state;
	g_autofree char *gone = NULL;

	g_clear_pointer(&pane->lines, g_ptr_array_unref);
	if (state->detail && !state->list)
		pane->lines = details_make(pane->builder->ladder, state->selected, &state->play,
					   pane->look->session->store, &pane->history, 0, &gone);
	if (gone && g_str_hash(gone) != pane->told) {
		look_notice(pane->look, gone);
		pane->told = g_str_hash(gone);
	}
}

void
pane_clear(Pane *pane)
{
	g_clear_pointer(&pane->lines, g_ptr_array_unref);
	history_clear(&pane->history);
}

static JobState
pane_state(gconstpointer data, guint32 end G_GNUC_UNUSED)
{
	const Pane *pane = data;

	return pane->lines && history_goes_on(&pane->history) ? JOB_GOES_ON : JOB_DONE;
}

static void
pane_slice(gpointer data, gint64 until_us)
{
	history_slice(&((Pane *)data)->history, until_us);
}

const JobKind pane_job = { .state = pane_state, .slice = pane_slice };
