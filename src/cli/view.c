/* Theory of operation. A GMainContext watches every descriptor in this one
 * thread; signals come through a signalfd, so no code ever runs inside a
 * handler (the screen's own crash handler apart). Each wake-up pumps the
 * session; a change is painted at once where the last paint is a frame ago,
 * else when that frame is over. Nothing wakes up where nothing happens.
 */
#include "view.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "figure_output.h"
#include "figure_plot.h"
#include "pktladder/i18n.h"
#include "pktladder/screen.h"
#include "pktladder/text.h"
#include "cast.h"
#include "conversations.h"
#include "details.h"
#include "history.h"
#include "player.h"
#include "plotter.h"
#include "print.h"
#include "save.h"
#include "search.h"
#include "snapshot.h"

#define FRAME_US (16 * 1000)

/* What takes long goes on for half a frame at a time; the other half is the painting's. */
#define SLICE_US (8 * 1000)

/* Events between two looks at the clock. */
#define BUILD_EVENTS   1024
#define HISTORY_EVENTS 256 /* before a frame, too */

typedef struct {
	Session *session;
	const ViewOptions *options;
	GMainLoop *loop;
	Screen *screen;	  /* NULL: text */
	Printer printer;  /* text */
	Ladder *ladder;	  /* that is shown */
	Ladder *next;	  /* will take its place; NULL none */
	char *building;	  /* how far the one or the other has come; NULL none is being made */
	LadderLabels labels; /* of each ladder */
	Summary *summary; /* with the screen */
	TuiState state;
	GPtrArray *detail;
	History history; /* of the selected packet's conversation */
	Plotter *plotter; /* of the conversation whose plots are open; NULL none */
	gboolean plotting; /* it has more to do */
	Search *search;	  /* NULL none is running */
	char *searching;  /* what there is to say about it */
	gboolean search_waits; /* for the next ladder */
	Save *save;	  /* NULL none is running */
	char *saving;	  /* the same about that */
	Grid *shown;	  /* the screen, as it was before something was asked for */
	Cast *cast;	  /* NULL: the screen is not recorded */
	char *cast_trouble; /* why it no longer is; NULL none */
	char *trouble;	  /* what failed last: takes the notice's place; NULL none */
	guint detail_told; /* hash of what the detail pane was in trouble with; 0 nothing */
	const char *conversations; /* to be selected when all was read; NULL none, or done */
	guint32 shown_events; /* length of the trace at the last paint */
	guint32 shown_output;
	guint32 paused_at;
	gint64 painted_us;
	Player player;
	gboolean dirty;
	gboolean more;	/* a file has more to read at once */
	guint timer;	/* source of the next pump or paint; 0 none */
	TuiProgress progress;
	gint64 reading_since_us;
	guint capture_source, tracer_source, output_source;
	int signal_fd;
	int signal; /* that ended us; 0 none */
	gboolean quitting;
	gboolean running_on; /* the user let all calls run */
	int status;
} View;

static void view_schedule(View *view);

/* Something failed that can be gone on without: it is said above the ladder. */
static void
trouble_tell(View *view, const char *text)
{
	g_autofree char *safe = text_escape(text, -1);

	/* What was said and closed stays closed, until something else happens. */
	if (g_strcmp0(safe, view->trouble) == 0)
		return;
	g_free(view->trouble);
	view->trouble = g_steal_pointer(&safe);
	view->state.notice_seen = 0;
}

