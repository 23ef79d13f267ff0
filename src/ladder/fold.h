/* SPDX-License-Identifier: MIT */
/* fold.h - which of a ladder's rows fold into one: an index of runs. Pure. */
#pragma once

#include "pktladder/ladder.h"

/* A run of data and ACKs. Rows are counted in the ladder as it is without folds,
 * `visible` with them. */
typedef struct {
	guint32 first, last;
	guint32 visible;  /* were all folds closed */
	guint32 event;    /* of the first row */
	guint32 segments; /* with data; the others are ACKs */
	guint64 bytes;
	guint32 conversation;
	guint8 from; /* Side that sends the data; of ACKs alone, the first one */
} FoldRun;

/* Its owner may read `taken`. */
typedef struct _FoldIndex {
	GArray *runs;   /* FoldRun */
	GArray *opened; /* Opened, ascending */
	GArray *kept;   /* guint32, ascending: events; a run with one of them opens */
	guint kept_at;  /* the first that may still come */
	guint32 taken;  /* rows */
	gboolean open;  /* `run` may go on */
	FoldRun run;    /* the latest; from its fourth row on a copy of the last of `runs` */
} FoldIndex;

FoldIndex *fold_index_new(void);
void fold_index_free(FoldIndex *index);

/* Takes in the next row, which may not change any more; its bars do not matter. */
void fold_index_take(FoldIndex *index, const Trace *trace, const LadderRow *row);

/* Visible rows below this do not change any more. */
guint32 fold_index_final(const FoldIndex *index);
/* Opens the run that a row is in, or closes it; FALSE where it is in none. */
gboolean fold_index_toggle(FoldIndex *index, guint32 row);
/* What is open in `older` will be so here. */
void fold_index_keep(FoldIndex *index, const FoldIndex *older);
/* Where a row is visible; so of a number of rows, how many are visible. */
guint32 fold_index_visible(const FoldIndex *index, guint32 row);
/* Which row stands there; of a fold the first one, and `run`, else NULL. */
guint32 fold_index_row(const FoldIndex *index, guint32 visible, const FoldRun **run);
