/* SPDX-License-Identifier: MIT */
/* bars.h - the bars of blocked calls on a ladder: which pass through a row. Pure. */
#pragma once

#include "pktladder/ladder.h"

typedef struct _BarIndex BarIndex;

BarIndex *bar_index_new(void);
void bar_index_free(BarIndex *index);

/* A bar: which one it is of all and of its lane. */
typedef struct {
	guint32 index, lane, number;
} Bar;

/* Rows begin and end bars in their order: of each lane, no row before one that did
 * so already. A bar is open until it ends; taken back, it has never been. */
Bar bar_index_begin(BarIndex *index, guint32 lane, guint32 row);
void bar_index_end(BarIndex *index, Bar bar, guint32 row);
void bar_index_take_back(BarIndex *index, Bar bar);
/* The rows of all bars that began after that one move up by one; none has ended there. */
void bar_index_move_up(BarIndex *index, Bar bar);

/* LadderSpan of all that stand, in the order in which they began. The caller frees. */
GArray *bar_index_spans(const BarIndex *index, guint32 rows);

/* What the bars of a lane are on a row (LADDER_BAR_*), of `rows` that there are by
 * now: one that begins on the last row may yet be taken back, and is not seen. */
guint8 bar_index_part(const BarIndex *index, guint32 lane, guint32 row, guint32 rows);
