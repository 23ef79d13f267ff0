/* SPDX-License-Identifier: MIT */
/* builder.h - the ladder that is on the screen, and the one that will take its
 * place: each is made some milliseconds at a time, so that the screen stays
 * alive whatever the capture's size. Not pure.
 */
#pragma once

#include "pktladder/tui.h"

typedef struct {
	const Trace *trace;
	Ladder *ladder;      /* on the screen */
	Ladder *next;        /* will take its place; NULL none */
	guint32 goal;        /* events that there were when it was asked for */
	char *text;          /* how far the one that is being made has come; NULL none is */
	LadderLabels labels; /* of each */
} Builder;

/* The first ladder. Copies the labels, which must outlive the builder in what
 * they refer to; the trace must, too. */
void builder_init(Builder *builder, const Trace *trace, Selection selection,
		  const LadderLabels *labels);
void builder_clear(Builder *builder);

/* Begins the next ladder, with the folds that are open as they are. `whole`: all
 * of it at once, where no screen has to stay alive. */
void builder_select(Builder *builder, Selection selection, gboolean whole);
/* The ladder on the screen stays. */
void builder_abandon(Builder *builder);

typedef enum {
	BUILDER_SAME,     /* nothing but rows that are painted anyway */
	BUILDER_FURTHER,  /* how far it has come is to be seen */
	BUILDER_REPLACED, /* another ladder is on the screen */
} BuilderChange;

/* Goes on with the ladder; most are whole after their first slice. What comes
 * while it is paused stays outside. The next one takes its place as soon as what
 * is to be seen of it is there. */
BuilderChange builder_slice(Builder *builder, const TuiState *state, gint64 slice_us);

/* Whether there is more to do. */
gboolean builder_goes_on(const Builder *builder);

/* Whether the ladder that was asked for last is not on the screen yet as far as the
 * events went then, and up to event `end`. */
gboolean builder_owes(const Builder *builder, const TuiState *state, guint32 end);
