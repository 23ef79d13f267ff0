/* SPDX-License-Identifier: MIT */
#include "display.h"

#include "pktladder/complain.h"
#include "pktladder/draft.h"
#include "pktladder/drawing.h"
#include "pktladder/broker.h"
#include "pktladder/picture.h"
#include "pktladder/text.h"
#include "pktladder/save.h"

/* Most files are there after the first slice. `error`: why the job has no data. */
static void
job_begin(Display *display, DisplayJob which, Job job, const GError *error)
{
	Job *slot = &display->jobs[which];

	job_clear(slot);
	slot->kind = job.kind;
	slot->data = job.data;
	if (job.data)
		display_run(display, which, SLICE_US);
	else
		display_notice(display, error->message);
}

static void
drawing_begin(Display *display, Job job, const char *path, const GError *error)
{
	g_free(display->drawn);
	display->drawn = text_escape(path, -1);
	job_begin(display, DISPLAY_DRAWING, job, error);
}

void
writing_clear(Display *display)
{
	if (display->jobs[DISPLAY_PACKETS].data)
		complain(_("saving had not ended, and was given up: no file was written"));
	if (display->jobs[DISPLAY_DRAWING].data)
		complain(_("%s was not written: it was still being drawn"), display->drawn);
	job_clear(&display->jobs[DISPLAY_PACKETS]);
	job_clear(&display->jobs[DISPLAY_DRAWING]);
	g_free(display->drawn);
}

/* Where the file that was asked for ("~/file") is to be; the caller frees. NULL: a file would be
 * lost that the user may not have thought of, and he is asked once more. A part of a capture
 * replaces nothing. */
static char *
path_take(Display *display, TuiAsk ask)
{
	TuiState *state = &display->state;
	const char *typed = state->path[ask];
	g_autofree char *path = g_str_has_prefix(typed, "~/")
				    ? g_build_filename(g_get_home_dir(), typed + 2, NULL)
				    : g_strdup(g_str_equal(typed, "-") ? "./-" : typed);
	gboolean part = ask != TUI_ASK_PICTURE && session_part_text(display->session);

	if (state->replaces || part || !(broker_ask(path) & BROKER_THERE))
		return g_steal_pointer(&path);
	tui_file_exists(state, ask);
	return NULL;
}

/* FALSE: why not is the notice. */
static gboolean
drawing_can_begin(Display *display, const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *why = NULL;

	display_notice(display, NULL);
	if (display->jobs[DISPLAY_DRAWING].data)
		why = g_strdup_printf(_("%s is still being drawn: Esc stops it."), display->drawn);
	else if (draft_place_is_ordinary(path, &error))
		return TRUE;
	display_notice(display, why ? why : error->message);
	return FALSE;
}

void
writing_save(Display *display)
{
	g_autofree char *path = path_take(display, TUI_ASK_SAVE);
	g_autoptr(GError) error = NULL;
	Job job = { 0 };

	job_clear(&display->jobs[DISPLAY_PACKETS]);
	display_notice(display, NULL);
	if (!path)
		return;
	if (draft_place_is_ordinary(path, &error))
		job = save_begin(display->session->trace, display->session->store,
				 &display->state.selection, path,
				 session_part_text(display->session), &error);
	job_begin(display, DISPLAY_PACKETS, job, error);
}

/* The same rows once more: those on the screen may change while the job goes on. */
static Ladder *
ladder_again(const Ladder *shown)
{
	Ladder *ladder = ladder_new(shown->trace, shown->selection);

	ladder_set_labels(ladder, &shown->labels);
	ladder_keep_folds(ladder, shown);
	ladder_update(ladder);
	return ladder;
}

/* As it is on the screen: selection, folds, labels, time. */
static void
ladder_draw(Display *display, const FigureTarget *target)
{
	TuiState *state = &display->state;
	const FigureOptions how = { .time = FIGURE_TIME_START + state->time,
				    .states = TRUE,
				    .ascii = state->glyphs == GLYPHS_ASCII,
				    .proportional = state->ns_per_line > 0 };
	g_autoptr(GError) error = NULL;

	if (!ladder_is_whole(display->builder.ladder)) {
		tui_tell(state,
			 _("The rows are still being laid out: write the figure after that."));
		return;
	}
	if (target->format->stream) {
		Job job = figure_begin_stream(ladder_again(display->builder.ladder), &how, target,
					      &error);

		drawing_begin(display, job, target->path, error);
		return;
	}
	g_autoptr(Figure) figure = figure_new(display->builder.ladder, &how);
	if (target->format->details && figure->picked->len <= FIGURE_ROWS_MAX)
		details_add(figure, display->session->store, target->format->details);
	Job job = figure_begin(figure, &how, target, &error);
	drawing_begin(display, job, target->path, error);
}

/* Its kind, direction, and the time that is shown; for xplot with every packet. */
static void
plot_draw(Display *display, const FigureTarget *target)
{
	TuiState *state = &display->state;
	PlotSvgOptions svg = { .kind = state->plot_kind, .side = state->plot_side };
	const Plot *plot = plots_whole(display);
	guint spans = figure_plot_spans(target->format);
	g_autoptr(Plot) detailed = NULL;

	if (state->plot_from_ns != state->plot_to_ns) {
		svg.from_ns = state->plot_from_ns;
		svg.to_ns = state->plot_to_ns;
	}
	if (!plot) {
		tui_tell(state, _("The conversation's packets are still being read: write the plot "
				  "after that."));
		return;
	}
	if (spans > PLOT_SPANS_MAX)
		plot = detailed = plotter_whole(display->session, plot->conversation, spans);
	drawing_begin(display, figure_begin_plot(plot, &svg, target), target->path, NULL);
}

void
writing_figure(Display *display)
{
	g_autofree char *path = path_take(display, TUI_ASK_FIGURE);

	if (!path || !drawing_can_begin(display, path))
		return;
	const FigureTarget target = { figure_format_of_path(path),
				      path,
				      FIGURE_SCALE,
				      trace_start(display->session->trace),
				      session_part_text(display->session),
				      display->session->store };
	if (display->state.plot)
		plot_draw(display, &target);
	else
		ladder_draw(display, &target);
}

void
writing_picture(Display *display)
{
	g_autofree char *path = path_take(display, TUI_ASK_PICTURE);
	g_autofree char *whole_title = g_strdup_printf("pktladder: %s", display->options->title);
	FigureTarget target = { .path = path, .scale = FIGURE_SCALE };

	if (!path || !drawing_can_begin(display, path))
		return;
	const char *picture = picture_of_path(path);
	GString *page = g_string_new(NULL);
	picture_append(picture, display->shown, whole_title, page);
	target.format = figure_format_find(picture + 1);
	drawing_begin(display, figure_begin_page(page, _("The screen was written"), &target), path,
		      NULL);
}
