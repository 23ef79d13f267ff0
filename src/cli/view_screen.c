#include "view_private.h"

static gboolean
cast_start(View *view, const char *path, GError **error)
{
	g_autofree char *title = g_strdup_printf("pktladder: %s", view->options->title);

	view->screen.cast = cast_new(path, title, error);
	return view->screen.cast != NULL;
}

gboolean
view_screen_start(View *view, const Options *options, GError **error)
{
	if (options->cast && !cast_start(view, options->cast, error))
		return FALSE;
	view->screen.terminal = screen_open(error);
	if (!view->screen.terminal)
		return FALSE;
	view->summary = summary_new(view->session->trace);

	TuiState *state = &view->state;

	screen_size(view->screen.terminal, &state->rows, &state->columns);
	tui_init(state, state->rows, state->columns, screen_glyphs(options->ascii));
	state->selection.hide_calls = options->no_calls;
	state->selection.fold = options->fold;
	state->time = options->time;
	state->ns_per_line = options->spacing_auto ? SPACING_MIN_NS : options->spacing_ns;
	state->spacing_auto = options->spacing_auto;
	state->selection.filter = filter_ref(options->filter);
	/* A file begins at its beginning, what is live at its newest. */
	state->follow = !view->options->replay || options->play_now;
	view->dirty = TRUE;
	return TRUE;
}

void
view_screen_close(ViewScreen *screen)
{
	g_clear_pointer(&screen->terminal, screen_close);
	g_clear_pointer(&screen->cast, cast_free);
	g_clear_pointer(&screen->shown, grid_free);
}

void
view_settle(View *view)
{
	g_autofree char *held = NULL;
	TuiModel model;

	view_work_before_paint(view);
	model = view_model(view, &held);
	tui_settle(&view->state, &model);

	/* The lines of the selected row. What they are in trouble with may take rows. */
	g_autofree char *trouble =
	    pane_make(&view->pane, view->builder.ladder, &view->state, view->session->store);

	if (trouble)
		trouble_tell(&view->trouble, &view->state, trouble);
	model.detail = view->pane.lines;
	if (model.notice == view_notice(view))
		return;
	model.notice = view_notice(view);
	tui_settle(&view->state, &model);
}

/* What is typed already, nobody meant for this screen. Where something is asked for, that
 * stands where work is told of, unless keys wait for it. */
static guint
work_told(const View *view, const TuiModel *model)
{
	gboolean hidden = tui_is_asking(&view->state) && model->keys == 0;

	return hidden || screen_is_typed(view->screen.terminal) ? view->screen.told & model->work
								: model->work;
}

void
view_paint(View *view)
{
	g_autofree char *held = NULL;
	TuiModel model;
	Grid *grid;

	view_settle(view);
	model = view_model(view, &held);
	grid = grid_new(MAX(view->state.rows, 1), MAX(view->state.columns, 1));
	tui_paint(&view->state, &model, grid);
	view->screen.told = work_told(view, &model);
	screen_show(view->screen.terminal, grid);
	view->screen.painted_us = g_get_monotonic_time();
	view->dirty = view->state.busy || view->plots.goes_on;
	/* What was painted: into the recording, and kept for a picture. Takes the grid. */
	g_autoptr(GError) error = NULL;

	if (view->screen.cast && !cast_show(view->screen.cast, grid, &error)) {
		g_clear_pointer(&view->screen.cast, cast_free);
		view->screen.cast_trouble = g_strdup(error->message);
		trouble_tell(&view->trouble, &view->state, error->message);
		view->status = STATUS_FAILED;
		view->dirty = TRUE;
	}
	if (tui_is_asking(&view->state)) {
		grid_free(grid);
		return;
	}
	grid_free(view->screen.shown);
	view->screen.shown = grid;
}
