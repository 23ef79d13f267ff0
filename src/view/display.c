/* SPDX-License-Identifier: MIT */
#include "display.h"

#include <string.h>

/* So many rows above the selected one a call is looked for, whose line is marked; and so many lines
 * of the source stand above that. */
#define SOURCE_ROWS  64
#define SOURCE_ABOVE 8

#define NS_PER_MS G_GINT64_CONSTANT(1000000)

/* ---- the jobs ---- */

/* The list's order and filter: tui_settle() says whether something is left of that. */
static JobState
list_state(gconstpointer data, guint32 end G_GNUC_UNUSED)
{
	const TuiState *state = &((const Display *)data)->state;

	return state->list && state->busy ? JOB_GOES_ON : JOB_DONE;
}

static void
list_slice(gpointer data, gint64 until_us)
{
	Display *display = data;

	if (list_state(display, JOB_ALL_EVENTS) == JOB_DONE)
		return;
	while (summary_update(display->summary, display->session->ended) &&
	       g_get_monotonic_time() < until_us)
		;
}

static const JobKind list_job = { .state = list_state, .slice = list_slice };

/* The verdict in the detail pane. */
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

static const JobKind pane_job = { .state = pane_state, .slice = pane_slice };

void
display_select(Display *display)
{
	search_clear(display);
	builder_select(&display->builder, !display->terminal);
	display_run(display, DISPLAY_LADDER, SLICE_US);
	if (display->terminal) /* playback may have shown more rows than there are now */
		display_settle(display);
}

void
display_work(Display *display)
{
	for (DisplayJob job = 0; job < N_DISPLAY_JOBS; job++)
		display_run(display, job, SLICE_US);
}

gboolean
display_stop(Display *display, guint work)
{
	for (Job *job = display->jobs; job < display->jobs + N_DISPLAY_JOBS; job++) {
		if (!job->data || !(job->work & work))
			continue;
		if (job->kind->stopped) {
			tui_tell(&display->state, "%s", _(job->kind->stopped));
			job_clear(job);
			return TRUE;
		}
		if (job->kind->stop && job->kind->stop(job->data))
			return TRUE;
	}
	return FALSE;
}

gboolean
display_is_busy(const Display *display)
{
	for (DisplayJob job = 0; job < N_DISPLAY_JOBS; job++) {
		if (job_state(&display->jobs[job], JOB_ALL_EVENTS) == JOB_GOES_ON)
			return TRUE;
	}
	return FALSE;
}

int
display_job_fd(const Display *display)
{
	int fd = -1;

	for (DisplayJob job = 0; job < N_DISPLAY_JOBS && fd < 0; job++)
		fd = job_fd(&display->jobs[job]);
	return fd;
}

static gboolean
is_reading(Display *display)
{
	TuiProgress *reading = &display->reading;

	/* a compressed file is not at its end where the process that expands it is slow */
	return session_progress(display->session, &reading->read, &reading->total) &&
	       (display->more || reading->read < reading->total);
}

guint
display_work_left(Display *display, guint32 end)
{
	guint left =
	    (is_reading(display) ? TUI_WORK_READING : 0) | (display->dirty ? TUI_WORK_PAINTING : 0);

	for (DisplayJob job = 0; job < N_DISPLAY_JOBS; job++) {
		if (job_state(&display->jobs[job], end) != JOB_DONE)
			left |= display->jobs[job].work;
	}
	return left;
}

/* ---- what is shown ---- */

void
display_init(Display *display, Session *session, const ViewOptions *options, Selection selection,
	     const LadderLabels *labels)
{
	LadderLabels own = *labels;
	const Job jobs[N_DISPLAY_JOBS] = {
		[DISPLAY_PACKETS] = { .work = TUI_WORK_WRITING },
		[DISPLAY_DRAWING] = { .work = TUI_WORK_WRITING },
		[DISPLAY_SEARCH] = { &search_job, display, TUI_WORK_SEARCH },
		[DISPLAY_LADDER] = { &builder_job, &display->builder, TUI_WORK_LADDER },
		[DISPLAY_LIST] = { &list_job, display, TUI_WORK_LIST },
		[DISPLAY_PANE] = { &pane_job, &display->pane, TUI_WORK_DETAIL },
		[DISPLAY_PLOTS] = { &plots_job, display, TUI_WORK_PLOT },
	};

	own.fetch = session_fetch;
	own.data = session;
	*display = (Display){ .session = session,
			      .options = options,
			      .keys.typed = g_queue_new(),
			      .texts = g_ptr_array_new_with_free_func(g_free) };
	display->state.selection = selection;
	filter_ref(selection.filter);
	builder_init(&display->builder, session->trace, &display->state, selection, &own);
	memcpy(display->jobs, jobs, sizeof jobs);
}

