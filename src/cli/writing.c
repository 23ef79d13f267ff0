#include "writing.h"

#include "figure_output.h"
#include "figure_plot.h"
#include "pktladder/i18n.h"
#include "pktladder/text.h"
#include "snapshot.h"

static void
failed_tell(Writing *writing, const GError *error)
{
	trouble_tell(writing->trouble, writing->state, error->message);
}

/* ---- saving ---- */

void
writing_clear(Writing *writing)
{
	g_clear_pointer(&writing->save, save_free);
	g_clear_pointer(&writing->text, g_free);
}

static void
save_failed(Writing *writing, const GError *error)
{
	writing_clear(writing);
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
		writing_clear(writing);
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

	writing_clear(writing);
	trouble_forget(writing->trouble);
	if (save_exists(path) && !state->save_replaces) {
		tui_save_exists(state);
		return;
	}
	writing->save = save_new(session->trace, session->store, &state->selection, path, TRUE,
				 &error);
	if (writing->save)
		writing_slice(writing);
	else
		save_failed(writing, error);
}

gboolean
writing_stop(Writing *writing)
{
	if (!writing->save)
		return FALSE;
	writing_clear(writing);
	tui_tell(writing->state, g_strdup(_("Saving was stopped: no file was written.")));
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
				.proportional = state->ns_per_line > 0,
				.to_ns = G_MAXINT64 };
}

/* As it is on the screen: selection, folds, labels, time. */
static void
ladder_draw(Writing *writing, const FigureTarget *target)
{
	Ladder *ladder = writing->builder->ladder;
	FigureOptions how = figure_options(writing->state);
	g_autoptr(Figure) figure = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *written = NULL;

	if (!ladder_is_whole(ladder)) {
		tui_tell(writing->state,
			 g_strdup(_("The rows are still being laid out: write the figure after that.")));
		return;
	}
	figure = figure_new(ladder, &how);
	if (target->format->details && figure->rows->len <= FIGURE_ROWS_MAX)
		figure_details_add(figure, writing->session);
	if (figure_output(figure, &how, target, &written, &error))
		tui_tell(writing->state, g_steal_pointer(&written));
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
	g_autofree char *safe = text_escape(target->path, -1);
	g_autoptr(GError) error = NULL;

	if (state->plot_from_ns != state->plot_to_ns) {
		svg.from_ns = state->plot_from_ns;
		svg.to_ns = state->plot_to_ns;
	}
	if (!plot)
		tui_tell(state, g_strdup(_("The conversation's packets are still being read: "
					   "write the plot after that.")));
	else if (figure_plot_write(writing->session, plot, &svg, target, &error))
		tui_tell(state, g_strdup_printf(_("The plot was written into %s."), safe));
	else
		failed_tell(writing, error);
}

void
writing_figure(Writing *writing)
{
	TuiState *state = writing->state;
	g_autofree char *path = save_path(state->figure_path);
	FigureTarget target = { figure_format_of_path(path), path, FIGURE_SCALE,
				trace_start(writing->session->trace) };

	trouble_forget(writing->trouble);
	if (save_exists(path) && !state->save_replaces)
		tui_figure_exists(state);
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
	g_autofree char *safe = text_escape(path, -1);
	g_autoptr(GError) error = NULL;

	trouble_forget(writing->trouble);
	if (save_exists(path) && !state->picture_replaces)
		tui_picture_exists(state);
	else if (snapshot_write(screen, title, path, &error))
		tui_tell(state, g_strdup_printf(_("The screen was written into %s."), safe));
	else
		failed_tell(writing, error);
}
