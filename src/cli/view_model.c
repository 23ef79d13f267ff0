#include "pktladder/i18n.h"
#include "view_private.h"

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
		progress->remaining_ms = (double)spent_us / progress->read *
					 (progress->total - progress->read) / 1000;
	return progress;
}

const char *
view_notice(const View *view)
{
	if (view->trouble.text)
		return view->trouble.text;
	return view->session->note ? view->session->note : view->options->notice;
}

/* What is going on that Esc ends. */
static const char *
work_text(const View *view)
{
	if (view->writing.text)
		return view->writing.text;
	if (view->writing.drawing)
		return view->writing.drawing;
	return view->builder.next ? view->builder.text : view->searching.text;
}

/* The call that waits to be let go, as a line of text; NULL none. The caller frees. */
static char *
held_text(const Session *session)
{
	const CallRecord *call = g_queue_peek_head(session->held);
	g_autofree char *text = call ? call_to_string(call, CALL_FULL) : NULL;

	if (!call)
		return NULL;
	return g_strdup_printf("%s: %s", call->role == ROLE_CLIENT ? _("client") : _("server"),
			       text);
}

TuiModel
view_model(View *view, char **held)
{
	Session *session = view->session;
	const Plotter *plotter = view->plots.plotter;

	*held = held_text(session);
	return (TuiModel){
		.ladder = view->builder.ladder,
		.work = view_work_left(view, 0),
		.keys = view->keys.waits ? g_queue_get_length(view->keys.typed) : 0,
		.title = view->options->title,
		.source = view->options->source,
		.held = *held,
		.notice = view_notice(view),
		.drops = trace_total_drops(session->trace),
		.pending = view->state.paused ? trace_length(session->trace) - view->paused_at : 0,
		.live = !session->ended,
		.replay = view->options->replay,
		.stepping = view->options->stepping && !view->running_on && session->tracer,
		.detail = view->pane.lines,
		.output = session->output ? program_output_newest(session->output) : NULL,
		.n_conversations = flow_table_length(trace_flows(session->trace)),
		.summary = view->summary,
		.part = session_part_text(session),
		.progress = progress_make(view),
		.plot = plotter ? plotter_plot(plotter) : NULL,
		.plot_fine = plotter ? plotter_fine(plotter) : NULL,
		.plot_progress = plotter ? plotter_progress(plotter) : -1,
		.searching = work_text(view),
		.building = view->builder.text,
	};
}
