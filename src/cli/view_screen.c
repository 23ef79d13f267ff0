/* SPDX-License-Identifier: MIT */
#include "pktladder/i18n.h"
#include "pktladder/text.h"
#include "view_private.h"

/* ---- what it is given ---- */

gboolean
view_is_reading(View *view)
{
	TuiProgress *progress = &view->reading.progress;

	/* a compressed file is not at its end where the process that expands it is slow */
	return session_progress(view->session, &progress->read, &progress->total) &&
	       (view->loop.more || progress->read < progress->total);
}

/* NULL where nothing is being read. */
static const TuiProgress *
progress_make(View *view)
{
	TuiProgress *progress = &view->reading.progress;
	gint64 spent_us = g_get_monotonic_time() - view->reading.since_us;

	if (!view_is_reading(view))
		return NULL;
	progress->packets = trace_n_packets(view->session->trace);
	progress->remaining_ms = -1;
	if (progress->total > progress->read && progress->read > 0 && spent_us > 200 * 1000)
		progress->remaining_ms =
		    (double)spent_us / progress->read * (progress->total - progress->read) / 1000;
	return progress;
}

/* The newest thing that there is to say; NULL nothing. */
static const char *
notice(const View *view)
{
	return view->trouble         ? view->trouble
	       : view->session->note ? view->session->note
				     : view->options->notice;
}

void
view_trouble(View *view, const char *text)
{
	g_autofree char *safe = text ? text_escape(text, -1) : NULL;

	if (g_strcmp0(safe, view->trouble) == 0)
		return;
	g_free(view->trouble);
	view->trouble = g_steal_pointer(&safe);
	if (text)
		view->state.notice_seen = 0;
}

/* What is going on that Esc ends. */
static const char *
work_text(const View *view)
{
	if (view->writing.text)
		return view->writing.text;
	if (view->writing.drawing)
		return view->writing.drawing;
	return view->builder.next ? view->builder.text : view->search.text;
}

TuiModel
view_model(View *view)
{
	Session *session = view->session;
	const CallRecord *call = g_queue_peek_head(session->held);
	g_autofree char *text = call ? call_to_string(call, CALL_FULL) : NULL;

	g_clear_pointer(&view->held, g_free);
	if (call)
		view->held = g_strdup_printf(
		    "%s: %s", call->role == ROLE_CLIENT ? _("client") : _("server"), text);
	return (TuiModel){
		.ladder = view->builder.ladder,
		.work = view_work_left(view, 0),
		.keys = view->keys.waits ? g_queue_get_length(view->keys.typed) : 0,
		.title = view->options->title,
		.source = view->options->source,
		.held = view->held,
		.notice = notice(view),
		.drops = trace_total_drops(session->trace),
		.pending = view->state.paused ? trace_length(session->trace) - view->paused_at : 0,
		.live = !session->ended,
		.replay = view->options->replay,
		.stepping = view->options->stepping && !view->running_on && session->tracer,
		.detail = view->pane.lines,
		.output = session->output ? session->output->newest : NULL,
		.n_conversations = flow_table_length(trace_flows(session->trace)),
		.summary = view->summary,
		.part = session_part_text(session),
		.progress = progress_make(view),
		.plot = view->plots.whole.plot,
		.plot_fine = plots_fine(&view->plots),
		.plot_progress = plots_progress(&view->plots),
		.searching = work_text(view),
		.building = view->builder.text,
	};
}

/* ---- what it shows ---- */

gboolean
view_screen_start(View *view, const Options *options, GError **error)
{
	g_autofree char *title = g_strdup_printf("pktladder: %s", view->options->title);
	TuiState *state = &view->state;

	if (options->cast)
		view->screen.cast = cast_new(options->cast, title, error);
	if (!options->cast || view->screen.cast)
		view->screen.terminal = screen_open(error);
	if (!view->screen.terminal)
		return FALSE;
	view->summary = summary_new(view->session->trace);
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
view_screen_close(View *view)
{
	g_clear_pointer(&view->screen.terminal, screen_close);
	g_clear_pointer(&view->screen.cast, cast_free);
	g_clear_pointer(&view->screen.shown, grid_free);
}

void
view_settle(View *view)
{
	TuiModel model;

	view_work_before_paint(view);
	model = view_model(view);
	tui_settle(&view->state, &model);
	/* What the lines of the selected row are in trouble with may take rows. */
	view_pane_make(view);
	model.detail = view->pane.lines;
	if (model.notice == notice(view))
		return;
	model.notice = notice(view);
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
	g_autoptr(GError) error = NULL;
	TuiModel model;
	Grid *grid;

	view_settle(view);
	model = view_model(view);
	grid = grid_new(MAX(view->state.rows, 1), MAX(view->state.columns, 1));
	tui_paint(&view->state, &model, grid);
	view->screen.told = work_told(view, &model);
	screen_show(view->screen.terminal, grid);
	view->screen.painted_us = g_get_monotonic_time();
	view->dirty = view->state.busy || view->plots.goes_on;
	if (view->screen.cast && !cast_show(view->screen.cast, grid, &error)) {
		g_clear_pointer(&view->screen.cast, cast_free);
		view->screen.cast_trouble = g_strdup(error->message);
		view_trouble(view, error->message);
		view->status = STATUS_FAILED;
		view->dirty = TRUE;
	}
	/* Kept for a picture. */
	if (tui_is_asking(&view->state)) {
		grid_free(grid);
		return;
	}
	grid_free(view->screen.shown);
	view->screen.shown = grid;
}
