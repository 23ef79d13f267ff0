/* SPDX-License-Identifier: MIT */
/* layout.c - a scene's columns for a width.
 *
 * Theory of operation. From left to right: time, delta, the client's gutter, its bar, its lifeline,
 * the middle, the server's lifeline, its bar, its gutter. A step of a table says which columns
 * there are at a width; the columns that are left are handed out in turns, each up to a limit: to
 * the gutters until whole calls fit, to the middle until an arrow looks like one, and so on.
 * Columns that nobody wants become a margin at both sides.
 */
#include "pktladder/scene.h"

/* The columns that there are from a width on; the narrowest step is the last. */
typedef struct {
	guint from;
	guint time, delta; /* widths, 0 absent */
	guint gutter;      /* each; the least */
	guint space;       /* between a gutter's text and its bar */
	guint middle;      /* of two lanes: the least between them */
} Step;

/* clang-format off */
#define NARROW { SCENE_MIN_WIDTH, 0, 0, 0, 0, SCENE_MIN_WIDTH - 2 }
/* clang-format on */

/* Without and with a clock time (15 columns for microseconds, 12 for milliseconds); with
 * states only, and with calls, too. */
static const Step steps[2][2][5] = {
	{ { { 100, 10, 10, 12, 0, 30 }, { 66, 8, 0, 12, 0, 28 }, { 52, 0, 0, 12, 0, 24 }, NARROW },
	  { { 100, 10, 10, 21, 1, 30 },
	    { 80, 8, 0, 20, 0, 27 },
	    { 56, 0, 0, 14, 0, 24 },
	    NARROW } },
	{ { { 100, 15, 10, 12, 0, 30 }, { 66, 12, 0, 12, 0, 24 }, { 52, 0, 0, 12, 0, 24 }, NARROW },
	  { { 102, 15, 10, 21, 1, 27 },
	    { 100, 15, 8, 21, 1, 27 },
	    { 80, 12, 0, 20, 0, 23 },
	    { 56, 0, 0, 14, 0, 24 },
	    NARROW } },
};

/* Turns in which the rest is handed out: up to these widths. */
typedef struct {
	guint gutter, middle;
} Turn;

/* With states only, and with calls. Texts that fit then: close = 0 FIN-WAIT-1 and data 12 B seq=1
 * ack=1; then bind(3, 127.0.0.1:5000) = 0; connect(3, 127.0.0.1:5000) = 0  ESTABLISHED; at last the
 * same with an IPv6 address. */
static const Turn turns[2][6] = {
	{ { 12, 100 } },
	{ { 20, 28 }, { 27, 34 }, { 44, 34 }, { 44, 56 }, { 52, 72 }, { 60, 100 } },
};

void
scene_layout_place(SceneLayout *layout, guint gutter, guint pitch)
{
	guint x = layout->time_x + (layout->time_width > 0 ? layout->time_width + 1 : 0);
	gboolean bars = layout->calls && gutter > 0;

	layout->delta_x = x;
	layout->gutter_x[0] = x + (layout->delta_width > 0 ? layout->delta_width + 1 : 0);
	layout->gutter_width[0] = layout->gutter_width[1] = gutter;
	layout->pitch = pitch;
	layout->lifeline_x[0] = layout->gutter_x[0] + gutter;
	layout->lifeline_x[1] = layout->lifeline_x[0] + (layout->n_visible - 1) * pitch;
	layout->gutter_x[1] = layout->lifeline_x[1] + 1;
	layout->bar_x[0] = bars ? layout->lifeline_x[0] - 1 : G_MAXUINT;
	layout->bar_x[1] = bars ? layout->lifeline_x[1] + 1 : G_MAXUINT;
}

/* The widest of the steps that are not wider than the view. */
static const Step *
step_for(guint width, gboolean calls, SceneTime time)
{
	const Step *step = steps[time != SCENE_TIME_START][calls != FALSE];

	while (width < step->from)
		step++;
	return step;
}

static Step
step_with(Step step, SceneDelta delta)
{
	step.delta = delta == SCENE_DELTA_OFF ? 0 : step.delta;
	return step;
}

/* The columns left of the lanes. */
static guint
times_width(const Step *step)
{
	return (step->time > 0 ? step->time + 1 : 0) + (step->delta > 0 ? step->delta + 1 : 0);
}

/* Hands out the columns that are left, to both gutters alike; what nobody wants becomes margins. */
static void
place_two(SceneLayout *layout, const Step *step)
{
	guint gutter = step->gutter, middle = step->middle;
	guint rest = layout->width - times_width(step) - 2 - middle - 2 * (gutter + layout->beside);

	for (guint i = 0; i < G_N_ELEMENTS(turns[0]); i++) {
		const Turn *turn = &turns[layout->calls != FALSE][i];
		guint more = 0;

		if (gutter > 0 && turn->gutter > gutter)
			more = MIN(turn->gutter - gutter, rest / 2);
		gutter += more;
		rest -= 2 * more;
		more = turn->middle > middle ? MIN(turn->middle - middle, rest) : 0;
		middle += more;
		rest -= more;
	}
	layout->time_x = rest / 2;
	scene_layout_place(layout, gutter + layout->beside, middle + 1);
}