gboolean
display_open(Display *display, const Options *options, GError **error)
{
	g_autofree char *title = g_strdup_printf("pktladder: %s", display->options->title);
	TuiState *state = &display->state;
	Selection selection = state->selection;
	guint rows, columns;

	if (options->cast)
		display->cast = cast_new(options->cast, title, error);
	if (!options->cast || display->cast)
		display->terminal = screen_open(error);
	if (!display->terminal)
		return FALSE;
	display->summary = summary_new(display->session->trace);
	screen_size(display->terminal, &rows, &columns);
	tui_init(state, rows, columns, screen_glyphs(options->ascii));
	state->selection = selection;
	state->time = options->time;
	state->ns_per_line = options->spacing_auto ? SPACING_MIN_NS : options->spacing_ns;
	state->spacing_auto = options->spacing_auto;
	/* A file begins at its beginning, what is live at its newest. */
	state->follow = !display->options->replay || options->play_now;
	display->dirty = TRUE;
	return TRUE;
}

void
display_clear(Display *display)
{
	g_clear_pointer(&display->terminal, screen_close);
	g_clear_pointer(&display->cast, cast_free);
	g_clear_pointer(&display->shown, grid_free);
	g_queue_free_full(display->keys.typed, g_free);
	writing_clear(display);
	tui_clear(&display->state);
	search_clear(display);
	builder_clear(&display->builder);
	g_clear_pointer(&display->summary, summary_free);
	plots_clear(display);
	g_clear_pointer(&display->pane.lines, g_ptr_array_unref);
	history_clear(&display->pane.history);
	g_ptr_array_unref(display->texts);
	g_clear_pointer(&display->notice, g_free);
}

/* NULL where nothing is being read. */
static const TuiProgress *
progress_make(Display *display)
{
	TuiProgress *reading = &display->reading;
	gint64 spent_us = g_get_monotonic_time() - display->reading_since_us;

	if (!is_reading(display))
		return NULL;
	reading->packets = trace_n_packets(display->session->trace);
	reading->remaining_ms = -1;
	if (reading->total > reading->read && reading->read > 0 && spent_us > 200 * 1000)
		reading->remaining_ms =
		    (double)spent_us / reading->read * (reading->total - reading->read) / 1000;
	return reading;
}

/* The newest thing that there is to say; NULL nothing. */
static const char *
notice(const Display *display)
{
	const char *note = display->session->note;

	return display->notice ? display->notice : note ? note : display->options->notice;
}

/* Keeps a text of the model, which it takes, until the next one is made. */
static const char *
text_keep(Display *display, char *text)
{
	g_ptr_array_add(display->texts, text);
	return text;
}

/* The call that waits to be let go; NULL none. */
static char *
held_text(const Session *session)
{
	const CallRecord *call = g_queue_peek_head(session->held);
	g_autofree char *text = call ? label_call(call, CALL_FULL) : NULL;

	return call ? g_strdup_printf("%s: %s",
				      call->role == ROLE_CLIENT ? _("client") : _("server"), text)
		    : NULL;
}

TuiModel
display_model(Display *display)
{
	Session *session = display->session;
	char *working = NULL;

	g_ptr_array_set_size(display->texts, 0);
	for (DisplayJob job = 0; job < N_DISPLAY_JOBS && !working; job++)
		working = job_text(&display->jobs[job]);
	return (TuiModel){
		.ladder = display->builder.ladder,
		.work = display_work_left(display, 0),
		.keys = display->keys.waits ? g_queue_get_length(display->keys.typed) : 0,
		.title = display->options->title,
		.source = display->options->source,
		.held = text_keep(display, held_text(session)),
		.notice = notice(display),
		.drops = trace_total_drops(session->trace),
		.pending = trace_length(session->trace) - display_length(display),
		.live = !session->ended,
		.replay = display->options->replay,
		.stepping = display->options->stepping && !display->running_on && session->tracer,
		.detail = display->pane.lines,
		.has_source = display->options->program != NULL,
		.output = session->output ? session->output->newest : NULL,
		.n_conversations = flow_table_length(trace_flows(session->trace)),
		.summary = display->summary,
		.part = session_part_text(session),
		.progress = progress_make(display),
		.plot = display->plots.whole.plot,
		.plot_fine = plots_fine(display),
		.plot_progress = plots_progress(display),
		.searching = text_keep(display, working),
		.building = text_keep(display, builder_text(&display->builder)),
	};
}

/* The line of the selected row's call, or of the nearest call above it; 0: there is none. */
static guint
call_line(const Display *display)
{
	const Ladder *ladder = display->builder.ladder;

	for (guint32 row = display->state.selected + 1, n = 0; row > 0 && n < SOURCE_ROWS;
	     row--, n++) {
		LadderRow found = ladder_row(ladder, MIN(row, ladder_length(ladder)) - 1);
		for (Side side = SIDE_CLIENT; side <= SIDE_SERVER; side++) {
			guint32 event = found.cell[side].entry != EVENT_NONE
					    ? found.cell[side].entry
					    : found.cell[side].result;
			const CallRecord *call =
			    event == EVENT_NONE
				? NULL
				: trace_call(ladder->trace, trace_event(ladder->trace, event));
			if (call && call->line)
				return call->line;
		}
	}
	return 0;
}

