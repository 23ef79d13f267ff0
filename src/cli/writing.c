/* SPDX-License-Identifier: MIT */
#include "draft.h"
#include "figure_plot.h"
#include "pktladder/broker.h"
#include "pktladder/i18n.h"
#include "pktladder/picture.h"
#include "pktladder/text.h"
#include "view_private.h"

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
replaces(const View *view, const char *path)
{
	return is_there(path) && !session_part_text(view->session);
}

/* ---- saving ---- */

static void
save_clear(View *view)
{
	g_clear_pointer(&view->writing.save, save_free);
	g_clear_pointer(&view->writing.text, g_free);
}

static void
save_failed(View *view, const GError *error)
{
	save_clear(view);
	view_trouble(view, NULL);
	view_trouble(view, error->message);
}

gboolean
writing_slice(View *view)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;

	if (!view->writing.save)
		return FALSE;
	switch (save_slice(view->writing.save, &error)) {
	case SAVE_GOES_ON:
		g_free(view->writing.text);
		view->writing.text = save_text(view->writing.save);
		break;
	case SAVE_DONE:
		text = save_text(view->writing.save);
		tui_tell(&view->state, "%s", text);
		save_clear(view);
		break;
	case SAVE_FAILED:
		save_failed(view, error);
		break;
	}
	return TRUE;
}

void
writing_save(View *view)
{
	TuiState *state = &view->state;
	g_autofree char *path = path_typed(state->path[TUI_ASK_SAVE]);
	g_autoptr(GError) error = NULL;

	save_clear(view);
	view_trouble(view, NULL);
	if (replaces(view, path) && !state->replaces) {
		tui_file_exists(state, TUI_ASK_SAVE);
		return;
	}
	if (draft_place_is_ordinary(path, &error))
		view->writing.save = save_new(view->session, &state->selection, path, &error);
	if (view->writing.save)
		writing_slice(view);
	else
		save_failed(view, error);
}

/* ---- drawing ---- */

static void
output_clear(View *view)
{
	g_clear_pointer(&view->writing.output, figure_output_free);
	g_clear_pointer(&view->writing.drawing, g_free);
	g_clear_pointer(&view->writing.path, g_free);
}

static void
output_end(View *view)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *written = NULL;

	if (figure_output_finish(view->writing.output, &written, &error))
		tui_tell(&view->state, "%s", written);
	else
		view_trouble(view, error->message);
	output_clear(view);
}

static void
on_output(gpointer data)
{
	View *view = data;

	output_end(view);
	view_wake(view);
}

static void
output_begin(View *view, FigureOutput *output, const char *path)
{
	view->writing.output = output;
	figure_output_start(output, on_output, view);
	if (figure_output_ended(output)) {
		output_end(view);
		return;
	}
	view->writing.path = text_escape(path, -1);
	view->writing.drawing =
	    g_strdup_printf(_("%s is being drawn (Esc stops it)"), view->writing.path);
}

/* FALSE: why not was said. */
static gboolean
output_can_begin(View *view, const char *path)
{
	g_autofree char *why = NULL;
	g_autoptr(GError) error = NULL;

	view_trouble(view, NULL);
	if (view->writing.output)
		why = g_strdup_printf(_("%s is still being drawn: Esc stops it."),
				      view->writing.path);
	else if (draft_place_is_ordinary(path, &error))
		return TRUE;
	view_trouble(view, why ? why : error->message);
	return FALSE;
}

void
writing_clear(View *view)
{
	save_clear(view);
	output_clear(view);
}

gboolean
writing_stop(View *view)
{
	if (view->writing.save) {
		save_clear(view);
		tui_tell(&view->state, _("Saving was stopped: no file was written."));
		return TRUE;
	}
	if (!view->writing.output)
		return FALSE;
	output_clear(view);
	tui_tell(&view->state, _("Drawing was stopped: no file was written."));
	return TRUE;
}

/* As it is on the screen: selection, folds, labels, time. */
static void
ladder_draw(View *view, const FigureTarget *target)
{
	static const FigureTime times[N_SCENE_TIMES] = {
		[SCENE_TIME_START] = FIGURE_TIME_START,
		[SCENE_TIME_UTC] = FIGURE_TIME_UTC,
		[SCENE_TIME_LOCAL] = FIGURE_TIME_LOCAL,
	};
	TuiState *state = &view->state;
	const FigureOptions how = { .time = times[state->time],
				    .states = TRUE,
				    .ascii = state->glyphs == GLYPHS_ASCII,
				    .proportional = state->ns_per_line > 0 };
	g_autoptr(Figure) figure = NULL;
	g_autoptr(GError) error = NULL;
	FigureOutput *output;

	if (!ladder_is_whole(view->builder.ladder)) {
		tui_tell(state,
			 _("The rows are still being laid out: write the figure after that."));
		return;
	}
	figure = figure_new(view->builder.ladder, &how);
	if (target->format->details && figure->length <= FIGURE_ROWS_MAX)
		details_add(figure, view->session->store);
	output = figure_output_new(figure, &how, target, &error);
	if (output)
		output_begin(view, output, target->path);
	else
		view_trouble(view, error->message);
}

/* Its kind, direction, and the time that is shown. */
static void
plot_draw(View *view, const FigureTarget *target)
{
	TuiState *state = &view->state;
	PlotSvgOptions svg = { .kind = state->plot_kind, .side = state->plot_side };
	const Plot *plot = plots_whole(&view->plots, state);
	GString *page;

	if (state->plot_from_ns != state->plot_to_ns) {
		svg.from_ns = state->plot_from_ns;
		svg.to_ns = state->plot_to_ns;
	}
	if (!plot) {
		tui_tell(state, _("The conversation's packets are still being read: "
				  "write the plot after that."));
		return;
	}
	page = figure_plot_page(view->session, plot, &svg, target->format);
	output_begin(view, figure_output_new_page(page, _("The plot was written"), target),
		     target->path);
}

void
writing_figure(View *view)
{
	TuiState *state = &view->state;
	g_autofree char *path = path_typed(state->path[TUI_ASK_FIGURE]);
	FigureTarget target = { figure_format_of_path(path), path, FIGURE_SCALE,
				trace_start(view->session->trace),
				session_part_text(view->session) };

	if (replaces(view, path) && !state->replaces)
		tui_file_exists(state, TUI_ASK_FIGURE);
	else if (!output_can_begin(view, path))
		return;
	else if (state->plot)
		plot_draw(view, &target);
	else
		ladder_draw(view, &target);
}

void
writing_picture(View *view)
{
	TuiState *state = &view->state;
	g_autofree char *path = path_typed(state->path[TUI_ASK_PICTURE]);
	g_autofree char *title = g_strdup_printf("pktladder: %s", view->options->title);
	const Picture *picture = picture_of_path(path);
	FigureTarget target = { .path = path, .scale = FIGURE_SCALE };
	GString *page;

	if (is_there(path) && !state->replaces) {
		tui_file_exists(state, TUI_ASK_PICTURE);
		return;
	}
	if (!output_can_begin(view, path))
		return;
	page = g_string_new(NULL);
	picture->write(view->screen.shown, title, page);
	target.format = figure_format_find(picture->suffix);
	output_begin(view, figure_output_new_page(page, _("The screen was written"), &target),
		     path);
}
