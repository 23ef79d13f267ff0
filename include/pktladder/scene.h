/* SPDX-License-Identifier: MIT */
/* scene.h - a ladder in the cells of a grid: its columns, its head and its rows. Windowed: the cost
 * is that of the rows asked for. Pure. */
#pragma once

#include "pktladder/grid.h"
#include "pktladder/spacing.h"

/* Columns, computed once for a width. An absent column has width 0.
 *
 * Lifelines stand at one distance. Calls and states stand in the gaps between more
 * than two of them, and in the gutters left of the first and right of the last one. As
 * many lanes are in view as have room, and the others are scrolled to: scene_lane_x()
 * says where one is, and gutters, bars and lifeline_x are those of the view as a whole.
 */
typedef struct {
	guint width; /* of the whole, cells */
	guint time_x, time_width;
	guint delta_x, delta_width;
	guint gutter_x[2], gutter_width[2]; /* left and right, up to the lifeline */
	guint beside;        /* columns between a lifeline and a text beside it: a bar, a space */
	guint bar_x[2];      /* of two lanes: the bar's column; G_MAXUINT where absent */
	guint lifeline_x[2]; /* the first and the last in view */
	guint n_lanes;       /* of the ladder */
	guint first_lane, n_visible; /* those in view */
	guint pitch;                 /* from one lifeline to the next, cells */
	guint edge_width;   /* where lanes are out of view: what is kept for a mark of them, at
			       either end, inside the gutters' columns; else 0 */
	guint head_rows;    /* of scene_head_paint() */
	gboolean calls;     /* the gutters have room for calls, not only for states */
	gboolean reduced;   /* narrower than a whole ladder wants: columns were left out */
	gboolean too_small; /* not even lifelines and a short label fit: show a message instead */
} SceneLayout;

#define SCENE_MIN_WIDTH 24

/* What the time column shows: since the first event, or a clock time. */
typedef enum { SCENE_TIME_START, SCENE_TIME_UTC, SCENE_TIME_LOCAL, N_SCENE_TIMES } SceneTime;

/* What the delta column shows: since the row before, or since a marked row. */
typedef enum { SCENE_DELTA_PREVIOUS, SCENE_DELTA_MARK, SCENE_DELTA_OFF, N_SCENE_DELTAS } SceneDelta;

/* Two lanes are whole from 80 columns (66 without calls), with the delta from 100; below,
 * time, then gutters are left out; too small under SCENE_MIN_WIDTH. A clock time needs more
 * room, a delta that is off none. `calls`: there are socket calls to show. Where there are more
 * lanes, the first ones are in view; then those from another one on, as far as that leaves none
 * of the view empty. */
SceneLayout scene_layout(guint width, gboolean calls, SceneTime time, SceneDelta delta,
			 guint n_lanes);
void scene_layout_scroll(SceneLayout *layout, guint first_lane);

/* Puts the columns of the layout (times and lanes in view as they are given) side by side from
 * time_x on, with gutters and a distance of the lifelines that wide. */
void scene_layout_place(SceneLayout *layout, guint gutter, guint pitch);

/* The column of a lane's lifeline; G_MAXUINT where it is not in view. */
guint scene_lane_x(const SceneLayout *layout, guint lane);

/* The least width from 80 on that has all lanes in view. */
guint scene_width_for_lanes(gboolean calls, SceneTime time, SceneDelta delta, guint n_lanes);

typedef struct {
	SceneLayout layout;
	guint32 first_row;    /* ladder row at the top */
	guint n_rows;         /* lines that are painted */
	guint32 selected_row; /* EVENT_NONE none */
	gboolean no_states;   /* only calls stand beside the lifelines */
	Glyphs glyphs;
	SceneTime time; /* those of the layout */
	SceneDelta delta;
	gint64 mark_ns;         /* SCENE_DELTA_MARK: the marked row's time */
	guint32 mark_row;       /* SCENE_DELTA_MARK: which it is; EVENT_NONE: it is not in view */
	gint64 ns_per_line;     /* of the gaps between rows (spacing.h); 0: there are none */
	gboolean lead;          /* the gap before first_row is wanted, too */
	const Play *play;       /* playback; NULL none: every row is there */
	const GPtrArray *heads; /* char *, of two lanes; NULL: as the ladder has them at the
				   selected row */
} SceneOptions;

/* Paints the head (the endpoints' names over their lifelines, on one line or, with more than two
 * lanes, on two; then the column titles) with its left end at y, x: layout.head_rows, which for two
 * lanes are SCENE_HEAD_ROWS. Two lanes are named as for the selected row
 * (ladder_conversation_at()). Nothing where the layout is too small. */
#define SCENE_HEAD_ROWS 2
void scene_head_paint(const Ladder *ladder, const SceneOptions *options, Grid *grid, guint y,
		      guint x);

/* Paints the rows. Every label is whole where its shortest level fits; an arrowhead is never
 * covered. Rows past the end give lifelines only. Without gutters, calls and states stand between
 * the lifelines on rows that have no arrow. Nothing where the layout is too small. */
void scene_rows_paint(const Ladder *ladder, const SceneOptions *options, Grid *grid, guint y,
		      guint x);

/* Whether the call that returns on that side of the row did so with an error. */
gboolean scene_call_failed(const Ladder *ladder, const LadderRow *row, Side side);
