#include "slice.h"
#include "view_private.h"

/* ---- searching ---- */

static void
search_run(View *view)
{
	g_autofree char *held = NULL;
	g_autofree char *trouble = NULL;
	TuiModel model;
	FindHit hit;

	if (!view->searching.search)
		return;
	view->dirty = TRUE;
	if (!searching_slice(&view->searching, &hit, &trouble))
		return;
	model = view_model(view, &held);
	if (trouble)
		trouble_tell(&view->trouble, &view->state, trouble);
	tui_found(&view->state, &model, &hit);
}

void
view_search(View *view)
{
	if (view->builder.next) {
		searching_wait(&view->searching);
		return;
	}
	searching_start(&view->searching, view->builder.ladder, view->session, &view->state);
	search_run(view);
}

/* ---- the ladder ---- */

static void
ladder_run(View *view, gint64 slice_us)
{
	BuilderChange change = builder_slice(&view->builder, &view->state, slice_us);

	if (change != BUILDER_SAME)
		view->dirty = TRUE;
	if (change == BUILDER_REPLACED && view->searching.waits)
		view_search(view);
}

void
view_select(View *view)
{
	searching_stop(&view->searching);
	builder_select(&view->builder, view->state.selection, !view->screen.terminal);
	ladder_run(view, SLICE_US);
}

void
view_stop_work(View *view)
{
	if (writing_stop(&view->writing))
		return;
	searching_stop(&view->searching);
	if (view->builder.next) {
		g_autofree char *held = NULL;
		TuiModel model = view_model(view, &held);

		builder_abandon(&view->builder);
		tui_selection_abandon(&view->state, &model);
	}
}

/* ---- what else is on the screen ---- */

static void
list_run(View *view)
{
	gint64 end_us = g_get_monotonic_time() + SLICE_US;

	if (!view->state.busy || !view->state.list)
		return;
	while (summary_update(view->summary, view->session->ended) &&
	       g_get_monotonic_time() < end_us)
		;
	view->dirty = TRUE;
}

static void
plots_run(View *view)
{
	guint32 length = trace_length(view->session->trace);

	plots_slice(&view->plots, view->session, &view->state,
		    view->state.paused ? view->paused_at : length);
	view->dirty = view->dirty || view->plots.goes_on;
}

void
view_work_before_paint(View *view)
{
	ladder_run(view, SLICE_US / 2);
	plots_run(view);
}

void
view_work(View *view)
{
	if (view->screen.terminal) {
		ladder_run(view, SLICE_US);
		list_run(view);
		if (pane_slice(&view->pane, view->session->trace, view->session->store))
			view->dirty = TRUE;
	}
	search_run(view);
	if (writing_slice(&view->writing))
		view->dirty = TRUE;
	if (view->plots.goes_on) {
		plots_run(view);
		view->dirty = TRUE;
	}
}

guint
view_work_left(View *view, guint32 end)
{
	const TuiState *state = &view->state;
	const struct {
		TuiWork work;
		gboolean left;
	} works[] = {
		{ TUI_WORK_LADDER, builder_owes(&view->builder, state, end) },
		{ TUI_WORK_SEARCH, view->searching.search || view->searching.waits },
		{ TUI_WORK_LIST, state->list && state->busy },
		{ TUI_WORK_PLOT, plots_owed(&view->plots, state, end) },
		{ TUI_WORK_DETAIL, view->pane.lines && pane_goes_on(&view->pane) },
		{ TUI_WORK_WRITING, view->writing.save || view->writing.output },
		{ TUI_WORK_READING, view_is_reading(view) },
		{ TUI_WORK_PAINTING, view->dirty },
	};
	guint left = 0;

	for (guint i = 0; i < G_N_ELEMENTS(works); i++)
		left |= works[i].left ? works[i].work : 0;
	return left;
}

gboolean
view_is_busy(const View *view)
{
	if (view_keys_are_due(&view->keys))
		return TRUE;
	if (view->loop.more || view->searching.search || view->writing.save || view->plots.goes_on)
		return TRUE;
	return view->screen.terminal && (builder_goes_on(&view->builder) || view->state.busy ||
					 pane_goes_on(&view->pane));
}

/* ---- the film ---- */

void
view_film_run(View *view)
{
	g_autofree char *held = NULL;
	TuiModel model = view_model(view, &held);

	if (view_text_waits(view))
		player_forget(&view->player);
	else if (player_run(&view->player, &view->state, &model))
		view->dirty = TRUE;
}

int
view_film_wait_ms(View *view)
{
	g_autofree char *held = NULL;
	TuiModel model = view_model(view, &held);
	gint64 since_us = g_get_monotonic_time() - view->screen.painted_us;

	if (view_text_waits(view))
		return -1;
	return player_wait_ms(&view->state, &model, FRAME_US - since_us);
}
