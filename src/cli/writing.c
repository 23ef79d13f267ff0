#include "writing.h"

#include "details.h"
#include "draft.h"
#include "figure_plot.h"
#include "pktladder/i18n.h"
#include "pktladder/text.h"
#include "snapshot.h"

static void
failed_tell(Writing *writing, const GError *error)
{
	trouble_tell(writing->trouble, writing->state, error->message);
}

/* Whether a file would be lost that the user may not have thought of. */
static gboolean
replaces(const Writing *writing, const char *path)
{
	return save_exists(path) && !session_part_text(writing->session);
}

/* ---- saving ---- */

static void
save_clear(Writing *writing)
{
	g_clear_pointer(&writing->save, save_free);
	g_clear_pointer(&writing->text, g_free);
}

static void
save_failed(Writing *writing, const GError *error)
{
	save_clear(writing);
	trouble_forget(writing->trouble);
	failed_tell(writing, error);
}

gboolean
writing_slice(Writing *writing)
{
	g_autoptr(GError) error = NULL;

	if (!writing->save)
		return FALSE;
	switch (save_slice(writing->save, &error)) {
	case SAVE_GOES_ON:
		g_free(writing->text);
		writing->text = save_text(writing->save);
		break;
	case SAVE_DONE:
		tui_tell(writing->state, save_text(writing->save));
		save_clear(writing);
		break;
	case SAVE_FAILED:
		save_failed(writing, error);
		break;
	}
	return TRUE;
}

void
writing_save(Writing *writing)
{
	const Session *session = writing->session;
	TuiState *state = writing->state;
	g_autofree char *path = save_path(state->save_path);
	g_autoptr(GError) error = NULL;

	save_clear(writing);
	trouble_forget(writing->trouble);
	if (replaces(writing, path) && !state->save_replaces) {
		tui_save_exists(state);
		return;
	}
	writing->save = save_new(session, &state->selection, path, TRUE, &error);
	if (writing->save)
		writing_slice(writing);
	else
		save_failed(writing, error);
}

/* ---- drawing ---- */

static void
output_clear(Writing *writing)
{
	g_clear_pointer(&writing->output, figure_output_free);
	g_clear_pointer(&writing->drawing, g_free);
	g_clear_pointer(&writing->path, g_free);
}

static void
output_end(Writing *writing)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *written = NULL;

	if (figure_output_finish(g_steal_pointer(&writing->output), &written, &error))
		tui_tell(writing->state, g_steal_pointer(&written));
	else
		failed_tell(writing, error);
	output_clear(writing);
}

static void
on_output(FigureOutput *output G_GNUC_UNUSED, gpointer data)
{
	Writing *writing = data;

	output_end(writing);
	writing->wake(writing->wake_data);
}

/* Of a file that is drawn from here on, or was at once. */
static void
output_follow(Writing *writing, FigureOutput *output, const char *path)
{
	writing->output = output;
	if (figure_output_ended(output)) {
		output_end(writing);
		return;
	}
	writing->path = text_escape(path, -1);
	writing->drawing = g_strdup_printf(_("%s is being drawn (Esc stops it)"), writing->path);
}

/* FALSE: why not was said. */
static gboolean
output_can_begin(Writing *writing, const char *path)
{
	g_autofree char *why = NULL;
	g_autoptr(GError) error = NULL;

	trouble_forget(writing->trouble);
	if (!writing->output && draft_place_is_ordinary(path, &error))
		return TRUE;
	why = writing->output ? g_strdup_printf(_("%s is still being drawn: Esc stops it."), writing->path)
			      : g_strdup(error->message);
	trouble_tell(writing->trouble, writing->state, why);
	return FALSE;
}

void
writing_clear(Writing *writing)
{
	save_clear(writing);
	output_clear(writing);
}

gboolean
writing_stop(Writing *writing)
{
	if (writing->save) {
		save_clear(writing);
		tui_tell(writing->state, g_strdup(_("Saving was stopped: no file was written.")));
		return TRUE;
	}
	if (!writing->output)
		return FALSE;
	output_clear(writing);
	tui_tell(writing->state, g_strdup(_("Drawing was stopped: no file was written.")));
	return TRUE;
}

/* ---- figures ---- */

static FigureOptions
figure_options(const TuiState *state)
{
	static const FigureTime times[N_SCENE_TIMES] = {
		[SCENE_TIME_START] = FIGURE_TIME_START,
		[SCENE_TIME_UTC] = FIGURE_TIME_UTC,
		[SCENE_TIME_LOCAL] = FIGURE_TIME_LOCAL,
	};

	return (FigureOptions){ .time = times[state->time],
				.states = TRUE,
				.ascii = state->glyphs == GLYPHS_ASCII,
				.proportional = state->ns_per_line > 0 };
}

/* As it is on the screen: selection, folds, labels, time. */
static void
ladder_draw(Writing *writing, const FigureTarget *target)
{
	Ladder *ladder = writing->builder->ladder;
	FigureOptions how = figure_options(writing->state);
	g_autoptr(Figure) figure = NULL;
	g_autoptr(GError) error = NULL;
	FigureOutput *output;

	if (!ladder_is_whole(ladder)) {
		tui_tell(writing->state,
			 g_strdup(_("The rows are still being laid out: write the figure after that.")));
		return;
	}
	figure = figure_new(ladder, &how);
	if (target->format->details && figure->length <= FIGURE_ROWS_MAX)
		details_add(figure, writing->session->store);
	output = figure_output_start(figure, &how, target, on_output, writing, &error);
	if (output)
		output_follow(writing, output, target->path);
	else
		failed_tell(writing, error);
}

/* Its kind, direction, and the time that is shown. */
static void
plot_draw(Writing *writing, const FigureTarget *target)
{
	TuiState *state = writing->state;
	PlotSvgOptions svg = { .kind = state->plot_kind, .side = state->plot_side };
	const Plot *plot = plots_whole(writing->plots, state);
	GString *page;

	if (state->plot_from_ns != state->plot_to_ns) {
		svg.from_ns = state->plot_from_ns;
		svg.to_ns = state->plot_to_ns;
	}
	if (!plot) {
		tui_tell(state, g_strdup(_("The conversation's packets are still being read: "
					   "write the plot after that.")));
		return;
	}
	page = figure_plot_page(writing->session, plot, &svg, target->format);
	output_follow(writing,
		      figure_output_start_page(page, _("The plot was written"), target, on_output,
					       writing),
		      target->path);
}

void
writing_figure(Writing *writing)
{
	TuiState *state = writing->state;
	g_autofree char *path = save_path(state->figure_path);
	FigureTarget target = { figure_format_of_path(path), path, FIGURE_SCALE,
				trace_start(writing->session->trace),
				session_part_text(writing->session) };

	if (replaces(writing, path) && !state->save_replaces)
		tui_figure_exists(state);
	else if (!output_can_begin(writing, path))
		return;
	else if (state->plot)
		plot_draw(writing, &target);
	else
		ladder_draw(writing, &target);
}

/* ---- pictures ---- */

void
writing_picture(Writing *writing, const Grid *screen)
{
	TuiState *state = writing->state;
	g_autofree char *path = save_path(state->picture_path);
	g_autofree char *title = g_strdup_printf("pktladder: %s", writing->title);
	FigureTarget target;
	GString *page;

	if (save_exists(path) && !state->picture_replaces) {
		tui_picture_exists(state);
		return;
	}
	if (!output_can_begin(writing, path))
		return;
	page = snapshot_page(screen, title, path, &target);
	output_follow(writing,
		      figure_output_start_page(page, _("The screen was written"), &target, on_output,
					       writing),
		      path);
}