/* The programs' source from some lines above the marked one on, to its end. */
static GPtrArray *
source_lines(const Display *display)
{
	const ViewOptions *options = display->options;
	GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *text = g_strndup(options->program, options->program_length);
	g_auto(GStrv) split = g_strsplit(text, "\n", -1);
	guint marked = ladder_length(display->builder.ladder) ? call_line(display) : 0;
	const char *mark = display->state.glyphs == GLYPHS_ASCII ? "->" : "▶ ";

	for (guint i = 0; split[i]; i++) {
		guint number = options->program_line + i;
		g_auto(GStrv) tabs = g_strsplit(split[i], "\t", -1);
		g_autofree char *spaced = g_strjoinv("    ", tabs);

		if (number + SOURCE_ABOVE >= marked)
			g_ptr_array_add(lines,
					g_strdup_printf("%s%3u  %s", number == marked ? mark : "  ",
							number, spaced));
	}
	return lines;
}

void
display_settle(Display *display)
{
	TuiState *state = &display->state;
	Pane *pane = &display->pane;
	g_autofree char *gone = NULL;

	display_run(display, DISPLAY_LADDER, SLICE_US / 2);
	display_run(display, DISPLAY_PLOTS, SLICE_US);
	TuiModel model = display_model(display);
	if (display->search.found)
		tui_found(state, &model, &display->search.hit);
	display->search.found = FALSE;
	tui_settle(state, &model);
	/* The lines of the selected row. What they cannot show becomes the notice, where that is
	 * another thing than the last time, and may take rows. */
	g_clear_pointer(&pane->lines, g_ptr_array_unref);
	if (state->detail && state->pane == TUI_PANE_SOURCE)
		pane->lines = source_lines(display);
	else if (state->detail && !state->list)
		pane->lines =
		    details_make(display->builder.ladder, state->selected,
				 state->pane == TUI_PANE_WHY ? FIGURE_WHY : FIGURE_DETAILS,
				 &state->play, display->session->store, &pane->history, 0, &gone);
	if (gone && g_str_hash(gone) != pane->told) {
		display_notice(display, gone);
		pane->told = g_str_hash(gone);
	}
	model.detail = pane->lines;
	if (model.notice == notice(display))
		return;
	model.notice = notice(display);
	tui_settle(state, &model);
}

void
display_paint(Display *display)
{
	const TuiState *state = &display->state;
	g_autoptr(GError) error = NULL;

	display_settle(display);
	TuiModel model = display_model(display);
	Grid *grid = grid_new(MAX(state->rows, 1), MAX(state->columns, 1));
	tui_paint(state, &model, grid);
	/* What is typed already, nobody meant for this screen. Where something is asked for, that
	 * stands where work is told of, unless keys wait for it. */
	if ((tui_asking(state) != N_TUI_ASKS && model.keys == 0) ||
	    screen_is_typed(display->terminal))
		display->told &= model.work;
	else
		display->told = model.work;
	screen_show(display->terminal, grid);
	display->painted_us = g_get_monotonic_time();
	display->dirty = FALSE;
	if (display->cast && !cast_show(display->cast, grid, &error)) {
		g_clear_pointer(&display->cast, cast_free);
		display->cast_notice = g_strdup(error->message);
		display_notice(display, error->message);
		display->dirty = TRUE;
	}
	/* Kept for a picture. */
	if (tui_asking(state) != N_TUI_ASKS) {
		grid_free(grid);
		return;
	}
	grid_free(display->shown);
	display->shown = grid;
}

/* ---- playback ---- */

void
display_play_forget(Display *display)
{
	display->played_us = g_get_monotonic_time();
}

void
display_play(Display *display)
{
	gint64 before_us = display->played_us;

	display_play_forget(display);
	if (display->state.play.state != PLAY_RUNNING)
		return;
	TuiModel model = display_model(display);
	if (tui_play(&display->state, &model, (display->played_us - before_us) * 1000))
		display->dirty = TRUE;
}

int
display_play_wait_ms(Display *display)
{
	gint64 frame_us = FRAME_US - (g_get_monotonic_time() - display->painted_us);

	if (display->state.play.state != PLAY_RUNNING)
		return -1;
	TuiModel model = display_model(display);
	gint64 next_ns = tui_play_next_ns(&display->state, &model);
	if (next_ns < 0)
		return -1;
	next_ns = MAX(next_ns, frame_us * 1000);
	return (int)MIN((next_ns + NS_PER_MS - 1) / NS_PER_MS, G_MAXINT);
}