/* Where packets come from standard input, keys come from the terminal itself. */
static gboolean
keys_can_come(const Options *options)
{
	const char *first = options->rest ? options->rest[0] : NULL;
	gboolean reads = g_strcmp0(options->read ? options->read : first, "-") == 0;

	if (isatty(STDIN_FILENO))
		return TRUE;
	int fd = reads ? open("/dev/tty", O_RDONLY | O_CLOEXEC) : -1;
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

gboolean
view_is_interactive(const Options *options)
{
	return !options->text && g_strcmp0(options->write, "-") != 0 && isatty(STDOUT_FILENO) &&
	       keys_can_come(options);
}

static void
view_quit(View *view)
{
	view->quitting = TRUE;
	g_main_loop_quit(view->loop);
}

/* Each paint makes the detail pane anew: its trouble is told where it is another. */
static void
detail_trouble_tell(View *view, const char *text)
{
	guint hash = g_str_hash(text);

	if (hash == view->detail_told)
		return;
	view->detail_told = hash;
	trouble_tell(view, text);
}

/* While a file is read so slowly that somebody may want to know. */
static const TuiProgress *
progress_make(View *view)
{
	TuiProgress *progress = &view->progress;
	gint64 spent_us = g_get_monotonic_time() - view->reading_since_us;

	if (!session_progress(view->session, &progress->read, &progress->total))
		return NULL;
	/* a compressed file is not at its end where the process that expands it is slow */
	if (!view->more && progress->read >= progress->total)
		return NULL;
	progress->packets = trace_n_packets(view->session->trace);
	progress->remaining_ms = -1;
	if (progress->total > progress->read && progress->read > 0 && spent_us > 200 * 1000)
		progress->remaining_ms = (double)spent_us / progress->read *
					 (progress->total - progress->read) / 1000;
	return progress;
}

/* The newest thing that there is to say. */
static const char *
notice_of(const View *view)
{
	if (view->trouble)
		return view->trouble;
	return view->session->note ? view->session->note : view->options->notice;
}

static TuiModel
model_make(View *view, char **held)
{
	Session *session = view->session;

	*held = session_held_text(session);
	return (TuiModel){
		.ladder = view->ladder,
		.title = view->options->title,
		.source = view->options->source,
		.held = *held,
		.notice = notice_of(view),
		.drops = trace_total_drops(session->trace),
		.pending = view->state.paused ? trace_length(session->trace) - view->paused_at : 0,
		.live = !session->ended,
		.replay = view->options->replay,
		.stepping = view->options->stepping && !view->running_on && session->tracer,
		.detail = view->detail,
		.output = session->output,
		.n_conversations = flow_table_length(trace_flows(session->trace)),
		.summary = view->summary,
		.progress = progress_make(view),
		.plot = view->plotter ? plotter_plot(view->plotter) : NULL,
		.plot_fine = view->plotter ? plotter_fine(view->plotter) : NULL,
		.plot_progress = view->plotter ? plotter_progress(view->plotter) : -1,
		.searching = view->saving ? view->saving
			     : view->next ? view->building
					  : view->searching,
		.building = view->building,
	};
}

static void search_start(View *view);

/* tui_settle() finds the selected event again in the new ladder. */
static void
ladder_replace(View *view)
{
	ladder_free(view->ladder);
	view->ladder = g_steal_pointer(&view->next);
	view->dirty = TRUE;
	if (view->search_waits)
		search_start(view);
}

static char *
building_text(View *view, const Ladder *ladder)
{
	if (ladder_is_whole(ladder))
		return NULL;
	return g_strdup_printf(view->next ? _("Laying out the rows: %u%% (Esc: leave it)")
					  : _("Laying out the rows: %u%%"),
			       ladder_progress(ladder));
}

/* Goes on with the ladder; most are whole after their first slice. What comes
 * while it is paused stays outside. */
static void
ladder_run(View *view, gint64 slice_us)
{
	Ladder *ladder = view->next ? view->next : view->ladder;
	gint64 end_us = g_get_monotonic_time() + slice_us;

	if (view->state.paused && ladder_is_whole(ladder))
		return;
	while (ladder_update_slice(ladder, BUILD_EVENTS) && g_get_monotonic_time() < end_us)
		;
	if (view->next && tui_ladder_is_ready(&view->state, view->next))
		ladder_replace(view);
	if (view->building)
		view->dirty = TRUE;
	g_free(view->building);
	view->building = building_text(view, ladder);
}

/* The same for the list of conversations. */
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

/* The same for the verdict in the detail pane. */
static void
history_run(View *view)
{
	gint64 end_us = g_get_monotonic_time() + SLICE_US;
	TcpVerdict verdict;

	if (!history_goes_on(&view->history))
		return;
	while (!history_verdict(&view->history, view->session->trace, view->session->store,
				view->history.wanted, HISTORY_EVENTS, &verdict) &&
	       history_goes_on(&view->history) && g_get_monotonic_time() < end_us)
		;
	if (!history_goes_on(&view->history))
		view->dirty = TRUE;
}

/* Goes on with the plots that are open; most are whole after their first slice. */
static void
plot_run(View *view)
{
	const TuiState *state = &view->state;
	guint32 end = state->paused ? view->paused_at : trace_length(view->session->trace);

	view->plotting = FALSE;
	if (!state->plot)
		return; /* it stays for the next time */
	if (view->plotter &&
	    plot_conversation(plotter_plot(view->plotter)) != state->plot_conversation)
		g_clear_pointer(&view->plotter, plotter_free);
	if (!view->plotter)
		view->plotter = plotter_new(view->session, state->plot_conversation);
	view->plotting =
	    plotter_slice(view->plotter, end, state->plot_from_ns, state->plot_to_ns);
	view->dirty = view->dirty || view->plotting;
}

/* What was painted: into the recording, and kept for a picture. Takes the grid. */
static void
grid_keep(View *view, Grid *grid)
{
	g_autoptr(GError) error = NULL;

	if (view->cast && !cast_show(view->cast, grid, &error)) {
		g_clear_pointer(&view->cast, cast_free);
		view->cast_trouble = g_strdup(error->message);
		trouble_tell(view, error->message);
		view->status = STATUS_FAILED;
		view->dirty = TRUE;
	}
	if (tui_is_asking(&view->state)) {
		grid_free(grid);
		return;
	}
	grid_free(view->shown);
	view->shown = grid;
}

static void
view_paint(View *view)
{
	g_autofree char *held = NULL;
	g_autofree char *trouble = NULL;
	TuiModel model;
	Grid *grid;

	ladder_run(view, SLICE_US / 2);
	plot_run(view);
	model = model_make(view, &held);
	tui_settle(&view->state, &model);
	g_clear_pointer(&view->detail, g_ptr_array_unref);
	if (view->state.detail && !view->state.list)
		view->detail = details_make(view->ladder, view->state.selected, &view->state.play,
					    view->session->store, &view->history, HISTORY_EVENTS,
					    &trouble);
	if (trouble)
		detail_trouble_tell(view, trouble);
	model.detail = view->detail;
	/* It may have met trouble, which takes rows. */
	if (model.notice != notice_of(view)) {
		model.notice = notice_of(view);
		tui_settle(&view->state, &model);
	}
	grid = grid_new(MAX(view->state.rows, 1), MAX(view->state.columns, 1));
	tui_paint(&view->state, &model, grid);
	screen_show(view->screen, grid);
	view->painted_us = g_get_monotonic_time();
	view->dirty = view->state.busy || view->plotting;
	grid_keep(view, grid);
}

/* As text: the first line waits for the last packet. */
static gboolean
film_waits(const View *view)
{
	return view->printer.file && view->printer.spacing_auto && !view->session->ended;
}

/* Takes the film on to what time it is. */
static void
film_run(View *view)
{
	g_autofree char *held = NULL;
	TuiModel model = model_make(view, &held);

	if (film_waits(view))
		player_forget(&view->player);
	else if (player_run(&view->player, &view->state, &model))
		view->dirty = TRUE;
}

static int
film_wait_ms(View *view)
{
	g_autofree char *held = NULL;
	TuiModel model = model_make(view, &held);

	if (film_waits(view))
		return -1;
	return player_wait_ms(&view->state, &model,
			      FRAME_US - (g_get_monotonic_time() - view->painted_us));
}

static void
search_stop(View *view)
{
	g_clear_pointer(&view->search, search_free);
	g_clear_pointer(&view->searching, g_free);
	view->search_waits = FALSE;
}

/* Goes on with the search; most end in their first slice. */
static void
search_run(View *view)
{
	FindHit hit;

	if (!view->search)
		return;
	view->dirty = TRUE;
	g_clear_pointer(&view->searching, g_free);
	if (search_slice(view->search, &hit)) {
		g_autofree char *held = NULL;
		TuiModel model = model_make(view, &held);
		g_autofree char *trouble = hit.row == EVENT_NONE ? search_trouble(view->search) : NULL;

		if (trouble)
			trouble_tell(view, trouble);
		search_stop(view);
		tui_found(&view->state, &model, &hit);
	} else {
		view->searching = search_text(view->search);
	}
}

static void
search_start(View *view)
{
	search_stop(view);
	view->search_waits = view->next != NULL;
	if (view->next)
		return;
	view->search = search_new(view->ladder, view->session, &view->state.search,
				  view->state.selected);
	search_run(view);
}

static void
save_stop(View *view)
{
	g_clear_pointer(&view->save, save_free);
	g_clear_pointer(&view->saving, g_free);
}

static void
save_failed(View *view, const GError *error)
{
	save_stop(view);
	g_clear_pointer(&view->trouble, g_free);
	trouble_tell(view, error->message);
}

/* Goes on with it; most end in their first slice. */
static void
save_run(View *view)
{
	g_autoptr(GError) error = NULL;

	if (!view->save)
		return;
	view->dirty = TRUE;
	switch (save_slice(view->save, &error)) {
	case SAVE_GOES_ON:
		g_free(view->saving);
		view->saving = save_text(view->save);
		break;
	case SAVE_DONE:
		tui_tell(&view->state, save_text(view->save));
		save_stop(view);
		break;
	case SAVE_FAILED:
		save_failed(view, error);
		break;
	}
}

static void
save_start(View *view)
{
	g_autofree char *path = save_path(view->state.save_path);
	g_autoptr(GError) error = NULL;

	save_stop(view);
	g_clear_pointer(&view->trouble, g_free);
	if (save_exists(path) && !view->state.save_replaces) {
		tui_save_exists(&view->state);
		return;
	}
	view->save = save_new(view->session->trace, view->session->store, &view->state.selection,
			      path, TRUE, &error);
	if (view->save)
		save_run(view);
	else
		save_failed(view, error);
}

static FigureOptions
figure_options(const View *view)
{
	static const FigureTime times[N_SCENE_TIMES] = {
		[SCENE_TIME_START] = FIGURE_TIME_START,
		[SCENE_TIME_UTC] = FIGURE_TIME_UTC,
		[SCENE_TIME_LOCAL] = FIGURE_TIME_LOCAL,
	};

	return (FigureOptions){ .time = times[view->state.time],
				.states = TRUE,
				.ascii = view->state.glyphs == GLYPHS_ASCII,
				.proportional = view->state.ns_per_line > 0,
				.to_ns = G_MAXINT64 };
}

/* The whole ladder as it is on the screen: selection, folds, labels, time. */
static void
figure_draw_ladder(View *view, const FigureTarget *target)
{
	FigureOptions how = figure_options(view);
	g_autoptr(Figure) figure = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *written = NULL;

	if (!ladder_is_whole(view->ladder)) {
		tui_tell(&view->state,
			 g_strdup(_("The rows are still being laid out: write the figure after that.")));
		return;
	}
	figure = figure_new(view->ladder, &how);
	if (target->format->details && figure->rows->len <= FIGURE_ROWS_MAX)
		figure_details_add(figure, view->session);
	if (figure_output(figure, &how, target, &written, &error))
		tui_tell(&view->state, g_steal_pointer(&written));
	else
		trouble_tell(view, error->message);
}

/* The plot that is open: its kind, direction, and the time that is shown. */
static void
figure_draw_plot(View *view, const FigureTarget *target)
{
	const TuiState *state = &view->state;
	PlotSvgOptions svg = { .kind = state->plot_kind,
			       .side = state->plot_side };
	const Plot *plot = view->plotter ? plotter_plot(view->plotter) : NULL;
	const Plot *fine = NULL;
	g_autofree char *safe = text_escape(target->path, -1);
	g_autoptr(GError) error = NULL;

	if (state->plot_from_ns != state->plot_to_ns) {
		svg.from_ns = state->plot_from_ns;
		svg.to_ns = state->plot_to_ns;
		fine = view->plotter ? plotter_fine(view->plotter) : NULL;
	}
	if (!plot || plot_conversation(plot) != state->plot_conversation || view->plotting ||
	    plotter_progress(view->plotter) >= 0)
		tui_tell(&view->state, g_strdup(_("The conversation's packets are still being read: "
						  "write the plot after that.")));
	else if (figure_plot_write(view->session, fine ? fine : plot, &svg, target, &error))
		tui_tell(&view->state, g_strdup_printf(_("The plot was written into %s."), safe));
	else
		trouble_tell(view, error->message);
}

static void
figure_draw(View *view)
{
	g_autofree char *path = save_path(view->state.figure_path);
	FigureTarget target = { figure_format_of_path(path), path, FIGURE_SCALE };

	g_clear_pointer(&view->trouble, g_free);
	if (save_exists(path) && !view->state.save_replaces)
		tui_figure_exists(&view->state);
	else if (view->state.plot)
		figure_draw_plot(view, &target);
	else
		figure_draw_ladder(view, &target);
}

/* The screen as it was before the name was asked for. */
static void
picture_make(View *view)
{
	g_autofree char *path = save_path(view->state.picture_path);
	g_autofree char *title = g_strdup_printf("pktladder: %s", view->options->title);
	g_autofree char *safe = text_escape(path, -1);
	g_autoptr(GError) error = NULL;

	g_clear_pointer(&view->trouble, g_free);
	if (save_exists(path) && !view->state.picture_replaces)
		tui_picture_exists(&view->state);
	else if (snapshot_write(view->shown, title, path, &error))
		tui_tell(&view->state, g_strdup_printf(_("The screen was written into %s."), safe));
	else
		trouble_tell(view, error->message);
}

/* Esc: the one that is running. */
static void
long_work_stop(View *view)
{
	if (!view->save && view->next) {
		g_autofree char *held = NULL;
		TuiModel model = model_make(view, &held);

		search_stop(view);
		g_clear_pointer(&view->next, ladder_free);
		tui_selection_abandon(&view->state, &model);
		return;
	}
	if (!view->save) {
		search_stop(view);
		return;
	}
	save_stop(view);
	tui_tell(&view->state, g_strdup(_("Saving was stopped: no file was written.")));
}

/* Until what is to be seen of the new ladder is there, the old one is. */
static void
selection_changed(View *view)
{
	search_stop(view);
	ladder_free(view->next);
	view->next = ladder_new(view->session->trace, view->state.selection);
	ladder_set_labels(view->next, &view->labels);
	ladder_keep_folds(view->next, view->ladder);
	ladder_update_slice(view->next, 0);
	if (!view->screen)
		ladder_update(view->next);
	ladder_run(view, SLICE_US);
}

static void
action_do(View *view, TuiAction action)
{
	switch (action) {
	case TUI_QUIT:
		view_quit(view);
		break;
	case TUI_RELEASE:
		session_release(view->session);
		break;
	case TUI_RELEASE_ALL:
		session_release_all(view->session);
		view->running_on = TRUE;
		break;
	case TUI_READING_STOP:
		session_stop_reading(view->session);
		break;
	case TUI_SUSPEND:
		screen_stop(view->screen);
		player_forget(&view->player);
		break;
	case TUI_REDRAW:
		screen_redraw(view->screen);
		break;
	case TUI_SELECTION:
		selection_changed(view);
		break;
	case TUI_SEARCH:
		search_start(view);
		break;
	case TUI_SEARCH_STOP:
		long_work_stop(view);
		break;
	case TUI_SAVE:
		save_start(view);
		break;
	case TUI_FIGURE:
		figure_draw(view);
		break;
	case TUI_PICTURE:
		picture_make(view);
		break;
	case TUI_NOTHING:
		break;
	}
}

static void
keys_take(View *view)
{
	TuiInput input;

	while (!view->quitting && screen_read(view->screen, &input)) {
		g_autofree char *held = NULL;
		TuiModel model = model_make(view, &held);
		gboolean was_paused = view->state.paused;

		film_run(view); /* until now as it was */
		action_do(view, tui_update(&view->state, &model, &input));
		if (view->state.paused && !was_paused)
			view->paused_at = trace_length(view->session->trace);
		view->dirty = TRUE;
	}
}

static gboolean
on_key(gint fd G_GNUC_UNUSED, GIOCondition condition, gpointer data)
{
	View *view = data;

	keys_take(view);
	if ((condition & (G_IO_HUP | G_IO_ERR)) || screen_gone(view->screen)) {
		view->signal = SIGHUP;
		view_quit(view);
		return G_SOURCE_REMOVE;
	}
	view_schedule(view);
	return G_SOURCE_CONTINUE;
}

/* SIGINT, SIGTERM and SIGHUP end; what is in the capture is drawn before. */
static gboolean
on_signal(gint fd, GIOCondition condition G_GNUC_UNUSED, gpointer data)
{
	View *view = data;
	struct signalfd_siginfo info;

	while (read(fd, &info, sizeof info) == sizeof info) {
		switch (info.ssi_signo) {
		case SIGWINCH:
			if (view->screen)
				screen_resized(view->screen);
			break;
		case SIGTSTP:
			if (view->screen)
				screen_stop(view->screen);
			else
				raise(SIGSTOP);
			break;
		case SIGCONT:
			player_forget(&view->player);
			if (view->screen)
				screen_resume(view->screen);
			break;
		default:
			view->signal = info.ssi_signo;
			view_quit(view);
		}
	}
	/* A new size, or one that changed while we were stopped, comes as a key. */
	if (view->screen && !view->quitting)
		keys_take(view);
	view->dirty = TRUE;
	view_schedule(view);
	return G_SOURCE_CONTINUE;
}

/* A change to be seen, or more than there was. */
static gboolean
view_changed(View *view)
{
	guint32 events = trace_length(view->session->trace);
	guint32 output = view->session->output->len;
	gboolean changed = events != view->shown_events || output != view->shown_output;

	view->shown_events = events;
	view->shown_output = output;
	return changed;
}

/* --conversations: which there are is known when the file was read. Where some are
 * not there a screen shows all, and says so; text ends. */
static gboolean
conversations_choose(View *view)
{
	guint n = flow_table_length(trace_flows(view->session->trace));
	Selection *selection = &view->state.selection;
	g_autoptr(GError) error = NULL;

	if (conversations_select(view->conversations, n, selection, &error)) {
		selection_changed(view);
		view->printer.ladder = view->ladder;
	} else if (view->screen) {
		g_free(view->trouble);
		view->trouble = text_escape(error->message, -1);
	} else {
		complain("%s", error->message);
		view->status = STATUS_USAGE;
	}
	view->conversations = NULL;
	return view->status == STATUS_OK;
}

static void
text_update(View *view)
{
	if (!view->printer.file || view->conversations || view->status != STATUS_OK)
		return;
	if (printer_update(&view->printer, view->session->ended))
		return;
	/* `pktladder … | head`: the reader has seen enough. */
	if (errno != EPIPE) {
		complain(_("cannot write the ladder: %s"), g_strerror(errno));
		view->status = STATUS_FAILED;
	}
	view_quit(view);
}

static void watch_update(View *view);

static void
view_pump(View *view)
{
	gboolean was_ended = view->session->ended;
	guint held = g_queue_get_length(view->session->held);
	gboolean more = session_pump(view->session);

	if (view_changed(view) || view->session->ended != was_ended ||
	    g_queue_get_length(view->session->held) != held)
		view->dirty = TRUE;
	watch_update(view);
	if (view->conversations && view->session->ended && !conversations_choose(view))
		view_quit(view);
	if (!view->screen) {
		text_update(view);
		if (view->session->ended && view->state.play.state != PLAY_RUNNING)
			view_quit(view);
	}
	view->more = more;
}

static gboolean
on_ready(gint fd G_GNUC_UNUSED, GIOCondition condition G_GNUC_UNUSED, gpointer data)
{
	View *view = data;

	view_pump(view);
	view_schedule(view);
	return G_SOURCE_CONTINUE;
}

/* The descriptors come and go with the capture, the tracer and the programs. */
static void
watch_one(View *view, guint *source, int fd)
{
	if (fd >= 0 && *source == 0)
		*source = g_unix_fd_add(fd, G_IO_IN | G_IO_HUP | G_IO_ERR, on_ready, view);
	else if (fd < 0 && *source != 0)
		g_clear_handle_id(source, g_source_remove);
}

static void
watch_update(View *view)
{
	Session *session = view->session;

	watch_one(view, &view->capture_source, session->capture ? capture_fd(session->capture) : -1);
	watch_one(view, &view->tracer_source, session->tracer ? tracer_fd(session->tracer) : -1);
	watch_one(view, &view->output_source, session->output_fd);
}

static gboolean
on_timer(gpointer data)
{
	View *view = data;

	view->timer = 0;
	film_run(view);
	view_pump(view);
	if (view->screen) {
		ladder_run(view, SLICE_US);
		list_run(view);
		history_run(view);
	}
	search_run(view);
	save_run(view);
	if (view->plotting) {
		plot_run(view);
		view->dirty = TRUE;
	}
	view_schedule(view);
	return G_SOURCE_REMOVE;
}

/* -1 is for ever. */
static int
wait_shorter(int a_ms, int b_ms)
{
	return a_ms < 0 ? b_ms : b_ms < 0 ? a_ms : MIN(a_ms, b_ms);
}

static gboolean
is_busy(const View *view)
{
	if (view->more || view->search || view->save || view->plotting)
		return TRUE;
	return view->screen && (view->next || !ladder_is_whole(view->ladder) || view->state.busy ||
				history_goes_on(&view->history));
}

/* Paints what is due, and sets the timer for what is due later. */
static void
view_schedule(View *view)
{
	int wait_ms = is_busy(view) ? 0 : session_timeout(view->session);

	if (view->quitting)
		return;
	if (view->screen && view->dirty) {
		gint64 since_us = g_get_monotonic_time() - view->painted_us;

		if (since_us >= FRAME_US) {
			view_paint(view);
			since_us = 0;
		}
		if (view->dirty) { /* still, or again */
			wait_ms = wait_shorter(wait_ms, (FRAME_US - since_us) / 1000 + 1);
		}
	}
	wait_ms = wait_shorter(wait_ms, film_wait_ms(view));
	g_clear_handle_id(&view->timer, g_source_remove);
	if (wait_ms >= 0)
		view->timer = g_timeout_add(wait_ms, on_timer, view);
}

/* --pace: the next call goes each time. */
static gboolean
on_pace(gpointer data)
{
	View *view = data;

	if (!view->state.paused)
		session_release(view->session);
	return G_SOURCE_CONTINUE;
}

static int
signals_open(void)
{
	static const int numbers[] = { SIGINT,	SIGTERM, SIGHUP, SIGQUIT,
				       SIGTSTP, SIGCONT, SIGWINCH };
	sigset_t set;

	sigemptyset(&set);
	for (guint i = 0; i < G_N_ELEMENTS(numbers); i++)
		sigaddset(&set, numbers[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

static guint
text_width_wanted(const Options *options)
{
	struct winsize size;

	if (options->width > 0)
		return options->width;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 24)
		return MIN(size.ws_col, 1000);
	return 100;
}

static void
text_start(View *view, const Options *options)
{
	const char *no_color = g_getenv("NO_COLOR");

	view->printer = (Printer){
		.ladder = view->ladder,
		.glyphs = screen_glyphs(options->ascii),
		.time = options->time,
		.spacing = { .ns_per_line = options->spacing_ns, .most = SPACING_MOST },
		.spacing_auto = options->spacing_auto,
		.play = &view->state.play,
		.width = text_width_wanted(options),
		.widens = options->width == 0 && !isatty(STDOUT_FILENO),
		.colour = isatty(STDOUT_FILENO) && (!no_color || !*no_color),
		/* `-w -`: standard output carries the recording, as in tcpdump. */
		.file = g_strcmp0(options->write, "-") == 0 ? NULL : stdout,
	};
	if (view->options->notice)
		complain("%s", view->options->notice);
}

static gboolean
screen_start(View *view, const Options *options, GError **error)
{
	if (options->cast) {
		g_autofree char *title = g_strdup_printf("pktladder: %s", view->options->title);

		view->cast = cast_new(options->cast, title, error);
		if (!view->cast)
			return FALSE;
	}
	view->screen = screen_open(error);
	if (!view->screen)
		return FALSE;
	view->summary = summary_new(view->session->trace);
	screen_size(view->screen, &view->state.rows, &view->state.columns);
	tui_init(&view->state, view->state.rows, view->state.columns,
		 screen_glyphs(options->ascii));
	view->state.selection.hide_calls = options->no_calls;
	view->state.selection.fold = options->fold;
	view->state.time = options->time;
	view->state.ns_per_line = options->spacing_auto ? SPACING_MIN_NS : options->spacing_ns;
	view->state.spacing_auto = options->spacing_auto;
	view->state.selection.filter = filter_ref(options->filter);
	/* A file begins at its beginning, what is live at its newest. */
	view->state.follow = !view->options->replay || options->play_now;
	g_unix_fd_add(screen_fd(view->screen), G_IO_IN | G_IO_HUP | G_IO_ERR, on_key, view);
	view->dirty = TRUE;
	return TRUE;
}

static gboolean
trouble_has(const Session *session, const char *text)
{
	for (guint i = 0; i < session->troubles->len; i++) {
		g_autofree char *safe = text_escape(session->troubles->pdata[i], -1);

		if (g_str_equal(safe, text))
			return TRUE;
	}
	return FALSE;
}

/* What the programs printed would be lost with the screen; so it is said now. */
static void
view_tell(const View *view, gboolean interactive)
{
	const Session *session = view->session;
	guint drops = MIN(trace_total_drops(session->trace), G_MAXUINT);

	if (interactive || session->failed) {
		for (guint i = 0; i < session->output->len; i++)
			fprintf(stderr, "%s\n", (char *)g_ptr_array_index(session->output, i));
	}
	/* In text they are rows, which may be too narrow, or read by a program. */
	for (guint i = 0; i < session->notes->len && !interactive; i++) {
		if (!trouble_has(session, session->notes->pdata[i]))
			complain("%s", (char *)session->notes->pdata[i]);
	}
	for (guint i = 0; i < session->troubles->len; i++)
		complain("%s", (char *)g_ptr_array_index(session->troubles, i));
	if (view->cast_trouble)
		complain("%s", view->cast_trouble);
	if (drops > 0)
		complain(ngettext("%u packet was lost by the capture",
				  "%u packets were lost by the capture", drops),
			 drops);
}

static void
view_clear(View *view)
{
	guint *sources[] = { &view->timer, &view->capture_source, &view->tracer_source,
			     &view->output_source };

	for (guint i = 0; i < G_N_ELEMENTS(sources); i++)
		g_clear_handle_id(sources[i], g_source_remove);
	g_clear_pointer(&view->screen, screen_close);
	tui_clear(&view->state);
	search_stop(view);
	if (view->save)
		complain(_("saving had not ended, and was given up: no file was written"));
	save_stop(view);
	g_clear_pointer(&view->trouble, g_free);
	g_clear_pointer(&view->cast, cast_free);
	g_clear_pointer(&view->shown, grid_free);
	g_clear_pointer(&view->ladder, ladder_free);
	g_clear_pointer(&view->next, ladder_free);
	g_clear_pointer(&view->building, g_free);
	g_clear_pointer(&view->summary, summary_free);
	g_clear_pointer(&view->plotter, plotter_free);
	g_clear_pointer(&view->detail, g_ptr_array_unref);
	history_clear(&view->history);
	g_clear_pointer(&view->loop, g_main_loop_unref);
	if (view->signal_fd >= 0)
		close(view->signal_fd);
}

/* Ends by the signal that ended us, as a shell expects, but the ones that are
 * an ordinary way to stop looking. */
static int
view_status(const View *view)
{
	if (view->status != STATUS_OK || view->session->failed)
		return view->status != STATUS_OK ? view->status : STATUS_FAILED;
	if (view->signal == SIGTERM || view->signal == SIGHUP || view->signal == SIGQUIT)
		return 128 + view->signal;
	return STATUS_OK;
}

static void
view_loop(View *view)
{
	guint pace = 0;

	if (view->options->pace_ms > 0)
		pace = g_timeout_add(view->options->pace_ms, on_pace, view);
	view->reading_since_us = g_get_monotonic_time();
	player_forget(&view->player);
	g_unix_fd_add(view->signal_fd, G_IO_IN, on_signal, view);
	view_pump(view);
	view_schedule(view);
	if (!view->quitting)
		g_main_loop_run(view->loop);
	g_clear_handle_id(&pace, g_source_remove);
}

int
view_run(Session *session, const Options *options, const ViewOptions *view_options)
{
	Selection selection = { .conversation = CONVERSATION_NONE,
				.hide_calls = options->no_calls,
				.fold = options->fold,
				.filter = options->filter };
	View view = { .session = session, .options = view_options };
	gboolean interactive = view_is_interactive(options);
	g_autoptr(GError) error = NULL;

	view.signal_fd = signals_open();
	view.loop = g_main_loop_new(NULL, FALSE);
	view.labels = options->labels;
	view.labels.fetch = session_fetch;
	view.labels.data = session;
	view.ladder = ladder_new(session->trace, selection);
	ladder_set_labels(view.ladder, &view.labels);
	view.conversations = options->conversations;
	if (!interactive && options->cast) {
		complain(_("--cast records the screen, and there is none: standard input and output "
			   "must be a terminal"));
		view_clear(&view);
		return STATUS_USAGE;
	}
	if (!interactive) {
		view.state.selection = selection;
		filter_ref(selection.filter);
		text_start(&view, options);
	} else if (!screen_start(&view, options, &error)) {
		complain("%s", error->message);
		view_clear(&view);
		return STATUS_FAILED;
	}
	view.state.play = options->play;
	if (options->play_now)
		play_start(&view.state.play, view.ladder, 0);
	view_loop(&view);
	session_finish(session);
	if (!interactive && view.signal != 0)
		text_update(&view);
	view_clear(&view);
	view_tell(&view, interactive);
	g_free(view.cast_trouble);
	return view_status(&view);
}
