/* SPDX-License-Identifier: MIT */
/* placing.h - where everything of a figure stands that is drawn, in pixels from the left upper
 * corner. Private to src/figure. Pure.
 *
 * Theory of operation. Texts get the room that the widest of the common fonts needs (svg.h), so
 * nothing is cut and nothing overlaps. Lifelines are as far apart as the labels between them and
 * the texts beside them ask for. A row's text and arrow reach above and below its axis; rows are
 * stacked by that. All rows of the figure count for the widths, those of the page for the heights:
 * the pages of a figure are alike.
 */
#pragma once

#include "pktladder/figure.h"

#define FIGURE_LABEL_SIZE 13.0
#define FIGURE_CALL_SIZE  11.5
#define FIGURE_STATE_SIZE 11.0
#define FIGURE_TIME_SIZE  10.5
#define FIGURE_HEAD_SIZE  13.0
#define FIGURE_TITLE_SIZE 19.0
#define FIGURE_NOTE_SIZE  12.0 /* notes, caption, foot */

#define FIGURE_ARROW_LENGTH 10.0 /* of a head */
#define FIGURE_ARROW_WIDTH  4.5  /* the half of it */
#define FIGURE_MARGIN       22.0 /* around everything */
#define FIGURE_BAR_WIDTH    5.0
#define FIGURE_LINE_HEIGHT  16.0 /* of notes and caption */

typedef struct {
	double y[2];                    /* by Side: where the arrow touches that side's lifeline */
	double label_x, label_y, angle; /* baseline's middle; degrees */
	gboolean over;                  /* the label lies over a lifeline */
	double text_x[2];               /* by Side: of call and state */
	double call_y[2], state_y[2];   /* baselines */
	double axis;                    /* of the row: time and number stand on it */
	GPtrArray *note;                /* ROW_NOTE: its lines; NULL */
	double note_y;                  /* baseline of the first one */
	double note_width;
} FigurePlace;

typedef struct {
	double x, y, height; /* FIGURE_BAR_WIDTH wide */
	gboolean open;       /* goes on below */
} FigureBarPlace;

/* Widths, which are those of every page: measured once, when the first page is laid out. */
typedef struct _FigureWidths {
	gboolean known;
	guint asked; /* of the options: the width of all */
	double width;
	double number_x, time_x;     /* right ends */
	double *lane_x, *head_width; /* by lane */
	double *gap;                 /* before each lane; the last one: behind the last lane */
	double bar_room;             /* beside each lifeline */
	double passed_ns; /* from row to row: more than from the first to the last one where a
			     clock goes to and fro */
} FigureWidths;

typedef struct {
	const Figure *figure;
	const FigureOptions *options;
	FigureWidths *widths; /* the figure's */
	double width, height;
	double scale; /* a width that was asked for is met: what needs more is made smaller as a
			 whole */
	guint first, n_rows; /* of the page */
	guint n_lanes;
	const double *lane_x, *head_width; /* by lane; those of `widths` */
	double head_y;                     /* middle of the heads */
	double top, bottom;                /* of the lifelines */
	double title_y, caption_y, foot_y; /* baselines of their first lines */
	GPtrArray *title, *caption, *foot; /* lines; NULL none */
	GArray *places;                    /* FigurePlace, by row of the page */
	GArray *bars;                      /* FigureBarPlace */
} FigureLayout;

static inline FigurePlace *
figure_place(const FigureLayout *layout, guint i)
{
	return &g_array_index(layout->places, FigurePlace, i);
}

/* The width of an arrow's label, pixels; the row has one. */
double figure_label_width(const FigureRow *row);

FigureLayout *figure_layout_new(const Figure *figure, const FigureOptions *options);
void figure_layout_free(FigureLayout *layout);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FigureLayout, figure_layout_free)

/* ---- slant.c: arrows that slant by the measured time on the way ---- */

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
/* Where the axis of a row of that time is: at `y` or below, under the slots of the times before. */
double figure_slots_axis(FigureSlots *slots, gint64 time_ns, double y);
/* After the last row; frees the slots. Returns where the arrows end. */
double figure_slots_place(FigureSlots *slots, FigureLayout *layout);

/* `width`: the label's. */
void figure_slant_label(const FigureLayout *layout, const FigureRow *row, double width,
			FigurePlace *place);
/* Texts beside a lifeline give way to one another, downwards. */
void figure_slant_cells(FigureLayout *layout);
/* Appends the lines that tell the reader how the slant came about. */
void figure_slant_foot(const Figure *figure, const FigureOptions *options, GPtrArray *foot);
