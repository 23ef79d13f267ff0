/* bars.h - the bars of blocked calls on a ladder: which pass through a row. Pure. */
#pragma once

#include "pktladder/ladder.h"

typedef struct _BarIndex BarIndex;

BarIndex *bar_index_new(void);
void bar_index_free(BarIndex *index);

/* Rows are added one by one, and taken back from the end. */
void bar_index_add_row(BarIndex *index);
void bar_index_cut_rows(BarIndex *index, guint32 rows);

/* A bar begins on the last row; returns its number. It is open until it ends, on
 * a row that is there; one that ends where it began is taken back. */
guint32 bar_index_begin(BarIndex *index, guint32 lane);
void bar_index_end(BarIndex *index, guint32 bar, guint32 row);

/* Calls `each` with what each of a row's bars is there (LADDER_BAR_*); several may
 * be on a lane. */
typedef void BarEach(guint32 lane, guint8 part, gpointer data);
void bar_index_row(const BarIndex *index, guint32 row, BarEach *each, gpointer data);

/* LadderBar of a row by lane, ascending, each lane once. The caller frees. */
GArray *bar_index_lanes(const BarIndex *index, guint32 row);
