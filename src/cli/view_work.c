/* SPDX-License-Identifier: MIT */
#include "slice.h"
#include "view_private.h"

/* Events between two looks at the clock, and before a frame. */
#define HISTORY_EVENTS 256

#define NS_PER_MS G_GINT64_CONSTANT(1000000)

/* ---- searching ---- */

static void
search_run(View *view)
{
	g_autofree char *trouble = NULL;
	TuiModel model;
	FindHit hit;

	if (!view->search.find)
		return;
	view->dirty = TRUE;
	if (!search_slice(&view->search, &hit, &trouble))
		return;
	model = view_model(view);
	if (trouble)
		view_trouble(view, trouble);
	tui_found(&view->state, &model, &hit);
}

void
view_search(View *view)
{
	if (view->builder.next) {
		search_wait(&view->search);
		return;
	}
	search_start(&view->search, view->builder.ladder, view->session->store, &view->state);
	search_run(view);
}

/* ---- the ladder ---- */

static void
ladder_run(View *view, gint64 slice_us)
{
	BuilderChange change = builder_slice(&view->builder, &view->state, slice_us);

	if (change != BUILDER_SAME)
		view->dirty = TRUE;
	if (change == BUILDER_REPLACED && view->search.waits)
		view_search(view);
}

void
view_select(View *view)
{
	search_stop(&view->search);
	builder_select(&view->builder, view->state.selection, !view->screen.terminal);
	ladder_run(view, SLICE_US);
}

void
view_stop_work(View *view)
{
	if (writing_stop(view))
		return;
	search_stop(&view->search);
	if (view->builder.next) {
		TuiModel model = view_model(view);

		builder_abandon(&view->builder);
		tui_selection_abandon(&view->state, &model);
	}
}

/* ---- the detail pane ---- */

/* What it is in trouble with is said where that is another thing than the last time. */
void
view_pane_make(View *view)
{
	const TuiState *state = &view->state;
	g_autofree char *trouble = NULL;
	guint hash = view->pane.told;

	g_clear_pointer(&view->pane.lines, g_ptr_array_unref);
	if (state->detail && !state->list)
		view->pane.lines = details_make(view->builder.ladder, state->selected, &state->play,
						view->session->store, &view->pane.history,
						HISTORY_EVENTS, &trouble);
	if (trouble)
		hash = g_str_hash(trouble);
	if (hash != view->pane.told)
		view_trouble(view, trouble);
	view->pane.told = hash;
}

/* Goes on with the verdict in it. */
static void
pane_run(View *view)
{
	History *history = &view->pane.history;
	gint64 end_us = g_get_monotonic_time() + SLICE_US;
	TcpVerdict verdict;

	if (!history_goes_on(history))
		return;
	while (!history_verdict(history, view->session->trace, view->session->store,
				history->wanted, HISTORY_EVENTS, &verdict) &&
	       history_goes_on(history) && g_get_monotonic_time() < end_us)
		;
	if (!history_goes_on(history))
		view->dirty = TRUE;
}

/* ---- all of them ---- */

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
	plots_slice(&view->plots, view->session, &view->state,
		    view->state.paused ? view->paused_at : trace_length(view->session->trace));
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
		pane_run(view);
	}
	search_run(view);
	if (writing_slice(view))
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
		{ TUI_WORK_SEARCH, view->search.find || view->search.waits },
		{ TUI_WORK_LIST, state->list && state->busy },
		{ TUI_WORK_PLOT, plots_owed(&view->plots, state, end) },
		{ TUI_WORK_DETAIL, view->pane.lines && history_goes_on(&view->pane.history) },
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
	if (view_keys_are_due(view))
		return TRUE;
	if (view->loop.more || view->search.find || view->writing.save || view->plots.goes_on)
		return TRUE;
	return view->screen.terminal && (builder_goes_on(&view->builder) || view->state.busy ||
					 history_goes_on(&view->pane.history));
}

/* ---- the film: the one place where it meets a clock ---- */

void
view_film_forget(View *view)
{
	view->film_us = g_get_monotonic_time();
}

void
view_film_run(View *view)
{
	gint64 before_us = view->film_us;
	TuiModel model;

	view_film_forget(view);
	if (view_text_waits(view) || view->state.play.state != PLAY_RUNNING)
		return;
	model = view_model(view);
	if (tui_play(&view->state, &model, (view->film_us - before_us) * 1000))
		view->dirty = TRUE;
}

int
view_film_wait_ms(View *view)
{
	gint64 frame_us = FRAME_US - (g_get_monotonic_time() - view->screen.painted_us);
	TuiModel model;
	gint64 next_ns;

	if (view_text_waits(view) || view->state.play.state != PLAY_RUNNING)
		return -1;
	model = view_model(view);
	next_ns = tui_play_next_ns(&view->state, &model);
	if (next_ns < 0)
		return -1;
	next_ns = MAX(next_ns, frame_us * 1000);
	return (int)MIN((next_ns + NS_PER_MS - 1) / NS_PER_MS, G_MAXINT);
}
