/* SPDX-License-Identifier: MIT */
/* builder.h - the ladder that is on the screen, and the one that will take its place, which a job
 * makes. Not pure. */
#pragma once

#include "pktladder/job.h"
#include "pktladder/tui.h"

typedef struct {
	const Trace *trace;
	TuiState *state;
	Ladder *ladder;      /* on the screen */
	Ladder *next;        /* will take its place; NULL none */
	guint32 goal;        /* events that there were when it was asked for */
	LadderLabels labels; /* of each */
} Builder;

/* The first ladder. Copies the labels, which must outlive the builder in what they refer to; the
 * trace and the state must, too. */
void builder_init(Builder *builder, const Trace *trace, TuiState *state, Selection selection,
		  const LadderLabels *labels);
void builder_clear(Builder *builder);

/* Begins the next ladder, of the state's selection, with the folds that are open as they are.
 * `whole`: all of it at once, where no screen has to stay alive. */
void builder_select(Builder *builder, gboolean whole);

/* A job over a Builder. What comes during a pause stays outside. The next ladder takes its place
 * as soon as what is to be seen of it is there. Esc: the one on the screen stays. */
extern const JobKind builder_job;

/* "Laying out the rows: 12%", of the ladder on the screen; the caller frees. NULL: it is whole. */
char *builder_text(const Builder *builder);
