/* SPDX-License-Identifier: MIT */
#include "writing.h"

#include "pktladder/complain.h"
#include "pktladder/details.h"
#include "pktladder/draft.h"
#include "pktladder/drawing.h"
#include "pktladder/broker.h"
#include "pktladder/picture.h"
#include "pktladder/text.h"
#include "pktladder/save.h"

/* Most files are there after the first slice. `error`: why the job has no data. */
static void
job_begin(Look *look, Job *slot, Job job, const GError *error)
{
	job_clear(slot);
	slot->kind = job.kind;
	slot->data = job.data;
	if (job.data)
		look_run(look, slot, SLICE_US);
	else
		look_notice(look, error->message);
}

static void
drawing_begin(Writing *writing, Job job, const char *path, const GError *error)
{
	g_free(writing->drawn);
	writing->drawn = text_escape(path, -1);
	job_begin(writing->look, writing->drawing, job, error);
}

void
writing_clear(Writing *writing)
{
	if (writing->packets->data)
		complain(_("saving had not ended, and was given up: no file was written"));
	if (writing->drawing->data)
		complain(_("%s was not written: it was still being drawn"), writing->drawn);
	job_clear(writing->packets);
	job_clear(writing->drawing);
	g_free(writing->drawn);
}

/* Where "~/file" is; the caller frees. */
static char *
path_typed(const char *typed)
{
	if (g_str_has_prefix(typed, "~/"))
		return g_build_filename(g_get_home_dir(), typed + 2, NULL);
	return g_strdup(g_str_equal(typed, "-") ? "./-" : typed);
}

static gboolean
is_there(const char *path)
{
	return broker_ask(path) & BROKER_THERE;
}

/* Whether a file would be lost that the user may not have thought of. */
static gboolean
replaces(const Look *look, const char *path)
{
	return !look->state.replaces && is_there(path) && !session_part_text(look->session);
}

/* FALSE: why not is the notice. */
static gboolean
drawing_can_begin(Writing *writing, const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *why = NULL;

	look_notice(writing->look, NULL);
	if (writing->drawing->data)
		why = g_strdup_printf(_("%s is still being drawn: Esc stops it."), writing->drawn);
	else if (draft_place_is_ordinary(path, &error))
		return TRUE;
	look_notice(writing->look, why ? why : error->message);
	return FALSE;
}

void
writing_save(Writing *writing)
{
	Look *look = writing->look;
	g_autofree char *path = path_typed(look->state.path[TUI_ASK_SAVE]);
	g_autoptr(GError) error = NULL;
	Job job = { 0 };

	job_clear(writing->packets);
	look_notice(look, NULL);
	if (replaces(look, path)) {
		tui_file_exists(&look->state, TUI_ASK_SAVE);
		return;
	}
	if (draft_place_is_ordinary(path, &error))
		job = save_begin(look->session->trace, look->session->store, &look->state.selection,
				 path, session_part_text(look->session), &error);
	job_begin(look, writing->packets, job, error);
}

/* As it is on the screen: selection, folds, labels, time. */
static void
ladder_draw(Writing *writing, const FigureTarget *target)
{
	static const FigureTime times[N_SCENE_TIMES] = {
		[SCENE_TIME_START] = FIGURE_TIME_START,
		[SCENE_TIME_UTC] = FIGURE_TIME_UTC,
		[SCENE_TIME_LOCAL] = FIGURE_TIME_LOCAL,
	};
	TuiState *state = &writing->look->state;
	const FigureOptions how = { .time = times[state->time],
				    .states = TRUE,
				    .ascii = state->glyphs == GLYPHS_ASCII,
				    .proportional = state->ns_per_line > 0 };
	g_autoptr(Figure) figure = NULL;
	g_autoptr(GError) error = NULL;
	Job job;

	if (!ladder_is_whole(writing->builder->ladder)) {
		tui_tell(state,
			 _("The rows are still being laid out: write the figure after that."));
		return;
	}
	figure = figure_new(writing->builder->ladder, &how);
	if (target->format->details && figure->length <= FIGURE_ROWS_MAX)
		details_add(figure, writing->look->session->store);
	job = figure_begin(figure, &how, target, &error);
	drawing_begin(writing, job, target->path, error);
}

/* Its kind, direction, and the time that is shown; for xplot with every packet. */
static void
plot_draw(Writing *writing, const FigureTarget *target)
{
	TuiState *state = &writing->look->state;
	PlotSvgOptions svg = { .kind = state->plot_kind, .side = state->plot_side };
	const Plot *plot = plots_whole(writing->plots);
	guint spans = figure_plot_spans(target->format);
	g_autoptr(Plot) detailed = NULL;

	if (state->plot_from_ns != state->plot_to_ns) {
		svg.from_ns = state->plot_from_ns;
		svg.to_ns = state->plot_to_ns;
	}
	if (!plot) {
		tui_tell(state, _("The conversation's packets are still being read: "
				  "write the plot after that."));
		return;
	}
	if (spans > PLOT_SPANS_MAX)
		plot = detailed = plotter_whole(writing->look->session, plot->conversation, spans);
	drawing_begin(writing, figure_begin_plot(plot, &svg, target), target->path, NULL);
}

void
writing_figure(Writing *writing)
{
	Look *look = writing->look;
	g_autofree char *path = path_typed(look->state.path[TUI_ASK_FIGURE]);
	FigureTarget target = { figure_format_of_path(path), path, FIGURE_SCALE,
				trace_start(look->session->trace),
				session_part_text(look->session) };

	if (replaces(look, path))
		tui_file_exists(&look->state, TUI_ASK_FIGURE);
	else if (!drawing_can_begin(writing, path))
		return;
	else if (look->state.plot)
		plot_draw(writing, &target);
	else
		ladder_draw(writing, &target);
}

void
writing_picture(Writing *writing, const Grid *shown, const char *title)
{
	TuiState *state = &writing->look->state;
	g_autofree char *path = path_typed(state->path[TUI_ASK_PICTURE]);
	g_autofree char *whole_title = g_strdup_printf("pktladder: %s", title);
	const Picture *picture = picture_of_path(path);
	FigureTarget target = { .path = path, .scale = FIGURE_SCALE };
	GString *page;

	if (!state->replaces && is_there(path)) {
		tui_file_exists(state, TUI_ASK_PICTURE);
		return;
	}
	if (!drawing_can_begin(writing, path))
		return;
	page = g_string_new(NULL);
	picture->write(shown, whole_title, page);
	target.format = figure_format_find(picture->suffix);
	drawing_begin(writing, figure_begin_page(page, _("The screen was written"), &target), path,
		      NULL);
}
