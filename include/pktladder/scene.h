/* scene.h - where everything on a ladder stands, in cells of a character grid:
 * a few primitives with roles, not colours. Positions are computed here, never
 * while painting. Windowed: the cost is that of the rows asked for. Pure.
 */
#pragma once

#include "pktladder/play.h"
#include "pktladder/spacing.h"

/* Columns, computed once for a width. An absent column has width 0. */
typedef struct {
	guint width; /* of the whole, cells */
	guint time_x, time_width;
	guint delta_x, delta_width;
	guint gutter_x[2], gutter_width[2]; /* by Side; state and call text */
	guint bar_x[2];	     /* the bar's column, beside its lifeline; G_MAXUINT where absent */
	guint lifeline_x[2];
	gboolean calls;	     /* the gutters have room for calls, not only for states */
	gboolean reduced;    /* narrower than a whole ladder wants: columns were left out */
	gboolean too_small;  /* not even lifelines and a short label fit: show a message instead */
} SceneLayout;

/* Whole from 80 columns (66 without calls), with the delta from 100; below, time,
 * then gutters are left out; too small under 24. `calls`: there are socket calls
 * to show. */
#define SCENE_MIN_WIDTH 24
SceneLayout scene_layout(guint width, gboolean calls);

/* What the time column shows: since the first event, or a clock time. */
typedef enum { SCENE_TIME_START, SCENE_TIME_UTC, SCENE_TIME_LOCAL, N_SCENE_TIMES } SceneTime;

/* What the delta column shows: since the row before, or since a marked row. */
typedef enum { SCENE_DELTA_PREVIOUS, SCENE_DELTA_MARK, SCENE_DELTA_OFF, N_SCENE_DELTAS } SceneDelta;

/* The same for these columns: a clock time needs more room, a delta that is off none. */
SceneLayout scene_layout_times(guint width, gboolean calls, SceneTime time, SceneDelta delta);

typedef enum {
	PRIMITIVE_TEXT,	 /* `text` at x, `width` columns */
	PRIMITIVE_ARROW, /* leaves the lifeline at x; the head is at x2, beside the other lifeline;
			    `text` (`width` columns, NULL none) is its label, at label_x on the same
			    row, in a gap of the line one column wider at either side */
	PRIMITIVE_VLINE, /* one cell of a lifeline at x, y */
	PRIMITIVE_BAR,	 /* one cell of a bar at x, y; `part` is LADDER_BAR_* */
} PrimitiveKind;

typedef struct {
	guint8 kind; /* PrimitiveKind */
	guint8 role; /* Role */
	guint8 part;
	guint8 selected;
	guint y;     /* row, from the scene's top */
	guint x, x2, label_x, width;
	char *text;  /* owned by the scene; NULL none */
} Primitive;

typedef struct _Scene Scene;

typedef struct {
	SceneLayout layout;
	guint32 first_row;    /* ladder row at the top */
	guint n_rows;	      /* of the scene: lines */
	guint32 selected_row; /* EVENT_NONE none */
	gboolean ascii;	      /* texts may hold no characters beyond ASCII */
	SceneTime time;	      /* those of the layout */
	SceneDelta delta;
	gint64 mark_ns;	      /* SCENE_DELTA_MARK: the marked row's time */
	guint32 mark_row;     /* SCENE_DELTA_MARK: which it is; EVENT_NONE: it is not in view */
	Spacing spacing;      /* between the rows */
	gboolean lead;	      /* the blank lines before first_row are wanted, too */
	const Play *play;     /* a film; NULL none: every row is there */
} SceneOptions;

/* The head (two lines: the endpoints' names over their lifelines, then the
 * column titles) as a scene of its own. Empty where the layout is too small. */
#define SCENE_HEAD_ROWS 2
Scene *scene_head(const Ladder *ladder, const SceneOptions *options);

/* The rows. Every label is whole where its shortest level fits; an arrowhead is
 * never covered. Rows past the end give lifelines only. Without gutters, calls
 * and states stand between the lifelines on rows that have no arrow. Empty
 * where the layout is too small. */
Scene *scene_rows(const Ladder *ladder, const SceneOptions *options);

guint scene_length(const Scene *scene);
const Primitive *scene_get(const Scene *scene, guint index);
guint scene_width(const Scene *scene);
void scene_free(Scene *scene);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scene, scene_free)
