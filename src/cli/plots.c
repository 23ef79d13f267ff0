#include "plots.h"

static gboolean
is_shown(const Plots *plots, const TuiState *state)
{
	return plots->plotter &&
	       plotter_plot(plots->plotter)->conversation == state->plot_conversation;
}

void
plots_slice(Plots *plots, Session *session, const TuiState *state, guint32 end)
{
	plots->goes_on = FALSE;
	if (!state->plot)
		return;
	if (!is_shown(plots, state)) {
		plots_clear(plots);
		plots->plotter = plotter_new(session, state->plot_conversation);
	}
	plots->goes_on =
	    plotter_slice(plots->plotter, end, state->plot_from_ns, state->plot_to_ns);
}

gboolean
plots_owed(const Plots *plots, const TuiState *state, guint32 end)
{
	return state->plot && (!is_shown(plots, state) ||
			       (plots->goes_on && !plotter_has(plots->plotter, end)));
}

const Plot *
plots_whole(const Plots *plots, const TuiState *state)
{
	const Plot *fine = NULL;

	if (!is_shown(plots, state) || plots->goes_on || plotter_progress(plots->plotter) >= 0)
		return NULL;
	if (state->plot_from_ns != state->plot_to_ns)
		fine = plotter_fine(plots->plotter);
	return fine ? fine : plotter_plot(plots->plotter);
}

void
plots_clear(Plots *plots)
{
	g_clear_pointer(&plots->plotter, plotter_free);
}
