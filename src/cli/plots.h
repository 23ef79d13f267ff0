/* plots.h - the plots that are open on the screen. Not pure. */
#pragma once

#include "pktladder/tui.h"
#include "plotter.h"

typedef struct {
	Plotter *plotter; /* of the conversation whose plots are open; NULL none was yet */
	gboolean goes_on; /* it has more to do */
} Plots;

/* Goes on with the plots of `state`, where they are open, up to event `end`; most
 * are whole after their first slice. Those that were closed stay for the next time. */
void plots_slice(Plots *plots, Session *session, const TuiState *state, guint32 end);

/* Whether the plots that are open are not there yet, of the events before `end`. */
gboolean plots_owed(const Plots *plots, const TuiState *state, guint32 end);

/* That conversation's plot, once it is whole, of the time that is shown where
 * there is one in more detail; NULL: it is still being made. */
const Plot *plots_whole(const Plots *plots, const TuiState *state);

void plots_clear(Plots *plots);
