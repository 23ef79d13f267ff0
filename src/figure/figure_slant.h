/* SPDX-License-Identifier: MIT */
/* figure_slant.h - arrows that slant by the measured time on the way. Private to
 * src/figure. Pure.
 *
 * Theory of operation. A row stands at its packet's time at the end where the
 * capture was taken, the near one. Rows in proportion to time are a scale; where the
 * other end's time lies on it, there the arrow touches the far lifeline. Else the times
 * of the far end have slots between the rows, in the order of time. Labels
 * stand level at the near end, above the line of what leaves and below that of
 * what arrives: each has its row's space for itself, however steep the lines are.
 */
#pragma once

#include "figure_layout.h"

/* Whether its time on the way is known, or that it had no end. */
static inline gboolean
figure_slant_is_true(const FigureRow *row)
{
	return row->transit.way != TRANSIT_UNKNOWN;
}

/* Rows in proportion to time: room above the first one, for what was sent before it,
 * and where arrows touch the far end, by the rows' axes. Returns where they end, pixels. */
double figure_slant_room(const FigureLayout *layout);
double figure_slant_place(FigureLayout *layout);

/* Rows that are not: the times of the far end are slots between them, in their order. */
typedef struct {
	GArray *times; /* of the far end, in order */
	guint next;    /* the first one without a place */
	double *y;     /* by row of the page */
	double last;   /* axis of the row before */
} FigureSlots;

FigureSlots figure_slots_of(const FigureLayout *layout);
/* The axis of a row that comes at that time, `y` at the least, below the slots before it. */
double figure_slots_axis(FigureSlots *slots, gint64 time_ns, double y);
/* After the last row; frees the slots. Returns where the arrows end. */
double figure_slots_place(FigureSlots *slots, FigureLayout *layout);

/* `width`: the label's. */
void figure_slant_label(const FigureLayout *layout, const FigureRow *row, double width,
			FigurePlace *place);
/* Texts beside a lifeline give way to one another, downwards. */
void figure_slant_cells(FigureLayout *layout);
/* What the reader has to know, in lines; appended. */
void figure_slant_foot(const Figure *figure, const FigureOptions *options, GPtrArray *foot);
