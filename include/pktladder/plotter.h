/* SPDX-License-Identifier: MIT */
/* plotter.h - the plots that are open on the screen, which a job makes: a conversation's packets
 * are walked through once more (walk.h). Not pure. */
#pragma once

#include "pktladder/job.h"
#include "pktladder/look.h"
#include "pktladder/walk.h"

/* One plot in the making. */
typedef struct {
	Plot *plot; /* NULL none */
	Walk walk;
} PlotMaking;

typedef struct {
	const Look *look;
	PlotMaking whole; /* of the conversation whose plots are, or were, open */
	PlotMaking fine;  /* the time that is shown, in more detail */
	guint32 end;      /* the events before it were asked for */
	gboolean goes_on; /* there is more to do */
} Plots;

/* A job over Plots: makes those that are open in the state. Of a conversation that is too large to
 * be kept packet by packet also the time that is shown in detail. Those that were closed stay for
 * the next time. */
extern const JobKind plots_job;

/* The detail, once it is whole; NULL none. */
const Plot *plots_fine(const Plots *plots);
/* How many of a hundred events are read; -1: all. */
int plots_progress(const Plots *plots);
/* The plot of the conversation whose plots are open, once it is whole, of the time that is
 * shown where there is one in more detail; NULL: it is still being made. */
const Plot *plots_whole(const Plots *plots);

void plots_clear(Plots *plots);

/* All of one at once, packet by packet up to `spans_max` a side: for figures. The caller frees. */
Plot *plotter_whole(const Session *session, guint32 conversation, guint spans_max);
