/* SPDX-License-Identifier: MIT */
/* plotter.h - the plots that are open on the screen, made some milliseconds at a time: a
 * conversation's packets are read from the packet store, decoded and tracked anew, since
 * the trace keeps neither windows nor SACK. Not pure.
 */
#pragma once

#include "pktladder/tui.h"
#include "session.h"

/* One plot in the making. */
typedef struct {
	Plot *plot; /* NULL none */
	FlowTable *flows;
	guint32 next; /* the first event not looked at */
} PlotMaking;

/* All zero to begin with. */
typedef struct {
	PlotMaking whole; /* of the conversation whose plots are, or were, open */
	PlotMaking fine;  /* the time that is shown, in more detail */
	guint32 end;      /* the events before it were asked for */
	gboolean goes_on; /* there is more to do */
} Plots;

/* Goes on with the plots of `state`, where they are open, up to event `end`; most are whole
 * after their first slice. Of a conversation that is too large to be kept packet by packet
 * also the time that is shown in detail. Those that were closed stay for the next time. */
void plots_slice(Plots *plots, Session *session, const TuiState *state, guint32 end);

/* Whether the plots that are open are not there yet, of the events before `end`. */
gboolean plots_owed(const Plots *plots, const TuiState *state, guint32 end);

/* The detail, once it is whole; NULL none. */
const Plot *plots_fine(const Plots *plots);
/* How many of a hundred events are read; -1: all. */
int plots_progress(const Plots *plots);
/* The plot of the conversation whose plots are open, once it is whole, of the time that is
 * shown where there is one in more detail; NULL: it is still being made. */
const Plot *plots_whole(const Plots *plots, const TuiState *state);

void plots_clear(Plots *plots);

/* All of one at once, packet by packet up to `spans_max` a side: for figures. The caller frees. */
Plot *plotter_whole(Session *session, guint32 conversation, guint spans_max);