/* ---- more than two lanes ---- */

#define LANES_HEAD_ROWS 3
#define WHOLE_WIDTH     80 /* from here nothing is left out */
#define PITCH_MAX       36
#define GUTTER_GOOD     23 /* connect() = 0 ESTABLISHED */
#define GUTTER_MAX      30

/* A gap has room for this: #2 data 12 B between line and head; ESTABLISHED = 5. Three
 * lanes fit into 80 columns, four into 120. */
static guint
pitch_least(const Step *step, gboolean calls)
{
	return calls && step->space == 0 ? 18 : 20;
}

/* The gutters left of the first lane and right of the last one; a narrow view has no room for any.
 */
static guint
lanes_gutter(const Step *step, gboolean calls)
{
	return step->gutter == 0 ? 0 : calls ? 17 + step->space : 13;
}

static guint
lanes_width(const Step *step, gboolean calls, guint n_lanes)
{
	return times_width(step) + 2 * lanes_gutter(step, calls) + 1 +
	       (n_lanes - 1) * pitch_least(step, calls);
}

/* The columns that are left make the gaps wider; where lanes are out of view, the gutters, which
 * have the labels of arrows to there. */
static void
place_lanes(SceneLayout *layout, const Step *step)
{
	gboolean calls = layout->calls;
	guint room = layout->width - times_width(step) - 1, least = pitch_least(step, calls);
	guint gutter = MAX(lanes_gutter(step, calls), 1), gaps, pitch, rest;

	if (layout->width < lanes_width(step, calls, layout->n_lanes)) {
		layout->edge_width = 2;
		for (guint lanes = layout->n_lanes; lanes >= 10; lanes /= 10)
			layout->edge_width++;
		gutter = MAX(gutter, layout->edge_width + 2); /* line and head */
		layout->n_visible = MAX(1 + (room - 2 * gutter) / least, 2);
	}
	gaps = layout->n_visible - 1;
	if (gutter > 1 && calls) {
		rest = room - MIN(room, 2 * gutter + gaps * least);
		gutter += MIN(rest / 2, GUTTER_GOOD - MIN(gutter, GUTTER_GOOD));
	}
	pitch = MIN((room - 2 * gutter) / gaps, layout->edge_width > 0 ? least : PITCH_MAX);
	rest = room - 2 * gutter - gaps * pitch;
	scene_layout_place(layout, MIN(gutter + rest / 2, MAX(gutter, GUTTER_MAX)), pitch);
}

SceneLayout
scene_layout(guint width, gboolean calls, SceneTime time, SceneDelta delta, guint n_lanes)
{
	SceneLayout layout = { .width = width,
			       .calls = calls,
			       .n_lanes = n_lanes,
			       .n_visible = n_lanes,
			       .bar_x = { G_MAXUINT, G_MAXUINT },
			       .head_rows = n_lanes > 2 ? LANES_HEAD_ROWS : SCENE_HEAD_ROWS };
	const Step *first = step_for(MAX(width, SCENE_MIN_WIDTH), calls, time);
	Step step = step_with(*first, delta);

	if (width < SCENE_MIN_WIDTH) {
		layout.reduced = layout.too_small = TRUE;
		layout.n_lanes = layout.n_visible = 2;
		layout.head_rows = SCENE_HEAD_ROWS;
		return layout;
	}
	/* A narrower step that has all lanes in view is better, as long as there is the time. */
	for (const Step *next = first; n_lanes > 2 && next->time > 0; next++) {
		Step with = step_with(*next, delta);

		if (lanes_width(&with, calls, n_lanes) > width)
			continue;
		step = with;
		break;
	}
	layout.beside = n_lanes > 2 || step.gutter > 0 ? step.space + 1 : 0;
	layout.time_width = step.time;
	layout.delta_width = step.delta;
	layout.reduced = step.time == 0;
	if (n_lanes > 2)
		place_lanes(&layout, &step);
	else
		place_two(&layout, &step);
	return layout;
}

void
scene_layout_scroll(SceneLayout *layout, guint first_lane)
{
	layout->first_lane = MIN(first_lane, layout->n_lanes - layout->n_visible);
}

guint
scene_lane_x(const SceneLayout *layout, guint lane)
{
	if (lane < layout->first_lane || lane - layout->first_lane >= layout->n_visible)
		return G_MAXUINT;
	return layout->lifeline_x[0] + (lane - layout->first_lane) * layout->pitch;
}

guint
scene_width_for_lanes(gboolean calls, SceneTime time, SceneDelta delta, guint n_lanes)
{
	guint width = G_MAXUINT;

	for (const Step *step = step_for(G_MAXUINT, calls, time); n_lanes > 2 && step->time > 0;
	     step++) {
		Step with = step_with(*step, delta);
		guint needed = lanes_width(&with, calls, n_lanes);

		width = MIN(width, MAX(step->from, needed));
	}
	return width == G_MAXUINT ? WHOLE_WIDTH : MAX(width, WHOLE_WIDTH);
}
