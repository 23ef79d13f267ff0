#include "plots.h"

void
plots_slice(Plots *plots, Session *session, const TuiState *state, guint32 end)
{
	plots->goes_on = FALSE;
	if (!state->plot)
		return;
	if (plots->plotter &&
	    plot_conversation(plotter_plot(plots->plotter)) != state->plot_conversation)
		plots_clear(plots);
	if (!plots->plotter)
		plots->plotter = plotter_new(session, state->plot_conversation);
	plots->goes_on =
	    plotter_slice(plots->plotter, end, state->plot_from_ns, state->plot_to_ns);
}

const Plot *
plots_whole(const Plots *plots, const TuiState *state)
{
	const Plot *plot = plots->plotter ? plotter_plot(plots->plotter) : NULL;
	const Plot *fine = NULL;

	if (!plot || plot_conversation(plot) != state->plot_conversation || plots->goes_on ||
	    plotter_progress(plots->plotter) >= 0)
		return NULL;
	if (state->plot_from_ns != state->plot_to_ns)
		fine = plotter_fine(plots->plotter);
	return fine ? fine : plot;
}

void
plots_clear(Plots *plots)
{
	g_clear_pointer(&plots->plotter, plotter_free);
}
